"""A body declares that money changes its destination, as a contingency of the agreed plan or a direction says."""

from collections.abc import Sequence
from dataclasses import replace

from carepool.actions.house import House
from carepool.actions.permits import Actor
from carepool.actions.planning import PlanView, content_of, view
from carepool.actions.signing import Seen, Signed, Signing, sign
from carepool.actions.standings import name_of, signed_off_version, standing_of
from carepool.assurance.facts import stream_of as assurance_stream
from carepool.assurance.record import record_of
from carepool.basics.money import Pence, in_pounds
from carepool.basics.refusals import NotHere, Refused, Unusable
from carepool.basics.words import blank
from carepool.journal.facts import Fact, NewFact
from carepool.places.bodies import Body
from carepool.plans.sections import Contingency
from carepool.plans.versions import Version
from carepool.signoff.decisions import Redeployed, Said
from carepool.signoff.facts import redeploy
from carepool.signoff.redeployment import Direction, decider_of, may_follow, may_redeploy


def agreed_version(house: House, found: PlanView) -> Version | None:
    """The version whose contingencies bind: the current one where all have agreed to it, else the one last signed off."""
    now = standing_of(house, found)
    if now.agreed:
        return now.version
    reached = signed_off_version(house, found.history.id)
    return found.history.with_digest(reached.digest) if reached else None


def contingencies_of(house: House, found: PlanView) -> tuple[Version | None, Sequence[Contingency]]:
    """The contingencies that money can be redeployed by now, with the version that they are of."""
    version = agreed_version(house, found)
    return version, content_of(house, version).risks.contingencies if version else ()


def bodies_of(found: PlanView) -> tuple[Body, ...]:
    """The parties of a plan as bodies."""
    parties, bodies = found.plan.parties, found.area.bodies
    ids = [f"council:{each}" for each in parties.councils]
    ids += [f"{found.area.england.places.commissioner}:{each}" for each in parties.ccgs]
    ids += [f"board:{each}" for each in parties.boards]
    return tuple(bodies[each] for each in ids if each in bodies)


def _moved(
    house: House, found: PlanView, heard: Said, all_now: Sequence[Contingency], number: int
) -> list[Redeployed]:
    """What was redeployed by one contingency of those that bind before, in whichever version it stood then, as if by its number now.

    One whose version cannot be read any more counts where it had the same number: nothing is paid twice for want of a page.
    """
    found_before = []
    for each in heard.redeployed:
        if each.contingency is None:
            continue
        version = found.history.with_digest(each.digest)
        try:
            then = content_of(house, version).risks.contingencies if version else ()
        except Unusable:
            then = ()
        if _same(then, each.contingency, all_now, number):
            found_before.append(replace(each, contingency=number))
    return found_before


def _same(then: Sequence[Contingency], paid: int, now: Sequence[Contingency], number: int) -> bool:
    """Whether what was paid by one contingency of an earlier version counts against one of now.

    The same words are the same contingency, wherever it stands. One whose words are gone was reworded, into whichever there is
    now that did not stand beside it in the same words: so nothing is paid twice for changed words or another place. Whoever
    means another contingency leaves the one that paid in the plan.
    """
    if not paid < len(then):
        return paid == number
    ours, paying = _words(now[number]), _words(then[paid])
    if paying in [_words(each) for each in now]:
        return paying == ours
    return ours not in [_words(each) for each in then]


def _words(contingency: Contingency) -> tuple[str, str]:
    """When a contingency applies and where its money goes, without what makes no difference: case, spaces and points."""
    trigger, destination = (
        "".join(each for each in text.casefold() if each.isalnum())
        for text in (contingency.trigger, contingency.destination)
    )
    return trigger, destination


def redeploy_money(
    house: House, actor: Actor, plan: str, body: str, number: int, pence: Pence, destination: str, reasons: str,
    digest: str = "",
) -> Signing:  # fmt: skip
    """Declare that a contingency's trigger has come about and its money goes where it says, once or in parts.

    ``number`` is the contingency's, from 0; ``digest`` is of the version that was shown. Refused for any other body, amount or destination than the plan's.
    """
    found = view(house, plan)
    if blank(reasons):
        return Refused("Write what has come about: how the trigger that the plan names was met.")
    version, contingencies = contingencies_of(house, found)
    if version is None:
        return Refused(
            "No version of this plan was agreed, so no contingency of it binds. Only a direction by NHS England can "
            "redeploy its money."
        )
    if not 0 <= number < len(contingencies):
        raise NotHere(
            f"Version {version.number} has no contingency {number + 1}. It has {len(contingencies)}."
        )
    if digest and digest != version.digest:
        return Refused(
            f"Version {version.number} binds now, and you were shown another. Look at its contingencies again."
        )
    contingency, binding = contingencies[number], version.digest

    def judge(seen: Seen) -> Refused | None:
        now = seen.standing
        bound = now.agreed and now.version is not None and now.version.digest == binding
        if not bound and not any(
            each.digest == binding and each.stage == "signed_off" for each in now.said.reached
        ):
            return Refused("What binds has changed in the meantime. Look at the contingencies again.")
        earlier = _moved(house, found, now.said, contingencies, number)
        decider = decider_of(contingency, bodies_of(found))
        return may_redeploy(contingency, number, pence, destination, body, decider, earlier)

    def facts(_: Seen, document: str) -> tuple[NewFact]:
        return (redeploy(plan, body, binding, number, pence, document, None),)

    more = {
        "of": version.digest, "contingency": number, "trigger": contingency.trigger, "decider": contingency.decider,
        "pence": pence, "destination": contingency.destination,
    }  # fmt: skip
    signed = Signed(
        "redeploy_money", body, f"redeploy {in_pounds(pence)}", reasons=reasons, more=more, pence=pence
    )
    return sign(house, actor, found, signed, judge, facts)


def directions_of(house: House, plan: str, upto: int | None = None) -> tuple[Direction, ...]:
    """The directions on a plan's money that stand, as a redeployment follows them; one that keeps money back moves none."""
    return _standing(house, house.journal.read(assurance_stream(plan), upto=upto))


def _standing(house: House, facts: tuple[Fact, ...]) -> tuple[Direction, ...]:
    return tuple(
        Direction(each.words, each.power, each.pence, name_of(house, each.destination))
        for each in record_of(facts).active_directions
        if each.destination
    )


def follow_direction(
    house: House,
    actor: Actor,
    plan: str,
    body: str,
    signed: str,
    pence: Pence,
    destination: str,
    reasons: str,
) -> Signing:
    """A commissioner of the plan redeploys money as NHS England directs: what the direction names, and no more.

    ``signed`` are the words of the direction. NotHere for one that there is not, or that was lifted.
    """
    found = view(house, plan)
    version = found.history.current
    if version is None:
        return Refused("There is no version of this plan yet, so it has no money to redeploy.")
    if blank(reasons):
        return Refused("Write what is done, so that the others can follow it.")
    if body not in {
        each.id for each in bodies_of(found) if each.kind == found.area.england.places.commissioner
    }:
        return Refused(
            f"The money that is directed is that of the plan's commissioners, and {name_of(house, body)} is none."
        )
    digest = version.digest
    direction = next((each for each in directions_of(house, plan) if each.signed == signed), None)
    if direction is None:
        raise NotHere("No such direction stands. Assurance lists those that do.")

    def judge(seen: Seen) -> Refused | None:
        if direction not in _standing(house, seen.assurance):
            return Refused("This direction was lifted in the meantime. Look again.")
        return may_follow(direction, pence, destination, seen.standing.said.redeployed)

    def facts(_: Seen, document: str) -> tuple[NewFact]:
        return (redeploy(plan, body, digest, None, pence, document, direction.signed),)

    more = {
        "direction": direction.signed, "power": direction.power, "pence": pence, "destination": direction.destination,
    }  # fmt: skip
    says = f"redeploy {in_pounds(pence)} as directed"
    signing = Signed("redeploy_money", body, says, reasons=reasons, more=more, pence=pence)
    return sign(house, actor, found, signing, judge, facts)
