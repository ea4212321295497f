"""Planning in the browser: numbers that are slid or typed, stays that are fitted, and a choice of schemes as evidence in a plan."""

import re
from collections.abc import Callable
from decimal import Decimal
from html import unescape
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from carepool.actions.house import House
from carepool.actions.trust_plans import on_trust
from carepool.plans.parts import Choice
from carepool.plans.sections import Benefit
from carepool.signin.models import Account
from carepool.web.portfolio import COUNTS
from carepool.web.sliders import Scale, settled
from tests.web.conftest import INSIDER
from tests.web.visiting import Person

People = Callable[..., Person]
SCHEMES = "scheme,cost_pence,benefit\nA,10000,5\nB,20000,9\nC,30000,11\n"
STAYS = "days,to_days,count\n0,2,30\n2,4,40\n4,8,30\n8,,9\n"


def form_of(html: str) -> dict[str, str]:
    """What a form of the page would send as it stands: its inputs by their names."""
    found = re.findall(r"<input[^>]*>", html)
    pairs = [(re.search(r'name="([^"]+)"', each), re.search(r'value="([^"]*)"', each)) for each in found]
    return {name[1]: unescape(value[1]) if value else "" for name, value in pairs if name}


@pytest.mark.parametrize(
    ("moved", "address"),
    [
        ({}, {"reduce": "3.5"}),
        ({"reduce_slid": "5"}, {"reduce": "5"}),
        ({"reduce": "4"}, {"reduce": "4"}),
        ({"reduce": "4", "reduce_slid": "5"}, {"reduce": "4"}),
        ({"stay_slid": "7.5"}, {"reduce": "3.5", "stay": "7.5"}),
        ({"stay_slid": "7.5", "stay": "6"}, {"reduce": "3.5", "stay": "6"}),
        ({"reduce_slid": "9.0", "reduce_at": "9"}, {"reduce": "3.5"}),
    ],
)
def test_what_was_moved_stands(someone: People, moved: dict[str, str], address: dict[str, str]) -> None:
    """Slid or typed, the answer is at its plain address; a slider that nobody touched says nothing, also where its field is empty."""
    who = someone(None)
    page = who.page("/capacity?place=RWE&reduce=3.5")
    names = ("reduce", "stay", "occupancy")
    sent = {name: value for name, value in form_of(page.html).items() if name.startswith(names)}
    assert sent["reduce_slid"] == sent["reduce_at"] == "3.5"
    assert sent["stay"] == ""
    assert sent["stay_at"] == "5.0"
    answer = who.browser.get("/capacity", {"place": "RWE"} | sent | moved)
    assert answer.status_code == 302
    assert dict(parse_qsl(urlsplit(answer["Location"]).query)) == {"place": "RWE"} | address


def test_a_slider_stands_on_one_of_its_steps() -> None:
    """The nearest to what is typed, within its ends; where that is no number, at what is usual."""
    scale = Scale("", Decimal(0), Decimal(15), Decimal("0.1"))
    assert [scale.place(text, Decimal(3)) for text in ("3.57", "99", "-1", "", "x")] == ["3.6", "15", "0", "3", "3"]  # fmt: skip
    assert settled({"reduce": "3"}, ["reduce"]) is None
    assert settled({"reduce": "3", "reduce_slid": "x", "reduce_at": "3", "reduce_was": "3"}, ["reduce"]) == {"reduce": "x"}  # fmt: skip


def test_a_board_s_cut_has_its_money(someone: People) -> None:
    """What commissioners save and what is stranded at its trusts, on the page and as JSON."""
    who = someone(None)
    page = who.page("/capacity?place=E10000016&reduce=3.5&also=2")
    data = who.browser.get("/capacity.json?place=E10000016&reduce=3.5").json()
    assert page.tables["compared-table"].column("Stranded")[0].replace(",", "") == f"£{data['money']['stranded_pence'] / 100:.2f}"  # fmt: skip
    assert "Commissioners save" in page.text
    assert data["money"]["saved_pence"] > 0


@pytest.mark.slow
def test_stays_are_fitted_and_taken_to_the_page_of_beds(someone: People) -> None:
    """Pasted or handed in; the law goes to the page with the question that was there; what cannot be used is said, and kept."""
    who = someone("merrow.lead")
    asked = who.page("/stays?place=ZZT&reduce=4&stay=9")
    assert "Nothing that you write here is kept." in asked.text
    answer = who.browser.post("/stays?place=ZZT&reduce=4&stay=9", {"stays": STAYS})
    html = unescape(answer.content.decode())
    assert answer.status_code == 200
    assert "109 stays of the table, 9 of which had not ended" in html
    href = re.search(r'<a href="([^"]+)" id="to-beds">', html)
    assert href
    query = dict(parse_qsl(urlsplit(href[1]).query))
    assert query["place"] == "ZZT"
    assert query["reduce"] == "4"
    assert 3 < float(query["stay"]) < 5
    assert query["law"] in {"lognormal", "gamma", "exponential"}
    beds = who.page(href[1])
    assert form_of(beds.html)["stay"] == query["stay"]
    handed = who.browser.post("/stays", {"stays": "", "file": SimpleUploadedFile("s.csv", STAYS.encode())})
    assert "109 stays" in handed.content.decode()
    for table, says in (("days\n-4\n", "is below zero"), ("months\n4\n", "no column of lengths among months")):  # fmt: skip
        refused = who.browser.post("/stays", {"stays": table})
        assert refused.status_code == 400
        html = unescape(refused.content.decode())
        assert says in html
        assert table.splitlines()[-1] in html
    empty = who.browser.post("/stays", {"file": SimpleUploadedFile("s.csv", b" ")})
    assert "The file is empty" in unescape(empty.content.decode())
    for query_wrong, says in (("law=weibull", "is no law of stays"), ("cv=11", "is no spread"), ("cv=x", "is no spread")):  # fmt: skip
        assert who.browser.get(f"/capacity?place=RWE&{query_wrong}").status_code == 400
        assert says in who.page(f"/capacity?place=RWE&{query_wrong}").text


@pytest.mark.slow
def test_a_choice_of_schemes_is_evidence_in_a_plan(someone: People) -> None:
    """It has an address with its table; attached, it stands under the benefit of the scheme with what the table gives it."""
    lead = someone("merrow.lead")
    plan = lead.page("/plans/merrow/scenario?place=ZZ1&reduce=3")
    name = re.search(r'<option value="S1"[^>]*>([^<]+)</option>', plan.html)
    assert name
    table = SCHEMES.replace("A,", f'"{unescape(name[1])}",')
    page = lead.browser.post("/portfolio", {"schemes": table, "budget": "300", "counts": "residential"})
    html = unescape(page.content.decode())
    assert "benefit 14 (admissions to care homes avoided). Nothing better exists: that is proven." in html
    link = re.search(r'<p id="link"><a href="([^"]+)">', html)
    assert link
    assert "benefit 14" in lead.page(link[1]).text
    attach = f"/plans/merrow/scenario?{urlsplit(link[1]).query}"
    assert attach in html
    shown = lead.page(attach)
    assert "Bought: " in shown.text
    assert lead.browser.post(attach, {"scheme": "S1"}).status_code == 302
    assert lead.browser.post(attach, {"scheme": "S1"}).status_code == 302
    section = unescape(lead.page("/plans/merrow/sections/benefits").html)
    assert section.count("A scenario, not an outturn: /portfolio?") == 1
    assert re.search(r'<option value="residential" selected', section)
    assert re.search(r'name="[^"]*activity[^"]*"[^>]*value="5"', section)
    assert lead.browser.post(attach.replace("budget=300", "budget=lots"), {"scheme": "S1"}).status_code == 400
    never = lead.browser.get(f"/plans/merrow/scenario?{urlencode({'schemes': table, 'budget': '1', 'social_care': '2'})}")  # fmt: skip
    assert "These limits cannot be kept together" in unescape(never.content.decode())
    other = someone("merrow.chair")
    assert "Only the plan’s leads can attach it" in other.page(attach).text
    assert other.browser.post(attach, {"scheme": "S1"}).status_code == 403


@pytest.mark.slow
def test_a_table_too_long_for_an_address_is_attached_by_a_form(someone: People) -> None:
    """A hundred and fifty schemes: the answer and the digest of its question stand in the plan, once."""
    lead = someone("merrow.lead")
    table = "scheme,cost_pence,benefit\n" + "".join(f"Scheme number {n},{1000 + n},{n}\n" for n in range(150))
    asked = {"schemes": table, "budget": "300", "counts": "reablement"}
    html = unescape(lead.browser.post("/portfolio", asked).content.decode())
    assert "The table is too long for an address" in html
    assert 'formaction="/plans/merrow/scenario"' in html
    shown = lead.browser.post("/plans/merrow/scenario", asked)
    assert shown.status_code == 200
    html = unescape(shown.content.decode())
    assert "its table is too long for an address (question and rules " in html
    assert re.search(r"Bought: Scheme number .* and \d more\.", html)
    for _ in range(2):
        assert lead.browser.post("/plans/merrow/scenario", asked | {"scheme": "S1"}).status_code == 302
    section = unescape(lead.page("/plans/merrow/sections/benefits").html)
    assert section.count("its table is too long for an address") == 1
    unchosen = lead.browser.post("/plans/merrow/scenario", asked | {"scheme": ""})
    assert unchosen.status_code == 400
    assert "Choose the scheme whose benefit" in unchosen.content.decode()
    assert someone("merrow.chair").browser.post("/plans/merrow/scenario", asked | {"scheme": "S1"}).status_code == 403  # fmt: skip


def test_benefits_are_counted_by_the_kinds_that_plans_have() -> None:
    """Else an answer could not be attached."""
    (choice,) = [each for each in Benefit.model_fields["kind"].metadata if isinstance(each, Choice)]
    assert set(COUNTS) - {""} == set(choice.about.codes)


def test_a_disagreement_with_a_trust_is_said_by_every_plan(someone: People, now: House) -> None:
    """The trust's page and each plan that takes from it say the same, to whoever may read both; a plan alone says its own."""
    insider = Account.objects.get(handle=INSIDER)
    together = on_trust(now, insider.pk, "ZZT")
    assert {each.plan for each in together.plans} >= {"wolds", "farrowdale"}
    assert together.findings
    who = someone(INSIDER)
    for address in ("/trusts/ZZT", "/plans/wolds/check", "/plans/farrowdale/check"):
        text = who.page(address).text
        assert all(each.says in text for each in together.findings), address
    assert "With all other plans together" not in someone("wolds.lead").page("/plans/wolds/check").text


@pytest.mark.slow
def test_flows_are_entered_on_the_page(someone: People) -> None:
    """With or without a heading; the boards of them are named, the address carries them, and what cannot be used is said at the field."""
    who = someone(None)
    plain = who.browser.get("/capacity.json?place=RWE&reduce=3.5").json()
    ask = urlencode(
        {"place": "RWE", "reduce": "3.5", "also": "2", "flows": "E10000018,RWE,10\r\nE10000018,RVV,5"}
    )
    page, data = who.page(f"/capacity?{ask}"), who.browser.get(f"/capacity.json?{ask}").json()
    assert data["beds"] < plain["beds"]
    assert any("those entered: E10000018" in each for each in data["rests_on"])
    link = re.search(r'<p id="link"><a href="([^"]+)">', page.html)
    assert link
    assert who.page(unescape(link[1])).tables["compared-table"].rows == page.tables["compared-table"].rows
    for flows, says in (("E10000018,RWE,lots", "is no share"), ("E10000018,RWE,60\nE10000018,RVV,60", "more than 100 per cent"), ("x" * 1600, "which an address cannot carry")):  # fmt: skip
        ask = urlencode({"place": "RWE", "flows": flows})
        assert who.browser.get(f"/capacity?{ask}").status_code == 400
        assert says in who.page(f"/capacity?{ask}").text
