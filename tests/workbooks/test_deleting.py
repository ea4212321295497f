"""Columns, headings and sheets that somebody deleted empty nothing: the plan keeps what it has there, and what is checked says so."""

import io

import openpyxl
import pytest
from openpyxl import Workbook

from carepool.actions.demonstration import Stage
from carepool.actions.house import House
from carepool.workbooks.checking import Checked, check_workbook
from carepool.workbooks.importing import Imported, import_workbook
from tests.workbooks.making import export, read

LEAD = "carrowby.lead"
PLAN_SHEETS = 22


@pytest.fixture(scope="module")
def exported(county: House) -> bytes:
    """Carrowby's workbook."""
    return export(county, "carrowby")


def opened(content: bytes) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def saved(book: Workbook) -> bytes:
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def brought(stage: Stage, content: bytes) -> Imported:
    book = read(content)
    done = import_workbook(stage.house, stage.actor(LEAD), content, book, check_workbook(stage.house, book))
    assert isinstance(done, Imported)
    return done


WAYS = [(column, 1) for column in range(1, 16)] + [(2, 30), (1, 30)]
"""Which column is deleted, and how many with it: each alone, and all together with and without the keys."""


@pytest.mark.parametrize(("column", "many"), WAYS)
def test_no_column_that_is_deleted_changes_the_plan(
    shared: Stage, exported: bytes, column: int, many: int
) -> None:
    """Whichever column of every sheet is deleted, and all of them together: no draft changes and no row goes."""
    book = opened(exported)
    for page in book.worksheets[2 : 2 + PLAN_SHEETS]:
        page.delete_cols(column, many)
    done = brought(shared, saved(book))
    assert (done.receipt.sections, done.receipt.conflicts) == ([], [])
    assert [each for each in done.receipt.removed if each[1] == "taken out"] == []
    assert {each.code for each in done.checked.faults} & {"plan-shape", "cell-unreadable"} == set()


def checked(county: House, book: Workbook) -> Checked:
    return check_workbook(county, read(saved(book)))


@pytest.mark.parametrize("title", ["Money out", "Money in", "Schemes", "Parties", "Admissions target"])
def test_a_sheet_that_is_gone_is_not_taken_for_an_empty_one(
    county: House, exported: bytes, title: str
) -> None:
    """What would be checked against it is left out, and that is said; nothing is found that the whole workbook has not."""
    whole = {(each.code, each.where) for each in checked(county, opened(exported)).faults}
    book = opened(exported)
    del book[title]
    found = checked(county, book)
    new = {(each.code, each.where) for each in found.faults} - whole
    assert {code for code, _ in new} == {"sheet-missing", "not-checked"}
    assert found.plan is None
    (said,) = [each.says for each in found.faults if each.code == "not-checked"]
    assert f"“{title}”" in said


def test_a_column_of_amounts_that_is_gone_is_not_taken_for_noughts(county: House, exported: bytes) -> None:
    """Without the last year's pounds nobody can say that money in and money out differ."""
    book = opened(exported)
    book["Money out"].delete_cols(8)
    codes = {each.code for each in checked(county, book).faults}
    assert "sources-and-spend-differ" not in codes
    assert {"column-missing", "not-checked"} <= codes


def test_one_fault_tells_of_a_column_without_which_rows_are_none(county: House, exported: bytes) -> None:
    """It is said once at the heading, not once for each row; the cells of the table are ignored with the reason."""
    book = opened(exported)
    book["Money out"].delete_cols(2)
    found = checked(county, book)
    assert len([each for each in found.faults if each.code == "column-missing"]) == 1
    claims = {found.contents.found.claim(cell) for cell in read(saved(book)).by_name["Money out"].cells}
    assert {how for how, _ in claims} == {"ignored"}
    assert any("“Scheme”" in why for _, why in claims)
