"""A request that arrives twice acts once: each route that a form is sent to, and each has its scene here."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.urls import reverse

import carepool
from carepool.actions.house import House
from carepool.actions.planning import view
from carepool.actions.pools import books_now
from carepool.actions.standings import standing_of
from carepool.offices.holdings import give, stream_of
from carepool.signin.models import Account
from tests.web.access import ROUTES
from tests.web.test_agreement_pages import letters
from tests.web.test_assurance_pages import answer_all, hand_in
from tests.web.test_security import browser, path_of
from tests.web.visiting import Person

People = Callable[..., Person]
Sent = dict[str, object]
TODAY = "2026-01-01"
UNSEEN = {"django_session", "signin_attempts", "sqlite_sequence"}
"""Tables of what is no act: sessions, and how often somebody guessed."""

IDEMPOTENT = {
    "draft": "a draft is saved from the edition that was shown, so the second is refused",
    "draft-file": "the same",
    "draft-drop": "what is thrown away is thrown away once",
    "me-read": "what is read stays read",
    "my-password": "the second time the old password is no longer the one",
    "my-second-factor": "a code is taken once",
    "my-sessions": "a session ends once",
    "my-identities": "a way in is taken away once",
    "new-password": "the link works once",
    "invitation": "the link works once",
    "forgotten": "one letter in some minutes; each only offers",
    "sign-in": "somebody is signed in, and nothing else",
    "sign-in-code": "a code is taken once",
    "sign-out": "the session is gone once",
    "plan-workbook-map": "nothing is kept of a map",
    "standard": "nothing is kept of a plan that is checked",
    "portfolio": "nothing is kept of a choice of schemes",
    "stays": "nothing is kept of stays",
    "pool-partner": "nothing is kept of a ledger that is held against the pool",
    "plan-redeploy": "the verb is tried twice in the chapter of agreement; no plan of the county has money left over",
}
"""Routes that take a form and have no key, with why the second arrival does nothing; tests of each are in its own file."""


OVER = {"plan-record-confirm": 404, "plan-outcome": 403}
"""Where the second arrival is told that it is over: a record that waits no more, an outcome that is decided."""


@dataclass(frozen=True)
class Scene:
    """A form as somebody fills it in."""

    handle: str | None
    page: str
    path: str
    typed: Sent
    form: str = ""
    """What the form's tag has in it; any form that is sent to the path without it."""
    before: Callable[[People, House], object] = field(default=lambda _people, _now: None)


def hidden(who: Person, page: str, path: str, form: str) -> Sent:
    """What the hidden fields of the form hold."""
    html = who.browser.get(page).content.decode()
    forms = re.findall(r"<form[^>]*>.*?</form>", html, re.DOTALL)
    wanted = form or f'action="{path}"'
    found = [each for each in forms if wanted in each]
    assert found, f"{page} has no form with {wanted}"
    fields: Sent = dict(re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', found[0]))
    fields.pop("csrfmiddlewaretoken", None)
    return fields


def kept() -> dict[str, list[tuple[object, ...]]]:
    """All that is in the database, but for sessions."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        names = [name for (name,) in cursor.fetchall() if name not in UNSEEN]
        found = {}
        for name in names:
            cursor.execute(f'SELECT * FROM "{name}"')
            columns = [column[0] for column in cursor.description]
            # A draft is kept again as it was, and says when it was kept last.
            timeless = [
                number for number, column in enumerate(columns) if (name, column) != ("store_draft", "at")
            ]
            found[name] = [tuple(row[number] for number in timeless) for row in cursor.fetchall()]
    return found


def office(house: House, body: str, name: str, handle: str) -> None:
    """Give somebody an office from today on."""
    stream, account = stream_of(body), Account.objects.get(handle=handle).pk
    house.journal.append(
        [give(body, name, account, house.today)],
        expecting={stream: house.journal.version(stream)}, by="carepool", at=house.clock(),
    )  # fmt: skip


def press(who: Person, page: str, path: str) -> HttpResponse:
    """Send the first form of a page that goes to a path."""
    return who.browser.post(path, hidden(who, page, path, ""))


def minute(people: People, now: House) -> None:
    """The clerk of Aldersea's board records what the board decided."""
    clerk, path = people("aldersea.board.clerk"), "/plans/thornmere/decisions/record"
    assert (
        clerk.browser.post(
            path, filled_in({**hidden(clerk, path, path, 'id="record-form"'), **_recorded()})
        ).status_code
        == 302
    )


def _recorded() -> Sent:
    return {
        "body": "board:ZZ8", "agrees": "yes", "way": "meeting", "held_on": "2015-02-04", "committee": "Board",
        "quorate": "yes", "interests": "none", "minute": "AHWB 15/4",
        "document": b"%PDF-1.7 minute",
    }  # fmt: skip


def released(people: People, now: House) -> None:
    """All that Carrowby has earned is proposed, approved and released."""
    host, ccg, money = people("carrowby.finance"), people("carrowby.ccg.finance"), "/plans/carrowby/money"
    press(host, money, "/plans/carrowby/approve")
    press(ccg, money, "/plans/carrowby/propose")
    press(ccg, money, "/plans/carrowby/approve")
    press(host, money, "/plans/carrowby/approve")


def signed_off(people: People, now: House) -> None:
    """The Wolds are signed off, and their host has a finance officer."""
    press(people("minister.office"), "/plans/wolds/decisions", "/plans/wolds/stage")
    office(now, "ccg:Z2A", "chief_finance_officer", "vale.finance")


DESK = "/plans/farrowdale/assurance"


def reviewed(people: People, now: House) -> None:
    """The second reviewer has answered everything."""
    answer_all(people("lga.assurer"), f"{DESK}/review/local_government")


def moderated(people: People, now: House) -> None:
    """Both reviews are in, and the moderator has answered everything."""
    reviewed(people, now)
    hand_in(people("lga.assurer"), f"{DESK}/review/local_government")
    changed = dict.fromkeys(("savings-0", "quality", "risk"), ("medium", "Between."))
    changed |= {"answers-evidence": ("partly", "Between."), "answers-can_be_done": ("yes", "Dated.")}
    answer_all(people("moderator"), f"{DESK}/moderate", changed)


def outcome_due(people: People, now: House) -> None:
    """They are moderated."""
    moderated(people, now)
    hand_in(people("moderator"), f"{DESK}/moderate")


T, W = "/plans/thornmere/decisions", "/plans/wolds"
POOL = "/pools/carrowby"
RISK: Sent = {"words": "Home care may cost more.", "owner": "council:ZZ6", "likelihood": "2", "impact": "3"}


def risk_entered(people: People, _: House) -> None:
    """A risk stands in the pool's log."""
    who = people("carrowby.finance")
    who.browser.post(f"{POOL}/log", {**hidden(who, f"{POOL}/log", f"{POOL}/log", 'id="risk-form"'), **RISK})


def asked_partners(people: People, now: House, *, agreement: bool = False) -> None:
    """The host has asked the partners to agree to something."""
    host, path = people("carrowby.finance"), f"{POOL}/mandates"
    form = "vary" if agreement else "partners"
    matter: Sent = {
        "decided_on": "2015-12-01",
        "file": file_of("carrowby_agreement.yaml") + b"# Signed again.\n",
    }
    if not agreement:
        matter = {"decided_on": "2015-12-01", "word": "spend", "pence": "100", "words": "We agree."}
    sent = filled_in({**hidden(host, path, path, f'id="{form}-form"'), **matter})
    assert host.browser.post(path, sent).status_code == 302


def agreed_to_another(people: People, now: House) -> None:
    """Both partners have agreed to another agreement."""
    asked_partners(people, now, agreement=True)
    mandate = next(iter(books_now(now, "carrowby", "2015-16").records.mandates))
    for handle in ("carrowby.finance", "carrowby.ccg.finance"):
        press(people(handle), f"{POOL}/mandates/{mandate}", f"{POOL}/mandates/{mandate}")


def overspent(people: People, now: House) -> None:
    """A ledger has come in by which a scheme has cost more than its budget."""
    host, path = people("carrowby.finance"), f"{POOL}/imports/check"
    sent = {
        **hidden(host, path, path, 'id="look-form"'),
        "act": "import",
        "file": OVERSPENT,
        "map": file_of("carrowby_ledger_map.yaml"),
    }
    assert host.browser.post(path, filled_in(sent)).status_code == 302


def second_pool(people: People, _now: House) -> None:
    """A pool is opened from its agreement, whose performance money is settled by itself."""
    sent = {**SCENES["pool-new"].typed, "pool": "second", "key": "second-pool"}
    assert people("carrowby.finance").browser.post("/pools/new", sent).status_code == 302


def file_of(name: str) -> bytes:
    """A file of the illustrative county."""
    return (Path(carepool.__file__).parent / "illustrative" / name).read_bytes()


OVERSPENT = b"""Carrowby Council
Extracted in July
Period,Cost centre,Subjective,Description,Reference,Net,VAT
2015-06,41210,3310,Home care providers,A1,"4,000,000.00",0.00
Total,,,,,"4,000,000.00",
"""
SCENES: dict[str, Scene] = {
    "plan-new": Scene("merrow.lead", "/plans/new?board=ZZ1", "/plans/new", {"board": "ZZ1", "title": "Twice", "plan": "twice"}),
    "pool-new": Scene("carrowby.finance", "/pools/new", "/pools/new", {"act": "open", "pool": "twice", "year": "2015-16", "pasted": file_of("carrowby_agreement.yaml").decode()}, 'id="look-form"'),
    "plan-section": Scene("merrow.lead", "/plans/merrow/sections/vision", "/plans/merrow/sections/vision", {"do": "keep", "vision-vision": "Twice"}, 'name="base"'),
    "plan-scenario": Scene("merrow.lead", "/plans/merrow/scenario?place=ZZ1&reduce=3", "/plans/merrow/scenario?place=ZZ1&reduce=3", {"scheme": "S1"}, 'id="attach-form"'),
    "plan-save": Scene("merrow.lead", "/plans/merrow/check", "/plans/merrow/save", {}),
    "plan-carry": Scene("carrowby.lead", "/plans/carrowby/carry?rules=bcf-2016-17", "/plans/carrowby/carry", {"rules": "bcf-2016-17", "to": "twice", "title": "Twice"}, 'name="to"'),
    "plan-return-fill": Scene("carrowby.lead", "/plans/carrowby/returns/2015-16Q3/fill", "/plans/carrowby/returns/2015-16Q3/fill", {}, 'id="forward-form"'),
    "plan-return-part": Scene("carrowby.lead", "/plans/carrowby/returns/2015-16Q3/fill/narrative", "/plans/carrowby/returns/2015-16Q3/fill/narrative", {"progress": "Once"}, 'id="keep-form"'),
    "plan-comments": Scene("stonebeck.chair", "/plans/stonebeck/comments?at=vision", "/plans/stonebeck/comments", {"words": "Once"}, 'value="comment"'),
    "plan-workbook": Scene("carrowby.lead", "/plans/carrowby/workbook", "/plans/carrowby/workbook", {}),
    "plan-decide": Scene("stonebeck.chief", "/plans/stonebeck/decisions", "/plans/stonebeck/decide", {"agrees": "yes", "key_decision": "no"}),
    "plan-decide-how": Scene("aldersea.chair", f"{T}/how", f"{T}/how", {"agrees": "yes", "way": "meeting", "body": "board:ZZ8", "held_on": "2015-02-04", "committee": "Board", "quorate": "yes", "interests": "none", "minute": "1"}, 'id="decide-form"'),
    "plan-record": Scene("aldersea.board.clerk", f"{T}/record", f"{T}/record", {}, 'id="record-form"'),
    "plan-record-confirm": Scene("aldersea.chair", "RECORD", "RECORD", {}, 'id="confirm-form"', minute),
    "plan-link": Scene("thornmere.clerk", f"{T}/link", f"{T}/link", {"body": "council:ZZ7", "office": "chief_executive", "name": "Sol Tarn", "address": "sol@thornmere.example", "last": TODAY}, 'id="link-form"'),
    "plan-delegate": Scene("aldersea.chief", f"{T}/delegations", f"{T}/delegations", {"to": "aldersea.lead", "to_body": "council:ZZ8", "body": "council:ZZ8", "first": TODAY, "last": TODAY, "words": "Decide for us."}, 'id="delegate-form"'),
    "plan-dispute": Scene("aldersea.officer", f"{T}/disputes", f"{T}/disputes", {"body": "ccg:Z8A", "reasons": "Who pays?"}, 'id="open-form"'),
    "plan-decision": Scene("linden.officer", "DECISION", "DECISION", {"reasons": "We think again."}, 'id="withdraw-form"'),
    "plan-stage": Scene("minister.office", f"{W}/decisions", f"{W}/stage", {}),
    "plan-publish": Scene("wolds.chair", f"{W}/publish", f"{W}/publish", {}, 'id="publish-form"', before=signed_off),
    "plan-open-pool": Scene("vale.finance", f"{W}/money", f"{W}/open-pool", {}, before=signed_off),
    "plan-approve": Scene("carrowby.finance", "/plans/carrowby/money", "/plans/carrowby/approve", {}),
    "plan-propose": Scene("carrowby.ccg.finance", "/plans/carrowby/money", "/plans/carrowby/propose", {}, before=lambda people, _: press(people("carrowby.finance"), "/plans/carrowby/money", "/plans/carrowby/approve")),
    "plan-delivery": Scene("carrowby.lead", "/plans/carrowby/delivery", "/plans/carrowby/delivery", {"scheme": "S1", "words": "A second team", "on": "2016-02-01"}, 'id="milestone-form"'),
    "plan-releases": Scene("carrowby.finance", "/plans/carrowby/releases", "/plans/carrowby/releases", {"of": "release/2015-16Q2/Z6A", "words": "It is too little."}, 'id="dispute-host-form"'),
    "plan-keep": Scene("carrowby.finance", "/plans/carrowby/money", "/plans/carrowby/keep", {}, before=released),
    "pool-enter-event": Scene("carrowby.finance", f"{POOL}/enter/charged", f"{POOL}/enter/charged", {"council": "ZZ6", "scheme": "S2", "pence": "5", "on": "2016-03-31"}, 'id="charged-form"'),
    "pool-month-end": Scene("carrowby.finance", f"{POOL}/month-end", f"{POOL}/month-end", {}, 'id="close-form"'),
    "pool-log": Scene("carrowby.finance", f"{POOL}/log", f"{POOL}/log", RISK, 'id="risk-form"'),
    "pool-log-entry": Scene("carrowby.finance", f"{POOL}/log/1", f"{POOL}/log/1", {"words": "It has passed."}, 'id="close-form"', risk_entered),
    "pool-statement": Scene("carrowby.finance", f"{POOL}/statements/2015-16Q2", f"{POOL}/statements/2015-16Q2", {}, 'id="give-form"'),
    "plan-assurance": Scene("nhs.reviewer", DESK, DESK, {"do": "conflict", "words": "My sister works there."}, 'value="conflict"'),
    "plan-review-item": Scene("lga.assurer", f"{DESK}/review/local_government/quality", f"{DESK}/review/local_government/quality", {"level": "medium", "words": "", "then": "next"}, 'name="level"'),
    "plan-review": Scene("lga.assurer", f"{DESK}/review/local_government", f"{DESK}/review/local_government", {}, before=reviewed),
    "plan-moderate-item": Scene("moderator", f"{DESK}/moderate/quality", f"{DESK}/moderate/quality", {"level": "medium", "words": "Between.", "then": "next"}, 'name="level"', lambda people, now: (reviewed(people, now), hand_in(people("lga.assurer"), f"{DESK}/review/local_government"))),
    "plan-moderate": Scene("moderator", f"{DESK}/moderate", f"{DESK}/moderate", {}, before=moderated),
    "plan-outcome": Scene("nhs.director", f"{DESK}/outcome", f"{DESK}/outcome", {"outcome": "approved"}, before=outcome_due),
    "sign-by-link": Scene(None, "LINK", "LINK", {"agrees": "yes", "name": "Sol Tarn", "key_decision": "no"}),
    "body-offices": Scene("thornmere.chief", "/bodies/council:ZZ7/offices", "/bodies/council:ZZ7/offices", {"office": "analyst", "handle": "merrow.lead", "first": TODAY}, 'id="give-form"'),
    "own-measures": Scene("merrow.lead", "/boards/ZZ1/measures/new", "/boards/ZZ1/measures/new", {"id": "falls_at_home", "title": "Falls at home", "says": "Falls.", "numerator": "Falls", "denominator": "People", "scale": "1000", "unit": "per 1,000", "better": "lower", "period": "month", "from": TODAY, "data": "Our list"}, 'id="define-form"'),
    "meetings": Scene("merrow.chair", "/bodies/board:ZZ1/meetings", "/bodies/board:ZZ1/meetings", {"form": "plan", "days": "2027-02-04", "committee": "Board", "kind": "full", "papers_by": ""}),
    "plan-notice": Scene("merrow.lead", "/plans/merrow/calendar/notice", "/plans/merrow/calendar/notice", {"body": "council:ZZ1", "on": TODAY}, 'id="notice-form"'),
    "drafts": Scene("minister.office", "/rules/draft", "/rules/draft", {"base": "bcf-2014-08", "title": "Twice"}),
    "pool-actuals-line": Scene("carrowby.finance", f"{POOL}/actuals/S2/unstated", f"{POOL}/actuals/S2/unstated", {"why": "Longer stays."}, 'id="explain-form"'),
    "pool-imports": Scene("carrowby.finance", f"{POOL}/imports", f"{POOL}/imports", {"map": file_of("carrowby_ledger_map.yaml")}, 'id="map-form"'),
    "pool-import": Scene("carrowby.finance", f"{POOL}/imports/check", f"{POOL}/imports/check", {"act": "import", "file": file_of("carrowby_ledger.csv"), "map": file_of("carrowby_ledger_map.yaml")}, 'id="look-form"'),
    "pool-agreement": Scene("carrowby.finance", f"{POOL}/agreement", f"{POOL}/agreement", {"mandate": "", "first": "2015-12-01"}, 'id="attach-form"', agreed_to_another),
    "pool-mandates": Scene("carrowby.pool", f"{POOL}/mandates", f"{POOL}/mandates", {"word": "move_budget", "pence": "60000", "scheme": "S1", "to_scheme": "S2", "source": "unstated", "words": "The board decided.", "decided_on": "2015-12-01"}, 'id="board-form"'),
    "pool-mandate": Scene("carrowby.ccg.finance", "MANDATE", "MANDATE", {}, 'id="agree-Z6A-form"', asked_partners),
    "pool-bears": Scene("carrowby.finance", f"{POOL}/bears?by=so_far", f"{POOL}/bears", {}, 'id="enter-form"', overspent),
    "pool-checks": Scene("carrowby.pool", f"{POOL}/checks", f"{POOL}/checks", {"of": "S1", "kind": "budget", "pence": "6777416.98", "on": "2015-12-01"}, 'id="assert-form"'),
    "pool-year-end": Scene("carrowby.ccg.finance", f"{POOL}/year-end", f"{POOL}/year-end", {"pence": "1"}, 'id="confirm-Z6A-form"'),
    "pool-performance": Scene("carrowby.finance", "/pools/second/performance", "/pools/second/performance", {"quarter": "2015-16Q1", "ccg": "Z6A", "pence": "1", "words": "As the partners count."}, 'id="propose-form"', second_pool),
    "pool-action-plans": Scene("carrowby.pool", f"{POOL}/action-plans", f"{POOL}/action-plans", {"scheme": "S1", "words": "Fewer nights.", "due": "2099-01-01", "office": "pool_manager"}, 'id="plan-form"'),
    "my-tokens": Scene("stonebeck.lead", "/me/tokens", "/me/tokens", {"name": "Our ledger", "scope": "act", "days": "30"}, 'id="make-form"'),
    "my-invitations": Scene("minister.office", "/me/invitations", "/me/invitations", {"name": "Bo Day", "email": "bo@council.example", "gives": "ministers:ENG "}, 'name="email"'),
}  # fmt: skip


def addressed(scene: Scene, people: People, now: House) -> tuple[str, str]:
    """Page and path, where they name what was signed or sent."""
    if scene.page == "RECORD":
        party = standing_of(now, view(now, "thornmere")).of("board:ZZ8")
        assert party is not None and party.record is not None
        path = reverse("plan-record-confirm", args=["thornmere", party.record.signed])
    elif scene.page == "DECISION":
        party = standing_of(now, view(now, "stonebeck")).of("ccg:Z4A")
        assert party is not None and party.decision is not None
        path = reverse("plan-decision", args=["stonebeck", party.decision.signed])
    elif scene.page == "MANDATE":
        path = reverse(
            "pool-mandate",
            args=["carrowby", next(iter(books_now(now, "carrowby", "2015-16").records.mandates))],
        )
    elif scene.page == "LINK":
        before, link = set(letters()), SCENES["plan-link"]
        clerk = people(link.handle)
        sent = {**hidden(clerk, link.page, link.path, link.form), **link.typed, "last": str(now.today)}
        assert clerk.browser.post(link.path, sent).status_code in {200, 302}
        (letter,) = set(letters()) - before
        found = re.search(r"/sign/[\w-]+", letter)
        assert found
        path = found[0]
    else:
        return scene.page, scene.path
    return path, path


def extra(name: str, now: House, people: People) -> Sent:
    """What is typed that has to be made when it is sent."""
    if name == "plan-record":
        return _recorded()
    if name == "plan-record-confirm":
        party = standing_of(now, view(now, "thornmere")).of("board:ZZ8")
        assert party is not None and party.record is not None
        return {"printed": party.record.digest[:8]}
    if name == "pool-agreement":
        return {"mandate": next(iter(books_now(now, "carrowby", "2015-16").records.mandates))}
    if name == "plan-workbook":
        content = people("carrowby.lead").browser.get("/plans/carrowby/workbook.xlsx").content
        return {"file": content}
    return {}


def filled_in(sent: Sent) -> Sent:
    """The form to be sent: a file is read once, so each sending has its own."""
    return {name: SimpleUploadedFile(f"{name}.pdf", each) if isinstance(each, bytes) else each for name, each in sent.items()}  # fmt: skip


@pytest.mark.slow
def test_every_route_that_takes_a_form_has_its_scene(undone: None) -> None:
    """Whatever accepts a form is tried here, or is named with why its second arrival does nothing."""
    taking = set()
    for name, route in ROUTES.items():
        answers = {
            browser(each).post(path_of(route), {}).status_code for each in ("stonebeck.lead", "nhs.director")
        }
        if 405 not in answers and not name.startswith("api-"):  # whose acts have a chapter of their own
            taking.add(name)
    assert taking == set(SCENES) | set(IDEMPOTENT)
    assert not set(SCENES) & set(IDEMPOTENT)


@pytest.mark.parametrize("name", SCENES)
def test_a_form_that_arrives_twice_acts_once(someone: People, now: House, name: str) -> None:
    """The first changes what is kept; the second changes no row of any table, sends no letter, and is answered alike."""
    scene = SCENES[name]
    scene.before(someone, now)
    page, path = addressed(scene, someone, now)
    who = someone(scene.handle)
    sent = {**hidden(who, page, path, scene.form), **scene.typed, **extra(name, now, someone)}
    for key in ("last", "first", "on"):
        if sent.get(key) == TODAY:
            sent[key] = str(now.today)
    before = kept(), letters()
    first = who.browser.post(path, filled_in(sent))
    assert first.status_code in {200, 302, 303}, first.content.decode()[-3000:]
    between = kept(), letters()
    assert between != before
    second = who.browser.post(path, filled_in(sent))
    after = kept(), letters()
    assert {table for table, rows in after[0].items() if rows != between[0][table]} == set()
    assert after[1] == between[1]
    assert second.status_code == OVER.get(name, first.status_code)


DRAFTS = {"plan-section", "plan-scenario", "plan-review-item", "plan-moderate-item"}
"""What keeps a draft: the last of two is what holds, and there is no key."""


@pytest.mark.parametrize("name", sorted(set(SCENES) - DRAFTS))
def test_a_form_without_its_key_does_nothing(someone: People, now: House, name: str) -> None:
    """It would act twice when it arrives twice, so it is refused with a page, and nothing is kept or sent."""
    scene = SCENES[name]
    scene.before(someone, now)
    page, path = addressed(scene, someone, now)
    who = someone(scene.handle)
    sent = {**hidden(who, page, path, scene.form), **scene.typed, **extra(name, now, someone)}
    assert sent.pop("key")
    before = kept(), letters()
    for spoilt in ({}, {"key": ""}, {"key": "\0 no key"}):
        answer = who.browser.post(path, filled_in({**sent, **spoilt}))
        assert answer.status_code == 400
        assert "without the key by which it acts once" in answer.content.decode()
    assert (kept(), letters()) == before


def test_a_link_that_was_used_answers_who_sent_its_form_and_nobody_else(someone: People, now: House) -> None:
    """The form that arrives again is answered as it was; the link alone, another key, or another answer finds nothing."""
    scene = SCENES["sign-by-link"]
    _, path = addressed(scene, someone, now)
    who = someone(None)
    sent = {**hidden(who, path, path, ""), **scene.typed}
    nothing = who.browser.post(path[:-1] + "!", sent)
    first = who.browser.post(path, sent)
    assert (first.status_code, nothing.status_code) == (200, 404)
    again = who.browser.post(path, sent)
    assert (again.status_code, again.content) == (200, first.content)
    others = [{**sent, "key": "another"}, {**sent, "agrees": "no", "reasons": "No."}, {**sent, "name": "Bo"}]
    others.append({name: value for name, value in sent.items() if name != "key"})
    assert {who.browser.post(path, each).status_code for each in others} == {404}
    assert who.browser.get(path).status_code == 404
    assert who.browser.post(path[:-1] + "!", sent).status_code == 404
