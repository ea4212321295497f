"""Rectification: who a person is, put right in the rows; the facts say which fields, by whom and when, and never what stood there.

And what the person said of the use of their record: agreement, objection, the national data opt-out.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import get_args

from carepool.basics.periods import parse_date
from carepool.basics.refusals import Refused, Unusable
from carepool.care.actions import standing
from carepool.care.actions.house import CareHouse
from carepool.care.actions.matching import queue_same_number
from carepool.care.actions.opening import identity_of, judged
from carepool.care.actions.ports import Identity, Role, RoleKind
from carepool.care.actions.recording import Unlocked, record
from carepool.care.actions.standing import CONSENTS, OBJECTIONS, Rights, rights_of
from carepool.care.people.nhs_number import held
from carepool.care.sharing.deciding import Refuse
from carepool.journal.commands import Decision, Done, Reading
from carepool.rules.sharing import ConsentWord, ObjectionWord

NOT_TRACED = "02"
"""The status of a number that was typed and not traced."""
NOT_YOURS = "Only the person, or a practitioner of their team, changes this."
NAMES = {
    "given": "given name",
    "family": "family name",
    "born": "date of birth",
    "sex": "sex",
    "address": "address",
    "postcode": "postcode",
    "telephone": "telephone",
    "number": "NHS number",
}
"""What can be put right, in words."""
SEXES = ("female", "male", "not_known", "not_specified")


def may_correct(house: CareHouse, role: Role, person: str) -> bool:
    """Whether an account may put right who a person is: it is theirs, or of their team."""
    verdict = judged(house, role, person, "direct_care")
    return not isinstance(verdict, Refuse) and verdict.asked.relation in {"self", "team"}


def correct(
    house: CareHouse, role: Role, person: str, typed: Mapping[str, str], key: str
) -> Done | Refused | list[tuple[str, str]]:
    """Put right who a person is, once under its key; a list of fields with what is wrong in each where something is."""
    before = identity_of(house, person)
    if not may_correct(house, role, person):
        return Refused(NOT_YOURS)
    after, wrong = _corrected(house, before, typed)
    if wrong:
        return wrong
    changed = [name for name in NAMES if getattr(before, name) != getattr(after, name)]

    def then(_said: Unlocked, _reading: Reading) -> Decision | Refused:
        if not changed:
            return Refused("Nothing differs from what stands here, so nothing was recorded.")
        return Decision((standing.identity_corrected(person, changed),), {"changed": changed})

    with house.journal.transaction():
        done = record(
            house, person, then, by=role.account, key=key, request={"correct": dict(typed)},
            stream=standing.stream_of(person),
        )  # fmt: skip
        if isinstance(done, Done) and not done.again:
            house.people.put(after)
            if after.number and after.number != before.number:
                queue_same_number(house, [after.number], role.organisation)
    return done


def say_rights(
    house: CareHouse, role: Role, person: str, typed: Mapping[str, str], key: str
) -> Done | Refused:
    """Record what a person said of the use of their record."""
    identity_of(house, person)
    own = role.kind is RoleKind.PERSON and role.person == person
    if not own and not (role.kind is RoleKind.PRACTITIONER and role.account in house.people.team(person)):
        return Refused(NOT_YOURS)
    objection = next((each for each in get_args(ObjectionWord) if each == typed.get("objection")), None)
    consent = next((each for each in get_args(ConsentWord) if each == typed.get("consent")), None)
    if objection not in OBJECTIONS or consent not in CONSENTS:
        return Refused("Choose one answer to each question.")
    if own and consent == "no_capacity":
        return Refused("That somebody cannot decide it is recorded by their team, after an assessment.")
    wanted = Rights(objection, consent, typed.get("opted_out") == "yes")

    def then(said: Unlocked, _reading: Reading) -> Decision | Refused:
        now = replace(rights_of(said.facts), corrected=())
        if now == wanted:
            return Refused("That is what stands here already. Nothing was recorded.")
        return Decision((standing.rights_recorded(person, wanted),))

    request = {"rights": [objection, consent, wanted.opted_out]}
    return record(
        house, person, then, by=role.account, key=key, request=request, stream=standing.stream_of(person)
    )


def _corrected(
    house: CareHouse, before: Identity, typed: Mapping[str, str]
) -> tuple[Identity, list[tuple[str, str]]]:
    wrong: list[tuple[str, str]] = []
    given, family = typed.get("given", "").strip(), typed.get("family", "").strip()
    if not given and not family:
        wrong.append(("given", "Write a given or a family name."))
    born = before.born
    try:
        born = parse_date(typed["born"].strip()) if typed.get("born", "").strip() else None
        if born and not date(1890, 1, 1) <= born <= house.today:
            wrong.append(("born", "The date of birth must be in the past, and not before 1890."))
    except Unusable as error:
        wrong.append(("born", str(error)))
    sex = typed.get("sex", "").strip()
    if sex and sex not in SEXES:
        wrong.append(("sex", f"Write one of {', '.join(SEXES)}."))
    number, status = before.number, before.number_status
    if (bare := typed.get("number", "").strip()) != (before.number or ""):
        judged_number = held(bare, production=house.production) if bare else None
        if judged_number and not judged_number.valid:
            wrong.append(("number", judged_number.reason or ""))
        number = judged_number.number if judged_number else None
        status = NOT_TRACED if number else "03"
        if number == before.number:
            status = before.number_status
    after = replace(
        before, given=given, family=family, born=born, sex=sex, number=number, number_status=status,
        address=typed.get("address", "").strip(), postcode=typed.get("postcode", "").strip().upper(),
        telephone=typed.get("telephone", "").strip()[:50],
    )  # fmt: skip
    return after, wrong
