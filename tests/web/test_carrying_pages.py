"""Carrying a plan over in the browser: what would become of each answer, then the new plan, started once."""

# ruff: noqa: F811  (a fixture that is imported is named again as an argument)

import pytest
from django.test import Client

from carepool.actions.house import House
from carepool.actions.planning import read_history, view
from carepool.basics.refusals import NotHere
from tests.web.test_plan_pages import county, get, page_of, signed_in  # noqa: F401  (a fixture)

ANALYST = "demo-70"


def test_anybody_of_the_plan_sees_what_would_become_of_each_answer(county: House) -> None:
    """Four groups with their advice, the lost ones first; who is not signed in is asked to sign in first."""
    page = get(signed_in(ANALYST), "/plans/carrowby/carry?rules=bcf-2016-17")
    text = page.text
    order = [text.index(word) for word in ("No place any more (", "Look again (", "New (", "Kept (")]
    assert order == sorted(order)
    assert "Money in, reablement of Z6A" in text
    asked = Client(SERVER_NAME="localhost").get("/plans/carrowby/carry?rules=bcf-2016-17")
    assert asked["Location"] == "/sign-in?next=%2Fplans%2Fcarrowby%2Fcarry%3Frules%3Dbcf-2016-17"


def test_the_lead_starts_the_new_plan(county: House) -> None:
    """The lead gives title and address; the new plan has drafts and no version; pressing twice starts one plan."""
    lead = signed_in("demo-29")
    page = get(lead, "/plans/carrowby/carry?rules=bcf-2016-17")
    assert "Start the new plan" in page.text
    form = {
        "rules": "bcf-2016-17",
        "to": "carrowby-next",
        "title": "Carrowby, next year",
        "key": "carry-once",
    }
    went = set()
    for _ in range(2):
        answer = lead.post("/plans/carrowby/carry", form)
        assert answer.status_code == 302
        went.add(answer["Location"])
    (address,) = went
    to = address.removeprefix("/plans/").removesuffix("?started=yes")
    assert to.startswith("carrowby-next-")
    found = view(county, to)
    assert (found.rules.name, found.history.carried_from, found.history.current) == (
        "bcf-2016-17",
        "carrowby",
        None,
    )
    assert len(county.drafts.of_editor(to, "demo-29")) > 12


@pytest.mark.parametrize(
    ("account", "fields", "status", "says"),
    [
        ("demo-29", {"rules": "bcf-2016-7", "to": "x", "title": "x"}, 400, "Did you mean bcf-2016-17"),
        ("demo-29", {"rules": "bcf-2025-26", "to": "x", "title": "x"}, 400, "illustrative county"),
        ("demo-29", {"rules": "bcf-2016-17", "to": "x", "title": "x\ny"}, 400, "Write it on one line."),
        ("demo-29", {"rules": "bcf-2016-17", "to": "a b", "title": "x"}, 400, "cannot be a plan's address"),
        (ANALYST, {"rules": "bcf-2016-17", "to": "x", "title": "x"}, 400, "one must be plan lead"),
        ("demo-18", {"rules": "bcf-2016-17", "to": "x", "title": "x"}, 404, "There is no plan “carrowby”"),
    ],
)
def test_what_cannot_be_is_said(
    county: House, account: str, fields: dict[str, str], status: int, says: str
) -> None:
    """The reason stands above and at its field, and nothing is started."""
    answer = signed_in(account).post(
        "/plans/carrowby/carry", {**fields, "key": f"k-{fields['to'][:1]}-{account}"}
    )
    assert answer.status_code == status
    assert says in page_of(answer).text
    if fields["to"] == "x":
        with pytest.raises(NotHere):
            read_history(county, "x")


def test_who_is_not_signed_in_starts_nothing(county: House) -> None:
    """They are asked to sign in, and shown what they typed."""
    answer = Client(SERVER_NAME="localhost").post(
        "/plans/carrowby/carry", {"rules": "bcf-2016-17", "to": "my-address"}
    )
    assert answer.status_code == 403
    page = page_of(answer)
    assert "You are not signed in, so nothing was recorded." in page.text
    assert "my-address" in page.text
    assert page.find("a", href="/sign-in")
    with pytest.raises(NotHere):
        read_history(county, "my-address")
