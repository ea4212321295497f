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
PAID_IN = frozenset({Event.RECEIVED, Event.OFFSET})
OF_A_GRANT = frozenset({Event.COMMITTED, Event.ACCRUED, Event.SPENT, Event.PASSED_ON})
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
    on: date = FIRST


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
    days: dict[date, list[Mapping[What, Pence]]] = field(default_factory=dict)
    """What happened on each day."""

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

    # What an event rests on.

    def put_in(self, source: str, party: str = "") -> Pence:
        """What one party, or everybody, has paid in of a source."""
        return self.over("put in", source, party)

    def over(self, what: str, source: str, party: str = "") -> Pence:
        """The sum of what there is of a source, of one party or scheme, or of all."""
        return sum(
            pence for key, pence in self.pence.items() if (key[0], key[-1]) == (what, source) and party in ("", key[1])
        )  # fmt: skip

    def used(self, source: str) -> Pence:
        """What is spent and passed on of a source."""
        passed = self.has("passed on") if source == GRANT else 0
        return self.over("spent", source) + self.over("irrecoverable", source) + passed

    def unused(self, source: str) -> Pence:
        """What is there of a source, and neither used nor given back."""
        return self.put_in(source) - self.over("returned", source) - self.used(source)

    def own(self, source: str, party: str) -> Pence:
        """What a party could have back of a source, were none of it used."""
        return self.put_in(source, party) - self.over("returned", source, party)

    def ever_from(self, day: date) -> "list[Year]":
        """How things stood on a day, and on each day after it on which something happened."""
        last = max([day, *self.days])
        return [self.by(each) for each in sorted({day, *self.days}) if day <= each <= last]

    def by(self, day: date) -> "Year":
        """How things stood at the end of a day: now, without what happened after it."""
        then = dict(self.pence)
        for on, changes in self.days.items():
            for what, pence in (each for change in changes if on > day for each in change.items()):
                then[what] = then.get(what, 0) - pence
        return Year(then)

    def rests(self, asked: Asked, did: Happened) -> bool:
        """Whether what it needs was there on its day, and no later event needs it."""
        named = self.happened.get(asked.of)
        if named is not None and asked.on < named.on:
            return False
        source, party, pence = asked.source, asked.party, asked.pence
        match asked.event:
            case Event.SETTLED:
                return all(pence <= each.has("owed", asked.payee) for each in self.ever_from(asked.on))
            case Event.OFFSET:
                return all(pence <= each.has("owed", party) for each in self.ever_from(asked.on))
            case Event.RECLAIMED:
                return all(pence <= each.has("vat") for each in self.ever_from(asked.on))
            case Event.APPLIED:
                return all(pence <= each.has("transfer", party) for each in self.ever_from(asked.on))
            case Event.REFUNDED:
                return all(pence <= min(each.own(source, party), each.unused(source)) for each in self.ever_from(asked.on))  # fmt: skip
            case Event.REVERSED:
                if named is not None and named.event is Event.CONTRIBUTED:
                    return self.grant_stays(did)
                return named is None or named.event not in PAID_IN or self.can_lose(named)
            case Event.LOWERED:
                return self.grant_stays(did)
            case each if each in OF_A_GRANT and source == GRANT:
                return self.grant_lasts(asked, did)
        return True

    def can_lose(self, receipt: Happened) -> bool:
        """Whether a receipt can be taken back from what was refunded and passed on."""
        after = Year(
            {**self.pence, **{what: self.has(*what) - pence for what, pence in receipt.change.items()}}
        )
        for party, source in [each[1:] for each in receipt.change if each[0] == "put in"]:
            back, passed = (
                after.over("returned", source, party),
                after.has("passed on") if source == GRANT else 0,
            )
            if (back and after.put_in(source, party) < back) or (passed and after.put_in(source) < passed):
                return False
        return True

    def grant_lasts(self, asked: Asked, did: Happened) -> bool:
        """Whether no pound of the grant is taken twice, and what is passed on has come."""
        of_grant = {"spent", "irrecoverable", "ordered"}
        more = sum(pence for what, pence in did.change.items() if what == ("passed on",) or (what[0], what[-1]) in {(each, GRANT) for each in of_grant})  # fmt: skip
        taken = self.used(GRANT) + self.over("ordered", GRANT) + self.over("returned", GRANT)
        if more > 0 and taken + more > self.over("agreed", GRANT):
            return False
        return asked.event is not Event.PASSED_ON or all(
            asked.pence <= each.unused(GRANT) for each in self.ever_from(asked.on)
        )

    def grant_stays(self, did: Happened) -> bool:
        """Whether what was taken of the grant is still agreed once less is put in."""
        less = -sum(pence for what, pence in did.change.items() if what[0] == "agreed" and what[-1] == GRANT)
        taken = self.used(GRANT) + self.over("ordered", GRANT) + self.over("returned", GRANT)
        return not less or self.over("agreed", GRANT) - less >= taken

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
        if not self.rests(asked, did):
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
        did.on = asked.on
        self.days.setdefault(asked.on, []).append(did.change)
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

    def approve(self, quarter: str, side: str, by: str, today: date) -> bool:
        """Each side approves once, and nobody for both. The second approval moves the money."""
        given = self.proposed.get(quarter)
        if given is None or side in given or by in given.values():
            return False
        given[side] = by
        if len(given) == 2:
            due = DUE[quarter]
            # It is put in of the source that the performance money was promised in.
            change: dict[What, Pence] = {
                ("at stake", CCG): -due, ("earned", CCG): due, ("cash",): due, ("put in", CCG, NHS): due,
            }  # fmt: skip
            for what, pence in change.items():
                self.pence[what] = self.has(*what) + pence
            self.days.setdefault(today, []).append(change)
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
    _must(asked.party in PARTNERS and asked.source not in {"", CLIENTS, RISK, BROUGHT})
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


def _put_in(asked: Asked) -> dict[What, Pence]:
    return {("put in", asked.party, asked.source): asked.pence}


def _received(year: Year, asked: Asked) -> Happened:
    _some(asked.pence)
    _must(asked.party in PARTNERS or asked.party == HOLDER)
    return Happened(asked.event, {**_from_due(year, asked), ("cash",): asked.pence, **_put_in(asked)})


def _offset(year: Year, asked: Asked) -> Happened:
    _some(asked.pence)
    _must(asked.party in PARTNERS and asked.pence <= year.has("owed", asked.party))
    return Happened(
        asked.event, {**_from_due(year, asked), ("owed", asked.party): -asked.pence, **_put_in(asked)}
    )


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
