"""Statistical series: published totals reproduced for every month, every trap of the sources met, bad rows named by file and row."""

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from carepool.actions.england import England, read_england
from carepool.basics.findings import Finding, Severity
from carepool.basics.periods import Quarter
from carepool.basics.refusals import Unusable
from carepool.measures.cells import read_cell
from carepool.measures.delays import BREAKDOWNS, COLUMNS, parse_delays
from carepool.measures.doubts import holes_in, wrong_unit
from carepool.measures.outcomes import parse_outcomes, starts
from carepool.measures.people import parse_people
from carepool.measures.statistics import Statistics, blocking, parse_statistics
from carepool.measures.values import Status
from carepool.rules.measuring import Alarms
from carepool.rules.rulebook import Rulebook


@pytest.fixture(scope="module")
def alarms(rulebook: Rulebook) -> Alarms:
    """When figures are doubted."""
    found = rulebook.measuring.find("alarms", Alarms)
    assert found
    return found


@pytest.fixture(scope="module")
def series(england: England, alarms: Alarms) -> Statistics:
    """The series that ship."""
    return parse_statistics(england.series, england.places, alarms)


def rows(files: Mapping[str, bytes], name: str) -> list[dict[str, str]]:
    """A shipped file's rows, read without any code of ours."""
    return list(csv.DictReader(io.StringIO(files[name].decode())))


def edited(england: England, name: str, old: str, new: str) -> dict[str, bytes]:
    """The files of the series with the first such text changed in one."""
    text = england.series[name].decode()
    assert old in text
    return {**england.series, name: text.replace(old, new, 1).encode()}


def said(findings: list[Finding]) -> list[tuple[str, str]]:
    """The blockers, by code and place."""
    return [(each.code, each.where) for each in findings if each.severity is Severity.BLOCKER]


def test_published_totals_of_every_month_of_admissions_are_reproduced(
    england: England, england_files: dict[str, bytes]
) -> None:
    """In each of 36 months the commissioners add to England's published row; what boards have is all of it but X24."""
    england_rows: dict[str, Decimal] = {}
    parts: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows(england_files, "admissions.csv"):
        if row["commissioner"] == "ENG":
            england_rows[row["month"]] = Decimal(row["admissions"])
        else:
            parts[row["month"]] += Decimal(row["admissions"])
    assert len(parts) == 36
    assert all(england_rows[month] == total for month, total in parts.items())
    for quarter in (Quarter(2013, 4), Quarter(2014, 2), Quarter(2015, 3)):
        no_area = england.admissions.of_commissioner("X24", quarter)
        assert no_area
        assert england.admissions.of_boards(quarter) + no_area == sum(england_rows[month] for month in quarter.months)  # fmt: skip


def test_one_month_before_the_commissioners_is_fractional(england_files: dict[str, bytes]) -> None:
    """November 2012 has 462,003.1 admissions: a decimal stays what it is, and is never made whole."""
    found = [row["admissions"] for row in rows(england_files, "admissions.csv") if row["month"] == "2012-11"]
    assert found == ["462003.1"]


@pytest.mark.slow
def test_published_totals_of_every_month_of_delays_are_reproduced(
    series: Statistics, england: England
) -> None:
    """In each of 60 months and 16 columns, councils with Wales, Scotland and abroad add to England's row, exactly."""
    nation: dict[tuple[str, str], int] = {}
    parts: Counter[tuple[str, str]] = Counter()
    for row in rows(england.series, "delayed_days.csv"):
        for column in COLUMNS:
            key = (row["month"], column)
            if row["area"] == "ENG":
                nation[key] = int(row[column])
            else:
                parts[key] += int(row[column] or 0)
    assert len({month for month, _ in nation}) == 60
    assert {key: parts[key] for key in nation} == nation
    assert all(
        sum(series.delays.days["ENG", month][column] for column in columns) == nation[month, "total"]
        for month in series.delays.months
        for columns in BREAKDOWNS.values()
    )


@pytest.mark.slow
def test_people_from_elsewhere_are_in_englands_delays_and_in_no_boards(
    series: Statistics, england: England
) -> None:
    """In May 2014 519 of 126,779 days are of people from Wales, Scotland or abroad; the boards have the rest."""
    of_boards = sum(series.delays.of_board(board, "2014-05") or 0 for board in england.places.boards)
    assert series.delays.days["ENG", "2014-05"]["total"] == 126_779
    assert of_boards == 126_779 - 519


def test_joint_boards_have_the_days_of_both_councils(series: Statistics) -> None:
    """Bournemouth and Poole are added; the Isles of Scilly have no rows, and the board of Cornwall says so."""
    days = series.delays.days
    assert series.delays.of_board("HWB_BP", "2014-05") == sum(days[each, "2014-05"]["total"] for each in ("E06000028", "E06000029"))  # fmt: skip
    assert series.delays.reporting("HWB_CS") == ("E06000052",)
    assert [each.where for each in series.findings if each.code == "area-silent"] == ["delayed_days.csv/E06000053"]  # fmt: skip


@pytest.mark.slow
def test_a_blank_breakdown_of_nothing_is_nothing_and_of_something_is_a_fault(england: England) -> None:
    """Scotland's blank cells in April 2011 stand beside a total of zero. Beside days they would be missing."""
    days, _ = parse_delays(england.series, england.places)
    assert days.days["SCOTLAND", "2011-04"]["acute"] == 0
    text = england.series["delayed_days.csv"].decode()
    row = next(line for line in text.splitlines() if line.startswith("2011-04,SCOTLAND,0,"))
    files = edited(england, "delayed_days.csv", row, row.replace(",0,", ",4,", 1))
    _, findings = parse_delays(files, england.places)
    assert said(findings)[0][0] == "not-days"


@pytest.mark.parametrize(
    ("old", "new", "code", "where"),
    [
        ("2011-04,E09000003,713", "2011-04,E09000002,713", "month-twice", "delayed_days.csv/3/month"),
        ("2011-04,E09000003,713", "2011-04,E99999999,713", "unknown-area", "delayed_days.csv/3/area"),
        ("2011-04,E09000003,713", "2011-04,E09000003,-713", "not-days", "delayed_days.csv/3/total"),
        ("2011-04,E09000003,713", "2011-04,E09000003,*", "not-days", "delayed_days.csv/3/total"),
        ("2011-04,E09000003,713", "2011-04,E09000003,714", "does-not-add", "delayed_days.csv/3"),
        ("2011-04,E09000003,713,260,453", "2011-04,E09000003,713,261,452", "does-not-add", "delayed_days.csv/2011-04/acute"),
    ],
)  # fmt: skip
def test_a_bad_row_is_named_and_left_out(england: England, old: str, new: str, code: str, where: str) -> None:
    """A month twice, an unknown council, days below zero or hidden, parts that do not add: file and row, and no guess."""
    delays, findings = parse_delays(edited(england, "delayed_days.csv", old, new), england.places)
    assert (code, where) in said(findings)
    if "delayed_days.csv/3" in where:
        assert delays.of_board("E09000003", "2011-04") is None
        assert ("month-missing", "delayed_days.csv/E09000003/2011-04") in said(findings)


def test_people_are_as_published_and_worked_back_ages_say_so(series: Statistics) -> None:
    """England has 54,316,618 people in mid-2014. Kent's adults of mid-2014 are worked back from mid-2015; all its people are not."""
    assert series.people.of(("ENG",), date(2014, 4, 1), "all_ages") == (54_316_618, ())
    adults, rests = series.people.of(("E10000016",), date(2015, 3, 31), "aged_18_and_over")
    assert adults > 1_000_000
    assert "worked back from mid-2015" in rests[0]
    assert series.people.of(("E10000016",), date(2015, 4, 1), "aged_18_and_over")[1] == ()
    assert "share of those of the councils of 2019" in series.people.of(("E06000028",), date(2013, 4, 1), "all_ages")[1][0]  # fmt: skip
    with pytest.raises(Unusable, match="mid-2018 is not held"):
        series.people.of(("ENG",), date(2018, 4, 1), "all_ages")


def test_ages_that_do_not_nest_are_refused(england: England) -> None:
    """More adults than people, or councils that do not add to England, are blockers."""
    _, findings = parse_people(edited(england, "people.csv", "2011,E06000001,92088,72345", "2011,E06000001,92088,92345"), england.places)  # fmt: skip
    assert ("ages-do-not-nest", "people.csv/2") in said(findings)
    _, findings = parse_people(edited(england, "people.csv", "2011,E06000001,92088", "2011,E06000001,92188"), england.places)  # fmt: skip
    assert ("does-not-add", "people.csv/mid-2011") in said(findings)


def test_outcomes_are_made_of_their_parts(series: Statistics, england: England) -> None:
    """Every one of 450 rates of 2020-21 is made by its own numerator and denominator; one that is not is refused."""
    assert sum(each.denominator is not None for each in series.outcomes.rows.values()) >= 450
    row = next(each for each in rows(england.series, "outcomes.csv") if each["numerator"] and each["measure"] == "2A2")  # fmt: skip
    line = ",".join(row.values())
    files = edited(england, "outcomes.csv", line, line.replace(f",{row['value']},", ",9.9,"))
    _, findings = parse_outcomes(files, england.places)
    assert said(findings)[0][0] == "does-not-add"


def test_two_rates_make_none(series: Statistics) -> None:
    """The board of Bournemouth and Poole has no care home rate of 2017-18; from 2019 its one council's, Christchurch included."""
    found, why = series.outcomes.of_board("HWB_BP", "2017-18", "permanent_admissions")
    assert (found.status, found.value) == (Status.NOT_AVAILABLE, None)
    assert "two rates make none" in why[0]
    found, why = series.outcomes.of_board("HWB_BP", "2019-20", "permanent_admissions")
    assert found.value
    assert "Christchurch" in why[0]
    found, why = series.outcomes.of_board("E10000021", "2021-22", "permanent_admissions")
    assert found.status is Status.NOT_AVAILABLE
    assert "E10000021" in why[0]


def test_missing_is_not_zero(series: Statistics) -> None:
    """Bolton's rate of 2016-17 is printed as NA: not available, and no number."""
    found, _ = series.outcomes.of_board("E08000002", "2016-17", "permanent_admissions")
    assert (found.status, found.value) == (Status.NOT_AVAILABLE, None)


@pytest.mark.parametrize(
    ("text", "zero", "number", "status"),
    [
        ("1,234", "", Decimal(1234), Status.AVAILABLE), ("0", "", Decimal(0), Status.AVAILABLE), ("462,003.1", "", Decimal("462003.1"), Status.AVAILABLE),
        ("-", "-", Decimal(0), Status.AVAILABLE), ("-", "", None, Status.NOT_AVAILABLE), ("..", "", None, Status.NOT_AVAILABLE), (":", "", None, Status.NOT_AVAILABLE),
        ("[x]", "", None, Status.NOT_AVAILABLE), ("x", "", None, Status.NOT_AVAILABLE), ("", "", None, Status.NOT_AVAILABLE), ("c", "", None, Status.SUPPRESSED), ("*", "", None, Status.SUPPRESSED),
    ],
)  # fmt: skip
def test_a_mark_is_read_for_what_it_means(
    text: str, zero: str, number: Decimal | None, status: Status
) -> None:
    """A dash is zero only in a file that says so; dots, colons and crosses are missing; c and a star are suppressed."""
    read = read_cell(text, zero)
    assert read
    assert (read.number, read.status) == (number, status)


def test_what_is_neither_number_nor_mark_is_refused() -> None:
    """Words, infinities and numbers of a hundred digits are no cells."""
    assert [read_cell(each) for each in ("twelve", "NaN", "Infinity", "1" * 100)] == [None] * 4


def test_one_council_reports_in_millions_and_one_reports_weeks(series: Statistics, england: England) -> None:
    """North Tyneside's 15.233 looks 1,000 times out, Dudley's 54,860 residents 52 times; both are kept, and left out of comparisons."""
    doubts = {each.where: each.says for each in series.findings if each.code == "wrong-unit"}
    assert "looks 1,000 times out" in doubts["social_care_spend.csv/2015-16/income_from_fund/E08000022"]
    assert "looks 52 times out" in doubts["social_care_spend.csv/2013-14/residents_65/E08000027"]
    assert len(doubts) == 2
    assert series.spend.rows["E08000022", "2015-16"]["income_from_fund"] == Decimal("15.233")
    value, why = series.spend.of_board("E08000022", "2015-16", "income_from_fund")
    assert value is None
    assert "in another unit" in why[0]
    assert series.spend.of_board("E10000016", "2013-14", "gross_65")[0]


def test_a_wrong_unit_is_told_by_its_kind(alarms: Alarms) -> None:
    """12 times is a year among months, of counts; 100 times pence or per cent, of rates; a figure twice the usual is a figure."""
    factor = [
        each.factor if each else None
        for each in (
            wrong_unit(Decimal(figure), Decimal(1000), alarms, kind)
            for figure, kind in ((12_100, "days"), (12_100, "money"), (98_000, "rates"), (2000, "days"), (1, "money"), (0, "money"))
        )
    ]  # fmt: skip
    assert factor == [12, None, 100, None, 1000, None]


def test_a_hole_is_seen_that_no_sum_shows(england: England, alarms: Alarms) -> None:
    """05P falls from some 2,379 admissions a month to 242 for nine months and recovers, and 13P too; no other of 209 does."""
    alarm = alarms.hole("admissions")
    found = {code: holes_in(sorted(england.admissions.monthly[code].items()), alarm) for code in england.admissions.ccgs}  # fmt: skip
    span = [("2014-07", "2015-03")]
    assert {code: each for code, each in found.items() if each} == {"05P": span, "13P": span}
    assert alarms.hole("anything else").series == "others"


def test_a_hole_in_delays_is_told_and_kept(series: Statistics) -> None:
    """Middlesbrough and Redcar have next to no delays in May 2015 alone: one provider's days seem to be missing. Eight such stand out."""
    assert {("E06000002", "2015-05"), ("E06000003", "2015-05")} <= series.doubted
    assert len(series.doubted) == 8
    said = next(each.says for each in series.findings if each.where == "delayed_days.csv/E06000002/2015-05")
    assert said == "Middlesbrough's delayed days are below 15% of what is usual in 2015-05: part of the return may be missing."  # fmt: skip
    assert series.delays.of_board("E06000002", "2015-05") == 17


def test_beds_are_of_the_trusts_that_serve_a_board(series: Statistics, england: England) -> None:
    """Nine in ten beds of 2014-15 are of a trust whose people are known. The City of London alone has none."""
    quarter = Quarter(2014, 1)
    found = [series.beds.of_board(board, quarter) for board in england.places.boards]
    held = [each for each in found if each]
    assert len(held) == 149
    whole = series.beds.of_nation(quarter)
    assert Decimal("0.85") < sum(each[0] for each in held) / whole[0] <= 1
    assert all(each[1] <= each[0] for each in held)


def test_every_board_has_its_covariates(series: Statistics) -> None:
    """Deprivation, age, size and pension credit stand for each of 150 boards; Middlesbrough is more deprived than Wokingham."""
    assert len(series.need) == 150
    assert series.need["E06000002"].deprivation > series.need["E06000041"].deprivation
    assert all(
        0 < each.aged_65 < Decimal("0.4") and 0 < each.pension_credit < 1 for each in series.need.values()
    )


@pytest.mark.slow
def test_what_is_known_is_held_against_what_is_read(
    england: England, alarms: Alarms, series: Statistics
) -> None:
    """The totals of expected_statistics.csv are all met; where one is not, loading says which and what was found."""
    assert blocking(series) is None
    files = edited(england, "expected_statistics.csv", "delayed_days_2014-15,1624977", "delayed_days_2014-15,1624978")  # fmt: skip
    found = blocking(parse_statistics(files, england.places, alarms))
    assert found
    assert "England has 1624977 delayed days" in found.says


def test_an_older_vintage_has_no_series(england_files: dict[str, bytes]) -> None:
    """What was loaded before these files were there is read as it was, without them."""
    gone = {"delayed_days.csv", "outcomes.csv"}
    lines = england_files["sources.csv"].decode().splitlines()
    kept = "\n".join(line for line in lines if line.split(",")[0] not in gone)
    files = {name: each for name, each in england_files.items() if name not in gone}
    older = read_england({**files, "sources.csv": kept.encode()})
    assert "delayed_days.csv" not in older.series
    assert replace(older, series={}) == older


def test_a_financial_year_is_read_strictly() -> None:
    """2014-15 begins on 1 April 2014; 2014-16 is none."""
    assert starts("2014-15") == date(2014, 4, 1)
    with pytest.raises(Unusable, match="not a financial year"):
        starts("2014-16")
