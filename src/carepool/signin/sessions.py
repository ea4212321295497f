"""Sessions: begun at sign-in under a new key, listed for their owner, ended by them one by one or all at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth import SESSION_KEY, login, logout
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest

from carepool.signin import tokens
from carepool.signin.browsers import in_words
from carepool.signin.keeping import new_id
from carepool.signin.models import Account, OpenSession

BACKEND = "carepool.signin.backends.Accounts"
PROVED = "proved"
"""Set in a session that began, or was added to, with a second factor, or with a provider, whose matter that is."""


@dataclass(frozen=True, slots=True)
class Listed:
    """A session as its owner sees it."""

    id: str
    made_at: datetime
    signed_in_at: datetime
    way: str
    browser: str
    own: bool
    """Whether it is the one that asks."""


def enter(request: HttpRequest, account: Account, way: str, now: datetime, *, proved: bool) -> None:
    """Sign an account in: the session gets a new key, and is listed for its owner."""
    before = OpenSession.objects.filter(key=request.session.session_key or "", account=account).first()
    if SESSION_KEY in request.session:
        request.session.cycle_key()  # Django gives a new key only where nobody was signed in, or somebody else
    request.session.set_expiry(None)
    login(request, account, backend=BACKEND)
    request.session[PROVED] = proved
    request.session.save()
    OpenSession.objects.create(
        id=new_id(),
        key=request.session.session_key or "",
        account=account,
        made_at=before.made_at if before else now,
        signed_in_at=now,
        way=way[:100],
        browser=in_words(request.headers.get("User-Agent", ""))[:100],
    )
    _forget_ended(now)


def leave(request: HttpRequest) -> None:
    """Sign out: the session is gone, here and in the database."""
    OpenSession.objects.filter(key=request.session.session_key or "").delete()
    logout(request)


def of_account(account: str, key: str | None, now: datetime) -> list[Listed]:
    """An account's sessions that are open, the asker's own first, then the latest."""
    rows = list(OpenSession.objects.filter(account=account).order_by("-signed_in_at"))
    alive = _alive((row.key for row in rows), now)
    found = [
        Listed(row.id, row.made_at, row.signed_in_at, row.way, row.browser, row.key == key)
        for row in rows
        if row.key in alive
    ]
    return sorted(found, key=lambda each: not each.own)


def end(account: str, which: str) -> bool:
    """End one of an account's sessions; False when it has none of that id."""
    return _end(OpenSession.objects.filter(account=account, id=which).values_list("key", flat=True)) > 0


def end_others(account: str, key: str | None) -> int:
    """End all of an account's sessions but the one of that key; how many."""
    others = OpenSession.objects.filter(account=account).exclude(key=key or "")
    return _end(others.values_list("key", flat=True))


def end_all(account: str) -> int:
    """End all of an account's sessions, and the tokens that it gave to programs; how many sessions."""
    tokens.forget_all(account)
    return end_others(account, None)


def end_everybodys() -> int:
    """End all sessions and tokens of all accounts, those in which a code is still owed too; how many sessions were on a list."""
    with transaction.atomic():
        tokens.forget_all(None)
        ended = OpenSession.objects.count()
        OpenSession.objects.all().delete()
        Session.objects.all().delete()
    return ended


def _end(keys: Iterable[str]) -> int:
    ended = list(keys)
    with transaction.atomic():
        Session.objects.filter(session_key__in=ended).delete()
        OpenSession.objects.filter(key__in=ended).delete()
    return len(ended)


def _alive(keys: Iterable[str], now: datetime) -> set[str]:
    found = Session.objects.filter(session_key__in=list(keys), expire_date__gt=now)
    return set(found.values_list("session_key", flat=True))


def _forget_ended(now: datetime) -> None:
    """Forget what ended by itself, whoever's it was."""
    Session.objects.filter(expire_date__lt=now).delete()
    OpenSession.objects.exclude(key__in=Session.objects.values("session_key")).delete()
