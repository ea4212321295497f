"""The person is told that the glass was broken: on their page, and in a letter that they, or the governance lead, can print."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from carepool.basics.refusals import NotHere
from carepool.care.actions.house import CareHouse
from carepool.care.actions.opening import Opened, access_log, identity_of, look, reason_in
from carepool.care.actions.ports import Role, RoleKind
from carepool.care.sharing.deciding import Refuse
from carepool.care.sharing.log import PURPOSES, ROLES, AccessLog, Look, found_of

NOTICED_FOR = timedelta(days=365)
"""How long a notice stands on the person's first page; the log keeps it longer."""
NO_LETTER = "There is no such letter. The log of who looked has all that there is."


@dataclass(frozen=True, slots=True)
class Letter:
    """What a letter says of one breaking of the glass."""

    name: str
    look: Look
    who: str
    capacity: str
    purpose: str
    seen: tuple[str, ...]
    why: str | None
    """In the words of whoever broke it; None where they are no longer held."""
    found: str
    """What the governance lead found, or that they have still to look."""
    written: datetime


def notices(house: CareHouse, opened: Opened, log: AccessLog) -> tuple[Look, ...]:
    """The broken glasses that a person reads of on their first page, the latest first; none that is kept from them."""
    since = house.clock() - NOTICED_FOR
    return tuple(
        each
        for each in reversed(log.for_person)
        if opened.shows("log") and each.kind == "GlassBroken" and each.at >= since
    )


def letter(house: CareHouse, role: Role, person: str, version: int, names: Mapping[str, str]) -> Letter | Refuse:  # fmt: skip
    """The letter about the breaking that has this version in the log; ``names`` are those of accounts.

    NotHere where there is none, or it is kept from the person who asks.
    """
    name = identity_of(house, person).name
    opened = look(house, role, person, "oversight")
    if isinstance(opened, Refuse):
        return opened
    log, texts = access_log(house, person)
    found = log.look(version)
    if found is None or found.kind != "GlassBroken" or found.again is not None:
        # One that is kept from the person is written to nobody: whoever governs lets it be read first.
        raise NotHere(NO_LETTER if role.kind is RoleKind.PERSON or found is None else f"{NO_LETTER} A look that is kept from the person has no letter.")  # fmt: skip
    says = {each.id: each.says for each in house.sharing[1].fields}
    return Letter(
        name, found, names.get(found.by, "Somebody whose account is gone"), ROLES[found.role], PURPOSES[found.purpose],
        tuple(says[each] for each in found.fields if each in says), reason_in(found, texts), found_of(found.justified), house.clock(),
    )  # fmt: skip
