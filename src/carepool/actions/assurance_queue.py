"""What waits for reviewers, moderators and deciders, the longest waiting first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from carepool.actions.assurances import Assured, national_for, of_view
from carepool.actions.assuring import done_by
from carepool.actions.house import House
from carepool.actions.permits import offices_of
from carepool.actions.planning import all_plans, views
from carepool.assurance.facts import stream_of
from carepool.assurance.record import State
from carepool.offices.holdings import Holding
from carepool.offices.separation import kept_apart
from carepool.places.bodies import NATIONAL, body_id
from carepool.plans.versions import Version
from carepool.signoff.facts import stream_of as signoff_stream


@dataclass(frozen=True, slots=True)
class Queued:
    """Something that waits for an account."""

    plan: str
    title: str
    state: str
    says: str
    body: str
    since: datetime
    page: str
    """The name of the page where it is done."""
    address: Mapping[str, str]
    """What its address needs."""


def queue_of(house: House, account: str) -> tuple[Queued, ...]:
    """Reviews, moderations, outcomes and open conditions that wait for an account's offices."""
    held = offices_of(house, account)
    if not {each.body for each in held} & {body.id for body in NATIONAL}:
        # Nothing of assurance waits for who holds no national office, and their page need not read every plan for it.
        return ()
    found: list[Queued] = []
    assured = (
        each
        for each in all_plans(house)
        if each.current is not None and house.rulebook.named(each.rules).assures
    )
    for each in views(house, assured):
        found += _of_plan(house, of_view(house, each), account, held)
    return tuple(sorted(found, key=lambda each: (each.since, each.plan)))


def _of_plan(house: House, found: Assured, account: str, held: tuple[Holding, ...]) -> list[Queued]:
    record, version, plan = found.record, found.version, found.plan.history
    if version is None:
        return []
    address = {"plan": plan.id}

    def row(says: str, body: str, since: datetime, page: str = "plan-assurance", **more: str) -> Queued:
        return Queued(plan.id, plan.title, found.state, says, body, since, page, address | more)

    rows = []
    reviewing = not record.decided or version.digest in record.reopened
    for side, each in record.assigned.items():
        if (
            each.account == account
            and reviewing
            and side not in record.on(version.digest)
            and found.state in _REVIEWED
        ):
            body = body_id(found.rules.assurance.side(side).body, "ENG")
            rows.append(row("Review this version", body, max(each.at, version.at), "plan-review", side=side))
    apart = done_by(
        account, house.journal.read(stream_of(plan.id)), house.journal.read(signoff_stream(plan.id))
    )
    for state, action, says, page in _STEPS:
        if found.state is not state or kept_apart(found.rules.authorities, action, apart):
            continue
        body = _body(found, action, held)
        if body:
            rows.append(row(says, body, _since(found, version), page))
    closer = _body(found, "meet_condition", held)
    if record.open_conditions and closer:
        many = len(record.open_conditions)
        word = "condition" if many == 1 else "conditions"
        rows.append(row(f"{many} {word} to look at", closer, record.decided[-1].at))
    return rows


def _since(found: Assured, version: Version) -> datetime:
    """Since when the next step is awaited: the version, its latest review, or its moderation."""
    reviews = [each.at for each in found.record.reviews if each.plan == version.digest]
    moderated = [each.at for each in found.record.moderated if each.plan == version.digest]
    return max([version.at, *reviews, *moderated])


_REVIEWED = {State.NOT_ASSIGNED, State.AWAITING, State.ONE_IN}
_STEPS = (
    (State.NOT_ASSIGNED, "assign_reviewers", "Choose reviewers", "plan-assurance"),
    (State.BOTH_IN, "moderate_review", "Moderate both reviews", "plan-moderate"),
    (State.MODERATED, "approve_plan", "Decide the outcome", "plan-outcome"),
)


def _body(found: Assured, action: str, held: tuple[Holding, ...]) -> str:
    """The national body in whose name an account may do an action; empty for none."""
    offices = found.rules.authorities.of(action).offices
    national = national_for(found.rules, action)
    return next((each.body for each in held if each.office in offices and each.body in national), "")
