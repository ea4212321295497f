"""How a file of payment is read: counts, pence and boards, and a fault that costs its own board its figures and no other."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Protocol

from carepool.basics.findings import Finding, Severity
from carepool.basics.money import Pence
from carepool.basics.refusals import Unusable, printable

LARGEST_COUNT = Decimal(1_000_000_000)
MOST_FINDINGS = 1_000
"""More than anybody reads; a file of doubled rows would otherwise answer with hundreds of megabytes."""
_COUNT = re.compile(r"(\d+|\d{1,3}(,\d{3})+)(\.\d{1,6})?")
_PENCE = re.compile(r"\d{1,15}")


class Said(Protocol):
    """What a file says of one board."""

    board: str
    faulty: bool


class Faults:
    """The findings of one reading, and how they are worded."""

    def __init__(self, rule: str) -> None:
        self.rule = rule
        self.found: list[Finding] = []

    def add(
        self,
        claim: Said | None,
        row: int,
        column: str,
        says: str,
        remedy: str,
        severity: Severity = Severity.BLOCKER,
        code: str = "payment-row",
    ) -> None:
        if claim and severity is Severity.BLOCKER:
            claim.faulty = True
        if len(self.found) < MOST_FINDINGS:
            where, said = f"rows/{row}/{column}", f"Row {row}, column {column}: {printable(says)}."
            self.found.append(Finding(code, severity, where, said, printable(remedy), self.rule))
        elif len(self.found) == MOST_FINDINGS:
            said = f"There are more than {MOST_FINDINGS:,} findings; the rest, from row {row} on, are not listed."
            remedy = "Put these right, then check the file again."
            self.found.append(Finding("too-many-findings", Severity.BLOCKER, "rows", said, remedy, self.rule))


def check_board_of(claim: Said, row: int, check_board: Callable[[str], object], faults: Faults) -> None:
    """A finding where a row's board is empty or does not exist."""
    if not claim.board:
        faults.add(claim, row, "board", "is empty", "Write the board's code.")
        return
    try:
        check_board(claim.board)
    except Unusable as error:
        faults.add(
            claim, row, "board", str(error).removesuffix("."), "Write the board's code, or take the row out."
        )


def count_in(claim: Said, row: int, column: str, text: str, faults: Faults) -> Decimal | None:
    """A number of admissions, or of whatever is measured; None with a finding where it is none."""
    if _COUNT.fullmatch(text):
        count = Decimal(text.replace(",", ""))
        if count <= LARGEST_COUNT:
            return count
        says, remedy = (
            f"{text} is more admissions than England has",
            "Write the board's number for the quarter.",
        )
    elif not text:
        says, remedy = "is empty", "Write the number of admissions; only the outturn may be left empty."
    elif re.fullmatch(r"[-−]\s*[\d,.]*[1-9][\d,.]*", text):
        says, remedy = f"“{text}” is below zero", "Write a number of zero or more."
    elif re.fullmatch(r"[\d,]+\.\d{7,}", text):
        says, remedy = f"“{text}” has more than six decimals", "Round it to six decimals at most."
    else:
        says, remedy = f"“{text}” is not a number", "Write a number like 2520 or 2520.5."
    faults.add(claim, row, column, says, remedy)
    return None


def pence_in(
    claim: Said, row: int, column: str, text: str, faults: Faults, *, above_zero: bool = False
) -> Pence | None:
    """An amount in whole pence; None with a finding where it is none."""
    if _PENCE.fullmatch(text) and (int(text) or not above_zero):
        return int(text)
    faults.add(
        claim,
        row,
        column,
        f"“{text}” is not an amount in whole pence",
        "Write pence, 149000 for 1,490 pounds.",
    )
    return None
