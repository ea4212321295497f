"""Performance money in parts: each part is shared among its tests by weight, and a test earns what it is worth when passed.

A test is a condition that is met, or a metric whose plan is delivered. Of a metric with baseline b, plan t and outturn a

    delivered = (b - a) / (b - t), nothing below zero and the whole at most, whichever way is better

and it falls short where less than so many per cent of the ambition are delivered. The board's money is shared among the
parts, and a part among its tests, by largest remainder. What is never earned stays with the CCGs.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Literal, NamedTuple

from carepool.basics.money import Pence, share
from carepool.payment.release import Figures, split

WHOLE = Fraction(1)
NONE = Fraction(0)


class Outcome(StrEnum):
    """What a test came to."""

    PASSED = "passed"
    SHORT = "short"
    """A metric below the part of its ambition that asks for a recovery plan."""
    NOT_MET = "not met"
    UNKNOWN = "not known"


@dataclass(frozen=True, slots=True)
class Criterion:
    """What a part of the money depends on."""

    kind: Literal["condition", "metric"]
    id: str
    weight: Decimal
    better: Literal["lower", "higher"] | None = None
    """Which way a metric is better; None lets the plan say so, which goes one way from its baseline."""
    window: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the money."""

    name: str
    says: str
    weight: Pence
    """The nation's pounds for it, by which a board's money is shared among the parts."""
    tests: tuple[Criterion, ...]
    together: bool = False
    """Whether it is earned only where every test is passed, and then whole."""


@dataclass(frozen=True, slots=True)
class TrancheTerms:
    """What the rules lay down."""

    parts: tuple[Part, ...]
    partly: Literal["whole", "share"] = "whole"
    """What a metric delivered in part earns where it does not fall short: the whole, or the part delivered."""
    recovery_below: Decimal | None = None
    """Per cent of an ambition below which a metric earns nothing and a recovery plan may be asked; None where no rule says so."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen of one test; None is not known yet."""

    met: bool | None = None
    baseline: Decimal | None = None
    planned: Decimal | None = None
    actual: Decimal | None = None
    better: Literal["lower", "higher"] | None = None
    """Which way is better in the measure that was chosen, where its file says so."""


class Amounts(NamedTuple):
    """What a test is worth, by what becomes of it, in pence."""

    earned: Pence = 0
    to_recovery: Pence = 0
    """Not earned, and spent on the recovery plan or on the contingency that was agreed."""
    kept: Pence = 0
    """Not earned, and kept by the CCGs."""
    open: Pence = 0
    """Still at stake: nothing is known of it yet."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One test of a statement; its amounts add to what it is worth."""

    test: Criterion
    seen: Seen
    worth: Pence
    outcome: Outcome
    delivered: Fraction | None
    amounts: Amounts = field(default_factory=Amounts)


@dataclass(frozen=True, slots=True)
class PartPaid:
    """One part of a statement."""

    part: Part
    fund: Pence
    tests: tuple[Judged, ...]

    @property
    def paid(self) -> Pence:
        """What it earned."""
        return sum(each.amounts.earned for each in self.tests)


@dataclass(frozen=True, slots=True)
class TrancheStatement:
    """What one board's tests put at stake and what they earned."""

    board: str
    terms: TrancheTerms
    money: Figures
    parts: tuple[PartPaid, ...]
    to_recovery: Pence
    """Of what is withheld, what is spent on a recovery plan or the contingency."""
    by_ccg: Mapping[str, Figures]
    hypothetical: bool = False
    """Whether its measures and weights are the asker's own, and no rule's."""
    whatever_comes: bool = False
    """Whether all is paid whatever the performance."""

    @property
    def short(self) -> tuple[Judged, ...]:
        """The metrics that fall short, for which a recovery plan may be asked."""
        return tuple(each for part in self.parts for each in part.tests if each.outcome is Outcome.SHORT)


Reads = Mapping[tuple[str, str], Seen]
"""What was seen, by part and test; a test that is not there is not known."""
_Pays = Callable[[TrancheTerms, Part, Sequence[Judged]], list[Amounts]]


def passed_tests(
    board: str,
    terms: TrancheTerms,
    seen: Reads,
    people_by_ccg: Mapping[str, int],
    share_of_performance: Pence,
) -> TrancheStatement:
    """The statement of one board where a part is earned by the tests that are passed."""
    return _statement(board, terms, seen, people_by_ccg, share_of_performance, _by_what_is_passed)


def nothing_withheld(
    board: str,
    terms: TrancheTerms,
    seen: Reads,
    people_by_ccg: Mapping[str, int],
    share_of_performance: Pence,
) -> TrancheStatement:
    """The statement of one board where all is paid whatever the performance; what falls short is told all the same."""
    found = _statement(board, terms, seen, people_by_ccg, share_of_performance, _all_of_it)
    return replace(found, whatever_comes=True)


def own_measures(
    board: str,
    terms: TrancheTerms,
    seen: Reads,
    people_by_ccg: Mapping[str, int],
    share_of_performance: Pence,
) -> TrancheStatement:
    """The statement of one board by measures and weights of the asker's own: no rule's, so it is hypothetical."""
    found = _statement(board, terms, seen, people_by_ccg, share_of_performance, _by_what_is_passed)
    return replace(found, hypothetical=True)


def paid_in_part(terms: TrancheTerms, part: Part, seen: Reads, worths: Iterable[Sequence[Pence]]) -> Pence:
    """What a part pays by what is passed, to all boards together, whose tests see the same: for asking much at once.

    ``worths`` are, for each board, what each test of the part is worth to it.
    """
    once = [_judged(terms, part, test, 0, seen) for test in part.tests]
    paid = 0
    for each in worths:
        judged = [Judged(one.test, one.seen, worth, one.outcome, one.delivered) for one, worth in zip(once, each, strict=True)]  # fmt: skip
        paid += sum(amounts.earned for amounts in _by_what_is_passed(terms, part, judged))
    return paid


def delivered(test: Criterion, seen: Seen) -> Fraction | None:
    """The part of a metric's ambition that was delivered, from nothing to the whole; None while it cannot be told.

    An outturn as good as the plan delivers the whole, also of a plan to do no better than before.
    """
    if seen.baseline is None or seen.planned is None or seen.actual is None:
        return None
    ambition, done = seen.baseline - seen.planned, seen.baseline - seen.actual
    better = seen.better or test.better or ("lower" if ambition > 0 else "higher" if ambition < 0 else None)
    if better is None:
        return None
    if better == "higher":
        ambition, done = -ambition, -done
    if done >= ambition:
        return WHOLE
    return Fraction(done) / Fraction(ambition) if done > 0 else NONE


def outcome_of(test: Criterion, seen: Seen, part: Fraction | None, recovery_below: Decimal | None) -> Outcome:
    """What a test came to: a condition by whether it is met, a metric by the part of its ambition that was delivered."""
    if test.kind == "condition":
        return Outcome.UNKNOWN if seen.met is None else Outcome.PASSED if seen.met else Outcome.NOT_MET
    if part is None:
        return Outcome.UNKNOWN
    return Outcome.SHORT if recovery_below is not None and part * 100 < recovery_below else Outcome.PASSED


def worth_of(tests: Sequence[Criterion], fund: Pence) -> list[Pence]:
    """What each test of a part is worth, by weight."""
    places = max(0, *(-int(test.weight.as_tuple().exponent) for test in tests))
    weights = {f"{number:04}": int(test.weight.scaleb(places)) for number, test in enumerate(tests)}
    return list(share(fund, weights).values())


def _statement(
    board: str, terms: TrancheTerms, seen: Reads, people: Mapping[str, int], whole: Pence, pays: _Pays
) -> TrancheStatement:
    funds = share(whole, {part.name: part.weight for part in terms.parts})
    parts = tuple(_part(terms, part, funds[part.name], seen, pays) for part in terms.parts)
    amounts = [each.amounts for part in parts for each in part.tests]
    paid, recovery, kept, still = (sum(each[n] for each in amounts) for n in range(4))
    money = Figures(whole, paid, recovery + kept, still, None if still else whole - paid)
    return TrancheStatement(board, terms, money, parts, recovery, split(money, people))


def _part(terms: TrancheTerms, part: Part, fund: Pence, seen: Reads, pays: _Pays) -> PartPaid:
    judged = [_judged(terms, part, test, worth, seen) for test, worth in zip(part.tests, worth_of(part.tests, fund), strict=True)]  # fmt: skip
    paid = pays(terms, part, judged)
    return PartPaid(
        part, fund, tuple(replace(each, amounts=own) for each, own in zip(judged, paid, strict=True))
    )


def _judged(terms: TrancheTerms, part: Part, test: Criterion, worth: Pence, seen: Reads) -> Judged:
    known = seen.get((part.name, test.id), Seen())
    done = delivered(test, known) if test.kind == "metric" else None
    return Judged(test, known, worth, outcome_of(test, known, done, terms.recovery_below), done)


def _all_of_it(_terms: TrancheTerms, _part: Part, judged: Sequence[Judged]) -> list[Amounts]:
    return [Amounts(earned=each.worth) for each in judged]


def _by_what_is_passed(terms: TrancheTerms, part: Part, judged: Sequence[Judged]) -> list[Amounts]:
    if part.together:
        outcomes = {each.outcome for each in judged}
        if outcomes & {Outcome.SHORT, Outcome.NOT_MET}:
            return [Amounts(kept=each.worth) if each.outcome is not Outcome.SHORT else Amounts(to_recovery=each.worth) for each in judged]  # fmt: skip
        if Outcome.UNKNOWN in outcomes:
            return [Amounts(open=each.worth) for each in judged]
        return [Amounts(earned=each.worth) for each in judged]
    return [_alone(terms, each) for each in judged]


def _alone(terms: TrancheTerms, each: Judged) -> Amounts:
    match each.outcome:
        case Outcome.UNKNOWN:
            return Amounts(open=each.worth)
        case Outcome.NOT_MET:
            return Amounts(kept=each.worth)
        case Outcome.SHORT:
            return Amounts(to_recovery=each.worth)
    if terms.partly == "whole" or each.delivered is None:
        return Amounts(earned=each.worth)
    earned = half_up(each.worth * each.delivered)
    return Amounts(earned=earned, kept=each.worth - earned)


def half_up(amount: Fraction) -> Pence:
    """An exact amount of zero or more, rounded half up to the penny."""
    return (2 * amount.numerator + amount.denominator) // (2 * amount.denominator)
