"""A fresh journal of each kind for every test: clones of a migrated template, since append-only tables cannot be flushed."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from carepool.actions.england import England
from carepool.actions.house import House as Answering
from carepool.actions.ports import MemoryDrafts
from carepool.journal.memory import MemoryJournal
from carepool.journal.port import Journal
from carepool.rules.rulebook import Rulebook
from carepool.store.guard import migrate
from carepool.store.journal import OneLook, SqlJournal
from carepool.wiring import disk
from carepool.wiring.config import database_settings
from carepool.wiring.main import now
from tests.cluster import Cluster, cluster
from tests.store.houses import House, add_database, remove_database

__all__ = ["cluster"]


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite database in one file."""
    path = tmp_path_factory.mktemp("template") / "carepool.sqlite3"
    alias = add_database(database_settings(f"sqlite:///{path}"))
    migrate(alias)
    remove_database(alias)  # the last connection to close copies the write-ahead log into the file
    assert not path.with_name(path.name + "-wal").exists()
    return path


@pytest.fixture(scope="session")
def postgres_template(cluster: Cluster) -> str:
    """The name of a migrated PostgreSQL database that nobody is connected to."""
    name = cluster.create()
    alias = add_database(cluster.settings(name))
    migrate(alias)
    remove_database(alias)
    return name


@pytest.fixture
def sqlite_house(sqlite_template: Path, tmp_path: Path) -> Iterator[House]:
    """A journal on SQLite."""
    path = tmp_path / "carepool.sqlite3"
    shutil.copyfile(sqlite_template, path)
    alias = add_database(database_settings(f"sqlite:///{path}"))
    yield House(SqlJournal(alias), "sqlite", alias)
    remove_database(alias)


@pytest.fixture
def postgres_house(cluster: Cluster, postgres_template: str) -> Iterator[House]:
    """A journal on PostgreSQL."""
    name = cluster.create(postgres_template)
    alias = add_database(cluster.settings(name))
    yield House(SqlJournal(alias), "postgresql", alias, cluster)
    remove_database(alias)
    cluster.drop(name)


SQL = [
    pytest.param("sqlite_house", id="sqlite"),
    pytest.param("postgres_house", id="postgres", marks=pytest.mark.postgres),
]


@pytest.fixture(params=[pytest.param("", id="memory"), *SQL])
def house(request: pytest.FixtureRequest) -> House:
    """Every kind of journal in turn."""
    return request.getfixturevalue(request.param) if request.param else House(MemoryJournal(), "memory")


@pytest.fixture(params=SQL)
def sql_house(request: pytest.FixtureRequest) -> House:
    """Every kind of database in turn."""
    found: House = request.getfixturevalue(request.param)
    return found


@pytest.fixture(
    params=[
        pytest.param("", id="memory"),
        *SQL,
        pytest.param("look at sqlite_house", id="one look at sqlite"),
        pytest.param("look at postgres_house", id="one look at postgres", marks=pytest.mark.postgres),
    ]
)
def journal(request: pytest.FixtureRequest) -> Journal:
    """Every kind of journal in turn, and what a page reads through: one look at each database."""
    if not request.param:
        return MemoryJournal()
    found: House = request.getfixturevalue(request.param.removeprefix("look at "))
    return OneLook(found.alias) if request.param.startswith("look at ") else found.journal


@pytest.fixture(scope="module")
def house_of_england(england: England, rulebook: Rulebook) -> Answering:
    """England and its rules as shipped, over no journal to speak of: ``house`` is a journal here."""
    return Answering(disk.areas(england), rulebook, MemoryJournal(), MemoryDrafts(), now)
