"""Charts of measures, laid out for ``render/measure_charts.jinja``: values with their limits over time, the funnel, neighbours, reasons.

As in ``charts``: SVG without script or inline style, a sentence for the caption, and the table of the same figures beside it.
"""

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import sqrt
from textwrap import wrap
from typing import NamedTuple

from carepool.measures.charts import Change, Chart
from carepool.measures.funnels import P95, P998, Funnel
from carepool.measures.monthly import Expected, Monthly, after
from carepool.measures.peers import Peer
from carepool.measures.values import HELD, Status, Value
from carepool.render.charts import WIDTH, Point, Tick, exact, scale_of, ticks_of
from carepool.render.words import count

TOP, BOTTOM, HEIGHT = 14, 220, 256
CURVE = 24
"""Points that a limit of the funnel is drawn through."""
ROW = 42
"""The height of a neighbour, or of a reason: a line of words and the drawing under it."""
LINE = 40
"""Letters in a line of words, so that it fits when letters are at their largest."""


class Mark(NamedTuple):
    """A point as it is drawn."""

    x: float
    y: float
    shape: str
    """``dot``, ``better``, ``worse``, ``changed``, ``ring``, ``cross``, ``here`` or ``small``."""
    says: str


class Key(NamedTuple):
    """A shape of the drawing, in words."""

    shape: str
    words: str

    @property
    def named(self) -> str:
        """The same where the shape cannot be drawn beside the words."""
        return f"{_NAMES[self.shape]}: {self.words}"


_NAMES = {
    "dot": "Dots", "better": "Triangles", "worse": "Large diamonds", "changed": "Small diamonds", "ring": "Rings", "cross": "Crosses",
    "here": "Square or bold", "small": "Grey dots", "mean": "Grey line", "limits": "Dashed lines", "wider": "Dotted lines",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart, laid out: the axes, the lines, the points."""

    kind: str
    """``plot`` or ``rows``."""
    id: str
    title: str
    summary: str
    describes: str
    """What a reader hears instead of the drawing."""
    base: str
    height: int
    left: float = 0
    ticks_x: tuple[Tick, ...] = ()
    ticks_y: tuple[Tick, ...] = ()
    line: str = ""
    """The path between the values."""
    means: str = ""
    limits: str = ""
    wider: str = ""
    """The path of the outer limits of a funnel."""
    dots: str = ""
    """The path of points of no width, each drawn as a round dot: of the boards that are not named."""
    marks: tuple[Mark, ...] = ()
    rows: tuple["Row", ...] = ()
    key: tuple[Key, ...] = ()
    width: int = WIDTH


@dataclass(frozen=True, slots=True)
class Row:
    """A line of words, and under it a bar, or a value with its limits."""

    words: tuple[tuple[float, str], ...]
    """Each line with its height."""
    y: float
    """The middle of the drawing."""
    x: float
    """Where the value stands, or the bar ends."""
    low: float | None
    high: float | None
    here: bool


_CHANGES = {Change.BETTER: "better", Change.WORSE: "worse", Change.EITHER: "changed"}
_KEYS = {
    "dot": "no change", "better": "a change for the better", "worse": "a change for the worse", "changed": "a change",
    "ring": "rests on an incomplete return", "cross": "no figure",
}  # fmt: skip


def trend(values: Sequence[Value], found: Chart, *, id: str, title: str, summary: str) -> Drawing | None:
    """Values over time, with mean and limits of each stretch; None where there is nothing to draw."""
    held = [each for each in values if each.status in HELD and each.value is not None]
    if not held:
        return None
    limits = [each for stretch in found.stretches for each in (stretch.low, stretch.high) if each is not None]
    axis = _Axis([float(each.value or 0) for each in held] + limits)
    between = (WIDTH - 14 - axis.left) / max(len(values) - 1, 1)
    at = {each.period: round(axis.left + between * n, 1) for n, each in enumerate(values)}
    changes = {each.period: each.change for each in found.points}
    marks = [_mark(each, at[each.period], axis, changes.get(each.period, Change.NONE)) for each in values]
    means, bounds = [], []
    for stretch in found.stretches:
        ends = at[stretch.points[0].period], at[stretch.points[-1].period]
        means.append(_level(ends, axis.of(stretch.mean)))
        if stretch.low is not None and stretch.high is not None:
            bounds += [_level(ends, axis.of(each)) for each in (stretch.low, stretch.high)]
    shapes = {each.shape for each in marks}
    key = [Key(shape, words) for shape, words in _KEYS.items() if shape in shapes and shapes != {"dot"}]
    key += [Key("mean", "mean")] + [Key("limits", "limits of usual variation")] * bool(bounds)
    points = [Point(each.period, each.value, "") for each in values]
    return Drawing(
        "plot", id, title, summary, _in_words(held, found), axis.base, HEIGHT, axis.left,
        ticks_of(points, list(at.values())), axis.ticks, _joined(values, found, at, axis),
        "".join(means), "".join(bounds), marks=tuple(marks), key=tuple(key),
    )  # fmt: skip


SHOWN = 24
"""Months before those to come that are drawn."""


def outlook(
    history: Monthly, expected: Sequence[Expected], *, id: str, title: str, summary: str
) -> Drawing:  # fmt: skip
    """The last two years, and the months to come with the limits of both intervals."""
    known = history.values[-SHOWN:]
    months = [after(history.last, n - len(known) + 1) for n in range(len(known))]
    axis = _Axis([*known, *(each for one in expected for each in (one.lo95, one.hi95))])
    periods = [*months, *(each.month for each in expected)]
    between = (WIDTH - 14 - axis.left) / max(len(periods) - 1, 1)
    at = {each: round(axis.left + between * n, 1) for n, each in enumerate(periods)}
    seen = [(at[month], axis.of(value)) for month, value in zip(months, known, strict=True)]

    def path(value: Callable[[Expected], float]) -> str:
        return _through([(at[each.month], axis.of(value(each))) for each in expected])

    marks = [Mark(x, y, "dot", f"{month}: {count(exact(value, 1))}") for month, value, (x, y) in zip(months, known, seen, strict=True)]  # fmt: skip
    key = (
        Key("dot", "published"),
        Key("mean", "expected"),
        Key("limits", "80% interval"),
        Key("wider", "95% interval"),
    )
    points = [Point(each, None, "") for each in periods]
    first, last = expected[0], expected[-1]
    describes = (
        f"{len(known)} months published, then {len(expected)} expected: {count(exact(first.mean, 1))} in {first.month}, "
        f"{count(exact(last.mean, 1))} in {last.month}, with a 95% interval from {count(exact(last.lo95, 1))} to {count(exact(last.hi95, 1))}."
    )
    return Drawing(
        "plot", id, title, summary, describes, axis.base, HEIGHT, axis.left, ticks_of(points, list(at.values())), axis.ticks,
        _through(seen), path(lambda each: each.mean), path(lambda each: each.lo80) + path(lambda each: each.hi80),
        path(lambda each: each.lo95) + path(lambda each: each.hi95), marks=tuple(marks), key=key,
    )  # fmt: skip


def _through(points: Sequence[tuple[float, float]]) -> str:
    """A line through points."""
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in points)


class _Axis:
    """A vertical axis of about four round steps."""

    def __init__(self, values: Sequence[float]) -> None:
        low, step, high = scale_of(values)
        self.low, self.high = low, high
        rungs = [low + step * n for n in range(round((high - low) / step) + 1)]
        labels = [count(exact(rung, step)) for rung in rungs]
        self.left = 14 + 11 * max(map(len, labels))
        self.ticks = tuple(Tick(self.of(rung), label) for rung, label in zip(rungs, labels, strict=True))
        self.base = "The vertical axis starts at zero." if low == 0 else f"The vertical axis starts at {labels[0]}, not at zero."  # fmt: skip

    def of(self, value: float) -> float:
        """The height of a value."""
        return round(BOTTOM - (value - self.low) / (self.high - self.low) * (BOTTOM - TOP), 1)


def _mark(each: Value, x: float, axis: _Axis, change: Change) -> Mark:
    if each.status not in HELD or each.value is None:
        return Mark(x, BOTTOM, "cross", f"{each.period}: {each.status}")
    shape = "ring" if each.status is Status.INCOMPLETE else _CHANGES.get(change, "dot")
    return Mark(x, axis.of(float(each.value)), shape, f"{each.period}: {count(each.value, 1)}")


def _level(ends: tuple[float, float], y: float) -> str:
    """A level from the first to the last point of a stretch; a stretch of one has a short one."""
    first, last = ends if ends[0] < ends[1] else (ends[0] - 8, ends[1] + 8)
    return f"M{first:g} {y:g}H{last:g}"


def _joined(values: Sequence[Value], found: Chart, at: dict[str, float], axis: _Axis) -> str:
    """The line between neighbouring values of one stretch; it crosses neither a gap nor a break."""
    stretch_of = {each.period: n for n, stretch in enumerate(found.stretches) for each in stretch.points}
    path = []
    for before, later in itertools.pairwise(values):
        same = stretch_of.get(before.period, -1) == stretch_of.get(later.period, -2)
        if same and before.value is not None and later.value is not None:
            path.append(f"M{at[before.period]:g} {axis.of(float(before.value)):g}L{at[later.period]:g} {axis.of(float(later.value)):g}")  # fmt: skip
    return "".join(path)


def _in_words(held: Sequence[Value], found: Chart) -> str:
    low, high = (pick(held, key=lambda each: each.value or 0) for pick in (min, max))
    said = (
        f"{len(held)} figures, from {count(held[0].value, 1)} in {held[0].period} to {count(held[-1].value, 1)} in {held[-1].period}. "
        f"Lowest {count(low.value, 1)} in {low.period}, highest {count(high.value, 1)} in {high.period}."
    )
    noted = [each.period for each in found.points if each.signals]
    return said + (f" Periods that say something changed: {', '.join(noted)}." if noted else "")


def funnel_chart(
    found: Funnel, board: str, names: Mapping[str, str], scale: Decimal, *, id: str, title: str, summary: str
) -> Drawing:  # fmt: skip
    """Boards by size and rate, with the limits that allow for more than chance."""
    times = float(scale)
    sizes = [each.denominator for each in found.places.values()]
    least, most = sqrt(min(sizes)), sqrt(max(sizes))
    steps = [(least + (most - least) * n / (CURVE - 1)) ** 2 for n in range(CURVE)]
    curves = {part: [found.limits(size, part) for size in steps] for part in (P95, P998)}
    rates = [each.rate * times for each in found.places.values()]
    axis = _Axis([*rates, *(end * times for pair in curves[P998] for end in pair)])

    # Sizes differ fiftyfold; by their square roots small boards are not one blot.
    def across(size: float) -> float:
        return round(axis.left + 6 + (sqrt(size) - least) / ((most - least) or 1) * (WIDTH - 20 - axis.left), 1)  # fmt: skip

    def path(part: float) -> str:
        lines = []
        for end in (0, 1):
            ends = (f"{across(size):g} {axis.of(pair[end] * times):g}" for size, pair in zip(steps, curves[part], strict=True))  # fmt: skip
            lines.append(f"M{'L'.join(ends)}")
        return "".join(lines)

    out = set(found.outliers())
    at = {code: (across(each.denominator), axis.of(each.rate * times)) for code, each in found.places.items()}
    named = [code for code in at if code in out and code != board] + [board] * (board in at)
    dots = "".join(f"M{x:g} {y:g}h0" for code, (x, y) in at.items() if code not in named)
    marks = tuple(
        Mark(*at[code], "here" if code == board else "changed", f"{names[code]}: {found.places[code].rate * times:,.1f}")
        for code in named
    )  # fmt: skip
    middle = axis.of(found.middle * times)
    quarters = [(least + (most - least) * n / 4) ** 2 for n in range(5)]
    ticks = tuple(
        Tick(across(size), count(_short(size)), minor=n not in (0, 4), anchor=("start", "middle", "middle", "middle", "end")[n])
        for n, size in enumerate(quarters)
    )  # fmt: skip
    key = [Key("here", names.get(board, board))] * (board in found.places) + [Key("small", "other boards")]
    key += [Key("changed", "boards beyond the outer limits")] * bool(out - {board})
    key += [Key("mean", f"all boards together: {found.middle * times:,.1f}"), Key("limits", "95% limits"), Key("wider", "99.8% limits")]  # fmt: skip
    describes = f"{len(found.places)} boards by how much the measure is out of, from {count(_short(min(sizes)))} to {count(_short(max(sizes)))}; {len(out)} of them beyond the outer limits."
    return Drawing(
        "plot", id, title, summary, describes, f"Boards stand further right the more they are out of. {axis.base}", HEIGHT, axis.left, ticks,
        axis.ticks, "", f"M{axis.left} {middle}H{WIDTH - 6}", path(P95), path(P998), dots, marks, key=tuple(key),
    )  # fmt: skip


def _short(size: float) -> int:
    """A size as an axis has it, to two or three digits."""
    digits = max(0, len(str(int(size))) - 2)
    return int(round(size, -digits))


def neighbours_chart(
    board: str, near: Sequence[Peer], values: Mapping[str, Value], names: Mapping[str, str], *, id: str, title: str, summary: str
) -> Drawing | None:  # fmt: skip
    """A board and its neighbours, the highest first, each with its limits where they are known."""
    held = [(code, values[code]) for code in (board, *(each.board for each in near)) if code in values]
    held.sort(key=lambda each: -(each[1].value or 0))
    if not held:
        return None
    ends = [float(end) for _, each in held for end in (each.value, each.low, each.high) if end is not None]
    low, high = min(0.0, *ends), max(0.0, *ends)
    return _rows(
        [(names[code], count(each.value, 1), float(each.value or 0), each.low, each.high, code == board) for code, each in held],
        low, high, id=id, title=title, summary=summary, base="From zero; the whiskers are 95% limits, where they are known.",
        key=(Key("here", names[board]),) if board in values else (),
    )  # fmt: skip


def bars(rows: Sequence[tuple[str, Decimal]], *, id: str, title: str, summary: str) -> Drawing:
    """Counts to compare, each a bar from zero."""
    high = max(float(value) for _, value in rows) or 1.0
    made = [(words, count(value), float(value), None, None, False) for words, value in rows]
    return _rows(made, 0.0, high, id=id, title=title, summary=summary, base="Bars start at zero.", key=())


def _rows(
    rows: Sequence[tuple[str, str, float, Decimal | None, Decimal | None, bool]], low: float, high: float,
    *, id: str, title: str, summary: str, base: str, key: tuple[Key, ...],
) -> Drawing:  # fmt: skip
    def across(value: float | Decimal) -> float:
        return round(4 + (float(value) - low) / ((high - low) or 1) * (WIDTH - 8), 1)

    made, y = [], 0.0
    for words, shown, value, least, most, here in rows:
        lines = wrap(f"{words}: {shown}", LINE)
        at = tuple((y + 20 * n + 16, line) for n, line in enumerate(lines))
        y += 20 * len(lines) + ROW - 20
        made.append(
            Row(at, y - 9, across(value), None if least is None else across(least), None if most is None else across(most), here)
        )  # fmt: skip
    describes = "; ".join(f"{words}: {shown}" for words, shown, *_ in rows) + "."
    return Drawing(
        "rows", id, title, summary, describes, base, int(y + 8), across(0), rows=tuple(made), key=key
    )
