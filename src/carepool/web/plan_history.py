"""Who changed what in a section, and when: every answer's history, from the versions."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from carepool.actions.comparing import written
from carepool.basics.refusals import NotHere
from carepool.plans.document import EVERY
from carepool.render.words import day
from carepool.web.asking import HouseRequest
from carepool.web.frame import PlanPage
from carepool.web.people import names_of
from carepool.web.places_in_plan import TITLES, wording
from carepool.web.sections import side_said

MOST = 300
"""Changes on one page."""


def page(request: HouseRequest, plan: str, section: str) -> HttpResponse:
    """The changes of a section, the latest first; with ``?at=`` those of one answer, or of one row."""
    page = PlanPage(request, plan)
    if section not in EVERY:
        raise NotHere(f"A plan has no section “{section}”. It has {', '.join(EVERY)}.")
    found, words = page.view, wording(page.view)
    asked = request.GET.get("at", "")[:300]
    history = written(page.house, found, section)
    names = names_of(each.version.by for each in history)
    rows: list[tuple[object, ...]] = []
    places: dict[str, str] = {}
    for each in history:
        for one in each.changes:
            where = f"{section}/{one.place.where}"
            said = words.place(where)
            places.setdefault(where, said)
            if asked and not (
                where == asked or where.startswith(f"{asked}/") or asked.startswith(f"{where}/")
            ):
                continue
            row = bool(one.place.list) and not one.place.field
            rows.append(
                (
                    (f"Version {each.version.number}", _compared(page, each.version.number)), names[each.version.by],
                    day(each.version.at), (said, f"{page.href('plan-history', section=section)}{_at(page, where)}"),
                    side_said(words, where, one.before, of_row=row), side_said(words, where, one.after, of_row=row),
                )
            )  # fmt: skip
    context = page.frame("plan-versions") | {
        "name": section,
        "title": TITLES[section],
        "at": places.get(asked, words.place(asked)) if asked else "",
        "rows": rows[:MOST],
        "more": max(0, len(rows) - MOST),
        "saved": bool(found.history.current),
        "asking": [("at", asked)] if asked else [],
    }
    return render(request, "web/plan_history.jinja", context, status=400 if page.when.error else 200)


def _at(page: PlanPage, where: str) -> str:
    """The question that asks for one answer."""
    query = reverse(
        "plan-history", kwargs={"plan": page.view.history.id, "section": "-"}, query={"at": where}
    )
    return query[query.index("?") :].replace("?", "&", 1) if page.when.day else query[query.index("?") :]


def _compared(page: PlanPage, number: int) -> str:
    """Where a version is compared with the one before; the list of versions for the first."""
    if number == 1:
        return page.href("plan-versions")
    query = {**page.when.query(), "a": str(number - 1), "b": str(number)}
    return reverse("plan-compare", kwargs={"plan": page.view.history.id}, query=query)
