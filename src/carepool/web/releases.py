"""A plan's payments to the pool: one statement for both sides, where each stands, disputes, corrections, and what was never earned."""

from collections.abc import Mapping
from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import redirect, render

from carepool.actions.areas import MARK
from carepool.actions.permits import Actor, permit
from carepool.actions.releasing import Money, money_of, without_money
from carepool.actions.settling import (
    Difference,
    body_of_side,
    decided_by_board,
    differences,
    statement_for,
    uses_of,
)
from carepool.actions.wordings import words_under
from carepool.basics.money import in_pounds
from carepool.basics.refusals import NotHere, Refused, Unusable
from carepool.journal.commands import Done
from carepool.offices.holdings import Permit
from carepool.places.bodies import BodyKind, body_id
from carepool.pool.accounts import Heading
from carepool.pool.approving import Side
from carepool.pool.books import Release
from carepool.pool.settled import Correction, Dispute, Said, Settled, of_correction, of_release
from carepool.pool.settling import unused
from carepool.render import release_answers as answers
from carepool.render.words import day
from carepool.web.acts import Answers, answers_of, carry_out_act
from carepool.web.asking import HouseRequest, json_answer
from carepool.web.frame import PlanPage
from carepool.web.people import body_name, names_of
from carepool.web.release_acts import Sides, acts_of, carry_out_of

STATEMENT = [
    ("Quarter", "text"), ("Baseline", "number"), ("Target", "number"), ("Outturn", "number"), ("It is from", "text"),
    ("At most", "money"), ("Computed", "money"), ("Paid", "money"),
]  # fmt: skip
PAYMENTS = [
    ("Payment", "text"), ("From", "text"), ("State", "text"), ("Disputed", "text"), ("Statement", "link"), ("Amount", "money"),
]  # fmt: skip
_DONE = {
    "propose": "It is proposed, and waits for two approvers, one of each side.",
    "approve": "It is approved. Where it was the second approval, the money has moved.",
    "correct": "The correction is proposed, and waits for two approvers, one of each side.",
    "dispute": "It is disputed: the other side sees your reasons.",
    "answer": "Your answer is recorded.",
    "end": "It is recorded. The dispute is settled once both sides say the same.",
    "use": "It is recorded, and counts once somebody of the board has confirmed it.",
    "confirm": "It is confirmed.",
}


def page(request: HouseRequest, plan: str) -> HttpResponse:
    """The page, and whatever one of its forms asks."""
    shown = PlanPage(request, plan)
    sent, problem, given = "", None, Answers({}, {})

    def do(actor: Actor, act: str, answered: Answers) -> Done | Refused:
        return carry_out_of(shown.house, actor, plan, act, answered)

    if request.method == "POST":
        given = answers_of(request)
        sent = given.text("act")
        problem = carry_out_act(request, sent, given, do, shown.said)
        if problem is None:
            return redirect(f"{shown.href('plan-releases')}?done={sent.partition('-')[0]}")
    frame = shown.frame("plan-money")
    errors = frame["errors"]
    assert isinstance(errors, list)  # noqa: S101 (every frame's)
    money, why = _money(shown)
    context = {
        **frame,
        "money": money,
        "why": why,
        "done": _DONE.get(request.GET.get("done", ""), "") if problem is None and shown.account else "",
        "typed": given.typed if problem else {},
        "sent": sent if problem else "",
        "problem": problem,
        "errors": [*errors, *([(f"{sent}-{problem.field}", problem.says)] if problem else [])],
        "columns": STATEMENT,
        "payment_columns": PAYMENTS,
        "acts": [],
        **(_of_money(shown, money) if money else {}),
    }
    status = problem.status if problem else HTTPStatus.BAD_REQUEST if shown.when.error else HTTPStatus.OK
    return render(request, "web/releases.jinja", context, status=status)


def _money(shown: PlanPage) -> tuple[Money | None, str]:
    if why := without_money(shown.view.rules):
        return None, why
    try:
        return money_of(shown.house, shown.view.history.id, shown.when.day, shown.when.upto), ""
    except (NotHere, Unusable) as error:
        return None, str(error)


def _of_money(shown: PlanPage, money: Money) -> dict[str, object]:
    books, settled = money.books, money.books.settled
    digest, content = statement_for(
        shown.house, money.agreed.id, "", shown.when.upto, shown.when.day or shown.house.today
    )
    wrong = differences(shown.house, money)
    sides = sides_of(shown, money)
    words = words_under(shown.house, answers.words_named(money.books))
    return {
        "sentence": _sentence(money, wrong),
        "digest": digest,
        "statement": answers.statement_rows(content),
        "statement_href": shown.href("plan-statement-txt"),
        "payments": [_release_row(shown, settled, each) for _, each in sorted(books.releases.items())]
        + [_correction_row(shown, settled, each) for each in settled.corrections.values()],
        "wrong": [
            (
                str(each.quarter), _ccg(shown, each.ccg), "To be released further" if each.pence > 0 else "To go back",
                each.cite, each.says, in_pounds(abs(each.pence)),
            )
            for each in wrong
        ],
        "disputes": [_dispute(each, words) for each in settled.disputes.values()],
        "fallen": [
            (str(each.quarter), _ccg(shown, each.ccg), day(each.at), _print(shown, each.statement), in_pounds(each.pence)) for each in settled.fallen
        ],
        "kept": [
            (_ccg(shown, ccg), in_pounds(books.amount(Heading.KEPT, ccg)), in_pounds(settled.used(ccg)), in_pounds(unused(books, ccg)))
            for ccg in money.due
        ]
        if books.kept_at
        else [],
        "uses": _uses(shown, money, words),
        "board_clause": decided_by_board(shown.house, books) if books.opening else "",
        "acts": acts_of(shown.house, money, sides, wrong, lambda ccg: _ccg(shown, ccg)) if shown.account and not shown.when.day else [],
        "json_href": shown.href("plan-releases-json"),
    }  # fmt: skip


def _sentence(money: Money, wrong: tuple[Difference, ...]) -> str:
    books = money.books
    if books.opening is None:
        return "The pool is not open yet. Its host opens it on the page of the plan's money; then what is earned can be released."
    waits = len(books.awaiting()) + len(books.settled.awaiting)
    disputed = sum(each.settled_at is None for each in books.settled.disputes.values())
    said = [f"{in_pounds(books.totals.released)} has been released to the pool"]
    said += [f"{waits} {'payment waits' if waits == 1 else 'payments wait'} for approval"] if waits else []
    said += [f"{disputed} {'is' if disputed == 1 else 'are'} in dispute"] if disputed else []
    said += (
        [f"{len(wrong)} {'is' if len(wrong) == 1 else 'are'} not what the statement comes to now"]
        if wrong
        else []
    )
    return f"{'; '.join(said)}."


def sides_of(shown: PlanPage, money: Money) -> Sides:
    """For which sides who is signed in may do what today."""
    account = shown.account
    if account is None:
        return Sides(frozenset(), account="")
    house, rules = shown.house, money.agreed.rules
    actor = Actor(account.id, "")
    found = set()
    for ccg in money.statement.by_ccg:
        for side in Side:
            body = body_of_side(money.agreed, side, ccg)
            for action in ("propose_release", "approve_release", "dispute_release", "record_use"):
                if isinstance(permit(house, rules, action, actor, body), Permit):
                    found.add((action, side, ccg))
    boards = frozenset(
        body
        for code in money.agreed.plan.parties.boards
        if isinstance(
            permit(house, rules, "confirm_use", actor, body := body_id(BodyKind.BOARD, code)), Permit
        )
    )
    return Sides(frozenset(found), boards, account.id, tuple(uses_of(house, money.agreed).items()))


def _ccg(shown: PlanPage, ccg: str) -> str:
    return body_name(shown.house, body_id(BodyKind.CCG, ccg))


def _print(shown: PlanPage, digest: str) -> tuple[str, str]:
    return digest[:12], f"{shown.href('plan-statement-txt')}{'&' if shown.when.day else '?'}digest={digest}"


def _release_row(shown: PlanPage, settled: Settled, each: Release) -> tuple[object, ...]:
    waits = " and ".join(each.awaited)
    state = f"Released on {day(each.released_at)}" if each.released_at else f"Waits for {waits}"
    disputed = _disputed(settled, of_release(each.quarter, each.ccg))
    return f"{each.quarter}: release", _ccg(shown, each.ccg), state, disputed, _print(shown, each.statement), in_pounds(each.pence)  # fmt: skip


def _correction_row(shown: PlanPage, settled: Settled, each: Correction) -> tuple[object, ...]:
    way = "further release" if each.pence > 0 else "back to the CCG"
    moved = "Released" if each.pence > 0 else "Went back"
    if each.after:
        moved = f"Entered in {each.after}"
    state = f"{moved} on {day(each.posted_at)}" if each.posted_at else f"Waits for {' and '.join(each.awaited)}"  # fmt: skip
    return f"{each.quarter}: {way}", _ccg(shown, each.ccg), state, _disputed(settled, of_correction(each.id)), _print(shown, each.statement), in_pounds(each.pence)  # fmt: skip


def _disputed(settled: Settled, of: str) -> str:
    found = settled.disputed(of)
    if found is not None:
        return f"By {found.opened.side} since {day(found.opened.at)}"
    ended = [each for each in settled.disputes.values() if each.of == of]
    return f"Settled: it {ended[-1].outcome}" if ended else "No"


def _dispute(each: Dispute, words: Mapping[str, str]) -> Mapping[str, object]:
    said = [
        (each.opened, "disputes it"), *((one, "answers") for one in each.answers),
        *((one, f"holds that it {one.outcome}") for one in each.ended.values()),
    ]  # fmt: skip
    names = names_of(one.by for one, _ in said)

    def line(one: Said, does: str) -> tuple[str, ...]:
        return day(one.at), f"{names[one.by]}, for {one.side}, {does}", words[one.words]

    state = f"settled on {day(each.settled_at)}: the payment {each.outcome}" if each.settled_at else "open"
    return {
        "id": each.id,
        "title": f"Dispute of {each.of.replace('/', ' ')}: {state}",
        "said": [line(*one) for one in said],
    }


def _uses(shown: PlanPage, money: Money, words: Mapping[str, str]) -> list[tuple[object, ...]]:
    known = uses_of(shown.house, money.agreed)
    settled = money.books.settled.uses.values()
    names = names_of([*(each.by for each in settled), *(each.confirmed_by for each in settled if each.confirmed_by)])  # fmt: skip
    return [
        (
            day(each.decided_on), body_name(shown.house, each.board), words[each.minute], known.get(each.purpose, each.purpose),
            f"Confirmed by {names[each.confirmed_by]}" if each.confirmed_at else f"Recorded by {names[each.by]}; waits for the board",
            in_pounds(each.pence),
        )
        for each in settled
    ]  # fmt: skip


def as_json(request: HouseRequest, plan: str) -> HttpResponse:
    """The same as JSON, in whole pence. NotHere before the plan is signed off."""
    shown = PlanPage(request, plan)
    if shown.when.error:
        return json_answer({"problems": [{"field": "as_at", "says": shown.when.error}]}, status=400)
    money = money_of(shown.house, plan, shown.when.day, shown.when.upto)
    digest, content = statement_for(shown.house, plan, "", shown.when.upto, shown.when.day)
    words = words_under(shown.house, answers.words_named(money.books))
    found = answers.whole(money, digest, content, differences(shown.house, money), words)
    return json_answer(found | ({"mark": MARK} if money.agreed.area.illustrative else {}))


def as_text(request: HouseRequest, plan: str) -> HttpResponse:
    """The statement as it is printed: as it stands, or by ``digest`` as a payment rests on it, the same bytes for both sides."""
    shown = PlanPage(request, plan)
    if shown.when.error:
        return json_answer({"problems": [{"field": "as_at", "says": shown.when.error}]}, status=400)
    asked = request.GET.get("digest", "")[:64]
    digest, content = statement_for(shown.house, plan, asked, shown.when.upto, shown.when.day)
    agreed = money_of(shown.house, plan, shown.when.day, shown.when.upto).agreed
    printed = answers.statement_text(
        digest, content, agreed.plan.title, MARK if agreed.area.illustrative else ""
    )
    return HttpResponse(printed, content_type="text/plain; charset=utf-8")
