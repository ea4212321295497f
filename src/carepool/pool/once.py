"""Every pound once: the same contribution in two pools or plans, and a pound that two bodies have in their totals."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from typing import Literal

from carepool.basics.findings import Finding, Severity
from carepool.basics.money import Pence, in_pounds
from carepool.pool.accounts import Heading
from carepool.pool.books import BROUGHT_FORWARD, Books
from carepool.pool.events import CLIENTS, RISK_SHARE
from carepool.pool.own import Own
from carepool.pool.partners import Partners

RULE = "docs/adr/0030"
OF_ONE_POOL = frozenset({RISK_SHARE, CLIENTS, BROUGHT_FORWARD})
"""Sources that arise within a pool, and so are in no other."""


@dataclass(frozen=True, slots=True, order=True)
class Claim:
    """That a pool or a plan counts on a party's money from one source in a year."""

    party: str
    source: str
    year: str
    kind: Literal["pool", "plan"]
    id: str
    pence: Pence

    @property
    def where(self) -> str:
        """The pool or plan in words."""
        return f"the {self.kind} {self.id}"


@dataclass(frozen=True, slots=True)
class Known:
    """What a party has of a source in a year, and where that is from; empty for an indicative share."""

    pence: Pence
    source: str


@dataclass(frozen=True, slots=True)
class Near:
    """How near two sums are when they may be the same pounds: by how many per cent of the larger they may differ."""

    per_cent: Decimal
    rule: str
    """Where that stands."""

    def are(self, first: Claim, second: Claim) -> bool:
        """Whether two claims are so near."""
        return abs(first.pence - second.pence) * 100 <= max(first.pence, second.pence) * self.per_cent


TO_THE_PENNY = Near(Decimal(0), RULE)


def claims_of(books: Books) -> tuple[Claim, ...]:
    """What a pool counts on: agreed contributions, and performance money whether it is earned yet or not."""
    found: dict[tuple[str, str], Pence] = {}
    for account, balance in books.balances.items():
        if account.heading is Heading.CONTRIBUTED and account.source not in OF_ONE_POOL:
            key = account.party, account.source
            found[key] = found.get(key, 0) - balance
    for each in books.opening.contributions if books.opening else ():
        if each.contingent:
            key = each.party, each.source
            found[key] = found.get(key, 0) + each.contingent
    return tuple(Claim(*key, books.year, "pool", books.pool, pence) for key, pence in sorted(found.items()) if pence)  # fmt: skip


def counted_twice(
    claims: Iterable[Claim], known: Mapping[tuple[str, str, str], Known], near: Near = TO_THE_PENNY
) -> tuple[Finding, ...]:
    """The alarms: more of a source than its party has, and the same sum, or nearly, in two places where no allocation says
    what it has.

    ``known`` is what a party has of a source in a year, by party, source and year; ``near`` how near is nearly.
    """
    by_money: dict[tuple[str, str, str], list[Claim]] = {}
    for claim in sorted(claims):
        by_money.setdefault((claim.party, claim.source, claim.year), []).append(claim)
    found: list[Finding] = []
    for key, of in by_money.items():
        has = known.get(key)
        beyond = _beyond(of, has) if has is not None else []
        found += beyond
        # An indicative share is nobody's allocation, so that both can be within it and still be one sum.
        if not beyond and (has is None or not has.source):
            found += [_same(*pair, near) for pair in combinations(of, 2) if near.are(*pair)]
    return tuple(found)


def _beyond(of: Sequence[Claim], has: Known) -> list[Finding]:
    together = sum(each.pence for each in of)
    if together <= has.pence:
        return []
    first = of[0]
    places = " and ".join(f"{each.where} ({in_pounds(each.pence)})" for each in of)
    by = (
        f"as {has.source} says"
        if has.source
        else "by an indicative share, which is nobody's official allocation"
    )
    verb = "count" if len(of) > 1 else "counts"
    return [
        Finding(
            "more-than-there-is",
            Severity.BLOCKER if has.source else Severity.WARNING,
            f"{first.party}/{first.source}/{first.year}",
            f"{places} {verb} on {in_pounds(together)} of {first.source} from {first.party} in {first.year}, "
            f"which has {in_pounds(has.pence)} {by}: {in_pounds(together - has.pence)} is counted twice or is not there.",
            "Agree which of them the money is in, and lower the contribution in the other.",
            RULE,
        )
    ]


def _same(first: Claim, second: Claim, near: Near) -> Finding:
    apart = abs(first.pence - second.pence)
    sums = (
        f"both count on {in_pounds(first.pence)} of {first.source} from {first.party} in {first.year}: the same sum to the penny."
        if not apart
        else f"count on {in_pounds(first.pence)} and {in_pounds(second.pence)} of {first.source} from {first.party} in {first.year}: "
        f"they are {in_pounds(apart)} apart, which is within {near.per_cent} per cent, and may be the same pounds."
    )
    return Finding(
        "counted-twice",
        Severity.WARNING,
        f"{first.party}/{first.source}/{first.year}",
        f"{first.where[:1].upper()}{first.where[1:]} and {second.where} {sums}",
        "Agree which of them the money is in, and lower the contribution in the other; or load what the party has of it.",
        near.rule,
    )


def opened_twice(pools: Sequence[Books]) -> tuple[Finding, ...]:
    """An agreement whose pool of a year was opened under two names."""
    found: list[Finding] = []
    having = [each for each in pools if each.opening and each.opening.agreement_digest]
    for first, second in combinations(having, 2):
        assert first.opening  # noqa: S101 (taken so above)
        assert second.opening  # noqa: S101 (taken so above)
        if (first.year, first.opening.agreement_digest) == (second.year, second.opening.agreement_digest):
            found.append(
                Finding(
                    "opened-twice", Severity.BLOCKER, f"{first.pool}/{first.year}",
                    f"The pools {first.pool} and {second.pool} of {first.year} are of one agreement, so all its money is in both.",
                    "Keep one of them, and lower every contribution in the other to nothing.", RULE,
                )
            )  # fmt: skip
    return tuple(found)


# A pound in two bodies' totals.


@dataclass(frozen=True, slots=True, order=True)
class Passage:
    """Money that goes from one body to another, and so stands in both their totals."""

    pool: str
    year: str
    payer: str
    payee: str
    kind: Literal["contributions", "costs of schemes", "section 256"]
    pence: Pence


@dataclass(frozen=True, slots=True)
class BodyTotal:
    """A body's totals over pools: money in, and money out."""

    body: str
    put_in: Pence
    """Its own: allocation, council money, grants, charges to people; and what it has under section 256 from outside."""
    received: Pence
    """From other bodies here, in whose totals it is too."""
    spent: Pence
    """Outside: on services, on VAT that does not come back, passed on."""
    paid_on: Pence
    """To other bodies here, in whose totals it is too."""

    @property
    def gross_in(self) -> Pence:
        """Its total of money in, as it would report it by itself."""
        return self.put_in + self.received

    @property
    def gross_out(self) -> Pence:
        """Its total of money out, as it would report it by itself."""
        return self.spent + self.paid_on


@dataclass(frozen=True, slots=True)
class Once:
    """All bodies' totals, and what is in two of them."""

    bodies: tuple[BodyTotal, ...]
    passages: tuple[Passage, ...]
    """What is taken out of the totals."""
    findings: tuple[Finding, ...]

    @property
    def gross_in(self) -> Pence:
        """All bodies' money in, added up as if nothing were in two."""
        return sum(each.gross_in for each in self.bodies)

    @property
    def gross_out(self) -> Pence:
        """All bodies' money out, added up as if nothing were in two."""
        return sum(each.gross_out for each in self.bodies)

    @property
    def net_in(self) -> Pence:
        """Every pound in once."""
        return sum(each.put_in for each in self.bodies)

    @property
    def net_out(self) -> Pence:
        """Every pound out once."""
        return sum(each.spent for each in self.bodies)

    @property
    def eliminated_in(self) -> Pence:
        """What is taken out of money in: it is in a payer's total too."""
        return sum(each.pence for each in self.passages if each.kind != "costs of schemes")

    @property
    def eliminated_out(self) -> Pence:
        """What is taken out of money out: it is in a payee's total too."""
        return sum(each.pence for each in self.passages if each.kind != "contributions")

    @property
    def adds_up(self) -> bool:
        """Whether gross less what is eliminated is net, in and out."""
        return (
            self.gross_in - self.eliminated_in == self.net_in
            and self.gross_out - self.eliminated_out == self.net_out
        )


def once(pools: Sequence[tuple[Books, Partners]], findings: tuple[Finding, ...] = ()) -> Once:
    """Bodies' totals over pools, each pound once."""
    totals: dict[str, list[Pence]] = {}
    passages: list[Passage] = []
    for books, partners in pools:
        for code in partners.books:
            put, received, spent, paid_on = _of_body(partners, code)
            total = totals.setdefault(code, [0, 0, 0, 0])
            for place, pence in enumerate((put, received, spent, paid_on)):
                total[place] += pence
        passages += _passages(books, partners)
    bodies = tuple(BodyTotal(code, *total) for code, total in sorted(totals.items()))
    return Once(bodies, tuple(sorted(passages)), findings)


def _of_body(partners: Partners, code: str) -> tuple[Pence, Pence, Pence, Pence]:
    own, here = partners.books[code], partners.books
    transfers = {each: pence for each, pence in own.balances.items() if each.heading is Own.TRANSFER_FROM}
    from_outside = -sum(pence for each, pence in transfers.items() if each.other not in here)
    from_here = -sum(pence for each, pence in transfers.items() if each.other in here)
    given = own.amount(Own.TRANSFER_TO)
    others = sum(pence for each, pence in partners.contributed.items() if each != code)
    put = partners.contributed.get(code, 0) + from_outside + given
    received = from_here + (others if code == partners.host else 0)
    spent = sum(map(own.amount, (Own.EXPENDITURE, Own.IRRECOVERABLE, Own.PASSED, Own.APPLIED)))
    return put, received, spent, own.amount(Own.TO_PARTNER) + given


def _passages(books: Books, partners: Partners) -> list[Passage]:
    pool, year, host = books.pool, books.year, partners.host
    found = [
        Passage(pool, year, code, host, "contributions", pence)
        for code, pence in partners.contributed.items()
        if code != host and pence
    ]
    costs: dict[tuple[str, str], Pence] = {}
    for code, own in partners.books.items():
        for account, pence in own.balances.items():
            if account.heading is Own.TO_PARTNER:
                costs[code, account.other] = costs.get((code, account.other), 0) + pence
            elif account.heading is Own.TRANSFER_TO:
                found.append(Passage(pool, year, code, account.other, "section 256", pence))
    found += [Passage(pool, year, *pair, "costs of schemes", pence) for pair, pence in costs.items() if pence]
    return found
