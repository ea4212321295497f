"""Partners' own books, reconciliations and totals with every pound once: as data in whole pence, and for a terminal."""

from datetime import date

from carepool.basics.money import in_pounds
from carepool.basics.periods import in_words
from carepool.pool.books import Books
from carepool.pool.once import Once
from carepool.pool.own import OwnBooks
from carepool.pool.partners import Partners, explain, explain_cost, treatment
from carepool.pool.reconciling import Compared, How, Reconciled, Row, findings
from carepool.render.answers import Data, working


def partners(books: Books, found: Partners, only: str = "", as_at: date | None = None) -> Data:
    """Each partner's own books, and what is eliminated between them; of one partner its entries too."""
    opening = books.opening
    return {
        "pool": books.pool,
        "year": books.year,
        "as_at": as_at,
        "held_by": found.host,
        "cost_pence": sum(found.cost.values()),
        "net_expenditure_pence": found.net_expenditure,
        "schemes": [
            {"scheme": each.id, "title": each.title, "treatment": treatment(books, each.id, as_at)}
            for each in opening.schemes
        ]
        if opening
        else [],
        "partners": [
            _own(books, found, own, entries=bool(only)) for code, own in found.books.items() if only in ("", code)
        ],
        "eliminations": [
            {
                "heading": each.heading, "one": each.one, "other": each.other, "about": each.about or None,
                "ones_pence": each.ones, "others_pence": each.others, "difference_pence": each.difference,
            }
            for each in found.eliminations
            if only in ("", each.one, each.other)
        ],
    }  # fmt: skip


def _own(books: Books, found: Partners, own: OwnBooks, *, entries: bool) -> Data:
    data: Data = {
        "partner": own.partner,
        "cost_pence": found.cost[own.partner],
        "cost_working": working(explain_cost(found, own.partner)),
        "net_expenditure_pence": own.net_expenditure,
        "left_in_the_pool_pence": found.left[own.partner],
        "trial_balance_pence": own.trial_balance,
        "accounts": {str(account): pence for account, pence in own.balances.items()},
        "working": working(explain(found, books.opening, own.partner)) if books.opening else None,
    }
    if entries:
        data["entries"] = [
            {
                "posting": each.posting,
                "on": each.on,
                "says": each.says,
                "changes": {str(account): pence for account, pence in sorted(each.changes.items())},
            }
            for each in own.entries
        ]
    return data


def partners_text(books: Books, found: Partners, only: str = "") -> str:
    """The same for a terminal: balances, debits above zero."""
    lines = [
        f"{books.opening.agreement if books.opening else books.pool}, {books.year}: each partner's own books"
    ]
    for code, own in found.books.items():
        if only in ("", code):
            lines += [
                "",
                f"{code}: part of the cost {in_pounds(found.cost[code])}, net expenditure {in_pounds(own.net_expenditure)}, left in the pool {in_pounds(found.left[code])}",
            ]
            lines += [f"  {in_pounds(pence):>20}  {account}" for account, pence in own.balances.items()]
            lines += [f"  {in_pounds(own.trial_balance):>20}  together"]
    over = sum(each.difference for each in found.eliminations)
    together = sum(each.net_expenditure for each in found.books.values())
    lines += [
        "",
        f"Between partners {in_pounds(over)} is not eliminated, over {len(found.eliminations)} pairs of accounts.",
        f"Net expenditure together {in_pounds(together)}; the pool's {in_pounds(found.net_expenditure)}.",
    ]
    return "\n".join([*lines, ""])  # fmt: skip


def reconciled(books: Books, found: Reconciled) -> Data:
    """A partner's ledger held against the pool; ``differences`` add to the difference."""
    return {
        "pool": books.pool,
        "year": books.year,
        "partner": found.partner,
        "as_at": found.upto,
        "agrees": found.agrees,
        "pool_pence": sum(found.pool.values()),
        "ledger_pence": sum(found.ledger.values()),
        "difference_pence": found.difference,
        "explained_pence": found.explained,
        "accounts": [
            {"account": name, "pool_pence": pence, "ledger_pence": found.ledger[name]}
            for name, pence in found.pool.items()
        ],
        "matched": [_compared(each) for each in found.of(How.MATCHED)],
        "differences": [_compared(each) for each in found.lines if each.how not in {How.MATCHED, How.AFTER}],
        "after_the_day": [_compared(each) for each in found.of(How.AFTER)],
        "ledger_rows_after_the_day": len(found.rows_after),
        "findings": [each.as_data() for each in findings(found)],
    }


def _compared(each: Compared) -> Data:
    return {
        "how": each.how.name.lower(),
        "account": each.account,
        "pool": [_row(row) for row in each.pool],
        "ledger": [_row(row) for row in each.ledger],
        "difference_pence": each.difference,
    }


def _row(row: Row) -> Data:
    return {
        "row": row.number or None, "on": row.on, "reference": row.reference or None, "says": row.says or None, "pence": row.pence,
    }  # fmt: skip


def reconciled_text(books: Books, found: Reconciled) -> str:
    """The same for a terminal."""
    lines = [f"{found.partner} and the pool {books.pool}, {books.year}, up to {in_words(found.upto)}"]
    for name, pence in found.pool.items():
        lines.append(
            f"{name}: the pool says {in_pounds(pence)}, the partner's ledger {in_pounds(found.ledger[name])}."
        )
    after = len(found.rows_after)
    rows = (
        f"{after} row{'' if after == 1 else 's'} of the file after the day"
        if after
        else "no row of the file after the day"
    )
    lines += ["", f"{len(found.of(How.MATCHED))} in both, {rows}."]
    lines += [f"{each.says} {each.remedy}" for each in findings(found)]
    lines += [
        "",
        f"Difference {in_pounds(found.difference)}, of which {in_pounds(found.explained)} is listed above.",
    ]
    return "\n".join([*lines, ""])


def counted(found: Once) -> Data:
    """Every body's totals, what is in two of them, and the alarms."""
    return {
        "gross_in_pence": found.gross_in,
        "eliminated_in_pence": found.eliminated_in,
        "net_in_pence": found.net_in,
        "gross_out_pence": found.gross_out,
        "eliminated_out_pence": found.eliminated_out,
        "net_out_pence": found.net_out,
        "adds_up": found.adds_up,
        "bodies": [
            {
                "body": each.body, "put_in_pence": each.put_in, "received_pence": each.received, "gross_in_pence": each.gross_in,
                "spent_pence": each.spent, "paid_on_pence": each.paid_on, "gross_out_pence": each.gross_out,
            }
            for each in found.bodies
        ],
        "eliminations": [
            {
                "pool": each.pool, "year": each.year, "payer": each.payer, "payee": each.payee, "kind": each.kind,
                "pence": each.pence,
            }
            for each in found.passages
        ],
        "findings": [each.as_data() for each in found.findings],
    }  # fmt: skip


def counted_text(found: Once) -> str:
    """The same for a terminal."""
    lines = ["Every pound once", ""]
    lines += [
        f"{each.body}: in {in_pounds(each.gross_in)}, of which {in_pounds(each.received)} is in another body's total; "
        f"out {in_pounds(each.gross_out)}, of which {in_pounds(each.paid_on)} is in another's."
        for each in found.bodies
    ]
    lines += ["", "Taken out, because it is in two totals:"]
    lines += [
        f"  {each.pool} {each.year}: {each.payer} to {each.payee}, {each.kind}, {in_pounds(each.pence)}"
        for each in found.passages
    ]
    for words, gross, out, net in (
        ("In", found.gross_in, found.eliminated_in, found.net_in),
        ("Out", found.gross_out, found.eliminated_out, found.net_out),
    ):
        lines.append(f"{words}: {in_pounds(gross)} gross, less {in_pounds(out)}, is {in_pounds(net)}.")
    lines += ["", *(f"{each.says} {each.remedy}" for each in found.findings)]
    lines += [] if found.findings else ["No pound is in two pools or plans."]
    return "\n".join([*lines, ""])
