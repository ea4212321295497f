"""The served pages and a browser, once for all journeys; a window for each."""

import os
from collections.abc import Callable, Iterator
from typing import NoReturn

import pytest
from playwright.sync_api import Browser, Error, Page, sync_playwright

from tests.journeys.running import UNAVAILABLE, Unavailable, browser_options, serving
from tests.journeys.visitor import Visitor

Opener = Callable[..., Visitor]


def cannot_run(reason: object) -> NoReturn:
    """Skip, saying why; with CI=true fail, so that nobody takes a suite that did not run for one that passed."""
    says = f"{UNAVAILABLE} {str(reason).strip().splitlines()[0]}"
    if os.environ.get("CI") == "true":
        pytest.fail(says, pytrace=False)
    pytest.skip(says)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium."""
    try:
        options = browser_options()
    except Unavailable as error:
        cannot_run(error)
    with sync_playwright() as playwright:
        try:
            chromium = playwright.chromium.launch(**options)  # type: ignore[arg-type]
        except Error as error:
            cannot_run(error)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def service(browser: Browser) -> Iterator[str]:
    """The address of “carepool serve”, run as a user runs it."""
    with serving() as address:
        yield address


@pytest.fixture(scope="session")
def examiner(browser: Browser) -> Iterator[Page]:
    """The one window for axe, which cannot look where no scripts run: it is shown what it is to look at."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


@pytest.fixture
def visit(browser: Browser, service: str, examiner: Page) -> Iterator[Opener]:
    """Opens windows. At the end none of them may have complained, or asked anybody else for anything."""
    contexts = []
    complaints: list[str] = []

    def opened(*, width: int = 1280, height: int = 900, javascript: bool = True) -> Visitor:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            java_script_enabled=javascript,
            locale="en-GB",
            reduced_motion="reduce",
        )
        contexts.append(context)
        context.set_default_timeout(10_000)
        context.on(
            "request", lambda asked: None if asked.url.startswith(service) else complaints.append(asked.url)
        )
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda said: (
                complaints.append(said.text)
                if said.type == "error" and "status of 4" not in said.text
                else None
            ),
        )
        return Visitor(page, service, None if javascript else examiner)

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def visitor(visit: Opener) -> Visitor:
    """Somebody at a desk."""
    return visit()
