"""Who an account is, which body a code names, and who can act for it: names for what facts hold as ids."""

from collections.abc import Iterable

from carepool.actions.house import House
from carepool.actions.planning import plannable
from carepool.basics.refusals import NotHere
from carepool.offices.holdings import holdings, stream_of
from carepool.places.bodies import BodyKind
from carepool.render.words import within
from carepool.rules.rulebook import RuleSet
from carepool.signin.models import Account

KINDS = {
    BodyKind.COUNCIL: "Council",
    BodyKind.CCG: "CCG",
    BodyKind.ICB: "ICB",
    BodyKind.BOARD: "Board",
    BodyKind.TRUST: "Trust",
    BodyKind.NHS_ENGLAND: "NHS England",
    BodyKind.LOCAL_GOVERNMENT: "Local government",
    BodyKind.MINISTERS: "Ministers",
}


def names_of(accounts: Iterable[str]) -> dict[str, str]:
    """The name of each account; an account that is gone keeps its id."""
    wanted = sorted({each for each in accounts if each})
    found = dict(Account.objects.filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}
    return {each: found.get(each, each) for each in wanted}


def body_name(house: House, body: str) -> str:
    """A body's name; what is no body stands as it was written."""
    try:
        return house.areas.body(body).name
    except NotHere:
        return body


def office_title(house: House, rules: RuleSet, body: str, office: str) -> str:
    """An office as people call it: by these rules, or by the latest that know it in such a body."""
    for each in (rules, *plannable(house)):
        if any(
            office == known.name and body.partition(":")[0] in known.of for known in each.authorities.offices
        ):
            return each.authorities.title(office)
    return rules.authorities.title(office)


def who_can(house: House, rules: RuleSet, action: str, bodies: Iterable[str]) -> list[str]:
    """Who may do an action for each body today, a sentence a body: office and name."""
    authority = rules.authorities.of(action)
    held = {
        body: [
            each
            for each in holdings(house.journal.read(stream_of(body)))
            if each.office in authority.offices and each.on(house.today)
        ]
        for body in bodies
    }
    names = names_of(each.account for found in held.values() for each in found)
    said = []
    for body, found in held.items():
        people = [f"{names[each.account]} ({within(rules.authorities.title(each.office))})" for each in found]
        who = " or ".join(people) if people else "nobody yet: the office is not held"
        said.append(f"For {body_name(house, body)}: {who}.")
    return said
