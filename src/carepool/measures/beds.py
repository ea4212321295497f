"""General and acute beds by trust and quarter, and which boards' people a trust serves: a proxy, and said to be one."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from carepool.basics.findings import Finding
from carepool.basics.periods import Quarter
from carepool.basics.refusals import Unusable
from carepool.basics.tables import read_table
from carepool.measures.cells import blocker, read_cell, warning
from carepool.places.england import Places

FILE, PEOPLE, SUCCESSIONS = "beds.csv", "trust_people.csv", "trust_successions.csv"
NAMES = "trust_names.csv"
"""May be missing: a vintage from before it came names trusts by their codes."""
COUNCILS = "council_successions.csv"
RULE = "england: KH03"
REMEDY = "Correct the file at its source; the trust's quarter is left out until then."
SMALL, CAPITALS = frozenset({"and", "for", "of", "on", "the", "upon"}), frozenset({"NHS", "PCT", "BMI"})
"""Words of a name that begin small, and those that stay capitals."""
PROXY = "Which trusts serve the board's people is a proxy, from emergency admissions of 2020 to 2021."


@dataclass(frozen=True)
class Beds:
    """Available and occupied beds by trust and quarter."""

    rows: Mapping[tuple[str, Quarter], tuple[Decimal, Decimal]]
    serves: Mapping[str, Mapping[str, Decimal]]
    """Board to each trust of 2020, with the part of its people who live in the board."""
    goes: Mapping[str, Mapping[str, Decimal]]
    """Board to each trust of 2020, with the part of the board's people who go to it."""
    into: Mapping[str, str]
    """A trust to the one that it became part of by 2020."""
    names: Mapping[str, str]
    """What a trust is called, as people write it."""

    @cached_property
    def by_quarter(self) -> Mapping[Quarter, Mapping[str, tuple[Decimal, Decimal]]]:
        """The beds of each quarter by trust, the quarters in order."""
        found: dict[Quarter, dict[str, tuple[Decimal, Decimal]]] = {}
        for (trust, quarter), beds in self.rows.items():
            found.setdefault(quarter, {})[trust] = beds
        return dict(sorted(found.items()))

    @cached_property
    def trusts(self) -> frozenset[str]:
        """Every trust with beds, by its own code and by that of the one that it became part of."""
        own = {trust for trust, _ in self.rows}
        return frozenset(own | {self.into[each] for each in own if each in self.into})

    def of_trust(self, trust: str, quarter: Quarter) -> tuple[Decimal, Decimal]:
        """Available and occupied beds of a trust, and of those that became part of it, in a quarter; none are zero."""
        found = [
            beds
            for code, beds in self.by_quarter.get(quarter, {}).items()
            if trust in {code, self.into.get(code)}
        ]
        return sum((each[0] for each in found), Decimal(0)), sum((each[1] for each in found), Decimal(0))

    @property
    def quarters(self) -> tuple[Quarter, ...]:
        """The quarters held, in order."""
        return tuple(self.by_quarter)

    def of_nation(self, quarter: Quarter) -> tuple[Decimal, Decimal]:
        """Available and occupied beds of all trusts."""
        found = self.by_quarter.get(quarter, {}).values()
        return sum((each[0] for each in found), Decimal(0)), sum((each[1] for each in found), Decimal(0))

    def of_board(self, board: str, quarter: Quarter) -> tuple[Decimal, Decimal] | None:
        """Beds that serve a board: each trust's, by the part of its people who live there; None where no trust is known."""
        available = occupied = Decimal(0)
        parts = self.serves.get(board, {})
        for trust, (of_trust, in_use) in self.by_quarter.get(quarter, {}).items():
            part = parts.get(self.into.get(trust, trust))
            if part:
                available += part * of_trust
                occupied += part * in_use
        return (available, occupied) if available else None


def parse_beds(files: Mapping[str, bytes], places: Places) -> tuple[Beds, list[Finding]]:
    """The beds of beds.csv with trust_people and trust_successions, and what is wrong in them."""
    findings: list[Finding] = []
    rows: dict[tuple[str, Quarter], tuple[Decimal, Decimal]] = {}
    for row, cells in read_table(FILE, files[FILE], ["quarter", "trust", "available", "occupied"]):
        where = f"{FILE}/{row}"
        try:
            key = (cells["trust"], Quarter.parse(cells["quarter"]))
        except Unusable as error:
            findings.append(blocker("unknown-period", where, str(error).rstrip("."), REMEDY, RULE))
            continue
        available, occupied = read_cell(cells["available"]), read_cell(cells["occupied"])
        if available is None or occupied is None or (available.number or 0) < 0 or (occupied.number or 0) < 0:
            findings.append(blocker("not-beds", where, "the beds cannot be read", REMEDY, RULE))
        elif key in rows:
            findings.append(blocker("quarter-twice", where, f"{key[0]} reports {key[1]} twice", REMEDY, RULE))
        elif available.number is not None and occupied.number is not None:
            if occupied.number > available.number:
                findings.append(
                    warning(
                        "more-than-all", where, f"{where}: {key[0]} has {occupied.number} beds occupied of {available.number} in {key[1]}.",
                        "Ask the trust; the figures are kept as published.", RULE,
                    )
                )  # fmt: skip
            rows[key] = (available.number, occupied.number)
    into = {
        cells["trust"]: cells["into"]
        for _, cells in read_table(SUCCESSIONS, files[SUCCESSIONS], ["trust", "into"])
    }
    later = {
        cells["council"]: cells["board"]
        for _, cells in read_table(COUNCILS, files[COUNCILS], ["council", "board"])
    }
    serves: dict[str, dict[str, Decimal]] = {}
    goes: dict[str, dict[str, Decimal]] = {}
    for row, cells in read_table(PEOPLE, files[PEOPLE], ["trust", "area", "of_trust", "of_area"]):
        board = places.council_boards.get(cells["area"]) or later.get(cells["area"], "")
        part, goes_there = (_part(cells[column]) for column in ("of_trust", "of_area"))
        if part is None or goes_there is None:
            findings.append(blocker("not-a-part", f"{PEOPLE}/{row}", "the part is no part", REMEDY, RULE))
        elif board:
            trusts = serves.setdefault(board, {})
            trusts[cells["trust"]] = trusts.get(cells["trust"], Decimal(0)) + part
            # Each board has the shares of one council, so its parts are still parts of one.
            goes.setdefault(board, {})[cells["trust"]] = goes_there
    named = read_table(NAMES, files[NAMES], ["trust", "name"]) if NAMES in files else ()
    names = {cells["trust"]: as_written(cells["name"]) for _, cells in named}
    return Beds(rows, serves, goes, into, names), findings


def as_written(name: str) -> str:
    """A name that is published in capitals as people write it: Royal Surrey County Hospital NHS Foundation Trust."""
    if name != name.upper():
        return name
    words = (each if each in CAPITALS else each.lower() if each.lower() in SMALL else _capital(each) for each in name.split())  # fmt: skip
    said = " ".join(words)
    return said[:1].upper() + said[1:]


def _capital(word: str) -> str:
    """A word of capitals with none but its first, and those after a hyphen, a bracket or a stop."""
    return re.sub(r"[A-Za-z']+", lambda found: found[0].capitalize(), word)


def _part(cell: str) -> Decimal | None:
    read = read_cell(cell)
    part = read.number if read else None
    return part if part is not None and 0 <= part <= 1 else None
