"""People in the wing's database."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from django.db import transaction

from carepool.care.actions.names import folded
from carepool.care.actions.ports import Identity, Looked, Role, RoleKind
from carepool.care.actions.withholding import WITHHELD
from carepool.care.store import models
from carepool.signin.models import Account

MANY = 500
"""Records that are read at a time where all are."""


class SqlPeople:
    """The port ``People`` on Django's database."""

    def person(self, person: str) -> Identity | None:
        """See ``People.person``."""
        return self.persons([person]).get(person)

    def persons(self, ids: Iterable[str]) -> dict[str, Identity]:
        """See ``People.persons``."""
        return {each.person: each for each in _identities(models.Person.objects.filter(id__in=list(ids)))}

    def by_number(self, number: str) -> tuple[Identity, ...]:
        """See ``People.by_number``."""
        return _identities(models.Person.objects.filter(number=number).order_by("id")[:20])

    def by_names(self, given: str, family: str, born: date) -> tuple[Identity, ...]:
        """See ``People.by_names``."""
        found = models.Person.objects.filter(
            family_folded=folded(family), born=born, given_folded=folded(given)
        )
        return _identities(found.order_by("id")[:20])

    def by_local_id(self, organisation: str, value: str) -> tuple[Identity, ...]:
        """See ``People.by_local_id``."""
        found = models.LocalId.objects.filter(organisation=organisation, value=value)
        return _identities(models.Person.objects.filter(id__in=found.values("person")).order_by("id")[:20])

    def everybody(self) -> Iterator[Identity]:
        """See ``People.everybody``."""
        last = ""
        while some := list(models.Person.objects.filter(id__gt=last).order_by("id")[:MANY]):
            yield from _identities(some)
            last = some[-1].id

    def put(self, identity: Identity) -> None:
        """See ``People.put``."""
        with transaction.atomic():
            _row(identity).save()
            models.LocalId.objects.filter(person=identity.person).delete()
            models.LocalId.objects.bulk_create(_local_ids(identity))

    def put_many(self, identities: Iterable[Identity]) -> None:
        """Keep very many people who are not there yet."""
        some = list(identities)
        models.Person.objects.bulk_create((_row(each) for each in some), batch_size=1000)
        models.LocalId.objects.bulk_create(
            (row for each in some for row in _local_ids(each)), batch_size=1000
        )

    def forget(self, person: str) -> None:
        """See ``People.forget``."""
        with transaction.atomic():
            models.Person.objects.filter(id=person).delete()
            own = models.Role.objects.filter(person=person, kind=RoleKind.PERSON.value)
            Account.objects.filter(pk__in=list(own.values_list("account", flat=True))).delete()
            models.Role.objects.filter(person=person).delete()

    def count(self) -> int:
        """See ``People.count``."""
        return models.Person.objects.count()

    def invented(self) -> bool:
        """Whether anybody here is of the demonstration."""
        return models.Person.objects.filter(demonstration=True).exists()

    def role(self, account: str) -> Role | None:
        """See ``People.role``."""
        return self.roles([account]).get(account)

    def roles(self, accounts: Iterable[str]) -> dict[str, Role]:
        """See ``People.roles``."""
        return {
            each.account: Role(each.account, RoleKind(each.kind), each.title, each.organisation, each.sector, each.person)
            for each in models.Role.objects.filter(account__in=list(accounts))
        }  # fmt: skip

    def practitioners(self) -> tuple[str, ...]:
        """See ``People.practitioners``."""
        found = models.Role.objects.filter(kind=RoleKind.PRACTITIONER.value)
        return tuple(found.order_by("account").values_list("account", flat=True))

    def give_role(self, role: Role) -> None:
        """See ``People.give_role``."""
        models.Role(
            account=role.account, kind=role.kind.value, title=role.title, organisation=role.organisation,
            sector=role.sector, person=role.person,
        ).save()  # fmt: skip

    def caseload(self, account: str) -> tuple[str, ...]:
        """See ``People.caseload``."""
        return tuple(
            models.Caseload.objects.filter(account=account).order_by("id").values_list("person_id", flat=True)
        )

    def team(self, person: str) -> tuple[str, ...]:
        """See ``People.team``."""
        return tuple(
            models.Caseload.objects.filter(person=person).order_by("id").values_list("account", flat=True)
        )

    def carers(self, person: str) -> tuple[str, ...]:
        """See ``People.carers``."""
        found = models.Role.objects.filter(person=person, kind=RoleKind.CARER.value)
        return tuple(found.order_by("account").values_list("account", flat=True))

    def take_on(self, account: str, person: str) -> None:
        """See ``People.take_on``."""
        models.Caseload.objects.get_or_create(account=account, person_id=person)

    def note(self, looks: Iterable[Looked]) -> None:
        """See ``People.note``."""
        models.Look.objects.bulk_create(
            models.Look(
                person=each.person, version=each.version, at=each.at, account=each.account, outcome=each.outcome,
                glass=each.glass,
            )
            for each in looks
        )  # fmt: skip

    def looks_at(self, person: str, last: int) -> tuple[Looked, ...]:
        """See ``People.looks_at``."""
        return tuple(_looked(row) for row in models.Look.objects.filter(person=person).order_by("-id")[:last])

    def looks(self, last: int, *, glass: bool = False) -> tuple[Looked, ...]:
        """See ``People.looks``."""
        every = models.Look.objects.exclude(outcome=WITHHELD)
        found = every.filter(glass=True) if glass else every
        return tuple(_looked(row) for row in found.order_by("-id")[:last])

    def withheld(self, last: int) -> tuple[Looked, ...]:
        """See ``People.withheld``."""
        found = models.Look.objects.filter(outcome=WITHHELD).order_by("-id")[:last]
        return tuple(_looked(row) for row in found)

    def looked(self, account: str, person: str, since: datetime, outcome: str | None = None) -> bool:
        """See ``People.looked``."""
        found = models.Look.objects.filter(account=account, person=person, at__gte=since).exclude(outcome=WITHHELD)  # fmt: skip
        return (found.filter(outcome=outcome) if outcome else found.exclude(outcome="refuse")).exists()


def _identities(rows: Iterable[models.Person]) -> tuple[Identity, ...]:
    found = list(rows)
    local: dict[str, list[tuple[str, str]]] = {}
    there = models.LocalId.objects.filter(person__in=[row.id for row in found]).order_by("organisation")
    for person, organisation, value in there.values_list("person", "organisation", "value"):
        local.setdefault(person, []).append((organisation, value))
    return tuple(
        Identity(
            row.id, row.given, row.family, row.born, row.sex, row.postcode, row.address, row.number,
            row.number_status, tuple(local.get(row.id, ())), row.demonstration, row.telephone,
        )
        for row in found
    )  # fmt: skip


def _row(identity: Identity) -> models.Person:
    return models.Person(
        id=identity.person, given=identity.given, family=identity.family, given_folded=folded(identity.given),
        family_folded=folded(identity.family), born=identity.born, sex=identity.sex, postcode=identity.postcode,
        address=identity.address, number=identity.number, number_status=identity.number_status,
        demonstration=identity.demonstration, telephone=identity.telephone,
    )  # fmt: skip


def _local_ids(identity: Identity) -> list[models.LocalId]:
    return [
        models.LocalId(person_id=identity.person, organisation=organisation, value=value)
        for organisation, value in identity.local_ids
    ]


def _looked(row: models.Look) -> Looked:
    return Looked(row.person, row.version, row.at, row.account, row.outcome, row.glass)
