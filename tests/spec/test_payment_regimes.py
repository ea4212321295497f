"""Payment under every regime: halves, tests, nothing withheld, a changed target, and what stands in the place of performance."""

# ruff: noqa: F811  (a fixture that is imported is named again as an argument)

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
import yaml

from carepool.actions.demonstration import build
from carepool.actions.house import House
from carepool.actions.nation import terms_of
from carepool.actions.payments import pay, pay_plan, people_in
from carepool.actions.ports import MemoryDrafts
from carepool.actions.regimes import tranche_terms
from carepool.actions.releasing import money_of
from carepool.actions.replaying import replay
from carepool.basics.findings import Severity
from carepool.basics.refusals import Unusable
from carepool.journal.memory import MemoryJournal
from carepool.payment.explaining import explain_any
from carepool.payment.instead import Commitment, out_of_hospital
from carepool.payment.methods import METHODS, TRANCHES
from carepool.payment.rebasing import rebased_release
from carepool.payment.release import Line
from carepool.payment.tranches import Criterion, Outcome, Seen, TrancheStatement, delivered, own_measures
from carepool.rules.rulebook import Rulebook
from carepool.wiring import disk
from carepool.workbooks.statements import write_statements
from tests.spec.test_commands import run  # noqa: F401  (a fixture)
from tests.spec.test_payment import QUARTERS

GOLDEN = yaml.safe_load((Path(__file__).parent.parent / "golden" / "regimes.yaml").read_text())
BOARD = "E10000016"
Case = dict[str, Any]
Run = Callable[..., tuple[int, str, str]]


def ids(case: Case) -> str:
    return str(case["name"])


# The cases


@pytest.mark.parametrize("case", GOLDEN["tranches"], ids=ids)
def test_parts_and_their_tests(rulebook: Rulebook, case: Case) -> None:
    """Under the rules of December 2013 each part is earned by what is passed; from February 2014 all is paid all the same."""
    rules = rulebook.named(case["rules"])
    terms = tranche_terms(rules)
    actual = 100 - 20 * Decimal(str(case["delivered"])) / 100
    seen = {
        (part.name, test.id): Seen(None, Decimal(100), Decimal(80), actual, "lower")
        if test.kind == "metric"
        else Seen(met=case["met"] == "all" or bool(number))
        for part in terms.parts
        for number, test in enumerate(part.tests)
    }
    found = TRANCHES[rules.payment_method](BOARD, terms, seen, {"09C": 1}, case["share"] * 100)
    money = found.money
    assert (money.paid, found.to_recovery, money.withheld) == tuple(case[name] * 100 for name in ("paid", "recovery", "withheld"))  # fmt: skip
    assert money.at_stake == 0
    assert money.unreleased == money.withheld
    for part in found.parts:
        if "parts" in case:
            assert part.fund == case["parts"][part.part.name] * 100
        if part.part.name in case.get("pence_each", {}):
            assert sorted({each.worth for each in part.tests}) == case["pence_each"][part.part.name]
        assert sum(each.worth for each in part.tests) == part.fund
        assert all(sum(each.amounts) == each.worth for each in part.tests)


@pytest.mark.parametrize("case", GOLDEN["halves"], ids=ids)
def test_halves_by_measures_of_ones_own(rulebook: Rulebook, case: Case) -> None:
    """August 2013 leaves the measures open: with the asker's own each half pays the part delivered, and is hypothetical."""
    terms = tranche_terms(rulebook.named("itf-2013-08"))
    parts = tuple(
        replace(part, tests=(Criterion("metric", "admissions", Decimal(1)),)) for part in terms.parts
    )
    halves = (case["first"], case["second"])
    seen = {
        (part.name, "admissions"): Seen(
            None, Decimal(10_000), Decimal(half["planned"]), Decimal(half["actual"])
        )
        for part, half in zip(parts, halves, strict=True)
    }
    found = own_measures(BOARD, replace(terms, parts=parts), seen, {"09C": 1}, case["share"] * 100)
    assert [part.paid for part in found.parts] == [each * 100 for each in case["paid"]]
    assert found.hypothetical


@pytest.mark.parametrize("case", GOLDEN["rebasing"], ids=ids)
def test_a_target_far_above_the_operational_plans_may_be_changed(rulebook: Rulebook, case: Case) -> None:
    """More than two points above, the board's changed target counts and the fund is resized; within, the agreed one stands."""
    rules = rulebook.named("bcf-2015-03")
    cut, other = (2500 - 25 * Decimal(str(case[name])) for name in ("cut", "operational"))
    lines = [Line(quarter, Decimal(2500), cut, other, other, other) for quarter in QUARTERS]
    found = METHODS[rules.payment_method](BOARD, lines, terms_of(rules), {"09C": 1})
    assert found == rebased_release(BOARD, lines, terms_of(rules), {"09C": 1})
    assert found.rebased is not None
    assert (found.rebased.may_change, found.rebased.changed) == (case["may"], case["may"])
    assert found.money.fund == case["fund"] * 100
    assert found.rebased.before == 52_150_000


@pytest.mark.parametrize("case", GOLDEN["instead"], ids=ids)
def test_nothing_depends_on_performance(case: Case) -> None:
    """From 2016-17 the money is spent out of hospital or held; what is held pays for admissions above the plan."""
    given = Commitment(
        case["spent"] * 100, case["held"] * 100, Decimal(9_650), Decimal(9_650 + case["above"]), 149_000
    )
    found = out_of_hospital(BOARD, given, {"A": 1, "B": 2}, case["required"] * 100)
    for name in ("drawn", "back", "short"):
        assert getattr(found.money, name) == case[name] * 100
        assert sum(getattr(part, name) for part in found.by_ccg.values()) == case[name] * 100


# Metrics


def test_either_way_may_be_better() -> None:
    """The part delivered is told the same of a measure that should rise; as good as the plan is the whole, and never more."""
    down, up, told = (Criterion("metric", "m", Decimal(1), better) for better in ("lower", "higher", None))  # type: ignore[arg-type]

    def part(test: Criterion, baseline: int, planned: int, actual: int) -> Decimal | None:
        found = delivered(test, Seen(None, Decimal(baseline), Decimal(planned), Decimal(actual)))
        return None if found is None else Decimal(found.numerator) / found.denominator

    assert part(down, 100, 80, 85) == part(up, 100, 120, 115) == part(told, 100, 120, 115) == Decimal("0.75")
    assert part(down, 100, 80, 70) == part(up, 100, 120, 130) == 1
    assert part(down, 100, 80, 110) == part(up, 100, 120, 90) == 0


def test_a_plan_to_do_no_better() -> None:
    """A plan that is its baseline is delivered whole or not at all, and is not known where nothing says which way is better."""
    down, told = Criterion("metric", "m", Decimal(1), "lower"), Criterion("metric", "m", Decimal(1))
    held, worse = (Seen(None, Decimal(100), Decimal(100), Decimal(actual)) for actual in (100, 101))
    assert delivered(down, held) == 1
    assert delivered(down, worse) == 0
    assert delivered(told, held) is None


def test_what_is_not_known_stays_at_stake(rulebook: Rulebook) -> None:
    """Before anything is seen the whole share is at stake, and nothing is called unreleased."""
    found = TRANCHES[rulebook.named("bcf-2013-12").payment_method](
        BOARD, tranche_terms(rulebook.named("bcf-2013-12")), {}, {"09C": 1}, 400
    )
    assert (found.money.at_stake, found.money.paid, found.money.unreleased) == (400, 0, None)
    assert {each.outcome for part in found.parts for each in part.tests} == {Outcome.UNKNOWN}


# Files

TESTS = """board,tranche,test,met,baseline,planned,actual,performance_share_pence
E10000016,april_conditions,protect_services,yes,,,,400000000
E10000016,april_conditions,seven_days,yes,,,,
E10000016,april_conditions,acute_impact,yes,,,,
E10000016,april_conditions,joint_assessment,yes,,,,
E10000016,april_progress,delayed_transfers,,775,700,740,
E10000016,april_progress,avoidable_emergency_admissions,,2000,1900,1920,
"""
OWN = """board,tranche,test,met,baseline,planned,actual,weight,performance_share_pence
E10000016,first_half,admissions,,10000,9650,9825,1,100000000
E10000016,second_half,admissions,,10000,9650,9600,3,
E10000016,second_half,seven_days,no,,,,1,
"""
CHANGED = """board,quarter,baseline,planned,actual,operational,changed
E10000016,2014-15Q4,2500,2412,2450,2465,2465
E10000016,2015-16Q1,2500,2412,2465,2465,2465
E10000016,2015-16Q2,2500,2412,2465,2465,2465
E10000016,2015-16Q3,2500,2412,2465,2465,2465
"""
ASIDE = "board,out_of_hospital_pence,risk_share_pence,planned,actual,unit_value_pence,required_pence\nE10000016,370000000,30000000,9650,9750,149000,400000000\n"


def test_tests_come_by_file(house: House) -> None:
    """One row a condition or metric; what is missing is a finding that says what to give, and its money stays at stake."""
    paid = pay(house, "bcf-2013-12", "seen.csv", TESTS.encode())
    (found,) = paid.statements
    assert isinstance(found, TrancheStatement)
    assert found.money.paid == 125_000_000
    assert found.to_recovery == 25_000_000
    assert found.money.at_stake == 250_000_000
    missing = [each for each in paid.findings if each.code == "not-seen"]
    assert len(missing) == 8
    assert missing[0].says.endswith(
        "E10000016 says nothing of local_metric, which april_progress depends on."
    )
    assert "give its baseline, plan and outturn" in missing[0].remedy
    recovery = next(each for each in paid.findings if each.code == "recovery-plan")
    assert "46.7%" in recovery.says
    assert "peer review" in recovery.remedy
    assert any("recalled" in each for each in paid.rests_on)


def test_own_measures_come_by_file(house: House) -> None:
    """For August 2013 the file gives measures and weights; without them it says so, and the answer is marked hypothetical."""
    paid = pay(house, "itf-2013-08", "own.csv", OWN.encode())
    (found,) = paid.statements
    assert isinstance(found, TrancheStatement)
    assert [part.paid for part in found.parts] == [25_000_000, 37_500_000]
    assert found.hypothetical
    assert any("hypothetical" in each for each in paid.rests_on)
    half = pay(house, "itf-2013-08", "own.csv", "\n".join(OWN.splitlines()[:2]).encode())
    assert not half.statements
    assert "no measure for second_half" in half.findings[0].says
    bare = pay(house, "itf-2013-08", "own.csv", OWN.replace(",3,", ",,").encode())
    assert "leave the weights open" in bare.findings[0].says
    with pytest.raises(Unusable, match="no column “weight”"):
        pay(house, "itf-2013-08", "own.csv", TESTS.encode())


def test_a_changed_target_comes_by_file(house: House) -> None:
    """The changed target is paid by where it may be; else a blocker says why, and what to give."""
    paid = pay(house, "bcf-2015-03", "changed.csv", CHANGED.encode())
    (found,) = paid.releases
    assert found.money.fund == 20_860_000
    assert found.money.paid == 20_860_000
    assert "resized from £524,480 to £208,600" in next(
        each.says for each in paid.findings if each.code == "target-changed"
    )
    within = pay(house, "bcf-2015-03", "changed.csv", CHANGED.replace(",2412,", ",2450,").encode())
    blocked = {
        "within 2 percentage points": within,
        "not what the CCGs' operational plans have": pay(house, "bcf-2015-03", "c.csv", CHANGED.replace(",2465,2465\n", ",,2465\n").encode()),
        "some quarters and not of others": pay(house, "bcf-2015-03", "c.csv", CHANGED.replace("2465,2465,2465\n", "2465,2465,\n", 1).encode()),
        "lets no agreed target be changed": pay(house, "bcf-2014-08", "c.csv", CHANGED.encode()),
    }  # fmt: skip
    for says, answer in blocked.items():
        assert not answer.statements
        (stop,) = [each for each in answer.findings if each.severity is Severity.BLOCKER]
        assert says in stop.says


def test_a_target_that_may_be_changed_is_told(house: House) -> None:
    """Without a changed target the agreed one is paid, and the board learns that it may ask, whom, and with what."""
    asked = "\n".join(line.rpartition(",")[0] for line in CHANGED.splitlines())
    paid = pay(house, "bcf-2015-03", "c.csv", asked.encode())
    assert paid.releases[0].money.fund == 52_448_000
    told = next(each for each in paid.findings if each.code == "target-may-change")
    assert "NHS England, with ministers consulted" in told.remedy
    bare = "\n".join(line.rpartition(",")[0] for line in asked.splitlines())
    assert "operational-not-given" in {
        each.code for each in pay(house, "bcf-2015-03", "c.csv", bare.encode()).findings
    }


def test_what_is_set_aside_comes_by_file(house: House) -> None:
    """For 2016-17: spent and held, with the plan, outturn and value that a risk share needs; what is missing is told."""
    paid = pay(house, "bcf-2016-17", "aside.csv", ASIDE.encode())
    assert json.loads(json.dumps(paid.statements[0].money.drawn)) == 14_900_000  # type: ignore[union-attr]
    bare = pay(house, "bcf-2016-17", "aside.csv", ASIDE.replace(",149000,", ",,").encode())
    assert bare.statements[0].money.drawn is None  # type: ignore[union-attr]
    assert "Give unit_value_pence" in bare.findings[0].remedy
    twice = pay(house, "bcf-2016-17", "aside.csv", (ASIDE + ASIDE.splitlines()[1]).encode())
    assert "already in row 2" in twice.findings[0].says


def test_a_share_that_is_not_given_is_the_indicative_one(house: House) -> None:
    """Without performance_share_pence the share that is drawn for the board is used, and is said to be indicative."""
    paid = pay(house, "bcf-2014-02", "seen.csv", TESTS.replace("400000000", "").encode())
    assert paid.statements[0].money.paid > 1_000_000_000  # type: ignore[union-attr]
    assert "indicative-share" in {each.code for each in paid.findings}
    assert any("indicative" in each for each in paid.rests_on)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("april_progress,delayed", "april_progres,delayed"), "no part of the money"),
        (("delayed_transfers", "delayed_transfer"), "nothing that april_progress depends on"),
        (("seven_days,yes", "seven_days,maybe"), "neither yes nor no"),
        (("seven_days,yes,,,", "seven_days,yes,1,,"), "a condition, and has numbers"),
        (("delayed_transfers,,", "delayed_transfers,yes,"), "a metric, and is not met or unmet"),
        (("775,700,740", "775,,740"), "is empty"),
        (("775,700,740", "775,-7,740"), "below zero"),
        (("400000000", "4 million"), "not an amount in whole pence"),
        (("seven_days,yes", "protect_services,yes"), "already in row 2"),
    ],
)
def test_a_fault_in_a_file_of_tests(house: House, change: tuple[str, str], says: str) -> None:
    """Each fault is told with its row and column, and costs its board its figures."""
    paid = pay(house, "bcf-2013-12", "seen.csv", TESTS.replace(*change).encode())
    assert not paid.statements
    assert any(says in each.says and each.severity is Severity.BLOCKER for each in paid.findings)


def test_a_plan_that_goes_the_wrong_way_is_asked_about(house: House) -> None:
    """A plan for more delayed days than before is a warning, because higher is not better there."""
    paid = pay(house, "bcf-2013-12", "seen.csv", TESTS.replace("775,700,740", "775,800,790").encode())
    assert "plan-goes-back" in {each.code for each in paid.findings}


# Workings


def test_every_working_adds_up(house: House) -> None:
    """Under every regime the last sums are the steps added, each step has its arithmetic or its source, and both sides see one."""
    for rules, name, text in (
        ("itf-2013-08", "own.csv", OWN), ("bcf-2013-12", "seen.csv", TESTS), ("bcf-2014-02", "seen.csv", TESTS),
        ("bcf-2014-08", "c.csv", CHANGED.replace(",operational,changed", ",x,y")), ("bcf-2015-03", "changed.csv", CHANGED),
        ("bcf-2016-17", "aside.csv", ASIDE),
    ):  # fmt: skip
        paid = pay(house, rules, name, text.encode())
        (found,) = paid.statements
        working = paid.working(found, name)
        assert working == explain_any(found, rules, f"{name}, rows of {BOARD}", paid.rests_on)
        assert all(step.source or step.how for step in working.steps), rules
        earned = [step.value for step in working.steps if step.says.endswith((": earned", ": payment"))]
        if earned:
            assert sum(each for each in earned if isinstance(each, int)) == working.value
        assert set(found.by_ccg) == set(people_in(house, BOARD))


# A year under each regime


@pytest.mark.slow
def test_a_year_under_each_regime(house: House) -> None:
    """2015-16 on its real outturn at the published 3.07%: 253.1 million at stake by quarter, beside a billion before and after."""
    found = replay(house, "2015-16")
    assert found.ambition == Decimal("3.07")
    by_rules = {each.rules.name: each for each in found.regimes}
    assert list(by_rules) == [
        "itf-2013-08",
        "bcf-2013-12",
        "bcf-2014-02",
        "bcf-2014-08",
        "bcf-2015-03",
        "bcf-2016-17",
    ]
    published = house.rulebook.named("bcf-2014-08").value("payment/national_fund", house.rulebook.named("bcf-2015-03").about.governs.first).value  # fmt: skip
    fund = by_rules["bcf-2014-08"].total("fund")
    assert abs(fund / 100 - float(published)) < 150_000
    assert (fund, by_rules["bcf-2014-08"].total("paid")) == (25_311_017_400, 9_183_019_000)
    assert by_rules["bcf-2015-03"].boards == by_rules["bcf-2014-08"].boards
    assert by_rules["bcf-2014-02"].total("paid") == by_rules["bcf-2013-12"].total("open") == 100_000_000_000
    assert by_rules["itf-2013-08"].total("open") == by_rules["bcf-2016-17"].total("aside") == 100_000_000_000
    assert all(
        note for name in ("itf-2013-08", "bcf-2013-12", "bcf-2015-03") for note in by_rules[name].notes
    )
    for regime in found.regimes:
        for money in regime.boards.values():
            assert money.paid + money.to_recovery + money.kept + money.open == money.fund


def test_admissions_may_stand_for_what_is_not_held(house: House) -> None:
    """On request admissions stand for every measure, and operational plans may be supposed: both are hypothetical and say so."""
    found = replay(house, "2015-16", operational=Decimal("0.5"), stand_in=True)
    by_rules = {each.rules.name: each for each in found.regimes}
    assert by_rules["itf-2013-08"].hypothetical
    assert by_rules["bcf-2013-12"].hypothetical
    assert by_rules["bcf-2015-03"].hypothetical
    assert not by_rules["bcf-2014-08"].hypothetical
    assert by_rules["bcf-2015-03"].total("fund") < by_rules["bcf-2014-08"].total("fund")
    assert by_rules["bcf-2013-12"].total("open") == 0
    assert 0 < by_rules["itf-2013-08"].total("paid") < by_rules["bcf-2013-12"].total("paid") < 100_000_000_000
    assert "recovery plan" in by_rules["bcf-2014-02"].notes[0]
    assert len(found.incomplete) == 3


def test_another_year_is_not_replayed(house: House) -> None:
    """A year that no rules pay by quarter cannot be replayed; the sentence says which can."""
    with pytest.raises(Unusable, match="Ask for 2015-16"):
        replay(house, "2016-17")


# A plan


@pytest.mark.slow
def test_a_plans_statement_is_that_of_its_page(house: House) -> None:
    """A signed-off plan is paid by its own rules on the outturns published by a day, and leaves as a workbook like any other."""
    county = replace(house, journal=MemoryJournal(), drafts=MemoryDrafts())
    build(county, disk.county_files())
    paid = pay_plan(county, "carrowby", date(2015, 8, 10))
    shown = money_of(county, "carrowby", date(2015, 8, 10))
    (found,) = paid.releases
    assert (found, paid.illustrative) == (shown.statement, True)
    assert set(paid.people[found.board]) == set(found.by_ccg)
    working = paid.working(found, "plan carrowby")
    book = write_statements(
        paid.statements, paid.people, [working], paid.rules.name, illustrative=paid.illustrative
    )
    with ZipFile(BytesIO(book)) as read:
        assert b"Illustrative" in read.read("xl/sharedStrings.xml")


# The command


@pytest.mark.slow
def test_the_replay_command(run: Run) -> None:
    """``carepool payment --replay 2015-16`` prints one table of the year under each regime, with and without doubtful boards."""
    code, out, err = run("payment", "--replay", "2015-16")
    assert (code, err) == (0, "")
    assert "Without boards that rest on an incomplete return (147)" in out
    assert "£253,110,174" in out
    _, out, _ = run("payment", "--replay", "2015-16", "--stand-in", "--json")
    assert json.loads(out)["stand_in"] is True
    assert len(json.loads(out)["regimes"][0]["boards"]) == 150


@pytest.mark.parametrize(("rules", "text"), [("itf-2013-08", OWN), ("bcf-2013-12", TESTS), ("bcf-2014-02", TESTS), ("bcf-2015-03", CHANGED), ("bcf-2016-17", ASIDE)])  # fmt: skip
def test_the_command_pays_by_every_regime(run: Run, tmp_path: Path, rules: str, text: str) -> None:
    """``carepool payment FILE --rules SET --working --json`` answers in the shape of its method, with the workbook on request."""
    file, book = tmp_path / "file.csv", tmp_path / "statement.xlsx"
    file.write_text(text, encoding="utf-8")
    code, out, _ = run("payment", str(file), "--rules", rules, "--working", "--json", "--workbook", str(book))
    data = json.loads(out)
    assert code == 0
    assert data["rules"] == rules
    assert data["boards"][0]["working"]["steps"]
    assert book.read_bytes().startswith(b"PK")
    code, _, err = run("payment", str(file), "--rules", rules, "--workbook", str(book))
    assert (code, "is there already" in err) == (2, True)
    _, out, _ = run("payment", str(file), "--rules", rules)
    assert BOARD in out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "Name one thing to pay"),
        (["x.csv", "--replay", "2015-16"], "Name one thing to pay"),
        (["--replay", "2015-16", "--rules", "bcf-2014-08"], "every set of rules"),
        (["x.csv", "--stand-in"], "belong to --replay"),
        (["--replay", "2015-16", "--ambition", "much"], "not a cut in per cent"),
    ],
)
@pytest.mark.slow
def test_what_the_command_refuses(run: Run, arguments: list[str], says: str) -> None:
    """One thing is paid at a time, and an option belongs to what it is of."""
    code, _, err = run("payment", *arguments)
    assert code == 2
    assert says in err
