"""Every address of the API's first version: each operation under the audience of its page, and the description of all."""

from django.urls import URLPattern, path
from django.urls.resolvers import RoutePattern
from django.views.decorators.http import require_safe

from carepool.web.api.described import as_json, page
from carepool.web.api.service import routes

AT = "api/v1/"

operations: list[URLPattern] = [
    URLPattern(
        RoutePattern(f"{AT}{each.pattern}", each.name, is_endpoint=True), each.callback, name=each.name
    )
    for each in routes()
]
"""The operations' routes, before their audience is asked."""
description_routes: list[URLPattern] = [
    path("api", require_safe(page), name="api"),
    path(f"{AT}openapi.json", require_safe(as_json), name="api-openapi-json"),
]
