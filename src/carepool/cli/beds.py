"""The command that simulates beds under a scenario, or several with the same people at the door."""

from collections.abc import Callable, Iterable, Mapping
from math import isfinite
from pathlib import Path
from typing import Annotated

import typer

from carepool.basics.findings import Finding, blocks
from carepool.capacity.queues import at_least, erlang_c, mean_wait_hours
from carepool.capacity.scenario import MOST_REPLICATIONS, Scenario, read_scenarios
from carepool.cli import texts
from carepool.cli.commands import Json, read_file, say
from carepool.cli.stays import fitter

NOT_BINDING = 1e-4
"""Where all beds are taken less often than this, they do not bind, and the law of as many beds as are needed is exact."""
WHOLE = 1000
"""From here on a figure is shown without a fraction."""
HEADINGS = {
    "occupancy": "Occupancy, share of open beds",
    "wait_hours": "Mean wait of emergencies, hours",
    "probability_of_waiting": "Share of emergencies that wait",
    "waiting_over_4_hours": "Share that waits over 4 hours",
    "longest_wait_hours": "Longest wait, hours",
    "people_waiting": "People waiting for a bed, on average",
    "days_above_threshold": "Days above the threshold",
    "beds_taken_at_midnight_05": "Beds taken at midnight, 5 days in 100 at most",
    "beds_taken_at_midnight_50": "Beds taken at midnight, half of the days at most",
    "beds_taken_at_midnight_95": "Beds taken at midnight, 95 days in 100 at most",
    "beds_of_delayed": "Beds taken by people who are ready to leave",
    "cancelled_electives": "Planned admissions cancelled",
    "admissions": "Admissions",
}


def add_beds(app: typer.Typer) -> None:
    """Add ``carepool beds``."""

    @app.command()
    def beds(
        file: Annotated[Path, typer.Argument(metavar="SCENARIO.yaml", help="One scenario, or several under scenarios:.")],
        seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same people at the door.")] = 1,
        replications: Annotated[int | None, typer.Option(help="Instead of those in the file.", min=2, max=MOST_REPLICATIONS)] = None,
        threads: Annotated[int, typer.Option(min=1, max=64, help="Threads to run on; the answer is the same.")] = 1,
        json: Json = False,
    ) -> None:  # fmt: skip
        """Simulate beds: who comes finds one, waits for one, or is cancelled; with 95% intervals over replications.

        Exit 1 when a scenario is one that no ward could be in, such as arrivals beyond its beds for ever.
        """
        scenarios, findings = read_scenarios(file.name, read_file(file), fitter(file.parent))
        if blocks(findings):
            say({"findings": [each.as_data() for each in findings]} if json else wrong(findings))
            raise typer.Exit(1)
        from carepool.engines.beds import import_or_say

        import_or_say()
        from carepool.capacity.outcomes import differences
        from carepool.engines.beds import simulate

        if replications:
            scenarios = {name: each.model_copy(update={"replications": replications}) for name, each in scenarios.items()}  # fmt: skip
        done = {name: simulate(each, seed, threads) for name, each in scenarios.items()}
        answers = {
            name: {
                "scenario": name, "seed": seed, "beds": found.beds, "load_beds": float(scenarios[name].load), "stay": _stay(scenarios[name]),
                **{figure: _estimate(each) for figure, each in found.estimates().items()},
                "replications": int(scenarios[name].replications),
                "replications_per_second": round(found.replications_per_second, 2),
                "law": law(scenarios[name]),
                "findings": [each.as_data() for each in findings],
            }
            for name, found in done.items()
        }  # fmt: skip
        if len(done) == 1:
            (answer,) = answers.values()
            say(answer if json else wrong(findings) + _text(answers))
            return
        first, *others = done
        against = {
            name: {figure: _estimate(each) for figure, each in differences(done[first], done[name]).items()}
            for name in others
        }
        together = {"seed": seed, "scenarios": answers, "first": first, "differences_from_first": against}
        say(together if json else wrong(findings) + _text(answers) + _differences(first, against))


def law(scenario: Scenario) -> dict[str, object] | None:
    """What the closed laws of queues say of a plain scenario; None where there is no law for it."""
    load, beds = float(scenario.load), int(scenario.beds)
    if not scenario.plain:
        return None
    full = at_least(load, beds)
    if full < NOT_BINDING:
        return {
            "says": "Beds do not bind: those taken follow the Poisson law, whatever the stays (M/G/infinity).",
            "occupancy": load / beds, "probability_of_waiting": full, "wait_hours": 0.0, "exact": True,
        }  # fmt: skip
    if scenario.stay.distribution == "exponential":
        return {
            "says": "Erlang's law of who waits (M/M/c), after it has run for ever.",
            "occupancy": load / beds, "probability_of_waiting": erlang_c(beds, load),
            "wait_hours": mean_wait_hours(beds, float(scenario.emergencies), float(scenario.stay.mean_days)), "exact": True,
        }  # fmt: skip
    return {"says": "Only how many beds are taken has a law here.", "occupancy": load / beds, "exact": False}


def _estimate(found: object) -> dict[str, float | None]:
    return {name: _number(getattr(found, name)) for name in ("mean", "lo95", "hi95")}


def _number(value: float) -> float | None:
    """A number that JSON has; None where there is none, such as the wait of nobody."""
    return float(f"{value:.8g}") if isfinite(value) else None


def _stay(scenario: Scenario) -> dict[str, object]:
    """The stay that was simulated, and what it was fitted to where it was."""
    stay = scenario.stay
    said: dict[str, object] = {"distribution": stay.distribution, "mean_days": float(stay.mean_days)}
    if stay.distribution in {"lognormal", "gamma"}:
        said["cv"] = float(stay.cv)
    return said | ({"fitted": stay.fitted} if stay.fitted else {})


def wrong(findings: Iterable[Finding]) -> str:
    """Each finding on a line."""
    return "".join(f"{each.says} {each.remedy}\n" for each in findings)


def _row(heading: str, each: Mapping[str, float | None]) -> tuple[str, ...]:
    return heading, *("none" if value is None else _shown(value) for value in each.values())


def _shown(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= WHOLE else f"{value:,.4g}"


def _table(figures: Callable[[str], object]) -> str:
    rows = [
        _row(heading, each) for name, heading in HEADINGS.items() if isinstance(each := figures(name), dict)
    ]
    return texts.table(("Figure", "Mean", "95% from", "to"), rows, (1, 2, 3))


def _text(answers: Mapping[str, Mapping[str, object]]) -> str:
    said = ""
    for name, answer in answers.items():
        said += (
            f"{name}: {answer['beds']} beds, {answer['replications']} replications, seed {answer['seed']}\n"
        )
        said += _table(answer.get)
        if isinstance(stay := answer["stay"], dict) and stay.get("fitted"):
            said += f"{stay['fitted']}\n"
        if isinstance(known := answer["law"], dict):
            said += f"{known['says']}\n"
        said += "\n"
    return said


def _differences(first: str, against: Mapping[str, Mapping[str, object]]) -> str:
    said = ""
    for name, figures in against.items():
        said += f"{name}, more than {first} by (the same people at the door):\n{_table(figures.get)}\n"
    return said
