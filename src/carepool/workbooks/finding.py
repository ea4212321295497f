"""Finds the answers and tables of a plan in a workbook, by hidden keys where they are left, else by headings and labels.

Sheets may be renamed, columns moved, rows sorted or put in, and keys or headings lost. Every cell that is seen is
claimed: as read, or as ignored with the reason.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from carepool.basics.findings import Severity
from carepool.plans.describe import FieldAbout
from carepool.workbooks import layout
from carepool.workbooks.cells import Cell, Place, reference
from carepool.workbooks.faults import Fault
from carepool.workbooks.layout import Sheet, Table
from carepool.workbooks.reading import Book, BookSheet

_OURS = {
    layout.INSTRUCTIONS: "instructions", layout.TOTALS: "a total, which is worked out", layout.CODES: "the list of codes",
    layout.LISTS: "what drop-downs offer", layout.ORIGIN: "what the workbook was made from",
}  # fmt: skip


@dataclass(slots=True)
class FoundRow:
    """A row of a table; a column that is there and empty holds None."""

    number: int
    key: int | None
    """Which row of the plan it was written from; None for one that was put in."""
    cells: dict[str, Cell | None]


@dataclass(slots=True)
class FoundTable:
    """A table, with the columns that were found."""

    table: Table
    sheet: str
    heading: int
    columns: dict[str, int] = field(default_factory=dict)
    rows: list[FoundRow] = field(default_factory=list)
    cleared: set[int] = field(default_factory=set)
    """Rows of the plan whose cells were all emptied."""
    waiting: bool = True
    """Whether its headings are still to come."""


@dataclass(slots=True)
class FoundSection:
    """A section's sheet: where each answer stands, with its cell or None where that is empty, and its tables."""

    sheet: Sheet
    name: str
    fields: dict[str, tuple[Place, Cell | None]] = field(default_factory=dict)
    tables: dict[str, FoundTable] = field(default_factory=dict)


@dataclass(slots=True)
class Found:
    """All that was found, and what became of each cell."""

    sections: dict[str, FoundSection] = field(default_factory=dict)
    claimed: dict[Place, tuple[str, str]] = field(default_factory=dict)
    """For each cell seen: ``read`` with its locator's column, or ``ignored`` with the reason."""
    whole: dict[str, str] = field(default_factory=dict)
    """Sheets that are ignored whole, with the reason."""
    faults: list[Fault] = field(default_factory=list)
    lost: set[str] = field(default_factory=set)
    """Sections of which something is gone without which nobody can say what they come to."""

    def claim(self, cell: Cell) -> tuple[str, str]:
        """What became of a cell that was seen."""
        why = self.whole.get(cell.sheet)
        return ("ignored", why) if why else self.claimed[cell.place]

    def ignore(self, cells: Iterable[Cell], why: str) -> None:
        """Say of cells that they are not read."""
        claim = ("ignored", why)
        for cell in cells:
            self.claimed.setdefault(cell[:3], claim)


def find(book: Book, sheets: tuple[Sheet, ...]) -> Found:
    """The sections of a plan in a workbook."""
    found = Found()
    assigned = _assign(book, sheets, found)
    for sheet in sheets:
        page = assigned.get(sheet.section)
        if page is None:
            found.lost.add(sheet.section)
            found.faults.append(
                Fault(sheet.title, "A1", "sheet-missing", Severity.WARNING, f"The workbook has no sheet “{sheet.title}”.", "It keeps what it has; export the workbook again to change it.", sheet.section)
            )  # fmt: skip
            continue
        found.sections[sheet.section] = _Search(sheet, page, found).run()
    read = {page.name for page in assigned.values()}
    for page in book.sheets:
        if page.name in read:
            found.ignore(page.cells, "stands outside of every table and answer")
        else:
            found.whole[page.name] = _OURS.get(page.name, "a sheet that is no part of a plan")
    return found


def _assign(book: Book, sheets: tuple[Sheet, ...], found: Found) -> dict[str, BookSheet]:
    """Which sheet is which section: by its hidden mark, else its name, else its headings."""
    assigned: dict[str, BookSheet] = {}
    titles = {sheet.section: sheet.title for sheet in sheets}
    marks: dict[str, str] = {}
    for page in book.sheets:
        mark = page.text_beginning(layout.SHEET_MARK)
        section = marks[page.name] = mark.removeprefix(layout.SHEET_MARK) or mark
        if section not in titles:
            continue
        held = assigned.get(section)
        if held is None or page.name == titles[section]:
            assigned[section] = page
        if held is not None:
            other = held if assigned[section] is page else page
            found.faults.append(
                Fault(other.name, "A1", "sheet-twice", Severity.WARNING, f"“{other.name}” is a second sheet of “{titles[section]}”, and is not read.", f"Keep your answers on “{assigned[section].name}”.", section)
            )  # fmt: skip
    free = [page for page in book.sheets if not marks[page.name] and page.name not in _OURS]
    texts: dict[str, set[str]] = {}
    for sheet in sheets:
        if sheet.section not in assigned:
            same = [page for page in free if _folded(page.name) == _folded(sheet.title)]
            alike = same or [page for page in free if _looks_like(page, sheet, texts)]
            if alike:
                assigned[sheet.section] = alike[0]
                free.remove(alike[0])
    return assigned


def _looks_like(page: BookSheet, sheet: Sheet, every: dict[str, set[str]]) -> bool:
    """Whether a sheet without mark and name has a section's labels, or the headings of all its tables."""
    labels = {_folded(each.title) for each in sheet.fields}
    if page.name not in every:
        every[page.name] = {_folded(cell.text) for cell in page.cells}
    texts = every[page.name]
    if labels and 2 * len(labels & texts) <= len(labels):
        return False
    if not all({_folded(each.title) for each in table.columns} <= texts for table in sheet.tables):
        return False
    return bool(labels or sheet.tables) and all(
        any(len(matches(table, row)) == len(table.columns) for row in page.rows.values())
        for table in sheet.tables
    )


def matches(table: Table, row: Mapping[int, Cell]) -> dict[int, str]:
    """The columns of a table whose titles stand in a row."""
    titles = {_folded(each.title): each.name for each in table.columns}
    return {number: titles[_folded(cell.text)] for number, cell in row.items() if _folded(cell.text) in titles}  # fmt: skip


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


class _Search:
    """Goes down a sheet row by row, and knows in which block it is."""

    def __init__(self, sheet: Sheet, page: BookSheet, found: Found) -> None:
        self.sheet, self.page, self.found = sheet, page, found
        self.section = FoundSection(sheet, page.name)
        self.table: FoundTable | None = None
        self.answers = 0
        """The column of single answers, once it is known."""
        self.unanswered = False
        """Whether the column of single answers is gone: then what stands beside a question is no answer to it."""
        self.keys: dict[int, str] = {}
        """The hidden keys of the table's columns."""
        self.labels = {_folded(each.title): each.name for each in sheet.fields}
        self.ours = {
            _folded(each)
            for each in (sheet.title, sheet.says, layout.TOTAL, layout.QUESTION, layout.ANSWER, layout.HELP, *(table.says for table in sheet.tables))
        }  # fmt: skip

    def run(self) -> FoundSection:
        """All rows."""
        for number in sorted(self.page.rows):
            row = self.page.rows[number]
            mark = self._mark(row)
            if mark is None:
                self._unmarked(number, row)
            else:
                self._marked(number, row, mark)
        self._missing()
        return self.section

    def _mark(self, row: Mapping[int, Cell]) -> Cell | None:
        """The hidden key of a row."""
        for cell in row.values():
            text = cell.text
            if text.startswith("carepool:"):
                return cell
            if text.startswith(layout.FIELD_KEY) and self.sheet.field(text.removeprefix(layout.FIELD_KEY)):
                return cell
            if text.startswith(layout.ROW_KEY) and self._row_key(text)[0]:
                return cell
        return None

    def _row_key(self, text: str) -> tuple[Table | None, int | None]:
        _, name, number = [*text.split(":"), "", ""][:3]
        return (self.sheet.table(name), int(number)) if number.isdecimal() and len(number) < 7 else (None, None)  # fmt: skip

    def _marked(self, number: int, row: Mapping[int, Cell], mark: Cell) -> None:
        self.found.claimed[mark.place] = ("ignored", "a hidden key")
        text = mark.text
        if text.startswith(layout.ROWS_MARK):
            table = self.sheet.table(text.removeprefix(layout.ROWS_MARK))
            self.table = self._begin(table, number) if table else None
            keys = {at: cell.text for at, cell in row.items() if table and table.column(cell.text)}
            if self.table:
                self.table.columns = {}
                self.keys = keys
            self.found.ignore(row.values(), "a hidden key")
        elif text == layout.FIELDS_MARK:
            self.answers = next((at for at, cell in row.items() if cell.text == "value"), 0)
            self.unanswered = not self.answers
            self.found.ignore(row.values(), "a hidden key")
        elif text == layout.HEADING_MARK:
            self._heading(number, row)
        elif text.startswith(layout.FIELD_KEY):
            self._answer(number, row, text.removeprefix(layout.FIELD_KEY), mark.column)
        elif text.startswith(layout.ROW_KEY):
            table, key = self._row_key(text)
            if self.table and table is self.table.table:
                self._row(number, row, key, mark.column)
        else:
            if text == layout.TITLE_MARK or text.startswith(layout.SHEET_MARK):
                self.table = None
            self.found.ignore(row.values(), "a title or a total")

    def _keyed(self, row: Mapping[int, Cell]) -> Table | None:
        """The table whose hidden keys of columns a row holds, its mark being lost with the column that it stood in."""
        for table in self.sheet.tables:
            names = {each.name for each in table.columns}
            told = {cell.text for cell in row.values()}
            if table.name not in self.section.tables and told <= names and len(told) >= min(2, len(names)):
                return table
        return None

    def _unmarked(self, number: int, row: Mapping[int, Cell]) -> None:
        if keyed := self._keyed(row):
            self.table = self._begin(keyed, number)
            self.keys = {at: cell.text for at, cell in row.items()}
            self.found.ignore(row.values(), "a hidden key")
            return
        if self._is_ours(row):
            self._answers_in(row)
            if not all(cell.formula or _folded(cell.text) == _folded(layout.TOTAL) for cell in row.values()):
                self.table = None
            self.found.ignore(row.values(), "a title or a total")
            return
        if self.table and self.table.waiting:
            self._heading(number, row)
            return
        if any(self._fits(table, row) for table in self.sheet.tables if table.name not in self.section.tables):  # fmt: skip
            self._heading(number, row)
            return
        if self.table:
            self._row(number, row, None, 0)
            return
        label = next((at for at, cell in row.items() if _folded(cell.text) in self.labels), None)
        if label is not None:
            self._answer(number, row, self.labels[_folded(row[label].text)], label)

    def _is_ours(self, row: Mapping[int, Cell]) -> bool:
        """Whether a row is a title or a total that we write, its key being lost."""
        words = [cell for cell in row.values() if not cell.formula]
        return bool(words) and all(_folded(cell.text) in self.ours for cell in words)

    def _fits(self, table: Table, row: Mapping[int, Cell]) -> bool:
        """Whether a row is the headings of a table: at least half of them, and no less than two where there are."""
        fit = len(matches(table, row))
        return fit >= min(2, len(table.columns)) and 2 * fit >= len(table.columns)

    def _begin(self, table: Table, number: int) -> FoundTable | None:
        if table.name in self.section.tables:
            self._fault(number, 1, "table-twice", f"“{table.says}” stands here a second time, and is not read.", "Keep its rows in the first.", table.section)  # fmt: skip
            return None
        self.keys = {}
        self.section.tables[table.name] = FoundTable(table, self.page.name, number)
        return self.section.tables[table.name]

    def _heading(self, number: int, row: Mapping[int, Cell]) -> None:
        self.found.ignore(row.values(), "a heading")
        if self.table is None or not self.table.waiting:
            waiting = [each for each in self.sheet.tables if each.name not in self.section.tables]
            table = max(waiting, key=lambda each: len(matches(each, row)), default=None)
            if table is None or not self._fits(table, row):
                self._answers_in(row)
                return
            self.table = self._begin(table, number)
        if self.table is None:
            return
        self.table.heading, self.table.waiting = number, False
        by_title, by_key = matches(self.table.table, row), self.keys
        both = {at: by_title.get(at) or by_key[at] for at in {*by_title, *by_key}}
        # A heading may be worded anew beside its key; one that is exactly another's was moved without its key.
        chosen = both if len(set(both.values())) == len(both) else {**by_title, **by_key}
        for at in sorted(chosen):
            if chosen[at] in self.table.columns:
                self._fault(number, at, "column-twice", f"The column “{row[at].text if at in row else chosen[at]}” is here twice; only the first is read.", "Take one of them out.", self.table.table.section)  # fmt: skip
            else:
                self.table.columns[chosen[at]] = at

    def _answers_in(self, row: Mapping[int, Cell]) -> None:
        """Take the column of single answers from its heading; a heading of questions alone says that it is gone."""
        words = {_folded(cell.text): at for at, cell in row.items()}
        self.answers = self.answers or words.get(_folded(layout.ANSWER), 0)
        asks = self.unanswered or _folded(layout.QUESTION) in words or _folded(layout.HELP) in words
        self.unanswered = asks and not self.answers

    def _row(self, number: int, row: Mapping[int, Cell], key: int | None, marked: int) -> None:
        table = self.table
        assert table  # noqa: S101  (rows are taken only inside a table)
        cells = {name: row.get(at) for name, at in table.columns.items() if at != marked}
        for cell in cells.values():
            if cell is not None:
                self.found.claimed[cell.place] = ("read", "")
        if any(cell is not None and (cell.text.strip() or cell.kind != "text") for cell in cells.values()):
            table.rows.append(FoundRow(number, key, cells))
        elif key is not None:
            table.cleared.add(key)
        self.found.ignore(row.values(), "stands in a column that the plan does not have")

    def _answer(self, number: int, row: Mapping[int, Cell], name: str, label: int) -> None:
        if self.unanswered:
            self.found.ignore(row.values(), "a label or a hint")
            return
        if not self.answers:
            self.answers = max(label, next((at for at, cell in row.items() if _folded(cell.text) in self.labels), label)) + 1  # fmt: skip
        cell = row.get(self.answers)
        if name in self.section.fields:
            self._fault(number, self.answers, "answer-twice", "This question is here twice; only the first answer is read.", "Take one of them out.", f"{self.sheet.section}/{name}")  # fmt: skip
        else:
            self.section.fields[name] = ((self.page.name, number, self.answers), cell)
            if cell is not None:
                self.found.claimed[cell.place] = ("read", "")
        self.found.ignore(row.values(), "a label or a hint")

    def _missing(self) -> None:
        """Say which tables, columns and questions are gone; the plan keeps what it has there."""
        sheet, keeps = self.sheet, "It keeps what it has; put it back to change it."
        for table in sheet.tables:
            held = self.section.tables.get(table.name)
            if held is None or held.waiting:
                self.section.tables.pop(table.name, None)
                self.found.lost.add(sheet.section)
                self._fault(1, 1, "table-missing", f"The table “{table.says}” is not found on this sheet.", keeps, f"{sheet.section}/{table.name}")  # fmt: skip
                continue
            gone = [about for about in table.columns if about.name not in held.columns]
            for about in gone:
                self._fault(held.heading, 1, "column-missing", f"The column “{about.title}” is gone.", keeps, f"{sheet.section}/{table.name}")  # fmt: skip
            if needed := next((about for about in gone if about.required or not held.columns), None):
                self._leave_alone(held, needed)
            if any(about.required or about.kind in {"money", "count"} for about in gone):
                self.found.lost.add(sheet.section)
        for about in sheet.fields:
            if about.name not in self.section.fields:
                self._fault(1, 1, "answer-missing", f"The question “{about.title}” is gone.", keeps, f"{sheet.section}/{about.name}")  # fmt: skip

    def _leave_alone(self, held: FoundTable, needed: FieldAbout) -> None:
        """A table whose rows cannot be told without a column that is gone is not read: the plan keeps its list."""
        del self.section.tables[held.table.name]
        why = ("ignored", f"its table has lost the column “{needed.title}”, without which a row is none")
        for row in held.rows:
            self.found.claimed |= {cell.place: why for cell in row.cells.values() if cell is not None}

    def _fault(self, row: int, column: int, code: str, says: str, remedy: str, where: str) -> None:
        self.found.faults.append(
            Fault(self.page.name, reference(row, column), code, Severity.WARNING, says, remedy, where)
        )
