"""What the pages of a plan share: the plan as asked for, who is asking, and the frame around it."""

import re
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TypeVar

from django.http import HttpRequest
from django.urls import reverse

from carepool.actions.areas import MARK
from carepool.actions.deciding import standing_of
from carepool.actions.house import House
from carepool.actions.planning import Actor, PlanView, editing, partners, view
from carepool.basics.periods import end_of_day, in_words, parse_date
from carepool.basics.refusals import NotHere, Unusable
from carepool.journal.port import Conflict, SameKey
from carepool.offices.holdings import Permit, Refused, holdings
from carepool.offices.holdings import stream_of as office_stream
from carepool.places.bodies import BodyKind
from carepool.signin.models import Account
from carepool.signoff.decisions import Standing, Status
from carepool.web.asking import HouseRequest
from carepool.web.words import about_page

STATUS_COLOURS = {
    Status.NOT_STARTED: "grey",
    Status.AWAITING: "blue",
    Status.REFUSED: "orange",
    Status.AGREED: "green",
    Status.APPROVED: "green",
    Status.SIGNED_OFF: "green",
}


@dataclass(frozen=True, slots=True)
class When:
    """The instant that a page is asked as at, if any; every reading takes its position."""

    day: date | None
    upto: int | None
    typed: str
    error: str

    def query(self) -> dict[str, str]:
        """What links carry along."""
        return {"as_at": self.day.isoformat()} if self.day else {}


def read_when(request: HouseRequest) -> When:
    """``?as_at=`` of an address. A day that is none is an error beside its field, and the page shows now."""
    typed = request.GET.get("as_at", "")[:40].strip()
    if not typed:
        return When(None, None, "", "")
    try:
        day = parse_date(typed)
    except Unusable as error:
        return When(None, None, typed, str(error))
    return When(day, request.house.journal.as_at(end_of_day(day)), typed, "")


def account_of(request: HttpRequest) -> Account | None:
    """Who is signed in, or None."""
    user = request.user
    return user if isinstance(user, Account) else None


def actor_of(request: HttpRequest, account: Account) -> Actor:
    """Who asks, with the key that their form carries: sent twice, it acts once."""
    key = request.POST.get("key", "")[:80] or secrets.token_hex(16)
    return Actor(account.id, key, account.name)


def new_key() -> str:
    """A key for one form."""
    return secrets.token_hex(16)


def accounts_named(ids: Iterable[str]) -> Mapping[str, str]:
    """The names of some accounts by id. An account that went keeps its id, which is what the facts say."""
    wanted = set(ids)
    found = dict(Account.objects.filter(id__in=wanted).values_list("id", "name")) if wanted else {}
    return {each: found.get(each, each) for each in wanted}


_BODY = re.compile(rf"\b({'|'.join(BodyKind)}):[A-Z0-9_]+")


def body_named(house: House, body: str) -> str:
    """A body's name; its id where it is none that we know."""
    try:
        return house.areas.body(body).name
    except NotHere:
        return body


def spoken(house: House, says: str) -> str:
    """A sentence with the names of bodies in place of their ids."""
    return _BODY.sub(lambda found: body_named(house, found[0]), says)


Answer = TypeVar("Answer")


def carried_out(command: Callable[[], Answer]) -> Answer | Refused:
    """What a command comes to; what only a second press or a crowd can cause is a refusal in words, not a fault."""
    try:
        return command()
    except SameKey:
        return Refused("This form was sent before, with something else in it. Look at it and send it again.")
    except Conflict:
        return Refused("Others are writing at this moment, and nothing of yours was. Send it again.")


class PlanPage:
    """One plan as one request asks for it."""

    def __init__(self, request: HouseRequest, plan: str) -> None:
        self.request = request
        self.house: House = request.house
        self.when = read_when(request)
        self.view: PlanView = view(self.house, plan, self.when.upto)
        self.account = account_of(request)

    @cached_property
    def standing(self) -> Standing:
        """Where the plan stands."""
        return standing_of(self.house, self.view, self.when.upto)

    @cached_property
    def permit(self) -> Permit | Refused | None:
        """Whether who is signed in may edit; None when nobody is."""
        if self.account is None:
            return None
        return editing(self.house, self.view, actor_of(self.request, self.account))

    @property
    def may_edit(self) -> bool:
        """Whether the page offers to change things: as it is now, to one who may."""
        return self.when.day is None and isinstance(self.permit, Permit)

    def said(self, says: str) -> str:
        """A sentence with names for ids."""
        return spoken(self.house, says)

    def name(self, body: str) -> str:
        """A body's name."""
        return body_named(self.house, body)

    def leads(self) -> list[tuple[str, str]]:
        """Who can edit: name and body of each plan lead of today."""
        offices = self.view.rules.authorities.of("edit_plan").offices
        held = [
            (each.account, body.name)
            for body in partners(self.view, self.view.area, self.view.plan.parties)
            for each in holdings(self.house.journal.read(office_stream(body.id)))
            if each.office in offices and each.on(self.house.today)
        ]
        names = accounts_named(account for account, _ in held)
        return [(names[account], body) for account, body in held]

    def href(self, name: str, **more: str) -> str:
        """The address of another page of this plan, as at the same day."""
        return reverse(name, kwargs={"plan": self.view.history.id, **more}, query=self.when.query() or None)

    def frame(self, here: str) -> dict[str, object]:
        """What the frame around every page of a plan shows; ``here`` is the name of the page in its navigation."""
        history, status = self.view.history, self.standing.status
        pages = [
            ("plan", "Overview"), ("plan-check", "Content"), ("plan-versions", "Versions"),
            ("plan-decisions", "Decisions"), ("plan-money", "Money"),
        ]  # fmt: skip
        return {
            "section": "plans",
            "page": self,
            "plan": history,
            "boards": [self.view.area.england.places.boards[code] for code in history.boards],
            "status": (status, STATUS_COLOURS[status]),
            "standing": self.standing,
            "tabs": [(words, self.href(name), name == here) for name, words in pages],
            "mark": MARK if self.view.area.illustrative else "",
            "when": self.when,
            "errors": [("as_at", self.when.error)] if self.when.error else [],
            "key": new_key(),
            **about_page(self.house, self.view.rules),
            **(
                {"as_at": f"the end of {in_words(self.when.day)}: what had been recorded by then"}
                if self.when.day
                else {}
            ),
        }
