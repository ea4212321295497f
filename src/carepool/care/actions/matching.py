"""Clerical review: pairs of records that no rule joins nor rejects are read by a person, who joins, keeps apart or passes on.

A join changes no row of either record: the one stands for the other from then on, and a split takes that back. Each act is
recorded with its reason in the streams of both people. The reason is locked by the keys of both, so that it goes with either.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import combinations
from typing import NamedTuple

from pydantic_core import from_json

from carepool.basics.canonical import canonical
from carepool.basics.refusals import NotHere, Refused
from carepool.care.actions.house import CareHouse
from carepool.care.actions.names import folded
from carepool.care.actions.opening import NOBODY, asked, identity_of, note, relation_of
from carepool.care.actions.ports import Identity, Pair, Role, RoleKind
from carepool.care.actions.recording import locked, unlocked
from carepool.care.people import pairs
from carepool.care.people.pairs import Act, History, State, fact, history_of, stream_of, why_not
from carepool.care.sharing.deciding import Allow, Refuse, Verdict, decide
from carepool.journal.commands import Decision, Done, Reading, perform
from carepool.journal.facts import NewFact
from carepool.rules.sharing import RelationWord

REVIEWERS = (RoleKind.PRACTITIONER, RoleKind.GOVERNANCE)
"""Who reviews pairs; to the governance lead they are passed on."""
LATEST = 50
NO_PAIR = "There is no such pair here. One of its records may have been erased."
BY_RULE = "carepool"
"""The account under which a rule joins."""
NOT_YOURS = "Only a practitioner or a governance lead reviews whether two records are of one person."
THROUGH_OTHERS = (
    "Both records were joined with others before. Split those first, then look at this pair again."
)
ALREADY_ONE = (
    "Both records are of one person already, through a third. Keep this pair apart only after splitting that."
)
_NEAREST: tuple[RelationWord, ...] = ("self", "acts_for", "cares_for", "team", "organisation", "none")


class Waiting(NamedTuple):
    """A pair of the queue as it is listed: nothing that tells whose records they are."""

    pair: Pair
    sources: tuple[str, str]
    """The organisations whose records both are."""


@dataclass(frozen=True, slots=True)
class Queue:
    """What a reviewer has before them."""

    waiting: tuple[Waiting, ...]
    passed_on: tuple[Waiting, ...]
    decided: tuple[Waiting, ...]
    kept: int
    """How many others there are, between records of which the reviewer's organisation holds neither."""


@dataclass(frozen=True, slots=True)
class Said:
    """What was done once, with the reason in clear."""

    kind: str
    at: datetime
    by: str
    why: str | None


@dataclass(frozen=True, slots=True)
class Compared:
    """A pair side by side."""

    pair: Pair
    left: Identity
    right: Identity
    verdict: Allow
    steps: tuple[Said, ...]
    state: State


def queue(house: CareHouse, role: Role) -> Queue:
    """The pairs that an account may look at, by where they stand; nobody's name is among it, so it is no look."""
    found = {
        state: house.people.pairs(states, LATEST)
        for state, states in (
            (State.WAITS, [State.WAITS]),
            (State.PASSED_ON, [State.PASSED_ON]),
            (State.JOINED, [State.JOINED, State.APART]),
        )
    }
    ids = {person for some in found.values() for pair in some for person in pair.people}
    people = house.people.persons(house.vault.holds(ids))
    shown: dict[State, list[Waiting]] = {state: [] for state in found}
    kept = 0
    for state, some in found.items():
        for pair in some:
            if not set(pair.people) <= set(people):
                continue
            if isinstance(_judged(house, role, pair, people), Refuse):
                kept += 1
            else:
                left, right = sorted(
                    (people[each] for each in pair.people), key=lambda each: not each.local_ids
                )
                shown[state].append(Waiting(pair, (source_of(left), source_of(right))))
    waiting, passed_on, decided = (tuple(each) for each in shown.values())
    return Queue(waiting, passed_on, decided, kept)


def source_of(identity: Identity) -> str:
    """Whose record it is, in words."""
    held = sorted({organisation for organisation, _ in identity.local_ids})
    return " and ".join(held) or "another record here"


def compare(house: CareHouse, role: Role, pair_id: str) -> Compared | Refuse:
    """Open a pair side by side, or refuse it; either leaves its record with both people. NotHere where there is no such pair."""
    pair, people = _pair_of(house, pair_id)
    verdict = _judged(house, role, pair, people)
    for each in pair.people:
        note(house, role, each, verdict)
    if isinstance(verdict, Refuse):
        return verdict
    history = _history(house, pair)
    said = tuple(
        Said(each.kind, each.at, each.by, _reason(house, pair, each.why) if each.why else None)
        for each in history.steps
    )
    left, right = (people[each] for each in pair.people)
    return Compared(pair, left, right, verdict, said, history.state)


def settle_pair(
    house: CareHouse, role: Role, pair_id: str, act: Act, reason: str, stands: str, seen: int, key: str
) -> Done | Refused:
    """Do with a pair what a reviewer says, once under its key, provided that nobody did anything since they looked."""
    pair, people = _pair_of(house, pair_id)
    verdict = _judged(house, role, pair, people)
    if role.kind not in REVIEWERS or isinstance(verdict, Refuse):
        return Refused(verdict.says if isinstance(verdict, Refuse) else NOT_YOURS)
    reason = " ".join(reason.split())
    if act is Act.JOIN and stands not in pair.people:
        return Refused("Choose which of the two records stands for both.")
    senior = role.kind is RoleKind.GOVERNANCE
    request = canonical({"act": act.value, "why": reason, "stands": stands if act is Act.JOIN else ""})

    def then(history: History) -> Decision | Refused:
        wrong = why_not(history, act, seen, senior, reason)
        wrong = wrong or (_why_not_joined(house, pair) if act is Act.JOIN else None)
        if wrong:
            return wrong
        return Decision(
            _facts(house, pair, act, stands, reason),
            {"pair": pair.id, "state": pairs.OF_ACT[act][1].value},
        )

    with house.journal.transaction():
        done = perform(
            house.journal, then, load=lambda reading: _read(house, pair, reading), by=role.account, key=key,
            request={"pair": pair.id, "seen": seen, "mark": house.vault.mark(pair.left, request)}, clock=house.clock,
        )  # fmt: skip
        if isinstance(done, Done) and not done.again:
            _apply(house, pair, act, stands)
    return done


def join_by_rule(house: CareHouse, found: Iterable[Pair]) -> None:
    """Join new records to those that stand for them already, by the rule that each was found by; it stands with both that a rule did.

    The left of each pair stands for the right. Inside the caller's transaction.
    """
    at = house.clock()
    for pair in found:
        written = _facts(house, pair, Act.JOIN, pair.left, "")
        streams = [each.stream for each in written]
        house.journal.hold(streams)
        house.journal.append(
            written, expecting={each: house.journal.version(each) for each in streams}, by=BY_RULE, at=at
        )
        house.people.put_pairs([replace(pair, state=State.JOINED)])
        house.people.stand_for(pair.right, pair.left)


def queue_same_number(house: CareHouse, numbers: Iterable[str], source: str) -> int:
    """Let every two records that stand for themselves with one of these numbers wait for a reviewer; how many pairs are new."""
    at = house.clock()
    found = []
    for number in dict.fromkeys(numbers):
        standing = [each for each in house.people.by_number(number) if not each.into]
        found += [
            Pair(
                f"pair-{house.new_id()}", one.person, other.person, _same_number(one, other), None, source, at
            )
            for one, other in combinations(standing, 2)
        ]
    return house.people.put_pairs(found)


def _same_number(one: Identity, other: Identity) -> str:
    """By what two records with one number are a pair, in the words of linkage."""
    if one.born and one.born == other.born:
        return "nhs_number+date_of_birth"
    alike = folded(one.given) and folded(one.given) == folded(other.given)
    return "nhs_number+given_name" if alike else "nhs_number alone"


def _pair_of(house: CareHouse, pair_id: str) -> tuple[Pair, dict[str, Identity]]:
    pair = house.people.pair(pair_id)
    if pair is None:
        raise NotHere(NO_PAIR)
    try:
        return pair, {each: identity_of(house, each) for each in pair.people}
    except NotHere:
        raise NotHere(f"{NO_PAIR} {NOBODY}") from None


def _judged(house: CareHouse, role: Role, pair: Pair, people: Mapping[str, Identity]) -> Verdict:
    """What the table says of looking at both: whoever's organisation holds one of the two records looks at both, for this alone."""
    relation = min((_relation(house, role, people[each]) for each in pair.people), key=_NEAREST.index)
    questions = [replace(asked(house, role, each, "matching"), relation=relation) for each in pair.people]
    verdicts = [decide(*house.sharing, each) for each in questions]
    return next((each for each in verdicts if isinstance(each, Refuse)), verdicts[0])


def _relation(house: CareHouse, role: Role, identity: Identity) -> RelationWord:
    found = relation_of(house, role, identity.person)
    holds = role.organisation in {organisation for organisation, _ in identity.local_ids}
    return "organisation" if found == "none" and holds else found


def _read(house: CareHouse, pair: Pair, reading: Reading) -> History:
    """What was done with a pair, read from the streams of both, which must stand still until it is written."""
    said = [unlocked(house, each, reading.read(stream_of(each))) for each in pair.people]
    return history_of(said[0].facts, pair.right)


def _history(house: CareHouse, pair: Pair) -> History:
    return history_of(unlocked(house, pair.left, house.journal.read(stream_of(pair.left))).facts, pair.right)


def _facts(house: CareHouse, pair: Pair, act: Act, stands: str, reason: str) -> tuple[NewFact, ...]:
    why = _locked(house, pair, reason) if reason else None
    both = ((pair.left, pair.right), (pair.right, pair.left))
    return tuple(
        locked(house, person, fact(person, other, act, pair.rule, stands, why)) for person, other in both
    )


def _locked(house: CareHouse, pair: Pair, reason: str) -> Mapping[str, object]:
    """A reason that takes the keys of both people to read."""
    about = f"pair/{pair.id}"
    inner = house.vault.lock(pair.left, reason.encode(), about)
    return house.vault.lock(pair.right, canonical(inner), about)


def _reason(house: CareHouse, pair: Pair, why: Mapping[str, object]) -> str | None:
    about = f"pair/{pair.id}"
    outer = house.vault.unlock(pair.right, [why], about)
    inner = house.vault.unlock(pair.left, [from_json(outer[0])], about) if outer else None
    return inner[0].decode() if inner else None


def _why_not_joined(house: CareHouse, pair: Pair) -> Refused | None:
    tops = [house.people.records_of(each)[0] for each in pair.people]
    if tops[0] == tops[1]:
        return Refused(ALREADY_ONE)
    return Refused(THROUGH_OTHERS) if not set(tops) & set(pair.people) else None


def _apply(house: CareHouse, pair: Pair, act: Act, stands: str) -> None:
    """Let the rows say what the facts say."""
    house.people.pair_stands(pair.id, pairs.OF_ACT[act][1])
    left, right = (house.people.person(each) for each in pair.people)
    assert left is not None  # noqa: S101  (both were there when it was decided, in this transaction)
    assert right is not None  # noqa: S101  (as the line above)
    if act is Act.SPLIT:
        house.people.stand_for(left.person if left.into == right.person else right.person, "")
    elif act is Act.JOIN:
        # What was joined to a third before goes on being that one's: the other joins it.
        other = right if stands == left.person else left
        under, over = (other.person, stands) if not other.into else (stands, other.person)
        house.people.stand_for(under, over)
