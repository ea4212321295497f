"""What a workbook says of a plan: each cell coerced as on the web, with every fault at its cell, and the rest read all the same."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import count

from carepool.basics.findings import Finding, Severity
from carepool.plans.describe import FieldAbout
from carepool.plans.document import EVERY, Part, as_data, count_typed, read_section
from carepool.workbooks.cells import Cell, Place, reference
from carepool.workbooks.faults import Fault
from carepool.workbooks.finding import Found, FoundRow, FoundSection, FoundTable
from carepool.workbooks.reading import Book
from carepool.workbooks.values import typed

Units = Mapping[str, int]
"""For a locator without its row, ``spend/spend/year_1``: how many pounds an amount there counts in; 1 where none is named."""


PATIENCE = 5
"""How often a section is read with something standing in for what cannot be."""
UNREAD = "?"
"""Stands in the checks for a name that cannot be read."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What the sections of a document are, and how one is read."""

    part: Callable[[str], type[Part]]
    read: Callable[[str, object], tuple[Part | None, list[Finding]]]


PLAN = Shape(lambda name: EVERY[name].part, read_section)


@dataclass(slots=True)
class ReadRow:
    """A row that can be read: what its good cells say, in JSON's shapes."""

    found: FoundRow
    values: dict[str, object]
    """By field; without what is faulty, and without columns that are gone. A plain code stands under ``code``."""
    broken: bool = False
    """Whether what names it cannot be read: something stands in for that, so that the rest is checked, and it is not merged."""


@dataclass(slots=True)
class ReadSection:
    """A section that can be read, as far as it can be."""

    found: FoundSection
    part: Part
    values: dict[str, object]
    """Single answers by field, without what is faulty or gone."""
    every_row: dict[str, list[ReadRow]]
    """As the checks count them, broken ones among them."""
    rows: dict[str, list[ReadRow]]
    """Those that can be merged."""
    places: dict[str, Place]
    """Locators of what stands in this workbook, with their cells."""


@dataclass(slots=True)
class Contents:
    """All sections, every fault, and what became of each cell."""

    found: Found
    sections: dict[str, ReadSection] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    faulty: dict[Place, Fault] = field(default_factory=dict)
    unread: dict[str, int] = field(default_factory=dict)
    """For each section with cells that cannot be read: how many."""
    seen: int = 0
    """How many cells the workbook has that hold something."""


def read_contents(book: Book, found: Found, units: Units | None = None, shape: Shape = PLAN) -> Contents:
    """What is found in a workbook, coerced: of a plan, unless another shape is given."""
    contents = Contents(found, faults=list(found.faults), seen=sum(len(page.told) for page in book.sheets))
    for name, section in found.sections.items():
        contents.sections[name] = _Section(
            section, contents, units or {}, shape, from_1904=book.from_1904
        ).read()
    for cell in (cell for page in book.sheets for cell in page.odd):
        ours = cell.kind == "uncalculated" and "total" in found.claim(cell)[1]
        if cell.place not in contents.faulty and not ours:
            contents.faults.append(_odd(cell, "", Severity.NOTE))
    return contents


def _odd(cell: Cell, where: str, severity: Severity) -> Fault:
    """The fault of a cell that shows an error, or a formula that nobody has calculated."""
    if cell.kind == "error":
        return Fault(cell.sheet, cell.ref, "error-cell", severity, f"The cell shows the error {cell.text}, which is neither nought nor empty.", "Write the value, or correct the formula.", where)  # fmt: skip
    return Fault(cell.sheet, cell.ref, "never-calculated", severity, "The formula in the cell was never calculated, so its value is not known.", "Open the workbook in Excel or LibreOffice and save it, or write the value.", where)  # fmt: skip


class _Section:
    """Coerces one section: reads, takes out what is faulty, and reads again."""

    def __init__(
        self, found: FoundSection, contents: Contents, units: Units, shape: Shape, *, from_1904: bool
    ) -> None:
        self.found, self.contents, self.units, self.from_1904 = found, contents, units, from_1904
        self.shape = shape
        self.name = found.sheet.section
        self.places: dict[str, Place] = {}
        self.first: dict[str, Place] = {}
        """The first cell of each row, and of the section."""

    def read(self) -> ReadSection:
        """The section with its faults said."""
        data: dict[str, object] = {}
        for key, (place, cell) in self.found.fields.items():
            about = self.found.sheet.field(key)
            assert about  # noqa: S101  (only fields of the section are found)
            self._typed(data, self.shape.part(self.name), about, place, cell, f"{self.name}/{key}")
        rows = {key: self._rows(table) for key, table in self.found.tables.items()}
        part, lists = self._settle(data, rows)
        whole = as_data(part)
        values = {key: whole[key] for key in data}
        for key, kept in lists.items():
            told = whole[key]
            assert isinstance(told, list)  # noqa: S101  (a list of the section)
            for each, now in zip(kept, told, strict=True):
                each.values = {name: now[name] for name in each.values} if isinstance(now, Mapping) else {"code": now}  # fmt: skip
        whole_rows = {key: [each for each in kept if not each.broken] for key, kept in lists.items()}
        return ReadSection(self.found, part, values, lists, whole_rows, self.places)

    def _rows(self, table: FoundTable) -> list[ReadRow]:
        rows = []
        for index, row in enumerate(table.rows):
            values: dict[str, object] = {}
            for column, cell in row.cells.items():
                about = table.table.column(column)
                assert about  # noqa: S101  (only columns of the table are found)
                place = (table.sheet, row.number, table.columns[column])
                self._typed(
                    values,
                    table.table.row or Part,
                    about,
                    place,
                    cell,
                    f"{table.table.where(index)}/{column}",
                )
            rows.append(ReadRow(row, values))
        return rows

    def _typed(
        self, data: dict[str, object], kind: type[Part], about: FieldAbout, place: Place, cell: Cell | None, where: str
    ) -> None:  # fmt: skip
        key = about.name
        self.places[where] = place
        for around in {where.rpartition("/")[0], self.name}:
            self.first[around] = min(self.first.get(around, place), place)
        if cell is None:
            if not about.required:
                data[key] = kind.model_fields[key].default
            return
        if cell.kind in {"error", "uncalculated"}:
            self._fault(_odd(cell, where, Severity.BLOCKER), place)
            return
        unit = self.units.get("/".join(each for each in where.split("/") if not each.isdecimal()), 1)
        try:
            data[key] = typed(about, cell, unit, from_1904=self.from_1904)
        except ValueError as error:
            says, _, remedy = str(error).partition(": ")
            self._fault(
                Fault(cell.sheet, cell.ref, "cell-unreadable", Severity.BLOCKER, f"“{about.title}” {says}." if not says.startswith("“") else f"{says}.", f"{remedy[:1].upper()}{remedy[1:]}.", where),
                place,
            )  # fmt: skip

    def _fault(self, fault: Fault, place: Place) -> None:
        if place not in self.contents.faulty:
            self.contents.faulty[place] = fault
            self.contents.faults.append(fault)
            self.contents.unread[self.name] = self.contents.unread.get(self.name, 0) + 1

    def _settle(self, data: dict[str, object], rows: dict[str, list[ReadRow]]) -> tuple[Part, dict[str, list[ReadRow]]]:  # fmt: skip
        """Read until nothing is wrong: what is faulty is said and taken out, a row without its name with it."""
        original = {id(each): index for each_table in rows.values() for index, each in enumerate(each_table)}
        for patience in count(PATIENCE, -1):
            shaped = {key: [each.values.get("code") if self._plain(key) else each.values for each in table] for key, table in rows.items()}  # fmt: skip
            part, findings = self.shape.read(self.name, {**data, **shaped})
            if part is not None:
                return part, self._indexed(rows)
            for finding in findings:
                self._take_out(finding, data, rows, original)
                if patience < 0 and finding.where.count("/") > 1:
                    # Nothing that stands in has helped: the row goes, so that this ends whatever is in it.
                    self._row_of(finding, rows).values.clear()
            rows = {key: [each for each in table if each.values] for key, table in rows.items()}
        raise AssertionError("every row that cannot be read goes in the end")

    def _plain(self, key: str) -> bool:
        return self.found.tables[key].table.row is None

    def _take_out(self, finding: Finding, data: dict[str, object], rows: dict[str, list[ReadRow]], original: dict[int, int]) -> None:  # fmt: skip
        _, key, *rest = finding.where.split("/")
        if not rest:
            data.pop(key, None)
            self._say(finding, f"{self.name}/{key}")
            return
        row = self._row_of(finding, rows)
        table = self.found.tables[key].table
        column = rest[1] if len(rest) > 1 else "code" if self._plain(key) else ""
        about = table.column(column)
        where = f"{table.where(original[id(row)])}/{column}"
        self._say(finding, where)
        row.values.pop(column, None)
        if about is None or about.required:
            self._stand_in(row, about)

    def _row_of(self, finding: Finding, rows: dict[str, list[ReadRow]]) -> ReadRow:
        _, key, number, *_ = finding.where.split("/")
        return rows[key][int(number)]

    def _stand_in(self, row: ReadRow, about: FieldAbout | None) -> None:
        """Put something in place of what names a row and cannot be read, so that its other cells are checked all the same."""
        if row.broken and not row.values:
            return
        row.broken = True
        other = {"baseline": "planned", "planned": "baseline"}
        match about.kind if about else "":
            case "code" | "line" | "words" if about and about.name != "code":
                row.values[about.name] = UNREAD
            case "choice" if about:
                row.values[about.name] = next(iter(about.codes))
            case "count" if about:
                given = row.values.get(other.get(about.name, ""), "0")
                row.values[about.name] = given if _is_number(given) else "0"
            case _:
                row.values.clear()

    def _say(self, finding: Finding, where: str) -> None:
        place = self.places.get(where) or self._beside(where)
        if place in self.contents.faulty:
            return
        sheet, row, column = place
        self._fault(Fault(sheet, reference(row, column), finding.code, finding.severity, finding.says, finding.remedy, where, finding.rule), place)  # fmt: skip

    def _beside(self, where: str) -> Place:
        """Where a column that is gone would have been: the first cell of the row, else of the sheet."""
        return self.first.get(where.rpartition("/")[0], (self.found.name, 1, 2))

    def _indexed(self, rows: dict[str, list[ReadRow]]) -> dict[str, list[ReadRow]]:
        """The rows that are left; the locators now count them as the checks of the plan will."""
        for key, table in self.found.tables.items():
            stale = [where for where in self.places if where.startswith(f"{self.name}/{key}/")]
            for where in stale:
                del self.places[where]
            for index, each in enumerate(rows[key]):
                for column, at in table.columns.items():
                    where = f"{table.table.where(index)}/{column}" if table.table.row else table.table.where(index)  # fmt: skip
                    self.places[where] = (table.sheet, each.found.number, at)
        return rows


def _is_number(given: object) -> bool:
    try:
        count_typed(given)
    except ValueError:
        return False
    return True
