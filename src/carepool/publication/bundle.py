"""The file of a release that anybody downloads, and what it shows: that this is what was signed, and that no history was cut."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from carepool.basics.canonical import Digest, canonical, digest_of
from carepool.basics.findings import Finding, Severity
from carepool.basics.refusals import Unusable
from carepool.journal.facts import Row, digest_of_row
from carepool.journal.merkle import consistent, included, leaf_of
from carepool.journal.port import Sealed
from carepool.journal.verify import Checkpoint
from carepool.plans.redaction import verify as verify_copy
from carepool.publication.releases import PUBLISHED, RELEASE, Published

RULE = "docs/adr/0054"
_REMEDY = (
    "Treat nothing in it as evidence. Download it again from the address of the release, and keep both files."
)
TOLD = frozenset({"PlanVersionSaved", "PlanAgreed", "PlanStageReached"})
"""The facts that a release tells whole, where they are of its digest; of every other it gives the digest alone."""


@dataclass(frozen=True, slots=True)
class Logged:
    """A fact in the log with the proof that it is there; ``told``: whether all of it is in the release, or its digest alone."""

    entry: Sealed
    proof: tuple[bytes, ...]
    told: bool

    def as_data(self) -> dict[str, object]:
        """As it stands in the file."""
        row = self.entry.row
        fact = {name: each for name, each in row._asdict().items() if name != "digest"}
        told = {"fact": {**fact, "body": json.loads(row.body)}} if self.told else {}
        proof = [each.hex() for each in self.proof]
        return {"position": self.entry.position, "stream": row.stream, "version": row.version, "digest": row.digest, "proof": proof, **told}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Before:
    """An earlier checkpoint, and the proof that this log begins with it."""

    checkpoint: Checkpoint
    proof: tuple[bytes, ...]

    def as_data(self) -> dict[str, object]:
        """As it stands in the file."""
        return {**self.checkpoint.as_data(), "proof": [each.hex() for each in self.proof]}


def bundle_of(
    release: Mapping[str, object], documents: Iterable[Published], log: Iterable[Logged], earlier: Iterable[Before]
) -> dict[str, object]:  # fmt: skip
    """The file: the release, its documents, the facts about the plan in the order of the log, and earlier checkpoints."""
    return {
        "release": release,
        "documents": {each.path: each.content for each in documents},
        "log": [each.as_data() for each in log],
        "earlier": [each.as_data() for each in earlier],
    }


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of checking a release."""

    release: str
    digest: Digest | None
    """Of the release as it is worked out here; None where it cannot be."""
    size: int
    signed: tuple[str, ...]
    """The bodies that are shown to have agreed to it."""
    withheld: tuple[str, ...]
    extends: int | None
    """The size of the earlier log that this one is shown to begin with; None where none was given."""
    findings: tuple[Finding, ...]

    @property
    def verifies(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings

    def as_data(self) -> dict[str, object]:
        """The answer, for JSON."""
        return {
            "verifies": self.verifies, "release": self.release, "digest": self.digest, "size": self.size,
            "signed": list(self.signed), "withheld": list(self.withheld), "extends": self.extends,
            "findings": [each.as_data() for each in self.findings],
        }  # fmt: skip


class _Wrong(Exception):
    """The first thing that is wrong, with its place."""

    def __init__(self, code: str, where: str, says: str) -> None:
        super().__init__(says)
        self.finding = Finding(code, Severity.BLOCKER, where, says, _REMEDY, RULE)


def check_bundle(data: object, earlier: object = None, digest: str = "") -> Checked:
    """Check a release from its file alone; against an earlier release, and the digest of it, where they are given.

    Checking ends at the first thing that is wrong, which its finding names. Unusable for what is no release's file.
    """
    try:
        held = _Held(data)
        known = None if earlier is None else _Held(earlier)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Unusable(f"This is not the file of a release: {error!r} is missing or not what it should be.") from error  # fmt: skip
    release = held.release
    found, extends = [], None
    steps = (held.check_release, held.check_documents, held.check_plan, held.check_log, held.check_signed, held.check_earlier)  # fmt: skip
    try:
        if digest and digest.strip().lower() != held.digest:
            raise _Wrong("other-release", "release", f"This release has the digest {held.digest}, and not the one given.")  # fmt: skip
        for step in steps:
            step()
        if known is not None:
            extends = held.check_extends(known)
    except _Wrong as wrong:
        found.append(wrong.finding)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        found.append(_Wrong("unreadable", "release", f"Something in it is not as a release is written: {error!r}.").finding)  # fmt: skip
    parties = tuple(str(each.get("name")) for each in release.get("parties", [])) if not found else ()
    withheld = tuple(
        str(each.get("where")) for each in release.get("withheld", []) if isinstance(each, Mapping)
    )
    return Checked(str(release.get("release", "")), held.digest, held.size, parties, withheld, extends, tuple(found))  # fmt: skip


class _Held:
    """The file of a release as it is being checked."""

    def __init__(self, data: object) -> None:
        if not isinstance(data, Mapping) or set(data) != {"release", "documents", "log", "earlier"}:
            raise ValueError("a release, its documents, its log and what was earlier")
        self.release: Mapping[str, Any] = data["release"]
        self.documents, self.log, self.earlier = data["documents"], data["log"], data["earlier"]
        self.digest = digest_of(RELEASE, 1, self.release)
        log = self.release["checkpoint"]
        self.size, self.root = int(log["size"]), str(log["root"])

    def check_release(self) -> None:
        """What it says of itself."""
        if self.release["release"] != f"{self.release['plan']}/{self.release['number']}":
            raise _Wrong(
                "release-name", "release", "The name of the release is not that of its plan and number."
            )

    def check_documents(self) -> None:
        """Every document that is listed is there as it was, and no other."""
        listed = {str(each["path"]): each for each in self.release["documents"]}
        for path in [*listed, *self.documents]:
            where = f"documents/{path}"
            if path not in self.documents:
                raise _Wrong("document-missing", where, f"The document {path} is missing.")
            if path not in listed:
                raise _Wrong("document-added", where, f"The document {path} is not of this release.")
            if digest_of(PUBLISHED, 1, self.documents[path]) != listed[path]["digest"]:
                raise _Wrong(
                    "document-changed", where, f"The document {path} is not the one that was published."
                )

    def check_plan(self) -> None:
        """The plan is the one with the digest that was signed, its withheld sections by their digests."""
        marks = [str(self.release["mark"])] if "mark" in self.release else []
        found = verify_copy(self.documents["plan.json"], str(self.release["digest"]), marks)
        if not found.matches:
            raise _Wrong(
                "plan-differs", "documents/plan.json", "The plan is not the one whose digest was signed."
            )

    def check_log(self) -> None:
        """Every fact is in the log at its place, each chained to the one before it in its stream, none left out."""
        lengths: Mapping[str, int] = self.release["streams"]
        last: dict[str, Mapping[str, Any]] = {}
        position = 0
        for each in self.log:
            stream, number, where = str(each["stream"]), int(each["version"]), f"log/{each['position']}"
            name = f"The entry at position {each['position']}, version {number} of {stream},"
            if int(each["position"]) <= position:
                raise _Wrong("log-order", where, f"{name} is not in the order of the log.")
            position = int(each["position"])
            if number != int(str(last[stream]["version"] if stream in last else 0)) + 1 or number > lengths.get(stream, 0):  # fmt: skip
                raise _Wrong("entry-missing", where, f"{name} does not follow the one before it: something was cut out or put in.")  # fmt: skip
            if "fact" in each:
                self._check_fact(each, last.get(stream), where, name)
            proof = [bytes.fromhex(step) for step in each["proof"]]
            if not included(
                leaf_of(each["digest"]), position - 1, self.size, proof, bytes.fromhex(self.root)
            ):
                raise _Wrong("not-in-log", where, f"{name} is not shown to be in the log.")
            last[stream] = each
        for stream, length in lengths.items():
            seen = int(str(last[stream]["version"])) if stream in last else 0
            if seen != length:
                raise _Wrong("entry-missing", f"{stream}/{seen + 1}", f"Version {seen + 1} of {stream} is missing: its end was cut.")  # fmt: skip

    def _check_fact(self, each: Mapping[str, Any], before: Mapping[str, Any] | None, where: str, name: str) -> None:  # fmt: skip
        fact: Mapping[str, Any] = each["fact"]
        row = Row(**{**fact, "body": canonical(fact["body"]).decode(), "digest": ""})
        if (row.stream, row.version) != (each["stream"], each["version"]) or digest_of_row(row) != each[
            "digest"
        ]:
            raise _Wrong(
                "digest-differs", where, f"{name} is not the one that was written: its digest differs."
            )
        if row.previous != (before["digest"] if before else None):
            raise _Wrong("chain-broken", where, f"{name} does not cite the entry before it in its stream.")

    def check_signed(self) -> None:
        """Every body that is said to have agreed has signed this very plan, or a version that it holds to within limits."""
        facts = {(each["stream"], each["version"]): each["fact"] for each in self.log if "fact" in each}
        saved = [each for each in facts.values() if each["kind"] == "PlanVersionSaved"]
        if not any(each["body"]["plan"] == self.release["digest"] for each in saved):
            raise _Wrong(
                "not-saved", "release/digest", "No fact shows that this version of the plan was saved."
            )
        for kind, said in (("PlanAgreed", "parties"), ("PlanStageReached", "stages")):
            for number, each in enumerate(self.release[said]):
                where, fact = f"release/{said}/{number}", facts.get((each["stream"], each["version"]))
                digest = each.get("within_limits_of") or self.release["digest"]
                if fact is None or (fact["kind"], fact["on_behalf_of"], fact["body"]["plan"]) != (kind, each["body"], digest):  # fmt: skip
                    raise _Wrong(
                        "not-signed", where, f"No fact shows that {each['name']} has signed this plan."
                    )

    def check_earlier(self) -> None:
        """The log begins with every earlier checkpoint that is in the file."""
        for each in self.earlier:
            proof = [bytes.fromhex(step) for step in each["proof"]]
            if not consistent(each["size"], bytes.fromhex(each["root"]), self.size, proof, bytes.fromhex(self.root)):  # fmt: skip
                raise _Wrong("history-rewritten", f"log/{each['size']}", f"The log is not shown to begin with the {each['size']} entries of an earlier checkpoint.")  # fmt: skip

    def check_extends(self, known: "_Held") -> int:
        """The log goes on from that of an earlier release: nothing was cut, nothing is another."""
        if known.size > self.size:
            raise _Wrong("history-cut", f"log/{self.size + 1}", f"The log ends at position {self.size}, and the earlier release saw {known.size}: it was rolled back, or its end was cut.")  # fmt: skip
        ours = {each["position"]: each["digest"] for each in self.log}
        streams = {each["stream"] for each in self.log}
        for each in known.log:
            if each["stream"] in streams and ours.get(each["position"]) != each["digest"]:
                raise _Wrong("history-rewritten", f"log/{each['position']}", f"The entry at position {each['position']} is another than the earlier release has: history was rewritten.")  # fmt: skip
        roots = {each["size"]: each["root"] for each in self.earlier} | {self.size: self.root}
        if known.size not in roots:
            raise _Wrong("no-proof", f"log/{known.size}", f"The file holds no proof from a log of {known.size} entries. Give the release of this plan before it, or the one published last before it.")  # fmt: skip
        if roots[known.size] != known.root:
            raise _Wrong("history-rewritten", f"log/{known.size}", f"The first {known.size} entries are not those of the earlier release: history was rewritten.")  # fmt: skip
        return known.size
