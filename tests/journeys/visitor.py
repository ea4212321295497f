"""Someone who uses the pages through a browser, in the words of given, when and then."""

import json
import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect
from playwright.sync_api import TimeoutError as PatienceEnded

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@dataclass
class Visitor:
    """A visitor at a page. Headings, labels and links are found by their words, as people find them."""

    page: Page
    home: str
    """The service's address."""
    examiner: Page | None = None
    """Where this window runs no scripts: one that does, in which axe looks at the same page."""

    # Given

    def given_the_page(self, path: str) -> None:
        """Open a page, and wait until its letters are there."""
        self.page.goto(self.home + path)
        self.page.evaluate("document.fonts.ready.then(() => true)")

    # When

    def when_i_enter(self, label: str, words: str, group: str = "") -> None:
        """Type into the field of that label, over what is there; in a form of rows, in the row of that name."""
        self.field(label, group).fill(words)

    def when_i_press(self, button: str) -> None:
        """Press a button, the first of those words, and wait until the page that it leads to is whole."""
        self.page.get_by_role("button", name=button).first.click()
        self.page.wait_for_load_state()

    def when_i_agree(self, version: int) -> None:
        """Agree to a version; whoever is asked whether it is a key decision says that it is none."""
        if self.page.get_by_role("group", name="Is it a key decision?").count():
            self.page.get_by_label("No: it takes effect at once").check()
        self.when_i_press(f"Agree to version {version}")

    def when_i_sign_in(self, handle: str, password: str) -> None:
        """Sign in on the page for it, by name and password."""
        self.given_the_page("/sign-in")
        self.when_i_enter("Name that you sign in with", handle)
        self.when_i_enter("Password", password)
        self.when_i_press("Sign in")

    def when_i_follow(self, words: str, within: str = "body") -> None:
        """Follow the first link of those words, and wait until the page that it leads to is whole."""
        self.page.locator(within).get_by_role("link", name=words, exact=True).first.click()
        self.page.wait_for_load_state()

    def when_i_go_back(self) -> None:
        """Use the browser's button."""
        self.page.go_back()

    def when_i_open_by_keyboard(self, words: str) -> None:
        """Open what is folded, with the Enter key."""
        summary = self.page.locator("summary", has_text=words)
        summary.focus()
        summary.press("Enter")

    def when_i_type_key(self, *keys: str) -> None:
        """Type keys, one after the other."""
        for key in keys:
            self.page.keyboard.press(key)

    def when_i_write(self, words: str) -> None:
        """Type words where the focus is, over what is there."""
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(words)

    def when_i_tab_to(self, wanted: str, limit: int = 20, seen: bool = False) -> list[str]:
        """Tab until the field of that name, or the link or button of those words, has the focus; where it has been.

        ``seen``: at every stop on the way, what has the focus shows it.
        """
        stops: list[str] = []
        for _ in range(limit):
            self.page.keyboard.press("Tab")
            stops.append(self.focused())
            if seen:
                self.then_the_focus_is_seen()
            if wanted in {stops[-1], self.focused_words()}:
                return stops
        raise AssertionError(f"{wanted} was not reached: {stops}")

    def when_i_download(self, words: str) -> tuple[str, str]:
        """Follow a link to a file; its name and its content."""
        with self.page.expect_download() as waiting:
            self.when_i_follow(words)
        return waiting.value.suggested_filename, Path(waiting.value.path()).read_text("utf-8-sig")

    # Then

    def then_the_heading_is(self, words: str) -> None:
        """The page's one heading."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(words)

    def then_the_title_begins(self, words: str) -> None:
        """The window's title."""
        expect(self.page).to_have_title(re.compile("^" + re.escape(words)))

    def then_i_read(self, *words: str) -> None:
        """The words are there to be seen."""
        for each in words:
            expect(self.page.get_by_text(each).first).to_be_visible()

    def then_i_may_press(self, *buttons: str) -> None:
        """The buttons in the main part of the page that change something are those and no others."""
        expect(self.page.locator("main form[method=post] button")).to_have_text(list(buttons))

    def then_the_address_is(self, path: str, fragment: str = "", **query: str) -> None:
        """The path, the fragment and everything in the query that is not empty, at once or soon."""

        def parts(url: str) -> tuple[str, str, dict[str, str]]:
            now = urlsplit(url)
            return now.path, now.fragment, {name: values[0] for name, values in parse_qs(now.query).items()}

        wanted = path, fragment, query
        with suppress(PatienceEnded):
            self.page.wait_for_url(lambda url: parts(url) == wanted)
        assert parts(self.page.url) == wanted

    def then_a_cell_reads(self, table: str, row: str, column: str, words: str) -> None:
        """A figure in a table, found by its row's and its column's headings."""
        found = self.table(table)
        headings = found.locator("thead th").all_inner_texts()
        cells = found.locator("tr").filter(has=self.page.get_by_role("rowheader", name=row, exact=True))
        expect(cells.locator("th, td").nth(headings.index(column))).to_have_text(words)

    def then_it_does_not_scroll_sideways(self) -> None:
        """The page is no wider than the window, and what is wider scrolls inside a region that has a name and takes the focus."""
        self.page.wait_for_load_state()
        wide, window = self.page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert wide <= window, f"{self.page.url} is {wide} wide in a window of {window}"
        out = self.page.evaluate(
            """() => [...document.querySelectorAll("body *")].filter(each => {
                const scrolls = each.closest("[role=region][tabindex='0'][aria-labelledby]");
                const hidden = each.closest(".nhsuk-u-visually-hidden, .nhsuk-skip-link, svg, thead");
                return !scrolls && !hidden && each.getBoundingClientRect().right > window.innerWidth + 1;
            }).map(each => each.outerHTML.slice(0, 80))"""
        )
        assert out == []

    def then_the_focus_is_seen(self) -> None:
        """What has the focus looks other than without it, and is in the window."""
        looks = self.page.evaluate(
            """() => {
                const it = document.activeElement, drawn = () => {
                    const style = getComputedStyle(it);
                    const seen = (width, look) => width === "0px" ? "" : look;
                    return [
                        seen(style.outlineStyle === "none" ? "0px" : style.outlineWidth, style.outline),
                        seen(style.borderTopWidth, style.border), style.boxShadow, style.backgroundColor,
                    ].join("|");
                };
                const box = it.getBoundingClientRect(), focused = drawn();
                it.blur();
                const plain = drawn();
                it.focus();
                return [focused !== plain, box.bottom > 0 && box.top < innerHeight && box.width > 0];
            }"""
        )
        assert looks == [True, True], f"{self.focused()} at {self.page.url}"

    def then_axe_finds_nothing(self) -> None:
        """No violation of WCAG 2.2 A and AA, nor of axe's best practice, once the page is whole."""
        self.page.wait_for_load_state()
        found = Axe().run(
            self._examined(),
            options={"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]},
        )
        assert found.violations_count == 0, found.generate_report()
        assert len(found.response["passes"]) > 15, "axe has hardly looked"

    def _examined(self) -> Page:
        """A window with scripts that shows what this one shows, also where that came of sending a form."""
        if self.examiner is None:
            return self.page
        shown, size = self.page.content(), self.page.viewport_size
        assert size
        self.examiner.set_viewport_size(size)
        self.examiner.route(
            "**/*",
            lambda route: (
                route.fulfill(body=shown, content_type="text/html; charset=utf-8")
                if route.request.is_navigation_request()
                else route.continue_()
            ),
        )
        self.examiner.goto(self.page.url)
        self.examiner.evaluate("document.fonts.ready.then(() => true)")
        self.examiner.unroute("**/*")
        return self.examiner

    # Looking

    def field(self, label: str, group: str = "") -> Locator:
        """The field of that label, in the row of that name."""
        within = self.page.get_by_role("group", name=group, exact=True) if group else self.page
        return within.get_by_label(label)

    def rows(self, caption: str, *columns: str) -> list[tuple[str, ...]]:
        """Some columns of the table of that caption, row by row."""
        headings, *rows = (
            self.table(caption)
            .locator("thead, tbody")
            .evaluate_all(
                "parts => parts.flatMap(part => [...part.rows].map(row => [...row.cells].map(each => each.innerText)))"
            )
        )
        return [tuple(row[headings.index(each)] for each in columns) for row in rows]

    def focused(self) -> str:
        """Name, id or words of what has the focus."""
        return str(
            self.page.evaluate(
                "(it => it.name || it.getAttribute('aria-labelledby') || it.innerText.trim() || it.tagName)(document.activeElement)"
            )
        )

    def focused_words(self) -> str:
        """The words of what has the focus, on one line."""
        return " ".join(str(self.page.evaluate("document.activeElement.innerText || ''")).split())

    def table(self, caption: str) -> Locator:
        """The table of that caption."""
        return self.page.locator("table").filter(has=self.page.locator("caption", has_text=caption))

    def data(self, path: str) -> dict[str, Any]:
        """The JSON at an address."""
        return dict(json.loads(self.page.request.get(self.home + path).text()))
