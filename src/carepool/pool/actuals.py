"""What a pool's books know from ledgers: each body's months as they were imported, what is in suspense, and forecasts.

What was posted stands month by month under keys of a scheme and a source, or of a cost centre and a subjective that no
scheme is known for; so a year-to-date extract and a correction post the difference, and no pound twice.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Literal

from carepool.basics.money import Pence
from carepool.pool.accounts import Account, Entry, Heading


class Part(StrEnum):
    """What a line of a ledger comes to in the books."""

    SPENT = "spent"
    """SCHEME, SOURCE."""
    IRRECOVERABLE = "irrecoverable"
    """SCHEME, SOURCE: VAT that cannot be had back."""
    SUSPENSE = "suspense"
    """COST CENTRE, SUBJECTIVE."""
    SUSPENSE_VAT = "suspense_vat"
    """COST CENTRE, SUBJECTIVE: VAT that cannot be had back."""


Key = tuple[Part, str, str]
Totals = Mapping[Key, Pence]
Kind = Literal["monthly", "cumulative"]
_UNKNOWN = {Part.SUSPENSE: Part.SPENT, Part.SUSPENSE_VAT: Part.IRRECOVERABLE}
"""What is not known, and what it is once it is."""


@dataclass(frozen=True, slots=True)
class Month:
    """A month of a body's ledger as it was imported."""

    period: str
    """Like 2015-06."""
    kind: Kind
    """Of the last extract."""
    extract: str
    """The digest of the last extract, and of the map that it was read by."""
    map: str
    control: Pence
    """What that extract came to in all."""
    lines: int
    ignored: Pence
    posted: Totals
    """What it has added, corrections and cleared suspense among it; of a year-to-date extract the difference."""
    postings: tuple[str, ...]
    by: str
    at: datetime
    times: int = 1
    """How often it was imported, corrections among it."""


@dataclass(frozen=True, slots=True)
class Ledger:
    """A body's ledger, month by month."""

    months: Mapping[str, Month] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def last(self) -> str:
        """The last month imported; empty before the first."""
        return max(self.months, default="")

    @property
    def last_cumulative(self) -> str:
        """The last month up to which an extract held the whole year; empty before the first."""
        return max((each.period for each in self.months.values() if each.kind == "cumulative"), default="")

    def covers(self, period: str) -> bool:
        """Whether what was spent in a month has come in from this ledger."""
        return period in self.months or period <= self.last_cumulative

    def posted(self, through: str = "") -> dict[Key, Pence]:
        """What all months up to one have added, or all."""
        return total(each.posted for each in self.months.values() if not through or each.period <= through)

    def unknown(self) -> dict[Key, Pence]:
        """What is in suspense, by cost centre and subjective."""
        return {key: pence for key, pence in self.posted().items() if key[0] in _UNKNOWN and pence}


def total(parts: Iterable[Totals]) -> dict[Key, Pence]:
    """What several amounts come to; what comes to nothing is not in it."""
    found: dict[Key, Pence] = {}
    for part in parts:
        for key, pence in part.items():
            found[key] = found.get(key, 0) + pence
    return {key: pence for key, pence in sorted(found.items()) if pence}


def change(ledger: Ledger, period: str, kind: Kind, totals: Totals) -> dict[Key, Pence]:
    """What an extract adds to what is there: beside that of its month, or of the whole year up to it."""
    if kind == "cumulative":
        there: Totals = ledger.posted(period)
    else:
        there = ledger.months[period].posted if period in ledger.months else {}
    return total((totals, {key: -pence for key, pence in there.items()}))


def account_of(body: str, key: Key) -> Account:
    """The account that a key's pence stand in."""
    part, one, other = key
    if part in _UNKNOWN:
        return Account(Heading.SUSPENSE, body)
    return Account(Heading.SPENT if part is Part.SPENT else Heading.IRRECOVERABLE, one, other)


def entries(body: str, added: Totals) -> tuple[Entry, ...]:
    """What is entered: spent and owed to whoever spent it; what is less, the other way."""
    by_account: dict[Account, Pence] = {}
    for key, pence in added.items():
        account = account_of(body, key)
        by_account[account] = by_account.get(account, 0) + pence
    owed = Account(Heading.OWED, body)
    return tuple(
        Entry(account, owed, pence) if pence > 0 else Entry(owed, account, -pence)
        for account, pence in sorted(by_account.items())
        if pence
    )


@dataclass(frozen=True, slots=True)
class Move:
    """What leaves suspense: of which month and codes, to which scheme and source, or out of the pool where there is none."""

    period: str
    cost_centre: str
    subjective: str
    scheme: str
    source: str
    pence: Pence
    irrecoverable: Pence

    @property
    def added(self) -> dict[Key, Pence]:
        """What it changes of its month."""
        found: dict[Key, Pence] = {}
        for (unknown, known), pence in zip(_UNKNOWN.items(), (self.pence, self.irrecoverable), strict=True):
            if pence:
                found[unknown, self.cost_centre, self.subjective] = -pence
                if self.scheme:
                    found[known, self.scheme, self.source] = pence
        return found


def clearing(body: str, moves: Iterable[Move]) -> tuple[Entry, ...]:
    """What is entered when suspense is cleared: out of it, straight to where it belongs."""
    suspense, owed = Account(Heading.SUSPENSE, body), Account(Heading.OWED, body)
    by_account: dict[Account, Pence] = {}
    for move in moves:
        for heading, pence in ((Heading.SPENT, move.pence), (Heading.IRRECOVERABLE, move.irrecoverable)):
            to = Account(heading, move.scheme, move.source) if move.scheme else owed
            by_account[to] = by_account.get(to, 0) + pence
    return tuple(
        Entry(to, suspense, pence) if pence > 0 else Entry(suspense, to, -pence)
        for to, pence in sorted(by_account.items())
        if pence
    )


@dataclass(frozen=True, slots=True)
class SavedMap:
    """A map kept under its name."""

    name: str
    body: str
    digest: str
    profiles: Mapping[str, tuple[int, ...]]
    """Twelve weights by scheme."""
    at: datetime


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a scheme is expected to have spent of a source by the end of the year."""

    scheme: str
    source: str
    pence: Pence
    basis: Literal["entered", "straight_line"]
    on: date
    by: str = ""


Line = tuple[str, str]
"""A scheme and a source."""


@dataclass(frozen=True, slots=True)
class Actuals:
    """All that a pool's books know from ledgers, and what is expected."""

    maps: Mapping[str, SavedMap] = field(default_factory=lambda: MappingProxyType({}))
    """By name, the last of each."""
    ledgers: Mapping[str, Ledger] = field(default_factory=lambda: MappingProxyType({}))
    """By body."""
    forecasts: Mapping[Line, tuple[Forecast, ...]] = field(default_factory=lambda: MappingProxyType({}))
    """Every forecast made, the last one last."""
    reasons: Mapping[tuple[str, str, str], str] = field(default_factory=lambda: MappingProxyType({}))
    """Why a scheme's source is off its budget, by both and the month: the digest of the words."""

    def ledger(self, body: str) -> Ledger:
        """A body's ledger, empty before the first import."""
        return self.ledgers.get(body, Ledger())

    @property
    def profiles(self) -> dict[str, tuple[int, ...]]:
        """By which weights a scheme's budget falls due, as the last map that says so has it."""
        found: dict[str, tuple[int, ...]] = {}
        for each in sorted(self.maps.values(), key=lambda saved: saved.at):
            found |= each.profiles
        return found
