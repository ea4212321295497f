"""A board's pack as files: the page, the tagged PDF, the workbook, the JSON, and a CSV for each figure; made of values alone."""

import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from carepool.actions.packing import Pack
from carepool.render import pack_figures
from carepool.render.answers import Data, to_json
from carepool.render.csvs import write_csv
from carepool.render.docx_parts import clean
from carepool.render.pack_figures import Figure, Section
from carepool.render.pdf import pdf_of

if TYPE_CHECKING:
    from jinja2 import Template

PAGE, DATA, PAPER, BOOK, MANIFEST = "pack.html", "pack.json", "pack.pdf", "pack.xlsx", "manifest.json"
EARLIEST = datetime(1980, 1, 1)  # noqa: DTZ001  (a workbook has no zones)
"""The time that every workbook bears, so that the same pack gives the same bytes."""
ASKED = (PAPER, BOOK)
"""Files that are made where they are asked for."""
LONGEST_NAME = 31
"""Letters that a sheet's name can have."""
SHORT = 16
"""Rows up to which a table stands open on the page."""


@dataclass(frozen=True, slots=True)
class Options:
    """What is made beside the page, the JSON and the CSVs."""

    pdf: bool = True
    xlsx: bool = True


def files(found: Pack, options: Options, made_by: str) -> dict[str, bytes]:
    """Every file of a pack by its path, the manifest last. Unusable when a PDF is wanted and the machine cannot set type."""
    parts = pack_figures.sections(found)
    made = {DATA: to_json(as_data(found, parts)).encode(), PAGE: page(found, parts).encode()}
    for each in (figure for section in parts for figure in section.figures):
        made[f"csv/{each.id}.csv"] = _csv(found, [label for label, _ in each.columns], each.rows)
    if found.reasons and found.reasons.by_month:
        made["csv/delays-by-month.csv"] = _csv(found, *pack_figures.monthly_reasons(found.reasons))
    if options.xlsx:
        made[BOOK] = xlsx(found, parts)
    if options.pdf:
        made[PAPER] = paper(found, parts)
    listed = {path: sha256(content).hexdigest() for path, content in made.items()}
    manifest = {"made_from": made_from(found.code, found.vintage, found.rules, options, made_by, found.own, forecasts=found.forecasts), "files": listed}  # fmt: skip
    return {**made, MANIFEST: to_json(manifest).encode()}


def made_from(
    board: str, vintage: str, rules: str, options: Options, made_by: str, own: str = "", *, forecasts: bool = False
) -> dict[str, object]:  # fmt: skip
    """What decides every byte of a pack: where this is the same, and the files are whole, nothing has to be made again."""
    return {"board": board, "vintage": vintage, "rules": rules, "made_by": made_by, "pdf": options.pdf, "xlsx": options.xlsx, "own": own, "forecasts": forecasts}  # fmt: skip


def is_whole(manifest: bytes, wanted: Mapping[str, object], read: Callable[[str], bytes | None]) -> bool:
    """Whether a pack that is there is the one wanted, and each of its files is as the manifest says."""
    try:
        said = json.loads(manifest)
        listed = said["files"].items()
        same = said["made_from"] == dict(wanted)
    except (ValueError, KeyError, TypeError, AttributeError):
        return False
    return same and all(
        (content := read(path)) is not None and sha256(content).hexdigest() == digest for path, digest in listed
    )  # fmt: skip


def as_data(found: Pack, parts: Sequence[Section]) -> Data:
    """The pack as one JSON document."""
    columns, rows = pack_figures.glance(found)
    return {
        "board": found.code, "name": found.name, "mark": found.mark or None, "vintage": found.vintage, "rules": found.rules,
        "glance": _records(columns, rows),
        "figures": [figure_data(each, section.about) for section in parts for each in section.figures],
        "not_held": [{"measure": each.id, "title": each.title, "because": each.without} for each in found.without],
    }  # fmt: skip


def figure_data(each: Figure, about: str) -> Data:
    """One figure: its sentence, its rows, and what a reader needs to believe them."""
    return {
        "id": each.id, "kind": each.kind, "measure": each.measure, "title": each.title, "says": each.says, "about": about,
        "rows": _records(each.columns, each.rows), "csv": f"csv/{each.id}.csv", "gaps": list(each.gaps),
        "sources": [
            {"file": one.file, "title": one.title, "source": one.source, "licence": one.licence, "as_known": one.as_known}
            for one in each.sources
        ],
    }  # fmt: skip


def _records(columns: Sequence[tuple[str, str]], rows: Sequence[Sequence[object]]) -> list[Data]:
    names = [
        label.lower().replace("%", "_percent").replace(" ", "_").replace("-", "_") for label, _ in columns
    ]
    return [dict(zip(names, row, strict=True)) for row in rows]


def _csv(found: Pack, heading: Sequence[str], rows: Sequence[Sequence[object]]) -> bytes:
    """A CSV; that of a fictitious board says so in every row."""
    if not found.mark:
        return write_csv(heading, rows).encode()
    return write_csv([*heading, "mark"], [[*row, found.mark] for row in rows]).encode()


def page(found: Pack, parts: Sequence[Section], pictured: Callable[[str, str], str] | None = None) -> str:
    """The pack as a page that fetches nothing; with ``pictured``, which takes a drawing, as the PDF needs it: short tables, and images."""
    columns, rows = pack_figures.glance(found)
    figures = [each for section in parts for each in section.figures]
    return _template().render(
        pack=found, sections=parts, columns=columns, rows=rows, figures=len(figures),
        sources=pack_figures.sources_of(figures), pictured=pictured, table_of=pack_figures.short_table if pictured else pack_figures.whole_table, open_to=SHORT,
    )  # fmt: skip


@lru_cache(maxsize=1)
def _template() -> "Template":
    """The page's template, read once for all packs."""
    from carepool.render.environment import standalone

    return standalone().get_template("render/pack.jinja")


def paper(found: Pack, parts: Sequence[Section]) -> bytes:
    """The PDF. A drawing in it is an image with its words beside it, which a screen reader reads."""
    images: dict[str, bytes] = {}

    def pictured(id_: str, svg: str) -> str:
        images[f"pack:{id_}"] = str(svg).strip().encode()
        return f"pack:{id_}"

    return pdf_of(page(found, parts, pictured), images)


def xlsx(found: Pack, parts: Sequence[Section]) -> bytes:
    """The workbook: a sheet for each figure, and no cell that runs. The same pack gives the same bytes."""
    import xlsxwriter

    held = io.BytesIO()
    book = xlsxwriter.Workbook(
        held, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )  # fmt: skip
    book.set_properties(
        {"title": clean(f"Benchmarking pack: {found.name}"), "author": "carepool", "created": EARLIEST}
    )
    head = book.add_format({"bold": True, "bg_color": "#E8EDEE", "text_wrap": True, "valign": "top"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    number = book.add_format({"num_format": "#,##0.0", "valign": "top"})
    columns, rows = pack_figures.glance(found)
    about = [f"Benchmarking pack: {found.name} ({found.code})", found.mark, f"Data of England {found.vintage}; rules of measuring {found.rules}"]  # fmt: skip
    _sheet(
        book.add_worksheet("Pack"), [each for each in about if each], columns, rows, (head, wrapped, number)
    )
    figures = [figure for section in parts for figure in section.figures]
    for number_of, each in enumerate(figures, 1):
        sources = [f"From {one.title}. {one.source}, {one.as_known}." for one in each.sources]
        said = [each.says, each.title, *([found.mark] if found.mark else []), *sources, *each.gaps]
        _sheet(
            book.add_worksheet(f"{number_of} {each.id}"[:LONGEST_NAME]),
            said,
            each.columns,
            each.rows,
            (head, wrapped, number),
        )
    book.close()
    return held.getvalue()


def _sheet(
    sheet: Any, said: Sequence[str], columns: Sequence[tuple[str, str]], rows: Sequence[Sequence[object]],
    forms: Sequence[object],
) -> None:  # fmt: skip
    head, wrapped, number = forms
    sheet.set_column(0, 0, 44)
    sheet.set_column(1, len(columns), 16)
    write = sheet.write_string
    for at, words in enumerate(said):
        write(at, 0, clean(words))
    top = len(said) + 1
    for column, (label, _) in enumerate(columns):
        write(top, column, label, head)
    for at, row in enumerate(rows, top + 1):
        for column, cell in enumerate(row):
            if isinstance(cell, Decimal | int | float):
                sheet.write_number(at, column, float(cell), number)
            elif cell is not None:
                write(at, column, clean(str(cell)), wrapped)
    sheet.freeze_panes(top + 1, 1)
