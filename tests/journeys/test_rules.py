"""A policy officer's journey: what changed between two sets, a draft of a third, its effect on every board, and the download."""

import pytest

from carepool.actions.demonstration import PASSWORD
from tests.journeys.conftest import Opener

pytestmark = pytest.mark.browser


def test_a_policy_officer_drafts_a_change_and_sees_its_effect(visit: Opener) -> None:
    """From the difference of two sets to a draft with another value, wrong at first, and what it would do; no JavaScript."""
    officer = visit(javascript=False)
    officer.given_the_page("/rules")
    officer.then_axe_finds_nothing()
    officer.given_the_page("/rules/itf-2013-08..bcf-2014-08")
    officer.then_i_read("Risk sharing and contingency", "What a plan made under")
    officer.then_axe_finds_nothing()
    officer.when_i_sign_in("minister.office", PASSWORD)
    officer.given_the_page("/rules/draft")
    officer.then_the_heading_is("Drafts of rules")
    officer.when_i_enter("What you call the draft", "1,700 pounds an admission")
    officer.page.get_by_label("Copy this set").select_option("bcf-2014-08")
    officer.then_axe_finds_nothing()
    officer.when_i_press("Copy it")
    officer.then_the_heading_is("1,700 pounds an admission")
    value = "What one avoided non-elective admission is worth to the performance fund, from 2014-08-18"
    officer.when_i_enter(value, "lots")
    officer.when_i_press("Save the values")
    officer.then_i_read("Something in the draft must be put right", "line 4")
    officer.then_axe_finds_nothing()
    officer.when_i_follow("payment/unit_value.yaml")
    officer.then_axe_finds_nothing()
    text = officer.page.get_by_label("The file as text").input_value()
    officer.when_i_enter("The file as text", text.replace("lots", "1700"))
    officer.when_i_press("Save the file")
    officer.then_i_read("Saved.")
    officer.when_i_follow("Back to the draft")
    officer.then_i_read("The draft is whole.")
    officer.when_i_press("See what it would do")
    officer.then_the_heading_is("What “1,700 pounds an admission” would do")
    officer.when_i_enter("Every board cuts its admissions by", "3.07")
    officer.when_i_press("Work it out")
    officer.then_i_read("At one uniform cut of 3.07%", "hypothetical")
    officer.then_axe_finds_nothing()
    name, content = officer.when_i_download("These figures as CSV")
    assert name.startswith("carepool-effect-")
    assert len(content.splitlines()) == 151
    officer.when_i_go_back()


def test_the_drafts_pages_fit_a_phone(visit: Opener) -> None:
    """At 320 pixels nothing but a table in its own region scrolls sideways."""
    officer = visit(width=320)
    officer.when_i_sign_in("minister.office", PASSWORD)
    officer.given_the_page("/rules/draft")
    officer.when_i_press("Copy it")
    officer.then_it_does_not_scroll_sideways()
    draft = officer.page.url.removeprefix(officer.home)
    for path in ("/rules/draft", f"{draft}/effect", f"{draft}/file?path=composition.yaml", "/rules/effect"):
        officer.given_the_page(path)
        officer.then_it_does_not_scroll_sideways()
