"""Notices and letters in the database: kept once by their id, sent when due, read by their account."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet

from carepool.actions.notices import Kept, Notice
from carepool.store import models

LONGEST = 500


class SqlNotices:
    """Notices on Django's connection; implements ``actions.notices.NoticeStore``."""

    def __init__(self, using: str = "default") -> None:
        self.using = using

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; inside another transaction it is part of that one."""
        with transaction.atomic(using=self.using):
            yield

    def position(self, name: str) -> int:
        """How far a reader has come."""
        found = models.Reader.objects.using(self.using).filter(name=name).values_list("position", flat=True)
        return found.first() or 0

    def advance(self, name: str, before: int, after: int) -> bool:
        """Move a reader on, in one statement, unless another moved it."""
        readers = models.Reader.objects.using(self.using)
        readers.bulk_create([models.Reader(name=name, position=0)], ignore_conflicts=True)
        return readers.filter(name=name, position=before).update(position=after) == 1

    def add(self, notice: Notice, at: datetime) -> bool:
        """Keep a notice, unless it is kept already."""
        notices = models.Notice.objects.using(self.using)
        if notices.filter(message_id=notice.id).exists():
            return False
        row = models.Notice(
            message_id=notice.id, account=notice.account, subject=notice.subject[:LONGEST], text=notice.text,
            link=notice.link, created=at, next_try=at, last_error="",
        )  # fmt: skip
        notices.bulk_create([row], ignore_conflicts=True)
        return True

    def post(self, id: str, letter: str, at: datetime, first: datetime, expires: datetime | None) -> bool:
        """Keep a letter, unless one of that id is kept already."""
        notices = models.Notice.objects.using(self.using)
        if notices.filter(message_id=id).exists():
            return False
        row = models.Notice(
            message_id=id, account="", subject="", text="", link="", created=at, next_try=first, last_error="",
            letter=letter, expires=expires,
        )  # fmt: skip
        notices.bulk_create([row], ignore_conflicts=True)
        return True

    def forget(self, id: str) -> None:
        """Keep nothing of a letter, and send it no more."""
        self._of(id).exclude(letter="").update(letter="", next_try=None)

    def due(self, at: datetime, most: int) -> tuple[Kept, ...]:
        """What is to be sent by now."""
        rows = models.Notice.objects.using(self.using).filter(next_try__lte=at, delivered_at=None)
        return tuple(map(_kept, rows.order_by("next_try", "id")[:most]))

    def delivered(self, id: str, at: datetime) -> None:
        """Note that it was sent."""
        self._of(id).update(
            delivered_at=at, next_try=None, attempts=F("attempts") + 1, last_error="", letter=""
        )

    def put_off(self, id: str, error: str, until: datetime | None) -> None:
        """Note that it was not sent."""
        self._of(id).update(next_try=until, attempts=F("attempts") + 1, last_error=error[:LONGEST])

    def of_account(self, account: str, most: int) -> tuple[Kept, ...]:
        """An account's notices, the latest first."""
        rows = models.Notice.objects.using(self.using).filter(account=account)
        return tuple(map(_kept, rows.order_by("-created", "-id")[:most]))

    def read(self, id: str, account: str, at: datetime) -> None:
        """Note that it was read, the first time."""
        self._of(id).filter(account=account, read_at=None).update(read_at=at)

    def lease(self, name: str, holder: str, now: datetime, until: datetime) -> bool:
        """Take or renew a lease, unless another holds it."""
        leases = models.Lease.objects.using(self.using)
        made = models.Lease(name=name, holder=holder, until=now)
        leases.bulk_create([made], ignore_conflicts=True)
        mine = leases.filter(name=name, holder=holder).update(until=until)
        return bool(mine or leases.filter(name=name, until__lte=now).update(holder=holder, until=until))

    def _of(self, id: str) -> QuerySet[models.Notice]:
        return models.Notice.objects.using(self.using).filter(message_id=id)


def _kept(row: models.Notice) -> Kept:
    return Kept(
        row.message_id, row.account, row.subject, row.text, row.link, row.created, row.attempts,
        row.delivered_at, row.read_at, row.last_error, row.letter, row.expires,
    )  # fmt: skip
