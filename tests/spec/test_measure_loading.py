"""Anybody's table of figures: read by a map from CSV or XLSX, each fault named by file and row, doubts told, nothing guessed."""

# ruff: noqa: F811  (a fixture that is imported is named again as an argument)

import json
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter

from carepool.actions.house import House
from carepool.actions.measuring import load_table
from carepool.basics.findings import Severity
from carepool.basics.refusals import NotHere, Unusable
from carepool.measures.loading import LoadedSeries, SeriesMap, read_map
from tests.spec.test_commands import Run, run  # noqa: F401  (a fixture)

MAP = b"""says: Delayed days as the council's own team keeps them
measure: delayed_transfers
kind: days
area: Local authority
period: Month
value: Days
total: England
areas: {Cornwall and friends: HWB_CS}
ignore: [Wales]
marks: {"-": zero}
"""
HEADING = ["Local authority", "Month", "Days"]
MONTHS = [f"2014-{month:02}" for month in range(4, 13)]


def mapped(content: bytes = MAP) -> SeriesMap:
    """A map that holds together."""
    found, findings = read_map("map.yaml", content)
    assert found, findings
    return found


def read(house: House, *rows: list[str], content: bytes = MAP) -> LoadedSeries:
    """A table with a title above its heading, as published workbooks have."""
    table = [["Delayed days", "", ""], HEADING, *rows]
    return load_table(house, "mine.csv", list(enumerate(table, 1)), mapped(content))


def codes(found: LoadedSeries) -> list[tuple[str, str]]:
    """The blockers, by code and place."""
    return [(each.code, each.where) for each in found.findings if each.severity is Severity.BLOCKER]


def test_names_are_found_however_they_are_written(house: House) -> None:
    """Councils are found by code, by name with “&”, “UA” or “Council”, and by what the map says a name stands for."""
    found = read(house, ["E10000016", "2014-04", "5"], ["Barking & Dagenham", "2014-04", "1,234"], ["Hartlepool UA", "2014-04", "7"], ["Cornwall and friends", "2014-04", "-"])  # fmt: skip
    assert codes(found) == []
    assert found.numbers == {
        ("E06000001", "2014-04"): 7, ("E09000002", "2014-04"): 1234, ("E10000016", "2014-04"): 5, ("HWB_CS", "2014-04"): 0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("row", "code", "says"),
    [
        (["Kentt", "2014-04", "5"], "unknown-area", "Did you mean Kent"),
        (["Kent", "April", "5"], "unknown-period", "is not a month"),
        (["Kent", "2014-13", "5"], "unknown-period", "is not a month"),
        (["Kent", "2014-04", "five"], "not-a-value", "neither a number nor a mark"),
        (["Kent", "2014-04", "-5"], "below-zero", "-5 is below zero"),
        (["Essex", "2014-04", "5"], "period-twice", "E10000012 has 2014-04 twice"),
    ],
)
def test_a_bad_row_is_named_by_file_and_row_and_left_out(
    house: House, row: list[str], code: str, says: str
) -> None:
    """An unknown area, a month that is none, days below zero, a month twice: the row is named, and no figure is made of it."""
    found = read(house, ["Essex", "2014-04", "3"], row)
    assert codes(found) == [(code, "mine.csv/4")]
    assert says in f"{found.findings[0].says} {found.findings[0].remedy}"
    assert found.numbers == {("E10000012", "2014-04"): 3}


def test_a_missing_month_is_named(house: House) -> None:
    """Where others have a month and one has not, it is said; the month is not filled in."""
    found = read(house, ["Essex", "2014-04", "3"], ["Essex", "2014-05", "4"], ["Kent", "2014-04", "5"])
    assert codes(found) == [("period-missing", "mine.csv/E10000016/2014-05")]


def test_totals_that_do_not_add_are_named(house: House) -> None:
    """The areas with Wales are held against the file's own England; a hidden figure may leave them short, never above."""
    rows = [["Essex", "2014-04", "3"], ["Kent", "2014-04", "5"], ["Wales", "2014-04", "2"]]
    assert codes(read(house, *rows, ["England", "2014-04", "10"])) == []
    assert codes(read(house, *rows, ["England", "2014-04", "11"])) == [("does-not-add", "mine.csv/2014-04")]
    hidden = [*rows, ["Hartlepool", "2014-04", "*"]]
    assert codes(read(house, *hidden, ["England", "2014-04", "14"])) == []
    assert codes(read(house, *hidden, ["England", "2014-04", "9"])) == [("does-not-add", "mine.csv/2014-04")]


def test_suppressed_and_missing_are_counted_and_never_zero(house: House) -> None:
    """A star is suppressed, dots are missing: both are told, and neither has a figure. A dash is zero because the map says so."""
    found = read(house, ["Essex", "2014-04", "*"], ["Kent", "2014-04", ".."], ["Hartlepool", "2014-04", "-"])
    assert found.numbers == {("E06000001", "2014-04"): 0}
    assert sorted(each.says for each in found.findings) == [
        "1 figure is not available. None is taken as zero.",
        "1 figure is suppressed. None is taken as zero.",
    ]


def test_a_wrong_unit_and_a_hole_are_doubted_and_kept(house: House) -> None:
    """A month with a year's days looks 12 times out; three months at a tenth are a hole. Both stay as they are."""
    rows = [["Essex", month, str(1000 + number)] for number, month in enumerate(MONTHS)]
    rows[4][2] = "12100"
    found = read(house, *rows)
    assert [each.code for each in found.findings] == ["wrong-unit"]
    assert "looks 12 times out" in found.findings[0].says
    assert found.numbers["E10000012", "2014-08"] == Decimal(12100)
    for each in rows[3:6]:
        each[2] = "60"
    hole = [each for each in read(house, *rows).findings if each.code == "implausible-hole"]
    assert "from 2014-07 to 2014-09" in hole[0].says


def test_a_file_across_a_break_says_so(house: House) -> None:
    """Delays of March and April 2015 lie on two sides of a change in the law; the note says to compare with care."""
    found = read(house, ["Essex", "2015-03", "3"], ["Essex", "2015-04", "4"])
    assert [each.code for each in found.findings] == ["across-a-break"]


def test_years_are_read_as_years_where_the_measure_is_yearly(house: House) -> None:
    """2011-12 is a month of delays, and a year of care home admissions; 2011/12 is the same year."""
    content = MAP.replace(b"delayed_transfers", b"permanent_admissions").replace(
        b"kind: days", b"kind: people"
    )
    found = read(house, ["Essex", "2011/12", "300"], ["Essex", "2012-13", "310"], content=content)
    assert sorted(period for _, period in found.numbers) == ["2011-12", "2012-13"]
    assert codes(read(house, ["Essex", "2011-13", "300"], content=content)) == [
        ("unknown-period", "mine.csv/3")
    ]


def test_a_map_is_checked_by_line(house: House) -> None:
    """A map with an unknown key, without a measure, or with two ways to the period is refused with what to do."""
    for wrong, says in ((MAP.replace(b"ignore", b"ignored"), "Did you mean"), (MAP.replace(b"measure: delayed_transfers\n", b""), "lacks “measure”"), (MAP + b"only_period: 2014-04\n", "not both")):  # fmt: skip
        found, findings = read_map("map.yaml", wrong)
        assert found is None
        assert says in " ".join(f"{each.says} {each.remedy}" for each in findings)
    with pytest.raises(NotHere, match="Did you mean delayed_transfers"):
        read(house, content=MAP.replace(b"delayed_transfers", b"delayed_transfer"))
    with pytest.raises(Unusable, match="no row with the headings"):
        load_table(house, "mine.csv", [(1, ["a", "b"])], mapped())


def test_a_workbook_is_read_as_well_as_a_text(run: Run, tmp_path: Path) -> None:
    """``carepool measure load FILE --map MAP`` reads both by what they are, and writes what a forecast reads."""
    (tmp_path / "map.yaml").write_bytes(MAP)
    book = xlsxwriter.Workbook(str(tmp_path / "mine.xlsx"))
    sheet = book.add_worksheet("Days")
    rows = [["Delayed days"], HEADING, ["Kent", "2014-04", 5], ["Kent", "2014-05", 6]]
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    (tmp_path / "mine.csv").write_text("\n".join(",".join(str(cell) for cell in row) for row in rows))
    for name in ("mine.xlsx", "mine.csv"):
        out = tmp_path / f"{name}.out"
        code, said, err = run("measure", "load", str(tmp_path / name), "--map", str(tmp_path / "map.yaml"), "--out", str(out), "--json")  # fmt: skip
        assert (code, err) == (0, "")
        assert [each["value"] for each in json.loads(said)["values"]] == [5, 6]
        assert out.read_text() == "series,month,value\nE10000016,2014-04,5\nE10000016,2014-05,6\n"


def test_a_wrong_row_ends_with_one(run: Run, tmp_path: Path) -> None:
    """With a wrong row the command says where and ends with 1; what could be read is said all the same."""
    (tmp_path / "map.yaml").write_bytes(MAP)
    (tmp_path / "mine.csv").write_text("Local authority,Month,Days\nKent,2014-04,-5\nEssex,2014-04,4\n")
    code, out, _ = run("measure", "load", str(tmp_path / "mine.csv"), "--map", str(tmp_path / "map.yaml"))
    assert code == 1
    assert "1 figures of delayed_transfers" in out
    assert "mine.csv/2: -5 is below zero" in out
