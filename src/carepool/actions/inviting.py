"""People are invited in the name of a body, by whoever an office of it lets invite; an office comes along only from who may give it."""

from dataclasses import dataclass, replace
from datetime import date

from carepool.actions.appointing import check_office, rules_with_offices
from carepool.actions.house import House
from carepool.actions.nation import RULES
from carepool.actions.permits import Actor, offices_of, permit
from carepool.basics.periods import in_words
from carepool.basics.refusals import NotHere, Refused, Unusable
from carepool.journal.commands import Decision, Done, Reading, perform
from carepool.offices.holdings import Permit, holdings, invited, may, stream_of
from carepool.places.bodies import Body
from carepool.rules.rulebook import RuleSet


@dataclass(frozen=True, slots=True)
class Offer:
    """What somebody may invite another person to."""

    body: Body
    office: str
    """None for an account alone."""
    says: str


def offers_of(house: House, account: str) -> tuple[Offer, ...]:
    """What an account may invite people to today: of each body an account alone, and each office where it may give them."""
    found: list[Offer] = []
    for name in dict.fromkeys(each.body for each in offices_of(house, account)):
        try:
            body = house.areas.body(name)
            rules = _rules(house, body)
        except Unusable:
            continue
        if not _permitted(house, rules, "invite", account, body):
            continue
        found.append(Offer(body, "", f"An account and no office yet, in the name of {body.name}"))
        if _permitted(house, rules, "appoint", account, body):
            offices = [each for each in rules.authorities.offices if body.kind in each.of]
            found += [Offer(body, each.name, f"{each.says} of {body.name}") for each in offices]
    return tuple(found)


def invite_to(
    house: House, actor: Actor, body: str, invitation: str, office: str, first: date | None, last: date | None
) -> Done | Refused:
    """Say in a body's name that somebody is invited, by the id of the invitation, and which office comes along.

    Refused to whoever may not invite for the body or, where an office comes along, not appoint. Unusable for an office
    that the body does not have, or that would end before it begins. Who is invited stands in the invitation alone.
    """
    found = house.areas.body(body)
    rules = _rules(house, found)
    if office:
        check_office(rules.authorities, office, found.kind)
    if last is not None and last < (first or house.today):
        raise Unusable(f"The office would end on {in_words(last)}, before it begins. Exchange the two days.")

    def load(reading: Reading) -> Refused | None:
        held = holdings(reading.read(stream_of(found.id)))
        for action in ("invite", "appoint") if office else ("invite",):
            allowed = may(rules.authorities.of(action), held, actor.account, found.id, house.today)
            if isinstance(allowed, Refused):
                return replace(allowed, says=allowed.says.replace(found.id, found.name))
        return None

    def decide(refusal: Refused | None) -> Decision | Refused:
        made = invited(found.id, invitation, office, first, last, rules.name)
        return refusal or Decision((made,), invitation)

    request = {
        "action": "invite", "body": body, "invitation": invitation, "office": office, "first": first, "last": last,
    }  # fmt: skip
    return perform(
        house.journal, decide, load=load, by=actor.account, key=actor.key, request=request, clock=house.clock
    )


def still_invited(house: House, inviter: str, body: str, office: str) -> Refused | None:
    """The refusal where whoever invited does not hold the office any more by which they did: then nobody comes in by it."""
    try:
        found = house.areas.body(body)
        rules = _rules(house, found)
    except NotHere:
        return Refused("The body that this invitation was made for is not here any more. Ask for another.")
    for action in ("invite", "appoint") if office else ("invite",):
        if not _permitted(house, rules, action, inviter, found):
            return Refused(
                f"Whoever invited you for {found.name} does not hold the office any more by which they did, so the "
                f"invitation is void. Ask {found.name} for another."
            )
    return None


def _rules(house: House, body: Body) -> RuleSet:
    return house.rulebook.named(rules_with_offices(house, body.kind, RULES))


def _permitted(house: House, rules: RuleSet, action: str, account: str, body: Body) -> bool:
    return isinstance(permit(house, rules, action, Actor(account, ""), body.id), Permit)
