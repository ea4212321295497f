"""The addresses of a plan's quarterly returns."""

from django.urls import URLPattern, path
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from carepool.web import delivery, return_filling, returns

# Who is signed in stands on each of these pages, so no cache between us and them may keep one.
_own = cache_control(private=True, no_cache=True)
_form = require_http_methods(["GET", "HEAD", "POST"])

_AT = "plans/<str:plan>/returns/<str:quarter>"
return_routes: list[URLPattern] = [
    path("plans/<str:plan>/returns", _own(require_safe(returns.every)), name="plan-returns"),
    path(f"{_AT}.json", _own(require_safe(returns.as_json)), name="plan-return-json"),
    path(f"{_AT}.csv", _own(require_safe(returns.as_csv)), name="plan-return-csv"),
    path(f"{_AT}.txt", _own(require_safe(returns.as_text)), name="plan-return-txt"),
    path(f"{_AT}.pdf", _own(require_safe(returns.as_pdf)), name="plan-return-pdf"),
    path(f"{_AT}.xlsx", _own(require_safe(return_filling.as_workbook)), name="plan-return-xlsx"),
    path(_AT, _own(require_safe(returns.page)), name="plan-return"),
    path("plans/<str:plan>/delivery.json", _own(require_safe(delivery.as_json)), name="plan-delivery-json"),
    path("plans/<str:plan>/delivery", _own(_form(delivery.page)), name="plan-delivery"),
    path("delivery.json", _own(require_safe(delivery.nation_json)), name="delivery-national-json"),
    path("delivery", _own(require_safe(delivery.nation)), name="delivery-national"),
    path(f"{_AT}/fill", _own(_form(return_filling.page)), name="plan-return-fill"),
    path(f"{_AT}/fill/<str:part>", _own(_form(return_filling.part)), name="plan-return-part"),
]
