"""What every request of either service passes through: the headers that keep a page to itself, and no null characters."""

from collections.abc import Callable
from contextlib import suppress

from django.http import Http404, HttpRequest, HttpResponse, QueryDict, UnreadablePostError

Handler = Callable[[HttpRequest], HttpResponse]

POLICY = "; ".join(
    [
        "default-src 'none'",
        "object-src 'none'",
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
