"""England's boards, councils and NHS commissioners in one register, and how many of whose people live where."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from types import MappingProxyType

from carepool.basics.periods import in_words
from carepool.basics.refusals import NotHere, Unusable, unknown
from carepool.places.bodies import Body, BodyKind

FIRST_DAY = date(2013, 4, 1)
"""Clinical commissioning groups began; before it, 152 primary care trusts with no map to boards at hand."""
LAST_DAY = date(2016, 3, 31)
"""The last day that the dated registers at hand describe."""
LISTED = "England's page, and the command “carepool boards”, list all 150."
"""Where the boards of 2015 can be looked up."""


@dataclass(frozen=True, slots=True)
class Council:
    """An upper-tier or unitary council, by its ONS code."""

    code: str
    name: str
    board: str
    kind: str
    cassr: str
    """Its number in adult social care returns; empty where none is held."""
    people: int
    districts: tuple[str, ...] = ()
    """Names of its district councils, in a county."""


@dataclass(frozen=True, slots=True)
class Ccg:
    """An NHS commissioner by its three-character ODS code: a clinical commissioning group, or since 2022 an ICB."""

    code: str
    name: str
    opened: date
    closed: date | None
    successor: str | None = None

    def open_on(self, day: date) -> bool:
        """Whether it existed on the day."""
        return self.opened <= day and (self.closed is None or day <= self.closed)


@dataclass(frozen=True, slots=True)
class Share:
    """The people of one NHS commissioner, a CCG or an ICB, who live in one board's area."""

    ccg: str
    """The commissioner's code, whichever kind it is."""
    board: str
    people: int
    """As the register counts them: residents of mid-2017 on 2015 boundaries, or patients of 2024-25."""
    of_ccg: int
    """All the people of the commissioner, so that people / of_ccg is the board's share of it."""


@dataclass(frozen=True, slots=True)
class Board:
    """A Health and Wellbeing Board's area: one council, or two for the two joint boards."""

    code: str
    name: str
    councils: tuple[Council, ...]
    region: str
    region_name: str

    @property
    def people(self) -> int:
        """Its people, as the register counts them."""
        return sum(council.people for council in self.councils)


@dataclass(frozen=True)
class Places:
    """Every board, council and NHS commissioner of one register of England; those of 2013 to 2016 have dates."""

    boards: Mapping[str, Board]
    ccgs: Mapping[str, Ccg]
    shares: tuple[Share, ...]
    """Of the CCGs of 1 April 2015; this is what money and admissions are apportioned by, at any date."""
    earlier_shares: tuple[Share, ...] = ()
    """Of the CCGs that became another: each lay whole in one board. Its own people are not held, so the
    number is that of all who were joined there; only the share, which is 1, means anything."""
    successors: Mapping[str, str] = field(default_factory=dict)
    """Code of a CCG that closed, to the one that took its people."""
    commissioner: BodyKind = BodyKind.CCG
    """Which kind of NHS commissioner ``ccgs`` and ``shares`` are of."""
    listed: str = LISTED
    """Where a reader finds all the boards, in a sentence."""

    @cached_property
    def by_board(self) -> Mapping[str, tuple[Share, ...]]:
        """The shares of each board, in order of CCG code."""
        found: dict[str, list[Share]] = {code: [] for code in self.boards}
        for share in self.shares:
            found[share.board].append(share)
        return MappingProxyType({code: tuple(shares) for code, shares in found.items()})

    @cached_property
    def council_boards(self) -> Mapping[str, str]:
        """The board of each council."""
        return {council.code: board.code for board in self.boards.values() for council in board.councils}

    def board(self, code: str) -> Board:
        """The board of that code. NotHere otherwise, with the board's own code for a council in a joint board."""
        wanted = code.strip()
        if wanted in self.boards:
            return self.boards[wanted]
        joint = self.council_boards.get(wanted)
        if joint:
            board = self.boards[joint]
            council = next(each for each in board.councils if each.code == wanted)
            raise NotHere(
                f"{wanted} is the council of {council.name}, which shares the board of {board.name}. Use the board's code, {joint}."
            )
        names = {board.name: board.code for board in self.boards.values()}
        if wanted.casefold() in {name.casefold() for name in names}:
            code = next(code for name, code in names.items() if name.casefold() == wanted.casefold())
            raise NotHere(f"“{wanted}” is a name. Use the board's code, {code}.")
        raise unknown(
            "board",
            wanted,
            [*self.boards, *names],
            self.listed,
        )

    @property
    def bodies(self) -> tuple[Body, ...]:
        """Every council, NHS commissioner and board; of the CCGs those of April 2015."""
        current = {share.ccg for share in self.shares}
        return (
            *(
                Body(BodyKind.COUNCIL, council.code, f"{council.name} council")
                for board in self.boards.values()
                for council in board.councils
            ),
            *(Body(self.commissioner, code, self.ccgs[code].name) for code in sorted(current)),
            *(
                Body(BodyKind.BOARD, board.code, f"{board.name} Health and Wellbeing Board")
                for board in self.boards.values()
            ),
        )

    def shares_on(self, day: date) -> tuple[Share, ...]:
        """The CCG and board pairs that existed on a day. Unusable outside the dates held."""
        check_held(day)
        open_ccgs = {ccg.code for ccg in self.ccgs.values() if ccg.open_on(day)}
        return tuple(share for share in (*self.shares, *self.earlier_shares) if share.ccg in open_ccgs)

    def ccgs_on(self, day: date) -> tuple[Ccg, ...]:
        """The CCGs that existed on a day, by code. Unusable outside the dates held."""
        check_held(day)
        return tuple(ccg for _, ccg in sorted(self.ccgs.items()) if ccg.open_on(day))


def check_held(day: date) -> None:
    """Unusable for a day outside the registers, saying which days they cover and why they begin there."""
    if day < FIRST_DAY:
        raise Unusable(
            f"Boards and CCGs are held from {in_words(FIRST_DAY)}; {in_words(day)} is before it. "
            "Until then there were primary care trusts, with no map to boards: only England's totals are kept."
        )
    if day > LAST_DAY:
        raise Unusable(
            f"Boards and CCGs are held to {in_words(LAST_DAY)}; {in_words(day)} is after it. Ask for a day up to then."
        )
