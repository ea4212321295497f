"""Every address of the fund's service."""

from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from carepool.web import about, board, county, nation, regions, rule_difference, rule_values, rulebook
from carepool.web.account_routes import account_routes
from carepool.web.api.admitting import admitting
from carepool.web.api.routes import description_routes, operations
from carepool.web.assurance_routes import assurance_routes
from carepool.web.audiences import opened
from carepool.web.calendar_routes import calendar_routes
from carepool.web.capacity_routes import capacity_routes
from carepool.web.decision_routes import decision_routes
from carepool.web.draft_routes import draft_routes
from carepool.web.measure_routes import measure_routes
from carepool.web.plan_routes import plan_routes
from carepool.web.pool_routes import pool_routes
from carepool.web.published_routes import published_routes
from carepool.web.return_routes import return_routes
from carepool.web.stake_routes import stake_routes

_every: list[URLPattern] = [
    path("", require_safe(nation.page), name="nation"),
    path("nation.json", require_safe(nation.as_json), name="nation-json"),
    path("nation.csv", require_safe(nation.as_csv), name="nation-csv"),
    path("regions/<str:region>.json", require_safe(regions.as_json), name="region-json"),
    path("regions/<str:region>.csv", require_safe(regions.as_csv), name="region-csv"),
    path("regions/<str:region>", require_safe(regions.page), name="region"),
    *stake_routes,
    *capacity_routes,
    path("boards/<str:code>.json", require_safe(board.as_json), name="board-json"),
    path("boards/<str:code>.csv", require_safe(board.as_csv), name="board-csv"),
    path("boards/<str:code>", require_safe(board.page), name="board"),
    *draft_routes,  # before the sets, whose names are any word
    path("rules", require_safe(rulebook.every_set), name="rules"),
    path(
        "rules/<str:before>..<str:after>.json",
        require_safe(rule_difference.as_json),
        name="rules-difference-json",
    ),
    path(
        "rules/<str:before>..<str:after>.csv",
        require_safe(rule_difference.as_csv),
        name="rules-difference-csv",
    ),
    path("rules/<str:before>..<str:after>", require_safe(rule_difference.page), name="rules-difference"),
    path("rules/<str:which>.json", require_safe(rulebook.as_json), name="rules-json"),
    path("rules/<str:which>", require_safe(rulebook.one_set), name="rules-set"),
    path("rules/<str:which>/<path:path>.json", require_safe(rule_values.as_json), name="rules-value-json"),
    path("rules/<str:which>/<path:path>", require_safe(rule_values.page), name="rules-value"),
    path("county", require_safe(county.page), name="county"),
    path("about", require_safe(about.page), name="about"),
    *account_routes,
    *assurance_routes,  # before the plans, whose names are any word
    *plan_routes,
    *pool_routes,
    *decision_routes,
    *measure_routes,  # after the board's own, of which one is named new
    *calendar_routes,
    *return_routes,
    *published_routes,
    *description_routes,
]
urlpatterns = [*(opened(each) for each in _every), *(admitting(each) for each in operations)]
"""Each open to its audience and to nobody else; an operation of the API to that of its page."""

handler400 = about.too_much
handler404 = about.not_found
handler500 = about.broken
