"""Commands: each answers as text or as one JSON document; exit 0 is fine, 1 has blocking findings, 2 cannot be used."""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from carepool.wiring.main import main
from tests.asking import carepool

Run = Callable[..., tuple[int, str, str]]

ON_PLAN = """board,quarter,baseline,planned,actual
E10000016,2014-15Q4,2520,2432,2432
E10000016,2015-16Q1,2480,2393,2393
E10000016,2015-16Q2,2460,2374,2374
E10000016,2015-16Q3,2540,2451,2451
"""


@pytest.fixture
def run(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> Run:
    """Runs a command here, where there is no database, and gives its exit code, standard output and standard error.

    Other tests fill the home that all of them share, with more or less than a command could answer from.
    """
    monkeypatch.setenv("CAREPOOL_HOME", str(tmp_path_factory.mktemp("no-home")))
    return running_with(capsys)


@pytest.fixture
def run_at_home(capsys: pytest.CaptureFixture[str]) -> Run:
    """The same in the home that tests share, for those that have prepared its database."""
    return running_with(capsys)


def running_with(capsys: pytest.CaptureFixture[str]) -> Run:
    """What runs a command and gives its exit code and what it wrote."""

    def running(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as stopped:
            main(list(arguments))
        out, err = capsys.readouterr()
        return int(stopped.value.code or 0), out, err

    return running


@pytest.fixture
def pay(run: Run, tmp_path: Path) -> Callable[..., tuple[int, Any]]:
    """Pays a CSV text and gives the exit code and the JSON answer."""

    def paying(text: str, *more: str) -> tuple[int, Any]:
        file = tmp_path / "plan.csv"
        file.write_text(text, encoding="utf-8")
        code, out, _ = run("payment", str(file), "--rules", "bcf-2014-08", "--json", *more)
        return code, json.loads(out) if out else None

    return paying


def test_boards(run: Run) -> None:
    """``carepool boards`` lists the boards on a day, by default the last that is held, and says which day it used."""
    code, out, err = run("boards", "--json")
    data = json.loads(out)
    assert (code, err, len(data)) == (0, "", 150)
    assert {each["on"] for each in data} == {"2016-03-31"}
    poole = next(each for each in data if each["board"] == "HWB_BP")
    assert [council["council"] for council in poole["councils"]] == ["E06000028", "E06000029"]
    assert poole["ccgs"] == [{"ccg": "11J", "name": "NHS Dorset CCG", "share_of_ccg": 0.448977}]
    assert sum(len(each["ccgs"]) for each in data) == 239
    assert "150 boards on 31 March 2016" in run("boards")[1]


def test_boards_before_the_merger(run: Run) -> None:
    """On 31 March 2015 Newcastle has 00G and 00H, on 1 April 13T."""
    for day, codes in (("2015-03-31", ["00G", "00H"]), ("2015-04-01", ["13T"])):
        data = json.loads(run("boards", "--on", day, "--json")[1])
        newcastle = next(each for each in data if each["board"] == "E08000021")
        assert [each["ccg"] for each in newcastle["ccgs"]] == codes


def test_board(run: Run) -> None:
    """``carepool board CODE`` shows one board with its districts, people and shares."""
    data = json.loads(run("board", "E10000016", "--json")[1])
    assert data["name"] == "Kent"
    assert len(data["ccgs"]) == 7
    assert len(data["districts"]) == 12


@pytest.mark.parametrize("rules", ["itf-2013-08", "bcf-2014-08"])
def test_allocate(run: Run, rules: str) -> None:
    """``carepool allocate RULES``: CCG contributions and council streams are boards, are streams, are the total."""
    data = json.loads(run("allocate", rules, "--json")[1])
    total = data["total_pence"]
    assert total == {"itf-2013-08": 378_000_000_000, "bcf-2014-08": 378_364_100_000}[rules]
    assert data["stated_total_pence"] == 380_000_000_000
    assert data["indicative"] is True
    councils = sum(each["total_pence"] for each in data["streams"] if each["received_by"] == "council")
    assert sum(each["contribution_pence"] for each in data["ccgs"]) + councils == total
    assert sum(each["total_pence"] for each in data["boards"]) == total
    assert all(sum(each["streams"].values()) == each["total_pence"] for each in data["boards"])
    assert sum(each["total_pence"] for each in data["streams"]) == total


def test_allocate_one_board(run: Run) -> None:
    """With ``--board`` the boards and CCGs are that board's and what is contributed to it; totals stay national."""
    data = json.loads(run("allocate", "bcf-2014-08", "--board", "E10000009", "--json")[1])
    (board,) = data["boards"]
    councils = {each["stream"] for each in data["streams"] if each["received_by"] == "council"}
    council_part = sum(pence for stream, pence in board["streams"].items() if stream in councils)
    assert sum(each["contribution_pence"] for each in data["ccgs"]) + council_part == board["total_pence"]
    assert data["total_pence"] == 378_364_100_000


def test_admissions(run: Run) -> None:
    """``carepool admissions CODE`` gives counts by quarter; what rests on an incomplete return is flagged."""
    out = run("admissions", "E08000029", "--from", "2013-14Q4", "--to", "2015-16Q3", "--json")[1]
    data = json.loads(out)
    assert [each["quarter"] for each in data][:2] == ["2013-14Q4", "2014-15Q1"]
    assert data[2] == {"quarter": "2014-15Q2", "count": 724, "flag": "incomplete_return"}
    assert [each["flag"] for each in data] == [None] * 2 + ["incomplete_return"] * 3 + [None] + [
        "unlike_a_year_before"
    ] * 2


def test_national(run: Run) -> None:
    """``carepool national`` shows one uniform ambition, 3.5% at first, with and without flagged boards."""
    data = json.loads(run("national", "--json")[1])
    assert (data["ambition_percent"], len(data["boards"])) == (3.5, 150)
    everyone = data["totals"][0]
    assert everyone["fund_pence"] == sum(each["fund_pence"] for each in data["boards"]) == 28_856_621_400
    assert everyone["paid_pence"] == 9_914_504_700
    assert [each["boards"] for each in data["totals"]] == [150, 147, 144]
    assert len(data["flagged_commissioner_quarters"]) == 16
    assert any("recalled" in each for each in data["rests_on"])


def test_national_as_at(run: Run) -> None:
    """``--as-at`` leaves out what was published later: on 10 August 2015 two quarters were known."""
    data = json.loads(run("national", "--ambition", "3.07", "--as-at", "2015-08-10", "--json")[1])
    assert data["quarters_known"] == ["2014-15Q4", "2015-16Q1"]
    assert data["totals"][0]["unreleased_pence"] is None
    assert data["totals"][0]["at_stake_pence"] > 0


def test_payment_to_the_penny(pay: Callable[..., tuple[int, Any]]) -> None:
    """``carepool payment``: on plan, the whole fund of 521,500 pounds is released in four payments."""
    code, data = pay(ON_PLAN)
    (board,) = data["boards"]
    assert (code, data["findings"]) == (0, [])
    assert [board[f"{name}_pence"] for name in ("fund", "paid", "withheld", "at_stake", "unreleased")] == [
        52_150_000,
        52_150_000,
        0,
        0,
        0,
    ]
    assert board["quarters"][0] == {
        "quarter": "2014-15Q4", "planned_cumulative": 88, "achieved_cumulative": 88,
        "maximum_payment_pence": 13_112_000, "payment_pence": 13_112_000,
    }  # fmt: skip
    assert sum(each["fund_pence"] for each in board["ccgs"]) == 52_150_000
    assert len(board["ccgs"]) == 7


def test_the_readmes_example_is_what_is_printed(run: Run, tmp_path: Path) -> None:
    """The payment in the README, file and answer, is real."""
    readme = (Path(__file__).parents[2] / "README.md").read_text()
    file = tmp_path / "plans.csv"
    file.write_text("board,quarter" + readme.split("```\nboard,quarter")[1].split("```")[0])
    _, out, _ = run("payment", str(file), "--json")
    assert out == readme.split("```json\n")[1].split("```")[0]


def test_payment_with_its_working(pay: Callable[..., tuple[int, Any]]) -> None:
    """With ``--working`` each board has the steps that its figure adds up from, and what it rests on."""
    _, data = pay(ON_PLAN, "--working")
    working = data["boards"][0]["working"]
    assert working["value"] == 52_150_000
    assert any("recalled" in each for each in working["rests_on"])
    assert {"says", "value", "unit", "how", "source"} == set(working["steps"][0])


def test_an_outturn_not_yet_known(pay: Callable[..., tuple[int, Any]]) -> None:
    """An empty outturn is not zero: from there on payments are null, and the rest is still at stake."""
    code, data = pay(ON_PLAN.replace("2374,2374", "2374,").replace("2451,2451", "2451,"))
    board = data["boards"][0]
    assert code == 0
    assert [each["payment_pence"] for each in board["quarters"]] == [13_112_000, 12_963_000, None, None]
    assert (board["at_stake_pence"], board["unreleased_pence"]) == (26_075_000, None)


OTHER = ON_PLAN.replace("E10000016", "E10000030").split("\n", 1)[1]


@pytest.mark.parametrize(
    ("old", "new", "where", "says"),
    [
        ("2520", "-2520", "rows/2/baseline", "below zero"),
        ("2393,2393", "2393,lots", "rows/3/actual", "is not a number"),
        ("2393,2393", "2393,1e3", "rows/3/actual", "is not a number"),
        ("2393,2393", "2393,nan", "rows/3/actual", "is not a number"),
        ("2393,2393", "2393,99999999999", "rows/3/actual", "more admissions than England has"),
        ("2480,2393", "2480,", "rows/3/planned", "is empty"),
        ("2015-16Q2", "2015-16Q4", "rows/4/quarter", "not a quarter that these rules pay by"),
        ("2015-16Q2", "2015-16Q1", "rows/4/quarter", "has 2015-16Q1 already in row 3"),
        ("E10000016,2015-16Q3,2540,2451,2451\n", "", "rows/2/quarter", "has no row for 2015-16Q3"),
    ],
)
def test_a_fault_costs_its_own_board_and_no_other(
    pay: Callable[..., tuple[int, Any]], old: str, new: str, where: str, says: str
) -> None:
    """A fault in a row is a blocking finding with row and column; that board gets no figures, the others do, exit 1."""
    code, data = pay(ON_PLAN.replace(old, new, 1) + OTHER)
    assert code == 1
    assert [each["board"] for each in data["boards"]] == ["E10000030"]
    found = [each for each in data["findings"] if each["where"] == where]
    assert found, data["findings"]
    assert found[0]["severity"] == "blocker"
    assert says in found[0]["says"]
    assert set(found[0]) == {"code", "severity", "where", "says", "remedy", "rule"}


@pytest.mark.parametrize(
    ("code", "says"), [("E99999999", "There is no board"), ("E06000028", "HWB_BP"), ("", "is empty")]
)
def test_a_board_that_does_not_exist(pay: Callable[..., tuple[int, Any]], code: str, says: str) -> None:
    """An unknown board, or a council of a joint one, is a finding that names the right code."""
    status, data = pay(ON_PLAN.replace("E10000016", code) + OTHER)
    assert status == 1
    assert [each["board"] for each in data["boards"]] == ["E10000030"]
    assert says in data["findings"][0]["says"]


def test_unit_value_and_share(pay: Callable[..., tuple[int, Any]]) -> None:
    """A board may have its own unit value, one only, and its share of the billion limits its fund."""
    heading, *rows = ON_PLAN.strip().split("\n")

    def file(*values: str) -> str:
        lines = [f"{row},{value}" for row, value in zip(rows, values, strict=True)]
        return "\n".join([f"{heading},unit_value_pence,performance_share_pence", *lines]) + "\n"

    code, data = pay(file("150000,", "150000,", "150000,", "150000,"))
    assert (code, data["boards"][0]["fund_pence"]) == (0, 52_500_000)
    assert [each["severity"] for each in data["findings"]] == ["note"]
    code, data = pay(file("150000,", "149000,", "150000,", "150000,"))
    assert (code, data["boards"]) == (1, [])
    assert data["findings"][0]["where"] == "rows/3/unit_value_pence"
    code, data = pay(file(",1000000", ",1000000", ",1000000", ",1000000"))
    assert (code, data["boards"][0]["fund_pence"], data["findings"][0]["code"]) == (
        0,
        1_000_000,
        "fund-capped",
    )


def test_a_plan_above_the_baseline_is_a_warning(pay: Callable[..., tuple[int, Any]]) -> None:
    """A plan to admit more is allowed, and asks for a look."""
    code, data = pay(ON_PLAN.replace("2520,2432", "2520,2600"))
    assert (code, len(data["boards"])) == (0, 1)
    assert [(each["code"], each["severity"]) for each in data["findings"]] == [
        ("plan-above-baseline", "warning")
    ]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("plan.csv", b"", "is empty"),
        ("plan.csv", b"board,quarter,baseline,planned\n", "no column “actual”"),
        (
            "plan.csv",
            b"board,quarter,base line,planned,actual\n",
            "no column “baseline” in row 1. Is it the one called “base line”?",
        ),
        ("plan.csv", b"board,quarter,baseline,planned,actual\n", "no rows"),
        ("plan.csv", b"board,board,quarter,baseline,planned,actual\n", "“board” twice"),
        ("plan.csv", b"PK\x03\x04rest", "is a workbook or zip file"),
        ("plan.csv", b"\xff\xfeb\x00o\x00", "UTF-16"),
        ("plan.csv", b"board,quarter,baseline,planned,actual\nE\xff,1,2,3,4\n", "row 2 is not UTF-8"),
        ("plan.csv", b"board,quarter,baseline,planned,actual\nE,1,2,3,4,5,6\n", "row 2 has 7 cells"),
        ("plan.csv", b'board,quarter,baseline,planned,actual\n"E,1,2,3,4\n', "cannot be read as CSV"),
        ("plan.csv", b"a\0b", "zero bytes"),
        ("plan.csv", b"board;quarter;baseline;planned;actual\n", "is separated by semicolons"),
        ("plan.xlsx", ON_PLAN.encode(), "is not a CSV file by its name"),
    ],
)
@pytest.mark.slow
def test_a_file_that_cannot_be_used(run: Run, tmp_path: Path, name: str, content: bytes, says: str) -> None:
    """A missing column, or a file that is not what its name says: exit 2, one sentence, nothing on standard output."""
    file = tmp_path / name
    file.write_bytes(content)
    code, out, err = run("payment", str(file), "--rules", "bcf-2014-08", "--json")
    assert (code, out) == (2, "")
    assert says in err
    assert err.count("\n") == 1


def test_a_flood_of_faults_is_bounded(pay: Callable[..., tuple[int, Any]]) -> None:
    """Of more than a thousand findings the rest is counted out: nobody reads them, and the answer stays small."""
    code, data = pay(ON_PLAN + "E10000030,2014-15Q4,x,y,z\n" * 2_000)
    assert code == 1
    assert len(data["findings"]) == 1_001
    assert data["findings"][-1]["code"] == "too-many-findings"
    assert [each["board"] for each in data["boards"]] == ["E10000016"]


def test_rows_are_counted_as_a_spreadsheet_does(pay: Callable[..., tuple[int, Any]]) -> None:
    """A line break inside a quoted cell does not move the row numbers."""
    code, data = pay(
        ON_PLAN.replace("E10000016,2014-15Q4", '"E10\n000016",2014-15Q4').replace("2480,", "-2480,")
    )
    assert code == 1
    assert "rows/3/baseline" in {each["where"] for each in data["findings"]}
    assert all("\n" not in each["says"] for each in data["findings"])


def test_what_a_file_holds_does_not_reach_the_terminal(pay: Callable[..., tuple[int, Any]]) -> None:
    """Control characters in a cell are not repeated, so that a file cannot forge what a terminal shows."""
    _, data = pay(ON_PLAN.replace("E10000016", "E1\x1b[31m"))
    assert all("\x1b" not in each["says"] for each in data["findings"])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("environment", "says"),
    [
        ({"CAREPOOL_DATABASE": "postgresql://nobody@127.0.0.1:1/x"}, "The database cannot be used"),
        (
            {"CAREPOOL_DATABASE": "postgresql://nobody@127.0.0.1:abc/x"},
            "The port in CAREPOOL_DATABASE is no number",
        ),
        ({"CAREPOOL_DATABASE": "mysql://x/y"}, "not a database that carepool speaks"),
        ({"CAREPOOL_HOME": "/dev/null/x"}, "The system refused"),
    ],
)
def test_a_database_or_home_that_cannot_be_used(
    environment: dict[str, str], says: str, tmp_path: Path
) -> None:
    """An operator's slip in the environment is one sentence and exit 2, with no traceback."""
    done = carepool("prepare", **{"CAREPOOL_HOME": str(tmp_path), **environment})
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.slow
def test_a_database_file_that_is_none(tmp_path: Path) -> None:
    """A damaged database file is said in one sentence, by prepare and by verify."""
    (tmp_path / "carepool.sqlite3").write_bytes(os.urandom(5_000))
    for arguments in (["prepare"], ["journal", "verify"]):
        done = carepool(*arguments, home=tmp_path)
        assert (done.returncode, done.stdout) == (2, ""), done.stderr
        assert "The database cannot be used: file is not a database" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["board", "Knt"], "Did you mean Kent"),
        (["board", "E06000052"], "HWB_CS"),
        (["admissions", "E0800029"], "Did you mean E08000029"),
        (["boards", "--on", "2012-12-31"], "primary care trusts"),
        (["boards", "--on", "2016-04-01"], "held to 31 March 2016"),
        (["boards", "--on", "31/3/2015"], "is not a date"),
        (["national", "--as-at", "9999-12-31"], "beyond any day"),
        (["admissions", "E08000029", "--from", "2012-13Q4"], "primary care trusts"),
        (["admissions", "E08000029", "--to", "9999-00Q1"], "held to 2015-16Q4"),
        (["admissions", "E08000029", "--from", "2015-16Q3", "--to", "2014-15Q1"], "Give the earlier quarter first"),
        (["admissions", "E08000029", "--from", "2014-16Q1"], "is not a quarter"),
        (["allocate", "bcf-2014-8"], "Did you mean bcf-2014-08"),
        (["allocate", "bcf-2014-08", "--board", "E06000029"], "HWB_BP"),
        (["national", "--ambition", "lots"], "is not a cut in per cent"),
        (["national", "--ambition=-1"], "from 0 to 100"),
        (["national", "--ambition", "3.555"], "at most two decimals"),
        (["national", "--ambition", "NaN"], "from 0 to 100"),
        (["national", "--ambition", ""], "from 0 to 100"),
        (["national", "--ambition", "1e1"], "from 0 to 100"),
        (["national", "--as-at", ""], "is not a date"),
        (["board", "two\nlines"], "There is no board"),
        (["national", "--as-at", "2014-12-31"], "had not been published"),
        (["rules", "value", "bcf-2014-08", "payment/unit_value", "--on", "2017-01-01"], "known until 31 March 2016"),
        (["rules", "value", "bcf-2014-08", "payment/unit_vlaue", "--on", "2015-01-01"], "Did you mean payment/unit_value"),
        (["payment", "nowhere.csv"], "There is no file nowhere.csv"),
        (["payment", "."], "is a folder"),
        (["payment"], "Name one thing to pay"),
        (["bords"], "No such command"),
        (["board", "E10000016", "--colour"], "No such option"),
    ],
)  # fmt: skip
def test_a_question_that_cannot_be_answered(run: Run, arguments: list[str], says: str) -> None:
    """What cannot be used ends with 2: one plain sentence on standard error, nothing on standard output."""
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert says in err
    assert err.count("\n") == 1
    assert "Traceback" not in err


def test_no_payment_by_quarter_from_proposed_rules(run: Run, tmp_path: Path) -> None:
    """The rules of August 2013 leave measures and weights open: a file of quarters is refused, and what is needed is named."""
    file = tmp_path / "plan.csv"
    file.write_text(ON_PLAN)
    code, out, err = run("payment", str(file), "--rules", "itf-2013-08")
    assert (code, out) == (2, "")
    assert "The columns needed are board, tranche, test, met, baseline, planned, actual, weight" in err


@pytest.mark.slow
def test_prepare_and_verify(tmp_path: Path) -> None:
    """``carepool prepare`` makes the database, and again changes nothing; ``journal verify`` gives a checkpoint."""

    def command(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        return carepool(*arguments, home=tmp_path / "home", **more)

    first, again = command("prepare"), command("prepare")
    assert (first.returncode, again.returncode) == (0, 0), first.stderr
    assert "28 files" in first.stdout
    assert "0 files" in again.stdout
    answer = command("journal", "verify", "--json")
    data = json.loads(answer.stdout)
    assert (answer.returncode, data["findings"]) == (0, [])
    assert data["facts"] > 16, "England and the illustrative county"
    checkpoint = tmp_path / "checkpoint.json"
    checkpoint.write_text(answer.stdout)
    assert command("journal", "verify", "--checkpoint", str(checkpoint)).returncode == 0
    data["head"]["root"] = "0" * 64
    checkpoint.write_text(json.dumps(data))
    assert command("journal", "verify", "--checkpoint", str(checkpoint)).returncode == 1
    wrong = command("journal", "verify", CAREPOOL_DATABSE="x")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "Did you mean CAREPOOL_DATABASE?" in wrong.stderr
