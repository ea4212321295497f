"""A pool's books as data: what commands and pages answer in JSON, in whole pence."""

from datetime import date

from carepool.basics.money import in_pounds
from carepool.pool.books import Books
from carepool.pool.glance import Glance, PartnerLine, SchemeLine, glance

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


def at_a_glance_text(books: Books) -> str:
    """The same for a terminal."""
    found: Glance = glance(books)
    opening = books.opening
    lines = [f"{opening.agreement if opening else books.pool}, {books.year}"]
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
    return "\n".join(lines)
