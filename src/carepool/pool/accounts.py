"""Accounts, entries and postings: every entry debits one account and credits another, within one set of books.

The pool's books hold what its partners put in and what was made of it; beside them stand what may be spent, what is
ordered, and the transfer under section 256; each CCG's, off the pool, hold the performance money that is still the
CCG's. An entry never crosses from one set of books to another, so each balances by itself.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache

from carepool.basics.canonical import LARGEST_INTEGER
from carepool.basics.money import Pence, in_pounds
from carepool.basics.refusals import Refused

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,79}")
"""How a party, a source or a posting is named: one part of an account, so without a slash."""
LONGEST_TITLE = 120
"""Characters in a short title. What needs more is a document, and is cited."""
MOST = 5 * 10**13
"""Pence that all lines of a pool's year may come to: £500 billion. Every sum of them, and twelve times it, is then exact as a number
in JSON, in a browser and in a workbook, which hold 15 digits."""
THE_POOL = "pool"
"""The name of the pool's own set of books; each CCG's is named by its code."""


class Heading(StrEnum):
    """What an account is for; the words are those on the page. After each: whose it is, and of what."""

    POOL = "pool"
    """HOST. Money in the pool, with its host. A debit adds to it."""
    PROMISED = "promised"
    """PARTY/SOURCE. Agreed, and neither invoiced nor paid in yet. A debit adds to it."""
    INVOICED = "invoiced"
    """PARTY/SOURCE. Invoiced, and not paid in yet. A debit adds to it."""
    VAT = "vat"
    """HOST. VAT that can be had back. A debit adds to it."""
    OWED = "owed"
    """BODY. What the pool owes to whoever has spent for it or is to be paid. A credit adds to it."""
    ACCRUED = "accrued"
    """BODY. Had, and not invoiced to the pool yet. A credit adds to it."""
    CONTRIBUTED = "contributed"
    """PARTY/SOURCE. What a party puts in. A credit adds to it."""
    RELEASED = "released"
    """CCG. What a CCG has put in because it was earned. A credit adds to it."""
    CHARGES = "charges"
    """COUNCIL/SCHEME. What people pay for chargeable social care: the council's income. A credit adds to it."""
    BROUGHT = "brought"
    """HOLDER. Brought forward from the year before. A credit adds to it."""
    SPENT = "spent"
    """SCHEME/SOURCE. Spent, net of VAT, accruals among it. A debit adds to it."""
    IRRECOVERABLE = "irrecoverable"
    """SCHEME/SOURCE. VAT that cannot be had back, and so is a cost. A debit adds to it."""
    SUSPENSE = "suspense"
    """BODY. Lines of a body's ledger that no scheme is known for. A debit adds to it."""
    PASSED = "passed"
    """DISTRICT/GRANT. A capital grant passed on. A debit adds to it."""
    RETURNED = "returned"
    """PARTY/SOURCE. Given back to a party. A debit adds to it."""
    CARRIED = "carried"
    """HOLDER. Carried forward to the next year. A debit adds to it."""
    FORWARD = "forward"
    """HOLDER. What the pool owes to its next year. A credit adds to it."""
    BUDGET = "budget"
    """SCHEME/SOURCE. What a scheme may spend of a source. A debit adds to it."""
    ALLOTTED = "allotted"
    """HOST/SOURCE. What is allotted of a source. A credit adds to it."""
    COMMITTED = "committed"
    """SCHEME/SOURCE. Ordered or contracted, and not had yet. A debit adds to it."""
    RESERVED = "reserved"
    """SCHEME/SOURCE. Set aside for what is committed. A credit adds to it."""
    TRANSFER = "transfer"
    """COUNCIL. With the council: the transfer of 2014-15 under section 256, no part of a pool. A debit adds to it."""
    GIVEN = "given"
    """PAYER. What the payer has transferred under section 256. A credit adds to it."""
    APPLIED = "applied"
    """COUNCIL/SCHEME. What the council has used of the transfer. A debit adds to it."""
    HELD = "held"
    """CCG. Off the pool: performance money that a CCG has with it. A debit adds to it."""
    CONTINGENT = "contingent"
    """CCG. Off the pool: what a CCG would owe the pool if it were earned. A credit adds to it."""
    KEPT = "kept"
    """CCG. Off the pool: what was never earned and stays with the CCG for good. A credit adds to it."""


BUDGETS, COMMITMENTS, TRANSFERS = "budget", "commitments", "section-256"
"""The names of the other sets of books: what may be spent, what is ordered, and the transfer that is no part of a pool."""

_ADDED_BY_DEBIT = frozenset(
    {
        Heading.POOL, Heading.PROMISED, Heading.INVOICED, Heading.VAT, Heading.SPENT, Heading.IRRECOVERABLE,
        Heading.SUSPENSE, Heading.PASSED, Heading.RETURNED, Heading.CARRIED, Heading.BUDGET, Heading.COMMITTED,
        Heading.TRANSFER, Heading.APPLIED, Heading.HELD,
    }
)  # fmt: skip
_OF_A_CCG = frozenset({Heading.HELD, Heading.CONTINGENT, Heading.KEPT})
_BOOKS = {
    Heading.BUDGET: BUDGETS, Heading.ALLOTTED: BUDGETS, Heading.COMMITTED: COMMITMENTS, Heading.RESERVED: COMMITMENTS,
    Heading.TRANSFER: TRANSFERS, Heading.GIVEN: TRANSFERS, Heading.APPLIED: TRANSFERS,
}  # fmt: skip
_OF_A_SCHEME = frozenset({Heading.BUDGET, Heading.SPENT, Heading.IRRECOVERABLE, Heading.COMMITTED})
_EITHER_SIGN = frozenset({Heading.SPENT, Heading.IRRECOVERABLE, Heading.SUSPENSE, Heading.OWED})
"""A reversed accrual or a credit note comes before what it takes back; whoever is owed can have been paid ahead."""


@dataclass(frozen=True, slots=True, order=True)
class Account:
    """An account: its heading, whose it is, and for contributions the source. Written ``contributed/09C/carers_breaks``."""

    heading: Heading
    party: str
    source: str = ""
    _hash: int = field(init=False, repr=False, compare=False, default=0)
    sign: int = field(init=False, repr=False, compare=False, default=0)
    """What a balance is multiplied by to be what must not be below zero; 0 where it may be."""

    def __post_init__(self) -> None:
        sign = 1 if self.heading in _ADDED_BY_DEBIT else -1
        object.__setattr__(self, "_hash", hash((str(self.heading), self.party, self.source)))
        object.__setattr__(self, "sign", 0 if self.heading in _EITHER_SIGN else sign)

    def __hash__(self) -> int:
        """Worked out once: folding a year looks accounts up some ten times a posting."""
        return self._hash

    def __str__(self) -> str:
        return _written(self)

    @staticmethod
    @lru_cache(maxsize=20_000)
    def parse(text: str) -> "Account":
        """Read an account as it is written. ValueError when it is not one."""
        heading, _, rest = text.partition("/")
        party, _, source = rest.partition("/")
        return Account(Heading(heading), party, source)

    @property
    def book(self) -> str:
        """The set of books that it stands in: the pool's, one beside it, or a CCG's off the pool."""
        return self.party if self.heading in _OF_A_CCG else _BOOKS.get(self.heading, THE_POOL)

    def amount(self, balance: Pence) -> Pence:
        """What a balance, debits less credits, comes to in this account."""
        return balance if self.heading in _ADDED_BY_DEBIT else -balance


@lru_cache(maxsize=20_000)
def _written(account: Account) -> str:
    return "/".join(part for part in (account.heading.value, account.party, account.source) if part)


@dataclass(frozen=True, slots=True)
class Entry:
    """One amount, from the account credited to the account debited."""

    debit: Account
    credit: Account
    pence: Pence


class Event(StrEnum):
    """What a posting is of; the words are those on the page. What each enters stands in ``events``."""

    OPENED = "the pool opened"
    POSTED = "put right"
    """Entered before events had names."""
    CONTRIBUTED = "contribution agreed"
    LOWERED = "contribution lowered"
    INVOICED = "invoiced"
    RECEIVED = "received"
    BUDGETED = "budget added"
    CUT = "budget cut"
    REDEPLOYED = "budget moved"
    COMMITTED = "committed"
    UNCOMMITTED = "commitment released"
    ACCRUED = "accrued"
    UNACCRUED = "accrual reversed"
    SPENT = "spent"
    SETTLED = "paid"
    OFFSET = "set off against a contribution"
    RECLAIMED = "VAT had back"
    CHARGED = "charged to people"
    REFUNDED = "refunded"
    PASSED_ON = "grant passed on"
    RELEASED = "released because it was earned"
    KEPT = "never earned"
    CORRECTED = "a payment put right"
    IMPORTED = "from a ledger"
    BORNE = "borne by the partners"
    GIVEN_BACK = "given back to the partners"
    CARRIED = "carried forward"
    BROUGHT = "brought forward"
    TRANSFERRED = "transferred under section 256"
    APPLIED = "used of the transfer"
    REVERSED = "reversed"

    @property
    def code(self) -> str:
        """As facts and requests write it."""
        return self.name.lower()

    @classmethod
    def of(cls, code: str) -> "Event":
        """The event that is written so. KeyError for any other word."""
        return _EVENTS[code]


_EVENTS = {each.code: each for each in Event}


@dataclass(frozen=True, slots=True)
class Posting:
    """What is entered together, or not at all."""

    id: str
    """The number of its fact in the stream; what a release or an opening enters has a name."""
    says: str
    """A short title."""
    on: date
    lines: tuple[Entry, ...]
    cites: tuple[str, ...] = ()
    """Digests of the documents that it rests on."""
    event: Event = Event.POSTED
    of: str = ""
    """The posting that it takes back, or the commitment that it uses."""
    late: bool = False
    """Whether it is of a month that was closed before: an adjustment at the end of the year."""
    version: int = 0
    """The version of the fact that entered it."""
    entered: date | None = None
    """The day on which it was written down, which tells what came after a partner's cut-off."""
    by: str = ""
    """The account that entered it."""
    at: datetime | None = None
    """When it was written down."""

    @property
    def total(self) -> Pence:
        """What it moves: its largest line, since the others go with it."""
        return max((line.pence for line in self.lines), default=0)


Balances = Mapping[Account, Pence]
"""Debits less credits of every account that has been used."""


def moved(lines: Iterable[Entry]) -> dict[Account, Pence]:
    """What these lines add to each account that they touch: debits less credits."""
    change: dict[Account, Pence] = {}
    for line in lines:
        change[line.debit] = change.get(line.debit, 0) + line.pence
        change[line.credit] = change.get(line.credit, 0) - line.pence
    return change


def left(balances: Balances, scheme: str, source: str) -> Pence:
    """What a scheme may still spend of a source: its budget, less what is spent and what is committed."""
    budget, spent, irrecoverable, committed = _of_scheme(scheme, source)
    get = balances.get
    return get(budget, 0) - get(spent, 0) - get(irrecoverable, 0) - get(committed, 0)


@lru_cache(maxsize=20_000)
def _of_scheme(scheme: str, source: str) -> tuple[Account, Account, Account, Account]:
    budget, spent, irrecoverable, committed = (
        Account.parse(f"{heading}/{scheme}/{source}")  # the very ones that postings are read with
        for heading in (Heading.BUDGET, Heading.SPENT, Heading.IRRECOVERABLE, Heading.COMMITTED)
    )
    return budget, spent, irrecoverable, committed


def faulty(
    balances: Balances, lines: tuple[Entry, ...], change: Mapping[Account, Pence] | None = None
) -> Refused | None:
    """Why lines may not be entered on these balances, or None when they may.

    Each line has a whole amount above zero and stays in one set of books; afterwards no account that they touch is
    below zero, but for those that may be. An account may pass below zero on the way: a posting is entered as one.
    ``change`` is what the lines move, where that is known already.
    """
    if not lines:
        return Refused("A posting without a line moves nothing. Give it at least one.")
    for number, line in enumerate(lines, 1):
        says = _fault_of_line(line)
        if says:
            return Refused(f"Line {number} {says}")
    get = balances.get
    short = [
        account
        for account, more in (moved(lines) if change is None else change).items()
        if account.sign * (get(account, 0) + more) < 0
    ]
    if short:
        return _short(balances, min(short), moved(lines))
    return None


def beyond(pence: Pence) -> Refused | None:
    """Why an amount, or all that a year's books would come to with it, is too large to be exact everywhere; None where it is not."""
    if abs(pence) <= MOST:
        return None
    return Refused(
        f"{in_pounds(pence)} is more than any pool has in a year: sums beyond {in_pounds(MOST)} would not be exact everywhere. "
        "Look whether the amount is in pounds."
    )


def _short(balances: Balances, account: Account, change: Mapping[Account, Pence]) -> Refused:
    there = account.amount(balances.get(account, 0))
    missing = -there - account.amount(change[account])
    return Refused(
        f"It would take {in_pounds(there + missing)} out of {account}, which has {in_pounds(there)}. Take no more than that."
    )


def overspent(
    balances: Balances, lines: tuple[Entry, ...], change: Mapping[Account, Pence] | None = None
) -> Refused | None:
    """Why lines would have a scheme spend or commit more of a source than it may, or None when they would not.

    What is overspent already does not keep its budget from being raised, or an accrual from being reversed. ``change`` is
    what the lines move, where that is known already.
    """
    of_schemes: dict[tuple[str, str], Pence] = {}
    for account, more in (moved(lines) if change is None else change).items():
        if account.heading in _OF_A_SCHEME:
            which = (account.party, account.source)
            less = -more if account.heading is Heading.BUDGET else more
            of_schemes[which] = of_schemes.get(which, 0) + less
    for (scheme, source), taken in sorted(of_schemes.items()):
        if taken > 0 and taken > (before := left(balances, scheme, source)):
            return Refused(
                f"It would take {in_pounds(taken)} of {source} for the scheme {scheme}, which has {in_pounds(max(0, before))} "
                "left. Take no more than that, or have budget moved to the scheme first."
            )
    return None


def _fault_of_line(line: Entry) -> str | None:
    if isinstance(line.pence, bool) or not isinstance(line.pence, int) or line.pence > LARGEST_INTEGER:
        return f"has “{line.pence}” for an amount. Write it in whole pence."
    if line.pence <= 0:
        return f"has an amount of {in_pounds(line.pence)}. Write one above zero; to take back, exchange the accounts."
    return _fault_of_accounts(line.debit, line.credit)


@lru_cache(maxsize=50_000)
def _fault_of_accounts(debit: Account, credit: Account) -> str | None:
    for account in (debit, credit):
        source_fits = CODE.fullmatch(account.source) if account.source else True
        if not (CODE.fullmatch(account.party) and source_fits):
            return f"names “{account}”, which is no account. Name the party and source by their codes."
    if debit == credit:
        return f"moves money from {debit} to itself. Name two accounts."
    if debit.book != credit.book:
        return (
            f"goes from {credit} to {debit}, out of one set of books into another, so neither would balance. "
            "Enter a line in each."
        )
    return None
