"""A scenario attached to a plan: what it says goes, with its address, into the benefits of a scheme as a draft."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from carepool.actions import intermediate_care
from carepool.actions.capacity_questions import Found, headline
from carepool.actions.editing import keep_draft, section_base
from carepool.actions.hospitals import BoardAnswer
from carepool.actions.intermediate_care import CareAnswer
from carepool.basics.canonical import Digest, digest_of
from carepool.basics.money import in_pounds
from carepool.basics.refusals import Refused
from carepool.offices.holdings import Permit
from carepool.render.words import day
from carepool.web import capacity, portfolio
from carepool.web import intermediate_care as care_page
from carepool.web.asking import HouseRequest
from carepool.web.frame import PlanPage, looking
from carepool.web.sections import mine_in, with_mine
from carepool.web.signing_in import to_sign_in

SECTION = "benefits"


@dataclass(frozen=True)
class Scenario:
    """A question and its answer, as far as there is one."""

    asked_at: str
    """The page that answers it, by the name of its address."""
    query: Mapping[str, str]
    errors: tuple[tuple[str, str], ...]
    sentence: str
    """The answer; empty where there is none."""
    kind: str
    """What kind of benefit it is evidence of, as plans say it."""
    figures: Mapping[str, str]
    """For where nothing stands in the plan yet."""
    data: Digest | None
    """The vintage of England's figures that it rests on; None where it rests on none of them."""
    by_scheme: Mapping[str, str] = field(default_factory=dict)
    """The activity of a scheme that the scenario names, by its name in small letters."""
    carried: Mapping[str, str] = field(default_factory=dict)
    """The question where it is too long for an address, and a form carries it."""


def scenario_of(request: HouseRequest) -> Scenario:
    """The scenario of an address: of intermediate care where it has a table, a choice where it has schemes, else of beds."""
    given = request.POST if request.POST.get("schemes") else request.GET
    if given.get("schemes"):
        return _of_choice(given)
    if request.GET.get("table"):
        care = care_page.read_asked(request)
        says = intermediate_care.headline(care.found) if care.found else ""
        figures = _of_care(care.found) if care.found else {}
        return Scenario("intermediate-care", care.query, tuple(care.errors), says, "delays", figures, None)
    asked = capacity.read_asked(request)
    says = headline(asked.found) if asked.found else ""
    figures = _of_beds(asked.found) if asked.found else {}
    return Scenario("capacity", asked.query, tuple(asked.errors), says, "admissions", figures, request.house.england.digest)  # fmt: skip


def _of_choice(given: Mapping[str, str]) -> Scenario:
    """Which schemes a budget should buy: evidence of each that it names, with the benefit that the table gives it."""
    choice = portfolio.read_asked(given, steps=False)
    errors = list(choice.errors)
    if choice.found:
        errors += [("schemes", f"{each.says} {each.remedy}") for each in choice.found.findings]
    bought = choice.found.bought if choice.found else {}
    return Scenario(
        "portfolio", choice.query, tuple(errors), "" if errors else choice.says, choice.typed["counts"] or "other", {}, None,
        {name.casefold(): f"{Decimal(f'{benefit:.10g}'):f}" for name, benefit in bought.items()}, choice.carried,
    )  # fmt: skip


def page(request: HouseRequest, plan: str) -> HttpResponse:
    """The scenario, what would stand in the plan, and the form that puts it there."""
    shown, asked = PlanPage(request, plan), scenario_of(request)
    if request.method == "POST" and shown.account is None:
        return to_sign_in(request)
    errors = list(asked.errors)
    # A question that an address cannot carry arrives as a form, and is attached by the next one.
    attaches = request.method == "POST" and not (asked.carried and "scheme" not in request.POST)
    schemes = {each.id: each.name for each in with_mine(shown).schemes.schemes}
    chosen = request.POST.get("scheme", "")
    status = HTTPStatus.OK
    if attaches and isinstance(shown.permit, Refused):
        errors.append(("scheme", shown.said(shown.permit.says)))
        status = HTTPStatus.FORBIDDEN
    elif attaches and not errors and asked.sentence and shown.account:
        if chosen not in schemes:
            errors.append(("scheme", "Choose the scheme whose benefit this is evidence of."))
        else:
            refused = _attach(shown, asked, chosen)
            if refused is None:
                return redirect(f"{shown.href('plan-section', section=SECTION)}?kept=yes")
            errors.append(("scheme", shown.said(refused.says)))
    frame = shown.frame("plan-check")
    context = frame | {
        "errors": [*frame["errors"], *errors],  # type: ignore[misc]  # a list, as every page's
        "wrong": dict(errors),
        "found": asked.sentence,
        "sentence": asked.sentence,
        "carried": asked.carried,
        "evidence": evidence(shown, asked) if asked.sentence else "",
        "schemes": [{"value": "", "text": "Choose one"}, *({"value": code, "text": name, "selected": code == chosen} for code, name in schemes.items())],
        "may_attach": isinstance(shown.permit, Permit) and not shown.when.day,
        "ask": reverse(asked.asked_at, query=asked.query or None),
        "address": reverse("plan-scenario", args=[plan], query=asked.query or None),
    }  # fmt: skip
    if context["errors"] and status == HTTPStatus.OK:
        status = HTTPStatus.BAD_REQUEST
    return render(request, "web/plan_scenario.jinja", context, status=status)


def evidence(shown: PlanPage, asked: Scenario) -> str:
    """What stands in the plan: the answer, the address that gives it again, and what tells whether it is the same."""
    house = shown.house
    digest = digest_of(
        "scenario", 1,
        {"question": dict(asked.query or asked.carried), "data": asked.data or "", "rules": house.rulebook.assumptions[0].digest},
    )  # fmt: skip
    what = "question and data" if asked.data else "question and rules"
    where = "its table is too long for an address" if asked.carried else reverse(asked.asked_at, query=asked.query)  # fmt: skip
    return (
        f"{asked.sentence} A scenario, not an outturn: {where} "
        f"({what} {digest[:12]}, asked on {day(house.today)})."
    )


def _attach(shown: PlanPage, asked: Scenario, scheme: str) -> Refused | None:
    """Put the scenario into the draft of the plan's benefits; what the editor has typed there stays."""
    assert shown.account is not None  # noqa: S101 (asked for just before)
    mine_schemes = with_mine(shown).schemes.schemes
    mine = mine_in(shown, SECTION)
    rows = [dict(each) for each in mine.content.get("benefits", []) if isinstance(each, Mapping)]  # type: ignore[attr-defined]  # a list of rows
    row = next(
        (each for each in rows if each.get("scheme") == scheme and each.get("kind") == asked.kind), None
    )
    if row is None:
        row = {"scheme": scheme, "kind": asked.kind}
        rows.append(row)
    named = {each.id: each.name.casefold() for each in mine_schemes}
    own = asked.by_scheme.get(named.get(scheme, ""))
    for name, value in (dict(asked.figures) | ({"activity": own} if own else {})).items():
        if not row.get(name):
            row[name] = value
    says = evidence(shown, asked)
    if says not in str(row.get("how", "")):
        row["how"] = f"{row.get('how') or ''}\n{says}".strip()
    base = mine.draft.base if mine.draft else section_base(shown.view, SECTION)
    content = dict(mine.content) | {"benefits": rows}
    return keep_draft(shown.house, looking(shown.account), shown.view.history.id, SECTION, content, base)


def _of_beds(found: Found) -> dict[str, str]:
    """Activity, price and saving."""
    if isinstance(found, BoardAnswer):
        return {"activity": f"{found.avoided:f}"}
    if found.at is None:
        return {}
    price = found.at.assumed.price
    return {"activity": f"{found.at.all_avoided:f}", "unit_price": in_pounds(price).removeprefix("£")}


def _of_care(found: CareAnswer) -> dict[str, str]:
    """The people fewer who wait in the last month, where more places are asked about."""
    if not found.then:
        return {}
    return {"activity": f"{found.months[-1].waiting - found.months_then[-1].waiting:f}"}
