"""Anybody's table of figures, read by a map: which column holds what, what marks mean, and what is wrong, by file and row."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import Field

from carepool.basics.findings import Finding, blocks
from carepool.basics.money import in_figures
from carepool.basics.periods import Quarter
from carepool.basics.refusals import Unusable, nearest
from carepool.measures.cells import Read, blocker, note, read_cell
from carepool.measures.doubts import hole, holes_in, units_of
from carepool.measures.outcomes import starts
from carepool.measures.values import Status
from carepool.places.england import Places
from carepool.rules.measuring import Alarms, Definition
from carepool.rules.parse import typed
from carepool.rules.scalars import Entry, Name, Text
from carepool.rules.text import compose

RULE = "the map of the file"
LEAST_AREAS = 20
"""Areas below which nothing is usual."""
Rows = Iterable[tuple[int, Sequence[str]]]
"""The rows of a table as a spreadsheet numbers them, each with its cells."""
Mark = Literal["not available", "suppressed", "zero"]


class SeriesMap(Entry):
    """A map: where things stand in the file, and what the file does not say itself."""

    says: Text
    measure: Name
    kind: Literal["money", "people", "days", "rates"]
    sheet: str = ""
    area: Text
    """The heading of the column with a council's or a board's code or name."""
    period: str = ""
    """The heading of the column with the period; empty where the file is of one."""
    only_period: str = ""
    """That one period."""
    value: Text
    """The heading of the column with the figure."""
    total: str = ""
    """What stands for England in the area's column; its row is what the others are held against."""
    areas: Mapping[str, str] = Field(default_factory=dict)
    """Names that the file has, with the codes that they are for."""
    ignore: tuple[Text, ...] = ()
    """Areas of the file that are none of England's, such as Wales: in its total, in no board."""
    marks: Mapping[str, Mark] = Field(default_factory=dict)
    """What a mark means in this file, where it is not what it usually means: a dash may be zero."""


@dataclass(frozen=True)
class LoadedSeries:
    """A table as it was read."""

    map: SeriesMap
    cells: Mapping[tuple[str, str], Read]
    """Area and period to figure, or to why there is none."""
    findings: tuple[Finding, ...]

    @property
    def numbers(self) -> dict[tuple[str, str], Decimal]:
        """The figures, by area and period, in order of both."""
        return {key: each.number for key, each in sorted(self.cells.items()) if each.number is not None}


def read_map(file: str, content: bytes) -> tuple[SeriesMap | None, list[Finding]]:
    """A map from YAML, or None with every fault and its line."""
    data, lines, findings = compose(file, content)
    if blocks(findings):
        return None, findings
    found, faults = typed(file, SeriesMap, data, lines)
    if found and bool(found.period) == bool(found.only_period):
        faults.append(blocker("map", file, "names the period's column, or the one period, and not both", "Write “period” or “only_period”.", RULE))  # fmt: skip
        return None, faults
    return found, [*findings, *faults]


def read_series(
    file: str, rows: Rows, by: SeriesMap, definition: Definition, places: Places, alarms: Alarms
) -> LoadedSeries:
    """The figures of a table. What is wrong is named by file and row and left out; what is doubted is kept and named.

    Unusable where a column of the map is not there.
    """
    table = _Table(file, by, places, definition.period == "year")
    heading: dict[str, int] = {}
    for number, cells in rows:
        if not heading:
            heading = _heading(cells, by)
        elif any(cell.strip() for cell in cells):
            table.take(number, {name: cells[at].strip() if at < len(cells) else "" for name, at in heading.items()})  # fmt: skip
    if not heading:
        wanted = ", ".join(f"“{each}”" for each in (by.area, by.period, by.value) if each)
        raise Unusable(f"{file} has no row with the headings {wanted}. Correct the map, or the file.")
    findings = [*table.findings, *table.missing(), *table.sums(), *table.hidden()]
    findings += _doubts(file, table.numbers, by, alarms)
    findings += _across(file, table.periods, definition)
    return LoadedSeries(by, table.cells, tuple(findings))


def _heading(cells: Sequence[str], by: SeriesMap) -> dict[str, int]:
    """Where the columns of the map are, or nothing where this is not the row of headings."""
    found = {cell.strip().casefold(): at for at, cell in reversed(list(enumerate(cells)))}
    wanted = {"area": by.area, "period": by.period, "value": by.value}
    if all(not name or name.strip().casefold() in found for name in wanted.values()):
        return {key: found[name.strip().casefold()] for key, name in wanted.items() if name}
    return {}


class _Table:
    """The rows taken in so far."""

    def __init__(self, file: str, by: SeriesMap, places: Places, years: bool) -> None:
        self.file, self.by, self.years = file, by, years
        self.cells: dict[tuple[str, str], Read] = {}
        self.outside: dict[str, Decimal] = {}
        self.totals: dict[str, Decimal] = {}
        self.broken: set[str] = set()
        """Periods with a row that was left out: their sums are not held against the total."""
        self.findings: list[Finding] = []
        self.codes = {*places.boards, *places.council_boards}
        councils = [each for board in places.boards.values() for each in board.councils]
        self.shown = [each.name for each in councils]
        self.names = {_plain(each.name): each.code for each in councils}
        self.names |= {_plain(board.name): board.code for board in places.boards.values()}

    def take(self, number: int, row: Mapping[str, str]) -> None:
        """Take a row in, or say what is wrong with it."""
        where = f"{self.file}/{number}"
        period = self.by.only_period or row["period"]
        try:
            period = _period(period, self.years)
        except Unusable as error:
            self._fault("unknown-period", where, str(error).rstrip("."))
            return
        read = self._read(row["value"])
        if read is None:
            self._fault("not-a-value", where, f"“{row['value']}” is neither a number nor a mark", period)
            return
        if read.number is not None and read.number < 0:
            self._fault("below-zero", where, f"{read.number} is below zero", period)
            return
        name = row["area"]
        if self.by.total and _plain(name) == _plain(self.by.total):
            if read.number is not None:
                self.totals[period] = read.number
            return
        if any(_plain(name) == _plain(each) for each in self.by.ignore):
            self.outside[period] = self.outside.get(period, Decimal(0)) + (read.number or Decimal(0))
            return
        code = self._code(name)
        if code is None:
            near = nearest(name, [*self.shown, *self.codes])
            hint = f"Did you mean {near}? " if near else ""
            says = f"“{name}” is no council and no board of England"
            self._fault("unknown-area", where, says, period, hint)
        elif (code, period) in self.cells:
            self._fault("period-twice", where, f"{code} has {period} twice", period)
        else:
            self.cells[code, period] = read

    def _fault(self, code: str, where: str, says: str, period: str = "", hint: str = "") -> None:
        self.broken.add(period)
        remedy = f"{hint}Correct the row, or the map; it is left out until then."
        self.findings.append(blocker(code, where, says, remedy, RULE))

    def _read(self, text: str) -> Read | None:
        meant = self.by.marks.get(text.strip())
        if meant == "zero":
            return Read(Decimal(0), Status.AVAILABLE)
        return Read(None, Status(meant)) if meant else read_cell(text)

    def _code(self, name: str) -> str | None:
        mapped = {_plain(each): code for each, code in self.by.areas.items()}.get(_plain(name), name.strip())
        return mapped if mapped in self.codes else self.names.get(_plain(mapped))

    @property
    def periods(self) -> list[str]:
        """The periods that were read, in order."""
        return sorted({period for _, period in self.cells})

    @property
    def numbers(self) -> dict[str, dict[str, Decimal]]:
        """The figures by area and period."""
        found: dict[str, dict[str, Decimal]] = defaultdict(dict)
        for (area, period), read in sorted(self.cells.items()):
            if read.number is not None:
                found[area][period] = read.number
        return found

    def missing(self) -> list[Finding]:
        """Areas that lack a period which others have."""
        areas = sorted({area for area, _ in self.cells})
        return [
            blocker("period-missing", f"{self.file}/{area}/{period}", f"{area} has no row for {period}", "Ask for it; it is not guessed.", RULE)
            for area in areas
            for period in self.periods
            if (area, period) not in self.cells
        ]  # fmt: skip

    def sums(self) -> list[Finding]:
        """Periods whose areas do not add to the file's own total; where a figure is hidden, they may fall short of it."""
        findings = []
        for period, total in self.totals.items():
            found = [read for (_, each), read in self.cells.items() if each == period]
            parts = sum(
                (each.number for each in found if each.number is not None),
                self.outside.get(period, Decimal(0)),
            )
            short = any(each.number is None for each in found) and parts <= total
            if period not in self.broken and parts != total and not short:
                findings.append(blocker("does-not-add", f"{self.file}/{period}", f"in {period} the areas have {in_figures(parts)}, the file's total is {in_figures(total)}", "Find the row that is wrong, or correct the map.", RULE))  # fmt: skip
        return findings

    def hidden(self) -> list[Finding]:
        """How many figures are hidden or missing: they are marked, and never zero."""
        kinds = Counter(each.status for each in self.cells.values() if each.number is None)
        return [
            note("no-figure", self.file, f"{count:,} {'figure is' if count == 1 else 'figures are'} {status}. None is taken as zero.", "Nothing, unless there should be a figure.", RULE)
            for status, count in sorted(kinds.items())
        ]  # fmt: skip


def _plain(name: str) -> str:
    """A name as names are compared: letters and digits, “and” for the sign, without what councils add."""
    words = "".join(each if each.isalnum() else " " for each in name.casefold().replace("&", " and ")).split()
    return " ".join(each for each in words if each not in {"ua", "mcd", "council", "borough", "city", "of", "the", "county"})  # fmt: skip


def _period(text: str, years: bool) -> str:
    """A month, quarter or year as carepool writes it. Unusable for what is none, or is of another length than the measure's."""
    bare = text.strip().replace("/", "-")
    if "Q" in bare.upper():
        return str(Quarter.parse(bare.replace(" ", "").upper()))
    if years:
        starts(bare)
        return bare
    if not _MONTH.fullmatch(bare):
        raise Unusable(f"“{text}” is not a month. Write it like 2014-05.")
    return bare


_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


def first_day(period: str, years: bool) -> date:
    """The first day of a month, a quarter or a year as carepool writes it; 2011-12 is a month or a year."""
    if "Q" in period:
        return Quarter.parse(period).first_day
    return starts(period) if years else date.fromisoformat(f"{period}-01")


def _doubts(
    file: str, numbers: Mapping[str, Mapping[str, Decimal]], by: SeriesMap, alarms: Alarms
) -> list[Finding]:
    """Figures in another unit than the area's others, and holes."""
    findings: list[Finding] = []
    alarm = alarms.hole(by.measure)
    for area, values in numbers.items():
        ordered = sorted(values.values())
        usual = ordered[len(ordered) // 2]
        figures = dict(values)
        if len(values) >= LEAST_PERIODS:
            findings += units_of(
                figures, dict.fromkeys(figures, usual), alarms, kind=by.kind, where=f"{file}/{area}",
                what=f"of {area}", rule=RULE,
            )  # fmt: skip
        findings += [hole(f"{file}/{area}", f"The figures of {area}", span, alarm, RULE) for span in holes_in(list(values.items()), alarm)]  # fmt: skip
    periods = {period for values in numbers.values() for period in values}
    if len(periods) < LEAST_PERIODS and by.kind == "rates":
        for period in sorted(periods):
            figures = {area: values[period] for area, values in numbers.items() if period in values}
            if len(figures) >= LEAST_AREAS:
                ordered = sorted(figures.values())
                usual = ordered[len(ordered) // 2]
                findings += units_of(figures, dict.fromkeys(figures, usual), alarms, kind=by.kind, where=f"{file}/{period}", what=f"in {period}", rule=RULE)  # fmt: skip
    return findings


LEAST_PERIODS = 5
"""Periods below which an area's own figures say nothing of what is usual."""


def _across(file: str, periods: Sequence[str], definition: Definition) -> list[Finding]:
    """A note for each break in the series that the file spans."""
    if not periods:
        return []
    days = [first_day(each, definition.period == "year") for each in (periods[0], periods[-1])]
    return [
        note("across-a-break", f"{file}/{each.on.isoformat()}", f"The file spans a break in the series on {each.on.isoformat()}: {each.says}", "Compare periods on one side of it." if each.stops else "Compare across it with care.", RULE)
        for each in definition.breaks_between(days[0], days[1])
    ]  # fmt: skip
