"""A plan of 2025-26 through the pages: chosen rules, ICBs, one year, no target, signed off, and nothing to release."""

import json
from collections.abc import Iterator
from datetime import date

import pytest
from django.db import transaction
from django.test import Client

from carepool.actions.house import House
from carepool.actions.permits import Actor
from carepool.actions.planning import view
from carepool.offices.holdings import give, stream_of
from carepool.web.plans import address_for
from carepool.wiring.house import current_house
from tests.web.conftest import State
from tests.web.reading import Page
from tests.web.test_plan_pages import fields, get, page_of, save, send, signed_in

LEAD, CHIEF, FINANCE, OFFICER, CHAIR = "demo-01", "demo-02", "demo-03", "demo-04", "demo-10"
ASSURER, MINISTER, ANALYST = "demo-11", "demo-12", "demo-70"
KENT = "E10000016"
RULES = "bcf-2025-26"
OFFICES = {
    LEAD: ("plan_lead", f"council:{KENT}"),
    CHIEF: ("chief_executive", f"council:{KENT}"),
    OFFICER: ("accountable_officer", "icb:QKS"),
    CHAIR: ("board_chair", f"board:{KENT}"),
    FINANCE: ("section_151_officer", f"council:{KENT}"),
}
NEW = {"rules": RULES, "board": KENT, "title": "Kent 2025-26", "plan": "kent", "key": "k1"}
PLAN = address_for(Actor(LEAD, "k1", ""), "kent")
HERE = f"/plans/{PLAN}"


@pytest.fixture
def house(loaded: State) -> Iterator[House]:
    """The county's people with offices in Kent; all that a test writes is rolled back."""
    with transaction.atomic():
        made = current_house()
        for account, (office, body) in OFFICES.items():
            stream = stream_of(body)
            made.journal.append(
                [give(body, office, account, date(2025, 4, 1))],
                expecting={stream: made.journal.version(stream)}, by="carepool", at=made.clock(),
            )  # fmt: skip
        yield made
        transaction.set_rollback(True)


@pytest.fixture
def lead(house: House) -> Client:
    """The browser of Kent's plan lead, who has started the plan."""
    client = signed_in(LEAD)
    assert client.post("/plans/new", NEW).headers["Location"] == f"{HERE}?started=yes"
    return client


def written(client: Client) -> None:
    """Fill in every section through its form, and save the version."""
    send(client, f"{HERE}/sections/parties", **{"parties-host": KENT})
    send(client, f"{HERE}/sections/schemes", **{"schemes-0-id": "S1", "schemes-0-name": "Home first"})
    source = {"sources-0-contributor": "QKS", "sources-0-source": "nhs_minimum", "sources-0-year_2": "150,000,000"}  # fmt: skip
    send(client, f"{HERE}/sections/sources", **source)
    spent = {"spend-0-scheme": "S1", "spend-0-commissioner": KENT, "spend-0-year_2": "150,000,000"}
    send(client, f"{HERE}/sections/spend", **spent)
    assert save(client, PLAN).headers["Location"] == f"{HERE}?saved=1"


def decided(account: str, **typed: str) -> Page:
    """Press the button that agrees, or that takes a stage."""
    client = signed_in(account)
    page = get(client, f"{HERE}/decisions")
    form = {
        each["name"]: each["value"]
        for each in page.find("input")
        if each.get("name") in {"body", "digest", "findings", "stage", "key"}
    }
    route = "stage" if "stage" in form else "decide"
    answer = client.post(f"{HERE}/{route}", {**form, "agrees": "yes", "key_decision": "no", **typed})
    assert answer.status_code == 302, page_of(answer).text
    return get(client, answer.headers["Location"])


def test_the_rules_are_chosen_and_with_them_the_boards(house: House) -> None:
    """The rules of 2014 stand chosen; those of 2025-26 list their own 152 boards, and lead on to them."""
    client = signed_in(LEAD)
    page = get(client, "/plans/new")
    assert "All 150 boards under bcf-2014-08" in page.text
    chosen = [each["value"] for each in page.find("option") if "selected" in each]
    assert chosen == ["bcf-2014-08"]
    page = get(client, f"/plans/new?rules={RULES}")
    assert "All 152 boards under bcf-2025-26" in page.text
    assert "Cumberland, E06000063" in page.text
    assert f"/plans/new?rules={RULES}&board={KENT}" in {each.get("href") for each in page.find("a")}
    form = get(client, f"/plans/new?rules={RULES}&board=Kent")
    assert "the ICBs whose people live there. You can change all of it" in form.text
    assert "baseline" not in form.text


def test_who_leads_by_later_rules_alone_begins_with_them(house: House) -> None:
    """The plan lead of an integrated care board is shown its boards without having to find the rules first."""
    stream = stream_of("icb:QOQ")
    house.journal.append(
        [give("icb:QOQ", "plan_lead", "demo-40", date(2025, 4, 1))],
        expecting={stream: house.journal.version(stream)}, by="carepool", at=house.clock(),
    )  # fmt: skip
    page = get(signed_in("demo-40"), "/plans/new")
    assert "Boards of yours under bcf-2025-26" in page.text
    assert "North Yorkshire" in page.text
    assert "/plans/new" in {each.get("href") for each in get(signed_in("demo-40"), "/plans").find("a")}


@pytest.mark.parametrize(
    ("typed", "status", "says"),
    [
        ({"board": "E10000006"}, 400, "The page that starts a plan lists all 152 boards of 2025"),
        ({"board": "ZZ1"}, 400, "ZZ1 is a board of the illustrative county"),
        ({"board": "Merrow"}, 400, "There is no board “Merrow”."),
        ({"board": "E06000010"}, 403, "plan lead of a council or an ICB of its boards"),
        ({"rules": "bcf-2099"}, 400, "There is no set of rules “bcf-2099”."),
    ],
)
def test_a_plan_of_2025_that_cannot_be_started(
    house: House, typed: dict[str, str], status: int, says: str
) -> None:
    """Each refusal is a sentence on the page where it was asked."""
    answer = signed_in(LEAD).post("/plans/new", NEW | typed)
    assert answer.status_code == status
    assert says in page_of(answer).text


@pytest.mark.slow
def test_no_page_of_the_plan_speaks_of_ccgs_or_of_a_year_that_is_not_there(lead: Client) -> None:
    """Every page of the plan names ICBs and 2025-26 alone, before and after the first version."""
    paths = [HERE, *(f"{HERE}/{each}" for each in ("check", "versions", "compare", "decisions", "money"))]
    paths += [f"{HERE}/sections/{each}" for each in ("parties", "schemes", "sources", "spend", "target")]
    for _ in range(2):
        for client in (lead, signed_in(OFFICER), signed_in(ANALYST)):
            for path in paths:
                page = get(client, path)
                assert "CCG" not in page.text, path
                assert "year_1" not in page.html, path
                assert "both years" not in page.text, path
        if "No version" in get(lead, HERE).text:
            written(lead)


def test_the_forms_have_one_column_of_money_and_no_target(lead: Client) -> None:
    """The section of the target says that there is none, and the task list leaves it out."""
    tasks = [
        each.get("href", "") for each in get(lead, HERE).find("a") if "task-list" in each.get("class", "")
    ]
    listed = [each.rpartition("/")[2] for each in tasks]
    assert listed[:5] == ["parties", "vision", "schemes", "sources", "spend"]
    assert not {"target", "freed", "flows", "transfer"} & set(listed)
    page = get(lead, f"{HERE}/sections/sources")
    assert page.tables["totals-table"].rows[0] == ["Money", "2025-26"]
    for client in (lead, signed_in(ANALYST)):
        assert "the plan sets no target for them" in get(client, f"{HERE}/check").text
    assert "the plan sets no target for them" in get(lead, f"{HERE}/sections/target").text
    parties = get(lead, f"{HERE}/sections/parties")
    assert "ICBs that contribute" in parties.text
    assert "NHS Kent and Medway ICB (QKS)" in parties.text


def test_a_plan_of_2025_is_written_saved_and_checked(lead: Client, house: House) -> None:
    """What is typed becomes version 1; its tables have one year, and nothing blocks."""
    written(lead)
    seen = view(house, PLAN)
    assert not seen.blocked
    assert seen.plan.total("sources", "year_2") == seen.plan.total("spend", "year_2") == 15_000_000_000
    page = get(lead, f"{HERE}/check")
    assert page.tables["sources-table"].rows[0] == ["Who puts it in", "Which money", "2025-26"]
    assert page.tables["spend-table"].rows[-1][-1].strip() == "£150,000,000"
    assert "Money in, 2025-26" in get(lead, HERE).text
    answer = send(lead, f"{HERE}/sections/spend", **{"spend-0-year_2": "150,090,000"})
    assert answer.headers["Location"].endswith("checked=yes")
    wrong = get(lead, answer.headers["Location"])
    assert "In 2025-26 the plan spends £150,090,000, £90,000 more than its sources" in wrong.text


@pytest.mark.slow
def test_a_plan_of_2025_is_signed_off_and_public_and_moves_no_money(lead: Client) -> None:
    """Council, ICB and board agree, NHS England and ministers follow; the money page says why nothing is released."""
    written(lead)
    for account in (CHIEF, FINANCE, OFFICER, CHAIR):
        page = get(signed_in(account), f"{HERE}/decisions")
        assert "No payment by results is computed under these rules." in page.text
        assert page.tables["commits-money"].rows[0] == ["Party", "2025-26"]
        assert "Recorded" in decided(account).text
    for account in (ASSURER, MINISTER):
        decided(account)
    page = get(lead, f"{HERE}/decisions")
    assert "ministers have signed it off" in page.text
    assert "ICB" in page.tables["standing"].column("Kind")
    money = get(lead, f"{HERE}/money")
    assert "lay down no computation of performance money" in money.text
    assert f"/public/{PLAN}" in {each.get("href") for each in money.find("a")}
    answer = lead.post(f"{HERE}/open-pool", {"key": "k9"})
    assert answer.status_code == 409
    assert "No pool is opened" in page_of(answer).text
    public = get(Client(SERVER_NAME="localhost"), f"/public/{PLAN}")
    assert "3 bodies agreed how £150.0m" in public.text
    assert "1,675,922 people of Kent" in public.text
    data = json.loads(lead.get(f"/public/{PLAN}.json").content)
    assert "statement" not in data
    assert data["content"]["parties"]["ccgs"] == ["QKS"]
    assert get(lead, f"/pools/{PLAN}").text
    assert "Open the pool" not in get(signed_in(FINANCE), "/me").text


def test_what_waits_names_the_office_by_its_own_rules(lead: Client) -> None:
    """The ICB's officer is told of the decision, under the title that the rules of 2025-26 give."""
    written(lead)
    page = get(signed_in(OFFICER), "/me")
    assert "Decide on version 1 of “Kent 2025-26”" in page.text
    row = next(each for each in page.tables["offices-table"] if each["Body"] == "NHS Kent and Medway ICB")
    assert row["Office"] == "Chief executive of the integrated care board"


@pytest.mark.slow
def test_what_changed_is_said_in_the_years_and_bodies_of_the_plan(lead: Client) -> None:
    """A row that was added, and a commissioner that was added, as the versions and a signer are shown them."""
    written(lead)
    decided(CHIEF)
    send(lead, f"{HERE}/sections/parties", **{"parties-ccgs-more": "QE1"})
    row = {"contributor": KENT, "source": "additional", "year_2": "500"}
    sources = fields(lead, f"{HERE}/sections/sources?add=1") | {"rows": "2", "do": "keep"}
    lead.post(f"{HERE}/sections/sources", sources | {f"sources-1-{name}": text for name, text in row.items()})
    assert save(lead, PLAN).headers["Location"] == f"{HERE}?saved=2"
    shown = get(lead, f"{HERE}/compare"), get(signed_in(CHIEF), f"{HERE}/decisions")
    for page in shown:
        assert "2025-26: £500" in page.text or "2025-26: 500" in page.text
        assert "year 1" not in page.text.lower()
        assert "year_1" not in page.text
    assert "Parties, ICBs" in shown[0].text
