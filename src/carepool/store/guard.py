"""What keeps the journal append-only in the database itself: triggers, grants, and the settings it must have."""

# ruff: noqa: S608  (what is put into the SQL are constants of this module; every value is a parameter)

from django.core.management import call_command
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor

from carepool.basics.refusals import Unusable

INSERT_ONLY = ("store_fact", "store_seal", "store_command", "store_document")
"""Tables whose rows are never changed and never deleted."""

NEVER_CHANGED = ("store_document_bytes", "store_unsealed")
"""Tables whose rows are never changed, but may go."""

CHANGED_FREELY = ("store_draft", "store_rule_draft", "store_notice", "store_reader", "store_lease")
"""Tables that are no record of anything."""

# What makes a row the same row: SQLite's INSERT OR REPLACE would delete it without firing its delete trigger.
_SAME_ROW = {
    "store_fact": "id = NEW.id OR (stream = NEW.stream AND version = NEW.version)",
    "store_seal": "position = NEW.position OR fact_id = NEW.fact_id",
    "store_command": 'id = NEW.id OR ("by" = NEW."by" AND key = NEW.key)',
    "store_document": "id = NEW.id OR digest = NEW.digest",
    "store_document_bytes": "document_id = NEW.document_id",
}


def guards(using: str = "default") -> frozenset[str]:
    """The names of the guards that are in place."""
    connection = connections[using]
    sql = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'store_%%guard%%'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgname LIKE 'store_%%guard%%' "
        "AND tgenabled = 'O' AND pg_table_is_visible(tgrelid)",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(sql, ())
        return frozenset(name for (name,) in cursor.fetchall())


def guards_wanted(using: str = "default") -> frozenset[str]:
    """The names of the guards that must be in place on this kind of database."""
    return frozenset(_statements(connections[using]))


def _altered(using: str) -> frozenset[str]:
    """The guards on SQLite whose text is not the one that was made: a trigger of the right name may do nothing."""
    connection = connections[using]
    if connection.vendor != "sqlite":
        return frozenset()
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        held = dict(cursor.fetchall())
    wanted = _statements(connection)
    return frozenset(
        name for name in wanted.keys() & held.keys() if _folded(held[name]) != _folded(wanted[name])
    )


def _folded(sql: str) -> str:
    return " ".join(sql.split())


def check_guards(using: str = "default") -> None:
    """Unusable when a guard is missing or altered, as after a schema change by other means than ``migrate``."""
    missing = (guards_wanted(using) - guards(using)) | _altered(using)
    if missing:
        raise Unusable(
            f"The database does not refuse changes to the journal: {', '.join(sorted(missing))} missing or altered. "
            "Run the migration, which puts them back."
        )


def create_guards(using: str = "default") -> None:
    """Put the guards in place, all or none; those already there are made anew."""
    with transaction.atomic(using=using):
        drop_guards(using)
        with connections[using].cursor() as cursor:
            if connections[using].vendor == "postgresql":
                cursor.execute(_REFUSE)
            for statement in _statements(connections[using]).values():
                cursor.execute(statement)


def drop_guards(using: str = "default") -> None:
    """Take the guards away, for a schema change: on SQLite it rebuilds tables and would lose them silently."""
    connection = connections[using]
    with connection.cursor() as cursor:
        for table in (*INSERT_ONLY, *NEVER_CHANGED):
            for name in _statements(connection):
                if name.startswith(f"{table}_guard"):
                    on = f" ON {table}" if connection.vendor == "postgresql" else ""
                    cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


def migrate(using: str = "default") -> None:
    """Bring the schema up to date and leave the guards in place, also when a migration fails.

    With nothing to migrate, the guards are never down.
    """
    check_database(using)
    executor = MigrationExecutor(connections[using])
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        drop_guards(using)
        try:
            call_command("migrate", database=using, interactive=False, verbosity=0)
        finally:
            if "store_fact" in connections[using].introspection.table_names():
                create_guards(using)
    elif guards(using) != guards_wanted(using):
        create_guards(using)


def grant_application(using: str, role: str) -> None:
    """Let a PostgreSQL role run the application: read and add, and delete only bytes withdrawn and queue entries.

    Accounts and sessions are no journal: it may change them too.

    Run as the owner of the tables. Whatever the role was granted on the schema's tables before is taken back.
    Unusable on SQLite, which has no roles.
    """
    connection = connections[using]
    if connection.vendor != "postgresql":
        raise Unusable(
            "Only PostgreSQL has roles. SQLite is guarded by its file's permissions and the triggers."
        )
    name = connection.ops.quote_name(role)
    held = set(connection.introspection.table_names())
    accounts = sorted(each for each in held if each.startswith("signin_") or each == "django_session")
    with transaction.atomic(using=using), connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(current_schema())")
        (schema,) = cursor.fetchone() or ("public",)
        cursor.execute(f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {name}")
        cursor.execute(f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA {schema} FROM {name}")
        cursor.execute(f"GRANT USAGE ON SCHEMA {schema} TO {name}")
        cursor.execute(f"GRANT SELECT, INSERT ON {', '.join(INSERT_ONLY)} TO {name}")
        cursor.execute(f"GRANT SELECT, INSERT, DELETE ON {', '.join(NEVER_CHANGED)} TO {name}")
        for table in (*CHANGED_FREELY, *accounts):
            cursor.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {name}")
        for table in held & {"django_migrations"}:
            cursor.execute(f"GRANT SELECT ON {table} TO {name}")


def open_to_change(using: str = "default") -> tuple[str, ...]:
    """The tables of the journal that the role in use could change, were it not for the triggers. None on SQLite, which has no roles."""
    if connections[using].vendor != "postgresql":
        return ()
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT t FROM unnest(%s::text[]) t WHERE has_table_privilege(t, 'UPDATE, DELETE, TRUNCATE') ORDER BY t",
            [list(INSERT_ONLY)],
        )
        return tuple(table for (table,) in cursor.fetchall())


def check_database(using: str = "default") -> None:
    """Unusable when the database is not set as the journal needs it."""
    if connections[using].vendor == "sqlite":
        check_sqlite(using)
    else:
        check_postgres(using)


def check_sqlite(using: str = "default") -> None:
    """Unusable unless SQLite runs with a write-ahead log, full synchronisation, and IMMEDIATE transactions."""
    connection = connections[using]
    with connection.cursor() as cursor:
        found = []
        for pragma in ("journal_mode", "synchronous"):
            cursor.execute(f"PRAGMA {pragma}")
            found.append(str((cursor.fetchone() or ("",))[0]).lower())
    mode, synchronous = found
    if mode != "wal":
        raise Unusable(
            f"SQLite's journal_mode is {mode}. Set it to WAL, or readers and writers stop each other."
        )
    if synchronous not in {"2", "3"}:
        raise Unusable(
            f"SQLite's synchronous is {synchronous}. Set it to FULL, or a power cut loses what was saved."
        )
    if str(getattr(connection, "transaction_mode", None)).upper() not in {"IMMEDIATE", "EXCLUSIVE"}:
        raise Unusable(
            "SQLite's transactions are not IMMEDIATE. Set transaction_mode, or two decisions can cross."
        )


def check_postgres(using: str = "default") -> None:
    """Unusable unless PostgreSQL keeps UTF-8 and reads what is committed (a snapshot would be older than the locks)."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_encoding'), current_setting('default_transaction_isolation')"
        )
        encoding, isolation = cursor.fetchone() or ("", "")
    if encoding != "UTF8":
        raise Unusable(f"The PostgreSQL database is encoded as {encoding}. Create it with ENCODING 'UTF8'.")
    if isolation != "read committed":
        raise Unusable(
            f"PostgreSQL's default_transaction_isolation is {isolation}. Set it to read committed."
        )


_REFUSE = """
    CREATE OR REPLACE FUNCTION store_guard() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
    END $$
"""


def _statements(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """The statement that makes each guard, by its name."""
    return _on_postgres() if connection.vendor == "postgresql" else _on_sqlite()


def _on_postgres() -> dict[str, str]:
    events = dict.fromkeys(INSERT_ONLY, "UPDATE OR DELETE OR TRUNCATE") | dict.fromkeys(
        NEVER_CHANGED, "UPDATE OR TRUNCATE"
    )
    return {
        f"{table}_guard": f"CREATE TRIGGER {table}_guard BEFORE {each} ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION store_guard()"
        for table, each in events.items()
    }


def _on_sqlite() -> dict[str, str]:
    made = {}
    for table in (*INSERT_ONLY, *NEVER_CHANGED):
        conditions = {"update": ""}
        if table in INSERT_ONLY:
            conditions["delete"] = ""
        if table in _SAME_ROW:
            conditions["insert"] = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {_SAME_ROW[table]})"
        for event, condition in conditions.items():
            name = f"{table}_guard_{event}"
            made[name] = (
                f"CREATE TRIGGER {name} BEFORE {event.upper()} ON {table} {condition} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only: {event.upper()} refused'); END"
            )
    return made
