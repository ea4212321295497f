"""A map of somebody else's template: which cell or column holds which field, checked with file and line."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from carepool.basics.findings import Finding, Severity
from carepool.basics.refusals import nearest
from carepool.plans.describe import FieldAbout
from carepool.rules.rulebook import Rulebook, RuleSet
from carepool.rules.text import Lines, compose
from carepool.workbooks.cells import LAST_ROW, position, reference
from carepool.workbooks.layout import Sheet, Table, sheets_of

UNITS = {"pounds": 1, "thousands": 1000}
Place = tuple[str | int, ...]
MOST_ROWS = 5_000
_KEYS = {"says", "rules", "unit", "cells", "tables"}


@dataclass(frozen=True, slots=True)
class MappedCell:
    """A cell that holds a field."""

    section: str
    about: FieldAbout
    sheet: str
    row: int
    column: int
    unit: int
    words: Mapping[str, str]
    """What the template calls a code; empty where it says what carepool says."""
    line: int


@dataclass(frozen=True, slots=True)
class MappedTable:
    """Rows that hold a list."""

    table: Table
    sheet: str
    first: int
    last: int
    columns: tuple[MappedCell, ...]
    """Each with the first row."""
    line: int


@dataclass(frozen=True, slots=True)
class TemplateMap:
    """A whole map."""

    file: str
    rules: str
    cells: tuple[MappedCell, ...]
    tables: tuple[MappedTable, ...]

    @property
    def units(self) -> dict[str, int]:
        """How many pounds an amount counts in, by locator without its row."""
        found = {f"{each.section}/{each.about.name}": each.unit for each in self.cells}
        for table in self.tables:
            found |= {f"{table.table.section}/{table.table.name}/{each.about.name}": each.unit for each in table.columns}  # fmt: skip
        return found


def fault(file: str, line: int, says: str, remedy: str) -> Finding:
    """A blocking finding in a map."""
    return Finding("map-file", Severity.BLOCKER, f"{file}:{line}", f"{file}, line {line}: {says}.", remedy, "docs/how-to/workbook.md")  # fmt: skip


def parse_map(
    file: str, content: bytes, rulebook: Rulebook, sheets: Callable[[RuleSet], tuple[Sheet, ...]] = sheets_of
) -> tuple[TemplateMap | None, list[Finding]]:
    """The map in a YAML file, or everything that is wrong with it; of a plan, unless ``sheets`` are those of something else."""
    data, lines, findings = compose(file, content)
    if findings:
        return None, findings
    if not isinstance(data, Mapping):
        return None, [fault(file, 1, "it is no mapping", "Begin with rules: and cells: or tables:.")]
    parser = _Parser(file, lines, data)
    parser.keys((), data, _KEYS)
    name = str(data.get("rules", ""))
    if name not in rulebook.sets:
        near = nearest(name, rulebook.sets)
        parser.say(("rules",), f"there are no rules “{name}”", f"Did you mean {near}?" if near else "Name a set of rules.")  # fmt: skip
        return None, parser.findings
    found = parser.parse(name, sheets(rulebook.named(name)))
    return (None if parser.findings else found), parser.findings


@dataclass
class _Parser:
    file: str
    lines: Lines
    data: Mapping[str, object]
    findings: list[Finding] = field(default_factory=list)
    taken: dict[tuple[str, int, int], int] = field(default_factory=dict)

    def say(self, place: Place, says: str, remedy: str) -> None:
        self.findings.append(fault(self.file, self.lines.at(place), says, remedy))

    def keys(self, place: Place, found: Mapping[str, object], known: set[str]) -> None:
        for key in found:
            if key not in known:
                near = nearest(key, known)
                self.say((*place, key), f"“{key}” means nothing here", f"Did you mean “{near}”?" if near else f"Write one of {', '.join(sorted(known))}.")  # fmt: skip

    def parse(self, rules: str, sheets: tuple[Sheet, ...]) -> TemplateMap:
        by_section = {sheet.section: sheet for sheet in sheets}
        unit = self._unit(("unit",), self.data.get("unit", "pounds"), 1)
        cells = [self._cell(place, each, by_section, unit) for place, each in self._entries("cells")]
        tables = [self._table(place, each, by_section, unit) for place, each in self._entries("tables")]
        if not cells and not tables and not self.findings:
            self.say((), "it maps nothing", "Give it cells: or tables:.")
        return TemplateMap(self.file, rules, tuple(each for each in cells if each), tuple(each for each in tables if each))  # fmt: skip

    def _entries(self, key: str) -> Iterator[tuple[Place, Mapping[str, object]]]:
        found = self.data.get(key, [])
        if not isinstance(found, list):
            self.say((key,), f"{key} is no list", "Begin each with a dash.")
            return
        for number, each in enumerate(found):
            if isinstance(each, Mapping):
                yield (key, number), each
            else:
                self.say((key, number), f"an item of {key} has no keys", "Write each as a mapping.")

    def _unit(self, place: Place, unit: object, otherwise: int) -> int:
        if unit in UNITS:
            return UNITS[str(unit)]
        self.say(place, f"“{unit}” is no unit", "Write pounds or thousands.")
        return otherwise

    def _cell(self, place: Place, each: Mapping[str, object], sheets: Mapping[str, Sheet], unit: int) -> MappedCell | None:  # fmt: skip
        self.keys(place, each, {"field", "sheet", "cell", "unit", "words"})
        section, _, name = str(each.get("field", "")).partition("/")
        sheet = sheets.get(section)
        about = sheet.field(name) if sheet else None
        if about is None:
            self._unknown(place, "field", str(each.get("field", "")), [f"{each.section}/{one.name}" for each in sheets.values() for one in each.fields])  # fmt: skip
            return None
        at = self._position((*place, "cell"), str(each.get("cell", "")))
        where = self._sheet(place, each)
        if at is None or not where:
            return None
        return self._mapped(place, each, section, about, where, at, unit)

    def _table(self, place: Place, each: Mapping[str, object], sheets: Mapping[str, Sheet], unit: int) -> MappedTable | None:  # fmt: skip
        self.keys(place, each, {"list", "sheet", "first", "last", "columns"})
        section, _, name = str(each.get("list", "")).partition("/")
        sheet = sheets.get(section)
        table = sheet.table(name) if sheet else None
        if table is None:
            self._unknown(place, "list", str(each.get("list", "")), [f"{one.section}/{one.name}" for each in sheets.values() for one in each.tables])  # fmt: skip
            return None
        where = self._sheet(place, each)
        first, last = (self._row((*place, key), each.get(key)) for key in ("first", "last"))
        told = each.get("columns")
        if not isinstance(told, Mapping) or not told:
            self.say((*place, "columns"), "a table has no columns", "Name each: scheme: B.")
            return None
        if not first or not last or not where:
            return None
        if not 0 <= last - first < MOST_ROWS:
            self.say((*place, "last"), f"rows {first} to {last} are no table", f"Let last be after first, and no more than {MOST_ROWS:,} rows.")  # fmt: skip
            return None
        columns = [found for key, value in told.items() if (found := self._column((*place, "columns", key), str(key), value, table, where, first, last, unit))]  # fmt: skip
        for about in table.columns:
            if about.required and about.name not in told:
                self.say((*place, "columns"), f"the column “{about.name}” is missing, without which a row is none", "Map it.")  # fmt: skip
        return MappedTable(table, where, first, last, tuple(columns), self.lines.at(place))

    def _column(self, place: Place, key: str, value: object, table: Table, sheet: str, first: int, last: int, unit: int) -> MappedCell | None:  # fmt: skip
        about = table.column(key)
        each: Mapping[str, object] = value if isinstance(value, Mapping) else {"column": value}
        self.keys(place, each, {"column", "unit", "words"})
        if about is None:
            self._unknown(place[:-1], key, key, [one.name for one in table.columns], key)
            return None
        at = self._position(place, f"{each.get('column', '')}{first}")
        if at is None:
            return None
        return self._mapped(place, each, table.section, about, sheet, at, unit, last)

    def _mapped(self, place: Place, each: Mapping[str, object], section: str, about: FieldAbout, sheet: str, at: tuple[int, int], unit: int, last: int = 0) -> MappedCell:  # fmt: skip
        words = each.get("words", {})
        if not isinstance(words, Mapping) or any(not isinstance(one, str) for one in words.values()):
            self.say((*place, "words"), "words are no mapping from our code to the template's word", "Write acute: ACUTE.")  # fmt: skip
            words = {}
        for code in words:
            if about.codes and code not in about.codes:
                self._unknown((*place, "words"), str(code), str(code), list(about.codes), str(code))
        if "unit" in each:
            if about.kind != "money":
                self.say((*place, "unit"), f"“{about.name}” is no amount of money, and has no unit", "Take unit out.")  # fmt: skip
            unit = self._unit((*place, "unit"), each["unit"], unit)
        line = self.lines.at(place)
        for row in range(at[0], max(last, at[0]) + 1):
            held = self.taken.setdefault((sheet, row, at[1]), line)
            if held != line:
                self.say(place, f"{reference(row, at[1])} of “{sheet}” is mapped on line {held} already", "Give each cell one field.")  # fmt: skip
                break
        return MappedCell(section, about, sheet, *at, unit if about.kind == "money" else 1, {str(code): str(word) for code, word in words.items()}, line)  # fmt: skip

    def _sheet(self, place: Place, each: Mapping[str, object]) -> str:
        name = each.get("sheet")
        if not isinstance(name, str) or not name:
            self.say(place, "no sheet is named", "Write sheet: and its name.")
            return ""
        return name

    def _row(self, place: Place, value: object) -> int:
        text = str(value)
        if text.isdecimal() and 0 < int(text[:8]) <= LAST_ROW and len(text) < 8:
            return int(text)
        self.say(place, f"“{value}” is no row", "Write its number, like 8.")
        return 0

    def _position(self, place: Place, ref: str) -> tuple[int, int] | None:
        try:
            return position(ref)
        except ValueError as error:
            says, _, remedy = str(error).partition(": ")
            self.say(place, says, f"{remedy[:1].upper()}{remedy[1:]}.")
            return None

    def _unknown(self, place: Place, key: str, word: str, known: list[str], at: str = "") -> None:
        near = nearest(word, known)
        says = (
            f"“{word}” is no {key} of a plan under these rules" if not at else f"“{word}” is not known here"
        )
        self.say((*place, at or key), says, f"Did you mean {near}?" if near else f"Write one of {', '.join(known[:12])}.")  # fmt: skip
