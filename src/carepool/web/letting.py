"""A party lets somebody else decide, opens a dispute, or declares a redeployment."""

from collections.abc import Sequence

from django.http import HttpResponse
from django.urls import reverse

from carepool.actions.afterwards import (
    open_dispute,
    settle_dispute,
)
from carepool.actions.delegating import delegate_decision, delegations_for, end_decision_delegation
from carepool.actions.permits import Actor
from carepool.actions.redeploying import (
    bodies_of,
    contingencies_of,
    directions_of,
    follow_direction,
    redeploy_money,
)
from carepool.actions.signing import Signing
from carepool.basics.money import in_pounds
from carepool.offices.delegations import Delegation
from carepool.render.words import day
from carepool.signin.models import Account
from carepool.web.acts import Act, Answers, Ask, Table, Wrong, act_page, unknown_act
from carepool.web.asking import HouseRequest
from carepool.web.frame import PlanPage
from carepool.web.party_acts import (
    ask_body,
    form,
    nothing_to_do,
    reasons_of,
)
from carepool.web.people import names_of
from carepool.web.rights import bodies_for

# Delegation


@form
def delegate(request: HouseRequest, plan: str) -> HttpResponse:
    """Let somebody else decide, in writing; and every delegation that there is for this plan."""
    shown = PlanPage(request, plan)
    bodies = bodies_for(shown, "delegate", own=True)
    given = delegations_for(shown.house, shown.view, shown.when.upto)
    asks = (
        ask_body(bodies),
        Ask("to", "Who decides", hint="What they sign in with."),
        Ask("to_body", "In which body they hold an office", "choice", choices=tuple((each.id, each.name) for each in bodies_of(shown.view))),
        Ask("first", "From", "day", "For example, 2014-09-01."),
        Ask("last", "Until", "day", "For example, 2014-09-30."),
        Ask("pence", "Only up to this contribution of the body", "money", "Leave it empty for no limit."),
        Ask("words", "The delegation in words", "words", "What is delegated, to whom and why. It is kept as it is written."),
    )  # fmt: skip
    acts = [Act("delegate", "Let somebody else decide", "Delegate in writing", asks)] if bodies else []
    acts += [
        _ends(shown, each)
        for each in given
        if each.on(shown.house.today) and each.body in {b.id for b in bodies}
    ]

    def do(actor: Actor, sent: str, answers: Answers) -> Signing:
        body = answers.text("body")
        if sent == "delegate":
            account = Account.objects.filter(handle=answers.text("to")).first()
            if account is None:
                raise Wrong(
                    "to", f"Nobody signs in as “{answers.text('to')[:60]}”. Check the name with them."
                )
            first, last = answers.day("first"), answers.day("last")
            assert first is not None and last is not None  # noqa: S101 (needed)
            return delegate_decision(
                shown.house, actor, plan, body, account.id, answers.text("to_body") or body, first, last,
                answers.text("words"), answers.pence("pence", needed=False),
            )  # fmt: skip
        if not sent.startswith("end-"):
            raise unknown_act(sent)
        return end_decision_delegation(
            shown.house, actor, plan, body, answers.text("delegation"), answers.text("reasons")
        )

    return act_page(
        request, shown, "Delegations", ["Whoever decides for a body can let somebody else decide, in writing, with an end."],
        acts if not shown.when.day else (), do, reverse("plan-delegate", args=[plan]), _given(shown, given),
        nothing=nothing_to_do(shown, "let somebody else decide"),
    )  # fmt: skip


def _ends(shown: PlanPage, each: Delegation) -> Act:
    who = names_of([each.to])[each.to]
    return Act(
        f"end-{each.signed[:8]}", f"End what {who} was let do for {shown.name(each.body)}", "End it",
        (Ask("reasons", "Why it ends", "words"),), hidden=(("body", each.body), ("delegation", each.signed)), warns=True,
    )  # fmt: skip


def _given(shown: PlanPage, given: Sequence[Delegation]) -> list[Table]:
    if not given:
        return []
    names = names_of([each for one in given for each in (one.giver, one.to)])
    rows = [
        (
            shown.name(each.body), names[each.giver], names[each.to], shown.name(each.to_body),
            f"{day(each.first)} to {day(each.ended or each.last)}", in_pounds(each.pence) if each.pence is not None else "none",
        )
        for each in given
    ]  # fmt: skip
    columns = [
        ("For", "text"),
        ("Given by", "text"),
        ("To", "text"),
        ("Who is of", "text"),
        ("From and to", "text"),
        ("Limit", "text"),
    ]
    return [Table("Who was let decide", columns, rows, "delegations")]


# Disputes


@form
def dispute(request: HouseRequest, plan: str) -> HttpResponse:
    """Open a dispute, or settle one."""
    shown = PlanPage(request, plan)
    bodies = bodies_for(shown, "decide_plan")
    mine = {each.id for each in bodies}
    opened = shown.standing.said.disputes
    asks = (ask_body(bodies), Ask("reasons", "What it is about", "words", "The other parties read it."))
    acts = [Act("open", "Open a dispute", "Open the dispute", asks, warns=True)] if bodies else []
    acts += [
        Act(f"settle-{each.signed[:8]}", f"Settle the dispute of {shown.name(each.body)}", "It is settled",
            (Ask("reasons", "How it was settled", "words"),), hidden=(("dispute", each.signed),))
        for each in opened if not each.settled and each.body in mine
    ]  # fmt: skip

    def do(actor: Actor, sent: str, answers: Answers) -> Signing:
        if sent == "open":
            return open_dispute(shown.house, actor, plan, answers.text("body"), answers.text("reasons"))
        if not sent.startswith("settle-"):
            raise unknown_act(sent)
        return settle_dispute(shown.house, actor, plan, answers.text("dispute"), answers.text("reasons"))

    rows = [
        (
            shown.name(each.body),
            day(each.at),
            "Settled" if each.settled else "Open",
            reasons_of(shown, each.signed),
        )
        for each in opened
    ]
    tables = [Table("Disputes", [("Opened by", "text"), ("On", "text"), ("State", "text"), ("About", "text")], rows, "disputes")] if rows else []  # fmt: skip
    return act_page(
        request, shown, "Disputes", ["While a dispute is open the plan does not go on, even where all have agreed."],
        acts if not shown.when.day else (), do, reverse("plan-dispute", args=[plan]), tables,
        nothing=nothing_to_do(shown, "open a dispute"),
    )  # fmt: skip


# Redeployment


@form
def redeploy(request: HouseRequest, plan: str) -> HttpResponse:
    """The contingencies of the agreed plan, what was redeployed by them, and the form that declares it."""
    shown = PlanPage(request, plan)
    version, contingencies = contingencies_of(shown.house, shown.view)
    bodies = bodies_for(shown, "redeploy_money")
    done_by = shown.standing.said.redeployed
    acts = [
        Act(f"redeploy-{number}", f"Contingency {number + 1}: {each.trigger}", "Declare the redeployment", (
            ask_body(bodies),
            Ask("pence", "How much", "money"),
            Ask("reasons", "What has come about", "words", "How the trigger that the plan names was met."),
        ), (f"By the plan {each.decider or 'nobody'} decides. {in_pounds(each.pence or 0)} goes to {each.destination or 'nowhere'}.",), hidden=(("digest", version.digest if version else ""),))
        for number, each in enumerate(contingencies)
    ]  # fmt: skip

    directed = directions_of(shown.house, plan, shown.when.upto)
    payers = [each for each in bodies if each.kind == shown.view.area.england.places.commissioner]
    acts += [
        Act(f"follow-{each.signed[:8]}", f"Direction by NHS England: {in_pounds(each.pence)} to {each.destination}", "Declare what was directed", (
            ask_body(payers), Ask("pence", "How much", "money"), Ask("reasons", "What is done", "words"),
        ))
        for each in (directed if payers else ())
    ]  # fmt: skip

    def do(actor: Actor, sent: str, answers: Answers) -> Signing:
        follows = next((each for each in directed if sent == f"follow-{each.signed[:8]}"), None)
        if follows:
            amount = answers.pence("pence")
            assert amount is not None  # noqa: S101 (needed)
            return follow_direction(
                shown.house, actor, plan, answers.text("body"), follows.signed, amount, follows.destination, answers.text("reasons"),
            )  # fmt: skip
        number = sent.removeprefix("redeploy-")
        if not number.isascii() or not number.isdigit() or int(number) >= len(contingencies):
            raise unknown_act(sent)
        pence = answers.pence("pence")
        assert pence is not None  # noqa: S101 (needed)
        return redeploy_money(
            shown.house, actor, plan, answers.text("body"), int(number), pence, contingencies[int(number)].destination,
            answers.text("reasons"), answers.text("digest"),
        )  # fmt: skip

    rows = [
        (day(each.at), in_pounds(each.pence), f"Contingency {each.contingency + 1}" if each.contingency is not None else "A direction", shown.name(each.body), reasons_of(shown, each.signed))
        for each in done_by
    ]  # fmt: skip
    tables = [Table("Redeployed", [("On", "text"), ("Amount", "text"), ("By", "text"), ("Declared by", "text"), ("What came about", "text")], rows, "redeployed")] if rows else []  # fmt: skip
    says = [
        "Money changes its destination only as a contingency of the agreed plan says, or as NHS England directs."
    ]
    says.append(
        f"Version {version.number} binds."
        if version
        else "No version was agreed, so no contingency binds yet."
    )
    return act_page(
        request, shown, "Redeployment", says, acts if bodies and not shown.when.day else (), do,
        reverse("plan-redeploy", args=[plan]), tables, nothing=nothing_to_do(shown, "declare a redeployment") if version else "",
    )  # fmt: skip
