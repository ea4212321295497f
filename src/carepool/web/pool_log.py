"""The log of risks and actions of a pool, kept by its partners: live, with what it was before."""

from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from carepool.actions.permits import Actor
from carepool.actions.pool_log import change_in_log, enter_in_log, log_now, words_in
from carepool.actions.pools import partner_body
from carepool.basics.refusals import NotHere, Refused
from carepool.journal.commands import Done
from carepool.pool.log import Entry, in_order
from carepool.render.words import day, pence
from carepool.web.acts import (
    Act,
    Answers,
    Ask,
    Table,
    Wrong,
    act_page,
    answers_of,
    carry_out_act,
    unknown_act,
)
from carepool.web.asking import HouseRequest
from carepool.web.people import names_of
from carepool.web.pool_frame import PoolPage

SCALE = tuple((str(each), str(each)) for each in range(1, 6))


def _mine(shown: PoolPage) -> list[tuple[str, str]]:
    """The partners for which who is signed in keeps the log."""
    bodies = [partner_body(each) for each in shown.opening.partners]
    return [(each, shown.name(each)) for each in bodies if shown.may("keep_log", each)]


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HouseRequest, pool: str) -> HttpResponse:
    """The log, and the forms by which a partner enters a risk or an action."""
    shown = PoolPage(request, pool)
    mine = _mine(shown)
    everybody = tuple((partner_body(each), shown.names[each.code]) for each in shown.opening.partners)
    answers, problem, sent = Answers({}, {}), None, ""

    def do(actor: Actor, act: str, answers: Answers) -> Done | Refused:
        if act not in {"risk", "action"}:
            raise unknown_act(act)
        return enter_in_log(
            shown.house, actor, pool, answers.text("body") or (mine[0][0] if mine else ""), act, answers.text("words"),
            answers.text("owner"), likelihood=_number(answers, "likelihood"), impact=_number(answers, "impact"),
            pence=answers.pence("pence", needed=False) or 0, due=answers.day("due", needed=False),
        )  # fmt: skip

    if request.method == "POST":
        answers = answers_of(request)
        sent = answers.text("act")
        problem = carry_out_act(request, sent, answers, do, shown.said)
        if problem is None:
            return redirect(shown.href("pool-log"))
    found = in_order(log_now(shown.house, pool, shown.when.upto))
    words = words_in(shown.house, found)
    frame = shown.frame("pool-log")
    errors = [*(frame["errors"] or []), *([(f"{sent}-{problem.field}", problem.says)] if problem else [])]  # type: ignore[misc]  # a list, as every page's
    context = {
        **frame,
        "sentence": _sentence(shown, found),
        "risks": [_risk(shown, each, words[each.words]) for each in found if each.sort == "risk"],
        "actions": [_action(shown, each, words[each.words]) for each in found if each.sort == "action"],
        "acts": _acts(mine, everybody) if mine else [],
        "typed": answers.typed,
        "sent": sent,
        "problem": problem,
        "errors": errors,
        "nothing": "The log is kept by the partners: their finance officers and the pool manager enter what they see.",
    }
    status = problem.status if problem else HTTPStatus.BAD_REQUEST if shown.when.error else HTTPStatus.OK
    return render(request, "web/pool_log.jinja", context, status=status)


def _number(answers: Answers, name: str) -> int:
    typed = answers.text(name)
    if not typed:
        return 0
    if typed not in {each for each, _ in SCALE}:
        raise Wrong(name, "Choose a number from 1 to 5.")
    return int(typed)


def _acts(mine: list[tuple[str, str]], everybody: tuple[tuple[str, str], ...]) -> list[Act]:
    body = (Ask("body", "For which partner you enter it", "choice", choices=tuple(mine)),) if len(mine) > 1 else ()  # fmt: skip
    owner = Ask("owner", "Whose it is", "choice", choices=everybody)
    risk = (
        *body, Ask("words", "The risk, and what is done about it", "words"), owner,
        Ask("likelihood", "How likely, from 1 to 5", "choice", choices=SCALE),
        Ask("impact", "How bad, from 1 to 5", "choice", choices=SCALE),
        Ask("pence", "What it could cost", "money", "Leave it empty where nobody can say."),
    )  # fmt: skip
    action = (
        *body, Ask("words", "What is to be done", "words"), owner,
        Ask("due", "By when", "day", "For example, 2015-09-30."),
    )  # fmt: skip
    return [
        Act("risk", "Enter a risk", "Enter the risk", risk),
        Act("action", "Enter an action", "Enter the action", action),
    ]


def _sentence(shown: PoolPage, found: tuple[Entry, ...]) -> str:
    on = shown.when.day or shown.house.today
    open_ = [each for each in found if each.closed_at is None]
    late = [each for each in open_ if each.late(on)]
    if not found:
        return "Nothing is entered yet. What could go wrong, and what is to be done, will stand here."
    risks = sum(each.sort == "risk" for each in open_)
    said = f"{risks} {'risk is' if risks == 1 else 'risks are'} open, and {len(open_) - risks} to be done"
    return f"{said}; {len(late)} past {'its' if len(late) == 1 else 'their'} day." if late else f"{said}."


def _standing(shown: PoolPage, each: Entry) -> str:
    if each.closed_at:
        return f"Closed on {day(each.closed_at)}"
    return "Past its day" if each.late(shown.when.day or shown.house.today) else "Open"


def _more(shown: PoolPage, each: Entry) -> tuple[str, str]:
    return "History" if each.closed_at else "History and change", shown.href("pool-log-entry", entry=each.id)


def _risk(shown: PoolPage, each: Entry, words: str) -> tuple[object, ...]:
    return (
        words, shown.name(each.owner), str(each.likelihood), str(each.impact), str(each.score),
        pence(each.pence) if each.pence else "", _standing(shown, each), _more(shown, each),
    )  # fmt: skip


def _action(shown: PoolPage, each: Entry, words: str) -> tuple[object, ...]:
    return (
        words, shown.name(each.owner), day(each.due) if each.due else "",
        _standing(shown, each), _more(shown, each),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def entry(request: HouseRequest, pool: str, entry: str) -> HttpResponse:
    """One entry: what it said when, and the form by which it is changed or closed."""
    shown = PoolPage(request, pool)
    found = next((each for each in log_now(shown.house, pool, shown.when.upto) if each.id == entry), None)
    if found is None:
        raise NotHere(f"There is no entry {entry} in this log. Its page has them all.")
    mine = _mine(shown)
    names = names_of([found.by, *(by for _, by, _ in found.changes)])
    said = words_in(shown.house, [found])
    rows = [(day(found.at), names[found.by], said[found.words])]
    rows += [(day(at), names[by], said[words]) for at, by, words in found.changes]
    asks: tuple[Ask, ...] = (Ask("words", "What has changed, and why", "words"),)
    if found.sort == "risk":
        asks += (
            Ask("likelihood", "How likely now, from 1 to 5", "choice", choices=SCALE, value=str(found.likelihood)),
            Ask("impact", "How bad now, from 1 to 5", "choice", choices=SCALE, value=str(found.impact)),
        )  # fmt: skip
    else:
        asks += (Ask("due", "By when", "day", value=found.due.isoformat() if found.due else ""),)
    acts = [
        Act("change", "Change it", "Change it", asks),
        Act("close", "Close it", "Close it", (Ask("words", "Why it is closed", "words"),), warns=True),
    ]

    def do(actor: Actor, act: str, answers: Answers) -> Done | Refused:
        if act not in {"change", "close"}:
            raise unknown_act(act)
        return change_in_log(
            shown.house, actor, pool, mine[0][0] if mine else "", entry, answers.text("words"),
            likelihood=_number(answers, "likelihood"), impact=_number(answers, "impact"),
            due=answers.day("due", needed=False), close=act == "close",
        )  # fmt: skip

    title = "A risk" if found.sort == "risk" else "An action"
    says = [f"{shown.name(found.owner)}. {_standing(shown, found)}."]
    table = Table(
        "What it said when", [("When", "text"), ("Who", "text"), ("Words", "text")], rows, "history"
    )
    return act_page(
        request, shown, title, says, acts if mine and found.closed_at is None else [], do, shown.href("pool-log"), [table],
        "It is closed." if found.closed_at else "The log is kept by the partners.", here="pool-log", template="web/pool_act.jinja",
    )  # fmt: skip
