"""Books folded once and kept: what is asked next reads only what was written since.

Streams are only added to, and every fact names the digest of the one before it, so the last fact folded tells whether the
journal is still the one that was folded.
"""

from collections.abc import Callable

from carepool.journal.facts import Fact
from carepool.pool.books import Books, stream_of
from carepool.pool.facts import books_of

KEPT = 200
"""Pools whose books are kept folded: England's 150, and then some."""


class Shelf:
    """Folded books by stream, for whoever asks next."""

    def __init__(self) -> None:
        self._books: dict[str, Books] = {}

    def now(self, pool: str, year: str, read: Callable[[str, int], tuple[Fact, ...]]) -> Books:
        """The books with all that is written. ``read`` gives a stream's facts after a version."""
        stream = stream_of(pool, year)
        kept = self._books.get(stream)
        if kept is not None and kept.version:
            # The last fact folded is read again: where it is another, the journal is not the one that was folded.
            facts = read(stream, kept.version - 1)
            if facts and facts[0].digest == kept.digest:
                return self._keep(stream, books_of(pool, year, facts[1:], kept)) if facts[1:] else kept
        return self._keep(stream, books_of(pool, year, read(stream, 0)))

    def kept(self, pool: str, year: str) -> Books | None:
        """The books as they were last folded, which may not be all that is written; None where they were not."""
        return self._books.get(stream_of(pool, year))

    def _keep(self, stream: str, books: Books) -> Books:
        if books.version:
            self._books.pop(stream, None)
            while len(self._books) >= KEPT:
                self._books.pop(next(iter(self._books)), None)
            self._books[stream] = books
        return books
