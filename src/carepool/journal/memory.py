"""A journal in memory, for properties, the simulator and conversation: it forgets everything at its end."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from threading import RLock

from carepool.basics.canonical import Digest, canonical, instant
from carepool.basics.refusals import NotHere
from carepool.journal.documents import Document, Withdrawn, withdrawn_already
from carepool.journal.facts import Fact, Last, NewFact, Row, contents_of, fact_of, instant_of, row_of
from carepool.journal.port import Command, Conflict, Said, SameKey, Sealed


class MemoryJournal:
    """A journal that threads may share: a transaction keeps the others out, and an exception undoes it."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._depth = 0
        self._undo: list[Callable[[], object]] = []
        self._streams: dict[str, list[Row]] = {}
        self._unsealed: list[Row] = []
        self._log: list[Row] = []
        self._recorded: list[str] = []
        self._positions: dict[tuple[str, int], int] = {}
        self._commands: dict[tuple[str, str], Command] = {}
        self._documents: dict[Digest, Document | Withdrawn] = {}

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """See ``Journal.transaction``."""
        with self._lock:
            self._depth += 1
            try:
                yield
            except BaseException:
                if self._depth == 1:
                    for undo in reversed(self._undo):
                        undo()
                raise
            finally:
                self._depth -= 1
                if not self._depth:
                    self._undo.clear()

    def read(self, stream: str, *, after: int = 0, upto: int | None = None) -> tuple[Fact, ...]:
        """See ``Journal.read``."""
        with self._lock:
            rows = self._streams.get(stream, [])[after:]
            return tuple(fact_of(row) for row in rows if upto is None or self._position(row) <= upto)

    def _position(self, row: Row) -> float:
        return self._positions.get((row.stream, row.version), float("inf"))

    def version(self, stream: str) -> int:
        """See ``Journal.version``."""
        with self._lock:
            return len(self._streams.get(stream, ()))

    def streams(self, prefix: str = "", *, upto: int | None = None) -> tuple[str, ...]:
        """See ``Journal.streams``."""
        with self._lock:
            begun = {
                name: rows[0] for name, rows in self._streams.items() if rows and name.startswith(prefix)
            }
            return tuple(
                sorted(name for name, row in begun.items() if upto is None or self._position(row) <= upto)
            )

    def gather(self, prefix: str, *, upto: int | None = None) -> dict[str, tuple[Fact, ...]]:
        """See ``Journal.gather``."""
        with self._lock:
            return {name: self.read(name, upto=upto) for name in self.streams(prefix, upto=upto)}

    def walk(self, stream: str) -> Iterator[Fact]:
        """See ``Journal.walk``."""
        return iter(self.read(stream))

    def said(self, prefix: str) -> Iterator[Said]:
        """See ``Journal.said``."""
        with self._lock:
            rows = [row for name in self.streams(prefix) for row in self._streams[name]]
        return (Said._make(row[:5]) for row in rows)

    def hold(self, streams: Iterable[str]) -> None:
        """See ``Journal.hold``. A transaction in memory holds everything already."""

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
            for stream in sorted(expecting):
                found = self.version(stream)
                if found != expecting[stream]:
                    raise Conflict(stream, expecting[stream], found)
            rows = []
            for new, content in zip(writes, contents, strict=True):
                stored = self._streams.setdefault(new.stream, [])
                last = Last(stored[-1].version, stored[-1].at, stored[-1].digest) if stored else None
                row = row_of(new, content, last, by, instant(at))
                stored.append(row)
                self._unsealed.append(row)
                self._undo += [stored.pop, self._unsealed.pop]
                rows.append(row)
            if command is not None:
                self.remember(command)
            return tuple(fact_of(row) for row in rows)

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
        with self._lock:
            ends = {name: self._streams[name][-1].digest for name in standing if self._streams.get(name)}
            stands = ends == {name: last.digest for name, last in standing.items()}
            if self._depth or not stands or self.command(command.by, command.key):
                return None
            expecting = {name: last.version for name, last in standing.items()}
            return self.append(writes, expecting=expecting, by=by, at=at, command=command)

    def command(self, by: str, key: str) -> Command | None:
        """See ``Journal.command``."""
        with self._lock:
            return self._commands.get((by, key))

    def remember(self, command: Command) -> None:
        """See ``Journal.remember``."""
        canonical(command.answer)
        with self.transaction():
            if (command.by, command.key) in self._commands:
                raise SameKey(command.by, command.key)
            self._commands[command.by, command.key] = command
            self._undo.append(lambda: self._commands.pop((command.by, command.key)))

    def seal(self) -> int:
        """See ``Journal.seal``."""
        with self.transaction():
            for row in self._unsealed:
                self._log.append(row)
                self._recorded.append(max(row.at, self._recorded[-1]) if self._recorded else row.at)
                self._positions[row.stream, row.version] = len(self._log)
                self._undo.append(self._unseal)
            waiting, self._unsealed = self._unsealed, []
            self._undo.append(lambda: setattr(self, "_unsealed", waiting))
            return len(self._log)

    def _unseal(self) -> None:
        row = self._log.pop()
        self._recorded.pop()
        del self._positions[row.stream, row.version]

    def sealed(self, after: int = 0, limit: int | None = None) -> Iterator[Sealed]:
        """See ``Journal.sealed``."""
        with self._lock:
            log = list(zip(self._log, self._recorded, strict=True))
        entries = enumerate(islice(log, after, None), after + 1)
        for position, (row, recorded) in islice(entries, limit):
            yield Sealed(position, instant_of(recorded), row)

    def as_at(self, moment: datetime) -> int:
        """See ``Journal.as_at``."""
        with self._lock:
            self.seal()
            return bisect_right(self._recorded, instant(moment))

    def put(
        self, content: bytes, *, kind: str, media_type: str, salt: bytes = b"", schema: int = 1
    ) -> Digest:
        """See ``Journal.put``."""
        document = Document(kind, media_type, bytes(content), bytes(salt), schema)
        digest = document.digest
        with self.transaction():
            kept = self._documents.get(digest)
            if isinstance(kept, Withdrawn):
                raise withdrawn_already(digest)
            if kept is None:
                self._documents[digest] = document
                self._undo.append(lambda: self._documents.pop(digest))
        return digest

    def document(self, digest: str) -> Document | Withdrawn | None:
        """See ``Journal.document``."""
        with self._lock:
            return self._documents.get(Digest(digest))

    def kept(self, digests: Iterable[str]) -> dict[Digest, Document | Withdrawn]:
        """See ``Journal.kept``."""
        with self._lock:
            return {each: self._documents[each] for each in map(Digest, digests) if each in self._documents}

    def documents(self) -> Iterator[tuple[Digest, Document | Withdrawn | None]]:
        """See ``Journal.documents``."""
        with self._lock:
            kept = sorted(self._documents.items())
        yield from kept

    def withdraw(self, digest: str) -> None:
        """See ``Journal.withdraw``."""
        with self.transaction():
            kept = self._documents.get(Digest(digest))
            if kept is None:
                raise NotHere(f"There is no document {digest}.")
            if isinstance(kept, Document):
                left = Withdrawn(
                    kept.digest, kept.kind, kept.schema, kept.media_type, len(kept.content), bool(kept.salt)
                )
                self._documents[left.digest] = left
                self._undo.append(lambda: self._documents.update({left.digest: kept}))

    def strays(self) -> tuple[tuple[str, int], ...]:
        """See ``Journal.strays``."""
        return ()
