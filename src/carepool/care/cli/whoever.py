"""Who asks a command of the wing: an account, by what it signs in with, as what it is in the wing."""

from collections.abc import Iterable
from typing import Annotated

import typer

from carepool.basics.refusals import Unusable, printable
from carepool.care.actions.house import CareHouse
from carepool.care.actions.ports import Role

As = Annotated[str, typer.Option("--as", help="The account of the wing in whose name it is done.")]


def role_called(house: CareHouse, handle: str) -> Role:
    """What the account of a handle is in the wing. Unusable where there is none, or it was ended."""
    from carepool.signin.models import Account

    account = Account.objects.filter(handle=handle, is_active=True).first()
    role = house.people.role(account.pk) if account else None
    if role is None:
        raise Unusable(f"Nobody signs in to the wing as “{printable(handle)}”. Check the name; it is an account of the wing, not of the fund.")  # fmt: skip
    return role


def named(accounts: Iterable[str]) -> dict[str, str]:
    """The names of accounts."""
    from carepool.signin.models import Account

    return dict(Account.objects.filter(pk__in=set(accounts)).values_list("id", "name"))
