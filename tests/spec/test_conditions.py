"""Checks: each finds its own fault at its own place in a whole plan, cites its rule, and says what to do."""

import ast
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import carepool.conditions
from carepool.actions.demonstration import Stage, filled, people
from carepool.actions.demonstration_words import read_narrative
from carepool.actions.expecting import known_for
from carepool.actions.house import House
from carepool.actions.planning import start_plan
from carepool.actions.ports import MemoryDrafts
from carepool.basics.findings import Finding, Severity
from carepool.conditions.checks import check
from carepool.conditions.known import Known
from carepool.journal.memory import MemoryJournal
from carepool.plans.document import EVERY, Plan, as_data, sections_asked
from carepool.plans.document import filled as what_stands
from carepool.rules.parse import parse
from carepool.rules.schema import Strictness
from carepool.wiring import disk
from tests.spec.test_plans import CHECKS as OF_PLANS

Data = dict[str, Any]
RULES = "bcf-2014-08"
ON = date(2014, 9, 1)


@pytest.fixture(scope="module")
def stage(house: House) -> House:
    """A house in which Merrow's plan is started."""
    made = Stage(replace(house, journal=MemoryJournal(), drafts=MemoryDrafts()), people(disk.county_files()))
    made.on(2014, 9, 1)
    for handle in ("merrow.lead",):
        made.office(handle)
    start_plan(made.house, made.actor("merrow.lead"), "merrow", RULES, ("ZZ1",), "Merrow")
    return made.house


@pytest.fixture(scope="module")
def whole(stage: House) -> Plan:
    """Merrow's plan with every section filled in."""
    return filled(stage, read_narrative(disk.county_files()), "merrow", "ZZ1", Decimal("3.5"))


@pytest.fixture(scope="module")
def known(stage: House, whole: Plan) -> Known:
    """What it is checked against on 1 September 2014."""
    return known_for(stage, stage.rulebook.named(RULES), stage.areas.county, whole.parties, on=ON)


def found_in(whole: Plan, known: Known, change: Callable[[Data], object]) -> list[Finding]:
    """The findings of the plan after a change of its data that are not those of the plan as it was."""
    data = as_data(whole)
    change(data)
    before = {each.says for each in check(whole, known)}
    return [each for each in check(Plan.model_validate(data), known) if each.says not in before]


def test_a_whole_plan_answers_every_section_and_nothing_blocks(whole: Plan, known: Known) -> None:
    """Every section that the rules ask for is filled in; what is found are the notes and doubts that the plan tells itself."""
    assert all(what_stands(whole.section(name)) for name in sections_asked(known.rules))
    codes = [each.code for each in check(whole, known)]
    assert codes == ["provider-doubts", "spend-unsourced", "operating-plan-unsaid", "condition-not-met", "condition-not-met", "deadline"]  # fmt: skip


FAULTS: list[tuple[str, str, str, Callable[[Data], object]]] = [
    ("unknown-condition", "blocker", "conditions/answers/0/condition", lambda d: d["conditions"]["answers"][0].update(condition="jointly_agred")),
    ("condition-twice", "blocker", "conditions/answers/0/condition", lambda d: d["conditions"]["answers"][1].update(condition="jointly_agreed")),
    ("condition-unanswered", "warning", "conditions/answers/2/how", lambda d: d["conditions"]["answers"][2].update(how=" ")),
    ("conditions-unanswered", "warning", "conditions/answers", lambda d: d["conditions"].update(answers=[])),
    ("condition-without-day", "warning", "conditions/answers/2/by", lambda d: d["conditions"]["answers"][2].update(by="")),
    ("condition-without-evidence", "note", "conditions/answers/0/evidence", lambda d: d["conditions"]["answers"][0].update(evidence="")),
    ("benefit-without-scheme", "blocker", "benefits/benefits/0/scheme", lambda d: d["benefits"]["benefits"][0].update(scheme="S9")),
    ("saving-differs", "blocker", "benefits/benefits/1/saving", lambda d: d["benefits"]["benefits"][1].update(saving=1)),
    ("freed-by-nobody", "blocker", "freed/freed/0/ccg", lambda d: d["freed"]["freed"][0].update(ccg="Z9Z")),
    ("freed-differs", "blocker", "freed/freed", lambda d: d["freed"]["freed"][0].update(pence=100)),
    ("provider-disagrees", "warning", "freed/freed/0/fallback", lambda d: d["freed"]["freed"][0].update(view="disagrees", fallback="")),
    ("paid-twice", "blocker", "spend/spend", lambda d: d["spend"]["spend"][0].update(source="carers_breaks")),
    ("unknown-source", "blocker", "spend/spend/0/source", lambda d: d["spend"]["spend"][0].update(source="lottery")),
    ("capital-elsewhere", "blocker", "spend/spend/0/commissioner", lambda d: d["spend"]["spend"][0].update(source="disabled_facilities_grant", year_1=0, year_2=0)),
    ("out-of-hospital-short", "warning", "spend/spend", lambda d: [line.update(area="acute") for line in d["spend"]["spend"]]),
    ("protection-unsaid", "warning", "protection/eligibility_next", lambda d: d["protection"].update(eligibility_next="")),
    ("protection-without-sum", "warning", "protection/pence", lambda d: d["protection"].update(pence=None)),
    ("protection-too-much", "warning", "protection/pence", lambda d: d["protection"].update(pence=10**12)),
    ("budget-falls", "note", "protection/budget_after", lambda d: d["protection"].update(budget_after=100)),
    ("operating-plan-differs", "warning", "target/quarters", lambda d: [row.update(operating_plan=row["baseline"]) for row in d["target"]["quarters"]]),
    ("flows-differ", "warning", "flows/flows", lambda d: d["flows"]["flows"][0].update(reduction="1")),
    ("flow-of-another-board", "warning", "flows/flows/0/board", lambda d: d["flows"]["flows"][0].update(board="ZZ2")),
    ("trust-disagrees", "warning", "flows/flows/0/trust_plan", lambda d: d["flows"]["flows"][0].update(trust_plan="1")),
    ("provider-silent", "warning", "flows/flows/0/trust", lambda d: d["commentaries"].update(commentaries=[])),
    ("provider-doubts", "warning", "commentaries/commentaries/0/agrees", lambda d: d["commentaries"]["commentaries"][0].update(agrees="no", why="")),
    ("nhs-number-without-day", "warning", "sharing/primary_by", lambda d: d["sharing"].update(primary_by="")),
    ("rests-at-weekends", "note", "seven_days/services/0", lambda d: d["seven_days"]["services"][0].update(since="")),
    ("risk-scale", "blocker", "risks/risks/0/likelihood", lambda d: d["risks"]["risks"][0].update(likelihood="6")),
    ("no-contingency", "warning", "risks/contingencies", lambda d: d["risks"].update(contingencies=[])),
    ("contingency-open", "warning", "risks/contingencies/0", lambda d: d["risks"]["contingencies"][0].update(decider="", pence=None)),
    ("party-twice", "blocker", "parties/ccgs/1", lambda d: d["parties"].update(ccgs=[d["parties"]["ccgs"][0], *d["parties"]["ccgs"]])),
    ("scheme-open", "warning", "schemes/0/name", lambda d: d["schemes"]["schemes"][0].update(name="", what="", who_for="", buys="")),
    ("freed-unsaid", "warning", "freed/freed", lambda d: d["freed"].update(freed=[])),
    ("freed-without-sum", "warning", "freed/freed/0/pence", lambda d: d["freed"]["freed"][0].update(pence=None)),
    ("saving-unsaid", "warning", "benefits/benefits/0/saving", lambda d: d["benefits"]["benefits"][0].update(saving=None)),
    ("benefit-twice", "warning", "benefits/benefits/3", lambda d: d["benefits"]["benefits"].append(d["benefits"]["benefits"][0])),
    ("benefits-beyond-target", "warning", "benefits/benefits", lambda d: d["benefits"]["benefits"][0].update(activity="50000", unit_price=100, saving=5_000_000)),
    ("spend-unsourced", "warning", "spend/spend/1/source", lambda d: d["spend"]["spend"][0].update(source="reablement", year_1=0, year_2=0)),
    ("capital-short", "blocker", "spend/spend", lambda d: [line.update(commissioner=d["parties"]["ccgs"][0]) for line in d["spend"]["spend"]]),
    ("capital-short", "blocker", "spend/spend", lambda d: [line.update(area="acute") for line in d["spend"]["spend"]]),
    ("area-unsaid", "warning", "spend/spend/0/area", lambda d: [line.update(area="") for line in d["spend"]["spend"]]),
    ("condition-unsaid", "warning", "conditions/answers/0/met", lambda d: d["conditions"]["answers"][0].update(met="")),
    ("condition-overdue", "warning", "conditions/answers/2/by", lambda d: d["conditions"]["answers"][2].update(by="1990-01-01")),
    ("operating-plan-differs", "warning", "target/quarters", lambda d: [row.update(operating_plan="1") for row in d["target"]["quarters"]]),
    ("unknown-trust", "warning", "flows/flows/0/trust", lambda d: d["flows"]["flows"][0].update(trust="NOPE")),
    ("trust-plan-unsaid", "warning", "flows/flows/0/trust_plan", lambda d: d["flows"]["flows"][0].update(trust_plan=None)),
    ("metric-missing", "warning", "metrics/metrics", lambda d: d["metrics"]["metrics"].pop(0)),
    ("unknown-metric", "blocker", "metrics/metrics/0/metric", lambda d: d["metrics"]["metrics"][0].update(metric="nonsense")),
    ("metric-twice", "blocker", "metrics/metrics/5/metric", lambda d: d["metrics"]["metrics"].append(d["metrics"]["metrics"][0])),
    ("metric-without-figure", "warning", "metrics/metrics/0/baseline", lambda d: d["metrics"]["metrics"][0].update(baseline=None)),
    ("metric-without-figure", "warning", "metrics/metrics/0/year_2", lambda d: d["metrics"]["metrics"][0].update(year_2=None)),
    ("metric-worse", "warning", "metrics/metrics/0/year_2", lambda d: d["metrics"]["metrics"][0].update(year_2="9000")),
    ("metric-worse", "warning", "metrics/metrics/1/year_2", lambda d: d["metrics"]["metrics"][1].update(year_2="1")),
    ("local-metric-undefined", "warning", "metrics/local", lambda d: d["metrics"].update(local=[])),
    ("local-metric-open", "warning", "metrics/local/0", lambda d: d["metrics"]["local"][0].update(numerator="")),
    ("local-metric-twice", "blocker", "metrics/local/1/id", lambda d: d["metrics"]["local"].append(d["metrics"]["local"][0])),
    ("local-metric-without-target", "note", "metrics/local/0/id", lambda d: d["metrics"]["local"][0].update(id="other")),
    ("earmark-twice", "blocker", "earmarks/earmarks/2/name", lambda d: d["earmarks"]["earmarks"].append(d["earmarks"]["earmarks"][0])),
    ("earmark-without-sum", "warning", "earmarks/earmarks/0/pence", lambda d: d["earmarks"]["earmarks"][0].update(pence=None)),
    ("earmark-too-much", "warning", "earmarks/earmarks/0/pence", lambda d: d["earmarks"]["earmarks"][0].update(pence=10**12)),
    ("earmark-differs", "warning", "earmarks/earmarks/0/pence", lambda d: d["earmarks"]["earmarks"][0].update(pence=1)),
    ("sections-empty", "note", "vision", lambda d: d.update(vision={}, alignment={})),
]  # fmt: skip
"""Each check's code, severity and place, and the one change that makes it speak."""


@pytest.mark.parametrize(("code", "severity", "where", "change"), FAULTS, ids=[f"{each[0]}-{each[2]}" for each in FAULTS])  # fmt: skip
def test_each_check_finds_its_fault_at_its_place(
    whole: Plan, known: Known, code: str, severity: str, where: str, change: Callable[[Data], object]
) -> None:
    """The finding has the code, the severity and the locator; it ends its sentences and cites a rule."""
    found = [each for each in found_in(whole, known, change) if each.code == code]
    assert found, [each.code for each in found_in(whole, known, change)]
    assert (found[0].severity, found[0].where) == (severity, where)
    assert found[0].says.endswith((".", "!", "?"))
    assert found[0].remedy.endswith((".", "!", "?"))
    assert found[0].rule


def test_the_locator_leads_to_a_field(whole: Plan, known: Known) -> None:
    """The first part of every place is a section of the plan."""
    for _, _, _, change in FAULTS:
        for each in found_in(whole, known, change):
            assert each.where.partition("/")[0] in EVERY


def test_rounding_to_thousands_is_no_fault(whole: Plan, known: Known) -> None:
    """A saving written in whole thousands may be off by half a thousand; one pound more is a fault."""
    base = {"scheme": "S1", "activity": "100", "unit_price": 149_040}
    for saving, wrong in ((14_900_000, False), (15_000_000, True)):
        found = found_in(
            whole, known, lambda d, s=saving: d["benefits"].update(benefits=[base | {"saving": s}])
        )
        assert any(each.code == "saving-differs" for each in found) is wrong


def in_thousands(d: Data) -> None:
    """Every amount of money in and out, each rounded to whole thousands, and the two sides made alike."""
    for name in ("sources", "spend"):
        for row in d[name][name]:
            row.update(year_1=round(row["year_1"], -5), year_2=round(row["year_2"], -5))
    for year in ("year_1", "year_2"):
        put_in, spent = (sum(row[year] for row in d[name][name]) for name in ("sources", "spend"))
        d["spend"]["spend"][0][year] += put_in - spent


def test_sums_of_rounded_amounts_may_differ_by_the_rounding(whole: Plan, known: Known) -> None:
    """In whole thousands sums may differ by less than half a thousand for each amount, which is told; more blocks, and so does a penny of exact amounts."""

    def off_by(pence: int, *, rounded: bool = True) -> dict[str, str]:
        def change(d: Data) -> None:
            if rounded:
                in_thousands(d)
            d["spend"]["spend"][0]["year_2"] += pence

        codes = ("sources-and-spend-differ", "sources-and-spend-rounded")
        return {each.code: each.says for each in found_in(whole, known, change) if each.code in codes}

    assert off_by(0) == {}
    told = off_by(300_000)
    assert set(told) == {"sources-and-spend-rounded"}
    assert "amounts in whole thousand pounds" in told["sources-and-spend-rounded"]
    assert set(off_by(900_000)) == {"sources-and-spend-differ"}
    assert set(off_by(1, rounded=False)) == {"sources-and-spend-differ"}
    assert set(off_by(100_000, rounded=False)) == {"sources-and-spend-differ"}


def test_money_freed_and_paid_may_differ_by_the_rounding(whole: Plan, known: Known) -> None:
    """What is freed in whole thousands agrees with what is added to the penny, and what a line is paid from may be rounded too."""

    def freed(d: Data) -> None:
        d["freed"]["freed"][0]["pence"] = round(d["freed"]["freed"][0]["pence"], -5)

    assert not [each for each in found_in(whole, known, freed) if each.code == "freed-differs"]

    def paid(d: Data) -> None:
        held = next(row for row in d["sources"]["sources"] if row["source"] == "reablement")
        held["year_2"] = held["year_2"] // 100_000 * 100_000
        d["spend"]["spend"][0].update(source="reablement", year_1=0, year_2=held["year_2"] + 100_000)

    assert not [each for each in found_in(whole, known, paid) if each.code == "paid-twice"]


def test_the_boards_of_a_plan_are_seen_together_by_a_trust(whole: Plan, known: Known) -> None:
    """Two rows that take 600 and 447 from a trust whose plan has 700 fewer are too much together, though neither is alone."""

    def rows(first: str, second: str) -> Callable[[Data], object]:
        row = whole.flows.flows[0]
        made = [{"board": row.board, "trust": row.trust, "reduction": take, "trust_plan": own} for take, own in (("600", first), ("447", second))]  # fmt: skip
        return lambda d: d["flows"].update(flows=made)

    together = [each for each in found_in(whole, known, rows("700", "700")) if each.code == "trust-disagrees"]
    assert [each.where for each in together] == ["flows/flows/0/trust_plan"]
    assert "1,047" in together[0].says
    for first, second in (("600", "447"), ("1047", "1047")):
        assert not [each for each in found_in(whole, known, rows(first, second)) if each.code == "trust-disagrees"]  # fmt: skip


def test_a_cut_within_chance_is_told(whole: Plan, known: Known) -> None:
    """From 400 to 360 admissions is within chance, to 346 is not: the case of the planning guidance's calculator."""

    def target(planned: int) -> Callable[[Data], object]:
        def change(d: Data) -> None:
            for number, row in enumerate(d["target"]["quarters"]):
                row.update(
                    baseline="400" if number == 0 else "0", planned=str(planned) if number == 0 else "0"
                )

        return change

    near = [each for each in found_in(whole, known, target(360)) if each.code == "within-chance"]
    assert near
    assert "346 or fewer" in near[0].says
    assert not [each for each in found_in(whole, known, target(346)) if each.code == "within-chance"]


def test_a_deadline_is_counted_down(whole: Plan, stage: House) -> None:
    """On 1 September 2014 the next deadline is 19 September, in 18 days; past the last nothing is said."""
    rules, parties = stage.rulebook.named(RULES), whole.parties

    def said(on: date) -> list[str]:
        known = known_for(stage, rules, stage.areas.county, parties, on=on)
        return [each.says for each in check(whole, known) if each.code == "deadline"]

    assert said(date(2014, 9, 1)) == ["Due in 18 days, on 19 September 2014: Plans are due again."]
    assert said(date(2014, 9, 18))[0].startswith("Due tomorrow")
    assert said(date(2014, 9, 19))[0].startswith("Due today")
    assert said(date(2015, 4, 1)) == []
    known = known_for(stage, rules, stage.areas.county, parties, on=date(2015, 4, 1))
    (passed,) = [each.says for each in check(whole, known) if each.code == "deadline-passed"]
    assert passed.startswith("Was due on ")


def test_a_warning_blocks_from_the_day_that_the_rules_say(
    whole: Plan, stage: House, rule_files: dict[str, bytes]
) -> None:
    """Until the day it warns, from the day it blocks, and the finding then cites the rule that made it stricter."""
    strict = b"""says: From when warnings block
warnings:
  - {code: conditions-unanswered, says: Every condition is answered, blocks_from: 2014-09-19, source: a paper, confidence: derived}
"""
    files = {path: content for path, content in rule_files.items() if path.startswith(f"{RULES}/")}
    book, findings = parse({**files, f"{RULES}/strictness.yaml": strict}, stage.rulebook)
    rules = book.named(RULES)
    assert rules.find("strictness", Strictness), findings
    unanswered = whole.with_section("conditions", EVERY["conditions"].part())
    for on, severity in ((date(2014, 9, 18), Severity.WARNING), (date(2014, 9, 19), Severity.BLOCKER)):
        known = known_for(stage, rules, stage.areas.county, whole.parties, on=on)
        (found,) = [each for each in check(unanswered, known) if each.code == "conditions-unanswered"]
        assert found.severity is severity
    assert found.rule == f"{RULES}/strictness conditions-unanswered"


def test_what_is_not_at_hand_is_not_taken_for_empty(whole: Plan, known: Known) -> None:
    """Where a section is not at hand, each check that asks for it is left out and that is said; the others find what they find."""
    without = whole.with_section("spend", EVERY["spend"].part())
    found = check(without, known, {"spend"})
    assert [each.code for each in found] == ["provider-doubts", "operating-plan-unsaid", "condition-not-met", "condition-not-met", "deadline", "not-checked"]  # fmt: skip
    assert "“Money out”" in found[-1].says
    assert {"sources-and-spend-differ", "scheme-without-spend"} <= {each.code for each in check(without, known)}  # fmt: skip


def test_every_finding_is_shown_here() -> None:
    """Every code that a check can write has a fault of its own, here or among the plans' own tests."""
    written = set()
    for path in Path(carepool.conditions.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
                name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
                first = node.args[0] if node.args else None
                if name in {"blocker", "warning", "note", "Finding", "write"} and isinstance(
                    first, ast.Constant
                ):
                    written.add(first.value)
    shown = {each[0] for each in FAULTS} | {each[0] for each in OF_PLANS}
    shown |= {
        "within-chance",
        "deadline",
        "condition-not-met",
        "deadline-passed",
        "operating-plan-unsaid",
        "sources-and-spend-rounded",
        "not-checked",
        "board-missing",
    }  # each has a test of its own above, or stands in the whole plan
    shown |= {
        "board-in-two-plans",
        "pledged-twice",
        "trust-overloaded",
    }  # and these in the chapter of neighbours
    assert written - shown == UNSHOWN
    assert len(written) > 45


UNSHOWN = {"baseline-incomplete", "no-board", "no-contributing-ccg", "performance-not-covered"}
"""Findings of the plan's money and target that the journeys and the pages' tests show."""
