"""Performance money of a pool that was opened from its agreement: earned money comes in by two approvals, and the rest is kept."""

from datetime import UTC, datetime

import pytest

from carepool.actions.house import House
from carepool.actions.notices import MemoryNotices
from carepool.actions.opening_pools import open_from
from carepool.actions.pools import books_now
from carepool.actions.settling_by_agreement import approve_earned, due_by_plan, keep_unearned, propose_earned
from carepool.actions.telling import make_notices
from carepool.basics.periods import Quarter
from carepool.basics.refusals import Refused
from carepool.journal.commands import Done
from carepool.pool.accounts import Heading
from carepool.pool.books import Side
from tests.spec.test_opening_from_agreement import CARROWBY, CCG, POOL, YEAR, Desk
from tests.workbooks.conftest import a_stage

TIED = 156_003_000
"""What the agreement ties to performance (clause 11.1)."""
EARNED = 60_000_000
Q1, Q2 = Quarter(2015, 1), Quarter(2015, 2)
WORDS = b"Fewer admissions in April to June, by the return of July (fictitious)."


@pytest.fixture
def desk(house: House) -> Desk:
    """A desk with a pool opened from an agreement that carries out no plan."""
    found = Desk(house)
    assert isinstance(found.open(), Done)
    return found


def propose(desk: Desk, pence: int = EARNED, quarter: Quarter = Q1, who: str = "finance", words: bytes = WORDS) -> Done | Refused:  # fmt: skip
    return propose_earned(desk.house, desk.actor(who), POOL, YEAR, quarter, CCG, pence, words)


def approve(desk: Desk, who: str, side: Side, quarter: Quarter = Q1) -> Done | Refused:
    return approve_earned(desk.house, desk.actor(who), POOL, YEAR, quarter, CCG, side)


def says(found: Done | Refused) -> str:
    assert isinstance(found, Refused), found
    return found.says


def test_what_the_agreement_ties_is_off_the_pool_until_both_have_approved_it(desk: Desk) -> None:
    """The CCG's finance officer approves for the CCG, the host's for the host; the second approval moves the money."""
    assert desk.books().amount(Heading.CONTINGENT, CCG) == TIED
    assert isinstance(propose(desk), Done)
    assert isinstance(approve(desk, "ccg", Side.CCG), Done)
    assert desk.books().amount(Heading.RELEASED) == 0
    assert isinstance(approve(desk, "finance", Side.HOST), Done)
    assert desk.books().amount(Heading.RELEASED, CCG) == EARNED
    assert desk.books().amount(Heading.CONTINGENT, CCG) == TIED - EARNED


def test_the_partners_are_told_of_a_release_of_a_pool_that_is_no_plans(desk: Desk) -> None:
    """Whoever approves for the CCG and for the host is told that one waits and that it was made; not who did it, and no sum."""
    held = MemoryNotices()

    def told() -> set[tuple[str, str, str]]:
        known = set(held.held)
        make_notices(desk.house, held)
        return {
            (each.account, each.subject.rpartition(": ")[2], each.link)
            for id_, each in held.held.items()
            if id_ not in known and "release" in each.subject
        }

    page = f"/pools/{POOL}/performance?year={YEAR}"
    told()
    propose(desk)
    assert told() == {("ccg", "a release waits to be approved", page)}
    approve(desk, "ccg", Side.CCG)
    assert told() == {("finance", "a release waits to be approved", page)}
    approve(desk, "finance", Side.HOST)
    assert told() == {("ccg", "a release was made", page)}
    assert not any("£" in each.text for each in held.held.values())


def test_the_statement_by_which_it_was_earned_is_kept_with_it(desk: Desk) -> None:
    """As a document of the release; a proposal without one is refused."""
    propose(desk)
    (release,) = desk.books().releases.values()
    document = desk.house.journal.document(release.statement)
    assert document is not None
    assert getattr(document, "content", b"") == WORDS
    assert "Say by which statement" in says(propose(desk, quarter=Q2, words=b" "))


def test_the_rest_stays_with_the_ccg_once_the_year_is_settled(desk: Desk) -> None:
    """What was not earned is kept by the CCG, and nothing is proposed of the year after that."""
    propose(desk)
    assert "Have it approved" in says(keep_unearned(desk.house, desk.actor("finance"), POOL, YEAR, WORDS))
    approve(desk, "ccg", Side.CCG)
    approve(desk, "finance", Side.HOST)
    assert isinstance(keep_unearned(desk.house, desk.actor("finance"), POOL, YEAR, WORDS), Done)
    books = desk.books()
    assert books.kept_at is not None
    assert books.amount(Heading.CONTINGENT, CCG) == 0
    assert "closed" in says(propose(desk, 1, Q2))


def test_no_more_is_released_than_the_agreement_ties(desk: Desk) -> None:
    """The refusal says how much stands off the pool."""
    assert "£1,560,030 off the pool" in says(propose(desk, TIED + 1))
    assert "earned nothing" in says(propose(desk, 0))
    assert "earns nothing in 2015-16" in says(propose(desk, 1, Quarter(2016, 1)))
    assert isinstance(propose(desk, TIED), Done)
    assert "that no proposal has spoken for" in says(propose(desk, 1, Q2))


def test_neither_side_approves_for_the_other(desk: Desk) -> None:
    """The CCG's officer approves for the CCG, the host's for the host."""
    propose(desk)
    assert "in the name of ccg:Z6A" in says(approve(desk, "finance", Side.CCG))
    assert "in the name of council:ZZ6" in says(approve(desk, "ccg", Side.HOST))
    assert "in the name of council:ZZ6" in says(propose(desk, quarter=Q2, who="ccg"))
    assert "is no CCG of this pool" in says(
        approve_earned(desk.house, desk.actor("ccg"), POOL, YEAR, Q1, "Z9Z", Side.CCG)
    )


def test_it_is_settled_once_and_the_same_key_acts_once(desk: Desk) -> None:
    """A request that arrives twice is answered as it was the first time."""
    actor = desk.actor("finance")
    first = propose_earned(desk.house, actor, POOL, YEAR, Q1, CCG, EARNED, WORDS)
    again = propose_earned(desk.house, actor, POOL, YEAR, Q1, CCG, EARNED, WORDS)
    assert isinstance(first, Done) and isinstance(again, Done)
    assert (again.again, again.answer) == (True, first.answer)
    approve(desk, "ccg", Side.CCG)
    assert "approved" in says(approve(desk, "ccg", Side.CCG))
    desk.at = datetime(2015, 7, 1, 9, tzinfo=UTC)
    assert "has been proposed" in says(propose(desk, EARNED + 1))


@pytest.mark.slow
def test_what_a_plan_says_is_due_stands_above_any_words(house: House) -> None:
    """Where the agreement carries out a plan, that plan's statement says what each quarter earned, and no other amount is proposed."""
    stage = a_stage(house)
    stage.on(2015, 12, 1)
    content = CARROWBY.read_bytes()
    opened = open_from(stage.house, stage.actor("carrowby.finance"), "second", YEAR, content, "carrowby")
    assert isinstance(opened, Done), opened
    due = due_by_plan(stage.house, books_now(stage.house, "second", YEAR))[CCG]
    quarter, pence = next((each, pence) for each, pence in due.items() if pence)

    def asked(much: int) -> Done | Refused:
        return propose_earned(
            stage.house, stage.actor("carrowby.finance"), "second", YEAR, quarter, CCG, much, WORDS
        )

    assert "The statement asks" in says(asked(pence + 1))
    assert isinstance(asked(pence), Done)
