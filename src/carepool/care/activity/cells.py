"""Monthly cells: counts of every metric, a file a month, so that a new month touches that month and the one before it."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carepool.basics.refusals import Unusable
from carepool.care.activity.engine import table
from carepool.care.activity.shapes import (
    COLUMNS,
    DELAYS,
    EPISODES,
    OLDEST,
    REABLEMENT,
    Method,
    holes,
    month_before,
    months_in,
    next_month,
)

if TYPE_CHECKING:
    from pandas import DataFrame

ORDER = ["metric", "board", "month", "band", "sex", "numerator", "denominator"]


def build(connection: Any, folder: Path, out: Path, months: Sequence[str] = ()) -> tuple[str, ...]:
    """Write the cells of the months given, or of all, and return which were written.

    Unusable when a month is missing between others, or a file lacks a column: nothing is guessed.
    """
    held = months_in(folder)
    if missing := list(holes(held)):
        raise Unusable(f"{folder / EPISODES} lacks {missing[0]}: a month between others cannot be missing. Add its file.")  # fmt: skip
    out.mkdir(parents=True, exist_ok=True)
    chosen = tuple(months) or held
    for month in chosen:
        _write(out / f"{month}.csv", cells_of(connection, folder, month, held))
    return chosen


def refresh(connection: Any, folder: Path, out: Path, month: str) -> tuple[str, ...]:
    """Write a month that has come or been corrected, and the month before it, whose readmissions it holds."""
    held = months_in(folder)
    if month not in held:
        raise Unusable(f"{folder / EPISODES} has no file of {month}. Months are {held[0]} to {held[-1]}.")
    touched = [each for each in (month_before(month), month) if each in held]
    return build(connection, folder, out, touched)


def cells_of(connection: Any, folder: Path, month: str, held: Sequence[str]) -> "DataFrame":
    """The counts of one month, by metric, board, age band and sex."""
    import pandas as pd

    from carepool.care.activity import metrics

    own = _checked(table(connection, folder, EPISODES, (month,)), folder, EPISODES, month)
    later = next_month(month)
    after = (
        _checked(table(connection, folder, EPISODES, (later,)), folder, EPISODES, later)
        if later in held
        else own.limit(0)
    )
    found = {
        metrics.NON_ELECTIVE_ADMISSIONS: metrics.first_episodes(own),
        metrics.AVOIDABLE: metrics.avoidable(own),
        metrics.READMISSIONS: metrics.readmissions(own, after),
    }
    if (folder / DELAYS / f"{month}.parquet").exists():
        delays = _checked(table(connection, folder, DELAYS, (month,)), folder, DELAYS, month)
        found[metrics.DELAYED] = metrics.delayed_days(delays, month)
    if (folder / REABLEMENT / f"{month}.parquet").exists():
        reablement = _checked(table(connection, folder, REABLEMENT, (month,)), folder, REABLEMENT, month)
        found[metrics.AT_HOME] = metrics.at_home(reablement, month)
    frames = []
    if wrong := faults(connection, own, month):
        raise Unusable(f"{folder / EPISODES / month}.parquet: {wrong} Correct the file; nothing of the month was counted.")  # fmt: skip
    for name, expression in found.items():
        frame = connection.execute(expression)
        frame["metric"] = name
        if "denominator" not in frame:
            frame["denominator"] = pd.NA
        frames.append(frame)
    whole = pd.concat(frames, ignore_index=True)[ORDER]
    whole["denominator"] = whole["denominator"].astype("Int64")
    return whole.sort_values(ORDER[:5], ignore_index=True)


def faults(connection: Any, episodes: Any, month: str) -> str:
    """What makes a month of episodes one that cannot be counted, or nothing."""
    first = episodes.filter(episodes.episode == 1)
    known = [str(each) for each in Method]
    said = connection.execute(
        first.aggregate(
            rows=first.count(),
            strays=(first.finished.strftime("%Y-%m") != month).sum(),
            backwards=(first.discharged < first.admitted).sum(),
            ages=((first.age < 0) | (first.age > OLDEST)).sum(),
            methods=(~first.method.isin(known)).sum(),
            nobody=(first.board.isnull() | first.person.isnull() | first.finished.isnull()).sum(),
            twice=first.count() - first.spell.nunique(),
        )
    ).iloc[0]
    sentences = {
        "strays": "first episodes finished in another month",
        "backwards": "stays end before they begin",
        "ages": f"ages are below 0 or above {OLDEST}",
        "methods": f"methods of admission are none of {', '.join(known)}",
        "nobody": "first episodes lack a board, a person or the day they finished",
        "twice": "first episodes belong to a stay that has one already",
    }
    found = [
        f"{int(said[name]):,} {says}" for name, says in sentences.items() if said[name] and int(said[name])
    ]
    return f"{'; '.join(found)}." if found else ""


def _checked(found: Any, folder: Path, name: str, month: str) -> Any:
    lacking = [each for each in COLUMNS[name] if each not in found.columns]
    if lacking:
        raise Unusable(f"{folder / name / month}.parquet lacks {', '.join(lacking)}. It needs {', '.join(COLUMNS[name])}.")  # fmt: skip
    return found


def _write(path: Path, frame: "DataFrame") -> None:
    """All of a month or nothing of it."""
    part = path.with_suffix(".part")
    frame.to_csv(part, index=False, lineterminator="\n")
    part.replace(path)
