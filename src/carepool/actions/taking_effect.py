"""From when a body's decision counts: a key decision is asked for where the rules of procedure know them, and its day is reckoned."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from carepool.actions.house import House
from carepool.basics.periods import in_words
from carepool.basics.refusals import Refused
from carepool.basics.words import blank
from carepool.calendar.agenda import clear, effect_on, own_days
from carepool.calendar.meetings import Diary
from carepool.calendar.parts import Clear
from carepool.calendar.words import days_said
from carepool.rules.procedure import Procedure, Route
from carepool.rules.rulebook import RuleSet
from carepool.signoff.call_in import CallIn, Effect, Urgency
from carepool.signoff.ways import How


def knows_key(house: House, kind: str, day: date) -> bool:
    """Whether a kind of body takes key decisions; by every rule of procedure that is held, where none is held of the day."""
    held = [(each, found) for each in house.rulebook.standing if (found := each.find("procedure", Procedure))]
    laid_down = [found for each, found in held if each.about.governs.covers(day)]
    return any(each.knows_key(kind) for each in laid_down or [found for _, found in held])


def urgency_routes(house: House, kinds: Iterable[str], day: date) -> tuple[Route, ...]:
    """The routes by which key decisions of such bodies do not wait for a call-in. Unusable for a day that no rules hold."""
    procedure = house.rulebook.procedure(day)[1]
    found = {route.id: route for kind in kinds for route in procedure.routes_of("call_in", kind)}
    return tuple(found.values())


def effect_of(house: House, held: Diary, how: How, today: date) -> Effect | Refused:
    """From when a decision that a body takes so counts, as its calendar stands.

    Refused where it was not said whether it is a key decision, where one would count before it can no longer be called
    in, and where an urgency route is not open or lacks its reason or who agreed. Unusable for days that no rules hold.
    """
    kind = held.body.partition(":")[0]
    day = how.meeting.on if how.meeting else today
    if not knows_key(house, kind, day):
        return (
            Refused("Such a body takes no key decision. Leave that question out.")
            if how.key
            else Effect(on=how.effective_on)
        )
    if how.key is None:
        return Refused(
            "Say whether it is a key decision: one takes effect only once it can no longer be called in."
        )
    if not how.key:
        return (
            Refused("An urgency route is for a key decision. Say that it is one, or leave the route out.")
            if how.urgency
            else Effect(key=False, on=how.effective_on)
        )
    rules, procedure = house.rulebook.procedure(day)
    procedure.check(day)
    usual = clear(procedure, held, "call_in", kind, rules.cite("procedure"), day)
    assert usual is not None  # noqa: S101 (knows_key)
    if how.urgency:
        return _urgent(rules, procedure, kind, how, day, how.urgency)
    stretch = procedure.stretch("call_in", kind)
    assert stretch is not None  # noqa: S101 (clear)
    own = own_days(stretch, held, day) is not None
    call_in = CallIn(usual.days, usual.unit, rules.name, rules.digest, stretch.id, own, day)
    return _not_before(procedure, usual, call_in, how, day)


def _urgent(
    rules: RuleSet, procedure: Procedure, kind: str, how: How, day: date, urgency: Urgency
) -> Effect | Refused:
    routes = {each.id: each for each in procedure.routes_of("call_in", kind)}
    route = routes.get(urgency.route)
    if route is None:
        return Refused(
            f"These rules of procedure know no such urgency route. They know {', '.join(each.says for each in routes.values()) or 'none'}."
        )
    if blank(urgency.because):
        return Refused("An urgency route needs its reason: write why the decision cannot wait for a call-in.")
    if blank(urgency.agreed_by):
        return Refused(f"Write who agreed that it cannot wait. One must {route.needs}.")
    needed = Clear(route.says, int(route.days), route.unit, route.source, False)
    call_in = CallIn(needed.days, needed.unit, rules.name, rules.digest, route.id, False, day)
    found = _not_before(procedure, needed, call_in, how, day)
    return found if isinstance(found, Refused) else replace(found, urgency=route.id)


def _not_before(
    procedure: Procedure, needed: Clear, call_in: CallIn, how: How, day: date
) -> Effect | Refused:
    """The reckoned day, or a later one that was typed; no earlier one is taken."""
    first = effect_on(day, needed, procedure)
    procedure.check(first)
    if how.effective_on and how.effective_on < first:
        return Refused(
            f"A key decision of {in_words(day)} takes effect on {in_words(first)} at the earliest: "
            f"{days_said(needed.days, needed.unit)} must lie between, in which it can be called in ({needed.rule}). "
            "Leave the day empty, or name the urgency route by which it does not wait."
        )
    return Effect(True, how.effective_on or first, call_in)
