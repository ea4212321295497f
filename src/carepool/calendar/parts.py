"""The parts of an agenda: a deadline, the parties, their days, the steps on the way, and the line of each party."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from carepool.basics.findings import Finding
from carepool.basics.workings import Working
from carepool.calendar.days import DAY
from carepool.calendar.meetings import Meeting
from carepool.rules.procedure import PreElection, Route
from carepool.rules.scalars import Moment


class StepKind(StrEnum):
    """What is done on the way to a decision, in order; the words are those on the page."""

    NOTICE = "Notice of the key decision"
    PAPERS = "Papers"
    MEETING = "Meeting"
    DELEGATION = "Delegated decision"
    EFFECT = "Takes effect"


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline of a plan's rules."""

    id: str
    says: str
    at: Moment
    rule: str

    @property
    def whole_day(self) -> bool:
        """Whether all of its day is still in time: no hour is laid down."""
        return len(self.at.written) == len("2014-09-19")

    @property
    def last_day(self) -> date:
        """The last day that is in time from morning to night: a meeting of no known hour must be on it or before."""
        return self.at.day if self.whole_day else self.at.day - DAY


@dataclass(frozen=True, slots=True)
class Party:
    """A body whose decision is needed, and what it has said."""

    body: str
    name: str
    kind: str
    outcome: str
    decided: bool
    """Whether it has said yes to the current version, so that nothing of it is awaited."""
    since: datetime
    deciders: str
    """The offices that decide for it, in words."""
    keepers: str
    """The offices that keep its calendar, in words."""
    effect: date | None = None
    """The day from which its decision counts, where that is to come."""
    noticers: str = ""
    """The offices that record its notices, in words."""


@dataclass(frozen=True, slots=True)
class Clear:
    """Days that a body must leave at a step, by the rules or by its own constitution."""

    says: str
    days: int
    unit: str
    rule: str
    recalled: bool


@dataclass(frozen=True, slots=True)
class Step:
    """Something on the way to a decision, and its last day."""

    kind: StepKind
    by: date
    whose: str
    working: Working
    passed: bool
    """Whether its day has passed with the step not done."""
    done: date | None = None
    """When it was done, where that was recorded."""
    in_time: bool = True
    """Whether what was done was done by its day."""


@dataclass(frozen=True, slots=True)
class OpenRoute:
    """What can still be done about a step whose day has passed."""

    route: Route
    missed: StepKind
    until: date
    working: Working


@dataclass(frozen=True, slots=True)
class Line:
    """One party's way to the deadline."""

    party: Party
    meeting: Meeting | None
    """The last meeting that can still decide in time."""
    steps: tuple[Step, ...]
    routes: tuple[OpenRoute, ...]
    """Those still open, the first for each step that was missed."""
    elections: tuple[PreElection, ...]
    """Pre-election periods that the deciding day is in."""
    missed: Meeting | None = None
    """Its last meeting that would have been in time, where it is past."""
    later: Meeting | None = None
    """Its next meeting that is too late for the deadline, where a delegated decision can be ratified."""
    later_effect: date | None = None
    """From when what that meeting decides would count."""
    urgent: tuple[Route, ...] = ()
    """Routes by which its decision would not wait for a call-in."""
    notice: date | None = None
    """When notice of its key decision was published."""

    @property
    def next(self) -> Step | None:
        """The first step whose day has not passed; None where the party has decided, or nothing in time is left."""
        if self.party.decided:
            return None
        return next(
            (
                each
                for each in self.steps
                if not each.passed and not each.done and each.kind is not StepKind.EFFECT
            ),
            None,
        )

    def by(self, kind: StepKind) -> date | None:
        """The last day of a step."""
        return next((each.by for each in self.steps if each.kind is kind), None)

    def has(self, kind: StepKind) -> bool:
        """Whether there is anything to say of a step: its last day, or the day that is known of it."""
        known = {StepKind.NOTICE: self.notice, StepKind.EFFECT: self.party.effect}
        return self.by(kind) is not None or known.get(kind) is not None

    def too_late(self, due: Due) -> bool:
        """Whether it has decided, and its decision counts only after a deadline."""
        return self.party.effect is not None and self.party.effect > due.at.day


@dataclass(frozen=True, slots=True)
class Agenda:
    """A plan's way to one deadline."""

    plan: str
    due: Due
    today: date
    passed: bool
    lines: tuple[Line, ...]
    findings: tuple[Finding, ...] = field(default=())

    @property
    def blocking(self) -> tuple[Line, ...]:
        """Those who have not said yes, the longest awaited first."""
        return tuple(
            sorted((each for each in self.lines if not each.party.decided), key=lambda each: each.party.since)
        )
