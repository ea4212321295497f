"""Accounts, entries and postings: every entry debits one account and credits another, within one set of books.

There are two kinds of books. The pool's hold what its partners put in; each CCG's, off the pool, hold the
performance money that is still the CCG's. An entry never crosses from one to the other, so each balances by itself.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from carepool.basics.canonical import LARGEST_INTEGER
from carepool.basics.money import Pence, in_pounds
from carepool.basics.refusals import Refused

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,79}")
"""How a party, a source or a posting is named: one part of an account, so without a slash."""
LONGEST_TITLE = 120
"""Characters in a short title. What needs more is a document, and is cited."""
THE_POOL = "pool"
"""The name of the pool's own set of books; each CCG's is named by its code."""


class Heading(StrEnum):
    """What an account is for; the words are those on the page."""

    POOL = "pool"
    """Money in the pool, with its host. A debit adds to it."""
    CONTRIBUTED = "contributed"
    """What a party has put in, by source. A credit adds to it."""
    RELEASED = "released"
    """What a CCG has put in because it was earned. A credit adds to it."""
    HELD = "held"
    """Off the pool: performance money that a CCG has with it. A debit adds to it."""
    CONTINGENT = "contingent"
    """Off the pool: what a CCG would owe the pool if it were earned. A credit adds to it."""
    KEPT = "kept"
    """Off the pool: what was never earned and stays with the CCG for good. A credit adds to it."""


_ADDED_BY_DEBIT = frozenset({Heading.POOL, Heading.HELD})
_OF_THE_POOL = frozenset({Heading.POOL, Heading.CONTRIBUTED, Heading.RELEASED})


@dataclass(frozen=True, slots=True, order=True)
class Account:
    """An account: its heading, whose it is, and for contributions the source. Written ``contributed/09C/carers_breaks``."""

    heading: Heading
    party: str
    source: str = ""

    def __str__(self) -> str:
        return "/".join(part for part in (self.heading.value, self.party, self.source) if part)

    @classmethod
    def parse(cls, text: str) -> "Account":
        """Read an account as it is written. ValueError when it is not one."""
        heading, _, rest = text.partition("/")
        party, _, source = rest.partition("/")
        return cls(Heading(heading), party, source)

    @property
    def book(self) -> str:
        """The set of books that it stands in: the pool's, or a CCG's off the pool."""
        return THE_POOL if self.heading in _OF_THE_POOL else self.party

    def amount(self, balance: Pence) -> Pence:
        """What a balance, debits less credits, comes to in this account: never below zero when all is well."""
        return balance if self.heading in _ADDED_BY_DEBIT else -balance


@dataclass(frozen=True, slots=True)
class Entry:
    """One amount, from the account credited to the account debited."""

    debit: Account
    credit: Account
    pence: Pence


@dataclass(frozen=True, slots=True)
class Posting:
    """What is entered together, or not at all."""

    id: str
    says: str
    """A short title."""
    on: date
    lines: tuple[Entry, ...]
    cites: tuple[str, ...] = ()
    """Digests of the documents that it rests on."""


Balances = Mapping[Account, Pence]
"""Debits less credits of every account that has been used."""


def entered(balances: Balances, lines: Iterable[Entry]) -> dict[Account, Pence]:
    """The balances after these lines."""
    after = dict(balances)
    for line in lines:
        after[line.debit] = after.get(line.debit, 0) + line.pence
        after[line.credit] = after.get(line.credit, 0) - line.pence
    return after


def faulty(balances: Balances, lines: tuple[Entry, ...]) -> Refused | None:
    """Why lines may not be entered on these balances, or None when they may.

    Each line has a whole amount above zero and stays in one set of books; afterwards no account that they touch is
    below zero. An account may pass below zero on the way: a posting is entered as one.
    """
    if not lines:
        return Refused("A posting without a line moves nothing. Give it at least one.")
    for number, line in enumerate(lines, 1):
        says = _fault_of_line(line)
        if says:
            return Refused(f"Line {number} {says}")
    after = entered(balances, lines)
    for account in sorted({account for line in lines for account in (line.debit, line.credit)}):
        short = -account.amount(after[account])
        if short > 0:
            there = account.amount(balances.get(account, 0))
            return Refused(
                f"It would take {in_pounds(there + short)} out of {account}, which has {in_pounds(there)}. "
                f"Take no more than that."
            )
    return None


def _fault_of_line(line: Entry) -> str | None:
    if isinstance(line.pence, bool) or not isinstance(line.pence, int) or line.pence > LARGEST_INTEGER:
        return f"has “{line.pence}” for an amount. Write it in whole pence."
    if line.pence <= 0:
        return f"has an amount of {in_pounds(line.pence)}. Write one above zero; to take back, exchange the accounts."
    for account in (line.debit, line.credit):
        source_fits = CODE.fullmatch(account.source) if account.source else True
        if not (CODE.fullmatch(account.party) and source_fits):
            return f"names “{account}”, which is no account. Name the party and source by their codes."
    if line.debit == line.credit:
        return f"moves money from {line.debit} to itself. Name two accounts."
    if line.debit.book != line.credit.book:
        return (
            f"goes from {line.credit} to {line.debit}, out of one set of books into another, so neither would balance. "
            "Enter a line in each."
        )
    return None
