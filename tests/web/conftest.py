"""England loaded into the embedded database of the tests' home, and a client that asks the pages in this process."""

import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connections, transaction
from django.test import Client

from carepool.actions.house import House
from carepool.actions.series import STREAM
from carepool.signin.models import Account
from carepool.store.journal import SqlJournal
from carepool.wiring.house import current_house
from carepool.wiring.operations import prepare_database
from tests.web.reading import Reader
from tests.web.visiting import Person

State = tuple[int, str]
"""The version of the journal of England, and the digest of all bytes of the database."""


@pytest.fixture(scope="session")
def state(home: Path) -> Callable[[], State]:
    """Looks what the database holds now."""

    def look() -> State:
        database = home / "carepool.sqlite3"
        link = sqlite3.connect(database)
        link.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        link.close()
        return SqlJournal().version(STREAM), hashlib.sha256(database.read_bytes()).hexdigest()

    return look


@pytest.fixture(scope="session")
def loaded(state: Callable[[], State]) -> Iterator[State]:
    """The database as “carepool prepare” leaves it, before any page has been asked for."""
    prepare_database()
    yield state()
    connections.close_all()


@pytest.fixture(scope="session")
def client(loaded: State) -> Client:
    """Asks as a browser on the same machine would. It holds no state: nothing here sets a cookie."""
    return Client(SERVER_NAME="localhost")


@pytest.fixture(scope="session")
def read(client: Client) -> Reader:
    """Reads a page, once in the whole run."""
    return Reader(client)


@pytest.fixture
def undone(loaded: State) -> Iterator[None]:
    """Whatever the test writes is gone after it."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def someone(undone: None) -> Callable[..., Person]:
    """People by handle, signed in."""

    def come(handle: str = "") -> Person:
        browser = Client(SERVER_NAME="localhost")
        if handle:
            browser.force_login(Account.objects.get(handle=handle))
        return Person(browser)

    return come


@pytest.fixture
def now(undone: None) -> House:
    """The house of the running service."""
    return current_house()
