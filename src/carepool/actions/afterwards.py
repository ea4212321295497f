"""What becomes of a decision after it was made: taken back, ratified, called in, disputed; and a deadline that passes."""

from datetime import date

from carepool.actions.deciding import settled
from carepool.actions.house import House
from carepool.actions.permits import Actor
from carepool.actions.planning import ContentWithdrawn, PlanView, read_history, view
from carepool.actions.signing import Seen, Signed, Signing, sign
from carepool.actions.standings import name_of, standing_of
from carepool.basics.canonical import Digest, digest_of
from carepool.basics.periods import in_words
from carepool.basics.refusals import NotHere, Refused
from carepool.basics.words import blank
from carepool.journal.commands import Decision as Written
from carepool.journal.commands import Done, Reading, perform
from carepool.journal.facts import NewFact
from carepool.signoff import facts as sayings
from carepool.signoff.decisions import Decision, Dispute, said
from carepool.signoff.facts import stream_of
from carepool.signoff.standing import Status

OPERATOR = "carepool"
"""The account by which the service itself writes."""


def decision_named(house: House, found: PlanView, signed: str) -> Decision:
    """The decision that was signed so. NotHere for one that there is not."""
    decision = said(house.journal.read(stream_of(found.history.id))).decision(signed)
    if decision is None:
        raise NotHere(
            f"There is no decision {signed[:12]} on “{found.history.title}”. Its page lists them all."
        )
    return decision


def withdraw_decision(house: House, actor: Actor, plan: str, decision: str, reasons: str) -> Signing:
    """A body takes its decision back, with reasons, while the plan is not approved; then it is awaited again."""
    found = view(house, plan)
    made = decision_named(house, found, decision)
    if blank(reasons):
        return Refused("Taking a decision back needs its reasons, so that the others know why. Write them.")

    def judge(seen: Seen) -> Refused | None:
        if refusal := _not_in_force(house, made, seen):
            return refusal
        now = seen.standing.said.decision(decision)
        if now is not None and now.called_in:
            return Refused("This decision is called in. How that ended is recorded first.")
        party = seen.standing.of(made.body)
        if party and party.several and seen.permit.holding.office != made.office:
            return Refused("Each signature of this body is taken back by the office that gave it.")
        if settled(seen.standing):
            return Refused(
                "The plan has gone on, so what it rests on cannot be taken back. To change it, save another version."
            )
        return None

    def facts(_: Seen, document: str) -> tuple[NewFact]:
        return (sayings.withdraw(plan, made.body, decision, document),)

    signed = Signed(
        "decide_plan", made.body, "withdraw its decision", reasons=reasons, more=_about(made), by_office=True
    )
    return sign(house, actor, found, signed, judge, facts)


def ratify_decision(
    house: House, actor: Actor, plan: str, decision: str, *, stands: bool, minute: str, reasons: str = ""
) -> Signing:
    """A body ratifies what an officer decided for it, or does not, with reasons; then it is awaited again."""
    found = view(house, plan)
    made = decision_named(house, found, decision)
    if blank(minute):
        return Refused("Write where the minute of the ratification is: its number, or its address.")
    if not stands and blank(reasons):
        return Refused("Not to ratify needs its reasons, so that the others know why. Write them.")

    def judge(seen: Seen) -> Refused | None:
        if refusal := _not_in_force(house, made, seen):
            return refusal
        now = seen.standing.said.decision(decision)
        if now is None or not now.to_ratify:
            return Refused(f"This decision of {name_of(house, made.body)} does not wait to be ratified.")
        if not stands and settled(seen.standing):
            return Refused(
                "The plan has gone on, so what it rests on cannot be declined any more. Open a dispute, or ask for "
                "another version."
            )
        if now.by == actor.account:
            return Refused(
                "Nobody ratifies what they decided themselves. Ask the body's chair or a colleague to do it."
            )
        return None

    def facts(_: Seen, document: str) -> tuple[NewFact]:
        return (sayings.ratify(plan, made.body, decision, document, stands=stands),)

    more = {**_about(made), "stands": stands, "minute": minute.strip()}
    word = "ratify" if stands else "not ratify"
    signed = Signed("ratify_decision", made.body, word, reasons=reasons, more=more)
    return sign(house, actor, found, signed, judge, facts)


def call_in(house: House, actor: Actor, plan: str, decision: str, reasons: str) -> Signing:
    """A council's decision is called in before it takes effect: until that ends, it does not count."""
    found = view(house, plan)
    made = decision_named(house, found, decision)
    if blank(reasons):
        return Refused("Write who calls the decision in, and why.")

    def judge(seen: Seen) -> Refused | None:
        if refusal := _not_in_force(house, made, seen):
            return refusal
        now = seen.standing.said.decision(decision)
        if now is None or now.called_in:
            return Refused("This decision is called in already. Record how that ended.")
        if now.in_effect(house.today):
            return Refused("This decision has taken effect, so it cannot be called in any more.")
        return None

    def facts(_: Seen, document: str) -> tuple[NewFact]:
        return (sayings.call_in(plan, made.body, decision, document),)

    signed = Signed("call_in", made.body, "call in", reasons=reasons, more=_about(made))
    return sign(house, actor, found, signed, judge, facts)


def end_call_in(
    house: House, actor: Actor, plan: str, decision: str, *, stands: bool, reasons: str,
    effective_on: date | None = None,
) -> Signing:  # fmt: skip
    """How a call-in ended: the decision stands, from a day on, or is set aside; then the body is awaited again."""
    found = view(house, plan)
    made = decision_named(house, found, decision)
    if blank(reasons):
        return Refused("Write what the scrutiny committee resolved.")
    if stands and effective_on is not None and effective_on < house.today:
        return Refused(f"{in_words(effective_on)} has passed. Write a day from today on.")

    def judge(seen: Seen) -> Refused | None:
        now = seen.standing.said.decision(decision)
        if now is None or not now.called_in:
            return Refused("This decision is not called in.")
        return None

    def facts(_: Seen, document: str) -> tuple[NewFact]:
        later = effective_on if stands and effective_on and effective_on > house.today else None
        return (sayings.end_call_in(plan, made.body, decision, document, stands=stands, effective_on=later),)

    more = {
        **_about(made),
        "stands": stands,
        "effective_on": effective_on.isoformat() if effective_on else None,
    }
    signed = Signed("call_in", made.body, "end the call-in", reasons=reasons, more=more)
    return sign(house, actor, found, signed, judge, facts)


def open_dispute(house: House, actor: Actor, plan: str, body: str, reasons: str) -> Signing:
    """A party opens a dispute: until it is settled the plan does not go on."""
    found = view(house, plan)
    if blank(reasons):
        return Refused("Write what the dispute is about, so that the others can answer.")

    def judge(seen: Seen) -> Refused | None:
        now = seen.standing
        if now.of(body) is None:
            return Refused(f"{name_of(house, body)} is no party to this plan, so it has nothing to dispute.")
        if now.status is Status.SIGNED_OFF:
            return Refused("Ministers have signed the plan off. To change it, save another version.")
        if any(each.body == body for each in now.disputes):
            return Refused(f"A dispute of {name_of(house, body)} is open already. Settle it first.")
        return None

    def facts(_: Seen, document: str) -> tuple[NewFact]:
        return (sayings.dispute(plan, body, document),)

    signed = Signed("decide_plan", body, "open a dispute", reasons=reasons, by_office=True)
    return sign(house, actor, found, signed, judge, facts)


def settle_dispute(house: House, actor: Actor, plan: str, dispute: str, reasons: str) -> Signing:
    """The party that opened a dispute says that it is settled, and how; its own office does, and no delegate."""
    found = view(house, plan)
    opened = _dispute_named(house, found, dispute)
    if blank(reasons):
        return Refused("Write how the dispute was settled.")

    def judge(seen: Seen) -> Refused | None:
        if not any(each.signed == dispute for each in seen.standing.disputes):
            return Refused("This dispute is settled already.")
        return None

    def facts(_: Seen, document: str) -> tuple[NewFact]:
        return (sayings.settle(plan, opened.body, dispute, document),)

    signed = Signed(
        "decide_plan",
        opened.body,
        "settle a dispute",
        reasons=reasons,
        more={"dispute": dispute},
        by_office=True,
    )
    return sign(house, actor, found, signed, judge, facts)


def _dispute_named(house: House, found: PlanView, dispute: str) -> Dispute:
    heard = said(house.journal.read(stream_of(found.history.id)))
    opened = next((each for each in heard.disputes if each.signed == dispute), None)
    if opened is None:
        raise NotHere(f"There is no dispute {dispute[:12]} about “{found.history.title}”.")
    return opened


def _not_in_force(house: House, made: Decision, seen: Seen) -> Refused | None:
    """The refusal where a decision is not the body's last word any more."""
    now = seen.standing.said.decision(made.signed)
    if now is None or now.undone:
        word = now.undone.value if now and now.undone else "gone"
        return Refused(f"This decision of {name_of(house, made.body)} was {word} already.")
    party = seen.standing.of(made.body)
    office = made.office if party and party.several else ""
    if seen.standing.said.latest(made.body, office) != now:
        return Refused(f"{name_of(house, made.body)} has decided again since. Look at its latest decision.")
    return None


def _about(made: Decision) -> dict[str, object]:
    return {"decision": made.signed, "of": made.digest}


def pass_deadline(house: House, plan: str) -> Done | Refused:
    """Record that the deadline for deciding passed with a plan not agreed, once; who was awaited is as it was then.

    Refused where it has not passed, where the plan was agreed by then, or did not exist. Of a version whose content was withdrawn
    nobody can tell any more who was awaited: it passed all the same, unless the version had reached a stage by then.
    """
    rules = house.rulebook.named(read_history(house, plan).rules)
    due = rules.due
    if due is None:
        return Refused(f"The rules {rules.name} name no deadline for deciding.")
    if due.at.instant >= house.clock():
        return Refused(f"The deadline has not passed: {due.says}, {in_words(due.at.day)}.")
    upto = house.journal.as_at(due.at.instant)
    try:
        missed = _missed(house, plan, upto, due.at.day)
    except NotHere:
        return Refused("The plan was started after the deadline had passed.")
    if missed is None:
        return Refused("The plan was agreed by then, so no deadline was missed.")
    fact = sayings.deadline_passed(plan, due.id, *missed)

    def load(reading: Reading) -> bool:
        return any(each.event == due.id for each in said(reading.read(stream_of(plan))).passed)

    def decide(recorded: bool) -> Written | Refused:
        if recorded:
            return Refused("It was recorded before that this deadline passed.")
        return Written((fact,), due.id)

    request = {"action": "pass_deadline", "plan": plan, "event": due.id}
    key = digest_of("deadline", 1, request)
    return perform(house.journal, decide, load=load, by=OPERATOR, key=key, request=request, clock=house.clock)


def _missed(house: House, plan: str, upto: int | None, on: date) -> tuple[Digest | None, list[str]] | None:
    """The version that was not agreed at a position, and who was awaited: nobody that is known, where its content was withdrawn."""
    try:
        now = standing_of(house, view(house, plan, upto, on), upto)
    except ContentWithdrawn:
        current = read_history(house, plan, upto).current
        assert current is not None  # noqa: S101 (it is the content of a version that was withdrawn)
        reached = said(house.journal.read(stream_of(plan), upto=upto)).reached
        return None if any(each.digest == current.digest for each in reached) else (current.digest, [])
    if now.agreed:
        return None
    return now.version.digest if now.version else None, [each.body for each in now.not_agreed]


def pass_deadlines(house: House) -> tuple[str, ...]:
    """Record every deadline that has passed with a plan not agreed; the plans for which one was recorded."""
    found = []
    for stream in house.journal.streams("plan/"):
        plan = stream.removeprefix("plan/")
        done = pass_deadline(house, plan)
        if isinstance(done, Done) and not done.again:
            found.append(plan)
    return tuple(found)
