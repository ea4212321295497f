"""The FHIR R4 elements that are held, in FHIR's own names: what is not here is refused by name, never dropped.

Identifiers and the verification status are those of UK Core. What R4 has no element for stands in extensions of our own.
"""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt
from pydantic.alias_generators import to_camel

NHS_NUMBER = "https://fhir.nhs.uk/Id/nhs-number"
STATUS = "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus"
STATUS_SYSTEM = "https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatusEngland"
SCOPE_SYSTEM, SCOPE = "http://terminology.hl7.org/CodeSystem/consentscope", "patient-privacy"
CATEGORY_SYSTEM, CATEGORY = "http://loinc.org", "59284-0"
OURS = "urn:carepool:"
"""What the names of our own extensions begin with."""

Text = Annotated[str, Field(min_length=1, max_length=10_000, strict=True)]
Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9.-]{1,64}$", strict=True)]
FullDate = Annotated[str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
"""A whole date: one without its day cannot be held."""


class Element(BaseModel):
    """Anything of FHIR: frozen, and nothing in it that is not held."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", alias_generator=to_camel, validate_by_alias=True, validate_by_name=True
    )


class Coding(Element):
    """A code of a system."""

    system: Text
    code: Text
    display: Text | None = None


class Concept(Element):
    """A code, or words."""

    coding: Annotated[list[Coding], Field(min_length=1, max_length=1)] | None = None
    text: Text | None = None


class Extension(Element):
    """An extension with the value types that ours have."""

    url: Text
    value_string: Text | None = None
    value_code: Text | None = None
    value_id: Id | None = None
    value_boolean: StrictBool | None = None
    value_integer: StrictInt | None = None
    value_decimal: Annotated[Decimal, Field(strict=True)] | StrictInt | None = None
    value_date: FullDate | None = None
    value_time: Annotated[str, Field(pattern=r"^[0-9]{2}:[0-9]{2}:[0-9]{2}$")] | None = None
    value_codeable_concept: Concept | None = None
    extension: list["Extension"] | None = None


class Reference(Element):
    """A reference to another resource of the bundle."""

    reference: Annotated[str, Field(pattern=r"^[A-Z][A-Za-z]+/[A-Za-z0-9.-]{1,64}$")]


class Named(Element):
    """Somebody by name, where R4 has a reference."""

    display: Text


class Identifier(Element):
    """An NHS number, and how far it is verified."""

    extension: Annotated[list[Extension], Field(min_length=1, max_length=1)]
    system: Literal["https://fhir.nhs.uk/Id/nhs-number"]
    value: Text


class HumanName(Element):
    """The name that a person goes by officially."""

    use: Literal["official"] | None = None
    family: Text
    given: list[Text] | None = None


class Telecom(Element):
    """A telephone number."""

    system: Literal["phone"]
    value: Text


class Address(Element):
    """Where a person lives."""

    line: list[Text] | None = None
    postal_code: Text | None = None


class Patient(Element):
    """A person."""

    resource_type: Literal["Patient"]
    id: Id
    extension: list[Extension] | None = None
    identifier: Annotated[list[Identifier], Field(min_length=1, max_length=1)] | None = None
    name: Annotated[list[HumanName], Field(min_length=1, max_length=1)]
    telecom: Annotated[list[Telecom], Field(min_length=1, max_length=1)] | None = None
    gender: Literal["male", "female", "other", "unknown"] | None = None
    birth_date: FullDate | None = None
    address: Annotated[list[Address], Field(min_length=1, max_length=1)] | None = None


class Said(Element):
    """Words alone."""

    text: Text


class Target(Element):
    """By when a goal is to be reached."""

    due_date: FullDate


class Goal(Element):
    """A goal."""

    resource_type: Literal["Goal"]
    id: Id
    lifecycle_status: Literal["proposed", "active", "completed", "cancelled"]
    description: Said
    subject: Reference
    target: Annotated[list[Target], Field(min_length=1, max_length=1)] | None = None


class Detail(Element):
    """What is done, for which goals, by whom and how often."""

    extension: list[Extension] | None = None
    goal: list[Reference] | None = None
    status: Literal["unknown"]
    """How far it is done is not held."""
    scheduled_string: Text | None = None
    performer: Annotated[list[Named], Field(min_length=1, max_length=1)] | None = None
    description: Text


class Activity(Element):
    """A service."""

    id: Id
    detail: Detail


class Period(Element):
    """From when a plan runs."""

    start: FullDate


class CarePlan(Element):
    """A plan."""

    resource_type: Literal["CarePlan"]
    id: Id
    extension: list[Extension] | None = None
    status: Literal["draft", "active", "on-hold", "revoked", "completed"]
    intent: Literal["plan"]
    title: Text
    description: Text | None = None
    subject: Reference
    period: Period
    care_team: Annotated[list[Reference], Field(min_length=1, max_length=1)] | None = None
    goal: list[Reference] | None = None
    activity: list[Activity] | None = None
    note: Annotated[list[Said], Field(min_length=1, max_length=1)] | None = None


class Participant(Element):
    """Somebody of the team."""

    id: Id
    extension: list[Extension] | None = None
    role: Annotated[list[Said], Field(min_length=1, max_length=1)]
    member: Named
    on_behalf_of: Named | None = None


class CareTeam(Element):
    """The team around a person."""

    resource_type: Literal["CareTeam"]
    id: Id
    status: Literal["active"]
    subject: Reference
    participant: Annotated[list[Participant], Field(min_length=1)]


class Provision(Element):
    """Whether consent is given."""

    type: Literal["permit", "deny"]


class Consent(Element):
    """Consent to the plan and to its being shared."""

    resource_type: Literal["Consent"]
    id: Id
    extension: list[Extension] | None = None
    status: Literal["active", "rejected"]
    scope: Concept
    category: Annotated[list[Concept], Field(min_length=1, max_length=1)]
    patient: Reference
    date_time: FullDate
    performer: Annotated[list[Named], Field(min_length=1, max_length=1)]
    policy_rule: Said
    provision: Provision


Resource = Patient | Goal | CareTeam | Consent | CarePlan
SHAPES: dict[str, type[Patient] | type[Goal] | type[CareTeam] | type[Consent] | type[CarePlan]] = {
    "Patient": Patient,
    "Goal": Goal,
    "CareTeam": CareTeam,
    "Consent": Consent,
    "CarePlan": CarePlan,
}
"""The resources that are held."""
