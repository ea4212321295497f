"""Loading England: reading and checking the shipped files, and putting them into a database that is new."""

from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from django.db import connections

from benchmarks.measuring import Figure, once, seconds
from carepool.actions.england import read_england
from carepool.actions.series import load_england
from carepool.store.guard import migrate
from carepool.store.journal import SqlJournal
from carepool.wiring import disk
from carepool.wiring.config import database_settings

RUNS = 5
AT = datetime(2026, 11, 22, 12, tzinfo=UTC)


def measure(home: Path) -> list[Figure]:
    """The figures."""
    files = disk.england_files()
    reading = seconds(lambda: read_england(files), RUNS)
    fresh = median(
        once(lambda number=number: _load(home / f"fresh-{number}.sqlite3")) for number in range(RUNS)
    )
    return [
        Figure("England: read the files and check every sum", reading, "s", RUNS),
        Figure(
            "England: read, and load into a fresh database, its tables included", fresh, "s", RUNS, bound=5
        ),
    ]


def _load(path: Path) -> None:
    alias = path.stem
    connections.settings[alias] = connections.configure_settings(
        {"default": {}, alias: database_settings(f"sqlite:///{path}")}
    )[alias]
    migrate(alias)
    loaded = load_england(SqlJournal(alias), disk.england_files(), by="benchmark", clock=lambda: AT)
    connections[alias].close()
    assert set(loaded) == set(disk.england_files()), loaded
