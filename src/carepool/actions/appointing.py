"""Who holds which office of a body is given, ended and handed over: by whoever answers for the body, or by an operator."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

from carepool.actions.house import House
from carepool.actions.nation import RULES
from carepool.actions.permits import Actor, offices_to_end
from carepool.basics.canonical import canonical, digest_of
from carepool.basics.periods import in_words
from carepool.basics.refusals import NotHere, Refused, Unusable, unknown
from carepool.basics.words import blank
from carepool.journal.commands import Decision, Done, Reading, perform
from carepool.journal.documents import Document
from carepool.offices.holdings import Holding, Permit, Why, end, give, holdings, may, stream_of
from carepool.places.bodies import Body, BodyKind
from carepool.rules.schema import Authorities

APPOINT = "appoint"
"""The action of the rules by which an office is given and ended."""


def check_office(authorities: Authorities, office: str, body_kind: str) -> None:
    """NotHere for an office that the rules do not know, Unusable for one that this kind of body does not have."""
    known = {each.name: each for each in authorities.offices}
    if office not in known:
        raise unknown("office", office, known, f"Known are {', '.join(known)}.")
    if body_kind not in known[office].of:
        one = BodyKind(body_kind).a_word
        raise Unusable(f"{one[0].upper()}{one[1:]} has no {known[office].says.lower()}. Offices of one are "
                       f"{', '.join(each.name for each in authorities.offices if body_kind in each.of)}.")  # fmt: skip


def rules_with_offices(house: House, kind: str, first: str) -> str:
    """The set of rules by which a kind of body has offices: the one named first, else the latest that has any."""
    for rules in (house.rulebook.named(first), *reversed(house.rulebook.in_order)):
        authorities = rules.find("authority", Authorities)
        if authorities and any(kind in each.of for each in authorities.offices):
            return rules.name
    raise Unusable(f"No set of rules gives offices to a body of the kind {kind}.")


def appoint(
    house: House,
    actor: Actor,
    rules: str,
    body: str,
    office: str,
    account: str,
    first: date,
    last: date | None = None,
    *,
    operator: bool = True,
    reasons: str = "",
) -> Done | Refused:
    """Give an account an office in a body from a day on. Refused when it holds that office on any day of it already.

    An operator may always; anybody else only by an office of the body that may appoint.
    """
    found = house.areas.body(body)
    authorities = house.rulebook.named(rules).authorities
    check_office(authorities, office, found.kind)
    why, words = _why(house, actor, rules, found, office, reasons)

    def decide(state: State) -> Decision | Refused:
        if state.refusal:
            return state.refusal
        if already := _already(state.held, account, office, first, last, found):
            return already
        return Decision((give(body, office, account, first, last, why),), office, words)

    request = {
        "action": "appoint",
        "body": body,
        "office": office,
        "account": account,
        "first": first,
        "last": last,
        "reasons": reasons.strip(),
    }
    return _perform(house, actor, authorities, found, request, decide, operator=operator)


def retire(
    house: House, actor: Actor, body: str, office: str, account: str, last: date,
    *, rules: str = "", operator: bool = True, reasons: str = "",
) -> Done | Refused:  # fmt: skip
    """End an account's office in a body with a day, whatever it was given for later too. NotHere when there is nothing to end.

    With today or a day before it ends at once, so that the next request is refused whatever day it began: as ended with
    the day before. With a day to come it is held until then.
    """
    found = house.areas.body(body)
    rules = rules or rules_with_offices(house, found.kind, RULES)
    authorities = house.rulebook.named(rules).authorities
    why, words = _why(house, actor, rules, found, office, reasons)
    until = last - timedelta(days=1) if last == house.today else last

    def decide(state: State) -> Decision | Refused:
        if state.refusal:
            return state.refusal
        if not any(
            (each.account, each.office) == (account, office) and each.after(until) for each in state.held
        ):
            raise NotHere(
                f"That account is not {office.replace('_', ' ')} of {found.name} after {in_words(until)}, so there is nothing to end."
            )
        return Decision((end(body, office, account, until, why),), office, words)

    request = {
        "action": "retire",
        "body": body,
        "office": office,
        "account": account,
        "last": last,
        "reasons": reasons.strip(),
    }
    return _perform(house, actor, authorities, found, request, decide, operator=operator)


def retire_everywhere(house: House, actor: Actor, account: str, reasons: str) -> tuple[tuple[str, str], ...]:
    """End at once every office that an account holds today or is to hold, with what rests on it: the bodies and offices.

    It is for an operator. Cut short, it is asked for again and ends the others.
    """
    ending = offices_to_end(house, account)
    for body, office in ending:
        key = digest_of("retire", 1, [actor.key, account, body, office])
        done = retire(house, Actor(actor.account, key), body, office, account, house.today, reasons=reasons)
        if isinstance(done, Refused):
            raise Unusable(done.says)
    return ending


def hand_over(
    house: House, actor: Actor, body: str, office: str, account: str, to: str, first: date, reasons: str = ""
) -> Done | Refused:
    """Succession: one holder's office ends with the day before, and another's begins; in one instant, by who may appoint.

    What rests on the office of who goes, a delegation say, ends with it. NotHere when nobody holds it so.
    """
    found = house.areas.body(body)
    rules = rules_with_offices(house, found.kind, RULES)
    authorities = house.rulebook.named(rules).authorities
    why, words = _why(house, actor, rules, found, office, reasons)
    check_office(authorities, office, found.kind)
    last = first - timedelta(days=1)

    def decide(state: State) -> Decision | Refused:
        if state.refusal:
            return state.refusal
        if account == to:
            return Refused("They hold the office already. Choose who follows them.")
        mine = [each for each in state.held if (each.account, each.office) == (account, office)]
        if not any(each.on(last) or each.on(first) for each in mine):
            raise NotHere(
                f"That account is not {office.replace('_', ' ')} of {found.name} on {in_words(last)}, the day before."
            )
        if already := _already(state.held, to, office, first, None, found):
            return already
        ends = (end(body, office, account, last, why),) if any(each.after(last) for each in mine) else ()
        return Decision((*ends, give(body, office, to, first, why=why)), office, words)

    request = {
        "action": "hand_over",
        "body": body,
        "office": office,
        "account": account,
        "to": to,
        "first": first,
        "reasons": reasons.strip(),
    }
    return _perform(house, actor, authorities, found, request, decide, operator=False)


def _why(
    house: House, actor: Actor, rules: str, body: Body, office: str, reasons: str
) -> tuple[Why, tuple[Document, ...]]:
    """Under which rules and action an office changes hands, with the document of its reasons where any were written."""
    if blank(reasons):
        return Why(rules, APPOINT), ()
    content = {
        "body": body.id, "office": office, "account": actor.account, "rules": {"name": rules, "action": APPOINT},
        "reasons": reasons.strip(),
    }  # fmt: skip
    document = Document("signature", "application/json", canonical(content), house.salt())
    return Why(rules, APPOINT, document.digest), (document,)


def _already(
    held: tuple[Holding, ...], account: str, office: str, first: date, last: date | None, body: Body
) -> Refused | None:
    """The refusal where an account holds the office on some day of a period, so that ending it once would leave another."""
    met = next(
        (
            each
            for each in held
            if (each.account, each.office) == (account, office) and each.meets(first, last)
        ),
        None,
    )
    if met is None:
        return None
    until = f" to {in_words(met.last)}" if met.last else ""
    return Refused(
        f"That account is {office.replace('_', ' ')} of {body.name} from {in_words(met.first)}{until} already. "
        "Choose days beside those, or end that first."
    )


class State(NamedTuple):
    """What an appointment is judged by, read together."""

    held: tuple[Holding, ...]
    refusal: Refused | None


def _perform(
    house: House, actor: Actor, authorities: Authorities, body: Body, request: dict[str, object],
    decide: Callable[[State], Decision | Refused], *, operator: bool,
) -> Done | Refused:  # fmt: skip
    def load(reading: Reading) -> State:
        held = holdings(reading.read(stream_of(body.id)))
        if operator:
            return State(held, None)
        allowed = may(authorities.of("appoint"), held, actor.account, body.id, house.today)
        if isinstance(allowed, Permit):
            return State(held, None)
        return State(held, replace(allowed, says=allowed.says.replace(body.id, body.name)))

    return perform(
        house.journal, decide, load=load, by=actor.account, key=actor.key, request=request, clock=house.clock
    )
