"""What is kept beside a pool's postings: its agreements, mandates, action plans, assertions, cut-offs and confirmations."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Literal

from carepool.basics.money import Pence

AssertedWord = Literal["balance", "budget", "at_most"]


@dataclass(frozen=True, slots=True)
class InForce:
    """An agreement as a document, and the first day that it holds on."""

    digest: str
    first: date


@dataclass(frozen=True, slots=True)
class Matter:
    """What a mandate is about: what is let be entered, once."""

    word: str
    """As the schedule of delegation calls it, or ``vary_agreement``."""
    pence: Pence = 0
    party: str = ""
    source: str = ""
    scheme: str = ""
    to_scheme: str = ""


@dataclass(frozen=True, slots=True)
class Mandate:
    """A decision of the joint board or of all partners that lets more be entered than an officer may alone."""

    id: str
    by: Literal["joint_board", "partners"]
    matter: Matter
    decided_on: date
    document: str
    """The digest of the minute, or of what the partners agreed."""
    recorded_by: str
    partner: str = ""
    """The partner that it was recorded for; empty where nobody asked, as it once was."""
    confirmed_by_another: bool = False
    """Whether the host alone says that the joint board decided, so that another partner has to confirm it."""
    agreed: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """The account that agreed for each partner."""
    used: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """The posting that each event was entered by."""

    def awaited(self, partners: Iterable[str]) -> tuple[str, ...]:
        """The partners who have yet to agree; of a decision of the joint board those of whom one has yet to confirm it."""
        if self.by == "partners":
            return tuple(each for each in partners if each not in self.agreed)
        if not self.confirmed_by_another or self.agreed:
            return ()
        return tuple(each for each in partners if each != self.partner)

    @property
    def waits_to(self) -> str:
        """What is awaited, after the names of those who can give it."""
        return "confirm the minute" if self.by == "joint_board" else "agree"

    def waits_for(self, names: Iterable[str]) -> str:
        """Those awaited, in words: all of them, or one of them."""
        return (" or " if self.by == "joint_board" else " and ").join(names)


@dataclass(frozen=True, slots=True)
class Progress:
    """What was told of an action plan."""

    on: date
    document: str
    done: bool


@dataclass(frozen=True, slots=True)
class ActionPlan:
    """What is done about a scheme that is off track."""

    scheme: str
    document: str
    made_on: date
    due: date
    office: str
    """Who answers for it, by office."""
    progress: tuple[Progress, ...] = ()

    @property
    def done(self) -> bool:
        """Whether it has been told that it is."""
        return any(each.done for each in self.progress)

    @property
    def last_told(self) -> date:
        """When it was last told of."""
        return self.progress[-1].on if self.progress else self.made_on


@dataclass(frozen=True, slots=True)
class Assertion:
    """That an account or a scheme's budget is so much on a day; when it is not, that is a finding."""

    id: str
    of: str
    """An account as it is written, or a scheme's id."""
    kind: AssertedWord
    pence: Pence
    on: date


@dataclass(frozen=True, slots=True)
class Confirmation:
    """That a partner confirms its balance with the pool, on the statement that it was shown."""

    party: str
    pence: Pence
    """What the partner says that it owes the pool; below zero what it is owed."""
    statement: str
    by: str
    on: date


@dataclass(frozen=True, slots=True)
class Records:
    """All that is kept beside the postings of a pool's year."""

    agreements: tuple[InForce, ...] = ()
    """The one the pool opened with first."""
    mandates: Mapping[str, Mandate] = field(default_factory=lambda: MappingProxyType({}))
    action_plans: Mapping[str, ActionPlan] = field(default_factory=lambda: MappingProxyType({}))
    """The last for each scheme."""
    assertions: tuple[Assertion, ...] = ()
    cut_offs: Mapping[str, date] = field(default_factory=lambda: MappingProxyType({}))
    """The last day on which each partner's own ledger takes something of the year."""
    confirmations: Mapping[str, Confirmation] = field(default_factory=lambda: MappingProxyType({}))
    """The last of each partner."""

    def agreement_on(self, day: date) -> str:
        """The digest of the agreement that holds on a day; empty where none is kept."""
        held = [each for each in self.agreements if each.first <= day]
        return held[-1].digest if held else ""
