"""Every row and every cell that is seen in any workbook is accepted, rejected or ignored, with the reason."""

import random
from collections import Counter
from copy import deepcopy

import pytest

from carepool.actions.demonstration import Stage
from carepool.actions.house import House
from carepool.basics.refusals import Refused, Unusable
from carepool.plans.document import read_section
from carepool.workbooks.cells import reference
from carepool.workbooks.checking import check_workbook
from carepool.workbooks.importing import Imported, import_workbook
from tests.workbooks.changing import CHANGES, junk
from tests.workbooks.making import Grid, export, grid_of, read, seeds, written


@pytest.fixture(scope="module")
def grids(county: House) -> list[Grid]:
    """Three plans of the county as grids."""
    return [grid_of(read(export(county, plan))) for plan in ("carrowby", "wolds", "merrow")]


def seen(grid: Grid) -> Counter[tuple[str, str]]:
    """The cells of a grid that hold anything."""
    return Counter((sheet, reference(*place)) for sheet, cells in grid.items() for place, value in cells.items() if value != "")  # fmt: skip


@pytest.mark.parametrize("seed", seeds(100, 3_000))
def test_nothing_is_unaccounted_for(shared: Stage, grids: list[Grid], seed: int) -> None:
    """In a workbook with anything anywhere, the receipt has each cell once and each row once, and gives a reason for each."""
    chance = random.Random(seed)
    grid = deepcopy(chance.choice(grids))
    for name in chance.sample(list(CHANGES), chance.randrange(3)):
        CHANGES[name](grid, chance)
    junk(grid, chance, chance.randrange(1, 60))
    content = written(grid)
    book = read(content)
    try:
        checked = check_workbook(shared.house, book)
        done = import_workbook(shared.house, shared.actor("carrowby.lead"), content, book, checked, "carrowby")  # fmt: skip
    except Unusable as refusal:
        assert str(refusal).endswith(".")
        return
    assert isinstance(done, Imported), done
    receipt = done.receipt
    assert Counter((line.sheet, line.at) for line in receipt.cells) == seen(grid)
    rows = Counter((sheet, str(row)) for sheet, row in {(sheet, row) for sheet, cells in grid.items() for (row, _), value in cells.items() if value != ""})  # fmt: skip
    assert Counter((line.sheet, line.at) for line in receipt.rows) == rows
    for line in [*receipt.cells, *receipt.rows]:
        assert line.outcome in {"accepted", "rejected", "ignored"}
        assert line.why
    faulty = {(fault.sheet, fault.cell) for fault in checked.faults}
    conflicts = {(each.place[0], reference(*each.place[1:])) for each in receipt.conflicts}
    for line in receipt.cells:
        if line.outcome == "rejected" and "its row" not in line.why and "row out" not in line.why:
            assert (line.sheet, line.at) in faulty | conflicts, line
    for draft in shared.house.drafts.of_plan("carrowby"):
        assert read_section(draft.section, draft.content)[0] is not None, "a draft of an import can be read"
        shared.house.drafts.drop("carrowby", draft.section, draft.editor)


def test_importing_twice_changes_nothing_more(stage: Stage) -> None:
    """What an import has drafted is in the draft: the same workbook again changes nothing."""
    grid = grid_of(read(export(stage.house, "carrowby")))
    sheet = grid["Money out"]
    sheet[8, 8] = 12.0
    sheet[11, 2], sheet[11, 3], sheet[11, 7] = "S1", "Z6A", 5.0
    content = written(grid)
    book = read(content)

    def again() -> list[str]:
        done = import_workbook(stage.house, stage.actor("carrowby.lead"), content, book, check_workbook(stage.house, book))  # fmt: skip
        assert not isinstance(done, Refused)
        return done.receipt.sections

    assert again() == ["spend"]
    assert again() == []
