"""Statements of a pool: which there are, one as a page and as files, and the form by which the pool manager gives it."""

from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from carepool.actions.permits import Actor
from carepool.actions.statements import StatementOf, give_statement_of, statement_of
from carepool.basics.periods import Quarter
from carepool.basics.refusals import NotHere, Refused, Unusable
from carepool.journal.commands import Done
from carepool.pool.periods import Period, Span
from carepool.render import statement_answers
from carepool.render.statement_files import FILES
from carepool.render.statement_papers import paper
from carepool.render.words import day
from carepool.web.acts import Act, Answers, answers_of, carry_out_act
from carepool.web.asking import HouseRequest, json_answer
from carepool.web.pool_frame import PoolPage


def _period(shown: PoolPage, text: str) -> Period:
    """The period that an address names. NotHere for one that is none, or not of this year."""
    try:
        found = Period.parse(text)
    except Unusable as error:
        raise NotHere(str(error)) from error
    if found.of_year != shown.books.year:
        raise NotHere(f"{text} is not in {shown.books.year}. The list of statements has those of the year.")
    return found


def periods_of(year: str) -> tuple[Period, ...]:
    """The year, its quarters and its months."""
    starts = int(year[:4])
    quarters = [Period.quarter(str(Quarter(starts, each))) for each in range(1, 5)]
    months = [Period.month(f"{starts + (each > 12)}-{each - 12 * (each > 12):02}") for each in range(4, 16)]
    return (Period.year(year), *quarters, *months)


@require_safe
def page(request: HouseRequest, pool: str) -> HttpResponse:
    """Every period of the year, and which statements the partners have been given."""
    shown = PoolPage(request, pool)
    today = shown.when.day or shown.house.today
    given = {}
    for each in shown.books.given:
        given[str(each.period)] = each
    rows = [
        (
            (each.title, shown.href("pool-statement", period=str(each))),
            {Span.MONTH: "Monthly highlight", Span.QUARTER: "Quarterly report", Span.YEAR: "Annual return"}[each.span],
            f"Given on {day(given[str(each)].at)}" if str(each) in given else "Not over yet" if today <= each.last else "Not given",
        )
        for each in periods_of(shown.books.year)
        if each.first <= today
    ]  # fmt: skip
    context = {**shown.frame("pool-statements"), "rows": rows}
    status = HTTPStatus.BAD_REQUEST if shown.when.error else HTTPStatus.OK
    return render(request, "web/pool_statements.jinja", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def statement(request: HouseRequest, pool: str, period: str) -> HttpResponse:
    """One statement, as it is known; and the button by which it is given to the partners."""
    shown = PoolPage(request, pool)
    asked = _period(shown, period)
    answers, problem, sent = Answers({}, {}), None, ""

    def do(actor: Actor, _: str, __: Answers) -> Done | Refused:
        return give_statement_of(shown.house, actor, pool, asked)

    if request.method == "POST":
        answers = answers_of(request)
        sent = answers.text("act")
        problem = carry_out_act(request, sent, answers, do, shown.said)
        if problem is None:
            return redirect(shown.href("pool-statement", period=period))
    found = _found(shown, asked)
    title = f"Give the statement of {asked.title}"
    over = shown.house.today > asked.last
    says = ("The partners are told these figures. What is entered later for this period is named in the next statement.",)  # fmt: skip
    acts = (
        [Act("give", title, "Give it to the partners", (), says)]
        if over and shown.may("give_statement")
        else []
    )
    context = {
        **shown.frame("pool-statements"),
        "paper": paper(found),
        "title": asked.title,
        "take_away": [
            (f"This statement as {each.says}", shown.href(f"pool-statement-{name.removeprefix('.')}", period=period))
            for name, each in FILES.items()
        ] + [("This statement as JSON", shown.href("pool-statement-json", period=period))],
        "acts": acts,
        "act_title": title,
        "typed": answers.typed,
        "sent": sent,
        "problem": problem,
        "nothing": "A statement is given by the pool manager or a finance officer of the host, once its period is over.",
        "errors": [*([("as_at", shown.when.error)] if shown.when.error else []), *([(f"{sent}-{problem.field}", problem.says)] if problem else [])],
    }  # fmt: skip
    status = problem.status if problem else HTTPStatus.BAD_REQUEST if shown.when.error else HTTPStatus.OK
    return render(request, "web/pool_statement.jinja", context, status=status)


def _found(shown: PoolPage, period: Period) -> StatementOf:
    return statement_of(shown.house, shown.pool, period, upto=shown.when.upto, on=shown.when.day)


@require_safe
def as_file(request: HouseRequest, pool: str, period: str, ending: str) -> HttpResponse:
    """The statement as PDF, DOCX, XLSX or CSV."""
    shown = PoolPage(request, pool)
    made = FILES[f".{ending}"]
    asked = _period(shown, period)
    answer = HttpResponse(made.make(_found(shown, asked)), content_type=made.media_type)
    answer["Content-Disposition"] = f'attachment; filename="{pool}-{asked}.{ending}"'
    return answer


@require_safe
def as_json(request: HouseRequest, pool: str, period: str) -> HttpResponse:
    """The statement as JSON, in whole pence, every sum with its postings."""
    shown = PoolPage(request, pool)
    return json_answer(statement_answers.answer(_found(shown, _period(shown, period))))
