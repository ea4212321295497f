"""A plan's file as a FHIR R4 Bundle: what goes in is all in it, so that reading it again gives the same file."""

from collections.abc import Iterable
from decimal import Decimal

from carepool.basics.canonical import plain
from carepool.care.fhir import shapes
from carepool.care.fhir.shapes import OURS, Extension, Named, Reference, Said
from carepool.care.people.person import SAYS, Person
from carepool.care.planning import plan as plans
from carepool.care.planning.plan import PlanFile

POLICY = "Consent of the person, or of who may decide for them, under the Mental Capacity Act 2005 and the duty of confidentiality"


def bundle_of_person(person: Person) -> dict[str, object]:
    """The Bundle of a person without a plan."""
    return _bundle([_patient(person)])


def bundle_of(file: PlanFile) -> dict[str, object]:
    """The Bundle of a file, in the shapes of JSON."""
    subject = Reference(reference=f"Patient/{file.person.id}")
    resources: list[shapes.Resource] = [
        _patient(file.person),
        *(_goal(each, subject) for each in file.plan.goals),
        *([_team(file, subject)] if file.team else []),
        *([_consent(file.plan.id, file.plan.consent, subject)] if file.plan.consent else []),
        _plan(file, subject),
    ]
    return _bundle(resources)


def _bundle(resources: Iterable[shapes.Resource]) -> dict[str, object]:
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"resource": _data(each)} for each in resources],
    }


def _data(resource: shapes.Resource) -> object:
    return _numbers(resource.model_dump(by_alias=True, exclude_none=True))


def _numbers(value: object) -> object:
    """With numbers as JSON has them: a share of two places is the same number again when it is read."""
    match value:
        case dict():
            return {key: _numbers(each) for key, each in value.items()}
        case list():
            return [_numbers(each) for each in value]
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case _:
            return plain(value)


def ours(name: str) -> str:
    """The name of an extension of our own."""
    return OURS + name


def _words(name: str, text: str) -> Extension:
    return Extension(url=name, value_string=text)


def _some(extensions: Iterable[Extension]) -> list[Extension] | None:
    return list(extensions) or None


def _patient(person: Person) -> shapes.Patient:
    status, identifier, extension = person.status, None, None
    if person.nhs_number is None:
        extension = [Extension(url=ours("number-status"), value_code=status.value)]
    else:
        coding = shapes.Coding(system=shapes.STATUS_SYSTEM, code=status.value, display=SAYS[status])
        verified = Extension(url=shapes.STATUS, value_codeable_concept=shapes.Concept(coding=[coding]))
        identifier = [
            shapes.Identifier(extension=[verified], system=shapes.NHS_NUMBER, value=person.nhs_number)
        ]
    address = shapes.Address(line=list(person.address) or None, postal_code=person.postcode)
    return shapes.Patient(
        resource_type="Patient",
        id=person.id,
        extension=extension,
        identifier=identifier,
        name=[shapes.HumanName(use="official", family=person.family_name, given=list(person.given_names) or None)],
        telecom=[shapes.Telecom(system="phone", value=person.telephone)] if person.telephone else None,
        gender=person.sex.value,
        birth_date=person.born.isoformat() if person.born else None,
        address=[address] if person.address or person.postcode else None,
    )  # fmt: skip


def _goal(goal: plans.Goal, subject: Reference) -> shapes.Goal:
    return shapes.Goal(
        resource_type="Goal",
        id=goal.id,
        lifecycle_status=goal.status,
        description=Said(text=goal.says),
        subject=subject,
        target=[shapes.Target(due_date=goal.by.isoformat())] if goal.by else None,
    )


def _team(file: PlanFile, subject: Reference) -> shapes.CareTeam:
    return shapes.CareTeam(
        resource_type="CareTeam",
        id=file.plan.id,
        status="active",
        subject=subject,
        participant=[_participant(each) for each in file.team],
    )


def _participant(member: plans.Member) -> shapes.Participant:
    extension = []
    if member.accountable:
        extension.append(Extension(url=ours("accountable"), value_boolean=True))
    if member.telephone:
        extension.append(_words(ours("telephone"), member.telephone))
    return shapes.Participant(
        id=member.id,
        extension=_some(extension),
        role=[Said(text=member.role)],
        member=Named(display=member.name),
        on_behalf_of=Named(display=member.body) if member.body else None,
    )


def _consent(id_: str, consent: plans.Consent, subject: Reference) -> shapes.Consent:
    best = (
        [Extension(url=ours("best-interests"), value_boolean=True)]
        if consent.given == "best_interests"
        else []
    )
    scope = shapes.Coding(system=shapes.SCOPE_SYSTEM, code=shapes.SCOPE)
    category = shapes.Coding(system=shapes.CATEGORY_SYSTEM, code=shapes.CATEGORY)
    refused = consent.given == "no"
    return shapes.Consent(
        resource_type="Consent",
        id=id_,
        extension=_some(best),
        status="rejected" if refused else "active",
        scope=shapes.Concept(coding=[scope]),
        category=[shapes.Concept(coding=[category])],
        patient=subject,
        date_time=consent.on.isoformat(),
        performer=[Named(display=consent.by)],
        policy_rule=Said(text=POLICY),
        provision=shapes.Provision(type="deny" if refused else "permit"),
    )


def _plan(file: PlanFile, subject: Reference) -> shapes.CarePlan:
    plan = file.plan
    return shapes.CarePlan(
        resource_type="CarePlan",
        id=plan.id,
        extension=_some(_beside(plan)),
        status=plan.status,
        intent="plan",
        title=plan.title,
        description=plan.matters,
        subject=subject,
        period=shapes.Period(start=plan.begun_on.isoformat()),
        care_team=[Reference(reference=f"CareTeam/{plan.id}")] if file.team else None,
        goal=[Reference(reference=f"Goal/{each.id}") for each in plan.goals] or None,
        activity=[_activity(each) for each in plan.services] or None,
        note=[Said(text=plan.contingency)] if plan.contingency else None,
    )


def _beside(plan: plans.CarePlan) -> Iterable[Extension]:
    """What a plan holds that R4 has no element for."""
    yield Extension(url=ours("integrated"), value_boolean=plan.integrated)
    if plan.assessment:
        yield _words(ours("assessment"), plan.assessment)
    if plan.review_on:
        yield Extension(url=ours("review-on"), value_date=plan.review_on.isoformat())
    for need in plan.needs:
        inner = [Extension(url="id", value_id=need.id), _words("says", need.says)]
        if need.question:
            inner.append(_words("question", need.question))
        yield Extension(url=ours("need"), extension=inner)
    for each in plan.shared_with:
        inner = [
            _words("name", each.name),
            Extension(url="what", value_code=each.what),
            Extension(url="since", value_date=each.since.isoformat()),
        ]
        yield Extension(url=ours("shared-with"), extension=inner)


def _activity(service: plans.Service) -> shapes.Activity:
    return shapes.Activity(
        id=service.id,
        detail=shapes.Detail(
            extension=_some(_of_service(service)),
            goal=[Reference(reference=f"Goal/{each}") for each in service.goals] or None,
            status="unknown",
            scheduled_string=service.often,
            performer=[Named(display=service.provider)] if service.provider else None,
            description=service.says,
        ),
    )


def _of_service(service: plans.Service) -> Iterable[Extension]:
    for need in service.needs:
        yield Extension(url=ours("for-need"), value_id=need)
    if service.telephone:
        yield _words(ours("telephone"), service.telephone)
    for each in service.paid_by:
        inner = [
            Extension(url="payer", value_code=each.payer.name),
            Extension(url="share", value_decimal=each.share),
        ]
        if each.body:
            inner.append(_words("body", each.body))
        yield Extension(url=ours("paid-by"), extension=inner)
    if service.ready:
        yield Extension(url=ours("ready"), extension=list(_ready(service.ready)))


def _ready(ready: plans.Readiness) -> Iterable[Extension]:
    yield Extension(url="needed", value_code=ready.needed)
    yield Extension(url="notice-hours", value_integer=ready.notice_hours)
    for each in ready.windows:
        inner = [Extension(url="day", value_code=day.name) for day in each.days]
        inner += [Extension(url="opens", value_time=f"{each.opens:%H:%M:%S}"), Extension(url="closes", value_time=f"{each.closes:%H:%M:%S}")]  # fmt: skip
        yield Extension(url="window", extension=inner)
