"""The port that every journal implements: in memory, on SQLite, on PostgreSQL, all under one conformance suite."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol

from carepool.basics.canonical import Digest
from carepool.journal.documents import Document, Withdrawn
from carepool.journal.facts import Fact, Last, NewFact, Row, fact_of


class Conflict(Exception):
    """A stream that a decision rests on has moved on since it was read. Nothing of the append was written."""

    def __init__(self, stream: str, expected: int, found: int) -> None:
        super().__init__(f"{stream} was read at version {expected} and is now at {found}")
        self.stream, self.expected, self.found = stream, expected, found


class SameKey(Exception):
    """An account used one key for two different requests."""

    def __init__(self, by: str, key: str) -> None:
        super().__init__(f"{by} has already used the key {key} for another request. Use a new key.")
        self.by, self.key = by, key


@dataclass(frozen=True, slots=True)
class Command:
    """A request that was carried out, remembered so that asking again with its key does nothing twice."""

    by: str
    key: str
    request: Digest
    answer: object
    """The answer given, in the shapes of JSON."""


class Sealed(NamedTuple):
    """An entry of the log: what was written, as it is stored, and where."""

    position: int
    """Its place among all facts, from 1, without gaps."""
    recorded: datetime
    """The latest ``at`` of all facts up to and including this position."""
    row: Row

    @property
    def fact(self) -> Fact:
        """The fact in the entry. Unreadable when the row is not a fact's."""
        return fact_of(self.row)


class Said(NamedTuple):
    """What a fact says, and nothing of who said it and when: for adding up very many."""

    stream: str
    version: int
    kind: str
    schema: int
    body: str
    """As it is stored."""


class Journal(Protocol):
    """Streams of facts, the one order that sealing gives them, commands, and documents."""

    def read(self, stream: str, *, after: int = 0, upto: int | None = None) -> tuple[Fact, ...]:
        """The stream's facts by version, those after version ``after``.

        ``upto`` is a position (see ``as_at``): only facts sealed at or before it. Without it, all
        that is written, sealed or not, so a writer always sees its own facts.
        """
        ...

    def version(self, stream: str) -> int:
        """The version of the stream's last fact; 0 when it has none."""
        ...

    def streams(self, prefix: str = "", *, upto: int | None = None) -> tuple[str, ...]:
        """The names of all streams that begin so, sorted; with ``upto``, those begun at or before that position."""
        ...

    def gather(self, prefix: str, *, upto: int | None = None) -> dict[str, tuple[Fact, ...]]:
        """The facts of every stream that begins so, by the name of the stream, as ``read`` gives those of one."""
        ...

    def walk(self, stream: str) -> Iterator[Fact]:
        """The stream's facts by version, a few at a time: for folding a long one, which never needs all of them at once."""
        ...

    def said(self, prefix: str) -> Iterator[Said]:
        """What the facts of every stream that begins so say, by stream and version, sealed or not: for adding up very many."""
        ...

    def transaction(self) -> AbstractContextManager[None]:
        """All that is written inside is written together, or not at all when an exception leaves it.

        Inside another transaction it is part of that one.
        """
        ...

    def hold(self, streams: Iterable[str]) -> None:
        """In a transaction: wait for whoever is writing to these streams, and keep them still until it ends.

        Hold all that are needed at once, before reading them: they are taken in the order of their names.
        """
        ...

    def append(
        self,
        writes: Sequence[NewFact],
        *,
        expecting: Mapping[str, int],
        by: str,
        at: datetime,
        command: Command | None = None,
    ) -> tuple[Fact, ...]:
        """Write facts, provided that every stream in ``expecting`` is still at the version named.

        ``expecting`` names every stream that the decision read, and so every stream written to
        (ValueError if not). A fact's ``at`` is the one given or its stream's last, whichever is later.
        Raises Conflict, or Unusable when a fact cannot be written; either way nothing is. A ``command`` is remembered with
        them, as ``remember`` does: with SameKey nothing is written either.
        """
        ...

    def append_at_once(
        self,
        writes: Sequence[NewFact],
        *,
        standing: Mapping[str, Last],
        by: str,
        at: datetime,
        command: Command,
    ) -> tuple[Fact, ...] | None:
        """Write facts and their command in a transaction of its own, asking the database as seldom as can be.

        ``standing`` names every stream that the decision rests on, with the last fact that it knew: its digest, which
        stands for all before it. None, and nothing is written, where one of them ends otherwise now, where the account has
        used the key, or inside another transaction: then ``append`` is the way. What it writes is what ``append`` would.
        """
        ...

    def command(self, by: str, key: str) -> Command | None:
        """The command that this account gave under this key. In a transaction, it waits for one under way."""
        ...

    def remember(self, command: Command) -> None:
        """Write a command that was carried out, in the transaction of its facts. SameKey when the key is taken."""
        ...

    def seal(self) -> int:
        """Give positions to the facts that have none, and return the last position (0 for an empty journal).

        In a transaction that also appends, seal last: whoever seals holds up every other sealer.
        """
        ...

    def sealed(self, after: int = 0, limit: int | None = None) -> Iterator[Sealed]:
        """The log by position, after the one given. It seals nothing first."""
        ...

    def as_at(self, moment: datetime) -> int:
        """The position of what had been recorded by then: the largest whose ``recorded`` is not later. It seals first."""
        ...

    def put(
        self, content: bytes, *, kind: str, media_type: str, salt: bytes = b"", schema: int = 1
    ) -> Digest:
        """Keep a document and return its digest; putting the same again changes nothing.

        Unusable when it is over 10 MB or was withdrawn. Put a large document before the transaction that cites it.
        """
        ...

    def document(self, digest: str) -> Document | Withdrawn | None:
        """The document under this digest, what is left of it, or None when it never was here."""
        ...

    def kept(self, digests: Iterable[str]) -> dict[Digest, Document | Withdrawn]:
        """The documents under these digests together, and what is left of them; without those that never were here."""
        ...

    def documents(self) -> Iterator[tuple[Digest, Document | Withdrawn | None]]:
        """Every document ever put, by digest, for verifying; None where the bytes kept cannot be read at all."""
        ...

    def withdraw(self, digest: str) -> None:
        """Delete a document's bytes and salt; its digest stays. NotHere when there is no such document."""
        ...

    def strays(self) -> tuple[tuple[str, int], ...]:
        """Stream and version of facts that no sealing will reach: none, unless other means were used to write."""
        ...
