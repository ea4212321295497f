"""Random years of payment for the tests of every method: plans, outturns, tests, shares and commitments, as plain values."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from carepool.basics.money import Pence
from carepool.basics.periods import Quarter, quarters_between
from carepool.payment.instead import Commitment
from carepool.payment.release import Line, Terms
from carepool.payment.tranches import Criterion, Part, Seen, TrancheTerms

QUARTERS = quarters_between(Quarter(2014, 4), Quarter(2015, 3))
BOARDS = 150
PEOPLE = {
    f"B{number:03}": {f"{ccg:02}{'ABCDEFG'[ccg]}": 1 + (number * 7919 + ccg * 104_729) % 400_000 for ccg in range(1 + number % 7)}
    for number in range(BOARDS)
}  # fmt: skip
"""As many boards as England has, each of one to seven CCGs."""
BILLION = 100_000_000_000
WEIGHTS = {"a": "1", "b": "2", "c": "1.5", "d": "1", "e": "1", "f": "0.5"}
PARTS = (
    Part("conditions", "", 25_000_000_000, tuple(Criterion("condition", name, Decimal(1)) for name in "pqrs"), together=True),
    Part("progress", "", 25_000_000_000, tuple(Criterion("metric", name, Decimal(1), "lower") for name in "abcd")),
    Part("further", "", 50_000_000_000, tuple(Criterion("metric", name, Decimal(weight), "higher" if name == "e" else "lower") for name, weight in WEIGHTS.items())),
)  # fmt: skip


OWN = tuple(replace(part, tests=tuple(replace(test, better=None) for test in part.tests)) for part in PARTS)
"""The same as an asker's own: which way is better is left to the plan."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """What one board is paid by in one scenario, for every method."""

    board: str
    lines: tuple[Line, ...]
    terms: Terms
    share: Pence | None
    tests: TrancheTerms
    own: TrancheTerms
    seen: dict[tuple[str, str], Seen]
    whole: Pence
    commitment: Commitment

    @property
    def people(self) -> dict[str, int]:
        """The people of each of its CCGs."""
        return PEOPLE[self.board]


def scenarios(chance: random.Random, number: int) -> Iterator[Scenario]:
    """So many, board after board."""
    boards = list(PEOPLE)
    for each in range(number):
        yield scenario(chance, boards[each % BOARDS])


def scenario(chance: random.Random, board: str) -> Scenario:
    """One scenario of a board."""
    lines, known = [], chance.choice((4, 4, 4, 4, 3, 2, 1, 0))
    plans = chance.random() < 0.7
    changes = plans and chance.random() < 0.6
    size = chance.choice((300, 9_000, 40_000))
    cut = chance.choice((3.5, 3.07, 1, -2, 6))
    near = chance.choice((0, 2, 2, 4))
    for number, quarter in enumerate(QUARTERS):
        baseline = _tenths(chance, size * 0.9, size * 1.1)
        planned = Decimal(round(float(baseline) * (1 - cut / 100)))
        actual = _tenths(chance, size * 0.85, size * 1.12) if chance.random() < 0.9 else planned
        # Some plans are exactly so many points apart, which is within.
        other = (
            planned + baseline * near / 100
            if chance.random() < 0.5
            else _tenths(chance, size * 0.9, size * 1.1)
        )
        changed = _tenths(chance, size * 0.9, size * 1.1) if changes else None
        lines.append(Line(quarter, baseline, planned, actual if number < known else None, other if plans else None, changed))  # fmt: skip
    terms = Terms(
        chance.choice((149_000, 149_005, 1, 214_377)),
        chance.choice(("quarter", "quarter", "year")),
        chance.random() < 0.3,
        Decimal(chance.choice((0, 2, 2, "2.5"))),
    )
    tests = TrancheTerms(
        PARTS, chance.choice(("whole", "share")), chance.choice((Decimal(70), Decimal("62.5")))
    )
    whole = chance.choice((chance.randrange(BILLION // 50), BILLION // BOARDS, 0, 7))
    return Scenario(
        board,
        tuple(lines),
        terms,
        chance.choice((None, None, chance.randrange(1, 500_000_000))),
        tests,
        replace(tests, parts=OWN, recovery_below=None),
        {
            (part.name, test.id): _seen(chance, test)
            for part in PARTS
            for test in part.tests
            if chance.random() < 0.97
        },
        whole,
        _commitment(chance, whole, size),
    )


def _tenths(chance: random.Random, least: float, most: float) -> Decimal:
    return Decimal(chance.randint(int(least * 10), int(most * 10))) / 10


def _seen(chance: random.Random, test: Criterion) -> Seen:
    if test.kind == "condition":
        return Seen(met=chance.choice((True,) * 12 + (False, None)))
    baseline = _tenths(chance, 80, 120)
    planned = baseline + chance.choice((-10, -10, -7, 10, 0, Decimal("-0.1")))
    # Exactly on a threshold, exactly on the plan, and anywhere.
    actual = chance.choice(
        (baseline + (planned - baseline) * Decimal("0.7"), planned, baseline, _tenths(chance, 70, 130), None)
    )
    return Seen(None, baseline, planned, actual, chance.choice((None, None, None, "lower", "higher")))


def _commitment(chance: random.Random, whole: Pence, size: int) -> Commitment:
    held = chance.choice((0, whole // 20, chance.randrange(1, 10_000_000)))
    planned = chance.choice((_tenths(chance, size * 3.6, size * 4.4), None))
    actual = chance.choice((_tenths(chance, size * 3.6, size * 4.4), None, planned))
    return Commitment(whole - held if whole > held else whole, held, planned, actual, chance.choice((149_000, 149_005, None)))  # fmt: skip
