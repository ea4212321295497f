"""What the answers about pools hold: the account at a glance, postings, partners' own books and statements."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from carepool.web.api.shapes.parts import Finding, Free, Marked, Shape, Working


class Position(Shape):
    """Money in a pool."""

    contributed_pence: int
    performance_pence: int
    contingent_pence: int
    released_pence: int
    kept_pence: int
    in_pool_pence: int
    held_pence: int


class PoolPartner(Position):
    """A partner's money in a pool."""

    partner: str
    promised_pence: int
    invoiced_pence: int
    paid_in_pence: int
    returned_pence: int
    owed_pence: int
    cost_pence: int


class PoolScheme(Shape):
    """A scheme's budget and what became of it."""

    scheme: str
    title: str
    budget_pence: int
    spent_pence: int
    irrecoverable_vat_pence: int
    committed_pence: int
    left_pence: int


class PassedOn(Shape):
    """What goes on to a district."""

    district: str
    pence: int
    passed_on_pence: int


class PoolGrant(Shape):
    """A capital grant that goes on to districts."""

    grant: str
    determination: str
    payer: str
    payee: str
    pence: int
    conditions: str | None
    paid_in_pence: int
    passed_on: list[PassedOn]
    still_to_go_on_pence: int


class Line(Shape):
    """A line of a posting."""

    debit: str
    credit: str
    amount_pence: int


class Posting(Shape):
    """A posting with the fact that entered it."""

    posting: str
    event: str
    on: date
    says: str
    by: str
    fact: str
    of: str | None
    late: bool
    cites: list[str]
    lines: list[Line]


class Balance(Shape):
    """An account and its balance."""

    account: str
    book: str
    debit_pence: int
    credit_pence: int


class PerformanceRelease(Shape):
    """Performance money on its way into the pool."""

    quarter: str
    ccg: str
    amount_pence: int
    stage: str
    statement: str
    proposed_at: datetime
    approved: dict[str, datetime]
    released_at: datetime | None


class Pool(Marked):
    """A pool's account at a glance; what is not open yet has the first fields alone."""

    pool: str
    as_at: date | None
    open: bool
    year: str | None = None
    agreement: str | None = None
    held_by: str | None = None
    funded_pence: int | None = None
    used_pence: int | None = None
    surplus_pence: int | None = None
    cash_pence: int | None = None
    charges_pence: int | None = None
    suspense_pence: int | None = None
    passed_on_pence: int | None = None
    trial_balance_pence: int | None = None
    partners: list[PoolPartner] = Field(default=[])
    schemes: list[PoolScheme] = Field(default=[])
    grants: list[PoolGrant] = Field(default=[])
    releases: list[PerformanceRelease] = Field(default=[])
    totals: Position | None = None
    plan: str | None = None
    plan_digest: str | None = None
    closed_through: str | None = None
    closed_at: datetime | None = None
    ended_at: datetime | None = None
    postings: Annotated[int | None, Field(description="How many there are.")] = None


class PartnerScheme(Shape):
    """How a scheme is shown in partners' own books."""

    scheme: str
    title: str
    treatment: str


class OwnBooks(Shape):
    """A partner's own books of the pool."""

    partner: str
    cost_pence: int
    cost_working: Working
    net_expenditure_pence: int
    left_in_the_pool_pence: int
    trial_balance_pence: int
    accounts: dict[str, int]
    working: Working | None


class Elimination(Shape):
    """What two partners show of one another."""

    heading: str
    one: str
    other: str
    about: str | None
    ones_pence: int
    others_pence: int
    difference_pence: int


class PoolPartners(Marked):
    """What each partner's own ledger shows of the pool."""

    pool: str
    year: str
    as_at: date | None
    held_by: str
    cost_pence: int
    net_expenditure_pence: int
    schemes: list[PartnerScheme]
    partners: list[OwnBooks]
    eliminations: list[Elimination]


class PoolStatement(Marked):
    """A pool's statement, every sum with its postings."""

    pool: str
    agreement: str
    held_by: str
    period: str
    span: str
    first: date
    last: date
    known_on: date
    postings_known: int
    closed: bool
    findings: list[Finding]
    balances: list[Free]
    income: list[Free]
    contributions: list[Free]
    released: list[Free]
    charges: list[Free]
    grants: list[Free]
    expenditure: list[Free]
    surplus_pence: int
    schemes: list[Free]
    section_256: list[Free]
    scheme_shares: list[Free]
    partners: list[Free]
    instalments: list[Free]
    cash: list[Free]
    cash_working: Working
    suspense_pence: int
    open: list[Free]
    entered_late: list[Free]
    since_given: list[Free]
    last_given: Free | None
    matters: list[Free]
    names: dict[str, str]
    manager: str


class Entered(Shape):
    """What was entered."""

    pool: str
    year: str
    posting: str
    again: Annotated[bool, Field(description="Whether the same request was carried out before.")]
