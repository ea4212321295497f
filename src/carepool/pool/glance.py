"""The account at a glance: what each partner puts in, what each scheme spends, and what is left."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from carepool.basics.money import Pence
from carepool.pool.accounts import Account, Heading
from carepool.pool.books import Books, Grant
from carepool.pool.division import costs
from carepool.pool.events import CLIENTS


@dataclass(frozen=True, slots=True)
class SchemeLine:
    """A scheme's money from one source, or from all."""

    scheme: str
    title: str
    source: str
    """Empty for all of them."""
    budget: Pence
    spent: Pence
    """Net of VAT, accruals among it."""
    irrecoverable: Pence
    """VAT that cannot be had back."""
    committed: Pence

    @property
    def cost(self) -> Pence:
        """Spent, with the VAT that does not come back."""
        return self.spent + self.irrecoverable

    @property
    def left(self) -> Pence:
        """What may still be spent; below zero when overspent."""
        return self.budget - self.cost - self.committed


@dataclass(frozen=True, slots=True)
class PartnerLine:
    """A partner's money."""

    party: str
    contributed: Pence
    """Agreed, paid in or not, performance money not among it."""
    promised: Pence
    """Agreed, and neither invoiced nor paid in."""
    invoiced: Pence
    """Invoiced, and not paid in."""
    released: Pence
    contingent: Pence
    kept: Pence
    returned: Pence
    owed: Pence
    """What the pool owes it."""
    cost: Pence
    """Its part of what schemes have cost and of grants passed on, by the agreement."""
    paid_in: Pence
    """What it has paid in or set off, what it held of the year before among it; neither what people paid nor earned money."""


@dataclass(frozen=True, slots=True)
class GrantLine:
    """A capital grant's money."""

    grant: Grant
    paid_in: Pence
    """What its payee has paid into the pool of it, or set off."""
    passed: Mapping[str, Pence]
    """What has gone on to each district that it goes on to."""

    @property
    def still(self) -> Pence:
        """What has still to go on."""
        return sum(self.grant.pass_on.values()) - sum(self.passed.values())


@dataclass(frozen=True, slots=True)
class Glance:
    """A pool's year in figures."""

    schemes: tuple[SchemeLine, ...]
    partners: tuple[PartnerLine, ...]
    cash: Pence
    funded: Pence
    """Contributed, released, charged and brought forward."""
    used: Pence
    """Spent, passed on, given back, carried forward, and what is in suspense."""
    charges: Pence
    suspense: Pence
    passed: Pence
    grants: tuple[GrantLine, ...] = ()

    @property
    def surplus(self) -> Pence:
        """Funded and not used; below zero for a deficit."""
        return self.funded - self.used


def glance(books: Books) -> Glance:
    """The account at a glance: schemes and totals are of the year, cash and what partners owe are of today."""
    opening, year, parts = books.opening, books.of_year, costs(books)
    amount = year.amount
    return Glance(
        schemes=tuple(_scheme(year, each.id, each.title) for each in (opening.schemes if opening else ())),
        partners=tuple(_partner(books, each.code, parts[each.code]) for each in (opening.partners if opening else ())),
        cash=books.cash,
        funded=sum(
            amount(each) for each in (Heading.CONTRIBUTED, Heading.RELEASED, Heading.CHARGES, Heading.BROUGHT)
        ),
        used=sum(
            amount(each)
            for each in (
                Heading.SPENT, Heading.IRRECOVERABLE, Heading.PASSED, Heading.RETURNED, Heading.CARRIED, Heading.SUSPENSE,
            )
        ),
        charges=amount(Heading.CHARGES),
        suspense=amount(Heading.SUSPENSE),
        passed=amount(Heading.PASSED),
        grants=tuple(_granted(books, each) for each in (opening.grants if opening else ())),
    )  # fmt: skip


def _granted(books: Books, grant: Grant) -> GrantLine:
    get = books.balances.get
    due = (get(Account(each, grant.payee, grant.id), 0) for each in (Heading.PROMISED, Heading.INVOICED))
    put = -get(Account(Heading.CONTRIBUTED, grant.payee, grant.id), 0)
    passed = {each: get(Account(Heading.PASSED, each, grant.id), 0) for each in sorted(grant.pass_on)}
    return GrantLine(grant, put - sum(due), MappingProxyType(passed))


def by_source(books: Books, scheme: str, title: str) -> tuple[SchemeLine, ...]:
    """A scheme's money source by source, those without a budget of it among them."""
    books = books.of_year
    sources = {
        account.source
        for account in books.balances
        if account.party == scheme and account.heading in {Heading.BUDGET, Heading.SPENT}
    }
    return tuple(_line(books, scheme, title, source) for source in sorted(sources))


def _line(books: Books, scheme: str, title: str, source: str) -> SchemeLine:
    get = [
        books.balances.get(Account(heading, scheme, source), 0)
        for heading in (Heading.BUDGET, Heading.SPENT, Heading.IRRECOVERABLE, Heading.COMMITTED)
    ]
    return SchemeLine(scheme, title, source, *get)


def _scheme(books: Books, scheme: str, title: str) -> SchemeLine:
    get = [
        books.amount(heading, scheme)
        for heading in (Heading.BUDGET, Heading.SPENT, Heading.IRRECOVERABLE, Heading.COMMITTED)
    ]
    return SchemeLine(scheme, title, "", *get)


def _partner(books: Books, code: str, cost: Pence) -> PartnerLine:
    get = [
        books.amount(heading, code)
        for heading in (
            Heading.CONTRIBUTED, Heading.PROMISED, Heading.INVOICED, Heading.RELEASED, Heading.CONTINGENT, Heading.KEPT,
            Heading.RETURNED, Heading.OWED,
        )
    ]  # fmt: skip
    return PartnerLine(code, *[*get, cost, paid_in(books, code)])


def paid_in(books: Books, code: str) -> Pence:
    """What a partner has paid in or set off of what it promised and what it held of the year before, as statements have it.

    What people are charged the council owes the pool too, and is not the council's contribution; earned money is told apart.
    """
    agreed = books.amount(Heading.CONTRIBUTED, code) + books.amount(Heading.BROUGHT, code)
    due = sum(
        balance
        for account, balance in books.balances.items()
        if account.heading in {Heading.PROMISED, Heading.INVOICED}
        and account.party == code
        and account.source != CLIENTS
    )
    return agreed - due
