"""Comments on a plan as people of the illustrative county write, answer, close and withdraw them; no page needs JavaScript."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client

from carepool.actions.areas import MARK
from carepool.actions.commenting import comment_counts, comments_on, said_in
from carepool.actions.editing import keep_draft, save_version, section_base
from carepool.actions.house import House
from carepool.actions.permits import Actor
from carepool.actions.planning import view
from carepool.journal.commands import Done
from carepool.plans.document import EVERY, as_data
from carepool.signin.models import Account
from carepool.wiring.house import current_house
from tests.web.conftest import INSIDER, State
from tests.web.reading import Page

HERE = "/plans/stonebeck/comments"
FIGURE = "spend/spend/0/year_2"
AT = f"{HERE}?at={FIGURE}"
LEAD, CHAIR, OFFICER = "stonebeck.lead", "stonebeck.chair", "linden.officer"


@pytest.fixture
def now(loaded: State) -> Iterator[House]:
    """The house of the running service; whatever the test writes is gone after it."""
    with transaction.atomic():
        yield current_house()
        transaction.set_rollback(True)


@pytest.fixture
def someone(now: House) -> Callable[..., Client]:
    """Browsers by handle, signed in: without one, the insider's; ``None`` is nobody's."""

    def come(handle: str | None = INSIDER, *, careful: bool = False) -> Client:
        browser = Client(SERVER_NAME="localhost", enforce_csrf_checks=careful)
        if handle:
            browser.force_login(Account.objects.get(handle=handle))
        return browser

    return come


def account(handle: str) -> str:
    return str(Account.objects.get(handle=handle).pk)


def page_of(answer: HttpResponse, path: str = HERE) -> Page:
    """The page in an answer, once its HTML has been found sound."""
    page = Page(path, answer.content.decode())
    assert page.problems == [], path
    return page


def get(browser: Client, path: str) -> Page:
    return page_of(browser.get(path), path)


def form(browser: Client, path: str, do: str, number: int | None = None) -> dict[str, str]:
    """What the hidden fields of a form on a page hold."""
    html = browser.get(path).content.decode()
    for each in re.findall(r'<form method="post".*?</form>', html, re.DOTALL):
        fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', each))
        if fields.get("do") == do and (number is None or fields.get("number") == str(number)):
            return {name: value for name, value in fields.items() if name != "csrfmiddlewaretoken"}
    raise AssertionError(f"no form to {do}")


def say(browser: Client, path: str = AT, words: str = "Why so much?", **more: str) -> HttpResponse:
    """Write a comment with the form of a page."""
    return browser.post(HERE, {**form(browser, path, "comment"), "words": words, "to": "", "due": "", **more})


def press(browser: Client, do: str, number: int, path: str = HERE, **more: str) -> HttpResponse:
    return browser.post(HERE, {**form(browser, path, do, number), **more})


def save_another(house: House, year_2: int) -> None:
    """The lead saves a version in which the first line of spend has another amount."""
    found = view(house, "stonebeck")
    first, *others = found.plan.spend.spend
    spend = found.plan.spend.model_copy(
        update={"spend": (first.model_copy(update={"year_2": year_2}), *others)}
    )
    actor = Actor(account(LEAD), "draft")
    assert (
        keep_draft(house, actor, "stonebeck", "spend", as_data(spend), section_base(found, "spend")) is None
    )
    assert isinstance(save_version(house, Actor(account(LEAD), f"save {year_2}"), "stonebeck"), Done)


@contextmanager
def nothing_written() -> Iterator[None]:
    """No statement meanwhile changes the database."""

    def watch(execute, sql, parameters, many, context):  # type: ignore[no-untyped-def]
        assert not re.match(r"\s*(INSERT|UPDATE|DELETE|REPLACE)", sql, re.IGNORECASE), sql
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(watch):
        yield


# Reading


@pytest.mark.parametrize("handle", [INSIDER, LEAD, "trust.chief", "nhs.assurer"])
def test_before_anything_was_said(someone: Callable[..., Client], handle: str) -> None:
    """The page says what will be here; the form is for the plan's people, and others who read it are told who they are."""
    page = get(someone(handle), "/plans/merrow/comments" if handle == "trust.chief" else HERE)
    assert MARK in page.text
    assert "Nothing has been said here yet." in page.text
    assert bool(page.find("textarea", name="words")) is (handle != "trust.chief")
    if handle == "trust.chief":
        assert "one must hold an office in one of its councils" in page.text


def test_comments_are_for_whoever_is_signed_in(someone: Callable[..., Client]) -> None:
    """Whoever is not is asked to sign in, and comes back to the comments after."""
    answer = someone(None).get(HERE)
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in?next=%2Fplans%2Fstonebeck%2Fcomments")


@pytest.mark.parametrize("where", ["money", "spend/spend/0/cost", "%3Cscript%3E"])
def test_no_such_place(someone: Callable[..., Client], where: str) -> None:
    """404 in words for a place that no plan has, with what was asked escaped."""
    answer = someone().get(f"{HERE}?at={where}")
    assert answer.status_code == 404
    assert "A plan has no place" in page_of(answer).text


def test_a_day_that_is_none_is_said_at_its_field(someone: Callable[..., Client]) -> None:
    """400, with the sentence above and at the field."""
    answer = someone().get(f"{HERE}?as_at=yesterday")
    assert answer.status_code == 400
    assert page_of(answer).text.count("“yesterday” is not a date.") == 2


# Writing


def test_a_comment_on_a_figure(someone: Callable[..., Client], now: House) -> None:
    """It stands under its section with who, when, the version and the value then; its words are escaped, in paragraphs."""
    chair = someone(CHAIR)
    answer = say(chair, words="Is <b>this</b> right?\r\n\r\nIt was less before.")
    assert answer.status_code == 302
    assert answer["Location"] == f"{HERE}?at=spend%2Fspend%2F0%2Fyear_2&done=made#c1"
    page = get(chair, answer["Location"].partition("#")[0])
    value = view(now, "stonebeck").plan.spend.spend[0].year_2
    for words in (
        "Recorded: your comment.", "Is <b>this</b> right?", "Yara Nook, chair of the board, Stonebeck Health and Wellbeing Board",
        "Said of version 2, where it was: £", f"{value // 100:,}", "Money out, row 1 (S1 Rapid response, days only",
    ):  # fmt: skip
        assert words in page.text
    assert "<p>It was less before.</p>" in page.html
    assert page.ids["c1"] == 1
    nobody = someone(None).get(f"{HERE}?done=made")
    assert nobody.status_code == 302, "what was recorded is told to whoever is signed in"


@pytest.mark.slow
def test_a_comment_on_the_plan_or_a_section(someone: Callable[..., Client], now: House) -> None:
    """On the page of all comments one chooses the whole plan or a section."""
    lead = someone(LEAD)
    assert say(lead, HERE, at="vision").status_code == 302
    assert say(lead, HERE, at="plan").status_code == 302
    assert [each.where for each in comments_on(now, "stonebeck")] == ["vision", "plan"]
    for where, words in (("title", "Title of the plan"), ("parties/boards/0", "Boards 1")):
        assert words in get(lead, f"{HERE}?at={where}").text
        assert say(lead, f"{HERE}?at={where}", at=where).status_code == 302
        assert words in get(lead, f"/plans/stonebeck/from?at={where}").text
    assert [each.where for each in comments_on(now, "stonebeck")][2:] == ["title", "parties/boards/0"]
    assert [words for words in ("in-plan", "in-vision") if get(lead, HERE).ids[words]] == [
        "in-plan",
        "in-vision",
    ]


@pytest.mark.parametrize(
    ("sent", "field", "says"),
    [
        ({"words": " \n"}, "words", "A comment needs its words."),
        ({"words": "x" * 10_001}, "words", "longer than 10,000 characters"),
        ({"due": "soon"}, "due", "“soon” is not a day"),
    ],
)
def test_what_will_not_do_is_said_at_its_field(
    someone: Callable[..., Client], now: House, sent: dict[str, str], field: str, says: str
) -> None:
    """400, the sentence above and at the field, and what was typed is kept; nothing is recorded."""
    chair = someone(CHAIR)
    answer = say(chair, **{"words": "Kept as typed.", **sent})
    page = page_of(answer)
    assert answer.status_code == 400
    assert page.title.strip().startswith("Error: ")
    assert page.text.count(says) == 2
    assert page.find("a", href=f"#{field}")
    if "words" not in sent:
        assert "Kept as typed." in page.html
        assert page.find("input", name="due", value="soon")
    assert comments_on(now, "stonebeck") == ()


def test_what_the_verbs_refuse_is_said_above(someone: Callable[..., Client], now: House) -> None:
    """409 in words: a day that has passed, a query to nobody of the partners, a version that is not there."""
    chair = someone(CHAIR)
    for more, says in (
        ({"to": account(OFFICER), "due": "2014-01-01"}, "1 January 2014 has passed"),
        ({"to": account("nhs.assurer")}, "holds an office in one of the plan's partners"),
        ({"due": "2099-01-01"}, "needs somebody who is to answer"),
        ({"version": "9"}, "There is no version 9"),
        ({"version": "x"}, "There is no version -1"),
    ):
        answer = say(chair, **more)
        assert answer.status_code == 409
        assert says in page_of(answer).text
        assert "Why so much?" in answer.content.decode()
    assert comments_on(now, "stonebeck") == ()


def test_who_may_not_write(someone: Callable[..., Client], now: House) -> None:
    """Who only reads the plan, who may not even do that, and whose session has ended are refused, and keep what they typed."""
    sent = form(someone(CHAIR), AT, "comment") | {"words": "Typed with care.", "to": "", "due": ""}
    theirs = "/plans/merrow/comments"
    for handle, path, status in (("trust.chief", theirs, 409), ("merrow.lead", HERE, 404), (None, HERE, 403)):
        answer = someone(handle).post(path, sent)
        assert answer.status_code == status
        assert "Typed with care." in page_of(answer).text
    assert someone(CHAIR, careful=True).post(HERE, sent).status_code == 403
    odd = someone(CHAIR).post(HERE, sent | {"do": "burn"})
    assert (odd.status_code, comments_on(now, "stonebeck")) == (400, ())


def test_a_form_sent_twice(someone: Callable[..., Client], now: House) -> None:
    """Pressed twice it acts once; with other words under the same key it is refused in words."""
    chair = someone(CHAIR)
    sent = form(chair, AT, "comment") | {"words": "Once.", "to": "", "due": ""}
    assert [chair.post(HERE, sent).status_code for _ in range(2)] == [302, 302]
    answer = chair.post(HERE, sent | {"words": "Otherwise."})
    assert answer.status_code == 409
    assert "This form was sent before" in page_of(answer).text
    assert len(comments_on(now, "stonebeck")) == 1


# Queries


@pytest.mark.slow
def test_a_query_from_asking_to_closing(someone: Callable[..., Client], now: House) -> None:
    """It shows on the page of whom it is put to, is answered there, and is closed by them; then nothing waits."""
    chair, officer = someone(CHAIR), someone(OFFICER)
    assert say(chair, to=account(OFFICER), due="1 March 2099").status_code == 302
    mine = get(officer, "/me")
    says = "Answer Yara Nook's query on Money out of “Stonebeck joint plan”, by 1 March 2099"
    assert says in mine.text
    assert "For NHS Stone and Linden CCG" in mine.text
    href = f"{HERE}?show=mine"
    assert mine.find("a", href=href)
    page = get(officer, href)
    assert "Open query" in page.text
    assert "Put to Xan Mere, by 1 March 2099." in page.text
    assert "One query waits for an answer, 1 of them from you." in page.text
    assert press(officer, "answer", 1, words="Because of the nights.").status_code == 302
    assert "Because of the nights." in get(chair, AT).text
    assert not re.search('name="do" value="close"', someone(LEAD).get(AT).content.decode()), (
        "it is not theirs"
    )
    assert press(officer, "close", 1).status_code == 302
    page = get(officer, AT)
    assert "Closed query" in page.text
    assert "Closed by Xan Mere" in page.text
    assert says not in get(officer, "/me").text
    assert "None of them is so." in get(officer, href).text


def test_an_overdue_query_says_so(someone: Callable[..., Client], now: House) -> None:
    """A query whose day has passed is overdue."""
    chair = someone(CHAIR)
    say(chair, to=account(OFFICER), due=now.today.isoformat())
    assert "Open query" in get(chair, HERE).text
    assert "Overdue query" in get(chair, f"{HERE}?as_at={now.today + timedelta(days=1)}").text


@pytest.mark.slow
def test_filters(someone: Callable[..., Client]) -> None:
    """All, the open queries, or those put to me; a place narrows to what is within it."""
    chair, officer = someone(CHAIR), someone(OFFICER)
    say(chair, words="A remark.")
    say(chair, words="A question?", to=account(OFFICER))
    say(chair, words="Another?", to=account(LEAD))
    say(chair, HERE, words="Of the vision.", at="vision")
    for query, there in (
        ("", {"A remark.", "A question?", "Another?", "Of the vision."}),
        ("?show=open", {"A question?", "Another?"}),
        ("?show=mine", {"A question?"}),
        ("?at=spend", {"A remark.", "A question?", "Another?"}),
        ("?at=spend/spend/1", set()),
        ("?at=vision&show=open", set()),
    ):
        text = get(officer, f"{HERE}{query}").text
        assert {
            each for each in ("A remark.", "A question?", "Another?", "Of the vision.") if each in text
        } == there


# From the form


def links_on(page: Page) -> list[tuple[str, str]]:
    """Where the links of a form lead, to comments and to origins."""
    found = [each["href"].removeprefix("/plans/stonebeck/") for each in page.find("a") if "?at=" in each.get("href", "")]  # fmt: skip
    return [(kind, at) for kind, _, at in (each.partition("?at=") for each in found)]


@pytest.mark.slow
def test_fields_and_rows_of_a_form_lead_to_comments_and_origin(someone: Callable[..., Client]) -> None:
    """Every single field and every saved row leads to what was said of it, with how much, and to where it is from."""
    lead = someone(LEAD)
    page = get(lead, "/plans/stonebeck/sections/vision")
    singles = [f"vision/{each.name}" for each in EVERY["vision"].fields]
    assert links_on(page) == [(kind, at) for at in singles for kind in ("comments", "from")]
    rows = [
        f"spend/spend/{number}" for number in range(len(view(current_house(), "stonebeck").plan.spend.spend))
    ]
    assert links_on(get(lead, "/plans/stonebeck/sections/spend")) == [
        (kind, at) for at in rows for kind in ("comments", "from")
    ]
    for at in (*singles, *rows):
        assert (
            lead.get(f"{HERE}?at={at}").status_code
            == lead.get(f"/plans/stonebeck/from?at={at}").status_code
            == 200
        )
    say(someone(CHAIR))
    say(someone(CHAIR), f"{HERE}?at=spend/spend/0")
    page = get(lead, "/plans/stonebeck/sections/spend")
    assert links_on(page)[:4] == [
        ("comments", FIGURE),
        ("from", FIGURE),
        ("comments", rows[0]),
        ("from", rows[0]),
    ]
    assert "Comments (1) on 2015-16, pounds, Line of spend 1" in page.text
    assert "Comments (2) on Line of spend 1" in page.text
    assert "Comments on Line of spend 2" in page.text


def test_the_links_follow_a_row_that_was_moved_in_a_draft(someone: Callable[..., Client], now: House) -> None:
    """Rows are numbered as the form has them, places as they were saved; a row that nobody saved yet has no links."""
    say(someone(CHAIR))
    found = view(now, "stonebeck")
    first, *others = found.plan.spend.spend
    new = first.model_copy(update={"scheme": "S9", "provider": "Somebody new", "year_2": 1})
    spend = found.plan.spend.model_copy(update={"spend": (new, *others, first)})
    keep_draft(
        now, Actor(account(LEAD), "draft"), "stonebeck", "spend", as_data(spend), section_base(found, "spend")
    )
    page = get(someone(LEAD), "/plans/stonebeck/sections/spend")
    assert f"Comments (1) on 2015-16, pounds, Line of spend {len(others) + 2}" in page.text
    assert "on Line of spend 1" not in page.text
    assert {at for _, at in links_on(page)} == {
        FIGURE,
        *(f"spend/spend/{number}" for number in range(len(others) + 1)),
    }


# What becomes of it


def test_withdrawing(someone: Callable[..., Client], now: House) -> None:
    """Only who wrote it is offered to; the words are gone for everybody, on any day, and the place says so."""
    chair, officer = someone(CHAIR), someone(OFFICER)
    say(chair, words="Mr Smith is not covered.")
    assert not re.search('value="withdraw"', officer.get(AT).content.decode())
    sent = form(chair, AT, "withdraw", 1)
    refused = officer.post(HERE, sent)
    assert refused.status_code == 409
    assert "Only who wrote a comment can withdraw it." in page_of(refused).text
    assert chair.post(HERE, sent).status_code == 302
    for path in (AT, HERE, f"{HERE}?as_at={now.today}"):
        text = get(officer, path).text
        assert "Mr Smith" not in text
        assert "by who wrote it, and is deleted." in text
    assert said_in(now, comments_on(now, "stonebeck")[0]) is None
    assert comment_counts(now, view(now, "stonebeck")) == {}


def test_a_figure_that_changed_since(someone: Callable[..., Client], now: House) -> None:
    """The comment names what it was then, and what it is now."""
    say(someone(CHAIR))
    save_another(now, 123_400)
    text = get(someone(), HERE).text
    assert "Said of version 2, where it was: £" in text
    assert "Changed since: it is now £1,234." in text


def test_a_row_that_is_gone(someone: Callable[..., Client], now: House) -> None:
    """The comment stands under the section, without the number of a row that is another's now, and can be answered."""
    say(someone(CHAIR))
    found = view(now, "stonebeck")
    spend = found.plan.spend.model_copy(update={"spend": found.plan.spend.spend[1:]})
    actor = Actor(account(LEAD), "draft")
    keep_draft(now, actor, "stonebeck", "spend", as_data(spend), section_base(found, "spend"))
    assert isinstance(save_version(now, Actor(account(LEAD), "save gone"), "stonebeck"), Done)
    page = get(someone(OFFICER), f"{HERE}?at=spend")
    assert "Money out, a row that is gone, 2015-16" in page.text
    assert "The row is gone since." in page.text
    assert press(someone(OFFICER), "answer", 1, f"{HERE}?at=spend", words="It went.").status_code == 302
    assert "Why so much?" not in get(someone(), AT).text, "another row has that number now"


def test_as_at_shows_what_had_been_said_by_then(someone: Callable[..., Client], now: House) -> None:
    """On an earlier day there is none of it, and no form; looking writes nothing, right after writing too."""
    chair = someone(CHAIR)
    say(chair)
    with nothing_written():
        today = get(chair, f"{HERE}?as_at={now.today}")
        then = get(chair, f"{HERE}?as_at=2015-01-08")
    assert "Why so much?" in today.text
    assert "Why so much?" not in then.text
    for page in (today, then):
        assert not page.find("textarea")
        assert "as it was on another day" in page.text


@pytest.mark.slow
def test_every_state_of_the_page_is_sound_and_small(someone: Callable[..., Client], now: House) -> None:
    """Forty threads with forms stay under 150 kB; every control has its label."""
    chair = someone(CHAIR)
    for number in range(40):
        say(
            chair,
            words=f"Remark {number}. " + "It could be said shorter. " * 8,
            to=account(OFFICER) if number % 2 else "",
        )
    answer = chair.get(HERE)
    page = page_of(answer)
    assert page.text.count("Remark ") >= 40
    assert len(answer.content) <= 150_000
