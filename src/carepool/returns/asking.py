"""What one quarter's return asks under its rules: its parts, its rows, and when it is due."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from carepool.basics.money import Pence
from carepool.basics.periods import Quarter
from carepool.rules.returns import AskedPart, Counted, Due
from carepool.rules.rulebook import RuleSet


@dataclass(frozen=True, slots=True)
class Asking:
    """One quarter's return as its rules ask for it."""

    plan: str
    rules: str
    digest: str
    """Of the rules."""
    cite: str
    due: Due
    parts: tuple[AskedPart, ...]
    conditions: Mapping[str, str]
    """Titles by id, and so below."""
    metrics: Mapping[str, str]
    counted: Mapping[str, Counted]
    uses: Mapping[str, str]
    most: Pence
    quarters: tuple[Quarter, ...]
    """Those of the financial year."""
    paid: tuple[Quarter, ...] = ()
    """Those whose outturn pays, up to this one; none where nothing depends on performance."""

    @property
    def quarter(self) -> Quarter:
        """The quarter that it is of."""
        return self.due.quarter

    @property
    def names(self) -> tuple[str, ...]:
        """The ids of its parts."""
        return tuple(each.id for each in self.parts)

    def asks(self, part: str) -> bool:
        """Whether it has a part."""
        return part in self.names

    def late(self, at: datetime) -> bool:
        """Whether an instant is past what is due."""
        return at > self.due.at.instant

    def titled(self, part: str, row: str) -> str:
        """What a row of a part is about, in words."""
        known: Mapping[str, Mapping[str, str]] = {
            "conditions": self.conditions, "metrics": self.metrics,
            "measures": {name: each.title for name, each in self.counted.items()},
        }  # fmt: skip
        return known.get(part, {}).get(row, row)


def asking_of(plan: str, rules: RuleSet, quarter: Quarter, paid: tuple[Quarter, ...] = ()) -> Asking:
    """What a quarter's return asks of a plan. ``paid``: the quarters whose outturn pays under the plan's own rules.

    KeyError for a quarter that these rules ask no return of.
    """
    found = rules.returns
    due = found.of(quarter)
    if due is None:
        raise KeyError(str(quarter))
    parts = tuple(each for each in found.parts(due) if paid or each.id not in {"performance", "unreleased"})
    return Asking(
        plan,
        rules.name,
        rules.digest,
        rules.cite("returns"),
        due,
        parts,
        {each.id: each.title for each in rules.conditions.conditions},
        {each.id: each.title for each in rules.metrics.metrics},
        {each.id: each for each in found.counted},
        {each.id: each.says for each in found.uses},
        found.most.pence,
        tuple(Quarter(quarter.starts, number) for number in (1, 2, 3, 4)),
        tuple(each for each in paid if each <= quarter),
    )
