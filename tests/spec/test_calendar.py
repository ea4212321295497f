"""The calendar: deadlines worked backwards through bodies' meetings, and who blocks now."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from carepool.actions.calendar import (
    agenda_of,
    agendas,
    call_off_meeting,
    diary_of,
    dues_of,
    enter_own_days,
    entries_of,
    may_keep,
    plan_meetings,
    shift_meeting,
)
from carepool.actions.demonstration import Stage, begin, decide, go_on, people
from carepool.actions.house import House
from carepool.actions.planning import start_plan
from carepool.actions.ports import MemoryDrafts
from carepool.basics.periods import end_of_day
from carepool.basics.refusals import NotHere, Refused, Unusable
from carepool.calendar.agenda import agenda
from carepool.calendar.days import first_after, last_before, last_in_time, works
from carepool.calendar.meetings import Diary, Meeting, MeetingKind
from carepool.calendar.parts import Agenda, Due, Line, Party, StepKind
from carepool.calendar.words import next_says
from carepool.journal.commands import Done
from carepool.journal.memory import MemoryJournal
from carepool.offices.holdings import give
from carepool.offices.holdings import stream_of as office_stream
from carepool.rules.procedure import Procedure
from carepool.rules.rulebook import Rulebook
from carepool.rules.scalars import Moment
from carepool.wiring import disk

LONDON = ZoneInfo("Europe/London")
CLEAR, WORKING = "clear days", "clear working days"


@pytest.fixture(scope="module")
def procedure(rulebook: Rulebook) -> Procedure:
    """How bodies come to a decision, as shipped."""
    return rulebook.procedure(date(2014, 9, 1))[1]


def easter(year: int) -> date:
    """Easter Sunday by Gauss's way with the corrections of Meeus, for the Gregorian calendar."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    line = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    month, day = divmod(h + line - 7 * ((a + 11 * h + 22 * line) // 451) + 114, 31)
    return date(year, month, day + 1)


# The days that do not count


def test_the_bank_holidays_are_those_that_the_law_makes(procedure: Procedure) -> None:
    """From 2013 to 2027: Good Friday and Easter Monday, three Mondays, Christmas and New Year with their substitutes, and five single days."""
    single = {date(2020, 5, 8), date(2022, 6, 2), date(2022, 6, 3), date(2022, 9, 19), date(2023, 5, 8)}
    moved = {date(2020, 5, 4), date(2022, 5, 30)}
    made: set[date] = set()
    for year in range(2013, 2028):
        sunday = easter(year)
        made |= {sunday - timedelta(2), sunday + timedelta(1)}
        may = [date(year, 5, day) for day in range(1, 32) if date(year, 5, day).weekday() == 0]
        august = [date(year, 8, day) for day in range(1, 32) if date(year, 8, day).weekday() == 0]
        made |= {may[0], may[-1], august[-1]}
        for day in (date(year, 1, 1), date(year, 12, 25), date(year, 12, 26)):
            while day.weekday() > 4 or day in made:
                day += timedelta(1)
            made.add(day)
    assert procedure.closed == (made - moved) | single
    assert len(procedure.holidays) == 15 * 8 + 3


def test_days_that_are_not_held_are_refused(procedure: Procedure) -> None:
    """A day of 2028 is refused: its holidays are not known, and a wrong date would be worse than none."""
    with pytest.raises(Unusable, match="held from 1 January 2013 to 31 December 2027"):
        procedure.check(date(2028, 1, 1))


def test_the_period_before_an_election_begins_with_its_notice(procedure: Procedure) -> None:
    """Notice of a local election is given 25 working days before the poll, Christmas Eve not counted; in 2014 on 14 April, in 2015 on 30 March."""
    local = [each for each in procedure.elections if each.id.startswith(("local", "european"))]
    for each in local:
        day, left = each.last, 25
        while left:
            day -= timedelta(1)
            left -= works(day, procedure.closed) and (day.month, day.day) != (12, 24)
        assert each.first == day, each.id
    by_id = {each.id: each for each in procedure.elections}
    assert (by_id["local_2014"].first, by_id["local_2014"].last) == (date(2014, 4, 14), date(2014, 5, 22))
    assert by_id["local_2015"].first == by_id["general_2015"].first == date(2015, 3, 30)
    assert "ccg" in by_id["general_2015"].of
    assert "ccg" not in by_id["local_2015"].of


# Clear days


@pytest.mark.parametrize(
    ("meeting", "days", "unit", "by"),
    [
        pytest.param((2014, 9, 12), 5, CLEAR, (2014, 9, 5), id="Friday, over a weekend: 7 to 11 and 6; Saturday 6 is no working day"),
        pytest.param((2014, 9, 11), 5, CLEAR, (2014, 9, 5), id="Thursday: 6 to 10 are five"),
        pytest.param((2014, 9, 12), 28, CLEAR, (2014, 8, 14), id="28 clear days: 15 August to 11 September"),
        pytest.param((2014, 9, 15), 28, CLEAR, (2014, 8, 15), id="28 clear days end on a Sunday, so the Friday before"),
        pytest.param((2014, 9, 12), 5, WORKING, (2014, 9, 4), id="Friday: 5, 8, 9, 10, 11"),
        pytest.param((2014, 4, 24), 5, WORKING, (2014, 4, 14), id="over Easter: 15, 16, 17, 22, 23 April"),
        pytest.param((2014, 4, 24), 5, CLEAR, (2014, 4, 17), id="over Easter: 19 to 23; Good Friday is closed, so Thursday 17"),
        pytest.param((2015, 1, 5), 5, WORKING, (2014, 12, 23), id="over Christmas: 24, 29, 30, 31 December and 2 January"),
        pytest.param((2014, 4, 1), 5, CLEAR, (2014, 3, 26), id="over the change to summer time on 30 March"),
        pytest.param((2014, 10, 28), 28, CLEAR, (2014, 9, 29), id="over the change to winter time on 26 October"),
        pytest.param((2016, 3, 4), 5, CLEAR, (2016, 2, 26), id="29 February counts: 28 and 29 February, 1 to 3 March; the 27th is a Saturday"),
        pytest.param((2016, 3, 4), 4, WORKING, (2016, 2, 26), id="29 February, 1, 2, 3 March; the days before are a weekend"),
        pytest.param((2014, 9, 12), 0, CLEAR, (2014, 9, 11), id="none between: the day before"),
    ],
)  # fmt: skip
def test_clear_days_before_a_meeting(
    procedure: Procedure, meeting: tuple[int, int, int], days: int, unit: str, by: tuple[int, int, int]
) -> None:
    """Neither the day of publishing nor that of the meeting counts, and what is published goes out on a working day."""
    assert last_before(date(*meeting), days, unit, procedure.closed) == date(*by)


@pytest.mark.parametrize(
    ("decided", "days", "effect"),
    [
        pytest.param((2014, 9, 10), 5, (2014, 9, 18), id="Wednesday: 11, 12, 15, 16, 17 are the five"),
        pytest.param(
            (2014, 4, 16), 5, (2014, 4, 26), id="over Easter: 17, 22, 23, 24, 25 April, so Saturday 26"
        ),
        pytest.param(
            (2014, 12, 23), 5, (2015, 1, 3), id="over Christmas: 24, 29, 30, 31 December, 2 January"
        ),
        pytest.param((2016, 2, 26), 5, (2016, 3, 5), id="29 February to 4 March"),
        pytest.param((2014, 9, 10), 0, (2014, 9, 10), id="no call-in: at once"),
    ],
)
def test_a_decision_that_can_be_called_in(
    procedure: Procedure, decided: tuple[int, int, int], days: int, effect: tuple[int, int, int]
) -> None:
    """What a council's cabinet decides counts once five clear working days for a call-in are over."""
    assert first_after(date(*decided), days, WORKING, procedure.closed) == date(*effect)
    assert last_in_time(date(*effect), days, WORKING, procedure.closed) >= date(*decided)


# An agenda


def due(written: str) -> Due:
    """A deadline as rules write it."""
    hour = time.fromisoformat(written[11:]) if written[11:] else None
    day = date.fromisoformat(written[:10])
    at = datetime.combine(day, hour, LONDON) if hour else datetime.combine(day + timedelta(1), time(), LONDON)
    return Due("plans", "Plans are due", Moment(written=written, instant=at - timedelta(microseconds=not hour), day=day), "the rules")  # fmt: skip


def party(kind: str, *, decided: bool = False) -> Party:
    """A body that is awaited since 1 July 2014, or has decided."""
    since = datetime(2014, 7, 1, tzinfo=UTC)
    outcome = "Agreed" if decided else "Awaited"
    return Party(f"{kind}:X", f"The {kind}", kind, outcome, decided, since, "Chief executive", "Clerk")


def meets(body: str, *days: date, papers_by: date | None = None) -> Diary:
    """A body's meetings on these days."""
    at = datetime(2014, 1, 1, tzinfo=UTC)
    return Diary(
        body,
        tuple(
            Meeting(str(n), body, day, "Full meeting", MeetingKind.FULL, papers_by, False, 0, at)
            for n, day in enumerate(days, 1)
        ),
    )


def worked(
    procedure: Procedure, kind: str, days: list[date], today: date, written: str = "2014-09-19", **more: date
) -> tuple[Agenda, Line]:
    """The agenda of one party that meets on these days, as it looks on a morning."""
    now = datetime.combine(today, time(9), LONDON)
    one = party(kind)
    made = agenda(
        "p", due(written), now, [one], {one.body: meets(one.body, *days, **more)}, procedure, "r/procedure"
    )  # type: ignore[arg-type]
    return made, made.lines[0]


def test_a_councils_last_meeting_leaves_time_for_a_call_in(procedure: Procedure) -> None:
    """A deadline of Friday 19 September 2014: of meetings on 3, 10 and 17 September the last in time is the 10th, which counts from the 18th."""
    days = [date(2014, 9, 3), date(2014, 9, 10), date(2014, 9, 17)]
    _, line = worked(procedure, "council", days, date(2014, 7, 1))
    assert line.meeting
    assert line.meeting.on == date(2014, 9, 10)
    assert {step.kind: step.by for step in line.steps} == {
        StepKind.NOTICE: date(2014, 8, 12),
        StepKind.PAPERS: date(2014, 9, 4),
        StepKind.MEETING: date(2014, 9, 10),
        StepKind.EFFECT: date(2014, 9, 18),
    }
    assert line.next
    assert (line.next.kind, line.next.whose) == (StepKind.NOTICE, "Clerk")


def test_a_board_and_a_ccg_are_not_called_in(procedure: Procedure) -> None:
    """A board may meet on the day of the deadline; it owes no 28 days' notice, and a CCG's papers go five working days before."""
    for kind, papers in (("board", date(2014, 9, 12)), ("ccg", date(2014, 9, 11))):
        _, line = worked(procedure, kind, [date(2014, 9, 19)], date(2014, 7, 1))
        assert line.by(StepKind.PAPERS) == papers
        assert line.by(StepKind.NOTICE) is None
        assert line.by(StepKind.EFFECT) == date(2014, 9, 19)


def test_a_deadline_at_noon(procedure: Procedure) -> None:
    """Where an hour is laid down, a meeting of that day is not counted as in time: nobody knows its hour."""
    days = [date(2014, 9, 11), date(2014, 9, 19)]
    _, line = worked(procedure, "board", days, date(2014, 7, 1), "2014-09-19 12:00")
    assert line.meeting
    assert line.meeting.on == date(2014, 9, 11)


def test_notice_that_was_missed(procedure: Procedure) -> None:
    """Past the day for the notice, the general exception is open for five clear days before the meeting, then special urgency; each says whom to ask."""
    for today, route, until in (
        (date(2014, 8, 13), "general_exception", date(2014, 9, 4)),
        (date(2014, 9, 4), "general_exception", date(2014, 9, 4)),
        (date(2014, 9, 5), "special_urgency", date(2014, 9, 9)),
    ):
        made, line = worked(procedure, "council", [date(2014, 9, 10)], today)
        found = next(each for each in line.routes if each.missed is StepKind.NOTICE)
        assert (found.route.id, found.until) == (route, until)
        finding = next(each for each in made.findings if each.code == "notice-day-past")
        assert found.route.needs in finding.remedy
    made, line = worked(procedure, "council", [date(2014, 9, 10)], date(2014, 9, 10))
    assert not line.routes
    assert "no route is open" in made.findings[0].remedy


def test_the_papers_that_were_missed(procedure: Procedure) -> None:
    """Past their day, the chair may take the item as urgent."""
    made, line = worked(procedure, "board", [date(2014, 9, 12)], date(2014, 9, 8))
    assert [each.route.id for each in line.routes] == ["urgent_item"]
    assert [each.code for each in made.findings] == ["papers-day-past"]


def test_a_body_that_names_its_own_day_for_papers(procedure: Procedure) -> None:
    """The day that a body named for a meeting stands, whatever the usual number of days."""
    _, line = worked(procedure, "board", [date(2014, 9, 12)], date(2014, 7, 1), papers_by=date(2014, 9, 1))
    assert line.by(StepKind.PAPERS) == date(2014, 9, 1)


def test_the_last_meeting_is_past_so_a_delegation_is_needed(procedure: Procedure) -> None:
    """Where the last meeting in time is over, an officer decides under a delegation, in time for the call-in, and the next meeting ratifies."""
    days = [date(2014, 9, 10), date(2014, 10, 8)]
    made, line = worked(procedure, "council", days, date(2014, 9, 11))
    assert line.meeting is None
    assert line.by(StepKind.DELEGATION) == date(2014, 9, 11)
    (finding,) = made.findings
    assert finding.says == (
        "The last meeting of The council before the deadline is past (10 September 2014): a delegation is needed."
    )
    assert finding.remedy == (
        "An officer decides under a delegation in writing by Thursday 11 September 2014, "
        "and is ratified at the meeting of 8 October 2014."
    )
    made, _ = worked(procedure, "council", days, date(2014, 9, 12))
    assert [each.code for each in made.findings] == ["too-late"]


def test_a_body_that_has_entered_no_meeting(procedure: Procedure) -> None:
    """Nothing is supposed: the body is asked to enter its meetings, or to delegate by a day."""
    made, line = worked(procedure, "board", [], date(2014, 9, 1))
    assert line.by(StepKind.DELEGATION) == date(2014, 9, 19)
    assert [each.code for each in made.findings] == ["no-meeting"]


def test_a_decision_in_the_weeks_before_an_election(procedure: Procedure) -> None:
    """A meeting within a pre-election period is said with the election, for the kinds of body that it binds."""
    made, line = worked(procedure, "council", [date(2014, 5, 14)], date(2014, 3, 1), "2014-05-30")
    assert [each.id for each in line.elections] == ["local_2014"]
    assert "14 April 2014 to 22 May 2014" in made.findings[0].says
    _, line = worked(procedure, "ccg", [date(2014, 5, 14)], date(2014, 3, 1), "2014-05-30")
    assert not line.elections


def test_a_deadline_that_has_passed(procedure: Procedure) -> None:
    """Past the deadline one finding names who has not decided, and what is left is to decide late."""
    made, line = worked(procedure, "board", [date(2014, 10, 1)], date(2014, 9, 20))
    assert made.passed
    assert [each.code for each in made.findings] == ["deadline-passed"]
    assert next_says(line, made.passed) == "Decide late. Its next meeting is on 1 October 2014."


def test_every_date_says_how_it_was_worked_out(procedure: Procedure) -> None:
    """A date has the steps that lead to it, the rule of each, and that the rule is recalled where it is."""
    _, line = worked(procedure, "council", [date(2014, 9, 10)], date(2014, 7, 1))
    for step in line.steps:
        assert step.working.value
        assert step.working.steps
        assert all(each.source or each.says == "The decision is taken" for each in step.working.steps)
        assert step.working.rests_on
    notice = line.steps[0].working
    assert "28 clear days between" in notice.steps[-1].how
    assert "regulation 9" in notice.steps[-1].source


# What bodies enter


@pytest.fixture
def stage(house: House) -> Stage:
    """The people of the county in office on 1 August 2014, and Carrowby's plan begun."""
    made = Stage(replace(house, journal=MemoryJournal(), drafts=MemoryDrafts()), people(disk.county_files()))
    made.on(2014, 8, 1)
    for handle in made.cast:
        made.office(handle)
    return made


def enter(stage: Stage, handle: str, body: str, *days: date, committee: str = "Cabinet") -> object:
    """Somebody enters meetings of a body."""
    return plan_meetings(stage.house, stage.actor(handle), body, days, committee, MeetingKind.FULL)


def test_meetings_are_entered_by_those_who_keep_the_calendar(stage: Stage) -> None:
    """A clerk, a plan lead or a chair enters a body's meetings, several at once; nobody else, and none twice."""
    days = date(2014, 9, 10), date(2014, 9, 3)
    assert isinstance(enter(stage, "carrowby.lead", "council:ZZ6", *days), Done)
    assert [each.on for each in diary_of(stage.house, "council:ZZ6").meetings] == sorted(days)
    twice = enter(stage, "carrowby.lead", "council:ZZ6", date(2014, 9, 10))
    assert isinstance(twice, Refused)
    assert "10 September 2014 is entered already" in twice.says
    other = enter(stage, "wolds.lead", "council:ZZ6", date(2014, 9, 17))
    assert isinstance(other, Refused)
    assert "Carrowby" in other.says
    assert may_keep(stage.house, stage.actor("carrowby.chair"), "board:ZZ6")
    assert not may_keep(stage.house, stage.actor("carrowby.chair"), "council:ZZ6")


def test_a_meeting_is_moved_and_called_off(stage: Stage) -> None:
    """What was entered stays; the meeting counts its changes, and one that is called off is kept and no longer counted on."""
    house = stage.house
    enter(stage, "carrowby.chair", "board:ZZ6", date(2014, 9, 12), committee="Board")
    assert isinstance(
        shift_meeting(house, stage.actor("carrowby.chair"), "board:ZZ6", "1", date(2014, 9, 15)), Done
    )
    (moved,) = diary_of(house, "board:ZZ6").meetings
    assert (moved.on, moved.changes) == (date(2014, 9, 15), 1)
    same = shift_meeting(house, stage.actor("carrowby.chair"), "board:ZZ6", "1", date(2014, 9, 15))
    assert isinstance(same, Refused)
    assert isinstance(call_off_meeting(house, stage.actor("carrowby.chair"), "board:ZZ6", "1"), Done)
    held = diary_of(house, "board:ZZ6")
    assert (held.meetings[0].cancelled, held.standing) == (True, ())
    with pytest.raises(NotHere):
        call_off_meeting(house, stage.actor("carrowby.chair"), "board:ZZ6", "9")


@pytest.mark.parametrize(
    ("days", "papers_by", "says"),
    [
        ((), None, "There is no day"),
        ((date(2028, 1, 3),), None, "2028-01-03"),
        ((date(2014, 9, 10),), date(2014, 9, 11), "after the meeting"),
        ((date(2014, 9, 10), date(2014, 9, 17)), date(2014, 9, 1), "belongs to one meeting"),
    ],
)
def test_meetings_that_cannot_be_entered(
    stage: Stage, days: tuple[date, ...], papers_by: date | None, says: str
) -> None:
    """No day, a day whose holidays are not held, papers after the meeting, one day of papers for several meetings."""
    actor = stage.actor("carrowby.lead")
    with pytest.raises(Unusable, match=says):
        plan_meetings(stage.house, actor, "council:ZZ6", days, "Cabinet", MeetingKind.FULL, papers_by)


def test_a_body_enters_its_own_days(stage: Stage) -> None:
    """A council whose constitution gives three working days for a call-in enters that; 28 days' notice is the law's and stands."""
    house, lead = stage.house, "carrowby.lead"
    start_plan(house, stage.actor(lead), "carrowby", "bcf-2014-08", ("ZZ6",), "Carrowby")
    enter(stage, lead, "council:ZZ6", date(2014, 9, 10), date(2014, 9, 15))
    given = give("council:ZZ6", "clerk", stage.cast[lead].account, date(2014, 4, 1))
    stream = office_stream("council:ZZ6")
    house.journal.append([given], expecting={stream: house.journal.version(stream)}, by="x", at=stage.now)
    entered = enter_own_days(house, stage.actor(lead), "council:ZZ6", "call_in", 3, WORKING, "Part 4.")
    assert isinstance(entered, Done)
    found = agenda_of(house, "carrowby")
    line = next(each for each in found.agenda.lines if each.party.body == "council:ZZ6")
    assert line.meeting
    assert line.meeting.on == date(2014, 9, 15)
    assert line.by(StepKind.EFFECT) == date(2014, 9, 19)
    with pytest.raises(Unusable, match="leave no choice"):
        enter_own_days(house, stage.actor(lead), "council:ZZ6", "notice", 7, CLEAR, "Part 4.")
    with pytest.raises(Unusable, match="from 0 to 60"):
        enter_own_days(house, stage.actor(lead), "council:ZZ6", "papers", 99, CLEAR, "Part 4.")


# A plan's agenda


def test_who_blocks_now(stage: Stage) -> None:
    """Before a version its leads; then each party that has not agreed, since when, what is next and by when; then NHS England."""
    house = stage.house
    start_plan(house, stage.actor("carrowby.lead"), "early", "bcf-2014-08", ("ZZ6",), "Early")
    (lead,) = agenda_of(house, "early").blockers
    assert lead.whose == "Plan lead"
    assert lead.next == "Save the first version: nobody can decide before."
    begin(stage, "carrowby", "ZZ6", "Carrowby", "carrowby.lead", "ZZ6", "3.5")
    found = agenda_of(house, "carrowby")
    assert {each.body for each in found.blockers} == {"council:ZZ6", "ccg:Z6A", "board:ZZ6"}
    assert {each.next for each in found.blockers} == {
        "Let an officer decide under a delegation, and ratify it at the next meeting."
    }
    decide(stage, "carrowby", "carrowby.chief", "carrowby.officer")
    (board,) = agenda_of(house, "carrowby").blockers
    assert (board.body, board.whose) == ("board:ZZ6", "Chair of the board")
    decide(stage, "carrowby", "carrowby.chair")
    (next_stage,) = agenda_of(house, "carrowby").blockers
    assert next_stage.body == "nhs_england:ENG"
    go_on(stage, "carrowby", "approved", "nhs.assurer")
    go_on(stage, "carrowby", "signed_off", "minister.office")
    assert agenda_of(house, "carrowby").blockers == ()


def test_which_deadline(stage: Stage) -> None:
    """Asked for none, the agenda is that of the next deadline by the clock, or of the last once all have passed."""
    house = stage.house
    begin(stage, "carrowby", "ZZ6", "Carrowby", "carrowby.lead", "ZZ6", "3.5")
    assert agenda_of(house, "carrowby").agenda.due.id == "resubmission"
    position = house.journal.seal()
    assert (
        agenda_of(house, "carrowby", "", position, end_of_day(date(2014, 9, 20))).agenda.due.id
        == "first_conditions"
    )
    assert (
        agenda_of(house, "carrowby", "", position, end_of_day(date(2016, 1, 1))).agenda.due.id == "section_75"
    )
    assert agenda_of(house, "carrowby", "section_75").agenda.due.id == "section_75"
    with pytest.raises(NotHere, match="first_conditions"):
        agenda_of(house, "carrowby", "first_condition")
    assert [each.view.history.id for each in agendas(house)] == ["carrowby"]
    assert dues_of(house.rulebook.named("itf-2013-08")) == ()


def test_as_at_an_earlier_day(stage: Stage) -> None:
    """The agenda as at a day knows the meetings and decisions recorded by then, and counts its days from that day."""
    house = stage.house
    begin(stage, "carrowby", "ZZ6", "Carrowby", "carrowby.lead", "ZZ6", "3.5")
    before = house.journal.seal()
    stage.on(2014, 8, 20)
    enter(stage, "carrowby.chair", "board:ZZ6", date(2014, 9, 12), committee="Board")
    line = agenda_of(house, "carrowby", "", before, end_of_day(date(2014, 8, 10))).agenda.lines[-1]
    assert line.meeting is None
    line = agenda_of(house, "carrowby").agenda.lines[-1]
    assert line.meeting
    assert line.meeting.on == date(2014, 9, 12)


def test_an_entry_keeps_its_identity_when_it_moves(stage: Stage) -> None:
    """In a calendar that people subscribe to, a meeting that is moved has the same identity and a greater sequence."""
    house = stage.house
    begin(stage, "carrowby", "ZZ6", "Carrowby", "carrowby.lead", "ZZ6", "3.5")
    enter(stage, "carrowby.chair", "board:ZZ6", date(2014, 9, 12), committee="Board")
    before = {each.uid: each for each in entries_of([agenda_of(house, "carrowby")])}
    shift_meeting(house, stage.actor("carrowby.chair"), "board:ZZ6", "1", date(2014, 9, 15))
    after = {each.uid: each for each in entries_of([agenda_of(house, "carrowby")])}
    assert before.keys() == after.keys()
    for uid in ("meeting.board:ZZ6.1@carepool", "plan.carrowby.resubmission.board:ZZ6.meeting@carepool"):
        assert (before[uid].on, after[uid].on) == (date(2014, 9, 12), date(2014, 9, 15))
        assert after[uid].sequence > before[uid].sequence
        assert after[uid].changed > before[uid].changed
