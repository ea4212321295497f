"""The two sides that approve a movement of performance money, and one side's approval."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from carepool.journal.facts import Body


class Side(StrEnum):
    """The two sides that approve a release; the words are those on the page."""

    CCG = "the CCG"
    HOST = "the host"

    @property
    def code(self) -> str:
        """As facts write it: ``ccg`` or ``host``."""
        return self.name.lower()

    @property
    def other(self) -> "Side":
        """The other one."""
        return next(each for each in Side if each is not self)

    @classmethod
    def of(cls, code: str) -> "Side":
        """The side that facts write so. KeyError for any other word."""
        return cls[code.upper()]


CLAIMED = "An account whose return claims a payment does not approve it"


def claims_named(body: Mapping[str, object]) -> frozenset[str]:
    """The accounts that a proposal or an approval names as those whose return claims the payment."""
    named = body["claimed_by"]
    assert isinstance(named, Sequence)  # noqa: S101 (written so)
    return frozenset(map(str, named))


def unclaimed(body: Body) -> Body:
    """A proposal or an approval as it was written before it named whose return claims the payment."""
    return {**body, "claimed_by": []}


@dataclass(frozen=True, slots=True)
class Approval:
    """One side's approval of a release."""

    by: str
    at: datetime
