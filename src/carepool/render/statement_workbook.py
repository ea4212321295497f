"""A statement as a workbook: a sheet for each table, amounts as numbers in pounds, and no cell that runs."""

import io
from datetime import date, datetime
from typing import Any

from carepool.actions.areas import MARK
from carepool.actions.statements import StatementOf
from carepool.basics.periods import in_words
from carepool.render.docx_parts import clean
from carepool.render.statement_sheets import Sheet, pence, rests_on, sheets

LONGEST_CELL = 32_000
"""Characters: a spreadsheet has a few more, and drops the rest without a word."""
FROM = "From postings"


def xlsx(found: StatementOf) -> bytes:
    """The workbook. The same statement gives the same bytes."""
    import xlsxwriter

    one, held = found.statement, io.BytesIO()
    book = xlsxwriter.Workbook(
        held, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )  # fmt: skip
    made = datetime.combine(one.known_on, datetime.min.time())
    book.set_properties({"title": clean(f"{one.agreement}: {one.period.title}"), "author": "carepool", "created": made})  # fmt: skip
    forms = {
        "head": book.add_format({"bold": True, "bg_color": "#E8EDEE", "text_wrap": True, "valign": "top"}),
        "text": book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"}),
        "money": book.add_format({"num_format": "#,##0.00;[Red]-#,##0.00", "valign": "top"}),
        "day": book.add_format({"num_format": "d mmmm yyyy", "align": "left", "valign": "top"}),
    }
    front = book.add_worksheet("Statement")
    front.set_column(0, 0, 28)
    front.set_column(1, 1, 80)
    about = [
        ("Agreement", one.agreement), ("Period", one.period.title), ("Held by", found.names.get(one.host, one.host)),
        ("As known on", in_words(one.known_on)), ("Postings in the books", f"{one.postings_known:,}"),
        ("Closed", "Yes" if one.closed else "No: more can still be entered in it"),
        ("Amounts", "In pounds; what is cost or owed to somebody else is not written with a minus"),
    ]  # fmt: skip
    about += [("Mark", f"{MARK}.")] if found.fictitious else []
    for row, (label, words) in enumerate(about):
        front.write_string(row, 0, label, forms["head"])
        front.write_string(row, 1, clean(words), forms["text"])
    for each in sheets(found):
        _sheet(book.add_worksheet(each.name), each, forms)
    book.close()
    return held.getvalue()


def _sheet(sheet: Any, found: Sheet, forms: dict[str, object]) -> None:
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, 0, 36)
    sheet.set_column(1, len(found.columns), 18)
    for column, label in enumerate((*found.columns, FROM)):
        sheet.write_string(0, column, label, forms["head"])
    for at, row in enumerate(found.rows, 1):
        for column, cell in enumerate(row):
            amount = pence(cell)
            if amount is not None:
                sheet.write_number(at, column, amount / 100, forms["money"])
            elif isinstance(cell, date):
                sheet.write_datetime(at, column, datetime.combine(cell, datetime.min.time()), forms["day"])
            elif isinstance(cell, str):
                sheet.write_string(at, column, _short(clean(cell)), forms["text"])
        sheet.write_string(at, len(found.columns), _short(rests_on(found, row)), forms["text"])


def _short(words: str) -> str:
    return words if len(words) <= LONGEST_CELL else f"{words[:LONGEST_CELL]} … and more: see the CSV"
