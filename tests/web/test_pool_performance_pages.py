"""Performance money of a pool opened from its agreement, settled on a page: proposed, approved by both sides, the rest kept."""

from collections.abc import Callable
from html import unescape

import pytest
from django.http import HttpResponse

from carepool.actions.house import House
from carepool.actions.pools import books_now
from carepool.pool.accounts import Heading
from carepool.pool.books import Books
from tests.web.test_pool_new_pages import AGREEMENT
from tests.web.test_twice import hidden
from tests.web.visiting import Person

People = Callable[..., Person]
HOST, CCG, MANAGER = "carrowby.finance", "carrowby.ccg.finance", "carrowby.pool"
HERE = "/pools/second/performance"
WORDS = "Fewer admissions from April to June (fictitious)."
SAID = {"quarter": "2015-16Q1", "ccg": "Z6A", "pence": "600,000", "words": WORDS}
EARNED, TIED = 60_000_000, 156_003_000


def open_second(someone: People, plan: str = "") -> None:
    sent = {
        "act": "open",
        "pool": "second",
        "year": "2015-16",
        "pasted": AGREEMENT.decode(),
        "plan": plan,
        "key": "s2",
    }
    assert someone(HOST).browser.post("/pools/new", sent).status_code == 302


def send(who: Person, form: str, **typed: str) -> HttpResponse:
    return who.browser.post(HERE, {**hidden(who, HERE, HERE, f'id="{form}-form"'), **typed})


def said(answer: HttpResponse) -> str:
    return unescape(answer.content.decode())


def books(now: House) -> Books:
    return books_now(now, "second", "2015-16")


def test_it_is_proposed_approved_by_both_and_the_rest_is_kept(someone: People, now: House) -> None:
    open_second(someone)
    host, ccg = someone(HOST), someone(CCG)
    assert "£1,560,030.00 is off the pool" in host.page(HERE).text
    assert send(host, "propose", **SAID).status_code == 302
    page = ccg.page(HERE)
    assert WORDS in page.text and "awaiting the CCG and the host" in page.text.lower().replace("ccg", "CCG")
    assert send(host, "approve-2015-16Q1-Z6A-host").status_code == 302
    assert books(now).amount(Heading.RELEASED) == 0
    assert send(ccg, "approve-2015-16Q1-Z6A-ccg").status_code == 302
    assert books(now).amount(Heading.RELEASED, "Z6A") == EARNED
    assert send(host, "keep", words="Nothing more was earned (fictitious).").status_code == 302
    assert books(now).amount(Heading.CONTINGENT) == 0
    after = host.page(HERE)
    assert after.tables["ccgs"].rows[1][1:] == ["£1,560,030.00", "£0.00", "£600,000.00", "£960,030.00"]
    assert "performance money was settled on" in after.text
    assert not after.find("form", id="propose-form")


def test_each_has_the_forms_of_its_own_office(someone: People) -> None:
    """The host's finance officer proposes; each side approves for itself; the pool manager reads."""
    open_second(someone)
    assert send(someone(HOST), "propose", **SAID).status_code == 302
    forms = {
        who: {each.get("id") for each in someone(who).page(HERE).find("form") if each.get("id")}
        for who in (HOST, CCG, MANAGER)
    }
    assert {"propose-form", "keep-form", "approve-2015-16Q1-Z6A-host-form"} <= forms[HOST]
    assert "approve-2015-16Q1-Z6A-ccg-form" not in forms[HOST]
    assert "approve-2015-16Q1-Z6A-ccg-form" in forms[CCG]
    assert not {"propose-form", "keep-form", "approve-2015-16Q1-Z6A-host-form"} & forms[CCG]
    assert not [each for each in forms[MANAGER] if "approve" in each or "propose" in each]


@pytest.mark.parametrize(
    ("typed", "status", "says"),
    [
        ({"quarter": ""}, 400, "Choose the quarter"),
        ({"quarter": "soon"}, 400, "soon"),
        ({"quarter": "2019-20Q1"}, 409, "earns nothing in 2015-16"),
        ({"ccg": "ZZ6"}, 409, "is no CCG of this pool"),
        ({"pence": "much"}, 400, "much"),
        ({"pence": "-5"}, 400, "below"),
        ({"pence": "2,000,000"}, 409, "£1,560,030 off the pool"),
        ({"words": "  "}, 409, "Say by which statement"),
    ],
)
def test_what_cannot_be_proposed_is_said(someone: People, now: House, typed: dict[str, str], status: int, says: str) -> None:  # fmt: skip
    open_second(someone)
    answer = send(someone(HOST), "propose", **{**SAID, **typed})
    assert (answer.status_code, says in said(answer)) == (status, True)
    assert not books(now).releases


def test_of_a_pool_that_carries_out_a_plan_the_plan_says_what_is_due(someone: People, now: House) -> None:
    """Another amount than the plan's statement has is refused, whatever the words say."""
    open_second(someone, "carrowby")
    host = someone(HOST)
    due = {row[0]: row[2] for row in host.page(HERE).tables["due"].rows[1:]}
    quarter, pounds = next((quarter, each) for quarter, each in due.items() if each.startswith("£") and each != "£0.00")  # fmt: skip
    other = send(host, "propose", **{**SAID, "quarter": quarter, "pence": "1"})
    assert other.status_code == 409
    assert pounds.removesuffix(".00") in said(other)
    assert not books(now).releases
    assert (
        send(host, "propose", **{**SAID, "quarter": quarter, "pence": pounds.strip("£")}).status_code == 302
    )
    assert books(now).releases


def test_a_plans_own_pool_is_settled_with_its_plan(someone: People, now: House) -> None:
    """Its page shows what was released, and leads to the plan's money; nothing is proposed there."""
    page = someone(HOST).page("/pools/carrowby/performance")
    assert page.find("a", href="/plans/carrowby/money")
    assert not page.find("form", id="propose-form")
    sent = {**SAID, "act": "propose", "key": "k"}
    answer = someone(HOST).browser.post("/pools/carrowby/performance", sent)
    assert "Propose and approve it with the plan’s money" in said(answer).replace("'", "’")
