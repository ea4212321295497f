"""The money of a signed-off plan: what is earned as outturns are published, and its release by two approvers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from carepool.actions.permits import Actor, permit
from carepool.actions.releasing import (
    Money,
    approve_release_of,
    keep_money_of,
    money_of,
    open_pool_of,
    propose_release_of,
    without_money,
)
from carepool.actions.standings import signed_off_version
from carepool.basics.money import in_pounds
from carepool.basics.periods import Quarter
from carepool.basics.refusals import Refused, Unusable
from carepool.journal.commands import Done
from carepool.offices.holdings import Permit
from carepool.places.bodies import BodyKind, body_id
from carepool.pool.approving import Side
from carepool.pool.books import Release
from carepool.render.figures import Figure
from carepool.render.words import day, pounds_short, quarter_words
from carepool.web.acting import NOT_SIGNED_IN, Problem, carry_out
from carepool.web.asking import HouseRequest
from carepool.web.decisions import shown_errors
from carepool.web.frame import PlanPage, actor_of
from carepool.web.people import body_name, who_can
from carepool.web.words import FLAGS, quarter_rows

Act = Callable[[HouseRequest, PlanPage, Actor], Done | Refused]
DONE = {
    "opened": "Recorded: the pool is open.",
    "proposed": "Recorded: the release is proposed, and waits for its two approvers.",
    "approved": "Recorded: the release is approved for one side. It waits for the other.",
    "released": "Recorded: both sides have approved, and the money has moved to the pool.",
    "kept": "Recorded: the year is closed, and what was never earned stays with the CCGs.",
}
"""What was just done, as the page says it after it has looked that it is so."""


@dataclass(frozen=True, slots=True)
class Step:
    """Something that the account can do now: a button, with what it does said before."""

    says: str
    button: str
    route: str
    fields: dict[str, str]


@require_safe
def page(request: HouseRequest, plan: str) -> HttpResponse:
    """The page."""
    return _show(request, PlanPage(request, plan))


@require_http_methods(["GET", "HEAD", "POST"])
def open_the_pool(request: HouseRequest, plan: str) -> HttpResponse:
    """The host opens the pool."""
    return _act(
        request, plan, lambda _, shown, actor: open_pool_of(shown.house, actor, plan), lambda _: "opened"
    )


@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HouseRequest, plan: str) -> HttpResponse:
    """A release is proposed."""

    def act(asked: HouseRequest, shown: PlanPage, actor: Actor) -> Done | Refused:
        quarter, ccg = _release_sent(asked)
        sent = asked.POST.get("pence", "")[:20]
        if not (sent.isascii() and sent.isdecimal()):
            raise Unusable(f"“{sent}” is no amount in whole pence. Send the form as this page shows it.")
        return propose_release_of(shown.house, actor, plan, quarter, ccg, int(sent))

    return _act(request, plan, act, lambda _: "proposed")


@require_http_methods(["GET", "HEAD", "POST"])
def approve(request: HouseRequest, plan: str) -> HttpResponse:
    """One side approves a release."""

    def act(asked: HouseRequest, shown: PlanPage, actor: Actor) -> Done | Refused:
        quarter, ccg = _release_sent(asked)
        sent = asked.POST.get("side", "")[:20]
        sides = {side.code: side for side in Side}
        if sent not in sides:
            raise Unusable(f"“{sent}” is no side of a release. The sides are {' and '.join(sides)}.")
        return approve_release_of(shown.house, actor, plan, quarter, ccg, sides[sent])

    def word(done: Done) -> str:
        answer = done.answer
        return "released" if isinstance(answer, dict) and answer.get("stage") == "Released" else "approved"

    return _act(request, plan, act, word)


@require_http_methods(["GET", "HEAD", "POST"])
def keep(request: HouseRequest, plan: str) -> HttpResponse:
    """The host closes the year."""
    return _act(
        request, plan, lambda _, shown, actor: keep_money_of(shown.house, actor, plan), lambda _: "kept"
    )


def _release_sent(request: HouseRequest) -> tuple[Quarter, str]:
    return Quarter.parse(request.POST.get("quarter", "")[:20]), request.POST.get("ccg", "")[:80]


def _act(request: HouseRequest, plan: str, act: Act, word: Callable[[Done], str]) -> HttpResponse:
    shown = PlanPage(request, plan)
    if request.method != "POST":
        return redirect(shown.href("plan-money"))
    account = shown.account
    if account is None:
        return _show(request, shown, Problem(NOT_SIGNED_IN, "releases", HTTPStatus.FORBIDDEN))
    if why := without_money(shown.view.rules):
        return _show(request, shown, Problem(why, "releases"))
    if not _signed_off(shown):
        says = "Ministers have not signed this plan off, so there is no money to move yet."
        return _show(request, shown, Problem(says, "releases"))
    actor = actor_of(request, account)
    done = carry_out(shown.house, "releases", lambda: act(request, shown, actor))
    if isinstance(done, Done):
        return redirect(reverse("plan-money", kwargs={"plan": plan}, query={"done": word(done)}))
    return _show(request, PlanPage(request, plan), done)


def _signed_off(shown: PlanPage) -> bool:
    return signed_off_version(shown.house, shown.view.history.id, shown.when.upto) is not None


def _show(request: HouseRequest, shown: PlanPage, problem: Problem | None = None) -> HttpResponse:
    frame = shown.frame("plan-money")
    errors = [*shown_errors(frame), *([(problem.field, problem.says)] if problem else [])]
    context = {**frame, "errors": errors, "problem": problem, "money": None}
    signed_off, why_none = _signed_off(shown), without_money(shown.view.rules)
    if why_none:
        context |= {"without_money": why_none, "public_href": shown.href("plan-public") if signed_off else ""}
    elif signed_off:
        day_of_page = shown.when.day or shown.house.today
        try:
            money = money_of(shown.house, shown.view.history.id, day_of_page, shown.when.upto)
        except Unusable as error:
            context |= {"fault": str(error)}
        else:
            context |= _of_money(request, shown, money, day_of_page)
    status = problem.status if problem else HTTPStatus.BAD_REQUEST if shown.when.error else HTTPStatus.OK
    return render(request, "web/plan_money.jinja", context, status=status)


def _of_money(request: HouseRequest, shown: PlanPage, money: Money, on: date) -> dict[str, object]:
    figures, current = money.statement.money, shown.view.history.current
    ccgs = {ccg: body_name(shown.house, body_id(BodyKind.CCG, ccg)) for ccg in money.statement.by_ccg}
    steps, told = _steps(shown, money) if shown.account and not shown.when.day else ([], [])
    done = DONE.get(request.GET.get("done", ""), "")
    return {
        "money": money,
        "done": done if shown.account else "",
        "sentence": sentence(money),
        "other_version": current.number
        if current and current.digest != money.agreed.version.digest
        else None,
        "figures": [
            Figure("Fund: at stake at first", pounds_short(figures.fund), in_pounds(figures.fund), "The planned cut, at the value of one admission", "#working"),
            Figure("Earned so far", pounds_short(figures.paid), in_pounds(figures.paid), "On the outturns published", "#quarters"),
            Figure("Withheld so far", pounds_short(figures.withheld), in_pounds(figures.withheld), "Was due at most, and was not earned" + ("" if figures.unreleased is not None else ". A later quarter may still catch up"), "#quarters"),
            Figure("Still at stake", pounds_short(figures.at_stake), in_pounds(figures.at_stake), "Of quarters not published yet", "#quarters")
            if figures.unreleased is None
            else Figure("Never earned", pounds_short(figures.unreleased), in_pounds(figures.unreleased), "Stays with the CCGs", "#by-ccg"),
        ],
        "quarters": _quarters(money),
        "doubts": [FLAGS[flag] for flag in money.flags],
        "by_ccg": [
            ((ccgs[ccg], shown.href("plan-ccg", ccg=ccg)), *(None if pence is None else in_pounds(pence) for pence in (part.fund, part.paid, part.withheld, part.at_stake, part.unreleased)))
            for ccg, part in money.statement.by_ccg.items()
        ],
        "href_of": _href_of,
        "releases": [_release_row(shown, money, quarter, ccg, owed) for ccg, due in money.due.items() for quarter, owed in sorted(due.items())],
        "steps": steps,
        "told": told,
        "who_can": _who_can(shown, money),
        "host": body_name(shown.house, money.agreed.host),
        "on": on,
        "pool_href": reverse("pool", args=[shown.view.history.id], query=shown.when.query() or None),
        "public_href": shown.href("plan-public"),
    }  # fmt: skip


def _href_of(source: str) -> str | None:
    """The page of a rule that a step cites; a plan's own rows are on this page."""
    rules, _, path = source.partition("/")
    if " " in source or not path:
        return None
    return f"{reverse('rules-set', args=[rules])}#{path.replace('/', '-')}"


def sentence(money: Money) -> str:
    """What is so, in one sentence."""
    figures = money.statement.money
    known = [each.quarter for each in money.statement.quarters if each.payment is not None]
    at_stake = f"{pounds_short(figures.fund)} was put at stake"
    if not known:
        return f"{at_stake}; no outturn of the year had been published."
    released = money.books.totals.released
    says = f"{at_stake}; {pounds_short(figures.paid)} of it has been earned by admissions to {known[-1].last_day:%B %Y}, and {pounds_short(released)} released to the pool."
    if figures.unreleased:
        says += f" {pounds_short(figures.unreleased)} was never earned and stays with the CCGs."
    return says


def _quarters(money: Money) -> list[tuple[object, ...]]:
    published = money.agreed.area.england.admissions.published_on
    return [
        (
            quarter_words(line.quarter),
            "not yet" if line.actual is None else day(published(line.quarter)),
            *row,
        )
        for line, row in zip(money.statement.lines, quarter_rows(money.statement), strict=True)
    ]


def _release_row(
    shown: PlanPage, money: Money, quarter: Quarter, ccg: str, owed: int | None
) -> tuple[object, ...]:
    name = body_name(shown.house, body_id(BodyKind.CCG, ccg))
    release = money.books.releases.get((quarter, ccg))
    if release is not None:
        amount: str | None = in_pounds(release.pence)
    else:
        amount = None if owed is None else in_pounds(owed)
    return quarter_words(quarter), name, state(release, owed), amount


def state(release: Release | None, owed: int | None) -> str:
    """Where the money of one quarter and CCG stands, in words."""
    if release is not None:
        if release.released_at is not None:
            return f"Released on {day(release.released_at)}"
        since = max([release.proposed_at, *(each.at for each in release.approvals.values())])
        return f"Waiting for {' and '.join(release.awaited)} since {day(since)}"
    if owed is None:
        return "The outturn is not published yet"
    return "Earned, and not proposed yet" if owed else "Earned nothing: nothing to release"


def _steps(shown: PlanPage, money: Money) -> tuple[list[Step], list[str]]:
    """What the account can do now, and what it cannot although it holds the office, with why."""
    books, host, account = money.books, money.agreed.host, _account(shown)
    if books.opening is None:
        if _may(shown, money, "open_pool", host):
            says = f"Open the pool of {money.agreed.year} from the signed-off plan. Contributions go into it; the money at stake stays with the CCGs until it is earned."
            return [Step(says, "Open the pool", "plan-open-pool", {})], []
        return [], []
    steps, told = _approvals(shown, money, account)
    steps += _proposals(shown, money)
    if _can_close(money) and _may(shown, money, "open_pool", host):
        says = f"Close the year. {in_pounds(books.totals.contingent)} was never earned, and stays with the CCGs for good."
        steps.append(Step(says, "Close the year", "plan-keep", {}))
    return steps, told


def _approvals(shown: PlanPage, money: Money, account: str) -> tuple[list[Step], list[str]]:
    """What the account can approve, and what it has approved for the other side and so cannot."""
    steps: list[Step] = []
    told: list[str] = []
    for release in money.books.awaiting():
        for side in release.awaited:
            body = money.agreed.host if side is Side.HOST else body_id(BodyKind.CCG, release.ccg)
            if not _may(shown, money, "approve_release", body):
                continue
            if any(each.by == account for each in release.approvals.values()):
                told.append(
                    f"You have approved {in_pounds(release.pence)} for {quarter_words(release.quarter)} already, and "
                    f"nobody approves for both sides. Another officer of {side} approves it for {side}."
                )
            else:
                steps.append(_approval(shown, release, side))
    return steps, told


def _proposals(shown: PlanPage, money: Money) -> list[Step]:
    """The earliest quarter of each CCG that is earned and not proposed, where the account may propose it."""
    books, steps = money.books, []
    for ccg, due in money.due.items() if books.kept_at is None else ():
        waiting = [each for each, owed in sorted(due.items()) if owed and (each, ccg) not in books.releases]
        bodies = (money.agreed.host, body_id(BodyKind.CCG, ccg))
        if waiting and any(_may(shown, money, "propose_release", body) for body in bodies):
            steps.append(_proposal(shown, waiting[0], ccg, due[waiting[0]] or 0))
    return steps


def _proposal(shown: PlanPage, quarter: Quarter, ccg: str, owed: int) -> Step:
    name = body_name(shown.house, body_id(BodyKind.CCG, ccg))
    return Step(
        f"Propose that {name} releases {in_pounds(owed)}, earned in {quarter_words(quarter)}. Two people approve it, one for each side.",
        f"Propose {in_pounds(owed)}",
        "plan-propose",
        {"quarter": str(quarter), "ccg": ccg, "pence": str(owed)},
    )


def _approval(shown: PlanPage, release: Release, side: Side) -> Step:
    name = body_name(shown.house, body_id(BodyKind.CCG, release.ccg))
    last = " This is the second approval: the money moves with it." if release.approvals else ""
    return Step(
        f"Approve for {side} that {name} releases {in_pounds(release.pence)}, earned in {quarter_words(release.quarter)}.{last}",
        f"Approve {in_pounds(release.pence)} for {side}",
        "plan-approve",
        {"quarter": str(release.quarter), "ccg": release.ccg, "side": side.code},
    )


def _can_close(money: Money) -> bool:
    """Whether everything that was earned is released, and the year still open."""
    books = money.books
    owed = [(quarter, ccg, pence) for ccg, due in money.due.items() for quarter, pence in due.items()]
    return (
        books.kept_at is None
        and not books.awaiting()
        and all(
            pence is not None and (not pence or (quarter, ccg) in books.releases)
            for quarter, ccg, pence in owed
        )
    )


def _account(shown: PlanPage) -> str:
    return shown.account.id if shown.account else ""


def _may(shown: PlanPage, money: Money, action: str, body: str) -> bool:
    actor = Actor(_account(shown), "")
    return isinstance(permit(shown.house, money.agreed.rules, action, actor, body), Permit)


def _who_can(shown: PlanPage, money: Money) -> list[str]:
    """Who can approve, propose or open for each side; nothing on a page as at another day: offices are today's."""
    if shown.when.day or money.books.kept_at is not None:
        return []
    bodies = [money.agreed.host, *(body_id(BodyKind.CCG, ccg) for ccg in money.statement.by_ccg)]
    return who_can(shown.house, money.agreed.rules, "approve_release", dict.fromkeys(bodies))
