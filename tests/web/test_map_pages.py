"""Drawing the map of an unknown template in the browser: guessed, corrected, checked, tried and taken away, with nothing lost."""

# ruff: noqa: F811  (a fixture that is imported is named again as an argument)

import base64
import io
import re
from html import unescape

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from carepool.actions.house import House
from carepool.actions.planning import view
from carepool.web import workbook_map
from carepool.workbooks.checking import check_template
from carepool.workbooks.maps import parse_map
from carepool.workbooks.reading import read_workbook
from tests.web.reading import Page
from tests.web.test_plan_pages import county, get, page_of, signed_in  # noqa: F401  (a fixture)
from tests.workbooks.issuing import boxes, plain, protected, saved

LEAD = "demo-29"
PAGE = "/plans/carrowby/workbook/map"


def read(client: Client, content: bytes, name: str = "issued.xlsx", earlier: bytes = b"") -> HttpResponse:
    """Hand a template in, perhaps with a map that was begun before."""
    sent = {"file": SimpleUploadedFile(name, content)}
    if earlier:
        sent["map"] = SimpleUploadedFile("begun.yaml", earlier)
    return client.post(PAGE, {"do": "read", **sent})


def form_of(answer: HttpResponse) -> dict[str, str]:
    """What a browser would send of the form: every field with what stands in it."""
    html = re.search(r"<form method=\"post\" action=\"/plans.*?</form>", answer.content.decode(), re.DOTALL)
    assert html
    found = {}
    for tag, each in Page(PAGE, f"<!DOCTYPE html>{html[0]}").elements:
        if tag == "input" and each.get("type") != "file" and each.get("name") != "csrfmiddlewaretoken":
            found[each["name"]] = each.get("value", "")
    for name, inside in re.findall(r'<select[^>]* name="([^"]+)".*?>(.*?)</select>', html[0], re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected>', inside)
        found[name] = chosen[1] if chosen else ""
    written = re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>\n(.*?)</textarea>', html[0], re.DOTALL)
    return found | {name: unescape(text) for name, text in written}


def press(client: Client, answer: HttpResponse, do: str, **typed: str) -> HttpResponse:
    """Type over some fields of the form and press a button."""
    return client.post(PAGE, {**form_of(answer), **{name.replace("__", "-"): text for name, text in typed.items()}, "do": do})  # fmt: skip


@pytest.mark.slow
def test_a_template_is_guessed_at(county: House) -> None:
    """The page shows the sheets with their labels and tables, and a guess with its reason in each field that has one."""
    answer = read(signed_in(LEAD), plain())
    assert answer.status_code == 200
    page = page_of(answer)
    assert "9 of" in page.text
    form = form_of(answer)
    assert form["at-vision-case"] == "Vision and case for change!B5"
    assert (form["at-spend-spend-sheet"], form["at-spend-spend-first"], form["at-spend-spend-year_2"]) == ("Expenditure", "3", "G")  # fmt: skip
    assert "Guessed from “The case for change” in A5: case, change" in page.text
    assert "Sheet “Expenditure”: 0 labels, 1 table" in page.text
    assert base64.b64decode(form["template"]) == plain()


@pytest.mark.slow
def test_nothing_that_was_typed_is_lost(county: House) -> None:
    """Whatever is in the form comes back as it was, wrong or right, and the template with it."""
    lead = signed_in(LEAD)
    answer = read(lead, plain())
    typed = {"at__vision__case": "Nowhere!Z9", "at__vision__vision": "no mark", "at__schemes__schemes__name": "?", "words__at__spend__spend__area": "acute = Hospital <b>", "unit__at__spend__spend__year_1": "thousands"}  # fmt: skip
    before = form_of(answer) | {name.replace("__", "-"): text for name, text in typed.items()}
    again = press(lead, answer, "check", **typed)
    assert again.status_code == 400
    page = page_of(again)
    assert page.title.strip().startswith("Error:")
    assert "“no mark” names no sheet" in page.text
    assert "The template has no sheet “Nowhere”" in page.text
    assert form_of(again) == before
    assert form_of(press(lead, again, "check")) == before


@pytest.mark.slow
def test_it_is_checked_as_it_is_drawn(county: House) -> None:
    """A formula, a locked cell and a cell taken twice are said at their fields; the section with them stands open."""
    lead = signed_in(LEAD)
    answer = press(lead, read(lead, protected()), "check", at__vision__vision="5. Social care!D3", at__vision__case="4. Expenditure plan!I5", at__vision__changes="'5. Social care'!A3")  # fmt: skip
    page = page_of(answer)
    for says in ("is taken already, by", "I5 of “4. Expenditure plan” holds a formula", "A3 of “5. Social care” is locked"):  # fmt: skip
        assert says in page.text
    assert {"at-vision-case", "at-vision-changes"} <= {href for _, each in page.elements if (href := each.get("href", "")[1:]).startswith("at-")}  # fmt: skip
    assert [each for each in page.find("details", id="group-vision") if "open" in each]


@pytest.mark.slow
def test_the_map_is_taken_away_and_fits(county: House) -> None:
    """What comes down is a map that the commands read, with a comment for each guess that was left, and none for a correction."""
    lead = signed_in(LEAD)
    answer = press(lead, read(lead, plain()), "download", at__vision__case="Vision and case for change!C5")
    assert answer["Content-Disposition"] == 'attachment; filename="carrowby-map.yaml"'
    text = answer.content.decode()
    assert "# “Vision” in A3: vision\n" in text
    assert "# “The case for change”" not in text
    mapped, findings = parse_map("map.yaml", answer.content, county.rulebook)
    assert mapped is not None, findings
    assert {(each.about.name, each.column) for each in mapped.cells} >= {("vision", 2), ("case", 3)}


@pytest.mark.slow
def test_a_map_begun_before_goes_on(county: House) -> None:
    """Taken away and handed in again with the template, it is the same map; what is no map is said."""
    lead = signed_in(LEAD)
    first = press(lead, read(lead, plain()), "check", at__vision__case="Vision and case for change!C5", words__at__spend__spend__area="acute = Hospital")  # fmt: skip
    content = press(lead, first, "download").content
    again = read(lead, plain(), earlier=content)
    assert form_of(again) == form_of(first)
    wrong = read(lead, plain(), earlier=content.replace(b"C5", b"5C"))
    assert wrong.status_code == 400
    assert "“5C” is not a cell" in page_of(wrong).text


@pytest.mark.slow
def test_the_trial(county: House) -> None:
    """What went where and what has no place; the filled template comes down, and is the plan when it is read again."""
    lead = signed_in(LEAD)
    answer = press(lead, read(lead, plain()), "try")
    page = page_of(answer)
    plan = view(county, "carrowby").plan
    rows = {each["Where"]: each["Shows"] for each in page.tables["placed"]}
    assert rows["Expenditure!A3:G32"] == f"{len(plan.spend.spend)} of 30 rows"
    assert any(each["What"].startswith("Schemes: ") for each in page.tables["left"])
    filled = press(lead, answer, "fill")
    assert filled["Content-Disposition"] == 'attachment; filename="carrowby-filled.xlsx"'
    book = openpyxl.load_workbook(io.BytesIO(filled.content))
    assert book["Vision and case for change"]["B3"].value == plan.vision.vision
    mapped, _ = parse_map("map.yaml", press(lead, answer, "download").content, county.rulebook)
    assert mapped is not None
    checked = check_template(county, read_workbook(filled.content), mapped, plan)
    assert checked.contents.sections["vision"].part == plan.vision


@pytest.mark.slow
def test_a_plan_with_more_rows_than_the_template(county: House) -> None:
    """The trial says so in a sentence, without a line of a file that nobody has seen."""
    lead = signed_in(LEAD)
    answer = press(lead, read(lead, plain()), "try", at__spend__spend__last="3")
    assert answer.status_code == 400
    says = page_of(answer).text
    assert "The template has room for 1" in says or "the template has room for 1" in says
    assert "map.yaml" not in says


@pytest.mark.slow
def test_a_template_too_large_to_go_along(county: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is chosen again at each press; forgotten, the page says so and keeps what was typed."""
    monkeypatch.setattr(workbook_map, "CARRIED", 100)
    lead = signed_in(LEAD)
    answer = read(lead, plain())
    form = form_of(answer)
    assert "template" not in form
    forgotten = press(lead, answer, "download", at__vision__case="Vision and case for change!C5")
    assert forgotten.status_code == 400
    assert "Choose the template" in page_of(forgotten).text
    assert form_of(forgotten) == form | {"at-vision-case": "Vision and case for change!C5"}
    done = lead.post(PAGE, {**form_of(forgotten), "do": "download", "file": SimpleUploadedFile("a.xlsx", plain())})  # fmt: skip
    assert done["Content-Type"].startswith("application/yaml")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "The file is empty"),
        (b"a,b\n1,2\n", "a text file"),
        (b"PK\x03\x04" + b"\0" * 200, "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "an old Office file"),
        (b"%PDF-1.7", "a PDF"),
    ],
)
def test_what_is_no_template_is_said(county: House, content: bytes, says: str) -> None:
    """In a sentence above and at the field."""
    answer = read(signed_in(LEAD), content)
    assert answer.status_code == 400
    assert says in page_of(answer).text


@pytest.mark.parametrize("forged", ["", "no base64!", base64.b64encode(b"PK\x03\x04" + bytes(300)).decode(), "A" * 2_000_000])  # fmt: skip
def test_a_forged_form_is_refused_and_keeps_what_was_typed(county: House, forged: str) -> None:
    """What comes along as the template is looked at like anything that is handed in."""
    lead = signed_in(LEAD)
    answer = lead.post(PAGE, {"do": "fill", "template": forged, "name": "x", "at-vision-case": "A!B2"})
    assert answer.status_code == 400
    assert form_of(answer)["at-vision-case"] == "A!B2"


@pytest.mark.slow
def test_hostile_names_are_only_words(county: House) -> None:
    """A sheet or a label may be called anything: it is shown as words, and its map comes down whole."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "<script>!'&\u202e"
    sheet["A1"] = '=HYPERLINK("http://x")'
    sheet["A1"].data_type = "s"
    sheet["A2"], sheet["A3"] = "Vision <img src=x onerror=alert(1)>", "The case for change {{ 7*7 }} {% x %}"
    lead = signed_in(LEAD)
    answer = read(lead, saved(book), name='"><script>alert(1)</script>.xlsx')
    page = page_of(answer)
    assert page.find("script") == []
    assert page.find("img") == []
    assert "{{ 7*7 }}" in page.text
    content = press(lead, answer, "download").content
    mapped, findings = parse_map("map.yaml", content, county.rulebook)
    assert mapped is not None, findings
    assert {each.sheet for each in mapped.cells} == {sheet.title}


@pytest.mark.slow
def test_only_a_plan_lead_draws_one_with_a_plan(county: House) -> None:
    """Who is not signed in is asked to; who may not edit is told who can; nothing is kept of anything."""
    answer = Client(SERVER_NAME="localhost").post(PAGE, {"do": "read", "at-vision-case": "A!B2"})
    assert answer.status_code == 403
    assert "A!B2" in page_of(answer).text
    assert Client(SERVER_NAME="localhost").get(PAGE)["Location"][:8] == "/sign-in"
    refused = read(signed_in("demo-70"), boxes())
    assert refused.status_code == 403
    assert "whom you can ask" in page_of(refused).text
    assert read(signed_in("demo-18"), boxes()).status_code == 404
    before = county.journal.version("imports/carrowby"), county.drafts.of_editor("carrowby", LEAD)
    lead = signed_in(LEAD)
    press(lead, read(lead, boxes()), "try")
    assert (county.journal.version("imports/carrowby"), county.drafts.of_editor("carrowby", LEAD)) == before


def test_the_page_of_the_workbook_leads_there(county: House) -> None:
    """And the empty form is small and sound."""
    lead = signed_in(LEAD)
    assert any(href == PAGE for href, _ in get(lead, "/plans/carrowby/workbook").links)
    assert "Hand in the template" in get(lead, PAGE).text


def test_the_form_is_no_heavier_than_a_page_may_be(county: House) -> None:
    """Without the template that goes along in it."""
    answer = read(signed_in(LEAD), protected())
    assert len(answer.content) - len(form_of(answer)["template"]) < 150_000
