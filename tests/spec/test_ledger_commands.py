"""``carepool pool import``: a ledger's extract in the terminal, with suspense, actual beside budget, and forecasts."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.spec.test_pool_commands import ask

__all__ = ["ask"]
Ask = Callable[..., tuple[int, str]]
ILLUSTRATIVE = Path(__file__).parents[2] / "src" / "carepool" / "illustrative"
EXTRACT, MAP = str(ILLUSTRATIVE / "carrowby_ledger.csv"), str(ILLUSTRATIVE / "carrowby_ledger_map.yaml")


@pytest.fixture(scope="module")
def imported(ask: Ask) -> dict[str, object]:
    """Carrowby's ledger of June, imported."""
    assert ask("pool", "import", EXTRACT, "--map", MAP, "--check")[0] == 0
    code, said = ask("pool", "import", EXTRACT, "--map", MAP, "--as", "carrowby.finance", "--json")
    assert code == 0, said
    found: dict[str, object] = json.loads(said)
    return found


@pytest.mark.slow
def test_an_extract_comes_in(ask: Ask, imported: dict[str, object]) -> None:
    """``carepool pool import EXTRACT --map MAP``: mapped, in suspense and ignored are the control total; what is in suspense is a finding."""
    assert imported["control_pence"] == 79_933_325
    parts = ("mapped_pence", "suspense_pence", "ignored_pence")
    assert [imported[each] for each in parts] == [79_635_285, 98_040, 200_000]
    assert imported["recoverable_vat_pence"] == 397_690
    assert imported["refused"] is None
    glance = json.loads(ask("pool", "carrowby", "--json")[1])
    from_ledger = [
        line for each in glance["postings"] if each["event"] == "imported" for line in each["lines"]
    ]
    sign = lambda line: 1 if line["credit"].startswith("owed/") else -1
    assert sum(sign(line) * line["amount_pence"] for line in from_ledger) == 79_733_325
    assert glance["suspense_pence"] == 98_040
    assert glance["trial_balance_pence"] == 0
    assert ask("journal", "verify")[0] == 0


def test_a_month_comes_in_once_from_the_terminal(ask: Ask, imported: dict[str, object]) -> None:
    """The same month again is refused, and exit is 1; the map is kept by its name, so that the next month needs no file."""
    assert imported["period"] == "2015-06"
    again = ask(
        "pool",
        "import",
        EXTRACT,
        "--map",
        "carrowby_council",
        "--pool",
        "carrowby",
        "--as",
        "carrowby.finance",
    )
    assert again[0] == 1
    assert "ledger of June 2015 was imported" in again[1]
    assert (
        "There is no map “carrowby”. Did you mean carrowby_council?"
        in ask("pool", "import", EXTRACT, "--map", "carrowby", "--pool", "carrowby", "--check")[1]
    )


@pytest.mark.slow
def test_one_file_is_one_body_and_one_month(ask: Ask, imported: dict[str, object], tmp_path: Path) -> None:
    """The same file for another body, or for another month, is refused with the import that it repeats; saved anew it is warned of."""
    assert imported
    lines = Path(MAP).read_text()
    other, undated = tmp_path / "other.yaml", tmp_path / "undated.yaml"
    other.write_text(lines.replace("body: ZZ6", "body: Z6A").replace("name: carrowby_council", "name: other"))
    undated.write_text(
        lines.replace("  period: Period\n", "").replace("name: carrowby_council", "name: undated")
    )
    bodily = ("pool", "import", EXTRACT, "--map", str(other))
    code, said = ask(*bodily, "--as", "carrowby.finance")
    assert code == 1
    assert "This very file came in as ZZ6's ledger of June 2015" in said
    assert "twice as Z6A's of June 2015" in said
    assert "This very file came in" in ask(*bodily, "--check")[1]
    again = ask(
        "pool", "import", EXTRACT, "--map", str(undated), "--period", "2015-07", "--as", "carrowby.finance"
    )
    assert again[0] == 1
    assert "twice as ZZ6's of July 2015" in again[1], again[1]
    anew = tmp_path / "anew.csv"
    anew.write_bytes(Path(EXTRACT).read_bytes() + b"\n")
    _, said = ask("pool", "import", str(anew), "--map", str(other), "--check")
    assert "comes to what ZZ6's ledger of June 2015 came to" in said


@pytest.mark.slow
def test_who_hands_a_ledger_in(ask: Ask, imported: dict[str, object], tmp_path: Path) -> None:
    """An officer of the body whose ledger it is, or who keeps the host's books; nobody else, and a CCG's ledger too."""
    assert imported
    refused = ask(
        "pool", "import", EXTRACT, "--map", MAP, "--as", "carrowby.ccg.finance", "--again", "--why", "No"
    )
    assert refused[0] == 1
    assert "one must be its pool manager or section 151 officer or chief finance officer" in refused[1]
    ccg, month = tmp_path / "ccg.yaml", tmp_path / "ccg.csv"
    ccg.write_text(
        "says: The CCG's (fictitious)\nname: ccg\nbody: Z6A\npool: carrowby\nkind: cumulative\n"
        "columns: {cost_centre: CC, amount: YTD}\nrules: [{cost_centre: '7*', scheme: S1, source: unstated}]\n"
    )
    month.write_text("CC,YTD\n7001,100.25\n7002,5.00\n")
    words = ["pool", "import", str(month), "--map", str(ccg), "--period", "2015-06", "--control"]
    assert "so £1 is missing" in ask(*words, "106.25", "--as", "carrowby.ccg.finance")[1]
    assert ask(*words, "105.25", "--as", "carrowby.ccg.finance")[0] == 0
    month.write_text("CC,YTD\n7001,111.25\n")
    words[words.index("2015-06")] = "2015-07"
    code, said = ask(*words, "111.25", "--as", "carrowby.finance", "--json")
    data = json.loads(said)
    assert (code, data["entered"]["posted_pence"], data["last_import"]) == (0, 600, "2015-06")
    assert [each["difference_pence"] for each in data["schemes"]] == [600]


@pytest.mark.slow
def test_what_cannot_be_read_is_said_with_its_line(ask: Ask, tmp_path: Path) -> None:
    """A map and an extract with faults are refused with file and line, and nothing is written."""
    bad = tmp_path / "map.yaml"
    bad.write_text("says: x\nname: x\nbody: ZZ6\nkind: weekly\n")
    code, said = ask("pool", "import", EXTRACT, "--map", str(bad), "--pool", "carrowby", "--check")
    assert code == 2
    assert "map.yaml, line 4 “kind”: “weekly” is not known here" in said
    worse = tmp_path / "x.csv"
    worse.write_text("a\n")
    code, said = ask("pool", "import", str(worse), "--map", MAP, "--check", "--json")
    assert code == 1
    assert json.loads(said)["findings"][0]["severity"] == "blocker"
    assert "not for Z6A's" in ask("pool", "import", EXTRACT, "--map", MAP, "--body", "Z6A", "--check")[1]
    assert "Who hands it in?" in ask("pool", "import", EXTRACT, "--map", MAP)[1]


@pytest.mark.slow
def test_suspense_is_shown_and_cleared(ask: Ask, imported: dict[str, object], tmp_path: Path) -> None:
    """``carepool pool suspense POOL``: each code with its pence; with a map that knows it, and the reasons, it is cleared."""
    assert imported
    found = json.loads(ask("pool", "suspense", "carrowby", "--json")[1])
    assert [(each["cost_centre"], each["subjective"], each["pence"]) for each in found["lines"]] == [
        ("41390", "3999", 98_040)
    ]
    better = tmp_path / "better.yaml"
    better.write_text(
        Path(MAP)
        .read_text()
        .replace("profiles:", '  - {cost_centre: "41390", scheme: S2, source: unstated}\nprofiles:')
    )
    words = ["pool", "suspense", "carrowby", "--map", str(better), "--as", "carrowby.finance"]
    assert "Give the reasons" in ask(*words)[1]
    code, said = ask(*words, "--why", "A cost centre that the council opened for reablement in June.")
    assert code == 0, said
    assert "Nothing is in suspense." in said
    assert ask("journal", "verify")[0] == 0


@pytest.mark.slow
def test_actual_beside_forecast(ask: Ask, imported: dict[str, object]) -> None:
    """``carepool pool actuals POOL``: month, year so far, budget to date, forecast and reasons, each computed figure with its working."""
    assert imported
    code, said = ask(
        "pool",
        "forecast",
        "carrowby",
        "--scheme",
        "S2",
        "--source",
        "unstated",
        "--pence",
        "940000000",
        "--as",
        "carrowby.finance",
    )
    assert code == 0, said
    why = ["--scheme", "S2", "--source", "unstated", "--through", "2015-06", "--why", "Carers started late."]
    code, said = ask("pool", "actuals", "carrowby", *why, "--as", "carrowby.finance", "--json")
    assert code == 0, said
    line = next(each for each in json.loads(said)["schemes"] if each["scheme"] == "S2")
    assert (line["forecast_pence"], line["forecast_basis"], line["reasons"]) == (
        940_000_000,
        "entered",
        "Carers started late.",
    )
    assert line["to_date_pence"] - line["budget_to_date_pence"] == line["variance_pence"]
    assert line["workings"][0]["steps"]
    assert "Reablement at home, unstated:" in ask("pool", "actuals", "carrowby", "--through", "2015-06")[1]
    assert (
        ask("pool", "forecast", "carrowby", "--scheme", "S9", "--source", "x", "--as", "carrowby.finance")[0]
        == 1
    )
