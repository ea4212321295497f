"""Plan commands: check a plan's file without a database, see where a plan stands, look into a pool, rebuild the county."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from carepool.actions.demonstration import filled
from carepool.actions.demonstration_words import read_narrative
from carepool.actions.house import House
from carepool.plans.document import as_data
from carepool.wiring import disk
from tests.asking import carepool
from tests.spec.test_commands import Run, run
from tests.spec.test_money import county
from tests.spec.test_plans import OPEN

__all__ = ["run"]


@pytest.fixture
def plan(house: House) -> dict[str, object]:
    """Merrow's plan, filled in."""
    from decimal import Decimal

    return as_data(
        filled(county(house), read_narrative(disk.county_files()), "merrow", "ZZ1", Decimal("3.5"))
    )


@pytest.fixture
def check(run: Run, tmp_path: Path) -> Callable[[object], tuple[int, dict[str, object]]]:
    """Checks data as a file and gives the exit code and the JSON answer."""

    def checking(data: object) -> tuple[int, dict[str, object]]:
        file = tmp_path / "plan.json"
        file.write_text(json.dumps(data))
        code, out, _ = run("plan", "check", str(file), "--json")
        return code, json.loads(out)

    return checking


Check = Callable[[object], tuple[int, dict[str, object]]]


@pytest.mark.slow
def test_a_whole_plan_has_a_digest_and_no_findings(check: Check, plan: dict[str, object]) -> None:
    """``carepool plan check FILE`` gives the plan's digest and its findings; exit 0 when none blocks."""
    code, data = check(plan)
    assert (code, {each["code"] for each in data["findings"]} - OPEN) == (0, set())
    assert len(str(data["plan"])) == 64


@pytest.mark.slow
def test_a_plan_that_does_not_add_up_blocks(check: Check, plan: dict[str, object]) -> None:
    """A blocking finding has code, severity, place, sentence, remedy and rule; exit 1."""
    plan["spend"]["spend"][0]["year_2"] = "£1,240,000"  # type: ignore[index]
    code, data = check(plan)
    assert code == 1
    (finding,) = [each for each in data["findings"] if each["code"] not in OPEN]  # type: ignore[union-attr]
    assert finding["code"] == "sources-and-spend-differ"  # type: ignore[index]
    assert set(finding) == {"code", "severity", "where", "says", "remedy", "rule"}  # type: ignore[arg-type]


@pytest.mark.slow
def test_every_fault_of_shape_is_found_at_once(check: Check, plan: dict[str, object]) -> None:
    """Money as text, a negative amount and an unknown key are three findings with their places, and no digest."""
    rows = plan["spend"]["spend"]  # type: ignore[index]
    rows[0]["year_2"], rows[1]["year_2"], rows[2]["provder"] = "a lot", "-5", "x"
    code, data = check(plan)
    assert (code, data["plan"]) == (1, None)
    assert {each["where"] for each in data["findings"]} == {
        "spend/spend/0/year_2",
        "spend/spend/1/year_2",
        "spend/spend/2/provder",
    }  # type: ignore[attr-defined,index]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("{", "line 1 is not JSON"),
        ("[]", "is not a JSON object"),
        ('{"rules": "bcf-2014-9"}', "Did you mean bcf-2014-08"),
        ('{"rules": "bcf-2014-08", "parties": {"boards": ["Knt"]}}', "Did you mean Kent"),
        ('{"rules": "bcf-2014-08", "parties": {"boards": ["ZZ1", "E10000016"]}}', "not for both"),
        ("[" * 100_000, "is not JSON"),
        ('{"rules": "bcf-2014-08", "title": "One", "title": "Other"}', "names something twice: “title”"),
        ("%PDF-1.7", "is a PDF, not a workbook"),
    ],
)
def test_a_file_that_is_no_plan(run: Run, tmp_path: Path, content: str, says: str) -> None:
    """What is no plan at all ends with 2, one sentence, and nothing on standard output."""
    file = tmp_path / "plan.json"
    file.write_text(content)
    code, out, err = run("plan", "check", str(file))
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert says in err


@pytest.mark.slow
def test_standing_pool_and_demo(tmp_path: Path) -> None:
    """``plan standing``, ``pool`` and ``demo`` on the embedded database, now and as at an earlier day."""

    def command(*arguments: str) -> subprocess.CompletedProcess[str]:
        return carepool(*arguments, home=tmp_path / "home")

    def answer(*arguments: str) -> dict[str, object]:
        done = command(*arguments, "--json")
        assert done.returncode == 0, done.stderr
        found: dict[str, object] = json.loads(done.stdout)
        return found

    missing = command("plan", "standing", "carrowby")
    assert (missing.returncode, missing.stdout) == (2, "")
    assert "Run: carepool prepare" in missing.stderr
    assert not (tmp_path / "home").exists(), "a question makes no files"

    assert command("demo").returncode == 0
    standing = answer("plan", "standing", "stonebeck")
    assert (standing["status"], standing["agreed"]) == ("Refused", False)
    assert "fictitious" in str(standing["mark"])
    waiting = answer("plan", "standing", "carrowby", "--as-at", "2014-09-05")
    assert waiting["status"] == "Awaiting decisions"
    assert waiting["parties"][0]["takes_effect"] == "Decided, takes effect on 9 September 2014"
    assert waiting["parties"][0]["call_in"]["rules"] == "decision-making"
    assert answer("plan", "standing", "carrowby", "--as-at", "2014-10-20")["status"] == "Approved"
    pool = answer("pool", "carrowby")
    assert pool["trial_balance_pence"] == 0
    assert pool["held_by"] == "council:ZZ6"
    earlier = answer("pool", "carrowby", "--as-at", "2015-06-01")
    assert earlier["totals"]["released_pence"] < pool["totals"]["released_pence"]  # type: ignore[index]
    unknown = command("plan", "standing", "carrowbie")
    assert (unknown.returncode, unknown.stdout) == (2, "")
    assert "There is no plan" in unknown.stderr
    assert command("demo").returncode == 0
    assert answer("pool", "carrowby") == pool


def test_the_countys_files_are_there() -> None:
    """The county ships with carepool: its registers, its people, and whose figures each fictitious body has."""
    assert {"councils.csv", "ccg_people.csv", "accounts.csv", "drawn_from.csv"} <= set(disk.county_files())
