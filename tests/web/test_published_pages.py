"""The open book: every release and its parts at addresses that stay, as pages, JSON and CSV, with a feed and a search."""

import csv
import io
import runpy
from xml.etree.ElementTree import fromstring

import pytest

from carepool.publication.bundle import check_bundle
from carepool.web.published import SCRIPT
from tests.web.reading import Reader

ATOM = "{http://www.w3.org/2005/Atom}"
FIRST, SECOND = "/releases/carrowby/1", "/releases/carrowby/2"


def test_the_list_names_each_release_the_latest_first(read: Reader) -> None:
    """The same stands in the page, the JSON, the CSV and the feed; all of the county is marked."""
    data = read.answer("/releases.json").json()["releases"]
    assert [each["release"] for each in data] == ["carrowby/2", "carrowby/1"]
    assert all(each["mark"] for each in data)
    rows = list(csv.DictReader(io.StringIO(read.answer("/releases.csv").content.decode())))
    assert [each["digest"] for each in rows] == [each["digest"] for each in data]
    feed = fromstring(read.answer("/releases.atom").content)
    assert [each.findtext(f"{ATOM}id") for each in feed.iter(f"{ATOM}entry")] == [
        f"urn:sha256:{each['digest']}" for each in data
    ]
    assert [each for each in read.answer("/releases").content.decode().split() if "carrowby/1" in each]


def test_it_is_searched_for_a_body(read: Reader) -> None:
    """A word of the title or of a body's name finds its releases; what finds none says so."""
    assert "carrowby/2" in read.answer("/releases?q=nhs+CARROWBY").content.decode()
    none = read.answer("/releases?q=%3Cb%3Enobody").content.decode()
    assert "No release names “&lt;b&gt;nobody”" in none


def test_the_file_of_a_release_verifies(read: Reader) -> None:
    """What is downloaded is shown to be what was signed, by carepool and by the script that is offered beside it."""
    first, second = (read.answer(f"{each}.json").json() for each in (FIRST, SECOND))
    assert check_bundle(second, first).verifies
    assert read.answer("/releases/verify_release.py").content == SCRIPT.read_bytes()
    runpy.run_path(str(SCRIPT))["check"](second, first)


def test_a_correction_is_said_on_both_pages(read: Reader) -> None:
    """The earlier release stays, and says that it was put right; the later says what changed."""
    before, after = (read.answer(each).content.decode() for each in (FIRST, SECOND))
    assert "This release was put right by" in before
    assert "Commercially confidential" in before
    assert "What changed is in: risks." in after
    assert "Commercially confidential" not in after


@pytest.mark.parametrize("part", ["money", "schemes/S1", "metrics/delayed_transfers"])
def test_each_part_says_the_same_as_a_page_as_json_and_as_csv(read: Reader, part: str) -> None:
    """Promised, spent and achieved, in pence where a program reads them."""
    data = read.answer(f"{SECOND}/{part}.json").json()
    assert data["mark"]
    assert data["digest"] == read.answer("/releases.json").json()["releases"][0]["digest"]
    rows = list(csv.reader(io.StringIO(read.answer(f"{SECOND}/{part}.csv").content.decode())))
    assert rows[0][-1] == "mark"
    page = read.answer(f"{SECOND}/{part}")
    assert len(page.content) < 150_000
    assert rows[1][0] in page.content.decode()


@pytest.mark.parametrize("path", ["/releases/carrowby/3", "/releases/wolds/1", f"{SECOND}/schemes/none", f"{SECOND}/metrics/none", "/releases/nothing/1.json"])  # fmt: skip
def test_what_was_not_published_is_not_there(read: Reader, path: str) -> None:
    """A plan without a release looks like no plan at all."""
    assert read.answer(path).status_code == 404
