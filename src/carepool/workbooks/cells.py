"""Cells: where one stands and what it holds."""

import re
from decimal import Decimal
from typing import Literal, NamedTuple

Held = Literal["text", "number", "yesno", "day", "time", "error", "uncalculated"]
Place = tuple[str, int, int]
"""Sheet, row and column, both from 1."""

_REF = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9][0-9]{0,6})")
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384


class Cell(NamedTuple):
    """A cell that holds something."""

    sheet: str
    row: int
    column: int
    kind: Held
    text: str
    """A number in at most 15 significant digits, a day as 2015-04-01, an error as it shows, anything else as it stands."""
    formula: bool = False

    @property
    def place(self) -> Place:
        """Where it stands."""
        return self.sheet, self.row, self.column

    @property
    def ref(self) -> str:
        """Its address in its sheet, like ``D12``."""
        return reference(self.row, self.column)


def letters(column: int) -> str:
    """A column as letters: 1 is A, 28 is AB."""
    found = ""
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(65 + rest) + found
    return found


def reference(row: int, column: int) -> str:
    """An address like ``D12``."""
    return f"{letters(column)}{row}"


def number_of(column: str) -> int:
    """A column's number from its letters."""
    found = 0
    for each in column.upper():
        found = found * 26 + ord(each) - 64
    return found


def position(ref: str) -> tuple[int, int]:
    """Row and column of an address. ValueError for what is none that a sheet can have."""
    found = _REF.fullmatch(ref.strip())
    if found is None:
        raise ValueError(f"“{ref}” is not a cell: write it like D12")
    row, column = int(found[2]), number_of(found[1])
    if row > LAST_ROW or column > LAST_COLUMN:
        raise ValueError(f"“{ref}” is outside of every sheet: write it like D12")
    return row, column


def size(where: str) -> int:
    """How many cells a range like ``B2:D9`` has; none for what is no range."""
    first, _, last = where.partition(":")
    try:
        (top, left), (bottom, right) = position(first), position(last or first)
    except ValueError:
        return 0
    return (abs(bottom - top) + 1) * (abs(right - left) + 1)


def number_text(value: float) -> str:
    """A number in the 15 significant digits that a spreadsheet has, without an exponent."""
    shown = f"{value:.15g}"
    return format(Decimal(shown), "f") if "e" in shown else shown
