"""Whose money pays for what a pool spends: source by source, to the penny. Whose cost it is, is for ``division`` to say.

What is spent of a source is paid for by those who put that source in, in proportion. Where nobody put it in (a plan need not
say what pays for a scheme) it is by all that partners put in; what people are charged is the council's income, and no part of that.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from carepool.basics.money import Pence, share
from carepool.pool.accounts import Balances, Heading
from carepool.pool.books import BROUGHT_FORWARD, Opening
from carepool.pool.division import Divided, Weights
from carepool.pool.events import CLIENTS


def codes_of(opening: Opening) -> tuple[str, ...]:
    """Everybody who has books of the pool: its partners, and whoever else contributes or holds what is brought forward."""
    found = [each.code for each in opening.partners]
    found += [each.party for each in opening.contributions]
    return tuple(dict.fromkeys([*found, *opening.brought]))


@dataclass(frozen=True, slots=True)
class Funding:
    """What each partner has put in, source by source, before anything was given back."""

    by_source: Mapping[str, Mapping[str, Pence]]
    together: Mapping[str, Pence]
    """All of it, but what people are charged."""

    def of(self, source: str) -> tuple[Weights, str]:
        """Whose money a source is, and what that is in words; nobody's before anybody has put anything in."""
        own = _above_zero(self.by_source.get(source, {}))
        if own:
            return own, f"by what each put in of {source}"
        return _above_zero(self.together), f"by all that each put in, since nobody put in {source}"


def _above_zero(put: Mapping[str, Pence]) -> dict[str, Pence]:
    """Who has put something in. On the way to a day, in the order of dates, it can be below zero for a while."""
    return {code: pence for code, pence in put.items() if pence > 0}


@dataclass(slots=True)
class _Put:
    by_source: dict[str, dict[str, Pence]] = field(default_factory=dict)
    together: dict[str, Pence] = field(default_factory=dict)

    def add(self, source: str, party: str, pence: Pence) -> None:
        of = self.by_source.setdefault(source, {})
        of[party] = of.get(party, 0) + pence
        if source != CLIENTS:
            self.together[party] = self.together.get(party, 0) + pence


def funding(opening: Opening, balances: Balances, before: Mapping[str, Pence]) -> Funding:
    """What each has put in by these balances. ``before`` is each partner's share of what the year before left."""
    put = _Put()
    for account, balance in balances.items():
        match account.heading:
            case Heading.CONTRIBUTED:
                put.add(account.source, account.party, -balance)
            case Heading.CHARGES:
                put.add(CLIENTS, account.party, -balance)
            case Heading.RELEASED:
                for source, pence in released_by_source(opening, account.party, -balance).items():
                    put.add(source, account.party, pence)
            case _:
                pass
    for party, pence in brought(balances, before).items():
        put.add(BROUGHT_FORWARD, party, pence)
    return Funding(put.by_source, put.together)


def released_by_source(opening: Opening, ccg: str, pence: Pence) -> dict[str, Pence]:
    """Performance money by the source that it is part of, in proportion to what of each waited to be earned."""
    waited = {
        each.source: each.contingent
        for each in opening.contributions
        if each.party == ccg and each.contingent > 0
    }
    return share(pence, waited) if waited else {}


def brought(balances: Balances, before: Mapping[str, Pence]) -> dict[str, Pence]:
    """Whose what was brought forward is: by the shares of what the year before left, else the holder's."""
    held = {each.party: -pence for each, pence in balances.items() if each.heading is Heading.BROUGHT}
    left = {code: pence for code, pence in before.items() if pence > 0}
    return share(sum(held.values()), left) if left and held else held


@dataclass(frozen=True, slots=True)
class Cost:
    """What a scheme has cost of one source, or a grant passed on, and what of it is each partner's money."""

    scheme: str
    source: str
    pence: Pence
    borne: Mapping[str, Pence]
    weights: Weights
    how: str
    district: str = ""
    """To whom a grant was passed on; empty for a scheme."""


def costs(balances: Balances, funded: Funding, found: tuple[Divided, ...]) -> tuple[Cost, ...]:
    """Every cost by scheme and source, each shared to those whose money pays for it by largest remainder.

    A grant passed on is a cost of those who put it in, as ``found`` divides it; so is what nobody has put money in for.
    """
    cells: dict[tuple[str, str], Pence] = {}
    for account, balance in balances.items():
        if account.heading in {Heading.SPENT, Heading.IRRECOVERABLE}:
            key = account.party, account.source
            cells[key] = cells.get(key, 0) + balance
    by = {each.of: each for each in found}
    passed = [each for each in found if each.district]
    return (
        *(
            Cost("", each.grant, each.pence, each.parts, each.weights, each.how, each.district)
            for each in passed
        ),
        *(
            _cost(funded, by[scheme], source, pence)
            for (scheme, source), pence in sorted(cells.items())
            if pence
        ),
    )


def _cost(funded: Funding, divided: Divided, source: str, pence: Pence) -> Cost:
    weights, how = funded.of(source)
    if not weights:
        weights, how = divided.weights, f"{divided.how}, since nobody has put anything in"
    return Cost(divided.scheme, source, pence, share(pence, weights), weights, how)


def settled_between(net: Mapping[str, Pence]) -> list[tuple[str, str, Pence]]:
    """Who pays whom how much so that everybody's net is paid; in the order of the codes. The nets add to nothing."""
    paying = {code: pence for code, pence in sorted(net.items()) if pence > 0}
    having = {code: -pence for code, pence in sorted(net.items()) if pence < 0}
    found: list[tuple[str, str, Pence]] = []
    for payer, owes in paying.items():
        for payee, due in having.items():
            pence = min(owes, due)
            if pence:
                found.append((payer, payee, pence))
                owes -= pence
                having[payee] -= pence
    return found
