"""Money is a whole number of pence, and a share of it is exact: the parts always add to the whole."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

Pence = int
"""An amount in whole pence. Never a float, never pounds."""


def pence_from_pounds(pounds: Decimal) -> Pence:
    """The pence in an amount of pounds, which must be a whole number of pence (ValueError if not)."""
    pence = pounds * 100
    if pence != pence.to_integral_value():
        raise ValueError(f"{pounds} pounds is not a whole number of pence")
    return int(pence)


def round_half_up(amount: Decimal, places: int = 0) -> Decimal:
    """The amount to so many decimal places, a half going away from zero (2.5 is 3, 0.05 is 0.1)."""
    if not places:
        return amount.to_integral_value(rounding=ROUND_HALF_UP)
    return amount.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def share(total: Pence, weights: Mapping[str, int]) -> dict[str, Pence]:
    """Divide an amount in proportion to whole-number weights, by largest remainder.

    Each part is the exact share rounded down; the pence left over go one each to the largest
    remainders, ties by code. The parts add to the total, also when it is negative. With no weight
    above zero there is nothing to go by: ValueError, as for a negative weight.
    """
    whole = sum(weights.values())
    if whole <= 0 or min(weights.values()) < 0:
        raise ValueError("a share needs weights of zero or more, at least one of them above zero")
    sign, amount = (-1, -total) if total < 0 else (1, total)
    parts: dict[str, Pence] = {}
    remainders: list[tuple[int, str]] = []
    for code, weight in weights.items():
        part, remainder = divmod(amount * weight, whole)
        parts[code] = part
        remainders.append((-remainder, code))
    remainders.sort()
    for _, code in remainders[: amount - sum(parts.values())]:
        parts[code] += 1
    return parts if sign > 0 else {code: -part for code, part in parts.items()}


def in_pounds(pence: Pence) -> str:
    """The amount as people write it: ``£1,240,000``, with the pence only where there are some."""
    sign, amount = ("−", -pence) if pence < 0 else ("", pence)
    pounds, rest = divmod(amount, 100)
    return f"{sign}£{pounds:,}.{rest:02}" if rest else f"{sign}£{pounds:,}"


def in_figures(number: int | Decimal) -> str:
    """A number as people write it: ``38,652``, ``38,652.4``, ``−112``; no decimals where they would be zero."""
    sign = "−" if number < 0 else ""
    size = abs(Decimal(number))
    whole = size == size.to_integral_value()
    return f"{sign}{int(size):,}" if whole else f"{sign}{size.normalize():,f}"
