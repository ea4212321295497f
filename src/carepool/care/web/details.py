"""Putting right who a person is, and recording what they said of the use of their record."""

from django.http import HttpResponseBase
from django.shortcuts import redirect, render

from carepool.care.actions.correcting import NAMES, SEXES, correct, may_correct, say_rights
from carepool.care.actions.opening import look
from carepool.care.actions.ports import Role, RoleKind
from carepool.care.actions.recording import unlocked
from carepool.care.actions.standing import CONSENTS, OBJECTIONS, rights_of, stream_of
from carepool.care.people.nhs_number import shown
from carepool.care.sharing.deciding import Refuse
from carepool.care.web.acting import Problem, carry_out
from carepool.care.web.frame import WingRequest, frame, key_of, typed
from carepool.care.web.record import kept
from carepool.journal.commands import Done


def of_staff(request: WingRequest, role: Role, person: str) -> HttpResponseBase:
    """The page for a practitioner of the team."""
    return _page(request, role, person)


def own(request: WingRequest, role: Role) -> HttpResponseBase:
    """The page for the person."""
    return _page(request, role, role.person)


def _page(request: WingRequest, role: Role, person: str) -> HttpResponseBase:
    house = request.house
    opened = look(house, role, person, "subject_access" if role.kind is RoleKind.PERSON else "direct_care")
    if isinstance(opened, Refuse):
        return kept(request, role, person, "direct_care", opened)
    problem: Problem | None = None
    values = {name: str(getattr(opened.identity, name) or "") for name in NAMES}
    if request.method == "POST":
        sent = {name: typed(request, name, 500) for name in (*NAMES, "objection", "consent", "opted_out")}
        act = say_rights if typed(request, "act") == "rights" else correct
        done = carry_out(house, "given", lambda: act(house, role, person, sent, key_of(request)))
        if isinstance(done, Done):
            return (
                redirect("own-details")
                if role.kind is RoleKind.PERSON
                else redirect("details", person=person)
            )
        problem = done
        values |= sent if act is correct else {}
    rights = rights_of(unlocked(house, person, house.journal.read(stream_of(person))).facts)
    more = {
        "opened": opened, "person": person, "values": values, "names": NAMES, "sexes": SEXES, "rights": rights,
        "objections": OBJECTIONS, "consents": CONSENTS, "shown": shown, "errors": problem.errors if problem else (),
        "wrong": dict(problem.errors) if problem else {}, "own": role.kind is RoleKind.PERSON, "may": may_correct(house, role, person),
    }  # fmt: skip
    here = "own-details" if role.kind is RoleKind.PERSON else "record"
    return render(
        request,
        "care/details.jinja",
        frame(request, role, here, **more),
        status=problem.status if problem else 200,
    )
