"""Somebody else's template is filled in place by a map, and a filled one is read by the same map."""

import io
import zipfile
from datetime import date

import openpyxl
import pytest
from openpyxl.packaging.custom import StringProperty
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

from carepool.actions.demonstration import Stage, must
from carepool.actions.editing import keep_draft, save_version, section_base
from carepool.actions.house import House
from carepool.actions.planning import view
from carepool.basics.refusals import Unusable
from carepool.plans.document import Plan, as_data
from carepool.rules.rulebook import Rulebook
from carepool.workbooks.checking import check_template
from carepool.workbooks.importing import Imported, import_workbook
from carepool.workbooks.maps import TemplateMap, parse_map
from carepool.workbooks.packages import sheet_parts
from carepool.workbooks.properties import NAMES
from carepool.workbooks.templates import _calculated_anew, fill
from carepool.workbooks.writing import origin_of
from tests.workbooks.making import read
from tests.workbooks.test_importing import LEAD, drafted, others_save

MAP = """\
says: A small template that looks issued
rules: bcf-2014-08
unit: thousands
cells:
  - {field: vision/vision, sheet: Summary, cell: B4}
  - {field: protection/pence, sheet: Summary, cell: C6}
  - {field: sharing/primary_by, sheet: Summary, cell: C8}
tables:
  - list: spend/spend
    sheet: Spend
    first: 5
    last: 9
    columns:
      scheme: A
      commissioner: B
      provider: C
      area: {column: D, words: {community_health: Community, social_care: ASC, primary_care: GP}}
      year_1: {column: E, unit: pounds}
      year_2: F
"""


@pytest.fixture(scope="module")
def issued() -> bytes:
    """A template with formulas, styles, merged cells, a validation and a hidden sheet."""
    book = openpyxl.Workbook()
    summary = book.active
    assert summary is not None
    summary.title = "Summary"
    summary.merge_cells("A1:D1")
    summary["A1"] = "Planning template (issued)"
    summary["A1"].font = Font(bold=True, size=18)
    summary.merge_cells("B4:D4")
    summary["C6"].number_format, summary["C6"].fill = "#,##0", PatternFill("solid", fgColor="FFFFCC")
    summary["C8"].number_format = "dd mmm yyyy"
    summary["C8"] = date(2000, 1, 1)
    summary["D6"] = "=C6*1000"
    spend = book.create_sheet("Spend")
    for column, words in enumerate(("Scheme", "Commissioner", "Provider", "Area", "2014-15 (£)", "2015-16 (£000)", "Total"), 1):  # fmt: skip
        spend.cell(4, column, words)
    for row in range(5, 10):
        spend.cell(row, 7, f"=E{row}/1000+F{row}")
        spend.cell(row, 6).number_format = "#,##0.0"
    spend["F10"] = "=SUM(F5:F9)"
    listed = DataValidation(type="list", formula1='"Community,ASC,GP"')
    listed.add("D5:D9")
    spend.add_data_validation(listed)
    hidden = book.create_sheet("Codes")
    hidden["A1"], hidden.sheet_state = "secret", "veryHidden"
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def mapped(rulebook: Rulebook, text: str = MAP) -> TemplateMap:
    found, findings = parse_map("map.yaml", text.encode(), rulebook)
    assert found is not None, [each.says for each in findings]
    return found


@pytest.fixture
def plan(carrowby: Plan) -> Plan:
    """Carrowby's plan with a formula-like vision and a day."""
    vision = carrowby.vision.model_copy(update={"vision": "=not a formula"})
    sharing = carrowby.sharing.model_copy(update={"primary_by": date(2015, 4, 1)})
    return carrowby.with_section("vision", vision).with_section("sharing", sharing)


def test_it_is_filled_and_nothing_else_is_disturbed(rulebook: Rulebook, issued: bytes, plan: Plan) -> None:
    """Values stand in their cells in the template's unit and words; every other part is the same to the byte, every other cell too."""
    content = fill(issued, plan, mapped(rulebook))
    before, after = zipfile.ZipFile(io.BytesIO(issued)), zipfile.ZipFile(io.BytesIO(content))
    filled = {part for name, part in sheet_parts(before).items() if name in {"Summary", "Spend"}}
    assert before.namelist() == after.namelist()
    changed = {name for name in before.namelist() if before.read(name) != after.read(name)}
    assert changed <= filled | {"xl/workbook.xml"}
    book, old = openpyxl.load_workbook(io.BytesIO(content)), openpyxl.load_workbook(io.BytesIO(issued))
    spend, summary = book["Spend"], book["Summary"]
    first = plan.spend.spend[0]
    assert [spend.cell(5, column).value for column in range(1, 7)] == ["S1", "Z6A", first.provider, "Community", first.year_1 / 100, first.year_2 / 100_000]  # fmt: skip
    assert (summary["B4"].value, summary["B4"].data_type) == ("=not a formula", "s")
    assert summary["C8"].value.date() == date(2015, 4, 1)  # type: ignore[union-attr]
    assert (summary["D6"].value, spend["F10"].value, spend["G5"].value) == ("=C6*1000", "=SUM(F5:F9)", "=E5/1000+F5")  # fmt: skip
    assert str(spend.data_validations.dataValidation) == str(old["Spend"].data_validations.dataValidation)
    assert summary.merged_cells == old["Summary"].merged_cells
    assert str(summary["C6"].fill) == str(old["Summary"]["C6"].fill)
    assert spend["F5"].number_format == "#,##0.0"
    assert book["Codes"].sheet_state == "veryHidden"
    assert spend["A8"].value is None


def test_a_filled_template_is_read_by_its_map(county: House, rulebook: Rulebook, issued: bytes, plan: Plan) -> None:  # fmt: skip
    """Export then import is no change; a changed cell is read in the template's unit, and a fault is at the template's cell."""
    the_map = mapped(rulebook)
    content = fill(issued, plan, the_map)
    checked = check_template(county, read(content), the_map, plan)
    assert checked.contents.sections["spend"].part.model_dump(exclude={"spend": {"__all__": {"source"}}}) == plan.spend.model_dump(exclude={"spend": {"__all__": {"source"}}})  # fmt: skip
    assert checked.contents.sections["protection"].values == {"pence": plan.protection.pence}
    assert checked.contents.sections["vision"].values == {"vision": "=not a formula"}
    book = openpyxl.load_workbook(io.BytesIO(content))
    book["Spend"]["F5"], book["Spend"]["D6"], book["Spend"]["A7"] = "lots", "Hospital", "S9"
    book["Summary"]["B4"].data_type = "s"
    held = io.BytesIO()
    book.save(held)
    faults = check_template(county, read(held.getvalue()), the_map, plan).faults
    assert {("Spend", "F5", "plan-shape"), ("Spend", "D6", "plan-shape"), ("Spend", "A7", "spend-without-scheme")} <= {(each.sheet, each.cell, each.code) for each in faults}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("cell: C6", "cell: D6"), "line 6: D6 of “Summary” holds a formula"),
        (("cell: B4", "cell: C4"), "line 5: C4 of “Summary” is hidden by a merged cell"),
        (("last: 9", "last: 6"), "line 9: the plan has 3 rows"),
        (("sheet: Spend", "sheet: Money"), "the template has no sheet “Money”"),
    ],
)
def test_what_would_disturb_is_refused(rulebook: Rulebook, issued: bytes, plan: Plan, change: tuple[str, str], says: str) -> None:  # fmt: skip
    """A formula, a cell under merged ones, too many rows, a sheet that is not there: refused with the line of the map."""
    with pytest.raises(Unusable, match=says):
        fill(issued, plan, mapped(rulebook, MAP.replace(*change)))


@pytest.mark.parametrize(
    ("change", "line", "says"),
    [
        (("vision/vision", "vision/visoin"), 5, "“vision/visoin” is no field"),
        (("cell: C6", "cell: 6C"), 6, "“6C” is not a cell"),
        (("unit: thousands", "unit: millions"), 3, "“millions” is no unit"),
        (("cell: C8", "cell: C6"), 7, "is mapped on line 6 already"),
        (("list: spend/spend", "list: spend/lines"), 9, "“spend/lines” is no list"),
        (("      provider: C", "      provder: C"), 16, "“provder” is not known here"),
        (("      scheme: A\n", ""), 13, "the column “scheme” is missing"),
        (("first: 5", "first: five"), 11, "“five” is no row"),
        (("last: 9", "last: 3"), 12, "rows 5 to 3 are no table"),
        (("words: {community_health", "words: {comunity_health"), 17, "“comunity_health” is not known"),
        (("rules: bcf-2014-08", "rules: bcf-2014-8"), 2, "there are no rules “bcf-2014-8”"),
        (("says: A small", "sayz: A small"), 1, "“sayz” means nothing here"),
        (("provider: C", "provider: {column: C, unit: pounds}"), 16, "is no amount of money"),
    ],
)  # fmt: skip
def test_a_map_is_checked_with_file_and_line(rulebook: Rulebook, change: tuple[str, str], line: int, says: str) -> None:  # fmt: skip
    """What is wrong in a map is said with its line, and with what to do."""
    assert change[0] in MAP
    found, findings = parse_map("map.yaml", MAP.replace(*change).encode(), rulebook)
    assert found is None
    assert [each.where for each in findings if says in each.says] == [f"map.yaml:{line}"], [each.says for each in findings]  # fmt: skip
    assert all(each.remedy.endswith((".", "?")) for each in findings)


def test_cells_and_rows_that_the_template_does_not_have_yet() -> None:
    """A value goes into a cell, a row or a sheet's data that the XML does not hold yet, in its place, with the prefix that it uses."""
    from carepool.workbooks.splicing import SheetXml

    for xml, expected in (
        ('<s><sheetData><row r="2"><c r="B2" s="4"/><c r="D2"><v>1</v></c></row><row r="5"/></sheetData><x/></s>',
         '<s><sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="B2" s="4"><v>2</v></c><c r="C2"><v>3</v></c><c r="D2"><v>1</v></c><c r="E2"><v>4</v></c></row>'
         '<row r="3"><c r="A3"><v>5</v></c></row><row r="5"><c r="B5"><v>6</v></c></row><row r="9"><c r="A9"><v>7</v></c></row></sheetData><x/></s>'),
        ("<x:s xmlns:x='u'><x:sheetData/></x:s>",
         "<x:s xmlns:x='u'><x:sheetData><x:row r=\"1\"><x:c r=\"A1\"><x:v>1</x:v></x:c></x:row><x:row r=\"2\"><x:c r=\"B2\"><x:v>2</x:v></x:c><x:c r=\"C2\"><x:v>3</x:v></x:c><x:c r=\"E2\"><x:v>4</x:v></x:c></x:row>"
         "<x:row r=\"3\"><x:c r=\"A3\"><x:v>5</x:v></x:c></x:row><x:row r=\"5\"><x:c r=\"B5\"><x:v>6</x:v></x:c></x:row><x:row r=\"9\"><x:c r=\"A9\"><x:v>7</x:v></x:c></x:row></x:sheetData></x:s>"),
    ):  # fmt: skip
        sheet = SheetXml(xml.encode())
        for number, (row, column) in enumerate([(1, 1), (2, 2), (2, 3), (2, 5), (3, 1), (5, 2), (9, 1)], 1):
            sheet.set(row, column, float(number))
        assert sheet.written().decode() == expected


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (b'<calcPr calcId="1"/>', b'<calcPr fullCalcOnLoad="1" calcId="1"/>'),
        (b'<calcPr fullCalcOnLoad="0"/>', b'<calcPr fullCalcOnLoad="1"/>'),
        (b"", b'<calcPr fullCalcOnLoad="1"/>'),
    ],
)
def test_excel_is_asked_to_calculate_anew(told: bytes, expected: bytes) -> None:
    """Totals of the template follow what was filled in, as soon as it is opened."""
    before = b"<workbook><sheets><sheet/></sheets><definedNames/>%s<x/></workbook>"
    after = _calculated_anew(before.replace(b"<definedNames/>", b"") % told)
    assert after == before.replace(b"<definedNames/>", b"") % expected


# Coming back


def brought_back(stage: Stage, the_map: TemplateMap, content: bytes) -> Imported:
    """Import a filled template into the drafts of carrowby's lead."""
    book = read(content)
    checked = check_template(stage.house, book, the_map, view(stage.house, "carrowby").plan)
    done = import_workbook(stage.house, stage.actor(LEAD), content, book, checked, "carrowby", mapped=True)
    assert isinstance(done, Imported), done
    return done


def filled_for(stage: Stage, the_map: TemplateMap, template: bytes) -> bytes:
    """Carrowby's plan as it stands, in a template."""
    found = view(stage.house, "carrowby")
    assert found.history.current
    return fill(
        template, found.plan, the_map, origin_of(found.plan, "carrowby", found.history.current.digest)
    )


def changed(content: bytes, cells: dict[tuple[str, str], object], *, drop: bool = False) -> bytes:
    """A workbook with some cells typed over, as a program saves it; ``drop``: without what it says of itself."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    for (sheet, cell), value in cells.items():
        book[sheet][cell] = value
    if drop:
        for name in NAMES:
            del book.custom_doc_props[name]
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def test_a_template_that_comes_back_reverts_nothing(stage: Stage, rulebook: Rulebook, issued: bytes) -> None:
    """It was filled from an earlier version: what others saved since stays, a change of one's own goes in, and a cell changed on both sides is a conflict."""
    the_map = mapped(rulebook)
    content = filled_for(stage, the_map, issued)
    others_save(stage, year_1=777, provider="Theirs")
    back = changed(content, {("Spend", "F5"): 5, ("Spend", "C5"): "Mine"})
    done = brought_back(stage, the_map, back)
    first = drafted(stage).spend.spend[0]
    assert (first.year_1, first.year_2, first.provider) == (777, 500_000, "Theirs")
    (conflict,) = done.receipt.conflicts
    assert (conflict.where, conflict.mine, conflict.theirs) == ("spend/spend/0/provider", "Mine", "Theirs")


def test_a_template_of_unknown_origin_overwrites_nothing(
    stage: Stage, rulebook: Rulebook, issued: bytes
) -> None:
    """Where it does not say what it was filled from, every difference is a conflict; only what was empty is filled in."""
    the_map = mapped(rulebook)
    sharing = {**as_data(view(stage.house, "carrowby").plan.sharing), "primary_by": None}
    base = section_base(view(stage.house, "carrowby"), "sharing")
    assert keep_draft(stage.house, stage.actor(LEAD), "carrowby", "sharing", sharing, base) is None
    must(save_version(stage.house, stage.actor(LEAD), "carrowby"))
    before = view(stage.house, "carrowby").plan
    content = filled_for(stage, the_map, issued)
    back = changed(
        content, {("Spend", "F5"): 5, ("Spend", "F6"): None, ("Summary", "C8"): date(2015, 4, 1)}, drop=True
    )
    done = brought_back(stage, the_map, back)
    assert {each.where for each in done.receipt.conflicts} == {"spend/spend/0/year_2", "spend/spend/1/year_2"}
    after = drafted(stage)
    assert (after.spend, after.sharing.primary_by) == (before.spend, date(2015, 4, 1))


@pytest.mark.parametrize("properties", [{}, {"Owner": "NHS & England"}, {NAMES[1]: "an older one"}])
def test_where_it_was_filled_from_stands_among_the_properties_of_the_document(
    stage: Stage, rulebook: Rulebook, issued: bytes, properties: dict[str, str]
) -> None:
    """No sheet, cell or name is added; properties of the template's own stay, and the same filling gives the same bytes."""
    book = openpyxl.load_workbook(io.BytesIO(issued))
    for name, text in properties.items():
        book.custom_doc_props.append(StringProperty(name=name, value=text))
    held = io.BytesIO()
    book.save(held)
    template, the_map = held.getvalue(), mapped(rulebook)
    content = filled_for(stage, the_map, template)
    assert filled_for(stage, the_map, template) == content
    found = view(stage.house, "carrowby").history.current
    assert found
    assert read(content).properties == dict(zip(NAMES, ("carrowby", found.digest), strict=True))
    kept = {each.name: each.value for each in openpyxl.load_workbook(io.BytesIO(content)).custom_doc_props.props}  # fmt: skip
    assert kept == properties | read(content).properties
    old, new = (openpyxl.load_workbook(io.BytesIO(each)) for each in (template, content))
    assert (old.sheetnames, list(old.defined_names)) == (new.sheetnames, list(new.defined_names))
