"""Where a plan stands: the facts of its sign-off read together with its versions, its parties and its rules."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date

from carepool.actions.areas import Area
from carepool.actions.comparing import names_in
from carepool.actions.expecting import own_of, residents
from carepool.actions.house import House
from carepool.actions.planning import PlanView, area_of, content_of
from carepool.basics.canonical import Digest
from carepool.basics.periods import LONDON
from carepool.basics.refusals import NotHere, Unusable
from carepool.journal.facts import Fact
from carepool.places.bodies import NATIONAL, BodyKind, body_id
from carepool.plans.document import EVERY, Parties, Plan, filled
from carepool.plans.merging import Difference, Place, differences
from carepool.plans.versions import PlanHistory
from carepool.rules.rulebook import RuleSet
from carepool.signoff.decisions import Reached, Said, reached_ever, said
from carepool.signoff.facts import stream_of
from carepool.signoff.standing import Needed, Outcome, Party, Standing, led, required, standing
from carepool.signoff.tolerance import Changed


def standing_of(house: House, found: PlanView, upto: int | None = None) -> Standing:
    """Where a plan stands, today or on the day that it is looked at as at."""
    facts = house.journal.read(stream_of(found.history.id), upto=upto)
    return standing_now(house, found, found.history, facts, found.day)


def standing_now(
    house: House, found: PlanView, held: PlanHistory | None, facts: tuple[Fact, ...], day: date
) -> Standing:
    """Where a plan stands by a history and facts that were read together."""
    needed = deciders(found.rules, found.area, found.plan.parties, found.history.boards, said(facts))
    since = _since(house, held, found.plan) if held else _nothing
    return standing(held, facts, needed, stage_names(found.rules), day, since, blocked=found.blocked)


def stage_names(rules: RuleSet) -> tuple[str, ...]:
    """What follows once all have agreed, in order."""
    return tuple(each.name for each in rules.decisions.stages)


def deciders(
    rules: RuleSet, area: Area, parties: Parties, started_for: tuple[str, ...], heard: Said
) -> dict[str, Needed]:
    """Every body whose decision is needed by these parties, and by the boards for which the plan was started."""
    people = residents(area, {**dict.fromkeys(started_for), **dict.fromkeys(parties.boards)})
    return required(rules.decisions, parties, people, own_of(area, started_for), heard.spoke)


def named_or_own(found: PlanView) -> tuple[str, ...]:
    """Every party that the plan names, and every body of the boards for which it was started, whether it decides or not."""
    parties, own = found.plan.parties, found.known.own
    ids = [
        *(body_id(BodyKind.COUNCIL, code) for each in (parties.councils, *own.councils.values()) for code in each),
        *(body_id(found.known.commissioner, code) for each in (parties.ccgs, *own.people.values()) for code in each),
        *(body_id(BodyKind.BOARD, code) for each in (parties.boards, own.councils) for code in each),
    ]  # fmt: skip
    return tuple(dict.fromkeys(ids))


def deciders_of(house: House, found: PlanView) -> dict[str, Needed]:
    """Every body whose decision the current version needs, by all that was said of the plan."""
    heard = said(house.journal.read(stream_of(found.history.id)))
    return deciders(found.rules, found.area, found.plan.parties, found.history.boards, heard)


def residents_of(found: PlanView) -> dict[str, int]:
    """The people of each NHS commissioner who live in the plan's boards."""
    boards = (*found.history.boards, *found.plan.parties.boards)
    return residents(found.area, dict.fromkeys(boards))


def trusts_of(found: PlanView) -> tuple[str, ...]:
    """The trusts that serve the boards of a plan: it is about their money, though they are no party."""
    boards = {*found.history.boards, *found.plan.parties.boards}
    return tuple(
        body_id(BodyKind.TRUST, each.code) for each in found.area.trusts if boards & set(each.boards)
    )


def leads(found: PlanView, body: str) -> bool:
    """Whether a body can be a named lead: a commissioner that is a party of the plan itself."""
    kind, _, code = body.partition(":")
    return kind == found.area.england.places.commissioner and code in found.plan.parties.ccgs


def may_be_led(found: PlanView, body: str) -> bool:
    """Whether a named lead may decide for a body: a commissioner with few of the people of the plan's boards."""
    kind, _, code = body.partition(":")
    return kind == found.area.england.places.commissioner and led(
        found.rules.decisions, residents_of(found), code
    )


def _nothing(digest: Digest) -> Changed | None:  # noqa: ARG001  (asked as the others are)
    return None


def _since(house: House, held: PlanHistory, current: Plan) -> Callable[[Digest], Changed | None]:
    def since(digest: Digest) -> Changed | None:
        version = held.with_digest(digest)
        if version is None:
            return None
        try:
            return changed(content_of(house, version), current)
        except Unusable:
            return None

    return since


def changed(before: Plan, after: Plan) -> Changed:
    """What differs between two plans, by section; ``title`` stands for the plan's own title."""
    found = {
        name: differences(filled(before.section(name)), filled(after.section(name)), names_in(name))
        for name in EVERY
    }
    if before.title != after.title:
        found["title"] = (Difference(Place(field="title"), before.title, after.title),)
    if before.rules != after.rules:
        found["rules"] = (Difference(Place(field="rules"), before.rules, after.rules),)
    return {name: each for name, each in found.items() if each}


def standing_on(house: House, found: PlanHistory, digest: str, upto: int | None = None) -> Standing:
    """Where a plan stood with one of its versions, by the decisions on that version alone.

    What was saved or decided after it does not count: the public page shows a signed-off version so, whatever
    is being drawn up meanwhile. NotHere for a digest of no version.
    """
    version = found.with_digest(digest)
    if version is None:
        raise NotHere(f"Plan {found.id} has no version with the digest {digest}.")
    rules = house.rulebook.named(found.rules)
    versions = tuple(each for each in found.versions if each.number <= version.number)
    content = content_of(house, version)
    facts = house.journal.read(stream_of(found.id), upto=upto)
    until = max((each.at for each in reached_ever(facts) if each.digest == version.digest), default=None)
    earlier = [fact for fact in facts if until is None or fact.at <= until]
    kept = replace(found, versions=versions)
    needed = deciders(rules, area_of(house, found), content.parties, found.boards, said(earlier))
    # On the day that the last stage was reached, all that it rested on had taken effect.
    day = until.astimezone(LONDON).date() if until else house.today
    return standing(kept, earlier, needed, stage_names(rules), day, _since(house, kept, content))


def signed_off_version(house: House, plan: str, upto: int | None = None) -> Reached | None:
    """The last time that ministers signed a version off, whatever has been saved since."""
    return _last_signed_off(house.journal.read(stream_of(plan), upto=upto))


def signed_off_plans(house: House, upto: int | None = None) -> frozenset[str]:
    """The ids of all plans of which ministers have signed a version off. They are read at once."""
    gathered = house.journal.gather(stream_of(""), upto=upto)
    return frozenset(
        name.removeprefix(stream_of("")) for name, facts in gathered.items() if _last_signed_off(facts)
    )


def _last_signed_off(facts: Iterable[Fact]) -> Reached | None:
    return next((each for each in reversed(reached_ever(facts)) if each.stage == "signed_off"), None)


def body_of_stage(found: PlanView, stage: str) -> str:
    """The national body that a stage belongs to: the one whose offices its action names."""
    authority = found.rules.authorities
    action = next(each.action for each in found.rules.decisions.stages if each.name == stage)
    kinds = {
        kind
        for office in authority.offices
        if office.name in authority.of(action).offices
        for kind in office.of
    }
    return next(body.id for body in NATIONAL if body.kind in kinds)


def parties_in_order(now: Standing) -> tuple[Party, ...]:
    """The parties, those who are awaited first."""
    return tuple(sorted(now.parties, key=lambda each: each.outcome is Outcome.AGREED))


def name_of(house: House, body: str) -> str:
    """A body's name; one that is unknown keeps its id."""
    try:
        return house.areas.body(body).name
    except NotHere:
        return body
