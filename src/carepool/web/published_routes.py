"""The addresses of the open book: releases, each with its parts, as pages, JSON and CSV, the feed, and exceptions."""

from django.urls import URLPattern, path

from carepool.web import published, waivers

_RELEASE = "releases/<str:plan>/<int:number>"
_PARTS = (("money", f"{_RELEASE}/money"), ("scheme", f"{_RELEASE}/schemes/<str:name>"), ("metric", f"{_RELEASE}/metrics/<str:name>"))  # fmt: skip
_ENDINGS = ((".json", "-json", published.part_json), (".csv", "-csv", published.part_csv), ("", "", published.part_page))  # fmt: skip

published_routes: list[URLPattern] = [
    path("exceptions", waivers.page, name="exceptions"),
    path("exceptions.json", waivers.as_json, name="exceptions-json"),
    path("exceptions.csv", waivers.as_csv, name="exceptions-csv"),
    path("releases", published.index, name="releases"),
    path("releases.json", published.index_json, name="releases-json"),
    path("releases.csv", published.index_csv, name="releases-csv"),
    path("releases.atom", published.feed, name="releases-atom"),
    path("releases/verify_release.py", published.script, name="release-py"),
    path(f"{_RELEASE}.json", published.as_json, name="release-json"),
    path(f"{_RELEASE}.csv", published.as_csv, name="release-csv"),
    path(_RELEASE, published.page, name="release"),
    *(
        path(f"{address}{ending}", view, {"part": part}, name=f"release-{part}{suffix}")
        for part, address in _PARTS
        for ending, suffix, view in _ENDINGS
    ),
]
