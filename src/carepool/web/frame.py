"""What the pages of a plan share: the plan as asked for, who is asking, and the frame around it."""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TypeVar

from django.http import HttpRequest
from django.urls import reverse

from carepool.actions.areas import MARK
from carepool.actions.editing import editing
from carepool.actions.house import House
from carepool.actions.permits import Actor, partners
from carepool.actions.planning import PlanView, view
from carepool.actions.standings import standing_of
from carepool.basics.periods import in_words, parse_as_at
from carepool.basics.refusals import Refused, Unusable
from carepool.journal.commands import Done
from carepool.journal.port import Conflict, SameKey
from carepool.offices.holdings import Permit, holdings
from carepool.offices.holdings import stream_of as office_stream
from carepool.places.bodies import BodyKind
from carepool.signin.models import Account
from carepool.signoff.standing import Standing, Status
from carepool.web.acting import OTHERS_WRITING, SENT_BEFORE
from carepool.web.asking import HouseRequest
from carepool.web.people import body_name, names_of
from carepool.web.words import about_page

_KEY = re.compile(
    r"[!-~]{1,150}"
)  # a form's own part may name a side or a place, like local_government or schemes/3

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
        return {"as_at": self.typed} if self.day else {}

    @property
    def says(self) -> str:
        """The instant in words, for the foot of a page."""
        if self.day is None:
            return ""
        at = f"{self.typed[11:]} on " if len(self.typed) > 10 else "the end of "
        return f"{at}{in_words(self.day)}: what had been recorded by then"


def read_when(request: HouseRequest) -> When:
    """``?as_at=`` of an address, a day or an instant. What is neither is an error beside its field, and the page shows now."""
    typed = request.GET.get("as_at", "")[:40].strip()
    if not typed:
        return When(None, None, "", "")
    try:
        day, moment = parse_as_at(typed)
    except Unusable as error:
        return When(None, None, typed, str(error))
    return When(day, request.house.journal.as_at(moment), typed, "")


def account_of(request: HttpRequest) -> Account | None:
    """Who is signed in, or None."""
    user = request.user
    return user if isinstance(user, Account) else None


class NoKey(Unusable):
    """A form without a key."""

    def __init__(self) -> None:
        super().__init__(
            "This form came without the key by which it acts once, so nothing was recorded. Open its page again, and send it from there."
        )


def key_of(request: HttpRequest) -> str:
    """The key that a form carries: sent twice, it acts once. NoKey where it has none, since sent twice it would act twice."""
    key = request.POST.get("key", "")
    if not _KEY.fullmatch(key):
        raise NoKey
    return key


def actor_of(request: HttpRequest, account: Account) -> Actor:
    """Who asks, with the key that their form carries. NoKey where it has none."""
    return Actor(account.id, key_of(request), account.name)


def looking(account: Account) -> Actor:
    """Who looks, or keeps what is theirs alone, where the last of two is what holds: without a key, since nothing is recorded."""
    return Actor(account.id, "", account.name)


def new_key() -> str:
    """A key for one form."""
    return secrets.token_hex(16)


_BODY = re.compile(rf"\b({'|'.join(BodyKind)}):[A-Z0-9_]+")


def spoken(house: House, says: str) -> str:
    """A sentence with the names of bodies in place of their ids."""
    return _BODY.sub(lambda found: body_name(house, found[0]), says)


Answer = TypeVar("Answer")


def carried_out(house: House, command: Callable[[], Answer]) -> Answer | Refused:
    """What a command comes to; what only a second press or a crowd can cause is a refusal in words, not a fault.

    What was written is sealed at once, so that a later look writes nothing.
    """
    try:
        answer = command()
    except SameKey:
        return Refused(SENT_BEFORE)
    except Conflict:
        return Refused(OTHERS_WRITING)
    if isinstance(answer, Done):
        house.journal.seal()
    return answer


class PlanPage:
    """One plan as one request asks for it."""

    def __init__(self, request: HouseRequest, plan: str) -> None:
        self.request = request
        self.house: House = request.house
        # What is done is done now, whatever day its page was asked as at.
        self.when = read_when(request) if request.method in {"GET", "HEAD"} else When(None, None, "", "")
        self.view: PlanView = view(self.house, plan, self.when.upto, self.when.day)
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
        return editing(self.house, self.view, looking(self.account))

    @property
    def may_edit(self) -> bool:
        """Whether the page offers to change things: as it is now, to one who may."""
        return self.when.day is None and isinstance(self.permit, Permit)

    def said(self, says: str) -> str:
        """A sentence with names for ids."""
        return spoken(self.house, says)

    def name(self, body: str) -> str:
        """A body's name."""
        return body_name(self.house, body)

    def leads(self) -> list[tuple[str, str]]:
        """Who can edit: name and body of each plan lead of today."""
        offices = self.view.rules.authorities.of("edit_plan").offices
        held = [
            (each.account, body.name)
            for body in partners(self.view.history, self.view.area, self.view.plan.parties)
            for each in holdings(self.house.journal.read(office_stream(body.id)))
            if each.office in offices and each.on(self.house.today)
        ]
        names = names_of(account for account, _ in held)
        return [(names[account], body) for account, body in held]

    def href(self, name: str, **more: str) -> str:
        """The address of another page of this plan, as at the same day."""
        return reverse(name, kwargs={"plan": self.view.history.id, **more}, query=self.when.query() or None)

    def frame(self, here: str) -> dict[str, object]:
        """What the frame around every page of a plan shows; ``here`` is the name of the page in its navigation."""
        history, status = self.view.history, self.standing.status
        pages = [
            ("plan", "Overview"), ("plan-check", "Content"), ("plan-versions", "Versions"),
            ("plan-decisions", "Decisions"), ("plan-calendar", "Calendar"), ("plan-stake", "At stake"), ("plan-money", "Money"), ("plan-returns", "Returns"), ("plan-comments", "Comments"),
        ]  # fmt: skip
        if self.view.rules.assures:
            pages.insert(4, ("plan-assurance", "Assurance"))
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
            **({"as_at": self.when.says} if self.when.day else {}),
        }
