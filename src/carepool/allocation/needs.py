"""Reads what streams are shared by from the files that ship with carepool."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from carepool.allocation.indicative import Needs
from carepool.basics.findings import Finding, Severity
from carepool.basics.tables import read_table
from carepool.places.england import Places

YEAR = "2015-16"
"""The year whose allocations share the fund of that year."""


def parse_needs(files: Mapping[str, bytes], places: Places) -> tuple[Needs, list[Finding]]:
    """Weights from ccg_allocations and adult_social_care (.csv), on the codes of April 2015."""
    findings: list[Finding] = []
    allocation: dict[str, int] = {}
    current = {share.ccg for share in places.shares}
    for row, cells in read_table(
        "ccg_allocations.csv", files["ccg_allocations.csv"], ["ccg", "year", "allocation_thousands"]
    ):
        if cells["year"] == YEAR:
            ccg = places.successors.get(cells["ccg"], cells["ccg"])
            if ccg not in current:
                findings.append(
                    _blocker("ccg_allocations.csv", row, "ccg", f"{ccg} is no CCG of the register")
                )
            elif not cells["allocation_thousands"].isdecimal():
                findings.append(
                    _blocker("ccg_allocations.csv", row, "allocation_thousands", "is no whole number")
                )
            else:
                allocation[ccg] = allocation.get(ccg, 0) + int(cells["allocation_thousands"])
    for ccg in sorted(current - allocation.keys()):
        findings.append(_blocker("ccg_allocations.csv", 1, "ccg", f"{ccg} has no allocation for {YEAR}"))
    need: dict[str, int] = {}
    for row, cells in read_table(
        "adult_social_care.csv",
        files["adult_social_care.csv"],
        ["council", "net_total_expenditure_thousands"],
    ):
        board = places.council_boards.get(cells["council"])
        try:
            pence = int(Decimal(cells["net_total_expenditure_thousands"]) * 100_000)
        except InvalidOperation:
            board = None
        if board is None or pence < 0:
            findings.append(
                _blocker("adult_social_care.csv", row, "council", "is no council, or its amount no number")
            )
        else:
            need[board] = need.get(board, 0) + pence
    for board in sorted(places.boards.keys() - need.keys()):
        findings.append(_blocker("adult_social_care.csv", 1, "council", f"the board {board} has no spending"))
    return Needs(allocation, need), findings


def _blocker(file: str, row: int, column: str, says: str) -> Finding:
    return Finding(
        "england-needs",
        Severity.BLOCKER,
        f"{file}/{row}/{column}",
        f"{file}, row {row}: {says}.",
        "Correct the file at its source; a file that ships with carepool is mended by installing it again.",
        "england: allocation weights",
    )
