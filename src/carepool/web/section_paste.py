"""Rows pasted from a spreadsheet: columns found by their headings or by their order, and every cell accounted for."""

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import StringIO

from carepool.plans.describe import FieldAbout
from carepool.web.section_shapes import Choice
from carepool.web.section_tables import compact

LARGEST = 200_000
"""Characters of one paste."""


@dataclass(frozen=True, slots=True)
class Left:
    """A cell that fits into no column, or a row that there is no room for."""

    row: int
    """Its number in what was pasted, from 1, the heading row counted."""
    column: int
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Pasted:
    """What was pasted."""

    rows: tuple[dict[str, object], ...]
    left: tuple[Left, ...]
    headed: bool

    def leftover(self) -> str:
        """What is left over, as it could be pasted again: a line for each row."""
        if not self.left:
            return ""
        columns = sorted({each.column for each in self.left})
        headings = {each.column: each.heading for each in self.left}
        lines = [[headings[each] for each in columns]] if self.headed else []
        for row in dict.fromkeys(each.row for each in self.left):
            cells = {each.column: each.text for each in self.left if each.row == row}
            lines.append([cells.get(each, "") for each in columns])
        return "\n".join("\t".join(map(_quoted, line)) for line in lines)


def read_paste(
    text: str,
    fields: Sequence[FieldAbout],
    offered: Mapping[str, Sequence[Choice]],
    years: tuple[str, ...],
    room: int,
) -> Pasted:
    """The rows in what was pasted; what cannot be placed is left over, none of it lost.

    ``offered``: the codes of each field that has a list, with their words: either may be pasted. ``room``: how many
    rows can be added.
    """
    lines = [line for line in _lines(text) if any(cell.strip() for cell in line[1])]
    placed = _by_headings(lines[0][1], fields, years) if lines else None
    headings = lines[0][1] if placed is not None and lines else []
    columns: Sequence[FieldAbout | None] = placed if placed is not None else fields
    rows: list[dict[str, object]] = []
    left: list[Left] = []
    for number, cells in lines[1:] if placed is not None else lines:
        row: dict[str, object] = {}
        spare: list[Left] = []
        for column, cell in enumerate(cells):
            field = columns[column] if column < len(columns) else None
            if not cell.strip():
                continue
            if field is None:
                spare.append(Left(number, column + 1, headings[column].strip() if column < len(headings) else "", cell))  # fmt: skip
            else:
                row[field.name] = _cell(field, cell, offered.get(field.name, ()))
        if row and len(rows) >= room:
            spare = [Left(number, at + 1, headings[at] if at < len(headings) else "", cell) for at, cell in enumerate(cells) if cell.strip()]  # fmt: skip
        elif row:
            rows.append(row)
        left += spare
    return Pasted(tuple(rows), tuple(left), placed is not None)


def _lines(text: str) -> list[tuple[int, list[str]]]:
    """Each row with its number; a cell of several lines stands in quotation marks, as spreadsheets copy it."""
    csv.field_size_limit(LARGEST + 1)
    written = text[:LARGEST].replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    # A mark that opens a cell and never closes would swallow all below it: then marks are only marks.
    if written.count('"') % 2:
        return list(enumerate((line.split("\t") for line in written.split("\n")), 1))
    return list(enumerate(csv.reader(StringIO(written, newline=""), delimiter="\t"), 1))


def _by_headings(
    cells: Sequence[str], fields: Sequence[FieldAbout], years: tuple[str, ...]
) -> list[FieldAbout | None] | None:
    """The field of each column where a row is one of headings: when at least half of its cells are titles."""
    known: dict[str, FieldAbout] = {}
    for each in fields:
        for said in (each.titled(years).removesuffix(", pounds"), each.titled(years), each.name):
            known.setdefault(_bare(said), each)
    found = [known.get(_bare(cell)) for cell in cells]
    once = [each if each is not None and each not in found[:at] else None for at, each in enumerate(found)]
    written = sum(bool(cell.strip()) for cell in cells)
    return once if 2 * sum(each is not None for each in once) >= max(written, 1) and any(once) else None


def _bare(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "", text.casefold().replace("£", ""))


def _cell(field: FieldAbout, cell: str, offered: Sequence[Choice]) -> str:
    """What is to stand in the field: a code for its words; else the cell, on one line where the field is one."""
    wanted = cell.strip()
    for code, words in offered:
        if wanted.casefold() in {code.casefold(), words.casefold(), words.partition(": ")[2].casefold()}:
            return code
    return wanted if not compact(field) else " ".join(wanted.split())


def _quoted(cell: str) -> str:
    return f'"{cell.replace(chr(34), chr(34) * 2)}"' if re.search(r'[\t\n"]', cell) else cell
