"""Reads a file of plans and outturns for payment: a fault costs its own board its figures, and no other."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from carepool.basics.findings import Finding, Severity
from carepool.basics.money import Pence
from carepool.basics.periods import Quarter
from carepool.basics.refusals import Unusable, nearest
from carepool.basics.tables import read_table
from carepool.payment.faults import Faults, check_board_of, count_in, pence_in
from carepool.payment.release import Line

REQUIRED = ("board", "quarter", "baseline", "planned", "actual")
OPTIONAL = ("unit_value_pence", "performance_share_pence")
REBASING = ("operational", "changed")
"""What the CCGs' operational plans have, and the target as it was changed: read where the rules let a target be changed."""


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
    faults = Faults(rule)
    claims: dict[str, Claim] = {}
    rows = list(read_table(name, content, REQUIRED))
    if not rows:
        raise Unusable(f"{name} has a heading but no rows. Add four rows, one a quarter, for each board.")
    for row, cells in rows:
        claim = claims.setdefault(cells["board"], Claim(cells["board"], first_row=row))
        if claim.first_row == row:
            check_board_of(claim, row, check_board, faults)
        _read_row(claim, row, cells, quarters, faults)
    for claim in claims.values():
        _complete(claim, quarters, faults)
    return [claim for claim in claims.values() if not claim.faulty], faults.found


def _read_row(
    claim: Claim, row: int, cells: dict[str, str], quarters: Sequence[Quarter], faults: Faults
) -> None:
    quarter = _quarter(claim, row, cells["quarter"], quarters, faults)
    baseline = count_in(claim, row, "baseline", cells["baseline"], faults)
    planned = count_in(claim, row, "planned", cells["planned"], faults)
    actual = count_in(claim, row, "actual", cells["actual"], faults) if cells["actual"] else None
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
    operational, changed = (
        count_in(claim, row, column, cells[column], faults) if cells.get(column) else None
        for column in REBASING
    )
    claim.lines[quarter] = Line(quarter, baseline, planned, actual, operational, changed)
    claim.rows[quarter] = row
    if planned > baseline:
        faults.add(
            claim, row, "planned",
            f"the plan for {quarter}, {planned:,}, is above the baseline, {baseline:,}",
            "Check that the two are not exchanged; a plan to admit more earns nothing in the quarter.",
            Severity.WARNING, "plan-above-baseline",
        )  # fmt: skip


def _quarter(
    claim: Claim, row: int, text: str, quarters: Sequence[Quarter], faults: Faults
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


def _one_value(claim: Claim, row: int, column: str, attribute: str, text: str, faults: Faults) -> None:
    """A value that a board has once: every row that gives it gives the same."""
    pence = pence_in(claim, row, column, text, faults, above_zero=attribute == "unit_value")
    if pence is None:
        return
    held = getattr(claim, attribute)
    if held is not None and held != pence:
        faults.add(
            claim, row, column, f"{claim.board} has {held} before and {text} here", "Give a board one value."
        )
        return
    setattr(claim, attribute, pence)


def _complete(claim: Claim, quarters: Sequence[Quarter], faults: Faults) -> None:
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
