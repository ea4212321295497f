"""Month end: what is to be done before the next month of a pool is closed, and the button that closes it."""

from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from carepool.actions.permits import Actor
from carepool.actions.pools import close_month_of, end_year_of
from carepool.basics.refusals import Refused
from carepool.journal.commands import Done
from carepool.pool.month_end import Step, next_month, steps
from carepool.render.words import in_month
from carepool.web.acts import Act, Answers, answers_of, carry_out_act, unknown_act
from carepool.web.asking import HouseRequest
from carepool.web.pool_frame import PoolPage


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HouseRequest, pool: str) -> HttpResponse:
    """The checklist of the month that is closed next, and the form that closes it."""
    shown = PoolPage(request, pool)
    answers, problem, sent = Answers({}, {}), None, ""

    def do(actor: Actor, act: str, answers: Answers) -> Done | Refused:
        if act == "close":
            return close_month_of(shown.house, actor, pool, shown.books.year, answers.text("month"))
        if act == "end":
            return end_year_of(shown.house, actor, pool, shown.books.year)
        raise unknown_act(act)

    if request.method == "POST":
        answers = answers_of(request)
        sent = answers.text("act")
        problem = carry_out_act(request, sent, answers, do, shown.said)
        if problem is None:
            return redirect(shown.href("pool-month-end"))
    month_end = next_month(shown.books)
    today = shown.when.day or shown.house.today
    found = steps(shown.books, month_end, today) if month_end else ()
    month = in_month(month_end) if month_end else ""
    frame = shown.frame("pool-month-end")
    errors = [(f"{sent}-{problem.field}", problem.says)] if problem else []
    context = {
        **frame,
        "sentence": _sentence(shown, found, month),
        "month": month,
        "checklist": [_row(shown, each) for each in found],
        "acts": _acts(shown, month_end.strftime("%Y-%m") if month_end else "", month, found),
        "typed": answers.typed,
        "sent": sent,
        "problem": problem,
        "errors": [*([("as_at", shown.when.error)] if shown.when.error else []), *errors],
        "nothing": f"Months are closed by a finance officer of {shown.host}.",
    }
    status = problem.status if problem else HTTPStatus.BAD_REQUEST if shown.when.error else HTTPStatus.OK
    return render(request, "web/pool_month_end.jinja", context, status=status)


def _sentence(shown: PoolPage, found: tuple[Step, ...], month: str) -> str:
    if not found:
        ended = shown.books.ended_at is not None
        return "The year's accounts are closed." if ended else "Every month is closed. The year can be ended once late adjustments are in."  # fmt: skip
    left = [each for each in found if not each.done]
    if not left:
        return f"{month} can be closed: everything on the list is done."
    return f"{len(left)} of {len(found)} steps {'is' if len(left) == 1 else 'are'} left before {month} is closed. {left[0].title}: {left[0].remedy}"


ROUTES = {
    "invoices": "pool-enter", "suspense": "pool-imports", "accruals": "pool-postings", "budgets": "pool-actuals", "releases": "pool",
    "imports": "pool-imports", "by-hand": "pool-checks", "asserted": "pool-checks",
    "over": "pool-month-end",
}  # fmt: skip
"""Where each step is done."""


def _row(shown: PoolPage, each: Step) -> tuple[object, ...]:
    standing = f"{'Done' if each.done else 'To do'}. {each.says}"
    return (each.title, shown.href(ROUTES[each.code])), shown.named(standing), each.remedy


def _acts(shown: PoolPage, month: str, words: str, found: tuple[Step, ...]) -> list[Act]:
    if not shown.may("close_books") or shown.books.ended_at:
        return []
    if not month:
        says = ("After it nothing more is entered in this year.",)
        return [Act("end", "End the year", "Close the year's accounts", (), says, warns=True)]
    left = sum(not each.done for each in found)
    undone = (
        (f"{left} {'step' if left == 1 else 'steps'} of the list {'is' if left == 1 else 'are'} not done.",)
        if left
        else ()
    )
    says = ("Nothing dated in it is entered after that.", *undone)
    return [Act("close", f"Close {words}", f"Close {words}", (), says, (("month", month),), warns=bool(left))]
