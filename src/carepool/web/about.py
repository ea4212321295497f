"""What this is, where its figures are from, and what is doubtful in them; and the pages for what does not exist."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from carepool.basics.refusals import NotHere, Unusable
from carepool.render.answers import to_json
from carepool.web.api import programs
from carepool.web.api.problems import Stopped, problem
from carepool.web.asking import HouseRequest
from carepool.web.frame import NoKey
from carepool.web.typed import typed_in
from carepool.web.words import BUILD, about_page


def page(request: HouseRequest) -> HttpResponse:
    """The page."""
    england = request.house.england
    context = {
        "sources": [
            (each.title, each.period, each.source, each.licence, each.as_known, each.notes)
            for each in england.sources
        ],
        "gaps": england.admissions.gaps,
        "doubts": [finding for finding in england.findings if finding.code == "implausible-change"],
        **about_page(request.house),
    }
    return render(request, "web/about.jinja", context)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """An address that leads nowhere."""
    says = str(exception) if isinstance(exception, NotHere) else "There is no page at this address."
    return _problem(request, HTTPStatus.NOT_FOUND, "Page not found", says, typed_in(request))


def too_much(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  (Django gives it)
    """A request that is too large, or not one at all."""
    says = (
        "What was sent is more than a page of ours can send (2.5 MB, or 5,000 fields), or no form of ours, so nothing was done. "
        "Go back, shorten it, and send it again."
    )
    return _problem(request, HTTPStatus.BAD_REQUEST, "That is too much at once", says)


def too_large(request: HttpRequest, most: int) -> HttpResponse:
    """A request that is larger than any page takes, of which nothing was read."""
    says = (
        f"What was sent is larger than any page of ours takes ({most // 1024 // 1024} MB), so none of it was read. Take out of the "
        "file what is not needed, and send it again."
    )
    return _problem(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "That is too much at once", says)


def broken(request: HttpRequest) -> HttpResponse:
    """A fault of ours."""
    says = "Something went wrong on our side. Nothing you entered was changed. Try again in a few minutes."
    return _problem(request, HTTPStatus.INTERNAL_SERVER_ERROR, "Sorry, there is a problem", says)


def refusal(request: HttpRequest, error: Unusable) -> HttpResponse:
    """A question that cannot be answered, said in its own words."""
    if isinstance(error, NotHere):
        return not_found(request, error)
    title = "Nothing was recorded" if isinstance(error, NoKey) else "That cannot be answered"
    return _problem(request, HTTPStatus.BAD_REQUEST, title, str(error), typed_in(request))


def _problem(
    request: HttpRequest,
    status: HTTPStatus,
    title: str,
    says: str,
    typed: list[tuple[str, str]] | None = None,
) -> HttpResponse:
    if request.path.startswith(programs.AT):
        return problem(request, Stopped(status, says))
    if request.path.endswith((".json", ".csv")):
        return HttpResponse(
            to_json({"problems": [{"says": says}]}), content_type="application/json", status=status
        )
    context = {"title": title, "says": says, "typed": typed, "build": BUILD}
    return render(request, "web/problem.jinja", context, status=status)
