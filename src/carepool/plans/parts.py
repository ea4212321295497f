"""What people type into a plan, coerced here and nowhere else, and what is known of every field for whoever shows it.

Pounds with signs, commas and spaces are fine. A field that nobody has filled in is empty, never nought. Each type
carries an ``About``, from which forms, workbooks, the published schema and papers are made alike.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, GetCoreSchemaHandler
from pydantic_core import core_schema

from carepool.basics.money import Pence, pence_from_pounds
from carepool.basics.periods import Quarter, parse_date
from carepool.basics.refusals import Unusable, nearest
from carepool.basics.words import blank, seen

_GROUPED = r"([0-9]+|[0-9]{1,3}([,\s][0-9]{3})+)"
_POUNDS = re.compile(rf"(-£?\s*|£?\s*-?){_GROUPED}(\.[0-9]{{1,2}})?")
_COUNT = re.compile(rf"{_GROUPED}(\.[0-9]{{1,6}})?")
_PERCENT = re.compile(r"[0-9]{1,3}(\.[0-9]{1,4})?")
LARGEST = 10**13
"""Pence in one row beyond which an amount is a slip: a hundred billion pounds."""
MOST_ADMISSIONS = 10**7
"""Admissions in a quarter beyond which a number is a slip: England had under 1.5 million."""
LONGEST = 10_000
"""Characters in one answer."""

Kind = Literal["line", "words", "code", "choice", "money", "count", "percent", "day", "yesno", "quarter"]


@dataclass(frozen=True, slots=True, eq=False)
class About:
    """What is known of a kind of field."""

    kind: Kind
    codes: Mapping[str, str] = field(default_factory=dict)
    """For a choice: each code with its words, in order."""
    of: str = ""
    """For a code: the list in the plan or its places that it must be of, like ``schemes`` or ``streams``."""
    unit: str = ""


def pence_typed(text: object) -> Pence:
    """Pence from what a person typed in pounds, ``£1,240,000`` or ``1240000.50``. ValueError with what to do."""
    if isinstance(text, bool) or not isinstance(text, str | int):
        raise ValueError("is not an amount: write pounds, like 1,240,000")
    if isinstance(text, int):
        pence = text
    else:
        cleaned = text.strip().replace("−", "-")
        if not _POUNDS.fullmatch(cleaned):
            raise ValueError(f"“{text}” is not an amount: write pounds, like 1,240,000")
        pence = pence_from_pounds(Decimal(re.sub(r"[£,\s]", "", cleaned)))
    if pence < 0:
        raise ValueError("is below zero: write an amount of zero or more")
    if pence > LARGEST:
        raise ValueError("is more than the whole fund of England: check the unit")
    return pence


def count_typed(text: object) -> Decimal:
    """A number of admissions from what a person typed. ValueError with what to do."""
    written = str(text).strip()
    if written.startswith(("-", "−")):
        raise ValueError("is below zero: write a number of zero or more")
    if isinstance(text, bool) or not _COUNT.fullmatch(written):
        raise ValueError(f"“{written}” is not a number of admissions: write a number like 2,520")
    found = Decimal(re.sub(r"[,\s]", "", written))
    if found > MOST_ADMISSIONS:
        raise ValueError("is more than the admissions of all England: check the number")
    return found


def number_typed(text: object) -> Decimal:
    """A number of zero or more of anything from what a person typed. ValueError with what to do."""
    written = str(text).strip()
    if written.startswith(("-", "−")):
        raise ValueError("is below zero: write a number of zero or more")
    if isinstance(text, bool) or not _COUNT.fullmatch(written):
        raise ValueError(f"“{written}” is not a number: write a number like 2,520 or 12.5")
    found = Decimal(re.sub(r"[,\s]", "", written))
    if found > 10**12:
        raise ValueError("is more than anything that a plan counts: check the number")
    return found


def percent_typed(text: object) -> Decimal:
    """A number of per cent, 0 to 100, with or without its sign. ValueError with what to do."""
    written = str(text).strip().removesuffix("%").strip()
    if isinstance(text, bool) or not _PERCENT.fullmatch(written) or Decimal(written) > 100:
        raise ValueError(f"“{text}” is not a percentage: write a number from 0 to 100, like 12.5")
    return Decimal(written)


def day_typed(text: object) -> date:
    """A day, 2015-04-01 or 1 April 2015 or 01/04/2015. ValueError with what to do."""
    if isinstance(text, date):
        return text
    written = str(text).strip()
    try:
        return parse_date(_iso(written))
    except Unusable:
        raise ValueError(f"“{written}” is not a day: write it like 2015-04-01 or 1 April 2015") from None


_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_SPOKEN = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\s+([A-Za-z]{3,9})\.?\s+(\d{4})")
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


def _iso(written: str) -> str:
    if (spoken := _SPOKEN.fullmatch(written)) is not None:
        month = next((n for n, name in enumerate(_MONTHS, 1) if name.startswith(spoken[2].lower())), 0)
        return f"{spoken[3]}-{month:02}-{int(spoken[1]):02}"
    if (slashed := _SLASHED.fullmatch(written)) is not None:
        return f"{slashed[3]}-{int(slashed[2]):02}-{int(slashed[1]):02}"
    return written


def _yes_or_no(text: object) -> str:
    if isinstance(text, bool):
        return "yes" if text else "no"
    written = str(text).strip().casefold()
    if written in {"yes", "y", "true", "1"}:
        return "yes"
    if written in {"no", "n", "false", "0"}:
        return "no"
    if not written:
        return ""
    raise ValueError(f"“{text}” is neither yes nor no: write yes or no")


def _quarter(text: object) -> Quarter:
    if isinstance(text, Quarter):
        return text
    try:
        return Quarter.parse(str(text))
    except Unusable as error:
        raise ValueError(str(error)) from error


def _stripped(text: object) -> object:
    return seen(text) if isinstance(text, str) else text


def _or_none(text: object) -> object:
    """An empty field is nothing, not nought."""
    return None if isinstance(text, str) and blank(text) else text


Words = Annotated[str, Field(max_length=LONGEST), BeforeValidator(_stripped), About("words")]
Line = Annotated[str, Field(max_length=300), BeforeValidator(_stripped), About("line")]
Code = Annotated[str, Field(min_length=1, max_length=40), BeforeValidator(_stripped), About("code")]
Money = Annotated[Pence, BeforeValidator(pence_typed), About("money", unit="pounds")]
Count = Annotated[Decimal, BeforeValidator(count_typed), About("count", unit="admissions")]
InQuarter = Annotated[Quarter, BeforeValidator(_quarter), About("quarter")]
YesNo = Annotated[
    Literal["", "yes", "no"], BeforeValidator(_yes_or_no), About("yesno", {"yes": "Yes", "no": "No"})
]
MaybeMoney = Annotated[
    Annotated[Pence, BeforeValidator(pence_typed)] | None,
    BeforeValidator(_or_none),
    About("money", unit="pounds"),
]
MaybeNumber = Annotated[
    Annotated[Decimal, BeforeValidator(number_typed)] | None, BeforeValidator(_or_none), About("count")
]
MaybePercent = Annotated[
    Annotated[Decimal, BeforeValidator(percent_typed)] | None,
    BeforeValidator(_or_none),
    About("percent", unit="%"),
]
MaybeDay = Annotated[
    Annotated[date, BeforeValidator(day_typed)] | None, BeforeValidator(_or_none), About("day")
]


class Choice:
    """A field that is one of some codes, or empty. What is typed may be the code or its words."""

    def __init__(self, **codes: str) -> None:
        self.about = About("choice", codes)
        self._known = {words.casefold(): code for code, words in codes.items()} | {
            each: each for each in codes
        }

    def coerce(self, text: object) -> str:
        """The code for what was typed. ValueError with the nearest."""
        written = str(text).strip()
        if not written or written.casefold() in self._known:
            return self._known.get(written.casefold(), "")
        words = list(self.about.codes.values())
        near = nearest(written, words)
        hint = f"did you mean “{near}”?" if near else f"write one of: {', '.join(words)}"
        raise ValueError(f"“{written[:80]}” is not one of the answers: {hint}")

    def __get_pydantic_core_schema__(
        self, source: type[object], handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.no_info_before_validator_function(self.coerce, handler(source))


class Of:
    """A code that must be of a list in the plan or its places, or empty where nobody has chosen yet."""

    def __init__(self, what: str) -> None:
        self.about = About("code", of=what)


def about(metadata: Iterable[object]) -> About | None:
    """What is known of a field, from its metadata; a list that it must be of tells more than its shape."""
    found = None
    for each in metadata:
        if isinstance(each, About):
            found = found or each
        elif isinstance(each, Choice | Of):
            return each.about
    return found


class Part(BaseModel):
    """Anything in a plan: frozen, and no key that is not known."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)
