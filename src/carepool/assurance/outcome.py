"""The outcome that the rules suggest for a moderated judgement, and each single answer whose change would change it."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from carepool.assurance.judgement import QUALITY, RISK, Item, Judged, Judgement
from carepool.basics.workings import Step, Working
from carepool.rules.assurance import Assurance, Enquiries, Requires, place_of
from carepool.rules.rulebook import RuleSet


@dataclass(frozen=True, slots=True)
class Weighed:
    """What a moderated judgement comes to before an outcome is suggested."""

    score: Fraction
    """Per cent of all weights."""
    worst: tuple[str, ...]
    """Questions with the worst answer."""
    critical: tuple[str, ...]
    """Those of them to which the worst answer alone keeps a plan from going on."""
    quality: str
    risk: str


@dataclass(frozen=True, slots=True)
class Suggested:
    """The outcome that the rules suggest, and why."""

    outcome: str
    weighed: Weighed
    missed: tuple[tuple[str, tuple[str, ...]], ...]
    """Each better outcome with what it asks for and the judgement does not meet, in sentences."""


@dataclass(frozen=True, slots=True)
class WouldChange:
    """One answer whose change alone would change the suggested outcome."""

    item: str
    before: str
    after: str
    outcome: str

    def as_data(self) -> dict[str, str]:
        """In the shapes of JSON."""
        return {"item": self.item, "from": self.before, "to": self.after, "outcome": self.outcome}


def weigh(enquiries: Enquiries, judged: Judgement) -> Weighed:
    """What a judgement comes to: its weighted score, its worst answers, quality and risk. KeyError for one not whole."""
    worth = {each.id: Fraction(each.worth) for each in enquiries.answers}
    score, whole = Fraction(0), Fraction(0)
    worst: list[str] = []
    for each in enquiries.enquiries:
        answer = judged.items[f"answers/{each.id}"].level
        score += worth[answer] * Fraction(each.weight)
        whole += Fraction(each.weight)
        if answer == enquiries.worst.id:
            worst.append(each.id)
    critical = tuple(each for each in worst if enquiries.of(each).critical)
    return Weighed(
        score / whole, tuple(worst), critical, judged.items[QUALITY].level, judged.items[RISK].level
    )


def suggest(rules: RuleSet, judged: Judgement) -> Suggested:
    """The first outcome whose demands a moderated judgement meets, in the order of the rules; the last asks for nothing."""
    assurance, weighed = rules.assurance, weigh(rules.enquiries, judged)
    missed: list[tuple[str, tuple[str, ...]]] = []
    for each in assurance.outcomes:
        short = _short(assurance, each.requires, weighed) if each.requires else ()
        if not short:
            return Suggested(each.id, weighed, tuple(missed))
        missed.append((each.id, short))
    return Suggested(assurance.outcomes[-1].id, weighed, tuple(missed))


def _short(assurance: Assurance, requires: Requires, weighed: Weighed) -> tuple[str, ...]:
    """What a judgement lacks for an outcome, in sentences."""
    lacks = []
    if weighed.score < Fraction(requires.least_score):
        lacks.append(
            f"its score is {_percent(weighed.score)} per cent, and {requires.least_score} are asked for"
        )
    if len(weighed.worst) > requires.most_worst:
        lacks.append(
            f"{len(weighed.worst)} questions have the worst answer, and {requires.most_worst} may have it"
        )
    if weighed.critical:
        lacks.append(f"{len(weighed.critical)} of those questions may not have it at all")
    quality, risk = assurance.quality, assurance.risk
    if place_of(quality, weighed.quality) > place_of(quality, requires.worst_quality):
        lacks.append(
            f"its quality is {weighed.quality}, and {requires.worst_quality} is the worst that will do"
        )
    if place_of(risk, weighed.risk) > place_of(risk, requires.worst_risk):
        lacks.append(f"its risk is {weighed.risk}, and {requires.worst_risk} is the worst that will do")
    return tuple(lacks)


def would_change(rules: RuleSet, items: Iterable[Item], judged: Judgement) -> tuple[WouldChange, ...]:
    """Every single answer, level of quality or level of risk whose change alone would change the suggested outcome."""
    now = suggest(rules, judged).outcome
    found = []
    for item in items:
        if not (item.is_answer or item.key in {QUALITY, RISK}):
            continue
        before = judged.items[item.key].level
        for level in item.scale:
            if level.id == before:
                continue
            other = Judgement({**judged.items, item.key: Judged(level.id)})
            then = suggest(rules, other).outcome
            if then != now:
                found.append(WouldChange(item.key, before, level.id, then))
    return tuple(found)


def explain(rules: RuleSet, suggested: Suggested) -> Working:
    """The working of a suggested outcome: what the answers come to, and what each better outcome asks for besides."""
    source, weighed = rules.cite("enquiries"), suggested.weighed
    titles = {each.id: each.title for each in rules.assurance.outcomes}
    steps = [
        Step("Score of the answers", _percent(weighed.score), "%", "each answer's worth times its question's weight, over all weights", source),
        Step("Questions with the worst answer", len(weighed.worst), "answers", ", ".join(weighed.worst), source),
        Step("Of them critical", len(weighed.critical), "answers", ", ".join(weighed.critical), source),
        Step("Quality", weighed.quality, "", source=rules.cite("assurance")),
        Step("Risk", weighed.risk, "", source=rules.cite("assurance")),
    ]  # fmt: skip
    steps += [
        Step(f"Not “{titles[outcome]}”", None, "", "; ".join(lacks), rules.cite("assurance"))
        for outcome, lacks in suggested.missed
    ]
    steps.append(Step("Suggested", titles[suggested.outcome], "", source=rules.cite("assurance")))
    return Working("Suggested outcome", titles[suggested.outcome], "", tuple(steps), _rests_on(rules))


def _rests_on(rules: RuleSet) -> tuple[str, ...]:
    return (
        f"The questions, their weights and what each outcome asks for are our own ({rules.cite('enquiries')}): "
        "the official grid is not at hand.",
    )


def _percent(score: Fraction) -> Decimal:
    tenths, rest = divmod(score.numerator * 10, score.denominator)
    return Decimal(tenths + (2 * rest >= score.denominator)).scaleb(-1)
