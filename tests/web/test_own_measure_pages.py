"""A board's own measures on their page: defined by its lead, checked by a second person, and missing to everybody else."""

import io
import re
from collections.abc import Callable

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse

from carepool.actions.defining import own_of
from carepool.actions.house import House
from tests.web.test_agreement_pages import send
from tests.web.visiting import Person, sound

HERE = "/boards/ZZ1/measures/new"
People = Callable[..., Person]
FALLS = {
    "id": "falls_at_home", "title": "Falls at home", "says": "Falls seen at home.", "numerator": "Falls seen", "denominator": "People of 65 and over",
    "scale": "1000", "unit": "per 1,000 people", "better": "lower", "period": "month", "from": "2026-01-01", "data": "The falls team's list",
}  # fmt: skip


def test_a_measure_is_defined_and_checked_by_a_second_person(someone: People, now: House) -> None:
    lead = someone("merrow.lead")
    assert send(lead, HERE, "define", **FALLS).status_code == 302  # type: ignore[attr-defined]
    assert own_of(now, "ZZ1")["falls_at_home"].waiting
    shown = lead.page(HERE).text
    assert "Waits for a second person" in shown
    assert "Falls seen, of People of 65 and over, times 1,000" in shown
    own = sound(HERE, send(lead, HERE, "check-falls_at_home")).text  # type: ignore[arg-type]
    assert "A second person checks it" in own
    assert send(someone("merrow.chair"), HERE, "check-falls_at_home").status_code == 302  # type: ignore[attr-defined]
    assert own_of(now, "ZZ1")["falls_at_home"].waiting is None


def test_what_is_empty_or_wrong_is_named_and_what_was_typed_is_kept(someone: People) -> None:
    lead = someone("merrow.lead")
    empty = sound(HERE, send(lead, HERE, "define", **(FALLS | {"denominator": ""}))).text  # type: ignore[arg-type]
    assert "“Out of what” is empty" in empty
    assert "Falls seen at home." in empty
    assert "is not a number" in sound(HERE, send(lead, HERE, "define", **(FALLS | {"scale": "many"}))).text  # type: ignore[arg-type]
    assert (
        "a measure of everybody"
        in sound(HERE, send(lead, HERE, "define", **(FALLS | {"id": "delayed_transfers"}))).text
    )  # type: ignore[arg-type]


def test_to_others_the_page_is_missing(someone: People) -> None:
    assert someone("thornmere.clerk").browser.get(HERE).status_code == 404
    assert someone("merrow.lead").browser.get("/boards/ZZ99/measures/new").status_code == 404


FILE = "area,period,counted,out of\nZZ1,2026-01,120,4000\nZZ1,2026-02,*,4000\nZZ1,2026-04,132,4000\n"
COLUMNS = {"area": "area", "period": "period", "counted": "counted", "out_of": "out of", "sheet": ""}
SHOWN = "/boards/ZZ1/measures/falls_at_home"


def hand_in(who: Person, text: str | bytes, **columns: str) -> HttpResponse:
    """Hand a file of figures in."""
    content = text.encode() if isinstance(text, str) else text
    fields = {
        "measure": "falls_at_home",
        **COLUMNS,
        **columns,
        "file": SimpleUploadedFile("falls.csv", content),
    }
    return send(who, HERE, "figures-falls_at_home", **fields)  # type: ignore[arg-type,return-value]


@pytest.fixture
def lead(someone: People) -> Person:
    """The lead of a board whose own measure is defined and checked."""
    found = someone("merrow.lead")
    send(found, HERE, "define", **FALLS)
    send(someone("merrow.chair"), HERE, "check-falls_at_home")
    return found


def test_figures_are_loaded_and_shown_like_every_measure_s(lead: Person, someone: People, now: House) -> None:
    """By an officer, from a file; as chart, table, JSON and CSV, to officers of the board's bodies and nobody else."""
    assert hand_in(lead, FILE).status_code == 302
    assert SHOWN in {each for each, *_ in lead.page(HERE).links}
    page = lead.page(SHOWN)
    assert page.tables["falls_at_home-trend-table"].column("Value") == ["30.0", "–", "–", "32.5"]
    assert page.tables["falls_at_home-trend-table"].column("Status")[1:3] == ["suppressed", "not available"]
    assert "for review by" in page.text
    data = lead.browser.get(f"{SHOWN}.json").json()
    assert [each["value"] for each in data["figures"][0]["rows"]] == [30, None, None, 32.5]
    assert data["mark"]
    assert lead.browser.get(f"{SHOWN}.csv").content.decode().count("\n") == 5
    assert "private" in lead.browser.get(SHOWN)["Cache-Control"]
    for other in (someone("thornmere.clerk"), someone(None)):
        for address in (SHOWN, f"{SHOWN}.json", f"{SHOWN}.csv"):
            assert other.browser.get(address).status_code == 404
    assert len(own_of(now, "ZZ1")["falls_at_home"].figures) == 1


@pytest.mark.slow
def test_a_wrong_file_is_not_taken_in_and_each_row_is_named(lead: Person, now: House) -> None:
    """The findings stand above the form, with file and row; the columns that were typed are kept."""
    answer = hand_in(lead, FILE + "ZZ9,2026-05,1,2\nZZ1,2026-06,many,2\n", counted="Counted")
    assert answer.status_code == 400
    page = sound(HERE, answer)
    assert "The file/5: “ZZ9” is no council and no board of England" in page.text
    assert "The file/6: “many” is neither a number nor a mark" in page.text
    assert 'value="Counted"' in page.html
    assert "Choose the file with the figures." in sound(HERE, hand_in(lead, "")).text
    assert "has no row with the headings" in sound(HERE, hand_in(lead, FILE, period="month")).text
    assert own_of(now, "ZZ1")["falls_at_home"].figures == ()


def test_each_field_for_a_file_says_which_file(lead: Person) -> None:
    """That of counts, and that of figures of each measure: no two are called alike."""
    labels = dict(re.findall(r'<label[^>]* for="([^"]+-file)">\s*(.+?)\s*</label>', lead.page(HERE).html))
    assert labels == {
        "counts-file": "The file of counts of people’s care",
        "figures-falls_at_home-file": "The file with figures of “Falls at home”",
    }


def test_a_workbook_of_figures_is_read_as_well(lead: Person, now: House) -> None:
    """By what it is, and not by its name."""
    held = io.BytesIO()
    with xlsxwriter.Workbook(held) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(each.split(",") for each in FILE.splitlines()):
            sheet.write_row(number, 0, row)
    assert hand_in(lead, held.getvalue()).status_code == 302
    assert len(own_of(now, "ZZ1")["falls_at_home"].figures) == 1
