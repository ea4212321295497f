"""A bundle held in the wing's store: what was read goes through the wing's actions, and each entry is told what became of it."""

from dataclasses import dataclass, replace

from carepool.care.actions.house import CareHouse
from carepool.care.actions.ports import Role
from carepool.care.actions.receiving import Coming, Kept, Received, receive
from carepool.care.fhir.building import Issue
from carepool.care.fhir.reading import Outcome, Read

DID = {
    "made": "It is held.",
    "changed": "It is held, in place of what was held before.",
    "unchanged": "It was held already; nothing was changed.",
}
"""What became of an entry, in words."""
OTHERS = "It could be held, and was not: another entry of the bundle is refused, and a bundle is held whole or not at all."
PATHS = {
    "id": "Patient.id",
    "nhs_number": "Patient.identifier[0].value",
    "given_names": "Patient.name[0].given",
    "family_name": "Patient.name[0].family",
    "address": "Patient.address[0].line",
    "postcode": "Patient.address[0].postalCode",
    "telephone": "Patient.telecom[0].value",
}
"""Where a field of a person stands in a Patient."""
PARTS = {"Patient": "person", "CareTeam": "team"}
"""Of which part an entry is; one that is not named here is of the plan."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of a bundle in the store."""

    read: Read
    received: Received | None
    """None where nothing was held."""

    def did(self, outcome: Outcome) -> str:
        """What became of an entry that could be held."""
        return DID[self.received.did.get(_part(outcome), "unchanged")] if self.received else OTHERS

    @property
    def held(self) -> bool:
        """Whether all of it is held now."""
        return self.received is not None


def hold(house: CareHouse, role: Role, read: Read) -> Stored:
    """Hold what a bundle was read as, all of it or nothing."""
    if not read.held or read.person is None:
        return Stored(read, None)
    file = read.file
    came = receive(house, role, Coming(read.person, file.plan, file.team) if file else Coming(read.person))
    if isinstance(came, Received):
        return Stored(read, came)
    return Stored(replace(read, outcomes=tuple(_judged(each, came) for each in read.outcomes)), None)


def _judged(outcome: Outcome, came: list[Kept]) -> Outcome:
    issues = [
        Issue("business-rule", each.says, PATHS.get(each.field, f"{outcome.resource}.{each.field}"))
        for each in came
        if each.part == _part(outcome) and outcome.resource in {"Patient", "CarePlan", "CareTeam"}
    ]
    return replace(outcome, issues=(*outcome.issues, *issues))


def _part(outcome: Outcome) -> str:
    return PARTS.get(outcome.resource, "plan")
