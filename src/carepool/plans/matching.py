"""Which row of a list is which row of another: the very same, that of the same name, or the one most alike."""

from bisect import bisect
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence

Row = Mapping[str, object]


def empty(value: object) -> bool:
    """Whether nobody has filled a field in."""
    return value is None or value == "" or value == []


def same(one: object, other: object) -> bool:
    """Whether two values are one: all that is empty is, and an amount is not an answer, though True is 1 to Python."""
    return (empty(one) and empty(other)) or (type(one) is type(other) and one == other)


def match(
    base: Sequence[Row],
    side: Sequence[Row],
    name: Callable[[Row], str],
    keys: Mapping[int, int] | None = None,
) -> dict[int, int]:
    """Which row of the base each row of a side is: first the very same, then of the same name, then the most alike.

    Rows of one name are told apart by what they hold. A row that was given another name is the base's row that it
    has most in common with, more than half of what either holds. ``keys`` say which row it may be, where that is written
    beside it: they decide between rows that have as much in common, and for one that has too little in common with any.
    """
    keyed = keys or {}
    one, other = [_held(each) for each in side], [_held(each) for each in base]
    names, named = [name(each) for each in side], [name(each) for each in base]
    found: dict[int, int] = {}
    waiting: dict[Hashable, list[int]] = {}
    for number, row in enumerate(other):
        waiting.setdefault(_frozen(row), []).append(number)
    same_rows = {number: _frozen(row) for number, row in enumerate(one)}
    used: set[int] = set()
    for number, key in keyed.items():
        if key < len(other) and key not in used and _frozen(other[key]) == same_rows[number]:
            found[number] = key
            used.add(key)
    going = {row: iter(numbers) for row, numbers in waiting.items()}
    for number, frozen in same_rows.items():
        if number not in found and (free := next((each for each in going.get(frozen, ()) if each not in used), None)) is not None:  # fmt: skip
            found[number] = free
            used.add(free)

    def of_one_name(number: int, row: int) -> int:
        return 1 + _shared(one[number], other[row])

    def alike(number: int, row: int) -> int:
        shared = _shared(one[number], other[row])
        return shared if 2 * shared > max(len(one[number]), len(other[row])) else 0

    by_name: dict[str, list[int]] = {}
    for at, called in enumerate(named):
        by_name.setdefault(called, []).append(at)
    passes = ((of_one_name, True), (alike, False))
    for score_of, within_name in passes:
        used = set(found.values())
        left = [number for number in range(len(side)) if number not in found]
        free_rows = [row for row in range(len(base)) if row not in used]
        pairs = sorted(
            (-score, keyed.get(number) != row, abs(number - row), number, row)
            for number in left
            for row in _near(
                number,
                by_name.get(names[number], []) if within_name else free_rows,
                keyed.get(number),
                len(left),
            )
            if row not in used and (score := score_of(number, row)) > 0
        )
        _take(found, ((number, row) for *_, number, row in pairs))
    _take(found, keyed.items())
    return found


MOST_LOOKS, NEAR = 200_000, 10
"""How many pairs of rows are looked at, and how many near its own place for each row at least."""


def _near(number: int, rows: Sequence[int], key: int | None, many: int) -> Sequence[int]:
    """The rows that a row is held against: all, but in a list of hundreds of changed ones those near its place and its key."""
    near = max(NEAR, MOST_LOOKS // max(1, many) // 2)
    if len(rows) <= 2 * near:
        return rows
    at = bisect(rows, number if key is None else key)
    return rows[max(0, at - near) : at + near]


def _take(found: dict[int, int], pairs: Iterable[tuple[int, int]]) -> None:
    """Rows that are one, the first first, as far as neither is one with another already."""
    used = set(found.values())
    for number, row in pairs:
        if number not in found and row not in used:
            found[number] = row
            used.add(row)


def _shared(row: Row, other: Row) -> int:
    return sum(same(value, other.get(key)) for key, value in row.items())


def _held(row: Row) -> dict[str, object]:
    return {key: value for key, value in row.items() if not empty(value)}


def _frozen(row: Row) -> Hashable:
    return tuple(sorted((key, repr(value)) for key, value in row.items()))
