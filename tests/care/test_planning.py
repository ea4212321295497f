"""The care plan on pages: changed part by part, agreed, its package started and held; absences, coming home, and what people say after a review."""

import re
from dataclasses import replace
from datetime import timedelta

from carepool.basics.periods import LONDON
from carepool.care.actions.caring import care, responsible
from carepool.care.actions.house import CareHouse
from carepool.care.actions.ports import Identity
from carepool.care.actions.recording import recorded
from carepool.care.planning.packages import Accountable, Alarm
from carepool.care.planning.plan import CarePlan, read_plan
from tests.care.forms import forms


def planned(wing: CareHouse, person: str) -> CarePlan:
    """The plan as it stands."""
    said = recorded(wing, person)
    return read_plan(said.documents[care(wing, person).plans[-1].document])


def now(wing: CareHouse, person: str, package: str = "home-care"):
    found = responsible(care(wing, person), wing.clock())
    return next(each for each in found if each.package.id == package)


def test_a_changed_plan_is_a_new_version_that_waits_to_be_agreed(
    wing: CareHouse, come, invented: tuple[Identity, ...]
):
    who, social = invented[0], come("social.worker")
    path = f"/people/{who.person}/plan"
    assert "agreed on" in social.page(path).text
    sent = social.form(f"{path}/part/goals") | {"r1-says": "To bake with my sister"}
    for _ in range(2):
        assert social.browser.post(f"{path}/part/goals", sent).status_code == 302
    assert [each.says for each in planned(wing, who.person).goals][1:] == ["To bake with my sister"]
    assert len(care(wing, who.person).plans) == 2
    page = social.page(path).text
    assert "to be agreed again" in page
    assert "Version 2" in page
    assert "Wanda Workaday: goals" in page
    assert "bake" not in come("person").page("/mine").text, "what is not agreed is not the plan yet"
    assert "bake" in social.page(f"{path}/2").text
    assert "bake" not in social.page(f"{path}/1").text
    stale = social.form(path, "agree")
    assert social.fill(f"{path}/part/about", **{"r0-integrated": ""}).status_code == 302
    late = social.browser.post(path, stale)
    assert late.status_code == 409
    assert "not the last version" in late.content.decode()
    assert social.fill(path, "agree").status_code == 302
    assert "bake" in come("person").page("/mine").text
    assert not now(wing, who.person).integrated, "a package follows its plan"


def test_every_page_of_a_plan_says_which_it_is_and_that_its_review_is_overdue(
    wing: CareHouse, come, invented: tuple[Identity, ...]
):
    who, social, person = invented[0], come("social.worker"), come("person")
    for page in (social.page(f"/people/{who.person}"), person.page("/mine")):
        assert "Overdue: this plan was to be reviewed on" in page.text
        assert "The plan is version 1, agreed on" in page.text
    assert social.fill(f"/people/{who.person}/plan/part/goals", **{"r1-says": "To bake"}).status_code == 302
    assert "It was changed since, and is to be agreed again." in person.page("/mine").text
    assert social.fill(f"/people/{who.person}/plan", "agree").status_code == 302
    following = f"{wing.today + timedelta(days=90)}"
    assert social.fill(f"/people/{who.person}/review", on=f"{wing.today}", next=following).status_code == 302
    for page in (social.page(f"/people/{who.person}"), person.page("/mine")):
        assert "Overdue" not in page.text
        assert "The plan is version 2, agreed on" in page.text
        assert "It is looked at again together on" in page.text


def test_services_say_who_pays_each_and_when_they_can_start(
    wing: CareHouse, come, invented: tuple[Identity, ...]
):
    who, social = invented[0], come("social.worker")
    path = f"/people/{who.person}/plan/part/services"
    before = social.form(path)
    unchanged = social.browser.post(path, before)
    assert unchanged.status_code == 409
    assert "Nothing in it has changed" in unchanged.content.decode(), "what the form shows is what stands"
    new = {
        "r2-says": "Night sitter", "r2-payer0": "The council", "r2-share0": "60", "r2-payer1": "NHS continuing healthcare", "r2-share1": "40%",
        "r2-days0": ["Saturday", "Sunday"], "r2-opens0": "20:00", "r2-closes0": "8:00",
    }  # fmt: skip
    wrong = social.browser.post(path, before | new)
    assert wrong.status_code == 400
    assert "It has to end after it begins" in wrong.content.decode()
    assert "Night sitter" in wrong.content.decode()
    assert social.browser.post(path, before | new | {"r2-closes0": "23:30"}).status_code == 302
    sitter = planned(wing, who.person).services[2]
    assert [(each.payer, f"{each.share}") for each in sitter.paid_by] == [("The council", "60"), ("NHS continuing healthcare", "40")]  # fmt: skip
    page = social.page(f"/people/{who.person}/plan").text
    assert "wholly the NHS" in page, "continuing care is no council’s to pay"
    assert social.fill(f"/people/{who.person}/plan", "agree").status_code == 409
    needs = social.fill(f"/people/{who.person}/plan/part/needs", **{"r0-says": "", "r0-question": ""})
    assert needs.status_code == 409
    assert "Take it out of that service first" in needs.content.decode()


def test_two_who_change_one_part_are_told_and_nothing_is_lost(
    wing: CareHouse, come, invented: tuple[Identity, ...]
):
    who, social, nurse = invented[0], come("social.worker"), come("district.nurse")
    path = f"/people/{who.person}/plan/part/about"
    mine, theirs = social.form(path), nurse.form(path)
    other = nurse.form(f"/people/{who.person}/plan/part/goals") | {"r1-says": "To swim"}
    assert nurse.browser.post(path, theirs | {"r0-contingency": "Ring the nurse"}).status_code == 302
    assert nurse.browser.post(f"/people/{who.person}/plan/part/goals", other).status_code == 302, (
        "another part"
    )
    late = social.browser.post(path, mine | {"r0-contingency": "Ring the council"})
    html = late.content.decode()
    assert late.status_code == 409
    assert (
        "Ring the nurse" in html[html.index("What stands now") : html.index(">Ring the council</textarea>")]
    )
    assert ">Ring the council</textarea>" in html
    assert planned(wing, who.person).contingency == "Ring the nurse"
    assert social.browser.post(path, forms(html)[-1]).status_code == 302
    assert planned(wing, who.person).contingency == "Ring the council"


def test_what_two_added_at_once_is_offered_together(wing: CareHouse, come, invented: tuple[Identity, ...]):
    who, social, nurse = invented[0], come("social.worker"), come("district.nurse")
    path = f"/people/{who.person}/plan/part/goals"
    mine, theirs = social.form(path), nurse.form(path)
    assert nurse.browser.post(path, theirs | {"r1-says": "To swim"}).status_code == 302
    late = social.browser.post(path, mine | {"r1-says": "To see the sea"})
    assert late.status_code == 409
    again = forms(late.content.decode())[-1]
    assert (again["r1-says"], again["r2-says"]) == ("To see the sea", "To swim")
    assert "Being worked on" in late.content.decode()
    assert social.browser.post(path, again).status_code == 302
    assert [each.says for each in planned(wing, who.person).goals][1:] == ["To see the sea", "To swim"]


def test_a_plan_is_begun_agreed_and_its_package_started_with_nobody_responsible_until_accepted(
    wing: CareHouse, come, invented: tuple[Identity, ...]
):
    who, nurse = (
        replace(invented[0], person="pnewcomer0000001", family="Newcomer", number=None),
        come("district.nurse"),
    )
    wing.vault.make(who.person)
    wing.people.put(who)
    wing.people.take_on("care-2", who.person)
    path, today = f"/people/{who.person}/plan", wing.today.isoformat()
    assert nurse.fill(path, "begin").status_code == 409
    assert nurse.fill(path, "begin", title="At home again").status_code == 302
    refused = nurse.fill(path, "agree")
    assert refused.status_code == 409
    assert nurse.fill(f"{path}/part/goals", **{"r0-says": "To walk to the shop"}).status_code == 302
    assert nurse.fill(f"{path}/part/needs", **{"r0-says": "Help on the stairs"}).status_code == 302
    service = {"r0-says": "Physiotherapy", "r0-needs": ["need-1"], "r0-payer0": "The NHS", "r0-days0": ["Sunday"], "r0-opens0": "09:00", "r0-closes0": "12:00"}  # fmt: skip
    assert nurse.fill(f"{path}/part/services", **service).status_code == 302
    about = {"r0-matters": "To be out", "r0-integrated": "yes", "r0-contingency": "Ring 111", "r0-review_on": f"{wing.today + timedelta(days=42)}"}  # fmt: skip
    assert nurse.fill(f"{path}/part/about", **about).status_code == 302
    assert nurse.fill(f"{path}/part/consent", **{"r0-given": "yes", "r0-on": today, "r0-by": who.name}).status_code == 302  # fmt: skip
    assert nurse.fill(f"{path}/part/sharing", **{"r0-name": "The surgery", "r0-what": "summary", "r0-since": today}).status_code == 302  # fmt: skip
    assert "It rests on no assessment" in nurse.page(path).text
    assess(nurse, who.person, come, wing)
    assert nurse.fill(f"{path}/part/about", **{"r0-rests": "yes"}).status_code == 302
    assert nurse.fill(path, "agree").status_code == 302, nurse.page(path).text
    assert planned(wing, who.person).status == "active"
    assert nurse.fill(path, "start", starts="yesterday").status_code == 400
    for _ in range(2):
        assert nurse.send(path, act="start", key="s", starts=today).status_code == 302
    found = now(wing, who.person, "package-1")
    assert isinstance(found.now, Alarm)
    day = nurse.page("/day").text
    assert f"{who.name}: nobody has accepted to be the accountable professional, since" in day
    assert nurse.fill(path, "end", ends=today).status_code == 302
    assert responsible(care(wing, who.person), wing.clock()) == ()


def assess(nurse, person: str, come, wing: CareHouse) -> None:
    """An assessment by health and social care, complete."""
    path = f"/people/{person}/assessment"
    wing.people.take_on("care-1", person)
    assert nurse.fill(path, "begin").status_code == 302
    choices = ["medicines", "eating", "washing", "toilet", "moving"]
    health = {f"r0-{each}": "Alone" for each in choices} | {"r0-conditions": "A broken hip", "r0-lives_with": "Alone", "r0-emergency": "111", "r0-speaks": "English"}  # fmt: skip
    assert nurse.fill(f"{path}/said/me", **health).status_code == 302
    social = {f"r0-{each}": "With help" for each in ("dressing", "home", "going_out")}
    assert come("social.worker").fill(f"{path}/said/me", **social).status_code == 302
    own = {"r0-matters": "To be out", "r0-people": "As I wish"}
    assert nurse.fill(f"{path}/said/person", **own).status_code == 302
    assert nurse.fill(path, "complete").status_code == 302, nurse.page(path).text


def test_an_absence_is_an_alarm_until_the_deputy_accepts(
    wing: CareHouse, come, invented: tuple[Identity, ...]
):
    who, social, ward = invented[0], come("social.worker"), come("ward.nurse")
    path = f"/people/{who.person}/responsible"
    first, until = wing.today + timedelta(days=3), wing.today + timedelta(days=10)
    bad = social.fill(path, "absence", first="soon", until=f"{until}")
    assert bad.status_code == 400
    assert 'value="soon"' in bad.content.decode()
    sent = social.form(path, "absence") | {"first": f"{first}", "until": f"{until}", "deputy": "care-3"}
    for _ in range(2):
        assert social.browser.post(path, sent).status_code == 302
    assert now(wing, who.person).gap.astimezone(LONDON).date() == first
    day = social.page("/day").text
    assert re.search(rf"Nobody will be responsible {who.name}, from", day)
    assert "Nobody will be responsible from" in social.page(path).text
    assert "or to stand in" in ward.page("/day").text
    assert ward.fill(path, "stand_in").status_code == 302
    assert now(wing, who.person).gap is None
    assert "Wilma Wardround stands in" in social.page(path).text
    assert social.fill(path, "end_absence").status_code == 302
    assert now(wing, who.person).absences == ()
    today = wing.today.isoformat()
    assert social.send(path, act="absence", key="a", package="home-care", first=today, until=f"{until}").status_code == 302  # fmt: skip
    found = now(wing, who.person)
    assert isinstance(found.now, Alarm)
    assert (
        f"{who.name}: the accountable professional is away and no deputy is named" in social.page("/day").text
    )
    assert social.fill(path, "end_absence").status_code == 302
    assert isinstance(now(wing, who.person).now, Accountable)
    later = wing.today + timedelta(days=20)
    assert social.fill(path, "leave", on=f"{later}").status_code == 302
    assert now(wing, who.person).gap.astimezone(LONDON).date() == later


def test_who_can_start_this_package_on_a_sunday(wing: CareHouse, come, invented: tuple[Identity, ...]):
    who, social = invented[0], come("social.worker")
    path = f"/people/{who.person}/coming-home"
    page = social.page(path)
    assert page.text_of("h1") == "Who can start this package on a Sunday?"
    assert "No service can." in page.text, "the first person’s services start on weekdays alone"
    assert "It does not start on a Sunday" in page.text
    every = f"/people/{invented[4].person}/coming-home"
    assert "Every service can." in social.page(every).text
    ready = social.page(f"{path}?day=Monday&ready=2026-12-05 10:00").text
    assert "Everything can be in place on Monday 7 December 2026 from 08:00" in ready
    assert social.status(f"{path}?ready=soon") == 400
    assert come("ward.nurse").status(path) == 403


def test_the_person_and_the_carer_answer_after_a_review_once_each(
    wing: CareHouse, come, invented: tuple[Identity, ...]
):
    who, person, carer = invented[0], come("person"), come("carer")
    sent = person.form("/mine/voice") | {"plan_my_care": "4", "one_person": "declined"}
    for _ in range(2):
        assert person.browser.post("/mine/voice", sent).status_code == 302
    assert "You have answered" in person.page("/mine/voice").text
    assert person.browser.post("/mine/voice", sent | {"key": "other"}).status_code == 409
    assert carer.fill("/mine/voice", plan_with_carer="2").status_code == 302
    (review,) = care(wing, who.person).reviews
    heard = {each.who: each for each in review.voices}
    assert dict(heard["person"].answers) == {"plan_my_care": 4, "one_person": None, "asked_once": None, "my_decisions": None, "when_things_change": None}  # fmt: skip
    assert heard["carer:care-7"].answers["plan_with_carer"] == 2
    assert {each.by for each in review.voices} == {"care-6", "care-7"}
    page = come("social.worker").page(f"/people/{who.person}/voice").text
    assert f"{who.name}: answered on" in page
    assert "written down by Carola Carewell" in page


def test_a_practitioner_writes_down_what_somebody_says_only_by_saying_so(
    wing: CareHouse, come, invented: tuple[Identity, ...]
):
    who, social = invented[0], come("social.worker")
    path = f"/people/{who.person}/voice"
    assert social.fill(f"{path}?who=person", plan_my_care="5").status_code == 409
    kept = social.fill(f"{path}?who=person", plan_my_care="5").content.decode()
    assert "Say that you asked them" in kept
    assert re.search(r'name="plan_my_care"[^>]*value="5"[^>]*checked', kept)
    assert social.fill(f"{path}?who=person", plan_my_care="5", on_behalf="yes").status_code == 302
    (voice,) = care(wing, who.person).reviews[0].voices
    assert (voice.who, voice.by, voice.board) == ("person", "care-1", "ZZ1")
    assert "written down by Wanda Workaday" in social.page(path).text
    assert come("ward.nurse").send(path, key="w", who="person", review="review-1").status_code == 403
    assert social.send(path, key="x", who="carer:nobody", review="review-1").status_code == 200
