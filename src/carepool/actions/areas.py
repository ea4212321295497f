"""The two areas that a plan can be for: real England, and the illustrative county, whose statistics are drawn from it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from carepool.actions.england import England
from carepool.allocation.indicative import COUNCIL, Allocation, Needs, Pairs
from carepool.basics.canonical import digest_of
from carepool.basics.money import share
from carepool.basics.refusals import Unusable, unknown
from carepool.basics.tables import read_table
from carepool.measures.admissions import Admissions, Gap
from carepool.places.bodies import NATIONAL, Body, bodies_of
from carepool.places.registers import parse_places
from carepool.rules.rulebook import RuleSet

MARK = "Illustrative county: fictitious bodies, with statistics drawn from real ones"
"""What stands on every page and download of the illustrative county."""


@dataclass(frozen=True, slots=True)
class Trust:
    """An acute trust, and the boards whose people it mostly serves."""

    code: str
    name: str
    boards: tuple[str, ...]


@dataclass(frozen=True)
class Area:
    """Places with their statistics."""

    england: England
    illustrative: bool
    drawn_from: Mapping[str, str]
    """In the illustrative county, the real CCG or board whose figures stand in for a fictitious one."""
    trusts: tuple["Trust", ...] = ()
    """Acute trusts, where they are held."""

    @cached_property
    def bodies(self) -> Mapping[str, Body]:
        """Every body of the area by its id, with the national ones."""
        return {body.id: body for body in (*bodies_of(self.england.places), *NATIONAL)}


@dataclass(frozen=True)
class Areas:
    """England and the illustrative county together."""

    england: Area
    county: Area

    def of_board(self, code: str) -> Area:
        """The area that a board is in. NotHere for an unknown board, with the nearest real one."""
        if code in self.county.england.places.boards:
            return self.county
        self.england.england.places.board(code)
        return self.england

    def of_boards(self, codes: Iterable[str]) -> Area:
        """The one area of some boards. Unusable when real and fictitious ones are mixed, or there are none."""
        found = {id(area): area for area in map(self.of_board, codes)}
        if len(found) != 1:
            raise Unusable(
                "A plan is for boards of England or for boards of the illustrative county, not for both."
            )
        return next(iter(found.values()))

    def body(self, id: str) -> Body:  # noqa: A002  (what everyone calls it)
        """A body by its id. NotHere for an unknown one."""
        for area in (self.county, self.england):
            if id in area.bodies:
                return area.bodies[id]
        known = [*self.county.bodies, *self.england.bodies]
        raise unknown("body", id, known, "Write it like council:E10000016, ccg:09C or board:E10000016.")


def read_county(files: Mapping[str, bytes], england: England) -> Area:
    """The illustrative county: its own registers, its admissions those of the real CCGs that they are drawn from."""
    places, findings = parse_places(files)
    if findings:
        raise Unusable(findings[0].says)
    drawn = {
        cells["body"]: cells["real"]
        for _, cells in read_table("drawn_from.csv", files["drawn_from.csv"], ["body", "real"])
    }
    real = england.admissions
    ccgs = {share.ccg for share in places.shares}
    monthly: dict[str, Mapping[str, Decimal]] = {ccg: real.monthly[drawn[ccg]] for ccg in sorted(ccgs)}
    gaps: tuple[Gap, ...] = tuple(
        replace(gap, commissioner=ccg)
        for gap in real.gaps
        for ccg in sorted(ccgs)
        if drawn[ccg] == gap.commissioner
    )
    admissions = Admissions(monthly, real.published, gaps, places)
    trusts = tuple(
        Trust(cells["trust"], cells["name"], tuple(cells["boards"].split()))
        for _, cells in read_table("trusts.csv", files["trusts.csv"], ["trust", "name", "boards"])
    )
    digest = digest_of("county", 1, {"england": england.digest, "drawn_from": drawn})
    return Area(
        England(places, admissions, Needs({}, {}), (), england.sources, (), digest), True, drawn, trusts
    )


def allocation_of_county(county: Area, rules: RuleSet, real: Allocation) -> Allocation:
    """The county's part of the pot: what the real CCGs and boards have that its bodies are drawn from."""
    places = county.england.places
    people: dict[str, dict[str, int]] = {}
    for each in places.shares:
        people.setdefault(each.ccg, {})[each.board] = each.people
    streams: dict[str, Pairs] = {}
    for stream in rules.composition.streams:
        pairs = real.streams[stream.name]
        if stream.received_by == "ccg":
            of_ccg = {
                ccg: sum(pence for (code, _), pence in pairs.items() if code == county.drawn_from[ccg])
                for ccg in people
            }
            streams[stream.name] = {
                (ccg, board): pence
                for ccg, whole in of_ccg.items()
                for board, pence in share(whole, people[ccg]).items()
            }
        else:
            streams[stream.name] = {
                (COUNCIL, board): pairs[COUNCIL, county.drawn_from[board]] for board in places.boards
            }
    return Allocation(rules.name, True, streams)
