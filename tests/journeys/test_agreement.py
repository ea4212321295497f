"""Agreement as its people reach it: two councils, three CCGs and two boards to one plan, in every way that the rules know.

None has JavaScript. At the end the page of decisions is looked at as at five earlier instants: it says what stood then.
"""

import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser
from weasyprint import HTML

from carepool.actions.demonstration import PASSWORD
from tests.journeys.conftest import Opener
from tests.journeys.judging import judges
from tests.journeys.running import serving
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser

Cast = Callable[[str], Visitor]
PLAN = "/plans/thornmere"
DECISIONS = f"{PLAN}/decisions"
COUNCIL, OTHER = "Thornmere council", "Aldersea council"
NORTH, SOUTH, SANDS = "NHS Thornmere CCG", "NHS Aldersea CCG", "NHS Aldersea Sands CCG"
BOARD, SECOND = "Thornmere Health and Wellbeing Board", "Aldersea Health and Wellbeing Board"
AMOUNT = "2015-16, pounds"
MOVED = 20_000
"""Pounds that the third version moves: within Aldersea's limits of £50,000, beyond Thornmere's of £10,000."""


@pytest.fixture(scope="module")
def service(browser: Browser) -> Iterator[str]:
    """A county of our own, in which this journey may decide what it likes."""
    with serving() as address:
        yield address


@pytest.fixture
def come(visit: Opener) -> Cast:
    """People by the name that they sign in with, each at a window of their own."""
    there: dict[str, Visitor] = {}

    def come(handle: str) -> Visitor:
        if handle not in there:
            there[handle] = visit(javascript=False)
            there[handle].when_i_sign_in(handle, PASSWORD)
        there[handle].given_the_page(DECISIONS)
        return there[handle]

    return come


def instant() -> str:
    """This instant as an address asks for it; what is done next is done in a later second."""
    the_second_turns()
    at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    the_second_turns()
    return at


def the_second_turns() -> None:
    """Wait for the next second."""
    time.sleep(1.02 - time.time() % 1)


def standing(visitor: Visitor, version: int) -> dict[str, str]:
    """Body and decision of each row of the table."""
    table = visitor.table(f"Who has decided on version {version}")
    return {
        row.locator("th").inner_text(): row.locator("td").nth(1).inner_text()
        for row in table.locator("tbody tr").all()
    }


def agree(come: Cast, handle: str, version: int) -> None:
    person = come(handle)
    person.when_i_agree(version)
    person.then_i_read(f"has agreed to version {version}.")


def test_two_councils_three_ccgs_and_two_boards_agree_to_one_plan(come: Cast) -> None:
    """A refusal, limits kept and broken, a delegation later ratified, late decisions, a minute recorded; then assurance and sign-off."""
    instants: list[tuple[str, int, dict[str, str]]] = []

    def keep(version: int) -> None:
        """Remember how things stand, to be looked at again from later."""
        instants.append((instant(), version, standing(come("thornmere.lead"), version)))

    # Given the county: Thornmere council agreed within limits, which the second version keeps; a board has refused the first
    lead = come("thornmere.lead")
    then = standing(lead, 2)
    assert (then[COUNCIL], then[SOUTH], then[SANDS], then[SECOND]) == (
        "Agreed (within its limits, late)", "Lapsed", "Lapsed", "Awaited",
    )  # fmt: skip
    lead.given_the_page(f"{DECISIONS}?as_at=2015-01-26")
    lead.then_i_read("Reablement in Aldersea is £4,000 short")
    assert standing(lead, 1)[SECOND] == "Refused (late)"
    keep(2)

    # When Aldersea council agrees within limits of its own
    chief = come("aldersea.chief")
    chief.when_i_press("Agree to version 2")
    chief.then_the_title_begins("Error: Decisions")
    chief.then_i_read("Say whether it is a key decision.")
    chief.then_axe_finds_nothing()
    chief.when_i_follow("Decide at a meeting, by an urgency route, from a later day, or within limits")
    chief.then_axe_finds_nothing()
    chief.page.get_by_label("It agrees", exact=True).check()
    question = chief.page.get_by_role("group", name="Is it a key decision?")
    question.get_by_label("Yes", exact=True).check()
    chief.page.get_by_label("Urgent decision", exact=True).check()
    chief.when_i_enter("Why it cannot wait", "The money moves on Monday.")
    chief.when_i_enter("Who agreed that it cannot wait", "The chair of the council, yesterday")
    chief.page.get_by_label("Limit 1: what may move").select_option(value="spend/year_2")
    chief.when_i_enter("Limit 1: by how much", "much")
    chief.when_i_enter("The limits hold for versions saved until", "2027-06-30")
    chief.when_i_press("Record the decision")
    chief.then_the_title_begins("Error: Decide in another way")
    chief.then_i_read("“much” is no limit.")
    chief.then_axe_finds_nothing()
    chief.when_i_enter("Limit 1: by how much", "£50,000")
    chief.when_i_press("Record the decision")
    chief.then_i_read("Recorded: Aldersea council has agreed to version 2.")
    keep(2)

    # And the lead saves a third version, which moves £20,000
    lead.given_the_page(f"{PLAN}/sections/spend")
    for line, pounds in (("1", -MOVED), ("2", MOVED)):
        group = f"Line of spend {line}"
        before = float(lead.field(AMOUNT, group).input_value().lstrip("£").replace(",", ""))
        lead.when_i_enter(AMOUNT, f"{before + pounds:.2f}", group=group)
    lead.when_i_press("Keep and go on")
    lead.given_the_page(f"{PLAN}/check")
    lead.when_i_press("Save as version 3")
    lead.then_i_read("Version 3 is saved.")

    # Then one council's limits are kept and the other's broken, and it is told why it is asked again
    lead.given_the_page(DECISIONS)
    then = standing(lead, 3)
    assert (then[COUNCIL], then[OTHER]) == ("Lapsed", "Agreed (within its limits, late)")
    lead.then_i_read("Why Thornmere council is asked again")
    lead.then_axe_finds_nothing()
    keep(3)

    # When its chief executive lets a director decide, in writing, the director decides and the cabinet ratifies
    chief = come("thornmere.chief")
    chief.when_i_follow("Let somebody else decide, in writing")
    chief.then_axe_finds_nothing()
    chief.when_i_enter("Who decides", "thornmere.director")
    chief.page.get_by_label("In which body they hold an office").select_option(label=COUNCIL)
    chief.when_i_enter("From", time.strftime("%Y-%m-%d"))
    chief.when_i_enter("Until", time.strftime("%Y-%m-%d"))
    chief.when_i_enter(
        "The delegation in words", "I am away. The director decides for the council on this plan."
    )
    chief.when_i_press("Delegate in writing")
    chief.then_i_read("Who was let decide", "Una Vane")
    agree(come, "thornmere.director", 3)
    assert standing(come("thornmere.lead"), 3)[COUNCIL] == "Agreed (to be ratified, late)"
    keep(3)
    cabinet = come("thornmere.cabinet")
    cabinet.page.locator("#standing").get_by_role("link", name="agreed to version 3").first.click()
    cabinet.page.get_by_label("Yes", exact=True).check()
    cabinet.when_i_enter("Where the minute is", "CAB 26/11")
    cabinet.when_i_press("Record")
    assert standing(come("thornmere.lead"), 3)[COUNCIL] == "Agreed (late)"

    # When a clerk records a decision from its minute, a second person holds it against the digest that the minute shows
    clerk = come("thornmere.board.clerk")
    clerk.when_i_follow("Record a decision from its minute or signed page")
    digest = clerk.page.get_by_text("Its digest begins").inner_text().rstrip(".").split()[-1]
    minute = HTML(
        string=f"<p>Thornmere Health and Wellbeing Board agreed to the plan {digest}.</p>"
    ).write_pdf()
    clerk.page.get_by_label("It agrees", exact=True).check()
    clerk.when_i_enter("Day of the meeting", time.strftime("%Y-%m-%d"))
    clerk.when_i_enter("Which committee", "The board")
    clerk.page.get_by_label("Yes", exact=True).check()
    clerk.when_i_enter("Interests that were declared", "none")
    clerk.when_i_enter("Where the minute is", "HWB 26/40")
    clerk.page.get_by_label("The signed page or the minute").set_input_files(
        {"name": "minute.pdf", "mimeType": "application/pdf", "buffer": minute}
    )
    clerk.when_i_press("Record it")
    clerk.then_i_read("was recorded from a document")
    assert standing(clerk, 3)[BOARD] == "Recorded, to be confirmed"
    keep(3)
    chair = come("thornmere.chair")
    chair.when_i_follow("Look at the record")
    chair.when_i_enter("How the digest printed on the document begins", "00000000")
    chair.when_i_press("Confirm the record")
    chair.then_i_read("is not how the digest of this version begins")
    chair.then_axe_finds_nothing()
    chair.when_i_enter("How the digest printed on the document begins", digest)
    chair.when_i_press("Confirm the record")
    assert standing(come("thornmere.lead"), 3)[BOARD] == "Agreed (late)"

    # And the others agree; what Sands had let Aldersea's officer do in writing has ended, so it decides for itself
    for handle in ("thornmere.officer", "aldersea.officer", "sands.officer"):
        agree(come, handle, 3)
    agree(come, "aldersea.chair", 3)
    lead = come("thornmere.lead")
    lead.then_i_read("Version 3: 7 of 7 bodies have agreed.")
    assert all(each.startswith("Agreed") for each in standing(lead, 3).values())

    assured_and_signed_off(come)

    # Then as at each of five earlier instants the page says what stood then
    assert len(instants) == 5
    for at, version, stood in instants:
        lead.given_the_page(f"{DECISIONS}?as_at={at}")
        assert standing(lead, version) == stood
        lead.then_i_may_press()
    lead.then_axe_finds_nothing()


def assured_and_signed_off(come: Cast) -> None:
    """Two reviewers who do not see each other, a moderation, an approval with a condition, which is met; then ministers."""
    here = f"{PLAN}/assurance"
    moderator = come("moderator")
    moderator.given_the_page(here)
    for title, name in (("NHS", "Ravi Sloane"), ("Local government", "Tilda Bourne")):
        moderator.page.get_by_label(f"Who reviews for {title}", exact=True).select_option(label=name)
        moderator.when_i_press(f"Choose for {title}")
    first, second = come("nhs.reviewer"), come("lga.assurer")
    judges(first, f"{here}/review/nhs", "No study is named.")
    first.when_i_press("Hand my review in")
    for other in (second, moderator, come("thornmere.lead")):
        other.given_the_page(here)
        assert other.page.get_by_text("No study is named.").count() == 0, (
            "one review is in, and read by nobody else"
        )
    judges(second, f"{here}/review/local_government", "")
    second.when_i_press("Hand my review in")
    second.then_i_read("Both reviews are in, and wait to be moderated.")
    judges(moderator, f"{here}/moderate", "One study is enough.")
    moderator.when_i_press("Record the moderation")

    director = come("nhs.director")
    director.given_the_page(f"{here}/outcome")
    director.page.get_by_label("Approved with conditions", exact=False).check()
    director.when_i_enter("Reasons", "The evidence of one scheme has to be named before money moves.")
    director.page.get_by_role("textbox", name="Condition 1", exact=True).fill(
        "Name the study that reablement rests on."
    )
    director.when_i_enter("Condition 1 is to be met by", "2027-01-31")
    director.when_i_press("Decide the outcome of version 3")
    director.then_i_read("Recorded: the outcome is decided.", "Name the study that reablement rests on.")
    director.then_axe_finds_nothing()
    minister = come("minister.office")
    assert minister.page.get_by_role("button", name="Sign off").count() == 0, "a condition is open"
    assurer = come("nhs.assurer")  # nobody closes a condition that they set
    assurer.given_the_page(here)
    assurer.page.get_by_label("What shows whether").fill(
        "The board's letter names the study, with its address."
    )
    assurer.page.get_by_role("button", name="is met").first.click()
    assurer.then_i_read("Recorded: the condition is met.")
    come("minister.office").when_i_press("Sign off version 3")
    minister.then_i_read("version 3 is signed off by Ministers.")
    minister.then_axe_finds_nothing()
