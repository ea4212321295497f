"""Why a request of a program came to nothing, as RFC 9457 has it: a kind, a sentence, and each field that is wrong by its place."""

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from carepool.render.answers import to_json

MEDIA = "application/problem+json"
DOCUMENTED = "/api"
"""The page that explains every kind of problem."""
KINDS: Mapping[HTTPStatus, tuple[str, str, str]] = {
    HTTPStatus.BAD_REQUEST: ("unusable", "That cannot be answered", "What was asked or sent cannot be used. The detail says what, and what to do."),
    HTTPStatus.UNAUTHORIZED: ("no-token", "A token is needed", "Show a token that is in use: “Authorization: Bearer carepool_…”. Its owner makes one at /me/tokens."),
    HTTPStatus.FORBIDDEN: ("not-allowed", "That is not yours to do", "The token, or the offices of its owner, do not allow it. The detail says who may."),
    HTTPStatus.NOT_FOUND: ("not-found", "There is no such thing", "There is nothing at this address, or it is not yours to know of: the two are answered alike."),
    HTTPStatus.METHOD_NOT_ALLOWED: ("method", "That cannot be done here", "This address takes other methods: the Allow header lists them."),
    HTTPStatus.CONFLICT: ("conflict", "Nothing was recorded", "The rules, or what others did meanwhile, stand against it. Read what stands now, then ask again."),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: ("too-large", "That is too much at once", "What was sent is larger than anything that is taken here, so none of it was read."),
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: ("media-type", "That is not JSON", "Send JSON, and say so: “Content-Type: application/json”."),
    HTTPStatus.UNPROCESSABLE_ENTITY: ("malformed", "Something is not of its form", "A parameter, a header or a field is unknown, missing or not of its form: errors lists each."),
    HTTPStatus.TOO_MANY_REQUESTS: ("too-often", "That was too often", "Wait for as many seconds as the Retry-After header says."),
    HTTPStatus.INTERNAL_SERVER_ERROR: ("fault", "Sorry, there is a problem", "Something went wrong on our side. Nothing was changed. Try again in a few minutes."),
}  # fmt: skip
"""By status: the name of the kind, its title, and what to do about it."""

Errors = Sequence[tuple[str, str]]
"""Each field that is wrong, with what is wrong."""


class Stopped(Exception):
    """That a request comes to nothing: the status, a sentence, each field that is wrong, and what headers say."""

    def __init__(self, status: HTTPStatus, says: str = "", errors: Errors = (), **headers: str) -> None:
        super().__init__(says)
        self.status, self.says, self.errors, self.headers = status, says, errors, headers

    @classmethod
    def of_field(cls, field: str, says: str) -> "Stopped":
        """That one field of what was asked cannot be used."""
        return cls(HTTPStatus.BAD_REQUEST, says, [(field, says)])


def problem(request: HttpRequest, stopped: Stopped) -> HttpResponse:
    """The answer."""
    name, title, about = KINDS.get(stopped.status) or KINDS[HTTPStatus.BAD_REQUEST]
    data = {
        "type": f"{DOCUMENTED}#{name}",
        "title": title,
        "status": int(stopped.status),
        "detail": stopped.says or about,
        "instance": request.path,
        "errors": [{"field": field, "says": says} for field, says in stopped.errors],
    }
    headers = {key.replace("_", "-"): each for key, each in stopped.headers.items()}
    return HttpResponse(to_json(data), content_type=MEDIA, status=stopped.status, headers=headers)


def as_problem(request: HttpRequest, answer: HttpResponseBase) -> HttpResponseBase:
    """An answer that is a problem in another form, as a page or by Django, in this form; any other as it is."""
    if answer.status_code < HTTPStatus.BAD_REQUEST or answer.get("Content-Type") == MEDIA:
        return answer
    try:
        status = HTTPStatus(answer.status_code)
    except ValueError:
        status = HTTPStatus.BAD_REQUEST
    made = problem(request, Stopped(status, *said(answer)))
    for name in ("Allow", "Retry-After", "Location"):
        if name in answer:
            made[name] = answer[name]
    made.closed = answer.closed
    made._resource_closers.extend(answer._resource_closers)  # type: ignore[attr-defined]  # what Django ends with an answer
    return made


def said(answer: HttpResponseBase) -> tuple[str, Errors]:
    """What a page's JSON says is wrong."""
    if not isinstance(answer, HttpResponse) or not answer.get("Content-Type", "").startswith(
        "application/json"
    ):
        return "", ()
    found = json.loads(answer.content).get("problems", ())
    errors = [(str(each["field"]), str(each["says"])) for each in found if "field" in each]
    return " ".join(str(each["says"]) for each in found), errors
