"""All plans in a table, and starting one for a board."""

import re
from datetime import datetime
from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import salted_hmac

from carepool.actions.areas import MARK, Area
from carepool.actions.house import House
from carepool.actions.nation import RULES
from carepool.actions.permits import Actor, offices_of
from carepool.actions.planning import (
    area_of,
    plannable,
    start_plan,
    views,
    why_no_plan,
    wrong_title,
)
from carepool.actions.reading import known_plans
from carepool.actions.standings import standing_of
from carepool.basics.refusals import NotHere, Refused, Unusable
from carepool.journal.commands import Done
from carepool.offices.holdings import Holding
from carepool.places.bodies import BodyKind, body_id
from carepool.places.england import Board
from carepool.plans.versions import PlanHistory
from carepool.render.words import day
from carepool.rules.rulebook import RuleSet
from carepool.signoff.decisions import said
from carepool.signoff.facts import stream_of
from carepool.signoff.standing import Standing
from carepool.web.asking import HouseRequest
from carepool.web.frame import When, account_of, actor_of, carried_out, new_key, read_when, spoken
from carepool.web.signing_in import to_sign_in
from carepool.web.words import about_page


def page(request: HouseRequest) -> HttpResponse:
    """The plans that one may read, and those that are public, today or as at an earlier instant."""
    house, when, account = request.house, read_when(request), account_of(request)
    rows = []
    illustrative = False
    for each, mine, _ in known_plans(house, account.id if account else None, when.upto):
        area = area_of(house, each)
        status, since = stands(house, each, when)
        boards = ", ".join(area.england.places.boards[code].name for code in each.boards)
        version = f"Version {each.current.number}" if each.current else "No version yet"
        illustrative = illustrative or area.illustrative
        name = "plan" if mine else "plan-public"
        address = reverse(name, args=[each.id], query=when.query() or None)
        note = "Illustrative" if area.illustrative else ""
        rows.append(((each.title, address), boards, status, version, day(since), note))
    context = {
        "section": "plans",
        "when": when,
        "errors": [("as_at", when.error)] if when.error else [],
        "rows": rows,
        "may_start": bool(account and not when.day and _leads_any(house, account.id)),
        "signed_in": account is not None,
        "mark": MARK if illustrative else "",
        **about_page(house, house.rulebook.named(RULES)),
    }
    if when.day:
        context["as_at"] = when.says
    return render(request, "web/plans.jinja", context, status=400 if when.error else 200)


def stands(house: House, each: PlanHistory, when: When) -> tuple[str, datetime]:
    """Where a plan stands and since when; of one whose content was withdrawn nobody can tell any more."""
    for found in views(house, [each], when.upto, when.day):
        now = standing_of(house, found, when.upto)
        return str(now.status), since_of(now) or each.started_at
    passed = said(house.journal.read(stream_of(each.id), upto=when.upto)).passed
    word = "Withdrawn, and a deadline has passed" if passed else "Withdrawn"
    return word, each.current.at if each.current else each.started_at


def since_of(now: Standing) -> datetime | None:
    """Since when a plan has stood as it does: its last stage, else its last decision, else its version."""
    if now.reached:
        return now.reached[-1].at
    decided = [
        each.since for each in now.parties if each.decision and now.version and each.since > now.version.at
    ]
    if decided:
        return max(decided)
    return now.version.at if now.version else None


def _leads_any(house: House, account: str) -> bool:
    held = offices_of(house, account)
    return any(led_boards(house, held, rules) for rules in plannable(house))


def led_boards(house: House, held: tuple[Holding, ...], rules: RuleSet) -> list[Board]:
    """The boards for which one may start a plan under some rules: those of the bodies whose plan one leads."""
    offices = rules.authorities.of("edit_plan").offices
    bodies = {each.body for each in held if each.office in offices}
    if not bodies:
        return []
    return [
        board
        for area in house.areas.of_places(rules.about.places)
        for board in area.england.places.boards.values()
        if bodies & _partners(area, board)
    ]


def _partners(area: Area, board: Board) -> set[str]:
    places = area.england.places
    councils = {body_id(BodyKind.COUNCIL, council.code) for council in board.councils}
    return councils | {body_id(places.commissioner, each.ccg) for each in places.by_board[board.code]}


def chosen_rules(house: House, held: tuple[Holding, ...], asked: str) -> RuleSet:
    """The rules of a plan that is being started: those asked for, else ours, else the latest that one leads a plan by.

    NotHere for a set of rules that there is not, Unusable for one under which no plan can be made here.
    """
    if asked:
        found = house.rulebook.named(asked)
        if why := why_no_plan(found):
            raise Unusable(f"{why} Choose another set of rules.")
        house.areas.real(found.about.places)
        return found
    ours = house.rulebook.named(RULES)
    sets = (ours, *plannable(house))
    return next((each for each in sets if led_boards(house, held, each)), ours)


def new(request: HouseRequest) -> HttpResponse:
    """First the rules and the board, then the plan's title and address; sending it starts the plan."""
    account = account_of(request)
    if account is None:
        return to_sign_in(request)
    house = request.house
    typed = {name: request.POST.get(name, "")[:1000].strip() for name in ("title", "plan")}
    query = request.POST if request.method == "POST" else request.GET
    asked = query.get("board", "")[:100].strip()
    held = offices_of(house, account.id)
    rules, found, errors = _asked(
        house, held, query.get("rules", "")[:100].strip(), asked, needed=request.method == "POST"
    )
    board, area = found or (None, None)
    refused, status = "", HTTPStatus.OK
    if request.method == "POST" and board:
        errors += _wrong(typed)
        if not errors:
            done = _start(house, actor_of(request, account), typed, board, rules)
            if isinstance(done, Done):
                return redirect(reverse("plan", args=[str(done.answer)], query={"started": "yes"}))
            if isinstance(done, Refused):
                refused, status = spoken(house, done.says), HTTPStatus.FORBIDDEN
            else:
                errors.append(("plan", str(done)))
    elif board:
        typed = {"title": f"{board.name} joint plan", "plan": begins_with(board.name)}
    context = {
        "section": "plans",
        "asked": asked,
        "board": board,
        "illustrative": bool(area and area.illustrative),
        "mark": MARK if area and area.illustrative else "",
        "typed": typed,
        "refused": refused,
        "errors": errors,
        "key": new_key(),
        **_by_rules(house, rules, held),
        **about_page(house, rules),
    }
    return render(request, "web/plan_new.jinja", context, status=HTTPStatus.BAD_REQUEST if errors else status)


def _asked(
    house: House, held: tuple[Holding, ...], rules: str, board: str, *, needed: bool
) -> tuple[RuleSet, tuple[Board, Area] | None, list[tuple[str, str]]]:
    """The rules and the board that were asked for, and what is wrong with either; ``needed``: a board has to be named."""
    chosen = house.rulebook.named(RULES)
    try:
        chosen = chosen_rules(house, held, rules)
    except Unusable as error:
        return chosen, None, [("rules", str(error))]
    if not board and not needed:
        return chosen, None, []
    try:
        return chosen, find_board(house, board, chosen), []
    except Unusable as error:
        return chosen, None, [("board", str(error))]


def _by_rules(house: House, rules: RuleSet, held: tuple[Holding, ...]) -> dict[str, object]:
    """What the page says of the rules that are chosen, and of the boards under them."""
    kept = {} if rules.name == RULES else {"rules": rules.name}
    places = house.areas.real(rules.about.places).england.places
    return {
        "rules": rules,
        "sets": [(each.name, f"{each.about.title} ({each.name})") for each in plannable(house)],
        "commissioner": places.commissioner,
        "mine": [
            (each.name, reverse("plan-new", query={**kept, "board": each.code}))
            for each in led_boards(house, held, rules)
        ],
        "every": [(each.name, each.code) for each in places.boards.values()],
        "again": reverse("plan-new", query=kept or None),
    }


def find_board(house: House, asked: str, rules: RuleSet) -> tuple[Board, Area]:
    """A board by its code or its name, in the places of some rules. NotHere with the nearest."""
    areas = house.areas.of_places(rules.about.places)
    for area in areas:
        for board in area.england.places.boards.values():
            if asked.casefold() in {board.code.casefold(), board.name.casefold()}:
                return board, area
    if not asked:
        raise NotHere("Write the code or the name of the board that the plan is for.")
    area = house.areas.of_board(asked, rules.about.places)
    return area.england.places.board(asked), area


def begins_with(name: str) -> str:
    """What the address of a plan may begin with, made from a name."""
    return re.sub(r"[^a-z0-9]+", "-", name.casefold().replace("'", "")).strip("-")[:60] or "plan"


_BEGINS = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}")


def address_for(actor: Actor, begins: str) -> str:
    """The address of a plan that a form starts: what was typed, and after it a code that nobody chooses.

    So none is ever taken, and nobody learns by trying whether there is a plan that is not theirs to read. The same form makes
    the same address. Unusable for what cannot stand in one.
    """
    if not _BEGINS.fullmatch(begins):
        raise Unusable(
            f"“{begins[:60]}” cannot be a plan's address. Use letters, digits and hyphens, at most 60."
        )
    code = salted_hmac("carepool.plan", f"{actor.account} {actor.key} {begins}", algorithm="sha256")
    return f"{begins}-{code.hexdigest()[:8]}"


def _wrong(typed: dict[str, str]) -> list[tuple[str, str]]:
    errors = []
    if wrong := wrong_title(typed["title"]):
        errors.append(("title", wrong))
    if not typed["plan"]:
        errors.append(("plan", "Write what the plan's address begins with, like merrow."))
    return errors


def _start(
    house: House, actor: Actor, typed: dict[str, str], board: Board, rules: RuleSet
) -> Done | Refused | Unusable:
    try:
        address = address_for(actor, typed["plan"])
        return carried_out(
            house, lambda: start_plan(house, actor, address, rules.name, (board.code,), typed["title"])
        )
    except Unusable as error:
        return error
