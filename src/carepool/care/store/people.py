"""People in the wing's database."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Q

from carepool.care.actions.names import folded
from carepool.care.actions.ports import Identity, Looked, Pair, Role, RoleKind, Waits
from carepool.care.actions.withholding import WITHHELD
from carepool.care.people.pairs import State
from carepool.care.store import models
from carepool.signin.models import Account

MANY = 500
"""Rows that are asked for at a time, and records that are read at a time where all are."""


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

    def by_local_ids(self, organisation: str, values: Iterable[str]) -> dict[str, str]:
        """See ``People.by_local_ids``."""
        wanted, found = sorted(set(values)), dict[str, str]()
        for start in range(0, len(wanted), MANY):
            rows = models.LocalId.objects.filter(
                organisation=organisation, value__in=wanted[start : start + MANY]
            )
            found |= dict(rows.values_list("value", "person_id"))
        return found

    def everybody(self) -> Iterator[Identity]:
        """See ``People.everybody``."""
        last = ""
        while some := list(models.Person.objects.filter(id__gt=last).order_by("id")[:MANY]):
            yield from _identities(some)
            last = some[-1].id

    def standing(self) -> Iterator[Identity]:
        """See ``People.standing``."""
        last = ""
        while some := _identities(models.Person.objects.filter(into=None, id__gt=last).order_by("id")[:MANY]):
            yield from some
            last = some[-1].person

    def records_of(self, person: str) -> tuple[str, ...]:
        """See ``People.records_of``."""
        # Of nearly everybody there is one record, and one question says so.
        near = models.Person.objects.filter(Q(id=person) | Q(into=person)).values_list("id", "into")
        if list(near) == [(person, None)]:
            return (person,)
        top, above = person, [person]
        while (over := models.Person.objects.filter(id=top).values_list("into", flat=True).first()) and over not in above:  # fmt: skip
            above.append(top := over)
        found, level = [top], [top]
        while level:
            level = [each for each in models.Person.objects.filter(into__in=level).order_by("id").values_list("id", flat=True) if each not in found]  # fmt: skip
            found += level
        return tuple(found)

    def stand_for(self, person: str, stands: str) -> None:
        """See ``People.stand_for``."""
        models.Person.objects.filter(id=person).update(into=stands or None)

    def pair(self, pair: str) -> Pair | None:
        """See ``People.pair``."""
        return next((_pair(row) for row in models.Pair.objects.filter(id=pair)), None)

    def pairs_of(self, person: str) -> tuple[Pair, ...]:
        """See ``People.pairs_of``."""
        found = models.Pair.objects.filter(Q(left=person) | Q(right=person)).order_by("since", "id")
        return tuple(_pair(row) for row in found)

    def pairs(self, states: Iterable[State], last: int) -> tuple[Pair, ...]:
        """See ``People.pairs``."""
        wanted = {each.value for each in states}
        order = "since" if wanted <= {State.WAITS, State.PASSED_ON} else "-since"
        return tuple(_pair(row) for row in models.Pair.objects.filter(state__in=wanted).order_by(order, "id")[:last])  # fmt: skip

    def put_pairs(self, pairs: Iterable[Pair]) -> int:
        """See ``People.put_pairs``."""
        made = 0
        for each in pairs:
            left, right = sorted(each.people)
            _, new = models.Pair.objects.get_or_create(
                left_id=left, right_id=right,
                defaults={
                    "id": each.id, "rule": each.rule, "probability": each.probability, "source": each.source,
                    "since": each.since, "state": each.state.value,
                },
            )  # fmt: skip
            made += new
        return made

    def pair_stands(self, pair: str, state: State) -> None:
        """See ``People.pair_stands``."""
        models.Pair.objects.filter(id=pair).update(state=state.value)

    def doubts(self, organisation: str, last: int) -> tuple[Waits, ...]:
        """See ``People.doubts``."""
        found = models.Doubt.objects.filter(organisation=organisation).order_by("since", "id")[:last]
        return tuple(Waits(row.person_id, row.local_id, row.code, row.says, row.since) for row in found)

    def put_doubts(self, organisation: str, people: Iterable[str], doubts: Iterable[Waits]) -> None:
        """See ``People.put_doubts``."""
        some = list(people)
        with transaction.atomic():
            for start in range(0, len(some), MANY):
                models.Doubt.objects.filter(
                    organisation=organisation, person__in=some[start : start + MANY]
                ).delete()
            models.Doubt.objects.bulk_create(
                (
                    models.Doubt(
                        person_id=each.person, organisation=organisation, local_id=each.local_id, code=each.code,
                        says=each.says, since=each.since,
                    )
                    for each in doubts
                ),
                batch_size=1000,
            )  # fmt: skip

    def by_status(self, organisation: str) -> dict[tuple[str, bool], int]:
        """See ``People.by_status``."""
        there = models.LocalId.objects.filter(organisation=organisation)
        numbered = Count("person", filter=Q(person__number__isnull=False))
        rows = there.values("person__number_status").annotate(of=Count("person"), numbered=numbered)
        return {
            (row["person__number_status"], has): number
            for row in rows
            for has, number in ((True, row["numbered"]), (False, row["of"] - row["numbered"]))
            if number
        }

    def put(self, identity: Identity) -> None:
        """See ``People.put``."""
        with transaction.atomic():
            models.Person.objects.update_or_create(id=identity.person, defaults=_values(identity))
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
        ended = Account.objects.filter(is_active=False).values("pk")
        found = models.Role.objects.filter(kind=RoleKind.PRACTITIONER.value).exclude(account__in=ended)
        return tuple(found.order_by("account").values_list("account", flat=True))

    def organisations(self) -> tuple[str, ...]:
        """See ``People.organisations``."""
        return tuple(models.Role.objects.order_by("organisation").values_list("organisation", flat=True).distinct())  # fmt: skip

    def give_role(self, role: Role) -> None:
        """See ``People.give_role``."""
        models.Role(
            account=role.account, kind=role.kind.value, title=role.title, organisation=role.organisation,
            sector=role.sector, person=role.person,
        ).save()  # fmt: skip

    def caseload(self, account: str) -> tuple[str, ...]:
        """See ``People.caseload``."""
        own = models.Caseload.objects.filter(account=account).order_by("id")
        rows = own.values_list("person_id", "person__into")
        found = dict.fromkeys(person for person, _ in rows)
        # The record that stands for one of these is theirs too; joined records are few, so each is walked.
        joined = [person for person, into in rows if into]
        return tuple(found | dict.fromkeys(self.records_of(person)[0] for person in joined))

    def team(self, person: str) -> tuple[str, ...]:
        """See ``People.team``."""
        found = models.Caseload.objects.filter(person__in=self.records_of(person)).order_by("id")
        return tuple(dict.fromkeys(found.values_list("account", flat=True)))

    def carers(self, person: str) -> tuple[str, ...]:
        """See ``People.carers``."""
        found = models.Role.objects.filter(person=person, kind=RoleKind.CARER.value)
        return tuple(found.order_by("account").values_list("account", flat=True))

    def own_account(self, person: str) -> str | None:
        """See ``People.own_account``."""
        found = models.Role.objects.filter(person__in=self.records_of(person), kind=RoleKind.PERSON.value)
        return found.values_list("account", flat=True).first()

    def leave(self, account: str) -> None:
        """See ``People.leave``."""
        models.Caseload.objects.filter(account=account).delete()

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
            row.number_status, tuple(local.get(row.id, ())), row.demonstration, row.telephone, row.into_id or "",
        )
        for row in found
    )  # fmt: skip


def _row(identity: Identity) -> models.Person:
    return models.Person(id=identity.person, **_values(identity))


def _values(identity: Identity) -> dict[str, Any]:
    return {
        "given": identity.given, "family": identity.family, "given_folded": folded(identity.given),
        "family_folded": folded(identity.family), "born": identity.born, "sex": identity.sex,
        "postcode": identity.postcode, "address": identity.address, "number": identity.number,
        "number_status": identity.number_status, "demonstration": identity.demonstration,
        "telephone": identity.telephone,
    }  # fmt: skip


def _local_ids(identity: Identity) -> list[models.LocalId]:
    return [
        models.LocalId(person_id=identity.person, organisation=organisation, value=value)
        for organisation, value in identity.local_ids
    ]


def _looked(row: models.Look) -> Looked:
    return Looked(row.person, row.version, row.at, row.account, row.outcome, row.glass)


def _pair(row: models.Pair) -> Pair:
    return Pair(
        row.id, row.left_id, row.right_id, row.rule, row.probability, row.source, row.since, State(row.state)
    )
