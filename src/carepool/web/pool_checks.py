"""Whether the books are as they should be: what is to be looked at, what was asserted of them, and the form to assert more."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from carepool.actions.permits import Actor
from carepool.actions.pool_years import assert_balance_of, findings_of
from carepool.basics.findings import Finding, Severity
from carepool.basics.refusals import Refused
from carepool.journal.commands import Done
from carepool.pool import importing
from carepool.pool.accounts import Account
from carepool.pool.assertions import value_of
from carepool.pool.records import Assertion
from carepool.render.words import day, pence
from carepool.web.acts import Act, Answers, Ask, Wrong, unknown_act
from carepool.web.asking import HouseRequest
from carepool.web.pool_acting import pool_page
from carepool.web.pool_frame import PoolPage

KINDS = (("balance", "Is exactly"), ("at_most", "Is at most"), ("budget", "Has a budget of exactly"))
WORDS = {"balance": "is", "at_most": "is at most", "budget": "has a budget of"}


def findings_for(shown: PoolPage, findings: Iterable[Finding]) -> list[Finding]:
    """Findings with names for codes."""
    return [replace(each, says=shown.named(each.says), remedy=shown.named(each.remedy)) for each in findings]


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HouseRequest, pool: str) -> HttpResponse:
    """All that is to be looked at, every assertion with whether it holds, and the form of who keeps the books."""
    shown = PoolPage(request, pool)
    books = shown.books

    def do(actor: Actor, act: str, answers: Answers) -> Done | Refused:
        if act != "assert":
            raise unknown_act(act)
        on, amount = answers.day("on"), answers.pence("pence")
        assert on is not None and amount is not None  # noqa: S101 (needed)
        of = answers.text("of")
        if not of:
            raise Wrong("of", "Choose a scheme or an account.")
        return assert_balance_of(shown.house, actor, pool, books.year, of, answers.text("kind"), amount, on)

    def context() -> dict[str, object]:
        found = [*findings_of(shown.house, books, shown.forecasts), *importing.findings_of(books)]
        warned = sum(each.severity is not Severity.NOTE for each in found)
        return {
            "sentence": _sentence(len(found), warned),
            "findings": findings_for(shown, found),
            "where": lambda where: _href(shown, where),
            "assertions": [_row(shown, each) for each in books.records.assertions],
        }

    return pool_page(
        request, shown, "pool-checks", "web/pool_checks.jinja", context=context, acts=lambda: _acts(shown), do=do,
        after=shown.href("pool-checks"), nothing=f"Assertions are entered by those who keep the books for {shown.host}.",
    )  # fmt: skip


def _sentence(found: int, warned: int) -> str:
    if not found:
        return "The books are as they should be: there is nothing to look at."
    notes = found - warned
    return f"{warned} {'thing has' if warned == 1 else 'things have'} to be looked at, and {notes} {'is' if notes == 1 else 'are'} worth knowing."


def _href(shown: PoolPage, where: str) -> str:
    """The page on which what was found is put right."""
    first, _, rest = where.partition("/")
    if first == "postings" and shown.books.posting(rest):
        return shown.href("pool-posting", posting=rest)
    pages = {
        "schemes": "pool-actuals", "suspense": "pool-imports", "imports": "pool-imports", "partners": "pool-year-end",
        "budgets": "pool", "cash": "pool", "assertions": "pool-checks",
    }  # fmt: skip
    return shown.href(pages[first]) if first in pages and first != "assertions" else ""


def of_words(shown: PoolPage, of: str) -> str:
    """What an assertion is of, in words."""
    if shown.opening.scheme(of):
        return shown.scheme(of)
    try:
        return shown.account_words(Account.parse(of))
    except ValueError:
        return of


def _row(shown: PoolPage, each: Assertion) -> tuple[object, ...]:
    today: date = shown.when.day or shown.house.today
    if each.on > today:
        return (
            of_words(shown, each.of),
            WORDS[each.kind],
            pence(each.pence),
            day(each.on),
            "",
            "The day is still to come",
        )
    there = value_of(shown.books.until(each.on), shown.books, each)
    holds = there <= each.pence if each.kind == "at_most" else there == each.pence
    return (of_words(shown, each.of), WORDS[each.kind], pence(each.pence), day(each.on), pence(there), "Holds" if holds else "Does not hold")  # fmt: skip


def _acts(shown: PoolPage) -> list[Act]:
    books = shown.books
    if books.ended_at or not shown.may("keep_books"):
        return []
    choices = [(each.id, f"Scheme: {each.title}") for each in shown.opening.schemes]
    choices += [
        (str(each), shown.account_words(each)) for each in sorted(books.balances) if each.book == "pool"
    ]
    asks = (
        Ask("of", "Of what", "choice", "A scheme is what it has spent, or its budget.", tuple(choices)),
        Ask("kind", "What you assert", "choice", choices=KINDS),
        Ask("pence", "Amount", "money"),
        Ask("on", "On which day", "day", f"A day of {books.year}, for example {books.last_day.isoformat()}.", value=books.last_day.isoformat()),
    )  # fmt: skip
    says = ("If it does not hold on that day, it stands above and on the month-end list until it does.",)
    return [Act("assert", "Assert what an account or a scheme comes to", "Assert it", asks, says)]
