"""Boards beside each other: a funnel whose limits allow for more variation than chance, and ranks only with their intervals.

After Spiegelhalter, Handling over-dispersion of performance indicators (Quality and Safety in Health Care, 2005), and
Funnel plots for comparing institutional performance (Statistics in Medicine, 2005); recalled, the papers are not at hand.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

from carepool.measures.limits import normal_quantile

WINSORISED = 0.1
"""The part of boards at each end whose distance from the middle is brought in before the spread is judged."""
P95, P998 = 0.975, 0.999
LEAST = 10
"""Boards below which no funnel is drawn."""


@dataclass(frozen=True, slots=True)
class Place:
    """A board on the funnel."""

    numerator: float
    denominator: float
    rate: float
    """Per one, not per scale."""
    z: float
    """Its distance from the middle, in standard errors by chance alone."""
    z_additive: float
    """The same, with the variation between boards in the standard error."""
    z_multiplicative: float


@dataclass(frozen=True)
class Funnel:
    """Boards around their common rate."""

    middle: float
    dispersion: float
    """How many times the squared distances exceed what chance gives (phi); 1 is chance alone."""
    between: float
    """The standard deviation between boards beyond chance (tau), in the rate's unit."""
    places: Mapping[str, Place]
    proportion: bool

    @property
    def is_dispersed(self) -> bool:
        """Whether boards differ by more than chance: then limits by chance alone would point at nearly everybody."""
        return self.dispersion > 1 + 2 * sqrt(2 / len(self.places))

    def limits(self, denominator: float, part: float = P998, *, additive: bool = True) -> tuple[float, float]:
        """The lower and upper limit for a board of a size, at 95% (0.975) or 99.8% (0.999)."""
        error = _error(self.middle, denominator, self.proportion)
        wide = sqrt(error**2 + self.between**2) if additive else error * sqrt(max(1.0, self.dispersion))
        reach = normal_quantile(part) * wide
        return max(0.0, self.middle - reach), self.middle + reach

    def outliers(self, part: float = P998, *, additive: bool = True) -> tuple[str, ...]:
        """The boards beyond the limits, in order of their codes."""
        reach = normal_quantile(part)
        return tuple(
            sorted(
                code
                for code, each in self.places.items()
                if abs(each.z_additive if additive else each.z_multiplicative) > reach
            )
        )


def _error(middle: float, denominator: float, proportion: bool) -> float:
    """The standard error of a rate by chance alone: of a part of people, or of a count of events."""
    return sqrt((middle * (1 - middle) if proportion else middle) / denominator)


def funnel(parts: Mapping[str, tuple[float, float]], *, proportion: bool) -> Funnel | None:
    """The funnel of boards from their numerators and denominators; None with too few boards, or nothing counted."""
    whole = sum(denominator for _, denominator in parts.values())
    middle = sum(numerator for numerator, _ in parts.values()) / whole if whole else 0.0
    if len(parts) < LEAST or middle <= 0 or (proportion and middle >= 1):
        return None
    errors = {code: _error(middle, denominator, proportion) for code, (_, denominator) in parts.items()}
    rates = {code: numerator / denominator for code, (numerator, denominator) in parts.items()}
    z = {code: (rates[code] - middle) / errors[code] for code in parts}
    squares = [each**2 for each in winsorised(list(z.values()))]
    phi = sum(squares) / len(squares)
    tau = _between(phi, list(errors.values()))
    wider = sqrt(max(1.0, phi))
    places = {
        code: Place(
            *parts[code], rates[code], z[code],
            (rates[code] - middle) / sqrt(errors[code] ** 2 + tau**2), z[code] / wider,
        )
        for code in parts
    }  # fmt: skip
    return Funnel(middle, phi, tau, places, proportion)


def winsorised(values: list[float], part: float = WINSORISED) -> list[float]:
    """The values with those at each end brought in to the value at that part."""
    ordered = sorted(values)
    cut = int(part * len(ordered))
    low, high = ordered[cut], ordered[len(ordered) - 1 - cut]
    return [min(max(each, low), high) for each in values]


def _between(phi: float, errors: list[float]) -> float:
    """The standard deviation between boards by moments (DerSimonian and Laird), zero where chance is enough."""
    count = len(errors)
    if count * phi < count - 1:
        return 0.0
    weights = [1 / each**2 for each in errors]
    total = sum(weights)
    spread = total - sum(each**2 for each in weights) / total
    return sqrt(max(0.0, (count * phi - (count - 1)) / spread))


@dataclass(frozen=True, slots=True)
class Rank:
    """A board's rank, which is never given without its interval."""

    rank: int
    low: int
    high: int
    of: int


def ranks(intervals: Mapping[str, tuple[float, float, float]], *, better: str) -> dict[str, Rank]:
    """Each board's rank from its value and limits, 1 the best: between how many are surely better and how many are surely worse.

    A board is surely better where its limits do not overlap. It is a cautious interval, and needs no simulation.
    """
    sign = -1 if better == "higher" else 1
    ends = {
        code: (sign * value, *sorted((sign * low, sign * high)))
        for code, (value, low, high) in intervals.items()
    }
    found = {}
    for code, (value, low, high) in ends.items():
        before = sum(other[0] < value for other in ends.values())
        surely_better = sum(other[2] < low for other in ends.values())
        surely_worse = sum(other[1] > high for other in ends.values())
        found[code] = Rank(before + 1, surely_better + 1, len(ends) - surely_worse, len(ends))
    return found
