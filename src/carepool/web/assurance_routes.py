"""The addresses of assurance: a plan's, its reviewers', and the nation's."""

from collections.abc import Callable

from django.http import HttpResponseBase
from django.urls import URLPattern, path
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from carepool.web import assurance, assurance_nation, reviewing

View = Callable[..., HttpResponseBase]

# Who is signed in decides what may be read of a review, so no cache between us and them may keep one.
_own = cache_control(private=True, no_cache=True, no_store=True)
_form = require_http_methods(["GET", "HEAD", "POST"])


def _reads(view: View) -> View:
    return _own(require_safe(view))


def _asks(view: View) -> View:
    return _own(_form(view))


_PLAN = "plans/<str:plan>/assurance"

assurance_routes: list[URLPattern] = [
    path("assurance", _reads(assurance_nation.queue), name="assurance"),
    path("assurance/national.json", _reads(assurance_nation.as_json), name="assurance-national-json"),
    path("assurance/national.csv", _reads(assurance_nation.as_csv), name="assurance-national-csv"),
    path("assurance/national", _reads(assurance_nation.page), name="assurance-national"),
    path(f"{_PLAN}.json", _reads(assurance.as_json), name="plan-assurance-json"),
    path(_PLAN, _asks(assurance.page), name="plan-assurance"),
    path(f"{_PLAN}/review/<str:side>", _asks(reviewing.review), name="plan-review"),
    path(f"{_PLAN}/review/<str:side>/<str:item>", _asks(reviewing.review_item), name="plan-review-item"),
    path(f"{_PLAN}/moderate", _asks(reviewing.moderation), name="plan-moderate"),
    path(f"{_PLAN}/moderate/<str:item>", _asks(reviewing.moderation_item), name="plan-moderate-item"),
    path(f"{_PLAN}/outcome", _asks(reviewing.outcome), name="plan-outcome"),
]
