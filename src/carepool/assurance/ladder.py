"""The escalation ladder: one step up at a time, down to any, and a direction only on a step whose powers the rules name."""

from carepool.assurance.record import Record
from carepool.basics.refusals import Refused
from carepool.rules.assurance import Rung
from carepool.rules.rulebook import RuleSet
from carepool.rules.schema import Redeployment


def rungs(rules: RuleSet) -> tuple[Rung, ...]:
    """The steps, from the lowest to that of direction; none where the rules lay none down."""
    return rules.assurance.ladder


def next_up(rules: RuleSet, record: Record) -> Rung | None:
    """The next step up; None on the highest."""
    names = [each.id for each in rungs(rules)]
    place = names.index(record.rung) + 1 if record.rung in names else 0
    return rungs(rules)[place] if place < len(names) else None


def may_take(rules: RuleSet, record: Record, rung: str) -> Refused | None:
    """Why a step cannot be taken now: it is none, or not the next."""
    following = next_up(rules, record)
    if rung not in {each.id for each in rungs(rules)}:
        return Refused(f"The rules know no step “{rung}” of escalation. Choose one of them.")
    if following is None or following.id != rung:
        where = f"The next step is “{following.title}”." if following else "There is no step above it."
        return Refused(f"Escalation goes one step at a time. {where}")
    return None


def may_go_down(rules: RuleSet, record: Record, rung: str) -> Refused | None:
    """Why escalation cannot go back to a step, or end where it is empty: the plan does not stand above it."""
    names = ["", *(each.id for each in rungs(rules))]
    if not record.rung:
        return Refused("The plan stands on no step of escalation, so there is nothing to step down from.")
    if rung not in names or names.index(rung) >= names.index(record.rung):
        return Refused(
            "That step is not below the one that the plan stands on. Choose a lower one, or end it."
        )
    return None


def may_direct(rules: RuleSet, record: Record, power: str) -> Refused | None:
    """Why a power cannot be used now: the rules do not have it, or not on the step that the plan stands on."""
    redeployment = rules.find("redeployment", Redeployment)
    powers = {each.id: each for each in redeployment.powers} if redeployment else {}
    steps = [each for each in rungs(rules) if power in each.powers]
    if power not in powers or not steps:
        return Refused(
            f"The rules {rules.name} have no power “{power}” of direction. Name one that they have."
        )
    if record.rung not in {each.id for each in steps}:
        return Refused(f"A direction comes last: first the plan has to stand on “{steps[0].title}”.")
    return None
