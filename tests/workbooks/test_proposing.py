"""A map is proposed for a template that nobody has seen before, by the words of its labels, and is a map like any other."""

import io
import random
import zipfile
from collections.abc import Callable
from time import process_time
from typing import Any

import openpyxl
import pytest

from carepool.actions.house import House
from carepool.basics.findings import Severity
from carepool.basics.refusals import Unusable
from carepool.plans.document import Plan, as_data, read_plan
from carepool.rules.rulebook import Rulebook
from carepool.workbooks.checking import check_template
from carepool.workbooks.drawing import Drawing, Rows, Spot, of_map, quoted, write_map
from carepool.workbooks.fitting import left, misfits, placed, read_drawing
from carepool.workbooks.importing import Imported, import_workbook
from carepool.workbooks.issued import Issued, read_issued
from carepool.workbooks.layout import Sheet, sheets_of
from carepool.workbooks.maps import TemplateMap, parse_map
from carepool.workbooks.merging import overlaid
from carepool.workbooks.places import places
from carepool.workbooks.proposing import propose
from carepool.workbooks.templates import fill
from carepool.workbooks.wording import words_of
from tests.workbooks.issuing import LAYOUTS, boxes, crowded, plain, protected, saved
from tests.workbooks.making import NASTY, random_plan, read, sections_of, seeds
from tests.workbooks.test_hostile import PERHAPS, REFUSED, good

RULES = "bcf-2014-08"
__all__ = ["good"]

EXPECTED = {
    "plain": (
        {
            "vision/vision": "B3", "vision/outcomes": "B4", "vision/case": "B5", "vision/changes": "B6",
            "protection/definition": "B2", "protection/eligibility_now": "B3", "protection/eligibility_next": "B4",
            "protection/budget_before": "B5",
        },
        {"spend/spend": {"scheme": "A", "commissioner": "B", "provider": "C", "area": "D", "source": "E", "year_1": "F", "year_2": "G"}},
    ),
    "boxes": (
        {"vision/vision": "A3", "vision/case": "A7", "vision/changes": "A11", "action/milestones": "A15", "sharing/primary": "D2", "sharing/primary_by": "D3"},
        {},
    ),
    "protected": (
        {"protection/pence": "D3", "protection/budget_before": "D4", "protection/budget_after": "D5", "protection/care_act": "D6"},
        {"spend/spend": {"scheme": "B", "area": "C", "commissioner": "D", "provider": "E", "source": "F", "year_1": "G", "year_2": "H"}},
    ),
    "crowded": (
        {"engagement/primary_care": "B2", "engagement/nhs_providers": "D2", "alignment/primary_care": "B5", "alignment/initiatives": "D5"},
        {
            "risks/risks": {"what": "A", "likelihood": "B", "impact": "C", "owner": "D", "mitigation": "E"},
            "risks/contingencies": {"trigger": "A", "decider": "B", "pence": "C", "destination": "D"},
        },
    ),
}  # fmt: skip
"""What is proposed for each layout: the cell of each field, and the columns of each list. Nothing else is."""


@pytest.fixture(scope="module")
def sheets(rulebook: Rulebook) -> tuple[Sheet, ...]:
    """The sheets of a plan."""
    return sheets_of(rulebook.named(RULES))


@pytest.fixture(scope="module")
def drawings(sheets: tuple[Sheet, ...]) -> dict[str, tuple[bytes, Issued, Drawing]]:
    """Each layout, as it is read, with the map that is proposed for it."""
    found = {}
    for name, draw in LAYOUTS.items():
        content = draw()
        issued = read_issued(content)
        found[name] = (content, issued, propose(issued, sheets, RULES, name))
    return found


def read_map(rulebook: Rulebook, drawing: Drawing) -> TemplateMap:
    text, _ = write_map(drawing)
    mapped, findings = parse_map("map.yaml", text.encode(), rulebook)
    assert mapped is not None, ([each.says for each in findings], text)
    return mapped


@pytest.mark.parametrize("layout", LAYOUTS)
def test_what_is_proposed(drawings: dict[str, Any], layout: str) -> None:
    """Each field stands at the cell whose label has its words, beside it or below; each list under the headings that have its columns."""
    _, _, drawing = drawings[layout]
    cells, tables = EXPECTED[layout]
    assert {name: spot.at for name, spot in drawing.cells.items()} == cells
    assert {name: {key: spot.at for key, spot in rows.columns.items()} for name, rows in drawing.tables.items()} == tables  # fmt: skip


def test_rows_units_and_words(drawings: dict[str, Any]) -> None:
    """A table ends where the template's does; thousands and the template's own words for our codes are seen."""
    rows = drawings["protected"][2].tables["spend/spend"]
    assert (rows.sheet, rows.first, rows.last) == ("4. Expenditure plan", "5", "30")
    assert (rows.columns["year_1"].unit, rows.columns["scheme"].unit) == ("thousands", "")
    assert drawings["protected"][2].cells["protection/pence"].unit == "thousands"
    assert drawings["plain"][2].cells["protection/budget_before"].unit == ""
    assert rows.columns["area"].words == {}, "they differ in capitals alone"
    risks = drawings["crowded"][2].tables["risks/risks"]
    assert (risks.first, risks.last) == ("10", "21")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_it_is_a_map_that_fits(rulebook: Rulebook, drawings: dict[str, Any], layout: str) -> None:
    """What is proposed is read as a map, and nothing of it blocks: no formula, no locked cell, none twice."""
    _, issued, drawing = drawings[layout]
    mapped, found = read_drawing(drawing, rulebook, issued)
    assert mapped is not None
    assert [each for each in found if each.severity is Severity.BLOCKER] == []
    assert of_map(mapped, layout) == _without_whys(drawing)


def _without_whys(drawing: Drawing) -> Drawing:
    def bare(spot: Spot) -> Spot:
        return Spot(spot.at, spot.sheet, spot.unit, spot.words)

    tables = {name: Rows(rows.sheet, rows.first, rows.last, {key: bare(spot) for key, spot in rows.columns.items()}) for name, rows in drawing.tables.items()}  # fmt: skip
    return Drawing(drawing.rules, drawing.says, {name: bare(spot) for name, spot in drawing.cells.items()}, tables)  # fmt: skip


def test_each_guess_says_what_it_rests_on(drawings: dict[str, Any]) -> None:
    """A comment before each: the label, its cell, and the words that they share."""
    text, lines = write_map(drawings["plain"][2])
    told = text.splitlines()
    at = next(number for number, about in lines.items() if about == "vision/case")
    assert told[at - 2] == "  # “The case for change” in A5: case, change"
    assert all(each.why for each in drawings["plain"][2].cells.values())


def test_the_same_template_gets_the_same_map(drawings: dict[str, Any], sheets: tuple[Sheet, ...]) -> None:
    """Nothing is learnt and nothing is random."""
    for content, _, drawing in drawings.values():
        assert propose(read_issued(content), sheets, RULES, drawing.says) == drawing


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("seed", seeds(3, 60))
def test_filled_and_read_again_is_no_change(rulebook: Rulebook, county: House, carrowby: Plan, drawings: dict[str, Any], layout: str, seed: int) -> None:  # fmt: skip
    """A random plan put into the template by the proposed map, and read by it, is the same plan."""
    content, _, drawing = drawings[layout]
    mapped = read_map(rulebook, drawing)
    plan = in_thousands(random_plan(county, carrowby, random.Random(seed)))
    checked = check_template(county, read(fill(content, plan, mapped)), mapped, plan)
    assert [each for each in checked.faults if each.code in {"plan-shape", "cell-unreadable"}] == []
    again = as_data(plan)
    for name, section in checked.contents.sections.items():
        again[name] = overlaid(section, as_data(plan.section(name)))
    now, _ = read_plan(again)
    assert now is not None
    assert sections_of(now) == sections_of(plan)


def in_thousands(plan: Plan) -> Plan:
    """The plan with amounts that a sheet of thousands can hold to the penny, and no more rows than a table has."""
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


# What does not fit


def drawn(**cells: str) -> Drawing:
    """A drawing of single fields, each as ``Sheet!B4``."""
    spots = {}
    for name, place in cells.items():
        sheet, _, at = place.rpartition("!")
        spots[name.replace("__", "/")] = Spot(at, sheet)
    return Drawing(RULES, "", spots, {})


@pytest.mark.parametrize(
    ("layout", "place", "severity", "says"),
    [
        (protected, "4. Expenditure plan!I5", "blocker", "I5 of “4. Expenditure plan” holds a formula"),
        (protected, "4. Expenditure plan!H3", "blocker", "H3 of “4. Expenditure plan” is hidden by a merged cell"),
        (protected, "5. Social care!C3", "blocker", "C3 of “5. Social care” is locked"),
        (protected, "5. Social Care!D3", "blocker", "The template has no sheet “5. Social Care”"),
        (protected, "Drop downs!B1", "warning", "The sheet “Drop downs” is hidden"),
        (plain, "Expenditure!A2", "warning", "A2 of “Expenditure” holds “Scheme”, which would be written over"),
        (plain, "Expenditure!ZZ900", "warning", "ZZ900 of “Expenditure” is far from everything"),
        (plain, "Expenditure!4B", "blocker", "“4B” is not a cell"),
        (boxes, "Data sharing!D3", "", ""),
    ],
)  # fmt: skip
def test_a_place_that_does_not_fit(rulebook: Rulebook, layout: Callable[[], bytes], place: str, severity: str, says: str) -> None:  # fmt: skip
    """A formula, a cell under merged ones, one that is locked or not there blocks; what only looks like a slip is to be looked at."""
    mapped, found = read_drawing(drawn(vision__vision=place), rulebook, read_issued(layout()))
    assert [str(each.severity) for each in found] == ([severity] if severity else [])
    assert all(says in each.says and each.about == "vision/vision" and each.remedy.endswith((".", "?")) for each in found)  # fmt: skip
    assert (mapped is None) == (severity == "blocker")


def test_all_at_once_and_none_hides_another(rulebook: Rulebook) -> None:
    """A cell taken twice, a missing column, an unknown address and a locked cell are all said, each at its own field."""
    drawing = drawn(vision__vision="5. Social care!D3", vision__case="5. Social care!D3", vision__changes="5. Social care!A9", vision__outcomes="Nowhere!A1")  # fmt: skip
    tables = {"spend/spend": Rows("4. Expenditure plan", "5", "30", {"provider": Spot("E")})}
    mapped, found = read_drawing(Drawing(RULES, "", drawing.cells, tables), rulebook, read_issued(protected()))  # fmt: skip
    assert mapped is None
    told = {each.about: each.says for each in found}
    assert told["vision/case"] == "D3 of “5. Social care” is taken already, by “Vision” of Vision and case for change."  # fmt: skip
    assert "is locked" in told["vision/changes"]
    assert "no sheet “Nowhere”" in told["vision/outcomes"]
    assert told["spend/spend/scheme"] == "Without the column “Scheme” of Money out a row is none."
    assert "spend/spend/commissioner" in told


def test_words_that_a_drop_down_does_not_offer(rulebook: Rulebook) -> None:
    """Where the template's list has other words than ours, the map must say them; Y and N it cannot guess."""
    issued = read_issued(boxes())
    _, found = read_drawing(drawn(sharing__primary="Data sharing!D2"), rulebook, issued)
    assert [each.says for each in found] == ["The template's list does not offer “Yes”, “No”."]
    said = Drawing(RULES, "", {"sharing/primary": Spot("D2", "Data sharing", "", {"yes": "Y", "no": "N"})}, {})  # fmt: skip
    assert read_drawing(said, rulebook, issued)[1] == []


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


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The Councils' budgets, 2014/15 (£000)", {"council", "budget", "2014-15", "pound"}),
        ("Expenditure 2014-2015", {"spend", "2014-15"}),
        ("Name", {"name"}),
        ("", set()),
        ("%  of activities", {"cent", "activity"}),
    ],
)
def test_words_are_compared_plainly(text: str, words: set[str]) -> None:
    """Small, singular, years alike, without words that say nothing unless there are no others."""
    assert words_of(text) == words


def test_what_is_plain_stands_plain() -> None:
    """A map reads like one that a person wrote."""
    assert [quoted(each) for each in ("vision/vision", "B4", "5", "bcf-2014-08", "Yes", "N")] == ["vision/vision", "B4", "5", "bcf-2014-08", '"Yes"', '"N"']  # fmt: skip


def test_the_crowded_sheet_has_both_its_tables() -> None:
    """Two tables on one sheet are two; a total beneath ends the second."""
    grids = places(read_issued(crowded())).grids
    assert [(each.heading, each.first, each.last) for each in grids if len(each.columns) > 1] == [(9, 10, 21), (25, 26, 31)]  # fmt: skip
