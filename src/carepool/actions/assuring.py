"""Reviewers are chosen, review without seeing each other's answers, and are moderated; an outcome is decided, and escalation has its steps.

Everything is about the digest that was shown: a review of another version never counts for this one.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from carepool.actions.assurances import (
    Assured,
    Wanted,
    assured,
    could_have_read,
    judged_in,
    kept_from_judging,
    national_for,
    parties_of,
)
from carepool.actions.deciding import may_reach
from carepool.actions.house import House
from carepool.actions.permits import Actor, permit
from carepool.actions.ports import Draft
from carepool.actions.signing import Seen as SeenToSign
from carepool.actions.signing import named, signed_by
from carepool.actions.standings import standing_now
from carepool.assurance import facts
from carepool.assurance.gate import stage_of_approval
from carepool.assurance.judgement import LONGEST, Judgement, missing, read_judgement, unreasoned
from carepool.assurance.ladder import may_direct, may_go_down, may_take
from carepool.assurance.outcome import suggest, would_change
from carepool.assurance.record import Record, both_in, judged_by, record_of
from carepool.basics.canonical import Digest, canonical
from carepool.basics.findings import Finding
from carepool.basics.money import Pence
from carepool.basics.refusals import NotHere, Refused
from carepool.basics.words import blank
from carepool.journal.commands import Decision, Done, Reading, perform
from carepool.journal.documents import Document
from carepool.journal.facts import Fact, NewFact
from carepool.journal.port import SameKey
from carepool.offices.holdings import Holding, Permit, holdings, may
from carepool.offices.holdings import stream_of as office_stream
from carepool.offices.separation import declared, impartial, kept_apart
from carepool.places.bodies import body_id
from carepool.plans.versions import PlanHistory, Version, history
from carepool.plans.versions import stream_of as plan_stream
from carepool.pool.books import stream_of as pool_stream
from carepool.rules.assurance import AssuranceOutcome
from carepool.rules.schema import Redeployment
from carepool.signoff.facts import reach
from carepool.signoff.facts import stream_of as signoff_stream

MODERATION = "moderation"
"""The section under which a moderator's draft is kept."""
NO_WORDS = "Say why, in words: others have to be able to follow it."
TOO_LONG = f"The words are longer than {LONGEST:,} characters. Shorten them."


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A refusal because a judgement is not whole: a finding for each thing, beside its field."""

    says: str
    findings: tuple[Finding, ...]


Answer = Done | Refused | Unfinished


@dataclass(frozen=True, slots=True)
class Seen:
    """What is decided by, read together: whatever of it moves on, it is decided again."""

    history: PlanHistory | None
    record: Record
    signoff: tuple[Fact, ...]
    pool: tuple[Fact, ...]
    allowed: Permit | Refused
    at: datetime


@dataclass(frozen=True, slots=True)
class Deed:
    """What an action is about, and who does it."""

    action: str
    body: str
    holding: Holding
    seen: Seen
    version: Version


Decide = Callable[[Deed], Decision | Refused | Unfinished]


# Reviewers


COULD_READ = (
    "Both reviews of this version were in before one was set aside, and whoever held an office in assurance then could read "
    "them. Choose somebody who held none, or have the plan's next version reviewed."
)
YOU_COULD_READ = (
    "Both reviews of this version were in before one was set aside, and you could read them. Tell the moderator, who chooses "
    "somebody who could not."
)


def assign_reviewer(house: House, actor: Actor, plan: str, side: str, account: str) -> Answer:
    """Choose who reviews for a side.

    Refused: one who may not review for it, who holds an office in a party or has declared an interest, the reviewer of
    the other side, and a side whose review of this version is in.
    """
    found = assured(house, plan)
    body = _body_of(found, side)
    candidate = permit(house, found.rules, "review_plan", Actor(account, actor.key), body)

    def decide(deed: Deed) -> Decision | Refused:
        record = deed.seen.record
        if isinstance(candidate, Refused):
            return Refused(f"They cannot review for {found.rules.assurance.side(side).title}: they hold no office that reviews for it. Choose somebody who does.")  # fmt: skip
        own = impartial(found.rules.authorities, "review_plan", _held_by(house, account, kept_from_judging(found.plan)), kept_from_judging(found.plan))  # fmt: skip
        if own or account in record.conflicted:
            return Refused("They cannot review this plan: they have an interest in it. Choose somebody who has none.")  # fmt: skip
        if any(each.account == account for name, each in record.assigned.items() if name != side):
            return Refused(
                "They review for the other side already, and two independent people review a plan."
            )
        if side in record.on(deed.version.digest):
            return Refused("This side's review of this version is in. Choose anew once there is another version.")  # fmt: skip
        if could_have_read(house, found, record, deed.version.digest, account):
            return Refused(COULD_READ)
        return Decision((facts.assign(plan, side, account, deed.body, found.rules.name, deed.action),), side)

    request = {"action": "assign_reviewers", "side": side, "account": account}
    return _perform(house, actor, found, "assign_reviewers", request, decide)


def declare_conflict(house: House, actor: Actor, plan: str, side: str, words: str) -> Answer:
    """A reviewer declares an interest, in words: they review no more, and what is not moderated yet does not count."""
    found = assured(house, plan)
    if fault := _fault(words):
        return fault

    def decide(deed: Deed) -> Decision | Refused:
        assigned = deed.seen.record.assigned.get(side)
        if assigned is None or assigned.account != actor.account:
            return Refused("You are not this side's reviewer of this plan, so there is nothing to declare.")
        if deed.seen.record.moderated_on(deed.version.digest):
            return Refused("The reviews of this version are moderated. Tell the moderator of your interest, who can have the next version reviewed by another.")  # fmt: skip
        document = _words(house, actor, deed, "declares an interest", words)
        return Decision((facts.declare_conflict(plan, side, document.digest, deed.body),), side, (document,))

    request = {"action": "declare_conflict", "side": side, "words": words.strip()}
    return _perform(house, actor, found, "review_plan", request, decide, body=_body_of(found, side))


# Reviews


def draft_key(plan: str) -> str:
    """Under which drafts of reviews are kept: apart from those of the plan, which its editors see."""
    return f"assurance/{plan}"


def section_of(side: str) -> str:
    """The section under which a side's draft is kept."""
    return f"review/{side}"


def keep_judgement(
    house: House, actor: Actor, plan: str, section: str, digest: str, judged: Judgement
) -> Refused | None:
    """Keep what a reviewer or moderator has judged so far, right or wrong. Only they can ever see it."""
    found = assured(house, plan)
    side = section.partition("/")[2]
    action = "review_plan" if side else "moderate_review"
    body = _body_of(found, side) if side else national_for(found.rules, action)[0]
    allowed = permit(house, found.rules, action, actor, body)
    if isinstance(allowed, Refused):
        return allowed
    if side and not _is_reviewer(found.record, side, actor.account):
        return Refused("You are not this side's reviewer of this plan. The moderator chooses who is.")
    house.drafts.put(
        Draft(draft_key(plan), section, actor.account, judged.as_data(), Digest(digest), house.clock())
    )
    return None


def kept_judgement(house: House, plan: str, section: str, account: str) -> tuple[Judgement, Digest] | None:
    """What an account has judged so far, and of which digest; None where it has kept nothing."""
    for each in house.drafts.of_editor(draft_key(plan), account):
        if each.section == section:
            return read_judgement(each.content), each.base
    return None


def submit_review(house: House, actor: Actor, plan: str, side: str, digest: str, judged: Judgement) -> Answer:
    """A side's review of a digest is in. It may be handed in anew until the other side's is in too, and no longer.

    Refused: who is not the side's reviewer, another version than the one that stands, a version after an outcome that
    was not opened for review, an answer that is missing.
    """
    found = assured(house, plan)
    body = _body_of(found, side)

    def decide(deed: Deed) -> Decision | Refused | Unfinished:
        record, version = deed.seen.record, deed.version
        if digest not in {version.digest} & {found.digest}:
            return _superseded(version)
        if not _is_reviewer(record, side, actor.account):
            return Refused("You are not this side's reviewer of this plan. The moderator chooses who is.")
        if record.decided_on(digest):
            return Refused("This version has its outcome already.")
        if record.decided and Digest(digest) not in record.reopened:
            return Refused("This plan has had an outcome before. The moderator opens the new version for review first.")  # fmt: skip
        if both_in(record, found.sides, digest):
            return Refused("Both reviews of this version are in, so neither can be changed any more.")
        if actor.account in record.wrote_beside(digest):
            return Refused(
                "Both reviews of this version were in, and you could read the other, so yours is not changed any more."
            )
        if could_have_read(house, found, record, digest, actor.account):
            return Refused(YOU_COULD_READ)
        findings = missing(found.items, judged)
        if findings:
            return Unfinished("The review is not whole, so it was not handed in. What you wrote is kept.", tuple(findings))  # fmt: skip
        document = _judged(house, actor, deed, found, "review", judged, {"side": side})
        return Decision((facts.submit(plan, side, digest, document.digest, deed.body),), document.digest, (document,))  # fmt: skip

    # What a review says is not in the request either, not even as a digest by which it could be guessed.
    request = {"action": "submit_review", "side": side, "digest": digest}
    done = _perform(house, actor, found, "review_plan", request, decide, body=body)
    if isinstance(done, Done):
        if done.again and judged_in(house, Digest(str(done.answer))) != judged:
            raise SameKey(actor.account, actor.key)
        house.drafts.drop(draft_key(plan), section_of(side), actor.account)
    return done


def reopen_review(house: House, actor: Actor, plan: str, digest: str) -> Answer:
    """Both sides are to review a version that came after an outcome. Refused where there is none, or it is open already."""
    found = assured(house, plan)

    def decide(deed: Deed) -> Decision | Refused:
        record, version = deed.seen.record, deed.version
        if digest not in {version.digest} & {found.digest}:
            return _superseded(version)
        if not record.decided:
            return Refused("This plan has had no outcome yet, so its version is open for review.")
        if record.decided_on(digest):
            return Refused("This version has its outcome. A changed plan is reviewed anew once it is saved.")
        if version.digest in record.reopened:
            return Refused("This version is open for review already.")
        return Decision((facts.reopen(plan, digest, record.decided[-1].plan, deed.body),), digest)

    request = {"action": "reopen_review", "digest": digest}
    return _perform(house, actor, found, "assign_reviewers", request, decide)


def moderate(house: House, actor: Actor, plan: str, digest: str, judged: Judgement) -> Answer:
    """Two reviews of a digest become one judgement, with a reason wherever it differs from a reviewer's."""
    found = assured(house, plan)

    def decide(deed: Deed) -> Decision | Refused | Unfinished:
        record, version = deed.seen.record, deed.version
        if digest not in {version.digest} & {found.digest}:
            return _superseded(version)
        if not both_in(record, found.sides, digest):
            return Refused("Both reviews of this version have to be in before they are moderated.")
        if record.decided_on(digest):
            return Refused("This version has its outcome already.")
        reviews = {side: each.document for side, each in record.on(digest).items()}
        read = [each for each in (judged_in(house, document) for document in reviews.values()) if each]
        findings = unreasoned(found.items, read, judged)
        if findings:
            return Unfinished("The moderation is not whole, so it was not recorded. What you wrote is kept.", tuple(findings))  # fmt: skip
        document = _judged(house, actor, deed, found, "moderation", judged, {"reviews": reviews})
        return Decision((facts.moderate(plan, digest, document.digest, reviews, deed.body),), document.digest, (document,))  # fmt: skip

    request = {"action": "moderate_review", "digest": digest, "judgement": judged.as_data()}
    done = _perform(house, actor, found, "moderate_review", request, decide)
    if isinstance(done, Done):
        house.drafts.drop(draft_key(plan), MODERATION, actor.account)
    return done


# Outcome and conditions


def decide_outcome(
    house: House, actor: Actor, plan: str, digest: str, outcome: str, conditions: tuple[Wanted, ...] = (), reasons: str = ""
) -> Answer:  # fmt: skip
    """Decide a moderated digest's outcome; where it lets the plan go on, the plan is approved in the same breath.

    Refused: what is not moderated, another outcome than the suggested one without reasons, conditions where there are
    none or none where there should be, approval without conditions while earlier ones are open, a plan not agreed.
    """
    found = assured(house, plan)
    outcomes = {each.id: each for each in found.rules.assurance.outcomes}
    if outcome not in outcomes:
        raise NotHere(f"The rules know no outcome “{outcome}”. They know {', '.join(outcomes)}.")
    chosen = outcomes[outcome]

    def decide(deed: Deed) -> Decision | Refused:
        record, version = deed.seen.record, deed.version
        if digest not in {version.digest} & {found.digest}:
            return _superseded(version)
        moderated = record.moderated_on(digest)
        if moderated is None:
            return Refused(
                "The reviews of this version are not moderated yet, so there is nothing to decide by."
            )
        if record.decided_on(digest):
            return Refused("This version has its outcome already.")
        judged = judged_in(house, moderated.document)
        if judged is None:
            return Refused("The moderated judgement was withdrawn, so nothing can be decided by it.")
        suggested = suggest(found.rules, judged)
        if refused := _outcome_faults(
            found, record, chosen, suggested.outcome, conditions, reasons, house.today
        ):
            return refused
        if chosen.goes_on and (refused := _not_in_turn(house, found, deed)):
            return refused
        changes = [each.as_data() for each in would_change(found.rules, found.items, judged)]
        content = _signed(actor, deed, found) | {
            "says": "decides the outcome", "outcome": outcome, "suggested": suggested.outcome,
            "otherwise": outcome != suggested.outcome, "would_change": changes, "moderated": moderated.document,
            "reasons": reasons.strip(),
            "conditions": [{"words": each.words.strip(), "due": each.due} for each in conditions],
        }  # fmt: skip
        document = Document("assurance-decision", "application/json", canonical(content), house.salt())
        made = facts.decide(plan, digest, outcome, moderated.document, (each.due for each in conditions), document.digest, deed.body)  # fmt: skip
        return Decision((made, *_approval(found, deed, chosen, document.digest)), outcome, (document,))

    request = {
        "action": "decide_outcome", "digest": digest, "outcome": outcome, "reasons": reasons.strip(),
        "conditions": [{"words": each.words.strip(), "due": each.due} for each in conditions],
    }  # fmt: skip
    return _perform(house, actor, found, "approve_plan", request, decide)


def _outcome_faults(
    found: Assured, record: Record, chosen: AssuranceOutcome, suggested: str, conditions: tuple[Wanted, ...], reasons: str, today: date
) -> Refused | None:  # fmt: skip
    title = chosen.title.lower()
    if len(reasons) > LONGEST or any(len(each.words) > LONGEST for each in conditions):
        return Refused(TOO_LONG)
    if chosen.id != suggested and blank(reasons):
        name = found.rules.assurance.outcome(suggested).title.lower()
        return Refused(f"The rules suggest “{name}”. To decide “{title}” write your reasons.")
    if chosen.conditional and not conditions and not record.open_conditions:
        return Refused(
            f"“{chosen.title}” needs at least one condition, with the day by which it is to be met."
        )
    if conditions and not chosen.conditional:
        return Refused(f"“{chosen.title}” comes without conditions. Take them out, or decide an outcome that has them.")  # fmt: skip
    if any(blank(each.words) for each in conditions):
        return Refused("A condition says in words what is to be done. Write it, or take its day out.")
    if any(each.due < today for each in conditions):
        return Refused("A condition is to be met on a day to come. Correct its day.")
    if chosen.goes_on and not chosen.conditional and record.open_conditions:
        names = ", ".join(each.id for each in record.open_conditions)
        return Refused(f"Conditions of an earlier outcome are open ({names}). Say of each that it is met first, or decide an outcome with conditions.")  # fmt: skip
    return None


def _approval(found: Assured, deed: Deed, chosen: AssuranceOutcome, signed: Digest) -> tuple[NewFact, ...]:
    """The stage of approval, where an outcome lets the plan go on."""
    stage = stage_of_approval(found.rules)
    if not chosen.goes_on or stage is None:
        return ()
    return (reach(found.plan.history.id, stage.name, deed.body, deed.version.digest, signed),)


def close_condition(
    house: House, actor: Actor, plan: str, condition: str, evidence: str, *, met: bool
) -> Answer:
    """Say of a condition that it is met, or was looked at and is not, with the evidence in words."""
    found = assured(house, plan)
    if fault := _fault(evidence):
        return fault

    def decide(deed: Deed) -> Decision | Refused:
        held = {each.id: each for each in deed.seen.record.conditions}
        if condition not in held:
            return Refused(f"This plan has no condition {condition}. Open its page “Assurance” again.")
        if not held[condition].is_open:
            return Refused(f"Condition {condition} is met already.")
        document = _words(house, actor, deed, "is met" if met else "is not met", evidence)
        made = facts.close(plan, condition, deed.version.digest, document.digest, deed.body, met=met)
        return Decision((made,), condition, (document,))

    request = {"action": "meet_condition", "condition": condition, "met": met, "evidence": evidence.strip()}
    return _perform(house, actor, found, "meet_condition", request, decide)


def ask_resubmission(house: House, actor: Actor, plan: str, due: date, words: str) -> Answer:
    """Ask for the plan again by a day, after an outcome that left something to do."""
    found = assured(house, plan)
    if fault := _fault(words):
        return fault

    def decide(deed: Deed) -> Decision | Refused:
        record = deed.seen.record
        if not record.decided:
            return Refused("This plan has had no outcome yet, so there is nothing to hand in again.")
        if due < house.today:
            return Refused("The plan is due on a day to come. Correct the day.")
        document = _words(house, actor, deed, "asks for the plan again", words)
        made = facts.ask_again(plan, record.decided[-1].plan, due, document.digest, deed.body)
        return Decision((made,), str(due), (document,))

    request = {"action": "ask_resubmission", "due": due, "words": words.strip()}
    return _perform(house, actor, found, "approve_plan", request, decide)


# Escalation


def take_step(house: House, actor: Actor, plan: str, rung: str, words: str) -> Answer:
    """Take the plan the next step up the ladder, with the reasons."""
    return _move(house, actor, plan, rung, words, up=True)


def step_down(house: House, actor: Actor, plan: str, rung: str, words: str) -> Answer:
    """Take the plan down to a lower step, or with an empty one end its escalation."""
    return _move(house, actor, plan, rung, words, up=False)


def _move(house: House, actor: Actor, plan: str, rung: str, words: str, *, up: bool) -> Answer:
    found = assured(house, plan)
    if fault := _fault(words):
        return fault

    def decide(deed: Deed) -> Decision | Refused:
        refused = (may_take if up else may_go_down)(found.rules, deed.seen.record, rung)
        if refused:
            return refused
        if not up and deed.seen.record.active_directions:
            return Refused("A direction stands. Lift it before you step down.")
        document = _words(house, actor, deed, "takes a step up" if up else "steps down", words)
        make = facts.step if up else facts.step_down
        return Decision((make(plan, rung, document.digest, deed.body),), rung, (document,))

    request = {"action": "escalate_plan", "step": rung, "up": up, "words": words.strip()}
    return _perform(house, actor, found, "escalate_plan", request, decide)


def direct_money(
    house: House, actor: Actor, plan: str, power: str, pence: Pence, destination: str, words: str
) -> Answer:
    """Direct money under a power of the rules: how much, to which body or kept back, and why."""
    found = assured(house, plan)
    if fault := _fault(words):
        return fault
    if destination:
        house.areas.body(destination)
    if pence <= 0:
        return Refused("A direction is about an amount above nothing. Write how much.")

    def decide(deed: Deed) -> Decision | Refused:
        if refused := may_direct(found.rules, deed.seen.record, power):
            return refused
        if refused := _goes_to(found, power, destination):
            return refused
        document = _words(house, actor, deed, "directs money", words)
        made = facts.direct(plan, power, pence, destination, document.digest, deed.body)
        return Decision((made,), len(deed.seen.record.directions) + 1, (document,))

    request = {"action": "direct_money", "power": power, "pence": pence, "destination": destination, "words": words.strip()}  # fmt: skip
    return _perform(house, actor, found, "direct_money", request, decide)


def _goes_to(found: Assured, power: str, destination: str) -> Refused | None:
    """A direction that moves money names a party that it goes to; one that keeps it back or takes it back names none."""
    redeployment = found.rules.find("redeployment", Redeployment)
    moves = any(each.moves for each in redeployment.powers if each.id == power) if redeployment else False
    if moves and destination not in parties_of(found.plan):
        return Refused("A direction of money names a party of the plan that the money goes to. Choose one.")
    if not moves and destination:
        return Refused(
            "By this power money is kept back or taken back, so it goes to nobody. Leave the destination empty."
        )
    return None


def lift_direction(house: House, actor: Actor, plan: str, number: int, words: str) -> Answer:
    """End a direction, with the reasons."""
    found = assured(house, plan)
    if fault := _fault(words):
        return fault

    def decide(deed: Deed) -> Decision | Refused:
        if number not in {each.number for each in deed.seen.record.active_directions}:
            return Refused(f"There is no direction {number} that stands.")
        document = _words(house, actor, deed, "lifts a direction", words)
        return Decision((facts.lift(plan, number, document.digest, deed.body),), number, (document,))

    request = {"action": "lift_direction", "number": number, "words": words.strip()}
    return _perform(house, actor, found, "direct_money", request, decide)


# What they share


def _perform(
    house: House, actor: Actor, found: Assured, action: str, request: Mapping[str, object], decide: Decide, body: str = ""
) -> Answer:  # fmt: skip
    """Authority, separation of duties and the version that stands, read together with what is decided by."""
    plan = found.plan.history.id
    bodies = (body,) if body else national_for(found.rules, action)
    parties = kept_from_judging(found.plan)

    def load(reading: Reading) -> Seen:
        held = [each for one in bodies for each in holdings(reading.read(office_stream(one)))]
        own = [each for one in parties for each in holdings(reading.read(office_stream(one)))]
        written, signoff = reading.read(facts.stream_of(plan)), reading.read(signoff_stream(plan))
        pool = reading.read(pool_stream(plan, found.rules.about.years[-1]))
        drawn_up = reading.read(plan_stream(plan))
        done = done_by(actor.account, written, (*signoff, *drawn_up))
        record = record_of(written)
        allowed = _allowed(house, found, actor, action, bodies, held, own, done, record.conflicted)
        saved = history(drawn_up)
        return Seen(saved, record_of(written), signoff, pool, allowed, reading.at)

    def judge(seen: Seen) -> Decision | Refused | Unfinished:
        if isinstance(seen.allowed, Refused):
            return named(house, seen.allowed, (*bodies, *parties))
        version = seen.history.current if seen.history else None
        if version is None:
            return Refused("There is no version of this plan yet. Its lead saves one on purpose.")
        return decide(Deed(action, seen.allowed.holding.body, seen.allowed.holding, seen, version))

    asked = {"plan": plan, **request}
    return perform(
        house.journal, judge, load=load, by=actor.account, key=actor.key, request=asked, clock=house.clock
    )


def _allowed(
    house: House, found: Assured, actor: Actor, action: str, bodies: tuple[str, ...], held: list[Holding], own: list[Holding],
    done: frozenset[str], interested: frozenset[str],
) -> Permit | Refused:  # fmt: skip
    """The permit of one of the bodies, unless the account judges for its own body or judged the plan before."""
    authorities = found.rules.authorities
    answers = [may(authorities.of(action), held, actor.account, each, house.today) for each in bodies]
    allowed = next((each for each in answers if isinstance(each, Permit)), None)
    if allowed is None:
        return next((each for each in answers if isinstance(each, Refused) and each.ended), answers[0])
    mine = [each for each in own if each.account == actor.account and each.on(house.today)]
    refused = impartial(authorities, action, mine, kept_from_judging(found.plan))
    return refused or declared(authorities, action, actor.account, interested) or kept_apart(authorities, action, done) or allowed  # fmt: skip


def done_by(account: str, assurance: Iterable[Fact], signoff: Iterable[Fact]) -> frozenset[str]:
    """The actions that an account has done on a plan, as far as separation of duties asks."""
    return judged_by(assurance, account) | signed_by(signoff, account)


def _held_by(house: House, account: str, bodies: Iterable[str]) -> list[Holding]:
    return [
        each
        for body in bodies
        for each in holdings(house.journal.read(office_stream(body)))
        if each.account == account and each.on(house.today)
    ]


def _body_of(found: Assured, side: str) -> str:
    """The body whose officers review for a side. NotHere for an unknown side."""
    if side not in found.sides:
        raise NotHere(f"The rules know no side “{side}”. They know {', '.join(found.sides)}.")
    return body_id(found.rules.assurance.side(side).body, "ENG")


def _is_reviewer(record: Record, side: str, account: str) -> bool:
    assigned = record.assigned.get(side)
    return assigned is not None and assigned.account == account


def _superseded(version: Version) -> Refused:
    return Refused(f"Version {version.number} stands now, and it is not the one that you were shown. Open the page again.")  # fmt: skip


def _not_in_turn(house: House, found: Assured, deed: Deed) -> Refused | None:
    """Why the plan cannot be approved now: not all its parties have agreed to this version, or a dispute is open."""
    stage, seen = stage_of_approval(found.rules), deed.seen
    if stage is None or seen.history is None:
        return None
    now = standing_now(house, found.plan, seen.history, seen.signoff, house.today)
    signing = SeenToSign(seen.history, seen.signoff, seen.pool, seen.allowed, now, seen.at)
    return may_reach(house, found.plan, signing, stage.name)


def _fault(words: str) -> Refused | None:
    if blank(words):
        return Refused(NO_WORDS)
    return Refused(TOO_LONG) if len(words) > LONGEST else None


def _signed(actor: Actor, deed: Deed, found: Assured) -> dict[str, object]:
    """What stands in every document of assurance: who, for whom, in which office, of which version, under which rules."""
    return {
        "plan": found.plan.history.id, "version": deed.version.number, "digest": deed.version.digest,
        "rules": found.rules.name, "rules_digest": found.rules.digest, "body": deed.body,
        "office": found.rules.authorities.title(deed.holding.office), "name": actor.name, "account": actor.account,
        "at": str(deed.seen.at),
    }  # fmt: skip


def _judged(
    house: House, actor: Actor, deed: Deed, found: Assured, kind: str, judged: Judgement, more: Mapping[str, object]
) -> Document:  # fmt: skip
    content = {**_signed(actor, deed, found), "says": kind, "judgement": judged.as_data(), **more}
    return Document(kind, "application/json", canonical(content), house.salt())


def _words(house: House, actor: Actor, deed: Deed, says: str, words: str) -> Document:
    content = {
        "plan": deed.seen.history.id if deed.seen.history else "", "version": deed.version.number, "digest": deed.version.digest,
        "body": deed.body, "office": deed.holding.office, "name": actor.name, "account": actor.account, "at": str(deed.seen.at),
        "says": says, "words": words.strip(),
    }  # fmt: skip
    return Document("assurance-words", "application/json", canonical(content), house.salt())
