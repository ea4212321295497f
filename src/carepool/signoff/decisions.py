"""Decisions on a plan: each is a fact about one digest, and where a plan stands is derived from them, never stored.

A newer version lapses the decisions on the older: nobody has agreed to what they have not seen.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from carepool.basics.canonical import Digest
from carepool.journal.facts import Fact, NewFact
from carepool.journal.folding import Kind, Kinds
from carepool.places.bodies import BodyKind, body_id
from carepool.plans.document import Parties
from carepool.plans.versions import PlanHistory, Version
from carepool.rules.schema import Decisions

KINDS = Kinds(
    [Kind(name, 1, cites=("signed",)) for name in ("PlanAgreed", "PlanRefused", "PlanStageReached")]
)


class Outcome(StrEnum):
    """What a party has said of the current version; the words are those on the page."""

    AWAITED = "Awaited"
    AGREED = "Agreed"
    REFUSED = "Refused"
    LAPSED = "Lapsed"
    """It agreed to an earlier version, and is awaited on this one."""


class Status(StrEnum):
    """Where a plan stands."""

    NOT_STARTED = "Not started"
    AWAITING = "Awaiting decisions"
    REFUSED = "Refused"
    AGREED = "Agreed"
    APPROVED = "Approved"
    SIGNED_OFF = "Signed off"


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision as it was made."""

    body: str
    agreed: bool
    digest: Digest
    by: str
    at: datetime
    signed: Digest
    """The document that was signed: who, which office, what was shown."""


@dataclass(frozen=True, slots=True)
class Party:
    """A body whose decision is needed, and what it has said."""

    body: str
    kind: str
    outcome: Outcome
    since: datetime
    """When it decided, or since when it is awaited."""
    decision: Decision | None
    """Its latest decision, on whichever version."""


@dataclass(frozen=True, slots=True)
class Reached:
    """A stage that was reached after all had agreed, on which digest."""

    stage: str
    digest: Digest
    body: str
    by: str
    at: datetime
    signed: Digest
    """The document that was signed."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a plan stands."""

    status: Status
    version: Version | None
    parties: tuple[Party, ...]
    reached: tuple[Reached, ...]
    """The stages reached on the current version, in order."""

    @property
    def agreed(self) -> bool:
        """Whether every required party has agreed to this very version."""
        return self.status in {Status.AGREED, Status.APPROVED, Status.SIGNED_OFF}

    @property
    def awaited(self) -> tuple[Party, ...]:
        """Those whose decision on the current version is not there."""
        return tuple(each for each in self.parties if each.outcome in {Outcome.AWAITED, Outcome.LAPSED})

    def of(self, body: str) -> Party | None:
        """A body's part in it, or None when its decision is not needed."""
        return next((each for each in self.parties if each.body == body), None)


def stream_of(plan: str) -> str:
    """The stream of decisions on a plan."""
    return f"signoff/{plan}"


def agree(plan: str, body: str, digest: str, findings: str, signed: str) -> NewFact:
    """The fact that a body agrees to a digest, having been shown the findings of that digest."""
    return _decision("PlanAgreed", plan, body, digest, findings, signed)


def refuse(plan: str, body: str, digest: str, findings: str, signed: str) -> NewFact:
    """The fact that a body refuses a digest; its reasons stand in the signed document."""
    return _decision("PlanRefused", plan, body, digest, findings, signed)


def reach(plan: str, stage: str, body: str, digest: str, signed: str) -> NewFact:
    """The fact that a stage after agreement is reached."""
    return NewFact(
        stream_of(plan),
        "PlanStageReached",
        1,
        {"stage": stage, "plan": digest, "signed": signed},
        on_behalf_of=body,
    )


def _decision(kind: str, plan: str, body: str, digest: str, findings: str, signed: str) -> NewFact:
    return NewFact(
        stream_of(plan), kind, 1, {"plan": digest, "findings": findings, "signed": signed}, on_behalf_of=body
    )


def required(rules: Decisions, parties: Parties, people: Mapping[str, int]) -> dict[str, str]:
    """The id of every body whose decision is needed, with the kind of party that it is, in the order of the rules.

    ``people`` are those of each NHS commissioner who live in the plan's boards, party or not: a commissioner with a
    smaller share of them, in per cent, than the rules' smallest need not decide.
    """
    smallest = rules.contributing.smallest_share * sum(people.values()) / 100
    contributing = tuple(code for code in parties.ccgs if people.get(code, 0) >= smallest)
    members: Mapping[str, tuple[BodyKind, tuple[str, ...]]] = {
        "council": (BodyKind.COUNCIL, parties.councils),
        "contributing_ccg": (BodyKind.CCG, contributing),
        "contributing_icb": (BodyKind.ICB, contributing),
        "board": (BodyKind.BOARD, parties.boards),
    }
    needed: dict[str, str] = {}
    for each in rules.required:
        kind, codes = members[each.kind]
        needed |= {body_id(kind, code): each.kind for code in codes}
    return needed


def standing(
    plan: PlanHistory | None, facts: Iterable[Fact], needed: Mapping[str, str], stages: tuple[str, ...]
) -> Standing:
    """Where a plan stands, from the facts of its sign-off. ``needed`` is ``required`` of the current version."""
    known = [KINDS.raised(fact) for fact in facts]
    decisions = {fact.on_behalf_of or "": _made(fact) for fact in known if fact.kind != "PlanStageReached"}
    reached = reached_ever(known)
    version = plan.current if plan else None
    if version is None:
        return Standing(Status.NOT_STARTED, None, (), ())
    parties = tuple(_party(body, kind, decisions.get(body), version) for body, kind in needed.items())
    on_this = tuple(each for each in reached if each.digest == version.digest)
    return Standing(_status(parties, on_this, stages), version, parties, on_this)


def reached_ever(facts: Iterable[Fact]) -> tuple[Reached, ...]:
    """Every stage ever reached, on whichever version, in order."""
    return tuple(
        Reached(
            str(fact.body["stage"]),
            Digest(str(fact.body["plan"])),
            fact.on_behalf_of or "",
            fact.by,
            fact.at,
            Digest(str(fact.body["signed"])),
        )
        for fact in map(KINDS.raised, facts)
        if fact.kind == "PlanStageReached"
    )


def _made(fact: Fact) -> Decision:
    plan, signed = (Digest(str(fact.body[name])) for name in ("plan", "signed"))
    return Decision(fact.on_behalf_of or "", fact.kind == "PlanAgreed", plan, fact.by, fact.at, signed)


def _party(body: str, kind: str, decision: Decision | None, version: Version) -> Party:
    if decision is None:
        return Party(body, kind, Outcome.AWAITED, version.at, None)
    if decision.digest != version.digest:
        outcome = Outcome.LAPSED if decision.agreed else Outcome.AWAITED
        return Party(body, kind, outcome, version.at, decision)
    return Party(body, kind, Outcome.AGREED if decision.agreed else Outcome.REFUSED, decision.at, decision)


def _status(parties: tuple[Party, ...], reached: tuple[Reached, ...], stages: tuple[str, ...]) -> Status:
    """A plan without parties is never agreed: nobody has said anything."""
    if any(each.outcome is Outcome.REFUSED for each in parties):
        return Status.REFUSED
    if not parties or any(each.outcome is not Outcome.AGREED for each in parties):
        return Status.AWAITING
    names = [each.stage for each in reached]
    last = next((stage for stage in reversed(stages) if stage in names), None)
    return {None: Status.AGREED, "approved": Status.APPROVED, "signed_off": Status.SIGNED_OFF}.get(
        last, Status.AGREED
    )
