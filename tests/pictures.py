"""The README's pictures, taken of the service as it runs: ``make pictures`` renews them in docs/pictures."""

import sys
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import sync_playwright

from carepool.actions.demonstration import PASSWORD
from tests.journeys.running import Unavailable, browser_options, serving
from tests.journeys.visitor import Visitor

FOLDER = Path(__file__).parents[1] / "docs" / "pictures"


class Picture(NamedTuple):
    """A picture of one page."""

    file: str
    path: str
    width: int
    height: int
    below: str = ""
    """The element that the picture begins at; the top of the page without it."""
    handle: str = ""
    """Who of the illustrative county is signed in; nobody without it."""


PICTURES = (
    Picture("nation.png", "/", 1280, 1000),
    Picture("map.png", "/?ambition=3.07", 1280, 1000, "#boards"),
    Picture("board.png", "/boards/E08000029", 1280, 1000),
    Picture("board-phone.png", "/boards/E10000016", 390, 844),
    Picture("rules.png", "/rules/bcf-2014-08", 1280, 1000),
    Picture("plan.png", "/plans/stonebeck/decisions", 1280, 1000, handle="nhs.analyst"),
    Picture("money.png", "/plans/carrowby/money", 1280, 1000, handle="nhs.analyst"),
    Picture("me-phone.png", "/me", 390, 844, handle="carrowby.finance"),
)


def take(folder: Path) -> None:
    """Take every picture into a folder. Unavailable where there is no browser."""
    options = browser_options()
    folder.mkdir(parents=True, exist_ok=True)
    with serving() as service, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(**options)  # type: ignore[arg-type]
        for each in PICTURES:
            page = chromium.new_page(viewport={"width": each.width, "height": each.height})
            visitor = Visitor(page, service)
            if each.handle:
                visitor.when_i_sign_in(each.handle, PASSWORD)
                visitor.then_the_heading_is("What waits for me")
            visitor.given_the_page(each.path)
            if each.below:
                page.locator(each.below).evaluate("it => window.scrollTo(0, it.offsetTop - 16)")
            page.screenshot(path=folder / each.file, animations="disabled", caret="hide")
            page.close()
        chromium.close()


def main() -> None:
    """Take them, and say where they are; exit 2 where that is not possible."""
    try:
        take(FOLDER)
    except Unavailable as error:
        sys.stderr.write(f"carepool: the pictures could not be taken: {error}\n")
        sys.exit(2)
    sys.stderr.write(f"carepool: {len(PICTURES)} pictures are in docs/pictures\n")


if __name__ == "__main__":
    main()
