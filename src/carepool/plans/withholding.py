"""What a paper of a plan leaves out: whole sections, and single fields of sections that it otherwise shows.

A copy can prove nothing less than a section: there a section of which one field is withheld stands by its digest alone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from carepool.basics.refusals import NotHere, Unusable
from carepool.plans.comments import Place, part_at, place_of, stands
from carepool.plans.document import EVERY, Part, Plan
from carepool.plans.redaction import REASONS, Redacted, known_reason, redact, without


@dataclass(frozen=True, slots=True)
class Withholding:
    """What is withheld, each with the code of its reason."""

    sections: Mapping[str, str]
    fields: Mapping[Place, str]
    """In sections that are not withheld as a whole."""

    def __bool__(self) -> bool:
        """Whether anything is."""
        return bool(self.sections or self.fields)

    def says(self, place: Place) -> str:
        """What is put in place of a field; empty for one that is not withheld."""
        return f"Withheld: {reason_words(self.fields[place])}" if place in self.fields else ""

    def column(self, section: str, name: str, field: str) -> tuple[Place, ...]:
        """The withheld fields of one column of a list, or the field of a section where the list has no name."""
        return tuple(
            each for each in self.fields if (each.section, each.list, each.field) == (section, name, field)
        )

    def copy_of(self, plan: Plan) -> Redacted:
        """The copy that verifies: a section of which a field is withheld is in it by its digest alone."""
        return redact(plan, self.sections, {each.where: reason for each, reason in self.fields.items()})

    def shown_of(self, plan: Plan) -> Plan:
        """The plan as a paper may show it: what is withheld is empty."""
        for each in self.fields:
            plan = _emptied(plan, each, [each.row])
        return without(plan, self.sections)

    def comparable(self, plan: Plan) -> Plan:
        """A version as it may be compared with another: with a field its whole column is empty, in whatever row it stood then."""
        for each in {replace(each, row=None) for each in self.fields}:
            rows = part_at(plan, Place(each.section, each.list)) if each.list else ()
            numbers = range(len(rows)) if isinstance(rows, tuple) and each.list else [None]
            plan = _emptied(plan, each, numbers)
        return without(plan, self.sections)


def reason_words(code: str) -> str:
    """A reason as it stands in a sentence."""
    return f"{REASONS[code][:1].lower()}{REASONS[code][1:]}"


def withholding(plan: Plan, reasons: Mapping[str, str]) -> Withholding:
    """What is asked to be withheld: sections by name, fields by place (``freed/2/provider``), each with its reason.

    A field of a section that is withheld needs no withholding of its own. NotHere for a section, row or reason that
    there is not; Unusable for a place that is no single field, or that tells which row it is.
    """
    sections = {where: reason for where, reason in reasons.items() if "/" not in where}
    fields: dict[Place, str] = {}
    for where, reason in reasons.items():
        if "/" not in where:
            continue
        place = _field_at(plan, where)
        if place.section not in sections:
            fields[place] = known_reason(reason)
    return Withholding(sections, fields)


def _field_at(plan: Plan, where: str) -> Place:
    place = place_of(where)
    if place is None or not place.section or not place.field or (place.list and place.row is None):
        raise Unusable(f"“{where[:80]}” is no single field of a plan. Write a section, or a field like freed/2/provider.")  # fmt: skip
    if not stands(plan, place):
        raise NotHere(f"“{EVERY[place.section].title}” has no row {place.row}. Rows are counted from 0, as findings count them.")  # fmt: skip
    about = place.about
    if about is None or about.kind == "quarter":
        raise Unusable(f"“{where[:80]}” cannot be withheld by itself: it says which row it is. Withhold the section.")  # fmt: skip
    return place


def _emptied(plan: Plan, place: Place, rows: Iterable[int | None]) -> Plan:
    """The plan with a field empty, in each of some rows where it is in a list."""
    section = plan.section(place.section)
    if not place.list:
        return plan.with_section(place.section, _without(section, place.field))
    held: list[Part] = list(getattr(section, place.list))
    for row in rows:
        if row is not None:
            held[row] = _without(held[row], place.field)
    return plan.with_section(place.section, section.model_copy(update={place.list: tuple(held)}))


def _without(part: Part, field: str) -> Part:
    """A part with a field empty; what a row must have is an empty text or nought, which no check knows."""
    about = type(part).model_fields[field]
    empty = type(getattr(part, field))() if about.is_required() else about.get_default()
    return part.model_copy(update={field: empty})
