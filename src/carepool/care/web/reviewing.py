"""Recording that a plan was reviewed, and when the next review is due."""

from django.http import HttpResponseBase
from django.shortcuts import redirect, render

from carepool.care.actions.caring import hold_review
from carepool.care.actions.opening import Opened
from carepool.care.actions.ports import Role
from carepool.care.web.acting import Problem, carry_out
from carepool.care.web.frame import WingRequest, frame, key_of, typed
from carepool.care.web.record import looked_at
from carepool.journal.commands import Done


@looked_at("direct_care")
def page(request: WingRequest, role: Role, person: str, opened: Opened) -> HttpResponseBase:
    """The form, and what comes of sending it."""
    house = request.house
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
