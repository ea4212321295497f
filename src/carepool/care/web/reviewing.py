"""Recording that a plan was reviewed, and when the next review is due."""

from django.http import HttpResponseBase
from django.shortcuts import redirect, render

from carepool.care.actions.caring import hold_review
from carepool.care.actions.opening import look
from carepool.care.actions.ports import Role
from carepool.care.sharing.deciding import Refuse
from carepool.care.web.acting import Problem, carry_out
from carepool.care.web.frame import WingRequest, frame, key_of, typed
from carepool.care.web.record import kept
from carepool.journal.commands import Done


def page(request: WingRequest, role: Role, person: str) -> HttpResponseBase:
    """The form, and what comes of sending it."""
    house = request.house
    opened = look(house, role, person, "direct_care")
    if isinstance(opened, Refuse):
        return kept(request, role, person, "direct_care", opened)
    problem: Problem | None = None
    values = {"on": house.today.isoformat(), "next": ""}
    if request.method == "POST":
        values = {name: typed(request, name, 20) for name in values}
        done = carry_out(
            house,
            "on",
            lambda: hold_review(house, role, person, values["on"], values["next"], key_of(request)),
        )
        if isinstance(done, Done):
            return redirect("record", person=person)
        problem = done
    more = {"opened": opened, "person": person, "values": values, "errors": problem.errors if problem else ()}
    return render(
        request,
        "care/review.jinja",
        frame(request, role, "record", **more),
        status=problem.status if problem else 200,
    )
