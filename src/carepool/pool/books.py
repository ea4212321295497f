"""The books of one pool in one year: what it opened with, its postings and balances, and where each release stands.

Performance money is the CCG's until it is earned: it opens off the pool, contingent, and of each CCG
contingent + released + kept is always the performance money that it opened with. A pool belongs to a
section 75 agreement, and its host is a council or a CCG among its partners.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Literal

from carepool.basics.money import Pence
from carepool.basics.periods import LONDON, Quarter, in_words
from carepool.pool.accounts import Account, Balances, Entry, Heading, Posting, left
from carepool.pool.actuals import Actuals
from carepool.pool.approving import Approval, Side
from carepool.pool.by_month import Months, add, by_month, last_of
from carepool.pool.records import Records
from carepool.pool.settled import Settled


@dataclass(frozen=True, slots=True)
class Partner:
    """A party to the agreement, and what kind of body it is."""

    code: str
    kind: Literal["council", "ccg"]


@dataclass(frozen=True, slots=True)
class Contribution:
    """What a partner has agreed to put in from one source in the year; ``contingent`` of it only once it is earned."""

    party: str
    source: str
    pence: Pence
    contingent: Pence = 0
    """The performance money in it, which stays off the pool until then. A CCG's only."""


@dataclass(frozen=True, slots=True)
class Scheme:
    """A scheme that the pool pays for, and what it may spend of each source."""

    id: str
    title: str
    budgets: Mapping[str, Pence]
    """By source."""
    social_care: bool = False
    """Whether it is social care, for which people can be charged; nobody is charged for what the NHS does."""
    commissioning: Literal["lead", "joint", "agent"] = "lead"
    lead: str = ""
    """The partner that commissions it."""
    accounting: Literal["gross", "net"] = "gross"
    """Whether the lead shows the whole scheme in its accounts, or each partner its own part."""
    commissioned: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    """The weight of each partner's part of it; the lead's alone where empty."""

    @property
    def budget(self) -> Pence:
        """What it may spend in all."""
        return sum(self.budgets.values())


@dataclass(frozen=True, slots=True)
class Grant:
    """A capital grant: by which determination who pays it to whom, under what conditions, and what of it goes on to whom."""

    id: str
    """The source that it is in the pool."""
    determination: str
    payer: str
    payee: str
    pence: Pence
    conditions: str
    """The digest of the document that they stand in, or empty."""
    pass_on: Mapping[str, Pence]
    """What goes on to each district."""


@dataclass(frozen=True, slots=True)
class Opening:
    """What a pool opens with."""

    agreement: str
    """The title of the section 75 agreement that it belongs to."""
    host: str
    """The partner that holds the pooled account."""
    partners: tuple[Partner, ...]
    plan: str
    plan_digest: str
    contributions: tuple[Contribution, ...]
    schemes: tuple[Scheme, ...] = ()
    agreement_digest: str = ""
    """The agreement as a document, where it is kept."""
    grants: tuple[Grant, ...] = ()
    brought: Mapping[str, Pence] = field(default_factory=lambda: MappingProxyType({}))
    """What is brought forward from the year before, by who holds it."""
    first: date | None = None
    """The day that contributions are agreed from, where it is not the year's first."""
    paid_in: bool = False
    """Whether contributions were taken as paid in at once: so it was before instalments were kept."""

    def scheme(self, id: str) -> Scheme | None:
        """A scheme by its id."""
        return next((each for each in self.schemes if each.id == id), None)

    def partner(self, code: str) -> Partner | None:
        """A partner by its code."""
        return next((each for each in self.partners if each.code == code), None)

    @property
    def performance(self) -> dict[str, Pence]:
        """The performance money of each partner that is a CCG; 0 where it has none."""
        found = {each.code: 0 for each in self.partners if each.kind == "ccg"}
        for each in self.contributions:
            if each.contingent:
                found[each.party] = found.get(each.party, 0) + each.contingent
        return found


@dataclass(frozen=True, slots=True)
class Treated:
    """How schemes are commissioned and accounted for from a day on, by the agreement that holds from then."""

    first: date
    schemes: tuple[Scheme, ...]


class Stage(StrEnum):
    """Where a release stands."""

    PROPOSED = "Proposed"
    APPROVED_BY_CCG = "Approved by the CCG"
    APPROVED_BY_HOST = "Approved by the host"
    RELEASED = "Released"


@dataclass(frozen=True, slots=True)
class Release:
    """A release of one quarter's money from one CCG, as it was proposed, and who has approved it."""

    quarter: Quarter
    ccg: str
    pence: Pence
    statement: str
    """The digest of the statement by which it was earned."""
    proposed_by: str
    proposed_at: datetime
    claimed_by: frozenset[str] = frozenset()
    """The accounts whose return claims it and whom the rules keep from approving it: by its proposal, and since by its approvals."""
    approvals: Mapping[Side, Approval] = field(default_factory=lambda: MappingProxyType({}))
    released_at: datetime | None = None

    @property
    def stage(self) -> Stage:
        """Where it stands."""
        if self.released_at is not None:
            return Stage.RELEASED
        if Side.CCG in self.approvals:
            return Stage.APPROVED_BY_CCG
        return Stage.APPROVED_BY_HOST if Side.HOST in self.approvals else Stage.PROPOSED

    @property
    def awaited(self) -> tuple[Side, ...]:
        """The sides whose approval is not there yet."""
        return tuple(side for side in Side if side not in self.approvals)

    @property
    def says(self) -> str:
        """Where it stands as the page says it: awaiting the host since 3 September 2015."""
        if self.released_at is not None:
            return f"released on {in_words(day_of(self.released_at))}"
        return f"awaiting {' and '.join(self.awaited)} since {in_words(day_of(self.proposed_at))}"


@dataclass(frozen=True, slots=True)
class Given:
    """A statement that was given to the partners."""

    period: str
    """A month, a quarter or a year, as ``periods.Period`` reads it."""
    document: str
    """The digest of what was given."""
    by: str
    at: datetime
    postings: int
    """How many postings the books had: what comes after these was not in it."""
    version: int
    """The version of the stream that it was written as."""


@dataclass(frozen=True, slots=True)
class Position:
    """A party's money, or everybody's, in pence."""

    contributed: Pence
    performance: Pence
    """The performance money that it opened with: contingent, released and kept together."""
    contingent: Pence
    """Off the pool, and not yet known to be earned or not."""
    released: Pence
    kept: Pence

    @property
    def in_pool(self) -> Pence:
        """What it has put into the pool: contributed and released."""
        return self.contributed + self.released

    @property
    def held(self) -> Pence:
        """Performance money that is still with the CCG: contingent and kept."""
        return self.contingent + self.kept


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One line of an account."""

    on: date
    posting: str
    says: str
    debit: Pence
    credit: Pence
    balance: Pence
    """What is then in the account."""


@dataclass(frozen=True, slots=True)
class Books:
    """A pool's books in one year. Before it is opened they are empty."""

    pool: str
    year: str
    opening: Opening | None = None
    postings: tuple[Posting, ...] = ()
    balances: Balances = field(default_factory=lambda: MappingProxyType({}))
    """Debits less credits of every account used."""
    releases: Mapping[tuple[Quarter, str], Release] = field(default_factory=lambda: MappingProxyType({}))
    """Every release ever proposed, by quarter and CCG."""
    kept_at: datetime | None = None
    """When what was never earned was left with the CCGs; None before."""
    open: Mapping[str, Pence] = field(default_factory=lambda: MappingProxyType({}))
    """What is left of each commitment and each accrual, by the posting's id; what is used up is not in it."""
    reversed: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """The posting that took each back, by the id of the one taken back."""
    closed_through: date | None = None
    """The last day of the last month that is closed."""
    ended_at: datetime | None = None
    """When the year's accounts were closed; None before."""
    places: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    """Where each posting stands in ``postings``, by its id."""
    version: int = 0
    """The version of the stream that they are of."""
    digest: str = ""
    """The digest of the last fact that they are of."""
    records: Records = field(default_factory=Records)
    """What is kept beside the postings: agreements, mandates, action plans, assertions, cut-offs, confirmations."""
    actuals: Actuals = field(default_factory=Actuals)
    """What came in from ledgers, and what is expected."""
    given: tuple[Given, ...] = ()
    """The statements given, in the order in which they were."""
    turned: Pence = 0
    """What all lines of all postings come to: what no sum of them can be more than."""
    treated: tuple[Treated, ...] = ()
    """How schemes were treated as the pool opened, and by each agreement since."""
    settled: Settled = field(default_factory=Settled)
    """What follows releases: corrections, disputes, and the use of what was never earned."""

    def posting(self, id: str) -> Posting | None:
        """A posting by its id."""
        place = self.places.get(id)
        return None if place is None else self.postings[place]

    @property
    def first_day(self) -> date:
        """The first day of the financial year."""
        return date(int(self.year[:4]), 4, 1)

    @property
    def last_day(self) -> date:
        """The last day of the financial year."""
        return date(int(self.year[:4]) + 1, 3, 31)

    def left(self, scheme: str, source: str) -> Pence:
        """What a scheme may still spend of a source; below zero when it is overspent."""
        return left(self.balances, scheme, source)

    def until(self, day: date) -> Balances:
        """The balances of what is dated up to a day, whenever it was entered."""
        found: dict[Account, Pence] = {}
        if day < self.first_day:  # months tell only when in the year it counts
            add(found, (each for each in self.postings if each.on <= day))
            return found
        for first, month in self.months.items():
            if last_of(first) <= day:
                for account, more in month.change.items():
                    found[account] = found.get(account, 0) + more
            elif first <= day:
                add(found, (each for _, each in month.postings if each.on <= day))
        return found

    @property
    def months(self) -> Months:
        """The postings by the month that they count in."""
        return by_month(self.postings, self.first_day)

    def opening_on(self, day: date) -> Opening | None:
        """What the pool opened with, its schemes treated by the agreement that holds on a day."""
        held = [each for each in self.treated if each.first <= day] or list(self.treated[:1])
        if self.opening is None or not held:
            return self.opening
        return replace(self.opening, schemes=treated_as(self.opening.schemes, held[-1].schemes))

    @property
    def of_year(self) -> "Books":
        """The books as the year ended: what is dated after its last day is in no figure of the year, whenever it is entered.

        Its postings stay all of them, so that what came after can be named.
        """
        if all(first <= self.last_day for first in self.months):
            return self
        return replace(self, balances=MappingProxyType(dict(self.until(self.last_day))))

    def amount(self, heading: Heading, party: str | None = None) -> Pence:
        """What is in all accounts under a heading, or in those of one party."""
        return sum(
            account.amount(balance)
            for account, balance in self.balances.items()
            if account.heading is heading and party in (None, account.party)
        )

    def trial_balance(self, book: str | None = None) -> Pence:
        """Debits less credits over all accounts, or over one set of books (see ``Account.book``): always zero."""
        return sum(balance for account, balance in self.balances.items() if book in (None, account.book))

    def position(self, party: str) -> Position:
        """One party's money."""
        performance = self.opening.performance.get(party, 0) if self.opening else 0
        return Position(
            self.amount(Heading.CONTRIBUTED, party),
            performance,
            self.amount(Heading.CONTINGENT, party),
            self.amount(Heading.RELEASED, party),
            self.amount(Heading.KEPT, party),
        )

    @property
    def by_party(self) -> dict[str, Position]:
        """The money of every partner, in the order of the agreement."""
        return {
            each.code: self.position(each.code) for each in (self.opening.partners if self.opening else ())
        }

    @property
    def totals(self) -> Position:
        """Everybody's money together."""
        return Position(
            self.amount(Heading.CONTRIBUTED),
            sum(self.opening.performance.values()) if self.opening else 0,
            self.amount(Heading.CONTINGENT),
            self.amount(Heading.RELEASED),
            self.amount(Heading.KEPT),
        )

    def in_pool(self, party: str | None = None) -> Pence:
        """What one party puts into the pool, or all together, paid in or not: see ``cash``."""
        return (self.totals if party is None else self.position(party)).in_pool

    @property
    def cash(self) -> Pence:
        """What is in the pool's account: paid in, and not paid out."""
        return self.amount(Heading.POOL)

    def held(self, ccg: str) -> Pence:
        """Performance money that is with the CCG, off the pool, kept for good or not."""
        return self.amount(Heading.HELD, ccg)

    def awaiting(self, ccg: str | None = None) -> tuple[Release, ...]:
        """Releases proposed, of one CCG or all, that still need an approval: by quarter, then by CCG."""
        waiting = (
            each for each in self.releases.values() if each.released_at is None and ccg in (None, each.ccg)
        )
        return tuple(sorted(waiting, key=lambda each: (each.quarter, each.ccg)))

    def free(self, ccg: str) -> Pence:
        """What can still be proposed: contingent, less what proposals have spoken for; once that is kept, what is not used."""
        spoken = sum(each.pence for each in self.awaiting(ccg))
        spoken += sum(max(0, each.pence) for each in self.settled.awaiting if each.ccg == ccg)
        if self.kept_at is not None:
            kept = self.amount(Heading.KEPT, ccg) - self.settled.entered_after(ccg)
            return kept - self.settled.used(ccg) - spoken
        return self.amount(Heading.CONTINGENT, ccg) - spoken

    def ledger(self, account: Account) -> tuple[LedgerLine, ...]:
        """Every line of an account in the order of posting, with what was in it after each."""
        lines: list[LedgerLine] = []
        balance = 0
        for posting in self.postings:
            for line in posting.lines:
                debit = line.pence if line.debit == account else 0
                credit = line.pence if line.credit == account else 0
                if debit or credit:
                    balance += debit - credit
                    lines.append(
                        LedgerLine(
                            posting.on, posting.id, posting.says, debit, credit, account.amount(balance)
                        )
                    )
        return tuple(lines)


def treated_as(schemes: tuple[Scheme, ...], by: tuple[Scheme, ...]) -> tuple[Scheme, ...]:
    """Schemes as an agreement has them commissioned and accounted for; those that it does not name stay as they are."""
    named = {each.id: each for each in by}
    return tuple(
        replace(
            each, commissioning=found.commissioning, lead=found.lead, accounting=found.accounting,
            commissioned=found.commissioned,
        )
        if (found := named.get(each.id))
        else each
        for each in schemes
    )  # fmt: skip


def stream_of(pool: str, year: str) -> str:
    """The stream of a pool's books in a year, ``pool/kent/2015-16``."""
    return f"pool/{pool}/{year}"


def day_of(at: datetime) -> date:
    """The day in London on which something was written."""
    if at.tzinfo is UTC and at.hour < 23:  # London is never more than an hour ahead
        return at.date()
    return at.astimezone(LONDON).date()


# What is posted: the lines of each event, the same for deciding and for folding.


def opening_lines(opening: Opening) -> tuple[Entry, ...]:
    """Contributions promised; budgets; what is brought forward; performance money off the pool, held by the CCG."""
    lines: list[Entry] = []
    for each in opening.contributions:
        paid_in = each.pence - each.contingent
        if paid_in:
            promised = Account(Heading.PROMISED, each.party, each.source)
            into = Account(Heading.POOL, opening.host) if opening.paid_in else promised
            lines.append(Entry(into, Account(Heading.CONTRIBUTED, each.party, each.source), paid_in))
    for holder, pence in sorted(opening.brought.items()):
        if pence:
            lines.append(
                Entry(
                    Account(Heading.PROMISED, holder, BROUGHT_FORWARD),
                    Account(Heading.BROUGHT, holder),
                    pence,
                )
            )
    for scheme in opening.schemes:
        for source, pence in sorted(scheme.budgets.items()):
            if pence:
                lines.append(budget_line(opening.host, scheme.id, source, pence))
    for ccg, pence in opening.performance.items():
        if pence:
            lines.append(Entry(Account(Heading.HELD, ccg), Account(Heading.CONTINGENT, ccg), pence))
    return tuple(lines)


BROUGHT_FORWARD = "brought_forward"
"""The source that is what the year before left."""


def budget_line(host: str, scheme: str, source: str, pence: Pence) -> Entry:
    """That a scheme may spend so much more of a source."""
    return Entry(Account(Heading.BUDGET, scheme, source), Account(Heading.ALLOTTED, host, source), pence)


def release_lines(host: str, ccg: str, pence: Pence) -> tuple[Entry, ...]:
    """Out of the CCG's books, into the pool's: a line in each."""
    return (
        Entry(Account(Heading.CONTINGENT, ccg), Account(Heading.HELD, ccg), pence),
        Entry(Account(Heading.POOL, host), Account(Heading.RELEASED, ccg), pence),
    )


def correction_lines(host: str, ccg: str, pence: Pence, *, kept: bool) -> tuple[Entry, ...]:
    """A further release, or below zero what goes back; where the year was settled, from and to what the CCG has kept."""
    with_ccg = Account(Heading.KEPT if kept else Heading.CONTINGENT, ccg)
    if pence > 0:
        return (
            Entry(with_ccg, Account(Heading.HELD, ccg), pence),
            Entry(Account(Heading.POOL, host), Account(Heading.RELEASED, ccg), pence),
        )
    return (
        Entry(Account(Heading.HELD, ccg), with_ccg, -pence),
        Entry(Account(Heading.RELEASED, ccg), Account(Heading.POOL, host), -pence),
    )


def keeping_lines(kept: Mapping[str, Pence]) -> tuple[Entry, ...]:
    """What was contingent is the CCG's for good; it still holds it."""
    return tuple(
        Entry(Account(Heading.CONTINGENT, ccg), Account(Heading.KEPT, ccg), pence)
        for ccg, pence in kept.items()
        if pence
    )
