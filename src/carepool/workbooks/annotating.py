"""Gives people their own workbook back with each problem as a comment at its cell, and a sheet that lists them all."""

import io
import re
import zipfile
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from carepool.basics.refusals import Unusable
from carepool.workbooks.cells import position, size
from carepool.workbooks.faults import Fault
from carepool.workbooks.packages import opened, part_of, sheet_parts

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

LIST = "Problems"
AUTHOR = "carepool"
LONGEST = 2_000
MOST_MERGED = 400_000
_MERGED = re.compile(rb"""mergeCell\b[^>]*?\bref\s*=\s*["']([A-Z0-9:$]{2,30})["']""")
_ESCAPED = re.compile("_(x[0-9A-Fa-f]{4}_)")
_LOST = re.compile(r"xl/(charts|media|drawings/drawing|embeddings|pivot|slicers|diagrams|activeX|ctrlProps|vbaProject|threadedComments)", re.IGNORECASE)  # fmt: skip


def annotate(content: bytes, faults: tuple[Fault, ...]) -> bytes:
    """The workbook with the faults written into it, everything else as it was.

    The workbook must have been read before, which checks it. Unusable where it holds what would be lost in saving.
    """
    import openpyxl

    package = opened(content)
    lost = sorted({seen[1] for name in package.namelist() if (seen := _LOST.match(name))})
    if lost:
        raise Unusable(f"The workbook holds {', '.join(lost)}, which would be lost in writing to it. Use “carepool workbook check”, which lists the same problems.")  # fmt: skip
    if sum(_merged(part_of(package, part)) for part in sheet_parts(package).values()) > MOST_MERGED:
        raise Unusable(f"The workbook merges more than {MOST_MERGED:,} cells, too many to write into it. Use “carepool workbook check”, which lists the same problems.")  # fmt: skip
    book = openpyxl.load_workbook(io.BytesIO(content), rich_text=True)
    for sheet in book.worksheets:
        _keep_texts(sheet)
    by_cell: dict[tuple[str, str], list[Fault]] = {}
    for fault in faults:
        by_cell.setdefault((fault.sheet, fault.cell), []).append(fault)
    for (name, ref), found in by_cell.items():
        if name in book.sheetnames:
            _comment(book[name], ref, found)
    _list(book, faults)
    held = io.BytesIO()
    book.save(held)
    return _with_results(held.getvalue(), openpyxl.load_workbook(io.BytesIO(content), data_only=True))


def _merged(xml: bytes) -> int:
    """How many cells a sheet merges: openpyxl makes each of them, and a sheet can merge seventeen thousand million."""
    return sum(size(each.decode()) for each in _MERGED.findall(xml))


_UNCALCULATED = re.compile(
    rb'<c r="([A-Z]+[0-9]+)"([^>]*)>(<f[^>]*/>|<f[^>]*>[^<]*</f>)(?:<v ?/>|<v></v>)</c>'
)


def _with_results(content: bytes, results: "Workbook") -> bytes:
    """The workbook with what its formulas last came to, which openpyxl leaves out when it saves."""
    package, held = opened(content), io.BytesIO()
    parts = {part: name for name, part in sheet_parts(package).items() if name in results.sheetnames}
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as out:
        for part in package.infolist():
            xml = package.read(part.filename)
            if part.filename in parts:
                sheet = results[parts[part.filename]]
                xml = _UNCALCULATED.sub(lambda found, sheet=sheet: _result(found, sheet), xml)  # type: ignore[misc]  # mypy infers no lambda with a default
            out.writestr(part, xml)
    return held.getvalue()


def _result(found: re.Match[bytes], sheet: "Worksheet") -> bytes:
    """A formula's cell with its last result."""
    value = sheet[found[1].decode()].value
    if value is None:
        return found[0]
    kind, shown = b' t="str"', str(value)
    if isinstance(value, bool):
        kind, shown = b' t="b"', str(int(value))
    elif isinstance(value, int | float):
        kind, shown = b"", repr(value)
    elif shown.startswith("#"):
        kind = b' t="e"'
    elif not isinstance(value, str):
        return found[0]
    attributes = re.sub(rb' t="[a-z]+"', b"", found[2])
    return b'<c r="%s"%s%s>%s<v>%s</v></c>' % (found[1], attributes, kind, found[3], escape(shown).encode())


def _keep_texts(sheet: "Worksheet") -> None:
    """Texts that look like an escape are escaped again, or saving would change them."""
    for row in sheet.iter_rows():
        for cell in row:
            if cell.data_type == "s" and isinstance(cell.value, str) and "_x" in cell.value:
                cell.value = _ESCAPED.sub(lambda found: _again(found[1]), cell.value)


def _again(escape: str) -> str:
    # A control character was left as its escape by openpyxl; any other text of that form is somebody's own.
    code = int(escape[1:5], 16)
    return f"_{escape}" if code < 32 and code not in {9, 10} else f"_x005F_{escape}"


def _comment(sheet: "Worksheet", ref: str, faults: list[Fault]) -> None:
    from openpyxl.comments import Comment

    row, column = position(ref)
    cell = sheet.cell(row, column)
    for merged in sheet.merged_cells.ranges:
        if ref in merged:
            cell = sheet.cell(merged.min_row, merged.min_col)
    said = "\n".join(f"{fault.severity.capitalize()}: {fault.says} {fault.remedy}" for fault in faults)
    earlier = f"{cell.comment.text}\n\n" if cell.comment else ""
    comment = Comment(f"{earlier}{said}"[:LONGEST], AUTHOR)
    comment.width, comment.height = 360, min(60 + 40 * len(faults), 400)
    cell.comment = comment


def _list(book: "Workbook", faults: tuple[Fault, ...]) -> None:
    """The sheet with all of them, each with a link to its cell."""
    from openpyxl.styles import Font

    name, number = LIST, 2
    while name in book.sheetnames:
        name, number = f"{LIST} {number}", number + 1
    sheet = book.create_sheet(name, 0)
    headings = ("Sheet", "Cell", "Severity", "What is wrong", "What to do", "Code")
    for column, words in enumerate(headings, 1):
        sheet.cell(1, column, words).font = Font(bold=True)
    for row, fault in enumerate(faults, 2):
        for column, text in enumerate((fault.sheet, fault.cell, str(fault.severity), fault.says, fault.remedy, fault.code), 1):  # fmt: skip
            cell = sheet.cell(row, column)
            cell.value = _safe(text)
            cell.data_type = "s"  # whatever it begins with
        if fault.sheet in book.sheetnames:
            quoted = fault.sheet.replace("'", "''")
            sheet.cell(row, 2).hyperlink = f"#'{quoted}'!{fault.cell}"
    for letter, width in zip("ABCDEF", (28, 8, 10, 80, 60, 28), strict=True):
        sheet.column_dimensions[letter].width = width
    book.active = 0


def _safe(text: str) -> str:
    """A text without the control characters that XML cannot hold."""
    return "".join(each if each >= " " or each in "\t\n" else " " for each in text)
