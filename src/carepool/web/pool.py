"""A pool at a glance: held by whom, what each partner puts in, what each scheme spends, and what was entered last."""

from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from carepool.actions.pools import named
from carepool.actions.standings import signed_off_version
from carepool.basics.money import in_pounds
from carepool.basics.refusals import NotHere
from carepool.basics.workings import Working
from carepool.pool.forecasting import by_partner, moved_most
from carepool.pool.glance import Glance, GrantLine, PartnerLine, SchemeLine, glance
from carepool.render import pool_answers
from carepool.render.figures import Figure
from carepool.render.words import day, in_month, pence, pounds_short
from carepool.web.asking import HouseRequest, json_answer
from carepool.web.frame import PlanPage, read_when
from carepool.web.people import body_name
from carepool.web.pool_bears import bears_by_forecast
from carepool.web.pool_frame import PoolPage

LATEST = 10
"""Postings on the first page."""


@require_safe
def page(request: HouseRequest, pool: str) -> HttpResponse:
    """The page; that of its plan, where the pool is not open yet."""
    try:
        shown = PoolPage(request, pool)
    except NotHere:
        return _not_open(request, pool)
    found, books = glance(shown.books), shown.books
    expected = shown.forecasts
    context = {
        **shown.frame("pool"),
        "sentence": _sentence(shown, found),
        "says": _says(shown),
        "figures": _figures(shown, found, sum(expected.values())),
        "partners": [(shown.party(each.party), *_partner(each)) for each in found.partners],
        "partners_total": ("All partners", *_sums(_pence_of(each) for each in found.partners)),
        "schemes": [
            (each.title, *(pence(one) for one in (*_of_scheme(each), expected.get(each.scheme, 0))))
            for each in found.schemes
        ],
        "schemes_total": (
            "All schemes",
            *_sums((*_of_scheme(each), expected.get(each.scheme, 0)) for each in found.schemes),
        ),
        "grants": [row for each in found.grants for row in _grant(shown, each)],
        "moved": _moved(shown),
        "forecast": forecast_of(shown),
        "latest": [
            (shown.posting(each.id), day(each.on), each.says, pence(each.total))
            for each in reversed(books.postings[-LATEST:])
        ],
        "take_away": [("This pool as JSON", shown.href("pool-json"))],
    }
    status = HTTPStatus.BAD_REQUEST if shown.when.error else HTTPStatus.OK
    return render(request, "web/pool.jinja", context, status=status)


def _not_open(request: HouseRequest, pool: str) -> HttpResponse:
    shown = PlanPage(request, pool)
    upto = shown.when.upto
    signed = signed_off_version(shown.house, pool, upto) is not None
    host = shown.view.plan.parties.host if signed else ""
    body = next((each for each in shown.view.area.bodies if host and each.endswith(f":{host}")), "")
    context = {**shown.frame("pool"), "host": body_name(shown.house, body) if body else ""}
    status = HTTPStatus.BAD_REQUEST if shown.when.error else HTTPStatus.OK
    return render(request, "web/pool_none.jinja", context, status=status)


@require_safe
def as_json(request: HouseRequest, pool: str) -> HttpResponse:
    """The same as JSON, in whole pence."""
    when = read_when(request)
    if when.error:
        return json_answer({"problems": [{"field": "as_at", "says": when.error}]}, status=400)
    try:
        books = named(request.house, pool, request.GET.get("year", "")[:20], when.upto)
    except NotHere:
        return json_answer({"pool": pool, "as_at": when.day, "open": False})
    facts = request.house.journal.read(f"pool/{pool}/{books.year}", upto=when.upto)
    return json_answer(pool_answers.whole(books, facts, PoolPage(request, pool).mark, when.day))


def _sentence(shown: PoolPage, found: Glance) -> str:
    off = sum(each.contingent for each in found.partners)
    kept = sum(each.kept for each in found.partners)
    said = f"Held by {shown.host}: {pounds_short(found.cash)} is in the account"
    if off:
        return f"{said}, and {pounds_short(off)} is off the pool, with the CCGs until it is earned."
    if kept:
        return f"{said}; {pounds_short(kept)} was never earned and stays with the CCGs."
    return f"{said}."


def _says(shown: PoolPage) -> list[str]:
    books, said = shown.books, []
    if books.kept_at:
        said.append(f"What was never earned was settled on {day(books.kept_at)}.")
    if books.ended_at:
        said.append(f"The year's accounts were closed on {day(books.ended_at)}.")
    elif books.closed_through:
        said.append(f"Closed up to {in_month(books.closed_through)}.")
    return said


def _moved(shown: PoolPage) -> str:
    since, lines = moved_most(shown.books)
    if not lines:
        return ""
    said = [f"{each.title} ({shown.source(each.source)}) by {pence(abs(each.pence))} {'up' if each.pence > 0 else 'down'}" for each in lines]  # fmt: skip
    listed = f"{', '.join(said[:-1])} and {said[-1]}" if len(said) > 1 else said[0]
    return f"{since}, what moved most against its budget: {listed}."


@dataclass(frozen=True, slots=True)
class ForecastShares:
    """The forecast by partner, with how each part was reached."""

    rows: list[tuple[object, ...]]
    total: tuple[object, ...]
    workings: list[tuple[str, Working]]


def forecast_of(shown: PoolPage) -> ForecastShares | None:
    """Each partner's part of the forecast, and what it bears or has back by the agreement if the forecast comes true."""
    parts = by_partner(shown.books, shown.forecasts)
    whole = sum(each.value for each in parts.values() if isinstance(each.value, int))
    if not whole:
        return None
    bears = bears_by_forecast(shown)
    rows: list[tuple[object, ...]] = []
    for code, each in parts.items():
        name = shown.party(code) if code else "Nobody: it is no scheme of the agreement"
        more = bears.get(code) if bears else None
        rows.append(((name, f"#forecast-{code or 'nobody'}"), pence(each.value), pence(more) if more is not None else None))  # type: ignore[arg-type]  # a forecast is in pence  # fmt: skip
    total = (("All partners", ""), pence(whole), pence(sum(bears.values())) if bears else None)
    workings = [(code or "nobody", _named(shown, code, each)) for code, each in parts.items()]
    return ForecastShares(rows, total, workings)


def _named(shown: PoolPage, code: str, each: Working) -> Working:
    """The working with a name for the code."""
    return each._replace(of=f"Part of {shown.party(code) if code else 'nobody'} in the forecast of the year")


def _figures(shown: PoolPage, found: Glance, forecast: int) -> list[Figure]:
    budget = sum(each.budget for each in found.schemes)
    cost = sum(each.cost for each in found.schemes)
    committed = sum(each.committed for each in found.schemes)
    off = sum(each.contingent for each in found.partners)
    released = sum(each.released for each in found.partners)
    made = [
        ("Plan", budget, "What the schemes may spend", "#schemes"),
        ("Contributed", found.funded, "Agreed, earned, charged and brought forward", "#partners"),
        ("Spent", cost, "Net, with the VAT that does not come back", "#schemes"),
        ("Committed", committed, "Ordered, and not had yet", "#schemes"),
        ("Off the pool", off, "With the CCGs until it is earned", "#partners"),
        ("Released", released, "Earned, and moved to the pool by two approvers", "#partners"),
        ("Forecast", forecast, "What the year will have cost", shown.href("pool-actuals")),
    ]
    return [
        Figure(words, pounds_short(sum_), in_pounds(sum_), note, href) for words, sum_, note, href in made
    ]


def _pence_of(each: PartnerLine) -> tuple[int, ...]:
    return (
        each.contributed, each.paid_in, each.promised + each.invoiced, each.contingent, each.released, each.kept, each.owed,
        each.cost,
    )  # fmt: skip


def _partner(each: PartnerLine) -> tuple[str, ...]:
    return tuple(pence(one) for one in _pence_of(each))


def _grant(shown: PoolPage, each: GrantLine) -> list[tuple[object, ...]]:
    """A row a district that it goes on to; one row where it stays in the pool."""
    grant = each.grant
    first = (
        (grant.determination, shown.href("pool-agreement") + "#grants"), grant.payer, shown.party(grant.payee),
        pence(grant.pence), pence(each.paid_in),
    )  # fmt: skip
    goes = [
        (shown.party(code), pence(due), pence(each.passed[code]), pence(due - each.passed[code]))
        for code, due in sorted(grant.pass_on.items())
    ]
    return [(*first, *to) for to in goes or [("It stays in the pool", pence(0), pence(0), pence(0))]]


def _of_scheme(each: SchemeLine) -> tuple[int, ...]:
    return each.budget, each.spent, each.irrecoverable, each.committed, each.left


def _sums(rows: Iterable[tuple[int, ...]]) -> tuple[str, ...]:
    return tuple(pence(sum(column)) for column in zip(*rows, strict=True))
