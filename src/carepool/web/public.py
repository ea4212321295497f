"""The public page of a plan: the version that ministers signed off, its money and its results, and nothing of drafts."""

import json
from dataclasses import dataclass
from decimal import Decimal
from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from carepool.actions.areas import MARK
from carepool.actions.expecting import people_of
from carepool.actions.house import House
from carepool.actions.planning import read_history
from carepool.actions.publishing import releases_of
from carepool.actions.reading import may_read
from carepool.actions.releasing import Agreed, Money, agreed_plan, money_of, without_money
from carepool.actions.standings import standing_on
from carepool.basics.money import in_pounds
from carepool.basics.refusals import NotHere
from carepool.journal.documents import Document
from carepool.plans.document import as_data
from carepool.plans.versions import PlanHistory
from carepool.render import answers, charts
from carepool.render.figures import Figure
from carepool.render.words import count, day, percent, pounds, pounds_short, quarter_words, within
from carepool.signoff.standing import Standing
from carepool.web.asking import HouseRequest, json_answer
from carepool.web.frame import When, account_of, read_when
from carepool.web.people import body_name
from carepool.web.words import FLAGS, about_page, in_step


@dataclass(frozen=True, slots=True)
class Public:
    """What the public sees of a plan."""

    house: House
    when: When
    history: PlanHistory
    agreed: Agreed
    money: Money | None
    """None where the rules compute no payment."""
    standing: Standing
    """Of the signed-off version alone."""

    @property
    def illustrative(self) -> bool:
        """Whether its bodies are fictitious."""
        return self.agreed.area.illustrative


def public_of(request: HouseRequest, plan: str) -> Public:
    """A plan as the public sees it. NotHere, in the same words for a plan not signed off and for none at all."""
    house, when = request.house, read_when(request)
    try:
        history = read_history(house, plan, when.upto)
        agreed = agreed_plan(house, plan, when.upto)
        money = None if without_money(agreed.rules) else money_of(house, plan, when.day, when.upto)
    except NotHere:
        then = f" on {day(when.day)}" if when.day else ""
        raise NotHere(
            f"There is no public page of a plan “{plan}”{then}. A plan has one from the day on which ministers sign it off."
        ) from None
    standing = standing_on(house, history, agreed.version.digest, when.upto)
    return Public(house, when, history, agreed, money, standing)


@require_safe
def page(request: HouseRequest, plan: str) -> HttpResponse:
    """The page."""
    found = public_of(request, plan)
    agreed, money, query = found.agreed, found.money, found.when.query() or None
    account = account_of(request)
    reads = account is not None and may_read(found.house, account.id, found.history)
    context = {
        "section": "plans",
        "found": found,
        "title": agreed.plan.title or found.history.title,
        "mark": f"{MARK}." if found.illustrative else "",
        "boards": [agreed.area.england.places.boards[code] for code in agreed.plan.parties.boards],
        "when": found.when,
        "errors": [("as_at", found.when.error)] if found.when.error else [],
        "sentence": sentence(found),
        "figures": _figures(money) if money else [],
        "agreed_by": _agreed_by(found),
        "schemes": _schemes(found),
        "results": _results(money) if money else None,
        "without_money": without_money(agreed.rules),
        "digest": agreed.version.digest,
        "version": agreed.version,
        "take_away": [
            ("This page as JSON, with the whole plan", reverse("public-json", args=[plan], query=query)),
            *((f"Release {each.name}, as it was published", reverse("release", args=[plan, each.number])) for each in releases_of(found.house, plan, found.when.upto)[-1:]),
        ],
        "pool_href": reverse("pool", args=[plan], query=query) if money and reads else "",
        "reads": reads,
        **about_page(found.house, agreed.rules),
    }  # fmt: skip
    if found.when.day:
        context["as_at"] = f"the end of {day(found.when.day)}: what had been recorded and published by then"
    status = HTTPStatus.BAD_REQUEST if found.when.error else HTTPStatus.OK
    return render(request, "web/public.jinja", context, status=status)


@require_safe
def as_json(request: HouseRequest, plan: str) -> HttpResponse:
    """The same as JSON, with the content of the version, from which its digest can be worked out again."""
    found = public_of(request, plan)
    if found.when.error:
        return json_answer({"problems": [{"field": "as_at", "says": found.when.error}]}, status=400)
    agreed, money = found.agreed, found.money
    data: dict[str, object] = {
        "plan": plan,
        "title": agreed.plan.title or found.history.title,
        "as_at": found.when.day,
        "rules": agreed.rules.name,
        "version": agreed.version.number,
        "digest": agreed.version.digest,
        "sections": dict(agreed.version.sections),
        "saved_at": agreed.version.at,
        "decisions": [
            {"body": each.body, "name": body_name(found.house, each.body), "outcome": each.outcome, "at": each.since, "signed": each.decision.signed if each.decision else None}
            for each in found.standing.parties
        ],
        "stages": [{"stage": each.stage, "body": each.body, "at": each.at} for each in found.standing.reached],
        "content": as_data(agreed.plan),
    }  # fmt: skip
    if money:
        data["statement"] = answers.statement(money.statement)
        data |= {"released_pence": money.books.totals.released, "kept_pence": money.books.totals.kept}
    return json_answer(answers.marked(data, found.illustrative))


def sentence(found: Public) -> str:
    """Who agreed, for whom, and what came of it, in plain words."""
    agreed, money = found.agreed, found.money
    boards = [agreed.area.england.places.boards[code] for code in agreed.plan.parties.boards]
    people = sum(people_of(agreed.area, agreed.plan.parties).values())
    bodies = len(found.standing.parties)
    total = agreed.plan.total("sources", "year_2")
    says = (
        f"{bodies} bodies agreed how {pounds_short(total)} of health and social care money is spent together "
        f"in {agreed.year} for the {count(people)} people of {' and '.join(board.name for board in boards)}."
    )
    if money is None:
        return says
    if not any(each.payment is not None for each in money.statement.quarters):
        return f"{says} No result has been published yet."
    figures = money.statement.money
    return (
        f"{says} They promised fewer emergency stays in hospital; by their results they have earned "
        f"{pounds_short(figures.paid)} of the {pounds_short(figures.fund)} that depends on it."
    )


def _figures(found: Money) -> list[Figure]:
    statement, totals = found.statement, found.books.totals
    money = statement.money
    cut = statement.quarters[-1].planned_cumulative
    baseline = sum((line.baseline for line in statement.lines), Decimal(0))
    share = f", {percent(cut * 100 / baseline, 1)} fewer" if baseline else ""
    return [
        Figure("Promised", f"{count(cut, 0)} fewer", "", f"emergency stays than the {count(baseline, 0)} of the year before{share}", "#results"),
        Figure("Money that depends on it", pounds_short(money.fund), in_pounds(money.fund), "Stays with the CCGs until it is earned", "#results"),
        Figure("Earned so far", pounds_short(money.paid), in_pounds(money.paid), "By the results published", "#results"),
        Figure("Released so far", pounds_short(totals.released), in_pounds(totals.released), "Moved to the pooled account by two approvers", "#results"),
    ]  # fmt: skip


def _agreed_by(found: Public) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = [
        (
            body_name(found.house, each.body),
            "Agreed",
            day(each.since),
            _signed(found, each.decision.signed if each.decision else ""),
        )
        for each in found.standing.parties
    ]
    words = {"approved": "Approved", "signed_off": "Signed off"}
    signed = _signed_stages(found)
    return rows + [
        (
            body_name(found.house, each.body),
            words.get(each.stage, each.stage),
            day(each.at),
            _signed(found, signed.get(each.stage, "")),
        )
        for each in found.standing.reached
    ]


def _signed(found: Public, digest: str) -> str:
    """Who signed, by name and office, from the document that was signed."""
    document = found.house.journal.document(digest) if digest else None
    if not isinstance(document, Document):
        return "withdrawn"
    content = json.loads(document.content)
    return f"{content['name']}, {within(str(content['office']))}"


def _signed_stages(found: Public) -> dict[str, str]:
    return {each.stage: each.signed for each in found.standing.reached}


def _schemes(found: Public) -> dict[str, object]:
    plan = found.agreed.plan
    spend = {
        each.id: sum(row.year_2 for row in plan.spend.spend if row.scheme == each.id)
        for each in plan.schemes.schemes
    }
    rows = [(each.name or each.id, each.what, each.who_for, spend[each.id]) for each in plan.schemes.schemes]
    bars = [
        charts.Bar(each.name or each.id, spend[each.id], pounds(spend[each.id]))
        for each in plan.schemes.schemes
    ]
    if not bars or not any(spend.values()):
        return {"rows": rows, "chart": None, "total": None}
    least, largest = min(bars, key=lambda bar: bar.value), max(bars, key=lambda bar: bar.value)
    summary = f"Most is spent on {largest.label}: {largest.shown}."
    if least.shown == largest.shown:
        summary = f"The same is spent on each: {largest.shown}."
    chart = charts.bar_chart(
        bars,
        id="spend-chart",
        title=f"Spend by scheme, {found.agreed.year}",
        summary=summary,
    )
    return {"rows": rows, "chart": chart, "total": ("All schemes", "", "", plan.total("spend", "year_2"))}


def _results(found: Money) -> dict[str, object]:
    statement = found.statement
    releases = found.books.releases.values()
    released = {
        each.quarter: sum(
            one.pence for one in releases if one.quarter == each.quarter and one.released_at is not None
        )
        + sum(
            one.pence
            for one in found.books.settled.corrections.values()
            if one.quarter == each.quarter and one.posted_at and not one.after
        )
        for each in statement.quarters
    }
    counts = zip(
        in_step(each.planned_cumulative for each in statement.quarters),
        in_step(each.achieved_cumulative for each in statement.quarters),
        strict=True,
    )
    rows = [
        (
            quarter_words(each.quarter),
            *of_quarter,
            None if each.payment is None else in_pounds(each.payment),
            in_pounds(released[each.quarter]) if released[each.quarter] else "not yet",
        )
        for each, of_quarter in zip(statement.quarters, counts, strict=True)
    ]
    return {
        "rows": rows,
        "chart": _chart(found),
        "doubts": [FLAGS[flag] for flag in found.flags],
    }


def _chart(found: Money) -> charts.LineChart | None:
    quarters = found.statement.quarters
    points = [
        charts.Point(
            str(each.quarter),
            each.achieved_cumulative,
            "no figure yet" if each.achieved_cumulative is None else count(each.achieved_cumulative, 0),
        )
        for each in quarters
    ]
    known = [point for point in points if point.value is not None]
    if not known:
        return None
    promised = quarters[-1].planned_cumulative
    summary = (
        f"By {known[-1].label} there were {known[-1].shown} fewer emergency stays than a year before; "
        f"{count(promised, 0)} fewer were promised for the whole year."
    )
    if (known[-1].value or 0) < 0:
        summary = f"By {known[-1].label} there were more emergency stays than a year before, not fewer."
    return charts.line_chart(
        points,
        id="results-chart",
        title="Fewer emergency stays in hospital than in the same quarters a year before, added up",
        summary=summary,
        levels=[charts.Level("Promised for the year", promised, count(promised, 0))],
    )
