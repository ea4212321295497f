"""What councils spent on adult social care by year, in thousands of pounds as they entered it, doubtful figures named."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from carepool.basics.findings import Finding, Severity
from carepool.basics.tables import read_table
from carepool.measures.cells import blocker, read_cell
from carepool.measures.doubts import units_of
from carepool.measures.outcomes import starts
from carepool.measures.people import People
from carepool.places.england import Places
from carepool.rules.measuring import Alarms

FILE = "social_care_spend.csv"
RULE = "england: PSS-EX1"
REMEDY = "Correct the file at its source; the figure is left out until then."
COLUMNS: Mapping[str, str] = {
    "gross_65": "thousand pounds of gross spend on people of 65 and over",
    "net_65": "thousand pounds of net spend on people of 65 and over",
    "net": "thousand pounds of net spend",
    "income_from_nhs": "thousand pounds of income from the NHS",
    "income_from_fund": "thousand pounds of income from the fund",
    "residents_65": "long-stay residents of 65 and over",
}


@dataclass(frozen=True)
class Spend:
    """Spend by council and year."""

    rows: Mapping[tuple[str, str], Mapping[str, Decimal]]
    """Council and year to what was entered, by column."""
    doubted: frozenset[tuple[str, str, str]]
    """Council, year and column of what seems to be in another unit; kept, and left out of comparisons."""
    places: Places

    def years(self, column: str) -> tuple[str, ...]:
        """The years that some council entered a column in."""
        return tuple(sorted({year for (_, year), values in self.rows.items() if column in values}))

    def of_board(self, board: str, year: str, column: str) -> tuple[Decimal | None, tuple[str, ...]]:
        """A board's sum of its councils' figures, in thousands of pounds; None where one of them is missing or doubted, and why."""
        total = Decimal(0)
        for council in self.places.boards[board].councils:
            values = self.rows.get((council.code, year), {})
            if column not in values:
                return None, (f"{council.name} entered none for {year}.",)
            if (council.code, year, column) in self.doubted:
                return None, (f"What {council.name} entered for {year} looks as if it were in another unit.",)
            total += values[column]
        return total, ()


def parse_spend(
    files: Mapping[str, bytes], places: Places, people: People, alarms: Alarms
) -> tuple[Spend, list[Finding]]:
    """The spend of social_care_spend.csv, and what is wrong or doubtful in it."""
    findings: list[Finding] = []
    rows: dict[tuple[str, str], Mapping[str, Decimal]] = {}
    for row, cells in read_table(FILE, files[FILE], ["year", "council", *COLUMNS]):
        where, council, year = f"{FILE}/{row}", cells["council"], cells["year"]
        starts(year)
        if council not in places.council_boards:
            findings.append(blocker("unknown-area", where, f"{council} is no council of 2015", REMEDY, RULE))
            continue
        if (council, year) in rows:
            findings.append(blocker("year-twice", where, f"{council} has {year} twice", REMEDY, RULE))
            continue
        values = {}
        for column in COLUMNS:
            read = read_cell(cells[column])
            if read is None:
                findings.append(
                    blocker(
                        "not-a-value", f"{where}/{column}", f"“{cells[column]}” is no amount", REMEDY, RULE
                    )
                )
            elif read.number is not None:
                values[column] = read.number
        rows[council, year] = values
    doubts = _doubts(rows, people, alarms)
    doubted = frozenset(
        (each.where.split("/")[3], each.where.split("/")[1], each.where.split("/")[2])
        for each in doubts
        if each.severity is Severity.WARNING
    )
    return Spend(rows, doubted, places), [*findings, *doubts]


def _doubts(
    rows: Mapping[tuple[str, str], Mapping[str, Decimal]], people: People, alarms: Alarms
) -> list[Finding]:
    """Each council beside what is usual for as many older people; a council of which others know nothing is not doubted."""
    findings = []
    for year in sorted({year for _, year in rows}):
        day = starts(year)
        for column, what in COLUMNS.items():
            entered = {
                council: values[column]
                for (council, each), values in rows.items()
                if each == year and values.get(column, 0) > 0
            }
            per = {
                council: figure / people.of((council,), day, "aged_65_and_over")[0]
                for council, figure in entered.items()
            }
            if len(per) < LEAST:
                continue
            middle = sorted(per.values())[len(per) // 2]
            usual = {council: middle * people.of((council,), day, "aged_65_and_over")[0] for council in per}
            findings += units_of(
                entered, usual, alarms, kind="people" if column in PEOPLE else "money",
                where=f"{FILE}/{year}/{column}", what=what, rule=RULE,
            )  # fmt: skip
    return findings


PEOPLE = frozenset({"residents_65"})
"""The columns that count people and not pounds."""
LEAST = 20
"""Councils below which there is nothing usual to hold one against."""
