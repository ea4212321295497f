"""The calendar: every plan's next deadline, one plan's way to it, and both as something to subscribe to."""

from collections.abc import Iterable
from datetime import datetime
from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from carepool.actions.areas import MARK
from carepool.actions.calendar import PlanAgenda, agenda_for, agendas, dues_of, entries_of
from carepool.actions.permits import offices_of
from carepool.basics.periods import parse_as_at
from carepool.calendar.events import Entry
from carepool.calendar.parts import Agenda, Line, StepKind
from carepool.calendar.words import way_working
from carepool.render import calendar_answers, ics
from carepool.render.words import day
from carepool.web.asking import HouseRequest, csv_answer, json_answer
from carepool.web.frame import PlanPage, When, account_of, read_when
from carepool.web.words import about_page

COLUMNS = (StepKind.NOTICE, StepKind.PAPERS, StepKind.MEETING, StepKind.DELEGATION, StepKind.EFFECT)


# Every plan


def page(request: HouseRequest) -> HttpResponse:
    """Every plan's next deadline and who blocks it, those of one's own bodies first."""
    house, when = request.house, read_when(request)
    found = agendas(house, when.upto, moment_of(when))
    mine = _own_bodies(request)
    ours = [each for each in found if mine & _bodies(each)]
    others = [each for each in found if not mine & _bodies(each)]
    context = {
        "section": "calendar",
        "when": when,
        "errors": [("as_at", when.error)] if when.error else [],
        "ours": [_row(each, when) for each in ours],
        "others": [_row(each, when) for each in others],
        "take_away": _links("calendar", when),
        "mark": MARK if any(each.view.area.illustrative for each in found) else "",
        **about_page(house),
    }
    if when.day:
        context["as_at"] = when.says
    return render(request, "web/calendar.jinja", context, status=_status(when))


def as_json(request: HouseRequest) -> HttpResponse:
    """Every plan's way to its next deadline, as JSON."""
    when = read_when(request)
    if when.error:
        return _not_a_day(when)
    return json_answer(calendar_answers.plans(agendas(request.house, when.upto, moment_of(when))))


def as_csv(request: HouseRequest) -> HttpResponse:
    """A row a step of each party, as CSV."""
    when = read_when(request)
    if when.error:
        return _not_a_day(when)
    return csv_answer(
        "calendar.csv", calendar_answers.as_csv(agendas(request.house, when.upto, moment_of(when)))
    )


def as_ics(request: HouseRequest) -> HttpResponse:
    """All of it to subscribe to."""
    when = read_when(request)
    if when.error:
        return _not_a_day(when)
    return _calendar(request, "carepool: all plans", agendas(request.house, when.upto, moment_of(when)))


def _own_bodies(request: HouseRequest) -> set[str]:
    account = account_of(request)
    return {each.body for each in offices_of(request.house, account.id)} if account else set()


def _bodies(found: PlanAgenda) -> set[str]:
    return {line.party.body for line in found.agenda.lines}


def _row(found: PlanAgenda, when: When) -> tuple[object, ...]:
    history, made = found.view.history, found.agenda
    address = reverse("plan-calendar", args=[history.id], query=when.query() or None)
    first = found.blockers[0] if found.blockers else None
    more = f" and {len(found.blockers) - 1} more" if len(found.blockers) > 1 else ""
    return (
        (history.title, address),
        str(found.standing.status),
        made.due.says,
        f"{made.due.at}: {until(made)}",
        f"{first.name}{more}" if first else "Nobody",
        first.next if first else "",
        day(first.by) if first and first.by else "",
    )


# One plan


class CalendarPage(PlanPage):
    """A plan as asked for, with the deadline that is asked for."""

    @property
    def asked(self) -> str:
        """The deadline's name, or empty for the next one."""
        return self.request.GET.get("deadline", "")[:100].strip()

    def way(self, deadline: str = "") -> PlanAgenda:
        """The way to a deadline."""
        return agenda_for(
            self.house, self.view, self.standing, deadline, self.when.upto, moment_of(self.when)
        )


def plan_page(request: HouseRequest, plan: str) -> HttpResponse:
    """The timeline of a plan, who blocks, and what each does next; a sentence where its rules lay down no deadline."""
    page = CalendarPage(request, plan)
    if not dues_of(page.view.rules):
        frame = page.frame("plan-calendar")
        return render(request, "web/plan_calendar.jinja", frame, status=_status(page.when))
    found = page.way(page.asked)
    made = found.agenda
    asked = {"deadline": page.asked} if page.asked else {}
    shown = [kind for kind in COLUMNS if any(line.by(kind) for line in made.lines)]
    context = page.frame("plan-calendar") | {
        "found": found,
        "made": made,
        "until": until(made),
        "dues": [(each.says, str(each.at), _with(page.href("plan-calendar"), deadline=each.id), each.id == made.due.id) for each in found.dues],
        "blockers": [
            (each.name, day(each.since), each.next, day(each.by) if each.by else "", each.whose) for each in found.blockers
        ],
        "columns": [("Body", "link"), ("Decision", "text"), *((kind.value, "text") for kind in shown)],
        "lines": [_line_row(page, line, shown) for line in made.lines],
        "workings": [way_working(line, made.due) for line in made.lines if line.steps],
        "routes": [(line.party.name, each) for line in made.lines if not line.party.decided for each in line.routes],
        "asking": list(asked.items()),
        "take_away": _plan_links(page, asked),
    }  # fmt: skip
    return render(request, "web/plan_calendar.jinja", context, status=_status(page.when))


def _line_row(page: CalendarPage, line: Line, shown: Iterable[StepKind]) -> tuple[object, ...]:
    said = {step.kind: f"{day(step.by)}{' (past)' if step.passed else ''}" for step in line.steps}
    missing = {} if line.party.decided else {StepKind.NOTICE: "not needed", StepKind.MEETING: "none in time"}
    meetings = reverse("meetings", args=[line.party.body], query=page.when.query() or None)
    cells = (said.get(kind, missing.get(kind, "")) for kind in shown)
    return ((line.party.name, meetings), line.party.outcome, *cells)


def plan_as_json(request: HouseRequest, plan: str) -> HttpResponse:
    """A plan's way to its deadline, as JSON."""
    page = CalendarPage(request, plan)
    if page.when.error:
        return _not_a_day(page.when)
    return json_answer(calendar_answers.plan(page.way(page.asked)))


def plan_as_csv(request: HouseRequest, plan: str) -> HttpResponse:
    """A row a step of each party, as CSV."""
    page = CalendarPage(request, plan)
    if page.when.error:
        return _not_a_day(page.when)
    return csv_answer(f"{plan}-calendar.csv", calendar_answers.as_csv([page.way(page.asked)]))


def plan_as_ics(request: HouseRequest, plan: str) -> HttpResponse:
    """The way to the deadline that is asked for, or to every one still to come, to subscribe to."""
    page = CalendarPage(request, plan)
    if page.when.error:
        return _not_a_day(page.when)
    found = [page.way(page.asked)]
    if not page.asked:
        at = found[0].agenda.due.at.instant
        found += [page.way(each.id) for each in found[0].dues if each.at.instant > at]
    return _calendar(request, page.view.history.title, found)


# What both share


def moment_of(when: When) -> datetime | None:
    """The instant that a page is asked as at."""
    return parse_as_at(when.typed)[1] if when.day else None


def until(made: Agenda) -> str:
    """How long there is to a deadline."""
    left = (made.due.at.day - made.today).days
    if made.passed:
        return "passed today" if not left else f"passed {_days(-left)} ago"
    return "today" if not left else f"in {_days(left)}"


def _days(number: int) -> str:
    return f"{number:,} {'day' if number == 1 else 'days'}"


def _calendar(request: HouseRequest, title: str, found: Iterable[PlanAgenda]) -> HttpResponse:
    def address(entry: Entry) -> str:
        kind, name, *_ = entry.uid.split(".")
        path = (
            reverse("meetings", args=[name]) if kind == "meeting" else reverse("plan-calendar", args=[name])
        )
        return request.build_absolute_uri(path)

    content = ics.calendar(title, entries_of(found), address)
    return HttpResponse(content, content_type="text/calendar; charset=utf-8")


def _links(name: str, when: When) -> list[tuple[str, str]]:
    query = when.query() or None
    return [
        ("As a calendar to subscribe to", reverse(f"{name}-ics", query=query)),
        ("As CSV", reverse(f"{name}-csv", query=query)),
        ("As JSON", reverse(f"{name}-json", query=query)),
    ]


def _plan_links(page: CalendarPage, asked: dict[str, str]) -> list[tuple[str, str]]:
    names = (("As a calendar to subscribe to", "ics"), ("As CSV", "csv"), ("As JSON", "json"))
    return [(words, _with(page.href(f"plan-calendar-{kind}"), **asked)) for words, kind in names]


def _with(address: str, **query: str) -> str:
    """An address with more asked of it."""
    more = "&".join(f"{name}={value}" for name, value in query.items())
    return f"{address}{'&' if '?' in address else '?'}{more}" if more else address


def _status(when: When) -> HTTPStatus:
    return HTTPStatus.BAD_REQUEST if when.error else HTTPStatus.OK


def _not_a_day(when: When) -> HttpResponse:
    return json_answer({"problems": [{"field": "as_at", "says": when.error}]}, status=HTTPStatus.BAD_REQUEST)
