"""What the parties of a plan have said, folded from the facts of its sign-off: each decision is about one digest."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from carepool.basics.canonical import Digest
from carepool.basics.periods import LONDON, parse_date
from carepool.journal.facts import Fact
from carepool.journal.folding import fold
from carepool.rules.schema import WayWord
from carepool.signoff.call_in import CallIn, Effect
from carepool.signoff.facts import KINDS, digest_in, effect_in, way_in
from carepool.signoff.tolerance import Tolerance, read


class Undone(StrEnum):
    """How a decision came to nothing; the words are those on the page."""

    WITHDRAWN = "withdrawn"
    NOT_RATIFIED = "not ratified"
    SET_ASIDE = "set aside after a call-in"


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision as it was made, and what has become of it."""

    body: str
    agreed: bool
    digest: Digest
    by: str
    at: datetime
    signed: Digest
    """The document that was signed: who, which office, what was shown. Later facts name the decision by it."""
    way: WayWord = "officer"
    office: str = ""
    tolerance: Tolerance | None = None
    effective_on: date | None = None
    """The day from which it counts, where that is later than the day it was recorded."""
    delegation: Digest | None = None
    """The words by which somebody else was let decide."""
    late_for: str = ""
    """The deadline that had passed when it was made."""
    to_ratify: bool = False
    ratified: bool = False
    called_in: bool = False
    """Called in, and not yet ended."""
    record: Digest | None = None
    """What was confirmed, where it was taken on paper or signed by a link."""
    undone: Undone | None = None
    undone_at: datetime | None = None
    key: bool | None = None
    """Whether it is a key decision; None where such a body takes none, or nobody was asked."""
    call_in: CallIn | None = None
    """The days for a call-in that it waits for, and the rule that lays them down."""
    urgency: str = ""
    """The route by which it does not wait for a call-in."""

    def in_effect(self, day: date) -> bool:
        """Whether it has taken effect by a day."""
        return not self.called_in and (self.effective_on is None or self.effective_on <= day)


@dataclass(frozen=True, slots=True)
class Record:
    """A decision recorded from a document, or signed by a link, which waits for another person to confirm it."""

    body: str
    agreed: bool
    digest: Digest
    findings: str
    way: WayWord
    decided_on: date
    effect: Effect
    document: Digest | None
    """None of what was signed by a link."""
    signed: Digest
    by: str
    """Who may not confirm it: whoever recorded it, or sent the link."""
    at: datetime
    office: str = ""
    """That of the officer who signed by a link."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link to read and sign once; the address bears what ``token`` is the digest of."""

    body: str
    digest: Digest
    office: str
    token: str
    last: date
    signed: Digest
    """Who it is for, and where it was sent."""
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Dispute:
    """A dispute between the parties."""

    body: str
    by: str
    at: datetime
    signed: Digest
    settled: bool = False


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
class Passed:
    """A deadline that passed with the plan not agreed."""

    event: str
    digest: Digest | None
    awaited: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class Redeployed:
    """Money that was redeployed, as a contingency of the plan says or as a direction does."""

    digest: Digest
    contingency: int | None
    pence: int
    direction: Digest | None
    body: str
    by: str
    at: datetime
    signed: Digest


@dataclass(frozen=True, slots=True)
class Said:
    """All that has been said of a plan's agreement, in order."""

    decisions: tuple[Decision, ...] = ()
    records: Mapping[Digest, Record] = field(default_factory=dict)
    """Those not confirmed yet, by their signed document."""
    links: Mapping[str, Link] = field(default_factory=dict)
    """Those sent, by token; one that was used is not here any more."""
    disputes: tuple[Dispute, ...] = ()
    reached: tuple[Reached, ...] = ()
    passed: tuple[Passed, ...] = ()
    redeployed: tuple[Redeployed, ...] = ()

    def decision(self, signed: str) -> Decision | None:
        """The decision that was signed so."""
        return next((each for each in self.decisions if each.signed == signed), None)

    def latest(self, body: str, office: str = "") -> Decision | None:
        """A body's last word, or that of one of its offices; None where that was undone: no earlier word revives."""
        mine = (
            each for each in reversed(self.decisions) if each.body == body and office in {"", each.office}
        )
        last = next(mine, None)
        return last if last and last.undone is None else None

    @property
    def spoke(self) -> frozenset[str]:
        """The bodies that have decided on any version, whatever became of it."""
        return frozenset(each.body for each in self.decisions)

    @property
    def open_disputes(self) -> tuple[Dispute, ...]:
        """Those not settled."""
        return tuple(each for each in self.disputes if not each.settled)


def said(facts: Iterable[Fact]) -> Said:
    """What the facts of a plan's sign-off come to."""
    return fold(facts, Said(), _apply, KINDS)


def reached_ever(facts: Iterable[Fact]) -> tuple[Reached, ...]:
    """Every stage ever reached, on whichever version, in order."""
    return said(facts).reached


def _apply(held: Said, fact: Fact) -> Said:
    match fact.kind:
        case "PlanAgreed" | "PlanRefused":
            return _decided(held, fact)
        case "DecisionWithdrawn" | "DecisionRatified" | "DecisionCalledIn" | "CallInEnded":
            name = digest_in(fact, "decision")
            changed = (_later(each, fact) if each.signed == name else each for each in held.decisions)
            return replace(held, decisions=tuple(changed))
        case "DecisionRecorded":
            found = _record(fact)
            return replace(held, records={**held.records, found.signed: found})
        case "RecordRejected":
            return replace(held, records=_without(held.records, digest_in(fact, "record")))
        case "SignedByLink":
            return _by_link(held, fact, str(fact.body["token"]), agreed=bool(fact.body["agrees"]))
        case "LinkSent":
            link = _link(fact)
            others = {
                token: each
                for token, each in held.links.items()
                if (each.body, each.office) != (link.body, link.office)
            }
            return replace(held, links={**others, link.token: link})
        case "DisputeOpened":
            opened = Dispute(fact.on_behalf_of or "", fact.by, fact.at, digest_in(fact, "signed"))
            return replace(held, disputes=(*held.disputes, opened))
        case "DisputeSettled":
            name = digest_in(fact, "dispute")
            settled = (replace(each, settled=True) if each.signed == name else each for each in held.disputes)
            return replace(held, disputes=tuple(settled))
        case "PlanStageReached":
            return replace(held, reached=(*held.reached, _reached(fact)))
        case "DeadlinePassed":
            return replace(held, passed=(*held.passed, _passed(fact)))
        case _:
            return replace(held, redeployed=(*held.redeployed, _redeployed(fact)))


def _decided(held: Said, fact: Fact) -> Said:
    """A decision; none where it was confirmed by who recorded it or sent the link, or by nobody at all."""
    body = fact.body
    delegation, record, effect = body["delegation"], body["record"], effect_in(fact)
    waiting = held.records.get(Digest(str(record)))
    if waiting and fact.by == waiting.by:
        return held
    if body["way"] == "link" and not record:
        # Before a second person was asked for, such a fact was all: what it says waits to be confirmed like any other.
        token = next((each for each in held.links if fact.by == by_link(each)), "")
        return _by_link(held, fact, token, agreed=fact.kind == "PlanAgreed")
    if body["way"] == "link" and not waiting:
        return held
    made = Decision(
        fact.on_behalf_of or "",
        fact.kind == "PlanAgreed",
        digest_in(fact, "plan"),
        fact.by,
        fact.at,
        digest_in(fact, "signed"),
        way_in(fact),
        str(body["office"]),
        read(body["tolerance"]),
        effect.on,
        Digest(str(delegation)) if delegation else None,
        str(body["late_for"]),
        bool(body["to_ratify"]),
        record=Digest(str(record)) if record else None,
        key=effect.key,
        call_in=effect.call_in,
        urgency=effect.urgency,
    )
    # An office that has decided, by a link or otherwise, has no link any more; a record that was confirmed waits no longer.
    links = {
        token: each
        for token, each in held.links.items()
        if each.body != made.body or made.office not in {"", each.office}
    }
    records = _without(held.records, made.record) if made.record else held.records
    return replace(held, decisions=(*held.decisions, made), links=links, records=records)


def by_link(token: str) -> str:
    """In whose name it stands what an officer without an account signs by a link."""
    return f"link-{token[:24]}"


def _by_link(held: Said, fact: Fact, token: str, *, agreed: bool) -> Said:
    """What an officer signed by a link waits to be confirmed; nothing by a link that was not sent, or holds no more."""
    link = held.links.get(token)
    if link is None or (link.body, link.digest, link.office) != (
        fact.on_behalf_of, digest_in(fact, "plan"), fact.body["office"]
    ):  # fmt: skip
        return held
    signed = Record(
        link.body, agreed, link.digest, str(fact.body["findings"]), "link", fact.at.astimezone(LONDON).date(),
        effect_in(fact), None, digest_in(fact, "signed"), link.by, fact.at, link.office,
    )  # fmt: skip
    links = {each: one for each, one in held.links.items() if each != token}
    return replace(held, links=links, records={**held.records, signed.signed: signed})


def _later(decision: Decision, fact: Fact) -> Decision:
    stands = bool(fact.body.get("stands"))
    match fact.kind:
        case "DecisionWithdrawn":
            return replace(decision, undone=Undone.WITHDRAWN, undone_at=fact.at)
        case "DecisionCalledIn":
            return replace(decision, called_in=True)
        case "CallInEnded" if stands:
            return replace(decision, called_in=False, effective_on=fact.effective_on)
        case "CallInEnded":
            return replace(decision, called_in=False, undone=Undone.SET_ASIDE, undone_at=fact.at)
        case "DecisionRatified" if stands:
            return replace(decision, to_ratify=False, ratified=True)
        case _:
            return replace(decision, to_ratify=False, undone=Undone.NOT_RATIFIED, undone_at=fact.at)


def _record(fact: Fact) -> Record:
    body = fact.body
    return Record(
        fact.on_behalf_of or "",
        bool(body["agrees"]),
        digest_in(fact, "plan"),
        str(body["findings"]),
        way_in(fact),
        parse_date(str(body["decided_on"])),
        effect_in(fact),
        digest_in(fact, "document"),
        digest_in(fact, "signed"),
        fact.by,
        fact.at,
    )


def _link(fact: Fact) -> Link:
    body = fact.body
    return Link(
        fact.on_behalf_of or "",
        digest_in(fact, "plan"),
        str(body["office"]),
        str(body["token"]),
        parse_date(str(body["last"])),
        digest_in(fact, "signed"),
        fact.by,
        fact.at,
    )


def _reached(fact: Fact) -> Reached:
    return Reached(
        str(fact.body["stage"]),
        digest_in(fact, "plan"),
        fact.on_behalf_of or "",
        fact.by,
        fact.at,
        digest_in(fact, "signed"),
    )


def _passed(fact: Fact) -> Passed:
    digest, awaited = fact.body["plan"], fact.body["awaited"]
    assert isinstance(awaited, list)  # noqa: S101 (written so by deadline_passed)
    return Passed(
        str(fact.body["event"]),
        Digest(str(digest)) if digest else None,
        tuple(str(each) for each in awaited),
        fact.at,
    )


def _redeployed(fact: Fact) -> Redeployed:
    number, direction = fact.body["contingency"], fact.body["direction"]
    return Redeployed(
        digest_in(fact, "plan"),
        None if number is None else int(str(number)),
        int(str(fact.body["pence"])),
        Digest(str(direction)) if direction else None,
        fact.on_behalf_of or "",
        fact.by,
        fact.at,
        digest_in(fact, "signed"),
    )


def _without(held: Mapping[Digest, Record], name: Digest) -> dict[Digest, Record]:
    return {each: record for each, record in held.items() if each != name}
