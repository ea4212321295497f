"""Finding a person. What is typed travels in the form, never in an address; a number alone finds nobody."""

from http import HTTPStatus

from django.http import HttpResponseBase
from django.shortcuts import render

from carepool.basics.refusals import Refused, Unusable
from carepool.care.actions.finding import Wanted, find
from carepool.care.actions.ports import Identity, Role
from carepool.care.people.nhs_number import shown
from carepool.care.web.frame import WingRequest, frame, typed

FIELDS = ("number", "given", "family", "born")


def page(request: WingRequest, role: Role) -> HttpResponseBase:
    """The form, and whom it found."""
    wanted = Wanted(**{name: typed(request, name) for name in FIELDS})
    found: tuple[Identity, ...] = ()
    errors: list[tuple[str, str]] = []
    if request.method == "POST":
        try:
            answer = find(request.house, role.account, wanted)
        except Unusable as error:
            answer = Refused(str(error))
        if isinstance(answer, Refused):
            errors = [("number" if wanted.number else "family", answer.says)]
        else:
            found = answer
    numbers = [each.number for each in found if each.number]
    more = {
        "wanted": wanted,
        "found": found,
        "errors": errors,
        "shown": shown,
        "twice": len(numbers) > len(set(numbers)),
    }
    status = HTTPStatus.BAD_REQUEST if errors else HTTPStatus.OK
    return render(request, "care/find.jinja", frame(request, role, "find", **more), status=status)
