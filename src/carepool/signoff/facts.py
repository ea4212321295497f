"""What can be said of a plan's agreement, each as a fact on the plan's stream of sign-off."""

from collections.abc import Iterable
from datetime import date
from typing import cast

from carepool.basics.canonical import Digest
from carepool.journal.facts import Body, Fact, NewFact
from carepool.journal.folding import Kind, Kinds
from carepool.rules.schema import WayWord
from carepool.signoff.call_in import Effect, read_call_in
from carepool.signoff.tolerance import Tolerance


def _of_an_officer(body: Body) -> Body:
    """Decisions of the first shape were all taken by an officer, on exactly what was shown, at once."""
    return {
        **body,
        "way": "officer",
        "office": "",
        "tolerance": None,
        "delegation": None,
        "late_for": "",
        "to_ratify": False,
        "record": None,
    }


def _never_asked(body: Body) -> Body:
    """Whether a decision was a key one was not asked before, and its day was typed by who signed."""
    return {**body, **Effect().as_data()}


KINDS = Kinds(
    [
        Kind("PlanAgreed", 3, {1: _of_an_officer, 2: _never_asked}, cites=("signed",)),
        Kind("PlanRefused", 3, {1: _of_an_officer, 2: _never_asked}, cites=("signed",)),
        Kind("PlanStageReached", 1, cites=("signed",)),
        Kind("DecisionWithdrawn", 1, cites=("signed",)),
        Kind("DecisionRatified", 1, cites=("signed",)),
        Kind("DecisionCalledIn", 1, cites=("signed",)),
        Kind("CallInEnded", 1, cites=("signed",)),
        Kind("DecisionRecorded", 2, {1: _never_asked}, cites=("signed", "document")),
        Kind("RecordRejected", 1, cites=("signed",)),
        Kind("LinkSent", 1, cites=("signed",)),
        Kind("SignedByLink", 2, {1: _never_asked}, cites=("signed",)),
        Kind("DisputeOpened", 1, cites=("signed",)),
        Kind("DisputeSettled", 1, cites=("signed",)),
        Kind("DeadlinePassed", 1),
        Kind("MoneyRedeployed", 1, cites=("signed",)),
    ]
)
"""Of a decision, ``signed`` is the document that was signed, and what later facts name the decision by."""


def stream_of(plan: str) -> str:
    """The stream of decisions on a plan."""
    return f"signoff/{plan}"


def decided(
    plan: str,
    body: str,
    digest: str,
    findings: str,
    signed: str,
    *,
    agrees: bool,
    way: WayWord = "officer",
    office: str = "",
    tolerance: Tolerance | None = None,
    effect: Effect = Effect(),  # noqa: B008  (frozen: at once)
    delegation: str | None = None,
    late_for: str = "",
    to_ratify: bool = False,
    record: str | None = None,
) -> NewFact:
    """The fact that a body agrees to a digest or refuses it, having been shown the findings of that digest.

    ``late_for`` names the deadline that had passed; ``record`` what was confirmed, where the decision was taken on paper
    or signed by a link. The reasons of a refusal stand in the signed document.
    """
    body_of = {
        "plan": digest,
        "findings": findings,
        "signed": signed,
        "way": way,
        "office": office,
        "tolerance": tolerance.as_data() if tolerance else None,
        "delegation": delegation,
        "late_for": late_for,
        "to_ratify": to_ratify,
        "record": record,
        **effect.as_data(),
    }
    kind = "PlanAgreed" if agrees else "PlanRefused"
    return NewFact(stream_of(plan), kind, 3, body_of, effective_on=effect.on, on_behalf_of=body)


def reach(plan: str, stage: str, body: str, digest: str, signed: str) -> NewFact:
    """The fact that a stage after agreement is reached."""
    return _said(plan, body, "PlanStageReached", {"stage": stage, "plan": digest, "signed": signed})


def withdraw(plan: str, body: str, decision: str, signed: str) -> NewFact:
    """The fact that a body takes its decision back."""
    return _said(plan, body, "DecisionWithdrawn", {"decision": decision, "signed": signed})


def ratify(plan: str, body: str, decision: str, signed: str, *, stands: bool) -> NewFact:
    """The fact that a body ratifies what was decided for it, or does not."""
    return _said(plan, body, "DecisionRatified", {"decision": decision, "stands": stands, "signed": signed})


def call_in(plan: str, body: str, decision: str, signed: str) -> NewFact:
    """The fact that a council's decision is called in before it takes effect."""
    return _said(plan, body, "DecisionCalledIn", {"decision": decision, "signed": signed})


def end_call_in(
    plan: str, body: str, decision: str, signed: str, *, stands: bool, effective_on: date | None = None
) -> NewFact:
    """The fact that a call-in ended: the decision stands, from a day on, or it is set aside."""
    return _said(
        plan, body, "CallInEnded", {"decision": decision, "stands": stands, "signed": signed}, effective_on
    )


def record(
    plan: str,
    body: str,
    digest: str,
    findings: str,
    document: str,
    signed: str,
    *,
    agrees: bool,
    way: WayWord,
    decided_on: date,
    effect: Effect = Effect(),  # noqa: B008  (frozen: at once)
) -> NewFact:
    """The fact that somebody recorded a decision from a document; it counts once another person confirms it."""
    body_of = {
        "plan": digest,
        "findings": findings,
        "agrees": agrees,
        "way": way,
        "decided_on": decided_on.isoformat(),
        "document": document,
        "signed": signed,
        **effect.as_data(),
    }
    return NewFact(stream_of(plan), "DecisionRecorded", 2, body_of, effective_on=effect.on, on_behalf_of=body)


def reject_record(plan: str, body: str, record: str, signed: str) -> NewFact:
    """The fact that a record was held against its document and does not say what it says."""
    return _said(plan, body, "RecordRejected", {"record": record, "signed": signed})


def send_link(plan: str, body: str, digest: str, office: str, token: str, last: date, signed: str) -> NewFact:
    """The fact that a link to read and sign once was sent; ``token`` is the digest of what the link bears."""
    body_of = {"plan": digest, "office": office, "token": token, "last": last.isoformat(), "signed": signed}
    return _said(plan, body, "LinkSent", body_of)


def sign_by_link(
    plan: str,
    body: str,
    digest: str,
    findings: str,
    office: str,
    token: str,
    signed: str,
    *,
    agrees: bool,
    effect: Effect = Effect(),  # noqa: B008  (frozen: at once)
) -> NewFact:
    """The fact that an officer signed by a link; it counts once somebody else than who sent the link confirms it."""
    body_of = {
        "plan": digest,
        "findings": findings,
        "agrees": agrees,
        "office": office,
        "token": token,
        "signed": signed,
        **effect.as_data(),
    }
    return NewFact(stream_of(plan), "SignedByLink", 2, body_of, effective_on=effect.on, on_behalf_of=body)


def dispute(plan: str, body: str, signed: str) -> NewFact:
    """The fact that a party opens a dispute; what it is about stands in the signed document."""
    return _said(plan, body, "DisputeOpened", {"signed": signed})


def settle(plan: str, body: str, dispute: str, signed: str) -> NewFact:
    """The fact that a dispute is settled."""
    return _said(plan, body, "DisputeSettled", {"dispute": dispute, "signed": signed})


def deadline_passed(plan: str, event: str, digest: str | None, awaited: Iterable[str]) -> NewFact:
    """The fact that a deadline passed with a plan not agreed, and who was awaited then."""
    body_of = {"event": event, "plan": digest, "awaited": list(awaited)}
    return NewFact(stream_of(plan), "DeadlinePassed", 1, body_of)


def redeploy(
    plan: str,
    body: str,
    digest: str,
    number: int | None,
    pence: int,
    signed: str,
    direction: str | None,
) -> NewFact:
    """The fact that money is redeployed by a contingency of the plan, by its number, or by a direction.

    The trigger and the destination stand in the signed document as the plan or the direction words them.
    """
    body_of = {
        "plan": digest,
        "contingency": number,
        "pence": pence,
        "direction": direction,
        "signed": signed,
    }
    return _said(plan, body, "MoneyRedeployed", body_of)


def _said(plan: str, body: str, kind: str, content: Body, effective_on: date | None = None) -> NewFact:
    return NewFact(stream_of(plan), kind, 1, content, effective_on=effective_on, on_behalf_of=body)


def digest_in(fact: Fact, name: str) -> Digest:
    """A digest that a fact names."""
    return Digest(str(fact.body[name]))


def way_in(fact: Fact) -> WayWord:
    """The way in which a fact says that a body decided."""
    return cast("WayWord", fact.body["way"])


def effect_in(fact: Fact) -> Effect:
    """From when a fact says that a decision counts, and why."""
    key = fact.body["key"]
    return Effect(
        None if key is None else bool(key),
        fact.effective_on,
        read_call_in(fact.body["call_in"]),
        str(fact.body["urgency"]),
    )
