"""Who shows a scheme's costs in its accounts, and who bears them: by accounting treatment and by source, to the penny.

Who shows it follows from the agreement: gross the lead shows the whole scheme, net or under joint control each partner its own
part, and of what an agent commissions its principal. Who bears it follows from the money: what is spent of a source is borne
by those who put that source in, in proportion.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from carepool.basics.money import Pence, share
from carepool.pool.accounts import Balances, Heading
from carepool.pool.books import BROUGHT_FORWARD, Opening
from carepool.pool.events import CLIENTS

Weights = Mapping[str, int]


def codes_of(opening: Opening) -> tuple[str, ...]:
    """Everybody who has books of the pool: its partners, and whoever else contributes or holds what is brought forward."""
    found = [each.code for each in opening.partners]
    found += [each.party for each in opening.contributions]
    return tuple(dict.fromkeys([*found, *opening.brought]))


def shown_by(opening: Opening, scheme: str) -> Weights:
    """In whose accounts a scheme stands, with the weight of each one's part."""
    found = opening.scheme(scheme)
    codes = codes_of(opening)
    if found is None:
        return {opening.host: 1}
    lead = found.lead if found.lead in codes else opening.host
    parts = {code: weight for code, weight in found.commissioned.items() if weight > 0 and code in codes}
    if found.commissioning == "agent":
        others = [each.code for each in opening.partners if each.code != lead]
        principal = {others[0]: 1} if len(others) == 1 else {lead: 1}
        return {code: weight for code, weight in parts.items() if code != lead} or principal
    own_part = found.accounting == "net" or found.commissioning == "joint"
    return parts if parts and own_part else {lead: 1}


@dataclass(frozen=True, slots=True)
class Funding:
    """What each partner has put in, source by source, before anything was given back."""

    by_source: Mapping[str, Mapping[str, Pence]]
    together: Mapping[str, Pence]

    def weights(self, opening: Opening, source: str, scheme: str) -> tuple[Weights, str]:
        """By what the cost of a scheme from a source is borne, and what that is in words."""
        own = _above_zero(self.by_source.get(source, {}))
        if own:
            return own, f"by what each put in of {source}"
        every = _above_zero(self.together)
        if every:
            return every, f"by all that each put in, since nobody put in {source}"
        return shown_by(opening, scheme), "by who shows the scheme, since nobody has put anything in"


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
    """What a scheme has cost of one source, or a grant passed on, and what each partner bears of it."""

    scheme: str
    source: str
    pence: Pence
    borne: Mapping[str, Pence]
    weights: Weights
    how: str
    district: str = ""
    """To whom a grant was passed on; empty for a scheme."""


def costs(opening: Opening, balances: Balances, funded: Funding) -> tuple[Cost, ...]:
    """Every cost by scheme and source, each shared to those who bear it by largest remainder."""
    cells: dict[tuple[str, str, str], Pence] = {}
    for account, balance in balances.items():
        if account.heading in {Heading.SPENT, Heading.IRRECOVERABLE}:
            key = account.party, account.source, ""
        elif account.heading is Heading.PASSED:
            key = "", account.source, account.party
        else:
            continue
        cells[key] = cells.get(key, 0) + balance
    return tuple(_cost(opening, funded, *key, pence=pence) for key, pence in sorted(cells.items()) if pence)


def _cost(opening: Opening, funded: Funding, scheme: str, source: str, district: str, pence: Pence) -> Cost:
    weights, how = funded.weights(opening, source, scheme)
    return Cost(scheme, source, pence, share(pence, weights), weights, how, district)


def shown(opening: Opening, balances: Balances, heading: Heading) -> dict[tuple[str, str], Pence]:
    """What each partner shows of each scheme under ``SPENT`` or ``IRRECOVERABLE``, by scheme and partner."""
    whole: dict[str, Pence] = {}
    for account, balance in balances.items():
        if account.heading is heading:
            whole[account.party] = whole.get(account.party, 0) + balance
    return {
        (scheme, code): pence
        for scheme, total in whole.items()
        for code, pence in share(total, shown_by(opening, scheme)).items()
        if pence
    }


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
