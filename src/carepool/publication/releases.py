"""A release: what of a plan is published, as a document that lists everything by digest and never changes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from carepool.basics.canonical import Digest, canonical
from carepool.basics.refusals import NotHere
from carepool.journal.documents import Document
from carepool.journal.facts import Fact, NewFact
from carepool.journal.folding import Kind, Kinds, fold
from carepool.journal.verify import Checkpoint

KINDS = Kinds([Kind("ReleasePublished", 1, cites=("document", "bundle", "audit"))])
RELEASE = "release"
"""The kind of the document that lists what is published; its digest names the release."""
PUBLISHED = "published"
"""The kind of each document that a release publishes."""
AUDIT = "release-audit"
"""The kind of the document that holds what the approver was shown."""
BUNDLE = "release-bundle"
"""The kind of the file to download: the release, its documents and the proofs."""


@dataclass(frozen=True, slots=True)
class Published:
    """One document of a release."""

    path: str
    content: Mapping[str, object]
    what: str
    """What it is, in a sentence."""

    @property
    def document(self) -> Document:
        """Its bytes, to be kept."""
        return Document(PUBLISHED, "application/json", canonical(self.content))

    def listed(self) -> dict[str, object]:
        """As it stands in the list of a release."""
        document = self.document
        return {
            "path": self.path, "digest": document.digest, "media_type": document.media_type,
            "bytes": len(document.content), "what": self.what,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Release:
    """One release, as its fact tells of it."""

    plan: str
    number: int
    """From 1, in the order of publishing."""
    digest: Digest
    """Of the document that lists what is published."""
    of: Digest
    """The digest of the plan's version."""
    bundle: Digest
    audit: Digest
    checkpoint: Checkpoint
    corrects: int | None
    """The release that this one puts right."""
    body: str
    """In whose name it was published."""
    at: datetime
    on: date

    @property
    def name(self) -> str:
        """What people call it, and the end of its address: ``carrowby/2``."""
        return name_of(self.plan, self.number)


def name_of(plan: str, number: int) -> str:
    """What a release is called."""
    return f"{plan}/{number}"


def stream_of(plan: str) -> str:
    """The stream of a plan's releases."""
    return f"publication/{plan}"


def releases_in(facts: Iterable[Fact]) -> tuple[Release, ...]:
    """Every release of a plan, in the order of publishing."""

    def apply(held: tuple[Release, ...], fact: Fact) -> tuple[Release, ...]:
        said, plan = fact.body, fact.stream.removeprefix("publication/")
        log, corrects = said["checkpoint"], said["corrects"]
        assert isinstance(log, Mapping) and (corrects is None or isinstance(corrects, int))  # noqa: S101  (written so by publish)
        made = Release(
            plan, len(held) + 1, Digest(str(said["document"])), Digest(str(said["plan"])), Digest(str(said["bundle"])),
            Digest(str(said["audit"])), Checkpoint.from_data(log), corrects, str(fact.on_behalf_of), fact.at,
            date.fromisoformat(str(said["on"])),
        )  # fmt: skip
        return (*held, made)

    none: tuple[Release, ...] = ()
    return fold(facts, none, apply, KINDS)


def numbered(found: Sequence[Release], number: int, plan: str) -> Release:
    """One of a plan's releases. NotHere for a number that there is not."""
    if not 1 <= number <= len(found):
        raise NotHere(f"There is no release {name_of(plan, number)}.")
    return found[number - 1]


def corrected_by(found: Sequence[Release], release: Release) -> Release | None:
    """The first release that puts this one right; None where none does."""
    return next((each for each in found if each.corrects == release.number), None)


def publish(
    plan: str, *, of: str, document: str, bundle: str, audit: str, checkpoint: Checkpoint, corrects: int | None,
    rules: str, body: str, on: date,
) -> NewFact:  # fmt: skip
    """The fact that a release is published, under a set of rules, having shown the approver its audit."""
    said = {
        "plan": of, "document": document, "bundle": bundle, "audit": audit, "checkpoint": checkpoint.as_data(),
        "corrects": corrects, "rules": rules, "on": on,
    }  # fmt: skip
    return NewFact(stream_of(plan), "ReleasePublished", 1, said, on_behalf_of=body)
