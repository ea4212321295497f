"""Performance money of a pool: what is off it, what was released quarter by quarter, and the forms by which an agreement's is settled."""

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from carepool.actions.permits import Actor
from carepool.actions.pools import partner_body
from carepool.actions.settling_by_agreement import (
    approve_earned,
    due_by_plan,
    keep_unearned,
    of_its_plan,
    propose_earned,
    quarters_of,
)
from carepool.basics.periods import Quarter
from carepool.basics.refusals import Refused
from carepool.journal.commands import Done
from carepool.journal.documents import Document
from carepool.pool.approving import Side
from carepool.pool.books import Release
from carepool.render.words import day, pence
from carepool.web.acts import Act, Answers, Ask, Wrong, unknown_act
from carepool.web.asking import HouseRequest
from carepool.web.pool_acting import pool_page
from carepool.web.pool_frame import PoolPage

BY_WHAT = Ask("words", "The statement that says so", "words", "In your own words, with what it rests on. It is kept with the posting.")  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HouseRequest, pool: str) -> HttpResponse:
    """The whole page, with the forms of the host's and of each CCG's finance officer."""
    shown = PoolPage(request, pool)

    def do(actor: Actor, act: str, answers: Answers) -> Done | Refused:
        house, year = shown.house, shown.books.year
        if act == "propose":
            amount = answers.pence("pence")
            assert amount is not None  # noqa: S101 (needed)
            return propose_earned(house, actor, pool, year, _quarter(answers), answers.text("ccg"), amount, _words(answers))  # fmt: skip
        if act.startswith("approve"):
            return approve_earned(house, actor, pool, year, _quarter(answers), answers.text("ccg"), _side(answers))  # fmt: skip
        if act == "keep":
            return keep_unearned(house, actor, pool, year, _words(answers))
        raise unknown_act(act)

    return pool_page(
        request, shown, "pool-performance", "web/pool_performance.jinja", context=lambda: _context(shown),
        acts=lambda: _acts(shown), do=do, after=shown.href("pool-performance"), nothing=_nothing(shown),
    )  # fmt: skip


def _quarter(answers: Answers) -> Quarter:
    text = answers.text("quarter")
    if not text:
        raise Wrong("quarter", "Choose the quarter.")
    return Quarter.parse(text)


def _side(answers: Answers) -> Side:
    try:
        return Side.of(answers.text("side"))
    except KeyError:
        raise Wrong("form", "Choose for whom it is approved, by one of the buttons.") from None


def _words(answers: Answers) -> bytes:
    return answers.text("words").encode()


def _context(shown: PoolPage) -> dict[str, object]:
    books = shown.books
    return {
        "own_plan": of_its_plan(books),
        "sentence": _sentence(shown),
        "ccgs": [
            (shown.party(code), pence(of.performance), pence(of.contingent), pence(of.released), pence(of.kept))
            for code, of in ((code, books.position(code)) for code in shown.opening.performance)
        ],
        "releases": [
            (str(each.quarter), shown.party(each.ccg), pence(each.pence), shown.said(each.says).capitalize(), day(each.proposed_at))
            for each in books.releases.values()
        ],
        "statements": [
            (f"{each.quarter}, {shown.party(each.ccg)}", words)
            for each in books.releases.values()
            if (words := _statement(shown, each))
        ],
        "due": [
            (str(quarter), shown.party(ccg), "Not known yet" if due is None else pence(due))
            for ccg, quarters in due_by_plan(shown.house, books).items()
            for quarter, due in quarters.items()
        ],
    }  # fmt: skip


def _sentence(shown: PoolPage) -> str:
    books = shown.books
    if books.kept_at:
        return f"The year’s performance money was settled on {day(books.kept_at)}."
    off = sum(books.position(code).contingent for code in shown.opening.performance)
    if off:
        return f"{pence(off)} is off the pool, with the CCGs until it is earned."
    return "Nothing is off the pool."


def _statement(shown: PoolPage, release: Release) -> str:
    """The words by which it was earned; nothing where the statement is a paper of the plan, or was withdrawn."""
    found = shown.house.journal.document(release.statement)
    if isinstance(found, Document) and found.media_type.startswith("text/plain"):
        return found.content.decode("utf-8", "replace")
    return ""


def _nothing(shown: PoolPage) -> str:
    if of_its_plan(shown.books):
        return "What this plan has earned is worked out, proposed and approved with the plan’s money."
    return f"A finance officer of {shown.host} proposes what was earned; one of the CCG and one of {shown.host} approve it."


def _acts(shown: PoolPage) -> list[Act]:
    books = shown.books
    if shown.when.day or of_its_plan(books) or books.ended_at or books.kept_at:
        return []
    acts = [act for each in books.releases.values() if each.released_at is None for act in _approvals(shown, each)]  # fmt: skip
    if not shown.may("share_risk") or not any(shown.opening.performance.values()):
        return acts
    asks = (
        Ask("quarter", "Which quarter’s performance earned it", "choice", choices=tuple((str(each), str(each)) for each in quarters_of(books))),
        Ask("ccg", "Whose money it is", "choice", choices=tuple((code, shown.party(code)) for code in shown.opening.performance)),
        Ask("pence", "What was earned", "money"),
        BY_WHAT,
    )  # fmt: skip
    acts.append(Act("propose", "Propose a release", "Propose it", asks))
    says = ("What was not earned and not released stays with the CCGs, and nothing is released of this year after that.",)  # fmt: skip
    acts.append(Act("keep", "Close the year’s performance money", "Keep the rest with the CCGs", (BY_WHAT,), says, warns=True))  # fmt: skip
    return acts


def _approvals(shown: PoolPage, each: Release) -> list[Act]:
    """A form for each side that is awaited and that who is signed in acts for."""
    acts = []
    for side in each.awaited:
        code = each.ccg if side is Side.CCG else shown.opening.host
        partner = shown.opening.partner(code)
        if partner is None or not shown.may("agree_for_partner", partner_body(partner)):
            continue
        hidden = (("quarter", str(each.quarter)), ("ccg", each.ccg), ("side", side.code))
        says = (f"{pence(each.pence)} of {each.quarter} moves from {shown.party(each.ccg)} to the pool once both sides have approved it.",)  # fmt: skip
        title = f"Approve {each.quarter} of {shown.party(each.ccg)} for {side.value}"
        acts.append(Act(f"approve-{each.quarter}-{each.ccg}-{side.code}", title, "Approve it", (), says, hidden))  # fmt: skip
    return acts
