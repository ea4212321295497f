"""How a value reads on a page: pounds, counts, days and quarters as people write them, and “not known yet” for None."""

from datetime import date, datetime
from decimal import Decimal

from markupsafe import Markup

from carepool.basics.money import Pence, in_pounds, round_half_up
from carepool.basics.periods import LONDON, Quarter, in_words
from carepool.basics.workings import Amount

Number = int | Decimal

NOT_KNOWN = Markup(
    '<span aria-hidden="true">–</span><span class="nhsuk-u-visually-hidden">not known yet</span>'
)
"""What stands where a figure will be: a dash for the eye, words for the ear."""

_MILLION = 10**8
"""A million pounds in pence."""


def pounds(pence: Pence | None) -> str:
    """The amount in whole pounds, ``£1,234,567``, half a pound going away from zero."""
    if pence is None:
        return NOT_KNOWN
    whole = (abs(pence) + 50) // 100 * 100
    return in_pounds(-whole if pence < 0 else whole)


def in_month(day: date) -> str:
    """The month of a day, ``June 2015``."""
    return in_words(day).split(" ", 1)[1]


def pence(amount: Pence | None) -> str:
    """The amount to the penny, ``£1,234,567.00``, as accounts show it."""
    if amount is None:
        return NOT_KNOWN
    return in_pounds(amount) if amount % 100 else f"{in_pounds(amount)}.00"


def pounds_short(amount: Pence | None) -> str:
    """The amount to say aloud, ``£253.1m`` or ``£1.9bn``. Never alone: the exact sum stands near it.

    Under a million pounds it is the exact sum in pounds. 999,960,000 pounds is £1.0bn, not £1,000.0m.
    """
    if amount is None:
        return NOT_KNOWN
    if abs(amount) < _MILLION:
        return pounds(amount)
    millions = Decimal(abs(amount)) / _MILLION
    short, unit = round_half_up(millions, 1), "m"
    if short >= 1000:
        short, unit = round_half_up(millions / 1000, 1), "bn"
    return f"{'−' if amount < 0 else ''}£{short:,}{unit}"


def count(number: Number | None, places: int | None = None) -> str:
    """The number with separators, ``1,370,251`` or ``1,370.3``; to so many places when that is asked."""
    if number is None:
        return NOT_KNOWN
    if places is not None:
        number = round_half_up(Decimal(number), places)
    return f"{'−' if number < 0 else ''}{abs(number):{',f' if isinstance(number, Decimal) else ','}}"


def percent(number: Number | None, places: int | None = None) -> str:
    """A number that counts per cents already: ``3.5%`` for 3.5, not for 0.035."""
    return NOT_KNOWN if number is None else f"{count(number, places)}%"


def day(moment: date | None) -> str:
    """The date as people write it, ``18 August 2014``; an instant is the day that it was in London."""
    if moment is None:
        return NOT_KNOWN
    return in_words(moment.astimezone(LONDON).date() if isinstance(moment, datetime) else moment)


def quarter_words(quarter: Quarter | str | None) -> str:
    """The months of a quarter, ``January to March 2015`` for 2014-15Q4. Unusable when a text is not a quarter."""
    if quarter is None:
        return NOT_KNOWN
    found = Quarter.parse(quarter) if isinstance(quarter, str) else quarter
    return f"{found.first_day:%B} to {found.last_day:%B %Y}"


def amount(value: Amount, unit: str) -> str:
    """What a Working or a Step comes to, in its unit: ``£1,490 per admission``, ``15,180 admissions``, ``3.5%``."""
    if value is None:
        return NOT_KNOWN
    if isinstance(value, str):
        return value
    if unit == "pence" or unit.startswith("pence "):
        sign = "−" if value < 0 else ""
        written = in_pounds(value) if isinstance(value, int) else f"{sign}£{count(abs(value) / 100)}"
        return written + unit.removeprefix("pence")
    return percent(value) if unit == "%" else f"{count(value)} {unit}".rstrip()


def within(title: str) -> str:
    """A title within a sentence: chief executive, director of NHS England, NHS assurer."""
    return title if title[:2].isupper() else title[:1].lower() + title[1:]
