"""What people and other programs do to a workbook without meaning to change a plan, done to a grid."""

import io
import random
from collections.abc import Callable
from datetime import date

import openpyxl

from carepool.workbooks import layout
from carepool.workbooks.cells import number_text
from tests.workbooks.making import Formula, Grid

Cells = dict[tuple[int, int], object]
OURS = {layout.ORIGIN, layout.LISTS, layout.CODES, layout.INSTRUCTIONS, layout.TOTALS}


def sections(grid: Grid) -> dict[str, Cells]:
    """The sheets of sections."""
    return {name: cells for name, cells in grid.items() if name not in OURS}


def text_at(cells: Cells, row: int, column: int) -> str:
    """The text of a cell, empty for none."""
    return str(cells.get((row, column), ""))


def data_rows(cells: Cells) -> list[list[int]]:
    """The rows that hold rows of a list, list by list."""
    found: dict[str, list[int]] = {}
    for row, column in sorted(cells):
        text = text_at(cells, row, column)
        if column == 1 and text.startswith(layout.ROW_KEY):
            found.setdefault(text.split(":")[1], []).append(row)
    return list(found.values())


def width(cells: Cells) -> int:
    return max((column for _, column in cells), default=1)


def sort_rows(grid: Grid, random: random.Random, *, keys: bool = True) -> None:
    """Rows of each list are put in another order; the hidden keys go with them, or stay behind."""
    for cells in sections(grid).values():
        for rows in data_rows(cells):
            order = random.sample(rows, len(rows))
            columns = range(1 if keys else 2, width(cells) + 1)
            before = {(row, column): cells.pop((row, column), None) for row in rows for column in columns}
            for old, new in zip(rows, order, strict=True):
                cells.update({(new, column): value for column in columns if (value := before[old, column]) is not None})  # fmt: skip


def sort_visible(grid: Grid, random: random.Random) -> None:
    """Rows are sorted by the visible cells alone."""
    sort_rows(grid, random, keys=False)


def move_columns(grid: Grid, random: random.Random) -> None:
    """Whole columns change places, hidden ones too."""
    for name, cells in list(sections(grid).items()):
        old = list(range(1, width(cells) + 3))
        new = dict(zip(old, random.sample(old, len(old)), strict=True))
        grid[name] = {(row, new[column]): value for (row, column), value in cells.items()}


def move_headed_columns(grid: Grid, random: random.Random) -> None:
    """The headings and cells of a table change places, and the hidden keys of the columns stay behind."""
    for cells in sections(grid).values():
        heading = 0
        new: dict[int, int] = {}
        for row in sorted({row for row, _ in cells}):
            mark = text_at(cells, row, 1)
            if mark.startswith(layout.ROWS_MARK):
                heading = row
                columns = [column for column in range(2, width(cells) + 1) if (row, column) in cells]
                new = dict(zip(columns, random.sample(columns, len(columns)), strict=True))
            elif mark in {layout.TITLE_MARK, layout.TOTAL_MARK}:
                continue
            elif heading and new:
                before = {column: cells.pop((row, column)) for column in new if (row, column) in cells}
                cells.update({(row, new[column]): value for column, value in before.items()})


def rename_headings(grid: Grid, random: random.Random) -> None:
    """Headings and labels are worded anew; hidden keys are left."""
    for cells in sections(grid).values():
        for row, column in list(cells):
            mark = text_at(cells, row, 1)
            heading = mark == layout.HEADING_MARK
            if column > 1 and (heading or (mark.startswith(layout.FIELD_KEY) and column == 2)):
                cells[row, column] = f"Our words {random.randrange(10**6)}"


def lose_keys(grid: Grid, random: random.Random) -> None:
    """The hidden column and the hidden rows are deleted, and all below and beside moves up."""
    for name, cells in list(sections(grid).items()):
        gone = {row for row, column in cells if column == 1 and text_at(cells, row, 1).startswith((layout.ROWS_MARK, layout.FIELDS_MARK))}  # fmt: skip
        grid[name] = {
            (row - sum(each < row for each in gone), column - 1): value
            for (row, column), value in cells.items()
            if row not in gone and column > 1
        }


def lose_key_rows(grid: Grid, random: random.Random) -> None:
    """Only the hidden rows are deleted."""
    for cells in sections(grid).values():
        for row in [row for row, column in cells if column == 1 and text_at(cells, row, 1).startswith((layout.ROWS_MARK, layout.FIELDS_MARK))]:  # fmt: skip
            for column in range(1, width(cells) + 1):
                cells.pop((row, column), None)


def numbers_as_text(grid: Grid, random: random.Random) -> None:
    """Numbers become texts, as people type them."""
    for cells in sections(grid).values():
        for place, value in cells.items():
            if isinstance(value, float):
                text = format(value, ",.2f") if value == round(value, 2) and random.random() < 0.5 else number_text(value)  # fmt: skip
                cells[place] = f" {text} "


def dates_as_text(grid: Grid, random: random.Random) -> None:
    """Dates become texts, in any of three ways."""
    for cells in sections(grid).values():
        for place, value in cells.items():
            if isinstance(value, date):
                cells[place] = value.strftime(random.choice(["%Y-%m-%d", "%d/%m/%Y", "%-d %B %Y"]))


def dates_as_serials(grid: Grid, random: random.Random) -> None:
    """Dates become the bare numbers that they are in a file."""
    for cells in sections(grid).values():
        for place, value in cells.items():
            if isinstance(value, date):
                cells[place] = (value - date(1899, 12, 30)).days


def add_blank(grid: Grid, random: random.Random) -> None:
    """Rows of spaces stand below and to the right."""
    for cells in sections(grid).values():
        deepest = max(row for row, _ in cells)
        for row in range(deepest + 1, deepest + 4):
            cells[row, random.randrange(2, 6)] = "  "


def insert_rows(grid: Grid, random: random.Random) -> None:
    """Empty rows are put in anywhere."""
    for name, cells in list(sections(grid).items()):
        at = random.randrange(1, max(row for row, _ in cells) + 1)
        grid[name] = {(row + 2 if row >= at else row, column): value for (row, column), value in cells.items()}  # fmt: skip


def rename_sheets(grid: Grid, random: random.Random) -> None:
    """Sheets get other names and another order."""
    names = list(grid)
    random.shuffle(names)
    renamed = {(name if name in OURS else f"Sheet {number}"): grid[name] for number, name in enumerate(names)}
    grid.clear()
    grid.update(renamed)


CHANGES: dict[str, Callable[[Grid, random.Random], None]] = {
    each.__name__: each
    for each in (
        sort_rows, sort_visible, move_columns, move_headed_columns, rename_headings, lose_keys, lose_key_rows,
        numbers_as_text, dates_as_text, dates_as_serials, add_blank, insert_rows, rename_sheets,
    )
}  # fmt: skip


def resaved(content: bytes) -> bytes:
    """A workbook as another program saves it again: formulas lose their results, styles and texts are rewritten.

    openpyxl, which is on every machine; LibreOffice itself has tests of its own.
    """
    held = io.BytesIO()
    openpyxl.load_workbook(io.BytesIO(content)).save(held)
    return held.getvalue()


def junk(grid: Grid, random: random.Random, many: int) -> None:
    """Anything anywhere: texts, numbers, days, formulas and errors over cells, headings and keys; cells and rows emptied."""
    for _ in range(many):
        name = random.choice(list(grid))
        cells = grid[name]
        place = (random.randrange(1, 60), random.randrange(1, 12))
        if cells and random.random() < 0.7:
            place = random.choice(list(cells))
        match random.randrange(9):
            case 0:
                cells.pop(place, None)
            case 1:
                for column in range(1, width(cells) + 1):
                    cells.pop((place[0], column), None)
            case 2:
                cells[place] = random.choice(["=1+1", "-5", "x", "Total", "carepool:heading", "row:spend:0", "field:vision", "carepool:rows:spend", "carepool:sheet:spend"])  # fmt: skip
            case 3:
                cells[place] = random.choice([-1.5, 0.5, 1e12, 12.345, 42095.0])
            case 4:
                cells[place] = Formula("=1/0", "#DIV/0!")
            case 5:
                cells[place] = Formula("=A1", "")
            case 6:
                cells[place] = random.choice([True, date(2015, 4, 1)])
            case 7:
                cells[place] = cells.get(random.choice(list(cells))) if cells else "y"
                if cells[place] is None:
                    del cells[place]
            case 8 if len(grid) > 5 and random.random() < 0.2:
                del grid[name]
