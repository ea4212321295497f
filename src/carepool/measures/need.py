"""What makes one board like another before anything is measured: deprivation, age, size, and older people on low incomes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from carepool.basics.findings import Finding
from carepool.basics.tables import read_table
from carepool.measures.cells import blocker, read_cell
from carepool.measures.people import People
from carepool.places.england import Places

FILE = "need.csv"
RULE = "england: indices of deprivation 2015"
REMEDY = "Correct the file at its source."
ON = date(2015, 4, 1)
"""The day whose people the covariates are worked out on: the first mid-year with published ages is 2015."""


@dataclass(frozen=True, slots=True)
class Need:
    """A board's covariates."""

    people: Decimal
    deprivation: Decimal
    """Average score of the index of 2015, councils weighted by people."""
    aged_65: Decimal
    """Part of all people who are 65 and over."""
    pension_credit: Decimal
    """Part of those who receive pension credit."""


def parse_need(
    files: Mapping[str, bytes], places: Places, people: People
) -> tuple[Mapping[str, Need], list[Finding]]:
    """Each board's covariates from need.csv and the people of its councils, and what is wrong."""
    findings: list[Finding] = []
    rows: dict[str, tuple[Decimal, Decimal]] = {}
    for row, cells in read_table(FILE, files[FILE], ["council", "deprivation_2015", "pension_credit_2014"]):
        score, credit = read_cell(cells["deprivation_2015"]), read_cell(cells["pension_credit_2014"])
        if cells["council"] not in places.council_boards:
            findings.append(
                blocker(
                    "unknown-area", f"{FILE}/{row}", f"{cells['council']} is no council of 2015", REMEDY, RULE
                )
            )
        elif score is None or credit is None or score.number is None or credit.number is None:
            findings.append(blocker("not-a-value", f"{FILE}/{row}", "a value is missing", REMEDY, RULE))
        else:
            rows[cells["council"]] = (score.number, credit.number)
    made = {}
    for code, board in places.boards.items():
        councils = tuple(each.code for each in board.councils)
        if any(each not in rows for each in councils):
            findings.append(blocker("area-missing", FILE, f"a council of {code} is missing", REMEDY, RULE))
            continue
        of = {each: people.of((each,), ON, "all_ages")[0] for each in councils}
        whole, old = sum(of.values(), Decimal(0)), people.of(councils, ON, "aged_65_and_over")[0]
        made[code] = Need(
            whole,
            sum((rows[each][0] * of[each] for each in councils), Decimal(0)) / whole,
            old / whole,
            sum((rows[each][1] for each in councils), Decimal(0)) / old,
        )
    return made, findings
