"""Fits laws to lengths of stay by maximum likelihood, and asks whether chance alone would lie as far from the law.

Of a stay that has not ended counts only that it lasts longer; of one between two lengths, that it lies there.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from carepool.basics.refusals import Unusable
from carepool.capacity.stays import Fit, Fitted, Law, Stays

Line = Any
"""Numbers side by side: an array of numpy, which only the extra has."""
SEED = 1
DRAWS, CENSORED_DRAWS = 199, 99
"""Samples of the law's own that its fit is held against."""
SAMPLE, CENSORED_SAMPLE = 1_000, 400
"""Stays in such a sample: the largest distance shrinks with the root of their number, so more need not be drawn."""
LEAST_EXPECTED = 5
"""Stays that a group should have for the test of squares."""
WIDEST_CV, LONGEST_MEAN = 10, 36_500
TINY = 1e-300


@dataclass(frozen=True)
class _Rows:
    low: Line
    high: Line
    count: Line

    @property
    def exact(self) -> bool:
        return bool((self.low == self.high).all())


def fit(stays: Stays, wanted: Law | None = None) -> Fitted:
    """Every law fitted, the best first. Unusable when the extra is not installed, or no law can be meant."""
    try:
        import numpy as np
        import scipy
    except ModuleNotFoundError as error:
        raise Unusable(f"Fitting stays needs more than the first install holds ({error.name} is missing). Install it: pip install “carepool[planning]”.") from None  # fmt: skip
    del scipy
    rows = _Rows(np.array(stays.low), np.array(stays.high), np.array(stays.count, float))
    found = []
    for law in get_args(Law):
        at = _likeliest(law, rows)
        mean, cv = _mean_and_cv(law, at)
        if mean <= LONGEST_MEAN and 0 < cv <= WIDEST_CV:
            found.append((Fit(law, mean, cv, _likelihood(law, at, rows), len(at), _gap(law, at, rows)), at))
    if not found or wanted not in {None, *(each.law for each, _ in found)}:
        which = f"a {wanted}" if wanted else "any"
        raise Unusable(f"The stays of {stays.name} are spread too far for {which} law. Look for lengths in another unit.")  # fmt: skip
    found.sort(key=lambda each: each[0].aic)
    best, at = next(each for each in found if wanted in {None, each[0].law})
    chance, test = _grouped(best.law, at, rows) if stays.between else _drawn(best, at, rows)
    return Fitted(stays, tuple(each for each, _ in found), chance, test, wanted)


# The laws: each by one or two parameters that may be any number


def _mean_and_cv(law: Law, at: Line) -> tuple[float, float]:
    import numpy as np

    if law == "exponential":
        return float(np.exp(at[0])), 1.0
    if law == "lognormal":
        spread = np.exp(2 * at[1])
        return float(np.exp(min(at[0] + spread / 2, 50))), float(np.sqrt(np.expm1(min(spread, 50))))
    return float(np.exp(at[0] + at[1])), float(np.exp(-at[0] / 2))


def _longer(law: Law, at: Line, days: Line) -> Line:
    """The share of stays that last longer."""
    import numpy as np
    from scipy import special

    if law == "exponential":
        return np.exp(-days / np.exp(at[0]))
    if law == "lognormal":
        with np.errstate(divide="ignore"):
            return special.ndtr(-(np.log(days) - at[0]) / np.exp(at[1]))
    return special.gammaincc(np.exp(at[0]), days / np.exp(at[1]))


def _density(law: Law, at: Line, days: Line) -> Line:
    """The logarithm of the law's density."""
    import numpy as np
    from scipy import special

    if law == "exponential":
        return -days / np.exp(at[0]) - at[0]
    if law == "lognormal":
        return (
            -(((np.log(days) - at[0]) / np.exp(at[1])) ** 2) / 2
            - at[1]
            - np.log(days)
            - np.log(2 * np.pi) / 2
        )
    shape = np.exp(at[0])
    return (shape - 1) * np.log(days) - days / np.exp(at[1]) - special.gammaln(shape) - shape * at[1]


def _likelihood(law: Law, at: Line, rows: _Rows) -> float:
    """The logarithm of how likely the law makes the rows."""
    import numpy as np

    exact, open_ = rows.low == rows.high, np.isinf(rows.high)
    between = ~exact & ~open_
    total = 0.0
    if exact.any():
        total += float((rows.count[exact] * _density(law, at, rows.low[exact])).sum())
    if open_.any():
        lasts = _longer(law, at, rows.low[open_])
        total += float((rows.count[open_] * np.log(np.maximum(lasts, TINY))).sum())
    if between.any():
        inside = _longer(law, at, rows.low[between]) - _longer(law, at, rows.high[between])
        total += float((rows.count[between] * np.log(np.maximum(inside, TINY))).sum())
    return total


def _likeliest(law: Law, rows: _Rows, start: Line = None) -> Line:
    """The parameters that make the rows likeliest: in closed form where all are exact, else by search."""
    import numpy as np
    from scipy import optimize

    if rows.exact:
        return _closed(law, rows.low, rows.count)
    if start is None:
        guess = np.where(np.isinf(rows.high), np.maximum(rows.low, 0.1) * 1.5, (rows.low + rows.high) / 2)
        start = _closed(law, guess, rows.count)
    found = optimize.minimize(
        lambda at: -_likelihood(law, at, rows) / rows.count.sum(), start, method="Nelder-Mead", options={"xatol": 1e-6, "fatol": 1e-10}
    )  # fmt: skip
    return found.x


def _closed(law: Law, days: Line, count: Line) -> Line:
    """The likeliest parameters of exact stays."""
    import numpy as np
    from scipy import special

    number = count.sum()
    mean = float((count * days).sum() / number)
    if law == "exponential":
        return np.array([np.log(mean)])
    logs = np.log(days)
    middle = float((count * logs).sum() / number)
    if law == "lognormal":
        spread = float((count * (logs - middle) ** 2).sum() / number)
        return np.array([middle, np.log(max(spread, 1e-12)) / 2])
    # Gamma: Minka's steps for the shape, from log(mean) less the mean of logs.
    off = max(np.log(mean) - middle, 1e-12)
    shape = (3 - off + np.sqrt((off - 3) ** 2 + 24 * off)) / (12 * off)
    for _ in range(20):
        step = np.log(shape) - special.psi(shape) - off
        slope = 1 / shape - special.polygamma(1, shape)
        shape = 1 / (1 / shape + step / (shape**2 * slope))
    return np.array([np.log(shape), np.log(mean / shape)])


# How far the law lies from the stays


def _gap(law: Law, at: Line, rows: _Rows) -> float:
    """The largest distance of the law from the share that had ended, by Kaplan and Meier's estimate where some had not."""
    import numpy as np

    ended = np.isfinite(rows.high)
    days, place = np.unique(np.where(ended, rows.high, rows.low), return_inverse=True)
    deaths = np.bincount(place, rows.count * ended, len(days))
    left = np.bincount(place, rows.count, len(days))
    risk = left[::-1].cumsum()[::-1]
    after = np.cumprod(1 - deaths / risk)
    before = np.concatenate([[1.0], after[:-1]])
    lasts, seen = _longer(law, at, days), deaths > 0
    if not (rows.low[ended] == rows.high[ended]).all():  # groups: their ends alone are known
        return float(np.abs(lasts - after)[seen].max())
    return float(np.maximum(np.abs(lasts - after), np.abs(lasts - before))[seen].max())


def _grouped(law: Law, at: Line, rows: _Rows) -> tuple[float | None, str]:
    """Pearson's test on the groups, those with few expected joined to the next."""
    import numpy as np
    from scipy import stats

    edges = np.unique(np.concatenate([[0.0], rows.low, rows.high, [np.inf]]))
    lasts = np.append(_longer(law, at, edges[:-1]), 0.0)
    number = rows.count.sum()
    seen = np.bincount(np.searchsorted(edges, rows.low), rows.count, len(edges) - 1)
    groups: list[list[float]] = [[0.0, 0.0]]
    for had, expected in zip(seen, -np.diff(lasts) * number, strict=True):
        groups[-1][0] += float(had)
        groups[-1][1] += float(expected)
        if groups[-1][1] >= LEAST_EXPECTED:
            groups.append([0.0, 0.0])
    rest = groups.pop()
    if groups:
        groups[-1] = [one + more for one, more in zip(groups[-1], rest, strict=True)]
    free = len(groups) - 1 - len(at)
    if free < 1:
        return None, "There are too few groups to test it."
    squares = sum((had - expected) ** 2 / expected for had, expected in groups)
    return float(stats.chi2.sf(squares, free)), f"Pearson’s test on {len(groups)} groups"


def _drawn(best: Fit, at: Line, rows: _Rows) -> tuple[float | None, str]:
    """How often samples of the law itself lie as far from their own fit: the law was fitted, so no table has the answer."""
    import numpy as np

    chance = np.random.Generator(np.random.SFC64(SEED))
    censored = not rows.exact
    draws, most = (CENSORED_DRAWS, CENSORED_SAMPLE) if censored else (DRAWS, SAMPLE)
    number = int(rows.count.sum())
    size = min(number, most)
    ends = _censoring(rows) if censored else None
    far = best.gap * (number / size) ** 0.5
    as_far = 0
    for _ in range(draws):
        days = _draw(best.law, at, chance, size)
        until = chance.choice(ends[0], size, p=ends[1]) if ends else np.full(size, np.inf)
        sample = _Rows(np.minimum(days, until), np.where(days <= until, days, np.inf), np.ones(size))
        as_far += _gap(best.law, _likeliest(best.law, sample, at), sample) >= far
    return (1 + as_far) / (1 + draws), f"of {draws} samples drawn from the law itself"


def _draw(law: Law, at: Line, chance: Any, size: int) -> Line:
    import numpy as np

    drawn: Mapping[str, Callable[[], Line]] = {
        "exponential": lambda: chance.standard_exponential(size) * np.exp(at[0]),
        "lognormal": lambda: np.exp(at[0] + np.exp(at[1]) * chance.standard_normal(size)),
        "gamma": lambda: chance.standard_gamma(np.exp(at[0]), size) * np.exp(at[1]),
    }
    return np.maximum(drawn[law](), 1e-9)


def _censoring(rows: _Rows) -> tuple[Line, Line]:
    """When looking ended, and how likely: Kaplan and Meier's estimate with ended and not ended changed about."""
    import numpy as np

    open_ = np.isinf(rows.high)
    days, place = np.unique(rows.low, return_inverse=True)
    ends = np.bincount(place, rows.count * open_, len(days))
    risk = np.bincount(place, rows.count, len(days))[::-1].cumsum()[::-1]
    lasts = np.cumprod(1 - ends / risk)
    shares = np.append(np.concatenate([[1.0], lasts[:-1]]) - lasts, lasts[-1])
    return np.append(days, np.inf), shares / shares.sum()
