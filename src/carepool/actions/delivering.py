"""Delivery of a plan: what was told by scheme beside what was promised, what is off track, and who tells it."""

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from carepool.actions.assurance_rollup import Followed, National, followed_of, national
from carepool.actions.assurances import of_view
from carepool.actions.house import House
from carepool.actions.permits import Actor, partners
from carepool.actions.planning import PlanView, read_history, view
from carepool.actions.releasing import Agreed, agreed_plan, year_of
from carepool.actions.reported import last_sent
from carepool.assurance.savings import promised
from carepool.basics.findings import Finding
from carepool.basics.money import Pence
from carepool.basics.periods import Quarter, in_words
from carepool.basics.refusals import NotHere, Refused
from carepool.basics.words import blank
from carepool.journal.commands import Decision, Done, Reading, perform
from carepool.journal.documents import Document
from carepool.journal.facts import NewFact
from carepool.offices.holdings import Permit, holdings, may
from carepool.offices.holdings import stream_of as office_stream
from carepool.plans.document import Plan
from carepool.returns import delivery
from carepool.returns.delivery import Line, Promise, Told, stream_of
from carepool.rules.delivery import Delivering
from carepool.rules.rulebook import RuleSet

WORDS = "delivery-words"
LARGEST = Decimal(1_000_000_000)


@dataclass(frozen=True, slots=True)
class Delivery:
    """A plan's delivery, as it is or was at a position."""

    agreed: Agreed
    rule: Delivering
    cite: str
    told: Told
    lines: tuple[Line, ...]
    off: Mapping[str, str]
    """What is off track, as ``scheme/ID`` or ``metric/ID``, with why."""
    names: Mapping[str, str]
    """What schemes and metrics are called."""
    findings: tuple[Finding, ...]
    quarters: tuple[Quarter, ...]


def delivery_of(
    house: House, plan: str, upto: int | None = None, on: date | None = None, seen: PlanView | None = None
) -> Delivery:
    """A plan's delivery. NotHere before ministers have signed the plan off, or where its rules do not say how it is judged.

    ``seen``: the plan as it is looked at already.
    """
    agreed = agreed_plan(house, plan, upto)
    rule = rule_of(agreed.rules)
    found = told_of(house, plan, upto)
    followed = None
    if agreed.rules.assures:
        looked = seen or view(house, plan, upto, on, alone=True)
        followed = followed_of(house, of_view(house, looked, upto), on)
    quarters = year_of(agreed.year)
    lines = delivery.lines_of(promises_of(agreed.plan, followed), found, quarters)
    off = delivery.off_track(lines, _metrics(house, plan, upto), rule)
    names = {f"scheme/{each.id}": each.name or each.id for each in agreed.plan.schemes.schemes}
    names |= {f"metric/{each.id}": each.title for each in agreed.rules.metrics.metrics}
    cite, today = agreed.rules.cite("delivery"), on or house.today
    findings = delivery.findings_of(found, off, names, rule, cite, today)
    return Delivery(agreed, rule, cite, found, lines, off, names, tuple(findings), quarters)


def rule_of(rules: RuleSet) -> Delivering:
    """How delivery is judged under a set. NotHere where it does not say."""
    found = rules.find("delivery", Delivering)
    if found is None:
        raise NotHere(
            f"{rules.name} does not say when a scheme is off track, so delivery is not followed here."
        )
    return found


def told_of(house: House, plan: str, upto: int | None = None) -> Told:
    """What was told of a plan's delivery."""
    return delivery.told(plan, house.journal.read(stream_of(plan), upto=upto))


def promises_of(plan: Plan, followed: Followed | None) -> tuple[Promise, ...]:
    """What a plan promises by scheme and kind, with what of it assurance holds credible."""
    savings = {each.number: each.credible for each in followed.savings} if followed else {}
    found: dict[tuple[str, str], Promise] = {}
    for number, each in enumerate(plan.benefits.benefits):
        key = each.scheme, each.kind or "other"
        before = found.get(key)
        credible = savings.get(number)
        activity = each.activity
        if before:
            credible = None if credible is None or before.credible is None else credible + before.credible
            activity = activity if before.activity is None else before.activity + (activity or 0)
        found[key] = Promise(*key, activity, promised(each) + (before.pence if before else 0), credible)
    return tuple(found.values())


def _metrics(house: House, plan: str, upto: int | None) -> dict[str, str]:
    """The metrics that the last return says are not on track."""
    found = last_sent(house, plan, upto)
    if found is None:
        return {}
    quarter, content = found
    return {each.id: f"the return of {quarter} says so" for each in content.metrics.metrics if each.status == "not_on_track"}  # fmt: skip


# The nation.


@dataclass(frozen=True, slots=True)
class SchemeLine:
    """A scheme as it goes into the roll-up."""

    plan: str
    title: str
    scheme: str
    name: str
    boards: tuple[str, ...]
    region: str
    promised: Pence
    credible: Pence | None
    told: Pence
    """What was told as delivered, of the quarters that something was told of."""
    planned: Pence
    """What was planned in those."""
    off: bool


@dataclass(frozen=True, slots=True)
class Rolled:
    """What some schemes come to."""

    name: str
    schemes: tuple[SchemeLine, ...]

    @property
    def promised(self) -> Pence:
        """The sum of what they promise."""
        return sum(each.promised for each in self.schemes)

    @property
    def credible(self) -> Pence:
        """The sum of what is credible, of those of which it is known."""
        return sum(each.credible for each in self.schemes if each.credible is not None)

    @property
    def not_known(self) -> int:
        """How many have no credible sum yet."""
        return sum(each.credible is None for each in self.schemes)

    @property
    def planned(self) -> Pence:
        """What was planned in the quarters that something was told of."""
        return sum(each.planned for each in self.schemes)

    @property
    def told(self) -> Pence:
        """What was told as delivered."""
        return sum(each.told for each in self.schemes)

    @property
    def off(self) -> int:
        """How many are off track."""
        return sum(each.off for each in self.schemes)


@dataclass(frozen=True, slots=True)
class NationalDelivery:
    """Schemes, boards, regions and the whole, from the same plans as the roll-up of assurance."""

    nation: Rolled
    regions: tuple[Rolled, ...]
    boards: tuple[Rolled, ...]
    assured: National


def national_delivery(
    house: House, *, illustrative: bool, upto: int | None = None, on: date | None = None, among: Container[str] | None = None
) -> NationalDelivery:  # fmt: skip
    """What schemes promise, what is credible, and what was told as delivered, from each scheme to the nation."""
    assured = national(house, illustrative=illustrative, upto=upto, on=on, among=among)
    rows = tuple(row for each in assured.followed for row in _rows(house, each, upto))
    places = (house.areas.county if illustrative else house.areas.england).england.places
    codes = sorted({code for row in rows for code in row.boards})
    return NationalDelivery(
        Rolled(assured.nation.name, rows),
        tuple(
            Rolled(name, tuple(row for row in rows if row.region == name))
            for name in sorted({row.region for row in rows})
        ),
        tuple(
            Rolled(
                places.boards[code].name if code in places.boards else code,
                tuple(row for row in rows if code in row.boards),
            )
            for code in codes
        ),
        assured,
    )


def _rows(house: House, each: Followed, upto: int | None) -> list[SchemeLine]:
    rules, history = each.found.rules, each.found.plan.history
    rule = rules.find("delivery", Delivering)
    lines = delivery.lines_of(promises_of(each.plan, each), told_of(house, history.id, upto), year_of(rules.about.years[-1]))  # fmt: skip
    found = []
    for scheme in each.plan.schemes.schemes:
        own = [line for line in lines if line.promise.scheme == scheme.id]
        credible = [line.promise.credible for line in own if line.promise.credible is not None]
        found.append(
            SchemeLine(
                history.id, history.title, scheme.id, scheme.name or scheme.id, each.row.boards, each.row.region,
                sum(line.promise.pence for line in own),
                sum(credible) if len(credible) == len(own) else None,
                sum(line.delivered for line in own), sum(line.planned for line in own),
                bool(rule) and any(line.off(rule) for line in own if rule),
            )
        )  # fmt: skip
    return found


# What is told.


def set_milestone_of(house: House, actor: Actor, plan: str, scheme: str, words: str, due: date) -> Done | Refused:  # fmt: skip
    """A lead says what a scheme does by when."""
    if blank(words):
        return Refused("Say what the milestone is.")
    said = _words(house, words)

    def decide(found: Told, agreed: Agreed, body: str) -> Decision | Refused:
        if refused := _no_scheme(agreed, scheme):
            return refused
        return _decision(found, delivery.milestone_set(plan, scheme, _digest(said), due, body), said)

    request = {"scheme": scheme, "words": words.strip(), "due": due.isoformat()}
    return _tell(house, actor, plan, "milestone", decide, request)


def tell_milestone_of(house: House, actor: Actor, plan: str, milestone: str, on: date, words: str, *, done: bool) -> Done | Refused:  # fmt: skip
    """A lead says that a milestone is done, or for when it is forecast."""
    said = _words(house, words)

    def decide(found: Told, agreed: Agreed, body: str) -> Decision | Refused:  # noqa: ARG001  (asked as the others are)
        held = found.milestones.get(milestone)
        if held is None:
            return Refused(f"There is no milestone {milestone}. The page of delivery has them all.")
        if held.said and held.said[-1].done:
            return Refused("This milestone was told as done already.")
        if done and on > house.today:
            return Refused(f"{in_words(on)} is still to come. Tell that it is done once it is, or forecast it for then.")  # fmt: skip
        if not done and on <= house.today:
            return Refused(f"{in_words(on)} is over. Tell that it was done then, or forecast a day to come.")
        return _decision(found, delivery.milestone_told(plan, milestone, on, _digest(said), body, done=done), said)  # fmt: skip

    request = {"milestone": milestone, "on": on.isoformat(), "words": words.strip(), "done": done}
    return _tell(house, actor, plan, "milestone_told", decide, request)


def tell_delivery_of(
    house: House, actor: Actor, plan: str, quarter: Quarter, line: tuple[str, str], activity: Decimal | None, pence: Pence, words: str
) -> Done | Refused:  # fmt: skip
    """A lead says what a scheme did in a quarter for one kind of benefit; telling it again corrects it, with reasons."""
    if refused := _too_much(activity, pence):
        return refused
    said = _words(house, words)

    def decide(found: Told, agreed: Agreed, body: str) -> Decision | Refused:
        if refused := _no_line(agreed, quarter, line, house.today):
            return refused
        before = found.outcomes.get((quarter, *line))
        if before and (before.activity, before.pence) == (activity, pence):
            return Refused("That is what was told already. Change what has to be corrected first.")
        if before and blank(words):
            return Refused("What was told is corrected with reasons. Say what was wrong.")
        return _decision(found, delivery.delivery_told(plan, quarter, line, activity, pence, _digest(said), body), said)  # fmt: skip

    request = {
        "quarter": str(quarter), "scheme": line[0], "kind": line[1], "activity": None if activity is None else str(activity),
        "pence": pence, "words": words.strip(),
    }  # fmt: skip
    return _tell(house, actor, plan, "delivery", decide, request)


def make_recovery_of(house: House, actor: Actor, plan: str, of: str, words: str, due: date, office: str) -> Done | Refused:  # fmt: skip
    """A lead says what is done about what is off track, by when, and who answers for it."""
    if blank(words) or blank(office):
        return Refused("Say what is done about it, and which office answers for it.")
    said = _words(house, words)

    def decide(found: Told, agreed: Agreed, body: str) -> Decision | Refused:
        known = [f"scheme/{each.id}" for each in agreed.plan.schemes.schemes] + [f"metric/{each.id}" for each in agreed.rules.metrics.metrics]  # fmt: skip
        if of not in known:
            return Refused(f"“{of}” is no scheme or metric of this plan. It has: {', '.join(known)}.")
        if due <= house.today:
            return Refused("A recovery plan is done by a day to come. Give one.")
        if office not in {each.name for each in agreed.rules.authorities.offices}:
            return Refused(f"“{office}” is no office that the rules know.")
        return _decision(found, delivery.recovery_made(plan, of, _digest(said), due, office, body), said)

    request = {"of": of, "words": words.strip(), "due": due.isoformat(), "office": office}
    return _tell(house, actor, plan, "recovery", decide, request)


def tell_recovery_of(house: House, actor: Actor, plan: str, of: str, words: str, *, done: bool) -> Done | Refused:  # fmt: skip
    """A lead says how a recovery plan gets on, or that it is done."""
    if blank(words):
        return Refused("Say how it gets on.")
    said = _words(house, words)

    def decide(found: Told, agreed: Agreed, body: str) -> Decision | Refused:  # noqa: ARG001  (asked as the others are)
        held = found.recoveries.get(of)
        if held is None or held.done:
            return Refused("No recovery plan of it goes on. Make one first.")
        return _decision(found, delivery.recovery_told(plan, of, _digest(said), body, done=done), said)

    return _tell(house, actor, plan, "recovery_told", decide, {"of": of, "words": words.strip(), "done": done})  # fmt: skip


def may_tell(house: House, agreed: Agreed, account: str) -> bool:
    """Whether an account may tell how a plan is delivered, today."""
    authority = agreed.rules.authorities.of("tell_delivery")
    held = ((body, holdings(house.journal.read(office_stream(body)))) for body in _bodies(house, agreed))
    return any(isinstance(may(authority, each, account, body, house.today), Permit) for body, each in held)


def _bodies(house: House, agreed: Agreed) -> tuple[str, ...]:
    history = read_history(house, agreed.id)
    return tuple(each.id for each in partners(history, agreed.area, agreed.plan.parties))


def _no_scheme(agreed: Agreed, scheme: str) -> Refused | None:
    known = [each.id for each in agreed.plan.schemes.schemes]
    return None if scheme in known else Refused(f"The plan has no scheme {scheme}. It has: {', '.join(known)}.")  # fmt: skip


def _no_line(agreed: Agreed, quarter: Quarter, line: tuple[str, str], today: date) -> Refused | None:
    if quarter not in year_of(agreed.year):
        return Refused(
            f"The plan promises what it saves in {agreed.year}, and {quarter} is no quarter of that."
        )
    if today <= quarter.last_day:
        return Refused(f"{quarter} is not over. Tell it from {in_words(quarter.plus(1).first_day)} on.")
    promised = {(each.scheme, each.kind or "other") for each in agreed.plan.benefits.benefits}
    if line not in promised:
        return Refused(f"The plan promises nothing of the kind “{line[1]}” by scheme {line[0]}.")
    return None


def _too_much(activity: Decimal | None, pence: Pence) -> Refused | None:
    if abs(pence) > 10_000_000_000_00 or (activity is not None and (not activity.is_finite() or abs(activity) > LARGEST)):  # fmt: skip
        return Refused("This is more than a scheme can save. Is there a digit too many?")
    return None


def _words(house: House, words: str) -> Document:
    return Document(WORDS, "text/plain; charset=utf-8", words.strip().encode(), house.salt())


def _digest(said: Document) -> str:
    """The digest of what was said; empty where nothing was, so that nothing is kept."""
    return said.digest if said.content else ""


def _decision(found: Told, fact: NewFact, said: Document) -> Decision:
    kept = (said,) if said.content else ()
    return Decision((fact,), {"stream": stream_of(found.plan), "number": str(found.version + 1)}, kept)


def _tell(
    house: House, actor: Actor, plan: str, what: str, decide: Callable[[Told, Agreed, str], Decision | Refused], request: Mapping[str, object]
) -> Done | Refused:  # fmt: skip
    """What all that is told of delivery has in common: the authority is that of an office in a partner, read with it."""
    agreed = agreed_plan(house, plan)
    rule_of(agreed.rules)
    bodies = _bodies(house, agreed)

    def load(reading: Reading) -> tuple[Told, str] | Refused:
        found = delivery.told(plan, reading.read(stream_of(plan)))
        answers = [
            may(agreed.rules.authorities.of("tell_delivery"), holdings(reading.read(office_stream(body))), actor.account, body, house.today)
            for body in bodies
        ]  # fmt: skip
        allowed = next((each for each in answers if isinstance(each, Permit)), None)
        if allowed:
            return found, allowed.holding.body
        return next(each for each in answers if isinstance(each, Refused))

    def allowed_only(state: tuple[Told, str] | Refused) -> Decision | Refused:
        return state if isinstance(state, Refused) else decide(state[0], agreed, state[1])

    asked = {"action": "tell_delivery", "what": what, "plan": plan, **request}
    return perform(
        house.journal,
        allowed_only,
        load=load,
        by=actor.account,
        key=actor.key,
        request=asked,
        clock=house.clock,
    )
