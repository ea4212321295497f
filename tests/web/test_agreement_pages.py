"""Deciding in other ways, on paper, by a link and in writing, as the people of Thornmere and Aldersea do it."""

import re
from collections.abc import Callable
from email import message_from_bytes, policy

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from carepool.actions.house import House
from carepool.actions.planning import view
from carepool.actions.standings import standing_of
from carepool.basics.periods import in_words
from carepool.signoff.standing import Outcome, Party
from tests.web.visiting import Person, sound

HERE = "/plans/thornmere"
People = Callable[..., Person]


def letters() -> list[str]:
    """The text of every letter that went out, as the outbox keeps them in files."""
    found = (settings.CONFIG.home / "outbox").glob("*.eml")
    parsed = (message_from_bytes(each.read_bytes(), policy=policy.default) for each in found)
    return [each.get_content() for each in parsed]


def party(house: House, body: str) -> Party:
    found = standing_of(house, view(house, "thornmere")).of(body)
    assert found
    return found


def hidden(browser: Client, path: str, act: str) -> dict[str, str]:
    """What the hidden fields of a page's act hold."""
    html = browser.get(path).content.decode()
    form = re.search(rf'<form[^>]*id="{act}-form".*?</form>', html, re.DOTALL)
    assert form, f"{path} has no form {act}"
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form[0]))
    fields.pop("csrfmiddlewaretoken", None)
    return fields


def send(person: Person, path: str, act: str, **typed: object) -> object:
    return person.browser.post(path, {**hidden(person.browser, path, act), **typed})


def test_the_page_says_who_has_decided_within_limits_and_who_is_asked_again(someone: People) -> None:
    page = someone("thornmere.lead").page(f"{HERE}/decisions")
    rows = {row[0]: row for row in page.tables["standing"].rows[1:]}
    assert rows["Thornmere council"][2] == "Agreed (within its limits, late)"
    assert rows["NHS Aldersea CCG"][2] == "Lapsed"


@pytest.mark.parametrize("part", ["how", "record", "link", "delegations", "disputes", "redeployment"])
@pytest.mark.slow
def test_each_page_says_what_it_is_to_whoever_can_do_nothing_there(someone: People, part: str) -> None:
    for handle in ("farrowdale.lead", "thornmere.lead", "thornmere.chief"):
        assert someone(handle).page(f"{HERE}/decisions/{part}").text


@pytest.mark.slow
def test_a_board_decides_at_a_meeting(someone: People, now: House) -> None:
    chair, path = someone("aldersea.chair"), f"{HERE}/decisions/how"
    typed = {"agrees": "yes", "way": "meeting", "body": "board:ZZ8"}
    wrong = send(chair, path, "decide", **typed, held_on="someday")
    assert wrong.status_code == 400  # type: ignore[attr-defined]
    page = sound(path, wrong)  # type: ignore[arg-type]
    assert "is not a day" in page.text
    assert page.title.startswith("Error: ")
    typed |= {"held_on": "2015-02-04", "committee": "Aldersea Board", "quorate": "yes", "interests": "none"}
    assert "where the minute is" in sound(path, send(chair, path, "decide", **typed)).text  # type: ignore[arg-type]
    done = send(chair, path, "decide", **typed, minute="AHWB 15/3")
    assert done.status_code == 302  # type: ignore[attr-defined]
    assert party(now, "board:ZZ8").outcome is Outcome.AGREED
    shown = chair.page(f"{HERE}/decisions/{party(now, 'board:ZZ8').decision.signed}")  # type: ignore[union-attr]
    assert "AHWB 15/3" in shown.text


@pytest.mark.slow
def test_limits_are_typed_as_people_write_them(someone: People, now: House) -> None:
    chief, path = someone("aldersea.chief"), f"{HERE}/decisions/how"
    until = str(now.today)
    typed = {
        "body": "council:ZZ8",
        "agrees": "yes",
        "key_decision": "no",
        "way": "officer",
        "limit_1": "spend/year_2",
        "up_to_1": "£50,000",
        "until": until,
    }
    assert "Choose what may move" in sound(path, send(chief, path, "decide", **typed, up_to_2="5%")).text  # type: ignore[arg-type]
    assert "is no limit" in sound(path, send(chief, path, "decide", **{**typed, "up_to_1": "much"})).text  # type: ignore[arg-type]
    assert send(chief, path, "decide", **typed).status_code == 302  # type: ignore[attr-defined]
    tolerance = party(now, "council:ZZ8").decision.tolerance  # type: ignore[union-attr]
    assert tolerance
    assert [each.says for each in tolerance.limits] == ["year 2 in spend, by £50,000 in all"]


def test_a_key_decision_says_from_when_it_counts(someone: People, now: House) -> None:
    chief, here, path = someone("aldersea.chief"), f"{HERE}/decisions", f"{HERE}/decide"
    fields = chief.form(here, path) | {"agrees": "yes"}
    unsaid = chief.send(path, fields)
    assert unsaid.status_code == 400
    page = sound(here, unsaid)
    assert page.title.startswith("Error: ")
    assert page.find("a", href="#key_decision")
    assert party(now, "council:ZZ8").decision is None
    done = chief.send(path, fields | {"key_decision": "yes"})
    assert done.status_code == 302
    on = in_words(party(now, "council:ZZ8").effective_on)  # type: ignore[arg-type]
    page = chief.page(done["Location"])
    assert f"Recorded: Aldersea council has agreed to version 2. It takes effect on {on}." in page.text
    assert f"Aldersea council has decided, and its decision takes effect on {on}." in page.text
    rows = {row[0]: row for row in page.tables["standing"].rows[1:]}
    assert rows["Aldersea council"][2] == f"Agreed, not yet in effect (takes effect on {on}, late)"
    shown = chief.page(f"{HERE}/decisions/{party(now, 'council:ZZ8').decision.signed}")  # type: ignore[union-attr]
    assert "5 clear working days after" in shown.text
    assert "decision-making/procedure, call in" in shown.text


@pytest.mark.slow
def test_an_urgent_key_decision_gives_its_reason_and_who_agreed(someone: People, now: House) -> None:
    chief, path = someone("aldersea.chief"), f"{HERE}/decisions/how"
    typed = {"body": "council:ZZ8", "agrees": "yes", "way": "officer"}
    for more, words in (
        ({}, "Say whether it is a key decision."),
        ({"key_decision": "no", "urgency": "urgent_decision"}, "is for a key decision"),
        ({"key_decision": "yes", "urgency": "urgent_decision"}, "Write why the decision cannot wait"),
        ({"key_decision": "yes", "urgency": "urgent_decision", "urgent_because": "Monday."}, "Write who agreed"),
        ({"key_decision": "yes", "effective_on": str(now.today)}, "at the earliest"),
    ):  # fmt: skip
        assert words in sound(path, send(chief, path, "decide", **typed, **more)).text  # type: ignore[arg-type]
    urgent = {
        "key_decision": "yes", "urgency": "urgent_decision", "urgent_because": "Money moves on Monday.",
        "urgent_agreed_by": "The chair of the council",
    }  # fmt: skip
    assert send(chief, path, "decide", **typed, **urgent).status_code == 302  # type: ignore[attr-defined]
    assert party(now, "council:ZZ8").outcome is Outcome.AGREED
    shown = chief.page(f"{HERE}/decisions/{party(now, 'council:ZZ8').decision.signed}")  # type: ignore[union-attr]
    for words in (
        "Money moves on Monday.",
        "The chair of the council",
        "an urgency route, so that it does not wait",
    ):
        assert words in shown.text
    assert "Is it a key decision?" not in someone("aldersea.chair").page(path).text


def test_a_minute_of_a_cabinet_says_whether_it_was_a_key_decision(someone: People, now: House) -> None:
    clerk, path = someone("thornmere.clerk"), f"{HERE}/decisions/record"
    typed: dict[str, object] = {
        "body": "council:ZZ7", "agrees": "yes", "way": "meeting", "held_on": str(now.today), "committee": "Cabinet",
        "quorate": "yes", "interests": "none", "minute": "CAB 1",
    }  # fmt: skip

    def paper() -> SimpleUploadedFile:
        return SimpleUploadedFile("minute.pdf", b"%PDF-1.7 minute")

    refused = send(clerk, path, "record", **typed, document=paper())
    assert "Say whether it is a key decision." in sound(path, refused).text  # type: ignore[arg-type]


def test_what_is_to_come_is_not_recorded(someone: People, now: House) -> None:
    clerk, path = someone("thornmere.clerk"), f"{HERE}/decisions/record"
    typed: dict[str, object] = {
        "body": "council:ZZ7", "agrees": "no", "reasons": "No.", "way": "officer", "held_on": "2031-01-01", "key_decision": "no",
    }  # fmt: skip
    before = party(now, "council:ZZ7").record
    paper = SimpleUploadedFile("page.pdf", b"%PDF-1.7 page", "application/pdf")
    answer = send(clerk, path, "record", **typed, document=paper)
    assert "is to come, so nothing was decided then" in answer.content.decode()
    assert party(now, "council:ZZ7").record == before


@pytest.mark.slow
def test_a_minute_is_recorded_and_confirmed_by_another(someone: People, now: House) -> None:
    clerk, path = someone("aldersea.board.clerk"), f"{HERE}/decisions/record"
    typed: dict[str, object] = {
        "body": "board:ZZ8", "agrees": "yes", "way": "meeting", "held_on": "2015-02-03", "committee": "Board",
        "quorate": "yes", "interests": "none", "minute": "AHWB 15/4",
    }  # fmt: skip
    refused = send(clerk, path, "record", **typed, document=SimpleUploadedFile("minute.pdf", b"MZ not a pdf"))
    assert "no PDF, PNG or JPEG" in sound(path, refused).text  # type: ignore[arg-type]
    done = send(clerk, path, "record", **typed, document=SimpleUploadedFile("minute.pdf", b"%PDF-1.7 minute"))
    assert done.status_code == 302  # type: ignore[attr-defined]
    record = party(now, "board:ZZ8").record
    assert record
    where = f"{HERE}/records/{record.signed}"
    assert "Somebody else than who recorded it" in clerk.page(where).text
    chair = someone("aldersea.chair")
    assert chair.browser.get(f"{where}/document").content == b"%PDF-1.7 minute"
    assert "is not how the digest" in sound(where, send(chair, where, "confirm", printed="12345678")).text  # type: ignore[arg-type]
    assert send(chair, where, "confirm", printed=record.digest[:8]).status_code == 302  # type: ignore[attr-defined]
    assert party(now, "board:ZZ8").outcome is Outcome.AGREED


@pytest.mark.slow
def test_a_link_is_shown_once_and_signs_once(someone: People, now: House) -> None:
    clerk, path = someone("thornmere.clerk"), f"{HERE}/decisions/link"
    typed = {
        "body": "council:ZZ7", "office": "chief_executive", "name": "Sol Tarn", "address": "sol@thornmere.example",
        "last": str(now.today),
    }  # fmt: skip
    wrong = send(clerk, path, "link", **{**typed, "address": "sol at home"})
    assert "no e-mail address" in sound(path, wrong).text  # type: ignore[arg-type]
    before = set(letters())
    made = sound(path, send(clerk, path, "link", **typed))  # type: ignore[arg-type]
    assert "went to sol@thornmere.example" in made.text
    (letter,) = set(letters()) - before
    address = re.search(r"(/sign/[\w-]+)", letter)
    assert address
    assert address[1] not in made.text, "whoever sees the link could sign by it"
    assert clerk.browser.get(address[1]).status_code == 404, "whoever sends a link does not sign by it"
    nobody = someone(None)
    page = nobody.page(address[1])
    assert "Read and sign for Thornmere council" in page.text
    fields = nobody.form(address[1], address[1])
    unsaid = nobody.send(address[1], {**fields, "agrees": "yes", "name": "Sol Tarn"})
    assert "Say whether it is a key decision." in sound(address[1], unsaid).text
    fields["key_decision"] = "no"
    assert "Write your name" in nobody.send(address[1], {**fields, "agrees": "yes"}).content.decode()
    answer = nobody.send(address[1], {**fields, "agrees": "yes", "name": "Sol Tarn", "key_decision": "no"})
    assert "recorded" in answer.content.decode()
    assert answer["Referrer-Policy"] == "no-referrer"
    assert nobody.browser.get(address[1]).status_code == 404
    record = party(now, "council:ZZ7").record
    assert record
    assert "was signed by a link" in someone("thornmere.lead").page(f"{HERE}/decisions").text
    where = f"{HERE}/records/{record.signed}"
    assert "Somebody else than who sent the link" in clerk.page(where).text
    assert "sol@thornmere.example" not in someone("aldersea.lead").page(where).text
    cabinet = someone("thornmere.cabinet")
    assert "sol@thornmere.example" in cabinet.page(where).text
    unsure = sound(where, send(cabinet, where, "confirm", reasons=" "))  # type: ignore[arg-type]
    assert "how you made sure" in unsure.text
    assert send(cabinet, where, "confirm", reasons="I rang her office.").status_code == 302  # type: ignore[attr-defined]
    made = party(now, "council:ZZ7").decision
    assert made and made.way == "link"
    assert party(now, "council:ZZ7").outcome is Outcome.AGREED
    signed = cabinet.page(f"{HERE}/decisions/{made.signed}").text
    assert "Sol Tarn" in signed
    assert "I rang her office." in signed
    assert "Sol Tarn" in someone("thornmere.lead").page(f"{HERE}/decisions").text


@pytest.mark.slow
def test_a_delegation_is_written_shown_used_and_ended(someone: People, now: House) -> None:
    chief, director, path = (
        someone("aldersea.chief"),
        someone("aldersea.lead"),
        f"{HERE}/decisions/delegations",
    )
    typed = {
        "to": "nobody.such", "to_body": "council:ZZ8", "first": str(now.today), "last": str(now.today), "words": "Decide for us.",
    }  # fmt: skip
    assert (
        "Nobody signs in as" in sound(path, send(chief, path, "delegate", **typed, body="council:ZZ8")).text
    )  # type: ignore[arg-type]
    done = send(chief, path, "delegate", **{**typed, "to": "aldersea.lead"}, body="council:ZZ8")
    assert done.status_code == 302  # type: ignore[attr-defined]
    assert "Yul Beck" in chief.page(path).text
    fields = director.form(f"{HERE}/decisions", f"{HERE}/decide")
    assert (
        director.send(f"{HERE}/decide", {**fields, "agrees": "yes", "key_decision": "no"}).status_code == 302
    )
    made = party(now, "council:ZZ8").decision
    assert made
    assert (made.way, made.to_ratify) == ("delegated_officer", True)
    where = f"{HERE}/decisions/{made.signed}"
    assert send(chief, where, "ratify", stands="yes", minute="CAB 15/2").status_code == 302  # type: ignore[attr-defined]
    assert "Ratified" in chief.page(where).text


def test_a_dispute_is_opened_and_settled(someone: People, now: House) -> None:
    officer, path = someone("aldersea.officer"), f"{HERE}/decisions/disputes"
    assert "Write what the dispute is about" in sound(path, send(officer, path, "open", body="ccg:Z8A")).text  # type: ignore[arg-type]
    assert send(officer, path, "open", body="ccg:Z8A", reasons="Who pays?").status_code == 302  # type: ignore[attr-defined]
    (opened,) = standing_of(now, view(now, "thornmere")).disputes
    assert "In dispute: NHS Aldersea CCG" in officer.page(f"{HERE}/decisions").text
    assert send(officer, path, f"settle-{opened.signed[:8]}", reasons="The council.").status_code == 302  # type: ignore[attr-defined]
    assert not standing_of(now, view(now, "thornmere")).disputes
