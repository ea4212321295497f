"""A plan's assurance: its outcome and conditions, what both reviews became, savings, escalation, and the small forms that move it on."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from carepool.actions.assurance_rollup import Followed, followed_of, pairs
from carepool.actions.assurances import judged_in, national_for, review_for, signed_in, words_in
from carepool.actions.assuring import (
    Answer,
    Unfinished,
    ask_resubmission,
    assign_reviewer,
    close_condition,
    declare_conflict,
    direct_money,
    lift_direction,
    reopen_review,
    step_down,
    take_step,
)
from carepool.actions.permits import Actor
from carepool.assurance import agreement as agreeing
from carepool.assurance import outcome as outcomes
from carepool.assurance import savings as saving
from carepool.assurance.judgement import Item, Judgement
from carepool.assurance.ladder import next_up
from carepool.assurance.record import State
from carepool.basics.money import in_pounds
from carepool.basics.refusals import Refused
from carepool.journal.commands import Done
from carepool.measures.variation import explain_among
from carepool.offices.holdings import holdings
from carepool.offices.holdings import stream_of as office_stream
from carepool.plans.parts import day_typed, pence_typed
from carepool.render import assurance_answers
from carepool.render.words import day
from carepool.rules.schema import Redeployment
from carepool.web.acting import NOT_SIGNED_IN, Problem, carry_out
from carepool.web.asking import HouseRequest, json_answer
from carepool.web.assurance_frame import COLOURS, AssurancePage
from carepool.web.decisions import shown_errors
from carepool.web.frame import actor_of
from carepool.web.people import body_name, names_of, who_can

DONE = {
    "assign": "Recorded: the reviewer is chosen.",
    "conflict": "Recorded: your interest is declared, and you review this plan no more.",
    "reopen": "Recorded: the version is open for review.",
    "met": "Recorded: the condition is met.",
    "not_met": "Recorded: the condition was looked at and is not met.",
    "again": "Recorded: the plan is due again.",
    "step": "Recorded: the step is taken.",
    "down": "Recorded: escalation steps down.",
    "direct": "Recorded: the direction is given.",
    "lift": "Recorded: the direction is lifted.",
    "review": "Recorded: your review is in. Nobody else reads it before both are.",
    "moderated": "Recorded: both reviews are moderated.",
    "decided": "Recorded: the outcome is decided.",
}
LONGEST_FIELD = 10_001


@dataclass(frozen=True, slots=True)
class Typed:
    """What was sent with a form that could not be carried out."""

    do: str = ""
    name: str = ""
    words: str = ""
    day: str = ""
    amount: str = ""
    to: str = ""


def page(request: HouseRequest, plan: str) -> HttpResponse:
    """The page; a form that is sent is carried out first."""
    shown = AssurancePage(request, plan)
    if request.method == "POST":
        return _send(request, shown)
    return show(request, shown)


def as_json(request: HouseRequest, plan: str) -> HttpResponse:
    """Where the plan's assurance stands, as JSON. What a review says is not in it."""
    shown = AssurancePage(request, plan)
    followed = followed_of(shown.house, shown.found, shown.when.day)
    if followed is None:
        return json_answer({"plan": plan, "version": None, "state": shown.found.state})
    return json_answer(assurance_answers.shown(followed, _agreement(shown, followed), shown.when.day or shown.house.today))  # fmt: skip


# Writing


def _send(request: HouseRequest, shown: AssurancePage) -> HttpResponse:
    def sent(name: str, longest: int = 200) -> str:
        return request.POST.get(name, "").replace("\r\n", "\n")[:longest]

    typed = Typed(
        sent("do"), sent("name"), sent("words", LONGEST_FIELD), sent("day"), sent("amount"), sent("to")
    )
    field = f"{typed.do}-{typed.name}" if typed.name else typed.do
    account = shown.account
    if account is None:
        return show(request, shown, typed, Problem(NOT_SIGNED_IN, "act", HTTPStatus.FORBIDDEN))
    act = _deed(shown, actor_of(request, account), typed, sent("digest", 80))
    if isinstance(act, Problem):
        return show(request, shown, typed, act)
    done = carry_out(shown.house, field, act)
    if isinstance(done, Done):
        query = {"done": typed.do}
        return redirect(reverse("plan-assurance", kwargs={"plan": shown.view.history.id}, query=query))
    return show(request, AssurancePage(request, shown.view.history.id), typed, done)


def _deed(
    shown: AssurancePage, actor: Actor, typed: Typed, digest: str
) -> Callable[[], Done | Refused] | Problem:
    """What a form asks for, or what is wrong with its fields."""
    house, plan = shown.house, shown.view.history.id

    def as_refused(answer: Answer) -> Done | Refused:
        return Refused(answer.says) if isinstance(answer, Unfinished) else answer

    simple: dict[str, Callable[[], Answer]] = {
        "assign": lambda: assign_reviewer(house, actor, plan, typed.name, typed.to),
        "conflict": lambda: declare_conflict(house, actor, plan, typed.name, typed.words),
        "reopen": lambda: reopen_review(house, actor, plan, digest),
        "met": lambda: close_condition(house, actor, plan, typed.name, typed.words, met=True),
        "not_met": lambda: close_condition(house, actor, plan, typed.name, typed.words, met=False),
        "step": lambda: take_step(house, actor, plan, typed.name, typed.words),
        "down": lambda: step_down(house, actor, plan, typed.to, typed.words),
        "lift": lambda: lift_direction(house, actor, plan, _number(typed.name), typed.words),
    }
    if typed.do in simple:
        return lambda: as_refused(simple[typed.do]())
    try:
        if typed.do == "again":
            due = day_typed(typed.day)
            return lambda: as_refused(ask_resubmission(house, actor, plan, due, typed.words))
        if typed.do == "direct":
            pence = pence_typed(typed.amount)
            return lambda: as_refused(
                direct_money(house, actor, plan, typed.name, pence, typed.to.strip(), typed.words)
            )
    except ValueError as error:
        said = str(error)
        field = "again-day" if typed.do == "again" else "direct-amount"
        return Problem(f"{said[:1].upper()}{said[1:]}.", field, HTTPStatus.BAD_REQUEST)
    return Problem("Use one of the buttons of this page.", "act", HTTPStatus.BAD_REQUEST)


def _number(written: str) -> int:
    return int(written) if written.isascii() and written.isdecimal() and len(written) < 9 else -1


# Reading


def show(
    request: HouseRequest, shown: AssurancePage, typed: Typed | None = None, problem: Problem | None = None
) -> HttpResponse:
    """The page, with what could not be carried out."""
    found = shown.found
    followed = followed_of(shown.house, found, shown.when.day)
    frame = shown.frame("plan-assurance")
    people = _people(shown)
    context = {
        **frame,
        "errors": [*shown_errors(frame), *([(_field(problem), shown.said(problem.says))] if problem else [])],
        "problem": problem,
        "typed": typed or Typed(),
        "done": DONE.get(request.GET.get("done", ""), "") if shown.account and not problem else "",
        "sentence": shown.sentence(),
        "state": (found.state, COLOURS[found.state]),
        "outcome": _outcome(shown, people),
        "conditions": _conditions(shown, people),
        "moderated": _moderated_rows(shown),
        "suggested": _suggested(shown),
        "reviews": _reviews(shown, people),
        "followed": followed,
        "savings": _savings(followed),
        "workings": _workings(shown, followed),
        "ladder": _ladder(shown, people),
        "directions": _directions(shown, people),
        "acts": _acts(shown),
        "who": _who(shown),
        "json_href": shown.href("plan-assurance-json"),
    }
    status = problem.status if problem else HTTPStatus.BAD_REQUEST if shown.when.error else HTTPStatus.OK
    return render(request, "web/assurance.jinja", context, status=status)


def _field(problem: Problem) -> str:
    return problem.field if problem.field in {"again-day", "direct-amount"} else "act"


def _people(shown: AssurancePage) -> dict[str, str]:
    record = shown.record
    accounts = [each.account for each in record.assigned.values()]
    accounts += [each.by for each in record.reviews] + [each.by for each in record.decided]
    accounts += [each.by for each in record.conditions] + [each.by for each in record.moves]
    return names_of(accounts + [each.by for each in record.directions])


def _outcome(shown: AssurancePage, people: dict[str, str]) -> dict[str, object] | None:
    """The outcome of the version that stands, or else the last one of an earlier version, as it was signed."""
    record, history = shown.record, shown.view.history
    if not record.decided:
        return None
    latest = record.decided[-1]
    signed = signed_in(shown.house, latest)
    titles = {each.id: each for each in shown.found.rules.assurance.outcomes}
    version = history.with_digest(latest.plan)
    return {
        "title": titles[latest.outcome].title,
        "says": titles[latest.outcome].says,
        "version": version.number if version else "unknown",
        "current": latest.plan == shown.found.digest,
        "by": people[latest.by],
        "at": day(latest.at),
        "suggested": titles[signed.suggested].title if signed else "",
        "otherwise": signed.otherwise if signed else False,
        "reasons": signed.reasons if signed else "These words were withdrawn; their digest stands.",
        "again": record.again,
        "again_words": words_in(shown.house, record.again.words) if record.again else "",
    }


@dataclass(frozen=True, slots=True)
class ConditionShown:
    """A condition as it is read."""

    id: str
    words: str
    due: str
    state: str
    colour: str
    said: str
    """What was found when it was last looked at."""
    open: bool


def _conditions(shown: AssurancePage, people: dict[str, str]) -> list[ConditionShown]:
    written = {each.document: signed_in(shown.house, each) for each in shown.record.decided}
    today = shown.when.day or shown.house.today
    found = []
    for each in shown.record.conditions:
        signed = written.get(each.document)
        words = (
            signed.conditions[each.place] if signed else "These words were withdrawn; their digest stands."
        )
        overdue = each.overdue(today)
        state = "Overdue" if overdue else str(each.state)
        colour = "orange" if overdue else "blue" if each.is_open else "green"
        said = ""
        if each.evidence and each.at:
            said = f"{people[each.by]}, {day(each.at)}: {words_in(shown.house, each.evidence)}"
        found.append(ConditionShown(each.id, words, day(each.due), state, colour, said, each.is_open))
    return found


def _judged(shown: AssurancePage) -> Judgement | None:
    moderated = shown.record.moderated_on(shown.found.digest)
    return judged_in(shown.house, moderated.document) if moderated else None


def _moderated_rows(shown: AssurancePage) -> list[tuple[str, str, str]]:
    judged = _judged(shown)
    return _rows(shown.found.items, judged) if judged else []


def _rows(items: Iterable[Item], judged: Judgement) -> list[tuple[str, str, str]]:
    return [
        (each.asks, each.title(judged.level(each.key)), judged.items[each.key].words)
        for each in items
        if each.key in judged.items
    ]


def _suggested(shown: AssurancePage) -> dict[str, object] | None:
    judged = _judged(shown)
    if judged is None:
        return None
    rules, items = shown.found.rules, shown.found.items
    suggested = outcomes.suggest(rules, judged)
    by_key = {each.key: each for each in items}
    return {
        "title": rules.assurance.outcome(suggested.outcome).title,
        "working": outcomes.explain(rules, suggested),
        "changes": [
            (by_key[each.item].asks, by_key[each.item].title(each.before), by_key[each.item].title(each.after), rules.assurance.outcome(each.outcome).title)
            for each in outcomes.would_change(rules, items, judged)
        ],
    }  # fmt: skip


def _reviews(shown: AssurancePage, people: dict[str, str]) -> dict[str, object]:
    """Each side's review: only what who asks may read, and otherwise that it is in or awaited."""
    found, record = shown.found, shown.record
    held = record.on(found.digest)
    sides = []
    for side in found.sides:
        review = held.get(side)
        judged = review_for(shown.house, found, review, shown.id) if review else None
        assigned = record.assigned.get(side)
        named = found.rules.assurance.reviewers_named or shown.insider
        who = people.get(review.by if review else assigned.account if assigned else "", "") if named else ""
        sides.append(
            {
                "side": side,
                "title": shown.side_title(side),
                "who": who,
                "in": day(review.at) if review else "",
                "judged": judged,
                "words": judged.words if judged else "",
                "assigned": assigned is not None,
            }
        )
    columns = [each for each in sides if each["judged"]]
    rows = [
        (item.asks, *(_said(item, each["judged"]) for each in columns))
        for item in found.items
        if columns
    ]  # fmt: skip
    return {"sides": sides, "columns": [str(each["title"]) for each in columns], "rows": rows}


def _said(item: Item, judged: object) -> str:
    assert isinstance(judged, Judgement)  # noqa: S101 (only what could be read has a column)
    found = judged.items.get(item.key)
    if found is None:
        return "Not answered"
    return f"{item.title(found.level)}. {found.words}".rstrip(". ") + "."


def _savings(followed: Followed | None) -> list[tuple[object, ...]]:
    if followed is None:
        return []
    waits = "Not moderated yet"
    return [
        (
            f"{each.number + 1}. {each.scheme}", each.kind.replace("_", " "), in_pounds(each.promised),
            each.grade.title if each.grade else waits, each.confidence.title if each.confidence else waits,
            each.plausible.title, waits if each.credible is None else in_pounds(each.credible),
        )
        for each in followed.savings
    ]  # fmt: skip


def _agreement(shown: AssurancePage, followed: Followed) -> agreeing.Agreement:
    found = shown.found
    held = pairs(shown.house, found, followed.version.digest, len(followed.savings))
    return agreeing.agreement(held, len(found.rules.enquiries.answers))


def _workings(shown: AssurancePage, followed: Followed | None) -> dict[str, object]:
    if followed is None:
        return {}
    rules = shown.found.rules
    agreed = _agreement(shown, followed)
    found: dict[str, object] = {
        "promised": saving.explain_promised(followed.savings),
        "credible": saving.explain_credible(rules, followed.savings, followed.delivered),
    }
    if followed.delivered:
        found["delivered"] = saving.explain_delivered(rules, followed.delivered)
    if followed.among:
        found["among"] = explain_among(followed.among)
    if agreed.answers:
        source = f"both reviews of version {followed.version.number}"
        found["agreement"] = agreeing.explain(agreed, source)
        found["agreed"] = agreed
    return found


def _ladder(shown: AssurancePage, people: dict[str, str]) -> dict[str, object]:
    record, rules = shown.record, shown.found.rules
    titles = {each.id: each.title for each in rules.assurance.ladder}
    return {
        "on": titles.get(record.rung, ""),
        "rungs": [(each.id, each.title, each.says, each.id == record.rung) for each in rules.assurance.ladder],
        "moves": [
            (day(each.at), "Up" if each.up else "Down", titles.get(each.rung, "Ended"), people[each.by], words_in(shown.house, each.words))
            for each in record.moves
        ],
    }  # fmt: skip


def _directions(shown: AssurancePage, people: dict[str, str]) -> list[tuple[object, ...]]:
    redeployment = shown.found.rules.find("redeployment", Redeployment)
    powers = {each.id: each.says for each in redeployment.powers} if redeployment else {}
    return [
        (
            each.number, powers.get(each.power, each.power), body_name(shown.house, each.body), in_pounds(each.pence),
            body_name(shown.house, each.destination) if each.destination else "Kept back",
            f"{words_in(shown.house, each.words)} ({people[each.by]}, {day(each.at)})",
            f"Lifted on {day(each.lifted_at)}" if each.lifted_at else "Stands",
        )
        for each in shown.record.directions
    ]  # fmt: skip


def _acts(shown: AssurancePage) -> dict[str, object]:
    """What who is signed in can do here now."""
    found, record = shown.found, shown.record
    version = found.version
    if version is None or not shown.id or shown.when.day:
        return {}
    decided = record.decided_on(version.digest)
    reviewing = not decided and (not record.decided or version.digest in record.reopened)
    acts: dict[str, object] = {"version": version}
    if reviewing and shown.may("assign_reviewers"):
        acts["assign"] = [
            (side, shown.side_title(side), _candidates(shown, side), record.assigned[side].account if side in record.assigned else "")
            for side in found.sides
            if side not in record.on(version.digest)
        ]  # fmt: skip
    mine = shown.my_sides()
    if reviewing and mine:
        acts["review"] = [
            (side, shown.side_title(side), side in record.on(version.digest), found.both_in) for side in mine
        ]
        acts["conflict"] = [] if record.moderated_on(version.digest) else [(side, shown.side_title(side)) for side in mine]  # fmt: skip
    if found.state is State.BOTH_IN or (found.state is State.MODERATED):
        acts["moderate"] = shown.may("moderate_review")
    acts["decide"] = found.state is State.MODERATED and shown.may("approve_plan")
    acts["reopen"] = bool(record.decided) and not decided and version.digest not in record.reopened and shown.may("assign_reviewers")  # fmt: skip
    acts["close"] = [each.id for each in record.open_conditions] if shown.may("meet_condition") else []
    acts["again"] = bool(record.decided) and shown.may("approve_plan")
    if shown.may("escalate_plan"):
        following = next_up(found.rules, record)
        names = [each.id for each in found.rules.assurance.ladder]
        lower = found.rules.assurance.ladder[: names.index(record.rung)] if record.rung in names else ()
        acts["step"], acts["down"] = (
            following,
            [(each.id, each.title) for each in lower] if record.rung else None,
        )
    if shown.may("direct_money"):
        acts["direct"] = _powers(shown)
        acts["lift"] = [each.number for each in record.active_directions]
    return acts


def _powers(shown: AssurancePage) -> list[tuple[str, str]]:
    """The powers that may be used on the step that the plan stands on."""
    rung = next((each for each in shown.found.rules.assurance.ladder if each.id == shown.record.rung), None)
    redeployment = shown.found.rules.find("redeployment", Redeployment)
    if rung is None or redeployment is None:
        return []
    return [(each.id, each.says) for each in redeployment.powers if each.id in rung.powers]


def _candidates(shown: AssurancePage, side: str) -> list[tuple[str, str]]:
    """Who holds an office that reviews for a side today."""
    offices = shown.found.rules.authorities.of("review_plan").offices
    held = holdings(shown.house.journal.read(office_stream(shown.body_of(side))))
    accounts = [each.account for each in held if each.office in offices and each.on(shown.house.today)]
    names = names_of(accounts)
    return [(each, names[each]) for each in dict.fromkeys(accounts)]


def _who(shown: AssurancePage) -> list[str]:
    """Who can do what is awaited, in sentences; nothing on a page as at another day: offices are today's."""
    if shown.when.day or shown.found.version is None:
        return []
    action = {
        State.NOT_ASSIGNED: "assign_reviewers",
        State.BOTH_IN: "moderate_review",
        State.MODERATED: "approve_plan",
    }.get(shown.found.state)
    if action is None:
        return []
    return who_can(shown.house, shown.found.rules, action, national_for(shown.found.rules, action))
