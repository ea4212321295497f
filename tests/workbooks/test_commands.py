"""The commands about workbooks: without a database, and with one."""

import json
import subprocess
from pathlib import Path

import openpyxl
import pytest

from tests.asking import carepool
from tests.spec.test_commands import Run, run
from tests.workbooks.issuing import plain
from tests.workbooks.test_templates import MAP, issued

__all__ = ["issued", "run"]


def test_export_check_and_annotate_need_no_database(run: Run, tmp_path: Path) -> None:
    """A new plan of Kent goes out under the rules of 2025, is checked, and comes back with comments."""
    out, marked = tmp_path / "kent.xlsx", tmp_path / "marked.xlsx"
    code, said, _ = run("workbook", "export", "E10000016", str(out), "--rules", "bcf-2025-26")
    assert (code, said) == (0, f"{out}: a new plan for E10000016 under bcf-2025-26.\n")
    code, said, _ = run("workbook", "check", str(out), "--json")
    data = json.loads(said)
    assert (code, data["rules"]) == (1, "bcf-2025-26")
    assert ("Parties", "no-host") in {(each["sheet"], each["code"]) for each in data["faults"]}
    assert {"sheet", "cell", "code", "severity", "says", "remedy"} <= set(data["faults"][0])
    assert data["seen"]["cells"] == data["seen"]["read"] + data["seen"]["ignored"]
    code, said, _ = run("workbook", "check", str(out))
    assert "Blocker: “Parties”, C" in said
    code, said, _ = run("workbook", "annotate", str(out), str(marked))
    assert (code, f"{len(data['faults'])} comments" in said) == (0, True)
    assert openpyxl.load_workbook(marked).sheetnames[0] == "Problems"


def test_a_plan_is_checked_whatever_it_is_written_in(run: Run, tmp_path: Path) -> None:
    """``plan check`` takes a workbook as it takes JSON: its content says what it is, and its name nothing."""
    out = tmp_path / "kent.json"
    run("workbook", "export", "E10000016", str(tmp_path / "kent.xlsx"), "--rules", "bcf-2025-26")
    (tmp_path / "kent.xlsx").rename(out)
    code, said, _ = run("plan", "check", str(out), "--json")
    assert (code, said) == (1, run("workbook", "check", str(out), "--json")[1])
    assert run("plan", "check", str(out))[1] == run("workbook", "check", str(out))[1]


def test_a_template_by_its_map(run: Run, tmp_path: Path, issued: bytes) -> None:
    """A template is filled and checked by its map; a wrong map is refused with its lines."""
    template, mapping, out = tmp_path / "issued.xlsx", tmp_path / "map.yaml", tmp_path / "out.xlsx"
    template.write_bytes(issued)
    mapping.write_text(MAP)
    assert (
        run("workbook", "export", "ZZ1", str(out), "--template", str(template), "--map", str(mapping))[0] == 0
    )
    code, said, _ = run("workbook", "check", str(out), "--map", str(mapping), "--board", "ZZ1", "--json")
    assert code == 1, "a new plan has no host"
    assert json.loads(said)["faults"]
    mapping.write_text(MAP.replace("cell: B4", "cell: 4B"))
    code, _, said = run(
        "workbook", "export", "ZZ1", str(out), "--template", str(template), "--map", str(mapping)
    )
    assert (code, "map.yaml, line 5: “4B” is not a cell" in said) == (2, True)
    code, _, said = run("workbook", "check", str(out), "--map", str(mapping))
    assert code == 2


def test_a_map_is_proposed(run: Run, tmp_path: Path) -> None:
    """The map of an unknown template is written with a comment for each guess, and fills it as it is; no database is needed."""
    template, mapping, out = tmp_path / "issued.xlsx", tmp_path / "map.yaml", tmp_path / "out.xlsx"
    template.write_bytes(plain())
    code, said, _ = run("workbook", "map", str(template), str(mapping))
    assert (code, said) == (0, f"{mapping}: 8 answers and 1 list have a likely place. Read it through: it is only a guess.\n")  # fmt: skip
    assert "  # “The case for change” in A5: case, change\n" in mapping.read_text()
    assert run("workbook", "export", "E10000016", str(out), "--template", str(template), "--map", str(mapping))[0] == 0  # fmt: skip
    code, said, _ = run("workbook", "check", str(out), "--map", str(mapping), "--board", "E10000016", "--json")  # fmt: skip
    assert json.loads(said)["faults"]
    template.write_text("a,b")
    code, _, said = run("workbook", "map", str(template), str(mapping))
    assert (code, "a text file" in said) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("workbook", "check", "nowhere.xlsx"), "There is no file"),
        (("workbook", "export", "E10000016", "x.xlsx", "--rules", "bcf-2025-27"), "Did you mean bcf-2025-26"),
        (("workbook", "export", "E10000016", "x.xlsx", "--map", "x.yaml"), "Give both --template and --map"),
        (("workbook", "import", "x.xlsx", "--as", "ann", "--map", "x.yaml"), "Name it: --plan"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(run: Run, arguments: tuple[str, ...], says: str) -> None:
    """Exit 2, one line on standard error, nothing on standard output."""
    code, out, err = run(*arguments)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert says in err


@pytest.mark.slow
def test_import_into_the_database(tmp_path: Path) -> None:
    """On the embedded database a plan is exported, changed and imported into drafts, with its receipt."""

    def command(*arguments: str) -> subprocess.CompletedProcess[str]:
        return carepool(*arguments, home=tmp_path / "home")

    out = str(tmp_path / "carrowby.xlsx")
    assert command("workbook", "import", out, "--as", "carrowby.lead").returncode == 2
    assert command("demo").returncode == 0
    assert "plan carrowby" in command("workbook", "export", "ZZ6", out).stdout
    book = openpyxl.load_workbook(out)
    book["Money out"]["H8"] = 5
    book.save(out)
    done = command("workbook", "import", out, "--as", "carrowby.lead", "--json")
    receipt = json.loads(done.stdout)
    assert (receipt["plan"], receipt["sections"], receipt["conflicts"]) == ("carrowby", ["spend"], [])
    assert {"sheet": "Money out", "cell": "H8", "outcome": "accepted", "why": "changed", "where": "spend/spend/0/year_2"} in receipt["cells"]  # fmt: skip
    assert "There is no account" in command("workbook", "import", out, "--as", "nobody").stderr
    refused = command("workbook", "import", out, "--as", "wolds.lead")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert json.loads(command("journal", "verify", "--json").stdout)["findings"] == []
