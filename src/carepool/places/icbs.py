"""Reads the register of 2025, whose NHS commissioners are integrated care boards, and the weights that go with it."""

from collections.abc import Mapping
from datetime import date

from carepool.basics.findings import Finding, Severity
from carepool.basics.tables import read_table
from carepool.places.bodies import BodyKind
from carepool.places.england import Board, Ccg, Council, Places, Share

COUNCILS, PEOPLE = "councils_2025.csv", "icb_people_2025.csv"
BEGAN = date(2022, 7, 1)
"""Integrated care boards took over from clinical commissioning groups (Health and Care Act 2022)."""
LISTED = "The page that starts a plan lists all 152 boards of 2025, and so does england/councils_2025.csv."
"""Where the boards of 2025 can be looked up."""
RULE = "england: register of 2025"

Pairs = Mapping[tuple[str, str], int]
"""People by (ICB, board)."""


def parse_icb_places(files: Mapping[str, bytes]) -> tuple[Places, Pairs, list[Finding]]:
    """The places of 2025, and the people of each pair as weighted by need, from councils_2025 and icb_people_2025."""
    columns = ["council", "name", "board", "board_name", "kind", "region", "region_name"]
    councils = {cells["council"]: cells for _, cells in read_table(COUNCILS, files[COUNCILS], columns)}
    counted: dict[tuple[str, str], int] = {}
    weighted: dict[tuple[str, str], int] = {}
    of_council: dict[str, int] = dict.fromkeys(councils, 0)
    names: dict[str, str] = {}
    findings: list[Finding] = []
    for row, cells in read_table(
        PEOPLE, files[PEOPLE], ["icb", "icb_name", "council", "people", "weighted_people"]
    ):
        numbers = (cells["people"], cells["weighted_people"])
        if cells["council"] not in councils:
            findings.append(_fault(row, "council", f"council {cells['council']} is not in {COUNCILS}"))
        elif not all(number.isascii() and number.isdecimal() for number in numbers):
            findings.append(_fault(row, "people", f"“{' and '.join(numbers)}” are not whole numbers"))
        else:
            pair = (cells["icb"], councils[cells["council"]]["board"])
            counted[pair] = counted.get(pair, 0) + int(cells["people"])
            weighted[pair] = weighted.get(pair, 0) + int(cells["weighted_people"])
            of_council[cells["council"]] += int(cells["people"])
            names[cells["icb"]] = cells["icb_name"]
    icbs = {code: Ccg(code, name, BEGAN, None) for code, name in sorted(names.items())}
    boards = _boards(councils, of_council)
    places = Places(boards, icbs, _shares(counted), commissioner=BodyKind.ICB, listed=LISTED)
    return places, dict(sorted(weighted.items())), findings


def _boards(councils: Mapping[str, Mapping[str, str]], people: Mapping[str, int]) -> dict[str, Board]:
    members: dict[str, list[Council]] = {}
    for code, cells in councils.items():
        council = Council(code, cells["name"], cells["board"], cells["kind"], "", people[code])
        members.setdefault(council.board, []).append(council)
    about = {cells["board"]: cells for cells in councils.values()}
    return {
        code: Board(
            code, about[code]["board_name"], tuple(each), about[code]["region"], about[code]["region_name"]
        )
        for code, each in sorted(members.items())
    }


def _shares(people: Mapping[tuple[str, str], int]) -> tuple[Share, ...]:
    of_icb: dict[str, int] = {}
    for (icb, _), number in people.items():
        of_icb[icb] = of_icb.get(icb, 0) + number
    return tuple(Share(icb, board, number, of_icb[icb]) for (icb, board), number in sorted(people.items()))


def _fault(row: int, column: str, says: str) -> Finding:
    return Finding(
        "england-register", Severity.BLOCKER, f"{PEOPLE}/{row}/{column}", f"{PEOPLE}, row {row}: {says}.",
        "Correct the file at its source; a file that ships with carepool is mended by installing it again.", RULE,
    )  # fmt: skip
