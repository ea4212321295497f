"""What a return is prefilled with: a quarter's income and expenditure by the pool's books, and what its outturn pays."""

from collections.abc import Mapping
from datetime import date

from carepool.actions.house import House
from carepool.actions.pools import books_now
from carepool.actions.releasing import Agreed, statement_of
from carepool.basics.money import Pence, share
from carepool.basics.periods import Quarter
from carepool.pool.accounts import Account as Ledger
from carepool.pool.accounts import Heading
from carepool.pool.books import Books
from carepool.pool.variances import budget_to_date, variances
from carepool.returns.document import INCOME, SPEND
from carepool.returns.prefill import Account, Computed, Figures

_IN = {
    Heading.CONTRIBUTED: 1, Heading.RELEASED: 1, Heading.CHARGES: 1, Heading.BROUGHT: 1, Heading.PROMISED: -1,
    Heading.INVOICED: -1,
}  # fmt: skip
"""What has come into the pool: put in, and neither promised nor only invoiced."""
_OUT = {Heading.SPENT: 1, Heading.IRRECOVERABLE: 1, Heading.PASSED: 1, Heading.SUSPENSE: 1}
"""What was spent, what no scheme is known for among it."""


def account_of(house: House, agreed: Agreed, quarter: Quarter, upto: int | None, on: date) -> Account:
    """What is known of a quarter's return on a day, without asking anybody."""
    books = books_now(house, agreed.id, str(quarter)[:7], upto)
    day = min(on, quarter.last_day)
    held = [each for each in books.records.agreements if each.first <= day and each.digest]
    return Account(
        held[0].first if held else None,
        flows_of(books, quarter, on) if books.opening else {},
        _payments(agreed, on),
        frozenset(
            number
            for number, each in books.records.mandates.items()
            if books.opening and not each.awaited([one.code for one in books.opening.partners])
        )
        | {name for name, each in books.settled.uses.items() if each.confirmed_at},
    )


def flows_of(books: Books, quarter: Quarter, on: date) -> dict[tuple[str, Quarter], Figures]:
    """Income and expenditure of each quarter of the year by the books, actual up to a quarter and no later than a day.

    Planned are budgets by their profiles, and contributions in equal parts. The forecast of a quarter to come is its
    part of what is still expected. What is below zero no return can hold, and is left for somebody to say.
    """
    quarters = [Quarter(quarter.starts, number) for number in (1, 2, 3, 4)]
    over = [each for each in quarters if each <= quarter and each.last_day <= on]
    planned = {INCOME: _planned_in(books, quarters), SPEND: _planned_out(books, quarters)}
    actual = {INCOME: _actual(books, over, _IN), SPEND: _actual(books, over, _OUT)}
    found: dict[tuple[str, Quarter], Figures] = {}
    for way in (INCOME, SPEND):
        to_come = _to_come(books, way, planned[way], actual[way], quarters)
        for each in quarters:
            known = actual[way].get(each)
            forecast = known if known is not None else to_come.get(each)
            found[way, each] = Figures(planned[way][each], _held(forecast), _held(known))
    return found


def _held(pence: Pence | None) -> Pence | None:
    return None if pence is None or pence < 0 else pence


def _planned_in(books: Books, quarters: list[Quarter]) -> dict[Quarter, Pence]:
    agreed = sum(each.pence for each in books.opening.contributions) if books.opening else 0
    return _evenly(agreed, quarters)


def _planned_out(books: Books, quarters: list[Quarter]) -> dict[Quarter, Pence]:
    lines = [each for each in books.balances if each.heading is Heading.BUDGET]
    to_date = [
        sum(budget_to_date(books, each.party, each.source, quarter.months[-1]) for each in lines)
        for quarter in quarters
    ]
    return {each: now - before for each, now, before in zip(quarters, to_date, [0, *to_date], strict=False)}


def _actual(books: Books, over: list[Quarter], signs: Mapping[Heading, int]) -> dict[Quarter, Pence]:
    found: dict[Quarter, Pence] = {}
    before = 0
    for each in over:
        now = _sum(books.until(each.last_day), signs)
        found[each], before = now - before, now
    return found


def _sum(balances: Mapping[Ledger, Pence], signs: Mapping[Heading, int]) -> Pence:
    return sum(
        signs[account.heading] * account.amount(balance)
        for account, balance in balances.items()
        if account.heading in signs
    )


def _to_come(
    books: Books, way: str, planned: Mapping[Quarter, Pence], actual: Mapping[Quarter, Pence], quarters: list[Quarter]
) -> dict[Quarter, Pence]:  # fmt: skip
    """The forecast of each quarter that is not over: what is expected of the year, less what has come, in equal parts."""
    left = [each for each in quarters if each not in actual]
    if not left:
        return {}
    done = [each for each in quarters if each in actual]
    whole = sum(planned.values())
    if way == SPEND and done:
        whole = sum(each.forecast for each in variances(books, done[-1].months[-1]))
    return _evenly(whole - sum(actual.values()), left)


def _evenly(pence: Pence, quarters: list[Quarter]) -> dict[Quarter, Pence]:
    parts = share(pence, {str(each): 1 for each in quarters})
    return {each: parts[str(each)] for each in quarters}


def _payments(agreed: Agreed, on: date) -> dict[Quarter, Computed]:
    if not agreed.rules.pays:
        return {}
    statement, _ = statement_of(agreed, on)
    return {
        paid.quarter: Computed(line.planned, line.actual, paid.maximum_payment, paid.payment)
        for line, paid in zip(statement.lines, statement.quarters, strict=True)
    }
