"""Writes a plan as a workbook: prefilled, protected but for its input cells, with drop-downs, instructions and live totals."""

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from carepool.basics.canonical import Digest
from carepool.plans.describe import FieldAbout
from carepool.plans.document import Plan, as_data
from carepool.rules.rulebook import RuleSet
from carepool.workbooks import layout
from carepool.workbooks.cells import letters, reference
from carepool.workbooks.layout import Sheet, Table, sheets_of
from carepool.workbooks.offers import HEADINGS, Offers
from carepool.workbooks.origin import Origin, told
from carepool.workbooks.values import written

SPARE = 25
"""Empty rows that a table has for more."""
EPOCH = datetime(2013, 8, 8)  # noqa: DTZ001  (a workbook's own date has no zone; the same export is the same to the byte)
_WIDE, _MIDDLE, _NARROW = 48, 24, 16
_TALLEST = 255


INSTRUCTIONS = (
    "Write in the white cells. Grey cells are made by carepool and are locked.",
    "A cell with a list takes one of its answers; the sheet “Codes” says what each code stands for.",
    "Amounts are in pounds. Days may be written like 1 April 2015. A cell left empty is empty, never nought.",
    "To add a row, write in the next empty one. To take a row out, empty it or delete it. Rows may be sorted and columns moved or hidden.",
    "Hidden cells say which row is which: when they are gone carepool goes by the headings and by what stands in the rows.",
    "The sheets may be unprotected: there is no password. Headings may be worded differently while hidden cells remain.",
    "To see what is wrong, all at once: carepool workbook check FILE. To have it written at each cell: carepool workbook annotate FILE OUT.",
    "To bring the workbook back: carepool workbook import FILE --as YOU. What others changed meanwhile is kept, and every cell is accounted for.",
)


def write_workbook(plan: Plan, rules: RuleSet, origin: Origin, offers: Offers) -> bytes:
    """The workbook of a plan as it stands. The same plan gives the same bytes."""
    import xlsxwriter

    held = io.BytesIO()
    book = xlsxwriter.Workbook(
        held, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )  # fmt: skip
    book.set_properties({"title": plan.title or "Joint plan", "created": EPOCH, "author": "carepool"})
    writer = Writer(book, rules, offers, as_data(plan))
    writer.instructions(origin)
    totals = book.add_worksheet(layout.TOTALS)
    for sheet in sheets_of(rules):
        writer.sheet(sheet)
    writer.totals(totals)
    writer.codes()
    writer.origin(origin)
    book.close()
    return held.getvalue()


class Writer:
    """Writes sheet by sheet, and remembers where the money stands for the totals."""

    def __init__(
        self, book: Any, rules: RuleSet, offers: Offers, data: Mapping[str, Any], spare: int = SPARE
    ) -> None:
        self.book, self.rules, self.offers, self.data, self.spare = book, rules, offers, data, spare
        text = {"num_format": "@", "quote_prefix": True, "locked": False, "text_wrap": True, "valign": "top", "border": 4}  # fmt: skip
        self.text = book.add_format(text)
        self.input = {
            "money": book.add_format({**text, "num_format": "#,##0.00", "quote_prefix": False}),
            "count": book.add_format({**text, "num_format": "#,##0.######", "quote_prefix": False}),
            "day": book.add_format({**text, "num_format": "d mmmm yyyy", "quote_prefix": False, "align": "left"}),
        }  # fmt: skip
        self.title = book.add_format({"bold": True, "font_size": 16})
        self.says = book.add_format({"italic": True, "text_wrap": True, "valign": "top"})
        self.head = book.add_format({"bold": True, "bg_color": "#E8EDEE", "text_wrap": True, "valign": "top", "border": 1})  # fmt: skip
        self.locked = book.add_format({"bg_color": "#F0F4F5", "text_wrap": True, "valign": "top"})
        self.sum = book.add_format({"bold": True, "bg_color": "#F0F4F5", "num_format": "#,##0.00"})
        self.key = book.add_format({"locked": False, "num_format": "@"})
        self.ranges: dict[tuple[str, str], tuple[str, int]] = {}
        """For each list and column of money: the range of its cells, with what they add to in pence."""
        self.lists: dict[str, str] = {}
        self._write_lists()

    def _write_lists(self) -> None:
        """What drop-downs offer, on a hidden sheet; the range of each is remembered."""
        sheet = self.book.add_worksheet(layout.LISTS)
        sheet.very_hidden()
        for column, (name, codes) in enumerate(self.offers.items()):
            self._text(sheet, 0, column, name)
            for row, code in enumerate(codes, 1):
                self._text(sheet, row, column, code)
            letter = letters(column + 1)
            self.lists[name] = f"={layout.LISTS}!${letter}$2:${letter}${len(codes) + 1}"

    def _text(self, sheet: Any, row: int, column: int, text: str, form: Any = None) -> None:
        """A text, which stays one whatever it begins with."""
        sheet.write_string(row, column, text, form or self.text)

    def protect(self, sheet: Any) -> None:
        """Lock what is not for input. There is no password: protection is against slips."""
        sheet.protect("", {"insert_rows": True, "delete_rows": True, "sort": True, "format_columns": True, "format_rows": True, "autofilter": True})  # fmt: skip

    def instructions(self, origin: Origin, about: str = "", told: Sequence[str] = INSTRUCTIONS) -> None:
        """What to do, in words."""
        sheet = self.book.add_worksheet(layout.INSTRUCTIONS)
        sheet.activate()
        sheet.set_first_sheet()
        sheet.set_column(0, 0, 110)
        self._text(sheet, 0, 0, origin.title or "Joint plan", self.title)
        self._text(
            sheet, 1, 0, about or f"Rules: {origin.rules}. Boards: {', '.join(origin.boards)}.", self.says
        )
        for row, says in enumerate(told, 3):
            self._text(sheet, row, 0, says, self.locked)
        self.protect(sheet)

    def sheet(self, sheet: Sheet) -> None:
        """One section."""
        page = self.book.add_worksheet(sheet.title)
        content = self.data[sheet.section]
        page.set_column(0, 0, 8, None, {"hidden": True})
        columns = [_WIDE, _MIDDLE] if not sheet.tables else [_MIDDLE] * 2
        page.set_column(1, 1, columns[0])
        page.set_column(2, 2, _WIDE if sheet.fields else columns[1])
        page.set_column(3, 20, _MIDDLE if not sheet.fields or sheet.tables else _WIDE)
        self._text(page, 0, 0, f"{layout.SHEET_MARK}{sheet.section}", self.key)
        self._text(page, 0, 1, sheet.title, self.title)
        self._text(page, 1, 0, layout.TITLE_MARK, self.key)
        self._text(page, 1, 1, sheet.says, self.says)
        row = 3
        if sheet.fields:
            row = self._fields(page, row, sheet, content) + 1
        for table in sheet.tables:
            row = self._table(page, row, sheet, table, content[table.name]) + 1
        self.protect(page)

    def _fields(self, page: Any, row: int, sheet: Sheet, content: Mapping[str, Any]) -> int:
        """The single answers, a row each."""
        for column, key in enumerate((layout.FIELDS_MARK, "label", "value", "hint")):
            self._text(page, row, column, key, self.key)
        page.set_row(row, None, None, {"hidden": True})
        self._text(page, row + 1, 0, layout.HEADING_MARK, self.key)
        for column, words in enumerate((layout.QUESTION, layout.ANSWER, layout.HELP), 1):
            self._text(page, row + 1, column, words, self.head)
        row += 2
        for about in sheet.fields:
            self._text(page, row, 0, f"{layout.FIELD_KEY}{about.name}", self.key)
            self._text(page, row, 1, about.title, self.locked)
            self._put(page, row, 2, about, content[about.name])
            if about.hint:
                self._text(page, row, 3, about.hint, self.locked)
            self._offer(page, row, 2, row, about)
            row += 1
        return row

    def _table(self, page: Any, row: int, sheet: Sheet, table: Table, rows: list[Any]) -> int:
        """A list as a table: its title, the keys of its columns, totals, the headings, the rows, and empty ones."""
        self._text(page, row, 0, layout.TITLE_MARK, self.key)
        self._text(page, row, 1, table.says, self.says)
        first, last = row + 4, row + 4 + len(rows) + self.spare - 1
        self._text(page, row + 1, 0, f"{layout.ROWS_MARK}{table.name}", self.key)
        page.set_row(row + 1, None, None, {"hidden": True})
        self._text(page, row + 2, 0, layout.TOTAL_MARK, self.key)
        self._text(page, row + 2, 1, layout.TOTAL, self.locked)
        self._text(page, row + 3, 0, layout.HEADING_MARK, self.key)
        for column, about in enumerate(table.columns, 1):
            self._text(page, row + 1, column, about.name, self.key)
            self._text(page, row + 3, column, about.title, self.head)
            if about.hint:
                page.write_comment(row + 3, column, about.hint)
            if about.kind == "money" and column > 1:
                cells = f"{reference(first + 1, column + 1)}:{reference(last + 1, column + 1)}"
                adds = sum(each[about.name] or 0 for each in rows)
                page.write_formula(row + 2, column, f"=SUM({cells})", self.sum, adds / 100)
                self.ranges[table.name, about.name] = (f"'{_quoted(sheet.title)}'!{cells}", adds)
            self._offer(page, first, column, last, about)
        for number in range(len(rows) + self.spare):
            at = first + number
            page.write_blank(at, 0, None, self.key)
            if number < len(rows):
                self._text(page, at, 0, f"{layout.ROW_KEY}{table.name}:{number}", self.key)
            for column, about in enumerate(table.columns, 1):
                held = rows[number] if number < len(rows) else None
                self._put(page, at, column, about, held[about.name] if isinstance(held, Mapping) else held)
        if table.columns[0].name == "id":
            # What other sheets may name is what stands here, also what is typed later.
            letter = letters(2)
            self.lists[table.name] = f"='{_quoted(sheet.title)}'!${letter}${first + 1}:${letter}${last + 1}"
        return last + 1

    def _put(self, page: Any, row: int, column: int, about: FieldAbout, value: object) -> None:
        """A value into its cell; an empty cell is still formatted and unlocked."""
        form = self.input.get(about.kind, self.text)
        match written(about, value):
            case None:
                page.write_blank(row, column, None, form)
            case str() as text:
                self._text(page, row, column, text)
            case date() as day:
                page.write_datetime(row, column, day, form)
            case number:
                page.write_number(row, column, number, form)

    def _offer(self, page: Any, first: int, column: int, last: int, about: FieldAbout) -> None:
        """A drop-down for a code or a choice. What is not on a list of codes is asked about, not refused."""
        if about.codes:
            words = list(about.codes.values())
            listed = [*words] if sum(map(len, words)) + len(words) < _TALLEST and not any("," in each for each in words) else self._listed(about)  # fmt: skip
            page.data_validation(first, column, last, column, {"validate": "list", "source": listed, "error_message": "Choose one of the list.", "ignore_blank": True})  # fmt: skip
        elif about.of in self.lists:
            page.data_validation(first, column, last, column, {"validate": "list", "source": self.lists[about.of], "error_type": "warning", "error_message": "This is not on the list. Keep it all the same?", "ignore_blank": True})  # fmt: skip

    def _listed(self, about: FieldAbout) -> str:
        """The words of a choice that are too long for a drop-down's own list, on the hidden sheet."""
        name = f"{about.name}: {about.title}"
        if name not in self.lists:
            sheet, column = self.book.get_worksheet_by_name(layout.LISTS), len(self.lists)
            self._text(sheet, 0, column, name)
            for row, words in enumerate(about.codes.values(), 1):
                self._text(sheet, row, column, words)
            letter = letters(column + 1)
            self.lists[name] = f"={layout.LISTS}!${letter}$2:${letter}${len(about.codes) + 1}"
        return self.lists[name]

    def totals(self, sheet: Any) -> None:
        """Money in, money out and the difference, by year, which add up as one types."""
        sheet.set_column(0, 3, _MIDDLE)
        self._text(sheet, 0, 0, "What it comes to so far", self.title)
        for column, words in enumerate(("Year", "Money in, pounds", "Money out, pounds", "Difference"), 0):
            self._text(sheet, 2, column, words, self.head)
        row = 3
        years = self.rules.about.years
        for key, year in zip(("year_1", "year_2")[-len(years) :], years, strict=True):
            put_in, out = self.ranges["sources", key], self.ranges["spend", key]
            self._text(sheet, row, 0, year, self.locked)
            sheet.write_formula(row, 1, f"=SUM({put_in[0]})", self.sum, put_in[1] / 100)
            sheet.write_formula(row, 2, f"=SUM({out[0]})", self.sum, out[1] / 100)
            sheet.write_formula(row, 3, f"=B{row + 1}-C{row + 1}", self.sum, (put_in[1] - out[1]) / 100)
            row += 1
        self._text(sheet, row + 1, 0, "The difference must be nought in every year.", self.says)
        self.protect(sheet)

    def codes(self) -> None:
        """Every code with what it stands for."""
        sheet = self.book.add_worksheet(layout.CODES)
        sheet.set_column(0, 0, _MIDDLE)
        sheet.set_column(1, 1, 90)
        row = 0
        for name, codes in self.offers.items():
            self._text(sheet, row, 0, HEADINGS.get(name, name), self.head)
            for row, (code, words) in enumerate(codes.items(), row + 1):  # noqa: B020  (goes on from the heading)
                self._text(sheet, row, 0, code, self.locked)
                self._text(sheet, row, 1, words, self.locked)
            row += 2
        self.protect(sheet)

    def origin(self, origin: Origin) -> None:
        """What it was made from, hidden."""
        sheet = self.book.add_worksheet(layout.ORIGIN)
        sheet.very_hidden()
        for row, (name, value) in enumerate(told(origin).items()):
            self._text(sheet, row, 0, name)
            if value:
                self._text(sheet, row, 1, value)


def _quoted(name: str) -> str:
    """A sheet's name as it stands in a formula between apostrophes."""
    return name.replace("'", "''")


def origin_of(plan: Plan, address: str = "", version: Digest | str = "") -> Origin:
    """The origin of a workbook that is made from a plan."""
    return Origin(plan.rules, plan.parties.boards, plan.title, address, str(version))
