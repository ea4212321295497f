"""What stands in a cell of a published table: a number, or one of the marks that stand for none, each with its meaning."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from carepool.basics.findings import Finding, Severity
from carepool.measures.values import Status

MARKS: Mapping[str, Status] = {
    "": Status.NOT_AVAILABLE,
    "..": Status.NOT_AVAILABLE,
    ":": Status.NOT_AVAILABLE,
    "-": Status.NOT_AVAILABLE,
    "x": Status.NOT_AVAILABLE,
    "[x]": Status.NOT_AVAILABLE,
    "n/a": Status.NOT_AVAILABLE,
    "na": Status.NOT_AVAILABLE,
    "c": Status.SUPPRESSED,
    "[c]": Status.SUPPRESSED,
    "*": Status.SUPPRESSED,
}
"""What marks mean where a file does not say otherwise; a dash is zero in some files, which then say so."""
LONGEST = 30
"""Characters of a number; anything longer is none."""


@dataclass(frozen=True, slots=True)
class Read:
    """A cell as it was read: a number, or why there is none. ``None`` and available: it cannot be read."""

    number: Decimal | None
    status: Status


def read_cell(text: str, zero: str = "") -> Read | None:
    """The number in a cell (thousands separators are fine), or what its mark means; None for what is neither.

    ``zero`` is the mark that stands for zero in this file, such as a dash.
    """
    bare = text.strip()
    if zero and bare == zero:
        return Read(Decimal(0), Status.AVAILABLE)
    if bare.casefold() in MARKS:
        return Read(None, MARKS[bare.casefold()])
    try:
        number = Decimal(bare.replace(",", "").removeprefix("£")) if len(bare) <= LONGEST else None
    except InvalidOperation:
        return None
    return Read(number, Status.AVAILABLE) if number is not None and number.is_finite() else None


def blocker(code: str, where: str, says: str, remedy: str, rule: str) -> Finding:
    """A finding that keeps a figure from being used."""
    return Finding(code, Severity.BLOCKER, where, f"{where}: {says}.", remedy, rule)


def warning(code: str, where: str, says: str, remedy: str, rule: str) -> Finding:
    """A finding that asks for a look."""
    return Finding(code, Severity.WARNING, where, says, remedy, rule)


def note(code: str, where: str, says: str, remedy: str, rule: str) -> Finding:
    """A finding that informs."""
    return Finding(code, Severity.NOTE, where, says, remedy, rule)
