"""Twenty million episodes of a synthetic England: cells with standardised rates, readmission and one more month, beside SQL by hand and pandas."""

import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from benchmarks.measuring import Figure

RUNS = 3
AT_MOST = 1.3
"""Times what SQL written by hand takes."""
PANDAS = 4
REFRESH = 8
MEGABYTES = 1_500
MONTHS = 36
SPAN = 6
"""Months asked for at once: what a month of memory holds, and few questions."""
SQL_CELLS = """
with cells as (
  select board, strftime(finished, '%Y-%m') as month, least((age // 5) * 5, 90) as band, sex, count(*) as number
  from read_parquet('{files}') where episode = 1 and method in ('emergency', 'maternity', 'transfer') group by all)
select board, month, sum(number), sum(weight / 2 / 100000 * number / people) * 100000 as rate,
       sum((weight / 2 / 100000) ** 2 * number / (people * people)) * 1e10 as variance
from cells join people using (board, band, sex) join standard using (band) group by board, month
"""
SQL_READMITTED = """
with e as (select person, spell, board, age, sex, admitted, finished, discharged, method, died from read_parquet({files}) where episode = 1),
i as (select * from e where strftime(finished, '%Y-%m') = '{month}' and not died),
r as (select person, spell, admitted from e where method = 'emergency')
select board, sex, least((age // 5) * 5, 90) as band, count(*) as denominator, count(*) filter (where exists (
  select 1 from r where r.person = i.person and r.admitted between i.discharged and i.discharged + 30 and r.spell <> i.spell)) as numerator
from i group by all
"""


def measure() -> list[Figure]:
    """The figures, each of a process of its own, so that what one holds is not another's."""
    with tempfile.TemporaryDirectory(prefix="carepool-activity-") as folder:
        _run("make", folder)
        ours, by_hand, pandas = (_run(what, folder) for what in ("ours", "sql", "pandas"))
    if not ours[2] == by_hand[2] == pandas[2]:
        raise AssertionError(f"the three ways count {ours[2]}, {by_hand[2]} and {pandas[2]} readmissions")
    return [
        Figure("Activity: cells with standardised rates, 20 million episodes", ours[0], "s", RUNS, bound=AT_MOST * by_hand[0], peer=by_hand[0], note="beside SQL by hand"),
        Figure("Activity: the same beside pandas", pandas[0] / ours[0], "times", 1, least=PANDAS),
        Figure("Activity: readmission within 30 days", ours[1], "s", 1, bound=AT_MOST * by_hand[1], peer=by_hand[1], note="beside SQL by hand, month by month too"),
        Figure("Activity: the same beside pandas", pandas[1] / ours[1], "times", 1, least=PANDAS),
        Figure("Activity: one more month beside all 36", ours[3] / ours[4], "times", 1, least=REFRESH),
        Figure("Activity: memory at most", ours[5], "MB", 1, bound=MEGABYTES),
    ]  # fmt: skip


def _run(what: str, folder: str) -> list[float]:
    done = subprocess.run([sys.executable, "-m", "benchmarks.activity", what, folder], capture_output=True, text=True, check=True)  # fmt: skip
    return [float(each) for each in done.stdout.split()]


def _make(folder: Path) -> None:
    from carepool.care.activity.generator import generate
    from carepool.wiring.main import published_admissions

    generate(folder / "data", published_admissions(), 1, planned=0.0)


def _people() -> tuple[object, object]:
    """A population of each board by band and sex, invented, and the standard one."""
    import pandas as pd

    from carepool.care.activity.shapes import BANDS, STANDARD
    from carepool.wiring.main import published_admissions

    boards = sorted({board for board, _ in published_admissions()})
    people = [(board, band, sex, 3_000 + band) for board in boards for band in BANDS for sex in "FM"]
    return pd.DataFrame(people, columns=["board", "band", "sex", "people"]), pd.DataFrame({"band": BANDS, "weight": STANDARD})  # fmt: skip


def _timed(work: Callable[[], object], runs: int = 1) -> float:
    found = []
    for _ in range(runs):
        before = perf_counter()
        work()
        found.append(perf_counter() - before)
    return sorted(found)[len(found) // 2]


def _counted(work: Callable[[], int]) -> tuple[float, int]:
    """The seconds a count took, and the count: the three ways must agree."""
    before = perf_counter()
    found = work()
    return perf_counter() - before, found


def _ours(folder: Path) -> list[float]:
    import ibis

    from carepool.care.activity import metrics
    from carepool.care.activity.cells import build, cells_of, refresh
    from carepool.care.activity.engine import connect, table
    from carepool.care.activity.shapes import EPISODES, month_before, months_in, next_month

    data = folder / "data"
    months = months_in(data)
    connection = connect()
    people, standard = map(ibis.memtable, _people())

    def rates() -> object:
        episodes = table(connection, data, EPISODES, months)
        return connection.execute(metrics.standardised(metrics.first_episodes(episodes), people, standard))

    def readmitted() -> int:
        found = 0
        for at in range(0, len(months), SPAN):
            span = months[at : at + SPAN]
            own = table(connection, data, EPISODES, span)
            later = next_month(span[-1])
            after = table(connection, data, EPISODES, (later,)) if later in months else own.limit(0)
            found += int(connection.execute(metrics.readmissions(own, after)).numerator.sum())
        return found

    rates()
    cells_of(connection, data, months[0], months)
    first, (second, again) = _timed(rates, RUNS), _counted(readmitted)
    full = _timed(lambda: build(connection, data, folder / "cells"))
    one = _timed(lambda: refresh(connection, data, folder / "cells", months[-1]))
    assert (folder / "cells" / f"{month_before(months[-1])}.csv").exists()
    return [first, second, again, full, one, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]


def _sql(folder: Path) -> list[float]:
    from carepool.care.activity.engine import connect
    from carepool.care.activity.shapes import months_in, next_month

    raw = connect().con
    people, standard = _people()
    raw.register("people", people)
    raw.register("standard", standard)
    data = folder / "data"
    months = months_in(data)
    cells = SQL_CELLS.format(files=data / "episodes" / "*.parquet")

    def readmitted() -> int:
        found = 0
        for month in months:
            files = [str(data / "episodes" / f"{each}.parquet") for each in (month, next_month(month)) if each in months]  # fmt: skip
            found += int(raw.execute(SQL_READMITTED.format(files=files, month=month)).df().numerator.sum())
        return found

    raw.execute(cells).df()
    return [_timed(lambda: raw.execute(cells).df(), RUNS), *_counted(readmitted)]


def _pandas(folder: Path) -> list[float]:
    import pandas as pd

    from carepool.care.activity.shapes import months_in, next_month

    data = folder / "data"
    months = months_in(data)
    people, standard = _people()

    def read(month: str, columns: list[str]) -> object:
        return pd.read_parquet(data / "episodes" / f"{month}.parquet", columns=columns)

    def rates() -> None:
        parts = []
        for month in months:
            frame = read(month, ["episode", "method", "board", "age", "sex"])
            frame = frame[(frame.episode == 1) & frame.method.isin(["emergency", "maternity", "transfer"])]
            band = ((frame.age // 5) * 5).clip(upper=90)
            parts.append(frame.groupby(["board", band.rename("band"), "sex"]).size().rename("number").reset_index().assign(month=month))  # fmt: skip
        cells = pd.concat(parts).merge(people, on=["board", "band", "sex"]).merge(standard, on="band")
        cells["rate"] = cells.weight / 2 * cells.number / cells.people
        cells.groupby(["board", "month"]).agg(number=("number", "sum"), rate=("rate", "sum"))

    def readmitted() -> int:
        columns = ["person", "spell", "episode", "board", "age", "sex", "admitted", "discharged", "method", "died"]  # fmt: skip
        found = 0
        for month in months:
            own = read(month, columns)
            own = own[own.episode == 1]
            later = read(next_month(month), columns) if next_month(month) in months else own.iloc[:0]
            both = pd.concat([own, later[later.episode == 1]])
            again = both[both.method == "emergency"][["person", "spell", "admitted"]]
            index = own[~own.died]
            pairs = index[["person", "spell", "discharged"]].merge(again, on="person", suffixes=("", "_again"))  # fmt: skip
            gap = (pd.to_datetime(pairs.admitted) - pd.to_datetime(pairs.discharged)).dt.days
            followed = pairs[(gap >= 0) & (gap <= 30) & (pairs.spell != pairs.spell_again)].spell
            by = [index.board, ((index.age // 5) * 5).clip(upper=90).rename("band"), index.sex]
            counts = index.spell.isin(followed).groupby(by).agg(["sum", "size"])
            found += int(counts["sum"].sum())
        return found

    return [_timed(rates), *_counted(readmitted)]


if __name__ == "__main__":
    what, where = sys.argv[1], Path(sys.argv[2])
    if what == "make":
        _make(where)
    else:
        print(*{"ours": _ours, "sql": _sql, "pandas": _pandas}[what](where))
