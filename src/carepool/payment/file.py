"""Reads a file of plans and outturns for payment: a fault costs its own board its figures, and no other."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from carepool.basics.findings import Finding, Severity
from carepool.basics.money import Pence
from carepool.basics.periods import Quarter
from carepool.basics.refusals import Unusable, nearest, printable
from carepool.basics.tables import read_table
from carepool.payment.release import Line

REQUIRED = ("board", "quarter", "baseline", "planned", "actual")
OPTIONAL = ("unit_value_pence", "performance_share_pence")
LARGEST_COUNT = Decimal(1_000_000_000)
MOST_FINDINGS = 1_000
"""More than anybody reads; a file of doubled rows would otherwise answer with hundreds of megabytes."""
_COUNT = re.compile(r"(\d+|\d{1,3}(,\d{3})+)(\.\d{1,6})?")
_PENCE = re.compile(r"\d{1,15}")


@dataclass(slots=True)
class Claim:
    """What a file says of one board."""

    board: str
    lines: dict[Quarter, Line] = field(default_factory=dict)
    unit_value: Pence | None = None
    performance_share: Pence | None = None
    first_row: int = 0
    rows: dict[Quarter, int] = field(default_factory=dict)
    faulty: bool = False


class _Faults:
    """The findings of one reading, and how they are worded."""

    def __init__(self, rule: str) -> None:
        self.rule = rule
        self.found: list[Finding] = []

    def add(
        self,
        claim: Claim | None,
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


def parse_claims(
    name: str,
    content: bytes,
    quarters: Sequence[Quarter],
    check_board: Callable[[str], object],
    rule: str,
) -> tuple[list[Claim], list[Finding]]:
    """The claims of a CSV file, those without a fault, in order of first row; and every finding.

    ``quarters`` are those that the rules pay by; ``check_board`` raises Unusable for a board that does not exist.
    Unusable when the file as a whole cannot be used.
    """
    faults = _Faults(rule)
    claims: dict[str, Claim] = {}
    rows = list(read_table(name, content, REQUIRED))
    if not rows:
        raise Unusable(f"{name} has a heading but no rows. Add four rows, one a quarter, for each board.")
    for row, cells in rows:
        claim = claims.setdefault(cells["board"], Claim(cells["board"], first_row=row))
        if claim.first_row == row:
            _check_board(claim, row, check_board, faults)
        _read_row(claim, row, cells, quarters, faults)
    for claim in claims.values():
        _complete(claim, quarters, faults)
    return [claim for claim in claims.values() if not claim.faulty], faults.found


def _check_board(claim: Claim, row: int, check_board: Callable[[str], object], faults: _Faults) -> None:
    if not claim.board:
        faults.add(claim, row, "board", "is empty", "Write the board's code.")
        return
    try:
        check_board(claim.board)
    except Unusable as error:
        faults.add(
            claim, row, "board", str(error).removesuffix("."), "Write the board's code, or take the row out."
        )


def _read_row(
    claim: Claim, row: int, cells: dict[str, str], quarters: Sequence[Quarter], faults: _Faults
) -> None:
    quarter = _quarter(claim, row, cells["quarter"], quarters, faults)
    baseline = _count(claim, row, "baseline", cells["baseline"], faults)
    planned = _count(claim, row, "planned", cells["planned"], faults)
    actual = _count(claim, row, "actual", cells["actual"], faults) if cells["actual"] else None
    for column, attribute in (
        ("unit_value_pence", "unit_value"),
        ("performance_share_pence", "performance_share"),
    ):
        text = cells.get(column, "")
        if text:
            _one_value(claim, row, column, attribute, text, faults)
    if quarter is None or baseline is None or planned is None:
        claim.faulty = True
        return
    claim.lines[quarter] = Line(quarter, baseline, planned, actual)
    claim.rows[quarter] = row
    if planned > baseline:
        faults.add(
            claim, row, "planned",
            f"the plan for {quarter}, {planned:,}, is above the baseline, {baseline:,}",
            "Check that the two are not exchanged; a plan to admit more earns nothing in the quarter.",
            Severity.WARNING, "plan-above-baseline",
        )  # fmt: skip


def _quarter(
    claim: Claim, row: int, text: str, quarters: Sequence[Quarter], faults: _Faults
) -> Quarter | None:
    known = [str(quarter) for quarter in quarters]
    if text not in known:
        near = nearest(text, known)
        hint = f"Did you mean {near}?" if near else f"Write one of {', '.join(known)}."
        faults.add(claim, row, "quarter", f"“{text}” is not a quarter that these rules pay by", hint)
        return None
    quarter = Quarter.parse(text)
    if quarter in claim.rows:
        faults.add(
            claim,
            row,
            "quarter",
            f"{claim.board} has {quarter} already in row {claim.rows[quarter]}",
            "Keep one of the two rows.",
        )
        return None
    return quarter


def _count(claim: Claim, row: int, column: str, text: str, faults: _Faults) -> Decimal | None:
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


def _one_value(claim: Claim, row: int, column: str, attribute: str, text: str, faults: _Faults) -> None:
    """A value that a board has once: every row that gives it gives the same."""
    if not _PENCE.fullmatch(text) or (attribute == "unit_value" and int(text) == 0):
        faults.add(
            claim,
            row,
            column,
            f"“{text}” is not an amount in whole pence",
            "Write pence, 149000 for 1,490 pounds.",
        )
        return
    held = getattr(claim, attribute)
    if held is not None and held != int(text):
        faults.add(
            claim, row, column, f"{claim.board} has {held} before and {text} here", "Give a board one value."
        )
        return
    setattr(claim, attribute, int(text))


def _complete(claim: Claim, quarters: Sequence[Quarter], faults: _Faults) -> None:
    if claim.faulty:
        return
    missing = [str(quarter) for quarter in quarters if quarter not in claim.lines]
    if missing:
        faults.add(
            claim, claim.first_row, "quarter", f"{claim.board} has no row for {', '.join(missing)}",
            "Give all quarters with baseline and plan; leave the outturn empty while it is not known.",
        )  # fmt: skip
        return
    unknown = next((quarter for quarter in quarters if claim.lines[quarter].actual is None), None)
    later = [
        quarter
        for quarter in quarters
        if unknown and quarter > unknown and claim.lines[quarter].actual is not None
    ]
    if unknown and later:
        faults.add(
            claim, claim.rows[later[0]], "actual",
            f"the outturn of {later[0]} is given but that of {unknown} is not, so it cannot be used yet",
            f"Add the outturn of {unknown}.", Severity.WARNING, "outturn-out-of-order",
        )  # fmt: skip
