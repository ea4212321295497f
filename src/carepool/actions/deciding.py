"""Bodies decide on a plan by its digest; NHS England and ministers follow; where it stands is read from the facts."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

from carepool.actions.areas import Area
from carepool.actions.editing import Stale
from carepool.actions.expecting import residents
from carepool.actions.house import House
from carepool.actions.permits import Actor, partners
from carepool.actions.planning import PlanView, area_of, content_of, view
from carepool.basics.canonical import canonical
from carepool.basics.refusals import NotHere, Refused
from carepool.journal.commands import Decision, Done, Reading, perform
from carepool.journal.documents import Document
from carepool.journal.facts import Fact, NewFact
from carepool.offices.holdings import Permit, holdings, may
from carepool.offices.holdings import stream_of as office_stream
from carepool.places.bodies import NATIONAL, body_id
from carepool.plans.document import Parties
from carepool.plans.versions import PlanHistory, compare, history
from carepool.plans.versions import stream_of as plan_stream
from carepool.pool.books import stream_of as pool_stream
from carepool.rules.rulebook import RuleSet
from carepool.signoff.decisions import (
    Outcome,
    Party,
    Reached,
    Standing,
    Status,
    agree,
    reach,
    reached_ever,
    refuse,
    required,
    standing,
)
from carepool.signoff.decisions import stream_of as signoff_stream

Signing = Done | Refused | Stale


class Seen(NamedTuple):
    """What a signature is judged by, read together: whatever of it moves on, the signature is judged again."""

    plan: PlanHistory | None
    signoff: tuple[Fact, ...]
    pool: tuple[Fact, ...]
    allowed: Permit | Refused
    at: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits for a body: a decision on a plan, a stage, or a release."""

    plan: str
    body: str
    says: str
    since: str
    page: str
    """The part of the plan's pages where it is done: ``decisions`` or ``money``."""


def standing_of(house: House, found: PlanView, upto: int | None = None) -> Standing:
    """Where a plan stands."""
    facts = house.journal.read(signoff_stream(found.history.id), upto=upto)
    return _standing(found, found.history, facts)


def _standing(found: PlanView, held: PlanHistory | None, facts: tuple[Fact, ...]) -> Standing:
    stages = tuple(each.name for each in found.rules.decisions.stages)
    return standing(held, facts, _deciders(found.rules, found.area, found.plan.parties), stages)


def _deciders(rules: RuleSet, area: Area, parties: Parties) -> dict[str, str]:
    """Every body whose decision these parties need, with the kind of party that it is."""
    return required(rules.decisions, parties, residents(area, parties.boards))


def standing_on(house: House, found: PlanHistory, digest: str, upto: int | None = None) -> Standing:
    """Where a plan stood with one of its versions, by the decisions on that version alone.

    What was saved or decided after it does not count: the public page shows a signed-off version so, whatever
    is being drawn up meanwhile. NotHere for a digest of no version.
    """
    version = found.with_digest(digest)
    if version is None:
        raise NotHere(f"Plan {found.id} has no version with the digest {digest}.")
    rules = house.rulebook.named(found.rules)
    versions = tuple(each for each in found.versions if each.number <= version.number)
    facts = [
        fact
        for fact in house.journal.read(signoff_stream(found.id), upto=upto)
        if fact.body["plan"] == version.digest
    ]
    needed = _deciders(rules, area_of(house, found), content_of(house, version).parties)
    stages = tuple(each.name for each in rules.decisions.stages)
    return standing(replace(found, versions=versions), facts, needed, stages)


def signed_off_version(house: House, plan: str, upto: int | None = None) -> Reached | None:
    """The last time that ministers signed a version off, whatever has been saved since."""
    found = [
        each
        for each in reached_ever(house.journal.read(signoff_stream(plan), upto=upto))
        if each.stage == "signed_off"
    ]
    return found[-1] if found else None


def decide_plan(
    house: House,
    actor: Actor,
    plan: str,
    body: str,
    digest: str,
    findings: str,
    *,
    agrees: bool,
    reasons: str = "",
) -> Signing:
    """A body agrees to a digest or refuses it, having been shown the findings of that digest.

    Refused: who may not sign for the body, a body that is no party, a blocker where it would agree, no reasons
    where it refuses, the same decision again, a plan already approved. Stale, with the difference, when a newer
    version was saved.
    """
    found = view(house, plan)
    word = "agree to" if agrees else "refuse"
    parties = _deciders(found.rules, found.area, found.plan.parties)
    # What was carried out is answered as before, whatever the plan has become since.
    new = house.journal.command(actor.account, actor.key) is None
    if new and found.history.current and body not in parties:
        among = ", ".join(_name(house, each) for each in parties)
        if _is_too_small(found, body):
            return Refused(
                f"{_name(house, body)} has too few of the people of the plan's boards to decide, by the rules "
                f"{found.rules.name}. Those who decide are {among}."
            )
        return Refused(
            f"{_name(house, body)} is no party to this plan, so it has nothing to decide. Its parties are {among}."
        )
    if not agrees and not reasons.strip():
        return Refused("A refusal needs its reasons, so that the others know what to change. Write them.")

    def judge(held: PlanHistory, facts: tuple[Fact, ...], _pool: tuple[Fact, ...]) -> Refused | None:
        now = _standing(found, held, facts)
        party = now.of(body)
        if party is None:
            return Refused(f"{_name(house, body)} is no party to this plan, so it has nothing to decide.")
        if agrees and found.blocked:
            return Refused(
                "A blocker stands in the plan, so it cannot be agreed. Ask the plan lead to put it right."
            )
        if now.status in {Status.APPROVED, Status.SIGNED_OFF}:
            return Refused(f"The plan is {now.status.lower()}. To change it, save another version.")
        wanted = Outcome.AGREED if agrees else Outcome.REFUSED
        if party.outcome is wanted:
            return Refused(f"{_name(house, body)} has already decided to {word} this version.")
        return None

    def fact(signed: str) -> NewFact:
        return (agree if agrees else refuse)(plan, body, digest, findings, signed)

    return _sign(house, actor, found, "decide_plan", body, digest, findings, word, reasons, judge, fact)


def _is_too_small(found: PlanView, body: str) -> bool:
    """Whether a body that does not decide is an NHS commissioner of the plan all the same."""
    kind = found.area.england.places.commissioner
    return body in {body_id(kind, code) for code in found.plan.parties.ccgs}


def reach_stage(house: House, actor: Actor, plan: str, stage: str, digest: str, findings: str) -> Signing:
    """NHS England approves an agreed plan, or ministers sign an approved one off. Refused out of turn."""
    found = view(house, plan)
    stages = {each.name: each for each in found.rules.decisions.stages}
    if stage not in stages:
        raise NotHere(f"The rules know no stage “{stage}”. They know {', '.join(stages)}.")
    order = list(stages)
    body = body_of_stage(found, stage)

    def judge(held: PlanHistory, facts: tuple[Fact, ...], pool: tuple[Fact, ...]) -> Refused | None:
        now = _standing(found, held, facts)
        if pool and pool[0].body.get("plan_digest") != digest:
            return Refused(
                "The pool of this plan is open on the version that was signed off before. A changed plan is then a "
                "variation of the agreement, which these rules do not provide for yet. Keep to the signed version."
            )
        if now.status in {Status.AWAITING, Status.REFUSED, Status.NOT_STARTED}:
            awaited = ", ".join(_name(house, each.body) for each in now.awaited)
            return Refused(f"The plan is not agreed: {awaited or 'a party'} has not agreed to this version.")
        names = [each.stage for each in now.reached]
        if stage in names:
            return Refused(f"This version is {now.status.lower()} already.")
        missing = [each for each in order[: order.index(stage)] if each not in names]
        if missing:
            return Refused(f"First: {stages[missing[0]].says}.")
        return None

    def fact(signed: str) -> NewFact:
        return reach(plan, stage, body, digest, signed)

    says = stages[stage].says
    return _sign(house, actor, found, stages[stage].action, body, digest, findings, says, "", judge, fact)


def body_of_stage(found: PlanView, stage: str) -> str:
    """The national body that a stage belongs to: the one whose offices its action names."""
    authority = found.rules.authorities
    action = next(each.action for each in found.rules.decisions.stages if each.name == stage)
    kinds = {
        kind
        for office in authority.offices
        if office.name in authority.of(action).offices
        for kind in office.of
    }
    return next(body.id for body in NATIONAL if body.kind in kinds)


def _sign(
    house: House, actor: Actor, found: PlanView, action: str, body: str, digest: str, findings: str, word: str,
    reasons: str, judge: Callable[[PlanHistory, tuple[Fact, ...], tuple[Fact, ...]], Refused | None], fact: Callable[[str], NewFact],
) -> Signing:  # fmt: skip
    """What all signatures share: authority, the digest that was shown, and the signed document."""
    plan, authority = found.history.id, found.rules.authorities.of(action)
    salt = house.salt()

    def load(reading: Reading) -> Seen:
        held = holdings(reading.read(office_stream(body)))
        return Seen(
            history(reading.read(plan_stream(plan))),
            reading.read(signoff_stream(plan)),
            reading.read(pool_stream(plan, found.rules.about.years[-1])),
            may(authority, held, actor.account, body, house.today),
            str(reading.at),
        )

    def decide(state: Seen) -> Decision | Refused | Stale:
        held, facts, pool, allowed, at = state
        if isinstance(allowed, Refused):
            return replace(allowed, says=allowed.says.replace(body, _name(house, body)))
        version = held.current if held else None
        if held is None or version is None:
            return Refused("There is no version to decide on yet. The plan lead saves one on purpose.")
        if version.digest != digest:
            return _superseded(house, held, digest)
        if findings != found.findings_digest or found.history.current != version:
            return Stale(
                "The findings have changed since you were shown them. Look again before you sign.", ()
            )
        refusal = judge(held, facts, pool)
        if refusal:
            return refusal
        content = {
            "plan": plan, "version": version.number, "digest": digest, "findings": findings, "says": word,
            "body": body, "office": found.rules.authorities.title(allowed.holding.office), "name": actor.name,
            "account": actor.account, "reasons": reasons.strip(), "at": at,
        }  # fmt: skip
        document = Document("signature", "application/json", canonical(content), salt)
        return Decision((fact(document.digest),), version.number, (document,))

    request = {
        "action": action, "plan": plan, "body": body, "digest": digest, "findings": findings, "says": word,
        "reasons": reasons.strip(),
    }  # fmt: skip
    return perform(
        house.journal, decide, load=load, by=actor.account, key=actor.key, request=request, clock=house.clock
    )


def _superseded(house: House, held: PlanHistory, digest: str) -> Stale | Refused:
    """What changed between the version that was shown and the current one."""
    shown, current = held.with_digest(digest), held.current
    if shown is None or current is None:
        return Refused(
            "That digest is of no version of this plan. Open the plan and decide on what it shows."
        )
    changes = compare(content_of(house, shown), content_of(house, current))
    return Stale(
        f"Version {current.number} has been saved since you were shown version {shown.number}. "
        "Below is what changed; decide on the new version.",
        changes,
    )


def _name(house: House, body: str) -> str:
    try:
        return house.areas.body(body).name
    except NotHere:
        return body


def what_waits(house: House, account: str) -> tuple[Waiting, ...]:
    """Decisions and stages that wait for an account's offices, the longest waiting first."""
    held = [
        each
        for stream in house.journal.streams("office/")
        for each in holdings(house.journal.read(stream))
        if each.account == account and each.on(house.today)
    ]
    if not held:
        return ()
    found: list[Waiting] = []
    for name in house.journal.streams("plan/"):
        plan = view(house, name.removeprefix("plan/"), alone=True)
        now = standing_of(house, plan)
        found += _decisions_waiting(plan, now, {(each.body, each.office) for each in held})
    return tuple(sorted(found, key=lambda each: each.since))


def _decisions_waiting(plan: PlanView, now: Standing, held: set[tuple[str, str]]) -> list[Waiting]:
    authorities, id_ = plan.rules.authorities, plan.history.id
    deciders = authorities.of("decide_plan").offices
    waiting = [
        Waiting(id_, party.body, f"Decide on version {now.version.number} of “{plan.history.title}”", str(party.since.date()), "decisions")
        for party in now.awaited
        if now.version and not plan.blocked and any((party.body, office) in held for office in deciders)
    ]  # fmt: skip
    waiting += _leads_waiting(plan, now, held)
    if now.status in {Status.AGREED, Status.APPROVED}:
        done = {each.stage for each in now.reached}
        stage = next((each for each in plan.rules.decisions.stages if each.name not in done), None)
        if stage and any(
            (body_of_stage(plan, stage.name), office) in held
            for office in authorities.of(stage.action).offices
        ):
            since = max([each.since for each in now.parties] + [each.at for each in now.reached])
            waiting.append(
                Waiting(
                    id_,
                    body_of_stage(plan, stage.name),
                    f"{stage.says}: “{plan.history.title}”",
                    str(since.date()),
                    "decisions",
                )
            )
    return waiting


def _leads_waiting(plan: PlanView, now: Standing, held: set[tuple[str, str]]) -> list[Waiting]:
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
    return [
        Waiting(
            plan.history.id,
            mine,
            f"“{plan.history.title}” {why}: change it",
            str(since.date()),
            "decisions" if refused else "check",
        )
    ]


def parties_in_order(now: Standing) -> tuple[Party, ...]:
    """The parties, those who are awaited first."""
    return tuple(sorted(now.parties, key=lambda each: each.outcome is Outcome.AGREED))
