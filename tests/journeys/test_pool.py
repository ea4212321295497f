"""A pool's month as its people keep it: beyond a limit by a mandate, a ledger in, suspense cleared, a month closed, a balance confirmed.

The pool manager and the finance officers have no JavaScript.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

import carepool
from carepool.actions.demonstration import PASSWORD
from tests.journeys.conftest import Opener
from tests.journeys.running import serving
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser

Cast = Callable[..., Visitor]
POOL = "/pools/carrowby"
MANAGER, FINANCE, CCG = "carrowby.pool", "carrowby.finance", "carrowby.ccg.finance"
FILES = Path(carepool.__file__).parent / "illustrative"


@pytest.fixture(scope="module")
def service(browser: Browser) -> Iterator[str]:
    """A county of our own, in which this journey may enter what it likes."""
    with serving() as address:
        yield address


@pytest.fixture
def come(visit: Opener) -> Cast:
    """People by the name that they sign in with, each at a window of their own."""
    there: dict[str, Visitor] = {}

    def come(handle: str, path: str, *, width: int = 1280) -> Visitor:
        if handle not in there:
            there[handle] = visit(javascript=False, width=width)
            there[handle].when_i_sign_in(handle, PASSWORD)
        there[handle].given_the_page(path)
        return there[handle]

    return come


def test_a_month_of_a_pool_is_kept(come: Cast) -> None:
    """Each does their own part; what one may not is refused with who may; axe finds nothing on the way."""
    # Given the pool manager, who moves more budget than they may alone
    manager = come(MANAGER, POOL)
    manager.then_i_read("what moved most against its budget", "The forecast by partner")
    manager.then_axe_finds_nothing()
    manager.when_i_follow("Enter", within="main nav")
    manager.when_i_follow("Move budget")
    moved = "Two more carers"
    moves_budget(manager, moved)
    manager.then_the_title_begins("Error: Move budget")
    manager.then_i_read(
        "£60,000 comes to £90,000 with the £30,000 that the pool manager has entered before from S3 or to S2, beyond your authority, "
        "which ends at £50,000",
        "the joint board up to £500,000 (clause Schedule 2, row 3)",
    )
    assert manager.page.get_by_label("Amount").input_value() == "60,000"
    manager.then_axe_finds_nothing()

    # When the joint board has decided, then it is entered by that mandate, and the mandate is used
    manager.when_i_follow("Agreement and risk", within="main nav")
    manager.then_i_read("Who may do how much")
    manager.then_axe_finds_nothing()
    manager.when_i_follow("Mandates", within="main nav")
    form = manager.page.locator("#board-form")
    form.get_by_label("Move budget", exact=True).check()
    form.get_by_label("At most").fill("60,000")
    form.get_by_role("group", name="For which scheme").get_by_label("Named professional").check()
    form.get_by_role("group", name="To which scheme").get_by_label("Reablement at home").check()
    form.get_by_label("Which money").select_option(label="No source stated")
    form.get_by_label("What the joint board decided").fill(
        "Two more carers for the winter: minute 7 of 30 November."
    )
    manager.when_i_press("Record it")
    manager.then_i_read("Waits for NHS Carrowby CCG to confirm it", "minute 7 of 30 November")
    manager.then_axe_finds_nothing()
    ccg = come(CCG, manager.page.url.removeprefix(manager.home), width=320)
    ccg.when_i_press("Confirm the minute for NHS Carrowby CCG")
    ccg.then_i_read("Can be used")
    manager.given_the_page(f"{POOL}/enter/redeployed")
    moves_budget(manager, moved, mandate="up to £60,000.00")
    manager.then_i_read(moved)
    manager.given_the_page(f"{POOL}/mandates")
    manager.then_i_read("Used")

    # When June's ledger is looked at, then what it would do is said and nothing is entered; then it comes in
    manager.when_i_follow("Actuals", within="main nav")
    manager.then_axe_finds_nothing()
    manager.when_i_follow("What came from ledgers", within="main nav")
    manager.when_i_follow("Bring in a month of a ledger")
    manager.page.get_by_label("The extract").set_input_files(FILES / "carrowby_ledger.csv")
    manager.page.get_by_label("The file of a map").set_input_files(FILES / "carrowby_ledger_map.yaml")
    manager.when_i_press("Look what it would do")
    manager.then_i_read(
        "Importing it would enter £797,333.25 in one posting. Nothing is entered yet.",
        "A cost centre opened in June",
    )
    manager.then_axe_finds_nothing()
    manager.when_i_press("Import June 2015 of Carrowby council’s ledger")
    manager.then_i_read("1 month of a ledger has come in, and £980.40 of it is in suspense")
    manager.then_axe_finds_nothing()

    # And its suspense is cleared by saying what the code is
    form = manager.page.locator("#clear-form")
    form.get_by_label("Carrowby council: 41390 3999, £980.40").check()
    form.get_by_role("group", name="For which scheme").get_by_label("Reablement at home").check()
    form.get_by_label("Which money").select_option(label="No source stated")
    form.get_by_label("Why it belongs there").fill("A team of reablement, opened in June.")
    manager.when_i_press("Clear it")
    manager.then_i_read("1 month of a ledger has come in, and nothing of it is in suspense.")

    # When the finance officer of the host closes the next month, the list says what is left of the one after
    finance = come(FINANCE, f"{POOL}/month-end")
    finance.then_i_read("Ledgers of the month", "Close May 2015")
    finance.then_axe_finds_nothing()
    finance.when_i_press("Close May 2015")
    finance.then_i_read("Close June 2015", "Come in: Carrowby council, with a control total of £799,333.25.")
    finance.given_the_page(f"{POOL}/bears")
    finance.then_i_read("By the forecast,", "clause 12.2(a)")
    finance.then_axe_finds_nothing()

    # And the CCG's finance officer, on a phone, confirms the balance that the books have
    ccg = come(CCG, f"{POOL}/year-end", width=320)
    ccg.then_it_does_not_scroll_sideways()
    said = ccg.page.get_by_text("By these books: NHS Carrowby CCG owes the pool").inner_text()
    ccg.when_i_enter("What your own ledger has", said.rpartition("pool ")[2].rstrip("."))
    ccg.when_i_press("Confirm it")
    ccg.then_i_read("1 of 2 partners has confirmed the balance that the books have.")
    ccg.then_axe_finds_nothing()


def moves_budget(manager: Visitor, says: str, mandate: str = "") -> None:
    """Fill the form in and send it."""
    page = manager.page
    page.get_by_role("group", name="Scheme", exact=True).get_by_label("Named professional").check()
    page.get_by_role("group", name="To which scheme").get_by_label("Reablement at home").check()
    page.get_by_label("Which money").select_option(label="No source stated")
    manager.when_i_enter("Amount", "60,000")
    page.get_by_label("Date", exact=True).fill("2015-12-01")
    manager.when_i_enter("Short title", says)
    if mandate:
        page.get_by_label(mandate).check()
    page.locator("main form[method=post] button").click()
