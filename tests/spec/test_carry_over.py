"""Carry-over: a plan under one set of rules becomes a plan under the next; what has no place is listed, nothing is dropped in silence."""

# ruff: noqa: F811  (a fixture that is imported is named again as an argument)

import json
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from carepool.actions.carrying import carried, carried_content, carry_plan, report_of
from carepool.actions.demonstration import build
from carepool.actions.editing import with_drafts
from carepool.actions.house import House
from carepool.actions.permits import Actor
from carepool.actions.planning import view
from carepool.actions.ports import MemoryDrafts
from carepool.basics.money import in_pounds
from carepool.basics.refusals import Refused, Unusable
from carepool.journal.commands import Done
from carepool.journal.memory import MemoryJournal
from carepool.plans.carry_over import CarriedOver, Fate
from carepool.plans.document import EVERY, Plan, filled, sections_asked
from carepool.rules.rulebook import RuleSet
from carepool.wiring import disk
from tests.spec.test_commands import Run, run  # noqa: F401  (a fixture)
from tests.workbooks.making import random_plan

SETS = ("itf-2013-08", "bcf-2013-12", "bcf-2014-02", "bcf-2015-03", "bcf-2016-17")


@pytest.fixture(scope="module")
def county(house: House) -> House:
    """The county's plans."""
    made = replace(house, journal=MemoryJournal(), drafts=MemoryDrafts())
    build(made, disk.county_files())
    return made


def amounts(plan: Plan, rules: RuleSet) -> dict[str, int]:
    """All money in and out by year, in pence."""
    keys = dict(zip(("year_1", "year_2")[-len(rules.about.years) :], rules.about.years, strict=True))
    return {
        f"{which} {year}": plan.total(which, key)
        for key, year in keys.items()
        for which in ("sources", "spend")
    }  # type: ignore[arg-type]


def answers(content: object, where: str = "") -> Iterator[tuple[str, str]]:
    """Every text that stands in a plan, with a rough place."""
    if isinstance(content, dict):
        for name, each in content.items():
            yield from answers(each, f"{where}/{name}")
    elif isinstance(content, list):
        for each in content:
            yield from answers(each, where)
    elif isinstance(content, str) and len(content) > 20:
        yield where, content


@pytest.mark.parametrize("rules", SETS)
@pytest.mark.parametrize("plan", ["carrowby", "wolds", "lindenmouth"])
@pytest.mark.slow
def test_every_answer_is_kept_or_listed(county: House, plan: str, rules: str) -> None:
    """Every text of the old plan stands in the new one, or its section or row is listed as having no place."""
    found = view(county, plan)
    after = carried(county, found, rules)
    kept = {text for _, text in answers(filled(after.plan))}
    lost = {each.where.split("/")[0] for each in after.of(Fate.LOST)}
    for where, text in answers(filled(found.plan)):
        assert text in kept or where.split("/")[1] in lost, (where, text)


YEAR_PAIRS = {"year_1": "year_2", "plan_1": "plan_2", "eligibility_now": "eligibility_next", "budget_before": "budget_after"}  # fmt: skip


def leaves(content: object, where: str = "") -> Iterator[tuple[str, object]]:
    """Every single thing that stands in a plan, by its place."""
    if isinstance(content, dict):
        for name, each in content.items():
            yield from leaves(each, f"{where}/{name}" if where else name)
    elif isinstance(content, list):
        for number, each in enumerate(content):
            yield from leaves(each, f"{where}/{number}")
    elif content not in (None, "", 0) and where not in {"rules", "title"}:
        yield where, content


def column(where: str) -> str:
    """A place without the number of its row, and without which of two years it is of."""
    parts = [each for each in where.split("/") if not each.isdecimal()]
    return "/".join([*parts[:-1], next((one for one, two in YEAR_PAIRS.items() if parts[-1] == two), parts[-1])])  # fmt: skip


@pytest.mark.parametrize("rules", SETS)
@pytest.mark.parametrize("seed", range(12))
@pytest.mark.slow
def test_every_single_answer_is_in_the_new_plan_or_in_one_line_of_the_list(
    county: House, seed: int, rules: str
) -> None:
    """Of any plan: what has lost its place is in exactly one line, with its words; what is in none stands in the new plan."""
    plan = random_plan(county, view(county, "carrowby").plan, random.Random(seed))
    after = carried_content(county, plan, county.rulebook.named(plan.rules), rules, plan.title)
    kept = Counter((column(where), value) for where, value in leaves(filled(after.plan)))
    lost = after.of(Fate.LOST)
    for where, value in leaves(filled(plan)):
        lines = [each for each in lost if f"{where}/".startswith(f"{each.where}/")]
        if lines:
            (line,) = lines
            shown = in_pounds(value) if isinstance(value, int) else str(value)
            ways = {shown, shown.replace("_", " "), *WORDS.get(shown, ())}
            assert any(each in line.says for each in ways), (where, value, line)
        else:
            kept[column(where), value] -= 1
            assert kept[column(where), value] >= 0, (where, value)


CHOICES = [
    each
    for about in EVERY.values()
    for each in (*about.fields, *(field for rows in about.lists for field in rows.fields))
]
WORDS = {
    code: {each.codes[code] for each in CHOICES if code in each.codes}
    for each_field in CHOICES
    for code in each_field.codes
}
"""The words of every code, wherever it is one."""


def test_a_figure_stands_under_its_own_year_or_has_no_place(county: House) -> None:
    """From the years 2014-15 and 2015-16 to 2016-17: the budget of 2015-16 is the year before's now, and the plan of 2015-16 nobody's."""
    found = view(county, "carrowby")
    said = {"provider": "ZZT", "plan_1": "100", "plan_2": "90"}
    plan = Plan.model_validate({**filled(found.plan), "commentaries": {"commentaries": [said]}})
    after = carried_content(county, plan, found.rules, "bcf-2016-17", plan.title)
    old, new = found.plan.protection, after.plan.protection
    assert (new.budget_before, new.budget_after) == (old.budget_after, None)
    assert (new.eligibility_now, new.eligibility_next) == (old.eligibility_next, "")
    lost = {each.where for each in after.of(Fate.LOST)}
    assert {"protection/budget_before", "commentaries/commentaries/0/plan_1", "commentaries/commentaries/0/plan_2"} <= lost  # fmt: skip
    again = {each.where: each.says for each in after.of(Fate.CHANGED)}
    assert "was written for 2015-16, and the plan is for 2016-17 now" in again["benefits/benefits/0"]
    assert "earmarks/earmarks/0" in again
    years = county.rulebook.named("bcf-2016-17").about.years
    titles = [each.titled(years) for each in EVERY["protection"].fields if "budget" in each.name]
    assert titles == [f"The council's net budget, {year}, pounds" for year in ("2015-16", "2016-17")]


def test_the_next_set_keeps_the_years_and_so_the_money(county: House) -> None:
    """From August 2014 to March 2015 years, streams and quarters are the same: all amounts stay, nothing is lost."""
    found = view(county, "carrowby")
    after = carried(county, found, "bcf-2015-03")
    assert after.of(Fate.LOST) == ()
    assert filled(after.plan) == filled(found.plan) | {"rules": "bcf-2015-03"}


def test_amounts_of_a_year_that_is_over_are_listed_with_their_sums(county: House) -> None:
    """To 2016-17 no amount has a place; the list holds every pound that stood in the old plan."""
    found = view(county, "carrowby")
    after = carried(county, found, "bcf-2016-17")
    assert amounts(after.plan, county.rulebook.named("bcf-2016-17")) == {
        "sources 2016-17": 0,
        "spend 2016-17": 0,
    }
    said = " ".join(each.says for each in after.of(Fate.LOST))
    for row in [*found.plan.sources.sources, *found.plan.spend.spend]:
        for pence in (row.year_1, row.year_2):
            if pence:
                whole = f"£{pence // 100:,}" + (f".{pence % 100:02}" if pence % 100 else "")
                assert whole in said
    assert [each.says for each in after.of(Fate.NEW) if each.where == "conditions"] == [
        "“Services out of hospital, or a risk share” is asked for and not answered.",
        "“A plan against delayed transfers” is asked for and not answered.",
    ]


def test_what_is_asked_otherwise_is_looked_at_again(county: House) -> None:
    """An answer to a condition that is worded otherwise is kept and marked."""
    after = carried(county, view(county, "carrowby"), "bcf-2016-17")
    assert [each.where for each in after.of(Fate.CHANGED) if each.where.startswith("conditions")] == ["conditions/answers/1"]  # fmt: skip
    assert after.plan.conditions.answers[1].how


def test_a_plan_without_payment_loses_its_quarters_and_says_so(county: House) -> None:
    """Rules that pay nothing by admissions have no place for targets by quarter: each is listed with its number."""
    found = view(county, "carrowby")
    after = carried(county, found, "bcf-2016-17")
    lost = [each.says for each in after.of(Fate.LOST) if each.where.startswith("target")]
    assert [each.partition(" admissions")[0] for each in lost] == [
        f"Target of {row.quarter}: {row.planned}" for row in found.plan.target.quarters
    ]
    assert f"Baseline: {found.plan.target.quarters[0].baseline}" in lost[0]
    assert not after.plan.target.quarters


def test_there_and_back(county: House) -> None:
    """A plan carried over and back again has every answer that had a place in both."""
    found = view(county, "carrowby")
    there = carried(county, found, "bcf-2016-17").plan
    back = carried_content(county, there, county.rulebook.named("bcf-2016-17"), "bcf-2014-08", "Back").plan
    assert back.protection.budget_after == found.plan.protection.budget_after
    for section in ("vision", "action", "schemes", "seven_days", "risks", "engagement"):
        assert back.section(section) == found.plan.section(section)


def test_only_what_is_asked_for_is_carried(county: House) -> None:
    """No section stands in the new plan that its rules do not ask for."""
    for rules in SETS:
        after: CarriedOver = carried(county, view(county, "wolds"), rules)
        asked = sections_asked(county.rulebook.named(rules))
        assert {name for name in EVERY if filled(after.plan.section(name))} <= set(asked)


def test_other_places_are_refused_in_a_sentence(county: House) -> None:
    """The illustrative county follows the places of 2015; the same rules again are refused too."""
    with pytest.raises(Unusable, match="illustrative county, which follows"):
        carried(county, view(county, "carrowby"), "bcf-2025-26")
    with pytest.raises(Unusable, match="under bcf-2014-08 already"):
        carried(county, view(county, "carrowby"), "bcf-2014-08")


def test_kent_is_carried_to_2025(county: House) -> None:
    """A real board that exists in both registers gets its integrated care board; its CCGs are listed as lost."""
    plan = Plan.model_validate({"rules": "bcf-2016-17", "parties": {"boards": ["E10000016"], "councils": ["E10000016"], "ccgs": ["09C"], "host": "E10000016"}})  # fmt: skip
    after = carried_content(county, plan, county.rulebook.named("bcf-2016-17"), "bcf-2025-26", "Kent")
    assert (after.plan.parties.ccgs, after.plan.parties.host) == (("QKS",), "E10000016")
    assert any(
        "NHS Ashford CCG (09C) is no party under these rules" in each.says for each in after.of(Fate.LOST)
    )
    assert any("Kent and Medway" in each.says for each in after.of(Fate.NEW))


def test_a_plan_is_started_with_what_was_carried(county: House) -> None:
    """The new plan is started, its sections are the lead's drafts, nothing is saved, and what became of each answer is kept."""
    lead = Actor("demo-29", "carry-1", "Cleo Dunn")
    done = carry_plan(county, lead, "carrowby", "bcf-2016-17", "carrowby-2016", "Carrowby 2016-17")
    assert isinstance(done, Done), done
    found = view(county, "carrowby-2016")
    assert (found.history.carried_from, found.history.current) == ("carrowby", None)
    content, drafts, wrong = with_drafts(county, found, lead.account)
    assert wrong == ()
    assert len(drafts) > 12
    assert content.schemes == view(county, "carrowby").plan.schemes
    report = report_of(county, found.history)
    assert {each["fate"] for each in report} == {each.value for each in Fate}
    again = carry_plan(county, lead, "carrowby", "bcf-2016-17", "carrowby-2016", "Carrowby 2016-17")
    assert isinstance(again, Done)
    assert again.again
    other = carry_plan(county, Actor("demo-18", "carry-2"), "carrowby", "bcf-2015-03", "carrowby-b", "x")
    assert isinstance(other, Refused)


@pytest.mark.slow
def test_the_command(run: Run, county: House, tmp_path: Path) -> None:
    """``carepool plan carry FILE --to RULES`` lists what became of each answer and writes the new plan, without a database."""
    file, out = tmp_path / "plan.json", tmp_path / "new.json"
    file.write_text(json.dumps(filled(view(county, "carrowby").plan)))
    code, said, err = run("plan", "carry", str(file), "--to", "bcf-2016-17", "--out", str(out), "--json")
    data: dict[str, Any] = json.loads(said)
    assert (code, err) == (0, "")
    assert json.loads(out.read_text()) == data["content"]
    assert {each["fate"] for each in data["items"]} == {"Kept", "Look again", "New", "No place any more"}
    assert "exists already" in run("plan", "carry", str(file), "--to", "bcf-2016-17", "--out", str(out))[2]
    assert "No place any more (" in run("plan", "carry", str(file), "--to", "bcf-2016-17")[1]
    assert "Did you mean" in run("plan", "carry", str(file), "--to", "bcf-2016-7")[2]
