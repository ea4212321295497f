"""A synthetic England: stays in hospital of people who do not exist, as many in each board and month as were published.

Seeded, so that anybody makes the same. First finished episodes that were not planned are exactly the totals handed in;
everything else (who, how old, what for, how long, who comes back) is invented.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carepool.care.activity.shapes import BAND, BANDS, DELAYS, EPISODES, REABLEMENT, Method, Outcome

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Line = NDArray[Any]

BY_AGE = (90, 25, 20, 25, 45, 55, 55, 50, 45, 48, 52, 52, 55, 65, 75, 85, 95, 85, 60)
"""How often people of each band are admitted, against each other: invented, old and young more."""
PEOPLE = 4_000
"""People of each sex in each band of a board: few enough that some come back."""
DIAGNOSES = ("J440", "J459", "I500", "N390", "K529", "L031", "R074", "S720", "I639", "A419", "O800", "R55X", "J181", "E109", "G409", "R104")  # fmt: skip
AGAIN = 0.12
"""The share of unplanned stays that are of somebody who left in the month before."""
EPISODES_A_STAY = (0.80, 0.15, 0.05)
PLANNED = 0.2
"""Planned stays beside each that was not."""


def generate(out: Path, totals: Mapping[tuple[str, str], int], seed: int, *, planned: float = PLANNED) -> int:
    """Write a file a month for the totals by board and month, and return how many episodes there are."""
    import numpy as np

    for name in (EPISODES, DELAYS, REABLEMENT):
        (out / name).mkdir(parents=True, exist_ok=True)
    boards = np.array(sorted({board for board, _ in totals}))
    written = 0
    before: Line | None = None
    for month in sorted({month for _, month in totals}):
        chance = np.random.default_rng((seed, int(month.replace("-", ""))))
        numbers = np.array([totals.get((board, month), 0) for board in boards])
        stays = _stays(chance, numbers, before, month, planned)
        before = stays
        written += _write_episodes(out / EPISODES / f"{month}.parquet", chance, boards, stays)
        _write_others(out, month, chance, boards, stays)
    return written


def _stays(chance: Any, numbers: "Line", before: "Line | None", month: str, planned: float) -> "Line":
    """The month's stays: unplanned ones as many as were published in each board, planned ones beside them."""
    import numpy as np

    extra = chance.poisson(numbers * planned)
    board = np.concatenate(
        [np.repeat(np.arange(len(numbers)), numbers), np.repeat(np.arange(len(numbers)), extra)]
    )
    total, unplanned = len(board), int(numbers.sum())
    first = np.datetime64(f"{month}-01")
    days = int(((np.datetime64(month) + 1).astype("datetime64[D]") - first).astype(int))
    weights = np.array(BY_AGE, dtype=float)
    band = np.searchsorted(np.cumsum(weights / weights.sum()), chance.random(total))
    sex = chance.integers(0, 2, total)
    person = ((board * len(BANDS) + band) * 2 + sex) * PEOPLE + chance.integers(0, PEOPLE, total)
    finished = first + chance.integers(0, days, total)
    length = np.floor(chance.lognormal(0.9, 1.0, total)).astype(int)
    admitted = finished - length
    after = chance.choice(3, total, p=(0.85, 0.1, 0.05)) * chance.integers(1, 6, total)
    method = np.zeros(total, np.int8)
    method[:unplanned] = chance.choice(3, unplanned, p=(0.82, 0.14, 0.04))
    method[unplanned:] = 3
    if before is not None:
        again = np.flatnonzero(chance.random(unplanned) < AGAIN)
        # Whoever left a board's hospital last month, in the order of boards, so that each board has its own.
        order = np.searchsorted(before["board"], board[again])
        count = np.maximum(np.searchsorted(before["board"], board[again], side="right") - order, 1)
        which = np.minimum(order + (chance.random(len(again)) * count).astype(int), len(before) - 1)
        same = before["board"][which] == board[again]
        again, which = again[same], which[same]
        back = before["discharged"][which] + chance.integers(1, 30, len(again))
        inside = (back >= first) & (back < first + days)
        again, which, back = again[inside], which[inside], back[inside]
        person[again], admitted[again] = before["person"][which], back
        finished[again] = np.minimum(np.maximum(finished[again], back), first + days - 1)
        method[again] = 0
    stays = np.zeros(
        total,
        dtype=[("person", "i8"), ("board", "i4"), ("admitted", "M8[D]"), ("finished", "M8[D]"), ("discharged", "M8[D]"), ("method", "i1"), ("died", "?"), ("diagnosis", "i1")],
    )  # fmt: skip
    stays["person"], stays["board"], stays["admitted"], stays["finished"] = person, board, admitted, finished
    stays["discharged"], stays["method"] = finished + after, method
    stays["died"] = chance.random(total) < 0.025
    stays["diagnosis"] = chance.integers(0, len(DIAGNOSES), total)
    return stays[np.argsort(stays["board"], kind="stable")]


def _of_people(person: "Line") -> "tuple[Line, Line]":
    """Age and sex, which a person keeps."""
    import numpy as np

    sex = (person // PEOPLE) % 2
    band = (person // PEOPLE // 2) % len(BANDS)
    return (band * BAND + person % BAND).astype(np.int16), sex


def _write_episodes(path: Path, chance: Any, boards: "Line", stays: "Line") -> int:
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    number = 1 + chance.choice(3, len(stays), p=EPISODES_A_STAY)
    rows = np.repeat(np.arange(len(stays)), number)
    episode = np.arange(len(rows)) - np.repeat(np.cumsum(number) - number, number) + 1
    each = stays[rows]
    # Episodes after the first end later, up to the day of leaving.
    finished = np.where(episode == 1, each["finished"], each["discharged"])
    age, sex = _of_people(each["person"])
    month = int(path.stem.replace("-", ""))
    table = pa.table(
        {
            "person": each["person"],
            "spell": month * 10**8 + rows,
            "episode": episode.astype(np.int8),
            "finished": pa.array(finished.astype("M8[D]")),
            "admitted": pa.array(each["admitted"]),
            "discharged": pa.array(each["discharged"]),
            "method": _words(list(map(str, Method)), each["method"]),
            "board": _words(boards, each["board"]),
            "age": age,
            "sex": _words(["F", "M"], sex),
            "diagnosis": _words(DIAGNOSES, each["diagnosis"]),
            "died": pa.array(each["died"]),
        }
    )
    pq.write_table(table, path, compression="zstd", row_group_size=250_000)
    return len(rows)


def _words(words: Any, codes: "Line") -> Any:
    """Text by code, stored once."""
    import numpy as np
    import pyarrow as pa

    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32)), pa.array(list(words))).cast(
        pa.string()
    )


def _write_others(out: Path, month: str, chance: Any, boards: "Line", stays: "Line") -> None:
    """Delays of a few who were ready, and where those of 65 and over were 91 days after reablement began."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    age, sex = _of_people(stays["person"])
    for name, chosen, extra in (
        (DELAYS, chance.random(len(stays)) < 0.02, "days"),
        (REABLEMENT, (chance.random(len(stays)) < 0.03) & (age >= 65), "outcome"),
    ):  # fmt: skip
        rows = np.flatnonzero(chosen)
        value = (
            pa.array(1 + chance.poisson(8, len(rows)))
            if extra == "days"
            else _words(
                list(map(str, Outcome)), chance.choice(5, len(rows), p=(0.82, 0.05, 0.05, 0.05, 0.03))
            )
        )
        table = pa.table(
            {"person": stays["person"][rows], "board": _words(boards, stays["board"][rows]), "age": age[rows], "sex": _words(["F", "M"], sex[rows]), extra: value}
        )  # fmt: skip
        pq.write_table(table, out / name / f"{month}.parquet", compression="zstd")
