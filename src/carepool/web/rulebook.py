"""The rulebook's pages: each set of rules with its sources, and how sure we are of every value."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from carepool.render.answers import to_json
from carepool.rules.rulebook import RuleSet
from carepool.rules.schema import Composition, Conditions, Methods, Parameter, Release, Tranches
from carepool.web.asking import HouseRequest
from carepool.web.words import CONFIDENCE, about_page


def every_set(request: HouseRequest) -> HttpResponse:
    """The list of sets."""
    sets = sorted(request.house.rulebook.sets.values(), key=lambda rules: rules.about.issued)
    return render(request, "web/rules.jinja", {"section": "rules", "sets": sets, **about_page(request.house)})


def one_set(request: HouseRequest, which: str) -> HttpResponse:
    """One set."""
    rules = request.house.rulebook.named(which)
    sections = rules.sections
    composition = sections.get("composition")
    context = {
        "section": "rules",
        "rules": rules,
        "about": rules.about,
        "tags": CONFIDENCE,
        "composition": composition if isinstance(composition, Composition) else None,
        "conditions": _of(rules, Conditions),
        "tranches": _of(rules, Tranches),
        "release": _of(rules, Release),
        "methods": _of(rules, Methods),
        "parameters": {path: each for path, each in sections.items() if isinstance(each, Parameter)},
        "take_away": [("This set of rules as JSON", reverse("rules-json", args=[which]))],
        **about_page(request.house, rules),
    }
    return render(request, "web/rules_set.jinja", context)


def as_json(request: HouseRequest, which: str) -> HttpResponse:
    """One set as JSON, every value with its source and confidence."""
    rules = request.house.rulebook.named(which)
    data = {
        "rules": rules.name,
        "digest": rules.digest,
        "files": {path: section.model_dump(by_alias=False) for path, section in rules.sections.items()},
    }
    return HttpResponse(to_json(data), content_type="application/json; charset=utf-8")


def _of(rules: RuleSet, kind: type[object]) -> object:
    return next((section for section in rules.sections.values() if isinstance(section, kind)), None)
