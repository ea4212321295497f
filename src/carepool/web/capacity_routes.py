"""The addresses of what planning asks: a trust, beds, stays, schemes to buy, and a scenario attached to a plan."""

from django.urls import URLPattern, path
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from carepool.web import capacity, intermediate_care, portfolio, scenarios, stays, trusts

# Which plans stand on these pages depends on who asks, so no cache between us and them may keep one.
_own = cache_control(private=True, no_cache=True)
_form = require_http_methods(["GET", "HEAD", "POST"])

capacity_routes: list[URLPattern] = [
    path("trusts/<str:code>.json", _own(require_safe(trusts.as_json)), name="trust-json"),
    path("trusts/<str:code>", _own(require_safe(trusts.page)), name="trust"),
    path("capacity", _own(require_safe(capacity.page)), name="capacity"),
    path("capacity.json", _own(require_safe(capacity.as_json)), name="capacity-json"),
    path("intermediate-care", _own(require_safe(intermediate_care.page)), name="intermediate-care"),
    path(
        "intermediate-care.json", _own(require_safe(intermediate_care.as_json)), name="intermediate-care-json"
    ),
    path("intermediate-care.csv", _own(require_safe(intermediate_care.as_csv)), name="intermediate-care-csv"),
    path("stays", _own(_form(stays.page)), name="stays"),
    path("portfolio", _own(_form(portfolio.page)), name="portfolio"),
    path("plans/<str:plan>/scenario", _own(_form(scenarios.page)), name="plan-scenario"),
]
