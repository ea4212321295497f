"""Actual beside budget and forecast, month by month: what each scheme has spent of each source, how that compares, and why."""

from dataclasses import dataclass
from datetime import date

from carepool.basics.money import Pence, in_pounds
from carepool.basics.refusals import Refused
from carepool.basics.workings import Step, Working
from carepool.journal.commands import Decision
from carepool.pool import actual_facts
from carepool.pool.accounts import Account, Balances, Event, Heading, beyond
from carepool.pool.actuals import Forecast
from carepool.pool.books import Books, stream_of
from carepool.pool.entering import last_of_month
from carepool.pool.kept import once
from carepool.pool.outlook import EVENLY, due_by, forecast, pence_of
from carepool.pool.releases import not_open

_COST = frozenset({Heading.SPENT, Heading.IRRECOVERABLE})
_OF_A_LINE = _COST | {Heading.BUDGET, Heading.COMMITTED}
_SPENT = frozenset({Event.SPENT, Event.ACCRUED, Event.IMPORTED})


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
    return imported or once(books, "last month spent", lambda: _last_spent(books))


def _last_spent(books: Books) -> str:
    spent = (each.on for each in books.postings if each.event in _SPENT)
    return f"{max(spent, default=books.first_day):%Y-%m}"


def variances(books: Books, through: str = "") -> tuple[Variance, ...]:
    """Every scheme and source that has a budget or has spent, up to a month; the last known where none is named."""
    through = through or last_known(books)
    months, closing = months_to(books, through), books.until(last_of_month(through))
    by_month, by_hand = spending(books)
    lines = {(account.party, account.source) for account in closing if account.heading in _OF_A_LINE}
    titles = {each.id: each.title for each in (books.opening.schemes if books.opening else ())}
    before = months[-2] if len(months) > 1 else ""
    found = []
    for scheme, source in sorted(lines):
        spent = by_month.get((scheme, source), {})
        made = books.actuals.forecasts.get((scheme, source))
        budget = _of(closing, Heading.BUDGET, scheme, source)
        to_date = sum(spent.get(each, 0) for each in months)
        committed = _of(closing, Heading.COMMITTED, scheme, source)
        found.append(
            Variance(
                scheme, titles.get(scheme, scheme), source, spent.get(through, 0), spent.get(before, 0),
                to_date, sum(by_hand.get((scheme, source), {}).get(each, 0) for each in months),
                budget, due_by(budget, len(months), _weights(books, scheme)),
                pence_of(forecast(source, to_date, committed, len(months), made[-1].pence if made else None)),
                made[-1].basis if made else "straight_line", books.actuals.reasons.get((scheme, source, through), ""),
            )
        )  # fmt: skip
    return tuple(found)


def _of(balances: Balances, heading: Heading, scheme: str, source: str) -> Pence:
    return balances.get(Account(heading, scheme, source), 0)


Spending = dict[tuple[str, str], dict[str, Pence]]


def spending(books: Books) -> tuple[Spending, Spending]:
    """What was spent of each scheme and source by the month that it is dated in; and what of that no ledger brought."""
    return once(books, "spending", lambda: _spending(books))


def _spending(books: Books) -> tuple[Spending, Spending]:
    by_month: Spending = {}
    by_hand: Spending = {}
    for posting in books.postings:
        month = posting.on.isoformat()[:7]
        for line in posting.lines:
            for account, pence in ((line.debit, line.pence), (line.credit, -line.pence)):
                if account.heading in _COST:
                    for table in (by_month, *(() if posting.event is Event.IMPORTED else (by_hand,))):
                        row = table.setdefault((account.party, account.source), {})
                        row[month] = row.get(month, 0) + pence
    return by_month, by_hand


def budget_to_date(books: Books, scheme: str, source: str, through: str) -> Pence:
    """What of the year's budget, as it then stands, falls due by the end of a month: twelfths, or by the scheme's profile."""
    budget = _of(books.until(last_of_month(through)), Heading.BUDGET, scheme, source)
    return due_by(budget, len(months_to(books, through)), _weights(books, scheme))


def _weights(books: Books, scheme: str) -> tuple[int, ...]:
    return books.actuals.profiles.get(scheme, EVENLY)


def explain_budget(books: Books, scheme: str, source: str, through: str) -> Working:
    """How the budget to date was reached."""
    budget, weights, months = (
        _of(books.until(last_of_month(through)), Heading.BUDGET, scheme, source),
        _weights(books, scheme),
        months_to(books, through),
    )
    due = budget_to_date(books, scheme, source, through)
    so_far, whole = sum(weights[: len(months)]), sum(weights)
    how = f"{in_pounds(budget)} × {so_far} ÷ {whole}, pence left over going to the earlier months first"
    by = "in twelfths" if weights == EVENLY else "by the profile in the map"
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
    """What the year comes to if it goes on as it has, and never less than is spent and committed: as statements forecast it."""
    spent, committed = (
        spent_to(books, scheme, source, through),
        _of(books.until(last_of_month(through)), Heading.COMMITTED, scheme, source),
    )
    return forecast(f"{scheme} from {source}", spent, committed, len(months_to(books, through)), None)


def forecast_of(books: Books, scheme: str, source: str, through: str) -> Forecast:
    """The last forecast made, or what a straight line gives where none was."""
    made = books.actuals.forecasts.get((scheme, source))
    if made:
        return made[-1]
    value = pence_of(straight_line(books, scheme, source, through))
    return Forecast(scheme, source, value, "straight_line", last_of_month(through))


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
    value = pence if pence is not None else pence_of(straight_line(books, scheme, source, last_known(books)))
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
    known = {each.source for each in books.balances if each.party == scheme and each.heading in _OF_A_LINE}
    if source not in known:
        return Refused(
            f"{scheme} has neither a budget of {source or 'nothing'} nor spent or ordered of it. It has: {', '.join(sorted(known)) or 'none'}."
        )
    return None


def _month(month: str) -> str:
    return f"{last_of_month(month):%B %Y}"
