"""The pages of a pool, as its partners' officers use them: at a glance, postings, accounts, entering, month end, the log."""

from collections.abc import Callable

import pytest

from carepool.actions.areas import MARK
from carepool.actions.house import House
from carepool.actions.pools import books_now
from carepool.pool.accounts import Heading
from tests.web.conftest import INSIDER
from tests.web.visiting import Person, sound

POOL = "/pools/carrowby"
HOST, CCG, OTHER = "carrowby.finance", "carrowby.ccg.finance", "stonebeck.chief"
PAGES = [
    POOL, f"{POOL}/postings", f"{POOL}/postings?event=opened", f"{POOL}/postings/pool/opened", f"{POOL}/accounts",
    f"{POOL}/accounts/held/Z6A", f"{POOL}/enter", f"{POOL}/month-end", f"{POOL}/log",
]  # fmt: skip


def fields(who: Person, path: str, number: int = 0) -> dict[str, str]:
    return who.form(path, path, number)


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.slow
def test_every_page_answers_whoever_may_read_it(someone: Callable[..., Person], path: str) -> None:
    """Partners and national bodies read it, marked as illustrative, within 150 kB; to others it does not exist."""
    for handle in (HOST, CCG, INSIDER):
        answer = someone(handle).browser.get(path)
        assert answer.status_code == 200
        assert len(answer.content) <= 150_000
        assert MARK in sound(path, answer).text
    other = someone(OTHER)
    assert other.browser.get(path).status_code == 404
    missing = other.browser.get(path.replace("carrowby", "nowhere"))
    assert missing.status_code == 404
    said = "There is no plan “{}”"
    assert said.format("carrowby") in other.browser.get(path).content.decode()
    assert said.format("nowhere") in missing.content.decode()


def test_at_a_glance(someone: Callable[..., Person], now: House) -> None:
    """Held by its host; plan, contributed, spent, off the pool, released; by partner and by scheme; what was entered last."""
    page = someone(HOST).page(POOL)
    books = books_now(now, "carrowby", "2015-16")
    assert "Held by Carrowby council:" in page.text
    contributed = books.totals.contributed
    assert page.tables["partners-table"].rows[-1][1] == f"£{contributed / 100:,.2f}"
    assert page.tables["schemes-table"].column("Scheme")[:3] == ["Rapid response", "Reablement at home", "Named professional"]  # fmt: skip
    assert page.find("a", href="/plans/carrowby/money")
    assert len(page.tables["latest-table"].rows) >= 3


def test_a_capital_grant_and_what_goes_on_of_it(someone: Callable[..., Person]) -> None:
    """By which determination who pays it to whom, what of it goes on to which district, and under which conditions."""
    who = someone(CCG)
    (row,) = who.page(POOL).tables["grants-table"].rows[1:]
    assert row == [
        "Disabled Facilities Grant determination 2015-16 (fictitious)", "DCLG", "Carrowby council", "£574,633.02", "£574,633.02",
        "ZZ11", "£120,000.00", "£90,000.00", "£30,000.00",
    ]  # fmt: skip
    (terms,) = who.page(f"{POOL}/agreement").tables["grants-table"].rows[1:]
    assert "Over Merrow (ZZ11), which adapts some of them" in terms[4]
    assert terms[5:] == ["£120,000.00 to ZZ11", "clause 8.1"]
    asked = someone(HOST).page(f"{POOL}/enter/passed_on")
    assert "ZZ11" in asked.text and "Disabled Facilities Grant determination" in asked.text


def test_books_balance_and_lead_to_each_line(someone: Callable[..., Person]) -> None:
    """Every set of books balances; an account leads to its lines, a line to its posting, a posting to what it rests on."""
    who = someone(CCG)
    page = who.page(f"{POOL}/accounts")
    assert "Debits less credits over all accounts: £0.00." in page.text
    for book in ("book-pool", "book-budget", "book-Z6A"):
        foot = page.tables[book].rows[-1]
        assert foot[1] == foot[2]
    lines = who.page(f"{POOL}/accounts/held/Z6A")
    assert len(lines.tables["ledger-table"].rows) >= 3
    posting = next(path for path, _ in lines.links if "/postings/release/" in path)
    shown = who.page(posting)
    assert "Approved by Gus Hill for the CCG and Ellis Fay for the host on" in shown.text
    assert "The statement by which it was earned." in shown.text
    missing = who.browser.get(f"{POOL}/postings/999")
    assert missing.status_code == 404
    assert "There is no posting 999" in missing.content.decode()


def test_an_event_is_entered_once_and_shown(someone: Callable[..., Person], now: House) -> None:
    """The host's officer chooses what happened, types it, and sees the posting; sent twice it is entered once."""
    host = someone(HOST)
    path = f"{POOL}/enter/received"
    assert host.page(f"{POOL}/enter").find("a", href=path)
    form = fields(host, path)
    source = books_now(now, "carrowby", "2015-16").opening.contributions[0].source  # type: ignore[union-attr]
    party = books_now(now, "carrowby", "2015-16").opening.contributions[0].party  # type: ignore[union-attr]
    before = books_now(now, "carrowby", "2015-16").cash
    typed = form | {"party": party, "source": source, "pence": "£1,000.50", "on": "1 August 2015", "says": "First instalment"}  # fmt: skip
    answers = [host.send(path, typed) for _ in range(2)]
    assert [each.status_code for each in answers] == [302, 302]
    page = host.page(answers[0]["Location"])
    assert "First instalment" in page.text
    assert "dated 1 August 2015" in page.text
    assert books_now(now, "carrowby", "2015-16").cash == before + 1_000_50


def test_what_does_not_fit_is_said_at_the_form(someone: Callable[..., Person], now: House) -> None:
    """Nothing is entered; the words lead to the field, and what was typed is there."""
    host = someone(HOST)
    path = f"{POOL}/enter/spent"
    form = fields(host, path)
    books = books_now(now, "carrowby", "2015-16")
    scheme = books.opening.schemes[0]  # type: ignore[union-attr]
    source = next(iter(scheme.budgets))
    typed = form | {
        "scheme": scheme.id,
        "source": source,
        "payee": "Z6A",
        "pence": "99,000,000",
        "on": "2015-08-01",
    }
    answer = host.send(path, typed)
    assert answer.status_code == 409
    page = sound(path, answer)
    assert "left. Take no more than that, or have budget moved to the scheme first." in page.text
    assert page.find("input", name="pence", value="99,000,000")
    wrong = host.send(path, typed | {"pence": "lots"})
    assert wrong.status_code == 400
    assert "is not an amount" in sound(path, wrong).text
    assert books_now(now, "carrowby", "2015-16").version == books.version


def test_only_the_host_keeps_the_books(someone: Callable[..., Person]) -> None:
    """A partner's officer is told who keeps them, and a form that is sent all the same is refused."""
    ccg = someone(CCG)
    assert "The books are kept by Carrowby council" in ccg.page(f"{POOL}/enter").text
    path = f"{POOL}/enter/reclaimed"
    answer = ccg.send(path, {"act": "reclaimed", "key": "k1", "pence": "1", "on": "2015-08-01"})
    assert answer.status_code == 409
    assert "in the name of Carrowby council one must be its" in sound(path, answer).text


def test_a_month_is_closed_from_its_checklist(someone: Callable[..., Person], now: House) -> None:
    """The list says what is done and what is not; a finance officer of the host closes the month, a partner does not."""
    host = someone(HOST)
    path = f"{POOL}/month-end"
    page = host.page(path)
    steps = page.tables["checklist"].column("Step")
    assert steps[0] == "The month is over"
    before = books_now(now, "carrowby", "2015-16").closed_through
    answer = host.send(path, fields(host, path))
    assert answer.status_code == 302
    after = books_now(now, "carrowby", "2015-16").closed_through
    assert after is not None
    assert before is None or before < after
    assert someone(CCG).send(path, {"act": "close", "key": "k2", "month": "2015-12"}).status_code == 409


def test_the_log_of_risks_and_actions(someone: Callable[..., Person]) -> None:
    """Each partner enters what it sees; entries are changed and closed with a reason, and their history stays."""
    ccg, path = someone(CCG), f"{POOL}/log"
    risk = fields(ccg, path, 0) | {
        "words": "Home care may cost more than planned. A second provider is asked.", "owner": "council:ZZ6",
        "likelihood": "4", "impact": "3", "pence": "120,000",
    }  # fmt: skip
    assert ccg.send(path, risk).status_code == 302
    action = fields(ccg, path, 1) | {
        "words": "Ask a second provider.",
        "owner": "ccg:Z6A",
        "due": "2015-01-31",
    }
    assert ccg.send(path, action).status_code == 302
    page = ccg.page(path)
    assert page.tables["risks"].rows[-1][4] == "12"
    assert "Past its day" in page.tables["actions"].column("Standing")
    entry = next(each for each, _ in page.links if each.startswith(f"{path}/"))
    refused = ccg.send(entry, fields(ccg, entry, 0) | {"words": ""})
    assert refused.status_code in {400, 409}
    host = someone(HOST)
    assert (
        host.send(entry, fields(host, entry, 1) | {"words": "A second provider has signed."}).status_code
        == 302
    )
    shown = host.page(entry)
    assert "A second provider has signed." in shown.tables["history"].column("Words")
    assert "It is closed." in shown.text


def test_books_as_csv(someone: Callable[..., Person], now: House) -> None:
    """Every line of every posting, marked, in whole pence."""
    rows = someone(HOST).browser.get(f"{POOL}/postings.csv").content.decode().splitlines()
    assert rows[0] == "posting,event,on,says,of,late,debit,credit,amount_pence,mark"
    books = books_now(now, "carrowby", "2015-16")
    assert len(rows) - 1 == sum(len(each.lines) for each in books.postings)
    assert all(MARK in row for row in rows[1:])
    assert books.amount(Heading.HELD) > 0
