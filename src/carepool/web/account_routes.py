"""The addresses of signing in and of one's account. No cache keeps any, and an address with a token is told to nobody."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path
from django.views.decorators.cache import cache_control
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from carepool.web import inviting, me, my_sessions, my_tokens, openid, passwords, second_factor, signing_in

View = Callable[..., HttpResponseBase]

BEFORE_SECOND_FACTOR = {"my-second-factor", "my-second-factor-svg", "sign-out"}
"""What somebody may do who must set up a second factor first."""

_form = require_http_methods(["GET", "HEAD", "POST"])


def _private(view: View) -> View:
    """Kept by no cache; what is sent is left out of any report of a fault."""
    return sensitive_post_parameters()(cache_control(private=True, no_store=True)(view))


def _once(view: View) -> View:
    """With a token in its address, which goes no further than to us.

    ``strict-origin`` and not ``no-referrer``: under that a browser sends ``Origin: null`` with a form, which Django
    rightly refuses. Neither lets the path out.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        if isinstance(response, HttpResponse):
            response.headers["Referrer-Policy"] = "strict-origin"
        return response

    return _private(answer)


account_routes: list[URLPattern] = [
    path("sign-in", _private(_form(signing_in.page)), name="sign-in"),
    path("sign-in/code", _private(_form(signing_in.code)), name="sign-in-code"),
    path("sign-in/forgotten", _private(_form(passwords.forgotten)), name="forgotten"),
    path("sign-in/new-password/<str:token>", _once(_form(passwords.choose)), name="new-password"),
    path("sign-in/with/<str:provider>", _private(require_safe(openid.start)), name="sign-in-with"),
    path("sign-in/with/<str:provider>/back", _once(require_safe(openid.back)), name="sign-in-back"),
    path("sign-out", require_POST(signing_in.leave), name="sign-out"),
    path("me", _private(require_safe(me.page)), name="me"),
    path("me/password", _private(_form(passwords.change)), name="my-password"),
    path("me/second-factor", _private(_form(second_factor.page)), name="my-second-factor"),
    path(
        "me/second-factor/picture.svg",
        _private(require_safe(second_factor.picture)),
        name="my-second-factor-svg",
    ),
    path("me/sessions", _private(_form(my_sessions.page)), name="my-sessions"),
    path("me/tokens", _private(_form(my_tokens.page)), name="my-tokens"),
    path("me/sign-ins", _private(_form(openid.mine)), name="my-identities"),
    path("me/sign-ins/with/<str:provider>", _private(require_safe(openid.start_link)), name="link-with"),
    path("me/invitations", _private(_form(inviting.mine)), name="my-invitations"),
    path("invitations/<str:token>", _once(_form(inviting.accept)), name="invitation"),
    path(
        "invitations/<str:token>/with/<str:provider>",
        _once(require_safe(openid.start_invitation)),
        name="invitation-with",
    ),
]
