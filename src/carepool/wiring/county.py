"""The illustrative county in the service's database: its facts, its accounts, and what is printed of them at start."""

from django.contrib.auth.hashers import make_password
from django.db import transaction

from carepool.actions.demonstration import PASSWORD, Person, build
from carepool.actions.england import read_england
from carepool.actions.house import House
from carepool.rules.rulebook import Rulebook
from carepool.signin.models import Account
from carepool.store.drafts import SqlDrafts
from carepool.store.journal import SqlJournal
from carepool.wiring import disk
from carepool.wiring.house import now


def build_county(journal: SqlJournal) -> None:
    """Write the county into an empty journal, and its accounts beside it; both or neither."""
    rulebook: Rulebook = disk.rulebook()
    house = House(disk.areas(read_england(disk.england_files())), rulebook, journal, SqlDrafts(), now)
    with transaction.atomic():
        cast = build(house, disk.county_files())
        # One hash for all: a tenth of a second each would be most of the time that the county takes.
        password = make_password(PASSWORD)
        Account.objects.bulk_create(_account(person, password) for person in cast)


def _account(person: Person, password: str) -> Account:
    return Account(
        id=person.account, handle=person.handle, name=person.name, password=password, demonstration=True
    )


def demonstration_accounts() -> str:
    """What is printed at start: who can sign in to the illustrative county, and how. Nothing where there is nobody."""
    handles = list(Account.objects.filter(demonstration=True).order_by("id").values_list("handle", flat=True))
    if not handles:
        return ""
    listed = "".join(f"  {', '.join(handles[n : n + 5])}\n" for n in range(0, len(handles), 5))
    return f"The illustrative county can be signed in to as any of these, with the password {PASSWORD}:\n{listed}"
