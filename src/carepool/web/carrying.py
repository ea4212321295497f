"""Carrying a plan over to other rules: what would become of each answer, and a button that starts the new plan."""

from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from carepool.actions.carrying import carried, carry_plan
from carepool.actions.planning import plannable, wrong_title
from carepool.basics.refusals import Refused, Unusable
from carepool.journal.commands import Done
from carepool.plans.carry_over import CarriedOver, Fate
from carepool.web.asking import HouseRequest
from carepool.web.frame import PlanPage, actor_of, carried_out
from carepool.web.plans import address_for, begins_with
from carepool.web.signing_in import to_sign_in

ORDER = (Fate.LOST, Fate.CHANGED, Fate.NEW, Fate.KEPT)
ADVICE = {
    Fate.LOST: "Nothing of this is in the new plan. The old plan keeps it.",
    Fate.CHANGED: "These answers are in the new plan, and what is asked is worded otherwise.",
    Fate.NEW: "The new rules ask for this, and nothing stands there yet.",
    Fate.KEPT: "These answers are in the new plan as they are.",
}


def page(request: HouseRequest, plan: str) -> HttpResponse:
    """The choice of rules, what would become of each answer, and the form that starts the new plan."""
    shown = PlanPage(request, plan)
    asked = (request.POST if request.method == "POST" else request.GET).get("rules", "")[:100].strip()
    if request.method == "POST" and shown.account is None:
        return to_sign_in(request)
    errors: list[tuple[str, str]] = []
    found: CarriedOver | None = None
    if asked:
        try:
            found = carried(shown.house, shown.view, asked)
        except Unusable as error:
            errors.append(("rules", str(error)))
    typed = {
        "to": request.POST.get("to", "")[:100].strip() or begins_with(f"{shown.view.history.title} {asked}"),
        "title": request.POST.get("title", "")[:200].strip() or shown.view.history.title,
    }
    wrong = wrong_title(typed["title"])
    if request.method == "POST" and wrong:
        errors.append(("title", wrong))
    elif request.method == "POST" and found and shown.account:
        refused = _start(request, shown, plan, asked, typed)
        if not isinstance(refused, str):
            return refused
        errors.append(("to", refused))
    context = {
        **shown.frame("plan"),
        "asked": asked,
        "choices": [(each.name, each.about.title) for each in plannable(shown.house) if each.name != shown.view.rules.name],
        "found": found,
        "groups": [(fate, ADVICE[fate], found.of(fate)) for fate in ORDER if found and found.of(fate)],
        "typed": typed,
        "may_start": shown.account is not None and shown.when.day is None,
        "has_version": shown.view.history.current is not None,
    }  # fmt: skip
    context["errors"] = [*context["errors"], *errors]  # type: ignore[misc]  # a list, as every page's
    return render(
        request, "web/plan_carry.jinja", context, status=HTTPStatus.BAD_REQUEST if errors else HTTPStatus.OK
    )


def _start(
    request: HouseRequest, shown: PlanPage, plan: str, rules: str, typed: dict[str, str]
) -> HttpResponse | str:
    """Start the new plan; else why not."""
    assert shown.account is not None  # noqa: S101 (asked before)
    actor = actor_of(request, shown.account)
    try:
        to = address_for(actor, typed["to"])
        done = carried_out(
            shown.house, lambda: carry_plan(shown.house, actor, plan, rules, to, typed["title"])
        )
    except Unusable as error:
        return str(error)
    if isinstance(done, Refused):
        return shown.said(done.says)
    assert isinstance(done, Done)  # noqa: S101 (there is nothing else)
    return redirect(reverse("plan", args=[to], query={"started": "yes"}))
