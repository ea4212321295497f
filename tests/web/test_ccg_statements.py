"""Each CCG's statement of performance money: page, PDF and CSV say the same, to who pays and to who is paid."""

import csv
import io

import pytest

from tests.reading_pdf import Pdf
from tests.web.reading import Reader
from tests.web.test_page_figures import exact

HERE = "/plans/carrowby/money/Z6A"


@pytest.mark.slow
def test_page_pdf_and_csv_are_one_statement(read: Reader) -> None:
    """Quarter by quarter what is due, what was paid and where it stands; the digest is the one that both sides see."""
    rows = list(csv.DictReader(io.StringIO(read.answer(f"{HERE}.csv").content.decode())))
    page = read(HERE)
    assert [each["quarter"] for each in rows] == ["2014-15Q4", "2015-16Q1", "2015-16Q2", "2015-16Q3"]
    for each in rows:
        assert exact(each["due_pence"]) in page.text
        assert each["state"] in page.text
    assert rows[0]["statement"] in page.text
    assert "From NHS Carrowby CCG (Z6A)" in page.text
    assert "To Carrowby council, for the pool of 2015-16" in page.text
    first = read.answer(f"{HERE}.pdf").content
    assert read.answer(f"{HERE}.pdf?").content == first
    made = Pdf(first)
    assert made.title.startswith("Performance money of NHS Carrowby CCG")
    assert "Carrowby council" in made.text


def test_before_and_after_it_says_where_the_money_stands(read: Reader) -> None:
    """As at a day before the outturns of the year it says what is at stake; later what was released, and on which day."""
    before = read(f"{HERE}?as_at=2015-05-01").text
    assert "before: the outturn is not published" in before
    after = read(HERE).text
    assert "released on 20 May 2015" in after
    assert "awaiting the host since" in after
    assert "Still at stake" in after


def test_a_ccg_that_pays_nothing_here_has_no_statement(read: Reader) -> None:
    """404 in words, with the nearest; the page of the plan's money leads to each statement that there is."""
    assert "Did you mean Z6A?" in read("/plans/carrowby/money/Z1A").text
    assert any(href == HERE for href, _ in read("/plans/carrowby/money").links)
