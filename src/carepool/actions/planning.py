"""Plans are started, and read with their history and their findings."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from carepool.actions.areas import Area
from carepool.actions.expecting import known_for, published_baseline
from carepool.actions.house import House
from carepool.actions.neighbours import neighbours
from carepool.actions.permits import Actor, editing_for, partners
from carepool.basics.canonical import Digest, digest_of
from carepool.basics.findings import Finding, Severity
from carepool.basics.refusals import NotHere, Refused, Unusable
from carepool.basics.words import blank
from carepool.conditions.checks import check
from carepool.conditions.known import YEAR_KEYS, Known
from carepool.journal.commands import Decision, Done, Reading, perform
from carepool.journal.documents import Document
from carepool.offices.holdings import Permit
from carepool.plans.document import Parties, Plan, plan_digest, read_plan, read_section
from carepool.plans.versions import PlanHistory, Version, history, read_document, start, stream_of
from carepool.rules.rulebook import RuleSet


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
    day: date
    """The day that it is looked at: today, or the one that it is asked as at."""

    @property
    def blocked(self) -> bool:
        """Whether a finding blocks agreement."""
        return any(finding.severity is Severity.BLOCKER for finding in self.findings)

    @property
    def findings_digest(self) -> Digest:
        """The digest of the findings as shown: a decision names what its signer saw."""
        return digest_of("findings", 1, [finding.as_data() for finding in self.findings])


class ContentWithdrawn(Unusable):
    """The content of a plan's version that was withdrawn: nobody can tell any more whom it named or what it said."""


def read_history(house: House, plan: str, upto: int | None = None) -> PlanHistory:
    """A plan's history. NotHere when there is no such plan, or none yet at that position."""
    found = history(house.journal.read(stream_of(plan), upto=upto)) if _is_id(plan) else None
    if found is None:
        raise no_plan(plan, then=upto is not None)
    return found


def no_plan(plan: str, *, then: bool = False) -> NotHere:
    """That there is no such plan: the same for one that does not exist and for one that is not one's to read."""
    return NotHere(
        f"There is no plan “{plan}”{' at that time' if then else ''}. The list of plans has its address."
    )


_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,79}")
"""ASCII, as the names of streams are; no dot, which begins the kind of file that an address asks for."""
LONGEST_TITLE = 200
_TAKEN = {"new"}
"""What the addresses of plans need for themselves."""


def _is_id(plan: str) -> bool:
    return bool(_ID.fullmatch(plan))


def wrong_title(title: str) -> str:
    """What is wrong with a plan's title, in a sentence; empty where nothing is. It stands in the head of letters, so on one line."""
    if blank(title):
        return "Write a title for the plan."
    if len(title) > LONGEST_TITLE:
        return f"The title is too long. Write at most {LONGEST_TITLE} characters on one line."
    if not title.isprintable():
        return "The title holds a line break or a control character. Write it on one line."
    return ""


def all_plans(house: House, upto: int | None = None) -> tuple[PlanHistory, ...]:
    """Every plan that was started, by id. They are read at once, however many there are."""
    found = map(history, house.journal.gather(stream_of(""), upto=upto).values())
    return tuple(each for each in found if each is not None)


def content_of(house: House, version: Version) -> Plan:
    """A version's plan. ContentWithdrawn when its document was withdrawn."""
    document = house.journal.document(version.document)
    if not isinstance(document, Document):
        raise ContentWithdrawn(
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
    known = known_for(house, rules, area, content.parties, upto, on, found.boards)
    if not alone:
        known = replace(known, elsewhere=neighbours(house, found, rules, area, upto))
    return PlanView(found, content, tuple(check(content, known)), known, area, rules, on or house.today)


def views(
    house: House, plans: Iterable[PlanHistory], upto: int | None = None, on: date | None = None
) -> Iterator[PlanView]:
    """Each of some plans, for a list of them; one whose content was withdrawn is left out, and stops no other."""
    for each in plans:
        try:
            found = view(house, each.id, upto, on, alone=True)
        except ContentWithdrawn:
            continue
        yield found


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


def start_plan(
    house: House, actor: Actor, plan: str, rules: str, boards: tuple[str, ...], title: str
) -> Done | Refused:
    """Start a plan for some boards of one area.

    Unusable for what does not exist, a title that is none, or under rules that no plan can be made under; refused when
    the id is taken.
    """
    if not _is_id(plan) or plan in _TAKEN:
        raise Unusable(f"“{plan}” cannot be a plan's address. Use letters, digits and hyphens.")
    if wrong := wrong_title(title):
        raise Unusable(wrong)
    named = house.rulebook.named(rules)
    if why := why_no_plan(named):
        raise Unusable(f"{why} Choose another set of rules.")
    area = house.areas.of_boards(boards, named.about.places)
    begins = PlanHistory(plan, rules, boards, title, actor.account, house.clock())
    allowed = editing_for(house, named, actor, partners(begins, area))
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
            return Refused(f"The address “{plan}” is taken. Choose another.")
        return Decision((start(plan, rules, boards, title),), plan)

    request = {"action": "start_plan", "plan": plan, "rules": rules, "boards": list(boards), "title": title}
    return perform(
        house.journal, decide, load=load, by=actor.account, key=actor.key, request=request, clock=house.clock
    )


def check_plan(
    house: House, data: object, unread: Collection[str] = ()
) -> tuple[Digest | None, list[Finding], Area | None]:
    """The digest of a plan in JSON's shapes, every finding, and its area; no digest where it cannot be read at all.

    ``unread``: sections that are not at hand, of which it is not known what they hold.

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
    return plan_digest(plan), check(plan, known_for(house, rules, area, plan.parties), unread), area
