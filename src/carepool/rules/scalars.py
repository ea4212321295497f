"""The scalars of rule files, typed from the text that stands there, and what every cited thing shares.

``12:00`` stays a time and ``no`` a word, because nothing is guessed: each is read by the key that it stands at.
"""

import re
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from carepool.basics.money import Pence, pence_from_pounds
from carepool.basics.periods import LONDON, Quarter, end_of_day, in_words
from carepool.basics.refusals import Unusable


class Confidence(StrEnum):
    """How sure we are of a value."""

    PUBLISHED = "published"
    """A published document at hand says so."""
    RECALLED = "recalled"
    """Known from the official documents, whose text is not at hand: shown as such wherever it is used."""
    DERIVED = "derived"
    """Our arithmetic, or our method, on published values."""


class PaymentMethod(StrEnum):
    """How performance money is computed. Each has exactly one implementation, in ``carepool.payment``."""

    CUMULATIVE_RELEASE = "cumulative_release"
    """By quarter, what the cut so far is worth, no more than planned."""
    REBASED_RELEASE = "rebased_release"
    """The same, after a target that is far above the operational plan's has been changed."""
    PASSED_TESTS = "passed_tests"
    """In parts, each shared among conditions and metrics; a part is earned by what is passed."""
    NOTHING_WITHHELD = "nothing_withheld"
    """In the same parts, all paid whatever the performance; what falls short asks for a recovery plan."""
    OWN_MEASURES = "own_measures"
    """In parts whose measures and weights the rules leave open, by those that the asker gives."""
    OUT_OF_HOSPITAL = "out_of_hospital"
    """Nothing by performance: spent out of hospital, or held against admissions above the plan."""


class AllocationMethod(StrEnum):
    """How a stream is shared out. Each has exactly one implementation, in ``carepool.allocation``."""

    COMMISSIONER_ALLOCATION = "commissioner_allocation"
    """National to the NHS commissioners by their allocation, each one's part to boards by where its people live."""
    NEED_THEN_PEOPLE = "need_then_people"
    """National to boards by need, each board's part to the commissioners of its people."""
    NEED = "need"
    """National to boards by need; received by councils."""


class Moment(BaseModel):
    """A local date-time in London as it was written, and the instant that it means."""

    model_config = ConfigDict(frozen=True)

    written: str
    instant: datetime
    """A bare date means the end of that day."""
    day: date

    def __str__(self) -> str:
        """As people say it: 19 September 2014, or 12:00 on 27 May 2016."""
        at = self.written[11:]
        return f"{at} on {in_words(self.day)}" if at else in_words(self.day)


_NUMBER = re.compile(r"-?[0-9]+(_[0-9]+)*(\.[0-9]+)?")
LONGEST_NUMBER = 20
"""Characters of a number; the whole fund of England in pence has thirteen."""
FIRST_YEAR, LAST_YEAR = 1900, 2200
"""Years that a date in a rule can have."""
_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})(?: ([0-2]\d:[0-5]\d))?")


def _pence(text: object) -> object:
    if isinstance(text, str) and len(text) <= LONGEST_NUMBER and _NUMBER.fullmatch(text):
        return pence_from_pounds(Decimal(text))
    raise ValueError("is not an amount of pounds: write it like 1_900_000_000 or 133.50")


def _decimal(text: object) -> object:
    if isinstance(text, str) and len(text) <= LONGEST_NUMBER and _NUMBER.fullmatch(text):
        return Decimal(text)
    raise ValueError("is not a number: write it like 1490 or 3.5")


def _quarter(text: object) -> object:
    try:
        quarter = Quarter.parse(str(text))
    except Unusable as error:
        raise ValueError(str(error)) from error
    if not FIRST_YEAR <= quarter.starts <= LAST_YEAR:
        raise ValueError(f"is not a quarter of the years {FIRST_YEAR} to {LAST_YEAR}")
    return quarter


def _date(text: object) -> object:
    try:
        if isinstance(text, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            day = date.fromisoformat(text)
            if FIRST_YEAR <= day.year <= LAST_YEAR:
                return day
    except ValueError:
        pass
    raise ValueError("is not a date: write it like 2014-08-18")


def _moment(text: object) -> object:
    try:
        match = _MOMENT.fullmatch(text) if isinstance(text, str) and text.isascii() else None
        if match:
            day = date.fromisoformat(match[1])
            if not FIRST_YEAR <= day.year <= LAST_YEAR:
                raise ValueError
            at = end_of_day(day) if match[2] is None else _local(day, time.fromisoformat(match[2]))
            return Moment(written=match[0], instant=at, day=day)
    except (ValueError, OverflowError):
        pass
    raise ValueError("is not a date or a date with a time: write it like 2014-09-19 or 2016-05-27 12:00")


def _local(day: date, at: time) -> datetime:
    return datetime.combine(day, at, LONDON)


def _yes_or_no(text: object) -> object:
    if text in {"yes", "no"}:
        return text == "yes"
    raise ValueError("is neither yes nor no")


Text = Annotated[str, Field(pattern=r"\w")]
"""Words: something that can be read must stand there."""
InPence = Annotated[Pence, BeforeValidator(_pence), Field(ge=0)]
ChangeInPence = Annotated[Pence, BeforeValidator(_pence)]
"""Pounds more, or with a minus less."""
Number = Annotated[Decimal, BeforeValidator(_decimal)]
InQuarters = Annotated[Quarter, BeforeValidator(_quarter)]
Day = Annotated[date, BeforeValidator(_date)]
InLondon = Annotated[Moment, BeforeValidator(_moment)]
YesNo = Annotated[bool, BeforeValidator(_yes_or_no)]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class Entry(BaseModel):
    """Anything in a set of rules: frozen, and no key that is not known."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Cited(Entry):
    """Anything that rests on a source."""

    source: Text
    confidence: Confidence


class Span(Entry):
    """From one day to another, both included."""

    first: Day = Field(alias="from")
    last: Day = Field(alias="to")

    def covers(self, day: date) -> bool:
        """Whether a day is in it."""
        return self.first <= day <= self.last


class Checked(Entry):
    """Who last checked a file, when, and when it is due again."""

    by: Text
    on: Day
    again_by: Day
