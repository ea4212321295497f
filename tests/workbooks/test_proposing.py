"""A map is proposed for a template that nobody has seen before, by the words of its labels, and is a map like any other."""

import io
import random
import zipfile
from time import process_time
from typing import Any

import openpyxl
import pytest

from carepool.actions.house import House
from carepool.basics.refusals import Unusable
from carepool.plans.document import Plan, as_data, read_plan
from carepool.rules.rulebook import Rulebook
from carepool.workbooks.checking import check_template
from carepool.workbooks.drawing import Drawing, Spot, quoted, write_map
from carepool.workbooks.fitting import left, misfits, placed
from carepool.workbooks.importing import Imported, import_workbook
from carepool.workbooks.issued import read_issued
from carepool.workbooks.layout import Sheet
from carepool.workbooks.maps import TemplateMap, parse_map
from carepool.workbooks.merging import overlaid
from carepool.workbooks.places import places
from carepool.workbooks.proposing import propose
from carepool.workbooks.templates import fill
from tests.spec.test_proposed_maps import RULES, drawings, drawn, sheets
from tests.workbooks.issuing import LAYOUTS, crowded, plain, saved
from tests.workbooks.making import NASTY, random_plan, read, sections_of, seeds
from tests.workbooks.test_hostile import PERHAPS, REFUSED, good

__all__ = ["drawings", "good", "sheets"]


def read_map(rulebook: Rulebook, drawing: Drawing) -> TemplateMap:
    text, _ = write_map(drawing)
    mapped, findings = parse_map("map.yaml", text.encode(), rulebook)
    assert mapped is not None, ([each.says for each in findings], text)
    return mapped


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("seed", seeds(3, 60))
def test_filled_and_read_again_is_no_change(rulebook: Rulebook, county: House, carrowby: Plan, drawings: dict[str, Any], layout: str, seed: int) -> None:  # fmt: skip
    """A random plan put into the template by the proposed map, and read by it, is the same plan."""
    content, _, drawing = drawings[layout]
    mapped = read_map(rulebook, drawing)
    plan = short(random_plan(county, carrowby, random.Random(seed)))
    checked = check_template(county, read(fill(content, plan, mapped)), mapped, plan)
    assert [each for each in checked.faults if each.code in {"plan-shape", "cell-unreadable"}] == []
    again = as_data(plan)
    for name, section in checked.contents.sections.items():
        again[name] = overlaid(section, as_data(plan.section(name)))
    now, _ = read_plan(again)
    assert now is not None
    assert sections_of(now) == sections_of(plan)


def short(plan: Plan) -> Plan:
    """The plan with no more rows than the smallest table has."""
    data: Any = as_data(plan)
    for section, table in (("spend", "spend"), ("risks", "risks"), ("risks", "contingencies")):
        data[section][table] = data[section][table][:6]
    found, findings = read_plan(data)
    assert found is not None, findings
    return found


def test_imported_by_the_proposed_map_no_draft_changes(rulebook: Rulebook, shared: Any, drawings: dict[str, Any]) -> None:  # fmt: skip
    """Export by the map, then import by it: every cell is accounted for, no draft is made."""
    from carepool.actions.planning import view

    house, content = shared.house, drawings["plain"][0]
    mapped = read_map(rulebook, drawings["plain"][2])
    plan = view(house, "carrowby").plan
    filled = fill(content, plan, mapped)
    book = read(filled)
    checked = check_template(house, book, mapped, plan)
    done = import_workbook(
        house, shared.actor("carrowby.lead"), filled, book, checked, "carrowby", mapped=True
    )
    assert isinstance(done, Imported), done
    assert (done.receipt.sections, done.receipt.conflicts) == ([], [])
    assert sum(done.receipt.counts().values()) == sum(len(page.told) for page in book.sheets)


def test_what_went_where_and_what_has_no_place(rulebook: Rulebook, carrowby: Plan, sheets: tuple[Sheet, ...], drawings: dict[str, Any]) -> None:  # fmt: skip
    """Every field of the map with what it shows, and everything else that the plan holds."""
    mapped = read_map(rulebook, drawings["plain"][2])
    went = {(each.sheet, each.at): each.shows for each in placed(mapped, carrowby)}
    assert went["Vision and case for change", "B3"] == carrowby.vision.vision
    assert went["Expenditure", "A3:G32"] == f"{len(carrowby.spend.spend)} of 30 rows"
    stays = {(each.section, each.what) for each in left(mapped, carrowby, sheets)}
    assert ("Schemes", "All schemes") not in stays
    assert any(section == "Schemes" for section, _ in stays)
    assert not any(section == "Vision and case for change" for section, _ in stays)


# What is not trusted


@pytest.mark.parametrize("name", [*NASTY, "it's", "a!b", "'x'", "\u202eabc", "#: -{}", "[x]: &a *b", "\x85", "No", "123", "~"])  # fmt: skip
def test_no_name_of_a_sheet_breaks_out_of_the_map(rulebook: Rulebook, name: str) -> None:
    """Whatever a sheet or a label is called, the map reads it back as it was, and a comment stays a comment."""
    said = Drawing(RULES, name, {"vision/vision": Spot("B4", name, "", {"x": name}, f"{name}\nrules: other")}, {})  # fmt: skip
    text, lines = write_map(said)
    mapped, findings = parse_map("map.yaml", text.encode(), rulebook)
    assert mapped is not None, [each.says for each in findings]
    assert (mapped.cells[0].sheet, mapped.cells[0].words) == (name, {"x": name})
    assert len(text.splitlines()) >= len(lines)
    assert len(text.split("\n")) == len(lines) + 1


@pytest.mark.parametrize("harm", (*REFUSED, *PERHAPS))
def test_a_hostile_file_ends_in_a_sentence(good: bytes, sheets: tuple[Sheet, ...], harm: Any) -> None:
    """What is no workbook, or was made to do harm, is refused as everywhere; what can be read gets a map, or none."""
    try:
        issued = read_issued(harm(good, random.Random(7)))
    except Unusable as error:
        assert str(error).endswith(".")
    else:
        propose(issued, sheets, RULES)


def changed(content: bytes, part: str, old: bytes, new: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as after:  # fmt: skip
        for each in before.infolist():
            found = before.read(each.filename)
            after.writestr(each.filename, found.replace(old, new) if each.filename == part else found)
    return held.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def test_merged_cells_without_end_cost_nothing(rulebook: Rulebook, sheets: tuple[Sheet, ...], carrowby: Plan) -> None:  # fmt: skip
    """A sheet that merges seventeen thousand million cells is read at once; what is under them is refused all the same."""
    content = changed(plain(), SHEET, b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="C1:XFD1048576"/></mergeCells>')  # fmt: skip
    before = process_time()
    issued = read_issued(content)
    drawing = propose(issued, sheets, RULES)
    assert drawing.cells["vision/vision"].at == "B3"
    mapped = read_map(rulebook, drawn(vision__vision="Vision and case for change!E1000000"))
    assert ["is hidden by a merged cell" in each.says for each in misfits(issued, mapped)] == [True]
    with pytest.raises(Unusable, match="is hidden by a merged cell"):
        fill(content, carrowby, mapped)
    assert process_time() - before < 3


@pytest.mark.parametrize("many", [5_001, 60_000])
def test_too_many_merged_cells_are_refused(many: int) -> None:
    """In one sentence, and quickly."""
    boxes = "".join(f'<mergeCell ref="C{n}:D{n}"/>' for n in range(20, 20 + many)).encode()
    with pytest.raises(Unusable, match="more than 5,000 merged cells"):
        read_issued(changed(plain(), SHEET, b"</sheetData>", b"</sheetData><mergeCells>" + boxes + b"</mergeCells>"))  # fmt: skip


def test_a_template_of_nothing_but_labels_is_quick(sheets: tuple[Sheet, ...]) -> None:
    """Forty thousand labels, each with words of many fields, are guessed at in a few seconds."""
    book = openpyxl.Workbook(write_only=True)
    for number in range(4):
        sheet = book.create_sheet(f"Provider care plan {number}")
        for row in range(5_000):
            sheet.append([f"Provider of primary care, target and baseline {row}", None, f"Commissioner scheme amount, pounds {row}"])  # fmt: skip
    issued = read_issued(saved(book))
    before = process_time()
    propose(issued, sheets, RULES)
    assert process_time() - before < 6
    assert len(places(issued).labels) == 5_000


def test_what_is_plain_stands_plain() -> None:
    """A map reads like one that a person wrote."""
    assert [quoted(each) for each in ("vision/vision", "B4", "5", "bcf-2014-08", "Yes", "N")] == ["vision/vision", "B4", "5", "bcf-2014-08", '"Yes"', '"N"']  # fmt: skip


def test_the_crowded_sheet_has_both_its_tables() -> None:
    """Two tables on one sheet are two; a total beneath ends the second."""
    grids = places(read_issued(crowded())).grids
    assert [(each.heading, each.first, each.last) for each in grids if len(each.columns) > 1] == [(9, 10, 21), (25, 26, 31)]  # fmt: skip
