"""Whoever may decide lets somebody else do so, in writing, with limits and an end; and takes that back."""

from datetime import date

from carepool.actions.deciding import contribution, not_needed
from carepool.actions.house import House
from carepool.actions.permits import Actor
from carepool.actions.planning import PlanView, view
from carepool.actions.signing import Seen, Signed, Signing, sign
from carepool.actions.standings import leads, may_be_led, name_of, named_or_own
from carepool.basics.money import Pence, in_pounds
from carepool.basics.periods import in_words
from carepool.basics.refusals import NotHere, Refused
from carepool.basics.words import blank
from carepool.journal.facts import NewFact
from carepool.offices.delegations import Delegation, delegate, delegations, end_delegation
from carepool.offices.holdings import Why, holdings, stream_of

LONGEST = 366
"""Days for which a delegation may run."""


def delegate_decision(
    house: House,
    actor: Actor,
    plan: str,
    body: str,
    to: str,
    to_body: str,
    first: date,
    last: date,
    words: str,
    pence: Pence | None = None,
) -> Signing:
    """Let an officer decide on a plan for a body, in writing.

    ``to`` is an account that holds an office in ``to_body``: the body itself, or for a commissioner with few of the
    people, a named lead of another party. ``pence`` is the most that the body may put into a plan decided on so.
    Refused: who may not, rules that let nobody be let, no words, no end, somebody without an office.
    """
    found = view(house, plan)
    authority = found.rules.authorities.of("decide_plan")
    refusal = _may_be_let(house, found, body, to_body)
    if refusal:
        return refusal
    if not authority.delegable:
        return Refused("These rules let nobody else decide: the office itself signs.")
    if blank(words):
        return Refused("A delegation is in writing: write what is delegated, to whom and why.")
    if not 0 <= (last - first).days <= LONGEST or last < house.today:
        return Refused(
            f"A delegation from {in_words(first)} to {in_words(last)} does not run. Let it end later than today, and "
            "within a year of its beginning."
        )
    if pence is not None and pence < 0:
        return Refused("The limit is below zero. Write an amount in pounds, or leave it out.")

    def judge(seen: Seen) -> Refused | None:
        if to == actor.account:
            return Refused("You hold the office yourself, so there is nothing to delegate to you.")
        held = holdings(house.journal.read(stream_of(to_body)))
        if not any(each.account == to and each.on(house.today) for each in held):
            return Refused(
                f"That account holds no office in {name_of(house, to_body)} today. Give it one first, or name another."
            )
        if seen.permit.holding.office not in authority.offices:
            title = found.rules.authorities.title(seen.permit.holding.office)
            return Refused(f"{title} does not decide on plans, so cannot let another do so.")
        return None

    def facts(seen: Seen, document: str) -> tuple[NewFact]:
        office = seen.permit.holding.office
        return (delegate(body, office, to, to_body, "decide_plan", first, last, document, plan, pence),)

    limit = f" up to {in_pounds(pence)}" if pence is not None else ""
    more = {
        "to": to, "to_body": to_body, "first": first.isoformat(), "last": last.isoformat(), "pence": pence,
        "contribution": contribution(found, body),
    }  # fmt: skip
    signed = Signed("delegate", body, f"let another decide{limit}", reasons=words, more=more)
    return sign(house, actor, found, signed, judge, facts)


def _may_be_let(house: House, found: PlanView, body: str, to_body: str) -> Refused | None:
    if found.history.current and (refusal := not_needed(house, found, body)):
        return refusal
    if to_body == body:
        return None
    if may_be_led(found, body) and leads(found, to_body):
        return None
    return Refused(
        f"{name_of(house, body)} can let only its own officers decide: a named lead, of another party of the plan, decides only for a "
        f"commissioner with fewer than {found.rules.decisions.contributing.lead_below.normalize():f}% of the people."
    )


def end_decision_delegation(
    house: House, actor: Actor, plan: str, body: str, delegation: str, reasons: str
) -> Signing:
    """End a delegation with yesterday, so that it is refused from the next request on; what was decided by it stands."""
    found = view(house, plan)
    given = delegation_named(house, body, delegation)
    if blank(reasons):
        return Refused("Write why the delegation ends.")

    def judge(_: Seen) -> Refused | None:
        if delegation_named(house, body, delegation).ended is not None:
            return Refused("This delegation has ended already.")
        return None

    def facts(_: Seen, document: str) -> tuple[NewFact]:
        yesterday = date.fromordinal(house.today.toordinal() - 1)
        return (end_delegation(body, delegation, yesterday, Why(found.rules.name, "delegate", document)),)

    signed = Signed("delegate", body, "end a delegation", reasons=reasons, more={"delegation": given.signed})
    return sign(house, actor, found, signed, judge, facts)


def delegation_named(house: House, body: str, signed: str) -> Delegation:
    """The delegation that was signed so. NotHere for one that there is not."""
    given = delegations(house.journal.read(stream_of(body)))
    found = next((each for each in given if each.signed == signed), None)
    if found is None:
        raise NotHere(f"There is no delegation {signed[:12]} of {name_of(house, body)}.")
    return found


def delegations_for(house: House, found: PlanView, upto: int | None = None) -> tuple[Delegation, ...]:
    """Every delegation of a party to decide on this plan, ended or not."""
    return tuple(
        each
        for body in named_or_own(found)
        for each in delegations(house.journal.read(stream_of(body), upto=upto))
        if each.plan in {None, found.history.id}
    )
