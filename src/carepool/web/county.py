"""The illustrative county's page: its fictitious bodies, and the real ones that their statistics are drawn from."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from carepool.actions.areas import MARK
from carepool.actions.reading import Listed, known_plans
from carepool.web.asking import HouseRequest
from carepool.web.frame import account_of
from carepool.web.words import about_page


def page(request: HouseRequest) -> HttpResponse:
    """The page."""
    house = request.house
    county, england = house.areas.county, house.areas.england.england.places
    places = county.england.places
    account = account_of(request)
    named = known_plans(house, account.id if account else None)
    plans = {code: each for each in named for code in each.history.boards if code in places.boards}
    boards = [
        (
            (board.name, reverse("board", args=[board.code])),
            ", ".join(council.name for council in board.councils),
            ", ".join(name for council in board.councils for name in council.districts),
            ", ".join(
                places.ccgs[each.ccg].name.removeprefix("NHS ") for each in places.by_board[board.code]
            ),
            ", ".join(trust.name for trust in county.trusts if board.code in trust.boards),
            _link(plans[board.code]) if board.code in plans else ("", ""),
        )
        for board in places.boards.values()
    ]
    drawn = [
        (
            places.ccgs[body].name if body in places.ccgs else f"{places.boards[body].name} (capital grants)",
            england.ccgs[real].name if real in england.ccgs else england.boards[real].name,
        )
        for body, real in county.drawn_from.items()
    ]
    context = {"section": "plans", "mark": MARK, "boards": boards, "drawn": drawn, **about_page(house)}
    return render(request, "web/county.jinja", context)


def _link(plan: Listed) -> tuple[str, str]:
    """A plan's title, and where whoever asks may read it."""
    return plan.history.title, reverse("plan" if plan.mine else "plan-public", args=[plan.history.id])
