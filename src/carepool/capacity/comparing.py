"""A trust as scenarios for the bed simulation: as it is, with the cut, and with whole wards closed besides."""

from dataclasses import dataclass
from decimal import Decimal

from carepool.basics.money import in_figures, round_half_up
from carepool.capacity.arithmetic import AtTrust
from carepool.capacity.scenario import Scenario

NOW, CUT, CLOSED = "As it is", "With the cut", "With the cut, and whole wards closed"
PLANNED_STAY = Decimal(3)
"""Days that a planned admission stays: those in the remainder are let in by lists of the day."""
WARM, DAYS = Decimal(30), Decimal(120)


@dataclass(frozen=True, slots=True)
class Shape:
    """How stays lie about their mean."""

    law: str = "lognormal"
    cv: Decimal = Decimal(1)
    """The standard deviation as a share of the mean; of a lognormal or gamma law alone."""


AS_USUAL = Shape()


def scenarios_of(found: AtTrust, replications: int, shape: Shape = AS_USUAL) -> dict[str, Scenario]:
    """The scenarios, each by its name, all with the same people at the door. One without beds left is not there."""
    beds = round_half_up(found.beds.available)
    planned = round_half_up(found.other_beds / PLANNED_STAY, 2)
    elective = {"per_day": f"{planned:f}", "stay": _stay(PLANNED_STAY, AS_USUAL)} if planned > 0 else None
    plain: dict[str, object] = {
        "arrivals_per_day": f"{round_half_up(found.admissions / found.days, 2):f}", "stay": _stay(found.assumed.stay_days, shape),
        "elective": elective, "warmup_days": f"{WARM:f}", "days": f"{DAYS:f}", "replications": str(replications),
    }  # fmt: skip
    fewer = {"fewer_arrivals": f"{found.cut / 100:f}"}
    made = {NOW: plain | {"beds": f"{beds:f}"}, CUT: plain | fewer | {"beds": f"{beds:f}"}}
    if 0 < found.closing < beds:
        made[CLOSED] = plain | fewer | {"beds": f"{round_half_up(beds - found.closing):f}"}
    return {name: Scenario.model_validate(each) for name, each in made.items()}


def _stay(mean: Decimal, shape: Shape) -> dict[str, str]:
    return {"distribution": shape.law, "mean_days": f"{mean:f}", "cv": f"{shape.cv:f}"}


def says_how(found: AtTrust, shape: Shape = AS_USUAL) -> str:
    """What the scenarios take for granted, in a sentence."""
    return (
        f"{in_figures(round_half_up(found.admissions / found.days, 1))} emergencies a day come evenly and stay {in_figures(found.assumed.stay_days)} days on average ({_in_words(shape)}); "
        f"the remainder of the beds in use is planned admissions of {in_figures(PLANNED_STAY)} days, which are cancelled where no bed is free. "
        f"{in_figures(DAYS)} days after {in_figures(WARM)} to fill the beds; seed 1."
    )


def _in_words(shape: Shape) -> str:
    return f"{shape.law}, spread {in_figures(shape.cv)} of the mean" if shape.law in {"lognormal", "gamma"} else shape.law  # fmt: skip
