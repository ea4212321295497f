"""Whether an event may be entered in a pool's books now: their month is open, the authority reaches, the books allow it.

Pure, on the books as read, for ``journal.commands.perform``. Whether an account holds office is decided before, by ``offices``.
"""

import calendar
from datetime import date

from carepool.basics.money import Pence, in_pounds
from carepool.basics.periods import in_words
from carepool.basics.refusals import Refused
from carepool.journal.commands import Decision
from carepool.pool import facts
from carepool.pool.accounts import LONGEST_TITLE, Event, Posting, beyond, faulty, moved, overspent
from carepool.pool.books import Books, stream_of
from carepool.pool.events import KEPT_TO_BUDGET, Asked, lines_of
from carepool.pool.grounds import groundless
from carepool.pool.releases import not_open

OF_THE_YEAR = frozenset(
    {
        Event.COMMITTED, Event.ACCRUED, Event.SPENT, Event.CHARGED, Event.REDEPLOYED, Event.PASSED_ON, Event.UNACCRUED,
        Event.CONTRIBUTED, Event.LOWERED, Event.BUDGETED, Event.CUT, Event.BORNE, Event.GIVEN_BACK, Event.CARRIED,
    }
)  # fmt: skip
"""What belongs to the year in which it happens. What is due of a year can be paid after it, until its accounts are closed."""


def enter(
    books: Books,
    asked: Asked,
    *,
    up_to: Pence | None = None,
    who: str = "Ask the joint board or the partners, as the agreement says.",
    today: date | None = None,
    on_behalf_of: str | None = None,
) -> Decision | Refused:
    """Enter an event.

    ``up_to`` is the most that whoever asks may move by their own authority; None where nothing limits it, and
    ``who`` says who may enter more. Nothing is dated after ``today``; None where the day is chosen by a rule and not by
    a person. The answer names the posting, by the number of its fact.
    """
    if books.opening is None:
        return not_open(books)
    lines = lines_of(books, asked)
    if isinstance(lines, Refused):
        return lines
    if up_to is not None and (amount := max((asked.amount, *(line.pence for line in lines)))) > up_to:
        return Refused(
            f"{in_pounds(amount)} is beyond your authority, which ends at {in_pounds(up_to)}. {who}"
        )
    says = asked.says.strip() or asked.event.value.capitalize()
    if len(says) > LONGEST_TITLE:
        return Refused(
            f"Give the posting a title of 1 to {LONGEST_TITLE} characters; reasons are a document."
        )
    change = moved(lines)
    refused = (
        not_now(books, asked)
        or faulty(books.balances, lines, change)
        or beyond(books.turned + sum([line.pence for line in lines]))
    )
    if not refused and asked.event in KEPT_TO_BUDGET:
        refused = overspent(books.balances, lines, change)
    refused = refused or _still_to_come(asked, today) or groundless(books, asked, lines)
    if refused:
        return refused
    posting = Posting("", says, asked.on, lines, asked.cites, asked.event, asked.of, asked.late)
    return _decision(books, posting, on_behalf_of)


def _decision(books: Books, posting: Posting, on_behalf_of: str | None) -> Decision:
    stream = stream_of(books.pool, books.year)
    answer = {"stream": stream, "posting": str(books.version + 1), "event": posting.event.code}
    return Decision((facts.posted(books.pool, books.year, posting, on_behalf_of),), answer)


def _still_to_come(asked: Asked, today: date | None) -> Refused | None:
    if today is None or asked.on <= today:
        return None
    return Refused(
        f"{in_words(asked.on)} is still to come. Date it {in_words(today)} or before, or enter it once it has happened."
    )


def not_now(books: Books, asked: Asked) -> Refused | None:
    """Why nothing may be dated so now: the year is over, or the month is closed. None where it may."""
    if books.ended_at is not None:
        return Refused(
            f"The accounts of {books.year} are closed. Enter it in the year after, saying what it is for."
        )
    if asked.on < books.first_day:
        return Refused(f"{in_words(asked.on)} is before {books.year}. Date it within the year.")
    if asked.on > books.last_day and (refused := _after_the_year(books, asked)):
        return refused
    closed = books.closed_through
    if asked.late:
        return _not_late(books, asked)
    if closed and asked.on <= closed:
        return Refused(
            f"{asked.on:%B %Y} is closed: its statement has been given. Date it in the first open month, "
            f"{first_open(books):%B %Y}, or after the last month is closed enter it as a late adjustment."
        )
    return None


def _after_the_year(books: Books, asked: Asked) -> Refused | None:
    """A figure of the year changes by what is dated in it alone, or it would be in no year's statement.

    Money can come and go after the year for what is due of it. To take back what was dated within it is no such payment: the
    year's cash was told with it, so it is taken back within the year too, whatever it was.
    """
    found = books.posting(asked.of) if asked.event is Event.REVERSED else None
    takes_back = found is not None and found.on <= books.last_day
    if asked.event is Event.UNACCRUED or takes_back:
        return Refused(
            f"{in_words(asked.on)} is after {books.year}, and posting {asked.of or 'without a number'} is of that year. If its figure "
            f"is wrong, date this {in_words(books.last_day)}: once March is closed as a late adjustment, with what was really had."
        )
    if asked.event in OF_THE_YEAR:
        return Refused(
            f"{in_words(asked.on)} is after {books.year}. What is {asked.event.value} then is the next year's: enter it there."
        )
    return None


def _not_late(books: Books, asked: Asked) -> Refused | None:
    """A late adjustment is of the last day of the year, and needs all months closed."""
    if books.closed_through is None or books.closed_through < books.last_day:
        return Refused("A late adjustment comes after March is closed. Date it in an open month instead.")
    if asked.on != books.last_day:
        return Refused(f"A late adjustment is dated {in_words(books.last_day)}, the last day of the year.")
    return None


def first_open(books: Books) -> date:
    """The first day of the first month that is not closed."""
    return date.fromordinal(books.closed_through.toordinal() + 1) if books.closed_through else books.first_day


def last_of_month(month: str) -> date:
    """The last day of a month written 2015-06. ValueError when it is not one."""
    first = date.fromisoformat(f"{month}-01")
    return first.replace(day=calendar.monthrange(first.year, first.month)[1])


def close_month(
    books: Books, month: str, *, today: date, on_behalf_of: str | None = None
) -> Decision | Refused:
    """Close a month, like 2015-06: the next after the last closed, once it is over. Nothing dated in it is entered after."""
    if books.opening is None:
        return not_open(books)
    try:
        through = last_of_month(month)
    except ValueError:
        return Refused(f"“{month}” is no month. Write it like {books.first_day:%Y-%m}.")
    expected = last_of_month(f"{first_open(books):%Y-%m}")
    if books.closed_through is not None and through <= books.closed_through:
        return Refused(f"{through:%B %Y} is closed already. There is nothing left to do.")
    if through > books.last_day:
        return Refused(f"{through:%B %Y} is not in {books.year}. Close its own year's month.")
    if through != expected:
        return Refused(f"Months are closed in order. Close {expected:%B %Y} first.")
    if today <= through:
        return Refused(f"{through:%B %Y} is not over. Close it from {in_words(_after(through))} on.")
    return Decision(
        (facts.month_closed(books.pool, books.year, through, on_behalf_of),),
        {"stream": stream_of(books.pool, books.year), "closed_through": through},
    )


def _after(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)


def end_year(books: Books, *, on_behalf_of: str | None = None) -> Decision | Refused:
    """Close the year's accounts, once every month is closed and performance money is settled. Accruals of the year stand in it."""
    if books.opening is None:
        return not_open(books)
    if books.ended_at is not None:
        return Refused(f"The accounts of {books.year} are closed already. There is nothing left to do.")
    if books.closed_through != books.last_day:
        return Refused(
            f"Close the month of {first_open(books):%B %Y} first: the year ends when all its months have."
        )
    if any(books.opening.performance.values()) and books.kept_at is None:
        return Refused(
            "What performance money was never earned is not settled. Close it from the statement first."
        )
    for waiting in books.settled.awaiting:
        return Refused(
            f"A correction of {waiting.quarter} for {waiting.ccg} by {in_pounds(waiting.pence)} waits for "
            f"{' and '.join(waiting.awaited)}. Have it approved, or taken back in a dispute, before the accounts are closed."
        )
    return Decision(
        (facts.year_ended(books.pool, books.year, on_behalf_of),),
        {"stream": stream_of(books.pool, books.year), "ended": True},
    )
