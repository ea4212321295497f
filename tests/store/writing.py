"""The writer that is killed: a process of its own that enters postings and tells each one that was acknowledged."""

from multiprocessing.connection import Connection

import tests.conftest  # noqa: F401  (Django is set up as in the tests, once, before writers are forked from here)
from carepool.actions.england import read_england
from carepool.journal.commands import Done
from carepool.store.journal import SqlJournal
from carepool.wiring import disk
from tests.store.houses import add_database
from tests.store.pooling import client_of, spend

_areas, _rulebook = disk.areas(read_england(disk.england_files())), disk.rulebook()


def write_until_killed(settings: dict[str, object], first: int, told: Connection) -> None:
    """Spend a penny under one key after another, and tell the number once the command is answered."""
    officer = client_of(SqlJournal(add_database(settings)), _areas, _rulebook)
    number = first
    while True:
        done = spend(officer, "ann", f"key-{number}", "s", 1, f"posting {number}")
        assert isinstance(done, Done), done
        assert not done.again
        told.send(number)
        number += 1
