"""A pack as figures: each with its sentence, its table, its source, its vintage and its gaps, and the drawing of the same values."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from carepool.actions.england import Source
from carepool.actions.outlooks import Outlook, whole
from carepool.actions.packing import Neighbours, Pack, Part, Placed, Reasons, Trend, gaps_of
from carepool.disclosure.reach import TOTAL
from carepool.measures.delays import REASONS
from carepool.measures.values import HELD, Value
from carepool.render import measure_charts
from carepool.render.measure_charts import Drawing

Row = tuple[object, ...]
LONGEST = 8
"""Periods that a table on paper shows."""
BEYOND, WITHIN = "beyond the 99.8% limits", "within the 99.8% limits"


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart of the pack with the table of what it draws."""

    id: str
    """As in the name of its CSV."""
    kind: str
    """``trend``, ``forecast``, ``neighbours``, ``funnel`` or ``reasons``."""
    measure: str
    title: str
    says: str
    """What it says, in one sentence."""
    columns: tuple[tuple[str, str], ...]
    """Label and kind: ``text`` or ``number``."""
    rows: tuple[Row, ...]
    sources: tuple[Source, ...]
    gaps: tuple[str, ...]
    drawing: Drawing | None
    """None where there is nothing to draw."""
    here: str = ""
    """The code of the board among others."""


@dataclass(frozen=True, slots=True)
class Section:
    """The figures of one measure."""

    id: str
    title: str
    about: str
    """What it measures, and by which definition."""
    figures: tuple[Figure, ...]


TREND = (
    ("Period", "text"), ("Value", "number"), ("Lower limit", "number"), ("Upper limit", "number"),
    ("Counted", "number"), ("Out of", "number"), ("Status", "text"), ("What the period says", "text"),
)  # fmt: skip
_NEIGHBOURS = (
    ("Board", "text"), ("Code", "text"), ("Value", "number"), ("Lower limit", "number"), ("Upper limit", "number"),
    ("Rank", "text"), ("Differs most in", "text"),
)  # fmt: skip
_PLACED = (
    ("Board", "text"), ("Code", "text"), ("Value", "number"), ("Counted", "number"), ("Out of", "number"),
    ("On the funnel", "text"),
)  # fmt: skip


def sections(found: Pack) -> tuple[Section, ...]:
    """Every figure of a pack, by measure, in the order of the list; delays by reason after the delays."""
    made: list[Section] = []
    for part in found.parts:
        definition = part.definition
        figures = [trend_figure(part.trend, part.sources, found.name, part.not_forecast)]
        if part.outlook:
            figures.append(outlook_figure(part.outlook, part, found.name))
        if part.neighbours:
            figures.append(neighbours_figure(part.neighbours, found, part))
        if part.placed:
            figures.append(funnel_figure(part.placed, found, part))
        made.append(Section(definition.id, definition.title, about_of(part), tuple(figures)))
        if definition.id == "delayed_transfers" and found.reasons:
            figure = reasons_figure(found.reasons, found.name, found.reasons_from)
            made.append(Section("delays_by_reason", "Delays by reason", "The same delayed days, by what the patient waited for.", (figure,)))  # fmt: skip
    return tuple(made)


def about_of(part: Part) -> str:
    """What a measure is, and by which definition: in two sentences."""
    definition = part.definition
    version = definition.versions[-1]
    pays = " It is the measure that performance money was paid by." if definition.pays else ""
    return (
        f"{definition.says} In {definition.unit}; {_DIRECTION[definition.better]}. Definition {version.version}, "
        f"checked by {definition.checked.by}, for review by {definition.checked.again_by.isoformat()}.{pays}"
    )


_DIRECTION = {"lower": "lower is better", "higher": "higher is better", "neither": "neither way is better"}


def trend_figure(found: Trend, sources: tuple[Source, ...], name: str, not_forecast: str = "") -> Figure:
    """A measure over time."""
    definition = found.measured.definition
    title = f"{definition.title}, {name}, {definition.unit}"
    says = {each.period: each for each in found.chart.points}
    rows = tuple(
        (each.period, *_figures(each), str(each.status), _signals(says.get(each.period))) for each in found.measured.values
    )  # fmt: skip
    id_ = f"{definition.id}-trend"
    gaps = (*gaps_of(found.measured), *((not_forecast,) if not_forecast else ()))
    drawing = measure_charts.trend(found.measured.values, found.chart, id=id_, title=title, summary=found.says)  # fmt: skip
    return Figure(id_, "trend", definition.id, title, found.says, TREND, rows, sources, gaps, drawing)  # fmt: skip


def outlook_figure(found: Outlook, part: Part, name: str) -> Figure:
    """The months to come, each with its intervals, after those of the last two years."""
    definition = part.definition
    title = f"{definition.title}, {name}, expected in each month"
    rows = tuple(
        (each.month, *(whole(one) for one in (each.mean, each.lo80, each.hi80, each.lo95, each.hi95))) for each in found.expected
    )  # fmt: skip
    id_ = f"{definition.id}-forecast"
    drawing = measure_charts.outlook(found.history, found.expected, id=id_, title=title, summary=found.says)
    return Figure(id_, "forecast", definition.id, title, found.says, _EXPECTED, rows, part.sources, FORECAST_GAPS, drawing)  # fmt: skip


FORECAST_GAPS = (
    "Counts, not rates: forecast by exponential smoothing and theta from the months that are held, as if nothing new were done.",
    "Intervals are as wide as they had to be on years not used to fit: “carepool forecast backtest” shows what they held.",
)
_EXPECTED = (
    ("Month", "text"), ("Expected", "number"), ("80% from", "number"), ("80% to", "number"), ("95% from", "number"), ("95% to", "number"),
)  # fmt: skip


def _signals(point: object) -> str:
    signals = getattr(point, "signals", ())
    return f"{', '.join(signals)}: {getattr(point, 'change', '')}" if signals else ""


def _figures(each: Value) -> tuple[object, ...]:
    """The value, its limits and its parts; empty where there is no value."""
    if each.status not in HELD:
        return (None,) * 5
    parts = tuple(None if number is None else round(number, 1) for number in (each.numerator, each.denominator))  # fmt: skip
    return (each.value, each.low, each.high, *parts)


def neighbours_figure(found: Neighbours, pack: Pack, part: Part) -> Figure:
    """The board and those most like it."""
    period, definition, own = found.period, found.definition, pack.drawn_from
    title = (
        f"{definition.title} in {period.period}, {pack.name} and its nearest neighbours, {definition.unit}"
    )
    rows = []
    for code, differs in ((own, ""), *((each.board, each.differs) for each in found.peers)):
        value, rank = period.values.get(code), period.ranks.get(code)
        place = f"{rank.rank}, from {rank.low} to {rank.high} of {rank.of}" if rank else ""
        three = (value.value, value.low, value.high) if value else (None, None, None)
        rows.append((pack.names[code], _code(pack, code), *three, place, differs))
    id_ = f"{definition.id}-neighbours"
    drawing = measure_charts.neighbours_chart(own, found.peers, period.values, pack.names, id=id_, title=title, summary=found.says)  # fmt: skip
    like = (
        "Neighbours are alike in deprivation, age, size and older people on low incomes, and not in results."
    )
    none = [pack.names[code] for code in (own, *(each.board for each in found.peers)) if code not in period.values]  # fmt: skip
    gaps = (like, *((f"Without a value that can be compared in {period.period}: {', '.join(none)}.",) if none else ()))  # fmt: skip
    return Figure(id_, "neighbours", definition.id, title, found.says, _NEIGHBOURS, tuple(rows), part.sources, _also(gaps, part), drawing, pack.code)  # fmt: skip


def _also(gaps: Sequence[str], part: Part) -> tuple[str, ...]:
    return (*gaps, *part.trend.measured.rests_on)


def _code(pack: Pack, code: str) -> str:
    return pack.code if code == pack.drawn_from else code


def funnel_figure(found: Placed, pack: Pack, part: Part) -> Figure:
    """The board among all."""
    period, definition, own = found.period, found.definition, pack.drawn_from
    title = f"{definition.title} in {period.period}, every board, {definition.unit}"
    id_ = f"{definition.id}-funnel"
    drawing, rows, gaps = None, [], []
    if period.funnel:
        out = set(period.funnel.outliers())
        for code, value in period.values.items():
            stands = BEYOND if code in out else WITHIN
            on = stands if code in period.funnel.places else "its parts are not known"
            rows.append((pack.names[code], _code(pack, code), value.value, *_figures(value)[3:], on))
        scale = next(iter(period.values.values())).first_day
        drawing = measure_charts.funnel_chart(
            period.funnel, own, pack.names, definition.on(scale).scale, id=id_, title=title, summary=found.says
        )  # fmt: skip
        spread = "more than chance" if period.funnel.is_dispersed else "no more than chance"
        gaps.append(f"Boards differ by {spread}: {period.funnel.dispersion:,.1f} times the variance that chance alone gives.")  # fmt: skip
    if period.without:
        gaps.append(f"Left out, without a whole value: {', '.join(pack.names[code] for code in period.without)}.")  # fmt: skip
    return Figure(id_, "funnel", definition.id, title, found.says, _PLACED, tuple(rows), part.sources, _also(gaps, part), drawing, pack.code)  # fmt: skip


def reasons_figure(found: Reasons, name: str, sources: tuple[Source, ...]) -> Figure:
    """Delayed days by reason in two years."""
    first, last, start, end = found.months
    columns = (("Reason", "text"), (f"{start} to {end}", "number"), (f"{first} to {last}", "number"), ("Change", "number"))  # fmt: skip
    rows = [(words, *_two(found, reason)) for reason, words in REASONS.items()]
    rows.sort(key=lambda row: -(row[1] if row[1] is not None else -1))  # type: ignore[operator]  # a count or none
    rows.append(("All reasons", *_two(found, TOTAL)))
    title = f"Delayed days of {name} by reason, {start} to {end}"
    shown = [(words, value) for words, value, *_ in rows[:-1] if value is not None]
    drawing = measure_charts.bars(shown, id="delays-reasons", title=title, summary=found.says) if shown else None  # type: ignore[arg-type]  # words and a count  # fmt: skip
    hidden = any(each.value is None for each in found.cells.values())
    gaps = ("Some counts are hidden because they are small, and others so that those do not follow.",) if hidden else ()  # fmt: skip
    return Figure("delays-reasons", "reasons", "delayed_transfers", title, found.says, columns, tuple(rows), sources, gaps, drawing)  # fmt: skip


def _two(found: Reasons, reason: str) -> tuple[object, object, object]:
    after, before = (found.cells[reason, year].value for year in ("after", "before"))
    return after, before, None if after is None or before is None else after - before


def monthly_reasons(found: Reasons) -> tuple[tuple[str, ...], tuple[Row, ...]]:
    """Delayed days by month and reason, to take away."""
    heading = ("Month", *REASONS.values(), "All reasons")
    rows = tuple(
        (month, *(cells[reason].value for reason in (*REASONS, TOTAL))) for month, cells in found.by_month
    )
    return heading, rows


def glance(found: Pack) -> tuple[tuple[tuple[str, str], ...], tuple[Row, ...]]:
    """Every measure in one table: its last value, and where the board stands."""
    columns = (("Measure", "text"), ("Period", "text"), ("Value", "number"), ("Unit", "text"), ("Rank", "text"))  # fmt: skip
    rows = []
    for part in found.parts:
        last = part.trend.measured.last
        rank = f"{part.rank.rank}, from {part.rank.low} to {part.rank.high} of {part.rank.of}" if part.rank else ""  # fmt: skip
        rows.append((part.definition.title, last.period if last else "", last.value if last else None, part.definition.unit, rank))  # fmt: skip
    return columns, tuple(rows)


def sources_of(figures: Iterable[Figure]) -> tuple[Source, ...]:
    """Every source of some figures, once."""
    return tuple({each.file: each for figure in figures for each in figure.sources}.values())


@dataclass(frozen=True, slots=True)
class Table:
    """A figure's table as it is shown."""

    columns: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]
    left_out: str = ""
    """Which rows are shown, where not all of them are."""


def whole_table(found: Figure) -> Table:
    """Every row, and the columns that have something in one."""
    return _without_empty(found.columns, found.rows)


def short_table(found: Figure) -> Table:
    """What a paper has room for: the last periods, or the board with those that stand out; limits in one column."""
    rows, left_out = found.rows, ""
    if found.kind == "trend" and len(rows) > LONGEST:
        rows, left_out = rows[-LONGEST:], f"The last {LONGEST} of {len(rows)} periods"
    if found.kind == "funnel":
        rows = tuple(row for row in rows if row[1] == found.here or row[-1] == BEYOND)
        left_out = f"The board, and those beyond the limits, of {len(found.rows)}"
    labels = [label for label, _ in found.columns]
    if "Lower limit" not in labels:
        return Table(found.columns, rows, left_out)
    low = labels.index("Lower limit")
    keep = [n for n, label in enumerate(labels) if label not in {"Code", "Lower limit", "Upper limit", "Counted", "Out of", "Differs most in"}]  # fmt: skip
    columns = (*tuple(found.columns[n] for n in keep), ("95% limits", "text"))
    short = tuple((*(row[n] for n in keep), _limits(row[low], row[low + 1])) for row in rows)
    made = _without_empty(columns, short)
    return Table(made.columns, made.rows, left_out)


def _limits(low: object, high: object) -> str:
    return "" if low is None or high is None else f"{low:,} to {high:,}"


def _without_empty(columns: tuple[tuple[str, str], ...], rows: tuple[Row, ...]) -> Table:
    """The first column, and each other that has something in one of its rows; an empty cell has a dash."""
    keep = [n for n in range(len(columns)) if n == 0 or any(row[n] not in {None, ""} for row in rows)]
    shown = tuple(tuple("–" if row[n] is None else row[n] for n in keep) for row in rows)
    return Table(tuple(columns[n] for n in keep), shown)
