"""Merges a section of a workbook cell by cell, three ways: as it was exported, as it is in the workbook, as it is now.

A change on one side stands. A cell changed on both sides to different things is a conflict: what is now stays, and both
are shown. Hidden keys say which row is which, and are believed only where the row bears them out, for whoever sorts the
visible cells alone leaves the keys behind. ``plans.merging`` merges what two people wrote on the web; here a column may be gone
and a cell unreadable, which says nothing about the plan, and every cell has to be told what became of it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from carepool.plans.describe import FieldAbout
from carepool.workbooks.cells import Place
from carepool.workbooks.contents import ReadRow, ReadSection
from carepool.workbooks.finding import FoundTable
from carepool.workbooks.layout import Table

Values = Mapping[str, object]

SAME, CHANGED, ADDED, BOTH = "as it was", "changed", "added", "changed in the same way by somebody else"
CONFLICT = "somebody else changed it to something else meanwhile; theirs was kept"


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
    strict: bool = False
    """Whether the base is not held: then every difference is a conflict."""
    changed: bool = False
    verdicts: dict[Place, Verdict] = field(default_factory=dict)
    conflicts: list[Conflict] = field(default_factory=list)
    removed: list[tuple[str, str]] = field(default_factory=list)
    """For each row of the plan that the workbook has no more: which, and what became of that."""


def alike(about: FieldAbout, one: object, other: object) -> bool:
    """Whether two values say the same: line ends and trailing noughts make no difference."""
    if one == other:
        return True
    if isinstance(one, str) and isinstance(other, str):
        if about.kind in {"count", "percent"}:
            try:
                return Decimal(one) == Decimal(other)
            except InvalidOperation:
                return False
        return _lined(one) == _lined(other)
    return False


def _lined(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def merge_section(mine: ReadSection, base: Values | None, theirs: Values) -> Merged:
    """One section merged. ``base`` and ``theirs`` are whole sections in JSON's shapes; no base where it is not held."""
    merged = Merged(dict(theirs), base is None)
    base = theirs if base is None else base
    for about in mine.found.sheet.fields:
        if about.name in mine.values:
            place = mine.found.fields[about.name][0]
            merged.content[about.name] = _cell(
                merged, about, f"{mine.found.sheet.section}/{about.name}", place, base[about.name], mine.values[about.name], theirs[about.name]
            )  # fmt: skip
    for name, table in mine.found.tables.items():
        rows = (_listed(base[name]), _listed(theirs[name]))
        merger = _Rows(merged, table, mine.rows[name], rows) if table.table.row else _Codes(merged, table, mine.rows[name], rows)  # fmt: skip
        merged.content[name] = merger.merge()
    return merged


def _listed(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else []


def _cell(merged: Merged, about: FieldAbout, where: str, place: Place, base: object, mine: object, theirs: object) -> object:  # fmt: skip
    """One cell: what is to stand in it."""
    if alike(about, mine, base):
        # Where others changed it, what is in the cell stands nowhere.
        merged.verdicts[place] = Verdict(True, SAME, where if alike(about, mine, theirs) else "")
        return theirs
    if alike(about, mine, theirs):
        merged.verdicts[place] = Verdict(True, BOTH, where)
        return theirs
    if alike(about, theirs, base) and not merged.strict:
        merged.verdicts[place] = Verdict(True, CHANGED, where)
        merged.changed = True
        return mine
    merged.verdicts[place] = Verdict(False, CONFLICT, where)
    merged.conflicts.append(Conflict(where, place, base, mine, theirs))
    return theirs


class _Codes:
    """A list of plain codes: what was added is added, what was taken out is taken out."""

    def __init__(self, merged: Merged, table: FoundTable, mine: list[ReadRow], rows: tuple[list[object], list[object]]) -> None:  # fmt: skip
        self.merged, self.table, self.mine, (self.base, self.theirs) = merged, table, mine, rows

    def merge(self) -> list[object]:
        """The codes that are to stand."""
        mine = [str(each.values.get("code", "")) for each in self.mine]
        unread = len(self.table.rows) > len(self.mine)
        removed = {str(each) for each in self.base if each not in mine}
        removed = set() if unread or self.merged.strict else removed
        kept = [each for each in self.theirs if str(each) not in removed]
        self.merged.removed += [(f"{self.table.table.section}/{self.table.table.name}: {each}", "taken out") for each in sorted(removed) if each in self.theirs]  # fmt: skip
        added = [each for each in dict.fromkeys(mine) if each not in self.base and each not in kept]
        result = [*kept, *added]
        for row in self.mine:
            code = row.values.get("code")
            place = (self.table.sheet, row.found.number, self.table.columns["code"])
            why = ADDED if code in added else SAME if code in self.base else BOTH
            where = self.table.table.where(result.index(code)) if code in result else ""
            self.merged.verdicts[place] = Verdict(True, why, where)
        self.merged.changed |= bool(added) or len(kept) < len(self.theirs)
        return result


class _Rows:
    """A list of rows: matched first, then merged cell by cell."""

    def __init__(
        self, merged: Merged, table: FoundTable, mine: list[ReadRow], rows: tuple[list[object], list[object]]
    ) -> None:  # fmt: skip
        self.merged, self.found, self.table = merged, table, table.table
        self.mine = mine
        self.base = [each for each in rows[0] if isinstance(each, Mapping)]
        self.theirs = [each for each in rows[1] if isinstance(each, Mapping)]

    def merge(self) -> Sequence[object]:
        """The rows that are to stand: theirs in their order, then what the workbook adds."""
        values = [each.values for each in self.mine]
        keys = [each.found.key for each in self.mine]
        of_mine = match(self.table, self.base, values, keys)
        of_theirs = match(self.table, self.base, self.theirs, [None] * len(self.theirs))
        at_base = {theirs: base for base, theirs in of_theirs.items()}
        result: list[Values] = []
        added_by_them: set[int] = set()
        for number, row in enumerate(self.theirs):
            base = at_base.get(number)
            if base is None:
                result.append(row)
                added_by_them.add(id(row))
            elif base in of_mine:
                result.append(self._row(self.base[base], of_mine[base], row, len(result)))
            elif self._taken_out(base, row):
                self.merged.changed = True
            else:
                result.append(row)
        new = [at for at in range(len(self.mine)) if at not in set(of_mine.values())]
        gone = {of_mine[base]: base for base in of_mine if base not in of_theirs}
        for at, base in gone.items():
            self._gone(at, self.base[base])
        others = [(number, each) for number, each in enumerate(result) if id(each) in added_by_them]
        for at in new:
            self._new(at, others, result)
        return result

    def _place(self, at: int, column: str) -> Place:
        return self.found.sheet, self.mine[at].found.number, self.found.columns[column]

    def _row(self, base: Values, at: int, theirs: Values, number: int) -> Values:
        row = dict(theirs)
        for about in self.table.columns:
            if about.name in self.mine[at].values:
                where = f"{self.table.where(number)}/{about.name}"
                row[about.name] = _cell(
                    self.merged, about, where, self._place(at, about.name), base[about.name], self.mine[at].values[about.name], theirs[about.name]
                )  # fmt: skip
        return row

    def _taken_out(self, base: int, theirs: Values) -> bool:
        """Whether a row that the workbook has no more goes; not where others changed it, or where it may be a row that cannot be read."""
        said = f"{self.table.section}/{self.table.name}/{base}: {self._named(self.base[base])}"
        if len(self.found.rows) > len(self.mine):
            self.merged.removed.append((said, "kept, because a row that may be it cannot be read"))
            return False
        if self.merged.strict or not self._same(self.base[base], theirs):
            place = (self.found.sheet, self.found.heading, min(self.found.columns.values()))
            self.merged.removed.append((said, "kept, because somebody else changed it meanwhile"))
            self.merged.conflicts.append(Conflict(f"{self.table.section}/{self.table.name}/{base}", place, dict(self.base[base]), None, dict(theirs)))  # fmt: skip
            return False
        self.merged.removed.append((said, "taken out"))
        return True

    def _gone(self, at: int, base: Values) -> None:
        """A row of the workbook that others have taken out: it stays out, and a change to it is a conflict."""
        same = self._same(base, self.mine[at].values)
        why = "somebody else took the row out meanwhile, and it was not changed here" if same else "somebody else took the row out meanwhile; it stays out"  # fmt: skip
        for column in self.mine[at].values:
            self.merged.verdicts[self._place(at, column)] = Verdict(same, why)
        if not same:
            first = next(iter(self.mine[at].values))
            self.merged.conflicts.append(Conflict(f"{self.table.section}/{self.table.name}", self._place(at, first), dict(base), dict(self.mine[at].values), None))  # fmt: skip

    def _new(self, at: int, others: Sequence[tuple[int, Values]], result: list[Values]) -> None:
        """A row that the workbook adds; one that others have added too is not added twice."""
        values = self.mine[at].values
        there = next((number for number, other in others if self._same(other, values)), None)
        for column in values:
            where = f"{self.table.where(len(result) if there is None else there)}/{column}"
            self.merged.verdicts[self._place(at, column)] = Verdict(True, ADDED if there is None else BOTH, where)  # fmt: skip
        if there is None:
            self.merged.changed = True
            result.append(dict(values))

    def _same(self, whole: Values, part: Values) -> bool:
        """Whether a row says the same as another, as far as that one goes."""
        return all(alike(about, whole[about.name], part[about.name]) for about in self.table.columns if about.name in part)  # fmt: skip

    def _named(self, row: Values) -> str:
        return ", ".join(str(row[each]) for each in names(self.table) if row.get(each))[:80]


def names(table: Table) -> tuple[str, ...]:
    """The columns that say which row it is."""
    return tuple(each.name for each in table.columns if each.required and each.kind not in {"count", "money"})


def match(
    table: Table, base: Sequence[Values], rows: Sequence[Values], keys: Sequence[int | None]
) -> dict[int, int]:
    """Which row is which: for a row of the base, the number of its row now.

    First equal ones, then those of the same name, then those that agree in most of what they say, each time the keyed
    one before others; last those that only a key is left to go by.
    """
    called = names(table)
    found: dict[int, int] = {}
    taken: set[int] = set()

    def equal(one: Values, other: Values) -> bool:
        return all(alike(each, one[each.name], other[each.name]) for each in table.columns if each.name in other)  # fmt: skip

    def same_name(one: Values, other: Values) -> bool:
        return bool(called) and all(one[each] == other.get(each) for each in called)

    def mostly(one: Values, other: Values) -> bool:
        told = [each for each in table.columns if each.name in other and (one[each.name] or other[each.name])]
        agree = sum(alike(each, one[each.name], other[each.name]) for each in told)
        return 2 * agree > len(told)

    passes: tuple[tuple[bool, Callable[[Values, Values], bool]], ...] = (
        (True, equal), (False, equal), (True, same_name), (False, same_name), (True, mostly), (False, mostly),
        (True, lambda *_: True),
    )  # fmt: skip
    for keyed, fits in passes:
        for at, row in enumerate(rows):
            if at in taken:
                continue
            candidates = [keys[at]] if keyed else range(len(base))
            for number in candidates:
                if number is not None and number < len(base) and number not in found and fits(base[number], row):  # fmt: skip
                    found[number] = at
                    taken.add(at)
                    break
    return found


def overlaid(mine: ReadSection, beneath: Values) -> dict[str, object]:
    """A section with what a workbook says laid over what stands beneath, rows in the workbook's order."""
    whole = {**beneath, **mine.values}
    for name, table in mine.found.tables.items():
        rows = mine.every_row[name]
        if table.table.row is None:
            whole[name] = [each.values["code"] for each in rows]
            continue
        base = [each for each in _listed(beneath[name]) if isinstance(each, Mapping)]
        matched = match(table.table, base, [each.values for each in rows], [each.found.key for each in rows])
        under = {at: base[number] for number, at in matched.items()}
        whole[name] = [{**under.get(at, {}), **each.values} for at, each in enumerate(rows)]
    return whole
