"""Beds: what demand does to a ward, simulated, and held against the closed laws of queues and two other simulators.

``carepool beds SCENARIO.yaml --seed 1 --json`` gives each figure as a mean with its 95% interval over replications.
"""

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from carepool.capacity.queues import at_least, erlang_b, erlang_c, mean_wait_hours
from carepool.capacity.scenario import Scenario, read_scenarios
from carepool.wiring.main import main

TITLE = "Beds"
PLAIN = """
beds: {beds}
arrivals_per_day: {arrivals}
stay: {{distribution: {distribution}, mean_days: {mean}{more}}}
warmup_days: 60
days: {days}
replications: {replications}
"""


def scenario(beds: int = 12, arrivals: str = "5", distribution: str = "exponential", mean: str = "2", more: str = "", days: int = 365, replications: int = 200, then: str = "") -> Scenario:  # fmt: skip
    text = PLAIN.format(beds=beds, arrivals=arrivals, distribution=distribution, mean=mean, more=more, days=days, replications=replications)  # fmt: skip
    found, findings = read_scenarios("s.yaml", (text + then).encode())
    assert not findings, findings
    return found["Beds"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("beds: 0", "Scenario “Beds”: it has no beds."),
        ("arrivals_per_day: 0", "Scenario “Beds”: nobody arrives."),
        ("beds: 10", "it is unstable: those who wait need 10.0 beds on average and there are 10, so the queue grows for ever"),
        ("stay: {distribution: fixed, mean_days: 0}", "“stay.mean_days”: 0 cannot be meant"),
        ("days: 36500\narrivals_per_day: 100000\nbeds: 100000\nstay: {distribution: fixed, mean_days: 0.5}", "at most 20,000,000 fit"),
        ("beds: many", "“beds”: is not a number"),
        ("bed: 5", "has an unknown key “bed”"),
        ("by_hour_of_week: [1, 2]", "“by_hour_of_week” has 2 weights and needs 168"),
        ("closures: [{from_day: 9, to_day: 9, beds: 1}]", "to_day must be after from_day"),
        ("closures: [{from_day: 9, to_day: 20, beds: 7}, {from_day: 12, to_day: 14, beds: 6}]", "its closures close 13 beds at once and it has 12"),
        ("stay: 5", "“stay” is one value, where keys with values belong"),
        ("stay: {file: stays.csv}", "names no file of stays that can be read here"),
        ("discharge: {weekend_share: 0, from_hour: 8, to_hour: 12}\nbeds: 13", "so the queue may grow for ever"),
    ],
)  # fmt: skip
def test_what_no_ward_could_be_is_a_plain_finding(text: str, says: str) -> None:
    """One sentence for each, with what to do."""
    keys = {line.split(":")[0] for line in text.splitlines()}
    plain = PLAIN.format(
        beds=12, arrivals=5, distribution="exponential", mean=2, more="", days=365, replications=2
    )
    kept = [line for line in plain.splitlines() if line.split(":")[0] not in keys]
    found, findings = read_scenarios("s.yaml", "\n".join([*kept, text]).encode())
    assert any(says in each.says for each in findings), findings
    assert all(each.remedy for each in findings)
    assert len(findings) == 1
    assert found or findings


def test_beds_that_are_needed_hold_those_who_may_not_leave_yet() -> None:
    """Ready evenly over the week: let go from noon, and a weekend that lets nobody go."""
    noon = scenario(then="discharge: {from_hour: 12, to_hour: 24}\n").discharge
    assert noon.held_days == Decimal("0.125")  # half of all wait six hours on average
    weekend = scenario(then="discharge: {weekend_share: 0}\n").discharge
    # Of a seventh each, those of Saturday wait 1.5 days on average and those of Sunday half a day.
    assert float(weekend.held_days) == pytest.approx(2 / 7)
    assert float(scenario(then="discharge: {weekend_share: 0}\n").load) == pytest.approx(5 * (2 + 2 / 7))


def test_replications_that_give_no_interval_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    """One has no spread, and fewer than none are none."""
    path = tmp_path / "s.yaml"
    path.write_text(PLAIN.format(beds=12, arrivals=5, distribution="fixed", mean=2, more="", days=9, replications=2))  # fmt: skip
    for number in ("1", "-5"):
        with pytest.raises(SystemExit) as left:
            main(["beds", str(path), "--replications", number])
        assert left.value.code == 2
        assert "greater than or equal to 2" in capsys.readouterr().err


def test_closed_laws_are_those_of_the_books() -> None:
    """Erlang's tables: ten servers offered 5 erlangs lose 1.84%, and let 3.61% wait."""
    assert erlang_b(10, 5) == pytest.approx(0.018385, abs=1e-6)
    assert erlang_c(10, 5) == pytest.approx(0.036105, abs=1e-6)
    assert mean_wait_hours(1, 0.5, 1) == pytest.approx(24)
    assert mean_wait_hours(2, 3, 1) == float("inf")
    assert at_least(5, 0) == 1
    assert at_least(2, 1) == pytest.approx(1 - 0.1353352832)


@pytest.mark.slow
def test_who_waits_and_how_long_is_as_erlang_says() -> None:
    """M/M/c, beds that bind: occupancy, share that waits and mean wait lie in their intervals or beside them."""
    from carepool.engines.beds import simulate

    found = simulate(scenario(replications=1000), 1).estimates()
    assert found["occupancy"].mean == pytest.approx(10 / 12, abs=0.004)
    assert found["probability_of_waiting"].mean == pytest.approx(erlang_c(12, 10), abs=0.012)
    assert found["wait_hours"].mean == pytest.approx(mean_wait_hours(12, 5, 2), abs=0.8)
    # Little's law: those who wait are arrivals by the wait of each.
    assert found["people_waiting"].mean == pytest.approx(5 * found["wait_hours"].mean / 24, rel=0.02)
    for each in found.values():
        assert each.lo95 <= each.mean <= each.hi95


@pytest.mark.slow
@pytest.mark.parametrize(
    ("distribution", "more"),
    [("lognormal", ", cv: 1.5"), ("gamma", ", cv: 0.5"), ("fixed", ""), ("exponential", "")],
)
def test_where_beds_do_not_bind_nobody_waits_whatever_the_stays(distribution: str, more: str) -> None:
    """M/G/infinity: those taken follow Poisson's law with the mean of arrivals by stay."""
    from carepool.engines.beds import simulate

    found = simulate(scenario(60, "5", distribution, "4", more), 2).estimates()
    assert found["wait_hours"].mean == 0
    assert found["occupancy"].mean == pytest.approx(20 / 60, rel=0.02)
    # The number that 95 midnights in 100 have at most, of a Poisson law with mean 20, is 28.
    assert 25 <= found["beds_taken_at_midnight_95"].mean <= 29
    assert 11 <= found["beds_taken_at_midnight_05"].mean <= 15
    assert found["beds_taken_at_midnight_50"].mean == pytest.approx(20, abs=1)


@pytest.mark.slow
def test_planned_admissions_that_find_no_bed_are_lost_as_erlang_says() -> None:
    """All planned, spread over the day by nothing but lists: a ward of one bed and a list of one loses nobody to itself."""
    from carepool.engines.beds import simulate

    alone = scenario(
        1, "0", then="elective: {per_day: 1, stay: {distribution: fixed, mean_days: 0.5}}\n", replications=5
    )
    found = simulate(alone, 3).estimates()
    assert found["cancelled_electives"].mean == 0
    assert found["admissions"].mean == 365
    full = scenario(1, "0", then="elective: {per_day: 2, stay: {distribution: fixed, mean_days: 0.5}}\n", replications=5)  # fmt: skip
    assert simulate(full, 3).estimates()["cancelled_electives"].mean == 365


@pytest.mark.slow
def test_delays_weekends_and_closures_take_beds() -> None:
    """A tenth delayed five days is half a bed for each admission a day; a closed bed is not open; five-day working holds people."""
    from carepool.engines.beds import simulate

    delayed = simulate(
        scenario(60, "10", mean="3", then="delay: {share: 0.1, mean_days: 5}\n"), 4
    ).estimates()
    assert delayed["beds_of_delayed"].mean == pytest.approx(5, rel=0.05)
    weekend = "discharge: {weekend_share: 0.2, from_hour: 8, to_hour: 18}\n"
    seven = simulate(scenario(60, "10", mean="3"), 4).estimates()["occupancy"].mean
    five = simulate(scenario(60, "10", mean="3", then=weekend), 4).estimates()["occupancy"].mean
    assert five > seven + 0.05
    shut = simulate(scenario(60, "10", mean="3", then="closures: [{from_day: 60, to_day: 425, beds: 30}]\n"), 4).estimates()  # fmt: skip
    assert shut["occupancy"].mean == pytest.approx(2 * seven, rel=0.05)


@pytest.mark.slow
def test_the_same_seed_gives_the_same_answer_on_any_number_of_threads() -> None:
    """And another seed another one."""
    from carepool.engines.beds import simulate

    plain = scenario(replications=40)
    one, two, other = simulate(plain, 1), simulate(plain, 1, threads=2), simulate(plain, 2)
    assert all((one.figures[name] == two.figures[name]).all() for name in one.figures)
    assert (one.figures["wait_hours"] != other.figures["wait_hours"]).any()


@pytest.mark.slow
def test_scenarios_of_one_seed_have_the_same_people_at_the_door(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    """So a difference is far surer than either: its interval is narrower than both."""
    path = tmp_path / "s.yaml"
    one = "  {name}: {{beds: 40, arrivals_per_day: 9, fewer_arrivals: {fewer}, stay: {{distribution: lognormal, mean_days: 4}}, days: 365, replications: 60}}\n"
    path.write_text(
        "scenarios:\n" + one.format(name="now", fewer=0) + one.format(name="fewer", fewer="0.035")
    )
    with pytest.raises(SystemExit) as left:
        main(["beds", str(path), "--seed", "5", "--json"])
    assert left.value.code == 0
    found = json.loads(capsys.readouterr().out)
    change = found["differences_from_first"]["fewer"]["occupancy"]
    alone = found["scenarios"]["now"]["occupancy"]
    assert change["hi95"] < 0
    assert change["hi95"] - change["lo95"] < (alone["hi95"] - alone["lo95"]) / 1.5


def simpy_waits(seed: int) -> tuple[float, float]:
    """Mean wait in hours and share that waits, by SimPy, of the ward below."""
    import random

    import simpy

    chance, waits = random.Random(seed), []
    world = simpy.Environment()
    beds = simpy.Resource(world, capacity=12)

    def person():  # type: ignore[no-untyped-def]
        came = world.now
        with beds.request() as bed:
            yield bed
            if came >= 60:
                waits.append(world.now - came)
            yield world.timeout(chance.expovariate(1 / 2))

    def door():  # type: ignore[no-untyped-def]
        while True:
            yield world.timeout(chance.expovariate(5))
            world.process(person())

    world.process(door())
    world.run(until=1060)
    return 24 * sum(waits) / len(waits), sum(wait > 1e-12 for wait in waits) / len(waits)


def ciw_waits(seed: int) -> tuple[float, float]:
    """The same by Ciw."""
    import ciw

    ciw.seed(seed)
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(rate=5)],
        service_distributions=[ciw.dists.Exponential(rate=0.5)],
        number_of_servers=[12],
    )
    world = ciw.Simulation(network)
    world.simulate_until_max_time(1060)
    waits = [each.waiting_time for each in world.get_all_records() if each.arrival_date >= 60]
    return 24 * sum(waits) / len(waits), sum(wait > 1e-12 for wait in waits) / len(waits)


@pytest.mark.slow
@pytest.mark.parametrize("theirs", [simpy_waits, ciw_waits])
def test_other_simulators_say_the_same(theirs: Callable[[int], tuple[float, float]]) -> None:
    """Ten runs of theirs, of 1,000 days, lie about our interval."""
    from carepool.engines.beds import simulate

    ours = simulate(scenario(days=1000, replications=300), 6).estimates()
    runs = [theirs(seed) for seed in range(10)]
    wait, share = (sum(each[n] for each in runs) / len(runs) for n in range(2))
    assert wait == pytest.approx(ours["wait_hours"].mean, rel=0.12)
    assert share == pytest.approx(ours["probability_of_waiting"].mean, rel=0.06)


def test_an_unstable_ward_leaves_with_1_and_one_finding(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In JSON too."""
    path = tmp_path / "s.yaml"
    path.write_text(
        PLAIN.format(beds=9, arrivals=5, distribution="fixed", mean=2, more="", days=9, replications=2)
    )
    with pytest.raises(SystemExit) as left:
        main(["beds", str(path), "--json"])
    assert left.value.code == 1
    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    assert "unstable" in finding["says"]
