"""The tables of activity, a row a record: what a file must hold, how ages are banded, and what is wrong with it.

A folder holds ``episodes/MONTH.parquet`` (a row an episode, all of a stay in the file of the month in which its first
episode finished), and where they are kept ``delays/MONTH.parquet`` and ``reablement/MONTH.parquet``. Identities are numbers that
stand for people and mean nothing outside.
"""

import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

from carepool.basics.refusals import Unusable, printable

EPISODES, DELAYS, REABLEMENT = "episodes", "delays", "reablement"
COLUMNS = {
    EPISODES: ("person", "spell", "episode", "finished", "admitted", "discharged", "method", "board", "age", "sex", "diagnosis", "died"),
    DELAYS: ("person", "board", "age", "sex", "days"),
    REABLEMENT: ("person", "board", "age", "sex", "outcome"),
}  # fmt: skip
BAND = 5
LAST_BAND = 90
"""The youngest age of the last band, which has no end."""
BANDS = tuple(range(0, LAST_BAND + BAND, BAND))
STANDARD = (5000, 5500, 5500, 5500, 6000, 6000, 6500, 7000, 7000, 7000, 7000, 6500, 6000, 5500, 5000, 4000, 2500, 1500, 1000)  # fmt: skip
"""People of each band in the European Standard Population of 2013, of 100,000."""
OLDEST = 130
"""Years beyond which an age is a mistake."""
_MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


class Method(StrEnum):
    """How somebody was admitted."""

    EMERGENCY = "emergency"
    MATERNITY = "maternity"
    TRANSFER = "transfer"
    ELECTIVE = "elective"


NON_ELECTIVE = (Method.EMERGENCY, Method.MATERNITY, Method.TRANSFER)
"""All general and acute admissions that were not planned, which is what the monthly return counts; not emergencies alone."""


class Outcome(StrEnum):
    """Where somebody was 91 days after leaving hospital into reablement."""

    HOME = "home"
    CARE_HOME = "care_home"
    HOSPITAL = "hospital"
    DIED = "died"
    NOT_CONTACTED = "not_contacted"
    """Who cannot be reached is not counted as at home."""


def months_in(folder: Path, table: str = EPISODES) -> tuple[str, ...]:
    """The months of a table in a folder. Unusable when it has none, or a file that is no month."""
    files = sorted((folder / table).glob("*.parquet"))
    if not files:
        raise Unusable(f"{folder / table} holds no month. Put files there named like 2015-03.parquet.")
    for file in files:
        if not _MONTH.fullmatch(file.stem):
            raise Unusable(
                f"{printable(str(file))} is not named after a month. Name it like 2015-03.parquet."
            )
    return tuple(file.stem for file in files)


def holes(months: tuple[str, ...]) -> Iterator[str]:
    """The months that are missing between the first and the last."""
    known = set(months)
    month = months[0]
    while month < months[-1]:
        month = next_month(month)
        if month not in known:
            yield month


def next_month(month: str) -> str:
    """The month after."""
    year, number = int(month[:4]), int(month[5:])
    return f"{year + number // 12:04}-{number % 12 + 1:02}"


def month_before(month: str) -> str:
    """The month before."""
    year, number = int(month[:4]), int(month[5:])
    return f"{year - (number == 1):04}-{(number - 2) % 12 + 1:02}"
