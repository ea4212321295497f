"""Neighbouring plans: no board has two, no pound is in two, and every hospital sees what all plans take from it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from carepool.actions.demonstration import Stage, build, draft_all, people
from carepool.actions.demonstration_words import read_narrative
from carepool.actions.editing import save_version
from carepool.actions.house import House
from carepool.actions.planning import start_plan, view
from carepool.actions.ports import MemoryDrafts
from carepool.journal.commands import Done
from carepool.journal.memory import MemoryJournal
from carepool.plans.document import Plan, as_data
from carepool.wiring import disk

RULES = "bcf-2014-08"


@pytest.fixture
def stage(house: House) -> Stage:
    """The county as it is built, with its people to go on with, in March 2016."""
    files = disk.county_files()
    made = Stage(
        replace(house, journal=MemoryJournal(), drafts=MemoryDrafts()), people(files), read_narrative(files)
    )
    build(made.house, files)
    made.on(2016, 3, 1)
    made.count = 10_000
    return made


def codes(house: House, plan: str, *, alone: bool = False) -> dict[str, str]:
    """The findings of a plan by code."""
    return {each.code: each.says for each in view(house, plan, alone=alone).findings}


def another(
    stage: Stage, plan: str, board: str, lead: str, change: Callable[[dict[str, Any]], object]
) -> None:
    """A second plan of the board of an existing one, with that one's content after a change."""
    data = as_data(view(stage.house, plan).plan)
    change(data)
    assert isinstance(
        start_plan(stage.house, stage.actor(lead), "other", RULES, (board,), "The other plan"), Done
    )
    draft_all(stage, "other", lead, Plan.model_validate({**data, "title": "The other plan"}))
    assert isinstance(save_version(stage.house, stage.actor(lead), "other"), Done)


def test_a_board_with_two_plans_is_told_on_both(stage: Stage) -> None:
    """Carrowby's board has one plan; once another is saved for the same years, both say so."""
    assert "board-in-two-plans" not in codes(stage.house, "carrowby")
    another(stage, "carrowby", "ZZ6", "carrowby.lead", lambda d: d["sources"].update(sources=[]))
    assert "The other plan" in codes(stage.house, "carrowby")["board-in-two-plans"]
    assert "board-in-two-plans" in codes(stage.house, "other")
    assert "board-in-two-plans" not in codes(stage.house, "carrowby", alone=True)
    assert "board-in-two-plans" not in codes(stage.house, "wolds")


def test_the_same_pound_in_two_plans_is_found(stage: Stage) -> None:
    """Two plans that both hold all of Carrowby's reablement money promise it twice: the sums and the whole are said."""
    another(stage, "carrowby", "ZZ6", "carrowby.lead", lambda d: None)
    said = codes(stage.house, "other")["pledged-twice"]
    assert "into this plan and" in said
    assert "“Carrowby joint plan”" in said
    assert "it has £" in said


def test_half_of_a_pound_in_each_of_two_plans_is_no_fault(stage: Stage) -> None:
    """Where the two together are no more than the contributor has, nothing is said."""

    def none(data: dict[str, Any]) -> None:
        for row in data["sources"]["sources"]:
            row["year_2"] = 0

    another(stage, "carrowby", "ZZ6", "carrowby.lead", none)
    assert "pledged-twice" not in codes(stage.house, "other")


def test_a_trust_sees_all_plans_together(stage: Stage) -> None:
    """The Wolds and Farrowdale both take from Merrowshire Hospitals what each plan alone agreed: together it is too much."""
    said = codes(stage.house, "wolds")["trust-overloaded"]
    own = view(stage.house, "wolds").plan.flows.flows[0].reduction
    other = view(stage.house, "farrowdale").plan.flows.flows[0].reduction
    assert own and other
    assert f"together take {own + other:,} admissions from ZZT" in said
    assert "trust-overloaded" not in codes(stage.house, "carrowby")


def test_a_plan_that_is_only_started_is_no_neighbour(stage: Stage) -> None:
    """Until a version is saved nothing of it counts."""
    start_plan(stage.house, stage.actor("carrowby.lead"), "other", RULES, ("ZZ6",), "Only started")
    assert "board-in-two-plans" not in codes(stage.house, "carrowby")


def test_what_was_so_before_is_still_so_then(stage: Stage) -> None:
    """As at a position before the other plan was saved, nothing is said of it."""
    before = stage.house.journal.seal()
    another(stage, "carrowby", "ZZ6", "carrowby.lead", lambda d: None)
    assert "board-in-two-plans" not in {each.code for each in view(stage.house, "carrowby", before).findings}
