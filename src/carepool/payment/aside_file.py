"""Reads a file of what boards spend out of hospital or hold: a fault costs its own board its figures, and no other."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from carepool.basics.findings import Finding, Severity
from carepool.basics.money import Pence
from carepool.basics.refusals import Unusable
from carepool.basics.tables import read_table
from carepool.payment.faults import Faults, check_board_of, count_in, pence_in
from carepool.payment.instead import Commitment

REQUIRED = ("board", "out_of_hospital_pence", "risk_share_pence")
OPTIONAL = ("required_pence", "planned", "actual", "unit_value_pence")


@dataclass(slots=True)
class AsideClaim:
    """What a file says of one board."""

    board: str
    first_row: int = 0
    commitment: Commitment | None = None
    required: Pence | None = None
    faulty: bool = False


def parse_asides(
    name: str, content: bytes, check_board: Callable[[str], object], rule: str
) -> tuple[list[AsideClaim], list[Finding]]:
    """The claims of a CSV file, those without a fault, in order of their rows; and every finding.

    Unusable when the file as a whole cannot be used.
    """
    faults = Faults(rule)
    claims: dict[str, AsideClaim] = {}
    rows = list(read_table(name, content, REQUIRED))
    if not rows:
        raise Unusable(f"{name} has a heading but no rows. Add a row for each board.")
    for row, cells in rows:
        claim = claims.setdefault(cells["board"], AsideClaim(cells["board"], row))
        if claim.first_row != row:
            says = f"{claim.board} is already in row {claim.first_row}"
            faults.add(claim, row, "board", says, "Keep one of the two rows.")
            continue
        check_board_of(claim, row, check_board, faults)
        _read_row(claim, row, cells, faults)
    return [claim for claim in claims.values() if not claim.faulty], faults.found


def _read_row(claim: AsideClaim, row: int, cells: Mapping[str, str], faults: Faults) -> None:
    spent, held = (pence_in(claim, row, column, cells[column], faults) for column in REQUIRED[1:])
    if cells.get("required_pence"):
        claim.required = pence_in(claim, row, "required_pence", cells["required_pence"], faults)
    planned, actual = (_optional(claim, row, column, cells, faults) for column in ("planned", "actual"))
    unit = cells.get("unit_value_pence", "")
    value = pence_in(claim, row, "unit_value_pence", unit, faults, above_zero=True) if unit else None
    if spent is None or held is None or claim.faulty:
        return
    claim.commitment = Commitment(spent, held, planned, actual, value)
    for column, given, what in (
        ("planned", planned, "the plan's admissions of the year"),
        ("actual", actual, "the year's admissions"),
        ("unit_value_pence", value, "what the agreement says that an admission above the plan costs"),
    ):
        if held and given is None:
            says = f"{claim.board} holds money against admissions above its plan, and {what} is missing"
            faults.add(claim, row, column, says, f"Give {column}; until then what is drawn is not known.", Severity.WARNING, "not-seen")  # fmt: skip


def _optional(
    claim: AsideClaim, row: int, column: str, cells: Mapping[str, str], faults: Faults
) -> Decimal | None:
    return count_in(claim, row, column, cells[column], faults) if cells.get(column) else None
