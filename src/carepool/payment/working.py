"""A payment statement explained: each step with its arithmetic and where its numbers come from."""

from collections.abc import Iterable
from decimal import Decimal

from carepool.basics.money import Pence, in_figures, in_pounds
from carepool.basics.workings import Step, Working
from carepool.payment.release import Statement


def explain(statement: Statement, rules: str, data: str, rests_on: tuple[str, ...] = ()) -> Working:
    """The working of a statement: ``rules`` names the set of rules, ``data`` the rows that the admissions are from."""
    unit, method = f"{rules}/payment/unit_value", f"{rules}/payment/release"
    steps = [
        Step("Value of one admission avoided", statement.terms.unit_value, "pence per admission", source=unit)
    ]
    baseline = sum((line.baseline for line in statement.lines), Decimal(0))
    planned = sum((line.planned for line in statement.lines), Decimal(0))
    steps += [
        Step(
            "Baseline, all quarters",
            baseline,
            "admissions",
            _adds(line.baseline for line in statement.lines),
            data,
        ),
        Step(
            "Planned, all quarters",
            planned,
            "admissions",
            _adds(line.planned for line in statement.lines),
            data,
        ),
    ]
    worth = f"{_amount(statement.terms.unit_value)} × ({in_figures(baseline)} − {in_figures(planned)})"
    steps.append(Step("What the planned cut is worth", statement.before_cap, "pence", worth, method))
    steps += _of_rebasing(statement, rules, data)
    if statement.share_of_performance is not None:
        share = statement.share_of_performance
        steps.append(
            Step(
                "The board's share of the performance money, at most",
                share,
                "pence",
                source=f"{rules}/composition",
            )
        )
    steps.append(Step("Fund: the most that can be earned", statement.money.fund, "pence", source=method))
    before = 0
    for line, quarter in zip(statement.lines, statement.quarters, strict=True):
        name = str(quarter.quarter)
        steps.append(
            Step(
                f"{name}: planned cut so far",
                quarter.planned_cumulative,
                "admissions",
                f"{in_figures(line.baseline)} − {in_figures(line.planned)}, added to the quarters before",
                data,
            )
        )
        steps.append(
            Step(
                f"{name}: the most that is due in the quarter",
                quarter.maximum_payment,
                "pence",
                source=method,
            )
        )
        if quarter.payment is None or quarter.achieved_cumulative is None:
            steps.append(Step(f"{name}: payment", None, "pence", "the outturn is not yet known", method))
            continue
        steps.append(
            Step(
                f"{name}: cut achieved so far",
                quarter.achieved_cumulative,
                "admissions",
                f"{in_figures(line.baseline)} − {in_figures(line.actual or Decimal(0))}, added to the quarters before",
                data,
            )
        )
        steps.append(
            Step(
                f"{name}: payment",
                quarter.payment,
                "pence",
                _why(statement, quarter.achieved_cumulative, quarter.planned_cumulative, before),
                method,
            )
        )
        before += quarter.payment
    steps.append(Step("Paid", statement.money.paid, "pence", "the payments, added"))
    steps.append(
        Step(
            "Withheld so far",
            statement.money.withheld,
            "pence",
            "the most that was due for the quarters known, less what was paid",
        )
    )
    steps.append(
        Step(
            "Still at stake",
            statement.money.at_stake,
            "pence",
            "the fund, less the most that was due for the quarters known",
        )
    )
    steps.append(
        Step(
            "Not released: stays with the CCGs",
            statement.money.unreleased,
            "pence",
            "the fund, less what was paid, once all quarters are known",
        )
    )
    return Working("Performance money released", statement.money.paid, "pence", tuple(steps), rests_on)


def _of_rebasing(statement: Statement, rules: str, data: str) -> list[Step]:
    """How the target stands beside the operational plans, where they are known."""
    rebased, method = statement.rebased, f"{rules}/payment/rebasing"
    if rebased is None:
        return []
    beyond = in_figures(statement.terms.rebase_beyond or Decimal(0))
    gap = f"more than {beyond} points apart" if rebased.may_change else f"no more than {beyond} points apart"
    steps = [
        Step("Cut of the agreed target", round(rebased.cut, 4), "%", "(baseline − planned) ÷ baseline, all quarters", data),
        Step("Cut of the CCGs' operational plans", round(rebased.operational, 4), "%", "(baseline − operational) ÷ baseline, all quarters", data),
        Step("May the target be changed?", "yes" if rebased.may_change else "no", "", gap, method),
    ]  # fmt: skip
    if rebased.changed:
        steps.append(Step("What the agreed target put at stake", rebased.before, "pence", "before the target was changed", method))  # fmt: skip
    return steps


def _why(statement: Statement, achieved: Decimal, planned: Decimal, before: Pence) -> str:
    """Which of the limits decided, with its numbers."""
    unit = _amount(statement.terms.unit_value)
    parts = [f"{in_pounds(statement.money.fund)} (fund)"]
    if statement.terms.cap == "quarter":
        parts.append(f"{unit} × {in_figures(planned)} (planned)")
    parts.append(f"{unit} × {in_figures(achieved)} (achieved)")
    floor = "" if statement.terms.clawback else ", not below nothing"
    return f"the least of {', '.join(parts)}{floor}; less {in_pounds(before)} paid before"


def _adds(numbers: Iterable[Decimal]) -> str:
    return " + ".join(in_figures(number) for number in numbers)


def _amount(pence: Pence) -> str:
    return in_pounds(pence)
