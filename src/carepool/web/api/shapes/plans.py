"""What the answers about plans hold: where they stand, their way to a deadline, their assurance, delivery and returns."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from carepool.web.api.shapes.parts import Finding, Free, Marked, RulesNamed, Shape, Step


class PlanListed(Shape):
    """A plan that one may know of."""

    plan: str
    title: str
    boards: list[str]
    rules: str
    status: str
    since: datetime
    version: int | None
    mine: Annotated[bool, Field(description="Whether one may read it whole.")]
    public: Annotated[bool, Field(description="Whether everybody may read it at /plans/{plan}/public.")]
    mark: str


class Version(Shape):
    """A version."""

    number: int
    digest: str
    document: str
    sections: dict[str, str]
    saved: datetime


class Party(Shape):
    """A body that decides on the plan."""

    body: str
    name: str
    outcome: str
    since: datetime


class Reached(Shape):
    """A stage that was reached."""

    stage: str
    at: datetime


class Standing(Shape):
    """Where a plan stands."""

    status: str
    parties: list[Party]
    reached: list[Reached]


class Plan(Shape):
    """A plan: its current version with its digest, its findings, and where it stands."""

    plan: str
    title: str
    boards: list[str]
    mark: str
    rules: RulesNamed
    as_at: date | None
    version: Version | None
    content: Annotated[Free | None, Field(description="By the plan standard.")]
    findings: list[Finding]
    findings_digest: str | None
    standing: Standing


class DayWorking(Shape):
    """How a day comes about."""

    of: str
    value: date | str
    steps: list[Step]
    rests_on: list[str]


class CalendarStep(Shape):
    """A step of a party on the way to a deadline."""

    step: str
    by: date
    passed: bool
    done: date | None
    in_time: bool
    whose: str
    working: DayWorking


class Route(Shape):
    """A way to decide that is still open."""

    route: str
    says: str
    until: date | datetime
    needs: str


class CalendarParty(Shape):
    """A party on the way to a deadline."""

    body: str
    name: str
    outcome: str
    since: date | datetime
    takes_effect: date | None
    notice_given: date | None
    meeting: date | None
    steps: list[CalendarStep]
    routes: list[Route]
    elections: list[str]


class Blocking(Shape):
    """Who is waited for."""

    body: str | None
    name: str
    since: date | datetime
    next: str
    by: date | None
    whose: str


class PlanCalendar(Marked):
    """A plan's way to its deadline."""

    plan: str
    title: str
    rules: str
    on: date
    deadline: str
    says: str
    due: datetime
    due_written: str
    passed: bool
    deadlines: list[str]
    blocking: list[Blocking]
    parties: list[CalendarParty]
    findings: list[Finding]


class Agreement(Shape):
    """How far two reviewers agree."""

    answers: int
    same: int
    same_percent: str | None
    weighted_kappa: str | None


class Condition(Shape):
    """A condition of an approval."""

    condition: str
    due: date
    state: str
    overdue: bool


class Saving(Shape):
    """A saving that is promised, and what is credible of it."""

    saving: int
    scheme: str
    kind: str
    promised_pence: int
    evidence: str | None
    confidence: str | None
    plausibility: str
    credible_pence: int | None


class Sums(Shape):
    """Savings in sum."""

    promised_pence: int
    credible_pence: int | None
    delivered_pence: int | None
    stands: str | None


class PlanAssurance(Marked, Sums):
    """Where a plan's assurance stands: what both reviewers became together."""

    plan: str
    version: int
    digest: str
    rules: str
    state: str
    reviews_in: list[str]
    outcome: str | None
    decided_at: datetime | None
    quality: str | None
    risk: str | None
    answers: dict[str, str] | None
    agreement: Agreement
    conditions: list[Condition]
    resubmission_due: date | None
    escalation_step: str | None
    directions: list[Free]
    savings: list[Saving]


class QualityAndRisk(Shape):
    """How many plans were judged so."""

    quality: str
    risk: str
    plans: int


class RolledUp(Shape):
    """Some plans together."""

    name: str
    plans: int
    outcomes: dict[str, int]
    quality_and_risk: list[QualityAndRisk]
    open_conditions: int
    overdue_conditions: int
    agreement: Agreement
    promised_pence: int
    credible_pence: int
    credible_of_plans: int
    delivered_pence: int
    delivered_of_plans: int
    stands: dict[str, int]


class PlanRolledUp(Sums):
    """One plan of a roll-up."""

    plan: str
    version: int
    region: str
    boards: list[str]
    state: str
    outcome: str | None


class NationalAssurance(Marked):
    """Assurance from the nation to each plan that one may know of."""

    nation: RolledUp
    regions: list[RolledUp]
    boards: list[RolledUp]
    plans: list[PlanRolledUp]
    withdrawn: list[str]


class SchemeDelivery(Shape):
    """What a scheme promised, and what was told of it."""

    scheme: str
    kind: str
    promised_pence: int
    credible_pence: int | None
    quarters: int
    planned_pence: int
    delivered_pence: int
    planned_activity: str | None
    activity: str | None
    share: str | None
    off_track: bool


class Told(Shape):
    """What was told of a quarter."""

    quarter: str
    scheme: str
    kind: str
    pence: int
    activity: str | None
    words: str
    at: datetime
    told: int


class MilestoneSaid(Shape):
    """What was said of a milestone."""

    done: bool
    on: date
    words: str
    at: datetime


class Milestone(Shape):
    """A milestone."""

    milestone: str
    scheme: str
    words: str
    due: date
    stands: str
    said: list[MilestoneSaid]


class OffTrack(Shape):
    """What is off track, and why."""

    of: str
    why: str


class Progress(Shape):
    """What was told of a recovery plan."""

    at: datetime
    words: str
    done: bool


class Recovery(Shape):
    """A recovery plan."""

    of: str
    words: str
    due: date
    office: str
    done: bool
    progress: list[Progress]


class PlanDelivery(Marked):
    """Each promise of a plan beside what was told, milestones, what is off track, and recovery plans."""

    plan: str
    rules: str
    off_track_below_percent: str
    schemes: list[SchemeDelivery]
    told: list[Told]
    milestones: list[Milestone]
    off_track: list[OffTrack]
    recovery_plans: list[Recovery]
    findings: list[Finding]


class DeliveryRolled(Shape):
    """Some schemes together."""

    name: str
    schemes: int
    promised_pence: int
    credible_pence: int
    credible_not_known: int
    planned_so_far_pence: int
    told_pence: int
    off_track: int


class SchemeRolled(Shape):
    """One scheme of a roll-up."""

    plan: str
    scheme: str
    name: str
    promised_pence: int
    credible_pence: int | None
    planned_so_far_pence: int
    told_pence: int
    off_track: bool


class NationalDelivery(Marked):
    """Delivery from the nation to each scheme of a plan that one may know of."""

    nation: DeliveryRolled
    regions: list[DeliveryRolled]
    boards: list[DeliveryRolled]
    schemes: list[SchemeRolled]


class Draft(Shape):
    """A section as one drafts it, and what it was begun from."""

    plan: str
    section: str
    content: Annotated[Free, Field(description="By the plan standard.")]
    base: Annotated[
        str, Field(description="The digest of the section as it was saved when the draft was begun.")
    ]
    kept_at: Annotated[datetime | None, Field(description="When it was kept; null where one has no draft.")]


class Saved(Shape):
    """The version that was saved."""

    plan: str
    version: int
    again: Annotated[bool, Field(description="Whether the same request was carried out before.")]


class ReturnSent(Shape):
    """A return that was sent."""

    digest: str
    document: str
    at: datetime
    late: bool
    body: str
    put_forward_by: str
    signed_by: str
    reasons: str | None


class ReturnSoFar(Shape):
    """A sum since the year began."""

    title: str
    value: int | float | str | None
    unit: str


class QuarterlyReturn(Shape):
    """A quarter's return, in whole pence."""

    plan: str
    title: str
    fictitious: str | None
    quarter: str
    rules: RulesNamed
    due: datetime
    recalled: list[str]
    state: str
    sent: list[ReturnSent]
    waiting: Free | None
    closed: Free | None
    content: Annotated[Free | None, Field(alias="return")]
    last: Free | None
    so_far: dict[str, ReturnSoFar]
    findings: list[Finding]


class PlanPayments(Marked):
    """A plan's payments to its pool: one statement for both sides, and where each payment stands."""

    plan: str
    statement: str
    content: Free
    payments: list[Free]
    put_right: list[Free]
    disputes: list[Free]
    fallen: list[Free]
    uses: list[Free]
    kept_pence: int


class Meeting(Shape):
    """A meeting of a body."""

    id: str
    on: date
    committee: str
    kind: str
    papers_by: date | None
    cancelled: bool
    changes: int


class OwnDays(Shape):
    """A body's own days for a step."""

    days: int
    unit: str


class Meetings(Marked):
    """A body's meetings and its own days."""

    body: str
    name: str
    meetings: list[Meeting]
    own_days: dict[str, OwnDays]
