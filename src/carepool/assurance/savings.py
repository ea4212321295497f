"""Promised, credible, delivered: each promised saving with its evidence grade, the assurers' confidence and what an outturn says.

    credible   = promised × weight of the grade × weight of the confidence × weight of the plausibility
    delivered  = admissions avoided so far × what the rules pay for one, nothing below zero

The weights are those of the rules. Nothing is credible, and nothing not credible, before reviews have been moderated.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from carepool.assurance.judgement import Judgement
from carepool.basics.money import Pence, in_figures, in_pounds, round_half_up
from carepool.basics.workings import Step, Working
from carepool.conditions.chance import Z, fell_by
from carepool.payment.release import Line, Statement, pence_for
from carepool.plans.document import Plan
from carepool.plans.sections import Benefit
from carepool.rules.assurance import Credibility, Grade, Plausible, Weighted, place_of
from carepool.rules.rulebook import RuleSet

MEASURED = "admissions"
"""The kind of benefit of which outturns are published."""


@dataclass(frozen=True, slots=True)
class Saving:
    """One promised saving."""

    number: int
    """Its row among the plan's benefits, from nought."""
    scheme: str
    kind: str
    to: str
    promised: Pence
    grade: Grade | None
    """None before moderation, as for what follows from it."""
    confidence: Weighted | None
    plausible: Plausible
    credible: Pence | None


@dataclass(frozen=True, slots=True)
class Delivered:
    """What an outturn says: admissions against the baseline of the same quarters, and what the difference is worth."""

    quarters: int
    baseline: Decimal
    actual: Decimal
    unit: Pence
    pence: Pence | None
    """None while no outturn is known."""


def titles_of(plan: Plan) -> tuple[str, ...]:
    """What each promised saving is called: scheme, kind and amount."""
    schemes = {each.id: each.name for each in plan.schemes.schemes}
    return tuple(
        f"{schemes.get(each.scheme, '') or each.scheme}, {each.kind.replace('_', ' ') or 'no kind given'}, {in_pounds(promised(each))}"
        for each in plan.benefits.benefits
    )


def promised(benefit: Benefit) -> Pence:
    """What a benefit promises: the saving as it stands, or else activity times price; nothing where neither is given."""
    if benefit.saving is not None:
        return benefit.saving
    if benefit.activity is None or benefit.unit_price is None:
        return 0
    return int(round_half_up(benefit.activity * benefit.unit_price))


def savings_of(
    rules: RuleSet, plan: Plan, moderated: Judgement | None, delivered: Delivered | None
) -> tuple[Saving, ...]:
    """The savings that a plan promises, with what makes them credible. Empty where the rules do not say how that is judged."""
    credibility = rules.credibility
    if credibility is None:
        return ()
    return tuple(
        _saving(rules, credibility, plan, number, each, moderated, delivered)
        for number, each in enumerate(plan.benefits.benefits)
    )


def _saving(
    rules: RuleSet, credibility: Credibility, plan: Plan, number: int, benefit: Benefit,
    moderated: Judgement | None, delivered: Delivered | None,
) -> Saving:  # fmt: skip
    pence, verdict = promised(benefit), plausibility(credibility, benefit.kind, delivered)
    grade = grade_of(rules, plan, benefit, moderated)
    sure = moderated.level(f"savings/{number}") if moderated else ""
    confidence = next((each for each in credibility.confidences if each.id == sure), None)
    credible = None
    if grade is not None and confidence is not None:
        credible = int(round_half_up(pence * grade.weight * confidence.weight * verdict.weight / 1_000_000))
    return Saving(
        number, benefit.scheme, benefit.kind, benefit.to, pence, grade, confidence, verdict, credible
    )


def grade_of(rules: RuleSet, plan: Plan, benefit: Benefit, moderated: Judgement | None) -> Grade | None:
    """The best grade whose needs are written in the plan and which the moderated answer allows; None before moderation."""
    credibility, enquiries = rules.credibility, rules.enquiries
    about = enquiries.of_savings
    if credibility is None or about is None or moderated is None:
        return None
    scheme = next((each for each in plan.schemes.schemes if each.id == benefit.scheme), None)
    written = {
        "evidence": bool(scheme and scheme.evidence.strip()),
        "feedback": bool(scheme and scheme.feedback.strip()),
        "how": bool(benefit.how.strip()),
        "monitored": bool(benefit.monitored.strip()),
    }
    answer = place_of(enquiries.answers, moderated.level(f"answers/{about.id}"))
    for each in credibility.grades:
        allowed = not each.answer or answer <= place_of(enquiries.answers, each.answer)
        if allowed and all(written[need] for need in each.needs):
            return each
    return credibility.grades[-1]


def delivered_by(statement: Statement) -> Delivered:
    """What the quarters known so far have delivered, as payment computes what a cut is worth."""
    known = [line for line in _known(statement.lines) if line.actual is not None]
    baseline = sum((line.baseline for line in known), Decimal(0))
    actual = sum((line.actual or Decimal(0) for line in known), Decimal(0))
    unit = statement.terms.unit_value
    return Delivered(
        len(known), baseline, actual, unit, pence_for(statement.terms, baseline - actual) if known else None
    )


def _known(lines: Sequence[Line]) -> Sequence[Line]:
    """The quarters up to the first that is not known, as payment counts them."""
    unknown = next((number for number, line in enumerate(lines) if line.actual is None), len(lines))
    return lines[:unknown]


def plausibility(credibility: Credibility, kind: str, delivered: Delivered | None) -> Plausible:
    """What the outturn says of a saving: only of admissions, and only once a quarter is known."""
    if kind != MEASURED or delivered is None or not delivered.quarters:
        return credibility.verdict("not_known")
    fell = fell_by(delivered.baseline, delivered.actual)
    word = "beyond_chance" if fell >= Z else "against" if fell <= -Z else "within_chance"
    return credibility.verdict(word)


def explain_credible(rules: RuleSet, savings: Sequence[Saving], delivered: Delivered | None) -> Working:
    """The working of what is credible of a plan's savings."""
    source = rules.cite("savings/credibility")
    steps = []
    for each in savings:
        name = f"Saving {each.number + 1} ({each.scheme})"
        if each.grade is None or each.confidence is None:
            steps.append(
                Step(name, None, "pence", f"{in_pounds(each.promised)} promised; not moderated yet", source)
            )
            continue
        how = (
            f"{in_pounds(each.promised)} × {in_figures(each.grade.weight)}% (evidence: {each.grade.title.lower()}) × "
            f"{in_figures(each.confidence.weight)}% (confidence: {each.confidence.title.lower()}) × "
            f"{in_figures(each.plausible.weight)}% (outturn: {each.plausible.title.lower()})"
        )
        steps.append(Step(name, each.credible, "pence", how, source))
    total = credible(savings)
    steps.append(Step("Credible", total, "pence", "the savings, added"))
    return Working("Credible savings", total, "pence", tuple(steps), _rests_on(rules, delivered))


def explain_promised(savings: Sequence[Saving]) -> Working:
    """The working of what a plan promises."""
    steps = [Step(f"Saving {each.number + 1} ({each.scheme})", each.promised, "pence", source="the plan's benefits") for each in savings]  # fmt: skip
    total = sum(each.promised for each in savings)
    return Working("Promised savings", total, "pence", (*steps, Step("Promised", total, "pence", "the savings, added")), ())  # fmt: skip


def explain_delivered(rules: RuleSet, delivered: Delivered) -> Working:
    """The working of what has been delivered."""
    data = "Monthly Activity Return, apportioned to the plan's boards"
    steps = [
        Step("Quarters with an outturn", delivered.quarters, "quarters", source=data),
        Step("Baseline of these quarters", delivered.baseline, "admissions", source="the plan's target"),
        Step("Outturn of these quarters", delivered.actual, "admissions", source=data),
        Step("Value of one admission avoided", delivered.unit, "pence per admission", source=rules.cite("payment/unit_value")),
        Step(
            "Delivered", delivered.pence, "pence",
            f"{in_pounds(delivered.unit)} × ({in_figures(delivered.baseline)} − {in_figures(delivered.actual)}), not below nothing"
            if delivered.quarters else "no outturn is known yet", rules.cite("payment/release"),
        ),
    ]  # fmt: skip
    return Working("Delivered savings", delivered.pence, "pence", tuple(steps), _rests_on(rules, delivered))


def credible(savings: Sequence[Saving]) -> Pence | None:
    """What is credible of some savings; None while one of them is not moderated, and where there are none."""
    if not savings or any(each.credible is None for each in savings):
        return None
    return sum(each.credible or 0 for each in savings)


def _rests_on(rules: RuleSet, delivered: Delivered | None) -> tuple[str, ...]:
    said = [f"The weights are our own ({rules.cite('savings/credibility')}): no official ones are at hand."]
    if delivered and delivered.quarters:
        said.append("A fall in admissions may have other causes than the plan; nobody can tell the two apart from counts alone.")  # fmt: skip
    return tuple(said)
