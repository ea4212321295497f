"""Exceptions from the rules, as everybody may read them: of which rule, for whom, why, by whom and until when."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from carepool.actions.waiving import every_waiver
from carepool.basics.periods import in_words
from carepool.render.csvs import write_csv
from carepool.web.asking import HouseRequest, csv_answer, json_answer
from carepool.web.words import about_page

COLUMNS = (
    "number", "rule", "body", "body_name", "reason", "granted_by", "granted_by_name", "office", "from", "until", "stands",
)  # fmt: skip


@require_safe
def page(request: HouseRequest) -> HttpResponse:
    """The page, the latest first."""
    context = {
        "section": "rules",
        "rows": [
            (each.waiver.number, each.waiver.rule, each.body, each.reason, f"{each.granter}, {each.office}",
             in_words(each.waiver.first), in_words(each.waiver.until), "Stands" if each.stands else "Over")
            for each in every_waiver(request.house)
        ],
        "take_away": [("This list as JSON", reverse("exceptions-json")), ("This list as CSV", reverse("exceptions-csv"))],
        **about_page(request.house),
    }  # fmt: skip
    return render(request, "web/exceptions.jinja", context)


@require_safe
def as_json(request: HouseRequest) -> HttpResponse:
    """The same as JSON."""
    return json_answer({"exceptions": [each.as_data() for each in every_waiver(request.house)]})


@require_safe
def as_csv(request: HouseRequest) -> HttpResponse:
    """The same as CSV."""
    rows = ([each.as_data()[name] for name in COLUMNS] for each in every_waiver(request.house))
    return csv_answer("exceptions.csv", write_csv(COLUMNS, rows))
