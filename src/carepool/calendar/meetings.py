"""When a body meets: dates that are planned, moved and called off, the days that its constitution lays down, and notices it gave."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from carepool.basics.periods import parse_date
from carepool.basics.refusals import NotHere, Unusable
from carepool.journal.facts import Body, Fact, NewFact, check_name
from carepool.journal.folding import Kind, Kinds, fold


def _laid_down_unsaid(body: Body) -> Body:
    # It counted at once, and said neither why nor by which rules.
    return {**body, "first": None, "rules": "", "action": "", "words": None}


KINDS = Kinds(
    [
        *(
            Kind(name, 1)
            for name in ("MeetingPlanned", "MeetingMoved", "MeetingCancelled", "KeyNoticePublished")
        ),
        Kind("ClearDaysLaidDown", 2, {1: _laid_down_unsaid}, cites=("words",)),
    ]
)
LONGEST_COMMITTEE = 100
"""Characters in the name of what meets."""


class MeetingKind(StrEnum):
    """What meets; the words are those on the page."""

    FULL = "full"
    SUB = "sub-committee"


@dataclass(frozen=True, slots=True)
class Meeting:
    """One meeting, as it stands now."""

    id: str
    """Counts the body's meetings, from 1."""
    body: str
    on: date
    committee: str
    """What meets: the cabinet, the governing body, the board."""
    kind: MeetingKind
    papers_by: date | None
    """The body's own last day for papers, where it named one."""
    cancelled: bool
    changes: int
    """How often it was moved or called off."""
    at: datetime
    """When it was last changed."""


@dataclass(frozen=True, slots=True)
class OwnDays:
    """A number of days that a body's constitution lays down in the place of the usual one."""

    days: int
    unit: str
    at: datetime
    first: date | None = None
    """The first day for which it counts; None for at once."""
    before: "OwnDays | None" = None
    """What the body had laid down until then."""

    def on(self, day: date) -> "OwnDays | None":
        """What counts on a day; None where nothing did yet."""
        if self.first is None or self.first <= day:
            return self
        return self.before.on(day) if self.before else None


@dataclass(frozen=True, slots=True)
class Given:
    """Notice that a key decision on a plan is intended, as it was published."""

    on: date
    at: datetime
    """When that was recorded."""


@dataclass(frozen=True, slots=True)
class Diary:
    """All that a body has entered."""

    body: str
    meetings: tuple[Meeting, ...] = ()
    """By the day, those called off among them."""
    own: Mapping[str, OwnDays] = field(default_factory=dict)
    """By the step that they are for."""
    notices: Mapping[str, Given] = field(default_factory=dict)
    """Of key decisions, by the plan that each is about; what was recorded last stands."""
    version: int = 0

    def own_on(self, step: str, day: date) -> OwnDays | None:
        """The body's own days for a step, as they count on a day."""
        own = self.own.get(step)
        return own.on(day) if own else None

    @property
    def standing(self) -> tuple[Meeting, ...]:
        """The meetings that were not called off."""
        return tuple(each for each in self.meetings if not each.cancelled)

    def meeting(self, id: str) -> Meeting:
        """One meeting. NotHere for one that was never planned."""
        for each in self.meetings:
            if each.id == id:
                return each
        raise NotHere(f"{self.body} has no meeting {id}. Look at the list of its meetings.")


def stream_of(body: str) -> str:
    """The stream of a body's meetings."""
    return f"meetings/{body}"


def diary(body: str, facts: Iterable[Fact]) -> Diary:
    """What the facts of a body's stream come to."""
    found = fold(facts, Diary(body), _applied, KINDS)
    return replace(found, meetings=tuple(sorted(found.meetings, key=lambda each: (each.on, int(each.id)))))


def _applied(held: Diary, fact: Fact) -> Diary:
    body = fact.body
    held = replace(held, version=fact.version)
    if fact.kind == "ClearDaysLaidDown":
        step = str(body["step"])
        own = OwnDays(
            int(str(body["days"])), str(body["unit"]), fact.at, _day(body["first"]), held.own.get(step)
        )
        return replace(held, own={**held.own, step: own})
    if fact.kind == "KeyNoticePublished":
        given = Given(parse_date(str(body["on"])), fact.at)
        return replace(held, notices={**held.notices, str(body["plan"]): given})
    if fact.kind == "MeetingPlanned":
        planned = Meeting(
            str(body["id"]), held.body, parse_date(str(body["on"])), str(body["committee"]),
            MeetingKind(str(body["kind"])), _day(body["papers_by"]), False, 0, fact.at,
        )  # fmt: skip
        return replace(held, meetings=(*held.meetings, planned))
    return replace(
        held,
        meetings=tuple(_changed(each, fact) if each.id == body["id"] else each for each in held.meetings),
    )


def _changed(meeting: Meeting, fact: Fact) -> Meeting:
    changed = replace(meeting, changes=meeting.changes + 1, at=fact.at)
    if fact.kind == "MeetingCancelled":
        return replace(changed, cancelled=True)
    return replace(
        changed, on=parse_date(str(fact.body["on"])), papers_by=_day(fact.body["papers_by"]), cancelled=False
    )


def _day(value: object) -> date | None:
    return parse_date(str(value)) if value else None


def plan_meeting(
    body: str,
    id: str,
    on: date,
    committee: str,
    kind: MeetingKind,
    papers_by: date | None = None,
) -> NewFact:
    """The fact that a meeting is planned. Unusable without a committee, or with papers due after the meeting."""
    _check(committee, on, papers_by)
    content = {"id": id, "on": on, "committee": committee, "kind": kind, "papers_by": papers_by}
    return NewFact(stream_of(body), "MeetingPlanned", 1, content, effective_on=on, on_behalf_of=body)


def move_meeting(meeting: Meeting, on: date, papers_by: date | None = None) -> NewFact:
    """The fact that a meeting is on another day. Unusable with papers due after the meeting."""
    _check(meeting.committee, on, papers_by)
    content = {"id": meeting.id, "on": on, "papers_by": papers_by}
    return NewFact(
        stream_of(meeting.body), "MeetingMoved", 1, content, effective_on=on, on_behalf_of=meeting.body
    )


def cancel_meeting(meeting: Meeting) -> NewFact:
    """The fact that a meeting is called off."""
    return NewFact(
        stream_of(meeting.body), "MeetingCancelled", 1, {"id": meeting.id}, on_behalf_of=meeting.body
    )


def lay_down_days(
    body: str, step: str, days: int, unit: str, first: date, rules: str, action: str, words: str
) -> NewFact:
    """The fact that a body's constitution lays down another number of days for a step, from a day on, and where it says so.

    ``rules`` and ``action`` are those by which it was entered; ``words`` names the document with its reasons.
    """
    content = {
        "step": step, "days": days, "unit": unit, "first": first, "rules": rules, "action": action, "words": words,
    }  # fmt: skip
    return NewFact(stream_of(body), "ClearDaysLaidDown", 2, content, effective_on=first, on_behalf_of=body)


def publish_notice(body: str, plan: str, on: date) -> NewFact:
    """The fact that notice of a key decision on a plan was published on a day; recorded again, the later word stands."""
    content = {"plan": plan, "on": on}
    return NewFact(stream_of(body), "KeyNoticePublished", 1, content, effective_on=on, on_behalf_of=body)


def _check(committee: str, on: date, papers_by: date | None) -> None:
    check_name("committee", committee)
    if len(committee) > LONGEST_COMMITTEE:
        raise Unusable(
            f"The name of what meets has {len(committee)} characters. Use at most {LONGEST_COMMITTEE}."
        )
    if papers_by is not None and papers_by > on:
        raise Unusable("The papers would be due after the meeting. Give the day by which they go out.")
