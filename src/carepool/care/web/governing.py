"""The governance lead's log: who looked at whose record, and every breaking of the glass that waits to be looked at."""

from datetime import timedelta
from http import HTTPStatus

from django.http import HttpResponseBase
from django.shortcuts import redirect, render

from carepool.basics.refusals import Refused
from carepool.care.actions.erasing import GROUNDS, erase, kept_until
from carepool.care.actions.opening import access_log, identity_of, judged, look, reason_in
from carepool.care.actions.overseeing import Seen, overseen
from carepool.care.actions.ports import Role
from carepool.care.actions.reviewing import review
from carepool.care.actions.withholding import let_read, withhold
from carepool.care.sharing.deciding import Refuse
from carepool.care.sharing.log import PURPOSES
from carepool.care.web.acting import Problem, carry_out
from carepool.care.web.frame import WingRequest, frame, key_of, moment, names_of, typed
from carepool.journal.commands import Done


def page(request: WingRequest, role: Role) -> HttpResponseBase:
    """The page."""
    seen = overseen(request.house, role)
    names = names_of(each.look.by for each in (*seen.waiting, *seen.withheld, *seen.latest))
    return render(
        request,
        "care/log.jinja",
        frame(
            request,
            role,
            "log",
            waiting=[_row(each, names) for each in seen.waiting],
            withheld=[_row(each, names) for each in seen.withheld],
            today=request.house.today,
            rows=[_row(each, names) for each in seen.latest],
            kept=seen.kept,
        ),
    )


def _row(seen: Seen, names: dict[str, str]) -> dict[str, object]:
    look = seen.look
    return {
        "person": seen.person,
        "name": seen.name,
        "version": look.version,
        "at": moment(look.at),
        "who": names.get(look.by, "an account that is gone"),
        "organisation": look.organisation,
        "what": WHAT[look.kind],
        "purpose": PURPOSES[look.purpose].replace("your", "the person’s").replace("you ", "them "),
        "why": seen.why,
        "waits": look.waits,
        "justified": look.justified,
        "broke": look.kind == "GlassBroken",
        "again": look.again,
        "asked_for": look.purpose,
    }


WHAT = {
    "Looked": "Looked",
    "Shared": "Shared",
    "RefusedLook": "Was refused",
    "GlassBroken": "Broke the glass",
}


def person_page(request: WingRequest, role: Role, person: str) -> HttpResponseBase:
    """One record as it is watched over: its broken glasses, a copy to prepare, erasure."""
    house = request.house
    name = identity_of(house, person).name
    verdict = judged(house, role, person, "oversight")
    if isinstance(verdict, Refuse):
        told = {"title": "This is not yours to watch over", "says": verdict.says}
        return render(request, "care/told.jinja", frame(request, role, "log", **told), status=HTTPStatus.FORBIDDEN)  # fmt: skip
    problem: Problem | None = None
    if request.method == "POST":
        done = carry_out(house, "watched", lambda: _sent(request, role, person))
        if isinstance(done, Done):
            return redirect("log") if typed(request, "act") == "erase" else redirect("watched", person=person)
        problem = done
    look(house, role, person, "oversight")
    log, texts = access_log(house, person)
    names = names_of(each.by for each in log.looks)
    more = {
        "person": person, "name": name, "grounds": GROUNDS, "kept_until": kept_until(house, person),
        "errors": problem.errors if problem else (),
        "rows": [{**_row(Seen(person, name, each, reason_in(each, texts)), names), "kept_why": texts.get(each.kept_why or "")} for each in reversed(log.looks)][:200],
        "withholding": house.sharing[1].withholding, "latest_day": house.today + timedelta(days=int(house.sharing[1].withholding.days_at_most)), "today": house.today,
    }  # fmt: skip
    status = problem.status if problem else HTTPStatus.OK
    return render(request, "care/watched.jinja", frame(request, role, "log", **more), status=status)


def _sent(request: WingRequest, role: Role, person: str) -> Done | Refused:
    house, key = request.house, key_of(request)
    if typed(request, "act") == "erase":
        if typed(request, "sure") != "yes":
            return Refused("Tick that you are sure: nothing brings an erased record back.")
        return erase(house, role, person, typed(request, "ground"), key)
    version = int(number) if (number := typed(request, "version", 20)).isdecimal() else 0
    if typed(request, "act") == "withhold":
        return withhold(house, role, person, version, typed(request, "again"), typed(request, "words", 2000), key)  # fmt: skip
    if typed(request, "act") == "let_read":
        return let_read(house, role, person, version, key)
    justified = {"yes": True, "no": False}.get(typed(request, "justified"))
    return review(house, role, person, version, justified, typed(request, "words", 2000), key)
