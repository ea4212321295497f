"""Bodies decide on a plan by its digest, in the ways that the rules know; NHS England and ministers follow."""

from dataclasses import replace
from datetime import date

from carepool.actions.house import House
from carepool.actions.permits import Actor
from carepool.actions.planning import PlanView, view
from carepool.actions.signing import Seen, Signed, Signing, named, sign
from carepool.actions.standings import body_of_stage, deciders_of, leads, may_be_led, name_of
from carepool.actions.taking_effect import effect_of
from carepool.assurance.gate import held_up
from carepool.assurance.record import record_of
from carepool.basics.money import Pence
from carepool.basics.periods import LONDON, in_words
from carepool.basics.refusals import NotHere, Refused
from carepool.basics.words import blank
from carepool.calendar.meetings import diary
from carepool.journal.facts import NewFact
from carepool.offices.delegations import delegations
from carepool.offices.holdings import stream_of as office_stream
from carepool.offices.separation import for_one_party
from carepool.places.bodies import body_id
from carepool.signoff.call_in import Effect
from carepool.signoff.decisions import Decision, Undone
from carepool.signoff.facts import decided, reach
from carepool.signoff.standing import Standing, Status
from carepool.signoff.ways import AT_A_MEETING, How, faults

ELSEWHERE: frozenset[str] = frozenset({"document", "link"})
"""Ways that have actions of their own."""


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
    how: How = How(),  # noqa: B008  (frozen: an officer, at once, on exactly this)
) -> Signing:
    """A body agrees to a digest or refuses it, having been shown the findings of that digest.

    Refused: who may not sign for the body, a body that is no party, a way that the rules do not know, a blocker where
    it would agree, no reasons where it refuses, the same decision again, a plan already approved; and where nobody said
    whether it is a key decision, or one would count before it can no longer be called in. Stale, with the
    difference, when a newer version was saved.
    """
    found = view(house, plan)
    # What was carried out is answered as before, whatever the plan has become since.
    new = house.journal.command(actor.account, actor.key) is None
    if new and found.history.current and (refusal := not_needed(house, found, body)):
        return refusal
    if not agrees and blank(reasons):
        return Refused("A refusal needs its reasons, so that the others know what to change. Write them.")
    kind = body.partition(":")[0]
    how = on_the_day(how)
    if how.way in ELSEWHERE:
        return Refused(
            "A decision on paper is recorded from its document, and one by a link is signed by it."
        )
    if new and (wrong := faults(how, found.rules.decisions, kind, house.today)):
        return Refused(wrong[0][1])
    if not agrees:
        how = replace(how, tolerance=None, effective_on=None, key=None, urgency=None)

    def taken(seen: Seen) -> How:
        return by_delegation(found, body, how, delegated=seen.permit.delegation is not None)

    def effect(seen: Seen) -> Effect | Refused:
        return effect_seen(house, body, seen, taken(seen), agrees=agrees)

    def judge(seen: Seen) -> Refused | None:
        if refusal := _for_another_party(house, found, actor.account, body, seen):
            return refusal
        if seen.permit.let_in and (refusal := _by_delegation(house, found, body, seen, how, agrees=agrees)):
            return refusal
        refusal = may_decide(house, found, body, seen, agrees=agrees, how=taken(seen))
        return refusal or not_in_time(effect(seen))

    def facts(seen: Seen, document: str) -> tuple[NewFact]:
        permit, way = seen.permit, taken(seen)
        return (
            decided(
                plan, body, digest, findings, document,
                agrees=agrees, way=way.way, office=permit.holding.office, tolerance=how.tolerance,
                effect=counts_from(house, effect(seen)), delegation=permit.delegation, late_for=late_for(found, seen),
                to_ratify=is_ratified(found, way, kind),
            ),
        )  # fmt: skip

    says = "agree to" if agrees else "refuse"
    more = how.as_data() if how != How() else {}
    signed = Signed(
        "decide_plan", body, says, digest, findings, reasons, more, contribution(found, body),
        worked=lambda seen: takes_effect(house, effect(seen)),
    )  # fmt: skip
    return sign(house, actor, found, signed, judge, facts)


def on_the_day(how: How) -> How:
    """How an officer decides: on the day itself, whatever day of a meeting was typed."""
    return how if how.way in AT_A_MEETING else replace(how, meeting=None)


def effect_seen(house: House, body: str, seen: Seen, how: How, *, agrees: bool) -> Effect | Refused:
    """From when a decision taken so counts, by the calendar that was read; a refusal of the plan counts at once."""
    return effect_of(house, diary(body, seen.meetings), how, house.today) if agrees else Effect()


def not_in_time(effect: Effect | Refused) -> Refused | None:
    """The refusal where a decision cannot count from such a day."""
    return effect if isinstance(effect, Refused) else None


def counts_from(house: House, effect: Effect | Refused) -> Effect:
    """The effect as it is recorded: a day that has come is no day to wait for."""
    assert isinstance(effect, Effect)  # noqa: S101 (a refusal was answered before)
    return replace(effect, on=effect.after(house.today))


def takes_effect(house: House, effect: Effect | Refused) -> dict[str, object]:
    """What a signed document says of it; nothing where nobody asked whether it is a key decision."""
    made = counts_from(house, effect)
    if made.key is None:
        return {}
    return {"takes_effect": {"on": made.on.isoformat() if made.on else None, **made.as_data()}}


def not_needed(house: House, found: PlanView, body: str) -> Refused | None:
    """The refusal where a body's decision is not needed, with those whose is."""
    parties = deciders_of(house, found)
    if body in parties:
        return None
    among = ", ".join(name_of(house, each) for each in parties)
    commissioner = found.area.england.places.commissioner
    if body in {body_id(commissioner, code) for code in found.plan.parties.ccgs}:
        return Refused(
            f"{name_of(house, body)} has too few of the people of the plan's boards to decide, by the rules "
            f"{found.rules.name}. Those who decide are {among}."
        )
    return Refused(
        f"{name_of(house, body)} is no party to this plan, so it has nothing to decide. Its parties are {among}."
    )


def may_decide(
    house: House, found: PlanView, body: str, seen: Seen, *, agrees: bool, how: How
) -> Refused | None:
    """Whether the current version can be decided on so, as things stand."""
    now, name = seen.standing, name_of(house, body)
    if now.of(body) is None:
        return Refused(f"{name} is no party to this plan, so it has nothing to decide.")
    if agrees and found.blocked:
        return Refused(
            "A blocker stands in the plan, so it cannot be agreed. Ask the plan lead to put it right."
        )
    if refusal := settled(now):
        return refusal
    last = now.said.latest(body)
    if last is not None and last.called_in:
        return Refused(
            f"The decision of {name} is called in. How that ended is recorded first; until then it decides nothing else."
        )
    version = now.version
    if agrees and (refusal := _escapes(name, now, body, how, house.today)):
        return refusal
    if version and how.meeting and how.meeting.on < version.at.astimezone(LONDON).date():
        return Refused(
            f"The meeting of {in_words(how.meeting.on)} was before version {version.number} was saved, so it cannot have "
            "decided on it. Write the day of the meeting that did."
        )
    needed = deciders_of(house, found)[body]
    office = seen.permit.holding.office if needed.signed_by else ""
    if needed.signed_by and office not in needed.signed_by:
        offices = " and ".join(found.rules.authorities.title(each) for each in needed.signed_by)
        return Refused(f"The rules ask that {offices} each sign for {name}. Ask them.")
    if now.version and _same(now.said.latest(body, office), now.version.digest, how, agrees=agrees):
        return Refused(f"{name} has already decided to {'agree to' if agrees else 'refuse'} this version.")
    return None


def settled(now: Standing) -> Refused | None:
    """The refusal where this version has gone on to a stage: what it rests on is not taken apart any more."""
    if not now.reached or now.not_agreed:
        return None
    word = {"approved": "approved", "signed_off": "signed off"}.get(
        now.reached[-1].stage, now.reached[-1].stage
    )
    return Refused(f"The plan is {word}. To change it, save another version.")


def _escapes(name: str, now: Standing, body: str, how: How, day: date) -> Refused | None:
    """The refusal where a body that called its decision on the plan a key decision would now say that it is none.

    A refusal in between, or another version, takes nothing back: until the days for a call-in have run out over it, or it was
    withdrawn with reasons, what the body agrees to stays a key decision.
    """
    if how.key is not False:
        return None
    mine = [each for each in now.said.decisions if each.body == body]
    last = next((each for each in reversed(mine) if each.agreed and each.key is not None), None)
    if last is None or not last.key or last.undone is Undone.WITHDRAWN:
        return None
    later = next((each.at.astimezone(LONDON).date() for each in mine[mine.index(last) + 1 :]), day)
    if last.undone is None and last.in_effect(later):
        return None
    return Refused(
        f"{name} has decided on this plan as a key decision, and the days in which that could be called in did not run out. Say "
        "again that it is one; or take that decision back first, with the reasons, while it is its latest."
    )


def _same(last: Decision | None, digest: str, how: How, *, agrees: bool) -> bool:
    """Whether the last word of the body, or of this office, is this one."""
    return (
        last is not None
        and last.digest == digest
        and last.agreed is agrees
        and last.tolerance == how.tolerance
        and how.effective_on in {None, last.effective_on}
        and bool(last.key) is bool(how.key)
        and (how.urgency is None or how.urgency.route == last.urgency)
    )


def by_delegation(found: PlanView, body: str, how: How, *, delegated: bool) -> How:
    """The way of a decision by somebody who was let decide: a delegated officer's, where the rules know one."""
    ways = {each.kind for each in found.rules.decisions.ways_of(body.partition(":")[0])}
    if not delegated or "delegated_officer" not in ways:
        return how
    return on_the_day(replace(how, way="delegated_officer"))


def _for_another_party(house: House, found: PlanView, account: str, body: str, seen: Seen) -> Refused | None:
    """The refusal where a decision of the account's for another party stands: the parties agree with one another.

    A record that it confirmed is no decision of its own. A named lead decides for a small commissioner beside its own.
    """
    leading = seen.permit.let_in not in {"", body}
    others = [
        each.body
        for each in seen.standing.said.decisions
        if each.by == account
        and each.record is None
        and _stands(seen.standing, each)
        and not (
            each.body.partition(":")[0] == body.partition(":")[0]
            and (leading or _led_for(house, found, each))
        )
    ]
    refusal = for_one_party(found.rules.authorities, "decide_plan", body, others)
    return named(house, refusal, others) if refusal else None


def _stands(now: Standing, made: Decision) -> bool:
    """Whether a decision is the last word of a party, or of one of the offices that each sign for it."""
    party = now.of(made.body)
    return party is not None and now.said.latest(made.body, made.office if party.several else "") == made


def _led_for(house: House, found: PlanView, made: Decision) -> bool:
    """Whether a decision was made by a named lead, in the name of another body than its own."""
    if made.delegation is None:
        return found.rules.decisions.contributing.lead_may_decide and may_be_led(found, made.body)
    given = delegations(house.journal.read(office_stream(made.body)))
    return any(each.signed == made.delegation and each.to_body != made.body for each in given)


def _refused_itself(now: Standing, body: str) -> bool:
    """Whether a body's own word on the current version is a refusal, one that waits to be confirmed from paper too."""
    mine = (each for each in reversed(now.said.decisions) if each.body == body and each.delegation is None)
    own, digest = next(mine, None), now.version.digest if now.version else ""
    return (own is not None and own.digest == digest and not own.agreed and not own.undone) or any(
        each.body == body and each.digest == digest and not each.agreed for each in now.said.records.values()
    )


def _by_delegation(
    house: House, found: PlanView, body: str, seen: Seen, how: How, *, agrees: bool
) -> Refused | None:
    """What a delegation does not reach.

    A version that the body itself refused, limits that outlast it, what it did not ratify, a body that is not so small, and a
    lead that is no party.
    """
    name = name_of(house, body)
    if agrees and _refused_itself(seen.standing, body):
        return Refused(
            f"{name} has itself refused this version, so nobody who was let decide agrees to it. Ask {name} to decide itself, "
            "or save another version."
        )
    if how.tolerance is not None:
        return Refused(
            "Whoever was let decide agrees to exactly this version: limits could outlast what they were let do. "
            "Agree without limits, or ask the body."
        )
    declined = [
        each.delegation for each in seen.standing.said.decisions if each.undone is Undone.NOT_RATIFIED
    ]
    if seen.permit.delegation in {*declined} - {None}:
        return Refused(
            f"{name} did not ratify what was decided under this delegation. Ask it to decide itself."
        )
    if seen.permit.let_in == body:
        return None
    if not may_be_led(found, body):
        return Refused(
            f"{name} has too many of the people of the plan's boards to let another body decide for it. Ask it to decide itself."
        )
    if not leads(found, seen.permit.let_in):
        lead = name_of(house, seen.permit.let_in)
        return Refused(
            f"{lead} is no party to this plan, so it decides for no other. Ask {name} to decide itself."
        )
    return None


def contribution(found: PlanView, body: str) -> Pence:
    """What a body puts into the plan, over all its years: what a delegation to decide may limit."""
    code = body.partition(":")[2]
    years = found.known.year_fields
    return sum(
        getattr(row, each) for row in found.plan.sources.sources if row.contributor == code for each in years
    )


def late_for(found: PlanView, seen: Seen) -> str:
    """The deadline for deciding that has passed by now; empty where none has."""
    due = found.rules.due
    return due.id if due and due.at.instant < seen.at else ""


def is_ratified(found: PlanView, how: How, kind: str) -> bool:
    """Whether a decision taken so waits to be ratified."""
    return any(each.ratified for each in found.rules.decisions.ways_of(kind) if each.kind == how.way)


def reach_stage(house: House, actor: Actor, plan: str, stage: str, digest: str, findings: str) -> Signing:
    """NHS England approves an agreed plan, or ministers sign an approved one off. Refused out of turn."""
    found = view(house, plan)
    stages = {each.name: each for each in found.rules.decisions.stages}
    if stage not in stages:
        raise NotHere(f"The rules know no stage “{stage}”. They know {', '.join(stages)}.")
    body = body_of_stage(found, stage)

    def judge(seen: Seen) -> Refused | None:
        return may_reach(house, found, seen, stage) or held_up(found.rules, record_of(seen.assurance), stage)

    def facts(_: Seen, document: str) -> tuple[NewFact]:
        return (reach(plan, stage, body, digest, document),)

    signed = Signed(stages[stage].action, body, stages[stage].says, digest, findings)
    return sign(house, actor, found, signed, judge, facts)


def may_reach(house: House, found: PlanView, seen: Seen, stage: str) -> Refused | None:
    """Whether the current version can go through a stage, as things stand."""
    stages = {each.name: each for each in found.rules.decisions.stages}
    order, now = list(stages), seen.standing
    digest = now.version.digest if now.version else ""
    if seen.pool and seen.pool[0].body.get("plan_digest") != digest:
        return Refused(
            "The pool of this plan is open on the version that was signed off before. A changed plan is then a "
            "variation of the agreement, which these rules do not provide for yet. Keep to the signed version."
        )
    if not now.agreed:
        if now.status is Status.DISPUTED:
            return Refused(
                "A dispute between the parties is open, so the plan does not go on. Ask them to settle it."
            )
        awaited = ", ".join(name_of(house, each.body) for each in now.not_agreed)
        return Refused(f"The plan is not agreed: {awaited or 'a party'} has not agreed to this version.")
    names = [each.stage for each in now.reached]
    if stage in names:
        return Refused(f"This version is {now.status.lower()} already.")
    missing = [each for each in order[: order.index(stage)] if each not in names]
    if missing:
        return Refused(f"First: {stages[missing[0]].says}.")
    return None
