"""The entries of a calendar that people subscribe to: the same thing keeps its identity when its day moves."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from carepool.basics.periods import in_words
from carepool.calendar.meetings import Meeting
from carepool.calendar.parts import Agenda, Line, Step, StepKind
from carepool.calendar.words import next_says


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: a day, or an instant where an hour is laid down."""

    uid: str
    """The same for the same thing, for ever."""
    sequence: int
    """Grows whenever the thing is changed."""
    changed: datetime
    on: date
    instant: datetime | None
    title: str
    says: str
    cancelled: bool = False


def entries_of_plan(title: str, found: Agenda, sequence: int, changed: datetime) -> Iterator[Entry]:
    """The deadline of a plan and each party's last days on the way to it.

    ``sequence`` counts all that has been recorded of what the days were worked out from.
    """
    due = found.due
    deadline = f"plan.{found.plan}.{due.id}@carepool"
    instant = None if due.whole_day else due.at.instant
    yield Entry(
        deadline, sequence, changed, due.at.day, instant, f"{title}: {due.says}", f"Last moment: {due.at}."
    )
    for line in found.lines:
        for step in line.steps:
            if step.kind is StepKind.EFFECT and step.by == line.by(StepKind.MEETING):
                continue
            yield Entry(
                f"plan.{found.plan}.{due.id}.{line.party.body}.{step.kind.name.lower()}@carepool",
                sequence, changed, step.by, None,
                f"{line.party.name}: {step.kind.lower()} ({title})",
                f"{step.working.of}. {_said(found, line, step)}".strip(),
            )  # fmt: skip


def _said(found: Agenda, line: Line, step: Step) -> str:
    if step.done:
        return f"It was done on {in_words(step.done)}."
    return next_says(line, found.passed) if step is line.next else ""


def entries_of_meetings(name: str, meetings: Iterable[Meeting]) -> Iterator[Entry]:
    """A body's meetings, those called off among them, so that whoever has them in a calendar is told."""
    for each in meetings:
        papers = f"Papers by {in_words(each.papers_by)}. " if each.papers_by else ""
        yield Entry(
            f"meeting.{each.body}.{each.id}@carepool", each.changes, each.at, each.on, None,
            f"{name}: {each.committee}", f"{papers}A {each.kind} meeting.", each.cancelled,
        )  # fmt: skip
