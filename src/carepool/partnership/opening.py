"""What a pool opens with by its agreement: partners, host, contributions by source, schemes, grants, and what was brought forward."""

from collections.abc import Mapping
from datetime import date

from carepool.basics.money import Pence
from carepool.basics.periods import Quarter
from carepool.basics.refusals import Refused
from carepool.partnership.agreement import PERFORMANCE, POOLED, Agreement, Shares
from carepool.partnership.agreement import Scheme as Agreed
from carepool.partnership.bearing import NOBODY, host_of, weights_of
from carepool.partnership.charging import Functions, may_charge
from carepool.partnership.instalments import FIRST_MONTH, by_source
from carepool.pool.accounts import LONGEST_TITLE
from carepool.pool.books import Contribution, Grant, Opening, Partner, Scheme


def opening_from(
    agreement: Agreement,
    year: str,
    digest: str,
    *,
    functions: Functions,
    brought: Mapping[str, Pence] | None = None,
    plan: str = "",
    plan_digest: str = "",
) -> Opening | Refused:
    """What a pool of the year opens with. Performance money is off the pool, with whom it is of, until it is earned.

    ``functions`` are those of the rules: by them, and not by the agreement's word alone, people are charged for a scheme.
    """
    host = host_of(agreement, year)
    if host is None:
        return Refused(
            f"The agreement does not make clear who hosts in {year}. Name the host in it, or put contributions under the year."
        )
    if year not in agreement.years:
        known = ", ".join(agreement.years) or "none"
        return Refused(f"The agreement has no contributions for {year}. Years that it has: {known}.")
    kinds = {each.code: each.kind for each in agreement.partners}
    if other := next((code for code, kind in kinds.items() if kind not in {"council", "ccg"}), None):
        return Refused(
            f"{agreement.name(other)} is neither a council nor a CCG. A pool is kept for those alone."
        )
    return Opening(
        agreement=agreement.title[:LONGEST_TITLE],
        host=host,
        partners=tuple(
            Partner(each.code, "ccg" if each.kind == "ccg" else "council") for each in agreement.partners
        ),
        plan=plan,
        plan_digest=plan_digest,
        contributions=_contributions(agreement, year),
        schemes=tuple(scheme_of(agreement, each, functions) for each in agreement.schemes),
        agreement_digest=digest,
        grants=grants_of(agreement, year, digest),
        brought=dict(brought or {}),
        first=_agreed_from(agreement, year),
    )  # fmt: skip


def grants_of(agreement: Agreement, year: str, digest: str) -> tuple[Grant, ...]:
    """The capital grants of a year as the books know them; their conditions stand in the agreement."""
    return tuple(
        Grant(each.id, each.determination[:LONGEST_TITLE], each.payer, each.payee, each.pence, digest, each.pass_on)
        for each in agreement.grants
        if each.year == year
    )  # fmt: skip


def _agreed_from(agreement: Agreement, year: str) -> date | None:
    """The agreement's first day, where it begins within the year; else contributions are of the year's first day."""
    first = agreement.duration.first if agreement.duration else None
    starts = Quarter.parse(f"{year}Q1").starts
    return (
        first if first and date(starts, FIRST_MONTH, 1) < first < date(starts + 1, FIRST_MONTH, 1) else None
    )


def _contributions(agreement: Agreement, year: str) -> tuple[Contribution, ...]:
    found = [
        Contribution(party, source, pence)
        for (party, source), pence in by_source(agreement, year).items()
        if pence
    ]
    missed = agreement.risk_share.missed if agreement.risk_share else None
    if missed and missed.pence:
        found.append(Contribution(missed.of, PERFORMANCE, missed.pence, missed.pence))
    return tuple(found)


def scheme_of(agreement: Agreement, scheme: Agreed, functions: Functions) -> Scheme:
    """A scheme of an agreement as the books know it."""
    lead = scheme.principal if scheme.commissioning == "agent" and not scheme.lead else scheme.lead
    return Scheme(
        scheme.id,
        scheme.title[:LONGEST_TITLE],
        dict(scheme.pays_from) or {POOLED: scheme.pence},
        may_charge(agreement, scheme, functions),
        scheme.commissioning,
        lead,
        scheme.accounting,
        _weights(scheme.commissioned, scheme.principal or lead),
    )


def _weights(shares: Shares | None, own: str) -> dict[str, int]:
    """By what each commissions; where the agreement does not say, it is the lead's own, or that of an agent's principal."""
    if shares is None:
        return {own: 1} if own else {}
    return {code: weight for code, weight in weights_of(shares).items() if code != NOBODY}
