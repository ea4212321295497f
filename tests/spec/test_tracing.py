"""Tracing: from a figure of a plan to the version, person, time, cell and rule it came from, and to all that it reached."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest

from carepool.actions.demonstration import Stage, begin, build, decide, draft_all, people
from carepool.actions.editing import save_version
from carepool.actions.house import House
from carepool.actions.planning import start_plan, view
from carepool.actions.ports import MemoryDrafts
from carepool.actions.releasing import money_of
from carepool.actions.tracing import Output, Reached, origin, reaches
from carepool.basics.periods import Quarter
from carepool.basics.refusals import NotHere
from carepool.journal.commands import Done
from carepool.journal.facts import NewFact
from carepool.journal.memory import MemoryJournal
from carepool.plans.document import Plan, SpendLine, as_data
from carepool.wiring import disk

LEAD = "wolds.lead"
FIRST = "spend/spend/0/year_2"


@pytest.fixture
def stage(house: House) -> Stage:
    """The people of the county in office, and the Wolds' plan saved once."""
    made = Stage(replace(house, journal=MemoryJournal(), drafts=MemoryDrafts()), people(disk.county_files()))
    made.on(2014, 9, 1)
    for handle in made.cast:
        made.office(handle)
    made.plan = begin(made, "wolds", "ZZ2", "The Wolds", LEAD, "Z2A", "3.5")  # type: ignore[attr-defined]
    return made


@pytest.fixture(scope="module")
def county(house: House) -> House:
    """The whole county, with Carrowby's money released."""
    made = replace(house, journal=MemoryJournal(), drafts=MemoryDrafts())
    build(made, disk.county_files())
    return made


def lines(stage: Stage) -> tuple[SpendLine, ...]:
    return stage.plan.spend.spend  # type: ignore[attr-defined,no-any-return]


def saved(stage: Stage, *spend: SpendLine, lead: str = LEAD) -> None:
    """Another version, with these lines of spend."""
    plan: Plan = stage.plan  # type: ignore[attr-defined]
    content = plan.with_section("spend", plan.spend.model_copy(update={"spend": spend}))
    stage.plan = content  # type: ignore[attr-defined]
    draft_all(stage, "wolds", lead, content)
    assert isinstance(save_version(stage.house, stage.actor(lead), "wolds"), Done)


def only(reached: tuple[Reached, ...], output: Output) -> list[tuple[str, object]]:
    return [(each.says, each.value) for each in reached if each.output is output]


def test_who_entered_a_figure_and_who_changed_it(stage: Stage) -> None:
    """Each version that changed it is there, with what stood there before, who saved it and when; others are not."""
    first, second, *others = lines(stage)
    saved(stage, first, second.model_copy(update={"year_2": 7}), *others)
    stage.on(2014, 9, 20)
    saved(stage, first.model_copy(update={"year_2": 5}), second, *others)
    came = origin(stage.house, "wolds", FIRST)
    assert [(each.version.number, each.before, each.value) for each in came.steps] == [
        (1, None, first.year_2),
        (3, first.year_2, 5),
    ]
    assert [each.version.by for each in came.steps] == [stage.cast[LEAD].account] * 2
    assert came.steps[-1].version.at.date().isoformat() == "2014-09-20"
    assert (came.value, came.whole, came.began) == (5, True, False)


def test_a_figure_is_followed_when_its_row_moves(stage: Stage) -> None:
    """A row that stands elsewhere in an earlier version is the same row, by what names it."""
    first, *others = lines(stage)
    saved(stage, *others, first.model_copy(update={"year_2": 5}))
    came = origin(stage.house, "wolds", "spend/spend/2/year_2")
    assert [(each.version.number, each.value) for each in came.steps] == [(1, first.year_2), (2, 5)]


def test_a_row_that_came_later(stage: Stage) -> None:
    """A figure of a row that was added came with the version that added it."""
    new = lines(stage)[0].model_copy(update={"scheme": "S3", "provider": "Somebody new", "year_2": 9})
    saved(stage, *lines(stage), new)
    (step,) = origin(stage.house, "wolds", "spend/spend/3/year_2").steps
    assert (step.version.number, step.before, step.value) == (2, None, 9)


def test_the_title_and_a_party_have_their_places(stage: Stage) -> None:
    """The plan's title and each code of a list of codes are traced like any figure."""
    came = origin(stage.house, "wolds", "title")
    assert (came.value, came.place.where) == (view(stage.house, "wolds").plan.title, "title")
    board = origin(stage.house, "wolds", "parties/boards/0")
    assert (board.value, board.began) == (view(stage.house, "wolds").plan.parties.boards[0], True)
    with pytest.raises(NotHere, match="has no row 10"):
        origin(stage.house, "wolds", "parties/boards/9")


def test_a_line_of_spend_reaches_its_area_and_what_the_money_buys(stage: Stage) -> None:
    """Every total that a line is in is named: of all rows, its scheme, commissioner, area, and of what the money buys."""
    saved(stage, lines(stage)[0].model_copy(update={"area": "community_health"}), *lines(stage)[1:])
    rows = lines(stage)
    first = rows[0]
    said = dict(only(reaches(stage.house, "wolds", FIRST), Output.TOTAL))
    area = sum(each.year_2 for each in rows if each.area == first.area)
    assert said["Money out, 2015-16, area of spend: Community health"] == area
    buys = {each.id: each.buys for each in view(stage.house, "wolds").plan.schemes.schemes}
    same = sum(each.year_2 for each in rows if buys[each.scheme] == buys[first.scheme])
    (bought,) = [value for says, value in said.items() if "what the money buys" in says]
    assert bought == same


def test_a_field_that_was_empty_at_first(stage: Stage) -> None:
    """A field is entered when somebody fills it in, not when its section is first saved."""
    assert lines(stage)[0].source == ""
    saved(stage, lines(stage)[0].model_copy(update={"source": "carers_breaks"}), *lines(stage)[1:])
    (step,) = origin(stage.house, "wolds", "spend/spend/0/source").steps
    assert (step.version.number, step.before, step.value) == (2, "", "carers_breaks")
    assert origin(stage.house, "wolds", "spend/spend/1/source").steps == ()


def test_what_the_plan_began_with(stage: Stage) -> None:
    """A published baseline that nobody changed is said to be what the plan began from, before any version too."""
    assert origin(stage.house, "wolds", "target/quarters/0/baseline").began
    assert not origin(stage.house, "wolds", "target/quarters/0/planned").began
    start_plan(stage.house, stage.actor("farrowdale.lead"), "dale", "bcf-2014-08", ("ZZ3",), "The Dale")
    came = origin(stage.house, "dale", "target/quarters/0/baseline")
    assert (came.began, came.steps, came.version) == (True, (), None)
    assert reaches(stage.house, "dale", "target/quarters/0/baseline") == ()


def imports_a_workbook(stage: Stage, *rows: SpendLine) -> None:
    """The lead imports a workbook whose first line of spend was accepted, and whose second was rejected."""
    receipt = {
        "workbook": "0123456789abcdef",
        "drafted": {"spend": {"spend": [as_data(each) for each in rows]}},
        "cells": [
            {"sheet": "Money out", "cell": "F7", "where": "spend/0/year_2", "outcome": "accepted"},
            {"sheet": "Money out", "cell": "F8", "where": "spend/1/year_2", "outcome": "rejected"},
        ],
    }
    journal = stage.house.journal
    digest = journal.put(json.dumps(receipt).encode(), kind="receipt", media_type="application/json")
    fact = NewFact("imports/wolds", "PlanImported", 1, {"receipt": digest})
    version = journal.version("imports/wolds")
    journal.append(
        [fact], expecting={"imports/wolds": version}, by=stage.cast[LEAD].account, at=stage.house.clock()
    )


def test_the_cell_that_it_was_read_from(stage: Stage) -> None:
    """Where its saver had imported a workbook that gave it, the file, sheet and cell are named; no import, no cell."""
    assert [each.imported for each in origin(stage.house, "wolds", FIRST).steps] == [None]
    stage.on(2014, 9, 19)
    first, second, *others = lines(stage)
    five = [each.model_copy(update={"year_2": 5}) for each in (first, second)]
    imports_a_workbook(stage, *five, *others)
    stage.on(2014, 9, 20)
    saved(stage, *five, *others)
    before, after = origin(stage.house, "wolds", FIRST).steps
    assert before.imported is None, "that version was saved before the import"
    assert after.imported
    assert (after.imported.file, after.imported.sheet, after.imported.cell) == (
        "workbook 0123456789ab",
        "Money out",
        "F7",
    )
    assert origin(stage.house, "wolds", "spend/spend/1/year_2").steps[-1].imported is None
    saved(stage, first.model_copy(update={"year_2": 6}), second, *others)
    assert origin(stage.house, "wolds", FIRST).steps[-1].imported is None, (
        "what was imported was saved before"
    )


def test_what_was_typed_over_came_from_no_cell(stage: Stage) -> None:
    """A figure that was imported and then typed over before it was saved names no cell; one that was left does."""
    stage.on(2014, 9, 19)
    first, *others = lines(stage)
    imports_a_workbook(stage, first.model_copy(update={"year_2": 5}), *others)
    stage.on(2014, 9, 20)
    saved(stage, first.model_copy(update={"year_2": 6}), *others)
    step = origin(stage.house, "wolds", FIRST).steps[-1]
    assert (step.value, step.imported) == (6, None)


def test_a_cell_is_known_by_its_row(stage: Stage) -> None:
    """Where the row was moved after it was imported, its cell goes with it, and not with the row that stands there now."""
    stage.on(2014, 9, 19)
    first, second, *others = (each.model_copy(update={"year_2": 5}) for each in lines(stage))
    imports_a_workbook(stage, first, second, *others)
    stage.on(2014, 9, 20)
    saved(stage, second, first, *others)
    moved = origin(stage.house, "wolds", "spend/spend/1/year_2").steps[-1]
    assert moved.imported
    assert moved.imported.cell == "F7"
    assert origin(stage.house, "wolds", FIRST).steps[-1].imported is None


def test_an_import_that_cannot_be_read_is_none(stage: Stage) -> None:
    """An import without a receipt, or with one of another shape, tells of no cell and breaks nothing."""
    journal = stage.house.journal
    odd = journal.put(
        b'{"cells": ["A1", {"where": "nowhere"}]}', kind="receipt", media_type="application/json"
    )
    facts = [
        NewFact("imports/wolds", "PlanImported", 1, body)
        for body in ({}, {"receipt": odd}, {"receipt": "0" * 64})
    ]
    journal.append(facts, expecting={"imports/wolds": 0}, by=stage.cast[LEAD].account, at=stage.now)
    saved(stage, lines(stage)[0].model_copy(update={"year_2": 5}), *lines(stage)[1:])
    assert [each.imported for each in origin(stage.house, "wolds", FIRST).steps] == [None, None]


def test_the_rules_and_findings_that_speak_of_it(stage: Stage) -> None:
    """The rules of its section, and each finding about it or the year that it is in, with the rule that it rests on."""
    saved(stage, lines(stage)[0].model_copy(update={"year_2": 5}), *lines(stage)[1:])
    codes = {each.code for each in origin(stage.house, "wolds", FIRST).findings}
    assert "sources-and-spend-differ" in codes
    assert "sources-and-spend-differ" not in {
        each.code for each in origin(stage.house, "wolds", "spend/spend/0/year_1").findings
    }
    assert "bcf-2014-08/composition" in origin(stage.house, "wolds", FIRST).rules
    assert origin(stage.house, "wolds", "target/quarters/0/planned").rules[:3] == (
        "bcf-2014-08/payment/guideline",
        "bcf-2014-08/payment/unit_value",
        "bcf-2014-08/payment/release",
    )


@pytest.mark.parametrize(("where", "why"), [("money", "A plan has no place"), ("spend/spend/9/year_2", "no row 10 in this version")])  # fmt: skip
def test_what_is_not_there(stage: Stage, where: str, why: str) -> None:
    """A place that no plan has, and a row that this version has not, are not there."""
    for asked in (origin, reaches):
        with pytest.raises(NotHere, match=why):
            asked(stage.house, "wolds", where)


def test_a_version_that_was_withdrawn(stage: Stage) -> None:
    """What stood in a version whose content was withdrawn cannot be told, and the trace says that it ends there."""
    version = view(stage.house, "wolds").history.versions[0]
    saved(stage, lines(stage)[0].model_copy(update={"year_2": 5}), *lines(stage)[1:])
    stage.house.journal.withdraw(version.document)
    came = origin(stage.house, "wolds", FIRST)
    assert ([each.version.number for each in came.steps], came.whole) == ([2], False)


def test_the_totals_that_it_is_in(stage: Stage) -> None:
    """Money is in the total of its column, and in that of the rows of each code that its row has."""
    reached = reaches(stage.house, "wolds", FIRST)
    plan = view(stage.house, "wolds").plan
    totals = {each.code: each.value for each in reached if each.output is Output.TOTAL}
    assert totals[None] == plan.total("spend", "year_2")
    assert totals["schemes", "S1"] == sum(row.year_2 for row in plan.spend.spend if row.scheme == "S1")
    assert totals["partners", "Z2A"] == sum(
        row.year_2 for row in plan.spend.spend if row.commissioner == "Z2A"
    )


def test_a_target_is_at_stake(stage: Stage) -> None:
    """A quarter's target is in the cut of the year, and in what the cut puts at stake."""
    plan = view(stage.house, "wolds").plan
    cut = sum((row.baseline - row.planned for row in plan.target.quarters), Decimal(0))
    reached = reaches(stage.house, "wolds", "target/quarters/0/planned")
    assert only(reached, Output.TOTAL) == [("Fewer admissions in the four quarters", cut)]
    assert only(reached, Output.AT_STAKE) == [
        ("What the target puts at stake, before any cap", int(cut * 149_000))
    ]


def test_the_decisions_on_it(stage: Stage) -> None:
    """Every decision on a version that has it as it stands; one on a version in which it was another is not."""
    decide(stage, "wolds", "eastwold.chief")
    first, *others = lines(stage)
    saved(stage, first.model_copy(update={"year_1": first.year_1 + 1}), *others)
    assert only(reaches(stage.house, "wolds", FIRST), Output.DECISION) == [("council:ZZ21 agreed to version 1, which has it so", None)]  # fmt: skip
    assert only(reaches(stage.house, "wolds", "spend/spend/0/year_1"), Output.DECISION) == []


@pytest.mark.slow
def test_statements_releases_and_postings(county: House) -> None:
    """A quarter's target reaches the statement of that quarter and of every later one, their releases and postings."""
    money = money_of(county, "carrowby")
    reached = reaches(county, "carrowby", "target/quarters/1/planned")
    statements = dict(only(reached, Output.STATEMENT))
    assert statements["The fund: what is at stake at first"] == money.statement.money.fund
    for each in money.statement.quarters:
        known = each.quarter >= Quarter(2015, 1)
        assert (f"{each.quarter}: at most" in statements) is known
        assert statements.get(f"{each.quarter}: earned") == (each.payment if known else None)
    released = {key: each for key, each in money.books.releases.items() if key[0] >= Quarter(2015, 1)}
    assert [pence for _, pence in only(reached, Output.RELEASE)] == [
        each.pence for _, each in sorted(released.items())
    ]
    assert (
        len(only(reached, Output.POSTING))
        == sum(each.released_at is not None for each in released.values())
        > 0
    )


@pytest.mark.slow
def test_a_contribution_is_posted(county: House) -> None:
    """A source is posted to the pool when that opens; the part of it that is at stake stands off the pool."""
    money = money_of(county, "carrowby")
    rows = money.agreed.plan.sources.sources
    for number, row in enumerate(rows):
        posted = only(reaches(county, "carrowby", f"sources/sources/{number}/year_2"), Output.POSTING)
        assert sum(int(str(pence)) for _, pence in posted) == row.year_2
        assert only(reaches(county, "carrowby", f"sources/sources/{number}/year_1"), Output.POSTING) == []
    assert any("Off the pool" in says for n in range(len(rows)) for says, _ in only(reaches(county, "carrowby", f"sources/sources/{n}/year_2"), Output.POSTING))  # fmt: skip


def test_nothing_of_the_pool_for_what_was_not_signed_off(county: House) -> None:
    """A plan that is not signed off has reached no statement, release, posting or public page."""
    reached = reaches(county, "wolds", "target/quarters/0/planned")
    assert {each.output for each in reached} == {Output.TOTAL, Output.AT_STAKE, Output.DECISION, Output.PAPER, Output.PAGE}  # fmt: skip
    assert "plan-public" not in {each.page for each in reached}
    assert "plan-public" in {each.page for each in reaches(county, "carrowby", "target/quarters/0/planned")}


def test_a_changed_figure_has_reached_no_money(county: House) -> None:
    """Money follows the version that was signed off: a figure that is another in a later version has reached none of it."""
    stage = Stage(county, people(disk.county_files()))
    stage.on(2016, 3, 1)
    stage.count = 5_000
    plan = view(county, "carrowby").plan
    first, *others = plan.target.quarters
    changed = plan.target.model_copy(
        update={"quarters": (first.model_copy(update={"planned": first.planned - 1}), *others)}
    )
    draft_all(stage, "carrowby", "carrowby.lead", plan.with_section("target", changed))
    assert isinstance(save_version(stage.house, stage.actor("carrowby.lead"), "carrowby"), Done)
    assert only(reaches(county, "carrowby", "target/quarters/0/planned"), Output.STATEMENT) == []
    assert only(reaches(county, "carrowby", "target/quarters/1/planned"), Output.STATEMENT)


def test_as_at_an_earlier_position(stage: Stage) -> None:
    """At a position the figure is what it was then, and what came later is not there."""
    then = stage.house.journal.seal()
    saved(stage, lines(stage)[0].model_copy(update={"year_2": 5}), *lines(stage)[1:])
    came = origin(stage.house, "wolds", FIRST, then)
    assert [each.version.number for each in came.steps] == [1]
    assert came.value != 5
