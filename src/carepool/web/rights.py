"""For which parties of a plan who is signed in may do something now."""

from carepool.actions.permits import Actor, permit
from carepool.actions.redeploying import bodies_of
from carepool.offices.delegations import Asked, delegations, may_or_let
from carepool.offices.holdings import Permit, holdings
from carepool.offices.holdings import stream_of as office_stream
from carepool.places.bodies import Body
from carepool.web.frame import PlanPage


def may(shown: PlanPage, action: str, body: str, *, own: bool = False) -> bool:
    """Whether who is signed in may do an action for a body: by an office, or unless ``own`` by a delegation."""
    if shown.account is None:
        return False
    house, account = shown.house, shown.account.id
    if own:
        return isinstance(permit(house, shown.view.rules, action, Actor(account, ""), body), Permit)

    def holds(who: str, where: str) -> bool:
        held = holdings(house.journal.read(office_stream(where)))
        return any(each.account == who and each.on(house.today) for each in held)

    facts = house.journal.read(office_stream(body))
    allowed = may_or_let(
        shown.view.rules.authorities.of(action),
        holdings(facts),
        delegations(facts),
        holds,
        account,
        body,
        house.today,
        Asked(shown.view.history.id),
    )
    return isinstance(allowed, Permit)


def bodies_for(shown: PlanPage, action: str, *, own: bool = False) -> list[Body]:
    """The parties for which who is signed in may do an action."""
    if shown.account is None:
        return []
    return [each for each in bodies_of(shown.view) if may(shown, action, each.id, own=own)]
