"""A plan goes out as a workbook and comes back unchanged, whatever its texts begin with."""

import io
import random
import zipfile

import openpyxl
import pytest

from carepool.actions.house import House
from carepool.actions.planning import check_plan, view
from carepool.plans.document import Plan, as_data, plan_digest
from carepool.workbooks.checking import check_workbook
from tests.workbooks.making import NASTY, export, new_plan, of_plan, random_plan, read, sections_of, seeds

COUNTY = ("carrowby", "wolds", "farrowdale", "stonebeck", "lindenmouth", "merrow")


@pytest.mark.parametrize("plan", COUNTY)
def test_export_then_check_is_the_same_plan(county: House, plan: str) -> None:
    """Every plan of the county, exported and read again, has the digest and the findings of the plan's own file."""
    found = view(county, plan)
    checked = check_workbook(county, read(export(county, plan)))
    assert checked.plan == plan_digest(found.plan)
    _, findings, _ = check_plan(county, as_data(found.plan))
    assert [(fault.code, fault.where, fault.says) for fault in checked.faults] == [(each.code, each.where, each.says) for each in findings]  # fmt: skip
    assert checked.origin.plan == plan
    assert checked.origin.version == (found.history.current.digest if found.history.current else "")


def test_a_plan_of_kent_under_the_rules_of_2025(house: House) -> None:
    """A plan of one year, for other places, under other rules comes back unchanged too."""
    plan = new_plan(house, "E10000016", "bcf-2025-26")
    checked = check_workbook(house, read(of_plan(house, plan)))
    assert checked.plan == plan_digest(plan)
    assert {fault.severity for fault in checked.faults if fault.code.startswith(("cell", "column", "sheet"))} == set()  # fmt: skip


@pytest.mark.parametrize("seed", seeds(20, 300))
def test_any_plan_comes_back_unchanged(county: House, carrowby: Plan, seed: int) -> None:
    """Random answers to everything, formula-like texts among them, come back as they were."""
    plan = random_plan(county, carrowby, random.Random(seed))
    checked = check_workbook(county, read(of_plan(county, plan)))
    assert [f for f in checked.faults if f.code in {"plan-shape", "cell-unreadable"}] == []
    assert checked.contents.sections.keys() == sections_of(plan).keys()
    again = plan
    for name, section in checked.contents.sections.items():
        again = again.with_section(name, section.part)
    assert sections_of(again) == sections_of(plan)


@pytest.mark.parametrize("text", [each for each in NASTY if each.strip() == each])
def test_no_text_becomes_a_formula(county: House, carrowby: Plan, text: str) -> None:
    """What begins with = + - @ or NUL is a string in the file, in a cell for text, and comes back unchanged."""
    vision = carrowby.vision.model_copy(update={"vision": text, "case": text})
    content = of_plan(county, carrowby.with_section("vision", vision))
    checked = check_workbook(county, read(content))
    assert checked.contents.sections["vision"].part == vision
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        number = next(n for n, name in enumerate(openpyxl.load_workbook(io.BytesIO(content)).sheetnames, 1) if name == "Vision and case for change")  # fmt: skip
        assert b"<f" not in package.read(f"xl/worksheets/sheet{number}.xml")


def test_the_workbook_helps(county: House) -> None:
    """It is protected but for its inputs, has drop-downs, instructions, and totals that add up as one types."""
    book = openpyxl.load_workbook(io.BytesIO(export(county, "carrowby")))
    money = book["Money out"]
    assert money.protection.sheet
    headings = {cell.value: cell.column for cell in money[7]}
    assert money.cell(8, headings["2015-16, pounds"]).protection.locked is False
    assert money.cell(7, headings["2015-16, pounds"]).protection.locked is True
    assert money.cell(6, headings["2015-16, pounds"]).value == "=SUM(H8:H35)"
    assert {each.type for each in money.data_validations.dataValidation} == {"list"}
    assert book["Totals"]["D5"].value == "=B5-C5"
    assert "Write in the white cells" in str(book["Instructions"]["A4"].value)
    assert book["carepool"].sheet_state == book["Lists"].sheet_state == "veryHidden"
    assert money.column_dimensions["A"].hidden
    assert money.row_dimensions[5].hidden


def test_the_same_plan_gives_the_same_bytes(county: House) -> None:
    """Two exports of one version are one file."""
    assert export(county, "carrowby") == export(county, "carrowby")
