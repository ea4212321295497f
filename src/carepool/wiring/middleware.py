"""What every request passes through: the headers that keep a page to itself, and the house it is answered from."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse, QueryDict, UnreadablePostError
from django.shortcuts import redirect

from carepool.basics.refusals import Unusable
from carepool.signin.sessions import PROVED
from carepool.signin.terms import terms
from carepool.store.journal import OneLook
from carepool.web.about import refusal
from carepool.web.account_routes import BEFORE_SECOND_FACTOR
from carepool.web.frame import account_of
from carepool.wiring.house import current_house
from carepool.wiring.logs import ROUTE

Handler = Callable[[HttpRequest], HttpResponse]

POLICY = "; ".join(
    [
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "connect-src 'self'",
        "img-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)
"""Nothing is fetched from elsewhere, and no script runs but our own file, which keeps drafts and nothing more."""


class ContentSecurityPolicy:
    """Sets the policy on every answer."""

    def __init__(self, handler: Handler) -> None:
        self.handler = handler

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the policy added."""
        response = self.handler(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", "interest-cohort=()")
        return response


class NoNullCharacters:
    """Takes null characters out of what is asked and sent: they say nothing, and PostgreSQL refuses any question with one."""

    def __init__(self, handler: Handler) -> None:
        self.handler = handler

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Go on without the cookies that hold one: none of ours does."""
        request.COOKIES = {name: each for name, each in request.COOKIES.items() if "\0" not in each}
        return self.handler(request)

    def process_view(
        self, request: HttpRequest, _view: object, _args: object, named: dict[str, object]
    ) -> None:
        """Take them out of the question, and out of a form before any view reads it; nothing has an address with one."""
        if any("\0" in str(each) for each in named.values()):
            raise Http404
        request.GET = _without_null(request.GET)  # type: ignore[assignment]  # nobody of ours changes it
        with suppress(UnreadablePostError):  # whoever broke off is answered as everywhere
            request.POST = _without_null(request.POST)  # type: ignore[assignment]  # Django sets it so itself


def _without_null(sent: QueryDict) -> QueryDict:
    """What was sent, itself where it holds no null character."""
    if not any("\0" in each for name, values in sent.lists() for each in (name, *values)):
        return sent
    clean = QueryDict(mutable=True)
    for name, values in sent.lists():
        clean.setlist(name.replace("\0", ""), [each.replace("\0", "") for each in values])
    return clean


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
        return None if asked in BEFORE_SECOND_FACTOR else redirect("my-second-factor")
