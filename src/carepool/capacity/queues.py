"""The closed laws of queues: what a simulation must agree with, and the exact answer where beds do not bind.

A. K. Erlang, “Solution of some problems in the theory of probabilities of significance in automatic telephone exchanges” (1917);
C. Palm and others for the infinite-server law, which holds for stays of any distribution.
"""

from math import ceil, exp, lgamma, log, sqrt

HOURS = 24


def erlang_b(servers: int, load: float) -> float:
    """The share that finds all servers taken and goes away: M/G/c/c. ``load`` is arrivals by mean stay."""
    blocked = 1.0
    for number in range(1, servers + 1):
        blocked = load * blocked / (number + load * blocked)
    return blocked


def erlang_c(servers: int, load: float) -> float:
    """The share that waits: M/M/c. 1 where the load is more than the servers."""
    if load >= servers:
        return 1.0
    blocked = erlang_b(servers, load)
    return servers * blocked / (servers - load * (1 - blocked))


def mean_wait_hours(servers: int, arrivals_per_day: float, mean_days: float) -> float:
    """The mean wait of all who come, in hours: M/M/c. Infinite where the load is more than the servers."""
    load = arrivals_per_day * mean_days
    if load >= servers:
        return float("inf")
    return erlang_c(servers, load) * mean_days / (servers - load) * HOURS


def at_least(load: float, beds: int) -> float:
    """The share of time in which so many beds or more are taken where there are always enough: M/G/infinity, a Poisson law."""
    if beds <= 0:
        return 1.0
    if load <= 0:
        return 0.0
    total, number = 0.0, beds
    far = ceil(load + 40 * sqrt(load) + 40)
    while number <= max(far, beds + 40):
        total += exp(number * log(load) - load - lgamma(number + 1))
        number += 1
    return min(total, 1.0)
