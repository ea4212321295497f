"""Somebody else's template as it was issued: what stands in its cells, and which of them are there to be filled in."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from carepool.basics.refusals import Unusable
from carepool.workbooks.cells import Cell, position
from carepool.workbooks.outlines import OUTLINES, Box
from carepool.workbooks.reading import Book, BookSheet, Reader, book_of

At = tuple[int, int]
"""Row and column of a cell, from 1."""

TALLEST, WIDEST = 2_000, 100
"""Rows and columns of a merged cell, or of a range with a rule, that are looked at: nobody fills in more."""
MOST = 400_000
"""Cells that the merged ones and those with a rule may cover together."""
MOST_OFFERED = 300
"""Answers of a drop-down that are looked at."""
_RANGE = re.compile(r"(?:(?:'((?:[^']|'')+)'|([^'!]+))!)?(\$?[A-Z]{1,3}\$?[0-9]{1,7}):(\$?[A-Z]{1,3}\$?[0-9]{1,7})")  # fmt: skip


@dataclass(frozen=True)
class IssuedSheet:
    """A sheet, with its layout."""

    page: BookSheet
    protected: bool
    open: frozenset[At]
    """Cells that are unlocked."""
    open_columns: tuple[tuple[int, int], ...]
    """Columns, first and last, whose cells are unlocked where none says otherwise."""
    drawn: frozenset[At]
    """Empty cells with a fill or a border."""
    days: frozenset[At]
    """Cells in which a number shows as a day."""
    merged: Mapping[At, Box]
    """Merged cells by the first of them, which alone holds something."""
    inside: Mapping[At, At]
    """For a cell that is hidden by merged ones: the first of them."""
    rules: Mapping[At, str]
    """Cells with a rule for what may be typed: the drop-down's own list or range, or nothing."""
    deep: int
    """The last row that the template knows of."""

    @property
    def name(self) -> str:
        """Its name."""
        return self.page.name

    @cached_property
    def wide(self) -> int:
        """The last column in which something stands, or is drawn to be filled in."""
        columns = (max(row) for row in self.page.rows.values() if row)
        return max((*columns, *(at[1] for at in self.drawn), *(box[3] for box in self.merged.values())), default=1)  # fmt: skip

    def cell(self, at: At) -> Cell | None:
        """What stands in a cell; None for nothing."""
        return self.page.rows.get(at[0], {}).get(at[1])

    def box(self, at: At) -> Box:
        """The cell with those that it is merged with."""
        return self.merged.get(at, (*at, *at))

    def hidden_by(self, at: At) -> At | None:
        """The first of the merged cells that a cell is hidden by; None where it is not."""
        if at in self.inside:
            return self.inside[at]
        holding = (box for box in self.endless if box[0] <= at[0] <= box[2] and box[1] <= at[1] <= box[3])
        return next((box[:2] for box in holding if box[:2] != at), None)

    @cached_property
    def endless(self) -> tuple[Box, ...]:
        """Merged cells that go on beyond what is looked at."""
        return tuple(box for box in self.merged.values() if box[2] - box[0] > TALLEST or box[3] - box[1] > WIDEST)  # fmt: skip

    def may_be_typed_into(self, at: At) -> bool:
        """Whether the template lets a person type there."""
        if not self.protected or at in self.open:
            return True
        return self.cell(at) is None and any(first <= at[1] <= last for first, last in self.open_columns)

    def made_for_input(self, at: At) -> bool:
        """Whether a cell looks as if it was made to be filled in: unlocked, with a rule, or an empty one that is drawn."""
        return at in self.open or at in self.rules or at in self.drawn

    def free(self, at: At) -> bool:
        """Whether a value can be put there without disturbing anything that is meant to stay."""
        if self.hidden_by(at) or not self.may_be_typed_into(at):
            return False
        held = self.cell(at)
        if held is None or (held.kind == "text" and not held.text.strip()):
            return True
        # What stands in a cell that is made for typing, like “Choose one” or 0, is there to be typed over.
        return not held.formula and (at in self.rules or (self.protected and at in self.open))


@dataclass(frozen=True)
class Issued:
    """The whole template."""

    book: Book
    sheets: Mapping[str, IssuedSheet] = field(default_factory=dict)

    def offered(self, sheet: IssuedSheet, at: At) -> tuple[str, ...]:
        """The answers that a drop-down offers there; none where there is no drop-down, or its answers are not to be found."""
        told = sheet.rules.get(at, "")
        if len(told) > 1 and told[0] == told[-1] == '"':
            return tuple(each.strip() for each in told[1:-1].split(",")[:MOST_OFFERED] if each.strip())
        found = _RANGE.fullmatch(told)
        if found is None:
            return ()
        other = (found[1] or "").replace("''", "'") or found[2] or sheet.name
        page = self.book.by_name.get(other)
        return _texts(page, found[3], found[4]) if page else ()


def _texts(page: BookSheet, first: str, last: str) -> tuple[str, ...]:
    try:
        (top, left), (bottom, right) = position(first), position(last)
    except ValueError:
        return ()
    rows = (page.rows[row] for row in range(top, min(bottom, top + MOST_OFFERED) + 1) if row in page.rows)
    cells = (cell for row in rows for column, cell in row.items() if left <= column <= right)
    return tuple(cell.text for cell in cells if cell.text.strip())[:MOST_OFFERED]


def read_issued(content: bytes) -> Issued:
    """A template, read by a child of its own. Unusable, in a plain sentence, for what is none."""
    with Reader(1, OUTLINES) as reader:
        return issued_of(reader.answer(content))


def issued_of(answer: Mapping[str, object]) -> Issued:
    """The template in what a child says."""
    book = book_of(answer)
    told: Any = answer["sheets"]
    return Issued(book, {page.name: _sheet(page, each["outline"]) for page, each in zip(book.sheets, told, strict=True)})  # fmt: skip


def _sheet(page: BookSheet, told: Mapping[str, Any]) -> IssuedSheet:
    boxes: list[Box] = [tuple(each) for each in told["merged"]]
    inside = {at: boxes[number][:2] for at, number in _covered(page.name, boxes).items()}
    rules = [(tuple(box), str(offers)) for box, offers in told["rules"]]
    return IssuedSheet(
        page,
        bool(told["protected"]),
        _cells(told["open"]),
        tuple((int(first), int(last)) for first, last in told["open_columns"]),
        _cells(told["drawn"]),
        _cells(told["days"]),
        {box[:2]: box for box in boxes},
        {at: first for at, first in inside.items() if at != first},
        {at: rules[number][1] for at, number in _covered(page.name, [box for box, _ in rules]).items()},
        int(told["deep"]),
    )


def _cells(told: Iterable[Sequence[int]]) -> frozenset[At]:
    return frozenset((row, column) for row, column in told)


def _covered(name: str, boxes: Sequence[Any]) -> dict[At, int]:
    """Every cell of some ranges, with the number of its range; of a range that goes on for ever, its beginning."""
    found: dict[At, int] = {}
    for number, (top, left, bottom, right) in enumerate(boxes):
        for row in range(top, min(bottom, top + TALLEST) + 1):
            for column in range(left, min(right, left + WIDEST) + 1):
                found[row, column] = number
        if len(found) > MOST:
            raise Unusable(f"Sheet “{name[:40]}” merges more than {MOST:,} cells, or has rules for as many. Take out what is not needed.")  # fmt: skip
    return found
