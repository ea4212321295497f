"""What the explorer answers: a measure of every board in a period, and of those chosen over time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from carepool.actions.areas import MARK
from carepool.actions.england import Source
from carepool.actions.house import House
from carepool.actions.measuring import Period, drawn_from, held
from carepool.actions.own_figures import own_series
from carepool.actions.packing import Gathered, Part, gathered, own_part, part_of
from carepool.basics.periods import in_words
from carepool.basics.refusals import Unusable, unknown
from carepool.measures.peers import peers
from carepool.measures.values import Value
from carepool.rules.measuring import ChartRule, ChartRules, Definition


class NotKnownThen(Unusable):
    """Nothing of a measure was known on the day that was asked for."""


MOST = 4
"""Boards that are drawn beside each other."""


@dataclass(frozen=True)
class Chosen:
    """A board that was asked for."""

    code: str
    name: str
    illustrative: bool
    drawn: str
    """The real board whose figures it has: itself, unless it is a fictitious one."""
    part: Part


@dataclass(frozen=True)
class Explored:
    """A measure of every board in one period, and of the chosen ones in all that were asked for."""

    definition: Definition
    every: Gathered | None
    """None where no figures are held."""
    periods: tuple[str, ...]
    """All that some board has a value in, whatever was asked."""
    first: str
    last: str
    period: Period | None
    """The last period asked for, of every board."""
    chosen: tuple[Chosen, ...]
    sources: tuple[Source, ...]
    vintage: str

    def within(self, values: Sequence[Value]) -> tuple[Value, ...]:
        """The values of the periods asked for."""
        inside = set(self.periods[self.periods.index(self.first) : self.periods.index(self.last) + 1])
        return tuple(each for each in values if each.period in inside)

    @property
    def mark(self) -> str:
        """What stands above a page with a fictitious board on it; empty otherwise."""
        return f"{MARK}." if any(each.illustrative for each in self.chosen) else ""


@dataclass(frozen=True)
class _Key:
    """A measure in one vintage, under one wording of the rules; what is worked out of it is kept under these."""

    house: House
    metric: str
    known: date | None

    def _what(self) -> tuple[str, str, str, date | None]:
        return self.house.england.digest, self.house.rulebook.measuring.digest, self.metric, self.known

    def __hash__(self) -> int:
        return hash(self._what())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self._what() == other._what()


@lru_cache(maxsize=24)
def _of(key: _Key) -> Gathered:
    return gathered(key.house, held(key.house), key.house.rulebook.definitions.named(key.metric), key.known)


@lru_cache(maxsize=512)
def _part(key: _Key, drawn: str, name: str) -> Part:
    """What is said of the measure in a real board, by the name it goes by."""
    house = key.house
    near = peers(drawn, held(house).statistics.need)
    about = {each.file: each for each in house.england.sources}
    return part_of(_chart_rule(house), _of(key), drawn, name, near, about)


def everywhere(house: House, metric: str, known: date | None = None) -> Gathered:
    """A measure of every board, as others may see it. NotHere for an unknown measure; it is worked out once."""
    return _of(_Key(house, metric, known))


def explore(
    house: House,
    metric: str,
    boards: Sequence[str] = (),
    first: str = "",
    last: str = "",
    known: date | None = None,
) -> Explored:
    """A measure of boards and periods. NotHere for an unknown measure or board; Unusable for a period that is not held.

    ``known`` keeps the periods that had been published by that day; NotKnownThen where none had.
    """
    definition = house.rulebook.definitions.named(metric)
    if len(boards) > MOST:
        raise Unusable(f"{len(boards)} boards were asked for. Choose {MOST} at most.")
    if definition.series == "none":
        return Explored(definition, None, (), "", "", None, (), (), house.england.digest)
    every = everywhere(house, definition.id, known)
    periods = every.periods
    if known and not periods:
        raise NotKnownThen(f"Nothing of “{definition.title}” is known to have been published by {in_words(known)}. Ask for a later day.")  # fmt: skip
    begins, ends = _known(periods, first or periods[0]), _known(periods, last or periods[-1])
    if periods.index(begins) > periods.index(ends):
        raise Unusable(f"{begins} is after {ends}. Give the earlier period first.")
    chosen = tuple(_chosen(_Key(house, definition.id, known), each) for each in dict.fromkeys(boards))
    files = next(iter(every.boards.values())).files
    about = tuple(each for each in house.england.sources if each.file in files)
    return Explored(definition, every, periods, begins, ends, every.of(ends), chosen, about, house.england.digest)  # fmt: skip


def _known(periods: Sequence[str], period: str) -> str:
    if period not in periods:
        raise unknown("period", period, periods, f"Periods held are {periods[0]} to {periods[-1]}.")
    return period


def _chart_rule(house: House) -> ChartRule:
    found = house.rulebook.measuring.find("chart_rules", ChartRules)
    if found is None:
        raise Unusable("The rules say nothing of charts: chart_rules.yaml is missing.")
    return found.named()


def _chosen(key: _Key, code: str) -> Chosen:
    area = key.house.areas.of_board(code)
    board = area.england.places.board(code)
    drawn = drawn_from(area, board.code)
    return Chosen(board.code, board.name, area.illustrative, drawn, _part(key, drawn, board.name))


def explore_own(house: House, board: str, metric: str, upto: int | None = None) -> Explored | None:
    """A board's own measure, of the board alone; None where it has none of that name that somebody has checked."""
    series = own_series(house, board, metric, upto)
    if series is None:
        return None
    area = house.areas.of_board(board)
    name = area.england.places.board(board).name
    periods = tuple(each.period for each in series.measured.values)
    chosen = Chosen(board, name, area.illustrative, board, own_part(_chart_rule(house), series, name))
    first, last = (periods[0], periods[-1]) if periods else ("", "")
    return Explored(series.measured.definition, None, periods, first, last, None, (chosen,) if periods else (), series.sources, house.england.digest)  # fmt: skip


def board_named(house: House, words: str) -> str:
    """The code of a board that was typed as its code or its name. NotHere where there is none, with the nearest."""
    wanted = words.strip().casefold()
    for area in (house.areas.england, house.areas.county):
        for code, board in area.england.places.boards.items():
            if wanted in {code.casefold(), board.name.casefold(), f"{board.name} ({code})".casefold()}:
                return code
    return house.areas.of_board(words.strip()).england.places.board(words.strip()).code
