"""From a figure of a plan to where it came from, and to every output that it reached; and how a place is said."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse

from carepool.actions.papers import WITHHOLDABLE
from carepool.actions.planning import PlanView
from carepool.actions.tracing import (
    Origin,
    Output,
    Reached,
    Step,
    empty,
    origin_in,
    place_in,
    reaches_in,
)
from carepool.basics.money import in_pounds
from carepool.basics.periods import Quarter
from carepool.plans.comments import WHOLE, Place, part_at, stands
from carepool.plans.describe import FieldAbout
from carepool.plans.document import EVERY, Part, Plan, as_data, sections_asked
from carepool.render.answers import marked
from carepool.render.words import amount, count, day, percent, quarter_words
from carepool.rules.schema import Conditions, Metrics
from carepool.web.asking import HouseRequest, json_answer
from carepool.web.frame import PlanPage
from carepool.web.people import names_of
from carepool.web.places_in_plan import board_named, code_named
from carepool.web.rule_links import link_of

NUMBERS = {"money", "count", "percent"}
LONGEST = 300
"""Characters of an answer in words that stand where it is only named."""


# How places and values are said


def place_said(found: PlanView, plan: Plan, place: Place) -> str:
    """A place as people say it: ``Money out, row 1 (S1 Rapid response, NHS Wolds CCG), 2015-16``."""
    if not place.section:
        return field_said(found, place) if place.field else "The whole plan"
    said = [EVERY[place.section].title]
    if place.row is not None and place.rows_about is None:
        code = str(part_at(plan, place)) if stands(plan, place) else ""
        named = board_named(found, code) if place.list == "boards" else code_named(found, code)
        said.append(f"{field_said(found, Place(place.section, field=place.list))} {place.row + 1}{f' ({named})' if code else ''}")  # fmt: skip
    elif place.row is not None:
        named = row_named(found, plan, place)
        said.append(f"row {place.row + 1}{f' ({named})' if named else ''}")
    return ", ".join([*said, *([field_said(found, place)] if place.field else [])])


def field_said(found: PlanView, place: Place) -> str:
    """A field by its title, as the forms call it."""
    about = place.about
    if about is None:
        name = place.field.replace("_", " ").capitalize()
        return found.known.commissioner.words if name == "Ccgs" else name
    return about.titled(found.known.years).removesuffix(", pounds")


def row_named(found: PlanView, plan: Plan, place: Place) -> str:
    """What names a row: what it must have, in words. Empty where the plan has no such row."""
    rows = place.rows_about
    held = part_at(plan, Place(place.section, place.list)) if rows else ()
    if rows is None or place.row is None or not isinstance(held, tuple) or place.row >= len(held):
        return ""
    row = held[place.row]
    naming = [each for each in rows.fields if each.required and each.kind not in NUMBERS]
    said = [value_said(found, plan, each, getattr(row, each.name)) for each in naming]
    name = getattr(row, "name", "") or getattr(row, "title", "")
    return ", ".join(dict.fromkeys(each[:80] for each in [*said, *([name] if name else [])]))


def value_said(found: PlanView, plan: Plan, about: FieldAbout | None, value: object) -> str:
    """What stands in a field, in words."""
    if empty(value):
        return "empty"
    kind = about.kind if about else ""
    match value:
        case bool():
            return str(value)
        case int() if kind == "money":
            return in_pounds(value)
        case Decimal() | int():
            return percent(value) if kind == "percent" else count(value)
        case Quarter():
            return quarter_words(value)
        case date():
            return day(value)
        case Part():
            fields = type(value).model_fields
            return "; ".join(f"{name.replace('_', ' ')}: {_short(value, name)}" for name in fields if not empty(getattr(value, name)))  # fmt: skip
        case tuple():
            if all(isinstance(each, str) for each in value):
                return ", ".join(_code_said(found, plan, "", str(each)) for each in value)
            return f"{len(value)} rows" if len(value) != 1 else "1 row"
    written = str(value)
    if about and about.codes:
        return about.codes.get(written, written)
    return (
        _code_said(found, plan, about.of if about else "", written)
        if kind in {"code", "choice", ""}
        else written
    )


def _short(row: Part, name: str) -> str:
    value = getattr(row, name)
    return f"{len(value)} rows" if isinstance(value, tuple) else str(value)[:80]


def _code_said(found: PlanView, plan: Plan, of: str, code: str) -> str:
    """A code with the name that it has in the plan, its rules or its places."""
    rules = found.rules
    names: Mapping[str, str] = {}
    match of:
        case "streams":
            names = {each.name: each.says for each in rules.composition.streams}
            names = {"additional": "Added of its own accord", **names}
        case "schemes":
            names = {each.id: f"{each.id} {each.name}".strip() for each in plan.schemes.schemes}
        case "conditions":
            held = rules.find("conditions", Conditions)
            names = {each.id: each.title for each in held.conditions} if held else {}
        case "metrics":
            metrics = rules.find("metrics", Metrics)
            names = {each.id: each.title for each in metrics.metrics} if metrics else {}
        case "trusts":
            names = found.known.trusts
        case "boards":
            return board_named(found, code)
    return names.get(code) or code_named(found, code)


def link_at(page: PlanPage, name: str, where: str, fragment: str = "") -> str:
    """The address of a page about a place, as at the same day: ``plan-comments``, ``plan-from``."""
    query = {"at": where, **page.when.query()}
    return reverse(name, kwargs={"plan": page.view.history.id}, query=query, fragment=fragment or None)


# The page


def page(request: HouseRequest, plan: str) -> HttpResponse:
    """A figure with where it came from and what it reached; a section or row with its figures."""
    shown = PlanPage(request, plan)
    place = place_in(shown.view, request.GET.get("at", "")[:200])
    found, content = shown.view, shown.view.plan
    context = shown.frame("plan-check") | {
        "place": place,
        "title": place_said(found, content, place),
        "asking": [("at", place.where)] if place.where != WHOLE else [],
        "above": _above(shown, place),
        "sections": _sections(shown) if place.where == WHOLE else [],
        "fields": _fields(shown, place) if place.section and not place.field else [],
        "tables": _tables(shown, place) if place.section and not place.field and place.row is None else [],
        "take_away": [("This page as JSON", link_at(shown, "plan-from-json", place.where))],
        "comments_href": link_at(shown, "plan-comments", place.where),
        "withhold_href": _withhold_href(shown, place),
    }
    if place.single:
        context |= _of_figure(shown, place)
    status = HTTPStatus.BAD_REQUEST if shown.when.error else HTTPStatus.OK
    return render(request, "web/origin.jinja", context, status=status)


def _withhold_href(shown: PlanPage, place: Place) -> str:
    """Where a plan lead withholds a field from the board's paper; empty for others, and for what no paper can withhold."""
    may = shown.may_edit and shown.view.history.current is not None and not shown.when.day
    if not (may and place.field and place.section in WITHHOLDABLE):
        return ""
    asked = {"withhold": f"{place.where}:"}
    return reverse("plan-paper-withhold", kwargs={"plan": shown.view.history.id}, query=asked)


def _of_figure(shown: PlanPage, place: Place) -> dict[str, object]:
    found, content = shown.view, shown.view.plan
    came = origin_in(shown.house, found, place)
    names = names_of(each.version.by for each in came.steps)
    reached = [(each, _reached_href(shown, each)) for each in reaches_in(shown.house, found, place, shown.when.upto)]  # fmt: skip
    return {
        "came": came,
        "carried": getattr(found.history, "carried_from", ""),
        "value": value_said(found, content, place.about, came.value),
        "sentence": sentence(came, names),
        "steps": [_step_row(shown, came, each, names) for each in reversed(came.steps)],
        "imported": [each.imported for each in came.steps if each.imported],
        "rules": [(cited, link_of(shown.house.rulebook, cited) or "") for cited in came.rules],
        "reached": [
            ((_output_said(shown, each), href), each.output.value, amount(each.value, each.unit) if each.unit else "", day(each.at) if each.at else "")
            for each, href in reached if href
        ],
    }  # fmt: skip


def sentence(came: Origin, names: Mapping[str, str]) -> str:
    """Where the figure came from, in a sentence or two."""
    if not came.steps:
        if came.began:
            return "It is what the plan begins from; nobody has written in it."
        return (
            "Nobody has filled it in."
            if came.whole
            else "The version that it came with can no longer be read."
        )
    first, last = came.steps[0], came.steps[-1]
    said = (
        f"{names[first.version.by]} entered it in version {first.version.number}, on {day(first.version.at)}"
    )
    if came.began:
        said = f"The plan began with it, and {names[first.version.by]} saved it in version {first.version.number}, on {day(first.version.at)}"
    if not came.whole:
        said = f"It stands since version {first.version.number} at least, saved by {names[first.version.by]} on {day(first.version.at)}"
    if last is first:
        return f"{said}. It has not changed since."
    return f"{said}. {names[last.version.by]} made it what it is in version {last.version.number}, on {day(last.version.at)}."


def _step_row(shown: PlanPage, came: Origin, step: Step, names: Mapping[str, str]) -> tuple[object, ...]:
    found, about = shown.view, came.place.about
    before = "not there" if step.before is None else value_said(found, found.plan, about, step.before)
    href = shown.href("plan-versions")
    if step.version.number > 1:
        ask = {"a": str(step.version.number - 1), "b": str(step.version.number), **shown.when.query()}
        href = reverse("plan-compare", kwargs={"plan": found.history.id}, query=ask)
    read = step.imported
    return (
        (f"Version {step.version.number}", href), before[:LONGEST], value_said(found, found.plan, about, step.value)[:LONGEST],
        names[step.version.by], day(step.version.at), f"{read.file}, {read.sheet}, cell {read.cell}" if read else "on the site",
    )  # fmt: skip


_QUARTER = re.compile(r"\b\d{4}-\d\dQ[1-4]\b")


def _output_said(shown: PlanPage, each: Reached) -> str:
    """An output with names for codes, and months for quarters."""
    said = _QUARTER.sub(lambda found: quarter_words(found[0]), shown.said(each.says))
    return f"{said}: {_code_said(shown.view, shown.view.plan, *each.code)}" if each.code else said


def _reached_href(shown: PlanPage, each: Reached) -> str:
    """The address of an output; nothing while that page is not built."""
    fragment = each.fragment
    if each.output is Output.POSTING:
        kwargs = {"pool": shown.view.history.id, "posting": fragment}
        return reverse("pool-posting", kwargs=kwargs, query=shown.when.query() or None)
    try:
        return shown.href(each.page) + (f"#{fragment}" if fragment else "")
    except NoReverseMatch:
        return ""


def _above(shown: PlanPage, place: Place) -> list[tuple[str, str]]:
    """What the place is part of, with where that is traced."""
    steps = [Place()] if place.where != WHOLE else []
    if place.section and (place.field or place.row is not None):
        steps.append(Place(place.section))
    if place.row is not None and place.field:
        steps.append(Place(place.section, place.list, place.row))
    found = shown.view
    return [(place_said(found, found.plan, each), link_at(shown, "plan-from", each.where)) for each in steps]


def _sections(shown: PlanPage) -> list[tuple[str, str]]:
    return [
        (EVERY[name].title, link_at(shown, "plan-from", name)) for name in sections_asked(shown.view.rules)
    ]


def _fields(shown: PlanPage, place: Place) -> list[tuple[object, ...]]:
    """The single fields of a section or a row, each with its value and where it is traced."""
    found, about = shown.view, place.rows_about
    if place.list and place.row is None:
        return []
    part = part_at(found.plan, place)
    lists = {each.name for each in EVERY[place.section].lists} if not about else set()
    rows: list[tuple[object, ...]] = []
    for name in type(part).model_fields if isinstance(part, Part) else ():
        at = Place(place.section, place.list, place.row, name)
        if name not in lists:
            said = value_said(found, found.plan, at.about, getattr(part, name))[:LONGEST]
            rows.append(((field_said(found, at), link_at(shown, "plan-from", at.where)), said))
    return rows


def _tables(shown: PlanPage, place: Place) -> list[dict[str, object]]:
    """The rows of a section's lists: what names each, and its figures, each leading to where it came from."""
    found = shown.view
    made: list[dict[str, object]] = []
    for listed in EVERY[place.section].lists:
        held = part_at(found.plan, Place(place.section, listed.name))
        numbers = [each for each in listed.fields if each.kind in NUMBERS]
        rows = []
        for number, row in enumerate(held if isinstance(held, tuple) else ()):
            at = Place(place.section, listed.name, number)
            named = row_named(found, found.plan, at)
            cells = [
                (value_said(found, found.plan, each, getattr(row, each.name)), link_at(shown, "plan-from", f"{at.where}/{each.name}"))
                for each in numbers
            ]  # fmt: skip
            rows.append(((f"{number + 1}. {named}".strip(), link_at(shown, "plan-from", at.where)), *cells))
        columns = [("Row", "link"), *((each.titled(found.known.years), "link") for each in numbers)]
        made.append({"caption": listed.says, "columns": columns, "rows": rows, "id": f"{listed.name}-table"})
    return made


def as_json(request: HouseRequest, plan: str) -> HttpResponse:
    """The same as JSON: a place with its value, origin, rules, findings and what it reached."""
    shown = PlanPage(request, plan)
    if shown.when.error:
        return json_answer({"problems": [{"field": "as_at", "says": shown.when.error}]}, status=400)
    place = place_in(shown.view, request.GET.get("at", "")[:200])
    came = origin_in(shown.house, shown.view, place)
    names = names_of(each.version.by for each in came.steps)
    data: dict[str, object] = {
        "plan": plan,
        "at": place.where,
        "says": place_said(shown.view, shown.view.plan, place),
        "as_at": shown.when.day,
        "version": came.version.number if came.version else None,
        "value": _plain(came.value),
        "began_with_it": came.began,
        "every_version_read": came.whole,
        "changes": [
            {
                "version": each.version.number, "digest": each.version.digest, "before": _plain(each.before),
                "value": _plain(each.value), "by": names[each.version.by], "at": each.version.at,
                "imported": {"file": each.imported.file, "sheet": each.imported.sheet, "cell": each.imported.cell, "receipt": each.imported.receipt} if each.imported else None,
            }
            for each in came.steps
        ],
        "rules": list(came.rules),
        "findings": [each.as_data() for each in came.findings],
        "reached": [
            {"output": each.output.value, "says": _output_said(shown, each), "value": each.value, "unit": each.unit, "at": each.at, "href": href}
            for each in reaches_in(shown.house, shown.view, place, shown.when.upto)
            if (href := _reached_href(shown, each))
        ],
    }  # fmt: skip
    return json_answer(marked(data, shown.view.area.illustrative))


def _plain(value: object) -> object:
    """A value in the shapes of JSON; of a whole plan or section, the same as everywhere."""
    if isinstance(value, Part):
        return as_data(value)
    return [_plain(each) for each in value] if isinstance(value, tuple) else value
