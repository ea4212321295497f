"""Exceptions from a rule: of which rule, for which body, by whom and until when; why stands in a document."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from carepool.basics.canonical import Digest
from carepool.basics.periods import parse_date
from carepool.journal.facts import Fact, NewFact
from carepool.journal.folding import Kind, Kinds, fold

KINDS = Kinds([Kind("WaiverGranted", 1, cites=("words",))])
STREAM = "waivers/national"


@dataclass(frozen=True, slots=True)
class Waiver:
    """One exception, as it was granted."""

    number: int
    rule: str
    """The file of the rules that it is from, like ``decision-making/procedure``."""
    body: str
    """Whom it is for."""
    words: Digest
    """The document that says why."""
    granter: str
    """The body in whose name it was granted."""
    office: str
    first: date
    until: date
    """Its last day."""

    def on(self, day: date) -> bool:
        """Whether it stands on a day."""
        return self.first <= day <= self.until


def waivers_in(facts: Iterable[Fact]) -> tuple[Waiver, ...]:
    """Every exception, in the order of granting."""

    def apply(held: tuple[Waiver, ...], fact: Fact) -> tuple[Waiver, ...]:
        said: Mapping[str, object] = fact.body
        made = Waiver(
            len(held) + 1, str(said["rule"]), str(said["body"]), Digest(str(said["words"])), str(fact.on_behalf_of),
            str(said["office"]), parse_date(str(said["from"])), parse_date(str(said["until"])),
        )  # fmt: skip
        return (*held, made)

    none: tuple[Waiver, ...] = ()
    return fold(facts, none, apply, KINDS)


def grant(rule: str, body: str, words: str, granter: str, office: str, first: date, until: date) -> NewFact:
    """The fact that an exception is granted."""
    said = {"rule": rule, "body": body, "words": words, "office": office, "from": first, "until": until}
    return NewFact(STREAM, "WaiverGranted", 1, said, effective_on=first, on_behalf_of=granter)
