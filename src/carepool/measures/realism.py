"""How realistic a target is: how often boards changed as much over as many years, what neighbours reached, and how the board moved."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from carepool.measures.limits import Limits, of_part
from carepool.measures.observing import Measured
from carepool.measures.values import Status

PERIODS = {"month": 12, "quarter": 4, "year": 1}
FEWEST = 20
"""Past changes below which no chance is said."""
APRIL = 4
LAST = 2
"""Years whose moves are told."""


@dataclass(frozen=True, slots=True)
class Move:
    """How a board's year compares with an earlier one, in per cent."""

    board: str
    first: int
    """The year that it begins from, by the calendar year in which the financial year begins."""
    last: int
    percent: float


@dataclass(frozen=True, slots=True)
class Realism:
    """What is known of a target."""

    wanted: float
    """The change from baseline to target, in per cent."""
    years: int
    reached: int
    """Of the past changes, those at least as good."""
    past: int
    chance: Limits
    """The 95% limits of that share."""
    span: tuple[int, int]
    """The first and the last year of the changes."""
    before: bool
    """Whether all of them ended before the plan began; else none that did is held."""
    peers: tuple[int, int]
    """Of how many neighbours, in their last change of as many years, how many reached it: reached, known."""
    moved: tuple[Move, ...]
    """The board's own last moves from one year to the next."""


def yearly(measured: Measured) -> dict[int, float]:
    """The middle level of each whole financial year, by the year that it begins in; a year with a gap has none."""
    found: dict[int, list[float]] = {}
    for each in measured.values:
        if each.status is Status.AVAILABLE and each.value is not None:
            found.setdefault(_financial(each.first_day), []).append(float(each.value))
    whole = PERIODS[measured.definition.period]
    return {year: sum(values) / whole for year, values in found.items() if len(values) == whole}


def moves(board: str, measured: Measured, years: int) -> tuple[Move, ...]:
    """Every change over so many years that no break divides, in order."""
    level = yearly(measured)
    stops = [_financial(each.on) for each in measured.breaks if each.stops]
    return tuple(
        Move(board, year, year + years, 100 * (level[year + years] - level[year]) / level[year])
        for year in sorted(level)
        if year + years in level and level[year] and not any(year < stop <= year + years for stop in stops)
    )


def realism(
    boards: Mapping[str, Measured], board: str, near: Sequence[str], baseline: Decimal, target: Decimal, years: int, begins: int
) -> Realism | None:  # fmt: skip
    """How a target stands among past changes; None without a direction, a baseline, or enough past changes.

    Changes that ended before the plan begins are used where there are enough, else all that are held.
    """
    better = boards[board].definition.better
    if better == "neither" or not baseline:
        return None
    every = [each for code, measured in boards.items() for each in moves(code, measured, years)]
    earlier = [each for each in every if each.last < begins]
    used = earlier if len(earlier) >= FEWEST else every
    if len(used) < FEWEST:
        return None
    wanted = float(100 * (target - baseline) / baseline)

    def reaches(move: Move) -> bool:
        return move.percent >= wanted if better == "higher" else move.percent <= wanted

    reached = sum(reaches(each) for each in used)
    last = {each.board: each for each in used}
    known = [last[each] for each in near if each in last]
    own = [each for each in moves(board, boards[board], 1) if used is every or each.last < begins]
    return Realism(
        wanted, years, reached, len(used), of_part(reached, len(used)), (min(each.first for each in used), max(each.last for each in used)),
        used is not every or len(earlier) == len(every), (sum(reaches(each) for each in known), len(known)), tuple(own[-LAST:]),
    )  # fmt: skip


def sentence(found: Realism) -> str:
    """What is known of a target, in plain words."""
    over = "from one year to the next" if found.years == 1 else f"over {found.years} years"
    share = round(100 * found.reached / found.past)
    low, high = (round(100 * each) for each in (found.chance.low, found.chance.high))
    when = f"{_year(found.span[0])} to {_year(found.span[1])}"
    later = "" if found.before else ", as too few of earlier years are held"
    said = [
        f"A change of {found.wanted:+.1f}%: {found.reached} of {found.past} changes that boards made {over} were as good "
        f"({when}{later}), a chance of {share}%, between {low}% and {high}%."
    ]
    if found.peers[1]:
        said.append(f"Of {found.peers[1]} neighbours {found.peers[0]} reached it in their last.")
    if found.moved:
        said.append(f"The board itself moved by {' and '.join(f'{each.percent:+.1f}% in {_year(each.last)}' for each in found.moved)}.")  # fmt: skip
    return " ".join(said)


def _year(begins: int) -> str:
    return f"{begins}-{(begins + 1) % 100:02}"


def _financial(day: date) -> int:
    """The calendar year in which a day's financial year begins."""
    return day.year if day.month >= APRIL else day.year - 1
