"""The schedule of delegation: parts need the authority of the whole, and to take something back is to have its authority."""

from datetime import UTC, date, datetime

import pytest

from carepool.actions.house import House
from carepool.actions.opening_pools import record_mandate_of
from carepool.journal.commands import Done
from carepool.offices.holdings import give, stream_of
from carepool.pool.accounts import Event
from carepool.pool.records import Matter
from tests.spec.test_opening_from_agreement import CCG, COUNCIL, Desk, changed, says

A_TO_B = {"scheme": "s1", "to_scheme": "s2", "source": "pooled"}
ON_S1 = {"scheme": "s1", "source": "pooled"}
PAID = {**ON_S1, "payee": "mates"}


@pytest.fixture
def desk(house: House) -> Desk:
    """A desk with an open pool: the manager may move £50,000 and commit £2,000,000, the finance officer more."""
    found = Desk(house)
    assert isinstance(found.open(), Done)
    return found


def entered(done: object) -> str:
    assert isinstance(done, Done), done
    assert isinstance(done.answer, dict)
    return str(done.answer["posting"])


def test_halves_need_the_authority_of_the_whole(desk: Desk) -> None:
    """What an office has moved for a scheme in the year counts with what it moves now, out of it or into it; the refusal says so."""
    entered(desk.ask("manager", Event.REDEPLOYED, 3_000_000, **A_TO_B))
    said = says(desk.ask("manager", Event.REDEPLOYED, 3_000_000, **A_TO_B))
    assert said.startswith(
        "£30,000 comes to £60,000 with the £30,000 that the pool manager has entered before from s1 or to s2, beyond your "
        "authority, which ends at £50,000 for a scheme or a body in the year (clause Schedule 2, row 1): parts need the authority of the whole. "
        "Who may: the section 151 officer up to £100,000"
    )
    for about in ({**A_TO_B, "to_scheme": "s3"}, {**A_TO_B, "scheme": "s3"}):
        assert "comes to £60,000" in says(desk.ask("manager", Event.REDEPLOYED, 3_000_000, **about))
    entered(desk.ask("manager", Event.REDEPLOYED, 2_000_000, **A_TO_B))
    entered(desk.ask("finance", Event.REDEPLOYED, 10_000_000, **A_TO_B))
    assert "with the £100,000 that the section 151 officer" in says(desk.ask("finance", Event.REDEPLOYED, 1, **A_TO_B))  # fmt: skip


def test_what_is_undone_counts_no_more(desk: Desk) -> None:
    """A move that its own office takes back is as if it had not been, and so is an order released."""
    number = entered(desk.ask("manager", Event.REDEPLOYED, 5_000_000, **A_TO_B))
    entered(desk.ask("manager", Event.REVERSED, of=number))
    entered(desk.ask("manager", Event.REDEPLOYED, 5_000_000, **A_TO_B))
    order = entered(desk.ask("manager", Event.COMMITTED, 200_000_000, **ON_S1))
    assert "comes to £2,000,000.01" in says(desk.ask("manager", Event.COMMITTED, 1, **ON_S1))
    entered(desk.ask("manager", Event.UNCOMMITTED, 50_000_000, of=order))
    entered(desk.ask("manager", Event.COMMITTED, 50_000_000, **ON_S1))
    assert "comes to £2,000,000.01" in says(desk.ask("manager", Event.COMMITTED, 1, **ON_S1))


def test_an_office_is_one_authority_whoever_holds_it(desk: Desk) -> None:
    """A second pool manager does not have the limit a second time."""
    stream = stream_of("council:ZZ6")
    desk.house.journal.append(
        [give("council:ZZ6", "pool_manager", "deputy", date(2015, 4, 1))],
        expecting={stream: desk.house.journal.version(stream)}, by="carepool", at=desk.at,
    )  # fmt: skip
    entered(desk.ask("manager", Event.REDEPLOYED, 5_000_000, **A_TO_B))
    assert "with the £50,000 that the pool manager" in says(desk.ask("deputy", Event.REDEPLOYED, 1, **A_TO_B))


def test_a_limit_says_what_it_is_held_against(house: House) -> None:
    """An agreement can have a limit for the whole pool's year, or for each entry by itself: it has to say so."""
    rows = [
        {"office": "pool_manager", "event": "move_budget", "up_to": "50_000", "over": "pool", "clause": "1"},
        {"office": "section_151_officer", "event": "move_budget", "up_to": "50_000", "over": "once", "clause": "2"},
    ]  # fmt: skip
    desk = Desk(house)
    assert isinstance(desk.open(changed(limits=rows)), Done)
    entered(desk.ask("manager", Event.REDEPLOYED, 5_000_000, **A_TO_B))
    said = says(desk.ask("manager", Event.REDEPLOYED, 1, scheme="s2", to_scheme="s3", source="pooled"))
    assert "has entered before in this pool and year" in said
    assert "which ends at £50,000 in the pool's year (clause 1)" in said
    for _ in range(2):
        entered(desk.ask("finance", Event.REDEPLOYED, 5_000_000, **A_TO_B))
    assert "which ends at £50,000 at once (clause 2)" in says(desk.ask("finance", Event.REDEPLOYED, 5_000_001, **A_TO_B))  # fmt: skip


def test_money_spent_without_an_order_has_the_limit_of_orders(desk: Desk) -> None:
    """Where only orders have a limit it is that of money: what is spent or accrued directly counts with what is ordered."""
    for event in (Event.SPENT, Event.ACCRUED):
        assert "£2,000,000.01 is beyond your authority" in says(
            desk.ask("manager", event, 200_000_001, **PAID)
        )
    entered(desk.ask("manager", Event.SPENT, 150_000_000, **PAID))
    accrual = entered(desk.ask("manager", Event.ACCRUED, 50_000_000, **PAID))
    for event in (Event.SPENT, Event.ACCRUED, Event.COMMITTED):
        assert "comes to £2,000,000.01" in says(desk.ask("manager", event, 1, **PAID))
    entered(desk.ask("manager", Event.UNACCRUED, of=accrual))
    entered(desk.ask("manager", Event.SPENT, 50_000_000, **PAID))


def test_what_uses_an_order_counts_against_the_order(desk: Desk) -> None:
    """The finance officer's order lets the manager spend it; what goes beyond it, VAT too, is the manager's own again."""
    order = entered(desk.ask("finance", Event.COMMITTED, 300_000_000, **ON_S1))
    entered(desk.ask("manager", Event.SPENT, 250_000_000, of=order, **PAID))
    said = says(desk.ask("manager", Event.SPENT, 250_000_001, vat=1, of=order, **PAID))
    assert said.startswith("£2,000,000.02 is beyond your authority")
    entered(desk.ask("manager", Event.SPENT, 60_000_000, of=order, **PAID))
    assert "comes to £2,000,000.01 with the £100,000" in says(
        desk.ask("manager", Event.SPENT, 190_000_001, **PAID)
    )


def test_a_reversal_has_the_limit_of_what_it_takes_back(desk: Desk) -> None:
    """What the manager could not have entered the manager cannot take back: not the finance officer's move, nor their order."""
    move = entered(desk.ask("finance", Event.REDEPLOYED, 9_000_000, **A_TO_B))
    assert "£90,000 is beyond your authority, which ends at £50,000" in says(
        desk.ask("manager", Event.REVERSED, of=move)
    )
    order = entered(desk.ask("finance", Event.COMMITTED, 300_000_000, **ON_S1))
    for event in (Event.REVERSED, Event.UNCOMMITTED):
        assert "£3,000,000 is beyond your authority" in says(desk.ask("manager", event, of=order))
    spent = entered(desk.ask("finance", Event.SPENT, 200_000_001, **PAID))
    assert "£2,000,000.01 is beyond your authority" in says(desk.ask("manager", Event.REVERSED, of=spent))
    for number in (move, order, spent):
        entered(desk.ask("finance", Event.REVERSED, of=number))


def test_reversals_of_others_add_up(desk: Desk) -> None:
    """Two reversals of what another authority entered need that of both together."""
    first, second = (entered(desk.ask("finance", Event.REDEPLOYED, 3_000_000, **A_TO_B)) for _ in range(2))
    entered(desk.ask("manager", Event.REVERSED, of=first))
    assert "comes to £60,000 with the £30,000" in says(desk.ask("manager", Event.REVERSED, of=second))


def test_a_reversal_needs_the_office_of_what_it_takes_back(desk: Desk) -> None:
    """What partners agreed to vary is taken back by whoever may enter it, with a mandate of its own."""
    about = {"party": CCG, "source": "pooled"}
    entering, undoing = (
        desk.mandate("partners", Matter("vary_contribution", 100, **about)) for _ in range(2)
    )
    for number in (entering, undoing):
        for who, partner in (("finance", COUNCIL), ("ccg", CCG)):
            assert isinstance(desk.agree(who, number, partner), Done)
    number = entered(desk.ask("finance", Event.CONTRIBUTED, 100, entering, **about))
    assert "must be its section 151 officer" in says(desk.ask("manager", Event.REVERSED, of=number))
    assert "beyond your authority" in says(desk.ask("finance", Event.REVERSED, of=number))
    assert "was used for posting" in says(desk.ask("finance", Event.REVERSED, mandate=entering, of=number))
    entered(desk.ask("finance", Event.REVERSED, mandate=undoing, of=number))
    assert "was used for posting" in says(desk.ask("finance", Event.CONTRIBUTED, 100, undoing, **about))


def test_two_decisions_of_the_board_add_up(desk: Desk) -> None:
    """What the joint board lets be moved for a scheme in the year is held against its own limit, half by half."""
    desk.at = datetime(2015, 6, 15, 9, tzinfo=UTC)
    first, second = (
        desk.mandate("joint_board", Matter("move_budget", 30_000_000, **A_TO_B)) for _ in range(2)
    )
    for number in (first, second):
        assert isinstance(desk.agree("ccg", number, CCG), Done)
    entered(desk.ask("manager", Event.REDEPLOYED, 30_000_000, first, **A_TO_B))
    said = says(desk.ask("manager", Event.REDEPLOYED, 30_000_000, second, **A_TO_B))
    assert (
        "is beyond what the joint board may decide, with what it has let be entered before. Who may: all partners together"
        in said
    )


def test_no_officer_alone_says_that_the_board_decided(desk: Desk) -> None:
    """What another partner's officer records needs no more; what the host's records, another partner confirms; and nobody does both."""
    matter = Matter("move_budget", 30_000_000, **A_TO_B)
    record = lambda who, words, partner="": record_mandate_of(desk.house, desk.actor(who), "joint", "2015-16", "joint_board", matter, date(2015, 6, 1), words, partner)  # fmt: skip
    assert "Hand in the minute" in says(record("ccg", b"  ", CCG))
    assert "must be its" in says(record("manager", b"So it was decided.", CCG))
    done = record("ccg", b"So it was decided.", CCG)
    assert isinstance(done, Done)
    assert isinstance(done.answer, dict)
    entered(desk.ask("manager", Event.REDEPLOYED, 30_000_000, str(done.answer["mandate"]), **A_TO_B))

    for body, office in (("ccg:Z6A", "chief_finance_officer"), ("council:ZZ6", "pool_manager")):
        stream = stream_of(body)
        desk.house.journal.append(
            [give(body, office, "both", date(2015, 4, 1))],
            expecting={stream: desk.house.journal.version(stream)}, by="carepool", at=desk.at,
        )  # fmt: skip
    done = record("both", b"And so again.")
    assert isinstance(done, Done)
    assert isinstance(done.answer, dict)
    number = str(done.answer["mandate"])
    assert "You have recorded this decision" in says(desk.agree("both", number, CCG))
    done = record("both", b"And so a third time.", CCG)
    assert isinstance(done, Done)
    assert isinstance(done.answer, dict)
    alone = desk.ask("both", Event.REDEPLOYED, 30_000_000, str(done.answer["mandate"]), **A_TO_B)
    assert "You alone say that mandate" in says(alone)
