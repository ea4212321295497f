"""The workbook in the browser: taken away, changed, brought back into drafts, every cell accounted for, and others' changes kept."""

# ruff: noqa: F811  (a fixture that is imported is named again as an argument)

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from carepool.actions.house import House
from carepool.actions.planning import view
from tests.web.test_plan_pages import county, get, page_of, signed_in  # noqa: F401  (a fixture)

LEAD = "demo-29"
PAGE = "/plans/carrowby/workbook"


def taken_away(plan: str = "carrowby") -> bytes:
    """The workbook as anybody gets it who reads the plan."""
    return signed_in("demo-70").get(f"/plans/{plan}/workbook.xlsx").content


def changed(content: bytes, old: object, new: object) -> bytes:
    """The workbook with one value, wherever it stands, replaced by another."""
    book, found = openpyxl.load_workbook(io.BytesIO(content)), 0
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value == old and not cell.protection.locked:
                    cell.value, found = new, found + 1
    assert found == 1, found
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def brought_back(client: Client, content: bytes, name: str = "plan.xlsx", key: str = "upload-1") -> object:
    """What the page answers to a file."""
    return client.post(PAGE, {"key": key, "file": SimpleUploadedFile(name, content)})


@pytest.mark.slow
def test_a_workbook_brought_back_unchanged_changes_nothing(county: House) -> None:
    """Export then import is no change: no draft, and the page says so."""
    lead = signed_in(LEAD)
    text = page_of(brought_back(lead, taken_away())).text
    assert "No draft was changed" in text
    assert county.drafts.of_editor("carrowby", LEAD) == ()


@pytest.mark.slow
def test_a_change_becomes_a_draft_with_a_receipt(county: House) -> None:
    """One cell changed in Excel is one draft in the browser; the receipt counts every cell and links to the section."""
    lead = signed_in(LEAD)
    words = view(county, "carrowby").plan.engagement.public
    page = page_of(brought_back(lead, changed(taken_away(), words, "A fourth evening")))
    assert "cells accepted" in page.text
    assert "Who was heard" in page.text
    (draft,) = county.drafts.of_editor("carrowby", LEAD)
    assert (draft.section, draft.content["public"]) == ("engagement", "A fourth evening")  # type: ignore[index]
    assert "Brought back before" in get(lead, PAGE).text
    link = next(each for each, _ in page.links if each.endswith(".xlsx") and "/workbook/" in each)
    answer = lead.get(link)
    assert answer.status_code == 200
    assert openpyxl.load_workbook(io.BytesIO(answer.content)).sheetnames
    assert signed_in("demo-18").get(link).status_code == 404


@pytest.mark.slow
def test_sending_it_twice_acts_once(county: House) -> None:
    """The same form pressed twice records one import."""
    lead = signed_in(LEAD)
    words = view(county, "carrowby").plan.engagement.public
    content = changed(taken_away(), words, "A fourth evening")
    for _ in range(2):
        assert brought_back(lead, content).status_code == 200  # type: ignore[attr-defined]
    assert len(county.journal.read("imports/carrowby")) == 1


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("plan.xlsx", b"", "Choose the workbook"),
        ("plan.xlsx", b"hello", "workbook"),
        ("plan.xlsx", b"PK\x03\x04" + b"\0" * 200, "workbook"),
        ("plan.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "Excel"),
    ],
)
def test_what_is_no_workbook_is_said(county: House, name: str, content: bytes, says: str) -> None:
    """The sentence stands above and at the field; nothing is recorded."""
    answer = brought_back(signed_in(LEAD), content, name)
    assert answer.status_code == 400  # type: ignore[attr-defined]
    page = page_of(answer)
    assert says in page.text
    assert not county.journal.read("imports/carrowby")


def test_a_workbook_of_another_plan_is_refused(county: House) -> None:
    """It is brought back on its own plan's page."""
    answer = brought_back(signed_in(LEAD), taken_away("wolds"))
    assert answer.status_code == 400  # type: ignore[attr-defined]
    assert "of the plan “wolds”" in page_of(answer).text


@pytest.mark.slow
def test_only_a_plan_lead_brings_one_back(county: House) -> None:
    """Who is not signed in is asked to; who may not edit is refused; whoever reads the plan may take the workbook away."""
    content = taken_away()
    stranger = brought_back(Client(SERVER_NAME="localhost"), content)
    assert stranger.status_code == 403  # type: ignore[attr-defined]
    assert "You are not signed in, so nothing was recorded." in page_of(stranger).text
    for account, status in (("demo-70", 400), ("demo-18", 404)):
        assert brought_back(signed_in(account), content).status_code == status  # type: ignore[attr-defined]
        assert not county.drafts.of_editor("carrowby", account)
    assert not county.journal.read("imports/carrowby")
