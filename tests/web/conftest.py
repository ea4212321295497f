"""England loaded into the embedded database of the tests' home, and a client that asks the pages in this process."""

from collections.abc import Iterator

import pytest
from django.db import connections
from django.test import Client
from tests.web.reading import Reader

from carepool.wiring.operations import prepare_database


@pytest.fixture(scope="session")
def loaded() -> Iterator[None]:
    """The database as “carepool prepare” leaves it."""
    prepare_database()
    yield
    connections.close_all()


@pytest.fixture(scope="session")
def client(loaded: None) -> Client:
    """Asks as a browser on the same machine would. It holds no state: nothing here sets a cookie."""
    return Client(SERVER_NAME="localhost")


@pytest.fixture(scope="session")
def read(client: Client) -> Reader:
    """Reads a page, once in the whole run."""
    return Reader(client)
