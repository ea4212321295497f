"""From which day a body's decision counts: a key decision once it can no longer be called in, or at once by an urgency route."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Urgency:
    """Why a key decision cannot wait for a call-in, by a route that the rules of procedure hold."""

    route: str
    because: str
    agreed_by: str
    """Whose agreement was had that it cannot wait."""

    def as_data(self) -> dict[str, object]:
        """In the shapes of JSON, for what is signed."""
        return {"route": self.route, "because": self.because.strip(), "agreed_by": self.agreed_by.strip()}


@dataclass(frozen=True, slots=True)
class CallIn:
    """The days in which a key decision can be called in, with the rule that lays them down."""

    days: int
    unit: str
    rules: str
    """The set of rules of procedure."""
    digest: str
    """What that set was when it was used."""
    rule: str
    """The value in it: the days laid down, or the route by which none are left."""
    own: bool
    """Whether the number is the body's own, where the rules leave it the choice."""
    decided_on: date

    def as_data(self) -> dict[str, object]:
        """In the shapes of JSON, for a fact and for what is signed."""
        return {
            "days": self.days,
            "unit": self.unit,
            "rules": self.rules,
            "digest": self.digest,
            "rule": self.rule,
            "own": self.own,
            "decided_on": self.decided_on.isoformat(),
        }


def read_call_in(data: object) -> CallIn | None:
    """A call-in from its shapes of JSON; None where there was none to reckon."""
    if data is None:
        return None
    assert isinstance(data, Mapping)  # noqa: S101 (written so by as_data)
    return CallIn(
        int(str(data["days"])),
        str(data["unit"]),
        str(data["rules"]),
        str(data["digest"]),
        str(data["rule"]),
        bool(data["own"]),
        date.fromisoformat(str(data["decided_on"])),
    )


@dataclass(frozen=True, slots=True)
class Effect:
    """From when a decision counts, and why."""

    key: bool | None = None
    """Whether it is a key decision; None where such a body takes none, or nobody was asked."""
    on: date | None = None
    """The day from which it counts; None for at once."""
    call_in: CallIn | None = None
    urgency: str = ""
    """The route by which it does not wait for a call-in."""

    def after(self, day: date) -> date | None:
        """The day from which it counts, where that is after a day."""
        return self.on if self.on and self.on > day else None

    def as_data(self) -> dict[str, object]:
        """In the shapes of JSON, for a fact."""
        return {
            "key": self.key,
            "call_in": self.call_in.as_data() if self.call_in else None,
            "urgency": self.urgency,
        }
