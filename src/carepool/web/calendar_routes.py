"""The addresses of the calendar, of bodies' meetings, and of notices read."""

from collections.abc import Callable

from django.http import HttpResponseBase
from django.urls import URLPattern, path
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from carepool.web import calendar, meetings, notices

View = Callable[..., HttpResponseBase]
_own = cache_control(private=True, no_cache=True)


def _reads(view: View) -> View:
    return _own(require_safe(view))


def _by_link(view: View) -> View:
    """With a secret in its address, which no cache keeps."""
    return cache_control(private=True, no_store=True)(require_safe(view))


calendar_routes: list[URLPattern] = [
    path("calendar", _reads(calendar.page), name="calendar"),
    path("calendar.json", _reads(calendar.as_json), name="calendar-json"),
    path("calendar.csv", _reads(calendar.as_csv), name="calendar-csv"),
    path("calendar.ics", _reads(calendar.as_ics), name="calendar-ics"),
    path("calendar/<str:token>.ics", _by_link(calendar.by_link), name="calendar-link-ics"),
    path("plans/<str:plan>/calendar", _reads(calendar.plan_page), name="plan-calendar"),
    path("plans/<str:plan>/calendar/notice", _own(calendar.notice), name="plan-notice"),
    path("plans/<str:plan>/calendar.json", _reads(calendar.plan_as_json), name="plan-calendar-json"),
    path("plans/<str:plan>/calendar.csv", _reads(calendar.plan_as_csv), name="plan-calendar-csv"),
    path("plans/<str:plan>/calendar.ics", _reads(calendar.plan_as_ics), name="plan-calendar-ics"),
    path("bodies/<str:body>/meetings.json", _reads(meetings.as_json), name="meetings-json"),
    path("bodies/<str:body>/meetings.ics", _reads(meetings.as_ics), name="meetings-ics"),
    path(
        "bodies/<str:body>/meetings",
        _own(require_http_methods(["GET", "HEAD", "POST"])(meetings.page)),
        name="meetings",
    ),
    path("me/read", _own(require_POST(notices.mark_read)), name="me-read"),
]
