"""Two edits of one content are put together field by field: what one side changed stands, what both changed differently is shown.

Content is in the shapes of JSON: fields, and lists of rows. The caller says what names a row. An empty text, nothing and
a field that is not there are the same. Nothing of either side is lost: what does not stand in the content is in a conflict.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass

Row = Mapping[str, object]
Content = Mapping[str, object]
NameOf = Callable[[str, Row], str]
"""What names a row, from the list that it is in and the row itself; rows may share a name."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in merged content."""

    list: str = ""
    row: str = ""
    """What names the row; with a number where rows share a name."""
    number: int | None = None
    """The row's number in the content."""
    field: str = ""

    @property
    def where(self) -> str:
        """Written with slashes, the row by what names it."""
        return "/".join(part for part in (self.list, self.row, self.field) if part)

    @property
    def locator(self) -> str:
        """Written with slashes, the row by its number in the content."""
        number = "" if self.number is None else str(self.number)
        return "/".join(part for part in (self.list, number, self.field) if part)


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field, or a whole row that one side took out; mine stands in the content, or the row of whoever kept it."""

    place: Place
    base: object
    mine: object
    """None for a row that I took out, or a field that I emptied."""
    theirs: object

    @property
    def of_row(self) -> bool:
        """Whether one side took a row out that the other changed."""
        return bool(self.place.list) and not self.place.field


@dataclass(frozen=True, slots=True)
class Taken:
    """What they changed and I did not: it stands in the content by itself."""

    place: Place
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class Merged:
    """Both sides in one."""

    content: dict[str, object]
    conflicts: tuple[Conflict, ...]
    merged: tuple[Taken, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that differs between two contents, or a row that only one of them has."""

    place: Place
    before: object
    after: object


def by_name(fields: Mapping[str, Sequence[str]]) -> NameOf:
    """Rows are named by what stands in these fields of them, list by list."""

    def name_of(listed: str, row: Row) -> str:
        return ", ".join(str(row[each]) for each in fields.get(listed, ()) if row.get(each))

    return name_of


def merge(base: Content, mine: Content, theirs: Content, name_of: NameOf) -> Merged:
    """Mine and theirs in one, both begun from the base. Without a base, what differs between them is a conflict."""
    content: dict[str, object] = {}
    conflicts: list[Conflict] = []
    taken: list[Taken] = []
    for key in _keys(mine, theirs, base):
        sides = base.get(key), mine.get(key), theirs.get(key)
        if any(_is_rows(each) for each in sides):
            begun, ours, new = (_rows(each) for each in sides)
            rows = _Rows(key, begun, ours, new, name_of)
            content[key] = rows.content
            conflicts += rows.conflicts
            taken += rows.taken
        elif any(isinstance(each, list) and each for each in sides):
            content[key], theirs_alone = _texts(*sides)
            taken += [Taken(Place(key), *each) for each in theirs_alone]
        else:
            _field(Place(field=key), *sides, content, conflicts, taken)
    return Merged(content, tuple(conflicts), tuple(taken))


def differences(before: Content, after: Content, name_of: NameOf) -> tuple[Difference, ...]:
    """Every field that differs, rows matched by what names them and by what they hold."""
    return tuple(_differences(before, after, name_of))


def _differences(before: Content, after: Content, name_of: NameOf) -> Iterator[Difference]:
    for key in _keys(before, after):
        one, other = before.get(key), after.get(key)
        if not (_is_rows(one) or _is_rows(other)):
            if not _same(one, other):
                yield Difference(Place(field=key), one, other)
            continue
        old, new = _rows(one), _rows(other)
        found = match(old, new, lambda row, key=key: name_of(key, row))  # type: ignore[misc]
        names_new, names_old = _names(key, new, name_of), _names(key, old, name_of)
        for number, row in enumerate(new):
            if number not in found:
                yield Difference(Place(key, names_new[number], number), None, row)
                continue
            for each in _keys(old[found[number]], row):
                if not _same(old[found[number]].get(each), row.get(each)):
                    place = Place(key, names_new[number], number, each)
                    yield Difference(place, old[found[number]].get(each), row.get(each))
        for number in sorted(set(range(len(old))) - set(found.values())):
            yield Difference(Place(key, names_old[number]), old[number], None)


# Rows


def match(base: Sequence[Row], side: Sequence[Row], name: Callable[[Row], str]) -> dict[int, int]:
    """Which row of the base each row of a side is: first the very same, then of the same name, then the most alike.

    Rows of one name are told apart by what they hold. A row that was given another name is the base's row that it
    has most in common with, more than half of what either holds.
    """
    found: dict[int, int] = {}
    left = list(range(len(base)))
    same: dict[Hashable, list[int]] = {}
    for number in left:
        same.setdefault(_frozen(base[number]), []).append(number)
    for number, row in enumerate(side):
        if waiting := same.get(_frozen(row)):
            found[number] = waiting.pop(0)
    names = [name(each) for each in base]
    for alike in (_of_one_name, _alike):
        used = set(found.values())
        pairs = sorted(
            (-score, abs(number - other), number, other)
            for number, row in enumerate(side)
            if number not in found
            for other in left
            if other not in used and (score := alike(row, name(row), base[other], names[other])) > 0
        )
        for _, _, number, other in pairs:
            if number not in found and other not in used:
                found[number] = other
                used.add(other)
    return found


def _of_one_name(row: Row, name: str, other: Row, named: str) -> int:
    return 1 + _shared(row, other) if name == named else 0


def _alike(row: Row, name: str, other: Row, named: str) -> int:  # noqa: ARG001  (asked as the other is)
    shared = _shared(row, other)
    return shared if 2 * shared > max(len(_held(row)), len(_held(other))) else 0


def _shared(row: Row, other: Row) -> int:
    return sum(_same(value, other.get(key)) for key, value in _held(row).items())


def _held(row: Row) -> dict[str, object]:
    return {key: value for key, value in row.items() if not _empty(value)}


def _frozen(row: Row) -> Hashable:
    return tuple(sorted((key, repr(value)) for key, value in _held(row).items()))


class _Rows:
    """One list, merged row by row."""

    def __init__(
        self, key: str, base: Sequence[Row], mine: Sequence[Row], theirs: Sequence[Row], name_of: NameOf
    ) -> None:
        self.key, self.base = key, base
        self.conflicts: list[Conflict] = []
        self.taken: list[Taken] = []
        self.mine, self.theirs = _numbered(base, mine, key, name_of), _numbered(base, theirs, key, name_of)
        self._pair_added(name_of)
        held = {each: made for each in self._order() if (made := self._held(each)) is not None}
        self.content: list[object] = list(held.values())
        names = _names(key, list(held.values()), name_of)
        self._place = {
            each: (name, number) for number, (each, name) in enumerate(zip(held, names, strict=True))
        }
        self._names = dict(enumerate(_names(key, base, name_of)))
        for each in self._place:
            self._fill(each, held[each])
        self._gone()

    def _pair_added(self, name_of: NameOf) -> None:
        """A row that both sides added under one name is one row."""
        added = {each: row for each, row in self.mine.items() if each >= len(self.base)}
        numbers, more = list(added), {}
        new = {each: row for each, row in self.theirs.items() if each >= len(self.base)}
        pairs = match(list(added.values()), list(new.values()), lambda row: name_of(self.key, row))
        for at, (each, row) in enumerate(new.items()):
            mine = numbers[pairs[at]] if at in pairs else None
            if mine is not None and name_of(self.key, row) == name_of(self.key, added[mine]):
                more[each] = mine
        spare = len(self.base) + len(self.mine) + len(self.theirs)
        again = {}
        for each, row in self.theirs.items():
            again[each if each < len(self.base) else more.get(each, each + spare)] = row
        self.theirs = again

    def _order(self) -> list[int]:
        """Theirs, with my rows after the one that they follow with me; mine where I have put rows in another order."""
        mine, theirs = list(self.mine), list(self.theirs)
        both = [each for each in mine if each < len(self.base)]
        if both != sorted(both):
            mine, theirs = theirs, mine
        order, before = theirs, -1
        for each in mine:
            if each not in order:
                order.insert(order.index(before) + 1 if before in order else 0, each)
            before = each
        return order

    def _held(self, each: int) -> dict[str, object] | None:
        """The row as it will be filled; None where it is gone with nobody to mind."""
        base = self.base[each] if each < len(self.base) else None
        mine, theirs = self.mine.get(each), self.theirs.get(each)
        if mine is None or theirs is None:
            kept = theirs if mine is None else mine
            if base is not None and (kept is None or _alike_all(base, kept)):
                return None
            return dict(kept or {})
        return dict(mine)

    def _fill(self, each: int, row: dict[str, object]) -> None:
        name, number = self._place[each]
        base = self.base[each] if each < len(self.base) else None
        mine, theirs = self.mine.get(each), self.theirs.get(each)
        if mine is not None and theirs is not None:
            for key in _keys(mine, theirs, base or {}):
                place = Place(self.key, name, number, key)
                _field(place, (base or {}).get(key), mine.get(key), theirs.get(key), row, self.conflicts, self.taken)  # fmt: skip
        elif base is not None:
            self.conflicts.append(Conflict(Place(self.key, name, number), base, mine, theirs))
        elif theirs is not None:
            self.taken.append(Taken(Place(self.key, name, number), None, theirs))

    def _gone(self) -> None:
        for each, base in enumerate(self.base):
            if each not in self._place and each in self.mine:
                self.taken.append(Taken(Place(self.key, self._names[each]), base, None))


def _numbered(base: Sequence[Row], side: Sequence[Row], key: str, name_of: NameOf) -> dict[int, Row]:
    """The rows of a side in their order, each under its number in the base, or under one beyond all of those."""
    found = match(base, side, lambda row: name_of(key, row))
    return {found.get(number, len(base) + number): row for number, row in enumerate(side)}


def _names(key: str, rows: Sequence[Row], name_of: NameOf) -> list[str]:
    """What names each row; one that another has already bears a number."""
    names: list[str] = []
    seen: dict[str, int] = {}
    for row in rows:
        name = name_of(key, row).replace("/", "∕") or "row"
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return names


# Fields


def _texts(base: object, mine: object, theirs: object) -> tuple[list[object], list[tuple[object, object]]]:
    """A list of texts in one: what either side added or took out is added or taken out."""
    old, ours, new = (each if isinstance(each, list) else [] for each in (base, mine, theirs))
    gone = [each for each in old if each not in ours or each not in new]
    content = [each for each in dict.fromkeys([*ours, *new]) if each not in gone]
    added = [(None, each) for each in new if each not in old and each not in ours]
    return content, [*added, *((each, None) for each in old if each not in new and each in ours)]


def _field(
    place: Place, base: object, mine: object, theirs: object,
    into: dict[str, object], conflicts: list[Conflict], taken: list[Taken],
) -> None:  # fmt: skip
    """Put one field into the content, and say what became of it."""
    if _same(mine, theirs) or _same(base, theirs):
        value = mine
    elif _same(base, mine):
        value = theirs
        taken.append(Taken(place, base, theirs))
    else:
        value = mine
        conflicts.append(Conflict(place, base, mine, theirs))
    if _empty(value):
        into.pop(place.field, None)
    else:
        into[place.field] = value


def _keys(*sides: Content) -> list[str]:
    return list(dict.fromkeys(key for each in sides for key in each))


def _empty(value: object) -> bool:
    return value is None or value == "" or value == []


def _same(one: object, other: object) -> bool:
    # True is 1 to Python, and an amount is not an answer.
    return (_empty(one) and _empty(other)) or (type(one) is type(other) and one == other)


def _alike_all(one: Row, other: Row) -> bool:
    return all(_same(one.get(key), other.get(key)) for key in _keys(one, other))


def _is_rows(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, Mapping) for each in value)


def _rows(value: object) -> list[Row]:
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []
