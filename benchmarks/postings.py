"""Postings entered one by one and durably, beside a bare two-line posting in the same database with the same settings."""

import gc
import sqlite3
import subprocess
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from functools import cache
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from pathlib import Path
from statistics import median
from time import perf_counter

from benchmarks.measuring import Figure
from carepool.actions.areas import Areas
from carepool.actions.england import read_england
from carepool.actions.house import House
from carepool.actions.permits import Actor
from carepool.actions.pools import enter_of
from carepool.actions.ports import MemoryDrafts
from carepool.journal.commands import Done
from carepool.journal.port import Journal
from carepool.offices.holdings import give
from carepool.pool import facts
from carepool.pool.accounts import Event
from carepool.pool.books import Contribution, Opening, Partner, Scheme, stream_of
from carepool.pool.events import Asked
from carepool.rules.rulebook import Rulebook
from carepool.store.guard import migrate
from carepool.store.journal import SqlJournal
from carepool.wiring import disk
from carepool.wiring.config import database_settings
from tests.cluster import Cluster, Unavailable, running_cluster
from tests.store.houses import add_database, remove_database

CLIENTS = 8
WORKERS = 2
"""Processes that they are spread over: as many as the service has unless it is told otherwise, each with four threads, and pgbench too."""
TURNS = 3
SECONDS = 4
"""For which each turn of eight clients lasts."""
EACH = 500
"""Postings of a turn on SQLite."""
YEAR, SOURCE, JUNE = "2015-16", "additional_nhs", date(2015, 6, 15)
AT = datetime(2015, 6, 15, 12, tzinfo=UTC)
BARE = """
CREATE TABLE posting (id {id} PRIMARY KEY, says text NOT NULL);
CREATE TABLE line (posting bigint NOT NULL, account text NOT NULL, pence bigint NOT NULL);
"""
SCRIPT = """
BEGIN;
INSERT INTO posting (says) VALUES ('Spent') RETURNING id AS posting \\gset
INSERT INTO line (posting, account, pence) VALUES (:posting, 'spent/s1/additional_nhs', 1), (:posting, 'owed/Z1A', -1);
COMMIT;
"""


def open_a_pool(journal: Journal, pool: str) -> None:
    """A pool with one scheme that may spend very much, and a host of its own with a pool manager."""
    host = host_of(pool)
    opening = Opening(
        "Agreement (fictitious)", host, (Partner(host, "council"), Partner("Z1A", "ccg")), "plan", "0" * 64,
        (Contribution("Z1A", SOURCE, 10**12),), (Scheme("s1", "s1", {SOURCE: 10**12}),),
    )  # fmt: skip
    journal.append([facts.opened(pool, YEAR, opening)], expecting={stream_of(pool, YEAR): 0}, by="ann", at=AT)
    given = give(f"council:{host}", "pool_manager", "ann", date(2015, 4, 1))
    journal.append([given], expecting={f"office/council:{host}": 0}, by="ann", at=AT)


def host_of(pool: str) -> str:
    """Of each pool another, as there is."""
    return "ZZ" + pool.upper().replace("-", "")


@cache
def england() -> tuple[Areas, Rulebook]:
    """What a service has read before it answers."""
    return disk.areas(read_england(disk.england_files())), disk.rulebook()


def officer(journal: Journal, pool: str) -> Callable[[int], None]:
    """Enters a penny spent, as the service does: by an office, within the budget, once under its key, with an answer."""
    house = House(*england(), journal, MemoryDrafts(), lambda: AT)
    asked = Asked(Event.SPENT, JUNE, 1, scheme="s1", source=SOURCE, payee="Z1A")

    def one(number: int) -> None:
        done = enter_of(house, Actor("ann", f"{pool} key-{number}"), pool, YEAR, asked)
        assert isinstance(done, Done), done

    return one


def _worker(
    settings: dict[str, object], pools: Sequence[str], start: Barrier, seconds: float, told: object
) -> None:
    journal = SqlJournal(add_database(settings))

    def client(pool: str) -> int:
        one = officer(journal, pool)
        one(0)
        start.wait()
        number, until = 0, perf_counter() + seconds
        while perf_counter() < until:
            number += 1
            one(number)
        return number

    with ThreadPoolExecutor(len(pools)) as clients:
        told.put(sum(clients.map(client, pools)))  # type: ignore[attr-defined]


def ours_on_postgres(settings: dict[str, object], turn: str) -> float:
    """Postings a second of eight clients, each with a pool of its own, over the processes and threads of the service."""
    journal = SqlJournal(add_database(settings))
    pools = [f"p{turn}-{client}" for client in range(CLIENTS)]
    for pool in pools:
        open_a_pool(journal, pool)
    remove_database(journal.using)
    context = get_context("fork")
    start, told = context.Barrier(CLIENTS), context.Queue()
    workers = [
        context.Process(target=_worker, args=(settings, pools[each::WORKERS], start, SECONDS, told))
        for each in range(WORKERS)
    ]
    for each in workers:
        each.start()
    done = sum(told.get(timeout=60) for _ in workers)
    for each in workers:
        each.join()
    return done / SECONDS


def pgbench(cluster: Cluster, name: str, script: Path) -> float:
    """Bare postings a second of eight clients."""
    said = subprocess.run(
        ["pgbench", "-h", cluster.folder, "-U", cluster.user, "-n", "-f", script, "-c", str(CLIENTS), "-j", str(WORKERS), "-T", str(SECONDS), name],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    return next(float(line.split()[2]) for line in said.splitlines() if line.startswith("tps"))


def on_postgres(home: Path) -> list[Figure]:
    """Side by side, in turns, on a server that syncs."""
    script = home / "bare.sql"
    script.write_text(SCRIPT)
    script.chmod(0o644)
    with running_cluster(durable=True) as cluster:
        name, bare = cluster.create(), cluster.create()
        alias = add_database(cluster.settings(name))
        migrate(alias)
        remove_database(alias)
        for statement in BARE.format(id="bigint GENERATED ALWAYS AS IDENTITY").split(";\n"):
            if statement.strip():
                cluster.run(statement, bare)
        turns = [
            (ours_on_postgres(cluster.settings(name), f"{turn}"), pgbench(cluster, bare, script))
            for turn in range(TURNS)
        ]
    ours, theirs = (median(each) for each in zip(*turns, strict=True))
    return [
        Figure(f"Postings on PostgreSQL, {CLIENTS} clients, as commands", ours, "a second", TURNS, least=theirs / 3, peer=theirs, note="pgbench with a bare two-line posting, fsync on"),
    ]  # fmt: skip


# On SQLite.


def _ours_on_sqlite(path: Path) -> float:
    """Postings a second, one after another."""
    alias = add_database(database_settings(f"sqlite:///{path}"))
    migrate(alias)
    journal = SqlJournal(alias)
    open_a_pool(journal, "p")
    one = officer(journal, "p")
    one(0)
    before = perf_counter()
    for number in range(1, EACH + 1):
        one(number)
    took = perf_counter() - before
    remove_database(alias)
    return EACH / took


def _bare_on_sqlite(path: Path) -> float:
    """Bare postings a second: the same settings, no chain, no key, nothing read or decided."""
    options = database_settings(f"sqlite:///{path}")["OPTIONS"]
    assert isinstance(options, dict)
    database = sqlite3.connect(path, isolation_level=None)
    database.executescript(options["init_command"] + BARE.format(id="INTEGER"))
    before = perf_counter()
    for _ in range(EACH):
        database.execute("BEGIN IMMEDIATE")
        posting = database.execute("INSERT INTO posting (says) VALUES ('Spent')").lastrowid
        database.executemany(
            "INSERT INTO line VALUES (?, ?, ?)",
            [(posting, "spent/s1/additional_nhs", 1), (posting, "owed/Z1A", -1)],
        )
        database.execute("COMMIT")
    took = perf_counter() - before
    database.close()
    return EACH / took


def on_sqlite(home: Path) -> list[Figure]:
    """Side by side, in turns."""
    turns = [
        (
            _ours_on_sqlite(home / f"postings-{turn}.sqlite3"),
            _bare_on_sqlite(home / f"bare-postings-{turn}.sqlite3"),
        )
        for turn in range(TURNS)
    ]
    ours, bare = (median(each) for each in zip(*turns, strict=True))
    return [
        Figure("Postings on SQLite, one by one, as commands", ours, "a second", TURNS, least=bare / 2, peer=bare, note=f"bare sqlite3, same settings; {EACH} each"),
    ]  # fmt: skip


def measure(home: Path) -> list[Figure]:
    """The figures; those on PostgreSQL where it can run."""
    england()
    gc.collect()
    gc.freeze()  # as the service does before its processes part: what was read stays, and is not looked through again
    try:
        return [*on_sqlite(home), *on_postgres(home)]
    except Unavailable as error:
        return [*on_sqlite(home), Figure(f"Postings on PostgreSQL: not measured, {error}", 0, "a second", 0)]
    finally:
        gc.unfreeze()
