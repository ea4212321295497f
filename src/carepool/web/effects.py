"""What one set of rules, or a draft, would do held against another: the simulator's page and what it gives to take away."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from carepool.actions.nation import parse_ambition
from carepool.actions.simulating import BoardEffect, Simulation, first_ambition, simulate
from carepool.basics.money import Pence, in_pounds
from carepool.basics.refusals import Unusable
from carepool.render import answers, charts, csvs, difference_words
from carepool.render.figures import Figure
from carepool.render.words import pounds, pounds_short
from carepool.rules.rulebook import RuleSet
from carepool.web.asking import HouseRequest, csv_answer, json_answer
from carepool.web.drafting import own_draft, worst
from carepool.web.frame import account_of
from carepool.web.signing_in import to_sign_in
from carepool.web.words import FLAGS, about_page, board_link

MOST_BARS = 10
NEVER = "not worked out"
"""What stands where one of the sets gives no figure."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is held against what, as far as it could be read."""

    rules: RuleSet
    against: RuleSet
    ambition: Decimal
    typed: dict[str, str]
    errors: tuple[tuple[str, str], ...]


def effect(request: HouseRequest) -> HttpResponse:
    """One shipped set held against another: anybody may ask."""
    return _of_sets(request, _page)


def effect_json(request: HouseRequest) -> HttpResponse:
    """The same as JSON."""
    return _of_sets(request, _json)


def effect_csv(request: HouseRequest) -> HttpResponse:
    """The same as CSV."""
    return _of_sets(request, _csv)


def draft_effect(request: HouseRequest, which: str) -> HttpResponse:
    """A draft held against a set: its owner may ask."""
    return _of_draft(request, which, _page)


def draft_json(request: HouseRequest, which: str) -> HttpResponse:
    """The same as JSON."""
    return _of_draft(request, which, _json)


def draft_csv(request: HouseRequest, which: str) -> HttpResponse:
    """The same as CSV."""
    return _of_draft(request, which, _csv)


Answer = Callable[[HouseRequest, Simulation | None, Question, Callable[[str], str]], HttpResponse]


def _of_sets(request: HouseRequest, answer: Answer) -> HttpResponse:
    book = request.house.rulebook
    asked = request.GET.get("rules", "")[:100].strip() or book.in_order[0].name
    question = _question(request, book.named(asked))
    query = {"rules": question.rules.name, **_carried(question)}

    def address(kind: str) -> str:
        return reverse(f"effect{kind}", query=query)

    return _answered(request, question, answer, address)


def _of_draft(request: HouseRequest, which: str, answer: Answer) -> HttpResponse:
    account = account_of(request)
    if account is None:
        return to_sign_in(request)
    found = own_draft(request, account, which)
    if found.rules is None and answer is not _page:
        return json_answer({"problems": [{"says": worst(found.findings)}]}, status=HTTPStatus.CONFLICT)
    if found.rules is None:
        context = {
            "section": "rules", "title": "That cannot be worked out", "says": worst(found.findings),
            **about_page(request.house),
        }  # fmt: skip
        return render(request, "web/problem.jinja", context, status=HTTPStatus.CONFLICT)
    question = _question(request, found.rules, found.draft.base)

    def address(kind: str) -> str:
        return reverse(f"draft-effect{kind}", args=[which], query=_carried(question))

    request.draft = found.draft  # type: ignore[attr-defined]  # what the page is headed with
    return _answered(request, question, answer, address)


def _carried(question: Question) -> dict[str, str]:
    return {"against": question.against.name, "ambition": str(question.ambition)}


def _question(request: HouseRequest, rules: RuleSet, base: str = "") -> Question:
    """The question in an address; what cannot be used is an error beside its field, and the page shows the first one."""
    house = request.house
    typed = {name: request.GET.get(name, "")[:100].strip() for name in ("against", "ambition")}
    errors: list[tuple[str, str]] = []
    against = house.rulebook.named(base) if base else _before(house.rulebook.in_order, rules)
    if typed["against"]:
        try:
            against = house.rulebook.named(typed["against"])
        except Unusable as error:
            errors.append(("against", str(error)))
    ambition = first_ambition(rules, against)
    if typed["ambition"]:
        try:
            ambition = parse_ambition(typed["ambition"])
        except Unusable as error:
            errors.append(("ambition", str(error)))
    return Question(rules, against, ambition, typed, tuple(errors))


def _before(sets: tuple[RuleSet, ...], rules: RuleSet) -> RuleSet:
    """The set that another is first held against: the one that it follows, else the first for the same places."""
    same = [each for each in sets if each.about.places == rules.about.places]
    return next((each for each in same if each.name == rules.about.follows), same[0])


def _answered(
    request: HouseRequest, question: Question, answer: Answer, address: Callable[[str], str]
) -> HttpResponse:
    try:
        found = simulate(request.house, question.rules, question.against, question.ambition)
    except Unusable as error:
        errors = (*question.errors, ("against", str(error)))
        question = Question(question.rules, question.against, question.ambition, question.typed, errors)
        found = None
    return answer(request, found, question, address)


def _json(
    _request: HouseRequest, found: Simulation | None, question: Question, _address: Callable[[str], str]
) -> HttpResponse:
    if question.errors or found is None:
        problems = [{"field": field, "says": says} for field, says in question.errors]
        return json_answer({"problems": problems}, status=400)
    return json_answer(answers.simulation(found))


def _csv(
    request: HouseRequest, found: Simulation | None, question: Question, address: Callable[[str], str]
) -> HttpResponse:
    if question.errors or found is None:
        return _json(request, found, question, address)
    return csv_answer(f"carepool-effect-{found.digest[:12]}.csv", csvs.simulation(found))


def _page(
    request: HouseRequest, found: Simulation | None, question: Question, address: Callable[[str], str]
) -> HttpResponse:
    sets = [
        each for each in request.house.rulebook.in_order if each.about.places == question.rules.about.places
    ]
    context: dict[str, object] = {
        "section": "rules",
        "question": question,
        "errors": list(question.errors),
        "draft": getattr(request, "draft", None),
        "sets": [each.name for each in sets],
        "found": found,
        "address": address("").partition("?")[0],
        **about_page(request.house, question.against),
    }
    if found:
        context |= {
            "sentence": sentence(found),
            "figures": _figures(found),
            "totals": _totals(found),
            "chart": _movers(found),
            "map": _map(request, found),
            "columns": COLUMNS,
            "rows": _rows(found),
            "changes": [
                (each, difference_words.fields_of(found.difference, each))
                for each in difference_words.laid_down(found.difference)
                if each.path != "set"
            ],
            "take_away": [("These figures as CSV", address("-csv")), ("As JSON", address("-json"))],
        }
    return render(
        request,
        "web/effect.jinja",
        context,
        status=HTTPStatus.BAD_REQUEST if question.errors else HTTPStatus.OK,
    )


def sentence(found: Simulation) -> str:
    """What the draft would do, in two sentences."""
    before, after = found.total("before"), found.total("after")
    if before is None or after is None:
        return "One of the two sets has no fund to share, so no money can be seen to move."
    if before == after:
        said = f"The fund stays at {pounds_short(after)}"
    else:
        verb = "grows" if after > before else "shrinks"
        said = f"The fund {verb} by {pounds_short(abs(after - before))}, to {pounds_short(after)}"
    if found.gain or found.lose:
        said += f"; {_boards(found.gain)} would have more of it and {_boards(found.lose)} less."
    else:
        said += ", and no board would have more or less of it."
    paid_before, paid_after = found.total("paid_before"), found.total("paid_after")
    if paid_before is None or paid_after is None:
        return f"{said} Payments cannot be compared: see below why."
    return (
        f"{said} At one uniform cut of {found.ambition}%, {pounds_short(paid_after)} would have been released in place "
        f"of {pounds_short(paid_before)}."
    )


def _boards(number: int) -> str:
    return f"{number or 'no'} {'board' if number == 1 else 'boards'}"


def _figures(found: Simulation) -> list[Figure]:
    return [
        _figure("The fund", found.total("before"), found.total("after")),
        _figure("At stake at first", found.total("fund_before"), found.total("fund_after")),
        _figure("Released", found.total("paid_before"), found.total("paid_after")),
    ]


def _figure(says: str, before: Pence | None, after: Pence | None) -> Figure:
    was = "not worked out before" if before is None else f"{pounds_short(before)} before"
    return Figure(says, pounds_short(after), "" if after is None else pounds(after), was, "#totals")


def _totals(found: Simulation) -> list[tuple[object, ...]]:
    lines = [
        ("The fund", "before", "after", False), ("At stake at first", "fund_before", "fund_after", False),
        ("Released", "paid_before", "paid_after", False),
    ]  # fmt: skip
    if found.incomplete:
        lines.append(("Released, without boards on an incomplete return", "paid_before", "paid_after", True))
    rows: list[tuple[object, ...]] = []
    for says, first, second, sound in lines:
        before, after = found.total(first, sound=sound), found.total(second, sound=sound)
        moved = None if before is None or after is None else after - before
        rows.append((says, *(_or_never(each) for each in (before, after, moved))))
    return rows


def _or_never(pence: Pence | None) -> str:
    return NEVER if pence is None else pounds(pence)


def _movers(found: Simulation) -> charts.Bars | None:
    """The boards that would gain and lose most; None where nothing moves."""
    moving = [(each, each.moved) for each in found.boards if each.moved]
    what, name = "the fund", "Money moved"
    if not moving:
        moving = [(each, each.paid_moved) for each in found.boards if each.paid_moved]
        what, name = "what is released", "Payments moved"
    if not moving:
        return None
    ordered = sorted(moving, key=lambda pair: -(pair[1] or 0))
    half = MOST_BARS // 2
    chosen = ordered if len(ordered) <= MOST_BARS else ordered[:half] + ordered[-half:]
    bars = [charts.Bar(each.board.name, pence or 0, _signed(pence)) for each, pence in chosen]
    most = max(moving, key=lambda pair: abs(pair[1] or 0))
    summary = f"{most[0].board.name} moves most: {_signed(most[1])} of {what}."
    return charts.bar_chart(
        bars, id="movers", title=f"{name}: the boards that gain and lose most", summary=summary
    )


def _map(request: HouseRequest, found: Simulation) -> charts.HexMap | None:
    """Money moved for each resident, on the map of England's boards where there is one for these places."""
    effects = {each.board.code: each for each in found.boards}
    cells = []
    link_to = board_link({})
    for cell in request.house.england.hexagons:
        each = effects.get(cell.board)
        if each is None or each.per_person is None:
            return None
        value = round(each.per_person / 100, 2)
        cells.append(
            charts.HexCell(
                cell.board, each.board.name, cell.q, cell.r, value, f"£{value:+,}", link_to(cell.board)
            )
        )
    if not any(cell.value for cell in cells):
        return None
    summary = f"{_boards(found.gain)} would have more of the fund, {_boards(found.lose)} less.".capitalize()
    return charts.hex_map(cells, id="map", title="Money moved for each resident, pounds", summary=summary)


COLUMNS = [
    ("Board", "text"), ("Fund before", "number"), ("After", "number"), ("Moved", "number"), ("Released before", "number"),
    ("After", "number"), ("Take care", "text"),
]  # fmt: skip


def _rows(found: Simulation) -> list[tuple[object, ...]]:
    return [
        _row(each) for each in sorted(found.boards, key=lambda each: -abs(each.moved or each.paid_moved or 0))
    ]


def _row(each: BoardEffect) -> tuple[object, ...]:
    note = FLAGS[each.flags[0]] if each.flags else ""
    figures = (each.before, each.after, each.moved, each.paid_before, each.paid_after)
    return (each.board.name, *(NEVER if pence is None else in_pounds(pence) for pence in figures), note)


def _signed(pence: Pence | None) -> str:
    if pence is None:
        return "not known"
    return f"{'+' if pence > 0 else ''}{pounds_short(pence)}"
