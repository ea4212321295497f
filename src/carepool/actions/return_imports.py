"""A workbook that is brought back into a return is recorded: its bytes, the receipt of what was read, and the fact that cites both.

What is filled in is no fact until it is put forward; that somebody brought a workbook, and what became of each cell, is.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from carepool.actions.house import House
from carepool.actions.importing import XLSX
from carepool.actions.permits import Actor
from carepool.actions.returning import keep_part, may_fill, return_of, working_of
from carepool.basics.canonical import Digest, canonical
from carepool.basics.findings import Finding
from carepool.basics.periods import Quarter
from carepool.basics.refusals import Refused
from carepool.journal.commands import Decision, Done, Reading, perform
from carepool.journal.documents import Document
from carepool.journal.facts import Fact, NewFact
from carepool.journal.folding import Kind, Kinds, fold
from carepool.plans.document import as_data
from carepool.plans.parts import Part
from carepool.returns.document import Return, merged, read_part, row_over

KINDS = Kinds([Kind("ReturnImported", cites=("workbook", "receipt"))])
ACCEPTED, REJECTED, IGNORED = "accepted", "rejected", "ignored"
NO_ROW = "the return has no row of it, or another row of the sheet below names the same"
OUTCOMES = (ACCEPTED, REJECTED, IGNORED)


@dataclass(frozen=True, slots=True)
class Cell:
    """What became of a cell that was seen."""

    sheet: str
    cell: str
    outcome: str
    """One of the outcomes: taken, not taken though it was to be read, or nothing that is read."""
    why: str = ""
    where: str = ""
    """Its place in the return, as in ``money/flows/3/actual``."""


@dataclass(frozen=True, slots=True)
class Brought:
    """A workbook as it was read."""

    workbook: bytes
    file: str
    """Its name, as whoever brings it calls it."""
    parts: Mapping[str, Mapping[str, object]]
    """What it says of each part, in JSON's shapes."""
    cells: tuple[Cell, ...]
    faults: tuple[Mapping[str, str], ...]
    by_map: str = ""
    """The digest of the map by which an issued template was read; empty for a workbook of ours."""


@dataclass(frozen=True, slots=True)
class Import:
    """A workbook that was brought back, as it was recorded."""

    workbook: Digest
    receipt: Digest
    parts: tuple[str, ...]
    """Those that it changed."""
    counts: Mapping[str, int]
    """How many cells came to what."""
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was told of a workbook that is in."""

    recorded: Mapping[str, object]
    """The digests of the workbook and of the receipt, as they are kept."""
    parts: tuple[str, ...]
    """Those that it changed."""
    findings: tuple[Finding, ...]
    """What of a part cannot be read, so that the part stays as it was."""


def stream_of(plan: str, quarter: Quarter) -> str:
    """The stream of what was brought into a return."""
    return f"return-imports/{plan}/{quarter}"


def imports(facts: Iterable[Fact]) -> tuple[Import, ...]:
    """Every workbook that was brought into a return, the first first."""

    def apply(held: tuple[Import, ...], fact: Fact) -> tuple[Import, ...]:
        body = fact.body
        parts, counts = body["parts"], body["counts"]
        assert isinstance(parts, list)  # noqa: S101  (written so below)
        assert isinstance(counts, Mapping)  # noqa: S101  (written so below)
        made = Import(
            Digest(str(body["workbook"])), Digest(str(body["receipt"])), tuple(map(str, parts)),
            {each: int(str(counts[each])) for each in OUTCOMES}, fact.by, fact.at,
        )  # fmt: skip
        return (*held, made)

    none: tuple[Import, ...] = ()
    return fold(facts, none, apply, KINDS)


def imports_of(house: House, plan: str, quarter: Quarter, upto: int | None = None) -> tuple[Import, ...]:
    """The workbooks that were brought into a return, by a position."""
    return imports(house.journal.read(stream_of(plan, quarter), upto=upto))


def receipt_of(house: House, made: Import) -> Mapping[str, object] | None:
    """The receipt of a workbook; None where it was withdrawn."""
    kept = house.journal.document(made.receipt)
    found = json.loads(kept.content) if isinstance(kept, Document) else None
    return found if isinstance(found, Mapping) else None


def bring_back(house: House, actor: Actor, plan: str, quarter: Quarter, brought: Brought) -> Receipt | Refused:  # fmt: skip
    """Keep what a workbook says over what stands in the return, and record it with its receipt.

    What the rules of the quarter do not ask for is passed over. Refused for who may not fill the return in, and once it is closed.
    """
    found = return_of(house, plan, quarter)
    allowed = may_fill(house, found, actor.account)
    if isinstance(allowed, Refused):
        return allowed
    if found.filed.closed:
        return Refused("The return is closed. Nothing in it is changed any more.")
    now = working_of(house, found).content
    changed: dict[str, Part] = {}
    findings: list[Finding] = []
    for name, data in brought.parts.items():
        if found.asking.asks(name):
            part, wrong = read_part(name, merged(name, now.part(name), data))
            findings += wrong
            if part is not None and part != now.part(name):
                changed[name] = part
    cells = tuple(_told(each, now, brought.parts, findings) for each in brought.cells)
    done = _record(house, actor, (plan, quarter), brought, cells, changed, findings)
    if not done.again:
        for name, part in changed.items():
            kept = keep_part(house, actor, plan, quarter, name, as_data(part), "")
            if isinstance(kept, Refused):
                return kept
    answer = done.answer if isinstance(done.answer, Mapping) else {}
    return Receipt(answer, tuple(changed), tuple(findings))


def _told(
    cell: Cell, now: Return, parts: Mapping[str, Mapping[str, object]], findings: list[Finding]
) -> Cell:
    """A cell with its place in the return. Not taken: one of a part that cannot be read as a whole, or of a row that the return has not."""
    if cell.outcome != ACCEPTED:
        return cell
    name, key, *rest = cell.where.split("/")
    wrong = next((each for each in findings if each.where.partition("/")[0] == name), None)
    if wrong:
        return replace(cell, outcome=REJECTED, why=f"{wrong.says} The part stays as it was.")
    if not rest:
        return cell
    row = row_over(name, now.part(name), parts[name], key, int(rest[0]))
    if row is None:
        return replace(cell, outcome=REJECTED, why=NO_ROW, where="")
    return replace(cell, where="/".join([name, key, str(row), *rest[1:]]))


def _record(
    house: House, actor: Actor, of: tuple[str, Quarter], brought: Brought, cells: tuple[Cell, ...],
    changed: Mapping[str, Part], findings: list[Finding],
) -> Done:  # fmt: skip
    plan, quarter = of
    counts = {outcome: sum(each.outcome == outcome for each in cells) for outcome in OUTCOMES}
    kept = Document("workbook", XLSX, brought.workbook, house.salt())
    content = {
        "file": brought.file, "plan": plan, "quarter": str(quarter), "workbook": kept.digest, "map": brought.by_map or None,
        "counts": counts, "cells": [_cell(each) for each in cells], "faults": list(brought.faults),
        "findings": [each.as_data() for each in findings], "kept": {name: as_data(part) for name, part in changed.items()},
    }  # fmt: skip
    told = Document("return-receipt", "application/json", canonical(content), house.salt())
    stream = stream_of(plan, quarter)
    body = {"workbook": kept.digest, "receipt": told.digest, "parts": list(changed), "counts": counts}

    def load(reading: Reading) -> int:
        return reading.version(stream)

    def decide(_: int) -> Decision:
        fact = NewFact(stream, "ReturnImported", 1, body)
        return Decision((fact,), {"workbook": kept.digest, "receipt": told.digest}, (kept, told))

    # What is asked is to bring these bytes back; salts differ each time, and so are not part of the request.
    request = {
        "action": "import_return", "plan": plan, "quarter": str(quarter),
        "workbook": Document("workbook", XLSX, brought.workbook).digest,
    }  # fmt: skip
    done = perform(
        house.journal, decide, load=load, by=actor.account, key=actor.key, request=request, clock=house.clock
    )
    assert isinstance(done, Done)  # noqa: S101  (the decision above refuses nothing)
    return done


def _cell(each: Cell) -> dict[str, str]:
    told = {"sheet": each.sheet, "cell": each.cell, "outcome": each.outcome, "why": each.why, "where": each.where}  # fmt: skip
    return {name: text for name, text in told.items() if text}
