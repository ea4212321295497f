"""What must be told to whom: for each fact the notices that it makes, and for each day those of the deadlines ahead."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date

from carepool.actions.assurances import record_at
from carepool.actions.calendar import agendas
from carepool.actions.house import House
from carepool.actions.notices import Notice
from carepool.actions.noticing_money import OF_MONEY
from carepool.actions.noticing_steps import OF_STEPS, to_ratify
from carepool.actions.noticing_whom import day_of, holders, to_each
from carepool.actions.permits import partners
from carepool.actions.planning import ContentWithdrawn, PlanView, all_plans, view, views
from carepool.actions.return_reminders import returns_ahead
from carepool.actions.standings import body_of_stage, standing_of
from carepool.basics.canonical import Digest
from carepool.basics.periods import in_words
from carepool.basics.refusals import NotHere
from carepool.calendar.meetings import stream_of as meetings_stream
from carepool.journal.facts import Fact
from carepool.journal.port import Sealed
from carepool.offices.holdings import stream_of as office_stream
from carepool.signoff.standing import Outcome, Standing

DAYS_AHEAD = (28, 14, 7, 2)
"""How many days before a deadline those who have not decided are told of it."""
CONDITIONS_AHEAD = (14, 7, 2)
"""How many days before a condition is due the leads are told of it; and once more when it is overdue."""
CLOSING = "What it is about stands on that page and not in this message."


def notices_of(house: House, sealed: Sealed) -> tuple[Notice, ...]:
    """The notices that a fact makes, worked out as things stood when it was recorded; none for most kinds.

    None either of a plan whose content was withdrawn: whom it concerned is not known any more, and the others are told.
    """
    fact = sealed.fact
    tell = TELLS.get(fact.kind)
    try:
        return tuple(tell(house, fact, sealed.position)) if tell else ()
    except ContentWithdrawn:
        return ()


def notices_ahead(house: House, today: date) -> tuple[Notice, ...]:
    """What a day brings: to those who have not decided and to the leads the deadline ahead, once at each step; and what took effect."""
    made: list[Notice] = []
    for found in agendas(house):
        made += _where_it_stands(house, found.view, found.standing, today, ())
        due, left = found.agenda.due, (found.agenda.due.at.day - today).days
        step = min((each for each in DAYS_AHEAD if 0 <= left <= each), default=None)
        if step is None or found.agenda.passed or not found.agenda.blocking:
            continue
        about = f"{step} days to {due.id} of plan {found.agenda.plan}"
        bodies = [line.party.body for line in found.agenda.blocking] if found.standing.version else []
        told = [*_leads(house, found.view, today), *_deciders(house, found.view, bodies, today)]
        said = "today" if not left else f"in {left} {'day' if left == 1 else 'days'}"
        title = found.view.history.title
        subject = f"{title}: a deadline is {said}"
        text = f"{due.says}: {due.at}, {said}. “{title}” still waits for somebody; its calendar says for whom, and what is next by when."
        made += to_each(told, about, subject, text, f"/plans/{found.agenda.plan}/calendar")
    return (*made, *_conditions_ahead(house, today), *returns_ahead(house, today))


def _conditions_ahead(house: House, today: date) -> Iterator[Notice]:
    """The conditions of an approval that are due soon, or have become overdue, told to the plan's leads once at each step."""
    for each in all_plans(house):
        for condition in record_at(house, each.id).open_conditions:
            left = (condition.due - today).days
            step = -1 if left < 0 else min((step for step in CONDITIONS_AHEAD if left <= step), default=None)
            if step is None:
                continue
            found = next(views(house, [each]), None)
            if found is None:
                continue
            said = "is overdue" if left < 0 else f"is due on {in_words(condition.due)}"
            about = f"{step} days to condition {condition.id} of plan {each.id}"
            text = f"A condition of the approval of “{each.title}” {said}. Its assurance says what is to be done."
            yield from to_each(_leads(house, found, today), about, f"{each.title}: a condition {said}", text, f"/plans/{each.id}/assurance")  # fmt: skip


# What each kind of fact tells


def _version(house: House, fact: Fact, position: int) -> Iterator[Notice]:
    """A version asks for decisions; who had decided on an earlier one is told that it no longer counts.

    Of what has been decided or saved anew since, nobody is told any more: the later version tells.
    """
    plan = fact.stream.removeprefix("plan/")
    found, then = _seen(house, plan, position, day_of(fact))
    _, now = _seen(house, plan, None)
    day, title = day_of(fact), found.history.title
    if now.version is None or then.version is None or now.version.number != then.version.number:
        return
    number, waiting = now.version.number, {party.body for party in now.awaited}
    for party in (
        each for each in then.parties if each.kept and each.decision and each.decision.at < fact.at
    ):
        text = (
            f"Version {number} of “{title}” is within the limits that {_name(house, party.body)} had written down, so its "
            "agreement holds. The page shows what has changed."
        )
        about = f"version {fact.version} of {fact.stream} kept by {party.body}"
        subject = f"{title}: another version is within your limits"
        yield from to_each(_deciders(house, found, [party.body], day), about, subject, text, f"/plans/{found.history.id}/decisions")  # fmt: skip
    for party in then.awaited:
        if party.body not in waiting:
            continue
        name = _name(house, party.body)
        lapsed = party.outcome is Outcome.LAPSED
        subject = f"{title}: your decision no longer counts" if lapsed else f"{title}: a decision is awaited"
        text = f"Version {number} of “{title}” waits for a decision of {name}."
        if lapsed:
            text += " What it had decided was on an earlier version; the page shows what has changed since."
        about = f"version {fact.version} of {fact.stream} for {party.body}"
        yield from to_each(_deciders(house, found, [party.body], day), about, subject, text, f"/plans/{found.history.id}/decisions")  # fmt: skip


def _refused(house: House, fact: Fact, position: int) -> Iterator[Notice]:
    """A refusal is told to the plan's leads."""
    found, _ = _seen(house, fact.stream.removeprefix("signoff/"), position, day_of(fact))
    title = found.history.title
    text = (
        f"{_name(house, fact.on_behalf_of or '')} has refused “{title}”. Its reasons stand with its decision."
    )
    yield from to_each(
        _leads(house, found, day_of(fact)), f"{fact.stream} {fact.version}", f"{title}: a body has refused",
        text, f"/plans/{found.history.id}/decisions",
    )  # fmt: skip
    yield from to_ratify(house, fact, position)


def _agreed(house: House, fact: Fact, position: int) -> Iterator[Notice]:
    """An agreement may be the last, and may wait to be ratified."""
    yield from _went_on(house, fact, position)
    yield from to_ratify(house, fact, position)


def _went_on(house: House, fact: Fact, position: int) -> Iterator[Notice]:
    """When the last party has agreed, or a stage is reached, the leads are told, and whoever the next stage is for."""
    plan = fact.stream.removeprefix("signoff/")
    found, then = _seen(house, plan, position, day_of(fact))
    since = {each.stage for each in _seen(house, plan, None)[1].reached}
    yield from _where_it_stands(house, found, then, day_of(fact), since)


def _where_it_stands(
    house: House, found: PlanView, now: Standing, day: date, since: Collection[str]
) -> Iterator[Notice]:
    """That a plan is agreed, approved or signed off, and for whom it waits next; ``since`` are the stages reached meanwhile.

    The id names the standing and not what brought it about: a decision may take effect by a day alone.
    """
    if not now.agreed or now.version is None:
        return
    title, plan = found.history.title, found.history.id
    last = max([each.since for each in now.parties] + [each.at for each in now.reached])
    about = f"plan {plan} version {now.version.number} {now.status} {last.isoformat()}"
    link = f"/plans/{plan}/decisions"
    text = f"“{title}” is {str(now.status).lower()}."
    yield from to_each(_leads(house, found, day), about, f"{title}: {str(now.status).lower()}", text, link)
    done = {each.stage for each in now.reached}
    stage = next((each for each in found.rules.decisions.stages if each.name not in done), None)
    if stage and stage.name not in since:
        body = body_of_stage(found, stage.name)
        offices = found.rules.authorities.of(stage.action).offices
        waits = holders(house, body, offices, day)
        text = f"“{title}” waits for {_name(house, body)}: {stage.says[0].lower()}{stage.says[1:]}."
        yield from to_each(waits, f"{about} {stage.name}", f"{title}: it waits for you", text, link)


def _meeting(house: House, fact: Fact, position: int) -> Iterator[Notice]:
    """A meeting that was moved or called off is told to the leads of each plan that waits for that body."""
    body = fact.stream.removeprefix(meetings_stream(""))
    name = _name(house, body)
    what = "called a meeting off" if fact.kind == "MeetingCancelled" else "moved a meeting"
    for found in views(house, all_plans(house, position)):
        if any(party.body == body for party in standing_of(house, found).awaited):
            each = found.history
            text = f"{name} has {what}. The calendar of “{each.title}” says what that changes."
            yield from to_each(
                _leads(house, found, day_of(fact)), f"{fact.stream} {fact.version} for plan {each.id}",
                f"{each.title}: {name} has {what}", text, f"/plans/{each.id}/calendar",
            )  # fmt: skip


def _office(house: House, fact: Fact, position: int) -> Iterator[Notice]:  # noqa: ARG001  (all are asked alike)
    """Whoever is given an office is told."""
    name = _name(house, fact.stream.removeprefix(office_stream("")))
    text = f"You have been given an office in {name}. What waits for you in it stands on your own page."
    yield from to_each(
        [str(fact.body["account"])],
        f"{fact.stream} {fact.version}",
        f"You have an office in {name}",
        text,
        "/me",
    )


def _delegation(house: House, fact: Fact, position: int) -> Iterator[Notice]:  # noqa: ARG001  (all are asked alike)
    """Whoever is let decide for a body, in writing, is told."""
    name, plan = _name(house, fact.stream.removeprefix(office_stream(""))), fact.body.get("plan")
    text = f"You may now act for {name} under a delegation in writing, within its limits."
    yield from to_each([str(fact.body["to"])], f"{fact.stream} {fact.version}", f"You may act for {name}", text, f"/plans/{plan}/decisions" if plan else "/me")  # fmt: skip


def _recorded(house: House, fact: Fact, position: int) -> Iterator[Notice]:
    """A decision that was recorded from a document, or signed by a link, waits for another person of the body to confirm it."""
    found, now = _seen(house, fact.stream.removeprefix("signoff/"), position, day_of(fact))
    body, title = fact.on_behalf_of or "", found.history.title
    offices = found.rules.authorities.of("confirm_record").offices
    waiting = now.said.records.get(Digest(str(fact.body["signed"])))
    told = [each for each in holders(house, body, offices, day_of(fact)) if waiting and each != waiting.by]
    how = "signed by a link" if fact.kind == "SignedByLink" else "recorded from a document"
    text = f"A decision of {_name(house, body)} on “{title}” was {how}. It counts once somebody else confirms it."
    yield from to_each(told, f"{fact.stream} {fact.version}", f"{title}: a record is to be confirmed", text, f"/plans/{found.history.id}/decisions")  # fmt: skip


def _said(what: str) -> Callable[[House, Fact, int], Iterator[Notice]]:
    """What a body has done with a decision is told to the plan's leads."""

    def tell(house: House, fact: Fact, position: int) -> Iterator[Notice]:
        found, _ = _seen(house, fact.stream.removeprefix("signoff/"), position, day_of(fact))
        name, title = _name(house, fact.on_behalf_of or ""), found.history.title
        yield from to_each(
            _leads(house, found, day_of(fact)), f"{fact.stream} {fact.version}", f"{title}: {name} has {what}",
            f"{name} has {what}, on “{title}”.", f"/plans/{found.history.id}/decisions",
        )  # fmt: skip

    return tell


def _query(house: House, fact: Fact, position: int) -> Iterator[Notice]:  # noqa: ARG001  (all are asked alike)
    """Whoever a query is put to is told."""
    asked = fact.body.get("to")
    if asked:
        plan = fact.stream.rpartition("/")[2]
        text = "Somebody has put a query to you about a field of a plan."
        yield from to_each([str(asked)], f"{fact.stream} {fact.version}", "A query is put to you", text, f"/plans/{plan}/comments?show=mine")  # fmt: skip


def _deadline(house: House, fact: Fact, position: int) -> Iterator[Notice]:
    """A deadline that passed with the plan not agreed is told to the leads."""
    found, _ = _seen(house, fact.stream.removeprefix("signoff/"), position, day_of(fact))
    title = found.history.title
    text = f"The deadline for deciding on “{title}” passed, and not all had agreed. Its decisions say who was awaited."
    yield from to_each(
        _leads(house, found, day_of(fact)), f"{fact.stream} {fact.version}", f"{title}: a deadline passed", text,
        f"/plans/{found.history.id}/decisions",
    )  # fmt: skip


def _assured(what: str) -> Callable[[House, Fact, int], Iterator[Notice]]:
    """What assurance has done with a plan is told to its leads; what it says stands on the page."""

    def tell(house: House, fact: Fact, position: int) -> Iterator[Notice]:
        found, _ = _seen(house, fact.stream.removeprefix("assurance/"), position, day_of(fact))
        title = found.history.title
        yield from to_each(
            _leads(house, found, day_of(fact)), f"{fact.stream} {fact.version}", f"{title}: {what}",
            f"Assurance of “{title}”: {what}.", f"/plans/{found.history.id}/assurance",
        )  # fmt: skip

    return tell


def _outcome(house: House, fact: Fact, position: int) -> Iterator[Notice]:
    """An outcome by which a plan does not go on is told to its leads; one by which it does is told as the stage that it reaches."""
    plan = fact.stream.removeprefix("assurance/")
    assurance = house.rulebook.named(view(house, plan, position, alone=True).history.rules).assurance
    if not any(each.goes_on for each in assurance.outcomes if each.id == fact.body["outcome"]):
        yield from _assured("the outcome is decided")(house, fact, position)


TELLS: Mapping[str, Callable[[House, Fact, int], Iterable[Notice]]] = {
    "PlanVersionSaved": _version,
    "PlanRefused": _refused,
    "PlanAgreed": _agreed,
    "DecisionWithdrawn": _said("taken its decision back"),
    "DecisionCalledIn": _said("called a decision in"),
    "CallInEnded": _said("ended a call-in"),
    "DecisionRecorded": _recorded,
    "SignedByLink": _recorded,
    "DecisionRatified": _said("said whether a decision for it is ratified"),
    "DisputeOpened": _said("opened a dispute"),
    "DisputeSettled": _said("said that its dispute is settled"),
    "MoneyRedeployed": _said("declared a redeployment"),
    "DeadlinePassed": _deadline,
    "AssuranceDecided": _outcome,
    "ConditionMet": _assured("a condition is met"),
    "ConditionNotMet": _assured("a condition was looked at and is not met"),
    "ResubmissionAsked": _assured("another version is asked for"),
    "EscalationStepTaken": _assured("a step of escalation was taken"),
    "DirectionGiven": _assured("a direction was given"),
    "DelegationGiven": _delegation,
    "PlanStageReached": _went_on,
    "MeetingMoved": _meeting,
    "MeetingCancelled": _meeting,
    "OfficeGiven": _office,
    "CommentMade": _query,
    **OF_STEPS,
    **OF_MONEY,
}
"""What each kind of fact tells; a kind that is not here tells nobody."""


# To whom


def _leads(house: House, found: PlanView, day: date) -> list[str]:
    offices = found.rules.authorities.of("edit_plan").offices
    bodies = [body.id for body in partners(found.history, found.area, found.plan.parties)]
    return [account for body in bodies for account in holders(house, body, offices, day)]


def _deciders(house: House, found: PlanView, bodies: Iterable[str], day: date) -> list[str]:
    offices = found.rules.authorities.of("decide_plan").offices
    return [account for body in bodies for account in holders(house, body, offices, day)]


def _seen(house: House, plan: str, position: int | None, on: date | None = None) -> tuple[PlanView, Standing]:
    found = view(house, plan, position, on, alone=True)
    return found, standing_of(house, found, position)


def _name(house: House, body: str) -> str:
    try:
        return house.areas.body(body).name
    except NotHere:
        return body


def closing(address: str, link: str, created: date) -> str:
    """What stands below a notice that is sent: where to look, and that nothing of it is in the message."""
    return f"\n\nOpen {address.rstrip('/')}{link} to see it. {CLOSING}\n\nNoted on {in_words(created)}.\n"
