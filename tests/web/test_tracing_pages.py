"""The pages that lead from a figure to where it came from, and to every output that it reached."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from django.test import Client

from carepool.actions.areas import MARK
from carepool.actions.planning import view
from carepool.actions.releasing import money_of
from carepool.basics.money import in_pounds
from carepool.plans.document import EVERY
from carepool.wiring.house import current_house
from tests.web.addresses import COUNTY
from tests.web.reading import Page, Reader

FROM = "/plans/carrowby/from"
TARGET = f"{FROM}?at=target/quarters/1/planned"
PAGES = [
    FROM, f"{FROM}?at=target", TARGET, f"{FROM}?at=sources/sources/0/year_2", f"{FROM}?at=spend/spend/0",
    "/plans/stonebeck/from?at=schemes/schemes/0/name", "/plans/merrow/from?at=target/quarters/0/baseline",
]  # fmt: skip


def rows(page: Page, table: str) -> dict[str, dict[str, str]]:
    """The rows of a table by their first cell."""
    return {next(iter(row.values())): row for row in page.tables[table]}


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_sound_and_marked(read: Reader, path: str) -> None:
    """200, sound HTML, no more than 150 kB, and the mark of the illustrative county."""
    page = read(path)
    assert read.answer(path).status_code == 200
    assert page.problems == []
    assert MARK in page.text
    assert len(page.html.encode()) <= 150_000


@pytest.mark.parametrize("plan", COUNTY)
@pytest.mark.slow
def test_every_section_of_every_plan_can_be_traced(read: Reader, plan: str) -> None:
    """Each section has its page, and the plan's own page lists those that its rules ask for."""
    listed = {fragment for path, fragment in read(f"/plans/{plan}/from").links if path}
    assert listed
    for section in EVERY:
        page = read(f"/plans/{plan}/from?at={section}")
        assert page.problems == [], section
        assert EVERY[section].title in page.text_of("h1")


def test_where_a_target_came_from(read: Reader) -> None:
    """The value, who entered it in which version and when, the rules, and that it has not changed since."""
    page = read(TARGET)
    planned = view(current_house(), "carrowby").plan.target.quarters[1].planned
    assert f"{planned:,}" in page.text
    assert "Cleo Dunn entered it in version 1, on 18 August 2014. It has not changed since." in page.text
    assert page.tables["steps"].rows[1][0] == "Version 1"
    assert ("/rules/bcf-2014-08/payment/unit_value", "") in page.links


def test_who_changed_it(read: Reader) -> None:
    """Each version that changed it with what was there before, leading to the comparison of the two."""
    page = read("/plans/stonebeck/from?at=schemes/schemes/0/name")
    assert [row["Became"] for row in page.tables["steps"]] == ["Rapid response, days only", "Rapid response"]
    assert "Vik Lowe made it what it is in version 2, on 7 January 2015." in page.text
    assert ("/plans/stonebeck/compare?a=1&b=2", "") in page.links
    assert rows(page, "reached-table")[
        "Stonebeck Health and Wellbeing Board refused version 2, which has it so"
    ]


def test_as_at_an_earlier_day(read: Reader) -> None:
    """On an earlier day it is what it was then; the links carry the day along."""
    page = read("/plans/stonebeck/from?at=schemes/schemes/0/name&as_at=2014-12-31")
    assert [row["Became"] for row in page.tables["steps"]] == ["Rapid response"]
    assert page.find("input", type="hidden", name="at", value="schemes/schemes/0/name")
    assert any(
        "as_at=2014-12-31" in path for path, _ in page.links if path.startswith("/plans/stonebeck/from?")
    )


def test_what_a_target_reached(read: Reader) -> None:
    """Total, at stake, decisions, statements, releases, postings, paper and public page, each led to with its sum."""
    page, money = read(TARGET), money_of(current_house(), "carrowby")
    reached = rows(page, "reached-table")
    wanted = {"Total", "At stake", "Decision", "Statement", "Release", "Posting", "Page", "Board paper"}
    # A page that the service does not have is not listed, so the paper is there only where papers are made.
    assert {"Board paper", *(row["Kind"] for row in reached.values())} == wanted
    assert reached["The fund: what is at stake at first"]["Comes to"] == in_pounds(money.statement.money.fund)
    assert "/pools/carrowby/postings/release/2015-16Q1/Z6A" in {path for path, _ in page.links}
    assert reached["April to June 2015 earned: released by NHS Carrowby CCG"]["Kind"] == "Posting"


def test_sums_are_said_by_name(read: Reader) -> None:
    """A total of the rows of one code says whose it is, not the code."""
    reached = rows(read(f"{FROM}?at=sources/sources/0/year_2"), "reached-table")
    assert "Money in, 2015-16, who puts it in: NHS Carrowby CCG" in reached
    assert reached["Contributed to the pool"]["Kind"] == "Posting"


def test_the_findings_on_a_figure(read: Reader) -> None:
    """A blocker about the year's spend stands on the page of a figure of that year, and not of the other."""
    says = "£250,000 more than its sources"
    assert says in read("/plans/lindenmouth/from?at=spend/spend/0/year_2").text
    assert says not in read("/plans/lindenmouth/from?at=spend/spend/0/year_1").text


def test_every_output_leads_to_a_page_that_is_there(read: Reader) -> None:
    """Each link of the table answers, and has the place that it names."""
    page = read(TARGET)
    for path, fragment in page.links:
        if path.startswith(("/plans/", "/pools/", "/public/")):
            assert read.answer(path).status_code == 200, path
            if fragment:
                assert fragment in read(path).ids, f"{path}#{fragment}"


@pytest.mark.parametrize(
    "path", ["/plans/carrowby/money", "/public/carrowby", "/plans/carrowby/comments?at=target"]
)
def test_pages_with_figures_lead_here(insider: Client, path: str) -> None:
    """The money page, the public page and the comments lead whoever may read it to where their figures came from."""
    page = Page(path, insider.get(path).content.decode())
    assert any(each.startswith(f"{FROM}?at=") for each, _ in page.links)


def test_the_public_are_led_to_nothing_that_they_may_not_read(read: Reader) -> None:
    """The public page leads who is not signed in to no page of the plan that they would have to sign in for."""
    assert not [each for each, _ in read("/public/carrowby").links if each.startswith(("/plans/", "/pools/"))]


def test_the_same_as_json(insider: Client) -> None:
    """Every part as data: marked, money in pence, the digest of each version, and where each output stands."""
    data = insider.get(f"{FROM}.json?at=target/quarters/1/planned").json()
    assert data["mark"] == f"{MARK}."
    assert (data["at"], data["version"], data["began_with_it"]) == ("target/quarters/1/planned", 1, False)
    (change,) = data["changes"]
    version = view(current_house(), "carrowby").history.versions[0]
    assert (change["digest"], change["by"], change["before"]) == (version.digest, "Cleo Dunn", None)
    fund = next(each for each in data["reached"] if each["says"] == "The fund: what is at stake at first")
    assert (fund["value"], fund["unit"]) == (
        money_of(current_house(), "carrowby").statement.money.fund,
        "pence",
    )
    assert insider.get(f"{FROM}.json?at=target&as_at=soon").status_code == 400


@pytest.mark.parametrize("where", ["money", "spend/spend/99/year_2", "%3Cscript%3E", "spend/spend/0/cost"])
@pytest.mark.parametrize("kind", ["", ".json"])
def test_what_is_not_there(insider: Client, where: str, kind: str) -> None:
    """404 in words, with what was asked escaped."""
    answer = insider.get(f"{FROM}{kind}?at={where}")
    assert answer.status_code == 404
    assert kind or "<script>" not in answer.content.decode()


@contextmanager
def nothing_written() -> Iterator[None]:
    """No statement meanwhile changes the database."""

    def watch(execute, sql, parameters, many, context):  # type: ignore[no-untyped-def]
        assert not re.match(r"\s*(INSERT|UPDATE|DELETE|REPLACE)", sql, re.IGNORECASE), sql
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(watch):
        yield


@pytest.mark.parametrize("path", [*PAGES, f"{FROM}.json?at=target/quarters/1/planned"])
def test_looking_writes_nothing(insider: Client, path: str) -> None:
    """No GET writes."""
    insider.get(path)
    with nothing_written():
        insider.get(path)
