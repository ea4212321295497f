"""What every page and command is given to answer with: England, the rulebook, the journal and the clock."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from carepool.actions.england import England
from carepool.actions.nation import Nation, nation
from carepool.allocation.indicative import Allocation, allocate
from carepool.rules.rulebook import Rulebook

KEPT = 64
"""Answers about the nation kept for the next asker; each is some 300 kB."""


@dataclass(frozen=True)
class House:
    """One vintage of England under one rulebook. Its answers never change, so they are kept once worked out."""

    england: England
    rulebook: Rulebook
    clock: Callable[[], datetime]
    _allocations: dict[str, Allocation] = field(default_factory=dict)
    _nations: dict[tuple[str, Decimal, date | None], Nation] = field(default_factory=dict)

    def allocation(self, rules: str) -> Allocation:
        """The pot of a set of rules, shared out. NotHere for an unknown set."""
        if rules not in self._allocations:
            named = self.rulebook.named(rules)
            self._allocations[rules] = allocate(named, self.england.places, self.england.needs)
        return self._allocations[rules]

    def nation(self, rules: str, ambition: Decimal, as_at: date | None = None) -> Nation:
        """The nation at an ambition; see ``actions.nation.nation``."""
        asked = (rules, ambition, as_at)
        if asked not in self._nations:
            named = self.rulebook.named(rules)
            answer = nation(self.england, named, self.allocation(rules), ambition, as_at)
            while len(self._nations) >= KEPT:
                self._nations.pop(next(iter(self._nations)), None)
            self._nations[asked] = answer
        return self._nations[asked]
