"""Whether an ambition is more than chance: of a count, of a count whose events come together, and of a part of some people.

No official formula was found; ``policy`` section 6.4 asks that an improvement be large enough not to be natural variation.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import floor, sqrt

Z = 1.96


@dataclass(frozen=True, slots=True)
class Beyond:
    """What an ambition has to reach to be told from chance."""

    baseline: float
    threshold: float
    """The value that is just beyond chance: a count at most, or a proportion at least."""
    z: float
    """How many standard errors the target is from the baseline; positive is better."""
    is_beyond: bool
    dispersion: float
    """How many times the variance exceeds that of single events."""


def of_counts(baseline: float, target: float, dispersion: float = 1.0, z: float = Z) -> Beyond:
    """A fall from one count to another of the same people over as long a time, both taken as Poisson.

    ``dispersion`` widens the variance where events come together, as delayed days of one patient do.
    """
    wide = z * sqrt(max(1.0, dispersion))
    threshold = baseline + wide**2 / 2 - wide * sqrt(2 * baseline + wide**2 / 4)
    both = (baseline + target) * max(1.0, dispersion)
    found = (baseline - target) / sqrt(both) if both else 0.0
    return Beyond(baseline, max(0, floor(threshold)), found, found >= z, max(1.0, dispersion))


def of_proportions(part: float, whole: float, target: float, of: float, z: float = Z) -> Beyond:
    """A rise from one proportion to another (target, between 0 and 1, of so many people), by the pooled two-sample test."""
    before = part / whole

    def distance(rate: float) -> float:
        pooled = (part + rate * of) / (whole + of)
        error = sqrt(pooled * (1 - pooled) * (1 / whole + 1 / of))
        return (rate - before) / error if error else 0.0

    low, high = before, 1.0
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (low, middle) if distance(middle) >= z else (middle, high)
    return Beyond(before, high, distance(target), distance(target) >= z, 1.0)


def dispersion_of(counts: Sequence[float]) -> float:
    """How many times the variance of like periods exceeds their mean, from the differences of neighbours, so that a drift does not count."""
    pairs = [(before, after) for before, after in pairwise(counts) if before + after > 0]
    if not pairs:
        return 1.0
    return max(1.0, sum((after - before) ** 2 / (before + after) for before, after in pairs) / len(pairs))
