"""What is to be done before a month of a pool's books is closed: each step with where it stands, read from the books."""

import calendar
from dataclasses import dataclass
from datetime import date

from carepool.basics.money import in_pounds
from carepool.basics.periods import in_words
from carepool.pool.accounts import Event, Heading
from carepool.pool.assertions import check
from carepool.pool.books import Books
from carepool.pool.glance import by_source
from carepool.pool.importing import findings_of

TWICE = "hand-and-ledger"
"""The finding that a pound may be there by hand and from a ledger."""


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
        _imports(books, month_end),
        _invoices(books, month_end),
        _suspense(books),
        _by_hand(books, month_end),
        _accruals(books, month_end),
        _budgets(books),
        _asserted(books, month_end),
        _releases(books),
    )


def _over(month_end: date, today: date) -> Step:
    over = today > month_end
    says = f"It ended on {in_words(month_end)}." if over else f"It ends on {in_words(month_end)}."
    return Step("over", "The month is over", over, says, "" if over else "Wait until it has ended.")


def _imports(books: Books, month_end: date) -> Step:
    """Every ledger that has come in before is there for this month too."""
    title, month = "Ledgers of the month", f"{month_end:%Y-%m}"
    ledgers = books.actuals.ledgers
    if not ledgers:
        return Step("imports", title, True, "No ledger has ever come in: all is entered by hand.")
    missing = [body for body, ledger in sorted(ledgers.items()) if not ledger.covers(month)]
    if missing:
        return Step(
            "imports", title, False, f"That of {' and '.join(missing)} has not come in.", "Bring it in."
        )
    control = [
        f"{body}, with a control total of {in_pounds(ledger.months[month].control)}"
        for body, ledger in sorted(ledgers.items())
        if month in ledger.months
    ]
    says = f"Come in: {'; '.join(control)}." if control else "They hold the month with those after it."
    return Step("imports", title, True, says)


def _by_hand(books: Books, month_end: date) -> Step:
    """What was entered by hand up to the month and may be in a ledger too."""
    found = [
        each
        for each in findings_of(books)
        if each.code == TWICE
        for posting in (books.posting(each.where.partition("/")[2]),)
        if posting and posting.on <= month_end
    ]
    if not found:
        return Step("by-hand", "Entered once", True, "Nothing is entered by hand that a ledger holds too.")
    says = f"{len(found)} {'posting' if len(found) == 1 else 'postings'} by hand may be in a ledger too."
    return Step("by-hand", "Entered once", False, says, "Reverse what the ledger holds too.")


def _asserted(books: Books, month_end: date) -> Step:
    """What was asserted of days up to the end of the month holds."""
    made = [each for each in books.records.assertions if each.on <= month_end]
    failed = [each for each in check(books, month_end) if each.code == "pool-assertion"]
    if failed:
        return Step("asserted", "Assertions", False, failed[0].says, failed[0].remedy)
    says = (
        f"All {len(made)} hold."
        if len(made) > 1
        else "It holds."
        if made
        else "Nothing is asserted up to this month."
    )
    return Step("asserted", "Assertions", True, says)


def _invoices(books: Books, month_end: date) -> Step:
    due = {a: p for a, p in books.until(month_end).items() if a.heading is Heading.INVOICED and p > 0}
    total = sum(due.values())
    says = (
        f"{in_pounds(total)} is invoiced and not paid in." if total else "All that was invoiced is paid in."
    )
    return Step("invoices", "What partners owe", not total, says, "Ask for it, or enter what has come." if total else "")  # fmt: skip


def _suspense(books: Books) -> Step:
    by_body = {a.party: a.amount(p) for a, p in books.balances.items() if a.heading is Heading.SUSPENSE and p}
    listed = " and ".join(f"{in_pounds(pence)} of {body}’s ledger" for body, pence in sorted(by_body.items()))
    says = (
        f"{listed} {'is' if len(by_body) == 1 else 'are'} in suspense."
        if by_body
        else "Nothing is in suspense."
    )
    return Step("suspense", "Lines of ledgers without a scheme", not by_body, says, "Say which scheme they are for." if by_body else "")  # fmt: skip


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
