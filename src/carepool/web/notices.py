"""What somebody has been told on their own page, and marking it as read."""

import re
from collections.abc import Container
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from carepool.actions.house import House
from carepool.render.words import day
from carepool.web.asking import HouseRequest
from carepool.web.frame import account_of
from carepool.web.signing_in import to_sign_in

_PLAN = re.compile(r"/(?:plans|pools)/([^/?#]+)")
MOST = 50
"""Notices that a page shows."""
LONGEST_ID = 200


@dataclass(frozen=True, slots=True)
class Shown:
    """One notice on the page."""

    id: str
    subject: str
    text: str
    href: str
    on: str
    read: bool


def notices_for(house: House, account: str, plans: Container[str]) -> list[Shown]:
    """The latest notices of an account, those not yet read first; none of a plan that is not among those it may read."""
    found = [
        Shown(each.id, each.subject, each.text, each.link, day(each.created), each.read_at is not None)
        for each in house.notices.of_account(account, MOST)
        if not (of := _PLAN.match(each.link)) or of[1] in plans
    ]
    return sorted(found, key=lambda each: each.read)


def mark_read(request: HouseRequest) -> HttpResponse:
    """Note that one notice, or every one that the page showed, has been read; another's stay as they are."""
    account = account_of(request)
    if account is None:
        return to_sign_in(request)
    house = request.house
    for wanted in request.POST.getlist("notice")[:MOST]:
        house.notices.read(wanted[:LONGEST_ID], account.id, house.clock())
    return redirect(reverse("me", fragment="notices"))
