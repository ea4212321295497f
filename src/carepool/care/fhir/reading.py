"""A FHIR R4 Bundle judged entry by entry: each is held whole, or refused with every path that cannot be held."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NoReturn

from pydantic import ValidationError

from carepool.basics.refusals import Unusable, printable
from carepool.care.fhir import shapes
from carepool.care.fhir.building import (
    NO_PLACE,
    Issue,
    Part,
    build_consent,
    build_goal,
    build_person,
    build_plan,
    build_team,
)
from carepool.care.fhir.shapes import SHAPES
from carepool.care.people.person import Person
from carepool.care.planning import plan as plans
from carepool.care.planning.plan import PlanFile

LARGEST = 10_000_000
"""Bytes beyond which nothing is read."""
MOST = 2_000
"""Entries beyond which a bundle is of something else than one plan."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an entry; of the bundle itself, where ``entry`` is None."""

    entry: int | None
    resource: str
    id: str | None
    issues: tuple[Issue, ...]

    @property
    def held(self) -> bool:
        """Whether nothing of it is refused."""
        return not self.issues

    def as_data(self, fine: str = "It can be held whole.", word: str = "held") -> dict[str, object]:
        """In the shapes of JSON, with an OperationOutcome; ``fine`` is said, in a word and a sentence, where nothing is refused."""
        issue: list[dict[str, object]] = [
            {
                "severity": "error",
                "code": each.code,
                "diagnostics": each.diagnostics,
                "expression": [each.expression],
            }
            for each in self.issues
        ]
        informed: list[dict[str, object]] = [
            {"severity": "information", "code": "informational", "diagnostics": fine}
        ]
        return {
            "entry": self.entry,
            "resource": self.resource,
            "id": self.id,
            "outcome": word if self.held else "refused",
            "operation_outcome": {"resourceType": "OperationOutcome", "issue": issue or informed},
        }


@dataclass(frozen=True, slots=True)
class Read:
    """What a bundle comes to: an outcome for each entry, and what it holds where nothing was refused."""

    outcomes: tuple[Outcome, ...]
    person: Person | None = None
    file: PlanFile | None = None

    @property
    def held(self) -> bool:
        """Whether all of it can be held."""
        return all(each.held for each in self.outcomes)


def read_bundle(content: bytes, *, production: bool) -> Read:
    """Judge a bundle, or a single resource. Nothing is stored by this. Unusable when it is no FHIR JSON at all.

    ``production`` refuses NHS numbers of the range for demonstration and test; elsewhere only those are held.
    """
    data = _json(content)
    entries, issues = _entries(data)
    parts = [_shaped(number, each) for number, each in enumerate(entries)]
    for each in parts:
        _build(each, production)
    read = Read(())
    if not issues and not any(each.issues for each in parts):
        read = _joined(parts)
    outcomes = [Outcome(None, "Bundle", None, tuple(issues))] if issues else []
    outcomes += [Outcome(each.number, each.kind, each.id, tuple(each.issues)) for each in parts]
    if any(not each.held for each in outcomes):
        return Read(tuple(outcomes))
    return Read(tuple(outcomes), read.person, read.file)


def _json(content: bytes) -> object:
    if len(content) > LARGEST:
        raise Unusable(f"The file has {len(content):,} bytes; at most {LARGEST:,} are read. Hand in one plan at a time.")  # fmt: skip
    try:
        data: object = json.loads(
            content.decode("utf-8-sig"),
            parse_float=Decimal,
            object_pairs_hook=_once,
            parse_constant=_no_number,
        )
    except RecursionError:
        raise Unusable(
            "The file is nested deeper than any FHIR resource. Hand in a Bundle as JSON."
        ) from None
    except UnicodeDecodeError:
        raise Unusable("The file is not text in UTF-8. Save the Bundle as JSON in UTF-8.") from None
    except ValueError as error:
        raise Unusable(
            f"The file is no JSON: {printable(str(error))}. Hand in a FHIR R4 Bundle as JSON."
        ) from None
    return data


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """A JSON object whose names are each there once: of two, one would be dropped."""
    found = dict(pairs)
    if len(found) != len(pairs):
        twice = sorted({name for name, _ in pairs if sum(name == each for each, _ in pairs) > 1})
        raise ValueError(f"“{printable(twice[0])}” stands twice in one object")
    return found


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number of JSON")


def _entries(data: object) -> tuple[list[object], list[Issue]]:
    """The resources of a bundle, or the one that it is; and what of the bundle itself cannot be held."""
    if not isinstance(data, Mapping) or not isinstance(data.get("resourceType"), str):
        raise Unusable("The file holds no FHIR resource. Hand in a Bundle as JSON, whose first word is resourceType.")  # fmt: skip
    if data["resourceType"] != "Bundle":
        return [data], []
    issues = [_not_held(f"Bundle.{printable(each)}") for each in data if each not in {"resourceType", "type", "entry"}]  # fmt: skip
    if data.get("type") != "collection":
        issues.append(Issue("value", "Only a collection is read: nothing is posted or put by a bundle.", "Bundle.type"))  # fmt: skip
    entries = data.get("entry")
    if not isinstance(entries, list) or not entries:
        return [], [*issues, Issue("required", "The bundle has no entries.", "Bundle.entry")]
    if len(entries) > MOST:
        raise Unusable(f"The bundle has {len(entries):,} entries; at most {MOST:,} are read. Hand in one plan at a time.")  # fmt: skip
    found: list[object] = []
    for number, entry in enumerate(entries):
        path = f"Bundle.entry[{number}]"
        resource = entry.get("resource") if isinstance(entry, Mapping) else None
        found.append(resource)
        if isinstance(entry, Mapping):
            issues += [
                _not_held(f"{path}.{printable(each)}")
                for each in entry
                if each not in {"resource", "fullUrl"}
            ]
            issues += _address(entry.get("fullUrl"), resource, path)
    return found, issues


def _address(url: object, resource: object, path: str) -> Iterable[Issue]:
    """The address of an entry says the type and id again, or something that references would mean and that is not held."""
    if url is None or not isinstance(resource, Mapping):
        return
    ends = f"/{resource.get('resourceType')}/{resource.get('id')}"
    if not isinstance(url, str) or not url.endswith(ends):
        yield Issue("not-supported", f"The address of an entry has to end with its type and id ({printable(ends)}), as references do.", f"{path}.fullUrl")  # fmt: skip


def _not_held(path: str) -> Issue:
    return Issue("not-supported", NO_PLACE, path)  # fmt: skip


def _shaped(number: int, resource: object) -> Part:
    """An entry in its shape, or with all that does not fit it."""
    if not isinstance(resource, Mapping) or not isinstance(resource.get("resourceType"), str):
        part = Part(number, "", None)
        part.refuse("required", "This entry has no resource.", f"Bundle.entry[{number}].resource")
        return part
    kind, id_ = str(resource["resourceType"]), resource.get("id")
    part = Part(number, printable(kind), id_ if isinstance(id_, str) else None)
    shape = SHAPES.get(kind)
    if shape is None:
        part.refuse("not-supported", f"Held are {', '.join(SHAPES)}.", f"Bundle.entry[{number}].resource")
        return part
    try:
        part.resource = shape.model_validate(dict(resource), by_alias=True, by_name=False)
    except ValidationError as error:
        for each in error.errors(include_url=False, include_context=False, include_input=False):
            part.refuse(*_of_shape(each["type"], each["msg"]), _path(kind, each["loc"]))
    except RecursionError:
        part.refuse("structure", "It is nested deeper than any resource that is held.", kind)
    return part


def _path(kind: str, loc: Iterable[int | str]) -> str:
    """A path as FHIRPath writes it."""
    path = kind
    for each in loc:
        if isinstance(each, int):
            path += f"[{each}]"
        elif each not in {"int", "decimal"}:
            path += f".{printable(each)}"
    return path


def _of_shape(type_: str, message: str) -> tuple[str, str]:
    match type_:
        case "extra_forbidden":
            return "not-supported", NO_PLACE
        case "missing":
            return "required", "It has to be there."
        case "too_long":
            return "not-supported", "Only one of these is held. Take the others out, or keep them elsewhere."
        case _:
            return "value", f"{message[0].upper()}{message[1:]}."


def _build(part: Part, production: bool) -> None:
    """Put what an entry holds into the wing's own words, or name what cannot be."""
    try:
        match part.resource:
            case shapes.Patient():
                part.built = build_person(part, production)
            case shapes.Goal():
                part.built = build_goal(part)
            case shapes.CareTeam():
                part.built = build_team(part)
            case shapes.Consent():
                part.built = build_consent(part)
            case shapes.CarePlan():
                part.built = build_plan(part)
    except ValidationError as error:
        _refuse_all(part, error)


def _refuse_all(part: Part, error: ValidationError) -> None:
    for each in error.errors(include_url=False, include_context=False, include_input=False):
        where = ".".join(str(one) for one in each["loc"])
        says = each["msg"].removeprefix("Value error, ")
        part.refuse("invalid", f"{where + ': ' if where else ''}{says[0].upper()}{says[1:]}.", part.kind)


def _joined(parts: list[Part]) -> Read:
    """The entries together: one person, at most one plan, and every goal, team and consent that of this plan."""
    people, drafts = _of(parts, "Patient"), _of(parts, "CarePlan")
    teams, consents, goals = _of(parts, "CareTeam"), _of(parts, "Consent"), _of(parts, "Goal")
    if len(people) != 1:
        for part in people[1:] or parts[:1]:
            part.refuse(
                "business-rule", "A bundle is of exactly one Patient. Hand in one plan at a time.", part.kind
            )
        return Read(())
    person = people[0].built
    assert isinstance(person, Person)  # noqa: S101 (built from a Patient)
    for part in parts:
        _is_about(part, person)
    if len(drafts) != 1:
        for part in drafts[1:] or (teams + consents + goals):
            part.refuse(
                "business-rule", "Goals, a team and consent are held with exactly one CarePlan.", part.kind
            )
        return Read((), person)
    plan = drafts[0]
    for others in (teams, consents):
        for part in others[1:]:
            part.refuse("business-rule", f"Only one {part.kind} is held with a plan.", part.kind)
        for part in others[:1]:
            if part.id != plan.id:
                part.refuse(
                    "business-rule", f"Its id has to be that of its plan, {plan.id}.", f"{part.kind}.id"
                )
    _names_all(plan, teams, goals)
    return Read((), person, _file(plan, person, teams, consents, goals))


def _of(parts: list[Part], kind: str) -> list[Part]:
    return [each for each in parts if each.kind == kind]


def _is_about(part: Part, person: Person) -> None:
    """Every entry is about the bundle's person."""
    match part.resource:
        case shapes.Goal(subject=about) | shapes.CareTeam(subject=about) | shapes.CarePlan(subject=about):
            path = f"{part.kind}.subject.reference"
        case shapes.Consent(patient=about):
            path = "Consent.patient.reference"
        case _:
            return
    if about.reference != f"Patient/{person.id}":
        part.refuse("not-found", f"The bundle's person is Patient/{person.id}.", path)


def _names_all(plan: Part, teams: list[Part], goals: list[Part]) -> None:
    """The plan names the bundle's team and each of its goals once, and no other."""
    resource = plan.resource
    assert isinstance(resource, shapes.CarePlan)  # noqa: S101 (chosen by its kind)
    if [each.reference for each in resource.care_team or []] != [f"CareTeam/{each.id}" for each in teams]:
        plan.refuse("not-found", "The plan has to name the CareTeam of the bundle, and no other.", "CarePlan.careTeam")  # fmt: skip
    if sorted(each.reference for each in resource.goal or []) != sorted(f"Goal/{each.id}" for each in goals):
        plan.refuse("not-found", "The plan has to name each Goal of the bundle once, and no other.", "CarePlan.goal")  # fmt: skip


def _file(
    plan: Part, person: Person, teams: list[Part], consents: list[Part], goals: list[Part]
) -> PlanFile | None:
    """All of it in one file, the goals in the order in which the plan names them."""
    resource = plan.resource
    assert isinstance(resource, shapes.CarePlan) and isinstance(plan.built, dict)  # noqa: S101 (chosen by its kind)
    by_id = {f"Goal/{each.id}": each.built for each in goals}
    if any(each.reference not in by_id for each in resource.goal or []):
        return None
    fields = plan.built | {
        "goals": tuple(by_id[each.reference] for each in resource.goal or []),
        "consent": consents[0].built if consents else None,
    }
    try:
        whole = plans.CarePlan.model_validate(fields)
        return PlanFile.model_validate(
            {"person": person, "plan": whole, "team": teams[0].built if teams else ()}
        )
    except ValidationError as error:
        _refuse_all(plan, error)
        return None
