"""What is to be done before a month of a pool's books is closed: each step with where it stands, read from the books."""

import calendar
from dataclasses import dataclass
from datetime import date

from carepool.basics.money import in_pounds
from carepool.basics.periods import in_words
from carepool.pool.accounts import Event, Heading
from carepool.pool.books import Books
from carepool.pool.glance import by_source


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the checklist."""

    code: str
    title: str
    done: bool
    says: str
    """Where it stands, in a sentence."""
    remedy: str = ""
    """What to do, where it is not done."""


def next_month(books: Books) -> date | None:
    """The last day of the month that is closed next; None where all are closed."""
    if books.closed_through == books.last_day or books.ended_at:
        return None
    first = (
        date.fromordinal(books.closed_through.toordinal() + 1) if books.closed_through else books.first_day
    )
    return first.replace(day=calendar.monthrange(first.year, first.month)[1])


def steps(books: Books, month_end: date, today: date) -> tuple[Step, ...]:
    """The steps before a month is closed, in the order of doing them."""
    return (
        _over(month_end, today),
        _invoices(books, month_end),
        _suspense(books),
        _accruals(books, month_end),
        _budgets(books),
        _releases(books),
    )


def _over(month_end: date, today: date) -> Step:
    over = today > month_end
    says = f"It ended on {in_words(month_end)}." if over else f"It ends on {in_words(month_end)}."
    return Step("over", "The month is over", over, says, "" if over else "Wait until it has ended.")


def _invoices(books: Books, month_end: date) -> Step:
    due = {a: p for a, p in books.until(month_end).items() if a.heading is Heading.INVOICED and p > 0}
    total = sum(due.values())
    says = (
        f"{in_pounds(total)} is invoiced and not paid in." if total else "All that was invoiced is paid in."
    )
    return Step("invoices", "What partners owe", not total, says, "Ask for it, or enter what has come." if total else "")  # fmt: skip


def _suspense(books: Books) -> Step:
    total = books.amount(Heading.SUSPENSE)
    says = f"{in_pounds(total)} is in suspense." if total else "Nothing is in suspense."
    return Step("suspense", "Lines of ledgers without a scheme", not total, says, "Map them, and import again." if total else "")  # fmt: skip


def _accruals(books: Books, month_end: date) -> Step:
    """An accrual of an earlier month is to be reversed by the next; one of this month may stand."""
    old = [
        each
        for each in (books.posting(one) for one in books.open)
        if each and each.event is Event.ACCRUED and each.on < month_end.replace(day=1)
    ]
    says = (
        f"{len(old)} of earlier months {'is' if len(old) == 1 else 'are'} not reversed."
        if old
        else "None of an earlier month is open."
    )
    return Step(
        "accruals", "Accruals", not old, says, "Reverse them, or enter their invoices." if old else ""
    )


def _budgets(books: Books) -> Step:
    over = [
        line
        for scheme in (books.opening.schemes if books.opening else ())
        for line in by_source(books, scheme.id, scheme.title)
        if line.left < 0
    ]
    if not over:
        return Step("budgets", "Budgets", True, "No scheme has spent more than it may.")
    worst = min(over, key=lambda line: line.left)
    says = f"{worst.title} is {in_pounds(-worst.left)} over its budget of {worst.source.replace('_', ' ')}."
    return Step("budgets", "Budgets", False, says, "Move budget, or have the agreement say who bears it.")


def _releases(books: Books) -> Step:
    waiting = books.awaiting()
    says = f"One is {waiting[0].says}." if waiting else "No release waits."
    return Step("releases", "Releases of performance money", not waiting, says, "Have them approved." if waiting else "")  # fmt: skip
