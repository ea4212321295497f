"""Imports a workbook into somebody's drafts, and gives a receipt in which every row and cell that was seen is accounted for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from carepool.actions.editing import editing, keep_draft, section_base
from carepool.actions.house import House
from carepool.actions.importing import record_import
from carepool.actions.permits import Actor
from carepool.actions.planning import PlanView, begun, content_of, view
from carepool.basics.refusals import Refused, Unusable
from carepool.plans.document import Part, Plan, as_data, read_section
from carepool.workbooks.cells import Place, reference
from carepool.workbooks.checking import Checked
from carepool.workbooks.contents import Contents
from carepool.workbooks.faults import Fault
from carepool.workbooks.layout import LAYOUT
from carepool.workbooks.merging import Conflict, Merged, Verdict, merge_section
from carepool.workbooks.origin import Origin
from carepool.workbooks.reading import Book


@dataclass(frozen=True, slots=True)
class Line:
    """What became of a cell or a row that was seen."""

    sheet: str
    at: str
    """A cell like ``D12``, or a row like ``12``."""
    outcome: str
    """``accepted``, ``rejected`` or ``ignored``."""
    why: str
    where: str = ""
    """For a cell that was accepted: the locator of its place in the draft."""


@dataclass(slots=True)
class Receipt:
    """Everything that was seen in a workbook, and what became of it."""

    file: str = ""
    """The workbook's name, as whoever brought it calls it."""
    cells: list[Line] = field(default_factory=list)
    rows: list[Line] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    removed: list[tuple[str, str]] = field(default_factory=list)
    sections: list[str] = field(default_factory=list)
    """Those whose draft it changed."""

    def counts(self) -> dict[str, int]:
        """How many cells came to what."""
        return {outcome: sum(line.outcome == outcome for line in self.cells) for outcome in ("accepted", "rejected", "ignored")}  # fmt: skip

    def as_data(self) -> dict[str, object]:
        """In the shapes of JSON."""

        def lines(kind: str, each: Iterable[Line]) -> list[dict[str, str]]:
            told = ({"sheet": line.sheet, kind: line.at, "outcome": line.outcome, "why": line.why, "where": line.where} for line in each)  # fmt: skip
            return [{key: value for key, value in line.items() if value} for line in told]

        return {
            "file": self.file,
            "layout": LAYOUT,
            "counts": self.counts(),
            "sections": self.sections,
            "rows": lines("row", self.rows),
            "cells": lines("cell", self.cells),
            "conflicts": [
                {"where": each.where, "sheet": each.place[0], "cell": reference(*each.place[1:]), "exported": each.base, "workbook": each.mine, "now": each.theirs}
                for each in self.conflicts
            ],
            "removed": [{"row": row, "outcome": outcome} for row, outcome in self.removed],
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Imported:
    """An import that was carried out."""

    plan: str
    receipt: Receipt
    checked: Checked
    documents: Mapping[str, object]
    """The digests of the workbook and of the receipt, as they are kept."""


def import_workbook(
    house: House, actor: Actor, content: bytes, book: Book, checked: Checked, plan: str = "", *, mapped: bool = False, file: str = ""
) -> Imported | Refused:  # fmt: skip
    """Merge a workbook into the drafts of an account, and record it. Nothing is saved as a version.

    Unusable for a workbook of no plan that is held here; refused for who may not edit the plan.
    """
    address = plan or checked.origin.plan
    if not address:
        raise Unusable("The workbook was exported before there was a plan. Start the plan, then name it: --plan ADDRESS.")  # fmt: skip
    found = view(house, address)
    if found.rules.name != checked.origin.rules:
        raise Unusable(f"The workbook is of the rules {checked.origin.rules}, and the plan {address} of {found.rules.name}. Export it again.")  # fmt: skip
    allowed = editing(house, found, actor)
    if isinstance(allowed, Refused):
        return allowed
    base = base_of(house, found, checked.origin, mapped=mapped)
    merged, drafts, unmerged = _merge(house, found, actor, checked.contents, base)
    receipt = account(book, checked.contents, merged, unmerged)
    receipt.file, receipt.sections = file, list(drafts)
    done = record_import(
        house, actor, address, content, receipt.as_data(), base=checked.origin.version,
        drafted={name: data for name, (data, _) in drafts.items()}, counts=receipt.counts(),
    )  # fmt: skip
    if not done.again:
        for section, (data, digest) in drafts.items():
            keep_draft(house, actor, address, section, data, digest)
    documents = done.answer if isinstance(done.answer, Mapping) else {}
    return Imported(address, receipt, checked, documents)


def base_of(house: House, found: PlanView, made_from: Origin, *, mapped: bool = False) -> Plan | None:
    """The plan that a workbook was exported from; None where it is not held, and then every difference is a conflict.

    A template that does not say of which plan it was filled was filled by nobody knows whom, from nobody knows what.
    """
    if made_from.plan != found.history.id and (mapped or made_from.plan):
        return None
    if not made_from.version:
        return begun(house, found.history, found.area)
    held = found.history.with_digest(made_from.version)
    return content_of(house, held) if held else None


def _merge(
    house: House, found: PlanView, actor: Actor, contents: Contents, base: Plan | None
) -> tuple[dict[str, Merged], dict[str, tuple[object, str]], dict[str, str]]:  # fmt: skip
    """Each section merged with the account's own draft, or else with the plan as it is; the drafts to keep; and what cannot be."""
    own = {draft.section: draft for draft in house.drafts.of_editor(found.history.id, actor.account)}
    merged: dict[str, Merged] = {}
    drafts: dict[str, tuple[object, str]] = {}
    unmerged: dict[str, str] = {}
    for name, section in contents.sections.items():
        draft = own.get(name)
        theirs: Part | None = found.plan.section(name)
        if draft:
            theirs, _ = read_section(name, draft.content)
        if theirs is None:
            unmerged[name] = "your draft of this section has something that cannot be read; correct it or drop it first"  # fmt: skip
            continue
        was = as_data(base.section(name)) if base else None
        made = merge_section(section, was, as_data(theirs))
        part, findings = read_section(name, made.content)
        if part is None:
            unmerged[name] = f"merged with what others wrote it cannot be read: {findings[0].says}"
            continue
        merged[name] = made
        if part != theirs:
            drafts[name] = (as_data(part), draft.base if draft else section_base(found, name))
    return merged, drafts, unmerged


def account(book: Book, contents: Contents, merged: Mapping[str, Merged], unmerged: Mapping[str, str]) -> Receipt:  # fmt: skip
    """What became of every cell and every row of a workbook."""
    receipt = Receipt()
    verdicts: dict[Place, Verdict] = {}
    for made in merged.values():
        verdicts |= made.verdicts
        receipt.conflicts += made.conflicts
        receipt.removed += made.removed
    stuck = {place: why for name, why in unmerged.items() for place in contents.sections[name].places.values()}  # fmt: skip
    for page in book.sheets:
        for number in sorted(page.rows):
            lines = []
            for cell in page.rows[number].values():
                how, why = contents.found.claim(cell)
                outcome = "ignored"
                if how == "read":
                    outcome, why = _outcome(cell.place, contents.faulty, verdicts, stuck.get(cell.place, ""))
                where = verdicts[cell.place].where if outcome == "accepted" else ""
                lines.append(Line(page.name, cell.ref, outcome, why, where))
            receipt.cells += lines
            receipt.rows.append(_row(page.name, number, lines))
    return receipt


def _outcome(place: Place, faulty: Mapping[Place, Fault], verdicts: Mapping[Place, Verdict], unmerged: str) -> tuple[str, str]:  # fmt: skip
    if place in faulty:
        return "rejected", faulty[place].says
    if unmerged:
        return "rejected", unmerged
    if place in verdicts:
        found = verdicts[place]
        return "accepted" if found.accepted else "rejected", found.why
    return "rejected", "another cell of its row cannot be read, without which the row is none"


def _row(sheet: str, number: int, lines: list[Line]) -> Line:
    """A row is rejected where a cell of it is, accepted where one is, and else ignored."""
    for outcome in ("rejected", "accepted", "ignored"):
        for line in lines:
            if line.outcome == outcome:
                return Line(sheet, str(number), outcome, line.why)
    raise AssertionError("a row that was seen has a cell")
