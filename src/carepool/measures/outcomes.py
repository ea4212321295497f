"""Adult social care outcomes by council and year, as published; their parts where those are published too."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from carepool.basics.findings import Finding
from carepool.basics.money import round_half_up
from carepool.basics.periods import Quarter
from carepool.basics.refusals import Unusable
from carepool.basics.tables import read_table
from carepool.measures.cells import Read, blocker, read_cell
from carepool.measures.values import Status
from carepool.places.england import Places

FILE = "outcomes.csv"
SUCCESSIONS = "council_successions.csv"
NATION = "ENG"
RULE = "england: Adult Social Care Outcomes Framework"
REMEDY = "Correct the file at its source; the value is left out until then."
KNOWN: Mapping[str, tuple[str, int]] = {
    "permanent_admissions": ("2A2", 100_000),
    "reablement_91_days": ("2B1", 100),
    "reablement_offered": ("2B2", 100),
    "delayed_beds_of_social_care": ("2C2", 0),
    "care_quality_of_life": ("1A", 0),
}
"""The framework's code of each measure, and its scale where it is a part of something; 0 where no parts are held."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A measure of a council in a year, as published."""

    value: Decimal | None
    status: Status
    numerator: Decimal | None = None
    denominator: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Became:
    """A council that stands for a board from a year on."""

    council: str
    board: str
    """Empty where it stands for none: a part of what was one council."""
    since: date
    says: str


@dataclass(frozen=True)
class Outcomes:
    """Outcomes by council, year and measure of the framework."""

    rows: Mapping[tuple[str, str, str], Outcome]
    became: tuple[Became, ...]
    places: Places

    def years(self, code: str) -> tuple[str, ...]:
        """The years that a measure is held of for some council, in order."""
        return tuple(sorted({year for _, year, measure in self.rows if measure == code}))

    def councils_of(self, board: str, year: str) -> tuple[tuple[str, ...], str]:
        """The councils that stand for a board in a year, and what is to be said of them."""
        if board == NATION:
            return (NATION,), ""
        day = date(int(year[:4]), 4, 1)
        later = [each for each in self.became if each.board == board and each.since <= day]
        if later:
            return tuple(each.council for each in later), later[0].says
        return tuple(each.code for each in self.places.boards[board].councils), ""

    def of_board(self, board: str, year: str, measure: str) -> tuple[Outcome, tuple[str, ...]]:
        """A measure of a board in a year, with what it rests on; of two councils from their parts, or not at all."""
        code, scale = KNOWN[measure]
        councils, says = self.councils_of(board, year)
        rests = (f"{says}.",) if says else ()
        found = {council: self.rows.get((council, year, code)) for council in councils}
        held = {council: each for council, each in found.items() if each and each.value is not None}
        if len(councils) == 1:
            one = found[councils[0]]
            return (one, rests) if one else (Outcome(None, Status.NOT_AVAILABLE), (*rests, f"No row of {councils[0]} is published for {year}.",))  # fmt: skip
        if held and len(held) < len(councils):
            silent = ", ".join(sorted(set(councils) - set(held)))
            if len(held) == 1:
                return next(iter(held.values())), (*rests, f"{silent} has no value; the board rests on its other council.")  # fmt: skip
        if not held and not any(found.values()):
            none = ", ".join(councils)
            return Outcome(None, Status.NOT_AVAILABLE), (*rests, f"No row of {none} is published for {year}.")
        parts = [each for each in held.values() if each.numerator is not None and each.denominator]
        if parts and len(parts) == len(councils) and scale:
            numerator = sum((each.numerator or Decimal(0) for each in parts), Decimal(0))
            denominator = sum((each.denominator or Decimal(0) for each in parts), Decimal(0))
            value = round_half_up(numerator * scale / denominator, 1)
            return Outcome(value, Status.AVAILABLE, numerator, denominator), rests
        return Outcome(None, Status.NOT_AVAILABLE), (
            *rests,
            f"The board has {len(councils)} councils, and only their rates are published: two rates make none.",
        )


def parse_outcomes(files: Mapping[str, bytes], places: Places) -> tuple[Outcomes, list[Finding]]:
    """The outcomes of outcomes.csv, and what is wrong: an unknown council, a row twice, a rate that its own parts do not make."""
    findings: list[Finding] = []
    became = tuple(
        Became(cells["council"], cells["board"], date.fromisoformat(cells["from"]), cells["says"])
        for _, cells in read_table(SUCCESSIONS, files[SUCCESSIONS], ["council", "board", "from", "says"])
    )
    later = {each.council for each in became}
    scales = dict(KNOWN.values())
    rows: dict[tuple[str, str, str], Outcome] = {}
    columns = ["year", "area", "measure", "value", "numerator", "denominator"]
    for row, cells in read_table(FILE, files[FILE], columns):
        where, key = f"{FILE}/{row}", (cells["area"], cells["year"], cells["measure"])
        if key[0] != NATION and key[0] not in places.council_boards and key[0] not in later:
            findings.append(
                blocker("unknown-area", where, f"{key[0]} is no council that is known", REMEDY, RULE)
            )
            continue
        if key in rows:
            findings.append(
                blocker("row-twice", where, f"{key[0]} has {key[2]} of {key[1]} twice", REMEDY, RULE)
            )
            continue
        read = {each: read_cell(cells[each]) for each in columns[3:]}
        value = read["value"]
        if value is None or any(
            each and each.number is not None and each.number < 0 for each in read.values()
        ):
            findings.append(blocker("not-a-value", where, f"“{cells['value']}” is no value", REMEDY, RULE))
            continue
        numerator, denominator = (_number(read[each]) for each in ("numerator", "denominator"))
        scale = scales.get(key[2], 0)
        if numerator is not None and denominator and scale and value.number is not None:
            made = numerator * scale / denominator
            if abs(made - value.number) > Decimal("0.06"):
                findings.append(blocker("does-not-add", where, f"{numerator:,} of {denominator:,} make {made:.1f}, and {value.number} is published", REMEDY, RULE))  # fmt: skip
                continue
        rows[key] = Outcome(value.number, value.status, numerator, denominator)
    return Outcomes(rows, became, places), findings


def _number(read: Read | None) -> Decimal | None:
    return read.number if read else None


def starts(year: str) -> date:
    """The first day of a financial year written 2014-15. Unusable when it is none."""
    try:
        begins, ends = year.split("-")
        if len(begins) == 4 and (int(begins) + 1) % 100 == int(ends):
            return Quarter(int(begins), 1).first_day
    except ValueError:
        pass
    raise Unusable(f"“{year}” is not a financial year. Write it like 2014-15.")
