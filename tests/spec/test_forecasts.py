"""Forecasts of monthly series: what a file must hold, what comes out, and what the intervals are worth.

``carepool forecast FILE.csv --horizon N`` takes ``series,month,value`` and gives ``series,month,mean,lo80,hi80,lo95,hi95``.
Nothing that is missing is guessed.
"""

import math
import random
from pathlib import Path

import pytest

from carepool.actions.backtesting import Forecaster, backtest
from carepool.basics.refusals import Unusable
from carepool.engines.forecasting import forecast, forecast_of_england
from carepool.measures.monthly import Expected, Monthly, after, cells, read_monthly, score
from carepool.wiring.main import main, shipped

TITLE = "Forecasts"
WHOLE = [f"a,{after('2013-04', n)},{100 + n}" for n in range(24)]


def file_of(*rows: str) -> bytes:
    return "\n".join(["series,month,value", *rows]).encode()


def test_whole_series_are_read_in_any_order() -> None:
    """A series is its months without a hole, whatever the order of rows and columns."""
    good, wrong = read_monthly(file_of(*reversed(WHOLE)), "f.csv")
    assert not wrong
    assert good == (Monthly("a", "2013-04", tuple(float(100 + n) for n in range(24))),)
    turned = b"value,note,month,series\n" + b"\n".join(
        f"{100 + n},x,{after('2013-04', n)}-01,a".encode() for n in range(24)
    )
    assert read_monthly(turned, "f.csv")[0] == good


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (WHOLE[:5] + WHOLE[6:], "Row 2, series “a”: 2013-09 is missing between 2013-04 and 2015-03; a hole is not filled in."),
        ([*WHOLE, WHOLE[3]], "Row 26, series “a”: 2013-07 stands a second time; it is in row 5 already."),
        ([*WHOLE[:-1], "a,2015-03,*"], "Row 25, series “a”: 2015-03 has no figure (“*”); what is missing or hidden is not guessed."),
        ([*WHOLE[:-1], "a,2015-03,lots"], "Row 25, series “a”: “lots” of 2015-03 is no number."),
        ([*WHOLE[:-1], "a,2015-03,1e400"], "Row 25, series “a”: “1e400” of 2015-03 is no number that a month can have."),
        ([*WHOLE[:-1], "a,March,3"], "Row 25, series “a”: “March” is no month; write it like 2014-07."),
        (WHOLE[:11], "Row 2, series “a”: it has 11 months and needs at least 12."),
    ],
)  # fmt: skip
def test_a_series_with_a_fault_is_left_out_and_the_others_are_not(rows: list[str], says: str) -> None:
    """The finding names the row and the series; a hidden figure is never zero."""
    others = [f"b,{after('2013-04', n)},7" for n in range(24)]
    good, wrong = read_monthly(file_of(*rows, *others), "f.csv")
    assert [each.name for each in good] == ["b"]
    assert [each.says for each in wrong] == [says]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "f.csv is empty"),
        (b"series,month\na,2014-01", "value is not there so"),
        (b"series,month,value,value\n", "value is not there so"),
        (b"series,month,value\na", "row 2 has 1 cells"),
        (b"\xff\xfe\x00", "not text in UTF-8"),
    ],
)
def test_what_is_no_such_table_is_refused(content: bytes, says: str) -> None:
    """With what is wrong, and where."""
    with pytest.raises(Unusable, match=says):
        read_monthly(content, "f.csv")


def test_a_score_counts_the_months_within_each_interval() -> None:
    """And the error as a share of what saying “as a year before” would have missed by."""
    expected = [Expected("a", "2015-01", 10, 8, 12, 6, 14), Expected("a", "2015-02", 10, 8, 12, 6, 14)]
    found = score(expected, {("a", "2015-01"): 11, ("a", "2015-02"): 13}, {("a", "2015-01"): 15, ("a", "2015-02"): 9})  # fmt: skip
    assert (found.covered80, found.covered95, found.error, found.naive, found.ratio) == (
        0.5,
        1.0,
        2.0,
        4.0,
        0.5,
    )


def seasonal(number: int, months: int) -> list[Monthly]:
    chance = random.Random(20)
    return [
        Monthly(
            f"s{n}", "2011-04",
            tuple(
                float(round(200 * (n + 1) * math.exp(0.2 * math.sin(m * math.pi / 6) + chance.gauss(0, 0.08))))
                for m in range(months)
            ),
        )
        for n in range(number)
    ]  # fmt: skip


@pytest.mark.slow
def test_a_season_is_seen_and_intervals_hold_what_comes() -> None:
    """Twenty series with a season, four years known: the fifth lies where it was expected."""
    whole = seasonal(20, 60)
    expected = forecast([each.until(48) for each in whole], 12)
    assert [(each.series, each.month) for each in expected[:2]] == [("s0", "2015-04"), ("s0", "2015-05")]
    assert all(0 <= each.lo95 <= each.lo80 <= each.mean <= each.hi80 <= each.hi95 for each in expected)
    came = cells(whole)
    found = score(expected, came, {(name, after(month, 12)): value for (name, month), value in came.items()})
    assert 0.70 <= found.covered80 <= 0.92
    assert 0.90 <= found.covered95 <= 1
    assert found.ratio < 0.9


@pytest.mark.slow
def test_odd_series_are_forecast_without_a_fuss() -> None:
    """Twelve months, nothing but zeros, one value for ever, values below zero, one month of a million."""
    twelve = tuple(float(n) for n in range(12))
    odd = [
        Monthly("short", "2014-01", twelve),
        Monthly("zeros", "2014-01", (0.0,) * 30),
        Monthly("same", "2014-01", (5.0,) * 30),
        Monthly("below", "2014-01", tuple(n - 6 for n in twelve) * 3),
        Monthly("spike", "2014-01", (*twelve, *twelve, 1e9)),
        Monthly("rate", "2014-01", tuple(n / 1000 + 0.01 for n in twelve) * 3),
    ]
    expected = forecast(odd, 3)
    assert len(expected) == 18
    assert all(math.isfinite(bound) for each in expected for bound in (each.mean, each.lo95, each.hi95))
    assert all(each.lo95 <= each.lo80 <= each.mean <= each.hi80 <= each.hi95 for each in expected)
    assert [each.mean for each in expected if each.series == "same"] == pytest.approx([5, 5, 5])


def test_a_horizon_is_one_to_sixty_months() -> None:
    """Beyond it nothing is known."""
    for horizon in (0, -1, 61):
        with pytest.raises(Unusable, match="Ask for 1 to 60"):
            forecast([Monthly("a", "2014-01", (1.0,) * 24)], horizon)


@pytest.mark.slow
def test_the_command_writes_csv_and_leaves_with_1_when_a_series_was_left_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is right is on standard output, what is wrong on standard error."""
    path = tmp_path / "f.csv"
    path.write_bytes(file_of(*WHOLE, "b,2014-01,3"))
    with pytest.raises(SystemExit) as left:
        main(["forecast", str(path), "--horizon", "2"])
    assert left.value.code == 1
    said = capsys.readouterr()
    lines = said.out.splitlines()
    assert lines[0] == "series,month,mean,lo80,hi80,lo95,hi95"
    assert [line.split(",")[:2] for line in lines[1:]] == [["a", "2015-04"], ["a", "2015-05"]]
    assert "Row 26, series “b”: it has 1 months and needs at least 12." in said.err


@pytest.mark.slow
@pytest.mark.parametrize("forecaster", [forecast, forecast_of_england], ids=["of a file", "of a board"])
def test_intervals_held_on_years_not_used_to_fit(forecaster: Forecaster) -> None:
    """As files are forecast, and as boards are on their pages and in their packs. Each board's published series, each year forecast from before it: near 80% and 95% of months, and better than naive."""
    found = backtest(shipped(), forecaster)
    assert found.trials
    for trial in found.trials:
        assert 0.75 <= trial.score.covered80 <= 0.90, trial
        assert 0.92 <= trial.score.covered95 <= 0.995, trial
        assert trial.score.ratio < 0.95, trial
