"""The illustrative county in the service's database: its facts, its accounts, and what is printed of them at start."""

from django.contrib.auth.hashers import make_password
from django.db import transaction

from carepool.actions.demonstration import PASSWORD, Person, build, people
from carepool.actions.england import read_england
from carepool.actions.house import House
from carepool.actions.nation import RULES
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


NOWHERE = "county.invalid"
"""Where letters to the county's people go: a name that leads nowhere, kept for that (RFC 2606)."""


def _account(person: Person, password: str) -> Account:
    return Account(
        id=person.account, handle=person.handle, name=person.name, email=f"{person.handle}@{NOWHERE}",
        password=password, demonstration=True,
    )  # fmt: skip


def demonstration_accounts() -> str:
    """What is printed at start: who can sign in to the illustrative county, as what, and how. Nothing where there is nobody."""
    there = set(Account.objects.filter(demonstration=True).values_list("id", flat=True))
    cast = [person for person in people(disk.county_files()) if person.account in there]
    if not cast:
        return ""
    authorities = disk.rulebook().named(RULES).authorities
    bodies = disk.areas(read_england(disk.england_files())).county.bodies
    width = max(len(person.handle) for person in cast)
    listed = "".join(
        f"  {person.handle.ljust(width)}  {authorities.title(person.office)}, {bodies[person.body].name}\n"
        for person in cast
    )
    return f"The illustrative county can be signed in to with the password {PASSWORD} as any of\n{listed}"
