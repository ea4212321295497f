"""A ledger's extract as rows of cells, whatever it was saved as: text in any usual encoding, or a workbook already read."""

import codecs
import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from carepool.basics.refusals import Unusable, printable
from carepool.journal.documents import LARGEST_DOCUMENT

MOST_ROWS = 100_000
MOST_COLUMNS = 200
LONGEST_CELL = 2_000
"""Characters; what is longer is no ledger's."""
SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"}


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of text, each with the number that a spreadsheet gives it."""

    file: str
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    sheet: str = ""
    odd: Mapping[tuple[int, int], str] = field(default_factory=lambda: MappingProxyType({}))
    """The cells that show an error or were never calculated, by row and column from 1, and which of the two."""

    def cell(self, row: int, column: int) -> str:
        """A cell's text, empty where there is none."""
        for number, cells in self.rows:
            if number == row:
                return cells[column - 1] if column <= len(cells) else ""
        return ""


def letters(column: int) -> str:
    """A column as letters: 1 is A, 28 is AB."""
    found = ""
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(65 + rest) + found
    return found


def number_of(column: str) -> int:
    """A column's number from its letters; 0 for what is no column."""
    found = 0
    for each in column.strip().upper():
        if not "A" <= each <= "Z" or found > MOST_COLUMNS:
            return 0
        found = found * 26 + ord(each) - 64
    return found


def read_text(file: str, content: bytes, separator: str = "", wanted: Sequence[str] = ()) -> Grid:
    """A text file as rows. ``wanted`` are the headings that should be found, by which the separator is told.

    Unusable, in a plain sentence, for what is no text, is empty or too large.
    """
    text = _decoded(file, content)
    marks = [SEPARATORS[separator]] if separator else list(SEPARATORS.values())
    wanted = [each.casefold() for each in wanted]
    best: tuple[int, int, list[tuple[int, tuple[str, ...]]]] | None = None
    broken = ""
    for mark in marks:
        try:
            rows = _rows(file, text, mark)
        except csv.Error as error:
            broken = str(error)
            continue
        hits = max((sum(cell.casefold() in wanted for cell in cells) for _, cells in rows[:50]), default=0)
        score = hits, sum(len(cells) for _, cells in rows[:50])
        if best is None or score > best[:2]:
            best = (*score, rows)
    if best is None:
        raise Unusable(f"{file} cannot be read as rows of text: {broken}. Save it again as CSV.")
    return Grid(file, tuple(best[2]))


def _decoded(file: str, content: bytes) -> str:
    if len(content) > LARGEST_DOCUMENT:
        raise Unusable(
            f"{file} has {len(content):,} bytes; at most {LARGEST_DOCUMENT:,} are read. Extract fewer columns."
        )
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    elif b"\0" in content:
        raise Unusable(f"{file} holds zero bytes, so it is not text. Save it as CSV.")
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        if not text.strip():
            raise Unusable(f"{file} is empty. Extract the ledger again.")
        return text
    raise Unusable(f"{file} is not text in any usual encoding. Save it as CSV (UTF-8).")


def _rows(file: str, text: str, mark: str) -> list[tuple[int, tuple[str, ...]]]:
    rows: list[tuple[int, tuple[str, ...]]] = []
    for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True), 1):
        if number > MOST_ROWS:
            raise Unusable(f"{file} has more than {MOST_ROWS:,} rows. Extract the pool's cost centres only.")
        if len(cells) > MOST_COLUMNS:
            raise csv.Error(f"row {number} has more than {MOST_COLUMNS} columns")
        rows.append((number, tuple(clean(each) for each in cells)))
    return rows


def clean(cell: str) -> str:
    """A cell without what surrounds it, and never longer than a ledger's."""
    return printable(cell.strip().strip("\ufeff"))[:LONGEST_CELL].strip()
