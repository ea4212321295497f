"""How streams ended when they were last seen, kept in memory: a command decides on it, and is written only where it still stands.

It is no authority. Whoever writes hands the store the last fact that they knew of each stream, and the store compares
them, with the streams held, before it writes.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TypeVar

from carepool.basics.canonical import digest_of, instant, plain
from carepool.basics.refusals import Unusable
from carepool.journal.commands import Decision, Done, Reading, perform
from carepool.journal.facts import Fact, Last, check_name
from carepool.journal.port import Command, Journal

State = TypeVar("State")
Refusal = TypeVar("Refusal")

KEPT = 500
"""Streams of which the end is kept."""
WHOLE = 64
"""Facts up to which a stream is kept whole, as those of offices are."""
END = 4
"""Facts kept of a longer one: whoever folded it lately needs no more."""


class NotKept(LookupError):
    """What is asked of a stream is not kept in memory: ask the journal."""


class Recent:
    """The ends of streams as they were last seen. Threads may share it: each value is replaced whole."""

    def __init__(self) -> None:
        self._ends: dict[str, tuple[tuple[Fact, ...], Last]] = {}

    def see(self, facts: Iterable[Fact]) -> None:
        """Keep facts just read or written, in the order of their streams."""
        by_stream: dict[str, list[Fact]] = {}
        for fact in facts:
            by_stream.setdefault(fact.stream, []).append(fact)
        for stream, more in by_stream.items():
            before, _ = self._ends.pop(stream, ((), None))
            while len(self._ends) >= KEPT:
                self._ends.pop(next(iter(self._ends)), None)
            last = Last(more[-1].version, instant(more[-1].at), more[-1].digest)
            self._ends[stream] = _cut(_joined(before, tuple(more))), last

    def forget(self, streams: Iterable[str]) -> None:
        """Of these something else stands in the journal."""
        for stream in streams:
            self._ends.pop(stream, None)

    def end(self, stream: str) -> tuple[tuple[Fact, ...], Last]:
        """The last facts of a stream, at least one, and what a new one must know of the very last. NotKept where none are."""
        found = self._ends.get(stream)
        if not found:
            raise NotKept(stream)
        return found


def _joined(before: tuple[Fact, ...], more: tuple[Fact, ...]) -> tuple[Fact, ...]:
    first = more[0].version
    if first == 1 or not before or not before[0].version < first <= before[-1].version + 1:
        return more
    older = before[: first - before[0].version]
    # Where the journal is another than it was, nothing of before is kept.
    return (*older, *more) if older[-1].digest == more[0].previous else more


def _cut(facts: tuple[Fact, ...]) -> tuple[Fact, ...]:
    return facts if facts[0].version == 1 and len(facts) <= WHOLE else facts[-END:]


class Remembering(Reading):
    """A reading of the journal whose facts are kept for the next command."""

    def __init__(self, journal: Journal, reading: Reading, recent: Recent) -> None:
        super().__init__(journal, reading.at)
        self.seen, self._reading, self._recent = reading.seen, reading, recent

    def read(self, stream: str) -> tuple[Fact, ...]:
        """See ``Reading.read``."""
        facts = self._reading.read(stream)
        self._recent.see(facts)
        return facts

    def after(self, stream: str, version: int) -> tuple[Fact, ...]:
        """See ``Reading.after``."""
        facts = self._reading.after(stream, version)
        self._recent.see(facts)
        return facts


class Remembered(Reading):
    """A reading from memory alone. NotKept where that does not do."""

    def __init__(self, journal: Journal, at: datetime, recent: Recent) -> None:
        super().__init__(journal, at)
        self._recent = recent
        self.standing: dict[str, Last] = {}
        """The last fact of each stream, by what is remembered."""

    def read(self, stream: str) -> tuple[Fact, ...]:
        """See ``Reading.read``."""
        return self.after(stream, 0)

    def after(self, stream: str, version: int) -> tuple[Fact, ...]:
        """See ``Reading.after``."""
        end, last = self._recent.end(stream)
        if version + 1 < end[0].version:
            raise NotKept(stream)
        self.standing.setdefault(stream, last)
        return end[version + 1 - end[0].version :]

    def version(self, stream: str) -> int:
        """See ``Reading.version``."""
        version = self._recent.end(stream)[1].version
        self.after(stream, version)
        return version


def perform_by_memory(
    journal: Journal,
    decide: Callable[[State], Decision | Refusal],
    *,
    recent: Recent,
    load: Callable[[Reading], State],
    by: str,
    key: str,
    request: object,
    clock: Callable[[], datetime],
) -> Done | Refusal:
    """Carry out a command once, as ``perform`` does, asking the store once where what is remembered still stands.

    Everything else is ``perform``'s: a key given before, a stream that has moved on, a refusal, which is never
    given on what is only remembered, documents, and what nobody has read yet. ``load`` reads through the Reading alone.
    """
    check_name("account", by)
    check_name("key of a request", key)
    remembered = Remembered(journal, clock(), recent)
    try:
        decided = decide(load(remembered))
    except (NotKept, Unusable):
        decided = None
    if isinstance(decided, Decision) and decided.facts and not decided.documents and remembered.standing:
        command = Command(by, key, digest_of("request", 1, request), plain(decided.answer))
        facts = journal.append_at_once(
            decided.facts, standing=remembered.standing, by=by, at=remembered.at, command=command
        )
        if facts is not None:
            recent.see(facts)
            return Done(command.answer, facts)
        recent.forget(remembered.standing)
    done = perform(
        journal, decide, load=lambda reading: load(Remembering(journal, reading, recent)), by=by, key=key,
        request=request, clock=clock,
    )  # fmt: skip
    if isinstance(done, Done):
        recent.see(done.facts)
    return done
