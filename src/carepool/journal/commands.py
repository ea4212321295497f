"""Commands: read, decide, write, once; when another was quicker, read and decide again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from carepool.basics.canonical import digest_of, plain
from carepool.journal.documents import Document
from carepool.journal.facts import Fact, NewFact, check_name
from carepool.journal.port import Command, Conflict, Journal, SameKey

ATTEMPTS = 5
"""How often a command reads and decides before a conflict is passed on."""

State = TypeVar("State")
Refusal = TypeVar("Refusal")


class Reading:
    """What one attempt at a command reads: every stream read through it is expected to stand still."""

    def __init__(self, journal: Journal, at: datetime) -> None:
        self._journal = journal
        self.at = at
        """The instant of this attempt, which its facts will bear: what a deadline is compared with."""
        self.seen: dict[str, int] = {}
        """The version at which each stream was read."""

    def read(self, stream: str) -> tuple[Fact, ...]:
        """All of a stream's facts; empty for a stream not yet begun, which is then expected to stay so."""
        facts = self._journal.read(stream)
        self.seen.setdefault(stream, facts[-1].version if facts else 0)
        return facts

    def after(self, stream: str, version: int) -> tuple[Fact, ...]:
        """A stream's facts after a version: what is still to be folded. None too where the stream is not that long."""
        facts = self._journal.read(stream, after=version)
        self.seen.setdefault(stream, facts[-1].version if facts else self._journal.version(stream))
        return facts

    def version(self, stream: str) -> int:
        """A stream's version, for a decision that rests on nothing else of it."""
        found = self._journal.version(stream)
        self.seen.setdefault(stream, found)
        return found


@dataclass(frozen=True, slots=True)
class Decision:
    """What a command comes to: the facts to write, the small documents they cite, and the answer."""

    facts: tuple[NewFact, ...]
    answer: object = None
    """Anything with a canonical form; it is stored, so that the same request is answered the same."""
    documents: tuple[Document, ...] = ()


@dataclass(frozen=True, slots=True)
class Done:
    """A command that was carried out."""

    answer: object
    facts: tuple[Fact, ...] = ()
    """What was written; none when the answer is that of an earlier, equal request."""
    again: bool = False
    """Whether the request had been carried out before."""


def perform(
    journal: Journal,
    decide: Callable[[State], Decision | Refusal],
    *,
    load: Callable[[Reading], State],
    by: str,
    key: str,
    request: object,
    clock: Callable[[], datetime],
) -> Done | Refusal:
    """Carry out a command once.

    ``load`` reads the state through a Reading; ``decide`` is pure and returns a Decision, or anything
    else, which is a refusal: it is returned and nothing is written. A decision writes its facts and
    the command in one transaction, provided that every stream read still stands. A conflict reads and
    decides again, each time in a new transaction, and is raised after the fifth. The same key with the
    same request gives the stored answer; with another, SameKey. The key is the account's own.
    """
    check_name("account", by)
    check_name("key of a request", key)
    digest = digest_of("request", 1, request)
    rests_on: tuple[str, ...] = ()
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with journal.transaction():
                earlier = journal.command(by, key)
                if earlier is not None:
                    if earlier.request != digest:
                        raise SameKey(by, key)
                    return Done(earlier.answer, again=True)
                # Who was too late once queues before reading: on a busy stream five tries would not do otherwise.
                journal.hold(rests_on)
                reading = Reading(journal, clock())
                decided = decide(load(reading))
                rests_on = tuple(reading.seen)
                if not isinstance(decided, Decision):
                    return decided
                for each in decided.documents:
                    journal.put(
                        each.content,
                        kind=each.kind,
                        media_type=each.media_type,
                        salt=each.salt,
                        schema=each.schema,
                    )
                command = Command(by, key, digest, plain(decided.answer))
                facts = journal.append(
                    decided.facts, expecting=reading.seen, by=by, at=reading.at, command=command
                )
                return Done(command.answer, facts)
        except Conflict:
            if attempt == ATTEMPTS:
                raise
    raise AssertionError("a command ends by its last attempt")
