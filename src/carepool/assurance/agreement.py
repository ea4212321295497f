"""How far two reviewers agree: the part of answers that are the same, and Cohen's kappa with quadratic weights.

    w(i, j)    = (i − j)² / (k − 1)²       how far two answers on an ordered scale of k are apart, nought to one
    observed   = the mean of w over the pairs of answers
    expected   = the mean of w over every pair of one reviewer's answer with one of the other's: what chance would give
    kappa      = 1 − observed / expected

One is agreement throughout, nought is what chance would give, below it is less than that. Where both give one and the same
answer throughout there is nothing to go by: kappa is not defined. Everything is exact until it is shown.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from carepool.basics.workings import Step, Working

Pair = tuple[int, int]
"""The places of both reviewers' answers on the scale, the best being nought."""
PLACES = 3


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two reviewers agree over a number of answers."""

    answers: int
    same: int
    observed: Fraction
    expected: Fraction

    @property
    def raw(self) -> Decimal | None:
        """The part of answers that are the same, in per cent to one place; None without an answer."""
        return _decimal(Fraction(self.same * 100, self.answers), 1) if self.answers else None

    @property
    def kappa(self) -> Decimal | None:
        """Weighted kappa to three places; None where chance would agree throughout, or without an answer."""
        exact = self.exact
        return None if exact is None else _decimal(exact, PLACES)

    @property
    def exact(self) -> Fraction | None:
        """Weighted kappa as it is."""
        return 1 - self.observed / self.expected if self.expected else None


def agreement(pairs: Iterable[Pair], levels: int) -> Agreement:
    """How far pairs of answers on an ordered scale of so many levels agree. ValueError for a scale of one, or a place off it."""
    held = tuple(pairs)
    if levels < 2 or any(not 0 <= place < levels for pair in held for place in pair):
        raise ValueError("answers are compared on a scale of two levels or more, by places on it")
    if not held:
        return Agreement(0, 0, Fraction(0), Fraction(0))
    number, widest = len(held), (levels - 1) ** 2
    ours, theirs = Counter(one for one, _ in held), Counter(other for _, other in held)
    observed = sum((one - other) ** 2 for one, other in held)
    expected = sum(
        (one - other) ** 2 * many * more for one, many in ours.items() for other, more in theirs.items()
    )
    return Agreement(
        number,
        sum(one == other for one, other in held),
        Fraction(observed, number * widest),
        Fraction(expected, number * number * widest),
    )


def explain(found: Agreement, source: str) -> Working:
    """The working of a kappa: ``source`` names the reviews that it is from."""
    steps = [
        Step("Answers that both reviewers gave", found.answers, "answers", source=source),
        Step("Of them the same", found.same, "answers", source=source),
    ]
    if found.answers:
        steps += [
            Step("The same, in per cent", found.raw, "%", f"{found.same} ÷ {found.answers} × 100"),
            Step("How far apart they are on average", _decimal(found.observed, PLACES), "", "the square of the steps between two answers, as a part of the widest, averaged"),
            Step("How far apart chance would have them", _decimal(found.expected, PLACES), "", "the same over every pair of one reviewer's answer with one of the other's"),
        ]  # fmt: skip
    how = "1 − apart ÷ apart by chance" if found.expected else "not defined: chance would agree throughout"
    steps.append(Step("Weighted kappa", found.kappa, "", how, "Cohen's kappa with quadratic weights"))
    return Working("Agreement of the reviewers", found.kappa, "", tuple(steps))


def _decimal(exact: Fraction, places: int) -> Decimal:
    """A fraction rounded half away from zero, without passing through a binary one."""
    scaled = exact * 10**places
    whole, rest = divmod(abs(scaled.numerator), scaled.denominator)
    whole += 2 * rest >= scaled.denominator
    return Decimal(whole if scaled >= 0 else -whole).scaleb(-places)
