"""Clear days and clear working days: neither the first day nor the last is counted, and nothing is published on a closed day."""

from collections.abc import Set as AbstractSet
from datetime import date, timedelta

DAY = timedelta(days=1)
SATURDAY = 5


def works(day: date, closed: AbstractSet[date]) -> bool:
    """Whether offices are open on a day: no Saturday, no Sunday, no holiday."""
    return day.weekday() < SATURDAY and day not in closed


def last_before(day: date, days: int, unit: str, closed: AbstractSet[date]) -> date:
    """The last working day on which something can be published that must stand so many clear days before a day."""
    found = day - DAY * (days + 1)
    if unit == "clear working days":
        found = day - DAY
        for _ in range(days):
            found = working_day_until(found, closed) - DAY
    return working_day_until(found, closed)


def first_after(day: date, days: int, unit: str, closed: AbstractSet[date]) -> date:
    """The first day with so many clear days between it and an earlier one; that day itself where there are none to leave."""
    if not days:
        return day
    if unit == "clear days":
        return day + DAY * (days + 1)
    left = days
    while left:
        day += DAY
        left -= works(day, closed)
    return day + DAY


def last_in_time(day: date, days: int, unit: str, closed: AbstractSet[date]) -> date:
    """The last working day from which so many clear days are over by a day, so that what is decided on it counts by then."""
    found = working_day_until(day, closed)
    while first_after(found, days, unit, closed) > day:
        found = working_day_until(found - DAY, closed)
    return found


def working_day_until(day: date, closed: AbstractSet[date]) -> date:
    """The day, or the last working day before it."""
    while not works(day, closed):
        day -= DAY
    return day
