"""What a reader can work out: the least and the greatest that a hidden count can be, exactly, from all that is shown.

Counts in rows and columns with their totals are a network: each count stands in one sum by row and one by column. So
the range of a hidden count is a flow of greatest size, whole numbers throughout, and no bound is lost by estimating.
"""

from collections import deque
from collections.abc import Iterator, Mapping

Key = tuple[str, str]
"""A row and a column; either may be ``TOTAL``."""
TOTAL = ""
"""The row, and the column, of totals."""
FREE = 1 << 40
"""A greatest count for what has none."""

Node = tuple[str, str]


def ends_of(key: Key) -> tuple[Node, Node]:
    """The two sums that a count stands in, in the direction in which one more of it flows."""
    row, column = ("row", key[0]), ("column", key[1])
    forward = (key[0] == TOTAL) == (key[1] == TOTAL)
    return (row, column) if forward else (column, row)


class Reach:
    """All counts of a table with what a reader knows of each: the least and the greatest it can be."""

    def __init__(self, counts: Mapping[Key, int], known: Mapping[Key, tuple[int, int]]) -> None:
        """From the true counts, totals among them, and the range that each is known to lie in."""
        self.counts = counts
        self.known = dict(known)
        self.at: dict[Node, list[tuple[Key, bool]]] = {}
        for key in counts:
            tail, head = ends_of(key)
            self.at.setdefault(tail, []).append((key, True))
            self.at.setdefault(head, []).append((key, False))

    def values(self, key: Key, enough: int = FREE) -> int:
        """How many values a count can have for all that the reader knows; counting stops at ``enough``."""
        least, greatest = self.range(key, enough)
        return greatest - least + 1

    def range(self, key: Key, enough: int = FREE) -> tuple[int, int]:
        """The least and the greatest that a count can be; a range of ``enough`` values is not looked into further."""
        more = self._most(key, 1, enough - 1)
        less = self._most(key, -1, enough - 1 - more)
        return self.counts[key] - less, self.counts[key] + more

    def _most(self, key: Key, sign: int, enough: int) -> int:
        """By how much a count can rise (or fall) while all sums hold: the flow around it."""
        low, high = self.known[key]
        room = min(enough, high - self.counts[key] if sign > 0 else self.counts[key] - low)
        tail, head = ends_of(key)
        source, sink = (head, tail) if sign > 0 else (tail, head)
        moved: dict[Key, int] = {}
        done = 0
        while done < room:
            path = self._path(key, source, sink, moved)
            if path is None:
                break
            size = min([room - done, *(self._room(each, up, moved) for each, up in path)])
            for each, up in path:
                moved[each] = moved.get(each, 0) + (size if up else -size)
            done += size
        return max(done, 0)

    def _room(self, key: Key, up: bool, moved: Mapping[Key, int]) -> int:
        low, high = self.known[key]
        now = self.counts[key] + moved.get(key, 0)
        return high - now if up else now - low

    def _path(
        self, without: Key, source: Node, sink: Node, moved: Mapping[Key, int]
    ) -> list[tuple[Key, bool]] | None:
        """The shortest way round on which every count can give or take one."""
        came: dict[Node, tuple[Node, Key, bool]] = {}
        waiting = deque([source])
        while waiting:
            node = waiting.popleft()
            for key, up, other in self._steps(node, without, moved):
                if other in came or other == source:
                    continue
                came[other] = (node, key, up)
                if other == sink:
                    path = []
                    while other != source:
                        other, key, up = came[other]
                        path.append((key, up))
                    return path
                waiting.append(other)
        return None

    def _steps(self, node: Node, without: Key, moved: Mapping[Key, int]) -> Iterator[tuple[Key, bool, Node]]:
        for key, leaves in self.at.get(node, ()):
            if key != without and self._room(key, leaves, moved) > 0:
                tail, head = ends_of(key)
                yield key, leaves, head if leaves else tail
