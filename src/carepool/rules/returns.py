"""What a quarterly return asks, and by when each is due, as data."""

from typing import Literal

from pydantic import Field

from carepool.basics.periods import Quarter
from carepool.rules.scalars import Checked, Cited, Entry, InLondon, InPence, InQuarters, Name, Text, YesNo

PartWord = Literal[
    "agreement", "conditions", "money", "metrics", "performance", "unreleased", "measures", "year_end", "narrative",
]  # fmt: skip
"""The parts that a return can have. Each has exactly one shape, in ``carepool.returns``."""


class AskedPart(Cited):
    """A part of the return."""

    id: PartWord
    title: Text
    says: Text
    year_end_only: YesNo = False

    @property
    def key(self) -> str:
        """Its id."""
        return self.id


class Counted(Cited):
    """Something else that is counted every quarter."""

    id: Name
    title: Text
    unit: Text
    cumulative: YesNo
    """Whether it counts from the start of the year, and so does not fall."""

    @property
    def key(self) -> str:
        """Its id."""
        return self.id


class Used(Cited):
    """What money that was never released can have been used for."""

    id: Name
    says: Text

    @property
    def key(self) -> str:
        """Its id."""
        return self.id


class Due(Cited):
    """One quarter's return, and when it is due."""

    quarter: InQuarters
    at: InLondon
    year_end: YesNo = False
    """Whether it is that of the year's end."""
    without: tuple[PartWord, ...] = ()
    """Parts that it does not have."""

    @property
    def key(self) -> str:
        """The quarter."""
        return str(self.quarter)


class Most(Cited):
    """The most that one figure can be."""

    says: Text
    pence: InPence = Field(alias="pounds")


class Returns(Entry):
    """``returns.yaml``."""

    says: Text
    asks: tuple[AskedPart, ...] = Field(min_length=1)
    most: Most
    counted: tuple[Counted, ...] = ()
    uses: tuple[Used, ...] = ()
    due: tuple[Due, ...] = Field(min_length=1)
    checked: Checked

    def of(self, quarter: Quarter) -> Due | None:
        """The return of a quarter; None for one that these rules ask no return of."""
        return next((each for each in self.due if each.quarter == quarter), None)

    def parts(self, due: Due) -> tuple[AskedPart, ...]:
        """The parts that a quarter's return has, in their order."""
        return tuple(
            each
            for each in self.asks
            if each.id not in due.without and (due.year_end or not each.year_end_only)
        )
