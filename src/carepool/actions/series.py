"""Loads published series into the journal: a vintage is a document, and the fact that it was loaded."""

from collections.abc import Callable, Mapping
from datetime import datetime

from carepool.actions.england import SOURCES, England, read_england, read_sources
from carepool.basics.canonical import Digest
from carepool.basics.refusals import Unusable
from carepool.journal.commands import Decision, Done, Reading, perform
from carepool.journal.documents import Document
from carepool.journal.facts import Fact, NewFact
from carepool.journal.folding import Kind, Kinds, fold
from carepool.journal.port import Journal

STREAM = "series/england"
KINDS = Kinds([Kind("SeriesLoaded", 1, cites=("document",))])
"""The kinds of fact that this room owns; one of every shape ever written is kept in tests/facts."""

Vintage = Mapping[str, Digest]
"""The document that each file was last loaded from."""


def vintage(facts: tuple[Fact, ...]) -> Vintage:
    """The files loaded, each with its latest document."""

    def apply(held: dict[str, Digest], fact: Fact) -> dict[str, Digest]:
        return held | {str(fact.body["file"]): Digest(str(fact.body["document"]))}

    held: dict[str, Digest] = {}
    return fold(facts, held, apply, KINDS)


def load_england(
    journal: Journal, files: Mapping[str, bytes], *, by: str, clock: Callable[[], datetime]
) -> tuple[str, ...]:
    """Load the files that differ from what is held, all of them or none, and return their names.

    Everything is verified first (Unusable otherwise). Loading the same files again writes nothing.
    """
    england = read_england(files)
    documents = {
        name: Document("data-vintage", "text/csv" if name.endswith(".csv") else "application/json", content)
        for name, content in files.items()
        if name == SOURCES or any(source.file == name for source in read_sources(files))
    }
    about = {source.file: source for source in england.sources}

    def load(reading: Reading) -> Vintage:
        return vintage(reading.read(STREAM))

    def decide(held: Vintage) -> Decision:
        changed = sorted(name for name, document in documents.items() if held.get(name) != document.digest)
        facts = tuple(
            NewFact(
                STREAM,
                "SeriesLoaded",
                1,
                {
                    "file": name,
                    "document": documents[name].digest,
                    "rows": about[name].rows if name in about else len(about),
                    "source": about[name].source if name in about else "carepool",
                    "licence": about[name].licence if name in about else "Open Government Licence v3.0",
                },
            )
            for name in changed
        )
        return Decision(facts, changed, tuple(documents[name] for name in changed))

    version = journal.version(STREAM)
    if not decide(vintage(journal.read(STREAM))).facts:
        return ()
    done = perform(
        journal, decide, load=load, by=by, key=f"load-{version}-{england.digest[:16]}",
        request={name: document.digest for name, document in documents.items()}, clock=clock,
    )  # fmt: skip
    assert isinstance(done, Done)  # noqa: S101 (the decision above refuses nothing)
    return tuple(str(fact.body["file"]) for fact in done.facts)


def held_england(journal: Journal, upto: int | None = None) -> England:
    """England from what the journal holds, at a position or now. Unusable when nothing is loaded or a document is gone."""
    files = held_files(journal, upto)
    if not files:
        raise Unusable("England has not been loaded into this database. Run: carepool prepare.")
    return read_england(files)


def held_files(journal: Journal, upto: int | None = None) -> dict[str, bytes]:
    """The files of England that the journal holds, by name. Unusable when a document is gone."""
    files, digests = {}, vintage(journal.read(STREAM, upto=upto))
    held = journal.kept(digests.values())
    for name, digest in digests.items():
        document = held.get(digest)
        if not isinstance(document, Document):
            raise Unusable(
                f"england/{name} is no longer in the database. Load England again: carepool prepare."
            )
        files[name] = document.content
    return files
