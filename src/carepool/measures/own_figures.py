"""Figures of a board's own measure: read by the mapped loader, kept as they were read, and worked out by the wording of their day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from carepool.basics.findings import Finding
from carepool.basics.periods import Quarter, quarters_between
from carepool.measures.cells import Read, blocker, warning
from carepool.measures.loading import RULE, LoadedSeries, Rows, SeriesMap, first_day, read_series
from carepool.measures.monthly import after, between
from carepool.measures.observing import rate
from carepool.measures.values import Status, Value, not_available
from carepool.places.england import Places
from carepool.rules.measuring import Alarms, Definition


@dataclass(frozen=True, slots=True)
class Headings:
    """How a file calls its columns."""

    area: str = "area"
    period: str = "period"
    counted: str = "counted"
    out_of: str = "out of"
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class OwnRow:
    """What a file has of a period."""

    period: str
    status: Status
    """Why it has no figures, where it has none."""
    counted: Decimal | None = None
    out_of: Decimal | None = None
    because: tuple[str, ...] = ()
    """What is doubted of it."""


def read_own_figures(
    file: str, rows: Rows, by: Headings, definition: Definition, board: str, places: Places, alarms: Alarms
) -> tuple[tuple[OwnRow, ...], tuple[Finding, ...]]:
    """The rows of a file in order of their periods, and what is wrong or doubted, each with file and row or period.

    A wrong row makes no figure, and whatever blocks keeps the file from being taken in. Unusable without the columns.
    """
    held = list(rows)
    one, two = (
        read_series(file, held, _map(definition, by, column), definition, places, alarms)
        for column in (by.counted, by.out_of)
    )
    seen = {(each.code, each.where): each for each in (*one.findings, *two.findings)}
    findings = list(seen.values())
    findings += [
        blocker("another-area", f"{file}/{area}", f"{area} is not the board {board}, whose measure this is", "Leave its rows out.", RULE)
        for area in sorted({area for area, _ in {**one.cells, **two.cells}} - {board})
    ]  # fmt: skip
    found = []
    for period in sorted({period for area, period in (*one.cells, *two.cells) if area == board}):
        row, faults = _row(
            file, period, one.cells.get((board, period)), two.cells.get((board, period)), definition
        )
        findings += faults
        found.append(row)
    findings += _lacking(file, [each.period for each in found], definition)
    doubted = _doubted(one, two, file, board)
    return tuple(OwnRow(each.period, each.status, each.counted, each.out_of, doubted.get(each.period, ())) for each in found), tuple(findings)  # fmt: skip


def _map(definition: Definition, by: Headings, column: str) -> SeriesMap:
    return SeriesMap(
        says="Figures of a board's own measure", measure=definition.id, kind="people", sheet=by.sheet, area=by.area, period=by.period, value=column
    )  # fmt: skip


def _row(
    file: str, period: str, counted: Read | None, out_of: Read | None, definition: Definition
) -> tuple[OwnRow, list[Finding]]:
    where = f"{file}/{period}"
    wrong = _of_another_length(period, definition)
    if wrong:
        return OwnRow(period, Status.NOT_AVAILABLE), [blocker("unknown-period", where, wrong, "Correct the row.", RULE)]  # fmt: skip
    if first_day(period, definition.period == "year") < definition.versions[0].since:
        says = f"{period} is before {definition.versions[0].since.isoformat()}, from which the first checked wording holds"
        return OwnRow(period, Status.NOT_AVAILABLE), [blocker("no-wording", where, says, "Leave the row out, or define and check a wording for it.", RULE)]  # fmt: skip
    if counted is None or out_of is None:
        return OwnRow(period, Status.NOT_AVAILABLE), []
    if counted.number is None or out_of.number is None:
        return OwnRow(period, out_of.status if counted.number is not None else counted.status), []
    if out_of.number == 0:
        return OwnRow(period, Status.NOT_AVAILABLE), [blocker("out-of-none", where, f"{period} counts {counted.number:f} out of 0", "Write what it is out of.", RULE)]  # fmt: skip
    return OwnRow(period, Status.AVAILABLE, counted.number, out_of.number), []


def _of_another_length(period: str, definition: Definition) -> str:
    wanted = definition.period
    is_quarter = "Q" in period
    if is_quarter == (wanted == "quarter"):
        return ""
    return f"{period} is no {wanted}, and the measure is of every {wanted}"


def _lacking(file: str, periods: Sequence[str], definition: Definition) -> list[Finding]:
    """Periods between the first and the last without a row."""
    try:
        missing = [each for each in whole_span(periods, definition.period) if each not in set(periods)]
    except ValueError:
        return []  # a period of another length, which is a finding already
    return [
        warning("period-missing", f"{file}/{each}", f"{file} has no row for {each}.", "Load it when it is there; it is marked, and not guessed.", RULE)
        for each in missing
    ]  # fmt: skip


def whole_span(periods: Sequence[str], length: str) -> list[str]:
    """Every period from the first to the last of some. ValueError where one is of another length."""
    if not periods:
        return []
    first, last = min(periods), max(periods)
    if length == "quarter":
        return [str(each) for each in quarters_between(Quarter.parse(first), Quarter.parse(last))]
    if length == "year":
        return [f"{year}-{(year + 1) % 100:02}" for year in range(int(first[:4]), int(last[:4]) + 1)]
    return [after(first, number) for number in range(between(first, last))]


def _doubted(one: LoadedSeries, two: LoadedSeries, file: str, board: str) -> dict[str, tuple[str, ...]]:
    """The doubts of figures, by the first period that each speaks of."""
    found: dict[str, tuple[str, ...]] = {}
    for each in (*one.findings, *two.findings):
        prefix, _, period = each.where.rpartition("/")
        if each.code in {"wrong-unit", "implausible-hole"} and prefix == f"{file}/{board}":
            found[period] = (*found.get(period, ()), each.says)
    return found


def own_values(rows: Mapping[str, OwnRow], definition: Definition) -> tuple[Value, ...]:
    """Every period from the first to the last with its value, or why it has none; each by the wording of its day."""
    values = []
    for period in whole_span(list(rows), definition.period):
        day = first_day(period, definition.period == "year")
        row = rows.get(period)
        if day < definition.versions[0].since:
            values.append(not_available(period, day, "", "No checked wording holds then."))
        elif row is None:
            values.append(not_available(period, day, definition.on(day).version, "No row was loaded."))
        elif row.counted is None or not row.out_of:
            values.append(Value(period, day, row.status, definition.on(day).version, row.because))
        else:
            values.append(rate(definition, period, day, row.counted, row.out_of, because=row.because))
    return tuple(values)


def merged(files: Sequence[Sequence[OwnRow]]) -> dict[str, OwnRow]:
    """The rows of files in the order in which they came: a later row stands in the place of an earlier one of its period."""
    return {row.period: row for rows in files for row in rows}
