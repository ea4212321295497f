"""The year as it is expected: by scheme, by whose money it will be, and which lines moved most against their budgets."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from carepool.basics.money import Pence, in_pounds, share
from carepool.basics.periods import in_words
from carepool.basics.workings import Step, Working
from carepool.pool.books import Books
from carepool.pool.division import basis, contributed
from carepool.pool.variances import last_known, variances

NOBODY = ""
"""Stands for the forecast of what is no scheme of the agreement."""
THREE = 3


def by_scheme(books: Books, through: str = "") -> dict[str, Pence]:
    """What each scheme is expected to have cost by the end of the year, all its sources together."""
    found = {each.id: 0 for each in (books.opening.schemes if books.opening else ())}
    for each in variances(books, through):
        found[each.scheme] = found.get(each.scheme, 0) + each.forecast
    return found


def by_partner(books: Books, forecasts: Mapping[str, Pence]) -> dict[str, Working]:
    """Each partner's part of the forecast of each scheme, divided as the statements divide the cost. The parts add up to the forecast."""
    opening = books.opening_on(books.last_day)
    codes = [each.code for each in opening.partners] if opening else []
    given = contributed(opening, books.of_year.balances) if opening else {}
    steps: dict[str, list[Step]] = {code: [] for code in codes}
    for id_, forecast in forecasts.items():
        scheme = opening.scheme(id_) if opening else None
        how, weights = basis(opening, id_, given) if opening and scheme else ("in no scheme", {NOBODY: 1})
        whole = sum(weights.values())
        for code, pence in share(forecast, weights).items():
            if pence:
                said = f"{in_pounds(forecast)} × {weights[code]:,} ÷ {whole:,}, {how}"
                steps.setdefault(code, []).append(
                    Step(
                        scheme.title if scheme else id_, pence, "pence", said, f"the agreement, scheme {id_}"
                    )
                )
    return {
        code: Working(
            f"Part of {code or 'nobody'} in the forecast of the year",
            sum(step.value for step in found if isinstance(step.value, int)), "pence", tuple(found),
        )
        for code, found in steps.items()
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Moved:
    """How far a line has moved against its budget."""

    title: str
    source: str
    pence: Pence
    """How much more beyond its budget to date it is than it was; below zero, less."""


def moved_most(books: Books, through: str = "") -> tuple[str, tuple[Moved, ...]]:
    """The three lines that moved most against their budgets since the last month that was closed, in words and as they are.

    Where no month is closed, since the year began.
    """
    through = through or last_known(books)
    closed = f"{books.closed_through:%Y-%m}" if books.closed_through else ""
    if closed >= through:
        return "", ()
    before = (
        {(each.scheme, each.source): each.variance for each in variances(books, closed)} if closed else {}
    )
    moved = [
        Moved(each.title, each.source, each.variance - before.get((each.scheme, each.source), 0))
        for each in variances(books, through)
    ]
    found = sorted(
        (each for each in moved if each.pence), key=lambda each: (-abs(each.pence), each.title, each.source)
    )
    return _since(books.closed_through or books.first_day, closed=bool(closed)), tuple(found[:THREE])


def _since(day: date, *, closed: bool) -> str:
    month = in_words(day).split(" ", 1)[1]
    return f"Since {month}, the last month that is closed" if closed else f"Since the year began in {month}"
