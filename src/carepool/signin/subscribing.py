"""The address at which a calendar program, which cannot sign in, fetches one person's calendar: a secret of their own."""

from django.utils.crypto import constant_time_compare

from carepool.signin.backends import admitted
from carepool.signin.keeping import keyed
from carepool.signin.models import Account


def calendar_token(account: Account) -> str:
    """The secret in the address. It is kept nowhere, and is another once the password is: so a lost one is made useless."""
    return f"{account.pk}.{_proof(account)}"


def account_by_calendar_token(token: str) -> Account | None:
    """Whose calendar a secret opens; None for what is none, and for an account that nobody may sign in to."""
    name, _, proof = token[:400].rpartition(".")
    account = None if "\0" in name else Account.objects.filter(pk=name).first()
    return (
        account if account and admitted(account) and constant_time_compare(proof, _proof(account)) else None
    )


def _proof(account: Account) -> str:
    return keyed("calendar", f"{account.pk} {account.password}")
