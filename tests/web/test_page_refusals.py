"""What cannot be used is said at its field and above, what was typed is kept, and what does not exist says what does."""

from urllib.parse import parse_qs

import pytest
from django.test import Client

from tests.web.addresses import KENT, NOT_THERE, NOT_USABLE
from tests.web.reading import Reader

BOTH = pytest.mark.parametrize("place", ["/", f"/boards/{KENT}"])
QUESTIONS = pytest.mark.parametrize("query", NOT_USABLE)


@BOTH
@QUESTIONS
def test_the_page_says_it_above_and_at_the_field(read: Reader, place: str, query: str) -> None:
    """400; “Error:” in the title; a summary that leads to the field; the same sentence there; what was typed, kept."""
    field, says = NOT_USABLE[query]
    page = read(f"{place}?{query}")
    assert read.answer(page.path).status_code == 400
    assert page.title.strip().startswith("Error: ")
    assert page.text.index("There is a problem") < page.text.index(page.text_of("h1"))
    assert page.text.count(says) == 2
    assert page.find("a", href=f"#{field}")
    [typed] = page.find("input", name=field)
    assert f"{field}-error" in typed["aria-describedby"].split()
    assert typed["value"] == parse_qs(query)[field][0]
    assert "<script" not in page.html


@BOTH
@QUESTIONS
def test_the_page_then_shows_the_standard_question(read: Reader, place: str, query: str) -> None:
    """Nothing is computed from what could not be read: the figures are those of the guideline, and the page says so."""
    page = read(f"{place}?{query}")
    assert "Until that is put right, this page shows a cut of 3.5% and all outturns." in page.text
    table = "boards-table" if place == "/" else "quarters-table"
    assert page.tables[table].rows == read(place).tables[table].rows


def test_what_can_be_used_is_used_beside_what_cannot(read: Reader) -> None:
    """A good ambition beside a bad date counts, and both are kept as they were typed."""
    page = read("/?ambition=3.07&as_at=x")
    assert read.answer(page.path).status_code == 400
    assert [page.find("input", name=name)[0]["value"] for name in ("ambition", "as_at")] == ["3.07", "x"]
    assert "shows a cut of 3.07% and all outturns" in page.text
    assert page.tables["boards-table"].rows == read("/?ambition=3.07").tables["boards-table"].rows


@pytest.mark.parametrize(
    "address", ["/nation.json", "/nation.csv", f"/boards/{KENT}.json", f"/boards/{KENT}.csv"]
)
@QUESTIONS
def test_data_are_refused_with_every_problem(read: Reader, address: str, query: str) -> None:
    """The JSON and the CSV of a question that cannot be used are a 400 with the field and the sentence, as JSON."""
    field, says = NOT_USABLE[query]
    answer = read.answer(f"{address}?{query}")
    assert answer.status_code == 400
    assert answer["Content-Type"].startswith("application/json")
    assert answer.json() == {"problems": [{"field": field, "says": says}]}


def test_every_problem_is_said_at_once(read: Reader) -> None:
    """Two faults are two problems, not one and then the other."""
    problems = read.answer("/nation.json?ambition=abc&as_at=x").json()["problems"]
    assert [each["field"] for each in problems] == ["ambition", "as_at"]


@pytest.mark.parametrize("path", NOT_THERE)
def test_what_does_not_exist_says_what_does(read: Reader, path: str) -> None:
    """404, with the nearest name or, for a council in a joint board, the board's own code; and a way back."""
    page = read(path)
    assert read.answer(path).status_code == 404
    assert page.text_of("h1") == "Page not found"
    assert NOT_THERE[path] in page.text
    assert page.find("a", href="/")


@pytest.mark.parametrize("path", ["/boards/E06000028.json", "/boards/E06000028.csv"])
def test_what_does_not_exist_as_data_says_so_as_data(read: Reader, path: str) -> None:
    """A program that asks for a council in a joint board is told the board's code in JSON."""
    answer = read.answer(path)
    assert answer.status_code == 404
    assert "Use the board's code, HWB_BP." in answer.json()["problems"][0]["says"]


@pytest.mark.parametrize(
    "path",
    [
        f"/boards/%0A{KENT}.csv",
        f"/boards/%20{KENT}%0D%0A",
        "/boards/%FF",
        "/boards/%00.json",
        "/rules/%0A.json",
        "/?ambition=%00&as_at=%00",
        "/?ambition=%FF",
        "/?ambition=9e999999999",
        "/?ambition=1e-999999999",
        "/?ambition=" + "9" * 5000,
        "/?ambition=sNaN",
        "/?as_at=%D9%A2%D9%A0%D9%A1%D9%A5-08-10",
        "/?as_at=9999-12-31",
        "/?as_at=0001-01-01",
        "/?ambition=3.5&ambition=abc",
    ],
)
def test_no_address_breaks_it(client: Client, path: str) -> None:
    """Whatever an address holds, the answer is a page or a refusal, never a fault of ours."""
    assert client.get(path).status_code in {200, 400, 404}
