"""Passwords: changed by who knows the old one, or chosen anew by a link in a letter or from the operator."""

from http import HTTPStatus

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from carepool.signin import letters, passwords, sessions, throttling
from carepool.signin.models import Account
from carepool.signin.throttling import Wait, attempt
from carepool.web.account_parts import (
    afterwards,
    held_back,
    keep,
    send_kept,
    tell_owner,
    told,
    wait_seconds,
    whole_address,
)
from carepool.web.asking import HouseRequest
from carepool.web.frame import account_of
from carepool.web.signing_in import to_sign_in
from carepool.web.words import about_page

OLD_WRONG = "That is not your password of now."
NOT_ALIKE = "The two are not alike. Write the new password again in both."
LINK_OVER = "This link has been used or has run out. Ask for another one."
SENT = (
    "If an account with a password has that address, a letter with a link is on its way to it. The link works once, within "
    "an hour. If no letter comes, look among unwanted mail, or ask whoever looks after carepool."
)

Errors = list[tuple[str, str]]


def change(request: HouseRequest) -> HttpResponse:
    """The form to change one's password, and what comes of sending it. It ends all sessions, this one too."""
    account = account_of(request)
    if account is None:
        return to_sign_in(request)
    errors: Errors = []
    wait = None
    if request.method == "POST" and account.has_usable_password():
        old = request.POST.get("old", "")[: passwords.LONGEST + 1]  # one more, so that a longer one fits none
        watched = (throttling.account("own-password", account.pk), throttling.address(request))
        now = request.house.clock()
        tried = attempt(watched, now, lambda: account.check_password(old) or None)
        if isinstance(tried, Wait):
            wait, errors = tried, [("old", held_back(tried, now))]
        else:
            errors = ([] if tried else [("old", OLD_WRONG)]) + new_password_errors(request, account)
        if not errors:
            return _changed(request, account)
    context = {
        "section": "me",
        "errors": errors,
        "wrong": _first(errors),
        "has_password": account.has_usable_password(),
        "account": account,
        **about_page(request.house),
    }
    answer = render(request, "web/password.jinja", context, status=_status(errors, wait))
    if wait:
        answer.headers["Retry-After"] = wait_seconds(wait, request.house.clock())
    return answer


def forgotten(request: HouseRequest) -> HttpResponse:
    """The form to ask for a link, and one answer for every address, sent before anything is looked up."""
    wait, sent, email = None, False, ""
    if request.method == "POST":
        email = request.POST.get("email", "")[:300]
        now = request.house.clock()
        # Each asking counts, since each that is answered sends a letter.
        tried = attempt(
            (throttling.account("forgotten", email), throttling.address(request)), now, lambda: None
        )
        wait, sent = tried, tried is None
    errors: Errors = [("email", held_back(wait, request.house.clock()))] if wait else []
    context = {
        "section": "sign-in",
        "errors": errors,
        "email": email,
        "sent": SENT if sent else "",
        **about_page(request.house),
    }
    answer = render(request, "web/forgotten.jinja", context, status=_status(errors, wait))
    if wait:
        answer.headers["Retry-After"] = wait_seconds(wait, request.house.clock())
    return afterwards(answer, lambda: _send_links(request, email)) if sent else answer


def choose(request: HouseRequest, token: str) -> HttpResponse:
    """The page of a link: choose a new password, once."""
    now = request.house.clock()
    account = passwords.of_link(token, now)
    if account is None:
        return told(request, "This link no longer works", LINK_OVER, HTTPStatus.NOT_FOUND)
    errors: Errors = []
    if request.method == "POST":
        errors = new_password_errors(request, account)
        if not errors:
            if not passwords.use_link(token, request.POST["new"], now):
                return told(request, "This link no longer works", LINK_OVER, HTTPStatus.NOT_FOUND)
            tell_owner(request, account, "password")
            return redirect(reverse("sign-in", query={"said": "password"}))
    context = {
        "section": "sign-in", "errors": errors, "wrong": _first(errors), "account": account, **about_page(request.house),
    }  # fmt: skip
    return render(request, "web/password_chosen.jinja", context, status=_status(errors, None))


def new_password_errors(request: HouseRequest, account: Account) -> Errors:
    """What is wrong with the new password in a form: fields ``new`` and ``again``."""
    new, again = request.POST.get("new", ""), request.POST.get("again", "")
    errors: Errors = [("new", each) for each in passwords.faults(new, account)]
    if new != again:
        errors.append(("again", NOT_ALIKE))
    return errors


def _changed(request: HouseRequest, account: Account) -> HttpResponse:
    passwords.change(account, request.POST["new"])
    sessions.leave(request)
    tell_owner(request, account, "password")
    return redirect(reverse("sign-in", query={"said": "password"}))


def _send_links(request: HouseRequest, email: str) -> None:
    now = request.house.clock()
    for account in passwords.of_email(email):
        ends = now + passwords.BY_LETTER
        with transaction.atomic():
            token = passwords.make_link(account, now, passwords.BY_LETTER)
            link = whole_address(request, reverse("new-password", args=[token]))
            letter = letters.new_password(account, link, ends)
            keep(request, letter, ends)
        send_kept(request, letter)


def _first(errors: Errors) -> dict[str, str]:
    """The first sentence for each field."""
    return dict(reversed(errors))


def _status(errors: Errors, wait: Wait | None) -> HTTPStatus:
    if wait:
        return HTTPStatus.TOO_MANY_REQUESTS
    return HTTPStatus.BAD_REQUEST if errors else HTTPStatus.OK
