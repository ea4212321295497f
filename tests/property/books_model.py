"""A pool's year as a treasurer would keep it on paper: amounts in pence by what they mean, and no accounts.

Written from what the events mean, and not from our lines: nothing here debits or credits. ``tests.property.test_books_machine``
holds the books against it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from carepool.basics.money import Pence
from carepool.pool.accounts import Event
from carepool.pool.events import Asked

HOST, CCG, OTHER = "C", "A", "B"
PARTNERS = {HOST: "council", CCG: "ccg", OTHER: "ccg"}
DISTRICT, HOLDER, PROVIDER = "D", "H", "P"
SOCIAL_CARE = {"s1": False, "s2": True, "s3": True}
GRANT, NHS, CLIENTS, RISK, BROUGHT = (
    "dfg", "nhs", "client_contributions", "risk_share", "brought_forward",
)  # fmt: skip
PUT_IN = {(HOST, GRANT): 300, (CCG, NHS): 400, (OTHER, NHS): 250}
BUDGETS = {("s1", NHS): 350, ("s2", NHS): 250, ("s2", GRANT): 50, ("s3", GRANT): 200}
PASSED_ON = 120
"""What of the grant goes on to the district."""
LEFT_OVER = 90
"""What the year before left, with its holder."""
PERFORMANCE = {CCG: 300, OTHER: 0}
DUE = {"2014-15Q4": 120, "2015-16Q1": 80}
"""What each quarter has earned from the first CCG; the rest of its performance money never is."""
FIRST, LAST = date(2015, 4, 1), date(2016, 3, 31)

What = tuple[str, ...]
"""What an amount is of: what it means, then whose."""

MAY_BE_BELOW_ZERO = frozenset({"spent", "irrecoverable", "suspense", "owed"})
WITHIN_BUDGET = frozenset(
    {Event.COMMITTED, Event.ACCRUED, Event.SPENT, Event.REDEPLOYED, Event.CUT, Event.REVERSED}
)
NEVER_TAKEN_BACK = frozenset({Event.REVERSED, Event.UNCOMMITTED, Event.UNACCRUED, Event.IMPORTED})
"""A ledger's month is put right by its next extract."""


@dataclass
class Order:
    """Something ordered, or had and not invoiced: what it was, and what is left of it."""

    event: Event
    scheme: str
    source: str
    payee: str
    pence: Pence
    left: Pence


@dataclass
class Happened:
    """What an event changed, so that it can be taken back."""

    event: Event
    change: Mapping[What, Pence]
    uses: str = ""
    used: Pence = 0
    gives_back: str = ""
    """The order of which something is ordered again, and how much."""
    given: Pence = 0
    taken_back: bool = False


class Cannot(Exception):
    """The event cannot be, whoever asks."""


@dataclass
class Year:
    """The year on paper."""

    pence: dict[What, Pence] = field(default_factory=dict)
    orders: dict[str, Order] = field(default_factory=dict)
    happened: dict[str, Happened] = field(default_factory=dict)
    proposed: dict[str, dict[str, str]] = field(default_factory=dict)
    """By quarter: who has approved its release for which side."""
    kept: bool = False
    months: int = 0
    """How many months are closed."""
    ended: bool = False

    def opens(self) -> None:
        """What was agreed before the year."""
        for (party, source), pence in PUT_IN.items():
            self.pence["agreed", party, source] = self.pence["to come", party, source] = pence
        for (scheme, source), pence in BUDGETS.items():
            self.pence["budget", scheme, source] = pence
        self.pence["to come", HOLDER, BROUGHT] = self.pence["brought", HOLDER] = LEFT_OVER
        self.pence["at stake", CCG] = PERFORMANCE[CCG]

    def has(self, *what: str) -> Pence:
        """How much there is of something."""
        return self.pence.get(what, 0)

    def free(self, scheme: str, source: str) -> Pence:
        """What a scheme may still spend of a source."""
        cost = self.has("spent", scheme, source) + self.has("irrecoverable", scheme, source)
        return self.has("budget", scheme, source) - cost - self.has("ordered", scheme, source)

    # Time.

    @property
    def closed_through(self) -> date | None:
        """The last day that is closed."""
        return month_end(self.months) if self.months else None

    def open_on(self, day: date, late: bool) -> bool:
        """Whether something of that day can be entered."""
        if self.ended or day < FIRST:
            return False
        if late:
            return self.months == 12 and day == LAST
        return self.closed_through is None or day > self.closed_through

    def can_close(self, month: str, today: date) -> bool:
        """Whether that month is the next to be closed, and over."""
        if self.months == 12:
            return False
        through = month_end(self.months + 1)
        return month == f"{through:%Y-%m}" and today > through

    # What is entered.

    def enter(self, asked: Asked, number: str) -> bool:
        """Enter it under a number; False, with nothing changed, where it cannot be."""
        if not self.open_on(asked.on, asked.late):
            return False
        try:
            did = _MEANING[asked.event](self, asked)
        except Cannot:
            return False
        rest = self.orders[did.uses].left - did.used if did.uses else 0
        there = {**self.pence, **{what: self.has(*what) + pence for what, pence in did.change.items()}}
        if rest < 0 or any(there[what] < 0 for what in did.change if what[0] not in MAY_BE_BELOW_ZERO):
            return False
        after = Year(there)
        if asked.event in WITHIN_BUDGET and any(
            after.free(*each) < min(self.free(*each), 0) for each in _budgets_of(did)
        ):
            return False
        self._write(asked, did, number)
        return True

    def _write(self, asked: Asked, did: Happened, number: str) -> None:
        for what, pence in did.change.items():
            self.pence[what] = self.has(*what) + pence
        if did.uses:
            self.orders[did.uses].left -= did.used
        if did.given:
            self.orders[did.gives_back].left += did.given
        if asked.event in {Event.COMMITTED, Event.ACCRUED}:
            self.orders[number] = Order(
                asked.event, asked.scheme, asked.source, asked.payee, asked.pence, asked.pence
            )
        self.happened[number] = did
        if asked.event is Event.REVERSED:
            self.happened[asked.of].taken_back = True
            self.orders.pop(asked.of, None)

    # Performance money.

    def propose(self, quarter: str, pence: Pence) -> bool:
        """A release of what the quarter has earned: once, in order; the same again is harmless until it is approved."""
        if pence != DUE[quarter]:
            return False
        if quarter in self.proposed:
            return not self.proposed[quarter]
        return not self.kept and all(each in self.proposed for each in DUE if each < quarter)

    def approve(self, quarter: str, side: str, by: str) -> bool:
        """Each side approves once, and nobody for both. The second approval moves the money."""
        given = self.proposed.get(quarter)
        if given is None or side in given or by in given.values():
            return False
        given[side] = by
        if len(given) == 2:
            self.pence["at stake", CCG] -= DUE[quarter]
            self.pence["earned", CCG] = self.has("earned", CCG) + DUE[quarter]
            self.pence["cash",] = self.has("cash") + DUE[quarter]
        return True

    def keep(self) -> bool:
        """What was never earned stays with the CCG, once everything earned is in the pool."""
        if self.kept or any(len(self.proposed.get(each, {})) < 2 for each in DUE):
            return False
        self.kept = True
        self.pence["never earned", CCG] = self.pence.pop(("at stake", CCG))
        return True


def month_end(number: int) -> date:
    """The last day of the year's first month, its second, and so on."""
    year, month = divmod(FIRST.month - 1 + number, 12)
    return date(FIRST.year + year, month + 1, 1) - timedelta(1)


def _budgets_of(did: Happened) -> set[tuple[str, str]]:
    """The schemes and sources of which more or less may be spent afterwards."""
    return {
        (what[1], what[2])
        for what in did.change
        if what[0] in {"budget", "spent", "irrecoverable", "ordered"}
    }


# What each event means.


def _some(*amounts: Pence) -> None:
    if any(each <= 0 for each in amounts):
        raise Cannot("nothing would happen")


def _must(holds: bool) -> None:
    if not holds:
        raise Cannot("it does not fit what was agreed")


def _agreed(year: Year, asked: Asked) -> Happened:
    _some(asked.pence)
    _must(asked.party in PARTNERS)
    more = asked.pence if asked.event is Event.CONTRIBUTED else -asked.pence
    return Happened(
        asked.event,
        {("agreed", asked.party, asked.source): more, ("to come", asked.party, asked.source): more},
    )


def _invoiced(year: Year, asked: Asked) -> Happened:
    _some(asked.pence)
    _must(asked.party in PARTNERS or asked.party == HOLDER)
    due = (asked.party, asked.source)
    return Happened(asked.event, {("to come", *due): -asked.pence, ("invoiced", *due): asked.pence})


def _from_due(year: Year, asked: Asked) -> dict[What, Pence]:
    """An open invoice is paid first; what is beyond it was promised."""
    due = (asked.party, asked.source)
    invoice = min(asked.pence, year.has("invoiced", *due))
    return {("invoiced", *due): -invoice, ("to come", *due): invoice - asked.pence}


def _received(year: Year, asked: Asked) -> Happened:
    _some(asked.pence)
    _must(asked.party in PARTNERS or asked.party == HOLDER)
    return Happened(asked.event, {**_from_due(year, asked), ("cash",): asked.pence})


def _offset(year: Year, asked: Asked) -> Happened:
    _some(asked.pence)
    _must(asked.party in PARTNERS and asked.pence <= year.has("owed", asked.party))
    return Happened(asked.event, {**_from_due(year, asked), ("owed", asked.party): -asked.pence})


def _refunded(year: Year, asked: Asked) -> Happened:
    _some(asked.pence)
    _must(asked.party in PARTNERS)
    return Happened(
        asked.event, {("cash",): -asked.pence, ("returned", asked.party, asked.source): asked.pence}
    )


def _budget(year: Year, asked: Asked) -> Happened:
    _some(asked.pence)
    _must(asked.scheme in SOCIAL_CARE and bool(asked.source))
    change = {
        ("budget", asked.scheme, asked.source): asked.pence if asked.event is Event.BUDGETED else -asked.pence
    }
    if asked.event is Event.REDEPLOYED:
        _must(asked.to_scheme in SOCIAL_CARE and asked.to_scheme != asked.scheme)
        change["budget", asked.to_scheme, asked.source] = asked.pence
    return Happened(asked.event, change)


def _committed(year: Year, asked: Asked) -> Happened:
    _some(asked.pence)
    _must(asked.scheme in SOCIAL_CARE and bool(asked.source))
    return Happened(asked.event, {("ordered", asked.scheme, asked.source): asked.pence})


def _use(year: Year, asked: Asked, cost: Pence, change: dict[What, Pence]) -> Happened:
    """What is had of an order is ordered no longer, as far as the order goes."""
    if not asked.of:
        return Happened(asked.event, change)
    order = year.orders.get(asked.of)
    _must(order is not None and order.event is Event.COMMITTED and order.left > 0)
    assert order
    _must((order.scheme, order.source) == (asked.scheme, asked.source))
    used = min(cost, order.left)
    _some(used)
    change["ordered", order.scheme, order.source] = -used
    return Happened(asked.event, change, asked.of, used)


def _spent(year: Year, asked: Asked) -> Happened:
    _some(asked.pence + asked.vat + asked.irrecoverable)
    _must(asked.scheme in SOCIAL_CARE and bool(asked.source) and bool(asked.payee))
    line = (asked.scheme, asked.source)
    return _use(
        year, asked, asked.pence + asked.irrecoverable,
        {
            ("spent", *line): asked.pence, ("irrecoverable", *line): asked.irrecoverable, ("vat",): asked.vat,
            ("owed", asked.payee): asked.pence + asked.vat + asked.irrecoverable,
        },
    )  # fmt: skip


def _accrued(year: Year, asked: Asked) -> Happened:
    _some(asked.pence)
    _must(asked.scheme in SOCIAL_CARE and bool(asked.source) and bool(asked.payee))
    return _use(year, asked, asked.pence, {("spent", asked.scheme, asked.source): asked.pence})


def _back(year: Year, asked: Asked) -> Happened:
    """An order is cancelled, or an accrual taken out again: all that is left of it, or part."""
    wanted = Event.COMMITTED if asked.event is Event.UNCOMMITTED else Event.ACCRUED
    order = year.orders.get(asked.of)
    _must(order is not None and order.event is wanted and order.left > 0)
    assert order
    pence = asked.pence or order.left
    line = (order.scheme, order.source)
    if wanted is Event.COMMITTED:
        return Happened(asked.event, {("ordered", *line): -pence}, asked.of, pence)
    # What was had of an order and is taken out again is ordered still: the first pounds, as far as the order went.
    first = year.happened[asked.of]
    again = max(0, min(pence, first.used - (order.pence - order.left)))
    change = {("spent", *line): -pence, ("ordered", *line): again}
    return Happened(asked.event, change, asked.of, pence, gives_back=first.uses, given=again)


def _settled(year: Year, asked: Asked) -> Happened:
    _some(asked.pence)
    _must(asked.pence <= year.has("owed", asked.payee))
    return Happened(asked.event, {("owed", asked.payee): -asked.pence, ("cash",): -asked.pence})


def _reclaimed(year: Year, asked: Asked) -> Happened:
    _some(asked.pence)
    return Happened(asked.event, {("vat",): -asked.pence, ("cash",): asked.pence})


def _charged(year: Year, asked: Asked) -> Happened:
    _some(asked.pence)
    _must(SOCIAL_CARE.get(asked.scheme, False) and PARTNERS.get(asked.party) == "council")
    return Happened(
        asked.event,
        {
            ("charges", asked.party, asked.scheme): asked.pence,
            ("invoiced", asked.party, CLIENTS): asked.pence,
        },
    )


def _passed_on(year: Year, asked: Asked) -> Happened:
    _some(asked.pence)
    _must(asked.source == GRANT and asked.party == DISTRICT)
    _must(year.has("passed on") + asked.pence <= PASSED_ON)
    return Happened(asked.event, {("passed on",): asked.pence, ("cash",): -asked.pence})


def _borne(year: Year, asked: Asked) -> Happened:
    _some(sum(asked.parts.values()))
    _must(set(asked.parts) <= set(PARTNERS))
    change: dict[What, Pence] = {}
    for party, pence in asked.parts.items():
        change["agreed", party, RISK] = change["to come", party, RISK] = pence
    if asked.scheme:
        _must(asked.scheme in SOCIAL_CARE and bool(asked.source))
        change["budget", asked.scheme, asked.source] = sum(asked.parts.values())
    return Happened(asked.event, change)


def _given_back(year: Year, asked: Asked) -> Happened:
    _some(sum(asked.parts.values()))
    _must(set(asked.parts) <= set(PARTNERS))
    change: dict[What, Pence] = {}
    for party, pence in asked.parts.items():
        change["returned", party, asked.source or RISK] = change["owed", party] = pence
    return Happened(asked.event, change)


def _carried(year: Year, asked: Asked) -> Happened:
    _some(asked.pence)
    _must(asked.party in PARTNERS)
    return Happened(asked.event, {("carried", asked.party): asked.pence})


def _brought(year: Year, asked: Asked) -> Happened:
    """What the year before left is known late, and its holder is to pay it in."""
    _some(asked.pence)
    _must(asked.party in PARTNERS)
    return Happened(
        asked.event, {("brought", asked.party): asked.pence, ("to come", asked.party, BROUGHT): asked.pence}
    )


def _transferred(year: Year, asked: Asked) -> Happened:
    _some(asked.pence)
    _must(PARTNERS.get(asked.party) == "council" and bool(asked.payee))
    return Happened(
        asked.event, {("transfer", asked.party): asked.pence, ("given", asked.payee): asked.pence}
    )


def _applied(year: Year, asked: Asked) -> Happened:
    _some(asked.pence)
    return Happened(
        asked.event,
        {("transfer", asked.party): -asked.pence, ("applied", asked.party, asked.scheme): asked.pence},
    )


def _imported(year: Year, asked: Asked) -> Happened:
    """A ledger shows what has happened, whatever the budget; what no scheme is known for waits in suspense."""
    _some(asked.pence)
    where = ("spent", asked.scheme, asked.source) if asked.scheme else ("suspense", asked.payee)
    return Happened(asked.event, {where: asked.pence, ("owed", asked.payee): asked.pence})


def _reversed(year: Year, asked: Asked) -> Happened:
    """As if it had not been; what an order was used for is ordered again."""
    first = year.happened.get(asked.of)
    _must(first is not None and not first.taken_back and first.event not in NEVER_TAKEN_BACK)
    assert first
    if first.event in {Event.COMMITTED, Event.ACCRUED}:
        order = year.orders[asked.of]
        _must(order.left == order.pence)
    return Happened(
        asked.event, {what: -pence for what, pence in first.change.items()}, first.uses, -first.used
    )


_MEANING = {
    Event.CONTRIBUTED: _agreed, Event.LOWERED: _agreed, Event.INVOICED: _invoiced, Event.RECEIVED: _received,
    Event.BUDGETED: _budget, Event.CUT: _budget, Event.REDEPLOYED: _budget, Event.COMMITTED: _committed,
    Event.UNCOMMITTED: _back, Event.ACCRUED: _accrued, Event.UNACCRUED: _back, Event.SPENT: _spent,
    Event.SETTLED: _settled, Event.OFFSET: _offset, Event.RECLAIMED: _reclaimed, Event.CHARGED: _charged,
    Event.REFUNDED: _refunded, Event.PASSED_ON: _passed_on, Event.BORNE: _borne, Event.GIVEN_BACK: _given_back,
    Event.CARRIED: _carried, Event.BROUGHT: _brought, Event.TRANSFERRED: _transferred, Event.APPLIED: _applied, Event.IMPORTED: _imported,
    Event.REVERSED: _reversed,
}  # fmt: skip
