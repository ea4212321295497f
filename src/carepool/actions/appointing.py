"""An operator gives a person an office in a body, or ends it; who may do so inside the service comes with later rules."""

from datetime import date

from carepool.actions.house import House
from carepool.actions.permits import Actor
from carepool.basics.refusals import NotHere, Refused, Unusable, unknown
from carepool.journal.commands import Decision, Done, Reading, perform
from carepool.offices.holdings import Holding, end, give, holdings, stream_of
from carepool.places.bodies import BodyKind
from carepool.rules.schema import Authorities


def check_office(authorities: Authorities, office: str, body_kind: str) -> None:
    """NotHere for an office that the rules do not know, Unusable for one that this kind of body does not have."""
    known = {each.name: each for each in authorities.offices}
    if office not in known:
        raise unknown("office", office, known, f"Known are {', '.join(known)}.")
    if body_kind not in known[office].of:
        one = BodyKind(body_kind).a_word
        raise Unusable(f"{one[0].upper()}{one[1:]} has no {known[office].says.lower()}. Offices of one are "
                       f"{', '.join(each.name for each in authorities.offices if body_kind in each.of)}.")  # fmt: skip


def rules_with_offices(house: House, kind: str, first: str) -> str:
    """The set of rules by which a kind of body has offices: the one named first, else the latest that has any."""
    for rules in (house.rulebook.named(first), *reversed(house.rulebook.in_order)):
        authorities = rules.find("authority", Authorities)
        if authorities and any(kind in each.of for each in authorities.offices):
            return rules.name
    raise Unusable(f"No set of rules gives offices to a body of the kind {kind}.")


def appoint(
    house: House,
    actor: Actor,
    rules: str,
    body: str,
    office: str,
    account: str,
    first: date,
    last: date | None = None,
) -> Done | Refused:
    """Give an account an office in a body from a day on. Refused when it holds that office on that day already."""
    found = house.areas.body(body)
    check_office(house.rulebook.named(rules).authorities, office, found.kind)

    def load(reading: Reading) -> tuple[Holding, ...]:
        return holdings(reading.read(stream_of(body)))

    def decide(held: tuple[Holding, ...]) -> Decision | Refused:
        if any((each.account, each.office) == (account, office) and each.on(first) for each in held):
            return Refused(f"That account is {office.replace('_', ' ')} of {found.name} already.")
        return Decision((give(body, office, account, first, last),), office)

    request = {
        "action": "appoint",
        "body": body,
        "office": office,
        "account": account,
        "first": first,
        "last": last,
    }
    return perform(
        house.journal, decide, load=load, by=actor.account, key=actor.key, request=request, clock=house.clock
    )


def retire(house: House, actor: Actor, body: str, office: str, account: str, last: date) -> Done | Refused:
    """End an account's office in a body with a day. NotHere when it does not hold it then."""
    found = house.areas.body(body)

    def load(reading: Reading) -> tuple[Holding, ...]:
        return holdings(reading.read(stream_of(body)))

    def decide(held: tuple[Holding, ...]) -> Decision | Refused:
        if not any((each.account, each.office) == (account, office) and each.on(last) for each in held):
            raise NotHere(f"That account is not {office.replace('_', ' ')} of {found.name} on that day.")
        return Decision((end(body, office, account, last),), office)

    request = {"action": "retire", "body": body, "office": office, "account": account, "last": last}
    return perform(
        house.journal, decide, load=load, by=actor.account, key=actor.key, request=request, clock=house.clock
    )
