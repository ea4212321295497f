"""Two edits of one content are put together field by field: what one side changed stands, what both changed differently is shown.

Content is in the shapes of JSON: fields, and lists of rows. The caller says what names a row. An empty text, nothing and
a field that is not there are the same. Nothing of either side is lost: what does not stand in the content is in a conflict.
What two people typed on the web and what comes back in a workbook are merged alike; the latter knows more (``Manner``).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from carepool.plans.matching import Row, empty, match, same

Content = Mapping[str, object]
NameOf = Callable[[str, Row], str]
"""What names a row, from the list that it is in and the row itself; rows may share a name."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How two sides are merged. Of two people on the web only the first is known; a workbook tells the others."""

    name_of: NameOf
    rows: Mapping[str, tuple[Mapping[int, int], Mapping[int, int]]] = field(default_factory=dict)
    """By list, which row of the base each row of mine is, and each of theirs. In a list that is not here they are matched."""
    added: Mapping[str, Mapping[int, int]] = field(default_factory=dict)
    """By list, which row of theirs a row of mine is that the base has not. In a list that is not here, that of its name."""
    same: Callable[[str, str, object, object], bool] = lambda _list, _field, one, other: same(one, other)
    """Whether two values say the same, in a field of a list, or of the section where that has no name."""
    theirs_stand: bool = False
    """Whether theirs is in the content where both changed something: where nobody is there to choose."""


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
    """A field, or a whole row that one side took out; mine stands in the content, or the row of whoever kept it.

    Where theirs are to stand, a row that they took out stays out.
    """

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
    rows: Mapping[str, Mapping[int, int]] = field(default_factory=dict)
    """By list, which row of the content each row of mine is; one that stands there no more is left out."""


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


def merge(base: Content, mine: Content, theirs: Content, manner: NameOf | Manner) -> Merged:
    """Mine and theirs in one, both begun from the base. Without a base, what differs between them is a conflict."""
    how = manner if isinstance(manner, Manner) else Manner(manner)
    content: dict[str, object] = {}
    conflicts: list[Conflict] = []
    taken: list[Taken] = []
    places: dict[str, Mapping[int, int]] = {}
    for key in _keys(mine, theirs, base):
        sides = base.get(key), mine.get(key), theirs.get(key)
        if any(_is_rows(each) for each in sides):
            begun, ours, new = (_rows(each) for each in sides)
            rows = _Rows(key, begun, ours, new, how)
            content[key], places[key] = rows.content, rows.places
            conflicts += rows.conflicts
            taken += rows.taken
        elif any(isinstance(each, list) and each for each in sides):
            content[key], theirs_alone = _texts(*sides, theirs_first=how.theirs_stand)
            taken += [Taken(Place(key), *each) for each in theirs_alone]
        else:
            _field(how, Place(field=key), *sides, content, conflicts, taken)
    return Merged(content, tuple(conflicts), tuple(taken), places)


def differences(before: Content, after: Content, name_of: NameOf) -> tuple[Difference, ...]:
    """Every field that differs, rows matched by what names them and by what they hold."""
    return tuple(_differences(before, after, name_of))


def _differences(before: Content, after: Content, name_of: NameOf) -> Iterator[Difference]:
    for key in _keys(before, after):
        one, other = before.get(key), after.get(key)
        if not (_is_rows(one) or _is_rows(other)):
            if not same(one, other):
                yield Difference(Place(field=key), one, other)
            continue
        old, new = _rows(one), _rows(other)
        found = match(old, new, partial(name_of, key))
        names_new, names_old = _names(key, new, name_of), _names(key, old, name_of)
        for number, row in enumerate(new):
            if number not in found:
                yield Difference(Place(key, names_new[number], number), None, row)
                continue
            for each in _keys(old[found[number]], row):
                if not same(old[found[number]].get(each), row.get(each)):
                    place = Place(key, names_new[number], number, each)
                    yield Difference(place, old[found[number]].get(each), row.get(each))
        for number in sorted(set(range(len(old))) - set(found.values())):
            yield Difference(Place(key, names_old[number]), old[number], None)


# Rows


_HEAD = -1
"""Stands before the first row."""


class _Rows:
    """One list, merged row by row. A row's number is that in the base, or one beyond all of those."""

    def __init__(
        self, key: str, base: Sequence[Row], mine: Sequence[Row], theirs: Sequence[Row], how: Manner
    ) -> None:
        self.key, self.base, self.how = key, base, how
        self.conflicts: list[Conflict] = []
        self.taken: list[Taken] = []
        of_mine, of_theirs = how.rows.get(key, (None, None))
        self.mine = self._numbered(mine, of_mine)
        self.theirs = self._with_added(self._numbered(theirs, of_theirs))
        held = {each: made for each in self._order() if (made := self._held(each)) is not None}
        self.content: list[object] = list(held.values())
        names = _names(key, list(held.values()), how.name_of)
        self._place = {
            each: (name, number) for number, (each, name) in enumerate(zip(held, names, strict=True))
        }
        self.places = {
            number: self._place[each][1] for number, each in enumerate(self.mine) if each in self._place
        }
        self._names = dict(enumerate(_names(key, base, how.name_of)))
        for each in self._place:
            self._fill(each, held[each])
        self._gone()

    def _name(self, row: Row) -> str:
        return self.how.name_of(self.key, row)

    def _numbered(self, side: Sequence[Row], known: Mapping[int, int] | None) -> dict[int, Row]:
        """The rows of a side in their order, each under its number in the base, or under one beyond all of those."""
        found = match(self.base, side, self._name) if known is None else known
        return {found.get(number, len(self.base) + number): row for number, row in enumerate(side)}

    def _with_added(self, theirs: Mapping[int, Row]) -> dict[int, Row]:
        """Theirs, with the rows that both sides added under the numbers of mine."""
        known, mine = self.how.added.get(self.key), list(self.mine)
        there = list(theirs)
        one = (
            self._of_one_name(theirs)
            if known is None
            else {there[row]: mine[at] for at, row in known.items()}
        )
        spare = len(self.base) + len(self.mine) + len(theirs)
        return {each if each < len(self.base) else one.get(each, each + spare): row for each, row in theirs.items()}  # fmt: skip

    def _of_one_name(self, theirs: Mapping[int, Row]) -> dict[int, int]:
        """A row that both sides added under one name is one row."""
        added = {each: row for each, row in self.mine.items() if each >= len(self.base)}
        new = {each: row for each, row in theirs.items() if each >= len(self.base)}
        pairs = match(list(added.values()), list(new.values()), self._name)
        numbers = list(added)
        one = {each: numbers[pairs[at]] for at, each in enumerate(new) if at in pairs}
        return {each: row for each, row in one.items() if self._name(new[each]) == self._name(added[row])}

    def _order(self) -> list[int]:
        """Theirs, with my rows after the one that they follow with me; mine where I have put rows in another order."""
        mine, theirs = list(self.mine), list(self.theirs)
        both = [each for each in mine if each < len(self.base)]
        if both != sorted(both):
            mine, theirs = theirs, mine
        after: dict[int, int | None] = dict(zip([_HEAD, *theirs], [*theirs, None], strict=True))
        before = _HEAD
        for each in mine:
            if each not in after:
                after[each], after[before] = after[before], each
            before = each
        order: list[int] = []
        following = after[_HEAD]
        while following is not None:
            order.append(following)
            following = after[following]
        return order

    def _held(self, each: int) -> dict[str, object] | None:
        """The row as it will be filled; None where it is gone with nobody to mind, or where theirs stand and they took it out."""
        base = self.base[each] if each < len(self.base) else None
        mine, theirs = self.mine.get(each), self.theirs.get(each)
        if mine is None or theirs is None:
            kept = theirs if mine is None else mine
            if base is not None and (kept is None or self._alike(base, kept)):
                return None
            if base is not None and theirs is None and self.how.theirs_stand:
                return None
            return dict(kept or {})
        return dict(mine)

    def _alike(self, one: Row, other: Row) -> bool:
        return all(self.how.same(self.key, key, one.get(key), other.get(key)) for key in _keys(one, other))

    def _fill(self, each: int, row: dict[str, object]) -> None:
        name, number = self._place[each]
        base = self.base[each] if each < len(self.base) else None
        mine, theirs = self.mine.get(each), self.theirs.get(each)
        if mine is not None and theirs is not None:
            for key in _keys(mine, theirs, base or {}):
                place = Place(self.key, name, number, key)
                _field(self.how, place, (base or {}).get(key), mine.get(key), theirs.get(key), row, self.conflicts, self.taken)  # fmt: skip
        elif base is not None:
            self.conflicts.append(Conflict(Place(self.key, name, number), base, mine, theirs))
        elif theirs is not None:
            self.taken.append(Taken(Place(self.key, name, number), None, theirs))

    def _gone(self) -> None:
        for each, base in enumerate(self.base):
            if each in self._place or each not in self.mine:
                continue
            place = Place(self.key, self._names[each])
            if self._alike(base, self.mine[each]):
                self.taken.append(Taken(place, base, None))
            else:
                self.conflicts.append(Conflict(place, base, self.mine[each], None))


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


def _texts(
    base: object, mine: object, theirs: object, *, theirs_first: bool
) -> tuple[list[object], list[tuple[object, object]]]:
    """A list of texts in one: what either side added or took out is added or taken out."""
    old, ours, new = (each if isinstance(each, list) else [] for each in (base, mine, theirs))
    begun, mine_, theirs_ = set(old), set(ours), set(new)
    gone = begun - (mine_ & theirs_)
    every = [*new, *ours] if theirs_first else [*ours, *new]
    content = [each for each in dict.fromkeys(every) if each not in gone]
    added = [(None, each) for each in new if each not in begun and each not in mine_]
    return content, [*added, *((each, None) for each in old if each not in theirs_ and each in mine_)]


def _field(
    how: Manner, place: Place, base: object, mine: object, theirs: object,
    into: dict[str, object], conflicts: list[Conflict], taken: list[Taken],
) -> None:  # fmt: skip
    """Put one field into the content, and say what became of it."""

    def agree(one: object, other: object) -> bool:
        return how.same(place.list, place.field, one, other)

    if agree(mine, theirs):
        value = theirs
    elif agree(base, theirs):
        value = mine
    elif agree(base, mine):
        value = theirs
        taken.append(Taken(place, base, theirs))
    else:
        value = theirs if how.theirs_stand else mine
        conflicts.append(Conflict(place, base, mine, theirs))
    if empty(value):
        into.pop(place.field, None)
    else:
        into[place.field] = value


def _keys(*sides: Content) -> list[str]:
    return list(dict.fromkeys(key for each in sides for key in each))


def _is_rows(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, Mapping) for each in value)


def _rows(value: object) -> list[Row]:
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []
