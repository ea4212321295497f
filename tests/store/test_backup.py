"""Backup and restore: what was acknowledged before a backup began is in it, and a restore says where the log goes on from.

Five drills with writers at work, on each database and from one to the other.
"""

import json
import random
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread
from time import sleep

import pytest
from django.db import connections

from carepool.basics.refusals import Unusable
from carepool.journal.documents import Document
from carepool.journal.epochs import STREAM
from carepool.journal.facts import NewFact
from carepool.journal.verify import verify
from carepool.store.journal import SqlJournal
from carepool.wiring.backup import MANIFEST, read_backup, restore, write_backup
from carepool.wiring.config import database_settings
from tests.store.houses import House, add_database, remove_database

START = datetime(2015, 4, 1, 9, tzinfo=UTC)
NOW = datetime(2015, 8, 1, 9, tzinfo=UTC)
DRILLS = 5


@pytest.fixture
def empty(sqlite_template: Path, tmp_path: Path) -> Iterator[Callable[[], str]]:
    """Makes empty databases to restore into; their aliases."""
    made = []

    def another() -> str:
        path = tmp_path / f"restored-{len(made)}.sqlite3"
        path.write_bytes(sqlite_template.read_bytes())
        made.append(add_database(database_settings(f"sqlite:///{path}")))
        return made[-1]

    yield another
    for alias in made:
        remove_database(alias)


def tell(journal: SqlJournal, stream: str, number: int, at: datetime) -> int:
    """Append a fact; the version that was acknowledged."""
    version = journal.version(stream)
    fact = NewFact(stream, "NoteTaken", 1, {"number": number})
    journal.append([fact], expecting={stream: version}, by="ann", at=at)
    return version + 1


def facts(journal: SqlJournal) -> list[tuple[str, int, str]]:
    """All that is in the log, in its order, but what the restore itself said."""
    found = [each.row for each in journal.sealed()]
    return [(each.stream, each.version, each.digest) for each in found if each.stream != STREAM]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(DRILLS))
def test_what_was_acknowledged_before_a_backup_is_in_it(sql_house: House, empty: Callable[[], str], tmp_path: Path, seed: int) -> None:  # fmt: skip
    """Four writers go on while it is made; what was acknowledged when it began is restored, and nothing half written."""
    chance, stop = random.Random(seed), Event()
    acknowledged: dict[str, int] = {}

    def write(stream: str) -> None:
        journal, number = SqlJournal(sql_house.alias), 0
        while not stop.is_set():
            number += 1
            acknowledged[stream] = tell(journal, stream, number, START + timedelta(seconds=number))
            sleep(
                0.002
            )  # SQLite's lock is whoever's who asks first: two that never pause can keep it from the others for its 20 seconds
        connections[sql_house.alias].close()

    writers = [Thread(target=write, args=(f"notes/{name}",)) for name in "abcd"]
    for each in writers:
        each.start()
    while sum(acknowledged.values()) < chance.randint(20, 80):
        sleep(0.002)
    before = dict(acknowledged)
    held = write_backup(tmp_path / "backup.zip", sql_house.alias)
    stop.set()
    for each in writers:
        each.join()
    alias = empty()
    done = restore(tmp_path / "backup.zip", NOW, alias)
    journal = SqlJournal(alias)
    assert all(journal.version(stream) >= version for stream, version in before.items()), seed
    assert verify(journal).clean
    assert done.kept == held.checkpoint == done.backed_up
    whole = facts(SqlJournal(sql_house.alias))
    # What no sealing had reached when the backup was made gets its position in the restored log.
    assert facts(journal)[: done.kept.size] == whole[: done.kept.size]
    (said,) = journal.read(STREAM)
    assert said.body["forks_from"] == held.checkpoint.as_data()


@pytest.mark.slow
def test_a_restore_to_an_instant_is_the_log_as_it_stood_then(sql_house: House, empty: Callable[[], str], tmp_path: Path) -> None:  # fmt: skip
    """Documents and accounts stay, later facts are cut, and the log goes on: writing works, and it still verifies."""
    journal = SqlJournal(sql_house.alias)
    words = Document("words", "text/plain; charset=utf-8", b"Fictitious.", b"s" * 32)
    journal.put(words.content, kind=words.kind, media_type=words.media_type, salt=words.salt)
    for day in range(10):
        tell(journal, "notes/a", day, START + timedelta(days=day))
    write_backup(tmp_path / "backup.zip", sql_house.alias)
    alias = empty()
    done = restore(tmp_path / "backup.zip", NOW, alias, to=START + timedelta(days=4, hours=1))
    restored = SqlJournal(alias)
    assert (restored.version("notes/a"), done.facts_cut, done.requests_forgotten) == (5, 5, True)
    assert facts(restored) == facts(journal)[:5]
    kept = restored.document(words.digest)
    assert isinstance(kept, Document)
    assert kept.content == b"Fictitious."
    assert tell(restored, "notes/a", 99, NOW) == 6
    assert verify(restored, checkpoint=done.kept).clean
    with pytest.raises(Unusable, match="Nothing had been recorded by"):
        restore(tmp_path / "backup.zip", NOW, empty(), to=START - timedelta(days=1))


@pytest.mark.postgres
def test_a_backup_of_one_database_is_restored_into_the_other(
    sqlite_house: House, postgres_house: House, tmp_path: Path
) -> None:
    """From SQLite into PostgreSQL, where numbers go on after those restored."""
    journal = SqlJournal(sqlite_house.alias)
    for day in range(5):
        tell(journal, "notes/a", day, START + timedelta(days=day))
    write_backup(tmp_path / "backup.zip", sqlite_house.alias)
    restore(tmp_path / "backup.zip", NOW, postgres_house.alias)
    restored = SqlJournal(postgres_house.alias)
    assert facts(restored) == facts(journal)
    assert tell(restored, "notes/a", 6, NOW) == 6
    assert verify(restored).clean


def test_a_backup_replaces_nothing_and_neither_does_a_restore(sqlite_house: House, empty: Callable[[], str], tmp_path: Path) -> None:  # fmt: skip
    """A file that is there, a database that holds something, a file that is damaged, cut, or something else: each is refused."""
    journal = SqlJournal(sqlite_house.alias)
    tell(journal, "notes/a", 1, START)
    path = tmp_path / "backup.zip"
    write_backup(path, sqlite_house.alias)
    with pytest.raises(Unusable, match="a backup never replaces one"):
        write_backup(path, sqlite_house.alias)
    with pytest.raises(Unusable, match="holds something already"):
        restore(path, NOW, sqlite_house.alias)
    whole = path.read_bytes()
    alias = empty()
    for damaged in (whole[: len(whole) // 2], b"PK", b"", b"PK" + whole[:-30], _altered(path)):
        (tmp_path / "damaged.zip").write_bytes(damaged)
        with pytest.raises(Unusable):
            restore(tmp_path / "damaged.zip", NOW, alias)
    assert not facts(SqlJournal(alias))
    assert not list(tmp_path.glob(".*.part"))
    assert read_backup(path).checkpoint.size == 1


def _altered(path: Path) -> bytes:
    """The backup with one fact's author changed."""
    other = path.with_name("altered.zip")
    with zipfile.ZipFile(path) as whole, zipfile.ZipFile(other, "w") as changed:
        for name in whole.namelist():
            content = whole.read(name)
            changed.writestr(name, content.replace(b'"ann"', b'"eve"') if name != MANIFEST else content)
    assert json.loads(zipfile.ZipFile(other).read(MANIFEST))
    return other.read_bytes()
