"""What postings dated in a span of days come to, by what they are of, each sum with the postings that it is from."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from carepool.basics.money import Pence
from carepool.pool.accounts import Account, Entry, Event, Heading, Posting
from carepool.pool.books import Books
from carepool.pool.by_month import Placed, last_of
from carepool.pool.kept import once


class Flow(StrEnum):
    """What a line is of; the words are those on the page."""

    AGREED = "agreed"
    INVOICED = "invoiced"
    RECEIVED = "received"
    OFFSET = "set off"
    RELEASED = "released"
    CHARGED = "charged to people"
    BROUGHT = "brought forward"
    SPENT = "spent, net of VAT"
    ACCRUED = "of which accrued"
    IRRECOVERABLE = "VAT that does not come back"
    SUSPENSE = "in suspense"
    PASSED = "passed on"
    RETURNED = "given back"
    CARRIED = "carried forward"
    BUDGETED = "budget"
    COMMITTED = "committed"
    PAID_IN = "paid into the account"
    PAID_OUT = "paid out of the account"
    TRANSFERRED = "transferred under section 256"
    APPLIED = "used of the transfer"


INCOME = (Flow.AGREED, Flow.RELEASED, Flow.CHARGED, Flow.BROUGHT)
"""What funds a pool, paid in or not."""
COST = (Flow.SPENT, Flow.IRRECOVERABLE)
"""What a scheme costs: what is accrued is among what is spent."""
USE = (*COST, Flow.SUSPENSE, Flow.PASSED, Flow.RETURNED, Flow.CARRIED)
"""What is made of a pool's money."""

_CREDITED = {
    Heading.CONTRIBUTED: Flow.AGREED, Heading.RELEASED: Flow.RELEASED, Heading.CHARGES: Flow.CHARGED,
    Heading.BROUGHT: Flow.BROUGHT, Heading.GIVEN: Flow.TRANSFERRED, Heading.POOL: Flow.PAID_OUT,
}  # fmt: skip
_DEBITED = {
    Heading.SPENT: Flow.SPENT, Heading.IRRECOVERABLE: Flow.IRRECOVERABLE, Heading.SUSPENSE: Flow.SUSPENSE,
    Heading.PASSED: Flow.PASSED, Heading.RETURNED: Flow.RETURNED, Heading.CARRIED: Flow.CARRIED,
    Heading.BUDGET: Flow.BUDGETED, Heading.COMMITTED: Flow.COMMITTED, Heading.APPLIED: Flow.APPLIED,
    Heading.POOL: Flow.PAID_IN,
}  # fmt: skip
_DUE = frozenset({Heading.PROMISED, Heading.INVOICED, Heading.CONTRIBUTED})

Key = tuple[Flow, str, str]
"""What it is of, whose it is, and the source or scheme."""


@dataclass(frozen=True, slots=True)
class Sum:
    """An amount, and the postings that it comes from, in their order."""

    pence: Pence = 0
    postings: tuple[str, ...] = ()


class Movements:
    """What the postings of a span of days come to."""

    def __init__(self, parts: Sequence["_Part"]) -> None:
        self._parts = parts

    def of(
        self, *flows: Flow, party: str | None = None, source: str | None = None, but: str | None = None
    ) -> Sum:
        """The sum of flows: of everybody, or of one party, or one source, or of all sources but one."""
        pence, names = 0, dict[int, str]()
        for part in self._parts:
            for flow in flows:
                for (whose, what), (amount, where) in part.get(flow, {}).items():
                    if party in (None, whose) and source in (None, what) and but != what:
                        pence += amount
                        names.update(where)
        return Sum(pence, tuple(names[each] for each in sorted(names)))

    def of_sources(self, *flows: Flow) -> tuple[tuple[str, str], ...]:
        """Each party and source that any of the flows has, in the order of the alphabet."""
        return tuple(sorted({key for part in self._parts for flow in flows for key in part.get(flow, {})}))


_Part = Mapping[Flow, Mapping[tuple[str, str], tuple[Pence, Mapping[int, str]]]]
"""By what it is of, then by whose and the source: the sum, and the postings that it comes from by their places."""


def _part(placed: Iterable[Placed]) -> _Part:
    """What postings come to."""
    found: dict[Flow, dict[tuple[str, str], tuple[Pence, dict[int, str]]]] = {}
    for place, posting in placed:
        for line in posting.lines:
            for (flow, party, source), pence in flows_of(posting, line):
                of_flow = found.setdefault(flow, {})
                amount, names = of_flow.get((party, source)) or (0, {})
                names[place] = posting.id
                of_flow[party, source] = amount + pence, names
    return found


def flows_of(posting: Posting, line: Entry) -> Iterator[tuple[Key, Pence]]:
    """What a line is of. A reversal takes back what it reverses, so a receipt reversed is no payment."""
    back = posting.event is Event.REVERSED
    pence = -line.pence if back else line.pence
    debit, credit = (line.credit, line.debit) if back else (line.debit, line.credit)
    for account, same, other in ((debit, _DEBITED, _CREDITED), (credit, _CREDITED, _DEBITED)):
        if flow := same.get(account.heading):
            yield (flow, *_whose(account)), pence
        elif flow := other.get(account.heading):
            yield (flow, *_whose(account)), -pence
    yield from _between(debit, credit, pence)
    if debit.heading is Heading.ACCRUED:
        yield from _between(credit, debit, -pence)


def _whose(account: Account) -> tuple[str, str]:
    return account.party, account.source


def _between(debit: Account, credit: Account, pence: Pence) -> Iterator[tuple[Key, Pence]]:
    """What takes both accounts to tell: an invoice, a payment into the pool, a set-off, an accrual."""
    if debit.heading is Heading.INVOICED:
        yield (Flow.INVOICED, *_whose(debit)), pence
    if debit.heading is Heading.POOL and credit.heading in _DUE:
        yield (Flow.RECEIVED, *_whose(credit)), pence
    if debit.heading is Heading.OWED and credit.heading in _DUE:
        yield (Flow.OFFSET, *_whose(credit)), pence
    if debit.heading is Heading.SPENT and credit.heading is Heading.ACCRUED:
        yield (Flow.ACCRUED, *_whose(debit)), pence


def day_in(books: Books, posting: Posting) -> date:
    """The day that it counts on: what was entered before the year began counts on its first day."""
    return max(posting.on, books.first_day)


def moves(books: Books, first: date, last: date, known: int | None = None) -> Movements:
    """What the postings come to that count on days from first to last, of all or of the first so many."""
    return once(books, ("moves", first, last, known), lambda: Movements(_parts(books, first, last, known)))


def _parts(books: Books, first: date, last: date, known: int | None) -> list[_Part]:
    """Month by month: a whole month's is worked out once, and a part of one anew."""
    found = []
    most = len(books.postings) if known is None else known
    for begins, month in books.months.items():
        ends = last_of(begins)
        if ends < first or begins > last:
            continue
        if first <= begins and ends <= last and month.postings[-1][0] < most:
            found.append(month.once("moves", lambda: _part(month.postings)))  # noqa: B023 (called here and now)
        else:
            found.append(_part((place, each) for place, each in month.postings if place < most and first <= day_in(books, each) <= last))  # fmt: skip
    return found


@dataclass(frozen=True, slots=True)
class BalanceLine:
    """All accounts under a heading: what was brought into a period, what moved in it, and what it ends with."""

    heading: Heading
    brought: Pence
    moved: Sum
    closing: Pence


def balances(books: Books, first: date, last: date) -> tuple[BalanceLine, ...]:
    """Each heading that has been used by the last day; brought in and closing are each worked out by themselves."""
    return once(books, ("balances", first, last), lambda: _balances(books, first, last))


def _balances(books: Books, first: date, last: date) -> tuple[BalanceLine, ...]:
    opening = {} if first <= books.first_day else books.until(date.fromordinal(first.toordinal() - 1))
    moved: dict[Heading, Pence] = {}
    names: dict[Heading, dict[int, str]] = {}
    for begins, month in books.months.items():
        if first <= begins and last_of(begins) <= last:
            of_month = month.once("headings", lambda: _headings(month.postings))  # noqa: B023 (called here and now)
        else:
            of_month = _headings((place, each) for place, each in month.postings if first <= day_in(books, each) <= last)  # fmt: skip
        for heading, (pence, where) in of_month.items():
            moved[heading] = moved.get(heading, 0) + pence
            names.setdefault(heading, {}).update(where)
    closing = books.until(last)
    used = {account.heading for account in closing}
    return tuple(
        BalanceLine(
            heading,
            _under(opening, heading),
            Sum(moved.get(heading, 0), tuple(each for _, each in sorted(names.get(heading, {}).items()))),
            _under(closing, heading),
        )
        for heading in Heading
        if heading in used
    )


def _headings(placed: Iterable[Placed]) -> Mapping[Heading, tuple[Pence, Mapping[int, str]]]:
    """What moved under each heading, and by which postings."""
    found: dict[Heading, tuple[Pence, dict[int, str]]] = {}
    for place, posting in placed:
        for line in posting.lines:
            for account, pence in ((line.debit, line.pence), (line.credit, -line.pence)):
                amount, names = found.get(account.heading) or (0, {})
                names[place] = posting.id
                found[account.heading] = amount + account.amount(pence), names
    return found


def _under(found: Mapping[Account, Pence], heading: Heading) -> Pence:
    return sum(account.amount(balance) for account, balance in found.items() if account.heading is heading)
