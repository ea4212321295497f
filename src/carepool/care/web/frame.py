"""What the pages of the wing share: who asks, as what, and the frame around every page."""

import re
import secrets
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import wraps
from importlib.metadata import version

from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse

from carepool.basics.periods import LONDON, in_words
from carepool.basics.refusals import NotHere, Unusable
from carepool.care.actions.house import CareHouse
from carepool.care.actions.ports import Role, RoleKind
from carepool.signin.models import Account

BUILD = f"carepool {version('carepool')}"
_KEY = re.compile(r"[!-~]{1,150}")
NO_PAGE = "There is no page at this address."
NAVIGATION = {
    RoleKind.PRACTITIONER: (
        ("day", "Today"),
        ("find", "Find a person"),
        ("pairs", "One person or two"),
        ("numbers", "Numbers"),
    ),
    RoleKind.GOVERNANCE: (("log", "Who looked"), ("pairs", "One person or two"), ("numbers", "Numbers")),
    RoleKind.PERSON: (("mine", "My plan"), ("my-log", "Who looked"), ("own-details", "My details")),
    RoleKind.CARER: (
        ("mine", "The plan"),
        ("own-assessment", "My own assessment"),
        ("own-voice", "How it is for me"),
    ),
    RoleKind.COMMISSIONER: (),
}


class WingRequest(HttpRequest):
    """A request, with the wing that it is answered from (set by the wiring's middleware)."""

    house: CareHouse


class NoKey(Unusable):
    """A form without a key."""

    def __init__(self) -> None:
        super().__init__(
            "This form came without the key by which it acts once, so nothing was recorded. Open its page again, and send it from there."
        )


def account_of(request: HttpRequest) -> Account | None:
    """Who is signed in, or None."""
    user = request.user
    return user if isinstance(user, Account) else None


def key_of(request: HttpRequest) -> str:
    """The key that a form carries: sent twice, it acts once. NoKey where it has none."""
    key = request.POST.get("key", "")
    if not _KEY.fullmatch(key):
        raise NoKey
    return key


def new_key() -> str:
    """A key for one form."""
    return secrets.token_hex(16)


def typed(request: HttpRequest, name: str, longest: int = 200) -> str:
    """What was typed into a field, spaces around it left out."""
    return request.POST.get(name, "")[:longest].strip()


View = Callable[..., HttpResponseBase]


def open_to(*kinds: RoleKind) -> Callable[[View], View]:
    """Opens a page to accounts that are one of these in the wing. To others it does not exist; who is not signed in is asked to."""

    def opened(view: View) -> View:
        @wraps(view)
        def answer(request: WingRequest, **named: str) -> HttpResponseBase:
            account = account_of(request)
            if account is None:
                return HttpResponseRedirect(
                    reverse("sign-in", query={"next": request.path} if request.method == "GET" else None)
                )
            role = request.house.people.role(account.pk)
            if role is None or role.kind not in kinds:
                raise NotHere(NO_PAGE)
            return view(request, role, **named)

        return answer

    return opened


def frame(request: WingRequest, role: Role | None, here: str, **more: object) -> dict[str, object]:
    """What every page shows around its content, with what is its own."""
    pages = NAVIGATION[role.kind] if role else ()
    return {
        "navigation": [(name, words, reverse(name)) for name, words in pages],
        "section": here,
        "role": role,
        "account": account_of(request),
        "build": BUILD,
        "key": new_key(),
        "demonstration": not request.house.production,
        **more,
    }


def names_of(accounts: Iterable[str]) -> dict[str, str]:
    """The names of accounts."""
    return dict(Account.objects.filter(pk__in=set(accounts)).values_list("id", "name"))


def moment(at: datetime) -> str:
    """An instant as people write it in London: 18 August 2014 at 14:32."""
    there = at.astimezone(LONDON)
    return f"{in_words(there.date())} at {there:%H:%M}"
