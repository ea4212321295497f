"""An address of the API: open to whom its page is open, answered with a tag by which the same is not sent twice."""

from collections.abc import Callable
from hashlib import sha256
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern
from django.utils.cache import get_conditional_response

from carepool.basics.refusals import NotHere, Unusable
from carepool.web.api.problems import Stopped, as_problem, problem
from carepool.web.api.service import PAGES
from carepool.web.audiences import AUDIENCES, Audience, opened
from carepool.web.frame import account_of

TAG = 32
"""Letters of a tag."""


def admitting(pattern: URLPattern) -> URLPattern:
    """The route, asked through the audience of its page; whatever stops it is a problem."""
    audience = AUDIENCES[PAGES[pattern.name or ""]]
    inner, private = opened(pattern, audience), audience is not Audience.ANYBODY
    view: Callable[..., HttpResponseBase] = inner.callback

    def answer(request: HttpRequest, **named: str) -> HttpResponseBase:
        asked = request.method
        try:
            request.method = (
                "GET" if asked == "HEAD" else asked
            )  # Django sends what comes of it without its body
            if private and account_of(request) is None:
                raise Stopped(HTTPStatus.UNAUTHORIZED, WWW_Authenticate="Bearer")
            return tagged(request, as_problem(request, view(request, **named)))
        except Stopped as stopped:
            return problem(request, stopped)
        except NotHere as error:
            return problem(request, Stopped(HTTPStatus.NOT_FOUND, str(error)))
        except Unusable as error:
            return problem(request, Stopped(HTTPStatus.BAD_REQUEST, str(error)))
        finally:
            request.method = asked

    return URLPattern(pattern.pattern, answer, pattern.default_args, pattern.name)


def tagged(request: HttpRequest, answer: HttpResponseBase) -> HttpResponseBase:
    """An answer to a look with its tag; nothing of it where the program has it already."""
    if request.method != "GET" or answer.status_code != HTTPStatus.OK or not isinstance(answer, HttpResponse):
        return answer
    tag = f'"{sha256(answer.content).hexdigest()[:TAG]}"'
    answer["ETag"] = tag
    found = get_conditional_response(request, etag=tag, response=answer)
    return found if found is not None else answer
