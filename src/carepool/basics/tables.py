"""Reading a small CSV table that somebody hands in: columns by name, and a plain refusal when it is not one."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from carepool.basics.refusals import Unusable, nearest

_SIGNATURES = {
    b"PK\x03\x04": "a workbook or zip file",
    b"\xd0\xcf\x11\xe0": "an old Excel or Word file",
    b"%PDF": "a PDF",
    b"\x1f\x8b": "a gzip file",
    b"\xff\xfe": "text in UTF-16",
    b"\xfe\xff": "text in UTF-16",
    b"SQLite format 3": "a database",
}
LARGEST = 20_000_000
"""Bytes beyond which a table is refused: some hundred times the largest that England could need."""


def read_table(name: str, content: bytes, required: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row of a CSV table with its row number, counted as a spreadsheet does: the heading is row 1.

    Values are stripped; a short row has empty values at its end. Unusable when the content is not CSV text in
    UTF-8, is empty or too large, lacks a required column or has one twice. Blank rows are passed over.
    """
    text = _text(name, content)
    try:
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        heading = [cell.strip() for cell in next(reader, [])]
        _check_heading(name, heading, required)
        for here, cells in enumerate(reader, start=2):
            if any(cell.strip() for cell in cells):
                if len(cells) > len(heading) and any(cell.strip() for cell in cells[len(heading) :]):
                    raise Unusable(
                        f"{name}, row {here} has {len(cells)} cells but the heading has {len(heading)}. "
                        "Put a value that holds a comma in double quotes."
                    )
                padded = [cell.strip() for cell in cells] + [""] * (len(heading) - len(cells))
                yield here, dict(zip(heading, padded, strict=False))
    except csv.Error as error:
        raise Unusable(f"{name} cannot be read as CSV: {error}. Save it again as CSV (UTF-8).") from error


def _text(name: str, content: bytes) -> str:
    if name.lower().endswith((".xlsx", ".xls", ".xlsm", ".ods", ".pdf", ".zip")):
        raise Unusable(
            f"{name} is not a CSV file by its name. Save the sheet as CSV (UTF-8) and hand in that."
        )
    for signature, kind in _SIGNATURES.items():
        if content.startswith(signature):
            raise Unusable(f"{name} is {kind}, not the CSV that its name says. Save it as CSV (UTF-8).")
    if len(content) > LARGEST:
        raise Unusable(
            f"{name} has {len(content):,} bytes; at most {LARGEST:,} are read. Hand in fewer rows."
        )
    if b"\0" in content:
        raise Unusable(f"{name} holds zero bytes, so it is not text. Save it as CSV (UTF-8).")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise Unusable(f"{name}, row {line} is not UTF-8 text. Save it as “CSV UTF-8”.") from error
    if not text.strip():
        raise Unusable(f"{name} is empty. It needs a heading and at least one row.")
    return text


def _check_heading(name: str, heading: Sequence[str], required: Iterable[str]) -> None:
    for mark, kind in ((";", "semicolons"), ("\t", "tabs")):
        if len(heading) == 1 and mark in heading[0] and mark not in required:
            raise Unusable(f"{name} is separated by {kind}. Save it as CSV separated by commas.")
    for column in required:
        if column not in heading:
            near = nearest(column, heading)
            hint = f" Is it the one called “{near}”?" if near else ""
            raise Unusable(
                f"{name} has no column “{column}” in row 1.{hint} The columns needed are {', '.join(required)}."
            )
    twice = sorted({column for column in heading if column and heading.count(column) > 1})
    if twice:
        raise Unusable(f"{name} has the column “{twice[0]}” twice in row 1. Remove one of them.")
