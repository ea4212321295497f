"""Somebody draws the map of a template that nobody has seen before: guessed, corrected, tried and taken away, in a browser."""

from pathlib import Path

import pytest

from carepool.actions.demonstration import PASSWORD
from tests.journeys.conftest import Opener
from tests.journeys.visitor import Visitor
from tests.workbooks.issuing import crowded, plain

pytestmark = pytest.mark.browser


def comes(visit: Opener, *, javascript: bool, width: int = 1280) -> Visitor:
    """Carrowby's lead, at the page of the workbook."""
    lead = visit(javascript=javascript, width=width)
    lead.when_i_sign_in("carrowby.lead", PASSWORD)
    lead.then_the_heading_is("What waits for me")
    lead.given_the_page("/plans/carrowby/workbook")
    return lead


def when_i_hand_in(lead: Visitor, content: bytes, folder: Path) -> None:
    """Choose a file and send it."""
    file = folder / "issued.xlsx"
    file.write_bytes(content)
    lead.page.get_by_label("The template, as it was issued").set_input_files(file)
    lead.when_i_press("Read the template")


@pytest.mark.parametrize("javascript", [True, False], ids=["with-javascript", "without-javascript"])
def test_a_map_is_drawn(visit: Opener, tmp_path: Path, javascript: bool) -> None:
    """
    Carrowby's lead hands a template in and finds a guess at each field, makes a slip that is said, puts it right, tries
    the map on the plan, and takes map and filled template away.
    """
    lead = comes(visit, javascript=javascript)
    lead.when_i_follow("Draw the map of an issued template")
    lead.then_axe_finds_nothing()
    when_i_hand_in(lead, plain(), tmp_path)
    lead.then_i_read(
        "9 of", "and nothing is wrong with the map", "Guessed from “The case for change” in A5: case, change"
    )
    lead.then_axe_finds_nothing()

    # When an address is none, then it is said, and what was typed is still there
    lead.when_i_enter("Case for change", "Vision and case for change!B99999999")
    lead.page.get_by_role("button", name="Check the map").first.click()
    lead.then_the_title_begins("Error:")
    lead.then_axe_finds_nothing()
    assert lead.field("Case for change").input_value() == "Vision and case for change!B99999999"

    # When it is put right, then the trial says what goes where and what has no place
    lead.when_i_enter("Case for change", "Vision and case for change!C5")
    lead.page.get_by_role("button", name="Try it with this plan").first.click()
    lead.then_i_read(
        "The trial: this plan in the template", "What the plan holds and the map has no place for"
    )
    lead.then_axe_finds_nothing()
    assert ("Money out: What a scheme costs, who commissions and who provides it, and which money pays", "Expenditure!A3:G32") in lead.rows("What goes where", "What", "Where")  # fmt: skip
    for button, name in (("Take the filled template away", "carrowby-filled.xlsx"), ("Take the map away", "carrowby-map.yaml")):  # fmt: skip
        with lead.page.expect_download() as waiting:
            lead.page.get_by_role("button", name=button).first.click()
        assert waiting.value.suggested_filename == name
    assert "cell: C5" in Path(waiting.value.path()).read_text()


def test_it_is_drawn_by_keyboard_alone(visit: Opener, tmp_path: Path) -> None:
    """Once a file is chosen: a field is corrected, Enter checks the map, and what is folded up opens by key."""
    lead = comes(visit, javascript=True)
    lead.when_i_follow("Draw the map of an issued template")
    when_i_hand_in(lead, plain(), tmp_path)
    lead.then_i_read("9 of")
    lead.when_i_tab_to("Sheet “Expenditure”: 0 labels, 1 table", limit=60)
    lead.then_the_focus_is_seen()
    lead.when_i_type_key("Enter")
    lead.then_i_read("Area of spend (D)")
    lead.when_i_tab_to("at-vision-case", limit=60)
    lead.then_the_focus_is_seen()
    lead.page.keyboard.press("Control+a")
    lead.page.keyboard.insert_text("Nowhere!B5")
    lead.when_i_type_key("Enter")
    lead.then_i_read("The template has no sheet “Nowhere”")


def test_it_fits_320_pixels(visit: Opener, tmp_path: Path) -> None:
    """On the smallest phone it scrolls down only, with everything that is folded up open; axe finds nothing in it."""
    lead = comes(visit, javascript=True, width=320)
    lead.when_i_follow("Draw the map of an issued template")
    when_i_hand_in(lead, crowded(), tmp_path)
    lead.page.get_by_role("button", name="Check the map").first.wait_for()
    lead.page.evaluate("document.querySelectorAll('details').forEach(it => { it.open = true })")
    lead.then_it_does_not_scroll_sideways()
    lead.then_axe_finds_nothing()
    lead.page.get_by_role("button", name="Try it with this plan").first.click()
    lead.then_it_does_not_scroll_sideways()
