"""Who an account is in the wing: a practitioner or governance lead of an organisation, the person themselves, or who cares for them."""

from collections.abc import Sequence

from carepool.basics.refusals import Refused, Unusable, unknown
from carepool.care.actions.caring import care
from carepool.care.actions.demonstration import FAMILY_AND_FRIENDS
from carepool.care.actions.house import CareHouse
from carepool.care.actions.opening import identity_of
from carepool.care.actions.ports import Role, RoleKind
from carepool.care.actions.recording import Unlocked, record
from carepool.care.planning import deciding
from carepool.care.planning.care import care_of
from carepool.journal.commands import Decision, Done, Reading

SECTORS = ("health", "social_care")
AT_WORK = (RoleKind.PRACTITIONER, RoleKind.GOVERNANCE, RoleKind.COMMISSIONER)
TITLES = {RoleKind.PERSON: "Yourself", RoleKind.CARER: "Carer"}
LONGEST = 200


def role_of(
    house: CareHouse, account: str, kind: str, *, title: str = "", organisation: str = "", sector: str = "", person: str = ""
) -> Role:  # fmt: skip
    """What an account is to be. Unusable, with what to do, where it would be nothing that can be judged, or somebody else's."""
    kinds = {each.value: each for each in RoleKind}
    found = kinds.get(kind)
    if found is None:
        raise unknown("kind of account", kind, kinds, f"Name one of {', '.join(kinds)}.")
    title, organisation = " ".join(title.split()), " ".join(organisation.split())
    if max(len(title), len(organisation)) > LONGEST:
        raise Unusable(f"A title and an organisation have at most {LONGEST} characters each.")
    if found not in AT_WORK:
        if organisation or sector:
            raise Unusable("A person and a carer act for themselves. Leave --organisation and --sector out.")
        return Role(account, found, title or TITLES[found], FAMILY_AND_FRIENDS, person=_whose(house, found, person))  # fmt: skip
    if person:
        raise Unusable(f"A {words(found)} has no record here by this account. Leave --person out; for whom they work with, use --works-with.")  # fmt: skip
    if not (title and organisation):
        raise Unusable(f"Give a {words(found)} a --title, like “District nurse”, and the --organisation they work for.")  # fmt: skip
    if found is RoleKind.PRACTITIONER and sector not in SECTORS:
        raise Unusable(f"Say with --sector whether the practitioner works in {' or '.join(SECTORS)}.")
    if found is not RoleKind.PRACTITIONER and sector:
        raise Unusable("Only a practitioner has a --sector. Leave it out.")
    return Role(account, found, title, organisation, sector)


def words(kind: RoleKind) -> str:
    """A kind of account in words."""
    return kind.value.replace("_", " ")


def engage(house: CareHouse, role: Role, people: Sequence[str] = ()) -> None:
    """Make an account this, and put people on a practitioner's caseload. Unusable for somebody who is not here, or no practitioner."""
    if people and role.kind is not RoleKind.PRACTITIONER:
        raise Unusable("Only a practitioner works with people. Leave --works-with out.")
    for each in people:
        identity_of(house, each)
    house.people.give_role(role)
    for each in people:
        house.people.take_on(role.account, each)


def leave_teams(house: CareHouse, account: str, by: str, key: str) -> tuple[int, int]:
    """Take an account out of every team at once: how many people that were, and for how many it held something of their care.

    What it held is recorded as left, so that the alarm rings where nobody is responsible then.
    """
    theirs = house.people.caseload(account)
    held = 0
    for person in house.vault.holds(theirs):

        def then(said: Unlocked, reading: Reading, person: str = person) -> Decision | Refused:
            return deciding.leave(care_of(person, said.facts), account, reading.at, reading.at)

        if care(house, person).packages:
            done = record(house, person, then, by=by, key=f"{key}.{person}", request={"leaves": account})
            held += isinstance(done, Done)
    house.people.leave(account)
    house.journal.seal()
    return len(theirs), held


def _whose(house: CareHouse, kind: RoleKind, person: str) -> str:
    if not person:
        raise Unusable("Name with --person whose record it is: the id in the address of their page, like p0123456789abcdef.")  # fmt: skip
    stands = house.people.records_of(identity_of(house, person).person)[0]
    if stands != person:
        raise Unusable(f"That record was joined to {stands}, which stands for the person. Name that one.")
    own = house.people.own_account(person)
    if kind is RoleKind.PERSON and own:
        raise Unusable("That person has an account already. Give them a new password for it: carepool care account password HANDLE.")  # fmt: skip
    return person
