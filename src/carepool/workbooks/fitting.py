"""Whether a map fits its template, and what a plan would look like in it: what goes where, and what has no place."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from carepool.basics.findings import Finding, Severity
from carepool.basics.refusals import nearest, printable
from carepool.plans.describe import FieldAbout
from carepool.plans.document import EVERY, Plan, as_data, filled
from carepool.rules.rulebook import Rulebook
from carepool.workbooks.cells import letters, reference
from carepool.workbooks.drawing import Drawing, write_map
from carepool.workbooks.issued import At, Issued, IssuedSheet
from carepool.workbooks.layout import Sheet, sheets_of
from carepool.workbooks.maps import MappedCell, MappedTable, TemplateMap, parse_map
from carepool.workbooks.values import written

MAP_FILE = "map.yaml"
_TAKEN = re.compile(r"is mapped on line ([0-9]+) already\.")
_MISSING = re.compile(r"the column “([a-z_0-9]+)” is missing")
_REMEDIES = {
    "Write sheet: and its name.": "Write the name of a sheet of the template.",
    "Name each: scheme: B.": "Write the letters of its columns, or take the sheet and the rows out.",
    "Map it.": "Write the letters of that column, or take the whole table out.",
    "Give it cells: or tables:.": "Give a field its cell.",
}
"""What a person does about it who has a form before them, and no file."""
FAR_DOWN, FAR_RIGHT = 50, 10
"""Rows and columns beyond everything that the template shows, from which a cell looks like a slip."""
MOST_NAMED = 5
PATIENCE = 3
"""How often a map is read with what is wrong taken out, so that the rest is looked at."""


@dataclass(frozen=True, slots=True)
class Misfit:
    """Something in a map that does not go with its template."""

    about: str
    """Field, or list and column: ``vision/vision``, ``spend/spend/year_1``."""
    severity: Severity
    says: str
    remedy: str


def read_drawing(drawing: Drawing, rulebook: Rulebook, issued: Issued | None = None) -> tuple[TemplateMap | None, list[Misfit]]:  # fmt: skip
    """The map that is drawn, and everything that is wrong with it: as a map, and as one of this template.

    The map is there when nothing blocks. What is wrong in one field or list hides nothing of another.
    """
    mapped, found = _read(drawing, rulebook)
    whole, more = mapped, found
    for _ in range(PATIENCE):
        if mapped is not None or not more:
            break
        drawing = drawing.without({each.about for each in more})
        mapped, more = _read(drawing, rulebook)
    if mapped is not None and issued is not None:
        found += misfits(issued, mapped)
    blocked = any(each.severity is Severity.BLOCKER for each in found)
    return (None if blocked else whole), found


def _read(drawing: Drawing, rulebook: Rulebook) -> tuple[TemplateMap | None, list[Misfit]]:
    text, lines = write_map(drawing)
    mapped, findings = parse_map(MAP_FILE, text.encode(), rulebook)
    titles = _titles(sheets_of(rulebook.named(drawing.rules)))
    return mapped, [_misfit(each, lines, titles) for each in findings]


def _titles(sheets: Iterable[Sheet]) -> dict[str, str]:
    """What each field and column is called."""
    found: dict[str, str] = {}
    for sheet in sheets:
        found |= {f"{sheet.section}/{each.name}": f"“{each.title}” of {sheet.title}" for each in sheet.fields}
        for table in sheet.tables:
            found |= {f"{sheet.section}/{table.name}/{each.name}": f"the column “{each.title}” of {sheet.title}" for each in table.columns}  # fmt: skip
    return found


def _misfit(finding: Finding, lines: Mapping[int, str], titles: Mapping[str, str]) -> Misfit:
    """A finding in the file, told of what its line is about."""
    line = int(finding.where.rpartition(":")[2])
    about = lines.get(line, "")
    says = finding.says.removeprefix(f"{MAP_FILE}, line {line}: ")
    if (other := _TAKEN.search(says)) is not None:
        says = f"{says[: other.start()]}is taken already, by {titles.get(lines.get(int(other[1]), ''), 'another field')}."
    if (column := _MISSING.match(says)) is not None:
        about = f"{about}/{column[1]}"
        says = f"Without {titles.get(about, about)} a row is none."
    return Misfit(about, finding.severity, f"{says[:1].upper()}{says[1:]}", _REMEDIES.get(finding.remedy, finding.remedy))  # fmt: skip


def misfits(issued: Issued, mapped: TemplateMap) -> list[Misfit]:
    """Everything at once. What blocks is what filling it in would refuse, or what the template does not let a person type into."""
    found: list[Misfit] = []
    for cell in mapped.cells:
        found += _of_cells(issued, f"{cell.section}/{cell.about.name}", cell, [cell.row])
    for table in mapped.tables:
        name = f"{table.table.section}/{table.table.name}"
        if missing := _no_sheet(issued, f"{name}/sheet", table.sheet):
            found.append(missing)
            continue
        for column in table.columns:
            found += _of_cells(issued, f"{name}/{column.about.name}", column, range(table.first, table.last + 1))  # fmt: skip
    return found


def _no_sheet(issued: Issued, about: str, name: str) -> Misfit | None:
    if name in issued.sheets:
        return None
    near = nearest(name, issued.sheets)
    some = ", ".join(f"“{printable(each)}”" for each in list(issued.sheets)[:12])
    return Misfit(about, Severity.BLOCKER, f"The template has no sheet “{printable(name)}”.", f"Did you mean “{printable(near)}”?" if near else f"Write one of {some}.")  # fmt: skip


def _of_cells(issued: Issued, about: str, mapped: MappedCell, rows: Iterable[int]) -> Iterator[Misfit]:
    """What is wrong with a cell, or with a column of a table at its first row of each kind."""
    if missing := _no_sheet(issued, about, mapped.sheet):
        yield missing
        return
    sheet = issued.sheets[mapped.sheet]
    said: set[str] = set()
    for row in rows:
        for misfit in _of_cell(sheet, about, (row, mapped.column)):
            if misfit.remedy not in said:
                said.add(misfit.remedy)
                yield misfit
    if not sheet.page.visible:
        yield Misfit(about, Severity.WARNING, f"The sheet “{printable(sheet.name)}” is hidden.", "Map a cell that people see, unless the template means this one.")  # fmt: skip
    yield from _unknown_words(issued, sheet, about, mapped)


def _of_cell(sheet: IssuedSheet, about: str, at: At) -> Iterator[Misfit]:
    where, held = f"{reference(*at)} of “{printable(sheet.name)}”", sheet.cell(at)
    if held is not None and held.formula:
        yield Misfit(about, Severity.BLOCKER, f"{where} holds a formula of the template.", "Map the cells that it reads instead.")  # fmt: skip
    elif (first := sheet.hidden_by(at)) is not None:
        yield Misfit(about, Severity.BLOCKER, f"{where} is hidden by a merged cell.", f"Map the first cell of the merged ones, {reference(*first)}.")  # fmt: skip
    elif not sheet.may_be_typed_into(at):
        yield Misfit(about, Severity.BLOCKER, f"{where} is locked: the template lets nobody type there.", "Map a cell that is open.")  # fmt: skip
    elif held is not None and not sheet.free(at):
        yield Misfit(about, Severity.WARNING, f"{where} holds “{printable(held.text[:60])}”, which would be written over.", "Map an empty cell, unless it is there to be written over.")  # fmt: skip
    elif at[0] > sheet.deep + FAR_DOWN or at[1] > sheet.wide + FAR_RIGHT:
        yield Misfit(about, Severity.WARNING, f"{where} is far from everything that the template shows.", "Look at its address again.")  # fmt: skip


def _unknown_words(issued: Issued, sheet: IssuedSheet, about: str, mapped: MappedCell) -> Iterator[Misfit]:
    """Answers of ours that the template's own drop-down does not offer."""
    offered = issued.offered(sheet, (mapped.row, mapped.column))
    known = {" ".join(each.split()).casefold() for each in offered}
    ours = {code: mapped.words.get(code, says) for code, says in mapped.about.codes.items()}
    strange = [word for word in ours.values() if " ".join(word.split()).casefold() not in known]
    if offered and strange:
        some = ", ".join(f"“{printable(each)}”" for each in offered[:MOST_NAMED])
        yield Misfit(about, Severity.WARNING, f"The template's list does not offer {', '.join(f'“{printable(each)}”' for each in strange[:MOST_NAMED])}.", f"Say what it calls them, as words. It offers {some}{' and more' if len(offered) > MOST_NAMED else ''}.")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Placed:
    """A value of a plan in its cell, or rows in their table."""

    section: str
    what: str
    sheet: str
    at: str
    shows: str


@dataclass(frozen=True, slots=True)
class Left:
    """What a plan holds and the map has no place for."""

    section: str
    what: str
    holds: str


def placed(mapped: TemplateMap, plan: Plan) -> list[Placed]:
    """What of a plan goes where. What is empty in the plan leaves its cell empty, and is told so."""
    data, found = as_data(plan), []
    for each in mapped.cells:
        told: object = data[each.section]
        value = told[each.about.name] if isinstance(told, Mapping) else None
        found.append(Placed(EVERY[each.section].title, each.about.title, each.sheet, reference(each.row, each.column), _shown(each, value)))  # fmt: skip
    for table in mapped.tables:
        rows, room = _rows(plan, table), table.last - table.first + 1
        columns = [each.column for each in table.columns]
        at = f"{letters(min(columns))}{table.first}:{letters(max(columns))}{table.last}"
        found.append(Placed(EVERY[table.table.section].title, table.table.says.rstrip("."), table.sheet, at, f"{rows} of {room} rows"))  # fmt: skip
    return found


def _rows(plan: Plan, table: MappedTable) -> int:
    return len(getattr(plan.section(table.table.section), table.table.name))


def _shown(mapped: MappedCell, value: object) -> str:
    if isinstance(value, str) and value in mapped.words:
        return mapped.words[value]
    found = written(mapped.about, value, mapped.unit)
    if isinstance(found, float):
        return f"{found:,.2f}".removesuffix(".00") if mapped.about.kind == "money" else f"{found:g}"
    return "" if found is None else str(found)


def left(mapped: TemplateMap, plan: Plan, sheets: Iterable[Sheet]) -> list[Left]:
    """What a plan holds that the map has no place for: it stays in the plan, and is not in the template."""
    cells = {(each.section, each.about.name) for each in mapped.cells}
    tables = {(each.table.section, each.table.name): {one.about.name for one in each.columns} for each in mapped.tables}  # fmt: skip
    found: list[Left] = []
    for sheet in sheets:
        held = filled(plan.section(sheet.section))
        found += [
            Left(EVERY[sheet.section].title, about.title, _held(about, held[about.name]))
            for about in sheet.fields
            if about.name in held and (sheet.section, about.name) not in cells
        ]
        for table in sheet.tables:
            rows = held.get(table.name)
            if not isinstance(rows, list | tuple):
                continue
            there = tables.get((sheet.section, table.name))
            if there is None:
                found.append(Left(EVERY[sheet.section].title, table.says.rstrip("."), _many(len(rows))))
                continue
            for about in table.columns:
                holding = sum(isinstance(row, Mapping) and about.name in row for row in rows)
                if about.name not in there and holding:
                    found.append(Left(EVERY[sheet.section].title, f"{table.says.rstrip('.')}: {about.title}", _many(holding)))  # fmt: skip
    return found


def _many(rows: int) -> str:
    return f"{rows} row" if rows == 1 else f"{rows} rows"


def _held(about: FieldAbout, value: object) -> str:
    told = written(about, value)
    return str(told)[:200]
