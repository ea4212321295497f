"""Forecasts of monthly series by statsforecast, with intervals widened until they held on months not used to fit.

Each series is forecast by the mean of two models, exponential smoothing and the optimised theta, on the logarithm of
its values. Models left alone say too narrow intervals: of 150 councils' delayed days, 95% intervals held 91% of the
months that came. So the same models forecast the last months of every series from before them, and the intervals are
widened by what was needed there (split conformal, pooled over all series handed in), leaning on what England's
councils needed where too few are.
"""

import sys
from collections.abc import Sequence
from functools import lru_cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from carepool.basics.building import keep_for_ever
from carepool.basics.refusals import Unusable
from carepool.measures.monthly import FARTHEST, Expected, Monthly, after

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Line = NDArray[Any]
    """A number a month."""

YEAR = 12
BACK = (4, 8, 12)
"""How many months before the end of a series it is forecast again, to see what its intervals held."""
SEASONS = 2
"""Years that a series needs for a season to be seen in it."""
ENGLAND = (1.38, 2.40)
"""Standard deviations that held 80% and 95% of England's delayed days of 2013-14 to 2014-15, forecast from the years before."""
LEAN = 0.25
"""How much of that is always kept: the months of one winter go wrong together, and say less than they are many."""
FEW = 20
"""Forecasts again that count as much as what England needed."""
NORMAL80 = 1.2815515655446004


def forecast(
    series: Sequence[Monthly], horizon: int, *, widths: tuple[float, float] | None = None
) -> tuple[Expected, ...]:
    """What each series is expected to be in the months after its last.

    ``widths`` are the standard deviations that the 80% and 95% intervals reach, where they are known; else it is seen
    what these series needed. Unusable when the horizon is none, or when the extra with the models is not installed.
    """
    if not 1 <= horizon <= FARTHEST:
        raise Unusable(f"A horizon of {horizon} months cannot be forecast. Ask for 1 to {FARTHEST}.")
    if not series:
        return ()
    import numpy as np

    scales = [_Scale(each) for each in series]
    logs = [
        scale.to(np.asarray(each.values, dtype=float)) for scale, each in zip(scales, series, strict=True)
    ]
    widths = widths or _widths(logs)
    found: list[Expected] = []
    for scale, each, (middle, deviation) in zip(scales, series, _models(logs, horizon), strict=True):
        bounds = [scale.back(middle + sign * width * deviation) for width in widths for sign in (-1, 1)]
        mean = scale.back(middle)
        found += [
            Expected(each.name, after(each.last, n + 1), *(float(line[n]) for line in (mean, *bounds)))
            for n in range(horizon)
        ]
    return tuple(found)


def forecast_of_england(series: Sequence[Monthly], horizon: int) -> tuple[Expected, ...]:
    """The same for counts of England's boards, whose intervals reach as far as all of them needed: one board says little of it.

    What was asked before is kept.
    """
    return _of_england(tuple(series), horizon)


@lru_cache(maxsize=512)
def _of_england(series: tuple[Monthly, ...], horizon: int) -> tuple[Expected, ...]:
    return forecast(series, horizon, widths=ENGLAND)


def installed() -> bool:
    """Whether the extra with the models is there."""
    return find_spec("statsforecast") is not None


def get_ready() -> None:
    """Read the library and what it has compiled, where it is there: five seconds that the first to ask would wait for."""
    if installed():
        forecast([Monthly("nothing", "2015-01", tuple(map(float, range(SEASONS * YEAR))))], 1, widths=ENGLAND)


class _Scale:
    """The scale on which a series is forecast: logarithms, or its own where it has values below zero."""

    def __init__(self, series: Monthly) -> None:
        held = sorted(value for value in series.values if value > 0)
        self.plain = min(series.values) < 0
        whole = all(value == int(value) for value in series.values)
        # A count is moved by one so that zero has a logarithm; a rate by a hundredth of its middle.
        self.moved = 1.0 if whole or not held else held[len(held) // 2] / 100

    def to(self, values: "Line") -> "Line":
        import numpy as np

        logs: Line = values if self.plain else np.log(values + self.moved)
        return logs

    def back(self, values: "Line") -> "Line":
        import numpy as np

        if self.plain:
            return values
        # Beyond e to the 700th a number is infinite.
        counts: Line = np.maximum(np.exp(np.minimum(values, 700)) - self.moved, 0)
        return counts


def _widths(logs: "Sequence[Line]") -> tuple[float, float]:
    """By how many standard deviations the 80% and the 95% intervals reach."""
    import numpy as np

    missed: list[Line] = []
    again = 0
    for back in BACK:
        long = [values for values in logs if len(values) - back >= SEASONS * YEAR]
        if not long:
            continue
        for values, (middle, deviation) in zip(
            long, _models([each[:-back] for each in long], back), strict=True
        ):
            usable = deviation > 0
            missed.append(np.abs(values[-back:] - middle)[usable] / deviation[usable])
        again += len(long)
    if not again or not sum(map(len, missed)):
        return ENGLAND
    needed = np.quantile(np.concatenate(missed), (0.80, 0.95), method="higher")
    theirs = (1 - LEAN) * again / (again + FEW)
    return tuple(
        float(theirs * own + (1 - theirs) * england) for own, england in zip(needed, ENGLAND, strict=True)
    )  # type: ignore[return-value]  # as many as England's: two


def _models(logs: "Sequence[Line]", horizon: int) -> "list[tuple[Line, Line]]":  # fmt: skip
    """For each series its middle and standard deviation, a month each."""
    np, models = _library()
    found: list[tuple[Line, Line]] = []
    for values in logs:
        season = YEAR if len(values) >= SEASONS * YEAR else 1
        # Errors add on the scale of logarithms; to try those that multiply as well takes thrice the time, and tells nothing.
        both = (
            models.AutoETS(season_length=season, model="AZZ"),
            models.DynamicOptimizedTheta(season_length=season),
        )
        # Asked one by one: to be handed a data frame takes the library as long as the smoothing itself.
        said = [_said(each, values, horizon, models.Naive()) for each in both]
        middle = _mean(np.stack([each["mean"] for each in said]), np.full(horizon, values[-1]))
        deviations = np.stack([(each["hi-80"] - each["lo-80"]) / 2 for each in said]) / NORMAL80
        found.append((middle, np.sqrt(_mean(deviations**2, np.zeros(horizon)))))
    return found


def _said(model: Any, values: "Line", horizon: int, otherwise: Any) -> "dict[str, Line]":
    """What a model says of the months after the values, or the other model where it cannot be fitted to them."""
    try:
        said: dict[str, Line] = model.forecast(y=values, h=horizon, level=[80])
    except Exception:
        said = otherwise.forecast(y=values, h=horizon, level=[80])
    return said


def _mean(said: "Line", otherwise: "Line") -> "Line":
    """The mean of what the models said that is a number, month by month; ``otherwise`` where none is."""
    import numpy as np

    usable = np.isfinite(said)
    number = usable.sum(axis=0)
    mean: Line = np.where(number, np.where(usable, said, 0).sum(axis=0) / np.maximum(number, 1), otherwise)
    return mean


def _library() -> tuple[Any, Any]:
    """The library, imported when first needed."""
    new = "statsforecast" not in sys.modules
    try:
        import numpy as np
        from statsforecast import models
    except ModuleNotFoundError as error:
        raise Unusable(
            f"Forecasts need more than the first install holds ({error.name} is missing). Install it: pip install “carepool[forecast]”."
        ) from None
    if new:
        keep_for_ever()
    return np, models
