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
from carepool.basics.money import in_pounds
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
    """Carrowby's board has one plan; once another is saved for the same years, both say so, and neither names the other."""
    assert "board-in-two-plans" not in codes(stage.house, "carrowby")
    another(stage, "carrowby", "ZZ6", "carrowby.lead", lambda d: d["sources"].update(sources=[]))
    assert codes(stage.house, "carrowby")["board-in-two-plans"] == "ZZ6 has another plan for the same years."
    assert "board-in-two-plans" in codes(stage.house, "other")
    assert "board-in-two-plans" not in codes(stage.house, "carrowby", alone=True)
    assert "board-in-two-plans" not in codes(stage.house, "wolds")


@pytest.mark.slow
def test_the_same_pound_in_two_plans_is_found(stage: Stage) -> None:
    """Two plans that both hold Carrowby's reablement money promise it twice: this plan's sum and the whole are said.

    What the other plan is called and what it holds are not: not everybody who reads this one may read that.
    """

    def less(data: dict[str, Any]) -> None:
        for row in data["sources"]["sources"]:
            row["year_2"] = row["year_2"] - 1_234_567 if row["source"] == "reablement" else row["year_2"]

    another(stage, "carrowby", "ZZ6", "carrowby.lead", less)
    here, there = (
        next(row.year_2 for row in view(stage.house, plan).plan.sources.sources if row.source == "reablement")
        for plan in ("other", "carrowby")
    )
    found = [each.says for each in view(stage.house, "other").findings if each.code == "pledged-twice"]
    said = next(each for each in found if " of reablement into " in each)
    assert f"puts {in_pounds(here)} of reablement into this plan for 2015-16" in said
    assert "that is more than the £" in said
    assert "Carrowby joint plan" not in said
    assert in_pounds(there) not in said.partition("more than")[0]


@pytest.mark.slow
def test_half_of_a_pound_in_each_of_two_plans_is_no_fault(stage: Stage) -> None:
    """Where the two together are no more than the contributor has, nothing is said."""

    def none(data: dict[str, Any]) -> None:
        for row in data["sources"]["sources"]:
            row["year_2"] = 0

    another(stage, "carrowby", "ZZ6", "carrowby.lead", none)
    assert "pledged-twice" not in codes(stage.house, "other")


@pytest.mark.slow
def test_a_trust_sees_all_plans_together(stage: Stage) -> None:
    """The Wolds and Farrowdale both take from Merrowshire Hospitals what each plan alone agreed: together it is too much.

    The trust reads both; who reads one of them is not told what the other takes.
    """
    said = codes(stage.house, "wolds")["trust-overloaded"]
    own = view(stage.house, "wolds").plan.flows.flows[0].reduction
    other = view(stage.house, "farrowdale").plan.flows.flows[0].reduction
    assert own and other
    assert f"This plan takes {own:,} admissions from ZZT. With what other plans take from it" in said
    assert f"{other:,}" not in said
    assert f"{own + other:,}" not in said
    assert "Farrowdale" not in said
    assert "trust-overloaded" not in codes(stage.house, "carrowby")


@pytest.mark.slow
def test_a_plan_that_is_only_started_is_no_neighbour(stage: Stage) -> None:
    """Until a version is saved nothing of it counts."""
    start_plan(stage.house, stage.actor("carrowby.lead"), "other", RULES, ("ZZ6",), "Only started")
    assert "board-in-two-plans" not in codes(stage.house, "carrowby")


@pytest.mark.slow
def test_what_was_so_before_is_still_so_then(stage: Stage) -> None:
    """As at a position before the other plan was saved, nothing is said of it."""
    before = stage.house.journal.seal()
    another(stage, "carrowby", "ZZ6", "carrowby.lead", lambda d: None)
    assert "board-in-two-plans" not in {each.code for each in view(stage.house, "carrowby", before).findings}
