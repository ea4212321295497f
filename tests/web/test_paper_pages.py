"""The board's paper on the web: for everyone whole, for a plan lead with sections withheld, as page, PDF, DOCX and JSON."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import docx as word
import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from carepool.actions.areas import MARK
from carepool.actions.planning import read_history, view
from carepool.basics.money import in_pounds
from carepool.plans.redaction import verify
from carepool.signin.models import Account
from carepool.wiring.house import current_house
from tests.journeys.conftest import browser
from tests.spec.test_commands import Run, run_at_home
from tests.web.conftest import State
from tests.web.reading import Page, Reader
from tests.web.test_plan_2025_pages import HERE as HERE_2025
from tests.web.test_plan_2025_pages import house, written
from tests.web.test_plan_2025_pages import lead as lead_2025

__all__ = ["browser", "house", "lead_2025", "run_at_home"]

PAPER = "/plans/stonebeck/paper"
HELD = "withhold=spend:commercial&withhold=risks:personal"


@pytest.fixture
def lead(loaded: State) -> Iterator[Client]:
    """Stonebeck's plan lead."""
    client = Client(SERVER_NAME="localhost")
    client.force_login(Account.objects.get(handle="stonebeck.lead"))
    yield client
    client.logout()


@pytest.fixture
def chair(loaded: State) -> Iterator[Client]:
    """The chair of the board, who decides on the plan and does not write it."""
    client = Client(SERVER_NAME="localhost")
    client.force_login(Account.objects.get(handle="stonebeck.chair"))
    yield client
    client.logout()


def page_of(answer: HttpResponse, path: str = PAPER) -> Page:
    """The page in an answer, its HTML sound."""
    page = Page(path, answer.content.decode())
    assert page.problems == []
    return page


@pytest.fixture(autouse=True)
def rolled_back(loaded: State) -> Iterator[None]:
    """Whoever signs in writes a session; all of it is rolled back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def test_everyone_of_the_plan_reads_the_whole_paper(read: Reader) -> None:
    """What has changed comes first; date and digest stand at its foot; the mark is on it; it leads to PDF, DOCX and JSON."""
    page = read(PAPER)
    digest = read_history(current_house(), "stonebeck").versions[-1].digest
    headings = re.findall(r'<h2 id="chapter-\d+">(.*?)</h2>', page.html)
    assert headings[0].startswith("1. What has changed")
    assert len(headings) == 10
    assert f"Digest of the plan {digest}" in page.text
    assert MARK in page.text
    hrefs = {each.get("href", "") for each in page.find("a")}
    assert {f"{PAPER}.pdf", f"{PAPER}.docx", f"{PAPER}.json"} <= hrefs
    assert f"{PAPER}/withhold" not in hrefs


def test_it_compares_with_the_version_that_is_asked_for(insider: Client) -> None:
    """``since`` names the version; one that is none is refused with those that there are."""
    assert "compared here with version 1" in page_of(insider.get(f"{PAPER}?since=1")).text
    for typed, status, says in (("2", 404, "Choose one of 1 to 1"), ("x", 400, "is no version")):
        answer = insider.get(f"{PAPER}?since={typed}")
        assert answer.status_code == status
        assert says in page_of(answer).text


def test_it_is_as_it_was(insider: Client) -> None:
    """As at a day it is the paper of the version of that day, and so are its files."""
    page = page_of(insider.get(f"{PAPER}?as_at=2014-12-31"))
    assert "This is version 1, saved on 16 December 2014" in page.text
    assert f"{PAPER}.pdf?as_at=2014-12-31" in {each.get("href", "") for each in page.find("a")}
    before = page_of(insider.get(f"{PAPER}?as_at=2014-12-17"))
    assert "0 of 3 bodies have agreed to this version" in before.text
    assert "1 of 3 bodies has agreed to this version" in page.text
    assert insider.get(f"{PAPER}?as_at=never").status_code == 400
    assert insider.get(f"{PAPER}.json?as_at=never").status_code == 400


def test_before_the_first_version(insider: Client) -> None:
    """A plan that is not saved yet says what will be here; its files are not there."""
    assert "No version has been saved yet." in page_of(insider.get("/plans/merrow/paper")).text
    for ending in ("pdf", "docx", "json"):
        assert insider.get(f"/plans/merrow/paper.{ending}").status_code == 404


def test_a_lead_withholds_with_the_reason(lead: Client) -> None:
    """The form asks a reason for each section that holds anything; the paper says what is withheld, why and by whom, and links on with it."""
    form = page_of(lead.get(f"{PAPER}/withhold"))
    assert len(form.find("select", name="withhold")) > 15
    assert "parties:" not in form.html
    page = page_of(lead.get(f"{PAPER}?vision=&withhold=vision:&{HELD}"))
    name = Account.objects.get(handle="stonebeck.lead").name
    assert f"2 sections are withheld by {name}" in page.text
    assert "Money out: commercially confidential." in page.text
    assert "Vision and case for change: " not in page.text
    files = [
        each["href"] for each in page.find("a") if each.get("href", "").startswith(f"{PAPER}.json?withhold=")
    ]
    answer = lead.get(files[0])
    found = verify(answer.json(), read_history(current_house(), "stonebeck").versions[-1].digest, (MARK,))
    assert found.matches
    assert list(found.copy.withheld) == ["spend", "risks"]
    assert answer.json()["mark"] == MARK
    spend = view(current_house(), "stonebeck").plan.spend.spend[0].year_2
    assert str(spend) in lead.get(f"{PAPER}.json").content.decode()
    assert str(spend) not in answer.content.decode()


def test_a_lead_withholds_one_field(lead: Client) -> None:
    """The page of where a figure came from leads to the form, which asks why; one more can be typed; the rest of the section is shown."""
    where = "freed/freed/0/provider"
    origin = page_of(lead.get(f"/plans/stonebeck/from?at={where}"))
    (href,) = [each["href"] for each in origin.find("a") if "/paper/withhold" in each.get("href", "")]
    form = page_of(lead.get(href))
    assert form.problems == []
    assert f'value="{where}:commercial"' in form.html
    freed = view(current_house(), "stonebeck").plan.freed.freed
    page = page_of(lead.get(f"{PAPER}?withhold=freed:&withhold={where}:commercial&field=spend/0/provider&reason=personal"))  # fmt: skip
    assert "2 fields are withheld by" in page.text
    assert "Withheld: commercially confidential" in page.text
    assert in_pounds(freed[0].pence or 0) in page.text
    (json,) = [each["href"] for each in page.find("a") if each.get("href", "").startswith(f"{PAPER}.json")]
    answer = lead.get(json)
    found = verify(answer.json(), read_history(current_house(), "stonebeck").versions[-1].digest, (MARK,))
    assert found.matches
    assert {name: dict(each.fields) for name, each in found.copy.withheld.items()} == {
        "spend": {"spend/spend/0/provider": "personal"}, "freed": {where: "commercial"},
    }  # fmt: skip
    again = page_of(
        lead.get(next(each["href"] for each in page.find("a") if "/paper/withhold" in each.get("href", "")))
    )
    assert f'<option value="{where}:commercial" selected>' in again.html


def test_only_a_lead_is_led_to_withhold_a_field(client: Client, lead: Client) -> None:
    """Nobody else is shown the way, nor for the parties, which no paper withholds."""
    assert (
        "paper/withhold" not in client.get("/plans/stonebeck/from?at=freed/freed/0/provider").content.decode()
    )
    assert "paper/withhold" not in lead.get("/plans/stonebeck/from?at=parties/host").content.decode()


@pytest.mark.parametrize(
    ("query", "status"),
    [("withhold=fred:commercial", 404), ("withhold=freed:because", 404), ("withhold=freed", 400), ("withhold=parties:personal", 400),
     ("withhold=freed/99/provider:commercial", 404), ("withhold=freed/0:commercial", 400), ("field=freed/0/provider", 400)],
)  # fmt: skip
def test_what_cannot_be_withheld(lead: Client, query: str, status: int) -> None:
    """An unknown section or reason, no reason at all, and the parties: each is refused in words."""
    answer = lead.get(f"{PAPER}?{query}")
    assert answer.status_code == status
    page_of(answer)


def test_only_a_lead_withholds(client: Client, chair: Client) -> None:
    """Others are told who can; whoever is not signed in is asked to."""
    for path in (f"{PAPER}?{HELD}", f"{PAPER}.pdf?{HELD}", f"{PAPER}/withhold"):
        answer = client.get(path)
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/sign-in?next=")
        answer = chair.get(path)
        assert answer.status_code == 403
        page = page_of(answer)
        assert page.text_of("h1") == "Only a plan lead can withhold something from the paper"
        assert Account.objects.get(handle="stonebeck.lead").name in page.text


@pytest.mark.slow
def test_its_files_are_saved_under_its_name(lead: Client, insider: Client) -> None:
    """PDF and DOCX come as files named for the plan and its version, and are what they say."""
    made = lead.get(f"{PAPER}.pdf?{HELD}")
    assert made["Content-Disposition"] == 'attachment; filename="stonebeck-paper-2.pdf"'
    assert made.content.startswith(b"%PDF-")
    made = insider.get(f"{PAPER}.docx")
    assert made["Content-Disposition"] == 'attachment; filename="stonebeck-paper-2.docx"'
    assert word.Document(io.BytesIO(made.content)).paragraphs[0].text == "Paper for the board: Stonebeck joint plan"  # fmt: skip


def test_a_plan_of_one_year(lead_2025: Client) -> None:
    """A plan of 2025-26 has one column of money, no target and no mark."""
    written(lead_2025)
    page = page_of(lead_2025.get(f"{HERE_2025}/paper"), f"{HERE_2025}/paper")
    assert "It is the first: the board has been shown no other." in page.text
    assert "In 2025-26 the partners put in £150,000,000." in page.text
    assert "No money of this plan depends on admissions." in page.text
    assert MARK not in page.text
    assert page.text_of("thead").count("2025-26") == len(page.find("th", scope="col", **{"class": "n"})) == 3


@pytest.mark.slow
def test_the_commands_write_the_same(loaded: State, run_at_home: Run, tmp_path: Path) -> None:
    """``carepool plan paper`` and ``carepool plan narrative`` write the files; what they cannot write is refused in a sentence."""
    for name in ("paper.html", "paper.docx", "paper.json"):
        code, out, _ = run_at_home(
            "plan", "paper", "stonebeck", str(tmp_path / name), "--withhold", "freed:commercial"
        )
        assert (code, out.startswith("Written: ")) == (0, True)
    page = (tmp_path / "paper.html").read_text(encoding="utf-8")
    assert "Where the money is freed: commercially confidential." in page
    digest = read_history(current_house(), "stonebeck").versions[-1].digest
    assert run_at_home("plan", "verify", str(tmp_path / "paper.json"), "--digest", digest)[0] == 0
    assert (
        run_at_home(
            "plan",
            "paper",
            "stonebeck",
            str(tmp_path / "part.json"),
            "--withhold",
            "freed/0/provider:commercial",
        )[0]
        == 0
    )
    code, out, _ = run_at_home("plan", "verify", str(tmp_path / "part.json"), "--digest", digest)
    assert (
        code,
        "Where the money is freed (for the sake of freed/freed/0/provider: commercially confidential)" in out,
    ) == (0, True)
    assert run_at_home("plan", "narrative", "stonebeck", str(tmp_path / "narrative.docx"))[0] == 0
    assert word.Document(str(tmp_path / "narrative.docx")).paragraphs[0].text == "Stonebeck joint plan"
    for arguments, says in (
        (("paper", "stonebeck", "paper.txt"), "ends in none of .html, .pdf, .docx, .json"),
        (("paper", "stonebeck", "paper.pdf", "--withhold", "freed"), "gives no reason"),
        (("paper", "nobody", "paper.pdf"), "There is no plan “nobody”"),
        (("paper", "stonebeck", str(tmp_path / "no" / "paper.html")), "The system refused"),
    ):
        code, _, err = run_at_home("plan", *arguments)
        assert (code, err.count("\n")) == (2, 1)
        assert says in err
