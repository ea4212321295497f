"""Fills somebody else's template in place by a map, and reads a filled one by the same map."""

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from carepool.basics.refusals import Unusable
from carepool.plans.document import as_data
from carepool.plans.parts import Part
from carepool.workbooks.cells import Cell, Place, reference
from carepool.workbooks.finding import Found, FoundRow, FoundSection, FoundTable
from carepool.workbooks.issued import read_issued
from carepool.workbooks.layout import Sheet
from carepool.workbooks.maps import MappedCell, MappedTable, TemplateMap
from carepool.workbooks.origin import Origin
from carepool.workbooks.packages import opened, part_of, sheet_parts
from carepool.workbooks.properties import NAMES, with_properties
from carepool.workbooks.reading import Book
from carepool.workbooks.splicing import SheetXml, Value
from carepool.workbooks.values import written

_EPOCH = (2013, 8, 8, 0, 0, 0)
"""When a part of ours was made: the same template filled twice is the same to the byte."""


def fill(template: bytes, plan: Part, mapped: TemplateMap, origin: Origin | None = None) -> bytes:
    """The template with the values of a plan, or of another document of parts, in the mapped cells. Every other part of it stays as it is, to the byte.

    With an ``origin`` the document's properties say which version of which plan stands in it, for when it comes back.

    A child reads it first, which checks it. Unusable, with the line of the map, for a cell that holds a formula or is
    hidden by a merged one, and for more rows than a table has.
    """
    issued = read_issued(template)
    package = opened(template)
    parts = sheet_parts(package)
    sheets: dict[str, SheetXml] = {}
    data = as_data(plan)
    for cell, row, value in _values(mapped, data):
        if cell.sheet not in issued.sheets:
            raise Unusable(f"{mapped.file}, line {cell.line}: the template has no sheet “{cell.sheet}”. It has {', '.join(issued.sheets)}.")  # fmt: skip
        if cell.sheet not in sheets:
            sheets[cell.sheet] = SheetXml(part_of(package, parts[cell.sheet]))
        xml, sheet = sheets[cell.sheet], issued.sheets[cell.sheet]
        at = f"{reference(row, cell.column)} of “{cell.sheet}”"
        if xml.has_formula(row, cell.column):
            raise Unusable(f"{mapped.file}, line {cell.line}: {at} holds a formula of the template. Map the cells that it reads instead.")  # fmt: skip
        if sheet.hidden_by((row, cell.column)):
            raise Unusable(f"{mapped.file}, line {cell.line}: {at} is hidden by a merged cell. Map the first cell of the merged ones.")  # fmt: skip
        shows_days = (row, cell.column) in sheet.days
        xml.set(row, cell.column, _put(cell, value, shows_days=shows_days, from_1904=issued.book.from_1904))
    told = dict(zip(NAMES, (origin.plan, origin.version), strict=True)) if origin and origin.plan else {}
    changed = {parts[name]: xml.written() for name, xml in sheets.items()}
    return _packed(package, changed | (with_properties(package, told) if told else {}))


def _values(mapped: TemplateMap, data: Mapping[str, Any]) -> Sequence[tuple[MappedCell, int, object]]:
    found: list[tuple[MappedCell, int, object]] = [(cell, cell.row, data[cell.section][cell.about.name]) for cell in mapped.cells]  # fmt: skip
    for table in mapped.tables:
        rows = data[table.table.section][table.table.name]
        if len(rows) > table.last - table.first + 1:
            raise Unusable(f"{mapped.file}, line {table.line}: the plan has {len(rows)} rows of “{table.table.says}” and the template has room for {table.last - table.first + 1}. Let last be a later row if the template allows it.")  # fmt: skip
        for column in table.columns:
            for number in range(table.last - table.first + 1):
                held = rows[number] if number < len(rows) else None
                value = held[column.about.name] if isinstance(held, Mapping) else held
                found.append((column, table.first + number, value))
    return found


def _put(cell: MappedCell, value: object, *, shows_days: bool, from_1904: bool) -> Value:
    if isinstance(value, str) and value in cell.words:
        return cell.words[value]
    found = written(cell.about, value, cell.unit)
    if isinstance(found, date):
        if not shows_days:
            return found.isoformat()
        return float((found - (date(1904, 1, 1) if from_1904 else date(1899, 12, 30))).days)
    return found


def _packed(package: zipfile.ZipFile, changed: Mapping[str, bytes]) -> bytes:
    """The package with some parts changed, and Excel told to calculate anew when it opens it."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as out:
        for part in package.infolist():
            content = changed.get(part.filename)
            if content is None:
                content = package.read(part.filename)
                if part.filename == "xl/workbook.xml":
                    content = _calculated_anew(content)
            out.writestr(part, content)
        for name in changed.keys() - set(package.namelist()):
            out.writestr(zipfile.ZipInfo(name, _EPOCH), changed[name], zipfile.ZIP_DEFLATED)
    return held.getvalue()


def _calculated_anew(xml: bytes) -> bytes:
    """The workbook's part, asking for its formulas to be calculated when it is opened."""
    if b"fullCalcOnLoad" in xml:
        return re.sub(rb"""fullCalcOnLoad\s*=\s*["'](0|false)["']""", b'fullCalcOnLoad="1"', xml)
    if re.search(rb"<([A-Za-z0-9]+:)?calcPr\b", xml):
        return re.sub(rb"<((?:[A-Za-z0-9]+:)?calcPr)\b", rb'<\1 fullCalcOnLoad="1"', xml, count=1)
    before = list(re.finditer(rb"</((?:[A-Za-z0-9]+:)?)(?:sheets|externalReferences|definedNames)>", xml))
    if not before:
        return xml
    # The order of a workbook's elements is laid down: this one comes after those.
    at, prefix = before[-1].end(), before[-1][1]
    return xml[:at] + b"<" + prefix + b'calcPr fullCalcOnLoad="1"/>' + xml[at:]


def found_by_map(book: Book, mapped: TemplateMap, sheets: Sequence[Sheet]) -> Found:
    """The fields and rows of a filled template, where the map says that they stand."""
    by_section = {sheet.section: sheet for sheet in sheets}
    found = Found()
    for name, line in {**{each.sheet: each.line for each in mapped.cells}, **{each.sheet: each.line for each in mapped.tables}}.items():  # fmt: skip
        if name not in book.by_name:
            raise Unusable(f"{mapped.file}, line {line}: the workbook has no sheet “{name}”. It has {', '.join(book.by_name)}.")  # fmt: skip
    for each in mapped.cells:
        section = found.sections.setdefault(each.section, FoundSection(by_section[each.section], each.sheet))
        cell = _claimed(book, found, each, each.row)
        section.fields[each.about.name] = ((each.sheet, each.row, each.column), cell)
    for table in mapped.tables:
        section = found.sections.setdefault(table.table.section, FoundSection(by_section[table.table.section], table.sheet))  # fmt: skip
        section.tables[table.table.name] = _table(book, found, table)
    read = {each.sheet for each in mapped.cells} | {each.sheet for each in mapped.tables}
    for page in book.sheets:
        if page.name in read:
            found.ignore(page.cells, "is not on the map")
        else:
            found.whole[page.name] = "its sheet is not on the map"
    return found


def _table(book: Book, found: Found, mapped: MappedTable) -> FoundTable:
    table = FoundTable(mapped.table, mapped.sheet, max(mapped.first - 1, 1), {each.about.name: each.column for each in mapped.columns}, waiting=False)  # fmt: skip
    for number in range(mapped.first, mapped.last + 1):
        cells = {each.about.name: _claimed(book, found, each, number) for each in mapped.columns}
        if any(cell is not None and not cell.formula for cell in cells.values()):
            table.rows.append(FoundRow(number, None, cells))
    return table


def _claimed(book: Book, found: Found, mapped: MappedCell, row: int) -> Cell | None:
    cell = book.by_name[mapped.sheet].rows.get(row, {}).get(mapped.column)
    if cell is None or (cell.kind == "text" and not cell.text.strip()):
        return None
    place: Place = cell.place
    found.claimed[place] = ("read", "")
    folded = " ".join(cell.text.split()).casefold()
    for code, word in mapped.words.items():
        if " ".join(word.split()).casefold() == folded:
            return cell._replace(text=code)
    return cell
