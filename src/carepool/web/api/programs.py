"""A program that asks: by which token, how often, whether it may act, and its answer as a program reads it."""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus

from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import patch_vary_headers

from carepool.signin import pacing, tokens
from carepool.signin.keeping import keyed
from carepool.signin.models import Account, Token
from carepool.signin.terms import terms
from carepool.signin.throttling import caller, network
from carepool.web.api.problems import Stopped, as_problem, problem

AT = "/api/"
"""What every address of the API begins with."""
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
BEARER = "bearer "


def answered(
    request: HttpRequest, handler: Callable[[HttpRequest], HttpResponseBase], now: datetime
) -> HttpResponseBase:
    """Answer a program. Whoever shows no token is nobody, or is signed in and looks: a token alone acts.

    A browser sends a token by no accident, so that what bears one needs no proof of which page it came from.
    """
    token = _borne(request, now)
    pace = _pace(request, token, now)
    stopped = _stopped(request, token, pace)
    if stopped:
        answer: HttpResponseBase = problem(request, stopped)
    else:
        if token:
            tokens.note_use(token, now)
            request.token = token  # type: ignore[attr-defined]  # read by token_of
            request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]  # Django's word for it
        answer = as_problem(request, handler(request))
    answer["RateLimit-Limit"] = str(pace.limit)
    answer["RateLimit-Remaining"] = str(max(pace.left, 0))
    answer["RateLimit-Reset"] = str(pace.again)
    answer.headers.setdefault("Cache-Control", "private, no-cache")
    patch_vary_headers(answer, ("Authorization", "Cookie"))
    return answer


def token_of(request: HttpRequest) -> Token | None:
    """The token that a request shows, found good."""
    return getattr(request, "token", None)


def signed_in_by_token(request: HttpRequest) -> Account | None:
    """Whose the token is that a request shows."""
    token = token_of(request)
    return token.account if token else None


def _borne(request: HttpRequest, now: datetime) -> Token | None:
    shown = request.headers.get("Authorization", "")
    return tokens.borne(shown[len(BEARER) :].strip(), now) if shown.lower().startswith(BEARER) else None


def _pace(request: HttpRequest, token: Token | None, now: datetime) -> pacing.Pace:
    held = terms()
    if token:
        return pacing.count(held.pace_file, f"token {token.pk}", held.pace_of_token, now)
    who = keyed("api.address", network(caller(request)))
    return pacing.count(held.pace_file, f"address {who}", held.pace_of_address, now)


def _stopped(request: HttpRequest, token: Token | None, pace: pacing.Pace) -> Stopped | None:
    """Why a request goes no further; None where it does."""
    if pace.too_often:
        return Stopped(
            HTTPStatus.TOO_MANY_REQUESTS,
            f"This was more than {pace.limit} requests in a minute. Wait {pace.again} seconds, then ask again.",
            Retry_After=str(pace.again),
        )
    if token is None and ("Authorization" in request.headers or request.method not in SAFE):
        says = (
            "The token that was shown is none that is in use: it has ended, or was never made here."
            if "Authorization" in request.headers
            else ""
        )
        return Stopped(HTTPStatus.UNAUTHORIZED, says, WWW_Authenticate="Bearer")
    if token and not token.acts and request.method not in SAFE:
        return Stopped(
            HTTPStatus.FORBIDDEN, "This token only reads. Its owner makes one that acts at /me/tokens."
        )
    return None
