"""A million records linked with a quarter of a million, of people who do not exist: number first, and by Splink alone on the same files."""

import resource
import sys
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter

import numpy as np
import pandas as pd

from benchmarks.measuring import Figure
from carepool.care.linkage.links import SURE, link_files
from carepool.care.linkage.records import DEMOGRAPHICS, LEFT, NUMBER, RIGHT, connect, read
from carepool.care.linkage.weights import WEIGHED, weigh

PEOPLE, OTHERS, BOTH = 1_000_000, 250_000, 200_000
COVER = (0.92, 0.85)
"""The part of each side's records that has a number."""
MISTYPED, ANOTHERS = 0.01, 0.0005
"""Numbers with one wrong digit, which their check digit tells, and numbers that are another person's, which it does not."""
TWICE_AS_FAST, MOST_MEMORY = 2.0, 2000.0
Outcome = tuple[float, float, float, float]


def measure(home: Path) -> list[Figure]:
    """The figures."""
    folder = home / "linkage"
    folder.mkdir()
    make(folder, PEOPLE, OTHERS, BOTH, seed=11)
    ours, alone = (_apart(work, folder) for work in (_ours, _alone))
    return [
        Figure("Linking 1,000,000 to 250,000 records, number first", ours[0], "s", 1, bound=alone[0] / TWICE_AS_FAST, peer=alone[0], note="beside Splink alone; half its time"),
        Figure("The same: F1", 100 * ours[2], "%", 1, least=100 * alone[2], peer=100 * alone[2], note="beside Splink alone, at its best threshold"),
        Figure("The same: precision", 100 * ours[1], "%", 1, least=99.5, peer=100 * alone[1]),
        Figure("The same: memory at most", ours[3], "MB", 1, bound=MOST_MEMORY, peer=alone[3]),
    ]  # fmt: skip


def make(folder: Path, people: int, others: int, both: int, seed: int) -> None:
    """Write ``left.parquet``, ``right.parquet`` and ``truth.parquet``: households with one family name and postcode, spelled wrongly at times."""
    chance = np.random.default_rng(seed)
    everybody = people + others - both
    households = np.sort(chance.integers(0, everybody * 10 // 24, everybody))
    family = _zipf(chance, 30_000, households.max() + 1)[households]
    postcode = chance.integers(0, everybody // 40, households.max() + 1)[households]
    frame = pd.DataFrame(
        {
            "nhs_number": _numbers(chance, everybody),
            "given_name": _words(400, 5, 1)[_zipf(chance, 400, everybody)],
            "family_name": _words(30_000, 7, 2)[family],
            "date_of_birth": np.datetime64("1925-01-01") + chance.integers(0, 32_000, everybody).astype("timedelta64[D]"),
            "sex": np.where(chance.random(everybody) < 0.5, "F", "M"),
            "postcode": _words(everybody // 40 + 1, 3, 3)[postcode] + np.char.mod("%d", postcode % 90 + 10),
            "person": np.arange(everybody),
        }
    )  # fmt: skip
    frame["date_of_birth"] = frame.date_of_birth.dt.strftime("%Y-%m-%d")
    frame = frame.sample(frac=1, random_state=seed).reset_index(drop=True)
    sides = {"left": frame[:people].copy(), "right": frame[people - both :].copy()}
    for (name, side), cover in zip(sides.items(), COVER, strict=True):
        _spoil(side, chance, cover)
        side["id"] = [f"{name[0]}{n}" for n in range(len(side))]
        side.drop(columns="person").to_parquet(folder / f"{name}.parquet", index=False)
    truth = sides["left"][["id", "person"]].merge(sides["right"][["id", "person"]], on="person", suffixes=("_l", "_r"))  # fmt: skip
    truth[["id_l", "id_r"]].to_parquet(folder / "truth.parquet", index=False)


def _zipf(chance: np.random.Generator, number: int, size: int) -> np.ndarray:
    weights = 1 / np.arange(3, number + 3)
    return chance.choice(number, size, p=weights / weights.sum())


def _words(number: int, length: int, seed: int) -> np.ndarray:
    chance = np.random.default_rng(seed)
    consonants, vowels = np.array(list("BCDFGHJKLMNPRSTVWZ")), np.array(list("AEIOU"))
    return np.array(["".join(chance.choice(vowels if n % 2 else consonants) for n in range(length)) for _ in range(number)], dtype=object)  # fmt: skip


def _numbers(chance: np.random.Generator, number: int) -> np.ndarray:
    """Valid numbers outside every range that is issued, because the range for tests is smaller than this file: 9, but not 999."""
    nine = 900_000_000 + chance.choice(90_000_000, int(number * 1.12), replace=False)
    last = -sum(nine // 10 ** (9 - place) % 10 * (11 - place) for place in range(1, 10)) % 11
    return np.char.mod("%d", (nine * 10 + last)[last < 10])[:number]


def _spoil(side: pd.DataFrame, chance: np.random.Generator, cover: float) -> None:
    def some(part: float) -> np.ndarray:
        return chance.random(len(side)) < part

    side["nhs_number"] = side.nhs_number.where(~some(ANOTHERS), np.roll(side.nhs_number.to_numpy(), 1))
    side["nhs_number"] = side.nhs_number.where(
        ~some(MISTYPED), side.nhs_number.str[:8] + "0" + side.nhs_number.str[9:]
    )
    side["nhs_number"] = side.nhs_number.where(some(cover), None)
    for column, part in (("given_name", 0.04), ("family_name", 0.04), ("postcode", 0.02)):
        side[column] = _typed_wrongly(side[column], some(part), chance)
    side["family_name"] = side.family_name.where(~some(0.02), np.roll(side.family_name.to_numpy(), 7))
    side["postcode"] = side.postcode.where(~some(0.06), np.roll(side.postcode.to_numpy(), 9))
    swapped = some(0.01)
    date = side.date_of_birth.str
    side["date_of_birth"] = side.date_of_birth.where(~swapped, date[:4] + "-" + date[8:] + "-" + date[5:7])
    side["date_of_birth"] = side.date_of_birth.where(~some(0.01), date[:9] + "1")
    for column, part in (("given_name", 0.01), ("date_of_birth", 0.01), ("postcode", 0.03), ("sex", 0.02)):
        side[column] = side[column].where(~some(part), None)


def _typed_wrongly(column: pd.Series, where: np.ndarray, chance: np.random.Generator) -> pd.Series:
    places = chance.integers(0, 3, len(column))
    wrong = [word if not bad else word[:at] + "X" + word[at + 1 :] for word, bad, at in zip(column, where, places, strict=True)]  # fmt: skip
    return pd.Series(wrong, index=column.index, dtype=object)


def _apart(work, folder: Path) -> Outcome:
    """In a process of its own, so that memory is that of one way alone."""
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(work, (folder,))


def _ours(folder: Path) -> Outcome:
    before = perf_counter()
    linked = link_files(folder / "left.parquet", folder / "right.parquet", folder / "links.csv", {}, review=folder / "review.csv")  # fmt: skip
    took = perf_counter() - before
    print(linked.links, linked.review, file=sys.stderr)
    found = pd.read_csv(folder / "links.csv", dtype=str)
    return took, *_marks(folder, found.rename(columns={"left_id": "id_l", "right_id": "id_r"})), _memory()


def _alone(folder: Path) -> Outcome:
    """Splink with the same comparisons and the number as one more, on the same files, with the threshold that suits it best."""
    connection = connect()
    before = perf_counter()
    for table, name in ((LEFT, "left"), (RIGHT, "right")):
        read(connection, table, folder / f"{name}.parquet", {})
    prior = 0.8 * OTHERS / (PEOPLE * OTHERS)
    weigh(connection, (NUMBER, *DEMOGRAPHICS), prior, 0.2, numbers_settled=False)
    pairs = connection.execute(f"SELECT a.id AS id_l, b.id AS id_r, probability FROM {WEIGHED} JOIN {LEFT} a ON a.unique_id = l JOIN {RIGHT} b ON b.unique_id = r").df()  # fmt: skip
    took = perf_counter() - before
    best = max((_marks(folder, pairs[pairs.probability >= least]) for least in (0.2, 0.5, SURE, 0.9, 0.95, 0.99, 0.999)), key=lambda each: each[1])  # fmt: skip
    return took, *best, _memory()


def _marks(folder: Path, found: pd.DataFrame) -> tuple[float, float]:
    truth = pd.read_parquet(folder / "truth.parquet")
    right = len(truth.merge(found, on=["id_l", "id_r"]))
    precision, recall = right / max(1, len(found)), right / len(truth)
    print(f"precision {precision:.5f}, recall {recall:.5f}", file=sys.stderr)
    return precision, 2 * precision * recall / (precision + recall)


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


if __name__ == "__main__":
    from tempfile import TemporaryDirectory

    from benchmarks.measuring import table as table_of

    with TemporaryDirectory() as home:
        print(table_of(measure(Path(home))))
