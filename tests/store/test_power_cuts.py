"""Simulated power cuts on SQLite, on the store's own SQL: with its settings nothing acknowledged is lost, with a weaker one it is.

2,000 cuts, and 100,000 under ``make soak``. The disk is simulated in one process, so SQLite keeps the index of
its write-ahead log to itself (``locking_mode=EXCLUSIVE``); what it writes and syncs is the same.
"""

import os
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from random import Random

import apsw
import pytest
from django.db import connections

from carepool.actions.house import House as Answering
from carepool.journal.commands import Done
from carepool.journal.facts import Row, fact_of
from carepool.journal.verify import verify
from carepool.pool.facts import books_of
from carepool.store.journal import SqlJournal
from carepool.wiring.config import database_settings
from tests.counts import counting
from tests.store.houses import add_database, remove_database
from tests.store.pooling import YEAR, client_of, open_pool_with, spend
from tests.store.power import Disk

SOAK = os.environ.get("HYPOTHESIS_PROFILE") == "soak"
CUTS = 100_000 if SOAK else 2_000
SEED = 20150401
CONTROLS = 500
"""Cuts at the weaker setting."""
POSTINGS = 8
CHECKPOINTS = (1_000, 30, 8)
"""Pages after which the log is copied back: as the store has it, and so soon that it happens here."""
_FACTS = "SELECT {} FROM store_fact WHERE stream = ? ORDER BY version".format(
    ", ".join(f'"{name}"' for name in Row._fields)
)


class Recording:
    """A database file before, the statements of every posting as SQLite ran them, and the facts that they come to."""

    def __init__(self, path: Path, house: Answering) -> None:
        settings = database_settings(f"sqlite:///{path}")
        options = settings["OPTIONS"]
        assert isinstance(options, dict)
        self.settings = str(options["init_command"])
        alias = add_database(settings)
        journal = SqlJournal(alias)
        self.stream = open_pool_with(journal, ["s"], 100 * POSTINGS)
        remove_database(alias)  # the last connection to close copies the write-ahead log into the file
        self.before = path.read_bytes()
        alias = add_database(settings)
        journal = SqlJournal(alias)
        self.opened = journal.version(self.stream)
        officer = client_of(journal, house.areas, house.rulebook)
        self.statements: list[list[str]] = []
        for number in range(POSTINGS):
            heard: list[str] = []
            connections[alias].connection.set_trace_callback(heard.append)
            assert isinstance(spend(officer, "ann", f"key-{number}", "s"), Done)
            connections[alias].connection.set_trace_callback(None)
            # A trigger is told as the statement once more, or after dashes; SQLite will run it again by itself.
            told = [each for each in heard if not each.startswith("--")]
            self.statements.append([each for each, _ in groupby(told)])
        assert verify(journal).clean
        self.facts = [
            tuple(row) for row in connections[alias].connection.execute(_FACTS, (self.stream,)).fetchall()
        ]
        remove_database(alias)


@pytest.fixture(scope="module")
def recording(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, house_of_england: Answering
) -> Recording:
    """Made once."""
    path = tmp_path_factory.mktemp("power") / "carepool.sqlite3"
    path.write_bytes(sqlite_template.read_bytes())
    return Recording(path, house_of_england)


@pytest.fixture(scope="module")
def disk() -> Iterator[Disk]:
    """A disk that apsw's SQLite knows."""
    made = Disk("carepool-power")
    yield made
    made.unregister()


def run(recording: Recording, disk: Disk, synchronous: str, checkpoint: int) -> int:
    """Post until the power is gone; how many postings were acknowledged by then."""
    connection = _open(disk)
    for pragma in (
        recording.settings,
        f"PRAGMA synchronous={synchronous}",
        f"PRAGMA wal_autocheckpoint={checkpoint}",
    ):
        connection.execute(pragma).fetchall()
    acknowledged = 0
    for statements in recording.statements:
        for statement in statements:
            connection.execute(statement).fetchall()
        if disk.dead:
            break
        acknowledged += 1
    connection.close()
    return acknowledged


def _open(disk: Disk) -> apsw.Connection:
    connection = apsw.Connection("carepool.sqlite3", vfs=disk.name)
    connection.execute("PRAGMA locking_mode=EXCLUSIVE").fetchall()
    return connection


def found_after(recording: Recording, disk: Disk, left: dict[str, bytes]) -> int:
    """How many postings are there when the power is back; all that is there is whole, and a beginning of what was written."""
    disk.turn_on(left, Random(0))
    connection = _open(disk)
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    facts = connection.execute(_FACTS, (recording.stream,)).fetchall()
    assert facts == recording.facts[: len(facts)]
    posted = len(facts) - recording.opened
    (commands,) = connection.execute("SELECT count(*) FROM store_command").fetchall()[0]
    assert commands == posted
    connection.close()
    return posted


def cuts(recording: Recording, disk: Disk, synchronous: str, times: int) -> int:
    """How often, of all cuts, something acknowledged was lost."""
    random, lost, asked = Random(SEED), 0, {}
    for checkpoint in CHECKPOINTS:
        disk.turn_on({"carepool.sqlite3": recording.before}, random)
        assert run(recording, disk, synchronous, checkpoint) == POSTINGS
        asked[checkpoint] = disk.done
    assert asked[CHECKPOINTS[-1]] > asked[CHECKPOINTS[0]]
    for _ in range(times):
        checkpoint = random.choice(CHECKPOINTS)
        cut_at = random.randint(1, asked[checkpoint])
        disk.turn_on({"carepool.sqlite3": recording.before}, random, cut_at)
        acknowledged = run(recording, disk, synchronous, checkpoint)
        assert disk.left is not None
        found = found_after(recording, disk, disk.left)
        assert found <= acknowledged + 1
        lost += found < acknowledged
    return lost


@pytest.mark.slow
def test_a_power_cut_loses_nothing_that_was_acknowledged(recording: Recording, disk: Disk) -> None:
    """Wherever the power goes, every posting whose transaction had ended is there, and at most the one under way besides."""
    assert "synchronous=FULL" in recording.settings
    with counting("Simulated power cuts, synchronous=FULL") as found:
        lost = cuts(recording, disk, "FULL", CUTS)
        found += [f"seed {SEED}", f"{CUTS:,} cuts", f"{lost:,} lost something"]
    assert lost == 0
    assert books_of("last", YEAR, [fact_of(Row(*row)) for row in recording.facts]).version == POSTINGS + 1


@pytest.mark.slow
def test_the_weaker_setting_loses_what_was_acknowledged(recording: Recording, disk: Disk) -> None:
    """The control: synchronous=NORMAL does not sync the log at the end of a transaction, and much of it is lost."""
    with counting("Simulated power cuts, synchronous=NORMAL") as found:
        lost = cuts(recording, disk, "NORMAL", CONTROLS)
        found += [f"seed {SEED}", f"{CONTROLS:,} cuts", f"{lost:,} lost something"]
    assert lost > CONTROLS // 10
