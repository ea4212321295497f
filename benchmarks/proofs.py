"""Verifying a log of a million entries: every digest, every chain, every place, and the Merkle root against a checkpoint."""

from collections.abc import Iterator
from datetime import UTC, datetime
from time import process_time

from benchmarks.measuring import Figure
from carepool.basics.canonical import Digest
from carepool.journal.documents import Document, Withdrawn
from carepool.journal.facts import Last, NewFact, row_of
from carepool.journal.merkle import (
    Growing,
    consistency_proof,
    consistent,
    included,
    inclusion_proofs,
    leaf_of,
)
from carepool.journal.port import Sealed
from carepool.journal.verify import Checkpoint, verify

ENTRIES = 1_000_000
STREAMS = 1_500
AT = datetime(2015, 1, 1, tzinfo=UTC)
STAMP = "2015-01-01T00:00:00.000000Z"
CHUNK = 10_000


class _Made:
    """A log that is made a few thousand entries at a time; ``making`` is the time that this took, which is not verifying."""

    def __init__(self) -> None:
        self.making = 0.0
        self.leaves: list[bytes] = []

    def seal(self) -> int:
        """All of it is sealed."""
        return ENTRIES

    def sealed(self, after: int = 0, limit: int | None = None) -> Iterator[Sealed]:
        """The entries by position."""
        last: dict[str, Last] = {}
        for first in range(after, limit or ENTRIES, CHUNK):
            before = process_time()
            chunk = [self._entry(first + number, last) for number in range(CHUNK)]
            self.making += process_time() - before
            yield from chunk

    def _entry(self, number: int, last: dict[str, Last]) -> Sealed:
        new = NewFact(f"plan/{number % STREAMS}", "PlanSaved", 1, {"plan": "5f" * 32, "section": "schemes", "pence": number})  # fmt: skip
        row = row_of(new, new.content(), last.get(new.stream), "benchmark", STAMP)
        last[row.stream] = Last(row.version, row.at, row.digest)
        self.leaves.append(leaf_of(Digest(row.digest)))
        return Sealed(number + 1, AT, row)

    def strays(self) -> tuple[tuple[str, int], ...]:
        """None."""
        return ()

    def documents(self) -> Iterator[tuple[Digest, Document | Withdrawn | None]]:
        """None: what is measured is the log."""
        return iter(())


def measure() -> list[Figure]:
    """The figures."""
    log = _Made()
    found = verify(log, checkpoint=Checkpoint(1, "0" * 64))  # type: ignore[arg-type]
    assert [each.code for each in found.findings] == ["history-rewritten"], "a wrong checkpoint shows at once"
    log = _Made()
    before = process_time()
    found = verify(log)  # type: ignore[arg-type]
    took = process_time() - before - log.making
    assert found.clean
    assert found.facts == ENTRIES
    figures = [
        Figure(
            "Proofs: verify a log, a million entries",
            took,
            "s",
            1,
            bound=15.0,
            note="of one processor: digests, chains, root",
        )
    ]
    growing, before = Growing(), process_time()
    for leaf in log.leaves:
        growing.add(leaf)
    figures.append(Figure("… its root from the leaves alone", process_time() - before, "s", 1))
    root = growing.root()
    assert root.hex() == found.head.root
    before = process_time()
    proofs = inclusion_proofs(log.leaves, [0, ENTRIES // 3, ENTRIES - 1])
    figures.append(Figure("… three proofs that an entry is in it, made", process_time() - before, "s", 1))
    assert all(included(log.leaves[at], at, ENTRIES, proof, root) for at, proof in proofs.items())
    before = process_time()
    proof = consistency_proof(log.leaves, ENTRIES // 3)
    figures.append(
        Figure("… a proof that it began with a third of it, made", process_time() - before, "s", 1)
    )
    earlier = Growing()
    for leaf in log.leaves[: ENTRIES // 3]:
        earlier.add(leaf)
    assert consistent(ENTRIES // 3, earlier.root(), ENTRIES, proof, root)
    return figures
