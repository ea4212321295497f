"""Pages for what cannot be answered. None says anything of a person, nor anything that was typed."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from carepool.basics.refusals import NotHere, Unusable
from carepool.care.web.frame import BUILD, NO_PAGE, NoKey


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """An address that leads nowhere, or nowhere for who asks."""
    says = str(exception) if isinstance(exception, NotHere) else NO_PAGE
    return _problem(request, HTTPStatus.NOT_FOUND, "Page not found", says)


def too_much(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  (Django gives it)
    """A request that is too large, or not one at all."""
    says = "What was sent is more than a page of ours can send, or no form of ours, so nothing was done. Go back, shorten it, and send it again."
    return _problem(request, HTTPStatus.BAD_REQUEST, "That is too much at once", says)


def broken(request: HttpRequest) -> HttpResponse:
    """A fault of ours."""
    says = "Something went wrong on our side. Nothing you entered was changed. Try again in a few minutes."
    return _problem(request, HTTPStatus.INTERNAL_SERVER_ERROR, "Sorry, there is a problem", says)


def refusal(request: HttpRequest, error: Unusable) -> HttpResponse:
    """A question that cannot be answered, said in its own words."""
    if isinstance(error, NotHere):
        return not_found(request, error)
    title = "Nothing was recorded" if isinstance(error, NoKey) else "That cannot be answered"
    return _problem(request, HTTPStatus.BAD_REQUEST, title, str(error))


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  (Django gives it)
    """The page for a form that does not prove that it came from a page of ours."""
    says = (
        "This form did not come from a page that was open in your own session, so nothing was done. It happens when you "
        "signed in or out in another tab, or when the browser keeps no cookies. Go back, reload the page and send it again."
    )
    return _problem(request, HTTPStatus.FORBIDDEN, "That form cannot be accepted", says)


def _problem(request: HttpRequest, status: HTTPStatus, title: str, says: str) -> HttpResponse:
    return render(
        request, "care/problem.jinja", {"title": title, "says": says, "build": BUILD}, status=status
    )
