"""Notices of steps: who is to review, moderate, decide, ratify or confirm is told, and nobody whom it would tell too much."""

import pytest

from carepool.actions.assuring import assign_reviewer, moderate
from carepool.actions.deciding import decide_plan
from carepool.actions.delegating import delegations_for, end_decision_delegation
from carepool.actions.demonstration import Stage
from carepool.actions.notices import MemoryNotices
from carepool.actions.planning import view
from carepool.actions.recording import confirm_record
from carepool.actions.telling import make_notices
from carepool.journal.commands import Done
from tests.spec.test_agreement import PLAIN, let, now, record, shown, sign
from tests.spec.test_agreement import stage as agreeing
from tests.spec.test_assurance import COUNCILS, NHS, hand_in, said
from tests.spec.test_assurance import now as seen
from tests.spec.test_assurance import stage as assuring

__all__ = ["agreeing", "assuring"]
THORNMERE = "thornmere"


def told(stage: Stage, held: MemoryNotices) -> set[tuple[str, str]]:
    """Handle and subject after the plan's title of each notice that a round makes."""
    known = set(held.held)
    make_notices(stage.house, held)
    handles = {person.account: handle for handle, person in stage.cast.items()}
    return {
        (handles[each.account], each.subject.rpartition(": ")[2])
        for id_, each in held.held.items()
        if id_ not in known
    }


@pytest.fixture
def held() -> MemoryNotices:
    """Nobody has been told of anything."""
    return MemoryNotices()


# Assurance


def test_a_reviewer_is_told_and_the_moderator_once_both_reviews_are_in(
    assuring: Stage, held: MemoryNotices
) -> None:
    """Who is chosen is told; one review alone is told to nobody, both to who moderates, and moderated to who may decide."""
    told(assuring, held)
    said.choose(assuring, "wolds")
    chosen = {who for who, subject in told(assuring, held) if subject == "a review waits for you"}
    assert chosen == {said.REVIEWERS[NHS], said.REVIEWERS[COUNCILS]}
    assert isinstance(hand_in(assuring, NHS), Done)
    assert told(assuring, held) == set()
    assert isinstance(hand_in(assuring, COUNCILS), Done)
    assert told(assuring, held) == {("moderator", "two reviews wait to be moderated")}
    found = seen(assuring)
    judged = said.judgement(found, {})
    assert isinstance(moderate(assuring.house, assuring.actor("moderator"), "wolds", found.digest, judged), Done)  # fmt: skip
    deciders = {who for who, subject in told(assuring, held) if subject == "its outcome waits to be decided"}
    assert "nhs.director" in deciders
    assert not deciders & {*said.REVIEWERS.values(), "moderator"}, "they are kept apart from deciding"


def test_who_was_chosen_and_replaced_is_not_told(assuring: Stage, held: MemoryNotices) -> None:
    """A round that comes late tells only the one who reviews now."""
    for handle in ("nhs.assurer", "nhs.reviewer"):
        account = assuring.cast[handle].account
        assert isinstance(assign_reviewer(assuring.house, assuring.actor("moderator"), "wolds", NHS, account), Done)  # fmt: skip
    assert {who for who, subject in told(assuring, held) if subject == "a review waits for you"} == {"nhs.reviewer"}  # fmt: skip


# Decisions


def test_whoever_ratifies_is_told(agreeing: Stage, held: MemoryNotices) -> None:
    """A delegated officer's decision waits for the body: whoever may ratify is told, and the officer is not."""
    assert isinstance(let(agreeing, "thornmere.chief", "thornmere.director"), Done)
    told(agreeing, held)
    assert isinstance(sign(agreeing, "thornmere.director", "council:ZZ7"), Done)
    asked = {who for who, subject in told(agreeing, held) if subject == "a decision waits to be ratified"}
    assert asked == {"thornmere.chief", "thornmere.cabinet"}


def test_a_refusal_by_delegation_waits_to_be_ratified_too(agreeing: Stage, held: MemoryNotices) -> None:
    """The body ratifies what was refused for it as what was agreed."""
    assert isinstance(let(agreeing, "thornmere.chief", "thornmere.director"), Done)
    told(agreeing, held)
    refused = decide_plan(
        agreeing.house, agreeing.actor("thornmere.director"), THORNMERE, "council:ZZ7", *shown(agreeing),
        agrees=False, reasons="Too dear.", how=PLAIN,
    )  # fmt: skip
    assert isinstance(refused, Done)
    assert ("thornmere.cabinet", "a decision waits to be ratified") in told(agreeing, held)


def test_who_was_let_decide_is_told_that_they_are_no_more(agreeing: Stage, held: MemoryNotices) -> None:
    """A delegation that ends is told to whoever had it."""
    assert isinstance(let(agreeing, "thornmere.chief", "thornmere.director"), Done)
    told(agreeing, held)
    (given,) = delegations_for(agreeing.house, view(agreeing.house, THORNMERE))
    ended = end_decision_delegation(
        agreeing.house, agreeing.actor("thornmere.chief"), THORNMERE, "council:ZZ7", given.signed, "She left."
    )
    assert isinstance(ended, Done)
    assert {who for who, _ in told(agreeing, held)} == {"thornmere.director"}


def test_whoever_recorded_a_decision_is_told_that_it_was_rejected(
    agreeing: Stage, held: MemoryNotices
) -> None:
    """The clerk learns that the minute did not say so; the reasons stand on the page."""
    told(agreeing, held)
    assert isinstance(record(agreeing), Done)
    told(agreeing, held)
    (waiting,) = now(agreeing).said.records
    done = confirm_record(
        agreeing.house, agreeing.actor("thornmere.chair"), THORNMERE, waiting, "", stands=False, reasons="It says no."
    )  # fmt: skip
    assert isinstance(done, Done)
    assert told(agreeing, held) == {("thornmere.board.clerk", "a record was rejected")}
