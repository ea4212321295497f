"""Bodies' meetings are planned, moved and called off, and a plan's deadlines are worked backwards through them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count

from carepool.actions.appointing import rules_with_offices
from carepool.actions.house import House
from carepool.actions.nation import RULES
from carepool.actions.permits import Actor
from carepool.actions.planning import PlanView, all_plans, view, views
from carepool.actions.reading import readable
from carepool.actions.standings import body_of_stage, deciders, deciders_of, standing_of
from carepool.basics.canonical import canonical
from carepool.basics.periods import LONDON, in_words
from carepool.basics.refusals import NotHere, Refused, Unusable, unknown
from carepool.basics.words import blank
from carepool.calendar.agenda import agenda, clear
from carepool.calendar.days import last_before
from carepool.calendar.events import Entry, entries_of_meetings, entries_of_plan
from carepool.calendar.meetings import (
    Diary,
    Meeting,
    MeetingKind,
    cancel_meeting,
    diary,
    lay_down_days,
    move_meeting,
    plan_meeting,
    publish_notice,
    stream_of,
)
from carepool.calendar.parts import Agenda, Due, Line, Party
from carepool.calendar.words import late_remedy, next_says
from carepool.journal.commands import Decision, Done, Reading, perform
from carepool.journal.documents import Document
from carepool.journal.facts import NewFact
from carepool.offices.holdings import holdings, may
from carepool.offices.holdings import stream_of as office_stream
from carepool.places.bodies import Body
from carepool.rules.procedure import Procedure
from carepool.rules.rulebook import RuleSet
from carepool.rules.schema import Authority, Timetable
from carepool.signoff.standing import Outcome, Standing

MOST_AT_ONCE = 60
"""Meetings that can be entered in one go: five years of monthly ones."""
LAY_DOWN = "lay_down_days"
"""The action of the rules by which a body's own days are entered."""
LONGEST_NOTICE = timedelta(days=366)
"""A notice of longer ago is a slip of the year."""


# Meetings


def diary_of(house: House, body: str, upto: int | None = None) -> Diary:
    """All that a body has entered of its meetings."""
    return diary(body, house.journal.read(stream_of(body), upto=upto))


def papers_day(house: House, held: Diary, kind: str, meeting: Meeting) -> date | None:
    """The last day for a meeting's papers: named by the body, else worked out; None where no rule at hand says."""
    if meeting.papers_by:
        return meeting.papers_by
    try:
        rules, procedure = _procedure(house, meeting.on)
    except Unusable:
        return None
    needed = clear(procedure, held, "papers", kind, rules.cite("procedure"), meeting.on)
    return last_before(meeting.on, needed.days, needed.unit, procedure.closed) if needed else None


def keeping(house: House, body: Body) -> Authority:
    """Who may enter a body's meetings: by the rules that give offices to its kind. Unusable where none do."""
    rules = house.rulebook.named(rules_with_offices(house, body.kind, RULES))
    return rules.authorities.of("set_meetings")


def may_keep(house: House, actor: Actor, body: str) -> bool:
    """Whether an account may enter a body's meetings today."""
    found = house.areas.body(body)
    held = holdings(house.journal.read(office_stream(body)))
    return not isinstance(may(keeping(house, found), held, actor.account, body, house.today), Refused)


def plan_meetings(
    house: House, actor: Actor, body: str, days: tuple[date, ...], committee: str, kind: MeetingKind,
    papers_by: date | None = None,
) -> Done | Refused:  # fmt: skip
    """Enter meetings of a body, one on each of the days. Refused when one of them is entered already."""
    if not days:
        raise Unusable("There is no day. Write one a line, like 2014-09-12.")
    if len(days) > MOST_AT_ONCE:
        raise Unusable(f"{len(days)} days are more than are entered at once. Enter at most {MOST_AT_ONCE}.")
    if papers_by and len(days) > 1:
        raise Unusable("A day for the papers belongs to one meeting. Enter that meeting by itself.")
    for day in days:
        _procedure(house, day)

    def decide(held: Diary) -> Iterable[NewFact] | Refused:
        there = {each.on for each in held.standing if each.committee == committee}
        twice = sorted(there & set(days)) or sorted(day for day in set(days) if days.count(day) > 1)
        if twice:
            return Refused(
                f"A meeting of that name on {in_words(twice[0])} is entered already. Leave it out."
            )
        numbers = count(len(held.meetings) + 1)
        return [
            plan_meeting(body, str(number), day, committee, kind, papers_by)
            for number, day in zip(numbers, sorted(days), strict=False)
        ]

    request = {"days": list(days), "committee": committee, "kind": kind, "papers_by": papers_by}
    return _keep(house, actor, body, "plan_meetings", request, decide)


def shift_meeting(
    house: House, actor: Actor, body: str, meeting: str, on: date, papers_by: date | None = None
) -> Done | Refused:
    """Move a meeting to another day, or put one back that was called off. NotHere for a meeting that there is not."""
    _procedure(house, on)

    def decide(held: Diary) -> Iterable[NewFact] | Refused:
        found = held.meeting(meeting)
        if not found.cancelled and (found.on, found.papers_by) == (on, papers_by):
            return Refused(f"The meeting is on {in_words(on)} already. Give another day.")
        return [move_meeting(found, on, papers_by)]

    request = {"meeting": meeting, "on": on, "papers_by": papers_by}
    return _keep(house, actor, body, "shift_meeting", request, decide)


def call_off_meeting(house: House, actor: Actor, body: str, meeting: str) -> Done | Refused:
    """Call a meeting off. NotHere for a meeting that there is not."""

    def decide(held: Diary) -> Iterable[NewFact] | Refused:
        found = held.meeting(meeting)
        if found.cancelled:
            return Refused(f"The meeting of {in_words(found.on)} is called off already.")
        return [cancel_meeting(found)]

    return _keep(house, actor, body, "call_off_meeting", {"meeting": meeting}, decide)


def enter_own_days(
    house: House, actor: Actor, body: str, step: str, days: int, unit: str, reasons: str
) -> Done | Refused:
    """Enter the number of days that a body's constitution lays down for papers or a call-in, and where it does.

    It counts from tomorrow, so that it frees nothing that is decided today. Refused without reasons, and to all but whom
    the rules let enter it; Unusable for a step of which they leave no choice, and for a number below theirs.
    """
    found = house.areas.body(body)
    usual = _procedure(house, house.today)[1].stretch(step, found.kind)
    if usual is None or not usual.own:
        raise Unusable(f"{found.name} cannot lay down its own days for this step: the rules leave no choice.")
    if unit not in {"clear days", "clear working days"} or not 0 <= days <= 60:
        raise Unusable("Write a number from 0 to 60, of clear days or of clear working days.")
    if days < usual.least:
        raise Unusable(
            f"{days} {unit} are fewer than the rules leave to a body: at least {int(usual.least)}. Look at the constitution again."
        )
    if blank(reasons):
        return Refused("Write where the constitution lays these days down, and since when.")
    rules = house.rulebook.named(rules_with_offices(house, found.kind, RULES))
    first = house.today + timedelta(days=1)
    content = {
        "body": body, "step": step, "days": days, "unit": unit, "first": first.isoformat(), "account": actor.account,
        "rules": {"name": rules.name, "digest": rules.digest, "action": LAY_DOWN}, "reasons": reasons.strip(),
    }  # fmt: skip
    document = Document("signature", "application/json", canonical(content), house.salt())

    def decide(held: Diary) -> Iterable[NewFact] | Refused:
        own = held.own.get(step)
        if own and (own.days, own.unit) == (days, unit):
            return Refused(f"{found.name} has entered {days} {unit} already.")
        return [lay_down_days(body, step, days, unit, first, rules.name, LAY_DOWN, document.digest)]

    request = {"step": step, "days": days, "unit": unit, "reasons": reasons.strip()}
    asked = rules.authorities.of(LAY_DOWN)
    return _keep(house, actor, body, "enter_own_days", request, decide, asked, (document,))


def give_notice(house: House, actor: Actor, plan: str, body: str, on: date) -> Done | Refused:
    """Record that a body published notice of its key decision on a plan; recorded again, the later word stands.

    Refused to who may not by the plan's rules, for a body that is no party or owes no such notice, and for a day to
    come or long past.
    """
    found = view(house, plan, alone=True)
    kind, name = body.partition(":")[0], _name(house, body)
    if body not in deciders_of(house, found):
        return Refused(f"{name} decides nothing on this plan, so there is no notice of it to give.")
    if not may_give_notice(house, found.rules, kind, on):
        return Refused(
            f"{name} gives no notice of a key decision by the rules of {in_words(on)}, so there is none to record."
        )
    if not house.today - LONGEST_NOTICE <= on <= house.today:
        return Refused(
            f"Notice on {in_words(on)}? Write the day on which it was published: today or before, within a year."
        )

    def judge(held: Diary) -> Iterable[NewFact] | Refused:
        given = held.notices.get(plan)
        if given and given.on == on:
            return Refused(f"It is recorded already that notice was published on {in_words(on)}.")
        return [publish_notice(body, plan, on)]

    authority = found.rules.authorities.of("give_notice")
    return _keep(house, actor, body, "give_notice", {"plan": plan, "on": on}, judge, authority)


def may_give_notice(house: House, rules: RuleSet, kind: str, day: date) -> bool:
    """Whether a kind of body gives notice of key decisions, by the rules of a day and those of a plan."""
    try:
        owes = _procedure(house, day)[1].stretch("notice", kind) is not None
    except Unusable:
        return False
    return owes and any(each.action == "give_notice" for each in rules.authorities.actions)


def _procedure(house: House, day: date) -> tuple[RuleSet, Procedure]:
    rules, found = house.rulebook.procedure(day)
    found.check(day)
    return rules, found


def _keep(
    house: House, actor: Actor, body: str, action: str, request: Mapping[str, object],
    judge: Callable[[Diary], Iterable[NewFact] | Refused], asked: Authority | None = None,
    documents: tuple[Document, ...] = (),
) -> Done | Refused:  # fmt: skip
    """What all changes of a body's calendar share: the body exists, and one of its keepers asks, or who else may by ``asked``."""
    found = house.areas.body(body)
    authority = asked or keeping(house, found)

    def load(reading: Reading) -> tuple[Diary, Refused | None]:
        held = holdings(reading.read(office_stream(body)))
        allowed = may(authority, held, actor.account, body, house.today)
        return diary(body, reading.read(stream_of(body))), allowed if isinstance(allowed, Refused) else None

    def decide(state: tuple[Diary, Refused | None]) -> Decision | Refused:
        held, refused = state
        if refused:
            return Refused(refused.says.replace(body, found.name), refused.ended)
        made = judge(held)
        return made if isinstance(made, Refused) else Decision(tuple(made), body, documents)

    whole = {"action": action, "body": body, **request}
    return perform(
        house.journal, decide, load=load, by=actor.account, key=actor.key, request=whole, clock=house.clock
    )


# Deadlines worked backwards


@dataclass(frozen=True, slots=True)
class Blocker:
    """Who is waited for, since when, and what they do next by when."""

    body: str
    name: str
    since: datetime
    next: str
    by: date | None
    whose: str


@dataclass(frozen=True, slots=True)
class PlanAgenda:
    """A plan with its way to one deadline."""

    view: PlanView
    standing: Standing
    dues: tuple[Due, ...]
    """Every deadline of the plan's rules, the earliest first."""
    agenda: Agenda
    blockers: tuple[Blocker, ...]
    diaries: Mapping[str, Diary]
    """The meetings of every party."""
    sequence: int
    """Counts all that has been recorded of what the days were worked out from."""
    changed: datetime


def dues_of(rules: RuleSet) -> tuple[Due, ...]:
    """The deadlines of a set of rules, the earliest first; none where it lays down only events."""
    found = rules.find("timetable", Timetable)
    return tuple(
        Due(each.id, each.says, each.at, f"{rules.cite('timetable')}: {each.source}")
        for each in (found.deadlines if found else ())
    )


def agenda_of(
    house: House, plan: str, deadline: str = "", upto: int | None = None, at: datetime | None = None
) -> PlanAgenda:
    """A plan's way to a deadline; see ``agenda_for``. NotHere for an unknown plan."""
    found = view(house, plan, upto, _day(at), alone=True)
    return agenda_for(house, found, standing_of(house, found, upto), deadline, upto, at)


def _day(at: datetime | None) -> date | None:
    return at.astimezone(LONDON).date() if at else None


def agenda_for(
    house: House, found: PlanView, standing: Standing, deadline: str = "", upto: int | None = None,
    at: datetime | None = None, diaries: Mapping[str, Diary] | None = None,
) -> PlanAgenda:  # fmt: skip
    """A plan's way to a deadline: the one named, else the next one, else the last that has passed.

    ``diaries`` are those of all bodies where they have been read. NotHere for an unknown deadline; Unusable where
    the rules lay down none.
    """
    now = at or house.clock()
    dues = dues_of(found.rules)
    if not dues:
        raise Unusable(
            f"The rules {found.rules.name} lay down no deadline, so there is nothing to work back from."
        )
    by_id = {each.id: each for each in dues}
    if deadline and deadline not in by_id:
        raise unknown("deadline", deadline, by_id, f"The rules know {', '.join(by_id)}.")
    due = by_id[deadline] if deadline else next((each for each in dues if each.at.instant >= now), dues[-1])
    parties = tuple(_parties(house, found, standing))
    held = {
        each.body: diary_of(house, each.body, upto)
        if diaries is None
        else diaries.get(each.body, Diary(each.body))
        for each in parties
    }
    rules, procedure = _procedure(house, due.at.day)
    made = agenda(found.history.id, due, now, parties, held, procedure, rules.cite("procedure"))
    changed = [found.history.started_at, *(each.at for each in found.history.versions)]
    changed += [each.at for diary in held.values() for each in diary.meetings]
    changed += [each.at for diary in held.values() for each in diary.own.values()]
    changed += [each.at for diary in held.values() for each in diary.notices.values()]
    sequence = len(found.history.versions) + sum(each.version for each in held.values())
    blockers = tuple(_blockers(house, found, standing, made))
    return PlanAgenda(found, standing, dues, made, blockers, held, sequence, max(changed))


def _parties(house: House, found: PlanView, standing: Standing) -> Iterator[Party]:
    """Each body whose decision is needed; before the first version, those that the plan's parties will need."""
    since = standing.version.at if standing.version else found.history.started_at
    said = {each.body: each for each in standing.parties}
    needed = deciders(found.rules, found.area, found.plan.parties, found.history.boards, standing.said)
    for body in said or needed:
        held = said.get(body)
        kind = body.partition(":")[0]
        yield Party(
            body,
            _name(house, body),
            kind,
            str(held.outcome) if held else str(Outcome.AWAITED),
            bool(held and held.outcome in {Outcome.AGREED, Outcome.NOT_YET}),
            held.since if held else since,
            _offices(found.rules, "decide_plan", kind),
            _offices(found.rules, "set_meetings", kind),
            held.effective_on if held else None,
            _offices(found.rules, "give_notice", kind),
        )


def _offices(rules: RuleSet, action: str, kind: str) -> str:
    """The offices of a kind of body that may do something, in words."""
    authorities = rules.authorities
    there = {office.name for office in authorities.offices if kind in office.of}
    known = {each.action: each for each in authorities.actions}
    names = [name for name in known[action].offices if name in there] if action in known else []
    return " or ".join(authorities.title(name) for name in names)


def _blockers(house: House, found: PlanView, standing: Standing, made: Agenda) -> Iterator[Blocker]:
    """Who is waited for now: the leads before there is a version, else the parties, else whoever the next stage is for."""
    if standing.version is None:
        by = min((line.next.by for line in made.lines if line.next), default=None)
        says = "Save the first version: nobody can decide before."
        whose = found.rules.authorities.title("plan_lead")
        yield Blocker("", "The plan's leads", found.history.started_at, says, by, whose)
        return
    yield from (_blocker(line, made) for line in made.blocking)
    waiting = [each for each in standing.parties if each.outcome is Outcome.NOT_YET]
    for each in waiting:
        line = next(line for line in made.lines if line.party.body == each.body)
        says = next_says(line, made.passed)
        if line.too_late(made.due):
            on = in_words(each.effective_on) if each.effective_on else ""
            says = f"Its decision takes effect on {on}, after the deadline. {late_remedy(line, made.passed)}"
        yield Blocker(each.body, line.party.name, each.since, says, each.effective_on, line.party.deciders)
    for dispute in standing.disputes:
        says = "Settle the dispute that it opened: until then the plan does not go on."
        yield Blocker(dispute.body, _name(house, dispute.body), dispute.at, says, None, "")
    if made.blocking or waiting or standing.disputes or not made.lines:
        return
    done = {each.stage for each in standing.reached}
    stage = next((each for each in found.rules.decisions.stages if each.name not in done), None)
    if stage:
        body = body_of_stage(found, stage.name)
        since = max([each.since for each in standing.parties] + [each.at for each in standing.reached])
        whose = _offices(found.rules, stage.action, body.partition(":")[0])
        yield Blocker(body, _name(house, body), since, f"{stage.says}.", None, whose)


def _blocker(line: Line, made: Agenda) -> Blocker:
    step = None if made.passed else line.next
    party = line.party
    return Blocker(
        party.body, party.name, party.since, next_says(line, made.passed),
        step.by if step else None, step.whose if step else party.deciders,
    )  # fmt: skip


def _name(house: House, body: str) -> str:
    try:
        return house.areas.body(body).name
    except NotHere:
        return body


def diaries_of(house: House, upto: int | None = None) -> dict[str, Diary]:
    """The meetings of every body that has entered any."""
    gathered = house.journal.gather(stream_of(""), upto=upto)
    bodies = {stream.removeprefix(stream_of("")): facts for stream, facts in gathered.items()}
    return {body: diary(body, facts) for body, facts in bodies.items()}


def agendas(
    house: House, upto: int | None = None, at: datetime | None = None, account: str | None = None
) -> tuple[PlanAgenda, ...]:
    """Every plan whose rules lay down a deadline, with its way to the next one; with an account, those that it may read."""
    diaries = diaries_of(house, upto)
    plans = all_plans(house, upto)
    made = []
    for found in views(house, plans if account is None else readable(house, account, plans), upto, _day(at)):
        if dues_of(found.rules):
            made.append(agenda_for(house, found, standing_of(house, found, upto), "", upto, at, diaries))
    return tuple(made)


def entries_of(found: Iterable[PlanAgenda]) -> tuple[Entry, ...]:
    """The entries of a calendar of some plans: deadlines, steps, and the meetings of every party, each once."""
    made: dict[str, Entry] = {}
    for each in found:
        made |= {
            entry.uid: entry
            for entry in entries_of_plan(each.view.history.title, each.agenda, each.sequence, each.changed)
        }
        for line in each.agenda.lines:
            held = each.diaries[line.party.body]
            made |= {entry.uid: entry for entry in entries_of_meetings(line.party.name, held.meetings)}
    return tuple(sorted(made.values(), key=lambda each: (each.on, each.uid)))
