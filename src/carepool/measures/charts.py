"""Charts of individual values (XmR): limits from moving ranges, and which points say that something has changed.

The rules are data (``chart_rules.yaml``), as NHS England's programme Making Data Count has them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from carepool.measures.observing import Measured
from carepool.measures.values import Status
from carepool.rules.measuring import Break, ChartRule


class Signal(StrEnum):
    """Why a point says that something has changed; the words are those on the page."""

    OUTSIDE = "outside the limits"
    SHIFT = "part of a run on one side of the mean"
    TREND = "part of a run that rises or falls"
    NEAR = "one of two in three near a limit"


class Change(StrEnum):
    """What the signals of a point mean for the measure."""

    NONE = "no change"
    BETTER = "better"
    WORSE = "worse"
    EITHER = "changed"


@dataclass(frozen=True, slots=True)
class Point:
    """One period on the chart."""

    period: str
    value: float
    signals: tuple[Signal, ...]
    change: Change


@dataclass(frozen=True, slots=True)
class Stretch:
    """Points that share a mean and limits: from one break in the series to the next."""

    points: tuple[Point, ...]
    mean: float
    low: float | None
    high: float | None
    """None where there are too few points for limits, or no variation at all."""
    why: str = ""
    """Why it has no limits."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A measure's chart."""

    stretches: tuple[Stretch, ...]
    rule: ChartRule
    left_out: tuple[str, ...]
    """Periods without a value, or with one that rests on an incomplete return; each is named, none is guessed."""

    @property
    def points(self) -> tuple[Point, ...]:
        """Every point, in order."""
        return tuple(each for stretch in self.stretches for each in stretch.points)


def chart(measured: Measured, rule: ChartRule) -> Chart:
    """The chart of a measure: limits anew after each break that stops comparison; what is incomplete is left out."""
    used = [each for each in measured.values if each.status is Status.AVAILABLE and each.value is not None]
    left_out = tuple(each.period for each in measured.values if each not in used)
    stops = [each for each in measured.breaks if each.stops]
    pieces: list[list[tuple[str, float]]] = [[]]
    reached: list[Break] = []
    for each in used:
        passed = [one for one in stops if one not in reached and one.on <= each.first_day]
        if passed:
            reached += passed
            if pieces[-1]:
                pieces.append([])
        pieces[-1].append((each.period, float(each.value or 0)))
    better = measured.definition.better
    return Chart(tuple(stretch(piece, rule, better) for piece in pieces if piece), rule, left_out)


def stretch(values: Sequence[tuple[str, float]], rule: ChartRule, better: str = "neither") -> Stretch:
    """A mean and limits of some values in order, and the signals among them."""
    numbers = [value for _, value in values]
    mean = sum(numbers) / len(numbers)
    if len(numbers) < rule.least:
        plain = tuple(Point(period, value, (), Change.NONE) for period, value in values)
        return Stretch(plain, mean, None, None, f"Limits need {rule.least} periods, and there are {len(numbers)}.")  # fmt: skip
    moving = average_range(numbers, float(rule.screen))
    if moving == 0:
        plain = tuple(Point(period, value, (), Change.NONE) for period, value in values)
        return Stretch(plain, mean, None, None, "The values do not vary, so nothing can be told from them.")
    far = float(rule.limit) * moving
    signals = signals_in(numbers, mean, far, rule)
    points = tuple(
        Point(period, value, found, _means(found, value > mean, better))
        for (period, value), found in zip(values, signals, strict=True)
    )
    return Stretch(points, mean, mean - far, mean + far)


def average_range(numbers: Sequence[float], screen: float) -> float:
    """The mean of the moving ranges, worked out again without those that are far above it."""
    ranges = [abs(after - before) for before, after in pairwise(numbers)]
    mean = sum(ranges) / len(ranges)
    kept = [each for each in ranges if each < screen * mean] if screen else ranges
    return sum(kept) / len(kept) if kept else mean


def signals_in(
    numbers: Sequence[float], mean: float, far: float, rule: ChartRule
) -> list[tuple[Signal, ...]]:
    """The signals of each point, in the order of the rules."""
    side = [(value > mean) - (value < mean) for value in numbers]
    outside = {number for number, value in enumerate(numbers) if abs(value - mean) > far}
    shift = _runs(side, int(rule.shift))
    steps = [(after > before) - (after < before) for before, after in pairwise(numbers)]
    trend = {
        point
        for first in _runs_at(steps, int(rule.trend) - 1)
        for point in range(first, first + int(rule.trend))
    }
    beyond = float(rule.near) * far
    near = {
        number for number, value in enumerate(numbers) if number not in outside and abs(value - mean) > beyond
    }
    pairs: set[int] = set()
    for first in range(len(numbers) - 2):
        three = range(first, first + 3)
        if abs(sum(side[each] for each in three)) == 3 and sum(each in near for each in three) >= 2:
            pairs |= {each for each in three if each in near}
    found = (
        (Signal.OUTSIDE, outside),
        (Signal.SHIFT, shift),
        (Signal.TREND, trend),
        (Signal.NEAR, pairs),
    )
    return [tuple(signal for signal, points in found if number in points) for number in range(len(numbers))]


def _runs(sides: Sequence[int], length: int) -> set[int]:
    return {point for first in _runs_at(sides, length) for point in range(first, first + length)}


def _runs_at(sides: Sequence[int], length: int) -> Iterable[int]:
    """Where so many of the same in a row begin; zeros make no run."""
    return (
        first
        for first in range(len(sides) - length + 1)
        if sides[first] and all(each == sides[first] for each in sides[first : first + length])
    )


def _means(signals: tuple[Signal, ...], above: bool, better: str) -> Change:
    if not signals:
        return Change.NONE
    if better == "neither":
        return Change.EITHER
    return Change.BETTER if above == (better == "higher") else Change.WORSE


def sentence(found: Chart, title: str, name: str) -> str:
    """What the chart says, in one true sentence."""
    if not found.stretches:
        return f"There are no values of {title.lower()} for {name} to draw."
    last = found.stretches[-1]
    if last.low is None or last.high is None:
        return f"{title} in {name}: {last.why}"
    signalled = [each for each in last.points if each.signals]
    latest = last.points[-1]
    head = f"{title} in {name} averaged {last.mean:,.1f} from {last.points[0].period} to {latest.period}"
    if latest.signals:
        what = " and ".join(latest.signals)
        worth = "" if latest.change is Change.EITHER else f", which is {latest.change}"
        return f"{head}; the last period, at {latest.value:,.1f}, is {what}{worth}."
    if signalled:
        count = len(signalled)
        return f"{head}; {count} of {len(last.points)} periods say that something changed, the last of them {signalled[-1].period}; the latest, at {latest.value:,.1f}, does not."
    return f"{head}, between limits of {last.low:,.1f} and {last.high:,.1f}, and no period says that anything changed."
