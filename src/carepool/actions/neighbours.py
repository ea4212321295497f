"""What the plans around a plan hold: those for the same years whose boards share a board, a commissioner or a trust with it."""

from collections.abc import Iterable
from decimal import Decimal

from carepool.actions.areas import Area
from carepool.actions.house import House
from carepool.basics.money import Pence
from carepool.conditions.known import Elsewhere
from carepool.journal.documents import Document
from carepool.plans.document import Plan
from carepool.plans.versions import PlanHistory, history, read_document, stream_of
from carepool.rules.rulebook import RuleSet


def neighbours(
    house: House, found: PlanHistory, rules: RuleSet, area: Area, upto: int | None = None
) -> Elsewhere:
    """What other plans of the area hold for the same years. Only those near enough to share money or beds are opened."""
    near = [
        (each, plan)
        for each in _others(house, found.id, upto)
        if set(house.rulebook.named(each.rules).about.years) & set(rules.about.years)
        and _near(area, found.boards, each.boards)
        and (plan := _content(house, each)) is not None
    ]
    boards = tuple(board for board in found.boards if any(board in each.boards for each, _ in near))
    pledged: dict[tuple[str, str], Pence] = {}
    onto: dict[str, Decimal] = {}
    for _, plan in near:
        for row in plan.sources.sources:
            key = row.source, row.contributor
            pledged[key] = pledged.get(key, 0) + row.year_2
        for flow in plan.flows.flows:
            onto[flow.trust] = onto.get(flow.trust, Decimal(0)) + (flow.reduction or 0)
    return Elsewhere(boards, pledged, _whole(house, rules, area, upto) if pledged else {}, onto)


def _others(house: House, plan: str, upto: int | None) -> Iterable[PlanHistory]:
    for name, facts in house.journal.gather(stream_of(""), upto=upto).items():
        if name != stream_of(plan):
            found = history(facts)
            if found is not None and found.current is not None:
                yield found


def _near(area: Area, ours: tuple[str, ...], theirs: tuple[str, ...]) -> bool:
    places = area.england.places
    if not set(theirs) <= places.boards.keys():
        return False
    mine = {each.ccg for board in ours for each in places.by_board[board]}
    if set(ours) & set(theirs) or any(
        each.ccg in mine for board in theirs for each in places.by_board[board]
    ):
        return True
    return any(set(trust.boards) & set(ours) and set(trust.boards) & set(theirs) for trust in area.trusts)


def _content(house: House, found: PlanHistory) -> Plan | None:
    document = house.journal.document(found.current.document) if found.current else None
    return read_document(document.content) if isinstance(document, Document) else None


def _whole(house: House, rules: RuleSet, area: Area, upto: int | None) -> dict[tuple[str, str], Pence]:
    """All that each commissioner has of each stream, over every board."""
    whole: dict[tuple[str, str], Pence] = {}
    for stream, pairs in house.allocation(rules.name, area, upto).streams.items():
        for (ccg, _), pence in pairs.items():
            if ccg:
                whole[stream, ccg] = whole.get((stream, ccg), 0) + pence
    return whole
