"""What was worked out of large books is kept while they are: books never change, so that it stays true of them.

Books are told apart by being the same object, which the shelf hands out until something is entered. What is kept is only read.
"""

from collections.abc import Callable, Hashable
from typing import TypeVar, cast

from carepool.pool.books import Books

KEPT = 8
"""Books of which it is kept."""
LARGE = 200
"""Postings from which it is worth it."""

Found = TypeVar("Found")
_held: dict[int, tuple[Books, dict[Hashable, object]]] = {}


def once(books: Books, asked: Hashable, work: Callable[[], Found]) -> Found:
    """What ``work`` comes to for these books; ``asked`` says what of them was asked."""
    if len(books.postings) < LARGE:
        return work()
    held = _held.get(id(books))
    if held is None or held[0] is not books:
        held = books, {}
        while len(_held) >= KEPT:
            _held.pop(next(iter(_held)), None)
        _held[id(books)] = held  # the books are held with it, so that no others can have their id
    found = held[1]
    if asked not in found:
        found[asked] = work()
    return cast("Found", found[asked])
