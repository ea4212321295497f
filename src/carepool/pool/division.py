"""Whose cost a scheme's spending is: the one division of it, by what the agreement says of the scheme, to the penny.

Statements, the year's end, partners' own books, the account at a glance and forecasts all divide by it. Who pays for a cost is
another question, of whose money it was: see ``borne``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from carepool.basics.money import Pence, share
from carepool.basics.workings import Step, Working
from carepool.pool.accounts import Account, Balances, Heading
from carepool.pool.books import Books, Opening

Weights = Mapping[str, int]

COMMISSIONED = "by what each commissions"
WHOLE = "the lead shows all of it"
PRINCIPAL = "by the partner that the agent acts for"
PRO_RATA = "pro rata to contributions"
PUT_IN = "by what each put in of the grant"
PAYEE = "the host’s, since nobody put the grant in"


@dataclass(frozen=True, slots=True)
class Divided:
    """A scheme's cost, or what of a grant was passed on, and each partner's part of it. The parts add to the cost."""

    scheme: str
    """Empty for a grant."""
    title: str
    how: str
    pence: Pence
    """Spent, with VAT that does not come back, accruals among it."""
    weights: Weights
    parts: Mapping[str, Pence]
    grant: str = ""
    district: str = ""
    """To whom a grant was passed on; empty for a scheme."""

    @property
    def of(self) -> str:
        """What it is of, by the name of its accounts: a scheme, or a grant passed on to a district."""
        return self.scheme or f"{self.grant}/{self.district}"

    @property
    def working(self) -> Working:
        """How the parts are reached."""
        whole = sum(self.weights.values())
        source = f"the agreement, scheme {self.scheme}" if self.scheme else f"the grant {self.grant}"
        steps = [Step("Cost since the year began", self.pence, "pence", source="the pool's postings")]
        steps += [
            Step(f"Part of {code}", self.parts[code], "pence", f"{weight:,} of {whole:,}, {self.how}, by largest remainder", source)
            for code, weight in self.weights.items()
        ]  # fmt: skip
        return Working(f"Shares of {self.title}", self.pence, "pence", tuple(steps))


def contributed(opening: Opening, balances: Balances) -> dict[str, Pence]:
    """What each partner puts into the pool by these balances: agreed, what it bears among it, and released."""
    found = {each.code: 0 for each in opening.partners}
    for account, balance in balances.items():
        if account.heading in {Heading.CONTRIBUTED, Heading.RELEASED} and account.party in found:
            found[account.party] -= balance
    return found


def basis(opening: Opening, scheme: str, put_in: Mapping[str, Pence]) -> tuple[str, Weights]:
    """How a scheme's cost is divided, in words, and each partner's weight.

    An agent spends its principals' money. A lead that accounts gross has all of it. Else it goes by what each commissions
    where the agreement says so; if it does not, a lead has all, and what nobody leads goes pro rata to contributions.
    """
    found, codes = opening.scheme(scheme), _partners(opening)
    if found is None:
        return WHOLE, {opening.host: 1}
    parts = {code: weight for code, weight in found.commissioned.items() if weight > 0 and code in codes}
    lead = found.lead if found.lead in codes else ""
    if found.commissioning == "agent":
        return PRINCIPAL, _principals(opening, lead, parts, put_in)
    if found.commissioning == "lead" and lead and (found.accounting == "gross" or not parts):
        return WHOLE, {lead: 1}
    return (COMMISSIONED, parts) if parts else (PRO_RATA, _paying(put_in, codes))


def _partners(opening: Opening) -> list[str]:
    return [each.code for each in opening.partners]


def _principals(opening: Opening, agent: str, parts: Weights, put_in: Mapping[str, Pence]) -> Weights:
    """By what each commissions through the agent; where that is not said, the partners that are not the agent."""
    others = [code for code in _partners(opening) if code != agent]
    return (
        {code: weight for code, weight in parts.items() if code != agent} or parts or _paying(put_in, others)
    )


def _paying(put_in: Mapping[str, Pence], codes: list[str]) -> Weights:
    paying = {code: put_in[code] for code in codes if put_in.get(code, 0) > 0}
    return paying or dict.fromkeys(codes, 1)


def divided(opening: Opening, balances: Balances) -> tuple[Divided, ...]:
    """Every cost in these balances: each scheme's in the agreement's order, nothing spent among them, then grants passed on.

    What is in suspense is nobody's cost until its scheme is known.
    """
    put_in = contributed(opening, balances)
    spent: dict[str, Pence] = {each.id: 0 for each in opening.schemes}
    passed: dict[tuple[str, str], Pence] = {}
    for account, balance in balances.items():
        if account.heading in {Heading.SPENT, Heading.IRRECOVERABLE}:
            spent[account.party] = spent.get(account.party, 0) + balance
        elif account.heading is Heading.PASSED and balance:
            passed[account.source, account.party] = balance
    return (
        *(_scheme(opening, scheme, pence, put_in) for scheme, pence in spent.items()),
        *(_grant(opening, balances, *key, pence) for key, pence in sorted(passed.items())),
    )


def divided_on(books: Books, day: date) -> tuple[Divided, ...]:
    """Every cost that is dated up to a day, by the agreement that holds on it; nothing before the year or before the pool is open."""
    opening = books.opening_on(day)
    if opening is None:
        return ()
    return divided(opening, books.until(day) if day >= books.first_day else {})


def costs(books: Books) -> dict[str, Pence]:
    """Each partner's part of what the pool's year costs. The parts add up; what is in suspense is in none."""
    found = divided_on(books, books.last_day)
    return by_partner(books.opening, found) if books.opening else {}


def _scheme(opening: Opening, scheme: str, pence: Pence, put_in: Mapping[str, Pence]) -> Divided:
    found = opening.scheme(scheme)
    how, weights = basis(opening, scheme, put_in)
    return Divided(scheme, found.title if found else scheme, how, pence, weights, share(pence, weights))


def _grant(opening: Opening, balances: Balances, grant: str, district: str, pence: Pence) -> Divided:
    """A grant passed on is the cost of those who put it into the pool."""
    put = {code: -balances.get(Account(Heading.CONTRIBUTED, code, grant), 0) for code in _partners(opening)}
    weights = {code: each for code, each in put.items() if each > 0}
    how = PUT_IN if weights else PAYEE
    weights = weights or {opening.host: 1}
    title = f"{grant} passed on to {district}"
    return Divided("", title, how, pence, weights, share(pence, weights), grant, district)


def by_partner(opening: Opening, found: tuple[Divided, ...]) -> dict[str, Pence]:
    """Each partner's part of all costs. They add to what schemes have cost and what was passed on."""
    total = dict.fromkeys(_partners(opening), 0)
    for each in found:
        for code, pence in each.parts.items():
            total[code] = total.get(code, 0) + pence
    return total
