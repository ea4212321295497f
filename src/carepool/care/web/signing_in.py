"""Signing in to the wing: by handle and password, with a code where the account asks for one; its sessions are its own."""

from datetime import datetime, timedelta
from http import HTTPStatus
from urllib.parse import urlsplit

from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from carepool.basics.periods import LONDON
from carepool.care.web.frame import WingRequest, account_of, frame
from carepool.signin import second_factor, sessions, throttling
from carepool.signin.backends import admitted
from carepool.signin.models import Account
from carepool.signin.throttling import Wait, attempt

WRONG = "The name and the password do not fit together. Check both, and that the capitals lock is off."
WRONG_CODE = "That is not the code of now, or it has been used. Wait for the next code in your app, or write one of your recovery codes that you have not used."
BY_PASSWORD = "a password"  # noqa: S105  (words, not a password)
SIGNING_IN = "signing_in"
"""In a session: who has given a password and owes a code."""
PATIENCE = timedelta(minutes=10)


def page(request: WingRequest) -> HttpResponseBase:
    """The form, and what comes of sending it."""
    goes_to = own_path(request.POST.get("next", "") or request.GET.get("next", ""))
    handle, errors, status = "", [], HTTPStatus.OK
    if request.method == "POST":
        handle = request.POST.get("handle", "")[:100].strip()
        tried = _try_password(request, handle, request.POST.get("password", "")[:1000])
        if isinstance(tried, Account):
            return _password_given(request, tried, goes_to)
        status = HTTPStatus.TOO_MANY_REQUESTS if tried else HTTPStatus.BAD_REQUEST
        errors = [("handle", held_back(tried) if tried else WRONG)]
    more = {"errors": errors, "handle": handle, "next": goes_to}
    return render(request, "care/sign_in.jinja", frame(request, None, "sign-in", **more), status=status)


def code(request: WingRequest) -> HttpResponseBase:
    """The second page of signing in: the code from the app, or a recovery code."""
    now = request.house.clock()
    account, goes_to = _owes_code(request, now)
    if account is None:
        return redirect("sign-in")
    errors, status = [], HTTPStatus.OK
    if request.method == "POST":
        tried = _try_code(request, account, request.POST.get("code", "")[:100])
        if isinstance(tried, str):
            request.session.pop(SIGNING_IN)
            sessions.enter(request, account, tried, now, proved=True)
            return redirect(goes_to or "home")
        status = HTTPStatus.TOO_MANY_REQUESTS if tried else HTTPStatus.BAD_REQUEST
        errors = [("code", held_back(tried) if tried else WRONG_CODE)]
    return render(
        request, "care/sign_in_code.jinja", frame(request, None, "sign-in", errors=errors), status=status
    )


def factor(request: WingRequest) -> HttpResponseBase:
    """Where a second factor is set up, which production asks of everybody; a code of it is given once to begin."""
    account, now = account_of(request), request.house.clock()
    if account is None:
        return redirect("sign-in")
    errors: list[tuple[str, str]] = []
    codes: tuple[str, ...] = ()
    if request.method == "POST" and request.POST.get("do") == "begin":
        second_factor.begin(account, now)
        return redirect("second-factor")
    if request.method == "POST":
        made = second_factor.confirm(account.pk, request.POST.get("code", "")[:100], now)
        if made:
            sessions.end_others(account.pk, request.session.session_key)
            request.session[sessions.PROVED] = True
            codes = made
        else:
            errors = [("code", WRONG_CODE)]
    more = {
        "errors": errors,
        "codes": codes,
        "confirmed": second_factor.has(account.pk),
        "secret": second_factor.pending(account.pk, now),
    }
    status = HTTPStatus.BAD_REQUEST if errors else HTTPStatus.OK
    role = request.house.people.role(account.pk)
    return render(
        request, "care/second_factor.jinja", frame(request, role, "second-factor", **more), status=status
    )


def picture(request: WingRequest) -> HttpResponseBase:
    """The secret as a picture for the app's camera, as long as it waits to be confirmed."""
    account = account_of(request)
    secret = second_factor.pending(account.pk, request.house.clock()) if account else None
    if account is None or secret is None:
        return redirect("second-factor")
    made = second_factor.picture(second_factor.address_of(account.handle, secret))
    return HttpResponse(made, content_type="image/svg+xml")


def leave(request: HttpRequest) -> HttpResponse:
    """Sign out: the session is gone, here and in the database."""
    sessions.leave(request)
    return redirect("sign-in")


def own_path(wanted: str) -> str:
    """A path of ours to go on to, or nothing: an address that leads elsewhere is not followed."""
    if not wanted.startswith("/") or wanted.startswith(("//", "/\\")) or len(wanted) > 200:
        return ""
    if not wanted.isprintable() or "\\" in wanted:
        return ""
    parts = urlsplit(wanted)
    return "" if parts.scheme or parts.netloc or parts.path.startswith("/sign-") else wanted


def held_back(wait: Wait) -> str:
    """That an attempt was not made, and when the next can be."""
    return f"There have been too many attempts, so this one was not made. Try again after {wait.until.astimezone(LONDON):%H:%M:%S}."


def _try_password(request: WingRequest, handle: str, password: str) -> Account | Wait | None:
    def check() -> Account | None:
        found = None if "\0" in handle else authenticate(request, username=handle, password=password)
        return found if isinstance(found, Account) else None

    watched = (throttling.account("password", handle), throttling.address(request))
    return attempt(watched, request.house.clock(), check)


def _try_code(request: WingRequest, account: Account, given: str) -> str | Wait | None:
    now = request.house.clock()
    watched = (throttling.account("code", account.pk), throttling.address(request))
    return attempt(watched, now, lambda: second_factor.prove(account.pk, given, now))


def _password_given(request: WingRequest, account: Account, goes_to: str) -> HttpResponse:
    """Signed in, or on to the page that asks for a code: until then nobody is signed in."""
    now = request.house.clock()
    if not second_factor.has(account.pk):
        sessions.enter(request, account, BY_PASSWORD, now, proved=False)
        return redirect(goes_to or reverse("home"))
    sessions.leave(request)
    request.session[SIGNING_IN] = {"account": account.pk, "at": now.isoformat(), "next": goes_to}
    request.session.set_expiry(int(PATIENCE.total_seconds()))
    return redirect("sign-in-code")


def _owes_code(request: WingRequest, now: datetime) -> tuple[Account | None, str]:
    held = request.session.get(SIGNING_IN)
    if not held or now - datetime.fromisoformat(held["at"]) > PATIENCE:
        return None, ""
    account = Account.objects.filter(pk=held["account"]).first()
    return (account if account and admitted(account) else None), held["next"]
