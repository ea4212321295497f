"""A command's facts written with the least said to the database: one message to PostgreSQL, four statements and one more a fact on SQLite.

Nothing of durability or of the guards is less: the same locks in the same order, the same triggers, the same commit. What a
decision rests on is compared inside the transaction that writes, and the drivers are asked directly, since what
Django does around a statement costs as much as the statement.
"""

# ruff: noqa: S608  (what is put into the SQL are constants of this module; every value is a parameter or a quoted literal)

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary

from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import errors
from psycopg.pq import Escaping, ExecStatus

from carepool.basics.canonical import canonical
from carepool.journal.facts import Last, Row
from carepool.journal.port import Command

_COLUMNS = ", ".join(f'"{name}"' for name in Row._fields)
_ENDS = "(SELECT digest FROM store_fact WHERE stream = {0} ORDER BY version DESC LIMIT 1) = {0}"
_NEW = 'NOT EXISTS (SELECT 1 FROM store_command WHERE "by" = {0} AND key = {0})'
_LOCK = b"pg_advisory_xact_lock(hashtextextended(%b, 0))"
_TYPES = {"version": "bigint", "schema": "integer"}


def write_at_once(
    connection: BaseDatabaseWrapper, rows: Sequence[Row], standing: Mapping[str, Last], command: Command
) -> bool:
    """Whether the rows and their command were written: not where a stream ends otherwise, or the key was used."""
    connection.ensure_connection()
    ends = [each for stream in sorted(standing) for each in (stream, standing[stream].digest)]
    told = (command.by, command.key, command.request, canonical(command.answer).decode())
    with connection.wrap_database_errors:
        if connection.vendor == "postgresql":
            return _on_postgres(connection.connection, rows, ends, told)
        return _on_sqlite(connection.connection, rows, ends, told)


def _on_postgres(raw: Any, rows: Sequence[Row], ends: Sequence[str], told: tuple[str, ...]) -> bool:
    """In one message, which is one transaction: each statement in it sees what was committed once the locks were had."""
    by, key, *_ = told
    held = (f"command {by} {key}", *ends[::2])
    values = (by, key, *ends, *(each for row in rows for each in row), *told)
    locks = b"SELECT " + b", ".join([_LOCK % each for each in _literals(raw, held)]) + b"; "
    literals = _literals(raw, values)
    name, statement = _statement(len(ends) // 2, len(rows))
    _prepare(raw, name, statement)
    try:
        return _send(raw, locks + b"EXECUTE " + name + b"(" + b", ".join(literals) + b")")
    except errors.InvalidSqlStatementName:
        # A pooler between us and the server has given us another connection of its own. Nothing was written.
        return _send(raw, locks + statement % tuple(literals))


def _send(raw: Any, message: bytes) -> bool:
    done = raw.pgconn.exec_(message)
    if done.status not in {ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK}:
        raise errors.error_from_result(done)
    return bool(done.ntuples)


def _literals(raw: Any, values: Sequence[str | int | None]) -> list[bytes]:
    quote = Escaping(raw.pgconn).escape_literal
    return [
        b"NULL" if each is None else b"%d" % each if isinstance(each, int) else quote(each.encode())
        for each in values
    ]


_PREPARED: WeakKeyDictionary[Any, set[bytes]] = WeakKeyDictionary()
"""The statements that each connection has made ready: planning one costs the server as much as carrying it out."""


def _prepare(raw: Any, name: bytes, statement: bytes) -> None:
    """Make a statement ready on this connection, the first time."""
    names = _PREPARED.setdefault(raw, set())
    if name in names:
        return
    wanted = [b"$%d" % (number + 1) for number in range(statement.count(b"%b"))]
    with suppress(
        errors.DuplicatePreparedStatement
    ):  # as a pooler's own connection may have it from another of ours
        _send(raw, b"PREPARE " + name + b" AS " + statement % tuple(wanted))
    names.add(name)


@lru_cache(maxsize=256)
def _statement(streams: int, rows: int) -> tuple[bytes, bytes]:
    """The statement for so many streams and rows, and the name under which it is made ready."""
    one = "({})".format(", ".join(f"%b::{_TYPES.get(name, 'text')}" for name in Row._fields))
    stands = " AND ".join([_NEW.format("%b"), *[_ENDS.format("%b")] * streams])
    statement = (
        f"WITH stands AS (SELECT 1 WHERE {stands}), "
        f"written AS (INSERT INTO store_fact ({_COLUMNS}) SELECT new.* FROM (VALUES {', '.join([one] * rows)}) new, stands RETURNING id), "
        "queued AS (INSERT INTO store_unsealed (fact_id) SELECT id FROM written) "
        'INSERT INTO store_command ("by", key, request, answer) SELECT %b, %b, %b, %b FROM stands RETURNING 1'
    )
    return f"carepool_at_once_{streams}_{rows}".encode(), statement.encode()


def _on_sqlite(
    raw: sqlite3.Connection, rows: Sequence[Row], ends: Sequence[str], told: tuple[str, ...]
) -> bool:
    """In one IMMEDIATE transaction, which keeps every other writer out from before the comparison."""
    raw.execute("BEGIN IMMEDIATE")
    try:
        stands = raw.execute(_stands(len(ends) // 2), (*told, *told[:2], *ends)).rowcount
        if stands:
            for row in rows:
                written = raw.execute(_INSERT, row)
                raw.execute("INSERT INTO store_unsealed (fact_id) VALUES (?)", (written.lastrowid,))
        raw.execute("COMMIT")
    except BaseException:
        raw.rollback()
        raise
    return bool(stands)


_INSERT = f"INSERT INTO store_fact ({_COLUMNS}) VALUES ({', '.join('?' * len(Row._fields))})"


@lru_cache(maxsize=64)
def _stands(streams: int) -> str:
    """The command written, if all that its decision rests on stands as it did."""
    stands = " AND ".join([_NEW.format("?"), *[_ENDS.format("?")] * streams])
    return f'INSERT INTO store_command ("by", key, request, answer) SELECT ?, ?, ?, ? WHERE {stands}'
