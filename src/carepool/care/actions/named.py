"""A person as other systems name them, and as the wing's rows hold them: each of one can be the other, or what cannot be is named."""

from dataclasses import replace

from pydantic import ValidationError

from carepool.basics.refusals import Refused
from carepool.care.actions.house import CareHouse
from carepool.care.actions.ports import Identity
from carepool.care.people.person import NumberStatus, Person, Sex

BETWEEN = ", "
"""What stands between the lines of an address in a row."""
KEPT = "\N{NO-BREAK SPACE}"
"""The space inside one given name, and after a comma inside one line, so that they come back as one."""
LONGEST = {"given": 200, "family": 200, "postcode": 10, "address": 500, "telephone": 50}
"""Characters that a row holds."""
SEXES = {
    Sex.FEMALE: "female",
    Sex.MALE: "male",
    Sex.OTHER: "not_specified",
    Sex.UNKNOWN: "not_known",
}
FIELDS = {
    "given": "given_names",
    "family": "family_name",
    "postcode": "postcode",
    "address": "address",
    "telephone": "telephone",
}
"""The names of a person's fields, by those of the row."""


def identity_from(house: CareHouse, person: Person, id_: str, organisation: str) -> Identity:
    """The rows of a person who comes from an organisation's own system, under an id of the wing."""
    return Identity(
        person=id_,
        given=" ".join(each.replace(" ", KEPT) for each in person.given_names),
        family=person.family_name,
        born=person.born,
        sex=SEXES[person.sex],
        postcode=person.postcode or "",
        address=BETWEEN.join(each.replace(BETWEEN, f",{KEPT}") for each in person.address),
        number=person.nhs_number,
        number_status=person.status.value,
        local_ids=((organisation, person.id),) if person.id != id_ else (),
        demonstration=not house.production,
        telephone=person.telephone or "",
    )


def person_from(identity: Identity, id_: str = "") -> Person | Refused:
    """The person of some rows, under the id of the wing or another, or what stands in the way."""
    sexes = {held: sex for sex, held in SEXES.items()}
    try:
        return Person(
            id=id_ or identity.person,
            nhs_number=identity.number,
            status=NumberStatus(identity.number_status or NumberStatus.TRACE_REQUIRED),
            given_names=tuple(each.replace(KEPT, " ") for each in identity.given.split(" ") if each),
            family_name=identity.family,
            born=identity.born,
            sex=sexes.get(identity.sex, Sex.UNKNOWN),
            address=tuple(
                each.replace(KEPT, " ") for line in identity.address.split(BETWEEN) if (each := line.strip())
            ),
            postcode=identity.postcode or None,
            telephone=identity.telephone or None,
        )
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join(str(each) for each in first["loc"])
        return Refused(f"Who this person is cannot go out as it stands: {where or 'the NHS number'}. Put it right on the page of details first.")  # fmt: skip


def not_held(person: Person, identity: Identity) -> list[tuple[str, str]]:
    """The fields of a person that the rows would give back as something else, each with what is wrong."""
    found = [
        (FIELDS[name], f"At most {most} characters are held here.")
        for name, most in LONGEST.items()
        if len(getattr(identity, name)) > most
    ]
    back = person_from(replace(identity, person=person.id))
    if isinstance(back, Refused):
        return [*found, ("id", back.says)]
    return found + [
        (name, "Held here it would come back as something else. Take what is unusual out of it (spaces that do not break, commas at an end), or keep it elsewhere.")
        for name in Person.model_fields
        if getattr(back, name) != getattr(person, name)
    ]  # fmt: skip
