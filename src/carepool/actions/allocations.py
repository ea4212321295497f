"""Official pounds, once loaded, are what counts: a file is kept as a document, and that it was loaded is a fact."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from carepool.allocation.indicative import Allocation
from carepool.allocation.official import OfficialPounds, read_official
from carepool.basics.canonical import Digest
from carepool.basics.findings import blocks
from carepool.basics.periods import LONDON, in_words
from carepool.basics.refusals import Refused, Unusable
from carepool.journal.commands import Decision, Done, Reading, perform
from carepool.journal.documents import Document
from carepool.journal.facts import Fact, NewFact
from carepool.journal.folding import Kind, Kinds
from carepool.journal.port import Journal
from carepool.places.england import Places
from carepool.rules.rulebook import RuleSet

KINDS = Kinds([Kind("AllocationLoaded", 1, cites=("document",))])
"""The kind of fact that this room owns; one of every shape ever written is kept in tests/facts."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A file of official pounds as it was recorded."""

    file: str
    document: Digest
    by: str
    at: datetime

    @property
    def source(self) -> str:
        """Where the pounds are from, as a page says it."""
        day = in_words(self.at.astimezone(LONDON).date())
        return f"{self.file}, loaded on {day} (document {self.document[:12]})"


def stream_of(rules: str) -> str:
    """The stream of a set's official pounds."""
    return f"allocation/{rules}"


def loaded(journal: Journal, rules: str, upto: int | None = None) -> tuple[Loaded, ...]:
    """Every file of official pounds that was loaded for a set of rules, in order; the last one counts."""
    return tuple(_loaded(KINDS.raised(fact)) for fact in journal.read(stream_of(rules), upto=upto))


def _loaded(fact: Fact) -> Loaded:
    return Loaded(str(fact.body["file"]), Digest(str(fact.body["document"])), fact.by, fact.at)


def official(journal: Journal, rules: RuleSet, places: Places, found: Loaded) -> Allocation:
    """The allocation that a loaded file holds. Unusable when its document was withdrawn or no longer fits the rules."""
    document = journal.document(found.document)
    if not isinstance(document, Document):
        raise Unusable(
            f"The official pounds of {rules.name} ({found.source}) were withdrawn. Load them again: carepool allocate."
        )
    read = read_official(found.file, document.content, rules, places)
    if blocks(read.findings):
        raise Unusable(
            f"The official pounds of {rules.name} ({found.source}) do not fit the rules as they now are: "
            f"{read.findings[0].says} Load a file that does: carepool allocate."
        )
    return Allocation(rules.name, False, read.streams, found.source)


def load_allocations(
    journal: Journal,
    rules: RuleSet,
    places: Places,
    file: str,
    content: bytes,
    *,
    by: str,
    clock: Callable[[], datetime],
) -> tuple[OfficialPounds, Done | Refused | None]:
    """Read, reconcile and record a file of official pounds; with a finding that blocks, nothing is recorded.

    The same file twice in a row is refused as no change. An earlier file stays where it is: only the last counts.
    """
    read = read_official(file, content, rules, places)
    if blocks(read.findings):
        return read, None
    document = Document("allocation", "text/csv", content)
    stream = stream_of(rules.name)

    def load(reading: Reading) -> tuple[Fact, ...]:
        return reading.read(stream)

    def decide(facts: tuple[Fact, ...]) -> Decision | Refused:
        if facts and _loaded(KINDS.raised(facts[-1])).document == document.digest:
            return Refused(f"These pounds are what {rules.name} has already; nothing was changed.")
        body = {
            "rules": rules.name, "rules_digest": rules.digest, "file": file, "document": document.digest,
            "pence": sum(each.found for each in read.reconciled),
        }  # fmt: skip
        return Decision((NewFact(stream, "AllocationLoaded", 1, body),), document.digest, (document,))

    request = {"action": "load_allocations", "rules": rules.name, "document": document.digest}
    key = f"allocate-{rules.name}-{journal.version(stream)}-{document.digest[:16]}"
    return read, perform(journal, decide, load=load, by=by, key=key, request=request, clock=clock)
