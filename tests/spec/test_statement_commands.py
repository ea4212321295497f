"""``carepool pool statement``: a pool's statement in the terminal, as data, and as a file to hand out."""

import json
from importlib.resources import files
from pathlib import Path

import openpyxl
import pytest

from carepool.wiring.main import main
from tests.asking import Ask, in_county
from tests.reading_pdf import Pdf

AGREEMENT = str(files("carepool").joinpath("illustrative/carrowby_agreement.yaml"))
STATEMENT = ("pool", "statement", "carrowby")


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Ask:
    """Asks a command of a home of its own, in which the illustrative county was built."""
    return in_county(tmp_path_factory.mktemp("statements"))


@pytest.mark.slow
def test_a_quarters_statement_as_data(ask: Ask) -> None:
    """``carepool pool statement POOL --quarter 2015-16Q2 --json``: what was brought in and what moved is what is there, and every sum has its postings."""
    code, said = ask(*STATEMENT, "--quarter", "2015-16Q2", "--json")
    data = json.loads(said)
    assert (code, data["period"], data["held_by"], data["first"], data["last"]) == (
        0, "2015-16Q2", "ZZ6", "2015-07-01", "2015-09-30",
    )  # fmt: skip
    for each in data["balances"]:
        assert each["brought_in_pence"] + each["moved"]["pence"] == each["closing_pence"]
    for each in (*data["income"], *data["expenditure"]):
        assert bool(each["to_date"]["pence"]) <= bool(each["to_date"]["postings"])
    assert data["mark"].startswith("Illustrative county")
    assert data["names"]["Z6A"] == "NHS Carrowby CCG"


@pytest.mark.slow
def test_a_months_statement_says_which_instalments_are_late(ask: Ask) -> None:
    """With the agreement its instalments are known, and those that have not come in are named; a year is asked for by --annual."""
    code, said = ask(*STATEMENT, "--month", "2015-10", "--agreement", AGREEMENT)
    assert code == 0
    assert "NHS Carrowby CCG was to pay £4,362,462.57 on 15 October 2015: £4,362,462.57 is in" in said
    assert "on 15 April 2015; " not in said, "what is due and what is given are the same to the penny"
    code, said = ask(*STATEMENT, "--month", "2016-01", "--agreement", AGREEMENT)
    assert "NHS Carrowby CCG was to pay £4,362,462.57 on 15 January 2016; " in said
    assert "Section 75 agreement for Carrowby joint plan: 2015-16\n" in ask(*STATEMENT, "--annual")[1]


@pytest.mark.slow
def test_a_statement_as_it_was_known(ask: Ask) -> None:
    """As at a day in the period it is not over, and knows what was entered by then alone."""
    code, said = ask(*STATEMENT, "--quarter", "2015-16Q1", "--as-at", "2015-05-01", "--json")
    data = json.loads(said)
    assert (code, data["known_on"]) == (0, "2015-05-01")
    assert "period-not-over" in {each["code"] for each in data["findings"]}
    assert data["postings_known"] < json.loads(ask(*STATEMENT, "--quarter", "2015-16Q1", "--json")[1])["postings_known"]  # fmt: skip


@pytest.mark.slow
def test_a_statement_as_a_file(ask: Ask, tmp_path: Path) -> None:
    """PDF, DOCX, workbook and CSV, by how the name ends."""
    for ending in ("pdf", "docx", "xlsx", "csv"):
        code, said = ask(*STATEMENT, "--month", "2015-06", "--out", str(tmp_path / f"june.{ending}"))
        assert (code, said.startswith("Written: ")) == (0, True), said
    assert Pdf((tmp_path / "june.pdf").read_bytes()).pages == 2
    assert openpyxl.load_workbook(tmp_path / "june.xlsx").sheetnames[0] == "Statement"
    assert (tmp_path / "june.csv").read_bytes().startswith(b"pool,period,known_on,table,")
    assert "has no books of 2016-17" in ask(*STATEMENT, "--quarter", "2016-17Q1")[1]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--month", "2015-06", "--out", "june.txt"), "june.txt ends in none of .pdf, .docx, .xlsx, .csv, .json."),
        ((), "Ask for one period: --month 2015-06, --quarter 2015-16Q2 or --annual."),
        (("--month", "2015-06", "--annual"), "Ask for one period"),
    ],
)  # fmt: skip
def test_what_is_not_a_statement_is_refused(
    words: tuple[str, ...], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Another ending, no period or two: each is refused with what to write instead."""
    with pytest.raises(SystemExit) as left:
        main([*STATEMENT, *words])
    assert left.value.code == 2
    assert says in capsys.readouterr().err
