"""One's second factor: set up with an app, confirmed by a code, with ten recovery codes that are shown once."""

from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import redirect, render

from carepool.basics.refusals import NotHere
from carepool.signin import second_factor, sessions, throttling
from carepool.signin.models import Account
from carepool.signin.terms import terms
from carepool.signin.throttling import Wait, attempt
from carepool.web.account_parts import held_back, tell_owner, wait_seconds
from carepool.web.asking import HouseRequest
from carepool.web.frame import account_of
from carepool.web.signing_in import WRONG_CODE, to_sign_in, try_code
from carepool.web.words import about_page

NOT_YET = (
    "That is not the code that the app shows now. Check that the app has this secret and that your phone's clock is right, "
    "then write the next code."
)
DONE = {"removed": "Your second factor was taken away. Signing in by password asks for no code any more."}


def page(request: HouseRequest) -> HttpResponse:
    """Where the second factor stands, and the forms to set it up, to make new recovery codes, and to take it away."""
    account = account_of(request)
    if account is None:
        return to_sign_in(request)
    if request.method != "POST":
        return _shown(request, account)
    action = {"begin": _begin, "confirm": _confirm, "codes": _codes, "remove": _remove}.get(
        request.POST.get("do", "")
    )
    return action(request, account) if action else _shown(request, account)


def picture(request: HouseRequest) -> HttpResponse:
    """The secret that waits to be confirmed, as a picture for a camera. NotHere when none does."""
    account = account_of(request)
    if account is None:
        return to_sign_in(request)
    secret = second_factor.pending(account.pk, request.house.clock())
    if secret is None:
        raise NotHere("No second factor waits to be confirmed, so there is no picture of one.")
    made = second_factor.picture(second_factor.address_of(account.handle, secret))
    return HttpResponse(made, content_type="image/svg+xml")


def _begin(request: HouseRequest, account: Account) -> HttpResponse:
    second_factor.begin(account, request.house.clock())
    return redirect("my-second-factor")


def _confirm(request: HouseRequest, account: Account) -> HttpResponse:
    now, typed = request.house.clock(), request.POST.get("code", "")[:100]
    watched = (throttling.account("code", account.pk), throttling.address(request))
    tried = attempt(watched, now, lambda: second_factor.confirm(account.pk, typed, now))
    if not isinstance(tried, tuple):
        return _refused(request, account, tried, NOT_YET)
    # Sessions elsewhere began without the second factor, and whoever holds one has not shown it.
    sessions.end_others(account.pk, request.session.session_key)
    request.session[sessions.PROVED] = True
    tell_owner(request, account, "second-factor")
    return _shown(request, account, codes=tried)


def _codes(request: HouseRequest, account: Account) -> HttpResponse:
    tried = try_code(request, account, request.POST.get("code", "")[:100])
    if not isinstance(tried, str):
        return _refused(request, account, tried, WRONG_CODE)
    codes = second_factor.renew_codes(account.pk)
    tell_owner(request, account, "recovery-codes")
    return _shown(request, account, codes=codes)


def _remove(request: HouseRequest, account: Account) -> HttpResponse:
    tried = try_code(request, account, request.POST.get("code", "")[:100])
    if not isinstance(tried, str):
        return _refused(request, account, tried, WRONG_CODE)
    second_factor.remove(account.pk)
    sessions.end_others(account.pk, request.session.session_key)
    request.session[sessions.PROVED] = False
    tell_owner(request, account, "second-factor-removed")
    return redirect("/me/second-factor?done=removed")


def _refused(request: HouseRequest, account: Account, tried: Wait | None, says: str) -> HttpResponse:
    now = request.house.clock()
    status = HTTPStatus.TOO_MANY_REQUESTS if tried else HTTPStatus.BAD_REQUEST
    answer = _shown(request, account, says=held_back(tried, now) if tried else says, status=status)
    if tried:
        answer.headers["Retry-After"] = wait_seconds(tried, now)
    return answer


def _shown(
    request: HouseRequest,
    account: Account,
    *,
    says: str = "",
    codes: tuple[str, ...] = (),
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    confirmed = second_factor.has(account.pk)
    secret = None if confirmed else second_factor.pending(account.pk, request.house.clock())
    context = {
        "section": "me",
        "errors": [("remove-code" if request.POST.get("do") == "remove" else "code", says)] if says else [],
        "confirmed": confirmed,
        "required": terms().second_factor and not request.session.get(sessions.PROVED),
        "codes": codes,
        "codes_left": second_factor.codes_left(account.pk) if confirmed else 0,
        "secret": [secret[at : at + 4] for at in range(0, len(secret), 4)] if secret else [],
        "app": second_factor.address_of(account.handle, secret) if secret else "",
        "handle": account.handle,
        "done": DONE.get(request.GET.get("done", ""), "") if request.method != "POST" else "",
        **about_page(request.house),
    }
    return render(request, "web/second_factor.jinja", context, status=status)
