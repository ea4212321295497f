"""The addresses of deciding on a plan, of its money, and of its public page."""

from django.urls import URLPattern, path

from carepool.web import decisions, money, pool, public

decision_routes: list[URLPattern] = [
    path("plans/<str:plan>/decisions", decisions.page, name="plan-decisions"),
    path("plans/<str:plan>/decide", decisions.decide, name="plan-decide"),
    path("plans/<str:plan>/stage", decisions.stage, name="plan-stage"),
    path("plans/<str:plan>/money", money.page, name="plan-money"),
    path("plans/<str:plan>/open-pool", money.open_the_pool, name="plan-open-pool"),
    path("plans/<str:plan>/propose", money.propose, name="plan-propose"),
    path("plans/<str:plan>/approve", money.approve, name="plan-approve"),
    path("plans/<str:plan>/keep", money.keep, name="plan-keep"),
    path("pools/<str:plan>.json", pool.as_json, name="pool-json"),
    path("pools/<str:plan>", pool.page, name="pool"),
    path("public/<str:plan>.json", public.as_json, name="public-json"),
    path("public/<str:plan>", public.page, name="plan-public"),
]
