"""A workbook survives what people and programs do to it: sorted rows, moved columns, lost keys, numbers and days as text."""

import random
from copy import deepcopy

import pytest

from carepool.actions.house import House
from carepool.plans.document import Plan
from carepool.workbooks.checking import Checked, check_workbook
from tests.workbooks.changing import CHANGES, resaved
from tests.workbooks.making import SEED, Grid, export, grid_of, read, sections_of, seeds, written

SHAPE = {"plan-shape", "cell-unreadable", "error-cell", "column-twice", "column-missing", "table-missing", "answer-missing", "sheet-missing", "answer-twice", "sheet-twice"}  # fmt: skip


@pytest.fixture(scope="module")
def grid(county: House) -> Grid:
    """Carrowby's workbook as a grid."""
    return grid_of(read(export(county, "carrowby")))


def as_read(checked: Checked, plan: Plan) -> dict[str, object]:
    for name, section in checked.contents.sections.items():
        plan = plan.with_section(name, section.part)
    return sections_of(plan)


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_no_change_changes_nothing(county: House, carrowby: Plan, grid: Grid, change: str) -> None:
    """Each of these leaves the plan as it was, and nothing of its shape to complain of."""
    changed = deepcopy(grid)
    CHANGES[change](changed, random.Random(SEED))
    checked = check_workbook(county, read(written(changed)))
    assert [fault for fault in checked.faults if fault.code in SHAPE] == []
    assert as_read(checked, carrowby) == sections_of(carrowby)


def test_saved_again_by_another_program(county: House, carrowby: Plan) -> None:
    """Saved again by openpyxl it is the same plan, and totals are not complained of."""
    checked = check_workbook(county, read(resaved(export(county, "carrowby"))))
    assert [fault for fault in checked.faults if fault.code in SHAPE | {"never-calculated"}] == []
    assert as_read(checked, carrowby) == sections_of(carrowby)


TOGETHER = [name for name in CHANGES if name not in {"move_headed_columns", "lose_keys", "lose_key_rows", "rename_headings", "rename_sheets"}]  # fmt: skip


@pytest.mark.parametrize("seed", seeds(15, 300))
def test_several_at_once(county: House, carrowby: Plan, grid: Grid, seed: int) -> None:
    """Several of them one after another, with keys or with headings to go by, leave the plan as it was."""
    chance = random.Random(seed)
    chosen = [*chance.sample(TOGETHER, 3), chance.choice(["rename_sheets", "rename_headings", "move_headed_columns", "lose_key_rows", "lose_keys"])]  # fmt: skip
    changed = deepcopy(grid)
    if "dates_as_serials" in chosen and "numbers_as_text" in chosen:
        chosen.remove("dates_as_serials")  # a day as the text of a number is a number to anybody
    if "move_columns" in chosen:
        chosen[-1] = "rename_sheets"  # the others look for the hidden column at its first place
        chosen.sort(key=lambda name: name == "move_columns")
    for name in chosen:
        CHANGES[name](changed, chance)
    checked = check_workbook(county, read(written(changed)))
    assert ([fault for fault in checked.faults if fault.code in SHAPE], chosen) == ([], chosen)
    assert as_read(checked, carrowby) == sections_of(carrowby)
