"""What people come for, done in a browser against the service as it is run."""

import csv
import io

import pytest

from tests.journeys.conftest import Opener
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser

NATION = "England: the pooled fund of 2015-16"
CUT, DAY = "Every board cuts its admissions by", "Only outturns published by"


@pytest.mark.parametrize("javascript", [True, False], ids=["with-javascript", "without-javascript"])
def test_an_analyst_asks_what_if_and_takes_the_figures_away(visit: Opener, javascript: bool) -> None:
    """
    An analyst asks what a cut of 3.07% would have done, follows one board down to the rule that its payment rests
    on, and takes the figures away. Every step has an address, and none needs JavaScript.
    """
    analyst = visit(javascript=javascript)

    # Given the nation at the guideline
    analyst.given_the_page("/")
    analyst.then_the_heading_is(NATION)
    analyst.then_i_read("exactly £288,566,214")
    analyst.then_i_read("exactly £99,145,047")

    # When the ambition is changed, then the answer has an address and the sum is the one that it comes to
    analyst.when_i_enter(CUT, "3.07")
    analyst.when_i_press("Work it out")
    analyst.then_the_address_is("/", ambition="3.07")
    analyst.then_i_read("exactly £253,110,174")

    # When a board is followed from the table, then the question has come along
    kent = analyst.data("/boards/E10000016.json?ambition=3.07")["statement"]
    fund = f"£{kent['fund_pence'] // 100:,}"  # type: ignore[index]
    analyst.then_a_cell_reads("Boards at a cut of 3.07%", "Kent", "At stake at first", fund)
    analyst.when_i_follow("Kent", within="#boards-table")
    analyst.then_the_address_is("/boards/E10000016", ambition="3.07")
    analyst.then_the_heading_is("Kent")

    # When the Working is opened by keyboard, then its steps are there
    analyst.when_i_open_by_keyboard("How we got this")
    analyst.then_i_read("1. Value of one admission avoided")

    # When the CSV is downloaded, then it holds the page's figures
    name, text = analyst.when_i_download("Admissions and payments as CSV")
    assert name == "carepool-E10000016.csv"
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {row["ambition_percent"] for row in rows if row["planned"]} == {"3.07"}
    assert sum(int(row["payment_pence"] or 0) for row in rows) == kent["paid_pence"]  # type: ignore[index]

    # When the rule that a step cites is followed, then its value and its source stand there
    analyst.when_i_follow("bcf-2014-08/payment/unit_value", within="details")
    analyst.then_the_address_is("/rules/bcf-2014-08", fragment="payment-unit_value")
    analyst.then_i_read("1,490")

    # When the analyst goes back, then the question still stands
    analyst.when_i_go_back()
    analyst.then_the_address_is("/boards/E10000016", ambition="3.07")
    analyst.when_i_follow("England", within=".nhsuk-breadcrumb, main")
    analyst.then_the_address_is("/", ambition="3.07")


def test_the_press_asks_as_at_a_past_day(visitor: Visitor) -> None:
    """A reporter asks what was known on 10 August 2015: two quarters, so the money not released is not known yet."""
    visitor.given_the_page("/")
    visitor.when_i_enter(DAY, "2015-08-10")
    visitor.when_i_press("Work it out")
    visitor.then_the_address_is("/", ambition="3.5", as_at="2015-08-10")
    visitor.then_i_read("on the admissions published to 2015-16Q1")
    visitor.then_i_read("the end of 10 August 2015: outturns first published later are left out")
    assert (
        visitor.table("Admissions of all CCGs by quarter").locator("tbody th").all_inner_texts()[-1]
        == "2015-16Q1"
    )
    visitor.when_i_follow("Kent", within="#boards-table")
    visitor.then_the_address_is("/boards/E10000016", as_at="2015-08-10")
    visitor.then_a_cell_reads("Quarter by quarter", "2015-16Q2", "Outturn", "–not known yet")


def test_a_slip_is_put_right(visitor: Visitor) -> None:
    """Somebody types words for a number, is told above and at the field, keeps what was typed, and puts it right."""
    visitor.given_the_page("/boards/E10000016")
    visitor.when_i_enter(CUT, "three and a half")
    visitor.when_i_press("Work it out")
    visitor.then_the_title_begins("Error: Kent")
    visitor.then_i_read("There is a problem")
    assert visitor.page.get_by_label(CUT).input_value() == "three and a half"
    visitor.page.get_by_role("link", name="“three and a half” is not a cut in per cent").click()
    assert visitor.focused() == "ambition"
    visitor.when_i_enter(CUT, "3.07")
    visitor.when_i_type_key("Enter")
    visitor.then_the_address_is("/boards/E10000016", ambition="3.07")
    visitor.then_the_title_begins("Kent")


def test_a_council_of_a_joint_board_is_led_to_it(visitor: Visitor) -> None:
    """Bournemouth's own code leads nowhere, but the page says which board it shares, and where all boards are listed."""
    visitor.given_the_page("/boards/E06000028")
    visitor.then_the_heading_is("Page not found")
    visitor.then_i_read("Use the board's code, HWB_BP.")
    visitor.when_i_follow("Go to England's page, which lists every board")
    visitor.when_i_follow("Bournemouth and Poole", within="#boards-table")
    visitor.then_the_heading_is("Bournemouth and Poole")


def test_a_reader_is_warned_of_an_incomplete_return(visitor: Visitor) -> None:
    """Solihull's admissions seem to rise by half: the page says at once, and in the Working, that this may not be real."""
    visitor.given_the_page("/")
    visitor.when_i_follow("Solihull", within="#boards-table")
    visitor.then_i_read("It rests on an incomplete return")
    visitor.when_i_open_by_keyboard("How we got this")
    warning = visitor.page.locator("details").get_by_text("It rests on an incomplete return")
    assert warning.is_visible()


# By keyboard alone


def test_the_skip_link_skips(visitor: Visitor) -> None:
    """The first stop is the skip link, which shows itself, and the next stop after it is in the main content."""
    visitor.given_the_page("/")
    visitor.when_i_type_key("Tab")
    assert visitor.focused() == "Skip to main content"
    visitor.then_the_focus_is_seen()
    visitor.when_i_type_key("Enter")
    visitor.then_the_address_is("/", fragment="maincontent")
    visitor.when_i_type_key("Tab")
    assert visitor.page.evaluate("document.querySelector('main').contains(document.activeElement)")
    assert visitor.focused() == "The national pot, 2015-16"


def test_a_question_is_asked_by_keyboard(visitor: Visitor) -> None:
    """Tab reaches the form in the order of the page, and Enter in the field asks."""
    visitor.given_the_page("/")
    stops = visitor.when_i_tab_to("ambition")
    assert stops[:9] == [
        "Skip to main content",
        "carepool",
        "England",
        "Plans",
        "Open book",
        "Measures",
        "Calendar",
        "Rules",
        "Sign in",
    ]
    visitor.when_i_type_key("Control+a", *"3.07", "Enter")
    visitor.page.wait_for_url("**/?ambition=3.07*")
    visitor.then_i_read("exactly £253,110,174")


@pytest.mark.parametrize("path", ["/?ambition=abc", "/boards/E08000029", "/rules/bcf-2014-08", "/about"])
def test_the_focus_is_always_seen(visitor: Visitor, path: str) -> None:
    """Wherever Tab leads, what has the focus shows it; and a table that scrolls can be reached."""
    visitor.given_the_page(path)
    stops = []
    for _ in range(40):
        visitor.when_i_type_key("Tab")
        if visitor.focused().startswith("Skip to main content") and stops:
            break
        if visitor.page.evaluate("document.activeElement === document.body"):
            break
        stops.append(visitor.focused())
        visitor.then_the_focus_is_seen()
    assert len(stops) > 5
    assert path == "/rules/bcf-2014-08" or any(stop.endswith("-caption") for stop in stops), stops


# On the smallest screen


SMALL = [
    "/",
    "/boards/E10000016",
    "/boards/E08000029",
    "/rules",
    "/rules/bcf-2014-08",
    "/about",
    "/?ambition=abc&as_at=x",
    "/nowhere",
]


@pytest.mark.parametrize("path", SMALL)
def test_a_page_fits_320_pixels(visit: Opener, path: str) -> None:
    """A member of the public on a small phone, or at a desk of 1280 with letters four times as large, scrolls down only."""
    visitor = visit(width=320, height=640)
    visitor.given_the_page(path)
    visitor.then_it_does_not_scroll_sideways()
    for working in visitor.page.locator("summary").all():
        working.click()
        visitor.then_it_does_not_scroll_sideways()


def test_a_wide_table_scrolls_by_itself(visit: Opener) -> None:
    """On 320 pixels the table of boards scrolls in its own region, by keyboard too, and the board's name stays in sight."""
    visitor = visit(width=320, height=640)
    visitor.given_the_page("/")
    region = visitor.page.get_by_role("region", name="Boards at a cut of 3.5%")
    assert region.evaluate("each => each.scrollWidth > each.clientWidth")
    region.focus()
    for _ in range(8):
        visitor.when_i_type_key("ArrowRight")
    visitor.page.wait_for_function("each => each.scrollLeft > 20", arg=region.element_handle())
    name = region.get_by_role("rowheader", name="Hartlepool", exact=True)
    box = name.bounding_box()
    assert box and 0 <= box["x"] < 320
    visitor.then_it_does_not_scroll_sideways()


@pytest.mark.parametrize("javascript", [True, False], ids=["with-javascript", "without-javascript"])
def test_the_public_find_their_board_on_a_phone(visit: Opener, javascript: bool) -> None:
    """From England to one's own board, to what it rests on and to the sources, on the smallest phone."""
    visitor = visit(width=320, height=640, javascript=javascript)
    visitor.given_the_page("/")
    visitor.when_i_follow("Kent", within="#boards-table")
    visitor.then_the_heading_is("Kent")
    visitor.then_i_read("Bodies and shares")
    visitor.when_i_open_by_keyboard("How we got this")
    visitor.then_i_read("1. Value of one admission avoided")
    visitor.when_i_follow("About and sources")
    visitor.then_the_heading_is("About and sources")


# With assistive technology


WIDE, NARROW = 1280, 320
AXED = [
    ("/", WIDE),
    ("/", NARROW),
    ("/boards/E10000016", WIDE),
    ("/boards/E10000016?ambition=3.07&as_at=2015-08-10", WIDE),
    ("/boards/E10000016?ambition=abc&as_at=x", WIDE),
    ("/boards/E08000029", WIDE),
    ("/boards/E08000029", NARROW),
    ("/rules", WIDE),
    ("/rules/bcf-2014-08", WIDE),
    ("/rules/itf-2013-08", WIDE),
    ("/about", WIDE),
    ("/nowhere", WIDE),
]


@pytest.mark.parametrize(("path", "width"), AXED)
def test_axe_finds_nothing(visit: Opener, path: str, width: int) -> None:
    """No page has a violation that a machine can find, its Working open."""
    visitor = visit(width=width)
    visitor.given_the_page(path)
    for working in visitor.page.locator("summary").all():
        working.click()
    visitor.then_axe_finds_nothing()


# On paper


def test_a_board_is_printed_whole(visitor: Visitor) -> None:
    """On paper there is no form and nothing folded: the Working stands open, and the figures are black on white."""
    visitor.given_the_page("/boards/E10000016")
    visitor.page.emulate_media(media="print")
    assert not visitor.page.get_by_role("form", name="What if").is_visible()
    step = visitor.page.get_by_text("1. Value of one admission avoided")
    assert step.bounding_box()
