"""What each event in a pool's year enters in the books: the one place where accounts are chosen.

Whoever asks gives codes and whole pence; accounts follow from the event. Amounts, parties and schemes that do not fit are
refused with what to do, before any line is made.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from types import MappingProxyType

from carepool.basics.money import Pence, in_pounds
from carepool.basics.refusals import Refused
from carepool.pool.accounts import Account, Entry, Event, Heading, Posting
from carepool.pool.books import BROUGHT_FORWARD, Books, Grant, Opening, Scheme, budget_line

CLIENTS = "client_contributions"
"""The source of what people pay, which the council that charges them owes the pool."""
RISK_SHARE = "risk_share"
"""The source of what partners put in because they bear an over-spend."""

OPENS = frozenset({Event.COMMITTED, Event.ACCRUED})
"""What stays open until it is used or reversed."""
KEPT_TO_BUDGET = frozenset(
    {Event.COMMITTED, Event.ACCRUED, Event.SPENT, Event.REDEPLOYED, Event.CUT, Event.REVERSED}
)
"""What is refused beyond a scheme's budget. What a ledger shows has happened, and is entered whatever the budget."""
USES = frozenset({Event.SPENT, Event.ACCRUED, Event.UNCOMMITTED, Event.UNACCRUED, Event.REVERSED})
"""What names another posting: one that it takes back, or uses."""
REVERSIBLE = frozenset(Event) - {
    Event.OPENED, Event.RELEASED, Event.CORRECTED, Event.KEPT, Event.REVERSED, Event.UNCOMMITTED, Event.UNACCRUED,
    Event.IMPORTED,
}  # fmt: skip
"""What can be taken back by a reversal. Performance money moves by two approvers alone; a ledger is corrected by its extract."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request to enter something: the event, its day, and what it is about. What an event does not need stays empty."""

    event: Event
    on: date
    pence: Pence = 0
    """The amount; for spending the net amount."""
    says: str = ""
    """A short title; the event's own words where empty."""
    party: str = ""
    source: str = ""
    scheme: str = ""
    to_scheme: str = ""
    payee: str = ""
    vat: Pence = 0
    """VAT that can be had back."""
    irrecoverable: Pence = 0
    """VAT that cannot."""
    of: str = ""
    """The posting that it reverses or uses."""
    parts: Mapping[str, Pence] = field(default_factory=lambda: MappingProxyType({}))
    """By partner, where the agreement gives each its share."""
    cites: tuple[str, ...] = ()
    late: bool = False

    @property
    def amount(self) -> Pence:
        """All that is asked for, VAT and every partner's part among it: what a limit is held against."""
        return self.pence + self.vat + self.irrecoverable + sum(self.parts.values())


def taken_of(posting: Posting) -> Pence:
    """What a posting uses of the commitment or the accrual that it names."""
    return sum(
        line.pence
        for line in posting.lines
        if line.credit.heading is Heading.COMMITTED or line.debit.heading is Heading.ACCRUED
    )


def recommitted(posting: Posting) -> Pence:
    """What the reversal of an accrual gives back of the commitment that the accrual had used."""
    return sum(line.pence for line in posting.lines if line.debit.heading is Heading.COMMITTED)


def lines_of(books: Books, asked: Asked) -> tuple[Entry, ...] | Refused:
    """What it enters, or why it cannot be."""
    opening = books.opening
    make = _LINES.get(asked.event)
    if opening is None or make is None:
        return Refused(
            f"“{asked.event.value}” is not entered so. Choose one of {', '.join(each.code for each in _LINES)}."
        )
    if asked.of and asked.event not in USES:
        return Refused(f"“{asked.event.value}” uses no other posting, and {asked.of} is named. Leave it out.")
    for amount in (asked.pence, asked.vat, asked.irrecoverable, *asked.parts.values()):
        if isinstance(amount, bool) or not isinstance(amount, int) or amount < 0:
            return Refused(f"“{amount}” is no amount. Write whole pence, zero or more.")
    return make(books, opening, asked)


Lines = tuple[Entry, ...] | Refused


OF_THEIR_OWN: Mapping[str, str] = MappingProxyType(
    {
        CLIENTS: "what people are charged, which is entered as a charge for social care",
        RISK_SHARE: "what partners bear of an over-spend, which is worked out from the agreement and entered as borne",
        BROUGHT_FORWARD: "what the year before left, which is brought forward from its accounts",
    }
)
"""Sources that no partner agrees to put in more or less of: each has an event of its own, with its own rules."""


def _agreed_source(asked: Asked) -> Refused | None:
    if not asked.source:
        return Refused("From which source does it come? Name one, as the agreement or the plan does.")
    if asked.source in OF_THEIR_OWN:
        return Refused(
            f"{asked.source} is {OF_THEIR_OWN[asked.source]}. Enter it so, or name another source."
        )
    return None


def _promised(_: Books, opening: Opening, asked: Asked) -> Lines:
    return (
        _partner(opening, asked)
        or _agreed_source(asked)
        or (Entry(_of(Heading.PROMISED, asked), _of(Heading.CONTRIBUTED, asked), asked.pence),)
    )


def _lowered(_: Books, opening: Opening, asked: Asked) -> Lines:
    return (
        _partner(opening, asked)
        or _agreed_source(asked)
        or (Entry(_of(Heading.CONTRIBUTED, asked), _of(Heading.PROMISED, asked), asked.pence),)
    )


def _invoiced(_: Books, opening: Opening, asked: Asked) -> Lines:
    return _payer(opening, asked) or (
        Entry(_of(Heading.INVOICED, asked), _of(Heading.PROMISED, asked), asked.pence),
    )


def _received(books: Books, opening: Opening, asked: Asked) -> Lines:
    """First what was invoiced, then what was promised: an instalment is paid without an invoice too."""
    pool = Account(Heading.POOL, opening.host)
    return _payer(opening, asked) or _from_due(books, asked, pool)


def _from_due(books: Books, asked: Asked, to: Account) -> Lines:
    invoiced, promised = (_of(heading, asked) for heading in (Heading.INVOICED, Heading.PROMISED))
    first = min(asked.pence, books.balances.get(invoiced, 0))
    lines = ((invoiced, first), (promised, asked.pence - first))
    return tuple(Entry(to, account, pence) for account, pence in lines if pence)


def _budgeted(_: Books, opening: Opening, asked: Asked) -> Lines:
    return _scheme(opening, asked) or (budget_line(opening.host, asked.scheme, asked.source, asked.pence),)


def _cut(_: Books, opening: Opening, asked: Asked) -> Lines:
    line = budget_line(opening.host, asked.scheme, asked.source, asked.pence)
    return _scheme(opening, asked) or (Entry(line.credit, line.debit, line.pence),)


def _redeployed(_: Books, opening: Opening, asked: Asked) -> Lines:
    if opening.scheme(asked.to_scheme) is None:
        return _no_scheme(opening, asked.to_scheme)
    to = Account(Heading.BUDGET, asked.to_scheme, asked.source)
    return _scheme(opening, asked) or (Entry(to, _of_scheme(Heading.BUDGET, asked), asked.pence),)


def _committed(_: Books, opening: Opening, asked: Asked) -> Lines:
    return _scheme(opening, asked) or (_commitment(asked, asked.pence),)


def _commitment(asked: Asked, pence: Pence) -> Entry:
    return Entry(_of_scheme(Heading.COMMITTED, asked), _of_scheme(Heading.RESERVED, asked), pence)


def _uncommitted(books: Books, _: Opening, asked: Asked) -> Lines:
    found = _open(books, asked, Event.COMMITTED)
    if isinstance(found, Refused):
        return found
    return _back(found.lines[0], asked.pence or books.open[asked.of])


def _back(line: Entry, pence: Pence) -> tuple[Entry, ...]:
    return (Entry(line.credit, line.debit, pence),)


def _spent(books: Books, opening: Opening, asked: Asked) -> Lines:
    """Net, VAT that comes back, VAT that does not; and so much less of the commitment that it uses."""
    refused = _scheme(opening, asked) or _has_payee(asked)
    if refused:
        return refused
    owed = _account(Heading.OWED, asked.payee)
    amounts = (
        (_of_scheme(Heading.SPENT, asked), asked.pence),
        (_of_scheme(Heading.IRRECOVERABLE, asked), asked.irrecoverable),
        (_account(Heading.VAT, opening.host), asked.vat),
    )
    lines = tuple(Entry(account, owed, pence) for account, pence in amounts if pence)
    return _using(books, asked, lines, asked.pence + asked.irrecoverable)


def _accrued(books: Books, opening: Opening, asked: Asked) -> Lines:
    refused = _scheme(opening, asked) or _has_payee(asked)
    if refused:
        return refused
    line = Entry(_of_scheme(Heading.SPENT, asked), Account(Heading.ACCRUED, asked.payee), asked.pence)
    return _using(books, asked, (line,), asked.pence)


def _using(books: Books, asked: Asked, lines: tuple[Entry, ...], cost: Pence) -> Lines:
    """The lines, and what they use of the commitment named, up to what is left of it."""
    if not asked.of:
        return lines
    found = _open(books, asked, Event.COMMITTED)
    if isinstance(found, Refused):
        return found
    committed = found.lines[0]
    if committed.debit != _of_scheme(Heading.COMMITTED, asked):
        return Refused(
            f"The commitment {asked.of} is for {committed.debit.party} from {committed.debit.source}. "
            "Name the scheme and source that it is for."
        )
    used = min(cost, books.open[asked.of])
    # VAT that comes back is no cost, so an invoice of VAT alone uses nothing of what was ordered.
    return (*lines, *_back(committed, used)) if used else lines


def _unaccrued(books: Books, _: Opening, asked: Asked) -> Lines:
    found = _open(books, asked, Event.ACCRUED)
    if isinstance(found, Refused):
        return found
    rest, pence = books.open[asked.of], asked.pence or books.open[asked.of]
    return (*_back(found.lines[0], pence), *_recommitted(found, found.lines[0].pence - rest, pence))


def _recommitted(accrual: Posting, before: Pence, pence: Pence) -> tuple[Entry, ...]:
    """What the accrual had used of a commitment is set aside again: the first pounds reversed, up to what it had used.

    ``before`` is what had been reversed of it already.
    """
    used = sum(line.pence for line in accrual.lines if line.credit.heading is Heading.COMMITTED)
    again = min(pence, used - min(before, used))
    return tuple(
        Entry(line.credit, line.debit, again)
        for line in accrual.lines[1:]
        if again and line.credit.heading is Heading.COMMITTED
    )


def _settled(books: Books, opening: Opening, asked: Asked) -> Lines:
    owed = Account(Heading.OWED, asked.payee)
    there = owed.amount(books.balances.get(owed, 0))
    if asked.pence > there:
        return Refused(
            f"{asked.payee or 'Nobody'} is owed {in_pounds(there)}. Pay no more than that, or enter first what was had."
        )
    return (Entry(owed, Account(Heading.POOL, opening.host), asked.pence),)


def _offset(books: Books, opening: Opening, asked: Asked) -> Lines:
    """A partner that spends for the pool pays that much less into it."""
    owed = Account(Heading.OWED, asked.party)
    there = owed.amount(books.balances.get(owed, 0))
    if asked.pence > there:
        return Refused(f"{asked.party} is owed {in_pounds(there)}. Set off no more than that.")
    return _partner(opening, asked) or _from_due(books, asked, owed)


def _reclaimed(_: Books, opening: Opening, asked: Asked) -> Lines:
    return (Entry(Account(Heading.POOL, opening.host), Account(Heading.VAT, opening.host), asked.pence),)


def _charged(_: Books, opening: Opening, asked: Asked) -> Lines:
    """What people are charged is the council's income, and only for social care."""
    scheme = opening.scheme(asked.scheme)
    partner = opening.partner(asked.party)
    if scheme is None:
        return _no_scheme(opening, asked.scheme)
    if not scheme.social_care:
        return Refused(
            f"Nobody is charged for {scheme.title}: it is no social care, and what the NHS does is free. "
            "Enter the charge under the social care scheme that it is for."
        )
    if partner is None or partner.kind != "council":
        return Refused("Only a council charges people. Name the council whose income it is.")
    due = Account(Heading.INVOICED, asked.party, CLIENTS)
    return (Entry(due, Account(Heading.CHARGES, asked.party, asked.scheme), asked.pence),)


def _refunded(_: Books, opening: Opening, asked: Asked) -> Lines:
    pool = Account(Heading.POOL, opening.host)
    return _partner(opening, asked) or (Entry(_of(Heading.RETURNED, asked), pool, asked.pence),)


def _passed_on(books: Books, opening: Opening, asked: Asked) -> Lines:
    grant = next((each for each in opening.grants if each.id == asked.source), None)
    if grant is None:
        having = ", ".join(each.id for each in opening.grants) or "none"
        return Refused(f"The pool has no capital grant called {asked.source or 'nothing'}. It has: {having}.")
    return _beyond_grant(books, grant, asked) or (
        Entry(
            Account(Heading.PASSED, asked.party, grant.id), Account(Heading.POOL, opening.host), asked.pence
        ),
    )


def _beyond_grant(books: Books, grant: Grant, asked: Asked) -> Refused | None:
    due = grant.pass_on.get(asked.party)
    if due is None:
        having = ", ".join(sorted(grant.pass_on)) or "nobody"
        return Refused(f"{grant.determination} goes on to {having}, and not to {asked.party or 'nobody'}.")
    gone = books.balances.get(Account(Heading.PASSED, asked.party, grant.id), 0)
    if gone + asked.pence > due:
        return Refused(
            f"{in_pounds(due)} of {grant.determination} go on to {asked.party}, and {in_pounds(gone)} have. "
            f"Pass on no more than {in_pounds(due - gone)}."
        )
    return None


def _borne(_: Books, opening: Opening, asked: Asked) -> Lines:
    """Each partner puts in its share of an over-spend, and the scheme's budget rises by all of them."""
    if unknown := sorted(set(asked.parts) - {each.code for each in opening.partners}):
        return Refused(f"{unknown[0]} is no partner of the agreement, and bears nothing.")
    lines = [
        Entry(Account(Heading.PROMISED, code, RISK_SHARE), Account(Heading.CONTRIBUTED, code, RISK_SHARE), pence)
        for code, pence in sorted(asked.parts.items())
        if pence
    ]  # fmt: skip
    if asked.scheme and lines:
        refused = _scheme(opening, asked)
        if refused:
            return refused
        lines.append(budget_line(opening.host, asked.scheme, asked.source, sum(line.pence for line in lines)))
    return tuple(lines)


def _given_back(_: Books, opening: Opening, asked: Asked) -> Lines:
    if unknown := sorted(set(asked.parts) - {each.code for each in opening.partners}):
        return Refused(f"{unknown[0]} is no partner of the agreement, and has nothing back.")
    source = asked.source or RISK_SHARE
    return tuple(
        Entry(Account(Heading.RETURNED, code, source), Account(Heading.OWED, code), pence)
        for code, pence in sorted(asked.parts.items())
        if pence
    )


def _carried(_: Books, opening: Opening, asked: Asked) -> Lines:
    return _partner(opening, asked) or (
        Entry(Account(Heading.CARRIED, asked.party), Account(Heading.FORWARD, asked.party), asked.pence),
    )


def _brought(_: Books, opening: Opening, asked: Asked) -> Lines:
    """What the year before left, known only once its accounts are closed: whoever holds it pays it in."""
    promised = Account(Heading.PROMISED, asked.party, BROUGHT_FORWARD)
    return _partner(opening, asked) or (Entry(promised, Account(Heading.BROUGHT, asked.party), asked.pence),)


def _transferred(_: Books, opening: Opening, asked: Asked) -> Lines:
    """The transfer of 2014-15 goes from its payer to a council, beside the pool and not through it."""
    partner = opening.partner(asked.party)
    if partner is None or partner.kind != "council":
        return Refused("The transfer under section 256 goes to a council. Name the council that has it.")
    return (Entry(Account(Heading.TRANSFER, asked.party), Account(Heading.GIVEN, asked.payee), asked.pence),)


def _applied(_: Books, __: Opening, asked: Asked) -> Lines:
    used = Account(Heading.APPLIED, asked.party, asked.scheme)
    return (Entry(used, Account(Heading.TRANSFER, asked.party), asked.pence),)


def _reversed(books: Books, _: Opening, asked: Asked) -> Lines:
    found = books.posting(asked.of)
    if found is None:
        return _no_posting(asked)
    if found.event not in REVERSIBLE:
        return Refused(
            f"Posting {asked.of} is “{found.event.value}”, which a reversal cannot take back. "
            "Enter what has happened since as an event of its own."
        )
    by = books.reversed.get(asked.of)
    if by:
        return Refused(f"Posting {asked.of} was reversed by posting {by}. There is nothing left to reverse.")
    if found.event in OPENS and books.open.get(asked.of) != found.lines[0].pence:
        return Refused(f"Posting {asked.of} has been used. Reverse first what used it.")
    return tuple(Entry(line.credit, line.debit, line.pence) for line in found.lines)


# What requests have in common.


_account = lru_cache(maxsize=20_000)(Account)
"""An account, made once: postings name the same few again and again."""


def _of(heading: Heading, asked: Asked) -> Account:
    return _account(heading, asked.party, asked.source)


def _of_scheme(heading: Heading, asked: Asked) -> Account:
    return _account(heading, asked.scheme, asked.source)


def _partner(opening: Opening, asked: Asked) -> Refused | None:
    if opening.partner(asked.party) is None:
        having = ", ".join(each.code for each in opening.partners)
        return Refused(f"{asked.party or 'Nobody'} is no partner of the agreement. Name one of {having}.")
    return None


def _payer(opening: Opening, asked: Asked) -> Refused | None:
    """Whoever holds what was brought forward pays it in too."""
    return None if asked.party in opening.brought else _partner(opening, asked)


def _scheme(opening: Opening, asked: Asked) -> Refused | None:
    found: Scheme | None = opening.scheme(asked.scheme)
    if found is None:
        return _no_scheme(opening, asked.scheme)
    if not asked.source:
        having = ", ".join(sorted(found.budgets)) or "none yet"
        return Refused(f"Which source pays for {found.title}? Name one; its budget is from: {having}.")
    return None


def _no_scheme(opening: Opening, scheme: str) -> Refused:
    having = ", ".join(each.id for each in opening.schemes) or "none"
    return Refused(f"The pool has no scheme {scheme or 'without an id'}. It has: {having}.")


def _has_payee(asked: Asked) -> Refused | None:
    return None if asked.payee else Refused("Who is to be paid? Name the body that the pool owes it to.")


def _open(books: Books, asked: Asked, event: Event) -> Posting | Refused:
    found = books.posting(asked.of)
    if found is None:
        return _no_posting(asked)
    if found.event is not event:
        return Refused(f"Posting {asked.of} is “{found.event.value}”, and not “{event.value}”. Name another.")
    rest = books.open.get(asked.of, 0)
    if asked.of in books.reversed or not rest:
        return Refused(f"Nothing is left of posting {asked.of}. Name another.")
    if asked.event in {Event.UNCOMMITTED, Event.UNACCRUED} and asked.pence > rest:
        return Refused(f"{in_pounds(rest)} is left of posting {asked.of}. Take no more than that.")
    return found


def _no_posting(asked: Asked) -> Refused:
    return Refused(f"There is no posting {asked.of or 'without a number'} in these books. Look at its page.")


_LINES: Mapping[Event, Callable[[Books, Opening, Asked], Lines]] = {
    Event.CONTRIBUTED: _promised, Event.LOWERED: _lowered, Event.INVOICED: _invoiced, Event.RECEIVED: _received,
    Event.BUDGETED: _budgeted, Event.CUT: _cut, Event.REDEPLOYED: _redeployed, Event.COMMITTED: _committed,
    Event.UNCOMMITTED: _uncommitted, Event.ACCRUED: _accrued, Event.UNACCRUED: _unaccrued, Event.SPENT: _spent,
    Event.SETTLED: _settled, Event.OFFSET: _offset, Event.RECLAIMED: _reclaimed, Event.CHARGED: _charged,
    Event.REFUNDED: _refunded, Event.PASSED_ON: _passed_on, Event.BORNE: _borne, Event.GIVEN_BACK: _given_back,
    Event.CARRIED: _carried, Event.BROUGHT: _brought, Event.TRANSFERRED: _transferred, Event.APPLIED: _applied, Event.REVERSED: _reversed,
}  # fmt: skip
