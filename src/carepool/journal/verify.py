"""Verifying: walk the whole log and every document, and name the first entry that is not as it was written."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from carepool.basics.canonical import Digest
from carepool.basics.findings import Finding, Severity
from carepool.basics.refusals import Unusable
from carepool.journal.documents import Withdrawn
from carepool.journal.facts import digest_of_row, said_in
from carepool.journal.folding import Kind
from carepool.journal.merkle import Growing, leaf_of
from carepool.journal.port import Journal, Sealed

RULE = "docs/adr/0002"
_ROOT = re.compile(r"[0-9a-f]{64}")
_REMEDY = "Treat nothing from here on as evidence. Restore a copy that verifies, and find out who wrote to the database."


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What was once published of the log: how long it was, and its Merkle root in hexadecimal."""

    size: int
    root: str

    def as_data(self) -> dict[str, object]:
        """The two fields, for JSON."""
        return asdict(self)

    @classmethod
    def from_data(cls, data: Mapping[str, object]) -> "Checkpoint":
        """The checkpoint in what ``as_data`` wrote. Unusable when it is not one."""
        size, root = data.get("size"), data.get("root")
        if type(size) is int and size >= 0 and isinstance(root, str) and _ROOT.fullmatch(root):
            return cls(size, root)
        raise Unusable("A checkpoint has a size and a root of 64 hexadecimal digits.")


@dataclass(frozen=True, slots=True)
class Verification:
    """What verifying found. ``facts``, ``streams`` and ``head`` are of the part of the log that verifies."""

    facts: int
    streams: int
    documents: int
    withdrawn: int
    head: Checkpoint
    findings: tuple[Finding, ...]

    @property
    def clean(self) -> bool:
        """Whether everything is as it was written."""
        return not self.findings

    def as_data(self) -> dict[str, object]:
        """All of it, for JSON."""
        return {
            "facts": self.facts,
            "streams": self.streams,
            "documents": self.documents,
            "withdrawn": self.withdrawn,
            "head": self.head.as_data(),
            "findings": [finding.as_data() for finding in self.findings],
        }


def verify(
    journal: Journal, *, checkpoint: Checkpoint | None = None, kinds: Iterable[Kind] = ()
) -> Verification:
    """Seal, then check every sealed fact in order, every document, and the log against an earlier checkpoint.

    ``kinds`` say which fields of a fact cite documents; each cited one must be held, or known as withdrawn.

    Findings are blockers. The walk ends at the first bad entry, which its finding names; facts that
    no sealing reaches and documents that differ are named besides.
    """
    walk = _Walk(checkpoint, {kind.name: kind.cites for kind in kinds})
    journal.seal()
    findings: list[Finding] = []
    for entry in journal.sealed():
        wrong = walk.step(entry)
        if wrong:
            findings.append(wrong)
            break
    else:
        findings += walk.end()
    findings += [
        _finding(
            "fact-not-in-log",
            f"facts/{stream}/{version}",
            f"Version {version} of {stream} is in no position.",
        )
        for stream, version in journal.strays()
    ]
    documents = withdrawn = 0
    held = set()
    for digest, kept in journal.documents():
        documents += 1
        held.add(str(digest))
        if isinstance(kept, Withdrawn):
            withdrawn += 1
        elif kept is None or kept.digest != digest:
            says = f"The bytes kept for document {digest} are not the ones that were put."
            findings.append(_finding("document-changed", f"documents/{digest}", says))
    for cited, where in walk.cited.items():
        if cited not in held:
            says = f"The document {cited} is cited by the fact at position {where} and is not held, not even as withdrawn."
            findings.append(_finding("document-missing", f"log/{where}", says))
    head = Checkpoint(walk.tree.size, walk.tree.root().hex())
    return Verification(walk.tree.size, len(walk.streams), documents, withdrawn, head, tuple(findings))


class _Walk:
    """What is known of the log on the way through it."""

    def __init__(self, checkpoint: Checkpoint | None, cites: Mapping[str, tuple[str, ...]]) -> None:
        self.cites = cites
        self.cited: dict[str, int] = {}
        """Each document that a fact cites, and the position of the first that does."""
        self.tree = Growing()
        self.streams: dict[str, tuple[int, str, datetime]] = {}
        self.recorded: datetime | None = None
        self.checkpoint = checkpoint

    def step(self, entry: Sealed) -> Finding | None:
        """Check the next entry; what is wrong with it, or None and the entry counts."""
        position = self.tree.size + 1
        if entry.position != position:
            says = f"Position {position} of the log is missing: the next entry there is has position {entry.position}."
            return _finding("position-missing", f"log/{position}", says)
        row = entry.row
        try:
            body, written = said_in(row)
        except Unusable as error:
            says = f"The entry at position {position} is not a fact. {error}"
            return _finding("fact-unreadable", f"log/{position}", says)
        wrong = ""
        version, digest, at = self.streams.get(row.stream, (0, None, written))
        recorded = max(self.recorded or written, written)
        if _digest(entry) != row.digest:
            wrong, says = "digest-differs", "is not the one that was written: its digest differs."
        elif row.version != version + 1:
            wrong, says = "version-missing", f"should be version {version + 1} of its stream."
        elif (row.previous or None) != digest:
            wrong, says = "chain-broken", "does not cite the fact before it in its stream."
        elif written < at:
            wrong, says = "time-runs-back", "claims to be earlier than the fact before it."
        elif entry.recorded != recorded:
            wrong, says = "recorded-differs", "bears a wrong time of recording."
        if wrong:
            name = f"The fact at position {position}, version {row.version} of {row.stream},"
            return _finding(wrong, f"log/{position}", f"{name} {says}")
        self.recorded = recorded
        self.streams[row.stream] = (row.version, row.digest, written)
        self.tree.add(leaf_of(Digest(row.digest)))
        for name in self.cites.get(row.kind, ()):
            # What a fact may leave out, like reasons, is not missed where it does.
            if (cited := body.get(name)) is not None:
                self.cited.setdefault(str(cited), position)
        if self.checkpoint and self.checkpoint.size == self.tree.size:
            return self._compare(self.checkpoint)
        return None

    def _compare(self, checkpoint: Checkpoint) -> Finding | None:
        if self.tree.root().hex() == checkpoint.root:
            return None
        says = f"The first {checkpoint.size} facts are not those of the checkpoint: history was rewritten."
        return _finding("history-rewritten", f"log/{checkpoint.size}", says)

    def end(self) -> list[Finding]:
        """Check the end of the log, once every entry was right."""
        if self.checkpoint and self.tree.size < self.checkpoint.size:
            says = f"The log ends at position {self.tree.size}, and the checkpoint saw {self.checkpoint.size}: its tail was cut."
            return [_finding("tail-cut", f"log/{self.tree.size + 1}", says)]
        return []


def _digest(entry: Sealed) -> str:
    """The digest that an entry must have; empty where what stands in it cannot have been written."""
    try:
        return digest_of_row(entry.row)
    except ValueError:
        return ""


def _finding(code: str, where: str, says: str) -> Finding:
    return Finding(code, Severity.BLOCKER, where, says, _REMEDY, RULE)
