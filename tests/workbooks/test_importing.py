"""A workbook is merged into somebody's drafts cell by cell, three ways, and the receipt and the file are kept."""

import json
import random
from copy import deepcopy

import pytest

from carepool.actions.demonstration import Stage, must
from carepool.actions.editing import keep_draft, save_version, section_base, with_drafts
from carepool.actions.importing import imports, stream_of
from carepool.actions.planning import view
from carepool.actions.tracing import origin
from carepool.basics.refusals import Refused, Unusable
from carepool.journal.documents import Document
from carepool.journal.verify import verify
from carepool.plans.document import Plan, as_data
from carepool.workbooks.checking import check_workbook
from carepool.workbooks.importing import Imported, import_workbook
from tests.workbooks.changing import sort_visible
from tests.workbooks.making import Grid, export, grid_of, read, written

LEAD = "carrowby.lead"
NAME, YEAR_2 = 4, 8
"""Columns of Money out: the provider, and the last year's pounds."""


@pytest.fixture
def grid(stage: Stage) -> Grid:
    """Carrowby's workbook as it was exported."""
    return deepcopy(grid_of(read(export(stage.house, "carrowby"))))


def bring(stage: Stage, grid: Grid, who: str = LEAD, plan: str = "") -> Imported:
    """Import a grid; it is not refused."""
    content = written(grid)
    book = read(content)
    done = import_workbook(stage.house, stage.actor(who), content, book, check_workbook(stage.house, book), plan, file="ours.xlsx")  # fmt: skip
    assert isinstance(done, Imported), done
    return done


def drafted(stage: Stage, who: str = LEAD) -> Plan:
    """The plan as they would save it."""
    plan, _, wrong = with_drafts(stage.house, view(stage.house, "carrowby"), stage.cast[who].account)
    assert wrong == ()
    return plan


def others_save(stage: Stage, **changes: object) -> None:
    """Somebody else saves another version, with the first line of spend changed."""
    spend = view(stage.house, "carrowby").plan.spend
    first, *rest = spend.spend
    changed = spend.model_copy(update={"spend": (first.model_copy(update=changes), *rest)})
    base = section_base(view(stage.house, "carrowby"), "spend")
    assert keep_draft(stage.house, stage.actor(LEAD), "carrowby", "spend", as_data(changed), base) is None
    must(save_version(stage.house, stage.actor(LEAD), "carrowby"))


def test_export_then_import_is_no_change(stage: Stage, grid: Grid) -> None:
    """An unchanged workbook changes no draft, and every cell that is read is accepted as it was."""
    done = bring(stage, grid)
    assert (done.receipt.sections, done.receipt.conflicts, done.receipt.removed) == ([], [], [])
    assert done.receipt.counts()["rejected"] == 0
    assert {line.why for line in done.receipt.cells if line.outcome == "accepted"} == {"as it was"}
    assert stage.house.drafts.of_plan("carrowby") == ()


def test_a_change_goes_into_the_draft(stage: Stage, grid: Grid) -> None:
    """What was changed and added is in the draft; nothing is saved as a version."""
    grid["Money out"][8, YEAR_2] = 12.34
    grid["Money out"][11, 2], grid["Money out"][11, 3], grid["Money out"][11, YEAR_2] = "S1", "Z6A", "£1,000"
    versions = len(view(stage.house, "carrowby").history.versions)
    done = bring(stage, grid)
    assert done.receipt.sections == ["spend"]
    rows = drafted(stage).spend.spend
    assert (rows[0].year_2, rows[3].scheme, rows[3].year_2) == (1234, "S1", 100_000)
    assert len(view(stage.house, "carrowby").history.versions) == versions
    said = {line.at: (line.outcome, line.why, line.where) for line in done.receipt.cells if line.sheet == "Money out"}  # fmt: skip
    assert said["H8"] == ("accepted", "changed", "spend/spend/0/year_2")
    assert said["H11"] == ("accepted", "added", "spend/spend/3/year_2")


def test_what_others_changed_stays(stage: Stage, grid: Grid) -> None:
    """Different cells of one row, changed on both sides, both stand."""
    others_save(stage, year_1=777)
    grid["Money out"][8, NAME] = "=A new provider"
    done = bring(stage, grid)
    first = drafted(stage).spend.spend[0]
    assert (first.year_1, first.provider, done.receipt.conflicts) == (777, "=A new provider", [])


def test_the_same_cell_on_both_sides_is_a_conflict(stage: Stage, grid: Grid) -> None:
    """One cell changed to different things is shown three ways, rejected in the receipt, and theirs stays."""
    exported = view(stage.house, "carrowby").plan.spend.spend[0].year_2
    others_save(stage, year_2=500)
    grid["Money out"][8, YEAR_2] = 7.0
    done = bring(stage, grid)
    (conflict,) = done.receipt.conflicts
    assert (conflict.base, conflict.mine, conflict.theirs) == (exported, 700, 500)
    (line,) = [each for each in done.receipt.cells if each.outcome == "rejected"]
    assert (line.sheet, line.at) == ("Money out", "H8")
    assert drafted(stage).spend.spend[0].year_2 == 500


def test_the_same_change_on_both_sides_is_none(stage: Stage, grid: Grid) -> None:
    """Where both wrote the same there is nothing to ask."""
    others_save(stage, year_2=700)
    grid["Money out"][8, YEAR_2] = 7.0
    assert bring(stage, grid).receipt.conflicts == []


def test_rows_sorted_without_their_keys_and_changed_by_others(stage: Stage, grid: Grid) -> None:
    """Keys left behind by a sort of the visible cells mislead nobody: the others' change stays in its own row."""
    others_save(stage, year_1=777)
    sort_visible(grid, random.Random(5))
    done = bring(stage, grid)
    assert (done.receipt.conflicts, done.receipt.removed) == ([], [])
    assert [row.year_1 for row in drafted(stage).spend.spend if row.scheme == "S1"] == [777]


def test_a_row_that_is_emptied_is_taken_out(stage: Stage, grid: Grid) -> None:
    """A row emptied, or deleted, goes; the receipt says which."""
    for column in range(2, 9):
        grid["Money out"].pop((10, column), None)
    done = bring(stage, grid)
    assert [row.scheme for row in drafted(stage).spend.spend] == ["S1", "S2"]
    assert [how for _, how in done.receipt.removed] == ["taken out"]


def test_a_row_that_others_changed_is_not_taken_out(stage: Stage, grid: Grid) -> None:
    """A row that is gone here and changed there is a conflict; theirs stays."""
    others_save(stage, year_1=777)
    for column in range(1, 9):
        grid["Money out"].pop((8, column), None)
    done = bring(stage, grid)
    assert len(done.receipt.conflicts) == 1
    assert "S1" in [row.scheme for row in drafted(stage).spend.spend]


def with_lines(stage: Stage, grid: Grid, *, less: int = 0, **more: object) -> Grid:
    """Others have saved the plan without its first lines of spend, or with one more."""
    spend = view(stage.house, "carrowby").plan.spend
    lines = [*spend.spend[less:], *([spend.spend[0].model_copy(update=more)] if more else [])]
    base = section_base(view(stage.house, "carrowby"), "spend")
    changed = spend.model_copy(update={"spend": tuple(lines)})
    assert keep_draft(stage.house, stage.actor(LEAD), "carrowby", "spend", as_data(changed), base) is None
    must(save_version(stage.house, stage.actor(LEAD), "carrowby"))
    return grid


def test_a_row_that_others_took_out_stays_out(stage: Stage, grid: Grid) -> None:
    """One that was not changed here goes without a word of conflict; a change to it is a conflict, and it stays out."""
    with_lines(stage, grid, less=2)
    grid["Money out"][8, YEAR_2] = 7.0
    done = bring(stage, grid)
    assert [row.scheme for row in view(stage.house, "carrowby").plan.spend.spend] == ["S3"]
    assert done.receipt.sections == []
    (conflict,) = done.receipt.conflicts
    assert (conflict.where, conflict.theirs) == ("spend/spend", None)
    said = {line.at: (line.outcome, line.why) for line in done.receipt.cells if line.sheet == "Money out"}
    assert said["H8"] == ("rejected", "somebody else took the row out meanwhile; it stays out")
    assert said["H9"] == ("accepted", "somebody else took the row out meanwhile, and it was not changed here")


def test_a_row_that_both_added_is_one(stage: Stage, grid: Grid) -> None:
    """Cell for cell the same it is added once; another of the same scheme is another row, and no conflict."""
    with_lines(stage, grid, provider="St John", year_1=0, year_2=100, area="", source="")
    money = grid["Money out"]
    for row, provider in ((11, "St John"), (12, "Red Cross")):
        money[row, 2], money[row, 3], money[row, NAME], money[row, YEAR_2] = "S1", "Z6A", provider, 1.0
    done = bring(stage, grid)
    assert done.receipt.conflicts == []
    assert sorted(row.provider for row in drafted(stage).spend.spend if row.year_2 == 100) == ["Red Cross", "St John"]  # fmt: skip
    said = {line.at: line.why for line in done.receipt.cells if line.sheet == "Money out"}
    assert (said["H11"], said["H12"]) == ("changed in the same way by somebody else", "added")


def test_what_cannot_be_read_changes_nothing(stage: Stage, grid: Grid) -> None:
    """An unreadable cell is rejected with the reason and keeps what it had; the rest of its row is taken."""
    before = view(stage.house, "carrowby").plan.spend.spend[0]
    grid["Money out"][8, YEAR_2], grid["Money out"][8, NAME] = "lots", "Another"
    done = bring(stage, grid)
    after = drafted(stage).spend.spend[0]
    assert (after.year_2, after.provider) == (before.year_2, "Another")
    (line,) = [each for each in done.receipt.cells if each.outcome == "rejected"]
    assert (line.at, "lots" in line.why) == ("H8", True)


def test_a_row_without_its_name_is_rejected_and_none_is_lost(stage: Stage, grid: Grid) -> None:
    """A row whose scheme was emptied is rejected whole; the plan's row stays."""
    del grid["Money out"][8, 2]
    done = bring(stage, grid)
    assert {line.outcome for line in done.receipt.cells if line.sheet == "Money out" and line.at in {"C8", "H8"}} == {"rejected"}  # fmt: skip
    assert [row.scheme for row in drafted(stage).spend.spend] == ["S1", "S2", "S3"]


def test_a_column_or_sheet_that_is_gone_empties_nothing(stage: Stage, grid: Grid) -> None:
    """A deleted column and a deleted sheet leave the plan what it has."""
    grid["Money out"] = {place: value for place, value in grid["Money out"].items() if place[1] != NAME}
    del grid["Schemes"]
    assert bring(stage, grid).receipt.sections == []


@pytest.mark.parametrize(
    ("sheet", "table"), [("Risks and contingency", "contingencies"), ("Parties", "councils")]
)
def test_a_table_of_which_no_column_is_found_takes_nothing_out(
    stage: Stage, grid: Grid, sheet: str, table: str
) -> None:
    """Where its mark stands at something else too, so that it seems to have no columns and no rows, the plan keeps its rows."""
    (fields,) = [place for place, value in grid[sheet].items() if value == "carepool:fields"]
    grid[sheet][fields] = f"carepool:rows:{table}"
    before = view(stage.house, "carrowby").plan
    bring(stage, grid)
    after = drafted(stage)
    assert (after.risks.contingencies, after.parties.councils) == (before.risks.contingencies, before.parties.councils)  # fmt: skip


def test_ones_own_draft_is_merged_with(stage: Stage, grid: Grid) -> None:
    """What the same person has drafted on the web stays beside what the workbook changes."""
    found = view(stage.house, "carrowby")
    first, *rest = found.plan.spend.spend
    mine = found.plan.spend.model_copy(update={"spend": (first.model_copy(update={"year_1": 42}), *rest)})
    keep_draft(stage.house, stage.actor(LEAD), "carrowby", "spend", as_data(mine), section_base(found, "spend"))  # fmt: skip
    grid["Money out"][8, YEAR_2] = 7.0
    bring(stage, grid)
    first = drafted(stage).spend.spend[0]
    assert (first.year_1, first.year_2) == (42, 700)


def test_a_draft_that_cannot_be_read_is_left_alone(stage: Stage, grid: Grid) -> None:
    """A draft with something unreadable in it is not touched, and the receipt says why."""
    typed = {"spend": [{"scheme": "S1", "commissioner": "Z6A", "year_2": "lots"}]}
    keep_draft(stage.house, stage.actor(LEAD), "carrowby", "spend", typed, section_base(view(stage.house, "carrowby"), "spend"))  # fmt: skip
    grid["Money out"][8, YEAR_2] = 7.0
    done = bring(stage, grid)
    assert [each.content for each in stage.house.drafts.of_plan("carrowby")] == [typed]
    assert {"your draft of this section" in line.why for line in done.receipt.cells if line.outcome == "rejected"} == {True}  # fmt: skip


def test_it_is_recorded(stage: Stage, grid: Grid) -> None:
    """A fact cites the workbook and the receipt, which are kept as documents; the journal verifies."""
    grid["Money out"][8, YEAR_2] = 7.0
    done = bring(stage, grid)
    (made,) = imports(stage.house.journal.read(stream_of("carrowby")))
    assert (made.plan, made.sections, made.by) == ("carrowby", ("spend",), stage.cast[LEAD].account)
    kept, told = (stage.house.journal.document(each) for each in (made.workbook, made.receipt))
    assert isinstance(kept, Document)
    assert isinstance(told, Document)
    assert kept.content == written(grid)
    content = json.loads(told.content)
    assert content.pop("drafted") == {"spend": as_data(drafted(stage).spend)}
    assert content == {**done.receipt.as_data(), "workbook": made.workbook}
    assert kept.salt, "a workbook may have to be forgotten"
    assert told.salt
    assert verify(stage.house.journal).clean


def test_who_may_not_edit_is_refused(stage: Stage, grid: Grid) -> None:
    """An account without the office is refused, and nothing is recorded or drafted."""
    content = written(grid)
    book = read(content)
    checked = check_workbook(stage.house, book)
    refused = import_workbook(stage.house, stage.actor("wolds.lead"), content, book, checked)
    assert isinstance(refused, Refused)
    assert stage.house.journal.read(stream_of("carrowby")) == ()


def test_a_workbook_of_other_rules_or_of_no_plan(stage: Stage, grid: Grid) -> None:
    """A workbook that belongs to no plan here, or to other rules, is not merged into one."""
    for name, says in (("nowhere", "There is no plan"), ("", "before there was a plan")):
        grid["carepool"] |= {place: name for place, value in grid["carepool"].items() if value == "carrowby"}  # fmt: skip
        content = written(grid)
        book = read(content)
        with pytest.raises(Unusable, match=says):
            import_workbook(stage.house, stage.actor(LEAD), content, book, check_workbook(stage.house, book))
        grid["carepool"][3, 2] = "carrowby"


def test_without_its_base_every_difference_is_a_conflict(stage: Stage, grid: Grid) -> None:
    """A workbook of a version that is not held here overwrites nothing."""
    grid["carepool"][4, 2] = "0" * 64
    grid["Money out"][8, YEAR_2] = 7.0
    del grid["Parties"][13, 2]
    done = bring(stage, grid)
    assert ("spend/spend/0/year_2", 700) in [(each.where, each.mine) for each in done.receipt.conflicts]
    assert done.receipt.sections == []


def test_what_is_typed_over_before_saving_came_from_no_cell(stage: Stage, grid: Grid) -> None:
    """A figure leads to the cell that it was imported from only while it is what the cell said."""
    grid["Money out"][8, YEAR_2], grid["Money out"][9, YEAR_2] = 7.0, 8.0
    bring(stage, grid)
    spend = drafted(stage).spend
    first, *others = spend.spend
    typed = spend.model_copy(update={"spend": (first.model_copy(update={"year_2": 999}), *others)})
    base = section_base(view(stage.house, "carrowby"), "spend")
    assert keep_draft(stage.house, stage.actor(LEAD), "carrowby", "spend", as_data(typed), base) is None
    must(save_version(stage.house, stage.actor(LEAD), "carrowby"))
    over, left = (origin(stage.house, "carrowby", f"spend/spend/{row}/year_2").steps[-1] for row in (0, 1))
    assert (over.value, over.imported) == (999, None)
    assert left.imported
    assert (left.value, left.imported.sheet, left.imported.cell) == (800, "Money out", "H9")


def test_what_others_changed_came_from_no_cell(stage: Stage, grid: Grid) -> None:
    """A cell that was left as it was exported gave nothing, where others had changed the figure meanwhile."""
    others_save(stage, year_2=777)
    grid["Money out"][8, NAME] = "A new provider"
    done = bring(stage, grid)
    where = {line.at: line.where for line in done.receipt.cells if line.sheet == "Money out"}
    assert (where["H8"], where["D8"]) == ("", "spend/spend/0/provider")
