"""The areas that a plan can be for: real England in one of its registers, and the illustrative county drawn from it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property

from carepool.actions.england import England
from carepool.allocation.indicative import COUNCIL, Allocation, Needs, Pairs
from carepool.basics.canonical import digest_of
from carepool.basics.money import share
from carepool.basics.refusals import Unusable, unknown
from carepool.basics.tables import read_table
from carepool.measures.admissions import Admissions, Gap
from carepool.places.bodies import NATIONAL, Body, BodyKind
from carepool.places.registers import parse_places
from carepool.rules.rulebook import RuleSet

MARK = "Illustrative county: fictitious bodies, with statistics drawn from real ones"
"""What stands on every page and download of the illustrative county."""
CCGS = "england-2015"
"""The name under which rules ask for the places of 2015, whose NHS commissioners are clinical commissioning groups."""


@dataclass(frozen=True, slots=True)
class Trust:
    """An acute trust, and the boards whose people it mostly serves."""

    code: str
    name: str
    boards: tuple[str, ...]
    beds_of: tuple[str, ...] = ()
    """The real trusts whose beds stand in for those of a fictitious one."""


@dataclass(frozen=True)
class Area:
    """Places with their statistics."""

    england: England
    illustrative: bool
    drawn_from: Mapping[str, str]
    """In the illustrative county, the real CCG or board whose figures stand in for a fictitious one."""
    trusts: tuple["Trust", ...] = ()
    """Acute trusts, where they are held."""
    register: str = CCGS
    """The name of the places that it follows, as rules write it."""

    @cached_property
    def bodies(self) -> Mapping[str, Body]:
        """Every body of the area by its id, with the national ones."""
        trusts = (Body(BodyKind.TRUST, each.code, each.name) for each in self.trusts)
        return {body.id: body for body in (*self.england.places.bodies, *trusts, *NATIONAL)}


@dataclass(frozen=True)
class Areas:
    """England in each of its registers, and the illustrative county."""

    england: Area
    """Of 2015, which has statistics of admissions."""
    county: Area
    later: Mapping[str, Area] = field(default_factory=dict)
    """Later registers of England, by the name under which rules ask for them."""

    def real(self, places: str) -> Area:
        """Real England in the register that rules ask for. Unusable for one that is not held."""
        held = {self.england.register: self.england, **self.later}
        if places not in held:
            raise Unusable(
                f"The places {places} are not held here; held are {', '.join(held)}. "
                "Load England again: carepool prepare."
            )
        return held[places]

    def holds(self, places: str) -> bool:
        """Whether the register that rules ask for is held."""
        return places in {self.england.register, *self.later}

    def of_places(self, places: str) -> tuple[Area, ...]:
        """The areas whose boards can have a plan under rules for these places, the illustrative county first."""
        return tuple(area for area in (self.county, self.real(places)) if area.register == places)

    def of_board(self, code: str, places: str = CCGS) -> Area:
        """The area that a board is in. NotHere for an unknown board, with the nearest real one.

        Unusable for a board of the illustrative county under rules for other places than it follows.
        """
        real = self.real(places)
        if code in self.county.england.places.boards:
            if self.county.register != places:
                raise Unusable(
                    f"{code} is a board of the illustrative county, which follows the places {self.county.register}; "
                    f"these rules are for {places}. Use rules for {self.county.register}, or a real board."
                )
            return self.county
        real.england.places.board(code)
        return real

    def of_boards(self, codes: Iterable[str], places: str) -> Area:
        """The one area of some boards under rules for these places.

        Unusable when real and fictitious boards are mixed, or there are none.
        """
        found = {id(area): area for area in (self.of_board(code, places) for code in codes)}
        if len(found) != 1:
            raise Unusable(
                "A plan is for boards of England or for boards of the illustrative county, not for both."
            )
        return next(iter(found.values()))

    def body(self, id: str) -> Body:
        """A body by its id. NotHere for an unknown one."""
        everywhere = (self.county, self.england, *self.later.values())
        for area in everywhere:
            if id in area.bodies:
                return area.bodies[id]
        known = [each for area in everywhere for each in area.bodies]
        raise unknown(
            "body", id, known, "Write it like council:E10000016, ccg:09C, icb:QE1 or board:E10000016."
        )


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
        Trust(
            cells["trust"],
            cells["name"],
            tuple(cells["boards"].split()),
            tuple(cells.get("beds_of", "").split()),
        )
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
