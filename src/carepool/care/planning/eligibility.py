"""Whether an adult or a carer is eligible for help, by the rule of the day, step by step."""

from collections.abc import Callable
from datetime import date
from typing import Self

from pydantic import model_validator

from carepool.basics.refusals import Unusable, unknown
from carepool.basics.workings import Step, Working
from carepool.care.people.person import Held, OpaqueId
from carepool.rules.caring import Eligibility, EligibilityMethod, EligibilityRule, PeopleOfCare
from carepool.rules.rulebook import RuleSet, recalled_words
from carepool.rules.scalars import Confidence

ELIGIBLE, NOT_ELIGIBLE = "eligible", "not eligible"


class Judgement(Held):
    """What an assessor found, from which the rule of the day says whether somebody is eligible."""

    people: PeopleOfCare
    on: date
    by: OpaqueId
    arises: bool
    """Whether the needs arise from what the rule names."""
    band: str | None = None
    threshold: str | None = None
    """The band from which on the council helps."""
    unable: tuple[str, ...] = ()
    """The outcomes that cannot be achieved, or only with pain, danger or far more time."""
    health: bool = False
    """Whether a carer's health gets worse, or may."""
    wellbeing: bool = False
    """Whether there is a significant effect on wellbeing."""

    @model_validator(mode="after")
    def _once(self) -> Self:
        if len(set(self.unable)) != len(self.unable):
            raise ValueError("an outcome is named twice")
        return self


def judge_eligibility(rules: RuleSet, judgement: Judgement) -> Working:
    """Whether somebody is eligible on the day, as a working: each step with its rule, recalled ones named.

    Unusable where no rule of the day is known, or the judgement names what that rule has not.
    """
    held = rules.find("eligibility", Eligibility)
    if held is None:
        raise Unusable(f"The rules {rules.name} do not say who is eligible.")
    rule = held.on(judgement.people, judgement.on)
    steps = METHODS[rule.method](rule, judgement)
    met = all(each.value == "yes" for each in steps)
    cite = f"{rules.cite('eligibility')}/{rule.id}"
    recalled = rule.confidence is Confidence.RECALLED
    return Working(
        rule.title,
        ELIGIBLE if met else NOT_ELIGIBLE,
        "",
        tuple(each._replace(source=f"{cite}: {each.source or rule.source}") for each in steps),
        (recalled_words(rule.title, cite),) if recalled else (),
    )


def _yes(found: bool) -> str:
    return "yes" if found else "no"


def _by_bands(rule: EligibilityRule, judgement: Judgement) -> list[Step]:
    """The band is as great as the one from which on the council helps, or greater."""
    names = [each.id for each in rule.bands]
    band = _named(rule, "band", judgement.band, names)
    least = _named(rule, "threshold", judgement.threshold, names)
    found = rule.bands[band]
    how = f"{found.title}; the council helps from {rule.bands[least].title.lower()} on"
    return [
        Step(f"The needs arise from: {rule.arises[0].lower()}{rule.arises[1:]}", _yes(judgement.arises), ""),
        Step("The band is one that the council helps in", _yes(band <= least), "", how, found.source),
    ]


def _by_outcomes(rule: EligibilityRule, judgement: Judgement) -> list[Step]:
    """So many outcomes cannot be achieved, and it has a significant effect on wellbeing."""
    titles = {each.id: each.title for each in rule.outcomes}
    for each in judgement.unable:
        _named(rule, "outcome", each, list(titles))
    count, least = len(judgement.unable), int(rule.at_least)
    enough = count >= least or (rule.or_health and judgement.health)
    says = f"{least} outcome{'s' if least > 1 else ''} or more cannot be achieved"
    how = "; ".join(titles[each] for each in titles if each in judgement.unable) or "none"
    if rule.or_health:
        says += ", or health gets worse or may"
        how += f"; health gets worse or may: {_yes(judgement.health)}"
    steps = [
        Step(f"The needs arise from: {rule.arises[0].lower()}{rule.arises[1:]}", _yes(judgement.arises), ""),
        Step(says, _yes(enough), "", f"{count}: {how}"),
    ]
    if rule.wellbeing:
        steps.append(Step("There is a significant effect on wellbeing", _yes(judgement.wellbeing), ""))
    return steps


def _named(rule: EligibilityRule, what: str, name: str | None, known: list[str]) -> int:
    """Where a band or an outcome stands in the rule. Unusable where it does not."""
    if name is None:
        raise Unusable(f"{rule.title} goes by a {what}, and none is given. Known are {', '.join(known)}.")
    if name not in known:
        raise unknown(what, name, known, f"{rule.title} knows {', '.join(known)}.")
    return known.index(name)


METHODS: dict[EligibilityMethod, Callable[[EligibilityRule, Judgement], list[Step]]] = {
    "bands": _by_bands,
    "outcomes": _by_outcomes,
}
