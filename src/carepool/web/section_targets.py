"""How realistic a target is, beside it in the editor: from figures of all boards, and never from anybody's plan."""

from collections.abc import Iterator

from carepool.actions.exploring import everywhere
from carepool.actions.measuring import drawn_from, held
from carepool.basics.periods import Quarter
from carepool.measures.peers import peers
from carepool.measures.realism import realism, sentence
from carepool.plans.document import Plan
from carepool.web.frame import PlanPage


def targets(page: PlanPage, mine: Plan) -> Iterator[tuple[str, str, str]]:
    """A sentence for each target that has a baseline, of a measure of which figures are held.

    A plan of several boards has no level of its own here, and its targets have none.
    """
    house, found = page.house, page.view
    boards = found.history.boards
    if len(boards) != 1:
        return
    known = {each.id: each for each in house.rulebook.definitions.measures if each.series != "none"}
    years = found.known.years
    begins = Quarter.parse(f"{years[0]}Q1").first_day.year
    for row in mine.metrics.metrics:
        if row.metric not in known or row.baseline is None:
            continue
        board = drawn_from(found.area, boards[0])
        near = [each.board for each in peers(board, held(house).statistics.need)]
        every = everywhere(house, row.metric).boards
        wanted = {"year_2": (row.year_2, len(years))} | (
            {"year_1": (row.year_1, 1)} if len(years) > 1 else {}
        )
        for field, (target, over) in wanted.items():
            if target is None:
                continue
            said = realism(every, board, near, row.baseline, target, over, begins)
            if said:
                yield f"metrics/{row.metric}", field, sentence(said)
