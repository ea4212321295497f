"""How a body came to its decision: by a meeting, an officer, a delegated officer; from when it counts; within which limits."""

from dataclasses import dataclass
from datetime import date, timedelta

from carepool.basics.periods import in_words
from carepool.basics.words import blank
from carepool.plans.document import EVERY
from carepool.rules.schema import Decisions, WayWord
from carepool.signoff.call_in import Urgency
from carepool.signoff.tolerance import Limit, Measure, Tolerance

MOST_LIMITS = 40
"""Limits in one decision; more are no limits that anybody reads."""
LONGEST_WAIT = timedelta(days=366)
"""After so long a decision that has not taken effect is a slip of the year."""
AT_A_MEETING: frozenset[str] = frozenset({"meeting", "sub_committee"})
FIGURES = {
    Measure.POUNDS: {"money"},
    Measure.NUMBER: {"count"},
    Measure.PER_CENT: {"money", "count", "percent"},
}


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting that decided."""

    on: date
    committee: str
    quorate: bool
    interests: str
    """What was declared; “none” is an answer."""
    minute: str
    """The number or address of its minute."""

    def as_data(self) -> dict[str, object]:
        """In the shapes of JSON, for what is signed."""
        return {
            "on": self.on.isoformat(),
            "committee": self.committee.strip(),
            "quorate": self.quorate,
            "interests": self.interests.strip(),
            "minute": self.minute.strip(),
        }


@dataclass(frozen=True, slots=True)
class How:
    """How a decision was taken."""

    way: WayWord = "officer"
    meeting: Meeting | None = None
    effective_on: date | None = None
    """The day from which it counts, where it can be called in until then."""
    tolerance: Tolerance | None = None
    key: bool | None = None
    """Whether it is a key decision; None where that was not said."""
    urgency: Urgency | None = None
    """By which route a key decision does not wait for a call-in, why, and who agreed to it."""

    def as_data(self) -> dict[str, object]:
        """In the shapes of JSON, for what is signed."""
        return {
            "way": self.way,
            "meeting": self.meeting.as_data() if self.meeting else None,
            "effective_on": self.effective_on.isoformat() if self.effective_on else None,
            "tolerance": self.tolerance.as_data() if self.tolerance else None,
            "key": self.key,
            "urgency": self.urgency.as_data() if self.urgency else None,
        }


def faults(how: How, rules: Decisions, kind: str, today: date) -> tuple[tuple[str, str], ...]:
    """What stands in the way of deciding so, as field and sentence; none where nothing does.

    ``kind`` is the kind of body.
    """
    ways = {each.kind for each in rules.ways_of(kind)} or {"officer"}
    found: list[tuple[str, str]] = []
    if how.way not in ways:
        words = ", ".join(sorted(each.replace("_", " ") for each in ways))
        found.append(
            (
                "way",
                f"These rules know no decision of this body by {how.way.replace('_', ' ')}. Choose one of {words}.",
            )
        )
    if how.way in AT_A_MEETING:
        found += _of_meeting(how.meeting, today)
    if how.effective_on is not None and not today <= how.effective_on <= today + LONGEST_WAIT:
        found.append(
            (
                "effective_on",
                f"It would take effect on {in_words(how.effective_on)}. Write a day from today on, within a year.",
            )
        )
    if how.tolerance is not None:
        found += _of_tolerance(how.tolerance, rules, today)
    return tuple(found)


def _of_meeting(meeting: Meeting | None, today: date) -> list[tuple[str, str]]:
    if meeting is None:
        return [("held_on", "A meeting's decision needs the day of the meeting. Write it like 2014-09-10.")]
    found = []
    if meeting.on > today:
        found.append(
            (
                "held_on",
                f"The meeting of {in_words(meeting.on)} has not been held yet. Record its decision afterwards.",
            )
        )
    if not meeting.quorate:
        found.append(
            (
                "quorate",
                "A meeting without its quorum decides nothing. Say that there was one, or decide in another way.",
            )
        )
    if blank(meeting.interests):
        found.append(("interests", "Write which interests were declared, or “none”."))
    if blank(meeting.minute):
        found.append(("minute", "Write where the minute is: its number, or its address."))
    return found


def _of_tolerance(tolerance: Tolerance, rules: Decisions, today: date) -> list[tuple[str, str]]:
    if rules.tolerance is None or not rules.tolerance.allowed:
        return [
            (
                "tolerance",
                "These rules let nobody agree within limits. Agree to exactly this version, or refuse it.",
            )
        ]
    found = []
    if not tolerance.limits:
        found.append(("tolerance", "Write at least one limit: a section, and how far it may move."))
    if len(tolerance.limits) > MOST_LIMITS:
        found.append(
            ("tolerance", f"There are {len(tolerance.limits)} limits; {MOST_LIMITS} are the most. Join some.")
        )
    if not today <= tolerance.until <= today + LONGEST_WAIT:
        found.append(
            (
                "until",
                f"The limits would hold until {in_words(tolerance.until)}. Write a day from today on, within a year.",
            )
        )
    found += [("tolerance", says) for each in tolerance.limits if (says := _of_limit(each))]
    return found


def _of_limit(limit: Limit) -> str:
    """What is wrong with one limit, or an empty text."""
    about = EVERY.get(limit.section)
    if about is None:
        return f"“{limit.section}” is no section of a plan. Choose one from the list."
    kinds = {each.name: each.kind for each in about.fields}
    kinds |= {each.name: each.kind for listed in about.lists for each in listed.fields}
    if limit.field and limit.field not in kinds:
        return f"“{limit.field}” is no field of {about.title}. Choose one from the list, or leave it for the whole section."
    if limit.measure is Measure.ANY:
        return (
            ""
            if limit.up_to is None
            else f"A limit of {about.title} for any change has no figure. Take it out."
        )
    if limit.up_to is None or limit.up_to <= 0:
        return f"Say by how much {about.title} may move: a figure above zero."
    if limit.field and kinds[limit.field] not in FIGURES[limit.measure]:
        return (
            f"“{limit.field.replace('_', ' ')}” of {about.title} cannot be measured in {limit.measure.value}. "
            "Choose another measure."
        )
    return ""
