"""The practitioner's day: whom they work with, what is overdue, who came home, who has nobody responsible."""

from django.http import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from carepool.care.actions.ports import Role, RoleKind
from carepool.care.actions.today import day
from carepool.care.web.frame import WingRequest, account_of, frame, moment

FIRST = {
    RoleKind.PRACTITIONER: "day",
    RoleKind.GOVERNANCE: "log",
    RoleKind.PERSON: "mine",
    RoleKind.CARER: "mine",
}
"""What each comes for."""


def home(request: WingRequest) -> HttpResponseBase:
    """The way to each one's first page."""
    account = account_of(request)
    if account is None:
        return HttpResponseRedirect(reverse("sign-in"))
    role = request.house.people.role(account.pk)
    if role is not None and role.kind in FIRST:
        return HttpResponseRedirect(reverse(FIRST[role.kind]))
    return render(request, "care/nothing_here.jinja", frame(request, role, "home"))


def page(request: WingRequest, role: Role) -> HttpResponseBase:
    """The page."""
    return render(
        request, "care/day.jinja", frame(request, role, "day", day_of=day(request.house, role), moment=moment)
    )
