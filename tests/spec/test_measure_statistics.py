"""Statistics of measures: limits, charts, funnels, ranks, neighbours, and whether an ambition is more than chance."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from carepool.actions.house import House
from carepool.actions.measuring import ask, statistics_of
from carepool.measures.ambitions import dispersion_of, of_counts, of_proportions
from carepool.measures.charts import Change, Signal, chart, sentence, stretch
from carepool.measures.funnels import funnel, ranks, winsorised
from carepool.measures.limits import gamma_below, normal_quantile, of_count, of_part
from carepool.measures.peers import peers
from carepool.rules.measuring import ChartRule, ChartRules
from carepool.rules.rulebook import Rulebook

CASES = yaml.safe_load((Path(__file__).parent.parent / "golden" / "charts.yaml").read_text())
VERSIONS = ("plot_the_dots_7", "plot_the_dots_6")


def rule(rulebook: Rulebook, name: str = "") -> ChartRule:
    """A version of the chart rules."""
    rules = rulebook.measuring.find("chart_rules", ChartRules)
    assert rules
    return rules.named(name)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("case", CASES, ids=[each["name"] for each in CASES])
def test_golden_charts(rulebook: Rulebook, case: dict[str, Any], version: str) -> None:
    """The cases of tests/golden/charts.yaml: mean, limits and signals under each version of the rules, worked by hand."""
    found = stretch(
        [(str(number), float(value)) for number, value in enumerate(case["values"])], rule(rulebook, version)
    )
    assert found.low is not None
    assert found.high is not None
    assert [round(each, 3) for each in (found.mean, found.low, found.high)] == pytest.approx(
        [case["mean"], case["low"], case["high"]], abs=0.001
    )
    signals = {
        str(signal): [number for number, point in enumerate(found.points) if signal in point.signals]
        for signal in Signal
        if any(signal in point.signals for point in found.points)
    }
    assert signals == case[version]


def test_too_few_periods_have_no_limits(rulebook: Rulebook) -> None:
    """Eleven periods are drawn without limits and say so; values that never vary tell nothing either."""
    few = stretch([(str(number), float(number)) for number in range(11)], rule(rulebook))
    assert (few.low, few.why) == (None, "Limits need 12 periods, and there are 11.")
    flat = stretch([(str(number), 5.0) for number in range(15)], rule(rulebook))
    assert flat.low is None
    assert "do not vary" in flat.why


def test_a_signal_is_better_or_worse_by_the_measures_direction(rulebook: Rulebook) -> None:
    """A point above the limits is worse where lower is better, better where higher is, and a change where neither is."""
    values = [(str(number), float(value)) for number, value in enumerate(CASES[1]["values"])]
    found = [stretch(values, rule(rulebook), better).points[-1].change for better in ("lower", "higher", "neither")]  # fmt: skip
    assert found == [Change.WORSE, Change.BETTER, Change.EITHER]


def test_incomplete_returns_are_left_out_of_a_chart(house: House, rulebook: Rulebook) -> None:
    """Solihull's three quarters with a missing provider are named and not drawn: they would make its limits useless."""
    answer = ask(house, "non_elective_admissions", "E08000029")
    found = chart(answer.measured, rule(rulebook))
    assert found.left_out == ("2014-15Q2", "2014-15Q3", "2014-15Q4")
    assert len(found.points) == 9


def test_a_break_begins_limits_anew(house: House, rulebook: Rulebook) -> None:
    """Care home admissions before and after April 2018 have means of their own; a break that only warns does not divide."""
    care = chart(ask(house, "permanent_admissions", "england").measured, rule(rulebook))
    assert [each.points[0].period for each in care.stretches] == ["2014-15", "2018-19"]
    delays = chart(ask(house, "delayed_transfers", "england").measured, rule(rulebook))
    assert len(delays.stretches) == 1


def test_a_chart_has_one_true_sentence(house: House, rulebook: Rulebook) -> None:
    """Kent's delays of March 2016 are above the limits at the end of a long run, and the sentence says so."""
    answer = ask(house, "delayed_transfers", "E10000016")
    said = sentence(chart(answer.measured, rule(rulebook)), answer.measured.definition.title, answer.name)
    assert said.startswith("Delayed transfers of care in Kent averaged 241.0 from 2011-04 to 2016-03; the last period, at 424.1,")  # fmt: skip
    assert said.endswith("which is worse.")


@settings(max_examples=80)
@given(st.integers(0, 9), st.floats(1.0, 3.5))
def test_exact_limits_are_those_of_the_gamma_distribution(count: int, z: float) -> None:
    """Below ten events the limits are Garwood's, as SciPy has them by its own functions."""
    tail = stats.norm.sf(z)
    found = of_count(count, z)
    assert found.method == "exact Poisson"
    assert found.low == pytest.approx(stats.gamma.ppf(tail, count) if count else 0.0, abs=1e-6)
    assert found.high == pytest.approx(stats.gamma.ppf(1 - tail, count + 1), rel=1e-7)


@settings(max_examples=80)
@given(st.integers(10, 200_000))
def test_byars_limits_are_near_the_exact_ones(count: int) -> None:
    """From ten events on Byar's approximation is within a fiftieth of an event, or a thousandth, of the exact limits."""
    found = of_count(count)
    assert found.method == "Byar"
    assert found.low == pytest.approx(stats.gamma.ppf(0.025, count), abs=0.02, rel=1e-3)
    assert found.high == pytest.approx(stats.gamma.ppf(0.975, count + 1), abs=0.02, rel=1e-3)


def test_limits_known_from_tables() -> None:
    """Of no event 0 to 3.69, of five 1.62 to 11.67; of 50 in 52 at home 87.0 to 98.9 per cent by Wilson."""
    assert [round(each, 2) for each in (of_count(0).low, of_count(0).high, of_count(5).low, of_count(5).high)] == [0, 3.69, 1.62, 11.67]  # fmt: skip
    assert [round(each * 100, 1) for each in (of_part(50, 52).low, of_part(50, 52).high)] == [87.0, 98.9]
    assert of_count(10_868.4).method == "Byar"
    with pytest.raises(ValueError, match="zero or more"):
        of_count(-1)
    with pytest.raises(ValueError, match="nobody"):
        of_part(0, 0)


@settings(max_examples=60)
@given(st.floats(0.5, 300), st.floats(0.01, 400))
def test_the_gamma_function_is_scipys(shape: float, x: float) -> None:
    """The incomplete gamma function, by series and by continued fraction, is SciPy's to ten digits."""
    assert gamma_below(shape, x) == pytest.approx(stats.gamma.cdf(x, shape), abs=1e-10)
    assert normal_quantile(0.999) == pytest.approx(stats.norm.ppf(0.999), abs=1e-9)


@settings(max_examples=60)
@given(st.integers(1, 500), st.integers(0, 500))
def test_wilsons_limits_are_scipys(whole: int, part: int) -> None:
    """Limits of a proportion are those of SciPy's binomial test by Wilson's method."""
    part = min(part, whole)
    found, theirs = of_part(part, whole), stats.binomtest(part, whole).proportion_ci(method="wilson")
    assert (found.low, found.high) == pytest.approx((theirs.low, theirs.high), abs=1e-9)


def test_a_funnel_allows_for_more_than_chance(house: House) -> None:
    """Of 150 boards' delays in May 2014 chance alone would point at 123; with the variation between boards three stand out."""
    series = statistics_of(house)
    parts = {}
    for board in house.england.places.boards:
        measured = ask(house, "delayed_transfers", board).measured
        value = next(each for each in measured.values if each.period == "2014-05")
        parts[board] = (float(value.numerator or 0), float(value.denominator or 0))
    found = funnel(parts, proportion=False)
    assert found
    assert found.is_dispersed
    assert found.dispersion > 50
    assert sum(abs(each.z) > 3.09 for each in found.places.values()) > 100
    assert len(found.outliers()) == len(found.outliers(additive=False)) == 3
    assert series.delays.days["ENG", "2014-05"]["total"] - 519 == sum(numerator for numerator, _ in parts.values())  # fmt: skip


def test_a_funnel_without_more_than_chance_is_chance() -> None:
    """Where boards differ as little as chance lets them, nothing is added to the limits, and they are the plain ones."""
    parts = {f"b{number}": (100.0 + sign, 10_000.0) for number, sign in enumerate([-3, 3] * 10)}
    found = funnel(parts, proportion=False)
    assert found
    assert (found.between, found.is_dispersed) == (0.0, False)
    low, high = found.limits(10_000, 0.975)
    assert (low, high) == pytest.approx((0.01 - 1.96 * 0.001, 0.01 + 1.96 * 0.001), abs=1e-6)
    assert funnel(dict(list(parts.items())[:5]), proportion=False) is None


def test_the_spread_between_boards_is_worked_by_hand() -> None:
    """Ten boards of one size, half at 8% and half at 12% of 1,000: phi is 4.444 and tau 0.0185 by the formula of moments."""
    parts = {f"b{number}": (80.0 if number % 2 else 120.0, 1000.0) for number in range(10)}
    found = funnel(parts, proportion=True)
    assert found
    # The error is sqrt(0.1 x 0.9 / 1000) = 0.009487; z is 2.108; phi 4.444; tau is sqrt((44.44 - 9) / (9 / 0.00009)).
    assert found.dispersion == pytest.approx(4.4444, abs=1e-3)
    assert found.between == pytest.approx(0.018826, abs=1e-5)
    assert winsorised([1, 2, 3, 4, 5, 6, 7, 8, 9, 100]) == [2, 2, 3, 4, 5, 6, 7, 8, 9, 9]


def test_a_rank_is_never_without_its_interval() -> None:
    """Of four boards whose limits overlap in pairs, the first may be first or second; ranks turn with the direction."""
    intervals = {
        "a": (10.0, 8.0, 12.0),
        "b": (11.0, 9.0, 13.0),
        "c": (20.0, 18.0, 22.0),
        "d": (21.0, 19.0, 23.0),
    }
    low = ranks(intervals, better="lower")
    assert [(each.rank, each.low, each.high, each.of) for each in low.values()] == [(1, 1, 2, 4), (2, 1, 2, 4), (3, 3, 4, 4), (4, 3, 4, 4)]  # fmt: skip
    high = ranks(intervals, better="higher")
    assert [(each.rank, each.low, each.high) for each in high.values()] == [
        (4, 3, 4),
        (3, 3, 4),
        (2, 1, 2),
        (1, 1, 2),
    ]


def test_neighbours_are_alike_before_anything_is_measured(house: House) -> None:
    """Kent is most like Essex, Manchester like Liverpool; nobody is a neighbour of their own, and fifteen are given."""
    need = statistics_of(house).need
    assert peers("E10000016", need)[0].board == "E10000012"
    assert peers("E08000003", need)[0].board == "E08000012"
    found = peers("E10000016", need)
    assert len(found) == 15
    assert "E10000016" not in {each.board for each in found}
    assert [each.distance for each in found] == sorted(each.distance for each in found)


def test_an_ambition_has_to_be_more_than_chance() -> None:
    """Of 400 admissions 346 is beyond chance and 347 is not, as policy 6.4 works it; from 80% of 500, 84.8% is."""
    assert of_counts(400, 346).is_beyond
    assert not of_counts(400, 347).is_beyond
    assert of_counts(400, 347).threshold == 346
    part = of_proportions(400, 500, 0.8473, 500)
    assert part.is_beyond
    assert not of_proportions(400, 500, 0.847, 500).is_beyond
    assert part.threshold == pytest.approx(0.84725, abs=1e-4)


def test_days_that_come_together_need_a_larger_cut(house: House) -> None:
    """Delayed days vary far more than single events would, so what is beyond chance is further away."""
    measured = ask(house, "delayed_transfers", "E10000016").measured
    counts = [float(each.numerator or Decimal(0)) for each in measured.values]
    wide = dispersion_of(counts)
    assert wide > 10
    assert of_counts(3000, 2800).is_beyond
    assert not of_counts(3000, 2800, wide).is_beyond
    assert of_counts(3000, 2800, wide).threshold < of_counts(3000, 2800).threshold
    assert dispersion_of([]) == 1.0
