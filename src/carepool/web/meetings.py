"""When a body meets: its list, and the forms by which its keepers enter, move and call off meetings."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from carepool.actions.areas import MARK
from carepool.actions.calendar import (
    call_off_meeting,
    diary_of,
    enter_own_days,
    keeping,
    may_keep,
    papers_day,
    plan_meetings,
    shift_meeting,
)
from carepool.actions.house import House
from carepool.actions.permits import Actor
from carepool.basics.periods import parse_date
from carepool.basics.refusals import Refused, Unusable
from carepool.calendar.events import Entry, entries_of_meetings
from carepool.calendar.meetings import Diary, Meeting, MeetingKind
from carepool.calendar.words import days_said
from carepool.journal.commands import Done
from carepool.offices.holdings import holdings
from carepool.offices.holdings import stream_of as office_stream
from carepool.places.bodies import Body
from carepool.render import calendar_answers, ics
from carepool.render.words import day
from carepool.web.acting import NOT_SIGNED_IN, Problem, carry_out
from carepool.web.asking import HouseRequest, json_answer
from carepool.web.frame import When, account_of, actor_of, looking, new_key, read_when
from carepool.web.people import names_of
from carepool.web.words import about_page

LONGEST = 4_000
"""Characters taken of one field."""
DONE = {
    "plan": "Recorded: the meetings stand below.",
    "move": "Recorded: the meeting has another day.",
    "cancel": "Recorded: the meeting is called off. It stays in the list, and in the calendars of subscribers as cancelled.",
    "own": "Recorded: the days that this body's constitution lays down.",
}
STEPS = {"papers": "Papers before a meeting", "call_in": "Call-in after a decision"}
UNITS = ("clear days", "clear working days")


@dataclass(frozen=True, slots=True)
class Sent:
    """A form that was sent and could not be carried out."""

    form: str = ""
    typed: dict[str, str] = field(default_factory=dict)
    problem: Problem | None = None


def page(request: HouseRequest, body: str) -> HttpResponse:
    """The list of a body's meetings with its forms; a form that is sent is carried out, or shown again with its problem."""
    house = request.house
    found = house.areas.body(body)
    if request.method == "POST":
        sent = _sent(request, found)
        if isinstance(sent, str):
            return redirect(reverse("meetings", args=[body], query={"done": sent}))
        return _show(request, found, When(None, None, "", ""), sent)
    return _show(request, found, read_when(request), Sent())


def _sent(request: HouseRequest, body: Body) -> Sent | str:
    """What became of a form: the name of what was done, or the problem with what was typed."""
    form = request.POST.get("form", "")
    names = ("days", "committee", "kind", "papers_by", "meeting", "on", "step", "own_days", "unit", "reasons")
    typed = {name: request.POST.get(name, "")[:LONGEST].strip() for name in names}
    account = account_of(request)
    if account is None:
        return Sent(form, typed, Problem(NOT_SIGNED_IN, "form", HTTPStatus.FORBIDDEN))
    forms: dict[str, tuple[str, Callable[[House, Actor, Body, dict[str, str]], Done | Refused]]] = {
        "plan": ("days", _plan), "move": ("on", _move), "cancel": ("meetings-table", _cancel), "own": ("own_days", _own),
    }  # fmt: skip
    if form not in forms:
        return Sent(form, typed, Problem("That form is not one of this page. Use those below.", "form", HTTPStatus.BAD_REQUEST))  # fmt: skip
    where, act = forms[form]
    actor = actor_of(request, account)
    if form in {"move", "cancel"}:
        where = f"{where}-{typed['meeting']}" if form == "move" else "form"
    done = carry_out(request.house, where, lambda: act(request.house, actor, body, typed))
    return form if isinstance(done, Done) else Sent(form, typed, done)


def _plan(house: House, actor: Actor, body: Body, typed: dict[str, str]) -> Done | Refused:
    days = tuple(parse_date(each) for each in typed["days"].replace(",", "\n").split("\n") if each.strip())
    papers = _optional(typed["papers_by"])
    committee = typed["committee"]
    if not committee:
        raise Unusable("There is no name for what meets. Write it, like Cabinet or Governing body.")
    return plan_meetings(house, actor, body.id, days, committee, _kind(typed["kind"]), papers)


def _move(house: House, actor: Actor, body: Body, typed: dict[str, str]) -> Done | Refused:
    return shift_meeting(
        house, actor, body.id, typed["meeting"], parse_date(typed["on"]), _optional(typed["papers_by"])
    )


def _cancel(house: House, actor: Actor, body: Body, typed: dict[str, str]) -> Done | Refused:
    return call_off_meeting(house, actor, body.id, typed["meeting"])


def _own(house: House, actor: Actor, body: Body, typed: dict[str, str]) -> Done | Refused:
    number = typed["own_days"]
    if not (number.isascii() and number.isdecimal() and len(number) <= 3):
        raise Unusable(f"“{number[:20]}” is not a number of days. Write one from 0 to 60.")
    return enter_own_days(house, actor, body.id, typed["step"], int(number), typed["unit"], typed["reasons"])


def _optional(text: str) -> date | None:
    return parse_date(text) if text else None


def _kind(text: str) -> MeetingKind:
    try:
        return MeetingKind(text or MeetingKind.FULL)
    except ValueError:
        raise Unusable(f"“{text[:20]}” is no kind of meeting. Choose full or sub-committee.") from None


def _show(request: HouseRequest, body: Body, when: When, sent: Sent) -> HttpResponse:
    house = request.house
    held = diary_of(house, body.id, when.upto)
    account = account_of(request)
    may = bool(account and not when.day and may_keep(house, looking(account), body.id))
    done = DONE.get(request.GET.get("done", ""), "") if request.method == "GET" else ""
    today = when.day or house.today
    coming = [each for each in held.meetings if each.on >= today and not each.cancelled] if may else []
    # Who may not change anything has no field to be led to, nor has a meeting that is past.
    fields = {"days", "own_days", *(f"on-{each.id}" for each in coming)} if may else set()
    where = sent.problem.field if sent.problem and sent.problem.field in fields else "form"
    errors = [(where, sent.problem.says)] if sent.problem else []
    context = {
        "section": "calendar",
        "body": body,
        "held": held,
        "when": when,
        "done": done if may else "",
        "errors": errors or ([("as_at", when.error)] if when.error else []),
        "sent": sent,
        "rows": [_row(each, today, papers_day(house, held, body.kind, each)) for each in held.meetings],
        "coming": coming,
        "refused": sent.problem.says if sent.problem and where == "form" else "",
        "own": [(STEPS.get(step, step), days_said(own.days, own.unit), day(own.first or own.at)) for step, own in held.own.items()],
        "steps": _own_steps(house, body, today),
        "units": UNITS,
        "kinds": list(MeetingKind),
        "may": may,
        "signed_in": account is not None,
        "keepers": _keepers(house, body) if account else [],
        "key": new_key(),
        "take_away": [
            ("As a calendar to subscribe to", reverse("meetings-ics", args=[body.id])),
            ("As JSON", reverse("meetings-json", args=[body.id], query=when.query() or None)),
        ],
        "mark": MARK if _illustrative(house, body) else "",
        **about_page(house),
    }  # fmt: skip
    if when.day:
        context["as_at"] = when.says
    status = sent.problem.status if sent.problem else HTTPStatus.BAD_REQUEST if when.error else HTTPStatus.OK
    return render(request, "web/meetings.jinja", context, status=status)


def _row(meeting: Meeting, today: date, papers: date | None) -> tuple[str, ...]:
    said = "Called off" if meeting.cancelled else "Past" if meeting.on < today else "To come"
    if meeting.changes and not meeting.cancelled:
        said += ", moved"
    return (
        f"{meeting.on:%A} {day(meeting.on)}", meeting.committee, meeting.kind.capitalize(),
        day(papers) if papers else "", said,
    )  # fmt: skip


def _own_steps(house: House, body: Body, today: date) -> list[tuple[str, str, str]]:
    """The steps for which this body may lay down its own days: name, words, and what is usual."""
    try:
        _, procedure = house.rulebook.procedure(today)
    except Unusable:
        return []
    found = [(step, procedure.stretch(step, body.kind)) for step in STEPS]
    return [
        (step, STEPS[step], days_said(int(usual.days), usual.unit))
        for step, usual in found
        if usual and usual.own
    ]


def _keepers(house: House, body: Body) -> list[str]:
    """Who can enter this body's meetings today, by name."""
    try:
        authority = keeping(house, body)
    except Unusable:
        return []
    held = [
        each
        for each in holdings(house.journal.read(office_stream(body.id)))
        if each.office in authority.offices and each.on(house.today)
    ]
    names = names_of(each.account for each in held)
    return [f"{names[each.account]} ({each.office.replace('_', ' ')})" for each in held]


def _illustrative(house: House, body: Body) -> bool:
    return body.id in house.areas.county.bodies and body.id not in house.areas.england.bodies


def as_json(request: HouseRequest, body: str) -> HttpResponse:
    """A body's meetings as JSON."""
    house, when = request.house, read_when(request)
    found = house.areas.body(body)
    if when.error:
        return json_answer({"problems": [{"field": "as_at", "says": when.error}]}, status=HTTPStatus.BAD_REQUEST)  # fmt: skip
    held: Diary = diary_of(house, body, when.upto)
    return json_answer(calendar_answers.meetings(found.name, held, _illustrative(house, found)))


def as_ics(request: HouseRequest, body: str) -> HttpResponse:
    """A body's meetings to subscribe to."""
    found = request.house.areas.body(body)
    address = request.build_absolute_uri(reverse("meetings", args=[body]))

    def here(_: Entry) -> str:
        return address

    entries = entries_of_meetings(found.name, diary_of(request.house, body).meetings)
    return HttpResponse(
        ics.calendar(f"{found.name}: meetings", entries, here), content_type="text/calendar; charset=utf-8"
    )
