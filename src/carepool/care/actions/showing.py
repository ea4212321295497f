"""The plan and the assessment that a record holds, each part only where the purpose lets it be seen."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from carepool.basics.canonical import canonical
from carepool.care.actions.opening import Opened
from carepool.care.actions.recording import Unlocked
from carepool.care.planning.assessment import Assessment, read_assessment
from carepool.care.planning.care import Care, care_of
from carepool.care.planning.plan import CarePlan, read_plan

PARTS: Mapping[str, str] = {
    "answers": "needs",
    "eligibility": "needs",
    "risks": "risks",
    "capacity": "capacity",
    "acting": "capacity",
    "needs_advocate": "capacity",
    "alerts": "safeguarding",
    "carers": "carer",
    "matters": "wishes",
}
"""To which field of a record a part of an assessment or a plan belongs; a part that is not named goes with its whole."""
OF_CARERS = {"answers", "eligibility"}
"""What of a carer is the carer's own."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What may be seen of a plan and of the assessment that it rests on."""

    care: Care
    plan: CarePlan | None
    assessment: Assessment | None


def shown(opened: Opened, person: str, said: Unlocked) -> Shown:
    """The last plan that was agreed and the last assessment that was completed, with no part that may not be seen."""
    care = care_of(person, said.facts)
    agreed, completed = care.plan(), care.assessment()
    plan = said.documents.get(agreed.document) if agreed and opened.shows("plan") else None
    assessment = said.documents.get(completed.document) if completed else None
    return Shown(
        care,
        read_plan(canonical(part_of(plan, opened))) if plan else None,
        read_assessment(canonical(part_of(assessment, opened))) if assessment else None,
    )


def part_of(text: str, opened: Opened) -> Mapping[str, object]:
    """A kept plan or assessment without the parts that may not be seen: they are as if nothing stood there."""
    held: dict[str, object] = json.loads(text)
    part = {name: value for name, value in held.items() if name not in PARTS or opened.shows(PARTS[name])}
    if not opened.shows("carers_needs"):
        carers = part.get("carers") or []
        assert isinstance(carers, list)  # noqa: S101  (written so by the assessment)
        part["carers"] = [
            {name: value for name, value in each.items() if name not in OF_CARERS} for each in carers
        ]
        if "carers" not in held:
            del part["carers"]
    return part
