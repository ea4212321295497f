"""Signing in and drawing up a plan: what is typed is kept, what is wrong returns to its field, a version is saved once."""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from html import unescape

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from carepool.actions.demonstration import PASSWORD
from carepool.actions.house import House
from carepool.actions.planning import read_history, view
from carepool.offices.holdings import end, give, stream_of
from carepool.plans.document import EVERY
from carepool.render.words import day
from carepool.signin.models import Account
from carepool.web.signing_in import WRONG, own_path
from carepool.wiring.house import current_house
from tests.web.addresses import COUNTY
from tests.web.conftest import State
from tests.web.reading import Page

LEAD = "demo-01"
OFFICER = "demo-04"
ANALYST = "demo-70"
"""Who reads every plan and leads none."""

MERROW = [f"/plans/merrow/sections/{section}" for section in EVERY]
OTHER = [
    "/plans/merrow",
    "/plans/merrow/check",
    "/plans/merrow/versions",
    "/plans/merrow/compare",
    "/plans/merrow.json",
]
MINE = [
    "/me",
    "/plans",
    "/plans/new",
    "/plans/new?board=ZZ1",
    "/plans/new?board=Kent",
    "/sign-in",
    *OTHER,
    *MERROW,
]
"""Pages as merrow's lead sees them."""


@pytest.fixture
def county(loaded: State) -> Iterator[House]:
    """The county, to be changed by one test: all it writes is rolled back."""
    with transaction.atomic():
        yield current_house()
        transaction.set_rollback(True)


def signed_in(account: str, *, careful: bool = False) -> Client:
    """A browser in which somebody is signed in."""
    client = Client(SERVER_NAME="localhost", enforce_csrf_checks=careful)
    client.force_login(Account.objects.get(pk=account))
    return client


@pytest.fixture
def lead(county: House) -> Client:
    """The browser of merrow's lead."""
    return signed_in(LEAD)


def page_of(answer: HttpResponse, path: str = "/") -> Page:
    """An answer taken apart, once its HTML is found sound."""
    page = Page(path, answer.content.decode())
    assert page.problems == [], path
    return page


def get(client: Client, path: str) -> Page:
    """A page, sound, as somebody sees it."""
    return page_of(client.get(path), path)


def fields(client: Client, path: str) -> dict[str, str | list[str]]:
    """What a browser would send of the form on a section's page: every field with what stands in it."""
    html = client.get(path).content.decode()
    form = next(
        each
        for each in re.findall(r"<form method=\"post\".*?</form>", html, re.DOTALL)
        if 'name="base"' in each
    )
    found: dict[str, str | list[str]] = {}
    page = Page(path, f"<!DOCTYPE html>{form}")
    for tag, each in page.elements:
        name, kind = each.get("name", ""), each.get("type")
        if tag == "input" and kind in {"checkbox", "radio"}:
            if "checked" in each:
                held = found.setdefault(name, [])
                assert isinstance(held, list)
                held.append(each["value"])
        elif tag == "input" and name != "csrfmiddlewaretoken":
            found[name] = each.get("value", "")
    for name, inside in re.findall(r'<select[^>]* name="([^"]+)".*?>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected>', inside)
        found[name] = chosen[1] if chosen else ""
    written = re.findall(r'<textarea[^>]* name="([^"]+)".*?>\n(.*?)</textarea>', form, re.DOTALL)
    return found | {name: unescape(text) for name, text in written}


def send(client: Client, path: str, do: str = "keep", **typed: str) -> HttpResponse:
    """Open a section, type over some of its fields, and press a button."""
    return client.post(path, {**fields(client, path), **typed, "do": do})


def key_of(client: Client, path: str = "/plans/merrow/check") -> str:
    """The key in the form that saves."""
    return get(client, path).find("input", name="key")[0]["value"]


def save(client: Client, plan: str = "merrow") -> HttpResponse:
    """Press the button that saves a version."""
    return client.post(f"/plans/{plan}/save", {"key": key_of(client, f"/plans/{plan}/check")})


def drafted(section: str, account: str = LEAD, plan: str = "merrow") -> object:
    """What an editor has typed in a section."""
    held = {each.section: each.content for each in current_house().drafts.of_editor(plan, account)}
    return held.get(section)


def office(house: House, account: str, body: str, first: date, last: date | None = None) -> None:
    """Make an account plan lead of a body."""
    stream = stream_of(body)
    house.journal.append(
        [give(body, "plan_lead", account, first, last)],
        expecting={stream: house.journal.version(stream)}, by="carepool", at=house.clock(),
    )  # fmt: skip


# Signing in


def test_signing_in_leads_on_and_out_again(county: House) -> None:
    """A handle and its password sign in and lead to where one was going, under another session; signing out ends it."""
    client = Client(SERVER_NAME="localhost")
    assert client.get("/me").headers["Location"] == "/sign-in?next=%2Fme"
    answer = client.post(
        "/sign-in", {"handle": "merrow.lead", "password": PASSWORD, "next": "/plans/merrow?as_at=2015-02-01"}
    )
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/plans/merrow?as_at=2015-02-01"
    assert "Ada Marsh" in get(client, "/").text_of("header")
    before = client.session.session_key
    client.post("/sign-in", {"handle": "wolds.lead", "password": PASSWORD})
    assert client.session.session_key != before
    assert client.get("/sign-out").status_code == 405
    assert client.post("/sign-out").headers["Location"] == "/sign-in"
    assert client.get("/me").status_code == 302


@pytest.mark.parametrize(
    ("handle", "password"), [("merrow.lead", "wrong"), ("nobody", PASSWORD), ("", ""), ("a\0b", "x")]
)
@pytest.mark.slow
def test_a_wrong_name_and_a_wrong_password_are_one_sentence(
    county: House, handle: str, password: str
) -> None:
    """Neither says which it was; the name is kept, the password is not."""
    answer = Client(SERVER_NAME="localhost").post(
        "/sign-in", {"handle": handle, "password": password, "next": "/me"}
    )
    page = page_of(answer, "/sign-in")
    assert answer.status_code == 400
    assert page.text.count(WRONG) == 2
    assert page.title.startswith("Error: ")
    assert "value" not in page.find("input", name="password")[0]
    assert page.find("input", name="next")[0]["value"] == "/me"


def test_the_password_is_on_no_page(county: House) -> None:
    """The sign-in page says where names and password are to be had, and does not print them."""
    page = get(Client(SERVER_NAME="localhost"), "/sign-in")
    assert "printed at start" in page.text
    assert PASSWORD not in page.html
    assert "merrow.lead" not in page.html


@pytest.mark.parametrize(
    "wanted",
    ["//elsewhere.example", "https://elsewhere.example/", "/\\elsewhere.example", "\\\\x", "javascript:alert(1)", "me", "/a\nb", "/%5C/\\x", "/" + "a" * 600, "/\t/elsewhere.example"],
)  # fmt: skip
def test_signing_in_leads_nowhere_else(wanted: str) -> None:
    """Only a path of ours is gone on to."""
    assert own_path(wanted) == ""


def test_a_form_from_elsewhere_is_refused_in_words(county: House) -> None:
    """Every form needs the proof that it came from our own page."""
    client = signed_in(LEAD, careful=True)
    for path in ("/sign-in", "/sign-out", "/plans/new", MERROW[0], "/plans/merrow/save"):
        answer = client.post(path, {"do": "keep"})
        assert answer.status_code == 403, path
        assert "Go back, reload the page and send it again." in page_of(answer, path).text


# Reading


@pytest.mark.parametrize("path", MINE)
def test_each_page_is_sound(lead: Client, path: str) -> None:
    """200, private and sound, as the lead sees it."""
    answer = lead.get(path)
    assert answer.status_code == 200
    assert "private" in answer["Cache-Control"]
    if "json" not in answer["Content-Type"]:
        page_of(answer, path)


@pytest.mark.slow
def test_looking_writes_nothing(loaded: State, state: Callable[[], State]) -> None:
    """No page changes the journal, the drafts or the session of whoever looks at it."""
    with transaction.atomic():
        client = signed_in(LEAD)
        seen = Account.objects.get(pk=LEAD).last_login
        house = current_house()
        before = house.journal.seal(), house.drafts.of_plan("merrow")
        for path in [
            *MINE,
            "/plans/merrow?as_at=2015-02-01",
            "/plans/merrow/sections/spend?add=1",
            "/plans?as_at=2014-12-31",
        ]:
            client.get(path)
        assert (house.journal.seal(), house.drafts.of_plan("merrow")) == before
        assert Account.objects.get(pk=LEAD).last_login == seen
        transaction.set_rollback(True)
    assert state() == loaded


@pytest.mark.parametrize("plan", COUNTY)
def test_the_county_is_marked_and_a_real_board_is_not(county: House, plan: str) -> None:
    """Every page of the county's plans carries the mark, and so does the JSON."""
    reader = signed_in(ANALYST)
    for path in (
        f"/plans/{plan}",
        f"/plans/{plan}/check",
        f"/plans/{plan}/versions",
        f"/plans/{plan}/sections/spend",
    ):
        assert "Illustrative county" in get(reader, path).text
    assert "Illustrative county" in reader.get(f"/plans/{plan}.json").json()["mark"]
    assert "Illustrative county" not in get(reader, "/plans/new?board=Kent").text


def test_a_day_before_it_was_started_has_no_plan(lead: Client) -> None:
    """404 in words, on each page; the list of that day does not name it either."""
    for path in ("", "/check", "/versions", "/compare", "/sections/spend", ".json"):
        answer = lead.get(f"/plans/merrow{path}?as_at=2014-12-31")
        assert answer.status_code == 404
        assert "There is no plan “merrow” at that time." in answer.content.decode()
    assert "Merrow joint plan" not in get(lead, "/plans?as_at=2014-12-31").text
    assert (
        "There was no plan that you can read by 1 January 2014" in get(lead, "/plans?as_at=2014-01-01").text
    )


def test_a_day_between_two_versions_shows_the_first(lead: Client) -> None:
    """As at a day, the page shows what had been recorded by then, and offers nothing to change."""
    theirs = signed_in("demo-22")
    then, now = get(theirs, "/plans/stonebeck?as_at=2014-12-31"), get(theirs, "/plans/stonebeck")
    assert "Version 1 was saved" in then.text
    assert "Version 2 was saved" in now.text
    assert "Rapid response, days only" not in get(theirs, "/plans/stonebeck/check?as_at=2014-12-31").text
    assert theirs.get("/plans/stonebeck.json?as_at=2014-12-31").json()["version"]["number"] == 1
    assert not get(lead, "/plans/merrow/sections/spend?as_at=2015-02-01").find("button", name="do")
    answer = theirs.get("/plans/stonebeck?as_at=yesterday")
    assert answer.status_code == 400
    assert "“yesterday” is not a date." in page_of(answer).text


def test_the_difference_of_two_versions_is_said_field_by_field(county: House) -> None:
    """Where, before and after; the wrong number is an error at its field."""
    theirs = signed_in("demo-22")
    page = get(theirs, "/plans/stonebeck/compare?a=1&b=2")
    assert page.tables["difference-table"].rows[1:] == [
        ["Schemes, S1, Name", "Rapid response", "Rapid response, days only"]
    ]
    back = get(theirs, "/plans/stonebeck/compare?a=2&b=1")
    assert back.tables["difference-table"].rows[1][1:] == ["Rapid response, days only", "Rapid response"]
    answer = theirs.get("/plans/stonebeck/compare?a=1&b=9")
    assert answer.status_code == 400
    assert page_of(answer).text.count("There is no version “9”. Choose one of 1 to 2.") == 2


def test_what_waits_is_on_my_page(county: House) -> None:
    """Whose decision is awaited sees it there with its body and since when; who has drafts sees them."""
    chief = get(signed_in("demo-27"), "/me")
    assert "Lindenmouth joint plan" in chief.text_of("main")
    assert "Chief executive" in chief.tables["offices-table"].column("Office")
    mine = get(signed_in(LEAD), "/me")
    assert {href for href, _ in mine.links} >= set(MERROW)


# Drafts


SPEND = "/plans/merrow/sections/spend"
SPEND_FIELDS = ("scheme", "commissioner", "provider", "area", "source", "year_1", "year_2")
CHOICE = "choose spend/spend/S1, Z1A/provider"
"""Between mine and theirs, for the provider of the first line of spend."""


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("lots", "“lots” is not an amount"),
        ("-5", "is below zero"),
        ("<script>alert(1)</script>", "is not an amount"),
        ("9" * 5000, "is more than the whole fund of England"),
        ("1.234", "“1.234” is not an amount"),
        ("1.5m", "“1.5m” is not an amount"),
    ],
)
@pytest.mark.slow
def test_what_cannot_be_read_is_kept_and_said_at_its_field(lead: Client, typed: str, says: str) -> None:
    """The draft holds it as it was typed; the page says what is wrong at the field and above, and escapes it."""
    answer = send(lead, SPEND, **{"spend-1-year_2": typed})
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith(SPEND)
    page = get(lead, SPEND)
    assert page.title.startswith("Error: ")
    [field] = page.find("input", name="spend-1-year_2")
    assert field["value"] == typed
    assert field["aria-describedby"] == "spend-1-year_2-error"
    assert page.find("a", href="#spend-1-year_2")
    assert page.text.count(says) == 2
    assert "Money out, row 2, 2015-16" in page.text
    assert "<script>" not in page.html
    check = get(lead, "/plans/merrow/check")
    assert f"{SPEND}#spend-1-year_2" in {each.get("href") for each in check.find("a")}
    refused = save(lead)
    assert refused.status_code == 400
    assert "Nothing was saved, and nothing you typed is lost." in page_of(refused).text
    assert read_history(current_house(), "merrow").current is None


@pytest.mark.parametrize("typed", ["£15,100,653.54", "15100653.54", " 15 100 653.54 "])
def test_pounds_and_commas_are_fine(lead: Client, typed: str) -> None:
    """They are kept as typed and come to the same pence."""
    answer = send(lead, SPEND, **{"spend-0-year_2": typed})
    assert answer.headers["Location"] == "/plans/merrow/sections/freed"
    assert get(lead, SPEND).find("input", name="spend-0-year_2")[0]["value"] == typed
    assert "£44,413,686.88" in get(lead, "/plans/merrow/check").tables["spend-table"].rows[-1]


@pytest.mark.slow
def test_a_row_is_added_and_taken_out(lead: Client) -> None:
    """A button adds an empty row or takes one out; what was typed beside it is kept, and empty rows are no rows."""
    answer = send(lead, SPEND, "row", **{"spend-2-provider": "Another federation"})
    assert answer.headers["Location"] == f"{SPEND}?add=1#spend-3"
    page = get(lead, f"{SPEND}?add=1")
    assert page.find("input", name="spend-3-provider")[0]["value"] == ""
    assert page.find("input", name="spend-2-provider")[0]["value"] == "Another federation"
    assert not page.title.startswith("Error")
    send(lead, SPEND, "remove-0")
    page = get(lead, SPEND)
    assert [page.find("input", name=f"spend-{n}-provider")[0]["value"] for n in (0, 1)] == [
        "Home care providers",
        "Another federation",
    ]
    assert not page.find("input", name="spend-2-provider")
    blank = {f"spend-0-{name}": "" for name in SPEND_FIELDS}
    send(lead, SPEND, "remove-1", **blank)
    assert drafted("spend") == {"spend": []}
    for nonsense in ("remove-99", "remove-x", "remove-", "remove-²", "nonsense"):
        assert send(lead, SPEND, nonsense).status_code == 303


def test_sources_and_spend_that_differ_are_a_finding_at_the_section(lead: Client) -> None:
    """The sum stands beside the fields, and the blocker above the form once it was sent."""
    answer = send(lead, SPEND, **{"spend-0-year_2": "15,200,000"})
    assert answer.headers["Location"] == f"{SPEND}?checked=yes"
    page = get(lead, f"{SPEND}?checked=yes")
    says = "In 2015-16 the plan spends £44,513,033.34, £99,346.46 more than its sources"
    assert page.text.count(says) == 2
    assert page.tables["totals-table"].rows[-1] == ["In less out", "£0", "−£99,346.46"]
    assert says in get(lead, "/plans/merrow/check").text
    assert (
        "£250,000 more than its sources" in get(signed_in(ANALYST), "/plans/lindenmouth/sections/spend").text
    )


def test_a_body_that_is_none_of_the_parties(lead: Client) -> None:
    """A code that no body has is kept, named and said at its box; a contributor who is no party at its row."""
    path = "/plans/merrow/sections/parties"
    send(lead, path, **{"parties-councils-more": "E99999999 zz2"})
    page = get(lead, path)
    assert "E99999999 is no council that carepool knows. Write the code of one, or take it out." in page.text
    assert page.find("a", href="#parties-councils-1")
    assert page.find("input", value="ZZ2", type="checkbox")
    sources = "/plans/merrow/sections/sources"
    send(lead, sources, **{"sources-0-contributor": "Z6A"})
    page = get(lead, sources)
    assert "Z6A puts money in and is not a party" in page.text
    assert (
        page.find("select", id="sources-0-contributor")[0]["aria-describedby"]
        == "sources-0-contributor-error"
    )


@pytest.mark.parametrize(("typed", "says"), [("", "is missing"), ("-1", "is below zero"), ("many", "is not a number of admissions"), ("9" * 40, "is more than the admissions of all England"), ("15922.5", "targets are whole numbers")])  # fmt: skip
def test_a_target_that_cannot_be_used(lead: Client, typed: str, says: str) -> None:
    """It returns to its field."""
    path = "/plans/merrow/sections/target"
    send(lead, path, **{"target-quarters-0-planned": typed})
    page = get(lead, path)
    assert says in page.text
    assert page.find("input", id="target-quarters-0-planned")[0]["value"] == typed
    assert page.find("a", href="#target-quarters-0-planned")


def test_a_draft_is_thrown_away_on_purpose(lead: Client) -> None:
    """One button in its own form; the other drafts stay."""
    assert lead.post(SPEND, {"do": "drop"}).status_code == 303
    assert {each.section for each in current_house().drafts.of_editor("merrow", LEAD)} == set(EVERY) - {
        "spend"
    }
    assert "Your draft is thrown away." in get(lead, f"{SPEND}?dropped=yes").text


@pytest.mark.slow
def test_a_form_sent_as_it_was_opened_changes_nothing(lead: Client) -> None:
    """Opening each section of a saved plan and keeping it is the same plan: saving refuses it as no change."""
    save(lead)
    for path in MERROW:
        assert send(lead, path).status_code == 303
    answer = save(lead)
    assert answer.status_code == 409
    assert "Nothing has changed since the last version." in page_of(answer).text


# Versions


def test_a_version_is_saved_on_purpose_and_once(lead: Client) -> None:
    """The same form sent twice acts once; the drafts are done with; the JSON has the version's digest."""
    key = key_of(lead)
    first = lead.post("/plans/merrow/save", {"key": key})
    again = lead.post("/plans/merrow/save", {"key": key})
    assert first.headers["Location"] == "/plans/merrow?saved=1"
    assert again.headers["Location"] == "/plans/merrow?saved=1&again=yes"
    found = read_history(current_house(), "merrow")
    assert len(found.versions) == 1
    assert current_house().drafts.of_editor("merrow", LEAD) == ()
    assert "Version 1 is saved." in get(lead, "/plans/merrow?saved=1").text
    assert "is saved" not in get(lead, "/plans/merrow?saved=7").text
    data = lead.get("/plans/merrow.json").json()
    assert data["version"]["digest"] == found.versions[0].digest
    assert data["content"]["parties"]["host"] == "ZZ1"
    assert data["standing"]["status"] == "Awaiting decisions"
    assert "Awaited" in get(lead, "/plans/merrow").tables["decisions-table"].column("Decision")
    assert get(lead, "/plans/merrow/versions").tables["versions-table"].rows[1][:2] == ["1", "Ada Marsh"]


def test_two_editors_see_the_difference(lead: Client, county: House) -> None:
    """Who comes second is shown theirs and their own, field by field, nothing typed is lost, and what they keep then stands."""
    save(lead)
    office(county, OFFICER, "ccg:Z1A", date(2014, 4, 1))
    other = signed_in(OFFICER)
    opened = fields(other, SPEND)
    send(lead, SPEND, **{"spend-0-provider": "Acute trust"})
    assert save(lead).headers["Location"] == "/plans/merrow?saved=2"
    answer = other.post(SPEND, {**opened, "spend-0-provider": "Charity", "do": "keep"})
    assert answer.headers["Location"] == SPEND
    refused = save(other)
    assert refused.status_code == 409
    difference = page_of(refused).tables["stale-table"]
    said = [" ".join(row) for row in difference.rows]
    assert any("Acute trust" in each for each in said)
    assert any("Charity" in each for each in said)
    page = get(other, SPEND)
    assert "Somebody saved another version of “Money out” after you began." in page.text
    assert f"You both began from: {opened['spend-0-provider']}" in page.text
    assert "Yours: Charity" in page.text
    assert f"Theirs: Acute trust (Ada Marsh, {day(county.clock())})" in page.text
    assert page.find("input", name="spend-0-provider")[0]["value"] == "Charity"
    unsettled = send(other, SPEND)
    assert unsettled.status_code == 400
    assert page_of(unsettled).text.count("Choose which is to stand.") == 2
    assert save(other).status_code == 409
    assert send(other, SPEND, **{CHOICE: "mine"}).status_code == 303
    assert "after you began" not in get(other, SPEND).text
    assert save(other).headers["Location"] == "/plans/merrow?saved=3"
    assert view(county, "merrow").plan.spend.spend[0].provider == "Charity"  # type: ignore[attr-defined]


# Who may


def test_who_reads_and_may_not_write_is_told_who_can(county: House) -> None:
    """The section is read-only with who can."""
    page = get(signed_in(ANALYST), "/plans/stonebeck/sections/spend")
    assert not page.find("button", name="do")
    assert "Vik Lowe, Stonebeck council" in page.text


def test_who_is_not_signed_in_is_asked_to_and_loses_nothing(county: House) -> None:
    """A section leads to signing in and back; a form that was sent meanwhile is refused, and what was typed stands to be copied."""
    client = Client(SERVER_NAME="localhost")
    asked = client.get("/plans/stonebeck/sections/spend")
    assert asked.headers["Location"] == "/sign-in?next=%2Fplans%2Fstonebeck%2Fsections%2Fspend"
    typed = {
        "rows": "1",
        "spend-0-provider": "What I <b>typed</b>",
        "parties-ccgs": ["Z1A", "Z1B"],
        "do": "keep",
    }
    answer = client.post(SPEND, typed)
    assert answer.status_code == 403
    sent = page_of(answer)
    assert "You are not signed in, so nothing was recorded." in sent.text
    assert dict(sent.tables["typed-table"].rows[1:]) == {  # type: ignore[arg-type]
        "spend 0 provider": "What I <b>typed</b>", "parties ccgs": "Z1A, Z1B",
    }  # fmt: skip
    assert client.post("/plans/merrow/save", {"key": "x"}).status_code == 403
    assert client.get("/plans/new").headers["Location"] == "/sign-in?next=%2Fplans%2Fnew"


@pytest.mark.slow
def test_the_wrong_office_is_told_who_can(county: House) -> None:
    """Whoever reads the plan and leads nothing is told whom to ask."""
    drafts = county.drafts.of_plan("merrow")
    for account in (ANALYST, "demo-60", OFFICER):
        client = signed_in(account)
        page = get(client, SPEND)
        assert not page.find("button", name="do")
        assert "To edit the plan in the name of Merrow council one must be its plan lead." in page.text
        assert "Ada Marsh, Merrow council" in page.text
        for answer in (
            client.post(SPEND, {"do": "keep"}),
            client.post(SPEND, {"do": "drop"}),
            client.post("/plans/merrow/save", {"key": "k"}),
        ):
            assert answer.status_code == 403
            assert "Ada Marsh" in page_of(answer).text
    assert county.drafts.of_plan("merrow") == drafts


def test_an_office_that_ended_yesterday(county: House) -> None:
    """It is named with its last day, and with whoever to ask; whatever other body would have been named first.

    They still read the plan by another office; without one there is no plan for them, and no typed word is lost.
    """
    yesterday = county.today - timedelta(days=1)
    stream = stream_of("council:ZZ1")
    county.journal.append(
        [end("council:ZZ1", "plan_lead", LEAD, yesterday)],
        expecting={stream: county.journal.version(stream)}, by="carepool", at=county.clock(),
    )  # fmt: skip
    office(county, OFFICER, "ccg:Z1C", date(2014, 4, 1), yesterday)
    gone = signed_in(LEAD).post(SPEND, {"rows": "1", "spend-0-provider": "Mine", "do": "keep"})
    assert gone.status_code == 404
    assert "There is no plan “merrow”." in page_of(gone).text
    assert page_of(gone).tables["typed-table"].rows[1] == ["spend 0 provider", "Mine"]
    office(county, LEAD, "board:ZZ1", date(2014, 4, 1))
    for account, body in ((LEAD, "Merrow council"), (OFFICER, "NHS Merrow Downs CCG")):
        client = signed_in(account)
        answer = client.post(SPEND, {"rows": "1", "spend-0-provider": "Mine", "do": "keep"})
        assert answer.status_code == 403
        assert f"Your office of plan lead in {body} ended on" in page_of(answer).text
        assert "Mine" in page_of(answer).tables["typed-table"].rows[1]
        started = client.post(
            "/plans/new", {"board": "ZZ1", "title": "Another", "plan": "another", "key": "k"}
        )
        assert started.status_code == 403
        assert "ended on" in page_of(started).text


# Starting


def test_a_plan_is_started_for_any_board_that_one_leads(lead: Client, county: House) -> None:
    """A real board's plan begins with its own bodies and its published baseline, and bears no mark."""
    answer = lead.post(
        "/plans/new", {"board": "ZZ1", "title": "A second plan", "plan": "second", "key": "k1"}
    )
    assert re.fullmatch(r"/plans/second-[0-9a-f]{8}\?started=yes", answer["Location"])
    assert "The plan is started." in get(lead, answer["Location"]).text
    office(county, LEAD, "council:E10000016", date(2014, 4, 1))
    assert "/plans/new?board=E10000016" in {each.get("href") for each in get(lead, "/plans/new").find("a")}
    form = get(lead, "/plans/new?board=E10000016")
    assert form.find("input", name="plan")[0]["value"] == "kent"
    sent = {"board": "E10000016", "title": "Kent plan", "plan": "kent", "key": "k2"}
    kent = lead.post("/plans/new", sent)["Location"].partition("?")[0]
    for path in (kent, f"{kent}/check", *(f"{kent}/sections/{section}" for section in EVERY)):
        page = get(lead, path)
        assert "Illustrative" not in page.text
    assert "NHS Ashford CCG" in get(lead, f"{kent}/sections/parties").text
    row = next(each for each in get(lead, "/plans").tables["plans-table"] if each["Plan"] == "Kent plan")
    assert row["Take care"] == ""


@pytest.mark.parametrize(
    ("typed", "status", "says"),
    [
        ({"board": "nowhere"}, 400, "There is no board “nowhere”."),
        ({"board": ""}, 400, "Write the code or the name of the board"),
        ({"title": ""}, 400, "Write a title for the plan."),
        ({"title": "x" * 300}, 400, "The title is too long."),
        ({"plan": ""}, 400, "Write what the plan's address begins with"),
        ({"plan": "two words"}, 400, "cannot be a plan's address"),
        ({"plan": "merrow.json"}, 400, "cannot be a plan's address"),
        ({"plan": "café"}, 400, "cannot be a plan's address"),
        ({"board": "ZZ3"}, 403, "To start a plan one must be plan lead of a council or a CCG of its boards."),
    ],
)
def test_a_plan_that_cannot_be_started(lead: Client, typed: dict[str, str], status: int, says: str) -> None:
    """What is wrong is said at its field or above, and what was typed is kept."""
    sent = {"board": "ZZ1", "title": "Another", "plan": "another", "key": "k", **typed}
    answer = lead.post("/plans/new", sent)
    page = page_of(answer)
    assert answer.status_code == status
    assert says in page.text
    if page.find("input", name="title"):
        assert page.find("input", name="title")[0].get("value", "") == sent["title"]


def test_an_address_tells_of_no_other_plan(lead: Client, county: House) -> None:
    """A plan is started alike whether its address begins like one's own plan, a foreign one, or none: no two are the same."""
    found = set()
    for number, begins in enumerate(("merrow", "stonebeck", "nobody-has-this", "new", "stonebeck")):
        sent = {"board": "ZZ1", "title": "Another", "plan": begins, "key": f"try-{number}"}
        answers = [lead.post("/plans/new", sent) for _ in range(2)]
        assert [each.status_code for each in answers] == [302, 302]
        assert answers[0]["Location"] == answers[1]["Location"]
        assert re.fullmatch(rf"/plans/{begins}-[0-9a-f]{{8}}\?started=yes", answers[0]["Location"])
        found.add(answers[0]["Location"])
    assert len(found) == 5


def test_a_key_used_for_something_else_is_no_fault(lead: Client) -> None:
    """The same form sent back with another title in it is refused in words."""
    sent = {"board": "ZZ1", "title": "One", "plan": "one", "key": "the-key"}
    assert lead.post("/plans/new", sent).status_code == 302
    assert lead.post("/plans/new", sent).status_code == 302
    answer = lead.post("/plans/new", sent | {"title": "Two", "plan": "two"})
    assert answer.status_code == 403
    assert "This form was sent before" in page_of(answer).text


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"rows": "99999999999"},
        {"rows": "-1"},
        {"rows": "x", "base": "nonsense"},
        {"rows": "3", "base": "0" * 64},
        {"rows": "1", "schemes-0-id": "\0\ud7ff", "sources-0-year_1": "٣", "spend-0-year_1": "1e9", "target-quarters-0-quarter": "never"},
        {"parties-councils": ["", " ", "x" * 100], "parties-host": "nobody", "parties-ccgs-more": "a,b c\n\0"},
    ],
)  # fmt: skip
@pytest.mark.slow
def test_no_form_breaks_it(lead: Client, typed: dict[str, object]) -> None:
    """Whatever a form of any section holds, it is kept, and its page and the check can be opened."""
    for path in MERROW:
        assert lead.post(path, {"do": "keep", **typed}).status_code == 303, path
        get(lead, f"{path}?checked=yes&add=1")
    for path in ("/plans/merrow/check", "/plans/merrow", "/me"):
        get(lead, path)
    assert save(lead).status_code in {302, 400, 409}


def test_a_draft_saves_itself(lead: Client) -> None:
    """The script of the form sends what is typed and is answered with nothing but which draft it now is; nothing leads on."""
    page = get(lead, SPEND)
    assert page.find("script")[0]["src"] == "/static/carepool/autosave.js"
    answer = send(lead, SPEND, "autosave", **{"spend-0-provider": "Typed and left"})
    assert (answer.status_code, answer.content) == (204, b"")
    again = get(lead, SPEND)
    assert again.find("input", name="spend-0-provider")[0]["value"] == "Typed and left"
    assert again.find("input", name="draft")[0]["value"] == answer.headers["X-Draft"]


@pytest.mark.slow
def test_two_windows_of_one_editor(lead: Client) -> None:
    """What was kept in another window is not overwritten unseen: it is listed beside what was typed, and then it may be."""
    opened = get(lead, SPEND).find("input", name="draft")[0]["value"]
    first = send(lead, SPEND, "autosave", **{"spend-0-provider": "In the first window", "draft": opened})
    assert first.status_code == 204
    by_itself = send(lead, SPEND, "autosave", **{"spend-0-provider": "In the second window", "draft": opened})
    assert by_itself.status_code == 409
    shown = send(lead, SPEND, **{"spend-0-provider": "In the second window", "draft": opened})
    assert shown.status_code == 409
    html = shown.content.decode()
    assert "In another window you kept something else" in html
    assert "In the first window" in html
    assert 'value="In the second window"' in html
    assert get(lead, SPEND).find("input", name="spend-0-provider")[0]["value"] == "In the first window"
    put = send(lead, SPEND, **{"spend-0-provider": "In the second window", "draft": first.headers["X-Draft"]})
    assert put.status_code == 303
    assert get(lead, SPEND).find("input", name="spend-0-provider")[0]["value"] == "In the second window"


def test_a_request_that_is_too_large(lead: Client) -> None:
    """More than 2.5 MB is refused in words, and nothing is kept of it."""
    lead.raise_request_exception = False
    answer = send(lead, SPEND, **{"spend-0-provider": "x" * 3_000_000})
    assert answer.status_code == 400
    assert "That is too much at once" in answer.content.decode()
