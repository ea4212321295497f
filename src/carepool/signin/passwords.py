"""Passwords: what a good one is, how one is set, and links by which its owner chooses another."""

from datetime import datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from carepool.signin import sessions
from carepool.signin.backends import admitted
from carepool.signin.keeping import digest, new_token
from carepool.signin.models import Account, PasswordLink

LONGEST = 1000
"""Characters of a password, of which every one counts. Who reads one that was typed reads one more, which then fits none."""
OUR_WORDS = (
    "carepool", "integration", "transformation", "commissioning", "password", "england", "council", "finance", "welcome", "better",
    "health", "social", "letmein", "secret", "signin", "login", "admin", "board", "trust", "care", "fund", "pool", "plan", "nhs", "ccg", "icb", "hwb", "bcf",
)  # fmt: skip
"""What anybody would try here first; the longer before what they hold."""
LEFT = 8
"""Letters and figures that must be left of a password without them."""
BY_LETTER = timedelta(hours=1)
BY_OPERATOR = timedelta(hours=24)

TOO_OURS = (
    "This password is made of words that anybody would try here, like the service's own name. Choose words that have "
    "nothing to do with it."
)


def faults(password: str, account: Account) -> list[str]:
    """What is wrong with a password for an account, a sentence each; nothing when it will do."""
    if len(password) > LONGEST:
        return [f"A password has at most {LONGEST:,} characters. Choose a shorter one."]
    try:
        validate_password(password, account)
    except ValidationError as error:
        return list(error.messages)
    return [TOO_OURS] if _of_our_words(password) else []


def change(account: Account, password: str) -> None:
    """Set a password. All the account's sessions end, and every link to choose one."""
    with transaction.atomic():
        account.set_password(password)
        account.save(update_fields=["password"])
        PasswordLink.objects.filter(account=account).delete()
        sessions.end_all(account.id)


def make_link(account: Account, now: datetime, lasts: timedelta) -> str:
    """What stands in a link by which the account's owner chooses a new password; earlier links still work until used."""
    PasswordLink.objects.filter(expires_at__lt=now).delete()
    token = new_token()
    PasswordLink.objects.create(token=digest(token), account=account, expires_at=now + lasts)
    return token


def of_email(email: str) -> list[Account]:
    """The accounts that may get a link at that address: those with a password of their own."""
    wanted = email.strip().casefold()
    found = Account.objects.filter(email=wanted) if wanted else Account.objects.none()
    return [each for each in found if admitted(each) and each.has_usable_password()]


def of_link(token: str, now: datetime) -> Account | None:
    """Whose a link is, as long as it works."""
    found = _open(token, now).select_related("account").first()
    return found.account if found and admitted(found.account) else None


def use_link(token: str, password: str, now: datetime) -> bool:
    """Set the password of the link's account, once; False, and nothing set, when the link works no more."""
    with transaction.atomic():
        account = of_link(token, now)
        if account is None or not _open(token, now).update(used_at=now):
            return False
        change(account, password)
    return True


def _of_our_words(password: str) -> bool:
    """Whether too little is left without our words, whatever stands between their letters."""
    whole = left = "".join(each for each in password.casefold() if each.isalnum())
    for word in OUR_WORDS:
        left = left.replace(word, "")
    return left != whole and len(left) < LEFT


def _open(token: str, now: datetime):  # type: ignore[no-untyped-def]  # a query set, which its readers narrow
    return PasswordLink.objects.filter(token=digest(token), used_at=None, expires_at__gt=now)
