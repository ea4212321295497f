"""One file of a set: its values with their sources, what stood there before and after, and what computes with it."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from carepool.actions.uses import UseKind, uses_of
from carepool.allocation.indicative import Allocation, allocate, held_against, likely_error
from carepool.basics.money import in_pounds
from carepool.basics.periods import in_words
from carepool.basics.refusals import unknown
from carepool.render.answers import rule_change, rule_data
from carepool.render.difference_words import tally
from carepool.render.rule_words import LISTS, first_capital, with_unit
from carepool.rules.consistency import lists_of
from carepool.rules.difference import Change, Difference, What, difference
from carepool.rules.rulebook import Rulebook, RuleSet
from carepool.rules.scalars import Checked
from carepool.rules.schema import Composition, Parameter
from carepool.web.asking import HouseRequest, json_answer
from carepool.web.rule_difference import ChangeShown, change_shown
from carepool.web.rule_files import show
from carepool.web.rule_links import difference_link, file_link, set_link
from carepool.web.rulebook import frame_of, plainly
from carepool.web.words import about_page

NOTHING_COMPUTES = "Shown to readers; nothing computes with it yet."
KINDS_OF_USE = {UseKind.PAGE: "blue", UseKind.COMMAND: "grey", UseKind.CHECK: "green"}


@dataclass(frozen=True, slots=True)
class Stood:
    """What stood at a path in one set, and what changed from the set before it."""

    rules: RuleSet
    here: bool
    """Whether it is the set whose page this is."""
    href: str
    says: str
    moved: str
    difference: str
    """The address of the whole difference from the set before; empty for the first."""
    changes: tuple[ChangeShown, ...]
    recited: int
    """Entries of which only the source changed."""


def page(request: HouseRequest, which: str, path: str) -> HttpResponse:
    """The page of a file. NotHere with the nearest when the set, or the file in it, does not exist."""
    rules = named(request.house.rulebook, which, path)
    section, today = rules.sections[path], request.house.today
    checked = getattr(section, "checked", None)
    context = {
        "file": show(rules, path),
        "held_against": held(request, rules) if path == "allocation/methods" else [],
        "likely_error": likely(request, rules) if path == "allocation/methods" else "",
        "plainly": plainly(rules),
        "status_words": f"{rules.name}, {rules.about.status}",
        "checked": checked_words(checked or rules.about.checked, today),
        "checked_is_of": "" if checked else "The set as a whole was",
        "overdue": (checked or rules.about.checked).again_by < today,
        "history": history(request.house.rulebook, rules, path),
        "uses": uses_of(path, rules),
        "use_colours": KINDS_OF_USE,
        "nothing_computes": NOTHING_COMPUTES,
        "set_at": set_link(rules, "" if path == "set" else path),
        "take_away": [("This page as JSON", reverse("rules-value-json", args=[which, path]))],
        **frame_of(rules),
        **about_page(request.house, rules),
    }
    return render(request, "web/rules_value.jinja", context)


def held(request: HouseRequest, rules: RuleSet) -> list[tuple[str, ...]]:
    """The method beside each published figure at hand, as rows of a table."""
    return [
        (each.says, in_pounds(each.published), in_pounds(each.ours), f"{each.error:+.2f}%", each.source)
        for each in held_against(rules, _indicative(request, rules))
    ]


def likely(request: HouseRequest, rules: RuleSet) -> str:
    """What a reader should think of a share by this method."""
    return likely_error(held_against(rules, _indicative(request, rules)))


def _indicative(request: HouseRequest, rules: RuleSet) -> Allocation:
    england = request.house.areas.real(rules.about.places).england
    return allocate(rules, england.places, england.needs)


def as_json(request: HouseRequest, which: str, path: str) -> HttpResponse:
    """The same as JSON."""
    book, today = request.house.rulebook, request.house.today
    rules = named(book, which, path)
    checked = getattr(rules.sections[path], "checked", rules.about.checked)
    sets = book.in_order
    return json_answer(
        {
            "rules": rules.name,
            "digest": rules.digest,
            "path": path,
            "file": rule_data(rules.sections[path]),
            "checked": {**_checked_data(checked), "overdue": checked.again_by < today},
            "uses": [{"says": each.says, "kind": each.kind} for each in uses_of(path, rules)],
            "history": [
                {
                    "rules": each.name,
                    "there": path in each.sections,
                    "changes": [rule_change(c) for c in _at(path, difference(sets[at - 1], each))]
                    if at
                    else [],
                }
                for at, each in enumerate(sets)
            ],
        }
    )


def named(book: Rulebook, which: str, path: str) -> RuleSet:
    """The set of that name, which must have a file at the path. NotHere with the nearest."""
    rules = book.named(which)
    if path not in rules.sections:
        others = [each.name for each in book.in_order if path in each.sections]
        where = (
            f"{', '.join(others)} {'has' if len(others) == 1 else 'have'} one."
            if others
            else f"Look at the page of {rules.name}, which lists them all."
        )
        raise unknown(f"file of the rules {rules.name} at", path, rules.sections, where)
    return rules


def checked_words(checked: Checked, today: date) -> str:
    """Who checked a file, when, and when it is due again; overdue is said as such."""
    said = f"hecked on {in_words(checked.on)} by {checked.by}"
    again = in_words(checked.again_by)
    if checked.again_by < today:
        return f"{said}. It was to be checked again by {again}: that is overdue."
    return f"{said}; to be checked again by {again}."


def _checked_data(checked: Checked) -> dict[str, object]:
    return {"by": checked.by, "on": checked.on, "again_by": checked.again_by}


# What stood at the same place


def history(book: Rulebook, rules: RuleSet, path: str) -> list[Stood]:
    """Every set in order with what it lays down at a path, and what changed there from the set before."""
    found: list[Stood] = []
    before: RuleSet | None = None
    for each in book.in_order:
        differs = difference(before, each) if before else None
        changes = _at(path, differs) if differs else ()
        shown = tuple(c for c in changes if c.what is not What.RECITED)
        found.append(
            Stood(
                each,
                each.name == rules.name,
                file_link(each, path) if path in each.sections else set_link(each),
                stands(each, path),
                _moved(before, each, path, shown) if before else "",
                difference_link(before, each) if before else "",
                tuple(change_shown(differs, c) for c in shown) if differs and _both(differs, path) else (),
                len(changes) - len(shown),
            )
        )
        before = each
    return found


def _both(differs: Difference, path: str) -> bool:
    return path in differs.before.sections and path in differs.after.sections


def _at(path: str, differs: Difference) -> tuple[Change, ...]:
    return tuple(each for each in differs.changes if each.path == path)


def _moved(before: RuleSet, after: RuleSet, path: str, changes: tuple[Change, ...]) -> str:
    there = (path in before.sections, path in after.sections)
    if there == (False, False):
        return ""
    if there == (False, True):
        return f"{before.name} laid nothing down here."
    if there == (True, False):
        return "It is no longer laid down."
    return f"From {before.name}: {tally(changes) or 'nothing that is laid down changed'}."


def stands(rules: RuleSet, path: str) -> str:
    """What a set lays down at a path, in a few words."""
    section = rules.sections.get(path)
    if section is None:
        return "Nothing stands here."
    if isinstance(section, Parameter):
        values = (
            f"{with_unit(each.value, section.unit)} from {in_words(each.since)}" for each in section.values
        )
        return f"{'; '.join(values)}."
    if isinstance(section, Composition):
        return f"{in_pounds(section.total)} in {len(section.streams)} streams."
    counted = Counter({LISTS[name].lower(): len(entries) for name, entries in lists_of(section).items()})
    said = ", ".join(f"{name}: {number}" for name, number in counted.items()) or section.says
    return f"{first_capital(said.rstrip('.'))}."
