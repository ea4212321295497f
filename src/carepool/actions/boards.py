"""What is known of one board: its bodies and shares, its part of the pot, its admissions, and its what-if year."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from carepool.actions.house import House
from carepool.actions.nation import BoardYear, Nation, by_code
from carepool.allocation.indicative import held_against, likely_error
from carepool.basics.money import Pence
from carepool.basics.periods import Quarter, quarters_between
from carepool.basics.refusals import Unusable
from carepool.measures.admissions import Observation
from carepool.places.england import LAST_DAY, Board, Ccg, Share


@dataclass(frozen=True, slots=True)
class Members:
    """A board with its CCGs on a day."""

    board: Board
    on: date
    ccgs: tuple[tuple[Ccg, Share], ...]


@dataclass(frozen=True, slots=True)
class BoardPage:
    """Everything that a board's page answers with."""

    members: Members
    observations: tuple[Observation, ...]
    streams: Mapping[str, Pence]
    contributions: Mapping[str, Pence]
    nation: Nation
    year: BoardYear
    illustrative: bool = False
    """Whether the board is a fictitious one."""
    official: str = ""
    """Where the official pounds are from that its part of the pot rests on; empty where it is indicative."""
    likely_error: str = ""
    """What a reader should think of an indicative part."""


def members(house: House, on: date = LAST_DAY) -> tuple[Members, ...]:
    """Every board with its CCGs on a day. Unusable outside the dates held."""
    places = house.england.places
    by_board: dict[str, list[tuple[Ccg, Share]]] = {code: [] for code in places.boards}
    for share in places.shares_on(on):
        by_board[share.board].append((places.ccgs[share.ccg], share))
    return tuple(
        Members(board, on, tuple(sorted(by_board[code], key=lambda pair: pair[0].code)))
        for code, board in places.boards.items()
    )


def members_of(house: House, code: str, on: date = LAST_DAY) -> Members:
    """One board with its CCGs on a day. NotHere for an unknown board."""
    places = house.areas.of_board(code).england.places
    board = places.board(code)
    shares = [share for share in places.shares_on(on) if share.board == board.code]
    return Members(
        board, on, tuple(sorted(((places.ccgs[s.ccg], s) for s in shares), key=lambda pair: pair[0].code))
    )


def observations(house: House, code: str, first: Quarter, last: Quarter) -> tuple[Observation, ...]:
    """A board's admissions from one quarter to another. Unusable outside the quarters held, or the wrong way round."""
    england = house.areas.of_board(code).england
    board = england.places.board(code)
    if last < first:
        raise Unusable(f"{first} is after {last}. Give the earlier quarter first.")
    # Both ends first: a range over a thousand years is refused before it is walked.
    for end in (first, last):
        england.admissions.of_board(board.code, end)
    return tuple(
        england.admissions.of_board(board.code, quarter) for quarter in quarters_between(first, last)
    )


def board_page(house: House, code: str, rules: str, ambition: Decimal, as_at: date | None) -> BoardPage:
    """A board's page. NotHere for an unknown board; Unusable as for the nation."""
    found = members_of(house, code)
    board = found.board
    area = house.areas.of_board(board.code)
    answer = house.nation(rules, ambition, as_at, area)
    allocation = house.allocation(rules, area)
    seen = observations(house, board.code, Quarter(2013, 1), Quarter(2015, 4))
    if as_at is not None:
        published = area.england.admissions.known_by(as_at)
        seen = tuple(each for each in seen if each.quarter in published)
    return BoardPage(
        found,
        seen,
        allocation.by_stream(board.code),
        allocation.contributions(board.code),
        answer,
        by_code(answer)[board.code],
        area.illustrative,
        allocation.source,
        ""
        if allocation.source or area.illustrative
        else likely_error(held_against(answer.rules, allocation)),
    )
