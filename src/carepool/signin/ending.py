"""An account is ended: nobody signs in to it any more, and what it had begun dies; its row stays, for history names it."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from carepool.actions.appointing import retire_everywhere
from carepool.actions.house import House
from carepool.actions.permits import Actor
from carepool.basics.refusals import Unusable
from carepool.basics.words import blank
from carepool.signin import sessions
from carepool.signin.letters import of_invitation, until
from carepool.signin.models import Account, Invitation, PasswordLink

ENDED = "The account was ended."
"""Why its offices end, for whoever reads the body's facts; the reason itself stays with the account."""


@dataclass(frozen=True, slots=True)
class Ended:
    """What died with an account."""

    offices: tuple[tuple[str, str], ...]
    """The body and the office of each that it held or was to hold."""
    sessions: int
    invitations: tuple[str, ...]
    """The ids of those that it had made and that can be accepted no more."""


def can_end(account: Account, why: str) -> None:
    """Unusable without a reason, or for an account that was ended before."""
    if blank(why):
        raise Unusable("Write why the account is ended.")
    if not account.is_active:
        on = f" on {until(account.ended_at)}" if account.ended_at else ""
        raise Unusable(f"The account {account.handle} was ended{on} already.")


def end_account(house: House, actor: Actor, account: Account, why: str) -> Ended:
    """End an account at once: its offices with what rests on them, its sessions, links and invitations, and their letters.

    Unusable without a reason, or for one that was ended before.
    """
    can_end(account, why)
    # First what rests on its offices, links and delegations: cut short, the account is still there to be ended again.
    offices = retire_everywhere(house, actor, account.pk, ENDED)
    count, void = close(account, why, house.clock())
    for each in void:
        house.notices.forget(of_invitation(each))
    return Ended(offices, count, void)


def close(account: Account, why: str, now: datetime) -> tuple[int, tuple[str, ...]]:
    """Let nobody in by an account: how many sessions ended, and the ids of the invitations that are taken back.

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
