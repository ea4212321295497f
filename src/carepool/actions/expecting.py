"""What a plan is checked against: its boards' members, what they are to put in, and the published baseline."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from carepool.actions.areas import Area
from carepool.actions.house import House
from carepool.allocation.indicative import share_of_performance
from carepool.basics.money import Pence, share
from carepool.basics.periods import Quarter
from carepool.conditions.known import Expected, Known
from carepool.measures.admissions import Flag
from carepool.places.bodies import BodyKind
from carepool.plans.document import Parties
from carepool.rules.rulebook import RuleSet
from carepool.signoff.standing import Own


def published_baseline(
    rules: RuleSet, area: Area, boards: tuple[str, ...]
) -> tuple[dict[Quarter, Decimal], frozenset[Quarter]]:
    """The published baseline of some boards by quarter, and the quarters that rest on an incomplete return.

    Empty where the rules pay nothing by admissions, and so ask for none.
    """
    found: dict[Quarter, Decimal] = {}
    flagged: set[Quarter] = set()
    for quarter in rules.release.baseline_quarters if rules.pays else ():
        seen = [area.england.admissions.of_board(board, quarter) for board in boards]
        found[quarter] = sum((each.count for each in seen), Decimal(0))
        if any(Flag.INCOMPLETE in each.flags for each in seen):
            flagged.add(quarter)
    return found, frozenset(flagged)


def known_for(
    house: House,
    rules: RuleSet,
    area: Area,
    parties: Parties,
    upto: int | None = None,
    on: date | None = None,
    started_for: tuple[str, ...] = (),
) -> Known:
    """What a plan with these parties, started for some boards, is checked against, now or at a position."""
    places = area.england.places
    boards = tuple(code for code in parties.boards if code in places.boards)
    by_kind: dict[str, set[str]] = {kind: set() for kind in BodyKind}
    for body in area.bodies.values():
        by_kind[body.kind].add(body.code)
    members = {
        code: (
            tuple(council.code for council in places.boards[code].councils),
            tuple(each.ccg for each in places.by_board[code]),
        )
        for code in boards
    }
    baseline, flagged = published_baseline(rules, area, boards)
    return Known(
        rules,
        {kind: frozenset(codes) for kind, codes in by_kind.items()},
        members,
        expected_contributions(house, rules, area, boards, upto),
        baseline,
        flagged,
        people_of(area, parties),
        places.commissioner,
        on or house.today,
        share_for(house, rules, area, boards, upto),
        {trust.code: trust.name for trust in area.trusts},
        own=own_of(area, started_for),
    )


def share_for(
    house: House, rules: RuleSet, area: Area, boards: tuple[str, ...], upto: int | None = None
) -> Pence | None:
    """Some boards' share of the performance money; None where the rules have none."""
    if not rules.pays or rules.composition.inside("performance") is None:
        return None
    shares = share_of_performance(rules, house.allocation(rules.name, area, upto))
    return sum(shares.get(board, 0) for board in boards)


def people_of(area: Area, parties: Parties) -> dict[str, int]:
    """The people of each contributing NHS commissioner who live in a plan's boards."""
    return {code: people for code, people in residents(area, parties.boards).items() if code in parties.ccgs}


def residents(area: Area, boards: Iterable[str]) -> dict[str, int]:
    """The people of each NHS commissioner who live in some boards, party to a plan or not."""
    places = area.england.places
    found: dict[str, int] = {}
    for board in boards:
        for each in places.by_board.get(board, ()):
            found[each.ccg] = found.get(each.ccg, 0) + each.people
    return found


def own_of(area: Area, boards: Iterable[str]) -> Own:
    """The boards that a plan was started for, with their councils and the people of each NHS commissioner there."""
    places = area.england.places
    held = [code for code in boards if code in places.boards]
    return Own(
        {code: tuple(council.code for council in places.boards[code].councils) for code in held},
        {code: {each.ccg: each.people for each in places.by_board[code]} for code in held},
    )


def expected_contributions(
    house: House, rules: RuleSet, area: Area, boards: tuple[str, ...], upto: int | None = None
) -> Expected:
    """What is expected of each (stream, contributor) for some boards; a joint board's capital is split by residents."""
    allocation = house.allocation(rules.name, area, upto)
    expected: dict[tuple[str, str], Pence] = {}
    for stream, pairs in allocation.streams.items():
        for (ccg, board), pence in pairs.items():
            if board not in boards:
                continue
            if ccg:
                parts = {ccg: pence}
            else:
                councils = area.england.places.boards[board].councils
                parts = share(pence, {council.code: max(council.people, 1) for council in councils})
            for contributor, part in parts.items():
                expected[stream, contributor] = expected.get((stream, contributor), 0) + part
    return Expected(expected, "" if allocation.indicative else allocation.source)
