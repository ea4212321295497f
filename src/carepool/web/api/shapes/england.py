"""What the answers about England hold: the nation, boards with their part of the pot, trusts, measures and observations."""

from datetime import date
from typing import Annotated

from pydantic import Field

from carepool.web.api.shapes.parts import (
    Finding,
    Free,
    Licensed,
    Marked,
    Money,
    Shape,
    Source,
    Statement,
    Working,
)


class BoardYear(Money):
    """A board's what-if year."""

    board: str
    name: str
    baseline_admissions: float
    planned_admissions: float
    outturn_admissions: float | None
    change_percent: float | None
    flags: list[str]


class Totals(Money):
    """Some boards added up."""

    says: str
    boards: int
    baseline_admissions: float
    outturn_admissions: float | None
    change_percent: float | None
    boards_that_fell: int | None


class Nation(Shape):
    """The nation at an ambition."""

    rules: str
    what_if: str
    ambition_percent: float
    as_at: date | None
    quarters: list[str]
    quarters_known: list[str]
    totals: list[Totals]
    boards: list[BoardYear]
    rests_on: list[str]


class NationOfRegion(Nation):
    """A region, in the same words."""

    region: str
    name: str


class Council(Shape):
    """A council of a board."""

    council: str
    name: str


class CcgShare(Shape):
    """A CCG and its part in a board."""

    ccg: str
    name: str
    share_of_ccg: float


class Contribution(Shape):
    """What a CCG puts in."""

    ccg: str
    contribution_pence: int


class Region(Shape):
    """A region."""

    region: str
    name: str


class Allocation(Shape):
    """A board's part of the pot."""

    indicative: bool
    source: str | None
    likely_error: str | None
    total_pence: int
    streams: dict[str, int]
    ccgs: list[Contribution]


class Admissions(Shape):
    """Emergency admissions in a quarter."""

    quarter: str
    count: float
    flag: str | None


class Board(Marked):
    """A board: its bodies, its part of the pot, its admissions, and its what-if year with the working."""

    board: str
    name: str
    councils: list[Council]
    ccgs: list[CcgShare]
    on: date
    region: Region
    people: int
    districts: list[str]
    note: str
    rules: str
    ambition_percent: float
    as_at: date | None
    allocation: Allocation
    admissions: list[Admissions]
    flags: list[str]
    statement: Statement
    working: Working


class TrustBoard(Shape):
    """A board at a trust."""

    board: str
    name: str
    share: float
    admissions: float
    avoided: float
    beds: float


class TrustPlan(Shape):
    """A plan that takes admissions from a trust."""

    plan: str
    title: str
    boards: list[str]
    version: int
    signed_off: bool
    reduction: float
    trust_plan: float | None


class Trust(Marked):
    """A trust: what boards' plans would mean for it. What has no figures held has the first fields alone."""

    trust: str
    name: str
    period: str
    illustrative: bool
    findings: list[Finding]
    rests_on: list[str]
    plans: list[TrustPlan]
    planned_reduction: float | None
    trust_plan: float | None
    reduce_per_cent: float | None = None
    admissions: float | None = None
    avoided: float | None = None
    boards: list[TrustBoard] = Field(default=[])
    beds: float | None = None
    whole_wards: int | None = None
    beds_of_whole_wards: float | None = None
    remainder_beds: float | None = None
    open: float | None = None
    occupied: float | None = None
    delayed: float | None = None
    occupancy_per_cent: float | None = None
    assumed: Free | None = None
    money: dict[str, int] | None = None
    workings: list[Working] = Field(default=[])


class Measure(Shape):
    """A measure, and whether figures are held."""

    measure: str
    title: str
    unit: str
    better: str
    pays: bool
    periods: str
    held: bool
    without: Annotated[str | None, Field(description="Why there are no figures.")]
    also: list[str]
    families: list[str]


class Value(Shape):
    """A value of a period; what has none says why, and is never a zero."""

    period: str
    status: str
    numerator: float | None
    denominator: float | None
    value: float | None
    low: float | None
    high: float | None
    interval: str | None
    version: Annotated[str, Field(description="Of the definition.")]
    published: date | None
    because: list[str]


class Observation(Value):
    """A board's value of a period."""

    board: str
    name: str


class Figure(Shape):
    """A figure of a board's measure: its sentence, its rows, and what a reader needs to believe them."""

    id: str
    kind: str
    measure: str
    title: str
    says: str
    about: str
    rows: list[Free]
    csv: str
    gaps: list[str]
    sources: list[Licensed]


class BoardMeasure(Marked):
    """A measure of a board, as its page charts it."""

    board: str
    measure: str
    title: str
    without: str | None
    figures: list[Figure]
    vintage: str


class MeasureAbout(Marked):
    """Of which measure observations are, in which periods, from which sources."""

    measure: str
    title: str
    unit: str
    better: str
    first: Annotated[str | None, Field(description="The first period.")]
    last: Annotated[str | None, Field(description="The last period.")]
    without: str | None
    sources: list[Source]
    vintage: str
