"""Works a measure out for a board, period by period, from the series that its definition names; missing is never zero."""

from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from carepool.basics.money import round_half_up
from carepool.basics.periods import Quarter, quarters_between
from carepool.basics.refusals import Unusable
from carepool.measures import delays, spend
from carepool.measures.admissions import FIRST, LAST, Admissions, Flag
from carepool.measures.beds import PROXY
from carepool.measures.limits import of_count, of_part
from carepool.measures.outcomes import KNOWN, starts
from carepool.measures.statistics import Statistics
from carepool.measures.values import HELD, Status, Value, not_available
from carepool.places.england import Places
from carepool.rules.measuring import Break, Definition

NATION = "ENG"
"""The area code of England, which a measure is worked out for as for a board."""
CLUSTERED = (
    "Days of one patient come together, so the limits, which take each day for itself, are too narrow."
)


@dataclass(frozen=True)
class Held:
    """What measures are worked out from: one vintage."""

    admissions: Admissions
    statistics: Statistics
    places: Places

    def councils(self, area: str) -> tuple[str, ...]:
        """The councils of a board, or England."""
        return (NATION,) if area == NATION else tuple(each.code for each in self.places.board(area).councils)


@dataclass(frozen=True)
class Measured:
    """A measure of one area: every period that is held, and what divides or limits it."""

    definition: Definition
    area: str
    values: tuple[Value, ...]
    files: tuple[str, ...]
    """The shipped files that it rests on."""
    breaks: tuple[Break, ...]
    """Those that lie between its values: a comparison across one is none."""
    rests_on: tuple[str, ...]
    """What holds for all of its values."""

    @property
    def last(self) -> Value | None:
        """The last period with a value."""
        return next((each for each in reversed(self.values) if each.status in HELD), None)


def measure(definition: Definition, area: str, held: Held) -> Measured:
    """Every value of a measure in an area. NotHere for an unknown board; a measure without a series has no values."""
    held.councils(area)
    values, files, rests = SERIES[definition.series](definition, area, held)
    days = [each.first_day for each in values if each.status in HELD]
    breaks = definition.breaks_between(days[0], days[-1]) if days else ()
    return Measured(definition, area, values, files, breaks, rests)


Found = tuple[tuple[Value, ...], tuple[str, ...], tuple[str, ...]]
"""Values, the files that they are from, and what holds for all of them."""


def rate(
    definition: Definition, period: str, day: date, numerator: Decimal, denominator: Decimal,
    *, status: Status = Status.AVAILABLE, because: tuple[str, ...] = (), published: date | None = None,
) -> Value:  # fmt: skip
    """A value from its parts, with the limits that the definition says."""
    version = definition.on(day)
    value = numerator * version.scale / denominator
    low = high = None
    method = ""
    if definition.interval == "poisson":
        found = of_count(float(numerator))
        low, high = (Decimal(str(each)) * version.scale / denominator for each in (found.low, found.high))
        method = found.method
    elif definition.interval == "proportion":
        found = of_part(float(numerator), float(denominator))
        low, high = (Decimal(str(each)) * version.scale for each in (found.low, found.high))
        method = found.method
    return Value(
        period, day, status, version.version, because, numerator, denominator, _shown(value),
        None if low is None else _shown(low), None if high is None else _shown(high), method, published,
    )  # fmt: skip


def _shown(value: Decimal) -> Decimal:
    """A rate as it is shown: to one decimal."""
    return round_half_up(value, 1)


def _of_admissions(definition: Definition, area: str, held: Held) -> Found:
    values = []
    for quarter in quarters_between(FIRST, LAST):
        people, rests = held.statistics.people.of(held.councils(area), quarter.first_day, definition.people)
        count, status, why = _admitted(area, quarter, held.admissions)
        values.append(
            rate(
                definition, str(quarter), quarter.first_day, count, people,
                status=status, because=(*why, *rests), published=held.admissions.published_on(quarter),
            )
        )  # fmt: skip
    shared = "A commissioner's admissions are shared out by where its people live (mid-2017 population)."
    if area == NATION:
        shared = "The commissioners that have an area; NHS England's own (X24) are left out."
    return tuple(values), ("admissions.csv", "people.csv"), (shared,)


def _admitted(area: str, quarter: Quarter, admissions: Admissions) -> tuple[Decimal, Status, tuple[str, ...]]:
    """Admissions of a quarter, what they are worth, and why."""
    if area == NATION:
        return admissions.of_boards(quarter), Status.AVAILABLE, ()
    seen = admissions.of_board(area, quarter)
    because = ", ".join(seen.because)
    why = tuple(f"{SAID[flag]} ({because})." for flag in seen.flags)
    status = Status.INCOMPLETE if Flag.INCOMPLETE in seen.flags else Status.AVAILABLE
    return seen.count, status, why


SAID: Mapping[Flag, str] = {
    Flag.INCOMPLETE: "The published return of a commissioner is known to be incomplete",
    Flag.UNLIKE: "A commissioner's quarter is more than 25% from the same quarter a year before",
}


def _of_delays(column: str) -> Callable[[Definition, str, Held], Found]:
    def found(definition: Definition, area: str, held: Held) -> Found:
        days = held.statistics.delays
        councils = (NATION,) if area == NATION else days.reporting(area)
        silent = set(held.councils(area)) - set(councils)
        values = []
        for month in days.months:
            day = date.fromisoformat(f"{month}-01")
            count = days.of_area(area, month, column)
            if count is None:
                values.append(not_available(month, day, definition.on(day).version, f"No row is published for {month}, or it has a fault."))  # fmt: skip
                continue
            people, rests = held.statistics.people.of(councils, day, definition.people)
            values.append(
                rate(
                    definition,
                    month,
                    day,
                    Decimal(count),
                    people,
                    because=rests,
                    published=days.published.get(month),
                )
            )
        without = tuple(
            f"{each} has no rows in the collection; its people are left out too." for each in sorted(silent)
        )
        return tuple(values), (delays.FILE, "people.csv"), (CLUSTERED, *without)

    return found


def _of_delayed_beds(definition: Definition, area: str, held: Held) -> Found:
    """Delayed days by the days of their month: of the months held, and a word on those of which no days are."""
    days = held.statistics.delays
    values = []
    for month in days.months:
        day = date.fromisoformat(f"{month}-01")
        count = days.of_area(area, month)
        if count is None:
            values.append(not_available(month, day, definition.on(day).version, f"No row is published for {month}, or it has a fault."))  # fmt: skip
            continue
        long = monthrange(day.year, day.month)[1]
        values.append(rate(definition, month, day, Decimal(count), Decimal(long), published=days.published.get(month)))  # fmt: skip
    later = (
        f"No beds a day are available after {days.months[-1]}: {delays.FILE} ends there. A later month comes from "
        "NHS England's file of delayed days by local authority for it, once its rows stand in that file."
    )
    return tuple(values), (delays.FILE,), (later,) if days.months else ()


def _of_outcomes(definition: Definition, area: str, held: Held) -> Found:
    outcomes = held.statistics.outcomes
    values = []
    for year in outcomes.years(KNOWN[definition.of_series][0]):
        day = starts(year)
        version = definition.on(day).version
        seen, rests = outcomes.of_board(area, year, definition.of_series)
        if seen.value is None:
            values.append(Value(year, day, seen.status, version, rests or ("Printed as not available.",)))
        elif seen.numerator is not None and seen.denominator and definition.interval != "none":
            whole = rate(definition, year, day, seen.numerator, seen.denominator, because=rests)
            values.append(replace(whole, value=seen.value))
        else:
            only = "Only the rate is published, so no limits are known."
            values.append(Value(year, day, seen.status, version, (*rests, only), value=seen.value))
    return tuple(values), ("outcomes.csv", "council_successions.csv"), ()


def _of_spend(definition: Definition, area: str, held: Held) -> Found:
    values = []
    for year in held.statistics.spend.years("gross_65"):
        day = starts(year)
        version = definition.on(day).version
        if area == NATION:
            found = [
                held.statistics.spend.of_board(board, year, "gross_65")[0] for board in held.places.boards
            ]
            total: Decimal | None = sum((each for each in found if each is not None), Decimal(0))
            why: tuple[str, ...] = (f"{found.count(None)} boards have no figure.",) if None in found else ()
        else:
            total, why = held.statistics.spend.of_board(area, year, "gross_65")
        if total is None:
            values.append(not_available(year, day, version, *why))
            continue
        people, rests = held.statistics.people.of(held.councils(area), day, definition.people)
        values.append(rate(definition, year, day, total * 1000, people, because=(*why, *rests)))
    return (
        tuple(values),
        (spend.FILE, "people.csv"),
        ("As councils entered it; not every one in the same way.",),
    )


def _of_beds(definition: Definition, area: str, held: Held) -> Found:
    values = []
    for quarter in held.statistics.beds.quarters:
        day = quarter.first_day
        found = held.statistics.beds.of_nation(quarter) if area == NATION else held.statistics.beds.of_board(area, quarter)  # fmt: skip
        if found is None:
            values.append(not_available(str(quarter), day, definition.on(day).version, "No trust is known to serve the board."))  # fmt: skip
        else:
            values.append(rate(definition, str(quarter), day, found[1], found[0]))
    return tuple(values), ("beds.csv", "trust_people.csv", "trust_successions.csv"), () if area == NATION else (PROXY,)  # fmt: skip


def _of_none(definition: Definition, _area: str, _held: Held) -> Found:
    return (), (), (definition.without,)


SERIES: Mapping[str, Callable[[Definition, str, Held], Found]] = {
    "admissions": _of_admissions,
    "delayed_days": _of_delays("total"),
    "delayed_days_of_social_care": _of_delays("social_care"),
    "delayed_days_of_the_nhs": _of_delays("nhs"),
    "delayed_beds": _of_delayed_beds,
    "outcomes": _of_outcomes,
    "spend": _of_spend,
    "beds": _of_beds,
    "none": _of_none,
}
"""How each series that a definition can name is read: exactly one way each."""


def compared(measured: Measured, first: str, last: str) -> tuple[Value, Value]:
    """Two periods of a measure to be compared. Unusable where either has no value, or a break lies between them."""
    by_period = {each.period: each for each in measured.values}
    found = []
    for period in (first, last):
        if period not in by_period:
            held = (
                f"{measured.values[0].period} to {measured.values[-1].period}" if measured.values else "none"
            )
            raise Unusable(f"“{measured.definition.title}” is not held for {period}; held are {held}.")
        each = by_period[period]
        if each.status not in HELD:
            raise Unusable(
                f"“{measured.definition.title}” of {period} is {each.status}. {' '.join(each.because)}".rstrip()
            )
        found.append(each)
    before, after = sorted(found, key=lambda value: value.first_day)
    for between in measured.definition.breaks_between(before.first_day, after.first_day):
        if between.stops:
            raise Unusable(
                f"{before.period} and {after.period} cannot be compared: {between.says} "
                f"Compare periods on one side of {between.on.isoformat()}."
            )
    return before, after
