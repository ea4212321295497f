"""Whether two records are of one person: a pair waits until somebody joins it, keeps it apart or passes it on; each can be taken back.

What was done stands in a stream of each of the two people, so that it goes with the key of either.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from carepool.basics.refusals import Refused
from carepool.journal.facts import Fact, NewFact
from carepool.journal.folding import Kind, Kinds, fold

KINDS = Kinds([Kind("RecordsJoined"), Kind("RecordsKeptApart"), Kind("PairPassedOn"), Kind("RecordsSplit")])
REASON_AT_LEAST, REASON_AT_MOST = 10, 1000
"""Characters of a reason."""


class State(StrEnum):
    """Where a pair stands."""

    WAITS = "waits"
    PASSED_ON = "passed_on"
    JOINED = "joined"
    APART = "apart"


class Act(StrEnum):
    """What a reviewer does."""

    JOIN = "join"
    KEEP_APART = "keep_apart"
    HAND_ON = "hand_on"
    SPLIT = "split"


OF_ACT: Mapping[Act, tuple[str, State]] = {
    Act.JOIN: ("RecordsJoined", State.JOINED),
    Act.KEEP_APART: ("RecordsKeptApart", State.APART),
    Act.HAND_ON: ("PairPassedOn", State.PASSED_ON),
    Act.SPLIT: ("RecordsSplit", State.APART),
}
"""The fact that an act leaves, and where the pair stands after it."""
MAY: Mapping[State, tuple[Act, ...]] = {
    State.WAITS: (Act.JOIN, Act.KEEP_APART, Act.HAND_ON),
    State.PASSED_ON: (Act.JOIN, Act.KEEP_APART),
    State.JOINED: (Act.SPLIT,),
    State.APART: (Act.JOIN,),
}
"""What can be done with a pair that stands there."""
NOT_NOW: Mapping[State, str] = {
    State.WAITS: "These two records are not joined, so there is nothing to split. Join them, keep them apart, or pass the pair on.",
    State.PASSED_ON: "This pair was passed on already. Join the two records or keep them apart.",
    State.JOINED: "These two records are joined. Split them first.",
    State.APART: "These two records are kept apart. Join them, if they are of one person after all.",
}


@dataclass(frozen=True, slots=True)
class Step:
    """What was done with a pair once."""

    kind: str
    at: datetime
    by: str
    why: Mapping[str, object] | None
    """The reason, locked by the keys of both; None where a rule joined them."""


@dataclass(frozen=True, slots=True)
class History:
    """What was done with a pair so far."""

    steps: tuple[Step, ...] = ()

    @property
    def state(self) -> State:
        """Where it stands now."""
        states = dict(OF_ACT.values())
        return states[self.steps[-1].kind] if self.steps else State.WAITS


def stream_of(person: str) -> str:
    """The stream in which it stands which other records are of this person."""
    return f"identity/{person}"


def history_of(facts: Iterable[Fact], other: str) -> History:
    """What the facts of one person's stream say of the pair with another."""
    return fold((each for each in facts if each.body.get("other") == other), History(), _apply, KINDS)


def fact(person: str, other: str, act: Act, rule: str, stands: str, why: Mapping[str, object] | None) -> NewFact:  # fmt: skip
    """That this was done with the pair, in the words of the stream of one of them.

    ``stands`` is the record that stands for both, of a join. ``rule`` is by what the pair was found.
    """
    body: dict[str, object] = {"other": other, "rule": rule}
    if act is Act.JOIN:
        body["stands"] = stands
    if why is not None:
        body["why"] = why
    return NewFact(stream_of(person), OF_ACT[act][0], 1, body)


def why_not(history: History, act: Act, seen: int, senior: bool, reason: str) -> Refused | None:
    """Why a reviewer may not do this now, or None.

    ``seen`` is how many steps they had before them; ``senior`` whether pairs are passed on to them.
    """
    if len(history.steps) != seen:
        return Refused(
            "Somebody else decided on this pair while you looked at it, so yours was not recorded. See below what they did and why; then decide again if you must."
        )
    if act not in MAY[history.state]:
        return Refused(NOT_NOW[history.state])
    if history.state is State.PASSED_ON and not senior:
        return Refused("This pair was passed on to the governance lead, who decides on it now.")
    if act is Act.HAND_ON and senior:
        return Refused("There is nobody to pass it on to after you. Keep the two apart until more is known.")
    if not REASON_AT_LEAST <= len(reason) <= REASON_AT_MOST:
        return Refused(f"Say why, in {REASON_AT_LEAST} to {REASON_AT_MOST:,} characters: whoever takes it back later reads it.")  # fmt: skip
    return None


def _apply(history: History, fact: Fact) -> History:
    why = fact.body.get("why")
    step = Step(fact.kind, fact.at, fact.by, why if isinstance(why, Mapping) else None)
    return History((*history.steps, step))
