"""Each scheme's budget to date beside what it cost, and what the year is then forecast to come to."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from carepool.basics.money import Pence, in_pounds, round_half_up, share
from carepool.basics.workings import Step, Working
from carepool.pool.accounts import Account, Heading
from carepool.pool.books import Books
from carepool.pool.movements import COST, Flow, Movements, Sum
from carepool.pool.periods import MONTHS, Period

STRAIGHT, GIVEN = "straight line", "given"
"""How a forecast was come by: worked out here from what was spent so far, or given by whoever manages the scheme."""

Profiles = Mapping[str, tuple[int, ...]]
"""How a scheme's budget falls on the twelve months, by weight. A scheme that is not in it: evenly."""
EVENLY = (1,) * MONTHS
Forecasts = Mapping[tuple[str, str], Pence]
"""What the year will come to, by scheme and source."""


@dataclass(frozen=True, slots=True)
class Progress:
    """A scheme's money from one source: budget, cost, variance and forecast."""

    scheme: str
    title: str
    source: str
    budget: Pence
    """Of the year, as it stands at the end of the period."""
    due: Pence
    """Of the budget, what falls on the months that are over by then."""
    in_period: Sum
    """What it cost in the period, accruals and VAT that does not come back among it."""
    to_date: Sum
    """The same since the year began."""
    spent: Sum
    """Of that in the period, net of VAT."""
    accrued: Sum
    """Of what was spent in the period, accrued and not invoiced: below zero where more accruals were reversed."""
    irrecoverable: Sum
    committed: Pence
    """Ordered and not had, at the end of the period."""
    forecast: Pence
    method: str
    working: Working
    cost_before: Pence | None = None
    """What the statement given last had for its cost to date; None where none was given."""
    forecast_before: Pence | None = None
    """What the statement given last forecast."""

    @property
    def variance(self) -> Pence:
        """Above zero where more was spent than the budget to date."""
        return self.to_date.pence - self.due

    @property
    def year_variance(self) -> Pence:
        """Above zero where the year is forecast to come to more than its budget."""
        return self.forecast - self.budget


def progress(
    books: Books, period: Period, here: Movements, so_far: Movements, forecasts: Forecasts, profiles: Profiles,
    before: tuple[Movements | None, Forecasts],
) -> tuple[Progress, ...]:  # fmt: skip
    """A line for each scheme and source that has a budget or a cost, in the agreement's order of schemes.

    ``before`` is what the statement given last rests on: its movements since the year began, and its forecasts.
    """
    closing = books.until(period.last)
    lines = []
    for scheme in books.opening.schemes if books.opening else ():
        sources = {
            each.source
            for each in closing
            if each.party == scheme.id and each.heading in {Heading.BUDGET, Heading.SPENT, Heading.IRRECOVERABLE, Heading.COMMITTED}
        }  # fmt: skip
        for source in sorted(sources):
            at = {"party": scheme.id, "source": source}
            budget = closing.get(Account(Heading.BUDGET, scheme.id, source), 0)
            committed = closing.get(Account(Heading.COMMITTED, scheme.id, source), 0)
            to_date = so_far.of(*COST, **at)
            given = forecasts.get((scheme.id, source))
            working = forecast(f"{scheme.title}, {source}", to_date.pence, committed, period.elapsed, given)
            lines.append(
                Progress(
                    scheme.id, scheme.title, source, budget, due_by(budget, period.elapsed, profiles.get(scheme.id, EVENLY)), here.of(*COST, **at), to_date,
                    here.of(Flow.SPENT, **at), here.of(Flow.ACCRUED, **at), here.of(Flow.IRRECOVERABLE, **at), committed,
                    pence_of(working), STRAIGHT if given is None else GIVEN, working,
                    before[0].of(*COST, **at).pence if before[0] else None, before[1].get((scheme.id, source)),
                )
            )  # fmt: skip
    return tuple(lines)


def due_by(budget: Pence, elapsed: int, weights: tuple[int, ...]) -> Pence:
    """What of a year's budget falls on so many of its months, by largest remainder: the parts add to the whole."""
    parts = share(budget, {f"{number:02}": weight for number, weight in enumerate(weights)})
    return sum(list(parts.values())[:elapsed])


def forecast(of: str, to_date: Pence, committed: Pence, elapsed: int, given: Pence | None) -> Working:
    """What a year will come to: as given, else in a straight line, and never below what is spent and committed.

    The one definition of it, for statements, pages, returns and commands. Before a month is over there is no line: nothing is expected but that.
    """
    spent = Step("Cost since the year began", to_date, "pence", source="the pool's postings")
    if given is not None:
        steps = (spent, Step("Forecast as given", given, "pence", source="whoever manages the scheme"))
        return Working(f"Forecast of {of}", given, "pence", steps)
    line = int(round_half_up(Decimal(to_date) * MONTHS / elapsed)) if elapsed else 0
    bound = to_date + committed
    straight = (
        spent,
        Step("In a straight line", line, "pence", f"{in_pounds(to_date)} ÷ {elapsed} × {MONTHS} months"),
        Step("Spent and committed", bound, "pence", f"{in_pounds(to_date)} + {in_pounds(committed)}"),
        Step(
            "Forecast: the larger", max(line, bound), "pence", source="carepool: nobody has given a forecast"
        ),
    )
    return Working(f"Forecast of {of}", max(line, bound), "pence", straight)


def pence_of(working: Working) -> Pence:
    """What a forecast comes to."""
    assert isinstance(working.value, int)  # noqa: S101 (made so above)
    return working.value
