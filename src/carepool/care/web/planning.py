"""The care plan on pages: begun, changed part by part, agreed with the person, its package started, and every version of it."""

from dataclasses import replace
from datetime import datetime, time
from http import HTTPStatus

from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from carepool.basics.canonical import canonical
from carepool.basics.periods import LONDON, parse_as_at
from carepool.basics.refusals import NotHere, Refused, Unusable
from carepool.care.actions import plans
from carepool.care.actions.assessing import asked
from carepool.care.actions.opening import Opened, look
from carepool.care.actions.plans import PARTS, latest
from carepool.care.actions.ports import Role
from carepool.care.actions.recording import Unlocked, recorded
from carepool.care.actions.showing import part_of
from carepool.care.actions.writing import numbered
from carepool.care.planning.care import Care, Version, care_of
from carepool.care.planning.discharge import first_start, who_can_start
from carepool.care.planning.plan import CarePlan, DayWord, Service, read_plan
from carepool.care.sharing.deciding import Refuse
from carepool.care.web.acting import Problem, carry_out
from carepool.care.web.contributing import Written, written
from carepool.care.web.fields import Form, added, id_of, sent, told
from carepool.care.web.frame import WingRequest, frame, key_of, typed
from carepool.care.web.plan_fields import PART_PAGES, rows_of, service_of
from carepool.care.web.record import kept, looked_at
from carepool.journal.commands import Done

WORDS = {
    "title": "Title", "matters": "What matters", "goals": "Goals", "needs": "Needs", "services": "Services", "integrated": "Whether it is integrated",
    "contingency": "What if something fails", "review_on": "Review", "consent": "Consent", "shared_with": "Shared with", "assessment": "The assessment it rests on",
    "status": "Its status",
}  # fmt: skip
"""The parts of a plan, as its versions are told."""


class Here:
    """What a page of a plan rests on: the record as it may be seen, and the plan that is worked on."""

    def __init__(self, request: WingRequest, person: str, opened: Opened) -> None:
        self.opened, self.person = opened, person
        self.said: Unlocked = recorded(request.house, person)
        self.care: Care = care_of(person, self.said.facts)
        self.version: Version | None = latest(self.care)

    def seen(self, document: str) -> CarePlan:
        """A plan without the parts that may not be seen."""
        return read_plan(canonical(part_of(self.said.documents[document], self.opened)))

    @property
    def plan(self) -> CarePlan:
        """The plan that is worked on. NotHere where none is."""
        if self.version is None or not self.opened.shows("plan"):
            raise NotHere(plans.NONE)
        return self.seen(self.version.document)

    @property
    def versions(self) -> tuple[Version, ...]:
        """Its versions, in order."""
        return numbered(self.care.plans, self.version.of) if self.version else ()

    @property
    def later(self) -> bool:
        """Whether an assessment was completed on which the plan does not rest yet."""
        completed = self.care.assessment()
        return completed is not None and completed.document != self.plan.assessment


@looked_at("direct_care")
def page(request: WingRequest, role: Role, person: str, opened: Opened) -> HttpResponseBase:
    """Where the plan stands: its parts, what it lacks, its versions and its packages."""
    house = request.house
    problem: Problem | None = None
    if request.method == "POST":
        done = carry_out(house, "plan", lambda: _sent(request, role, person))
        if isinstance(done, Done):
            return redirect("plan", person=person)
        problem = done
    here = Here(request, person, opened)
    plan = here.plan if here.version else None
    more = {
        "person": person, "opened": opened, "errors": problem.errors if problem else (), "plan": plan, "version": here.version,
        "parts": PART_PAGES, "findings": plans.lacks(house, plan) if plan else [], "versions": _versions(here, here.version) if here.version else [],
        "packages": [each for each in here.care.packages.values() if not each.over(house.clock())], "agreed": here.care.plan(),
        "href_of": lambda where: _leads(person, where), "values": {name: typed(request, name) for name in ("title", "starts")},
        "today": house.today.isoformat(), "later": here.later if plan else False, "assessed": here.care.assessment(),
    }  # fmt: skip
    return render(
        request, "care/plan.jinja", frame(request, role, "record", **more),
        status=problem.status if problem else HTTPStatus.OK,
    )  # fmt: skip


def part(request: WingRequest, role: Role, person: str, part: str) -> HttpResponseBase:
    """A part of the plan, which is written as a whole into another version. What was typed is never lost."""
    if part not in PART_PAGES:
        raise NotHere("A plan has no such part.")
    about, house = PART_PAGES[part], request.house
    opened = look(house, role, person, "direct_care")
    if isinstance(opened, Refuse):
        return kept(request, role, person, "direct_care", opened)
    here = Here(request, person, opened)
    fields = about.fields(here.plan, asked(house)[1], here.later)
    current = rows_of(part, here.plan)
    seen = here.version.document if here.version else ""
    form, problem, overtaken = Form(tuple(current)), None, None
    if request.method == "POST":
        form = sent(request, fields, one=not about.one)
        if part == "services":
            form = _services(form)
        was, key = typed(request, "seen"), key_of(request)
        done: Done | Problem = Problem(form.errors, HTTPStatus.BAD_REQUEST)
        if not form.errors:
            done = carry_out(
                house, "part", lambda: plans.put_part(house, role, person, part, form.rows, was, key)
            )
        if isinstance(done, Done):
            return redirect("plan", person=person)
        problem = done
        known = any(each.document == was for each in here.care.plans)
        earlier = rows_of(part, here.seen(was)) if known else []
        if was != seen and earlier != current:
            overtaken = told(fields, current)
            if about.one:
                form = replace(form, typed=(*form.typed, *added(current, earlier, form.typed)))
    more = {
        "title": about.title, "says": about.says, "one": about.one, "blank": 1, "folded": part == "services", "person": person, "opened": opened,
        "fields": fields, "form": form, "seen": seen, "back": reverse("plan", kwargs={"person": person}), "back_says": "The plan",
        "errors": problem.errors if problem else (), "wrong": dict(problem.errors) if problem else {}, "overtaken": overtaken,
    }  # fmt: skip
    return render(
        request, "care/part.jinja", frame(request, role, "record", **more),
        status=problem.status if problem else HTTPStatus.OK,
    )  # fmt: skip


@looked_at("direct_care")
def version(request: WingRequest, role: Role, person: str, opened: Opened, number: int) -> HttpResponseBase:
    """One version of the plan, as it was."""
    here = Here(request, person, opened)
    if not 1 <= number <= len(here.care.plans) or not opened.shows("plan"):
        raise NotHere("There is no such version.")
    that = here.care.plans[number - 1]
    more = {
        "person": person, "opened": opened, "found": here.seen(that.document),
        "told": next(each for each in _versions(here, that) if each.place == number),
    }  # fmt: skip
    return render(request, "care/plan_version.jinja", frame(request, role, "record", **more))


@looked_at("direct_care")
def coming_home(request: WingRequest, role: Role, person: str, opened: Opened) -> HttpResponseBase:
    """Who can start this package on a Sunday, or any other day, and when everything can first be in place."""
    house = request.house
    plan = Here(request, person, opened).plan
    errors: list[tuple[str, str]] = []
    asked_day = request.GET.get("day", "")[:20]
    day = next((each for each in DayWord if each.value == asked_day), DayWord.SUNDAY)
    ready = request.GET.get("ready", "")[:40].strip()
    at = house.clock()
    try:
        at = moment_of(ready) if ready else at
    except Unusable as error:
        errors = [("ready", str(error))]
    holidays = plans.holidays(house)
    week = [(each.says, _over_the_week(each)) for each in plan.services]
    more = {
        "person": person, "opened": opened, "plan": plan, "day": day, "days": list(DayWord), "on_day": who_can_start(plan.services, day),
        "ready": ready, "errors": errors, "home": first_start(plan.services, at, holidays or frozenset()), "week": week, "holidays": holidays,
        "names": {each.id: each.says for each in plan.services},
    }  # fmt: skip
    return render(
        request, "care/coming_home.jinja", frame(request, role, "record", **more),
        status=HTTPStatus.BAD_REQUEST if errors else HTTPStatus.OK,
    )  # fmt: skip


def moment_of(text: str) -> datetime:
    """A day, which begins at midnight, or a day with a time, in London. Unusable for neither."""
    day, at = parse_as_at(text)
    return at if ":" in text else datetime.combine(day, time(), LONDON)


def _over_the_week(service: Service) -> list[bool]:
    return [who_can_start([service], each)[0].can for each in DayWord]


def _sent(request: WingRequest, role: Role, person: str) -> Done | Refused:
    house, key = request.house, key_of(request)
    match typed(request, "act"):
        case "begin":
            title = typed(request, "title")
            return plans.begin(house, role, person, title, key) if title else Refused("Write a title, like “At home with help”.")  # fmt: skip
        case "agree":
            return plans.agree(house, role, person, typed(request, "seen"), key)
        case "start":
            return plans.start(house, role, person, moment_of(typed(request, "starts")), key)
        case "end":
            return plans.end(house, role, person, typed(request, "package"), moment_of(typed(request, "ends")), key)  # fmt: skip
        case _:
            return Refused("This form asks for nothing that can be done here.")


def _services(form: Form) -> Form:
    """The rows of services with payers and hours as rows within them."""
    if form.errors:
        return form
    made = [service_of(each) for each in form.rows]
    errors = [(id_of(number, name), says) for number, (_, wrong) in zip(form.numbers, made, strict=True) for name, says in wrong]  # fmt: skip
    return replace(form, rows=tuple(row for row, _ in made), errors=tuple(errors))


def _versions(here: Here, shown: Version) -> list[Written]:
    of = numbered(here.care.plans, shown.of)
    contents = [part_of(here.said.documents[each.document], here.opened) for each in of]
    return written(of, contents, WORDS, here.care.plans)


def _leads(person: str, where: str) -> str:
    """The page on which something that the plan lacks is written."""
    first = where.split("/")[0]
    found = next((part for part, names in PARTS.items() if first in names), None)
    return reverse("plan-part", kwargs={"person": person, "part": found}) if found else ""
