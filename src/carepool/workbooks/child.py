"""Runs in a process of its own, with little memory, little time and no network: reads workbooks and answers in JSON.

It is handed one workbook after another on standard input, each after its length in eight bytes, and answers each in the
same way. It is never trusted: the parent reads JSON and nothing else, and replaces it after any fault.
"""

import gc
import io
import json
import re
import resource
import struct
import sys
from collections.abc import Sequence
from datetime import date, datetime
from math import isfinite

from carepool.basics.refusals import Unusable
from carepool.workbooks.cells import number_text, reference
from carepool.workbooks.outlines import OUTLINES, Styles, outline, read_styles
from carepool.workbooks.packages import (
    MOST_CELLS,
    WIDEST,
    astray,
    every_part,
    odd_cells,
    opened,
    sheet_parts,
    sniff,
    span,
)
from carepool.workbooks.properties import properties_in

MEMORY = 512 * 1024 * 1024
SECONDS = 10
"""Of processor time for each workbook."""
FOREVER = 24 * 3600
_REFUSED = ("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.system", "ctypes.", "urllib.")  # fmt: skip


def confine() -> None:
    """Give up memory, files to write, dumps, and the network, for good."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, FOREVER))

    def refuse(event: str, arguments: object) -> None:
        if event.startswith(_REFUSED):
            raise PermissionError(f"{event} is not for whoever reads workbooks: {arguments!r}"[:200])

    sys.addaudithook(refuse)


def allow_more_time() -> None:
    """Let the next workbook have its own seconds."""
    spent = resource.getrusage(resource.RUSAGE_SELF)
    resource.setrlimit(resource.RLIMIT_CPU, (int(spent.ru_utime + spent.ru_stime) + 1 + SECONDS, FOREVER))


def read(content: bytes, *, outlines: bool = False) -> dict[str, object]:
    """A workbook's sheets with every cell that holds something. Unusable, in a plain sentence, for what is none."""
    from python_calamine import CalamineWorkbook

    sniff(content)
    package = opened(content)
    unpacked = every_part(package)
    named = sheet_parts(package, unpacked)
    parts = {name: part for name, part in named.items() if part in unpacked and "worksheets" in part}
    if lost := astray(unpacked, named, parts):
        raise Unusable(f"Sheet “{lost[0][:40]}” is kept in a part of the workbook where it cannot be read. Save the workbook again as .xlsx, then hand it in again.")  # fmt: skip
    total, odd = 0, {}
    for name, part in parts.items():
        xml = unpacked[part]
        cells, deep, wide = span(xml)
        total += cells
        if total > MOST_CELLS:
            raise Unusable(f"The workbook has more than {MOST_CELLS:,} cells. Take out what is not needed.")
        if deep * wide > WIDEST:
            raise Unusable(f"Sheet “{name[:40]}” has something in {reference(deep, wide)}, far from everything else. Delete the empty rows and columns around the table.")  # fmt: skip
        odd[name] = odd_cells(xml)
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
    states = {each.name: str(each.visible).rpartition(".")[2] for each in workbook.sheets_metadata}
    styles = read_styles(unpacked["xl/styles.xml"]) if outlines and "xl/styles.xml" in unpacked else Styles()
    sheets: list[dict[str, object]] = []
    for name in workbook.sheet_names:
        if name in parts:
            rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
            sheets.append({"name": name, "visible": states.get(name) == "Visible", "cells": _cells(rows, odd[name])})  # fmt: skip
            if outlines:
                sheets[-1]["outline"] = outline(unpacked[parts[name]], styles)
    return {
        "sheets": sheets,
        "from_1904": bool(re.search(rb"""date1904\s*=\s*["'](1|true)["']""", unpacked["xl/workbook.xml"])),
        "properties": properties_in(unpacked),
        "macros": any(each.lower().endswith("vbaproject.bin") for each in package.namelist()),
    }


def _cells(
    rows: Sequence[Sequence[object]], odd: dict[tuple[int, int], tuple[str, str]]
) -> list[list[object]]:
    cells: list[list[object]] = []
    at = {}
    for row, values in enumerate(rows, 1):
        for column, value in enumerate(values, 1):
            if value == "" or value is None:
                continue
            # Texts are most of what there is.
            kind, text = ("text", value) if isinstance(value, str) else _value(value)
            cell = [row, column, kind, text, False]
            cells.append(cell)
            at[row, column] = cell
    for place, (what, shows) in odd.items():
        if what == "formula":
            if place in at:
                at[place][4] = True
            continue
        if place in at:
            at[place][2:] = [what, shows, True]
        else:
            cells.append([*place, what, shows, True])
    return cells


def _value(value: object) -> tuple[str, str]:
    match value:
        case bool():
            return "yesno", "yes" if value else "no"
        case int() | float():
            # What is beyond all numbers shows as this in a spreadsheet.
            return ("number", number_text(float(value))) if isfinite(value) else ("error", "#NUM!")
        case datetime():
            whole = (value.hour, value.minute, value.second, value.microsecond) == (0, 0, 0, 0)
            return ("day", value.date().isoformat()) if whole else ("time", value.isoformat(" "))
        case date():
            return "day", value.isoformat()
        case _:
            return "time", str(value)


def serve() -> None:
    """Answer until there is nothing more to read."""
    confine()
    outlines = OUTLINES in sys.argv[1:]
    gc.disable()  # what is read is dropped whole, and has no rings
    hear, tell = sys.stdin.buffer, sys.stdout.buffer
    while len(head := hear.read(8)) == 8:
        content = hear.read(struct.unpack(">Q", head)[0])
        allow_more_time()
        try:
            answer = read(content, outlines=outlines)
        except Unusable as error:
            answer = {"refused": str(error)}
        except MemoryError:
            answer = {"refused": "The workbook needs more memory to read than one may use. Take out what is not needed.", "broken": True}  # fmt: skip
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # calamine's own kinds, of which there are many
            if not isinstance(
                error, Exception
            ):  # its panic, which a day outside of every calendar brings about
                answer = {"refused": "The workbook holds something that cannot be read, most likely a day outside of every calendar. Correct it, then hand it in again.", "broken": True}  # fmt: skip
            else:
                answer = {"refused": f"The workbook cannot be read ({type(error).__name__}). Save it again as .xlsx, then hand it in again.", "broken": True}  # fmt: skip
        said = json.dumps(answer).encode()
        tell.write(struct.pack(">Q", len(said)) + said)
        tell.flush()


if __name__ == "__main__":
    serve()
