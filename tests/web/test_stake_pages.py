"""At stake in the browser: the form moves an outturn, its address is the answer, and only a plan's own people see a plan's."""

# ruff: noqa: F811  (a fixture that is imported is named again as an argument)

import csv
import io
import re
from html import unescape

import pytest
from django.test import Client

from carepool.actions.house import House
from tests.web.addresses import KENT, REGIMES
from tests.web.reading import Reader
from tests.web.test_page_figures import exact
from tests.web.test_plan_pages import county, get, signed_in  # noqa: F401  (a fixture)

LEAD, ANALYST, TRUST = "demo-29", "demo-70", "demo-30"


@pytest.mark.parametrize("rules", REGIMES)
def test_the_page_and_its_json_have_one_answer(read: Reader, rules: str) -> None:
    """Under each method the three headline figures and the table of CCGs are those of the JSON and the CSV."""
    query = f"?rules={rules}&cut=3.5&q-2015-16Q1=-1&held=20&value=1490"
    page, data = (
        read(f"/boards/{KENT}/at-stake{query}"),
        read.answer(f"/boards/{KENT}/at-stake.json{query}").json(),
    )
    for name in ("fund_pence", "paid_pence"):
        assert exact(data[name]) in page.text
    rows = list(
        csv.DictReader(io.StringIO(read.answer(f"/boards/{KENT}/at-stake.csv{query}").content.decode()))
    )
    assert [each["ccg"] for each in rows] == page.tables["by-ccg-table"].column("Code")
    assert sum(int(each["fund_pence"]) for each in rows) == data["fund_pence"]
    assert data["matters_most"] in page.text
    assert f"Question and data: {data['digest'][:12]}" in page.text
    for each in data["rests_on"]:
        assert each.replace("'", "'") in page.text


@pytest.mark.slow
def test_the_address_of_the_answer_gives_it_again(read: Reader) -> None:
    """The link to this question leads to the same figures and digest; the link of a step to what the step says."""
    page = read("/at-stake?q-2015-16Q1=-1&cut=3.5")
    found = re.search(r'<p id="link"><a href="([^"]+)">', page.html)
    assert found
    again = read(unescape(found[1]))
    assert re.findall(r"<code>(\w+)</code>", again.html) == re.findall(r"<code>(\w+)</code>", page.html)
    assert again.text_of("h1") == page.text_of("h1")
    data = read.answer("/at-stake.json?q-2015-16Q1=-1&cut=3.5").json()
    step = re.search(r'id="steps-table".*?<a href="([^"]+)"', page.html, re.DOTALL)
    assert step
    address = unescape(step[1]).replace("/at-stake?", "/at-stake.json?")
    assert read.answer(address).json()["paid_pence"] == data["steps"][0]["paid_pence"]


def test_what_cannot_be_used_is_kept_and_said(read: Reader) -> None:
    """What was typed stands in its field with a sentence, 400; the page is of the rest of the question. JSON says the same."""
    path = "/at-stake?cut=200&q-2015-16Q3=lots"
    page = read(path)
    assert read.answer(path).status_code == 400
    assert "“200” is not per cent. Write a number from 0 to 100, like 3.5." in page.text
    assert 'value="lots"' in page.html
    problems = read.answer("/at-stake.json?cut=200").json()["problems"]
    assert [each["field"] for each in problems] == ["cut"]
    assert read.answer("/at-stake?rules=bcf-2025-26").status_code == 400


def test_a_proposed_regime_and_recalled_values_are_marked(read: Reader) -> None:
    """What was never operated says so above the figures; real bodies have a what-if on published statistics, and no plan."""
    page = read(
        f"/boards/{KENT}/at-stake?rules=itf-2013-08&own-first_half-1-name=Falls&own-first_half-1-done=60"
    )
    assert "Proposed, never operated" in page.text
    assert "Hypothetical" in page.text
    assert "What-if on published statistics" in page.text
    assert "It is nobody’s plan, and no board’s own." in page.text.replace("'", "’")
    assert "is recalled" in read(f"/boards/{KENT}/at-stake").text
    assert "carepool holds no agreement of a real body" in read(f"/boards/{KENT}/at-stake").text


@pytest.mark.slow
def test_gaps_stand_with_and_without(read: Reader) -> None:
    """England is told with all boards and without the three; a board of them with what rests on no gap."""
    sides = read("/at-stake").tables["sides-table"]
    assert sides.column("Boards") == ["150", "147"]
    birmingham = read("/boards/E08000025/at-stake?q-2014-15Q4=-5%25")
    assert birmingham.tables["sides-table"].rows[2][0] == "Only what rests on no incomplete return"
    assert "rests on an incomplete return" in " ".join(read("/regions/E12000005/at-stake").tables["where-table"].column("Take care"))  # fmt: skip


def test_a_plans_page_is_for_its_people(county: House) -> None:
    """Who may read the plan moves it; who is not signed in is asked to sign in, and a stranger to the plan finds nothing."""
    page = get(signed_in(LEAD), "/plans/carrowby/at-stake?q-2015-16Q2=%2B10%25&q-2015-16Q3=%2B10%25")
    assert "Illustrative county" in page.text
    assert page.tables["bears-table"].rows[-1][0] == "Together"
    assert "How we got this: Missed performance money" in page.text
    nobody = Client(SERVER_NAME="localhost").get("/plans/carrowby/at-stake")
    assert nobody.status_code == 302
    assert signed_in(TRUST).get("/plans/stonebeck/at-stake").status_code in {200, 404}
    link = re.search(r'<p id="link"><a href="([^"]+)">', page.html)
    assert link
    assert "as_at=" in link[1]
    again = get(signed_in(LEAD), unescape(link[1]))
    assert re.findall(r"<code>(\w+)</code>", again.html) == re.findall(r"<code>(\w+)</code>", page.html)


@pytest.mark.slow
def test_the_year_replayed_stands_beside_the_published_pot(read: Reader) -> None:
    """Six regimes in one table, with and without three boards; the pot of 253 million beside what a uniform 3.07% comes to."""
    page, data = read("/replay"), read.answer("/replay.json").json()
    shown = page.tables["all-table"].rows[1:]
    assert [row[0] for row in shown] == [each["rules"] for each in data["regimes"]] == list(REGIMES)
    for row, each in zip(shown, data["regimes"], strict=True):
        assert row[2:8] == [exact(each[f"{name}_pence"]) for name in ("fund", "paid", "to_recovery", "kept", "open", "aside")]  # fmt: skip
    assert "The pot that was published is £253,000,000" in page.text
    assert "Here it is £253,110,174" in page.text
    assert "proposed" in shown[0][-1]
    rows = list(csv.DictReader(io.StringIO(read.answer("/replay.csv").content.decode())))
    assert len(rows) == 6 * 150
    assert sum(int(each["paid_pence"]) for each in rows if each["rules"] == "bcf-2014-08") == 9_183_019_000
    assert any(href.startswith("/replay") for href, _ in read("/").links)
    assert read.answer("/replay?ambition=x").status_code == 400
    assert "--" not in page.text
