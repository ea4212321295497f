"""Several people write one plan: from the task list through pasted rows and a conflict to a version, in a browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from carepool.actions.demonstration import PASSWORD
from tests.journeys.conftest import Opener
from tests.journeys.running import serving
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser

ROWS = "2015-16\tScheme\tCommissioner\tProvider\tRemarks\n£1,200\tRapid response\tEastwold council\tSt John\task them\nlots\tS2\tZ2A\tRed Cross\n"
"""As copied from a spreadsheet: columns in another order, names for codes, one amount that is none, one column too many."""


@pytest.fixture(scope="module")
def service(browser: Browser) -> Iterator[str]:
    """A county of our own, in which these journeys may save what they like; the CCG of the Wolds has a plan lead too."""
    with serving(("office", "give", "wolds.officer", "plan_lead", "ccg:Z2A")) as address:
        yield address


@pytest.fixture(params=[True, False], ids=["with-javascript", "without-javascript"])
def javascript(request: pytest.FixtureRequest) -> bool:
    """Whether the windows of a journey run scripts."""
    return bool(request.param)


def comes(visit: Opener, handle: str, plan: str, *, javascript: bool = False, width: int = 1280) -> Visitor:
    """Somebody signed in, at a plan's first page."""
    visitor = visit(javascript=javascript, width=width)
    visitor.when_i_sign_in(handle, PASSWORD)
    visitor.then_the_heading_is("What waits for me")
    visitor.given_the_page(plan)
    return visitor


def test_a_lead_goes_through_the_sections_and_comes_back(visit: Opener, javascript: bool) -> None:
    """
    Farrowdale's lead finds the sections in groups, leaves one unfinished, returns to the list, comes back to it, and
    reads the whole plan before saving; another section is found again by the link beside its answer.
    """
    lead = comes(visit, "farrowdale.lead", "/plans/farrowdale", javascript=javascript)
    said = "with scripts" if javascript else "without scripts"
    lead.then_i_read("sections are complete.", "Who and why", "Voices")
    lead.then_axe_finds_nothing()

    # When an answer is left empty, then the list says that the section is in progress
    lead.when_i_follow("Vision and case for change")
    lead.when_i_enter("Difference to people", "")
    lead.when_i_press("Keep and return to the list")
    lead.then_i_read("“Vision and case for change” is kept as your draft.", "In progress")

    # When it is answered, then it is complete again, and the check shows it
    lead.when_i_follow("Vision and case for change")
    lead.when_i_enter("Difference to people", f"Nobody waits in hospital for want of a carer, {said}.")
    lead.when_i_press("Keep and return to the list")
    expect(lead.page.locator(".nhsuk-tag", has_text="In progress")).to_have_count(0)
    lead.when_i_follow("The whole plan on one page, with its findings")
    lead.then_i_read(f"Nobody waits in hospital for want of a carer, {said}.")
    lead.then_axe_finds_nothing()

    # When a condition and a weekday are changed, then each is found by its own name
    lead.when_i_follow("Change national conditions")
    lead.when_i_enter("How it is met", f"Seven days from October, {said}.", group="Seven-day services")
    lead.then_axe_finds_nothing()
    lead.when_i_press("Keep and go on to protecting social care services")
    lead.then_the_heading_is("Protecting social care services")
    lead.given_the_page("/plans/farrowdale/sections/seven_days")
    lead.page.get_by_role("group", name="Service 1", exact=True).get_by_label("Saturday").select_option("No")
    lead.when_i_press("Keep and return to the list")
    lead.then_i_read("“Seven-day services” is kept as your draft.")
    lead.given_the_page("/plans/farrowdale/check")
    lead.when_i_press("Save as version")
    lead.then_i_read("is saved. Every body that had decided")

    # Then who changed it stands in the section's history
    lead.given_the_page("/plans/farrowdale/history/conditions")
    lead.then_i_read("National conditions, Seven-day services, How it is met")
    lead.then_axe_finds_nothing()


def test_rows_come_from_a_spreadsheet(visit: Opener, javascript: bool) -> None:
    """
    A finance officer's rows are pasted with their headings: they are added to the draft and shown, what is no amount is
    said at its field, what fits nowhere is given back, and nothing is saved.
    """
    lead = comes(visit, "stonebeck.lead", "/plans/stonebeck/sections/spend", javascript=javascript)
    before = lead.page.get_by_role("group", name="Line of spend").count()
    if javascript:
        # Pasting into a cell puts the rows into the box.
        lead.page.get_by_label("Provider").first.evaluate(
            """(it, rows) => {
                const data = new DataTransfer();
                data.setData("text/plain", rows);
                it.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
            }""",
            ROWS.replace("Eastwold council", "Stonebeck council").replace("Z2A", "Z4A"),
        )
        assert lead.focused() == "spend-paste"
        lead.then_i_read("The rows are in the box for pasted rows.")
    else:
        lead.when_i_open_by_keyboard("Paste rows from a spreadsheet")
        lead.when_i_enter("Rows to add", ROWS.replace("Eastwold council", "Stonebeck council").replace("Z2A", "Z4A"))  # fmt: skip
    lead.when_i_press("Add the pasted rows")
    lead.then_i_read("2 rows are added to your draft", "by the headings of the columns")
    assert lead.rows("What fits nowhere", "Where", "Heading", "Words") == [("Row 2, column 5", "Remarks", "ask them")]  # fmt: skip
    assert lead.page.get_by_role("group", name="Line of spend").count() == before + 2
    expect(lead.field("Provider", f"Line of spend {before + 1}")).to_have_value("St John")
    expect(lead.field("2015-16, pounds", f"Line of spend {before + 2}")).to_have_value("lots")
    lead.page.get_by_role("link", name="“lots” is not an amount").click()
    assert lead.focused() == f"spend-{before + 1}-year_2"
    lead.then_axe_finds_nothing()
    lead.given_the_page("/plans/stonebeck")
    lead.then_i_read("Has a problem")
    lead.given_the_page("/plans/stonebeck/sections/spend")
    lead.page.locator("summary", has_text="Throw my draft away").click()
    lead.when_i_press("Throw it away")
    lead.then_i_read("Your draft is thrown away.")


def test_two_windows_meet_in_one_section(visit: Opener, javascript: bool) -> None:
    """
    A window that was left open meets a version saved from another: what only one changed merges, what both changed is
    shown with both values, who and when, and what both began from, and stands only once it is chosen.
    """
    path, said = "/plans/wolds/sections/schemes", "with scripts" if javascript else "without scripts"
    left_open = comes(visit, "wolds.lead", path, javascript=javascript)
    began = left_open.field("Name", "Scheme 1").input_value()
    saves = comes(visit, "wolds.lead", path)
    saves.when_i_enter("Name", f"Theirs {said}", group="Scheme 1")
    saves.when_i_enter("Objective", f"Only theirs {said}", group="Scheme 2")
    saves.when_i_press("Keep and go on")
    saves.given_the_page("/plans/wolds/check")
    saves.when_i_press("Save as version")
    saves.then_i_read("is saved. Every body that had decided")

    # When the window left open is kept, then nothing is overwritten, and both values stand there
    left_open.when_i_enter("Name", f"Mine {said}", group="Scheme 1")
    left_open.when_i_enter("Evidence", f"Only mine {said}", group="Scheme 3")
    left_open.when_i_press("Keep and go on")
    left_open.then_the_heading_is("Schemes")
    left_open.then_i_read(
        "Somebody saved another version of “Schemes” after you began.", f"You both began from: {began}"
    )
    left_open.then_i_read(f"Yours: Mine {said}", f"Theirs: Theirs {said} (Max Hay, ")
    assert (f"Only theirs {said}",) in left_open.rows("Taken over from theirs", "Theirs")
    expect(left_open.field("Objective", "Scheme 2")).to_have_value(f"Only theirs {said}")
    left_open.then_axe_finds_nothing()

    # When a version is saved without a choice, then it is not
    left_open.given_the_page("/plans/wolds/check")
    left_open.then_i_read("Choose which is to stand")
    left_open.when_i_press("Save as version")
    left_open.then_i_read("Nothing was saved, and nothing you typed is lost.")
    left_open.then_axe_finds_nothing()
    left_open.when_i_follow("Open schemes")
    left_open.when_i_press("Keep and go on")
    left_open.then_the_title_begins("Error: Schemes")
    left_open.page.get_by_role("link", name="Choose which is to stand.").click()

    # When it is made, then both stand in the next version
    left_open.page.get_by_label(f"Theirs: Theirs {said}").check()
    left_open.when_i_press("Keep and go on to money in")
    left_open.then_the_heading_is("Money in")
    left_open.given_the_page("/plans/wolds/check")
    left_open.when_i_press("Save as version")
    left_open.then_i_read("is saved. Every body that had decided")
    first, second, third = left_open.data("/plans/wolds.json")["content"]["schemes"]["schemes"]
    assert (first["name"], second["objective"], third["evidence"]) == (
        f"Theirs {said}", f"Only theirs {said}", f"Only mine {said}",
    )  # fmt: skip


def test_leads_of_two_bodies_change_the_same_answer(visit: Opener) -> None:
    """
    The lead of a CCG has a draft when the lead of a council saves a version: where both changed an answer the CCG's lead
    is shown both, field by field, and is let to save only once one is chosen; the other answers of both stand.
    """
    section, here = "Vision and case for change", "/plans/wolds/sections/vision"
    council, ccg = comes(visit, "wolds.lead", here), comes(visit, "wolds.officer", here)
    began = ccg.field("Vision").input_value()
    ccg.when_i_enter("Vision", "The CCG's vision")
    ccg.when_i_enter("Changes in services", "Only the CCG's")
    ccg.when_i_press("Keep and return to the list")
    council.when_i_enter("Vision", "The council's vision")
    council.when_i_enter("Case for change", "Only the council's")
    council.when_i_press("Keep and go on")
    council.given_the_page("/plans/wolds/check")
    council.when_i_press("Save as version")
    council.then_i_read("is saved. Every body that had decided")

    # When the CCG's lead saves, then nothing is saved, and the field is shown with both sides
    ccg.given_the_page("/plans/wolds/check")
    ccg.when_i_press("Save as version")
    ccg.then_i_read(
        "Nothing was saved, and nothing you typed is lost.", "The council's vision", "The CCG's vision"
    )
    assert ccg.data("/plans/wolds.json")["content"]["vision"]["vision"] == "The council's vision"
    ccg.when_i_follow(f"Open {section.lower()}")
    ccg.then_i_read(
        f"You both began from: {began}", "Yours: The CCG's vision", "Theirs: The council's vision (Max Hay, "
    )
    assert ("Only the council's",) in ccg.rows("Taken over from theirs", "Theirs")
    ccg.then_axe_finds_nothing()

    # When one is chosen, then the version has it, and what each alone wrote; the history names both
    ccg.page.get_by_label("Yours: The CCG's vision").check()
    ccg.when_i_press("Keep and go on")
    ccg.given_the_page("/plans/wolds/check")
    ccg.when_i_press("Save as version")
    ccg.then_i_read("is saved. Every body that had decided")
    vision = council.data("/plans/wolds.json")["content"]["vision"]
    assert (vision["vision"], vision["case"], vision["changes"]) == (
        "The CCG's vision", "Only the council's", "Only the CCG's",
    )  # fmt: skip
    council.given_the_page("/plans/wolds/history/vision")
    council.then_i_read("Max Hay", "Pia Lane", "The council's vision")


# By keyboard alone


def test_rows_are_pasted_and_kept_by_keyboard_alone(visit: Opener) -> None:
    """Lindenmouth's lead opens the box, writes a row into it, adds it and returns to the list: nobody touches a mouse."""
    lead = comes(visit, "lindenmouth.lead", "/plans/lindenmouth/sections/risks", javascript=True)
    summary = "Paste rows from a spreadsheet into: Something that could go wrong"
    lead.when_i_tab_to(summary, limit=400)
    lead.then_the_focus_is_seen()
    lead.when_i_type_key("Enter")
    lead.when_i_tab_to("risks-paste", limit=1, seen=True)
    lead.page.keyboard.insert_text("Winter is hard\t4\t4\t£5,000\tBoard\tMore beds")
    lead.when_i_tab_to("Add the pasted rows", limit=1, seen=True)
    lead.when_i_type_key("Space")
    lead.then_i_read("1 row is added to your draft")
    lead.when_i_tab_to("Keep and return to the list", limit=400)
    lead.when_i_type_key("Space")
    lead.then_i_read("“Risks and contingency” is kept as your draft.")


# On the smallest screen


@pytest.mark.parametrize("section", ["spend", "benefits", "freed", "risks", "conditions", "seven_days", "metrics", "target"])  # fmt: skip
def test_the_forms_fit_320_pixels(visit: Opener, section: str) -> None:
    """On the smallest phone a form scrolls down only, with what is folded open; axe finds nothing in it."""
    lead = comes(visit, "merrow.lead", f"/plans/merrow/sections/{section}", javascript=True, width=320)
    for folded in lead.page.locator("summary").all():
        folded.click()
    lead.then_it_does_not_scroll_sideways()
    lead.then_axe_finds_nothing()
