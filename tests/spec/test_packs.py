"""A board's benchmarking pack: every measure as chart, sentence and table, as page, tagged PDF, workbook, JSON and CSV.

``carepool pack BOARD --out DIR`` writes one, ``carepool pack --all --out DIR`` all, and takes up where it was stopped.
"""

import csv
import io
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from statistics import median
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from carepool.actions.disclosing import disclosed
from carepool.actions.house import House
from carepool.actions.packing import Everything, gather, pack_of, with_outlook
from carepool.basics.money import in_figures
from carepool.measures.monthly import Expected, Monthly, after
from carepool.measures.observing import measure
from carepool.measures.telling import of_peers, of_reasons
from carepool.measures.values import HELD, Status, Value
from carepool.render.answers import to_json
from carepool.render.pack_figures import sections
from carepool.render.packs import Options, as_data, files, is_whole, made_from, page, paper
from carepool.rules.schema import Disclosure
from carepool.wiring.main import main
from tests.reading_pdf import Pdf

TITLE = "Benchmarking packs"
KENT = "E10000016"


@pytest.fixture(scope="module")
def every(house: House) -> Everything:
    return gather(house)


@pytest.fixture(scope="module")
def data(every: Everything) -> dict[str, dict]:
    """Every fifth board's pack as JSON, read back, and those that are joint or the smallest."""
    codes = list(every.held.places.boards)
    return {code: read(every, code) for code in dict.fromkeys([*codes[::5], "HWB_BP", "HWB_CS", "E06000017"])}


def read(every: Everything, code: str) -> dict:
    found = pack_of(every, code)
    return json.loads(to_json(as_data(found, sections(found))))


def figures(data: dict[str, dict], kind: str) -> Iterator[tuple[str, str, dict]]:
    for code, pack in data.items():
        for each in pack["figures"]:
            if each["kind"] == kind:
                yield code, pack["name"], each


def number(text: str | float) -> Decimal:
    return Decimal(str(text).replace(",", ""))


@pytest.mark.slow
def test_a_pack_holds_every_measure_with_figures(every: Everything, data: dict[str, dict]) -> None:
    """Each measure has its trend and neighbours, and those without figures say why."""
    for pack in data.values():
        kinds = [(each["measure"], each["kind"]) for each in pack["figures"]]
        for each in every.measures:
            assert {(each.definition.id, "trend"), (each.definition.id, "neighbours")} <= set(kinds)
        assert ("delayed_transfers", "reasons") in kinds
        assert all(each["sources"] and each["says"] for each in pack["figures"])
        assert [each["measure"] for each in pack["not_held"]] == [each.id for each in every.without]
        assert all(each["because"] for each in pack["not_held"])


@pytest.mark.slow
def test_the_sentence_of_a_trend_is_true_of_its_table(data: dict[str, dict]) -> None:
    """Its mean, its limits, its first and last figures and the count of its periods can be found again in the rows."""
    seen = 0
    for _, _, each in figures(data, "trend"):
        values = {row["period"]: number(row["value"]) for row in each["rows"] if row["status"] == "available"}
        says = each["says"]
        plain = re.search(
            r"(rose|fell) from ([\d,.−-]+) in (\S+) to ([\d,.−-]+) in (\S+); (\d+) periods", says
        )
        if plain:
            how, first, begins, last, ends, count = plain.groups()
            assert (values[begins], values[ends]) == (number(first), number(last))
            assert (number(last) > number(first)) == (how == "rose")
            assert sum(begins <= period <= ends for period in values) == int(count)
            seen += 1
        mean = re.search(r"averaged ([\d,.]+) from (\S+) to ([^;, ]+)", says)
        if mean:
            inside = [value for period, value in values.items() if mean[2] <= period <= mean[3]]
            assert abs(sum(inside) / len(inside) - number(mean[1])) <= Decimal("0.06")
            signals = [
                row for row in each["rows"] if row["what_the_period_says"] and row["period"] >= mean[2]
            ]
            if "no period says" in says:
                assert not signals
            told = re.search(r"(\d+) of \d+ periods say", says)
            if told:
                assert len(signals) == int(told[1])
            seen += 1
    assert seen > 200


@pytest.mark.slow
def test_the_sentence_of_the_neighbours_is_true_of_its_table(data: dict[str, dict]) -> None:
    """The board's value, the middle of its neighbours, and how many lie on either side."""
    for _, name, each in figures(data, "neighbours"):
        own, *near = each["rows"]
        assert own["board"] == name
        theirs = [number(row["value"]) for row in near if row["value"] is not None]
        found = re.search(r"had ([\d,.]+) and the middle of the (\d+) neighbours? with a value was ([\d,.]+); (\d+) of them had less(?:, (\d+) the same)? and (\d+) more", each["says"])  # fmt: skip
        if not found:
            assert own["value"] is None or not theirs, each["says"]
            continue
        here = number(own["value"])
        assert (number(found[1]), int(found[2])) == (here, len(theirs))
        assert abs(Decimal(median(theirs)) - number(found[3])) <= Decimal("0.05")
        assert int(found[4]) == sum(value < here for value in theirs)
        assert int(found[5] or 0) == sum(value == here for value in theirs)
        assert int(found[6]) == sum(value > here for value in theirs)


@pytest.mark.slow
def test_the_sentence_of_a_funnel_is_true_of_its_table(data: dict[str, dict]) -> None:
    """Whether the board lies beyond the limits, on which side, and how many others do."""
    for code, _, each in figures(data, "funnel"):
        beyond = [row for row in each["rows"] if row["on_the_funnel"] == "beyond the 99.8% limits"]
        said = re.search(r"(\d+) of (\d+) boards? lies? beyond", each["says"])
        assert said
        assert int(said[1]) == len(beyond)
        assert int(said[2]) == sum(row["on_the_funnel"] != "its parts are not known" for row in each["rows"])
        own = next((row for row in each["rows"] if row["code"] == code), None)
        assert ("lies within" in each["says"]) == bool(own and own["on_the_funnel"].startswith("within"))
        assert bool(re.search("lies (above|below)", each["says"])) == any(
            row["code"] == code for row in beyond
        )


@pytest.mark.slow
def test_delays_by_reason_add_up_to_those_published(every: Everything, data: dict[str, dict]) -> None:
    """The reasons add to the total in both years, and the reason named is the longest."""
    for _, _, each in figures(data, "reasons"):
        *reasons, total = each["rows"]
        columns = [name for name in total if name not in {"reason", "change"}]
        for column in columns:
            assert sum(number(row[column]) for row in reasons) == number(total[column])
        if number(total[columns[0]]):
            longest = max(number(row[columns[0]]) for row in reasons)
            named = [row["reason"] for row in reasons if number(row[columns[0]]) == longest]
            assert all(name in each["says"] for name in named)
            assert f"{longest:,}" in each["says"]


@given(st.lists(st.decimals(0, 999, places=1), min_size=1, max_size=15), st.decimals(0, 999, places=1))
@pytest.mark.slow
def test_neighbours_are_counted_on_either_side(theirs: list[Decimal], own: Decimal) -> None:
    """Whatever the figures: less, the same and more add to all that have a value."""
    day = date(2015, 4, 1)
    values = {str(n): Value("2015-16", day, Status.AVAILABLE, "v1", value=each) for n, each in enumerate([own, *theirs])}  # fmt: skip
    says = of_peers("Falls", "Kent", "0", "2015-16", values, [str(n + 1) for n in range(len(theirs))])
    found = re.search(r"(\d+) of them had less(?:, (\d+) the same)? and (\d+) more", says)
    assert found
    assert sum(int(each or 0) for each in found.groups()) == len(theirs)


@pytest.mark.slow
def test_no_delays_and_hidden_delays_are_said_so() -> None:
    """Nothing is most of nothing, and a hidden count is none."""
    assert of_reasons("Rutland", "2015-04", "2016-03", {"a": Decimal(0)}, Decimal(0)) == "Rutland had no delayed days from 2015-04 to 2016-03."  # fmt: skip
    assert "hidden" in of_reasons("Rutland", "2015-04", "2016-03", {"a": None, "b": Decimal(9)}, Decimal(10))
    both = of_reasons("Rutland", "2015-04", "2016-03", {"a": Decimal(5), "b": Decimal(5)}, Decimal(10))
    assert "5 each (50.0%), were for: a and b" in both


@pytest.mark.slow
def test_counts_go_through_disclosure(house: House, every: Everything) -> None:
    """Of social care returns no count that is small, and none that is not rounded, leaves; a rate is of what is shown."""
    rules = house.rulebook.measuring.find("disclosure", Disclosure)
    assert rules
    rule = next(each for each in rules.suppressions if each.data == "social_care_returns")
    hidden = 0
    for gathered in every.measures:
        if gathered.definition.series != "outcomes":
            continue
        for measured in gathered.boards.values():
            for each in measured.values:
                hidden += each.status is Status.SUPPRESSED
                assert each.status in HELD or each.value is None
                if each.numerator is not None and each.denominator is not None:
                    assert each.numerator % 5 == 0
                    assert each.numerator == 0 or each.numerator > rule.hide_to
                    if gathered.definition.interval == "proportion":
                        assert each.denominator % 5 == 0
    assert hidden


@pytest.mark.slow
def test_a_stricter_rule_hides_delays_too(house: House, every: Everything) -> None:
    """The rule of the data set decides: with one that hides to 400, small months are suppressed with their rates and limits."""
    definition = next(each.definition for each in every.measures if each.definition.id == "delayed_transfers")
    strict = replace_rule(every, hide_from=Decimal(1), hide_to=Decimal(400), nearest=Decimal(5))
    found = disclosed(measure(definition, "E06000017", every.held), strict)
    small = [each for each in found.values if each.status is Status.SUPPRESSED]
    assert small
    assert all((each.value, each.low, each.numerator) == (None, None, None) for each in small)


def replace_rule(every: Everything, **changed: Decimal) -> object:
    return every.delays.model_copy(update=changed)


@pytest.mark.slow
def test_what_is_whole_is_left_and_what_was_cut_short_is_made_again(every: Everything) -> None:
    """By the digests of the manifest, and by what it was made from."""
    options = Options(pdf=False, xlsx=False)
    made = files(pack_of(every, KENT), options, "carepool 1")
    wanted = made_from(KENT, every.vintage, every.rules, options, "carepool 1")
    assert list(made)[-1] == "manifest.json"
    assert is_whole(made["manifest.json"], wanted, made.get)
    assert not is_whole(made["manifest.json"], wanted | {"vintage": "another"}, made.get)
    assert not is_whole(made["manifest.json"], wanted, (made | {"pack.html": b"cut sh"}).get)
    assert not is_whole(made["manifest.json"], wanted, {**made, "pack.json": None}.get)
    assert not is_whole(b"{", wanted, made.get)
    assert files(pack_of(every, KENT), options, "carepool 1") == made


def run(arguments: list[str]) -> int:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    return int(ended.value.code or 0)


@pytest.mark.slow
def test_the_command_writes_takes_up_and_refuses(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One board with its workbook and CSVs; again, and it is left; with a file cut short, and it is made again."""
    ask = ["pack", KENT, "--out", str(tmp_path), "--no-pdf", "--json"]
    assert run(ask) == 0
    assert json.loads(capsys.readouterr().out)["made"] == [KENT]
    folder = tmp_path / KENT
    rows = list(csv.DictReader(io.StringIO((folder / "csv" / "delays-by-month.csv").read_text())))
    assert len(rows) == 60
    book = load_workbook(folder / "pack.xlsx")
    assert len(book.sheetnames) == 1 + len(json.loads((folder / "pack.json").read_text())["figures"])
    assert run(ask) == 0
    assert json.loads(capsys.readouterr().out)["whole_already"] == [KENT]
    (folder / "pack.html").write_text("cut")
    assert run(ask) == 0
    assert json.loads(capsys.readouterr().out)["made"] == [KENT]
    assert run(["pack", "--out", str(tmp_path)]) == 2
    assert run(["pack", KENT, "--all", "--out", str(tmp_path)]) == 2
    assert run(["pack", "E1000001", "--out", str(tmp_path)]) == 2


@pytest.mark.slow
def test_a_fictitious_board_is_marked_everywhere(every: Everything) -> None:
    """On the page, in the JSON, and in every row of every CSV; its figures are those of the board it is drawn from."""
    found = pack_of(every, "ZZ1")
    made = files(found, Options(pdf=False, xlsx=False), "test")
    assert found.mark in made["pack.html"].decode()
    assert json.loads(made["pack.json"])["mark"] == found.mark
    for path, content in made.items():
        if path.startswith("csv/"):
            rows = list(csv.DictReader(io.StringIO(content.decode())))
            assert all(row["mark"] == found.mark for row in rows), path


@pytest.mark.slow
def test_the_page_fetches_nothing_and_a_real_board_is_not_marked(every: Everything) -> None:
    """No script, no address but its own files and anchors, and a table for each chart."""
    found = pack_of(every, KENT)
    parts = sections(found)
    text = page(found, parts)
    assert "<script" not in text
    assert "fictitious" not in text.lower()
    links = re.findall(r'(?:href|src)="([^"]+)"', text)
    assert all(each.startswith(("#", "csv/")) for each in links)
    drawn = [each.id for section in parts for each in section.figures if each.drawing]
    assert all(f'id="{each}"' in text and f'id="{each}-table"' in text for each in drawn)
    assert as_data(found, parts)["name"] == "Kent"


@pytest.mark.slow
def test_the_pdf_is_tagged_and_each_chart_in_it_has_its_words(every: Everything) -> None:
    """PDF/UA: the language, the title, and an alternative for every drawing, which is that of the page."""
    found = pack_of(every, KENT)
    parts = sections(found)
    read = Pdf(paper(found, parts))
    read.says("/MarkInfo", "pdfuaid", "/Lang", "/Figure", "/Alt", "/Table")
    drawn = [each for section in parts for each in section.figures if each.drawing]
    for each in drawn:
        assert each.drawing
        assert each.drawing.describes[:60] in read.unpacked, each.id
    assert read.unpacked.count("/S /Figure") == len(drawn)


def naive(series: Sequence[Monthly], horizon: int) -> tuple[Expected, ...]:
    """A forecaster that says what was a year before, give or take."""
    return tuple(
        Expected(
            each.name, after(each.last, n + 1), value, value * 0.9, value * 1.1, value * 0.8, value * 1.2
        )
        for each in series
        for n, value in enumerate(each.values[-12:][:horizon])
    )


@pytest.mark.slow
def test_months_to_come_stand_in_the_pack_with_their_intervals(every: Everything) -> None:
    """Of admissions and of delays, whose sentence is true of its table; a board with an incomplete return is told why not."""
    told = replace(every, forecaster=naive)
    found = pack_of(told, "E10000016")
    made = {
        each.id: each for section in sections(found) for each in section.figures if each.kind == "forecast"
    }
    assert set(made) == {"non_elective_admissions-forecast", "delayed_transfers-forecast", "delayed_transfers_of_social_care-forecast", "delayed_transfers_of_the_nhs-forecast"}  # fmt: skip
    for each in made.values():
        assert len(each.rows) == 12
        total = sum(row[1] for row in each.rows)  # type: ignore[misc]
        assert (
            f": {in_figures(total)} are expected from {each.rows[0][0]} to {each.rows[-1][0]}, against {in_figures(total)} in"
            in each.says
        )
        assert f"{in_figures(each.rows[-1][4])} to {in_figures(each.rows[-1][5])}." in each.says  # type: ignore[arg-type]
        assert each.drawing
        assert each.drawing.wider.count("M") == 2
        assert each.sources
        assert each.gaps
    page = files(found, Options(pdf=False, xlsx=True), "test")["pack.html"].decode()
    assert "Months to come" in page
    short = pack_of(told, "E08000025")
    [trend] = [
        each
        for section in sections(short)
        for each in section.figures
        if each.id == "non_elective_admissions-trend"
    ]
    assert any("Not forecast: the published return" in each for each in trend.gaps)
    assert "non_elective_admissions-forecast" not in {
        each.id for section in sections(short) for each in section.figures
    }


@pytest.mark.slow
def test_a_pack_with_and_one_without_forecasts_are_not_the_same(every: Everything) -> None:
    """So a pack that was made before forecasts were installed is made again."""
    wanted = [made_from("X", "v", "r", Options(), "test", forecasts=each) for each in (True, False)]
    assert wanted[0] != wanted[1]


@pytest.mark.slow
def test_hidden_counts_are_not_forecast(every: Everything) -> None:
    """Where the rule hides any count, months to come would give it away."""
    house = every.house
    part = pack_of(every, "E10000016").parts[1]
    strict = replace_rule(every, hide_from=Decimal(1), hide_to=Decimal(7))
    with patch("carepool.actions.packing.rule_of", lambda _house, _definition: strict):
        assert with_outlook(part, house, every.held, "E10000016", "Kent", naive).outlook is None
    assert with_outlook(part, house, every.held, "E10000016", "Kent", naive).outlook
