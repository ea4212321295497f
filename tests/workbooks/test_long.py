"""Long lists: the work that a workbook causes grows with its rows, and not with their square, whatever is wrong with them."""

from collections.abc import Callable
from copy import deepcopy
from time import process_time

import pytest

from carepool.actions.demonstration import Stage
from carepool.plans.matching import match
from carepool.workbooks.checking import check_workbook
from carepool.workbooks.importing import import_workbook
from carepool.workbooks.layout import Table, sheets_of
from tests.workbooks.making import Grid, export, grid_of, read, written

FEW, MANY = 400, 3_200
MOST = 24
"""How many times as long eight times the rows may take; squares would be 64 times."""
Put = Callable[[Grid, int], None]


def put(grid: Grid, sheet: str, first: int, values: dict[int, object]) -> None:
    """One row more on a sheet, in its columns."""
    for column, value in values.items():
        grid[sheet][first, column] = value


ROWS: dict[str, Put] = {
    "a required cell is empty": lambda grid, at: put(grid, "Money out", 11 + at, {3: "Z6A", 8: 1}),
    "an amount cannot be read": lambda grid, at: put(grid, "Money out", 11 + at, {2: "S1", 3: "Z6A", 8: "lots"}),
    "schemes": lambda grid, at: put(grid, "Schemes", 40 + at, {2: f"X{at}"}),
    "one scheme again and again": lambda grid, at: put(grid, "Schemes", 40 + at, {2: "X"}),
    "one quarter again and again": lambda grid, at: put(grid, "Admissions target", 40 + at, {2: "2014-15Q4", 3: 1, 4: 1}),
    "parties": lambda grid, at: put(grid, "Parties", 120 + at, {2: f"A{at:05}"}),
    "lines of spend": lambda grid, at: put(grid, "Money out", 11 + at, {2: "S1", 3: "Z6A", 8: at}),
}  # fmt: skip


@pytest.mark.parametrize("what", ROWS)
def test_checking_and_importing_grow_with_the_rows(shared: Stage, what: str) -> None:
    """Eight times as many rows take about eight times as long to be checked and merged."""
    grid = grid_of(read(export(shared.house, "carrowby")))
    spent = []
    for many in (FEW, MANY):
        longer = deepcopy(grid)
        for at in range(many):
            ROWS[what](longer, at)
        content = written(longer)
        book = read(content)
        before = process_time()
        checked = check_workbook(shared.house, book)
        import_workbook(shared.house, shared.actor("carrowby.lead"), content, book, checked, "carrowby")
        spent.append(process_time() - before)
        for draft in shared.house.drafts.of_plan("carrowby"):
            shared.house.drafts.drop("carrowby", draft.section, draft.editor)
    assert spent[1] < MOST * max(spent[0], 0.1)


@pytest.mark.parametrize("way", ["the same", "renamed", "all of one name"])
def test_telling_which_row_is_which_grows_with_the_rows(shared: Stage, way: str) -> None:
    """So it is where every row is as it was, where none is, and where all bear one name."""
    table = spend_table(shared)
    spent = []
    for many in (FEW, MANY):
        base = [row(table, "S1" if way == "all of one name" else f"S{at}", at) for at in range(many)]
        now = [{**each, "year_2": 7, "scheme": f"{each['scheme']}x" if way == "renamed" else each["scheme"]} for each in base]  # fmt: skip
        rows = base if way == "the same" else now
        before = process_time()
        found = match(base, rows, lambda each: f"{each['scheme']}, {each['commissioner']}")
        spent.append(process_time() - before)
        assert found == {at: at for at in range(many)}
    assert spent[1] < MOST * max(spent[0], 0.05)


def spend_table(stage: Stage) -> Table:
    sheets = sheets_of(stage.house.rulebook.named("bcf-2014-08"))
    table = next(each for each in sheets if each.section == "spend").table("spend")
    assert table
    return table


def row(table: Table, scheme: str, at: int) -> dict[str, object]:
    """A line of spend with something in every column."""
    held: dict[str, object] = {each.name: f"{each.name} {at}" for each in table.columns}
    return {**held, "scheme": scheme, "year_1": at, "year_2": at}
