"""A plan's assurance as it is read: what there is to judge, where it stands, and each review only for who may read it."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from carepool.actions.house import House
from carepool.actions.permits import partners
from carepool.actions.planning import PlanView, content_of, view
from carepool.actions.standings import trusts_of
from carepool.assurance.facts import stream_of
from carepool.assurance.judgement import Item, Judgement, items_of, read_judgement
from carepool.assurance.record import (
    Decided,
    Record,
    Review,
    State,
    both_in,
    may_read,
    record_of,
    state_of,
)
from carepool.assurance.savings import titles_of
from carepool.basics.canonical import Digest
from carepool.basics.periods import LONDON
from carepool.basics.refusals import Unusable
from carepool.journal.documents import Document
from carepool.offices.holdings import Holding, holdings
from carepool.offices.holdings import stream_of as office_stream
from carepool.places.bodies import BodyKind, body_id
from carepool.plans.versions import Version
from carepool.rules.rulebook import RuleSet
from carepool.rules.schema import Authority

INSIDERS = ("review_plan", "moderate_review", "approve_plan")
"""Whoever may do one of these may read reviews, once both sides are in."""


@dataclass(frozen=True)
class Assured:
    """A plan with its assurance, as it is or was at a position."""

    plan: PlanView
    record: Record
    now: Record
    """As it is today: what may be read never rests on an earlier day alone."""

    @property
    def rules(self) -> RuleSet:
        """Its rules."""
        return self.plan.rules

    @property
    def sides(self) -> tuple[str, ...]:
        """The sides that review it."""
        return tuple(each.id for each in self.rules.assurance.sides)

    @property
    def version(self) -> Version | None:
        """The version that stands, which alone can be reviewed."""
        return self.plan.history.current

    @property
    def digest(self) -> str:
        """Its digest; empty before the first."""
        return self.version.digest if self.version else ""

    @property
    def state(self) -> State:
        """How far the assurance of the version that stands is."""
        return state_of(self.record, self.sides, self.digest)

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """Everything to judge in the version that stands."""
        return items_of(self.rules, titles_of(self.plan.plan))

    @property
    def both_in(self) -> bool:
        """Whether both sides' reviews of the version that stands are in."""
        return both_in(self.record, self.sides, self.digest)


def record_at(house: House, plan: str, upto: int | None = None) -> Record:
    """What assurance has of a plan, now or at a position."""
    return record_of(house.journal.read(stream_of(plan), upto=upto))


def assured(house: House, plan: str, upto: int | None = None, on: date | None = None) -> Assured:
    """A plan with its assurance. Unusable under rules that ask reviewers nothing."""
    return of_view(house, view(house, plan, upto, on), upto)


def of_view(house: House, found: PlanView, upto: int | None = None) -> Assured:
    """The assurance of a plan that was looked at already."""
    if not found.rules.assures:
        raise Unusable(
            f"The rules {found.rules.name} lay down no questions for reviewers, so this plan has no assurance here."
        )
    plan = found.history.id
    record = record_at(house, plan, upto)
    return Assured(found, record, record if upto is None else record_at(house, plan))


def opened(house: House, digest: Digest) -> bytes | None:
    """A document's bytes, or None where they were withdrawn."""
    document = house.journal.document(digest)
    return document.content if isinstance(document, Document) else None


def judged_in(house: House, digest: Digest) -> Judgement | None:
    """The judgement in a document. Whoever calls it for a review has asked first whether it may be read."""
    content = opened(house, digest)
    return None if content is None else read_judgement(json.loads(content)["judgement"])


def is_insider(house: House, found: Assured, account: str) -> bool:
    """Whether an account may read reviews once both are in: whoever holds an office today that reviews, moderates or decides.

    Having written a review opens only that one: once the office has ended, the other's stays closed.
    """
    if not account:
        return False
    return any(each.on(house.today) for each in _reading_offices(house, found, account))


def could_have_read(house: House, found: Assured, record: Record, digest: str, account: str) -> bool:
    """Whether an account could have read both reviews of a version before one was set aside: then it takes nobody's place.

    Its authors could, and whoever held on any day while both were in an office by which they are read. Who came after is blind.
    """
    span = record.both_were_in(digest)
    if span is None:
        return False
    opened, shut = (at.astimezone(LONDON).date() for at in span)
    # An office ended at once ends with the day before, though its holder could read until then.
    before = opened - timedelta(days=1)
    return account in record.wrote_beside(digest) or any(
        each.first <= shut and (each.last is None or each.last >= before)
        for each in _reading_offices(house, found, account)
    )


def _reading_offices(house: House, found: Assured, account: str) -> list[Holding]:
    """An account's time in the offices that may read reviews once both are in."""
    offices = {name for action in INSIDERS for name in _authority(found.rules, action).offices}
    national = {body_id(each.body, "ENG") for each in found.rules.assurance.sides}
    return [
        each
        for body in sorted(national)
        for each in holdings(house.journal.read(office_stream(body)))
        if each.account == account and each.office in offices
    ]


def _authority(rules: RuleSet, action: str) -> Authority:
    return rules.authorities.of(action)


def review_for(house: House, found: Assured, review: Review, account: str) -> Judgement | None:
    """What a review says, for an account that may read it; None for any other. No page reads a review in another way."""
    insider = is_insider(house, found, account)
    if not may_read(found.record, found.now, found.sides, review, account, insider=insider):
        return None
    return judged_in(house, review.document)


def content_with(house: House, found: Assured, digest: str) -> Version | None:
    """The version of a digest, if its content can still be read."""
    version = found.plan.history.with_digest(digest)
    if version is None:
        return None
    content_of(house, version)
    return version


@dataclass(frozen=True, slots=True)
class Wanted:
    """A condition as it was written down."""

    words: str
    due: date


@dataclass(frozen=True, slots=True)
class Signed:
    """A decided outcome as it was signed."""

    outcome: str
    suggested: str
    otherwise: bool
    reasons: str
    conditions: tuple[str, ...]
    """Their words, in order."""


def signed_in(house: House, decided: Decided) -> Signed | None:
    """What the decider signed; None once it was withdrawn."""
    content = opened(house, decided.document)
    if content is None:
        return None
    data = json.loads(content)
    return Signed(
        str(data["outcome"]), str(data["suggested"]), bool(data["otherwise"]), str(data["reasons"]),
        tuple(str(each["words"]) for each in data["conditions"]),
    )  # fmt: skip


def words_in(house: House, digest: Digest) -> str:
    """The words of a document of assurance; a sentence in their place once they were withdrawn."""
    content = opened(house, digest)
    return "These words were withdrawn; their digest stands." if content is None else str(json.loads(content)["words"])  # fmt: skip


def parties_of(found: PlanView) -> tuple[str, ...]:
    """The bodies of whose officers none may judge the plan: its partners and its boards."""
    boards = (*found.history.boards, *found.plan.parties.boards)
    ours = [each.id for each in partners(found.history, found.area, found.plan.parties)]
    return tuple(dict.fromkeys([*ours, *(body_id(BodyKind.BOARD, code) for code in boards)]))


def kept_from_judging(found: PlanView) -> tuple[str, ...]:
    """The bodies whose officers may not judge the plan: its parties, and the trusts that its boards' people go to."""
    return (*parties_of(found), *trusts_of(found))


def national_for(rules: RuleSet, action: str) -> tuple[str, ...]:
    """The national bodies whose offices may do an action."""
    offices = set(rules.authorities.of(action).offices)
    kinds: Iterable[str] = dict.fromkeys(
        kind for each in rules.authorities.offices if each.name in offices for kind in each.of
    )
    return tuple(body_id(kind, "ENG") for kind in kinds)
