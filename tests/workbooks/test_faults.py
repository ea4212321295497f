"""Every fault is found at its own cell, all at once, and none is hidden by another."""

import random
from copy import deepcopy
from datetime import date

import pytest

from carepool.actions.house import House
from carepool.workbooks.cells import position, reference
from carepool.workbooks.checking import Checked, check_workbook
from carepool.workbooks.layout import sheets_of
from tests.workbooks.making import Formula, Grid, export, grid_of, read, seeds, written

IN_A_WORKBOOK = 10
ERROR, NEVER = "error-cell", "never-calculated"
SHAPE, UNREADABLE = "plan-shape", "cell-unreadable"
Bad = tuple[object, str]

ANY: list[Bad] = [(Formula("=1/0", "#DIV/0!"), ERROR), (Formula("=A1", "#REF!"), ERROR), (Formula("=A1+1", ""), NEVER)]  # fmt: skip
BY_KIND: dict[str, list[Bad]] = {
    "money": [("lots", SHAPE), (-5.0, SHAPE), ("-£5", SHAPE), (12.345, UNREADABLE), ("1.2.3", SHAPE), (date(2015, 4, 1), UNREADABLE), (True, SHAPE), (1e12, SHAPE), ("12m", SHAPE)],
    "count": [("many", SHAPE), (-3.0, SHAPE), (date(2015, 4, 1), UNREADABLE), ("1,2", SHAPE), (True, SHAPE), (1e14, SHAPE)],
    "percent": [("120", SHAPE), (0.5, UNREADABLE), ("half", SHAPE), (-1.0, SHAPE), (True, SHAPE)],
    "day": [("someday", SHAPE), (12.5, UNREADABLE), (5.0, UNREADABLE), ("31/02/2015", SHAPE), (True, SHAPE)],
    "choice": [("perhaps", SHAPE), (7.0, SHAPE), (True, SHAPE)],
    "yesno": [("perhaps", SHAPE), (7.0, SHAPE), (date(2015, 4, 1), UNREADABLE)],
    "quarter": [("soon", SHAPE), (2015.0, SHAPE), ("", SHAPE), ("2015-16Q5", SHAPE)],
    "line": [("x" * 301, SHAPE)],
    "words": [("x" * 10_001, SHAPE)],
    "code": [("x" * 41, SHAPE), (date(2015, 4, 1), UNREADABLE)],
}  # fmt: skip
BY_PLACE: dict[str, Bad] = {
    "spend/spend/scheme": ("S99", "spend-without-scheme"), "spend/spend/commissioner": ("Nobody", "commissioner-not-party"),
    "sources/sources/contributor": ("Nobody", "contributor-not-party"), "spend/spend/source": ("gold", "unknown-source"),
    "conditions/answers/condition": ("luck", "unknown-condition"), "benefits/benefits/scheme": ("S99", "benefit-without-scheme"),
    "freed/freed/ccg": ("Nobody", "freed-by-nobody"), "parties/host": ("Nobody", "host-not-partner"),
    "parties/councils": ("Nowhere", "unknown-party"),
}  # fmt: skip
"""Codes that only the checks of the plan can find fault with."""


@pytest.fixture(scope="module")
def base(county: House) -> tuple[Grid, Checked]:
    """Carrowby's workbook, with where each input stands."""
    book = read(export(county, "carrowby"))
    return grid_of(book), check_workbook(county, book)


def inputs(county: House, checked: Checked) -> dict[tuple[str, int, int], tuple[str, str, bool]]:
    """Each input cell that holds a row or an answer, with its kind, its locator without a row, and whether it must be filled in."""
    sheets = {sheet.section: sheet for sheet in sheets_of(county.rulebook.named("bcf-2014-08"))}
    found = {}
    for name, section in checked.contents.sections.items():
        for where, place in section.places.items():
            parts = [each for each in where.split("/") if not each.isdecimal()]
            table = sheets[name].table(parts[1])
            about = (table.column(parts[2] if table.row else "code") if table else sheets[name].field(parts[1]))  # fmt: skip
            assert about, where
            found[place] = (about.kind, "/".join(parts), about.required)
    return found


@pytest.mark.parametrize("seed", seeds(30, 1_000))
def test_injected_faults_are_found_where_they_are(county: House, base: tuple[Grid, Checked], seed: int) -> None:  # fmt: skip
    """Ten faults in one workbook, in any cells: each is reported at its cell with its code, with what to do about it."""
    chance = random.Random(seed)
    grid, checked = deepcopy(base[0]), base[1]
    known = inputs(county, checked)
    expected = {}
    for place in chance.sample(sorted(known), IN_A_WORKBOOK):
        kind, where, required = known[place]
        choices = [*ANY, *BY_KIND.get(kind, [])]
        if where in BY_PLACE and chance.random() < 0.5:
            choices = [BY_PLACE[where]]
        elif required and kind == "code" and chance.random() < 0.2 and not where.startswith("parties"):
            choices = [("", SHAPE)]
        value, code = chance.choice(choices)
        sheet, row, column = place
        if value == "":
            grid[sheet].pop((row, column), None)
        else:
            grid[sheet][row, column] = value
        expected[sheet, reference(row, column)] = code
    faults = check_workbook(county, read(written(grid))).faults
    found = {(fault.sheet, fault.cell, fault.code) for fault in faults}
    missed = {(*place, code) for place, code in expected.items()} - found
    assert missed == set()
    for fault in faults:
        assert fault.sheet in grid
        position(fault.cell)
        assert fault.severity in {"blocker", "warning", "note"}
        assert fault.says.strip().endswith((".", ")", "!", "?", "”")), fault.says
        assert fault.remedy.endswith((".", "?")), fault


def test_a_fault_has_all_that_is_asked(county: House, base: tuple[Grid, Checked]) -> None:
    """In JSON a fault has sheet, cell, code, severity, what is wrong, and what to do."""
    grid = deepcopy(base[0])
    grid["Money out"][8, 7] = "a lot"
    (fault,) = [each for each in check_workbook(county, read(written(grid))).faults if each.code == SHAPE]
    data = fault.as_data()
    assert {"sheet", "cell", "code", "severity", "says", "remedy"} <= set(data)
    assert (data["sheet"], data["cell"], data["severity"]) == ("Money out", "G8", "blocker")
    assert "a lot" in data["says"]


def test_what_rests_on_an_unreadable_cell_says_so(county: House, base: tuple[Grid, Checked]) -> None:
    """Sums are checked all the same; the finding says that cells which cannot be read count as empty in it."""
    grid = deepcopy(base[0])
    grid["Money out"][8, 7] = Formula("=1/0", "#DIV/0!")
    checked = check_workbook(county, read(written(grid)))
    sums = [each for each in checked.faults if each.code == "sources-and-spend-differ"]
    assert [each.cell for each in sums] == ["G7"]
    assert "cannot be read count as empty" in sums[0].says
    assert checked.plan is None


def test_an_error_where_nothing_is_read_is_told_too(county: House, base: tuple[Grid, Checked]) -> None:
    """An error cell beside a table is no input, and is reported as a note."""
    grid = deepcopy(base[0])
    grid["Money out"][40, 20] = Formula("=1/0", "#DIV/0!")
    (fault,) = [each for each in check_workbook(county, read(written(grid))).faults if each.code == ERROR]
    assert (fault.cell, fault.severity) == ("T40", "note")
