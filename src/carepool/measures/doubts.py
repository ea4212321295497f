"""Figures that add up and are doubted all the same: a wrong unit, a hole, each as a finding that changes nothing."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from carepool.basics.findings import Finding
from carepool.basics.money import in_figures
from carepool.measures.cells import warning
from carepool.rules.measuring import Alarm, Alarms, HoleAlarm


def wrong_unit(figure: Decimal, usual: Decimal, alarms: Alarms, kind: str) -> Alarm | None:
    """The unit that a figure seems to be in instead of its own, given what is usual; None where it is likely in its own.

    A figure counts as being in another unit where a factor of its kind (money, people, days, rates) brings it much
    nearer to what is usual.
    """
    if figure <= 0 or usual <= 0:
        return None
    out = figure / usual if figure >= usual else usual / figure
    best: Alarm | None = None
    for each in alarms.units:
        left = _left(out, each)
        if kind in each.of and left * alarms.near <= out and (best is None or left < _left(out, best)):
            best = each
    return best


def _left(out: Decimal, alarm: Alarm) -> Decimal:
    left = out / alarm.factor
    return max(left, 1 / left)


def units_of(
    figures: Mapping[str, Decimal],
    usual: Mapping[str, Decimal],
    alarms: Alarms,
    *,
    kind: str,
    where: str,
    what: str,
    rule: str,
) -> list[Finding]:
    """A warning for each area whose figure seems to be in another unit than the others'."""
    findings = []
    for area, figure in figures.items():
        alarm = wrong_unit(figure, usual[area], alarms, kind) if area in usual else None
        if alarm:
            findings.append(
                warning(
                    "wrong-unit", f"{where}/{area}",
                    f"{area} has {in_figures(figure)} {what}, where about {in_figures(round(usual[area]))} would be usual: it looks {in_figures(alarm.factor)} times out ({alarm.says}).",
                    "Ask who entered it. The figure is kept as published and left out of comparisons.", rule,
                )
            )  # fmt: skip
    return findings


def holes_in(values: Sequence[tuple[str, Decimal]], alarm: HoleAlarm) -> list[tuple[str, str]]:
    """The runs of periods, first and last of each, that lie far below the middle of the year before and after them."""
    low: list[int] = []
    for number, (_, value) in enumerate(values):
        before, after = values[max(0, number - AROUND) : number], values[number + 1 : number + 1 + AROUND]
        around = sorted(each for _, each in (*before, *after))
        usual = around[len(around) // 2] if around else Decimal(0)
        if usual >= alarm.usual and value < usual * alarm.below:
            low.append(number)
    return [(values[first][0], values[last][0]) for first, last in _runs(low)]


AROUND = 12
"""Periods on either side that a figure is held against."""


def hole(where: str, what: str, span: tuple[str, str], alarm: HoleAlarm, rule: str) -> Finding:
    """The warning for a run of periods."""
    first, last = span
    months = f"in {first}" if first == last else f"from {first} to {last}"
    return warning(
        "implausible-hole", f"{where}/{first}",
        f"{what} are below {in_figures(alarm.below * 100)}% of what is usual {months}: part of the return may be missing.",
        "Ask whether it is complete. The figures are kept, and what rests on them says so.", rule,
    )  # fmt: skip


def _runs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for each in numbers:
        if runs and each == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], each)
        else:
            runs.append((each, each))
    return runs
