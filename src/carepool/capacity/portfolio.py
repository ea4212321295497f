"""Which schemes a budget should buy: the most benefit under budgets, protections, exclusions and prerequisites, and the proof.

Solved as a mixed-integer programme. The choice is checked again in whole pence, and the bound that is proven
is always given: no choice that the constraints allow has more benefit than it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from carepool.basics.findings import Finding, Severity
from carepool.basics.money import Pence, in_pounds

PENCE_IN_POUND = 100
RULE = "carepool portfolio"
STEPS = (0.9, 1.0, 1.1)
"""Shares of the budget at which it is solved again, to show what less and more would buy."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A scheme that might be bought, whole or not at all."""

    name: str
    cost: Pence
    benefit: float
    """In whatever unit all candidates share: admissions avoided, or pounds."""
    low: float
    """The benefit that is thought sure, as cautious readers take it."""
    source: str = ""
    social_care: Pence = 0
    """The part of its cost that protects social care."""
    out_of_hospital: Pence = 0
    """The part that is spent on NHS-commissioned services out of hospital."""
    risk: float = 0.0
    """The chance that it fails, from 0 to 1."""
    must: bool = False
    excludes: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    overlaps: Mapping[str, float] | None = None
    """With which others it shares benefit, and what share of the smaller of the two is lost when both are bought."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a choice must keep to."""

    budget: Pence
    by_source: Mapping[str, Pence]
    social_care_least: Pence = 0
    out_of_hospital_least: Pence = 0
    risk_most: float = 1.0
    """The share of the money chosen that may lie in schemes, each weighted by its chance of failing."""
    cautious: bool = False
    """Whether the sure benefit is maximised, and not the expected one."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What is bought, what it comes to, and what is proven of it."""

    chosen: tuple[str, ...]
    cost: Pence
    benefit: float
    bound: float
    """No choice that the limits allow has more benefit."""
    per_more_pound: float
    """What one more pound would buy, were schemes divisible: the price of the budget in the relaxed programme."""

    @property
    def proven(self) -> bool:
        """Whether nothing better exists, to a millionth."""
        return self.bound - self.benefit <= 1e-6 * max(1.0, abs(self.bound))


@dataclass(frozen=True, slots=True)
class _Row:
    """A constraint by the name under which people know it."""

    says: str
    terms: Mapping[int, float]
    least: float = -np.inf
    most: float = np.inf


@dataclass(frozen=True)
class Programme:
    """A mixed-integer programme: the least of ``cost @ x`` with ``least <= matrix @ x <= most`` and every x from 0 to 1."""

    cost: NDArray[np.float64]
    matrix: sparse.csr_array
    least: NDArray[np.float64]
    most: NDArray[np.float64]
    whole: int
    """The first so many variables are all or nothing."""


@dataclass(frozen=True, slots=True)
class Solved:
    """What a solver found: the values, the bound that it proved, and of a relaxed programme the price of each row."""

    values: Sequence[float]
    bound: float
    prices: Sequence[float]


class Solver(Protocol):
    """What solves a programme, of whole variables or relaxed; None where nothing is allowed. An engine implements it."""

    def __call__(self, programme: Programme, *, whole: bool) -> Solved | None:
        """Solve it."""


def choose(candidates: Sequence[Candidate], limits: Limits, solve: Solver) -> Choice | tuple[Finding, ...]:
    """The best choice, or findings that name the limits that cannot be kept together."""
    if wrong := _unusable(candidates, limits):
        return wrong
    rows = _rows(candidates, limits)
    programme = _Choosing(candidates, limits, solve)
    while True:
        found = programme.best(rows)
        if found is None:
            return _conflict(programme, rows)
        picked, bound = found
        over = _over(candidates, limits, picked)
        if not over:
            break
        # The solver works in fractions and may pass a limit by a hair; whole pence decide.
        rows = [*rows, _Row("", {n: 1.0 if n in picked else -1.0 for n in range(len(candidates))}, most=len(picked) - 1)]  # fmt: skip
    cost = sum(candidates[n].cost for n in picked)
    return Choice(
        tuple(candidates[n].name for n in sorted(picked)), cost, programme.benefit(picked), max(bound, programme.benefit(picked)),
        programme.price(_rows(candidates, limits)),
    )  # fmt: skip


def _unusable(candidates: Sequence[Candidate], limits: Limits) -> tuple[Finding, ...]:
    names = [each.name for each in candidates]
    known = set(names)
    wrong = []
    for name, other in pairwise(sorted(names)):
        if name == other:
            wrong.append(
                _finding(name, f"Scheme “{name}” stands twice.", "Give each scheme a name of its own.")
            )
    for each in candidates:
        for said, others in (("excludes", each.excludes), ("requires", each.requires), ("overlaps with", each.overlaps or ())):  # fmt: skip
            for other in others:
                if other not in known or other == each.name:
                    wrong.append(_finding(each.name, f"Scheme “{each.name}” {said} “{other}”, which is no other scheme here.", "Name one that is in the file."))  # fmt: skip
    if limits.budget < 0:
        wrong.append(_finding("budget", "The budget is below zero.", "Give it in pence."))
    return tuple(wrong)


def _rows(candidates: Sequence[Candidate], limits: Limits) -> list[_Row]:
    """Every limit as a constraint; money in pounds, so that the numbers are of one size."""
    place = {each.name: n for n, each in enumerate(candidates)}

    def pounds(pence: Pence) -> float:
        return pence / PENCE_IN_POUND

    costs = {n: pounds(each.cost) for n, each in enumerate(candidates)}
    rows = [_Row(f"the budget of {in_pounds(limits.budget)}", costs, most=pounds(limits.budget))]
    for source, budget in limits.by_source.items():
        own = {n: costs[n] for n, each in enumerate(candidates) if each.source == source}
        rows.append(_Row(f"{in_pounds(budget)} from {source}", own, most=pounds(budget)))
    if limits.social_care_least:
        parts = {n: pounds(each.social_care) for n, each in enumerate(candidates) if each.social_care}
        rows.append(_Row(f"at least {in_pounds(limits.social_care_least)} for social care", parts, least=pounds(limits.social_care_least)))  # fmt: skip
    if limits.out_of_hospital_least:
        parts = {n: pounds(each.out_of_hospital) for n, each in enumerate(candidates) if each.out_of_hospital}
        rows.append(_Row(f"at least {in_pounds(limits.out_of_hospital_least)} out of hospital", parts, least=pounds(limits.out_of_hospital_least)))  # fmt: skip
    if limits.risk_most < 1:
        parts = {n: costs[n] * (each.risk - limits.risk_most) for n, each in enumerate(candidates)}
        rows.append(_Row(f"no more than {limits.risk_most:.0%} of the money at risk", parts, most=0))
    for n, each in enumerate(candidates):
        if each.must:
            rows.append(_Row(f"“{each.name}” must be bought", {n: 1.0}, least=1))
        for other in each.excludes:
            rows.append(_Row(f"“{each.name}” excludes “{other}”", {n: 1.0, place[other]: 1.0}, most=1))
        for other in each.requires:
            rows.append(_Row(f"“{each.name}” requires “{other}”", {n: 1.0, place[other]: -1.0}, most=0))
    return rows


class _Choosing:
    """The programme: a variable for each scheme, and one for each pair that shares benefit."""

    def __init__(self, candidates: Sequence[Candidate], limits: Limits, solve: Solver) -> None:
        self.solve = solve
        self.values = [each.low if limits.cautious else each.benefit for each in candidates]
        place = {each.name: n for n, each in enumerate(candidates)}
        shared: dict[tuple[int, int], float] = {}
        for n, each in enumerate(candidates):
            for other, share in (each.overlaps or {}).items():
                pair = (min(n, place[other]), max(n, place[other]))
                lost = share * max(0.0, min(self.values[n], self.values[place[other]]))
                shared[pair] = max(shared.get(pair, 0.0), lost)
        self.shared = shared
        self.number = len(candidates)

    def benefit(self, picked: frozenset[int]) -> float:
        """What a choice is worth, what it shares counted once."""
        lost = sum(loss for (one, other), loss in self.shared.items() if one in picked and other in picked)
        return float(sum(self.values[n] for n in picked) - lost)

    def best(self, rows: Sequence[_Row]) -> tuple[frozenset[int], float] | None:
        """The best choice and the bound that is proven, or None where none is allowed."""
        solved = self.solve(self._built(rows), whole=True)
        if solved is None:
            return None
        return frozenset(n for n in range(self.number) if solved.values[n] > 0.5), 0.0 - solved.bound

    def price(self, rows: Sequence[_Row]) -> float:
        """What a pound more of the budget, the first row, would buy were schemes divisible."""
        solved = self.solve(self._built(rows), whole=False)
        return abs(solved.prices[0]) if solved and solved.prices else 0.0

    def _built(self, rows: Sequence[_Row]) -> Programme:
        pairs = list(self.shared)
        width = self.number + len(pairs)
        matrix = sparse.lil_array((len(rows) + len(pairs), width))
        least, most = np.full(matrix.shape[0], -np.inf), np.full(matrix.shape[0], np.inf)
        for n, row in enumerate(rows):
            for column, value in row.terms.items():
                matrix[n, column] = value
            least[n], most[n] = row.least, row.most
        for n, (one, other) in enumerate(pairs):
            # Both bought makes the loss real: one + other - loss <= 1.
            line = len(rows) + n
            matrix[line, one] = matrix[line, other] = 1.0
            matrix[line, self.number + n] = -1.0
            most[line] = 1.0
        objective = np.array([-value for value in self.values] + [self.shared[pair] for pair in pairs])
        return Programme(objective, sparse.csr_array(matrix), least, most, self.number)


def _over(candidates: Sequence[Candidate], limits: Limits, picked: frozenset[int]) -> bool:
    """Whether a choice passes a limit of money, counted in whole pence."""
    chosen = [candidates[n] for n in picked]
    return (
        sum(each.cost for each in chosen) > limits.budget
        or any(sum(each.cost for each in chosen if each.source == source) > most for source, most in limits.by_source.items())
        or sum(each.social_care for each in chosen) < limits.social_care_least
        or sum(each.out_of_hospital for each in chosen) < limits.out_of_hospital_least
    )  # fmt: skip


def _conflict(programme: _Choosing, rows: Sequence[_Row]) -> tuple[Finding, ...]:
    """A smallest set of limits that cannot be kept together: each is taken out that can be spared."""
    held = list(rows)
    for row in list(held):
        without = [each for each in held if each is not row]
        if programme.best(without) is None:
            held = without
    says = "These limits cannot be kept together: " + "; ".join(each.says for each in held) + "."
    return (_finding("limits", says, "Loosen one of them."),)


def _finding(where: str, says: str, remedy: str) -> Finding:
    return Finding("no-such-choice", Severity.BLOCKER, where, says, remedy, RULE)
