"""Payment: what a planned cut puts at stake, what the outturn earns quarter by quarter, and what is never earned."""

from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from carepool.basics.periods import Quarter, quarters_between
from carepool.payment.methods import METHODS
from carepool.payment.release import Line, Statement, Terms, release
from carepool.payment.working import explain
from carepool.rules.scalars import PaymentMethod

QUARTERS = quarters_between(Quarter(2014, 4), Quarter(2015, 3))
GOLDEN = yaml.safe_load((Path(__file__).parent.parent / "golden" / "payment.yaml").read_text())
BASELINE, PLANNED = GOLDEN["baseline"], GOLDEN["planned"]


def lines(
    actual: list[object], baseline: list[object] = BASELINE, planned: list[object] = PLANNED
) -> list[Line]:
    """Four quarters; None is an outturn that is not known."""
    number = [Decimal(str(a)) if a is not None else None for a in actual]
    return [
        Line(quarter, Decimal(str(b)), Decimal(str(t)), a)
        for quarter, b, t, a in zip(QUARTERS, baseline, planned, number, strict=True)
    ]


def paid(
    actual: list[object], terms: Terms | None = None, share: int | None = None, **more: list[object]
) -> Statement:
    """The statement at the unit value of 1,490 pounds, one CCG."""
    return release("E10000016", lines(actual, **more), terms or Terms(149_000), {"09C": 1}, share)


def in_pence(pounds: list[int | None]) -> list[int | None]:
    return [None if each is None else each * 100 for each in pounds]


@pytest.mark.parametrize("case", GOLDEN["cases"], ids=lambda case: case["name"])
def test_golden_cases(case: dict[str, object]) -> None:
    """The cases of tests/golden/payment.yaml: on plan, half, rising, more than planned, catching up, falling back."""
    found = paid(case["actual"])  # type: ignore[arg-type]
    assert found.money.fund == GOLDEN["fund"] * 100
    assert [each.maximum_payment for each in found.quarters] == in_pence(GOLDEN["maximum"])
    assert [each.achieved_cumulative for each in found.quarters] == case["cut"]
    assert [each.payment for each in found.quarters] == in_pence(case["paid"])  # type: ignore[arg-type]
    unreleased = case["unreleased"]
    assert found.money.unreleased == (None if unreleased is None else unreleased * 100)  # type: ignore[operator]


def test_the_fund_is_the_planned_cut_times_the_unit_value() -> None:
    """350 fewer admissions at 1,490 pounds put 521,500 pounds at stake; a plan to admit more puts nothing."""
    assert paid([None] * 4).money.fund == 52_150_000
    rising = paid([None] * 4, planned=[2600, 2600, 2600, 2600])
    assert rising.money.fund == 0
    assert [each.maximum_payment for each in rising.quarters] == [0, 0, 0, 0]


def test_the_fund_is_at_most_the_share_of_the_performance_money() -> None:
    """Where the board's share of the billion is given and smaller, it is the fund, and the statement knows it."""
    found = paid([2400, 2350, 2350, 2400], share=20_000_000)
    assert found.capped
    assert found.before_cap == 52_150_000
    assert found.money.fund == found.money.paid == 20_000_000
    assert not paid([2400, 2350, 2350, 2400], share=52_150_000).capped


def test_before_any_outturn_all_is_at_stake() -> None:
    """With no quarter known nothing is withheld, and the whole fund is at stake."""
    money = paid([None] * 4).money
    assert (money.paid, money.withheld, money.at_stake, money.unreleased) == (0, 0, 52_150_000, None)


def test_half_way_withheld_may_still_be_caught_up() -> None:
    """After two quarters at half the plan: 129,630 paid, 131,120 withheld, 260,750 still at stake. They add up."""
    money = paid([2476, 2437, None, None]).money
    assert (money.paid, money.withheld, money.at_stake) == (12_963_000, 13_112_000, 26_075_000)
    assert money.paid + money.withheld + money.at_stake == money.fund


def test_after_an_unknown_quarter_nothing_is_computed() -> None:
    """From the first unknown quarter on achieved cut and payment are unknown, even where a later outturn is known."""
    found = paid([2432, None, 2374, 2451])
    assert [each.payment for each in found.quarters] == [13_112_000, None, None, None]
    assert [each.achieved_cumulative for each in found.quarters] == [88, None, None, None]


def test_a_quarter_is_capped_at_the_plan_so_far() -> None:
    """A cut made early earns no more than was planned by then; capped by year only, it earns at once."""
    early = [2170, 2480, 2460, 2540]
    assert [q.payment for q in paid(early).quarters] == in_pence([131120, 129630, 128140, 132610])
    assert [q.payment for q in paid(early, Terms(149_000, cap="year")).quarters] == in_pence(
        [521500, 0, 0, 0]
    )


def test_clawback_is_an_option_that_was_not_operated() -> None:
    """With clawback, falling behind pays back what was paid; without it a payment is never below zero."""
    back = [2432, 2393, 2635, 2540]
    assert [q.payment for q in paid(back).quarters] == in_pence([131120, 129630, 0, 0])
    assert [q.payment for q in paid(back, Terms(149_000, clawback=True)).quarters] == in_pence(
        [131120, 129630, -260750, 0]
    )


def test_pennies_are_rounded_half_up() -> None:
    """A tenth of an admission at 1,490.05 pounds is 149.005 pounds, paid as 149.01."""
    found = release(
        "E10000016", lines(["99.9", 0, 0, 0], [100, 0, 0, 0], ["99.9", 0, 0, 0]), Terms(149_005), {"09C": 1}
    )
    assert found.money.fund == 14_901
    assert found.quarters[0].payment == 14_901


def test_each_figure_is_split_among_the_ccgs() -> None:
    """The money is the CCGs' until it is earned: each figure is split by people, to the penny, by largest remainder."""
    found = release("HWB_BP", lines([2476, 2437, 2417, 2496]), Terms(149_000), {"A": 1, "B": 1, "C": 1})
    for name in ("fund", "paid", "withheld", "at_stake", "unreleased"):
        assert sum(getattr(part, name) for part in found.by_ccg.values()) == getattr(found.money, name)
    assert [found.by_ccg[ccg].fund for ccg in "ABC"] == [17_383_334, 17_383_333, 17_383_333]


def test_the_working_adds_up_and_says_what_it_rests_on() -> None:
    """Every step has its arithmetic and its source; the payments in it add to what was paid."""
    found = paid([2476, 2437, 2417, 2496])
    working = explain(found, "bcf-2014-08", "plan.csv", ("recalled",))
    payments = [step.value for step in working.steps if step.says.endswith(": payment")]
    assert (
        sum(payment for payment in payments if isinstance(payment, int)) == working.value == found.money.paid
    )
    assert working.rests_on == ("recalled",)
    assert all(step.source or step.how for step in working.steps)
    first = next(step for step in working.steps if step.says == "2014-15Q4: payment")
    assert (
        first.how
        == "the least of £521,500 (fund), £1,490 × 88 (planned), £1,490 × 44 (achieved), not below nothing; less £0 paid before"
    )


def test_every_method_has_one_implementation() -> None:
    """The rulebook names a method; there is exactly one implementation of each, and none that no rule can name."""
    assert set(METHODS) == set(PaymentMethod)
    assert len(set(METHODS.values())) == len(METHODS)
