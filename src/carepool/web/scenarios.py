"""A scenario of beds attached to a plan: what it says goes, with its address, into the benefits of a scheme as a draft."""

from collections.abc import Mapping
from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from carepool.actions.capacity_questions import Found, headline
from carepool.actions.editing import keep_draft, section_base
from carepool.actions.hospitals import BoardAnswer
from carepool.basics.canonical import digest_of
from carepool.basics.money import in_pounds
from carepool.basics.refusals import Refused
from carepool.offices.holdings import Permit
from carepool.render.words import day
from carepool.web.asking import HouseRequest
from carepool.web.capacity import Asked, read_asked
from carepool.web.frame import PlanPage, looking
from carepool.web.sections import mine_in, with_mine
from carepool.web.signing_in import to_sign_in

SECTION, KIND = "benefits", "admissions"


def page(request: HouseRequest, plan: str) -> HttpResponse:
    """The scenario, what would stand in the plan, and the form that puts it there."""
    shown, asked = PlanPage(request, plan), read_asked(request)
    if request.method == "POST" and shown.account is None:
        return to_sign_in(request)
    errors = list(asked.errors)
    schemes = {each.id: each.name for each in with_mine(shown).schemes.schemes}
    chosen = request.POST.get("scheme", "")
    status = HTTPStatus.OK
    if request.method == "POST" and isinstance(shown.permit, Refused):
        errors.append(("scheme", shown.said(shown.permit.says)))
        status = HTTPStatus.FORBIDDEN
    elif request.method == "POST" and not errors and asked.found and shown.account:
        if chosen not in schemes:
            errors.append(("scheme", "Choose the scheme whose benefit this is evidence of."))
        else:
            refused = _attach(shown, asked, asked.found, chosen)
            if refused is None:
                return redirect(f"{shown.href('plan-section', section=SECTION)}?kept=yes")
            errors.append(("scheme", shown.said(refused.says)))
    frame = shown.frame("plan-check")
    context = frame | {
        "errors": [*frame["errors"], *errors],  # type: ignore[misc]  # a list, as every page's
        "wrong": dict(errors),
        "found": asked.found,
        "sentence": headline(asked.found) if asked.found else "",
        "evidence": evidence(shown, asked, asked.found) if asked.found else "",
        "schemes": [{"value": "", "text": "Choose one"}, *({"value": code, "text": name, "selected": code == chosen} for code, name in schemes.items())],
        "may_attach": isinstance(shown.permit, Permit) and not shown.when.day,
        "ask": reverse("capacity", query=asked.query or None),
        "address": reverse("plan-scenario", args=[plan], query=asked.query or None),
    }  # fmt: skip
    if context["errors"] and status == HTTPStatus.OK:
        status = HTTPStatus.BAD_REQUEST
    return render(request, "web/plan_scenario.jinja", context, status=status)


def evidence(shown: PlanPage, asked: Asked, found: Found) -> str:
    """What stands in the plan: the answer, the address that gives it again, and what tells whether it is the same."""
    house = shown.house
    digest = digest_of(
        "scenario", 1,
        {"question": asked.query, "data": house.england.digest, "rules": house.rulebook.assumptions[0].digest},
    )  # fmt: skip
    return (
        f"{headline(found)} A scenario, not an outturn: {reverse('capacity', query=asked.query)} "
        f"(question and data {digest[:12]}, asked on {day(house.today)})."
    )


def _attach(shown: PlanPage, asked: Asked, found: Found, scheme: str) -> Refused | None:
    """Put the scenario into the draft of the plan's benefits; what the editor has typed there stays."""
    assert shown.account is not None  # noqa: S101 (asked for just before)
    mine = mine_in(shown, SECTION)
    rows = [dict(each) for each in mine.content.get("benefits", []) if isinstance(each, Mapping)]  # type: ignore[attr-defined]
    row = next((each for each in rows if each.get("scheme") == scheme and each.get("kind") == KIND), None)
    if row is None:
        row = {"scheme": scheme, "kind": KIND}
        rows.append(row)
    for name, value in _figures(found).items():
        if not row.get(name):
            row[name] = value
    says = evidence(shown, asked, found)
    if says not in str(row.get("how", "")):
        row["how"] = f"{row.get('how') or ''}\n{says}".strip()
    base = mine.draft.base if mine.draft else section_base(shown.view, SECTION)
    content = dict(mine.content) | {"benefits": rows}
    return keep_draft(shown.house, looking(shown.account), shown.view.history.id, SECTION, content, base)


def _figures(found: Found) -> dict[str, str]:
    """Activity, price and saving, for where nothing stands yet."""
    if isinstance(found, BoardAnswer):
        return {"activity": f"{found.avoided:f}"}
    if found.at is None:
        return {}
    price = found.at.assumed.price
    return {"activity": f"{found.at.all_avoided:f}", "unit_price": in_pounds(price).removeprefix("£")}
