"""What assurance holds up: approval goes by way of an outcome, and later stages wait for its conditions."""

from carepool.assurance.record import Record
from carepool.basics.refusals import Refused
from carepool.rules.rulebook import RuleSet
from carepool.rules.schema import Stage

APPROVE = "approve_plan"
"""The action by which an outcome is decided, and a plan approved."""


def stage_of_approval(rules: RuleSet) -> Stage | None:
    """The stage that an outcome which lets the plan go on leads to."""
    return next((each for each in rules.decisions.stages if each.action == APPROVE), None)


def held_up(rules: RuleSet, record: Record, stage: str) -> Refused | None:
    """Why a stage cannot be reached directly now: it is reached by an outcome, or conditions are open."""
    if not rules.assures:
        return None
    approval = stage_of_approval(rules)
    if approval and stage == approval.name:
        return Refused(
            "Under these rules a plan is approved by its assurance: two reviews, their moderation and an outcome. "
            "Open the plan's page “Assurance”, where the outcome is decided."
        )
    waiting = record.open_conditions
    if stage in rules.assurance.open_conditions_stop and waiting:
        names = ", ".join(each.id for each in waiting)
        return Refused(
            f"{'A condition' if len(waiting) == 1 else f'{len(waiting)} conditions'} of its approval "
            f"{'is' if len(waiting) == 1 else 'are'} not met yet ({names}). The plan's page “Assurance” says what is asked for and by when."
        )
    return None
