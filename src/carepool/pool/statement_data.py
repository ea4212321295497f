"""A statement as plain data: what is kept when it is given, and what commands answer; every sum with its postings."""

from collections.abc import Iterable, Mapping

from carepool.basics.canonical import canonical
from carepool.basics.workings import Working
from carepool.journal.documents import Document
from carepool.pool.cash import CashMonth, Paid
from carepool.pool.movements import BalanceLine, Sum
from carepool.pool.outlook import Progress
from carepool.pool.shares import PartnerShare, SchemeShare
from carepool.pool.statements import (
    Charge,
    Contributed,
    Entered,
    Granted,
    Line,
    Statement,
    StillOpen,
)

KIND, SCHEMA = "pool-statement", 1
Data = dict[str, object]


def document_of(found: Statement, salt: bytes) -> Document:
    """What is kept of a statement that is given."""
    return Document(KIND, "application/json", canonical(as_data(found)), salt, SCHEMA)


def as_data(found: Statement) -> Data:
    """The whole statement, in whole pence."""
    return {
        "pool": found.pool,
        "agreement": found.agreement,
        "held_by": found.host,
        "period": str(found.period),
        "span": found.period.span,
        "first": found.period.first,
        "last": found.period.last,
        "known_on": found.known_on,
        "postings_known": found.postings_known,
        "closed": found.closed,
        "findings": [each.as_data() for each in found.findings],
        "balances": [_balance(each) for each in found.balances],
        "income": [_line(each) for each in found.income],
        "contributions": [_contributed(each) for each in found.contributions],
        "released": [_line(each) for each in found.released],
        "charges": [_charge(each) for each in found.charges],
        "grants": [_grant(each) for each in found.grants],
        "expenditure": [_line(each) for each in found.expenditure],
        "surplus_pence": found.surplus,
        "schemes": [_scheme(each) for each in found.schemes],
        "section_256": [_line(each) for each in found.transfers],
        "scheme_shares": [_scheme_share(each) for each in found.scheme_shares],
        "partners": [_partner(each) for each in found.partners],
        "instalments": [_paid(each) for each in found.instalments],
        "cash": [_month(each) for each in found.cash.months],
        "cash_working": working_data(found.cash.working),
        "suspense_pence": found.suspense,
        "open": [_open(each) for each in found.open],
        "entered_late": [_entered(each) for each in found.entered_late],
        "since_given": [_entered(each) for each in found.since_given],
        "last_given": {"period": found.last_given.period, "document": found.last_given.document, "at": found.last_given.at}
        if found.last_given
        else None,
        "matters": [
            {"kind": each.kind, "says": each.says, "owner": each.owner, "by": each.by} for each in found.matters
        ],
    }  # fmt: skip


def listed(postings: Iterable[str]) -> str:
    """Postings by their ids, runs of numbers joined: ``pool/opened 2-5 9``."""
    parts: list[str] = []
    run: list[int] = []

    def end() -> None:
        if run:
            parts.append(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}")
            run.clear()

    for each in postings:
        if each.isdecimal():
            if run and int(each) != run[-1] + 1:
                end()
            run.append(int(each))
        else:
            end()
            parts.append(each)
    end()
    return " ".join(parts)


def working_data(found: Working) -> Data:
    """A working with its steps."""
    return {"of": found.of, "value": found.value, "unit": found.unit, "steps": [each._asdict() for each in found.steps], "rests_on": found.rests_on}  # fmt: skip


def _sum(found: Sum) -> Data:
    return {"pence": found.pence, "postings": listed(found.postings)}


def _line(each: Line) -> Data:
    return {"of": each.of, "source": each.source, "period": _sum(each.in_period), "to_date": _sum(each.to_date)}  # fmt: skip


def _balance(each: BalanceLine) -> Data:
    return {
        "heading": each.heading,
        "brought_in_pence": each.brought,
        "moved": _sum(each.moved),
        "closing_pence": each.closing,
    }


def _contributed(each: Contributed) -> Data:
    return {
        "party": each.party, "source": each.source, "agreed": _sum(each.agreed), "invoiced": _sum(each.invoiced),
        "received": _sum(each.received), "set_off": _sum(each.offset), "agreed_to_date_pence": each.to_date,
        "paid_to_date_pence": each.paid_to_date, "outstanding_pence": each.outstanding,
    }  # fmt: skip


def _charge(each: Charge) -> Data:
    return {
        "scheme": each.scheme, "title": each.title, "gross": _line(each.gross), "charged": _line(each.charged),
        "net_pence": each.net, "net_to_date_pence": each.net_to_date,
    }  # fmt: skip


def _grant(each: Granted) -> Data:
    return {
        "grant": each.grant.id, "determination": each.grant.determination, "payer": each.grant.payer,
        "payee": each.grant.payee, "pence": each.grant.pence, "received": _line(each.received),
        "passed": [_line(one) for one in each.passed], "still_to_pass_on_pence": each.still,
    }  # fmt: skip


def _scheme(each: Progress) -> Data:
    return {
        "scheme": each.scheme, "title": each.title, "source": each.source, "budget_pence": each.budget,
        "budget_to_date_pence": each.due, "cost": _sum(each.in_period), "cost_to_date": _sum(each.to_date),
        "net": _sum(each.spent), "accrued": _sum(each.accrued), "irrecoverable_vat": _sum(each.irrecoverable),
        "variance_pence": each.variance, "committed_pence": each.committed, "forecast_pence": each.forecast,
        "forecast_method": each.method, "year_variance_pence": each.year_variance,
        "cost_in_last_statement_pence": each.cost_before, "forecast_in_last_statement_pence": each.forecast_before,
        "working": working_data(each.working),
    }  # fmt: skip


def _scheme_share(each: SchemeShare) -> Data:
    return {
        "scheme": each.scheme, "title": each.title, "how": each.how, "to_date_pence": _amounts(each.to_date),
        "period_pence": _amounts(each.in_period), "postings": listed(each.postings), "working": working_data(each.working),
    }  # fmt: skip


def _amounts(found: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(found.items()))


def _partner(each: PartnerShare) -> Data:
    return {
        "partner": each.partner, "agreed": _sum(each.agreed), "paid": _sum(each.paid), "released": _sum(each.released),
        "outstanding_pence": each.outstanding, "cost_to_date_pence": each.cost, "cost_pence": each.cost_in_period,
    }  # fmt: skip


def _paid(each: Paid) -> Data:
    return {
        "partner": each.instalment.partner, "on": each.instalment.on, "pence": each.instalment.pence,
        "clause": each.instalment.clause, "received_pence": each.received, "short_pence": each.short, "late": each.late,
        "postings": listed(each.postings),
    }  # fmt: skip


def _month(each: CashMonth) -> Data:
    return {
        "month": each.month, "actual": each.actual, "receipts": _sum(each.receipts), "payments": _sum(each.payments),
        "balance_pence": each.balance,
    }  # fmt: skip


def _open(each: StillOpen) -> Data:
    return {
        "posting": each.posting, "event": each.event.code, "says": each.says, "on": each.on, "scheme": each.scheme,
        "source": each.source, "pence": each.pence,
    }  # fmt: skip


def _entered(each: Entered) -> Data:
    return {"posting": each.posting, "says": each.says, "on": each.on, "entered": each.entered, "pence": each.pence}  # fmt: skip
