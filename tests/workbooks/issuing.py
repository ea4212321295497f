"""Draws templates as other bodies issue them, each laid out in another way, for the tests of maps."""

import io
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import openpyxl
from openpyxl.styles import Border, PatternFill, Protection, Side
from openpyxl.worksheet.datavalidation import DataValidation

YELLOW = PatternFill("solid", fgColor="FFFF99")
AREAS = ("Acute", "Mental Health", "Community Health", "Continuing Care", "Primary Care", "Social Care", "Other")  # fmt: skip


def saved(book: Any) -> bytes:
    """A workbook's bytes."""
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def offered(sheet: Any, where: str, formula: str) -> None:
    """Give cells a drop-down."""
    rule = DataValidation(type="list", formula1=formula)
    rule.add(where)
    sheet.add_data_validation(rule)


def table(sheet: Any, row: int, headings: Sequence[str], rows: int = 0, *, first: int = 1) -> None:
    """Headings, and beneath them so many rows with a border."""
    for column, words in enumerate(headings, first):
        sheet.cell(row, column, words)
        for number in range(row + 1, row + 1 + rows):
            sheet.cell(number, column).border = Border(bottom=Side("thin"))


@cache
def plain() -> bytes:
    """Labels at the left, answers at their right, nothing drawn; a table with nothing beneath its headings."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Vision and case for change"
    for row, words in enumerate(("Vision", "Difference to people", "The case for change", "Changes in services"), 3):  # fmt: skip
        sheet.cell(row, 1, words)
    sheet = book.create_sheet("Protection of social care")
    for row, words in enumerate(("What protecting means here", "Eligibility 2014/15", "Eligibility 2015/16", "Council's net budget 2014/15 (£)"), 2):  # fmt: skip
        sheet.cell(row, 1, words)
    table(book.create_sheet("Expenditure"), 2, ("Scheme", "Commissioner", "Provider", "Area of spend", "Source", "2014/15 (£)", "2015/16 (£)"))  # fmt: skip
    return saved(book)


@cache
def boxes() -> bytes:
    """Questions across the page with a merged box beneath each; a hint, or a formula, stands between a label and its cell."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Narrative"
    questions = (
        "Please describe your vision for health and social care in five years", "What is the case for change?",
        "How will the pattern of services change?", "Milestones: what happens by when?",
    )  # fmt: skip
    for number, words in enumerate(questions):
        row = 2 + 4 * number
        sheet.cell(row, 1, words)
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=6)
        sheet.merge_cells(start_row=row + 1, start_column=1, end_row=row + 2, end_column=6)
    sheet = book.create_sheet("Data sharing")
    sheet["B2"], sheet["C2"] = "The NHS number is the main identifier in health and social care", "Yes or no"
    sheet["B3"], sheet["C3"] = "If not, it will be by", "A day"
    sheet["B5"], sheet["B8"], sheet["C8"], sheet["D8"] = "Open interfaces", "Information governance", "In short", "=D2"  # fmt: skip
    for cell in ("D2", "D3", "B6", "E8"):
        sheet[cell].fill = YELLOW
    offered(sheet, "D8", '"Good,Bad"')
    sheet["D3"].number_format = "dd/mm/yyyy"
    offered(sheet, "D2", '"Y,N"')
    sheet["D2"] = "Choose one"
    return saved(book)


@cache
def protected() -> bytes:
    """A protected form: only the yellow cells are open, amounts are thousands, totals are formulas, lists stand on a hidden sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "4. Expenditure plan"
    sheet["A1"] = "Money out"
    sheet["G3"] = "Expenditure (£000)"
    sheet.merge_cells("G3:H3")
    table(sheet, 4, ("No.", "Scheme", "Area of Spend", "Commissioner", "Provider", "Paid from", "2014/15", "2015/16", "Total"))  # fmt: skip
    for row in range(5, 31):
        sheet.cell(row, 1, row - 4)
        sheet.cell(row, 9, f"=G{row}+H{row}")
        for column in range(2, 9):
            sheet.cell(row, column).protection, sheet.cell(row, column).fill = Protection(locked=False), YELLOW  # fmt: skip
    sheet["G31"] = "=SUM(G5:G30)"
    offered(sheet, "C5:C30", "'Drop downs'!$A$1:$A$7")
    sheet.protection.enable()
    sheet = book.create_sheet("5. Social care")
    sheet["A1"] = "Protection of social care"
    for row, words in enumerate(("Given to protect services (£'000)", "Council's net budget 2014-15 (£'000)", "Council's net budget 2015-16 (£'000)", "For duties under the Care Act (£'000)"), 3):  # fmt: skip
        sheet.cell(row, 2, words)
        sheet.cell(row, 4).protection = Protection(locked=False)
    sheet.protection.enable()
    hidden = book.create_sheet("Drop downs")
    hidden.sheet_state = "hidden"
    for row, words in enumerate(AREAS, 1):
        hidden.cell(row, 1, words)
    return saved(book)


@cache
def crowded() -> bytes:
    """Two labels in a row, two tables on a sheet, labels of the same words under different headings."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Everything"
    sheet["A1"] = "Who was heard"
    sheet["A2"], sheet["C2"] = "Primary care", "NHS trusts"
    sheet["A4"] = "Alignment with other plans"
    sheet["A5"], sheet["C5"] = "Primary care commissioning", "Other initiatives"
    for cell in ("B2", "D2", "B5", "D5"):
        sheet[cell].fill = YELLOW
    sheet["A8"] = "Risks"
    table(sheet, 9, ("Risk", "Likelihood (1-5)", "Impact (1-5)", "Owner", "Mitigation"), 12)
    sheet["A24"] = "Contingency"
    table(sheet, 25, ("When", "Who decides", "How much (£)", "Where it goes instead"), 6)
    sheet["A33"] = "Total"
    return saved(book)


LAYOUTS: dict[str, Callable[[], bytes]] = {each.__name__: each for each in (plain, boxes, protected, crowded)}
