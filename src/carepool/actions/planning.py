"""Plans are started, drafted section by section, saved as versions on purpose, and read with their findings."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Annotated, Any

from pydantic import TypeAdapter, ValidationError

from carepool.actions.areas import Area
from carepool.actions.house import House
from carepool.actions.neighbours import neighbours
from carepool.actions.ports import Draft
from carepool.allocation.indicative import share_of_performance
from carepool.basics.canonical import Digest, digest_of
from carepool.basics.findings import Finding, Severity
from carepool.basics.money import Pence, share
from carepool.basics.periods import Quarter
from carepool.basics.refusals import NotHere, Refused, Unusable
from carepool.conditions.checks import check
from carepool.conditions.known import YEAR_KEYS, Expected, Known
from carepool.journal.commands import Decision, Done, Reading, perform
from carepool.journal.documents import Document
from carepool.measures.admissions import Flag
from carepool.offices.holdings import Holding, Permit, holdings, may
from carepool.offices.holdings import stream_of as office_stream
from carepool.places.bodies import Body, BodyKind, body_id
from carepool.plans.document import (
    EVERY,
    Part,
    Parties,
    Plan,
    as_data,
    filled,
    plan_digest,
    read_plan,
    read_section,
    section_digest,
)
from carepool.plans.merging import Difference, Merged, NameOf, by_name, differences, merge
from carepool.plans.merging import Place as MergedPlace
from carepool.plans.versions import (
    Change,
    PlanHistory,
    Version,
    document_of,
    history,
    read_document,
    save,
    start,
    stream_of,
)
from carepool.rules.rulebook import RuleSet


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks, and the key under which this request is carried out once."""

    account: str
    key: str
    name: str = ""
    """As it stands in what is signed."""


@dataclass(frozen=True, slots=True)
class Stale:
    """A refusal because others were quicker: what they changed since, section by section."""

    says: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A refusal because a draft holds what is no plan: a finding for each thing, beside its field."""

    says: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan as it is, or was at a position."""

    history: PlanHistory
    plan: Plan
    """The current version's content, or an empty plan before the first."""
    findings: tuple[Finding, ...]
    known: Known
    area: Area
    rules: RuleSet

    @property
    def blocked(self) -> bool:
        """Whether a finding blocks agreement."""
        return any(finding.severity is Severity.BLOCKER for finding in self.findings)

    @property
    def findings_digest(self) -> Digest:
        """The digest of the findings as shown: a decision names what its signer saw."""
        return digest_of("findings", 1, [finding.as_data() for finding in self.findings])


def read_history(house: House, plan: str, upto: int | None = None) -> PlanHistory:
    """A plan's history. NotHere when there is no such plan, or none yet at that position."""
    found = history(house.journal.read(stream_of(plan), upto=upto)) if _is_id(plan) else None
    if found is None:
        raise NotHere(
            f"There is no plan “{plan}”{' at that time' if upto is not None else ''}. The list of plans has its address."
        )
    return found


_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,79}")
"""ASCII, as the names of streams are; no dot, which begins the kind of file that an address asks for."""
_TAKEN = {"new"}
"""What the addresses of plans need for themselves."""


def _is_id(plan: str) -> bool:
    return bool(_ID.fullmatch(plan))


def all_plans(house: House, upto: int | None = None) -> tuple[PlanHistory, ...]:
    """Every plan that was started, by id."""
    ids = (name.removeprefix("plan/") for name in house.journal.streams("plan/", upto=upto))
    return tuple(read_history(house, each, upto) for each in ids)


def content_of(house: House, version: Version) -> Plan:
    """A version's plan. Unusable when its document was withdrawn."""
    document = house.journal.document(version.document)
    if not isinstance(document, Document):
        raise Unusable(
            f"The content of version {version.number} was withdrawn; its digest is {version.digest}."
        )
    return read_document(document.content)


def view(
    house: House, plan: str, upto: int | None = None, on: date | None = None, *, alone: bool = False
) -> PlanView:
    """A plan with the findings of its current version, checked today or on the day that it is looked at as at.

    ``alone``: without looking at its neighbours, for a list of many plans whose findings nobody reads.
    """
    found = read_history(house, plan, upto)
    rules = house.rulebook.named(found.rules)
    area = area_of(house, found)
    current = found.current
    content = content_of(house, current) if current else begun(house, found, area)
    known = known_for(house, rules, area, content.parties, upto, on)
    if not alone:
        known = replace(known, elsewhere=neighbours(house, found, rules, area, upto))
    return PlanView(found, content, tuple(check(content, known)), known, area, rules)


def area_of(house: House, found: PlanHistory) -> Area:
    """The area that a plan is in: its boards', in the places that its rules are for."""
    return house.areas.of_boards(found.boards, house.rulebook.named(found.rules).about.places)


_NEEDED = {
    "composition": "composition of the fund",
    "allocation/methods": "way to share the fund out",
    "authority": "authority of offices",
    "decisions": "decisions that a plan needs",
}
"""What a set of rules must lay down before a plan can be made under it, by where it stands."""


def why_no_plan(rules: RuleSet) -> str:
    """Why no plan can be made under a set of rules, in a sentence; empty where one can."""
    missing = [what for path, what in _NEEDED.items() if path not in rules.sections]
    if not 1 <= len(rules.about.years) <= len(YEAR_KEYS):
        missing.append("plan of one year or two")
    return (
        f"No plan can be made under {rules.name}: it lays down no {', and no '.join(missing)}."
        if missing
        else ""
    )


def plannable(house: House) -> tuple[RuleSet, ...]:
    """The sets of rules under which a plan can be made here, the latest first."""
    return tuple(
        each
        for each in reversed(house.rulebook.in_order)
        if not why_no_plan(each) and house.areas.holds(each.about.places)
    )


def begun(house: House, found: PlanHistory, area: Area) -> Plan:
    """What a plan begins from: its boards' own councils and NHS commissioners.

    Where the rules pay by admissions, the published baseline stands as its target.
    """
    places = area.england.places
    boards = [places.board(code) for code in found.boards]
    councils = tuple(council.code for board in boards for council in board.councils)
    ccgs = tuple(dict.fromkeys(each.ccg for board in boards for each in places.by_board[board.code]))
    rules = house.rulebook.named(found.rules)
    parties = Parties(boards=found.boards, councils=councils, ccgs=ccgs)
    plan = Plan(rules=found.rules, title=found.title, parties=parties)
    if not rules.pays:
        return plan
    baseline = published_baseline(rules, area, found.boards)[0]
    quarters = [
        {
            "quarter": quarter,
            "baseline": baseline[quarter.year_before],
            "planned": baseline[quarter.year_before].to_integral_value(),
        }
        for quarter in rules.release.performance_quarters
    ]
    target, _ = read_section("target", {"quarters": quarters})
    return plan.with_section("target", target) if target else plan


def published_baseline(
    rules: RuleSet, area: Area, boards: tuple[str, ...]
) -> tuple[dict[Quarter, Decimal], frozenset[Quarter]]:
    """The published baseline of some boards by quarter, and the quarters that rest on an incomplete return.

    Empty where the rules pay nothing by admissions, and so ask for none.
    """
    found: dict[Quarter, Decimal] = {}
    flagged: set[Quarter] = set()
    for quarter in rules.release.baseline_quarters if rules.pays else ():
        seen = [area.england.admissions.of_board(board, quarter) for board in boards]
        found[quarter] = sum((each.count for each in seen), Decimal(0))
        if any(Flag.INCOMPLETE in each.flags for each in seen):
            flagged.add(quarter)
    return found, frozenset(flagged)


def known_for(
    house: House,
    rules: RuleSet,
    area: Area,
    parties: Parties,
    upto: int | None = None,
    on: date | None = None,
) -> Known:
    """What a plan with these parties is checked against, now or at a position."""
    places = area.england.places
    boards = tuple(code for code in parties.boards if code in places.boards)
    by_kind: dict[str, set[str]] = {kind: set() for kind in BodyKind}
    for body in area.bodies.values():
        by_kind[body.kind].add(body.code)
    members = {
        code: (
            tuple(council.code for council in places.boards[code].councils),
            tuple(each.ccg for each in places.by_board[code]),
        )
        for code in boards
    }
    baseline, flagged = published_baseline(rules, area, boards)
    return Known(
        rules,
        {kind: frozenset(codes) for kind, codes in by_kind.items()},
        members,
        expected_contributions(house, rules, area, boards, upto),
        baseline,
        flagged,
        people_of(area, parties),
        places.commissioner,
        on or house.today,
        share_for(house, rules, area, boards, upto),
        {trust.code: trust.name for trust in area.trusts},
    )


def share_for(
    house: House, rules: RuleSet, area: Area, boards: tuple[str, ...], upto: int | None = None
) -> Pence | None:
    """Some boards' share of the performance money; None where the rules have none."""
    if not rules.pays or rules.composition.inside("performance") is None:
        return None
    shares = share_of_performance(rules, house.allocation(rules.name, area, upto))
    return sum(shares.get(board, 0) for board in boards)


def people_of(area: Area, parties: Parties) -> dict[str, int]:
    """The people of each contributing NHS commissioner who live in a plan's boards."""
    return {code: people for code, people in residents(area, parties.boards).items() if code in parties.ccgs}


def residents(area: Area, boards: Iterable[str]) -> dict[str, int]:
    """The people of each NHS commissioner who live in some boards, party to a plan or not."""
    places = area.england.places
    found: dict[str, int] = {}
    for board in boards:
        for each in places.by_board.get(board, ()):
            found[each.ccg] = found.get(each.ccg, 0) + each.people
    return found


def expected_contributions(
    house: House, rules: RuleSet, area: Area, boards: tuple[str, ...], upto: int | None = None
) -> Expected:
    """What is expected of each (stream, contributor) for some boards; a joint board's capital is split by residents."""
    allocation = house.allocation(rules.name, area, upto)
    expected: dict[tuple[str, str], Pence] = {}
    for stream, pairs in allocation.streams.items():
        for (ccg, board), pence in pairs.items():
            if board not in boards:
                continue
            if ccg:
                parts = {ccg: pence}
            else:
                councils = area.england.places.boards[board].councils
                parts = share(pence, {council.code: max(council.people, 1) for council in councils})
            for contributor, part in parts.items():
                expected[stream, contributor] = expected.get((stream, contributor), 0) + part
    return Expected(expected, "" if allocation.indicative else allocation.source)


def permit(house: House, rules: RuleSet, action: str, actor: Actor, body: str) -> Permit | Refused:
    """Whether an account may do an action in a body's name today."""
    held = holdings(house.journal.read(office_stream(body)))
    return may(rules.authorities.of(action), held, actor.account, body, house.today)


def offices_of(house: House, account: str, upto: int | None = None) -> tuple[Holding, ...]:
    """Every office that an account holds today, in any body."""
    return tuple(
        each
        for stream in house.journal.streams("office/", upto=upto)
        for each in holdings(house.journal.read(stream, upto=upto))
        if each.account == account and each.on(house.today)
    )


def partners(found: PlanView | PlanHistory, area: Area, parties: Parties | None = None) -> tuple[Body, ...]:
    """The councils and NHS commissioners whose leads may edit a plan: those of its boards, and those that it names."""
    boards = found.boards if isinstance(found, PlanHistory) else found.history.boards
    places = area.england.places
    codes = [body_id(BodyKind.COUNCIL, c.code) for b in boards for c in places.boards[b].councils]
    codes += [body_id(places.commissioner, each.ccg) for b in boards for each in places.by_board[b]]
    if parties:
        codes += [body_id(BodyKind.COUNCIL, code) for code in parties.councils]
        codes += [body_id(places.commissioner, code) for code in parties.ccgs]
    return tuple(area.bodies[each] for each in dict.fromkeys(codes) if each in area.bodies)


def editing(house: House, found: PlanView, actor: Actor) -> Permit | Refused:
    """Whether an account may edit a plan: as plan lead of any of its partners."""
    return _editing_for(
        house, found.rules, actor, partners(found, found.area, found.plan.parties)
    ) or Refused("Nobody can edit this plan yet: none of its partners is known.")


def _editing_for(
    house: House, rules: RuleSet, actor: Actor, bodies: Iterable[Body]
) -> Permit | Refused | None:
    """The permit of any of the bodies; else a refusal, that of an office which has ended before any other."""
    refusal: Refused | None = None
    for body in bodies:
        answer = permit(house, rules, "edit_plan", actor, body.id)
        if isinstance(answer, Permit):
            return answer
        if refusal is None or (answer.ended and not refusal.ended):
            refusal = answer
    return refusal


def start_plan(
    house: House, actor: Actor, plan: str, rules: str, boards: tuple[str, ...], title: str
) -> Done | Refused:
    """Start a plan for some boards of one area.

    Unusable for what does not exist, or under rules that no plan can be made under; refused when the id is taken.
    """
    if not _is_id(plan) or plan in _TAKEN:
        raise Unusable(f"“{plan}” cannot be a plan's address. Use letters, digits and hyphens.")
    named = house.rulebook.named(rules)
    if why := why_no_plan(named):
        raise Unusable(f"{why} Choose another set of rules.")
    area = house.areas.of_boards(boards, named.about.places)
    begins = PlanHistory(plan, rules, boards, title, actor.account, house.clock())
    allowed = _editing_for(house, named, actor, partners(begins, area))
    if not isinstance(allowed, Permit):
        return (
            allowed
            if allowed and allowed.ended
            else Refused(
                f"To start a plan one must be plan lead of a council or {area.england.places.commissioner.a_word} "
                "of its boards. Ask them to do it."
            )
        )

    def load(reading: Reading) -> bool:
        return bool(reading.read(stream_of(plan)))

    def decide(there: bool) -> Decision | Refused:
        if there:
            return Refused(f"There is a plan “{plan}” already. Open it, or choose another address.")
        return Decision((start(plan, rules, boards, title),), plan)

    request = {"action": "start_plan", "plan": plan, "rules": rules, "boards": list(boards), "title": title}
    return perform(
        house.journal, decide, load=load, by=actor.account, key=actor.key, request=request, clock=house.clock
    )


def keep_draft(
    house: House, actor: Actor, plan: str, section: str, content: object, base: str
) -> Refused | None:
    """Keep what an editor has typed in a section, right or wrong. Refused only for who may not edit."""
    found = view(house, plan)
    if section not in EVERY:
        raise NotHere(f"A plan has no section “{section}”. It has {', '.join(EVERY)}.")
    allowed = editing(house, found, actor)
    if isinstance(allowed, Refused):
        return allowed
    house.drafts.put(Draft(plan, section, actor.account, content, Digest(base), house.clock()))
    return None


def drop_draft(house: House, actor: Actor, plan: str, section: str) -> None:
    """Throw an editor's own draft away."""
    house.drafts.drop(plan, section, actor.account)


def with_drafts(
    house: House, found: PlanView, account: str
) -> tuple[Plan, tuple[Draft, ...], tuple[Finding, ...]]:
    """The plan as an editor would save it, their drafts, and what cannot be read in them (those sections stay as saved).

    What others saved in a section after its draft was begun is merged in; where both changed a field, the draft's stands.
    """
    drafts = house.drafts.of_editor(found.history.id, account)
    plan, wrong = found.plan, []
    for draft in drafts:
        met = met_by(house, found, draft)
        section, findings = read_section(draft.section, met.merged.content if met else draft.content)
        wrong += findings
        if section is not None:
            plan = plan.with_section(draft.section, section)
    return plan, drafts, tuple(wrong)


@dataclass(frozen=True, slots=True)
class Met:
    """A draft merged with what others have saved in its section since it was begun."""

    draft: Draft
    merged: Merged
    known: bool
    """Whether what the draft began from is still known; if not, every difference is a conflict."""


def met_by(house: House, found: PlanView, draft: Draft) -> Met | None:
    """A draft merged with what was saved meanwhile; None where nobody saved the section since it was begun."""
    if draft.base == section_base(found, draft.section):
        return None
    base = begun_from(house, found, draft.section, draft.base)
    merged = merge(
        filled(base) if base is not None else {},
        plain(draft.section, draft.content),
        filled(found.plan.section(draft.section)),
        names_in(draft.section),
    )
    return Met(draft, merged, base is not None)


def begun_from(house: House, found: PlanView, section: str, base: Digest) -> Part | None:
    """What an editor began from, by its digest: a version's section, or what the plan began with; None where unknown."""
    empty = EVERY[section].part()
    first = begun(house, found.history, found.area).section(section)
    for each in (empty, first):
        if section_digest(section, each) == base:
            return each
    for version in reversed(found.history.versions):
        if version.sections.get(section) == base:
            try:
                return content_of(house, version).section(section)
            except Unusable:
                return None
    return None


def names_in(section: str) -> NameOf:
    """What names the rows of a section: the fields without which they are no rows."""
    return by_name(
        {each.name: [field.name for field in each.fields if field.required] for each in EVERY[section].lists}
    )


def plain(section: str, content: object) -> dict[str, object]:
    """A draft as a saved section would hold it; what cannot be read stays as it was typed, and what is empty is left out."""
    return _plain_fields(EVERY[section].part, content) if isinstance(content, Mapping) else {}


def _plain_fields(part: type[Part], content: Mapping[str, object]) -> dict[str, object]:
    lists = {each.name: each.row for about in EVERY.values() if about.part is part for each in about.lists}
    made: dict[str, object] = {}
    for name, value in content.items():
        if name in lists and isinstance(value, list):
            made[name] = [_plain_fields(lists[name], row) for row in value if isinstance(row, Mapping)]
        elif name not in part.model_fields:
            made[name] = value
        elif (read := _plain_value(part, name, value)) not in (None, "", []):
            made[name] = read
    return made


def _plain_value(part: type[Part], name: str, value: object) -> Any:
    about = part.model_fields[name]
    if isinstance(value, list):
        return [str(each) for each in value]
    try:
        read = _reads(part, name).validate_python(value)
    except ValidationError:
        return value
    if not about.is_required() and read == about.default:
        return None
    return read if isinstance(read, int | str) else _written(read)


def _written(value: object) -> object:
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, date) else None if value is None else str(value)


@cache
def _reads(part: type[Part], name: str) -> TypeAdapter[Any]:
    about = part.model_fields[name]
    asked: Any = Annotated[(about.annotation, *about.metadata)]
    return TypeAdapter(asked)


def section_base(found: PlanView, section: str) -> Digest:
    """The digest of a section as it stands: what an editor begins from."""
    return section_digest(section, found.plan.section(section))


def save_version(house: House, actor: Actor, plan: str) -> Done | Refused | Stale | Unreadable:
    """Save an editor's drafts as the next version.

    What others saved meanwhile is merged in. Refused with the difference where both changed a field, and with
    findings where something in a draft cannot be read. Saving the same content again is refused as no change.
    """
    found = view(house, plan)
    allowed = editing(house, found, actor)
    if isinstance(allowed, Refused):
        return allowed
    earlier = house.journal.command(actor.account, actor.key)
    if earlier is not None:
        return Done(earlier.answer, again=True)
    content, drafts, wrong = with_drafts(house, found, actor.account)
    if wrong:
        return Unreadable("Something in the draft cannot be read, so nothing was saved.", wrong)
    stale = _stale(house, found, drafts)
    if stale:
        return stale
    current = found.history.current
    if current is not None and document_of(content).digest == current.document:
        return Refused("Nothing has changed since the last version. Change something, then save.")

    def load(reading: Reading) -> PlanHistory | None:
        return history(reading.read(stream_of(plan)))

    def decide(held: PlanHistory | None) -> Decision | Stale:
        now = held.current if held else None
        if now != current:
            return Stale(
                "Another version was saved while you saved yours. Look at what changed, then save again.", ()
            )
        return Decision((save(plan, content),), now.number + 1 if now else 1, (document_of(content),))

    request = {"action": "save_version", "plan": plan, "content": as_data(content)}
    done = perform(
        house.journal, decide, load=load, by=actor.account, key=actor.key, request=request, clock=house.clock
    )
    if isinstance(done, Done):
        for draft in drafts:
            # One that was kept in another window meanwhile is not in this version: it stays.
            house.drafts.drop(plan, draft.section, actor.account, draft.at)
    return done


def _stale(house: House, found: PlanView, drafts: tuple[Draft, ...]) -> Stale | None:
    """The fields that both the editor and others changed since these drafts were begun, in different ways."""
    met = [each for draft in drafts if (each := met_by(house, found, draft)) and each.merged.conflicts]
    if not met:
        return None
    changes = tuple(
        Change(f"{each.draft.section}/{one.place.where}", one.theirs, one.mine)
        for each in met
        for one in each.merged.conflicts
    )
    names = ", ".join(f"“{EVERY[each.draft.section].title}”" for each in met)
    return Stale(
        f"Somebody saved another version of {names} after you began, and changed what you changed too. Below is theirs "
        "and yours, field by field. Open the section, choose for each field which is to stand, and save again.",
        changes,
    )


def compare_sections(name: str, before: Part, after: Part | None) -> tuple[Change, ...]:
    """The differences between two contents of one section, field by field, rows matched by what names them."""
    if after is None:
        return ()
    found = differences(filled(before), filled(after), names_in(name))
    return tuple(Change(f"{name}/{each.place.where}", each.before, each.after) for each in found)


def compare_versions(
    house: House, plan: str, before: int, after: int, upto: int | None = None
) -> tuple[Change, ...]:
    """The differences between two versions of a plan, by number. NotHere for a number that there is not."""
    found = read_history(house, plan, upto)
    versions = {each.number: each for each in found.versions}
    for number in (before, after):
        if number not in versions:
            raise NotHere(f"Plan {plan} has no version {number}. It has {len(versions)}.")
    one, other = content_of(house, versions[before]), content_of(house, versions[after])
    titles = [Change("title", one.title, other.title)] if one.title != other.title else []
    return (
        *titles,
        *(each for name in EVERY for each in compare_sections(name, one.section(name), other.section(name))),
    )


@dataclass(frozen=True, slots=True)
class Written:
    """What one version changed in a section."""

    version: Version
    changes: tuple[Difference, ...]


def written(house: House, found: PlanView, section: str) -> tuple[Written, ...]:
    """Who changed what in a section, version by version, the latest first; the first is compared with what the plan began with.

    A version whose content was withdrawn is left out.
    """
    before = begun(house, found.history, found.area).section(section)
    digest = section_digest(section, before)
    empty = section_digest(section, EVERY[section].part())
    made = []
    for version in found.history.versions:
        now = version.sections.get(section, empty)
        if now == digest:
            continue
        try:
            content = content_of(house, version).section(section)
        except Unusable:
            continue
        made.append(Written(version, differences(filled(before), filled(content), names_in(section))))
        before, digest = content, now
    return tuple(reversed(made))


def who_wrote(house: House, found: PlanView, section: str, place: MergedPlace) -> Version | None:
    """The version that last changed a field, or at least its section."""
    history = written(house, found, section)
    for each in history:
        if any(one.place.where in {place.where, f"{place.list}/{place.row}"} for one in each.changes):
            return each.version
    return history[0].version if history else None


def check_plan(house: House, data: object) -> tuple[Digest | None, list[Finding], Area | None]:
    """The digest of a plan in JSON's shapes, every finding, and its area; no digest where it cannot be read at all.

    Unusable when the data are no plan, or name no set of rules or boards that exist.
    """
    plan, findings = read_plan(data)
    if plan is None:
        return None, findings, None
    rules = house.rulebook.named(plan.rules)
    if why := why_no_plan(rules):
        raise Unusable(f"{why} Choose another set of rules.")
    places = rules.about.places
    area = (
        house.areas.of_boards(plan.parties.boards, places)
        if plan.parties.boards
        else house.areas.real(places)
    )
    return plan_digest(plan), check(plan, known_for(house, rules, area, plan.parties)), area
