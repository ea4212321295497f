"""Who asks, and whether they may: offices that an account holds, and the bodies whose offices count for a plan."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from carepool.actions.areas import Area
from carepool.actions.house import House
from carepool.basics.refusals import Refused
from carepool.offices.holdings import Holding, Permit, holdings, may
from carepool.offices.holdings import stream_of as office_stream
from carepool.places.bodies import Body, BodyKind, body_id
from carepool.plans.document import Parties
from carepool.plans.versions import PlanHistory
from carepool.rules.rulebook import RuleSet


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks, and the key under which this request is carried out once."""

    account: str
    key: str
    name: str = ""
    """As it stands in what is signed."""


def permit(house: House, rules: RuleSet, action: str, actor: Actor, body: str) -> Permit | Refused:
    """Whether an account may do an action in a body's name today."""
    held = holdings(house.journal.read(office_stream(body)))
    return may(rules.authorities.of(action), held, actor.account, body, house.today)


def offices_of(house: House, account: str, upto: int | None = None) -> tuple[Holding, ...]:
    """Every office that an account holds today, in any body."""
    return tuple(
        each
        for facts in house.journal.gather(office_stream(""), upto=upto).values()
        for each in holdings(facts)
        if each.account == account and each.on(house.today)
    )


def offices_to_end(house: House, account: str) -> tuple[tuple[str, str], ...]:
    """The bodies and offices that an account holds today or is to hold, each once."""
    yesterday = house.today - timedelta(days=1)
    return tuple(
        dict.fromkeys(
            (each.body, each.office)
            for facts in house.journal.gather(office_stream("")).values()
            for each in holdings(facts)
            if each.account == account and each.after(yesterday)
        )
    )


def offices_in(house: House, account: str, bodies: Iterable[str]) -> Iterator[Holding]:
    """The offices that an account holds today in some bodies, body by body."""
    for body in bodies:
        for each in holdings(house.journal.read(office_stream(body))):
            if each.account == account and each.on(house.today):
                yield each


def partners(history: PlanHistory, area: Area, parties: Parties | None = None) -> tuple[Body, ...]:
    """The councils and NHS commissioners whose leads may edit a plan: those of its boards, and those that it names."""
    places = area.england.places
    codes = [body_id(BodyKind.COUNCIL, c.code) for b in history.boards for c in places.boards[b].councils]
    codes += [body_id(places.commissioner, each.ccg) for b in history.boards for each in places.by_board[b]]
    if parties:
        codes += [body_id(BodyKind.COUNCIL, code) for code in parties.councils]
        codes += [body_id(places.commissioner, code) for code in parties.ccgs]
    return tuple(area.bodies[each] for each in dict.fromkeys(codes) if each in area.bodies)


def editing_for(
    house: House, rules: RuleSet, actor: Actor, bodies: Iterable[Body]
) -> Permit | Refused | None:
    """The permit of any of the bodies; else a refusal, that of an office which has ended before any other."""
    refusal: Refused | None = None
    for body in bodies:
        answer = permit(house, rules, "edit_plan", actor, body.id)
        if isinstance(answer, Permit):
            return answer
        if refusal is None or (answer.ended and not refusal.ended):
            refusal = answer
    return refusal
