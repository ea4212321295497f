"""A number that explains itself: the result, and the steps that lead to it, each with its rule or its row."""

from decimal import Decimal
from typing import NamedTuple

Amount = int | Decimal | str | None
"""What a step may come to. Pence are int, counts int or Decimal, a word stands for itself, None is not known yet."""


class Step(NamedTuple):
    """One step of a working."""

    says: str
    """What this step is, in the reader's words."""
    value: Amount
    unit: str
    """``pence``, ``admissions``, ``pence per admission``, ``%``, or empty for a word."""
    how: str = ""
    """The arithmetic with its numbers, so that a reader can do it again by hand."""
    source: str = ""
    """The rule (a rulebook path) or the data (a series, area and period) it comes from."""


class Working(NamedTuple):
    """A result and how it was reached."""

    of: str
    """What the number is."""
    value: Amount
    unit: str
    steps: tuple[Step, ...]
    rests_on: tuple[str, ...] = ()
    """What a careful reader must be told: a recalled value, an incomplete return, an indicative method."""
