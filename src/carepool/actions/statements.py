"""Statements of a pool: worked out as known at any instant, given to the partners, and kept as they were given."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from carepool.actions.agreements import agreement_for, day_within
from carepool.actions.house import House
from carepool.actions.permits import Actor
from carepool.actions.planning import area_of, read_history
from carepool.actions.pool_log import log_now, words_in
from carepool.actions.pools import Keeping, host_body, keep, mark_of, named
from carepool.basics.money import Pence
from carepool.basics.refusals import NotHere, Refused, Unusable
from carepool.journal.commands import Decision, Done
from carepool.journal.documents import Document
from carepool.partnership.agreement import Agreement
from carepool.partnership.instalments import instalments
from carepool.places.bodies import BodyKind, body_id
from carepool.pool.books import Books
from carepool.pool.cash import Instalment
from carepool.pool.giving import give
from carepool.pool.outlook import Forecasts
from carepool.pool.periods import Period
from carepool.pool.statements import Known, Matter, Statement, last_given, statement


@dataclass(frozen=True, slots=True)
class StatementOf:
    """A statement, and what a reader needs beside it."""

    statement: Statement
    names: Mapping[str, str]
    """What each partner is called, by its code."""
    manager: str
    """The office that manages the pool, by the agreement; empty where that is not kept here."""
    fictitious: bool


def statement_of(
    house: House, pool: str, period: Period, *, upto: int | None = None, on: date | None = None,
    agreement: Agreement | None = None, forecasts: Forecasts | None = None, matters: Sequence[Matter] | None = None,
) -> StatementOf:  # fmt: skip
    """The statement of a period, as known on a day and at a position; today where neither is named.

    The agreement is the one that holds at the end of the period, and risks and actions are those of the pool's log, unless others are
    handed in. NotHere where there is no such pool or year.
    """
    books = named(house, pool, period.of_year, upto)
    agreed = agreement or agreement_in(house, books, period)
    names = _names(house, books, agreed, upto)
    said = matters_in(house, pool, upto) if matters is None else matters
    found = _stated(house, books, period, on or house.today, agreed, names, forecasts, said)
    fictitious = bool(mark_of(house, books) or (agreed and agreed.fictitious))
    manager = agreed.pool_manager.office if agreed and agreed.pool_manager else ""
    return StatementOf(found, names, manager, fictitious)


def give_statement_of(
    house: House, actor: Actor, pool: str, period: Period, *, agreement: Agreement | None = None,
    forecasts: Forecasts | None = None, matters: Sequence[Matter] | None = None,
) -> Done | Refused:  # fmt: skip
    """The pool manager, or a finance officer of the host, gives the partners the statement of a period that is over."""
    salt = house.salt()
    said = matters_in(house, pool) if matters is None else matters

    def decide(keeping: Keeping) -> Decision | Refused:
        books = keeping.books
        agreed = agreement or agreement_in(house, books, period)
        names = _names(house, books, agreed, None)
        found = _stated(house, books, period, house.today, agreed, names, forecasts, said)
        body = host_body(books.opening) if books.opening else None
        return give(books, found, today=house.today, salt=salt, on_behalf_of=body)

    request = {
        "period": str(period),
        "forecasts": [[*line, pence] for line, pence in sorted((forecasts or {}).items())],
        "matters": [[each.kind, each.says, each.owner, each.by] for each in matters or ()],
    }
    return keep(house, actor, pool, period.of_year, "give_statement", decide, request)


def given_content(house: House, digest: str) -> dict[str, object]:
    """What was given, as data. NotHere where there is no such statement, or its content was withdrawn."""
    document = house.journal.document(digest)
    if not isinstance(document, Document):
        raise NotHere("There is no such statement, or its content was withdrawn. The list of statements has those given.")  # fmt: skip
    found: dict[str, object] = json.loads(document.content)
    return found


def agreement_in(house: House, books: Books, period: Period) -> Agreement | None:
    """The agreement that holds at the end of a period; None where none is on file, or its document cannot be read any more."""
    try:
        return agreement_for(house, books, day_within(books, period.last))
    except Unusable:
        return None


def matters_in(house: House, pool: str, upto: int | None = None) -> tuple[Matter, ...]:
    """The risks and actions of the pool's log that are not closed: those of the highest score first."""
    live = [each for each in log_now(house, pool, upto) if each.closed_at is None]
    live.sort(key=lambda each: (-each.score, each.id))
    words = words_in(house, live)
    return tuple(Matter(each.sort, words[each.words], each.owner, each.due) for each in live)


def entered_forecasts(books: Books) -> dict[tuple[str, str], Pence]:
    """What officers entered last as each scheme's forecast, by scheme and source."""
    return {line: made[-1].pence for line, made in books.actuals.forecasts.items() if made}


def _stated(
    house: House, books: Books, period: Period, on: date, agreed: Agreement | None, names: Mapping[str, str],
    forecasts: Forecasts | None, matters: Sequence[Matter],
) -> Statement:  # fmt: skip
    due = [
        Instalment(each.partner, each.on, each.pence, each.clause)
        for each in (instalments(agreed, books.year) if agreed else ())
    ]
    made = entered_forecasts(books) if forecasts is None else forecasts
    known = Known(
        on, due, made, _forecasts_before(house, books, period), books.actuals.profiles, None, matters=matters,
        names=names,
    )  # fmt: skip
    return statement(books, period, known)


def _forecasts_before(house: House, books: Books, period: Period) -> dict[tuple[str, str], Pence]:
    """What the statement given last forecast, by scheme and source."""
    last = last_given(books, period)
    if last is None:
        return {}
    try:
        content = given_content(house, last.document)
    except NotHere:
        return {}
    rows = content["schemes"]
    assert isinstance(rows, list)  # noqa: S101 (written so)
    return {(each["scheme"], each["source"]): each["forecast_pence"] for each in rows}


def _names(house: House, books: Books, agreed: Agreement | None, upto: int | None) -> dict[str, str]:
    """What the partners are called, by the agreement or by the places that the pool's plan is in."""
    codes = [each.code for each in (books.opening.partners if books.opening else ())]
    names = {code: agreed.name(code) for code in codes} if agreed else {}
    try:
        area = area_of(house, read_history(house, books.opening.plan if books.opening else "", upto))
    except Unusable:
        return names
    for partner in books.opening.partners if books.opening else ():
        kind = area.england.places.commissioner if partner.kind == "ccg" else BodyKind.COUNCIL
        body = area.bodies.get(body_id(kind, partner.code))
        if body:
            names.setdefault(partner.code, body.name)
    return names
