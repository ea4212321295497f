"""A person and a plan that come from another system: all of it is held through what the wing records, or nothing is, with why.

What came before comes again without doing anything. Nobody is joined silently: a record that agrees in part is refused, and named.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from carepool.basics.refusals import Refused, Unusable
from carepool.care.actions.correcting import NAMES, NOT_YOURS
from carepool.care.actions.house import CareHouse
from carepool.care.actions.named import identity_from, not_held
from carepool.care.actions.names import folded
from carepool.care.actions.opening import look
from carepool.care.actions.ports import Identity, Role, RoleKind
from carepool.care.actions.recording import Unlocked, record, recorded
from carepool.care.actions.standing import identity_corrected
from carepool.care.actions.standing import stream_of as rights_stream
from carepool.care.people.person import Person
from carepool.care.planning import agreeing
from carepool.care.planning.care import Care, care_of
from carepool.care.planning.facts import team_recorded
from carepool.care.planning.plan import CarePlan, Member, TeamList
from carepool.care.sharing.deciding import Refuse
from carepool.journal.commands import Decision, Reading
from carepool.journal.documents import Document
from carepool.journal.facts import NewFact

ONE_AT_A_TIME = "receiving"
"""Held while somebody is looked for and made, so that two who come at once are not two."""
TOLD = ("given", "family", "born", "sex", "postcode", "address", "number", "number_status", "telephone")
"""What another system tells of who a person is; whatever else a row holds is ours."""
WHO = "Only a practitioner takes in what comes from another system. Name the account of one who works with the person."
NOT_SURE = (
    "A record here has the same {what} and another {other}. Nothing is joined silently: find out who it is, put one of "
    "the two right, and hand it in again."
)
TWO = "Two records here agree with this person. Have them looked at and put right, then hand it in again."
NO_NUMBER = (
    "The record of this person here has an NHS number, and what comes has none. Put the number into it."
)
HELD_BEFORE = "This version of the plan was held before and has been changed here since. Write the plan out, change that, and hand it in."
NOT_A_PLAN = "This id is that of an assessment of the person here. Give the plan another."


@dataclass(frozen=True, slots=True)
class Coming:
    """What comes in together."""

    person: Person
    plan: CarePlan | None = None
    team: tuple[Member, ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """Something that cannot be held: of which part, which field, and why."""

    part: str
    """``person``, ``plan`` or ``team``."""
    field: str
    says: str


@dataclass(frozen=True, slots=True)
class Received:
    """What came of each part: ``made``, ``changed`` or ``unchanged``."""

    person: str
    """The wing's reference."""
    did: dict[str, str]
    alike: tuple[str, ...] = ()
    """References of other records with the same name and date of birth, which somebody should look at."""


def receive(house: CareHouse, role: Role, coming: Coming) -> Received | list[Kept]:
    """Hold a person, and their plan and team where they come along, once however often they come; or why nothing is held."""
    if role.kind is not RoleKind.PRACTITIONER:
        return [Kept("person", "id", WHO)]
    with house.journal.transaction():
        house.journal.hold([ONE_AT_A_TIME])
        before = _before(house, role, coming.person)
        if isinstance(before, Kept):
            return [before]
        if before is not None and (closed := _closed(house, role, before)):
            return [closed]
        identity = _identity(house, role, coming.person, before)
        kept = [Kept("person", name, says) for name, says in not_held(coming.person, identity)]
        kept += _plan_kept(house, identity.person, coming) if before else []
        if kept:
            return kept
        did = {"person": _hold_person(house, role, identity, before), **_hold_plan(house, role, identity.person, coming)}  # fmt: skip
        alike = _alike(house, identity) if before is None else ()
    if before is None:
        look(house, role, identity.person, "direct_care")  # whoever takes in a record has seen it
    house.journal.seal()
    return Received(identity.person, did, alike)


def _before(house: CareHouse, role: Role, person: Person) -> Identity | Kept | None:
    """The record that this person has here, None where there is none, or why it cannot be told."""
    own = house.people.person(person.id)
    called = [own] if own else list(house.people.by_local_id(role.organisation, person.id))
    called = _there(house, called)
    numbered = _there(house, house.people.by_number(person.nhs_number) if person.nhs_number else ())
    agreeing_ = _one_each(each for each in numbered if _same(each, person))
    if called:
        first = called[0]
        if len(called) > 1:
            return Kept("person", "id", TWO)
        if first.number and not person.nhs_number:
            return Kept("person", "nhs_number", NO_NUMBER)
        if person.nhs_number and first.number and first.number != person.nhs_number:
            return Kept("person", "nhs_number", NOT_SURE.format(what="id", other="NHS number"))
        if any(each.person not in house.people.records_of(first.person) for each in agreeing_):
            return Kept("person", "nhs_number", TWO)
        return first if _same(first, person) else Kept("person", "id", NOT_SURE.format(what="id", other="name or date of birth"))  # fmt: skip
    if len(agreeing_) > 1:
        return Kept("person", "nhs_number", TWO)
    if numbered and not agreeing_:
        return Kept("person", "nhs_number", NOT_SURE.format(what="NHS number", other="name or date of birth"))
    return agreeing_[0] if agreeing_ else None


def _there(house: CareHouse, found: Iterable[Identity]) -> list[Identity]:
    some = list(found)
    held = house.vault.holds(each.person for each in some)
    return [each for each in some if each.person in held]


def _one_each(found: Iterable[Identity]) -> list[Identity]:
    """Without the records that were joined to another of them, which is of the same person."""
    some = {each.person: each for each in found}
    return [each for each in some.values() if each.into not in some]


def _same(held: Identity, person: Person) -> bool:
    """Whether the date of birth and a name agree, as for a number that a trace sends back."""
    given = folded(" ".join(person.given_names))
    named = folded(held.family) == folded(person.family_name) or (given != "" and folded(held.given) == given)
    return held.born == person.born and named


def _closed(house: CareHouse, role: Role, before: Identity) -> Kept | None:
    opened = look(house, role, before.person, "direct_care")
    if isinstance(opened, Refuse):
        return Kept("person", "id", opened.says)
    return None if opened.verdict.asked.relation == "team" else Kept("person", "id", NOT_YOURS)


def _identity(house: CareHouse, role: Role, person: Person, before: Identity | None) -> Identity:
    """The rows as they are to be: an id of an organisation is added to those that are there."""
    made = identity_from(house, person, before.person if before else house.new_id(), role.organisation)
    if before is None:
        return made
    ids = (*before.local_ids, *(each for each in made.local_ids if each not in before.local_ids))
    told = {name: getattr(made, name) for name in TOLD}
    return replace(before, local_ids=tuple(sorted(ids)), **told)


def _hold_person(house: CareHouse, role: Role, identity: Identity, before: Identity | None) -> str:
    if before is None:
        house.vault.make(identity.person)
        house.people.put(identity)
        house.people.take_on(role.account, identity.person)
        return "made"
    before = replace(before, local_ids=tuple(sorted(before.local_ids)))
    if identity == before:
        return "unchanged"
    changed = [name for name in NAMES if getattr(before, name) != getattr(identity, name)]
    if identity.number_status != before.number_status and "number" not in changed:
        changed.append("number")
    house.people.put(identity)
    if not changed:
        return "unchanged"  # the organisation's own id is new here, and nothing else

    def then(_said: Unlocked, _reading: Reading) -> Decision:
        return Decision((identity_corrected(identity.person, changed),), {"changed": changed})

    record(
        house, identity.person, then, by=role.account, key=f"receive-{house.new_id()}",
        request={"receive": changed}, stream=rights_stream(identity.person),
    )  # fmt: skip
    return "changed"


def _plan_kept(house: CareHouse, person: str, coming: Coming) -> Iterator[Kept]:
    """Why the plan that comes cannot stand in place of what is held."""
    if coming.plan is None:
        return
    held = care_of(person, recorded(house, person).facts)
    plan = _as_held(coming.plan, person)
    latest = held.latest(plan.id)
    if any(each.of == plan.id for each in held.assessments):
        yield Kept("plan", "id", NOT_A_PLAN)
    elif latest and latest.document != plan.digest and any(each.document == plan.digest for each in held.plans):  # fmt: skip
        yield Kept("plan", "id", HELD_BEFORE)


def _hold_plan(house: CareHouse, role: Role, person: str, coming: Coming) -> dict[str, str]:
    """Save the plan's version and the team, where they are not what is held already."""
    if coming.plan is None:
        return {}
    plan = _as_held(coming.plan, person)
    held = care_of(person, recorded(house, person).facts)
    kept = Document("care-plan", "application/json", plan.content())
    team = Document("care-team", "application/json", TeamList(members=coming.team).content())
    did = {"plan": "unchanged" if (latest := held.latest(plan.id)) and latest.document == kept.digest else "changed" if latest else "made"}  # fmt: skip
    told = held.teams.get(plan.id)
    if coming.team or told:
        did["team"] = "unchanged" if told == team.digest else "changed" if told else "made"

    def then(said: Unlocked, _reading: Reading) -> Decision | Refused:
        return _decided(care_of(person, said.facts), plan, kept, team, did)

    if set(did.values()) != {"unchanged"}:
        done = record(
            house, person, then, by=role.account, key=f"receive-{house.new_id()}",
            request={"receive": [kept.digest, team.digest]},
        )  # fmt: skip
        if isinstance(done, Refused):  # somebody else saved it in this moment
            raise Unusable(f"{done.says} Nothing was held; hand it in again.")
    return did


def _decided(
    care: Care, plan: CarePlan, kept: Document, team: Document, did: dict[str, str]
) -> Decision | Refused:
    facts: list[NewFact] = []
    documents: list[Document] = []
    if did["plan"] != "unchanged":
        saved = agreeing.save_plan(care, plan.id, kept.digest)
        if isinstance(saved, Refused):
            return saved
        facts += saved.facts
        documents.append(kept)
    if did.get("team", "unchanged") != "unchanged":
        facts.append(team_recorded(care.person, plan.id, team.digest))
        documents.append(team)
    return Decision(tuple(facts), documents=tuple(documents))


def _as_held(plan: CarePlan, person: str) -> CarePlan:
    return plan.model_copy(update={"person": person})


def _alike(house: CareHouse, identity: Identity) -> tuple[str, ...]:
    if identity.born is None:
        return ()
    found = house.people.by_names(identity.given, identity.family, identity.born)
    return tuple(each.person for each in _there(house, found) if each.person != identity.person)
