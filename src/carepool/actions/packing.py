"""What a board's pack is made from: every measure with its chart, its neighbours and the funnel, and delays by reason."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from carepool.actions.areas import MARK
from carepool.actions.backtesting import Forecaster
from carepool.actions.disclosing import disclosed, rule_of, suppression
from carepool.actions.england import Source
from carepool.actions.house import House
from carepool.actions.measuring import Period, definitions, drawn_from, held, period_of, published_by
from carepool.actions.outlooks import Outlook, outlook_of
from carepool.actions.own_figures import OwnSeries, all_own
from carepool.basics.canonical import Digest
from carepool.basics.refusals import Unusable
from carepool.disclosure.cells import Cell
from carepool.disclosure.reach import TOTAL
from carepool.disclosure.tables import protect
from carepool.measures.charts import Chart, chart
from carepool.measures.delays import FILE, REASONS, Delays
from carepool.measures.funnels import Rank
from carepool.measures.observing import Held, Measured, measure
from carepool.measures.own import stream_of
from carepool.measures.peers import Peer, peers
from carepool.measures.telling import of_funnel, of_peers, of_reasons, of_trend
from carepool.measures.values import Status
from carepool.rules.measuring import ChartRule, ChartRules, Definition
from carepool.rules.schema import Suppression

YEAR = 12


@dataclass(frozen=True)
class Gathered:
    """A measure of every board, as others may see it."""

    definition: Definition
    boards: Mapping[str, Measured]
    _periods: dict[str, Period] = field(default_factory=dict)

    @cached_property
    def periods(self) -> tuple[str, ...]:
        """The periods in which a board has a value, in order."""
        found = {
            each.first_day: each.period
            for measured in self.boards.values()
            for each in measured.values
            if each.status is Status.AVAILABLE
        }
        return tuple(found[day] for day in sorted(found))

    @cached_property
    def last_with_funnel(self) -> str:
        """The last period that a funnel can be drawn of; empty where there is none."""
        return next((each for each in reversed(self.periods) if self.of(each).funnel), "")

    def of(self, period: str) -> Period:
        """Every board in a period, worked out once."""
        if period not in self._periods:
            self._periods[period] = period_of(self.definition, self.boards, period)
        return self._periods[period]

    def last_of(self, board: str) -> str:
        """The last period in which a board has a value; of all boards where it has none. Empty where nobody has."""
        own = [each.period for each in self.boards[board].values if each.status is Status.AVAILABLE]
        return own[-1] if own else self.periods[-1] if self.periods else ""


@dataclass(frozen=True)
class Everything:
    """What all packs of one vintage are made from."""

    house: House
    held: Held
    measures: tuple[Gathered, ...]
    without: tuple[Definition, ...]
    """Measures of which no figures are held."""
    rule: ChartRule
    delays: Suppression
    vintage: Digest
    rules: Digest
    """The digest of the rules of measuring."""
    forecaster: Forecaster | None = None
    """What forecasts months to come; None where nothing that does is installed."""


@dataclass(frozen=True)
class Trend:
    """A measure of the board over time."""

    measured: Measured
    chart: Chart
    says: str


@dataclass(frozen=True)
class Neighbours:
    """The board beside those most like it."""

    definition: Definition
    period: Period
    peers: tuple[Peer, ...]
    says: str


@dataclass(frozen=True)
class Placed:
    """The board on the funnel of all."""

    definition: Definition
    period: Period
    says: str


@dataclass(frozen=True)
class Reasons:
    """Delayed days by reason in the last twelve months, and in the twelve before, as they may be shown."""

    months: tuple[str, str, str, str]
    """The first and the last month of each of the two years, the earlier year first."""
    cells: Mapping[tuple[str, str], Cell]
    """Reason (or ``TOTAL``) and ``before`` or ``after``."""
    by_month: tuple[tuple[str, Mapping[str, Cell]], ...]
    says: str


@dataclass(frozen=True)
class Part:
    """All that the pack has of one measure."""

    definition: Definition
    trend: Trend
    neighbours: Neighbours | None
    placed: Placed | None
    rank: Rank | None
    sources: tuple[Source, ...]
    outlook: Outlook | None = None
    not_forecast: str = ""
    """Why nothing is said of the months to come, where something could be."""


@dataclass(frozen=True)
class Pack:
    """A board's pack."""

    code: str
    name: str
    mark: str
    """What stands on every page of a fictitious board; empty otherwise."""
    drawn_from: str
    """The real board whose figures it has: itself, unless it is a fictitious one."""
    parts: tuple[Part, ...]
    reasons: Reasons | None
    reasons_from: tuple[Source, ...]
    without: tuple[Definition, ...]
    names: Mapping[str, str]
    vintage: Digest
    rules: Digest
    own: str = ""
    """The digest of the last fact of the board's own measures; empty where it has none."""
    forecasts: bool = False
    """Whether months to come are forecast."""


def gather(house: House, forecaster: Forecaster | None = None) -> Everything:
    """Every measure of every board, worked out once for all packs. Unusable where a series or a rule is missing."""
    vintage = held(house)
    found = house.rulebook.measuring.find("chart_rules", ChartRules)
    if found is None:
        raise Unusable("The rules say nothing of charts: chart_rules.yaml is missing.")
    every = definitions(house)
    measures = tuple(gathered(house, vintage, each) for each in every if each.series != "none")
    without = tuple(each for each in every if each.series == "none")
    return Everything(
        house, vintage, measures, without, found.named(), suppression(house, "delayed_transfers"),
        house.england.digest, house.rulebook.measuring.digest, forecaster,
    )  # fmt: skip


def gathered(house: House, vintage: Held, definition: Definition, known: date | None = None) -> Gathered:
    """One measure of every board, as others may see it; ``known`` keeps the periods that had been published by that day."""
    rule = rule_of(house, definition)
    found = {code: measure(definition, code, vintage) for code in vintage.places.boards}
    if known is not None:
        found = {code: published_by(each, known) for code, each in found.items()}
    return Gathered(definition, {code: disclosed(each, rule) for code, each in found.items()})


def pack_of(every: Everything, board: str) -> Pack:
    """A board's pack. NotHere for an unknown board, with the nearest."""
    area = every.house.areas.of_board(board)
    found = area.england.places.board(board)
    drawn = drawn_from(area, found.code)
    near = peers(drawn, every.held.statistics.need)
    about = {each.file: each for each in every.house.england.sources}
    names = {code: each.name for code, each in every.held.places.boards.items()} | {drawn: found.name}
    parts = tuple(
        with_outlook(part_of(every.rule, each, drawn, found.name, near, about), every.house, every.held, drawn, found.name, every.forecaster)
        for each in every.measures
    )  # fmt: skip
    parts += own_parts(every.house, every.rule, found.code, found.name)
    return Pack(
        found.code, found.name, f"{MARK}." if area.illustrative else "", drawn, parts,
        reasons_of(every.held, every.delays, drawn, found.name), (about[FILE],), every.without, names,
        every.vintage, every.rules, own_digest(every.house, found.code), every.forecaster is not None,
    )  # fmt: skip


def own_digest(house: House, board: str) -> str:
    """What tells whether a board's own measures are the same as before; empty where it has none."""
    facts = house.journal.read(stream_of(board))
    return facts[-1].digest if facts else ""


def own_parts(house: House, rule: ChartRule, board: str, name: str) -> tuple[Part, ...]:
    """The board's own measures that have figures, over time: nobody else has them, so there is nobody beside it."""
    return tuple(own_part(rule, each, name) for each in all_own(house, board) if each.measured.values)


def own_part(rule: ChartRule, series: OwnSeries, name: str) -> Part:
    """What a pack says of a board's own measure."""
    measured = series.measured
    drawn = chart(measured, rule)
    trend = Trend(measured, drawn, of_trend(drawn, measured.definition.title, name))
    return Part(measured.definition, trend, None, None, None, series.sources)


def part_of(
    rule: ChartRule, of: Gathered, board: str, name: str, near: tuple[Peer, ...], about: Mapping[str, Source]
) -> Part:
    """What a pack says of one measure."""
    measured, definition = of.boards[board], of.definition
    drawn = chart(measured, rule)
    trend = Trend(measured, drawn, of_trend(drawn, definition.title, name))
    sources = tuple(about[each] for each in measured.files)
    last, funnelled = of.last_of(board), of.last_with_funnel
    beside = placed = rank = None
    if last:
        period = of.of(last)
        rank = period.ranks.get(board)
        says = of_peers(definition.title, name, board, last, period.values, [each.board for each in near])
        beside = Neighbours(definition, period, near, says)
    if funnelled:
        period = of.of(funnelled)
        placed = Placed(definition, period, of_funnel(definition, name, board, funnelled, period.values, period.funnel))  # fmt: skip
    return Part(definition, trend, beside, placed, rank, sources)


def with_outlook(
    part: Part, house: House, vintage: Held, board: str, name: str, forecaster: Forecaster | None
) -> Part:
    """The part with what is expected of the months to come; nothing is added where a rule hides counts of what it is made from."""
    rule = rule_of(house, part.definition)
    if forecaster is None or rule is None or rule.hide_to > 0:
        return part
    found = outlook_of(part.definition, vintage, board, name, forecaster)
    if isinstance(found, str):
        return replace(part, not_forecast=found)
    return replace(part, outlook=found)


def reasons_of(vintage: Held, rule: Suppression, board: str, name: str) -> Reasons | None:
    """A board's delayed days by reason, small counts hidden where the rules ask it; None where two whole years are not held."""
    days = vintage.statistics.delays
    months = [each for each in days.months if days.of_board(board, each) is not None]
    if len(months) < 2 * YEAR:
        return None
    years = {"before": months[-2 * YEAR : -YEAR], "after": months[-YEAR:]}
    counts = {
        (reason, year): sum(days.of_board(board, month, reason) or 0 for month in of_year)
        for reason in REASONS
        for year, of_year in years.items()
    }
    cells = protect(rule, counts).cells
    by_month = _by_month(days, rule, board, months)
    ends = (years["before"][0], years["before"][-1], years["after"][0], years["after"][-1])
    latest = {words: cells[reason, "after"].value for reason, words in REASONS.items()}
    says = of_reasons(name, ends[2], ends[3], latest, cells[TOTAL, "after"].value)
    return Reasons(ends, cells, by_month, says)


def _by_month(
    days: Delays, rule: Suppression, board: str, months: list[str]
) -> tuple[tuple[str, Mapping[str, Cell]], ...]:
    """The days of each month by reason; none where the rule hides any, for months beside years could be added up."""
    if rule.hide_to > 0:
        return ()
    counts = {(reason, month): days.of_board(board, month, reason) or 0 for reason in REASONS for month in months}  # fmt: skip
    cells = protect(rule, counts).cells
    return tuple((month, {reason: cells[reason, month] for reason in (*REASONS, TOTAL)}) for month in months)


def gaps_of(measured: Measured) -> tuple[str, ...]:
    """What a reader of a measure has to know of what is missing, doubted, or not to be compared."""
    missing: dict[str, list[str]] = {}
    for each in measured.values:
        for why in each.because or ((str(each.status),) if each.status is not Status.AVAILABLE else ()):
            missing.setdefault(why, []).append(each.period)
    told = [f"{_span(periods)}: {why}" for why, periods in missing.items()]
    breaks = [f"Break on {each.on.isoformat()}: {each.says}" for each in measured.breaks]
    return (*measured.rests_on, *told, *breaks)


def _span(periods: Iterable[str]) -> str:
    held = list(periods)
    return held[0] if len(held) == 1 else f"{held[0]} to {held[-1]} ({len(held)} periods)"
