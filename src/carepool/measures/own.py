"""Measures that a board defines itself: versioned, and counted only once somebody else has checked exactly that wording."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from carepool.basics.canonical import Digest
from carepool.basics.findings import Finding
from carepool.basics.refusals import Refused
from carepool.journal.facts import Fact, NewFact
from carepool.journal.folding import Kind, Kinds, fold
from carepool.measures.monthly import after
from carepool.rules.measuring import Definition, OwnDefinition
from carepool.rules.parse import typed
from carepool.rules.text import Lines

KINDS = Kinds(
    [
        Kind("MeasureDefined", 1, cites=("document",)),
        Kind("MeasureChecked", 1),
        Kind("MeasureFiguresLoaded", 1, cites=("document", "upload")),
    ]
)
"""The kinds of fact that this room owns; one of every shape ever written is kept in tests/facts."""
MOST_VERSIONS = 100
"""Versions of one measure beyond which no more are taken in."""
MOST_FILES = 500
"""Files of figures of one measure beyond which no more are taken in."""
REVIEWED_EVERY = 12
"""Months after which a checked wording is due to be looked at again, as with every measure that ships."""


@dataclass(frozen=True, slots=True)
class OwnVersion:
    """One wording of a measure."""

    document: Digest
    number: int
    first: date
    """The day from which it holds."""
    by: str
    at: datetime
    checked_by: str = ""
    checked_at: datetime | None = None

    @property
    def review_by(self) -> date | None:
        """The day by which a checked wording is looked at again; None where nobody has checked it."""
        if self.checked_at is None:
            return None
        return date.fromisoformat(f"{after(self.checked_at.date().isoformat()[:7], REVIEWED_EVERY)}-01")


@dataclass(frozen=True, slots=True)
class OwnFigures:
    """Figures that were loaded for a measure; those loaded later stand in the place of earlier ones of the same period."""

    document: Digest
    upload: Digest
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class OwnMeasure:
    """A measure of a board's own, with its versions in order."""

    id: str
    versions: tuple[OwnVersion, ...]
    figures: tuple[OwnFigures, ...] = ()
    """In the order in which they were loaded."""

    @property
    def waiting(self) -> OwnVersion | None:
        """The last version, where nobody has checked it."""
        return None if self.versions[-1].checked_by else self.versions[-1]

    def on(self, day: date) -> OwnVersion | None:
        """The checked version that holds on a day; None where there is none."""
        held = [each for each in self.versions if each.checked_by and each.first <= day]
        return max(held, key=lambda each: (each.first, each.number)) if held else None


def stream_of(board: str) -> str:
    """The stream of a board's own measures."""
    return f"measures/{board}"


def own_measures(facts: Iterable[Fact]) -> Mapping[str, OwnMeasure]:
    """The measures that the facts of a board's stream come to, by their ids."""

    def apply(held: dict[str, OwnMeasure], fact: Fact) -> dict[str, OwnMeasure]:
        name = str(fact.body["measure"])
        before = held.get(name, OwnMeasure(name, ()))
        if fact.kind == "MeasureDefined":
            made = OwnVersion(
                Digest(str(fact.body["document"])), len(before.versions) + 1,
                date.fromisoformat(str(fact.body["first"])), fact.by, fact.at,
            )  # fmt: skip
            return held | {name: replace(before, versions=(*before.versions, made))}
        if fact.kind == "MeasureFiguresLoaded":
            document, upload = Digest(str(fact.body["document"])), Digest(str(fact.body["upload"]))
            loaded = OwnFigures(document, upload, fact.by, fact.at)
            return held | {name: replace(before, figures=(*before.figures, loaded))}
        versions = tuple(
            replace(each, checked_by=fact.by, checked_at=fact.at)
            if each.document == fact.body["document"] and not each.checked_by
            else each
            for each in before.versions
        )
        return held | {name: replace(before, versions=versions)}

    none: dict[str, OwnMeasure] = {}
    return fold(facts, none, apply, KINDS)


def read_own(content: Mapping[str, object]) -> tuple[OwnDefinition | None, list[Finding]]:
    """A definition as it was typed, or None with every fault, named by its field."""
    return typed("measure", OwnDefinition, dict(content), Lines())


def may_define(
    own: OwnDefinition,
    held: Mapping[str, OwnMeasure],
    last: OwnDefinition | None,
    known: Iterable[Definition],
) -> Refused | None:
    """Why a definition is not taken in: it is a national measure's name, or the same wording again, or begins too early.

    ``last`` is the wording that stands now, where there is one.
    """
    for each in known:
        if own.id == each.id or own.title.casefold() == each.title.casefold():
            return Refused(f"“{each.title}” is a measure of everybody's, by the name {each.id}. Give yours another name and title.")  # fmt: skip
    before = held.get(own.id)
    if last == own:
        return Refused("This is the definition that stands already, word for word. Change it, or leave it.")
    if before and own.since < before.versions[-1].first:
        return Refused(f"A new version holds from {before.versions[-1].first.isoformat()} at the earliest: figures counted by the version before keep it.")  # fmt: skip
    if before and len(before.versions) >= MOST_VERSIONS:
        return Refused(f"“{own.title}” has {MOST_VERSIONS} versions. Define another measure.")
    return None


def may_check(held: Mapping[str, OwnMeasure], measure: str, document: str, account: str) -> Refused | None:
    """Why a check is not taken in: no such wording waits, or whoever checks defined it."""
    found = held.get(measure)
    version = next((each for each in found.versions if each.document == document), None) if found else None
    if found is None or version is None:
        return Refused("There is no such wording of this measure. Look at it again.")
    if version.checked_by:
        return Refused("Somebody has checked this wording already.")
    if version is not found.versions[-1]:
        return Refused("A newer wording has taken its place. Check that one.")
    if version.by == account:
        return Refused("You defined it. A second person checks it, as with every measure.")
    return None


def may_load(held: Mapping[str, OwnMeasure], measure: str) -> Refused | None:
    """Why figures are not taken in: there is no such measure, or nobody has checked any wording of it."""
    found = held.get(measure)
    if found is None:
        return Refused("There is no such measure of the board's own. Define it first.")
    if not any(each.checked_by for each in found.versions):
        return Refused(
            "Nobody has checked the definition yet. Let a second person check it, then load figures."
        )
    if len(found.figures) >= MOST_FILES:
        return Refused(f"{MOST_FILES} files of figures are held of this measure. Define another measure.")
    return None


def defined(board: str, own: OwnDefinition, document: Digest, body: str) -> NewFact:
    """The fact that a wording of a measure was laid down."""
    content = {"measure": own.id, "document": document, "first": own.since}
    return NewFact(stream_of(board), "MeasureDefined", 1, content, effective_on=own.since, on_behalf_of=body)


def checked(board: str, measure: str, document: str, body: str) -> NewFact:
    """The fact that somebody else read a wording, and it counts."""
    return NewFact(stream_of(board), "MeasureChecked", 1, {"measure": measure, "document": document}, on_behalf_of=body)  # fmt: skip


def figures_loaded(board: str, measure: str, document: Digest, upload: Digest, body: str) -> NewFact:
    """The fact that figures were loaded, with the file that they were read from."""
    content = {"measure": measure, "document": document, "upload": upload}
    return NewFact(stream_of(board), "MeasureFiguresLoaded", 1, content, on_behalf_of=body)
