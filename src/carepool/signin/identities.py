"""Who an account is to a provider of sign-in. Issuer and subject alone say it: an e-mail address is no proof."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from carepool.basics.refusals import Refused
from carepool.signin.keeping import digest
from carepool.signin.models import Account, Identity, SpentState

LAST_WAY = (
    "It is the only way in that your account has. Ask whoever looks after carepool for a password first."
)
ANOTHERS = "That sign-in belongs to another account here already, so it was not linked to yours."


def account_of(issuer: str, subject: str) -> Account | None:
    """The account that is linked with an identity."""
    found = Identity.objects.filter(issuer=issuer, subject=subject).select_related("account").first()
    return found.account if found else None


def link(account: Account, issuer: str, subject: str, provider: str, now: datetime) -> Refused | None:
    """Link an identity with an account; nothing to do when it is already, refused when it is another's."""
    try:
        with transaction.atomic():
            Identity.objects.create(
                account=account, issuer=issuer, subject=subject, provider=provider, linked_at=now
            )
    except IntegrityError:
        held = account_of(issuer, subject)
        return None if held and held.pk == account.pk else Refused(ANOTHERS)
    return None


def unlink(account: Account, which: int) -> Refused | None:
    """Take a link away, unless the account could not be signed in to any more; nothing when there is none."""
    with transaction.atomic():
        Account.objects.select_for_update().get(pk=account.pk)
        mine = Identity.objects.filter(account=account)
        if not account.has_usable_password() and not mine.exclude(pk=which).exists():
            return Refused(LAST_WAY)
        mine.filter(pk=which).delete()
    return None


def of_account(account: str) -> list[Identity]:
    """An account's links, the oldest first."""
    return list(Identity.objects.filter(account=account).order_by("linked_at", "pk"))


def spend(state: str, now: datetime, lasts: timedelta) -> bool:
    """Use a return from a provider; False when it has been used."""
    SpentState.objects.filter(until__lt=now).delete()
    try:
        with transaction.atomic():
            SpentState.objects.create(digest=digest(state), until=now + lasts)
    except IntegrityError:
        return False
    return True
