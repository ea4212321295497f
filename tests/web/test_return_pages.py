"""A plan's returns in the browser: filled in by part and by workbook, put forward, signed by the chair, corrected, closed."""

# ruff: noqa: F811  (a fixture that is imported is named again as an argument)

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from carepool.actions.house import House
from carepool.actions.return_imports import imports_of
from carepool.actions.returning import return_of
from carepool.basics.periods import Quarter
from tests.web.test_plan_pages import county, get, signed_in  # noqa: F401  (a fixture)

RETURNS = "/plans/carrowby/returns"
THIRD = f"{RETURNS}/2015-16Q3"
LEAD, CHAIR, ASSURER, TRUST = "demo-29", "demo-34", "demo-11", "demo-30"


def hidden(browser: Client, path: str, form: str) -> dict[str, object]:
    """What the hidden fields of a form hold."""
    import re

    html = browser.get(path).content.decode()
    [found] = re.findall(rf'<form[^>]*id="{form}-form".*?</form>', html, re.DOTALL)
    return dict(re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', found))


def send(browser: Client, path: str, form: str, **typed: object) -> str:
    """Send a form of a page, and give what the page says then."""
    answer = browser.post(path, {**hidden(browser, path, form), **typed}, follow=True)
    return str(answer.content.decode())


def test_what_is_due_and_what_was_sent_stand_in_one_table(county: House) -> None:
    """Each quarter with its day and state; as at an earlier day what had been sent by then."""
    text = get(signed_in(LEAD), RETURNS).text
    assert "2015-16Q1 12:00 on 28 August 2015 Corrected" in text
    assert "2015-16Q2 12:00 on 27 November 2015 Sent" in text
    then = get(signed_in(LEAD), f"{RETURNS}?as_at=2015-08-26").text
    assert "2015-16Q1 12:00 on 28 August 2015 Not sent" in then
    assert "There is nothing to report yet." in get(signed_in(ASSURER), "/plans/stonebeck/returns").text


def test_a_return_has_last_quarter_beside_each_answer(county: House) -> None:
    """The page says when it was sent and whether in time, names each correction with its reasons, and is read as at any day."""
    text = get(signed_in(LEAD), f"{RETURNS}/2015-16Q1").text
    assert "Sent on 27 August 2015, in time, and corrected on 24 November 2015." in text
    assert "counted the instalment of July" in text
    assert "£5,427,711.64" in text
    then = get(signed_in(LEAD), f"{RETURNS}/2015-16Q1?as_at=2015-09-01").text
    assert "£5,980,000" in then
    assert "£5,427,711.64" not in then
    beside = get(signed_in(LEAD), f"{RETURNS}/2015-16Q2").text
    assert "Personal health budgets Number 14 13" in beside


def test_a_lead_fills_in_and_the_chair_signs(county: House) -> None:
    """Parts are forms with last quarter under each question; what the chair signs stands above the button; the assurer closes."""
    lead, chair = signed_in(LEAD), signed_in(CHAIR)
    form = get(lead, f"{THIRD}/fill/narrative")
    assert "Last quarter: Reablement costs more than planned" in form.text
    said = send(lead, f"{THIRD}/fill/narrative", "keep", progress="Two wards closed.", variances="")
    assert "Narrative" in said
    assert "Put it forward" in get(lead, f"{THIRD}/fill").text
    assert "Put it forward" not in get(chair, f"{THIRD}/fill").text
    assert "It is put forward." in send(lead, f"{THIRD}/fill", "forward")
    seen = get(chair, f"{THIRD}/fill").text
    assert "What waits for your signature" in seen
    assert "Two wards closed." in seen
    assert "It is signed and sent." in send(chair, f"{THIRD}/fill", "sign")
    assert "Sent on" in get(chair, THIRD).text
    printed = lead.get(f"{THIRD}.txt").content
    assert b"Two wards closed." in printed
    assert "It is closed" in send(signed_in(ASSURER), f"{THIRD}/fill", "close")
    assert lead.get(f"{THIRD}.txt").content == printed
    assert "nothing in it is changed any more" in get(lead, f"{THIRD}/fill").text


def test_what_cannot_be_read_is_said_and_kept(county: House) -> None:
    """An amount that is none is named, and what was typed stands in the form."""
    lead = signed_in(LEAD)
    path = f"{THIRD}/fill/unreleased"
    answer = lead.post(path, {**hidden(lead, path, "keep"), "agreed": "many", "used": "", "use": "", "decision": "", "reason": ""})  # fmt: skip
    assert answer.status_code == 400
    assert "“many” is not an amount. Write pounds, like 1,240,000." in answer.content.decode()
    assert 'value="many"' in answer.content.decode()


@pytest.mark.slow
def test_it_goes_out_and_comes_back_as_a_workbook(county: House) -> None:
    """What was written in the workbook stands in the return; that of another return is sent back."""
    lead = signed_in(LEAD)
    made = lead.get(f"{THIRD}.xlsx").content
    book = openpyxl.load_workbook(io.BytesIO(made))
    for row in book["Narrative"].iter_rows():
        if row[0].value == "field:progress":
            row[2].value = "Written in Excel"
    out = io.BytesIO()
    book.save(out)
    said = send(lead, f"{THIRD}/fill", "workbook", file=SimpleUploadedFile("return.xlsx", out.getvalue()))
    assert "The workbook is in" in said
    assert "Written in Excel" in get(lead, f"{THIRD}/fill/narrative").html
    assert "Workbooks that were brought back" in said
    assert imports_of(county, "carrowby", Quarter.parse("2015-16Q3"))[-1].workbook in said
    assert "Workbooks that were brought back" not in get(signed_in(CHAIR), f"{THIRD}/fill").html
    other = lead.get(f"{RETURNS}/2015-16Q2.xlsx").content
    said = send(lead, f"{THIRD}/fill", "workbook", file=SimpleUploadedFile("return.xlsx", other))
    assert "This is not a workbook of this return" in said
    said = send(lead, f"{THIRD}/fill", "workbook", file=SimpleUploadedFile("return.xlsx", b"nothing"))
    assert "There is a problem" in said


def test_who_may_not_fill_it_in_sees_no_draft(county: House) -> None:
    """What leads have typed and not sent is theirs; others see who can fill a return in."""
    send(signed_in(LEAD), f"{THIRD}/fill/narrative", "keep", progress="Ours alone", variances="")
    page = get(signed_in(ASSURER), f"{THIRD}/fill")
    assert "The plan leads of its partners and the pool manager fill a return in" in page.text
    assert "What the checks find" not in page.text
    assert "Ours alone" not in get(signed_in(ASSURER), f"{THIRD}/fill/narrative").html
    assert return_of(county, "carrowby", Quarter(2015, 3)).filed.waiting is None


def test_json_and_csv_have_the_same_figures(county: House) -> None:
    """Whole pence in JSON, with the recalled rules named; CSV with last quarter beside each answer, marked as fictitious."""
    data = signed_in(LEAD).get(f"{RETURNS}/2015-16Q2.json").json()
    assert data["so_far"]["money/income"]["value"] == 542_771_164 + 497_783_257
    assert data["state"] == "Sent"
    assert any("is recalled" in each for each in data["recalled"])
    text = signed_in(LEAD).get(f"{RETURNS}/2015-16Q2.csv").content.decode()
    assert text.startswith("part,row,question,answer,answer in 2015-16Q1,value,fictitious")
    assert "Illustrative county" in text


def test_what_is_no_quarter_is_no_page(county: House) -> None:
    """A quarter that is none, and one that no return is asked of, are not there; a day that is none is said."""
    lead = signed_in(LEAD)
    assert [
        lead.get(f"{RETURNS}/{each}").status_code for each in ("soon", "2018-19Q1", "2015-16Q3/fill/nothing")
    ] == [404] * 3
    assert [
        lead.get(f"{RETURNS}/2015-16Q2{each}?as_at=soon").status_code
        for each in ("", ".json", ".csv", ".txt")
    ] == [400] * 4
    assert lead.get(f"{RETURNS}/2015-16Q4.csv").status_code == 404
