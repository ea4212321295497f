"""Who is responsible: asking, accepting, declining, taking back, being away and standing in, each by a form that acts once."""

from django.http import HttpResponseBase
from django.shortcuts import redirect, render

from carepool.basics.refusals import Refused
from carepool.care.actions import caring
from carepool.care.actions.opening import Opened
from carepool.care.actions.ports import Role
from carepool.care.planning.facts import Why
from carepool.care.web.acting import Problem, carry_out
from carepool.care.web.frame import WingRequest, frame, key_of, names_of, typed
from carepool.care.web.people import lines
from carepool.care.web.planning import moment_of
from carepool.care.web.record import looked_at
from carepool.journal.commands import Done


@looked_at("direct_care")
def page(request: WingRequest, role: Role, person: str, opened: Opened) -> HttpResponseBase:
    """The page and its forms."""
    problem: Problem | None = None
    if request.method == "POST":
        done = carry_out(request.house, "responsible", lambda: _sent(request, role, person))
        if isinstance(done, Done):
            return redirect("responsible", person=person)
        problem = done
    house = request.house
    found = caring.responsible(caring.care(house, person), house.clock())
    team = house.people.roles(house.people.practitioners())
    names = names_of(team)
    more = {
        "opened": opened,
        "person": person,
        "lines": lines(found, role.account),
        "errors": problem.errors if problem else (),
        "values": {name: typed(request, name) for name in ("first", "until", "on")},
        "today": house.today.isoformat(),
        "reasons": [(each.name, each.value) for each in Why],
        "practitioners": sorted(
            (names.get(a, a), f"{r.title}, {r.organisation}", a) for a, r in team.items()
        ),
    }
    return render(
        request,
        "care/responsible.jinja",
        frame(request, role, "record", **more),
        status=problem.status if problem else 200,
    )


def _sent(request: WingRequest, role: Role, person: str) -> Done | Refused:
    house, key, package = request.house, key_of(request), typed(request, "package")
    match typed(request, "act"):
        case "offer":
            return caring.offer(house, role, person, package, typed(request, "professional"), key)
        case "accept":
            return caring.answer(house, role, person, package, None, key)
        case "decline":
            why = next((each for each in Why if each.name == typed(request, "why")), None)
            if why is None:
                return Refused("Choose why you decline.")
            return caring.answer(house, role, person, package, why, key)
        case "withdraw":
            return caring.withdraw(house, role, person, package, key)
        case "absence":
            first, until = moment_of(typed(request, "first")), moment_of(typed(request, "until"))
            return caring.tell_absence(house, role, person, package, first, until, typed(request, "deputy"), key)  # fmt: skip
        case "stand_in":
            return caring.stand_in(house, role, person, package, _number(request), key)
        case "end_absence":
            return caring.end_absence(house, role, person, package, _number(request), key)
        case "leave":
            return caring.leave(house, role, person, moment_of(typed(request, "on")), key)
        case _:
            return Refused("This form asks for nothing that can be done here.")


def _number(request: WingRequest) -> int:
    number = typed(request, "absence", 3)
    return int(number) if number.isascii() and number.isdecimal() else 0
