"""What follows a release: corrections of what was paid, disputes with answers and ends, and the use of what was never earned."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType

from carepool.basics.money import Pence
from carepool.basics.periods import Quarter
from carepool.pool.approving import Approval, Side


@dataclass(frozen=True, slots=True)
class Correction:
    """What a quarter's payment from one CCG is put right by: a further release, or below zero what goes back."""

    id: str
    """The number of its fact."""
    quarter: Quarter
    ccg: str
    pence: Pence
    due: Pence
    """What the quarter comes to now."""
    statement: str
    """The digest of the statement by which it does."""
    rule: str
    """The rule in force at the quarter, as it is cited."""
    proposed_by: str
    proposed_at: datetime
    claimed_by: frozenset[str] = frozenset()
    """The accounts whose return claims it and whom the rules keep from approving it: by its proposal, and since by its approvals."""
    approvals: Mapping[Side, Approval] = field(default_factory=lambda: MappingProxyType({}))
    posted_at: datetime | None = None
    after: str = ""
    """The books of a later year that it is entered in, ``POOL/YEAR``, where its own year's accounts were closed."""

    @property
    def awaited(self) -> tuple[Side, ...]:
        """The sides whose approval is not there yet."""
        return tuple(side for side in Side if side not in self.approvals)


@dataclass(frozen=True, slots=True)
class Said:
    """What one side says in a dispute, in words that are kept as a document."""

    side: Side
    words: str
    by: str
    at: datetime
    outcome: str = ""
    """``stands`` or ``falls``, where it is how that side would end it."""


@dataclass(frozen=True, slots=True)
class Dispute:
    """One side's dispute of a payment, with reasons; it ends when both sides say the same of it."""

    id: str
    """The number of its fact."""
    of: str
    """The payment: ``release/QUARTER/CCG`` or ``correction/NUMBER``."""
    opened: Said
    answers: tuple[Said, ...] = ()
    ended: Mapping[Side, Said] = field(default_factory=lambda: MappingProxyType({}))
    """What each side said last of how it ends."""
    settled_at: datetime | None = None

    outcome: str = ""
    """``stands`` or ``falls`` once it is settled; empty before."""

    def position(self, side: Side) -> Said | None:
        """What a side holds now: whoever disputes a payment holds that it falls until they say otherwise."""
        return self.ended.get(side) or (self.opened if side is self.opened.side else None)


@dataclass(frozen=True, slots=True)
class Use:
    """What a CCG used of the money that was never earned, as the board decided it."""

    id: str
    """The number of its fact."""
    ccg: str
    pence: Pence
    purpose: str
    """As the rules of returns call it."""
    board: str
    """The body id of the board that decided."""
    minute: str
    """The digest of its minute."""
    decided_on: date
    by: str
    at: datetime
    confirmed_by: str = ""
    confirmed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Fallen:
    """A proposal that was taken back because its dispute was settled so."""

    quarter: Quarter
    ccg: str
    pence: Pence
    statement: str
    dispute: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Settled:
    """All that follows the releases of a pool's year."""

    corrections: Mapping[str, Correction] = field(default_factory=lambda: MappingProxyType({}))
    disputes: Mapping[str, Dispute] = field(default_factory=lambda: MappingProxyType({}))
    uses: Mapping[str, Use] = field(default_factory=lambda: MappingProxyType({}))
    fallen: tuple[Fallen, ...] = ()

    def of(self, quarter: Quarter, ccg: str) -> tuple[Correction, ...]:
        """The corrections of one quarter and CCG, in order."""
        return tuple(each for each in self.corrections.values() if (each.quarter, each.ccg) == (quarter, ccg))

    def posted(self, quarter: Quarter, ccg: str) -> Pence:
        """What corrections have moved so far for one quarter and CCG; below zero what went back."""
        return sum(each.pence for each in self.of(quarter, ccg) if each.posted_at)

    def entered_after(self, ccg: str) -> Pence:
        """What a CCG has put in for this year in later books, out of what it had kept; below zero what it puts in less."""
        return sum(
            each.pence
            for each in self.corrections.values()
            if each.ccg == ccg and each.after and each.posted_at
        )

    @property
    def awaiting(self) -> tuple[Correction, ...]:
        """Corrections that still need an approval."""
        return tuple(each for each in self.corrections.values() if each.posted_at is None)

    def disputed(self, of: str) -> Dispute | None:
        """The dispute of a payment that is open."""
        return next(
            (each for each in self.disputes.values() if each.of == of and each.settled_at is None), None
        )

    def used(self, ccg: str) -> Pence:
        """What a CCG has used of what was never earned, confirmed or waiting for it."""
        return sum(each.pence for each in self.uses.values() if each.ccg == ccg)


def of_release(quarter: Quarter, ccg: str) -> str:
    """How a dispute, and the posting, name a release."""
    return f"release/{quarter}/{ccg}"


def of_correction(id: str) -> str:
    """How a dispute, and the posting, name a correction."""
    return f"correction/{id}"
