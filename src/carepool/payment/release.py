"""The payment operated in 2015-16: cumulative, by quarter, no more than planned, never paid back.

With B, T and A the baseline, planned and actual admissions of a quarter and c the value of one admission:

    fund                = c x (sum of B - sum of T), nothing if that is below zero, at most the share of the billion
    earned to a quarter = the least of the fund, c x (B - T so far) and c x (B - A so far), nothing if below zero
    payment             = earned to the quarter, less what was paid before, never below zero

Amounts are rounded half up to the penny. The money is the CCGs' until it is earned.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from carepool.basics.money import Pence, round_half_up, share
from carepool.basics.periods import Quarter


@dataclass(frozen=True, slots=True)
class Terms:
    """What the rules lay down."""

    unit_value: Pence
    """Pence for one admission avoided."""
    cap: Literal["quarter", "year"] = "quarter"
    """Whether earnings to a quarter are capped at the plan to that quarter, or only at the year's fund."""
    clawback: bool = False
    """Whether a quarter that falls behind pays back what was paid before."""
    rebase_beyond: Decimal | None = None
    """Percentage points between a target's cut and the operational plan's beyond which it may be changed; None for never."""


@dataclass(frozen=True, slots=True)
class Line:
    """One quarter's admissions. ``actual`` is None while the outturn is not known."""

    quarter: Quarter
    baseline: Decimal
    planned: Decimal
    actual: Decimal | None
    operational: Decimal | None = None
    """What the CCGs' operational plans have for the quarter."""
    changed: Decimal | None = None
    """The target that the board changed the planned one to, as it was approved."""


@dataclass(frozen=True, slots=True)
class Rebased:
    """How a target stands beside the CCGs' operational plans, and whether it was changed."""

    cut: Decimal
    """The agreed target's, in per cent of the baseline."""
    operational: Decimal
    may_change: bool
    changed: bool
    before: Pence
    """What the agreed target put at stake."""
    agreed: tuple[Decimal, ...]
    """The agreed target, by quarter."""


@dataclass(frozen=True, slots=True)
class QuarterPaid:
    """One quarter of a statement; reductions in admissions, money in pence. None from the first unknown quarter on."""

    quarter: Quarter
    planned_cumulative: Decimal
    achieved_cumulative: Decimal | None
    maximum_payment: Pence
    payment: Pence | None


@dataclass(frozen=True, slots=True)
class Figures:
    """The money of a statement, in pence."""

    fund: Pence
    paid: Pence
    withheld: Pence
    """Due at most for the quarters known, less what was paid; a later quarter may still catch up."""
    at_stake: Pence
    """The fund less the most that was due for the quarters known."""
    unreleased: Pence | None
    """The fund less what was paid, once all quarters are known."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What one board's plan put at stake and what its outturn released."""

    board: str
    terms: Terms
    lines: tuple[Line, ...]
    money: Figures
    quarters: tuple[QuarterPaid, ...]
    before_cap: Pence
    """The fund before the board's share of the performance money limited it."""
    share_of_performance: Pence | None
    by_ccg: Mapping[str, Figures]
    rebased: Rebased | None = None
    """Where the rules let a target be changed and the operational plans are known."""

    @property
    def capped(self) -> bool:
        """Whether the board's share of the performance money limited the fund."""
        return self.money.fund < self.before_cap


def pence_for(terms: Terms, reduction: Decimal) -> Pence:
    """What a reduction is worth: nothing below zero, rounded half up to the penny."""
    return int(round_half_up(terms.unit_value * reduction)) if reduction > 0 else 0


def release(
    board: str,
    lines: Sequence[Line],
    terms: Terms,
    people_by_ccg: Mapping[str, int],
    share_of_performance: Pence | None = None,
) -> Statement:
    """The statement of one board. ``lines`` are all the quarters of the plan, in order.

    ``people_by_ccg`` are the weights by which the board's figures are split among its CCGs, each figure on
    its own by largest remainder.
    """
    planned, achieved = _cumulative(lines)
    before_cap = pence_for(terms, planned[-1])
    fund = before_cap if share_of_performance is None else min(before_cap, share_of_performance)
    caps = [pence_for(terms, each) for each in planned]
    most = _payments(fund, caps, caps, terms)
    known = achieved.index(None) if None in achieved else len(achieved)
    earned = [pence_for(terms, each) for each in achieved if each is not None]
    paid = most if earned == caps else _payments(fund, caps[:known], earned, terms)
    quarters = tuple(
        QuarterPaid(line.quarter, planned[n], achieved[n], most[n], paid[n] if n < known else None)
        for n, line in enumerate(lines)
    )
    due, done = sum(most[:known]), sum(paid)
    # Paid ahead of the plan, where only the year is capped, nothing is withheld.
    money = Figures(
        fund, done, max(0, due - done), fund - max(due, done), fund - done if known == len(lines) else None
    )
    return Statement(
        board,
        terms,
        tuple(lines),
        money,
        quarters,
        before_cap,
        share_of_performance,
        split(money, people_by_ccg),
    )


def paid_in_all(lines: Sequence[Line], terms: Terms, share_of_performance: Pence | None = None) -> Pence:
    """What the statement of a board pays in all, without the rest of it: for asking much at once.

    Payments so far are the most that was ever earned so far; where money is paid back, what is earned now.
    """
    fund = pence_for(terms, sum((line.baseline - line.planned for line in lines), Decimal(0)))
    fund = fund if share_of_performance is None else min(fund, share_of_performance)
    plan, done, best, now = Decimal(0), Decimal(0), 0, 0
    for line in lines:
        if line.actual is None:
            break
        plan += line.baseline - line.planned
        done += line.baseline - line.actual
        now = min(fund, pence_for(terms, min(done, plan) if terms.cap == "quarter" else done))
        best = max(best, now)
    return now if terms.clawback else best


def _cumulative(lines: Sequence[Line]) -> tuple[list[Decimal], list[Decimal | None]]:
    """Planned and achieved reductions so far; what is achieved is None from the first unknown quarter on."""
    planned: list[Decimal] = []
    achieved: list[Decimal | None] = []
    plan, done = Decimal(0), Decimal(0)
    known = True
    for line in lines:
        plan += line.baseline - line.planned
        planned.append(plan)
        known = known and line.actual is not None
        done += line.baseline - (line.actual or 0)
        achieved.append(done if known else None)
    return planned, achieved


def _payments(fund: Pence, caps: Sequence[Pence], worth: Sequence[Pence], terms: Terms) -> list[Pence]:
    """The payment of each quarter: ``worth`` is what the cut so far is worth, ``caps`` what the planned cut so far is."""
    payments: list[Pence] = []
    before = 0
    for cap, pence in zip(caps, worth, strict=True):
        earned = min(fund, pence, cap) if terms.cap == "quarter" else min(fund, pence)
        payment = earned - before if terms.clawback else max(0, earned - before)
        payments.append(payment)
        before += payment
    return payments


def split(money: Figures, people: Mapping[str, int]) -> dict[str, Figures]:
    """A statement's figures by CCG, each figure on its own by largest remainder."""
    if len(people) == 1:
        return dict.fromkeys(people, money)
    fund, paid, withheld, at_stake = (
        share(pence, people) for pence in (money.fund, money.paid, money.withheld, money.at_stake)
    )
    unreleased = None if money.unreleased is None else share(money.unreleased, people)
    return {
        ccg: Figures(
            fund[ccg], paid[ccg], withheld[ccg], at_stake[ccg], unreleased[ccg] if unreleased else None
        )
        for ccg in people
    }
