"""The facts of assurance: each about one plan and, where it judges content, about one digest of it; words are documents."""

from collections.abc import Iterable, Mapping
from datetime import date

from carepool.basics.money import Pence
from carepool.journal.facts import Body, NewFact
from carepool.journal.folding import Kind, Kinds


def _assigned_unsaid(body: Body) -> Body:
    return {**body, "rules": "", "action": ""}


KINDS = Kinds(
    [
        Kind("ReviewerAssigned", 2, {1: _assigned_unsaid}),
        Kind("ConflictDeclared", 1, cites=("words",)),
        Kind("ReviewSubmitted", 1, cites=("review",)),
        Kind("ReviewReopened", 1),
        Kind("ReviewModerated", 1, cites=("moderated",)),
        Kind("AssuranceDecided", 1, cites=("decided",)),
        Kind("ConditionMet", 1, cites=("evidence",)),
        Kind("ConditionNotMet", 1, cites=("evidence",)),
        Kind("ResubmissionAsked", 1, cites=("words",)),
        Kind("EscalationStepTaken", 1, cites=("words",)),
        Kind("EscalationSteppedDown", 1, cites=("words",)),
        Kind("DirectionGiven", 1, cites=("words",)),
        Kind("DirectionLifted", 1, cites=("words",)),
    ]
)


def stream_of(plan: str) -> str:
    """The stream of a plan's assurance."""
    return f"assurance/{plan}"


def _fact(plan: str, kind: str, body: Mapping[str, object], for_body: str) -> NewFact:
    return NewFact(stream_of(plan), kind, 1, body, on_behalf_of=for_body)


def assign(plan: str, side: str, account: str, body: str, rules: str, action: str) -> NewFact:
    """The fact that an account is to review for a side, and by which rules and action it was chosen."""
    said = {"side": side, "account": account, "rules": rules, "action": action}
    return NewFact(stream_of(plan), "ReviewerAssigned", 2, said, on_behalf_of=body)


def declare_conflict(plan: str, side: str, words: str, body: str) -> NewFact:
    """The fact that a reviewer has an interest in the plan, and so reviews it no more."""
    return _fact(plan, "ConflictDeclared", {"side": side, "words": words}, body)


def submit(plan: str, side: str, digest: str, review: str, body: str) -> NewFact:
    """The fact that a side's review of a digest is in."""
    return _fact(plan, "ReviewSubmitted", {"side": side, "plan": digest, "review": review}, body)


def reopen(plan: str, digest: str, before: str, body: str) -> NewFact:
    """The fact that both sides are to review a resubmitted version."""
    return _fact(plan, "ReviewReopened", {"plan": digest, "before": before}, body)


def moderate(plan: str, digest: str, moderated: str, reviews: Mapping[str, str], body: str) -> NewFact:
    """The fact that two reviews of a digest, by side, became one judgement."""
    said = {"plan": digest, "moderated": moderated, "reviews": dict(reviews)}
    return _fact(plan, "ReviewModerated", said, body)


def decide(
    plan: str, digest: str, outcome: str, moderated: str, conditions: Iterable[date], decided: str, body: str
) -> NewFact:
    """The fact that a digest's assurance has an outcome; of each condition its day, its words stand in the document."""
    said = {"plan": digest, "outcome": outcome, "moderated": moderated, "conditions": list(conditions), "decided": decided}  # fmt: skip
    return _fact(plan, "AssuranceDecided", said, body)


def close(plan: str, condition: str, digest: str, evidence: str, body: str, *, met: bool) -> NewFact:
    """The fact that a condition is met by a version, or was looked at and is not."""
    said = {"condition": condition, "plan": digest, "evidence": evidence}
    return _fact(plan, "ConditionMet" if met else "ConditionNotMet", said, body)


def ask_again(plan: str, digest: str, due: date, words: str, body: str) -> NewFact:
    """The fact that a plan is due again by a day."""
    return _fact(plan, "ResubmissionAsked", {"plan": digest, "due": due, "words": words}, body)


def step(plan: str, rung: str, words: str, body: str) -> NewFact:
    """The fact that a step of escalation is taken."""
    return _fact(plan, "EscalationStepTaken", {"step": rung, "words": words}, body)


def step_down(plan: str, rung: str, words: str, body: str) -> NewFact:
    """The fact that escalation goes back to a lower step, or with an empty one ends."""
    return _fact(plan, "EscalationSteppedDown", {"step": rung, "words": words}, body)


def direct(plan: str, power: str, pence: Pence, destination: str, words: str, body: str) -> NewFact:
    """The fact that money is directed under a power; an empty destination means that it is kept back."""
    said = {"power": power, "pence": pence, "destination": destination, "words": words}
    return _fact(plan, "DirectionGiven", said, body)


def lift(plan: str, direction: int, words: str, body: str) -> NewFact:
    """The fact that a direction, by its number, ends."""
    return _fact(plan, "DirectionLifted", {"direction": direction, "words": words}, body)
