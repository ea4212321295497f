"""Patient-level activity: episodes, delays and follow-ups become counts by board, month, age band and sex.

Nothing about one person comes out. The files stay in the person wing; ``carepool activity cells`` writes a file of
counts a month, and a new month touches that month and the one before it.
"""

import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from shutil import which
from typing import Any

import pandas as pd
import pytest

from carepool.basics.refusals import Unusable
from carepool.care.activity import metrics
from carepool.care.activity.cells import build, cells_of, refresh
from carepool.care.activity.engine import connect, table
from carepool.care.activity.generator import generate
from carepool.care.activity.rates import limits_of
from carepool.care.activity.shapes import BANDS, EPISODES, STANDARD, holes, month_before, next_month
from carepool.wiring.main import main

TITLE = "Activity"
pytestmark = [
    pytest.mark.slow,
    # Ibis calls what DuckDB renamed.
    pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning"),
]
TOTALS = {(f"B{n}", month): 120 + n for n in range(6) for month in ("2015-04", "2015-05", "2015-06")}


def stay(person: int, finished: str, **more: Any) -> dict[str, Any]:
    """A stay of one episode, two days long, of a woman of 70."""
    day = date.fromisoformat(finished)
    row = {"person": person, "spell": person * 1000 + day.toordinal(), "episode": 1, "finished": day, "admitted": day - timedelta(2), "discharged": day, "method": "emergency", "board": "B1", "age": 70, "sex": "F", "diagnosis": "J440", "died": False}  # fmt: skip
    return row | more


def folder_of(path: Path, *stays: dict[str, Any], table: str = "episodes") -> Path:
    (path / table).mkdir(parents=True, exist_ok=True)
    months = {str(each.get("finished", each.get("month")))[:7] for each in stays}
    for month in months:
        rows = [each for each in stays if str(each.get("finished", each.get("month")))[:7] == month]
        frame = pd.DataFrame(rows).drop(columns="month", errors="ignore")
        frame.to_parquet(path / table / f"{month}.parquet", index=False)
    return path


def counts(path: Path, month: str, metric: str) -> tuple[int, int | None]:
    found = cells_of(
        connect(), path, month, tuple(sorted(each.stem for each in (path / "episodes").iterdir()))
    )
    rows = found[found.metric == metric]
    whole = rows.denominator.sum()
    return int(rows.numerator.sum()), None if rows.denominator.isna().all() else int(whole)


def test_first_finished_episodes_that_were_not_planned_are_the_paid_metric(tmp_path: Path) -> None:
    """Maternity and transfers count, later episodes of a stay and planned admissions do not."""
    path = folder_of(
        tmp_path, stay(1, "2015-04-03"), stay(2, "2015-04-04", method="maternity"), stay(3, "2015-04-05", method="transfer"),
        stay(4, "2015-04-06", method="elective"), stay(5, "2015-04-07"), stay(5, "2015-04-09", episode=2),
    )  # fmt: skip
    assert counts(path, "2015-04", metrics.NON_ELECTIVE_ADMISSIONS) == (4, None)


def test_avoidable_admissions_are_emergencies_for_the_listed_conditions(tmp_path: Path) -> None:
    """By the first three characters of the diagnosis; the list is recalled and says so."""
    path = folder_of(
        tmp_path, stay(1, "2015-04-03"), stay(2, "2015-04-04", diagnosis="S720"), stay(3, "2015-04-05", method="transfer")
    )  # fmt: skip
    assert counts(path, "2015-04", metrics.AVOIDABLE) == (1, None)
    assert "J44" in metrics.avoidable_codes()


@pytest.mark.parametrize(
    ("again", "number"),
    [
        ({"finished": "2015-05-02", "admitted": date(2015, 4, 30)}, 1),
        ({"finished": "2015-05-12", "admitted": date(2015, 5, 3)}, 1),
        ({"finished": "2015-05-12", "admitted": date(2015, 5, 4)}, 0),
        ({"finished": "2015-04-30", "admitted": date(2015, 4, 4)}, 1),
        ({"finished": "2015-04-30", "admitted": date(2015, 4, 2)}, 0),
        ({"finished": "2015-05-02", "admitted": date(2015, 4, 30), "method": "elective"}, 0),
    ],
)
def test_a_readmission_is_an_emergency_within_30_days_of_leaving(tmp_path: Path, again: dict[str, Any], number: int) -> None:  # fmt: skip
    """Whoever left on 3 April: to 3 May it counts, planned ones never, and what came before does not."""
    path = folder_of(tmp_path, stay(1, "2015-04-03"), stay(2, "2015-05-01"), stay(1, **again))
    assert counts(path, "2015-04", metrics.READMISSIONS)[0] == number


def test_who_died_cannot_come_back_and_a_stay_counts_once(tmp_path: Path) -> None:
    """Two emergencies after one stay are one readmission of it."""
    path = folder_of(
        tmp_path, stay(1, "2015-04-03"), stay(1, "2015-04-10", admitted=date(2015, 4, 8)),
        stay(1, "2015-04-14", admitted=date(2015, 4, 12)), stay(2, "2015-04-03", died=True),
    )  # fmt: skip
    assert counts(path, "2015-04", metrics.READMISSIONS) == (2, 3)


def test_months_counted_together_give_what_each_gives_alone(tmp_path: Path) -> None:
    """What comes back in May and has finished by its end counts; what finishes in June was not known when April was closed."""
    folder_of(
        tmp_path, stay(1, "2015-04-20"), stay(1, "2015-05-12"), stay(2, "2015-04-20"),
        stay(2, "2015-06-02", admitted=date(2015, 5, 10)), stay(3, "2015-05-30"), stay(3, "2015-06-10"), stay(4, "2015-06-01"),
        stay(5, "2015-04-20"), stay(5, "2015-05-28", admitted=date(2015, 5, 12)),
    )  # fmt: skip
    months = ("2015-04", "2015-05", "2015-06")
    connection = connect()
    all_of_them = table(connection, tmp_path, EPISODES, months)
    found = connection.execute(metrics.readmissions(all_of_them, all_of_them.limit(0)))
    together = {month: rows.numerator.sum() for month, rows in found.groupby("month")}
    assert together == {month: counts(tmp_path, month, metrics.READMISSIONS)[0] for month in months}
    assert together == {"2015-04": 2, "2015-05": 1, "2015-06": 0}


def test_delays_are_days_and_who_cannot_be_reached_is_not_at_home(tmp_path: Path) -> None:
    """Reablement counts people of 65 and over."""
    path = folder_of(tmp_path, stay(1, "2015-04-03"))
    folder_of(path, {"month": "2015-04", "person": 1, "board": "B1", "age": 80, "sex": "F", "days": 7}, {"month": "2015-04", "person": 2, "board": "B1", "age": 80, "sex": "F", "days": 5}, table="delays")  # fmt: skip
    rows = [{"month": "2015-04", "person": n, "board": "B1", "age": age, "sex": "M", "outcome": outcome} for n, (age, outcome) in enumerate([(80, "home"), (70, "not_contacted"), (90, "died"), (50, "home")])]  # fmt: skip
    folder_of(path, *rows, table="reablement")
    assert counts(path, "2015-04", metrics.DELAYED) == (12, None)
    assert counts(path, "2015-04", metrics.AT_HOME) == (1, 3)


def test_the_generator_makes_as_many_first_episodes_as_were_published(tmp_path: Path) -> None:
    """In every board and month; the same seed makes the same people, another one others."""
    generate(tmp_path / "one", TOTALS, 7)
    generate(tmp_path / "two", TOTALS, 7)
    generate(tmp_path / "other", TOTALS, 8)
    one, two, other = (pd.read_parquet(tmp_path / name / "episodes" / "2015-05.parquet") for name in ("one", "two", "other"))  # fmt: skip
    pd.testing.assert_frame_equal(one, two)
    assert not one.equals(other)
    build(connect(), tmp_path / "one", tmp_path / "cells")
    whole = pd.concat(pd.read_csv(each) for each in (tmp_path / "cells").glob("*.csv"))
    own = whole[whole.metric == metrics.NON_ELECTIVE_ADMISSIONS].groupby(["board", "month"]).numerator.sum()
    assert own.to_dict() == TOTALS


def test_a_new_month_touches_that_month_and_the_one_before_and_gives_what_a_full_build_gives(tmp_path: Path) -> None:  # fmt: skip
    """Mergeable cells: files of earlier months are not even read."""
    generate(tmp_path / "all", TOTALS, 7)
    last = tmp_path / "all" / "episodes" / "2015-06.parquet"
    kept = last.read_bytes()
    last.unlink()
    connection = connect()
    build(connection, tmp_path / "all", tmp_path / "cells")
    first = (tmp_path / "cells" / "2015-04.csv").read_bytes()
    last.write_bytes(kept)
    assert refresh(connection, tmp_path / "all", tmp_path / "cells", "2015-06") == ("2015-05", "2015-06")
    build(connection, tmp_path / "all", tmp_path / "whole")
    for month in ("2015-04", "2015-05", "2015-06"):
        assert (tmp_path / "cells" / f"{month}.csv").read_bytes() == (tmp_path / "whole" / f"{month}.csv").read_bytes()  # fmt: skip
    assert (tmp_path / "cells" / "2015-04.csv").read_bytes() == first


@pytest.mark.parametrize(
    ("stays", "says"),
    [
        ([stay(1, "2015-04-03", discharged=date(2015, 3, 1), admitted=date(2015, 3, 2))], "1 stays end before they begin"),
        ([stay(1, "2015-04-03", age=-1)], "1 ages are below 0 or above 130"),
        ([stay(1, "2015-04-03", method="helicopter")], "1 methods of admission are none of"),
        ([stay(1, "2015-04-03"), stay(1, "2015-04-03")], "1 first episodes belong to a stay that has one already"),
        ([stay(1, "2015-04-03", board=None), stay(2, "2015-04-03")], "1 first episodes lack a board"),
    ],
)  # fmt: skip
def test_a_month_that_cannot_be_right_is_refused_whole(tmp_path: Path, stays: list[dict[str, Any]], says: str) -> None:  # fmt: skip
    """With its file and how many rows."""
    with pytest.raises(Unusable, match=says):
        build(connect(), folder_of(tmp_path, *stays), tmp_path / "cells")
    assert not list((tmp_path / "cells").glob("*"))


def test_a_month_missing_or_of_another_month_is_refused(tmp_path: Path) -> None:
    """A hole between months, a record in the wrong file, a column that is not there, an engine that is none."""
    path = folder_of(tmp_path, stay(1, "2015-04-03"), stay(1, "2015-06-03"))
    with pytest.raises(Unusable, match=r"lacks 2015-05"):
        build(connect(), path, tmp_path / "cells")
    (path / "episodes" / "2015-06.parquet").rename(path / "episodes" / "2015-05.parquet")
    with pytest.raises(Unusable, match="1 first episodes finished in another month"):
        build(connect(), path, tmp_path / "cells")
    pd.DataFrame({"person": [1]}).to_parquet(path / "episodes" / "2015-05.parquet")
    with pytest.raises(Unusable, match="lacks spell, episode"):
        build(connect(), path, tmp_path / "cells")
    with pytest.raises(Unusable, match="no engine here"):
        connect("abacus")
    assert list(holes(("2015-11", "2016-01"))) == ["2015-12"]
    assert (next_month("2015-12"), month_before("2016-01")) == ("2016-01", "2015-12")


def test_a_standardised_rate_weighs_bands_by_the_standard_population(tmp_path: Path) -> None:
    """A rate that is the same in every band is the standardised rate; limits are Dobson's about Byar's."""
    import ibis

    assert sum(STANDARD) == 100_000
    assert len(STANDARD) == len(BANDS)
    connection = connect()
    cells = pd.DataFrame([{"board": "B", "month": "2015-04", "band": band, "sex": sex, "numerator": 5} for band in BANDS for sex in "FM"])  # fmt: skip
    people = pd.DataFrame(
        [{"board": "B", "band": band, "sex": sex, "people": 1000} for band in BANDS for sex in "FM"]
    )
    standard = pd.DataFrame({"band": BANDS, "weight": STANDARD})
    found = connection.execute(
        metrics.standardised(*(ibis.memtable(each) for each in (cells, people, standard)))
    )
    assert found.rate.iloc[0] == pytest.approx(500)
    assert found.number.iloc[0] == 190
    low, high = limits_of(190, 500.0, found.variance.iloc[0])
    assert low < 500 < high
    assert (low, high) == (pytest.approx(428.8, abs=6), pytest.approx(579.6, abs=6))
    assert limits_of(0, 0.0, 0.0) == (0.0, 0.0)


def test_what_leaves_the_wing_hides_small_counts_and_shows_the_rest_rounded(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    """From 1 to 7 hidden, never zero, others to the nearest five; a share hides both its counts where either is small."""
    generate(tmp_path / "all", {("B0", "2015-04"): 3, ("B1", "2015-04"): 212, ("B2", "2015-04"): 0}, 7)
    build(connect(), tmp_path / "all", tmp_path / "cells")
    for metric in (metrics.NON_ELECTIVE_ADMISSIONS, metrics.READMISSIONS):
        with pytest.raises(SystemExit) as left:
            main(["activity", "counts", str(tmp_path / "cells"), "--metric", metric, "--out", str(tmp_path / f"{metric}.csv")])  # fmt: skip
        assert left.value.code == 0
    paid = (tmp_path / "non_elective_admissions.csv").read_text().splitlines()
    assert paid == ["board,month,numerator,status", "B0,2015-04,*,suppressed", "B1,2015-04,210,shown"]
    share = (tmp_path / "readmissions_30_days.csv").read_text().splitlines()
    assert share[0] == "board,month,numerator,denominator,status"
    assert share[1] == "B0,2015-04,*,*,suppressed"
    capsys.readouterr()
    for asked, says in ((["--metric", "falls"], "no metric “falls”"), (["--metric", metrics.AVOIDABLE, "--data", "hospital"], "Did you mean hospital_episodes")):  # fmt: skip
        with pytest.raises(SystemExit) as left:
            main(["activity", "counts", str(tmp_path / "cells"), "--out", str(tmp_path / "x.csv"), *asked])
        assert left.value.code == 2
        assert says in capsys.readouterr().err
    assert not (tmp_path / "x.csv").exists()


@pytest.mark.skipif(which("java") is None, reason="Spark needs Java")
@pytest.mark.slow
def test_spark_counts_what_duckdb_counts_to_the_last(tmp_path: Path) -> None:
    """The same expressions, every metric, every cell, by the command."""
    generate(tmp_path / "all", {key: value // 2 for key, value in TOTALS.items()}, 7)
    for engine in ("duckdb", "spark"):
        # A process of its own: the engine's sockets and logs are not ours.
        command = [sys.executable, "-m", "carepool.wiring.main", "activity", "cells", str(tmp_path / "all"), "--out", str(tmp_path / engine), "--engine", engine]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == 0, done.stderr
    for month in ("2015-04", "2015-05", "2015-06"):
        ours, theirs = (pd.read_csv(tmp_path / engine / f"{month}.csv") for engine in ("duckdb", "spark"))
        pd.testing.assert_frame_equal(ours, theirs)
        assert len(ours) > 100
