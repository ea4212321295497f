"""The addresses of what is at stake, of a year replayed, and of each CCG's statement."""

from django.urls import URLPattern, path
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from carepool.web import ccg_statements, replays, stakes

# Who is signed in stands on a plan's pages, so no cache between us and them may keep one.
_own = cache_control(private=True, no_cache=True)

stake_routes: list[URLPattern] = [
    path("replay", require_safe(replays.page), name="replay"),
    path("replay.json", require_safe(replays.as_json), name="replay-json"),
    path("replay.csv", require_safe(replays.as_csv), name="replay-csv"),
    path("at-stake", require_safe(stakes.nation_page), name="nation-stake"),
    path("at-stake.json", require_safe(stakes.nation_json), name="nation-stake-json"),
    path("at-stake.csv", require_safe(stakes.nation_csv), name="nation-stake-csv"),
    path("regions/<str:region>/at-stake", require_safe(stakes.region_page), name="region-stake"),
    path("regions/<str:region>/at-stake.json", require_safe(stakes.region_json), name="region-stake-json"),
    path("regions/<str:region>/at-stake.csv", require_safe(stakes.region_csv), name="region-stake-csv"),
    path("boards/<str:code>/at-stake", require_safe(stakes.board_page), name="board-stake"),
    path("boards/<str:code>/at-stake.json", require_safe(stakes.board_json), name="board-stake-json"),
    path("boards/<str:code>/at-stake.csv", require_safe(stakes.board_csv), name="board-stake-csv"),
    path(
        "plans/<str:plan>/money/<str:ccg>.pdf", _own(require_safe(ccg_statements.as_pdf)), name="plan-ccg-pdf"
    ),
    path(
        "plans/<str:plan>/money/<str:ccg>.csv", _own(require_safe(ccg_statements.as_csv)), name="plan-ccg-csv"
    ),
    path("plans/<str:plan>/money/<str:ccg>", _own(require_safe(ccg_statements.page)), name="plan-ccg"),
    path("plans/<str:plan>/at-stake", _own(require_safe(stakes.plan_page)), name="plan-stake"),
    path("plans/<str:plan>/at-stake.json", _own(require_safe(stakes.plan_json)), name="plan-stake-json"),
    path("plans/<str:plan>/at-stake.csv", _own(require_safe(stakes.plan_csv)), name="plan-stake-csv"),
]
