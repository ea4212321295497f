"""Erasure: a person's key is destroyed, and with it all that was ever recorded of them; their rows go; every chain still verifies.

What is left is an opaque id, that something was recorded under it and when, and that it was erased. The vault remembers who was
erased, so that a backup which was made before is erased again when it is put back.
"""

from collections.abc import Iterator
from datetime import date

from carepool.basics.periods import LONDON, in_words
from carepool.basics.refusals import Refused
from carepool.care.actions.house import CareHouse
from carepool.care.actions.ports import Role, RoleKind
from carepool.care.actions.recording import stream_of as recording_stream
from carepool.journal.commands import Decision, Done, Reading, perform
from carepool.journal.facts import NewFact

ERASED = "PersonErased"
RETENTION = "retention"
"""The rule that says for how many years a record is kept after its last entry."""


def stream_of(person: str) -> str:
    """The stream in which it stands that a person was erased."""
    return f"erasure/{person}"


def erase(house: CareHouse, role: Role, person: str, ground: str, key: str) -> Done | Refused:
    """Erase a person, with every record that was joined to theirs, on one of the grounds, once under its key.

    What has begun is finished at the next start.
    """
    if role.kind is not RoleKind.GOVERNANCE:
        return Refused("Only the governance lead erases a person.")
    if ground not in GROUNDS:
        return Refused("Choose on which ground the person is erased.")
    records = house.people.records_of(person)
    kept = max(filter(None, (kept_until(house, each) for each in records)), default=None)
    if ground == NO_LONGER and kept and kept > house.today:
        return Refused(f"The time for keeping this record ends on {in_words(kept)}. Until then choose another ground, or wait.")  # fmt: skip
    facts = tuple(NewFact(stream_of(each), ERASED, 1, {"ground": ground}) for each in records)

    def then(begun: bool) -> Decision | Refused:
        return Refused("This person was erased already.") if begun else Decision(facts, {"erased": person})

    def load(reading: Reading) -> bool:
        begun = [reading.read(stream_of(each)) for each in records]  # all are read, and none may move
        return any(begun)

    done = perform(
        house.journal, then, load=load, by=role.account, key=key, request={"erase": person, "ground": ground},
        clock=house.clock,
    )  # fmt: skip
    if isinstance(done, Done):
        for each in records:
            settle_one(house, each)
        house.journal.seal()
    return done


NO_LONGER = "no_longer_needed"
GROUNDS = {
    NO_LONGER: "What was recorded is no longer needed for the person’s care, and the time for keeping it is over",
    "objection": "The person objects, and nothing weighs more",
    "unlawful": "It should never have been recorded",
    "never_existed": "It is about nobody: a record made by mistake",
}
"""On what a person may be erased (UK GDPR, article 17(1)): a record that is needed for care is kept."""


def kept_until(house: CareHouse, person: str) -> date | None:
    """Until when a person's record is kept: so many years after the last entry, as the rules say on that day. None without one."""
    facts = house.journal.read(recording_stream(person))
    if not facts:
        return None
    last = facts[-1].at.astimezone(LONDON).date()
    rules, _ = house.sharing
    years = int(rules.value(RETENTION, last).value)
    return last.replace(year=last.year + years, day=min(last.day, 28))


def over(house: CareHouse) -> Iterator[tuple[str, date]]:
    """The people whose record has been kept as long as the rules ask, with the day on which it was."""
    for identity in house.people.everybody():
        kept = kept_until(house, identity.person)
        if kept is not None and kept <= house.today:
            yield identity.person, kept


def settle(house: CareHouse) -> None:
    """Finish every erasure that the journal or the vault knows of: after a crash, and after a backup was put back."""
    known = {each.removeprefix(stream_of("")) for each in house.journal.streams(stream_of(""))}
    for person in known | set(house.vault.destroyed()):
        if person not in house.vault.destroyed() or house.people.person(person) is not None:
            settle_one(house, person)


def settle_one(house: CareHouse, person: str) -> None:
    """Destroy the key first, so that whatever is still there cannot be read; then let the rows go."""
    house.vault.destroy(person, house.clock())
    house.people.forget(person)
