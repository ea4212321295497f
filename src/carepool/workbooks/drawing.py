"""A map while it is drawn: what a person, or a guess, says of each field, and the YAML file that it makes."""

import re
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

import yaml

from carepool.basics.refusals import printable
from carepool.workbooks.cells import letters, reference
from carepool.workbooks.maps import MappedCell, TemplateMap

_PLAIN = re.compile(
    r"[a-z][a-z0-9_]*/[a-z0-9_]+|[a-z][a-z_]{4,}|[a-z]{3}-[0-9]+-[0-9]+|[A-Z]{1,3}[1-9][0-9]*|[1-9][0-9]*"
)
UNIT_NAMES = {1: "", 1000: "thousands"}


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a field stands, as it was typed: a cell, or for a column of a table its letters."""

    at: str
    sheet: str = ""
    unit: str = ""
    """``pounds`` or ``thousands``; empty where the field is no amount, or the map's own unit holds."""
    words: Mapping[str, str] = field(default_factory=dict)
    """What the template calls a code, by code."""
    why: str = ""
    """For a guess: what it rests on."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Where a list stands, as it was typed."""

    sheet: str
    first: str
    last: str
    columns: Mapping[str, Spot]
    why: str = ""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A whole map, as far as it is drawn."""

    rules: str
    says: str
    cells: Mapping[str, Spot]
    """By field, like ``vision/vision``."""
    tables: Mapping[str, Rows]
    """By list, like ``spend/spend``."""

    def without(self, abouts: AbstractSet[str]) -> "Drawing":
        """The drawing without some fields and columns; a list goes with what its rows cannot be read without."""
        tables = {}
        for name, rows in self.tables.items():
            kept = {key: each for key, each in rows.columns.items() if f"{name}/{key}" not in abouts}
            lacking = any(
                each.startswith(f"{name}/") and each.rpartition("/")[2] not in rows.columns for each in abouts
            )
            if kept and not lacking and name not in abouts:
                tables[name] = replace(rows, columns=kept)
        return replace(self, cells={name: each for name, each in self.cells.items() if name not in abouts}, tables=tables)  # fmt: skip


def of_map(mapped: TemplateMap, says: str = "") -> Drawing:
    """A map that was read, to be drawn on."""
    tables = {
        f"{each.table.section}/{each.table.name}": Rows(
            each.sheet, str(each.first), str(each.last), {one.about.name: _spot(one, letters(one.column)) for one in each.columns}
        )
        for each in mapped.tables
    }  # fmt: skip
    cells = {f"{each.section}/{each.about.name}": _spot(each, reference(each.row, each.column), each.sheet) for each in mapped.cells}  # fmt: skip
    return Drawing(mapped.rules, says, cells, tables)


def _spot(mapped: MappedCell, at: str, sheet: str = "") -> Spot:
    return Spot(at, sheet, UNIT_NAMES.get(mapped.unit, ""), mapped.words)


def write_map(drawing: Drawing) -> tuple[str, dict[int, str]]:
    """The YAML of a map, and for each of its lines what it is about: ``vision/vision``, ``spend/spend/first``.

    Nothing that stands in a template, or that was typed, is more than a text in it.
    """
    lines: list[tuple[str, str]] = [(f"says: {quoted(drawing.says)}", ""), (f"rules: {quoted(drawing.rules)}", "rules")]  # fmt: skip
    if drawing.cells:
        lines.append(("cells:", ""))
    for name, spot in drawing.cells.items():
        lines += _why(spot.why, "  ")
        told = {"field": name, "sheet": spot.sheet, "cell": spot.at}
        lines.append((f"  - {_flow(told, spot)}", name))
    if drawing.tables:
        lines.append(("tables:", ""))
    for name, rows in drawing.tables.items():
        lines += _why(rows.why, "  ")
        lines += [
            (f"  - list: {quoted(name)}", name),
            (f"    sheet: {quoted(rows.sheet)}", f"{name}/sheet"),
            (f"    first: {quoted(rows.first)}", f"{name}/first"),
            (f"    last: {quoted(rows.last)}", f"{name}/last"),
            ("    columns:" if rows.columns else "    columns: {}", name),
        ]
        for column, spot in rows.columns.items():
            lines += _why(spot.why, "      ")
            lines.append((f"      {column}: {_flow({'column': spot.at}, spot)}", f"{name}/{column}"))
    return "".join(f"{text}\n" for text, _ in lines), {number: about for number, (_, about) in enumerate(lines, 1)}  # fmt: skip


def quoted(text: str) -> str:
    """A text as YAML reads it back, whatever is in it, on one line; what is plain to everybody stands plain."""
    if _PLAIN.fullmatch(text):
        return text
    told: str = yaml.safe_dump(text, default_style='"', allow_unicode=True, width=10**6)
    return told.strip()


def _flow(told: Mapping[str, str], spot: Spot) -> str:
    pairs = [f"{key}: {quoted(value)}" for key, value in told.items()]
    if spot.unit:
        pairs.append(f"unit: {quoted(spot.unit)}")
    if spot.words:
        words = ", ".join(f"{quoted(code)}: {quoted(word)}" for code, word in spot.words.items())
        pairs.append(f"words: {{{words}}}")
    return f"{{{', '.join(pairs)}}}"


def _why(why: str, indent: str) -> Iterable[tuple[str, str]]:
    return [(f"{indent}# {printable(why)}", "")] if why else []
