"""Which row of a list is which row of another: the very same, that of the same name, or the one most alike."""

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
    for number in sorted(range(len(side)), key=lambda each: each not in keyed):
        if alike_rows := waiting.get(_frozen(one[number])):
            key = keyed.get(number)
            found[number] = alike_rows.pop(alike_rows.index(key) if key in alike_rows else 0)

    def of_one_name(number: int, row: int) -> int:
        return 1 + _shared(one[number], other[row]) if names[number] == named[row] else 0

    def alike(number: int, row: int) -> int:
        shared = _shared(one[number], other[row])
        return shared if 2 * shared > max(len(one[number]), len(other[row])) else 0

    for score_of in (of_one_name, alike):
        used = set(found.values())
        pairs = sorted(
            (-score, keyed.get(number) != row, abs(number - row), number, row)
            for number in range(len(side))
            if number not in found
            for row in range(len(base))
            if row not in used and (score := score_of(number, row)) > 0
        )
        _take(found, ((number, row) for *_, number, row in pairs))
    _take(found, keyed.items())
    return found


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
