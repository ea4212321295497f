"""The scenarios of a trust, simulated with the same people at the door, where the program for it is installed."""

from dataclasses import dataclass
from importlib.util import find_spec

from carepool.basics.findings import blocks
from carepool.capacity.arithmetic import AtTrust
from carepool.capacity.comparing import AS_USUAL, Shape, says_how, scenarios_of
from carepool.capacity.scenario import possible

REPLICATIONS = 8
"""Enough to see a difference of the same people, and few enough for a page."""
SEED = 1
MISSING = "Simulating beds needs more than this service has installed: the extra “planning”. The arithmetic above needs nothing."
FIGURES = (
    ("occupancy", "Occupancy", 100.0, "%"),
    ("days_above_threshold", "Days above 92%", 1.0, ""),
    ("wait_hours", "Mean wait, hours", 1.0, ""),
    ("cancelled_electives", "Planned admissions cancelled", 1.0, ""),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page shows of it: rows, or why there are none."""

    says: str
    rows: tuple[tuple[str, ...], ...] = ()
    differences: tuple[tuple[str, ...], ...] = ()


def simulated(found: AtTrust, shape: Shape = AS_USUAL) -> Shown:
    """Each scenario with its 95% intervals, and by how much each differs from the first."""
    if find_spec("numba") is None or find_spec("scipy") is None:
        return Shown(MISSING)
    scenarios = scenarios_of(found, REPLICATIONS, shape)
    for name, each in scenarios.items():
        wrong = possible(name, each)
        if blocks(wrong):
            return Shown(f"{wrong[0].says} {wrong[0].remedy}")
    from carepool.capacity.outcomes import differences
    from carepool.engines.beds import simulate

    done = {name: simulate(each, SEED) for name, each in scenarios.items()}
    first, *others = done
    rows = tuple(
        (name, str(int(scenarios[name].beds)), *(_interval(each.estimates()[figure], by, unit) for figure, _, by, unit in FIGURES))
        for name, each in done.items()
    )  # fmt: skip
    against = tuple(
        (name, *(_interval(differences(done[first], done[name])[figure], by, unit) for figure, _, by, unit in FIGURES))
        for name in others
    )  # fmt: skip
    return Shown(f"{says_how(found, shape)} {REPLICATIONS} replications, with 95% intervals.", rows, against)


def _interval(found: object, by: float, unit: str) -> str:
    mean, low, high = (getattr(found, name) * by for name in ("mean", "lo95", "hi95"))
    if mean != mean:  # no such figure: nobody waited
        return "None"
    return f"{mean:,.1f}{unit} ({low:,.1f} to {high:,.1f})".replace("-", "−")
