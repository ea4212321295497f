"""What a board's counts are expected to be in the months after the last that is held, with intervals, and why where it is not said."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from carepool.actions.backtesting import Forecaster, admissions_of, incomplete_boards
from carepool.basics.money import in_figures, round_half_up
from carepool.measures.monthly import Expected, Monthly
from carepool.measures.observing import Held
from carepool.rules.measuring import Definition

MONTHS = 12
COLUMNS: Mapping[str, str] = {
    "delayed_days": "total", "delayed_days_of_social_care": "social_care", "delayed_days_of_the_nhs": "nhs",
}  # fmt: skip
"""The series that are counted by the month, each with its column; admissions are too, and are published by quarter."""
INCOMPLETE = "Not forecast: the published return of one of its commissioners is known to be incomplete."
HOLES = "Not forecast: not every month is published."


@dataclass(frozen=True)
class Outlook:
    """The months to come."""

    history: Monthly
    expected: tuple[Expected, ...]
    says: str
    """In one sentence, made of the figures that are shown."""


def whole(number: float) -> Decimal:
    """A count as it is shown: nobody knows a month to come better."""
    return round_half_up(Decimal(str(number)))


def outlook_of(
    definition: Definition, vintage: Held, board: str, name: str, forecaster: Forecaster
) -> Outlook | str | None:
    """What a measure's counts are expected to be in a board; a sentence where they are not forecast, None where they have no months."""
    counts = _counts(definition, vintage, board)
    if not isinstance(counts, Monthly):
        return counts
    expected = tuple(forecaster([counts], MONTHS))
    return Outlook(counts, expected, _says(definition, counts, expected, name))


def _counts(definition: Definition, vintage: Held, board: str) -> Monthly | str | None:
    """A board's counts by month."""
    if definition.series == "admissions":
        if board in incomplete_boards(vintage.admissions):
            return INCOMPLETE
        return admissions_of(vintage.admissions, board)
    column = COLUMNS.get(definition.series)
    if column is None:
        return None
    days = vintage.statistics.delays
    values = [days.of_board(board, month, column) for month in days.months]
    if None in values:
        return HOLES
    return Monthly(board, days.months[0], tuple(float(each or 0) for each in values))


def _says(definition: Definition, history: Monthly, expected: tuple[Expected, ...], name: str) -> str:
    first, last = expected[0], expected[-1]
    total = sum((whole(each.mean) for each in expected), Decimal(0))
    before = sum((whole(each) for each in history.values[-MONTHS:]), Decimal(0))
    return (
        f"{definition.title} in {name}: {in_figures(total)} are expected from {first.month} to {last.month}, against {in_figures(before)} "
        f"in the twelve months before; of {last.month} the 95% interval is {in_figures(whole(last.lo95))} to {in_figures(whole(last.hi95))}."
    )
