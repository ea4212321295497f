"""Every address of the fund's service."""

from django.urls import path

from carepool.web import about, board, nation, rulebook
from carepool.web.decision_routes import decision_routes
from carepool.web.plan_routes import plan_routes

urlpatterns = [
    path("", nation.page, name="nation"),
    path("nation.json", nation.as_json, name="nation-json"),
    path("nation.csv", nation.as_csv, name="nation-csv"),
    path("boards/<str:code>.json", board.as_json, name="board-json"),
    path("boards/<str:code>.csv", board.as_csv, name="board-csv"),
    path("boards/<str:code>", board.page, name="board"),
    path("rules", rulebook.every_set, name="rules"),
    path("rules/<str:which>.json", rulebook.as_json, name="rules-json"),
    path("rules/<str:which>", rulebook.one_set, name="rules-set"),
    path("about", about.page, name="about"),
    *plan_routes,
    *decision_routes,
]

handler404 = about.not_found
handler500 = about.broken
