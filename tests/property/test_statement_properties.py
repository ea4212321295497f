"""Whatever is entered in a pool's year, its statements add up: what was brought in and what moved, months and quarters, partners' parts."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carepool.basics.refusals import Refused
from carepool.journal.commands import Decision
from carepool.journal.memory import MemoryJournal
from carepool.pool.accounts import Event
from carepool.pool.books import Books, Contribution, Grant, Opening, Partner, Scheme, stream_of
from carepool.pool.cash import Instalment
from carepool.pool.entering import enter
from carepool.pool.events import Asked
from carepool.pool.facts import books_of
from carepool.pool.glance import glance
from carepool.pool.periods import Period, months_of
from carepool.pool.releases import open_pool
from carepool.pool.statements import Known, Statement, statement

YEAR = "2015-16"
STREAM = stream_of("p", YEAR)
AT = datetime(2015, 4, 1, 9, tzinfo=UTC)
OPENING = Opening(
    "Agreement", "C", (Partner("C", "council"), Partner("D", "council"), Partner("A", "ccg")), "plan", "0" * 64,
    (Contribution("C", "grant", 700), Contribution("D", "x", 301), Contribution("A", "x", 1_000)),
    (
        Scheme("s1", "One", {"x": 500}, lead="A"),
        Scheme("s2", "Two", {"x": 333, "grant": 100}, True, "joint", accounting="net", commissioned={"C": 1, "A": 2}),
        Scheme("s3", "Three", {"x": 300}, True, "joint"),
        Scheme("s4", "Four", {"x": 101}, False, "agent", "C"),
    ),
    grants=(Grant("grant", "Grant", "DCLG", "C", 700, "", {"E": 200}),),
    brought={"C": 55},
)  # fmt: skip
PENCE = st.integers(1, 400)
ASKED = st.builds(
    Asked,
    event=st.sampled_from(
        [each for each in Event if each not in {Event.OPENED, Event.KEPT, Event.RELEASED, Event.CORRECTED}]
    ),
    on=st.integers(0, 365).map(lambda days: date(2015, 4, 1) + timedelta(days=days)),
    pence=PENCE,
    party=st.sampled_from(["C", "D", "A", "E"]),
    source=st.sampled_from(["x", "grant", "brought_forward", "client_contributions"]),
    scheme=st.sampled_from(["s1", "s2", "s3", "s4"]),
    to_scheme=st.sampled_from(["s1", "s2"]),
    payee=st.sampled_from(["C", "A", "care"]),
    vat=st.sampled_from([0, 20]),
    irrecoverable=st.sampled_from([0, 20]),
    of=st.sampled_from(["", "", *(str(each) for each in range(2, 30))]),
    parts=st.sampled_from([{}, {"C": 3, "A": 4}]),
)
"""Mostly something that can be entered, on any day of the year, in any order."""


USES = {Event.SPENT, Event.ACCRUED, Event.UNACCRUED, Event.UNCOMMITTED, Event.REVERSED}
"""What names another posting."""


def books_from(asked: list[Asked]) -> Books:
    """Books with all that could be entered."""
    journal = MemoryJournal()
    opened = open_pool(Books("p", YEAR), OPENING)
    assert isinstance(opened, Decision)
    journal.append(opened.facts, expecting={STREAM: 0}, by="ann", at=AT)
    books = books_of("p", YEAR, journal.read(STREAM))
    for each in asked:
        found = enter(books, each if each.event in USES else replace(each, of=""))
        if isinstance(found, Refused):
            continue
        journal.append(found.facts, expecting={STREAM: books.version}, by="ann", at=AT)
        books = books_of("p", YEAR, journal.read(STREAM, after=books.version), books)
    return books


def stated(books: Books, period: Period) -> Statement:
    return statement(books, period, Known(date(2016, 4, 30), (Instalment("A", date(2015, 5, 1), 1_000),)))


BOOKS = st.lists(ASKED, max_size=40).map(books_from)


@given(BOOKS)
@pytest.mark.slow
def test_what_was_brought_in_and_what_moved_is_what_is_there(books: Books) -> None:
    periods = [*months_of(YEAR), *(Period.quarter(f"{YEAR}Q{each}") for each in (1, 2, 3, 4)), Period.year(YEAR)]  # fmt: skip
    for period in periods:
        for each in stated(books, period).balances:
            assert each.brought + each.moved.pence == each.closing


@given(BOOKS)
@pytest.mark.slow
def test_a_quarter_is_the_sum_of_its_months_and_a_year_of_its_quarters(books: Books) -> None:
    months = [stated(books, each) for each in months_of(YEAR)]
    quarters = [stated(books, Period.quarter(f"{YEAR}Q{each}")) for each in (1, 2, 3, 4)]
    year = stated(books, Period.year(YEAR))
    for whole, parts in ((year, months), (year, quarters), *((quarters[n], months[n * 3 : n * 3 + 3]) for n in range(4))):  # fmt: skip
        for attribute in ("income", "expenditure"):
            for place, line in enumerate(getattr(whole, attribute)):
                lines = [getattr(each, attribute)[place] for each in parts]
                assert line.in_period.pence == sum(each.in_period.pence for each in lines)
                assert set(line.in_period.postings) == {name for each in lines for name in each.in_period.postings}  # fmt: skip
                assert line.to_date == lines[-1].to_date
        for place, partner in enumerate(whole.partners):
            assert partner.cost_in_period == sum(each.partners[place].cost_in_period for each in parts)
        assert {(each.scheme, each.source): each.in_period.pence for each in whole.schemes} == {
            (each.scheme, each.source): sum(
                one.in_period.pence for part in parts for one in part.schemes if (one.scheme, one.source) == (each.scheme, each.source)
            )
            for each in whole.schemes
        }  # fmt: skip


@given(BOOKS)
def test_the_years_statement_is_the_account_at_a_glance(books: Books) -> None:
    """Where nothing is dated after the year, its income, expenditure and cash are those of the books."""
    found, there = stated(books, Period.year(YEAR)), glance(books)
    if any(each.on > books.last_day for each in books.postings):
        return
    assert (found.income_total.to_date.pence, found.expenditure_total.to_date.pence) == (
        there.funded,
        there.used,
    )
    assert (found.surplus, found.cash.months[-1].balance) == (there.surplus, there.cash)
    assert {each.posting: each.pence for each in found.open} == dict(books.open)
    cost = sum(each.to_date.pence for each in found.schemes) + there.passed
    assert sum(each.cost for each in found.partners) == sum(each.cost for each in there.partners) == cost


@given(BOOKS, st.sampled_from(months_of(YEAR)))
def test_partners_parts_add_to_what_each_scheme_cost(books: Books, period: Period) -> None:
    found = stated(books, period)
    for each in found.scheme_shares:
        if "/" in each.scheme:  # a grant passed on
            continue
        of = [one for one in found.schemes if one.scheme == each.scheme]
        assert sum(each.to_date.values()) == sum(one.to_date.pence for one in of)
        assert sum(each.in_period.values()) == sum(one.in_period.pence for one in of)
    assert sum(each.due for each in found.schemes) <= sum(max(0, each.budget) for each in found.schemes)
    for each in found.cash.months:
        assert each.actual is (each.month <= str(period))
