"""What kind of file something is by its content, and whether a workbook's package may be unpacked at all."""

import io
import posixpath
import re
import zipfile
from collections.abc import Collection
from xml.etree import ElementTree as ET
from xml.parsers import expat

from carepool.basics.refusals import Unusable
from carepool.workbooks.cells import number_of, position

LARGEST = 10 * 1024 * 1024
"""Bytes in a workbook."""
MOST_ENTRIES = 1_000
MOST_UNPACKED = 96 * 1024 * 1024
"""Bytes that its parts may come to."""
MOST_RATIO, FROM = 200, 1024 * 1024
"""How many times smaller than itself a part may be packed, for parts of a megabyte or more."""
MOST_CELLS = 200_000
WIDEST = 4_000_000
"""Cells in the rectangle that a sheet's own cells span, empty ones included: reading allocates them all."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_WORKBOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
AGAIN = "Save it again, then hand it in again."
SAVE_AS = "Save it as an Excel workbook (.xlsx), then hand it in again."


def sniff(content: bytes) -> None:
    """Unusable, with what the file is instead, for what does not begin like a workbook; its name is not asked."""
    if not content:
        raise Unusable("The file is empty. Choose the workbook again.")
    if len(content) > LARGEST:
        raise Unusable(f"The file has {len(content):,} bytes, more than the {LARGEST:,} that a workbook may have. Take pictures and attachments out of it.")  # fmt: skip
    if content.startswith(_OLE):
        if _ENCRYPTED in content:
            raise Unusable("The workbook is protected with a password to open it. Take the password off, save it, then hand it in again.")  # fmt: skip
        raise Unusable(f"The file is an old Office file (like .xls), not an .xlsx workbook. {SAVE_AS}")
    if content.startswith(b"%PDF"):
        raise Unusable(f"The file is a PDF, not a workbook. {SAVE_AS}")
    if not content.startswith(b"PK\x03\x04"):
        what = "a text file (like .csv)" if _is_text(content[:4096]) else "no workbook"
        raise Unusable(f"The file is {what}, not an .xlsx workbook. {SAVE_AS}")


def is_package(content: bytes) -> bool:
    """Whether a file begins like a workbook, or like what is handed in for one; a plan's JSON begins like none of them."""
    return content.startswith((b"PK", _OLE, b"%PDF"))


def _is_text(head: bytes) -> bool:
    return b"\0" not in head and sum(each < 9 or 13 < each < 32 for each in head) == 0


def opened(content: bytes) -> zipfile.ZipFile:
    """The package, once sizes, numbers and names of its parts have been looked at. Unusable for what is not to be unpacked."""
    try:
        package = zipfile.ZipFile(io.BytesIO(content))
        parts = package.infolist()
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError, OSError) as error:
        raise Unusable(f"The workbook is damaged or was cut off ({type(error).__name__}). {AGAIN}") from None  # fmt: skip
    if len(parts) > MOST_ENTRIES:
        raise Unusable(f"The workbook has {len(parts):,} parts, more than {MOST_ENTRIES:,}. {SAVE_AS}")
    names = [part.filename.casefold() for part in parts]
    if len(set(names)) < len(names):
        raise Unusable(f"The workbook has a part twice, so that programs would read it differently. {SAVE_AS}")  # fmt: skip
    for part in parts:
        _part_is_plain(part)
    if sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Unusable(f"The workbook would unpack to more than {MOST_UNPACKED:,} bytes. Take out what is not needed.")  # fmt: skip
    _is_workbook(package, set(names))
    return package


def _part_is_plain(part: zipfile.ZipInfo) -> None:
    name = part.orig_filename
    steps = name.replace("\\", "/").split("/")
    if "\\" in name or "\0" in name or name.startswith("/") or ":" in steps[0] or ".." in steps:
        raise Unusable(f"The workbook has a part with a name that leads out of it. {SAVE_AS}")
    if part.flag_bits & 0x1:
        raise Unusable("The workbook has an encrypted part. Take the password off, save it, then hand it in again.")  # fmt: skip
    if part.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise Unusable(f"The workbook is packed in a way that workbooks are not. {SAVE_AS}")
    if part.file_size > FROM and part.file_size > MOST_RATIO * max(part.compress_size, 1):
        raise Unusable(f"The workbook has a part that unpacks to more than {MOST_RATIO} times its size. {SAVE_AS}")  # fmt: skip


def _is_workbook(package: zipfile.ZipFile, names: set[str]) -> None:
    if _WORKBOOK in names:
        return
    if "xl/workbook.bin" in names:
        raise Unusable(f"The file is a binary workbook (.xlsb). {SAVE_AS}")
    if "mimetype" in names and b"opendocument" in part_of(package, "mimetype")[:100]:
        raise Unusable(f"The file is an OpenDocument file (like .ods). {SAVE_AS}")
    if "word/document.xml" in names:
        raise Unusable(f"The file is a Word document, not a workbook. {SAVE_AS}")
    raise Unusable(f"The file is a package of another kind, not a workbook. {SAVE_AS}")


def part_of(package: zipfile.ZipFile, name: str) -> bytes:
    """A part's bytes, no more than it declares. Unusable when it cannot be unpacked or is no plain XML."""
    try:
        content = package.read(name)
    except KeyError:
        raise Unusable(f"The workbook lacks its part {name}. {SAVE_AS}") from None
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as error:
        raise Unusable(f"A part of the workbook is damaged ({type(error).__name__}). {AGAIN}") from None  # fmt: skip
    except Exception as error:
        if type(error).__module__ == "zlib":
            raise Unusable(f"A part of the workbook is damaged (its packing). {AGAIN}") from None  # fmt: skip
        raise
    if name.endswith((".xml", ".rels", ".vml")):
        if content[:2] in {b"\xff\xfe", b"\xfe\xff"} or b"\0" in content[:200]:
            raise Unusable(f"A part of the workbook is not written in UTF-8. {SAVE_AS}")
        if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
            raise Unusable(f"A part of the workbook declares entities, which workbooks do not. {SAVE_AS}")
        try:
            # Calamine takes a sheet that breaks off for one that ends, and its rows for rows that were taken out.
            expat.ParserCreate().Parse(content, True)
        except expat.ExpatError:
            raise Unusable(f"A part of the workbook is damaged (it is not whole). {AGAIN}") from None
    return content


def every_part(package: zipfile.ZipFile) -> dict[str, bytes]:
    """Every part of XML, unpacked once, so that a damaged or declared-wrong one is refused before anybody else reads it."""
    return {
        part.filename: part_of(package, part.filename)
        for part in package.infolist()
        if part.filename.endswith((".xml", ".rels", ".vml"))
    }


_PLAIN_COLUMN = re.compile(rb'<c r="([A-Z]{1,3})')
_FAR_DOWN = re.compile(rb'<c r="[A-Z]{1,3}[0-9]{5}')
_REF = re.compile(rb"""<(?:[A-Za-z0-9]+:)?c\b[^>]*?\sr\s*=\s*["']([A-Z]{1,3})([0-9]{1,7})["']""")
_CELL = re.compile(rb"<(?:[A-Za-z0-9]+:)?c[\s/>]")
_ROW = re.compile(rb"""<(?:[A-Za-z0-9]+:)?row\b[^>]*?\sr\s*=\s*["']([0-9]{1,9})["']""")
_PLAIN_FORMULA = re.compile(
    rb'<c r="([A-Z]{1,3})([0-9]{1,7})"([^>]*)><f(?:[^>]*/>|(?:\s[^>]*)?>[^<]*</f>)(?:<v(?:\s[^>]*)?>([^<]*)</v>)?'
)
_PLAIN_ERROR = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"[^>]*\st="e"[^>]*>(?:<f[^>]*/>|<f[^>]*>[^<]*</f>)?<v>([^<]*)</v>')  # fmt: skip
_PLAIN_ROW = re.compile(rb'<row r="([0-9]{1,9})"')


def _elements(xml: bytes, name: bytes) -> int:
    """How often an element without a prefix begins."""
    return sum(xml.count(b"<" + name + each) for each in (b" ", b">", b"/", b"\n", b"\t", b"\r"))


def span(xml: bytes) -> tuple[int, int, int]:
    """How many cells a sheet's XML holds, and its last row and column by the cells themselves, not by what it declares."""
    many, lines = _elements(xml, b"c"), _elements(xml, b"row")
    plain = b":sheetData" not in xml and xml.count(b'<c r="') == many and xml.count(b'<row r="') == lines
    if plain and not _FAR_DOWN.search(xml):
        columns, rows = set(_PLAIN_COLUMN.findall(xml)), set(_PLAIN_ROW.findall(xml))
    else:
        # What stands far down, or is written in other ways than programs mostly do, is looked for in a slower way.
        many, refs, rows = len(_CELL.findall(xml)), set(_REF.findall(xml)), set(_ROW.findall(xml))
        columns = {column for column, _ in refs}
        rows |= {row for _, row in refs}
    deep = max((int(row) for row in rows), default=1)
    return many, deep, max((number_of(column.decode()) for column in columns), default=1)


def odd_cells(xml: bytes) -> dict[tuple[int, int], tuple[str, str]]:
    """The cells of a sheet that are formulas or errors: by row and column ``formula``, ``uncalculated`` or ``error``, with what shows.

    Calamine gives neither: an error and a formula that was never calculated both look empty to it.
    """
    if b"<f" not in xml and b":f" not in xml and b'"e"' not in xml and b"'e'" not in xml:
        return {}
    if b":f" in xml or b"'e'" in xml:
        return _Odd(xml).found
    plain = _PLAIN_FORMULA.findall(xml)
    wrong = _PLAIN_ERROR.findall(xml) if b't="e"' in xml else []
    if len(plain) != _elements(xml, b"f") or len(wrong) != xml.count(b'"e"'):
        return _Odd(xml).found
    found = {}
    numbers = {column: number_of(column.decode()) for column in {each[0] for each in (*plain, *wrong)}}
    for column, row, attributes, value in plain:
        empty = not value and b't="str"' not in attributes
        found[int(row), numbers[column]] = ("uncalculated" if empty else "formula", "")
    for column, row, shows in wrong:
        found[int(row), numbers[column]] = ("error", shows.decode(errors="replace") or "#ERROR")
    return found


class _Odd:
    """Goes through a sheet's XML for what calamine does not tell."""

    def __init__(self, xml: bytes) -> None:
        self.found: dict[tuple[int, int], tuple[str, str]] = {}
        self._row = self._column = 0
        self._type = self._shows = ""
        self._formula = self._in_value = False
        parser = expat.ParserCreate()
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._text
        try:
            parser.Parse(xml, True)
        except (expat.ExpatError, ValueError):
            raise Unusable(f"A sheet of the workbook is damaged. {AGAIN}") from None

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        match name.rpartition(":")[2]:
            case "row":
                self._row, self._column = int(attributes.get("r", self._row + 1)), 0
            case "c":
                at = position(attributes["r"]) if "r" in attributes else (self._row, self._column + 1)
                self._row, self._column = at
                self._type, self._shows, self._formula = attributes.get("t", ""), "", False
            case "f":
                self._formula = True
            case "v":
                self._in_value = True

    def _end(self, name: str) -> None:
        match name.rpartition(":")[2]:
            case "v":
                self._in_value = False
            case "c" if self._type == "e":
                self.found[self._row, self._column] = ("error", self._shows or "#ERROR")
            case "c" if self._formula:
                empty = not self._shows and self._type != "str"
                self.found[self._row, self._column] = ("uncalculated" if empty else "formula", "")

    def _text(self, text: str) -> None:
        if self._in_value:
            self._shows += text


def astray(parts: dict[str, bytes], named: dict[str, str], read: Collection[str]) -> list[str]:
    """The sheets of cells, by what the package says they are, that are not among those that are read."""
    kinds = {
        posixpath.normpath(posixpath.join("/xl", each.get("Target") or "")).lstrip("/"): each.get("Type")
        or ""
        for each in ET.fromstring(parts[_RELATIONS])  # noqa: S314  (entities were refused when it was read)
    }
    return [name for name, part in named.items() if name not in read and not kinds.get(part, "/worksheet").endswith(_NO_CELLS)]  # fmt: skip


_NO_CELLS = ("/chartsheet", "/dialogsheet", "/macrosheet", "/xlMacrosheet", "/xlIntlMacrosheet")
"""How the kinds of those sheets end in which nobody writes a plan."""


def sheet_parts(package: zipfile.ZipFile, parts: dict[str, bytes] | None = None) -> dict[str, str]:
    """The part of each sheet, by its name; from ``parts`` where they have been unpacked."""
    relations, about = (
        parts[each] if parts and each in parts else part_of(package, each) for each in (_RELATIONS, _WORKBOOK)
    )
    try:
        # Whoever declares entities was refused when the part was read.
        targets = {each.get("Id"): each.get("Target") or "" for each in ET.fromstring(relations)}  # noqa: S314  (entities were refused when it was read)
        found = {}
        for each in ET.fromstring(about).iter():  # noqa: S314  (entities were refused when it was read)
            if each.tag.rpartition("}")[2] == "sheet":
                target = targets.get(each.get(_RELATION) or "", "") or ""
                found[each.get("name") or ""] = posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")
    except ET.ParseError:
        raise Unusable(f"The workbook's list of sheets is damaged. {AGAIN}") from None
    if not found:
        raise Unusable("The workbook has no sheets. Choose the workbook again.")
    return found
