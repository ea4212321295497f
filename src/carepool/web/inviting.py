"""Invitations: made and taken back by whose office lets them, and accepted by a link with a password or with a provider."""

import json
from collections.abc import Sequence
from datetime import date
from http import HTTPStatus

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from carepool.actions.appointing import appoint, rules_with_offices
from carepool.actions.inviting import Offer, invite_to, offers_of, still_invited
from carepool.actions.nation import RULES
from carepool.actions.permits import Actor
from carepool.basics.periods import parse_date
from carepool.basics.refusals import NotHere, Refused, Unusable
from carepool.plans.parts import day_typed
from carepool.signin import invitations, letters, sessions
from carepool.signin.backends import admitted
from carepool.signin.models import Account, Invitation
from carepool.signin.openid import Departure, Identified
from carepool.signin.terms import Provider, terms
from carepool.web.account_parts import keep, moment, send_kept, told, whole_address
from carepool.web.asking import HouseRequest
from carepool.web.frame import NoKey, account_of, actor_of, carried_out, new_key
from carepool.web.passwords import Errors, new_password_errors
from carepool.web.people import names_of
from carepool.web.signing_in import BY_PASSWORD, to_sign_in
from carepool.web.words import about_page

DONE = {
    "sent": "The invitation was sent.",
    "kept": "The invitation stands. Its letter could not be sent yet, and is tried again until it goes.",
    "revoked": "The invitation was taken back. Its link works no more.",
    "over": "That invitation had been accepted, taken back or had run out already.",
}
NO_MORE = "This invitation no longer works"
LEFT = "Whoever invited you is not here any more, so the invitation is void. Ask the body that you work for for another."
NO_OFFICE = "The office that came with the invitation could not be given: {says} Tell whoever invited you."


def mine(request: HouseRequest) -> HttpResponse:
    """The invitations that one has made, and a form to make another. For anybody who may not, there is no such page."""
    account = account_of(request)
    if account is None:
        return to_sign_in(request)
    offers = offers_of(request.house, account.pk)
    if not offers:
        raise NotHere("There is no page at this address.")
    now = request.house.clock()
    typed = {"name": "", "email": "", "gives": "", "first": "", "last": ""}
    errors: Errors = []
    if request.method == "POST" and request.POST.get("do") == "revoke":
        done = _take_back(request, account, request.POST.get("invitation", "")[:40])
        return redirect(reverse("my-invitations", query={"done": "revoked" if done else "over"}))
    if request.method == "POST":
        typed = {name: request.POST.get(name, "")[:300] for name in typed}
        errors = _errors(typed, offers)
        if not errors:
            done_or_not = _invite(request, account, typed)
            if isinstance(done_or_not, str):
                return redirect(reverse("my-invitations", query={"done": done_or_not}))
            errors = [("gives", done_or_not.says)]
    context = {
        "section": "me",
        "errors": errors,
        "wrong": dict(errors),
        "typed": typed,
        "key": new_key(),
        "offers": [(f"{each.body.id} {each.office}", each.says) for each in offers],
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
    if void := _void(request, invitation):
        return told(request, NO_MORE, void.says, HTTPStatus.FORBIDDEN)
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
    return told(request, NO_MORE, invitations.OVER, HTTPStatus.NOT_FOUND)


def _void(request: HouseRequest, invitation: Invitation) -> Refused | None:
    """The refusal where whoever invited may do so no more: by their office in the body, or since their account was ended.

    An operator's stands by itself; what an account made in no body's name, before offices said who may, does not.
    """
    inviter = Account.objects.filter(pk=invitation.made_by).first()
    if inviter is None and not invitation.body:
        return None
    if inviter is None or not invitation.body or not admitted(inviter):
        return Refused(LEFT)
    office = json.loads(invitation.gives)["office"] if invitation.gives else ""
    return still_invited(request.house, inviter.pk, invitation.body, office)


def accepted_by_identity(
    request: HouseRequest, provider: Provider, kept: Departure, found: Identified
) -> HttpResponse:
    """An invitation accepted by who came back from a provider."""
    now = request.house.clock()
    with transaction.atomic():
        invitation = invitations.of_id(kept.of, now)
        void = _void(request, invitation) if invitation else None
        if void:
            return told(request, NO_MORE, void.says, HTTPStatus.FORBIDDEN)
        made = invitations.accept_by_identity(kept.of, found.issuer, found.subject, provider.name, now)
        missing = _give(request, kept.of, made) if isinstance(made, Account) else ""
    if isinstance(made, Refused):
        return told(request, "The invitation was not accepted", made.says, HTTPStatus.CONFLICT)
    request.house.journal.seal()
    return _welcome(request, made, missing, provider.label, proved=True)


def _take_back(request: HouseRequest, account: Account, which: str) -> bool:
    done = invitations.revoke(which, account.pk, request.house.clock())
    if done:
        request.house.notices.forget(letters.of_invitation(which))
    return done


def _errors(typed: dict[str, str], offers: Sequence[Offer]) -> Errors:
    errors: Errors = []
    for field, check in (("name", invitations.checked_name), ("email", invitations.checked_email)):
        try:
            check(typed[field])
        except Unusable as error:
            errors.append((field, str(error)))
    if typed["gives"] not in {f"{each.body.id} {each.office}" for each in offers}:
        errors.append(("gives", "Choose one from the list."))
    days = {field: _day(typed[field], field, errors) for field in ("first", "last")}
    if days["last"] and days["last"] < (days["first"] or days["last"]):
        errors.append(("last", "The office would end before it begins. Exchange the two days."))
    return errors


def _day(typed: str, field: str, errors: Errors) -> date | None:
    """A day, none where nothing was typed; what is no day is among the errors."""
    try:
        return day_typed(typed) if typed.strip() else None
    except ValueError as error:
        errors.append((field, f"{error}."))
        return None


def _invite(request: HouseRequest, account: Account, typed: dict[str, str]) -> str | Refused:
    """Invite in the name of the body: the fact, the invitation and its letter are there together, or none of them."""
    try:
        house, actor = request.house, actor_of(request, account)
    except NoKey as error:
        return Refused(str(error))
    body, _, office = typed["gives"].partition(" ")
    first, last = (_day(typed[field], field, []) if office else None for field in ("first", "last"))
    which = invitations.id_for(account.pk, actor.key)
    gives = {"office": office, "body": body, "first": str(first or ""), "last": str(last or "")}
    try:
        with transaction.atomic():
            done = carried_out(house, lambda: invite_to(house, actor, body, which, office, first, last))
            if isinstance(done, Refused):
                return done
            made = invitations.invite(
                typed["email"], typed["name"], account.pk, house.clock(), json.dumps(gives) if office else "",
                key=actor.key, body=body,
            )  # fmt: skip
            if made.again:
                return "sent"
            link = whole_address(request, reverse("invitation", args=[made.token]))
            letter = letters.invitation(made.invitation, link, account.name)
            keep(request, letter, made.invitation.expires_at)
    except Unusable as error:
        return Refused(str(error))
    return "sent" if send_kept(request, letter) else "kept"


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
        operator = not invitation.body
        done = carried_out(house, lambda: appoint(house, actor, rules, body.id, given["office"], account.pk, first, last, operator=operator))  # fmt: skip
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
