"""A board's own measures: what each counts, who wrote and who checked it, and the forms to define one and to check one."""

from collections.abc import Iterable
from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from carepool.actions.areas import MARK, Area
from carepool.actions.defining import bodies_of, check_measure, define_measure, own_of, shown
from carepool.actions.editing import Stale
from carepool.actions.house import House
from carepool.actions.permits import Actor, offices_in
from carepool.basics.money import in_figures
from carepool.basics.refusals import NotHere, Refused
from carepool.journal.commands import Done
from carepool.measures.own import OwnMeasure
from carepool.render.words import day
from carepool.web.acts import Act, Answers, Ask, Table, Wrong, answers_of, carry_out_act, unknown_act
from carepool.web.asking import HouseRequest
from carepool.web.frame import account_of, new_key, spoken
from carepool.web.party_acts import form
from carepool.web.people import names_of
from carepool.web.words import about_page

DIRECTIONS = (("lower", "Lower is better"), ("higher", "Higher is better"), ("neither", "Neither"))
PERIODS = (("month", "Every month"), ("quarter", "Every quarter"), ("year", "Every year"))
ASKS = (
    Ask(
        "id", "Name", hint="In small letters, like falls_at_home. It stays the same when the wording changes."
    ),
    Ask("title", "Title"),
    Ask("says", "What it measures", "words"),
    Ask("numerator", "What is counted", "words"),
    Ask("denominator", "Out of what", "words"),
    Ask("scale", "Times", hint="For example 100 for per cent, or 100000."),
    Ask("unit", "Unit", hint="For example: per 100,000 people aged 65 and over."),
    Ask("better", "Which way is better", "choice", choices=DIRECTIONS),
    Ask("period", "How often", "choice", choices=PERIODS),
    Ask("from", "From", "day", "The day from which this wording holds, for example 2014-10-01."),
    Ask("data", "Where the figures come from"),
)
FIELDS = tuple(each.name for each in ASKS)


@form
def page(request: HouseRequest, code: str) -> HttpResponse:
    """The page; to somebody who holds no office in the board's bodies it does not exist."""
    house, account = request.house, account_of(request)
    area = _area(house, code)
    if account is None or not any(offices_in(house, account.id, bodies_of(house, code))):
        raise _no_such(code)
    answers, problem, sent = Answers({}, {}), None, ""
    if request.method == "POST":
        answers = answers_of(request)
        sent = answers.text("act")
        problem = carry_out_act(
            request, sent, answers, lambda actor, act, typed: _do(house, actor, act, typed, code),
            lambda says: spoken(house, says),
        )  # fmt: skip
        if problem is None:
            return redirect(reverse("own-measures", args=[code]))
    held = own_of(house, code)
    context = {
        "section": "boards",
        "board": area.england.places.boards[code],
        "tables": [_table(house, code, held.values())] if held else [],
        "acts": [Act("define", "Define a measure, or word one anew", "Define it", ASKS), *_checks(house, code, held.values())],
        "typed": answers.typed,
        "sent": sent,
        "problem": problem,
        "errors": [(f"{sent}-{problem.field}", problem.says)] if problem else [],
        "key": new_key(),
        "mark": MARK if area.illustrative else "",
        **about_page(house, house.rulebook.measuring),
    }  # fmt: skip
    return render(
        request, "web/own_measures.jinja", context, status=problem.status if problem else HTTPStatus.OK
    )


def _no_such(code: str) -> NotHere:
    return NotHere(
        f"There is no page of own measures of “{code[:80]}”. What waits for you lists your bodies."
    )


def _area(house: House, code: str) -> Area:
    try:
        return house.areas.of_board(code)
    except NotHere:
        raise _no_such(code) from None


def _table(house: House, code: str, held: Iterable[OwnMeasure]) -> Table:
    """Each measure by its last wording."""
    rows = []
    for each in held:
        version = each.versions[-1]
        names = names_of({version.by, version.checked_by} - {""})
        own = shown(house, code, each.id).definition
        rows.append(
            (
                own.title, f"{own.numerator}, of {own.denominator}, times {in_figures(own.scale)}", str(version.number), day(version.first),
                names[version.by], names[version.checked_by] if version.checked_by else "Waits for a second person",
            )
        )  # fmt: skip
    columns = [("Measure", "text"), ("Counted", "text"), ("Version", "text"), ("From", "text"), ("Written by", "text"), ("Checked by", "text")]  # fmt: skip
    return Table("The board's own measures", columns, rows, "own-measures")


def _checks(house: House, code: str, held: Iterable[OwnMeasure]) -> list[Act]:
    """One form for each wording that waits to be checked, with its words beside it."""
    found = []
    for each in held:
        if each.waiting is None:
            continue
        own = shown(house, code, each.id).definition
        says = (
            own.says,
            f"Counted: {own.numerator}.",
            f"Out of: {own.denominator}.",
            f"In {own.unit}; from {own.data}.",
        )
        hidden = (("measure", each.id), ("document", each.waiting.document))
        found.append(
            Act(f"check-{each.id}", f"Check “{own.title}”", "It is right as it stands", (), says, hidden)
        )
    return found


def _do(house: House, actor: Actor, act: str, typed: Answers, code: str) -> Done | Refused | Stale:
    if act == "define":
        first = typed.day("from")
        empty = next((each for each in ASKS if not typed.text(each.name)), None)
        if empty:
            raise Wrong(empty.name, f"“{empty.label}” is empty. Write it, so that others can count the same.")
        content = {name: typed.text(name) for name in FIELDS} | {"from": first.isoformat() if first else ""}
        return define_measure(house, actor, code, content)
    if act.startswith("check-"):
        return check_measure(house, actor, code, typed.text("measure"), typed.text("document"))
    raise unknown_act(act)
