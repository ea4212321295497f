"""Taking in an organisation's records of people: each becomes a record here, and what it has to do with those that are here is recorded, never assumed.

A record with the number of one person, and something else that agrees, is joined to theirs by that rule, if no other record is.
Whatever is less than that, however much it weighs, waits for a reviewer.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from carepool.care.actions.house import CareHouse
from carepool.care.actions.matching import join_by_rule
from carepool.care.actions.ports import Identity, Pair
from carepool.care.people.tracing import Local

JOINING = "nhs_number+"
"""How the rules begin that join without a reviewer."""
SEXES = {"f": "female", "female": "female", "2": "female", "m": "male", "male": "male", "1": "male"}


class Match(NamedTuple):
    """A record of the batch that may be of somebody who is here: their id, the record's own, and by what it was found."""

    person: str
    local_id: str
    probability: float | None
    rule: str
    doubtful: bool


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What came of a batch."""

    records: int
    """How many were taken in."""
    known: int
    """How many were here before, by the organisation's own id; they are left as they are."""
    joined: int
    queued: int


def unknown_of(house: CareHouse, organisation: str, records: Sequence[Local]) -> tuple[Local, ...]:
    """Those of the records that were not taken in before."""
    there = house.people.by_local_ids(organisation, (each.local_id for each in records))
    return tuple(each for each in records if each.local_id not in there)


def take_in(
    house: CareHouse, organisation: str, records: Sequence[Local], matches: Sequence[Match]
) -> TakenIn:
    """Take in the records of a batch that are not here yet, all or none, with what linkage found of them."""
    new = unknown_of(house, organisation, records)
    made = {each.local_id: _identity(house, organisation, each) for each in new}
    at = house.clock()
    pairs = [
        (each, Pair(f"pair-{house.new_id()}", each.person, made[each.local_id].person, each.rule, each.probability, organisation, at))
        for each in matches
        if each.local_id in made
    ]  # fmt: skip
    # A rule joins what it finds once on both sides: where one person could be two records, somebody reads both.
    ruled = [(each, pair) for each, pair in pairs if not each.doubtful and each.rule.startswith(JOINING)]
    people, rows = (Counter(getattr(each, name) for each, _ in ruled) for name in ("person", "local_id"))
    sure = [pair for each, pair in ruled if people[each.person] == rows[each.local_id] == 1]
    taken = {pair.id for pair in sure}
    house.vault.make_many([each.person for each in made.values()])
    with house.journal.transaction():
        house.people.put_many(made.values())
        join_by_rule(house, sure)
        queued = house.people.put_pairs(pair for _, pair in pairs if pair.id not in taken)
    house.journal.seal()
    return TakenIn(len(new), len(records) - len(new), len(sure), queued)


def _identity(house: CareHouse, organisation: str, record: Local) -> Identity:
    status = house.rulebook.number_statuses.named(record.status).code
    return Identity(
        house.new_id(), record.given_name, record.family_name, record.born, SEXES.get(record.sex.casefold(), ""),
        record.postcode, "", record.number, status, ((organisation, record.local_id),),
        demonstration=not house.production,
    )  # fmt: skip
