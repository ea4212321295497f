"""Any decision replayed from its facts: the same outcome, and each answer whose change would have changed what was suggested."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from carepool.assurance.agreement import Agreement, Pair, agreement
from carepool.assurance.judgement import Item, Judgement, items_of, read_judgement
from carepool.assurance.outcome import Suggested, WouldChange, suggest, would_change
from carepool.assurance.record import Decided, Record, record_of
from carepool.basics.canonical import Digest
from carepool.basics.refusals import Unusable
from carepool.journal.facts import Fact
from carepool.rules.rulebook import Rulebook, RuleSet

Open = Callable[[Digest], bytes | None]
"""Gives a document's bytes by its digest, or None where they were withdrawn."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """One decision, made again from what it cites."""

    plan: Digest
    at: datetime
    by: str
    outcome: str
    """As the fact has it."""
    replayed: str
    """As it comes out again: the suggested one, or the one that was decided otherwise with reasons."""
    suggested: Suggested
    was_suggested: str
    """As the signed decision has it."""
    otherwise: bool
    """Whether the decider decided otherwise than was suggested."""
    changes: tuple[WouldChange, ...]
    agreement: Agreement
    rules_same: bool
    """Whether the rules at hand are, byte for byte, those that it was decided by."""
    differs: tuple[str, ...]
    """What came out otherwise than it was recorded, in sentences; none where it replays."""

    @property
    def same(self) -> bool:
        """Whether it comes to the same outcome."""
        return not self.differs


def replay(facts: Iterable[Fact], documents: Open, rulebook: Rulebook) -> tuple[Replayed, ...]:
    """Every outcome of a plan's assurance, made again from its facts and documents by the rules that each names, in order.

    Unusable when a document that a decision rests on was withdrawn.
    """
    record = record_of(facts)
    return tuple(_replay(record, each, documents, rulebook) for each in record.decided)


def read(documents: Open, digest: Digest, what: str) -> dict[str, Any]:
    """A document's content. Unusable when it was withdrawn."""
    content = documents(digest)
    if content is None:
        raise Unusable(f"{what} was withdrawn; its digest is {digest}. What rests on it cannot be replayed.")
    found: dict[str, Any] = json.loads(content)
    return found


def pairs_of(items: Iterable[Item], one: Judgement, other: Judgement) -> tuple[Pair, ...]:
    """Both reviewers' answers to the questions, by their places on the scale."""
    return tuple(
        (each.place(one.level(each.key)), each.place(other.level(each.key)))
        for each in items
        if each.is_answer
    )


def _replay(record: Record, decided: Decided, documents: Open, rulebook: Rulebook) -> Replayed:
    signed = read(documents, decided.document, "The decision")
    judged = read(documents, decided.moderated, "The moderated judgement")
    rules = rulebook.named(str(signed["rules"]))
    judgement = read_judgement(judged["judgement"])
    items = _items(rules, judgement)
    suggested, changes = suggest(rules, judgement), would_change(rules, items, judgement)
    moderated = next(each for each in record.moderated if each.document == decided.moderated)
    reviews = _reviews(moderated.reviews, documents)
    agreed = agreement(pairs_of(items, *reviews), len(rules.enquiries.answers))
    otherwise = bool(signed["otherwise"])
    replayed = str(signed["outcome"]) if otherwise else suggested.outcome
    differs = []
    if replayed != decided.outcome:
        differs.append(f"The fact has the outcome {decided.outcome}; it comes out as {replayed}.")
    if suggested.outcome != signed["suggested"]:
        differs.append(f"{signed['suggested']} was suggested; {suggested.outcome} is suggested now.")
    if [each.as_data() for each in changes] != signed["would_change"]:
        differs.append("The answers whose change would have changed it are not those that were recorded.")
    if judged["reviews"] != dict(moderated.reviews):
        differs.append("The moderated judgement names other reviews than its fact.")
    if not moderated.plan == decided.plan == signed["digest"] == judged["digest"]:
        differs.append("The decision and the judgement that it rests on are of different versions.")
    same = rules.digest == signed["rules_digest"]
    return Replayed(
        decided.plan, decided.at, decided.by, decided.outcome, replayed, suggested, str(signed["suggested"]), otherwise,
        changes, agreed, same, tuple(differs),
    )  # fmt: skip


def _reviews(cited: Mapping[str, Digest], documents: Open) -> tuple[Judgement, Judgement]:
    one, other = (
        read_judgement(read(documents, cited[side], f"The review of {side.replace('_', ' ')}")["judgement"])
        for side in sorted(cited)
    )
    return one, other


def _items(rules: RuleSet, judgement: Judgement) -> tuple[Item, ...]:
    """What was judged; savings by their number, for what they are called does not count."""
    number = sum(key.startswith("savings/") for key in judgement.items)
    return items_of(rules, (str(each) for each in range(number)))
