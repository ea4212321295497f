"""The open book's public pages: promised, spent and achieved, with a search, files to take away, and a check of a plan's file."""

import csv
import hashlib
import io
import json
import re
import runpy
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from django.test import Client

from carepool.engines import parquet
from carepool.publication.bundle import check_bundle
from carepool.render.open_tables import TABLES
from carepool.web.published import SCRIPT
from tests.web.reading import Reader
from tests.web.visiting import sound

EXAMPLE = Path(__file__).parents[2] / "docs" / "standard" / "example.json"
NORTH_WEST = "E12000002"


def rows_of(content: bytes) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    return list(csv.DictReader(io.StringIO(content.decode())))


# Pages


def test_the_front_page_says_where_the_money_went(read: Reader) -> None:
    """In a sentence and three figures, and the same as JSON; the county is marked."""
    page = read.answer("/open").content.decode()
    data = read.answer("/open.json").json()
    assert data["says"] in page
    assert data["mark"].startswith("Illustrative")
    assert (data["plans"], data["promised_pence"] > data["spent_pence"] > 0) == (1, True)
    assert 0 < data["earned_pence"] <= data["depends_on_results_pence"]
    assert "application/atom+xml" in page


@pytest.mark.parametrize(("typed", "kind", "name"), [
    ("carrowby joint", "Plan", "Carrowby joint plan"), ("rapid", "Scheme", "Rapid response"), ("permanent", "Metric", "Permanent admissions"),
    ("NORTH west", "Region", "North West"), ("kent", "Board", "Kent"), ("eastwold", "Board", "Eastwold and Westwold"), ("delayed", "Measure", ""),
])  # fmt: skip
def test_a_search_finds_every_kind_of_page(read: Reader, typed: str, kind: str, name: str) -> None:
    """By its name or what stands on it, in any case, and each address that is found leads somewhere."""
    found = [each for each in read.answer(f"/open.json?q={typed}").json()["found"] if each["kind"] == kind]
    assert found
    assert name in {"", *(each["name"] for each in found)}
    assert read.answer(found[0]["href"]).status_code == 200


def test_a_search_tells_of_no_plan_that_was_not_published(read: Reader) -> None:
    """A draft, a plan in hand and a signed one without a release are not found by any of their words."""
    assert read.answer("/open.json?q=wolds joint plan").json()["found"] == []
    kinds = {each["kind"] for each in read.answer("/open.json?q=merrow").json()["found"]}
    assert kinds == {"Board"}
    page = read.answer("/open?q=%3Cscript%3E").content.decode()
    assert "Nothing is found for “&lt;script&gt;”" in page


@pytest.mark.parametrize("part", ["money", "schemes", "metrics"])
def test_each_part_says_the_same_as_a_page_as_json_and_as_csv(read: Reader, part: str) -> None:
    """Of each plan as its last release has it: what was put right is not there twice."""
    data = read.answer(f"/open/{part}.json").json()[part]
    assert data
    assert {each["release"] for each in data} == {"carrowby/2"}
    assert len(rows_of(read.answer(f"/open/{part}.csv").content)) == len(data)
    page = read.answer(f"/open/{part}").content.decode()
    assert "/releases/carrowby/2" in page
    assert len(page.encode()) < 150_000


def test_a_region_is_its_boards_added_up(read: Reader) -> None:
    """The regions come to England; a board's figures are the same in both."""
    nation = read.answer("/nation.json").json()
    codes = re.findall(r'href="/regions/(\w+)"', read.answer("/open").content.decode())
    assert len(codes) == 9
    regions = [read.answer(f"/regions/{each}.json").json() for each in codes]
    assert sum(each["totals"][0]["fund_pence"] for each in regions) == nation["totals"][0]["fund_pence"]
    boards = [one for each in regions for one in each["boards"]]
    assert sorted(boards, key=lambda each: each["board"]) == sorted(nation["boards"], key=lambda each: each["board"])  # fmt: skip
    rows = rows_of(read.answer(f"/regions/{NORTH_WEST}.csv").content)
    assert len(rows) == 23
    assert read.answer("/regions/ZZ").status_code == 404


# To take away


@pytest.mark.slow
def test_the_data_package_describes_every_file_in_it(read: Reader) -> None:
    """By the profile of Frictionless: each file with its digest, its columns with types, its source and its licence."""
    content = read.answer("/open/data.zip").content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        about = json.loads(archive.read("datapackage.json"))
        assert about == read.answer("/open/datapackage.json").json()
        assert {each["path"] for each in about["resources"]} == set(archive.namelist()) - {"datapackage.json"}
        for each in about["resources"]:
            held = archive.read(each["path"])
            assert (len(held), f"sha256:{hashlib.sha256(held).hexdigest()}") == (each["bytes"], each["hash"])
            assert each["licenses"][0]["name"]
            assert each["sources"][0]["title"]
            if each["format"] == "csv":
                _fits(each, held)
    assert len({each["name"] for each in about["resources"]}) == len(about["resources"])
    assert read.answer("/open/data/england/admissions.csv").status_code == 200
    assert read.answer("/open/data/../carepool.sqlite3").status_code == 404


def _fits(resource: dict[str, Any], content: bytes) -> None:
    """The heading is that of the schema, and every cell is of its column's type."""
    heading, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    fields = resource["schema"]["fields"]
    assert heading == [each["name"] for each in fields]
    reads = {"integer": int, "number": Decimal, "string": str, "date": str, "datetime": str}
    for row in rows:
        for each, cell in zip(fields, row, strict=False):
            if cell:
                reads[each["type"]](cell)


def test_every_release_is_in_it_also_those_that_were_put_right(read: Reader) -> None:
    """Both releases of the county, with what was withheld in the first."""
    rows = rows_of(read.answer("/open/data/releases.csv").content)
    assert [(each["release"], each["corrects"]) for each in rows] == [("carrowby/2", "carrowby/1"), ("carrowby/1", "")]  # fmt: skip
    assert [each["place"] for each in rows_of(read.answer("/open/data/withheld.csv").content)] == ["risks"]


@pytest.mark.parametrize("name", [*TABLES, "exceptions"])
def test_parquet_holds_what_the_csv_holds(read: Reader, name: str) -> None:
    """Row by row, whole pence as whole numbers."""
    table = pq.read_table(io.BytesIO(read.answer(f"/open/data/{name}.parquet").content))
    rows = rows_of(read.answer(f"/open/data/{name}.csv").content)
    assert table.num_rows == len(rows)
    assert table.column_names == (list(rows[0]) if rows else table.column_names)
    for column in (each for each in table.column_names if each.endswith("_pence")):
        assert table.column(column).to_pylist() == [int(row[column]) if row[column] else None for row in rows]  # fmt: skip


def test_without_the_library_it_is_said_what_to_do(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """A small install serves everything else, and names the extra and the CSV."""
    monkeypatch.setattr(parquet, "find_spec", lambda _: None)
    answer = client.get("/open/data/money.parquet")
    page = sound("/open/data/money.parquet", answer)
    assert answer.status_code == 501
    assert "analytics" in page.html
    assert "/open/data/money.csv" in page.html
    assert "extra “analytics”" in client.get("/open/data").content.decode()
    assert client.get("/open/data.zip").status_code == 200


def test_a_release_is_an_answer_to_a_request_for_information(read: Reader) -> None:
    """One zip with a letter that says what is withheld and why; the release in it verifies as it is."""
    with zipfile.ZipFile(io.BytesIO(read.answer("/releases/carrowby/1.zip").content)) as archive:
        letter = archive.read("answer.txt").decode()
        assert "risks: Commercially confidential" in letter
        assert "Carrowby council agreed on 1 September 2014" in letter
        assert all(name in letter for name in archive.namelist() if name != "answer.txt")
        release = json.loads(archive.read("release.json"))
        assert check_bundle(release).verifies
        runpy.run_path(str(SCRIPT))["check"](release)
    assert (
        "Nothing of this version is withheld."
        in zipfile.ZipFile(io.BytesIO(read.answer("/releases/carrowby/2.zip").content))
        .read("answer.txt")
        .decode()
    )


# The plan standard


def test_anybody_checks_a_plan_against_the_standard(client: Client) -> None:
    """Pasted or as a file: what is wrong by place, and what to do; nothing is kept."""
    pasted = client.post("/standard", {"plan": EXAMPLE.read_text(encoding="utf-8"), "key": "k"})
    assert "It follows the standard." in sound("/standard", pasted).html
    with EXAMPLE.open("rb") as file:
        handed = client.post("/standard", {"file": file, "key": "k"})
    assert "It follows the standard." in handed.content.decode()
    broken = json.loads(EXAMPLE.read_text(encoding="utf-8"))
    broken["spend"]["spend"][0]["year_2"] = "lots"
    page = client.post("/standard", {"plan": json.dumps(broken), "key": "k"}).content.decode()
    assert "spend/spend/0/year_2" in page
    assert "against it" in page


@pytest.mark.parametrize(("typed", "says"), [
    ("", "Paste a plan"), ("[1]", "is not a JSON object"), ("{,}", "line 1 is not JSON"), ('{"rules": "a", "rules": "b"}', "names something twice"), ("[" * 100_000, "is not JSON"), ("x" * 400_001, "more than 400,000"),
])  # fmt: skip
def test_what_is_no_plan_is_refused_in_words(client: Client, typed: str, says: str) -> None:
    """At its field, and what was typed is kept."""
    answer = client.post("/standard", {"plan": typed, "key": "k"})
    assert answer.status_code == 400
    assert says in answer.content.decode()


def test_the_check_knows_no_plan_of_anybodys(client: Client) -> None:
    """A board with a plan in hand is checked as one without."""
    mine = json.loads(EXAMPLE.read_text(encoding="utf-8"))
    assert "Carrowby joint plan" not in client.post("/standard", {"plan": json.dumps(mine | {"title": "Mine"}), "key": "k"}).content.decode()  # fmt: skip


def test_the_schema_and_the_codes_are_at_addresses_of_their_own(read: Reader) -> None:
    """The same as in the documents."""
    folder = EXAMPLE.parent
    for name in ("plan.schema.json", "codes.json"):
        assert read.answer(f"/standard/{name}").json() == json.loads((folder / name).read_text(encoding="utf-8"))  # fmt: skip
