"""Invitations: made and taken back by who may, and accepted by a link with a password or with a provider."""

import json
from http import HTTPStatus

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from carepool.actions.appointing import appoint, rules_with_offices
from carepool.actions.nation import RULES
from carepool.actions.permits import Actor
from carepool.basics.periods import parse_date
from carepool.basics.refusals import NotHere, Refused, Unusable
from carepool.signin import invitations, letters, sessions
from carepool.signin.models import Account, Invitation
from carepool.signin.openid import Departure, Identified
from carepool.signin.terms import Provider, terms
from carepool.web.account_parts import moment, send, told, whole_address
from carepool.web.asking import HouseRequest
from carepool.web.frame import account_of, actor_of, carried_out, new_key
from carepool.web.passwords import Errors, new_password_errors
from carepool.web.people import names_of
from carepool.web.signing_in import BY_PASSWORD, to_sign_in
from carepool.web.words import about_page

DONE = {
    "sent": "The invitation was sent.",
    "kept": "The invitation stands, but its letter could not be sent. Take it back and invite again later.",
    "revoked": "The invitation was taken back. Its link works no more.",
    "over": "That invitation had been accepted, taken back or had run out already.",
}
NO_OFFICE = "The office that came with the invitation could not be given: {says} Tell whoever invited you."


def mine(request: HouseRequest) -> HttpResponse:
    """The invitations that one has made, and a form to make another. For anybody who may not, there is no such page."""
    account = account_of(request)
    if account is None:
        return to_sign_in(request)
    if not account.may_invite:
        raise NotHere("There is no page at this address.")
    now = request.house.clock()
    typed = {"name": "", "email": ""}
    errors: Errors = []
    if request.method == "POST" and request.POST.get("do") == "revoke":
        done = invitations.revoke(request.POST.get("invitation", "")[:40], account.pk, now)
        return redirect(reverse("my-invitations", query={"done": "revoked" if done else "over"}))
    if request.method == "POST":
        typed = {name: request.POST.get(name, "")[:300] for name in typed}
        errors = _errors(typed)
        if not errors:
            return redirect(reverse("my-invitations", query={"done": _invite(request, account, typed)}))
    context = {
        "section": "me",
        "errors": errors,
        "wrong": dict(errors),
        "typed": typed,
        "key": new_key(),
        "rows": [
            (each, invitations.standing(each, now), moment(each.expires_at))
            for each in invitations.made_by(account.pk)
        ],
        "done": DONE.get(request.GET.get("done", ""), ""),
        **about_page(request.house),
    }
    status = HTTPStatus.BAD_REQUEST if errors else HTTPStatus.OK
    return render(request, "web/my_invitations.jinja", context, status=status)


def accept(request: HouseRequest, token: str) -> HttpResponse:
    """The page of an invitation: choose a name and a password, or a provider to sign in with."""
    now = request.house.clock()
    invitation = invitations.of_link(token, now)
    if invitation is None:
        return over(request)
    errors: Errors = []
    handle = request.POST.get("handle", invitations.free_handle(invitation.name))[:200]
    if request.method == "POST":
        errors = _account_errors(request, invitation, handle)
        if not errors:
            made = _made(request, invitation, handle.strip(), request.POST["new"])
            if isinstance(made, tuple):
                return _welcome(request, *made, BY_PASSWORD, proved=False)
            if made.says == invitations.OVER:
                return over(request)
            errors = [("handle", made.says)]
    context = {
        "section": "sign-in",
        "errors": errors,
        "wrong": dict(reversed(errors)),
        "handle": handle,
        "invitation": invitation,
        "by": _inviter(invitation),
        "ends": moment(invitation.expires_at),
        "gives": bool(invitation.gives),
        "providers": [
            (each.label, reverse("invitation-with", args=[token, each.name]))
            for each in terms().providers.values()
        ],
        "account": account_of(request),
        **about_page(request.house),
    }
    status = HTTPStatus.BAD_REQUEST if errors else HTTPStatus.OK
    return render(request, "web/invitation.jinja", context, status=status)


def over(request: HouseRequest) -> HttpResponse:
    """The page of a link that accepts nothing, whatever was the matter with it."""
    return told(request, "This invitation no longer works", invitations.OVER, HTTPStatus.NOT_FOUND)


def accepted_by_identity(
    request: HouseRequest, provider: Provider, kept: Departure, found: Identified
) -> HttpResponse:
    """An invitation accepted by who came back from a provider."""
    now = request.house.clock()
    with transaction.atomic():
        made = invitations.accept_by_identity(kept.of, found.issuer, found.subject, provider.name, now)
        missing = _give(request, kept.of, made) if isinstance(made, Account) else ""
    if isinstance(made, Refused):
        return told(request, "The invitation was not accepted", made.says, HTTPStatus.CONFLICT)
    request.house.journal.seal()
    return _welcome(request, made, missing, provider.label, proved=True)


def _errors(typed: dict[str, str]) -> Errors:
    errors: Errors = []
    for field, check in (("name", invitations.checked_name), ("email", invitations.checked_email)):
        try:
            check(typed[field])
        except Unusable as error:
            errors.append((field, str(error)))
    return errors


def _invite(request: HouseRequest, account: Account, typed: dict[str, str]) -> str:
    key = actor_of(request, account).key
    made = invitations.invite(typed["email"], typed["name"], account.pk, request.house.clock(), key=key)
    if made.again:
        return "sent"
    link = whole_address(request, reverse("invitation", args=[made.token]))
    return "sent" if send(request, letters.invitation(made.invitation, link, account.name)) else "kept"


def _account_errors(request: HouseRequest, invitation: Invitation, handle: str) -> Errors:
    errors: Errors = []
    try:
        invitations.checked_handle(handle)
    except Unusable as error:
        errors.append(("handle", str(error)))
    to_be = Account(handle=handle, name=invitation.name, email=invitation.email)
    return errors + new_password_errors(request, to_be)


def _made(
    request: HouseRequest, invitation: Invitation, handle: str, password: str
) -> tuple[Account, str] | Refused:
    """The account with all that comes with it, and what could not be given; in one transaction."""
    with transaction.atomic():
        made = invitations.accept(invitation.id, handle, password, request.house.clock())
        if isinstance(made, Refused):
            return made
        missing = _give(request, invitation.id, made)
    request.house.journal.seal()
    return made, missing


def _give(request: HouseRequest, which: str, account: Account) -> str:
    """Give the office that comes with an invitation, if any; why it could not be given, or nothing."""
    invitation = Invitation.objects.get(id=which)
    if not invitation.gives:
        return ""
    house, given = request.house, json.loads(invitation.gives)
    try:
        body = house.areas.body(given["body"])
        rules = rules_with_offices(house, body.kind, RULES)
        last = parse_date(given["last"]) if given["last"] else None
        first = parse_date(given["first"]) if given["first"] else house.today
        actor = Actor(invitation.made_by, f"invitation-{invitation.id}")
        done = carried_out(house, lambda: appoint(house, actor, rules, body.id, given["office"], account.pk, first, last))  # fmt: skip
    except Unusable as error:
        return NO_OFFICE.format(says=error)
    return NO_OFFICE.format(says=done.says) if isinstance(done, Refused) else ""


def _welcome(
    request: HouseRequest, account: Account, missing: str, way: str, *, proved: bool
) -> HttpResponse:
    sessions.leave(request)
    sessions.enter(request, account, way, request.house.clock(), proved=proved)
    if missing:
        return told(request, "Your account is made", missing, HTTPStatus.OK, section="me")
    return redirect("me")


def _inviter(invitation: Invitation) -> str:
    found = names_of([invitation.made_by])[invitation.made_by]
    return "Whoever looks after carepool" if found == invitation.made_by else found
