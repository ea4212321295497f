"""Keeping a look from the person's page, where reading of it would do serious harm: by whoever governs, with a reason and an end."""

from carepool.basics.periods import parse_date
from carepool.basics.refusals import Refused
from carepool.care.actions.house import CareHouse
from carepool.care.actions.opening import identity_of, judged
from carepool.care.actions.ports import Looked, Role, RoleKind
from carepool.care.actions.recording import Unlocked, record
from carepool.care.sharing import facts
from carepool.care.sharing.deciding import Refuse
from carepool.care.sharing.log import log_of, why_not_withheld
from carepool.journal.commands import Decision, Done, Reading
from carepool.journal.documents import Document

WITHHELD = "withheld"
"""The outcome of the row by which a look that is kept back is found again."""
NOT_YOURS = "Only the governance lead of an organisation that cares for the person decides this."


def withhold(
    house: CareHouse, role: Role, person: str, version: int, again: str, words: str, key: str
) -> Done | Refused:
    """Keep a look from the person's page until a day, with the reason, once under its key. Unusable for what is no day."""
    refused = _not_yours(house, role, person)
    if refused:
        return refused
    day = parse_date(again.strip()) if again.strip() else None
    why = Document("reason", "text/plain", " ".join(words.split()).encode())
    if day is None or not why.content:
        return Refused("Say why the person may not read of it yet, and on which day you look at it again.")
    _, sharing = house.sharing

    def then(said: Unlocked, _reading: Reading) -> Decision | Refused:
        log = log_of(said.facts)
        not_so = why_not_withheld(log, version, sharing, house.today, day)
        if not_so:
            return not_so
        look = log.look(version)
        if look and look.by == role.account:
            return Refused("Nobody keeps back a look of their own. Another governance lead decides it.")
        return Decision(facts.withheld(person, version, day, role.organisation, why.digest), documents=(why,))

    request = {"withhold": version, "again": again, "words": words}
    with house.journal.transaction():
        done = record(
            house, person, then, by=role.account, key=key, request=request, stream=facts.stream_of(person)
        )
        if isinstance(done, Done) and not done.again:
            house.people.note(
                Looked(person, each.version, each.at, role.account, WITHHELD, False) for each in done.facts
            )
    return done


def let_read(house: CareHouse, role: Role, person: str, version: int, key: str) -> Done | Refused:
    """Let the person read of a look that was kept from their page, once under its key."""
    refused = _not_yours(house, role, person)
    if refused:
        return refused

    def then(said: Unlocked, _reading: Reading) -> Decision | Refused:
        look = log_of(said.facts).look(version)
        if look is None or look.again is None:
            return Refused("The person can read of this look already.")
        return Decision(facts.shown(person, version, role.organisation))

    return record(
        house, person, then, by=role.account, key=key, request={"let_read": version}, stream=facts.stream_of(person)
    )  # fmt: skip


def _not_yours(house: CareHouse, role: Role, person: str) -> Refused | None:
    identity_of(house, person)
    if role.kind is RoleKind.GOVERNANCE and not isinstance(judged(house, role, person, "oversight"), Refuse):
        return None
    return Refused(NOT_YOURS)
