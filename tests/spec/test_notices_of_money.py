"""Notices of money: the other side is told of a release, a correction or a dispute that waits for it, and what became of it."""

from datetime import date

import pytest

from carepool.actions.demonstration import Stage
from carepool.actions.notices import MemoryNotices
from carepool.actions.releasing import money_of
from carepool.actions.settling import (
    answer_dispute_of,
    approve_correction_of,
    confirm_use_of,
    dispute_of,
    end_dispute_of,
    propose_correction_of,
    record_use_of,
)
from carepool.actions.telling import make_notices
from carepool.pool.approving import Side
from tests.spec.test_releases import (
    CCG,
    CCG_OFFICER,
    CHAIR,
    HOST,
    PLAN,
    Q1,
    Q2,
    WAITING,
    _last,
    approve,
    correct,
    kept,
    must,
)
from tests.spec.test_releases import stage as stage

Told = set[tuple[str, str, str]]


@pytest.fixture
def before(stage: Stage) -> MemoryNotices:
    """All that was told before the test begins."""
    held = MemoryNotices()
    make_notices(stage.house, held)
    return held


def told(stage: Stage, held: MemoryNotices) -> Told:
    """Handle, subject after the plan's title, and page of each notice of money that a round makes."""
    known = set(held.held)
    make_notices(stage.house, held)
    handles = {person.account: handle for handle, person in stage.cast.items()}
    return {
        (handles[each.account], each.subject.partition(": ")[2], each.link.rpartition("/")[2])
        for id_, each in held.held.items()
        if id_ not in known and each.link.endswith(("/money", "/releases"))
    }


@pytest.mark.slow
def test_a_release_that_waits_and_one_that_was_made(stage: Stage, before: MemoryNotices) -> None:
    """The second approval tells the first side that the money moved; of what was approved meanwhile nobody is asked."""
    must(approve(stage, HOST, Side.HOST))
    assert told(stage, before) == {(CCG_OFFICER, "a release was made", "money")}


@pytest.mark.slow
def test_a_dispute_is_told_to_the_other_side(stage: Stage, before: MemoryNotices) -> None:
    """Opened, answered and ended by one side, the other is told each time, and neither the reasons nor the sum."""
    must(dispute_of(stage.house, stage.actor(HOST), PLAN, WAITING, Side.HOST, "The ward count is wrong."))
    assert told(stage, before) == {(CCG_OFFICER, "a payment is disputed", "releases")}
    number = _last(stage)
    must(answer_dispute_of(stage.house, stage.actor(CCG_OFFICER), PLAN, number, Side.CCG, "It is right."))
    assert told(stage, before) == {(HOST, "a dispute of a payment was answered", "releases")}
    must(end_dispute_of(stage.house, stage.actor(CCG_OFFICER), PLAN, number, Side.CCG, "stands", "Right."))
    ended = "somebody said how a dispute of a payment ends"
    assert told(stage, before) == {(HOST, ended, "releases")}
    must(end_dispute_of(stage.house, stage.actor(HOST), PLAN, number, Side.HOST, "stands", "Counted again."))
    assert told(stage, before) == {(CCG_OFFICER, ended, "releases")}
    assert not any("ward" in each.text or "£" in each.text for each in before.held.values())


def test_a_dispute_by_which_a_proposal_falls(stage: Stage, before: MemoryNotices) -> None:
    """The proposal is gone with its dispute, and the side that disputed it is told all the same."""
    must(dispute_of(stage.house, stage.actor(CCG_OFFICER), PLAN, WAITING, Side.CCG, "Counted twice."))
    told(stage, before)
    must(end_dispute_of(stage.house, stage.actor(HOST), PLAN, _last(stage), Side.HOST, "falls", "So it was."))
    assert {who for who, _, _ in told(stage, before)} == {CCG_OFFICER}


@pytest.mark.slow
def test_a_correction_waits_for_both_sides(stage: Stage, before: MemoryNotices) -> None:
    """Proposed and approved by one side it waits for the other; once it is posted both know."""
    paid = money_of(stage.house, PLAN).books.releases[Q1, CCG].pence
    correct(stage, Q2, {Q1: paid + 7_00})
    told(stage, before)
    done = must(propose_correction_of(stage.house, stage.actor(HOST), PLAN, Q1, CCG, 7_00, Side.HOST))
    assert isinstance(done.answer, dict)
    waits = "a correction of a payment waits to be approved"
    assert told(stage, before) == {(CCG_OFFICER, waits, "releases")}
    number = str(done.answer["correction"])
    must(approve_correction_of(stage.house, stage.actor(CCG_OFFICER), PLAN, number, Side.CCG))
    assert told(stage, before) == {(HOST, waits, "releases")}
    must(approve_correction_of(stage.house, stage.actor(HOST), PLAN, number, Side.HOST))
    assert told(stage, before) == {(CCG_OFFICER, "a payment was put right", "releases")}


@pytest.mark.slow
def test_what_the_board_decided_waits_for_the_board(stage: Stage, before: MemoryNotices) -> None:
    """A use that the CCG recorded is told to whoever confirms it for the board, and its confirmation to the CCG."""
    kept(stage)
    told(stage, before)
    done = must(record_use_of(stage.house, stage.actor(CCG_OFFICER), PLAN, CCG, 1_00, "other", "ZZ6", "Minute 9.", date(2016, 2, 20)))  # fmt: skip
    assert isinstance(done.answer, dict)
    assert (CHAIR, "a record is to be confirmed", "releases") in told(stage, before)
    must(confirm_use_of(stage.house, stage.actor(CHAIR), PLAN, str(done.answer["use"])))
    assert (CCG_OFFICER, "the board confirmed what it decided", "releases") in told(stage, before)
