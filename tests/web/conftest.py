"""England loaded into the embedded database of the tests' home, and a client that asks the pages in this process."""

import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import connections, transaction
from django.test import Client, override_settings

from carepool.actions.house import House
from carepool.actions.series import STREAM
from carepool.signin.models import Account
from carepool.store.journal import SqlJournal
from carepool.wiring.house import current_house
from carepool.wiring.house import now as clock_now
from carepool.wiring.operations import prepare_database
from tests.web.reading import Reader
from tests.web.signing_in import ARGON, QUICK, Clock, Service
from tests.web.visiting import Person

INSIDER = "nhs.analyst"
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
def insider() -> Client:
    """Somebody signed in who may read every plan of the county, and do nothing with any."""
    prepare_database()
    browser = Client(SERVER_NAME="localhost")
    browser.force_login(Account.objects.get(handle=INSIDER))
    return browser


@pytest.fixture(scope="session")
def loaded(state: Callable[[], State], insider: Client) -> Iterator[State]:
    """The database as “carepool prepare” leaves it, before any page has been asked for."""
    yield state()
    connections.close_all()


@pytest.fixture(scope="session")
def client(loaded: State) -> Client:
    """Asks as a browser on the same machine would. It holds no state: nothing here sets a cookie."""
    return Client(SERVER_NAME="localhost")


@pytest.fixture(scope="session")
def read(client: Client, insider: Client) -> Reader:
    """Reads a page, once in the whole run; one of a plan as somebody who may."""
    return Reader(client, insider)


@pytest.fixture
def undone(loaded: State) -> Iterator[None]:
    """Whatever the test writes is gone after it."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def someone(undone: None) -> Callable[..., Person]:
    """People by handle, signed in: without one, the insider; ``None`` is nobody."""

    def come(handle: str | None = INSIDER) -> Person:
        browser = Client(SERVER_NAME="localhost")
        if handle:
            browser.force_login(Account.objects.get(handle=handle))
        return Person(browser)

    return come


@pytest.fixture
def now(undone: None) -> House:
    """The house of the running service."""
    return current_house()


@pytest.fixture
def service(loaded: State, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """The service under a clock of the test's own, with letters to read: all that is written is rolled back."""
    clock = Clock(clock_now())
    # A tenth of a second for each password is for those tests alone that look at it.
    with transaction.atomic(), override_settings(PASSWORD_HASHERS=[QUICK, ARGON]):
        made = Service(current_house(), clock)
        made.house = replace(made.house, clock=clock, outbox=made.outbox)
        monkeypatch.setattr("carepool.wiring.house._held", (SqlJournal().version(STREAM), made.house))
        yield made
        transaction.set_rollback(True)
