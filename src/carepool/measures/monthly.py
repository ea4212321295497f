"""Monthly series as anybody may hand them in, and what a forecast of them is worth once the months have come."""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from statistics import fmean

from carepool.basics.findings import Finding, Severity
from carepool.basics.refusals import Unusable, printable

COLUMNS = ("series", "month", "value")
SHORTEST = 12
"""Months below which nothing is forecast."""
FARTHEST = 60
"""Months beyond which nothing is forecast."""
LARGEST = 1e15
"""No count or sum of a month is as large; beyond it digits are lost."""
MISSING = {"", "-", ".", "..", ":", "*", "c", "x", "na", "n/a", "nan", "null"}
"""How publishers write that a figure is missing or suppressed; it is never zero."""
RULE = "carepool forecast: series,month,value"
_MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])(?:-01)?")


@dataclass(frozen=True, slots=True)
class Monthly:
    """A series of months without a hole."""

    name: str
    first: str
    """The first month, like ``2014-07``."""
    values: tuple[float, ...]

    @property
    def last(self) -> str:
        """The last month."""
        return after(self.first, len(self.values) - 1)

    def until(self, number: int) -> "Monthly":
        """Its first months alone."""
        return Monthly(self.name, self.first, self.values[:number])


@dataclass(frozen=True, slots=True)
class Expected:
    """What a series is expected to be in a month that is still to come."""

    series: str
    month: str
    mean: float
    lo80: float
    hi80: float
    lo95: float
    hi95: float


@dataclass(frozen=True, slots=True)
class Score:
    """How forecasts stood against the months that came."""

    forecasts: int
    covered80: float
    """The share of months that lay within the 80% interval."""
    covered95: float
    error: float
    """The mean absolute error."""
    naive: float
    """That of saying each month what it was a year before."""

    @property
    def ratio(self) -> float:
        """The error as a share of the seasonal naive's; below 1 it is better."""
        return self.error / self.naive if self.naive else float("nan")


def after(month: str, number: int) -> str:
    """The month so many months later."""
    months = int(month[:4]) * 12 + int(month[5:7]) - 1 + number
    return f"{months // 12:04}-{months % 12 + 1:02}"


def between(first: str, last: str) -> int:
    """How many months lie from one to the other, both counted."""
    return (int(last[:4]) - int(first[:4])) * 12 + int(last[5:7]) - int(first[5:7]) + 1


def read_monthly(content: bytes, name: str) -> tuple[tuple[Monthly, ...], tuple[Finding, ...]]:
    """The whole series of a file, and what is wrong with those that are left out, each with its row.

    Columns ``series,month,value`` in any order. A series with a month missing, twice, hidden or no number is left
    out: nothing is guessed. Unusable when the file is no such table.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unusable(f"{name} is not text in UTF-8. Save it as CSV in UTF-8.") from None
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise Unusable(f"{name} is not CSV: {error}. Save it as CSV in UTF-8.") from None
    if not rows:
        raise Unusable(f"{name} is empty. It needs the columns {', '.join(COLUMNS)}.")
    heads = [each.strip().casefold() for each in rows[0]]
    lacking = [each for each in COLUMNS if heads.count(each) != 1]
    if lacking:
        raise Unusable(
            f"{name} needs each of the columns {', '.join(COLUMNS)} once; {' and '.join(lacking)} "
            f"{'is' if len(lacking) == 1 else 'are'} not there so. Name them in its first row."
        )
    at = [heads.index(each) for each in COLUMNS]
    found: dict[str, dict[str, tuple[int, float]]] = defaultdict(dict)
    wrong: dict[str, Finding] = {}
    for number, row in enumerate(rows[1:], 2):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) <= max(at):
            raise Unusable(f"{name}, row {number} has {len(row)} cells and needs {len(heads)}. Complete it.")
        series, month, value = (row[place].strip() for place in at)
        says = _cell(found[series], month, value, number)
        if says:
            wrong.setdefault(series, _finding(number, series, says))
    for series, months in found.items():
        if series not in wrong and (says := _series(months)):
            wrong[series] = _finding(min((row for row, _ in months.values()), default=1), series, says)
    good = tuple(
        Monthly(series, min(months), tuple(months[month][1] for month in sorted(months)))
        for series, months in found.items()
        if series not in wrong
    )
    return good, tuple(wrong.values())


def _cell(months: dict[str, tuple[int, float]], month: str, value: str, row: int) -> str:
    """Take a cell in, or say what is wrong with it."""
    match = _MONTH.fullmatch(month)
    if not match:
        return f"“{printable(month[:40])}” is no month; write it like 2014-07."
    key = f"{match[1]}-{match[2]}"
    if key in months:
        return f"{key} stands a second time; it is in row {months[key][0]} already."
    if value.casefold() in MISSING:
        return f"{key} has no figure (“{printable(value)}”); what is missing or hidden is not guessed."
    try:
        number = float(value.replace(",", ""))
    except ValueError:
        return f"“{printable(value[:40])}” of {key} is no number."
    if not isfinite(number) or abs(number) > LARGEST:
        return f"“{printable(value[:40])}” of {key} is no number that a month can have."
    months[key] = (row, number)
    return ""


def _series(months: Mapping[str, object]) -> str:
    """What is wrong with a series whose cells are right."""
    held = sorted(months)
    whole = between(held[0], held[-1])
    if whole != len(held):
        missing = next(month for month in (after(held[0], n) for n in range(whole)) if month not in months)
        return f"{missing} is missing between {held[0]} and {held[-1]}; a hole is not filled in."
    if whole < SHORTEST:
        return f"it has {whole} months and needs at least {SHORTEST}."
    return ""


def _finding(row: int, series: str, says: str) -> Finding:
    return Finding(
        "series-not-forecast", Severity.BLOCKER, f"rows/{row}", f"Row {row}, series “{printable(series[:80])}”: {says}",
        "Put it right in the file; the other series are forecast.", RULE,
    )  # fmt: skip


def score(expected: Sequence[Expected], came: Mapping[tuple[str, str], float], naive: Mapping[tuple[str, str], float]) -> Score:  # fmt: skip
    """How forecasts stood against what came, month by month; ``naive`` is what each month was a year before."""
    pairs = [(each, came[each.series, each.month], naive[each.series, each.month]) for each in expected]
    return Score(
        len(pairs),
        fmean(each.lo80 <= value <= each.hi80 for each, value, _ in pairs),
        fmean(each.lo95 <= value <= each.hi95 for each, value, _ in pairs),
        fmean(abs(each.mean - value) for each, value, _ in pairs),
        fmean(abs(before - value) for _, value, before in pairs),
    )


def cells(series: Iterable[Monthly]) -> Mapping[tuple[str, str], float]:
    """Every month of the series, by series and month."""
    return {
        (each.name, after(each.first, n)): value for each in series for n, value in enumerate(each.values)
    }
