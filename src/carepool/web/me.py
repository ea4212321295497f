"""What waits for whoever is signed in: their offices, what waits for them, their drafts, and the plans of their bodies."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse

from carepool.actions.areas import MARK
from carepool.actions.deciding import what_waits
from carepool.actions.house import House
from carepool.actions.nation import RULES
from carepool.actions.planning import all_plans, offices_of, partners
from carepool.basics.periods import parse_date
from carepool.places.bodies import BodyKind, body_id
from carepool.plans.versions import PlanHistory
from carepool.render.words import day
from carepool.signin.models import Account
from carepool.web.asking import HouseRequest
from carepool.web.frame import account_of
from carepool.web.people import body_name
from carepool.web.places_in_plan import TITLES
from carepool.web.signing_in import to_sign_in
from carepool.web.words import about_page

PAGES = {"decisions": "plan-decisions", "money": "plan-money"}


@dataclass(frozen=True, slots=True)
class Task:
    """Something that waits for me."""

    says: str
    body: str
    since: str
    href: str


def page(request: HouseRequest) -> HttpResponse:
    """The page; who is not signed in is asked to."""
    account = account_of(request)
    if account is None:
        return to_sign_in(request)
    house = request.house
    offices = offices_of(house, account.id)
    titles = house.rulebook.named(RULES).authorities
    histories = all_plans(house)
    bodies = {each.body for each in offices}
    context = {
        "section": "me",
        "account": account,
        "waiting": _waiting(house, account),
        "offices": [
            (titles.title(each.office), body_name(house, each.body), day(each.first), day(each.last) if each.last else "")
            for each in offices
        ],
        "drafts": _drafts(house, account, histories),
        "plans": [
            ((each.title, reverse("plan", args=[each.id])), f"Version {each.current.number}" if each.current else "No version yet")
            for each in histories
            if bodies & _bodies(house, each)
        ],
        "leads": any(each.office in titles.of("edit_plan").offices for each in offices),
        "mark": MARK if account.demonstration else "",
        **about_page(house),
    }  # fmt: skip
    return render(request, "web/me.jinja", context)


def _waiting(house: House, account: Account) -> list[Task]:
    return [
        Task(
            each.says,
            body_name(house, each.body),
            day(parse_date(each.since)),
            _address(each.page, each.plan),
        )
        for each in what_waits(house, account.id)
    ]


def _address(page: str, plan: str) -> str:
    """Where it is done; the plan's own page while that place is not built."""
    try:
        return reverse(PAGES.get(page, "plan"), kwargs={"plan": plan})
    except NoReverseMatch:
        return reverse("plan", kwargs={"plan": plan})


def _drafts(
    house: House, account: Account, histories: tuple[PlanHistory, ...]
) -> list[tuple[str, str, str, str]]:
    """Plan, section, when, and where to go on."""
    return [
        (
            each.title,
            TITLES[draft.section],
            day(draft.at),
            reverse("plan-section", args=[each.id, draft.section]),
        )
        for each in histories
        for draft in house.drafts.of_editor(each.id, account.id)
    ]


def _bodies(house: House, plan: PlanHistory) -> set[str]:
    area = house.areas.of_boards(plan.boards)
    boards = {body_id(BodyKind.BOARD, code) for code in plan.boards}
    return boards | {body.id for body in partners(plan, area)}
