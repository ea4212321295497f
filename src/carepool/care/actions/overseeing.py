"""What a governance lead watches over: looks at the people whom their organisation cares for, without what was seen."""

from dataclasses import dataclass

from carepool.care.actions.house import CareHouse
from carepool.care.actions.opening import access_log, judged, reason_in
from carepool.care.actions.ports import Looked, Role
from carepool.care.sharing.deciding import Refuse
from carepool.care.sharing.log import Look

LATEST = 50


@dataclass(frozen=True, slots=True)
class Seen:
    """One look as it is watched over: the person by their opaque id."""

    person: str
    name: str
    look: Look
    why: str | None


@dataclass(frozen=True, slots=True)
class Overseen:
    """What there is to watch over."""

    waiting: tuple[Seen, ...]
    """Broken glasses that nobody has looked at."""
    withheld: tuple[Seen, ...]
    """Looks that are kept from the person's page, the first to be looked at again first."""
    latest: tuple[Seen, ...]
    kept: int
    """Of the latest, how many are of people whom the organisation does not care for."""


def overseen(house: CareHouse, role: Role) -> Overseen:
    """The latest looks, and every broken glass that waits, of people whom the governance lead's organisation cares for."""
    latest = house.people.looks(LATEST)
    broken = house.people.looks(LATEST, glass=True)
    held_back = house.people.withheld(LATEST)
    rows = (*latest, *broken, *held_back)
    people = house.people.persons(house.vault.holds({each.person for each in rows}))
    may = {person: not isinstance(judged(house, role, person, "oversight"), Refuse) for person in people}
    logs = {person: access_log(house, person) for person, allowed in may.items() if allowed}

    def seen(row: Looked) -> Seen | None:
        log, texts = logs[row.person]
        found = next((each for each in log.looks if each.version == row.version), None)
        return Seen(row.person, people[row.person].name, found, reason_in(found, texts)) if found else None

    shown = [each for row in latest if may.get(row.person) and (each := seen(row))]
    waiting = [each for row in broken if may.get(row.person) and (each := seen(row)) and each.look.waits]
    withheld = [
        Seen(person, people[person].name, each, None)
        for person in dict.fromkeys(row.person for row in held_back if may.get(row.person))
        for each in logs[person][0].looks
        if each.again is not None
    ]
    withheld.sort(key=lambda each: each.look.again or house.today)
    return Overseen(
        tuple(waiting), tuple(withheld), tuple(shown), sum(not may.get(row.person) for row in latest)
    )
