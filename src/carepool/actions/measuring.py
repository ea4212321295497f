"""What is asked of measures: one of a board with its values, doubts and vintage; its chart; all boards beside each other."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from carepool.actions.areas import MARK, Area
from carepool.actions.england import England, Source
from carepool.actions.house import House
from carepool.basics.canonical import Digest
from carepool.basics.refusals import Unusable
from carepool.measures.charts import Chart, chart, sentence
from carepool.measures.funnels import Funnel, Rank, funnel, ranks
from carepool.measures.loading import LoadedSeries, Rows, SeriesMap, read_series
from carepool.measures.observing import NATION, Held, Measured, measure
from carepool.measures.peers import Peer, peers
from carepool.measures.statistics import FILES, Statistics, blocking, parse_statistics
from carepool.measures.values import Status, Value
from carepool.rules.measuring import Alarms, ChartRules, Definition

REVISED = "Periods are those first published by the day asked for; their figures are the final revisions."
ENGLAND = "england"
"""The word that asks for England as a whole."""


@dataclass(frozen=True)
class Answer:
    """A measure of an area, and where its figures are from."""

    measured: Measured
    area: str
    """The code that was asked for."""
    name: str
    sources: tuple[Source, ...]
    vintage: Digest
    """Which vintage of England's files it rests on."""
    families: tuple[str, ...]
    """The plans that the measure is for."""
    illustrative: bool = False


@lru_cache(maxsize=4)
def _read(files: "_Files", alarms: Alarms) -> Statistics:
    held = parse_statistics(files.england.series, files.england.places, alarms)
    fault = blocking(held)
    if fault:
        raise Unusable(f"{fault.says} {fault.remedy}")
    return held


@dataclass(frozen=True)
class _Files:
    """England's files, equal where their digest is: what is read of them is kept under it."""

    england: England

    def __hash__(self) -> int:
        return hash(self.england.digest)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Files) and other.england.digest == self.england.digest


def statistics_of(house: House) -> Statistics:
    """The statistical series of the house's vintage, read once. Unusable where it has none, or one of them has a fault."""
    england = house.england
    missing = [name for name in FILES if name not in england.series]
    if missing:
        raise Unusable(
            f"This database was loaded before carepool had {missing[0]}. Load England again: carepool prepare."
        )
    alarms = house.rulebook.measuring.find("alarms", Alarms)
    if alarms is None:
        raise Unusable("The rules say nothing of when a figure is doubted: alarms.yaml is missing.")
    return _read(_Files(england), alarms)


def held(house: House) -> Held:
    """What measures are worked out from."""
    return Held(house.england.admissions, statistics_of(house), house.england.places)


def definitions(house: House) -> tuple[Definition, ...]:
    """Every measure, the paid one first."""
    return tuple(sorted(house.rulebook.definitions.measures, key=lambda each: not each.pays))


def ask(house: House, metric: str, board: str, as_at: date | None = None) -> Answer:
    """A measure of a board, or of England. NotHere for an unknown measure or board, with the nearest.

    ``as_at`` keeps the periods that had been published by that day, with the figures as revised since.

    A board of the illustrative county has the figures of the real one that it is drawn from, and says so.
    """
    definition = house.rulebook.definitions.named(metric.strip().replace("-", "_"))
    wanted = NATION if board.strip().casefold() in {ENGLAND, NATION.casefold()} else board.strip()
    about = {each.file: each for each in house.england.sources}
    families = tuple(each.title for each in house.rulebook.definitions.families_of(definition.id))
    area = None if wanted == NATION else house.areas.of_board(wanted)
    drawn = drawn_from(area, wanted) if area else wanted
    found = measure(definition, drawn, held(house))
    if as_at is not None:
        found = published_by(found, as_at)
    name = "England" if area is None else area.england.places.board(wanted).name
    if area and area.illustrative:
        found = replace(found, rests_on=(f"{MARK}.", *found.rests_on))
    return Answer(
        found, wanted, name, tuple(about[each] for each in found.files), house.england.digest, families,
        bool(area and area.illustrative),
    )  # fmt: skip


def published_by(found: Measured, day: date) -> Measured:
    """The periods that had been published by a day, with the figures as revised since."""
    values = tuple(each for each in found.values if each.published is not None and each.published <= day)
    return replace(found, values=values, rests_on=(*found.rests_on, REVISED))


@dataclass(frozen=True)
class Charted:
    """A measure of an area as a chart, and what it says."""

    answer: Answer
    chart: Chart
    says: str


def chart_of(house: House, metric: str, board: str, rules: str = "") -> Charted:
    """A measure's chart under a version of the chart rules, the one in use where none is named."""
    answer = ask(house, metric, board)
    found = house.rulebook.measuring.find("chart_rules", ChartRules)
    if found is None:
        raise Unusable("The rules say nothing of charts: chart_rules.yaml is missing.")
    drawn = chart(answer.measured, found.named(rules))
    return Charted(answer, drawn, sentence(drawn, answer.measured.definition.title, answer.name))


@dataclass(frozen=True)
class Period:
    """Every board in one period of a measure."""

    period: str
    values: Mapping[str, Value]
    """Of the boards whose value is available."""
    funnel: Funnel | None
    ranks: Mapping[str, Rank]
    without: tuple[str, ...]
    """Boards without a value, or with one that rests on an incomplete return: they are not ranked."""


def period_of(definition: Definition, boards: Mapping[str, Measured], period: str) -> Period:
    """The boards in a period: the funnel where their parts are known, the ranks where their limits are."""
    values: dict[str, Value] = {}
    without = []
    for code, measured in boards.items():
        value = next((each for each in measured.values if each.period == period), None)
        if value and value.status is Status.AVAILABLE:
            values[code] = value
        else:
            without.append(code)
    parts = {
        code: (float(each.numerator), float(each.denominator))
        for code, each in values.items()
        if each.numerator is not None and each.denominator
    }
    limited = {
        code: (float(each.value), float(each.low), float(each.high))
        for code, each in values.items()
        if each.value is not None and each.low is not None and each.high is not None
    }
    drawn = (
        funnel(parts, proportion=definition.interval == "proportion")
        if definition.interval != "none"
        else None
    )
    ranked = ranks(limited, better=definition.better) if definition.better != "neither" else {}
    return Period(period, values, drawn, ranked, tuple(without))


@dataclass(frozen=True)
class Beside:
    """All boards beside each other in one period."""

    definition: Definition
    period: str
    funnel: Funnel | None
    ranks: Mapping[str, Rank]
    values: Mapping[str, Value]
    without: tuple[str, ...]
    """Boards without a value, or with one that rests on an incomplete return: they are not ranked."""
    board: str
    peers: tuple[Peer, ...]
    rests_on: tuple[str, ...]
    """What holds for every board."""


def beside(house: House, metric: str, period: str, board: str = "") -> Beside:
    """Every board of England in a period: the funnel, the ranks with their intervals, and a board's neighbours.

    Unusable for a period that is not held; boards whose limits are not known have no rank.
    """
    definition = house.rulebook.definitions.named(metric.strip().replace("-", "_"))
    vintage = held(house)
    boards = {code: measure(definition, code, vintage) for code in vintage.places.boards}
    found = period_of(definition, boards, period)
    if not found.values:
        known = {each.period for measured in boards.values() for each in measured.values}
        span = f"{min(known)} to {max(known)}" if known else "none"
        raise Unusable(f"“{definition.title}” has no values of {period}; periods held are {span}.")
    said: dict[str, int] = {}
    for measured in boards.values():
        said |= {each: said.get(each, 0) + 1 for each in measured.rests_on}
    near: tuple[Peer, ...] = ()
    if board:
        own = house.areas.of_board(board)
        near = peers(drawn_from(own, board), vintage.statistics.need)
    everywhere = tuple(each for each, count in said.items() if count == len(boards))
    return Beside(
        definition, period, found.funnel, found.ranks, found.values, found.without, board, near, everywhere
    )


def load_table(house: House, file: str, rows: Rows, by: SeriesMap) -> LoadedSeries:
    """Anybody's table, read by its map and held against the measure that the map names. NotHere for an unknown measure."""
    alarms = house.rulebook.measuring.find("alarms", Alarms)
    if alarms is None:
        raise Unusable("The rules say nothing of when a figure is doubted: alarms.yaml is missing.")
    return read_series(
        file, rows, by, house.rulebook.definitions.named(by.measure), house.england.places, alarms
    )


def drawn_from(area: Area, board: str) -> str:
    """The real board whose figures a board has: its own, or that which a fictitious one is drawn from."""
    drawn: Mapping[str, str] = area.drawn_from
    return drawn[board] if area.illustrative else area.england.places.board(board).code
