"""The shapes in which a plan's way to its deadline leaves as JSON and CSV; commands and pages share them."""

from collections.abc import Iterable

from carepool.actions.calendar import PlanAgenda
from carepool.basics.workings import Working
from carepool.calendar.meetings import Diary
from carepool.calendar.parts import Line, Step
from carepool.render.answers import Data, marked
from carepool.render.csvs import write_csv


def plan(found: PlanAgenda) -> Data:
    """One plan's way to one deadline."""
    made = found.agenda
    return marked(
        {
            "plan": made.plan,
            "title": found.view.history.title,
            "rules": found.view.rules.name,
            "on": made.today,
            "deadline": made.due.id,
            "says": made.due.says,
            "due": made.due.at.instant,
            "due_written": made.due.at.written,
            "passed": made.passed,
            "deadlines": [each.id for each in found.dues],
            "blocking": [
                {
                    "body": each.body or None,
                    "name": each.name,
                    "since": each.since,
                    "next": each.next,
                    "by": each.by,
                    "whose": each.whose,
                }
                for each in found.blockers
            ],
            "parties": [_line(each) for each in made.lines],
            "findings": [each.as_data() for each in made.findings],
        },
        found.view.area.illustrative,
    )


def _line(line: Line) -> Data:
    return {
        "body": line.party.body,
        "name": line.party.name,
        "outcome": line.party.outcome,
        "since": line.party.since,
        "takes_effect": line.party.effect,
        "notice_given": line.notice,
        "meeting": line.meeting.on if line.meeting else None,
        "steps": [
            {
                "step": each.kind,
                "by": each.by,
                "passed": each.passed,
                "done": each.done,
                "in_time": each.in_time,
                "whose": each.whose,
                "working": _working(each.working),
            }
            for each in line.steps
        ],
        "routes": [
            {"route": each.route.id, "says": each.route.says, "until": each.until, "needs": each.route.needs}
            for each in line.routes
        ],
        "elections": [each.says for each in line.elections],
    }


def _working(working: Working) -> Data:
    return {
        "of": working.of,
        "value": working.value,
        "steps": [step._asdict() for step in working.steps],
        "rests_on": list(working.rests_on),
    }


def plans(found: Iterable[PlanAgenda]) -> list[Data]:
    """Several plans' ways to their next deadlines."""
    return [plan(each) for each in found]


def as_csv(found: Iterable[PlanAgenda]) -> str:
    """A row a step of each party."""
    heading = [
        "plan",
        "title",
        "deadline",
        "due",
        "body",
        "name",
        "outcome",
        "step",
        "by",
        "passed",
        "whose",
        "done",
    ]
    return write_csv(
        heading,
        (
            [
                each.agenda.plan, each.view.history.title, each.agenda.due.id, each.agenda.due.at.written,
                line.party.body, line.party.name, line.party.outcome, step.kind, step.by,
                "yes" if step.passed else "no", step.whose,
                step.done or "",
            ]
            for each in found
            for line in each.agenda.lines
            for step in line.steps
        ),
    )  # fmt: skip


def meetings(name: str, held: Diary, illustrative: bool) -> Data:
    """A body's meetings and its own days."""
    return marked(
        {
            "body": held.body,
            "name": name,
            "meetings": [
                {
                    "id": each.id,
                    "on": each.on,
                    "committee": each.committee,
                    "kind": each.kind,
                    "papers_by": each.papers_by,
                    "cancelled": each.cancelled,
                    "changes": each.changes,
                }
                for each in held.meetings
            ],
            "own_days": {step: {"days": own.days, "unit": own.unit} for step, own in held.own.items()},
        },
        illustrative,
    )


def step_note(step: Step) -> str:
    """What there is to know of a step beside its last day."""
    if step.done:
        return f" (given on {step.done}{'' if step.in_time else ', late'})"
    return " (past)" if step.passed else ""


def text(found: PlanAgenda) -> str:
    """A plan's way to its deadline for a terminal."""
    made = found.agenda
    lines = [
        f"{found.view.history.title}: {made.due.says}, {made.due.at}{' (passed)' if made.passed else ''}"
    ]
    for each in found.blockers:
        by = f" By {each.by}." if each.by else ""
        lines.append(f"  {each.name}, since {each.since.date()}: {each.next}{by} ({each.whose})")
    for line in made.lines:
        effect = f", takes effect on {line.party.effect}" if line.party.effect else ""
        lines.append(f"{line.party.name}: {line.party.outcome}{effect}")
        lines += [f"  {step.by}  {step.kind}{step_note(step)}" for step in line.steps]
    lines += [f"{each.severity.upper()}: {each.says} {each.remedy}" for each in made.findings]
    return "\n".join(lines) + "\n"
