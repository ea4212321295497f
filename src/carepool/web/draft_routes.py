"""The addresses of drafts of rules and of the simulator."""

from collections.abc import Callable

from django.http import HttpResponseBase
from django.urls import URLPattern, path
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from carepool.web import drafting, effects

View = Callable[..., HttpResponseBase]

# A draft is its owner's alone, so no cache between us and them may keep a page of it.
_own = cache_control(private=True, no_store=True)
_form = require_http_methods(["GET", "HEAD", "POST"])

draft_routes: list[URLPattern] = [
    path("rules/effect", require_safe(effects.effect), name="effect"),
    path("rules/effect.json", require_safe(effects.effect_json), name="effect-json"),
    path("rules/effect.csv", require_safe(effects.effect_csv), name="effect-csv"),
    path("rules/draft", _own(_form(drafting.drafts)), name="drafts"),
    path("rules/draft/<str:which>", _own(_form(drafting.draft)), name="draft"),
    path("rules/draft/<str:which>/file", _own(_form(drafting.file)), name="draft-file"),
    path("rules/draft/<str:which>/files.zip", _own(require_safe(drafting.download)), name="draft-zip"),
    path("rules/draft/<str:which>/effect", _own(require_safe(effects.draft_effect)), name="draft-effect"),
    path(
        "rules/draft/<str:which>/effect.json",
        _own(require_safe(effects.draft_json)),
        name="draft-effect-json",
    ),
    path(
        "rules/draft/<str:which>/effect.csv", _own(require_safe(effects.draft_csv)), name="draft-effect-csv"
    ),
    path("rules/draft/<str:which>/drop", _own(require_POST(drafting.drop)), name="draft-drop"),
]
