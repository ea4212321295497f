"""What a simulation found: means over its replications with 95% intervals, and differences of scenarios pair by pair."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Lines = NDArray[np.float64]
"""One number a replication."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over replications, and where it lies with 95% confidence."""

    mean: float
    lo95: float
    hi95: float


@dataclass(frozen=True)
class Simulated:
    """What each replication of a scenario came to, by figure."""

    beds: int
    figures: Mapping[str, Lines]
    seconds: float
    """How long the replications took, after the program was ready."""

    def estimates(self) -> dict[str, Estimate]:
        """Every figure over all replications."""
        return {name: estimate(values) for name, values in self.figures.items()}

    @property
    def replications_per_second(self) -> float:
        """How quick it was."""
        return len(next(iter(self.figures.values()))) / max(self.seconds, 1e-9)


def estimate(values: Lines) -> Estimate:
    """The mean with its 95% interval by Student's t; a replication without the figure (nobody came) is left out."""
    held = values[np.isfinite(values)]
    if not held.size:
        return Estimate(float("nan"), float("nan"), float("nan"))
    mean = float(held.mean())
    if held.size < 2:
        return Estimate(mean, float("nan"), float("nan"))
    reach = float(stats.t.ppf(0.975, held.size - 1) * held.std(ddof=1) / np.sqrt(held.size))
    return Estimate(mean, mean - reach, mean + reach)


def differences(one: Simulated, other: Simulated) -> dict[str, Estimate]:
    """By how much the other is more, replication by replication: both had the same people at the door."""
    return {name: estimate(other.figures[name] - values) for name, values in one.figures.items()}
