"""Where each board stands on the hexagon map of England."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from carepool.basics.findings import Finding, Severity
from carepool.basics.tables import read_table
from carepool.places.england import Places


@dataclass(frozen=True, slots=True)
class Hexagon:
    """One hexagon: column ``q`` and row ``r`` of an odd-r layout, rows counted from the south."""

    board: str
    name: str
    q: int
    r: int


def parse_hexmap(files: Mapping[str, bytes], places: Places) -> tuple[tuple[Hexagon, ...], list[Finding]]:
    """The map from hexmap.hexjson, whose codes of 2019 hexmap_boards.csv turns into boards."""
    board_of = {
        cells["hexagon"]: cells["board"]
        for _, cells in read_table("hexmap_boards.csv", files["hexmap_boards.csv"], ["hexagon", "board"])
    }
    hexagons, findings = [], []
    drawn = json.loads(files["hexmap.hexjson"])["hexes"]
    for code, cell in sorted(drawn.items()):
        board = board_of.get(code, code)
        if board in places.boards:
            hexagons.append(Hexagon(board, str(cell["n"]), int(cell["q"]), int(cell["r"])))
        else:
            findings.append(
                Finding(
                    "england-hexmap",
                    Severity.BLOCKER,
                    f"hexmap.hexjson/{code}",
                    f"hexmap.hexjson draws {code}, which stands for no board.",
                    "Name its board in hexmap_boards.csv.",
                    "england: map",
                )
            )
    return tuple(hexagons), findings
