"""What waits for whoever is signed in: their offices, what waits for them, their drafts, and the plans of their bodies."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse

from carepool.actions.areas import MARK
from carepool.actions.assurance_queue import queue_of
from carepool.actions.house import House
from carepool.actions.inviting import offers_of
from carepool.actions.nation import RULES
from carepool.actions.permits import Actor, offices_of, permit
from carepool.actions.planning import ContentWithdrawn, all_plans, plannable
from carepool.actions.pools import authorities
from carepool.actions.reading import concerning
from carepool.actions.releasing import Agreed, agreed_plan, pool_books, without_money
from carepool.actions.settling import body_of_side
from carepool.actions.standings import signed_off_version
from carepool.actions.waiting import Waiting, what_waits
from carepool.basics.money import in_pounds
from carepool.basics.periods import parse_date
from carepool.offices.holdings import Permit
from carepool.places.bodies import NATIONAL, BodyKind, body_id
from carepool.plans.versions import PlanHistory
from carepool.pool.approving import Side
from carepool.pool.books import Books, Release
from carepool.pool.settling import payment_of
from carepool.render.release_answers import correction_words
from carepool.render.words import day, quarter_words
from carepool.signin.models import Account
from carepool.web.asking import HouseRequest
from carepool.web.comments import queries_waiting
from carepool.web.frame import account_of
from carepool.web.notices import notices_for
from carepool.web.people import body_name, office_title
from carepool.web.places_in_plan import TITLES
from carepool.web.pool_new import OPENS
from carepool.web.signing_in import to_sign_in
from carepool.web.words import about_page

PAGES = {
    "decisions": "plan-decisions",
    "assurance": "plan-assurance",
    "money": "plan-money",
    "releases": "plan-releases",
}


@dataclass(frozen=True, slots=True)
class Task:
    """Something that waits for me."""

    says: str
    body: str
    since: str
    href: str


def page(request: HouseRequest) -> HttpResponse:
    """The page; who is not signed in is asked to."""
    account = account_of(request)
    if account is None:
        return to_sign_in(request)
    house = request.house
    offices = offices_of(house, account.id)
    rules = house.rulebook.named(RULES)
    plans, bodies = all_plans(house), {each.body for each in offices}
    mine = concerning(house, bodies, plans)
    context = {
        "section": "me",
        "account": account,
        "invites": bool(offers_of(house, account.id)),
        "waiting": _waiting(house, account, mine),
        "offices": [
            (office_title(house, rules, each.body, each.office), (body_name(house, each.body), reverse("body-offices", args=[each.body])), day(each.first), day(each.last) if each.last else "")
            for each in offices
        ],
        "drafts": _drafts(house, account, mine),
        "notices": notices_for(house, account.id, {each.id for each in mine}),
        "plans": [
            ((each.title, reverse("plan", args=[each.id])), f"Version {each.current.number}" if each.current else "No version yet")
            for each in concerning(house, bodies - {national.id for national in NATIONAL}, mine)
        ],
        "leads": any(each.office in one.authorities.of("edit_plan").offices for one in plannable(house) for each in offices),
        "opens_pools": any(each.office in authorities(house).of(OPENS).offices for each in offices),
        "mark": MARK if account.demonstration else "",
        **about_page(house),
    }  # fmt: skip
    return render(request, "web/me.jinja", context)


def _waiting(house: House, account: Account, mine: tuple[PlanHistory, ...]) -> list[Task]:
    return [
        Task(each.says, body_name(house, each.body), day(parse_date(each.since)), address_of(each.page, each.plan))
        for each in waits(house, account, mine)
    ]  # fmt: skip


def waits(house: House, account: Account, mine: tuple[PlanHistory, ...]) -> list[Waiting]:
    """What waits in the plans that one may read, the oldest first: of any other, not even its title."""
    ids = {each.id for each in mine}
    waiting = [
        *what_waits(house, account.id),
        *queries_waiting(house, account.id),
        *_assurance_waiting(house, account),
        *(each for plan in mine for each in _money_waiting(house, account, plan)),
    ]
    return [each for each in sorted(waiting, key=lambda each: each.since) if each.plan in ids]


def _assurance_waiting(house: House, account: Account) -> list[Waiting]:
    """Reviews, moderations and outcomes that wait for the account."""
    return [
        Waiting(each.plan, each.body, f"{each.says}: “{each.title}”", str(each.since.date()), "assurance")
        for each in queue_of(house, account.id)
    ]


def _money_waiting(house: House, account: Account, plan: PlanHistory) -> list[Waiting]:
    """The pool that the account can open, and the releases that it can approve."""
    signed_off = signed_off_version(house, plan.id)
    if signed_off is None:
        return []
    try:
        agreed = agreed_plan(house, plan.id)
    except ContentWithdrawn:
        return []
    if without_money(agreed.rules):
        return []
    books = pool_books(house, agreed)
    if books.opening is None:
        says, since = f"Open the pool of “{plan.title}”", str(signed_off.at.date())
        may = _may(house, account, agreed, "open_pool", agreed.host)
        return [Waiting(plan.id, agreed.host, says, since, "money")] if may else []
    return _corrections_waiting(house, account, agreed, books) + [
        Waiting(plan.id, body, _release_said(house, each), str(max([each.proposed_at, *(one.at for one in each.approvals.values())]).date()), "money")
        for each in books.awaiting()
        if all(one.by != account.id for one in each.approvals.values())
        for side in each.awaited
        for body in [agreed.host if side is Side.HOST else body_id(BodyKind.CCG, each.ccg)]
        if _may(house, account, agreed, "approve_release", body)
    ]  # fmt: skip


def _corrections_waiting(house: House, account: Account, agreed: Agreed, books: Books) -> list[Waiting]:
    """The corrections that the account can approve, and the disputes that it can answer."""
    found = [
        Waiting(agreed.id, body, f"Approve that a payment is put right: {correction_words(each)}", str(each.proposed_at.date()), "releases")
        for each in books.settled.awaiting
        if all(one.by != account.id for one in each.approvals.values())
        for side in each.awaited
        for body in [body_of_side(agreed, side, each.ccg)]
        if _may(house, account, agreed, "approve_release", body)
    ]  # fmt: skip
    for one in books.settled.disputes.values():
        payment = payment_of(books, one.of)
        if (
            one.settled_at is None
            and payment
            and one.opened.side.other not in {each.side for each in one.answers}
        ):
            body = body_of_side(agreed, one.opened.side.other, payment[1])
            if _may(house, account, agreed, "dispute_release", body):
                says = f"Answer why {one.opened.side} disputes the payment of {quarter_words(payment[0])}"
                found.append(Waiting(agreed.id, body, says, str(one.opened.at.date()), "releases"))
    return found


def _release_said(house: House, release: Release) -> str:
    ccg = body_name(house, body_id(BodyKind.CCG, release.ccg))
    return (
        f"Approve that {ccg} releases {in_pounds(release.pence)}, earned in {quarter_words(release.quarter)}"
    )


def _may(house: House, account: Account, agreed: Agreed, action: str, body: str) -> bool:
    return isinstance(permit(house, agreed.rules, action, Actor(account.id, ""), body), Permit)


def address_of(page: str, plan: str) -> str:
    """Where it is done; the plan's own page while that place is not built."""
    if page == "comments":
        return reverse("plan-comments", kwargs={"plan": plan}, query={"show": "mine"})
    try:
        return reverse(PAGES.get(page, "plan"), kwargs={"plan": plan})
    except NoReverseMatch:
        return reverse("plan", kwargs={"plan": plan})


def _drafts(house: House, account: Account, mine: tuple[PlanHistory, ...]) -> list[tuple[str, str, str, str]]:
    """Plan, section, when, and where to go on."""
    return [
        (
            each.title,
            TITLES[draft.section],
            day(draft.at),
            reverse("plan-section", args=[each.id, draft.section]),
        )
        for each in mine
        for draft in house.drafts.of_editor(each.id, account.id)
    ]
