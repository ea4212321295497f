"""A plan is carried over to another set of rules: a new plan begins with what still has a place, and a list of all the rest."""

import json

from carepool.actions.areas import Area
from carepool.actions.editing import keep_draft, section_base
from carepool.actions.house import House
from carepool.actions.permits import Actor
from carepool.actions.planning import PlanView, begun, start_plan, view, why_no_plan
from carepool.basics.canonical import canonical
from carepool.basics.refusals import NotHere, Refused, Unusable
from carepool.journal.commands import Decision, Done, Reading, perform
from carepool.journal.documents import Document
from carepool.places.bodies import BodyKind
from carepool.plans.carry_over import CarriedOver, Ground, carry_over
from carepool.plans.document import EVERY, Plan, as_data, filled
from carepool.plans.versions import PlanHistory, carry, stream_of
from carepool.rules.rulebook import RuleSet

LISTS = {BodyKind.BOARD: "boards", BodyKind.COUNCIL: "councils"}
"""Which list of a plan's parties a kind of body stands in; NHS commissioners stand in the third."""


def carried(house: House, found: PlanView, rules: str) -> CarriedOver:
    """What a plan would be under another set of rules. Unusable when none of its boards is in those rules' places."""
    return carried_content(house, found.plan, found.rules, rules, found.history.title)


def carried_content(house: House, plan: Plan, before: RuleSet, rules: str, title: str) -> CarriedOver:
    """The same for a plan's content alone, as it stands in a file."""
    after = house.rulebook.named(rules)
    if after.name == before.name:
        raise Unusable(f"The plan is made under {rules} already. Choose other rules.")
    if why := why_no_plan(after):
        raise Unusable(f"{why} Choose another set of rules.")
    boards, area = _boards(house, plan, after)
    history = PlanHistory("", after.name, boards, title, "", house.clock())
    words = {
        f"{LISTS.get(body.kind, 'ccgs')}/{body.code}": body.name
        for where in (*house.areas.of_places(before.about.places), area)
        for body in where.bodies.values()
    }
    return carry_over(plan, before, after, Ground(begun(house, history, area), words))


def _boards(house: House, plan: Plan, after: RuleSet) -> tuple[tuple[str, ...], Area]:
    """Those of a plan's boards that exist in the places of other rules."""
    places, held, gone = after.about.places, [], []
    for board in plan.parties.boards:
        try:
            house.areas.of_board(board, places)
            held.append(board)
        except Unusable as error:
            gone.append(str(error))
    if not held:
        why = gone[0] if gone else "The plan names no board."
        raise Unusable(f"The plan cannot be carried over to {after.name}: {why}")
    return tuple(held), house.areas.of_boards(held, places)


def carry_plan(house: House, actor: Actor, plan: str, rules: str, to: str, title: str) -> Done | Refused:
    """Start a new plan under other rules with the answers of a plan's current version, as the actor's drafts.

    Nothing is saved as a version: that is done on purpose, once what is new, changed or lost has been looked at.
    Refused as starting a plan is; the same request again finishes what was interrupted.
    """
    found = view(house, plan)
    version = found.history.current
    if version is None:
        return Refused("The plan has no version yet, so there is nothing to carry over. Save one first.")
    what = carried(house, found, rules)
    done = start_plan(house, actor, to, rules, what.plan.parties.boards, title)
    if not isinstance(done, Done):
        return done
    report = Document("carried-over", "application/json", canonical(as_report(what)), house.salt())

    def load(reading: Reading) -> bool:
        return any(fact.kind == "PlanCarried" for fact in reading.read(stream_of(to)))

    def decide(there: bool) -> Decision | Refused:
        if there:
            return Refused(f"The plan “{to}” has been carried over already.")
        return Decision((carry(to, plan, version.digest, report.digest),), to, (report,))

    request = {"action": "carry_plan", "plan": plan, "version": version.digest, "rules": rules, "to": to}
    key = f"{actor.key[:60]}-carried"
    perform(house.journal, decide, load=load, by=actor.account, key=key, request=request, clock=house.clock)
    begins = view(house, to)
    kept = {each.section for each in house.drafts.of_editor(to, actor.account)}
    for section in EVERY:
        content = what.plan.section(section)
        # What was kept before stays: it may have been written on since.
        if filled(content) and content != begins.plan.section(section) and section not in kept:
            keep_draft(house, actor, to, section, as_data(content), section_base(begins, section))
    return done


def as_report(found: CarriedOver) -> list[dict[str, str]]:
    """What became of each answer, in the shapes of JSON."""
    return [{"where": each.where, "fate": each.fate.value, "says": each.says} for each in found.items]


def report_of(house: House, history: PlanHistory) -> list[dict[str, str]]:
    """What became of the answers that a plan began with; empty where it began with none. NotHere when it was withdrawn."""
    if history.report is None:
        return []
    document = house.journal.document(history.report)
    if not isinstance(document, Document):
        raise NotHere("The list of what was carried over was withdrawn.")
    found: list[dict[str, str]] = json.loads(document.content)
    return found
