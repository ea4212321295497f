"""What is one's own: the plan, who is responsible, and who looked, for the person; what a carer is told, for the carer."""

from http import HTTPStatus

from django.http import HttpResponseBase
from django.shortcuts import render

from carepool.basics.periods import in_words
from carepool.care.actions.caring import responsible, review_due
from carepool.care.actions.opening import access_log, identity_of, look, reason_in
from carepool.care.actions.ports import Role, RoleKind
from carepool.care.actions.recording import recorded
from carepool.care.actions.showing import shown
from carepool.care.actions.telling import notices
from carepool.care.sharing.deciding import Refuse
from carepool.care.sharing.log import AccessLog, Look, words
from carepool.care.web.frame import WingRequest, frame, moment, names_of
from carepool.care.web.people import lines, questions, standing

LONGEST = 200
"""Looks on a page; all of them are in the copy of the record."""


def page(request: WingRequest, role: Role) -> HttpResponseBase:
    """The plan."""
    opened = look(request.house, role, role.person, "direct_care")
    if isinstance(opened, Refuse):
        kept = {"title": "This is not shown to you", "says": opened.says}
        return render(
            request, "care/told.jinja", frame(request, role, "mine", **kept), status=HTTPStatus.FORBIDDEN
        )
    told = recorded(request.house, role.person)
    seen = shown(opened, role.person, told)
    more = {
        "opened": opened,
        "seen": seen,
        "asks": questions(request),
        "own": role.kind is RoleKind.PERSON,
        "lines": lines(responsible(seen.care, request.house.clock()), role.account),
        "stands": standing(seen.care, review_due(told, seen.care), request.house.today)
        if opened.shows("plan")
        else None,
        "broken": [
            (each, moment(each.at))
            for each in notices(request.house, opened, access_log(request.house, role.person)[0])
        ]
        if role.kind is RoleKind.PERSON
        else (),
    }
    return render(request, "care/mine.jinja", frame(request, role, "mine", **more))


def log(request: WingRequest, role: Role) -> HttpResponseBase:
    """Who looked, in plain words, the latest first."""
    house = request.house
    identity_of(house, role.person)
    opened = look(house, role, role.person, "oversight")
    found, texts = access_log(house, role.person)
    told = said(request, AccessLog(found.for_person), texts) if not isinstance(opened, Refuse) else []
    return render(request, "care/my_log.jinja", frame(request, role, "my-log", told=told[:LONGEST]))


def said(request: WingRequest, found: AccessLog, texts: dict[str, str]) -> list[str]:
    """The looks of a log as sentences, the latest first."""
    sharing = request.house.sharing[1]
    names = names_of(each.by for each in found.looks)
    names |= {each.organisation: each.organisation for each in found.looks if each.organisation}
    return [
        _told(each, words(each, sharing, names, reason_in(each, texts))) for each in reversed(found.looks)
    ]


def _told(look: Look, sentence: str) -> str:
    """What whoever prepares a copy reads of a look that is kept from the person."""
    if look.again is None:
        return sentence
    return f"{sentence} Kept from the person until it is looked at again on {in_words(look.again)}: take it out of what you give."
