"""The journal in a database: all its SQL, in the words that SQLite and PostgreSQL share."""

# ruff: noqa: S608  (what is put into the SQL are constants of this module; every value is a parameter)

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db import connections, transaction

from carepool.basics.building import building
from carepool.basics.canonical import Digest, canonical, instant
from carepool.basics.refusals import NotHere
from carepool.journal.documents import Document, Withdrawn, withdrawn_already
from carepool.journal.facts import Fact, Last, NewFact, Row, contents_of, fact_of, instant_of, row_of
from carepool.journal.port import Command, Conflict, Said, SameKey, Sealed
from carepool.store.at_once import write_at_once

PAGE = 1000
"""Entries of the log fetched at a time, so that walking it holds neither a cursor nor its whole length."""

Value = str | int | bool | bytes | None
"""What is handed to the database with a statement."""

_SEALING = "carepool sealing"
_TOGETHER = 100
"""Streams or documents asked after in one statement: SQLite joins 500 at most."""

# "by" is a reserved word, so every column is quoted.
_COLUMNS = ", ".join(f'f."{name}"' for name in Row._fields)
_INTO_FACT = "INSERT INTO store_fact ({}) VALUES ".format(", ".join(f'"{name}"' for name in Row._fields))
_ONE_FACT = "({})".format(", ".join(["%s"] * len(Row._fields)))
_HOLD = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0)); "
_LAST = "SELECT stream, version, at, digest FROM store_fact WHERE stream = %s ORDER BY version DESC LIMIT 1"
_QUEUE = "INSERT INTO store_unsealed (fact_id) SELECT id FROM written"
_REMEMBER = """
    INSERT INTO store_command ("by", key, request, answer) SELECT %s, %s, %s, %s
    WHERE NOT EXISTS (SELECT 1 FROM store_command WHERE "by" = %s AND key = %s) ON CONFLICT DO NOTHING RETURNING 1
"""
_SEAL = """
    INSERT INTO store_seal (position, fact_id, recorded)
    SELECT head.position + row_number() OVER (ORDER BY f.id), f.id,
           CASE WHEN max(f.at) OVER sofar > head.recorded THEN max(f.at) OVER sofar ELSE head.recorded END
    FROM store_unsealed u JOIN store_fact f ON f.id = u.fact_id
    CROSS JOIN (SELECT coalesce(max(position), 0) AS position, coalesce(max(recorded), '') AS recorded
                FROM (SELECT position, recorded FROM store_seal ORDER BY position DESC LIMIT 1) newest) head
    WHERE NOT EXISTS (SELECT 1 FROM store_seal s WHERE s.fact_id = u.fact_id)
    WINDOW sofar AS (ORDER BY f.id ROWS UNBOUNDED PRECEDING)
"""


class SqlJournal:
    """The journal in the database that Django knows by an alias. Threads may share it; each has its own connection."""

    def __init__(self, using: str = "default") -> None:
        self.using = using

    def _run(self, sql: str, *values: Value, holding: Sequence[str] = ()) -> list[tuple[Any, ...]]:
        """Run a statement, holding names first until the transaction ends.

        PostgreSQL is sent all of it at once. Of what is sent together each statement still sees what others had committed when
        it began, and so after it had waited. SQLite's IMMEDIATE transaction holds everything already.
        """
        held = holding if self._holds else ()
        with connections[self.using].cursor() as cursor:
            cursor.execute(_HOLD * len(held) + sql, (*held, *values))
            for _ in held:
                cursor.nextset()
            return cursor.fetchall() if cursor.description else []

    @cached_property
    def _holds(self) -> bool:
        """Whether names must be held to keep others out: whatever Django's alias is, it stays what it is."""
        return connections[self.using].vendor == "postgresql"

    def _one(self, sql: str, *values: Value, holding: Sequence[str] = ()) -> Any:
        rows = self._run(sql, *values, holding=holding)
        return rows[0][0] if rows else None

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """See ``Journal.transaction``."""
        if connections[self.using].in_atomic_block:
            yield  # a savepoint would cost two statements, and a conflict has written nothing to undo
        else:
            with transaction.atomic(using=self.using):
                yield

    def read(self, stream: str, *, after: int = 0, upto: int | None = None) -> tuple[Fact, ...]:
        """See ``Journal.read``."""
        sealed, limit = _upto(upto)
        rows = self._run(
            f"SELECT {_COLUMNS} FROM store_fact f {sealed} WHERE f.stream = %s AND f.version > %s ORDER BY f.version",
            *limit,
            stream,
            after,
        )
        with building():
            return tuple([fact_of(row) for row in rows])

    def version(self, stream: str) -> int:
        """See ``Journal.version``."""
        found = self._last([stream]).get(stream)
        return found.version if found else 0

    def _last(self, streams: Sequence[str], holding: Sequence[str] = ()) -> dict[str, Last]:
        """The last fact of each stream that has one, read after all that is to be held is."""
        found: dict[str, Last] = {}
        for start in range(0, len(streams), _TOGETHER):
            some = streams[start : start + _TOGETHER]
            asked = " UNION ALL ".join(f"SELECT * FROM ({_LAST}) s{number}" for number in range(len(some)))
            rows = self._run(asked, *some, holding=holding)
            found.update({stream: Last(*last) for stream, *last in rows})
            holding = ()
        return found

    def streams(self, prefix: str = "", *, upto: int | None = None) -> tuple[str, ...]:
        """See ``Journal.streams``."""
        sealed, limit = _upto(upto)
        # A range, so that the index serves it; names are ASCII, so DEL is after all that may follow the prefix.
        rows = self._run(
            f"SELECT f.stream FROM store_fact f {sealed} WHERE f.version = 1 AND f.stream >= %s AND f.stream < %s",
            *limit,
            prefix,
            prefix + "\x7f",
        )
        return tuple(sorted(stream for (stream,) in rows))

    def gather(self, prefix: str, *, upto: int | None = None) -> dict[str, tuple[Fact, ...]]:
        """See ``Journal.gather``."""
        sealed, limit = _upto(upto)
        rows = self._run(
            f"SELECT {_COLUMNS} FROM store_fact f {sealed} WHERE f.stream >= %s AND f.stream < %s ORDER BY f.version",
            *limit,
            prefix,
            prefix + "\x7f",
        )
        found: dict[str, list[Fact]] = {}
        for row in rows:
            fact = fact_of(Row(*row))
            found.setdefault(fact.stream, []).append(fact)
        return {name: tuple(found[name]) for name in sorted(found)}

    def walk(self, stream: str) -> Iterator[Fact]:
        """See ``Journal.walk``."""
        version = 0
        while True:
            rows = self._run(
                f"SELECT {_COLUMNS} FROM store_fact f WHERE f.stream = %s AND f.version > %s ORDER BY f.version LIMIT %s",
                stream,
                version,
                PAGE,
            )
            yield from (fact_of(row) for row in rows)
            if len(rows) < PAGE:
                return
            version = rows[-1][1]

    def said(self, prefix: str) -> Iterator[Said]:
        """See ``Journal.said``."""
        stream, version = prefix, 0
        while True:
            rows = self._run(
                "SELECT stream, version, kind, schema, body FROM store_fact "
                "WHERE stream < %s AND (stream, version) > (%s, %s) ORDER BY stream, version LIMIT %s",
                prefix + "\x7f",
                stream,
                version,
                PAGE,
            )
            yield from map(Said._make, rows)
            if len(rows) < PAGE:
                return
            stream, version, *_ = rows[-1]

    def hold(self, streams: Iterable[str]) -> None:
        """See ``Journal.hold``."""
        names = sorted(streams)
        if names and self._holds:
            self._run(_HOLD * len(names), *names)

    def append(
        self,
        writes: Sequence[NewFact],
        *,
        expecting: Mapping[str, int],
        by: str,
        at: datetime,
        command: Command | None = None,
    ) -> tuple[Fact, ...]:
        """See ``Journal.append``."""
        contents = contents_of(writes, expecting, by)
        with self.transaction():
            streams = sorted(expecting)
            last = self._last(streams, holding=streams)
            for stream, expected in sorted(expecting.items()):
                before = last.get(stream)
                found = before.version if before else 0
                if found != expected:
                    raise Conflict(stream, expected, found)
            rows = []
            for new, content in zip(writes, contents, strict=True):
                row = row_of(new, content, last.get(new.stream), by, instant(at))
                last[new.stream] = Last(row.version, row.at, row.digest)
                rows.append(row)
            if command is not None and self._holds and 0 < len(rows) <= PAGE:
                self._insert_with(rows, command)
            else:
                self._insert(rows, expecting)
                if command is not None:
                    self.remember(command)
            return tuple(fact_of(row) for row in rows)

    def _insert(self, rows: Sequence[Row], expecting: Mapping[str, int]) -> None:
        """Write facts, and queue them to be sealed."""
        if self._holds:
            for start in range(0, len(rows), PAGE):
                page = rows[start : start + PAGE]
                values = (each for row in page for each in row)
                self._run(_written(len(page)) + _QUEUE, *values)
        elif rows:
            with connections[self.using].cursor() as cursor:
                cursor.executemany(_INTO_FACT + _ONE_FACT, rows)
                for stream in {row.stream for row in rows}:
                    cursor.execute(
                        "INSERT INTO store_unsealed (fact_id) SELECT id FROM store_fact WHERE stream = %s AND version > %s",
                        (stream, expecting[stream]),
                    )

    def _insert_with(self, rows: Sequence[Row], command: Command) -> None:
        """The same on PostgreSQL with the command that they come of, in one statement."""
        values = (each for row in rows for each in row)
        written = self._one(
            f"{_written(len(rows))}, queued AS ({_QUEUE}) {_REMEMBER}", *values, *_remembered(command)
        )
        if written is None:
            raise SameKey(command.by, command.key)

    def append_at_once(
        self,
        writes: Sequence[NewFact],
        *,
        standing: Mapping[str, Last],
        by: str,
        at: datetime,
        command: Command,
    ) -> tuple[Fact, ...] | None:
        """See ``Journal.append_at_once``."""
        connection = connections[self.using]
        if connection.in_atomic_block:
            return None
        contents = contents_of(writes, standing, by)
        last = dict(standing)
        rows = []
        for new, content in zip(writes, contents, strict=True):
            row = row_of(new, content, last[new.stream], by, instant(at))
            last[new.stream] = Last(row.version, row.at, row.digest)
            rows.append(row)
        if not write_at_once(connection, rows, standing, command):
            return None
        return tuple([fact_of(row, content.body) for row, content in zip(rows, contents, strict=True)])

    def command(self, by: str, key: str) -> Command | None:
        """See ``Journal.command``."""
        # Whoever gives the same command at the same time waits here, and then finds the answer.
        holding = [f"command {by} {key}"] if connections[self.using].in_atomic_block else []
        asked = 'SELECT request, answer FROM store_command WHERE "by" = %s AND key = %s'
        rows = self._run(asked, by, key, holding=holding)
        return Command(by, key, Digest(rows[0][0]), json.loads(rows[0][1])) if rows else None

    def remember(self, command: Command) -> None:
        """See ``Journal.remember``."""
        with self.transaction():
            # One that is being written elsewhere is waited for: either it stands and this one does not, or it was undone.
            if self._one(_REMEMBER, *_remembered(command)) is None:
                raise SameKey(command.by, command.key)

    def seal(self) -> int:
        """See ``Journal.seal``."""
        if self._one("SELECT 1 FROM store_unsealed LIMIT 1") is None:
            return self._head()
        with self.transaction():
            self._run(_SEAL, holding=[_SEALING])
            # More may have been written since that statement began: only what is sealed is done with.
            self._run(
                "DELETE FROM store_unsealed WHERE EXISTS "
                "(SELECT 1 FROM store_seal s WHERE s.fact_id = store_unsealed.fact_id)"
            )
            return self._head()

    def _head(self) -> int:
        return int(self._one("SELECT coalesce(max(position), 0) FROM store_seal"))

    def sealed(self, after: int = 0, limit: int | None = None) -> Iterator[Sealed]:
        """See ``Journal.sealed``."""
        left = limit
        while left is None or left > 0:
            page = PAGE if left is None else min(left, PAGE)
            rows = self._run(
                f"SELECT s.position, s.recorded, {_COLUMNS} FROM store_seal s JOIN store_fact f ON f.id = s.fact_id "
                "WHERE s.position > %s ORDER BY s.position LIMIT %s",
                after,
                page,
            )
            for position, recorded, *row in rows:
                yield Sealed(position, instant_of(recorded), Row(*row))
                after = position
            if len(rows) < page:
                return
            left = None if left is None else left - page

    def as_at(self, moment: datetime) -> int:
        """See ``Journal.as_at``."""
        self.seal()
        found = self._one(
            "SELECT position FROM store_seal WHERE recorded <= %s ORDER BY recorded DESC, position DESC LIMIT 1",
            instant(moment),
        )
        return int(found or 0)

    def put(
        self, content: bytes, *, kind: str, media_type: str, salt: bytes = b"", schema: int = 1
    ) -> Digest:
        """See ``Journal.put``."""
        document = Document(kind, media_type, bytes(content), bytes(salt), schema)
        digest = document.digest
        kept = self._kept(digest)
        if kept is None:
            compressed = zlib.compress(document.content)
            with self.transaction():
                kept = self._kept(digest, holding=[f"document {digest}"])
                if kept is None:
                    self._insert_document(digest, document, compressed)
        if kept is False:
            raise withdrawn_already(digest)
        return digest

    def _kept(self, digest: str, holding: Sequence[str] = ()) -> bool | None:
        """Whether the document's bytes are here; None when it never was."""
        found = self._one(
            "SELECT CASE WHEN b.document_id IS NULL THEN 0 ELSE 1 END FROM store_document d "
            "LEFT JOIN store_document_bytes b ON b.document_id = d.id WHERE d.digest = %s",
            digest,
            holding=holding,
        )
        return None if found is None else bool(found)

    def _insert_document(self, digest: Digest, document: Document, compressed: bytes) -> None:
        self._run(
            "INSERT INTO store_document (digest, kind, schema, media_type, length, salted) "
            "VALUES (%s, %s, %s, %s, %s, %s)",
            digest,
            document.kind,
            document.schema,
            document.media_type,
            len(document.content),
            bool(document.salt),
        )
        self._run(
            "INSERT INTO store_document_bytes (document_id, content, salt) "
            "SELECT id, %s, %s FROM store_document WHERE digest = %s",
            compressed,
            document.salt,
            digest,
        )

    def document(self, digest: str) -> Document | Withdrawn | None:
        """See ``Journal.document``. ValueError or zlib.error when what is kept was changed by other means."""
        rows = self._run(f"{_DOCUMENT} WHERE d.digest = %s", digest)
        return _document(rows[0]) if rows else None

    def kept(self, digests: Iterable[str]) -> dict[Digest, Document | Withdrawn]:
        """See ``Journal.kept``, and ``document`` for what is raised."""
        asked = list(dict.fromkeys(digests))
        found: dict[Digest, Document | Withdrawn] = {}
        for start in range(0, len(asked), _TOGETHER):
            some = asked[start : start + _TOGETHER]
            named = ", ".join(["%s"] * len(some))
            found |= {Digest(row[0]): _document(row) for row in self._run(f"{_DOCUMENT} WHERE d.digest IN ({named})", *some)}  # fmt: skip
        return found

    def documents(self) -> Iterator[tuple[Digest, Document | Withdrawn | None]]:
        """See ``Journal.documents``."""
        after: str | None = ""
        while after is not None:
            rows = self._run(f"{_DOCUMENT} WHERE d.digest > %s ORDER BY d.digest LIMIT 20", after)
            for row in rows:
                try:
                    yield Digest(row[0]), _document(row)
                except (ValueError, zlib.error):
                    yield Digest(row[0]), None
            after = rows[-1][0] if rows else None

    def withdraw(self, digest: str) -> None:
        """See ``Journal.withdraw``. On SQLite the pages are overwritten too; on PostgreSQL the next VACUUM frees them."""
        embedded = connections[self.using].vendor == "sqlite"
        with self.transaction():
            if self._kept(digest) is None:
                raise NotHere(f"There is no document {digest}.")
            if embedded:
                self._run("PRAGMA secure_delete = ON")
            self._run(
                "DELETE FROM store_document_bytes WHERE document_id = (SELECT id FROM store_document WHERE digest = %s)",
                digest,
            )
            if embedded:  # the write-ahead log still holds the old page until it is copied back and cut
                transaction.on_commit(self._cut_write_ahead_log, using=self.using)

    def _cut_write_ahead_log(self) -> None:
        self._run("PRAGMA wal_checkpoint(TRUNCATE)")

    def strays(self) -> tuple[tuple[str, int], ...]:
        """See ``Journal.strays``."""
        rows = self._run(
            "SELECT f.stream, f.version FROM store_fact f "
            "WHERE NOT EXISTS (SELECT 1 FROM store_seal s WHERE s.fact_id = f.id) "
            "AND NOT EXISTS (SELECT 1 FROM store_unsealed u WHERE u.fact_id = f.id) ORDER BY f.id"
        )
        return tuple((stream, version) for stream, version in rows)


_DOCUMENT = (
    "SELECT d.digest, d.kind, d.schema, d.media_type, d.length, d.salted, b.content, b.salt "
    "FROM store_document d LEFT JOIN store_document_bytes b ON b.document_id = d.id"
)


class OneLook(SqlJournal):
    """The journal for one look at it: what was fetched once is not fetched again, and what is written is seen."""

    def __init__(self, using: str = "default") -> None:
        super().__init__(using)
        self._facts: dict[tuple[str, int, int | None], tuple[Fact, ...]] = {}
        self._gathered: dict[tuple[str, int | None], dict[str, tuple[Fact, ...]]] = {}
        self._documents: dict[str, Document | Withdrawn | None] = {}

    def read(self, stream: str, *, after: int = 0, upto: int | None = None) -> tuple[Fact, ...]:
        """See ``Journal.read``."""
        asked = stream, after, upto
        if asked not in self._facts:
            self._facts[asked] = super().read(stream, after=after, upto=upto)
        return self._facts[asked]

    def gather(self, prefix: str, *, upto: int | None = None) -> dict[str, tuple[Fact, ...]]:
        """See ``Journal.gather``. What was gathered is not read again stream by stream."""
        asked = prefix, upto
        if asked not in self._gathered:
            self._gathered[asked] = super().gather(prefix, upto=upto)
            self._facts |= {(stream, 0, upto): facts for stream, facts in self._gathered[asked].items()}
        return dict(self._gathered[asked])

    def document(self, digest: str) -> Document | Withdrawn | None:
        """See ``Journal.document``."""
        if digest not in self._documents:
            self._documents[digest] = super().document(digest)
        return self._documents[digest]

    def kept(self, digests: Iterable[str]) -> dict[Digest, Document | Withdrawn]:
        """See ``Journal.kept``."""
        asked = list(dict.fromkeys(digests))
        new = [each for each in asked if each not in self._documents]
        self._documents |= dict.fromkeys(new) | super().kept(new)
        return {Digest(each): held for each in asked if (held := self._documents[each])}

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """See ``Journal.transaction``. Whoever writes reads afresh what the decision rests on."""
        with super().transaction():
            self._forget()
            try:
                yield
            finally:
                self._forget()

    def append_at_once(
        self,
        writes: Sequence[NewFact],
        *,
        standing: Mapping[str, Last],
        by: str,
        at: datetime,
        command: Command,
    ) -> tuple[Fact, ...] | None:
        """See ``Journal.append_at_once``."""
        self._forget()
        return super().append_at_once(writes, standing=standing, by=by, at=at, command=command)

    def _forget(self) -> None:
        self._facts.clear()
        self._gathered.clear()
        self._documents.clear()


def _written(facts: int) -> str:
    """The beginning of a statement on PostgreSQL that writes facts and goes on with their ids."""
    return f"WITH written AS ({_INTO_FACT}{', '.join([_ONE_FACT] * facts)} RETURNING id) "


def _remembered(command: Command) -> tuple[str, ...]:
    by, key = command.by, command.key
    return by, key, command.request, canonical(command.answer).decode(), by, key


def _upto(upto: int | None) -> tuple[str, tuple[int, ...]]:
    """The join that leaves only what is sealed at or before a position, and its value."""
    if upto is None:
        return "", ()
    return "JOIN store_seal s ON s.fact_id = f.id AND s.position <= %s", (upto,)


def _document(row: tuple[Any, ...]) -> Document | Withdrawn:
    digest, kind, schema, media_type, length, salted, content, salt = row
    if content is None:
        return Withdrawn(Digest(digest), kind, schema, media_type, length, bool(salted))
    opened = zlib.decompressobj().decompress(bytes(content), length + 1)  # never more than it should be
    if len(opened) != length:
        raise ValueError(f"the document {digest} has {length} bytes, and more or fewer are kept")
    return Document(kind, media_type, opened, bytes(salt), schema)
