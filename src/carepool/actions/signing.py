"""What all signatures share: authority read with the facts, the version that was shown, and the signed document."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from carepool.actions.comparing import compare_versions
from carepool.actions.editing import Stale
from carepool.actions.house import House
from carepool.actions.permits import Actor
from carepool.actions.planning import PlanView
from carepool.actions.standings import leads, may_be_led, name_of, named_or_own, standing_now, trusts_of
from carepool.assurance.facts import stream_of as assurance_stream
from carepool.assurance.record import judged_by, record_of
from carepool.basics.canonical import canonical
from carepool.basics.money import Pence
from carepool.basics.refusals import Refused
from carepool.calendar.meetings import stream_of as meetings_stream
from carepool.journal.commands import Decision, Done, Reading, perform
from carepool.journal.documents import Document
from carepool.journal.facts import Fact, NewFact
from carepool.offices.delegations import Asked, Delegation, delegations, may_or_let
from carepool.offices.holdings import Holding, Permit, holdings, may
from carepool.offices.holdings import stream_of as office_stream
from carepool.offices.separation import declared, impartial, kept_apart
from carepool.plans.versions import PlanHistory, Version, history
from carepool.plans.versions import stream_of as plan_stream
from carepool.pool.books import stream_of as pool_stream
from carepool.rules.schema import Authorities
from carepool.signoff.facts import stream_of
from carepool.signoff.standing import Standing

Signing = Done | Refused | Stale

DONE_BY = {
    "PlanVersionSaved": "edit_plan",
    "PlanAgreed": "decide_plan",
    "PlanRefused": "decide_plan",
    "DecisionRecorded": "record_decision",
    "PlanStageReached": "approve_plan",
}
"""The action that a fact of sign-off is of, where somebody else may have to be kept apart from it."""
OF_STAGE = {"signed_off": "sign_off_plan"}
"""The action by which a stage was reached, where that is no approval."""
LED = "decide_plan"
"""The action that a named lead may do for a commissioner with few of the people."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a signature is judged by, read together: whatever of it moves on, the signature is judged again."""

    plan: PlanHistory | None
    facts: tuple[Fact, ...]
    pool: tuple[Fact, ...]
    allowed: Permit | Refused
    standing: Standing
    at: datetime
    assurance: tuple[Fact, ...] = ()
    meetings: tuple[Fact, ...] = ()
    """The calendar of the body that is signed for."""

    @property
    def permit(self) -> Permit:
        """The permit, once it is known that there is one."""
        assert isinstance(self.allowed, Permit)  # noqa: S101 (a refusal was answered before)
        return self.allowed


@dataclass(frozen=True, slots=True)
class Signed:
    """What is to be signed: by which authority, for whom, and the words that the document will have."""

    action: str
    body: str
    says: str
    """What is done, as it stands in the document."""
    digest: str = ""
    """The version that was shown, where the signature is about one."""
    findings: str = ""
    reasons: str = ""
    more: Mapping[str, object] = field(default_factory=dict)
    """What else the document says, in the shapes of JSON."""
    pence: Pence | None = None
    """What the body puts in or moves by it: a delegation may limit it."""
    by_office: bool = False
    """Whether only an office of the body's own will do, and no delegation."""
    asked: Mapping[str, object] = field(default_factory=dict)
    """What of ``more`` is salted, as it was sent: by this a request that arrives again is known."""
    worked: Callable[[Seen], Mapping[str, object]] | None = None
    """What else the document says that is worked out from what was read, and was not sent."""
    done: Callable[[tuple[Fact, ...], str], Iterable[str]] | None = None
    """Which actions an account has done on what this is about; by default, on the plan's sign-off."""


Judge = Callable[[Seen], Refused | Stale | None]
Facts = Callable[[Seen, str], Iterable[NewFact]]


def sign(
    house: House,
    actor: Actor,
    found: PlanView,
    signed: Signed,
    judge: Judge,
    facts: Facts,
    documents: tuple[Document, ...] = (),
    allowed: Permit | None = None,
) -> Signing:
    """Sign something of a plan for a body, once.

    Refused by authority, by separation of duties, or by ``judge``; stale, with what changed, where the version that
    was shown is not the current one. ``facts`` makes what is written from the digest of the signed document. ``allowed``
    stands in the place of an office where a link was sent to somebody who has no account.
    """
    plan = found.history.id
    authorities = found.rules.authorities
    parties = named_or_own(found)
    judged = (*parties, *trusts_of(found))
    salt = house.salt()

    def load(reading: Reading) -> Seen:
        saved = reading.read(plan_stream(plan))
        held = history(saved)
        written = reading.read(stream_of(plan))
        pool = reading.read(pool_stream(plan, found.rules.about.years[-1]))
        assured = reading.read(assurance_stream(plan))
        meetings = reading.read(meetings_stream(signed.body))
        may = allowed or _allowed(house, reading, found, actor, signed)
        if isinstance(may, Permit):
            done = signed.done or signed_by
            among = _among(reading, authorities, signed.action, judged, actor.account, house)
            may = (
                kept_apart(
                    authorities,
                    signed.action,
                    {*done((*written, *saved), actor.account), *judged_by(assured, actor.account)},
                )
                or impartial(authorities, signed.action, among, judged)
                or declared(authorities, signed.action, actor.account, record_of(assured).conflicted)
                or may
            )
        now = standing_now(house, found, held, written, house.today)
        return Seen(held, written, pool, may, now, reading.at, assured, meetings)

    def decide(seen: Seen) -> Decision | Refused | Stale:
        if isinstance(seen.allowed, Refused):
            return named(house, seen.allowed, (signed.body, *judged))
        refusal = (_shown(house, found, seen, signed) if signed.digest else None) or judge(seen)
        if refusal:
            return refusal
        version = seen.plan.with_digest(signed.digest) if seen.plan and signed.digest else None
        document = signed_document(actor, found, signed, seen, version, salt)
        answer = version.number if version else None
        return Decision(tuple(facts(seen, document.digest)), answer, (*documents, document))

    request = {
        "action": signed.action, "plan": plan, "body": signed.body, "digest": signed.digest,
        "findings": signed.findings, "says": signed.says, "reasons": signed.reasons.strip(), **signed.more, **signed.asked,
    }  # fmt: skip
    return perform(
        house.journal, decide, load=load, by=actor.account, key=actor.key, request=request, clock=house.clock
    )


def signed_document(
    actor: Actor, found: PlanView, signed: Signed, seen: Seen, version: Version | None, salt: bytes
) -> Document:
    """The document of a signature: who, for whom, by which office or delegation, what was shown, and the reasons."""
    content = {
        "plan": found.history.id,
        "version": version.number if version else None,
        "digest": signed.digest,
        "findings": signed.findings,
        "says": signed.says,
        "body": signed.body,
        "office": found.rules.authorities.title(seen.permit.holding.office),
        "delegation": seen.permit.delegation,
        "name": actor.name,
        "account": actor.account,
        "reasons": signed.reasons.strip(),
        "rules": {"name": found.rules.name, "digest": found.rules.digest, "action": signed.action},
        "at": str(seen.at),
        **signed.more,
        **(signed.worked(seen) if signed.worked else {}),
    }
    return Document("signature", "application/json", canonical(content), salt)


def named(house: House, refusal: Refused, bodies: Iterable[str]) -> Refused:
    """A refusal with the names of bodies in place of their ids."""
    says = refusal.says
    for body in bodies:
        says = says.replace(body, name_of(house, body))
    return replace(refusal, says=says)


def _allowed(
    house: House, reading: Reading, found: PlanView, actor: Actor, signed: Signed
) -> Permit | Refused:
    authority = found.rules.authorities.of(signed.action)
    facts = reading.read(office_stream(signed.body))
    given: tuple[Delegation, ...] = () if signed.by_office else delegations(facts)

    def holds(account: str, body: str) -> bool:
        held = holdings(facts if body == signed.body else reading.read(office_stream(body)))
        return any(each.account == account and each.on(house.today) for each in held)

    answer = may_or_let(
        authority, holdings(facts), given, holds, actor.account, signed.body, house.today,
        Asked(found.history.id, signed.pence),
    )  # fmt: skip
    if isinstance(answer, Permit):
        return answer
    return _unwritten_lead(house, reading, found, actor, signed) or answer


def _unwritten_lead(
    house: House, reading: Reading, found: PlanView, actor: Actor, signed: Signed
) -> Permit | None:
    """The permit of a larger commissioner's own officer, only where the rules let a lead decide without a word in writing."""
    if signed.action != LED or signed.by_office or not found.rules.decisions.contributing.lead_may_decide:
        return None
    if not may_be_led(found, signed.body):
        return None
    authority = found.rules.authorities.of(signed.action)
    for body in named_or_own(found):
        if not leads(found, body) or may_be_led(found, body):
            continue
        held = holdings(reading.read(office_stream(body)))
        answer = may(authority, held, actor.account, body, house.today)
        if isinstance(answer, Permit):
            return replace(answer, let_in=body)
    return None


def signed_by(facts: Iterable[Fact], account: str) -> frozenset[str]:
    """The actions that an account has done on a plan and its sign-off, as far as separation of duties asks."""
    return frozenset(
        OF_STAGE.get(str(fact.body.get("stage")), DONE_BY[fact.kind])
        for fact in facts
        if fact.by == account and fact.kind in DONE_BY
    )


def _among(
    reading: Reading,
    authorities: Authorities,
    action: str,
    parties: tuple[str, ...],
    account: str,
    house: House,
) -> list[Holding]:
    """The offices that an account holds in the parties, where the rules ask that a judge holds none."""
    rule = authorities.impartial
    if rule is None or action not in rule.actions:
        return []
    return [
        each
        for body in parties
        for each in holdings(reading.read(office_stream(body)))
        if each.account == account and each.on(house.today)
    ]


def _shown(house: House, found: PlanView, seen: Seen, signed: Signed) -> Refused | Stale | None:
    """Whether what is signed is the current version, with the findings that were shown."""
    version = seen.plan.current if seen.plan else None
    if seen.plan is None or version is None:
        return Refused("There is no version to decide on yet. The plan lead saves one on purpose.")
    if version.digest != signed.digest:
        return _superseded(house, seen.plan, signed.digest)
    if signed.findings != found.findings_digest or found.history.current != version:
        return Stale("The findings have changed since you were shown them. Look again before you sign.", ())
    return None


def _superseded(house: House, held: PlanHistory, digest: str) -> Stale | Refused:
    """What changed between the version that was shown and the current one."""
    shown, current = held.with_digest(digest), held.current
    if shown is None or current is None:
        return Refused(
            "That digest is of no version of this plan. Open the plan and decide on what it shows."
        )
    return Stale(
        f"Version {current.number} has been saved since you were shown version {shown.number}. "
        "Below is what changed; decide on the new version.",
        compare_versions(house, held.id, shown.number, current.number),
    )
