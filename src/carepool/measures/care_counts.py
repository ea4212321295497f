"""The one document that comes from the people's side of the wall: counts of a board by month, already through the rules for small numbers."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from carepool.basics.canonical import digest_of
from carepool.basics.refusals import Unusable, printable

FORM = "carepool-care-counts/1"
KIND, SCHEMA = "care-counts", 1
HIDDEN, SHOWN = "suppressed", "shown"
MARK = "*"
"""What stands in a file in the place of a hidden count."""
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
_ROW = {"metric", "board", "month", "numerator", "denominator", "status"}
_WHOLE = {"form", "board", "counted", "small_numbers", "illustrative", "rows", "digest"}
MOST_ROWS = 5_000
"""Rows beyond which a file is no table of a board's months."""


@dataclass(frozen=True, slots=True)
class CountRow:
    """A part of a whole in a month; both None where they are hidden."""

    metric: str
    month: str
    numerator: int | None
    denominator: int | None


@dataclass(frozen=True, slots=True)
class CareCountsFile:
    """The document."""

    board: str
    counted: str
    """The day on which it was counted."""
    illustrative: bool
    rows: tuple[CountRow, ...]
    digest: str

    @property
    def metrics(self) -> tuple[str, ...]:
        """What is counted in it, in the order in which it stands."""
        return tuple(dict.fromkeys(each.metric for each in self.rows))

    def table(self, metric: str) -> tuple[tuple[str, ...], ...]:
        """The rows of a count as a file of figures has them, headings first; a hidden one is marked, and no zero."""
        rows = (
            (self.board, each.month, _cell(each.numerator), _cell(each.denominator))
            for each in self.rows
            if each.metric == metric
        )
        return (("area", "period", "counted", "out of"), *rows)


def read_care_counts(content: bytes) -> CareCountsFile:
    """The document, whole and as it was counted. Unusable, naming what and where, for anything else."""
    data = _object(content)
    if data.get("form") != FORM:
        raise Unusable(f"This is no file of counts from the person wing ({FORM}). Write one there: carepool care counts.")  # fmt: skip
    if set(data) != _WHOLE:
        odd = sorted(set(data) ^ _WHOLE)
        raise Unusable(f"The file of counts has {printable(odd[0])} too much or too little. Write it again in the person wing.")  # fmt: skip
    digest = data["digest"]
    try:
        found = digest_of(KIND, SCHEMA, {name: each for name, each in data.items() if name != "digest"})
    except (ValueError, TypeError):
        found = None
    if found != digest:
        raise Unusable("The checksum does not fit what is in the file: it was changed after it was counted. Write it again in the person wing.")  # fmt: skip
    rows = data["rows"]
    if not isinstance(rows, list) or len(rows) > MOST_ROWS:
        raise Unusable(f"The file of counts has no list of at most {MOST_ROWS:,} rows.")
    board = str(data["board"])
    read = tuple(_row(number, each, board) for number, each in enumerate(rows, 1))
    if len({(each.metric, each.month) for each in read}) != len(read):
        raise Unusable("A count stands twice for one month. Write the file again in the person wing.")
    return CareCountsFile(board, str(data["counted"]), data["illustrative"] is True, read, str(digest))


def _object(content: bytes) -> Mapping[str, object]:
    try:
        data = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict):
        raise Unusable("The file is no JSON object. Hand in what “carepool care counts” wrote.")
    return data


def _row(number: int, row: object, board: str) -> CountRow:
    where = f"row {number} of the counts"
    if not isinstance(row, dict) or set(row) != _ROW:
        raise Unusable(f"In {where} stands something else than {', '.join(sorted(_ROW))}.")
    if row["board"] != board:
        raise Unusable(f"In {where} is another board than {printable(board)}. Write a file for each board.")
    if not isinstance(row["month"], str) or not _MONTH.fullmatch(row["month"]):
        raise Unusable(f"In {where} the month is not written like 2015-04.")
    numbers = (row["numerator"], row["denominator"])
    if row["status"] == HIDDEN and numbers == (None, None):
        return CountRow(str(row["metric"]), row["month"], None, None)
    part, whole = numbers
    if row["status"] != SHOWN or type(part) is not int or type(whole) is not int or not 0 <= part <= whole:
        raise Unusable(f"In {where} there is neither a part of a whole that is shown, nor two counts that are hidden.")  # fmt: skip
    return CountRow(str(row["metric"]), row["month"], part, whole)


def _cell(count: int | None) -> str:
    return MARK if count is None else str(count)
