"""Journeys through the wing in a browser: a practitioner, the person, a carer and the governance lead, at a desk and on a phone, with axe."""

import re

import pytest

from carepool.care.actions.demonstration import PASSWORD
from tests.journeys.conftest import Opener
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser

DESK, PHONE = {"width": 1280, "height": 900}, {"width": 320, "height": 640}
FIRST = "Florian Fictingley"
"""The person of the demonstration who has an account, and a carer who has one."""


def comes(visit: Opener, handle: str, *, phone: bool = False) -> Visitor:
    """Somebody signed in to the wing, at a desk or with a phone."""
    size = PHONE if phone else DESK
    visitor = visit(width=size["width"], height=size["height"])
    visitor.when_i_sign_in(handle, PASSWORD)
    return visitor


def sees(visitor: Visitor, heading: str, *words: str) -> None:
    """A page of that heading, in which axe finds nothing, and which is no wider than a phone."""
    visitor.then_the_heading_is(heading)
    visitor.then_i_read(*words)
    visitor.then_axe_finds_nothing()
    size = visitor.page.viewport_size
    visitor.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    visitor.then_it_does_not_scroll_sideways()
    visitor.page.set_viewport_size(size)  # type: ignore[arg-type]


def opens(visitor: Visitor, name: str) -> None:
    """The record of somebody on the day’s list."""
    visitor.given_the_page("/day")
    link = visitor.page.get_by_role("link", name=name, exact=True).last
    visitor.given_the_page(str(link.get_attribute("href")).removesuffix("/responsible"))
    visitor.then_the_heading_is(name)


def begins(visitor: Visitor) -> None:
    """An assessment of the first person is open, whoever began it."""
    opens(visitor, FIRST)
    visitor.when_i_follow("Joint assessment")
    visitor.then_the_heading_is("Joint assessment")
    if visitor.page.get_by_role("button", name="Begin an assessment").count():
        sees(visitor, "Joint assessment", "These answers still stand")
        visitor.page.get_by_label(re.compile("Who lives with you")).uncheck()
        visitor.when_i_press("Begin an assessment")


def test_a_practitioner_assesses_plans_and_agrees_at_a_desk(visit: Opener) -> None:
    """An assessment is begun from the last; a risk, a capacity decision, eligibility; then the plan is changed, overtaken, and agreed anew."""
    social, nurse = comes(visit, "social.worker"), comes(visit, "district.nurse", phone=True)
    sees(social, "Today", "Nobody is responsible", "Overdue reviews")
    begins(social)
    social.then_i_read("It is open since", "have no answer yet")
    social.when_i_follow("What you found, for social care")
    social.page.get_by_role("group", name="Can you wash?").get_by_label("With help").check()
    social.when_i_enter("Which language or way of communicating do you prefer?", "English, and slowly")
    sees(social, "What you found", "Used again from an earlier assessment.")
    social.when_i_press("Save")
    social.when_i_follow("Risks")
    social.when_i_enter("What can go wrong", "A pan is left on the fire", group="Another risk")
    social.when_i_press("Save")
    sees(social, "Risks", "There is a problem", "How likely, from 1 to 5: choose one.")
    again = social.page.get_by_role("group", name="Risk 2")
    again.get_by_label("How likely").select_option("2")
    again.get_by_label("How grave").select_option("5")
    again.get_by_label("What is done about it").fill("An alarm that rings the council")
    social.when_i_press("Save")
    social.when_i_follow("Capacity")
    social.then_the_heading_is("Capacity")
    social.given_the_page(social.page.url.removeprefix(social.home).replace("part/capacity", "part/alerts"))
    social.then_the_heading_is("Safety")
    social.when_i_enter("What worries you", "Letters from the bank lie open, and nobody says why")
    social.when_i_press("Save")
    sees(social, "Safety", "By Wanda Workaday, social care")
    social.when_i_follow("The assessment")
    social.then_i_read("opened for another purpose is not finished")
    social.when_i_follow("Eligibility")
    social.page.get_by_label(re.compile("The needs arise from")).check()
    for outcome in ("Maintaining personal hygiene", "Managing and maintaining nutrition"):
        social.page.get_by_label(re.compile(outcome)).check()
    social.page.get_by_label(re.compile("significant effect on wellbeing")).check()
    sees(social, "Whether the person is eligible")
    social.when_i_press("Save")
    sees(social, "Joint assessment", "Care Act 2014, adults: eligible")
    social.when_i_follow("Version 1")
    sees(social, "Assessment, version 1", "begun")

    opens(social, FIRST)
    social.when_i_follow("Care plan: change it, agree it, start its package")
    social.when_i_follow("Goals")
    opens(nurse, FIRST)
    nurse.when_i_follow("Care plan: change it, agree it, start its package")
    nurse.when_i_follow("Goals")
    nurse.when_i_enter("What the person wants to reach", "To sing in the choir", group="Another goal")
    nurse.when_i_press("Save")
    nurse.then_i_read("to be agreed again")
    social.when_i_enter("What the person wants to reach", "To see the sea", group="Another goal")
    social.when_i_press("Save")
    sees(social, "Goals", "Somebody else saved this part", "What stands now", "To sing in the choir")
    assert social.field("What the person wants to reach", "Goal 2").input_value() == "To see the sea"
    social.when_i_enter("What the person wants to reach", "To sing by the sea", group="Goal 2")
    social.when_i_press("Save")
    social.when_i_follow("Services")
    social.when_i_open_by_keyboard("Service 1: Help at home")
    sees(social, "Services", "Who pays")
    social.given_the_page(social.page.url.removeprefix(social.home).replace("/part/services", ""))
    social.when_i_press("It is agreed with the person")
    sees(social, "Care plan", "agreed on", "Version 3")
    social.when_i_follow("Version 3")
    sees(social, "Plan, version 3", "by the sea")


def test_a_practitioner_takes_over_is_away_and_looks_at_a_sunday_on_a_phone(visit: Opener) -> None:
    """An offer is accepted, an absence told with a deputy who accepts; who can start on a Sunday; and what a person says is written down."""
    social, ward = comes(visit, "social.worker", phone=True), comes(visit, "ward.nurse", phone=True)
    social.when_i_follow("Answer for Hesper Placeholme")
    social.then_i_read("You were asked to be responsible")
    social.when_i_press("Accept")
    social.then_i_read("Wanda Workaday has been responsible since")
    social.when_i_open_by_keyboard("I will be away, or leave")
    social.when_i_enter("Away from", "2030-01-07")
    social.when_i_enter("Back on", "2030-01-14")
    social.page.get_by_label("Who is asked to stand in").select_option(label="Wilma Wardround, Discharge nurse, Illustrative Hospital NHS Trust")  # fmt: skip
    social.when_i_press("Record the absence")
    sees(
        social,
        "Who is responsible",
        "was asked to stand in and has not answered",
        "Nobody will be responsible from",
    )
    ward.given_the_page("/day")
    ward.then_i_read("or to stand in")
    ward.when_i_follow("Answer for Hesper Placeholme")
    ward.when_i_press("Accept: I stand in")
    ward.then_i_read("Wilma Wardround stands in")
    opens(social, "Hesper Placeholme")
    sees(social, "Hesper Placeholme", "Responsible")
    social.when_i_follow("Who can start this package on a Sunday")
    sees(social, "Who can start this package on a Sunday?", "When the person can come home")
    social.page.get_by_label("Who can start on a").select_option("Bank holiday")
    social.when_i_press("Show")
    social.then_the_heading_is("Who can start this package on a bank holiday?")
    opens(social, FIRST)
    social.when_i_follow("What the person and carers say after a review")
    sees(social, "After the review", "Carola Carewell")


def test_the_person_and_the_carer_say_what_is_theirs_on_a_phone(visit: Opener) -> None:
    """The person reads the plan, answers in the assessment and after a review, and sees who looked; the carer is assessed for themselves."""
    social = comes(visit, "social.worker")
    begins(social)
    social.then_i_read("Carola Carewell: the carer’s own assessment")
    person = comes(visit, "person", phone=True)
    sees(person, "My plan", "Who is responsible", "Who comes, and who pays")
    person.when_i_follow("Your part of the assessment, in your own words")
    person.when_i_enter("What does a good day look like?", "Sun, and no stairs")
    sees(person, "My part of the assessment")
    person.when_i_press("Save")
    assert person.field("What does a good day look like?").input_value() == "Sun, and no stairs"
    person.given_the_page("/mine/voice")
    person.page.get_by_role("group", name=re.compile("I can plan my care with people")).get_by_label("Agree", exact=True).check()  # fmt: skip
    sees(person, "How it is for you", "I would rather not say")
    person.when_i_press("Send")
    person.then_i_read("You have answered after this review.")
    person.when_i_follow("Who looked")
    sees(person, "Who looked at your record, and why", "Wanda Workaday")
    person.when_i_follow("My details")
    sees(person, "Your details")
    person.given_the_page("/mine/copy")
    sees(person, "A copy of your record", "Somebody answered after a review")
    carer = comes(visit, "carer", phone=True)
    carer.when_i_follow("My own assessment")
    carer.when_i_enter("What do you do for the person", "Nights, and all weekends")
    carer.page.get_by_role("group", name="How is your own health?").get_by_label("Getting worse").check()
    sees(carer, "My own assessment", "The person does not read it.")
    carer.when_i_press("Save")
    carer.when_i_follow("How it is for me")
    carer.page.get_by_role("group", name=re.compile("My own health and my own life count")).get_by_label("Disagree", exact=True).check()  # fmt: skip
    carer.when_i_press("Send")
    carer.then_i_read("You have answered after this review.")


def test_the_governance_lead_reads_who_looked_and_judges_a_broken_glass(visit: Opener) -> None:
    """A nurse outside the team breaks the glass on a phone; the lead reads why, says what they find, and reads a record before a copy is given."""
    ward, lead = comes(visit, "ward.nurse", phone=True), comes(visit, "governance.lead")
    ward.when_i_follow("Find a person")
    sees(ward, "Find a person")
    ward.when_i_enter("Given name", "Florian")
    ward.when_i_enter("Family name", "Fictingley")
    ward.when_i_enter("Date of birth", "1958-04-27")
    ward.when_i_press("Find")
    ward.when_i_follow(FIRST)
    sees(ward, "This record is not shown to you")
    ward.when_i_enter("Why you must see it now", "Found on the floor at home, medicines needed now")
    ward.when_i_press("Break the glass")
    sees(ward, FIRST, "You broke the glass.")
    lead.given_the_page("/log")
    sees(lead, "Who looked", "Found on the floor at home, medicines needed now")
    lead.page.locator(".nhsuk-inset-text").get_by_role("link", name=FIRST).click()
    sees(lead, FIRST, "The glass was broken on")
    lead.page.get_by_label("Yes", exact=True).check()
    lead.when_i_enter("Why you find so", "An emergency, and rightly so")
    lead.when_i_press("Record what you find")
    lead.then_i_read("It was right to")
    lead.when_i_follow("Read the whole record before a copy is given")
    sees(lead, "A copy of the record, to be read before it is given")
