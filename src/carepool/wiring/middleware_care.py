"""What every request of the person wing passes through."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from carepool.basics.refusals import Unusable
from carepool.care.web.frame import account_of
from carepool.care.web.problems import refusal
from carepool.care.web.urls import BEFORE_SECOND_FACTOR
from carepool.signin.sessions import PROVED
from carepool.signin.terms import terms
from carepool.wiring.headers import Handler
from carepool.wiring.house_care import current_wing


class NothingKept:
    """Tells browsers and whatever stands between to keep no page: each may be about somebody."""

    def __init__(self, handler: Handler) -> None:
        self.handler = handler

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, not to be kept."""
        response = self.handler(request)
        response.headers["Cache-Control"] = "no-store"
        return response


class TheWing:
    """Gives each request the wing that it is answered from, and a page to every refusal."""

    def __init__(self, handler: Handler) -> None:
        self.handler = handler

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with ``request.house`` set."""
        request.house = current_wing()  # type: ignore[attr-defined]  # views read it as web.frame.WingRequest
        return self.handler(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The page for a question that cannot be answered; bugs go on to Django."""
        return refusal(request, exception) if isinstance(exception, Unusable) else None


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
        asked = request.resolver_match.url_name if request.resolver_match else None
        return None if asked in BEFORE_SECOND_FACTOR else redirect("second-factor")
