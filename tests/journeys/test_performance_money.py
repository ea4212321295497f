"""Performance money from what is at stake by the return to the account: signed, proposed, released by two, disputed, put right, and what was never earned used.

Nobody has JavaScript; the CCG's finance officer is on a phone.
"""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from carepool.actions.demonstration import PASSWORD
from tests.journeys.conftest import Opener
from tests.journeys.running import serving
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser

Cast = Callable[..., Visitor]
PLAN = "/plans/carrowby"
RELEASES, FILL = f"{PLAN}/releases", f"{PLAN}/returns/2015-16Q3/fill"
LEAD, CHAIR, HOST, CCG = "carrowby.lead", "carrowby.chair", "carrowby.finance", "carrowby.ccg.finance"


@pytest.fixture(scope="module")
def service(browser: Browser) -> Iterator[str]:
    """A county of our own, in which this journey may move what it likes."""
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
        there[handle].then_axe_finds_nothing()
        return there[handle]

    return come


def test_what_is_at_stake_is_asked_before_a_quarter_closes(come: Cast) -> None:
    """On a phone the lead moves an outturn, sees what it pays and who is short of it, and sends the question to the CCG, who opens it at a desk."""
    # Given the lead, who finds the page from the plan
    lead = come(LEAD, PLAN, width=320)
    lead.page.locator("main").get_by_role("link", name="At stake").first.click()
    lead.then_i_read("£1,560,030", "£1,399,110", "What would matter most")
    lead.then_axe_finds_nothing()
    lead.then_it_does_not_scroll_sideways()

    # When the lead types what is no number, then the field says so and nothing typed is lost
    lead.when_i_enter("2015-16Q3", "a few less")
    lead.when_i_press("Work it out")
    lead.then_the_title_begins("Error: ")
    lead.then_axe_finds_nothing()
    assert lead.field("2015-16Q3").input_value() == "a few less"

    # When one per cent fewer are admitted, then £116,071 more is paid, as the page had said that it would be
    lead.when_i_enter("2015-16Q3", "-1%")
    lead.when_i_press("Work it out")
    lead.then_i_read("£1,515,181", "£44,849")
    lead.then_axe_finds_nothing()
    lead.then_it_does_not_scroll_sideways()

    # Then the address of the question gives the CCG the same answer, and who makes the rest good by the agreement
    link = lead.page.locator("#link a").get_attribute("href")
    assert link
    ccg = come(CCG, link)
    assert ccg.page.locator("#link code").inner_text() == lead.page.locator("#link code").inner_text()
    ccg.then_i_read("£1,515,181", "Drawn on: tied schemes", "clause 11.3(b)")
    ccg.page.locator("#steps-table").get_by_role("link").first.click()
    ccg.then_axe_finds_nothing()
    ccg.then_i_read("Which single change would matter most")


def test_from_a_return_to_released_money_and_back(come: Cast) -> None:
    """Each does their own part; both sides see one statement; nothing that was paid is erased."""
    # Given the lead, who fills in the return of October to December 2015, and the chair, who signs it
    lead = come(LEAD, FILL)
    lead.when_i_press("Prefill it again")
    lead.when_i_follow("Narrative", within="main table")
    lead.then_axe_finds_nothing()
    lead.when_i_enter("Progress and wider integration", "Two wards closed; reablement runs at weekends.")
    submit(lead, "keep")
    puts_forward(lead)
    chair = come(CHAIR, FILL)
    chair.when_i_press("Sign and send")
    chair.then_i_read("It is signed and sent.")
    chair.then_axe_finds_nothing()

    # When the host's finance officer approves what waits, and proposes what the return's outturn earned
    host = come(HOST, RELEASES)
    host.then_i_read("The statement that both sides see", "Waits for the host")
    submit(host, "approve-2015-16Q2-Z6A-host")
    host.then_i_read("Where it was the second approval, the money has moved.")
    assert "return" in host.page.locator("#statement-table tr", has_text="2015-16Q3").inner_text()
    submit(host, "propose-2015-16Q3-Z6A")
    host.then_i_read("It is proposed, and waits for two approvers", "2015-16Q3: release")
    host.then_axe_finds_nothing()
    before = statement_of(host)

    # Then the CCG approves on a phone, the host approves, and the money is in the account; both print the same bytes
    ccg = come(CCG, RELEASES, width=320)
    ccg.then_it_does_not_scroll_sideways()
    assert statement_of(ccg) == before
    submit(ccg, "approve-2015-16Q3-Z6A-ccg")
    ccg.then_i_read("Waits for the host")
    assert ccg.page.locator("#approve-2015-16Q3-Z6A-host-form").count() == 0
    host.given_the_page(RELEASES)
    submit(host, "approve-2015-16Q3-Z6A-host")
    assert "Released on" in row_of(host, "2015-16Q3: release")
    assert paid_statement(host, "2015-16Q3: release") == paid_statement(ccg, "2015-16Q3: release") == before
    host.given_the_page("/pools/carrowby/postings/release/2015-16Q3/Z6A")
    host.then_i_read("£371,010", "for the CCG", "for the host")

    # When the CCG disputes it with reasons, then it stands as paid and disputed, and the host answers and agrees
    ccg.given_the_page(RELEASES)
    form = ccg.page.locator("#dispute-ccg-form")
    form.get_by_label("2015-16Q3: release of").check()
    submit(ccg, "dispute-ccg")
    ccg.then_the_title_begins("Error: ")
    ccg.then_axe_finds_nothing()
    form.get_by_label("Why it is wrong").fill("Ward 4 was counted twice in December.")
    submit(ccg, "dispute-ccg")
    ccg.then_i_read("It is disputed: the other side sees your reasons.")
    ccg.then_it_does_not_scroll_sideways()
    assert "Released on" in row_of(ccg, "2015-16Q3: release")
    assert "By the CCG since" in row_of(ccg, "2015-16Q3: release")
    host = come(HOST, "/me")
    host.page.get_by_role("link", name="Answer why the CCG disputes the payment").click()
    answer = host.page.locator("form[id^=answer-]")
    answer.get_by_label("Your answer").fill("We look at the ward's count.")
    answer.get_by_role("button").click()
    host.then_i_read("Your answer is recorded.", "Ward 4 was counted twice")
    end = host.page.locator("form[id^=end-]")
    end.get_by_label("The payment falls").check()
    end.get_by_label("How it is settled, and why").fill("So it was: the return is corrected.")
    end.get_by_role("button").click()
    host.then_i_read("the payment falls", "Settled: it falls")
    host.then_axe_finds_nothing()

    # When the return is corrected, then what was paid too much is worked out, approved by two again and goes back
    lead.given_the_page(f"{FILL}/performance")
    lead.then_axe_finds_nothing()
    last = lead.page.get_by_label("Payment agreed locally").last
    last.fill("351,010")
    lead.page.get_by_label("Why it differs").last.fill("Ward 4 was counted twice in December.")
    submit(lead, "keep")
    puts_forward(lead, "Ward 4 was counted twice in December.")
    chair.given_the_page(FILL)
    chair.when_i_press("Sign and send")
    host.given_the_page(RELEASES)
    host.then_i_read("To go back", "£20,000", "bcf-2015-03/payment/settling")
    submit(host, "correct-2015-16Q3-Z6A")
    host.page.locator("form[id^=approve-][id$=-host-form]").get_by_role("button").click()
    ccg.given_the_page(RELEASES)
    ccg.page.locator("form[id^=approve-][id$=-ccg-form]").get_by_role("button").click()
    ccg.then_i_read("2015-16Q3: back to the CCG", "Went back on")
    assert "Released on" in row_of(ccg, "2015-16Q3: release"), "the earlier payment is not erased"
    assert paid_statement(ccg, "2015-16Q3: release") == before
    ccg.then_axe_finds_nothing()
    host.given_the_page(RELEASES)
    assert "To go back" not in host.page.locator("main").inner_text()

    # When the lead tells how the schemes are delivered, on a phone, then a recovery plan is asked and made
    phone = come(LEAD, f"{PLAN}/delivery")
    phone.then_i_read(
        "Reablement at home is still off track", "Non-elective admissions, all ages is off track"
    )
    form = phone.page.locator("#tell-form")
    form.get_by_label("Rapid response").check()
    form.get_by_label("2015-16Q3").check()
    form.get_by_label("What it saved").fill("much")
    submit(phone, "tell")
    phone.then_the_title_begins("Error: ")
    form.get_by_label("What it saved").fill("240,000")
    submit(phone, "tell")
    phone.then_i_read("It is told.", "£240,000")
    form = phone.page.locator("#recover-form")
    form.get_by_label("Non-elective admissions").check()
    form.get_by_label("What is done about it").fill("The wards call rapid response before they admit.")
    form.get_by_label("By when").fill("2099-03-31")
    form.get_by_label("Which office answers for it").select_option(label="Plan lead")
    submit(phone, "recover")
    phone.then_i_read("The recovery plan is made.", "to be done by 31 March 2099")
    phone.then_axe_finds_nothing()
    phone.when_i_follow("Delivery from scheme to board, region and nation")
    phone.then_i_read("By scheme", "Reablement at home")
    phone.then_axe_finds_nothing()

    # And what was never earned stays with the CCG, which records what the board decided; the chair confirms it
    host.given_the_page(f"{PLAN}/money")
    host.when_i_press("Close the year")
    host.then_i_read("what was never earned stays with the CCGs")
    host.then_axe_finds_nothing()
    ccg.given_the_page(RELEASES)
    form = ccg.page.locator("#use-Z6A-form")
    form.get_by_label("How much").fill("9,000,000")
    form.get_by_label("Community care").check()
    form.get_by_label("When the board decided").fill("2016-05-10")
    form.get_by_label("What it decided").fill("Minute 9: two more community nurses.")
    submit(ccg, "use-Z6A")
    ccg.then_i_read("No more than")
    form.get_by_label("How much").fill("100,000")
    submit(ccg, "use-Z6A")
    ccg.then_i_read("waits for the board")
    ccg.then_axe_finds_nothing()
    ccg.then_it_does_not_scroll_sideways()
    chair.given_the_page(RELEASES)
    chair.page.locator("form[id^=confirm-]").get_by_role("button").click()
    chair.then_i_read("Confirmed by", "Minute 9: two more community nurses.")
    chair.then_axe_finds_nothing()


def submit(who: Visitor, form: str) -> None:
    """Press the button of a form."""
    who.page.locator(f"[id='{form}-form']").get_by_role("button").click()


def puts_forward(lead: Visitor, why: str = "") -> None:
    """Put the return forward, with the reasons where it corrects one."""
    lead.given_the_page(FILL)
    if why:
        lead.when_i_enter("What was wrong, and how it came to light", why)
    submit(lead, "forward")
    lead.then_i_read("It is put forward.")
    lead.then_axe_finds_nothing()


def statement_of(who: Visitor) -> str:
    """The statement as it stands, as somebody prints it."""
    return printed(who, f"{PLAN}/statement.txt")


def paid_statement(who: Visitor, payment: str) -> str:
    """The statement that a payment rests on, as somebody prints it."""
    who.given_the_page(RELEASES)
    href = who.page.locator("#payments-table tr", has_text=payment).get_by_role("link").get_attribute("href")
    assert href
    return printed(who, href)


def printed(who: Visitor, path: str) -> str:
    """The text at an address."""
    origin = re.match(r"https?://[^/]+", who.page.url)
    assert origin
    answer = who.page.request.get(f"{origin[0]}{path}")
    assert answer.ok
    return answer.text()


def row_of(who: Visitor, payment: str) -> str:
    """A row of the table of payments."""
    return who.page.locator("#payments-table tr", has_text=payment).inner_text()
