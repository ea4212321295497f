"""The two sides that approve a movement of performance money, and one side's approval."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


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


@dataclass(frozen=True, slots=True)
class Approval:
    """One side's approval of a release."""

    by: str
    at: datetime
