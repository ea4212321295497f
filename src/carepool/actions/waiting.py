"""What waits for the offices that an account holds: decisions, records, ratifications, stages, and plans to change."""

from dataclasses import dataclass

from carepool.actions.house import House
from carepool.actions.permits import offices_of, partners
from carepool.actions.planning import PlanView, all_plans, views
from carepool.actions.standings import body_of_stage, standing_of
from carepool.assurance.gate import stage_of_approval
from carepool.offices.delegations import delegations
from carepool.signoff.standing import UNCONFIRMED, Outcome, Standing, Status

Held = frozenset[tuple[str, str]]
"""Offices as body and name."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits for a body: a decision on a plan, a stage, or a release."""

    plan: str
    body: str
    says: str
    since: str
    page: str
    """The part of the plan's pages where it is done: ``decisions``, ``assurance`` or ``money``."""


def what_waits(house: House, account: str) -> tuple[Waiting, ...]:
    """Decisions and stages that wait for an account's offices, the longest waiting first."""
    held = frozenset((each.body, each.office) for each in offices_of(house, account))
    if not held:
        return ()
    let = _let_decide(house, account)
    found: list[Waiting] = []
    for plan in views(house, all_plans(house)):
        now = standing_of(house, plan)
        found += _decisions(plan, now, held, let)
        found += _afterwards(plan, now, held, account)
        found += _leads(plan, now, held)
        found += _stage(plan, now, held)
    return tuple(sorted(found, key=lambda each: each.since))


def _let_decide(house: House, account: str) -> frozenset[tuple[str, str | None]]:
    """The bodies that an account was let decide for, each with the plan that it was let decide on."""
    return frozenset(
        (each.body, each.plan)
        for stream in house.journal.streams("office/")
        for each in delegations(house.journal.read(stream))
        if each.to == account and each.on(house.today)
    )


def _decisions(
    plan: PlanView, now: Standing, held: Held, let: frozenset[tuple[str, str | None]]
) -> list[Waiting]:
    if now.version is None or plan.blocked:
        return []
    id_ = plan.history.id
    deciders = plan.rules.authorities.of("decide_plan").offices
    says = f"Decide on version {now.version.number} of “{plan.history.title}”"
    return [
        Waiting(id_, party.body, says, str(party.since.date()), "decisions")
        for party in now.awaited
        if party.outcome not in UNCONFIRMED
        and (
            any((party.body, office) in held for office in party.missing or deciders)
            or {(party.body, id_), (party.body, None)} & let
        )
    ]


def _afterwards(plan: PlanView, now: Standing, held: Held, account: str) -> list[Waiting]:
    """Records that wait to be confirmed, and decisions that wait to be ratified, by somebody else than who made them."""
    id_, title, authorities = plan.history.id, plan.history.title, plan.rules.authorities
    confirm, ratify = (authorities.of(each).offices for each in ("confirm_record", "ratify_decision"))
    found = [
        Waiting(
            id_,
            each.body,
            f"Confirm the decision {'signed by a link' if each.way == 'link' else 'recorded'} for “{title}”",
            str(each.at.date()),
            "decisions",
        )
        for each in now.said.records.values()
        if each.by != account and any((each.body, office) in held for office in confirm)
    ]
    found += [
        Waiting(id_, each.body, f"Ratify what was decided on “{title}”", str(party.since.date()), "decisions")
        for party in now.parties
        if (each := party.decision) is not None
        and each.to_ratify
        and each.by != account
        and any((each.body, office) in held for office in ratify)
    ]
    return found


def _stage(plan: PlanView, now: Standing, held: Held) -> list[Waiting]:
    if now.status not in {Status.AGREED, Status.APPROVED}:
        return []
    done = {each.stage for each in now.reached}
    stage = next((each for each in plan.rules.decisions.stages if each.name not in done), None)
    if stage is None or (plan.rules.assures and stage == stage_of_approval(plan.rules)):
        # What assurance waits for stands in its own queue.
        return []
    body = body_of_stage(plan, stage.name)
    if not any((body, office) in held for office in plan.rules.authorities.of(stage.action).offices):
        return []
    since = max([each.since for each in now.parties] + [each.at for each in now.reached])
    says = f"{stage.says}: “{plan.history.title}”"
    return [Waiting(plan.history.id, body, says, str(since.date()), "decisions")]


def _leads(plan: PlanView, now: Standing, held: Held) -> list[Waiting]:
    """A plan that was refused, or has a blocking finding, waits for its leads to change it."""
    if now.version is None or now.agreed:
        return []
    refused = [each for each in now.parties if each.outcome is Outcome.REFUSED]
    if not refused and not plan.blocked:
        return []
    leads = plan.rules.authorities.of("edit_plan").offices
    mine = next(
        (
            body.id
            for body in partners(plan.history, plan.area, plan.plan.parties)
            for office in leads
            if (body.id, office) in held
        ),
        None,
    )
    if mine is None:
        return []
    why = "was refused, with reasons" if refused else "has a finding that blocks agreement"
    since = refused[0].since if refused else now.version.at
    page = "decisions" if refused else "check"
    return [
        Waiting(plan.history.id, mine, f"“{plan.history.title}” {why}: change it", str(since.date()), page)
    ]
