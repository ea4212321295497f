"""Deciding on a plan, its money, its pool and its public page, as people of the illustrative county use them."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from carepool.actions.areas import MARK
from carepool.actions.editing import keep_draft, save_version, section_base
from carepool.actions.house import House
from carepool.actions.permits import Actor
from carepool.actions.planning import read_history, view
from carepool.actions.releasing import money_of
from carepool.actions.standings import standing_of
from carepool.basics.periods import Quarter
from carepool.journal.commands import Done
from carepool.journal.port import Conflict
from carepool.offices.holdings import end, give
from carepool.offices.holdings import stream_of as office_stream
from carepool.plans.document import Plan, as_data, plan_digest, read_plan
from carepool.signin.models import Account
from carepool.signoff.standing import Outcome, Status
from tests.web.conftest import INSIDER
from tests.web.reading import Page
from tests.web.visiting import Person, sound

PLANS = ("carrowby", "wolds", "farrowdale", "stonebeck", "lindenmouth", "merrow")
PAGES = [f"/plans/{plan}/{part}" for plan in PLANS for part in ("decisions", "money")]
POOLS = [f"/pools/{plan}" for plan in PLANS]
READ_BY = {
    "trust.chief": {"merrow", "wolds", "farrowdale"},
    "stonebeck.chief": {"stonebeck"},
    "linden.officer": {"stonebeck", "lindenmouth"},
    "carrowby.finance": {"carrowby"},
}
"""The plans that concern each one's body; national bodies read all."""
PUBLIC = "/public/carrowby"
WAITING = Quarter(2015, 2)


def at_stake(house: House, plan: str) -> tuple[int, int]:
    """The cut that a plan's target promises, and what it is worth in pence, by our own sum: £1,490 an admission."""
    cut = sum(row.baseline - row.planned for row in view(house, plan).plan.target.quarters)
    return int(cut + Decimal("0.5")), int(cut * 149_000 + Decimal("0.5"))


def pounds(pence: int) -> str:
    """An amount as a page writes it."""
    return f"£{pence // 100:,}" + (f".{pence % 100:02}" if pence % 100 else "")


def actions(page: Page) -> list[str]:
    """Where the forms of a page that change a plan or its money lead."""
    led = (each["action"] for each in page.find("form", method="post"))
    return [path for path in led if path.startswith("/plans/")]


def save_another(house: House, plan: str, lead: str, name: str = "Rapid response, renamed") -> None:
    """The lead saves a version in which the first scheme has another name."""
    found = view(house, plan)
    first, *others = found.plan.schemes.schemes
    schemes = found.plan.schemes.model_copy(
        update={"schemes": (first.model_copy(update={"name": name}), *others)}
    )
    account = Account.objects.get(handle=lead)
    assert (
        keep_draft(
            house,
            Actor(account.id, "draft"),
            plan,
            "schemes",
            as_data(schemes),
            section_base(found, "schemes"),
        )
        is None
    )
    assert isinstance(save_version(house, Actor(account.id, f"save {name}"), plan), Done)


def end_office(house: House, body: str, office: str, handle: str) -> None:
    """Somebody's office ended yesterday."""
    account, stream = Account.objects.get(handle=handle).id, office_stream(body)
    house.journal.append(
        [end(body, office, account, house.today - timedelta(days=1))],
        expecting={stream: house.journal.version(stream)},
        by="carepool",
        at=house.clock(),
    )


def outcome(house: House, plan: str, body: str) -> Outcome:
    """What a body has said of the current version."""
    party = standing_of(house, view(house, plan)).of(body)
    assert party is not None
    return party.outcome


def facts(house: House, stream: str) -> int:
    """How many facts a stream has."""
    return house.journal.version(stream)


@contextmanager
def nothing_written() -> Iterator[None]:
    """No statement meanwhile changes the database."""

    def watch(execute, sql, parameters, many, context):  # type: ignore[no-untyped-def]
        assert not re.match(r"\s*(INSERT|UPDATE|DELETE|REPLACE)", sql, re.IGNORECASE), sql
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(watch):
        yield


# Reading


@pytest.mark.parametrize("handle", [*READ_BY, INSIDER, "minister.office", "nhs.assurer"])
@pytest.mark.parametrize("path", [*PAGES, *POOLS, PUBLIC])
def test_every_page_answers_with_sound_html(someone: Callable[..., Person], handle: str, path: str) -> None:
    """200, the mark of the illustrative county above, no more than 150 kB, whoever may look; 404 in words for the others."""
    who, plan = someone(handle), path.split("/")[2]
    answer = who.browser.get(path)
    page = sound(path, answer)
    assert answer.status_code == (200 if plan in READ_BY.get(handle, PLANS) or path == PUBLIC else 404)
    assert (MARK in page.text) is (answer.status_code == 200)
    assert len(answer.content) <= 150_000


@pytest.mark.parametrize("path", [*PAGES, *POOLS, PUBLIC, f"{PUBLIC}.json", "/pools/carrowby.json"])
@pytest.mark.parametrize("query", ["", "?as_at=2015-06-01"])
def test_looking_writes_nothing(someone: Callable[..., Person], now: House, path: str, query: str) -> None:
    """No GET inserts, changes or deletes anything, as at today or any day."""
    who = someone("carrowby.finance")
    now.journal.seal()
    with nothing_written():
        who.browser.get(f"{path}{query}")


@pytest.mark.parametrize(
    "path", ["/plans/carrowby/decisions", "/plans/carrowby/money", "/pools/carrowby", PUBLIC]
)
def test_a_day_that_is_none_is_said_at_its_field(someone: Callable[..., Person], path: str) -> None:
    """400, “Error:” in the title, the sentence above and at the field, what was typed kept; the JSON refuses too."""
    answer = someone().browser.get(f"{path}?as_at=yesterday")
    page = sound(path, answer)
    assert answer.status_code == 400
    assert page.title.strip().startswith("Error: ")
    assert page.text.count("“yesterday” is not a date.") == 2
    assert page.find("input", name="as_at", value="yesterday")


@pytest.mark.parametrize("path", [f"{PUBLIC}.json", "/pools/carrowby.json"])
def test_data_refuse_a_day_that_is_none(someone: Callable[..., Person], path: str) -> None:
    """The JSON of a day that is none is a 400 with the field and the sentence."""
    answer = someone().browser.get(f"{path}?as_at=yesterday")
    assert answer.status_code == 400
    assert answer.json()["problems"][0]["field"] == "as_at"


def test_no_plan_is_said_so(someone: Callable[..., Person]) -> None:
    """404 in words for a plan that there is not, and for one that there was not yet."""
    for path in (
        "/plans/nowhere/decisions",
        "/plans/nowhere/money",
        "/pools/nowhere",
        "/plans/merrow/money?as_at=2014-12-01",
    ):
        answer = someone().browser.get(path)
        assert answer.status_code == 404
        assert "There is no plan" in sound(path, answer).text


# Who has decided


def test_it_begins_with_who_has_decided(someone: Callable[..., Person]) -> None:
    """Body, kind, outcome, since when, by whom and on which version; the reasons of a refusal as they were signed."""
    page = someone().page("/plans/stonebeck/decisions")
    rows = {row["Body"]: row for row in page.tables["standing"]}
    council = rows["Stonebeck council"]
    assert (council["Kind"], council["Decision"], council["Since"]) == (
        "Council",
        "Lapsed",
        "awaited since 7 January 2015",
    )
    assert council["Last said"] == "agreed to version 1, on 18 December 2014"
    board = rows["Stonebeck Health and Wellbeing Board"]
    assert (board["Decision"], board["Since"], board["By"]) == (
        "Refused (late)",
        "12 January 2015",
        "Yara Nook",
    )
    assert rows["NHS Stone and Linden CCG"]["Decision"] == "Agreed (late)"
    assert "Put it back, or say who covers the nights." in page.text
    assert page.text.index("Who has decided") < page.text.index("What a signer is shown")


def test_the_digest_and_findings_are_shown(someone: Callable[..., Person], now: House) -> None:
    """The digest of the version and of the findings stand on the page in full, and the findings in words."""
    page, found = someone().page("/plans/lindenmouth/decisions"), view(now, "lindenmouth")
    assert found.history.current
    words = page.text.replace(" ", "")
    assert found.history.current.digest in words
    assert found.findings_digest in words
    for finding in found.findings:
        assert " ".join(finding.says.split()) in page.text


def test_who_may_not_sign_sees_who_can(someone: Callable[..., Person]) -> None:
    """Without an office there is no button, and the page names who decides, for each body that is awaited."""
    for handle in (INSIDER, "stonebeck.lead"):
        page = someone(handle).page("/plans/stonebeck/decisions")
        assert not page.find("button", name="agrees")
        assert "For Stonebeck council: Wyn Hart (chief executive)." in page.text
    assert "For Ministers: Lena Park (minister's office)." in someone().page("/plans/wolds/decisions").text


def test_a_signatory_sees_what_it_commits_to_and_what_changed(
    someone: Callable[..., Person], now: House
) -> None:
    """Money in by party, target, schemes, what is at risk, and the difference since the version decided on before."""
    page = someone("stonebeck.chief").page("/plans/stonebeck/decisions")
    assert page.tables["commits-money"].column("Party") == [
        "NHS Stone and Linden CCG",
        "Stonebeck council",
        "All parties",
    ]
    cut, worth = at_stake(now, "stonebeck")
    assert f"{cut} fewer non-elective admissions than the 14,186" in page.text
    assert (
        f"What is at risk: {pounds(worth)} is paid into the pool only as far as admissions fall."
        in page.text.replace("really ", "")
    )
    assert page.tables["changed-1"].rows[1:] == [
        ["Schemes, S1, name", "Rapid response", "Rapid response, days only"]
    ]
    assert "What changed from version 1 to version 2" in page.text
    assert page.text.index("What this commits us to") < page.text.index("Agree to version 2")


# Deciding


DECIDE = "/plans/stonebeck/decide"
HERE = "/plans/stonebeck/decisions"


def test_a_body_agrees(someone: Callable[..., Person], now: House) -> None:
    """The form records the decision and leads back to the page, which says what was recorded."""
    who = someone("stonebeck.chief")
    answer = who.send(DECIDE, who.form(HERE, DECIDE) | {"agrees": "yes", "reasons": "", "key_decision": "no"})
    assert answer.status_code == 302
    page = who.page(answer["Location"])
    assert "Recorded: Stonebeck council has agreed to version 2." in page.text
    assert outcome(now, "stonebeck", "council:ZZ4") is Outcome.AGREED
    assert "Recorded:" not in someone().page(answer["Location"]).text


def test_looking_back_after_a_decision_writes_nothing(someone: Callable[..., Person], now: House) -> None:
    """What a form wrote is sealed with it: the first page as at a day after it has nothing left to write."""
    who = someone("stonebeck.chief")
    who.send(DECIDE, who.form(HERE, DECIDE) | {"agrees": "yes", "reasons": "", "key_decision": "no"})
    with nothing_written():
        page = who.page(f"{HERE}?as_at={now.today}")
    assert "2 of 3 bodies have agreed" in page.text


def test_a_body_refuses_with_reasons(someone: Callable[..., Person], now: House) -> None:
    """The reasons stand on the page, escaped, for everybody."""
    who = someone("stonebeck.chief")
    reasons = "The nights are <b>bare</b>."
    answer = who.send(DECIDE, who.form(HERE, DECIDE) | {"agrees": "no", "reasons": reasons})
    assert answer.status_code == 302
    assert outcome(now, "stonebeck", "council:ZZ4") is Outcome.REFUSED
    assert reasons in someone().page(HERE).text


@pytest.mark.parametrize("reasons", ["", "   \n", "x" * 10_001])
def test_reasons_that_will_not_do(someone: Callable[..., Person], now: House, reasons: str) -> None:
    """Said above and at the field, and what was typed is kept; nothing is recorded."""
    who = someone("stonebeck.chief")
    before = facts(now, "signoff/stonebeck")
    answer = who.send(DECIDE, who.form(HERE, DECIDE) | {"agrees": "no", "reasons": reasons})
    page = sound(HERE, answer)
    says = "A refusal needs its reasons" if not reasons.strip() else "longer than 10,000 characters"
    assert answer.status_code == 400
    assert page.title.strip().startswith("Error: ")
    assert page.text.count(says) == 2
    assert page.find("a", href="#reasons")
    assert reasons.strip() in page.html
    assert facts(now, "signoff/stonebeck") == before


def test_a_superseded_digest_shows_the_difference(someone: Callable[..., Person], now: House) -> None:
    """A newer version was saved meanwhile: the difference, a form on the new version, and the reasons as typed."""
    who = someone("stonebeck.chief")
    sent = who.form(HERE, DECIDE) | {"agrees": "no", "reasons": "Too few nurses"}
    save_another(now, "stonebeck", "stonebeck.lead")
    before = facts(now, "signoff/stonebeck")
    answer = who.send(DECIDE, sent)
    page = sound(HERE, answer)
    assert answer.status_code == 409
    assert "Version 3 has been saved since you were shown version 2." in page.text
    assert page.tables["stale-table"].rows[1:] == [
        ["Schemes, S1, name", "Rapid response, days only", "Rapid response, renamed"]
    ]
    assert "Too few nurses</textarea>" in page.html
    assert facts(now, "signoff/stonebeck") == before
    again = {each["name"]: each["value"] for each in page.find("input", type="hidden")}
    current = read_history(now, "stonebeck").current
    assert current
    assert again["digest"] == current.digest
    assert again["key"] != sent["key"]
    assert who.send(DECIDE, again | {"agrees": "no", "reasons": "Too few nurses"}).status_code == 302
    assert outcome(now, "stonebeck", "council:ZZ4") is Outcome.REFUSED


def test_a_digest_of_no_version(someone: Callable[..., Person], now: House) -> None:
    """A digest that is of no version of this plan is refused in words."""
    who = someone("stonebeck.chief")
    answer = who.send(
        DECIDE, who.form(HERE, DECIDE) | {"digest": "ab" * 32, "agrees": "yes", "key_decision": "no"}
    )
    assert answer.status_code == 409
    assert "That digest is of no version of this plan." in sound(HERE, answer).text


def test_findings_that_were_not_shown(someone: Callable[..., Person], now: House) -> None:
    """Who was shown other findings looks again before signing."""
    who = someone("stonebeck.chief")
    answer = who.send(
        DECIDE, who.form(HERE, DECIDE) | {"findings": "ab" * 32, "agrees": "yes", "key_decision": "no"}
    )
    assert answer.status_code == 409
    assert "The findings have changed since you were shown them." in sound(HERE, answer).text


def test_a_blocked_plan_is_not_agreed(someone: Callable[..., Person], now: House) -> None:
    """There is no button to agree, and a form that agrees all the same is refused; refusing is allowed."""
    who, here, path = (
        someone("lindenmouth.chief"),
        "/plans/lindenmouth/decisions",
        "/plans/lindenmouth/decide",
    )
    page = who.page(here)
    assert [each["value"] for each in page.find("button", name="agrees")] == ["no"]
    answer = who.send(path, who.form(here, path) | {"agrees": "yes", "key_decision": "no"})
    assert answer.status_code == 409
    assert "A blocker stands in the plan, so it cannot be agreed." in sound(here, answer).text
    assert (
        who.send(path, who.form(here, path) | {"agrees": "no", "reasons": "It does not add up"}).status_code
        == 302
    )
    assert outcome(now, "lindenmouth", "council:ZZ5") is Outcome.REFUSED


@pytest.mark.parametrize("body", ["council:ZZ1", "trust:RXX", "", "'; drop table--", "\x00"])
def test_a_body_that_is_no_party(someone: Callable[..., Person], now: House, body: str) -> None:
    """It has nothing to decide, and the page says who has; what was typed is kept."""
    before = facts(now, "signoff/stonebeck")
    who = someone("stonebeck.chief")
    answer = who.send(DECIDE, who.form(HERE, DECIDE) | {"body": body, "agrees": "no", "reasons": "My words"})
    page = sound(HERE, answer)
    assert answer.status_code == 409
    assert (
        "is no party to this plan, so it has nothing to decide. Its parties are Stonebeck council"
        in page.text
    )
    assert "My words" in page.text
    assert facts(now, "signoff/stonebeck") == before


def test_an_office_that_ended_yesterday(someone: Callable[..., Person], now: House) -> None:
    """The form was open overnight: the refusal says which office ended when, and what was typed is kept.

    Who holds no other office of the plan is not told even that there is one; what was typed is kept all the same.
    """
    who = someone("stonebeck.chief")
    sent = who.form(HERE, DECIDE) | {"agrees": "no", "reasons": "My last words"}
    end_office(now, "council:ZZ4", "chief_executive", "stonebeck.chief")
    gone = who.send(DECIDE, sent)
    assert gone.status_code == 404
    assert "My last words" in sound(HERE, gone).text
    account, stream = Account.objects.get(handle="stonebeck.chief").id, office_stream("board:ZZ4")
    now.journal.append(
        [give("board:ZZ4", "clerk", account, now.today)],
        expecting={stream: now.journal.version(stream)}, by="carepool", at=now.clock(),
    )  # fmt: skip
    answer = who.send(DECIDE, sent)
    page = sound(HERE, answer)
    assert answer.status_code == 409
    assert "Your office of chief executive in Stonebeck council ended on" in page.text
    assert "ask whoever holds it now" in page.text
    assert "My last words" in page.text
    assert outcome(now, "stonebeck", "council:ZZ4") is Outcome.LAPSED


def test_somebody_elses_body(someone: Callable[..., Person], now: House) -> None:
    """The chief executive of one body cannot sign for another; the page names the offices that can, not codes."""
    who = someone("stonebeck.chief")
    answer = who.send(DECIDE, who.form(HERE, DECIDE) | {"body": "board:ZZ4", "agrees": "yes"})
    assert "in the name of Stonebeck Health and Wellbeing Board" in sound(HERE, answer).text
    assert outcome(now, "stonebeck", "board:ZZ4") is Outcome.REFUSED


def test_not_signed_in(someone: Callable[..., Person], now: House) -> None:
    """Whose session ended keeps what was typed, and nothing is recorded."""
    sent = someone("stonebeck.chief").form(HERE, DECIDE) | {"agrees": "no", "reasons": "Long thought over"}
    answer = someone(None).send(DECIDE, sent)
    page = sound(HERE, answer)
    assert answer.status_code == 403
    assert "You are not signed in, so nothing was recorded." in page.text
    assert "Long thought over" in page.text
    assert outcome(now, "stonebeck", "council:ZZ4") is Outcome.LAPSED


def test_neither_agreed_nor_refused(someone: Callable[..., Person], now: House) -> None:
    """A form without an answer asks for one."""
    who = someone("stonebeck.chief")
    answer = who.send(DECIDE, who.form(HERE, DECIDE) | {"agrees": "perhaps", "reasons": "Typed"})
    assert answer.status_code == 400
    assert "use one of the two buttons" in sound(HERE, answer).text


def test_the_same_form_twice_acts_once(someone: Callable[..., Person], now: House) -> None:
    """Sent again it is answered as before; with something else in it, it is refused in words."""
    who = someone("stonebeck.chief")
    sent = who.form(HERE, DECIDE) | {"agrees": "yes", "reasons": "", "key_decision": "no"}
    before = facts(now, "signoff/stonebeck")
    assert who.send(DECIDE, sent).status_code == 302
    assert who.send(DECIDE, sent).status_code == 302
    assert facts(now, "signoff/stonebeck") == before + 1
    answer = who.send(DECIDE, sent | {"agrees": "no", "reasons": "Changed my mind"})
    assert answer.status_code == 409
    assert "This form was sent before with something else in it" in sound(HERE, answer).text
    assert facts(now, "signoff/stonebeck") == before + 1


def test_others_writing_at_the_same_moment(
    someone: Callable[..., Person], now: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Five conflicts in a row are said in words."""

    def busy(*_: object, **__: object) -> None:
        raise Conflict("signoff/stonebeck", 1, 2)

    monkeypatch.setattr("carepool.web.decisions.decide_plan", busy)
    who = someone("stonebeck.chief")
    answer = who.send(DECIDE, who.form(HERE, DECIDE) | {"agrees": "yes", "key_decision": "no"})
    assert answer.status_code == 409
    assert "Others were writing at the same moment" in sound(HERE, answer).text


@pytest.mark.parametrize("key", ["", "x" * 500, "\x00", "né\u0301"])
def test_a_key_that_cannot_be_one(someone: Callable[..., Person], now: House, key: str) -> None:
    """A key that somebody made up is used or refused in words; never a fault of ours."""
    who = someone("stonebeck.chief")
    answer = who.send(DECIDE, who.form(HERE, DECIDE) | {"agrees": "yes", "key_decision": "no", "key": key})
    assert answer.status_code in {302, 400}


@pytest.mark.parametrize("route", ["decide", "stage", "open-pool", "propose", "approve", "keep"])
def test_forms_need_their_token_and_reading_them_leads_back(undone: None, route: str) -> None:
    """Without the token of its page a form is refused; its address, opened, leads to the page that it is on."""
    careful = Client(SERVER_NAME="localhost", enforce_csrf_checks=True)
    careful.force_login(Account.objects.get(handle="carrowby.finance"))
    assert careful.post(f"/plans/carrowby/{route}", {"agrees": "yes"}).status_code == 403
    answer = careful.get(f"/plans/carrowby/{route}")
    assert answer.status_code == 302
    assert answer["Location"] in {"/plans/carrowby/decisions", "/plans/carrowby/money"}


# NHS England and ministers


def test_ministers_sign_off(someone: Callable[..., Person], now: House) -> None:
    """The Wolds, approved by way of their assurance, are signed off by the page's own button."""
    here, path = "/plans/wolds/decisions", "/plans/wolds/stage"
    who = someone("minister.office")
    answer = who.send(path, who.form(here, path))
    assert answer.status_code == 302
    assert "is signed off by Ministers" in who.page(answer["Location"]).text
    assert standing_of(now, view(now, "wolds")).status is Status.SIGNED_OFF
    assert someone(None).browser.get("/public/wolds").status_code == 200


def test_approval_has_no_button_among_the_decisions(someone: Callable[..., Person]) -> None:
    """Where rules ask reviewers questions, the page of decisions says where a plan is approved, and leads there."""
    who = someone("nhs.director")
    page = who.page("/plans/farrowdale/decisions")
    assert "two reviews, their moderation and an outcome" in page.text
    assert "/plans/farrowdale/stage" not in actions(page)
    assert "/plans/farrowdale/assurance" in [each["href"] for each in page.find("a")]


@pytest.mark.parametrize(
    ("plan", "handle", "name", "says"),
    [
        ("farrowdale", "minister.office", "signed_off", "First: NHS England approves the agreed plan."),
        ("stonebeck", "nhs.assurer", "approved", "The plan is not agreed"),
        ("wolds", "nhs.assurer", "approved", "This version is approved already."),
        ("wolds", "nhs.assurer", "signed_off", "in the name of Ministers"),
        ("wolds", "wolds.chair", "signed_off", "in the name of Ministers"),
    ],
)
def test_a_stage_out_of_turn(
    someone: Callable[..., Person], now: House, plan: str, handle: str, name: str, says: str
) -> None:
    """There is no button for it, and a form made up is refused in words; nothing is recorded."""
    who, found = someone(handle), view(now, plan)
    assert found.history.current
    before = facts(now, f"signoff/{plan}")
    answer = who.send(
        f"/plans/{plan}/stage",
        {
            "stage": name,
            "digest": found.history.current.digest,
            "findings": found.findings_digest,
            "key": "k",
        },
    )
    assert answer.status_code == 409
    assert says in sound(f"/plans/{plan}/decisions", answer).text
    assert facts(now, f"signoff/{plan}") == before


def test_a_stage_that_the_rules_do_not_know(someone: Callable[..., Person]) -> None:
    """404, in words; and who is not signed in signs nothing off."""
    assert (
        someone("nhs.assurer").send("/plans/wolds/stage", {"stage": "crowned", "key": "k1"}).status_code
        == 404
    )
    assert someone(None).send("/plans/wolds/stage", {"stage": "signed_off", "key": "k2"}).status_code == 403


# Money


MONEY = "/plans/carrowby/money"


def test_before_sign_off_it_says_when_money_comes(someone: Callable[..., Person]) -> None:
    """A sentence, not an error, and a form that was made up is refused."""
    page = someone().page("/plans/wolds/money")
    assert "There is no money yet. It comes once all parties have agreed" in page.text
    answer = someone("wolds.officer").send("/plans/wolds/open-pool", {"key": "k"})
    assert answer.status_code == 409
    assert "Ministers have not signed this plan off" in sound("/plans/wolds/money", answer).text


def test_the_statement(someone: Callable[..., Person], now: House) -> None:
    """Fund, earned, withheld, at stake and never earned; quarter by quarter; the Working; the split by CCG."""
    page = someone().page(MONEY)
    _, worth = at_stake(now, "carrowby")
    for amount in (pounds(worth), "£1,399,110", pounds(worth - 139_911_000)):
        assert amount in page.text
    assert page.tables["quarters-table"].column("Earned") == ["£141,550", "£615,370", "£271,180", "£371,010"]
    assert page.tables["by-ccg-table"].column("Earned") == ["£1,399,110"]
    assert "How we got this: Performance money released" in page.text
    states = page.tables["releases-table"].column("State")
    assert states == [
        "Released on 20 May 2015",
        "Released on 12 August 2015",
        "Waiting for the host since 18 November 2015",
        "Earned, and not proposed yet",
    ]


@pytest.mark.parametrize(
    ("day", "known", "released"),
    [
        ("2014-11-30", 0, 0),
        ("2015-05-16", 1, 0),
        ("2015-06-01", 1, 1),
        ("2015-09-01", 2, 2),
        ("2015-12-01", 3, 2),
        ("2016-03-01", 4, 2),
    ],
)
def test_outturns_arrive_on_their_days(
    someone: Callable[..., Person], day: str, known: int, released: int
) -> None:
    """As at a day, only what was published by then is earned, only what was released by then is so, and nobody acts."""
    page = someone("carrowby.finance").page(f"{MONEY}?as_at={day}")
    published = page.tables["quarters-table"].column("Published on")
    assert sum(each != "not yet" for each in published) == known
    states = page.tables["releases-table"].column("State") if "releases-table" in page.tables else []
    assert sum(each.startswith("Released") for each in states) == released
    assert actions(page) == []


def propose_next(who: Person) -> HttpResponse:
    """Propose the quarter that is earned and not proposed."""
    return who.send("/plans/carrowby/propose", who.form(MONEY, "/plans/carrowby/propose"))


def test_a_release_from_proposal_to_the_pool(someone: Callable[..., Person], now: House) -> None:
    """Proposed by the host, approved by both sides; the money is in the pool once, whatever is sent again."""
    host, ccg = someone("carrowby.finance"), someone("carrowby.ccg.finance")
    approve = "/plans/carrowby/approve"
    waiting = host.form(MONEY, approve)
    assert (waiting["quarter"], waiting["side"]) == (str(WAITING), "host")
    assert host.send(approve, waiting).status_code == 302
    assert propose_next(host).status_code == 302
    first = ccg.send(approve, ccg.form(MONEY, approve))
    assert "approved for one side" in ccg.page(first["Location"]).text
    last = host.form(MONEY, approve)
    answer = host.send(approve, last)
    assert "the money has moved to the pool" in host.page(answer["Location"]).text
    books = money_of(now, "carrowby").books
    assert books.totals.released == 139_911_000
    assert books.trial_balance() == 0
    before = facts(now, "pool/carrowby/2015-16")
    assert host.send(approve, last).status_code == 302  # the same form: the stored answer
    answer = host.send(approve, last | {"key": "another"})
    assert answer.status_code == 409
    assert "A quarter is released once" in sound(MONEY, answer).text
    assert facts(now, "pool/carrowby/2015-16") == before


def test_one_person_approves_for_one_side_only(someone: Callable[..., Person], now: House) -> None:
    """Not for the other side, which is not theirs; and not twice for their own."""
    ccg = someone("carrowby.ccg.finance")
    sent = {"quarter": str(WAITING), "ccg": "Z6A", "key": "k"}
    answer = ccg.send("/plans/carrowby/approve", sent | {"side": "ccg"})
    assert answer.status_code == 409
    assert "The CCG approved the release of £271,180" in sound(MONEY, answer).text
    answer = ccg.send("/plans/carrowby/approve", sent | {"side": "host", "key": "l"})
    assert answer.status_code == 409
    assert "in the name of Carrowby council" in sound(MONEY, answer).text
    assert money_of(now, "carrowby").books.totals.released == 75_692_000


def test_one_person_in_two_offices_does_not_approve_for_both(
    someone: Callable[..., Person], now: House
) -> None:
    """Where somebody holds office on both sides, the second approval still needs another person."""
    account = Account.objects.get(handle="carrowby.ccg.finance").id
    stream = office_stream("council:ZZ6")
    now.journal.append(
        [give("council:ZZ6", "section_151_officer", account, now.today)],
        expecting={stream: now.journal.version(stream)},
        by="carepool",
        at=now.clock(),
    )
    both = someone("carrowby.ccg.finance")
    assert "nobody approves for both sides" in both.page(MONEY).text
    sent = {"quarter": str(WAITING), "ccg": "Z6A", "side": "host", "key": "k"}
    answer = both.send("/plans/carrowby/approve", sent)
    assert answer.status_code == 409
    assert "nobody approves for both sides" in sound(MONEY, answer).text


@pytest.mark.parametrize(
    ("changed", "status", "says"),
    [
        ({"pence": "1"}, 409, "The statement asks £371,010"),
        ({"pence": "-5"}, 400, "is no amount in whole pence"),
        ({"pence": "٣"}, 400, "is no amount in whole pence"),
        ({"quarter": "soon"}, 400, "is not a quarter"),
        ({"quarter": "2019-20Q1"}, 409, "is not in the statement"),
        ({"ccg": "nobody"}, 409, "is no CCG of this pool"),
        ({"quarter": str(WAITING)}, 409, "is proposed already|has been proposed"),
    ],
)
def test_a_proposal_that_will_not_do(
    someone: Callable[..., Person], now: House, changed: dict[str, str], status: int, says: str
) -> None:
    """Said in words above the releases; nothing is proposed."""
    host = someone("carrowby.finance")
    before = facts(now, "pool/carrowby/2015-16")
    answer = host.send("/plans/carrowby/propose", host.form(MONEY, "/plans/carrowby/propose") | changed)
    assert answer.status_code == status
    assert re.search(says, sound(MONEY, answer).text)
    assert facts(now, "pool/carrowby/2015-16") == before


def test_who_may_not_move_money(someone: Callable[..., Person], now: House) -> None:
    """The chief executive has no button; who is not signed in neither; a side that there is not is said."""
    assert actions(someone("carrowby.chief").page(MONEY)) == []
    answer = someone("carrowby.chief").send("/plans/carrowby/keep", {"key": "k"})
    assert answer.status_code == 409
    assert "section 151 officer or chief finance officer" in sound(MONEY, answer).text
    assert someone(None).send("/plans/carrowby/keep", {"key": "k"}).status_code == 403
    sent = {"quarter": str(WAITING), "ccg": "Z6A", "side": "neither", "key": "k"}
    assert someone("carrowby.finance").send("/plans/carrowby/approve", sent).status_code == 400


@pytest.mark.slow
def test_the_year_is_closed_and_the_rest_is_kept(someone: Callable[..., Person], now: House) -> None:
    """Not while something earned is not released; then what was never earned stays with the CCG, and all is at rest."""
    host, ccg = someone("carrowby.finance"), someone("carrowby.ccg.finance")
    early = host.send("/plans/carrowby/keep", {"key": "early"})
    assert early.status_code == 409
    assert "before the year is closed" in sound(MONEY, early).text
    approve = "/plans/carrowby/approve"
    host.send(approve, host.form(MONEY, approve))
    propose_next(ccg)
    ccg.send(approve, ccg.form(MONEY, approve))
    host.send(approve, host.form(MONEY, approve))
    never = at_stake(now, "carrowby")[1] - 139_911_000
    assert f"Close the year. {pounds(never)} was never earned" in host.page(MONEY).text
    answer = host.send("/plans/carrowby/keep", host.form(MONEY, "/plans/carrowby/keep"))
    assert answer.status_code == 302
    page = host.page(answer["Location"])
    assert "The year was closed on" in page.text
    assert actions(page) == []
    position = money_of(now, "carrowby").books.position("Z6A")
    assert (position.contingent, position.released, position.kept) == (0, 139_911_000, never)
    accounts = host.page("/pools/carrowby/accounts")
    assert "Never earned: stays with NHS Carrowby CCG" in accounts.tables["book-Z6A"].column("Account")


def test_a_pool_is_opened_by_its_host(someone: Callable[..., Person], now: House) -> None:
    """Wolds, once signed off: its host, a CCG, opens the pool; the council's officer is told who can."""
    minister = someone("minister.office")
    minister.send("/plans/wolds/stage", minister.form("/plans/wolds/decisions", "/plans/wolds/stage"))
    assert (
        "The pool is not open yet. NHS The Wolds CCG, its host, opens it"
        in minister.page("/plans/wolds/money").text
    )
    assert "NHS The Wolds CCG will hold it" in minister.page("/pools/wolds").text
    refused = someone("eastwold.finance").send("/plans/wolds/open-pool", {"key": "k"})
    assert "in the name of NHS The Wolds CCG" in sound("/plans/wolds/money", refused).text
    account, stream = Account.objects.get(handle="vale.finance").id, office_stream("ccg:Z2A")
    now.journal.append(
        [give("ccg:Z2A", "chief_finance_officer", account, now.today)],
        expecting={stream: now.journal.version(stream)}, by="carepool", at=now.clock(),
    )  # fmt: skip
    host = someone("vale.finance")
    path = "/plans/wolds/open-pool"
    answer = host.send(path, host.form("/plans/wolds/money", path))
    assert "the pool is open" in host.page(answer["Location"]).text
    assert "Held by NHS The Wolds CCG" in host.page("/pools/wolds").text


# The pool


def test_the_pool(someone: Callable[..., Person], now: House) -> None:
    """Held by its host; by partner, what is contributed, what is off the pool and what was released."""
    page = someone().page("/pools/carrowby")
    assert "Held by Carrowby council:" in page.text
    foot = page.tables["partners-table"].rows[-1]
    contributed, _, _, off, released, *_ = foot[1:]
    assert released == "£756,920.00"
    _, worth = at_stake(now, "carrowby")
    total = view(now, "carrowby").plan.total("sources", "year_2")
    assert contributed == f"£{(total - worth) / 100:,.2f}"
    assert off == f"£{(worth - 75_692_000) / 100:,.2f}"


def test_the_pool_as_json(someone: Callable[..., Person]) -> None:
    """Whole pence, the mark, and lines that add up to the accounts."""
    data = someone().browser.get("/pools/carrowby.json").json()
    assert MARK in data["mark"]
    assert data["trial_balance_pence"] == 0
    balances: dict[str, int] = {}
    for line in (line for posting in data["postings"] for line in posting["lines"]):
        assert isinstance(line["amount_pence"], int)
        balances[line["debit"]] = balances.get(line["debit"], 0) + line["amount_pence"]
        balances[line["credit"]] = balances.get(line["credit"], 0) - line["amount_pence"]
    shown = {each["account"]: each["debit_pence"] - each["credit_pence"] for each in data["accounts"]}
    assert balances == shown
    posted = next(each for each in data["postings"] if each["event"] == "released")
    assert data["releases"][0]["statement"] in posted["cites"]
    assert someone().browser.get("/pools/merrow.json").json()["open"] is False


# The public page


def test_the_public_page(someone: Callable[..., Person], now: House) -> None:
    """Who agreed, for whom, what the money does, promised, earned and released, the digest, who approved when."""
    page = someone(None).page(PUBLIC)
    assert "3 bodies agreed how £19.9m of health and social care money is spent together" in page.text
    assert "for the 0 people" not in page.text
    assert page.tables["schemes-table"].column("Scheme")[:3] == [
        "Rapid response",
        "Reablement at home",
        "Named professional",
    ]
    rows = {row["Body"]: row for row in page.tables["agreed-table"]}
    assert rows["Ministers"] == {
        "Body": "Ministers", "Decision": "Signed off", "On": "30 October 2014", "Signed by": "Lena Park, minister's office",
    }  # fmt: skip
    assert page.tables["results-table"].column("Released") == ["£141,550", "£615,370", "not yet", "not yet"]
    current = read_history(now, "carrowby").current
    assert current
    assert current.digest in page.text.replace(" ", "")


def test_the_public_json_can_be_checked(someone: Callable[..., Person]) -> None:
    """The digest can be worked out again from the content; money is whole pence; the mark is there."""
    data = someone(None).browser.get(f"{PUBLIC}.json").json()
    plan, findings = read_plan(data["content"])
    assert not findings
    assert isinstance(plan, Plan)
    assert plan_digest(plan) == data["digest"]
    assert MARK in data["mark"]
    assert data["released_pence"] == 75_692_000


@pytest.mark.parametrize("plan", [*PLANS[1:], "nowhere", "a" * 200])
def test_before_sign_off_there_is_no_public_page(someone: Callable[..., Person], plan: str) -> None:
    """404 in the same words whether the plan exists or not, and without its title."""
    for path in (f"/public/{plan}", f"/public/{plan}.json"):
        answer = someone("minister.office").browser.get(path)
        assert answer.status_code == 404
        said = answer.content.decode()
        assert "A plan has one from the day on which ministers sign it off." in said
        assert "joint plan" not in said


def test_nothing_of_later_drafts_and_versions_leaks(someone: Callable[..., Person], now: House) -> None:
    """A version saved and decided on after sign-off changes no byte of the public page or its JSON."""
    shown = [someone(None).browser.get(path).content for path in (PUBLIC, f"{PUBLIC}.json")]
    save_another(now, "carrowby", "carrowby.lead", "Secret scheme")
    who = someone("carrowby.chief")
    path = "/plans/carrowby/decide"
    who.send(
        path, who.form("/plans/carrowby/decisions", path) | {"agrees": "no", "reasons": "Secret reasons"}
    )
    assert outcome(now, "carrowby", "council:ZZ6") is Outcome.REFUSED
    assert [someone(None).browser.get(path).content for path in (PUBLIC, f"{PUBLIC}.json")] == shown
    assert b"Secret" not in b"".join(shown)
    money = someone().page(MONEY)
    assert "version 2 has been saved since and moves no money before it is signed off too" in money.text


# As at


EARLIER = {  # two of three decided, and one of them can be called in; approved; one quarter released; two quarters released
    "2014-09-05": ("1 of 3 bodies have agreed. Carrowby council has decided, and its decision takes effect on 9 September 2014.", "There is no money yet", "There is no pool yet", 404),
    "2014-10-20": ("Next: Ministers sign the approved plan off", "There is no money yet", "There is no pool yet", 404),
    "2015-06-01": ("ministers have signed it off", "£141,550 of it has been earned", "Last entered", 200),
    "2015-09-01": ("ministers have signed it off", "£756,920 of it has been earned", "Last entered", 200),
}  # fmt: skip


@pytest.mark.parametrize("day", EARLIER)
def test_the_pages_as_at_earlier_days(someone: Callable[..., Person], day: str) -> None:
    """Each page shows what had been recorded and published by then, marked so, with nothing to press."""
    decisions, money, pool, public = EARLIER[day]
    who = someone("carrowby.finance")
    for path, says in (
        ("/plans/carrowby/decisions", decisions),
        (MONEY, money),
        ("/pools/carrowby", pool),
    ):
        page = who.page(f"{path}?as_at={day}")
        assert says in page.text, path
        assert "As at" in page.text
        assert actions(page) == []
    answer = who.browser.get(f"{PUBLIC}?as_at={day}")
    assert answer.status_code == public


def test_links_keep_the_day(someone: Callable[..., Person]) -> None:
    """From a page as at a day to the others as at the same day."""
    page = someone().page(f"{MONEY}?as_at=2015-06-01")
    led = {urlsplit(path).path: urlsplit(path).query for path, _ in page.links}
    assert led["/plans/carrowby/decisions"] == "as_at=2015-06-01"
    assert led["/pools/carrowby"] == "as_at=2015-06-01"
    assert led["/public/carrowby"] == "as_at=2015-06-01"


# The board's page


@pytest.mark.slow
def test_a_fictitious_board_is_marked_and_leads_to_its_plans(someone: Callable[..., Person]) -> None:
    """The mark on the page, in the JSON and in every row of the CSV; links to the plan and to its public page.

    Whoever may not read a plan is told of it once it is public, and of no other, here, in the county and in the list.
    """
    who = someone()
    page = who.page("/boards/ZZ6")
    assert MARK in page.text
    assert page.find("a", href="/plans/carrowby")
    assert page.find("a", href=PUBLIC)
    assert not who.page("/boards/ZZ1").find("a", href="/public/merrow")
    assert who.page("/boards/ZZ1").find("a", href="/plans/merrow")
    for handle in (None, "stonebeck.chief"):
        other = someone(handle)
        page = other.page("/boards/ZZ6")
        assert page.find("a", href=PUBLIC)
        assert not page.find("a", href="/plans/carrowby")
        for path in ("/boards/ZZ1", "/county", "/plans", "/plans?as_at=2015-06-01"):
            assert "Merrow joint plan" not in other.page(path).text, path
            assert not other.page(path).find("a", href="/plans/merrow")
    assert MARK in who.browser.get("/boards/ZZ6.json").json()["mark"]
    rows = who.browser.get("/boards/ZZ6.csv").content.decode().splitlines()
    assert rows[0].endswith(",mark")
    assert all(MARK in row for row in rows[1:])
    for real in ("/boards/E10000016", "/boards/E10000016.json", "/boards/E10000016.csv"):
        assert "llustrative county" not in who.browser.get(real).content.decode()
