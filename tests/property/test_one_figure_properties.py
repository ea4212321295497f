"""One figure everywhere: whatever happens in random pools, a partner's cost is the same in every paper, and the parts are the pool's."""

import os
import random
from datetime import date

import pytest

from carepool.basics.money import Pence
from carepool.pool.accounts import Heading
from carepool.pool.books import Books
from carepool.pool.glance import glance
from carepool.pool.own import Own, OwnBooks
from carepool.pool.partners import partners_of
from carepool.pool.periods import Period, months_of
from carepool.pool.statements import Known, statement
from carepool.pool.variances import straight_line, variances
from carepool.pool.yearend import note, standing_of
from tests.chance import Year, years

SOAK = os.environ.get("HYPOTHESIS_PROFILE") == "soak"
POOLS, EVENTS = (150, 200) if SOAK else (40, 20)
FIRST = int(os.environ.get("POOLS_SEED") or (random.SystemRandom().randrange(10**9) if SOAK else 2037))
"""Seeds count from here, and every failure names its own."""


@pytest.fixture(scope="module")
def found() -> list[tuple[str, Year]]:
    """Years of random pools, each with where it is from."""
    print(f"first seed of the random pools: {FIRST} (POOLS_SEED chooses another)")  # noqa: T201  (a failing seed must be seen)
    return [
        (f"seed {seed}, {year.books.year}", year)
        for seed in range(FIRST, FIRST + POOLS)
        for year in years(seed, 2, EVENTS)
    ]


def cost_of(books: Books) -> Pence:
    """What the pool costs, read line by line and not by the rooms that are tested."""
    cost = 0
    for posting in books.postings:
        for line in posting.lines:
            for account, pence in ((line.debit, line.pence), (line.credit, -line.pence)):
                if account.heading in {Heading.SPENT, Heading.IRRECOVERABLE, Heading.PASSED}:
                    cost += pence
    return cost


def in_own_books(books: Books, own: OwnBooks) -> Pence:
    """What a partner's own ledger shows as cost: of schemes, and of grants that it passed on, to a partner too."""
    grants = {each.id for each in books.opening.grants} if books.opening else set()
    return sum(
        pence
        for account, pence in own.balances.items()
        if account.heading in {Own.EXPENDITURE, Own.IRRECOVERABLE, Own.PASSED}
        or (account.heading is Own.TO_PARTNER and account.about in grants)
    )


@pytest.mark.slow
def test_a_partners_cost_is_one_figure(found: list[tuple[str, Year]]) -> None:
    """In the year's statement, at the year's end, at a glance and in its own books: the same pence, which add to what the pool costs."""
    for where, year in found:
        books = year.books
        whole = statement(books, Period.year(books.year), Known(books.last_day))
        stated = {each.partner: each.cost for each in whole.partners}
        ended = {code: standing_of(books, code).cost for code in stated}
        glanced = {each.party: each.cost for each in glance(books).partners}
        assert stated == ended == glanced == {code: year.partners.cost[code] for code in stated}, where
        assert sum(stated.values()) == cost_of(books), where
        for each in whole.partners:
            (line,) = (one for one in glance(books).partners if one.party == each.partner)
            paid = standing_of(books, each.partner).paid_in - each.released.pence
            assert each.paid.pence == line.paid_in == paid, f"{where}, {each.partner}"
        made = note(books)
        assert {each.says: each.pence for each in made.costs if each.says in stated} == {c: p for c, p in stated.items() if p}, where  # type: ignore[union-attr]  # fmt: skip
        assert sum(each.pence for each in made.costs) == made.spent, where  # type: ignore[union-attr]


@pytest.mark.slow
def test_its_own_books_show_that_figure(found: list[tuple[str, Year]]) -> None:
    """What a partner's ledger shows as expenditure is its part of the cost; what it keeps of a grant passed on to itself is not shown."""
    for where, year in found:
        for code, own in year.partners.books.items():
            itself = sum(each.parts.get(code, 0) for each in year.partners.divided if each.district == code)
            assert in_own_books(year.books, own) == year.partners.cost[code] - itself, f"{where}, {code}"


def test_a_month_divides_as_the_partners_books_of_its_last_day(found: list[tuple[str, Year]]) -> None:
    """A statement in the year says of each partner what its own books say up to the same day."""
    for where, year in found[::7]:
        books = year.books
        for month in months_of(books.year)[::4]:
            stated = {each.partner: each.cost for each in statement(books, month, Known(month.last)).partners}
            then = partners_of(books, month.last, year.before).cost
            assert stated == {code: then[code] for code in stated}, f"{where}, {month}"
            assert month.last >= date(int(books.year[:4]), 4, 30)


@pytest.mark.slow
def test_a_forecast_is_one_figure(found: list[tuple[str, Year]]) -> None:
    """What a year will come to and what of its budget is due are the same in a month's statement and beside the actuals, line by line."""
    for where, year in found[::3]:
        books = year.books
        for month in months_of(books.year)[::5]:
            stated = {
                (each.scheme, each.source): (each.forecast, each.due, each.to_date.pence, each.budget)
                for each in statement(books, month, Known(month.last)).schemes
            }
            beside = {
                (each.scheme, each.source): (each.forecast, each.budget_to_date, each.to_date, each.budget)
                for each in variances(books, str(month))
            }
            assert stated == beside, f"{where}, {month}"
            for (scheme, source), (forecast, *_) in stated.items():
                assert straight_line(books, scheme, source, str(month)).value == forecast, f"{where}, {month}"
