"""The numbers of an organisation's records: how far they are traced, what tracing left for a person, and a response taken over."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from carepool.basics.refusals import Unusable, printable
from carepool.care.actions.house import CareHouse
from carepool.care.actions.matching import BY_RULE, queue_same_number
from carepool.care.actions.ports import Role, RoleKind, Waits
from carepool.care.actions.recording import locked
from carepool.care.actions.standing import identity_corrected, stream_of
from carepool.care.people.tracing import Doubt, Traced
from carepool.rules.sharing import NumberStatus

LATEST = 200


@dataclass(frozen=True, slots=True)
class Numbers:
    """How far an organisation's records have a number, and what waits."""

    records: int
    verified: int
    without: int
    by_status: tuple[tuple[NumberStatus, int], ...]
    """Every status of the standard, with how many have it; they add to ``records``."""
    waits: tuple[Waits, ...]


@dataclass(frozen=True, slots=True)
class TakenOver:
    """What came of a response."""

    records: int
    changed: int
    """How many have another number or status than before."""
    verified: int
    waits: int


def numbers(house: CareHouse, role: Role) -> Numbers:
    """Of the records of whoever asks' own organisation: counts, and what waits by the organisation's own ids, nobody's name among it."""
    counts = house.people.by_status(role.organisation) if role.kind is not RoleKind.COMMISSIONER else {}
    known = house.rulebook.number_statuses
    by_status = tuple(
        (each, sum(number for (code, _), number in counts.items() if code == each.code))
        for each in known.statuses
    )
    return Numbers(
        sum(counts.values()),
        sum(number for each, number in by_status if each.id == "verified"),
        sum(number for (_, numbered), number in counts.items() if not numbered),
        by_status,
        house.people.doubts(role.organisation, LATEST),
    )


def keep_doubts(house: CareHouse, organisation: str, ids: Iterable[str], doubts: Iterable[Doubt]) -> int:
    """Keep what waits of these records of an organisation, in place of what waited; how much that is."""
    there = house.people.by_local_ids(organisation, ids)
    at = house.clock()
    found = [
        Waits(there[each.local_id], each.local_id, each.code, each.says, at)
        for each in doubts
        if each.local_id in there
    ]
    house.people.put_doubts(organisation, there.values(), found)
    return len(found)


def take_over(house: CareHouse, organisation: str, traced: Sequence[Traced], doubts: Sequence[Doubt]) -> TakenOver:  # fmt: skip
    """Take over what a response says of an organisation's records, all or nothing. Unusable for a record that was never taken in."""
    there = house.people.by_local_ids(organisation, (each.local_id for each in traced))
    missing = [each.local_id for each in traced if each.local_id not in there]
    if missing:
        raise Unusable(f"{len(missing):,} of the records were never taken in from {printable(organisation)}, the first is {printable(missing[0])}. Take them in first: carepool care take-in. Nothing was taken over.")  # fmt: skip
    people = house.people.persons(there.values())
    known = house.rulebook.number_statuses
    changed = 0
    renumbered: list[str] = []
    with house.journal.transaction():
        for each in traced:
            before = people[there[each.local_id]]
            # A response without a number takes none away: the status says what the one held is worth.
            number, status = each.number or before.number, known.named(each.status).code
            after = replace(before, number=number, number_status=status)
            if after == before:
                continue
            changed += 1
            house.people.put(after)
            if after.number != before.number:
                _number_changed(house, before.person)
                renumbered += [number] if number else []
        queue_same_number(house, renumbered, organisation)
        waits = keep_doubts(house, organisation, there, doubts)
    house.journal.seal()
    verified = sum(each.status == "verified" for each in traced)
    return TakenOver(len(traced), changed, verified, waits)


def _number_changed(house: CareHouse, person: str) -> None:
    stream = stream_of(person)
    house.journal.hold([stream])
    house.journal.append(
        [locked(house, person, identity_corrected(person, ["number"]))],
        expecting={stream: house.journal.version(stream)}, by=BY_RULE, at=house.clock(),
    )  # fmt: skip
