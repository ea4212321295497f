"""Plans are drafted section by section and saved as versions on purpose; what others saved meanwhile is merged in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Annotated, Any

from pydantic import TypeAdapter, ValidationError

from carepool.actions.comparing import names_in
from carepool.actions.house import House
from carepool.actions.permits import Actor, editing_for, partners
from carepool.actions.planning import PlanView, begun, content_of, view
from carepool.actions.ports import Draft
from carepool.basics.canonical import Digest
from carepool.basics.findings import Finding
from carepool.basics.refusals import NotHere, Refused, Unusable
from carepool.journal.commands import Decision, Done, Reading, perform
from carepool.offices.holdings import Permit
from carepool.plans.document import EVERY, Part, Plan, as_data, filled, read_section, section_digest
from carepool.plans.merging import Merged, merge
from carepool.plans.versions import Change, PlanHistory, document_of, history, save, stream_of


@dataclass(frozen=True, slots=True)
class Stale:
    """A refusal because others were quicker: what they changed since, section by section."""

    says: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A refusal because a draft holds what is no plan: a finding for each thing, beside its field."""

    says: str
    findings: tuple[Finding, ...]


def editing(house: House, found: PlanView, actor: Actor) -> Permit | Refused:
    """Whether an account may edit a plan: as plan lead of any of its partners."""
    return editing_for(
        house, found.rules, actor, partners(found.history, found.area, found.plan.parties)
    ) or Refused("Nobody can edit this plan yet: none of its partners is known.")


def keep_draft(
    house: House, actor: Actor, plan: str, section: str, content: object, base: str
) -> Refused | None:
    """Keep what an editor has typed in a section, right or wrong. Refused only for who may not edit."""
    found = view(house, plan)
    if section not in EVERY:
        raise NotHere(f"A plan has no section “{section}”. It has {', '.join(EVERY)}.")
    allowed = editing(house, found, actor)
    if isinstance(allowed, Refused):
        return allowed
    house.drafts.put(Draft(plan, section, actor.account, content, Digest(base), house.clock()))
    return None


def drop_draft(house: House, actor: Actor, plan: str, section: str) -> None:
    """Throw an editor's own draft away."""
    house.drafts.drop(plan, section, actor.account)


def with_drafts(
    house: House, found: PlanView, account: str
) -> tuple[Plan, tuple[Draft, ...], tuple[Finding, ...]]:
    """The plan as an editor would save it, their drafts, and what cannot be read in them (those sections stay as saved).

    What others saved in a section after its draft was begun is merged in; where both changed a field, the draft's stands.
    """
    drafts = house.drafts.of_editor(found.history.id, account)
    plan, wrong = found.plan, []
    for draft in drafts:
        met = met_by(house, found, draft)
        section, findings = read_section(draft.section, met.merged.content if met else draft.content)
        wrong += findings
        if section is not None:
            plan = plan.with_section(draft.section, section)
    return plan, drafts, tuple(wrong)


@dataclass(frozen=True, slots=True)
class Met:
    """A draft merged with what others have saved in its section since it was begun."""

    draft: Draft
    merged: Merged
    known: bool
    """Whether what the draft began from is still known; if not, every difference is a conflict."""


def met_by(house: House, found: PlanView, draft: Draft) -> Met | None:
    """A draft merged with what was saved meanwhile; None where nobody saved the section since it was begun."""
    if draft.base == section_base(found, draft.section):
        return None
    base = begun_from(house, found, draft.section, draft.base)
    merged = merge(
        filled(base) if base is not None else {},
        plain(draft.section, draft.content),
        filled(found.plan.section(draft.section)),
        names_in(draft.section),
    )
    return Met(draft, merged, base is not None)


def begun_from(house: House, found: PlanView, section: str, base: Digest) -> Part | None:
    """What an editor began from, by its digest: a version's section, or what the plan began with; None where unknown."""
    empty = EVERY[section].part()
    first = begun(house, found.history, found.area).section(section)
    for each in (empty, first):
        if section_digest(section, each) == base:
            return each
    for version in reversed(found.history.versions):
        if version.sections.get(section) == base:
            try:
                return content_of(house, version).section(section)
            except Unusable:
                return None
    return None


def plain(section: str, content: object) -> dict[str, object]:
    """A draft as a saved section would hold it; what cannot be read stays as it was typed, and what is empty is left out."""
    return _plain_fields(EVERY[section].part, content) if isinstance(content, Mapping) else {}


def _plain_fields(part: type[Part], content: Mapping[str, object]) -> dict[str, object]:
    lists = {each.name: each.row for about in EVERY.values() if about.part is part for each in about.lists}
    made: dict[str, object] = {}
    for name, value in content.items():
        if name in lists and isinstance(value, list):
            made[name] = [_plain_fields(lists[name], row) for row in value if isinstance(row, Mapping)]
        elif name not in part.model_fields:
            made[name] = value
        elif (read := _plain_value(part, name, value)) not in (None, "", []):
            made[name] = read
    return made


def _plain_value(part: type[Part], name: str, value: object) -> Any:
    about = part.model_fields[name]
    if isinstance(value, list):
        return [str(each) for each in value]
    try:
        read = _reads(part, name).validate_python(value)
    except ValidationError:
        return value
    if not about.is_required() and read == about.default:
        return None
    return read if isinstance(read, int | str) else _written(read)


def _written(value: object) -> object:
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, date) else None if value is None else str(value)


@cache
def _reads(part: type[Part], name: str) -> TypeAdapter[Any]:
    about = part.model_fields[name]
    asked: Any = Annotated[(about.annotation, *about.metadata)]
    return TypeAdapter(asked)


def section_base(found: PlanView, section: str) -> Digest:
    """The digest of a section as it stands: what an editor begins from."""
    return section_digest(section, found.plan.section(section))


def save_version(house: House, actor: Actor, plan: str) -> Done | Refused | Stale | Unreadable:
    """Save an editor's drafts as the next version.

    What others saved meanwhile is merged in. Refused with the difference where both changed a field, and with
    findings where something in a draft cannot be read. Saving the same content again is refused as no change.
    """
    found = view(house, plan)
    allowed = editing(house, found, actor)
    if isinstance(allowed, Refused):
        return allowed
    earlier = house.journal.command(actor.account, actor.key)
    if earlier is not None:
        return Done(earlier.answer, again=True)
    content, drafts, wrong = with_drafts(house, found, actor.account)
    if wrong:
        return Unreadable("Something in the draft cannot be read, so nothing was saved.", wrong)
    stale = _stale(house, found, drafts)
    if stale:
        return stale
    current = found.history.current
    if current is not None and document_of(content).digest == current.document:
        return Refused("Nothing has changed since the last version. Change something, then save.")

    def load(reading: Reading) -> PlanHistory | None:
        return history(reading.read(stream_of(plan)))

    def decide(held: PlanHistory | None) -> Decision | Stale:
        now = held.current if held else None
        if now != current:
            return Stale(
                "Another version was saved while you saved yours. Look at what changed, then save again.", ()
            )
        return Decision((save(plan, content),), now.number + 1 if now else 1, (document_of(content),))

    request = {"action": "save_version", "plan": plan, "content": as_data(content)}
    done = perform(
        house.journal, decide, load=load, by=actor.account, key=actor.key, request=request, clock=house.clock
    )
    if isinstance(done, Done):
        for draft in drafts:
            # One that was kept in another window meanwhile is not in this version: it stays.
            house.drafts.drop(plan, draft.section, actor.account, draft.at)
    return done


def _stale(house: House, found: PlanView, drafts: tuple[Draft, ...]) -> Stale | None:
    """The fields that both the editor and others changed since these drafts were begun, in different ways."""
    met = [each for draft in drafts if (each := met_by(house, found, draft)) and each.merged.conflicts]
    if not met:
        return None
    changes = tuple(
        Change(f"{each.draft.section}/{one.place.where}", one.theirs, one.mine)
        for each in met
        for one in each.merged.conflicts
    )
    names = ", ".join(f"“{EVERY[each.draft.section].title}”" for each in met)
    return Stale(
        f"Somebody saved another version of {names} after you began, and changed what you changed too. Below is theirs "
        "and yours, field by field. Open the section, choose for each field which is to stand, and save again.",
        changes,
    )
