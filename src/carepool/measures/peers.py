"""Statistical neighbours: the boards most alike in deprivation, age, size and older people on low incomes, not in results."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import log, sqrt

from carepool.measures.need import Need

COVARIATES: Mapping[str, Callable[[Need], float]] = {
    "people, as their logarithm": lambda each: log(float(each.people)),
    "deprivation": lambda each: float(each.deprivation),
    "part aged 65 and over": lambda each: float(each.aged_65),
    "part of them with pension credit": lambda each: float(each.pension_credit),
}
"""What boards are compared by, each in standard deviations and each weighing the same."""
USUAL = 15
"""How many neighbours are given, as in CIPFA's model."""


@dataclass(frozen=True, slots=True)
class Peer:
    """A neighbour."""

    board: str
    distance: float
    """Between the two, in standard deviations."""
    differs: str
    """The covariate that sets the two apart most."""


def peers(board: str, needs: Mapping[str, Need], count: int = USUAL) -> tuple[Peer, ...]:
    """The nearest boards, the most alike first; ties by code. KeyError for a board without covariates."""
    scores = standardised(needs)
    own = scores[board]
    found = []
    for code, each in scores.items():
        if code == board:
            continue
        gaps = {name: abs(each[name] - own[name]) for name in COVARIATES}
        distance = sqrt(sum(gap**2 for gap in gaps.values()))
        found.append(Peer(code, distance, max(gaps, key=lambda name: gaps[name])))
    return tuple(sorted(found, key=lambda each: (each.distance, each.board))[:count])


def standardised(needs: Mapping[str, Need]) -> dict[str, dict[str, float]]:
    """Each board's covariates in standard deviations from the mean of all boards."""
    scores: dict[str, dict[str, float]] = {code: {} for code in needs}
    for name, of in COVARIATES.items():
        values = {code: of(each) for code, each in needs.items()}
        mean = sum(values.values()) / len(values)
        spread = sqrt(sum((value - mean) ** 2 for value in values.values()) / len(values)) or 1.0
        for code, value in values.items():
            scores[code][name] = (value - mean) / spread
    return scores
