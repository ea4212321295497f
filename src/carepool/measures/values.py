"""A measured value: what was counted out of what, how uncertain it is, and where there is none, why there is none."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Status(StrEnum):
    """What a value is worth. None of the others is ever shown as zero."""

    AVAILABLE = "available"
    NOT_AVAILABLE = "not available"
    SUPPRESSED = "suppressed"
    INCOMPLETE = "rests on an incomplete return"


HELD = frozenset({Status.AVAILABLE, Status.INCOMPLETE})
"""The statuses that come with a value."""


@dataclass(frozen=True, slots=True)
class Value:
    """A measure of one area in one period."""

    period: str
    """As people write it: 2014-05, 2014-15Q1, 2014-15."""
    first_day: date
    status: Status
    version: str
    """Of the definition that it was counted by."""
    because: tuple[str, ...] = ()
    """Why it is not available, or what it rests on."""
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    value: Decimal | None = None
    """The rate, or what was published where its parts were not."""
    low: Decimal | None = None
    high: Decimal | None = None
    """The 95% limits, where the uncertainty is known."""
    interval: str = ""
    """How the limits were found: exact Poisson, Byar or Wilson."""
    published: date | None = None
    """The day of first publication, where it is held."""


def not_available(period: str, first_day: date, version: str, *because: str) -> Value:
    """No value, with the reason."""
    return Value(period, first_day, Status.NOT_AVAILABLE, version, because)
