"""Every address of the API's first version: each operation under the audience of its page, and the description of all."""

from django.urls import URLPattern, path
from django.views.decorators.http import require_safe

from carepool.web.api.described import as_json, page
from carepool.web.api.service import PAGES, api

AT = "api/v1/"

operations: list[URLPattern] = [
    path(f"{AT}{each.pattern}", each.callback, name=each.name)
    for each in {each.name: each for each in api.urls[0] if each.name in PAGES}.values()
]
"""The operations' routes, before their audience is asked; an address that takes two methods is one."""
description_routes: list[URLPattern] = [
    path("api", require_safe(page), name="api"),
    path(f"{AT}openapi.json", require_safe(as_json), name="api-openapi-json"),
]
