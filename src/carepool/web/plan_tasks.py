"""The sections of a plan as a list of tasks, in groups, each with where it stands: told from what it holds and what is found."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from carepool.actions.planning import PlanView
from carepool.basics.findings import Finding, Severity
from carepool.plans.document import EVERY, Plan, filled, sections_asked
from carepool.web.places_in_plan import section_of
from carepool.web.section_given import given

GROUPS: Mapping[str, tuple[str, ...]] = {
    "Who and why": ("parties", "vision", "schemes"),
    "Money": ("sources", "spend", "freed", "benefits", "earmarks", "transfer"),
    "Targets": ("target", "metrics", "flows"),
    "Conditions": ("conditions", "protection", "seven_days", "sharing", "assessment"),
    "Delivery": ("action", "risks", "alignment"),
    "Voices": ("commentaries", "engagement"),
}
"""Every section, in the order in which a plan is drawn up."""

HINTS = {
    "parties": "Whose plan it is, and who holds the pooled account",
    "vision": "Where the plan wants to get to, and what is wrong today",
    "schemes": "What the money does, for whom, and why it should work",
    "sources": "Who puts in how much of which money",
    "spend": "What each scheme costs, who commissions it and who provides it",
    "freed": "Which contracts the commissioners’ additional money comes from",
    "benefits": "What each scheme saves: activity times price",
    "earmarks": "Carers’ breaks, reablement, the Care Act",
    "transfer": "What the 200m of 2014-15 is used for",
    "target": "Emergency admissions: baseline and target by quarter",
    "metrics": "All other targets, and those that the board defines itself",
    "flows": "Which hospitals the planned reductions fall on",
    "conditions": "How each is met, and what shows it",
    "protection": "What people can get with the money and without it",
    "seven_days": "Which services work on which days",
    "sharing": "The NHS number, open interfaces, information governance",
    "assessment": "Who is at high risk, and who is accountable for their care",
    "action": "Milestones, who decides, and what happens when it goes off track",
    "risks": "What could go wrong, who bears it, and the contingency",
    "alignment": "Other plans that this one must agree with",
    "commentaries": "What the hospitals say of the plan",
    "engagement": "Who was heard, and what it means for providers",
}

MAY_BE_EMPTY = {
    "parties/boundaries", "target/case", "sharing/primary_by", "metrics/local", "risks/contingencies",
}  # fmt: skip
"""Fields and lists that a complete section may do without; the checks say when it may not."""


class State(StrEnum):
    """Where a section stands; the words are those on the page."""

    NOT_STARTED = "Not started"
    IN_PROGRESS = "In progress"
    COMPLETE = "Complete"
    PROBLEM = "Has a problem"


COLOURS = {
    State.NOT_STARTED: "grey", State.IN_PROGRESS: "blue", State.COMPLETE: "green", State.PROBLEM: "orange",
}  # fmt: skip


def groups(found: PlanView) -> list[tuple[str, list[str]]]:
    """The sections that the rules ask for, in groups."""
    asked = set(sections_asked(found.rules))
    made = [(title, [name for name in names if name in asked]) for title, names in GROUPS.items()]
    return [(title, names) for title, names in made if names]


def ordered(found: PlanView) -> list[str]:
    """The sections that the rules ask for, in the order of the task list."""
    return [name for _, names in groups(found) for name in names]


def section_after(found: PlanView, section: str) -> str | None:
    """The section after one; None after the last, or after one that is not asked for."""
    names = ordered(found)
    at = names.index(section) + 1 if section in names else len(names)
    return names[at] if at < len(names) else None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a section stands, and why."""

    state: State
    problems: int
    warnings: int


def standings(
    found: PlanView, plan: Plan, begun: Plan, findings: Iterable[Finding], unread: set[str]
) -> dict[str, Standing]:
    """Where each section stands. ``begun``: what the plan began with, which nobody has written. ``unread``: sections with a draft that cannot be read."""
    listed = list(findings)
    return {name: _standing(found, plan, begun, name, listed, unread) for name in sections_asked(found.rules)}


def _standing(
    found: PlanView, plan: Plan, begun: Plan, name: str, findings: list[Finding], unread: set[str]
) -> Standing:
    here = [each for each in findings if section_of(each.where) == name]
    blockers = sum(each.severity is Severity.BLOCKER for each in here)
    warnings = sum(each.severity is Severity.WARNING for each in here)
    part = plan.section(name)
    touched = found.history.current is not None or part != begun.section(name) or name in unread
    if name in unread:
        return Standing(State.PROBLEM, max(blockers, 1), warnings)
    if not filled(part) or not touched:
        return Standing(State.NOT_STARTED, 0, 0)
    if blockers:
        return Standing(State.PROBLEM, blockers, warnings)
    return Standing(State.COMPLETE if whole(found, plan, name) else State.IN_PROGRESS, 0, warnings)


def whole(found: PlanView, plan: Plan, name: str) -> bool:
    """Whether every field and list of a section holds something, and every row that the rules name is there."""
    about, part = EVERY[name], plan.section(name)
    held = filled(part)
    asked = [*(each.name for each in about.fields), *(each.name for each in about.lists)]
    if any(not held.get(each) for each in asked if f"{name}/{each}" not in MAY_BE_EMPTY):
        return False
    return all(len(getattr(part, each.name)) >= len(given(found, each.name)) for each in about.lists)
