"""What is put right of a year after its accounts were closed: it is entered in a later year's books, naming what it is for.

Pure, on both years' books as read. The two approvals stay with the year that it is of.
"""

from datetime import date

from carepool.basics.money import Pence, in_pounds
from carepool.basics.periods import Quarter, in_words
from carepool.basics.refusals import Refused
from carepool.journal.commands import Decision
from carepool.pool.accounts import Event
from carepool.pool.books import Books, Contribution, day_of, stream_of
from carepool.pool.entering import enter
from carepool.pool.events import Asked


def year_after(books: Books, ccg: str, pence: Pence) -> str:
    """What is done about a difference once the year's accounts are closed."""
    at = in_words(day_of(books.ended_at)) if books.ended_at else ""
    begins = int(books.year[:4]) + 1
    following = f"{begins}-{(begins + 1) % 100:02}"
    return (
        f"The accounts of {books.year} were closed on {at}, so nothing moves in them any more. In the books of {following} "
        f"enter “{_event(pence).value}” of {in_pounds(abs(pence))} for {ccg}, and cite the statement. Where {ccg} and the host "
        "are partners in such books, propose it here: it is entered there once two people have approved it."
    )


def takes(after: Books, books: Books, ccg: str) -> bool:
    """Whether books are of a later year, open, and of a pool that the same host and CCG are partners of."""
    here, there = books.opening, after.opening
    if here is None or there is None or after.ended_at is not None or after.year <= books.year:
        return False
    return there.partner(here.host) is not None and there.partner(ccg) is not None


def entered_after(
    after: Books, books: Books, of: tuple[Quarter, str, Pence], statement: str, today: date
) -> Decision | Refused:
    """Enter in the later books what a quarter and CCG is put right by; or why it cannot be."""
    quarter, ccg, pence = of
    if not takes(after, books, ccg):
        return Refused(
            f"The books of {after.pool} of {after.year} are not open for this: they must be of a later year than {books.year}, not closed, "
            f"and of a pool that {ccg} and the host are partners of. Open those books first, or name others."
        )
    source = _source(after, ccg)
    if source is None:
        return Refused(
            f"{ccg} puts nothing into {after.pool} in {after.year}, so nothing there can be more or less. Name books that it pays into."
        )
    late = after.closed_through == after.last_day
    says = f"{quarter} put right, whose accounts were closed"
    asked = Asked(
        _event(pence), min(today, after.last_day), abs(pence), says, ccg, source.source, cites=(statement,), late=late
    )  # fmt: skip
    return enter(after, asked, today=today)


def _event(pence: Pence) -> Event:
    return Event.CONTRIBUTED if pence > 0 else Event.LOWERED


def _source(after: Books, ccg: str) -> Contribution | None:
    """The source from which the CCG puts in most."""
    assert after.opening is not None  # noqa: S101 (asked of open books alone)
    of_ccg = [each for each in after.opening.contributions if each.party == ccg and each.pence > each.contingent]  # fmt: skip
    return max(of_ccg, key=lambda each: each.pence - each.contingent, default=None)


def name_of(after: Books) -> str:
    """How a correction names the books that it is entered in: ``POOL/YEAR``."""
    return stream_of(after.pool, after.year).removeprefix("pool/")
