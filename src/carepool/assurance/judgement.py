"""What a reviewer has to judge, and a judgement: a level and words for each thing, with a finding for whatever is wrong."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from carepool.basics.findings import Finding, Severity
from carepool.basics.words import blank
from carepool.rules.rulebook import RuleSet

LONGEST = 10_000
"""Characters of one answer in words."""
QUALITY, RISK = "quality", "risk"


@dataclass(frozen=True, slots=True)
class Level:
    """A level of a scale, as it is chosen."""

    id: str
    title: str
    says: str


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to judge."""

    key: str
    """``answers/agreed``, ``quality``, ``risk`` or ``savings/0``: what findings, drafts and documents name."""
    asks: str
    """The question, in words."""
    scale: tuple[Level, ...]
    """The best first."""

    @property
    def is_answer(self) -> bool:
        """Whether it is one of the key lines of enquiry."""
        return self.key.startswith("answers/")

    def place(self, level: str) -> int:
        """The place of a level on the scale, the best being nought. KeyError for one that is not on it."""
        return {each.id: place for place, each in enumerate(self.scale)}[level]

    def title(self, level: str) -> str:
        """A level as it is read; what is no level stands as it was written."""
        return next((each.title for each in self.scale if each.id == level), level)


@dataclass(frozen=True, slots=True)
class Judged:
    """What was chosen for one thing, and why."""

    level: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A whole judgement: one of each item, and words on the whole."""

    items: Mapping[str, Judged] = field(default_factory=dict)
    words: str = ""

    def level(self, key: str) -> str:
        """What was chosen for an item; empty where nothing was."""
        found = self.items.get(key)
        return found.level if found else ""

    def as_data(self) -> dict[str, object]:
        """In the shapes of JSON."""
        items = {key: {"level": each.level, "words": each.words} for key, each in self.items.items()}
        return {"items": items, "words": self.words}


def items_of(rules: RuleSet, savings: Iterable[str]) -> tuple[Item, ...]:
    """Everything to judge under a set of rules: each question, quality and risk, and each promised saving as it is called."""
    enquiries, assurance, credibility = rules.enquiries, rules.assurance, rules.credibility

    def scale(levels: Iterable[object]) -> tuple[Level, ...]:
        return tuple(Level(str(each.id), each.title, each.says) for each in levels)  # type: ignore[attr-defined]  # each kind of level has the three

    answers = scale(enquiries.answers)
    found = [Item(f"answers/{each.id}", each.question, answers) for each in enquiries.enquiries]
    found.append(Item(QUALITY, "How good is the plan?", scale(assurance.quality)))
    found.append(Item(RISK, "How large is the risk that it is not carried out?", scale(assurance.risk)))
    if credibility:
        sure = scale(credibility.confidences)
        found += [
            Item(f"savings/{number}", f"How sure are you of this saving: {title}?", sure)
            for number, title in enumerate(savings)
        ]
    return tuple(found)


def read_judgement(data: object) -> Judgement:
    """A judgement from JSON's shapes, as far as it is one: what is none is left out, and missed when it is submitted."""
    if not isinstance(data, Mapping):
        return Judgement()
    items = data.get("items")
    found = {
        str(key): Judged(str(each.get("level", "")), str(each.get("words", "")))
        for key, each in (items.items() if isinstance(items, Mapping) else ())
        if isinstance(each, Mapping)
    }
    return Judgement(found, str(data.get("words", "")))


def missing(items: Iterable[Item], judged: Judgement) -> list[Finding]:
    """What is wrong with a review: something not answered, an answer below the best without words, words too long."""
    findings = _not_chosen(items, judged)
    for each in items:
        found = judged.items.get(each.key)
        if found and each.is_answer and found.level in _below_best(each) and blank(found.words):
            says = f"“{each.asks}” is answered “{each.title(found.level).lower()}” without a word on what is missing."
            findings.append(
                _blocker(f"{each.key}/words", says, "Write what you looked for and did not find.")
            )
    return findings


def unreasoned(items: Iterable[Item], reviews: Iterable[Judgement], judged: Judgement) -> list[Finding]:
    """What is wrong with a moderated judgement: something open, or a level that differs from a reviewer's without a reason."""
    others = tuple(reviews)
    findings = _not_chosen(items, judged)
    for each in items:
        found = judged.items.get(each.key)
        differs = found is not None and any(one.level(each.key) != found.level for one in others)
        if found and found.level and differs and blank(found.words):
            says = f"“{each.asks}” is moderated to “{each.title(found.level).lower()}”, which differs from a reviewer's answer, without a reason."
            findings.append(
                _blocker(f"{each.key}/words", says, "Write the reason, so that both reviewers can follow it.")
            )
    return findings


def _below_best(item: Item) -> frozenset[str]:
    return frozenset(each.id for each in item.scale[1:])


def _not_chosen(items: Iterable[Item], judged: Judgement) -> list[Finding]:
    findings = []
    for each in items:
        found = judged.items.get(each.key, Judged(""))
        if found.level not in {level.id for level in each.scale}:
            says = f"“{each.asks}” is not answered."
            findings.append(_blocker(f"{each.key}/level", says, f"Choose one of: {', '.join(level.title.lower() for level in each.scale)}."))  # fmt: skip
        if len(found.words) > LONGEST:
            says = f"What is written on “{each.asks}” is longer than {LONGEST:,} characters."
            findings.append(_blocker(f"{each.key}/words", says, "Shorten it."))
    if len(judged.words) > LONGEST:
        says = f"The words on the whole are longer than {LONGEST:,} characters."
        findings.append(_blocker("words", says, "Shorten them."))
    return findings


def _blocker(where: str, says: str, remedy: str) -> Finding:
    return Finding("judgement-open", Severity.BLOCKER, where, says, remedy, "enquiries")
