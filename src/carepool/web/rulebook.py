"""The rulebook's pages: the sets in the order of the days that they govern, and each set with its sources."""

from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from carepool.basics.refusals import NotHere
from carepool.render.answers import rule_data, to_json
from carepool.render.rule_words import (
    file_words,
    first_capital,
    how_it_pays,
    order,
    sureness,
    value_words,
    why_no_payment,
)
from carepool.rules.rulebook import Rulebook, RuleSet
from carepool.rules.scalars import Confidence
from carepool.rules.schema import About, Composition, Conditions, Metrics
from carepool.web.asking import HouseRequest
from carepool.web.rule_files import show
from carepool.web.rule_links import difference_link, set_link
from carepool.web.words import CONFIDENCE, about_page

STATUS = {"operated": "green", "proposed": "grey", "draft": "yellow", "standing": "blue"}
LONGEST_NAME = 100


def every_set(request: HouseRequest) -> HttpResponse:
    """The list of sets; with two of them asked for, on to what differs between them."""
    book = request.house.rulebook
    asked = {side: request.GET.get(side, "")[:LONGEST_NAME].strip() for side in ("before", "after")}
    errors: list[tuple[str, str]] = []
    if any(asked.values()):
        for side, word in asked.items():
            try:
                book.named(word)
            except NotHere as error:
                errors.append((side, str(error) if word else "Choose a set of rules."))
        if not errors:
            return redirect("rules-difference", asked["before"], asked["after"])
    sets = book.in_order
    context = {
        "section": "rules",
        "errors": errors,
        "rows": [_row(each) for each in sets],
        "sets": [(each, _before(book, each)) for each in sets],
        "beside": book.standing,
        "status_colours": STATUS,
        **comparing(book, asked["before"], asked["after"]),
        **_words(),
        **about_page(request.house),
    }
    status = HTTPStatus.BAD_REQUEST if errors else HTTPStatus.OK
    return render(request, "web/rules.jinja", context, status=status)


def one_set(request: HouseRequest, which: str) -> HttpResponse:
    """One set."""
    book = request.house.rulebook
    rules = book.named(which)
    earlier = _before(book, rules)
    context = {
        "section": "rules",
        "rules": rules,
        "about": show(rules, "set"),
        "status_colours": STATUS,
        "plainly": plainly(rules),
        "sure": sure_words(rules),
        "before": (earlier, difference_link(earlier, rules)) if earlier else None,
        "after": [
            (each, difference_link(rules, each)) for each in book.in_order if each.about.follows == which
        ],
        "files": [show(rules, path) for path in order(rules.sections) if path != "set"],
        "take_away": [("This set of rules as JSON", reverse("rules-json", args=[which]))],
        **comparing(book, earlier.name if earlier else which, which),
        **_words(),
        **about_page(request.house, rules),
    }
    return render(request, "web/rules_set.jinja", context)


def as_json(request: HouseRequest, which: str) -> HttpResponse:
    """One set as JSON, every value with its source and confidence."""
    rules = request.house.rulebook.named(which)
    data = {
        "rules": rules.name,
        "digest": rules.digest,
        "pays": how_it_pays(rules),
        "no_payment": why_no_payment(rules) or None,
        "values": {each.value: number for each, number in sureness(rules).items()},
        "files": {path: rule_data(rules.sections[path]) for path in order(rules.sections)},
    }
    return HttpResponse(to_json(data), content_type="application/json; charset=utf-8")


# What several pages of the rulebook say


def comparing(book: Rulebook, before: str, after: str) -> dict[str, object]:
    """What the form needs that asks for what differs between two sets."""
    return {
        "choices": [(each.name, f"{each.about.title} ({each.name})") for each in book.in_order],
        "chosen": {"before": before, "after": after},
    }


def plainly(rules: RuleSet) -> list[str]:
    """What a reader must be told of a set before anything in it: that it was only proposed, or computes no payment."""
    said = {
        "proposed": "These rules were proposed. They are not what was operated.",
        "draft": "These rules are a draft. They are nobody's rules.",
        "standing": "These are no rules of the fund. They hold beside all of them.",
    }
    if rules.about.status == "standing":
        return [said["standing"]]
    return [
        each
        for each in (said.get(rules.about.status, ""), why_no_payment(rules), _not_at_hand(rules))
        if each
    ]


EXPECTED = ("metrics", "timetable", "redeployment", "capital", "assurance", "disclosure")
"""Files that a reader would look for in any set; where one is not there, no source for it is at hand."""


def _not_at_hand(rules: RuleSet) -> str:
    missing = [file_words(path).lower() for path in EXPECTED if path not in rules.sections]
    return f"No source at hand says what these rules laid down on: {', '.join(missing)}." if missing else ""


def sure_words(rules: RuleSet) -> str:
    """How many of a set's values are recalled, published and derived, in a sentence."""
    counted = sureness(rules)
    whole, recalled = sum(counted.values()), counted[Confidence.RECALLED]
    rest = f"{counted[Confidence.PUBLISHED]} are published and {counted[Confidence.DERIVED]} derived."
    if not recalled:
        return f"None of its {whole} values is recalled: {rest}"
    those = "is recalled, so treat it" if recalled == 1 else "are recalled, so treat them"
    return f"{recalled} of its {whole} values {those} as probable: {rest}"


def frame_of(rules: RuleSet) -> dict[str, object]:
    """What the pages within a set share."""
    return {"section": "rules", "rules": rules, "status_colours": STATUS, **_words()}


def _words() -> dict[str, object]:
    return {"tags": CONFIDENCE}


def _before(book: Rulebook, rules: RuleSet) -> RuleSet | None:
    """The set that another follows, or else the one that comes before it."""
    if rules.about.follows in book.sets:
        return book.sets[rules.about.follows]
    at = book.in_order.index(rules) if rules in book.in_order else 0
    return book.in_order[at - 1] if at else None


def _row(rules: RuleSet) -> tuple[object, ...]:
    about: About = rules.about
    composition = rules.find("composition", Composition)
    conditions, metrics = rules.find("conditions", Conditions), rules.find("metrics", Metrics)
    counted = sureness(rules)
    return (
        (about.title, set_link(rules)),
        first_capital(about.status),
        first_capital(value_words("governs", about.governs)),
        len(conditions.conditions) if conditions else 0,
        len(metrics.metrics) if metrics else 0,
        composition.total if composition else "none",
        how_it_pays(rules),
        f"{counted[Confidence.RECALLED]} of {sum(counted.values())}",
    )
