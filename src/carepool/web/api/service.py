"""The service of operations: how each is entered with its page, and how what does not fit is refused."""

import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from http import HTTPStatus
from inspect import signature
from typing import Any, TypeVar, get_args

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.parser import Parser
from pydantic import BaseModel

from carepool.basics.refusals import NotHere, Unusable
from carepool.web.api.asked import known, refuse_unknown
from carepool.web.api.problems import Stopped, problem
from carepool.web.api.shapes.parts import Problem
from carepool.web.audiences import AUDIENCES

VERSION = "1.0.0"
LARGEST = 2_000_000
"""Bytes of what is sent at once."""
LONGEST_NUMBER = 30
"""Digits."""
DEEPEST = 30
"""Objects and lists within one another."""
ACTS = {400: Problem, 403: Problem, 409: Problem, 413: Problem, 415: Problem}
PROBLEMS = {400: Problem, 401: Problem, 403: Problem, 404: Problem, 405: Problem, 422: Problem, 429: Problem, 500: Problem}  # fmt: skip

Operation = TypeVar("Operation", bound=Callable[..., HttpResponse])
PAGES: dict[str, str] = {}
"""The page by whose audience each address of the API is open, by the address's name."""


class Json(Parser):
    """Reads what a program sends: JSON, of a size and depth that are bounded, whose texts are texts."""

    def parse_body(self, request: HttpRequest) -> Any:
        """What was sent. Stopped for what is no such thing."""
        if request.content_type != "application/json":
            raise Stopped(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
        if len(request.body) > LARGEST:
            raise Stopped(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        try:
            sent = json.loads(request.body, parse_constant=_no_number, parse_float=_exact)
            _sound(sent, DEEPEST)
        except (ValueError, RecursionError) as error:
            raise Stopped(
                HTTPStatus.BAD_REQUEST, f"What was sent cannot be read as JSON: {error}."
            ) from error
        return sent


def _no_number(word: str) -> None:
    raise ValueError(f"{word} is no number")


def _exact(word: str) -> int | Decimal:
    """A number with a point, exactly: whole where it is."""
    number = Decimal(word)
    if abs(number.adjusted()) > LONGEST_NUMBER:
        raise ValueError(f"a number is longer than {LONGEST_NUMBER} digits")
    return int(number) if number == number.to_integral_value() else number


def _sound(value: object, deep: int) -> None:
    if deep == 0:
        raise ValueError(f"it is deeper than {DEEPEST} objects and lists in one another")
    if isinstance(value, str):
        value.encode()  # half of a character is a ValueError
        if "\0" in value:
            raise ValueError("a text holds a null character")
    elif isinstance(value, dict):
        for name, each in value.items():
            _sound(name, deep - 1)
            _sound(each, deep - 1)
    elif isinstance(value, list):
        for each in value:
            _sound(each, deep - 1)


api = NinjaAPI(
    title="carepool", version=VERSION, openapi_url=None, docs_url=None, urls_namespace="api-v1", parser=Json()
)


@api.exception_handler(Stopped)
def _stopped(request: HttpRequest, error: Stopped) -> HttpResponse:
    return problem(request, error)


@api.exception_handler(NotHere)
def _not_here(request: HttpRequest, error: NotHere) -> HttpResponse:
    return problem(request, Stopped(HTTPStatus.NOT_FOUND, str(error)))


@api.exception_handler(Http404)
def _no_page(request: HttpRequest, _: Http404) -> HttpResponse:
    return problem(request, Stopped(HTTPStatus.NOT_FOUND))


@api.exception_handler(Unusable)
def _unusable(request: HttpRequest, error: Unusable) -> HttpResponse:
    return problem(request, Stopped(HTTPStatus.BAD_REQUEST, str(error)))


@api.exception_handler(HttpError)
def _refused(request: HttpRequest, error: HttpError) -> HttpResponse:
    why = error.__cause__  # of what could not be read ninja says no more than that
    return problem(
        request, why if isinstance(why, Stopped) else Stopped(HTTPStatus(error.status_code), str(error))
    )


@api.exception_handler(ValidationError)
def _malformed(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """What is not of its form, each by its place; what was given is not said again."""
    errors = [(_place(each["loc"]), f"{each['msg']}.") for each in error.errors]
    return problem(request, Stopped(HTTPStatus.UNPROCESSABLE_ENTITY, errors=errors))


def _place(where: tuple[Any, ...]) -> str:
    """Where it is: of a parameter its name alone, of what was sent the way to it."""
    inside = [str(each) for each in where[1:]]
    parts = inside[1:] if len(inside) > 1 and where[0] in {"query", "body"} else inside
    return "/".join(parts) or str(where[0])


def reads(path: str, *, of: str, answers: type[BaseModel], tag: str) -> Callable[[Operation], Operation]:
    """An operation that looks: open to whom the page ``of`` is open, and answered with such an object."""
    return _entered(["GET"], path, of, tag, {200: answers, 304: None, **PROBLEMS})


def acts(method: str, path: str, *, of: str, answers: type[BaseModel], tag: str, status: int = 200) -> Callable[[Operation], Operation]:  # fmt: skip
    """An operation that does something, for who may do it at the page ``of``."""
    return _entered([method], path, of, tag, {status: answers, **PROBLEMS, **ACTS})


def _entered(
    methods: list[str], path: str, of: str, tag: str, answers: dict[int, Any]
) -> Callable[[Operation], Operation]:
    def enter(operation: Operation) -> Operation:
        names = _parameters(operation)

        def asked(request: HttpRequest, **named: Any) -> HttpResponse:
            refuse_unknown(request, names)
            return operation(request, **named)

        asked.__signature__ = signature(operation)  # type: ignore[attr-defined]  # by which ninja parses
        asked.__annotations__ = operation.__annotations__
        asked.__name__, asked.__module__ = operation.__name__, operation.__module__
        name = f"api-{path.strip('/').replace('/', '-').replace('{', '').replace('}', '').replace('path:', '')}-json"
        assert AUDIENCES[PAGES.setdefault(name, of)] is AUDIENCES[of], name  # noqa: S101 (one address, one audience)
        summary, _, more = (operation.__doc__ or "").strip().partition("\n\n")
        api.api_operation(
            methods, path, response=answers, operation_id=operation.__name__, summary=summary, tags=[tag],
            description=" ".join(more.split()), url_name=name, by_alias=True,
        )(asked)  # fmt: skip
        return operation

    return enter


def _parameters(operation: Callable[..., object]) -> dict[str, bool]:
    """The parameters that an operation takes by its address's question."""
    asked = signature(operation).parameters.get("asked")
    if asked is None:
        return {}
    found = next(each for each in (asked.annotation, *get_args(asked.annotation)) if isinstance(each, type) and issubclass(each, BaseModel))  # fmt: skip
    return dict(known(found))


def routes() -> Iterator[URLPattern]:
    """The address of each operation, as it was entered; one that takes two methods is one."""
    given = {each.name: each for each in api.urls[0] if isinstance(each, URLPattern)}
    return (each for name, each in given.items() if name in PAGES)
