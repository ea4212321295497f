"""How many people live in each board, by mid-year and age: what rates are per."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from carepool.basics.findings import Finding
from carepool.basics.periods import Quarter
from carepool.basics.refusals import Unusable
from carepool.basics.tables import read_table
from carepool.measures.cells import blocker
from carepool.places.england import Places

FILE = "people.csv"
NATION = "ENG"
RULE = "england: mid-year population estimates"
REMEDY = "Correct the file at its source; a file that ships with carepool is mended by installing it again."
BANDS = ("all_ages", "aged_18_and_over", "aged_65_and_over")
PUBLISHED = "published"
AGES_BACK_CAST = "ages_back_cast"
BASES: Mapping[str, str] = {
    PUBLISHED: "",
    AGES_BACK_CAST: "The people of this age before mid-2015 are worked back from mid-2015: no estimate by council and age is at hand.",
    "back_cast": "The people of this council before mid-2015 are a share of those of the councils of 2019, worked back from mid-2015.",
}
"""What is said of each way that a row was come by."""


@dataclass(frozen=True)
class People:
    """People by area and mid-year."""

    rows: Mapping[tuple[str, int], Mapping[str, int]]
    bases: Mapping[tuple[str, int], str]

    def of(self, areas: tuple[str, ...], on: date, band: str) -> tuple[Decimal, tuple[str, ...]]:
        """The people of some councils in a band of age, at the middle of the year that the financial year of a day begins in.

        With what the figure rests on. Unusable for a year that is not held.
        """
        year = Quarter.of(on).starts
        if any((area, year) not in self.rows for area in areas):
            held = sorted({mid for _, mid in self.rows})
            raise Unusable(f"People are held from mid-{held[0]} to mid-{held[-1]}; mid-{year} is not held.")
        bases = {self.bases[area, year] for area in areas} - (
            {AGES_BACK_CAST} if band == "all_ages" else set()
        )
        return Decimal(sum(self.rows[area, year][band] for area in areas)), tuple(
            BASES[each] for each in sorted(bases) if BASES[each]
        )


def parse_people(files: Mapping[str, bytes], places: Places) -> tuple[People, list[Finding]]:
    """The people of people.csv, and what is wrong in it: a year twice or missing, ages that do not nest, sums that are not England's."""
    findings: list[Finding] = []
    rows: dict[tuple[str, int], Mapping[str, int]] = {}
    bases: dict[tuple[str, int], str] = {}
    for row, cells in read_table(FILE, files[FILE], ["mid", "area", *BANDS, "basis"]):
        where, area = f"{FILE}/{row}", cells["area"]
        if area != NATION and area not in places.council_boards:
            findings.append(blocker("unknown-area", where, f"{area} is no council of 2015", REMEDY, RULE))
            continue
        if not all(cells[each].isdecimal() for each in ("mid", *BANDS)) or cells["basis"] not in BASES:
            findings.append(
                blocker(
                    "not-people", where, "a year, a number of people or a basis cannot be read", REMEDY, RULE
                )
            )
            continue
        key, numbers = (area, int(cells["mid"])), {each: int(cells[each]) for each in BANDS}
        if key in rows:
            findings.append(blocker("year-twice", where, f"{area} has mid-{key[1]} twice", REMEDY, RULE))
        elif not numbers["all_ages"] >= numbers["aged_18_and_over"] >= numbers["aged_65_and_over"] > 0:
            findings.append(
                blocker("ages-do-not-nest", where, f"{area} has more older people than people", REMEDY, RULE)
            )
        rows[key], bases[key] = numbers, cells["basis"]
    for year in sorted({mid for _, mid in rows}):
        found = [
            rows[council, year]["all_ages"] for council in places.council_boards if (council, year) in rows
        ]
        nation = rows.get((NATION, year))
        if len(found) < len(places.council_boards):
            findings.append(
                blocker("area-missing", f"{FILE}/mid-{year}", "a council is missing", REMEDY, RULE)
            )
        elif nation is None or abs(sum(found) - nation["all_ages"]) > 1:
            # Three councils are shares of others before 2015, each rounded: one person may be lost.
            findings.append(blocker("does-not-add", f"{FILE}/mid-{year}", f"the councils have {sum(found):,} people, England {nation and nation['all_ages']:,}", REMEDY, RULE))  # fmt: skip
    return People(rows, bases), findings
