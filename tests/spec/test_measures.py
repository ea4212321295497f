"""Measures of a board: every period with what was counted, out of what, how uncertain, and where there is none, why."""

# ruff: noqa: F811  (a fixture that is imported is named again as an argument)

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import get_args

import pytest

from carepool.actions.house import House
from carepool.actions.measuring import ask, definitions, held, statistics_of
from carepool.basics.refusals import NotHere, Unusable
from carepool.measures.observing import SERIES, compared
from carepool.measures.values import HELD, Status
from carepool.rules.measuring import SeriesWord
from tests.spec.test_commands import Run, run  # noqa: F401  (a fixture)


def test_each_series_is_read_in_exactly_one_way() -> None:
    """Every series that a definition can name has its one reader, and no reader is without a name."""
    assert set(SERIES) == set(get_args(SeriesWord))


def test_the_paid_measure_is_the_admissions_of_the_monthly_return(house: House) -> None:
    """Kent's quarters are those that payment uses, to the decimal, per 100,000 of its people, with Byar's limits."""
    found = ask(house, "non_elective_admissions", "E10000016").measured
    for value in found.values:
        quarter = next(q for q in house.england.admissions.by_board if str(q[1]) == value.period and q[0] == "E10000016")  # fmt: skip
        assert value.numerator == house.england.admissions.by_board[quarter].count
        assert value.denominator
        assert value.value == round(value.numerator * 100_000 / value.denominator, 1)
        assert value.low is not None
        assert value.high is not None
        assert value.low < value.value < value.high
    assert found.definition.pays


def test_an_incomplete_return_is_marked_and_kept(house: House) -> None:
    """Solihull's 2014-15Q2 stands as published, 724 admissions, and says that it rests on an incomplete return, and whose."""
    value = next(each for each in ask(house, "non_elective_admissions", "E08000029").measured.values if each.period == "2014-15Q2")  # fmt: skip
    assert (value.status, value.numerator) == (Status.INCOMPLETE, Decimal(724))
    assert "05P" in value.because[0]


def test_delays_are_days_per_adult_and_say_that_days_come_together(house: House) -> None:
    """Kent's 5,065 days of March 2016 are 424.1 per 100,000 adults; NHS, social care and both are measures of their own."""
    found = ask(house, "delayed_transfers", "E10000016").measured
    last = found.last
    assert last
    assert (last.period, last.numerator, last.value) == ("2016-03", 5065, Decimal("424.1"))
    assert "come together" in found.rests_on[0]
    parts = [ask(house, name, "E10000016").measured.last for name in ("delayed_transfers_of_the_nhs", "delayed_transfers_of_social_care")]  # fmt: skip
    assert sum(each.numerator or 0 for each in parts if each) < last.numerator


def test_delayed_days_are_told_as_beds_a_day_too(house: House) -> None:
    """Kent's 5,065 days of March 2016 took 163.4 beds a day; of later months none is made up, and it says from what they would come."""
    found = ask(house, "delayed_beds", "E10000016").measured
    last = found.last
    assert last
    assert (last.period, last.numerator, last.denominator) == ("2016-03", 5065, 31)
    assert (last.value, last.version) == (Decimal("163.4"), "v1")
    assert next(each.denominator for each in found.values if each.period == "2016-02") == 29
    assert "after 2016-03: delayed_days.csv ends there" in found.rests_on[0]
    assert "delayed days by local authority" in found.rests_on[0]


def test_an_outcome_without_parts_has_no_limits(house: House) -> None:
    """Of 2020-21 numerator and denominator are published, so its limits are known; of other years only the rate is."""
    values = {each.period: each for each in ask(house, "permanent_admissions", "E10000016").measured.values}
    assert values["2020-21"].numerator
    assert values["2020-21"].low
    assert (values["2022-23"].value, values["2022-23"].low) == (Decimal("558.0"), None)
    assert "no limits are known" in values["2022-23"].because[-1]


def test_what_is_not_held_is_never_zero(house: House) -> None:
    """No value of any measure of any kind of board is zero for want of data: it has no value and a reason."""
    for definition in definitions(house):
        for board in ("E09000001", "HWB_BP", "HWB_CS", "E06000017"):
            for value in ask(house, definition.id, board).measured.values:
                assert (value.value is not None) == (value.status in HELD)
                assert value.status in HELD or value.because


def test_a_measure_without_figures_says_why(house: House) -> None:
    """Falls are counted from patients' records, of which carepool ships none: the answer has no values and a reason."""
    found = ask(house, "falls_admissions", "E10000016").measured
    assert found.values == ()
    assert "patients' records" in found.rests_on[0]


def test_a_comparison_across_a_break_is_refused(house: House) -> None:
    """2017-18 and 2018-19 of care home admissions were counted differently; 2018-19 and 2019-20 were not."""
    found = ask(house, "permanent_admissions", "E10000016").measured
    with pytest.raises(Unusable, match="cannot be compared: People counted under a 12-week disregard"):
        compared(found, "2017-18", "2018-19")
    assert [each.period for each in compared(found, "2019-20", "2018-19")] == ["2018-19", "2019-20"]
    with pytest.raises(Unusable, match="is not held for 1999-00; held are 2014-15 to 2023-24"):
        compared(found, "1999-00", "2018-19")
    with pytest.raises(Unusable, match="is not available"):
        compared(found, "2014-15", "2018-19")


def test_a_break_that_only_warns_lets_compare(house: House) -> None:
    """The Care Act changed what delays are called, and no step shows: the break is told and the comparison is made."""
    found = ask(house, "delayed_transfers", "E10000016").measured
    assert [each.on.isoformat() for each in found.breaks] == ["2015-04-01"]
    assert len(compared(found, "2014-05", "2015-05")) == 2


def test_the_illustrative_county_says_that_it_is(house: House) -> None:
    """A fictitious board has the delays of the real one it is drawn from, and says so first."""
    drawn = ask(house, "delayed_transfers", "ZZ6")
    assert drawn.illustrative
    assert drawn.measured.rests_on[0].startswith("Illustrative county")
    assert drawn.measured.values == ask(house, "delayed_transfers", "E06000003").measured.values


def test_as_at_keeps_what_had_been_published(house: House) -> None:
    """On 10 August 2015 admissions up to 2015-16Q1 were out; the figures are the final revisions, and it is said."""
    found = ask(house, "non_elective_admissions", "E10000016", date(2015, 8, 10)).measured
    assert found.values[-1].period == "2015-16Q1"
    assert "final revisions" in found.rests_on[-1]


def test_an_unknown_measure_or_board_has_its_nearest(house: House) -> None:
    """A slip of the pen is told what was probably meant; a council of a joint board is told the board's code."""
    with pytest.raises(NotHere, match="Did you mean reablement_91_days"):
        ask(house, "reablement_91_day", "E10000016")
    with pytest.raises(NotHere, match="HWB_BP"):
        ask(house, "delayed_transfers", "E06000028")


def test_a_database_without_the_series_says_what_to_do(house: House) -> None:
    """A vintage loaded before these files were there is asked to be loaded again."""
    area = replace(house.areas.england, england=replace(house.england, series={}))
    older = replace(house, areas=replace(house.areas, england=area))
    with pytest.raises(Unusable, match="carepool prepare"):
        statistics_of(older)


def test_series_are_read_once(house: House) -> None:
    """A vintage is read when it is first asked for, and kept."""
    assert held(house).statistics is held(house).statistics


def test_the_command_answers_with_its_parts(run: Run) -> None:
    """``carepool measure METRIC --board CODE --json`` gives values by period, definition, breaks, sources and vintage."""
    code, out, err = run("measure", "delayed_transfers", "--board", "E10000016", "--json")
    data = json.loads(out)
    assert (code, err) == (0, "")
    assert (data["measure"], data["area"], data["name"]) == ("delayed_transfers", "E10000016", "Kent")
    assert data["values"][-1] | {"because": []} == {
        "period": "2016-03", "status": "available", "numerator": 5065, "denominator": 1194332, "value": 424.1,
        "low": 412.5, "high": 435.9, "interval": "Byar", "version": "v1", "published": "2016-05-12", "because": [],
    }  # fmt: skip
    assert data["definition"]["versions"][0]["scale"] == 100_000
    assert [each["file"] for each in data["sources"]] == ["delayed_days.csv", "people.csv"]
    assert len(data["vintage"]) == 64


@pytest.mark.slow
def test_the_command_says_what_is_missing(run: Run) -> None:
    """In words a missing value is “not available” with its reason; the list has all measures, the paid one first."""
    code, out, _ = run("measure", "permanent_admissions", "--board", "HWB_BP")
    assert code == 0
    assert "not available" in out
    assert "two rates make none" in out
    code, out, _ = run("measure", "list")
    assert out.splitlines()[0].endswith("(the one that paid)")
    code, out, _ = run("measure", "list", "--json")
    listed = json.loads(out)
    assert [each["measure"] for each in listed if not each["held"]] == [each["measure"] for each in listed if each["without"]]  # fmt: skip
    code, _, err = run("measure", "delayed_transfer", "--board", "E10000016")
    assert code == 2
    assert "Did you mean delayed_transfers" in err
