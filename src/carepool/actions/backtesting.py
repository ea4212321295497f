"""How well forecasts would have done: each board's published series, forecast from before the months that came."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from carepool.actions.house import House
from carepool.actions.measuring import statistics_of
from carepool.measures.admissions import Admissions
from carepool.measures.delays import Delays
from carepool.measures.monthly import Expected, Monthly, Score, after, cells, score

Forecaster = Callable[[Sequence[Monthly], int], Sequence[Expected]]
"""What forecasts series so many months ahead; an engine implements it."""
HORIZON = 12
TRAINED = 24
"""Months that a forecast is made from at the least."""
ADMISSIONS = "non-elective admissions by board"
DELAYS = "delayed days by board"


@dataclass(frozen=True, slots=True)
class Trial:
    """One year forecast from the months before it."""

    about: str
    from_month: str
    """The first month forecast."""
    series: int
    score: Score


@dataclass(frozen=True, slots=True)
class Backtest:
    """All trials, and what was left out of them."""

    trials: tuple[Trial, ...]
    left_out: Mapping[str, tuple[str, ...]]
    """By what it is about, the boards whose published returns are known to be incomplete."""


def monthly_admissions(admissions: Admissions) -> tuple[Monthly, ...]:
    """Each board's admissions by month, apportioned as its quarters are."""
    return tuple(admissions_of(admissions, board) for board in admissions.places.by_board)


def admissions_of(admissions: Admissions, board: str) -> Monthly:
    """One board's admissions by month."""
    shares = admissions.places.by_board[board]
    months = sorted({month for code in admissions.ccgs for month in admissions.monthly[code]})
    values = tuple(
        float(sum(Fraction(admissions.monthly[each.ccg][month]) * each.people / each.of_ccg for each in shares))
        for month in months
    )  # fmt: skip
    return Monthly(board, months[0], values)


def monthly_delays(delays: Delays) -> tuple[Monthly, ...]:
    """Each board's delayed days by month, of those that have every month."""
    days = {
        board: [delays.of_board(board, month) for month in delays.months] for board in delays.places.boards
    }
    return tuple(
        Monthly(board, delays.months[0], tuple(float(each) for each in values if each is not None))
        for board, values in days.items()
        if None not in values
    )


def incomplete_boards(admissions: Admissions) -> tuple[str, ...]:
    """The boards with a commissioner whose published return is known to lack activity."""
    gaps = {gap.commissioner for gap in admissions.gaps}
    return tuple(board for board, shares in admissions.places.by_board.items() if gaps & {each.ccg for each in shares})  # fmt: skip


def backtest(house: House, forecast: Forecaster) -> Backtest:
    """Forecast every year held of each board's series from the months before it, and hold it against what came."""
    admissions = house.england.admissions
    left = incomplete_boards(admissions)
    delays = monthly_delays(statistics_of(house).delays)
    without = tuple(set(admissions.places.boards) - {each.name for each in delays})
    families = {
        ADMISSIONS: tuple(each for each in monthly_admissions(admissions) if each.name not in left),
        DELAYS: delays,
    }
    trials = [trial for about, series in families.items() for trial in _trials(about, series, forecast)]
    return Backtest(tuple(trials), {ADMISSIONS: left, DELAYS: tuple(sorted(without))})


def _trials(about: str, series: Sequence[Monthly], forecast: Forecaster) -> list[Trial]:
    came = cells(series)
    before = {(name, after(month, HORIZON)): value for (name, month), value in came.items()}
    whole = min(len(each.values) for each in series)
    trials = []
    for known in range(whole - HORIZON, TRAINED - 1, -HORIZON):
        expected = forecast([each.until(known) for each in series], HORIZON)
        trials.append(Trial(about, expected[0].month, len(series), score(expected, came, before)))
    return trials[::-1]
