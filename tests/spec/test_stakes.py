"""At stake: an outturn is moved, and the answer is that of the rules, with who keeps what is not earned and what matters most."""

# ruff: noqa: F811  (a fixture that is imported is named again as an argument)

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from carepool.actions.demonstration import build
from carepool.actions.house import House
from carepool.actions.planning import view
from carepool.actions.ports import MemoryDrafts
from carepool.actions.releasing import money_of
from carepool.actions.replaying import replay
from carepool.actions.stake_cases import came_of, statement_of_case
from carepool.actions.stake_questions import (
    Moved,
    Own,
    Question,
    as_query,
    field_of,
    judged_by,
    read_question,
)
from carepool.actions.staking import (
    Stake,
    Subject,
    board_subject,
    first_cut,
    nation_subject,
    plan_subject,
    quarters_of,
    regimes,
    region_subject,
    regions,
    says_most,
    stake,
)
from carepool.basics.periods import Quarter
from carepool.basics.refusals import NotHere, Unusable
from carepool.journal.memory import MemoryJournal
from carepool.partnership.bearing import Kind
from carepool.payment.tranches import TrancheStatement
from carepool.wiring import disk
from tests.spec.test_commands import ON_PLAN, run  # noqa: F401  (a fixture)

Run = Callable[..., tuple[int, str, str]]
KENT, BIRMINGHAM, SOUTH_EAST = "E10000016", "E08000025", "E12000008"
REGIMES = ("itf-2013-08", "bcf-2013-12", "bcf-2014-02", "bcf-2014-08", "bcf-2015-03", "bcf-2016-17")
AVERAGE = Decimal("3.07")
SECOND = Quarter(2015, 1)


@pytest.fixture(scope="module")
def county(house: House) -> House:
    """The house with the illustrative county's plans and pools."""
    made = replace(house, journal=MemoryJournal(), drafts=MemoryDrafts())
    build(made, disk.county_files())
    return made


def asked(house: House, subject: Subject, typed: dict[str, str]) -> Stake:
    """The answer to what is typed."""
    rules = house.rulebook.named(typed.get("rules", "bcf-2014-08"))
    question, errors = read_question(
        rules, quarters_of(house), typed, first_cut(house, subject), counts=subject.kind in {"plan", "board"}
    )
    assert errors == []
    return stake(house, subject, question)


def moving(house: House, rules: str) -> dict[str, str]:
    """A question that moves something under a set of rules."""
    typed = {
        "rules": rules,
        "cut": "3.5",
        "q-2015-16Q1": "-1.5",
        "operational": "1.2",
        "held": "20",
        "value": "1490",
    }
    for part, test in judged_by(house.rulebook.named(rules)):
        typed[field_of(part.name, test.id)] = "100" if test.kind == "condition" else "72.5"
    for part in ("first_half", "second_half"):
        typed |= {f"own-{part}-1-name": "Falls", f"own-{part}-1-weight": "2", f"own-{part}-1-done": "55", f"own-{part}-2-name": "Stays"}  # fmt: skip
    return typed


# The answer is the rules'


@pytest.mark.slow
def test_unmoved_it_is_the_year_replayed(house: House) -> None:
    """With nothing moved, England at the published average cut has the figures of the replay under each of the six methods."""
    found = replay(house, "2015-16")
    assert [each.name for each in regimes(house, nation_subject(house))] == list(REGIMES)
    assert len({each.rules.payment_method for each in found.regimes}) == len(REGIMES)
    for each in found.regimes:
        answer = asked(house, nation_subject(house), {"rules": each.rules.name})
        for name in ("fund", "paid", "to_recovery", "kept", "open", "aside"):
            assert answer.total(name) == each.total(name), (each.rules.name, name)
            assert answer.total(name, answer.incomplete) == each.total(name, answer.incomplete)


@pytest.mark.slow
def test_regions_add_to_the_nation_and_ccgs_to_the_whole(house: House) -> None:
    """Nine regions' figures add to England's to the penny, and each figure is split among the CCGs without remainder."""
    for rules in REGIMES:
        whole = asked(house, nation_subject(house), moving(house, rules))
        parts = [asked(house, region_subject(house, code), moving(house, rules)) for code in regions(house)]
        for name in ("fund", "paid", "kept", "open"):
            assert sum(each.total(name) for each in parts) == whole.total(name)
        assert sum(each.fund for each in whole.by_ccg) == whole.total("fund")
        assert sum(each.paid for each in whole.by_ccg) == whole.total("paid")
        assert sum(each.kept for each in whole.by_ccg) == whole.total("kept") + whole.total("to_recovery")


def test_a_moved_quarter_is_paid_as_the_rules_say(house: House) -> None:
    """A board's quarter, moved to a number of admissions, is paid by the formula: 1,490 pounds for each fewer, as planned at most."""
    plain = asked(house, board_subject(house, KENT), {"cut": "3.5"})
    (case,) = plain.cases
    first = case.quarters[0]
    moved = asked(house, board_subject(house, KENT), {"cut": "3.5", "q-2014-15Q4": str(first.baseline - 100)})
    assert moved.by_quarter[0].paid == 100 * 149_000
    by_share = asked(house, board_subject(house, KENT), {"cut": "3.5", "q-2014-15Q4": "-1%"})
    assert by_share.question.outturn == {Quarter(2014, 4): Moved(shift=Decimal(-1))}
    assert by_share.total("paid") != plain.total("paid")


def test_every_figure_has_its_working(house: House) -> None:
    """Of one case the statement's own steps; of several the cases added; of each step what it pays less what is paid now."""
    one = asked(house, board_subject(house, KENT), {})
    assert one.working(one.cases[0]).value == one.total("paid")
    many = asked(house, region_subject(house, SOUTH_EAST), {})
    working = many.working_of("paid", "Released", [(each.name, [each.code]) for each in many.cases])
    assert working.value == many.total("paid") == sum(int(str(step.value)) for step in working.steps)
    steps = many.working_of_levers.steps
    assert [step.value for step in steps] == [each.change for each in many.levers]
    assert many.rests_on[0].startswith("A what-if on published statistics")


# What would matter most


@pytest.mark.parametrize("rules", REGIMES)
@pytest.mark.slow
def test_a_step_pays_what_its_own_question_pays(house: House, rules: str) -> None:
    """Each step is a question: asked on its own, it pays what the table of steps says, under every method."""
    subject = region_subject(house, SOUTH_EAST)
    found = asked(house, subject, moving(house, rules))
    for lever in found.levers:
        alone = stake(house, subject, lever.question)
        assert lever.paid == alone.total("paid"), lever
        assert lever.change == alone.total("paid") - found.total("paid")
    assert [abs(each.change) for each in found.levers] == sorted((abs(each.change) for each in found.levers), reverse=True)  # fmt: skip
    assert bool(found.levers) == (rules != "bcf-2014-02")


def test_what_matters_most_is_said(house: House) -> None:
    """The greatest change leads, with its step; where nothing changes anything, that is said."""
    found = asked(house, board_subject(house, KENT), {})
    assert says_most(found).startswith("What would matter most: fewer admissions in 2015-16Q1, by one per cent of the baseline. Then £")  # fmt: skip
    kept = asked(house, board_subject(house, KENT), {"rules": "bcf-2014-02"})
    assert says_most(kept) == "No single step changes what is paid."


def test_a_condition_that_is_not_met_loses_its_whole_part(house: House) -> None:
    """Under the rules of December 2013 four conditions are one test, so that one of them matters most; then a measure just short."""
    found = asked(house, board_subject(house, KENT), moving(house, "bcf-2013-12"))
    (statement,) = found.statements.values()
    assert isinstance(statement, TrancheStatement)
    conditions, *others = statement.parts
    worst = [each for each in found.levers if each.change]
    assert [each.change for each in worst[:4]] == [-conditions.fund] * 4
    worth = sorted((test.worth for part in others for test in part.tests), reverse=True)
    assert [each.change for each in worst[4:]] == [-each for each in worth]


# Gaps, options, regimes


def test_gaps_in_the_return_are_told_with_and_without(house: House) -> None:
    """England has three boards on an incomplete return; of one such board only what rests on no gap is sure."""
    nation = asked(house, nation_subject(house), {})
    assert len(nation.incomplete) == 3
    assert 0 < nation.total("fund", nation.incomplete) < nation.total("fund")
    board = asked(house, board_subject(house, BIRMINGHAM), {"q-2014-15Q4": "-5%"})
    assert board.total("paid") > 0
    assert board.without_gaps() == 0
    assert any("incomplete return" in each for each in board.rests_on)
    assert asked(house, board_subject(house, KENT), {}).without_gaps() is None


def test_options_are_hypothetical_and_change_what_is_paid(house: House) -> None:
    """Capped by the year alone more is paid early; with paying back what falls behind is lost; both say that they are not the rules'."""
    plain = asked(house, nation_subject(house), {})
    year = asked(house, nation_subject(house), {"cap": "year"})
    back = asked(house, nation_subject(house), {"back": "yes"})
    assert year.total("paid") > plain.total("paid") > back.total("paid")
    assert (plain.hypothetical, year.hypothetical, back.hypothetical) == (False, True, True)
    assert any("otherwise than the rules" in each for each in year.rests_on)


def test_what_was_only_proposed_or_recalled_says_so(house: House) -> None:
    """The statement of 2013 is proposed, and what is paid by measures of one's own hypothetical; recalled values are named."""
    proposed = asked(house, board_subject(house, KENT), moving(house, "itf-2013-08"))
    assert (proposed.proposed, proposed.hypothetical) == (True, True)
    assert proposed.question.own["first_half"] == (Own("Falls", Decimal(2), Decimal(55)), Own("Stays", Decimal(1), None))  # fmt: skip
    operated = asked(house, board_subject(house, KENT), {})
    assert (operated.proposed, operated.hypothetical) == (False, False)
    assert any("recalled" in each for each in operated.rests_on)


# A plan


@pytest.mark.slow
def test_a_plan_unmoved_is_its_own_money(county: House) -> None:
    """Of a signed-off plan the page of its money has the same statement, once every quarter is published."""
    money = money_of(county, "carrowby")
    found = asked(county, plan_subject(view(county, "carrowby")), {})
    assert found.statements["carrowby"].money == money.statement.money
    assert not found.hypothetical
    other = asked(county, plan_subject(view(county, "carrowby")), {"rules": "bcf-2013-12"})
    assert other.hypothetical
    assert any("carrowby" not in each and "paid by bcf-2014-08" in each for each in other.rests_on)


@pytest.mark.slow
def test_what_is_not_published_is_taken_as_planned(county: House) -> None:
    """As at a day before the last quarters were published they come out as planned unless moved, and that is said."""
    shown = view(county, "carrowby", None, date(2015, 8, 10))
    found = asked(county, plan_subject(shown), {})
    assert [each.published is None for each in found.cases[0].quarters] == [False, False, True, True]
    assert any("taken to come out as planned" in each for each in found.rests_on)
    moved = asked(county, plan_subject(shown), {"q-2015-16Q3": "+20%"})
    assert moved.total("paid") < found.total("paid")


def test_the_shortfall_goes_through_the_agreement(county: House) -> None:
    """What is missed is worked through the agreement on file: who bears, what is drawn on and what no clause covers add to it."""
    found = asked(
        county, plan_subject(view(county, "carrowby")), {"q-2015-16Q2": "+10%", "q-2015-16Q3": "+10%"}
    )
    assert found.borne is not None
    bearing = found.borne.bearing
    assert bearing is not None
    assert bearing.happening.kind is Kind.MISSED
    missed = found.total("kept")
    assert bearing.happening.pence == missed > 0
    assert bearing.borne + sum(each.pence for each in bearing.cover) + bearing.left_open == missed
    without = asked(county, plan_subject(view(county, "stonebeck")), {})
    assert without.borne is not None
    assert "No agreement of the partners is on file" in without.borne.why


def test_a_plan_without_targets_or_performance_has_nothing_at_stake(county: House) -> None:
    """What cannot be worked out is said, with what to fill in."""
    subject = plan_subject(view(county, "carrowby"))
    with pytest.raises(Unusable, match="names no way of paying"):
        stake(county, subject, Question("bcf-2025-26"))
    with pytest.raises(NotHere, match="Did you mean E12000008"):
        region_subject(county, "E12000088")


# The question


@pytest.mark.parametrize("rules", REGIMES)
@pytest.mark.slow
def test_an_address_asks_the_same_again(house: House, rules: str) -> None:
    """What is read is written as an address that reads as the same question, with the same answer and digest."""
    for subject in (nation_subject(house), board_subject(house, KENT)):
        found = asked(house, subject, moving(house, rules))
        again = asked(house, subject, as_query(found.question))
        assert again.question == found.question
        assert (again.digest, dict(again.came)) == (found.digest, dict(found.came))
        assert asked(house, subject, {"rules": rules}).digest != found.digest


@pytest.mark.parametrize(
    ("typed", "at", "says"),
    [
        ({"cut": "much"}, "cut", "is not per cent"),
        ({"q-2015-16Q1": "-101"}, "q-2015-16Q1", "no move in per cent"),
        ({"q-2015-16Q1": "9300"}, "q-2015-16Q1", "no move in per cent"),
        ({"cap": "month"}, "cap", "Choose quarter or year"),
        ({"rules": "bcf-2016-17", "value": "dear"}, "value", "Write pounds"),
        ({"rules": "bcf-2013-12", "t-april_conditions-seven_days": "50"}, "t-april_conditions-seven_days", "met (100) or not (0)"),
        ({"rules": "itf-2013-08", "own-first_half-1-weight": "2"}, "own-first_half-1-name", "without a name"),
        ({"rules": "itf-2013-08", "own-first_half-1-name": "Falls", "own-first_half-1-weight": "0"}, "own-first_half-1-weight", "is no weight"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said_at_its_field(
    house: House, typed: dict[str, str], at: str, says: str
) -> None:
    """Each part that cannot be used is an error at its field, in words, and left out of the question."""
    rules = house.rulebook.named(typed.get("rules", "bcf-2014-08"))
    _, errors = read_question(rules, quarters_of(house), typed, AVERAGE, counts=False)
    assert [(name, says in words) for name, words in errors] == [(at, True)]


def test_a_step_left_out_is_the_whole_statement_again(house: House) -> None:
    """The statement that a case has is what the total is made of."""
    found = asked(house, region_subject(house, SOUTH_EAST), {})
    for case in found.cases:
        assert came_of(statement_of_case(case, found.question, found.regime)) == found.came[case.code]


# The command


@pytest.mark.slow
def test_the_command_asks_as_the_page_does(run: Run) -> None:
    """``carepool stake WHAT MOVED…`` answers in words and JSON, and takes the page's address; a name that moves nothing is refused."""
    code, out, err = run("stake", "board:E10000016", "cut=3.5", "q-2015-16Q1=-1")
    assert (code, err) == (0, "")
    assert "What would matter most" in out
    assert "NHS Ashford CCG" in out
    _, out, _ = run("stake", f"board:{KENT}", "/boards/E10000016/at-stake?cut=3.5&q-2015-16Q1=-1", "--json")
    data = json.loads(out)
    assert (data["question"]["cut"], data["paid_pence"]) == ("3.5", 73_755_000)
    assert data["working"]["steps"]
    assert run("stake", "england", "rules=bcf-2016-17", "held=20", "--json")[0] == 0
    for arguments, says in (
        (("england", "foo=1"), "foo: nothing of that name"),
        (("england", "cut=x"), "cut: “x” is not per cent"),
        (("moon",), "nothing that can be asked of"),
    ):
        code, _, err = run("stake", *arguments)
        assert (code, says in err) == (2, True), err


def test_what_is_moved_twice_is_refused(run: Run) -> None:
    """Nothing that was asked is passed over: of two moves of one quarter neither counts."""
    code, _, err = run("stake", "england", "q-2015-16Q1=-1", "q-2015-16Q1=2")
    assert (code, "q-2015-16Q1 is moved twice" in err) == (2, True)


@pytest.mark.slow
def test_a_file_is_paid_with_other_options(run: Run, tmp_path: Path) -> None:
    """``carepool payment FILE --cap year --clawback`` is hypothetical and says so; rules that pay by no quarter have no such options."""
    file = tmp_path / "plan.csv"
    file.write_text(ON_PLAN.replace("2374,2374", "2374,2474"), encoding="utf-8")
    _, out, _ = run("payment", str(file), "--rules", "bcf-2014-08", "--json")
    plain = json.loads(out)
    _, out, _ = run("payment", str(file), "--rules", "bcf-2014-08", "--cap", "year", "--clawback", "--json")
    other = json.loads(out)
    assert [each["payment_pence"] for each in other["boards"][0]["quarters"]] == [13_112_000, 12_963_000, -2_086_000, 13_261_000]  # fmt: skip
    assert [each["payment_pence"] for each in plain["boards"][0]["quarters"]] == [13_112_000, 12_963_000, 0, 11_175_000]  # fmt: skip
    _, out, _ = run("payment", str(file), "--cap", "year")
    assert "Options are asked otherwise than the rules have them" in out
    for arguments, says in (
        ((str(file), "--rules", "bcf-2013-12", "--cap", "year"), "no cap and no paying back"),
        ((str(file), "--cap", "month"), "Write --cap quarter or --cap year"),
        (("--replay", "2015-16", "--clawback"), "belong to a file"),
    ):
        code, _, err = run("payment", *arguments)
        assert (code, says in err) == (2, True), err
