"""What a statement is of: a month, a quarter or a financial year of a pool's books."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from carepool.basics.periods import Quarter, parse_date
from carepool.basics.refusals import Unusable

_YEAR = re.compile(r"([0-9]{4})-([0-9]{2})")
MONTHS = 12
"""The months of a financial year."""


class Span(StrEnum):
    """How long a period is; the words are those on the page."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Period:
    """A month, a quarter or a financial year; both days are in it."""

    span: Span
    first: date
    last: date

    @classmethod
    def month(cls, text: str) -> "Period":
        """Read ``2015-06``. Unusable when it is no month."""
        try:
            if not _YEAR.fullmatch(text.strip()):
                raise Unusable(text)
            first = parse_date(f"{text.strip()}-01")
        except Unusable:
            raise Unusable(f"“{text}” is not a month. Write it like 2015-06.") from None
        return cls(Span.MONTH, first, _before(_next_month(first)))

    @classmethod
    def quarter(cls, text: str) -> "Period":
        """Read ``2015-16Q2``. Unusable when it is no quarter."""
        found = Quarter.parse(text)
        return cls(Span.QUARTER, found.first_day, found.last_day)

    @classmethod
    def year(cls, text: str) -> "Period":
        """Read ``2015-16``. Unusable when it is no financial year."""
        match = _YEAR.fullmatch(text.strip())
        if match is None or (int(match[1]) + 1) % 100 != int(match[2]):
            raise Unusable(f"“{text}” is not a financial year. Write it like 2015-16.")
        starts = int(match[1])
        return cls(Span.YEAR, Quarter(starts, 1).first_day, Quarter(starts, 4).last_day)

    @classmethod
    def parse(cls, text: str) -> "Period":
        """Read any of the three. What could be a year or a month, like 2011-12, is a year: no pool is as old as that."""
        if "Q" in text:
            return cls.quarter(text)
        try:
            return cls.year(text)
        except Unusable:
            return cls.month(text)

    def __str__(self) -> str:
        if self.span is Span.MONTH:
            return f"{self.first:%Y-%m}"
        return str(Quarter.of(self.first)) if self.span is Span.QUARTER else self.of_year

    @property
    def of_year(self) -> str:
        """The financial year that it is of, like 2015-16."""
        return str(Quarter.of(self.first))[: len("2015-16")]

    @property
    def title(self) -> str:
        """As people say it: June 2015, July to September 2015, 2015-16."""
        if self.span is Span.YEAR:
            return self.of_year
        return f"{self.last:%B %Y}" if self.span is Span.MONTH else f"{self.first:%B} to {self.last:%B %Y}"

    @property
    def elapsed(self) -> int:
        """How many months of the financial year are over when it ends."""
        return (self.last.month - 4) % MONTHS + 1

    @property
    def before(self) -> "Period | None":
        """The period of the same length before it in the financial year; None where it is the first, or a whole year."""
        day = _before(self.first)
        if Quarter.of(day).starts != Quarter.of(self.first).starts:
            return None
        return Period.quarter(str(Quarter.of(day))) if self.span is Span.QUARTER else Period.month(f"{day:%Y-%m}")  # fmt: skip


def months_of(year: str) -> tuple[Period, ...]:
    """The twelve months of a financial year, April first."""
    starts = int(year[:4])
    return tuple(Period.month(month) for number in range(1, 5) for month in Quarter(starts, number).months)


def _next_month(first: date) -> date:
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1)


def _before(day: date) -> date:
    return day - timedelta(days=1)
