"""How public bodies come to a decision in time: notices, papers, call-in, urgency routes, holidays and elections, as data."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import Field

from carepool.basics.periods import in_words
from carepool.basics.refusals import Unusable
from carepool.rules.scalars import Checked, Cited, Day, Entry, Name, Number, Text, YesNo

KindWord = Literal["council", "ccg", "icb", "board", "nhs_england", "ministers"]
StepWord = Literal["notice", "papers", "call_in"]
UnitWord = Literal["clear days", "clear working days"]


class Stretch(Cited):
    """Days that must lie between two things; neither the first day nor the last is counted."""

    id: Name
    step: StepWord
    """``notice`` and ``papers`` lie before a meeting, ``call_in`` after it and before the decision takes effect."""
    says: Text
    of: tuple[KindWord, ...] = Field(min_length=1)
    days: Number = Field(ge=0, le=100, multiple_of=1)
    unit: UnitWord
    own: YesNo
    """Whether a body's constitution may lay down another number, which the body then enters."""
    least: Number = Field(default=Decimal(0), ge=0, le=100, multiple_of=1)
    """The fewest days that a body may lay down."""

    @property
    def key(self) -> str:
        """Its id."""
        return self.id


class Route(Cited):
    """What can still be done when a stretch before a meeting was missed, or when the days for a call-in cannot be waited for."""

    id: Name
    missed: StepWord
    says: Text
    of: tuple[KindWord, ...] = Field(min_length=1)
    days: Number = Field(ge=0, le=100, multiple_of=1)
    unit: UnitWord
    needs: Text
    """Whom to tell or whose agreement to have, as something to do."""

    @property
    def key(self) -> str:
        """Its id."""
        return self.id


class Holiday(Cited):
    """A day on which offices are closed in England, beside Saturdays and Sundays."""

    on: Day
    says: Text

    @property
    def key(self) -> str:
        """The day."""
        return self.on.isoformat()


class PreElection(Cited):
    """The days before a poll in which bodies announce and decide with restraint."""

    id: Name
    says: Text
    of: tuple[KindWord, ...] = Field(min_length=1)
    first: Day = Field(alias="from")
    last: Day = Field(alias="to")
    """The day of the poll."""

    @property
    def key(self) -> str:
        """Its id."""
        return self.id

    def covers(self, day: date) -> bool:
        """Whether a day is in it."""
        return self.first <= day <= self.last


class Procedure(Entry):
    """``procedure.yaml``."""

    says: Text
    stretches: tuple[Stretch, ...] = Field(min_length=1)
    routes: tuple[Route, ...] = ()
    holidays: tuple[Holiday, ...] = Field(min_length=1)
    elections: tuple[PreElection, ...] = ()
    known_from: Day
    known_until: Day
    """No holiday or election outside these days is listed, so no day outside them can be worked out."""
    checked: Checked

    @property
    def closed(self) -> frozenset[date]:
        """The holidays as days."""
        return frozenset(each.on for each in self.holidays)

    def stretch(self, step: str, kind: str) -> Stretch | None:
        """What a kind of body must leave at a step; None where it has no such step."""
        return next((each for each in self.stretches if each.step == step and kind in each.of), None)

    def routes_of(self, missed: str, kind: str) -> tuple[Route, ...]:
        """What such a body can still do, in order, when the stretch of a step was missed."""
        return tuple(each for each in self.routes if each.missed == missed and kind in each.of)

    def knows_key(self, kind: str) -> bool:
        """Whether such a body takes key decisions: those that can be called in before they take effect."""
        return self.stretch("call_in", kind) is not None

    def elections_on(self, kind: str, days: Iterable[date]) -> tuple[PreElection, ...]:
        """The pre-election periods of such a body that any of the days is in."""
        asked = tuple(days)
        return tuple(
            each for each in self.elections if kind in each.of and any(each.covers(day) for day in asked)
        )

    def check(self, day: date) -> None:
        """Unusable for a day whose holidays are not known: never a stale answer."""
        if not self.known_from <= day <= self.known_until:
            raise Unusable(
                f"The holidays and elections of England are held from {in_words(self.known_from)} to "
                f"{in_words(self.known_until)}, and {in_words(day)} is outside. Add them to procedure.yaml first."
            )
