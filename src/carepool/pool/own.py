"""A partner's own books of what it has to do with a pool: its accounts, which of them mirror another partner's, and its entries.

The pool's books are a memorandum that all partners share; these are what each partner's statutory ledger shows of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from carepool.basics.money import Pence


class Own(StrEnum):
    """What an account of a partner is for. After each: with whom, and about what; debits are above zero."""

    POOLED = "pooled"
    """The pool's money at the bank, in the host's books."""
    MONEY = "money"
    """The partner's own money: had from others for the pool, less paid to or for the pool. Below zero once it has paid."""
    DUE_FROM = "due_from"
    """PARTNER/WHAT. A debtor."""
    DUE_TO = "due_to"
    """PARTNER/WHAT. A creditor."""
    ACCRUED_FROM = "accrued_from"
    """PARTNER. Had by the pool, and not invoiced to it yet."""
    ACCRUED_TO = "accrued_to"
    """PARTNER. The same, in the host's books."""
    LEFT_WITH = "left_with"
    """HOST. The partner's share of what is left in the pool; below zero its share of a deficit."""
    HELD_FOR = "held_for"
    """PARTNER. The same, in the host's books."""
    CREDITOR = "creditor"
    """BODY. Owed to a body that is no partner."""
    ACCRUED = "accrued"
    """BODY. Had from outside, and not invoiced yet."""
    VAT = "vat"
    """VAT that can be had back, in the host's books."""
    PEOPLE = "people"
    """SCHEME. Due or had from people for chargeable social care."""
    SUSPENSE = "suspense"
    """BODY. Lines of a ledger that no scheme is known for: nobody's cost until one is."""
    BROUGHT = "brought"
    """The partner's share of what the year before left: no income of this year."""
    EXPENDITURE = "expenditure"
    """SCHEME. Spent, as the scheme's accounting treatment has it."""
    IRRECOVERABLE = "irrecoverable"
    """SCHEME. VAT that cannot be had back."""
    PASSED = "passed"
    """DISTRICT/GRANT. A capital grant passed on to a body that is no partner."""
    TO_PARTNER = "to_partner"
    """PARTNER/SCHEME. What this partner bears of a scheme that another shows in its accounts."""
    FROM_PARTNER = "from_partner"
    """PARTNER/SCHEME. Income: the same, in the books of the one that shows it."""
    CHARGES = "charges"
    """SCHEME. What people are charged: a council's income."""
    GRANT = "grant"
    """PAYER/GRANT. Income from a capital grant."""
    TRANSFER = "transfer"
    """With a council: what it has not used of the transfer under section 256."""
    TRANSFER_FROM = "transfer_from"
    """PAYER. Income from the transfer."""
    TRANSFER_TO = "transfer_to"
    """COUNCIL. The NHS's expenditure on the transfer, where its payer is a partner."""
    APPLIED = "applied"
    """SCHEME. Used of the transfer."""
    HELD = "held"
    """Performance money with the CCG, off the pool: memorandum, and no debt."""
    CONTINGENT = "contingent"
    """What the CCG would put in if it were earned."""
    KEPT = "kept"
    """What was never earned."""


MIRRORS: Mapping[Own, Own] = {
    Own.DUE_FROM: Own.DUE_TO, Own.ACCRUED_FROM: Own.ACCRUED_TO, Own.LEFT_WITH: Own.HELD_FOR,
    Own.TO_PARTNER: Own.FROM_PARTNER, Own.TRANSFER_TO: Own.TRANSFER_FROM,
}  # fmt: skip
"""What stands in one partner's books with a partner, and what stands in that partner's books of the same."""
COSTS = frozenset(
    {Own.EXPENDITURE, Own.IRRECOVERABLE, Own.PASSED, Own.TO_PARTNER, Own.FROM_PARTNER, Own.CHARGES}
)
"""What a partner's net expenditure on the pool is made of. The transfer under section 256 is no part of it."""


@dataclass(frozen=True, slots=True, order=True)
class OwnAccount:
    """An account in a partner's books, written ``due_to/ZZ6/contributions``."""

    heading: Own
    other: str = ""
    about: str = ""

    def __str__(self) -> str:
        return "/".join(part for part in (self.heading.value, self.other, self.about) if part)

    def within(self, name: str) -> bool:
        """Whether it is the account of that name, or one under it."""
        return f"{self}/".startswith(f"{name}/")


OwnBalances = Mapping[OwnAccount, Pence]
"""Debits less credits."""


@dataclass(frozen=True, slots=True)
class OwnEntry:
    """What one posting of the pool enters in a partner's books: its changes add to nothing."""

    posting: str
    on: date
    says: str
    changes: OwnBalances


@dataclass(frozen=True, slots=True)
class OwnBooks:
    """One partner's books of a pool's year."""

    partner: str
    balances: OwnBalances
    entries: tuple[OwnEntry, ...]

    def amount(self, heading: Own, other: str | None = None) -> Pence:
        """Debits less credits under a heading, with everybody or with one other."""
        return sum(
            pence for each, pence in self.balances.items() if each.heading is heading and other in (None, each.other)
        )  # fmt: skip

    @property
    def trial_balance(self) -> Pence:
        """Debits less credits over all accounts: always zero."""
        return sum(self.balances.values())

    @property
    def net_expenditure(self) -> Pence:
        """What the partner bears of the pool's costs, less what people were charged."""
        return sum(pence for each, pence in self.balances.items() if each.heading in COSTS)


@dataclass(frozen=True, slots=True)
class Elimination:
    """One thing between two partners, as each of them shows it: together nothing."""

    heading: Own
    """As ``one`` shows it."""
    one: str
    other: str
    about: str
    ones: Pence
    others: Pence

    @property
    def difference(self) -> Pence:
        """What would not be eliminated: always zero."""
        return self.ones + self.others
