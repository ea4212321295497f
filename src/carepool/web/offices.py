"""The offices of a body: who holds them, and the forms by which whoever answers for the body gives, ends and hands them over."""

from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from carepool.actions.appointing import appoint, hand_over, retire, rules_with_offices
from carepool.actions.areas import MARK
from carepool.actions.editing import Stale
from carepool.actions.nation import RULES
from carepool.actions.permits import Actor, permit
from carepool.basics.refusals import NotHere, Refused
from carepool.journal.commands import Done
from carepool.offices.holdings import Holding, Permit, holdings, stream_of
from carepool.places.bodies import Body
from carepool.render.words import day
from carepool.rules.rulebook import RuleSet
from carepool.signin.models import Account
from carepool.web.acting import Problem
from carepool.web.acts import Act, Answers, Ask, Table, Wrong, answers_of, carry_out_act, unknown_act
from carepool.web.asking import HouseRequest
from carepool.web.frame import account_of, new_key, spoken
from carepool.web.party_acts import form
from carepool.web.people import names_of
from carepool.web.words import about_page

WHY = Ask("reasons", "Why", "words", "It is kept in writing; leave it empty where the days say enough.")


@form
def page(request: HouseRequest, body: str) -> HttpResponse:
    """The page; to somebody who holds no office in the body it does not exist."""
    house, account = request.house, account_of(request)
    found = _body(request, body)
    rules = house.rulebook.named(rules_with_offices(house, found.kind, RULES))
    held = holdings(house.journal.read(stream_of(found.id)))
    mine = [each for each in held if account and each.account == account.id and each.on(house.today)]
    if account is None or not mine:
        raise _no_such(body)
    may_appoint = isinstance(permit(house, rules, "appoint", Actor(account.id, ""), found.id), Permit)
    answers, problem, sent = Answers({}, {}), None, ""
    if request.method == "POST":
        answers = answers_of(request)
        sent = answers.text("act")
        problem = carry_out_act(
            request, sent, answers, lambda actor, act, typed: _do(request, actor, act, typed, found, rules),
            lambda says: spoken(house, says),
        )  # fmt: skip
        if problem is None:
            return redirect(reverse("body-offices", args=[found.id]))
    context = {
        "section": "me",
        "body": found,
        "tables": [_table(request, held, rules)],
        "acts": _acts(request, held, rules, found) if may_appoint else [],
        "nothing": "Ask whoever answers for the body to change them.",
        "typed": answers.typed,
        "sent": sent,
        "problem": problem,
        "errors": [(f"{sent}-{problem.field}", problem.says)] if problem else [],
        "key": new_key(),
        "mark": MARK if found.id in house.areas.county.bodies and account.demonstration else "",
        **about_page(house, rules),
    }
    return render(request, "web/body_offices.jinja", context, status=_status(problem))


def _status(problem: Problem | None) -> int:
    return problem.status if problem else HTTPStatus.OK


def _no_such(body: str) -> NotHere:
    return NotHere(f"There is no page of the offices of “{body[:80]}”. What waits for you lists your bodies.")


def _body(request: HouseRequest, body: str) -> Body:
    try:
        return request.house.areas.body(body)
    except NotHere:
        raise _no_such(body) from None


def _table(request: HouseRequest, held: tuple[Holding, ...], rules: RuleSet) -> Table:
    names = names_of(each.account for each in held)
    today = request.house.today
    rows = [
        (
            rules.authorities.title(each.office), names[each.account], day(each.first), day(each.last) if each.last else "open",
            "Called off" if each.never else "Now" if each.on(today) else "Later" if each.first > today else "Ended",
        )
        for each in sorted(held, key=lambda each: (each.office, each.first))
    ]  # fmt: skip
    columns = [("Office", "text"), ("Held by", "text"), ("From", "text"), ("To", "text"), ("State", "text")]
    return Table("Who holds which office", columns, rows, "offices")


def _acts(request: HouseRequest, held: tuple[Holding, ...], rules: RuleSet, found: Body) -> list[Act]:
    offices = tuple((each.name, each.says) for each in rules.authorities.offices if found.kind in each.of)
    names = names_of(each.account for each in held)
    now = [each for each in held if each.on(request.house.today)]
    to_come = [each for each in held if each.first > request.house.today and not each.never]
    holders, endable = (
        tuple(
            {
                f"{each.office} {each.account}": f"{names[each.account]}, {rules.authorities.title(each.office).lower()}"
                for each in those
            }.items()
        )
        for those in (now, [*now, *to_come])
    )
    who = Ask("handle", "Who", hint="What they sign in with.")
    return [
        Act("give", "Give an office", "Give the office", (
            Ask("office", "Office", "choice", choices=offices), who,
            Ask("first", "From", "day", "For example, 2014-09-01."), Ask("last", "Until", "day", "Leave it empty for no end."), WHY,
        )),
        Act("hand-over", "Hand an office over", "Hand it over", (
            Ask("holder", "Whose", "choice", choices=holders), Ask("handle", "Who follows", hint="What they sign in with."),
            Ask("first", "From", "day", "The first day of who follows; the other holds it until the day before."), WHY,
        )),
        Act("end", "End an office", "End the office", (
            Ask("holder", "Whose", "choice", choices=endable),
            Ask("last", "Last day", "day", "Today ends it at once, and calls off what begins later."), WHY,
        ), warns=True),
    ]  # fmt: skip


def _do(
    request: HouseRequest, actor: Actor, act: str, typed: Answers, found: Body, rules: RuleSet
) -> Done | Refused | Stale:
    house = request.house
    if act == "give":
        first = typed.day("first")
        assert first is not None  # noqa: S101 (needed)
        last = typed.day("last", needed=False)
        office = _chosen(typed, "office")
        return appoint(
            house,
            actor,
            rules.name,
            found.id,
            office,
            _account(typed),
            first,
            last,
            operator=False,
            reasons=typed.text("reasons"),
        )
    office, _, holder = _chosen(typed, "holder").partition(" ")
    if act == "hand-over":
        first = typed.day("first")
        assert first is not None  # noqa: S101 (needed)
        return hand_over(
            house, actor, found.id, office, holder, _account(typed), first, typed.text("reasons")
        )
    if act == "end":
        last = typed.day("last")
        assert last is not None  # noqa: S101 (needed)
        return retire(
            house,
            actor,
            found.id,
            office,
            holder,
            last,
            rules=rules.name,
            operator=False,
            reasons=typed.text("reasons"),
        )
    raise unknown_act(act)


def _chosen(typed: Answers, name: str) -> str:
    if not typed.text(name):
        raise Wrong(name, "Choose one from the list.")
    return typed.text(name)


def _account(typed: Answers) -> str:
    account = (
        Account.objects.filter(handle=typed.text("handle")).first()
        if "\0" not in typed.text("handle")
        else None
    )
    if account is None or not account.is_active:
        raise Wrong(
            "handle",
            f"Nobody signs in as “{typed.text('handle')[:60]}”. Invite them first, or check the name.",
        )
    return account.id
