"""What may follow a release: it is disputed, answered and ended; put right by two approvers again; and what was never earned is used.

Pure, on the books as read. Whether an account holds office is decided before, by ``offices``; what follows by the rules
in force at the quarter comes in as a value.
"""

from collections.abc import Collection, Iterable
from datetime import date

from carepool.basics.money import Pence, in_pounds
from carepool.basics.periods import Quarter, in_words
from carepool.basics.refusals import Refused
from carepool.journal.commands import Decision
from carepool.journal.facts import NewFact
from carepool.pool import settled_facts as facts
from carepool.pool.accounts import Heading, faulty
from carepool.pool.approving import Side
from carepool.pool.books import Books, correction_lines, day_of, stream_of
from carepool.pool.releases import claimed, disputed_still, not_open
from carepool.pool.settled import Correction, Dispute, Use, of_correction, of_release
from carepool.pool.settled_facts import FALLS, STANDS
from carepool.pool.year_after import entered_after, name_of, year_after
from carepool.rules.paying import Settling


def moved(books: Books, quarter: Quarter, ccg: str) -> Pence:
    """What has gone to the pool from a CCG for a quarter, corrections and all."""
    release = books.releases.get((quarter, ccg))
    paid = release.pence if release and release.released_at else 0
    return paid + books.settled.posted(quarter, ccg)


def difference(books: Books, quarter: Quarter, ccg: str, due: Pence | None) -> Pence:
    """What a quarter that was paid comes to now, less what was paid for it; nothing where it was not paid or is not known.

    A quarter by which money goes back was never paid.
    """
    release = books.releases.get((quarter, ccg))
    if due is None or (release is None and due >= 0) or (release is not None and release.released_at is None):
        return 0
    return due - moved(books, quarter, ccg)


def ruled(rule: Settling, pence: Pence) -> bool:
    """Whether a difference is put right under a rule."""
    return (rule.underpaid == "released") if pence > 0 else (rule.overpaid == "clawed_back")


def what_follows(books: Books, ccg: str, pence: Pence, *, by_the_rule: bool) -> str:
    """What becomes of a difference, and what whoever reads of it does."""
    if not by_the_rule:
        return f"Stands, by the rule. {_stands(ccg, pence)}"
    return year_after(books, ccg, pence) if books.ended_at else "Is put right by a correction that two people approve."  # fmt: skip


def _stands(ccg: str, pence: Pence) -> str:
    if pence < 0:
        return "It stays in the pool, and no later payment is less for it: there is nothing to propose."
    return f"It stays with {ccg}, to be used as the board decides: there is nothing to propose."


def propose_correction(
    books: Books, quarter: Quarter, ccg: str, pence: Pence, statement: str, due: Pence | None, rule: Settling, cite: str,
    on_behalf_of: str | None = None, claimed_by: Iterable[str] = (), *, after: Books | None = None, today: date = date.max,
) -> Decision | Refused:  # fmt: skip
    """Propose what a quarter's payment is put right by, as the statement works it out and the rule in force at the quarter lets it.

    Once the year's accounts are closed it is entered in the books of a later year, ``after``, which the proposal names.
    """
    if books.opening is None:
        return not_open(books)
    for each in books.settled.of(quarter, ccg):
        if each.posted_at is None:
            named = name_of(after) if after is not None else ""
            if (each.pence, each.statement, each.after) == (pence, statement, named) and not each.approvals:
                return _decision(books, correction=each.id, pence=pence)
            return Refused(
                f"A correction of {quarter} for {ccg} by {in_pounds(each.pence)} waits. Have it decided first."
            )
    owed = difference(books, quarter, ccg, due)
    refused = _unfit(books, quarter, ccg, (owed, pence), rule, cite)
    if not refused and books.ended_at is not None:
        refused = _not_after(books, after, (quarter, ccg, pence), statement, today)
    if refused:
        return refused
    stream = stream_of(books.pool, books.year)
    into = name_of(after) if after is not None and books.ended_at is not None else ""
    fact = facts.proposed(
        stream, quarter, ccg, pence, due or 0, statement, cite, claimed_by, on_behalf_of, into
    )
    return _decision(books, fact, correction=str(books.version + 1), pence=pence)


def _unfit(
    books: Books, quarter: Quarter, ccg: str, amounts: tuple[Pence, Pence], rule: Settling, cite: str
) -> Refused | None:
    owed, pence = amounts
    if not owed:
        return Refused(
            f"{quarter} was paid from {ccg} as the statement has it, or not at all. There is nothing to put right."
        )
    if owed != pence:
        return Refused(
            f"The statement comes to a correction of {in_pounds(owed)}, not {in_pounds(pence)}. Look at it again and propose what it says."
        )
    if not ruled(rule, pence):
        what = "paid too much" if pence < 0 else "paid too little"
        return Refused(
            f"{quarter} was {what} by {in_pounds(abs(pence))}, and the rule in force then lets it stand: {cite}. {_stands(ccg, pence)}"
        )
    if pence > books.free(ccg):
        return Refused(
            f"{ccg} has {in_pounds(books.free(ccg))} off the pool that nothing has spoken for, and {in_pounds(pence)} is proposed. "
            "Have what waits decided first."
        )
    return None


def _not_after(
    books: Books, after: Books | None, of: tuple[Quarter, str, Pence], statement: str, today: date
) -> Refused | None:
    """Why it cannot be entered in later books; None where it can."""
    if after is None:
        return Refused(year_after(books, of[1], of[2]))
    found = entered_after(after, books, of, statement, today)
    return found if isinstance(found, Refused) else None


def approve_correction(
    books: Books, id: str, side: Side, by: str, rule: Settling,
    claimed_by: Collection[str] = (), *, after: Books | None = None, today: date = date.max,
) -> Decision | Refused:  # fmt: skip
    """Approve a correction for one side. The second side's approval posts it, in the same append.

    ``after``: the later books that the correction names, where the accounts of its own year were closed.
    """
    found = books.settled.corrections.get(id)
    if books.opening is None or found is None:
        return Refused(f"There is no correction {id} that waits. Propose it first, with its statement.")
    what = f"The correction of {found.quarter} for {found.ccg} by {in_pounds(found.pence)}"
    if found.posted_at is not None:
        return Refused(
            f"{what} was made on {in_words(day_of(found.posted_at))}. There is nothing left to do."
        )
    if books.ended_at is not None and (after is None or not found.after):
        return Refused(year_after(books, found.ccg, found.pence))
    if refused := disputed_still(books, of_correction(id), rule):
        return refused
    if side in found.approvals:
        return Refused(f"{what} is approved by {side} already. It waits for {side.other}: ask them.")
    if by in found.claimed_by or by in claimed_by:
        return Refused(claimed(side))
    if any(each.by == by for each in found.approvals.values()):
        return Refused(
            f"You approved it for {side.other}, and nobody approves for both sides. Ask another officer of {side}."
        )
    stream, body = (
        stream_of(books.pool, books.year),
        found.ccg if side is Side.CCG else books.opening.host,
    )
    new = [facts.approved(stream, id, side, body, claimed_by)]
    if not found.approvals:
        return _decision(books, *new, correction=id, pence=found.pence, posted=False)
    if after is not None and found.after:
        return _entered_after(books, after, found, new[0], today)
    kept = books.kept_at is not None
    refused = faulty(books.balances, correction_lines(books.opening.host, found.ccg, found.pence, kept=kept))
    if refused:
        return refused
    new.append(facts.posted(stream, found, kept=kept))
    return _decision(books, *new, correction=id, pence=found.pence, posted=True)


def _entered_after(
    books: Books, after: Books, found: Correction, approval: NewFact, today: date
) -> Decision | Refused:
    """The second approval of a correction whose year's accounts are closed: it is entered in the later books, in the same append."""
    of = (found.quarter, found.ccg, found.pence)
    decided = entered_after(after, books, of, found.statement, today)
    if isinstance(decided, Refused):
        return decided
    posting = str(after.version + 1)
    done = facts.entered_after(stream_of(books.pool, books.year), found, posting)
    return _decision(
        books, approval, done, *decided.facts, correction=found.id, pence=found.pence, posted=True,
        entered={"books": found.after, "posting": posting},
    )  # fmt: skip


# Disputes.


def dispute_payment(books: Books, of: str, side: Side, reasons: str, body: str) -> Decision | Refused:
    """One side disputes a payment that is proposed or made. ``reasons``: the digest of the words."""
    if payment_of(books, of) is None:
        return Refused(f"There is no payment “{of}” to dispute. Name one as the page of releases does.")
    if found := books.settled.disputed(of):
        return Refused(
            f"It is disputed by {found.opened.side} since {in_words(day_of(found.opened.at))}. Answer that, or end it."
        )
    fact = facts.disputed(stream_of(books.pool, books.year), of, side, reasons, body)
    return _decision(books, fact, dispute=str(books.version + 1), of=of)


def payment_of(books: Books, of: str) -> tuple[Quarter, str, Pence] | None:
    """The quarter, CCG and amount of a payment as a dispute names it; None where there is none."""
    found = {of_release(*key): (each.quarter, each.ccg, each.pence) for key, each in books.releases.items()}
    found |= {
        of_correction(each.id): (each.quarter, each.ccg, each.pence)
        for each in books.settled.corrections.values()
    }
    return found.get(of)


def answer_dispute(
    books: Books, id: str, side: Side, words: str, body: str
) -> Decision | Refused:  # fmt: skip
    """One side answers. ``words``: the digest of them."""
    found = _open(books, id)
    if isinstance(found, Refused):
        return found
    return _decision(
        books, facts.answered(stream_of(books.pool, books.year), id, side, words, body), dispute=id
    )


def end_dispute(
    books: Books, id: str, side: Side, outcome: str, words: str, body: str, by: str, *,
    decided_on: date | None = None, by_board: str = "",
) -> Decision | Refused:  # fmt: skip
    """One side says how a dispute ends. It is settled once both say the same; whoever opened it holds that the payment falls.

    ``by_board``: the clause by which the joint board decides disputes; both sides then record what it decided, with the day.
    """
    found = _open(books, id)
    if isinstance(found, Refused):
        return found
    if outcome not in {STANDS, FALLS}:
        return Refused("A payment stands or falls. Say one of the two.")
    if by_board and decided_on is None:
        return Refused(
            f"The agreement has the joint board decide disputes (clause {by_board}). Give the day on which it decided, and what it did."
        )
    mine = found.ended.get(side)
    if mine and (mine.outcome, mine.words) == (outcome, words):
        return _decision(books, dispute=id, settled=False)
    # By the board's decision both sides record it; a position that was only held settles nothing then.
    other = found.ended.get(side.other) if by_board else found.position(side.other)
    settled = other is not None and other.outcome == outcome
    if settled and other is not None and other.by == by:
        return Refused(
            f"You have spoken for {side.other} in this dispute, and nobody settles it for both sides. Ask another officer of {side}."
        )
    fact = facts.ended(
        stream_of(books.pool, books.year), id, side, outcome, words, body, settled=settled, decided_on=decided_on
    )  # fmt: skip
    return _decision(books, fact, dispute=id, settled=settled)


def _open(books: Books, id: str) -> Dispute | Refused:
    found = books.settled.disputes.get(id)
    if found is None:
        return Refused(f"There is no dispute {id}. The page of releases has them all.")
    if found.settled_at is not None:
        return Refused(
            f"This dispute was settled on {in_words(day_of(found.settled_at))}: the payment {found.outcome}. Open another where there is more to say."
        )
    return found


# The use of what was never earned.


def unused(books: Books, ccg: str) -> Pence:
    """What of the money that was never earned no use is recorded for."""
    return books.amount(Heading.KEPT, ccg) - books.settled.used(ccg) - books.settled.entered_after(ccg)


def record_use(
    books: Books, ccg: str, pence: Pence, purpose: str, board: str, minute: str, on: date, *, today: date, body: str
) -> Decision | Refused:  # fmt: skip
    """Record what a board decided on money that was never earned; it counts once somebody of the board has confirmed it."""
    if books.opening is None:
        return not_open(books)
    if books.kept_at is None:
        return Refused(
            "What was never earned is known once the year is settled. Have the host settle it first; until then it may still be earned."
        )
    if on > today:
        return Refused(f"{in_words(on)} is still to come. Record the decision once it was made.")
    if pence <= 0:
        return Refused("Give the amount that the board decided on, above zero.")
    if pence > unused(books, ccg):
        return Refused(
            f"{ccg} was left with {in_pounds(books.amount(Heading.KEPT, ccg) - books.settled.entered_after(ccg))}, and uses of {in_pounds(books.settled.used(ccg))} are recorded. "
            f"No more than {in_pounds(unused(books, ccg))} can be used."
        )
    fact = facts.use_recorded(stream_of(books.pool, books.year), ccg, pence, purpose, board, minute, on, body)
    return _decision(books, fact, use=str(books.version + 1))


def confirm_use(books: Books, id: str, board: str, by: str) -> Decision | Refused:
    """Somebody of the board confirms that it decided so."""
    found: Use | None = books.settled.uses.get(id)
    if found is None or found.board != board:
        return Refused(f"There is no use {id} of this board that waits to be confirmed.")
    if found.confirmed_at is not None:
        return Refused(f"It was confirmed on {in_words(day_of(found.confirmed_at))} already.")
    if found.by == by:
        return Refused("Whoever recorded a use does not confirm it. Ask a colleague of the board.")
    return _decision(books, facts.use_confirmed(stream_of(books.pool, books.year), id, board), use=id)


def _decision(books: Books, *new: NewFact, **answer: object) -> Decision:
    return Decision(new, {"stream": stream_of(books.pool, books.year), **answer})
