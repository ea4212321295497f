"""The books of a plan's pool: what is in it and off it, by partner, account by account, and every posting."""

from datetime import datetime
from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from carepool.actions.releasing import Pool, pool_of
from carepool.actions.standings import signed_off_version
from carepool.basics.money import in_pounds
from carepool.places.bodies import body_id
from carepool.pool.accounts import THE_POOL, Account, Heading, Posting
from carepool.pool.books import Books, Position
from carepool.render import plan_answers
from carepool.render.figures import Figure
from carepool.render.words import day, pence, pounds_short, quarter_words
from carepool.web.asking import HouseRequest, json_answer
from carepool.web.frame import PlanPage
from carepool.web.people import body_name, names_of

SOURCES = {"additional": "Added of its own accord"}


def pool_shown(shown: PlanPage) -> Pool | None:
    """The pool of a signed-off plan; None before that."""
    plan, upto = shown.view.history.id, shown.when.upto
    if signed_off_version(shown.house, plan, upto) is None:
        return None
    return pool_of(shown.house, plan, upto)


@require_safe
def page(request: HouseRequest, plan: str) -> HttpResponse:
    """The page."""
    shown = PlanPage(request, plan)
    pool = pool_shown(shown)
    context = {**shown.frame("pool"), "pool": None, "take_away": []}
    if pool and pool.books.opening:
        context |= _of_pool(shown, pool)
        context["take_away"] = [("This pool as JSON", shown.href("pool-json"))]
    elif pool:
        context["host"] = body_name(shown.house, pool.agreed.host)
    status = HTTPStatus.BAD_REQUEST if shown.when.error else HTTPStatus.OK
    return render(request, "web/pool.jinja", context, status=status)


@require_safe
def as_json(request: HouseRequest, plan: str) -> HttpResponse:
    """The same as JSON, in whole pence."""
    shown = PlanPage(request, plan)
    if shown.when.error:
        return json_answer({"problems": [{"field": "as_at", "says": shown.when.error}]}, status=400)
    data = plan_answers.pool(plan, pool_shown(shown), shown.view.area.illustrative, shown.when.day)
    return json_answer(data)


def _of_pool(shown: PlanPage, pool: Pool) -> dict[str, object]:
    books, totals = pool.books, pool.books.totals
    names = _names(shown, pool)
    by = names_of(
        [fact.by for fact in pool.wrote.values()]
        + [each.by for release in books.releases.values() for each in release.approvals.values()]
    )
    host = body_name(shown.house, pool.agreed.host)
    return {
        "pool": pool,
        "host": host,
        "sentence": f"Held by {host}: {pounds_short(books.in_pool())} is in the pool, and "
        + (
            f"{pounds_short(totals.contingent)} is off it, with the CCGs until it is earned."
            if books.kept_at is None
            else f"{pounds_short(totals.kept)} was never earned and stays with the CCGs."
        ),
        "figures": [
            Figure("In the pool", pounds_short(books.in_pool()), in_pounds(books.in_pool()), "Contributed and released", "#accounts"),
            Figure("Contributed", pounds_short(totals.contributed), in_pounds(totals.contributed), "Put in when the pool was opened", "#partners"),
            Figure("Off the pool", pounds_short(totals.contingent), in_pounds(totals.contingent), "With the CCGs until it is earned", "#partners")
            if books.kept_at is None
            else Figure("Kept", pounds_short(totals.kept), in_pounds(totals.kept), "Never earned: stays with the CCGs", "#partners"),
            Figure("Released", pounds_short(totals.released), in_pounds(totals.released), "Earned, and moved to the pool by two approvers", "#postings"),
        ],
        "partners": [
            (names.get(code, code), *_money(part)) for code, part in books.by_party.items()
        ],
        "partners_total": ("All partners", *_money(totals)),
        "books": [_book(shown, pool, names, book) for book in _order(books)],
        "difference": books.trial_balance(),
        "postings": [_shown_posting(pool, each, names, by) for each in books.postings],
    }  # fmt: skip


def _names(shown: PlanPage, pool: Pool) -> dict[str, str]:
    partners = pool.books.opening.partners if pool.books.opening else ()
    return {each.code: body_name(shown.house, body_id(each.kind, each.code)) for each in partners}


def _money(part: Position) -> tuple[str, ...]:
    return tuple(
        pence(each) for each in (part.contributed, part.contingent, part.released, part.kept, part.in_pool)
    )


def _order(books: Books) -> list[str]:
    """The sets of books: the pool's own, then each CCG's off the pool."""
    return sorted({each.book for each in books.balances}, key=lambda book: (book != THE_POOL, book))


def _book(shown: PlanPage, pool: Pool, names: dict[str, str], book: str) -> dict[str, object]:
    accounts = sorted(
        (account, balance) for account, balance in pool.books.balances.items() if account.book == book
    )
    debits = sum(balance for _, balance in accounts if balance > 0)
    credits_ = -sum(balance for _, balance in accounts if balance < 0)
    title = "The pool's own books" if book == THE_POOL else f"Off the pool, with {names.get(book, book)}"
    return {
        "id": "book-pool" if book == THE_POOL else f"book-{book}",
        "title": title,
        "rows": [
            (
                account_words(shown, account, names),
                pence(balance) if balance > 0 else "",
                pence(-balance) if balance < 0 else "",
            )
            for account, balance in accounts
        ],
        "foot": ("Together", pence(debits), pence(credits_)),
        "difference": pence(debits - credits_),
    }


def account_words(shown: PlanPage, account: Account, names: dict[str, str]) -> str:
    """An account as people say it."""
    name = names.get(account.party, account.party)
    match account.heading:
        case Heading.POOL:
            return f"In the pool, held by {name}"
        case Heading.CONTRIBUTED:
            return f"Contributed by {name}: {_source(shown, account.source)}"
        case Heading.RELEASED:
            return f"Released by {name}"
        case Heading.HELD:
            return f"Performance money that {name} has with it"
        case Heading.CONTINGENT:
            return f"Would go from {name} to the pool, if earned"
        case _:
            return f"Never earned: stays with {name}"


def _source(shown: PlanPage, source: str) -> str:
    streams = {each.name: each.says for each in shown.view.rules.composition.streams}
    return streams.get(source) or SOURCES.get(source, source)


def _shown_posting(
    pool: Pool, posting: Posting, names: dict[str, str], by: dict[str, str]
) -> dict[str, object]:
    fact = pool.wrote[posting.id]
    release = next(
        (each for each in pool.books.releases.values() if posting.id == f"release/{each.quarter}/{each.ccg}"),
        None,
    )
    if release:
        approved = [f"{by[each.by]} for {side}" for side, each in release.approvals.items()]
        who = f"Approved by {' and '.join(approved)}"
    else:
        who = f"By {by[fact.by]}"
    return {
        "id": f"posting-{posting.id.replace('/', '-')}",
        "says": f"{quarter_words(release.quarter)} earned, released by {names.get(release.ccg, release.ccg)}" if release else posting.says,
        "when": f"{day(posting.on)}; recorded on {day(fact.at)}" if _late(posting, fact.at) else day(posting.on),
        "who": who,
        "release": release is not None,
        "cites": posting.cites,
        "opening": posting.id == "pool/opened",
        "fact": fact.digest,
        "lines": [
            (_short(line.debit, names), _short(line.credit, names), pence(line.pence)) for line in posting.lines
        ],
    }  # fmt: skip


def _late(posting: Posting, at: datetime) -> bool:
    return day(at) != day(posting.on)


def _short(account: Account, names: dict[str, str]) -> str:
    source = f", {account.source.replace('_', ' ')}" if account.source else ""
    return f"{account.heading.value.capitalize()}: {names.get(account.party, account.party)}{source}"
