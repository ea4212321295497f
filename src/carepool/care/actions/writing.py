"""What is written about a person's care: judged for its purpose like a look, decided from all that was recorded, once under its key."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from pydantic import ValidationError

from carepool.basics.refusals import Refused, Unusable
from carepool.care.actions.house import CareHouse
from carepool.care.actions.opening import identity_of, judged
from carepool.care.actions.ports import Role, RoleKind
from carepool.care.actions.recording import Unlocked, record
from carepool.care.people.person import Held
from carepool.care.planning.care import Care, Version, care_of
from carepool.care.sharing.deciding import Refuse
from carepool.journal.commands import Decision, Done, Reading
from carepool.rules.sharing import PurposeWord

NOT_YOURS = "Only a practitioner of the person’s team does this. Ask who is responsible for their care."
NOT_SEEN = (
    "Who may not see this part of the record does not write it. Ask a practitioner of the person’s team."
)
OVERTAKEN = "Somebody else saved this part after you opened it, so nothing of yours was recorded. What you typed is kept below, and what stands now is beside it. Bring the two together and send it again."
ANOTHER = "This form was opened before what it changes was begun or completed. What you typed is kept below. Look at what stands now, then send it again."

Decide = Callable[[Unlocked, Care, datetime], Decision | Refused]
Thing = TypeVar("Thing", bound=Held)


@dataclass(frozen=True, slots=True)
class Writing:
    """For what somebody writes, and in which field of the record it stands."""

    purpose: PurposeWord
    field: str
    themselves: bool = False
    """Whether the person, or the carer, may write it too."""


CARE = Writing("direct_care", "plan")
NEEDS = Writing("direct_care", "needs")


def write(house: CareHouse, role: Role, person: str, writing: Writing, decide: Decide, key: str, request: object) -> Done | Refused:  # fmt: skip
    """Record what is decided about a person's care, by whoever may see what they write: the team, or who it is about."""
    identity_of(house, person)
    verdict = judged(house, role, person, writing.purpose)
    if isinstance(verdict, Refuse):
        return Refused(verdict.says)
    own = {RoleKind.PERSON: "self", RoleKind.CARER: "cares_for"} if writing.themselves else {}
    if verdict.asked.relation != ({RoleKind.PRACTITIONER: "team"} | own).get(role.kind):
        return Refused(NOT_YOURS)
    if writing.field not in verdict.shown:
        return Refused(NOT_SEEN)

    def then(said: Unlocked, reading: Reading) -> Decision | Refused:
        return decide(said, care_of(person, said.facts), reading.at)

    return record(house, person, then, by=role.account, key=key, request=request)


def rebuilt(thing: Thing, /, **changes: object) -> Thing:
    """The thing with some of it changed, all of it looked at again. Unusable where it is no such thing any more."""
    held = {name: getattr(thing, name) for name in type(thing).model_fields}
    return made(type(thing), **held | changes)


def made(kind: type[Thing], /, **parts: object) -> Thing:
    """A thing of its parts. Unusable in words where they make none."""
    try:
        return kind.model_validate(parts)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        says = str(first["msg"]).removeprefix("Value error, ")
        where = " ".join(str(each) for each in first["loc"] if isinstance(each, str)).replace("_", " ")
        raise Unusable(
            f"{where.capitalize()}: {says}." if where else f"{says[:1].upper()}{says[1:]}."
        ) from None


def text_of(said: Unlocked, document: str) -> str | None:
    """The text of a version that was saved, or None where there is none of that digest."""
    return said.documents.get(document)


def numbered(versions: tuple[Version, ...], of: str) -> tuple[Version, ...]:
    """The versions of one assessment or plan, in order."""
    return tuple(each for each in versions if each.of == of)


def free(word: str, taken: set[str]) -> str:
    """The first of word-1, word-2 and so on that is not taken."""
    number = 1
    while f"{word}-{number}" in taken:
        number += 1
    return f"{word}-{number}"
