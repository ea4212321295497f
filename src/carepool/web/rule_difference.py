"""The difference of two sets of rules, and what a plan made under the one needs under the other."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from carepool.basics.money import Pence, in_pounds
from carepool.render import answers
from carepool.render.difference_words import (
    difference_csv,
    fields_of,
    gist_of_change,
    inside_rows,
    laid_down,
    money_rows,
    part_of,
    recited,
    sentence,
    stated_rows,
    tally,
    title_of_change,
    to_show,
)
from carepool.render.rule_words import PARTS, moved
from carepool.rules.difference import Change, Difference, What, difference
from carepool.web.asking import HouseRequest, csv_answer, json_answer
from carepool.web.rule_links import file_link, needed_link, set_link
from carepool.web.rulebook import comparing, frame_of, plainly
from carepool.web.words import about_page

COLOURS = {What.GAINED: "green", What.LOST: "orange", What.CHANGED: "blue", What.RECITED: "grey"}
NOT_IN_IT = "not in it"


@dataclass(frozen=True, slots=True)
class ChangeShown:
    """One entry that differs."""

    what: What
    colour: str
    title: str
    href: str
    gist: str
    """What a gained or lost entry lays down."""
    fields: tuple[tuple[str, str, str], ...]
    """Field, before, after."""


@dataclass(frozen=True, slots=True)
class PartShown:
    """One part of a difference."""

    words: str
    anchor: str
    tally: str
    changes: tuple[ChangeShown, ...]


def page(request: HouseRequest, before: str, after: str) -> HttpResponse:
    """The page. NotHere for an unknown set."""
    found = _found(request, before, after)
    comparable = found.before.about.places == found.after.about.places and bool(found.changes)
    address = {kind: reverse(f"rules-difference-{kind}", args=[before, after]) for kind in ("json", "csv")}
    context = {
        "found": found,
        "sentence": sentence(found),
        "sides": [(each, set_link(each), plainly(each)) for each in (found.before, found.after)],
        "parts": parts(found),
        "money": _money(found) if found.changes else None,
        "recited": [change_shown(found, each) for each in recited(found)],
        "needs": [
            (each.says, needed_link((found.after, found.before), each.path, each.key)) for each in found.needs
        ],
        "turned": reverse("rules-difference", args=[after, before]),
        "effect": reverse("effect", query={"rules": after, "against": before}) if comparable else "",
        "take_away": [
            ("This difference as CSV", address["csv"]),
            ("This difference as JSON", address["json"]),
        ],
        **frame_of(found.after),
        **comparing(request.house.rulebook, before, after),
        **about_page(request.house, found.after),
    }
    return render(request, "web/rules_difference.jinja", context)


def as_json(request: HouseRequest, before: str, after: str) -> HttpResponse:
    """The same as JSON."""
    return json_answer(answers.difference(_found(request, before, after)))


def as_csv(request: HouseRequest, before: str, after: str) -> HttpResponse:
    """The same as CSV."""
    return csv_answer(f"carepool-rules-{before}-{after}.csv", difference_csv(_found(request, before, after)))


def parts(found: Difference) -> list[PartShown]:
    """What is laid down otherwise, part by part; a part that is the same is there too and says so."""
    changes, shown = laid_down(found), to_show(found)
    return [
        PartShown(
            part,
            part.lower().replace(" ", "-"),
            tally([each for each in changes if part_of(each.path) == part]),
            tuple(change_shown(found, each) for each in shown if part_of(each.path) == part),
        )
        for part in PARTS
    ]


def change_shown(found: Difference, change: Change) -> ChangeShown:
    """One change, with where it stands: in the later set, or in the earlier where it was lost."""
    rules = found.before if change.after is None else found.after
    key = change.key if change.group else ""
    return ChangeShown(
        change.what,
        COLOURS[change.what],
        title_of_change(found, change),
        file_link(rules, change.path, key, change.group or None),
        gist_of_change(found, change),
        tuple(fields_of(found, change)),
    )


def _found(request: HouseRequest, before: str, after: str) -> Difference:
    book = request.house.rulebook
    return difference(book.named(before), book.named(after))


def _money(found: Difference) -> dict[str, object]:
    inside = [(f"Inside them: {says}", before, after) for _, says, before, after in inside_rows(found)]
    stated = [(f"Stated: {says}", before, after) for _, says, before, after in stated_rows(found)]
    return {
        "rows": [_amounts(says, before, after) for _, says, before, after in money_rows(found)],
        "total": _amounts("All streams, added", *found.money),
        "others": [_amounts(*each) for each in (*inside, *stated)],
    }


def _amounts(says: str, before: Pence | None, after: Pence | None) -> tuple[str, ...]:
    sides = [NOT_IN_IT if each is None else in_pounds(each) for each in (before, after)]
    return says, *sides, moved((after or 0) - (before or 0))
