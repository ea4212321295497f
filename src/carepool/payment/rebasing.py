"""Release after re-basing: a target that is far above the CCGs' operational plans may be changed, and the fund is resized.

    cut of a plan = (sum of baseline - sum of plan) / sum of baseline, in per cent
    may be changed where the agreed cut exceeds the operational plans' by more than so many points

Exactly so many points are within. With a changed target all quarters are paid as if it had been agreed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from carepool.basics.money import Pence
from carepool.payment.release import Line, Rebased, Statement, Terms, release


def rebased_release(
    board: str,
    lines: Sequence[Line],
    terms: Terms,
    people_by_ccg: Mapping[str, int],
    share_of_performance: Pence | None = None,
) -> Statement:
    """The statement of one board, by its changed target where it may be changed and was, else by the agreed one.

    Without the operational plans nothing can be changed, and the statement says nothing of it.
    """
    agreed = release(board, lines, terms, people_by_ccg, share_of_performance)
    may = may_change(lines, terms)
    if may is None:
        return agreed
    counted = counting(lines, terms)
    changed, paid = counted is not lines, agreed
    if changed:
        paid = release(board, counted, terms, people_by_ccg, share_of_performance)
    cut, operational = _cuts(lines)
    return replace(
        paid,
        rebased=Rebased(
            cut, operational, may, changed, agreed.money.fund, tuple(line.planned for line in lines)
        ),
    )


def counting(lines: Sequence[Line], terms: Terms) -> Sequence[Line]:
    """The lines that count: with the changed target where it may be changed and was, else as they are."""
    if any(line.changed is None for line in lines) or not may_change(lines, terms):
        return lines
    return [replace(line, planned=line.changed) for line in lines if line.changed is not None]


def may_change(lines: Sequence[Line], terms: Terms) -> bool | None:
    """Whether a target is so far above the operational plans; None where they, or a baseline, are not known."""
    base = sum((line.baseline for line in lines), Decimal(0))
    if terms.rebase_beyond is None or not base or any(line.operational is None for line in lines):
        return None
    # Held against each other without dividing: a gap of exactly so many points must be told from a larger one.
    operational = sum((line.operational or Decimal(0) for line in lines), Decimal(0))
    planned = sum((line.planned for line in lines), Decimal(0))
    return (operational - planned) * 100 > terms.rebase_beyond * base


def _cuts(lines: Sequence[Line]) -> tuple[Decimal, Decimal]:
    base = sum((line.baseline for line in lines), Decimal(0))
    planned = sum((line.planned for line in lines), Decimal(0))
    operational = sum((line.operational or Decimal(0) for line in lines), Decimal(0))
    return (base - planned) * 100 / base, (base - operational) * 100 / base
