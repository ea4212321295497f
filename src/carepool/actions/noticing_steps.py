"""What is told of steps that wait for one office or one person: a review, a moderation, an outcome, a ratification; a record or a delegation that ended."""

from collections.abc import Callable, Iterator, Mapping

from carepool.actions.assurances import Assured, national_for, of_view
from carepool.actions.assuring import done_by
from carepool.actions.house import House
from carepool.actions.notices import Notice
from carepool.actions.noticing_whom import day_of, holders, to_each
from carepool.actions.planning import view
from carepool.actions.standings import name_of
from carepool.assurance.facts import stream_of as assurance_stream
from carepool.assurance.record import State, both_in
from carepool.basics.canonical import Digest
from carepool.journal.facts import Fact
from carepool.offices.delegations import delegations
from carepool.offices.holdings import stream_of as office_stream
from carepool.offices.separation import kept_apart
from carepool.signoff.decisions import said
from carepool.signoff.facts import stream_of as signoff_stream

Tells = Callable[[House, Fact, int], Iterator[Notice]]


def _seen(house: House, plan: str, position: int | None = None) -> Assured:
    return of_view(house, view(house, plan, position, alone=True), position)


def _chosen(house: House, fact: Fact, position: int) -> Iterator[Notice]:  # noqa: ARG001  (all are asked alike)
    """Whoever is chosen to review a plan is told, unless somebody else was chosen since, or the review is in."""
    plan, account, side = fact.stream.removeprefix(assurance_stream("")), str(fact.body["account"]), str(fact.body["side"])  # fmt: skip
    now = _seen(house, plan)
    reviewer = now.record.assigned.get(side)
    if reviewer and reviewer.account == account and side not in now.record.on(now.digest):
        title = now.plan.history.title
        text = (
            f"You were chosen to review “{title}”. Until the other review is in, nobody but you reads yours."
        )
        yield from to_each([account], f"{fact.stream} {fact.version}", f"{title}: a review waits for you", text, f"/plans/{plan}/assurance")  # fmt: skip


def _in(house: House, fact: Fact, position: int) -> Iterator[Notice]:
    """Once both reviews of the version that stands are in, whoever may moderate them is told; of one alone nobody is."""
    plan = fact.stream.removeprefix(assurance_stream(""))
    then, now = _seen(house, plan, position), _seen(house, plan)
    if both_in(then.record, then.sides, str(fact.body["plan"])) and now.state is State.BOTH_IN:
        yield from _next(house, fact, now, "moderate_review", "two reviews wait to be moderated")


def _moderated(house: House, fact: Fact, position: int) -> Iterator[Notice]:  # noqa: ARG001  (all are asked alike)
    """Whoever may decide the outcome is told that it can be decided."""
    now = _seen(house, fact.stream.removeprefix(assurance_stream("")))
    if now.state is State.MODERATED:
        yield from _next(house, fact, now, "approve_plan", "its outcome waits to be decided")


def _next(house: House, fact: Fact, found: Assured, action: str, what: str) -> Iterator[Notice]:
    """The next step of assurance, told to whoever may take it: to nobody who is kept apart by what they did on the plan."""
    plan, authorities = found.plan.history, found.rules.authorities
    written, spoken = (house.journal.read(each(plan.id)) for each in (assurance_stream, signoff_stream))
    told = [
        account
        for body in national_for(found.rules, action)
        for account in holders(house, body, authorities.of(action).offices, day_of(fact))
        if not kept_apart(authorities, action, done_by(account, written, spoken))
    ]
    text = f"Assurance of “{plan.title}”: {what}."
    yield from to_each(
        told, f"{fact.stream} {fact.version} {action}", f"{plan.title}: {what}", text,
        f"/plans/{plan.id}/assurance",
    )  # fmt: skip


def to_ratify(house: House, fact: Fact, position: int) -> Iterator[Notice]:
    """What an officer decided waits for the body to ratify it: whoever may is told, but for that officer."""
    if not fact.body.get("to_ratify"):
        return
    plan, body = fact.stream.removeprefix(signoff_stream("")), fact.on_behalf_of or ""
    now = said(house.journal.read(fact.stream)).decision(str(fact.body["signed"]))
    if now is None or not now.to_ratify or now.undone:
        return
    found = view(house, plan, position, alone=True)
    offices, title = found.rules.authorities.of("ratify_decision").offices, found.history.title
    told = [each for each in holders(house, body, offices, day_of(fact)) if each != fact.by]
    text = f"An officer has decided on “{title}” for {name_of(house, body)}, which ratifies it, or does not."
    yield from to_each(
        told, f"{fact.stream} {fact.version} ratify", f"{title}: a decision waits to be ratified", text,
        f"/plans/{plan}/decisions",
    )  # fmt: skip


def _rejected(house: House, fact: Fact, position: int) -> Iterator[Notice]:
    """Whoever recorded a decision, or sent the link that it was signed by, is told that it was rejected."""
    plan = fact.stream.removeprefix(signoff_stream(""))
    record = said(house.journal.read(fact.stream)[: fact.version - 1]).records.get(Digest(str(fact.body["record"])))  # fmt: skip
    if record is not None and record.by != fact.by:
        title = view(house, plan, position, alone=True).history.title
        text = f"What was put down as a decision of {name_of(house, record.body)} on “{title}” was rejected, with reasons."
        yield from to_each([record.by], f"{fact.stream} {fact.version}", f"{title}: a record was rejected", text, f"/plans/{plan}/decisions")  # fmt: skip


def _let_no_more(house: House, fact: Fact, position: int) -> Iterator[Notice]:  # noqa: ARG001  (all are asked alike)
    """Whoever was let decide for a body is told that they are no more."""
    body = fact.stream.removeprefix(office_stream(""))
    given = (each for each in delegations(house.journal.read(fact.stream)) if each.signed == fact.body["delegation"])  # fmt: skip
    for each in given:
        name = name_of(house, body)
        text = f"You were let act for {name} by a delegation in writing. It has ended, and what you decided by it stands."
        link = f"/plans/{each.plan}/decisions" if each.plan else "/me"
        yield from to_each([each.to], f"{fact.stream} {fact.version}", f"You act for {name} no more", text, link)  # fmt: skip


OF_STEPS: Mapping[str, Tells] = {
    "ReviewerAssigned": _chosen,
    "ReviewSubmitted": _in,
    "ReviewModerated": _moderated,
    "RecordRejected": _rejected,
    "DelegationEnded": _let_no_more,
}
"""What each kind of fact of such a step tells."""
