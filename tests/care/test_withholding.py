"""A person reads every look but what the law lets be kept back, with a reason and an end; and is written to when the glass is broken."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from carepool.care.actions.demonstration import PLAYERS
from carepool.care.actions.house import CareHouse
from carepool.care.actions.opening import access_log, look
from carepool.care.actions.overseeing import overseen
from carepool.care.actions.ports import Identity, Role

LEAD = next(each.role for each in PLAYERS if each.handle == "governance.lead")
WHY = "Police enquiry; a relative reads beside them"
Come = Callable[..., object]


@pytest.fixture
def looked(wing: CareHouse, invented: tuple[Identity, ...]) -> int:
    """The version of a look for the first person's safety."""
    role = wing.people.role("care-1")
    assert role
    look(wing, role, invented[0].person, "safeguarding")
    return access_log(wing, invented[0].person)[0].looks[-1].version


def keep(come: Come, person: str, version: int, again: str, key: str = "w1", words: str = WHY) -> int:
    sent = {"act": "withhold", "version": str(version), "again": again, "words": words}
    return come("governance.lead").send(f"/log/{person}", key=key, **sent).status_code


def test_a_look_for_safety_is_kept_from_the_person_and_the_lead_sees_all(
    wing: CareHouse, come: Come, invented: tuple[Identity, ...], looked: int
):
    who, again = invented[0], (wing.today + timedelta(days=30)).isoformat()
    before = come("person").page("/mine/log").text
    assert "to keep you or somebody else safe" in before
    assert keep(come, who.person, looked, again) == 302
    for path in ("/mine/log", "/mine/copy", "/mine"):
        page = come("person").page(path).text
        assert "to keep you or somebody else safe" not in page
        assert WHY not in page
    assert "safe" not in come("person").browser.get("/mine/copy.json").json()["who_looked"][0]
    lead = come("governance.lead")
    watched = lead.page(f"/log/{who.person}").text
    assert f"The reason: “{WHY}”" in watched
    assert "Kept from the person’s page" in lead.page("/log").text
    assert "take it out of what you give" in lead.page(f"/log/{who.person}/copy").text
    # It is let through again by whoever governs, and not by the day alone.
    (seen,) = overseen(wing, LEAD).withheld
    later = replace(wing, clock=lambda: wing.clock() + timedelta(days=31))
    assert access_log(later, who.person)[0].due(later.today) == (seen.look,)
    sent = {"act": "let_read", "version": str(looked)}
    assert lead.send(f"/log/{who.person}", key="l1", **sent).status_code == 302
    assert "to keep you or somebody else safe" in come("person").page("/mine/log").text
    assert lead.send(f"/log/{who.person}", key="l2", **sent).status_code == 409


@pytest.mark.parametrize(("days", "words", "says"), [
    (0, WHY, "Name a day after today"), (200, WHY, "no later than"), (30, " ", "Say why"), (None, WHY, "Say why"),
])  # fmt: skip
def test_what_the_law_does_not_let_be_kept_back_stays_on_the_page(
    wing: CareHouse, come: Come, invented: tuple[Identity, ...], looked: int, days: int | None, words: str, says: str
):  # fmt: skip
    again = "" if days is None else (wing.today + timedelta(days=days)).isoformat()
    sent = {"act": "withhold", "version": str(looked), "again": again, "words": words}
    answer = come("governance.lead").send(f"/log/{invented[0].person}", key="w2", **sent)
    assert answer.status_code == 409
    assert says in answer.content.decode()
    assert access_log(wing, invented[0].person)[0].look(looked).again is None


def test_a_look_for_care_is_never_kept_back(wing: CareHouse, come: Come, invented: tuple[Identity, ...]):
    who = invented[0]
    role = wing.people.role("care-1")
    assert isinstance(role, Role)
    look(wing, role, who.person, "direct_care")
    (found,) = access_log(wing, who.person)[0].looks
    assert keep(come, who.person, found.version, (wing.today + timedelta(days=5)).isoformat()) == 409
    assert keep(come, who.person, 99, (wing.today + timedelta(days=5)).isoformat(), "w3") == 409


def test_a_broken_glass_stands_on_the_persons_page_with_a_letter_that_prints(
    wing: CareHouse, come: Come, invented: tuple[Identity, ...]
):
    who, why = invented[0], "Found on the floor at home"
    come("ward.nurse").send(f"/people/{who.person}/glass", key="g1", why=why)
    (glass,) = access_log(wing, who.person)[0].notices
    home = come("person").page("/mine")
    link = f"/mine/letters/{glass.version}"
    assert link in [leads for leads, _ in home.links]
    letter = come("person").page(link).text
    for words in (
        f"Dear {who.name}",
        "Wilma Wardround",
        "Illustrative Hospital NHS Trust",
        f"“{why}”",
        "what can go wrong",
        "has still to look at it",
        "Information Commissioner",
    ):
        assert words in letter, words
    lead = come("governance.lead")
    assert f"“{why}”" in lead.page("/log").text
    assert f"Dear {who.name}" in lead.page(f"/log/{who.person}/letters/{glass.version}").text
    assert who.address not in lead.page(f"/log/{who.person}/letters/{glass.version}").text
    assert come("carer").status(link) == 404
    assert come("person").status("/mine/letters/99") == 404
    assert come("social.worker").status(f"/log/{who.person}/letters/{glass.version}") == 404
    assert link not in [leads for leads, _ in come("carer").page("/mine").links]
