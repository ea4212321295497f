"""What an event rests on: what was put in, what a grant comes to, and what there was on its day.

Decided when something is entered, and never when it is read: what was entered before these were asked for stays as it is.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from carepool.basics.money import Pence, in_pounds
from carepool.basics.periods import in_words
from carepool.basics.refusals import Refused
from carepool.pool.accounts import Account, Balances, Entry, Event, Heading, Posting, moved
from carepool.pool.books import BROUGHT_FORWARD, Books, Grant, Opening
from carepool.pool.events import CLIENTS, Asked

_PAID_IN = frozenset({Event.RECEIVED, Event.OFFSET})
_USES_GRANT = frozenset({Event.COMMITTED, Event.ACCRUED, Event.SPENT, Event.PASSED_ON})
_DUE = frozenset({Heading.PROMISED, Heading.INVOICED})
_COST = frozenset({Heading.SPENT, Heading.IRRECOVERABLE})


def groundless(books: Books, asked: Asked, lines: tuple[Entry, ...]) -> Refused | None:
    """Why what is asked for rests on nothing, or None where it rests on what there is."""
    opening = books.opening
    assert opening is not None  # noqa: S101 (nothing is entered before)
    return (
        _before_what_it_names(books, asked)
        or _not_there_yet(books, opening, asked, lines)
        or _beyond_what_was_put_in(books, opening, asked)
        or _beyond_grant(books, opening, asked, lines)
    )


# Of what there is.


def put_in(balances: Balances, opening: Opening, source: str, party: str | None = None) -> Pence:
    """What a party, or everybody, has put in of a source: paid in or set off, and earned."""
    earned = {each.party for each in opening.contributions if each.contingent and each.source == source}
    found = 0
    for account, balance in balances.items():
        if party not in (None, account.party):
            continue
        of = account.heading
        own = account.source == source and (of is Heading.CONTRIBUTED or of in _DUE)
        brought = source == BROUGHT_FORWARD and of is Heading.BROUGHT
        charged = source == CLIENTS and of is Heading.CHARGES
        released = of is Heading.RELEASED and account.party in earned
        if own or brought or charged or released:
            # What is agreed is a credit, and what of it is still due a debit.
            found -= balance
    return found


def returned(balances: Balances, source: str, party: str | None = None) -> Pence:
    """What a party, or everybody, has had back of a source."""
    return _sum(balances, {Heading.RETURNED}, source, party)


def used(balances: Balances, source: str) -> Pence:
    """What was spent and passed on of a source."""
    return _sum(balances, _COST | {Heading.PASSED}, source)


def _sum(balances: Balances, headings: Iterable[Heading], source: str, party: str | None = None) -> Pence:
    return sum(
        account.amount(balance)
        for account, balance in balances.items()
        if account.heading in headings and account.source == source and party in (None, account.party)
    )


def least_from(books: Books, day: date, worth: Callable[[Balances], Pence]) -> Pence:
    """The least that something is worth on a day and on every day after it, by the days that postings are dated.

    What the pool opened with is there from the first day, whenever that was written down.
    """
    balances: dict[Account, Pence] = {}
    later: dict[date, list[Posting]] = {}
    for posting in books.postings:
        if posting.on <= day or posting.event is Event.OPENED:
            _add(balances, posting)
        else:
            later.setdefault(posting.on, []).append(posting)
    least = worth(balances)
    for on in sorted(later):
        for posting in later[on]:
            _add(balances, posting)
        least = min(least, worth(balances))
    return least


def _add(balances: dict[Account, Pence], posting: Posting) -> None:
    for account, more in moved(posting.lines).items():
        balances[account] = balances.get(account, 0) + more


# Of days.


def _before_what_it_names(books: Books, asked: Asked) -> Refused | None:
    found = books.posting(asked.of) if asked.of else None
    if found is None or found.event is Event.OPENED or asked.on >= found.on:
        return None
    return Refused(
        f"Posting {found.id} (“{found.event.value}”) is of {in_words(found.on)}, and this would be before it, on "
        f"{in_words(asked.on)}. Date it on that day or after."
    )


@dataclass(frozen=True, slots=True)
class _Rest:
    """An account that is drawn on, and how it is said."""

    account: Account
    says: str


def _not_there_yet(books: Books, opening: Opening, asked: Asked, lines: tuple[Entry, ...]) -> Refused | None:
    """Nothing is paid before it is owed, had back before it was paid, or used before it came."""
    rest = _rest_of(opening, asked)
    if rest is None:
        return None
    there = least_from(books, asked.on, lambda balances: _in(balances, rest.account))
    taken = -rest.account.amount(moved(lines).get(rest.account, 0))
    if taken <= there:
        return None
    return Refused(
        f"On {in_words(asked.on)} {rest.says} {in_pounds(max(0, there))} that nothing later uses, and this takes "
        f"{in_pounds(taken)}. Date it when what it rests on was there, or take no more than that."
    )


def _rest_of(opening: Opening, asked: Asked) -> _Rest | None:
    match asked.event:
        case Event.SETTLED:
            return _Rest(Account(Heading.OWED, asked.payee), f"{asked.payee} was owed")
        case Event.OFFSET:
            return _Rest(Account(Heading.OWED, asked.party), f"{asked.party} was owed")
        case Event.RECLAIMED:
            return _Rest(Account(Heading.VAT, opening.host), "the VAT to be had back was")
        case Event.APPLIED:
            return _Rest(Account(Heading.TRANSFER, asked.party), f"{asked.party} had of the transfer")
        case _:
            return None


def _in(balances: Balances, account: Account) -> Pence:
    return account.amount(balances.get(account, 0))


# Of money put in.


def _beyond_what_was_put_in(books: Books, opening: Opening, asked: Asked) -> Refused | None:
    if asked.event is Event.REFUNDED:
        return _beyond_its_own(books, opening, asked)
    found = books.posting(asked.of) if asked.event is Event.REVERSED else None
    return _taken_from_under(books, opening, found) if found and found.event in _PAID_IN else None


def _beyond_its_own(books: Books, opening: Opening, asked: Asked) -> Refused | None:
    """A refund is of what the party itself put in of that source, and of what of the source is not used."""
    party, source = asked.party, asked.source
    own = least_from(
        books,
        asked.on,
        lambda balances: put_in(balances, opening, source, party) - returned(balances, source, party),
    )
    unused = least_from(books, asked.on, lambda balances: _unused(balances, opening, source))
    if asked.pence <= min(own, unused):
        return None
    now = books.balances
    return Refused(
        f"By {in_words(asked.on)} {party} has put in {in_pounds(put_in(now, opening, source, party))} of {source or 'no source'} "
        f"and had back {in_pounds(returned(now, source, party))}; of that source {in_pounds(used(now, source))} is used. "
        f"Refund no more than {in_pounds(max(0, min(own, unused)))}."
    )


def _unused(balances: Balances, opening: Opening, source: str) -> Pence:
    return put_in(balances, opening, source) - returned(balances, source) - used(balances, source)


def _taken_from_under(books: Books, opening: Opening, found: Posting) -> Refused | None:
    """What was paid in is not taken back from under what was refunded or passed on of it."""
    after = dict(books.balances)
    for account, more in moved(found.lines).items():
        after[account] = after.get(account, 0) - more
    for line in found.lines:
        party, source = line.credit.party, line.credit.source
        back = returned(after, source, party)
        passed = _sum(after, {Heading.PASSED}, source)
        short = put_in(after, opening, source, party) < back or put_in(after, opening, source) < passed
        if short and (back or passed):
            return Refused(
                f"{in_pounds(back)} of what {party} put in of {source} was refunded and {in_pounds(passed)} of it passed on, "
                f"which rest on posting {found.id}. Reverse first what goes beyond the rest."
            )
    return None


# Of a capital grant.


def not_granted(books: Books, grant: Grant) -> Refused | None:
    """Why a pool that stands already takes no such grant from an agreement: nobody has put it in, or more of it has gone on."""
    put = -books.balances.get(Account(Heading.CONTRIBUTED, grant.payee, grant.id), 0)
    if put < grant.pence:
        return Refused(
            f"{grant.determination} is {in_pounds(grant.pence)}, and {grant.payee} has agreed to put {in_pounds(put)} of "
            f"{grant.id} into the pool. Enter the rest as a contribution of that source first, or correct the grant."
        )
    for account, gone in sorted(books.balances.items()):
        if (
            account.heading is Heading.PASSED
            and account.source == grant.id
            and gone > grant.pass_on.get(account.party, 0)
        ):
            return Refused(
                f"{in_pounds(gone)} of {grant.determination} went on to {account.party}, and by this agreement "
                f"{in_pounds(grant.pass_on.get(account.party, 0))} do. Correct what goes on, or reverse first what went."
            )  # fmt: skip
    return None


def _beyond_grant(books: Books, opening: Opening, asked: Asked, lines: tuple[Entry, ...]) -> Refused | None:
    """Of a capital grant each pound is spent or passed on, nothing is passed on before it has come, and none put in less of it than that."""
    if asked.event is Event.LOWERED or _takes_back_a_contribution(books, asked):
        return _taken_already(books, opening, lines)
    if asked.event not in _USES_GRANT or asked.source not in {each.id for each in opening.grants}:
        return None
    source, now = asked.source, books.balances
    more = _taken(moved(lines), source)
    agreed = _sum(now, {Heading.CONTRIBUTED}, source)
    free = agreed - _taken(now, source)
    if more > 0 and more > free:
        return Refused(
            f"Of {in_pounds(agreed)} of {source} {in_pounds(used(now, source))} is spent or passed on, "
            f"{in_pounds(returned(now, source))} given back and {in_pounds(_sum(now, {Heading.COMMITTED}, source))} committed: "
            f"{in_pounds(max(0, free))} is left, and this takes {in_pounds(more)}. A pound of a grant is spent or passed on, not both."
        )
    if asked.event is not Event.PASSED_ON:
        return None
    come = least_from(books, asked.on, lambda balances: _unused(balances, opening, source))
    if asked.pence <= come:
        return None
    return Refused(
        f"{in_pounds(put_in(now, opening, source))} of {source} has been received and {in_pounds(used(now, source))} of it is "
        f"spent or passed on; by {in_words(asked.on)} {in_pounds(max(0, come))} is there to pass on. Enter first what was received."
    )


def _takes_back_a_contribution(books: Books, asked: Asked) -> bool:
    found = books.posting(asked.of) if asked.event is Event.REVERSED else None
    return found is not None and found.event is Event.CONTRIBUTED


def _taken_already(books: Books, opening: Opening, lines: tuple[Entry, ...]) -> Refused | None:
    """What is spent, ordered or passed on of a grant stays put in."""
    grants = {each.id for each in opening.grants}
    for account, less in moved(lines).items():
        if account.heading is not Heading.CONTRIBUTED or account.source not in grants:
            continue
        agreed, taken = (
            _sum(books.balances, {Heading.CONTRIBUTED}, account.source),
            _taken(books.balances, account.source),
        )
        if agreed - less < taken:
            return Refused(
                f"{in_pounds(taken)} of {account.source} is spent, passed on, given back or ordered, and {in_pounds(agreed - less)} of it would be "
                f"put in. Lower it by no more than {in_pounds(max(0, agreed - taken))}, or take back first what rests on it."
            )
    return None


def _taken(balances: Balances, source: str) -> Pence:
    return _sum(balances, _COST | {Heading.PASSED, Heading.RETURNED, Heading.COMMITTED}, source)
