"""Counts through the wall: ``carepool care counts`` writes them in the person wing, ``carepool measure counts`` takes them into the fund.

They are a board's own measures: defined in the words of the rules, checked by a second person, then loaded. What is hidden for
being small stays hidden, and is never zero. Everybody and everything here is fictitious.
"""

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from carepool.actions.care_counts import evidence, take_care_counts
from carepool.actions.demonstration import Stage, people
from carepool.actions.house import House
from carepool.actions.own_figures import ask_own
from carepool.actions.ports import MemoryDrafts
from carepool.basics.canonical import digest_of
from carepool.basics.refusals import Unusable
from carepool.journal.memory import MemoryJournal
from carepool.measures.care_counts import read_care_counts
from carepool.measures.values import Status
from carepool.rules.caring import CareCounts
from carepool.rules.rulebook import Rulebook
from carepool.wiring import disk

TITLE = "Counts through the wall"
BOARD = "ZZ1"


def row(metric: str, month: str, numerator: int | None = None, denominator: int | None = None) -> dict[str, Any]:  # fmt: skip
    status = "suppressed" if numerator is None else "shown"
    return {"metric": metric, "board": BOARD, "month": month, "numerator": numerator, "denominator": denominator, "status": status}  # fmt: skip


ROWS = (
    row("can_plan_my_care", "2014-09", 30, 40),
    row("can_plan_my_care", "2014-10"),
    row("accountable_professional", "2014-10", 35, 50),
    row("traced_numbers", "2014-10"),
)


def written(*rows: dict[str, Any], **more: object) -> bytes:
    """A file of counts, with the checksum of what is in it."""
    content = {"form": "carepool-care-counts/1", "board": BOARD, "counted": "2014-11-03", "small_numbers": {"hide_to": 7}, "illustrative": True, "rows": list(rows), **more}  # fmt: skip
    return json.dumps(content | {"digest": digest_of("care-counts", 1, content)}).encode()


@pytest.fixture
def stage(house: House) -> Stage:
    """The people of the county in office, and nothing defined."""
    made = Stage(replace(house, journal=MemoryJournal(), drafts=MemoryDrafts()), people(disk.county_files()))
    made.on(2014, 11, 3)
    for handle in made.cast:
        made.office(handle)
    return made


def taken(stage: Stage, handle: str, content: bytes = b"", *, check: bool = False) -> dict[str, str]:
    """What is said of each count when somebody hands a file in."""
    _, steps = take_care_counts(stage.house, stage.actor(handle), content or written(*ROWS), check=check)
    return {each.count.id: each.says for each in steps}


def loaded(stage: Stage) -> Stage:
    """Defined by one person, checked by another, then loaded."""
    taken(stage, "merrow.lead")
    taken(stage, "merrow.chair", check=True)
    taken(stage, "merrow.lead")
    return stage


def test_a_count_is_defined_then_checked_by_somebody_else_and_only_then_loaded(stage: Stage) -> None:
    """One command does the next step of each; whoever defined it does not check it, and who may not load does not."""
    assert "waits for a second person" in taken(stage, "merrow.lead")["can_plan_my_care"]
    assert "A second person checks it" in taken(stage, "merrow.lead", check=True)["can_plan_my_care"]
    assert ask_own(stage.house, BOARD, "can_plan_my_care") is None
    assert "is checked" in taken(stage, "merrow.chair", check=True)["can_plan_my_care"]
    assert taken(stage, "merrow.lead")["can_plan_my_care"] == "2 months are loaded, 1 of them hidden."
    assert "held already" in taken(stage, "merrow.lead")["can_plan_my_care"]
    assert "none of the months" in taken(stage, "merrow.lead")["weekend_starts"]


def test_what_is_hidden_is_marked_and_never_zero(stage: Stage) -> None:
    """In the figures, and in the sentence beside a plan."""
    found = ask_own(loaded(stage).house, BOARD, "can_plan_my_care")
    assert found
    first, second = found.measured.values
    assert (first.numerator, first.denominator, first.value) == (30, 40, 75)
    assert (second.status, second.numerator, second.value) == (Status.SUPPRESSED, None, None)
    says = {each.count.id: each.says for each in evidence(stage.house, BOARD)}
    assert says["can_plan_my_care"] == "I can plan my care: 75% in 2014-09, counted by the person wing. Later months are hidden, because the counts are small."  # fmt: skip
    assert says["traced_numbers"] == "Records with a verified NHS number: hidden in 2014-10, because the counts are small."  # fmt: skip


def test_each_national_condition_that_people_show_has_its_counts(rulebook: Rulebook) -> None:
    """Joint assessment, data sharing and seven-day services; and the measure of experience, which has no national one."""
    counts = rulebook.caring(date(2014, 11, 3)).find("counts", CareCounts)
    assert counts
    conditions = {each for one in counts.care_counts for each in one.conditions}
    assert conditions == {"joint_assessment", "data_sharing", "seven_days"}
    assert [each.id for each in counts.care_counts if "user_experience" in each.metrics] == ["can_plan_my_care"]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"[]", "no JSON object"),
        (b"{}", "no file of counts"),
        (written(*ROWS).replace(b"30", b"35"), "checksum does not fit"),
        (written(*ROWS, person="somebody"), "person too much"),
        (written(row("can_plan_my_care", "2014-09", 41, 40)), "row 1"),
        (written({**row("can_plan_my_care", "2014-09", 3, 40), "status": "suppressed"}), "row 1"),
        (written({**row("can_plan_my_care", "2014-09"), "board": "ZZ2"}), "another board"),
        (written(row("can_plan_my_care", "2014-13", 30, 40)), "not written like 2015-04"),
        (written(ROWS[0], ROWS[0]), "stands twice"),
        (written({**ROWS[0], "name": "somebody"}), "row 1"),
    ],
)
def test_a_file_that_was_changed_or_holds_anything_else_is_refused(content: bytes, says: str) -> None:
    """By its checksum, and by exactly what may be in it: there is no place for a person."""
    with pytest.raises(Unusable, match=says):
        read_care_counts(content)


def test_invented_people_are_counted_for_no_real_board_and_nothing_else_comes_through(stage: Stage) -> None:
    """The wing of a demonstration says so in its file."""
    real = [{**each, "board": "E10000016"} for each in ROWS]
    with pytest.raises(Unusable, match="invented people"):
        taken(stage, "merrow.lead", written(*real, board="E10000016"))
    with pytest.raises(Unusable, match="nothing that the rules let through"):
        taken(stage, "merrow.lead", written(row("diagnoses", "2014-09", 30, 40)))
    assert "merrow" not in taken(stage, "wolds.lead")["can_plan_my_care"]
    assert evidence(stage.house, BOARD) == ()
