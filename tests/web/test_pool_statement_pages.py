"""Statements of a pool and its partners' own books, as pages and files."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from carepool.actions.areas import MARK
from carepool.actions.house import House
from carepool.actions.pools import books_now
from tests.web.visiting import Person, sound

POOL = "/pools/carrowby"
HOST, CCG = "carrowby.finance", "carrowby.ccg.finance"
QUARTER = f"{POOL}/statements/2015-16Q2"


@pytest.mark.parametrize(
    "path", [f"{POOL}/statements", QUARTER, f"{POOL}/statements/2015-06", f"{POOL}/partners", f"{POOL}/partners/Z6A"]
)  # fmt: skip
def test_every_page_is_sound_and_marked(someone: Callable[..., Person], path: str) -> None:
    """Whoever may read the pool reads them, marked as illustrative, within 150 kB."""
    for handle in (HOST, CCG):
        answer = someone(handle).browser.get(path)
        assert (answer.status_code, len(answer.content) <= 150_000) == (200, True)
        assert MARK in sound(path, answer).text


@pytest.mark.parametrize(
    ("ending", "begins"), [("pdf", b"%PDF-"), ("docx", b"PK"), ("xlsx", b"PK"), ("csv", b"")]
)
def test_a_statement_is_taken_away(someone: Callable[..., Person], ending: str, begins: bytes) -> None:
    """As PDF, DOCX, XLSX and CSV, named after the pool and the period; any other ending does not exist."""
    answer = someone(CCG).browser.get(f"{QUARTER}.{ending}")
    assert answer.status_code == 200
    assert f"carrowby-2015-16Q2.{ending}" in answer["Content-Disposition"]
    assert answer.content.startswith(begins)
    assert someone(CCG).browser.get(f"{QUARTER}.exe").status_code == 404
    assert someone(CCG).browser.get(f"{QUARTER}.json").json()["mark"].startswith(MARK)


@pytest.mark.parametrize("period", ["2015", "2015-13", "2016-17Q1", "soon"])
def test_a_period_that_is_none_does_not_exist(someone: Callable[..., Person], period: str) -> None:
    """What is no month, quarter or year of these books is answered with what is."""
    assert someone(HOST).browser.get(f"{POOL}/statements/{period}").status_code == 404


def test_a_statement_is_given_once(someone: Callable[..., Person], now: House) -> None:
    """The host's officer gives it; sent twice it is given once; a partner's officer cannot."""
    host = someone(HOST)
    form = host.form(QUARTER, QUARTER)
    before = len(books_now(now, "carrowby", "2015-16").given)
    assert [host.send(QUARTER, form).status_code for _ in range(2)] == [302, 302]
    assert len(books_now(now, "carrowby", "2015-16").given) == before + 1
    assert "Given on" in host.page(f"{POOL}/statements").tables["statements"].column("Standing")[2]
    refused = someone(CCG).send(QUARTER, {"act": "give", "key": "k"})
    assert refused.status_code == 409


def test_partners_books_come_to_what_the_pool_spent(someone: Callable[..., Person]) -> None:
    """Each balances; their net expenditure adds up to the pool's; what is between two is the same in both."""
    page = someone(HOST).page(f"{POOL}/partners")
    rows = page.tables["partners"].rows[1:]
    assert {row[-1] for row in rows} == {"£0.00"}
    assert rows[-1][2] in page.text.split("what the pool has spent less what people were charged,")[1][:40]
    assert rows[-1][1] == "£12,676,884.00", (
        "the cost of all schemes, as statements have it, and £90,000 of the grant passed on"
    )


@pytest.mark.parametrize("form", ["beancount", "journal", "csv", "xlsx"])
def test_books_go_out_for_other_programs(someone: Callable[..., Person], form: str) -> None:
    """The pool's books for Beancount, hledger and spreadsheets."""
    answer = someone(CCG).browser.get(f"{POOL}/books.{form}")
    assert answer.status_code == 200
    assert answer.content
    assert someone(CCG).browser.get(f"{POOL}/books.word").status_code == 404


def test_a_ledger_is_held_against_the_pool(someone: Callable[..., Person], now: House) -> None:
    """What differs is listed to the penny; a file that cannot be read is said, and nothing is kept of either."""
    ccg, path = someone(CCG), f"{POOL}/partners/Z6A"
    form = ccg.form(path, path)
    version = books_now(now, "carrowby", "2015-16").version
    file = SimpleUploadedFile(
        "l.csv", b"date,reference,description,amount\n2015-06-01,77,Something else,12.34\n"
    )
    page = sound(path, ccg.browser.post(path, form | {"ledger": file, "account": "money"}))
    assert "things differ" in page.text
    assert "£12.34" in {cell for row in page.tables["differences"].rows for cell in row}
    wrong = ccg.browser.post(path, form | {"ledger": SimpleUploadedFile("l.csv", b"a,b\n1,2\n")})
    assert wrong.status_code == 400
    assert "has no amounts" in sound(path, wrong).text
    assert "Choose the file" in sound(path, ccg.browser.post(path, form)).text
    assert books_now(now, "carrowby", "2015-16").version == version
