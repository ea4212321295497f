"""Non-elective admissions by commissioner and month, apportioned to boards by quarter, their doubts kept beside them.

The figures are those published (Monthly Activity Return, final revisions) and are never altered. Where the return
is known to be incomplete, or a commissioner's quarter is too unlike the same quarter a year before, the figure is
flagged and so is everything that rests on it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cached_property

from carepool.basics.money import round_half_up
from carepool.basics.periods import Quarter, quarters_between
from carepool.basics.refusals import Unusable
from carepool.places.england import Places

NATION = "ENG"
NO_AREA = "X24"
"""NHS England as commissioner: in England's total, but with no area, so in no board's."""
FIRST, LAST = Quarter(2013, 1), Quarter(2015, 4)
"""The quarters held by commissioner."""
IMPLAUSIBLE = Fraction(1, 4)
"""A change on the same quarter a year before beyond which a commissioner's quarter is flagged."""


class Flag(StrEnum):
    """Why a figure asks for care."""

    INCOMPLETE = "incomplete_return"
    """The published return lacks some of the activity (known_gaps.csv)."""
    UNLIKE = "unlike_a_year_before"
    """A commissioner's quarter is more than 25% from the same quarter a year before."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Months in which a commissioner's published return is known to be incomplete."""

    commissioner: str
    first_month: str
    last_month: str
    evidence: str
    confidence: str

    def touches(self, quarter: Quarter) -> bool:
        """Whether any month of the quarter is in the gap."""
        return any(self.first_month <= month <= self.last_month for month in quarter.months)


@dataclass(frozen=True, slots=True)
class Observation:
    """A board's admissions in one quarter."""

    quarter: Quarter
    count: Decimal
    """To one decimal: apportioned exactly, added, and rounded half up once. Payments use this figure."""
    flags: tuple[Flag, ...]
    because: tuple[str, ...]
    """The commissioners that a flag comes from."""

    @property
    def flag(self) -> Flag | None:
        """The gravest flag, or None."""
        return self.flags[0] if self.flags else None


@dataclass(frozen=True)
class Admissions:
    """The published series, on the CCG codes of April 2015."""

    monthly: Mapping[str, Mapping[str, Decimal]]
    """Commissioner to month (``2014-07``) to admissions; a CCG that became another is counted in its successor."""
    published: Mapping[str, date]
    """Month to the day on which it was first published."""
    gaps: tuple[Gap, ...]
    places: Places

    @cached_property
    def _quarterly(self) -> Mapping[tuple[str, Quarter], Decimal]:
        """Every whole quarter of every commissioner."""
        found: dict[tuple[str, Quarter], Decimal] = {}
        for quarter in quarters_between(FIRST, LAST):
            first, second, third = quarter.months
            for code, months in self.monthly.items():
                if first in months and second in months and third in months:
                    found[code, quarter] = months[first] + months[second] + months[third]
        return found

    def of_commissioner(self, code: str, quarter: Quarter) -> Decimal | None:
        """Admissions of a commissioner in a quarter, or None where a month is not held."""
        return self._quarterly.get((code, quarter))

    @cached_property
    def _of_all(self) -> Mapping[Quarter, Decimal]:
        return {
            quarter: sum((self._quarterly.get((ccg, quarter), Decimal(0)) for ccg in self.ccgs), Decimal(0))
            for quarter in quarters_between(FIRST, LAST)
        }

    def of_boards(self, quarter: Quarter) -> Decimal:
        """Admissions of all CCGs together: England without what has no area. Equal to its parts, not nearly equal."""
        check_held(quarter)
        return self._of_all[quarter]

    @cached_property
    def ccgs(self) -> tuple[str, ...]:
        """The CCGs that admissions are apportioned from."""
        return tuple(sorted({share.ccg for share in self.places.shares}))

    def published_on(self, quarter: Quarter) -> date | None:
        """The day on which the last month of the quarter was first published, if known."""
        days = [self.published.get(month) for month in quarter.months]
        return None if None in days else max(day for day in days if day is not None)

    def known_by(self, day: date) -> tuple[Quarter, ...]:
        """The quarters held that had been published by the end of a day."""
        found = []
        for quarter in quarters_between(FIRST, LAST):
            published = self.published_on(quarter)
            if published is not None and published <= day:
                found.append(quarter)
        return tuple(found)

    @cached_property
    def flagged(self) -> Mapping[tuple[str, Quarter], tuple[Flag, ...]]:
        """The commissioner-quarters that ask for care, the gravest flag first."""
        found: dict[tuple[str, Quarter], tuple[Flag, ...]] = {}
        for quarter in quarters_between(FIRST, LAST):
            for ccg in self.ccgs:
                flags = []
                if any(gap.commissioner == ccg and gap.touches(quarter) for gap in self.gaps):
                    flags.append(Flag.INCOMPLETE)
                if is_unlike(
                    self.of_commissioner(ccg, quarter), self.of_commissioner(ccg, quarter.year_before)
                ):
                    flags.append(Flag.UNLIKE)
                if flags:
                    found[ccg, quarter] = tuple(flags)
        return found

    @cached_property
    def by_board(self) -> Mapping[tuple[str, Quarter], Observation]:
        """Every board's every quarter held, apportioned once."""
        return {
            (board, quarter): self._apportion(board, quarter)
            for board in self.places.boards
            for quarter in quarters_between(FIRST, LAST)
        }

    def _apportion(self, board: str, quarter: Quarter) -> Observation:
        exact = Fraction(0)
        flags: dict[Flag, None] = {}
        because = []
        for share in self.places.by_board[board]:
            count = self.of_commissioner(share.ccg, quarter)
            if count is None:
                raise Unusable(f"The return of {share.ccg} for {quarter} is not held.")
            exact += Fraction(count) * share.people / share.of_ccg
            if (share.ccg, quarter) in self.flagged:
                because.append(share.ccg)
                flags.update(dict.fromkeys(self.flagged[share.ccg, quarter]))
        ordered = tuple(flag for flag in Flag if flag in flags)
        return Observation(quarter, to_one_decimal(exact), ordered, tuple(because))

    def of_board(self, board: str, quarter: Quarter) -> Observation:
        """A board's admissions in a quarter. NotHere for an unknown board, Unusable outside the quarters held."""
        check_held(quarter)
        return self.by_board[self.places.board(board).code, quarter]


def is_unlike(count: Decimal | None, year_before: Decimal | None) -> bool:
    """Whether a quarter is more than 25% from the same quarter a year before."""
    if count is None or not year_before:
        return False
    return abs(Fraction(count) - Fraction(year_before)) > IMPLAUSIBLE * Fraction(year_before)


def to_one_decimal(exact: Fraction) -> Decimal:
    """Rounded half up to one decimal, without passing through a binary fraction."""
    tenths, remainder = divmod(exact.numerator * 10, exact.denominator)
    return Decimal(tenths + (2 * remainder >= exact.denominator)) / 10


def whole_target(baseline: Decimal, ambition: Decimal) -> Decimal:
    """A quarter's target at an ambition of so many per cent: the baseline less it, as a whole number."""
    return round_half_up(baseline * (100 - ambition) / 100)


def check_held(quarter: Quarter) -> None:
    """Unusable for a quarter outside those held by commissioner, saying which are and why they begin there."""
    if quarter < FIRST:
        raise Unusable(
            f"Admissions by board are held from {FIRST}; {quarter} is before it. Until April 2013 there were primary "
            "care trusts, with no map to boards: only England's totals are kept."
        )
    if quarter > LAST:
        raise Unusable(f"Admissions are held to {LAST}; {quarter} is after it. Ask for a quarter up to then.")
