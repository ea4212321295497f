"""What the wing's actions need from outside: people as rows that may change, and a vault that holds a key for each person."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from carepool.care.people.pairs import State


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a person is. It is kept in rows that change and go; no fact holds any of it."""

    person: str
    """Opaque: what facts, addresses and logs name."""
    given: str
    family: str
    born: date | None = None
    sex: str = ""
    postcode: str = ""
    address: str = ""
    number: str | None = None
    """The NHS number, ten digits; None for a record without one."""
    number_status: str = ""
    """The NHS number status indicator of the data dictionary, like 01 for traced and verified."""
    local_ids: tuple[tuple[str, str], ...] = ()
    """What organisations call the person in their own systems: organisation and id."""
    demonstration: bool = False
    """Invented; production opens no database that holds one."""
    telephone: str = ""
    into: str = ""
    """The record that stands for this one since both were joined; empty where it stands for itself."""

    @property
    def name(self) -> str:
        """The whole name."""
        return f"{self.given} {self.family}".strip()


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records that may be of one person: the row by which the pair is found. What was done with it is in facts."""

    id: str
    left: str
    right: str
    rule: str
    """By what it was found: what agrees, or a weight."""
    probability: float | None
    """How probable it is that both are of one person, where that was weighed."""
    source: str
    """In whose batch of records it was found."""
    since: datetime
    state: State = State.WAITS

    @property
    def people(self) -> tuple[str, str]:
        """Both ids."""
        return self.left, self.right


@dataclass(frozen=True, slots=True)
class Waits:
    """Something about a record's number or details that tracing left for a person to see to."""

    person: str
    local_id: str
    """What the organisation calls the person."""
    code: str
    says: str
    since: datetime


class RoleKind(StrEnum):
    """As what an account is in the wing: the words are those of the rules for sharing."""

    PRACTITIONER = "practitioner"
    GOVERNANCE = "governance_lead"
    PERSON = "person"
    CARER = "carer"
    COMMISSIONER = "commissioner"


@dataclass(frozen=True, slots=True)
class Role:
    """What an account is in the wing, and where."""

    account: str
    kind: RoleKind
    title: str
    """In words, like District nurse."""
    organisation: str = ""
    sector: str = ""
    """``health`` or ``social_care`` for a practitioner."""
    person: str = ""
    """Whose record it is, of a person, or whom they care for, of a carer."""


@dataclass(frozen=True, slots=True)
class Looked:
    """That a decision on a look was recorded: the row by which it is found again. What it says is in its fact."""

    person: str
    version: int
    """Of the fact in the stream of looks at this person."""
    at: datetime
    account: str
    outcome: str
    glass: bool
    """Whether the glass was broken."""


class People(Protocol):
    """The rows of the wing's own database."""

    def person(self, person: str) -> Identity | None:
        """Who that is, or None where there is nobody (any more)."""
        ...

    def persons(self, ids: Iterable[str]) -> dict[str, Identity]:
        """Those of the ids that are there."""
        ...

    def by_number(self, number: str) -> tuple[Identity, ...]:
        """Every record with that NHS number: there may be two."""
        ...

    def by_names(self, given: str, family: str, born: date) -> tuple[Identity, ...]:
        """The records of a name and a date of birth, capitals and accents left out."""
        ...

    def by_local_id(self, organisation: str, value: str) -> tuple[Identity, ...]:
        """Every record that an organisation calls so in its own system."""
        ...

    def everybody(self) -> Iterator[Identity]:
        """All records, a few at a time."""
        ...

    def by_local_ids(self, organisation: str, values: Iterable[str]) -> dict[str, str]:
        """Whom an organisation calls so in its own system, by what it calls them; those of the values that are there."""
        ...

    def standing(self) -> Iterator[Identity]:
        """Every record that stands for itself."""
        ...

    def records_of(self, person: str) -> tuple[str, ...]:
        """Every record of the same person, the one that stands for them first; the one record where none was joined."""
        ...

    def stand_for(self, person: str, stands: str) -> None:
        """Let one record stand for another; with an empty id, that one stands for itself again."""
        ...

    def pair(self, pair: str) -> Pair | None:
        """That pair, or None."""
        ...

    def pairs_of(self, person: str) -> tuple[Pair, ...]:
        """The pairs of a person's record with others, wherever they stand."""
        ...

    def pairs(self, states: Iterable[State], last: int) -> tuple[Pair, ...]:
        """The pairs that stand so, the oldest first of those that wait and the latest first of those that do not."""
        ...

    def put_pairs(self, pairs: Iterable[Pair]) -> int:
        """Keep the pairs that are not there yet; how many those were."""
        ...

    def pair_stands(self, pair: str, state: State) -> None:
        """Keep where a pair stands now."""
        ...

    def doubts(self, organisation: str, last: int) -> tuple[Waits, ...]:
        """What waits of an organisation's records, the oldest first."""
        ...

    def put_doubts(self, organisation: str, people: Iterable[str], doubts: Iterable[Waits]) -> None:
        """Keep what waits of these people's records of an organisation, in place of what waited."""
        ...

    def by_status(self, organisation: str) -> Mapping[tuple[str, bool], int]:
        """How many of an organisation's records have each status of their number, with a number and without."""
        ...

    def put(self, identity: Identity) -> None:
        """Keep who somebody is, in place of what was kept; which record stands for it is left as it is."""
        ...

    def put_many(self, identities: Iterable[Identity]) -> None:
        """Keep very many people who are not there yet."""
        ...

    def forget(self, person: str) -> None:
        """Delete the rows that say who a person is and who works with them."""
        ...

    def count(self) -> int:
        """How many people there are."""
        ...

    def role(self, account: str) -> Role | None:
        """What an account is in the wing."""
        ...

    def roles(self, accounts: Iterable[str]) -> dict[str, Role]:
        """The same for several."""
        ...

    def practitioners(self) -> tuple[str, ...]:
        """The accounts of all practitioners that were not ended."""
        ...

    def organisations(self) -> tuple[str, ...]:
        """The organisations that accounts are of."""
        ...

    def give_role(self, role: Role) -> None:
        """Make an account this in the wing."""
        ...

    def caseload(self, account: str) -> tuple[str, ...]:
        """The people whom an account works with, each by the record that stands for them and by the one that was joined to it."""
        ...

    def team(self, person: str) -> tuple[str, ...]:
        """The accounts that work with a person, under whichever of their records."""
        ...

    def carers(self, person: str) -> tuple[str, ...]:
        """The accounts of those who care for a person."""
        ...

    def own_account(self, person: str) -> str | None:
        """The account of the person themselves, under whichever of their records."""
        ...

    def leave(self, account: str) -> None:
        """Take every person off an account's caseload."""
        ...

    def take_on(self, account: str, person: str) -> None:
        """Put a person on an account's caseload."""
        ...

    def note(self, looks: Iterable[Looked]) -> None:
        """Keep the rows of looks, in the transaction of their facts."""
        ...

    def looks_at(self, person: str, last: int) -> tuple[Looked, ...]:
        """The latest looks at a person, the newest first."""
        ...

    def looks(self, last: int, *, glass: bool = False) -> tuple[Looked, ...]:
        """The latest looks at anybody, the newest first; those that broke the glass alone where asked so."""
        ...

    def withheld(self, last: int) -> tuple[Looked, ...]:
        """The latest decisions to keep a look from the person's page, the newest first."""
        ...

    def looked(self, account: str, person: str, since: datetime, outcome: str | None = None) -> bool:
        """Whether a look by this account at this person was noted since then: one of this outcome, or any that was allowed."""
        ...


Locked = Mapping[str, object]
"""What is kept of something said of a person: ``cipher`` and ``nonce``, in base64."""


class Vault(Protocol):
    """A key for each person, in a store of its own. With the key goes all that was locked by it."""

    def make(self, person: str) -> None:
        """Make a person's key. Unusable for somebody whose key was destroyed."""
        ...

    def make_many(self, people: list[str]) -> None:
        """Make the keys of very many people together."""
        ...

    def holds(self, people: Iterable[str]) -> frozenset[str]:
        """Those of the people whose keys are there."""
        ...

    def lock(self, person: str, content: bytes, about: str) -> Locked:
        """What is kept of a content. Unusable where there is no key."""
        ...

    def unlock(self, person: str, locked: Sequence[Locked], about: str) -> list[bytes] | None:
        """The contents, or None once the key is destroyed. Unusable for what this key did not lock, or not about this."""
        ...

    def mark(self, person: str, content: bytes) -> str:
        """A mark by which the same content is known again, and which tells nobody without the key what it was."""
        ...

    def destroy(self, person: str, at: datetime) -> None:
        """Destroy a person's key for good, and remember that it was."""
        ...

    def destroyed(self) -> Mapping[str, str]:
        """Whose keys were destroyed, and when."""
        ...
