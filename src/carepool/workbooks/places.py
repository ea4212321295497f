"""Where a template can be filled in: labels with a free cell beside or below, and headings with free rows beneath."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from carepool.workbooks.cells import Cell
from carepool.workbooks.issued import WIDEST, At, Issued, IssuedSheet

BESIDE = 4
"""How many cells to the right of a label are looked at: a hint may stand between."""
ROWS = 30
"""Rows of a table whose end nothing shows."""
MOST_LABELS, MOST_HEADINGS, MOST_LOOKED_AT = 5_000, 3_000, 20_000
"""Labels, headings of tables and texts in a whole template; what comes later is left for a person to find."""


@dataclass(frozen=True, slots=True)
class Label:
    """A text with the free cells that it may be the label of, the likeliest first."""

    sheet: str
    cell: Cell
    places: tuple[At, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """Headings with free rows beneath them."""

    sheet: str
    heading: int
    first: int
    last: int
    columns: Mapping[int, str]
    """The words above each free column."""


@dataclass(frozen=True, slots=True)
class Likely:
    """Everything that was found."""

    labels: tuple[Label, ...]
    grids: tuple[Grid, ...]


def places(issued: Issued) -> Likely:
    """The likely places of all sheets that can be seen."""
    labels: list[Label] = []
    grids: list[Grid] = []
    for sheet in issued.sheets.values():
        if sheet.page.visible:
            grids += _grids(sheet, MOST_HEADINGS - sum(len(each.columns) for each in grids))
            labels += islice(_labels(sheet), MOST_LABELS - len(labels))
    return Likely(tuple(labels), tuple(grids))


def is_words(cell: Cell | None) -> bool:
    """Whether a cell holds words that could be a label: a text with a letter, or a year that stands as a text."""
    return cell is not None and cell.kind == "text" and any(each.isalnum() for each in cell.text[:400])


def _labels(sheet: IssuedSheet) -> Iterator[Label]:
    for row, cells in islice(sheet.page.rows.items(), MOST_LOOKED_AT):
        for column, cell in islice(cells.items(), WIDEST):
            if is_words(cell) and not sheet.free((row, column)) and (found := _around(sheet, (row, column))):
                yield Label(sheet.name, cell, found)


def _around(sheet: IssuedSheet, at: At) -> tuple[At, ...]:
    """The free cells to the right and below: those made for input first, then a merged one below, which is a box for words."""
    _, _, bottom, right = sheet.box(at)
    beside = _beside(sheet, at[0], right)
    below = (bottom + 1, at[1])
    found = [each for each in (beside, below) if each and sheet.free(each)]
    return tuple(sorted(found, key=lambda each: (not sheet.made_for_input(each), each not in sheet.merged or each != below)))  # fmt: skip


def _beside(sheet: IssuedSheet, row: int, right: int) -> At | None:
    column = right + 1
    for _ in range(BESIDE):
        at = sheet.inside.get((row, column), (row, column))
        if at[0] != row:
            return None
        if sheet.free(at):
            return at
        column = sheet.box(at)[3] + 1
    return None


def _grids(sheet: IssuedSheet, most: int) -> list[Grid]:
    found: list[Grid] = []
    below = 0
    for row in islice(sheet.page.rows, MOST_LOOKED_AT):
        if row > below and most > 0 and (grid := _grid(sheet, row)):
            found.append(grid)
            most -= len(grid.columns)
            # A row of one heading may yet be the title of a table whose headings come after it.
            below = grid.last if len(grid.columns) > 1 else row
    return found


def _grid(sheet: IssuedSheet, row: int) -> Grid | None:
    """The table under a row of headings, if there are at least two free rows."""
    heads = {at[1]: cell for at, cell in _heads(sheet, row) if is_words(cell) and not sheet.free(at)}
    first = 1 + max((sheet.box((row, column))[2] for column in heads), default=row)
    columns = [
        each
        for each in heads
        if sheet.free((first, each)) and sheet.free((first + 1, each)) and not _is_label(sheet, (row, each))
    ]
    if not columns:
        return None
    made = any(sheet.made_for_input((first, each)) for each in columns)
    last = first + 1
    limit = max(sheet.deep, first) if made else first + ROWS - 1
    while last < limit and all(sheet.free((last + 1, each)) for each in columns):
        if made and not any(sheet.made_for_input((last + 1, each)) for each in columns):
            break
        if not made and any(is_words(each) for each in sheet.page.rows.get(last + 1, {}).values()):
            break
        last += 1
    return Grid(sheet.name, row, first, last, {each: _heading(sheet, row, each, columns) for each in columns})


def _is_label(sheet: IssuedSheet, at: At) -> bool:
    """Whether a text stands beside what is made to be filled in, so that it heads nothing."""
    beside = _beside(sheet, at[0], sheet.box(at)[3])
    return beside is not None and sheet.made_for_input(beside)


def _heads(sheet: IssuedSheet, row: int) -> Iterator[tuple[At, Cell]]:
    return (((row, column), cell) for column, cell in islice(sheet.page.rows[row].items(), WIDEST))


def _heading(sheet: IssuedSheet, row: int, column: int, columns: list[int]) -> str:
    """The words above a column: its own heading, and those above it that stand over several columns or over most."""
    told = [_text(sheet, (row, column))]
    for above in (row - 1, row - 2):
        at = sheet.inside.get((above, column), (above, column))
        text = _text(sheet, at)
        over_several = sheet.box(at)[3] > sheet.box(at)[1] and at != (above, 1)
        headed = sum(bool(_text(sheet, (above, each))) for each in columns)
        if not text or not (over_several or 2 * headed >= len(columns) > 1):
            break
        told.insert(0, text)
    return " ".join(told)


def _text(sheet: IssuedSheet, at: At) -> str:
    cell = sheet.cell(at)
    return cell.text if cell is not None and is_words(cell) else ""
