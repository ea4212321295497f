"""What is asked of measures: a measure of a board with its values, doubts, source and vintage, and the list of all."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from carepool.actions.areas import MARK, Area
from carepool.actions.england import England, Source
from carepool.actions.house import House
from carepool.basics.canonical import Digest
from carepool.basics.refusals import Unusable
from carepool.measures.observing import NATION, Held, Measured, measure
from carepool.measures.statistics import FILES, Statistics, blocking, parse_statistics
from carepool.rules.measuring import Alarms, Definition

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
    drawn = _drawn(area, wanted) if area else wanted
    found = measure(definition, drawn, held(house))
    if as_at is not None:
        found = replace(
            found,
            values=tuple(
                each for each in found.values if each.published is not None and each.published <= as_at
            ),
            rests_on=(*found.rests_on, REVISED),
        )
    name = "England" if area is None else area.england.places.board(wanted).name
    if area and area.illustrative:
        found = replace(found, rests_on=(f"{MARK}.", *found.rests_on))
    return Answer(
        found, wanted, name, tuple(about[each] for each in found.files), house.england.digest, families,
        bool(area and area.illustrative),
    )  # fmt: skip


def _drawn(area: Area, board: str) -> str:
    """The real board whose figures a board has: its own, or that which a fictitious one is drawn from."""
    drawn: Mapping[str, str] = area.drawn_from
    return drawn[board] if area.illustrative else area.england.places.board(board).code
