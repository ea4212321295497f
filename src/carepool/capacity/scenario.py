"""A bed scenario as it is written: beds, who arrives when, how long they stay, and when they may leave.

Days are numbered from 0, a Monday. The plainest scenario has beds, arrivals a day, a stay, and how long to look.
"""

from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Literal, Self, TypeVar, get_args

from pydantic import Field, model_validator

from carepool.basics.findings import Finding, Severity, blocks
from carepool.basics.refusals import Unusable, printable
from carepool.capacity.stays import Fitter, Law
from carepool.rules.parse import typed
from carepool.rules.scalars import Entry, Number, Text
from carepool.rules.text import Lines, Place, compose, fault

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

    distribution: Literal["exponential", "lognormal", "gamma", "fixed"]
    mean_days: Annotated[Number, Field(gt=0, le=MOST_DAYS)]
    cv: Annotated[Number, Field(gt=0, le=10)] = Decimal(1)
    """The standard deviation as a share of the mean; of a lognormal or gamma stay alone."""
    fitted: Text | None = None
    """What it was fitted to, and how well."""


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

    @property
    def held_days(self) -> Decimal:
        """How long who is ready waits on average to be let go, where people become ready evenly over the week."""
        first, last = self.from_hour / 24, self.to_hour / 24
        hours = first**2 / 2 + (1 - last) ** 2 / 2 + first * (1 - last)
        hour = first * (first + 1 - last) + (last**2 - first**2) / 2
        weekends = (1 - self.weekend_share) / WEEK * (3 + 2 * (first - hour))
        return hours + weekends


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
        """Beds that are needed on average: arrivals a day by days of stay, with delays and days held; planned ones beside them."""
        held = self.discharge.held_days
        planned = (
            self.elective.per_day * (self.elective.stay.mean_days + held) if self.elective else Decimal(0)
        )
        return self.waiting_load + self.emergencies * held + planned

    @property
    def waiting_load(self) -> Decimal:
        """The beds of those who wait for one, by their stay and delays alone: if it is more than there are, the queue never ends."""
        delayed = self.delay.share * self.delay.mean_days if self.delay else Decimal(0)
        return self.emergencies * (self.stay.mean_days + delayed)


class Scenarios(Entry):
    """Several scenarios to be compared with the same arrivals, each by its name."""

    scenarios: Annotated[dict[Text, Scenario], Field(min_length=2, max_length=20)]


def read_scenarios(
    file: str, content: bytes, fit: Fitter | None = None
) -> tuple[dict[str, Scenario], list[Finding]]:
    """The scenarios of a file, one or several, and every fault with its line.

    A stay may be a file of stays (``stay: {file: stays.csv}``, and a distribution where one is wanted), which ``fit`` fits.
    """
    data, lines, findings = compose(file, content)
    found: dict[str, Scenario] = {}
    if not blocks(findings):
        data, findings = _fitted(file, data, lines, fit, ())
    if not blocks(findings):
        kept = findings
        if isinstance(data, dict) and "scenarios" in data:
            several, findings = typed(file, Scenarios, data, lines)
            found = dict(several.scenarios) if several else {}
        else:
            one, findings = typed(file, Scenario, data, lines)
            found = {one.says: one} if one else {}
        findings = kept + findings
    for name, scenario in found.items():
        findings += possible(name, scenario)
    return found, findings


def _fitted(
    file: str, data: object, lines: Lines, fit: Fitter | None, at: Place
) -> tuple[object, list[Finding]]:
    """What was composed, each stay that is a file replaced by what was fitted to it."""
    if not isinstance(data, dict):
        return data, []
    made, findings = {}, []
    for key, value in data.items():
        if key == "stay" and isinstance(value, dict) and "file" in value:
            made[key], wrong = _stay_of(file, value, lines.at((*at, key)), fit)
        else:
            made[key], wrong = _fitted(file, value, lines, fit, (*at, key))
        findings += wrong
    return made, findings


def _stay_of(
    file: str, value: Mapping[str, object], line: int, fit: Fitter | None
) -> tuple[object, list[Finding]]:
    stays, given = value["file"], value.get("distribution")
    law = next((each for each in get_args(Law) if each == given), None)
    if unlike := [str(each) for each in value if each not in {"file", "distribution"}]:
        return value, [fault(file, line, f"has “{printable(unlike[0])}” beside “file”, which the file itself says", "Remove it.")]  # fmt: skip
    if given is not None and law is None:
        return value, [fault(file, line, f"“{printable(str(given))}” cannot be fitted", f"Write one of: {', '.join(get_args(Law))}; or none for the best.")]  # fmt: skip
    if fit is None or not isinstance(stays, str):
        return value, [fault(file, line, "names no file of stays that can be read here", "Write a distribution and mean_days.")]  # fmt: skip
    try:
        found = fit(stays, law)
    except Unusable as error:
        says, _, remedy = str(error).partition(". ")
        return value, [fault(file, line, f"cannot fit its stay: {says.rstrip('.')}", remedy or "Correct the file of stays.")]  # fmt: skip
    return found.stay | {"fitted": found.says}, list(found.stays.findings)


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
    if (closed := _most_closed(scenario)) > scenario.beds:
        says = f"its closures close {closed:,} beds at once and it has {scenario.beds:,}"
        return [_impossible(name, "closures", says, "Close fewer, or at other times.")]
    waits, held = scenario.waiting_load, scenario.emergencies * scenario.discharge.held_days
    if waits >= scenario.beds:
        says = f"it is unstable: those who wait need {waits:.1f} beds on average and there are {scenario.beds:,}, so the queue grows for ever"
        return [_impossible(name, "arrivals_per_day", says, "Give it more beds, fewer arrivals, or shorter stays.")]  # fmt: skip
    if waits + held >= scenario.beds:
        says = (
            f"Scenario “{name}”: those who wait need {waits:.1f} beds, and about {held:.1f} more are held until people may leave; "
            f"there are {scenario.beds:,}, so the queue may grow for ever."
        )
        return [Finding("queue-may-grow", Severity.WARNING, "discharge", says, "Let people leave at more hours or days, or give it more beds.", RULE)]  # fmt: skip
    return []


def _most_closed(scenario: Scenario) -> Decimal:
    """The most beds that are closed on one day."""
    return max(
        (sum((other.beds for other in scenario.closures if other.from_day <= each.from_day < other.to_day), Decimal(0)) for each in scenario.closures),
        default=Decimal(0),
    )  # fmt: skip


def _impossible(name: str, where: str, says: str, remedy: str) -> Finding:
    return Finding("no-such-ward", Severity.BLOCKER, where, f"Scenario “{name}”: {says}.", remedy, RULE)


def _weights(entry: S, name: str, weights: Weights, number: int) -> S:
    if weights and len(weights) != number:
        raise ValueError(f"“{name}” has {len(weights)} weights and needs {number}")
    if weights and not sum(weights):
        raise ValueError(f"“{name}” has no weight above zero")
    return entry
