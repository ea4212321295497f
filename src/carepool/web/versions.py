"""The versions of a plan, and the difference of two, field by field."""

from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import render

from carepool.actions.comparing import compare_versions
from carepool.plans.versions import Version
from carepool.render.words import day
from carepool.web.asking import HouseRequest
from carepool.web.frame import PlanPage
from carepool.web.people import names_of
from carepool.web.places_in_plan import TITLES, wording
from carepool.web.sections import changes_said


def page(request: HouseRequest, plan: str) -> HttpResponse:
    """Every version, the latest first."""
    page = PlanPage(request, plan)
    versions = page.view.history.versions
    names = names_of(each.by for each in versions)
    before: dict[int, Version] = {each.number + 1: each for each in versions}
    rows = [
        (
            str(each.number), names[each.by], day(each.at), _changed(before.get(each.number), each), each.digest[:12],
            (f"Compare {each.number - 1} and {each.number}", _compare_address(page, each.number)) if each.number > 1 else "",
        )
        for each in reversed(versions)
    ]  # fmt: skip
    context = page.frame("plan-versions") | {
        "rows": rows,
        "digests": [(each.number, each.digest) for each in reversed(versions)],
    }
    return render(request, "web/plan_versions.jinja", context, status=400 if page.when.error else 200)


def _compare_address(page: PlanPage, number: int) -> str:
    address = page.href("plan-compare")
    return f"{address}{'&' if '?' in address else '?'}a={number - 1}&b={number}"


def _changed(before: Version | None, version: Version) -> str:
    if before is None:
        return "All sections"
    names = [
        title for name, title in TITLES.items() if before.sections.get(name) != version.sections.get(name)
    ]
    return ", ".join(names) or "None"


def compare(request: HouseRequest, plan: str) -> HttpResponse:
    """The difference of two versions; the last two when none are named."""
    page = PlanPage(request, plan)
    numbers = [each.number for each in page.view.history.versions]
    asked = {name: request.GET.get(name, "")[:10].strip() for name in ("a", "b")}
    errors: list[tuple[str, str]] = []
    chosen: dict[str, int] = {}
    if numbers:
        chosen = {"a": numbers[max(0, len(numbers) - 2)], "b": numbers[-1]}
    for name, typed in asked.items():
        if not typed:
            continue
        if typed.isascii() and typed.isdecimal() and int(typed) in numbers:
            chosen[name] = int(typed)
        else:
            errors.append(
                (
                    name,
                    f"There is no version “{typed}”. Choose one of 1 to {len(numbers)}."
                    if numbers
                    else "There is no version yet.",
                )
            )
    rows: list[tuple[str, str, str]] = []
    if numbers:
        changes = compare_versions(page.house, plan, chosen["a"], chosen["b"], page.when.upto)
        rows = changes_said(wording(page.view), changes)
    frame = page.frame("plan-versions")
    context = frame | {
        "numbers": numbers,
        "chosen": chosen,
        "rows": rows,
        "asking": [(name, str(number)) for name, number in chosen.items()],
        "wrong": dict(errors),
        "errors": errors if not page.when.error else [*errors, ("as_at", page.when.error)],
    }
    status = HTTPStatus.BAD_REQUEST if errors or page.when.error else HTTPStatus.OK
    return render(request, "web/plan_compare.jinja", context, status=status)
