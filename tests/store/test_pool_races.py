"""Two clients want the last pound of a scheme at the same instant: one has it, on every database, every time.

500 races on each, and 20,000 under ``make soak``.
"""

import os
from threading import Barrier

import pytest

from carepool.actions.house import House as Answering
from carepool.basics.refusals import Refused, Unusable
from carepool.journal.commands import Decision, Done
from carepool.journal.verify import verify
from carepool.pool.accounts import Heading
from carepool.pool.entering import enter
from tests.counts import counting
from tests.store.houses import House
from tests.store.pooling import (
    NOW,
    POUND,
    SOURCE,
    books_in,
    client_of,
    open_pool_with,
    spend,
    spending,
    spent_of,
)

SOAK = os.environ.get("HYPOTHESIS_PROFILE") == "soak"
ROUNDS = 20_000 if SOAK else 500
BATCH = 250
"""Races in one pool: a scheme for each."""
CONTROLS = 100
"""Races without the guard."""


@pytest.mark.slow
def test_the_last_pound_is_spent_once(sql_house: House, house_of_england: Answering) -> None:
    """As commands, which hold, read, decide and write; whoever was too late reads again and is refused."""
    with counting(f"Races for the last pound on {sql_house.vendor}") as found:
        for batch in range(ROUNDS // BATCH):
            pool = f"last-{batch}"
            schemes = [f"s{number}" for number in range(BATCH)]
            open_pool_with(sql_house.journal, schemes, pool=pool)
            together = Barrier(2)

            def client(account: str, pool=pool, schemes=schemes, together=together) -> list[Done | Refused]:
                mine, done = (
                    client_of(sql_house.journal, house_of_england.areas, house_of_england.rulebook),
                    [],
                )
                for scheme in schemes:
                    together.wait(60)
                    done.append(spend(mine, account, f"{pool}/{scheme}", scheme, pool=pool))
                return done

            one, other = sql_house.together(lambda: client("ann"), lambda: client("bob"))
            assert isinstance(one, list), one
            assert isinstance(other, list), other
            for pair in zip(one, other, strict=True):
                assert sorted(type(each).__name__ for each in pair) == ["Done", "Refused"], pair
                assert all("which has £0 left" in each.says for each in pair if isinstance(each, Refused))
            books = books_in(sql_house.journal, pool)
            assert books.amount(Heading.SPENT) == POUND * BATCH
            assert not any(books.left(scheme, SOURCE) for scheme in schemes)
        assert verify(sql_house.journal).clean
        found += [f"{ROUNDS:,} races", "0 overspent"]


def race(sql_house: House, pool: str, *, guarded: bool) -> list[object]:
    """Both read and decide before either writes; what each came to. Without the guard a decision rests on nothing it read."""
    journal, both_have_decided = sql_house.journal, Barrier(2)
    stream = open_pool_with(journal, ["s"], pool=pool)

    def client(account: str) -> None:
        books = books_in(journal, pool)
        decided = enter(books, spending("s"))
        both_have_decided.wait(60)
        assert isinstance(decided, Decision)
        with journal.transaction():
            journal.hold([stream])
            expected = books.version if guarded else journal.version(stream)
            journal.append(decided.facts, expecting={stream: expected}, by=account, at=NOW)

    return sql_house.together(lambda: client("ann"), lambda: client("bob"))


@pytest.mark.slow
def test_without_the_guard_the_last_pound_is_spent_twice(sql_house: House) -> None:
    """The control: where a decision does not rest on the version it read, both spend it, and then the books are not shown."""
    with counting(f"The control on {sql_house.vendor}") as found:
        for number in range(CONTROLS):
            results = race(sql_house, f"guarded-{number}", guarded=True)
            assert sorted(type(each).__name__ for each in results) == ["Conflict", "NoneType"], results
            assert spent_of(sql_house.journal, "s", f"guarded-{number}") == POUND
        twice = 0
        for number in range(CONTROLS):
            race(sql_house, f"bare-{number}", guarded=False)
            twice += spent_of(sql_house.journal, "s", f"bare-{number}") > POUND
            with pytest.raises(Unusable, match="which has £0 left"):
                books_in(sql_house.journal, f"bare-{number}")
        found += [f"{CONTROLS} races without the guard", f"{twice} overspent"]
    assert twice == CONTROLS
