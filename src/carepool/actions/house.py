"""What every page and command is given to answer with: the areas, the rulebook, the journal, drafts and the clock."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from carepool.actions.allocations import Loaded, loaded, official
from carepool.actions.areas import Area, Areas, allocation_of_county
from carepool.actions.england import England
from carepool.actions.nation import Nation, nation
from carepool.actions.notices import MemoryNotices, NoticeStore
from carepool.actions.outbox import MemoryOutbox, Outbox
from carepool.actions.ports import Drafts, MemoryRuleDrafts, RuleDrafts
from carepool.allocation.indicative import Allocation, allocate
from carepool.basics.periods import LONDON
from carepool.journal.port import Journal
from carepool.journal.recent import Recent
from carepool.pool.shelf import Shelf
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
    rule_drafts: RuleDrafts = field(default_factory=MemoryRuleDrafts)
    outbox: Outbox = field(default_factory=MemoryOutbox)
    notices: NoticeStore = field(default_factory=MemoryNotices)
    shelf: Shelf = field(default_factory=Shelf)
    """The books of pools, folded so far."""
    recent: Recent = field(default_factory=Recent)
    """How the streams of postings ended when they were last seen."""
    _allocations: dict[tuple[str, bool, str], Allocation] = field(default_factory=dict)
    _nations: dict[tuple[str, Decimal, date | None, bool, str], Nation] = field(default_factory=dict)

    @property
    def england(self) -> England:
        """Real England of 2015, which has statistics of admissions."""
        return self.areas.england.england

    @property
    def today(self) -> date:
        """The day by the house's clock, in London."""
        return self.clock().astimezone(LONDON).date()

    def official(self, rules: str, upto: int | None = None) -> Loaded | None:
        """The official pounds that count for a set of rules, or None where none have been loaded by then."""
        files = loaded(self.journal, rules, upto)
        return files[-1] if files else None

    def allocation(self, rules: str, area: Area | None = None, upto: int | None = None) -> Allocation:
        """The pot of a set of rules in its places, or in another area: official pounds where loaded, else indicative.

        NotHere for an unknown set. The illustrative county is always drawn from the indicative shares.
        """
        named = self.rulebook.named(rules)
        drawn = bool(area and area.illustrative)
        file = None if drawn else self.official(rules, upto)
        key = (rules, drawn, file.document if file else "")
        if key not in self._allocations:
            england = self.areas.real(named.about.places).england
            places = england.places
            if area and drawn:
                real = allocate(named, places, england.needs)
                self._allocations[key] = allocation_of_county(area, named, real)
            elif file:
                self._allocations[key] = official(self.journal, named, places, file)
            else:
                self._allocations[key] = allocate(named, places, england.needs)
        return self._allocations[key]

    def nation(
        self, rules: str, ambition: Decimal, as_at: date | None = None, area: Area | None = None
    ) -> Nation:
        """The nation, or another area, at an ambition; see ``actions.nation.nation``."""
        area = area or self.areas.england
        allocation = self.allocation(rules, area)
        asked = (rules, ambition, as_at, area.illustrative, allocation.source)
        if asked not in self._nations:
            named = self.rulebook.named(rules)
            answer = nation(area.england, named, allocation, ambition, as_at)
            while len(self._nations) >= KEPT:
                self._nations.pop(next(iter(self._nations)), None)
            self._nations[asked] = answer
        return self._nations[asked]
