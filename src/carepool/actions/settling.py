"""What follows a release: corrections by two approvers again, disputes of either side, and the use of what was never earned."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from carepool.actions.agreements import agreement_for, day_within
from carepool.actions.house import House
from carepool.actions.permits import Actor
from carepool.actions.pools import books_now, pools
from carepool.actions.releasing import (
    Agreed,
    Money,
    OnPool,
    act_on_pool,
    agreed_plan,
    claimants,
    claims,
    money_of,
    pool_books,
    settling_of,
    statement_document,
)
from carepool.basics.money import Pence
from carepool.basics.periods import Quarter
from carepool.basics.refusals import NotHere, Refused
from carepool.basics.words import blank
from carepool.journal.commands import Decision, Done
from carepool.journal.documents import Document
from carepool.places.bodies import BodyKind, body_id
from carepool.pool.approving import Side
from carepool.pool.books import Books
from carepool.pool.settling import (
    answer_dispute,
    approve_correction,
    confirm_use,
    difference,
    dispute_payment,
    end_dispute,
    payment_of,
    propose_correction,
    record_use,
    ruled,
    what_follows,
)
from carepool.pool.year_after import name_of, takes
from carepool.rules.paying import Settling
from carepool.rules.returns import Returns

WORDS = "release-words"
"""What is said in a dispute, as a document."""
MINUTE = "board-minute"


@dataclass(frozen=True, slots=True)
class Difference:
    """A quarter that was paid from one CCG and comes to something else now."""

    quarter: Quarter
    ccg: str
    pence: Pence
    """What is to be released more, or below zero what goes back."""
    ruled: bool
    """Whether the rule in force at the quarter puts it right; it stands otherwise."""
    cite: str
    says: str
    """What becomes of it, and what is to be done."""


def differences(house: House, money: Money) -> tuple[Difference, ...]:
    """Every quarter that comes to something else than was paid for it, by CCG."""
    found = []
    for ccg, due in money.due.items():
        for quarter, owed in sorted(due.items()):
            pence = difference(money.books, quarter, ccg, owed)
            rule, cite = _rule(house, money.agreed, quarter)
            if pence and rule:
                by_rule = ruled(rule, pence)
                says = what_follows(money.books, ccg, pence, by_the_rule=by_rule)
                found.append(Difference(quarter, ccg, pence, by_rule, cite, says))
    return tuple(found)


def _rule(house: House, agreed: Agreed, quarter: Quarter) -> tuple[Settling | None, str]:
    rules, rule = settling_of(house, agreed, quarter)
    return rule, rules.cite("payment/settling") if rule else ""


def kept_statement(house: House, digest: str) -> Mapping[str, object]:
    """A statement that a release or a correction rests on, by its digest, as it was kept. NotHere for any other document."""
    found = house.journal.document(digest)
    if not isinstance(found, Document) or found.kind != "statement":
        raise NotHere("There is no such statement. The page of releases names those that there are.")
    content: Mapping[str, object] = json.loads(found.content)
    return content


def statement_digests(books: Books) -> tuple[str, ...]:
    """The statements that the releases and corrections of a pool rest on, the earliest first."""
    cited = [each.statement for _, each in sorted(books.releases.items())]
    cited += [each.statement for each in books.settled.fallen]
    cited += [each.statement for each in books.settled.corrections.values()]
    return tuple(dict.fromkeys(cited))


def statement_for(house: House, plan: str, digest: str = "", upto: int | None = None, on: date | None = None) -> tuple[str, Mapping[str, object]]:  # fmt: skip
    """The statement that both sides see, with its digest: as it stands, or one that a payment of this pool rests on."""
    if not digest:
        document = statement_document(money_of(house, plan, on, upto))
        return document.digest, json.loads(document.content)
    agreed = agreed_plan(house, plan, upto)
    if digest not in statement_digests(pool_books(house, agreed, upto)):
        raise NotHere("There is no such statement. The page of releases names those that there are.")
    return digest, kept_statement(house, digest)


def body_of_side(agreed: Agreed, side: Side, ccg: str) -> str:
    """The body in whose name a side acts."""
    return agreed.host if side is Side.HOST else body_id(BodyKind.CCG, ccg)


def decided_by_board(house: House, books: Books) -> str:
    """The clause by which the joint board decides disputes; empty where the partners settle them between them."""
    found = agreement_for(house, books, day_within(books, house.today))
    return found.disputes.clause if found and found.disputes and found.disputes.by == "joint_board" else ""


def propose_correction_of(
    house: House,
    actor: Actor,
    plan: str,
    quarter: Quarter,
    ccg: str,
    pence: Pence,
    side: Side,
    after: str = "",
) -> Done | Refused:
    """One side proposes what a quarter's payment is put right by; the statement that it follows from is kept with it.

    ``after``: the books, ``POOL/YEAR``, that it is entered in once the year's accounts are closed. Where there is one that can
    be, it need not be named; NotHere where there is none of that name.
    """
    agreed = agreed_plan(house, plan)
    rule, cite = _rule(house, agreed, quarter)
    body = body_of_side(agreed, side, ccg)
    can_be = books_after(house, pool_books(house, agreed), ccg)
    if after and after not in can_be:
        raise NotHere(
            f"“{after}” are no books that it can be entered in. There are: {', '.join(can_be) or 'none'}."
        )
    into = after or (can_be[0] if len(can_be) == 1 else "")

    def decide(books: Books, later: Books | None) -> Decision | Refused:
        if rule is None:
            return _none(quarter)
        money = money_of(house, plan)
        document, due = statement_document(money), money.due.get(ccg, {}).get(quarter)
        decided = propose_correction(
            books,
            quarter,
            ccg,
            pence,
            document.digest,
            due,
            rule,
            cite,
            on_behalf_of=body,
            claimed_by=claimants(house, agreed, quarter),
            after=later,
            today=house.today,
        )
        return (
            Decision(decided.facts, decided.answer, (document,)) if isinstance(decided, Decision) else decided
        )

    request = {"quarter": str(quarter), "ccg": ccg, "pence": pence, "correction": True, **({"after": after} if after else {})}  # fmt: skip
    return _act_after(house, actor, agreed, "propose_release", body, decide, request, into)


def books_after(house: House, books: Books, ccg: str) -> tuple[str, ...]:
    """The books, ``POOL/YEAR``, in which what is owed by or to a CCG for a year whose accounts are closed can be entered."""
    if books.ended_at is None:
        return ()
    later = ((pool, year) for pool, year in pools(house.journal) if year > books.year)
    return tuple(
        name_of(each) for pool, year in later if takes(each := books_now(house, pool, year), books, ccg)
    )


def approve_correction_of(house: House, actor: Actor, plan: str, correction: str, side: Side) -> Done | Refused:  # fmt: skip
    """One side approves a correction; the second approval moves the money, in the same instant."""
    agreed = agreed_plan(house, plan)
    found = pool_books(house, agreed).settled.corrections.get(correction)
    if found is None:
        return Refused(f"There is no correction {correction} that waits. Propose it first, with its statement.")  # fmt: skip
    rule, _ = _rule(house, agreed, found.quarter)

    def decide(books: Books, later: Books | None) -> Decision | Refused:
        if rule is None:
            return _none(found.quarter)
        refused = claims(house, agreed, found.quarter, actor.account)
        claimed_by = claimants(house, agreed, found.quarter)
        return refused or approve_correction(
            books, correction, side, actor.account, rule, claimed_by, after=later, today=house.today
        )

    request = {"correction": correction, "side": side.code}
    body = body_of_side(agreed, side, found.ccg)
    return _act_after(house, actor, agreed, "approve_release", body, decide, request, found.after)


def _none(quarter: Quarter) -> Refused:
    return Refused(f"No rule at hand says how a payment of {quarter} is put right. Agree it between the partners.")  # fmt: skip


def dispute_of(house: House, actor: Actor, plan: str, of: str, side: Side, reasons: str) -> Done | Refused:
    """One side disputes a payment that is proposed or made, with reasons."""
    agreed = agreed_plan(house, plan)
    payment = payment_of(pool_books(house, agreed), of)
    if payment is None:
        return Refused(f"There is no payment “{of}” to dispute. Name one as the page of releases does.")
    if blank(reasons):
        return Refused("Say why the payment is disputed, so that the other side can answer.")
    body, words = body_of_side(agreed, side, payment[1]), _words(house, reasons)

    def decide(books: Books) -> Decision | Refused:
        return _with(dispute_payment(books, of, side, words.digest, body), words)

    request = {"of": of, "side": side.code, "dispute": reasons.strip()}
    return _act(house, actor, agreed, "dispute_release", body, decide, request)


def answer_dispute_of(house: House, actor: Actor, plan: str, dispute: str, side: Side, words: str) -> Done | Refused:  # fmt: skip
    """One side answers in a dispute."""
    agreed = agreed_plan(house, plan)
    body = _party(house, agreed, dispute, side)
    if isinstance(body, Refused):
        return body
    if blank(words):
        return Refused("Write the answer in words.")
    said = _words(house, words)

    def decide(books: Books) -> Decision | Refused:
        return _with(answer_dispute(books, dispute, side, said.digest, body), said)

    request = {"dispute": dispute, "side": side.code, "answer": words.strip()}
    return _act(house, actor, agreed, "dispute_release", body, decide, request)


def end_dispute_of(
    house: House, actor: Actor, plan: str, dispute: str, side: Side, outcome: str, words: str, decided_on: date | None = None
) -> Done | Refused:  # fmt: skip
    """One side says how a dispute ends; it is settled once both say the same, by the joint board's decision where the agreement has it so."""
    agreed = agreed_plan(house, plan)
    body = _party(house, agreed, dispute, side)
    if isinstance(body, Refused):
        return body
    if blank(words):
        return Refused("Say how it is settled and why, so that it can be read later.")
    if decided_on and decided_on > house.today:
        return Refused("The day is still to come. Record what was decided once it was.")
    said = _words(house, words)
    by_board = decided_by_board(house, pool_books(house, agreed))

    def decide(books: Books) -> Decision | Refused:
        decided = end_dispute(
            books, dispute, side, outcome, said.digest, body, actor.account, decided_on=decided_on, by_board=by_board
        )  # fmt: skip
        return _with(decided, said)

    request = {
        "dispute": dispute, "side": side.code, "outcome": outcome, "words": words.strip(),
        "decided_on": decided_on.isoformat() if decided_on else "",
    }  # fmt: skip
    return _act(house, actor, agreed, "dispute_release", body, decide, request)


def uses_of(house: House, agreed: Agreed) -> dict[str, str]:
    """What money that was never earned can be used for, by the rules of the returns of the plan's years."""
    for rules in house.rulebook.in_order:
        returns = rules.find("returns", Returns)
        if returns and set(rules.about.years) & set(agreed.rules.about.years):
            return {each.id: each.says for each in returns.uses}
    return {}


def record_use_of(
    house: House, actor: Actor, plan: str, ccg: str, pence: Pence, purpose: str, board: str, minute: str, on: date
) -> Done | Refused:  # fmt: skip
    """The CCG records what the board decided on money that was never earned: how much, for what, by which minute."""
    agreed = agreed_plan(house, plan)
    known, boards = uses_of(house, agreed), agreed.plan.parties.boards
    if purpose not in known:
        return Refused(f"“{purpose}” is no use that the returns know. Choose one of {', '.join(known)}.")
    if board not in boards:
        return Refused(f"“{board}” is no board of this plan. Choose one of {', '.join(boards)}.")
    if blank(minute):
        return Refused("Write what the board decided, as its minute has it.")
    body, paper = body_id(BodyKind.CCG, ccg), Document(MINUTE, "text/plain; charset=utf-8", minute.strip().encode(), house.salt())  # fmt: skip

    def decide(books: Books) -> Decision | Refused:
        decided = record_use(
            books, ccg, pence, purpose, body_id(BodyKind.BOARD, board), paper.digest, on, today=house.today, body=body
        )  # fmt: skip
        return _with(decided, paper)

    request = {
        "ccg": ccg, "pence": pence, "purpose": purpose, "board": board, "minute": minute.strip(), "on": on.isoformat()
    }  # fmt: skip
    return _act(house, actor, agreed, "record_use", body, decide, request)


def confirm_use_of(house: House, actor: Actor, plan: str, use: str) -> Done | Refused:
    """Somebody of the board confirms that it decided so."""
    agreed = agreed_plan(house, plan)
    found = pool_books(house, agreed).settled.uses.get(use)
    if found is None:
        return Refused(f"There is no use {use} that waits to be confirmed.")

    def decide(books: Books) -> Decision | Refused:
        return confirm_use(books, use, found.board, actor.account)

    return _act(house, actor, agreed, "confirm_use", found.board, decide, {"use": use})


def _words(house: House, words: str) -> Document:
    return Document(WORDS, "text/plain; charset=utf-8", words.strip().encode(), house.salt())


def _with(decided: Decision | Refused, document: Document) -> Decision | Refused:
    """A decision with the words that it names; without them where it writes nothing."""
    if isinstance(decided, Refused) or not decided.facts:
        return decided
    return Decision(decided.facts, decided.answer, (document,))


def _party(house: House, agreed: Agreed, dispute: str, side: Side) -> str | Refused:
    books = pool_books(house, agreed)
    found = books.settled.disputes.get(dispute)
    if found is None:
        return Refused(f"There is no dispute {dispute}. The page of releases has them all.")
    ccg = found.of.rpartition("/")[2] if found.of.startswith("release/") else ""
    if not ccg:
        correction = books.settled.corrections.get(found.of.rpartition("/")[2])
        if correction is None:
            return Refused("What was disputed was taken back, so there is nothing more to say of it here.")
        ccg = correction.ccg
    return body_of_side(agreed, side, ccg)


def _act(
    house: House, actor: Actor, agreed: Agreed, action: str, body: str, decide: Callable[[Books], Decision | Refused],
    request: Mapping[str, object],
) -> Done | Refused:  # fmt: skip
    """What all of these share: the authority is read with the books."""
    return _act_after(house, actor, agreed, action, body, lambda books, _: decide(books), request, "")


def _act_after(
    house: House, actor: Actor, agreed: Agreed, action: str, body: str,
    decide: Callable[[Books, Books | None], Decision | Refused], request: Mapping[str, object], after: str,
) -> Done | Refused:  # fmt: skip
    """The same, with the later books that it is to be entered in, where any are named."""

    def decided(state: OnPool) -> Decision | Refused:
        return state.permit if isinstance(state.permit, Refused) else decide(state.books, state.after)

    return act_on_pool(house, actor, agreed, action, body, decided, request, after)
