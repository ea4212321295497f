"""What differs between two versions of a plan, and who wrote what."""

from dataclasses import dataclass

from carepool.actions.house import House
from carepool.actions.planning import PlanView, begun, content_of, read_history
from carepool.basics.refusals import NotHere, Unusable
from carepool.plans.document import EVERY, Part, Plan, filled, section_digest
from carepool.plans.merging import Difference, NameOf, by_name, differences
from carepool.plans.merging import Place as MergedPlace
from carepool.plans.versions import Change, Version


def names_in(section: str) -> NameOf:
    """What names the rows of a section: the fields without which they are no rows, amounts apart."""
    return by_name({each.name: [field.name for field in each.fields if field.required and field.kind not in NUMBERS] for each in EVERY[section].lists})  # fmt: skip


NUMBERS = {"count", "money", "percent"}
"""What a row says, and no name of it: who changes an amount has not written another row."""


def compare_sections(name: str, before: Part, after: Part | None) -> tuple[Change, ...]:
    """The differences between two contents of one section, field by field, rows matched by what names them."""
    if after is None:
        return ()
    found = differences(filled(before), filled(after), names_in(name))
    return tuple(Change(f"{name}/{each.place.where}", each.before, each.after) for each in found)


def compare_versions(
    house: House, plan: str, before: int, after: int, upto: int | None = None
) -> tuple[Change, ...]:
    """The differences between two versions of a plan, by number. NotHere for a number that there is not."""
    found = read_history(house, plan, upto)
    versions = {each.number: each for each in found.versions}
    for number in (before, after):
        if number not in versions:
            raise NotHere(f"Plan {plan} has no version {number}. It has {len(versions)}.")
    return compare_plans(content_of(house, versions[before]), content_of(house, versions[after]))


def compare_plans(before: Plan, after: Plan) -> tuple[Change, ...]:
    """The differences between two contents of a plan: what pages and papers show alike."""
    titles = [Change("title", before.title, after.title)] if before.title != after.title else []
    return (
        *titles,
        *(
            each
            for name in EVERY
            for each in compare_sections(name, before.section(name), after.section(name))
        ),
    )


@dataclass(frozen=True, slots=True)
class Written:
    """What one version changed in a section."""

    version: Version
    changes: tuple[Difference, ...]


def written(house: House, found: PlanView, section: str) -> tuple[Written, ...]:
    """Who changed what in a section, version by version, the latest first; the first is compared with what the plan began with.

    A version whose content was withdrawn is left out.
    """
    before = begun(house, found.history, found.area).section(section)
    digest = section_digest(section, before)
    empty = section_digest(section, EVERY[section].part())
    made = []
    for version in found.history.versions:
        now = version.sections.get(section, empty)
        if now == digest:
            continue
        try:
            content = content_of(house, version).section(section)
        except Unusable:
            continue
        made.append(Written(version, differences(filled(before), filled(content), names_in(section))))
        before, digest = content, now
    return tuple(reversed(made))


def who_wrote(house: House, found: PlanView, section: str, place: MergedPlace) -> Version | None:
    """The version that last changed a field, or at least its section."""
    history = written(house, found, section)
    for each in history:
        if any(one.place.where in {place.where, f"{place.list}/{place.row}"} for one in each.changes):
            return each.version
    return history[0].version if history else None
