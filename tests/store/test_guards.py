"""The database itself refuses to change what was written, whoever asks and by whatever means."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import DatabaseError, connections, models, transaction

from carepool.basics.canonical import digest_of
from carepool.basics.refusals import Unusable
from carepool.journal.port import Command
from carepool.journal.verify import verify
from carepool.store import guard
from carepool.store.models import Fact
from carepool.wiring.config import database_settings
from tests.cluster import UNAVAILABLE, Cluster
from tests.store.houses import House, add_database, models_agree, remove_database
from tests.store.samples import AT, append, signed

TABLES = (*guard.INSERT_ONLY, *guard.NEVER_CHANGED)


@pytest.fixture
def written(sql_house: House) -> House:
    """A journal with a row in every table."""
    append(sql_house.journal, "plan/a")
    sql_house.journal.seal()
    append(sql_house.journal, "plan/a")
    sql_house.journal.remember(Command("account-1", "key", digest_of("request", 1, {}), None))
    sql_house.journal.put(b"content", kind="reason", media_type="text/plain")
    return sql_house


COLUMN = {
    "store_fact": "body",
    "store_seal": "recorded",
    "store_command": "answer",
    "store_document": "kind",
    "store_document_bytes": "content",
    "store_unsealed": "fact_id",
}


@pytest.mark.parametrize("table", TABLES)
def test_no_row_can_be_changed(written: House, table: str):
    with pytest.raises(DatabaseError, match=f"{table} is append-only: UPDATE refused"):
        written.sql(f"UPDATE {table} SET {COLUMN[table]} = {COLUMN[table]}")


@pytest.mark.parametrize("table", guard.INSERT_ONLY)
def test_no_row_of_an_insert_only_table_can_be_deleted(written: House, table: str):
    with pytest.raises(DatabaseError, match=f"{table} is append-only: DELETE refused"):
        written.sql(f"DELETE FROM {table}")


@pytest.mark.parametrize("table", TABLES)
def test_no_table_can_be_emptied_or_its_rows_replaced(written: House, table: str):
    statements = {
        "postgresql": (f"TRUNCATE {table} CASCADE", "TRUNCATE refused"),
        "sqlite": (f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}", "INSERT refused"),
    }
    if (written.vendor, table) == ("sqlite", "store_unsealed"):
        return  # its one column is its key: replaced, it is the same row
    statement, refusal = statements[written.vendor]
    with pytest.raises(DatabaseError, match=refusal):
        written.sql(statement)


def test_the_object_relational_mapper_is_refused_too(written: House):
    with pytest.raises(DatabaseError, match="append-only"):
        Fact.objects.using(written.alias).update(kind="Other")
    with pytest.raises(DatabaseError, match="append-only"):
        Fact.objects.using(written.alias).filter(version=2)._raw_delete(written.alias)


def test_migrating_again_leaves_every_guard_in_place(sql_house: House):
    for _ in range(2):
        guard.migrate(sql_house.alias)
        assert guard.guards(sql_house.alias) == guard.guards_wanted(sql_house.alias)
    guard.check_guards(sql_house.alias)


def test_a_guard_that_went_missing_is_noticed_and_put_back(sql_house: House):
    guard.drop_guards(sql_house.alias)
    assert guard.guards(sql_house.alias) == frozenset()
    with pytest.raises(Unusable, match="store_fact_guard"):
        guard.check_guards(sql_house.alias)
    guard.migrate(sql_house.alias)
    guard.check_guards(sql_house.alias)


def test_a_rebuilt_table_of_sqlite_loses_its_guards_which_is_why_they_are_made_after(sqlite_house: House):
    """If this fails, SQLite or Django keeps triggers now, and dropping them first may no longer be needed."""
    field = models.IntegerField(null=True)
    field.set_attributes_from_name("schema")
    with connections[sqlite_house.alias].schema_editor() as editor:
        editor.alter_field(Fact, Fact._meta.get_field("schema"), field)
    lost = guard.guards_wanted(sqlite_house.alias) - guard.guards(sqlite_house.alias)
    assert lost == {"store_fact_guard_delete", "store_fact_guard_insert", "store_fact_guard_update"}
    guard.migrate(sqlite_house.alias)
    guard.check_guards(sqlite_house.alias)


def test_a_migration_that_fails_leaves_the_guards_in_place(sql_house: House, monkeypatch: pytest.MonkeyPatch):
    def fail(*_: object, **__: object) -> None:
        assert guard.guards(sql_house.alias) == frozenset()
        raise RuntimeError("half way")

    guard.drop_guards(sql_house.alias)
    sql_house.sql("DELETE FROM django_migrations WHERE app = %s", "store")
    guard.create_guards(sql_house.alias)
    monkeypatch.setattr(guard, "call_command", fail)
    with pytest.raises(RuntimeError, match="half way"):
        guard.migrate(sql_house.alias)
    guard.check_guards(sql_house.alias)


def test_the_models_and_the_migrations_agree(sqlite_house: House):
    models_agree(sqlite_house.alias, "store")


@pytest.fixture
def role(cluster: Cluster) -> Iterator[str]:
    """A role of the application, not the owner of anything."""
    cluster.run("CREATE ROLE carepool_app NOLOGIN")
    yield "carepool_app"
    cluster.run("DROP ROLE carepool_app")


@pytest.mark.postgres
def test_the_applications_role_may_read_and_add_and_nothing_else(postgres_house: House, role: str):
    guard.grant_application(postgres_house.alias, role)
    guard.grant_application(postgres_house.alias, role)
    journal = postgres_house.journal
    assert guard.open_to_change(postgres_house.alias) == tuple(sorted(guard.INSERT_ONLY))
    postgres_house.sql(f"SET ROLE {role}")
    assert guard.open_to_change(postgres_house.alias) == ()
    append(journal, "plan/a")
    journal.append(
        [signed("plan/a"), signed("plan/b")], expecting={"plan/a": 1, "plan/b": 0}, by="account-1", at=AT
    )
    journal.remember(Command("account-1", "key", digest_of("request", 1, {}), None))
    digest = journal.put(b"content", kind="reason", media_type="text/plain")
    assert journal.as_at(AT) == 3
    journal.withdraw(digest)
    assert verify(journal).clean
    guard.check_guards(postgres_house.alias)
    for table in ("signin_account", "signin_open_session", "signin_attempts", "django_session"):
        postgres_house.sql(f"DELETE FROM {table}")  # accounts and sessions are no journal
    refused = [
        *(f"UPDATE {table} SET {COLUMN[table]} = {COLUMN[table]}" for table in TABLES),
        *(f"DELETE FROM {table}" for table in guard.INSERT_ONLY),
        *(f"TRUNCATE {table}" for table in TABLES),
        "DROP TRIGGER store_fact_guard ON store_fact",
        "ALTER TABLE store_fact DISABLE TRIGGER ALL",
        "SET session_replication_role = replica",
        "CREATE TABLE other (id int)",
        "DELETE FROM django_migrations",
        "INSERT INTO django_migrations (app, name, applied) VALUES ('store', 'x', now())",
    ]
    for statement in refused:
        with pytest.raises(DatabaseError, match=r"permission denied|must be owner"):
            postgres_house.sql(statement)
    postgres_house.sql("RESET ROLE")
    postgres_house.sql(f"DROP OWNED BY {role}")


def test_sqlite_has_no_roles_to_grant_to(sqlite_house: House):
    assert guard.open_to_change(sqlite_house.alias) == ()
    with pytest.raises(Unusable, match="Only PostgreSQL has roles"):
        guard.grant_application(sqlite_house.alias, "anyone")


def test_the_databases_of_this_house_are_set_as_they_must_be(sql_house: House):
    guard.check_database(sql_house.alias)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"init_command": "PRAGMA journal_mode=DELETE; PRAGMA synchronous=FULL;"}, "journal_mode is delete"),
        ({"init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"}, "synchronous is 1"),
        ({"transaction_mode": "DEFERRED"}, "not IMMEDIATE"),
    ],
)
def test_sqlite_set_otherwise_is_refused_at_the_start(tmp_path: Path, options: dict[str, object], says: str):
    settings = database_settings(f"sqlite:///{tmp_path / 'other.sqlite3'}")
    given = settings["OPTIONS"]
    assert isinstance(given, dict)
    alias = add_database({**settings, "OPTIONS": given | options})
    with pytest.raises(Unusable, match=says):
        guard.migrate(alias)
    remove_database(alias)


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"options": "-c default_transaction_isolation=serializable"}, "isolation is serializable"),
    ],
)
def test_postgresql_set_otherwise_is_refused_at_the_start(
    postgres_house: House, options: dict[str, object], says: str
):
    cluster = postgres_house.cluster
    assert cluster
    name = str(connections[postgres_house.alias].settings_dict["NAME"])
    alias = add_database({**cluster.settings(name), "OPTIONS": options})
    with pytest.raises(Unusable, match=says):
        guard.check_database(alias)
    remove_database(alias)


def test_withdrawn_bytes_are_gone_from_the_files_of_sqlite(sqlite_house: House, tmp_path: Path):
    sqlite_house.sql("PRAGMA secure_delete = OFF")  # some builds of SQLite have it on from the start
    content = os.urandom(20_000)  # does not compress, so it would stand in the file as it is
    journal = sqlite_house.journal

    def kept() -> bool:
        return any(content[100:140] in path.read_bytes() for path in tmp_path.glob("carepool.sqlite3*"))

    digest = journal.put(content, kind="reason", media_type="text/plain", salt=os.urandom(32))
    assert kept()
    with transaction.atomic(using=sqlite_house.alias):
        journal.withdraw(digest)
    assert not kept()


def test_why_the_postgresql_suite_did_not_run_is_said_in_one_form():
    assert UNAVAILABLE == "PostgreSQL suite could not run:"
