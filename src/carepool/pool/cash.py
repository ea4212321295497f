"""A pool's cash month by month, what was and what is expected, and which instalments are in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from carepool.basics.money import Pence, share
from carepool.basics.workings import Step, Working
from carepool.pool.accounts import Heading
from carepool.pool.books import Books
from carepool.pool.movements import Flow, Movements, Sum, moves
from carepool.pool.periods import Period, months_of


@dataclass(frozen=True, slots=True)
class Instalment:
    """What a partner is to pay on a day, by the agreement."""

    partner: str
    on: date
    pence: Pence
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Paid:
    """An instalment, and what of it was in by a day."""

    instalment: Instalment
    received: Pence
    """What a partner pays meets its earliest instalment first."""
    late: bool
    """Whether its day was over, and not all of it was in."""
    postings: tuple[str, ...]
    """All that the partner has paid by then."""

    @property
    def short(self) -> Pence:
        """What is still to come."""
        return self.instalment.pence - self.received


@dataclass(frozen=True, slots=True)
class CashMonth:
    """A month of the pool's account."""

    month: str
    actual: bool
    """Whether it is what the books show; else it is expected."""
    receipts: Sum
    payments: Sum
    balance: Pence
    """At the end of the month."""


@dataclass(frozen=True, slots=True)
class Cash:
    """The twelve months, and how what is expected was reached."""

    months: tuple[CashMonth, ...]
    working: Working


def paid_by(
    due: Iterable[Instalment], so_far: Movements, by: date, clients: str
) -> tuple[Paid, ...]:  # fmt: skip
    """Each instalment, the earliest first, with what was in by a day."""
    left: dict[str, tuple[Pence, tuple[str, ...]]] = {}
    found = []
    for each in sorted(due, key=lambda one: (one.on, one.partner)):
        if each.partner not in left:
            settled = so_far.of(Flow.RECEIVED, Flow.OFFSET, party=each.partner, but=clients)
            left[each.partner] = settled.pence, settled.postings
        there, postings = left[each.partner]
        received = max(0, min(each.pence, there))
        left[each.partner] = there - received, postings
        found.append(Paid(each, received, each.on < by and received < each.pence, postings))
    return tuple(found)


def cash(books: Books, period: Period, paid: tuple[Paid, ...], still_to_spend: Pence) -> Cash:
    """The account month by month: as it was up to the end of the period, and as it is expected after.

    Instalments are expected on their days, those that are late at once; what else is promised or invoiced comes in evenly.
    What is owed and accrued is paid in the first month, ``still_to_spend`` and what is still to be passed on evenly.
    """
    balance, lines = 0, []
    for month in months_of(books.year):
        if month.first > period.last:
            break
        moved = moves(books, month.first, min(month.last, period.last))
        receipts, payments = moved.of(Flow.PAID_IN), moved.of(Flow.PAID_OUT)
        balance += receipts.pence - payments.pence
        lines.append(CashMonth(str(month), True, receipts, payments, balance))
    rest = [str(each) for each in months_of(books.year) if each.first > period.last]
    coming, paying, working = _expected(books, period, paid, still_to_spend, rest)
    for name in rest:
        balance += coming[name] - paying[name]
        lines.append(CashMonth(name, False, Sum(coming[name]), Sum(paying[name]), balance))
    return Cash(tuple(lines), working)


def _expected(
    books: Books, period: Period, paid: tuple[Paid, ...], still_to_spend: Pence, rest: list[str]
) -> tuple[dict[str, Pence], dict[str, Pence], Working]:
    closing = books.until(period.last)

    def amount(*headings: Heading) -> Pence:
        return sum(each.amount(balance) for each, balance in closing.items() if each.heading in headings)

    outstanding = amount(Heading.PROMISED, Heading.INVOICED)
    by_day = {name: sum(each.short for each in paid if _month(each, rest) == name) for name in rest}
    # Instalments can come to more than is promised, where a contribution was lowered: then no more is expected than that.
    fixed = _at_most(by_day, outstanding)
    else_in = outstanding - sum(fixed.values())
    owed = max(0, amount(Heading.OWED, Heading.ACCRUED))
    passing = _to_pass_on(books, period)
    evenly = max(0, still_to_spend) + passing
    steps = (
        Step("Instalments still to come", sum(fixed.values()), "pence", "each on its day; late ones at once", "the agreement"),
        Step("Else promised or invoiced", else_in, "pence", f"evenly over {len(rest)} months", "the pool's postings"),
        Step("Owed and accrued", owed, "pence", "paid in the first month", "the pool's postings"),
        Step("Forecast and not spent yet", max(0, still_to_spend), "pence", f"evenly over {len(rest)} months", "the forecasts"),
        Step("Grants still to be passed on", passing, "pence", f"evenly over {len(rest)} months", "the determinations"),
    )  # fmt: skip
    if not rest:
        return {}, {}, Working("Cash expected", 0, "pence", ())
    even_in, even_out = (share(each, dict.fromkeys(rest, 1)) for each in (else_in, evenly))
    coming = {name: fixed[name] + even_in[name] for name in rest}
    paying = {name: even_out[name] + (owed if name == rest[0] else 0) for name in rest}
    net = sum(coming.values()) - sum(paying.values())
    return coming, paying, Working("Cash expected after the period", net, "pence", steps)


def _month(each: Paid, rest: list[str]) -> str:
    """The month that it is expected in: its own, or the first one to come."""
    return max(f"{each.instalment.on:%Y-%m}", rest[0])


def _at_most(by_month: dict[str, Pence], most: Pence) -> dict[str, Pence]:
    found = {}
    for name, pence in by_month.items():
        found[name] = min(pence, most)
        most -= found[name]
    return found


def _to_pass_on(books: Books, period: Period) -> Pence:
    """Of capital grants, what the determinations have go on and has not yet."""
    if books.opening is None:
        return 0
    moved = moves(books, books.first_day, period.last)
    return sum(
        max(0, sum(grant.pass_on.values()) - moved.of(Flow.PASSED, source=grant.id).pence)
        for grant in books.opening.grants
    )
