"""From FHIR's elements to the wing's own words: what an element says is taken once, and what is left over is named."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, time

from carepool.care.fhir import shapes
from carepool.care.fhir.shapes import OURS, Extension, Reference
from carepool.care.fhir.writing import POLICY
from carepool.care.people import nhs_number
from carepool.care.people.person import SAYS, NumberStatus, Person, Sex
from carepool.care.planning import plan as plans
from carepool.care.planning.plan import DayWord, Payer

NO_PLACE = (
    "There is no place to hold this, and it is not dropped in silence. Take it out, or keep it elsewhere."
)


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing that cannot be held, as FHIR's OperationOutcome has it."""

    code: str
    diagnostics: str
    expression: str
    """The path, like ``Patient.name[0].text``."""


@dataclass(slots=True)
class Part:
    """An entry on its way: its shape, what it holds in the wing's own words, and what cannot be held."""

    number: int
    kind: str
    id: str | None
    resource: shapes.Resource | None = None
    built: object = None
    issues: list[Issue] = field(default_factory=list)

    def refuse(self, code: str, diagnostics: str, expression: str) -> None:
        """Name something that cannot be held."""
        self.issues.append(Issue(code, diagnostics, expression))


@dataclass(slots=True)
class Extensions:
    """The extensions of an element, each to be taken once."""

    part: Part
    path: str
    left: list[tuple[int, Extension]]

    @classmethod
    def of(cls, part: Part, path: str, extensions: Iterable[Extension] | None) -> "Extensions":
        """Those of an element, by its path."""
        return cls(part, path, list(enumerate(extensions or ())))

    def all(self, name: str, value: str) -> list[tuple[str, object]]:
        """The values of all extensions of a name, with their paths; one with another value is refused."""
        found, left = [], []
        for number, each in self.left:
            path = f"{self.path}.extension[{number}]"
            if each.url != name:
                left.append((number, each))
                continue
            said = {key for key in type(each).model_fields if key != "url" and getattr(each, key) is not None}
            if said != {value}:
                self.part.refuse("structure", f"“{name}” holds {_camel(value)}, and nothing else.", path)
            else:
                found.append((path, getattr(each, value)))
        self.left = left
        return found

    def one(self, name: str, value: str, *, required: bool = False) -> object:
        """The value of the extension of a name, which is there at most once."""
        found = self.all(name, value)
        if len(found) > 1:
            self.part.refuse("structure", f"“{name}” is held once.", found[1][0])
        if not found and required:
            self.part.refuse("required", f"“{name}” has to be there.", f"{self.path}.extension")
        return found[0][1] if found else None

    def inner(self, name: str) -> list["Extensions"]:
        """The extensions inside those of a name."""
        return [Extensions(self.part, path, list(enumerate(within))) for path, within in self.all(name, "extension") if isinstance(within, list)]  # fmt: skip

    def end(self) -> None:
        """Name what nobody has taken."""
        for number, each in self.left:
            self.part.refuse("not-supported", f"“{each.url}” is not known. {NO_PLACE}", f"{self.path}.extension[{number}]")  # fmt: skip


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(each.capitalize() for each in rest)


def build_person(part: Part, production: bool) -> Person:
    """The person that a Patient is."""
    patient = part.resource
    assert isinstance(patient, shapes.Patient)  # noqa: S101 (chosen by its type)
    mine = Extensions.of(part, "Patient", patient.extension)
    status = mine.one(OURS + "number-status", "value_code")
    mine.end()
    number = None
    if patient.identifier:
        number, verified = _number(part, patient.identifier[0], production)
        if status is not None:
            part.refuse(
                "business-rule", "How far a number is verified stands with the number.", "Patient.extension"
            )
        status = verified
    address = patient.address[0] if patient.address else None
    if address and not address.line and not address.postal_code:
        part.refuse("structure", "An address without lines and postcode holds nothing.", "Patient.address[0]")
    return Person(
        id=patient.id,
        nhs_number=number,
        status=_status(part, str(status), "Patient.extension") if status else NumberStatus.TRACE_REQUIRED,
        given_names=tuple(patient.name[0].given or ()),
        family_name=patient.name[0].family,
        born=_day(part, patient.birth_date, "Patient.birthDate"),
        sex=Sex(patient.gender or "unknown"),
        address=tuple(address.line or ()) if address else (),
        postcode=address.postal_code if address else None,
        telephone=patient.telecom[0].value if patient.telecom else None,
    )


def _number(part: Part, identifier: shapes.Identifier, production: bool) -> tuple[str | None, str]:
    path = "Patient.identifier[0]"
    mine = Extensions.of(part, path, identifier.extension)
    concept = mine.one(shapes.STATUS, "value_codeable_concept", required=True)
    mine.end()
    code = NumberStatus.NOT_TRACED.value
    where = f"{path}.extension[0].valueCodeableConcept"
    if isinstance(concept, shapes.Concept):
        coding = concept.coding[0] if concept.coding else None
        if coding is None or concept.text is not None or coding.system != shapes.STATUS_SYSTEM:
            part.refuse(
                "value", f"Held is one code of {shapes.STATUS_SYSTEM}, without words beside it.", where
            )
        else:
            code = coding.code
            status = _status(part, code, f"{where}.coding[0].code")
            if coding.display not in {None, SAYS[status]}:
                part.refuse("value", f"The code {code} is displayed as “{SAYS[status]}”.", f"{where}.coding[0].display")  # fmt: skip
    judged = nhs_number.held(identifier.value, production=production)
    if not judged.valid or judged.number != identifier.value:
        part.refuse("value", judged.reason or "Write the ten digits without spaces.", f"{path}.value")
        return None, NumberStatus.TRACE_REQUIRED.value
    return judged.number, code


def _status(part: Part, code: str, path: str) -> NumberStatus:
    try:
        return NumberStatus(code)
    except ValueError:
        part.refuse("value", f"Codes are {', '.join(NumberStatus)}.", path)
        return NumberStatus.TRACE_REQUIRED


def build_goal(part: Part) -> plans.Goal:
    """The goal that a Goal is."""
    goal = part.resource
    assert isinstance(goal, shapes.Goal)  # noqa: S101 (chosen by its type)
    by = _day(part, goal.target[0].due_date, "Goal.target[0].dueDate") if goal.target else None
    return plans.Goal(id=goal.id, says=goal.description.text, by=by, status=goal.lifecycle_status)


def build_team(part: Part) -> tuple[plans.Member, ...]:
    """The team that a CareTeam is."""
    team = part.resource
    assert isinstance(team, shapes.CareTeam)  # noqa: S101 (chosen by its type)
    found = []
    for number, each in enumerate(team.participant):
        mine = Extensions.of(part, f"CareTeam.participant[{number}]", each.extension)
        accountable = mine.one(OURS + "accountable", "value_boolean")
        telephone = mine.one(OURS + "telephone", "value_string")
        mine.end()
        if accountable is False:
            part.refuse("value", "Who is not accountable has no such mark.", f"{mine.path}.extension")
        body = each.on_behalf_of.display if each.on_behalf_of else None
        found.append(
            plans.Member(
                id=each.id, name=each.member.display, role=each.role[0].text, body=body,
                telephone=_text(telephone), accountable=accountable is True,
            )
        )  # fmt: skip
    return tuple(found)


def build_consent(part: Part) -> plans.Consent:
    """The consent that a Consent is."""
    consent = part.resource
    assert isinstance(consent, shapes.Consent)  # noqa: S101 (chosen by its type)
    mine = Extensions.of(part, "Consent", consent.extension)
    best = mine.one(OURS + "best-interests", "value_boolean")
    mine.end()
    _exactly(part, consent.scope, shapes.SCOPE_SYSTEM, shapes.SCOPE, "Consent.scope")
    _exactly(part, consent.category[0], shapes.CATEGORY_SYSTEM, shapes.CATEGORY, "Consent.category[0]")
    if consent.policy_rule.text != POLICY:
        part.refuse("value", f"Held is consent by one policy: “{POLICY}”.", "Consent.policyRule.text")
    refused = consent.provision.type == "deny"
    if refused != (consent.status == "rejected"):
        part.refuse("business-rule", "A consent that is rejected denies, and one that is active permits.", "Consent.provision.type")  # fmt: skip
    if best is False or (best and refused):
        part.refuse(
            "value", "This mark says that somebody decided for the person, and consents.", "Consent.extension"
        )
    return plans.Consent(
        given="no" if refused else "best_interests" if best else "yes",
        on=_day(part, consent.date_time, "Consent.dateTime") or date.max,
        by=consent.performer[0].display,
    )


def _exactly(part: Part, concept: shapes.Concept, system: str, code: str, path: str) -> None:
    if concept != shapes.Concept(coding=[shapes.Coding(system=system, code=code)]):
        part.refuse("value", f"Held is the code {code} of {system}, and nothing beside it.", path)


def build_plan(part: Part) -> dict[str, object]:
    """What a CarePlan says of a plan: its fields but for goals and consent, which are entries of their own."""
    plan = part.resource
    assert isinstance(plan, shapes.CarePlan)  # noqa: S101 (chosen by its type)
    mine = Extensions.of(part, "CarePlan", plan.extension)
    fields: dict[str, object] = {
        "person": plan.subject.reference.removeprefix("Patient/"),
        "id": plan.id,
        "title": plan.title,
        "status": plan.status,
        "begun_on": _day(part, plan.period.start, "CarePlan.period.start") or date.max,
        "matters": plan.description,
        "contingency": plan.note[0].text if plan.note else None,
        "integrated": mine.one(OURS + "integrated", "value_boolean", required=True) is True,
        "assessment": mine.one(OURS + "assessment", "value_string"),
        "review_on": _day(part, _text(mine.one(OURS + "review-on", "value_date")), "CarePlan.extension"),
        "needs": tuple(_need(each) for each in mine.inner(OURS + "need")),
        "shared_with": tuple(_shared(each) for each in mine.inner(OURS + "shared-with")),
        "services": tuple(_service(part, each, number) for number, each in enumerate(plan.activity or ())),
    }
    mine.end()
    return fields


def _need(mine: Extensions) -> plans.Need:
    id_, says = mine.one("id", "value_id", required=True), mine.one("says", "value_string", required=True)
    question = mine.one("question", "value_string")
    mine.end()
    return plans.Need(id=_text(id_) or "-", says=_text(says) or "-", question=_text(question))


def _shared(mine: Extensions) -> plans.SharedWith:
    name, what = (
        mine.one("name", "value_string", required=True),
        mine.one("what", "value_code", required=True),
    )
    since = _day(mine.part, _text(mine.one("since", "value_date", required=True)), mine.path)
    mine.end()
    if what not in {"whole", "summary"}:
        mine.part.refuse("value", "What is shared is whole or summary.", mine.path)
    return plans.SharedWith(
        name=_text(name) or "-", what="whole" if what == "whole" else "summary", since=since or date.max
    )


def _service(part: Part, activity: shapes.Activity, number: int) -> plans.Service:
    detail, path = activity.detail, f"CarePlan.activity[{number}].detail"
    mine = Extensions.of(part, path, detail.extension)
    ready = mine.inner(OURS + "ready")
    if len(ready) > 1:
        part.refuse("structure", "When a service can start is held once.", ready[1].path)
    service = plans.Service(
        id=activity.id,
        says=detail.description,
        provider=detail.performer[0].display if detail.performer else None,
        telephone=_text(mine.one(OURS + "telephone", "value_string")),
        needs=tuple(str(each) for _, each in mine.all(OURS + "for-need", "value_id")),
        goals=tuple(
            _goal_of(part, each, f"{path}.goal[{one}]") for one, each in enumerate(detail.goal or ())
        ),
        often=detail.scheduled_string,
        paid_by=tuple(found for each in mine.inner(OURS + "paid-by") if (found := _payment(each))),
        ready=_readiness(ready[0]) if ready else None,
    )
    mine.end()
    return service


def _goal_of(part: Part, reference: Reference, path: str) -> str:
    kind, _, id_ = reference.reference.partition("/")
    if kind != "Goal":
        part.refuse("value", "It has to name a Goal of the bundle.", path)
    return id_


def _payment(mine: Extensions) -> plans.Payment | None:
    payer, share = mine.one("payer", "value_code", required=True), mine.one("share", "value_decimal", required=True)  # fmt: skip
    body = mine.one("body", "value_string")
    mine.end()
    if payer not in Payer.__members__:
        mine.part.refuse("value", f"Payers are {', '.join(Payer.__members__)}.", mine.path)
        return None
    return plans.Payment.model_validate({"payer": Payer[str(payer)], "body": body, "share": share})


def _readiness(mine: Extensions) -> plans.Readiness | None:
    needed = mine.one("needed", "value_code", required=True)
    notice = mine.one("notice-hours", "value_integer", required=True)
    windows = [_window(each) for each in mine.inner("window")]
    mine.end()
    if mine.part.issues:
        return None
    return plans.Readiness.model_validate(
        {"windows": tuple(windows), "notice_hours": notice, "needed": needed}
    )


def _window(mine: Extensions) -> plans.Window | None:
    days = mine.all("day", "value_code")
    opens, closes = (
        mine.one("opens", "value_time", required=True),
        mine.one("closes", "value_time", required=True),
    )
    mine.end()
    for path, day in days:
        if day not in DayWord.__members__:
            mine.part.refuse("value", f"Days are {', '.join(DayWord.__members__)}.", path)
    if mine.part.issues:
        return None
    try:
        hours = {"opens": time.fromisoformat(str(opens)), "closes": time.fromisoformat(str(closes))}
    except ValueError:
        mine.part.refuse("value", "There is no such time of day.", mine.path)
        return None
    return plans.Window.model_validate({"days": tuple(DayWord[str(each)] for _, each in days), **hours})


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _day(part: Part, text: str | None, path: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        part.refuse("value", f"{text} is no day.", path)
        return None
