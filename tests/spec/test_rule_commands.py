"""Commands about rules: check anybody's draft, compare two sets, load official pounds, and see what a draft would do."""

# ruff: noqa: F811  (a fixture that is imported is named again as an argument)

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from carepool.actions.house import House
from tests.asking import carepool
from tests.spec.test_commands import Run, run  # noqa: F401  (a fixture)
from tests.spec.test_official import rows_of, written

RULEBOOK = Path(__file__).parents[2] / "src" / "carepool" / "rulebook"


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    """A folder with a copy of bcf-2014-08."""
    shutil.copytree(RULEBOOK / "bcf-2014-08", tmp_path / "mine")
    return tmp_path / "mine"


def edited(draft: Path, file: str, old: str, new: str) -> Path:
    """The draft with one text replaced in one file."""
    path = draft / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return draft


@pytest.mark.slow
def test_our_own_rules_are_checked(run: Run) -> None:
    """``carepool rules check`` without a path checks the shipped sets: nothing blocks, nothing warns."""
    code, out, err = run("rules", "check", "--json")
    data = json.loads(out)
    assert (code, err, len(data["sets"])) == (0, "", 7)
    assert {each["severity"] for each in data["findings"]} == {"note"}
    assert "0 blockers, 0 warnings" in run("rules", "check")[1]
    assert len(json.loads(run("rules", "check", str(RULEBOOK), "--json")[1])["sets"]) == 7


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        ("composition.yaml", "within: additional_nhs", "within: aditional_nhs", "Did you mean additional_nhs?"),
        ("composition.yaml", 'pounds: "130_000_000"', "pounds: 1.3e8", "is not an amount of pounds"),
        ("payment/unit_value.yaml", "unit: pounds per admission", "unit: pounds an admission", "Did you mean “pounds per admission”?"),
        ("payment/unit_value.yaml", "value: 1490", "valeu: 1490", "unknown key “valeu”. Did you mean “value”?"),
        ("payment/unit_value.yaml", "value: 1490", "value: 1490, value: 1500", "has the key “value” twice"),
        ("payment/release.yaml", "clawback: no", "clawback: off", "is neither yes nor no"),
        ("conditions.yaml", "id: seven_days", "id: jointly_agreed", "has the condition jointly_agreed twice"),
        ("set.yaml", "follows: bcf-2014-02", "follows: bcf-2014-2", "Did you mean bcf-2014-02?"),
        ("set.yaml", "title:", "title: &x", "uses an anchor or alias"),
        ("decisions.yaml", "says:", "says: [", "is not YAML"),
    ],
)  # fmt: skip
@pytest.mark.slow
def test_a_fault_in_a_draft_is_named(run: Run, draft: Path, file: str, old: str, new: str, says: str) -> None:
    """File, line and remedy, exit 1, and never a traceback."""
    code, out, err = run("rules", "check", str(edited(draft, file, old, new)))
    assert (code, err) == (1, "")
    assert f"mine/{file}, line " in out
    assert says in out
    assert "Whole and usable: none" in out


def test_a_missing_source_is_named(run: Run, draft: Path) -> None:
    """A value without a source stops the set."""
    edited(draft, "payment/guideline.yaml", "source:", "sources:")
    assert "lacks “values.0.source”. Cite where the value is from." in run("rules", "check", str(draft))[1]


def test_an_overdue_review_is_a_warning(run: Run, draft: Path) -> None:
    """Past the day on which a value was to be checked again there is a warning, which does not stop."""
    edited(draft, "payment/unit_value.yaml", "again_by: 20", "again_by: 19")
    edited(draft, "payment/unit_value.yaml", "on: 20", "on: 19")
    code, out, _ = run("rules", "check", str(draft))
    assert code == 0
    assert "WARNING: mine/payment/unit_value.yaml was to be checked again by" in out


@pytest.mark.slow
def test_hostile_folders(run: Run, draft: Path, tmp_path: Path) -> None:
    """A huge file, a link out of the folder, a file for a folder, nothing at all: one sentence each."""
    (draft / "huge.yaml").write_bytes(b"a: " + b"x" * 3_000_000)
    assert "huge.yaml, line 1 has 200,001 bytes" in run("rules", "check", str(draft))[1]
    (draft / "huge.yaml").unlink()
    (draft / "notes.txt").write_text("hello")
    assert "notes.txt, line 1 is not a rule file" in run("rules", "check", str(draft))[1]
    (draft / "notes.txt").unlink()
    (draft / "out.yaml").symlink_to("/etc/hostname")
    assert "leads out of the folder" in run("rules", "check", str(draft))[2]
    assert "There is no folder" in run("rules", "check", str(tmp_path / "none"))[2]
    assert "is a file. Name the folder" in run("rules", "check", str(draft / "set.yaml"))[2]
    (tmp_path / "empty").mkdir()
    assert "holds no files" in run("rules", "check", str(tmp_path / "empty"))[2]


def test_the_difference_of_two_sets(run: Run) -> None:
    """``carepool rules diff A B`` says what was gained, lost and changed, and what a plan then needs."""
    code, out, err = run("rules", "diff", "itf-2013-08", "bcf-2014-08", "--json")
    data = json.loads(out)
    assert (code, err) == (0, "")
    assert (data["before"]["rules"], data["after"]["rules"]) == ("itf-2013-08", "bcf-2014-08")
    assert (data["money"]["before_pence"], data["money"]["after_pence"]) == (378_000_000_000, 378_364_100_000)
    lost = [
        each["key"] for each in data["changes"] if each["path"] == "conditions" and each["what"] == "Lost"
    ]
    assert lost == ["accountable_professional", "risk_and_contingency"]
    assert any("3.5%" in each["says"] for each in data["needs"])
    text = run("rules", "diff", "itf-2013-08", "bcf-2014-08")[1]
    assert "Risk sharing and contingency" in text
    assert "3.5%" in text


def test_a_draft_can_be_compared(run: Run, draft: Path) -> None:
    """A folder stands for a set."""
    edited(draft, "payment/unit_value.yaml", "value: 1490", "value: 1700")
    data = json.loads(run("rules", "diff", "bcf-2014-08", str(draft), "--json")[1])
    assert [(each["path"], each["what"]) for each in data["changes"]] == [("payment/unit_value", "Changed")]
    edited(draft, "payment/unit_value.yaml", "value: 1700", "value: many")
    code, _, err = run("rules", "diff", "bcf-2014-08", str(draft))
    assert code == 2
    assert "line 4" in err
    assert "lists all that is wrong" in err


@pytest.mark.slow
def test_simulate(run: Run, draft: Path) -> None:
    """``carepool simulate DRAFT --against RULES`` answers for 150 boards, in words, JSON and CSV, marked hypothetical."""
    edited(draft, "payment/unit_value.yaml", "value: 1490", "value: 1700")
    code, out, _ = run("simulate", str(draft), "--against", "bcf-2014-08", "--ambition", "3.07", "--json")
    data = json.loads(out)
    assert (code, len(data["boards"]), data["totals"]["moved_pence"]) == (0, 150, 0)
    assert sum(each["paid_after_pence"] for each in data["boards"]) == data["totals"]["paid_after_pence"]
    national = json.loads(run("national", "--ambition", "3.07", "--json")[1])
    assert data["totals"]["paid_before_pence"] == national["totals"][0]["paid_pence"]
    assert "hypothetical" in data["rests_on"][0]
    rows = run("simulate", str(draft), "--csv")[1].splitlines()
    assert len(rows) == 151
    assert "hypothetical" in rows[1]
    assert "At stake" in run("simulate", str(draft))[1]
    assert "no board can be compared" in run("simulate", "bcf-2025-26")[2]


@pytest.mark.slow
def test_official_pounds_are_loaded_once_and_count(tmp_path: Path, house: House) -> None:
    """Before a database there is nowhere to record; with one, what is loaded is what ``carepool allocate`` then answers."""
    file = tmp_path / "pounds.csv"
    file.write_bytes(written(rows_of(house)))

    def command(*arguments: str) -> tuple[int, Any, str]:
        done = carepool(*arguments, "--json", home=tmp_path / "home")
        return done.returncode, json.loads(done.stdout) if done.stdout else None, done.stderr

    code, _, err = command("allocate", "bcf-2014-08", "--allocations", str(file))
    assert code == 2
    assert "Run: carepool prepare" in err
    assert carepool("prepare", home=tmp_path / "home").returncode == 0
    assert command("allocate", "bcf-2014-08")[1]["indicative"] is True
    code, data, err = command("allocate", "bcf-2014-08", "--allocations", str(file))
    assert (code, data["recorded"], data["findings"]) == (0, True, []), err
    assert all(each["difference_pence"] == 0 for each in data["streams"])
    answer = command("allocate", "bcf-2014-08")[1]
    assert (answer["indicative"], answer["total_pence"]) == (False, 378_364_100_000)
    assert "pounds.csv, loaded on" in answer["source"]
    file.write_bytes(file.read_bytes() + b"reablement,09C,E10000016,1\n")
    code, data, _ = command("allocate", "bcf-2014-08", "--allocations", str(file))
    assert (code, data["recorded"]) == (1, False)
