"""The open book in a browser: every public page and state on the smallest screen, without JavaScript, looked at by axe."""

import pytest
from playwright.sync_api import expect

from carepool.actions.demonstration import PASSWORD
from tests.journeys.conftest import Opener

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NORTH_WEST, RELEASE = "E12000002", "/releases/carrowby"
PAGES = (
    "/open", "/open?q=kent", "/open?q=nobody", "/open/money", "/open/schemes", "/open/metrics", "/open/data", "/standard",
    f"/regions/{NORTH_WEST}", f"/regions/{NORTH_WEST}?ambition=abc",
    "/releases", "/releases?q=nobody", f"{RELEASE}/1", f"{RELEASE}/2", f"{RELEASE}/2/money", f"{RELEASE}/2/schemes/S1", f"{RELEASE}/2/metrics/delayed_transfers",
    f"{RELEASE}/9", "/exceptions", "/public/carrowby", "/boards/ZZ6", "/measures/delayed_transfers", "/county",
)  # fmt: skip
"""Every kind of public page, and each of its states: found and not, right and wrong, there and not there."""
LARGEST = 150_000


def test_every_public_page_works_on_the_smallest_screen_without_javascript(visit: Opener) -> None:
    """At 320 pixels, which 1280 at 400% come to: nothing runs out of the window, axe finds nothing, and the page is small.

    That none asks anybody else for anything is held by the window itself.
    """
    reader = visit(width=320, height=256, javascript=False)
    for path in PAGES:
        answer = reader.page.request.get(reader.home + path)
        assert len(answer.body()) < LARGEST, path
        reader.given_the_page(path)
        reader.then_it_does_not_scroll_sideways()
        reader.then_axe_finds_nothing()
    reader.given_the_page("/standard")
    for typed, says in (("[1]", "There is a problem"), ('{"rules": "bcf-2014-08"}', "What was found")):
        reader.when_i_enter("The plan as JSON", typed)
        reader.when_i_press("Check it")
        reader.then_i_read(says)
        reader.then_it_does_not_scroll_sideways()
        reader.then_axe_finds_nothing()


def test_an_officer_publishes_and_the_public_reads_it(visit: Opener) -> None:
    """What is withheld is chosen, what stops it is put right, one button publishes; the release is there for whoever asks."""
    officer = visit(width=320, javascript=False)
    officer.when_i_sign_in("carrowby.chief", PASSWORD)
    officer.given_the_page("/plans/carrowby/publish")
    officer.then_i_read("It cannot be published as it is.", "A correction says in words what is put right.")
    officer.then_axe_finds_nothing()
    officer.when_i_enter("What it puts right", "The risks name no provider's prices.")
    officer.when_i_press("Look at it so")
    officer.then_i_read("This can be published now.")
    officer.then_it_does_not_scroll_sideways()
    officer.then_axe_finds_nothing()
    officer.when_i_press("Publish this release")
    expect(officer.page).to_have_url(f"{officer.home}{RELEASE}/3")
    reader = visit(width=320, javascript=False)
    reader.given_the_page(f"{RELEASE}/3")
    reader.then_i_read("It puts release 2 right: The risks name no provider's prices.")
