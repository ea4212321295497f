"""The invented people of the demonstration in the wing's database: who they are, who works with them, and who can sign in."""

from django.contrib.auth.hashers import make_password
from django.db import transaction

from carepool.care.actions import demonstration
from carepool.care.actions.demonstration import DISTRICT_NURSE, PASSWORD, PLAYERS, SOCIAL_WORKER, WARD_NURSE
from carepool.care.actions.demonstration_plans import tell
from carepool.care.actions.house import CareHouse
from carepool.care.actions.matching import join_by_rule
from carepool.care.actions.ports import Identity
from carepool.care.store.people import SqlPeople
from carepool.signin.models import Account

NOWHERE = "care.invalid"
"""Where letters to them would go: a name that leads nowhere (RFC 2606)."""


def build_people(
    house: CareHouse, people: SqlPeople, count: int = demonstration.PEOPLE
) -> tuple[Identity, ...]:
    """Write them into an empty database; all or none."""
    made = tuple(demonstration.people(count))
    house.vault.make_many([each.person for each in made])
    password = make_password(PASSWORD)
    with transaction.atomic():
        people.put_many(made)
        for player in (*PLAYERS, *demonstration.of_first(made[0])):
            Account.objects.create(
                id=player.role.account, handle=player.handle, name=player.name, password=password,
                email=f"{player.handle}@{NOWHERE}", demonstration=True,
            )  # fmt: skip
            people.give_role(player.role)
        for at, each in enumerate(made[: demonstration.ON_LISTS]):
            people.take_on(SOCIAL_WORKER if at % 2 == 0 else DISTRICT_NURSE, each.person)
            if at % 3 == 0:
                people.take_on(DISTRICT_NURSE if at % 2 == 0 else SOCIAL_WORKER, each.person)
            if at % 8 == 7:
                people.take_on(WARD_NURSE, each.person)
        for at, each in enumerate(made[: demonstration.PEOPLE]):
            tell(house, each, at)
        second, waits, joined = demonstration.pairs_of(made, house.clock())
        house.vault.make_many([each.person for each in second])
        people.put_many(second)
        people.put_pairs(waits)
        join_by_rule(house, joined)
    return made


def accounts_in_words() -> str:
    """What is printed at start: who can sign in to the demonstration, as what, and how. Nothing where there is nobody."""
    there = set(Account.objects.filter(demonstration=True).values_list("id", flat=True))
    roles = SqlPeople().roles(there)
    cast = [
        (each.handle, roles[each.pk].title)
        for each in Account.objects.filter(pk__in=list(roles)).order_by("pk")
    ]
    if not cast:
        return ""
    listed = "".join(f"  {handle.ljust(16)}  {title}\n" for handle, title in cast)
    return f"The invented people of the person wing can be looked at with the password {PASSWORD} as any of\n{listed}"
