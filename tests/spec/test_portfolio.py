"""Choosing schemes: the most benefit that a budget buys under its limits, and the proof that nothing better exists."""

import json
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carepool.basics.refusals import Unusable
from carepool.capacity.candidates import read_candidates
from carepool.capacity.portfolio import Candidate, Choice, Limits, choose
from carepool.engines.programmes import solve
from carepool.wiring.main import main

TITLE = "Choosing schemes"


def scheme(name: str, cost: int, benefit: float, **more: object) -> Candidate:
    return Candidate(name, cost, benefit, benefit, **more)  # type: ignore[arg-type]


def chosen(candidates: list[Candidate], limits: Limits) -> Choice:
    found = choose(candidates, limits, solve)
    assert isinstance(found, Choice), found
    return found


def test_the_most_benefit_is_bought_and_proven() -> None:
    """Not the cheapest, nor those with the most benefit to the pound one after another."""
    found = chosen([scheme("a", 60, 10), scheme("b", 50, 8), scheme("c", 50, 8)], Limits(100, {}))
    assert found.chosen == ("b", "c")
    assert (found.cost, found.benefit, found.bound, found.proven) == (100, 16, 16, True)


def test_protections_prerequisites_and_exclusions_are_kept() -> None:
    """The money for social care comes first, a scheme brings what it requires, and never what it excludes."""
    offered = [
        scheme("care", 50, 1, social_care=50),
        scheme("best", 50, 10, requires=("base",)),
        scheme("base", 40, 0),
        scheme("second", 50, 6, excludes=("care",)),
        scheme("third", 50, 5),
    ]
    assert chosen(offered, Limits(150, {})).chosen == ("best", "base", "second")
    assert chosen(offered, Limits(150, {}, social_care_least=50)).chosen == ("care", "best", "base")
    assert chosen(offered, Limits(100, {}, social_care_least=50)).chosen == ("care", "third")


def test_benefit_that_two_share_is_counted_once() -> None:
    """Two that avoid the same admissions are worth less together than one of them with another."""
    offered = [scheme("a", 10, 10, overlaps={"b": 0.9}), scheme("b", 10, 10), scheme("c", 10, 4)]
    found = chosen(offered, Limits(20, {}))
    assert found.benefit == 14
    assert "c" in found.chosen


def test_budgets_of_sources_and_risk_are_kept() -> None:
    """A source's money is spent on its own schemes; the money at risk is no more than was said."""
    offered = [scheme("a", 10, 10, source="x", risk=0.8), scheme("b", 10, 5, source="x", risk=0.1), scheme("c", 10, 3, source="y")]  # fmt: skip
    assert chosen(offered, Limits(30, {"x": 10})).chosen == ("a", "c")
    assert chosen(offered, Limits(30, {"x": 10}, risk_most=0.2)).chosen == ("b", "c")


def test_limits_that_conflict_are_named_and_no_others() -> None:
    """A smallest set of them."""
    offered = [scheme("a", 100_00, 1, social_care=100_00, source="x"), scheme("b", 5, 1, must=True)]
    found = choose(offered, Limits(50_00, {"x": 10**9}, social_care_least=100_00), solve)
    assert not isinstance(found, Choice)
    (finding,) = found
    assert (
        finding.says
        == "These limits cannot be kept together: the budget of £50; at least £100 for social care."
    )


def test_schemes_that_name_no_other_are_findings() -> None:
    """And so is a name that stands twice."""
    found = choose([scheme("a", 1, 1, requires=("z",)), scheme("a", 1, 1)], Limits(5, {}), solve)
    assert not isinstance(found, Choice)
    assert [each.says for each in found] == ["Scheme “a” stands twice.", "Scheme “a” requires “z”, which is no other scheme here."]  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 50), st.integers(0, 100), st.booleans()), min_size=1, max_size=8),
    st.integers(0, 1500),
    st.integers(0, 100),
)  # fmt: skip
@pytest.mark.slow
def test_no_choice_tried_by_hand_is_better(
    drawn: list[tuple[int, int, int, bool]], budget: int, least: int
) -> None:
    """Every subset of up to eight schemes, counted in pence."""
    offered = [
        scheme(f"s{n}", cost, benefit, social_care=cost * social // 100, excludes=(f"s{n - 1}",) if apart and n else ())
        for n, (cost, benefit, social, apart) in enumerate(drawn)
    ]  # fmt: skip
    allowed = [
        picked
        for size in range(len(offered) + 1)
        for picked in combinations(offered, size)
        if sum(each.cost for each in picked) <= budget
        and sum(each.social_care for each in picked) >= least
        and not any(other.name in each.excludes for each in picked for other in picked)
    ]
    found = choose(offered, Limits(budget, {}, social_care_least=least), solve)
    if not allowed:
        assert not isinstance(found, Choice)
        return
    assert isinstance(found, Choice)
    best = max(sum(each.benefit for each in picked) for picked in allowed)
    assert found.benefit == pytest.approx(best)
    assert found.bound >= best - 1e-6
    assert found.cost == sum(each.cost for each in offered if each.name in found.chosen) <= budget


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("scheme,cost_pence\na,1", "lacks the column benefit"),
        ("scheme,cost_pence,benefit\na,1.50,3", "row 2: cost_pence “1.50” is no whole number of pence"),
        (
            "scheme,cost_pence,benefit\na,99999999999999999999,3",
            "row 2: cost_pence “99999999999999999999” is more than all England spends",
        ),
        ("scheme,cost_pence,benefit\na,-5,3", "row 2: cost_pence “-5”"),
        ("scheme,cost_pence,benefit\na,1,lots", "row 2: benefit “lots” is no number"),
        ("scheme,cost_pence,benefit,risks\na,1,1,1", "Did you mean risk"),
        ("scheme,cost_pence,benefit,risk\na,1,1,3", "risk is a chance from 0 to 1"),
        ("scheme,cost_pence,benefit,overlaps\na,1,1,b", "no number that can be used"),
        ("scheme,cost_pence,benefit,social_care_pence\na,1,1,2", "a part of the cost is more than the cost"),
        ("scheme,cost_pence,benefit\n", "has 0 schemes"),
        ("", "is empty"),
    ],
)
def test_a_file_that_cannot_be_used_says_where_and_what_to_do(content: str, says: str) -> None:
    """With the row."""
    with pytest.raises(Unusable, match=says):
        read_candidates("f.csv", content.encode())


def test_the_command_answers_as_one_json_document(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """With the bound, what one more pound buys, and what less and more money would."""
    path = tmp_path / "f.csv"
    path.write_text("scheme,cost_pence,benefit\na,100,5\nb,200,7\nc,150,6\n")
    with pytest.raises(SystemExit) as left:
        main(["portfolio", str(path), "--budget", "300", "--json"])
    assert left.value.code == 0
    found = json.loads(capfd.readouterr().out)
    assert found["chosen"] == ["a", "b"]
    assert (found["cost_pence"], found["benefit"], found["bound"], found["proven"]) == (300, 12, 12, True)
    assert [each["budget_pence"] for each in found["frontier"]] == [270, 300, 330]
