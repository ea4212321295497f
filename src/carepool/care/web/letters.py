"""The letter that tells a person of a broken glass, on a page that prints: for them, and for the governance lead to send."""

from http import HTTPStatus

from django.http import HttpResponseBase
from django.shortcuts import render

from carepool.care.actions.opening import access_log
from carepool.care.actions.ports import Role, RoleKind
from carepool.care.actions.telling import letter
from carepool.care.sharing.deciding import Refuse
from carepool.care.web.frame import WingRequest, frame, moment, names_of


def page(request: WingRequest, role: Role, version: int, person: str = "") -> HttpResponseBase:
    """The letter."""
    whose = person or role.person
    names = names_of(each.by for each in access_log(request.house, whose)[0].looks)
    made = letter(request.house, role, whose, version, names)
    here = "my-log" if role.kind is RoleKind.PERSON else "log"
    if isinstance(made, Refuse):
        told = {"title": "This letter is not yours", "says": made.says}
        return render(request, "care/told.jinja", frame(request, role, here, **told), status=HTTPStatus.FORBIDDEN)  # fmt: skip
    more = {"letter": made, "at": moment(made.look.at), "person": person}
    return render(request, "care/letter.jinja", frame(request, role, here, **more))
