"""What stands in the place of performance money: it is spent out of hospital, or a part is held against admissions above plan.

    short  = the board's part, less what is spent out of hospital and what is held, nothing below zero
    excess = actual - planned admissions of the year, nothing below zero
    drawn  = the least of what is held and excess x the value of one admission, rounded half up to the penny

What is held and not drawn goes back to be spent out of hospital. Nothing is earned by performance.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from carepool.basics.money import Pence, round_half_up, share


@dataclass(frozen=True, slots=True)
class Commitment:
    """What a board sets aside, and the year's admissions; None is not known, or was not agreed."""

    spent: Pence
    """On services out of hospital that the NHS commissions."""
    held: Pence
    """By local agreement, against admissions above the plan."""
    planned: Decimal | None = None
    actual: Decimal | None = None
    unit_value: Pence | None = None
    """What the agreement says that one admission above the plan costs."""


@dataclass(frozen=True, slots=True)
class Aside:
    """What becomes of the money, in pence."""

    required: Pence
    spent: Pence
    held: Pence
    short: Pence
    """Neither spent out of hospital nor held: the board must still commit so much."""
    drawn: Pence | None
    """Of what is held, spent on admissions above the plan; None while it cannot be told."""
    back: Pence | None
    """Of what is held, back to be spent out of hospital."""


@dataclass(frozen=True, slots=True)
class AsideStatement:
    """What one board sets aside in the place of performance money."""

    board: str
    commitment: Commitment
    money: Aside
    excess: Decimal | None
    """Admissions above the plan."""
    by_ccg: Mapping[str, Aside]


def out_of_hospital(
    board: str, commitment: Commitment, people_by_ccg: Mapping[str, int], required: Pence
) -> AsideStatement:
    """The statement of one board; ``required`` is its part of what must be spent out of hospital or held."""
    excess = _excess(commitment)
    drawn = _drawn(commitment, excess)
    short = max(0, required - commitment.spent - commitment.held)
    back = None if drawn is None else commitment.held - drawn
    money = Aside(required, commitment.spent, commitment.held, short, drawn, back)
    return AsideStatement(board, commitment, money, excess, _split(money, people_by_ccg))


def _excess(commitment: Commitment) -> Decimal | None:
    if commitment.planned is None or commitment.actual is None:
        return None
    return max(Decimal(0), commitment.actual - commitment.planned)


def _drawn(commitment: Commitment, excess: Decimal | None) -> Pence | None:
    if not commitment.held:
        return 0
    if excess is None or (excess and commitment.unit_value is None):
        return None
    return min(commitment.held, int(round_half_up(excess * (commitment.unit_value or 0))))


def _split(money: Aside, people: Mapping[str, int]) -> dict[str, Aside]:
    required, spent, held, short = (
        share(pence, people) for pence in (money.required, money.spent, money.held, money.short)
    )
    drawn, back = (None if pence is None else share(pence, people) for pence in (money.drawn, money.back))
    return {
        ccg: Aside(
            required[ccg],
            spent[ccg],
            held[ccg],
            short[ccg],
            drawn[ccg] if drawn else None,
            back[ccg] if back else None,
        )
        for ccg in people
    }
