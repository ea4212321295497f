"""``carepool pool``: a pooled account in the terminal and as data, as at any day."""

import json
from importlib.resources import files
from pathlib import Path

import pytest

from tests.asking import Ask, in_county


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Ask:
    """Asks a command of a home of its own, in which the illustrative county was built."""
    return in_county(tmp_path_factory.mktemp("pools"))


@pytest.mark.slow
def test_a_pool_at_a_glance(ask: Ask) -> None:
    """``carepool pool POOL --json``: what partners put in, what schemes spend, what is left, and a trial balance of nothing."""
    code, said = ask("pool", "carrowby", "--json")
    data = json.loads(said)
    assert (code, data["year"], data["held_by"], data["trial_balance_pence"]) == (
        0,
        "2015-16",
        "council:ZZ6",
        0,
    )
    assert data["funded_pence"] - data["used_pence"] == data["surplus_pence"]
    assert data["funded_pence"] == data["charges_pence"] + sum(
        each["contributed_pence"] + each["released_pence"] for each in data["partners"]
    )
    assert "Section 75 agreement for Carrowby joint plan, 2015-16" in ask("pool", "carrowby")[1]


@pytest.mark.slow
def test_a_pool_as_at_a_day(ask: Ask) -> None:
    """Before its host opened it there is no such pool; one that never was is refused with what makes one."""
    code, said = ask("pool", "carrowby", "--as-at", "2014-08-18")
    assert code != 0
    assert "There is no pool “carrowby”" in said
    assert "There is no pool “carowby”" in ask("pool", "carowby")[1]
    assert "has no books of 2017-18. It has: 2015-16." in ask("pool", "carrowby", "--year", "2017-18")[1]


@pytest.mark.slow
def test_who_bears_a_pools_year(ask: Ask) -> None:
    """``carepool pool bears POOL --forecast SCHEME=PENCE --json``: each amount adds up, and each partner's part has its working."""
    code, said = ask("pool", "bears", "carrowby", "--forecast", "S2=1000000000", "--json")
    data = json.loads(said)
    assert (code, data["basis"], data["mark"][:12]) == (0, "forecast", "Illustrative")
    for each in data["happenings"]:
        parts = [part["pence"] for part in each["cover"] + each["uncovered"]]
        parts += [part["share_pence"] for part in each["shares"]]
        assert sum(parts) == each["amount_pence"]
    assert all(each["working"]["value"] == each["net_pence"] for each in data["partners"])
    code, said = ask("pool", "bears", "carrowby", "--enter", "carrowby.pool")
    assert (code, "must be its section 151 officer" in said) == (1, True)


@pytest.mark.slow
def test_a_pool_is_opened_from_an_agreement_by_a_command(ask: Ask) -> None:
    """``carepool pool open AGREEMENT.yaml``: a board's second pool; the address of a plan is not another pool's."""
    file = str(files("carepool").joinpath("illustrative/carrowby_agreement.yaml"))
    words = ("--year", "2015-16", "--as", "carrowby.finance")
    assert ask("pool", "open", file, "--pool", "second", "--plan", "carrowby", *words)[0] == 0
    data = json.loads(ask("pool", "second", "--json")[1])
    assert (data["held_by"], data["trial_balance_pence"]) == ("council:ZZ6", 0)
    code, said = ask("pool", "open", file, "--pool", "merrow", *words)
    assert (code, "is the address of a plan" in said) == (2, True)
    code, said = ask("pool", "open", file, "--pool", "second", *words)
    assert (code, "is open already" in said) == (1, True)
    code, said = ask("pool", "agreement", "second", file, "--as", "carrowby.finance", "--from", "2015-10-01")
    assert (code, "is varied by all its partners" in said) == (1, True)


@pytest.mark.slow
def test_performance_money_is_settled_by_a_command(ask: Ask, tmp_path: Path) -> None:
    """``carepool pool settle``: proposed with the statement that says so, approved on both sides, and the rest kept."""
    file = str(files("carepool").joinpath("illustrative/carrowby_agreement.yaml"))
    host, ccg = ("--as", "carrowby.finance"), ("--as", "carrowby.ccg.finance")
    assert ask("pool", "open", file, "--pool", "third", "--year", "2015-16", *host)[0] == 0
    words = tmp_path / "statement.txt"
    words.write_text("Fewer admissions from April to June (fictitious).")
    settle = ("pool", "settle", "third")
    of = ("--of", "Z6A")
    earned = ("--propose", "2015-16Q1", *of, "--pence", "60000000", *host)
    code, said = ask(*settle, *earned)
    assert (code, "Say by which statement" in said) == (1, True)
    code, said = ask(*settle, "--keep", "--propose", "2015-16Q1", *host)
    assert (code, "Say one thing" in said) == (2, True)
    assert ask(*settle, *earned, "--statement", str(words))[0] == 0
    approve = (*settle, "--approve", "2015-16Q1", *of)
    code, said = ask(*approve, "--side", "board", *ccg)
    assert (code, "Approve with --side ccg or --side host" in said) == (2, True)
    code, said = ask(*approve, "--side", "ccg", *host)
    assert (code, "in the name of ccg:Z6A" in said) == (1, True)
    assert ask(*approve, "--side", "ccg", *ccg)[0] == 0
    assert ask(*approve, "--side", "host", *host)[0] == 0
    assert ask(*settle, "--keep", "--statement", str(words), *host)[0] == 0
    totals = json.loads(ask("pool", "third", "--json")[1])["totals"]
    assert [totals[each] for each in ("contingent_pence", "released_pence", "kept_pence")] == [
        0,
        60_000_000,
        96_003_000,
    ]
    code, said = ask("pool", "settle", "carrowby", *earned, "--statement", str(words))
    assert (code, "Propose and approve it with the plan" in said) == (1, True)


def test_a_capital_grant_is_in_what_a_pool_answers(ask: Ask) -> None:
    """Determination, payer, payee, conditions as a document, and what of it has gone on to a district."""
    (grant,) = json.loads(ask("pool", "carrowby", "--json")[1])["grants"]
    assert (grant["payer"], grant["payee"], grant["pence"]) == ("DCLG", "ZZ6", 57_463_302)
    assert grant["passed_on"] == [{"district": "ZZ11", "pence": 12_000_000, "passed_on_pence": 9_000_000}]
    assert len(grant["conditions"]) == 64
    assert "still to go on £30,000" in ask("pool", "carrowby")[1]


@pytest.mark.slow
def test_a_pools_books_are_checked_and_noted(ask: Ask) -> None:
    """``carepool pool check`` and ``carepool pool year-end``: what is to be looked at, and the note, which adds up."""
    data = json.loads(ask("pool", "check", "carrowby", "--json")[1])
    assert {"pool-commitment-open", "pool-not-confirmed"} <= {each["code"] for each in data["findings"]}
    note = json.loads(ask("pool", "year-end", "carrowby", "--json")[1])["note"]
    assert note["funded_pence"] - note["spent_pence"] == note["surplus_pence"] == sum(
        each["pence"] for each in note["treatment"]
    )  # fmt: skip
    assert "Not spent, S1 from unstated" in ask("pool", "year-end", "carrowby")[1]
