"""What each set of rules lays down for its method of payment, in the shape that the payment room computes with."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

from carepool.allocation.indicative import Allocation, share_of_performance
from carepool.basics.money import Pence
from carepool.basics.refusals import Unusable
from carepool.payment.methods import INSTEAD, RELEASES, TRANCHES
from carepool.payment.tranches import Criterion, Part, TrancheTerms
from carepool.rules.paying import OutOfHospital, Tranche, Tranches
from carepool.rules.rulebook import RuleSet, recalled_words
from carepool.rules.scalars import Confidence, PaymentMethod
from carepool.rules.schema import Metrics

PATHS = {"payment/release": RELEASES, "payment/tranches": TRANCHES, "payment/out_of_hospital": INSTEAD}
"""The file of a set that names a method, with the methods that it may name."""
OWN = "The measures and weights are the asker's own: the rules leave them open, so this is hypothetical."
AFTERWARDS = "recovery plan, with peer review"


def path_of(method: PaymentMethod) -> str:
    """The file of a set that names a method."""
    return next(path for path, methods in PATHS.items() if method in methods)


def tranches_of(rules: RuleSet) -> Tranches:
    """The parts of the performance money. Unusable where the set lays none down."""
    if rules.tranches is None:
        raise Unusable(f"{rules.name} lays down no parts of the performance money.")
    return rules.tranches


def tranche_terms(rules: RuleSet) -> TrancheTerms:
    """What a set lays down for payment in parts."""
    section = tranches_of(rules)
    held = rules.find("metrics", Metrics)
    better = {each.id: each.better for each in held.metrics} if held else {}
    return TrancheTerms(tuple(_part(each, better) for each in section.tranches), section.partly, recovery_below(rules))  # fmt: skip


def recovery_below(rules: RuleSet) -> Decimal | None:
    """Per cent of an ambition below which a recovery plan may be asked; None where the set says nothing of it."""
    path = "payment/recovery_below"
    # Such a set was replaced before any of its money fell due, so its last day tells what it had come to.
    return rules.value(path, rules.about.governs.last).value if path in rules.parameters else None


def _part(tranche: Tranche, better: Mapping[str, Literal["lower", "higher"]]) -> Part:
    tests = tuple(
        Criterion(each.kind, each.id, each.weight, better.get(each.id), each.window)
        for each in tranche.depends_on
    )
    return Part(tranche.name, tranche.says, tranche.pence, tests, tranche.together)


def shares(rules: RuleSet, allocation: Allocation) -> dict[str, Pence]:
    """Each board's part of the money that the set's method pays, or that is spent in its place."""
    inside = {"payment/out_of_hospital": "out_of_hospital"}.get(path_of(rules.payment_method), "performance")
    return share_of_performance(rules, allocation, inside)


def recalled_of_tranches(rules: RuleSet) -> tuple[str, ...]:
    """What a reader must be told of payment in parts: the recalled values that it rests on, and what is the asker's own."""
    section, path = tranches_of(rules), "payment/tranches"
    said = [rules.recalled(path)]
    if any(each.confidence is Confidence.RECALLED for part in section.tranches for each in part.depends_on):
        said.append(
            recalled_words("What each part depends on: the weights and the times looked at", rules.cite(path))
        )
    if "payment/recovery_below" in rules.parameters:
        said.append(rules.recalled("payment/recovery_below", rules.about.governs.last))
    if section.method is PaymentMethod.OWN_MEASURES:
        said.append(OWN)
    return tuple(each for each in said if each)


def recalled_of_instead(rules: RuleSet) -> tuple[str, ...]:
    """The same of what stands in the place of performance money."""
    said = rules.recalled("payment/out_of_hospital")
    return (said,) if said else ()


def instead_of(rules: RuleSet) -> OutOfHospital:
    """What stands in the place of performance money. Unusable where the set lays nothing down."""
    found = rules.find("payment/out_of_hospital", OutOfHospital)
    if found is None:
        raise Unusable(f"{rules.name} lays down nothing in the place of performance money.")
    return found
