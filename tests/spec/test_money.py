"""Money: quarters arrive on their publication dates, and what they earn moves from the CCG's books to the pool, once."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from carepool.actions.deciding import reach_stage
from carepool.actions.demonstration import Stage, build, decide, draft_all, filled, people
from carepool.actions.editing import save_version
from carepool.actions.house import House
from carepool.actions.permits import Actor
from carepool.actions.planning import view
from carepool.actions.ports import MemoryDrafts
from carepool.actions.releasing import (
    agreed_plan,
    approve_release_of,
    keep_money_of,
    money_of,
    open_pool_of,
    propose_release_of,
)
from carepool.basics.periods import Quarter, end_of_day
from carepool.basics.refusals import NotHere, Refused
from carepool.journal.commands import Done
from carepool.journal.documents import Document
from carepool.journal.memory import MemoryJournal
from carepool.journal.verify import verify
from carepool.pool.accounts import Heading
from carepool.pool.approving import Side
from carepool.wiring import disk

HOST, CCG_OFFICER = "carrowby.finance", "carrowby.ccg.finance"
Q2, Q3 = Quarter(2015, 2), Quarter(2015, 3)


def county(house: House) -> House:
    empty = replace(house, journal=MemoryJournal(), drafts=MemoryDrafts())
    build(empty, disk.county_files())
    return empty


@pytest.fixture
def stage(house: House) -> Stage:
    """The county as it is built, and its people to go on with; it is March 2016, when all outturns are known."""
    made = Stage(county(house), people(disk.county_files()))
    made.on(2016, 3, 1)
    made.count = 10_000
    return made


def says(refused: object) -> str:
    assert isinstance(refused, Refused), refused
    return refused.says


def approve(stage: Stage, handle: str, quarter: Quarter, side: Side) -> object:
    return approve_release_of(stage.house, stage.actor(handle), "carrowby", quarter, "Z6A", side)


@pytest.mark.slow
def test_the_county_is_the_same_each_time(house: House) -> None:
    """Built twice it is the same to the byte: the same facts, documents and Merkle root, with plans at every stage."""
    first, second = county(house), county(house)
    assert verify(first.journal).head == verify(second.journal).head
    assert verify(first.journal).clean
    assert [each.stream for each in first.journal.read("plan/merrow")] == ["plan/merrow"]


def test_no_money_before_ministers_have_signed(stage: Stage) -> None:
    """A plan that is only approved has no money, and the sentence says what is missing."""
    with pytest.raises(NotHere, match="Ministers have not signed off"):
        money_of(stage.house, "wolds")
    with pytest.raises(NotHere, match="Ministers have not signed off"):
        open_pool_of(stage.house, stage.actor(HOST), "farrowdale")


@pytest.mark.parametrize(
    ("day", "known"),
    [(date(2015, 5, 14), 0), (date(2015, 5, 15), 1), (date(2015, 8, 7), 2), (date(2016, 2, 12), 4)],
)
@pytest.mark.slow
def test_quarters_arrive_on_their_publication_dates(stage: Stage, day: date, known: int) -> None:
    """A payment is computed from the outturns published by the day; the others are not known yet, and not zero."""
    statement = money_of(stage.house, "carrowby", day).statement
    assert [each.payment is not None for each in statement.quarters] == [True] * known + [False] * (4 - known)


@pytest.mark.slow
def test_performance_money_opens_off_the_pool(stage: Stage) -> None:
    """The pool opens with the plan's sources; what the plan puts at stake stays with the CCG, contingent, until earned."""
    position = stage.house.journal.as_at(end_of_day(date(2015, 4, 2)))
    money = money_of(stage.house, "carrowby", date(2015, 4, 2), position)
    totals = money.books.totals
    assert totals.contingent == money.statement.money.fund
    assert totals.released == 0
    assert totals.contributed + totals.contingent == money.agreed.plan.total("sources", "year_2")


@pytest.mark.slow
def test_a_release_takes_two_people_on_two_sides(stage: Stage) -> None:
    """One from the CCG and one from the host approve; the second approval moves the money in the same instant."""
    before = money_of(stage.house, "carrowby").books
    assert before.awaiting()[0].quarter == Q2
    assert isinstance(approve(stage, HOST, Q2, Side.HOST), Done)
    after = money_of(stage.house, "carrowby").books
    due = money_of(stage.house, "carrowby").due["Z6A"][Q2]
    assert due
    assert after.totals.released - before.totals.released == due
    assert after.totals.contingent == before.totals.contingent - due
    assert after.amount(Heading.POOL) - before.amount(Heading.POOL) == due
    assert after.trial_balance() == 0


@pytest.mark.slow
def test_nobody_approves_for_a_side_that_is_not_theirs(stage: Stage) -> None:
    """The host's officer does not approve for the CCG, nor the CCG's for the host, nor anybody else's for either."""
    for handle, side in (
        (CCG_OFFICER, Side.HOST),
        ("vale.finance", Side.HOST),
        ("vale.finance", Side.CCG),
        ("carrowby.lead", Side.HOST),
    ):
        assert "must be its section 151 officer or chief finance officer" in says(
            approve(stage, handle, Q2, side)
        )
    assert "It is awaiting the host" in says(approve(stage, CCG_OFFICER, Q2, Side.CCG))


@pytest.mark.slow
def test_never_two_releases(stage: Stage) -> None:
    """A release that was posted is not approved, proposed or posted again; the same request again acts once."""
    actor = stage.actor(HOST)
    first, again = (
        approve_release_of(stage.house, actor, "carrowby", Q2, "Z6A", Side.HOST) for _ in range(2)
    )
    assert isinstance(first, Done)
    assert isinstance(again, Done)
    assert again.again
    assert isinstance(approve(stage, HOST, Q2, Side.HOST), Refused)
    due = money_of(stage.house, "carrowby").due["Z6A"][Q2]
    assert due
    assert isinstance(propose_release_of(stage.house, stage.actor(HOST), "carrowby", Q2, "Z6A", due), Refused)
    posted = [
        fact
        for fact in stage.house.journal.read("pool/carrowby/2015-16")
        if fact.kind == "ReleasePosted" and fact.body["quarter"] == str(Q2)
    ]
    assert len(posted) == 1


@pytest.mark.slow
def test_what_is_proposed_is_what_the_statement_asks(stage: Stage) -> None:
    """Another amount than the statement's is refused; the statement itself is kept with the proposal."""
    approve(stage, HOST, Q2, Side.HOST)
    due = money_of(stage.house, "carrowby").due["Z6A"][Q3]
    assert due
    assert "The statement asks" in says(
        propose_release_of(stage.house, stage.actor(HOST), "carrowby", Q3, "Z6A", due + 1)
    )
    assert isinstance(propose_release_of(stage.house, stage.actor(HOST), "carrowby", Q3, "Z6A", due), Done)
    release = money_of(stage.house, "carrowby").books.releases[Q3, "Z6A"]
    document = stage.house.journal.document(release.statement)
    assert isinstance(document, Document)
    assert agreed_plan(stage.house, "carrowby").version.digest in document.content.decode()


@pytest.mark.slow
def test_what_is_never_earned_stays_with_the_ccg(stage: Stage) -> None:
    """At the year's end the host closes: what was earned is in the pool, the rest is the CCG's, and they add up."""
    assert isinstance(keep_money_of(stage.house, stage.actor(HOST), "carrowby"), Refused)
    approve(stage, HOST, Q2, Side.HOST)
    due = money_of(stage.house, "carrowby").due["Z6A"][Q3]
    assert due
    propose_release_of(stage.house, stage.actor(HOST), "carrowby", Q3, "Z6A", due)
    approve(stage, CCG_OFFICER, Q3, Side.CCG)
    approve(stage, HOST, Q3, Side.HOST)
    assert isinstance(keep_money_of(stage.house, stage.actor(HOST), "carrowby"), Done)
    money = money_of(stage.house, "carrowby")
    totals = money.books.totals
    assert (totals.released, totals.kept, totals.contingent) == (
        money.statement.money.paid,
        money.statement.money.unreleased,
        0,
    )
    assert totals.released + totals.kept == money.statement.money.fund


@pytest.mark.slow
def test_the_account_as_at_an_earlier_day(stage: Stage) -> None:
    """As at an instant the books hold what had been recorded by then: nothing, one release, two."""
    released = []
    for day in (date(2015, 5, 19), date(2015, 6, 1), date(2015, 9, 1)):
        upto = stage.house.journal.as_at(end_of_day(day))
        released.append(money_of(stage.house, "carrowby", day, upto).books.totals.released)
    due = money_of(stage.house, "carrowby").due["Z6A"]
    first, second = due[Quarter(2014, 4)] or 0, due[Quarter(2015, 1)] or 0
    assert released == [0, first, first + second]


@pytest.mark.slow
def test_an_actor_is_needed_from_the_ccg_of_the_release(stage: Stage) -> None:
    """A key belongs to its account: another's request with the same key is another request."""
    key = "shared"
    one = approve_release_of(
        stage.house, Actor(stage.cast[HOST].account, key), "carrowby", Q2, "Z6A", Side.HOST
    )
    other = approve_release_of(
        stage.house, Actor(stage.cast[CCG_OFFICER].account, key), "carrowby", Q2, "Z6A", Side.CCG
    )
    assert isinstance(one, Done)
    assert isinstance(other, Refused)


@pytest.mark.slow
def test_money_follows_the_version_that_the_pool_was_opened_with(stage: Stage) -> None:
    """Once the pool is open, another version is not signed off beside it: that would be a variation of the agreement."""
    before = money_of(stage.house, "carrowby").statement.money
    content = filled(stage.house, None, "carrowby", "ZZ6", Decimal(6))
    draft_all(stage, "carrowby", "carrowby.lead", content)
    assert isinstance(save_version(stage.house, stage.actor("carrowby.lead"), "carrowby"), Done)
    decide(stage, "carrowby", "carrowby.chief", "carrowby.officer", "carrowby.chair")
    seen = view(stage.house, "carrowby")
    assert seen.history.current
    refused = reach_stage(
        stage.house,
        stage.actor("nhs.assurer"),
        "carrowby",
        "approved",
        seen.history.current.digest,
        seen.findings_digest,
    )
    assert "The pool of this plan is open on the version that was signed off before" in says(refused)
    assert money_of(stage.house, "carrowby").statement.money == before
