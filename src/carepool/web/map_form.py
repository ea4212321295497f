"""The form in which a map of a template is drawn: every field of a plan with where it stands, as it was typed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from carepool.basics.findings import Severity
from carepool.basics.refusals import printable
from carepool.plans.describe import FieldAbout
from carepool.workbooks.cells import reference
from carepool.workbooks.drawing import Drawing, Rows, Spot
from carepool.workbooks.fitting import Misfit
from carepool.workbooks.issued import Issued
from carepool.workbooks.layout import Sheet, Table
from carepool.workbooks.places import Grid, Label, Likely

LONGEST = 300
"""Characters of an address, with the longest name of a sheet and more."""
LONGEST_WORDS = 20_000
UNITS = (("", "Pounds"), ("thousands", "Thousands of pounds"))
MOST_LISTED = 60
"""Labels of a sheet that the page lists."""

Typed = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Asked:
    """One field of a plan, with where it stands in the template."""

    id: str
    label: str
    value: str
    why: str = ""
    """What the guess rests on that stands there."""
    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    column: bool = False
    unit_id: str = ""
    unit: str = ""
    words_id: str = ""
    words: str = ""
    codes: str = ""
    """What the codes are, for the hint of their words."""


@dataclass(frozen=True, slots=True)
class AskedTable:
    """A list of a plan, with where it stands."""

    id: str
    says: str
    sheet: Asked
    first: Asked
    last: Asked
    columns: tuple[Asked, ...]
    why: str = ""
    errors: tuple[str, ...] = ()

    @property
    def every(self) -> tuple[Asked, ...]:
        """All fields of it."""
        return (self.sheet, self.first, self.last, *self.columns)


@dataclass(frozen=True, slots=True)
class Group:
    """A section of the plan, with how much of it has a place."""

    section: str
    title: str
    fields: tuple[Asked, ...]
    tables: tuple[AskedTable, ...]
    has: int
    of: int
    troubled: bool
    """Whether something in it is to be put right or looked at, so that it stands open."""


def id_of(about: str) -> str:
    """The id of a field's control: of ``vision/vision``, of ``spend/spend/year_1``, of ``spend/spend/sheet``."""
    return f"at-{about.replace('/', '-')}"


# What was typed


def drawn(typed: Typed, sheets: Iterable[Sheet], names: Iterable[str], rules: str, says: str) -> tuple[Drawing, list[Misfit]]:  # fmt: skip
    """The map as the form has it, and what cannot even be taken for an address."""
    known = {printable(each): each for each in names}
    cells: dict[str, Spot] = {}
    tables: dict[str, Rows] = {}
    wrong: list[Misfit] = []
    for sheet in sheets:
        for about in sheet.fields:
            name = f"{sheet.section}/{about.name}"
            if place := _told(typed, id_of(name)):
                where, mark, at = place.rpartition("!")
                if not mark:
                    wrong.append(Misfit(name, Severity.BLOCKER, f"“{place}” names no sheet.", f"Write the sheet and the cell, like {next(iter(known), 'Summary')}!B4."))  # fmt: skip
                else:
                    cells[name] = _spot(typed, name, about, at.strip(), _sheet(where, known))
        for table in sheet.tables:
            name = f"{table.section}/{table.name}"
            columns = {
                about.name: _spot(typed, f"{name}/{about.name}", about, at)
                for about in table.columns
                if (at := _told(typed, id_of(f"{name}/{about.name}")))
            }
            where, first, last = (_told(typed, id_of(f"{name}/{key}")) for key in ("sheet", "first", "last"))
            if where or first or last or columns:
                tables[name] = Rows(_sheet(where, known), first, last, columns)
    return Drawing(rules, says, cells, tables), wrong


def _told(typed: Typed, id: str) -> str:
    return typed.get(id, "")[:LONGEST].strip()


def _sheet(where: str, known: Mapping[str, str]) -> str:
    """The sheet that is meant: its name as it shows, with or without the quotes that a spreadsheet puts around it."""
    bare = where[1:-1].replace("''", "'") if len(where) > 1 and where[0] == where[-1] == "'" else where
    return known.get(where) or known.get(where.strip()) or known.get(bare) or bare.strip()


def _spot(typed: Typed, name: str, about: FieldAbout, at: str, sheet: str = "") -> Spot:
    unit = "thousands" if about.kind == "money" and typed.get(f"unit-{id_of(name)}") == "thousands" else ""
    words = {}
    for line in typed.get(f"words-{id_of(name)}", "")[:LONGEST_WORDS].splitlines():
        code, mark, word = line.partition("=")
        if mark and code.strip() and word.strip():
            words[code.strip()] = word.strip()
    return Spot(at, sheet, unit, words)


# What is shown


@dataclass(frozen=True, slots=True)
class Filled:
    """What the form is filled in with."""

    typed: Typed
    whys: Mapping[str, str] = field(default_factory=dict)
    misfits: tuple[Misfit, ...] = ()

    def of(self, about: str, severity: Severity) -> tuple[str, ...]:
        """What is wrong with a field, or to be looked at."""
        return tuple(f"{each.says} {each.remedy}" for each in self.misfits if each.about == about and each.severity is severity)  # fmt: skip


def typed_of(drawing: Drawing) -> dict[str, str]:
    """A map as somebody would have typed it."""
    found: dict[str, str] = {}
    for name, spot in drawing.cells.items():
        found[id_of(name)] = f"{printable(spot.sheet)}!{spot.at}"
        found |= _more(name, spot)
    for name, rows in drawing.tables.items():
        found |= {id_of(f"{name}/sheet"): printable(rows.sheet), id_of(f"{name}/first"): rows.first, id_of(f"{name}/last"): rows.last}  # fmt: skip
        for key, spot in rows.columns.items():
            found[id_of(f"{name}/{key}")] = spot.at
            found |= _more(f"{name}/{key}", spot)
    return found


def _more(name: str, spot: Spot) -> dict[str, str]:
    words = "\n".join(f"{code} = {printable(word)}" for code, word in spot.words.items())
    return {f"unit-{id_of(name)}": spot.unit, f"words-{id_of(name)}": words}


def whys_of(guessed: Drawing, now: Drawing) -> dict[str, str]:
    """What each guess rests on that still stands as it was guessed."""
    found = {name: spot.why for name, spot in guessed.cells.items() if name in now.cells and _same(spot, now.cells[name])}  # fmt: skip
    for name, rows in guessed.tables.items():
        if name in now.tables and now.tables[name].sheet == rows.sheet:
            found[name] = rows.why
            found |= {f"{name}/{key}": spot.why for key, spot in rows.columns.items() if key in now.tables[name].columns and _same(spot, now.tables[name].columns[key])}  # fmt: skip
    return found


def _same(one: Spot, other: Spot) -> bool:
    return (one.sheet, one.at) == (other.sheet, other.at)


def groups(sheets: Iterable[Sheet], filled: Filled) -> list[Group]:
    """The whole form."""
    return [_group(sheet, filled) for sheet in sheets]


def _group(sheet: Sheet, filled: Filled) -> Group:
    fields = tuple(_asked(filled, f"{sheet.section}/{each.name}", each) for each in sheet.fields)
    tables = tuple(_table(filled, each) for each in sheet.tables)
    every = [*fields, *(one for table in tables for one in table.every)]
    has = sum(bool(each.value) for each in fields) + sum(bool(table.sheet.value) for table in tables)
    troubled = any(each.errors or each.warnings for each in every) or any(table.errors for table in tables)
    return Group(sheet.section, sheet.title, fields, tables, has, len(fields) + len(tables), troubled)


def _asked(filled: Filled, name: str, about: FieldAbout, *, column: bool = False) -> Asked:
    own = id_of(name)
    with_words = about.kind in {"choice", "yesno"} or about.of in {"streams", "metrics", "conditions"}
    return Asked(
        own,
        about.title,
        filled.typed.get(own, ""),
        filled.whys.get(name, ""),
        filled.of(name, Severity.BLOCKER),
        filled.of(name, Severity.WARNING),
        column,
        f"unit-{own}" if about.kind == "money" else "",
        filled.typed.get(f"unit-{own}", ""),
        f"words-{own}" if with_words else "",
        filled.typed.get(f"words-{own}", ""),
        ", ".join(f"{code} ({says})" for code, says in about.codes.items()),
    )


def _table(filled: Filled, table: Table) -> AskedTable:
    name = f"{table.section}/{table.name}"

    def about(key: str, label: str) -> Asked:
        own = f"{name}/{key}"
        return Asked(id_of(own), label, filled.typed.get(id_of(own), ""), "", filled.of(own, Severity.BLOCKER), filled.of(own, Severity.WARNING))  # fmt: skip

    return AskedTable(
        id_of(name),
        table.says.rstrip("."),
        about("sheet", "Sheet"),
        about("first", "First row"),
        about("last", "Last row"),
        tuple(_asked(filled, f"{name}/{each.name}", each, column=True) for each in table.columns),
        filled.whys.get(name, ""),
        filled.of(name, Severity.BLOCKER),
    )


# What the template has


@dataclass(frozen=True, slots=True)
class SheetShown:
    """A sheet of the template, with its likely places."""

    name: str
    note: str
    labels: tuple[tuple[str, str], ...]
    """Words, and the cell that they seem to be the label of."""
    tables: tuple[tuple[str, str], ...]
    """Rows, and the headings with their columns."""
    more: int


def sheets_shown(issued: Issued, likely: Likely) -> list[SheetShown]:
    """Every sheet with what can be filled in there."""
    return [
        _shown(
            name,
            "hidden" if not sheet.page.visible else "protected" if sheet.protected else "",
            [each for each in likely.labels if each.sheet == name and not _heads(each, likely)],
            [each for each in likely.grids if each.sheet == name],
        )
        for name, sheet in list(issued.sheets.items())[:MOST_LISTED]
    ]


def _heads(label: Label, likely: Likely) -> bool:
    """Whether a label is listed already, as the heading of a table."""
    return any(each.sheet == label.sheet and each.heading == label.cell.row and label.cell.column in each.columns for each in likely.grids)  # fmt: skip


def _shown(name: str, note: str, labels: list[Label], grids: list[Grid]) -> SheetShown:
    told = tuple((_short(each.cell.text), reference(*each.places[0])) for each in labels[:MOST_LISTED])
    tables = tuple(
        (f"{each.first} to {each.last}", ", ".join(f"{_short(words)} ({_column(at)})" for at, words in list(each.columns.items())[:20]))
        for each in grids[:MOST_LISTED]
    )  # fmt: skip
    return SheetShown(printable(name), note, told, tables, max(0, len(labels) - MOST_LISTED) + max(0, len(grids) - MOST_LISTED))  # fmt: skip


def _column(number: int) -> str:
    return reference(1, number)[:-1]


def _short(text: str) -> str:
    told = " ".join(printable(text).split())
    return told if len(told) <= 80 else f"{told[:79]}…"
