"""What a partner contributes in a year, and when it pays: next year's sum from this year's, and equal parts to the penny."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from carepool.basics.money import Pence, in_pounds
from carepool.basics.periods import Quarter
from carepool.basics.workings import Step, Working
from carepool.partnership.agreement import POOLED, Agreement, Contribution

FIRST_MONTH = 4
"""The month in which a financial year begins."""


@dataclass(frozen=True, slots=True)
class Instalment:
    """One payment of a contribution."""

    partner: str
    on: date
    pence: Pence
    clause: str


def equal_parts(pence: Pence, parts: int) -> tuple[Pence, ...]:
    """An amount of zero or more in equal parts: no two differ by more than a penny, the earlier have the odd pennies, and they add to it."""
    part, over = divmod(pence, parts)
    return tuple(part + (number < over) for number in range(parts))


def next_year(last: Pence, change: Contribution) -> Pence:
    """Last year's contribution, with recurrent changes, inflation and planned changes, less efficiency.

    All are pounds as the partners agreed them; the result may be below zero, which a check then tells.
    """
    return last + change.recurrent + change.inflation + change.planned - change.efficiency


def contribution(agreement: Agreement, partner: str, year: str) -> Pence | None:
    """What a partner contributes in a year, all sources together; None where nothing is written, or not all can be worked out."""
    found = [each for each in agreement.contributions if (each.partner, each.year) == (partner, year)]
    sums = [_sum(agreement, each) for each in found]
    return sum(each for each in sums if each is not None) if sums and None not in sums else None


def contributions(agreement: Agreement, year: str) -> dict[str, Pence]:
    """What each partner contributes in a year; nothing where the agreement writes nothing."""
    return {code: contribution(agreement, code, year) or 0 for code in agreement.codes}


def by_source(agreement: Agreement, year: str) -> dict[tuple[str, str], Pence]:
    """What each partner contributes in a year from each source, in the order written. ValueError where one cannot be worked out."""
    found: dict[tuple[str, str], Pence] = {}
    for each in agreement.contributions:
        if each.year == year:
            pence = _sum(agreement, each)
            if pence is None:
                raise ValueError(f"the contribution of {each.partner} for {year} follows from none before")
            found[each.partner, each.source or POOLED] = pence
    return found


def _sum(agreement: Agreement, entry: Contribution) -> Pence | None:
    """A contribution as written, or followed back year by year to one that is."""
    later: list[Contribution] = []
    while entry.pence is None:
        later.append(entry)
        year = year_before(entry.year)
        before = [
            each
            for each in agreement.contributions
            if (each.partner, each.source, each.year) == (entry.partner, entry.source, year)
        ]
        if not before:
            return None
        entry = before[0]
    pence = entry.pence
    for each in reversed(later):
        pence = next_year(pence, each)
    return pence


def explain(agreement: Agreement, entry: Contribution) -> Working:
    """How a contribution that follows from last year's is reached."""
    before = next(
        (
            each
            for each in agreement.contributions
            if (each.partner, each.source, each.year)
            == (entry.partner, entry.source, year_before(entry.year))
        ),
        None,
    )
    last = _sum(agreement, before) if before else None
    clause = cite(entry.clause)
    steps = [
        Step("Contribution of the year before", last, "pence", source=clause),
        Step("Recurrent changes", entry.recurrent, "pence", source=clause),
        Step("Inflation", entry.inflation, "pence", source=clause),
        Step("Planned changes", entry.planned, "pence", source=clause),
        Step("Efficiency", -entry.efficiency, "pence", source=clause),
    ]
    said = " ".join(
        f"{'−' if each.value < 0 else '+'} {in_pounds(abs(each.value))}"
        for each in steps
        if isinstance(each.value, int)
    ).removeprefix("+ ")
    total = None if last is None else next_year(last, entry)
    steps.append(Step("Contribution of the year", total, "pence", said, clause))
    return Working(
        f"Contribution of {agreement.name(entry.partner)}, {entry.year}", total, "pence", tuple(steps)
    )


def instalments(agreement: Agreement, year: str) -> tuple[Instalment, ...]:
    """Who pays what on which day of a year, the earliest first. Who pays in no instalments is not in it."""
    found = []
    for each in agreement.instalments:
        pence = contribution(agreement, each.partner, year)
        if pence is None:
            continue
        days = in_year(year, each.on)
        for on, part in zip(days, equal_parts(pence, len(days)), strict=True):
            found.append(Instalment(each.partner, on, part, each.clause))
    return tuple(sorted(found, key=lambda each: (each.on, each.partner)))


def in_year(year: str, days: Iterable[str]) -> tuple[date, ...]:
    """Days like 04-15 in a financial year, the earliest first."""
    starts = Quarter.parse(f"{year}Q1").starts
    found = [tuple(int(part) for part in each.split("-")) for each in days]
    return tuple(sorted(date(starts + (month < FIRST_MONTH), month, day) for month, day in found))


def year_before(year: str) -> str:
    """The financial year before one: 2014-15 for 2015-16."""
    starts = int(year[:4])
    return f"{starts - 1}-{starts % 100:02}"


def cite(clause: str) -> str:
    """How a working names a clause of the agreement."""
    return f"clause {clause}"
