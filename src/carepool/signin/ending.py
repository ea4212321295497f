"""An account is ended: nobody signs in to it any more, and what it had begun dies; its row stays, for history names it."""

from datetime import datetime

from django.db import transaction

from carepool.basics.refusals import Unusable
from carepool.signin import sessions
from carepool.signin.letters import until
from carepool.signin.models import Account, Invitation, PasswordLink


def can_end(account: Account, why: str) -> None:
    """Unusable without a reason, or for an account that was ended before."""
    if not why.strip():
        raise Unusable("Write why the account is ended.")
    if not account.is_active:
        on = f" on {until(account.ended_at)}" if account.ended_at else ""
        raise Unusable(f"The account {account.handle} was ended{on} already.")


def end_account(account: Account, why: str, now: datetime) -> tuple[int, tuple[str, ...]]:
    """End an account at once: how many sessions ended, and the ids of the invitations that can be accepted no more.

    Unusable without a reason, or for one that was ended before.
    """
    can_end(account, why)
    with transaction.atomic():
        ended = Account.objects.filter(pk=account.pk, is_active=True).update(
            is_active=False, ended_at=now, ended_why=why.strip()
        )
        if not ended:
            account.refresh_from_db()
            can_end(account, why)
        PasswordLink.objects.filter(account=account).delete()
        waiting = Invitation.objects.filter(made_by=account.pk, used_at=None, revoked_at=None)
        void = tuple(waiting.values_list("id", flat=True))
        waiting.update(revoked_at=now)
        return sessions.end_all(account.pk), void
