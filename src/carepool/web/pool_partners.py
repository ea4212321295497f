"""Partners' own books of a pool: what each shows, what is eliminated between them, a ledger held against the pool, exports."""

from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from carepool.actions.partnering import partner_in, partners_now, reconcile_now, wrote
from carepool.basics.refusals import NotHere, Unusable
from carepool.pool.own import OwnBooks
from carepool.pool.partners import places_of
from carepool.pool.reconciling import Compared, Reconciled
from carepool.render import ledgers, partner_answers
from carepool.render.words import day, pence
from carepool.web.acts import Act, Answers, Ask, answers_of
from carepool.web.asking import HouseRequest, json_answer
from carepool.web.pool_frame import PoolPage
from carepool.web.pool_postings import start_of

LARGEST = 5_000_000
"""Bytes of a partner's ledger."""


def _status(shown: PoolPage) -> HTTPStatus:
    return HTTPStatus.BAD_REQUEST if shown.when.error else HTTPStatus.OK


@require_safe
def page(request: HouseRequest, pool: str) -> HttpResponse:
    """Each partner's own books in short, what is between them, and the books for other programs."""
    shown = PoolPage(request, pool)
    found = partners_now(shown.house, shown.books, shown.when.day, shown.when.upto, entries=False)
    context = {
        **shown.frame("pool-partners"),
        "rows": [
            (
                (shown.party(code), shown.href("pool-partner", partner=code)), pence(found.cost[code]), pence(own.net_expenditure),
                pence(found.left[code]), pence(own.trial_balance),
            )
            for code, own in found.books.items()
        ],
        "foot": (
            ("Together", ""), pence(sum(found.cost.values())), pence(sum(each.net_expenditure for each in found.books.values())),
            pence(sum(found.left.values())), pence(sum(each.trial_balance for each in found.books.values())),
        ),
        "net": pence(found.net_expenditure),
        "between": [
            (shown.party(each.one), shown.party(each.other), f"{each.heading.value.capitalize()}: {each.about.replace('_', ' ')}", pence(each.ones), pence(each.others))
            for each in found.eliminations
        ],
        "take_away": [
            ("Every partner's books as JSON", shown.href("pool-partners-json")),
            *((f"The pool's books for {name}", shown.href(route)) for route, name in FORMS.items()),
        ],
    }  # fmt: skip
    return render(request, "web/pool_partners.jinja", context, status=_status(shown))


FORMS = {
    "pool-beancount": "Beancount", "pool-hledger": "hledger", "pool-books-csv": "a spreadsheet, as CSV", "pool-books-xlsx": "Excel",
}  # fmt: skip
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KINDS = {
    "beancount": ("beancount", "text/plain; charset=utf-8"), "hledger": ("journal", "text/plain; charset=utf-8"),
    "csv": ("csv", "text/csv; charset=utf-8"), "xlsx": ("xlsx", XLSX),
}  # fmt: skip
"""The ending and the media type of each form."""


@require_safe
def as_json(request: HouseRequest, pool: str) -> HttpResponse:
    """The same as JSON, in whole pence."""
    shown = PoolPage(request, pool)
    found = partners_now(shown.house, shown.books, shown.when.day, shown.when.upto, entries=False)
    data = partner_answers.partners(shown.books, found, as_at=shown.when.day)
    return json_answer(data | ({"mark": shown.mark} if shown.mark else {}))


@require_safe
def export(request: HouseRequest, pool: str, form: str) -> HttpResponse:
    """The pool's books for another program."""
    shown = PoolPage(request, pool)
    content = ledgers.FORMATS[form](
        shown.books, wrote(shown.house, shown.books, shown.when.upto), shown.when.day
    )
    ending, media_type = KINDS[form]
    answer = HttpResponse(content, content_type=media_type)
    answer["Content-Disposition"] = f'attachment; filename="{pool}-{shown.books.year}.{ending}"'
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def partner(request: HouseRequest, pool: str, partner: str) -> HttpResponse:
    """One partner's own books, and its ledger held against them: nothing of it is kept."""
    shown = PoolPage(request, pool)
    places = places_of(shown.books, shown.when.day)
    start = start_of(request, places)
    window = range(max(0, places - start - MOST), places - start)
    found = partners_now(shown.house, shown.books, shown.when.day, shown.when.upto, entries=window)
    try:
        own = partner_in(found, pool, partner)
    except NotHere:
        raise NotHere(
            f"{partner} is no partner of this pool. The page of its partners has them all."
        ) from None
    problem, compared, answers = "", None, Answers({}, {})
    if request.method == "POST":
        answers = answers_of(request)
        problem, compared = _compared(shown, partner, answers)
    asks = (
        Ask("ledger", "The ledger", "file", "CSV with date, account, reference, description and amount in pounds, debits above zero; or account and amount alone for totals."),
        Ask("account", "What all rows are of", hint="Where the file has no column account, for example money."),
    )  # fmt: skip
    says = (f"Every row of {shown.party(partner)}'s ledger is matched with what the pool says, to the penny. The file is not kept.",)  # fmt: skip
    context = {
        **shown.frame("pool-partners"),
        "title": shown.party(partner),
        "sentence": f"Net expenditure {pence(own.net_expenditure)}; {pence(found.left[partner])} of what is left in the pool is its.",
        "accounts": _accounts(own),
        "entries": _entries(shown, own),
        "counted": f"By the {len(window):,} postings before the last {start:,}, of {places:,}." if start else f"By the last {len(window):,} of {places:,} postings." if places > MOST else "",
        "more": shown.href("pool-partner", {"from": str(start + MOST)}, partner=partner) if window.start else "",
        "compared": _result(compared) if compared else None,
        "acts": [Act("reconcile", "Hold its ledger against the pool", "Compare", asks, says)] if not shown.when.day else [],
        "typed": answers.typed,
        "sent": "reconcile" if problem else "",
        "problem": {"says": problem, "field": "ledger"} if problem else None,
        "errors": [*([("as_at", shown.when.error)] if shown.when.error else []), *([("reconcile-ledger", problem)] if problem else [])],
    }  # fmt: skip
    status = HTTPStatus.BAD_REQUEST if problem else _status(shown)
    return render(request, "web/pool_partner.jinja", context, status=status)


def _compared(shown: PoolPage, partner: str, answers: Answers) -> tuple[str, Reconciled | None]:
    content = answers.files.get("ledger", b"")
    if not content:
        return "Choose the file of the ledger.", None
    if len(content) > LARGEST:
        return (
            f"The file is larger than {LARGEST // 1_000_000} MB. Give one year of this pool's rows alone.",
            None,
        )
    try:
        _, found = reconcile_now(
            shown.house, shown.pool, shown.books.year, partner, "the ledger", content, account=answers.text("account")
        )  # fmt: skip
    except Unusable as error:
        return str(error), None
    return "", found


def _accounts(own: OwnBooks) -> list[tuple[str, str, str]]:
    return [
        (str(account).replace("/", ", ").replace("_", " ").capitalize(), pence(each) if each > 0 else "", pence(-each) if each < 0 else "")
        for account, each in own.balances.items()
    ]  # fmt: skip


MOST = 100
"""Postings of which a page shows the entries; all stand in the JSON."""


def _entries(shown: PoolPage, own: OwnBooks) -> list[tuple[object, ...]]:
    return [
        (
            shown.posting(each.posting) if shown.books.posting(each.posting) else ("The agreement", shown.href("pool-agreement")), day(each.on), each.says,
            "; ".join(f"{'debit' if pence_ > 0 else 'credit'} {str(account).replace('_', ' ')} {pence(abs(pence_))}" for account, pence_ in each.changes.items()),
        )
        for each in reversed(own.entries)
    ]  # fmt: skip


def _result(found: Reconciled) -> dict[str, object]:
    differ = [each for each in found.lines if each.difference]
    after = len(found.rows_after)
    return {
        "says": "The ledger and the pool agree to the penny." if not differ else f"{len(differ)} things differ; together they are the whole difference.",
        "after": f"{after} {'row' if after == 1 else 'rows'} of the file {'is' if after == 1 else 'are'} dated after {day(found.upto)}, and not compared." if after else "",
        "sums": [
            (name.replace("_", " ").capitalize(), pence(pool_), pence(found.ledger[name]), pence(pool_ - found.ledger[name]))
            for name, pool_ in found.pool.items()
        ],
        "rows": [_row(each) for each in differ],
    }  # fmt: skip


def _row(each: Compared) -> tuple[str, ...]:
    one = (each.pool or each.ledger)[0]
    return (
        day(one.on) if one.on else "", one.says or one.reference, str(each.how), each.account.replace("_", " "),
        pence(sum(row.pence for row in each.pool)), pence(sum(row.pence for row in each.ledger)), pence(each.difference),
    )  # fmt: skip
