"""Whether two counts of the same people differ by more than chance: both taken as Poisson, both over the same time."""

from decimal import Decimal
from math import sqrt

Z = 1.96
"""The 5% point: a larger difference of two counts is what chance alone gives one time in twenty."""


def fell_by(before: Decimal, after: Decimal) -> float:
    """How many standard errors a count fell by; below nought where it rose, nought where both are nought."""
    both = float(before + after)
    return float(before - after) / sqrt(both) if both else 0.0


def largest_beyond_chance(before: Decimal) -> int:
    """The largest count that is below another by more than chance."""
    count = float(before)
    return int(count + Z * Z / 2 - Z * sqrt(2 * count + Z * Z / 4))
