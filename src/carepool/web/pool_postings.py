"""Every posting of a pool's year, one posting with what it rests on, every account, and one account line by line."""

from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from carepool.basics.refusals import NotHere
from carepool.journal.documents import Document
from carepool.journal.facts import Fact
from carepool.pool.accounts import BUDGETS, COMMITMENTS, THE_POOL, TRANSFERS, Account, Event, Posting
from carepool.pool.books import Books, stream_of
from carepool.pool.kept import once
from carepool.pool.settled import of_correction, of_release
from carepool.render.csvs import write_csv
from carepool.render.words import day, pence
from carepool.web.asking import HouseRequest, csv_answer
from carepool.web.people import names_of
from carepool.web.pool_frame import PoolPage, posting_words

PAGE = 100
"""Postings on a page."""
BOOKS = {
    THE_POOL: "The pool's own books", BUDGETS: "What may be spent", COMMITMENTS: "What is committed",
    TRANSFERS: "Section 256 transfer: no part of the pool",
}  # fmt: skip


def _status(shown: PoolPage) -> HTTPStatus:
    return HTTPStatus.BAD_REQUEST if shown.when.error else HTTPStatus.OK


def _asked(request: HouseRequest) -> Event | None:
    code = request.GET.get("event", "")[:40]
    return next((each for each in Event if each.code == code), None)


@require_safe
def page(request: HouseRequest, pool: str) -> HttpResponse:
    """Postings, the last first, a page at a time."""
    shown = PoolPage(request, pool)
    event = _asked(request)
    found = [each for each in reversed(shown.books.postings) if event in (None, each.event)]
    start = start_of(request, len(found))
    query = shown.query() | ({"event": event.code} if event else {})
    further = {**query, "from": str(start + PAGE)}
    some = sorted({each.event for each in shown.books.postings}, key=list(Event).index)
    context = {
        **shown.frame("pool-postings"),
        "events": [
            {"value": "", "text": "Every posting"},
            *({"value": each.code, "text": each.value.capitalize(), "selected": each is event} for each in some),
        ],
        "counted": f"{len(found):,} postings." if len(found) != 1 else "One posting.",
        "rows": [
            (
                shown.posting(each.id), day(each.on), each.event.value.capitalize(), each.says, pence(each.total),
                standing(shown.books, each),
            )
            for each in found[start : start + PAGE]
        ],
        "more": reverse("pool-postings", kwargs={"pool": pool}, query=further) if start + PAGE < len(found) else "",
        "take_away": [("Every posting as CSV", shown.href("pool-postings-csv")), ("This pool as JSON", shown.href("pool-json"))],
    }  # fmt: skip
    return render(request, "web/pool_postings.jinja", context, status=_status(shown))


def start_of(request: HouseRequest, most: int) -> int:
    """From which line on a page is asked for."""
    typed = request.GET.get("from", "")[:9]
    return min(int(typed), most) if typed.isascii() and typed.isdecimal() else 0


def standing(books: Books, posting: Posting) -> str:
    """What has become of a posting, in a few words."""
    if posting.id in books.reversed:
        return f"Reversed by {posting_words(books.reversed[posting.id])}"
    if posting.id in books.open:
        return f"{pence(books.open[posting.id])} open"
    return "Late adjustment" if posting.late else ""


@require_safe
def as_csv(request: HouseRequest, pool: str) -> HttpResponse:
    """Every line of every posting as CSV."""
    shown = PoolPage(request, pool)
    heading = ["posting", "event", "on", "says", "of", "late", "debit", "credit", "amount_pence", *(["mark"] if shown.mark else [])]  # fmt: skip
    rows = [
        [each.id, each.event.code, each.on.isoformat(), each.says, each.of, "yes" if each.late else "no", str(line.debit),
         str(line.credit), str(line.pence), *([shown.mark] if shown.mark else [])]
        for each in shown.books.postings for line in each.lines
    ]  # fmt: skip
    return csv_answer(f"{pool}-{shown.books.year}-postings.csv", write_csv(heading, rows))


@require_safe
def posting(request: HouseRequest, pool: str, posting: str) -> HttpResponse:
    """One posting: its lines, who entered it when and under which rule, and the documents that it rests on."""
    shown = PoolPage(request, pool)
    found = shown.books.posting(posting)
    if found is None:
        raise NotHere(f"There is no posting {posting} in {pool}, {shown.books.year}. Its page of postings has them all.")  # fmt: skip
    stream = stream_of(pool, shown.books.year)
    fact = shown.house.journal.read(stream, after=found.version - 1, upto=shown.when.upto)[0]
    context = {
        **shown.frame("pool-postings"),
        "title": posting_words(posting),
        "says": found.says,
        "sentence": _who(shown, found, fact),
        "lines": [
            (shown.account_words(line.debit), shown.account_words(line.credit), BOOKS.get(line.debit.book, f"Off the pool, with {shown.party(line.debit.book)}"), pence(line.pence))
            for line in found.lines
        ],
        "notes": _notes(shown, found),
        "links": _links(shown, found),
        "cites": [{"says": _cited(shown, each), "digest": each} for each in found.cites],
        "fact": fact,
    }  # fmt: skip
    return render(request, "web/pool_posting.jinja", context, status=_status(shown))


def _who(shown: PoolPage, found: Posting, fact: Fact) -> str:
    moved = {of_release(*key): each.approvals for key, each in shown.books.releases.items()}
    moved |= {of_correction(each.id): each.approvals for each in shown.books.settled.corrections.values()}
    approvals = moved.get(found.id)
    if approvals:
        by = names_of(each.by for each in approvals.values())
        said = f"Approved by {' and '.join(f'{by[each.by]} for {side}' for side, each in approvals.items())}"
    else:
        body = f" for {shown.name(fact.on_behalf_of)}" if fact.on_behalf_of else ""
        said = f"Entered by {names_of([fact.by])[fact.by]}{body}"
    dated = "" if day(fact.at) == day(found.on) else f", dated {day(found.on)}"
    return f"{found.event.value.capitalize()}. {said} on {day(fact.at)}{dated}."


def _notes(shown: PoolPage, found: Posting) -> list[str]:
    said = []
    if found.late:
        said.append("A late adjustment: its month was closed before it was entered.")
    if found.id in shown.books.open:
        said.append(f"{pence(shown.books.open[found.id])} of it is open.")
    return said


def _links(shown: PoolPage, found: Posting) -> list[tuple[str, str]]:
    links = []
    if found.of:
        verb = "It reverses" if found.event is Event.REVERSED else "It uses"
        links.append((f"{verb} {posting_words(found.of)}", shown.href("pool-posting", posting=found.of)))  # fmt: skip
    by = shown.books.reversed.get(found.id)
    if by:
        links.append((f"Reversed by {posting_words(by)}", shown.href("pool-posting", posting=by)))
    return links


def _cited(shown: PoolPage, digest: str) -> str:
    if digest == shown.opening.plan_digest:
        return "The version of the plan that it follows."
    found = shown.house.journal.document(digest)
    if not isinstance(found, Document):
        return "A document that is not kept here."
    return {"statement": "The statement by which it was earned.", "agreement": "The agreement."}.get(
        found.kind, f"A document of {len(found.content):,} bytes ({found.kind})."
    )


@require_safe
def accounts(request: HouseRequest, pool: str) -> HttpResponse:
    """Every account: what is in it, set of books by set of books."""
    shown = PoolPage(request, pool)
    order = [THE_POOL, BUDGETS, COMMITMENTS, TRANSFERS]
    sets = sorted(
        {each.book for each in shown.books.balances}, key=lambda each: (order.index(each) if each in order else 9, each)
    )  # fmt: skip
    context = {
        **shown.frame("pool-accounts"),
        "difference": shown.books.trial_balance(),
        "sets": [_set(shown, each) for each in sets],
        "take_away": [("This pool as JSON", shown.href("pool-json"))],
    }
    return render(request, "web/pool_accounts.jinja", context, status=_status(shown))


def _set(shown: PoolPage, book: str) -> dict[str, object]:
    balances = sorted((each, pence_) for each, pence_ in shown.books.balances.items() if each.book == book)
    debits = sum(max(each, 0) for _, each in balances)
    credits_ = sum(max(-each, 0) for _, each in balances)
    return {
        "id": f"book-{book}",
        "title": BOOKS.get(book, f"Off the pool, with {shown.party(book)}"),
        "rows": [
            (
                (shown.account_words(each), shown.href("pool-account", account=str(each))),
                pence(balance) if balance > 0 else "",
                pence(-balance) if balance < 0 else "",
            )
            for each, balance in balances
        ],
        "foot": (("Together", ""), pence(debits), pence(credits_)),
    }


@require_safe
def account(request: HouseRequest, pool: str, account: str) -> HttpResponse:
    """One account, line by line."""
    shown = PoolPage(request, pool)
    try:
        found = Account.parse(account)
    except ValueError:
        found = None
    if found is None or found not in shown.books.balances:
        raise NotHere(f"There is no account {account} in {pool}, {shown.books.year}. Its page of accounts has them all.")  # fmt: skip
    title = shown.account_words(found)
    lines = once(shown.books, ("ledger", found), lambda: shown.books.ledger(found))
    start = start_of(request, len(lines))
    further = shown.query() | {"from": str(start + PAGE)}
    context = {
        **shown.frame("pool-accounts"),
        "title": title,
        "sentence": f"{pence(found.amount(shown.books.balances[found]))} is in it.",
        "rows": [
            (
                shown.posting(each.posting), day(each.on), each.says, pence(each.debit) if each.debit else "",
                pence(each.credit) if each.credit else "", pence(each.balance),
            )
            for each in lines[start : start + PAGE]
        ],
        "counted": f"Lines {start + 1:,} to {min(start + PAGE, len(lines)):,} of {len(lines):,}." if len(lines) > PAGE else "",
        "more": reverse("pool-account", args=[pool, account], query=further) if start + PAGE < len(lines) else "",
    }  # fmt: skip
    return render(request, "web/pool_account.jinja", context, status=_status(shown))
