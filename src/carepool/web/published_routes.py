"""The addresses of the open book: its front page, what is taken away, releases with their parts, the feed, and exceptions."""

from django.urls import URLPattern, path

from carepool.web import open_book, open_data, published, standard, waivers

_RELEASE = "releases/<str:plan>/<int:number>"
_PARTS = (("money", f"{_RELEASE}/money"), ("scheme", f"{_RELEASE}/schemes/<str:name>"), ("metric", f"{_RELEASE}/metrics/<str:name>"))  # fmt: skip
_ENDINGS = ((".json", "-json", published.part_json), (".csv", "-csv", published.part_csv), ("", "", published.part_page))  # fmt: skip
_OPEN = (
    (".json", "-json", open_book.part_json),
    (".csv", "-csv", open_book.part_csv),
    ("", "", open_book.part_page),
)

published_routes: list[URLPattern] = [
    path("open", open_book.page, name="open"),
    path("open.json", open_book.as_json, name="open-json"),
    path("open.csv", open_book.as_csv, name="open-csv"),
    *(
        path(f"open/{part}{ending}", view, {"part": part}, name=f"open-{part}{suffix}")
        for part in open_book.PARTS
        for ending, suffix, view in _OPEN
    ),
    path("open/data", open_data.page, name="open-data"),
    path("open/data.zip", open_data.whole, name="open-zip"),
    path("open/datapackage.json", open_data.descriptor, name="open-package-json"),
    path("open/data/<str:name>.parquet", open_data.as_parquet, name="open-parquet"),
    path("open/data/<path:name>", open_data.one_file, name="open-file-csv"),
    path("standard", standard.page, name="standard"),
    path("standard/plan.schema.json", standard.schema, name="standard-schema-json"),
    path("standard/codes.json", standard.codes, name="standard-codes-json"),
    path("exceptions", waivers.page, name="exceptions"),
    path("exceptions.json", waivers.as_json, name="exceptions-json"),
    path("exceptions.csv", waivers.as_csv, name="exceptions-csv"),
    path("releases", published.index, name="releases"),
    path("releases.json", published.index_json, name="releases-json"),
    path("releases.csv", published.index_csv, name="releases-csv"),
    path("releases.atom", published.feed, name="releases-atom"),
    path("releases/verify_release.py", published.script, name="release-py"),
    path(f"{_RELEASE}.json", published.as_json, name="release-json"),
    path(f"{_RELEASE}.zip", published.as_zip, name="release-zip"),
    path(f"{_RELEASE}.csv", published.as_csv, name="release-csv"),
    path(_RELEASE, published.page, name="release"),
    *(
        path(f"{address}{ending}", view, {"part": part}, name=f"release-{part}{suffix}")
        for part, address in _PARTS
        for ending, suffix, view in _ENDINGS
    ),
]
