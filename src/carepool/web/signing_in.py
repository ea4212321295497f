"""Signing in by handle and password, with a code where the account asks for one, and signing out.

What a signed-in person may do is a matter of their offices.
"""

from datetime import datetime, timedelta
from http import HTTPStatus
from urllib.parse import urlsplit

from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse

from carepool.signin import second_factor, sessions, throttling
from carepool.signin.backends import admitted
from carepool.signin.models import Account
from carepool.signin.passwords import LONGEST
from carepool.signin.terms import terms
from carepool.signin.throttling import Wait, attempt
from carepool.web.account_parts import held_back, wait_seconds
from carepool.web.asking import HouseRequest
from carepool.web.frame import account_of
from carepool.web.words import BUILD, about_page

WRONG = "The name and the password do not fit together. Check both, and that the capitals lock is off."
"""One sentence for a wrong name and for a wrong password: which of them it was is nobody's business."""
WRONG_CODE = (
    "That is not the code of now, or it has been used. Wait for the next code in your app, "
    "or write one of your recovery codes that you have not used."
)
TOO_LATE = "It took longer than ten minutes to write the code. Sign in again."
BY_PASSWORD = "a password"  # noqa: S105  (words, not a password)
SIGNING_IN = "signing_in"
"""In a session: who has given a password and owes a code."""
PATIENCE = timedelta(minutes=10)

SAID = {
    "password": "Your password was changed, and all your sessions were ended. Sign in with the new one.",
    "late": TOO_LATE,
}
"""What the page says on top when another page leads to it."""


def page(request: HouseRequest) -> HttpResponse:
    """The form, and what comes of sending it."""
    goes_to = own_path(request.POST.get("next", "") or request.GET.get("next", ""))
    handle, errors, status, wait = "", [], HTTPStatus.OK, None
    if request.method == "POST":
        handle = request.POST.get("handle", "")[:100].strip()
        tried = _try_password(request, handle, request.POST.get("password", "")[: LONGEST + 1])
        if isinstance(tried, Account):
            return _password_given(request, tried, goes_to)
        status = HTTPStatus.TOO_MANY_REQUESTS if tried else HTTPStatus.BAD_REQUEST
        wait = tried
        errors = [("handle", held_back(tried, request.house.clock()) if tried else WRONG)]
    context = {
        "section": "sign-in",
        "errors": errors,
        "handle": handle,
        "next": goes_to,
        "said": SAID.get(request.GET.get("said", ""), ""),
        "account": account_of(request),
        "providers": [
            (each.label, reverse("sign-in-with", args=[each.name], query={"next": goes_to} if goes_to else None))
            for each in terms().providers.values()
        ],
        "demonstration": Account.objects.filter(demonstration=True).exists(),
        **about_page(request.house),
    }  # fmt: skip
    return _timed(render(request, "web/sign_in.jinja", context, status=status), wait, request.house.clock())


def code(request: HouseRequest) -> HttpResponse:
    """The second page of signing in: the code from the app, or a recovery code."""
    now = request.house.clock()
    account, goes_to = _owes_code(request, now)
    if account is None:
        return redirect(reverse("sign-in", query={"said": "late"} if SIGNING_IN in request.session else None))
    errors, status, wait = [], HTTPStatus.OK, None
    if request.method == "POST":
        tried = try_code(request, account, request.POST.get("code", "")[:100])
        if isinstance(tried, str):
            request.session.pop(SIGNING_IN)
            sessions.enter(request, account, tried, now, proved=True)
            return redirect(goes_to or reverse("me"))
        status = HTTPStatus.TOO_MANY_REQUESTS if tried else HTTPStatus.BAD_REQUEST
        wait = tried
        errors = [("code", held_back(tried, now) if tried else WRONG_CODE)]
    context = {"section": "sign-in", "errors": errors, **about_page(request.house)}
    return _timed(render(request, "web/sign_in_code.jinja", context, status=status), wait, now)


def try_code(request: HouseRequest, account: Account, typed: str) -> str | Wait | None:
    """How an account was proved by a code, None when it was not, or how long to wait before another is tried."""
    now = request.house.clock()
    watched = (throttling.account("code", account.pk), throttling.address(request))
    return attempt(watched, now, lambda: second_factor.prove(account.pk, typed, now))


def leave(request: HttpRequest) -> HttpResponse:
    """Sign out: the session is gone, here and in the database."""
    sessions.leave(request)
    answer = redirect("sign-in")
    # What the browser kept to go back to. Not its cookies: those of neighbours under the same domain would go too.
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


def own_path(wanted: str) -> str:
    """A path of ours to go on to, or nothing: an address that leads elsewhere is not followed."""
    if not wanted.startswith("/") or wanted.startswith(("//", "/\\")) or len(wanted) > 500:
        return ""
    if not wanted.isprintable() or "\\" in wanted:
        return ""
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return ""
    # Signing out is a button, not a page to come to.
    return "" if parts.scheme or parts.netloc or parts.path.startswith("/sign-") else wanted


def to_sign_in(request: HttpRequest) -> HttpResponseRedirect:
    """Off to sign in, and back to this page after."""
    return HttpResponseRedirect(reverse("sign-in", query={"next": request.get_full_path()}))


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  (Django gives it)
    """The page for a form that does not prove that it came from a page of ours."""
    says = (
        "This form did not come from a page that was open in your own session, so nothing was done. It happens when you "
        "signed in or out in another tab, or when the browser keeps no cookies. Go back, reload the page and send it again."
    )
    context = {"title": "That form cannot be accepted", "says": says, "build": BUILD}
    return render(request, "web/problem.jinja", context, status=HTTPStatus.FORBIDDEN)


def _try_password(request: HouseRequest, handle: str, password: str) -> Account | Wait | None:
    def check() -> Account | None:
        # A null character can stand in no name, and PostgreSQL would refuse the question.
        found = None if "\0" in handle else authenticate(request, username=handle, password=password)
        return found if isinstance(found, Account) else None

    watched = (throttling.account("password", handle), throttling.address(request))
    return attempt(watched, request.house.clock(), check)


def _password_given(request: HouseRequest, account: Account, goes_to: str) -> HttpResponse:
    """Signed in, or on to the page that asks for a code: until then nobody is signed in."""
    now = request.house.clock()
    if not second_factor.has(account.pk):
        sessions.enter(request, account, BY_PASSWORD, now, proved=False)
        return redirect(goes_to or reverse("me"))
    sessions.leave(request)
    request.session[SIGNING_IN] = {"account": account.pk, "at": now.isoformat(), "next": goes_to}
    request.session.set_expiry(int(PATIENCE.total_seconds()))
    return redirect("sign-in-code")


def _owes_code(request: HouseRequest, now: datetime) -> tuple[Account | None, str]:
    """Who has given a password in this session and owes a code, and where they want to go on to."""
    held = request.session.get(SIGNING_IN)
    if not held or now - datetime.fromisoformat(held["at"]) > PATIENCE:
        return None, ""
    account = Account.objects.filter(pk=held["account"]).first()
    return (account if account and admitted(account) else None), held["next"]


def _timed(answer: HttpResponse, wait: Wait | None, now: datetime) -> HttpResponse:
    if wait:
        answer.headers["Retry-After"] = wait_seconds(wait, now)
    return answer
