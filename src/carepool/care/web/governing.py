"""The governance lead's log: who looked at whose record, and every breaking of the glass that waits to be looked at."""

from django.http import HttpResponseBase
from django.shortcuts import render

from carepool.care.actions.overseeing import Seen, overseen
from carepool.care.actions.ports import Role
from carepool.care.sharing.log import PURPOSES
from carepool.care.web.frame import WingRequest, frame, moment, names_of


def page(request: WingRequest, role: Role) -> HttpResponseBase:
    """The page."""
    seen = overseen(request.house, role)
    names = names_of(each.look.by for each in (*seen.waiting, *seen.latest))
    return render(
        request,
        "care/log.jinja",
        frame(
            request,
            role,
            "log",
            waiting=[_row(each, names) for each in seen.waiting],
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
        "justified": look.justified,
    }


WHAT = {
    "Looked": "Looked",
    "Shared": "Shared",
    "RefusedLook": "Was refused",
    "GlassBroken": "Broke the glass",
}
