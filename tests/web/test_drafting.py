"""Drafts of rules in the browser: one's own, kept as typed, wrong ones said at their file, and their effect on 150 boards."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from html import unescape

import pytest
from django.db import transaction
from django.test import Client

from carepool.actions.house import House
from carepool.rules.parse import parse
from carepool.wiring.house import current_house
from tests.web.conftest import State
from tests.web.test_plan_pages import get, page_of, signed_in

OFFICER = "demo-12"
UNIT = "value-payment/unit_value.values.0.value"


@pytest.fixture
def service(loaded: State) -> Iterator[House]:
    """The service, to be changed by one test: all it writes is rolled back."""
    with transaction.atomic():
        yield current_house()
        transaction.set_rollback(True)


@pytest.fixture
def officer(service: House) -> Client:
    """The browser of a policy officer."""
    return signed_in(OFFICER)


@pytest.fixture
def draft(officer: Client) -> str:
    """The address of a draft of theirs."""
    answer = officer.post(
        "/rules/draft", {"base": "bcf-2014-08", "title": "Dearer admissions", "key": "copy-once"}
    )
    assert answer.status_code == 302
    return answer["Location"]


def save(client: Client, draft: str, edition: int, **values: str) -> str:
    """Save values and follow to the page."""
    answer = client.post(draft, {"edition": edition, **values}, follow=True)
    return page_of(answer, draft).text


def test_the_list_of_drafts(officer: Client, draft: str) -> None:
    """Who has drafts sees them with what they were copied from; who has none is told how to begin."""
    page = get(officer, "/rules/draft")
    assert "Dearer admissions" in page.text
    assert "bcf-2014-08" in page.text
    assert "You have no draft yet" in get(signed_in("demo-11"), "/rules/draft").text


@pytest.mark.slow
def test_a_draft_of_rules_and_what_it_would_do(officer: Client, draft: str) -> None:
    """A value is changed, the draft stays whole, and its effect shows sentence, figures, chart, map and 150 boards."""
    said = save(officer, draft, 1, **{UNIT: "£1,700"})
    assert "Saved." in said
    assert "The draft is whole." in said
    page = get(officer, f"{draft}/effect?against=bcf-2014-08&ambition=3.07")
    assert "The fund stays at £3.8bn, and no board would have more or less of it." in page.text
    assert "At one uniform cut of 3.07%" in page.text
    assert "hypothetical" in page.text
    assert "recalled" in page.text
    assert len(page.html.encode()) < 150_000
    data = json.loads(officer.get(f"{draft}/effect.json?ambition=3.07").content)
    rows = list(
        csv.DictReader(io.StringIO(officer.get(f"{draft}/effect.csv?ambition=3.07").content.decode()))
    )
    assert len(rows) == len(data["boards"]) == 150
    assert sum(int(row["paid_after_pence"]) for row in rows) == data["totals"]["paid_after_pence"]
    assert all("hypothetical" in row["rests_on"] for row in rows)


@pytest.mark.slow
def test_money_that_moves_is_on_the_map(officer: Client, draft: str) -> None:
    """Where the pot moves the page has a bar chart of who moves most and a map, each with its sentence."""
    save(officer, draft, 1, **{"value-composition.streams.5.pounds": "2,000,000,000"})
    page = get(officer, f"{draft}/effect")
    assert 'id="movers"' in page.html
    assert 'id="map"' in page.html
    assert (
        "The fund grows by £100.0m, to £3.9bn; 150 boards would have more of it and no boards less."
        in page.text
    )


@pytest.mark.slow
def test_a_wrong_value_is_said_and_stops_nothing_else(officer: Client, draft: str) -> None:
    """What was typed stands in the file; the page says file and line, links to it, and offers no effect until it is right."""
    said = save(officer, draft, 1, **{UNIT: "plenty"})
    assert "Something in the draft must be put right" in said
    assert "draft/payment/unit_value.yaml, line 4" in said
    assert officer.get(f"{draft}/effect").status_code == 409
    page = get(officer, f"{draft}/file?path=payment/unit_value.yaml")
    assert "plenty" in page.html
    held = re.search(r"<textarea[^>]*>(.*?)</textarea>", page.html, re.DOTALL)
    assert held
    text = unescape(held[1]).replace("plenty", "1500")
    answer = officer.post(
        f"{draft}/file", {"path": "payment/unit_value.yaml", "text": text, "edition": 2}, follow=True
    )
    assert "Saved." in page_of(answer).text
    assert "The draft is whole." in get(officer, draft).text


def test_two_windows_do_not_overwrite_each_other(officer: Client, draft: str) -> None:
    """The second window to save is told, its typing stays in the form, and nothing of it is kept."""
    save(officer, draft, 1, **{UNIT: "1500"})
    answer = officer.post(draft, {"edition": 1, UNIT: "1600"})
    assert answer.status_code == 409
    page = page_of(answer)
    assert "changed in another window" in page.text
    assert page.html.count('value="1600"') == 1
    assert "1600" not in get(officer, f"{draft}/file?path=payment/unit_value.yaml").text


def test_nobody_else_sees_it(officer: Client, draft: str) -> None:
    """Another account is told that it has no such draft, on every page of it; a stranger is asked to sign in."""
    other = signed_in("demo-11")
    for path in ("", "/file?path=set.yaml", "/effect", "/effect.json", "/effect.csv", "/files.zip"):
        assert other.get(f"{draft}{path}").status_code == 404, path
        answer = Client(SERVER_NAME="localhost").get(f"{draft}{path}")
        assert (answer.status_code, answer["Location"][:8]) == (302, "/sign-in"), path
    for path, fields in (("", {UNIT: "1"}), ("/file", {"path": "set.yaml", "text": "x"}), ("/drop", {})):
        assert other.post(f"{draft}{path}", {"edition": 1, **fields}).status_code == 404, path
    assert "private" in officer.get(draft)["Cache-Control"]
    assert "Dearer admissions" in get(officer, draft).text


def test_the_files_can_be_taken_away_and_checked(officer: Client, draft: str, service: House) -> None:
    """The zip holds a folder that the command checks and simulates."""
    answer = officer.get(f"{draft}/files.zip")
    assert answer["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    book, findings = parse(files, service.rulebook)
    (rules,) = book.sets.values()
    assert rules.about.status == "draft"
    assert rules.about.follows == "bcf-2014-08"
    assert {each.severity for each in findings} == {"note"}


def test_throwing_away(officer: Client, draft: str) -> None:
    """A draft is thrown away by its button, and is then nowhere."""
    assert "thrown away" in page_of(officer.post(f"{draft}/drop", follow=True)).text
    assert officer.get(draft).status_code == 404


@pytest.mark.parametrize(
    ("path", "fields", "says"),
    [
        (
            "/rules/draft",
            {"base": "nonsense", "title": "x", "key": "k"},
            "There is no set of rules “nonsense”",
        ),
        ("/rules/draft", {"key": "k"}, "There is no set of rules “”"),
    ],
)
def test_a_copy_of_nothing_is_refused(officer: Client, path: str, fields: dict[str, str], says: str) -> None:
    """What cannot be copied is said at its field, and what was typed is kept."""
    answer = officer.post(path, fields)
    assert answer.status_code == 400
    assert says in page_of(answer).text


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("rules=bcf-2014-08&ambition=many", "“many” is not a cut in per cent"),
        ("rules=bcf-2014-08&against=bcf-2014-8", "Did you mean bcf-2014-08"),
        ("rules=bcf-2014-08&against=bcf-2025-26", "no board can be compared"),
    ],
)
def test_a_question_that_cannot_be_used(service: House, query: str, says: str) -> None:
    """The field says why, the page stays, and the data answer says the same."""
    client = Client(SERVER_NAME="localhost")
    answer = client.get(f"/rules/effect?{query}")
    assert answer.status_code == 400
    assert says in page_of(answer).text
    data = client.get(f"/rules/effect.json?{query}")
    assert data.status_code == 400
    assert says in json.loads(data.content)["problems"][0]["says"]


@pytest.mark.slow
def test_hostile_forms(officer: Client, draft: str) -> None:
    """Values that are no values, editions that are no numbers, files that are no files: an answer each, nothing broken."""
    for fields in ({"value-x": "1"}, {"value-" + "x" * 500: "1"}, {UNIT: "\0\x1b[31m"}, {UNIT: "1" * 1000}, {"edition": "x", UNIT: "3"}):  # fmt: skip
        assert officer.post(draft, {"edition": 1, **fields}).status_code in {302, 400, 409}, fields
    for path in ("../../etc/passwd", "x" * 300, "set.yaml\n", "<script>.yaml", ""):
        answer = officer.post(f"{draft}/file", {"edition": 1, "path": path, "text": "says: x"})
        assert answer.status_code in {302, 409}, path
        assert b"<script>.yaml" not in answer.content
    assert (
        officer.post(f"{draft}/file", {"edition": 1, "path": "odd.yaml", "text": "x" * 250_000}).status_code
        == 409
    )
    assert officer.get(draft).status_code == 200
