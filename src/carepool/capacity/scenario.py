"""A bed scenario as it is written: beds, who arrives when, how long they stay, and when they may leave.

Days are numbered from 0, a Monday. The plainest scenario has beds, arrivals a day, a stay, and how long to look.
"""

from decimal import Decimal
from functools import cached_property
from typing import Annotated, Literal, Self, TypeVar

from pydantic import Field, model_validator

from carepool.basics.findings import Finding, Severity, blocks
from carepool.rules.parse import typed
from carepool.rules.scalars import Entry, Number, Text
from carepool.rules.text import compose

RULE = "carepool beds: a scenario"
MOST_BEDS = 100_000
MOST_ARRIVALS = 100_000
MOST_DAYS = 36_500
MOST_REPLICATIONS = 100_000
MOST_PATIENTS = 20_000_000
"""Arrivals that one replication may have: more would not fit in the memory of an ordinary machine."""
WEEK = 7
S = TypeVar("S", bound=Entry)

Days = Annotated[Number, Field(ge=0, le=MOST_DAYS, multiple_of=1)]
Share = Annotated[Number, Field(ge=0, le=1)]
Weights = Annotated[tuple[Annotated[Number, Field(ge=0, le=1000)], ...], Field()]


class Stay(Entry):
    """How long people stay, in days."""

    distribution: Literal["exponential", "lognormal", "fixed"]
    mean_days: Annotated[Number, Field(gt=0, le=MOST_DAYS)]
    cv: Annotated[Number, Field(gt=0, le=10)] = Decimal(1)
    """The standard deviation as a share of the mean; of a lognormal stay alone."""


class Delay(Entry):
    """Discharges that wait although the person is ready: a state of its own, in which the bed is taken."""

    share: Share
    mean_days: Annotated[Number, Field(gt=0, le=MOST_DAYS)]


class Discharge(Entry):
    """When somebody who is ready may leave."""

    weekend_share: Share = Decimal(1)
    """Of those ready on a Saturday or Sunday, the share that leaves then; the others leave on Monday. 1 is seven-day working."""
    from_hour: Annotated[Number, Field(ge=0, lt=24)] = Decimal(0)
    to_hour: Annotated[Number, Field(gt=0, le=24)] = Decimal(24)

    @model_validator(mode="after")
    def _hours(self) -> Self:
        if self.from_hour >= self.to_hour:
            raise ValueError("from_hour must be before to_hour")
        return self


class Elective(Entry):
    """Planned admissions: who finds no bed is cancelled and does not wait."""

    per_day: Annotated[Number, Field(ge=0, le=MOST_ARRIVALS)]
    by_day: Weights = ()
    """Seven weights, Monday first."""
    hour: Annotated[Number, Field(ge=0, lt=24)] = Decimal(9)
    stay: Stay

    @model_validator(mode="after")
    def _seven(self) -> Self:
        return _weights(self, "by_day", self.by_day, WEEK)


class Closure(Entry):
    """Beds that are closed for some days: each closes when it is next free."""

    from_day: Days
    to_day: Days
    beds: Annotated[Number, Field(gt=0, le=MOST_BEDS, multiple_of=1)]

    @model_validator(mode="after")
    def _order(self) -> Self:
        if self.to_day <= self.from_day:
            raise ValueError("to_day must be after from_day")
        return self


class Scenario(Entry):
    """One ward or trust, and what comes to it."""

    says: Text = "Beds"
    beds: Annotated[Number, Field(ge=0, le=MOST_BEDS, multiple_of=1)]
    arrivals_per_day: Annotated[Number, Field(ge=0, le=MOST_ARRIVALS)]
    """Emergencies, who wait for a bed in the order in which they came."""
    by_hour_of_week: Weights = ()
    """168 weights, from Monday 00:00; or 24, the same every day."""
    by_month: Weights = ()
    """Twelve weights of 30.4375 days each, from day 0."""
    stay: Stay
    delay: Delay | None = None
    discharge: Discharge = Discharge()
    elective: Elective | None = None
    closures: tuple[Closure, ...] = ()
    fewer_arrivals: Share = Decimal(0)
    """The share of emergencies that is avoided; who they are is the same in every scenario of one seed."""
    threshold: Annotated[Number, Field(gt=0, le=1)] = Decimal("0.92")
    """The occupancy above which a day is counted."""
    warmup_days: Days = Decimal(60)
    days: Annotated[Number, Field(ge=1, le=MOST_DAYS, multiple_of=1)] = Decimal(365)
    replications: Annotated[Number, Field(ge=2, le=MOST_REPLICATIONS, multiple_of=1)] = Decimal(100)

    @model_validator(mode="after")
    def _shapes(self) -> Self:
        if len(self.by_hour_of_week) == 24:
            return _weights(self, "by_hour_of_week", self.by_hour_of_week, 24)
        _weights(self, "by_hour_of_week", self.by_hour_of_week, 168)
        return _weights(self, "by_month", self.by_month, 12)

    @cached_property
    def plain(self) -> bool:
        """Whether people arrive evenly, all wait, and leave when they are ready: what the laws of queues are about."""
        return not (
            self.by_hour_of_week or self.by_month or self.elective or self.closures or self.delay
        ) and self.discharge == Discharge()  # fmt: skip

    @property
    def emergencies(self) -> Decimal:
        """Emergencies a day that are not avoided."""
        return self.arrivals_per_day * (1 - self.fewer_arrivals)

    @property
    def load(self) -> Decimal:
        """Beds that are needed on average: arrivals a day by days of stay, with delays; planned ones beside them."""
        delayed = self.delay.share * self.delay.mean_days if self.delay else Decimal(0)
        planned = self.elective.per_day * self.elective.stay.mean_days if self.elective else Decimal(0)
        return self.emergencies * (self.stay.mean_days + delayed) + planned


class Scenarios(Entry):
    """Several scenarios to be compared with the same arrivals, each by its name."""

    scenarios: Annotated[dict[Text, Scenario], Field(min_length=2, max_length=20)]


def read_scenarios(file: str, content: bytes) -> tuple[dict[str, Scenario], list[Finding]]:
    """The scenarios of a file, one or several, and every fault with its line."""
    data, lines, findings = compose(file, content)
    found: dict[str, Scenario] = {}
    if not blocks(findings):
        if isinstance(data, dict) and "scenarios" in data:
            several, findings = typed(file, Scenarios, data, lines)
            found = dict(several.scenarios) if several else {}
        else:
            one, findings = typed(file, Scenario, data, lines)
            found = {one.says: one} if one else {}
    for name, scenario in found.items():
        findings += possible(name, scenario)
    return found, findings


def possible(name: str, scenario: Scenario) -> list[Finding]:
    """What makes a scenario one that no ward could be in, one plain finding each."""
    if not scenario.beds:
        return [_impossible(name, "beds", "it has no beds", "Give it at least one bed.")]
    days = scenario.warmup_days + scenario.days
    planned = scenario.elective.per_day if scenario.elective else 0
    if (scenario.emergencies + planned) * days > MOST_PATIENTS:
        says = f"it has about {(scenario.emergencies + planned) * days:,.0f} arrivals in each replication, and at most {MOST_PATIENTS:,} fit"
        return [_impossible(name, "days", says, "Look at fewer days, or at one ward.")]
    if not scenario.emergencies and not planned:
        return [_impossible(name, "arrivals_per_day", "nobody arrives", "Give the arrivals a day.")]
    waits = scenario.load - (
        scenario.elective.per_day * scenario.elective.stay.mean_days if scenario.elective else 0
    )
    if waits >= scenario.beds:
        says = f"it is unstable: those who wait need {waits:.1f} beds on average and there are {scenario.beds:,}, so the queue grows for ever"
        return [_impossible(name, "arrivals_per_day", says, "Give it more beds, fewer arrivals, or shorter stays.")]  # fmt: skip
    return []


def _impossible(name: str, where: str, says: str, remedy: str) -> Finding:
    return Finding("no-such-ward", Severity.BLOCKER, where, f"Scenario “{name}”: {says}.", remedy, RULE)


def _weights(entry: S, name: str, weights: Weights, number: int) -> S:
    if weights and len(weights) != number:
        raise ValueError(f"“{name}” has {len(weights)} weights and needs {number}")
    if weights and not sum(weights):
        raise ValueError(f"“{name}” has no weight above zero")
    return entry
