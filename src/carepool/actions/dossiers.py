"""What a dossier is made from: one version of a plan as at a position, with the facts and documents that its standing rests on."""

import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from carepool.actions.areas import MARK
from carepool.actions.house import House
from carepool.actions.papers import PaperOf, paper_of
from carepool.actions.planning import PlanView, content_of, read_history, view
from carepool.actions.standings import deciders, name_of
from carepool.basics.canonical import Digest, digest_of
from carepool.basics.periods import LONDON
from carepool.basics.refusals import NotHere, Unusable
from carepool.journal.documents import Document, Withdrawn
from carepool.journal.facts import Fact, digest_of_row
from carepool.journal.merkle import inclusion_proofs, leaf_of, root
from carepool.journal.port import Sealed
from carepool.journal.verify import Checkpoint
from carepool.places.bodies import body_id
from carepool.plans.document import filled
from carepool.plans.versions import DOCUMENT_KIND
from carepool.plans.withholding import withholding
from carepool.publication.authority import offices_signed_by
from carepool.publication.dossier import Citing, Kept, LeftOut, Shown, Told
from carepool.signoff.tolerance import read as read_tolerance

ALWAYS_TOLD = ("plan", "signoff")
"""The streams that a dossier tells whole, each with the plan's address after it: what is decided rests on all of them."""
ABOUT_A_PLAN = (*ALWAYS_TOLD, "assurance")
"""Those and the one of which some facts may not be seen by whoever asks."""
CITES = frozenset(
    {"signed", "document", "delegation", "record", "direction", "review", "moderated", "decided", "evidence", "words"}
)  # fmt: skip
"""The fields by which a fact shows a document. Other fields name one and do not show it: so a moderation names both reviews."""
SPEAK_OF_ALL = frozenset({"ReviewModerated"})
"""Facts whose document judges every part of the plan: it is left out with whatever section."""
REVIEWERS_OWN = frozenset({"ReviewerAssigned", "ReviewSubmitted", "ConflictDeclared"})
"""What each reviewer does alone: only reviewers, the moderator and the decider ever read it."""
TELLS_OF = {"DelegationGiven": "sources", "MoneyRedeployed": "risks"}
"""The section whose figures stand in the document signed with such a fact; withheld, the document is left out too."""
ADDRESSED = "LinkSent"
NOT_SEEN = "whoever asked may not see it, or not yet"
UNRELATED = "what is told only names it: it is none of what was decided, or whoever asked may not see it"
NO_UPLOADS = "the dossier was asked for without uploads"
WITHHELD = "it tells of a section that is withheld"
_DIGEST = re.compile(r"[0-9a-f]{64}")

MayInclude = Callable[[Fact], bool]
"""Whether a fact of assurance may be told, with the documents that it cites, to whoever asks."""


@dataclass(frozen=True, slots=True)
class DossierOf:
    """All that a dossier may say: the paper of the version, and what a program reads."""

    paper: PaperOf
    told: Told
    facts: tuple[Fact, ...]
    """Those of the whole streams that are told, in the order of the log."""
    names: Mapping[str, str]
    """Of the bodies, by id."""


def moderated_once_decided(facts: Iterable[Fact]) -> MayInclude:
    """What anybody may be told of assurance: no single review ever, and their moderation once an outcome is decided."""
    decided = {str(fact.body["plan"]) for fact in facts if fact.kind == "AssuranceDecided"}

    def may(fact: Fact) -> bool:
        judges = fact.kind.startswith("Review")
        return fact.kind not in REVIEWERS_OWN and (not judges or str(fact.body.get("plan")) in decided)

    return may


def dossier_of(
    house: House,
    plan: str,
    *,
    version: int | None = None,
    withheld: Mapping[str, str] | None = None,
    withheld_by: str = "",
    as_at: tuple[date, datetime] | None = None,
    uploads: bool = True,
    may_include: MayInclude | None = None,
) -> DossierOf:
    """What the dossier of a plan's current version is made from, as at a day and instant, or now.

    A ``version`` by its number is told as it stood when the next was saved. A field that is ``withheld`` takes its whole
    section with it: beside the rest, the section's digest, which facts hold, would confirm a guess. ``may_include`` says
    what of assurance whoever asks may see. The same plan at the same position and day comes to the same. NotHere before
    the first version, and for a number or section that there is not; Unusable where the journal does not verify.
    """
    day = as_at[0] if as_at else None
    upto = house.journal.as_at(as_at[1]) if as_at else house.journal.seal()
    if read_history(house, plan, upto).current is None:
        raise NotHere("No version of this plan had been saved by then, so there is no dossier of it.")
    log = _Log(house, plan, upto)
    if version is not None and (ended := log.ended(version)):
        upto, day = ended
        log = log.until(upto)
    seen = view(house, plan, upto, day)
    whole = _whole_sections(seen, withheld or {})
    paper = paper_of(house, plan, withheld=whole, withheld_by=withheld_by, upto=upto, on=day, seen=seen)
    if paper.copy.digest != paper.version.digest:
        raise Unusable(f"Version {paper.version.number} does not have its digest any more. {_VERIFY}")
    facts = tuple(entry.fact for stream in log.about.values() for entry in stream)
    may = may_include or moderated_once_decided(facts)
    told = tuple(fact for fact in facts if not _why_not_told(fact, may))
    documents = _Documents(house, paper, told, uploads=uploads)
    offices = offices_signed_by(log.offices, told, documents.content)
    picked = {(each.row.stream, each.row.version) for each in offices}
    kept, left = documents.cited_by((*told, *(each.fact for each in offices)))
    proofs = inclusion_proofs(log.leaves, [each.position - 1 for each in (*log.entries, *offices)])

    def shown(entry: Sealed) -> Shown:
        return Shown(entry, proofs[entry.position - 1], _why_not_told(entry.fact, may))

    contents = Told(
        plan=plan,
        title=paper.plan.title or seen.history.title,
        boards=seen.history.boards,
        mark=MARK if seen.area.illustrative else "",
        version=paper.version.number,
        digest=paper.version.digest,
        saved_at=paper.version.at,
        rules={"name": seen.rules.name, "title": seen.rules.about.title, "digest": seen.rules.digest},
        day=paper.day,
        checkpoint=Checkpoint(upto, root(log.leaves).hex()),
        content={**({"mark": MARK} if seen.area.illustrative else {}), **paper.copy.as_data()},
        earlier=_earlier(house, seen, facts, paper.copy.withheld),
        withheld=tuple(paper.copy.withheld),
        findings=_findings(paper),
        standing=_standing(house, seen, paper),
        uploads=all(each.why != NO_UPLOADS for each in left),
        streams={stream: tuple(map(shown, entries)) for stream, entries in log.about.items()},
        offices=tuple(shown(each) for each in log.offices if (each.row.stream, each.row.version) in picked),
        documents=kept,
        left_out=left,
    )
    bodies = {fact.on_behalf_of for fact in facts if fact.on_behalf_of}
    bodies |= {each.row.stream.removeprefix("office/") for each in offices}
    names = {each: name_of(house, each) for each in sorted(bodies)}
    return DossierOf(paper, contents, _in_order(log, told), names)


def _whole_sections(seen: PlanView, withheld: Mapping[str, str]) -> dict[str, str]:
    """Each section of which anything is withheld, with its reason; that of a section goes before those of its fields."""
    asked = withholding(seen.plan, withheld)
    return {**{place.section: reason for place, reason in asked.fields.items()}, **asked.sections}


_VERIFY = "No dossier is made of a journal that does not verify. Ask an administrator to run “carepool journal verify”."


class _Log:
    """What of the log a dossier needs, read once: every leaf, the streams about the plan, and those of offices."""

    def __init__(self, house: House, plan: str, upto: int) -> None:
        wanted = [f"{room}/{plan}" for room in ABOUT_A_PLAN]
        about: dict[str, list[Sealed]] = {stream: [] for stream in wanted}
        self.leaves: list[bytes] = []
        self.offices: list[Sealed] = []
        for entry in house.journal.sealed(limit=upto):
            self.leaves.append(leaf_of(Digest(entry.row.digest)))
            if entry.row.stream in about:
                about[entry.row.stream].append(entry)
            elif entry.row.stream.startswith("office/"):
                self.offices.append(entry)
        self.about = {stream: entries for stream, entries in about.items() if entries}
        for entries in self.about.values():
            _verified(entries)

    @property
    def entries(self) -> Iterator[Sealed]:
        """Every entry of the streams about the plan."""
        for stream in self.about.values():
            yield from stream

    def ended(self, version: int) -> tuple[int, date] | None:
        """The last position at which a version was the current one, and its day; None where it still is.

        NotHere for a version that there is not.
        """
        saved = [each for each in self.entries if each.row.kind == "PlanVersionSaved"]
        if not 1 <= version <= len(saved):
            among = (
                f"Choose one of 1 to {len(saved)}."
                if saved
                else "No version of this plan has been saved yet."
            )
            raise NotHere(f"There is no version {version} of this plan. {among}")
        if version == len(saved):
            return None
        following = saved[version]
        return following.position - 1, following.fact.at.astimezone(LONDON).date()

    def until(self, position: int) -> "_Log":
        """The same, cut after a position."""
        cut = object.__new__(_Log)
        cut.leaves = self.leaves[:position]
        cut.offices = [each for each in self.offices if each.position <= position]
        kept = {
            s: [each for each in entries if each.position <= position] for s, entries in self.about.items()
        }
        cut.about = {stream: entries for stream, entries in kept.items() if entries}
        return cut


def _verified(entries: Iterable[Sealed]) -> None:
    """Unusable where a stream is not as it was written."""
    before = None
    for entry in entries:
        if digest_of_row(entry.row) != entry.row.digest or entry.row.previous != before:
            raise Unusable(
                f"The fact at position {entry.position} of the log is not as it was written. {_VERIFY}"
            )
        before = entry.row.digest


def _in_order(log: _Log, told: tuple[Fact, ...]) -> tuple[Fact, ...]:
    at = {(each.row.stream, each.row.version): each.position for each in log.entries}
    return tuple(sorted(told, key=lambda fact: at[fact.stream, fact.version]))


def _why_not_told(fact: Fact, may: MayInclude) -> str:
    """Why of a fact only the digest is given; empty where it is told."""
    about = fact.stream.partition("/")[0]
    return NOT_SEEN if about in ABOUT_A_PLAN and about not in ALWAYS_TOLD and not may(fact) else ""


def _earlier(
    house: House, seen: PlanView, facts: Iterable[Fact], withheld: Container[str]
) -> tuple[dict[str, object], ...]:
    """What a version that a body agreed to within limits held otherwise: by it alone is seen whether the limits are kept.

    Only where these limits speak of every section that changed, since it has lapsed otherwise; and of no version of which such
    a section is withheld now. Nothing that did not change is told.
    """
    current = seen.history.current
    found: dict[str, dict[str, object]] = {}
    for fact in facts:
        limits = read_tolerance(fact.body.get("tolerance")) if fact.kind == "PlanAgreed" else None
        version = seen.history.with_digest(str(fact.body["plan"])) if limits else None
        if limits is None or version is None or current is None or version.digest == current.digest:
            continue
        moved = {
            name
            for name in {**version.sections, **current.sections}
            if version.sections.get(name) != current.sections.get(name)
        }
        if moved <= {each.section for each in limits.limits} and not any(name in withheld for name in moved):
            try:
                before = content_of(house, version)
            except Unusable:
                continue  # withdrawn: nobody can compare them any more
            sections = {name: filled(before.section(name)) for name in sorted(moved)}
            found[version.digest] = {"plan": version.digest, "title": before.title, "sections": sections}
    return tuple(found.values())


def _findings(paper: PaperOf) -> dict[str, object]:
    """The checks' findings with their digest: where none is left out, the one by which decisions name what was shown."""
    findings = [each.as_data() for each in paper.findings]
    left = {str(severity): count for severity, count in paper.unsaid.items()}
    return {
        "plan": paper.version.digest,
        "rules": paper.known.rules.name,
        "day": paper.day,
        "findings": findings,
        "left_out": left,
        "digest": digest_of("findings", 1, findings),
        "blocked": paper.blockers() > 0,
    }


def _standing(house: House, seen: PlanView, paper: PaperOf) -> dict[str, object]:
    """Where the plan stands, with what it takes to work that out again."""
    now = paper.standing
    named = paper.plan.parties
    needed = deciders(seen.rules, seen.area, named, seen.history.boards, now.said)
    commissioners = [body_id(seen.area.england.places.commissioner, code) for code in named.ccgs]
    # Whoever spoke and is neither named any more nor of the plan's own boards is told of too.
    others = dict.fromkeys([*commissioners, *sorted(now.said.spoke)])
    return {
        "status": now.status,
        "agreed": now.agreed,
        "parties": [
            {
                "body": each.body,
                "name": name_of(house, each.body),
                "kind": each.kind,
                "offices": needed[each.body].signed_by,
                "outcome": each.outcome,
                "since": each.since,
                "within_limits": each.kept,
                "decision": each.decision.signed if each.decision else None,
            }
            for each in now.parties
        ],
        "not_needed": [each for each in others if each not in needed],
        "stages": [
            {"stage": each.stage, "body": each.body, "at": each.at, "signed": each.signed}
            for each in now.reached
        ],
        "disputes_open": len(now.disputes),
    }


class _Documents:
    """The documents of a dossier: each is in it, or there is a reason why not."""

    def __init__(self, house: House, paper: PaperOf, told: Iterable[Fact], *, uploads: bool) -> None:
        self._journal, self._paper, self._uploads = house.journal, paper, uploads
        self._confirmed = {
            fact.body.get("record") for fact in told if fact.kind in {"PlanAgreed", "PlanRefused"}
        }

    def content(self, digest: str) -> bytes:
        """A document's bytes; none where there is no such document, or it was withdrawn."""
        held = self._journal.document(digest)
        return held.content if isinstance(held, Document) else b""

    def cited_by(self, facts: Iterable[Fact]) -> tuple[tuple[Kept, ...], tuple[LeftOut, ...]]:
        """Every document that the facts cite, those that are in and those that are left out, in the order of citing."""
        cited: dict[str, list[tuple[Fact, str]]] = {}
        for fact in facts:
            for name, digest in _digests_in(fact):
                cited.setdefault(digest, []).append((fact, name))
        kept, left = [], []
        for digest, by in cited.items():
            held = self._journal.document(digest)
            if held is None:
                continue  # the digest of a version, a section, a finding, or of what a link bears
            citing = tuple(Citing(fact.stream, fact.version, name) for fact, name in by)
            # Whoever names a decision by what was signed does not show it; of those who do, one reason is enough.
            showing = [fact for fact, name in by if name in CITES]
            why = next(
                filter(None, (self._why_not(held, fact) for fact in showing)), "" if showing else UNRELATED
            )
            if isinstance(held, Document) and not why:
                kept.append(Kept(held, citing))
            else:
                left.append(LeftOut(held.digest, held.kind, why))
        return tuple(kept), tuple(left)

    def _why_not(self, held: Document | Withdrawn, fact: Fact) -> str:
        """Why a document is left out as far as one fact that shows it goes; empty where it is in."""
        if isinstance(held, Withdrawn):
            return "it was withdrawn: its bytes and its salt are deleted"
        if held.kind == DOCUMENT_KIND:
            return self._of_the_plan(held)
        if fact.kind == ADDRESSED:
            return "it holds the address that a link was sent to"
        if self._paper.withholds(TELLS_OF.get(fact.kind, "")):
            return WITHHELD
        if self._paper.copy.withheld and fact.kind in SPEAK_OF_ALL:
            return WITHHELD
        return self._of_an_upload(fact) if held.media_type != "application/json" else ""

    def _of_the_plan(self, held: Document) -> str:
        if held.digest != self._paper.version.document:
            return "it is another version of the plan: a dossier holds one"
        return "sections of it are withheld" if self._paper.copy.withheld else "it is told as plan/plan.json"

    def _of_an_upload(self, fact: Fact) -> str:
        """Uploads are what people scanned: nobody but a second person who confirmed it has said what stands in one."""
        if not self._uploads:
            return NO_UPLOADS
        if self._paper.copy.withheld:
            return "sections are withheld, and nobody has looked what this upload says of them"
        if fact.kind == "DecisionRecorded" and fact.body.get("signed") not in self._confirmed:
            return "no second person has confirmed what was recorded from it"
        return ""


def _digests_in(fact: Fact) -> Iterator[tuple[str, str]]:
    """Every digest in a fact's body, with the field that it stands in."""
    waiting: list[tuple[str, object]] = list(fact.body.items())
    while waiting:
        name, value = waiting.pop(0)
        if isinstance(value, str) and _DIGEST.fullmatch(value):
            yield name, value
        elif isinstance(value, Mapping):
            waiting += [(name, each) for each in value.values()]
        elif isinstance(value, list):
            waiting += [(name, each) for each in value]
