"""A person, their plan and their team as they go out to another system: what the purpose lets be seen, and its record in the log."""

from dataclasses import dataclass

from carepool.basics.canonical import canonical
from carepool.basics.refusals import Refused
from carepool.care.actions.caring import responsible
from carepool.care.actions.house import CareHouse
from carepool.care.actions.named import person_from
from carepool.care.actions.opening import Opened, look, share
from carepool.care.actions.ports import Identity, Role
from carepool.care.actions.recording import Unlocked, recorded
from carepool.care.actions.showing import part_of
from carepool.care.people.person import Person
from carepool.care.planning.care import Care, Version, care_of
from carepool.care.planning.packages import Accountable
from carepool.care.planning.plan import CarePlan, Member, PlanFile, TeamList, read_plan
from carepool.care.sharing.deciding import Refuse
from carepool.rules.sharing import PurposeWord

WHO = ("name", "date_of_birth", "address", "contacts", "nhs_number")
"""The fields that say who a person is: without one of them nothing goes out."""
OF_PLAN = ("plan", "wishes", "accountable")
"""The fields that a plan and a team need; what of them is not shown is left out, and named."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What goes out."""

    person: Person
    file: PlanFile | None
    """The person with plan and team; None where no plan is held, or none may be seen."""
    left_out: tuple[str, ...]
    """What is held and not in it, in words."""


def send(
    house: CareHouse, role: Role, person: str, purpose: PurposeWord, names: dict[str, str], to: str = ""
) -> Sent | Refuse | Refused:
    """What of a person goes out for a purpose, to an organisation where one is named; ``names`` are those of accounts.

    NotHere where there is nobody. What goes to an organisation bears its own id of the person, where it has one.
    """
    opened = share(house, role, person, purpose, to) if to else look(house, role, person, purpose)
    if isinstance(opened, Refuse):
        return opened
    fields = {each.id: each.says for each in house.sharing[1].fields}
    if missing := [fields[each] for each in WHO if not opened.shows(each)]:
        return Refused(f"For this purpose {', '.join(missing)} may not be seen, and a file without it could be anybody’s. Open the record on its page.")  # fmt: skip
    who = person_from(opened.identity, _called(opened.identity, to))
    if isinstance(who, Refused):
        return who
    said = recorded(house, person)
    care = care_of(person, said.facts)
    latest = care.plans[-1] if care.plans else None
    left_out = tuple(fields[each] for each in OF_PLAN if latest and not opened.shows(each))
    if latest is None or not opened.shows("plan"):
        return Sent(who, None, left_out)
    plan = _plan(said, latest, opened).model_copy(update={"person": who.id})
    team = _team(house, person, care, said, plan.id, names) if opened.shows("accountable") else ()
    return Sent(who, PlanFile(person=who, plan=plan, team=team), left_out)


def _called(identity: Identity, to: str) -> str:
    return next((value for organisation, value in identity.local_ids if organisation == to), "")


def _plan(said: Unlocked, latest: Version, opened: Opened) -> CarePlan:
    return read_plan(canonical(part_of(said.documents[latest.document], opened)))


def _team(
    house: CareHouse, person: str, care: Care, said: Unlocked, plan: str, names: dict[str, str]
) -> tuple[Member, ...]:
    """The team that came in with the plan, else those who work with the person here; whoever has accepted here bears the mark."""
    told = care.teams.get(plan)
    members = TeamList.model_validate_json(said.documents[told]).members if told else ()
    roles = house.people.roles(house.people.team(person))
    now = {
        each.now.professional
        for each in responsible(care, house.clock())
        if isinstance(each.now, Accountable) and each.integrated
    }
    ours = tuple(
        Member(
            id=account, name=names[account], role=role.title or "Practitioner", body=role.organisation or None,
            accountable=now == {account},
        )
        for account, role in roles.items()
        if account in names and (not told or account in now) and account not in {each.id for each in members}
    )  # fmt: skip
    if any(each.accountable for each in ours):
        members = tuple(each.model_copy(update={"accountable": False}) for each in members)
    return (*members, *ours)
