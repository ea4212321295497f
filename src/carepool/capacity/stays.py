"""Lengths of stay as somebody hands them in: one stay a row or counts by length, some of them not ended yet.

A stay is known exactly, or to have lasted longer than it says (censored), or to lie between two lengths.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from math import inf, isfinite
from typing import Literal

from carepool.basics.findings import Finding, Severity
from carepool.basics.money import in_figures, round_half_up
from carepool.basics.refusals import Unusable, printable
from carepool.basics.tables import read_table
from carepool.measures.cells import read_cell

RULE = "carepool stay"
UNITS = {"days": 1.0, "hours": 24.0}
"""How many of each unit are a day."""
LONGEST = 36_500
MOST_STAYS = 10_000_000
LEAST_ENDED = 10
"""Stays that have ended, without which nothing is fitted."""
LEAST_GROUPS = 3
DOUBTED_DAYS, DOUBTED_HOURS = 60, 6
"""A middle stay of more days than this, or fewer hours, is in the wrong unit more often than not."""
EXAMPLE = "days,to_days,count\n0,1,42\n1,2,93\n2,3,80\n3,4,61\n4,6,78\n6,9,55\n9,14,33\n14,21,14\n21,,8\n"
"""Rows that stand in a form at first, invented."""
Law = Literal["exponential", "lognormal", "gamma"]


@dataclass(frozen=True, slots=True)
class Stays:
    """Rows of stays in days: from ``low`` to ``high``, which are one where it is exact, and ``high`` is infinite where it has not ended."""

    name: str
    unit: str
    low: Sequence[float]
    high: Sequence[float]
    count: Sequence[int]

    @property
    def number(self) -> int:
        """All stays."""
        return sum(self.count)

    @property
    def censored(self) -> int:
        """Those that had not ended."""
        return sum(count for high, count in zip(self.high, self.count, strict=True) if high == inf)

    @property
    def between(self) -> bool:
        """Whether stays are known to lie between two lengths, and not exactly."""
        return any(low < high < inf for low, high in zip(self.low, self.high, strict=True))

    @property
    def middle(self) -> float:
        """The length that half of the stays reach, by the lower end of each."""
        seen, half = 0, self.number / 2
        for low, count in sorted(zip(self.low, self.count, strict=True)):
            seen += count
            if seen >= half:
                return low
        return 0.0

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What a reader should doubt: a unit that is likely another, or nights that are taken for exact days."""
        in_unit = round_half_up(Decimal(str(self.middle * UNITS[self.unit])), 1)
        if self.unit == "days" and self.middle > DOUBTED_DAYS:
            return (self._unit(in_unit, "days", "hours"),)
        if self.unit == "hours" and self.middle * UNITS["hours"] < DOUBTED_HOURS:
            return (self._unit(in_unit, "hours", "days"),)
        if self.unit == "days" and not self.between and all(low == round(low) for low in self.low):
            says = f"All lengths of {self.name} are whole days and are taken as exact, so no smooth law lies close to them."
            remedy = "If nights are counted, say between what lengths each stay lies: days and to_days."
            return (Finding("whole-days", Severity.NOTE, self.name, says, remedy, RULE),)
        return ()

    def _unit(self, middle: Decimal, unit: str, other: str) -> Finding:
        says = f"Half of the stays of {self.name} are {in_figures(middle)} {unit} or less, and half are that or more: are these {other}?"
        return Finding("unit-doubtful", Severity.WARNING, self.name, says, f"If so, call the column {other}.", RULE)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fit:
    """A law fitted by maximum likelihood, and how far it lies from the stays."""

    law: Law
    mean_days: float
    cv: float
    log_likelihood: float
    parameters: int
    gap: float
    """The largest distance between the share of stays that have ended by some length, as the file has it and as the law has it."""

    @property
    def aic(self) -> float:
        """Akaike's information criterion: the least is the best of several."""
        return 2 * self.parameters - 2 * self.log_likelihood


@dataclass(frozen=True)
class Fitted:
    """Every law fitted to some stays, and whether the best of them could have given what the file has."""

    stays: Stays
    fits: tuple[Fit, ...]
    """The best first."""
    chance: float | None
    """How often stays that the best law itself gives lie as far from their own fit; None where that cannot be said."""
    test: str
    """How that was found, or why it was not."""
    wanted: Law | None = None
    """The law that was asked for, instead of the best."""

    @property
    def best(self) -> Fit:
        """The law that is used."""
        return next(each for each in self.fits if self.wanted in {None, each.law})

    @property
    def stay(self) -> dict[str, str]:
        """The keys of a scenario's stay."""
        best = self.best
        keys = {"distribution": str(best.law), "mean_days": _figure(best.mean_days)}
        return keys if best.law == "exponential" else keys | {"cv": _figure(best.cv)}

    @property
    def says(self) -> str:
        """How well it fits, in a sentence or two."""
        best, stays = self.best, self.stays
        still = f", {stays.censored:,} of which had not ended," if stays.censored else ""
        said = (
            f"{stays.number:,} stays of {stays.name}{still} are best told by {_law(best.law)}: mean {best.mean_days:.4g} days"
            if self.wanted is None
            else f"{stays.number:,} stays of {stays.name}{still} by {_law(best.law)}, as asked: mean {best.mean_days:.4g} days"
        )
        if best.law != "exponential":
            said += f", standard deviation {best.cv:.3g} of it"
        said += f". It lies at most {best.gap * 100:.2g} points in a hundred from the share that had ended by any length. "
        if self.chance is None:
            return said + self.test
        often = f"{self.chance:.0%}" if self.chance >= UNLIKELY else f"{self.chance:.1%}" if self.chance >= SELDOM else f"less than {SELDOM:.1%}"  # fmt: skip
        if self.chance < UNLIKELY:
            return (
                said
                + f"Chance alone gives so much in only {often} of cases ({self.test}): the stays are not quite of this law."
            )
        return (
            said
            + f"Chance alone gives as much or more in {often} of cases ({self.test}): nothing says that it does not fit."
        )


SELDOM = 0.001
UNLIKELY = 0.05
"""A chance below which the law is said not to fit."""
Fitter = Callable[[str, Law | None], Fitted]
"""What reads a file by its name and fits its stays. An engine implements it."""


def read_stays(name: str, content: bytes) -> Stays:
    """The stays of a CSV. Unusable with the row and what to do, when one cannot be read.

    Columns: ``days`` or ``hours``; and any of ``to_days`` or ``to_hours`` (the stay lies between; empty where it has not
    ended), ``count``, and ``censored`` (yes where it has not ended).
    """
    rows = list(read_table(name, content, []))
    heading = _heading(content)
    units = [each for each in UNITS if each in heading]
    if len(units) != 1:
        says = (
            "both days and hours"
            if units
            else f"no column of lengths among {', '.join(printable(each[:40]) for each in heading) or 'none'}"
        )
        raise Unusable(f"{name} has {says}. Call one column days or hours: other units cannot be used.")
    (unit,) = units
    known = {unit, f"to_{unit}", "count", "censored"}
    if unlike := [each for each in heading if each and each not in known]:
        raise Unusable(
            f"{name} has the column “{printable(unlike[0][:40])}”. Columns are {', '.join(sorted(known))}."
        )
    found = [_row(f"{name}, row {number}", unit, cells) for number, cells in rows]
    found = [each for each in found if each[2]]
    if not found:
        raise Unusable(f"{name} has no stays. Write one a row, or how many there are of each length.")
    stays = Stays(name, unit, [each[0] for each in found], [each[1] for each in found], [each[2] for each in found])  # fmt: skip
    _check(stays)
    return stays


def _heading(content: bytes) -> list[str]:
    first = content.decode("utf-8-sig").lstrip().split("\n", 1)[0]
    return [each.strip().strip('"').strip() for each in first.split(",")]


def _row(where: str, unit: str, cells: Mapping[str, str]) -> tuple[float, float, int]:
    """The ends of a stay in days, and how many there are of it."""
    low = _length(where, unit, cells[unit])
    to = cells.get(f"to_{unit}")
    still = cells.get("censored", "").casefold()
    if still not in {"", "yes", "no"}:
        raise Unusable(f"{where}: censored is yes or no, and “{printable(still[:40])}” is neither.")
    text = cells.get("count", "1").replace(",", "")
    if not text.isascii() or not text.isdigit() or len(text) > len(str(MOST_STAYS)):
        raise Unusable(
            f"{where}: count “{printable(text[:40])}” is no number of stays. Write a whole number."
        )
    if still == "yes" or to == "":
        return low, inf, int(text)
    if to is None:
        if low == 0:
            raise Unusable(f"{where}: a stay of zero {unit} takes no bed. Write its part of a day, or leave it out.")  # fmt: skip
        return low, low, int(text)
    high = _length(where, unit, to)
    if high <= low:
        raise Unusable(
            f"{where}: to_{unit} is {to}, which is not more than {cells[unit]}. Write a longer one."
        )
    return low, high, int(text)


def _length(where: str, unit: str, cell: str) -> float:
    read = read_cell(cell)
    if read is None or read.number is None or not isfinite(float(read.number)):
        raise Unusable(f"{where}: “{printable(cell[:40])}” is no number of {unit}. Write it like 4.5, without its unit.")  # fmt: skip
    if read.number < 0:
        raise Unusable(f"{where}: a stay of {read.number:f} {unit} is below zero. Look for an admission after its discharge.")  # fmt: skip
    days = float(read.number) / UNITS[unit]
    if days > LONGEST:
        raise Unusable(f"{where}: a stay of {read.number:f} {unit} is longer than a hundred years. Check the unit.")  # fmt: skip
    return days


def _check(stays: Stays) -> None:
    """Unusable where nothing can be fitted to them."""
    if stays.number > MOST_STAYS:
        raise Unusable(f"{stays.name} has {stays.number:,} stays; at most {MOST_STAYS:,} are read. Hand in fewer.")  # fmt: skip
    ended = stays.number - stays.censored
    if ended < LEAST_ENDED:
        raise Unusable(f"{stays.name} has {ended:,} stays that have ended; at least {LEAST_ENDED} are needed. Hand in a longer period.")  # fmt: skip
    if not stays.between:
        exact = {low for low, high in zip(stays.low, stays.high, strict=True) if low == high}
        if len(exact) == 1:
            raise Unusable(f"All stays of {stays.name} that have ended are {exact.pop():g} days, so there is nothing to fit. Write the distribution fixed.")  # fmt: skip
        return
    groups = sorted(set(zip(stays.low, stays.high, strict=True)))
    if len(groups) < LEAST_GROUPS:
        raise Unusable(f"{stays.name} has {len(groups)} groups of lengths; at least {LEAST_GROUPS} are needed. Write shorter ones.")  # fmt: skip
    for (_, end), (begin, _) in pairwise(groups):
        if begin < end:
            raise Unusable(f"{stays.name}: groups of lengths overlap at {begin:g} days. Let each begin where another ends, and leave only the last open.")  # fmt: skip


def _law(law: Law) -> str:
    return {"exponential": "an exponential law", "lognormal": "a lognormal law", "gamma": "a gamma law"}[law]


def _figure(value: float) -> str:
    """A number as a scenario has it: six digits, never in powers of ten."""
    return f"{Decimal(f'{value:.6g}'):f}"
