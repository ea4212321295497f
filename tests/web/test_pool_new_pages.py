"""A pool is opened from its agreement on a page: looked at first, and opened by its host's finance officer alone."""

import re
from collections.abc import Callable
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

import carepool
from carepool.actions.house import House
from carepool.actions.partnering import partners_now
from carepool.actions.permits import Actor
from carepool.actions.pools import books_now, enter_of, pools
from carepool.journal.commands import Done
from carepool.pool.accounts import Event
from carepool.pool.events import Asked
from carepool.signin.models import Account
from carepool.web.pool_frame import posting_words
from tests.web.visiting import Person, sound

HERE = "/pools/new"
AGREEMENT = (Path(carepool.__file__).parent / "illustrative" / "carrowby_agreement.yaml").read_bytes()
People = Callable[..., Person]


def look(person: Person, content: bytes = AGREEMENT, **typed: str) -> bytes:
    """The page once an agreement was handed in as a file."""
    file = SimpleUploadedFile("agreement.yaml", content)
    sent = {"act": "look", "year": "2015-16", "pool": "second", "plan": "", **typed, "file": file}
    return bytes(person.browser.post(HERE, sent).content)


def hidden(html: bytes, act: str) -> dict[str, str]:
    """What the hidden fields of an act's form hold."""
    form = re.search(rf'<form[^>]*id="{act}-form".*?</form>', html.decode(), re.DOTALL)
    assert form, f"there is no form {act}"
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form[0])
    return {name: unescape(value) for name, value in found if name != "csrfmiddlewaretoken"}


def test_an_agreement_is_looked_at_and_nothing_is_opened_by_looking(someone: People, now: House) -> None:
    before = pools(now.journal)
    person = someone("carrowby.finance")
    answer = person.browser.post(
        HERE, {"act": "look", "year": "2015-16", "pool": "second", "pasted": AGREEMENT.decode()}
    )
    page = sound(HERE, answer)
    asked = page.tables["asked"].rows[1:]
    assert f"It specifies {len(asked)} of the {len(asked)} things" in page.text
    assert {row[2] for row in asked} == {"Yes"}
    assert "Rapid response" in str(page.tables["schemes"].rows)
    assert "held by Carrowby" in page.text
    assert pools(now.journal) == before


def test_what_was_looked_at_is_opened(someone: People, now: House) -> None:
    """The agreement went along in the form, and stands as a document with the pool."""
    person = someone("carrowby.finance")
    answer = person.browser.post(HERE, hidden(look(person), "open"))
    assert (answer.status_code, answer.headers["Location"]) == (302, "/pools/second")
    books = books_now(now, "second", "2015-16")
    assert books.opening and books.opening.host == "ZZ6"
    assert books.opening.agreement_digest
    assert "Carrowby" in person.page("/pools/second").text
    assert "Rapid response" in person.page("/pools/second/agreement").text


def test_what_the_regulations_ask_and_the_agreement_lacks_is_said(someone: People) -> None:
    person = someone("carrowby.finance")
    lacking = re.sub(rb"(?m)^variation:.*\n", b"", AGREEMENT)
    html = look(person, lacking).decode()
    assert "does not specify how it is varied" in unescape(html)
    assert ">No<" in html


@pytest.mark.parametrize(
    ("content", "typed", "says"),
    [
        (b"title: [", {}, "cannot be read"),
        (b"", {}, "Choose the file of the agreement"),
        (AGREEMENT, {"year": "2015"}, "no financial year"),
        (AGREEMENT, {"year": "2031-32"}, "has no contributions for 2031-32"),
        (b"#" * 500_001, {}, "at most 500,000"),
    ],
)
def test_what_cannot_be_used_is_said_and_has_no_button(
    someone: People, content: bytes, typed: dict[str, str], says: str
) -> None:
    html = look(someone("carrowby.finance"), content, **typed).decode()
    assert says in unescape(html)
    assert 'id="open-form"' not in html


@pytest.mark.parametrize(
    ("pool", "says"),
    [("carrowby", "is the address of a plan"), ("new", "the page that opens pools"), ("a b", "no address")],
)
def test_an_address_that_cannot_be_is_refused_when_it_is_opened(
    someone: People, now: House, pool: str, says: str
) -> None:
    person, before = someone("carrowby.finance"), pools(now.journal)
    answer = person.browser.post(HERE, hidden(look(person, pool=pool), "open"))
    assert answer.status_code == 400
    assert says in unescape(answer.content.decode())
    assert pools(now.journal) == before


@pytest.mark.parametrize("handle", ["merrow.finance", "carrowby.ccg.finance"])
def test_a_finance_officer_of_another_body_than_the_host_is_refused(
    someone: People, now: House, handle: str
) -> None:
    person = someone(handle)
    answer = person.browser.post(HERE, hidden(look(person), "open"))
    assert answer.status_code == 409
    assert "in the name of Carrowby council" in unescape(answer.content.decode())
    assert books_now(now, "second", "2015-16").opening is None


@pytest.mark.parametrize("handle", ["carrowby.pool", "carrowby.lead"])
def test_who_may_open_none_is_told_who_may(someone: People, now: House, handle: str) -> None:
    person = someone(handle)
    assert "section 151 officer or chief finance officer" in person.page(HERE).text
    sent = {"act": "open", "year": "2015-16", "pool": "second", "pasted": AGREEMENT.decode(), "key": "k1"}
    assert person.browser.post(HERE, sent).status_code in {403, 409}
    assert books_now(now, "second", "2015-16").opening is None
    assert HERE not in {each.get("href") for each in person.page("/me").find("a")}


def test_the_page_is_found_from_ones_own(someone: People) -> None:
    assert HERE in {each.get("href") for each in someone("carrowby.finance").page("/me").find("a")}


@pytest.mark.slow
def test_an_account_with_many_lines_is_shown_a_page_at_a_time(someone: People, now: House) -> None:
    """Lines are counted, the balance goes on from page to page, and what is asked for beyond the last is empty."""
    asked = Asked(Event.SPENT, date(2016, 3, 1), 1, scheme="S1", source="unstated", payee="many")
    account = Account.objects.get(handle="carrowby.pool").id
    for number in range(101):
        assert isinstance(enter_of(now, Actor(account, f"many-{number}"), "carrowby", "2015-16", asked), Done)
    now.journal.seal()
    person = someone("carrowby.finance")
    first = person.page("/pools/carrowby/accounts/owed/many")
    assert "Lines 1 to 100 of 101." in first.text
    assert first.tables["ledger-table"].rows[-1][-1] == "£1.00"
    last = person.page("/pools/carrowby/accounts/owed/many?from=100")
    assert [row[-1] for row in last.tables["ledger-table"].rows[1:]] == ["£1.01"]


@pytest.mark.slow
def test_a_partners_entries_are_shown_a_page_at_a_time(someone: People, now: House) -> None:
    """The latest first, and from there to the earlier ones, until there are none."""
    asked = Asked(Event.SPENT, date(2016, 3, 1), 1, scheme="S1", source="unstated", payee="many")
    account = Account.objects.get(handle="carrowby.pool").id
    for number in range(101):
        assert isinstance(enter_of(now, Actor(account, f"many-{number}"), "carrowby", "2015-16", asked), Done)
    now.journal.seal()
    person, seen, address = someone("carrowby.finance"), [], "/pools/carrowby/partners/Z6A"
    while address:
        page = person.page(address)
        seen += [row[0] for row in page.tables["entries"].rows[1:]]
        further = re.search(r'<a href="([^"]*)">Earlier entries</a>', page.html)
        address = unescape(further[1]) if further else ""
    own = partners_now(now, books_now(now, "carrowby", "2015-16")).books["Z6A"]
    assert seen == [
        posting_words(each.posting) if each.posting[0] != "a" else "The agreement"
        for each in reversed(own.entries)
    ]
    assert len(seen) > 101
