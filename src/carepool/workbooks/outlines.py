"""How a sheet is laid out: merged cells, what is locked, what is made to be filled in, what a drop-down offers.

Runs in the child, on parts that were checked before. What it tells is bounded, whatever the sheet declares.
"""

import re
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from carepool.basics.refusals import Unusable
from carepool.workbooks.cells import LAST_COLUMN, LAST_ROW, position
from carepool.workbooks.packages import AGAIN

OUTLINES = "outlines"
"""What a child is started with that is to say how each sheet is laid out, too."""

Box = tuple[int, int, int, int]
"""First row and column, last row and column."""

MOST_BOXES = 5_000
"""Merged ranges in a sheet, and ranges with a rule for what may be typed."""
LONGEST_RULE = 2_000
"""Characters of a drop-down's own list, or of the range that it is taken from."""


@dataclass(slots=True)
class Styles:
    """By its number in the workbook: whether a cell of a style may be typed into, and whether it looks made for that."""

    open: list[bool] = field(default_factory=list)
    drawn: list[bool] = field(default_factory=list)
    """Whether it has a fill or a border."""
    days: list[bool] = field(default_factory=list)
    """Whether a number in it shows as a day."""


_DAYS = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
"""The numbers of the formats for days and times that every spreadsheet has."""
_NO_DAY = re.compile(r"""\[(?![hms]{1,2}\])[^\]]*\]|"[^"]*"|\\.|_.|\*.""", re.IGNORECASE)
"""What stands in a format without being one of its signs: colours, words, spaces."""


def read_styles(xml: bytes) -> Styles:
    """The styles that cells have."""
    found, inside = Styles(), False
    formats: dict[str, bool] = {str(each): True for each in _DAYS}

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal inside
        match name.rpartition(":")[2]:
            case "numFmt":
                signs = _NO_DAY.sub("", attributes.get("formatCode", "")).split(";")[0]
                formats[attributes.get("numFmtId", "")] = bool(re.search("[dmhys]", signs, re.IGNORECASE))
            case "cellXfs":
                inside = True
            case "xf" if inside:
                fill, border = attributes.get("fillId", "0"), attributes.get("borderId", "0")
                found.open.append(False)
                # The first two fills of every workbook are none, and a pattern that nobody uses.
                found.drawn.append(fill not in {"0", "1"} or border != "0")
                found.days.append(formats.get(attributes.get("numFmtId", "0"), False))
            case "protection" if inside and found.open:
                found.open[-1] = attributes.get("locked") in {"0", "false"}

    def end(name: str) -> None:
        nonlocal inside
        inside = inside and name.rpartition(":")[2] != "cellXfs"

    _parse(xml, start, end)
    return found


def outline(xml: bytes, styles: Styles) -> dict[str, object]:
    """What a sheet's XML says of its layout, in JSON's shapes."""
    return _Outline(styles).read(xml)


class _Outline:
    """Goes through a sheet once."""

    def __init__(self, styles: Styles) -> None:
        self.styles = styles
        self.protected = False
        self.open: list[tuple[int, int]] = []
        self.drawn: list[tuple[int, int]] = []
        self.days: list[tuple[int, int]] = []
        self.columns: list[tuple[int, int]] = []
        self.merged: list[Box] = []
        self.rules: list[tuple[Box, str]] = []
        self.deep = 0
        self._row = self._column = 0
        self._style = -1
        self._empty = True
        self._listed = False
        self._where, self._offers = "", ""
        self._collects = ""

    def read(self, xml: bytes) -> dict[str, object]:
        """The answer."""
        _parse(xml, self._start, self._end, self._text)
        return {
            "protected": self.protected, "open": self.open, "drawn": self.drawn, "days": self.days, "open_columns": self.columns,
            "merged": self.merged, "rules": self.rules, "deep": self.deep,
        }  # fmt: skip

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        match name.rpartition(":")[2]:
            case "row":
                self._row, self._column = _number(attributes.get("r", ""), self._row + 1), 0
                self.deep = max(self.deep, self._row)
            case "c":
                at = position(attributes["r"]) if "r" in attributes else (self._row, self._column + 1)
                self._row, self._column = at
                self._style, self._empty = _number(attributes.get("s", ""), 0), True
            case "v" | "is" | "f" if self._style >= 0:
                self._empty = False
            case "col":
                self._open_column(attributes)
            case "sheetProtection":
                self.protected = attributes.get("sheet") in {"1", "true"}
            case "mergeCell":
                self._put(self.merged, _boxes(attributes.get("ref", "")))
            case "dataValidation":
                self._listed = attributes.get("type") == "list"
                self._where, self._offers = attributes.get("sqref", ""), ""
            case "formula1" | "sqref" as part:
                self._collects = part

    def _end(self, name: str) -> None:
        match name.rpartition(":")[2]:
            case "c":
                if self._is(self.styles.open):
                    self.open.append((self._row, self._column))
                if self._is(self.styles.days):
                    self.days.append((self._row, self._column))
                if self._empty and self._is(self.styles.drawn):
                    self.drawn.append((self._row, self._column))
                self._style = -1
            case "formula1" | "sqref":
                self._collects = ""
            case "dataValidation":
                offers = self._offers if self._listed and len(self._offers) <= LONGEST_RULE else ""
                self._put(self.rules, [(each, offers.strip()) for each in _boxes(self._where)])

    def _text(self, text: str) -> None:
        if self._collects == "formula1" and len(self._offers) <= LONGEST_RULE:
            self._offers += text
        elif self._collects == "sqref" and len(self._where) <= 100 * LONGEST_RULE:
            self._where += text

    def _is(self, styles: list[bool]) -> bool:
        return 0 <= self._style < len(styles) and styles[self._style]

    def _open_column(self, attributes: dict[str, str]) -> None:
        style = _number(attributes.get("style", ""), 0)
        if style < len(self.styles.open) and self.styles.open[style] and len(self.columns) < LAST_COLUMN:
            self.columns.append(
                (_number(attributes.get("min", ""), 1), _number(attributes.get("max", ""), 1))
            )

    def _put(self, into: list[Any], found: list[Any]) -> None:
        into += found
        if len(into) > MOST_BOXES:
            raise Unusable(f"A sheet has more than {MOST_BOXES:,} merged cells or rules for what may be typed. Take out what is not needed.")  # fmt: skip


_NUMBER = re.compile(r"[0-9]{1,7}")


def _number(text: str, otherwise: int) -> int:
    return int(text) if _NUMBER.fullmatch(text) else otherwise


def _boxes(where: str) -> list[Box]:
    """The ranges in a list like ``B2 D5:D9``; what is none is left out."""
    found = []
    for each in where.split()[: MOST_BOXES + 1]:
        first, _, last = each.partition(":")
        with suppress(ValueError):
            (top, left), (bottom, right) = position(first), position(last or first)
            found.append((min(top, bottom), min(left, right), min(max(top, bottom), LAST_ROW), max(left, right)))  # fmt: skip
    return found


def _parse(xml: bytes, start: object, end: object, text: object = None) -> None:
    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = start, end  # type: ignore[assignment]  # each takes what expat hands it
    parser.CharacterDataHandler = text  # type: ignore[assignment]  # each takes what expat hands it
    try:
        parser.Parse(xml, True)
    except Unusable:
        raise
    except (expat.ExpatError, ValueError):
        raise Unusable(f"A part of the workbook is damaged. {AGAIN}") from None
