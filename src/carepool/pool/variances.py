"""Actual beside budget and forecast, month by month: what each scheme has spent of each source, how that compares, and why."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from carepool.basics.money import Pence, in_pounds, round_half_up, share
from carepool.basics.refusals import Refused
from carepool.basics.workings import Step, Working
from carepool.journal.commands import Decision
from carepool.pool import actual_facts
from carepool.pool.accounts import Account, Event, Heading, beyond
from carepool.pool.actuals import Forecast
from carepool.pool.books import Books, stream_of
from carepool.pool.entering import last_of_month
from carepool.pool.maps import MONTHS
from carepool.pool.releases import not_open

_EVEN = (1,) * MONTHS
_COST = frozenset({Heading.SPENT, Heading.IRRECOVERABLE})


@dataclass(frozen=True, slots=True)
class Variance:
    """A scheme's money from one source up to a month."""

    scheme: str
    title: str
    source: str
    this_month: Pence
    """Spent, with VAT that cannot be had back, dated in the month."""
    last_month: Pence
    to_date: Pence
    by_hand: Pence
    """What of that no ledger brought."""
    budget: Pence
    """Of the year."""
    budget_to_date: Pence
    forecast: Pence
    basis: str
    """``entered`` or ``straight_line``."""
    reasons: str
    """The digest of the words by which the variance is explained; empty for none."""

    @property
    def since_last(self) -> Pence:
        """How much more than in the month before."""
        return self.this_month - self.last_month

    @property
    def variance(self) -> Pence:
        """What is spent beyond the budget to date; below zero where less is."""
        return self.to_date - self.budget_to_date

    @property
    def expected(self) -> Pence:
        """What the forecast is beyond the year's budget; below zero where it is less."""
        return self.forecast - self.budget


def months_to(books: Books, through: str) -> tuple[str, ...]:
    """The months of the year up to one, which is among them."""
    found, month = [], books.first_day
    while month <= books.last_day and f"{month:%Y-%m}" <= through:
        found.append(f"{month:%Y-%m}")
        month = date.fromordinal(last_of_month(found[-1]).toordinal() + 1)
    return tuple(found)


def last_known(books: Books) -> str:
    """The last month that a ledger came in for; else the last in which anything was spent; else the first of the year."""
    imported = max((each.last for each in books.actuals.ledgers.values()), default="")
    spent = (
        f"{p.on:%Y-%m}" for p in books.postings if p.event in {Event.SPENT, Event.ACCRUED, Event.IMPORTED}
    )
    return imported or max(spent, default=f"{books.first_day:%Y-%m}")


def variances(books: Books, through: str = "") -> tuple[Variance, ...]:
    """Every scheme and source that has a budget or has spent, up to a month; the last known where none is named."""
    through = through or last_known(books)
    months = months_to(books, through)
    by_month, by_hand = spending(books)
    lines = {
        (account.party, account.source)
        for account in books.balances
        if account.heading in _COST | {Heading.BUDGET}
    }
    titles = {each.id: each.title for each in (books.opening.schemes if books.opening else ())}
    before = months[-2] if len(months) > 1 else ""
    found = []
    for scheme, source in sorted(lines):
        spent = by_month.get((scheme, source), {})
        to_date = sum(spent.get(each, 0) for each in months)
        made = books.actuals.forecasts.get((scheme, source))
        found.append(
            Variance(
                scheme, titles.get(scheme, scheme), source, spent.get(through, 0), spent.get(before, 0),
                to_date, sum(by_hand.get((scheme, source), {}).get(each, 0) for each in months),
                books.balances.get(Account(Heading.BUDGET, scheme, source), 0), budget_to_date(books, scheme, source, through),
                made[-1].pence if made else _line_of(to_date, len(months)), made[-1].basis if made else "straight_line", books.actuals.reasons.get((scheme, source, through), ""),
            )
        )  # fmt: skip
    return tuple(found)


Spending = dict[tuple[str, str], dict[str, Pence]]


def spending(books: Books) -> tuple[Spending, Spending]:
    """What was spent of each scheme and source by the month that it is dated in; and what of that no ledger brought."""
    by_month: Spending = {}
    by_hand: Spending = {}
    for posting in books.postings:
        month = f"{posting.on:%Y-%m}"
        for line in posting.lines:
            for account, pence in ((line.debit, line.pence), (line.credit, -line.pence)):
                if account.heading in _COST:
                    for table in (by_month, *(() if posting.event is Event.IMPORTED else (by_hand,))):
                        row = table.setdefault((account.party, account.source), {})
                        row[month] = row.get(month, 0) + pence
    return by_month, by_hand


def budget_to_date(books: Books, scheme: str, source: str, through: str) -> Pence:
    """What of the year's budget falls due by the end of a month: twelfths, or by the scheme's profile, adding to the whole."""
    budget = books.balances.get(Account(Heading.BUDGET, scheme, source), 0)
    return sum(_parts(budget, _weights(books, scheme))[: len(months_to(books, through))])


def _weights(books: Books, scheme: str) -> tuple[int, ...]:
    return books.actuals.profiles.get(scheme, _EVEN)


def _parts(budget: Pence, weights: tuple[int, ...]) -> list[Pence]:
    parts = share(budget, {f"{number:02}": weight for number, weight in enumerate(weights)})
    return [parts[each] for each in sorted(parts)]


def explain_budget(books: Books, scheme: str, source: str, through: str) -> Working:
    """How the budget to date was reached."""
    budget, weights, months = (
        books.balances.get(Account(Heading.BUDGET, scheme, source), 0),
        _weights(books, scheme),
        months_to(books, through),
    )
    due = budget_to_date(books, scheme, source, through)
    so_far, whole = sum(weights[: len(months)]), sum(weights)
    how = f"{in_pounds(budget)} × {so_far} ÷ {whole}, pence left over going to the earlier months first"
    by = "in twelfths" if weights == _EVEN else "by the profile in the map"
    steps = (
        Step("Budget of the year", budget, "pence", "", f"budget/{scheme}/{source}"),
        Step(f"Falls due {by} by the end of {_month(through)}", due, "pence", how, "docs/adr/0027"),
    )
    return Working(f"Budget to date of {scheme} from {source}", due, "pence", steps)


def spent_to(books: Books, scheme: str, source: str, through: str) -> Pence:
    """What is spent up to the end of a month."""
    row = spending(books)[0].get((scheme, source), {})
    return sum(pence for month, pence in row.items() if month <= through)


def straight_line(books: Books, scheme: str, source: str, through: str) -> Working:
    """What the year would come to if it went on as it has: spent so far, times twelve over the months that are over."""
    spent, months = spent_to(books, scheme, source, through), len(months_to(books, through))
    year = _line_of(spent, months)
    steps = (
        Step(f"Spent up to the end of {_month(through)}", spent, "pence", "", f"spent/{scheme}/{source}"),
        Step("Months that it is of", months, ""),
        Step("The year, if it goes on so", year, "pence", f"{in_pounds(spent)} × {MONTHS} ÷ {months}, to the nearest penny", "docs/adr/0027"),
    )  # fmt: skip
    return Working(f"Straight-line forecast of {scheme} from {source}", year, "pence", steps)


def _line_of(spent: Pence, months: int) -> Pence:
    return int(round_half_up(Decimal(spent) * MONTHS / months)) if months else 0


def forecast_of(books: Books, scheme: str, source: str, through: str) -> Forecast:
    """The last forecast made, or what a straight line gives where none was."""
    made = books.actuals.forecasts.get((scheme, source))
    if made:
        return made[-1]
    value = straight_line(books, scheme, source, through).value
    return Forecast(scheme, source, int(str(value)), "straight_line", last_of_month(through))


def explain_forecast(books: Books, scheme: str, source: str, through: str) -> Working:
    """Where a forecast is from."""
    made = forecast_of(books, scheme, source, through)
    if made.basis == "straight_line" and not books.actuals.forecasts.get((scheme, source)):
        return straight_line(books, scheme, source, through)
    step = Step(
        "Entered by who keeps the books"
        if made.basis == "entered"
        else "Taken from the straight line of its day",
        made.pence,
        "pence",
        "",
        f"made on {made.on.isoformat()}",
    )
    return Working(f"Forecast of {scheme} from {source}", made.pence, "pence", (step,))


def make_forecast(
    books: Books,
    scheme: str,
    source: str,
    pence: Pence | None,
    *,
    today: date,
    on_behalf_of: str | None = None,
) -> Decision | Refused:
    """Enter what a scheme will have spent of a source by the end of the year; the straight line of today where no amount is given."""
    refused = _unknown(books, scheme, source)
    if refused:
        return refused
    if pence is not None and (isinstance(pence, bool) or not isinstance(pence, int) or pence < 0):
        return Refused(f"“{pence}” is no forecast. Write whole pence, zero or more.")
    if pence is not None and (refused := beyond(pence)):
        return refused
    value = (
        pence
        if pence is not None
        else int(str(straight_line(books, scheme, source, last_known(books)).value))
    )
    made = Forecast(scheme, source, value, "straight_line" if pence is None else "entered", today)
    answer = {
        "stream": stream_of(books.pool, books.year),
        "scheme": scheme,
        "source": source,
        "pence": value,
        "basis": made.basis,
    }
    return Decision((actual_facts.forecast_made(books, made, on_behalf_of),), answer)


def explain_variance(
    books: Books, scheme: str, source: str, through: str, reasons: str, *, on_behalf_of: str | None = None
) -> Decision | Refused:
    """Say why a scheme's source is off its budget up to a month; ``reasons`` is the digest of the words."""
    refused = _unknown(books, scheme, source)
    if refused:
        return refused
    if through not in months_to(books, f"{books.last_day:%Y-%m}"):
        return Refused(f"“{through}” is no month of {books.year}. Write it like {books.first_day:%Y-%m}.")
    answer = {
        "stream": stream_of(books.pool, books.year),
        "scheme": scheme,
        "source": source,
        "through": through,
    }
    return Decision(
        (actual_facts.variance_explained(books, scheme, source, through, reasons, on_behalf_of),), answer
    )


def _unknown(books: Books, scheme: str, source: str) -> Refused | None:
    if books.opening is None:
        return not_open(books)
    if books.opening.scheme(scheme) is None:
        having = ", ".join(each.id for each in books.opening.schemes) or "none"
        return Refused(f"The pool has no scheme {scheme or 'without an id'}. It has: {having}.")
    known = {
        each.source
        for each in books.balances
        if each.party == scheme and each.heading in _COST | {Heading.BUDGET}
    }
    if source not in known:
        return Refused(
            f"{scheme} has neither a budget of {source or 'nothing'} nor spent of it. It has: {', '.join(sorted(known)) or 'none'}."
        )
    return None


def _month(month: str) -> str:
    return f"{last_of_month(month):%B %Y}"
