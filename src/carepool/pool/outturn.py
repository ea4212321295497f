"""How a pool's year comes out, scheme by scheme: what was planned, what it cost or will, and what of that is over or under.

What partners bear stays apart from what they planned, so that an over-spend that is borne can still be seen.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from carepool.basics.money import Pence, share
from carepool.pool.accounts import Account, Heading
from carepool.pool.books import Books
from carepool.pool.events import RISK_SHARE

UNDERSPEND = "underspend"
"""The source under which what was not spent goes back to partners."""


class Basis(StrEnum):
    """What a scheme is expected to cost; the words are those on the page."""

    TO_DATE = "what is spent and ordered so far"
    """Nothing is known of the rest of the year but that the budget is spent."""
    FORECAST = "the forecast"
    OUTTURN = "the outturn"
    """All months are closed, and what was ordered and not had costs nothing."""


@dataclass(frozen=True, slots=True)
class Line:
    """One scheme's year."""

    scheme: str
    title: str
    budget: Pence
    """As planned and moved, without what partners put in because they bear an over-spend."""
    borne: Pence
    """What partners have put in so."""
    cost: Pence
    """Spent, with VAT that does not come back and what of a capital grant was passed on."""
    committed: Pence
    expected: Pence

    @property
    def variance(self) -> Pence:
        """What it is expected to cost above its budget; below zero where it will not use it."""
        return self.expected - self.budget

    @property
    def over(self) -> Pence:
        """Its over-spend."""
        return max(0, self.variance)

    @property
    def under(self) -> Pence:
        """Its under-spend."""
        return max(0, -self.variance)

    @property
    def free(self) -> Pence:
        """What is expected to be spent and is neither spent nor ordered: it can still be cut."""
        return max(0, min(self.expected, self.budget) - self.cost - self.committed)


@dataclass(frozen=True, slots=True)
class Outturn:
    """The year of all schemes."""

    basis: Basis
    lines: tuple[Line, ...]
    missed: Mapping[str, Pence]
    """Performance money that was never earned, by the CCG that keeps it."""
    unbudgeted: Pence
    """Money that no scheme has a budget of; below zero where budgets are of more than there is."""

    def line(self, scheme: str) -> Line | None:
        """A scheme's."""
        return next((each for each in self.lines if each.scheme == scheme), None)


def outturn(books: Books, forecasts: Mapping[str, Pence] | None = None) -> Outturn:
    """How the year comes out: by the outturn once March is closed, else by forecasts where given, else so far.

    What is dated after the year is not in it, but for performance money, of which only then is known what was missed.
    """
    opening, settled, books = books.opening, books, books.of_year
    closed = books.closed_through is not None and books.closed_through >= books.last_day
    basis = Basis.OUTTURN if closed else Basis.FORECAST if forecasts else Basis.TO_DATE
    passed = _passed(books)
    lines = tuple(
        _line(books, each.id, each.title, passed.get(each.id, 0), basis, forecasts or {})
        for each in (opening.schemes if opening else ())
    )
    kept = {code: settled.amount(Heading.KEPT, code) for code in (opening.performance if opening else {})}
    missed = {code: pence for code, pence in kept.items() if pence}
    return Outturn(basis, lines, missed, _unbudgeted(books, settled, sum(each.budget for each in lines)))


def _line(
    books: Books, scheme: str, title: str, passed: Pence, basis: Basis, forecasts: Mapping[str, Pence]
) -> Line:
    borne = books.balances.get(Account(Heading.BUDGET, scheme, RISK_SHARE), 0)
    budget = books.amount(Heading.BUDGET, scheme) - borne
    cost = books.amount(Heading.SPENT, scheme) + books.amount(Heading.IRRECOVERABLE, scheme) + passed
    committed = books.amount(Heading.COMMITTED, scheme)
    if basis is Basis.OUTTURN:
        expected = cost
    elif scheme in forecasts:
        expected = forecasts[scheme]
    else:
        expected = max(budget, cost + committed)
    return Line(scheme, title, budget, borne, cost, committed, expected)


def _unbudgeted(books: Books, settled: Books, budgets: Pence) -> Pence:
    """All money of the year that partners did not put in for an over-spend, less what schemes may spend of it.

    Performance money counts as if it were earned: that it was missed is a matter of its own.
    """
    performance = (Heading.RELEASED, Heading.CONTINGENT, Heading.KEPT)
    money = sum(books.amount(each) for each in (Heading.CONTRIBUTED, Heading.CHARGES, Heading.BROUGHT))
    money += sum(settled.amount(each) for each in performance)
    aside = sum(
        account.amount(balance)
        for account, balance in books.balances.items()
        if account.heading is Heading.CONTRIBUTED and account.source == RISK_SHARE
    )
    refunded = sum(
        account.amount(balance)
        for account, balance in books.balances.items()
        if account.heading is Heading.RETURNED and account.source not in {RISK_SHARE, UNDERSPEND}
    )
    return money - aside - refunded - budgets


def _passed(books: Books) -> dict[str, Pence]:
    found: dict[str, Pence] = {}
    for grant in books.opening.grants if books.opening else ():
        for scheme, pence in passed_on(books, grant.id).items():
            found[scheme] = found.get(scheme, 0) + pence
    return found


def passed_on(books: Books, grant: str) -> dict[str, Pence]:
    """What of a grant was passed on, to the schemes that have a budget of it, by their budgets."""
    gone = sum(
        account.amount(balance)
        for account, balance in books.balances.items()
        if account.heading is Heading.PASSED and account.source == grant
    )
    weights = {
        account.party: balance
        for account, balance in books.balances.items()
        if account.heading is Heading.BUDGET and account.source == grant and balance > 0
    }
    return share(gone, weights) if gone and weights else {}
