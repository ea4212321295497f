"""What each partner's part of the pool's cost is: by what the agreement says of each scheme, to the penny."""

from collections.abc import Mapping
from dataclasses import dataclass

from carepool.basics.money import Pence, share
from carepool.basics.workings import Step, Working
from carepool.pool.books import Books, Scheme
from carepool.pool.movements import COST, Flow, Movements, Sum

COMMISSIONED = "by what each commissions"
WHOLE = "the lead shows all of it"
PRINCIPAL = "by the partner that the agent acts for"
PRO_RATA = "pro rata to contributions"


@dataclass(frozen=True, slots=True)
class SchemeShare:
    """A scheme's cost divided among the partners."""

    scheme: str
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
    """Its part of what all schemes cost to date."""
    cost_in_period: Pence


def basis(books: Books, scheme: Scheme, contributed: Mapping[str, Pence]) -> tuple[str, dict[str, int]]:
    """How a scheme's cost is divided, in words, and each partner's weight.

    A lead that accounts gross shows all. An agent spends its principals' money. Else it goes by what each
    commissions where the agreement says so, or pro rata to contributions.
    """
    weights = {code: weight for code, weight in scheme.commissioned.items() if weight > 0}
    if scheme.commissioning == "lead" and scheme.lead and (scheme.accounting == "gross" or not weights):
        return WHOLE, {scheme.lead: 1}
    if scheme.commissioning == "agent":
        others = [each.code for each in (books.opening.partners if books.opening else ()) if each.code != scheme.lead]  # fmt: skip
        if weights:
            return PRINCIPAL, weights
        if len(others) == 1:
            return PRINCIPAL, {others[0]: 1}
    if weights:
        return COMMISSIONED, weights
    paying = {code: pence for code, pence in contributed.items() if pence > 0}
    return PRO_RATA, paying or dict.fromkeys(contributed, 1)


def scheme_shares(books: Books, before: Movements, so_far: Movements) -> tuple[SchemeShare, ...]:
    """Every scheme's cost divided: to date, and what the period added.

    The part of the period is the part to date less that at its start, so it makes good what has shifted with contributions.
    """
    if books.opening is None:
        return ()
    found = []
    for scheme in books.opening.schemes:
        cost = so_far.of(*COST, party=scheme.id)
        how, weights = basis(books, scheme, contributed(books, so_far))
        to_date = share(cost.pence, weights)
        started = share(
            before.of(*COST, party=scheme.id).pence, basis(books, scheme, contributed(books, before))[1]
        )
        in_period = {
            code: to_date.get(code, 0) - started.get(code, 0) for code in dict.fromkeys([*to_date, *started])
        }
        working = _working(scheme, how, cost.pence, weights, to_date)
        found.append(SchemeShare(scheme.id, scheme.title, how, to_date, in_period, cost.postings, working))
    return tuple(found)


def contributed(books: Books, so_far: Movements) -> dict[str, Pence]:
    """What each partner puts into the pool: agreed and released."""
    return {
        each.code: so_far.of(Flow.AGREED, Flow.RELEASED, party=each.code).pence
        for each in (books.opening.partners if books.opening else ())
    }


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


def _working(
    scheme: Scheme, how: str, cost: Pence, weights: Mapping[str, int], parts: Mapping[str, Pence]
) -> Working:
    whole = sum(weights.values())
    steps = [Step("Cost since the year began", cost, "pence", source="the pool's postings")]
    steps += [
        Step(f"Part of {code}", parts[code], "pence", f"{weight:,} of {whole:,}, {how}, by largest remainder",
             f"the agreement, scheme {scheme.id}")
        for code, weight in weights.items()
    ]  # fmt: skip
    return Working(f"Shares of {scheme.title}", cost, "pence", tuple(steps))
