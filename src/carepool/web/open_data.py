"""What can be taken away of the open book: every table as CSV and Parquet, and all of it as a Frictionless data package."""

from collections.abc import Mapping
from http import HTTPStatus
from threading import Lock

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from carepool.actions.house import House
from carepool.actions.open_book import books
from carepool.actions.series import held_files
from carepool.actions.waiving import every_waiver
from carepool.basics.refusals import NotHere
from carepool.engines import parquet
from carepool.render.open_tables import EXCEPTIONS, TABLES, package, zipped
from carepool.web.asking import HouseRequest
from carepool.web.words import about_page

PARQUET = "application/vnd.apache.parquet"
TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json; charset=utf-8"}


@require_safe
def page(request: HouseRequest) -> HttpResponse:
    """Everything that there is to take away, and how to use it."""
    rows = [
        (each.title, (f"{each.name}.csv", reverse("open-file-csv", args=[f"{each.name}.csv"])), (f"{each.name}.parquet", reverse("open-parquet", args=[each.name])))
        for each in TABLES.values()
    ]  # fmt: skip
    context = {
        "section": "open",
        "rows": rows,
        "sources": [
            (each.title, each.source, each.licence, (each.file, reverse("open-file-csv", args=[f"england/{each.file}"])))
            for each in request.house.england.sources
        ],
        "parquet": parquet.installed(),
        "extra": parquet.EXTRA,
        "take_away": [
            ("All of it as one data package (zip)", reverse("open-zip")), ("What is in the data package (datapackage.json)", reverse("open-package-json")),
            ("Releases as a feed", reverse("releases-atom")), ("The script that checks a release without carepool", reverse("release-py")),
        ],
        **about_page(request.house),
    }  # fmt: skip
    return render(request, "web/open_data.jinja", context)


@require_safe
def descriptor(request: HouseRequest) -> HttpResponse:
    """The package's datapackage.json; the paths in it lead on from its own address."""
    return HttpResponse(_last.made(request.house)[0]["datapackage.json"], content_type=TYPES["json"])


@require_safe
def whole(request: HouseRequest) -> HttpResponse:
    """The package as one zip."""
    return HttpResponse(
        _last.made(request.house)[1], content_type="application/zip",
        headers={"Content-Disposition": 'attachment; filename="carepool-open-book.zip"'},
    )  # fmt: skip


@require_safe
def one_file(request: HouseRequest, name: str) -> HttpResponse:
    """One file of the package, by its path. NotHere for another."""
    content = _last.made(request.house)[0].get(f"data/{name}")
    if content is None:
        raise NotHere(f"The data package has no file “{name[:80]}”. Its datapackage.json lists all that it has.")  # fmt: skip
    kind = TYPES.get(name.rpartition(".")[2], TYPES["json"])
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name.rpartition("/")[2]}"'})  # fmt: skip


@require_safe
def as_parquet(request: HouseRequest, name: str) -> HttpResponse:
    """One table as Parquet; where the service has no library for it, what to do instead. NotHere for another table."""
    if name not in {*TABLES, "exceptions"}:
        raise NotHere(f"There is no table “{name[:80]}” as Parquet. There are {', '.join([*TABLES, 'exceptions'])}.")  # fmt: skip
    if not parquet.installed():
        context = {
            "section": "open",
            "csv": reverse("open-file-csv", args=[f"{name}.csv"]),
            "extra": parquet.EXTRA,
            **about_page(request.house),
        }
        return render(request, "web/open_no_parquet.jinja", context, status=HTTPStatus.NOT_IMPLEMENTED)
    table = TABLES.get(name)
    fields = table.fields if table else EXCEPTIONS
    rows = list(table.rows(books(request.house))) if table else [each.as_data() for each in every_waiver(request.house)]  # fmt: skip
    content = parquet.parquet([(each, kind) for each, kind, _ in fields], rows, table.title if table else "Exceptions from the rules")  # fmt: skip
    return HttpResponse(content, content_type=PARQUET, headers={"Content-Disposition": f'attachment; filename="{name}.parquet"'})  # fmt: skip


# The package is made once for what had been published, and not again for each who asks with a question mark in the address.


class _Last:
    """The package as it was made last, and of what."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._of: tuple[object, ...] = ()
        self._files: Mapping[str, bytes] = {}
        self._zip = b""

    def made(self, house: House) -> tuple[Mapping[str, bytes], bytes]:
        """Every file of the package as everything stands, and all of them as one zip."""
        found = books(house)
        waivers = [each.as_data() for each in every_waiver(house)]
        of = (tuple(each.release.digest for each in found), tuple((each["number"], each["reason"]) for each in waivers), house.england.digest)  # fmt: skip
        with self._lock:
            if self._of != of:
                self._files = package(found, waivers, house.england.sources, held_files(house.journal))
                self._zip, self._of = zipped(self._files), of
            return self._files, self._zip


_last = _Last()
