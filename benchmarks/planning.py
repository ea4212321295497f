"""One ward of 345 beds by ours and by SimPy, on one core and two; and one board's choice among 180 schemes."""

import random
from concurrent.futures import ThreadPoolExecutor
from statistics import median
from time import process_time
from typing import Any

import numpy as np

from benchmarks.measuring import Figure, once, seconds
from carepool.capacity.portfolio import Candidate, Choice, Limits, choose
from carepool.capacity.scenario import Scenario, read_scenarios
from carepool.engines import beds as beds_engine
from carepool.engines.beds import FIGURES, simulate
from carepool.engines.programmes import solve
from carepool.engines.ward import ward as compiled

WARD = """
beds: 345
arrivals_per_day: 66
stay: {distribution: lognormal, mean_days: 5, cv: 1}
warmup_days: 60
days: 365
replications: 200
"""
RUNS, PAIRS = 3, 7
TIMES_SIMPY = 100
A_C_ENGINE = 60
"""Replications a second of one core by a simulator in C (cimba), as it was measured once on this ward."""


def measure() -> list[Figure]:
    """The figures."""
    found, _ = read_scenarios("ward.yaml", WARD.encode())
    (ward,) = found.values()
    number = int(ward.replications)
    simulate(ward, 1)
    one = number / seconds(lambda: simulate(ward, 1), RUNS, process_time)
    gains, gives = _two_beside_one(ward)
    theirs = 1 / once(lambda: _simpy(ward), process_time)
    offered, limits = _schemes()
    picked = choose(offered, limits, solve)
    assert isinstance(picked, Choice)
    assert picked.proven
    proof = seconds(lambda: choose(offered, limits, solve), RUNS)
    return [
        Figure("Beds: replications a second of one core", one, "a second", RUNS, least=TIMES_SIMPY * theirs, peer=theirs, note="425 days of 345 beds, beside SimPy"),
        Figure("Beds: the same, beside a C engine", one, "a second", RUNS, least=4 * A_C_ENGINE, note="four times what cimba did once"),
        Figure("Beds: two threads beside one", gains, "times", PAIRS, least=1.7, peer=gives, note="beside what the machine gives two threads that share no lock"),
        Figure("Choosing among 180 schemes, proven", proof, "s", RUNS, bound=1.0, note=f"{len(picked.chosen)} chosen"),
    ]  # fmt: skip


def _two_beside_one(ward: Scenario) -> tuple[float, float]:
    """How many times quicker two threads are: of ours, and of work that shares no lock.

    Both do the same replications, warm, in turn and turn about, so that what else the machine does meets all alike.
    """
    works = [lambda: simulate(ward, 1), lambda: simulate(ward, 1, threads=2), lambda: _lockless(ward, 1), lambda: _lockless(ward, 2)]  # fmt: skip
    for work in works:
        work()
    times = [[once(work) for work in works] for _ in range(PAIRS)]
    return median(one / two for one, two, _, _ in times), median(one / two for _, _, one, two in times)


def _lockless(scenario: Scenario, threads: int) -> None:
    """As many replications of the compiled ward alone, which holds no lock: what the machine gives so many threads now."""
    drawn: list[tuple[Any, ...]] = []
    beds_engine._people(scenario)(1, 0, lambda *people: drawn.append(people[:-1]), np.zeros(len(FIGURES)))

    def run(number: int) -> None:
        out = np.zeros(len(FIGURES))
        for _ in range(number):
            compiled(*drawn[0], out)

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(run, [int(scenario.replications) // threads] * threads))


def _simpy(ward: Scenario) -> None:
    """One replication of the ward by SimPy."""
    import math

    import simpy

    chance, waits = random.Random(1), []
    world = simpy.Environment()
    beds = simpy.Resource(world, capacity=int(ward.beds))
    spread = math.log(1 + float(ward.stay.cv) ** 2)
    middle = math.log(float(ward.stay.mean_days)) - spread / 2

    def person():
        came = world.now
        with beds.request() as bed:
            yield bed
            waits.append(world.now - came)
            yield world.timeout(chance.lognormvariate(middle, math.sqrt(spread)))

    def door():
        while True:
            yield world.timeout(chance.expovariate(float(ward.arrivals_per_day)))
            world.process(person())

    world.process(door())
    world.run(until=float(ward.warmup_days + ward.days))


def _schemes() -> tuple[list[Candidate], Limits]:
    """A board's 180 schemes with sources, protections, exclusions, prerequisites and shared benefits, by chance."""
    chance = random.Random(3)
    offered = []
    for n in range(180):
        cost = chance.randint(10**6, 10**8)
        benefit = cost / 1e5 * chance.uniform(0.5, 2)
        offered.append(
            Candidate(
                f"s{n}", cost, benefit, benefit * 0.7, chance.choice("abc"), cost // chance.choice((1, 2, 4)), 0, chance.random(),
                excludes=(f"s{n - 1}",) if n % 10 == 5 else (), requires=(f"s{n - 2}",) if n % 10 == 7 else (),
                overlaps={f"s{n - 3}": 0.3} if n % 6 == 4 else None,
            )
        )  # fmt: skip
    return offered, Limits(3 * 10**9, {"a": 8 * 10**8}, social_care_least=9 * 10**8, risk_most=0.45)
