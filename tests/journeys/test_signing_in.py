"""Journeys of signing in: a second factor by keyboard alone, sessions on two machines, and an invitation taken up with a provider."""

import re
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import Browser, expect

from carepool.actions.demonstration import PASSWORD
from tests.journeys.conftest import Opener
from tests.journeys.running import plain_environment, serving
from tests.journeys.visitor import Visitor
from tests.provider import CLIENT, SECRET, running

pytestmark = pytest.mark.browser

HANDLE = "wolds.deputy.finance"
"""Who no other journey signs in as."""


def signs_in_by_keyboard(visitor: Visitor) -> None:
    """From the page to sign in to whatever comes after the password."""
    visitor.given_the_page("/sign-in")
    visitor.when_i_tab_to("handle", seen=True)
    visitor.when_i_write(HANDLE)
    visitor.when_i_tab_to("password", limit=1, seen=True)
    visitor.when_i_write(PASSWORD)
    visitor.when_i_type_key("Enter")


def goes_to(visitor: Visitor, words: str) -> None:
    """Follow a link or press a button by keyboard."""
    visitor.when_i_tab_to(words, limit=60, seen=True)
    visitor.when_i_type_key("Enter")


def writes_code(visitor: Visitor, code: str) -> None:
    """Into the field for it, and Enter."""
    visitor.when_i_tab_to("code", limit=40, seen=True)
    visitor.when_i_write(code)
    visitor.when_i_type_key("Enter")


def test_an_owner_sets_up_a_second_factor_and_ends_a_session_by_keyboard(visit: Opener) -> None:
    """Set up, signed out, signed in with a code; a session on a phone, begun with a recovery code, is ended from the desk; and all is taken away."""
    owner = visit(javascript=False)
    signs_in_by_keyboard(owner)
    owner.then_the_heading_is("What waits for me")
    owner.then_axe_finds_nothing()
    goes_to(owner, "Second factor")
    owner.then_the_heading_is("Second factor")
    owner.then_axe_finds_nothing()
    goes_to(owner, "Set it up")
    owner.then_i_read("Two steps", "1. Give the secret to an app")
    picture = owner.page.get_by_role("img", name=re.compile("The secret as a square"))
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("it => it.naturalWidth > 100")
    owner.then_axe_finds_nothing()
    secret = owner.page.locator("#secret").inner_text().replace(" ", "")
    writes_code(owner, "000000")
    owner.then_i_read("There is a problem")
    owner.then_the_title_begins("Error:")
    owner.then_axe_finds_nothing()
    totp = pyotp.TOTP(secret)
    step = totp.timecode(clock())
    writes_code(owner, totp.generate_otp(step))
    owner.then_i_read("Your recovery codes")
    owner.then_axe_finds_nothing()
    codes = owner.page.locator("#recovery-codes li").all_inner_texts()
    assert len(codes) == 10
    goes_to(owner, "I have kept them: go on")
    owner.then_the_heading_is("What waits for me")
    goes_to(owner, "Sign out")
    owner.then_the_heading_is("Sign in")

    signs_in_by_keyboard(owner)
    owner.then_the_heading_is("Write your code")
    owner.then_axe_finds_nothing()
    writes_code(owner, totp.generate_otp(step))  # the one that confirmed it
    owner.then_i_read("There is a problem", "it has been used")
    owner.then_axe_finds_nothing()
    writes_code(owner, totp.generate_otp(step + 1))
    owner.then_the_heading_is("What waits for me")

    phone = visit(width=320, height=640)
    phone.when_i_sign_in(HANDLE, PASSWORD)
    phone.then_it_does_not_scroll_sideways()
    phone.when_i_enter("Code", codes[0])
    phone.when_i_press("Sign in")
    phone.then_the_heading_is("What waits for me")
    for path in ("/me/sessions", "/me/second-factor", "/me/password", "/me/sign-ins", "/sign-in/forgotten"):
        phone.given_the_page(path)
        phone.then_it_does_not_scroll_sideways()
        phone.then_axe_finds_nothing()

    goes_to(owner, "My sessions")
    owner.then_the_heading_is("My sessions")
    owner.then_i_read("You have 2 sessions open.", "with a password and a recovery code")
    owner.then_axe_finds_nothing()
    (ends,) = owner.page.get_by_role("button", name=re.compile("^End this session")).all_inner_texts()
    goes_to(owner, " ".join(ends.split()))
    owner.then_i_read("The session was ended.", "You are signed in here and nowhere else.")
    phone.given_the_page("/me")
    phone.then_the_heading_is("Sign in")

    owner.given_the_page("/me/second-factor")
    owner.when_i_enter("Code, to take the second factor away", codes[1])
    owner.when_i_press("Take the second factor away")
    owner.then_i_read("Your second factor was taken away")


def command(home: str, *words: str) -> str:
    """What a command of the operator says."""
    said = subprocess.run(
        [sys.executable, "-m", "carepool.wiring.main", *words], env=plain_environment() | {"CAREPOOL_HOME": home},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return said.stdout


def clock() -> datetime:
    """The clock of this machine, which the service goes by."""
    return datetime.fromtimestamp(time.time(), UTC)


def test_an_invitation_is_taken_up_in_a_browser(browser: Browser, tmp_path: Path) -> None:
    """One accepts with a password, another with a provider on its own address, and signs in with it again; the policy of the pages lets both."""
    home = str(tmp_path / "var")
    file = tmp_path / "providers.toml"
    with running(clock) as provider:
        file.write_text(
            f'[providers.council]\nlabel = "Merrow Council"\nissuer = "{provider.issuer}"\n'
            f'client_id = "{CLIENT}"\nsecret_file = "secret"\n'
        )
        (tmp_path / "secret").write_text(SECRET)
        with serving(CAREPOOL_HOME=home, CAREPOOL_OIDC=str(file)) as service:
            links = []
            for name in ("Bo Day", "Cy Dee"):
                said = command(home, "account", "invite", "someone@council.example", "--name", name)
                links.append(re.findall(r"http://[^/]+(/\S+)", said)[0])
            letters = [each.read_text() for each in Path(home, "outbox").iterdir()]
            assert sum("someone@council.example" in each for each in letters) == 2
            context = browser.new_context(java_script_enabled=False)
            bo = Visitor(context.new_page(), service)
            bo.page.goto(service + links[0])
            bo.then_the_heading_is("You are invited")
            bo.when_i_enter("New password again", "otter lamp quarry nine")
            bo.page.get_by_label("New password", exact=True).fill("otter lamp quarry nine")
            bo.page.get_by_role("button", name="Accept", exact=True).click()
            bo.then_the_heading_is("What waits for me")
            context.close()

            context = browser.new_context()
            cy = Visitor(context.new_page(), service)
            cy.given_the_page(links[1])
            cy.then_axe_finds_nothing()
            cy.when_i_press("Accept with Merrow Council")
            cy.then_the_heading_is("What waits for me")
            cy.when_i_press("Sign out")
            cy.then_the_heading_is("Sign in")
            cy.then_axe_finds_nothing()
            cy.when_i_press("Sign in with Merrow Council")
            cy.then_the_heading_is("What waits for me")
            cy.then_i_read("Cy Dee")
            context.close()
