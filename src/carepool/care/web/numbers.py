"""How far an organisation's records have a verified NHS number, and what tracing left for somebody to see to."""

from django.http import HttpResponseBase
from django.shortcuts import render

from carepool.care.actions.numbering import LATEST, numbers
from carepool.care.actions.ports import Role, RoleKind
from carepool.care.web.frame import WingRequest, frame, moment


def page(request: WingRequest, role: Role) -> HttpResponseBase:
    """The page."""
    found = numbers(request.house, role)
    waits = [(each, moment(each.since)) for each in found.waits]
    more = {"found": found, "waits": waits, "opens": role.kind is RoleKind.PRACTITIONER, "latest": LATEST}
    return render(request, "care/numbers.jinja", frame(request, role, "numbers", **more))
