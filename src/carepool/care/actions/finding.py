"""Finding a person, with a number and without: a number alone finds nobody, since one pair of wrong digits in ten passes its check."""

from dataclasses import dataclass
from datetime import date

from carepool.basics.periods import parse_date
from carepool.basics.refusals import Refused, Unusable
from carepool.care.actions.house import CareHouse
from carepool.care.actions.names import folded
from carepool.care.actions.ports import Identity, RoleKind
from carepool.care.people.nhs_number import digits_of, held

WHO_FINDS = {RoleKind.PRACTITIONER}
NOT_YOURS = "Only a practitioner finds people here. Who looks after the service can tell you whom to ask."
SECOND = (
    "A number alone finds nobody: one pair of wrong digits in ten passes its check. Write the date of birth too, "
    "or the given and the family name."
)
WITHOUT = "Without a number, write the given name, the family name and the date of birth."
NOBODY = (
    "Nobody here has all of that. Check each part with the person; a wrong digit or a changed name is enough."
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was typed to find a person by."""

    number: str = ""
    given: str = ""
    family: str = ""
    born: str = ""


def find(house: CareHouse, account: str, wanted: Wanted) -> tuple[Identity, ...] | Refused:
    """The records that agree with everything typed: with the number and something else, or with name and date of birth.

    Unusable for a number or a date that is none. Two records with one number are both found.
    """
    role = house.people.role(account)
    if role is None or role.kind not in WHO_FINDS:
        return Refused(NOT_YOURS)
    born = _day(wanted.born)
    named = bool(wanted.given.strip() and wanted.family.strip())
    if wanted.number.strip():
        number = _number(house, wanted.number)
        if born is None and not named:
            return Refused(SECOND)
        found = house.people.by_number(number)
    elif born is not None and named:
        found = house.people.by_names(wanted.given, wanted.family, born)
    else:
        return Refused(WITHOUT)
    there = house.vault.holds(each.person for each in found)
    agreeing = tuple(each for each in found if each.person in there and _agrees(each, wanted, born))
    return agreeing or Refused(NOBODY)


def _agrees(identity: Identity, wanted: Wanted, born: date | None) -> bool:
    given, family = wanted.given.strip(), wanted.family.strip()
    return (
        (born is None or identity.born == born)
        and (not given or folded(given) == folded(identity.given))
        and (not family or folded(family) == folded(identity.family))
    )


def _number(house: CareHouse, typed: str) -> str:
    judged = held(typed, production=house.production)
    if not judged.valid:
        raise Unusable(judged.reason or "")
    return digits_of(typed) or ""


def _day(typed: str) -> date | None:
    return parse_date(typed.strip()) if typed.strip() else None
