"""A command's facts written with the least said to the database: one message to PostgreSQL, four statements and one more a fact on SQLite.

Nothing of durability or of the guards is less: the same locks in the same order, the same triggers, the same commit. What a
decision rests on is compared inside the transaction that writes, and the drivers are asked directly, since what
Django does around a statement costs as much as the statement.
"""

# ruff: noqa: S608  (what is put into the SQL are constants of this module; every value is a parameter or a quoted literal)

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from itertools import count, islice
from select import POLLIN, poll
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import errors
from psycopg.pq import ConnStatus, ExecStatus, TransactionStatus

from carepool.basics.canonical import canonical
from carepool.journal.facts import Last, Row
from carepool.journal.port import Command

_COLUMNS = ", ".join(f'"{name}"' for name in Row._fields)
_ENDS = "(SELECT digest FROM store_fact WHERE stream = {} ORDER BY version DESC LIMIT 1) = {}"
_NEW = 'NOT EXISTS (SELECT 1 FROM store_command WHERE "by" = {} AND key = {})'
_LOCK = "pg_advisory_xact_lock(hashtextextended(${}, 0))"
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
    values = (by, key, *ends, *[each for row in rows for each in row], *told)
    asked = (_locks(len(held)), _written(held)), (_statement(len(ends) // 2, len(rows)), _written(values))
    for statement, _ in asked:
        _prepare(raw, statement)
    try:
        return _sent(
            raw.pgconn, [(raw.pgconn.send_query_prepared, each.name, given) for each, given in asked]
        )
    except errors.InvalidSqlStatementName:
        # A pooler between us and the server has given us another connection of its own. Nothing was written.
        return _sent(raw.pgconn, [(raw.pgconn.send_query_params, each.text, given) for each, given in asked])


def _written(values: Sequence[str | int | None]) -> list[bytes | None]:
    """Values as the server takes them beside a statement, and never as a part of it."""
    return [
        None if each is None else each.encode() if isinstance(each, str) else b"%d" % each for each in values
    ]


Asked = tuple[Callable[[bytes, Sequence[bytes | None]], None], bytes, list[bytes | None]]


def _sent(server: Any, asked: Sequence[Asked]) -> bool:
    """Whether the last of what is asked wrote a row. All of it goes out together; what fails undoes all of it.

    Between sending and receiving other threads may work: the socket is waited for outside of the library.
    """
    server.enter_pipeline_mode()
    try:
        for send, words, values in asked:
            send(words, values)
        server.pipeline_sync()
        answers = _answers(server)
    finally:
        if server.transaction_status == TransactionStatus.IDLE:
            server.exit_pipeline_mode()
    for each in answers:
        if each.status == ExecStatus.FATAL_ERROR:
            raise errors.error_from_result(each)
    return bool(answers[-1].ntuples)


def _answers(server: Any) -> list[Any]:
    """The answers up to the end of what was sent together. OperationalError where the server is gone."""
    socket = poll()
    socket.register(server.socket, POLLIN)
    found: list[Any] = []
    while True:
        while server.is_busy():
            socket.poll()
            server.consume_input()
        answer = server.get_result()
        if answer is None:  # the end of what one statement answered
            continue
        if answer.status == ExecStatus.PIPELINE_SYNC:
            return found
        found.append(answer)
        if server.status == ConnStatus.BAD:
            raise errors.error_from_result(answer)


class _Statement(NamedTuple):
    """A statement, and the name under which a connection has it ready."""

    name: bytes
    text: bytes


_PREPARED: WeakKeyDictionary[Any, set[bytes]] = WeakKeyDictionary()
"""The statements that each connection has made ready: planning one costs the server as much as carrying it out."""


def _prepare(raw: Any, statement: _Statement) -> None:
    """Make a statement ready on this connection, the first time."""
    names = _PREPARED.setdefault(raw, set())
    if statement.name in names:
        return
    done = raw.pgconn.prepare(statement.name, statement.text)
    if done.status != ExecStatus.COMMAND_OK:
        with suppress(
            errors.DuplicatePreparedStatement
        ):  # as a pooler's own connection may have it from another of ours
            raise errors.error_from_result(done)
    names.add(statement.name)


@lru_cache(maxsize=64)
def _locks(names: int) -> _Statement:
    """The statement that holds so many names until the transaction ends."""
    locks = ", ".join(_LOCK.format(number) for number in range(1, names + 1))
    return _Statement(f"carepool_hold_{names}".encode(), f"SELECT {locks}".encode())


@lru_cache(maxsize=256)
def _statement(streams: int, rows: int) -> _Statement:
    """The statement for so many streams and rows."""
    numbers = count(1)
    stands = " AND ".join(
        [_NEW.format(*_next(numbers, 2)), *[_ENDS.format(*_next(numbers, 2)) for _ in range(streams)]]
    )
    each = ", ".join(
        "({})".format(", ".join(f"{one}::{_TYPES.get(name, 'text')}" for name, one in zip(Row._fields, _next(numbers, len(Row._fields)), strict=True)))
        for _ in range(rows)
    )  # fmt: skip
    statement = (
        f"WITH stands AS (SELECT 1 WHERE {stands}), "
        f"written AS (INSERT INTO store_fact ({_COLUMNS}) SELECT new.* FROM (VALUES {each}) new, stands RETURNING id), "
        "queued AS (INSERT INTO store_unsealed (fact_id) SELECT id FROM written) "
        f'INSERT INTO store_command ("by", key, request, answer) SELECT {", ".join(_next(numbers, 4))} FROM stands RETURNING 1'
    )
    return _Statement(f"carepool_at_once_{streams}_{rows}".encode(), statement.encode())


def _next(numbers: Iterator[int], how_many: int) -> list[str]:
    """The next places for values."""
    return [f"${number}" for number in islice(numbers, how_many)]


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
    stands = " AND ".join([_NEW.format("?", "?"), *[_ENDS.format("?", "?")] * streams])
    return f'INSERT INTO store_command ("by", key, request, answer) SELECT ?, ?, ?, ? WHERE {stands}'
