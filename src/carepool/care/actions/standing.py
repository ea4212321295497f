"""What a person said of the use of their record: consent, objection, and the national data opt-out."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import cast

from carepool.journal.facts import Fact, NewFact
from carepool.journal.folding import Kind, Kinds, fold
from carepool.rules.sharing import ConsentWord, ObjectionWord

KINDS = Kinds([Kind("RightsRecorded"), Kind("IdentityCorrected")])

OBJECTIONS: dict[ObjectionWord, str] = {
    "none": "No objection",
    "care": "Objects to being seen for care by whoever is not asked first",
    "beyond_care": "Objects to any use beyond care",
}
CONSENTS: dict[ConsentWord, str] = {
    "not_asked": "Not asked yet",
    "given": "Agrees that those who work with them see what they need",
    "refused": "Does not agree",
    "no_capacity": "Cannot decide it: decided in their best interests, and recorded",
}


@dataclass(frozen=True, slots=True)
class Rights:
    """What stands now."""

    objection: ObjectionWord = "none"
    consent: ConsentWord = "not_asked"
    opted_out: bool = False
    corrected: tuple[Fact, ...] = ()
    """Corrections of who the person is: which fields, by whom and when, never what stood there."""


def stream_of(person: str) -> str:
    """The stream of what a person said of the use of their record."""
    return f"rights/{person}"


def rights_recorded(person: str, rights: Rights) -> NewFact:
    """The fact that a person said this."""
    body = {"objection": rights.objection, "consent": rights.consent, "opted_out": rights.opted_out}
    return NewFact(stream_of(person), "RightsRecorded", 1, body)


def identity_corrected(person: str, fields: Iterable[str]) -> NewFact:
    """The fact that some fields of who a person is were put right."""
    return NewFact(stream_of(person), "IdentityCorrected", 1, {"fields": sorted(fields)})


def rights_of(facts: Iterable[Fact]) -> Rights:
    """What the facts come to."""
    return fold(facts, Rights(), _apply, KINDS)


def _apply(rights: Rights, fact: Fact) -> Rights:
    if fact.kind == "IdentityCorrected":
        return replace(rights, corrected=(*rights.corrected, fact))
    return replace(
        rights,
        objection=cast("ObjectionWord", fact.body["objection"]),
        consent=cast("ConsentWord", fact.body["consent"]),
        opted_out=bool(fact.body["opted_out"]),
    )
