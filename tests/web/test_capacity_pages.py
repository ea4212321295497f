"""Beds in the browser: a trust's page with all plans beside its own, the question as an address, and a scenario in a plan."""

import csv
import io
import re
from collections.abc import Callable
from html import unescape
from urllib.parse import urlencode

import pytest

from carepool.actions.house import House
from carepool.actions.trust_plans import OnTrust, Taken, on_trust
from carepool.signin.models import Account
from tests.web.reading import Reader
from tests.web.visiting import Person

ASK = "/capacity?place=RWE&reduce=3.5"
People = Callable[..., Person]


def taken(plan: str, reduction: int, own: int | None) -> Taken:
    return Taken(plan, plan.title(), ("ZZ1",), 1, True, reduction, own, True)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("plans", "codes"),
    [
        ([taken("a", 10, 30), taken("b", 20, 30)], []),
        ([taken("a", 10, 30), taken("b", 21, 30)], ["trust-disagrees"]),
        ([taken("a", 10, 30)], ["trust-expects-more"]),
        ([taken("a", 10, 30), taken("b", 20, 31)], ["trust-plan-told-differently"]),
        ([taken("a", 10, None)], ["trust-plan-unsaid"]),
        ([], []),
    ],
)
def test_plans_and_the_trust_s_own_disagree_in_one_way_each(plans: list[Taken], codes: list[str]) -> None:
    """More, less, told differently, not said: each one finding with what to do."""
    found = OnTrust("ZZT", tuple(plans)).findings
    assert [each.code for each in found] == codes
    assert all(each.remedy for each in found)


def test_a_trust_s_page_sums_the_plans_that_one_may_read(someone: People, now: House) -> None:
    """The lead of the Wolds sees what their plan takes; whoever may read none sees beds and no plan."""
    lead = Account.objects.get(handle="wolds.lead")
    plans = on_trust(now, lead.pk, "ZZT")
    assert plans.plans
    page = someone("wolds.lead").page("/trusts/ZZT")
    (row,) = [each for each in page.tables["plans-table"] if each["Plan"] == plans.plans[0].title]
    assert row["Fewer admissions planned"] == f"{plans.plans[0].taken:,.1f}".removesuffix(".0")
    assert on_trust(now, None, "ZZT").plans == ()
    nobody = someone(None).page("/trusts/ZZT")
    assert "plans-table" not in nobody.tables
    assert "No plan that you may read takes admissions" in nobody.text
    assert nobody.tables["boards-table"].column("Board") == ["Merrow", "Eastwold and Westwold", "Farrowdale"]
    data = someone("wolds.lead").browser.get("/trusts/ZZT.json").json()
    assert data["planned_reduction"] == float(plans.taken)


def test_a_question_of_beds_is_an_address(someone: People) -> None:
    """The page, its JSON and the link to it have one answer; other cuts stand beside it."""
    who = someone(None)
    page, data = who.page(f"{ASK}&also=2+5"), who.browser.get("/capacity.json?place=RWE&reduce=3.5").json()
    assert page.tables["compared-table"].column("Beds freed")[0] == str(data["beds"])
    assert len(page.tables["compared-table"].rows) == 4
    link = re.search(r'<p id="link"><a href="([^"]+)">', page.html)
    assert link
    assert who.page(unescape(link[1])).tables["compared-table"].rows == page.tables["compared-table"].rows
    assert "The remainder: beds in wards that stay open" in page.text


@pytest.mark.parametrize(
    ("asked", "field", "says"),
    [
        ("place=QQQ", "place", "There is no board and no trust"),
        ("place=RWE&reduce=101", "reduce", "Write a number from 0 to 100"),
        ("place=RWE&also=2+x", "also", "is not a cut in per cent"),
        ("place=RWE&also=1+2+3+4+5", "also", "Write at most 4"),
        ("place=RWE&price=99999999", "price", "cannot be meant"),
        ("place=RWE&stay=long", "stay", "is no number"),
        ("place=RWE&occupancy=0", "occupancy", "Write one above 0"),
    ],
)
def test_what_cannot_be_used_is_kept_and_said(someone: People, asked: str, field: str, says: str) -> None:
    """At its field, 400, in the page and in JSON alike."""
    who = someone(None)
    answer = who.browser.get(f"/capacity?{asked}")
    assert answer.status_code == 400
    page = who.page(f"/capacity?{asked}")
    assert says in page.text
    assert f'href="#{field}"' in page.html
    problems = who.browser.get(f"/capacity.json?{asked}").json()["problems"]
    assert [each["field"] for each in problems] == [field]


@pytest.mark.slow
def test_a_trust_is_simulated_with_the_same_people(someone: People) -> None:
    """For whoever is signed in: scenarios with intervals, differences from the first; asked again, the same."""
    path = "/capacity?place=ZZT&reduce=5&simulate=yes"
    assert "Sign in to simulate this" in someone(None).page(path).text
    who = someone("merrow.lead")
    first = who.page(path)
    again = who.page(path)
    assert again.tables["simulated-table"].rows == first.tables["simulated-table"].rows
    assert first.tables["simulated-table"].column("Scenario")[:2] == ["As it is", "With the cut"]
    assert first.tables["differences-table"].column("Occupancy")[0].startswith("−")
    full = who.page("/capacity?place=RWE&reduce=1&stay=12&simulate=yes")
    assert "the queue grows for ever" in full.text


def test_a_scenario_is_attached_to_the_plan_s_benefits(someone: People) -> None:
    """It stands in the lead's draft with its address and what tells whether it is the same; what stood there stays."""
    lead, path = someone("merrow.lead"), "/plans/merrow/scenario?place=ZZ1&reduce=3"
    page = lead.page(path)
    assert "Evidence of the benefit of" in page.text
    none = lead.browser.post(path, {"scheme": "nothing"})
    assert none.status_code == 400
    assert "Choose the scheme" in none.content.decode()
    assert lead.browser.post(path, {"scheme": "S1"}).status_code == 302
    assert lead.browser.post(path, {"scheme": "S1"}).status_code == 302
    section = unescape(lead.page("/plans/merrow/sections/benefits").html)
    assert section.count("A scenario, not an outturn: /capacity?place=ZZ1&reduce=3 (question and data") == 1
    assert "1963.4" in section or "1,963.4" in section
    other = someone("merrow.chair")
    assert "Only the plan’s leads can attach it" in other.page(path).text
    assert other.browser.post(path, {"scheme": "S1"}).status_code == 403
    assert lead.page("/capacity?place=ZZ1&reduce=3").tables["plans-table"].column("Evidence") == [
        "Attach this answer"
    ]


@pytest.mark.slow
def test_schemes_are_chosen_from_a_table_that_is_pasted_or_handed_in(someone: People) -> None:
    """Nothing is kept; the proof stands above; what cannot be used is said at its field."""
    lead = someone("merrow.lead")
    page = lead.page("/portfolio")
    assert "Nothing that you write here is kept." in page.text
    table = "scheme,cost_pence,benefit\nA,10000,5\nB,20000,9\nC,30000,11\n"
    answer = lead.browser.post("/portfolio", {"schemes": table, "budget": "300"})
    html = unescape(answer.content.decode())
    assert answer.status_code == 200
    assert "2 of 3 schemes for £300 of £300, benefit 14. Nothing better exists: that is proven." in html
    lacking = lead.browser.post("/portfolio", {"schemes": "scheme\nA\n", "budget": "lots"})
    assert lacking.status_code == 400
    html = unescape(lacking.content.decode())
    assert "lacks the column cost_pence and benefit" in html
    assert "“lots” is no amount of pounds" in html
    never = lead.browser.post("/portfolio", {"schemes": table, "budget": "50", "social_care": "60"})
    assert "These limits cannot be kept together" in unescape(never.content.decode())


TABLE = "Home,Reablement,2015-04,60,100,20\r\nHome,Reablement,2015-05,60,90,20"
"""60 places for 30 days at 20 days are 90 people; ten wait, and of 90 more in May 93 can begin: seven are left."""


def test_intermediate_care_is_asked_by_its_address(read: Reader) -> None:
    """The table stands in the address; its months, the gap, who waits and in what beds; JSON and CSV have the same figures."""
    first = read("/intermediate-care")
    assert "The rows below are invented" in first.text
    ask = urlencode({"table": TABLE, "more": "7", "in_hospital": "50"})
    page = read(f"/intermediate-care?{ask}")
    assert "At the end of 2015-05 7 people wait for intermediate care, in 4.3 hospital beds" in page.text
    assert "with 7 more places in each service 0 would wait, and 4.3 beds would be free." in page.text
    assert page.tables["service-1"].column("Gap") == ["10", "−3"]
    assert page.tables["months-table"].column("Waiting") == ["10", "7"]
    assert page.tables["months-table"].column("Beds freed") == ["2.5", "4.3"]
    data = read.answer(f"/intermediate-care.json?{ask}").json()
    assert [each["waiting"] for each in data["months"]] == [10, 7]
    assert [each["beds"] for each in data["with_more"]["fewer_beds"]] == [2.5, 4.3]
    text = read.answer(f"/intermediate-care.csv?{ask}").content.decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(each["pathway"], each["month"], float(each["gap"]), float(each["waiting_with_more"])) for each in rows] == [
        ("Home", "2015-04", 10, 0), ("Home", "2015-05", -3, 0),
    ]  # fmt: skip
    own = next(each for each, *_ in page.links if each.startswith("/intermediate-care?table="))
    assert read(own).tables["months-table"].rows == page.tables["months-table"].rows


@pytest.mark.parametrize(
    ("asked", "field", "says"),
    [
        ({"table": "Home,R,2015-04,1,1,0"}, "table", "a stay of zero days needs no place"),
        ({"table": "Home,R,2015-04,lots,1,1"}, "table", "places “lots” cannot be used"),
        ({"table": "Home,R,2015-04,1,5,20\nHome,R,2015-06,1,5,20"}, "table", "Home · R lacks 2015-05."),
        ({"table": TABLE, "more": "-1"}, "more", "“−1” cannot be used"),
        ({"table": TABLE, "in_hospital": "101"}, "in_hospital", "Write a number from 0 to 100"),
        ({"table": "Home,R,2015-04,1,1,1\n" * 200}, "table", "which an address cannot carry"),
    ],
)
def test_what_cannot_be_used_of_a_table_is_said_at_its_field(
    read: Reader, asked: dict[str, str], field: str, says: str
) -> None:
    """One plain sentence; JSON and CSV refuse with the same."""
    address = f"?{urlencode(asked)}"
    answer = read.answer(f"/intermediate-care{address}")
    assert answer.status_code == 400
    assert says.replace("−", "-") in unescape(answer.content.decode())
    for kind in ("json", "csv"):
        refused = read.answer(f"/intermediate-care.{kind}{address}")
        assert refused.status_code == 400
        [problem] = refused.json()["problems"]
        assert problem["field"] == field


def test_a_scenario_of_intermediate_care_is_evidence_of_fewer_delays(someone: People) -> None:
    """It stands in the draft under delays, with its address; the people fewer who wait are its activity."""
    ask = urlencode({"table": TABLE, "more": "7"})
    lead, path = someone("merrow.lead"), f"/plans/merrow/scenario?{ask}"
    links = lead.page(f"/intermediate-care?{ask}").tables["plans-table"]
    assert set(links.column("Evidence")) == {"Attach this answer"}
    assert "Evidence of the benefit of" in lead.page(path).text
    assert lead.browser.post(path, {"scheme": "S1"}).status_code == 302
    assert lead.browser.post(path, {"scheme": "S1"}).status_code == 302
    section = unescape(lead.page("/plans/merrow/sections/benefits").html)
    assert section.count("A scenario, not an outturn: /intermediate-care?table=Home%2CReablement") == 1
    assert re.search(r'<option value="delays" selected', section)
    wrong = lead.browser.post("/plans/merrow/scenario?table=x", {"scheme": "S1"})
    assert wrong.status_code == 400
