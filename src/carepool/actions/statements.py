"""Statements of a pool: worked out as known at any instant, given to the partners, and kept as they were given."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from carepool.actions.house import House
from carepool.actions.permits import Actor
from carepool.actions.planning import area_of, read_history
from carepool.actions.pools import Keeping, host_body, keep, named
from carepool.basics.money import Pence
from carepool.basics.refusals import NotHere, Refused, Unusable
from carepool.journal.commands import Decision, Done
from carepool.journal.documents import Document
from carepool.journal.facts import Fact
from carepool.partnership.agreement import Agreement
from carepool.partnership.instalments import instalments
from carepool.partnership.reading import read_agreement
from carepool.places.bodies import BodyKind, body_id
from carepool.pool.books import Books, stream_of
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
    agreement: Agreement | None = None, forecasts: Forecasts | None = None, matters: Sequence[Matter] = (),
) -> StatementOf:  # fmt: skip
    """The statement of a period, as known on a day and at a position; today where neither is named.

    The agreement is the one that the pool was opened by, where it is kept here, unless one is handed in. NotHere where there is no
    such pool or year.
    """
    books = named(house, pool, period.of_year, upto)
    agreed = agreement or agreement_of(house, books)
    names, drawn = _names(house, books, agreed, upto)
    found = _stated(house, books, period, on or house.today, agreed, names, forecasts or {}, matters, upto)
    fictitious = drawn or bool(agreed and agreed.fictitious)
    manager = agreed.pool_manager.office if agreed and agreed.pool_manager else ""
    return StatementOf(found, names, manager, fictitious)


def give_statement_of(
    house: House, actor: Actor, pool: str, period: Period, *, agreement: Agreement | None = None,
    forecasts: Forecasts | None = None, matters: Sequence[Matter] = (),
) -> Done | Refused:  # fmt: skip
    """The pool manager, or a finance officer of the host, gives the partners the statement of a period that is over."""
    salt = house.salt()

    def decide(keeping: Keeping) -> Decision | Refused:
        books = keeping.books
        agreed = agreement or agreement_of(house, books)
        names, _ = _names(house, books, agreed, None)
        found = _stated(house, books, period, house.today, agreed, names, forecasts or {}, matters, None)
        body = host_body(books.opening) if books.opening else None
        return give(books, found, today=house.today, salt=salt, on_behalf_of=body)

    request = {
        "period": str(period),
        "forecasts": [[*line, pence] for line, pence in sorted((forecasts or {}).items())],
        "matters": [[each.kind, each.says, each.owner, each.by] for each in matters],
    }
    return keep(house, actor, pool, period.of_year, "give_statement", decide, request)


def given_content(house: House, digest: str) -> dict[str, object]:
    """What was given, as data. NotHere where there is no such statement, or its content was withdrawn."""
    document = house.journal.document(digest)
    if not isinstance(document, Document):
        raise NotHere("There is no such statement, or its content was withdrawn. The list of statements has those given.")  # fmt: skip
    found: dict[str, object] = json.loads(document.content)
    return found


def agreement_of(house: House, books: Books) -> Agreement | None:
    """The agreement that a pool was opened by, where it is kept here and can be read as one."""
    digest = books.opening.agreement_digest if books.opening else ""
    document = house.journal.document(digest) if digest else None
    return read_agreement("agreement.yaml", document.content)[0] if isinstance(document, Document) else None


def entered(books: Books, facts: Iterable[Fact]) -> dict[str, datetime]:
    """When each posting was written, by its id. An id begins with the number of its fact, or is a release's."""
    at = {str(each.version): each.at for each in facts}
    found = {f"release/{quarter}/{ccg}": each.released_at for (quarter, ccg), each in books.releases.items()}
    found |= {"money/kept": books.kept_at, "pool/opened": at.get("1")}
    moments = {each.id: found.get(each.id) or at.get(each.id.partition("/")[0]) for each in books.postings}
    return {name: moment for name, moment in moments.items() if moment}


def _stated(
    house: House, books: Books, period: Period, on: date, agreed: Agreement | None, names: Mapping[str, str],
    forecasts: Forecasts, matters: Sequence[Matter], upto: int | None,
) -> Statement:  # fmt: skip
    facts = house.journal.read(stream_of(books.pool, books.year), upto=upto)
    due = [
        Instalment(each.partner, each.on, each.pence, each.clause)
        for each in (instalments(agreed, books.year) if agreed else ())
    ]
    known = Known(
        on,
        due,
        forecasts,
        _forecasts_before(house, books, period),
        entered=entered(books, facts),
        matters=matters,
        names=names,
    )
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


def _names(house: House, books: Books, agreed: Agreement | None, upto: int | None) -> tuple[dict[str, str], bool]:  # fmt: skip
    """What the partners are called, by the agreement or by the places that the pool's plan is in; and whether these are made up."""
    codes = [each.code for each in (books.opening.partners if books.opening else ())]
    names = {code: agreed.name(code) for code in codes} if agreed else {}
    try:
        area = area_of(house, read_history(house, books.opening.plan if books.opening else "", upto))
    except Unusable:
        return names, False
    for partner in books.opening.partners if books.opening else ():
        kind = area.england.places.commissioner if partner.kind == "ccg" else BodyKind.COUNCIL
        body = area.bodies.get(body_id(kind, partner.code))
        if body:
            names.setdefault(partner.code, body.name)
    return names, area.illustrative
