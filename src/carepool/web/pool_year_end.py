"""The year's end: when each partner's ledger closes, what came after, balances confirmed, the note, and what was not spent."""

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from carepool.actions.opening_pools import bring_forward
from carepool.actions.permits import Actor
from carepool.actions.pool_years import confirm_balance_of, set_cut_off_of
from carepool.actions.pools import books_now, partner_body
from carepool.basics.refusals import Refused
from carepool.journal.commands import Done
from carepool.partnership.instalments import year_before
from carepool.pool.accounts import Heading
from carepool.pool.yearend import (
    Adjustment,
    NoteLine,
    after_cut_off,
    confirmations,
    note,
    standing_of,
    statement_of,
    unspent,
)
from carepool.render.words import day, pence
from carepool.web.acts import Act, Answers, Ask, unknown_act
from carepool.web.asking import HouseRequest
from carepool.web.pool_acting import pool_page
from carepool.web.pool_checks import findings_for
from carepool.web.pool_entering import partner_choices
from carepool.web.pool_frame import PoolPage


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HouseRequest, pool: str) -> HttpResponse:
    """The whole page, with the forms of the host and of each partner's finance officer."""
    shown = PoolPage(request, pool)
    year = shown.books.year

    def do(actor: Actor, act: str, answers: Answers) -> Done | Refused:
        if act == "cut-off":
            on = answers.day("on")
            assert on is not None  # noqa: S101 (needed)
            return set_cut_off_of(shown.house, actor, pool, year, answers.text("party"), on)
        if act == "bring":
            return bring_forward(shown.house, actor, pool, year)
        if act.startswith("confirm"):
            amount = answers.pence("pence")
            assert amount is not None  # noqa: S101 (needed)
            return confirm_balance_of(shown.house, actor, pool, year, answers.text("party"), amount, answers.text("statement"))  # fmt: skip
        raise unknown_act(act)

    return pool_page(
        request, shown, "pool-year-end", "web/pool_year_end.jinja", context=lambda: _context(shown),
        acts=lambda: _acts(shown), do=do, after=shown.href("pool-year-end"),
        nothing=f"{shown.host} takes down when each ledger closes, and each partner’s finance officer confirms its balance.",
    )  # fmt: skip


def _context(shown: PoolPage) -> dict[str, object]:
    books = shown.books
    made = note(books)
    assert not isinstance(made, Refused)  # noqa: S101 (the books are open)
    codes = [each.code for each in shown.opening.partners]
    late = {code: after_cut_off(books, code) for code in codes}
    return {
        "sentence": _sentence(shown),
        "balances": [_balance(shown, code) for code in codes],
        "findings": findings_for(shown, confirmations(books)),
        "late": [(shown.names[code], [_late(shown, each) for each in found]) for code, found in late.items() if found],
        "late_columns": [("Posting", "link"), ("Title", "text"), ("Entered on", "text"), ("Cost more", "money"), *((f"{shown.names[code]} owes more", "money") for code in codes)],
        "note": made,
        "note_title": f"Pooled budget: {shown.opening.agreement}, {books.year}",
        "note_text": [shown.named(each) for each in made.text],
        "funding": _lines(shown, made.funding),
        "spending": _lines(shown, made.spending),
        "costs": _lines(shown, made.costs),
        "treatment": _lines(shown, made.treatment),
        "unspent": [
            (f"{shown.scheme(each.scheme)}: {shown.source(each.source)}", pence(each.pence), *(pence(each.of.get(code, 0)) for code in codes))
            for each in unspent(books)
        ],
        "unspent_columns": [("Scheme and source", "text"), ("Not spent", "money"), *((shown.names[code], "money") for code in codes)],
    }  # fmt: skip


def _sentence(shown: PoolPage) -> str:
    books, codes = shown.books, [each.code for each in shown.opening.partners]
    if books.ended_at:
        return f"The year’s accounts were closed on {day(books.ended_at)}."
    settled = [code for code in codes if code in books.records.confirmations and books.records.confirmations[code].pence == standing_of(books, code).balance]  # fmt: skip
    said = f"{len(settled)} of {len(codes)} partners {'has' if len(settled) == 1 else 'have'} confirmed the balance that the books have"
    return f"{said}. The year {'ended' if shown.house.today > books.last_day else 'ends'} on {day(books.last_day)}."


def _balance(shown: PoolPage, code: str) -> tuple[object, ...]:
    books = shown.books
    found, said = standing_of(books, code), books.records.confirmations.get(code)
    closes = books.records.cut_offs.get(code)
    return (
        shown.names[code], day(closes) if closes else "Not told", pence(found.contributed), pence(found.paid_in), pence(found.owes),
        pence(found.owed), pence(found.cost), pence(found.balance), pence(said.pence) if said else "Not confirmed",
        pence(found.balance - said.pence) if said else "", day(said.on) if said else "",
    )  # fmt: skip


def _late(shown: PoolPage, each: Adjustment) -> tuple[object, ...]:
    posting = each.posting
    entered = day(posting.entered) if posting.entered else ""
    return (shown.posting(posting.id), posting.says, entered, pence(each.cost), *(pence(each.effects[code]) for code in each.effects))  # fmt: skip


def _lines(shown: PoolPage, lines: tuple[NoteLine, ...]) -> list[tuple[str, str]]:
    return [(shown.named(each.says), pence(each.pence)) for each in lines]


def _acts(shown: PoolPage) -> list[Act]:
    acts = []
    if shown.when.day:
        return []
    for each in shown.opening.partners:
        if not shown.may("confirm_balance", partner_body(each)):
            continue
        found = standing_of(shown.books, each.code)
        name = shown.names[each.code]
        owes = f"{name} owes the pool {pence(found.balance)}" if found.balance > 0 else f"The pool owes {name} {pence(-found.balance)}" if found.balance else "Nobody owes anybody anything"  # fmt: skip
        ask = Ask("pence", "What your own ledger has", "money", "What you owe the pool; with a minus what the pool owes you. If it is another amount than the books’, write it: the difference is then looked for.")  # fmt: skip
        hidden = (("party", each.code), ("statement", statement_of(shown.books, each.code).digest))
        acts.append(Act(f"confirm-{each.code}", f"Confirm the balance of {name}", "Confirm it", (ask,), (f"By these books: {owes}.",), hidden))  # fmt: skip
    if shown.may("close_books") and not shown.books.ended_at:
        asks = (
            Ask("party", "Whose ledger", "choice", choices=partner_choices(shown)),
            Ask("on", "The last day on which it takes something of the year", "day", f"{day(shown.books.last_day)} or later."),
        )  # fmt: skip
        acts.append(Act("cut-off", "Take down when a partner’s ledger closes", "Take it down", asks))
    if _left(shown) and shown.may("share_risk"):
        acts.append(
            Act("bring", f"Bring forward what {year_before(shown.books.year)} left", "Bring it forward", ())
        )
    return acts


def _left(shown: PoolPage) -> bool:
    """Whether the year before is closed and left something that is not brought forward."""
    before = books_now(shown.house, shown.pool, year_before(shown.books.year))
    if before.ended_at is None or shown.books.ended_at:
        return False
    return before.amount(Heading.FORWARD) > shown.books.amount(Heading.BROUGHT)
