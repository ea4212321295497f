"""A dossier is made of values alone: its files, the manifest that lists them, and one zip, to the byte the same each time."""

import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from carepool.basics.canonical import Digest, plain
from carepool.basics.refusals import Unusable
from carepool.journal.documents import Document
from carepool.journal.port import Sealed
from carepool.journal.verify import Checkpoint

LARGEST = 60_000_000
"""Bytes of all the files of one dossier: what can still be sent, and made in memory."""
MANIFEST = "manifest.json"
ENDINGS = {"application/json": "json", "application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}
EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The one time that every file in the zip bears: the earliest that a zip can."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a dossier."""

    path: str
    content: bytes
    what: str
    """What it is, in a sentence."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A fact in the log, with the proof that it is there."""

    entry: Sealed
    proof: tuple[bytes, ...]
    left_out: str = ""
    """Why only its digest is given; empty where all of it is."""


@dataclass(frozen=True, slots=True)
class Citing:
    """Where a fact names a document."""

    stream: str
    version: int
    field: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A document that is in the dossier, with its salt."""

    document: Document
    cited_by: tuple[Citing, ...]

    @property
    def path(self) -> str:
        """Its file."""
        ending = ENDINGS.get(self.document.media_type, "bin")
        return f"documents/{self.document.digest}.{ending}"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A document that is not in the dossier."""

    digest: Digest
    kind: str
    why: str


@dataclass(frozen=True, slots=True)
class Told:
    """All that a dossier says to a program; the pages for people are made beside it."""

    plan: str
    title: str
    boards: tuple[str, ...]
    mark: str
    """That it is illustrative, where it is."""
    version: int
    digest: Digest
    saved_at: datetime
    rules: Mapping[str, str]
    """Name, title and digest of the set of rules."""
    day: date
    checkpoint: Checkpoint
    content: Mapping[str, object]
    """The plan in JSON's shapes, with what is withheld."""
    earlier: tuple[Mapping[str, object], ...]
    """Of each version that a body agreed to within limits, its title and the sections that changed since."""
    withheld: tuple[str, ...]
    findings: Mapping[str, object]
    standing: Mapping[str, object]
    streams: Mapping[str, tuple[Shown, ...]]
    """The whole streams about the plan, by name."""
    uploads: bool
    """Whether no scan is left out because the dossier was asked for so."""
    offices: tuple[Shown, ...]
    """The facts of offices and delegations by which was signed."""
    documents: tuple[Kept, ...]
    left_out: tuple[LeftOut, ...]


def entries(told: Told) -> tuple[Entry, ...]:
    """The files that a program reads, the plan first."""
    return (
        json_entry(
            "dossier.json", _about(told), "Which version of which plan, as at when, under which rules"
        ),
        json_entry("plan/plan.json", told.content, "The plan, from which its digest can be worked out again"),
        json_entry(
            "plan/earlier.json",
            {"versions": list(told.earlier)},
            "What changed since the versions that bodies agreed to within limits, as it was then",
        ),
        json_entry("checks/findings.json", told.findings, "What the checks of the plan find"),
        json_entry("standing.json", told.standing, "Who has decided on this version, and who is awaited"),
        json_entry(
            "facts.json",
            {"facts": [_fact(each) for each in _in_order(told)]},
            "Every fact about the plan and its decisions in the order of the log, with the proof that it is there",
        ),
        json_entry(
            "checkpoint.json",
            told.checkpoint.as_data(),
            "How long the log of all facts was, and its Merkle root",
        ),
        json_entry(
            "documents/index.json", _index(told), "Every document with its salt, and what is left out and why"
        ),
        *(Entry(each.path, each.document.content, _cited(each)) for each in told.documents),
    )


def json_entry(path: str, data: object, what: str) -> Entry:
    """A file of JSON, written so that people can read it too."""
    text = json.dumps(plain(data), ensure_ascii=False, indent=1)
    return Entry(path, f"{text}\n".encode(), what)


def manifest_of(files: Iterable[Entry]) -> bytes:
    """The manifest: each file with its digest and its length. Its own SHA-256 names the dossier."""
    listed = [
        {
            "path": each.path,
            "sha256": sha256(each.content).hexdigest(),
            "bytes": len(each.content),
        }
        for each in files
    ]
    return json_entry(MANIFEST, {"files": listed}, "").content


def archive(files: Iterable[Entry]) -> bytes:
    """The dossier as a zip with its manifest. Unusable when it would be too large to hand on."""
    held = tuple(files)
    total = sum(len(each.content) for each in held)
    if total > LARGEST:
        raise Unusable(
            f"The dossier would hold {total / 1e6:,.0f} MB, and {LARGEST / 1e6:,.0f} MB are the most. "
            "Ask for it without uploads: each is then named by its digest, and can be handed on by itself."
        )
    manifest = manifest_of(held)
    whole = [
        Entry(MANIFEST, manifest, ""),
        Entry("manifest.sha256", f"{sha256(manifest).hexdigest()}  {MANIFEST}\n".encode(), ""),
        *held,
    ]
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as out:
        for each in whole:
            about = zipfile.ZipInfo(each.path, EARLIEST)
            about.create_system, about.external_attr = 3, 0o644 << 16
            about.compress_type = zipfile.ZIP_DEFLATED
            out.writestr(about, each.content)
    return made.getvalue()


def _about(told: Told) -> dict[str, object]:
    return {
        **({"mark": told.mark} if told.mark else {}),
        "plan": told.plan,
        "title": told.title,
        "boards": told.boards,
        "version": told.version,
        "digest": told.digest,
        "saved_at": told.saved_at,
        "rules": told.rules,
        "as_at": {"day": told.day, "position": told.checkpoint.size},
        "withheld": told.withheld,
        "streams": {stream: len(shown) for stream, shown in told.streams.items()},
        "offices": len(told.offices),
        "uploads": told.uploads,
    }


def _in_order(told: Told) -> list[Shown]:
    shown = [each for stream in told.streams.values() for each in stream] + list(told.offices)
    return sorted(shown, key=lambda each: each.entry.position)


def _fact(shown: Shown) -> dict[str, object]:
    row = shown.entry.row
    # A fact's digest is over all of it but the digest, which stands beside it.
    fact = {name: each for name, each in row._asdict().items() if name != "digest"}
    fact["body"] = json.loads(row.body)
    told = {"left_out": shown.left_out} if shown.left_out else {"fact": fact}
    return {
        "stream": row.stream,
        "version": row.version,
        "position": shown.entry.position,
        "digest": row.digest,
        **told,
        "proof": [step.hex() for step in shown.proof],
    }


def _index(told: Told) -> dict[str, object]:
    return {
        "documents": [
            {
                "digest": each.document.digest,
                "file": each.path,
                "kind": each.document.kind,
                "schema": each.document.schema,
                "salt": each.document.salt.hex(),
            }
            for each in told.documents
        ],
        "left_out": [
            {
                "digest": each.digest,
                "why": each.why,
            }
            for each in told.left_out
        ],
    }


def _cited(kept: Kept) -> str:
    by = ", ".join(f"version {each.version} of {each.stream}" for each in kept.cited_by)
    return f"A document ({kept.document.kind}) that is cited by {by}"
