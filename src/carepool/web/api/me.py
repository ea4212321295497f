"""Operations about who asks: whose the token is, and what waits for them."""

from django.http import HttpResponse
from ninja import Query

from carepool.actions.nation import RULES
from carepool.actions.permits import offices_of
from carepool.actions.planning import all_plans
from carepool.actions.reading import concerning
from carepool.signin.models import Account
from carepool.web.api.asked import Exact, Paged
from carepool.web.api.paging import listed, only
from carepool.web.api.programs import token_of
from carepool.web.api.service import reads
from carepool.web.api.shapes import people as shapes
from carepool.web.api.shapes.parts import Page
from carepool.web.asking import HouseRequest, json_answer
from carepool.web.frame import account_of
from carepool.web.me import address_of, waits
from carepool.web.people import body_name, office_title

TAG = "Oneself"


class Tasks(Paged):
    """A page of what waits."""

    plan: Exact = None
    body: Exact = None


def asking(request: HouseRequest) -> Account:
    """Who asks: these operations are open only to who is somebody."""
    account = account_of(request)
    assert account is not None  # noqa: S101 (their audience)
    return account


@reads("/me", of="me", answers=shapes.Me, tag=TAG)
def me(request: HouseRequest) -> HttpResponse:
    """Whose the token is, which offices they hold today, and when the token ends."""
    house, account, token = request.house, asking(request), token_of(request)
    rules = house.rulebook.named(RULES)
    data = {
        "account": account.pk,
        "name": account.name,
        "offices": [
            {
                "body": each.body, "name": body_name(house, each.body), "office": each.office,
                "title": office_title(house, rules, each.body, each.office), "first": each.first, "last": each.last,
            }
            for each in offices_of(house, account.pk)
        ],
        "token": {"name": token.name, "acts": token.acts, "expires_at": token.expires_at} if token else None,
    }  # fmt: skip
    return json_answer(data)


@reads("/me/tasks", of="me", answers=Page[shapes.Task], tag=TAG)
def tasks(request: HouseRequest, asked: Query[Tasks]) -> HttpResponse:
    """What waits for the token's owner in the plans that they may read, the oldest first."""
    house, account = request.house, asking(request)
    bodies = {each.body for each in offices_of(house, account.pk)}
    rows = [
        {
            "says": each.says, "plan": each.plan, "body": each.body, "body_name": body_name(house, each.body),
            "since": each.since, "href": address_of(each.page, each.plan),
        }
        for each in waits(house, account, concerning(house, bodies, all_plans(house)))
    ]  # fmt: skip
    return listed(request, only(rows, plan=asked.plan, body=asked.body), asked)
