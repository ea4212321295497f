"""From figures to pictures: each function lays out one chart as a frozen view that ``render/charts.jinja`` draws.

Drawings are SVG made on the server, without script or inline style. A chart never stands alone: the
caller gives a one-sentence summary for its caption and puts the table of the same figures beside it.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from math import ceil, floor, log10, sqrt
from typing import NamedTuple

from carepool.render.words import Number, count

WIDTH = 480
"""Every drawing is so many units wide. The style sheet chooses the size of text so that it is 12 pixels or more."""


class Flag(StrEnum):
    """What is to be said about a point; each has a shape of its own, so that colour is never alone."""

    PLAIN = ""
    FLAGGED = "flagged"
    """Something a reader must notice: a break, a signal, a target missed. A diamond."""
    INCOMPLETE = "incomplete"
    """A figure that may still change. A hollow circle, and a dashed line to it."""


class Point(NamedTuple):
    """One figure on a line."""

    label: str
    """Its period, as short as the axis needs."""
    value: Number | None
    """None where there is no figure: the line breaks."""
    shown: str
    """The figure as it is read."""
    flag: str = Flag.PLAIN


class Level(NamedTuple):
    """A value that a line is read against: a target, an average, a limit."""

    label: str
    value: Number
    shown: str


class Bar(NamedTuple):
    """One bar, or one part of a whole."""

    label: str
    value: Number
    shown: str
    href: str = ""


class HexCell(NamedTuple):
    """One area on the map, in the odd-r layout that local authority hex maps are published in."""

    code: str
    name: str
    q: int
    r: int
    """The row, counted from the south as published maps do; a drawing counts from the north."""
    value: Number | None
    shown: str
    href: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A point as it is drawn."""

    x: float
    y: float
    shape: str
    """``dot``, ``diamond``, ``ring`` or, where there is no figure, ``cross``."""
    says: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A label on an axis, ``minor`` when a small screen has no room for it."""

    at: float
    label: str
    minor: bool = False
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class LineChart:
    """A line chart, laid out."""

    id: str
    title: str
    summary: str
    describes: str
    base: str
    """A sentence on where the vertical axis starts."""
    width: int
    height: int
    left: int
    bottom: int
    solid: str
    """The path between complete points."""
    dashed: str
    """The path to and from incomplete points."""
    marks: tuple[Mark, ...]
    levels: tuple[tuple[float, Level], ...]
    ticks_x: tuple[Tick, ...]
    ticks_y: tuple[Tick, ...]
    key: tuple[tuple[str, str], ...]
    """Shape and words for each kind of point that is in the chart."""


@dataclass(frozen=True, slots=True)
class Span:
    """A bar as it is drawn, in hundredths of the width."""

    bar: Bar
    x: float
    width: float
    share: str = ""
    fill: str = ""
    ink: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars to compare, or the parts of a whole."""

    id: str
    title: str
    summary: str
    describes: str
    spans: tuple[Span, ...]
    zero: float = 0


@dataclass(frozen=True, slots=True)
class HexClass:
    """The areas of one colour, with the lowest and the highest figure among them."""

    fill: str
    says: str
    cells: tuple[tuple[float, float, HexCell], ...]


@dataclass(frozen=True, slots=True)
class HexMap:
    """A hex map, laid out."""

    id: str
    title: str
    summary: str
    describes: str
    width: float
    height: float
    outline: str
    classes: tuple[HexClass, ...]
    missing: tuple[tuple[float, float, HexCell], ...]
    here: tuple[float, float] | None
    """The centre of the one area to outline."""


SEQUENTIAL = ("#ffffcc", "#a1dab4", "#41b6c4", "#2c7fb8", "#253494")
"""Five steps from low to high that differ in lightness, so also in grey and for the colour-blind (ColorBrewer YlGnBu)."""

CATEGORIES = (
    ("#1d4457", "#ffffff"),
    ("#e69f00", "#212b32"),
    ("#56b4e9", "#212b32"),
    ("#7c2855", "#ffffff"),
    ("#f0e442", "#212b32"),
    ("#006b50", "#ffffff"),
    ("#d8dde0", "#212b32"),
)
"""Fills for parts of a whole and the ink that is read on each, after Okabe and Ito."""

_SHAPES = {Flag.PLAIN: "dot", Flag.FLAGGED: "diamond", Flag.INCOMPLETE: "ring"}
_TOP, _BOTTOM, _HEIGHT = 14, 220, 256


def line_chart(
    points: Sequence[Point],
    *,
    id: str,
    title: str,
    summary: str,
    levels: Sequence[Level] = (),
    words: Callable[[Decimal], str] = count,
    flagged: str = "flagged",
    incomplete: str = "incomplete: may still change",
) -> LineChart:
    """A figure over time. ``words`` writes the axis's labels; ``flagged`` and ``incomplete`` explain those points.

    The vertical axis starts at zero when the lowest figure is less than half the highest, else just
    below the lowest, and the chart says which. ValueError when there is not one figure to draw.
    """
    values = [float(point.value) for point in points if point.value is not None]
    if not values:
        raise ValueError(f"“{title}” has no figure to draw: say so in words instead")
    low, step, high = scale_of(values + [float(level.value) for level in levels])
    rungs = [low + step * n for n in range(round((high - low) / step) + 1)]
    labels = [words(exact(rung, step)) for rung in rungs]
    left = 14 + 11 * max(map(len, labels))
    right = WIDTH - 14

    def height_of(value: Number | float) -> float:
        return round(_BOTTOM - (float(value) - low) / (high - low) * (_BOTTOM - _TOP), 1)

    between = (right - left) / max(len(points) - 1, 1)
    xs = [round(left + between * n, 1) for n in range(len(points))]
    solid, dashed = _paths(points, xs, height_of)
    present = {point.flag for point in points if point.value is not None}
    key = [("dot", "figure")] * (Flag.PLAIN in present)
    key += [("diamond", flagged)] * (Flag.FLAGGED in present) + [("ring", incomplete)] * (
        Flag.INCOMPLETE in present
    )
    key += [("cross", "no figure")] * any(point.value is None for point in points)
    return LineChart(
        id=id,
        title=title,
        summary=summary,
        describes=_in_words(points, flagged),
        base="The vertical axis starts at zero."
        if low == 0
        else f"The vertical axis starts at {labels[0]}, not at zero.",
        width=WIDTH,
        height=_HEIGHT,
        left=left,
        bottom=_BOTTOM,
        solid=solid,
        dashed=dashed,
        marks=tuple(
            Mark(x, _BOTTOM, "cross", f"{point.label}: no figure")
            if point.value is None
            else Mark(x, height_of(point.value), _SHAPES[Flag(point.flag)], f"{point.label}: {point.shown}")
            for x, point in zip(xs, points, strict=True)
        ),
        levels=tuple((height_of(level.value), level) for level in levels),
        ticks_x=ticks_of(points, xs),
        ticks_y=tuple(Tick(height_of(rung), label) for rung, label in zip(rungs, labels, strict=True)),
        key=tuple(key) if len(key) > 1 or Flag.PLAIN not in present else (),
    )


def scale_of(values: Sequence[float]) -> tuple[float, float, float]:
    """Bottom, step and top of an axis of about four round steps."""
    least, most = min(values), max(values)
    if 0 <= least < most / 2:
        least = 0.0
    elif most <= 0:
        most = 0.0
    if least == most:
        least, most = (0.0, most * 2) if most > 0 else (-1.0, 1.0)
    rough = (most - least) / 4
    size = 10.0 ** floor(log10(rough))
    step = next(size * n for n in (1, 2, 2.5, 5, 10) if size * n >= rough * 0.999)
    return floor(least / step) * step, step, ceil(most / step) * step


def exact(rung: float, step: float) -> Decimal:
    """A rung of the axis without the dust of floating point: no more places than the step has."""
    places = max(0, -floor(log10(step)) + (1 if f"{step:e}".startswith("2.5") else 0))
    return Decimal(f"{rung:.{places}f}")


def _paths(
    points: Sequence[Point], xs: Sequence[float], height_of: Callable[[Number], float]
) -> tuple[str, str]:
    """The solid and the dashed path; neither crosses a gap."""
    solid: list[str] = []
    dashed: list[str] = []
    for n in range(1, len(points)):
        before, after = points[n - 1], points[n]
        if before.value is None or after.value is None:
            continue
        path = dashed if Flag.INCOMPLETE in (before.flag, after.flag) else solid
        path.append(f"M{xs[n - 1]:g} {height_of(before.value):g}L{xs[n]:g} {height_of(after.value):g}")
    return "".join(solid), "".join(dashed)


def ticks_of(points: Sequence[Point], xs: Sequence[float]) -> tuple[Tick, ...]:
    """At most five labels along the bottom; on a small screen only the first and the last."""
    last = len(points) - 1
    chosen = sorted({round(last * n / 4) for n in range(5)}) if last > 4 else list(range(len(points)))
    return tuple(
        Tick(
            xs[n],
            points[n].label,
            minor=n not in (0, last),
            anchor="start" if n == 0 and last else "end" if n == last and last else "middle",
        )
        for n in chosen
    )


def _in_words(points: Sequence[Point], flagged: str) -> str:
    known = [point for point in points if point.value is not None]
    first, last = known[0], known[-1]
    low = min(known, key=lambda point: float(point.value or 0))
    high = max(known, key=lambda point: float(point.value or 0))
    said = (
        f"{len(known)} figures, from {first.shown} in {first.label} to {last.shown} in {last.label}. "
        f"Lowest {low.shown} in {low.label}, highest {high.shown} in {high.label}."
    )
    noted = [point.label for point in known if point.flag == Flag.FLAGGED]
    return said + (f" Marked “{flagged}”: {', '.join(noted)}." if noted else "")


def bar_chart(bars: Sequence[Bar], *, id: str, title: str, summary: str) -> Bars:
    """Figures to compare, each from zero; negative ones go to the left of it."""
    values = [float(bar.value) for bar in bars]
    low, high = min([0.0, *values]), max([0.0, *values])
    scale = 100 / ((high - low) or 1)
    zero = round(-low * scale, 2)
    spans = tuple(
        Span(bar, x=round(zero + min(value, 0) * scale, 2), width=round(abs(value) * scale, 2))
        for bar, value in zip(bars, values, strict=True)
    )
    return Bars(id, title, summary, _list_in_words(bars), spans, zero)


def stacked_bar(parts: Sequence[Bar], *, id: str, title: str, summary: str) -> Bars:
    """The parts of a whole, numbered, with the share of each. ValueError for a negative part or more than seven."""
    values = [float(part.value) for part in parts]
    whole = sum(values)
    if min(values, default=0) < 0 or whole <= 0:
        raise ValueError(
            f"“{title}” has a negative part, or nothing at all: that is a table, not a whole with parts"
        )
    if len(parts) > len(CATEGORIES):
        raise ValueError(
            f"“{title}” has {len(parts)} parts; put the small ones together, {len(CATEGORIES)} at most"
        )
    spans: list[Span] = []
    x = 0.0
    for n, (part, value) in enumerate(zip(parts, values, strict=True)):
        width = 100 * value / whole
        fill, ink = CATEGORIES[n]
        share = f"{width:.1f}%"
        spans.append(Span(part, round(x, 2), round(width, 2), share, fill, ink, n + 1))
        x += width
    return Bars(id, title, summary, _list_in_words(parts), tuple(spans))


def _list_in_words(bars: Sequence[Bar]) -> str:
    return "; ".join(f"{bar.label}: {bar.shown}" for bar in bars) + "."


def hex_map(
    cells: Sequence[HexCell],
    *,
    id: str,
    title: str,
    summary: str,
    bounds: Sequence[Number] = (),
    here: str = "",
) -> HexMap:
    """One hexagon an area, in five colours from low to high, grey hatching where there is no figure.

    ``bounds`` are the lowest figures of the second to the fifth class; without them the classes hold
    about as many areas each, equal figures always together. ``here`` is the code of an area to outline.
    """
    centres = _centres(cells)
    known = sorted((cell for cell in cells if cell.value is not None), key=lambda cell: cell.value or 0)
    cuts = list(bounds) or [known[len(known) * n // 5].value or 0 for n in range(1, 5) if known]
    classes = [
        HexClass(fill, _range(held), tuple((*centres[cell.code], cell) for cell in held))
        for n, fill in enumerate(SEQUENTIAL)
        if (held := [cell for cell in known if bisect_right(cuts, cell.value or 0) == n])
    ]
    missing = tuple((*centres[cell.code], cell) for cell in cells if cell.value is None)
    described = [f"{len(held.cells)} areas from {held.says}" for held in classes]
    described += [f"{len(missing)} without a figure"] * bool(missing)
    return HexMap(
        id=id,
        title=title,
        summary=summary,
        describes="One hexagon an area, roughly where it is in England. " + "; ".join(described) + ".",
        width=max((x for x, _ in centres.values()), default=0) + 9,
        height=max((y for _, y in centres.values()), default=0) + 10,
        outline="m0-9.6 8.3 4.8v9.6l-8.3 4.8-8.3-4.8v-9.6z",
        classes=tuple(classes),
        missing=missing,
        here=centres.get(here),
    )


def _centres(cells: Sequence[HexCell]) -> dict[str, tuple[float, float]]:
    """The middle of each hexagon, of radius 10. The northernmost row is on top; odd rows stand half a cell right."""
    west = min((cell.q for cell in cells), default=0)
    north = max((cell.r for cell in cells), default=0)
    across = sqrt(3) * 10
    return {
        cell.code: (
            round(across * (cell.q - west + (cell.r & 1) / 2) + 9, 1),
            round(15.0 * (north - cell.r) + 10, 1),
        )
        for cell in cells
    }


def _range(held: Sequence[HexCell]) -> str:
    low, high = held[0].shown, held[-1].shown
    return low if low == high else f"{low} to {high}"
