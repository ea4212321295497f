"""Reviewers' queue, and the nation: outcomes, quality against risk, and what is promised, credible and delivered."""

from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from carepool.actions.areas import MARK
from carepool.actions.assurance_queue import queue_of
from carepool.actions.assurance_rollup import National, national
from carepool.actions.nation import RULES
from carepool.actions.reading import known_plans
from carepool.assurance import agreement as agreeing
from carepool.assurance.rollup import RollUp, explain
from carepool.basics.money import in_pounds
from carepool.measures.variation import Stands
from carepool.render import assurance_answers
from carepool.render.figures import Figure
from carepool.render.words import day
from carepool.rules.rulebook import RuleSet
from carepool.web.asking import HouseRequest, csv_answer, json_answer
from carepool.web.frame import When, account_of, read_when
from carepool.web.marks import marked_csv
from carepool.web.people import body_name
from carepool.web.words import about_page


@dataclass(frozen=True, slots=True)
class Asked:
    """Which places the page is of, and when."""

    illustrative: bool
    when: When

    def query(self) -> dict[str, str]:
        """What links carry along."""
        return ({"area": "county"} if self.illustrative else {}) | self.when.query()


def _asked(request: HouseRequest) -> Asked:
    return Asked(request.GET.get("area", "") == "county", read_when(request))


def _known(request: HouseRequest, asked: Asked) -> dict[str, bool]:
    """The plans that whoever asks may know of: their own, and those signed off by then; whether each is their own."""
    house, account = request.house, account_of(request)
    known = known_plans(house, account.id if account else None, asked.when.upto)
    return {each.history.id: each.mine for each in known}


def _found(request: HouseRequest, asked: Asked) -> National:
    return national(
        request.house,
        illustrative=asked.illustrative,
        upto=asked.when.upto,
        on=asked.when.day,
        among=_known(request, asked),
    )


def queue(request: HouseRequest) -> HttpResponse:
    """What waits for a reviewer, a moderator or a decider."""
    account = account_of(request)
    rows = [
        (
            (each.title, reverse(each.page, kwargs=dict(each.address))), each.state, each.says, body_name(request.house, each.body), day(each.since),
        )
        for each in (queue_of(request.house, account.id) if account else ())
    ]  # fmt: skip
    context = {"section": "assurance", "rows": rows, "errors": [], **about_page(request.house)}
    return render(request, "web/assurance_queue.jinja", context)


def page(request: HouseRequest) -> HttpResponse:
    """The page of the nation."""
    asked = _asked(request)
    house, found, known = request.house, _found(request, asked), _known(request, asked)
    rules = house.rulebook.named(RULES)
    query = asked.query() or None
    context = {
        "section": "assurance",
        "errors": [("as_at", asked.when.error)] if asked.when.error else [],
        "asked": asked,
        "when": asked.when,
        "found": found,
        "mark": MARK if asked.illustrative else "",
        "sentence": _sentence(found),
        "figures": _figures(found),
        "workings": [explain(found.nation, what) for what in ("promised", "credible", "delivered")],
        "agreement": agreeing.explain(found.nation.agreement, "all plans with both reviews in") if found.nation.agreement.answers else None,
        "regions": [_row(each, rules, each.name) for each in found.regions],
        "together": _row(found.nation, rules, "Together"),
        "columns": _columns(rules),
        "boards": [_money_row(each) for each in found.boards],
        "risk_columns": [("Quality", "text"), *((f"{each.title} risk", "number") for each in rules.assurance.risk)],
        "matrix": _matrix(found.nation, rules),
        "plans": _plans(found, rules, known),
        "signed_in": account_of(request) is not None,
        "take_away_links": [
            ("All plans as CSV", reverse("assurance-national-csv", query=query)),
            ("This page as JSON", reverse("assurance-national-json", query=query)),
        ],
        "other": (reverse("assurance-national"), "England") if asked.illustrative else (reverse("assurance-national", query={"area": "county"}), "the illustrative county"),
        **about_page(house, rules),
    }  # fmt: skip
    if asked.when.day:
        context["as_at"] = f"the end of {day(asked.when.day)}: what had been recorded by then"
    status = HTTPStatus.BAD_REQUEST if asked.when.error else HTTPStatus.OK
    return render(request, "web/assurance_national.jinja", context, status=status)


def as_json(request: HouseRequest) -> HttpResponse:
    """The same as JSON."""
    asked = _asked(request)
    if asked.when.error:
        return json_answer({"problems": [{"field": "as_at", "says": asked.when.error}]}, status=400)
    return json_answer(assurance_answers.national(_found(request, asked)))


def as_csv(request: HouseRequest) -> HttpResponse:
    """The plans as CSV."""
    asked = _asked(request)
    if asked.when.error:
        return json_answer({"problems": [{"field": "as_at", "says": asked.when.error}]}, status=400)
    found = _found(request, asked)
    name = "assurance-county.csv" if asked.illustrative else "assurance.csv"
    return csv_answer(name, marked_csv(assurance_answers.national_csv(found), asked.illustrative))


def _sentence(found: National) -> str:
    nation = found.nation
    gone = "".join(
        f" The content of “{title}” was withdrawn, so it is not counted." for title in found.withdrawn
    )
    if not nation.plans:
        return (
            "No plan that you can read has been assured here. Once plans are reviewed, this page shows their outcomes, "
            f"how far reviewers agree, and what is promised, credible and delivered.{gone}"
        )
    decided = len(nation.plans) - nation.outcomes[""]
    word = "plan is" if len(nation.plans) == 1 else "plans are"
    return f"{len(nation.plans)} {word} here, {decided} of them with an outcome.{gone}"


def _figures(found: National) -> list[Figure]:
    nation = found.nation
    many = len(nation.plans)
    if not many:
        return []
    return [
        Figure("Promised", in_pounds(nation.promised), note=f"by {many} {'plan' if many == 1 else 'plans'}"),
        Figure("Credible", _pounds(nation.credible.pence, nation.credible.plans), note=f"of {in_pounds(nation.credible.promised)} promised by the {nation.credible.plans} plans that are moderated"),
        Figure("Delivered", _pounds(nation.delivered.pence, nation.delivered.plans), note=f"by the {nation.delivered.plans} approved plans of which an outturn is published"),
        Figure("Conditions open", str(nation.open_conditions), note=f"{nation.overdue} of them overdue"),
    ]  # fmt: skip


def _pounds(pence: int, plans: int) -> str:
    return in_pounds(pence) if plans else "Not known yet"


def _columns(rules: RuleSet) -> list[tuple[str, str]]:
    outcomes = [(each.title, "number") for each in rules.assurance.outcomes]
    return [
        ("Region", "text"), ("Plans", "number"), *outcomes, ("No outcome yet", "number"), ("Conditions open", "number"),
        ("Same answers", "text"), ("Weighted kappa", "text"), ("Promised", "text"), ("Credible", "text"), ("Delivered", "text"), ("Stands out", "text"),
    ]  # fmt: skip


def _row(each: RollUp, rules: RuleSet, name: str) -> tuple[object, ...]:
    agreed = each.agreement
    return (
        name, len(each.plans), *(each.outcomes[one.id] for one in rules.assurance.outcomes), each.outcomes[""], each.open_conditions,
        "none yet" if agreed.raw is None else f"{agreed.raw}%", "not defined" if agreed.kappa is None else str(agreed.kappa),
        in_pounds(each.promised), _pounds(each.credible.pence, each.credible.plans), _pounds(each.delivered.pence, each.delivered.plans), _stands(each),
    )  # fmt: skip


def _stands(each: RollUp) -> str:
    """How many plans' outturns are plausible, uncertain or implausible beside past changes."""
    words = [f"{each.stands[word]} {word}" for word in Stands if each.stands[word]]
    return ", ".join(words) or "Not known yet"


def _money_row(each: RollUp) -> tuple[object, ...]:
    return (
        each.name, in_pounds(each.promised), _pounds(each.credible.pence, each.credible.plans), _pounds(each.delivered.pence, each.delivered.plans),
        _stands(each),
    )  # fmt: skip


def _matrix(nation: RollUp, rules: RuleSet) -> list[tuple[object, ...]]:
    risks = rules.assurance.risk
    return [
        (quality.title, *(nation.matrix[quality.id, risk.id] for risk in risks))
        for quality in rules.assurance.quality
    ]


def _plans(found: National, rules: RuleSet, known: dict[str, bool]) -> Iterable[tuple[object, ...]]:
    titles = {each.id: each.title for each in rules.assurance.outcomes}
    return [
        (
            (row.title, reverse("plan-assurance" if known[row.plan] else "plan-public", args=[row.plan])), titles.get(row.outcome, row.state), row.quality or "–", row.risk or "–",
            in_pounds(row.promised), "Not known yet" if row.credible is None else in_pounds(row.credible),
            "Not known yet" if row.delivered is None else in_pounds(row.delivered), row.stands.capitalize() or "Not known yet",
        )
        for row in (each.row for each in found.followed)
    ]  # fmt: skip
