"""What the answers of the open book hold: releases with their parts, exceptions, and plans as the public reads them."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from carepool.web.api.shapes.parts import Free, Marked, Shape, Statement


class ReleaseListed(Shape):
    """A release."""

    release: str
    title: str
    on: date
    at: datetime
    digest: str
    corrects: Annotated[str | None, Field(description="The release that it puts right.")]
    says: Annotated[str, Field(description="Why it puts that right.")]
    href: Annotated[str, Field(description="Its page.")]
    mark: str


class Release(Shape):
    """The file of a release with its proofs: what “carepool verify” and verify_release.py check."""

    release: Free
    documents: dict[str, Free]
    log: list[Free]
    earlier: list[Free]


class ReleaseScheme(Shape):
    """A scheme, as it was known when it was published."""

    id: str
    name: str
    what: str
    who_for: str
    promised_pence: int | None
    spent_pence: int | None


class ResultQuarter(Shape):
    """A quarter's results."""

    quarter: str
    fewer_planned: str | None
    fewer_achieved: str | None
    earned_pence: int | None


class Results(Shape):
    """What depends on results, and what they earned."""

    fund_pence: int
    earned_pence: int
    released_pence: int
    quarters: list[ResultQuarter]


class ReleaseMoney(Marked):
    """The money of a release."""

    year: str
    left_out: list[str]
    promised_pence: int | None = None
    schemes: list[ReleaseScheme] = Field(default=[])
    results: Results | None = None


class MoneyOfRelease(Marked):
    """Which release it is of, and the money."""

    release: str
    digest: str
    money: ReleaseMoney


class SchemeOfRelease(Marked):
    """Which release it is of, and the scheme."""

    release: str
    digest: str
    scheme: ReleaseScheme


class MetricOfRelease(Marked):
    """Which release it is of, and the metric."""

    release: str
    digest: str
    metric: Free


class Exempted(Shape):
    """An exception from a rule: for whom, why, by whom and until when."""

    number: str
    rule: str
    body: str
    body_name: str
    reason: str
    granted_by: str
    granted_by_name: str
    office: str
    first: Annotated[date, Field(alias="from")]
    until: date
    stands: bool


class PublicDecision(Shape):
    """What a body decided."""

    body: str
    name: str
    outcome: str
    at: datetime
    signed: str | None


class PublicStage(Shape):
    """A stage that a plan reached."""

    stage: str
    body: str
    at: datetime


class PublicPlan(Marked):
    """A plan as the public reads it, with the content from which its digest can be worked out again."""

    plan: str
    title: str
    as_at: date | None
    rules: str
    version: int
    digest: str
    sections: dict[str, str]
    saved_at: datetime
    decisions: list[PublicDecision]
    stages: list[PublicStage]
    content: Annotated[Free, Field(description="By the plan standard.")]
    statement: Statement | None = None
    released_pence: int | None = None
    kept_pence: int | None = None


class PlanOfRelease(Marked):
    """Which release it is of, and the plan."""

    release: str
    digest: str
    plan: Annotated[
        Free, Field(description="By the plan standard; a withheld section has its digest and the reason.")
    ]


class OpenSums(Shape):
    """What was promised, spent and achieved; null where a release withholds it."""

    promised_pence: int | None
    spent_pence: int | None
    depends_on_results_pence: int | None
    earned_pence: int | None
    released_pence: int | None


class OpenBook(Marked, OpenSums):
    """Where the money went, over the latest release of every plan."""

    says: str
    plans: int


class OpenMoney(OpenSums):
    """The money of a release that stands."""

    release: str
    plan: str
    boards: str
    year: str
    left_out: str
    mark: str


class OpenScheme(Shape):
    """A scheme of a release that stands."""

    release: str
    plan: str
    scheme: str
    name: str
    what: str
    who_for: str
    year: str
    promised_pence: int | None
    spent_pence: int | None
    mark: str


class OpenMetric(Shape):
    """A metric of a release that stands."""

    release: str
    plan: str
    boards: str
    metric: str
    baseline: str
    year_1: str
    year_2: str
    how: str
    mark: str
