"""The addresses of deciding on a plan, of its money, and of its public page."""

from collections.abc import Callable

from django.http import HttpResponseBase
from django.urls import URLPattern, path
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from carepool.web import (
    deciding_how,
    decisions,
    letting,
    money,
    offices,
    own_measures,
    public,
    publishing,
    recording,
    releases,
)

# Who is signed in stands on each page, and what is awaited changes, so no cache between us and them may keep one.
_own: Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]] = cache_control(
    private=True, no_cache=True
)

_form = require_http_methods(["GET", "HEAD", "POST"])

decision_routes: list[URLPattern] = [
    path("plans/<str:plan>/decisions", _own(decisions.page), name="plan-decisions"),
    path("plans/<str:plan>/decide", _own(decisions.decide), name="plan-decide"),
    path("plans/<str:plan>/decisions/how", _own(deciding_how.decide_how), name="plan-decide-how"),
    path("plans/<str:plan>/decisions/record", _own(recording.record), name="plan-record"),
    path("plans/<str:plan>/decisions/link", _own(recording.link), name="plan-link"),
    path("plans/<str:plan>/decisions/delegations", _own(letting.delegate), name="plan-delegate"),
    path("plans/<str:plan>/decisions/disputes", _own(letting.dispute), name="plan-dispute"),
    path("plans/<str:plan>/decisions/redeployment", _own(letting.redeploy), name="plan-redeploy"),
    path("plans/<str:plan>/decisions/<str:signed>", _own(deciding_how.decision), name="plan-decision"),
    path("plans/<str:plan>/records/<str:signed>", _own(recording.confirm), name="plan-record-confirm"),
    path(
        "plans/<str:plan>/records/<str:signed>/document",
        _own(recording.record_document),
        name="plan-record-document",
    ),
    path("sign/<str:token>", _own(recording.by_link), name="sign-by-link"),
    path("plans/<str:plan>/stage", _own(decisions.stage), name="plan-stage"),
    path("plans/<str:plan>/money", _own(money.page), name="plan-money"),
    path("plans/<str:plan>/open-pool", _own(money.open_the_pool), name="plan-open-pool"),
    path("plans/<str:plan>/propose", _own(money.propose), name="plan-propose"),
    path("plans/<str:plan>/approve", _own(money.approve), name="plan-approve"),
    path("plans/<str:plan>/publish", _own(_form(publishing.page)), name="plan-publish"),
    path("plans/<str:plan>/releases", _own(_form(releases.page)), name="plan-releases"),
    path("plans/<str:plan>/releases.json", _own(require_safe(releases.as_json)), name="plan-releases-json"),
    path("plans/<str:plan>/statement.txt", _own(require_safe(releases.as_text)), name="plan-statement-txt"),
    path("plans/<str:plan>/keep", _own(money.keep), name="plan-keep"),
    path("boards/<str:code>/measures/new", _own(own_measures.page), name="own-measures"),
    path("bodies/<str:body>/offices", _own(offices.page), name="body-offices"),
    path("public/<str:plan>.json", _own(public.as_json), name="public-json"),
    path("public/<str:plan>", _own(public.page), name="plan-public"),
]
