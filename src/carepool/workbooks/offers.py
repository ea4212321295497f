"""What a code in a plan may be, with its name: what drop-downs offer and the sheet of codes explains."""

from collections.abc import Mapping

from carepool.actions.areas import Area
from carepool.places.bodies import BodyKind
from carepool.plans.document import Plan
from carepool.rules.rulebook import RuleSet
from carepool.rules.schema import Metrics

Offers = Mapping[str, Mapping[str, str]]
"""By what a code is of (``partners``, ``streams``): each code with its name."""

HEADINGS = {
    "boards": "Health and Wellbeing Boards", "councils": "Councils", "commissioners": "NHS commissioners",
    "partners": "Partners", "streams": "Which money", "conditions": "National conditions", "metrics": "Metrics",
    "trusts": "Acute trusts",
}  # fmt: skip


def offers(rules: RuleSet, area: Area, plan: Plan) -> Offers:
    """What codes may be under these rules, for the boards and parties of this plan. Schemes are the plan's own."""
    places = area.england.places
    names = {(body.kind, body.code): body.name for body in area.bodies.values()}

    def named(kind: BodyKind, codes: tuple[str, ...]) -> dict[str, str]:
        return {code: names.get((kind, code), "") for code in dict.fromkeys(codes)}

    boards = [places.boards[code] for code in plan.parties.boards if code in places.boards]
    councils = named(BodyKind.COUNCIL, (*plan.parties.councils, *(c.code for b in boards for c in b.councils)))  # fmt: skip
    nearby = (each.ccg for board in boards for each in places.by_board[board.code])
    commissioners = named(places.commissioner, (*plan.parties.ccgs, *nearby))
    metrics = rules.find("metrics", Metrics)
    streams = {each.name: each.says for each in rules.composition.streams}
    found = {
        "boards": named(BodyKind.BOARD, plan.parties.boards),
        "councils": councils,
        "commissioners": commissioners,
        "partners": councils | commissioners,
        "streams": {**streams, "additional": "Added of a party's own accord"},
        "conditions": {each.id: each.title for each in rules.conditions.conditions},
        "metrics": {each.id: each.title for each in metrics.metrics} if metrics else {},
        "trusts": {trust.code: trust.name for trust in area.trusts},
    }
    return {name: codes for name, codes in found.items() if codes}
