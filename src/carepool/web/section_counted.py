"""What the person wing counts, beside the answers of a plan that it is evidence of: each national condition, and the measure of experience."""

from collections.abc import Iterator

from carepool.actions.care_counts import Evidence, evidence
from carepool.plans.document import Plan
from carepool.web.frame import PlanPage


def conditions(page: PlanPage, _: Plan) -> Iterator[tuple[str, str, str]]:
    """Beside the evidence of each condition, what is counted of it."""
    for board, each in _counted(page):
        for condition in each.count.conditions:
            yield f"answers/{condition}", "evidence", f"{board}{each.says}"


def metrics(page: PlanPage, _: Plan) -> Iterator[tuple[str, str, str]]:
    """Beside the baseline of a metric that has no national measure, what is counted in its place."""
    for board, each in _counted(page):
        for metric in each.count.metrics:
            yield f"metrics/{metric}", "baseline", f"{board}{each.says}"


def of_condition(page: PlanPage, condition: str) -> list[str]:
    """What is counted of a national condition, for whoever judges the plan."""
    return [f"{board}{each.says}" for board, each in _counted(page) if condition in each.count.conditions]


def _counted(page: PlanPage) -> Iterator[tuple[str, Evidence]]:
    boards = page.view.history.boards
    for board in boards:
        named = f"{page.view.area.england.places.board(board).name}: " if len(boards) > 1 else ""
        for each in evidence(page.house, board, page.when.upto):
            yield named, each
