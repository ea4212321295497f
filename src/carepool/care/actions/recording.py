"""What is said of a person is locked under their key before it becomes a fact, so that a fact says nothing without the key.

The kind of what happened is inside too, with the documents that it cites: that there was a safeguarding alert is as private as
what it said. Digests are over what was locked, so every chain still verifies once a key is destroyed.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, TypeVar

from pydantic_core import from_json

from carepool.basics.canonical import canonical
from carepool.basics.refusals import Refused
from carepool.care.actions.house import CareHouse
from carepool.journal.commands import Decision, Done, Reading, perform
from carepool.journal.documents import Document
from carepool.journal.facts import Fact, NewFact
from carepool.journal.folding import Kind, Kinds

KINDS = Kinds([Kind("CareRecorded"), Kind("PersonErased")])
"""All that anybody sees of the wing's journal without keys."""
BLOCK = 256
"""What is locked is filled up to a multiple of so many bytes, so that its length says little."""

State = TypeVar("State")


@dataclass(frozen=True, slots=True)
class Unlocked:
    """What a stream about a person says: its facts as they were before they were locked, and the documents that they cite."""

    facts: tuple[Fact, ...] = ()
    documents: Mapping[str, str] = field(default_factory=dict)
    """Their texts, by digest."""


def stream_of(person: str) -> str:
    """The stream of what is recorded of a person."""
    return f"person/{person}"


def locked(house: CareHouse, person: str, new: NewFact, documents: Iterable[Document] = ()) -> NewFact:
    """The fact to write in place of one about a person: it says nothing without the person's key."""
    content = canonical(
        {
            "kind": new.kind,
            "schema": new.schema,
            "body": new.body,
            "effective_on": new.effective_on.isoformat() if new.effective_on else None,
            "on_behalf_of": new.on_behalf_of,
            "documents": {each.digest: each.content.decode() for each in documents},
        }
    )
    kept = house.vault.lock(person, content + b" " * (-len(content) % BLOCK), new.stream)
    return NewFact(new.stream, "CareRecorded", 1, kept)


def unlocked(house: CareHouse, person: str, facts: Iterable[Fact]) -> Unlocked:
    """What the facts of a stream about a person say; nothing once the key is destroyed."""
    kept = [each for each in facts if each.kind == "CareRecorded"]
    contents = house.vault.unlock(person, [each.body for each in kept], kept[0].stream) if kept else None
    if contents is None:
        return Unlocked()
    said = [from_json(each) for each in contents]
    documents = {digest: text for each in said for digest, text in each["documents"].items()}
    return Unlocked(tuple(_fact(fact, each) for fact, each in zip(kept, said, strict=True)), documents)


def recorded(house: CareHouse, person: str) -> Unlocked:
    """All that was recorded of a person's care."""
    return unlocked(house, person, house.journal.read(stream_of(person)))


def record(
    house: CareHouse,
    person: str,
    decide: Callable[[Unlocked, Reading], Decision | Refused],
    *,
    by: str,
    key: str,
    request: object,
    stream: str | None = None,
) -> Done | Refused:
    """Record what is decided from all that was recorded of a person, or in another stream about them, once under its key.

    What the request held is remembered by a mark that only the person's key makes; the answer holds nothing of a person.
    """

    def load(reading: Reading) -> tuple[Unlocked, Reading]:
        return unlocked(house, person, reading.read(stream or stream_of(person))), reading

    def then(state: tuple[Unlocked, Reading]) -> Decision | Refused:
        decided = decide(*state)
        if isinstance(decided, Refused):
            return decided
        facts = tuple(
            locked(house, person, each, decided.documents if number == 0 else ())
            for number, each in enumerate(decided.facts)
        )
        return replace(decided, facts=facts, documents=())

    mark = house.vault.mark(person, canonical(request))
    return perform(
        house.journal,
        then,
        load=load,
        by=by,
        key=key,
        request={"person": person, "mark": mark},
        clock=house.clock,
    )


def _fact(fact: Fact, said: Mapping[str, Any]) -> Fact:
    on = said["effective_on"]
    return replace(
        fact, kind=said["kind"], schema=said["schema"], body=said["body"], on_behalf_of=said["on_behalf_of"],
        effective_on=date.fromisoformat(on) if on else None,
    )  # fmt: skip
