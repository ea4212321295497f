"""What was counted while the tests ran, for the end of their report: how many of what, from which seed, in how long."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

_lines: list[str] = []


def counted() -> list[str]:
    """What was counted so far, a line each."""
    return _lines


@contextmanager
def counting(says: str) -> Iterator[list[str]]:
    """Say at the end of the report what was done here and how long it took; what is found goes into the list given."""
    found: list[str] = []
    before = perf_counter()
    yield found
    _lines.append(f"{says}: {', '.join(found)}; {perf_counter() - before:.0f} s")
