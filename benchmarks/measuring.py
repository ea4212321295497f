"""Measuring: the median of a few runs, and the one table in which every figure is shown."""

import gc
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import median
from time import perf_counter


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the table."""

    says: str
    measured: float
    unit: str
    """``s``, ``ms``, ``kB``, ``a second``."""
    runs: int
    bound: float | None = None
    """At most this much; None where the figure is only shown."""
    least: float | None = None
    """At least this much, of what is better the more it is."""
    peer: float | None = None
    """The same figure for the plainer way."""
    note: str = ""

    @property
    def verdict(self) -> str:
        """Whether the bound is kept: printed, and nothing stops because of it."""
        if self.least is not None:
            return "within" if self.measured >= self.least else "UNDER"
        if self.bound is None:
            return ""
        return "within" if self.measured <= self.bound else "OVER"


def seconds(work: Callable[[], object], runs: int, clock: Callable[[], float] = perf_counter) -> float:
    """The median time of one run, after one run that is not counted."""
    work()
    return median(once(work, clock) for _ in range(runs))


def once(work: Callable[[], object], clock: Callable[[], float] = perf_counter) -> float:
    """The time of one run, with the garbage of others out of the way."""
    gc.collect()
    before = clock()
    work()
    return clock() - before


def table(figures: Iterable[Figure]) -> str:
    """The figures in columns."""
    rows = [["figure", "measured", "bound", "", "runs", "plainer way", "ratio", ""]]
    for each in figures:
        ratio = f"{each.measured / each.peer:.2f}" if each.peer else ""
        rows.append(
            [
                each.says, _amount(each.measured, each.unit), _amount(each.bound if each.least is None else each.least, each.unit), each.verdict,
                str(each.runs), _amount(each.peer, each.unit), ratio, each.note,
            ]
        )  # fmt: skip
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    rows.insert(1, ["-" * width for width in widths])
    right = {1, 2, 4, 5, 6}
    return "\n".join(
        "  ".join(
            cell.rjust(widths[n]) if n in right else cell.ljust(widths[n]) for n, cell in enumerate(row)
        ).rstrip()
        for row in rows
    )


def _amount(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    digits = 0 if value >= 100 else 1 if value >= 10 else 2
    return f"{value:,.{digits}f} {unit}"
