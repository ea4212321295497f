"""A lead tries three scenarios of beds, sees what each does, and attaches one to the plan.

The lead has no JavaScript, and reads the answer on a phone.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from carepool.actions.demonstration import PASSWORD
from tests.journeys.conftest import Opener
from tests.journeys.running import serving

pytestmark = pytest.mark.browser
OWN = "/boards/ZZ1/measures/new"


@pytest.fixture(scope="module")
def service(browser: Browser) -> Iterator[str]:
    """A county of our own, in which this journey may write."""
    with serving() as address:
        yield address


def test_three_scenarios_and_one_in_the_plan(visit: Opener) -> None:
    """Each scenario has an address; the one that is attached stands in the draft with it."""
    # Given the lead of Merrow's plan
    lead = visit(javascript=False, width=1280)
    lead.when_i_sign_in("merrow.lead", PASSWORD)
    lead.given_the_page("/capacity")
    lead.then_axe_finds_nothing()

    # When three scenarios are tried
    said = []
    for cut in ("2", "3.5", "5"):
        lead.page.get_by_label("Board or trust").select_option("ZZ1")
        lead.when_i_enter("Emergency admissions avoided", cut)
        lead.when_i_press("Work it out")
        lead.then_i_read(f"{cut}% fewer emergency admissions of Merrow")
        assert f"reduce={cut}" in lead.page.url
        said.append(lead.page.locator("#answer").inner_text())
    assert len(set(said)) == 3
    lead.then_axe_finds_nothing()

    # Then a slider does by keyboard what typing does, and the address says it plainly
    lead.page.get_by_label("Or slide the cut").focus()
    lead.when_i_type_key("ArrowLeft", "ArrowLeft")
    lead.when_i_press("Work it out")
    lead.then_i_read("4.8% fewer emergency admissions of Merrow")
    lead.then_the_address_is("/capacity", place="ZZ1", reduce="4.8")

    # Then what cannot be meant is said at its field, and what was typed is kept
    lead.when_i_enter("Emergency admissions avoided", "350")
    lead.when_i_press("Work it out")
    lead.then_the_title_begins("Error: ")
    lead.then_axe_finds_nothing()

    # When the second is taken again and attached to the plan
    lead.when_i_enter("Emergency admissions avoided", "3.5")
    lead.when_i_press("Work it out")
    lead.when_i_follow("Attach this answer")
    lead.then_i_read(said[1])
    lead.then_axe_finds_nothing()
    lead.page.get_by_label("Evidence of the benefit of").select_option(index=1)
    lead.when_i_press("Attach it to the draft")

    # Then it stands in the draft of the benefits, with its address
    assert "/plans/merrow/sections/benefits" in lead.page.url
    assert "/capacity?place=ZZ1&reduce=3.5" in lead.page.locator("main").inner_html().replace("&amp;", "&")


def test_stays_of_ones_own_and_a_choice_of_schemes(visit: Opener) -> None:
    """Stays are fitted and asked about with beds; schemes are chosen, and the choice is attached to the plan."""
    # Given the lead of Merrow's plan on a phone
    lead = visit(javascript=False, width=320)
    lead.when_i_sign_in("merrow.lead", PASSWORD)

    # When stays are fitted and taken to the page of beds
    lead.given_the_page("/capacity?place=ZZT&reduce=3.5&stay=9")
    lead.when_i_follow("Fit the stay to stays of your own")
    lead.when_i_press("Fit")
    lead.then_i_read("464 stays of the table", "a lognormal law")
    lead.then_it_does_not_scroll_sideways()
    lead.then_axe_finds_nothing()
    lead.when_i_follow("Ask about beds with this stay")
    lead.then_the_address_is("/capacity", place="ZZT", reduce="3.5", stay="4.74", law="lognormal", cv="1.07")
    lead.then_axe_finds_nothing()

    # When schemes are chosen
    lead.when_i_follow("Which schemes to buy")
    lead.when_i_enter("May be spent", "600,000")
    lead.page.get_by_label("The benefit counts").select_option("admissions")
    lead.when_i_press("Choose")
    lead.then_i_read("2 of 3 schemes for £570,000 of £600,000")
    lead.then_it_does_not_scroll_sideways()
    lead.then_axe_finds_nothing()

    # Then the choice stands in the plan's draft with its address
    lead.when_i_follow("Attach this answer")
    lead.then_i_read("Bought: Rapid response, Falls service.")
    lead.page.get_by_label("Evidence of the benefit of").select_option(index=1)
    lead.when_i_press("Attach it to the draft")
    assert "/plans/merrow/sections/benefits" in lead.page.url
    assert "/portfolio?budget=600%2C000" in lead.page.locator("main").inner_html()


def test_intermediate_care_and_a_board_s_own_measure(visit: Opener) -> None:
    """Places are slid; a measure is defined and checked by a second person, its figures handed in and shown: axe finds nothing."""
    lead = visit(javascript=False, width=1280)
    lead.when_i_sign_in("merrow.lead", PASSWORD)
    lead.given_the_page("/intermediate-care")
    lead.then_axe_finds_nothing()
    lead.page.get_by_label("Or slide the places").focus()
    lead.when_i_type_key(*["ArrowRight"] * 5)
    lead.when_i_press("Work it out")
    lead.then_i_read("with 5 more places in each service")
    lead.then_axe_finds_nothing()

    lead.given_the_page(OWN)
    lead.then_axe_finds_nothing()
    for label, words in (
        ("Name", "falls_at_home"), ("Title", "Falls at home"), ("What it measures", "Falls seen at home."), ("What is counted", "Falls seen"),
        ("Out of what", "People of 65 and over"), ("Times", "1000"), ("Unit", "per 1,000 people"), ("From", "2026-01-01"),
        ("Where the figures come from", "The falls team's list"),
    ):  # fmt: skip
        lead.page.get_by_label(label, exact=True).fill(words)
    lead.page.get_by_label("Lower is better").check()
    lead.page.get_by_label("Every month").check()
    lead.when_i_press("Define it")
    lead.then_i_read("Waits for a second person")
    lead.then_axe_finds_nothing()

    chair = visit(javascript=False, width=320)
    chair.when_i_sign_in("merrow.chair", PASSWORD)
    chair.given_the_page(OWN)
    chair.then_it_does_not_scroll_sideways()
    chair.then_axe_finds_nothing()
    chair.when_i_press("It is right as it stands")

    lead.given_the_page(OWN)
    lead.page.get_by_label("The file with figures of “Falls at home”").set_input_files(
        {"name": "falls.csv", "mimeType": "text/csv", "buffer": b"area,period,counted,out of\nZZ1,2026-01,120,4000\nZZ1,2026-02,*,4000\n"}
    )  # fmt: skip
    lead.when_i_press("Load them")
    lead.then_axe_finds_nothing()
    lead.given_the_page("/boards/ZZ1/measures/falls_at_home")
    lead.then_i_read("Falls at home", "30")
    lead.then_axe_finds_nothing()
    lead.then_it_does_not_scroll_sideways()


def test_beds_a_trust_and_schemes_fit_a_phone(visit: Opener) -> None:
    """Nothing scrolls sideways at 320 pixels, and axe finds nothing."""
    lead = visit(javascript=False, width=320)
    lead.when_i_sign_in("wolds.lead", PASSWORD)
    for path in ("/capacity?place=ZZT&reduce=3.5&also=2+5", "/trusts/ZZT", "/portfolio"):
        lead.given_the_page(path)
        lead.then_it_does_not_scroll_sideways()
        lead.then_axe_finds_nothing()
