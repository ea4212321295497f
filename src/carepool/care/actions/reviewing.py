"""What the governance lead finds of a broken glass, which the person reads."""

from carepool.basics.refusals import Refused
from carepool.care.actions.house import CareHouse
from carepool.care.actions.opening import identity_of, judged
from carepool.care.actions.ports import Role, RoleKind
from carepool.care.actions.recording import Unlocked, record
from carepool.care.sharing import facts
from carepool.care.sharing.deciding import Refuse
from carepool.care.sharing.log import log_of
from carepool.journal.commands import Decision, Done, Reading
from carepool.journal.documents import Document


def review(
    house: CareHouse, role: Role, person: str, version: int, justified: bool | None, words: str, key: str
) -> Done | Refused:
    """Record whether breaking the glass was right, with words, once under its key."""
    identity_of(house, person)
    if role.kind is not RoleKind.GOVERNANCE or isinstance(judged(house, role, person, "oversight"), Refuse):
        return Refused("Only the governance lead of an organisation that cares for the person looks at this.")
    if justified is None or not words.strip():
        return Refused("Say whether it was right to, and why you find so.")
    why = Document("reason", "text/plain", " ".join(words.split()).encode())

    def then(said: Unlocked, _reading: Reading) -> Decision | Refused:
        waits = [each for each in log_of(said.facts).notices if each.version == version]
        if not waits:
            return Refused("This was looked at already, or is no broken glass.")
        if waits[0].by == role.account:
            return Refused("Nobody looks at what they did themselves.")
        return Decision(
            facts.reviewed(person, version, justified, role.organisation, why.digest), documents=(why,)
        )

    request = {"glass": version, "justified": justified, "words": words}
    return record(
        house, person, then, by=role.account, key=key, request=request, stream=facts.stream_of(person)
    )
