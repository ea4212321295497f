"""Writes values into the cells of a sheet's XML and leaves every other byte of it as it is."""

import re
from bisect import bisect
from dataclasses import dataclass, field
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from carepool.basics.refusals import Unusable
from carepool.workbooks.cells import position, reference

Value = str | float | None
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f]")
_ESCAPED = re.compile("(_x[0-9A-Fa-f]{4}_)")


@dataclass(slots=True)
class _Element:
    start: int
    end: int = 0
    """After its last byte."""
    tail: int = 0
    """Where its end tag begins; its own end where it has none."""
    name: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    formula: bool = False


class SheetXml:
    """A sheet whose cells can be set."""

    def __init__(self, xml: bytes) -> None:
        self.xml = xml
        self.cells: dict[tuple[int, int], _Element] = {}
        self.rows: dict[int, _Element] = {}
        self.data = _Element(-1)
        self._values: dict[tuple[int, int], Value] = {}
        self._open: list[_Element] = []
        self._row = self._column = 0
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler, self._parser.EndElementHandler = self._start, self._end
        try:
            self._parser.Parse(xml, True)
        except expat.ExpatError:
            raise Unusable(
                "A sheet of the template is damaged. Open it in Excel and save it again."
            ) from None
        if self.data.start < 0:
            raise Unusable("A sheet of the template has no cells. Open it in Excel and save it again.")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        found = _Element(self._parser.CurrentByteIndex, name=name, attributes=attributes)
        self._open.append(found)
        match name.rpartition(":")[2]:
            case "sheetData":
                self.data = found
            case "row":
                self._row = int(attributes.get("r", self._row + 1))
                self._column = 0
                self.rows[self._row] = found
            case "c":
                at = position(attributes["r"]) if "r" in attributes else (self._row, self._column + 1)
                self._column = at[1]
                self.cells[at] = found
            case "f" if len(self._open) > 1:
                self._open[-2].formula = True

    def _end(self, _: str) -> None:
        found = self._open.pop()
        close = self._close_of(found.start)
        if self.xml[close - 2 : close] == b"/>":
            # Of an element without content expat gives either end, by what follows it.
            found.end = found.tail = close
        else:
            found.tail = self._parser.CurrentByteIndex
            found.end = self.xml.index(b">", found.tail) + 1

    def _close_of(self, start: int) -> int:
        quote, at = 0, start
        while True:
            byte = self.xml[at]
            if quote:
                quote = 0 if byte == quote else quote
            elif byte in b"\"'":
                quote = byte
            elif byte == 0x3E:
                return at + 1
            at += 1

    def has_formula(self, row: int, column: int) -> bool:
        """Whether a cell holds a formula, which is not to be overwritten."""
        found = self.cells.get((row, column))
        return bool(found and found.formula)

    def set(self, row: int, column: int, value: Value) -> None:
        """Put a text, a number, or nothing into a cell."""
        self._values[row, column] = value

    def written(self) -> bytes:
        """The XML with the values in it."""
        edits: list[tuple[int, int, bytes]] = []
        inserted: dict[int, list[tuple[int, bytes]]] = {}
        for (row, column), value in sorted(self._values.items()):
            held = self.cells.get((row, column))
            if held:
                edits.append((held.start, held.end, self._cell(row, column, value, held)))
            elif value is not None:
                inserted.setdefault(row, []).append((column, self._cell(row, column, value, None)))
        new_rows: dict[int, bytes] = {}
        for row, cells in inserted.items():
            if row in self.rows:
                edits += self._into_row(row, cells)
            else:
                tag = self._tag("row")
                new_rows[row] = f'<{tag} r="{row}">'.encode() + b"".join(each for _, each in cells) + f"</{tag}>".encode()  # fmt: skip
        edits += self._new_rows(new_rows)
        return self._spliced(edits)

    def _tag(self, name: str) -> str:
        prefix = self.data.name.rpartition(":")[0]
        return f"{prefix}:{name}" if prefix else name

    def _cell(self, row: int, column: int, value: Value, held: _Element | None) -> bytes:
        kept = {name: text for name, text in (held.attributes if held else {}).items() if name not in {"t", "r"}}  # fmt: skip
        tag, attributes = self._tag("c"), "".join(f" {name}={quoteattr(text)}" for name, text in kept.items())
        begins = f'<{tag} r="{reference(row, column)}"{attributes}'
        if value is None:
            return f"{begins}/>".encode()
        if isinstance(value, str):
            text = escape(_CONTROL.sub(lambda found: f"_x{ord(found[0]):04X}_", _ESCAPED.sub(r"_x005F\1", value)))  # fmt: skip
            inner = f'<{self._tag("is")}><{self._tag("t")} xml:space="preserve">{text}</{self._tag("t")}></{self._tag("is")}>'
            return f'{begins} t="inlineStr">{inner}</{tag}>'.encode()
        number = repr(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)
        return f"{begins}><{self._tag('v')}>{number}</{self._tag('v')}></{tag}>".encode()

    def _into_row(self, row: int, cells: list[tuple[int, bytes]]) -> list[tuple[int, int, bytes]]:
        element = self.rows[row]
        if element.tail == element.end:
            head = self.xml[element.start : element.end].rstrip()[:-2].rstrip()
            return [(element.start, element.end, head + b">" + b"".join(each for _, each in cells) + f"</{element.name}>".encode())]  # fmt: skip
        there = sorted(column for at, column in self.cells if at == row)
        edits = []
        for column, cell in cells:
            after = bisect(there, column)
            at = self.cells[row, there[after]].start if after < len(there) else element.tail
            edits.append((at, at, cell))
        return edits

    def _new_rows(self, rows: dict[int, bytes]) -> list[tuple[int, int, bytes]]:
        if not rows:
            return []
        if self.data.tail == self.data.end:
            whole = f"<{self.data.name}>".encode() + b"".join(rows[row] for row in sorted(rows)) + f"</{self.data.name}>".encode()  # fmt: skip
            return [(self.data.start, self.data.end, whole)]
        there, edits = sorted(self.rows), []
        for row in sorted(rows):
            after = bisect(there, row)
            at = self.rows[there[after]].start if after < len(there) else self.data.tail
            edits.append((at, at, rows[row]))
        return edits

    def _spliced(self, edits: list[tuple[int, int, bytes]]) -> bytes:
        pieces, at = [], 0
        for start, end, new in sorted(edits, key=lambda each: each[:2]):
            pieces += [self.xml[at:start], new]
            at = end
        return b"".join([*pieces, self.xml[at:]])
