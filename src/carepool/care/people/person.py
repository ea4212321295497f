"""A person as the wing knows them: an opaque id, the NHS number with how far it is verified, and what identifies them beside it."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from carepool.care.people.nhs_number import judge

OpaqueId = Annotated[str, Field(pattern=r"^[A-Za-z0-9.-]{1,64}$")]
"""An id that says nothing of whose it is; FHIR's ids have the same form."""
Words = Annotated[str, Field(min_length=1, max_length=10_000, pattern=r"\S")]
"""What people wrote."""
Short = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^\S(.*\S)?$")]
"""A name or a title: one line, no space around it."""


class Held(BaseModel):
    """Anything that a document of the wing holds: frozen, and nothing in it that is not known."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False)


class NumberStatus(StrEnum):
    """How far an NHS number is verified: NHS Data Model and Dictionary, NHS NUMBER STATUS INDICATOR CODE."""

    VERIFIED = "01"
    NOT_TRACED = "02"
    TRACE_REQUIRED = "03"
    NO_MATCH = "04"
    TO_RESOLVE = "05"
    IN_PROGRESS = "06"
    NOT_PRESENT = "07"
    POSTPONED = "08"

    @property
    def says(self) -> str:
        """As the dictionary puts it, as far as it is recalled."""
        return SAYS[self]


SAYS = {
    NumberStatus.VERIFIED: "Number present and verified",
    NumberStatus.NOT_TRACED: "Number present but not traced",
    NumberStatus.TRACE_REQUIRED: "Trace required",
    NumberStatus.NO_MATCH: "Trace attempted - no match or multiple match found",
    NumberStatus.TO_RESOLVE: "Trace needs to be resolved - NHS number or patient detail conflict",
    NumberStatus.IN_PROGRESS: "Trace in progress",
    NumberStatus.NOT_PRESENT: "Number not present and trace not required",
    NumberStatus.POSTPONED: "Trace postponed (baby under six weeks old)",
}


class Sex(StrEnum):
    """As FHIR's administrative gender has it."""

    FEMALE = "female"
    MALE = "male"
    OTHER = "other"
    UNKNOWN = "unknown"


class Person(Held):
    """A person."""

    id: OpaqueId
    nhs_number: str | None = None
    """Ten digits, or None where there is no number."""
    status: NumberStatus = NumberStatus.TRACE_REQUIRED
    given_names: tuple[Short, ...] = ()
    family_name: Short
    born: date | None = None
    sex: Sex = Sex.UNKNOWN
    address: tuple[Short, ...] = ()
    postcode: Short | None = None
    telephone: Short | None = None

    @model_validator(mode="after")
    def _number(self) -> Self:
        if self.nhs_number is None:
            if self.status in {NumberStatus.VERIFIED, NumberStatus.NOT_TRACED}:
                raise ValueError(f"“{self.status.says}” needs the number itself")
            return self
        judged = judge(self.nhs_number)
        if not judged.valid or judged.number != self.nhs_number:
            raise ValueError(
                f"the NHS number cannot be one: {judged.reason or 'write its ten digits without spaces'}"
            )
        if self.status is NumberStatus.NOT_PRESENT:
            raise ValueError(f"“{self.status.says}” cannot be said of a number that is there")
        return self
