"""A statement as tables of figures, from which the CSV and the workbook are made alike: each row with its postings."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from carepool.actions.statements import StatementOf
from carepool.basics.money import Pence
from carepool.pool.movements import Sum
from carepool.pool.statement_data import listed
from carepool.pool.statements import Entered, Line
from carepool.render.csvs import write_csv

Cell = str | date | Pence | Sum | None
"""Words, a day, an amount; a sum brings the postings that it is from."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: its name, its columns, and rows with a cell for each."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def sheets(found: StatementOf) -> tuple[Sheet, ...]:
    """All tables of a statement, those without a row left out."""
    return tuple(each for each in (*_account(found), *_money(found), *_years(found), *_rest(found)) if each.rows)  # fmt: skip


def _account(found: StatementOf) -> Iterator[Sheet]:
    one = found.statement
    yield Sheet(
        "To look at", ("What", "What to do", "By which rule"), tuple((each.says, each.remedy, each.rule) for each in one.findings)
    )  # fmt: skip
    yield Sheet("Income", _LINE, tuple(_line(each) for each in one.income))
    yield Sheet("Expenditure", _LINE, tuple(_line(each) for each in one.expenditure))
    yield Sheet(
        "Contributions",
        ("Partner", "Source", "Agreed", "Invoiced", "Received", "Set off", "Agreed to date", "Paid to date", "Outstanding"),
        tuple(
            (found.names.get(each.party, each.party), each.source, each.agreed, each.invoiced, each.received, each.offset,
             each.to_date, each.paid_to_date, each.outstanding)
            for each in one.contributions
        ),
    )  # fmt: skip
    yield Sheet("Released", _LINE, tuple(_line(each) for each in one.released))
    yield Sheet(
        "Balances", ("Heading", "Brought in", "Moved", "At the end"),
        tuple((each.heading.value, each.brought, each.moved, each.closing) for each in one.balances),
    )  # fmt: skip


def _money(found: StatementOf) -> Iterator[Sheet]:
    one = found.statement
    yield Sheet(
        "Schemes",
        ("Scheme", "Source", "Forecast by", "Budget of the year", "Budget to date", "Cost in the period", "Of which net",
         "Of which accrued", "Of which VAT that does not come back", "Cost to date", "Variance to date", "Committed",
         "Forecast of the year", "Variance of the year", "Cost in the statement before", "Forecast in the statement before"),
        tuple(
            (each.title, each.source, each.method, each.budget, each.due, each.in_period, each.spent, each.accrued,
             each.irrecoverable, each.to_date, each.variance, each.committed, each.forecast, each.year_variance,
             each.cost_before, each.forecast_before)
            for each in one.schemes
        ),
    )  # fmt: skip
    yield Sheet(
        "Charges", ("Scheme", "Gross in the period", "Charged in the period", "Net in the period", "Gross to date", "Charged to date", "Net to date"),
        tuple(
            (each.title, each.gross.in_period, each.charged.in_period, each.net, each.gross.to_date, each.charged.to_date,
             each.net_to_date)
            for each in one.charges
        ),
    )  # fmt: skip
    yield Sheet(
        "Grants", ("Determination", "Who", "What", "Of the year", "In the period", "To date", "Still to go on"),
        tuple(
            row
            for each in one.grants
            for row in (
                (each.grant.determination, each.grant.payee, "received", each.grant.pence, each.received.in_period,
                 each.received.to_date, None),
                *((each.grant.determination, passed.of, "passed on", each.grant.pass_on[passed.of], passed.in_period, passed.to_date,
                   each.grant.pass_on[passed.of] - passed.to_date.pence) for passed in each.passed),
            )
        ),
    )  # fmt: skip
    yield Sheet("Section 256", _LINE, tuple(_line(each) for each in one.transfers))


def _years(found: StatementOf) -> Iterator[Sheet]:
    one, names = found.statement, found.names
    yield Sheet(
        "Partners", ("Partner", "Agreed", "Paid in", "Outstanding", "Released", "Part of the cost in the period", "Part of the cost to date"),
        tuple(
            (names.get(each.partner, each.partner), each.agreed, each.paid, each.outstanding, each.released, each.cost_in_period,
             each.cost)
            for each in one.partners
        ),
    )  # fmt: skip
    yield Sheet(
        "Shares", ("Scheme", "Partner", "How", "In the period", "To date"),
        tuple(
            (each.title, names.get(code, code), each.how, each.in_period[code], Sum(each.to_date.get(code, 0), each.postings))
            for each in one.scheme_shares
            for code in each.in_period
        ),
    )  # fmt: skip
    yield Sheet(
        "Instalments", ("Partner", "Due on", "Clause", "How it stands", "Due", "In", "Short"),
        tuple(
            (names.get(each.instalment.partner, each.instalment.partner), each.instalment.on, each.instalment.clause, state(each.late, each.short),
             each.instalment.pence, Sum(each.received, each.postings), each.short)
            for each in one.instalments
        ),
    )  # fmt: skip
    yield Sheet(
        "Cash", ("Month", "What it is", "Receipts", "Payments", "Balance"),
        tuple(
            (each.month, "actual" if each.actual else "expected", each.receipts, each.payments, each.balance)
            for each in one.cash.months
        ),
    )  # fmt: skip


def state(late: bool, short: Pence) -> str:
    """How an instalment stands."""
    return "late" if late else "to come" if short else "in"


def _rest(found: StatementOf) -> Iterator[Sheet]:
    one = found.statement
    yield Sheet(
        "Open", ("What", "Scheme", "Source", "Since", "Left"),
        tuple(
            (f"{each.event.value}: {each.says}", each.scheme, each.source, each.on, Sum(each.pence, (each.posting,)))
            for each in one.open
        ),
    )  # fmt: skip
    dated = ("What", "Dated", "Entered", "Lines together")
    yield Sheet("Entered late", dated, tuple(_entered(each) for each in one.entered_late))
    yield Sheet("Since it was given", dated, tuple(_entered(each) for each in one.since_given))
    yield Sheet(
        "Risks and actions", ("Kind", "What", "Owner", "By"),
        tuple((each.kind, each.says, each.owner, each.by) for each in one.matters),
    )  # fmt: skip
    workings = [
        *(each.working for each in one.schemes),
        *(each.working for each in one.scheme_shares),
        one.cash.working,
    ]
    yield Sheet(
        "Workings", ("Of", "Step", "How", "From", "Amount"),
        tuple(
            (each.of, step.says, step.how, step.source, step.value if isinstance(step.value, int) else str(step.value))
            for each in workings
            for step in each.steps
        ),
    )  # fmt: skip


_LINE = ("What", "Source or scheme", "In the period", "To date")


def _line(each: Line) -> tuple[Cell, ...]:
    return each.of, each.source, each.in_period, each.to_date


def _entered(each: Entered) -> tuple[Cell, ...]:
    return each.says, each.on, each.entered, Sum(each.pence, (each.posting,))


def csv(found: StatementOf) -> str:
    """A row a figure, in pence: which table, whose, which column, and the postings that it is from."""
    one = found.statement
    heading = ["pool", "period", "known_on", "table", "row", "of", "figure", "pence", "postings"]
    rows = []
    for sheet in sheets(found):
        for number, row in enumerate(sheet.rows, 1):
            words = " | ".join(_words(each) for each in row if _is_words(each))
            before = [one.pool, str(one.period), one.known_on.isoformat(), sheet.name, number, words]
            figures = [
                [*before, column, amount, _postings(cell)]
                for column, cell in zip(sheet.columns, row, strict=True)
                if (amount := pence(cell)) is not None
            ]
            rows += figures or [[*before, None, None, None]]
    return write_csv(heading, rows)


def pence(cell: Cell) -> Pence | None:
    """The amount in a cell; None where it has words, or nothing."""
    if isinstance(cell, Sum):
        return cell.pence
    return cell if isinstance(cell, int) else None


def rests_on(sheet: Sheet, row: tuple[Cell, ...]) -> str:
    """The postings that a row's sums are from; those of each column where they differ."""
    by_column = {
        column: _postings(cell) for column, cell in zip(sheet.columns, row, strict=True) if isinstance(cell, Sum)
    }  # fmt: skip
    if len(set(by_column.values())) <= 1:
        return next(iter(by_column.values()), "")
    return "; ".join(f"{column}: {names}" for column, names in by_column.items() if names)


def _postings(cell: Cell) -> str:
    return listed(cell.postings) if isinstance(cell, Sum) else ""


def _is_words(cell: Cell) -> bool:
    return isinstance(cell, str | date)


def _words(cell: Cell) -> str:
    return cell.isoformat() if isinstance(cell, date) else str(cell)
