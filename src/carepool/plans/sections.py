"""The sections of a plan, as the statement and the templates ask for them (docs/reference/plans.md tells where each is from).

The title of a field is the words beside it on a form, on a sheet and in a paper; its description is the hint. What a
list holds is a row of a table everywhere.
"""

from typing import Annotated

from pydantic import Field

from carepool.plans.parts import (
    Choice,
    Code,
    Count,
    InQuarter,
    Line,
    MaybeDay,
    MaybeMoney,
    MaybeNumber,
    MaybePercent,
    Money,
    Of,
    Part,
    Words,
    YesNo,
)

AREAS = {
    "acute": "Acute", "mental_health": "Mental health", "community_health": "Community health",
    "continuing_care": "Continuing care", "primary_care": "Primary care", "social_care": "Social care",
    "other": "Other",
}  # fmt: skip
"""Areas of spend, as the planning template lists them."""

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Parties(Part):
    """Whose plan it is."""

    boards: tuple[Code, ...] = ()
    councils: tuple[Code, ...] = ()
    ccgs: tuple[Code, ...] = ()
    """The NHS commissioners that contribute: CCGs, or integrated care boards."""
    host: Annotated[str, Field(max_length=40)] = ""
    """The partner that holds the pooled account: a council or a commissioner, never the board."""
    boundaries: Annotated[Words, Field(title="Differences of boundary", description="Where councils, commissioners and boards do not cover the same people, and how the plan deals with it")] = ""  # fmt: skip


class Vision(Part):
    """Where the plan wants to get to, and why."""

    vision: Annotated[Words, Field(title="Vision", description="What health and social care here will be like in five years")] = ""  # fmt: skip
    outcomes: Annotated[Words, Field(title="Difference to people", description="What people will notice, and how you will know")] = ""  # fmt: skip
    case: Annotated[Words, Field(title="Case for change", description="Who is at risk, in what numbers, and what is wrong today: with figures")] = ""  # fmt: skip
    changes: Annotated[Words, Field(title="Changes in services", description="How the pattern of services changes over five years")] = ""  # fmt: skip


class Action(Part):
    """How the plan is carried out and looked after."""

    milestones: Annotated[Words, Field(title="Milestones", description="What happens by when, and what depends on what")] = ""  # fmt: skip
    governance: Annotated[
        Words, Field(title="Governance", description="Who decides, who is told, how often")
    ] = ""
    off_track: Annotated[Words, Field(title="When it goes off track", description="Who notices, and what is done about it")] = ""  # fmt: skip


class Scheme(Part):
    """Something that the money does."""

    id: Annotated[Code, Field(title="Number")]
    name: Annotated[Words, Field(title="Name")] = ""
    what: Annotated[Words, Field(title="What it does")] = ""
    who_for: Annotated[Words, Field(title="Whom it is for")] = ""
    buys: Annotated[str, Choice(existing="Continues what is there", sustaining="Keeps up what would have been cut", new="Something new"), Field(title="What the money buys")] = ""  # fmt: skip
    objective: Annotated[Words, Field(title="Objective")] = ""
    chain: Annotated[Words, Field(title="Delivery chain", description="Who commissions it and who provides it, down to the person")] = ""  # fmt: skip
    evidence: Annotated[Words, Field(title="Evidence", description="Why it should work: studies, pilots, other places")] = ""  # fmt: skip
    impact: Annotated[
        Words, Field(title="Impact", description="What it changes in outcomes, activity and money")
    ] = ""
    feedback: Annotated[Words, Field(title="Feedback", description="How you will measure whether it works, and hear those who use it")] = ""  # fmt: skip
    success: Annotated[Words, Field(title="What it takes to succeed")] = ""
    equality: Annotated[Words, Field(title="Equality", description="Whom it could leave behind, and what is done about that")] = ""  # fmt: skip
    involved: Annotated[Words, Field(title="Who was involved", description="People who use services, carers, staff and providers who helped to design it")] = ""  # fmt: skip


class Schemes(Part):
    """All schemes."""

    schemes: tuple[Scheme, ...] = ()


class Source(Part):
    """Money that a party puts in."""

    contributor: Annotated[Code, Of("partners"), Field(title="Who puts it in")]
    source: Annotated[Code, Of("streams"), Field(title="Which money")]
    """A stream of the fund, or ``additional`` for what a party adds of its own accord."""
    year_1: Annotated[Money, Field(title="{year_1}, pounds")] = 0
    year_2: Annotated[Money, Field(title="{year_2}, pounds")] = 0


class Sources(Part):
    """All money in."""

    sources: tuple[Source, ...] = ()


class SpendLine(Part):
    """What a scheme costs, who commissions and who provides it, and which money pays."""

    scheme: Annotated[Code, Of("schemes"), Field(title="Scheme")]
    commissioner: Annotated[Code, Of("partners"), Field(title="Commissioner")]
    provider: Annotated[Words, Field(title="Provider")] = ""
    area: Annotated[str, Choice(**AREAS), Field(title="Area of spend")] = ""
    source: Annotated[str, Of("streams"), Field(title="Paid from", max_length=40)] = ""
    year_1: Annotated[Money, Field(title="{year_1}, pounds")] = 0
    year_2: Annotated[Money, Field(title="{year_2}, pounds")] = 0


class Spend(Part):
    """All money out."""

    spend: tuple[SpendLine, ...] = ()


class Freed(Part):
    """Where the money that a commissioner adds is freed from."""

    ccg: Annotated[Code, Of("commissioners"), Field(title="Commissioner")]
    contract: Annotated[Line, Field(title="Contract")] = ""
    provider: Annotated[Line, Field(title="Provider")] = ""
    pence: Annotated[MaybeMoney, Field(title="Amount, pounds")] = None
    start: Annotated[MaybeDay, Field(title="From")] = None
    view: Annotated[str, Choice(agrees="Agrees", partly="Agrees in part", disagrees="Does not agree", not_asked="Not asked yet"), Field(title="The provider")] = ""  # fmt: skip
    why: Annotated[Words, Field(title="Why")] = ""
    double_running: Annotated[MaybeMoney, Field(title="Double running, pounds", description="What it costs to run old and new side by side until the money is free")] = None  # fmt: skip
    fallback: Annotated[
        Words, Field(title="If it is not freed", description="Where the money comes from instead")
    ] = ""


class FreedFrom(Part):
    """Where each commissioner's additional money comes from."""

    freed: tuple[Freed, ...] = ()


class Benefit(Part):
    """What a scheme saves, and for whom."""

    scheme: Annotated[Code, Of("schemes"), Field(title="Scheme")]
    kind: Annotated[str, Choice(admissions="Emergency admissions avoided", delays="Delays in leaving hospital", residential="Admissions to care homes", reablement="Reablement", other="Other"), Field(title="Benefit")] = ""  # fmt: skip
    to: Annotated[Line, Field(title="Who benefits")] = ""
    activity: Annotated[MaybeNumber, Field(title="Change in activity", description="How many fewer, in the last year of the plan")] = None  # fmt: skip
    unit_price: Annotated[MaybeMoney, Field(title="Price of one, pounds")] = None
    saving: Annotated[MaybeMoney, Field(title="Saving, pounds")] = None
    how: Annotated[Words, Field(title="How it was worked out")] = ""
    monitored: Annotated[Words, Field(title="How it is followed")] = ""


class Benefits(Part):
    """All savings."""

    benefits: tuple[Benefit, ...] = ()


class QuarterTarget(Part):
    """A quarter's baseline and target."""

    quarter: Annotated[InQuarter, Field(title="Quarter")]
    baseline: Annotated[Count, Field(title="Baseline")]
    planned: Annotated[Count, Field(title="Target")]
    basis: Annotated[
        str, Choice(outturn="Outturn", ccg_plan="The CCG's plan"), Field(title="The baseline is")
    ] = ""
    vintage: Annotated[MaybeDay, Field(title="As published on")] = None
    operating_plan: Annotated[MaybeNumber, Field(title="In the CCG's operating plan")] = None


class Target(Part):
    """The admissions target, and the case for it where it is below the guideline."""

    quarters: tuple[QuarterTarget, ...] = ()
    case: Annotated[Words, Field(title="The case for a smaller cut")] = ""


class MetricTarget(Part):
    """A metric's baseline and what the plan aims at."""

    metric: Annotated[Code, Of("metrics"), Field(title="Metric")]
    baseline: Annotated[MaybeNumber, Field(title="Baseline")] = None
    baseline_period: Annotated[Line, Field(title="Baseline period")] = ""
    year_1: Annotated[MaybeNumber, Field(title="Target, {year_1}")] = None
    year_2: Annotated[MaybeNumber, Field(title="Target, {year_2}")] = None
    how: Annotated[Words, Field(title="How the target was set")] = ""


class LocalMetric(Part):
    """A measure that the board defines itself."""

    id: Annotated[Code, Field(title="Short name")]
    title: Annotated[Line, Field(title="What is measured")] = ""
    numerator: Annotated[Words, Field(title="Counted (numerator)")] = ""
    denominator: Annotated[Words, Field(title="Out of (denominator)")] = ""
    unit: Annotated[Line, Field(title="Unit")] = ""
    better: Annotated[
        str, Choice(lower="Lower is better", higher="Higher is better"), Field(title="Direction")
    ] = ""
    source: Annotated[Line, Field(title="Where the figures are from")] = ""


class Metrics(Part):
    """Targets for all metrics but the paid one, and those that the board defines."""

    metrics: tuple[MetricTarget, ...] = ()
    local: tuple[LocalMetric, ...] = ()


class Flow(Part):
    """How much of the planned reduction a trust sees."""

    board: Annotated[Code, Of("boards"), Field(title="Board")]
    trust: Annotated[Code, Of("trusts"), Field(title="Trust")]
    reduction: Annotated[MaybeNumber, Field(title="Fewer admissions planned")] = None
    trust_plan: Annotated[MaybeNumber, Field(title="Fewer in the trust's own plan")] = None


class Flows(Part):
    """Which trusts the planned reductions fall on."""

    flows: tuple[Flow, ...] = ()


class ConditionAnswer(Part):
    """How a national condition is met."""

    condition: Annotated[Code, Of("conditions"), Field(title="Condition")]
    met: Annotated[
        str, Choice(yes="Met", in_progress="In progress", no="Not met"), Field(title="Is it met?")
    ] = ""
    by: Annotated[MaybeDay, Field(title="If not yet, by")] = None
    how: Annotated[Words, Field(title="How it is met")] = ""
    evidence: Annotated[Words, Field(title="Evidence", description="Minutes, agreements, figures: what somebody could look at")] = ""  # fmt: skip


class Conditions(Part):
    """Each national condition with its evidence."""

    answers: tuple[ConditionAnswer, ...] = ()


class Protection(Part):
    """Social care services are protected, not the spending on them."""

    definition: Annotated[Words, Field(title="What protecting means here", description="The agreed local definition")] = ""  # fmt: skip
    eligibility_now: Annotated[Line, Field(title="Eligibility, {year_1}", description="For example: substantial and critical")] = ""  # fmt: skip
    eligibility_next: Annotated[Line, Field(title="Eligibility, {year_2}")] = ""
    with_money: Annotated[Words, Field(title="Access with the money", description="What people can get in {year_2} with the fund")] = ""  # fmt: skip
    without_money: Annotated[Words, Field(title="Access without the money")] = ""
    pence: Annotated[MaybeMoney, Field(title="Given to protect services, pounds")] = None
    budget_before: Annotated[MaybeMoney, Field(title="The council's net budget, {year_1}, pounds")] = None
    budget_after: Annotated[MaybeMoney, Field(title="The council's net budget, {year_2}, pounds")] = None
    care_act: Annotated[MaybeMoney, Field(title="For duties under the Care Act, pounds")] = None
    carers: Annotated[Words, Field(title="Carers", description="What is spent on those who care for others, and how")] = ""  # fmt: skip


class Service(Part):
    """A service and the days on which it works."""

    name: Annotated[Line, Field(title="Service", min_length=1)]
    provider: Annotated[Line, Field(title="Provider")] = ""
    monday: Annotated[YesNo, Field(title="Monday")] = ""
    tuesday: Annotated[YesNo, Field(title="Tuesday")] = ""
    wednesday: Annotated[YesNo, Field(title="Wednesday")] = ""
    thursday: Annotated[YesNo, Field(title="Thursday")] = ""
    friday: Annotated[YesNo, Field(title="Friday")] = ""
    saturday: Annotated[YesNo, Field(title="Saturday")] = ""
    sunday: Annotated[YesNo, Field(title="Sunday")] = ""
    since: Annotated[MaybeDay, Field(title="All seven from")] = None


class SevenDays(Part):
    """Which services work on which days of the week."""

    services: tuple[Service, ...] = ()
    plan: Annotated[Words, Field(title="How seven days are reached", description="To help people leave hospital, and to keep them from having to go")] = ""  # fmt: skip


class Sharing(Part):
    """Data shared on the NHS number."""

    primary: Annotated[
        YesNo, Field(title="The NHS number is the main identifier in health and social care")
    ] = ""
    primary_by: Annotated[MaybeDay, Field(title="If not, it will be by")] = None
    coverage: Annotated[
        MaybePercent, Field(title="Social care records with a verified NHS number, per cent")
    ] = None
    open_apis: Annotated[Words, Field(title="Open interfaces", description="Which systems exchange data, by which standards")] = ""  # fmt: skip
    governance: Annotated[Words, Field(title="Information governance", description="Who looks after it, under which rules")] = ""  # fmt: skip


class Assessment(Part):
    """Joint assessment, and one accountable professional."""

    high_risk: Annotated[MaybePercent, Field(title="People at high risk, per cent of adults")] = None
    tool: Annotated[Line, Field(title="How they are found")] = ""
    process: Annotated[Words, Field(title="Joint assessment", description="How health and social care assess and plan together")] = ""  # fmt: skip
    accountable: Annotated[Words, Field(title="Accountable professional", description="Who it is, and how people know their name")] = ""  # fmt: skip
    joint_plans: Annotated[MaybePercent, Field(title="Of them, with a joint care plan, per cent")] = None


class Earmark(Part):
    """Money inside the fund that is meant for something."""

    name: Annotated[str, Choice(carers_breaks="Carers' breaks", reablement="Reablement", care_act="Care Act duties"), Field(title="Meant for", min_length=1)]  # fmt: skip
    pence: Annotated[MaybeMoney, Field(title="Amount, pounds")] = None
    spent_on: Annotated[Words, Field(title="Spent on")] = ""


class Earmarks(Part):
    """Money that is meant for something."""

    earmarks: tuple[Earmark, ...] = ()


class Risk(Part):
    """Something that could go wrong."""

    what: Annotated[Words, Field(title="Risk", min_length=1)]
    likelihood: Annotated[MaybeNumber, Field(title="Likelihood, 1 to 5")] = None
    impact: Annotated[MaybeNumber, Field(title="Impact, 1 to 5")] = None
    pence: Annotated[MaybeMoney, Field(title="What it would cost, pounds")] = None
    owner: Annotated[Line, Field(title="Who looks after it")] = ""
    mitigation: Annotated[Words, Field(title="What is done about it")] = ""


class Contingency(Part):
    """What happens to money when a target is missed, or partners do not agree."""

    trigger: Annotated[Words, Field(title="When", min_length=1)]
    decider: Annotated[Line, Field(title="Who decides")] = ""
    pence: Annotated[MaybeMoney, Field(title="How much, pounds")] = None
    destination: Annotated[Words, Field(title="Where it goes instead")] = ""


class Risks(Part):
    """Risks, and the contingency."""

    risks: tuple[Risk, ...] = ()
    contingencies: tuple[Contingency, ...] = ()
    sharing: Annotated[Words, Field(title="How risk is shared", description="Who bears what when money is not released or more is spent")] = ""  # fmt: skip


class Commentary(Part):
    """What an acute provider says of the plan."""

    provider: Annotated[Line, Field(title="Provider", min_length=1)]
    chief: Annotated[Line, Field(title="Chief executive")] = ""
    agrees: Annotated[str, Choice(yes="Agrees", partly="Agrees in part", no="Does not agree"), Field(title="Does it agree?")] = ""  # fmt: skip
    why: Annotated[Words, Field(title="Why, or why not")] = ""
    outturn: Annotated[MaybeNumber, Field(title="Admissions, the year before")] = None
    plan_1: Annotated[MaybeNumber, Field(title="Admissions in its plan, {year_1}")] = None
    plan_2: Annotated[MaybeNumber, Field(title="Admissions in its plan, {year_2}")] = None
    considered: Annotated[Words, Field(title="What it means for the provider")] = ""


class Commentaries(Part):
    """What acute providers say."""

    commentaries: tuple[Commentary, ...] = ()


class Alignment(Part):
    """How the plan fits with what else is planned."""

    initiatives: Annotated[Words, Field(title="Other initiatives")] = ""
    operating_plans: Annotated[Words, Field(title="Operating and five-year plans")] = ""
    primary_care: Annotated[Words, Field(title="Primary care commissioning")] = ""


class Engagement(Part):
    """Who was heard."""

    public: Annotated[Words, Field(title="The public, patients and people who use services")] = ""
    nhs_providers: Annotated[Words, Field(title="NHS trusts")] = ""
    primary_care: Annotated[Words, Field(title="Primary care")] = ""
    social_care: Annotated[Words, Field(title="Social care and voluntary providers")] = ""
    acute: Annotated[Words, Field(title="What it means for hospitals")] = ""


class TransferUse(Part):
    """What part of the first year's transfer is used for."""

    purpose: Annotated[Words, Field(title="Used for", min_length=1)]
    pence: Annotated[MaybeMoney, Field(title="Amount, pounds")] = None
    outcome: Annotated[Words, Field(title="Outcome to be measured")] = ""


class TransferUses(Part):
    """The use of the transfer of the first year, which is no pool."""

    uses: tuple[TransferUse, ...] = ()
