"""A count as others may see it: whole, rounded, or hidden, and hidden is never the same as zero."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from carepool.basics.money import round_half_up
from carepool.rules.schema import Suppression

MARK = "*"
"""What stands in a table or a file in the place of a hidden count: no number, and so never zero."""


class Shown(StrEnum):
    """Whether a count can be seen."""

    SHOWN = "shown"
    HIDDEN = "suppressed"


@dataclass(frozen=True, slots=True)
class Cell:
    """A count, or a rate that was made of it, as it leaves the house."""

    value: Decimal | None
    """What is shown; None where it is hidden."""
    shown: Shown

    def __str__(self) -> str:
        return MARK if self.value is None else str(self.value)

    def as_data(self) -> dict[str, str | None]:
        """Its value and its status, for JSON; a hidden value is null and says that it is hidden."""
        return {"value": None if self.value is None else str(self.value), "status": str(self.shown)}


HIDDEN = Cell(None, Shown.HIDDEN)


def is_small(rule: Suppression, count: int) -> bool:
    """Whether a rule hides a count for its own sake."""
    return rule.hide_to > 0 and rule.hide_from <= count <= rule.hide_to


def rounded(rule: Suppression, count: int) -> int:
    """A count to the nearest of what the rule says, a half going up."""
    return int(round_half_up(Decimal(count) / rule.nearest)) * int(rule.nearest)


def cell_of(rule: Suppression, count: int) -> Cell:
    """A count that stands alone, as a rule lets it be seen. Where it is part of a sum, see ``tables.protect``."""
    return HIDDEN if is_small(rule, count) else Cell(Decimal(rounded(rule, count)), Shown.SHOWN)


def readings_of(rule: Suppression, count: int) -> tuple[int, int]:
    """The least and the greatest that a count can be, to a reader who knows the rule and what is shown of it.

    Where hidden counts lie between those that are shown alike, only the stretch with the true one is counted.
    """
    shown, least, greatest = rounded(rule, count), count, count
    while least > 0 and rounded(rule, least - 1) == shown and not is_small(rule, least - 1):
        least -= 1
    while rounded(rule, greatest + 1) == shown and not is_small(rule, greatest + 1):
        greatest += 1
    return least, greatest


def rate_of(cell: Cell, denominator: Decimal, scale: Decimal, places: int = 1) -> Cell:
    """The rate of a count as it is shown: of a hidden count hidden, of a rounded one made from the rounded figure.

    A rate made from the whole count would give the count back to whoever knows the people.
    """
    if cell.value is None:
        return HIDDEN
    return Cell(round_half_up(cell.value * scale / denominator, places), Shown.SHOWN)
