"""The worked cases of tests/golden/rules.yaml: published sums and dates, each proved from the shipped rulebook."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml

from carepool.basics.findings import Finding
from carepool.basics.money import round_half_up, share
from carepool.basics.periods import Quarter
from carepool.capacity.intermediate import Need, run_months
from carepool.conditions.target import target_meets_the_guideline
from carepool.journal.commands import Decision
from carepool.journal.memory import MemoryJournal
from carepool.measures.observing import rate
from carepool.payment.methods import RELEASES
from carepool.payment.release import Line, Terms
from carepool.plans.document import Plan, QuarterTarget, Target
from carepool.pool.log import enter, log_of, stream_of
from carepool.rules.paying import OutOfHospital, Rebasing, Tranches
from carepool.rules.rulebook import Rulebook, RuleSet
from carepool.rules.schema import Composition, Metrics, Transfer

Case = Mapping[str, Any]
CASES: dict[str, Case] = {
    each["id"]: each
    for each in yaml.safe_load((Path(__file__).parent.parent / "golden" / "rules.yaml").read_text())["cases"]
}
PROVED: list[str] = []
MILLION = 100_000_000
"""Pence in a million pounds."""


def proves(id_: str) -> Callable[..., Any]:
    """Marks the test that proves a case, and hands it the case."""
    PROVED.append(id_)
    return pytest.mark.parametrize("case", [pytest.param(CASES[id_], id=id_)])


def millions(pence: int) -> int:
    """An amount as people say it, in whole millions of pounds."""
    return int(round_half_up(Decimal(pence) / MILLION))


def called(composition: Composition, name: str) -> int:
    """A total as it was stated, in pence."""
    return next(each.pence for each in composition.stated if each.name == name)


def billions(pence: int) -> Decimal:
    """An amount in billions of pounds, to one decimal, as the totals are quoted."""
    return round_half_up(Decimal(pence) / MILLION / 1000, 1)


def existing(composition: Composition, new_money: str) -> int:
    """What the streams without the new money add to, in pence."""
    return sum(each.pence for each in composition.streams if each.name != new_money)


def tranches(rules: RuleSet) -> Tranches:
    """The performance money of a set in its parts."""
    found = rules.find("payment/tranches", Tranches)
    assert found is not None
    return found


def below_guideline(rules: RuleSet, baseline: int, planned: int, says: str = "") -> list[Finding]:
    """What the check of the guideline finds in a plan of one quarter."""
    target = Target(
        quarters=(
            QuarterTarget(
                quarter=rules.release.performance_quarters[0],
                baseline=Decimal(baseline),
                planned=Decimal(planned),
            ),
        ),
        case=says,
    )
    plan = Plan(rules=rules.name, target=target)
    return target_meets_the_guideline(plan, SimpleNamespace(rules=rules))  # type: ignore[arg-type]


@proves("W01")
def test_the_transfer_of_2014_15(rulebook: Rulebook, case: Case) -> None:
    """900 million that was planned and 200 million more are 1,100 million, in every set whose plans cover that year."""
    held = [rules for rules in rulebook.in_order if "2014-15" in rules.about.years]
    assert held
    for rules in held:
        transfer = rules.find("transfer", Transfer)
        assert transfer is not None
        assert {each.name: millions(each.pence) for each in transfer.parts} == case["inputs"]["parts"]
        assert transfer.total == case["expected"]["millions"] * MILLION


@proves("W02")
def test_existing_funding_is_called_more_than_it_is(rulebook: Rulebook, case: Case) -> None:
    """1,880 million by the statement and 1,884 by the exact grants are both called 1.9 billion."""
    expected = dict(case["expected"])
    stated = expected.pop("called") * MILLION
    for name, sum_ in expected.items():
        composition = rulebook.named(name).composition
        found = existing(composition, case["inputs"]["new_money"])
        assert millions(found) == sum_
        assert called(composition, "existing") == stated
        assert billions(found) == billions(stated)


@proves("W03")
def test_capital_is_called_354_million(rulebook: Rulebook, case: Case) -> None:
    """The Disabled Facilities Grant and the exact social care capital grant are 353.641 million, called 354."""
    composition = rulebook.named(case["inputs"]["rules"]).composition
    capital = sum(
        each.pence for each in composition.streams if each.received_by == case["inputs"]["received_by"]
    )
    assert capital == case["expected"]["pounds"] * 100
    assert called(composition, "capital") == case["expected"]["called"] * 100 == millions(capital) * MILLION


@proves("W04")
def test_the_whole_fund_is_called_3_8_billion(rulebook: Rulebook, case: Case) -> None:
    """1,884 million of existing money and 1,900 of additional money are 3,784, called 3.8 billion."""
    composition, expected = rulebook.named(case["inputs"]["rules"]).composition, case["expected"]
    before = existing(composition, case["inputs"]["new_money"])
    assert millions(before) == expected["existing_millions"]
    assert millions(composition.total - before) == expected["added_millions"]
    assert millions(composition.total) == expected["millions"]
    assert called(composition, "fund") == expected["called"] * 100
    assert billions(composition.total) == billions(called(composition, "fund"))


@proves("W05")
def test_the_billion_comes_in_two_halves(rulebook: Rulebook, case: Case) -> None:
    """Two parts of 250 million in April and one of 500 in October are the billion that depends on performance."""
    expected = case["expected"]
    for name in case["inputs"]["rules"]:
        rules = rulebook.named(name)
        parts = tranches(rules).tranches
        assert [each.pence // 100 for each in parts] == expected["parts"]
        for month in ("April 2015", "October 2015"):
            assert sum(each.pence for each in parts if each.on == month) == expected[month] * 100
        performance = rules.composition.inside("performance")
        assert performance is not None
        assert sum(each.pence for each in parts) == expected["total"] * 100 == performance.pence


@proves("W14")
def test_an_agreed_sum_against_its_minimum(rulebook: Rulebook, case: Case) -> None:
    """What Dorset agreed is at least the minimum that each set holds for it: 6.32 times that of 2015-16."""
    held = [rules for rules in rulebook.in_order if rules.methods.calibration]
    assert held
    for rules in held:
        minimum = {each.id: each.pence for each in rules.methods.calibration}
        agreed = {id_: pounds * 100 for id_, pounds in case["inputs"]["agreed"].items()}
        assert minimum.keys() == agreed.keys()
        assert all(minimum[id_] <= agreed[id_] for id_ in agreed) is case["expected"]["minimum_is_met"]
        for id_, ratio in case["expected"]["ratio"].items():
            assert round_half_up(Decimal(agreed[id_]) / minimum[id_], 2) == Decimal(ratio)


def in_per_cent(rules: RuleSet, part: str, whole: str, on: date) -> Decimal:
    """One dated value as a part of another, to one decimal."""
    return round_half_up(rules.value(part, on).value / rules.value(whole, on).value * 100, 1)


@proves("W15")
def test_the_savings_of_april_2014(rulebook: Rulebook, case: Case) -> None:
    """NHS England had confidence in 7.5% of the savings that plans claimed, which was 5.5% of those expected."""
    rules, on = rulebook.named(case["inputs"]["rules"]), case["inputs"]["day"]
    assert in_per_cent(rules, "savings/assured", "savings/claimed", on) == Decimal(
        case["expected"]["of_claimed"]
    )
    assert in_per_cent(rules, "savings/assured", "savings/expected", on) == Decimal(
        case["expected"]["of_expected"]
    )


@proves("W16")
def test_the_savings_of_the_approved_plans(rulebook: Rulebook, case: Case) -> None:
    """59.0% of the savings promised were the NHS's, and 80.6% of those came from fewer admissions."""
    rules, on, expected = rulebook.named(case["inputs"]["rules"]), case["inputs"]["day"], case["expected"]
    assert in_per_cent(rules, "savings/planned_nhs", "savings/planned", on) == Decimal(expected["nhs_of_all"])
    admissions = in_per_cent(rules, "payment/national_fund", "savings/planned_nhs", on)
    assert admissions == Decimal(expected["admissions_of_nhs"])


@proves("W17")
def test_what_of_the_billion_did_not_depend_on_admissions(rulebook: Rulebook, case: Case) -> None:
    """The billion less the 253 million of all plans' performance money is 747 million for services out of hospital."""
    rules = rulebook.named(case["inputs"]["rules"])
    performance = rules.composition.inside("performance")
    assert performance is not None
    at_stake = rules.value("payment/national_fund", case["inputs"]["day"]).value * 100
    assert millions(performance.pence - int(at_stake)) == case["expected"]["millions"]


@proves("W21")
def test_the_first_plans_were_below_the_guideline(rulebook: Rulebook, case: Case) -> None:
    """Cuts of 0.8% and 2.8% are below the guideline: without a case the plan is blocked, with one it is noted."""
    rules, baseline = rulebook.named(case["inputs"]["rules"]), case["inputs"]["baseline"]
    for cut in case["inputs"]["cuts"].values():
        planned = int(baseline * (100 - Decimal(cut)) / 100)
        for says, severity in (("", "without_a_case"), ("A credible case.", "with_a_case")):
            findings = below_guideline(rules, baseline, planned, says)
            assert [str(each.severity) for each in findings] == [case["expected"][severity]]


@proves("W26")
def test_a_target_is_changed_only_when_far_from_the_operational_plan(rulebook: Rulebook, case: Case) -> None:
    """A gap of 1.9 points or of exactly two changes nothing; at 2.1 NHS England may approve a change, with ministers."""
    rebasing = rulebook.named(case["inputs"]["rules"]).find("payment/rebasing", Rebasing)
    assert rebasing is not None
    gaps = [Decimal(case["inputs"]["target"]) - Decimal(each) for each in case["inputs"]["operational"]]
    assert [gap > rebasing.points for gap in gaps] == case["expected"]["may_change"]
    assert rebasing.approved_by == case["expected"]["approved_by"]
    assert rebasing.consulted == case["expected"]["consulted"]
    assert rebasing.resize is case["expected"]["resize"]


@proves("W27")
def test_returns_are_due_at_midday_in_london(rulebook: Rulebook, case: Case) -> None:
    """Midday is 12:00 on the clocks of London: 11:00 universal time in May, 12:00 in November."""
    due = [
        next(each for each in rulebook.named(name).timetable.deadlines if each.id == id_)
        for name, ids in case["inputs"]["returns"].items()
        for id_ in ids
    ]
    assert [each.at.written for each in due] == case["expected"]["written"]
    assert [each.at.instant.astimezone(UTC).isoformat() for each in due] == case["expected"]["in_utc"]


@proves("14C")
def test_what_one_measure_is_worth(rulebook: Rulebook, case: Case) -> None:
    """A part is shared by its weights: 62.5 million for each of four, 83.3 for each of six with twopence left over."""
    parts = {each.name: each for each in tranches(rulebook.named(case["inputs"]["rules"])).tranches}
    for name, expected in case["expected"].items():
        tranche = parts[name]
        worth = share(tranche.pence, {each.key: int(each.weight) for each in tranche.depends_on})
        assert len(worth) == expected["measures"]
        assert sorted(set(worth.values())) == expected["each_in_pence"]
        assert sum(worth.values()) == tranche.pence
        assert tranche.pence - min(worth.values()) * len(worth) == expected["left_over"]


@proves("K1")
def test_the_guideline_to_one_admission(rulebook: Rulebook, case: Case) -> None:
    """350 of 10,000 are the guideline's 3.5%; one admission fewer is 3.49%, and needs a credible case."""
    rules = rulebook.named(case["inputs"]["rules"])
    for planned, cut in case["expected"].items():
        findings = below_guideline(rules, case["inputs"]["baseline"], int(planned))
        assert bool(findings) is bool(cut)
        assert all(cut in each.says for each in findings)


@proves("K3")
def test_what_a_board_must_spend_out_of_hospital(rulebook: Rulebook, case: Case) -> None:
    """Of 4,000,000 pounds, 521,500 are at stake on 350 admissions; the other 3,478,500 go to services out of hospital."""
    given, expected = case["inputs"], case["expected"]
    rules = rulebook.named(given["rules"])
    quarter: Quarter = rules.release.performance_quarters[0]
    value = rules.value("payment/unit_value", quarter.first_day).value
    line = Line(quarter, Decimal(given["baseline"]), Decimal(given["planned"]), None)
    terms = Terms(int(value * 100), rules.release.cap, rules.release.clawback)
    whole = given["share_of_the_billion"] * 100
    fund = RELEASES[rules.release.method]("E10000009", [line], terms, {"11J": 1}, whole).money.fund
    assert fund == expected["at_stake"] * 100
    assert whole - fund == expected["out_of_hospital"] * 100


@pytest.mark.parametrize("case", [pytest.param(CASES[each], id=each) for each in ("K6", "K7")])
def test_a_rate_out_of_the_people_that_it_is_of(rulebook: Rulebook, case: Case) -> None:
    """What was counted of every 100,000 people, to one decimal as it is shown, by the definition that the measure has."""
    given, day = case["inputs"], date(case["inputs"]["year"], 4, 1)
    found = rulebook.definitions.named(given["measure"])
    value = rate(found, "2015-16", day, Decimal(given["counted"]), Decimal(given["people"]))
    assert (str(value.value), found.on(day).scale) == (case["expected"], 100_000)


PROVED += ["K6", "K7"]


@proves("K8")
def test_beds_a_day_are_delayed_days_by_the_days_of_the_month(rulebook: Rulebook, case: Case) -> None:
    """1,240 days of a 31-day month are 40.0 beds a day: a number of beds, out of days and not of people."""
    given = case["inputs"]
    found = rulebook.definitions.named(given["measure"])
    value = rate(found, "2017-05", given["day"], Decimal(given["counted"]), Decimal(given["days"]))
    assert (str(value.value), value.version, found.people) == (case["expected"], "v2", "none")


@proves("K4")
def test_a_gap_is_those_to_begin_less_those_who_can(case: Case) -> None:
    """A place of a 30-day month with stays of 30 days serves one person; what is bought besides is more places."""
    given = case["inputs"]
    need = Need("2015-06", Decimal(given["capacity"]), Decimal(given["demand"]), Decimal(30))
    (month,) = run_months([need], Decimal(100), more=Decimal(given["spot"]))
    assert (month.gap, month.waiting) == (case["expected"], case["expected"])


@proves("K9")
def test_a_risk_scores_how_likely_times_how_bad(case: Case) -> None:
    """From 1 to 25: it is worked out, and nobody types it."""
    given = case["inputs"]
    decided = enter("p", "risk", "0" * 64, "council:ZZ6", owners=["council:ZZ6"], **given)
    assert isinstance(decided, Decision)
    journal, stream = MemoryJournal(), stream_of("p")
    journal.append(decided.facts, expecting={stream: 0}, by="a", at=datetime(2015, 4, 1, tzinfo=UTC))
    assert log_of(journal.read(stream))[0].score == case["expected"]


@proves("fund of 2016-17")
def test_the_fund_of_2016_17(rulebook: Rulebook, case: Case) -> None:
    """3,519 and 394 million are 3,913, called 3.9 billion; a misprinted 294 would come to 3.8. 2,519 are released at once."""
    rules, expected = rulebook.named(case["inputs"]["rules"]), case["expected"]
    composition = rules.composition
    stated = called(composition, "fund")
    assert millions(composition.total) == expected["millions"]
    assert stated == expected["called"] * 100
    assert billions(composition.total) == billions(stated)
    nhs = composition.sum_of(("nhs_minimum",))
    misprinted = nhs + case["inputs"]["misprint_millions"] * MILLION
    assert millions(misprinted) == expected["with_the_misprint_millions"]
    assert billions(misprinted) != billions(stated)
    instead, inside = (
        rules.find("payment/out_of_hospital", OutOfHospital),
        composition.inside("out_of_hospital"),
    )
    assert instead is not None
    assert inside is not None
    assert (instead.pence, instead.within) == (inside.pence, inside.within)
    assert millions(nhs - instead.pence) == expected["released_up_front_millions"]


@proves("conditions")
def test_the_number_of_conditions(rulebook: Rulebook, case: Case) -> None:
    """Eight conditions were proposed, six were operated until 2016, eight in 2016-17 and four in 2025-26."""
    assert {each.name: len(each.conditions.conditions) for each in rulebook.in_order} == case["expected"]


@proves("performance")
def test_what_money_depends_on(rulebook: Rulebook, case: Case) -> None:
    """No measures, six, six without withholding, one, and none: each redesign's own."""
    assert {each.name for each in rulebook.in_order} == case["expected"].keys()
    for name, expected in case["expected"].items():
        rules = rulebook.named(name)
        metrics, parts = rules.find("metrics", Metrics), rules.find("payment/tranches", Tranches)
        assert (
            sorted(each.id for each in (metrics.metrics if metrics else ()) if each.pays)
            == expected["paying"]
        )
        assert (parts.withheld if parts else None) == expected.get("withheld")
        assert rules.pays is (len(expected["paying"]) == 1)


@proves("tranches")
def test_what_each_part_of_the_billion_depends_on(rulebook: Rulebook, case: Case) -> None:
    """Four conditions, then four measures, then six; the February after changed none of it."""
    for name in case["inputs"]["rules"]:
        parts = tranches(rulebook.named(name)).tranches
        assert {each.name: sorted(on.id for on in each.depends_on) for each in parts} == case["expected"]


@proves("unit value")
def test_the_unit_value_fits_the_nations_admissions(rulebook: Rulebook, case: Case) -> None:
    """253 million at 1,490 pounds are 169,799 admissions, which at the average cut of 3.07% are of 5.53 million."""
    rules, on = rulebook.named(case["inputs"]["rules"]), case["inputs"]["day"]
    avoided = rules.value("payment/national_fund", on).value / rules.value("payment/unit_value", on).value
    baseline = avoided / rules.value("payment/average_cut", on).value * 100
    assert round_half_up(avoided) == case["expected"]["admissions_avoided"]
    assert round_half_up(baseline / 10**6, 2) == Decimal(case["expected"]["baseline_in_millions"])


@proves("days")
def test_which_rules_govern_a_day(rulebook: Rulebook, case: Case) -> None:
    """Each day is governed by one set, or by none where nobody at hand knows; then the next set says so itself."""
    governing = [
        [each for each in rulebook.in_order if each.about.governs.covers(day)]
        for day in case["inputs"]["days"]
    ]
    assert all(len(found) <= 1 for found in governing)
    assert [found[0].name if found else "none" for found in governing] == case["expected"]["governs"]
    untold = [gap for each in rulebook.in_order for gap in each.about.not_known]
    for day, found in zip(case["inputs"]["days"], governing, strict=True):
        assert bool(found) is not any(gap.tells(day, day) for gap in untold)


def test_every_case_is_proved_once() -> None:
    """No case of tests/golden/rules.yaml stands there without a test that proves it, and each says what it cites."""
    assert sorted(PROVED) == sorted(CASES)
    assert all(each["says"] and each["cites"] for each in CASES.values())
