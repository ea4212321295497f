"""Limits of directly standardised rates, by Dobson's method about Byar's for the count (Dobson and others, Statistics in Medicine 1991)."""

from math import sqrt

Z = 1.959963984540054


def byar(number: int) -> tuple[float, float]:
    """95% limits of a count."""
    if number == 0:
        return 0.0, 3.6888794541139363  # the exact limit, where Byar's says too little
    low = number * (1 - 1 / (9 * number) - Z / (3 * sqrt(number))) ** 3
    above = number + 1
    return low, above * (1 - 1 / (9 * above) + Z / (3 * sqrt(above))) ** 3


def limits_of(number: int, rate: float, variance: float) -> tuple[float, float]:
    """95% limits of a standardised rate of so many events with the variance given; of no events, the rate alone."""
    if number == 0:
        return rate, rate
    low, high = byar(number)
    scale = sqrt(variance / number)
    return max(0.0, rate + scale * (low - number)), rate + scale * (high - number)
