"""Where a plan stands: derived from what was said, never stored.

A plan is agreed when each party that the rules require has decided on this very version, or within limits of its own
that this version keeps, and the decision has taken effect. A newer version lapses only the decisions whose limits it
does not keep: nobody has agreed to what they have not seen.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from carepool.basics.canonical import Digest
from carepool.basics.periods import LONDON
from carepool.journal.facts import Fact
from carepool.places.bodies import BodyKind, body_id
from carepool.plans.document import Parties
from carepool.plans.versions import PlanHistory, Version
from carepool.rules.schema import Decisions
from carepool.signoff.decisions import Decision, Dispute, Reached, Record, Said, said
from carepool.signoff.tolerance import Changed, outside


class Outcome(StrEnum):
    """What a party has said of the current version; the words are those on the page."""

    AWAITED = "Awaited"
    AGREED = "Agreed"
    REFUSED = "Refused"
    LAPSED = "Lapsed"
    """It agreed to an earlier version, and is awaited on this one."""
    NOT_YET = "Agreed, not yet in effect"
    CALLED_IN = "Called in"
    IN_PART = "Signed in part"
    """The rules ask for several signatures of it, and not all are there."""
    RECORDED = "Recorded, to be confirmed"
    BY_LINK = "Signed by link, awaiting confirmation"


UNCONFIRMED = frozenset({Outcome.RECORDED, Outcome.BY_LINK})
"""Somebody has put down what the body decided, and a second person has not confirmed it."""


class Status(StrEnum):
    """Where a plan stands."""

    NOT_STARTED = "Not started"
    AWAITING = "Awaiting decisions"
    REFUSED = "Refused"
    DISPUTED = "In dispute"
    AGREED = "Agreed"
    APPROVED = "Approved"
    SIGNED_OFF = "Signed off"


@dataclass(frozen=True, slots=True)
class Needed:
    """A body whose decision is needed."""

    kind: str
    """The kind of party, as the rules call it."""
    signed_by: tuple[str, ...] = ()
    """The offices that must each sign for it; none where any one signature is enough."""


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
    missing: tuple[str, ...] = ()
    """Offices whose signature is not there, where the rules ask for several."""
    kept: bool = False
    """Whether its decision on an earlier version holds, since this one is within its limits."""
    outside: tuple[str, ...] = ()
    """Why this version is not within the limits that it had written down."""
    record: Record | None = None
    """What was recorded or signed by a link for it and waits to be confirmed."""
    several: bool = False
    """Whether the rules ask for several signatures of it."""
    effective_on: date | None = None
    """The day from which it will have agreed, where it has decided and that day is to come."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a plan stands."""

    status: Status
    version: Version | None
    parties: tuple[Party, ...]
    reached: tuple[Reached, ...]
    """The stages reached on the current version, in order."""
    said: Said = Said()  # noqa: RUF009  (frozen and empty)
    """All that it rests on."""

    @property
    def agreed(self) -> bool:
        """Whether every required party has agreed to this very version, or within its limits, and nothing is in dispute."""
        return self.status in {Status.AGREED, Status.APPROVED, Status.SIGNED_OFF}

    @property
    def awaited(self) -> tuple[Party, ...]:
        """Those whose decision on the current version is not there."""
        return tuple(
            each
            for each in self.parties
            if each.outcome in {Outcome.AWAITED, Outcome.LAPSED, Outcome.IN_PART, *UNCONFIRMED}
        )

    @property
    def not_agreed(self) -> tuple[Party, ...]:
        """Those for whose sake the plan is not agreed."""
        return tuple(each for each in self.parties if each.outcome is not Outcome.AGREED)

    @property
    def disputes(self) -> tuple[Dispute, ...]:
        """The disputes that are open."""
        return self.said.open_disputes

    def of(self, body: str) -> Party | None:
        """A body's part in it, or None when its decision is not needed."""
        return next((each for each in self.parties if each.body == body), None)


@dataclass(frozen=True, slots=True)
class Own:
    """The boards that a plan was started for, with whom they bring: whatever a version names, these decide on it."""

    councils: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The councils of each of the boards."""
    people: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """The people of each NHS commissioner in each of the boards."""

    def commissioners(self, rules: Decisions, board: str, spoke: Collection[str] = ()) -> tuple[str, ...]:
        """Those of a board that decide, named or not: they have so large a share of its people that no lead may decide for them.

        One with a smaller share does too once it has spoken, unless the rules ask none so small.
        """
        here, about = self.people.get(board, {}), rules.contributing
        whole = sum(here.values())
        return tuple(
            code
            for code, count in here.items()
            if count > 0
            and count >= about.smallest_share * whole / 100
            and (code in spoke or count >= about.lead_below * whole / 100)
        )


def required(
    rules: Decisions,
    parties: Parties,
    people: Mapping[str, int],
    own: Own = Own(),
    spoke: Collection[str] = (),
) -> dict[str, Needed]:
    """Every body whose decision is needed, by its id, in the order of the rules: the parties, and those of the plan's own boards.

    ``people`` are those of each NHS commissioner who live in the plan's boards, party or not: a commissioner with a
    smaller share of them, in per cent, than the rules' smallest need not decide. ``spoke`` are the bodies that have
    decided on any version: who writes the plan does not rid it of one that refused by naming it no more.
    """
    smallest = rules.contributing.smallest_share * sum(people.values()) / 100
    words = {body.partition(":")[2] for body in spoke if body.startswith(("ccg:", "icb:"))}
    contributing = (
        *(code for code in parties.ccgs if people.get(code, 0) >= smallest),
        *(code for board in own.people for code in own.commissioners(rules, board, words)),
    )
    councils = (*parties.councils, *(code for each in own.councils.values() for code in each))
    members: Mapping[str, tuple[BodyKind, tuple[str, ...]]] = {
        "council": (BodyKind.COUNCIL, councils),
        "contributing_ccg": (BodyKind.CCG, contributing),
        "contributing_icb": (BodyKind.ICB, contributing),
        "board": (BodyKind.BOARD, (*parties.boards, *own.councils)),
    }
    needed: dict[str, Needed] = {}
    for each in rules.required:
        kind, codes = members[each.kind]
        needed |= {body_id(kind, code): Needed(each.kind, each.signed_by) for code in codes}
    return needed


def led(rules: Decisions, people: Mapping[str, int], code: str) -> bool:
    """Whether an NHS commissioner's share of the people is so small that a named lead of another may decide for it in writing."""
    return people.get(code, 0) < rules.contributing.lead_below * sum(people.values()) / 100


Since = Callable[[Digest], Changed | None]
"""What differs from the version of a digest to the current one; None where its content is no longer to be had."""


def nothing_known(digest: Digest) -> Changed | None:  # noqa: ARG001  (asked as the others are)
    """For a reading that has no contents at hand: no decision on another version is kept."""
    return None


def standing(
    plan: PlanHistory | None,
    facts: Iterable[Fact],
    needed: Mapping[str, Needed],
    stages: tuple[str, ...],
    day: date,
    since: Since = nothing_known,
    *,
    blocked: bool = False,
) -> Standing:
    """Where a plan stands on a day, from the facts of its sign-off. ``needed`` is ``required`` of the current version.

    ``blocked``: a finding blocks the current version, so that no decision on an earlier one is kept for it.
    """
    heard = said(facts)
    version = plan.current if plan else None
    if version is None:
        return Standing(Status.NOT_STARTED, None, (), (), heard)
    judge = _Judge(heard, version, day, nothing_known if blocked else since)
    parties = tuple(judge.party(body, each) for body, each in needed.items())
    on_this = tuple(each for each in heard.reached if each.digest == version.digest)
    return Standing(_status(parties, on_this, stages, heard), version, parties, on_this, heard)


@dataclass(frozen=True, slots=True)
class _Judge:
    """What each party's words come to for one version on one day."""

    said: Said
    version: Version
    day: date
    since: Since

    def party(self, body: str, needed: Needed) -> Party:
        """What a body has said of the version."""
        words = [self.said.latest(body, office) for office in needed.signed_by or ("",)]
        signed = [self._word(each) for each in words]
        missing = tuple(
            office
            for office, (outcome, _, _) in zip(needed.signed_by, signed, strict=False)
            if outcome in {Outcome.AWAITED, Outcome.LAPSED}
        )
        decision = self.said.latest(body)
        outcome, kept, why = min(signed, key=lambda each: _WORST.index(each[0]))
        if missing and len(missing) < len(signed) and outcome is not Outcome.REFUSED:
            outcome = Outcome.IN_PART
        mine = [each for each in self.said.records.values() if each.body == body]
        record = next(
            (each for each in reversed(mine) if each.digest == self.version.digest),
            mine[-1] if mine else None,
        )
        if record and record.digest == self.version.digest and outcome in {Outcome.AWAITED, Outcome.LAPSED}:
            outcome = Outcome.BY_LINK if record.way == "link" else Outcome.RECORDED
        later = [
            each.effective_on for each in words if each and each.effective_on and outcome is Outcome.NOT_YET
        ]
        return Party(
            body, needed.kind, outcome, self._since(body, decision, outcome), decision, missing, kept, why, record,
            bool(needed.signed_by), max(later, default=None),
        )  # fmt: skip

    def _since(self, body: str, decision: Decision | None, outcome: Outcome) -> datetime:
        if decision and outcome in {Outcome.AGREED, Outcome.REFUSED, Outcome.NOT_YET, Outcome.CALLED_IN}:
            return decision.at
        undone = [each.undone_at for each in self.said.decisions if each.body == body and each.undone_at]
        return max([self.version.at, *undone])

    def _word(self, decision: Decision | None) -> tuple[Outcome, bool, tuple[str, ...]]:
        """What one decision comes to, whether it is kept from an earlier version, and why not."""
        if decision is None:
            return Outcome.AWAITED, False, ()
        kept, why = False, tuple[str, ...]()
        if decision.digest != self.version.digest:
            kept, why = self._kept(decision)
            if not kept:
                return (Outcome.LAPSED if decision.agreed else Outcome.AWAITED), False, why
        if not decision.agreed:
            return Outcome.REFUSED, kept, ()
        if decision.called_in:
            return Outcome.CALLED_IN, kept, ()
        return (Outcome.AGREED if decision.in_effect(self.day) else Outcome.NOT_YET), kept, ()

    def _kept(self, decision: Decision) -> tuple[bool, tuple[str, ...]]:
        if not decision.agreed or decision.tolerance is None:
            return False, ()
        changed = self.since(decision.digest)
        if changed is None:
            return False, (
                "What it was agreed on cannot be compared with this version, or a finding blocks it.",
            )
        why = outside(decision.tolerance, changed, self.version.at.astimezone(LONDON).date())
        return not why, why


_WORST = (
    Outcome.REFUSED,
    Outcome.AWAITED,
    Outcome.LAPSED,
    Outcome.CALLED_IN,
    Outcome.NOT_YET,
    Outcome.AGREED,
)
"""Of several signatures, the one that holds the body up, first."""


def _status(
    parties: tuple[Party, ...], reached: tuple[Reached, ...], stages: tuple[str, ...], heard: Said
) -> Status:
    """A plan without parties is never agreed: nobody has said anything."""
    if any(each.outcome is Outcome.REFUSED for each in parties):
        return Status.REFUSED
    if not parties or any(each.outcome is not Outcome.AGREED for each in parties):
        return Status.AWAITING
    if heard.open_disputes:
        return Status.DISPUTED
    names = [each.stage for each in reached]
    last = next((stage for stage in reversed(stages) if stage in names), None)
    return {None: Status.AGREED, "approved": Status.APPROVED, "signed_off": Status.SIGNED_OFF}.get(
        last, Status.AGREED
    )
