"""Connections are spread over the workers by asking callers of the fullest to come again."""

from types import SimpleNamespace

from carepool.wiring.spreading import PAUSE, Spread


class _Request:
    closes = False

    def force_close(self) -> None:
        self.closes = True


class _Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def asked(spread: Spread, age: int, connections: int) -> bool:
    """Whether a worker with so many connections asks the caller of its next request to come again."""
    request = _Request()
    spread(SimpleNamespace(age=age, nr_conns=connections), request)
    return request.closes


def test_the_fuller_of_two_workers_asks_one_caller_at_a_time_until_they_hold_alike() -> None:
    """Fourteen and two are uneven, nine and seven are not; between two callers there is a pause."""
    clock = _Clock()
    spread = Spread(2, 4, clock)
    assert not asked(spread, 1, 2)
    assert asked(spread, 2, 14)
    assert not asked(spread, 2, 14)
    clock.now += PAUSE
    assert asked(spread, 2, 13)
    clock.now += PAUSE
    assert not asked(spread, 1, 7)
    assert not asked(spread, 2, 9)


def test_few_connections_stay_and_so_do_those_of_a_worker_alone() -> None:
    """A worker with a thread for each connection keeps them, and one without another has nobody to leave them to."""
    assert not asked(Spread(2, 4, _Clock()), 1, 4)
    assert not asked(Spread(1, 4, _Clock()), 1, 500)


def test_the_connections_of_a_worker_that_ended_are_counted_no_more() -> None:
    """Else the one in its place would be held for full, and nobody would leave it any."""
    clock = _Clock()
    spread = Spread(2, 4, clock)
    assert asked(spread, 1, 12)  # of the other nothing is known yet
    clock.now += PAUSE
    assert not asked(spread, 2, 12)
    spread.ended(SimpleNamespace(age=1))
    clock.now += PAUSE
    assert asked(spread, 2, 12)
