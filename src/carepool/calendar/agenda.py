"""A plan's deadline worked backwards for every party: its last meeting in time, papers, notice, routes, and who blocks now."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime

from carepool.basics.periods import LONDON
from carepool.calendar.days import first_after, last_before, last_in_time
from carepool.calendar.meetings import Diary, Meeting, OwnDays
from carepool.calendar.parts import Agenda, Clear, Due, Line, OpenRoute, Party, Step, StepKind
from carepool.calendar.words import (
    delegation_working,
    effect_working,
    findings_of,
    meeting_working,
    route_working,
    stretch_working,
)
from carepool.rules.procedure import Procedure, Stretch
from carepool.rules.scalars import Confidence


def agenda(
    plan: str,
    due: Due,
    now: datetime,
    parties: Iterable[Party],
    diaries: Mapping[str, Diary],
    procedure: Procedure,
    cite: str,
) -> Agenda:
    """A deadline worked backwards for the parties of a plan, as it looks at an instant.

    ``cite`` is how a working names the procedure's file. Unusable for days whose holidays are not held.
    """
    procedure.check(due.at.day)
    today = now.astimezone(LONDON).date()
    lines = tuple(
        _line(plan, due, today, each, diaries.get(each.body, Diary(each.body)), procedure, cite)
        for each in parties
    )
    passed = now > due.at.instant
    return Agenda(plan, due, today, passed, lines, tuple(findings_of(due, today, passed, lines)))


def own_days(usual: Stretch, held: Diary, on: date) -> OwnDays | None:
    """What a body's constitution lays down in the place of the usual days; None where it has no choice, or has fewer than it may."""
    own = held.own_on(usual.step, on) if usual.own else None
    return own if own is not None and own.days >= usual.least else None


def clear(procedure: Procedure, held: Diary, step: str, kind: str, cite: str, on: date) -> Clear | None:
    """The days that a body must leave at a step by what counts on a day: its own where it entered some, else those of the rules; None for no such step."""
    usual = procedure.stretch(step, kind)
    if usual is None:
        return None
    own = own_days(usual, held, on)
    if own is not None:
        return Clear(
            usual.says,
            own.days,
            own.unit,
            f"the body's own constitution, as it entered it ({held.body})",
            False,
        )
    recalled = usual.confidence is Confidence.RECALLED
    return Clear(usual.says, int(usual.days), usual.unit, f"{cite}: {usual.source}", recalled)


def effect_on(meeting_day: date, call_in: Clear | None, procedure: Procedure) -> date:
    """The day from which what is decided on a day counts: the same, or once it can no longer be called in."""
    return first_after(meeting_day, call_in.days, call_in.unit, procedure.closed) if call_in else meeting_day


def _line(
    plan: str, due: Due, today: date, party: Party, held: Diary, procedure: Procedure, cite: str
) -> Line:
    given = held.notices.get(plan)
    found = _way(due, today, party, held, procedure, cite, given.on if given else None)
    urgent = procedure.routes_of("call_in", party.kind)
    effect = None
    if found.later:
        effect = effect_on(
            found.later.on, clear(procedure, held, "call_in", party.kind, cite, found.later.on), procedure
        )
    return replace(found, urgent=urgent, notice=given.on if given else None, later_effect=effect)


def _way(
    due: Due, today: date, party: Party, held: Diary, procedure: Procedure, cite: str, given: date | None
) -> Line:
    if party.decided:
        return Line(party, None, (), (), ())
    # What is laid down counts from the day after it was entered, so that for every day to come it is the latest.
    call_in = clear(procedure, held, "call_in", party.kind, cite, max(today, due.at.day))

    def in_time(day: date) -> bool:
        return (
            effect_on(day, call_in, procedure) <= due.at.day
            if call_in and call_in.days
            else day <= due.last_day
        )

    fitting = [each for each in held.standing if in_time(each.on)]
    coming = [each for each in fitting if each.on >= today]
    later = next((each for each in held.standing if each.on >= today and not in_time(each.on)), None)
    if coming:
        return _by_meeting(due, today, party, coming[-1], held, procedure, cite, call_in, given)
    last = due.at.day if call_in and call_in.days else due.last_day
    by = last_in_time(last, call_in.days if call_in else 0, call_in.unit if call_in else "", procedure.closed)
    effect = effect_on(by, call_in, procedure)
    steps = (
        Step(StepKind.DELEGATION, by, party.deciders, delegation_working(due, by, call_in), by < today),
        Step(StepKind.EFFECT, effect, party.name, effect_working(by, effect, call_in), effect < today),
    )
    elections = procedure.elections_on(party.kind, [by])
    return Line(party, None, steps, (), elections, fitting[-1] if fitting else None, later)


def _by_meeting(
    due: Due, today: date, party: Party, meeting: Meeting, held: Diary, procedure: Procedure, cite: str,
    call_in: Clear | None, given: date | None,
) -> Line:  # fmt: skip
    """The way through a meeting that can still decide: back to its papers and its notice, and on to its effect."""
    closed = procedure.closed
    steps: list[Step] = []
    routes: list[OpenRoute] = []
    for word, kind in (("notice", StepKind.NOTICE), ("papers", StepKind.PAPERS)):
        needed = clear(procedure, held, word, party.kind, cite, meeting.on)
        if needed is None:
            continue
        own_day = meeting.papers_by if kind is StepKind.PAPERS else None
        by = own_day or last_before(meeting.on, needed.days, needed.unit, closed)
        done = given if kind is StepKind.NOTICE else None
        working = stretch_working(meeting, by, needed, own_day, done)
        in_time = done is None or done <= by
        passed = by < today and done is None
        whose = party.noticers or party.keepers if kind is StepKind.NOTICE else party.keepers
        steps.append(Step(kind, by, whose, working, passed, done, in_time))
        if passed or not in_time:
            routes += _open(procedure, meeting, word, kind, party.kind, today, cite)
    effect = effect_on(meeting.on, call_in, procedure)
    steps.append(
        Step(
            StepKind.MEETING,
            meeting.on,
            party.deciders,
            meeting_working(due, meeting, effect, call_in),
            meeting.on < today,
        )
    )
    steps.append(
        Step(StepKind.EFFECT, effect, party.name, effect_working(meeting.on, effect, call_in), effect < today)
    )
    elections = procedure.elections_on(party.kind, [meeting.on])
    return Line(party, meeting, tuple(sorted(steps, key=lambda each: list(StepKind).index(each.kind))), tuple(routes), elections)  # fmt: skip


def _open(
    procedure: Procedure, meeting: Meeting, word: str, kind: StepKind, body_kind: str, today: date, cite: str
) -> list[OpenRoute]:
    """The first route still open where a step was missed; none when even the last is closed."""
    for route in procedure.routes_of(word, body_kind):
        until = last_before(meeting.on, int(route.days), route.unit, procedure.closed)
        if until >= today:
            return [OpenRoute(route, kind, until, route_working(meeting, route, until, cite))]
    return []
