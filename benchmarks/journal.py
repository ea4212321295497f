"""Appending to the journal on SQLite, beside two bare INSERTs through sqlite3 with the same settings."""

import json
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter

from django.db import connections

from benchmarks.measuring import Figure, once
from carepool.journal.facts import Fact, NewFact
from carepool.journal.verify import verify
from carepool.store.journal import SqlJournal

RUNS = 5
FACTS = 300
AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
BODY = {"plan": "5f" * 32, "section": "schemes", "pence": 124_000_000}
TABLES = """
PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;
CREATE TABLE fact (id INTEGER PRIMARY KEY AUTOINCREMENT, stream TEXT, version INTEGER, kind TEXT, schema INTEGER,
                   body TEXT, "by" TEXT, at TEXT, UNIQUE (stream, version));
CREATE TABLE unsealed (fact_id INTEGER PRIMARY KEY);
"""


def measure(home: Path) -> list[Figure]:
    """The figures, and how they grow with the length of a stream and of the log."""
    # The two take turns, so that both meet the same disk.
    turns = [(_append(f"plan/{turn}", FACTS), _bare(home / f"bare-{turn}.sqlite3")) for turn in range(RUNS)]
    ours, bare = (median(each) for each in zip(*turns, strict=True))
    figures = [
        Figure("Journal: append a fact, one a transaction", ours, "ms", RUNS, peer=bare, note=f"two bare INSERTs; {FACTS} each"),
    ]  # fmt: skip
    for length in (1_000, 10_000):
        stream = f"long/{length}"
        _fill(stream, length)
        longer = median(_append(stream, FACTS, length + turn * FACTS) for turn in range(RUNS))
        figures.append(Figure(f"… to a stream of {length:,} facts", longer, "ms", RUNS))
    journal = SqlJournal()
    facts = journal.seal()
    took = once(lambda: verify(journal))
    figures.append(
        Figure("Journal: verify, a thousand facts", 1e6 * took / facts, "ms", 1, note=f"of {facts:,}")
    )
    return figures


def _append(stream: str, facts: int, version: int = 0) -> float:
    """Milliseconds a fact, each in a transaction of its own."""
    journal = SqlJournal()
    before = perf_counter()
    for number in range(version, version + facts):
        journal.append([_fact(stream)], expecting={stream: number}, by="benchmark", at=AT + timedelta(number))
    return 1000 * (perf_counter() - before) / facts


def _fill(stream: str, facts: int) -> None:
    """Many facts in one transaction."""
    written: tuple[Fact, ...] = SqlJournal().append(
        [_fact(stream)] * facts, expecting={stream: 0}, by="benchmark", at=AT
    )
    assert len(written) == facts
    connections["default"].close()


def _fact(stream: str) -> NewFact:
    return NewFact(stream, "PlanSaved", 1, BODY)


def _bare(path: Path) -> float:
    """Milliseconds a transaction of the same two rows: no chain, no digest, no version compared."""
    database = sqlite3.connect(path, isolation_level=None)
    database.executescript(TABLES)
    before = perf_counter()
    for number in range(FACTS):
        database.execute("BEGIN IMMEDIATE")
        row = ("plan/a", number + 1, "PlanSaved", 1, json.dumps(BODY), "benchmark", str(AT))
        inserted = database.execute(
            'INSERT INTO fact (stream, version, kind, schema, body, "by", at) VALUES (?, ?, ?, ?, ?, ?, ?)',
            row,
        )
        database.execute("INSERT INTO unsealed VALUES (?)", (inserted.lastrowid,))
        database.execute("COMMIT")
    took = perf_counter() - before
    database.close()
    return 1000 * took / FACTS
