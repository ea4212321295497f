"""Merges a section of a workbook with the plan as it is now, and says of every cell what became of it.

``plans.merging`` does the merging, as for two people on the web. Here the workbook is first made a whole side of it: a column may
be gone and a cell unreadable, which says nothing about the plan, so there stands what was exported. Hidden keys say which row
is which, and are believed only where the row bears them out, for whoever sorts the visible cells alone leaves the keys behind.
Nobody is there to choose: what is now stays where both sides changed something, and both are shown.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from carepool.actions.comparing import names_in
from carepool.plans import merging as plans
from carepool.plans.describe import FieldAbout
from carepool.plans.matching import empty, match, same
from carepool.workbooks.cells import Place
from carepool.workbooks.contents import ReadRow, ReadSection
from carepool.workbooks.finding import FoundTable
from carepool.workbooks.layout import Sheet

Values = Mapping[str, object]

SAME, CHANGED, ADDED, BOTH = "as it was", "changed", "added", "changed in the same way by somebody else"
CONFLICT = "somebody else changed it to something else meanwhile; theirs was kept"
GONE = "somebody else took the row out meanwhile, and it was not changed here"
STAYS_OUT = "somebody else took the row out meanwhile; it stays out"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a cell that was read."""

    accepted: bool
    why: str
    where: str = ""
    """The locator of the place in the draft that it stands in now."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """A cell, or a row, that both sides changed to different things."""

    where: str
    place: Place
    base: object
    mine: object
    theirs: object


@dataclass(slots=True)
class Merged:
    """A section as it is to be drafted, with what became of each cell."""

    content: dict[str, object]
    verdicts: dict[Place, Verdict] = field(default_factory=dict)
    conflicts: list[Conflict] = field(default_factory=list)
    removed: list[tuple[str, str]] = field(default_factory=list)
    """For each row of the plan that the workbook has no more: which, and what became of that."""


def alike(about: FieldAbout | None, one: object, other: object) -> bool:
    """Whether two values say the same: line ends and trailing noughts make no difference."""
    if same(one, other):
        return True
    if isinstance(one, str) and isinstance(other, str):
        if about and about.kind in {"count", "percent"}:
            try:
                return Decimal(one) == Decimal(other)
            except InvalidOperation:
                return False
        return _lined(one) == _lined(other)
    return False


def plainly(about: FieldAbout | None, value: object) -> Hashable:
    """A value so that two are equal where they are alike."""
    if empty(value):
        return None
    if isinstance(value, str):
        if about and about.kind in {"count", "percent"}:
            try:
                return Decimal(value).normalize()
            except InvalidOperation:
                return value
        return _lined(value)
    return value if isinstance(value, int) else repr(value)


def _lined(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def merge_section(mine: ReadSection, base: Values | None, theirs: Values) -> Merged:
    """One section merged. ``base`` and ``theirs`` are whole sections in JSON's shapes; no base where it is not held."""
    sheet, strict = mine.found.sheet, base is None
    begun = theirs if base is None else base
    rows: dict[str, _Rows] = {}
    codes: dict[str, _Codes] = {}
    for name, table in mine.found.tables.items():
        if table.table.row:
            rows[name] = _Rows(table, mine.rows[name], _rows(begun[name]), _rows(theirs[name]), strict=strict)
        else:
            codes[name] = _Codes(table, mine.rows[name], _listed(begun[name]), _listed(theirs[name]), strict=strict)  # fmt: skip
    sides = {name: each.side for name, each in rows.items()} | {name: each.side for name, each in codes.items()}  # fmt: skip
    side = {**begun, **mine.values, **sides}
    unknown = _unknown(begun) if strict else begun
    manner = plans.Manner(
        names_in(sheet.section), {name: each.known for name, each in rows.items()},
        {name: each.added for name, each in rows.items()}, _alike_in(sheet), theirs_stand=True,
    )  # fmt: skip
    found = plans.merge({**unknown, **{name: each.base for name, each in rows.items()}}, side, theirs, manner)
    merged = Merged(found.content)
    _tell_single(merged, mine, begun, theirs, {each.place.field: each for each in found.conflicts if not each.place.list})  # fmt: skip
    for name, each in rows.items():
        each.tell(
            merged, [one for one in found.conflicts if one.place.list == name], found.rows.get(name, {})
        )
    for name, every in codes.items():
        every.tell(merged, _listed(found.content.get(name)))
    return merged


class _Unknown:
    """What stood in a version that is not held here: equal to nothing, so that every difference is a conflict."""


_UNKNOWN = _Unknown()


def _unknown(row: Values) -> Values:
    """What stood there, where that is not known; where nobody has written anything nothing is overwritten, and that is known."""
    return {name: value if empty(value) else _UNKNOWN for name, value in row.items()}


def _known(value: object) -> object:
    """What was exported, for the receipt; None where that is not known."""
    unknown = value is _UNKNOWN or (isinstance(value, Mapping) and _UNKNOWN in value.values())
    return None if unknown else value


def _alike_in(sheet: Sheet) -> Callable[[str, str, object, object], bool]:
    abouts = {("", each.name): each for each in sheet.fields}
    abouts |= {(table.name, each.name): each for table in sheet.tables for each in table.columns}
    return lambda listed, name, one, other: alike(abouts.get((listed, name)), one, other)


def _listed(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else []


def _rows(value: object) -> list[Values]:
    return [each for each in _listed(value) if isinstance(each, Mapping)]


def _verdict(about: FieldAbout, where: str, value: object, base: object, theirs: object) -> Verdict:
    """What became of a cell that is in no conflict. Where only others changed it, what is in the cell stands nowhere."""
    now = alike(about, value, theirs)
    if alike(about, value, base):
        return Verdict(True, SAME, where if now else "")
    return Verdict(True, BOTH if now else CHANGED, where)


def _tell_single(
    merged: Merged, mine: ReadSection, base: Values, theirs: Values, conflicts: Mapping[str, plans.Conflict]
) -> None:
    for about in mine.found.sheet.fields:
        if about.name not in mine.values:
            continue
        value, where = mine.values[about.name], f"{mine.found.sheet.section}/{about.name}"
        place = mine.found.fields[about.name][0]
        if about.name in conflicts:
            merged.verdicts[place] = Verdict(False, CONFLICT, where)
            merged.conflicts.append(Conflict(where, place, _known(conflicts[about.name].base), value, theirs[about.name]))  # fmt: skip
        else:
            merged.verdicts[place] = _verdict(about, where, value, base[about.name], theirs[about.name])


def _says_too_little(found: FoundTable, mine: Sequence[ReadRow]) -> bool:
    """Whether a row that is not there may be there: as one that cannot be read, or in columns that were not found."""
    return len(found.rows) > len(mine) or not found.columns


class _Codes:
    """A list of plain codes: what was added is added, what was taken out is taken out."""

    def __init__(
        self,
        found: FoundTable,
        mine: list[ReadRow],
        base: list[object],
        theirs: list[object],
        *,
        strict: bool,
    ) -> None:
        self.found, self.table, self.mine, self.base, self.theirs = found, found.table, mine, base, theirs
        told = [str(each.values.get("code", "")) for each in mine]
        self.kept = strict or _says_too_little(found, mine)
        self.side = list(dict.fromkeys([*told, *(map(str, base) if self.kept else [])]))

    def tell(self, merged: Merged, content: list[object]) -> None:
        """What became of each cell, and of each code that is there no more."""
        base, theirs = set(map(str, self.base)), set(map(str, self.theirs))
        numbers = {str(each): number for number, each in enumerate(content)}
        for each in sorted(base - set(self.side)):
            if each in theirs:
                merged.removed.append((f"{self.table.section}/{self.table.name}: {each}", "taken out"))
        for row in self.mine:
            code = str(row.values.get("code", ""))
            place = (self.found.sheet, row.found.number, self.found.columns["code"])
            why = SAME if code in base else BOTH if code in theirs else ADDED
            merged.verdicts[place] = Verdict(True, why, self.table.where(numbers[code]) if code in numbers else "")  # fmt: skip


class _Rows:
    """A list of rows: made a whole side of the merging, and told of when that is done."""

    def __init__(
        self,
        found: FoundTable,
        mine: list[ReadRow],
        base: list[Values],
        theirs: list[Values],
        *,
        strict: bool,
    ) -> None:
        self.found, self.table, self.mine, self.begun, self.theirs = found, found.table, mine, base, theirs
        self.unread = _says_too_little(found, mine)
        self.matched = matched(found, mine, base)
        at_base = {number: at for at, number in self.matched.items()}
        self.side: list[Values] = []
        self.at: list[int | None] = []
        """For each row of the side, which row of the workbook it is."""
        of_base: dict[int, int] = {}
        for number, row in enumerate(base):
            at = at_base.get(number)
            if at is not None or self.unread or self._lost(row):
                of_base[len(self.side)] = number
                self._put(at, {**row, **(mine[at].values if at is not None else {})})
        for at in range(len(mine)):
            if at not in self.matched:
                self._put(at, dict(mine[at].values))
        named = names_in(self.table.section)
        self.there = {each: each for each in range(len(base))} if strict else match(base, theirs, lambda row: named(self.table.name, row))  # fmt: skip
        self.base: list[Values] = [_unknown(row) for row in base] if strict else base
        self.known = of_base, self.there
        self.added = self._added_by_both()

    def _lost(self, row: Values) -> str:
        """The title of a column that is gone and in which a row has something: it may be there all the same."""
        gone = (each.title for each in self.table.columns if each.name not in self.found.columns and row[each.name])  # fmt: skip
        return next(gone, "")

    def _put(self, at: int | None, row: Values) -> None:
        self.at.append(at)
        self.side.append(row)

    def _added_by_both(self) -> dict[int, int]:
        """Rows that the workbook adds and others have added too, cell for cell; one that only has the same name is another."""
        found: dict[int, int] = {}
        free = [each for each in range(len(self.theirs)) if each not in self.there]
        going: dict[tuple[str, ...], dict[Hashable, Iterator[int]]] = {}
        used: set[int] = set()
        for number, at in enumerate(self.at):
            if at is None or at in self.matched or not free:
                continue
            values = self.mine[at].values
            told = tuple(each.name for each in self.table.columns if each.name in values)
            if told not in going:
                rows: dict[Hashable, list[int]] = {}
                for each in free:
                    rows.setdefault(self._plainly(told, self.theirs[each]), []).append(each)
                going[told] = {row: iter(numbers) for row, numbers in rows.items()}
            there = next((each for each in going[told].get(self._plainly(told, values), ()) if each not in used), None)  # fmt: skip
            if there is not None:
                found[number] = there
                used.add(there)
        return found

    def _plainly(self, told: tuple[str, ...], row: Values) -> Hashable:
        """What a row says in some columns, so that rows that say the same are equal."""
        return tuple(plainly(self.table.column(name), row[name]) for name in told)

    def _place(self, at: int, column: str) -> Place:
        return self.found.sheet, self.mine[at].found.number, self.found.columns[column]

    def tell(self, merged: Merged, conflicts: Sequence[plans.Conflict], rows: Mapping[int, int]) -> None:
        """What became of each cell, and of each row that is there no more; ``rows``: where each row of the side stands now."""
        fields = {(each.place.number, each.place.field): each for each in conflicts if each.place.field}
        their_row = {base: self.theirs[number] for number, base in self.there.items()}
        for number, at in enumerate(self.at):
            if at is None:
                continue
            if number not in rows:
                self._tell_gone(merged, at)
                continue
            for column, value in self.mine[at].values.items():
                where, place = f"{self.table.where(rows[number])}/{column}", self._place(at, column)
                conflict = fields.get((rows[number], column))
                if conflict:
                    merged.verdicts[place] = Verdict(False, CONFLICT, where)
                    merged.conflicts.append(
                        Conflict(where, place, _known(conflict.base), value, conflict.theirs)
                    )
                elif at not in self.matched:
                    merged.verdicts[place] = Verdict(True, BOTH if number in self.added else ADDED, where)
                else:
                    about = self.table.column(column)
                    assert about  # noqa: S101  (only columns of the table are read)
                    base = self.matched[at]
                    # Nothing but what others did not take out is told here.
                    merged.verdicts[place] = _verdict(about, where, value, self.begun[base][column], their_row[base][column])  # fmt: skip
        self._tell_removed(merged, [each for each in conflicts if each.mine is None and each.of_row])

    def _tell_gone(self, merged: Merged, at: int) -> None:
        """A row of the workbook that others have taken out: it stays out, and a change to it is a conflict."""
        base, values = self.begun[self.matched[at]], self.mine[at].values
        unchanged = self._same(base, values)
        for column in values:
            merged.verdicts[self._place(at, column)] = Verdict(unchanged, GONE if unchanged else STAYS_OUT)
        if not unchanged:
            place = self._place(at, next(iter(values)))
            merged.conflicts.append(Conflict(f"{self.table.section}/{self.table.name}", place, dict(base), dict(values), None))  # fmt: skip

    def _tell_removed(self, merged: Merged, conflicts: Sequence[plans.Conflict]) -> None:
        """Each row of the plan that the workbook has no more: it goes, or stays where it may not."""
        heading = (self.found.sheet, self.found.heading, min(self.found.columns.values(), default=1))
        here, there = set(self.matched.values()), set(self.there.values())
        of_base = {id(each.base): each for each in reversed(conflicts)}
        for number, row in enumerate(self.begun):
            if number in here or number not in there:
                continue
            where = f"{self.table.section}/{self.table.name}/{number}"
            conflict = of_base.get(id(self.base[number]))
            how = "taken out"
            if self.unread:
                how = "kept, because a row that may be it cannot be read"
            elif lost := self._lost(row):
                how = f"kept, because the column “{lost}” is gone, in which it has something"
            elif conflict:
                how = "kept, because somebody else changed it meanwhile"
                merged.conflicts.append(
                    Conflict(where, heading, _known(conflict.base), None, conflict.theirs)
                )
            merged.removed.append((f"{where}: {self._named(row)}", how))

    def _same(self, whole: Values, part: Values) -> bool:
        """Whether a row says the same as another, as far as that one goes."""
        return all(alike(about, whole[about.name], part[about.name]) for about in self.table.columns if about.name in part)  # fmt: skip

    def _named(self, row: Values) -> str:
        return names_in(self.table.section)(self.table.name, row)[:80]


def matched(found: FoundTable, mine: Sequence[ReadRow], base: Sequence[Values]) -> dict[int, int]:
    """Which row of the plan each row of a table is, as far as the columns that were found can tell, and its key."""
    named = names_in(found.table.section)
    told = [{name: value for name, value in row.items() if name in found.columns} for row in base]
    keys = {at: key for at, row in enumerate(mine) if (key := row.found.key) is not None and key < len(base)}
    return match(told, [each.values for each in mine], lambda row: named(found.table.name, row), keys)


def overlaid(mine: ReadSection, beneath: Values) -> dict[str, object]:
    """A section with what a workbook says laid over what stands beneath, rows in the workbook's order."""
    whole = {**beneath, **mine.values}
    for name, table in mine.found.tables.items():
        rows = mine.every_row[name]
        if table.table.row is None:
            whole[name] = [each.values["code"] for each in rows]
            continue
        base = _rows(beneath[name])
        under = matched(table, rows, base)
        whole[name] = [{**(base[under[at]] if at in under else {}), **each.values} for at, each in enumerate(rows)]  # fmt: skip
    return whole
