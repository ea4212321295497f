"""The addresses of drawing up a plan."""

from collections.abc import Callable

from django.http import HttpResponseBase
from django.urls import URLPattern, path
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from carepool.web import (
    carrying,
    checking,
    comments,
    dossiers,
    overview,
    papers,
    plan_history,
    plans,
    sections,
    tracing,
    versions,
    workbook,
    workbook_map,
)

View = Callable[..., HttpResponseBase]

# Who is signed in stands on each of these pages, so no cache between us and them may keep one.
_own = cache_control(private=True, no_cache=True)
_form = require_http_methods(["GET", "HEAD", "POST"])


def _reads(view: View) -> View:
    return _own(require_safe(view))


def _asks(view: View) -> View:
    return _own(_form(view))


def _does(view: View) -> View:
    return _own(require_POST(view))


plan_routes: list[URLPattern] = [
    path("plans", _reads(plans.page), name="plans"),
    path("plans/new", _asks(plans.new), name="plan-new"),
    path("plans/<str:plan>.json", _reads(overview.as_json), name="plan-json"),
    path("plans/<str:plan>", _reads(overview.page), name="plan"),
    path("plans/<str:plan>/sections/<str:section>", _asks(sections.page), name="plan-section"),
    path("plans/<str:plan>/check", _reads(checking.page), name="plan-check"),
    path("plans/<str:plan>/save", _does(checking.save), name="plan-save"),
    path("plans/<str:plan>/versions", _reads(versions.page), name="plan-versions"),
    path("plans/<str:plan>/compare", _reads(versions.compare), name="plan-compare"),
    path("plans/<str:plan>/history/<str:section>", _reads(plan_history.page), name="plan-history"),
    path("plans/<str:plan>/paper", _reads(papers.page), name="plan-paper"),
    path("plans/<str:plan>/paper.pdf", _reads(papers.as_pdf), name="plan-paper-pdf"),
    path("plans/<str:plan>/paper.docx", _reads(papers.as_docx), name="plan-paper-docx"),
    path("plans/<str:plan>/paper.json", _reads(papers.as_json), name="plan-paper-json"),
    path("plans/<str:plan>/paper.css", _reads(papers.as_css), name="plan-paper-css"),
    path("plans/<str:plan>/paper/withhold", _reads(papers.withhold), name="plan-paper-withhold"),
    path("plans/<str:plan>/dossier.zip", _reads(dossiers.as_zip), name="plan-dossier"),
    path("plans/<str:plan>/workbook", _asks(workbook.page), name="plan-workbook"),
    path("plans/<str:plan>/workbook/map", _asks(workbook_map.page), name="plan-workbook-map"),
    path("plans/<str:plan>/workbook.xlsx", _reads(workbook.download), name="plan-workbook-xlsx"),
    path(
        "plans/<str:plan>/workbook/<str:which>.xlsx",
        _reads(workbook.annotated),
        name="plan-workbook-annotated",
    ),
    path("plans/<str:plan>/carry", _asks(carrying.page), name="plan-carry"),
    path("plans/<str:plan>/comments", _asks(comments.page), name="plan-comments"),
    path("plans/<str:plan>/from.json", _reads(tracing.as_json), name="plan-from-json"),
    path("plans/<str:plan>/from", _reads(tracing.page), name="plan-from"),
]
