"""A pool's books as data: what commands and pages answer in JSON, in whole pence."""

from collections.abc import Sequence
from datetime import date

from carepool.basics.money import in_pounds
from carepool.journal.facts import Fact
from carepool.places.bodies import BodyKind, body_id
from carepool.pool.accounts import Posting
from carepool.pool.books import Books, Position, Release
from carepool.pool.glance import Glance, GrantLine, PartnerLine, SchemeLine, glance

Data = dict[str, object]


def at_a_glance(books: Books, as_at: date | None = None) -> Data:
    """The account at a glance."""
    found, opening = glance(books), books.opening
    return {
        "pool": books.pool,
        "year": books.year,
        "as_at": as_at,
        "agreement": opening.agreement if opening else None,
        "held_by": opening.host if opening else None,
        "funded_pence": found.funded,
        "used_pence": found.used,
        "surplus_pence": found.surplus,
        "cash_pence": found.cash,
        "charges_pence": found.charges,
        "suspense_pence": found.suspense,
        "passed_on_pence": found.passed,
        "partners": [_partner(each) for each in found.partners],
        "schemes": [_scheme(each) for each in found.schemes],
        "grants": [_grant(each) for each in found.grants],
        "closed_through": books.closed_through,
        "ended_at": books.ended_at,
        "postings": len(books.postings),
        "trial_balance_pence": books.trial_balance(),
    }


def _partner(each: PartnerLine) -> Data:
    return {
        "partner": each.party,
        "contributed_pence": each.contributed,
        "promised_pence": each.promised,
        "invoiced_pence": each.invoiced,
        "paid_in_pence": each.paid_in,
        "released_pence": each.released,
        "contingent_pence": each.contingent,
        "kept_pence": each.kept,
        "returned_pence": each.returned,
        "owed_pence": each.owed,
        "cost_pence": each.cost,
    }


def _grant(each: GrantLine) -> Data:
    return {
        "grant": each.grant.id,
        "determination": each.grant.determination,
        "payer": each.grant.payer,
        "payee": each.grant.payee,
        "pence": each.grant.pence,
        "conditions": each.grant.conditions or None,
        "paid_in_pence": each.paid_in,
        "passed_on": [
            {"district": code, "pence": pence, "passed_on_pence": each.passed[code]}
            for code, pence in sorted(each.grant.pass_on.items())
        ],
        "still_to_go_on_pence": each.still,
    }


def _scheme(each: SchemeLine) -> Data:
    return {
        "scheme": each.scheme,
        "title": each.title,
        "budget_pence": each.budget,
        "spent_pence": each.spent,
        "irrecoverable_vat_pence": each.irrecoverable,
        "committed_pence": each.committed,
        "left_pence": each.left,
    }


def at_a_glance_text(books: Books, mark: str = "") -> str:
    """The same for a terminal."""
    found: Glance = glance(books)
    opening = books.opening
    lines = [f"{mark}."] if mark else []
    lines += [f"{opening.agreement if opening else books.pool}, {books.year}"]
    lines += [f"Held by {opening.host}: {in_pounds(found.cash)} in the account." if opening else "Not open."]
    lines += [
        f"Funded {in_pounds(found.funded)}, used {in_pounds(found.used)}, so {in_pounds(found.surplus)} is over.",
        "",
    ]
    lines += [
        f"{each.party}: contributes {in_pounds(each.contributed)}, paid in {in_pounds(each.paid_in)}, "
        f"released {in_pounds(each.released)}, off the pool {in_pounds(each.contingent)}"
        for each in found.partners
    ]
    lines += [""]
    lines += [
        f"{each.title}: budget {in_pounds(each.budget)}, spent {in_pounds(each.cost)}, committed {in_pounds(each.committed)}, "
        f"left {in_pounds(each.left)}"
        for each in found.schemes
    ]
    lines += [
        f"{each.grant.determination}: {in_pounds(each.grant.pence)} from {each.grant.payer} to {each.grant.payee}, "
        f"paid in {in_pounds(each.paid_in)}, passed on {in_pounds(sum(each.passed.values()))}, still to go on {in_pounds(each.still)}"
        for each in found.grants
    ]
    return "\n".join(lines)


def whole(books: Books, facts: Sequence[Fact], mark: str, as_at: date | None = None) -> Data:
    """A pool's books: at a glance, every account, every posting with its fact, and where each release stands."""
    opening = books.opening
    assert opening is not None  # noqa: S101 (only what is open is shown)
    host = next(each for each in opening.partners if each.code == opening.host)
    data: Data = {
        **at_a_glance(books, as_at),
        "open": True,
        "held_by": body_id(_KINDS[host.kind], host.code),
        "plan": opening.plan,
        "plan_digest": opening.plan_digest,
        "totals": position(books.totals),
        "partners": [
            {
                "partner": body_id(_KINDS[each.kind], each.code),
                **_partner(line),
                **position(books.position(each.code)),
            }
            for each, line in zip(opening.partners, glance(books).partners, strict=True)
        ],
        "accounts": [
            {
                "account": str(account),
                "book": account.book,
                "debit_pence": max(balance, 0),
                "credit_pence": max(-balance, 0),
            }
            for account, balance in sorted(books.balances.items())
        ],
        "postings": [_posting(each, facts[each.version - 1]) for each in books.postings],
        "releases": [_release(each) for _, each in sorted(books.releases.items())],
        "closed_at": books.kept_at,
    }
    return data | ({"mark": mark} if mark else {})


_KINDS = {"council": BodyKind.COUNCIL, "ccg": BodyKind.CCG}


def _posting(posting: Posting, fact: Fact) -> Data:
    return {
        "posting": posting.id,
        "event": posting.event.code,
        "on": posting.on,
        "says": posting.says,
        "by": fact.by,
        "fact": fact.digest,
        "of": posting.of or None,
        "late": posting.late,
        "cites": posting.cites,
        "lines": [
            {"debit": str(line.debit), "credit": str(line.credit), "amount_pence": line.pence}
            for line in posting.lines
        ],
    }


def position(found: Position) -> Data:
    """A party's money in a pool, or everybody's."""
    return {
        "contributed_pence": found.contributed,
        "performance_pence": found.performance,
        "contingent_pence": found.contingent,
        "released_pence": found.released,
        "kept_pence": found.kept,
        "in_pool_pence": found.in_pool,
        "held_pence": found.held,
    }


def _release(release: Release) -> Data:
    return {
        "quarter": release.quarter,
        "ccg": release.ccg,
        "amount_pence": release.pence,
        "stage": release.stage,
        "statement": release.statement,
        "proposed_at": release.proposed_at,
        "approved": {side.code: approval.at for side, approval in release.approvals.items()},
        "released_at": release.released_at,
    }
