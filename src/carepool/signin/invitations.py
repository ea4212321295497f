"""Invitations to have an account: a link that works once, within a week, unless who made it takes it back."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from carepool.basics.refusals import Refused, Unusable
from carepool.signin import identities
from carepool.signin.keeping import digest, new_id, new_token
from carepool.signin.models import Account, Invitation

LASTS = timedelta(days=7)
KEPT = timedelta(days=30)
"""After so long, who was invited and never came is forgotten."""
_HANDLE = re.compile(r"[a-z0-9][a-z0-9._-]{2,99}")
_EMAIL = re.compile(r"[^@\s<>,;:\"\\]{1,64}@[^@\s<>,;:\"\\]{1,180}")

OVER = "This invitation has been used, taken back or has run out. Ask whoever invited you for another."
TAKEN = "Somebody has that name already. Choose another one."
HANDLE = (
    "Write 3 to 100 small letters, digits, dots and hyphens, beginning with a letter or digit, like ann.lee."
)


@dataclass(frozen=True, slots=True)
class Made:
    """An invitation that was made, with what stands in its link, which is kept nowhere."""

    invitation: Invitation
    token: str
    again: bool = False
    """Whether it stood already, made by the same request: then this token opens nothing, and no letter is due."""


def checked_email(email: str) -> str:
    """An e-mail address as it is kept. Unusable when it is none."""
    found = email.strip().casefold()
    if not (_EMAIL.fullmatch(found) and found.isprintable()):
        raise Unusable("That is not an e-mail address. Write one like ann.lee@council.example.")
    return found


def checked_name(name: str) -> str:
    """A person's name as it is kept. Unusable when it is none."""
    found = " ".join(name.split())
    if not (found and len(found) <= 200 and found.isprintable()):
        raise Unusable("Write the person's name, in at most 200 characters.")
    return found


def checked_handle(handle: str) -> str:
    """What somebody will sign in with. Unusable when it is no such name, or is somebody's."""
    found = handle.strip()
    if not _HANDLE.fullmatch(found):
        raise Unusable(HANDLE)
    if Account.objects.filter(handle=found).exists():
        raise Unusable(TAKEN)
    return found


def id_for(by: str, key: str) -> str:
    """The id of the invitation that somebody makes by a request, which makes one however often it arrives."""
    return digest(f"{by} {key}")[:32]


def invite(
    email: str, name: str, by: str, now: datetime, gives: str = "", key: str = "", body: str = ""
) -> Made:
    """Make an invitation, in the name of a body unless an operator makes it. Unusable for an address or a name that is none.

    ``key``: that of the request.
    """
    Invitation.objects.filter(used_at=None, expires_at__lt=now - KEPT).delete()
    token = new_token()
    made = {
        "token": digest(token), "email": checked_email(email), "name": checked_name(name), "made_by": by,
        "gives": gives, "body": body, "made_at": now, "expires_at": now + LASTS,
    }  # fmt: skip
    which = id_for(by, key) if key else new_id()
    row, new = Invitation.objects.get_or_create(id=which, defaults=made)
    return Made(row, token, again=not new)


def of_link(token: str, now: datetime) -> Invitation | None:
    """The invitation that a link accepts, as long as it works."""
    return Invitation.objects.filter(token=digest(token), **_works(now)).first()


def of_id(which: str, now: datetime) -> Invitation | None:
    """An invitation by its id, as long as it can be accepted."""
    return Invitation.objects.filter(id=which, **_works(now)).first()


def accept(which: str, handle: str, password: str | None, now: datetime) -> Account | Refused:
    """Make the invited account, once. Without a password it has none, and needs another way in.

    To be called in a transaction, in which whatever comes with the account is given too.
    """
    invitation = Invitation.objects.filter(id=which).first()
    if invitation is None or not Invitation.objects.filter(id=which, **_works(now)).update(used_at=now):
        return Refused(OVER)
    account = Account(
        id=f"account-{new_id()[:16]}", handle=handle, name=invitation.name, email=invitation.email
    )
    if password is None:
        account.set_unusable_password()
    else:
        account.set_password(password)
    try:
        with transaction.atomic():
            account.save(force_insert=True)
    except IntegrityError:
        Invitation.objects.filter(id=which).update(used_at=None)
        return Refused(TAKEN)
    Invitation.objects.filter(id=which).update(account=account)
    return account


def accept_by_identity(
    which: str, issuer: str, subject: str, provider: str, now: datetime
) -> Account | Refused:
    """Make the invited account with a provider's identity as its only way in. In a transaction, as ``accept``."""
    invitation = of_id(which, now)
    if invitation is None:
        return Refused(OVER)
    if identities.account_of(issuer, subject):
        return Refused("You have an account here already: sign in with it. The invitation stands.")
    made = accept(which, free_handle(invitation.name), None, now)
    if isinstance(made, Account):
        identities.link(made, issuer, subject, provider, now)
    return made


def free_handle(name: str) -> str:
    """A handle made of a name that nobody has yet."""
    plain = re.sub(r"[^a-z0-9]+", ".", name.casefold()).strip(".")[:90]
    base = plain if _HANDLE.fullmatch(plain) else "account"
    tried = 1
    while Account.objects.filter(handle=base if tried == 1 else f"{base}.{tried}").exists():
        tried += 1
    return base if tried == 1 else f"{base}.{tried}"


def revoke(which: str, by: str, now: datetime) -> bool:
    """Take back an invitation of one's own; False when there is none that could still be accepted."""
    return Invitation.objects.filter(id=which, made_by=by, **_works(now)).update(revoked_at=now) == 1


def made_by(account: str) -> list[Invitation]:
    """Every invitation that somebody made, the latest first."""
    return list(Invitation.objects.filter(made_by=account).order_by("-made_at", "id")[:100])


def standing(invitation: Invitation, now: datetime) -> str:
    """What has become of an invitation, in a word or two."""
    if invitation.used_at:
        return "Accepted"
    if invitation.revoked_at:
        return "Taken back"
    return "Waiting" if invitation.expires_at > now else "Run out"


def _works(now: datetime) -> dict[str, object]:
    return {"used_at": None, "revoked_at": None, "expires_at__gt": now}
