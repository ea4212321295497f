"""How a date of an agenda was worked out, and what an agenda has to say: every sentence of the room."""

from collections.abc import Iterable, Iterator
from datetime import date

from carepool.basics.findings import Finding, Severity
from carepool.basics.periods import in_words
from carepool.basics.workings import Step, Working
from carepool.calendar.meetings import Meeting
from carepool.calendar.parts import Clear, Due, Line, OpenRoute, StepKind
from carepool.rules.procedure import Route
from carepool.rules.rulebook import recalled_words
from carepool.rules.scalars import Confidence


def weekday(day: date) -> str:
    """A day with its weekday: Friday 19 September 2014."""
    return f"{day:%A} {in_words(day)}"


def days_said(days: int, unit: str) -> str:
    """A number of days as it is said: 28 clear days, 1 clear day."""
    return f"{days} {unit if days != 1 else unit.removesuffix('s')}"


def stretch_working(
    meeting: Meeting, by: date, needed: Clear, own_day: date | None, given: date | None = None
) -> Working:
    """How the last day for papers or a notice was found, and when it was given where that was recorded."""
    steps = [_met(meeting)]
    if given:
        steps.append(Step("It was published", weekday(given), "", "", "the body's own entry"))
    if own_day:
        steps.append(Step("The body named the day itself", weekday(own_day), "", "", "the body's own entry"))
        return Working(needed.says, weekday(by), "", tuple(steps))
    how = f"{days_said(needed.days, needed.unit)} between; neither the first day nor the last is counted; published on a working day"
    steps.append(Step(needed.says, weekday(by), "", how, needed.rule))
    return Working(needed.says, weekday(by), "", tuple(steps), _rests_on(needed))


def meeting_working(due: Due, meeting: Meeting, effect: date, call_in: Clear | None) -> Working:
    """Why this meeting is the last that is in time."""
    steps = [_last_moment(due)]
    if call_in:
        steps.append(_counts_from(effect, call_in))
    steps.append(_met(meeting))
    return Working("The last meeting in time", weekday(meeting.on), "", tuple(steps), _rests_on(call_in))


def delegation_working(due: Due, by: date, call_in: Clear | None) -> Working:
    """How the last day for a delegated decision was found."""
    how = f"{days_said(call_in.days, call_in.unit)} for a call-in must be over" if call_in else ""
    steps = (
        _last_moment(due),
        Step("The last working day in time", weekday(by), "", how, call_in.rule if call_in else ""),
    )
    return Working("The last day for a delegated decision", weekday(by), "", steps, _rests_on(call_in))


def effect_working(decided: date, effect: date, call_in: Clear | None) -> Working:
    """From when a decision counts."""
    steps = [Step("The decision is taken", weekday(decided), "")]
    if call_in:
        steps.append(_counts_from(effect, call_in))
    return Working("The decision takes effect", weekday(effect), "", tuple(steps), _rests_on(call_in))


def route_working(meeting: Meeting, route: Route, until: date, cite: str) -> Working:
    """Until when an urgency route is open."""
    how = (
        f"{days_said(int(route.days), route.unit)} before the meeting" if route.days else "before the meeting"
    )
    step = Step(route.says, weekday(until), "", how, f"{cite}: {route.source}")
    recalled = (recalled_words(route.says, cite),) if route.confidence is Confidence.RECALLED else ()
    return Working(f"{route.says} is open until", weekday(until), "", (_met(meeting), step), recalled)


def way_working(line: Line, due: Due) -> Working:
    """A party's whole way to a deadline in one working: the last day of each step, with its arithmetic and its rule."""
    steps = [_last_moment(due)]
    steps += [last for each in line.steps for last in [each.working.steps[-1]._replace(says=each.kind.value)]]
    rests_on = dict.fromkeys(said for each in line.steps for said in each.working.rests_on)
    return Working(
        f"{line.party.name}, the way to the deadline", str(due.at), "", tuple(steps), tuple(rests_on)
    )


def _met(meeting: Meeting) -> Step:
    return Step(f"The meeting ({meeting.committee})", weekday(meeting.on), "", "", "the body's own entry")


def _last_moment(due: Due) -> Step:
    return Step(
        due.says,
        str(due.at),
        "",
        "" if due.whole_day else "no meeting of the same day counts as in time",
        due.rule,
    )


def _counts_from(effect: date, call_in: Clear) -> Step:
    how = f"{days_said(call_in.days, call_in.unit)} between, in which it can be called in"
    return Step("The decision takes effect", weekday(effect), "", how, call_in.rule)


def _rests_on(needed: Clear | None) -> tuple[str, ...]:
    return (recalled_words(needed.says, needed.rule.partition(":")[0]),) if needed and needed.recalled else ()


def next_says(line: Line, passed: bool) -> str:
    """What a party has to do next, as a sentence for whoever looks who blocks."""
    step = line.next
    if line.party.effect:
        return f"Nothing: its decision takes effect on {in_words(line.party.effect)}, once it can no longer be called in."
    if line.party.decided:
        return "Nothing: it has agreed to this version."
    if passed or step is None:
        met = f" Its next meeting is on {in_words(line.later.on)}." if line.later else ""
        late = "Decide by the urgency route, or late." if line.urgent and not passed else "Decide late."
        return f"{late}{met}"
    match step.kind:
        case StepKind.NOTICE:
            return "Publish the notice of the key decision, and record the day."
        case StepKind.PAPERS:
            return (
                f"Send the papers out for the meeting of {in_words(line.meeting.on) if line.meeting else ''}."
            )
        case StepKind.DELEGATION:
            return "Let an officer decide under a delegation, and ratify it at the next meeting."
        case _:
            return "Decide at the meeting."


def findings_of(due: Due, today: date, passed: bool, lines: Iterable[Line]) -> Iterator[Finding]:
    """What an agenda has to say of the parties that have not agreed."""
    lines = tuple(lines)
    awaited = [line for line in lines if not line.party.decided]
    yield from (_counts_late(due, line, passed) for line in lines if line.too_late(due))
    if passed and awaited:
        names = ", ".join(line.party.name for line in awaited)
        says = f"The deadline passed ({due.at}) without a decision of {names}."
        yield _finding("deadline-passed", due.id, says, "Decide now: it is recorded as late.", due.rule)
        return
    for line in awaited:
        yield from _of_line(due, today, line)


def _of_line(due: Due, today: date, line: Line) -> Iterator[Finding]:
    where, name = line.party.body, line.party.name
    if line.meeting is None:
        yield _without_meeting(due, today, line)
    open_routes = {each.missed: each for each in line.routes}
    for step in line.steps:
        if step.done and not step.in_time:
            yield _given_late(line, step.done, step.by, open_routes.get(step.kind))
        elif step.passed and step.kind in {StepKind.NOTICE, StepKind.PAPERS}:
            yield _missed(line, step.kind, step.by, open_routes.get(step.kind))
    for each in line.elections:
        says = f"{name} would decide within the pre-election period of the {each.says[0].lower()}{each.says[1:]} ({in_words(each.first)} to {in_words(each.last)})."
        remedy = "Ask the monitoring officer whether the decision can be taken then, or decide before it."
        yield _finding("pre-election", where, says, remedy, each.source)


def _without_meeting(due: Due, today: date, line: Line) -> Finding:
    where, name, by = line.party.body, line.party.name, line.steps[0].by
    when = f"the meeting of {in_words(line.later.on)}" if line.later else "the next meeting"
    remedy = f"An officer decides under a delegation in writing by {weekday(by)}, and is ratified at {when}."
    if line.later and line.later_effect and line.later.on <= due.last_day:
        return _meets_late(line, line.later, line.later_effect, due, "" if by < today else remedy, by)
    if by < today:
        says = f"No decision of {name} can count by {due.at} any more: the last day was {in_words(by)}."
        late = "Tell the others, and decide late as soon as possible."
        urgent = f"Decide by the urgency route ({_routes(line)}). Or: {late[0].lower()}{late[1:]}"
        return _finding("too-late", where, says, urgent if line.urgent else late, due.rule)
    if line.missed:
        says = f"The last meeting of {name} before the deadline is past ({in_words(line.missed.on)}): a delegation is needed."
        return _finding("meeting-past", where, says, remedy, due.rule)
    says = f"{name} has entered no meeting that could decide by {due.at}."
    enter = f"Enter its meetings. If there is none in time: {remedy[0].lower()}{remedy[1:]}"
    return _finding("no-meeting", where, says, enter, due.rule)


def _meets_late(line: Line, meeting: Meeting, effect: date, due: Due, remedy: str, by: date) -> Finding:
    """A meeting is in time to decide, and what it decides can still be called in at the deadline."""
    name = line.party.name
    says = (
        f"What {name} decides on {in_words(meeting.on)} takes effect on {in_words(effect)}, after the deadline "
        f"({due.at})."
    )
    ways = [f"decide at that meeting by the urgency route ({_routes(line)})"] if line.urgent else []
    if remedy:
        forward = f"bring the meeting forward to {weekday(by)} or before"
        ways = [forward, *ways, f"{remedy[0].lower()}{remedy[1:].removesuffix('.')}"]
    ways = ways or ["tell the others, and decide late as soon as possible"]
    said = "; or ".join(ways)
    return _finding("meeting-too-late", line.party.body, says, f"{said[0].upper()}{said[1:]}.", due.rule)


def _counts_late(due: Due, line: Line, passed: bool) -> Finding:
    """A body has decided, and its decision counts only after the deadline."""
    effect = line.party.effect
    says = (
        f"{line.party.name} has decided, and its decision takes effect on {in_words(effect) if effect else ''}, "
        f"after the deadline ({due.at})."
    )
    return _finding("effect-too-late", line.party.body, says, late_remedy(line, passed), due.rule)


def late_remedy(line: Line, passed: bool) -> str:
    """What can be done about a decision that counts only after the deadline."""
    if passed or not line.urgent:
        return "Tell the others: it counts from that day, and not before."
    return f"Decide again by the urgency route ({_routes(line)}), or tell the others that it counts late."


def _routes(line: Line) -> str:
    return "; ".join(f"{each.says[0].lower()}{each.says[1:]}: {each.needs}" for each in line.urgent)


def _given_late(line: Line, given: date, by: date, route: OpenRoute | None) -> Finding:
    """Notice of a key decision was published, and later than the rules ask before the meeting."""
    met = f"the meeting of {in_words(line.meeting.on)}" if line.meeting else "the meeting"
    says = (
        f"Notice of the key decision of {line.party.name} was published on {in_words(given)}; for {met} the last day "
        f"was {in_words(by)}."
    )
    if route is None:
        remedy = "No urgency route is open for this meeting any more: decide at a later one, or by an officer under a delegation."
        return _finding("notice-late", line.party.body, says, remedy, "")
    remedy = f"{route.route.says}, open until {weekday(route.until)}: {route.route.needs}. Or decide at a later meeting."
    return _finding("notice-late", line.party.body, says, remedy, route.route.source)


def _missed(line: Line, kind: StepKind, by: date, route: OpenRoute | None) -> Finding:
    met = f"the meeting of {in_words(line.meeting.on)}" if line.meeting else "the meeting"
    what = "Notice of the key decision" if kind is StepKind.NOTICE else "The papers"
    code = "notice-day-past" if kind is StepKind.NOTICE else "papers-day-past"
    says = f"{what} of {line.party.name} for {met} had to be published by {in_words(by)}."
    done = "If it was, record the day; if not" if kind is StepKind.NOTICE else "If that was not done"
    if route is None:
        return _finding(code, line.party.body, says, f"{done}, no route is open for this meeting: an officer decides under a delegation, or the body decides late.", "")  # fmt: skip
    remedy = f"{done}: {route.route.says.lower()}, open until {weekday(route.until)}: {route.route.needs}."
    return _finding(code, line.party.body, says, remedy, route.route.source)


def _finding(code: str, where: str, says: str, remedy: str, rule: str) -> Finding:
    return Finding(code, Severity.WARNING, where, says, remedy, rule)
