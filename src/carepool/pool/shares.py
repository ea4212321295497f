"""What each partner's part of the pool's cost is in a statement: to date, and what the period added, to the penny."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from carepool.basics.money import Pence
from carepool.basics.workings import Working
from carepool.pool.books import Books
from carepool.pool.division import divided_on
from carepool.pool.movements import COST, Flow, Movements, Sum


@dataclass(frozen=True, slots=True)
class SchemeShare:
    """A scheme's cost divided among the partners, or what of a grant was passed on."""

    scheme: str
    """Of a grant passed on, the grant and to whom."""
    title: str
    how: str
    to_date: Mapping[str, Pence]
    in_period: Mapping[str, Pence]
    """What was added to each partner's part in the period, so that months add to their quarter."""
    postings: tuple[str, ...]
    """What the cost to date is from."""
    working: Working


@dataclass(frozen=True, slots=True)
class PartnerShare:
    """A partner's money and its part of the cost, since the year began and in the period."""

    partner: str
    agreed: Sum
    """What it contributes in the year, performance money not among it."""
    paid: Sum
    """Received from it and set off, to date; what people were charged is not among it."""
    released: Sum
    outstanding: Pence
    """Promised or invoiced, what it holds from the year before among it, and not paid in yet."""
    cost: Pence
    """Its part of what all schemes cost to date, and of grants passed on."""
    cost_in_period: Pence


def scheme_shares(books: Books, first: date, last: date, so_far: Movements) -> tuple[SchemeShare, ...]:
    """Every cost divided: to date, and what a period added.

    The part of the period is the part to date less that at its start, so it makes good what has shifted with contributions
    or with another agreement.
    """
    started = {each.of: each.parts for each in divided_on(books, date.fromordinal(first.toordinal() - 1))}
    found = []
    for each in divided_on(books, last):
        was = started.get(each.of, {})
        codes = dict.fromkeys([*each.parts, *was])
        in_period = {code: each.parts.get(code, 0) - was.get(code, 0) for code in codes}
        cost = (
            so_far.of(*COST, party=each.scheme)
            if each.scheme
            else so_far.of(Flow.PASSED, party=each.district, source=each.grant)
        )
        found.append(
            SchemeShare(each.of, each.title, each.how, each.parts, in_period, cost.postings, each.working)
        )
    return tuple(found)


def partner_shares(
    books: Books, so_far: Movements, schemes: tuple[SchemeShare, ...], clients: str
) -> tuple[PartnerShare, ...]:
    """Each partner's money, and the sum of its parts. ``clients`` is the source that is what people pay."""
    found = []
    for partner in books.opening.partners if books.opening else ():
        code = partner.code
        own = so_far.of(Flow.RECEIVED, Flow.OFFSET, party=code, but=clients)
        agreed = so_far.of(Flow.AGREED, party=code)
        found.append(
            PartnerShare(
                code,
                agreed,
                own,
                so_far.of(Flow.RELEASED, party=code),
                agreed.pence + so_far.of(Flow.BROUGHT, party=code).pence - own.pence,
                sum(each.to_date.get(code, 0) for each in schemes),
                sum(each.in_period.get(code, 0) for each in schemes),
            )
        )
    return tuple(found)
