"""Every check of a plan, in the order of the plan; each is one function from a plan and what is known to findings."""

from collections.abc import Collection
from dataclasses import replace
from typing import Literal, cast

from carepool.basics.findings import Finding, Severity
from carepool.conditions import (
    answers,
    earmarks,
    elsewhere,
    identities,
    metrics,
    money,
    parties,
    protection,
    readiness,
    target,
    targets,
)
from carepool.conditions.known import Check, Known, note
from carepool.plans.document import EVERY, Plan
from carepool.rules.schema import Strictness

CHECKS: tuple[Check, ...] = (
    parties.parties_are_known,
    parties.all_parties_are_there,
    money.contributors_are_parties,
    money.spend_belongs_to_a_scheme,
    money.sources_and_spend_agree,
    money.minimum_is_contributed,
    identities.no_pound_is_spent_twice,
    identities.capital_stays_with_councils,
    identities.out_of_hospital_is_protected,
    identities.money_freed_is_money_added,
    identities.savings_are_activity_times_price,
    identities.benefits_are_counted_once,
    target.target_is_whole,
    target.performance_money_is_there,
    target.target_meets_the_guideline,
    targets.cut_is_more_than_chance,
    targets.target_agrees_with_the_operating_plan,
    targets.trusts_see_what_the_plan_cuts,
    targets.providers_have_spoken,
    metrics.metrics_have_targets,
    metrics.local_metrics_are_defined,
    answers.conditions_are_answered,
    protection.services_are_protected,
    earmarks.earmarks_are_there,
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


def check(plan: Plan, known: Known, unread: Collection[str] = ()) -> list[Finding]:
    """Everything that the checks find, blockers first, each in the order of the plan.

    ``unread``: sections that are not at hand. A check that asks for one of them is left out, and that is said.
    """
    found = [_strict(finding, known) for each in CHECKS for finding in each(plan, known)] if not unread else _of_part(plan, known, unread)  # fmt: skip
    return sorted(found, key=lambda finding: ORDER.index(finding.severity))


class _NotAtHandError(Exception):
    """A check asked for a section that is not at hand."""


class _Part:
    """A plan of which some sections are not at hand: whoever asks for one of them stops."""

    def __init__(self, plan: Plan, unread: Collection[str]) -> None:
        self._plan, self._unread = plan, unread

    def __getattr__(self, name: str) -> object:
        if name in self._unread:
            raise _NotAtHandError
        return getattr(self._plan, name)

    def section(self, name: str) -> object:
        """One section."""
        return getattr(self, name)

    def total(self, which: Literal["sources", "spend"], year: str) -> int:
        """All money in or out of a year."""
        getattr(self, which)
        return self._plan.total(which, year)


def _of_part(plan: Plan, known: Known, unread: Collection[str]) -> list[Finding]:
    part, found, left_out = cast("Plan", _Part(plan, unread)), [], 0
    for each in CHECKS:
        try:
            found += [
                _strict(one, known) for one in each(part, known) if one.where.split("/")[0] not in unread
            ]
        except _NotAtHandError:
            left_out += 1
    names = [name for name in EVERY if name in unread]
    titles = ", ".join(f"“{EVERY[name].title}”" for name in names)
    says = f"{left_out} of {len(CHECKS)} checks were left out, because they look at what is not at hand: {titles}."
    return [*found, note("not-checked", names[0], says, "Put it back to have everything checked.", "plan document: completeness")]  # fmt: skip


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
