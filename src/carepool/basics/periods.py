"""Financial quarters, dates and instants, as England's health and care bodies count them."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from carepool.basics.refusals import Unusable

LONDON = ZoneInfo("Europe/London")
_QUARTER = re.compile(r"(\d{4})-(\d{2})Q([1-4])")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
LAST_YEAR = 9000
"""Nearer to the end of the calendar, the end of a day is no instant that can be told."""


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """A quarter of a financial year: ``Quarter(2014, 4)`` is 2014-15Q4, January to March 2015."""

    starts: int
    """The calendar year in which the financial year starts (1 April)."""
    number: int
    """1 for April to June, to 4 for January to March."""

    @classmethod
    def parse(cls, text: str) -> "Quarter":
        """Read ``2014-15Q4``. Unusable when the text is not a quarter, or the two years do not follow."""
        match = _QUARTER.fullmatch(text.strip())
        if match and (int(match[1]) + 1) % 100 == int(match[2]):
            return cls(int(match[1]), int(match[3]))
        raise Unusable(f"“{text}” is not a quarter. Write it like 2014-15Q4 (January to March 2015).")

    @classmethod
    def of(cls, day: date) -> "Quarter":
        """The quarter that a day falls in."""
        year = day.year if day.month >= 4 else day.year - 1
        return cls(year, (day.month - 4) % 12 // 3 + 1)

    def __str__(self) -> str:
        return f"{self.starts}-{(self.starts + 1) % 100:02}Q{self.number}"

    @property
    def first_day(self) -> date:
        """The first day of the quarter."""
        return date(self.starts + (self.number == 4), (self.number * 3) % 12 + 1, 1)

    @property
    def last_day(self) -> date:
        """The last day of the quarter."""
        return self.plus(1).first_day - timedelta(days=1)

    @property
    def months(self) -> tuple[str, str, str]:
        """Its three months, written ``2015-01``."""
        first = self.first_day
        a, b, c = (f"{first.year}-{first.month + step:02}" for step in range(3))
        return a, b, c

    def plus(self, quarters: int) -> "Quarter":
        """The quarter so many quarters later (earlier when negative)."""
        count = self.starts * 4 + self.number - 1 + quarters
        return Quarter(count // 4, count % 4 + 1)

    @property
    def year_before(self) -> "Quarter":
        """The same quarter of the year before, which is what a seasonal figure is compared with."""
        return Quarter(self.starts - 1, self.number)


def quarters_between(first: Quarter, last: Quarter) -> tuple[Quarter, ...]:
    """Every quarter from first to last, both included; none when they are the wrong way round."""
    found = []
    while first <= last:
        found.append(first)
        first = first.plus(1)
    return tuple(found)


def parse_date(text: str) -> date:
    """Read an ISO date, 2015-08-10. Unusable when it is not one."""
    try:
        if _DATE.fullmatch(text.strip()):
            day = date.fromisoformat(text.strip())
            if day.year < LAST_YEAR:
                return day
            raise Unusable(f"“{text}” is beyond any day that can be asked for. Write a day like 2015-08-10.")
    except Unusable:
        raise
    except ValueError:
        pass
    raise Unusable(f"“{text}” is not a date. Write it as year-month-day, like 2015-08-10.")


def end_of_day(day: date) -> datetime:
    """The last instant of a day in London, in UTC: what a bare date means when it is asked “as at”."""
    midnight = datetime.combine(day + timedelta(days=1), time(), LONDON)
    return midnight.astimezone(UTC) - timedelta(microseconds=1)


_MOMENT = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[ T]([0-2][0-9]:[0-5][0-9](?::[0-5][0-9])?)(Z?)")


def parse_as_at(text: str) -> tuple[date, datetime]:
    """The day and the instant that “as at” asks for: a bare day means its end, a day with a time that instant.

    ``2015-08-10``, ``2015-08-10 09:30`` (in London) or ``2015-08-10T08:30:00Z``. Unusable when it is neither.
    """
    found = _MOMENT.fullmatch(text.strip())
    if found is None:
        day = parse_date(text)
        return day, end_of_day(day)
    day = parse_date(found[1])
    try:
        at = datetime.combine(day, time.fromisoformat(found[2]), UTC if found[3] else LONDON).astimezone(UTC)
    except ValueError:
        raise Unusable(f"“{text}” has no such time of day. Write it like 2015-08-10 09:30.") from None
    return at.astimezone(LONDON).date(), at


def in_words(day: date) -> str:
    """A date as people write it: 18 August 2014."""
    return f"{day.day} {day:%B %Y}"
