"""Who is responsible: asked, accepted and handed over by forms that act once; and reviews, details, and the copy of a record."""

import json
import re

from carepool.care.actions.caring import care, responsible
from carepool.care.actions.house import CareHouse
from carepool.care.actions.opening import access_log
from carepool.care.actions.ports import Identity
from carepool.care.planning.packages import Accountable, Alarm


def now(wing: CareHouse, person: str):
    (found,) = responsible(care(wing, person), wing.clock())
    return found


def test_it_is_handed_over_when_the_other_accepts_and_not_before(
    wing: CareHouse, come, invented: tuple[Identity, ...]
):
    who = invented[0]
    path = f"/people/{who.person}/responsible"
    social, ward = come("social.worker"), come("ward.nurse")
    sent = {
        "package": "home-care",
        "act": "offer",
        "professional": "care-3",
        "key": social.key(path, "offer"),
    }
    for _ in range(2):
        assert social.send(path, **sent).status_code == 302
    found = now(wing, who.person)
    assert (found.now.professional, found.asked) == ("care-1", "care-3")
    assert "You were asked" in ward.page("/day").text
    assert "Wilma Wardround was asked" in social.page(path).text
    assert ward.send(path, package="home-care", act="accept", key=ward.key(path, "accept")).status_code == 302
    found = now(wing, who.person)
    assert isinstance(found.now, Accountable)
    assert (found.now.professional, found.asked) == ("care-3", None)
    assert "Wilma Wardround has been responsible" in come("person").page("/mine").text


def test_what_cannot_be_done_is_said_with_names_and_what_to_do(
    wing: CareHouse, come, invented: tuple[Identity, ...]
):
    path = f"/people/{invented[0].person}/responsible"
    social = come("social.worker")
    sent = {"package": "home-care", "act": "offer", "key": "k1"}
    answer = social.send(path, professional="care-1", **sent)
    assert answer.status_code == 409
    assert "Wanda Workaday is the accountable professional already" in answer.content.decode()
    assert social.send(path, professional="care-4", **sent).status_code == 409
    assert social.send(path, act="offer", professional="care-3").status_code == 400, "a form without its key"
    assert social.send(path, act="accept", package="home-care", key="k2").status_code == 409


def test_nobody_responsible_stands_on_the_day_before_all_else(
    wing: CareHouse, come, invented: tuple[Identity, ...]
):
    alarmed = [
        each
        for each in invented[:24]
        if each.person in wing.people.caseload("care-1") and isinstance(now(wing, each.person).now, Alarm)
    ]
    text = come("social.worker").page("/day").text
    assert alarmed
    part = text[text.index("Nobody is responsible") :]
    assert all(each.name in part for each in alarmed)


def test_a_form_of_another_site_is_refused(wing: CareHouse, invented: tuple[Identity, ...]):
    from django.test import Client

    from carepool.signin.models import Account

    browser = Client(SERVER_NAME="localhost", enforce_csrf_checks=True)
    browser.force_login(Account.objects.get(handle="social.worker"))
    for path in ("/find", f"/people/{invented[0].person}/responsible", "/sign-out"):
        assert browser.post(path, {"key": "k"}).status_code == 403, path


def test_an_overdue_review_is_recorded_and_is_overdue_no_more(
    wing: CareHouse, come, invented: tuple[Identity, ...]
):
    who, social = invented[0], come("social.worker")
    text = social.page("/day").text
    assert who.name in text[text.index("Overdue reviews") :]
    path, today = f"/people/{who.person}/review", wing.today
    following = today.replace(year=today.year + 1, day=1).isoformat()
    wrong = social.send(path, key="r0", on=today.isoformat(), next=today.isoformat())
    assert wrong.status_code == 409
    for _ in range(2):
        sent = social.send(path, key="r1", on=today.isoformat(), next=following)
        assert sent.status_code == 302
    assert [each.id for each in care(wing, who.person).reviews] == ["review-1", "review-2"]
    page = social.page("/day").text
    overdue = re.search(r"Overdue reviews(.*?)(Started within|Everybody else)", page)
    assert not overdue or who.name not in overdue[1]


def test_details_are_put_right_and_only_which_is_kept(wing: CareHouse, come, invented: tuple[Identity, ...]):
    who, social = invented[0], come("social.worker")
    path = f"/people/{who.person}/details"
    typed = {"given": who.given, "family": "Putright", "born": f"{who.born}", "sex": who.sex, "address": who.address, "postcode": who.postcode}  # fmt: skip
    wrong = social.send(path, key="d0", act="correct", **typed, number="943 476 5919")
    assert wrong.status_code == 400
    assert "Only" in wrong.content.decode() or "999" in wrong.content.decode()
    for _ in range(2):
        assert social.send(path, key="d1", act="correct", **typed, number=who.number).status_code == 302
    found = wing.people.person(who.person)
    assert found
    assert (found.family, found.number, found.number_status) == ("Putright", who.number, who.number_status)
    assert social.send(path, key="d2", act="correct", **typed, number="").status_code == 302
    assert wing.people.person(who.person).number_status == "03"
    page = social.page(path).text
    assert "Put right on" in page
    assert who.family not in page
    ward = come("ward.nurse")
    assert ward.send(path, key="d3", act="correct", **typed).status_code == 403


def test_a_copy_holds_all_but_what_is_others_and_says_what_is_left_out(
    wing: CareHouse, come, invented: tuple[Identity, ...]
):
    who, person = invented[0], come("person")
    page = person.page("/mine/copy")
    for words in (who.address, "To sleep in my own bed", "A plan was written", "concerns about your safety"):
        assert words in page.text
    held = json.loads(person.browser.get("/mine/copy.json").content)
    assert held["who"]["nhs_number"]["number"] == who.number
    kinds = [each["what"] for each in held["recorded"]]
    assert kinds[:4] == ["AssessmentSaved", "AssessmentCompleted", "CarePlanSaved", "CarePlanAgreed"]
    assessment = held["recorded"][0]["document"]
    assert "alerts" not in assessment
    assert [set(each) & {"answers", "eligibility"} for each in assessment["carers"]] == [set()]
    assert [each.purpose for each in access_log(wing, who.person)[0].looks] == ["subject_access"]
    assert come("governance.lead").status(f"/log/{who.person}/copy.json") == 200


def test_the_governance_lead_says_what_they_find_of_a_broken_glass_once(
    wing: CareHouse, come, invented: tuple[Identity, ...]
):
    who, nurse, lead = invented[0], come("ward.nurse"), come("governance.lead")
    nurse.send(f"/people/{who.person}/glass", key="g1", why="Found on the floor at home")
    (glass,) = access_log(wing, who.person)[0].notices
    sent = {"act": "review", "version": str(glass.version), "justified": "yes", "words": "An emergency."}
    assert lead.send(f"/log/{who.person}", key="v1", **sent).status_code == 302
    assert access_log(wing, who.person)[0].notices == ()
    assert lead.send(f"/log/{who.person}", key="v2", **sent).status_code == 409
    assert "found that it was right to" in come("person").page("/mine/log").text
