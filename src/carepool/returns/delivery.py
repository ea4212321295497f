"""Delivery by scheme: milestones, activity and benefits against plan, and recovery plans where something is off track.

What was told is folded from the stream ``delivery/PLAN``; what it comes to is judged beside the plan's promises, whose
year is taken in four equal parts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType

from carepool.basics.findings import Finding, Severity
from carepool.basics.money import Pence, in_pounds, share
from carepool.basics.periods import Quarter, in_words
from carepool.basics.refusals import Unusable
from carepool.journal.facts import Body, Fact, NewFact
from carepool.journal.folding import Kind, Kinds, fold
from carepool.rules.delivery import Delivering

KINDS = Kinds(
    (
        Kind("MilestoneSet", cites=("words",)),
        Kind("MilestoneTold", cites=("words",)),
        Kind("DeliveryTold", cites=("words",)),
        Kind("RecoveryPlanMade", cites=("words",)),
        Kind("RecoveryTold", cites=("words",)),
    )
)


class Stands(StrEnum):
    """How a milestone stands; the words are those on the page."""

    DONE = "Done"
    DONE_LATE = "Done late"
    LATE = "Late"
    FORECAST_LATE = "Forecast late"
    TO_COME = "To come"


@dataclass(frozen=True, slots=True)
class MilestoneSaid:
    """What was told of a milestone: done on a day, or forecast for one."""

    done: bool
    on: date
    words: str
    """The digest of what was said."""
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Milestone:
    """Something that a scheme does by a day."""

    id: str
    """The number of its fact."""
    scheme: str
    words: str
    """The digest of what it is."""
    due: date
    said: tuple[MilestoneSaid, ...] = ()

    def stands(self, today: date) -> Stands:
        """How it stands on a day, by what was told last."""
        last = self.said[-1] if self.said else None
        if last and last.done:
            return Stands.DONE if last.on <= self.due else Stands.DONE_LATE
        if today > self.due:
            return Stands.LATE
        return Stands.FORECAST_LATE if last and last.on > self.due else Stands.TO_COME


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a scheme did in a quarter for one kind of benefit, as it was told last."""

    quarter: Quarter
    scheme: str
    kind: str
    activity: Decimal | None
    pence: Pence
    words: str
    by: str
    at: datetime
    told: int = 1
    """How often it was told: more than once where it was corrected."""


@dataclass(frozen=True, slots=True)
class Recovery:
    """What is done about a scheme or a metric that is off track."""

    of: str
    """``scheme/ID`` or ``metric/ID``."""
    words: str
    due: date
    office: str
    by: str
    at: datetime
    progress: tuple[tuple[datetime, str, bool], ...] = ()
    """When, the digest of the words, and whether it is done."""

    @property
    def done(self) -> bool:
        """Whether it was told that it is."""
        return any(done for _, _, done in self.progress)


@dataclass(frozen=True, slots=True)
class Told:
    """All that was told of a plan's delivery."""

    plan: str
    milestones: Mapping[str, Milestone] = field(default_factory=lambda: MappingProxyType({}))
    outcomes: Mapping[tuple[Quarter, str, str], Outcome] = field(default_factory=lambda: MappingProxyType({}))
    recoveries: Mapping[str, Recovery] = field(default_factory=lambda: MappingProxyType({}))
    """The last of each scheme and metric."""
    version: int = 0


def stream_of(plan: str) -> str:
    """The stream of a plan's delivery."""
    return f"delivery/{plan}"


# How each is written.


def milestone_set(plan: str, scheme: str, words: str, due: date, body: str) -> NewFact:
    """The fact that a scheme has a milestone. Its number is the milestone's."""
    about: Body = {"scheme": scheme, "words": words or None, "due": due.isoformat()}
    return NewFact(stream_of(plan), "MilestoneSet", 1, about, on_behalf_of=body)


def milestone_told(plan: str, milestone: str, on: date, words: str, body: str, *, done: bool) -> NewFact:
    """The fact that a milestone is done, or forecast for a day."""
    about: Body = {"milestone": milestone, "done": done, "words": words or None}
    return NewFact(stream_of(plan), "MilestoneTold", 1, about, effective_on=on, on_behalf_of=body)


def delivery_told(
    plan: str, quarter: Quarter, line: tuple[str, str], activity: Decimal | None, pence: Pence, words: str, body: str
) -> NewFact:  # fmt: skip
    """The fact of what a scheme did in a quarter. ``line``: the scheme, and the kind of benefit."""
    about: Body = {
        "quarter": str(quarter), "scheme": line[0], "kind": line[1],
        "activity": None if activity is None else str(activity), "pence": pence, "words": words or None,
    }  # fmt: skip
    return NewFact(stream_of(plan), "DeliveryTold", 1, about, on_behalf_of=body)


def recovery_made(plan: str, of: str, words: str, due: date, office: str, body: str) -> NewFact:
    """The fact that there is a recovery plan."""
    about: Body = {"of": of, "words": words or None, "due": due.isoformat(), "office": office}
    return NewFact(stream_of(plan), "RecoveryPlanMade", 1, about, on_behalf_of=body)


def recovery_told(plan: str, of: str, words: str, body: str, *, done: bool) -> NewFact:
    """The fact that it was told how a recovery plan gets on."""
    about: Body = {"of": of, "words": words or None, "done": done}
    return NewFact(stream_of(plan), "RecoveryTold", 1, about, on_behalf_of=body)


# The fold.


def told(plan: str, facts: Iterable[Fact]) -> Told:
    """What the facts of the stream come to. Unusable where one of them could not have been decided."""
    return fold(facts, Told(plan), _apply, KINDS)


def _apply(held: Told, fact: Fact) -> Told:
    held = replace(held, version=fact.version)
    body, words = fact.body, str(fact.body["words"] or "")
    match fact.kind:
        case "MilestoneSet":
            made = Milestone(str(fact.version), str(body["scheme"]), words, date.fromisoformat(str(body["due"])))  # fmt: skip
            return replace(held, milestones=MappingProxyType({**held.milestones, made.id: made}))
        case "MilestoneTold":
            found = held.milestones.get(str(body["milestone"]))
            if found is None or fact.effective_on is None:
                raise _impossible(fact, "there is no such milestone, or no day")
            said = MilestoneSaid(body["done"] is True, fact.effective_on, words, fact.by, fact.at)
            again = replace(found, said=(*found.said, said))
            return replace(held, milestones=MappingProxyType({**held.milestones, found.id: again}))
        case "DeliveryTold":
            return replace(held, outcomes=MappingProxyType({**held.outcomes, **_outcome(held, fact, words)}))
        case "RecoveryPlanMade":
            recovery = Recovery(
                str(body["of"]), words, date.fromisoformat(str(body["due"])), str(body["office"]), fact.by, fact.at
            )  # fmt: skip
            return replace(held, recoveries=MappingProxyType({**held.recoveries, recovery.of: recovery}))
        case _:
            going = held.recoveries.get(str(body["of"]))
            if going is None or going.done:
                raise _impossible(fact, "no recovery plan of it goes on")
            more = replace(going, progress=(*going.progress, (fact.at, words, body["done"] is True)))
            return replace(held, recoveries=MappingProxyType({**held.recoveries, going.of: more}))


def _outcome(held: Told, fact: Fact, words: str) -> dict[tuple[Quarter, str, str], Outcome]:
    body = fact.body
    key = Quarter.parse(str(body["quarter"])), str(body["scheme"]), str(body["kind"])
    activity, pence = body["activity"], body["pence"]
    if not isinstance(pence, int):
        raise _impossible(fact, "an amount is whole pence")
    before = held.outcomes.get(key)
    made = Outcome(
        *key, None if activity is None else Decimal(str(activity)), pence, words, fact.by, fact.at, before.told + 1 if before else 1
    )  # fmt: skip
    return {key: made}


def _impossible(fact: Fact, why: str) -> Unusable:
    return Unusable(f"Version {fact.version} of {fact.stream} cannot be: {why}.")


# What it comes to.


@dataclass(frozen=True, slots=True)
class Promise:
    """What a plan promises of one kind of benefit by one scheme, in a year."""

    scheme: str
    kind: str
    activity: Decimal | None
    pence: Pence
    credible: Pence | None
    """None while reviews of the plan are not moderated."""


@dataclass(frozen=True, slots=True)
class Line:
    """A promise beside what was told, up to a quarter."""

    promise: Promise
    quarters: int
    """How many quarters of the year something was told of."""
    planned_activity: Decimal | None
    activity: Decimal | None
    planned: Pence
    """Of the quarters that something was told of."""
    delivered: Pence

    @property
    def share(self) -> Fraction | None:
        """The part of what was planned so far that was delivered: by money, else by activity; None where nothing was told."""
        if not self.quarters:
            return None
        if self.planned:
            return Fraction(self.delivered, self.planned)
        if self.planned_activity and self.activity is not None:
            return Fraction(self.activity) / Fraction(self.planned_activity)
        return None

    def off(self, rule: Delivering) -> bool:
        """Whether it is below the mark of the rules; exactly at it is not."""
        return self.share is not None and self.share * 100 < Fraction(rule.off_track_below)


def lines_of(promises: Iterable[Promise], found: Told, quarters: Iterable[Quarter]) -> tuple[Line, ...]:
    """Every promise beside what was told of it in the quarters of its year."""
    year = tuple(quarters)
    made = []
    for each in promises:
        said = [
            found.outcomes[key] for one in year if (key := (one, each.scheme, each.kind)) in found.outcomes
        ]
        parts = share(each.pence, {str(one): 1 for one in year}) if each.pence else {}
        known = [each.activity for each in said if each.activity is not None]
        made.append(
            Line(
                each,
                len(said),
                None if each.activity is None else each.activity * len(said) / len(year),
                sum(known, Decimal(0)) if known else None,
                sum(parts.get(str(one.quarter), 0) for one in said),
                sum(one.pence for one in said),
            )
        )
    return tuple(made)


def off_track(lines: Iterable[Line], metrics: Mapping[str, str], rule: Delivering) -> dict[str, str]:
    """What is off track, with why: each scheme by its promises so far, each metric by what the last return says."""
    found: dict[str, str] = {}
    for each in lines:
        if each.off(rule) and each.share is not None:
            part = f"{float(each.share * 100):.1f}%"
            found[f"scheme/{each.promise.scheme}"] = (
                f"{part} of what was planned so far: {in_pounds(each.delivered)} of {in_pounds(each.planned)}"
                if each.planned
                else f"{part} of the activity that was planned so far"
            )
    return found | {f"metric/{name}": says for name, says in metrics.items()}


def findings_of(
    found: Told, off: Mapping[str, str], names: Mapping[str, str], rule: Delivering, cite: str, today: date
) -> list[Finding]:
    """What wants doing: a recovery plan that is missing or late, a milestone that is late or will be."""
    made = []
    for of, why in off.items():
        recovery = found.recoveries.get(of)
        if recovery is None or recovery.done:
            by = in_words(today + timedelta(days=int(rule.recovery_due_in_days)))
            says = f"{names.get(of, of)} is off track: {why}."
            made.append(Finding("no-recovery-plan", Severity.WARNING, of, says, f"Make a recovery plan, by {by}.", cite))  # fmt: skip
        elif today > recovery.due:
            says = f"The recovery plan for {names.get(of, of)} was to be done by {in_words(recovery.due)}, and {names.get(of, of)} is still off track."
            made.append(Finding("recovery-late", Severity.WARNING, of, says, "Tell how it gets on, or make another plan.", cite))  # fmt: skip
    for each in found.milestones.values():
        stands = each.stands(today)
        if stands in {Stands.LATE, Stands.FORECAST_LATE}:
            says = f"A milestone of {names.get(f'scheme/{each.scheme}', each.scheme)} was due on {in_words(each.due)}."
            if stands is Stands.FORECAST_LATE:
                says = f"A milestone of {names.get(f'scheme/{each.scheme}', each.scheme)}, due on {in_words(each.due)}, is forecast for {in_words(each.said[-1].on)}."
            made.append(Finding("milestone-late", Severity.WARNING, f"milestone/{each.id}", says, "Tell when it was done, or for when it is forecast.", cite))  # fmt: skip
    return made
