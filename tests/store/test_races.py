"""What must hold when several act at the same instant, on every journal that threads may share."""

from functools import partial
from threading import Barrier, Event

import pytest

from carepool.journal.commands import Decision, Done, Reading, perform
from carepool.journal.port import Conflict
from carepool.journal.verify import verify
from tests.store.houses import House
from tests.store.samples import AT, append, signed

ROUNDS = 50


def test_two_decisions_that_each_rest_on_the_others_stream_never_both_stand(house: House):
    """Both have read before either writes, so that exactly one of them is too late, every time."""
    for number in range(ROUNDS):
        plan, approval = f"plan/{number}", f"approval/{number}"
        both_have_read = Barrier(2)

        def act(stream: str, plan=plan, approval=approval, both_have_read=both_have_read) -> None:
            seen = {each: house.journal.version(each) for each in (plan, approval)}
            both_have_read.wait(10)
            house.journal.append([signed(stream)], expecting=seen, by="account-1", at=AT)

        results = house.together(partial(act, plan), partial(act, approval))
        assert sorted(type(result).__name__ for result in results) == ["Conflict", "NoneType"], results
        assert house.journal.version(plan) + house.journal.version(approval) == 1
    assert verify(house.journal).clean


def test_without_the_stream_only_read_both_would_stand(house: House):
    """The control of the test above: it is the expectation that keeps them apart."""
    both_have_read = Barrier(2)

    def act(stream: str) -> None:
        both_have_read.wait(10)
        house.journal.append([signed(stream)], expecting={stream: 0}, by="account-1", at=AT)

    assert house.together(lambda: act("plan/1"), lambda: act("approval/1")) == [None, None]


@pytest.mark.slow
def test_approve_unless_withdrawn_races_with_withdraw_unless_approved(house: House):
    """As commands, which read and decide again: one is done and the other refused, and both get an answer."""

    def act(number: int, writes: str, reads: str) -> object:
        def load(reading: Reading) -> bool:
            reading.read(f"{writes}/{number}")
            return bool(reading.read(f"{reads}/{number}"))

        return perform(
            house.journal,
            lambda other: "too late" if other else Decision((signed(f"{writes}/{number}"),), "done"),
            load=load,
            by=f"{writes}-officer",
            key=f"key-{number}",
            request={"number": number},
            clock=lambda: AT,
        )

    for number in range(ROUNDS):
        results = house.together(
            lambda number=number: act(number, "plan", "approval"),
            lambda number=number: act(number, "approval", "plan"),
        )
        answers = sorted(str(each.answer if isinstance(each, Done) else each) for each in results)
        assert answers == ["done", "too late"], results
    assert verify(house.journal).facts == ROUNDS


@pytest.mark.slow
def test_the_same_request_given_twice_at_once_acts_once_and_answers_both(house: House):
    """Also where the decision itself would refuse a second time: the second asker gets the first one's answer."""

    def act(number: int) -> object:
        return perform(
            house.journal,
            lambda facts: (
                "already signed" if facts else Decision((signed(f"plan/{number}"),), {"number": number})
            ),
            load=lambda reading: reading.read(f"plan/{number}"),
            by="account-1",
            key=f"key-{number}",
            request={"number": number},
            clock=lambda: AT,
        )

    for number in range(ROUNDS):
        results = house.together(*[lambda number=number: act(number)] * 2)
        assert all(isinstance(each, Done) for each in results), results
        assert [each.answer for each in results if isinstance(each, Done)] == [{"number": number}] * 2
        assert sorted(each.again for each in results if isinstance(each, Done)) == [False, True]
        assert house.journal.version(f"plan/{number}") == 1


def test_one_key_for_two_requests_at_once_does_one_of_them(house: House):
    def act(number: int, amount: int) -> object:
        return perform(
            house.journal,
            lambda _: Decision((signed(f"plan/{number}/{amount}"),), amount),
            load=lambda reading: reading.version(f"plan/{number}/{amount}"),
            by="account-1",
            key=f"key-{number}",
            request={"amount": amount},
            clock=lambda: AT,
        )

    for number in range(10):
        results = house.together(lambda number=number: act(number, 1), lambda number=number: act(number, 2))
        assert sorted(type(each).__name__ for each in results) == ["Done", "SameKey"], results
        assert len(house.journal.streams(f"plan/{number}/")) == 1


def test_a_busy_stream_loses_no_addition(house: House):
    def add(writer: int) -> list[object]:
        return [
            perform(
                house.journal,
                lambda facts: Decision((signed("pool/a", {"total": len(facts) + 1}),), len(facts) + 1),
                load=lambda reading: reading.read("pool/a"),
                by=f"account-{writer}",
                key=f"key-{number}",
                request={},
                clock=lambda: AT,
            )
            for number in range(10)
        ]

    results = house.together(*[lambda writer=writer: add(writer) for writer in range(4)])
    assert not [each for each in results if isinstance(each, Exception)], results
    assert [fact.body["total"] for fact in house.journal.read("pool/a")] == list(range(1, 41))


@pytest.mark.slow
def test_who_follows_by_position_misses_nothing_while_others_write(house: House):
    """Facts become visible in another order than they were begun in: only sealing gives an order to follow."""
    stop = Event()
    written = 15

    def write(writer: int) -> None:
        for number in range(written):
            with house.journal.transaction():
                append(house.journal, f"plan/{writer}", {"number": number})
                append(house.journal, f"plan/{writer}/{number}")

    def follow() -> list[tuple[int, str, int]]:
        seen: list[tuple[int, str, int]] = []
        while True:
            last_round = stop.is_set()
            house.journal.seal()
            after = seen[-1][0] if seen else 0
            seen += [
                (each.position, each.row.stream, each.row.version) for each in house.journal.sealed(after)
            ]
            if last_round:
                return seen

    def write_all() -> None:
        try:
            results = house.together(*[lambda writer=writer: write(writer) for writer in range(4)])
            assert results == [None] * 4, results
        finally:
            stop.set()

    one, other, wrote = house.together(follow, follow, write_all)
    assert wrote is None, wrote
    assert isinstance(one, list), one
    assert one == other
    assert [position for position, _, _ in one] == list(range(1, 4 * written * 2 + 1))
    assert len({(stream, version) for _, stream, version in one}) == 4 * written * 2
    assert verify(house.journal).clean


def test_the_same_document_put_twice_at_once_is_kept_once(house: House):
    for number in range(10):
        content = f"document {number}".encode()
        put = [lambda content=content: house.journal.put(content, kind="plan", media_type="text/plain")] * 2
        one, other = house.together(*put)
        assert one == other
        assert isinstance(one, str), one
    assert len(list(house.journal.documents())) == 10


@pytest.mark.postgres
def test_a_writer_waits_for_another_that_holds_its_stream(postgres_house: House):
    """Versions are compared after the locks are held: whoever waited finds what the other wrote."""
    held, done = Event(), Event()

    def first() -> None:
        with postgres_house.journal.transaction():
            append(postgres_house.journal, "plan/a")
            held.set()
            assert not done.wait(0.3)  # the second cannot have gone on

    def second() -> None:
        held.wait(10)
        try:
            postgres_house.journal.append([signed("plan/a")], expecting={"plan/a": 0}, by="account-2", at=AT)
        finally:
            done.set()

    nothing, conflict = postgres_house.together(first, second)
    assert nothing is None
    assert isinstance(conflict, Conflict)
