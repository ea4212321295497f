"""What several answers hold: a page of a list, a working, a finding, a problem."""

from datetime import date
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

Free = dict[str, Any]
"""What is laid down elsewhere: by a set of rules, by the plan standard, or by a release."""
Item = TypeVar("Item")


class Shape(BaseModel):
    """An object of an answer: these fields, and no others."""

    model_config = ConfigDict(extra="forbid")


class Marked(Shape):
    """What may be of the illustrative county."""

    mark: Annotated[str | None, Field(description="There where it is illustrative: then it says so.")] = None


class Page(Shape, Generic[Item]):
    """A page of a list."""

    items: list[Item]
    total: Annotated[
        int, Field(ge=0, description="Of all pages together, by the filters that were asked for.")
    ]
    page: Annotated[int, Field(ge=1)]
    size: Annotated[int, Field(ge=1, description="The most that a page of this list has.")]
    next: Annotated[str | None, Field(description="Where the list goes on.")]
    previous: str | None


class Step(Shape):
    """One step of a working."""

    says: str
    value: int | float | str | None
    unit: str
    how: str
    source: Annotated[str, Field(description="The rule or the rows that it comes from.")]


class Working(Shape):
    """How a figure comes about: the steps that lead to it."""

    of: str
    value: int | float | str | None
    unit: str
    steps: list[Step]
    rests_on: Annotated[list[str], Field(description="What is only probable of it.")]


class Finding(Shape):
    """What a check found."""

    code: str
    severity: str
    where: str
    says: str
    remedy: str
    rule: str


class RulesNamed(Shape):
    """A set of rules as it was."""

    name: str
    digest: str


class Source(Shape):
    """Where figures are from."""

    file: str
    title: str
    source: str
    as_known: str


class Licensed(Source):
    """Where figures are from, and on which terms they may be used."""

    licence: str


class Wrong(Shape):
    """What is wrong with one part of what was asked or sent."""

    field: Annotated[str, Field(description="Where: a parameter, a header, or a place in what was sent.")]
    says: str


class Problem(BaseModel):
    """Why a request came to nothing (RFC 9457)."""

    type: Annotated[str, Field(description="The kind of problem, as an address that explains it.")]
    title: str
    status: Annotated[int, Field(ge=400, le=599)]
    detail: Annotated[str, Field(description="What is wrong, and what to do.")]
    instance: Annotated[str, Field(description="What was asked for.")]
    errors: list[Wrong] = []


class Money(Shape):
    """Performance money."""

    fund_pence: int
    paid_pence: int
    withheld_pence: int
    at_stake_pence: int
    unreleased_pence: int | None


class CcgMoney(Money):
    """One CCG's part of it."""

    ccg: str


class StatementQuarter(Shape):
    """A quarter of a statement."""

    quarter: str
    planned_cumulative: float
    achieved_cumulative: float | None
    maximum_payment_pence: int
    payment_pence: int | None


class Statement(Money):
    """A board's statement of performance money."""

    board: str
    quarters: list[StatementQuarter]
    ccgs: list[CcgMoney]


class Between(Shape):
    """A span of days."""

    first: date
    last: date
