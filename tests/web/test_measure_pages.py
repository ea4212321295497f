"""The explorer: any measure by board and period, as map, chart and table; its address, its downloads, and what it refuses."""

import csv
import io
import re

import pytest

from carepool.measures.monthly import after
from tests.web.addresses import KENT
from tests.web.reading import Reader

LARGEST = 150_000
METRICS = ("non_elective_admissions", "delayed_transfers", "permanent_admissions", "social_care_spend", "beds_occupied")  # fmt: skip
QUERY = f"?board={KENT}&board=HWB_BP&from=2014-04&to=2015-12"


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.slow
def test_page_json_and_csv_have_the_same_figures(read: Reader, metric: str) -> None:
    """Of the period of the map, each board's value stands in the table, in the JSON and in the CSV."""
    page, data = read(f"/measures/{metric}"), read.answer(f"/measures/{metric}.json").json()
    last = data["to"]
    values = {each["name"]: next((one for one in each["values"] if one["period"] == last), None) for each in data["boards"]}  # fmt: skip
    table = page.tables["boards-table"]
    names, shown = table.column("Board"), table.column("Value")
    assert len(names) == 150
    for name, text in zip(names, shown, strict=True):
        one = values[name]
        if one and one["status"] == "available":
            assert float(text.replace(",", "")) == pytest.approx(float(one["value"]), abs=0.051)
        else:
            assert text == "No value to compare"
    rows = list(csv.DictReader(io.StringIO(read.answer(f"/measures/{metric}.csv").content.decode())))
    assert len(rows) == sum(len(each["values"]) for each in data["boards"])
    assert 'id="map"' in page.html


def test_an_address_asks_for_boards_and_periods(read: Reader) -> None:
    """Each board has its chart and table of those periods; names do as well as codes, and downloads carry the question."""
    page = read(f"/measures/delayed_transfers{QUERY}")
    assert page.tables[f"values-{KENT}"].column("Period")[0] == "2014-04"
    assert len(page.tables["values-HWB_BP"].column("Period")) == 21
    link = next(each for each, *_ in page.links if each.startswith("/measures/delayed_transfers.csv?"))
    rows = list(csv.DictReader(io.StringIO(read.answer(link).content.decode())))
    assert {row["board"] for row in rows} == {KENT, "HWB_BP"}
    assert len(rows) == 42
    named = read("/measures/delayed_transfers?board=kent&from=2014-04&to=2015-12")
    assert named.tables[f"values-{KENT}"].column("Value") == page.tables[f"values-{KENT}"].column("Value")


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("?board=Atlantis", "Atlantis"),
        ("?from=2001-01", "Periods held are 2011-04 to 2016-03"),
        ("?from=2015-12&to=2014-04", "Give the earlier period first"),
        ("?board=a&board=b&board=c&board=d&board=e", "Choose 4 at most"),
    ],
)
def test_what_cannot_be_used_is_said_at_its_field(read: Reader, query: str, says: str) -> None:
    """The page answers 400 and shows the rest; the JSON answers 400 with the reasons."""
    answer = read.answer(f"/measures/delayed_transfers{query}")
    assert answer.status_code == 400
    assert says in answer.content.decode()
    assert "Error:" in answer.content.decode()
    assert read.answer(f"/measures/delayed_transfers.json{query}").status_code == 400


@pytest.mark.slow
def test_a_boards_page_has_chart_neighbours_and_funnel(read: Reader) -> None:
    """Each with its sentence and table; the JSON has the same sentences; a measure without figures says why."""
    page = read(f"/boards/{KENT}/measures/delayed_transfers")
    data = read.answer(f"/boards/{KENT}/measures/delayed_transfers.json").json()
    kinds = [each["kind"] for each in data["figures"]]
    assert [each for each in kinds if each != "forecast"] == ["trend", "neighbours", "funnel"]
    for each in data["figures"]:
        assert each["says"] in page.text
        assert f"{each['id']}-table" in page.tables
    none = read(f"/boards/{KENT}/measures/discharge_delay")
    assert "No figures are held" in none.text
    assert read.answer(f"/boards/{KENT}/measures/nothing").status_code == 404
    assert read.answer("/boards/E10/measures/delayed_transfers").status_code == 404
    marked = read("/boards/ZZ1/measures/delayed_transfers")
    assert "Illustrative county" in marked.text
    rows = list(
        csv.DictReader(
            io.StringIO(read.answer("/boards/ZZ1/measures/delayed_transfers.csv").content.decode())
        )
    )
    assert all("Illustrative county" in row["mark"] for row in rows)


@pytest.mark.slow
def test_pages_are_small_and_without_script(read: Reader) -> None:
    """Under 150 kB each, no script, and no image from elsewhere."""
    paths = ["/measures", f"/measures/delayed_transfers{QUERY}", *(f"/measures/{each}" for each in METRICS)]
    paths += [f"/boards/{KENT}/measures/{each}" for each in METRICS]
    for path in paths:
        answer = read.answer(path)
        assert len(answer.content) < LARGEST, (path, len(answer.content))
        assert not re.search(rb"<script|<img", answer.content)


def test_nation_and_board_lead_here(read: Reader) -> None:
    """The nation's page links to the explorer, a board's to its own pages of each measure with figures."""
    assert "/measures" in {each for each, *_ in read("/").links}
    assert f"/boards/{KENT}/measures/delayed_transfers" in {
        each for each, *_ in read(f"/boards/{KENT}").links
    }


@pytest.mark.slow
def test_a_board_s_page_forecasts_its_months(read: Reader) -> None:
    """Delays with both intervals, as the pack has them; a measure without months has none."""
    page = read(f"/boards/{KENT}/measures/delayed_transfers")
    table = page.tables["delayed_transfers-forecast-table"]
    assert table.column("Month") == [after("2016-04", number) for number in range(12)]
    data = read.answer(f"/boards/{KENT}/measures/delayed_transfers.json").json()
    [figure] = [each for each in data["figures"] if each["kind"] == "forecast"]
    for row in figure["rows"]:
        assert (
            row["95_percent_from"]
            <= row["80_percent_from"]
            <= row["expected"]
            <= row["80_percent_to"]
            <= row["95_percent_to"]
        )
    assert figure["says"] in page.text
    assert "Months to come" not in read(f"/boards/{KENT}/measures/beds_occupied").text


@pytest.mark.slow
def test_a_page_as_at_a_day_shows_what_was_published_then(read: Reader) -> None:
    """Before figures were loaded: the periods out by that day, with what is said of revisions; links and downloads keep the day."""
    path = f"/measures/delayed_transfers?board={KENT}&as_at=2015-08-10"
    page, now = read(path), read(f"/measures/delayed_transfers?board={KENT}")
    data = read.answer(path.replace("?", ".json?")).json()
    assert data["to"] < "2015-07" < read.answer("/measures/delayed_transfers.json").json()["to"]
    assert data["boards"][0]["values"][-1]["period"] == data["to"]
    assert "final revisions" in page.text
    assert "the end of 10 August 2015: what had been recorded by then" in page.text
    assert "As at" not in now.text
    assert f"/boards/{KENT}/measures/delayed_transfers?as_at=2015-08-10" in {each for each, *_ in page.links}
    assert any(each.endswith("as_at=2015-08-10") and ".csv?" in each for each, *_ in page.links)
    board = read(f"/boards/{KENT}/measures/delayed_transfers?as_at=2015-08-10")
    assert board.tables["delayed_transfers-trend-table"].column("Period")[-1] == data["to"]
    assert "Months to come" not in board.text


@pytest.mark.parametrize(
    ("day", "says"),
    [("2010-01-01", "is known to have been published by 1 January 2010"), ("soon", "not a date")],
)
@pytest.mark.slow
def test_a_day_that_cannot_be_shown_is_said_at_its_field(read: Reader, day: str, says: str) -> None:
    """The page shows now and says why; JSON and CSV refuse."""
    for path in ("/measures/delayed_transfers", f"/boards/{KENT}/measures/delayed_transfers"):
        answer = read.answer(f"{path}?as_at={day}")
        assert answer.status_code == 400
        assert says in answer.content.decode()
        assert "2016-03" in answer.content.decode()
        for kind in ("json", "csv"):
            refused = read.answer(f"{path}.{kind}?as_at={day}")
            assert refused.status_code == 400
            assert says in refused.json()["problems"][0]["says"]
