"""What every page and command is given to answer with: the areas, the rulebook, the journal, drafts and the clock."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from carepool.actions.areas import Area, Areas, allocation_of_county
from carepool.actions.england import England
from carepool.actions.nation import Nation, nation
from carepool.actions.ports import Drafts
from carepool.allocation.indicative import Allocation, allocate
from carepool.basics.periods import LONDON
from carepool.journal.port import Journal
from carepool.rules.rulebook import Rulebook

KEPT = 64
"""Answers about the nation kept for the next asker; each is some 300 kB."""


@dataclass(frozen=True)
class House:
    """One vintage of England under one rulebook. Its answers never change, so they are kept once worked out."""

    areas: Areas
    rulebook: Rulebook
    journal: Journal
    drafts: Drafts
    clock: Callable[[], datetime]
    salt: Callable[[], bytes] = lambda: bytes(32)
    """Gives 32 random bytes for a document that may have to be forgotten; the service's are random."""
    _allocations: dict[tuple[str, bool], Allocation] = field(default_factory=dict)
    _nations: dict[tuple[str, Decimal, date | None, bool], Nation] = field(default_factory=dict)

    @property
    def england(self) -> England:
        """Real England."""
        return self.areas.england.england

    @property
    def today(self) -> date:
        """The day by the house's clock, in London."""
        return self.clock().astimezone(LONDON).date()

    def allocation(self, rules: str, area: Area | None = None) -> Allocation:
        """The pot of a set of rules, shared out in England or in another area. NotHere for an unknown set."""
        key = (rules, bool(area and area.illustrative))
        if key not in self._allocations:
            named = self.rulebook.named(rules)
            if area and area.illustrative:
                self._allocations[key] = allocation_of_county(area, named, self.allocation(rules))
            else:
                self._allocations[key] = allocate(named, self.england.places, self.england.needs)
        return self._allocations[key]

    def nation(
        self, rules: str, ambition: Decimal, as_at: date | None = None, area: Area | None = None
    ) -> Nation:
        """The nation, or another area, at an ambition; see ``actions.nation.nation``."""
        area = area or self.areas.england
        asked = (rules, ambition, as_at, area.illustrative)
        if asked not in self._nations:
            named = self.rulebook.named(rules)
            answer = nation(area.england, named, self.allocation(rules, area), ambition, as_at)
            while len(self._nations) >= KEPT:
                self._nations.pop(next(iter(self._nations)), None)
            self._nations[asked] = answer
        return self._nations[asked]
