"""Every look at a record is judged by the table and leaves its record; the glass is broken with a reason, and the person reads it."""

from datetime import timedelta

import pytest

from carepool.care.actions.house import CareHouse
from carepool.care.actions.opening import access_log
from carepool.care.actions.ports import Identity

WHY = "Found on the floor at home, medicines needed now"
STAFF = [
    "social.worker",
    "district.nurse",
    "ward.nurse",
    "governance.lead",
    "commissioner",
    "person",
    "carer",
]


def kinds(wing: CareHouse, person: str) -> list[str]:
    return [each.kind for each in access_log(wing, person)[0].looks]


def test_the_day_shows_whom_a_practitioner_works_with_and_each_can_read_it(
    wing: CareHouse, come, invented: tuple[Identity, ...]
):
    page = come("social.worker").page("/day")
    for who in (invented[0], invented[2]):
        assert who.name in page.text
        (look,) = access_log(wing, who.person)[0].looks
        assert (look.kind, look.by) == ("Looked", "care-1")
        assert set(look.fields) == {"accountable", "date_of_birth", "name", "plan"}
    assert invented[1].name not in page.text
    assert kinds(wing, invented[1].person) == []
    come("social.worker").page("/day")
    assert kinds(wing, invented[0].person) == ["Looked"], "the same list on the same day is one look"


def test_a_record_is_shown_to_the_team_with_what_care_needs(
    wing: CareHouse, come, invented: tuple[Identity, ...]
):
    who = invented[0]
    page = come("social.worker").page(f"/people/{who.person}")
    for words in (who.name, who.address, who.number[:3]):
        assert words in page.text
    (look,) = access_log(wing, who.person)[0].looks
    assert {"name", "plan", "risks"} <= set(look.fields)
    come("social.worker").page(f"/people/{who.person}")
    assert len(kinds(wing, who.person)) == 1, "the same look within a quarter of an hour is one look"
    come("social.worker").page(f"/people/{who.person}?for=safeguarding")
    assert len(kinds(wing, who.person)) == 2, "another purpose is another look"


def test_who_is_not_of_the_team_sees_nothing_and_leaves_that_they_asked(
    wing: CareHouse, come, invented: tuple[Identity, ...]
):
    who, nurse = invented[1], come("social.worker")
    assert nurse.status(f"/people/{who.person}") == 403
    page = nurse.page(f"/people/{who.person}")
    assert who.name not in page.text
    assert who.address not in page.text
    assert "You are not in this person" in page.text
    assert kinds(wing, who.person) == ["RefusedLook"]


def test_the_glass_is_broken_once_with_a_reason_that_the_person_and_the_governance_lead_read(
    wing: CareHouse, come, invented: tuple[Identity, ...]
):
    who, nurse = invented[0], come("ward.nurse")
    path = f"/people/{who.person}"
    key = nurse.key(path)
    assert nurse.send(f"{path}/glass", key=key, why="x").status_code == 403
    assert nurse.send(f"{path}/glass", why=WHY).status_code == 400
    for _ in range(2):
        assert nurse.send(f"{path}/glass", key=key, why=WHY).status_code == 302
    assert kinds(wing, who.person).count("GlassBroken") == 1
    page = nurse.page(path)
    assert who.name in page.text
    assert who.address not in page.text, "what is needed at once, and no more"
    assert WHY in come("person").page("/mine/log").text
    assert WHY in come("governance.lead").page("/log").text


def test_a_broken_glass_is_whole_again_after_an_hour(
    wing: CareHouse, come, invented: tuple[Identity, ...], monkeypatch
):
    who, nurse = invented[0], come("ward.nurse")
    path = f"/people/{who.person}"
    nurse.send(f"{path}/glass", key="glass-1", why=WHY)
    assert nurse.status(path) == 200
    later = wing.clock() + timedelta(minutes=61)
    monkeypatch.setattr("carepool.wiring.house_care.now", lambda: later)
    assert nurse.status(path) == 403


@pytest.mark.parametrize("handle", STAFF)
def test_each_sees_their_own_pages_and_for_the_others_these_do_not_exist(
    come, handle: str, invented: tuple[Identity, ...]
):
    may = {
        "/day": {"social.worker", "district.nurse", "ward.nurse"},
        "/find": {"social.worker", "district.nurse", "ward.nurse"},
        "/log": {"governance.lead"},
        "/mine": {"person", "carer"},
        "/mine/log": {"person"},
        "/mine/details": {"person"},
        f"/people/{invented[5].person}": {"social.worker", "district.nurse", "ward.nurse"},
        f"/people/{invented[5].person}/responsible": {"social.worker", "district.nurse", "ward.nurse"},
        f"/people/{invented[5].person}/details": {"social.worker", "district.nurse", "ward.nurse"},
        "/mine/assessment": {"person", "carer"},
        "/mine/voice": {"person", "carer"},
        **{
            f"/people/{invented[5].person}/{each}": {"social.worker", "district.nurse", "ward.nurse"}
            for each in ("assessment", "plan", "coming-home", "voice")
        },
    }
    visitor = come(handle)
    for path, handles in may.items():
        assert (visitor.status(path) != 404) == (handle in handles), path


def test_who_is_not_signed_in_sees_nothing(come, invented: tuple[Identity, ...]):
    nobody = come()
    for path in ("/", "/day", "/find", "/log", "/mine", f"/people/{invented[0].person}"):
        answer = nobody.browser.get(path)
        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/sign-in"), path
    assert nobody.status("/people/nobody/nothing") == 404


def test_a_commissioner_is_told_that_there_is_nothing_about_anybody(come, invented: tuple[Identity, ...]):
    page = come("commissioner").page("/")
    assert "see no record of a person" in page.text
    assert not [who for who in invented if who.family in page.text]


def test_a_carer_reads_the_plan_once_the_person_agrees(wing: CareHouse, come, invented: tuple[Identity, ...]):
    carer, person = come("carer"), come("person")
    assert carer.status("/mine") == 403
    sent = {"act": "rights", "consent": "given", "objection": "none"}
    assert person.send("/mine/details", key=person.key("/mine/details", "-r"), **sent).status_code == 302
    assert carer.status("/mine") == 200
    assert invented[0].address not in carer.page("/mine").text


def test_an_objection_closes_the_record_to_the_team(wing: CareHouse, come, invented: tuple[Identity, ...]):
    person, nurse = come("person"), come("social.worker")
    sent = {"act": "rights", "consent": "not_asked", "objection": "care"}
    person.send("/mine/details", key="k-1", **sent)
    assert nurse.status(f"/people/{invented[0].person}") == 403
    assert invented[0].name not in nurse.page("/day").text
