"""Tokens: what a program shows in place of an account's owner, shown once, kept as a digest, with an end of its own.

A token gives nothing: whoever bears it is asked for the same offices, at each request, as its owner at a page.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from carepool.basics.refusals import Refused
from carepool.signin.backends import admitted
from carepool.signin.keeping import digest, keyed, new_token
from carepool.signin.models import Account, Token

PREFIX = "carepool_"
"""What every token begins with, so that one that was left lying about is known for what it is."""
SHAPE = re.compile(rf"{PREFIX}[A-Za-z0-9_-]{{43}}")
DAYS = (30, 90, 365)
"""For how long a token may be made."""
MOST = 20
"""Tokens that an account can have at a time."""
LONGEST_NAME = 100
USED_WITHIN = timedelta(hours=1)
"""How exactly the last use is kept: a look writes no more than that, and no more often."""


@dataclass(frozen=True, slots=True)
class Made:
    """A token that was made, with its secret where it was made just now: it is never shown again."""

    token: Token
    secret: str | None


def make(account: Account, name: str, days: int, now: datetime, key: str, *, acts: bool) -> Made | Refused:
    """Make a token for an account. The form that arrives again under its key finds what was made, without its secret."""
    which = keyed("token.key", f"{account.pk} {key}")[:32]
    secret = f"{PREFIX}{new_token()}"
    if not name:
        return Refused(
            "Give the token a name by which you know it later, for example the program that it is for."
        )
    if days not in DAYS:
        return Refused(f"Choose for how many days: {', '.join(map(str, DAYS))}.")
    with transaction.atomic():
        if before := Token.objects.filter(id=which, account=account).first():
            return Made(before, None)
        if in_use(account.pk, now).count() >= MOST:
            return Refused(
                f"You have {MOST} tokens, which is the most. End one that no program uses any more."
            )
        made = Token.objects.create(
            id=which, digest=digest(secret), account=account, name=name[:LONGEST_NAME], acts=acts, made_at=now,
            expires_at=now + timedelta(days=days),
        )  # fmt: skip
    return Made(made, secret)


def in_use(account: str, now: datetime) -> QuerySet[Token]:
    """An account's tokens that still open something, the latest first."""
    return Token.objects.filter(account=account, ended_at=None, expires_at__gt=now).order_by("-made_at", "id")


def borne(secret: str, now: datetime) -> Token | None:
    """The token that a program shows; None for one that there is not, has ended, or whose owner may not sign in."""
    if not SHAPE.fullmatch(secret):
        return None
    found = (
        Token.objects.select_related("account")
        .filter(digest=digest(secret), ended_at=None, expires_at__gt=now)
        .first()
    )
    return found if found and admitted(found.account) else None


def note_use(token: Token, now: datetime) -> None:
    """Keep that a token is used in this hour, so that its owner sees which they still need."""
    if token.used_at is None or now - token.used_at >= USED_WITHIN:
        late = Q(used_at=None) | Q(used_at__lte=now - USED_WITHIN)
        Token.objects.filter(late, id=token.pk).update(used_at=now)


def end(account: str, which: str, now: datetime) -> bool:
    """End one of an account's tokens; False when it has none of that id in use."""
    return Token.objects.filter(account=account, id=which, ended_at=None).update(ended_at=now) > 0


def forget_all(account: str | None) -> None:
    """End all tokens of an account, or with None of everybody, as where a password was lost."""
    found = Token.objects.all()
    (found if account is None else found.filter(account=account)).delete()
