"""Schemes as somebody writes them in a table: each read with its row, and what cannot be used refused with what to do."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from math import isfinite
from typing import TYPE_CHECKING

from carepool.basics.money import in_pounds
from carepool.basics.refusals import Unusable, printable, unknown

if TYPE_CHECKING:
    from carepool.capacity.portfolio import Candidate

COLUMNS = {
    "scheme": ("scheme", "name", "id"),
    "cost_pence": ("cost_pence", "cost"),
    "benefit": ("benefit", "value", "benefit_mean"),
    "benefit_low": ("benefit_low",),
    "source": ("source",),
    "social_care_pence": ("social_care_pence",),
    "out_of_hospital_pence": ("out_of_hospital_pence",),
    "risk": ("risk",),
    "must": ("must",),
    "excludes": ("excludes",),
    "requires": ("requires",),
    "overlaps": ("overlaps",),
}
NEEDED = ("scheme", "cost_pence", "benefit")
MOST = 10**15
MOST_SCHEMES = 2_000


def read_candidates(name: str, content: bytes) -> "tuple[Candidate, ...]":
    """The schemes of a file. Unusable with the row and what to do, when one cannot be read."""
    from carepool.capacity.portfolio import Candidate

    try:
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise Unusable(f"{name} is not CSV in UTF-8 ({type(error).__name__}). Save it so.") from None
    if not rows:
        raise Unusable(f"{name} is empty. It needs the columns {', '.join(NEEDED)}.")
    at = _columns(name, [each.strip().casefold() for each in rows[0]])
    found = []
    for number, row in enumerate(rows[1:], 2):
        if not any(cell.strip() for cell in row):
            continue
        cells = {column: row[place].strip() if place < len(row) else "" for column, place in at.items()}
        where = f"{name}, row {number}"
        if not cells["scheme"]:
            raise Unusable(f"{where} has no scheme. Name it.")
        benefit = _number(where, "benefit", cells["benefit"])
        low = _number(where, "benefit_low", cells["benefit_low"]) if cells.get("benefit_low") else benefit
        if low > benefit:
            raise Unusable(f"{where}: benefit_low is more than benefit. What is sure cannot be more than what is expected.")  # fmt: skip
        cost = _pence(where, "cost_pence", cells["cost_pence"])
        parts = {key: _pence(where, key, cells[key]) if cells.get(key) else 0 for key in ("social_care_pence", "out_of_hospital_pence")}  # fmt: skip
        if max(parts.values()) > cost:
            raise Unusable(f"{where}: a part of the cost is more than the cost of {in_pounds(cost)}. Correct one of them.")  # fmt: skip
        chance = _number(where, "risk", cells["risk"]) if cells.get("risk") else 0.0
        if not 0 <= chance <= 1:
            raise Unusable(f"{where}: risk is a chance from 0 to 1, and “{cells['risk']}” is none.")
        found.append(
            Candidate(
                printable(cells["scheme"][:200]), cost, benefit, low, cells.get("source", ""), parts["social_care_pence"],
                parts["out_of_hospital_pence"], chance, _yes(where, cells.get("must", "")), _names(cells.get("excludes", "")),
                _names(cells.get("requires", "")), _overlaps(where, cells.get("overlaps", "")),
            )
        )  # fmt: skip
    if not 0 < len(found) <= MOST_SCHEMES:
        raise Unusable(f"{name} has {len(found):,} schemes; it can have 1 to {MOST_SCHEMES:,}.")
    return tuple(found)


def _columns(name: str, heads: Sequence[str]) -> Mapping[str, int]:
    known = {alias: column for column, aliases in COLUMNS.items() for alias in aliases}
    at: dict[str, int] = {}
    for place, head in enumerate(heads):
        if head not in known:
            raise unknown("column", printable(head[:60]), known, f"Columns are {', '.join(COLUMNS)}.")
        if known[head] in at:
            raise Unusable(f"{name} has the column {known[head]} twice. Keep one.")
        at[known[head]] = place
    if lacking := [each for each in NEEDED if each not in at]:
        raise Unusable(f"{name} lacks the column {' and '.join(lacking)}. Name it in the first row.")
    return at


def _number(where: str, column: str, cell: str) -> float:
    try:
        value = float(cell.replace(",", ""))
    except ValueError:
        value = float("nan")
    if not isfinite(value) or abs(value) > MOST:
        raise Unusable(f"{where}: {column} “{printable(cell[:40])}” is no number that can be used. Write it like 120 or 3.5.")  # fmt: skip
    return value


def _pence(where: str, column: str, cell: str) -> int:
    text = cell.replace(",", "")
    if re.fullmatch(r"[0-9]{16,}", text):
        raise Unusable(f"{where}: {column} “{printable(cell[:40])}” is more than all England spends. Check the number; £1,250 is 125000.")  # fmt: skip
    if not re.fullmatch(r"[0-9]{1,15}", text):
        raise Unusable(
            f"{where}: {column} “{printable(cell[:40])}” is no whole number of pence. £1,250 is 125000."
        )
    return int(text)


def _yes(where: str, cell: str) -> bool:
    if cell.casefold() not in {"", "yes", "no"}:
        raise Unusable(f"{where}: must is yes or no, and “{printable(cell[:40])}” is neither.")
    return cell.casefold() == "yes"


def _names(cell: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in cell.split(";") if each.strip())


def _overlaps(where: str, cell: str) -> Mapping[str, float]:
    found = {}
    for each in _names(cell):
        name, _, share = each.rpartition(":")
        value = _number(where, "overlaps", share)
        if not name or not 0 <= value <= 1:
            raise Unusable(f"{where}: overlaps are written like “Falls service:0.3”, and “{printable(each[:60])}” is not.")  # fmt: skip
        found[name.strip()] = value
    return found


def read_sources(given: Sequence[str], candidates: "Sequence[Candidate]") -> Mapping[str, int]:
    """The budget of each source, from words like improved=250000. NotHere for a source that no scheme names."""
    known = {each.source for each in candidates if each.source}
    found = {}
    for each in given:
        name, equals, pence = each.rpartition("=")
        if not equals or not re.fullmatch(r"[0-9]{1,15}", pence):
            raise Unusable(
                f"“{printable(each[:60])}” is no budget of a source. Write it like additional_nhs=125000."
            )
        if name not in known:
            raise unknown("source", name, known, f"The schemes name {', '.join(sorted(known)) or 'none'}.")
        found[name] = int(pence)
    return found
