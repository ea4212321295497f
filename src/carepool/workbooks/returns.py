"""A return as a workbook: prefilled, with last quarter's answers on a sheet of their own; and one that comes back, ours or an issued template's."""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from carepool.actions.return_imports import ACCEPTED, IGNORED, REJECTED, Brought, Cell
from carepool.plans.document import as_data
from carepool.returns.asking import Asking
from carepool.returns.document import GIVEN, PARTS, Return, read_part
from carepool.returns.printing import NAMED, row_title, worded
from carepool.rules.returns import Returns
from carepool.rules.rulebook import RuleSet
from carepool.workbooks.cells import Place
from carepool.workbooks.contents import Contents, ReadSection, Shape, read_contents
from carepool.workbooks.faults import Fault
from carepool.workbooks.finding import find
from carepool.workbooks.layout import Sheet, sheet_from
from carepool.workbooks.maps import TemplateMap
from carepool.workbooks.origin import Origin, read_origin
from carepool.workbooks.reading import Book
from carepool.workbooks.templates import found_by_map
from carepool.workbooks.writing import EPOCH, Writer

RETURN = Shape(lambda name: PARTS[name].part, read_part)
LAST = "Last quarter"
INSTRUCTIONS = (
    "Write in the white cells. Rows stand for what the rules ask about: none is added and none is taken out.",
    "What a row is about, and what is computed (admissions, suggested payments), is read from carepool and not from here.",
    "Amounts are in pounds. Days may be written like 1 April 2015. A cell left empty is empty, never nought.",
    "A cell with a list takes one of its answers; the sheet “Codes” says what each code stands for.",
    "The sheet “Last quarter” has what was answered in the return before this one.",
    "To bring the workbook back: carepool return import PLAN FILE --quarter QUARTER --as YOU, or the return's page. Then check it and put it forward.",
)


def sheets_of_return(rules: RuleSet) -> tuple[Sheet, ...]:
    """The sheets of the returns that a set of rules asks for; those of every part where it asks for none."""
    found = rules.find("returns", Returns)
    names = [each.id for each in found.asks] if found else list(PARTS)
    return tuple(sheet_from(PARTS[name]) for name in names)


def write_return(rules: RuleSet, asking: Asking, found: Return, last: Return | None, title: str, mark: str = "") -> bytes:  # fmt: skip
    """The workbook of a return as it stands. The same return gives the same bytes."""
    import xlsxwriter

    held = io.BytesIO()
    book = xlsxwriter.Workbook(
        held, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )  # fmt: skip
    book.set_properties({"title": f"{title}: return of {asking.quarter}", "created": EPOCH, "author": "carepool"})  # fmt: skip
    offers = {"conditions": asking.conditions, "metrics": asking.metrics, "uses": asking.uses, "counted": {name: each.title for name, each in asking.counted.items()}}  # fmt: skip
    writer = Writer(book, rules, {name: dict(each) for name, each in offers.items()}, as_data(found), spare=0)
    origin = Origin(asking.rules, (), f"{title}: return of {asking.quarter}", asking.plan, str(asking.quarter))  # fmt: skip
    about = f"{mark + '. ' if mark else ''}Due at {asking.due.at}. Rules: {asking.rules}."
    writer.instructions(origin, about, INSTRUCTIONS)
    for name in asking.names:
        writer.sheet(sheet_from(PARTS[name]))
    _last(writer, asking, last)
    writer.codes()
    writer.origin(origin)
    book.close()
    return held.getvalue()


def _last(writer: Writer, asking: Asking, last: Return | None) -> None:
    page = writer.book.add_worksheet(LAST)
    page.set_column(0, 3, 40)
    for column, words in enumerate(("Part", "Of", "Question", f"Answer in {asking.quarter.plus(-1)}")):
        page.write_string(0, column, words, writer.head)
    rows = list(_answers(asking, last)) if last else [("", "", "No return of the quarter before was sent.", "")]  # fmt: skip
    for number, row in enumerate(rows, 1):
        for column, text in enumerate(row):
            page.write_string(number, column, text, writer.locked)
    writer.protect(page)


def _answers(asking: Asking, last: Return) -> list[tuple[str, str, str, str]]:
    found = []
    for name in asking.names:
        part, about = last.part(name), PARTS[name]
        found += [(about.title, "", each.title, worded(asking, each, getattr(part, each.name))) for each in about.fields]  # fmt: skip
        for one in about.lists:
            for row in getattr(part, one.name):
                found += [(about.title, row_title(asking, name, row), each.title, worded(asking, each, getattr(row, each.name))) for each in one.fields if each.name not in NAMED]  # fmt: skip
    return found


@dataclass(frozen=True, slots=True)
class ReadReturn:
    """What a workbook says of a return."""

    plan: str
    """As the workbook says; empty where it does not."""
    quarter: str
    parts: Mapping[str, Mapping[str, object]]
    """What was read of each part, in JSON's shapes."""
    faults: tuple[Fault, ...]
    cells: tuple[Cell, ...]
    """What became of every cell that was seen."""

    def brought(self, workbook: bytes, file: str, by_map: str = "") -> Brought:
        """What is kept over what stands in the return, with what its receipt tells."""
        return Brought(workbook, file, self.parts, self.cells, tuple(each.as_data() for each in self.faults), by_map)  # fmt: skip


def read_return_workbook(book: Book, rules: RuleSet, asking: Asking, mapped: TemplateMap | None = None) -> ReadReturn:  # fmt: skip
    """A workbook of ours, or an issued template by its map: what can be read of each part, and every fault at its cell."""
    origin = read_origin(book)
    if mapped:
        contents = read_contents(
            book, found_by_map(book, mapped, sheets_of_return(rules)), mapped.units, RETURN
        )
    else:
        sheets = tuple(sheet_from(PARTS[name]) for name in asking.names)
        contents = read_contents(book, find(book, sheets), None, RETURN)
    parts: dict[str, Mapping[str, object]] = {}
    for name, section in contents.sections.items():
        data: dict[str, object] = dict(section.values)
        for key, rows in section.rows.items():
            data[key] = [each.values for each in rows]
        parts[name] = data
    cells = tuple(_cells(book, contents, asking))
    return ReadReturn(origin.plan, origin.version, parts, tuple(contents.faults), cells)


def _cells(book: Book, contents: Contents, asking: Asking) -> Iterator[Cell]:
    """What becomes of each cell: taken, not taken with the reason, or nothing that is read."""
    where = {place: at for section in contents.sections.values() for place, at in _places(section)}
    for page in book.sheets:
        for cell in page.cells:
            how, why = contents.found.claim(cell)
            at = where.get(cell.place, "")
            if cell.place in contents.faulty:
                yield Cell(
                    cell.sheet,
                    cell.ref,
                    REJECTED,
                    contents.faulty[cell.place].says,
                    contents.faulty[cell.place].where,
                )
            elif how != "read":
                yield Cell(
                    cell.sheet,
                    cell.ref,
                    IGNORED,
                    "last quarter's answers, which stand" if cell.sheet == LAST else why,
                )
            else:
                outcome, why = _outcome(at, asking)
                yield Cell(cell.sheet, cell.ref, outcome, why, at)


def _places(section: ReadSection) -> Iterator[tuple[Place, str]]:
    """Each cell that is read, with its place in what was read; without the rows that cannot be."""
    for at, place in section.places.items():
        name, key, *rest = at.split("/")
        if not rest:
            yield place, at
            continue
        row = section.every_row[key][int(rest[0])]
        if not row.broken:
            number = next(n for n, each in enumerate(section.rows[key]) if each is row)
            yield place, "/".join([name, key, str(number), *rest[1:]])


def _outcome(at: str, asking: Asking) -> tuple[str, str]:
    name, _, rest = at.partition("/")
    if not at:
        return REJECTED, "another cell of its row cannot be read, without which the row is none"
    if not asking.asks(name):
        return IGNORED, "the rules of the quarter do not ask for it"
    if rest.rpartition("/")[2] in GIVEN.get(name, ()):
        return IGNORED, "says what its row is about, or is worked out, and is read from carepool"
    return ACCEPTED, ""
