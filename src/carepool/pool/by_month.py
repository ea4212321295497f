"""A year's postings by month, folded once and gone on with: what is asked after another posting reads that posting alone.

Postings are only added to, so the first and the last of those folded tell whether others go on from them. What is worked out
of a month is kept with it while nothing more is entered in the month.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TypeVar, cast

from carepool.basics.money import Pence
from carepool.pool.accounts import Account, Posting

KEPT = 24
"""Years of pools that are kept."""
LARGE = 200
"""Postings from which it is worth it."""

Found = TypeVar("Found")
Placed = tuple[int, Posting]
"""A posting, with its place among all of the books."""


@dataclass(frozen=True, slots=True)
class Month:
    """What counts in a month, in the order in which it was entered."""

    postings: tuple[Placed, ...]
    change: Mapping[Account, Pence]
    """Debits less credits of every account that it used."""
    _made: dict[Hashable, object] = field(default_factory=dict, compare=False, repr=False)

    def once(self, asked: Hashable, work: Callable[[], Found]) -> Found:
        """What ``work`` comes to for this month, worked out once; ``asked`` says what of it was asked. It is only read."""
        if asked not in self._made:
            self._made[asked] = work()
        return cast("Found", self._made[asked])


Months = Mapping[date, Month]
"""Months by their first day; what is dated before the year counts in its first."""

_held: dict[int, tuple[tuple[Posting, ...], Months]] = {}


def by_month(postings: tuple[Posting, ...], first_day: date) -> Months:
    """The postings of a year by month."""
    if len(postings) < LARGE:
        return _with({}, postings, 0, first_day)
    key = id(postings[0])
    known, months = _held.get(key, ((), {}))
    if known and known[0] is not postings[0]:
        known, months = (), {}
    if len(known) > len(postings) or (known and postings[len(known) - 1] is not known[-1]):
        return _with(
            {}, postings, 0, first_day
        )  # as the books were, or as others went on: what is kept stays
    if len(known) == len(postings):
        return months
    months = _with(months, postings, len(known), first_day)
    _held.pop(key, None)
    while len(_held) >= KEPT:
        _held.pop(next(iter(_held)), None)
    _held[key] = postings, months  # they are held with it, so that no others can have their id
    return months


def _with(months: Months, postings: tuple[Posting, ...], start: int, first_day: date) -> Months:
    """The months with the postings from a place on. Months that none of them is of stay the same."""
    more: dict[date, list[Placed]] = {}
    for place in range(start, len(postings)):
        more.setdefault(max(postings[place].on, first_day).replace(day=1), []).append((place, postings[place]))  # fmt: skip
    found = dict(months)
    for month, placed in more.items():
        was = found.get(month)
        change = dict(was.change) if was else {}
        add(change, (posting for _, posting in placed))
        found[month] = Month((*(was.postings if was else ()), *placed), change)
    return dict(sorted(found.items()))


def add(balances: dict[Account, Pence], postings: Iterable[Posting]) -> None:
    """Add what postings move to balances."""
    for posting in postings:
        for line in posting.lines:
            balances[line.debit] = balances.get(line.debit, 0) + line.pence
            balances[line.credit] = balances.get(line.credit, 0) - line.pence


def last_of(first: date) -> date:
    """The last day of the month that begins on a day."""
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def in_order(months: Iterable[Month]) -> list[Posting]:
    """The postings of months as they were entered."""
    return [posting for _, posting in sorted((each for month in months for each in month.postings), key=lambda each: each[0])]  # fmt: skip
