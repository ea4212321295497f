"""The lists that a code in a plan must be of: the plan's own schemes and parties, and what its rules and places name."""

from carepool.actions.planning import PlanView
from carepool.plans.document import Plan
from carepool.rules.schema import Conditions, Metrics
from carepool.web.places_in_plan import board_named, code_named

Choice = tuple[str, str]

LISTS = ("partners", "commissioners", "streams", "schemes", "conditions", "metrics", "trusts", "boards")


def choices(found: PlanView, plan: Plan, of: str) -> tuple[Choice, ...]:
    """Each code of a list with its words, in order."""
    match of:
        case "partners":
            codes = (*plan.parties.councils, *plan.parties.ccgs)
            return tuple((code, code_named(found, code)) for code in codes)
        case "commissioners":
            return tuple((code, code_named(found, code)) for code in plan.parties.ccgs)
        case "streams":
            return streams(found)
        case "schemes":
            return tuple((each.id, f"{each.id}: {each.name}" if each.name else each.id) for each in plan.schemes.schemes)  # fmt: skip
        case "conditions":
            conditions = found.rules.find("conditions", Conditions)
            return tuple((each.id, each.title) for each in (conditions.conditions if conditions else ()))
        case "metrics":
            metrics = found.rules.find("metrics", Metrics)
            return tuple((each.id, each.title) for each in (metrics.metrics if metrics else ()))
        case "trusts":
            return tuple(sorted(found.known.trusts.items(), key=lambda each: each[1]))
        case "boards":
            return tuple((code, board_named(found, code)) for code in plan.parties.boards)
    raise AssertionError(f"there is no list {of}")


def streams(found: PlanView) -> tuple[Choice, ...]:
    """The streams of the fund, and what a party adds of its own accord."""
    return (
        *((each.name, each.says) for each in found.rules.composition.streams),
        ("additional", "Added of its own accord"),
    )
