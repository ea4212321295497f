"""A pool manager's statement of a month, a quarter or a year: what came in, what was made of it, and what is to be looked at.

Regulation 7(5) of SI 2000/617 has the pool manager report each quarter and each year on income and expenditure; the month's
highlight is what joint boards ask for between. A statement is worked out from the postings alone, and rests on what was known when.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType

from carepool.basics.findings import Finding
from carepool.basics.money import Pence
from carepool.basics.periods import LONDON
from carepool.basics.refusals import Unusable
from carepool.pool.accounts import Event, Posting
from carepool.pool.books import BROUGHT_FORWARD, Books, Given, Grant
from carepool.pool.by_month import Month, Placed, in_order
from carepool.pool.cash import Cash, Instalment, Paid, cash, paid_by
from carepool.pool.events import CLIENTS, OPENS, recommitted, taken_of
from carepool.pool.highlights import Look, look
from carepool.pool.movements import (
    COST,
    INCOME,
    USE,
    BalanceLine,
    Flow,
    Movements,
    Sum,
    balances,
    day_in,
    moves,
)
from carepool.pool.outlook import Forecasts, Profiles, Progress, progress
from carepool.pool.periods import Period
from carepool.pool.shares import PartnerShare, SchemeShare, partner_shares, scheme_shares


@dataclass(frozen=True, slots=True)
class Matter:
    """A risk or an action, as whoever manages the pool wrote it down."""

    kind: str
    """``risk`` or ``action``."""
    says: str
    owner: str = ""
    by: date | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What a statement rests on beside the books. What is not known stays empty."""

    on: date
    """The day that it is as known on."""
    instalments: Sequence[Instalment] = ()
    """What is due by the agreement."""
    forecasts: Forecasts = field(default_factory=lambda: MappingProxyType({}))
    """As given by whoever manages the schemes."""
    forecasts_before: Forecasts = field(default_factory=lambda: MappingProxyType({}))
    """As the statement given last had them."""
    profiles: Profiles = field(default_factory=lambda: MappingProxyType({}))
    entered: Mapping[str, datetime] | None = field(default_factory=lambda: MappingProxyType({}))
    """When each posting was written, by its id; None where the postings themselves tell."""
    threshold: Decimal = Decimal(5)
    """Per cent of its budget that a scheme may differ by before it is pointed out. No paper lays one down; boards choose."""
    matters: Sequence[Matter] = ()
    names: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """What the partners are called, by code."""


@dataclass(frozen=True, slots=True)
class Contributed:
    """What a party was to put in from one source, and did."""

    party: str
    source: str
    agreed: Sum
    """In the period, as are the three below."""
    invoiced: Sum
    received: Sum
    offset: Sum
    """Set off against what the pool owed it."""
    to_date: Pence
    """Agreed since the year began."""
    paid_to_date: Pence
    """Received and set off since the year began."""

    @property
    def outstanding(self) -> Pence:
        """Agreed and not paid in at the end of the period."""
        return self.to_date - self.paid_to_date


@dataclass(frozen=True, slots=True)
class Line:
    """A sum in the period, and since the year began."""

    of: str
    """Whose it is, or what it is for, by code."""
    source: str
    in_period: Sum
    to_date: Sum


@dataclass(frozen=True, slots=True)
class Charge:
    """A scheme for which people are charged: its cost gross, what they were charged, and its cost net of that."""

    scheme: str
    title: str
    gross: Line
    charged: Line

    @property
    def net(self) -> Pence:
        """Of the period."""
        return self.gross.in_period.pence - self.charged.in_period.pence

    @property
    def net_to_date(self) -> Pence:
        """Since the year began."""
        return self.gross.to_date.pence - self.charged.to_date.pence


@dataclass(frozen=True, slots=True)
class Granted:
    """A capital grant: what of it is in, and what has gone on to each district."""

    grant: Grant
    received: Line
    passed: tuple[Line, ...]

    @property
    def still(self) -> Pence:
        """What is still to go on."""
        return sum(self.grant.pass_on.values()) - sum(each.to_date.pence for each in self.passed)


@dataclass(frozen=True, slots=True)
class StillOpen:
    """A commitment or an accrual, and what is left of it at the end of the period."""

    posting: str
    event: Event
    says: str
    on: date
    scheme: str
    source: str
    pence: Pence


@dataclass(frozen=True, slots=True)
class Entered:
    """A posting that came in after the period that it is dated in."""

    posting: str
    says: str
    on: date
    entered: date | None
    """The day that it was entered; None where that is not known."""
    pence: Pence
    """All its lines together."""


@dataclass(frozen=True, slots=True)
class Statement:
    """The statement of a period. Sums are of the period, unless they are said to be to date."""

    pool: str
    agreement: str
    host: str
    period: Period
    known_on: date
    postings_known: int
    """How many postings were in the books."""
    closed: bool
    """Whether the period is closed, so that nothing dated in it can be entered any more."""
    balances: tuple[BalanceLine, ...]
    contributions: tuple[Contributed, ...]
    income: tuple[Line, ...]
    """By heading: agreed, released, charged, brought forward; and what they come to."""
    expenditure: tuple[Line, ...]
    """By heading, and what they come to."""
    schemes: tuple[Progress, ...]
    charges: tuple[Charge, ...]
    grants: tuple[Granted, ...]
    released: tuple[Line, ...]
    """Performance money, by CCG."""
    transfers: tuple[Line, ...]
    """The transfer of 2014-15 under section 256: no part of the pool."""
    scheme_shares: tuple[SchemeShare, ...]
    partners: tuple[PartnerShare, ...]
    instalments: tuple[Paid, ...]
    cash: Cash
    suspense: Pence
    """Lines of ledgers that no scheme is known for, at the end of the period."""
    open: tuple[StillOpen, ...]
    entered_late: tuple[Entered, ...]
    """Of earlier months, entered since the period began, and late adjustments in it."""
    since_given: tuple[Entered, ...]
    """Where a statement of this very period was given before: what was entered since, and makes this one another."""
    last_given: Given | None
    matters: tuple[Matter, ...]
    findings: tuple[Finding, ...]

    @property
    def income_total(self) -> Line:
        """What funds the pool."""
        return self.income[-1]

    @property
    def expenditure_total(self) -> Line:
        """What was made of it."""
        return self.expenditure[-1]

    @property
    def surplus(self) -> Pence:
        """Since the year began: above zero where more came in, or is to, than was used."""
        return self.income_total.to_date.pence - self.expenditure_total.to_date.pence


TOTAL = "in all"


def statement(books: Books, period: Period, known: Known) -> Statement:
    """The statement of a period of a pool's year. Unusable before the pool is opened, or for another year's period.

    A posting counts on the day that it is dated, whenever it was entered; what was entered before the year began counts
    on its first day.
    """
    opening = books.opening
    if opening is None:
        raise Unusable(f"There is no pool {books.pool} of {books.year} yet, so nothing to state.")
    if period.of_year != books.year:
        raise Unusable(f"{period.title} is not in {books.year}. Ask for the statement of its own year.")
    here = moves(books, period.first, period.last)
    so_far = moves(books, books.first_day, period.last)
    last = last_given(books, period)
    schemes = progress(
        books, period, here, so_far, known.forecasts, known.profiles, (_given(books, last), known.forecasts_before)
    )  # fmt: skip
    shares = scheme_shares(books, period.first, period.last, so_far)
    paid = paid_by(known.instalments, so_far, min(period.last, known.on), CLIENTS)
    left = sum(each.forecast for each in schemes) - so_far.of(*COST).pence
    flow = cash(books, period, paid, left)
    suspense = so_far.of(Flow.SUSPENSE).pence
    late, since = _entered_late(books, period, known), _since(books, period, known)
    after = tuple(each.id for each in in_order(of for first, of in books.months.items() if first > books.last_day))  # fmt: skip
    closed = books.closed_through is not None and books.closed_through >= period.last
    found = Look(
        period, known.on, closed, schemes, paid, flow, suspense,
        tuple(each.posting for each in late), tuple(each.posting for each in since), after, known.threshold, known.names,
    )  # fmt: skip
    return Statement(
        books.pool, opening.agreement, opening.host, period, known.on, len(books.postings), closed,
        balances(books, period.first, period.last),
        _contributions(here, so_far),
        _by_heading(here, so_far, INCOME),
        _by_heading(here, so_far, USE),
        schemes,
        _charges(books, here, so_far),
        _grants(books, here, so_far),
        _lines(here, so_far, Flow.RELEASED),
        (*_lines(here, so_far, Flow.TRANSFERRED), *_lines(here, so_far, Flow.APPLIED)),
        shares,
        partner_shares(books, so_far, shares, CLIENTS),
        paid, flow, suspense,
        open_at(books, period.last), late, since, last, tuple(known.matters), look(found),
    )  # fmt: skip


def last_given(books: Books, period: Period) -> Given | None:
    """Of the statements that speak of nothing after a period the one that goes furthest, as it was given last."""
    found = [
        (through, number, each)
        for number, each in enumerate(books.given)
        if (through := Period.parse(each.period).last) <= period.last
    ]
    return max(found)[2] if found else None


def _given(books: Books, last: Given | None) -> Movements | None:
    """What the statement given last knew of the year up to its own end."""
    if last is None:
        return None
    return moves(books, books.first_day, Period.parse(last.period).last, last.postings)


def _line(here: Movements, so_far: Movements, *flows: Flow, of: str = "", **at: str) -> Line:
    return Line(of or flows[0].value, at.get("source", ""), here.of(*flows, **at), so_far.of(*flows, **at))


def _by_heading(here: Movements, so_far: Movements, flows: tuple[Flow, ...]) -> tuple[Line, ...]:
    return (
        *(_line(here, so_far, each) for each in flows),
        _line(here, so_far, *flows, of=TOTAL),
    )


def _lines(here: Movements, so_far: Movements, flow: Flow) -> tuple[Line, ...]:
    return tuple(
        Line(party, source or flow.value, here.of(flow, party=party, source=source), so_far.of(flow, party=party, source=source))
        for party, source in so_far.of_sources(flow)
    )  # fmt: skip


def _contributions(here: Movements, so_far: Movements) -> tuple[Contributed, ...]:
    """By party and source; what was brought forward among them, and what people are charged not."""
    keys = {
        *so_far.of_sources(Flow.AGREED, Flow.INVOICED, Flow.RECEIVED, Flow.OFFSET),
        *((party, BROUGHT_FORWARD) for party, _ in so_far.of_sources(Flow.BROUGHT)),
    }
    return tuple(_contributed(here, so_far, *key) for key in sorted(keys) if key[1] != CLIENTS)


def _contributed(here: Movements, so_far: Movements, party: str, source: str) -> Contributed:
    at = {"party": party, "source": source}

    def agreed(moves: Movements) -> Sum:
        return moves.of(Flow.BROUGHT, party=party) if source == BROUGHT_FORWARD else moves.of(Flow.AGREED, **at)  # fmt: skip

    return Contributed(
        party, source, agreed(here), here.of(Flow.INVOICED, **at), here.of(Flow.RECEIVED, **at), here.of(Flow.OFFSET, **at),
        agreed(so_far).pence, so_far.of(Flow.RECEIVED, Flow.OFFSET, **at).pence,
    )  # fmt: skip


def _charges(books: Books, here: Movements, so_far: Movements) -> tuple[Charge, ...]:
    return tuple(
        Charge(
            each.id,
            each.title,
            _line(here, so_far, *COST, of="gross", party=each.id),
            Line(
                "charged", "", here.of(Flow.CHARGED, source=each.id), so_far.of(Flow.CHARGED, source=each.id)
            ),
        )
        for each in (books.opening.schemes if books.opening else ())
        if so_far.of(Flow.CHARGED, source=each.id).postings
    )


def _grants(books: Books, here: Movements, so_far: Movements) -> tuple[Granted, ...]:
    return tuple(
        Granted(
            grant,
            _line(here, so_far, Flow.RECEIVED, of=grant.payee, source=grant.id),
            tuple(
                _line(here, so_far, Flow.PASSED, of=district, party=district, source=grant.id)
                for district in sorted(grant.pass_on)
            ),
        )
        for grant in (books.opening.grants if books.opening else ())
    )


def open_at(books: Books, last: date) -> tuple[StillOpen, ...]:
    """What was left of each commitment and each accrual at the end of a day, by what is dated by then."""
    rest: dict[str, Pence] = {}
    for posting in _linked(books, last):
        if posting.event in OPENS:
            rest[posting.id] = posting.lines[0].pence
        if posting.event is Event.REVERSED:
            rest.pop(posting.of, None)
            first = books.posting(posting.of)
            if first and first.of in rest:
                rest[first.of] += taken_of(first)
        elif posting.of in rest:
            rest[posting.of] -= taken_of(posting)
            accrual = books.posting(posting.of) if posting.event is Event.UNACCRUED else None
            if accrual and accrual.of in rest:
                rest[accrual.of] += recommitted(posting)
    found = []
    for name, pence in rest.items():
        opened = books.posting(name)
        if opened and pence > 0:
            account = opened.lines[0].debit
            found.append(StillOpen(name, opened.event, opened.says, opened.on, account.party, account.source, pence))  # fmt: skip
    return tuple(found)


def _linked(books: Books, last: date) -> list[Posting]:
    """What opens, uses or takes back something, and counts by a day, as it was entered."""
    placed: list[Placed] = []
    for first, month in books.months.items():
        placed += _linking(month) if first <= last else ()
    return [each for _, each in sorted(placed, key=lambda one: one[0]) if day_in(books, each) <= last]


def _linking(month: Month) -> tuple[Placed, ...]:
    return month.once(
        "linked", lambda: tuple(each for each in month.postings if each[1].event in OPENS or each[1].of)
    )


def _written(posting: Posting, known: Known) -> date | None:
    return _day(posting.at if known.entered is None else known.entered.get(posting.id))


def _entered_late(books: Books, period: Period, known: Known) -> tuple[Entered, ...]:
    """Postings of earlier months that were entered since the period began, and late adjustments dated in it."""
    found = []
    months = [
        month
        for first, month in books.months.items()
        if first <= period.last and (known.entered is not None or _may_be_late(month, first, period))
    ]
    for posting in in_order(months):
        if day_in(books, posting) > period.last:
            continue
        day = _written(posting, known)
        if posting.late or (day and posting.on < period.first <= day):
            if posting.late and posting.on < period.first:
                continue
            found.append(_entered(posting, day))
    return tuple(found)


def _may_be_late(month: Month, first: date, period: Period) -> bool:
    """Whether a month has anything that can be late for a period: late adjustments, or what was entered since it began."""
    adjusts, latest = month.once("latest", lambda: _latest(month))
    return adjusts or (first < period.first and latest is not None and latest >= period.first)


def _latest(month: Month) -> tuple[bool, date | None]:
    written = [each.at for _, each in month.postings if each.at]
    return any(each.late for _, each in month.postings), _day(max(written)) if written else None


def _since(books: Books, period: Period, known: Known) -> tuple[Entered, ...]:
    """What was entered since a statement of this period was given, of days that it spoke of."""
    before = [each for each in books.given if each.period == str(period)]
    if not before:
        return ()
    return tuple(
        _entered(posting, _written(posting, known))
        for posting in books.postings[before[-1].postings :]
        if day_in(books, posting) <= period.last
    )


def _entered(posting: Posting, day: date | None) -> Entered:
    return Entered(posting.id, posting.says, posting.on, day, sum(line.pence for line in posting.lines))


def _day(at: datetime | None) -> date | None:
    return at.astimezone(LONDON).date() if at else None
