"""The thread, as its people walk it: from drafts to a plan that all have agreed, and to money in the account."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from playwright.sync_api import Browser, expect

from carepool.actions.demonstration import PASSWORD
from carepool.plans.document import Plan, plan_digest
from tests.journeys.conftest import Opener
from tests.journeys.judging import judges
from tests.journeys.running import serving
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.browser

Cast = Callable[[str], Visitor]

PLAN = "/plans/merrow"
COUNCIL, BOARD = "Merrow council", "Merrow Health and Wellbeing Board"
VALE, COAST, DOWNS = "NHS Merrow Vale CCG", "NHS Merrow Coast CCG", "NHS Merrow Downs CCG"
DECISION = "Decide on version {} of “Merrow joint plan”"
STANDING = "Who has decided on version {}"
AMOUNT = "2015-16, pounds"
DUE, EARNED = "What is due from each CCG", "What each quarter promised"
FIRST = "January to March 2015"
FINANCE = ("vale.finance", "coast.finance", "downs.finance")
PEOPLE = (209_454, 304_857, 184_734)
"""Of the three CCGs, as ccg_people.csv has them: what is earned is split by them."""
MOVED = "£14,000,000"
"""What the lead leaves to the first scheme; the rest she gives to the third."""
UNIT = 149_000
"""What one admission avoided is worth, in pence."""
AT_STAKE, PLANNED = 2_290 * UNIT, 4_441_368_688
"""In pence: what the cut that Merrow plans is worth, and all that its plan puts in."""
READER = "nhs.analyst"
"""Who reads every plan and decides on none."""
REASONS = "Our coast is far from any hospital at night. Say that rapid response comes then too."
BEFORE = "A nurse and a carer at the door within two hours"
AFTER = "A nurse and a carer at the door within two hours, by day and by night"


@pytest.fixture(scope="module")
def service(browser: Browser) -> Iterator[str]:
    """A county of our own, in which these journeys may decide what they like."""
    with serving() as address:
        yield address


@pytest.fixture
def come(visit: Opener) -> Cast:
    """People by the name that they sign in with, each at a window of their own without JavaScript, signed in by password.

    Whoever comes begins at what waits for them. Without a name it is the public, who sign in nowhere.
    """
    there: dict[str, Visitor] = {}

    def come(handle: str) -> Visitor:
        if handle not in there:
            there[handle] = visit(javascript=False)
            if handle:
                there[handle].when_i_sign_in(handle, PASSWORD)
        if handle:
            there[handle].given_the_page("/me")
            there[handle].then_the_heading_is("What waits for me")
        return there[handle]

    return come


def pounds(pence: int) -> str:
    """An amount as the pages write it."""
    return f"£{pence // 100:,}" + (f".{pence % 100:02}" if pence % 100 else "")


def pence(words: str) -> int:
    """An amount as the pages write it, in pence; a dash is nothing."""
    whole, _, part = words.replace("£", "").replace(",", "").partition(".")
    return int(whole) * 100 + int(part.ljust(2, "0") or 0)


def test_a_plan_is_taken_from_its_drafts_to_money_in_the_account(come: Cast) -> None:
    """
    Merrow's plan lead, its council, three CCGs and board, NHS England, ministers and four finance officers take the
    plan through, each signed in by password and none with JavaScript; an analyst looks on, and the public read what came of it.
    """
    a_lead_draws_the_plan_up(come)
    a_ccg_refuses_it(come)
    all_agree_to_the_next_version(come)
    it_is_approved_and_signed_off(come)
    a_quarter_is_released(come)
    the_year_is_closed(come)
    the_public_read_what_came_of_it(come)


def a_lead_draws_the_plan_up(come: Cast) -> None:
    """The lead finds her drafts, corrects an amount, and saves a version on purpose."""
    # Given nobody but the public, who are asked to sign in, and to whom nothing of the plan is shown
    public = come("")
    for path in (PLAN, f"{PLAN}/decisions", "/plans/there-is-none"):
        public.given_the_page(path)
        public.then_the_heading_is("Sign in")
    public.given_the_page("/plans")
    assert public.page.get_by_text("Merrow").count() == 0
    public.given_the_page("/public/merrow")
    public.then_the_heading_is("Page not found")

    # When somebody mistakes the password, then they are told, and not what of the two was wrong
    public.when_i_sign_in("merrow.lead", "a guess")
    public.then_the_title_begins("Error: Sign in")
    public.then_i_read("The name and the password do not fit together.")
    public.then_axe_finds_nothing()

    # And to the lead of another county's plan there is no such plan; an analyst of NHS England reads it, and there is nothing yet
    other = come("stonebeck.lead")
    other.given_the_page(PLAN)
    other.then_the_heading_is("Page not found")
    other.then_i_read("There is no plan “merrow”.")
    other.then_axe_finds_nothing()
    reader = come(READER)
    reader.given_the_page(PLAN)
    reader.then_i_read("No version has been saved yet.", "Its leads are writing it")
    reader.given_the_page(f"{PLAN}/decisions")
    reader.then_i_read("There is no version to decide on yet.")

    # When the lead comes, then she finds her drafts
    lead = come("merrow.lead")
    lead.then_i_read("My drafts", "Kept 20 January 2015")
    lead.then_axe_finds_nothing()

    # When she writes a word for an amount, then it is said above and at the field, and what she typed is kept
    lead.when_i_follow("Money out")
    first, third = (lead.field(AMOUNT, f"Line of spend {row}").input_value() for row in (1, 3))
    lead.when_i_enter(AMOUNT, "lots", group="Line of spend 1")
    lead.when_i_press("Keep and go on")
    lead.then_the_title_begins("Error: Money out")
    lead.then_i_read("There is a problem")
    expect(lead.field(AMOUNT, "Line of spend 1")).to_have_value("lots")
    expect(lead.field(AMOUNT, "Line of spend 1")).to_have_accessible_description(
        re.compile("“lots” is not an amount. Write pounds, like 1,240,000.")
    )
    lead.then_axe_finds_nothing()

    # When she leaves it so and tries to save, then nothing is saved, and she is led to it
    lead.given_the_page(f"{PLAN}/check")
    lead.when_i_press("Save as version 1")
    lead.then_i_read("Nothing was saved, and nothing you typed is lost.")
    lead.then_axe_finds_nothing()
    lead.then_i_read("Once it can, the checks of money, target and joint agreement follow here.")
    lead.page.get_by_role("link", name="Go there").first.click()
    assert lead.focused() == "spend-0-year_2"

    # When she puts it right, as people write amounts, then the form lets her go on to the whole plan
    lead.when_i_enter(AMOUNT, "£14 000 000", group="Line of spend 1")
    lead.when_i_enter(AMOUNT, pounds(pence(third) + pence(first) - pence(MOVED))[1:], group="Line of spend 3")
    lead.when_i_press("Keep and go on to where the money is freed")
    lead.then_the_heading_is("Where the money is freed")
    lead.then_axe_finds_nothing()
    lead.when_i_press("Keep and return to the list")
    lead.then_i_read("“Where the money is freed” is kept as your draft.")
    lead.then_axe_finds_nothing()
    lead.when_i_follow("The whole plan on one page, with its findings")
    lead.then_the_heading_is("Check the plan")
    lead.then_i_read("agrees with the plan only in part", MOVED, pounds(PLANNED))
    expect(lead.page.locator(".nhsuk-tag", has_text="Blocker")).to_have_count(0)
    lead.then_axe_finds_nothing()

    # And nobody else sees anything of it before she saves a version
    reader.given_the_page(f"{PLAN}/check")
    reader.then_i_read("Nothing has been saved yet.")
    assert reader.page.get_by_text(MOVED).count() == 0
    lead.when_i_press("Save as version 1")
    lead.then_i_read("Version 1 is saved. Now the bodies of the plan can decide on it.")
    lead.then_axe_finds_nothing()
    then_it_stands(
        reader, 1, council="Awaited", vale="Awaited", coast="Awaited", downs="Awaited", board="Awaited"
    )


def a_ccg_refuses_it(come: Cast) -> None:
    """Council and one CCG agree; another refuses with its reasons, which everybody of the plan can read."""
    reader = come(READER)
    chief = come("merrow.chief")
    chief.when_i_follow(DECISION.format(1))
    chief.then_i_read("What this commits us to", "2,290 fewer non-elective admissions", "£3,412,100 is paid")
    chief.then_i_may_press("Agree to version 1 for Merrow council", "Refuse version 1 for Merrow council")
    chief.then_axe_finds_nothing()
    chief.when_i_agree(1)
    chief.then_i_read("Recorded: Merrow council has agreed to version 1.")
    then_it_stands(
        reader, 1, council="Agreed", vale="Awaited", coast="Awaited", downs="Awaited", board="Awaited"
    )
    agrees(come, "vale.officer", 1)

    # When a CCG refuses without reasons, then it is asked for them
    coast = come("coast.officer")
    coast.when_i_follow(DECISION.format(1))
    coast.when_i_press("Refuse version 1")
    coast.then_the_title_begins("Error: Decisions")
    coast.then_i_read("A refusal needs its reasons")
    coast.then_axe_finds_nothing()

    # When it gives them, then it has refused, and everybody of the plan can read why
    coast.when_i_enter(f"Reasons, if {COAST} refuses", REASONS)
    coast.when_i_press("Refuse version 1")
    coast.then_i_read(f"Recorded: {COAST} has refused version 1.")
    then_it_stands(
        reader, 1, council="Agreed", vale="Agreed", coast="Refused", downs="Awaited", board="Awaited"
    )
    reader.then_i_read(f"Refused by {COAST}.", REASONS, "You hold no office that decides here now.")
    reader.then_i_may_press()
    reader.then_axe_finds_nothing()


def all_agree_to_the_next_version(come: Cast) -> None:
    """The lead answers the reasons in another version; each is shown the difference before deciding anew."""
    reader = come(READER)
    lead = come("merrow.lead")
    lead.when_i_follow("Merrow joint plan")
    lead.when_i_follow("Read the reasons")
    lead.then_i_read(REASONS)
    lead.given_the_page(f"{PLAN}/sections/schemes")
    lead.when_i_enter("What it does", AFTER, group="Scheme 1")
    lead.when_i_press("Keep and go on")
    lead.given_the_page(PLAN)
    lead.when_i_follow("Check them and save a version")
    lead.then_i_read("Once you save another, they decide again")
    lead.when_i_press("Save as version 2")
    lead.then_i_read("Version 2 is saved.")

    # Then what differs can be read by everybody, and what was agreed has lapsed
    reader.given_the_page(f"{PLAN}/versions")
    reader.then_axe_finds_nothing()
    reader.when_i_follow("Compare 1 and 2")
    reader.then_i_read("1 field differs.", AFTER)
    assert reader.rows("What differs", "Version 1", "Version 2") == [(BEFORE, AFTER)]
    reader.then_axe_finds_nothing()
    then_it_stands(
        reader, 2, council="Lapsed", vale="Lapsed", coast="Awaited", downs="Awaited", board="Awaited"
    )

    # When they decide anew, then each has been shown what changed since it last decided, and no other button
    for handle, said in (
        ("merrow.chief", "agreed to"),
        ("vale.officer", "agreed to"),
        ("coast.officer", "refused"),
    ):
        signer = come(handle)
        signer.when_i_follow(DECISION.format(2))
        signer.then_i_read(f" {said} version 1, on ", ", and version 2 has been saved since.")
        assert signer.rows("What changed from version 1 to version 2", "Was", "Is") == [(BEFORE, AFTER)]
        if handle == "coast.officer":
            signer.then_axe_finds_nothing()
        signer.when_i_agree(2)
        signer.then_i_read("has agreed to version 2.")
    then_it_stands(
        reader, 2, council="Agreed", vale="Agreed", coast="Agreed", downs="Awaited", board="Awaited"
    )
    agrees(come, "downs.officer", 2)
    then_it_stands(
        reader, 2, council="Agreed", vale="Agreed", coast="Agreed", downs="Agreed", board="Awaited"
    )
    agrees(come, "merrow.chair", 2)


def it_is_assured(come: Cast) -> None:
    """Two reviewers who do not see each other, a moderator, and the outcome; everything in a browser without JavaScript."""
    here = f"{PLAN}/assurance"
    moderator = come("moderator")
    moderator.when_i_follow("Choose reviewers: “Merrow joint plan”")
    for title, name in (("NHS", "Ravi Sloane"), ("Local government", "Tilda Bourne")):
        moderator.page.get_by_label(f"Who reviews for {title}", exact=True).select_option(label=name)
        moderator.when_i_press(f"Choose for {title}")
    moderator.then_axe_finds_nothing()
    reviewer = come("nhs.reviewer")
    judges(reviewer, f"{here}/review/nhs", "No study is named.")
    reviewer.when_i_press("Hand my review in")
    reviewer.then_i_read("One of two reviews is in.")
    other = come("lga.assurer")
    other.given_the_page(here)
    assert other.page.get_by_text("No study is named.").count() == 0
    judges(other, f"{here}/review/local_government", "")
    other.when_i_press("Hand my review in")
    other.then_i_read("Both reviews are in, and wait to be moderated.")
    come("moderator").given_the_page(f"{here}/moderate")
    moderator.then_i_read("They differ")
    judges(moderator, f"{here}/moderate", "One study is enough.")
    moderator.when_i_press("Record the moderation")
    director = come("nhs.director")
    director.when_i_follow("Decide the outcome: “Merrow joint plan”")
    director.when_i_follow("Decide the outcome")
    director.then_axe_finds_nothing()
    director.page.get_by_label("Approved: the plan may go on.").check()
    director.when_i_press("Decide the outcome of version 2")
    director.then_i_read("Recorded: the outcome is decided.")
    director.then_axe_finds_nothing()


def it_is_approved_and_signed_off(come: Cast) -> None:
    """NHS England approves the agreed plan, and only then ministers sign it off."""
    reader, page = come(READER), f"{PLAN}/decisions"
    minister = come("minister.office")
    assert minister.page.get_by_text("Merrow joint plan").count() == 0
    reader.given_the_page(page)
    reader.then_i_read(
        "5 of 5 bodies have agreed.", "Next: NHS England approves the agreed plan; awaited since"
    )
    it_is_assured(come)

    reader.given_the_page(page)
    reader.then_i_read("Next: Ministers sign the approved plan off; awaited since")
    reader.given_the_page(f"{PLAN}/money")
    reader.then_i_read("There is no money yet.")
    reader.then_axe_finds_nothing()
    come("minister.office").when_i_follow("Ministers sign the approved plan off: “Merrow joint plan”")
    minister.when_i_press("Sign off version 2")
    minister.then_i_read("version 2 is signed off by Ministers.")
    reader.given_the_page(page)
    reader.then_i_read("NHS England has approved it and ministers have signed it off.")
    assert reader.rows("What follows", "State", "By") == [("Done", "Vera Holm"), ("Done", "Lena Park")]
    reader.then_axe_finds_nothing()


def a_quarter_is_released(come: Cast) -> None:
    """The host opens the pool and proposes what the first quarter earned; each CCG and the host approve, and it moves."""
    reader = come(READER)
    reader.given_the_page("/pools/merrow")
    reader.then_i_read("The pool is not open yet. Merrow council will hold it")

    # When the host opens the pool, then the performance money is off it, and nothing is released
    host = come("merrow.finance")
    host.when_i_follow("Open the pool of “Merrow joint plan”")
    host.then_i_may_press("Open the pool")
    host.then_axe_finds_nothing()
    host.when_i_press("Open the pool")
    host.then_i_read("Recorded: the pool is open.")
    opened = balanced(reader)
    assert opened["performance_pence"] == opened["contingent_pence"] == AT_STAKE
    assert opened["contributed_pence"] == PLANNED - AT_STAKE
    assert opened["in_pool_pence"] == opened["contributed_pence"]

    # When the host proposes what the first quarter earned, then it is split by people, and each has its own part waiting
    parts = [pence(due) for quarter, due in host.rows(DUE, "Quarter", "Due") if quarter == FIRST]
    earned = pence(dict(host.rows(EARNED, "Quarter", "Earned"))[FIRST])
    assert sum(parts) == earned == 577 * UNIT
    assert all(abs(part - earned * of / sum(PEOPLE)) <= 1 for part, of in zip(parts, PEOPLE, strict=True))
    for part in parts:
        host.when_i_press(f"Propose {pounds(part)}")
        host.then_i_read("Recorded: the release is proposed, and waits for its two approvers.")
    host.then_axe_finds_nothing()

    # When each CCG approves its own, then nothing has moved, for it waits for the host
    for handle, name, part in zip(FINANCE, (VALE, COAST, DOWNS), parts, strict=True):
        ccg = come(handle)
        ccg.when_i_follow(f"Approve that {name} releases {pounds(part)}, earned in {FIRST}")
        mine = ccg.page.get_by_role("button", name="Approve")
        assert mine.all_inner_texts() == [f"Approve {pounds(part)} for the CCG"]
        if handle == FINANCE[0]:
            ccg.then_axe_finds_nothing()
        mine.click()
        ccg.then_i_read("It waits for the other.")
        assert mine.count() == 0
    assert balanced(reader) == opened
    reader.given_the_page(f"{PLAN}/money")
    reader.then_i_read("Waiting for the host since")
    reader.then_i_may_press()

    # When the host approves one, then that money and no other is in the account
    host = come("merrow.finance")
    host.when_i_follow(f"Approve that {VALE} releases {pounds(parts[0])}, earned in {FIRST}")
    host.then_i_read("This is the second approval: the money moves with it.")
    host.when_i_press(f"Approve {pounds(parts[0])} for the host")
    host.then_i_read("Recorded: both sides have approved, and the money has moved to the pool.")
    moved = balanced(reader)
    assert moved["released_pence"] == parts[0] == AT_STAKE - moved["contingent_pence"]
    assert moved["in_pool_pence"] == opened["in_pool_pence"] + parts[0]


def the_year_is_closed(come: Cast) -> None:
    """The other quarters follow; only when all that was earned is released can the host close the year."""
    host = come("merrow.finance")
    host.given_the_page(f"{PLAN}/money")
    assert "Close the year" not in host.page.inner_text("main")
    pressed_through(host, "Propose")
    for handle in FINANCE:
        officer = come(handle)
        officer.given_the_page(f"{PLAN}/money")
        pressed_through(officer, "Approve")
    host.given_the_page(f"{PLAN}/money")
    pressed_through(host, "Approve")
    host.then_i_may_press("Close the year")
    host.when_i_press("Close the year")
    host.then_i_read("Recorded: the year is closed", "The year was closed on")
    host.then_i_may_press()
    host.then_axe_finds_nothing()


def the_public_read_what_came_of_it(come: Cast) -> None:
    """Signed out, they read who agreed, what was promised and done; whoever reads the plan sees where every pound is."""
    public = come("")
    public.given_the_page("/plans")
    public.when_i_follow("Merrow joint plan")
    public.then_the_address_is("/public/merrow")
    public.then_i_read(
        "5 bodies agreed how £44.4m of health and social care money is spent together", "2,290 fewer", AFTER
    )
    assert public.rows("Decisions on this version", "Body", "Decision", "Signed by") == [
        (COUNCIL, "Agreed", "Ben Thorne, chief executive"),
        (VALE, "Agreed", "Dan Holt, accountable officer"),
        (COAST, "Agreed", "Esme Ward, accountable officer"),
        (DOWNS, "Agreed", "Finn Oake, accountable officer"),
        (BOARD, "Agreed", "Joan Fell, chair of the board"),
        ("NHS England", "Approved", "Vera Holm, director of NHS England"),
        ("Ministers", "Signed off", "Lena Park, minister's office"),
    ]
    results = public.rows("Fewer emergency stays", "Earned", "Released")
    assert sum(pence(earned) for earned, _ in results) == AT_STAKE
    assert all(earned == released for earned, released in results)
    assert public.rows("Schemes", "Scheme", "Spend")[0] == ("Rapid response", MOVED)
    public.then_axe_finds_nothing()

    # And the account: all that was earned is in it, its books balance, and who approved stands on each posting's page
    reader = come(READER)
    reader.given_the_page(f"{PLAN}/money")
    reader.when_i_follow("The public page of this plan")
    reader.when_i_follow("The pooled account, posting by posting")
    reader.then_i_read("Held by Merrow council:", "is in the account")
    reader.then_axe_finds_nothing()
    reader.when_i_follow("Postings", within="main nav")
    reader.when_i_follow("Accounts", within="main nav")
    reader.then_i_read("Debits less credits over all accounts: £0.00.")
    reader.when_i_follow("Postings", within="main nav")
    reader.page.get_by_role("link", name="Release 2014-15Q4 Z1A").first.click()
    reader.then_i_read("Approved by Gita Rowe for the CCG and Cora Lind for the host on")
    reader.then_axe_finds_nothing()
    totals = balanced(reader)
    assert totals["in_pool_pence"] == PLANNED
    assert (totals["released_pence"], totals["contingent_pence"], totals["kept_pence"]) == (AT_STAKE, 0, 0)

    # And the very version that was agreed is the one that the money rests on
    agreed, pool = public.data("/public/merrow.json"), reader.data("/pools/merrow.json")
    assert agreed["digest"] == pool["plan_digest"] == plan_digest(Plan.model_validate(agreed["content"]))


# By keyboard alone


def test_a_plan_is_saved_and_agreed_by_keyboard_alone(visit: Opener) -> None:
    """Stonebeck's lead signs in, renames a scheme and saves a version, and its council agrees: nobody touches a mouse."""
    lead = visit()
    signs_in_by_keyboard(lead, "stonebeck.lead")
    go_by_keyboard(lead, "Stonebeck joint plan")
    lead.then_the_heading_is("Stonebeck joint plan")
    go_by_keyboard(lead, "Schemes")
    lead.then_the_heading_is("Schemes")
    lead.when_i_tab_to("schemes-0-name", limit=40, seen=True)
    lead.when_i_write("Rapid response, day and night")
    go_by_keyboard(lead, "Keep and go on to money in", "Space")
    lead.then_the_heading_is("Money in")
    go_by_keyboard(lead, "Content")
    lead.then_the_heading_is("Check the plan")
    go_by_keyboard(lead, "Save as version 3", "Space")
    lead.then_i_read("Version 3 is saved.")
    go_by_keyboard(lead, "Sign out")
    lead.then_the_heading_is("Sign in")

    chief = visit()
    signs_in_by_keyboard(chief, "stonebeck.chief")
    go_by_keyboard(chief, "Decide on version 3 of “Stonebeck joint plan”")
    chief.then_i_read("What changed from version 1 to version 3")
    chief.when_i_tab_to("key_decision", limit=100, seen=True)
    chief.when_i_type_key("Space", "ArrowDown")
    go_by_keyboard(chief, "Agree to version 3 for Stonebeck council", "Space")
    chief.then_i_read("Recorded: Stonebeck council has agreed to version 3.")


def signs_in_by_keyboard(visitor: Visitor, handle: str) -> None:
    """From the nation's page, by Tab and Enter."""
    visitor.given_the_page("/")
    go_by_keyboard(visitor, "Sign in")
    visitor.then_the_heading_is("Sign in")
    visitor.when_i_tab_to("handle", seen=True)
    visitor.when_i_write(handle)
    visitor.when_i_tab_to("password", limit=1, seen=True)
    visitor.when_i_write(PASSWORD)
    visitor.when_i_type_key("Enter")
    visitor.then_the_heading_is("What waits for me")


def go_by_keyboard(visitor: Visitor, words: str, key: str = "Enter") -> None:
    """Tab to the link or button of those words, the focus seen at every stop, and press it."""
    visitor.when_i_tab_to(words, limit=100, seen=True)
    visitor.when_i_type_key(key)
    visitor.page.wait_for_load_state()


# As at earlier instants


NO_MONEY, NO_POOL, NO_PAGE = (
    "There is no money yet.",
    "There is no pool yet.",
    "There is no public page of a plan “carrowby”",
)
WAITS = "Agreed, not yet in effect (takes effect on 9 September 2014)"
INSTANTS = {
    "2014-09-05": (
        "Awaiting decisions",
        "1 of 3 bodies have agreed to it. Carrowby council has decided, and its decision takes effect on 9 September 2014.",
        "Awaited: Carrowby Health and Wellbeing Board (since 18 August 2014).",
        NO_MONEY,
        NO_POOL,
        NO_PAGE,
    ),
    "2014-10-20": (
        "Approved",
        "and was approved on 10 October 2014.",
        "Next: Ministers sign the approved plan off; awaited since 10 October 2014.",
        NO_MONEY,
        NO_POOL,
        NO_PAGE,
    ),
    "2015-06-01": (
        "Signed off",
        "and was signed off on 30 October 2014.",
        "3 of 3 bodies have agreed. NHS England has approved it",
        f"{pounds(95 * UNIT)} of it has been earned by admissions to March 2015",
        f"Held by Carrowby council: {pounds(95 * UNIT)} is in the account, and £1.4m is off the pool",
        f"they have earned {pounds(95 * UNIT)} of the £1.6m",
    ),
    "2015-09-01": (
        "Signed off",
        "and was signed off on 30 October 2014.",
        "3 of 3 bodies have agreed. NHS England has approved it",
        f"{pounds(508 * UNIT)} of it has been earned by admissions to June 2015",
        f"Held by Carrowby council: {pounds(508 * UNIT)} is in the account, and £803,110 is off the pool",
        f"they have earned {pounds(508 * UNIT)} of the £1.6m",
    ),
}
"""Of Carrowby, by day: its status, and what overview, decisions, money, pool and public page said."""


STAGES = {
    "Awaiting decisions": ["Not yet its turn", "Not yet its turn"],
    "Approved": ["Done", "Awaited"],
    "Signed off": ["Done", "Done"],
}
MONTHS = {
    "2014-09": "September 2014",
    "2014-10": "October 2014",
    "2015-06": "June 2015",
    "2015-09": "September 2015",
}


def test_the_pages_of_a_finished_plan_as_at_four_earlier_instants(come: Cast) -> None:
    """
    The finance officer who could approve a release of Carrowby's today goes back through its pages, link by link: each
    says what was so at the end of that day, and none has a button. What came later is nowhere.
    """
    host = come("carrowby.finance")
    host.given_the_page("/plans/carrowby/money")
    host.then_i_may_press(f"Approve {pounds(182 * UNIT)} for the host", f"Propose {pounds(249 * UNIT)}")
    for day, (status, overview, decisions, money, pool, public) in INSTANTS.items():
        shown = f"As at {int(day[-2:])} {MONTHS[day[:7]]}"
        host.given_the_page("/plans/carrowby")
        host.when_i_enter("Show this page as it was on", day)
        host.when_i_press("Show")
        for page, says in (("", overview), ("Decisions", decisions), ("Money", money)):
            if page:
                host.when_i_follow(page, within="main nav")
            host.then_the_address_is(f"/plans/carrowby{'/' * bool(page)}{page.lower()}", as_at=day)
            host.then_i_read(shown, says)
            assert status in host.page.locator("main .nhsuk-tag").all_inner_texts()
            host.then_i_may_press()
            if page == "Decisions":
                said = [word for (word,) in host.rows(STANDING.format(1), "Decision")]
                assert sorted(said) == (
                    ["Agreed"] * 3 if day > "2014-09-12" else ["Agreed", WAITS, "Awaited"]
                )
                assert [state for (state,) in host.rows("What follows", "State")] == STAGES[status]
            if day in {"2014-09-05", "2015-06-01"} and page == "Money":
                host.then_axe_finds_nothing()
        for path, says in (("/pools/carrowby", pool), ("/public/carrowby", public)):
            host.given_the_page(f"{path}?as_at={day}")
            host.then_i_read(says)
            host.then_i_may_press()
        # The balance of that day is in the JSON too, and nothing that was posted after it.
        books = host.data(f"/pools/carrowby.json?as_at={day}")
        assert books["open"] is (day > "2015-04-01")
        assert all(posting["on"] <= day for posting in books.get("postings", []))


@pytest.mark.parametrize(
    ("handle", "page", "now", "day", "then"),
    [
        ("carrowby.finance", "carrowby/money", "Approve", "2015-11-20", "Waiting for the host since 18 November 2015"),
        ("stonebeck.chief", "stonebeck/decisions", "Refuse", "2015-01-08", "Awaited: Stonebeck council"),
        ("lindenmouth.lead", "lindenmouth/sections/spend", "Keep", "2015-01-15", "A past day cannot be changed."),
    ],
)  # fmt: skip
def test_a_past_day_cannot_be_acted_on(
    come: Cast, handle: str, page: str, now: str, day: str, then: str
) -> None:
    """What already waited on a past day, and still does, has its buttons on the page of today alone."""
    who = come(handle)
    who.given_the_page(f"/plans/{page}")
    assert who.page.get_by_role("button", name=now).count()
    who.given_the_page(f"/plans/{page}?as_at={day}")
    who.then_i_read(then)
    who.then_i_may_press()


# On the smallest screen


SMALL = {
    "": ["/sign-in", "/plans", "/public/carrowby"],
    "nhs.analyst": ["/plans", "/plans/stonebeck/decisions", "/plans/stonebeck/versions", "/plans/stonebeck/compare", "/plans/lindenmouth/check", "/pools/carrowby"],
    "lindenmouth.lead": ["/me", "/plans/lindenmouth", "/plans/lindenmouth/sections/parties", "/plans/lindenmouth/sections/spend?checked=yes", "/plans/lindenmouth/sections/target"],
    "farrowdale.chief": ["/plans/farrowdale/decisions"],
    "lindenmouth.chief": ["/me", "/plans/lindenmouth/decisions"],
    "carrowby.finance": ["/me", "/plans/carrowby/money"],
}  # fmt: skip


@pytest.mark.parametrize("handle", SMALL, ids=[each or "public" for each in SMALL])
def test_the_pages_of_the_thread_fit_320_pixels(visit: Opener, handle: str) -> None:
    """On the smallest phone every page of the thread scrolls down only, whoever looks, with what is folded open."""
    visitor = visit(width=320, height=640)
    if handle:
        visitor.when_i_sign_in(handle, PASSWORD)
        visitor.then_the_heading_is("What waits for me")
    for path in SMALL[handle]:
        visitor.given_the_page(path)
        for folded in visitor.page.locator("summary").all():
            folded.click()
        visitor.then_it_does_not_scroll_sideways()


# What these journeys share


def pressed_through(visitor: Visitor, words: str) -> None:
    """Press the first button that begins with the words until there is none; each time it is recorded."""
    buttons = visitor.page.get_by_role("button", name=re.compile(f"^{words} £"))
    for _ in range(20):
        if not buttons.count():
            return
        buttons.first.click()
        visitor.then_i_read("Recorded: ")
    raise AssertionError(f"There is no end of “{words}” at {visitor.page.url}")


def balanced(visitor: Visitor) -> dict[str, int]:
    """The totals of Merrow's pool in pence, once its JSON has been added up again and found to balance."""
    pool = visitor.data("/pools/merrow.json")
    accounts, partners, totals = pool["accounts"], pool["partners"], pool["totals"]
    moved: dict[str, int] = {}
    for line in (line for posting in pool["postings"] for line in posting["lines"]):
        moved[line["debit"]] = moved.get(line["debit"], 0) + line["amount_pence"]
        moved[line["credit"]] = moved.get(line["credit"], 0) - line["amount_pence"]
    assert {each["account"]: each["debit_pence"] - each["credit_pence"] for each in accounts} == moved
    assert sum(moved.values()) == pool["trial_balance_pence"] == 0
    assert all(totals[name] == sum(each[name] for each in partners) for name in totals)
    return dict(totals)


def agrees(come: Cast, handle: str, version: int) -> None:
    """Somebody goes to the decision that waits for them, and agrees."""
    signer = come(handle)
    signer.when_i_follow(DECISION.format(version))
    signer.then_i_read("What this commits us to")
    signer.when_i_agree(version)
    signer.then_i_read(f"has agreed to version {version}.")
    assert signer.page.get_by_role("button", name="Agree to version").count() == 0


def then_it_stands(reader: Visitor, version: int, **said: str) -> None:
    """Whoever reads the plan reads who has decided, and who is awaited, in the table and in the sentence above it.

    The deadlines of the rules were in 2014 and 2015, so whoever decides now decides late, and the table says so.
    """
    names = {"council": COUNCIL, "vale": VALE, "coast": COAST, "downs": DOWNS, "board": BOARD}
    reader.given_the_page(f"{PLAN}/decisions")
    assert dict(reader.rows(STANDING.format(version), "Body", "Decision")) == {
        names[who]: f"{word} (late)" if word in {"Agreed", "Refused"} else word for who, word in said.items()
    }
    sentence = reader.page.locator("main .nhsuk-body-l").inner_text()
    agreed = list(said.values()).count("Agreed")
    assert sentence.startswith(f"Version {version}: {agreed} of 5 bodies have agreed.")
    awaited = sentence.partition("Awaited: ")[2]
    waiting = [names[who] for who, word in said.items() if word in {"Awaited", "Lapsed"}]
    assert [name for name in names.values() if name in awaited] == waiting
    saved = datetime.fromisoformat(reader.data(f"{PLAN}.json")["version"]["saved"])
    assert awaited.count(f"(since {saved:%-d %B %Y})") == len(waiting)
