"""Delivery of a plan by scheme, and of all plans together: what was promised, what is credible, and what was told as delivered."""

from decimal import Decimal
from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from carepool.actions.areas import MARK
from carepool.actions.delivering import (
    Delivery,
    NationalDelivery,
    Rolled,
    delivery_of,
    make_recovery_of,
    may_tell,
    national_delivery,
    set_milestone_of,
    tell_delivery_of,
    tell_milestone_of,
    tell_recovery_of,
)
from carepool.actions.nation import RULES
from carepool.actions.permits import Actor
from carepool.actions.reading import known_plans
from carepool.actions.wordings import words_under
from carepool.basics.money import in_pounds
from carepool.basics.periods import Quarter
from carepool.basics.refusals import NotHere, Refused
from carepool.journal.commands import Done
from carepool.plans.parts import number_typed
from carepool.render import delivery_answers as answers
from carepool.render.words import day
from carepool.web.acts import Act, Answers, Ask, Wrong, answers_of, carry_out_act, unknown_act
from carepool.web.asking import HouseRequest, json_answer
from carepool.web.frame import PlanPage, account_of, read_when
from carepool.web.people import names_of
from carepool.web.words import about_page

SCHEMES = [
    ("Scheme", "text"), ("Benefit", "text"), ("Promised for the year", "money"), ("Credible", "money"), ("Planned so far", "money"),
    ("Delivered", "money"), ("Of it", "text"), ("Activity planned so far", "number"), ("Activity", "number"), ("Standing", "text"),
]  # fmt: skip
_DONE = {
    "milestone": "The milestone is set.", "progress": "It is told.", "tell": "It is told.",
    "recover": "The recovery plan is made.", "recovering": "It is told.",
}  # fmt: skip
YES, NO = ("yes", "It is done"), ("no", "Not yet")


def page(request: HouseRequest, plan: str) -> HttpResponse:
    """The page, and whatever one of its forms asks."""
    shown = PlanPage(request, plan)
    given, problem, sent = Answers({}, {}), None, ""

    def do(actor: Actor, act: str, answered: Answers) -> Done | Refused:
        return _do(shown, actor, act.partition("-")[0], answered)

    if request.method == "POST":
        given = answers_of(request)
        sent = given.text("act")
        problem = carry_out_act(request, sent, given, do, shown.said)
        if problem is None:
            return redirect(f"{shown.href('plan-delivery')}?done={sent.partition('-')[0]}")
    frame = shown.frame("plan-returns")
    errors = frame["errors"]
    assert isinstance(errors, list)  # noqa: S101 (every frame's)
    try:
        found, why = delivery_of(shown.house, plan, shown.when.upto, shown.when.day, shown.view), ""
    except NotHere as error:
        found, why = None, str(error)
    context = {
        **frame,
        "found": found,
        "why": why,
        "done": _DONE.get(request.GET.get("done", ""), "") if problem is None and shown.account else "",
        "columns": SCHEMES,
        "typed": given.typed if problem else {},
        "sent": sent if problem else "",
        "problem": problem,
        "errors": [*errors, *([(f"{sent}-{problem.field}", problem.says)] if problem else [])],
        "acts": [],
        **(_of(shown, found) if found else {}),
    }
    status = problem.status if problem else HTTPStatus.BAD_REQUEST if shown.when.error else HTTPStatus.OK
    return render(request, "web/delivery.jinja", context, status=status)


def _of(shown: PlanPage, found: Delivery) -> dict[str, object]:
    today, house = shown.when.day or shown.house.today, shown.house
    outcomes = [each for _, each in sorted(found.told.outcomes.items())]
    names, words = names_of(each.by for each in outcomes), words_under(house, answers.words_named(found))
    own = shown.account is not None and not shown.when.day and may_tell(house, found.agreed, shown.account.id)  # fmt: skip
    return {
        "sentence": _sentence(found),
        "findings": found.findings,
        "schemes": [
            (
                _scheme(found, each.promise.scheme), answers.kind_words(each.promise.kind), in_pounds(each.promise.pence),
                None if each.promise.credible is None else in_pounds(each.promise.credible), in_pounds(each.planned), in_pounds(each.delivered),
                answers.percent_of(each), answers.figure(each.planned_activity), answers.figure(each.activity),
                "Nothing told yet" if not each.quarters else "Off track" if each.off(found.rule) else "On track",
            )
            for each in found.lines
        ],
        "told": [
            (
                str(each.quarter), _scheme(found, each.scheme), answers.kind_words(each.kind), answers.figure(each.activity), in_pounds(each.pence),
                f"{names[each.by]}, {day(each.at)}{'' if each.told == 1 else ', corrected'}", words[each.words],
            )
            for each in outcomes
        ],
        "milestones": [
            (
                _scheme(found, each.scheme), words[each.words], day(each.due), str(each.stands(today)),
                f"{'Done on' if each.said[-1].done else 'Forecast for'} {day(each.said[-1].on)}. {words[each.said[-1].words]}" if each.said else "",
            )
            for each in found.told.milestones.values()
        ],
        "recoveries": [
            {
                "title": f"{found.names.get(each.of, each.of)}: {'done' if each.done else f'to be done by {day(each.due)}'}",
                "id": f"recovery-{number}",
                "rows": [
                    (day(each.at), f"Made; the {found.agreed.rules.authorities.title(each.office).lower()} answers for it", words[each.words]),
                    *((day(at), "Done" if done else "It goes on", words[said]) for at, said, done in each.progress),
                ],
            }
            for number, each in enumerate(found.told.recoveries.values())
        ],
        "acts": _acts(found) if own else [],
        "national_href": reverse("delivery-national", query={"area": "county"} if found.agreed.area.illustrative else None),
        "json_href": shown.href("plan-delivery-json"),
    }  # fmt: skip


def _scheme(found: Delivery, scheme: str) -> str:
    return found.names.get(f"scheme/{scheme}", scheme)


def _sentence(found: Delivery) -> str:
    planned, done = (
        sum(each.planned for each in found.lines),
        sum(each.delivered for each in found.lines),
    )
    promised = sum(each.promise.pence for each in found.lines)
    if not any(each.quarters for each in found.lines):
        return (
            f"{in_pounds(promised)} is promised for {found.agreed.year}, and nothing has been told of it yet."
        )
    off = len(found.off)
    return (
        f"{in_pounds(promised)} is promised for {found.agreed.year}. Of the {in_pounds(planned)} planned so far {in_pounds(done)} was delivered, "
        f"and {off or 'nothing'} {'is' if off < 2 else 'are'} off track: less than {found.rule.off_track_below}% of plan, or said to be so by the last return."
    )


def _acts(found: Delivery) -> list[Act]:
    schemes = tuple((each.id, each.name or each.id) for each in found.agreed.plan.schemes.schemes)
    lines = tuple(
        (f"{each.promise.scheme}/{each.promise.kind}", f"{_scheme(found, each.promise.scheme)}: {answers.kind_words(each.promise.kind).lower()}")
        for each in found.lines
    )  # fmt: skip
    quarters = tuple((str(each), str(each)) for each in found.quarters)
    acts = []
    if lines:
        tell = (
            Ask("line", "Which promise", "choice", choices=lines),
            Ask("quarter", "Quarter", "choice", choices=quarters),
            Ask("activity", "Change in activity", hint="How many fewer in the quarter, as a number. Leave it empty where it is not counted."),
            Ask("pence", "What it saved", "money"),
            Ask("words", "What is to be said of it", "words", "The reasons, where it corrects what was told before."),
        )  # fmt: skip
        acts.append(Act("tell", "Tell what a scheme did in a quarter", "Tell it", tell))
    going = tuple((each.id, f"{_scheme(found, each.scheme)}, by {day(each.due)}") for each in found.told.milestones.values() if not (each.said and each.said[-1].done))  # fmt: skip
    if going:
        progress = (
            Ask("milestone", "Which milestone", "choice", choices=going),
            Ask("done", "Is it done?", "choice", choices=(YES, NO)),
            Ask("on", "When it was done, or for when it is forecast", "day", "For example, 1 December 2015."),
            Ask("words", "What is to be said of it", "words"),
        )
        acts.append(Act("progress", "Tell how a milestone stands", "Tell it", progress))
    milestone = (
        Ask("scheme", "Which scheme", "choice", choices=schemes),
        Ask("words", "What happens", "words"),
        Ask("on", "By when", "day", "For example, 1 December 2015."),
    )
    acts.append(Act("milestone", "Set a milestone", "Set it", milestone))
    return [*acts, *_recovering(found)]


def _recovering(found: Delivery) -> list[Act]:
    acts = []
    wants = tuple((of, found.names.get(of, of)) for of in found.off)
    if wants:
        offices = tuple((each.name, each.says) for each in found.agreed.rules.authorities.offices if set(each.of) & {"council", "ccg"})  # fmt: skip
        recover = (
            Ask("of", "For what", "choice", choices=wants),
            Ask("words", "What is done about it", "words"),
            Ask("on", "By when", "day", "A day to come."),
            Ask("office", "Which office answers for it", "choice", choices=offices),
        )
        acts.append(Act("recover", "Make a recovery plan", "Make the plan", recover))
    going = tuple(
        (of, found.names.get(of, of)) for of, each in found.told.recoveries.items() if not each.done
    )
    if going:
        tell = (
            Ask("of", "Which recovery plan", "choice", choices=going),
            Ask("words", "How it gets on", "words"),
            Ask("done", "Is it done?", "choice", choices=(YES, NO), value="no"),
        )
        acts.append(Act("recovering", "Tell how a recovery plan gets on", "Tell it", tell))
    return acts


def _do(shown: PlanPage, actor: Actor, act: str, given: Answers) -> Done | Refused:
    house, plan, words = shown.house, shown.view.history.id, given.text("words")
    match act:
        case "milestone":
            on = given.day("on")
            assert on is not None  # noqa: S101 (needed)
            return set_milestone_of(house, actor, plan, given.text("scheme"), words, on)
        case "progress":
            on = given.day("on")
            assert on is not None  # noqa: S101 (needed)
            return tell_milestone_of(
                house, actor, plan, given.text("milestone"), on, words, done=given.text("done") == "yes"
            )
        case "tell":
            if not given.text("line") or not given.text("quarter"):
                raise Wrong("line", "Choose the promise and the quarter.")
            scheme, _, kind = given.text("line").partition("/")
            pence = given.pence("pence")
            assert pence is not None  # noqa: S101 (needed)
            quarter = Quarter.parse(given.text("quarter")[:20])
            return tell_delivery_of(
                house, actor, plan, quarter, (scheme, kind), _activity(given), pence, words
            )
        case "recover":
            on = given.day("on")
            assert on is not None  # noqa: S101 (needed)
            return make_recovery_of(house, actor, plan, given.text("of"), words, on, given.text("office"))
        case "recovering":
            return tell_recovery_of(
                house, actor, plan, given.text("of"), words, done=given.text("done") == "yes"
            )
    raise unknown_act(act)


def _activity(given: Answers) -> Decimal | None:
    if not given.text("activity"):
        return None
    try:
        return number_typed(given.text("activity"))
    except ValueError as error:
        raise Wrong("activity", "Write a number, like 120.") from error


def as_json(request: HouseRequest, plan: str) -> HttpResponse:
    """The same as JSON. NotHere before the plan is signed off."""
    shown = PlanPage(request, plan)
    if shown.when.error:
        return json_answer({"problems": [{"field": "as_at", "says": shown.when.error}]}, status=400)
    found = delivery_of(shown.house, plan, shown.when.upto, shown.when.day, shown.view)
    words = words_under(shown.house, answers.words_named(found))
    data = answers.whole(found, words, shown.when.day or shown.house.today)
    return json_answer(data | ({"mark": MARK} if found.agreed.area.illustrative else {}))


# The nation.

TOGETHER = [
    ("Where", "text"), ("Schemes", "number"), ("Promised", "money"), ("Credible", "money"), ("Not known how credible", "number"),
    ("Planned so far", "money"), ("Delivered", "money"), ("Off track", "number"),
]  # fmt: skip


def nation(request: HouseRequest) -> HttpResponse:
    """From each scheme to the nation, of the plans that whoever asks may know of."""
    illustrative, when = request.GET.get("area", "") == "county", read_when(request)
    found = _national(request, illustrative=illustrative)
    signed_in = account_of(request)
    mine = {each.history.id for each in known_plans(request.house, signed_in.id if signed_in else None, when.upto) if each.mine}  # fmt: skip
    context = {
        "section": "assurance",
        "errors": [("as_at", when.error)] if when.error else [],
        "when": when,
        "illustrative": illustrative,
        "found": found,
        "mark": MARK if illustrative else "",
        "sentence": _national_sentence(found),
        "columns": TOGETHER,
        "regions": [_row(each) for each in found.regions],
        "boards": [_row(each) for each in found.boards],
        "together": _row(found.nation, "Together"),
        "schemes": [
            (
                each.name, (each.title, reverse("plan-delivery" if each.plan in mine else "plan-public", args=[each.plan])), in_pounds(each.promised),
                None if each.credible is None else in_pounds(each.credible), in_pounds(each.planned), in_pounds(each.told), "Off track" if each.off else "",
            )
            for each in found.nation.schemes
        ],
        "json_href": reverse("delivery-national-json", query=({"area": "county"} if illustrative else {}) | when.query() or None),
        "other": (reverse("delivery-national"), "England") if illustrative else (reverse("delivery-national", query={"area": "county"}), "the illustrative county"),
        **about_page(request.house, request.house.rulebook.named(RULES)),
    }  # fmt: skip
    status = HTTPStatus.BAD_REQUEST if when.error else HTTPStatus.OK
    return render(request, "web/delivery_national.jinja", context, status=status)


def nation_json(request: HouseRequest) -> HttpResponse:
    """The same as JSON."""
    when = read_when(request)
    if when.error:
        return json_answer({"problems": [{"field": "as_at", "says": when.error}]}, status=400)
    illustrative = request.GET.get("area", "") == "county"
    data = answers.national(_national(request, illustrative=illustrative))
    return json_answer(data | ({"mark": MARK} if illustrative else {}))


def _national(request: HouseRequest, *, illustrative: bool) -> NationalDelivery:
    house, account, when = request.house, account_of(request), read_when(request)
    known = {each.history.id for each in known_plans(house, account.id if account else None, when.upto)}  # fmt: skip
    return national_delivery(house, illustrative=illustrative, upto=when.upto, on=when.day, among=known)


def _row(each: Rolled, name: str = "") -> tuple[object, ...]:
    return (
        name or each.name, str(len(each.schemes)), in_pounds(each.promised), in_pounds(each.credible), str(each.not_known),
        in_pounds(each.planned), in_pounds(each.told), str(each.off),
    )  # fmt: skip


def _national_sentence(found: NationalDelivery) -> str:
    all_of = found.nation
    if not all_of.schemes:
        return "No plan that you can read promises anything yet."
    return (
        f"{len(all_of.schemes)} schemes promise {in_pounds(all_of.promised)}; {in_pounds(all_of.credible)} of it is credible; "
        f"of {in_pounds(all_of.planned)} planned so far {in_pounds(all_of.told)} was told as delivered, and {all_of.off or 'none'} {'is' if all_of.off == 1 else 'are'} off track."
    )
