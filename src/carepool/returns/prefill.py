"""A return before anybody types: from the pool's account, the computed statement, and last quarter's return."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from carepool.basics.money import Pence
from carepool.basics.periods import Quarter
from carepool.returns.asking import Asking
from carepool.returns.document import (
    INCOME,
    SPEND,
    Agreement,
    ConditionAnswer,
    Conditions,
    Count,
    Flow,
    Measures,
    MetricAnswer,
    Metrics,
    Money,
    Payment,
    Performance,
    Return,
    Unreleased,
)


@dataclass(frozen=True, slots=True)
class Figures:
    """A quarter's income or expenditure by the account; None for what nobody can know yet, or what no return can hold."""

    planned: Pence | None
    forecast: Pence | None
    actual: Pence | None


@dataclass(frozen=True, slots=True)
class Computed:
    """What a quarter's outturn pays by the statement of the rules."""

    planned: Decimal
    actual: Decimal | None
    most: Pence
    suggested: Pence | None


@dataclass(frozen=True, slots=True)
class Account:
    """What is known without asking anybody."""

    agreement_since: date | None = None
    """From when on the pool has an agreement on file; None where it has none."""
    flows: Mapping[tuple[str, Quarter], Figures] = field(default_factory=lambda: MappingProxyType({}))
    payments: Mapping[Quarter, Computed] = field(default_factory=lambda: MappingProxyType({}))
    decisions: frozenset[str] = frozenset()
    """The mandates of the joint board in the pool's books, and the uses that a board confirmed, by their numbers."""

    def unreleased(self, upto: Iterable[Quarter]) -> Pence | None:
        """What was not released of what could have been, in the quarters whose outturn is known; None while none is."""
        known = [self.payments[each] for each in upto if each in self.payments]
        pairs = [(each.most, each.suggested) for each in known if each.suggested is not None]
        # Where only the year is capped a quarter can be paid ahead of its plan, and then nothing is withheld.
        return max(0, sum(most - paid for most, paid in pairs)) if pairs else None


def prefilled(asking: Asking, account: Account, last: Return | None) -> Return:
    """The return as it begins: last quarter's answers, with the account's figures and what the rules compute.

    A commentary on a figure is of its own quarter and is not carried on; a narrative is, and is questioned if it stays.
    """
    given = _Given(asking, account, last)
    made = Return(plan=asking.plan, quarter=asking.quarter, rules=asking.rules)
    for name, fill in _FILLS.items():
        if asking.asks(name):
            made = made.with_part(name, fill(given))
    for name in ("year_end", "narrative"):
        if last and asking.asks(name):
            made = made.with_part(name, last.part(name))
    return made


def recomputed(asking: Asking, account: Account, found: Return) -> Return:
    """A return with what nobody types as it is computed now: rows stand where the rules ask for them, and no other."""
    fresh = prefilled(asking, account, None)
    if asking.asks("performance"):
        held = {each.quarter: each for each in found.performance.payments}
        payments = tuple(
            each.model_copy(update={"agreed": held[each.quarter].agreed, "reason": held[each.quarter].reason})
            if each.quarter in held
            else each
            for each in fresh.performance.payments
        )
        found = found.with_part("performance", Performance(payments=payments))
    if asking.asks("unreleased"):
        suggested = fresh.unreleased.suggested
        found = found.with_part("unreleased", found.unreleased.model_copy(update={"suggested": suggested}))
    return found


@dataclass(frozen=True, slots=True)
class _Given:
    """What a return is prefilled from."""

    asking: Asking
    account: Account
    last: Return | None


def _agreement(on: _Given) -> Agreement:
    if on.account.agreement_since:
        return Agreement(in_place="yes", since=on.account.agreement_since)
    return on.last.agreement.model_copy(update={"comment": ""}) if on.last else Agreement()


def _conditions(on: _Given) -> Conditions:
    before = {each.id: each for each in on.last.conditions.conditions} if on.last else {}
    return Conditions(
        conditions=tuple(before.get(each) or ConditionAnswer(id=each) for each in on.asking.conditions)
    )


def _metrics(on: _Given) -> Metrics:
    before = {each.id: each for each in on.last.metrics.metrics} if on.last else {}
    return Metrics(metrics=tuple(before.get(each) or MetricAnswer(id=each) for each in on.asking.metrics))


def _measures(on: _Given) -> Measures:
    before = {each.id: each for each in on.last.measures.counts} if on.last else {}
    return Measures(
        counts=tuple(
            Count(id=each, value=before[each].value if each in before else None) for each in on.asking.counted
        )
    )


def _money(on: _Given) -> Money:
    before = {(each.way, each.quarter): each for each in on.last.money.flows} if on.last else {}
    flows = []
    for way in (INCOME, SPEND):
        for quarter in on.asking.quarters:
            known = on.account.flows.get((way, quarter), Figures(None, None, None))
            was = before.get((way, quarter))
            if was:
                known = replace(
                    known,
                    planned=was.planned if known.planned is None else known.planned,
                    forecast=was.forecast if known.forecast is None else known.forecast,
                    actual=was.actual if known.actual is None else known.actual,
                )
            over = quarter <= on.asking.quarter
            flows.append(
                Flow(way=way, quarter=quarter, planned=known.planned, forecast=known.forecast, actual=known.actual if over else None)
            )  # fmt: skip
    return Money(flows=tuple(flows))


def _performance(on: _Given) -> Performance:
    before = {each.quarter: each for each in on.last.performance.payments} if on.last else {}
    payments = []
    for quarter in on.asking.paid:
        known, was = on.account.payments.get(quarter), before.get(quarter)
        suggested = known.suggested if known else None
        payments.append(
            Payment(
                quarter=quarter,
                planned=known.planned if known else None,
                actual=known.actual if known else None,
                most=known.most if known else None,
                suggested=suggested,
                agreed=suggested if was is None or was.agreed is None else was.agreed,
                reason=was.reason if was else "",
            )
        )
    return Performance(payments=tuple(payments))


def _unreleased(on: _Given) -> Unreleased:
    suggested = on.account.unreleased(on.asking.paid)
    if on.last is None:
        return Unreleased(suggested=suggested, agreed=suggested)
    was = on.last.unreleased
    return was.model_copy(update={"suggested": suggested, "agreed": suggested, "reason": ""})


_FILLS = {
    "agreement": _agreement,
    "conditions": _conditions,
    "money": _money,
    "performance": _performance,
    "unreleased": _unreleased,
    "metrics": _metrics,
    "measures": _measures,
}
