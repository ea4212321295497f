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


def test_beds_a_trust_and_schemes_fit_a_phone(visit: Opener) -> None:
    """Nothing scrolls sideways at 320 pixels, and axe finds nothing."""
    lead = visit(javascript=False, width=320)
    lead.when_i_sign_in("wolds.lead", PASSWORD)
    for path in ("/capacity?place=ZZT&reduce=3.5&also=2+5", "/trusts/ZZT", "/portfolio"):
        lead.given_the_page(path)
        lead.then_it_does_not_scroll_sideways()
        lead.then_axe_finds_nothing()
