"""Who Django may sign in, and whose sessions it goes on with."""

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AnonymousUser

from carepool.signin.models import Account
from carepool.signin.terms import terms


def admitted(account: Account) -> bool:
    """Whether an account may be signed in to: it is in use, and none of the demonstration's in production."""
    return account.is_active and not (account.demonstration and terms().production)


class Accounts(ModelBackend):
    """Accounts by handle and password. A handle that nobody has costs the same work as one that somebody has."""

    def user_can_authenticate(self, user: Account | AnonymousUser | None) -> bool:
        """Whether this account is admitted, now and on each further request."""
        return isinstance(user, Account) and admitted(user)
