"""Performance money of a pool that was opened from its agreement: what is earned is released by two approvers, the rest is kept.

A plan's own pool is settled with its plan. Here the agreement ties the money: where it carries out a signed-off plan, that
plan's statement says what is due; where it carries out none, the partners' own statement does, and is kept with it.
"""

from carepool.actions.house import House
from carepool.actions.permits import Actor
from carepool.actions.pools import Keeping, books_now, host_body, keep
from carepool.actions.releasing import agreed_plan, claimants, statement_of
from carepool.basics.money import Pence
from carepool.basics.periods import Quarter, quarters_between
from carepool.basics.refusals import Refused
from carepool.journal.commands import Decision, Done
from carepool.journal.documents import Document
from carepool.pool.approving import Side
from carepool.pool.books import Books
from carepool.pool.releases import Due, approve_release, dues, keep_money, propose_release


def propose_earned(
    house: House, actor: Actor, pool: str, year: str, quarter: Quarter, ccg: str, pence: Pence, words: bytes
) -> Done | Refused:
    """A finance officer of the host proposes that a CCG releases what a quarter earned, with the statement that says so."""
    by_plan = due_by_plan(house, books_now(house, pool, year))
    document = _statement(house, words)

    def decide(keeping: Keeping) -> Decision | Refused:
        books = keeping.books
        refused = _elsewhere(books) or _no_words(words) or _no_quarter(books, quarter)
        if refused:
            return refused
        due = by_plan[ccg] if ccg in by_plan else {**_proposed(books, ccg), quarter: pence}
        decided = propose_release(
            books,
            quarter,
            ccg,
            pence,
            document.digest,
            due=due,
            on_behalf_of=_host(books),
            claimed_by=_claimants(house, books, quarter),
        )
        return _with(decided, document)

    request = {
        "propose": str(quarter),
        "ccg": ccg,
        "pence": pence,
        "words": words.hex(),
    }
    return keep(house, actor, pool, year, "share_risk", decide, request)


def approve_earned(
    house: House, actor: Actor, pool: str, year: str, quarter: Quarter, ccg: str, side: Side
) -> Done | Refused:
    """A finance officer of the CCG, or of the host, approves; the second of the two moves the money."""
    opening = books_now(house, pool, year).opening
    if opening is not None and opening.partner(ccg) is None:
        return Refused(f"{ccg} is no CCG of this pool. Choose one of {', '.join(opening.performance)}.")

    def decide(keeping: Keeping) -> Decision | Refused:
        books = keeping.books
        return _elsewhere(books) or approve_release(
            books, quarter, ccg, side, actor.account, claimed_by=_claimants(house, books, quarter)
        )

    partner = ccg if side is Side.CCG else opening.host if opening else ""
    request = {"approve": str(quarter), "ccg": ccg, "side": side.code}
    return keep(house, actor, pool, year, "agree_for_partner", decide, request, partner)


def keep_unearned(house: House, actor: Actor, pool: str, year: str, words: bytes) -> Done | Refused:
    """A finance officer of the host closes the year's performance money: what was never earned stays with the CCGs."""
    by_plan = due_by_plan(house, books_now(house, pool, year))
    document = _statement(house, words)

    def decide(keeping: Keeping) -> Decision | Refused:
        books = keeping.books
        refused = _elsewhere(books) or _no_words(words)
        if refused:
            return refused
        ccgs = books.opening.performance if books.opening else {}
        last = Quarter.of(books.last_day)
        due = {each: by_plan.get(each) or {last: 0, **_proposed(books, each)} for each in ccgs}
        return _with(keep_money(books, due, document.digest, _host(books)), document)

    return keep(house, actor, pool, year, "share_risk", decide, {"keep": True, "words": words.hex()})


def due_by_plan(house: House, books: Books) -> dict[str, dict[Quarter, Pence | None]]:
    """What the plan that the agreement carries out asks of each CCG; nothing where it carries out none, or is that plan's own."""
    opening = books.opening
    if opening is None or not opening.plan or of_its_plan(books):
        return {}
    statement, _ = statement_of(agreed_plan(house, opening.plan), house.today)
    return dues({each.quarter: each.payment for each in statement.quarters}, opening.performance)


def _claimants(house: House, books: Books, quarter: Quarter) -> tuple[str, ...]:
    """Whose return claims the money, where the agreement carries out a plan."""
    plan = books.opening.plan if books.opening else ""
    return claimants(house, agreed_plan(house, plan), quarter) if plan else ()


def _proposed(books: Books, ccg: str) -> Due:
    return {quarter: each.pence for (quarter, of), each in books.releases.items() if of == ccg}


def of_its_plan(books: Books) -> bool:
    """Whether it is the pool of a plan by its own address, which is settled with that plan."""
    return books.opening is not None and books.opening.plan == books.pool


def quarters_of(books: Books) -> tuple[Quarter, ...]:
    """The quarters whose performance can earn money of this year: those of the year before, and its own."""
    return quarters_between(Quarter.of(books.first_day).year_before, Quarter.of(books.last_day))


def _elsewhere(books: Books) -> Refused | None:
    """A plan's own pool is settled by what that plan has earned, and nobody's word stands in its place."""
    if not of_its_plan(books):
        return None
    return Refused(
        f"{books.pool} is the pool of a plan, and what it has earned is worked out. Propose and approve it with the plan's money."
    )


def _no_words(words: bytes) -> Refused | None:
    return (
        None
        if words.strip()
        else Refused("Say by which statement it was earned or not. It is kept with the posting.")
    )


def _no_quarter(books: Books, quarter: Quarter) -> Refused | None:
    """Performance of the year before can earn money of this one, and no other."""
    able = quarters_of(books)
    if quarter in able:
        return None
    return Refused(f"{quarter} earns nothing in {books.year}. Choose a quarter from {able[0]} to {able[-1]}.")


def _statement(house: House, words: bytes) -> Document:
    return Document("statement", "text/plain; charset=utf-8", words, house.salt())


def _host(books: Books) -> str | None:
    return host_body(books.opening) if books.opening else None


def _with(decided: Decision | Refused, document: Document) -> Decision | Refused:
    if isinstance(decided, Refused):
        return decided
    return Decision(decided.facts, decided.answer, (document,))
