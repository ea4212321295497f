"""Numbers and texts that nobody would write, in a cell or in JSON: each is a plan's value or a fault in words, never a fault of ours."""

import io
from itertools import product

import openpyxl
import pytest

from carepool.actions.demonstration import Stage
from carepool.actions.house import House
from carepool.basics.refusals import Unusable
from carepool.plans.describe import FieldAbout
from carepool.plans.document import EVERY, read_plan, read_section
from carepool.workbooks.cells import Cell, Held
from carepool.workbooks.checking import check_workbook
from carepool.workbooks.importing import Imported, import_workbook
from carepool.workbooks.merging import alike
from carepool.workbooks.raising import raised
from carepool.workbooks.reading import Book
from carepool.workbooks.values import typed
from tests.workbooks.making import export, read

HUGE = "1" + "0" * 400
TEXTS = (
    "1E+30", "1e999", "-1e999", "1e-400", HUGE, f"-{HUGE}", f"0.{'0' * 400}1", "NaN", "sNaN", "-NaN", "Infinity", "-inf", "1e5", "0x10",
    "1_000", "１２３", "٣", "½", "²", "1,,000", "£", "£-", "−", "--1", "1.2.3", "999999999999999999", "0.001", "-0", "+5", "1e", "%",
    "1e3%", "100.00001", "0000-00-00", "9999-99-99", "2015-02-30", "31 February 2015", "99/99/9999", "1 Mayonnaise 2015", "2015-04-01T00:00",
    "2015-13Q9", "0000-00Q0", "2014-15Q9", "\0", "\ud800", "a" * 20_000, " ", "\u202e", "{}", "[]", "=1", "yes", "TRUE",
)  # fmt: skip
KINDS: tuple[Held, ...] = ("text", "number", "yesno", "day", "time")
NUMBERS = {"inf", "nan", "-inf", "1E+30", "1e999", "-1e999", "1e-400", HUGE, f"-{HUGE}", f"0.{'0' * 400}1", "-0", "0.001", "999999999999999999"}  # fmt: skip
FIELDS = [(name, "", each) for name, about in EVERY.items() for each in about.fields] + [
    (name, rows.name, each) for name, about in EVERY.items() for rows in about.lists for each in rows.fields
]


def cells_for(held: Held) -> list[str]:
    """What a child can say that a cell of a kind holds."""
    if held == "yesno":
        return ["yes", "no"]
    if held == "number":
        return sorted(NUMBERS)
    if held == "day":
        return ["0001-01-01", "9999-12-31", "2015-04-01"]
    return list(TEXTS)


@pytest.mark.parametrize("held", KINDS)
@pytest.mark.parametrize("unit", [1, 1000])
@pytest.mark.parametrize("from_1904", [True, False])
def test_any_cell_is_a_value_or_a_fault_in_words(held: Held, unit: int, from_1904: bool) -> None:
    """For each field of a plan: what stands in its cell can be typed, or it is said what is wrong; and so once more as it is coerced."""
    for (section, listed, about), text in product(FIELDS, cells_for(held)):
        try:
            value = typed(about, Cell("A", 1, 1, held, text), unit, from_1904=from_1904)
        except ValueError as error:
            assert ": " in str(error), (about.name, text)
            continue
        coerced(section, listed, about, value)


@pytest.mark.parametrize(
    "value",
    [
        *TEXTS,
        10**400,
        -(10**400),
        float("nan"),
        float("inf"),
        1e30,
        True,
        False,
        None,
        [],
        {},
        [[]],
        {"a": 1},
    ],
)
def test_any_value_in_json_is_a_value_or_a_finding(value: object) -> None:
    """For each field of a plan, each list, each section: it is read, or there is a finding at its place."""
    for section, listed, about in FIELDS:
        coerced(section, listed, about, value)
        alike(about, value, "1")
    for section, about in EVERY.items():
        for data in (value, *({each.name: given} for each in about.lists for given in (value, [value]))):
            part, findings = read_section(section, data)
            assert part is not None or findings
        assert_read(read_plan({"rules": "bcf-2014-08", section: value}))
    assert_read(read_plan({"rules": value, "title": value}))


def coerced(section: str, listed: str, about: FieldAbout, value: object) -> None:
    """Read a section with one value in it."""
    rows = next((each for each in EVERY[section].lists if each.name == listed), None)
    row = {each.name: "1" for each in rows.fields if each.required} if rows else {}
    data = {listed: [{**row, about.name: value}]} if rows else {about.name: value}
    assert_read(read_section(section, data))


def assert_read(read_: tuple[object, list[object]] | tuple[object, object]) -> None:
    part, findings = read_
    assert part is not None or findings


# As a workbook


HOSTILE = (1e30, -1e30, 1e300, 1e-300, 12345678901234567, 0.1 + 0.2, True, "NaN", "1e30", "Infinity")


@pytest.mark.parametrize("value", HOSTILE)
def test_a_workbook_full_of_one_value_is_checked_and_imported(stage: Stage, value: object) -> None:
    """Every input cell of a workbook holds it: each is a fault at its cell or stands in the draft, and the receipt says which."""
    book = openpyxl.load_workbook(io.BytesIO(export(stage.house, "carrowby")))
    for page in (each for each in book.worksheets if each.sheet_state == "visible"):
        for cells in page.iter_rows(min_row=6):
            for cell in cells:
                if cell.column > 1 and not cell.protection.locked:
                    cell.value = value  # type: ignore[assignment]
    held = io.BytesIO()
    book.save(held)
    try:
        found = read(held.getvalue())
    except Unusable as error:
        assert "outside of every calendar" in str(error)
        return
    checked = check_workbook(stage.house, found)
    assert checked.faults
    done = import_workbook(stage.house, stage.actor("carrowby.lead"), held.getvalue(), found, checked)
    assert isinstance(done, Imported)


@pytest.mark.parametrize("number", ["0", "00", "-1", "٣", "1e5", "99999", HUGE, ""])
def test_a_layout_that_never_was(county: House, number: str) -> None:
    """The hidden sheet says a layout that there was not: it is refused in words, or read as today's."""
    book = openpyxl.load_workbook(io.BytesIO(export(county, "carrowby")))
    page = book["carepool"]
    (row,) = [each for each in page.iter_rows() if each[0].value == "layout"]
    row[1].value = number
    held = io.BytesIO()
    book.save(held)
    try:
        check_workbook(county, read(held.getvalue()))
    except Unusable as error:
        assert "layout" in str(error)


def test_a_layout_without_a_step_is_refused() -> None:
    """Below the first layout there is nothing to raise from."""
    with pytest.raises(Unusable, match="layout 0"):
        raised(Book(()), 0)
