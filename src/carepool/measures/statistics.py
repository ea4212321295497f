"""All statistical series of one vintage, read together and checked against what they are known to hold."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from carepool.basics.findings import Finding, Severity
from carepool.basics.periods import Quarter
from carepool.basics.tables import read_table
from carepool.measures import beds, delays, need, outcomes, people, spend
from carepool.measures.cells import blocker
from carepool.measures.doubts import hole, holes_in
from carepool.places.england import Places
from carepool.rules.measuring import Alarms

EXPECTED = "expected_statistics.csv"
FILES = (
    delays.FILE, "delayed_days_published.csv", people.FILE, outcomes.FILE, outcomes.SUCCESSIONS, spend.FILE,
    beds.FILE, beds.PEOPLE, beds.SUCCESSIONS, need.FILE, EXPECTED,
)  # fmt: skip
"""The files that these series are read from."""
BESIDE = (beds.NAMES,)
"""Files that came later, without which an earlier vintage is read as well."""


@dataclass(frozen=True)
class Statistics:
    """The series, and what was found in them."""

    delays: delays.Delays
    people: people.People
    outcomes: outcomes.Outcomes
    spend: spend.Spend
    beds: beds.Beds
    need: Mapping[str, need.Need]
    doubted: frozenset[tuple[str, str]]
    """Board and month of delays that lie so low that part of the return may be missing."""
    findings: tuple[Finding, ...]


def parse_statistics(files: Mapping[str, bytes], places: Places, alarms: Alarms) -> Statistics:
    """Every series from its files. What is wrong stands in ``findings``, blockers among them; nothing is raised for it."""
    days, of_days = delays.parse_delays(files, places)
    who, of_who = people.parse_people(files, places)
    found, of_found = outcomes.parse_outcomes(files, places)
    spent, of_spent = spend.parse_spend(files, places, who, alarms)
    open_, of_open = beds.parse_beds(files, places)
    covariates, of_covariates = need.parse_need(files, places, who)
    doubted, of_holes = _holes(days, places, alarms)
    findings = [*of_days, *of_holes, *of_who, *of_found, *of_spent, *of_open, *of_covariates]
    made = Statistics(days, who, found, spent, open_, covariates, doubted, tuple(findings))
    return replace(made, findings=(*findings, *_expected(made, files)))


def _holes(
    days: delays.Delays, places: Places, alarms: Alarms
) -> tuple[frozenset[tuple[str, str]], list[Finding]]:
    """The months of boards whose delays lie implausibly low, and a warning for each run of them."""
    alarm = alarms.hole("delayed_days")
    doubted: set[tuple[str, str]] = set()
    findings = []
    for code, board in places.boards.items():
        counts = [(month, days.of_board(code, month)) for month in days.months]
        values = [(month, Decimal(count)) for month, count in counts if count is not None]
        for span in holes_in(values, alarm):
            doubted |= {(code, month) for month, _ in values if span[0] <= month <= span[1]}
            findings.append(
                hole(f"{delays.FILE}/{code}", f"{board.name}'s delayed days", span, alarm, delays.RULE)
            )
    return frozenset(doubted), findings


def measured(held: Statistics) -> Mapping[str, object]:
    """The totals that expected_statistics.csv can name, as they are read."""
    years = sorted({financial_year(month) for month in held.delays.months})
    found: dict[str, object] = {f"delayed_days_{year}": held.delays.of_year(int(year[:4])) for year in years}
    found |= {
        f"people_mid_{mid}": bands["all_ages"]
        for (area, mid), bands in held.people.rows.items()
        if area == people.NATION
    }
    found |= {
        f"{code}_{year}": each.value
        for (area, year, code), each in held.outcomes.rows.items()
        if area == outcomes.NATION
    }
    for column in spend.COLUMNS:
        for year in held.spend.years(column):
            entered = (values.get(column, 0) for (_, each), values in held.spend.rows.items() if each == year)
            found[f"{column}_{year}"] = round(sum(entered))
    found |= {
        f"beds_available_{quarter}": round(held.beds.of_nation(quarter)[0]) for quarter in held.beds.quarters
    }
    found["delayed_days_months"] = len(held.delays.months)
    found["delays_doubted"] = len(held.doubted)
    found["figures_in_another_unit"] = len(held.spend.doubted)
    return found


def financial_year(month: str) -> str:
    """The financial year that a month is in: 2015-03 is in 2014-15."""
    starts = Quarter.of(date.fromisoformat(f"{month}-01")).starts
    return f"{starts}-{(starts + 1) % 100:02}"


def _expected(held: Statistics, files: Mapping[str, bytes]) -> list[Finding]:
    totals = measured(held)
    return [
        blocker(
            "england-expected", f"{EXPECTED}/{row}", f"England has {totals.get(cells['name'])} {cells['says']}, where {cells['value']} are known",
            "Correct the file that the number comes from, or the number with its source.", "england: expected totals",
        )
        for row, cells in read_table(EXPECTED, files[EXPECTED], ["name", "value", "says"])
        if str(totals.get(cells["name"])) != cells["value"]
    ]  # fmt: skip


def blocking(held: Statistics) -> Finding | None:
    """The first finding that keeps a series from being used, if any."""
    return next((each for each in held.findings if each.severity is Severity.BLOCKER), None)
