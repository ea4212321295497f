"""A pool's books in other programs: Beancount and hledger accept them and come to the same balances; CSV and a workbook hold them too."""

import csv
import io
import shutil
import subprocess
import sys
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carepool.basics.money import Pence
from carepool.pool.accounts import CODE, LONGEST_TITLE, Account, Event, Heading, moved
from carepool.pool.books import Books
from carepool.render.ledgers import HEADING, account_of, amount, beancount, hledger, legal, xlsx
from carepool.render.ledgers import csv as as_csv
from tests import programs
from tests.chance import years
from tests.programs import program
from tests.spec.test_books import CCG, COUNCIL, NHS, Pool
from tests.spec.test_pool_commands import Ask, ask

__all__ = ["ask"]
HOSTILE = (
    '"; quotes', "back\\slash\\", "a ; comment | note, tag: 1%", "line\nbreak", "(code) ! * 2015-01-01 open Assets:X GBP", "#tag ^link",
    "=1+1", "@SUM(A1)", "é €😀", "include other.ledger", "  ", "ends with \\", "end comment", "'", "\u202eright to left", "\t\x07bell",
)  # fmt: skip
"""Titles that would be something else in one of the programs."""
READ_BEANCOUNT = """
import sys
from beancount import loader
from beancount.core import data, realization
entries, errors, _ = loader.load_file(sys.argv[1])
assert not errors, errors
real = realization.realize(entries)
for each in realization.iter_children(real):
    for position in each.balance:
        print(each.account, position.units.number, position.units.currency, sep="\\t")
for each in entries:
    if isinstance(each, data.Transaction):
        print("#", each.meta["posting"], each.meta["books"], each.narration.encode("unicode_escape").decode(), sep="\\t")
"""


def hostile() -> Books:
    """A year as chance had it, with titles that would be something else, and codes of every sign that a code may have."""
    pool = Pool()
    for place, title in enumerate(HOSTILE):
        pool.enter(
            Event.RECEIVED, 10_01 + place, party=CCG, source=NHS, says=title, on=date(2015, 4 + place % 9, 28)
        )
    for source in ("a_b-c.d", "A_b", "a-", "A-", "9", "a_", "a.-_", "x5f", "A-5f"):
        pool.enter(Event.CONTRIBUTED, 7, party=COUNCIL, source=source)
    return pool.books


BOOKS = {
    "hostile": hostile,
    "spread over years": lambda: next(iter(years(7, 1, 120))).books,
    "another": lambda: next(iter(years(2016, 1, 120))).books,
}


def ours(books: Books) -> dict[str, Decimal]:
    """Our own balances by legal name; what is nothing is left out."""
    return {legal(account): Decimal(pence) / 100 for account, pence in books.balances.items() if pence}


@pytest.mark.parametrize("name", BOOKS)
@pytest.mark.slow
def test_beancount_accepts_the_books_and_totals_alike(name: str, tmp_path: Path) -> None:
    """bean-check finds no fault, the balances at each month's end among what it checks; and every account has our balance."""
    books, file = BOOKS[name](), tmp_path / "pool.beancount"
    facts = {each.id: "f" * 64 for each in books.postings}
    file.write_text(beancount(books, facts), encoding="utf-8")
    checked = subprocess.run(
        [program("bean-check", "a package of the tests"), str(file)], capture_output=True, text=True
    )
    assert (checked.returncode, checked.stdout + checked.stderr) == (0, "")
    read = subprocess.run([sys.executable, "-c", READ_BEANCOUNT, str(file)], capture_output=True, text=True)
    assert read.returncode == 0, read.stderr
    rows = [line.split("\t") for line in read.stdout.splitlines()]
    found = {row[0]: Decimal(row[1]) for row in rows if row[0] != "#" and Decimal(row[1])}
    assert {row[2] for row in rows if row[0] != "#"} == {"GBP"}
    assert found == ours(books)
    assert {row[1] for row in rows if row[0] == "#"} == {each.id for each in books.postings}


@pytest.mark.parametrize("name", BOOKS)
def test_hledger_accepts_the_books_and_totals_alike(name: str, tmp_path: Path) -> None:
    """hledger finds no fault, accounts and commodity declared and balances asserted; and every account has our balance."""
    tool = program("hledger", "on Debian: hledger")
    books, file = BOOKS[name](), tmp_path / "pool.journal"
    file.write_text(hledger(books, {each.id: "f" * 64 for each in books.postings}), encoding="utf-8")
    env = {"LC_ALL": "C.UTF-8", "HOME": str(tmp_path)}
    checked = subprocess.run(
        [tool, "-f", str(file), "check", "--strict"], capture_output=True, text=True, env=env
    )
    assert (checked.returncode, checked.stderr) == (0, "")
    read = subprocess.run(
        [tool, "-f", str(file), "balance", "--flat", "--no-total", "-O", "csv"],
        capture_output=True,
        text=True,
        env=env,
    )
    rows = list(csv.reader(io.StringIO(read.stdout)))[1:]
    assert {row[1].partition(" ")[2] for row in rows} <= {"GBP"}
    assert {row[0]: Decimal(row[1].removesuffix(" GBP")) for row in rows} == ours(books)


@pytest.mark.parametrize("form", ["beancount", "hledger"])
def test_a_penny_out_is_refused_by_the_program(form: str, tmp_path: Path) -> None:
    """The assertions are real: books in which one amount was changed on both sides are refused."""
    file = tmp_path / f"pool.{form}"
    lines = {"beancount": beancount, "hledger": hledger}[form](hostile(), {}).splitlines()
    first = next(place for place, line in enumerate(lines) if line.endswith(" 0.07 GBP"))
    for place in (first, first + 1):
        lines[place] = lines[place].replace("0.07", "0.08")
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    command = (
        [program("bean-check", "a package of the tests"), str(file)]
        if form == "beancount"
        else [program("hledger", "on Debian: hledger"), "-f", str(file), "check"]
    )
    assert subprocess.run(command, capture_output=True).returncode != 0


@given(
    st.sampled_from(Heading), st.from_regex(CODE, fullmatch=True), st.one_of(st.just(""), st.from_regex(CODE, fullmatch=True))
)  # fmt: skip
def test_a_name_is_legal_and_can_be_read_back(heading: Heading, party: str, source: str) -> None:
    """Any account has a name that both programs take, and no two accounts have the same: it is read back to the account."""
    account = Account(heading, party, source)
    name = legal(account)
    assert account_of(name) == account
    root, *parts = name.split(":")
    assert root in {"Assets", "Liabilities", "Equity", "Income", "Expenses"}
    assert all(
        each.isascii() and (each[0].isupper() or each[0].isdigit()) and each.replace("-", "").isalnum()
        for each in parts
    )


@given(st.integers(-(10**15), 10**15))
def test_an_amount_has_two_decimals(pence: Pence) -> None:
    """Every amount is written in pounds with two decimals, and is the same pence."""
    written = amount(pence)
    assert Decimal(written) * 100 == pence
    assert len(written.partition(".")[2]) == 2


def test_books_stay_apart() -> None:
    """No transaction has lines of two sets of books, and each balances by itself."""
    for part in beancount(hostile(), {}).split("\n\n"):
        lines = [
            each.split() for each in part.splitlines() if each.startswith("  ") and each.endswith(" GBP")
        ]
        assert len({name.split(":")[1] for name, *_ in lines}) <= 1
        if lines and " balance " not in part:
            assert sum(Decimal(each[1]) for each in lines) == 0


def test_each_transaction_names_where_it_is_from() -> None:
    """The posting, the event, the set of books and the digest of the fact stand with each transaction; nothing of a title is a directive."""
    pool = Pool()
    pool.enter(
        Event.RECEIVED, 1_00, party=CCG, source=NHS, says='say "no"; \\ and\n2015-01-01 close Assets:Pool'
    )
    text = beancount(pool.books, {"2": "d" * 64})
    assert '2015-06-15 * "received" "say \\"no\\"; \\\\ and 2015-01-01 close Assets:Pool"' in text
    assert '  posting: "2"\n  event: "received"\n  books: "pool"\n  fact: "' + "d" * 64 in text
    assert 'received: say "no"%3B \\ and 2015-01-01 close' in hledger(pool.books, {})


def test_an_export_as_at_a_day_is_of_what_is_dated_by_then() -> None:
    """Up to a day only what is dated by then is exported, with its balances."""
    books = hostile()
    assert "2015-05-28" in beancount(books, {}, date(2015, 12, 31))
    assert "2015-05-28" not in beancount(books, {}, date(2015, 5, 27))
    assert len(as_csv(books, {}, date(2015, 5, 27)).splitlines()) < len(as_csv(books, {}).splitlines())


def balances_of(rows: list[Mapping[str, str]]) -> dict[str, Pence]:
    """What rows of debit, credit and pence come to."""
    found: dict[str, Pence] = {}
    for row in rows:
        for side, sign in (("debit", 1), ("credit", -1)):
            found[row[side]] = found.get(row[side], 0) + sign * int(row["pence"])
    return found


def test_csv_holds_every_entry() -> None:
    """A row an entry, in whole pence, which adds to our balances; no cell would be run by a spreadsheet."""
    books = hostile()
    rows = list(csv.DictReader(io.StringIO(as_csv(books, {"2": "d" * 64}))))
    assert tuple(rows[0]) == HEADING
    assert balances_of(rows) == {str(account): pence for account, pence in books.balances.items()}
    assert not any(cell.startswith(("=", "@", "+", "-")) for row in rows for cell in row.values())


def test_a_workbook_holds_entries_and_balances() -> None:
    """One sheet of entries and one of balances, each to the penny; the same books give the same bytes."""
    books = hostile()
    content = xlsx(books, {})
    assert content == xlsx(books, {})
    book = openpyxl.load_workbook(io.BytesIO(content))
    heading, *rows = book["Entries"].iter_rows(values_only=True)
    assert balances_of([dict(zip(map(str, heading), row, strict=True)) for row in rows]) == {  # type: ignore[arg-type]
        str(account): pence for account, pence in books.balances.items()
    }
    assert all(
        row[heading.index("pounds")] * 100 == pytest.approx(row[heading.index("pence")], abs=0.001)
        for row in rows
    )
    assert {row[1]: row[2] for row in book["Balances"].iter_rows(min_row=2, values_only=True)} == {
        str(account): pence for account, pence in books.balances.items()
    }
    assert not any(cell.data_type == "f" for sheet in book for row in sheet.iter_rows() for cell in row)


def test_titles_are_as_long_as_they_may_be() -> None:
    """The hostile titles are ones that the books take, and change no balance."""
    assert all(len(each) <= LONGEST_TITLE for each in HOSTILE)
    books = hostile()
    come_to: dict[Account, Pence] = {}
    for posting in books.postings:
        for account, pence in moved(posting.lines).items():
            come_to[account] = come_to.get(account, 0) + pence
    assert come_to == dict(books.balances)


@pytest.mark.slow
def test_an_export_in_the_terminal(ask: Ask, tmp_path: Path) -> None:
    """``carepool pool export POOL --format beancount|hledger|csv|xlsx`` writes to the screen or a file; another format is refused."""
    for form, begins in (
        ("beancount", 'option "title"'),
        ("hledger", "; Section 75"),
        ("csv", "posting,on,event"),
    ):
        code, said = ask("pool", "export", "carrowby", "--format", form)
        assert (code, said[: len(begins)]) == (0, begins)
        assert form == "csv" or said.count("fact") >= 3
    out = tmp_path / "pool.xlsx"
    assert ask("pool", "export", "carrowby", "--format", "xlsx", "--out", str(out))[0] == 0
    assert openpyxl.load_workbook(out).sheetnames == ["Entries", "Balances"]
    assert (
        "There is no format “beans”. Did you mean beancount?"
        in ask("pool", "export", "carrowby", "--format", "beans")[1]
    )


@pytest.mark.parametrize(
    ("environment", "outcome"), [("", pytest.skip.Exception), ("true", pytest.fail.Exception)]
)
def test_a_missing_program_is_named(
    monkeypatch: pytest.MonkeyPatch, environment: str, outcome: type[BaseException]
) -> None:
    """Without hledger or Beancount these tests are skipped with a reason that is named at the end; where CI says so they fail."""
    monkeypatch.setenv("CI", environment)
    monkeypatch.setattr(shutil, "which", lambda *_, **__: None)
    with pytest.raises(
        outcome, match=r"^ledger export suite could not run: hledger is not installed \(on Debian: hledger\)$"
    ):
        programs.program("hledger", "on Debian: hledger")
