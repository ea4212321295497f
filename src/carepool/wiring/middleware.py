"""What every request of the fund passes through: the house it is answered from, and a second factor first where it is required."""

from dataclasses import replace
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from carepool.basics.refusals import Unusable
from carepool.signin.sessions import PROVED
from carepool.signin.terms import terms
from carepool.store.journal import OneLook
from carepool.web.about import refusal, too_large
from carepool.web.account_routes import BEFORE_SECOND_FACTOR
from carepool.web.api import programs
from carepool.web.frame import account_of
from carepool.wiring.headers import Handler
from carepool.wiring.house import clock, current_house
from carepool.wiring.logs import ROUTE

LARGEST_REQUEST = 24 * 1024 * 1024
"""Bytes of all that is sent at once: more than the largest file that a page takes, with the form around it."""


class NotTooLarge:
    """Refuses what is larger than any page takes, by its length: reading the token of a form would read its files first."""

    def __init__(self, handler: Handler) -> None:
        self.handler = handler

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Go on, or answer without having read any of it. What says no length is read as empty."""
        said = request.META.get("CONTENT_LENGTH") or ""
        large = said.isascii() and said.isdecimal() and (len(said) > 18 or int(said) > LARGEST_REQUEST)
        return too_large(request, LARGEST_REQUEST) if large else self.handler(request)


class TheHouse:
    """Gives each request the house that it is answered from, and a page to every refusal."""

    def __init__(self, handler: Handler) -> None:
        self.handler = handler

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with ``request.house`` set."""
        house = current_house()
        if request.method in {"GET", "HEAD"}:  # who only looks need not be told the same twice
            house = replace(house, journal=OneLook())
        request.house = house  # type: ignore[attr-defined]  # views read it through web.asking.house_of
        return self.handler(request)

    def process_view(self, request: HttpRequest, *_: object) -> None:
        """Leave the name of the route to whoever counts: an address would say what was asked for."""
        if request.resolver_match and request.resolver_match.url_name:
            request.environ[ROUTE] = request.resolver_match.url_name  # type: ignore[attr-defined]  # a WSGI request has one

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page for a question that cannot be answered; bugs go on to Django."""
        return refusal(request, exception) if isinstance(exception, Unusable) else None


class ForPrograms:
    """Answers programs at the addresses of the API: by their token, at their pace, and with problems that they can read."""

    def __init__(self, handler: Handler) -> None:
        self.handler = handler

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Go on, at an address of the API under its conditions."""
        if not request.path.startswith(programs.AT):
            return self.handler(request)
        return cast("HttpResponse", programs.answered(request, self.handler, clock()))

    def process_view(self, request: HttpRequest, *_: object) -> None:
        """Whoever shows a token is its owner, whoever else is signed in."""
        if account := programs.signed_in_by_token(request):
            request.user = account


class SecondFactorFirst:
    """Where a second factor is required, leads who has none to set one up before anything else."""

    def __init__(self, handler: Handler) -> None:
        self.handler = handler

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Go on; what is asked for is known to ``process_view``."""
        return self.handler(request)

    def process_view(self, request: HttpRequest, *_: object) -> HttpResponse | None:
        """Off to set it up, unless that, or signing out, is what is asked for."""
        if not terms().second_factor or account_of(request) is None or request.session.get(PROVED):
            return None
        if programs.token_of(request):  # which was made in a session that had proved it
            return None
        asked = request.resolver_match.url_name if request.resolver_match else None
        return None if asked in BEFORE_SECOND_FACTOR else redirect("my-second-factor")
