"""The 95% limits of a count, of a rate and of a part of some people, and the functions that they are made of."""

from dataclasses import dataclass
from functools import lru_cache
from math import erf, exp, lgamma, log, sqrt

Z95 = 1.959963984540054
"""The point of the normal distribution that one in twenty lies beyond, on either side together."""
EXACT_BELOW = 10
"""Counts below it have exact limits; from it on Byar's are as good and also hold for fractions of an event."""
STEPS = 500


@dataclass(frozen=True, slots=True)
class Limits:
    """The least and the greatest that a value may really be, and how they were found."""

    low: float
    high: float
    method: str


def of_count(count: float, z: float = Z95) -> Limits:
    """The limits of a count of events that come one by one: exact (Garwood) for a whole count below ten, else Byar's.

    Byar's approximation as in Breslow and Day, Statistical Methods in Cancer Research II (1987), and in the technical
    guides of the public health observatories. A count shared out to boards is no whole number; Byar's holds for it.
    """
    if count < 0:
        raise ValueError("a count is zero or more")
    if count < EXACT_BELOW and count == int(count):
        tail = 1 - normal(z)
        low = gamma_quantile(count, tail) if count else 0.0
        return Limits(low, gamma_quantile(count + 1, 1 - tail), "exact Poisson")
    return Limits(byar(count, z, -1), byar(count + 1, z, 1), "Byar")


def byar(count: float, z: float, sign: int) -> float:
    """One of Byar's limits: of the count itself below, of one more above."""
    if count <= 0:
        return 0.0
    return float(max(0.0, count * (1 - 1 / (9 * count) + sign * z / (3 * sqrt(count))) ** 3))


def of_part(part: float, whole: float, z: float = Z95) -> Limits:
    """Wilson's limits of a proportion, between 0 and 1."""
    if whole <= 0 or not 0 <= part <= whole:
        raise ValueError("a proportion is a part of more than nobody")
    middle = part / whole
    spread = z * sqrt(middle * (1 - middle) / whole + z * z / (4 * whole * whole))
    below = 1 + z * z / whole
    centre = middle + z * z / (2 * whole)
    return Limits(max(0.0, (centre - spread) / below), min(1.0, (centre + spread) / below), "Wilson")


def normal(z: float) -> float:
    """The part of the normal distribution below a point."""
    return 0.5 * (1 + erf(z / sqrt(2)))


@lru_cache(maxsize=64)
def normal_quantile(part: float) -> float:
    """The point of the normal distribution that a part lies below, by halving."""
    low, high = -40.0, 40.0
    for _ in range(STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if normal(middle) < part else (low, middle)
    return (low + high) / 2


def gamma_below(shape: float, x: float) -> float:
    """The regularised lower incomplete gamma function: by its series near zero, by its continued fraction beyond."""
    if x <= 0:
        return 0.0
    front = exp(shape * log(x) - x - lgamma(shape))
    if x < shape + 1:
        term = total = 1 / shape
        for step in range(1, STEPS):
            term *= x / (shape + step)
            total += term
            if term < total * 1e-16:
                break
        return front * total
    tiny = 1e-300
    b = x + 1 - shape
    c, d = 1 / tiny, 1 / b
    fraction = d
    for step in range(1, STEPS):
        a = -step * (step - shape)
        b += 2
        d = 1 / (a * d + b or tiny)
        c = b + a / c or tiny
        fraction *= c * d
        if abs(c * d - 1) < 1e-16:
            break
    return 1 - front * fraction


def gamma_quantile(shape: float, part: float) -> float:
    """The point of a gamma distribution (scale 1) that a part lies below, by halving."""
    low, high = 0.0, shape + 50 * sqrt(shape) + 50
    for _ in range(STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if gamma_below(shape, middle) < part else (low, middle)
        if high - low < 1e-12 * max(1.0, high):
            break
    return (low + high) / 2
