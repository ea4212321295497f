"""A year's postings by month: the same as gone through one by one, and gone on with where more is entered."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest

from carepool.pool.accounts import Account, Balances, Entry, Event, Heading, Posting
from carepool.pool.books import Books
from carepool.pool.by_month import LARGE, by_month, in_order, last_of
from carepool.pool.movements import Flow, moves

YEAR, FIRST = "2015-16", date(2015, 4, 1)


def some(count: int, seed: int = 20151101) -> tuple[Posting, ...]:
    """Postings from a month before the year to a month after it, in no order of days."""
    chance = Random(seed)
    return tuple(
        Posting(
            str(number + 1), f"Visit {number}", FIRST + timedelta(days=chance.randrange(-30, 396)),
            (Entry(Account(Heading.SPENT, f"s{number % 3}", "nhs"), Account(Heading.OWED, f"p{number % 5}"), chance.randrange(1, 900)),),
            event=Event.SPENT,
        )
        for number in range(count)
    )  # fmt: skip


def one_by_one(postings: Iterable[Posting], day: date) -> Balances:
    found: dict[Account, int] = {}
    for posting in postings:
        for line in posting.lines if posting.on <= day else ():
            found[line.debit] = found.get(line.debit, 0) + line.pence
            found[line.credit] = found.get(line.credit, 0) - line.pence
    return found


@pytest.mark.parametrize("count", [7, LARGE + 40])
def test_balances_and_sums_are_those_of_every_posting(count: int) -> None:
    """Up to any day, and over any days, whether months are whole or not; with the postings in the order of entry."""
    books, chance = Books("merrow", YEAR, postings=some(count)), Random(7)
    for day in (date(2015, 3, 20), FIRST, date(2015, 12, 31), date(2016, 3, 31), date.max, *(FIRST + timedelta(days=chance.randrange(400)) for _ in range(30))):  # fmt: skip
        assert books.until(day) == one_by_one(books.postings, day)
    for _ in range(30):
        first = FIRST + timedelta(days=chance.randrange(360))
        last, known = first + timedelta(days=chance.randrange(200)), chance.choice((None, count // 2))
        within = [each for each in books.postings[:known] if first <= max(FIRST, each.on) <= last]
        found = moves(books, first, last, known).of(Flow.SPENT)
        assert found.pence == sum(each.lines[0].pence for each in within)
        assert found.postings == tuple(each.id for each in within)
    assert in_order(books.months.values()) == list(books.postings)


def test_one_more_posting_touches_its_own_month_alone() -> None:
    """What was worked out of the other months stays: nothing goes through all postings again."""
    before = some(LARGE + 40)
    months = by_month(before, FIRST)
    after = (*before, replace(before[0], id="more", on=date(2015, 8, 9)))
    again = by_month(after, FIRST)
    assert {first for first in again if again[first] is not months.get(first)} == {date(2015, 8, 1)}
    assert again[date(2015, 8, 1)].postings[-1] == (len(before), after[-1])
    assert by_month(after, FIRST) is again
    assert by_month(before, FIRST) == months, "the books as they were can still be asked"
    assert by_month(after, FIRST) is again


def test_other_postings_of_the_same_beginning_are_told_apart() -> None:
    """Two that go on differently from the same postings do not have each other's."""
    start = some(LARGE)
    one, other = (*start, replace(start[0], id="one")), (*start, replace(start[1], id="other"))
    assert by_month(start, FIRST)
    assert in_order(by_month(one, FIRST).values()) == list(one)
    assert in_order(by_month(other, FIRST).values()) == list(other)
    assert in_order(by_month(one, FIRST).values()) == list(one)


def test_the_last_day_of_a_month() -> None:
    """February has 29 in a leap year, and December ends the calendar year."""
    assert [last_of(date(2016, each, 1)).day for each in (2, 4, 12)] == [29, 30, 31]
