"""A ledger's extract as rows of cells, by what the file is and not by its name: text, or a workbook read by a child."""

from carepool.actions.importing import XLSX
from carepool.basics.refusals import Unusable, nearest
from carepool.pool.maps import ReadMap
from carepool.pool.tabular import MOST_COLUMNS, MOST_ROWS, Grid, clean, read_text
from carepool.workbooks.packages import is_package
from carepool.workbooks.reading import Book, BookSheet, read_workbook

CSV = "text/csv"


def media_type_of(content: bytes) -> str:
    """What a file is kept as."""
    return XLSX if is_package(content) else CSV


def grid_of(file: str, content: bytes, by: ReadMap) -> Grid:
    """The rows of an extract. Unusable, in a plain sentence, for what cannot be read."""
    if is_package(content):
        return of_book(file, read_workbook(content), by.map.sheet)
    return read_text(file, content, by.map.separator, list(by.map.columns.named.values()))


def of_book(file: str, book: Book, sheet: str = "") -> Grid:
    """The rows of a workbook's sheet; of the first that is shown where none is named."""
    page = _sheet(file, book, sheet)
    rows, odd = [], {}
    for number, cells in page.rows.items():
        width = max(cells)
        if width > MOST_COLUMNS or number > MOST_ROWS:
            says = f"“{page.name}” has something in row {number:,}, column {width:,}: at most {MOST_ROWS:,} rows and {MOST_COLUMNS} columns are read."
            raise Unusable(f"{file}: {says} Extract the pool's cost centres only.")
        rows.append(
            (number, tuple(clean(cells[at].text) if at in cells else "" for at in range(1, width + 1)))
        )
        odd.update(
            {(number, at): each.kind for at, each in cells.items() if each.kind in {"error", "uncalculated"}}
        )
    return Grid(file, tuple(rows), page.name, odd)


def _sheet(file: str, book: Book, name: str) -> BookSheet:
    if not name:
        shown = [each for each in book.sheets if each.visible]
        if not shown:
            raise Unusable(f"{file} shows no sheet. Name the sheet in the map.")
        return shown[0]
    found = book.by_name.get(name)
    if found is None:
        near = nearest(name, book.by_name)
        hint = f"Did you mean “{near}”?" if near else f"It has: {', '.join(book.by_name)}."
        raise Unusable(f"{file} has no sheet “{name}”. {hint}")
    return found
