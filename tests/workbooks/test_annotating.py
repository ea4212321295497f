"""People get their own workbook back with each problem as a comment at its cell and a sheet that lists them."""

import io
from copy import deepcopy

import openpyxl
import pytest

from carepool.actions.house import House
from carepool.basics.refusals import Unusable
from carepool.plans.document import Plan
from carepool.workbooks.annotating import LIST, annotate
from carepool.workbooks.checking import check_workbook
from tests.workbooks.making import export, of_plan, read
from tests.workbooks.test_hostile import repacked


@pytest.fixture(scope="module")
def faulty(county: House) -> bytes:
    """Carrowby's workbook with two faults, saved by openpyxl as a person's program would."""
    book = openpyxl.load_workbook(io.BytesIO(export(county, "carrowby")))
    book["Money out"]["G8"], book["Money out"]["B9"] = "a lot", "S99"
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def test_each_fault_is_a_comment_at_its_cell(county: House, faulty: bytes) -> None:
    """Every fault is in a comment at its cell and a row of the list, with a link to it."""
    faults = check_workbook(county, read(faulty)).faults
    book = openpyxl.load_workbook(io.BytesIO(annotate(faulty, faults)))
    for fault in faults:
        comment = book[fault.sheet][fault.cell].comment
        assert comment is not None, fault
        assert fault.says in comment.text
    listed = [[cell.value for cell in row] for row in book[LIST].iter_rows(min_row=2)]
    assert listed == [[f.sheet, f.cell, str(f.severity), f.says, f.remedy, f.code] for f in faults]
    assert book.sheetnames[0] == LIST


def test_nothing_else_is_disturbed(county: House, carrowby: Plan) -> None:
    """Every value, formula with its result, style, validation and protection is as it was; it checks as it did."""
    vision = carrowby.vision.model_copy(update={"vision": "=1+1", "case": "_x0041_ \0 and\n\ttab", "outcomes": "@x"})  # fmt: skip
    content = of_plan(county, carrowby.with_section("vision", vision))
    before = check_workbook(county, read(content))
    marked = annotate(content, before.faults)
    after = check_workbook(county, read(marked))
    assert (after.plan, after.faults) == (before.plan, before.faults)
    old, new = (openpyxl.load_workbook(io.BytesIO(each)) for each in (content, marked))
    results = [openpyxl.load_workbook(io.BytesIO(each), data_only=True) for each in (content, marked)]
    for sheet in old.worksheets:
        other = new[sheet.title]
        for row in sheet.iter_rows():
            for cell in row:
                twin = other[cell.coordinate]
                if cell.value in {"", None}:  # an empty text may be kept as an empty cell
                    assert twin.value in {"", None}
                elif "_x00" not in str(cell.value):
                    assert (twin.value, twin.data_type) == (cell.value, cell.data_type)
                assert (twin.number_format, twin.protection.locked, twin.fill.fgColor.rgb, twin.quotePrefix) == (cell.number_format, cell.protection.locked, cell.fill.fgColor.rgb, cell.quotePrefix)  # fmt: skip
                assert (results[1][sheet.title][cell.coordinate].value or "") == (results[0][sheet.title][cell.coordinate].value or "") or "_x00" in str(cell.value)  # fmt: skip
        assert len(other.data_validations.dataValidation) == len(sheet.data_validations.dataValidation)
        assert other.protection.sheet == sheet.protection.sheet
        assert other.sheet_state == sheet.sheet_state


def test_what_would_be_lost_is_refused(county: House, faulty: bytes) -> None:
    """A workbook with a chart or a macro in it, which openpyxl drops, is refused with a word."""
    content = repacked(
        faulty, lambda name, old: old, {"xl/charts/chart1.xml": b"<a/>", "xl/vbaProject.bin": b""}
    )
    with pytest.raises(Unusable, match="charts, vbaProject, which would be lost"):
        annotate(content, ())


def test_merged_cells_without_end_are_refused(county: House, faulty: bytes) -> None:
    """A sheet that merges seventeen thousand million cells is not opened by what would make each of them."""
    content = repacked(
        faulty,
        lambda name, old: old.replace(b"</sheetData>", b"</sheetData><mergeCells><mergeCell  ref='A1:XFD1048576'/></mergeCells>")
        if name == "xl/worksheets/sheet5.xml"
        else old,
    )  # fmt: skip
    with pytest.raises(Unusable, match="merges more than 400,000 cells"):
        annotate(content, check_workbook(county, read(content)).faults)


def test_a_fault_never_becomes_a_formula(county: House, faulty: bytes) -> None:
    """What a person typed is quoted in the list as text."""
    book = openpyxl.load_workbook(io.BytesIO(faulty))
    book["Money out"]["G8"] = "x"
    book["Money out"]["G8"].value = '=HYPERLINK("http://x")'
    book["Money out"]["G8"].data_type = "s"
    held = io.BytesIO()
    book.save(held)
    faults = check_workbook(county, read(held.getvalue())).faults
    listed = openpyxl.load_workbook(io.BytesIO(annotate(held.getvalue(), deepcopy(faults))))[LIST]
    assert {cell.data_type for row in listed.iter_rows() for cell in row} == {"s"}
