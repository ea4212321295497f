"""The joint assessment on pages: begun from the last, contributed to by each side, judged, completed, and kept apart by purpose."""

import re

import pytest

from carepool.care.actions.caring import care
from carepool.care.actions.house import CareHouse
from carepool.care.actions.opening import access_log
from carepool.care.actions.ports import Identity
from carepool.care.actions.recording import recorded
from carepool.care.planning.assessment import Assessment, read_assessment


def assessed(wing: CareHouse, person: str) -> Assessment:
    """The assessment as it stands."""
    said = recorded(wing, person)
    return read_assessment(said.documents[care(wing, person).assessments[-1].document])


@pytest.fixture
def begun(wing: CareHouse, come, invented: tuple[Identity, ...]) -> str:
    """The address of the first person's assessment, which is open, and both a social worker and a nurse may write in."""
    path = f"/people/{invented[0].person}/assessment"
    assert come("social.worker").fill(path, "begin").status_code == 302
    return path


def test_answers_that_still_stand_are_offered_again_with_whose_they_are(
    wing: CareHouse, come, invented: tuple[Identity, ...]
):
    who, social = invented[0], come("social.worker")
    path = f"/people/{who.person}/assessment"
    page = social.page(path)
    assert "The last was completed" in page.text
    assert "Norbert Nightshift, health, on" in page.text
    sent = social.form(path, "begin")
    assert "conditions" in sent["reuse"]
    assert "matters" not in sent["reuse"], "what matters is asked each time"
    sent["reuse"] = [each for each in sent["reuse"] if each != "lives_with"]
    for _ in range(2):
        assert social.browser.post(path, sent).status_code == 302
    now = assessed(wing, who.person)
    assert {each.question for each in now.answers} == set(sent["reuse"])
    assert all(each.taken_over for each in now.answers)
    assert [each.of for each in care(wing, who.person).assessments] == ["assessment-1", "assessment-2"]
    again = social.send(path, act="begin", key="another")
    assert again.status_code == 409
    assert "open already" in again.content.decode()
    asked = come("district.nurse").page(f"{path}/said/me").text
    assert "Used again from an earlier assessment. Norbert Nightshift, health, on" in asked
    assert "What illnesses" not in social.page(f"{path}/said/me").text, "health alone answers that"


def test_each_side_contributes_and_what_another_said_stays_theirs(
    wing: CareHouse, come, begun: str, invented: tuple[Identity, ...]
):
    who, social, nurse = invented[0], come("social.worker"), come("district.nurse")
    assert social.fill(f"{begun}/said/me", **{"r0-washing": "Not at all"}).status_code == 302
    assert nurse.fill(f"{begun}/said/me", **{"r0-conditions": "Heart failure", "r0-medicines": "Alone"}).status_code == 302  # fmt: skip
    assert social.fill(f"{begun}/said/person", **{"r0-matters": "My garden"}).status_code == 302
    said = {each.question: (each.by, each.says) for each in assessed(wing, who.person).answers}
    assert said["washing"] == ("care-1", "Not at all")
    assert said["conditions"] == ("care-2", "Heart failure")
    assert said["matters"] == (who.person, "My garden")
    page = social.page(begun).text
    assert "Wanda Workaday, social worker (social care): 1 answer" in page
    assert "Norbert Nightshift, district nurse (health)" in page
    assert "Version 4" in page
    assert come("person").fill("/mine/assessment", **{"r0-good_day": "Sun"}).status_code == 302
    last = care(wing, who.person).assessments[-1]
    assert last.by == "care-6"
    assert "My garden" in social.page(f"{begun}/5").text


def test_two_who_write_at_once_lose_nothing(wing: CareHouse, come, begun: str, invented: tuple[Identity, ...]):  # fmt: skip
    social, nurse = come("social.worker"), come("district.nurse")
    mine, theirs = social.form(f"{begun}/said/me"), nurse.form(f"{begun}/said/me")
    assert nurse.browser.post(f"{begun}/said/me", theirs | {"r0-washing": "Alone"}).status_code == 302
    both = social.browser.post(f"{begun}/said/me", mine | {"r0-eating": "Not at all"})
    assert both.status_code == 302, "different questions do not meet"
    late = social.form(f"{begun}/said/me") | {"r0-washing": "Not at all", "seen": mine["seen"], "key": "late"}
    answer = social.browser.post(f"{begun}/said/me", late)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody else saved this part" in html
    assert "What stands now" in html
    assert re.search(r'value="Not at all"[^>]*checked', html), "what was typed is kept"
    said = {each.question: each.says for each in assessed(wing, invented[0].person).answers}
    assert (said["washing"], said["eating"]) == ("Alone", "Not at all")
    from tests.care.forms import forms

    again = forms(html)[-1]
    assert social.browser.post(f"{begun}/said/me", again).status_code == 302
    assert {each.question: each.says for each in assessed(wing, invented[0].person).answers}["washing"] == "Not at all"  # fmt: skip


def test_a_part_is_written_as_a_whole_and_an_overtaken_one_is_refused_kindly(
    wing: CareHouse, come, begun: str, invented: tuple[Identity, ...]
):
    social, nurse, path = come("social.worker"), come("district.nurse"), f"{begun}/part/risks"
    before = social.form(path)
    assert before["rows"] == "2"
    wrong = social.browser.post(path, before | {"r1-what": "Scalds"})
    assert wrong.status_code == 400
    assert "How likely, from 1 to 5: choose one." in wrong.content.decode()
    assert "Scalds" in wrong.content.decode()
    added = before | {"r1-what": "Scalds", "r1-likely": "2", "r1-grave": "3", "r1-done": "A kettle that tips"}
    for _ in range(2):
        assert social.browser.post(path, added).status_code == 302
    risks = assessed(wing, invented[0].person).risks
    assert [(each.what[:6], each.by) for each in risks] == [("Falls ", "care-2"), ("Scalds", "care-1")]
    late = nurse.browser.post(path, before | {"key": "late", "r0-done": "Nothing"})
    assert late.status_code == 409
    html = late.content.decode()
    assert "Scalds" in html[html.index("What stands now") :]
    assert ">Nothing<" in html
    gone = social.fill(path, **{"r0-what": "", "r0-likely": "", "r0-grave": "", "r0-done": ""})
    assert gone.status_code == 302
    assert [each.what for each in assessed(wing, invented[0].person).risks] == ["Scalds"]


def test_capacity_who_acts_and_eligibility_by_the_rule_of_the_day(
    wing: CareHouse, come, begun: str, invented: tuple[Identity, ...]
):
    social, person = come("social.worker"), invented[0].person
    decided = {"r0-decision": "Where to live", "r0-capable": "no", "r0-helped": "Pictures and time"}
    assert social.fill(f"{begun}/part/capacity", **decided).status_code == 302
    assert "nothing is decided for them" in social.page(begun).text
    assert social.fill(f"{begun}/part/acting", **{"r0-kind": "attorney_for_health", "r0-name": "Carola Carewell", "needs_advocate": "yes"}).status_code == 302  # fmt: skip
    assert "needs an advocate and has none" in social.page(begun).text
    found = {"r0-arises": "yes", "r0-unable": ["hygiene", "nutrition"], "r0-wellbeing": "yes"}
    assert social.fill(f"{begun}/eligibility", **found).status_code == 302
    page = social.page(begun).text
    assert "Care Act 2014, adults: eligible" in page
    assert "SI 2015/313" in page
    now = assessed(wing, person)
    assert (now.needs_advocate, now.acting[0].name, now.capacity[0].capable) == (
        True,
        "Carola Carewell",
        False,
    )


def test_safety_and_the_carers_own_part_are_opened_for_their_own_purpose(
    wing: CareHouse, come, begun: str, invented: tuple[Identity, ...]
):
    who, social = invented[0], come("social.worker")
    concern = {"r0-concern": "Bruises that nobody explains"}
    assert social.fill(f"{begun}/part/alerts", **concern).status_code == 302
    assert {each.purpose for each in access_log(wing, who.person)[0].looks} == {"direct_care", "safeguarding"}
    own = {
        "r0-carer_does": "All of it, sixty hours",
        "r0-carer_willing": "With help",
        "r0-carer_health": "Bad",
    }
    offered = {"r0-offered_on": wing.today.isoformat()}
    assert social.fill(f"{begun}/part/carers", **offered).status_code == 302
    assert come("carer").fill("/mine/assessment", **own).status_code == 302
    (carer,) = assessed(wing, who.person).carers
    assert {each.by for each in carer.answers} == {"care-7"}
    found = {"r0-arises": "yes", "r0-health": "yes", "r0-wellbeing": "yes"}
    assert social.fill(f"{begun}/eligibility/care-7", **found).status_code == 302
    assert "Care Act 2014, carers: eligible" in social.page(f"{begun}/eligibility/care-7").text
    pages = [social.page(path).text for path in (begun, f"{begun}/6", f"/people/{who.person}")]
    for text in (
        *pages,
        come("person").page("/mine/assessment").text,
        come("person").page("/mine/copy").text,
    ):
        assert "Bruises" not in text
        assert "sixty hours" not in text
    assert "opened for another purpose is not finished" in pages[0]
    assert "Bruises" in social.page(f"{begun}/part/alerts").text
    assert "sixty hours" in social.page(f"{begun}/carer/care-7").text
    rights = {"act": "rights", "consent": "not_asked", "objection": "care"}
    come("person").send("/mine/details", key="k", **rights)
    for path in (begun, f"{begun}/said/me", f"{begun}/part/risks", f"{begun}/eligibility"):
        assert social.status(path) == 403, path
    for path in (f"{begun}/part/alerts", f"{begun}/carer/care-7"):
        page = social.page(path)
        assert who.name not in page.text or "alerts" in path, "the carer’s part says nothing of the person"


def test_a_concern_about_safety_waits_for_no_assessment_and_no_consent(
    wing: CareHouse, come, invented: tuple[Identity, ...]
):
    who, social = invented[0], come("social.worker")
    path = f"/people/{who.person}/assessment"
    come("person").send("/mine/details", key="k", act="rights", consent="refused", objection="care")
    assert social.status(path) == 403
    assert social.fill(f"{path}/part/alerts", **{"r0-concern": "Found locked in"}).status_code == 302
    now = assessed(wing, who.person)
    assert (now.id, [each.concern for each in now.alerts]) == ("assessment-2", ["Found locked in"])
    assert {each.question for each in now.answers} == {"conditions", "emergency", "lives_with"}
    assert social.fill(f"{path}/part/alerts", **{"r0-told_on": wing.today.isoformat()}).status_code == 302
    assert len(care(wing, who.person).assessments) == 3


def test_it_is_completed_once_nothing_stands_in_the_way(
    wing: CareHouse, come, begun: str, invented: tuple[Identity, ...]
):
    who, social, nurse = invented[0], come("social.worker"), come("district.nurse")
    early = social.fill(begun, "complete")
    assert early.status_code == 409
    assert "more also stop it" in early.content.decode()
    nurses = {"r0-conditions": "Heart failure", "r0-medicines": "Alone", "r0-moving": "With help"}
    assert nurse.fill(f"{begun}/said/me", **nurses).status_code == 302
    mine = dict.fromkeys(["eating", "washing", "toilet", "dressing", "home", "going_out"], "With help")
    mine = {f"r0-{name}": each for name, each in mine.items()} | {"r0-speaks": "English"}
    assert social.fill(f"{begun}/said/me", **mine).status_code == 302
    offered = {"r0-offered_on": wing.today.isoformat(), "r0-declined": "yes"}
    assert social.fill(f"{begun}/part/carers", **offered).status_code == 302
    theirs = {"r0-matters": "My own bed", "r0-people": "Less than I wish"}
    assert social.fill(f"{begun}/said/person", **theirs).status_code == 302
    stale = social.form(begun, "complete")
    assert (
        social.fill(f"{begun}/part/risks", **{"r0-done": "Rail, light, and a call bell"}).status_code == 302
    )
    late = social.browser.post(begun, stale)
    assert late.status_code == 409
    assert "not the last version" in late.content.decode()
    page = social.page(begun).text
    assert "Nothing stands in the way" in page, page
    for key in ("c1", "c1"):
        sent = social.send(
            begun, act="complete", key=key, seen=care(wing, who.person).assessments[-1].document
        )
        assert sent.status_code == 302
    assert care(wing, who.person).assessment().of == "assessment-2"
    assert social.status(f"{begun}/part/risks") == 404, "what is complete is not changed"


def test_who_is_not_of_the_team_neither_reads_nor_writes(
    wing: CareHouse, come, begun: str, invented: tuple[Identity, ...]
):
    ward, who = come("ward.nurse"), invented[0]
    for path in (begun, f"{begun}/said/me", f"{begun}/part/risks", f"{begun}/eligibility", f"{begun}/1"):
        assert ward.status(path) == 403, path
        page = ward.page(path)
        assert who.name not in page.text
    versions = len(care(wing, who.person).assessments)
    ward.send(f"{begun}/part/alerts", key="w1", seen=care(wing, who.person).assessments[-1].document, rows="1", **{"r0-on": "2026-01-01", "r0-concern": "x"})  # fmt: skip
    assert len(care(wing, who.person).assessments) == versions
    for path in (begun, f"{begun}/said/me"):
        assert come("person").status(path) == 404
