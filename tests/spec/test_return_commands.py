"""``carepool return``: a quarter's return from the first answer to the print, in the terminal."""

import json
from pathlib import Path

import pytest

from tests.asking import Ask, in_county

THIRD = ("carrowby", "--quarter", "2015-16Q3")
LEAD, CHAIR = ("--as", "carrowby.lead"), ("--as", "carrowby.chair")


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Ask:
    """Asks a command of a home of its own, in which the illustrative county was built."""
    return in_county(tmp_path_factory.mktemp("returns"))


def test_a_return_as_it_was_sent_and_as_it_was_then(ask: Ask) -> None:
    """``carepool return show PLAN --quarter Q``: the print of what was sent last; with --as-at that of then; with --json whole pence."""
    code, said = ask("return", "show", "carrowby", "--quarter", "2015-16Q1")
    assert (code, "corrected on 24 November 2015" in said) == (0, True)
    then = ask("return", "show", "carrowby", "--quarter", "2015-16Q1", "--as-at", "2015-09-01")[1]
    assert "Actual: £5,980,000" in then
    data = json.loads(ask("return", "show", "carrowby", "--quarter", "2015-16Q2", "--json")[1])
    assert (data["state"], data["so_far"]["money/income"]["value"]) == ("Sent", 1_040_554_421)
    listed = json.loads(ask("return", "list", "carrowby", "--json")[1])
    assert [each["state"] for each in listed] == ["Not sent", "Corrected", "Sent", "Not sent", "Not sent"]
    assert ask("return", "show", "carrowby", "--quarter", "2016-17Q1")[0] == 2


@pytest.mark.slow
def test_a_return_from_prefill_to_print(ask: Ask, tmp_path: Path) -> None:
    """Prefilled, taken away and brought back, checked, put forward, signed and closed; the print is the same bytes each time."""
    code, said = ask("return", "prefill", *THIRD, *LEAD)
    assert (code, "word for word" in said) == (0, True)
    assert ask("return", "export", "carrowby", str(tmp_path / "r.xlsx"), "--quarter", "2015-16Q3")[0] == 0
    code, said = ask(
        "return", "import", "carrowby", str(tmp_path / "r.xlsx"), "--quarter", "2015-16Q3", *LEAD
    )
    assert (code, said.startswith("Read: agreement, conditions") and "Changed: nothing." in said) == (
        0,
        True,
    ), said
    told = json.loads(ask("return", "receipts", *THIRD, "--json")[1])
    assert (told[0]["receipt"]["file"], told[0]["counts"]["rejected"]) == ("r.xlsx", 0)
    assert told[0]["receipt"]["workbook"] == told[0]["workbook"]
    assert "r.xlsx: cells" in ask("return", "receipts", *THIRD)[1]
    code, said = ask("return", "receipts", "nobody", "--quarter", "2015-16Q3")
    assert (code, "There is no plan “nobody”" in said) == (2, True)
    (tmp_path / "n.json").write_text(json.dumps({"progress": "Two wards closed."}))
    assert ask("return", "fill", "carrowby", "narrative", str(tmp_path / "n.json"), "--quarter", "2015-16Q3", *LEAD)[0] == 0  # fmt: skip
    assert ask("return", "check", *THIRD)[0] == 0
    assert "one must be its board chair" in ask("return", "sign", *THIRD, *LEAD, "--digest", "0" * 64)[1]
    assert ask("return", "submit", *THIRD, *LEAD)[0] == 0
    code, said = ask("return", "sign", *THIRD, *CHAIR, "--json")
    assert (code, json.loads(said)["late"]) == (0, True), "it is long past February 2016"
    for name in ("one.txt", "two.txt"):
        assert ask("return", "show", *THIRD, "--out", str(tmp_path / name))[0] == 0
        assert ask("return", "show", *THIRD, "--out", str(tmp_path / name.replace("txt", "pdf")))[0] == 0
        assert ask("return", "close", *THIRD, "--as", "nhs.assurer")[0] == (0 if name == "one.txt" else 1)
    assert (tmp_path / "one.txt").read_bytes() == (tmp_path / "two.txt").read_bytes()
    assert (tmp_path / "one.pdf").read_bytes() == (tmp_path / "two.pdf").read_bytes()
    code, said = ask("return", "submit", *THIRD, *LEAD, "--why", "Again")
    assert (code, "The return was closed on" in said) == (1, True)
