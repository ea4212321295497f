"""Who may read a plan that is not public: whoever holds an office in a body that it concerns."""

from collections.abc import Iterator

from carepool.actions.house import House
from carepool.actions.permits import partners
from carepool.actions.planning import area_of, content_of
from carepool.actions.standings import signed_off_version
from carepool.basics.refusals import NotHere, Unusable
from carepool.offices.holdings import holdings, stream_of
from carepool.places.bodies import NATIONAL, BodyKind, body_id
from carepool.plans.versions import PlanHistory, history
from carepool.plans.versions import stream_of as plan_stream


def bodies_concerned(house: House, found: PlanHistory) -> tuple[str, ...]:
    """The bodies whose office holders may read a plan.

    Its boards, the councils and NHS commissioners of its boards and those that it names, the trusts of its boards, and
    the national bodies that judge it.
    """
    area = area_of(house, found)
    try:
        parties = content_of(house, found.current).parties if found.current else None
    except Unusable:
        parties = None
    boards = dict.fromkeys((*found.boards, *(parties.boards if parties else ())))
    return tuple(
        dict.fromkeys(
            [
                *(each.id for each in partners(found, area, parties)),
                *(body_id(BodyKind.BOARD, code) for code in boards),
                *(
                    body_id(BodyKind.TRUST, each.code)
                    for each in area.trusts
                    if boards.keys() & set(each.boards)
                ),
                *(each.id for each in NATIONAL),
            ]
        )
    )


def may_read(house: House, account: str, found: PlanHistory) -> bool:
    """Whether an account may read a plan today: it holds some office in a body that the plan concerns."""
    return any(
        each.account == account and each.on(house.today)
        for body in bodies_concerned(house, found)
        for each in holdings(house.journal.read(stream_of(body)))
    )


def check_may_read(house: House, account: str, plan: str, *, then: bool = False) -> None:
    """NotHere, in the words of a plan that does not exist, where an account may not read it.

    ``then``: it is asked for as at an earlier instant, which those words say.
    """
    try:
        found = history(house.journal.read(plan_stream(plan)))
    except Unusable:
        found = None
    if found is None or not may_read(house, account, found):
        raise no_plan(plan, then=then)


def no_plan(plan: str, *, then: bool = False) -> NotHere:
    """That there is no such plan: the same for one that does not exist and for one that is not one's to read."""
    return NotHere(
        f"There is no plan “{plan}”{' at that time' if then else ''}. The list of plans has its address."
    )


def is_public(house: House, plan: str, upto: int | None = None) -> bool:
    """Whether ministers have signed a version of a plan off, so that it has a public page."""
    return signed_off_version(house, plan, upto) is not None


def readable(house: House, account: str | None, plans: tuple[PlanHistory, ...]) -> Iterator[PlanHistory]:
    """Those of some plans that an account may read; none for nobody."""
    for each in plans:
        if account is not None and may_read(house, account, each):
            yield each
