"""The addresses of measures: the list, one of them by board and period, and a board's page of it."""

from django.urls import URLPattern, path
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from carepool.web import explorer

# A board's own measures are shown to its officers alone, so no cache between us and them may keep a page of one.
_own = cache_control(private=True, no_cache=True)

measure_routes: list[URLPattern] = [
    path("measures", require_safe(explorer.index), name="measures"),
    path("measures.json", require_safe(explorer.index_json), name="measures-json"),
    path("measures/<str:metric>.json", require_safe(explorer.as_json), name="measure-json"),
    path("measures/<str:metric>.csv", require_safe(explorer.as_csv), name="measure-csv"),
    path("measures/<str:metric>", require_safe(explorer.page), name="measure"),
    path("boards/<str:code>/measures/<str:metric>.json", _own(require_safe(explorer.board_json)), name="board-measure-json"),
    path("boards/<str:code>/measures/<str:metric>.csv", _own(require_safe(explorer.board_csv)), name="board-measure-csv"),
    path("boards/<str:code>/measures/<str:metric>", _own(require_safe(explorer.board_page)), name="board-measure"),
]  # fmt: skip
