"""Reads England's registers from the files that ship with carepool, and checks that they fit together."""

from collections.abc import Mapping
from datetime import date, timedelta

from carepool.basics.findings import Finding, Severity
from carepool.basics.tables import read_table
from carepool.places.england import FIRST_DAY, Board, Ccg, Council, Places, Share

Files = Mapping[str, bytes]
RULE = "england: registers"


def parse_places(files: Files) -> tuple[Places, list[Finding]]:
    """England's places from councils, districts, ccg_people, ccg_register and ccg_successions (.csv)."""
    boards = _boards(files)
    board_of = {council.code: board.code for board in boards.values() for council in board.councils}
    people: dict[tuple[str, str], int] = {}
    names: dict[str, str] = {}
    findings: list[Finding] = []
    for row, cells in read_table(
        "ccg_people.csv", files["ccg_people.csv"], ["ccg", "ccg_name", "council", "people"]
    ):
        board = board_of.get(cells["council"])
        if board is None:
            findings.append(
                _fault("ccg_people.csv", row, "council", f"council {cells['council']} is in no board")
            )
            continue
        pair = (cells["ccg"], board)
        people[pair] = people.get(pair, 0) + int(cells["people"])
        names[cells["ccg"]] = cells["ccg_name"]
    of_ccg: dict[str, int] = {}
    for (ccg, _), number in people.items():
        of_ccg[ccg] = of_ccg.get(ccg, 0) + number
    shares = tuple(Share(ccg, board, number, of_ccg[ccg]) for (ccg, board), number in sorted(people.items()))
    ccgs, earlier, successors = _ccgs(files, names, shares, findings)
    return Places(boards, ccgs, shares, earlier, successors), findings


def _boards(files: Files) -> dict[str, Board]:
    districts: dict[str, list[str]] = {}
    for _, cells in read_table("districts.csv", files["districts.csv"], ["district", "name", "council"]):
        districts.setdefault(cells["council"], []).append(cells["name"])
    councils: dict[str, list[Council]] = {}
    about: dict[str, tuple[str, str, str]] = {}
    columns = ["council", "name", "board", "board_name", "kind", "region", "region_name", "cassr", "people"]
    for _, cells in read_table("councils.csv", files["councils.csv"], columns):
        council = Council(
            cells["council"], cells["name"], cells["board"], cells["kind"], cells["cassr"],
            int(cells["people"]), tuple(sorted(districts.get(cells["council"], ()))),
        )  # fmt: skip
        councils.setdefault(council.board, []).append(council)
        about[council.board] = (cells["board_name"], cells["region"], cells["region_name"])
    return {
        code: Board(code, about[code][0], tuple(members), *about[code][1:])
        for code, members in sorted(councils.items())
    }


def _ccgs(
    files: Files, names: Mapping[str, str], shares: tuple[Share, ...], findings: list[Finding]
) -> tuple[dict[str, Ccg], tuple[Share, ...], dict[str, str]]:
    """The CCGs of the register that have people, with the successions that put its dates right."""
    ccgs: dict[str, Ccg] = {}
    for row, cells in read_table(
        "ccg_register.csv", files["ccg_register.csv"], ["code", "name", "opened", "closed"]
    ):
        if cells["code"] in names:
            opened = date.fromisoformat(cells["opened"])
            closed = date.fromisoformat(cells["closed"]) if cells["closed"] else None
            if closed:
                findings.append(
                    _fault("ccg_register.csv", row, "closed", f"{cells['code']} is closed but has people")
                )
            ccgs[cells["code"]] = Ccg(cells["code"], names[cells["code"]], opened, None)
    for missing in names.keys() - ccgs.keys():
        findings.append(_fault("ccg_people.csv", 1, "ccg", f"CCG {missing} is not in the register"))
    earlier, successors = [], {}
    people_in = {(share.ccg, share.board): share.people for share in shares}
    for _, cells in read_table(
        "ccg_successions.csv", files["ccg_successions.csv"], ["ccg", "name", "successor", "on", "board"]
    ):
        on, code, successor = date.fromisoformat(cells["on"]), cells["ccg"], cells["successor"]
        ccgs[code] = Ccg(code, cells["name"], FIRST_DAY, on - timedelta(days=1), successor)
        later = ccgs[successor]
        ccgs[successor] = Ccg(successor, later.name, on, later.closed)
        successors[code] = successor
        whole = people_in[successor, cells["board"]]
        earlier.append(Share(code, cells["board"], whole, whole))
    return ccgs, tuple(earlier), successors


def _fault(file: str, row: int, column: str, says: str) -> Finding:
    return Finding(
        "england-register", Severity.BLOCKER, f"{file}/{row}/{column}", f"{file}, row {row}: {says}.",
        "Correct the file at its source; a file that ships with carepool is mended by installing it again.", RULE,
    )  # fmt: skip
