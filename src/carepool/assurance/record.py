"""What the facts of a plan's assurance come to, and who may read a review: until both sides are in, nobody but its author."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from carepool.assurance.facts import KINDS
from carepool.basics.canonical import Digest
from carepool.basics.money import Pence
from carepool.basics.periods import parse_date
from carepool.journal.facts import Fact
from carepool.journal.folding import fold

JUDGED = {
    "ReviewSubmitted": "review_plan",
    "ReviewModerated": "moderate_review",
    "AssuranceDecided": "approve_plan",
}
"""The action that a fact of assurance is of, where somebody else may have to be kept apart from it."""


class State(StrEnum):
    """How far the assurance of a version is; the words are those on the page."""

    NOT_ASSIGNED = "Reviewers not chosen"
    AWAITING = "Under review"
    ONE_IN = "One review in"
    BOTH_IN = "Ready to moderate"
    MODERATED = "Moderated"
    DECIDED = "Decided"


class Closed(StrEnum):
    """What became of a condition; the words are those on the page."""

    OPEN = "Open"
    MET = "Met"
    NOT_MET = "Looked at, not met"


@dataclass(frozen=True, slots=True)
class Assigned:
    """Who is to review for a side."""

    account: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Review:
    """A review that was submitted."""

    side: str
    plan: Digest
    document: Digest
    by: str
    at: datetime
    set_aside: bool = False
    """Whether its author declared an interest before it was moderated: then it does not count."""


@dataclass(frozen=True, slots=True)
class Moderated:
    """Two reviews of a digest that became one judgement."""

    plan: Digest
    document: Digest
    reviews: Mapping[str, Digest]
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Condition:
    """Something that has to be done by a day."""

    id: str
    """``C1``, counted through all outcomes of the plan."""
    due: date
    document: Digest
    """The decision in which its words stand."""
    place: int
    """Its place among the conditions of that decision."""
    state: Closed = Closed.OPEN
    evidence: Digest | None = None
    by: str = ""
    at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether it still has to be met."""
        return self.state is not Closed.MET

    def overdue(self, day: date) -> bool:
        """Whether it is open past its day."""
        return self.is_open and self.due < day


@dataclass(frozen=True, slots=True)
class Decided:
    """An outcome of a digest's assurance."""

    plan: Digest
    outcome: str
    moderated: Digest
    document: Digest
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Again:
    """That a plan is due again."""

    plan: Digest
    due: date
    words: Digest
    at: datetime


@dataclass(frozen=True, slots=True)
class Moved:
    """A step of escalation, up or down."""

    rung: str
    """The step it led to; empty where escalation ended."""
    up: bool
    words: Digest
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Direction:
    """Money directed under a power."""

    number: int
    power: str
    body: str
    """The body that directs."""
    pence: Pence
    destination: str
    """The body that it goes to; empty where it is kept back."""
    words: Digest
    by: str
    at: datetime
    lifted_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """Everything that assurance has of one plan."""

    assigned: Mapping[str, Assigned] = field(default_factory=dict)
    reviews: tuple[Review, ...] = ()
    reopened: tuple[Digest, ...] = ()
    """Digests of resubmitted versions that are to be reviewed anew."""
    moderated: tuple[Moderated, ...] = ()
    decided: tuple[Decided, ...] = ()
    conditions: tuple[Condition, ...] = ()
    again: Again | None = None
    moves: tuple[Moved, ...] = ()
    directions: tuple[Direction, ...] = ()
    conflicted: frozenset[str] = frozenset()
    """Accounts that have declared an interest in the plan."""
    opened_to_both: Mapping[Digest, tuple[datetime, datetime]] = field(default_factory=dict)
    """Digests of which both reviews were in before one was set aside: from when until when both could be read."""

    def both_were_in(self, digest: str) -> tuple[datetime, datetime] | None:
        """From when until when both reviews of a digest were in, before one was set aside; None for never."""
        return next((span for plan, span in self.opened_to_both.items() if plan == digest), None)

    def wrote_beside(self, digest: str) -> frozenset[str]:
        """The accounts that had handed a review of a digest in by when both of it were in, before one was set aside."""
        span = self.both_were_in(digest)
        return frozenset(
            each.by for each in self.reviews if span and each.plan == digest and each.at <= span[1]
        )

    def on(self, digest: str) -> dict[str, Review]:
        """The review of each side that counts for a digest, the latest of each."""
        return {each.side: each for each in self.reviews if each.plan == digest and not each.set_aside}

    def moderated_on(self, digest: str) -> Moderated | None:
        """The judgement of a digest that the two reviews became, the latest."""
        return next((each for each in reversed(self.moderated) if each.plan == digest), None)

    def decided_on(self, digest: str) -> Decided | None:
        """The outcome of a digest, the latest."""
        return next((each for each in reversed(self.decided) if each.plan == digest), None)

    @property
    def open_conditions(self) -> tuple[Condition, ...]:
        """The conditions that still have to be met."""
        return tuple(each for each in self.conditions if each.is_open)

    @property
    def rung(self) -> str:
        """The step of escalation that the plan stands on; empty for none."""
        return self.moves[-1].rung if self.moves else ""

    @property
    def active_directions(self) -> tuple[Direction, ...]:
        """The directions that stand."""
        return tuple(each for each in self.directions if each.lifted_at is None)


def both_in(record: Record, sides: Iterable[str], digest: str) -> bool:
    """Whether every side's review of a digest is in."""
    return set(sides) <= record.on(digest).keys()


def may_read(
    then: Record, now: Record, sides: Iterable[str], review: Review, account: str, *, insider: bool
) -> bool:
    """Whether an account may read a review's content.

    Its author always. Another only when both sides are in, at the position asked for and now as well: a page as at an
    earlier day tells nobody what is hidden today. And then only an ``insider``: a reviewer, the moderator, the decider.
    """
    if account and review.by == account:
        return True
    wanted = tuple(sides)
    return insider and both_in(then, wanted, review.plan) and both_in(now, wanted, review.plan)


def state_of(record: Record, sides: Iterable[str], digest: str) -> State:
    """How far the assurance of a digest is."""
    wanted = tuple(sides)
    if record.decided_on(digest):
        return State.DECIDED
    if record.moderated_on(digest):
        return State.MODERATED
    held = record.on(digest)
    if both_in(record, wanted, digest):
        return State.BOTH_IN
    if held:
        return State.ONE_IN
    return State.AWAITING if set(wanted) <= record.assigned.keys() else State.NOT_ASSIGNED


def record_of(facts: Iterable[Fact]) -> Record:
    """What the facts of a plan's stream of assurance come to."""
    return fold(facts, Record(), _apply, KINDS)


def _apply(held: Record, fact: Fact) -> Record:
    body = fact.body
    match fact.kind:
        case "ReviewerAssigned":
            side = str(body["side"])
            made = Assigned(str(body["account"]), fact.by, fact.at)
            return replace(held, assigned={**held.assigned, side: made})
        case "ConflictDeclared":
            return _stood_down(held, str(body["side"]), fact.by, fact.at)
        case "ReviewSubmitted":
            review = Review(str(body["side"]), Digest(str(body["plan"])), Digest(str(body["review"])), fact.by, fact.at)  # fmt: skip
            return replace(held, reviews=(*held.reviews, review))
        case "ReviewReopened":
            return replace(held, reopened=(*held.reopened, Digest(str(body["plan"]))))
        case "ReviewModerated":
            return replace(held, moderated=(*held.moderated, _moderated(fact)))
        case "AssuranceDecided":
            return _with_outcome(held, fact)
        case "ConditionMet" | "ConditionNotMet":
            state = Closed.MET if fact.kind == "ConditionMet" else Closed.NOT_MET
            evidence = Digest(str(body["evidence"]))
            return replace(
                held,
                conditions=tuple(
                    replace(each, state=state, evidence=evidence, by=fact.by, at=fact.at)
                    if each.id == body["condition"]
                    else each
                    for each in held.conditions
                ),
            )
        case "ResubmissionAsked":
            due = parse_date(str(body["due"]))
            again = Again(Digest(str(body["plan"])), due, Digest(str(body["words"])), fact.at)
            return replace(held, again=again)
        case _:
            return _escalated(held, fact)


def _stood_down(held: Record, side: str, account: str, at: datetime) -> Record:
    """Without a reviewer who declared an interest: their reviews that are not moderated yet do not count."""
    done = {document for each in held.moderated for document in each.reviews.values()}
    reviews = tuple(
        replace(each, set_aside=True) if each.by == account and each.document not in done else each
        for each in held.reviews
    )
    assigned = {name: each for name, each in held.assigned.items() if name != side or each.account != account}
    opened = dict(held.opened_to_both)
    for plan in {each.plan for each in held.reviews}:
        counted = held.on(plan).values()
        if len(counted) > 1:
            first = max(each.at for each in counted)
            opened[plan] = (min(first, opened[plan][0]) if plan in opened else first, at)
    return replace(
        held, assigned=assigned, reviews=reviews, conflicted=held.conflicted | {account},
        opened_to_both=opened,
    )  # fmt: skip


def _moderated(fact: Fact) -> Moderated:
    reviews = fact.body["reviews"]
    assert isinstance(reviews, Mapping)  # noqa: S101 (written so by moderate)
    return Moderated(
        Digest(str(fact.body["plan"])),
        Digest(str(fact.body["moderated"])),
        {str(side): Digest(str(document)) for side, document in reviews.items()},
        fact.by,
        fact.at,
    )


def _with_outcome(held: Record, fact: Fact) -> Record:
    """With an outcome: its conditions join those that are open, and it is no longer awaited that the plan comes again."""
    body, days = fact.body, fact.body["conditions"]
    assert isinstance(days, list)  # noqa: S101 (written so by decide)
    document = Digest(str(body["decided"]))
    decided = Decided(Digest(str(body["plan"])), str(body["outcome"]), Digest(str(body["moderated"])), document, fact.by, fact.at)  # fmt: skip
    first = len(held.conditions) + 1
    made = tuple(
        Condition(f"C{first + place}", parse_date(str(day)), document, place)
        for place, day in enumerate(days)
    )
    return replace(held, decided=(*held.decided, decided), conditions=(*held.conditions, *made), again=None)


def _escalated(held: Record, fact: Fact) -> Record:
    body, words = fact.body, Digest(str(fact.body["words"]))
    match fact.kind:
        case "DirectionGiven":
            given = Direction(
                len(held.directions) + 1, str(body["power"]), fact.on_behalf_of or "", int(str(body["pence"])),
                str(body["destination"]), words, fact.by, fact.at,
            )  # fmt: skip
            return replace(held, directions=(*held.directions, given))
        case "DirectionLifted":
            return replace(
                held,
                directions=tuple(
                    replace(each, lifted_at=fact.at) if each.number == body["direction"] else each
                    for each in held.directions
                ),
            )
        case _:
            move = Moved(str(body["step"]), fact.kind == "EscalationStepTaken", words, fact.by, fact.at)
            return replace(held, moves=(*held.moves, move))


def active_directions(facts: Iterable[Fact]) -> tuple[Direction, ...]:
    """The directions over a plan's money that stand: what the facts of its assurance come to."""
    return record_of(facts).active_directions


def judged_by(facts: Iterable[Fact], account: str) -> frozenset[str]:
    """The actions of judging that an account has done on a plan, as far as separation of duties asks."""
    return frozenset(JUDGED[fact.kind] for fact in facts if fact.by == account and fact.kind in JUDGED)
