"""Money that changes its destination: only as a contingency of the agreed plan says, or as NHS England directs."""

from collections.abc import Iterable
from dataclasses import dataclass

from carepool.basics.canonical import Digest
from carepool.basics.money import Pence, in_pounds
from carepool.basics.refusals import Refused
from carepool.basics.words import blank
from carepool.places.bodies import Body
from carepool.plans.sections import Contingency
from carepool.signoff.decisions import Redeployed


@dataclass(frozen=True, slots=True)
class Direction:
    """What NHS England directs: under which power, how much, and to whom."""

    signed: Digest
    """Its words."""
    power: str
    pence: Pence
    destination: str


def decider_of(contingency: Contingency, bodies: Iterable[Body]) -> Body | None:
    """The body that a contingency names as who decides, by its name, code or id; None where it names none of the plan's."""
    named = " ".join(contingency.decider.split()).casefold()
    found = [
        each for each in bodies if named in {each.name.casefold(), each.code.casefold(), each.id.casefold()}
    ]
    return found[0] if len(found) == 1 else None


def may_redeploy(
    contingency: Contingency,
    number: int,
    pence: Pence,
    destination: str,
    body: str,
    decider: Body | None,
    earlier: Iterable[Redeployed],
) -> Refused | None:
    """Whether a body may redeploy money by a contingency: the plan's decider, its amount and its destination, no others."""
    if decider is None:
        return Refused(
            f"The contingency names “{contingency.decider or 'nobody'}” as who decides, which is no body of the plan. "
            "Save a version that names one of them, and have it agreed."
        )
    if decider.id != body:
        return Refused(f"By this contingency {decider.name} decides, and no other body.")
    if contingency.pence is None or blank(contingency.destination):
        return Refused(
            "The contingency does not say how much goes where, so nothing can be redeployed by it. "
            "Save a version that says both, and have it agreed."
        )
    if " ".join(destination.split()).casefold() != " ".join(contingency.destination.split()).casefold():
        return Refused(
            f"By this contingency the money goes to “{contingency.destination}”, and nowhere else. Only a direction by "
            "NHS England can name another destination."
        )
    left = contingency.pence - sum(each.pence for each in earlier if each.contingency == number)
    if pence <= 0:
        return Refused("Write how much is redeployed: an amount above zero.")
    if pence > left:
        return Refused(
            f"{in_pounds(pence)} is more than the {in_pounds(left)} that is left of this contingency's "
            f"{in_pounds(contingency.pence)}."
        )
    return None


def may_follow(
    direction: Direction, pence: Pence, destination: str, earlier: Iterable[Redeployed]
) -> Refused | None:
    """Whether money may be redeployed by a direction: what it names, and no more."""
    if " ".join(destination.split()).casefold() != " ".join(direction.destination.split()).casefold():
        return Refused(f"The direction sends the money to “{direction.destination}”, and nowhere else.")
    left = direction.pence - sum(each.pence for each in earlier if each.direction == direction.signed)
    if not 0 < pence <= left:
        return Refused(
            f"{in_pounds(pence)} is not within the {in_pounds(left)} that is left of the direction."
        )
    return None
