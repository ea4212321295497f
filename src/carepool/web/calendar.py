"""The calendar: the next deadline of every plan that one may read, one plan's way to it, and both to subscribe to."""

from collections.abc import Iterable
from datetime import datetime
from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from carepool.actions.areas import MARK
from carepool.actions.calendar import (
    PlanAgenda,
    agenda_for,
    agendas,
    diary_of,
    dues_of,
    entries_of,
    give_notice,
    may_give_notice,
)
from carepool.actions.house import House
from carepool.actions.permits import Actor, offices_of
from carepool.actions.planning import no_plan
from carepool.actions.redeploying import bodies_of
from carepool.basics.periods import parse_as_at
from carepool.basics.refusals import NotHere, Refused
from carepool.calendar.events import Entry
from carepool.calendar.parts import Agenda, Line, Step, StepKind
from carepool.calendar.words import way_working
from carepool.journal.commands import Done
from carepool.places.bodies import Body
from carepool.render import calendar_answers, ics
from carepool.render.words import day
from carepool.signin.models import Account
from carepool.signin.subscribing import account_by_calendar_token, calendar_token
from carepool.web.acts import Act, Answers, Ask, Table, Wrong, act_page
from carepool.web.asking import HouseRequest, csv_answer, json_answer
from carepool.web.frame import PlanPage, When, account_of, read_when
from carepool.web.party_acts import ask_body, form, nothing_to_do
from carepool.web.rights import may
from carepool.web.words import about_page

ALL = "carepool: my plans"
COLUMNS = (StepKind.NOTICE, StepKind.PAPERS, StepKind.MEETING, StepKind.DELEGATION, StepKind.EFFECT)


# Every plan that one may read


def page(request: HouseRequest) -> HttpResponse:
    """Every plan's next deadline and who blocks it, those of one's own bodies first."""
    house, when, account = request.house, read_when(request), reader_of(request)
    found = _found(request, when)
    mine = {each.body for each in offices_of(house, account.id)}
    ours = [each for each in found if mine & _bodies(each)]
    others = [each for each in found if not mine & _bodies(each)]
    context = {
        "section": "calendar",
        "when": when,
        "errors": [("as_at", when.error)] if when.error else [],
        "ours": [_row(each, when) for each in ours],
        "others": [_row(each, when) for each in others],
        "take_away": _links("calendar", when),
        "subscribe": _subscribe(request, account),
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
    return json_answer(calendar_answers.plans(_found(request, when)))


def as_csv(request: HouseRequest) -> HttpResponse:
    """A row a step of each party, as CSV."""
    when = read_when(request)
    if when.error:
        return _not_a_day(when)
    return csv_answer("calendar.csv", calendar_answers.as_csv(_found(request, when)))


def as_ics(request: HouseRequest) -> HttpResponse:
    """All of it as a file."""
    when = read_when(request)
    if when.error:
        return _not_a_day(when)
    return _calendar(request, ALL, _found(request, when))


def by_link(request: HouseRequest, token: str) -> HttpResponse:
    """The calendar of whoever the secret in the address is of, today; ``?plan=`` for one plan's.

    A calendar program cannot sign in. What it fetches is what its owner may read at that moment, and no more.
    """
    house, account, plan = request.house, account_by_calendar_token(token), request.GET.get("plan", "")[:100]
    if account is None:
        raise NotHere("No calendar has this address. The page of the calendar has yours.")
    found = agendas(house, account=account.id)
    if not plan:
        return _calendar(request, ALL, found)
    one = next((each for each in found if each.view.history.id == plan), None)
    if one is None:
        raise no_plan(plan)
    return _calendar(request, one.view.history.title, _ways(house, one))


def reader_of(request: HouseRequest) -> Account:
    """Who reads the calendar: its routes are open only to who is signed in."""
    account = account_of(request)
    assert account is not None  # noqa: S101 (audiences.SIGNED_IN)
    return account


def _found(request: HouseRequest, when: When) -> tuple[PlanAgenda, ...]:
    return agendas(request.house, when.upto, moment_of(when), reader_of(request).id)


def _subscribe(request: HouseRequest, account: Account, **query: str) -> str:
    """The address of one's own calendar, whole, for a program to be given."""
    path = reverse("calendar-link-ics", args=[calendar_token(account)], query=query or None)
    return request.build_absolute_uri(path)


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
    shown = [kind for kind in COLUMNS if any(line.has(kind) for line in made.lines)]
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
        "notice": reverse("plan-notice", args=[plan]) if not page.when.day and noticers(page) else "",
        "take_away": _plan_links(page, asked),
        "subscribe": _subscribe(request, reader_of(request), plan=page.view.history.id),
    }  # fmt: skip
    return render(request, "web/plan_calendar.jinja", context, status=_status(page.when))


@form
def notice(request: HouseRequest, plan: str) -> HttpResponse:
    """A body records that notice of its key decision on the plan was published."""
    shown = PlanPage(request, plan)
    today = shown.when.day or shown.house.today
    bodies = noticers(shown)
    given = {
        each.id: diary_of(shown.house, each.id, shown.when.upto).notices.get(plan)
        for each in parties_of(shown)
    }
    says = [
        "Notice that a key decision is intended is published before it is taken; the calendar says by when."
    ]
    rows = [(shown.name(body), day(each.on), day(each.at)) for body, each in given.items() if each]
    tables = (
        [
            Table(
                "Notice that was given",
                [("Body", "text"), ("Published on", "text"), ("Recorded on", "text")],
                rows,
                "notices",
            )
        ]
        if rows
        else []
    )
    asks = (
        ask_body(bodies),
        Ask(
            "on",
            "The day on which notice was published",
            "day",
            f"For example, {today.isoformat()}. Record it again to correct it.",
        ),
    )
    acts = [Act("notice", "Record notice of a key decision", "Record the notice", asks)]

    def do(actor: Actor, _: str, answers: Answers) -> Done | Refused:
        on = answers.day("on")
        assert on is not None  # noqa: S101 (needed)
        if answers.text("body") not in {each.id for each in bodies}:
            raise Wrong("body" if bodies else "form", "Choose the body whose notice it is.")
        return give_notice(shown.house, actor, plan, answers.text("body"), on)

    return act_page(
        request, shown, "Record notice of a key decision", says, acts if bodies and not shown.when.day else (), do,
        reverse("plan-calendar", args=[plan]), tables, nothing=nothing_to_do(shown, "record such a notice"),
    )  # fmt: skip


def parties_of(shown: PlanPage) -> list[Body]:
    """The bodies of a plan that give notice of key decisions."""
    found, today = shown.view, shown.house.today
    return [each for each in bodies_of(found) if may_give_notice(shown.house, found.rules, each.kind, today)]


def noticers(shown: PlanPage) -> list[Body]:
    """Those of them for which who is signed in may record one."""
    return [each for each in parties_of(shown) if may(shown, "give_notice", each.id)]


def _line_row(page: CalendarPage, line: Line, shown: Iterable[StepKind]) -> tuple[object, ...]:
    said = {step.kind: _step_said(step) for step in line.steps}
    missing = {} if line.party.decided else {StepKind.NOTICE: "not needed", StepKind.MEETING: "none in time"}
    if line.notice:
        missing[StepKind.NOTICE] = f"given on {day(line.notice)}"
    if line.party.effect:
        missing[StepKind.EFFECT] = day(line.party.effect)
    meetings = reverse("meetings", args=[line.party.body], query=page.when.query() or None)
    cells = (said.get(kind, missing.get(kind, "")) for kind in shown)
    return ((line.party.name, meetings), line.party.outcome, *cells)


def _step_said(step: Step) -> str:
    if step.done:
        return f"given on {day(step.done)}, {'by' if step.in_time else 'after'} {day(step.by)}"
    return f"{day(step.by)}{' (past)' if step.passed else ''}"


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
    """The way to the deadline that is asked for, or to every one still to come, as a file."""
    page = CalendarPage(request, plan)
    if page.when.error:
        return _not_a_day(page.when)
    first = page.way(page.asked)
    found = [first] if page.asked else _ways(page.house, first, page.when)
    return _calendar(request, page.view.history.title, found)


def _ways(house: House, first: PlanAgenda, when: When | None = None) -> list[PlanAgenda]:
    """The way to a plan's next deadline, and to every later one."""
    at, upto, moment = (
        first.agenda.due.at.instant,
        when.upto if when else None,
        moment_of(when) if when else None,
    )
    later = [each.id for each in first.dues if each.at.instant > at]
    return [first, *(agenda_for(house, first.view, first.standing, each, upto, moment) for each in later)]


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
        ("As a calendar file", reverse(f"{name}-ics", query=query)),
        ("As CSV", reverse(f"{name}-csv", query=query)),
        ("As JSON", reverse(f"{name}-json", query=query)),
    ]


def _plan_links(page: CalendarPage, asked: dict[str, str]) -> list[tuple[str, str]]:
    names = (("As a calendar file", "ics"), ("As CSV", "csv"), ("As JSON", "json"))
    return [(words, _with(page.href(f"plan-calendar-{kind}"), **asked)) for words, kind in names]


def _with(address: str, **query: str) -> str:
    """An address with more asked of it."""
    more = "&".join(f"{name}={value}" for name, value in query.items())
    return f"{address}{'&' if '?' in address else '?'}{more}" if more else address


def _status(when: When) -> HTTPStatus:
    return HTTPStatus.BAD_REQUEST if when.error else HTTPStatus.OK


def _not_a_day(when: When) -> HttpResponse:
    return json_answer({"problems": [{"field": "as_at", "says": when.error}]}, status=HTTPStatus.BAD_REQUEST)
