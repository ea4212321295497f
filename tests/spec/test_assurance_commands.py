"""Assurance commands: where a plan's assurance stands, and each outcome made again from its facts."""

import json

import pytest

from tests.asking import Ask, in_county


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Ask:
    """Asks a command of a home of its own, in which the illustrative county was built."""
    return in_county(tmp_path_factory.mktemp("assurance"))


@pytest.mark.slow
def test_show_says_where_assurance_stands(ask: Ask) -> None:
    """``carepool assurance show PLAN --json``: outcome, moderated answers, agreement, conditions, and what is promised, credible and delivered."""
    code, said = ask("assurance", "show", "carrowby", "--json")
    data = json.loads(said)
    assert (code, data["outcome"], data["state"]) == (0, "approved_with_conditions", "Decided")
    assert data["agreement"] == {"answers": 14, "same": 10, "same_percent": "71.4", "weighted_kappa": "0.548"}
    assert [each["state"] for each in data["conditions"]] == ["Met", "Met"]
    assert data["promised_pence"] == sum(each["promised_pence"] for each in data["savings"])
    assert data["credible_pence"] == sum(each["credible_pence"] for each in data["savings"])
    assert ask("assurance", "show", "carrowby")[1].startswith(
        "Carrowby joint plan, version 1: Approved with conditions."
    )


@pytest.mark.slow
def test_show_has_nothing_of_a_review_that_waits_for_the_other(ask: Ask) -> None:
    """Of Farrowdale one review is in: the command says that it is, and not a word or an answer of it."""
    code, said = ask("assurance", "show", "farrowdale", "--json")
    data = json.loads(said)
    assert (code, data["state"], data["reviews_in"]) == (0, "One review in", ["nhs"])
    assert data["answers"] is None
    assert data["agreement"]["answers"] == 0
    assert "Nothing that could be looked up" not in said


@pytest.mark.slow
def test_replay_comes_to_the_same_outcome(ask: Ask) -> None:
    """``carepool assurance replay PLAN --json``: every outcome again, with what was suggested and each answer that would have changed it; exit 0 when all are the same."""
    code, said = ask("assurance", "replay", "carrowby", "--json")
    (decision,) = json.loads(said)["decisions"]
    assert (code, decision["same"], decision["same_rules"]) == (0, True, True)
    assert (decision["suggested"], decision["outcome"]) == (
        "approved_with_support",
        "approved_with_conditions",
    )
    assert decision["decided_otherwise"]
    assert {"item": "answers/agreed", "from": "yes", "to": "no", "outcome": "not_approved"} in decision[
        "would_change"
    ]
    assert "(the same)" in ask("assurance", "replay", "wolds")[1]


@pytest.mark.slow
def test_a_plan_without_assurance_is_said_in_one_sentence(ask: Ask) -> None:
    """What is no plan, or has no version, is refused with exit 2."""
    code, said = ask("assurance", "show", "nowhere")
    assert (code, "There is no plan" in said) == (2, True)
    code, said = ask("assurance", "show", "merrow")
    assert (code, "has no version yet" in said) == (2, True)
