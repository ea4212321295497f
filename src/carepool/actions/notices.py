"""Notices and letters: that something waits for somebody, and the port through which they are kept until they are delivered."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from carepool.actions.outbox import Message
from carepool.basics.canonical import Digest, digest_of


@dataclass(frozen=True, slots=True)
class Notice:
    """That something waits for somebody, and where: nothing of what it is about stands in it."""

    about: str
    """What it tells of, in a few words and names: with the account, all that makes it another notice or the same."""
    account: str
    subject: str
    text: str
    link: str
    """A path of ours."""

    @property
    def id(self) -> str:
        """The same for the same thing told to the same account."""
        return f"<{_digest(self.about, self.account)}@carepool>"


def _digest(about: str, account: str) -> Digest:
    return digest_of("notice", 1, {"about": about, "account": account})


@dataclass(frozen=True, slots=True)
class Kept:
    """A notice as it is kept, with what became of it."""

    id: str
    account: str
    subject: str
    text: str
    link: str
    created: datetime
    attempts: int
    delivered_at: datetime | None
    read_at: datetime | None
    last_error: str
    letter: str = ""
    """Of a letter all that it says, sealed; none of a notice, nor once it was delivered."""
    expires: datetime | None = None
    """From then on a letter says nothing that still holds, and is sent no more."""


class NoticeStore(Protocol):
    """Where notices are kept until they are delivered, and how far the journal has been told of."""

    def transaction(self) -> AbstractContextManager[None]:
        """All that is written inside is written together, or not at all."""
        ...

    def position(self, name: str) -> int:
        """How far a reader of that name has come; 0 for a new one."""
        ...

    def advance(self, name: str, before: int, after: int) -> bool:
        """Move a reader on, provided that it is still where it was; False, and nothing moved, when it is not."""
        ...

    def add(self, notice: Notice, at: datetime) -> bool:
        """Keep a notice; False when it is kept already."""
        ...

    def post(self, id: str, letter: str, at: datetime, first: datetime, expires: datetime | None) -> bool:
        """Keep a letter, sealed, to be sent from ``first`` on; False when one of that id was kept already."""
        ...

    def forget(self, id: str) -> None:
        """Send a letter no more, and keep nothing of what it says; nothing for one that was delivered."""
        ...

    def due(self, at: datetime, most: int) -> tuple[Kept, ...]:
        """What is to be sent by now, the oldest first."""
        ...

    def delivered(self, id: str, at: datetime) -> None:
        """Note that it was sent. Of a letter nothing is kept that it says."""
        ...

    def put_off(self, id: str, error: str, until: datetime | None) -> None:
        """Note that it was not sent, why, and when to try again; None for never."""
        ...

    def of_account(self, account: str, most: int) -> tuple[Kept, ...]:
        """The notices of an account, the latest first."""
        ...

    def read(self, id: str, account: str, at: datetime) -> None:
        """Note that an account has read a notice of its own; nothing for another's."""
        ...

    def lease(self, name: str, holder: str, now: datetime, until: datetime) -> bool:
        """Whether a holder has the lease of that name until then: it was free, over, or its own."""
        ...


class Addresses(Protocol):
    """Where an account's messages go."""

    def __call__(self, account: str) -> str | None:
        """Its e-mail address, or None where it has none."""
        ...


class Opens(Protocol):
    """What a sealed letter says."""

    def __call__(self, letter: str) -> Message | None:
        """The letter, or None where it cannot be read any more."""
        ...


class MemoryNotices:
    """Notices kept in memory: for tests, and the picture of what a store must do."""

    def __init__(self) -> None:
        self.held: dict[str, Kept] = {}
        self._tries: dict[str, datetime | None] = {}
        self._positions: dict[str, int] = {}
        self._leases: dict[str, tuple[str, datetime]] = {}

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """What was written inside is undone when an exception leaves it."""
        before = deepcopy((self.held, self._tries, self._positions))
        try:
            yield
        except BaseException:
            self.held, self._tries, self._positions = before
            raise

    def position(self, name: str) -> int:
        """How far a reader has come."""
        return self._positions.get(name, 0)

    def advance(self, name: str, before: int, after: int) -> bool:
        """Move a reader on, unless another moved it."""
        if self.position(name) != before:
            return False
        self._positions[name] = after
        return True

    def add(self, notice: Notice, at: datetime) -> bool:
        """Keep a notice, unless it is kept already."""
        kept = Kept(
            notice.id, notice.account, notice.subject, notice.text, notice.link, at, 0, None, None, ""
        )
        return self._keep(kept)

    def post(self, id: str, letter: str, at: datetime, first: datetime, expires: datetime | None) -> bool:
        """Keep a letter, unless one of that id is kept already."""
        return self._keep(Kept(id, "", "", "", "", at, 0, None, None, "", letter, expires), first)

    def _keep(self, kept: Kept, first: datetime | None = None) -> bool:
        if kept.id in self.held:
            return False
        self.held[kept.id], self._tries[kept.id] = kept, first or kept.created
        return True

    def forget(self, id: str) -> None:
        """Keep nothing of a letter."""
        if id in self.held and self.held[id].letter:
            self.held[id], self._tries[id] = replace(self.held[id], letter=""), None

    def due(self, at: datetime, most: int) -> tuple[Kept, ...]:
        """What is to be sent by now."""
        found = [(tried, id_) for id_, tried in self._tries.items() if tried is not None and tried <= at]
        return tuple(self.held[id_] for _, id_ in sorted(found)[:most])

    def delivered(self, id: str, at: datetime) -> None:
        """Note that it was sent."""
        kept = self.held[id]
        self.held[id] = replace(kept, delivered_at=at, attempts=kept.attempts + 1, last_error="", letter="")
        self._tries[id] = None

    def put_off(self, id: str, error: str, until: datetime | None) -> None:
        """Note that it was not sent."""
        self.held[id] = replace(self.held[id], attempts=self.held[id].attempts + 1, last_error=error)
        self._tries[id] = until

    def of_account(self, account: str, most: int) -> tuple[Kept, ...]:
        """An account's notices, the latest first."""
        mine = [each for each in self.held.values() if each.account == account]
        return tuple(sorted(mine, key=lambda each: each.created, reverse=True)[:most])

    def read(self, id: str, account: str, at: datetime) -> None:
        """Note that it was read, the first time."""
        kept = self.held.get(id)
        if kept and kept.account == account and kept.read_at is None:
            self.held[id] = replace(kept, read_at=at)

    def lease(self, name: str, holder: str, now: datetime, until: datetime) -> bool:
        """Take or renew a lease, unless another holds it."""
        held = self._leases.get(name)
        if held and held[0] != holder and held[1] > now:
            return False
        self._leases[name] = (holder, until)
        return True
