"""A pool's year as it comes out: who bears it, action plans, assertions, cut-offs, confirmations and the note."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from carepool.actions.agreements import agreement_for, day_within
from carepool.actions.house import House
from carepool.actions.permits import Actor
from carepool.actions.pools import Keeping, body_of, books_now, host_body, keep
from carepool.basics.findings import Finding
from carepool.basics.money import Pence
from carepool.basics.refusals import Refused, Unusable
from carepool.journal.commands import Decision, Done
from carepool.journal.documents import Document
from carepool.journal.facts import NewFact
from carepool.partnership.agreement import Agreement
from carepool.partnership.reckoning import (
    Earlier,
    Given,
    Reckoning,
    as_document,
    asked_of,
    read_document,
    reckon,
)
from carepool.pool.accounts import Event
from carepool.pool.action_plans import Track, make_plan, off_track, tell_progress
from carepool.pool.assertions import assert_balance, check
from carepool.pool.books import Books, stream_of
from carepool.pool.entering import enter
from carepool.pool.yearend import confirm_balance, confirmations, set_cut_off, statement_of

WORKED = frozenset({Event.BORNE, Event.GIVEN_BACK, Event.CARRIED})
"""What is entered of an amount that was worked through the agreement."""


@dataclass(frozen=True, slots=True)
class Reckoned:
    """A pool's year worked through the agreement that holds."""

    agreement: Agreement
    books: Books
    reckoning: Reckoning


def agreement_now(house: House, books: Books) -> Agreement:
    """The agreement that a pool's year is worked by today. Unusable where none is on file."""
    found = agreement_for(house, books, day_within(books, house.today))
    if found is None:
        raise Unusable(
            f"The pool {books.pool} has no agreement on file. Attach it: carepool pool agreement {books.pool} AGREEMENT.yaml."
        )
    return found


def reckoning_of(house: House, books: Books, given: Given) -> Reckoned:
    """Who bears a pool's year, by what is entered and by what whoever asks tells."""
    agreement = agreement_now(house, books)
    _check_given(books, given)
    return Reckoned(agreement, books, reckon(agreement, books, _earlier(house, books), given))


def _check_given(books: Books, given: Given) -> None:
    known = [each.id for each in books.opening.schemes] if books.opening else []
    for scheme in (*given.forecasts, *given.lines):
        if scheme not in known:
            raise Unusable(f"The pool has no scheme {scheme}. It has: {', '.join(known) or 'none'}.")


def _earlier(house: House, books: Books) -> tuple[Earlier, ...]:
    """What was worked and entered before, and not reversed since: from the documents that its postings cite."""
    cited = dict.fromkeys(
        digest
        for each in books.postings
        if each.event in WORKED and each.id not in books.reversed
        for digest in each.cites
    )
    found = [house.journal.document(digest) for digest in cited]
    return tuple(
        read_document(json.loads(each.content))
        for each in found
        if isinstance(each, Document) and each.kind == "bearing"
    )


def enter_bearing(
    house: House, actor: Actor, pool: str, year: str, given: Given, seen: int | None = None
) -> Done | Refused:
    """A finance officer of the host enters what each partner bears or has back, and what is carried forward.

    Each posting cites the working that it is from. A forecast is nothing to enter. ``seen`` is the version of the books that
    they looked at: where another fact has come since, nothing is entered.
    """
    if given.forecasts or given.missed:
        return Refused(
            "A forecast has not happened. Enter what bears an over-spend that has, or the outturn."
        )

    def decide(keeping: Keeping) -> Decision | Refused:
        books = keeping.books
        assert books.opening is not None  # noqa: S101 (kept only where it is open)
        if seen is not None and seen != books.version:
            return Refused(
                "The books have changed since you looked. Look at what they say now, and enter that."
            )
        found = reckoning_of(house, books, given)
        digest = books.records.agreement_on(day_within(books, house.today))
        facts: list[NewFact] = []
        documents: list[Document] = []
        for scheme, each in zip(found.reckoning.schemes, found.reckoning.bearings, strict=True):
            document = as_document(found.agreement, digest, books, scheme, each)
            asked = asked_of(books, found.agreement, scheme, each, document.digest, house.today)
            for one in asked:
                decided = enter(books, one, on_behalf_of=host_body(books.opening))
                if isinstance(decided, Refused):
                    return decided
                facts += decided.facts
            documents += [document] if asked else []
        if not facts:
            return Refused("By the agreement there is nothing to enter: nobody bears or has back anything more.")  # fmt: skip
        numbers = [str(books.version + number) for number in range(1, len(facts) + 1)]
        return Decision(
            tuple(facts), {"stream": stream_of(pool, year), "postings": numbers}, tuple(documents)
        )

    request = {
        "bears": True, "at_hand": dict(given.at_hand), "lines": dict(given.lines),
        "officers_agreed": given.officers_agreed, "ending": given.ending,
        **({} if seen is None else {"seen": seen}),
    }  # fmt: skip
    return keep(house, actor, pool, year, "share_risk", decide, request)


# How it goes on the way.


def track_of(agreement: Agreement) -> Track | None:
    """When a scheme is off track, by the agreement."""
    found = agreement.off_track
    if found is None:
        return None
    once = frozenset(each.id for each in agreement.schemes if not each.recurrent)
    return Track(
        None if found.per_cent is None else Fraction(found.per_cent) / 100,
        found.pence,
        int(found.due_in_days),
        None if found.progress_every_days is None else int(found.progress_every_days),
        found.clause,
        once if found.underspend_only_to else None,
    )


def findings_of(
    house: House, books: Books, forecasts: Mapping[str, Pence] | None = None
) -> tuple[Finding, ...]:
    """All that is to be looked at in a pool's books: assertions that fail, what stands open, schemes off track, confirmations."""
    agreement = agreement_for(house, books, day_within(books, house.today))
    track = track_of(agreement) if agreement else None
    found = (*check(books, house.today), *off_track(books, track, house.today, forecasts))
    return (*found, *confirmations(books)) if house.today > books.last_day else found


def make_plan_of(
    house: House, actor: Actor, pool: str, year: str, scheme: str, words: str, due: date, office: str
) -> Done | Refused:
    """The pool manager makes an action plan for a scheme."""
    document = _words(house, "action-plan", words)

    def decide(keeping: Keeping) -> Decision | Refused:
        decided = make_plan(
            keeping.books, scheme, document.digest if words.strip() else "", due, office,
            today=house.today, on_behalf_of=_host(keeping),
        )  # fmt: skip
        return _with(decided, document)

    request = {"scheme": scheme, "words": words, "due": due, "office": office}
    return keep(house, actor, pool, year, "keep_books", decide, request)


def tell_progress_of(
    house: House, actor: Actor, pool: str, year: str, scheme: str, words: str, *, done: bool
) -> Done | Refused:
    """The pool manager tells how an action plan gets on."""
    document = _words(house, "action-plan-progress", words)

    def decide(keeping: Keeping) -> Decision | Refused:
        decided = tell_progress(
            keeping.books, scheme, document.digest, done=done, on_behalf_of=_host(keeping)
        )
        return _with(decided, document)

    request = {"scheme": scheme, "words": words, "done": done}
    return keep(house, actor, pool, year, "keep_books", decide, request)


def assert_balance_of(
    house: House, actor: Actor, pool: str, year: str, of: str, kind: str, pence: Pence, on: date
) -> Done | Refused:
    """An officer of the host asserts what an account or a budget is."""

    def decide(keeping: Keeping) -> Decision | Refused:
        return assert_balance(keeping.books, of, kind, pence, on, _host(keeping))

    request = {"assert": of, "kind": kind, "pence": pence, "on": on}
    return keep(house, actor, pool, year, "keep_books", decide, request)


# The year's end.


def set_cut_off_of(house: House, actor: Actor, pool: str, year: str, party: str, on: date) -> Done | Refused:
    """The host takes down when a partner's own ledger closes."""

    def decide(keeping: Keeping) -> Decision | Refused:
        return set_cut_off(keeping.books, party, on, _host(keeping))

    return keep(house, actor, pool, year, "close_books", decide, {"cut_off": party, "on": on})


def confirm_balance_of(
    house: House, actor: Actor, pool: str, year: str, party: str, pence: Pence, statement: str = ""
) -> Done | Refused:
    """A partner's finance officer confirms what it owes the pool, or is owed, on the statement that they saw.

    Without a digest it is the statement of now. The statement is kept where it is that of now.
    """
    opening = books_now(house, pool, year).opening
    if opening is not None and opening.partner(party) is None:
        having = ", ".join(each.code for each in opening.partners)
        return Refused(f"{party or 'Nobody'} is no partner of the agreement. Name one of {having}.")

    def decide(keeping: Keeping) -> Decision | Refused:
        books = keeping.books
        assert books.opening is not None  # noqa: S101 (kept only where it is open)
        document = statement_of(books, party)
        if statement and statement != document.digest:
            return Refused("The statement has changed since. Look at it again, and confirm what it says now.")
        return _with(
            confirm_balance(books, party, pence, document.digest, body_of(books.opening, party)), document
        )

    request = {"confirm": party, "pence": pence, "statement": statement}
    return keep(house, actor, pool, year, "confirm_balance", decide, request, party)


def _words(house: House, kind: str, words: str) -> Document:
    return Document(kind, "text/plain; charset=utf-8", words.encode(), house.salt())


def _with(decided: Decision | Refused, document: Document) -> Decision | Refused:
    if isinstance(decided, Refused):
        return decided
    return Decision(decided.facts, decided.answer, (document,))


def _host(keeping: Keeping) -> str | None:
    return host_body(keeping.books.opening) if keeping.books.opening else None
