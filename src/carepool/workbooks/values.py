"""How a value of a plan is written into a cell, and what somebody would have typed to mean one.

A text stays a text: what begins like a formula is written as a string in a cell that is formatted as text.
"""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal

from carepool.plans.describe import FieldAbout
from carepool.plans.parts import Kind
from carepool.workbooks.cells import Cell, number_text

FIRST_SERIAL = date(1900, 3, 1)
"""Before it Excel's count of days is one out, so such a day is written as text."""

_NUMBER = re.compile(r"-?[0-9]*\.?[0-9]+", re.ASCII)
LARGEST_DIGITS = 15
"""Digits before the point beyond which an amount is none of money: arithmetic of it would not be exact."""


def typed(about: FieldAbout, cell: Cell, unit: int = 1, *, from_1904: bool = False) -> object:
    """What a person would have typed to mean this cell. ValueError with what is wrong and what to do.

    ``unit`` is how many pounds an amount counts in: 1, or 1,000 in some templates.
    """
    kind = about.kind
    if cell.kind == "day" or (kind == "day" and cell.kind == "number"):
        return _day(about, cell, from_1904=from_1904)
    if cell.kind == "time":
        raise ValueError(f"“{cell.text}” holds a time of day: write {_wanted(kind)}")
    if cell.kind == "yesno":
        return cell.text if kind == "yesno" else {"yes": "TRUE", "no": "FALSE"}[cell.text]
    if kind == "money" and (cell.kind == "number" or unit != 1):
        return _pounds(cell, unit)
    if (
        kind == "percent"
        and cell.kind == "number"
        and _NUMBER.fullmatch(cell.text)
        and 0 < abs(Decimal(cell.text)) < 1
    ):
        raise ValueError(f"holds the number {cell.text}, which is either less than one per cent or a share of one: write it with its sign, like {Decimal(cell.text) * 100:f}% or {cell.text}%")  # fmt: skip
    return cell.text


def _pounds(cell: Cell, unit: int) -> str:
    written = re.sub(r"[£,\s]", "", cell.text)
    # What is no number, or one beyond all money, is said to be so by whoever reads an amount.
    if not _NUMBER.fullmatch(written) or (amount := Decimal(written) * unit).adjusted() > LARGEST_DIGITS:
        return cell.text
    if amount != round(amount, 2):
        raise ValueError(f"{cell.text} has parts of a penny: round it to whole pence")
    return format(round(amount, 2), "f")


def _day(about: FieldAbout, cell: Cell, *, from_1904: bool) -> str:
    if about.kind in {"line", "words"}:
        return cell.text
    if about.kind != "day":
        raise ValueError(f"holds the day {cell.text}, which the spreadsheet made of something: write {_wanted(about.kind)}, and format the cell as text")  # fmt: skip
    if cell.kind == "day":
        return cell.text
    serial = Decimal(cell.text) if _NUMBER.fullmatch(cell.text) else Decimal(0)
    if not 61 <= serial <= 2_958_465 or serial != int(serial):
        raise ValueError(f"“{cell.text}” is not a day: write it like 2015-04-01 or 1 April 2015")
    start = date(1904, 1, 1) if from_1904 else date(1899, 12, 30)
    if int(serial) > (date.max - start).days:
        raise ValueError(f"“{cell.text}” is not a day: write it like 2015-04-01 or 1 April 2015")
    return (start + timedelta(days=int(serial))).isoformat()


def _wanted(kind: Kind) -> str:
    wanted: Mapping[str, str] = {
        "money": "an amount in pounds, like 1,240,000", "count": "a number", "percent": "a number of per cent",
        "day": "a day, like 2015-04-01", "yesno": "yes or no", "quarter": "a quarter, like 2014-15Q4",
    }  # fmt: skip
    return wanted.get(kind, "a text")


def written(about: FieldAbout, value: object, unit: int = 1) -> str | float | date | None:
    """What to put into a cell for a value in JSON's shapes; None for nothing. A text is to be written as a string."""
    if value is None or value == "":
        return None
    text = str(value)
    match about.kind:
        case "money" if isinstance(value, int):
            return float(Decimal(value) / 100 / unit)
        case "count":
            number = Decimal(text)
            return float(number) if Decimal(number_text(float(number))) == number else text
        case "day":
            day = date.fromisoformat(text)
            return day if day >= FIRST_SERIAL else text
        case "choice" | "yesno":
            return about.codes.get(text, text)
        case _:
            return text
