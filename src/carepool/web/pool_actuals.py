"""Actual beside budget and forecast, scheme by scheme and source by source; and one line with its workings and forms."""

from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from carepool.actions.importing_ledgers import explain_variance_of, forecast_of_officer, reasons_in_words
from carepool.actions.permits import Actor
from carepool.basics.money import in_pounds
from carepool.basics.refusals import NotHere, Refused
from carepool.journal.commands import Done
from carepool.pool.books import Books
from carepool.pool.entering import last_of_month
from carepool.pool.variances import (
    Variance,
    budget_to_date,
    explain_budget,
    explain_forecast,
    last_known,
    months_to,
    spending,
    straight_line,
    variances,
)
from carepool.render.csvs import write_csv
from carepool.render.words import day, in_month, pence
from carepool.web.acts import Act, Answers, Ask, unknown_act
from carepool.web.asking import HouseRequest, csv_answer
from carepool.web.people import names_of
from carepool.web.pool_acting import pool_page, status_of
from carepool.web.pool_frame import PoolPage

BASIS = {"entered": "entered", "straight_line": "straight line"}


def month_words(month: str) -> str:
    """A month like 2015-06 as people say it."""
    return in_month(last_of_month(month))


def _through(request: HouseRequest, shown: PoolPage) -> tuple[str, list[tuple[str, str]]]:
    """The month that is asked for, or the last known; and what is wrong with the question."""
    asked = request.GET.get("through", "")[:20].strip()
    every = months_to(shown.books, f"{shown.books.last_day:%Y-%m}")
    if asked in every:
        return asked, []
    says = f"“{asked}” is no month of {shown.books.year}. Choose one of the list."
    return last_known(shown.books), [("through", says)] if asked else []


@require_safe
def page(request: HouseRequest, pool: str) -> HttpResponse:
    """Every line up to a month: in the month, so far, due so far, what is beyond, and the forecast."""
    shown = PoolPage(request, pool)
    through, wrong = _through(request, shown)
    found = variances(shown.books, through)
    frame = shown.frame("pool-actuals")
    errors = frame["errors"]
    assert isinstance(errors, list)  # noqa: S101 (every frame's)
    context = {
        **frame,
        "errors": [*errors, *wrong],
        "sentence": _sentence(found, through),
        "month": month_words(through),
        "months": [
            {"value": each, "text": month_words(each), "selected": each == through}
            for each in months_to(shown.books, f"{shown.books.last_day:%Y-%m}")
        ],
        "rows": [_row(shown, each, through) for each in found],
        "total": _total(found),
        "reasons": [
            (_line(shown, each), reasons_in_words(shown.house, each.reasons)) for each in found if each.reasons
        ],
        "take_away": [("Actual and forecast as CSV", shown.href("pool-actuals-csv", {"through": through}))],
    }  # fmt: skip
    status = HTTPStatus.BAD_REQUEST if wrong else status_of(shown)
    return render(request, "web/pool_actuals.jinja", context, status=status)


def _line(shown: PoolPage, each: Variance) -> str:
    return f"{each.title}: {shown.source(each.source)}"


def _sentence(found: tuple[Variance, ...], through: str) -> str:
    spent, due = sum(each.to_date for each in found), sum(each.budget_to_date for each in found)
    forecast, budget = sum(each.forecast for each in found), sum(each.budget for each in found)
    so_far = f"Up to the end of {month_words(through)}, {pence(spent)} is spent, {_beside(spent - due, 'what was due by then')}"
    return f"{so_far}. The year is expected to come to {pence(forecast)}, {_beside(forecast - budget, 'its budget')}."


def _beside(more: int, what: str) -> str:
    if not more:
        return f"as much as {what}"
    return f"{pence(abs(more))} {'more' if more > 0 else 'less'} than {what}"


def _row(shown: PoolPage, each: Variance, through: str) -> tuple[object, ...]:
    href = shown.href("pool-actuals-line", {"through": through}, scheme=each.scheme, source=each.source)
    return (
        (_line(shown, each), href), pence(each.this_month), pence(each.since_last), pence(each.to_date),
        pence(each.budget_to_date), pence(each.variance), pence(each.forecast), pence(each.expected),
        BASIS[each.basis],
    )  # fmt: skip


def _total(found: tuple[Variance, ...]) -> tuple[object, ...]:
    sums = (
        sum(column)
        for column in zip(
            *((each.this_month, each.since_last, each.to_date, each.budget_to_date, each.variance, each.forecast, each.expected) for each in found),
            strict=True,
        )
    )  # fmt: skip
    return (("Together", ""), *(pence(each) for each in sums), "") if found else ()


@require_safe
def as_csv(request: HouseRequest, pool: str) -> HttpResponse:
    """The same as CSV, in whole pence."""
    shown = PoolPage(request, pool)
    through, _ = _through(request, shown)
    heading = [
        "scheme", "title", "source", "through", "month_pence", "month_before_pence", "to_date_pence", "by_hand_pence",
        "budget_to_date_pence", "variance_pence", "budget_pence", "forecast_pence", "forecast_basis", "beyond_budget_pence",
        "reasons", *(["mark"] if shown.mark else []),
    ]  # fmt: skip
    rows = [
        [
            each.scheme, each.title, each.source, through, str(each.this_month), str(each.last_month), str(each.to_date),
            str(each.by_hand), str(each.budget_to_date), str(each.variance), str(each.budget), str(each.forecast),
            each.basis, str(each.expected), reasons_in_words(shown.house, each.reasons) if each.reasons else "",
            *([shown.mark] if shown.mark else []),
        ]
        for each in variances(shown.books, through)
    ]  # fmt: skip
    return csv_answer(f"{pool}-{shown.books.year}-actuals.csv", write_csv(heading, rows))


@require_http_methods(["GET", "HEAD", "POST"])
def line(request: HouseRequest, pool: str, scheme: str, source: str) -> HttpResponse:
    """A scheme's money from one source: month by month, how budget and forecast were reached, and the forms of who keeps the books."""
    shown = PoolPage(request, pool)
    through, _ = _through(request, shown)
    found = next(
        (each for each in variances(shown.books, through) if (each.scheme, each.source) == (scheme, source)), None
    )  # fmt: skip
    if found is None:
        raise NotHere(f"There is no line {scheme}, {source} in {pool}, {shown.books.year}. Its page of actuals has them all.")  # fmt: skip
    books = shown.books

    def do(actor: Actor, act: str, answers: Answers) -> Done | Refused:
        if act == "forecast":
            amount = answers.pence("pence", needed=False)
            return forecast_of_officer(shown.house, actor, pool, books.year, scheme, source, amount)
        if act == "explain":
            month, why = answers.text("through"), answers.text("why")
            return explain_variance_of(shown.house, actor, pool, books.year, scheme, source, month, why)
        raise unknown_act(act)

    def context() -> dict[str, object]:
        return {
            "title": _line(shown, found),
            "sentence": _of_line(found, through),
            "workings": [
                explain_budget(books, scheme, source, through), explain_forecast(books, scheme, source, through),
            ],
            "months": _months(books, scheme, source, through),
            "forecasts": _forecasts(shown, scheme, source),
            "reasons": [
                (month_words(month), reasons_in_words(shown.house, digest))
                for (one, other, month), digest in sorted(books.actuals.reasons.items())
                if (one, other) == (scheme, source)
            ],
        }  # fmt: skip

    return pool_page(
        request, shown, "pool-actuals", "web/pool_actuals_line.jinja", context=context,
        acts=lambda: _acts(shown, found, through), do=do,
        after=shown.href("pool-actuals-line", {"through": through}, scheme=scheme, source=source),
        nothing=f"Forecasts and reasons are entered by those who keep the books for {shown.host}.",
    )  # fmt: skip


def _of_line(found: Variance, through: str) -> str:
    by_hand = f" {pence(found.by_hand)} of it was entered by hand." if found.by_hand else ""
    return (
        f"Up to the end of {month_words(through)}, {pence(found.to_date)} is spent, {_beside(found.variance, 'what was due by then')}."
        f"{by_hand} The year is expected to come to {pence(found.forecast)}, {_beside(found.expected, 'its budget')}."
    )


def _months(books: Books, scheme: str, source: str, through: str) -> list[tuple[str, ...]]:
    spent = spending(books)[0].get((scheme, source), {})
    found: list[tuple[str, ...]] = []
    so_far = 0
    for month in months_to(books, through):
        so_far += spent.get(month, 0)
        due = budget_to_date(books, scheme, source, month)
        found.append(
            (month_words(month), pence(spent.get(month, 0)), pence(so_far), pence(due), pence(so_far - due))
        )
    return found


def _forecasts(shown: PoolPage, scheme: str, source: str) -> list[tuple[str, ...]]:
    made = shown.books.actuals.forecasts.get((scheme, source), ())
    names = names_of(each.by for each in made if each.by)
    return [(day(each.on), pence(each.pence), BASIS[each.basis].capitalize(), names.get(each.by, "")) for each in reversed(made)]  # fmt: skip


def _acts(shown: PoolPage, found: Variance, through: str) -> list[Act]:
    if shown.books.ended_at or not shown.may("keep_books"):
        return []
    line = straight_line(shown.books, found.scheme, found.source, last_known(shown.books)).value
    hint = f"Leave it empty for the straight line: {in_pounds(line) if isinstance(line, int) else ''}."
    return [
        Act("forecast", "Enter a forecast", "Enter the forecast", (Ask("pence", "What the year will come to", "money", hint),)),
        Act(
            "explain", f"Say why it is off its budget in {month_words(through)}", "Keep the reasons",
            (Ask("why", "The reasons", "words"),), hidden=(("through", through),),
        ),
    ]  # fmt: skip
