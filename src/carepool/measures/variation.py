"""How far a change in admissions stands out among those that boards' admissions made from one year to the next before any plan."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from carepool.basics.money import in_figures
from carepool.basics.periods import Quarter, quarters_between
from carepool.basics.workings import Step, Working
from carepool.measures.admissions import FIRST, LAST, Admissions, to_one_decimal

SELDOM = Fraction(1, 20)
"""The share of past changes that may be as large a fall, for it to stand out."""
FEWEST = 20
"""How many past changes there must be to say anything: with fewer no fall could stand out."""


class Stands(StrEnum):
    """What past changes make of one; the values are the words on the page."""

    PLAUSIBLE = "plausible"
    """It fell as few boards' admissions did by themselves."""
    UNCERTAIN = "uncertain"
    """It fell, and as many others did before any plan."""
    IMPLAUSIBLE = "implausible"
    """It has not fallen."""


@dataclass(frozen=True, slots=True)
class AmongPast:
    """An observed change beside the past ones."""

    baseline: Decimal
    actual: Decimal
    fell_as_far: int
    """Of the past changes, how many were a fall as large, or a larger one."""
    past: int
    first: Quarter
    last: Quarter
    """The quarters of the past changes, each on the same quarter a year before."""

    @property
    def change(self) -> Decimal:
        """The change in per cent, to one decimal; below nought for a fall."""
        return to_one_decimal(100 * _change(self.baseline, self.actual))

    @property
    def stands(self) -> Stands:
        """What the past changes make of it."""
        if self.actual >= self.baseline:
            return Stands.IMPLAUSIBLE
        return Stands.PLAUSIBLE if self.fell_as_far <= SELDOM * self.past else Stands.UNCERTAIN


def among_past(
    admissions: Admissions, before: Quarter, baseline: Decimal, actual: Decimal
) -> AmongPast | None:
    """Where a change stands among those of every board in each quarter before one; None where too few of these are held.

    Each past change is of one board's quarter on the same quarter a year before; those with a doubt are left out. A change over
    several quarters together moves less by itself than that of one, so that to stand out among these is the harder test.
    """
    quarters = [each for each in quarters_between(FIRST, LAST) if each < before and each.year_before >= FIRST]
    changes = past_changes(admissions, quarters)
    if baseline <= 0 or len(changes) < FEWEST:
        return None
    observed = _change(baseline, actual)
    return AmongPast(
        baseline, actual, sum(each <= observed for each in changes), len(changes), quarters[0], quarters[-1]
    )


def past_changes(admissions: Admissions, quarters: Sequence[Quarter]) -> tuple[Fraction, ...]:
    """The change of every board in each of these quarters on the same quarter a year before, as a share, without doubtful ones."""
    found = []
    for board in admissions.places.boards:
        for quarter in quarters:
            now, then = (admissions.by_board[board, each] for each in (quarter, quarter.year_before))
            if then.count and not (now.flags or then.flags):
                found.append(_change(then.count, now.count))
    return tuple(found)


def _change(before: Decimal, after: Decimal) -> Fraction:
    return Fraction(after - before) / Fraction(before)


def explain_among(found: AmongPast) -> Working:
    """The working of where a change stands."""
    data = "Monthly Activity Return, apportioned to boards"
    change = f"({in_figures(found.actual)} − {in_figures(found.baseline)}) ÷ {in_figures(found.baseline)}"
    share = to_one_decimal(Fraction(100 * found.fell_as_far, found.past))
    steps = (
        Step("Change so far", found.change, "%", change, data),
        Step(
            "Past changes looked at", found.past, "", "every board's quarter on the same quarter a year before",
            f"{data}, {found.first} to {found.last}",
        ),
        Step("Of these, falls as large or larger", found.fell_as_far, "", f"{share}% of them"),
        Step(
            "Stands", str(found.stands), "",
            f"plausible where it fell and at most {SELDOM.numerator} past change in {SELDOM.denominator} fell as far; uncertain "
            "where more did; implausible where it has not fallen",
        ),
    )  # fmt: skip
    return Working(
        "The change among past ones", str(found.stands), "", steps,
        ("Each past change is of one quarter; a change over several together moves less by itself.",),
    )  # fmt: skip
