"""The national pot shared to CCGs and boards by the rulebook's methods; every level adds to the same total.

The true weights of 2014 were not published with the sums, so the shares are *indicative*: they show the order of
size, by a documented method that is checked against a published plan.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from carepool.basics.money import Pence, round_half_up, share
from carepool.basics.refusals import Unusable
from carepool.places.england import Places
from carepool.rules.rulebook import RuleSet
from carepool.rules.scalars import AllocationMethod

Pairs = dict[tuple[str, str], Pence]
"""Pence by (CCG, board); for money that councils receive the CCG is empty."""
COUNCIL = ""


@dataclass(frozen=True, slots=True)
class Needs:
    """The whole-number weights that streams are shared by."""

    ccg_allocation: Mapping[str, int]
    """Programme allocation of each CCG, in thousands of pounds."""
    board_need: Mapping[str, int]
    """Net adult social care spending of each board's councils, in pence: it stands for need."""


@dataclass(frozen=True)
class Allocation:
    """A set of rules' pot, shared out."""

    rules: str
    indicative: bool
    streams: Mapping[str, Pairs]
    source: str = ""
    """Where official pounds are from; empty for an indicative allocation, whose method is in the rules."""

    @property
    def total(self) -> Pence:
        """All streams together."""
        return sum(sum(pairs.values()) for pairs in self.streams.values())

    def by_stream(self, board: str) -> dict[str, Pence]:
        """A board's part of each stream."""
        return {
            stream: sum(pence for (_, b), pence in pairs.items() if b == board)
            for stream, pairs in self.streams.items()
        }

    def by_board(self) -> Mapping[str, Mapping[str, Pence]]:
        """Each board's part of each stream, boards by code."""
        return self._by_board

    @cached_property
    def _by_board(self) -> Mapping[str, Mapping[str, Pence]]:
        """The same, added up once: the payment of a board is asked for on every page of it."""
        boards: dict[str, dict[str, Pence]] = {}
        for stream, pairs in self.streams.items():
            for (_, board), pence in pairs.items():
                parts = boards.setdefault(board, dict.fromkeys(self.streams, 0))
                parts[stream] += pence
        return dict(sorted(boards.items()))

    def contributions(self, board: str | None = None) -> dict[str, Pence]:
        """What each CCG contributes, to one board or to all; CCGs by code."""
        found: dict[str, Pence] = {}
        for pairs in self.streams.values():
            for (ccg, to), pence in pairs.items():
                if ccg != COUNCIL and board in {None, to}:
                    found[ccg] = found.get(ccg, 0) + pence
        return dict(sorted(found.items()))


def allocate(rules: RuleSet, places: Places, needs: Needs) -> Allocation:
    """Share every stream of a set of rules. Unusable when the set has no composition or no methods."""
    method_of = {method.stream: method.method for method in rules.methods.methods}
    streams = {
        stream.name: METHODS[method_of[stream.name]](stream.pence, places, needs)
        for stream in rules.composition.streams
    }
    return Allocation(rules.name, rules.methods.status == "indicative", streams)


def share_of_performance(
    rules: RuleSet, allocation: Allocation, part: str = "performance"
) -> dict[str, Pence]:
    """Each board's part of the performance money, or of another part, in proportion to the stream that it is inside.

    Where the allocation holds only some of the stream (the illustrative county), so much of the money is shared.
    Unusable when the rules have no performance money in a stream.
    """
    money = rules.composition.inside(part)
    stream = next((s.pence for s in rules.composition.streams if money and s.name == money.within), None)
    if money is None or stream is None:
        raise Unusable(
            f"The composition of {rules.name} has no {part.replace('_', ' ')} money inside one of its streams."
        )
    held = {board: parts[money.within] for board, parts in allocation.by_board().items()}
    if not sum(held.values()):
        return dict.fromkeys(held, 0)
    return share(money.pence * sum(held.values()) // stream, held)


@dataclass(frozen=True, slots=True)
class HeldAgainst:
    """The method beside one published figure, in pence."""

    says: str
    boards: tuple[str, ...]
    published: Pence
    ours: Pence
    source: str

    @property
    def error(self) -> Decimal:
        """How far the method is from it, in per cent of the published figure."""
        return Decimal(self.ours - self.published) * 100 / self.published


def held_against(rules: RuleSet, allocation: Allocation) -> tuple[HeldAgainst, ...]:
    """Every published figure at hand with what the method gives for it: this is all that is known of its error."""
    boards = allocation.by_board()
    return tuple(
        HeldAgainst(
            each.says,
            each.boards,
            each.pence,
            sum(boards[board][stream] for board in each.boards for stream in each.streams),
            each.source,
        )
        for each in rules.methods.calibration
        if each.pence and all(board in boards for board in each.boards)
    )


def likely_error(held: tuple[HeldAgainst, ...]) -> str:
    """What a reader should think of an indicative share, in one sentence."""
    if not held:
        return "No published share is at hand to hold the method against, so its error is not known."
    worst = max(abs(each.error) for each in held)
    areas = len({each.boards for each in held})
    where = "all of one area" if areas == 1 else f"of {areas} areas"
    return (
        f"Where the method can be held against a published figure ({len(held)} of them, {where}) it is within "
        f"{round_half_up(worst, 1)}%. Elsewhere the error may be larger: the weights were not published."
    )


def _by_commissioner_allocation(total: Pence, places: Places, needs: Needs) -> Pairs:
    people: dict[str, dict[str, int]] = {}
    for each in places.shares:
        people.setdefault(each.ccg, {})[each.board] = each.people
    return {
        (ccg, board): pence
        for ccg, part in share(total, needs.ccg_allocation).items()
        for board, pence in share(part, people[ccg]).items()
    }


def _by_need_then_people(total: Pence, places: Places, needs: Needs) -> Pairs:
    return {
        (ccg, board): pence
        for board, part in share(total, needs.board_need).items()
        for ccg, pence in share(part, {each.ccg: each.people for each in places.by_board[board]}).items()
    }


def _by_need(total: Pence, places: Places, needs: Needs) -> Pairs:
    return {
        (COUNCIL, board): pence
        for board, pence in share(total, needs.board_need).items()
        if board in places.boards
    }


METHODS: Mapping[AllocationMethod, Callable[[Pence, Places, Needs], Pairs]] = {
    AllocationMethod.COMMISSIONER_ALLOCATION: _by_commissioner_allocation,
    AllocationMethod.NEED_THEN_PEOPLE: _by_need_then_people,
    AllocationMethod.NEED: _by_need,
}
