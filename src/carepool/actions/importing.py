"""An import of a workbook into drafts is recorded: the workbook, the receipt, and the fact that cites both.

What is drafted is no fact; that somebody brought a workbook, and what became of each cell in it, is.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from carepool.actions.house import House
from carepool.actions.permits import Actor
from carepool.basics.canonical import Digest, canonical
from carepool.journal.commands import Decision, Done, Reading, perform
from carepool.journal.documents import Document
from carepool.journal.facts import Fact, NewFact
from carepool.journal.folding import Kind, Kinds, fold

KINDS = Kinds([Kind("PlanImported", 1, cites=("workbook", "receipt"))])
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Import:
    """An import as it was recorded."""

    plan: str
    base: str
    """The digest of the version that the workbook was exported from; empty before the first."""
    workbook: Digest
    receipt: Digest
    sections: tuple[str, ...]
    """Those that it changed in the drafts."""
    by: str
    at: datetime


def stream_of(plan: str) -> str:
    """The stream of a plan's imports."""
    return f"imports/{plan}"


def imports(facts: Iterable[Fact]) -> tuple[Import, ...]:
    """All imports into a plan, the first first."""

    def apply(held: tuple[Import, ...], fact: Fact) -> tuple[Import, ...]:
        body = fact.body
        sections = body["sections"]
        assert isinstance(sections, list)  # noqa: S101  (written so by record_import)
        made = Import(
            str(body["plan"]), str(body["base"]), Digest(str(body["workbook"])), Digest(str(body["receipt"])),
            tuple(map(str, sections)), fact.by, fact.at,
        )  # fmt: skip
        return (*held, made)

    none: tuple[Import, ...] = ()
    return fold(facts, none, apply, KINDS)


def record_import(
    house: House,
    actor: Actor,
    plan: str,
    workbook: bytes,
    receipt: Mapping[str, object],
    *,
    base: str,
    drafted: Mapping[str, object],
    counts: Mapping[str, int],
) -> Done:
    """Keep the workbook and its receipt, and record that it was imported.

    The receipt cites the workbook, and holds each section as it was drafted: by that a figure is told from one typed later.
    """
    kept = Document("workbook", XLSX, workbook, house.salt())
    content = {**receipt, "workbook": kept.digest, "drafted": drafted}
    told = Document("import-receipt", "application/json", canonical(content), house.salt())
    body = {
        "plan": plan, "base": base, "workbook": kept.digest, "receipt": told.digest, "sections": list(drafted),
        "counts": dict(counts),
    }  # fmt: skip

    def load(reading: Reading) -> int:
        return reading.version(stream_of(plan))

    def decide(_: int) -> Decision:
        fact = NewFact(stream_of(plan), "PlanImported", 1, body)
        return Decision((fact,), {"workbook": kept.digest, "receipt": told.digest}, (kept, told))

    # What is asked is to import these bytes; salts differ each time, and so are not part of the request.
    request = {
        "action": "import_workbook",
        "plan": plan,
        "workbook": Document("workbook", XLSX, workbook).digest,
    }
    done = perform(
        house.journal, decide, load=load, by=actor.account, key=actor.key, request=request, clock=house.clock
    )
    assert isinstance(done, Done)  # noqa: S101  (the decision above refuses nothing)
    return done
