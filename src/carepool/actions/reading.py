"""Who may read a plan that is not public: whoever holds an office in a body that it concerns."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from carepool.actions.house import House
from carepool.actions.permits import offices_in, offices_of, partners
from carepool.actions.planning import all_plans, area_of, content_of, no_plan, read_history
from carepool.actions.standings import signed_off_plans, signed_off_version
from carepool.basics.refusals import NotHere, Unusable
from carepool.places.bodies import NATIONAL, BodyKind, body_id
from carepool.plans.versions import PlanHistory


def bodies_concerned(house: House, found: PlanHistory) -> Iterator[str]:
    """The bodies whose office holders may read a plan.

    Its boards, the councils and NHS commissioners of its boards, the trusts of its boards, the national bodies that
    judge it, and the parties that its current version names. Those come last, since its content has to be opened for them.
    """
    area = area_of(house, found)
    yield from (each.id for each in NATIONAL)
    yield from (body_id(BodyKind.BOARD, code) for code in found.boards)
    yield from (each.id for each in partners(found, area))
    yield from (
        body_id(BodyKind.TRUST, each.code) for each in area.trusts if set(found.boards) & set(each.boards)
    )
    if found.current is None:
        return
    try:
        parties = content_of(house, found.current).parties
    except Unusable:  # withdrawn: nobody can tell any more whom it named
        return
    yield from (body_id(BodyKind.BOARD, code) for code in parties.boards)
    yield from (each.id for each in partners(found, area, parties))


def may_read(house: House, account: str, found: PlanHistory) -> bool:
    """Whether an account may read a plan today: it holds some office in a body that the plan concerns."""
    return any(offices_in(house, account, bodies_concerned(house, found)))


def readable(house: House, account: str | None, plans: tuple[PlanHistory, ...]) -> tuple[PlanHistory, ...]:
    """Those of some plans that an account may read; none for nobody."""
    return concerning(house, {each.body for each in offices_of(house, account)}, plans) if account else ()


def concerning(
    house: House, bodies: AbstractSet[str], plans: tuple[PlanHistory, ...]
) -> tuple[PlanHistory, ...]:
    """Those of some plans that concern any of some bodies."""
    return tuple(
        each for each in plans if bodies and any(one in bodies for one in bodies_concerned(house, each))
    )


def check_may_read(house: House, account: str, plan: str, *, then: bool = False) -> None:
    """NotHere, in the words of a plan that does not exist, where an account may not read it.

    ``then``: it is asked for as at an earlier instant, which those words say.
    """
    try:
        mine = may_read(house, account, read_history(house, plan))
    except NotHere:
        mine = False
    if not mine:
        raise no_plan(plan, then=then)


class Listed(NamedTuple):
    """A plan as it may be named to somebody: as one of theirs, as a public one, or as both."""

    history: PlanHistory
    mine: bool
    public: bool


def listed(
    house: House, account: str | None, plans: tuple[PlanHistory, ...], upto: int | None = None
) -> tuple[Listed, ...]:
    """Those of some plans whose existence an account, or nobody, may know: its own, and those signed off by then."""
    mine = {each.id for each in readable(house, account, plans)}
    public = signed_off_plans(house, upto)
    each_of = (Listed(each, each.id in mine, each.id in public) for each in plans)
    return tuple(each for each in each_of if each.mine or each.public)


def known_plans(house: House, account: str | None, upto: int | None = None) -> tuple[Listed, ...]:
    """All plans whose existence an account, or nobody, may know."""
    return listed(house, account, all_plans(house, upto), upto)


def is_public(house: House, plan: str, upto: int | None = None) -> bool:
    """Whether ministers have signed a version of a plan off, so that it has a public page."""
    return signed_off_version(house, plan, upto) is not None
