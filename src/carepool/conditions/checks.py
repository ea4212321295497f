"""Every check of a plan, in the order of the plan; each is one function from a plan and what is known to findings."""

from dataclasses import replace

from carepool.basics.findings import Finding, Severity
from carepool.conditions import (
    answers,
    elsewhere,
    identities,
    money,
    parties,
    protection,
    readiness,
    target,
    targets,
)
from carepool.conditions.known import Check, Known
from carepool.plans.document import Plan
from carepool.rules.schema import Strictness

CHECKS: tuple[Check, ...] = (
    parties.parties_are_known,
    parties.all_parties_are_there,
    money.contributors_are_parties,
    money.spend_belongs_to_a_scheme,
    money.sources_and_spend_agree,
    money.minimum_is_contributed,
    identities.no_pound_is_spent_twice,
    identities.out_of_hospital_is_protected,
    identities.money_freed_is_money_added,
    identities.savings_are_activity_times_price,
    target.target_is_whole,
    target.performance_money_is_there,
    target.target_meets_the_guideline,
    targets.cut_is_more_than_chance,
    targets.target_agrees_with_the_operating_plan,
    targets.trusts_see_what_the_plan_cuts,
    targets.providers_have_spoken,
    answers.conditions_are_answered,
    protection.services_are_protected,
    elsewhere.board_has_one_plan,
    elsewhere.no_pound_is_in_two_plans,
    elsewhere.hospitals_see_all_plans,
    readiness.numbers_are_shared,
    readiness.weekends_are_covered,
    readiness.risks_can_be_read,
    readiness.sections_are_filled_in,
    readiness.deadlines_are_near,
)

ORDER = [Severity.BLOCKER, Severity.WARNING, Severity.NOTE]


def check(plan: Plan, known: Known) -> list[Finding]:
    """Everything that the checks find, blockers first, each in the order of the plan."""
    found = [_strict(finding, known) for each in CHECKS for finding in each(plan, known)]
    return sorted(found, key=lambda finding: ORDER.index(finding.severity))


def _strict(finding: Finding, known: Known) -> Finding:
    """A warning that the rules let block from a day on blocks from then."""
    strictness = known.rules.find("strictness", Strictness)
    if strictness is None or known.on is None or finding.severity is Severity.BLOCKER:
        return finding
    for each in strictness.warnings:
        if each.code == finding.code and each.blocks_from.day <= known.on:
            return replace(
                finding, severity=Severity.BLOCKER, rule=known.rules.cite(f"strictness {each.code}")
            )
    return finding
