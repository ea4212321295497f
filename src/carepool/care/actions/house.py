"""What the wing's actions are carried out with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from carepool.basics.periods import LONDON
from carepool.care.actions.ports import People, Vault
from carepool.journal.port import Journal
from carepool.rules.rulebook import Rulebook, RuleSet
from carepool.rules.sharing import Sharing


@dataclass(frozen=True, slots=True)
class CareHouse:
    """The wing of one service: its journal, its people, its keys, its clock."""

    journal: Journal
    people: People
    vault: Vault
    clock: Callable[[], datetime]
    new_id: Callable[[], str]
    """Makes opaque ids."""
    rulebook: Rulebook
    production: bool = False
    board: str = ""
    """The health and wellbeing board in whose counts an answer after a review falls; empty for the one that is counted for."""

    @property
    def today(self) -> date:
        """The day in London."""
        return self.clock().astimezone(LONDON).date()

    @property
    def sharing(self) -> tuple[RuleSet, Sharing]:
        """The rules that say today who may see what, and their table."""
        return self.rulebook.sharing(self.today)
