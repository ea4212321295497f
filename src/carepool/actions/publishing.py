"""Publishing: an officer is shown the audit of a release and then publishes it in one act, with the proof of what was signed."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from carepool.actions.areas import MARK
from carepool.actions.assurances import parties_of
from carepool.actions.assuring import done_by
from carepool.actions.house import House
from carepool.actions.permits import Actor
from carepool.actions.planning import PlanView, content_of, read_history, view
from carepool.actions.published_figures import money_of_release
from carepool.actions.published_people import counted, people_of, too_narrow
from carepool.actions.publishing_audit import audit_of
from carepool.actions.standings import name_of, signed_off_version, standing_on
from carepool.assurance.facts import stream_of as assurance_stream
from carepool.basics.canonical import Digest, canonical, digest_of, instant
from carepool.basics.findings import Finding, Severity, blocks
from carepool.basics.refusals import NotHere, Refused, Unusable
from carepool.disclosure.audit import Evidence
from carepool.journal.commands import Decision, Done, Reading, perform
from carepool.journal.documents import Document
from carepool.journal.facts import Fact, digest_of_row
from carepool.journal.merkle import Growing, consistency_proof, inclusion_proofs, leaf_of
from carepool.journal.port import Sealed
from carepool.journal.verify import Checkpoint
from carepool.offices.holdings import Permit, holdings, may
from carepool.offices.holdings import stream_of as office_stream
from carepool.offices.separation import kept_apart
from carepool.plans.redaction import REASONS, Redacted
from carepool.plans.versions import Version
from carepool.plans.versions import stream_of as plan_stream
from carepool.plans.withholding import withholding
from carepool.publication import releases
from carepool.publication.bundle import TOLD, Before, Logged, bundle_of
from carepool.publication.releases import AUDIT, BUNDLE, RELEASE, Published, Release, numbered, releases_in
from carepool.signoff.facts import stream_of as signoff_stream

ACTION = "publish_plan"
"""The action of the rules by which a release is published."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A release as it would be published now, with what the approver is shown of it."""

    plan: str
    version: Version
    content: Mapping[str, object]
    """The document that lists what is published, but for who publishes it."""
    documents: tuple[Published, ...]
    log: tuple[Logged, ...]
    earlier: tuple[Before, ...]
    checkpoint: Checkpoint
    findings: tuple[Finding, ...]
    day: date
    evidence: tuple[Evidence, ...]
    """Between which bounds each hidden count lies."""
    read: Mapping[str, int]
    """The versions of the streams that it rests on."""
    seen: PlanView

    @property
    def audit(self) -> dict[str, object]:
        """What the approver is shown: what is published, what is withheld and what the audit found."""
        return {
            "plan": self.plan, "version": self.version.number, "digest": self.version.digest, "day": self.day.isoformat(),
            "documents": self.content["documents"], "withheld": self.content["withheld"], "corrects": self.content["corrects"],
            "findings": [each.as_data() for each in self.findings],
            "evidence": [each.as_data() for each in self.evidence],
        }  # fmt: skip

    @property
    def audit_digest(self) -> Digest:
        """What the approver names, so that nothing else is published than was shown."""
        return digest_of(AUDIT, 1, self.audit)


def releases_of(house: House, plan: str, upto: int | None = None) -> tuple[Release, ...]:
    """Every release of a plan, in the order of publishing."""
    return releases_in(house.journal.read(releases.stream_of(plan), upto=upto))


def every_release(house: House) -> tuple[Release, ...]:
    """Every release of every plan, the latest first."""
    found = [each for facts in house.journal.gather("publication/").values() for each in releases_in(facts)]
    return tuple(sorted(found, key=lambda each: (each.at, each.name), reverse=True))


def one_release(house: House, plan: str, number: int) -> Release:
    """A release by its number. NotHere for one that there is not."""
    return numbered(releases_of(house, plan), number, plan)


def opened_document(house: House, digest: str) -> bytes:
    """The bytes of a published document. Unusable when they were withdrawn."""
    held = house.journal.document(digest)
    if not isinstance(held, Document):
        raise Unusable(f"The document {digest} was withdrawn.")
    return held.content


def bundle_bytes(house: House, release: Release) -> bytes:
    """The file of a release, the same bytes for ever."""
    return opened_document(house, release.bundle)


def prepare(
    house: House, plan: str, *, withheld: Mapping[str, str] | None = None, correct: int | None = None, says: str = ""
) -> Prepared:  # fmt: skip
    """A release of the version that ministers signed off, and what its audit finds. NotHere before they have.

    ``withheld`` are sections and fields with the code of a reason; a section of which a field is withheld is shown by its
    digest alone. ``correct`` is the number of the release that this one puts right, and ``says`` what is put right.
    """
    upto = house.journal.seal()
    history, reached = read_history(house, plan, upto), signed_off_version(house, plan, upto)
    version = history.with_digest(reached.digest) if reached else None
    if version is None:
        raise NotHere(f"Ministers have not signed off a version of “{history.title}”, so there is nothing to release.")  # fmt: skip
    earlier = releases_of(house, plan, upto)
    corrected = None if correct is None else numbered(earlier, correct, plan)
    now = view(house, plan, upto, alone=True)
    whole = content_of(house, version)
    hidden = withholding(whole, withheld or {})
    copy = hidden.copy_of(whole)
    mark = MARK if now.area.illustrative else ""
    marked = {"mark": mark} if mark else {}
    signoff = house.journal.read(signoff_stream(plan), upto=upto)
    parties = _parties(house, plan, version, signoff, upto)
    stages = [
        {"stage": each.body["stage"], "body": str(each.on_behalf_of), "name": name_of(house, str(each.on_behalf_of)),
         "at": instant(each.at), "stream": each.stream, "version": each.version}
        for each in signoff if each.kind == "PlanStageReached" and each.body["plan"] == version.digest
    ]  # fmt: skip
    people = people_of(counted(house, whole.parties.boards), _counts_before(house))
    documents = (
        Published("plan.json", {**marked, **copy.as_data()}, "The plan, with what is withheld by its digest"),
        Published("decisions.json", {**marked, "parties": parties, "stages": stages}, "Who agreed to it, and who signed it off"),
        Published("people.json", {**marked, **people.content}, "How many people, of how many, by measure and period"),
        Published("money.json", {**marked, **money_of_release(house, plan, copy, upto)}, "What was promised, spent and achieved by then"),
    )  # fmt: skip
    told = {version.digest} | {
        str(each["within_limits_of"]) for each in parties if "within_limits_of" in each
    }
    log = _Log(house, upto, (plan_stream(plan), signoff_stream(plan)), told)
    content: dict[str, object] = {
        "release": releases.name_of(plan, len(earlier) + 1), "plan": plan, "number": len(earlier) + 1,
        "title": whole.title or history.title, **marked, "digest": version.digest, "version": version.number,
        "rules": {"name": now.rules.name, "digest": now.rules.digest}, "published_on": house.today.isoformat(),
        "documents": [each.listed() for each in documents], "sections": dict(version.sections), "withheld": _withheld(copy),
        "parties": parties, "stages": stages, "streams": log.lengths, "checkpoint": {**log.checkpoint.as_data(), "at": log.recorded},
        "corrects": None if corrected is None else _corrects(house, corrected, documents, copy, says),
    }  # fmt: skip
    findings = (
        *too_narrow(people.evidence),
        *audit_of(house, now, version, copy, documents, earlier, corrected, says),
    )
    return Prepared(
        plan, version, content, documents, log.logged, log.earlier(_before(house, earlier, upto)), log.checkpoint, findings, house.today, people.evidence,
        {each: house.journal.version(each) for each in (plan_stream(plan), signoff_stream(plan), releases.stream_of(plan))}, now,
    )  # fmt: skip


def publisher(house: House, account: str, seen: PlanView) -> Permit | Refused:
    """Whether an account may publish a plan today: by an office in one of its parties, and not of a plan that it wrote."""
    return _publisher(house, account, seen, house.journal.read)


def _publisher(house: House, account: str, seen: PlanView, read: Callable[[str], tuple[Fact, ...]]) -> Permit | Refused:  # fmt: skip
    plan, authorities, bodies = seen.history.id, seen.rules.authorities, parties_of(seen)
    held = [each for one in bodies for each in holdings(read(office_stream(one)))]
    answers = [may(authorities.of(ACTION), held, account, each, house.today) for each in bodies]
    allowed = next((each for each in answers if isinstance(each, Permit)), answers[0])
    written, signoff, saved = (read(each(plan)) for each in (assurance_stream, signoff_stream, plan_stream))
    if isinstance(allowed, Refused):
        return replace(allowed, says=allowed.says.replace(bodies[0], name_of(house, bodies[0])))
    return kept_apart(authorities, ACTION, done_by(account, written, (*signoff, *saved))) or allowed


def publish(house: House, actor: Actor, found: Prepared, audit: str) -> Done | Refused:
    """Publish what was prepared, once the approver names the audit that they were shown; the answer is the release's digest.

    Refused: without an office that publishes in a party of the plan, for whoever wrote the plan, where the audit blocks or
    is not the one that was shown, and where anything that the release rests on has moved on meanwhile.
    """
    plan = found.plan

    def load(reading: Reading) -> tuple[Permit | Refused, bool]:
        stands = all(reading.version(stream) == version for stream, version in found.read.items())
        return _publisher(house, actor.account, found.seen, reading.read), stands

    def decide(state: tuple[Permit | Refused, bool]) -> Decision | Refused:
        allowed, stands = state
        if isinstance(allowed, Refused):
            return allowed
        if blocks(found.findings):
            first = next(each for each in found.findings if each.severity is Severity.BLOCKER)
            return Refused(f"The audit of the release blocks it. {first.says} {first.remedy}")
        if not stands or audit.strip().lower() != found.audit_digest:
            return Refused("What would be published is not what you were shown: something was saved, decided or published meanwhile. Look at the audit again.")  # fmt: skip
        return _decision(found, allowed)

    request = {"action": ACTION, "plan": plan, "audit": audit}
    return perform(
        house.journal, decide, load=load, by=actor.account, key=actor.key, request=request, clock=house.clock
    )


def _decision(found: Prepared, allowed: Permit) -> Decision:
    """The fact, the release and its documents, written together or not at all."""
    content = {
        **found.content,
        "audit": found.audit_digest,
        "by": {"body": allowed.holding.body, "office": allowed.holding.office},
    }
    release = Document(RELEASE, "application/json", canonical(content))
    bundle = Document(BUNDLE, "application/json", canonical(bundle_of(content, found.documents, found.log, found.earlier)))  # fmt: skip
    audit = Document(AUDIT, "application/json", canonical(found.audit))
    corrects = found.content["corrects"]
    fact = releases.publish(
        found.plan, of=found.version.digest, document=release.digest, bundle=bundle.digest, audit=audit.digest,
        checkpoint=found.checkpoint, corrects=int(str(corrects["number"])) if isinstance(corrects, Mapping) else None,
        rules=found.seen.rules.name, body=allowed.holding.body, on=found.day,
    )  # fmt: skip
    kept = [each.document for each in found.documents]
    return Decision((fact,), release.digest, (*kept, release, bundle, audit))


def _parties(house: House, plan: str, version: Version, signoff: Iterable[Fact], upto: int) -> list[dict[str, object]]:  # fmt: skip
    """The facts by which each body agreed to this version, or to one whose limits it keeps."""
    standing = standing_on(house, read_history(house, plan, upto), version.digest, upto)
    rows = []
    for party in standing.parties:
        if party.decision is None:
            continue
        digest = party.decision.digest
        agreed = [f for f in signoff if (f.kind, f.on_behalf_of, f.body["plan"]) == ("PlanAgreed", party.body, digest)] if party.decision.agreed else []  # fmt: skip
        of_office = {str(each.body.get("office", "")) if party.several else "": each for each in agreed}
        for each in of_office.values():
            limits = {"within_limits_of": digest} if digest != version.digest else {}
            rows.append({
                "body": party.body, "name": name_of(house, party.body), "at": instant(each.at),
                "stream": each.stream, "version": each.version, **limits,
            })  # fmt: skip
    return rows


def _withheld(copy: Redacted) -> list[dict[str, object]]:
    """What is withheld: each section or field with its reason, and the digest of its section."""
    return [
        {"where": where, "section": name, "reason": reason, "says": REASONS[reason], "digest": each.digest}
        for name, each in copy.withheld.items()
        for where, reason in (each.fields.items() or [(name, each.reason)])
    ]


def _corrects(
    house: House, corrected: Release, documents: Iterable[Published], copy: Redacted, says: str
) -> dict[str, object]:
    """The release that is put right, the officer's words, and what differs, worked out."""
    before = json.loads(opened_document(house, corrected.digest))
    was = {each["path"]: each["digest"] for each in before["documents"]}
    changed = [each.path for each in documents if was.get(each.path) != each.document.digest]
    paths = {each.path for each in documents}
    plan = next(each["digest"] for each in before["documents"] if each["path"] == "plan.json")
    old, new = json.loads(opened_document(house, plan)), copy.as_data()
    sections = sorted({
        name for name in {*old, *new} - {"mark", "withheld"} if old.get(name) != new.get(name)
    } | {
        name for name in {*old["withheld"], *copy.withheld} if (name in old["withheld"]) != (name in copy.withheld)
    })  # fmt: skip
    return {
        "release": corrected.name, "number": corrected.number, "digest": corrected.digest, "says": says.strip(),
        "changed": sorted([*changed, *(set(was) - paths)]), "sections": sections,
    }  # fmt: skip


def _counts_before(house: House) -> dict[str, Mapping[str, object]]:
    """The counts of people in every earlier release, of whichever plan."""
    found = {}
    for release in every_release(house):
        listed = json.loads(opened_document(house, release.digest))["documents"]
        digest = next((each["digest"] for each in listed if each["path"] == "people.json"), None)
        if digest is not None:
            found[release.name] = json.loads(opened_document(house, digest))
    return found


def _before(house: House, own: tuple[Release, ...], upto: int) -> tuple[Checkpoint, ...]:
    """The checkpoints of the earlier releases of this plan, and of the last release of any."""
    others = [each for each in every_release(house) if each.checkpoint.size <= upto][:1]
    return tuple({each.checkpoint.size: each.checkpoint for each in (*own, *others)}.values())


class _Log:
    """What of the log a release needs, read once."""

    def __init__(self, house: House, upto: int, streams: tuple[str, ...], digests: Iterable[str]) -> None:
        told, about, growing = set(digests), list[Sealed](), Growing()
        self.leaves: list[bytes] = []
        self.recorded = ""
        for entry in house.journal.sealed(limit=upto):
            leaf = leaf_of(Digest(entry.row.digest))
            self.leaves.append(leaf)
            growing.add(leaf)
            self.recorded = instant(entry.recorded)
            if entry.row.stream in streams:
                if digest_of_row(entry.row) != entry.row.digest:
                    raise Unusable(f"The fact at position {entry.position} of the log is not as it was written. Run “carepool journal verify”.")  # fmt: skip
                about.append(entry)
        self.checkpoint = Checkpoint(growing.size, growing.root().hex())
        proofs = inclusion_proofs(self.leaves, [each.position - 1 for each in about])
        self.logged = tuple(
            Logged(each, proofs[each.position - 1], each.row.kind in TOLD and each.fact.body["plan"] in told)
            for each in about
        )
        self.lengths = {each.row.stream: each.row.version for each in about}

    def earlier(self, checkpoints: Iterable[Checkpoint]) -> tuple[Before, ...]:
        """Each earlier checkpoint with the proof that this log begins with it."""
        return tuple(
            Before(each, consistency_proof(self.leaves, each.size))
            for each in sorted(checkpoints, key=lambda each: each.size)
        )


def shown(found: Prepared) -> dict[str, object]:
    """The audit with its digest, for JSON."""
    return {"audit": found.audit_digest, "blocked": blocks(found.findings), **found.audit}
