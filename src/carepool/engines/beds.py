"""Simulates beds: who comes finds one, waits for one or is cancelled, and leaves when ready and allowed to.

A replication has a generator of its own for each thing that chance decides, so that scenarios of one
seed have the same people at the door (common random numbers), and the same answer on any number of threads.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter
from typing import TYPE_CHECKING, Any

from carepool.basics.refusals import Unusable
from carepool.capacity.scenario import Scenario, Stay

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from carepool.capacity.outcomes import Simulated

    Line = NDArray[Any]

ARRIVING, STAYING, AVOIDED, DELAYED, HOW_LONG, LEAVING, PLANNED, PLANNED_STAY = range(8)
"""What chance decides, each with a generator of its own."""
MONTH = 30.4375
FIGURES = (
    "occupancy", "wait_hours", "probability_of_waiting", "waiting_over_4_hours", "days_above_threshold", "beds_taken_at_midnight_95",
    "beds_of_delayed", "cancelled_electives", "longest_wait_hours", "admissions", "people_waiting",
    "beds_taken_at_midnight_05", "beds_taken_at_midnight_50",
)  # fmt: skip


def simulate(scenario: Scenario, seed: int, threads: int = 1) -> "Simulated":
    """Every replication of a scenario. Unusable when the extra with the compiler is not installed."""
    import_or_say()
    import numpy as np

    from carepool.capacity.outcomes import Simulated
    from carepool.engines.ward import ward

    people = _people(scenario)
    number = int(scenario.replications)
    found = np.zeros((number, len(FIGURES)))

    def run(which: range) -> None:
        for replication in which:
            people(seed, replication, ward, found[replication])

    people(seed, 0, ward, np.zeros(len(FIGURES)))  # compiled before the clock runs
    before = perf_counter()
    if threads == 1:
        run(range(number))
    else:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(run, (range(start, number, threads) for start in range(threads))))
    seconds = perf_counter() - before
    return Simulated(
        int(scenario.beds), {name: found[:, n].copy() for n, name in enumerate(FIGURES)}, seconds
    )


def import_or_say() -> None:
    """Unusable when what compiles is not installed."""
    try:
        import numba
        import scipy
    except ModuleNotFoundError as error:
        raise Unusable(
            f"Simulating beds needs more than the first install holds ({error.name} is missing). Install it: pip install “carepool[planning]”."
        ) from None
    del numba, scipy


def _people(scenario: Scenario) -> Callable[[int, int, Any, "Line"], None]:
    """What draws one replication's people and lets them through the ward."""
    import numpy as np

    warm, horizon = float(scenario.warmup_days), float(scenario.warmup_days + scenario.days)
    arrivals = _arrivals(scenario, horizon)
    closures = [(float(each.from_day), float(each.to_day - each.from_day)) for each in scenario.closures for _ in range(int(each.beds))]  # fmt: skip
    discharge = scenario.discharge
    leaving = np.array(
        [float(discharge.weekend_share), float(discharge.from_hour) / 24, float(discharge.to_hour) / 24]
    )
    at_once = discharge == type(discharge)()
    threshold = float(scenario.threshold)
    far = horizon + max(30.0, 10 * float(scenario.stay.mean_days))
    beds = int(scenario.beds)

    def one(seed: int, replication: int, kernel: Any, out: "Line") -> None:
        def chance(about: int) -> np.random.Generator:
            return np.random.Generator(np.random.SFC64(np.random.SeedSequence((seed, replication, about))))

        at = arrivals(chance(ARRIVING))
        number = len(at)
        stay = _stays(scenario.stay, chance(STAYING), number)
        if scenario.fewer_arrivals:
            kept = chance(AVOIDED).random(number) >= float(scenario.fewer_arrivals)
        else:
            kept = None
        delay = np.zeros(0)
        if scenario.delay:
            delayed = chance(DELAYED).random(number) < float(scenario.delay.share)
            delay = np.where(delayed, chance(HOW_LONG).standard_exponential(number) * float(scenario.delay.mean_days), 0)  # fmt: skip
        if kept is not None:
            at, stay = at[kept], stay[kept]
            delay = delay[kept] if delay.size else delay
        kind = np.zeros(0, np.int8)
        if scenario.elective or closures:
            at, stay, delay, kind = _together(scenario, at, stay, delay, closures, horizon, chance)
        weekend = np.zeros(0) if at_once else chance(LEAVING).random(len(at))
        kernel(at, stay, delay, kind, weekend, leaving, beds, warm, horizon, far, threshold, out)

    return one


def _arrivals(scenario: Scenario, horizon: float) -> Callable[[Any], "Line"]:
    """What draws the times at which emergencies come: evenly, or by the weights of hours and months."""
    import numpy as np

    rate = float(scenario.arrivals_per_day)
    most = int(rate * horizon + 8 * np.sqrt(rate * horizon) + 20)
    if not (scenario.by_hour_of_week or scenario.by_month):

        def evenly(chance: Any) -> "Line":
            at: Line = np.cumsum(chance.standard_exponential(most)) / rate if rate else np.zeros(0)
            return at[: np.searchsorted(at, horizon)]

        return evenly
    hours = np.arange(int(np.ceil(horizon)) * 24)
    weights = np.ones(len(hours))
    for given, place in (
        (scenario.by_hour_of_week, hours % max(len(scenario.by_hour_of_week), 1)),
        (scenario.by_month, (hours / 24 / MONTH).astype(int) % 12),
    ):
        if given:
            each = np.array([float(weight) for weight in given])
            weights = weights * (each / each.mean())[place]
    expected = np.concatenate([[0.0], np.cumsum(weights) * rate / 24])
    ends = np.arange(len(hours) + 1) / 24
    many = int(expected[-1] + 8 * np.sqrt(expected[-1]) + 20)

    def by_hours(chance: Any) -> "Line":
        # A stream at rate one, bent by how many are expected until when.
        steps = np.cumsum(chance.standard_exponential(many))
        at: Line = np.interp(steps[steps < expected[-1]], expected, ends)
        return at[: np.searchsorted(at, horizon)]

    return by_hours


def _stays(stay: Stay, chance: Any, number: int) -> "Line":
    """So many stays in days."""
    import numpy as np

    mean = float(stay.mean_days)
    if stay.distribution == "fixed":
        fixed: Line = np.full(number, mean)
        return fixed
    if stay.distribution == "exponential":
        exponential: Line = chance.standard_exponential(number) * mean
        return exponential
    if stay.distribution == "gamma":
        shape = 1 / float(stay.cv) ** 2
        # Never quite nothing, though chance may draw it of a very wide law.
        gamma: Line = np.maximum(chance.standard_gamma(shape, number) * (mean / shape), 1e-9)
        return gamma
    spread = float(np.log1p(float(stay.cv) ** 2))
    # Single precision: a stay of five days is still known to a twentieth of a second.
    drawn = chance.standard_normal(number, dtype=np.float32)
    drawn *= np.float32(np.sqrt(spread))
    drawn += np.float32(np.log(mean) - spread / 2)
    lognormal: Line = np.exp(drawn, out=drawn)
    return lognormal.astype(np.float64)


def _together(
    scenario: Scenario, at: "Line", stay: "Line", delay: "Line", closures: list[tuple[float, float]], horizon: float, chance: Any
) -> "tuple[Line, Line, Line, Line]":  # fmt: skip
    """Emergencies, planned admissions and closures in the order in which they come."""
    import numpy as np

    from carepool.engines.ward import CANCELLED, CLOSES, WAITS

    planned_at = planned_stay = np.zeros(0)
    if scenario.elective:
        draw = chance(PLANNED)
        days = np.arange(int(horizon))
        by_day = np.array([float(each) for each in scenario.elective.by_day] or [1.0] * 7)
        expected = float(scenario.elective.per_day) * (by_day / by_day.mean())[days % 7]
        # Lists are planned: so many each day as the week says, the odd one by chance.
        counts = np.floor(expected + draw.random(len(days))).astype(int)
        planned_at = np.repeat(days + float(scenario.elective.hour) / 24, counts)
        planned_stay = _stays(scenario.elective.stay, chance(PLANNED_STAY), len(planned_at))
    shut_at = np.array([each[0] for each in closures])
    shut_for = np.array([each[1] for each in closures])
    parts = [(at, stay, WAITS), (planned_at, planned_stay, CANCELLED), (shut_at, shut_for, CLOSES)]
    all_at = np.concatenate([each[0] for each in parts])
    order = np.argsort(all_at, kind="stable")
    waits = np.concatenate(
        [delay if delay.size else np.zeros(len(at)), np.zeros(len(planned_at) + len(shut_at))]
    )
    kinds = np.concatenate([np.full(len(each[0]), each[2], np.int8) for each in parts])
    return all_at[order], np.concatenate([each[1] for each in parts])[order], waits[order], kinds[order]
