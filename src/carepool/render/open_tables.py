"""The open book as tables with a schema, and all of it with the statistics that it rests on as one Frictionless data package."""

import csv
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from carepool.actions import open_book
from carepool.actions.england import Source
from carepool.actions.open_book import Book, Row
from carepool.render.csvs import write_csv

Field = tuple[str, str, str]
"""A column: its name, its type as Table Schema has it, and what it is."""
OPEN_GOVERNMENT = {
    "name": "OGL-UK-3.0", "title": "Open Government Licence v3.0",
    "path": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
}  # fmt: skip
LICENCES = {
    "Open Government Licence v3.0": OPEN_GOVERNMENT,
    "MIT": {"name": "MIT", "title": "MIT Licence", "path": "https://opensource.org/license/mit"},
}
STANDARD = "https://specs.frictionlessdata.io"
_RELEASE: Field = (
    "release",
    "string",
    "Plan and number of the release; its page is /releases/ with this after it",
)
_MARK: Field = ("mark", "string", "That bodies are fictitious, where they are")
_WHEN = (1980, 1, 1, 0, 0, 0)
"""The time that is written for a file of the zip: none, so that the same content is the same bytes."""


@dataclass(frozen=True, slots=True)
class OpenTable:
    """One table of the open book."""

    name: str
    title: str
    fields: tuple[Field, ...]
    rows: Callable[[Iterable[Book]], Iterator[Row]]

    @property
    def heading(self) -> tuple[str, ...]:
        """The names of its columns."""
        return tuple(name for name, _, _ in self.fields)

    def csv(self, found: Iterable[Book]) -> str:
        """All of it as CSV."""
        return write_csv(self.heading, ([row[name] for name in self.heading] for row in self.rows(found)))


def _table(name: str, title: str, rows: Callable[[Iterable[Book]], Iterator[Row]], *fields: Field) -> OpenTable:  # fmt: skip
    return OpenTable(name, title, (_RELEASE, *fields, _MARK), rows)


_PLAN: Field = ("plan", "string", "The plan's title")
_BOARDS: Field = ("boards", "string", "Codes of the boards, a blank between them")
TABLES: Mapping[str, OpenTable] = {
    each.name: each
    for each in (
        _table("releases", "Releases of plans", open_book.releases_in, ("title", "string", "The plan's title"), ("published_on", "date", "The day of publishing"),
            ("digest", "string", "SHA-256 of the release, which names it"), ("plan_digest", "string", "SHA-256 of the plan that was signed"), ("rules", "string", "The set of rules that the plan is under"),
            _BOARDS, ("by", "string", "The body in whose name it was published"), ("log_size", "integer", "Entries of the log at the checkpoint"), ("log_root", "string", "Merkle root of the log at the checkpoint (RFC 6962)"),
            ("corrects", "string", "The release that it puts right"), ("says", "string", "What it puts right, in words")),
        _table("money", "Promised, spent and achieved, by release", open_book.money_in, _PLAN, _BOARDS, ("year", "string", "The financial year"), ("promised_pence", "integer", "All money in, in pence"),
            ("spent_pence", "integer", "Spent on schemes by the day of publishing, in pence"), ("depends_on_results_pence", "integer", "What depends on results, in pence"), ("earned_pence", "integer", "Earned by the results known then, in pence"),
            ("released_pence", "integer", "Moved to the pooled account by then, in pence"), ("left_out", "string", "Sections that are withheld, and with them what rests on them")),
        _table("schemes", "Schemes, by release", open_book.schemes_in, _PLAN, ("scheme", "string", "The scheme's code in its plan"), ("name", "string", "Its name"), ("what", "string", "What it does"), ("who_for", "string", "Whom it is for"),
            ("year", "string", "The financial year"), ("promised_pence", "integer", "Planned for it, in pence"), ("spent_pence", "integer", "Spent on it by the day of publishing, in pence")),
        _table("results", "Fewer emergency stays, promised and achieved, by quarter", open_book.results_in, _PLAN, ("quarter", "string", "The quarter of the financial year"), ("fewer_planned", "number", "Fewer than a year before, promised, added up"),
            ("fewer_achieved", "number", "Fewer than a year before, counted, added up"), ("earned_pence", "integer", "Earned for the quarter, in pence")),
        _table("metrics", "Metrics with their targets, by release", open_book.metrics_in, _PLAN, _BOARDS, ("metric", "string", "The metric's name"), ("baseline", "string", "Where it stood"), ("year_1", "string", "Target of the first year"),
            ("year_2", "string", "Target of the second year"), ("how", "string", "How it is to be reached")),
        _table("decisions", "Who agreed, approved and signed off", open_book.decisions_in, ("body", "string", "The body's id"), ("name", "string", "Its name"), ("decision", "string", "agreed, approved or signed_off"), ("at", "datetime", "When, in UTC")),
        _table("withheld", "What is withheld, and why", open_book.withheld_in, ("place", "string", "The section or field"), ("section", "string", "Its section"), ("reason", "string", "The code of the reason"), ("says", "string", "The reason"), ("section_digest", "string", "SHA-256 of the section as it was signed")),
        _table("counts", "How many people, as the rules of disclosure let it be seen", open_book.counts_in, ("measure", "string", "The measure"), ("board", "string", "The board's code"), ("period", "string", "The period"),
            *((f"{name}{key}", kind, f"{words}{of}") for name, words in (("part", "Those counted"), ("rest", "The others"), ("whole", "All")) for key, kind, of in (("", "number", ""), ("_status", "string", ": shown, rounded or hidden")))),
    )
}  # fmt: skip
"""Every table, by its name."""

EXCEPTIONS: tuple[Field, ...] = (
    ("number", "integer", "In the order of granting"), ("rule", "string", "The rule that it is from"), ("body", "string", "Whom it is for"), ("body_name", "string", "Its name"), ("reason", "string", "Why"),
    ("granted_by", "string", "The body that granted it"), ("granted_by_name", "string", "Its name"), ("office", "string", "The office that granted it"), ("from", "date", "The first day"), ("until", "date", "The last day"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _File:
    """A file of the package, and what the package says of it."""

    path: str
    content: bytes
    says: Mapping[str, object]

    def resource(self) -> dict[str, object]:
        """As it stands in datapackage.json."""
        return {**self.says, "path": self.path, "bytes": len(self.content), "hash": f"sha256:{hashlib.sha256(self.content).hexdigest()}"}  # fmt: skip


def package(
    found: Sequence[Book], exceptions: Iterable[Mapping[str, object]], sources: Sequence[Source], held: Mapping[str, bytes]
) -> Mapping[str, bytes]:  # fmt: skip
    """Every file of the data package by its path, datapackage.json first. ``held`` are the published files by name."""
    files = [
        _File(f"data/{each.name}.csv", each.csv(found).encode(), _says(each.name, each.title, each.fields, [{"title": "Releases of plans"}], [OPEN_GOVERNMENT]))
        for each in TABLES.values()
    ]  # fmt: skip
    names = [name for name, _, _ in EXCEPTIONS]
    told = write_csv(names, ([each[name] for name in names] for each in exceptions))
    files.append(_File("data/exceptions.csv", told.encode(), _says("exceptions", "Exceptions from the rules", EXCEPTIONS, [{"title": "Exceptions as they were granted"}], [OPEN_GOVERNMENT])))  # fmt: skip
    files += [_statistics(each, held[each.file]) for each in sources if each.file in held]
    listed = [each.resource() for each in files]
    about = {
        "profile": "data-package", "name": "carepool-open-book", "title": "The open book of the pooled fund",
        "description": (
            "What was published of each plan: promised, spent and achieved, who agreed, what is withheld and why; and the published "
            "statistics of England that carepool rests on. Money is whole pence. What is marked illustrative is of fictitious bodies."
        ),
        "id": hashlib.sha256(json.dumps(listed, sort_keys=True).encode()).hexdigest(),
        "licenses": [OPEN_GOVERNMENT],
        "sources": [{"title": each} for each in dict.fromkeys(["Releases of plans", *(each.source for each in sources if each.file in held)])],
        "resources": listed,
    }  # fmt: skip
    content = json.dumps(about, ensure_ascii=False, indent=1).encode()
    return {"datapackage.json": content, **{each.path: each.content for each in files}}


def zipped(files: Mapping[str, bytes]) -> bytes:
    """The files as one zip: of the same files the same bytes."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            entry = zipfile.ZipInfo(path, _WHEN)
            entry.external_attr, entry.compress_type = 0o644 << 16, zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return made.getvalue()


def _says(
    name: str, title: str, fields: Iterable[Field], sources: object, licences: object
) -> dict[str, object]:
    columns = [{"name": each, "type": kind, "description": says} for each, kind, says in fields]
    return {
        "profile": "tabular-data-resource", "name": name, "title": title, "format": "csv", "mediatype": "text/csv", "encoding": "utf-8",
        "schema": {"fields": columns, "missingValues": [""]}, "sources": sources, "licenses": licences,
    }  # fmt: skip


def _statistics(source: Source, content: bytes) -> _File:
    """A file of England as it was loaded, its columns typed by what stands in them."""
    name, _, ending = source.file.rpartition(".")
    licences = [LICENCES.get(source.licence, {"name": "other", "title": source.licence})]
    said = [{"title": source.source}]
    path = f"data/england/{source.file}"
    about = {"description": f"Period: {source.period}. As known: {source.as_known}. {source.notes}".strip()}
    resource = f"england-{name.replace('_', '-')}"
    if ending != "csv":
        return _File(path, content, {"name": resource, "title": source.title, "format": ending, "mediatype": "application/json", "sources": said, "licenses": licences, **about})  # fmt: skip
    heading, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    fields = [
        (column, _type_of(row[at] for row in rows if at < len(row)), "") for at, column in enumerate(heading)
    ]
    says = _says(resource, source.title, fields, said, licences)
    return _File(path, content, says | about)


_WHOLE, _NUMBER, _DAY = (
    re.compile(r"-?(0|[1-9][0-9]{0,14})"), re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]+)?"), re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
)  # fmt: skip


def _type_of(cells: Iterable[str]) -> str:
    """The narrowest type that every cell of a column has which is not empty."""
    held = {each for each in cells if each}
    for kind, pattern in (("integer", _WHOLE), ("number", _NUMBER), ("date", _DAY)):
        if held and all(pattern.fullmatch(each) for each in held):
            return kind
    return "string"
