"""Folding: what is so is what the facts come to, each raised first to the shape that today's code knows."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from carepool.basics.refusals import Unusable
from carepool.journal.facts import Body, Fact

State = TypeVar("State")
Upcast = Callable[[Body], Body]
"""Raises a body to the next schema. Pure: it sees the body and nothing else, and changes nothing in place."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of fact: its name, the schema written today, and how to raise each older one.

    ``upcasts[1]`` raises schema 1 to 2, and so on; every schema before today's has one (ValueError if not).
    """

    name: str
    schema: int = 1
    upcasts: Mapping[int, Upcast] = field(default_factory=dict)
    cites: tuple[str, ...] = ()
    """The fields of its body that name documents by digest, at any schema: verifying looks for each."""

    def __post_init__(self) -> None:
        if set(self.upcasts) != set(range(1, self.schema)):
            raise ValueError(f"{self.name} schema {self.schema} needs one upcast for every schema before it")


class Kinds:
    """The kinds of fact that a fold understands. ValueError when one name is given twice."""

    def __init__(self, kinds: Iterable[Kind]) -> None:
        self._kinds: dict[str, Kind] = {}
        for kind in kinds:
            if kind.name in self._kinds:
                raise ValueError(f"two kinds of fact are called {kind.name}")
            self._kinds[kind.name] = kind

    def __iter__(self) -> Iterator[Kind]:
        return iter(self._kinds.values())

    def raised(self, fact: Fact) -> Fact:
        """The fact with its body in today's schema; its digest stays that of what was written.

        Unusable for a kind that is not among these, and for a schema newer than today's.
        """
        kind = self._kinds.get(fact.kind)
        if kind is not None and fact.schema == kind.schema:
            return fact
        body = self.body(fact.kind, fact.schema, fact.body, f"Version {fact.version} of {fact.stream}")
        return replace(fact, schema=self._kinds[fact.kind].schema, body=body)

    def body(self, name: str, schema: int, body: Body, where: str = "What is written") -> Body:
        """A body of a kind and schema, raised to today's. Unusable as ``raised`` is."""
        kind = self._kinds.get(name)
        if kind is None:
            raise Unusable(f"{where} is a {name}, a kind that cannot be read here. Use a newer carepool.")
        if schema > kind.schema:
            raise Unusable(
                f"{where} is a {name} of schema {schema}, and this carepool reads up to {kind.schema}. "
                "Use a newer carepool."
            )
        for each in range(schema, kind.schema):
            body = kind.upcasts[each](body)
        return body


def fold(facts: Iterable[Fact], initial: State, apply: Callable[[State, Fact], State], kinds: Kinds) -> State:
    """What the facts come to: ``apply`` to each in turn, raised to today's schema, from ``initial``.

    Unusable when one of them is of an unknown kind or a newer schema: a fold never skips a fact.
    """
    state = initial
    for fact in facts:
        state = apply(state, kinds.raised(fact))
    return state
