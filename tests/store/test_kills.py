"""The writer is killed at any instant, and nothing acknowledged is lost.

It is kill -9 of the process, and no power cut: what the system had been given survives it. Power cuts are simulated in
``test_power_cuts``. 20 kills on each database, and 500 under ``make soak``.
"""

import os
from multiprocessing import Pipe, get_context
from multiprocessing.connection import Connection
from random import Random
from time import sleep

import pytest
from django.db import connections

from carepool.actions.house import House as Answering
from carepool.journal.commands import Done
from carepool.journal.verify import verify
from carepool.pool.accounts import Heading
from tests.counts import counting
from tests.store.houses import House
from tests.store.pooling import books_in, client_of, open_pool_with, spend
from tests.store.writing import write_until_killed

SOAK = os.environ.get("HYPOTHESIS_PROFILE") == "soak"
KILLS = 500 if SOAK else 20
SEED = 20150401
LONGEST = 0.08
"""Seconds for which a writer writes at most after its first posting."""


def heard(told: Connection) -> list[int]:
    """What was acknowledged before the writer died; a last number may have been told in part."""
    numbers = []
    try:
        while told.poll():
            numbers.append(told.recv())
    except EOFError:
        pass
    return numbers


@pytest.mark.slow
def test_a_kill_of_the_writer_loses_nothing_that_was_acknowledged(
    sql_house: House, house_of_england: Answering
) -> None:
    """kill -9, not a power cut: every acknowledged posting is there and answered again under its key; the chain holds."""
    journal, random = sql_house.journal, Random(SEED)
    open_pool_with(journal, ["s"], 10**9)
    settings = {
        each: connections.settings[sql_house.alias][each] for each in ("ENGINE", "NAME", "USER", "HOST", "OPTIONS")
    }  # fmt: skip
    context = get_context("forkserver")
    context.set_forkserver_preload(["tests.store.writing"])
    acknowledged: list[int] = []
    unheard = 0
    with counting(f"Kills of the writer on {sql_house.vendor}") as found:
        for _ in range(KILLS):
            first = 1 + len(books_in(journal).postings)
            ours, theirs = Pipe(duplex=False)
            writer = context.Process(target=write_until_killed, args=(settings, first, theirs))
            writer.start()
            theirs.close()
            assert ours.poll(60), "the writer has not written"
            sleep(random.uniform(0, LONGEST))
            writer.kill()
            writer.join()
            told = heard(ours)
            acknowledged += told
            books = books_in(journal)
            there = {posting.says for posting in books.postings}
            assert {f"posting {number}" for number in acknowledged} <= there
            unheard += len(books.postings) - 1 - len(acknowledged) - unheard
            assert books.amount(Heading.SPENT) == len(books.postings) - 1
            assert verify(journal).clean
        officer = client_of(journal, house_of_england.areas, house_of_england.rulebook)
        for number in random.sample(acknowledged, 20):
            again = spend(officer, "ann", f"key-{number}", "s", 1, f"posting {number}")
            assert isinstance(again, Done)
            assert again.again
        found += [
            f"seed {SEED}", f"{KILLS} kills", f"{len(acknowledged):,} acknowledged", "0 lost",
            f"{unheard} written and not yet told",
        ]  # fmt: skip
    assert unheard <= KILLS
