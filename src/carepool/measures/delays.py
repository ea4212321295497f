"""Delayed days in hospital by council and month, each reconciled row by row: by hospital, by responsibility, by reason.

The figures are those published (Delayed Transfers of Care, final revisions) and are never altered.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from carepool.basics.findings import Finding
from carepool.basics.periods import Quarter
from carepool.basics.tables import read_table
from carepool.measures.cells import blocker, note
from carepool.places.england import Places

FILE = "delayed_days.csv"
RULE = "england: Delayed Transfers of Care"
NATION = "ENG"
ELSEWHERE = ("WALES", "SCOTLAND", "OUTSIDE_GB")
"""Rows of people from outside England: in England's total, and in no council's."""
REMEDY = "Correct the file at its source; the month is left out until then."
REASONS: Mapping[str, str] = {
    "a": "Completion of assessment",
    "b": "Public funding",
    "c": "Further non-acute NHS care",
    "di": "Residential home placement or availability",
    "dii": "Nursing home placement or availability",
    "e": "Care package in own home",
    "f": "Community equipment and adaptations",
    "g": "Patient or family choice",
    "h": "Disputes",
    "i": "Housing, of patients not covered by the NHS and Community Care Act",
}
"""The reasons, by the letters of the collection's workbook."""
BREAKDOWNS: Mapping[str, tuple[str, ...]] = {
    "kind of hospital": ("acute", "non_acute"),
    "responsibility": ("nhs", "social_care", "both"),
    "reason": tuple(REASONS),
}
"""The three ways in which the same days are broken down."""
COLUMNS = ("total", *(column for columns in BREAKDOWNS.values() for column in columns))


@dataclass(frozen=True)
class Delays:
    """Delayed days by area and month."""

    days: Mapping[tuple[str, str], Mapping[str, int]]
    """Area and month (``2014-05``) to days by column."""
    published: Mapping[str, date]
    places: Places

    @cached_property
    def months(self) -> tuple[str, ...]:
        """The months held, in order."""
        return tuple(sorted({month for _, month in self.days}))

    @cached_property
    def areas(self) -> frozenset[str]:
        """The areas that have rows."""
        return frozenset(area for area, _ in self.days)

    def reporting(self, board: str) -> tuple[str, ...]:
        """The councils of a board that the collection has rows of."""
        return tuple(each.code for each in self.places.boards[board].councils if each.code in self.areas)

    def of_board(self, board: str, month: str, column: str = "total") -> int | None:
        """The delayed days of a board in a month, of its councils together; None where a row is missing."""
        found = [self.days.get((council, month)) for council in self.reporting(board)]
        if not found or any(each is None for each in found):
            return None
        return sum(each[column] for each in found if each is not None)

    def of_area(self, area: str, month: str, column: str = "total") -> int | None:
        """The delayed days of England or of a board in a month; None where a row is missing."""
        if area == NATION:
            return self.days.get((NATION, month), {}).get(column)
        return self.of_board(area, month, column)

    def of_year(self, starts: int, area: str = NATION, column: str = "total") -> int:
        """The delayed days of an area in a financial year."""
        months = {each for number in (1, 2, 3, 4) for each in Quarter(starts, number).months}
        return sum(days[column] for (place, month), days in self.days.items() if place == area and month in months)  # fmt: skip


def parse_delays(
    files: Mapping[str, bytes], places: Places, name: str = FILE
) -> tuple[Delays, list[Finding]]:
    """The series from delayed_days and delayed_days_published (.csv), and what is wrong in it, by file and row.

    A row that is not whole, or does not add up, is left out and named: it is never guessed.
    """
    findings: list[Finding] = []
    days: dict[tuple[str, str], Mapping[str, int]] = {}
    known = {NATION, *ELSEWHERE, *places.council_boards}
    for row, cells in read_table(name, files[name], ["month", "area", *COLUMNS]):
        where, area, month = f"{name}/{row}", cells["area"], cells["month"]
        if area not in known:
            findings.append(blocker("unknown-area", f"{where}/area", f"{area} is no council of 2015, nor England, Wales, Scotland or outside", REMEDY, RULE))  # fmt: skip
            continue
        if (area, month) in days:
            findings.append(
                blocker("month-twice", f"{where}/month", f"{area} reports {month} twice", REMEDY, RULE)
            )
            continue
        read, faults = _row(where, cells)
        findings += faults
        if read is not None:
            days[area, month] = read
    published = {
        cells["month"]: date.fromisoformat(cells["published"])
        for _, cells in read_table(
            "delayed_days_published.csv", files["delayed_days_published.csv"], ["month", "published"]
        )
        if cells["published"]
    }
    delays = Delays(days, published, places)
    return delays, [*findings, *_missing(delays, name), *_sums(delays, name), *_silent(delays, name)]


def _row(where: str, cells: Mapping[str, str]) -> tuple[Mapping[str, int] | None, list[Finding]]:
    """A row's days, or None with what is wrong in it."""
    numbers: dict[str, int] = {}
    for column in COLUMNS:
        text = cells[column]
        if text == "" and column != "total" and cells["total"] == "0":
            # No breakdown of nothing: the collection leaves it blank.
            numbers[column] = 0
            continue
        if not text.isdecimal():
            what = (
                "is below zero" if text.startswith("-") and text[1:].isdecimal() else "is no number of days"
            )
            return None, [blocker("not-days", f"{where}/{column}", f"“{text}” {what}", REMEDY, RULE)]
        numbers[column] = int(text)
    faults = []
    for what, columns in BREAKDOWNS.items():
        parts = sum(numbers[column] for column in columns)
        if parts != numbers["total"]:
            faults.append(blocker("does-not-add", where, f"by {what} the days are {parts:,}, the total is {numbers['total']:,}", REMEDY, RULE))  # fmt: skip
    return (None if faults else numbers), faults


def _missing(delays: Delays, name: str) -> list[Finding]:
    """Every area that reports at all reports every month."""
    return [
        blocker("month-missing", f"{name}/{area}/{month}", f"{area} has no row for {month}", REMEDY, RULE)
        for area in sorted(delays.areas)
        for month in delays.months
        if (area, month) not in delays.days
    ]


def _sums(delays: Delays, name: str) -> list[Finding]:
    """In every month and every column, the areas add to England's row, exactly."""
    sums: dict[str, dict[str, int]] = {}
    for (area, month), days in delays.days.items():
        if area != NATION:
            into = sums.setdefault(month, dict.fromkeys(COLUMNS, 0))
            for column in COLUMNS:
                into[column] += days[column]
    findings = []
    for month, parts in sums.items():
        total = delays.days.get((NATION, month))
        for column in COLUMNS:
            if total is not None and parts[column] != total[column]:
                findings.append(blocker("does-not-add", f"{name}/{month}/{column}", f"in {month} the areas have {parts[column]:,} days, England {total[column]:,}", REMEDY, RULE))  # fmt: skip
    return findings


def _silent(delays: Delays, name: str) -> list[Finding]:
    """Councils that the collection has no rows of."""
    return [
        note(
            "area-silent", f"{name}/{council}",
            f"The collection has no rows of {council}; the board {board} rests on its other council.",
            "Say so wherever the board's figure is shown.", RULE,
        )
        for council, board in delays.places.council_boards.items()
        if council not in delays.areas
    ]  # fmt: skip
